//! A recruiter's approach to candidates, one or the first of a list after a preview, and the person's answer.

use chrono::{DateTime, NaiveDate, Utc};
use okaeri_engine::domain::calendar::{japan_date, start_of_day_in_japan};
use okaeri_engine::domain::{
    Actor, AlumnusId, Before, Candidacy, CandidacyId, CandidacyStatus, DeclineReason, Invitation,
    InvitationId, OpportunityId, Refusal, Step, Viewer,
};
use okaeri_engine::ranking::learn::Decision;

use super::candidacies::{
    before, ensure_candidate, ensure_version, find_opportunity, not_open, refused, store,
};
use super::company_learning::learn;
use super::idempotent::{self, remember, repeated};
use super::interactions::ensure_snooze_is_ahead;
use super::invitation_previews::{self, Preview};
use super::notice::Notice;
use super::opportunities::IDEMPOTENCY_KEY_LENGTH_MAX;
use super::validate::{Checks, TEXT_LENGTH_MAX};
use super::{Failure, Fault, Rejection, RejectionCode};
use crate::app::App;
use crate::db::{Transaction, approaches, candidacies, idempotency, jobs, opportunities};

/// Invites a candidate. Inviting the same person to the same opportunity again returns the first invitation.
pub async fn invite(
    app: &App,
    viewer: &Viewer,
    opportunity_id: OpportunityId,
    alumnus_id: AlumnusId,
    message: Option<String>,
    idempotency_key: Option<String>,
) -> Result<Invitation, Failure> {
    check(message.as_deref(), idempotency_key.as_deref())?;
    let now = app.clock.now();
    let input_digest = idempotent::digest(&format!("{opportunity_id} {alumnus_id} {message:?}"));
    let tx = app.db.begin_for(viewer.company_id).await?;

    if let Some(key) = &idempotency_key
        && let Some(earlier) = idempotency::find(&tx, viewer.company_id, &viewer.subject, key).await?
    {
        let id = repeated(&earlier, "inviteCandidate", &input_digest)?;
        let candidacy = candidacies::find(&tx, viewer.company_id, CandidacyId(id)).await?;
        return invitation(candidacy);
    }
    let opportunity = find_opportunity(&tx, viewer, opportunity_id).await?;
    ensure_candidate(&tx, viewer, &opportunity, alumnus_id, now).await?;
    let before = before(app, &tx, viewer, alumnus_id, opportunity_id).await?;
    let earlier = match &before {
        Before::Nothing { .. } => None,
        Before::Candidacy(candidacy) => candidacy.invitation(),
    };
    let step = match (
        before.invite(message, Actor::of(viewer), now, japan_date(now)),
        earlier,
    ) {
        (Ok(step), _) => step,
        (Err(Refusal::WrongState { .. }), Some(earlier)) => return Ok(earlier),
        (Err(refusal), _) => return Err(refused(&refusal, "alumnusId").into()),
    };
    ensure_below_cap(&tx, viewer, alumnus_id, now).await?;
    // Whoever was shortlisted before was chosen then.
    if step.transition.from != Some(CandidacyStatus::Shortlisted) {
        learn(
            app,
            &tx,
            viewer,
            (alumnus_id, opportunity_id),
            Decision::Chosen,
            now,
        )
        .await?;
    }
    send(app, &tx, viewer, &step).await?;
    if let Some(key) = &idempotency_key {
        let made = step.candidacy.id.0;
        remember(&tx, viewer, key, "inviteCandidate", made, &input_digest, now).await?;
    }
    tx.commit().await?;
    invitation(Some(step.candidacy))
}

/// Who was invited of a preview.
#[derive(Clone, Debug)]
pub struct Invited {
    /// The invitations, in the preview's order.
    pub invitations: Vec<Invitation>,
    /// How many of the previewed people may no longer be invited.
    pub n_skipped: usize,
}

