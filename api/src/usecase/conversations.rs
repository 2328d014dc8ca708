//! What both sides write to each other, on a candidacy or in a consultation.
//!
//! - A consultation is confidential from whoever hires for the opportunity; to them it is missing like one that never
//!   was, and nothing of a candidacy changes by it.

use okaeri_engine::domain::visibility::may_read_consultation;
use okaeri_engine::domain::{
    Actor, AlumnusId, CandidacyState, CandidacyView, Consultation, ConsultationId, Message, MessageId,
    OpportunityId, Role, Thread, Viewer,
};

use super::candidacies::{change, find_standing, refused, store};
use super::interactions::find_shown;
use super::notice::Notice;
use super::validate::{Checks, TEXT_LENGTH_MAX};
use super::{Failure, Fault, Rejection, RejectionCode};
use crate::app::App;
use crate::db::change_log::{self, Change};
use crate::db::{Reads, Transaction, consultations, jobs, messages, opportunities};

/// Most messages of one thread: a conversation of years; pages are cut from the whole of it.
pub const MESSAGES_MAX: u64 = 2_000;

/// Writes to the other side.
pub async fn send(app: &App, viewer: &Viewer, thread: Thread, text: String) -> Result<Message, Failure> {
    check("text", &text)?;
    let tx = app.db.begin_for(viewer.company_id).await?;
    let message = match thread {
        Thread::Candidacy(id) => {
            let (view, _) = super::candidacies::find(&tx, viewer, id)
                .await
                .map_err(as_thread)?;
            send_on_candidacy(app, &tx, viewer, view, text).await?
        }
        Thread::Consultation(id) => {
            let consultation = find_consultation(&tx, viewer, id).await?;
            let consultation = consultation.ok_or_else(thread_not_found)?;
            write_in(app, &tx, viewer, &consultation, text).await?
        }
    };
    tx.commit().await?;
    Ok(message)
}

/// Asks first: opens a consultation about an opportunity, or goes on with the one that there is.
pub async fn ask_first(
    app: &App,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    opportunity_id: OpportunityId,
    text: String,
) -> Result<Consultation, Failure> {
    check("message", &text)?;
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    find_shown(app, &tx, viewer, opportunity_id)
        .await
        .map_err(|failure| match failure {
            Failure::Rejected(_) => Rejection::not_found("opportunityId", "opportunity", "募集").into(),
            Failure::Fault(fault) => Failure::Fault(fault),
        })?;
    let new = Consultation {
        id: ConsultationId(app.clock.new_id()),
        alumnus_id,
        opportunity_id,
        opened_at: now,
    };
    let consultation = consultations::insert(&tx, viewer.company_id, &new).await?;
    write_in(app, &tx, viewer, &consultation, text).await?;
    tx.commit().await?;
    Ok(consultation)
}

/// A consultation, if the viewer may learn of it.
pub async fn find_consultation(
    db: &impl Reads,
    viewer: &Viewer,
    id: ConsultationId,
) -> Result<Option<Consultation>, Fault> {
    let Some(consultation) = consultations::find(db, viewer.company_id, id).await? else {
        return Ok(None);
    };
    let opportunity = opportunities::find(db, viewer.company_id, consultation.opportunity_id).await?;
    let standing = find_standing(db, viewer, consultation.alumnus_id).await?;
    let may_read = opportunity.zip(standing).is_some_and(|(opportunity, standing)| {
        may_read_consultation(viewer, &consultation, &standing, &opportunity)
    });
    Ok(Some(consultation).filter(|_| may_read))
}