/// Invites exactly the people of a preview, without those who may no longer be invited.
pub async fn invite_previewed(
    app: &App,
    viewer: &Viewer,
    opportunity_id: OpportunityId,
    preview: &Preview,
    message: Option<String>,
    idempotency_key: Option<String>,
) -> Result<Invited, Failure> {
    check(message.as_deref(), idempotency_key.as_deref())?;
    let now = app.clock.now();
    let input_digest = idempotent::digest(&format!("{opportunity_id} {} {message:?}", preview.id));
    let tx = app.db.begin_for(viewer.company_id).await?;

    if let Some(key) = &idempotency_key
        && let Some(earlier) = idempotency::find(&tx, viewer.company_id, &viewer.subject, key).await?
    {
        repeated(&earlier, "inviteCandidates", &input_digest)?;
        return invited_before(&tx, viewer, opportunity_id, preview).await;
    }
    let opportunity = find_opportunity(&tx, viewer, opportunity_id).await?;
    if !opportunity.is_open_at(now) {
        return Err(not_open("opportunityId").into());
    }
    let mut invited = Invited {
        invitations: Vec::new(),
        n_skipped: 0,
    };
    for alumnus_id in &preview.invitees {
        let may_invite = match ensure_candidate(&tx, viewer, &opportunity, *alumnus_id, now).await {
            Ok(()) => ensure_below_cap(&tx, viewer, *alumnus_id, now).await,
            refused => refused,
        };
        let before = before(app, &tx, viewer, *alumnus_id, opportunity_id).await?;
        match may_invite {
            Ok(()) if invitation_previews::obstacle(&before, japan_date(now)).is_none() => {}
            Ok(()) | Err(Failure::Rejected(_)) => {
                invited.n_skipped += 1;
                continue;
            }
            Err(fault @ Failure::Fault(_)) => return Err(fault),
        }
        let step = before.invite(message.clone(), Actor::of(viewer), now, japan_date(now));
        let step = step.map_err(|refusal| refused(&refusal, "previewToken"))?;
        send(app, &tx, viewer, &step).await?;
        invited.invitations.push(invitation(Some(step.candidacy))?);
    }
    if let Some(key) = &idempotency_key {
        let made = preview.id.0;
        remember(&tx, viewer, key, "inviteCandidates", made, &input_digest, now).await?;
    }
    tx.commit().await?;
    Ok(invited)
}

/// What the first call with the same key made.
async fn invited_before(
    tx: &Transaction,
    viewer: &Viewer,
    opportunity_id: OpportunityId,
    preview: &Preview,
) -> Result<Invited, Failure> {
    let mut invitations = Vec::new();
    for alumnus_id in &preview.invitees {
        let found = candidacies::find_for(tx, viewer.company_id, *alumnus_id, opportunity_id).await?;
        invitations.extend(found.and_then(|candidacy| candidacy.invitation()));
    }
    Ok(Invited {
        n_skipped: preview.invitees.len() - invitations.len(),
        invitations,
    })
}

/// Takes back an invitation that was not accepted or declined.
pub async fn withdraw(
    app: &App,
    viewer: &Viewer,
    id: InvitationId,
    expected_version: Option<u32>,
) -> Result<Invitation, Failure> {
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let (view, _) = super::candidacies::find(&tx, viewer, CandidacyId(id.0))
        .await
        .map_err(as_invitation)?;
    ensure_version(&view.candidacy, expected_version)?;
    let candidacy = ensure_invited(view.candidacy)?;
    let step = candidacy.withdraw_invitation(Actor::of(viewer), now);
    let step = step.map_err(|refusal| refused(&refusal, "id"))?;
    store(&tx, viewer, &step).await?;
    tx.commit().await?;
    invitation(Some(step.candidacy))
}

/// What the invited person says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No(DeclineReason),
    /// Not now, but from this day on, in Japan time.
    NotBefore(NaiveDate),
}

/// The person's answer.
pub async fn answer(
    app: &App,
    viewer: &Viewer,
    id: InvitationId,
    answer: Answer,
) -> Result<Invitation, Failure> {
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let candidacy = find_own(&tx, viewer, id).await?;
    let by = Actor::of(viewer);
    let step = match answer {
        Answer::Yes => {
            let opportunity = opportunities::find(&tx, viewer.company_id, candidacy.opportunity_id).await?;
            if !opportunity.is_some_and(|opportunity| opportunity.is_open_at(now)) {
                return Err(not_open("id").into());
            }
            candidacy.accept(by, now)
        }
        Answer::No(reason) => candidacy.decline(reason, by, now),
        Answer::NotBefore(until) => {
            ensure_snooze_is_ahead(until, japan_date(now))?;
            candidacy.snooze(until, by, now)
        }
    };
    let step = step.map_err(|refusal| refused(&refusal, "id"))?;
    store(&tx, viewer, &step).await?;
    let notice = Notice::Answer {
        company_id: viewer.company_id,
        candidacy_id: step.candidacy.id,
    };
    jobs::enqueue(&tx, &notice.into_job(app.clock.new_id(), now), now).await?;
    tx.commit().await?;
    invitation(Some(step.candidacy))
}

/// Stores an invitation and has the person told of it.
async fn send(app: &App, tx: &Transaction, viewer: &Viewer, step: &Step) -> Result<(), Failure> {
    let now: DateTime<Utc> = step.transition.at;
    store(tx, viewer, step).await?;
    let notice = Notice::Invitation {
        company_id: viewer.company_id,
        invitation_id: InvitationId(step.candidacy.id.0),
    };
    jobs::enqueue(tx, &notice.into_job(app.clock.new_id(), now), now).await?;
    Ok(())
}

async fn find_own(tx: &Transaction, viewer: &Viewer, id: InvitationId) -> Result<Candidacy, Failure> {
    let found = candidacies::find(tx, viewer.company_id, CandidacyId(id.0)).await?;
    let own = found.filter(|candidacy| viewer.alumnus_id == Some(candidacy.alumnus_id));
    ensure_invited(own.ok_or_else(not_found)?)
}

/// The programme's cap on approaches leaves room for one more to this person.
///
/// # Errors
///
/// [`RejectionCode::TooManyApproaches`] with the cap.
async fn ensure_below_cap(
    tx: &Transaction,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let Some(cap) = invitation_previews::cap(tx, viewer).await? else {
        return Ok(());
    };
    let since = start_of_day_in_japan(cap.counts_from(japan_date(now)));
    let counted = approaches::count_since(tx, viewer.company_id, &[alumnus_id], since).await?;
    let n_counted = counted.get(&alumnus_id).copied().unwrap_or_default();
    if !cap.is_reached(n_counted) {
        return Ok(());
    }
    let (max, days) = (cap.max_approaches, cap.days);
    Err(Rejection::new(
        RejectionCode::TooManyApproaches,
        "alumnusId",
        format!("{n_counted} approaches to this person within {days} days; the programme allows {max}"),
        format!("この方へのご案内は直近{days}日間で{n_counted}件です。上限は{max}件です"),
    )
    .into())
}

/// A candidacy without an invitation is none that could be answered or taken back.
fn ensure_invited(candidacy: Candidacy) -> Result<Candidacy, Failure> {
    if candidacy.letter.is_none() {
        return Err(not_found().into());
    }
    Ok(candidacy)
}

fn as_invitation(failure: Failure) -> Failure {
    match failure {
        Failure::Rejected(_) => not_found().into(),
        Failure::Fault(fault) => Failure::Fault(fault),
    }
}

fn not_found() -> Rejection {
    Rejection::not_found("id", "invitation", "招待")
}

fn invitation(candidacy: Option<Candidacy>) -> Result<Invitation, Failure> {
    let invitation = candidacy.as_ref().and_then(Candidacy::invitation);
    Ok(invitation.ok_or_else(|| Fault::Broken("a written invitation is gone".to_owned()))?)
}

fn check(message: Option<&str>, idempotency_key: Option<&str>) -> Result<(), Failure> {
    let mut checks = Checks::default();
    checks.optional("message", message, TEXT_LENGTH_MAX);
    if let Some(key) = idempotency_key {
        checks.line("idempotencyKey", key, IDEMPOTENCY_KEY_LENGTH_MAX);
    }
    checks.finish()
}