async fn send_on_candidacy(
    app: &App,
    tx: &Transaction,
    viewer: &Viewer,
    view: CandidacyView,
    text: String,
) -> Result<Message, Failure> {
    let now = app.clock.now();
    let candidacy = view.candidacy;
    if !candidacy.state.may_converse() {
        return Err(Rejection::new(
            RejectionCode::InvalidState,
            "id",
            format!(
                "nobody can be written to on a candidacy that is {}",
                candidacy.state.status().code()
            ),
            format!(
                "状態が{}の間はメッセージを送れません",
                candidacy.state.status().code()
            ),
        )
        .into());
    }
    let message = write(app, tx, viewer, Thread::Candidacy(candidacy.id), text).await?;
    match candidacy.state {
        CandidacyState::Interested | CandidacyState::Accepted => {
            let step = candidacy.clone().converse(Actor::of(viewer), now);
            store(tx, viewer, &step.map_err(|refusal| refused(&refusal, "id"))?).await?;
        }
        CandidacyState::Shortlisted
        | CandidacyState::Unlisted
        | CandidacyState::Invited
        | CandidacyState::Declined { .. }
        | CandidacyState::Snoozed { .. }
        | CandidacyState::InvitationWithdrawn
        | CandidacyState::InConversation
        | CandidacyState::Agreed
        | CandidacyState::Concluded { .. }
        | CandidacyState::InterestWithdrawn
        | CandidacyState::Rejected { .. } => {
            change_log::append(tx, viewer.company_id, change(&candidacy), now).await?;
        }
    }
    let notice = match viewer.role {
        Role::Administrator | Role::Recruiter | Role::Employee => Notice::Message {
            company_id: viewer.company_id,
            alumnus_id: candidacy.alumnus_id,
        },
        Role::Alumnus => Notice::Answer {
            company_id: viewer.company_id,
            candidacy_id: candidacy.id,
        },
    };
    jobs::enqueue(tx, &notice.into_job(app.clock.new_id(), now), now).await?;
    Ok(message)
}

/// Writes in a consultation. Nobody on the company's side gets a mail: there is no saying who reads theirs.
async fn write_in(
    app: &App,
    tx: &Transaction,
    viewer: &Viewer,
    consultation: &Consultation,
    text: String,
) -> Result<Message, Failure> {
    let now = app.clock.now();
    let message = write(app, tx, viewer, Thread::Consultation(consultation.id), text).await?;
    let change = Change::ConsultationChanged {
        consultation_id: consultation.id,
        alumnus_id: consultation.alumnus_id,
        opportunity_id: consultation.opportunity_id,
    };
    change_log::append(tx, viewer.company_id, change, now).await?;
    if viewer.is_hiring_staff() {
        let notice = Notice::Message {
            company_id: viewer.company_id,
            alumnus_id: consultation.alumnus_id,
        };
        jobs::enqueue(tx, &notice.into_job(app.clock.new_id(), now), now).await?;
    }
    Ok(message)
}

async fn write(
    app: &App,
    tx: &Transaction,
    viewer: &Viewer,
    thread: Thread,
    text: String,
) -> Result<Message, Failure> {
    if messages::count(tx, viewer.company_id, thread).await? >= MESSAGES_MAX {
        return Err(Rejection::new(
            RejectionCode::TooLong,
            "id",
            format!("a conversation has at most {MESSAGES_MAX} messages"),
            format!("やり取りは{MESSAGES_MAX}件までです"),
        )
        .into());
    }
    let message = Message {
        id: MessageId(app.clock.new_id()),
        thread,
        by: Actor::of(viewer),
        text,
        at: app.clock.now(),
    };
    messages::insert(tx, viewer.company_id, &message).await?;
    Ok(message)
}

fn check(field: &str, text: &str) -> Result<(), Failure> {
    let mut checks = Checks::default();
    checks.line(field, text, TEXT_LENGTH_MAX);
    checks.finish()
}

fn as_thread(failure: Failure) -> Failure {
    match failure {
        Failure::Rejected(_) => thread_not_found().into(),
        Failure::Fault(fault) => Failure::Fault(fault),
    }
}

/// The same for a candidacy and a consultation, and for one that is not there and one that is not the viewer's.
pub fn thread_not_found() -> Rejection {
    Rejection::not_found("id", "conversation", "やり取り")
}
