//! What staff and alumni do with a candidacy, step by step; seats follow in the same transaction.
//!
//! - The engine says which step may follow; here it is found, decided, stored with its record, and told.
//! - The company's writers follow each other ([`crate::db::Database::begin_for`]), so two agreements never take one seat.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::calendar::japan_date;
use okaeri_engine::domain::{
    Actor, AlumnusId, AlumnusView, Asker, Before, Candidacy, CandidacyId, CandidacyState, CandidacyStatus,
    CandidacyView, InteractionKind, Opportunity, OpportunityId, OpportunityStatus, OutcomeKind, Policy,
    Refusal, Standing, Step, Viewer, may_be_ranked,
};
use okaeri_engine::ranking::learn::Decision;

use super::company_learning::learn;
use super::opportunities::no_seat_left;
use super::validate::{Checks, LINE_LENGTH_MAX};
use super::{Failure, Fault, Rejection, RejectionCode};
use crate::app::App;
use crate::db::change_log::{self, Change};
use crate::db::{Reads, Transaction, alumni, candidacies, opportunities, programmes, standings};

/// Notes a candidate. Noting somebody again changes nothing.
pub async fn shortlist(
    app: &App,
    viewer: &Viewer,
    opportunity_id: OpportunityId,
    alumnus_id: AlumnusId,
) -> Result<CandidacyView, Failure> {
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let opportunity = find_opportunity(&tx, viewer, opportunity_id).await?;
    ensure_candidate(&tx, viewer, &opportunity, alumnus_id, now).await?;
    let before = before(app, &tx, viewer, alumnus_id, opportunity_id).await?;
    if let Before::Candidacy(candidacy) = &before
        && candidacy.state == CandidacyState::Shortlisted
    {
        return Ok(as_staff(candidacy.clone()));
    }
    let step = before
        .shortlist(Actor::of(viewer), now)
        .map_err(|refusal| refused(&refusal, "alumnusId"))?;
    learn(
        app,
        &tx,
        viewer,
        (alumnus_id, opportunity_id),
        Decision::Chosen,
        now,
    )
    .await?;
    store(&tx, viewer, &step).await?;
    tx.commit().await?;
    Ok(as_staff(step.candidacy))
}

/// Takes a candidate off the shortlist.
pub async fn unlist(app: &App, viewer: &Viewer, id: CandidacyId) -> Result<CandidacyView, Failure> {
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let (view, _) = find(&tx, viewer, id).await?;
    let step = view.candidacy.unlist(Actor::of(viewer), now);
    let step = step.map_err(|refusal| refused(&refusal, "id"))?;
    store(&tx, viewer, &step).await?;
    tx.commit().await?;
    Ok(as_staff(step.candidacy))
}

/// Takes a candidate out of an opportunity's list: by a person, for a reason, never by a score. The first reason
/// stands.
pub async fn reject(
    app: &App,
    viewer: &Viewer,
    opportunity_id: OpportunityId,
    alumnus_id: AlumnusId,
    reason: String,
) -> Result<Opportunity, Failure> {
    let mut checks = Checks::default();
    checks.line("reason", &reason, LINE_LENGTH_MAX);
    checks.finish()?;
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let opportunity = find_opportunity(&tx, viewer, opportunity_id).await?;
    ensure_visible(&tx, viewer, alumnus_id, "alumnusId").await?;
    let before = before(app, &tx, viewer, alumnus_id, opportunity_id).await?;
    if let Before::Candidacy(candidacy) = &before
        && candidacy.state.status() == CandidacyStatus::Rejected
    {
        return Ok(opportunity);
    }
    let step = before
        .reject(reason, Actor::of(viewer), now)
        .map_err(|refusal| refused(&refusal, "alumnusId"))?;
    learn(
        app,
        &tx,
        viewer,
        (alumnus_id, opportunity_id),
        Decision::Rejected,
        now,
    )
    .await?;
    store(&tx, viewer, &step).await?;
    let change = Change::RejectionRecorded {
        alumnus_id,
        opportunity_id,
    };
    change_log::append(&tx, viewer.company_id, change, now).await?;
    tx.commit().await?;
    Ok(opportunity)
}

/// Both sides agree: takes a seat, and the last one fills the opportunity.
pub async fn record_agreement(
    app: &App,
    viewer: &Viewer,
    id: CandidacyId,
    expected_version: Option<u32>,
) -> Result<CandidacyView, Failure> {
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let (view, opportunity) = find(&tx, viewer, id).await?;
    ensure_version(&view.candidacy, expected_version)?;
    let step = view.candidacy.agree(Actor::of(viewer), now);
    let step = step.map_err(|refusal| refused(&refusal, "id"))?;
    // Conversations go on while nobody new is looked for, and after the deadline.
    match opportunity.status {
        OpportunityStatus::Open | OpportunityStatus::Paused => {}
        OpportunityStatus::Filled => return Err(no_seat_left("id").into()),
        OpportunityStatus::Draft | OpportunityStatus::Closed => return Err(not_open("id").into()),
    }
    let n_taken = candidacies::count_seats_taken(&tx, viewer.company_id, opportunity.id).await?;
    if n_taken >= u64::from(opportunity.seats) {
        return Err(no_seat_left("id").into());
    }
    store(&tx, viewer, &step).await?;
    settle(&tx, opportunity, n_taken, now).await?;
    tx.commit().await?;
    Ok(as_staff(step.candidacy))
}

/// What came of it. What does not come about frees its seat and needs a reason.
pub async fn record_outcome(
    app: &App,
    viewer: &Viewer,
    id: CandidacyId,
    outcome: OutcomeKind,
    reason: Option<String>,
    expected_version: Option<u32>,
) -> Result<CandidacyView, Failure> {
    let mut checks = Checks::default();
    match (&reason, outcome) {
        (Some(reason), _) => checks.line("reason", reason, LINE_LENGTH_MAX),
        (None, OutcomeKind::NotRealized) => checks.line("reason", "", LINE_LENGTH_MAX),
        (None, OutcomeKind::Rehired | OutcomeKind::Contracted | OutcomeKind::Spoken) => {}
    }
    checks.finish()?;
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let (view, opportunity) = find(&tx, viewer, id).await?;
    ensure_version(&view.candidacy, expected_version)?;
    let n_taken = candidacies::count_seats_taken(&tx, viewer.company_id, opportunity.id).await?;
    let step = view
        .candidacy
        .conclude(outcome, reason, opportunity.kind(), Actor::of(viewer), now);
    let step = step.map_err(|refusal| refused(&refusal, "id"))?;
    store(&tx, viewer, &step).await?;
    settle(&tx, opportunity, n_taken, now).await?;
    tx.commit().await?;
    Ok(as_staff(step.candidacy))
}

/// The person steps back, after an agreement too, which frees the seat.
pub async fn withdraw_interest(
    app: &App,
    viewer: &Viewer,
    id: CandidacyId,
) -> Result<CandidacyView, Failure> {
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let (view, opportunity) = find(&tx, viewer, id).await?;
    let step = view.candidacy.withdraw_interest(Actor::of(viewer), now);
    let step = step.map_err(|refusal| refused(&refusal, "id"))?;
    let n_taken = candidacies::count_seats_taken(&tx, viewer.company_id, opportunity.id).await?;
    store(&tx, viewer, &step).await?;
    settle(&tx, opportunity, n_taken, now).await?;
    tx.commit().await?;
    Ok(CandidacyView {
        candidacy: step.candidacy,
        is_own: true,
    })
}

/// What an interaction means for the candidacy: interest begins one or says yes, declining takes interest back. Whether
/// anything was written.
pub(super) async fn follow_interaction(
    app: &App,
    tx: &Transaction,
    viewer: &Viewer,
    opportunity: &Opportunity,
    alumnus_id: AlumnusId,
    kind: InteractionKind,
) -> Result<bool, Failure> {
    let now = app.clock.now();
    let before = before(app, tx, viewer, alumnus_id, opportunity.id).await?;
    let by = Actor::of(viewer);
    let step = match (kind, before) {
        (InteractionKind::Interested, before) => before.express_interest(by, now),
        (InteractionKind::Declined { .. }, Before::Candidacy(candidacy))
            if candidacy.state == CandidacyState::Interested =>
        {
            candidacy.withdraw_interest(by, now)
        }
        // Whatever else a person does with an opportunity shapes that person's own feed alone.
        (
            InteractionKind::Declined { .. } | InteractionKind::Snoozed { .. } | InteractionKind::Saved,
            Before::Nothing { .. } | Before::Candidacy(_),
        ) => return Ok(false),
    };
    // Whoever is further than interested stays there.
    let Ok(step) = step else {
        return Ok(false);
    };
    store(tx, viewer, &step).await?;
    Ok(true)
}

/// Stores a step with its record and appends it to the change log.
pub(super) async fn store(tx: &Transaction, viewer: &Viewer, step: &Step) -> Result<(), Failure> {
    if !candidacies::save(tx, viewer.company_id, step).await? {
        return Err(version_conflict().into());
    }
    change_log::append(tx, viewer.company_id, change(&step.candidacy), step.transition.at).await?;
    Ok(())
}

/// The change that a candidacy's step is: what its person does not learn of has a kind of its own, so that it moves
/// nothing of theirs.
pub(super) fn change(candidacy: &Candidacy) -> Change {
    let Candidacy {
        id: candidacy_id,
        alumnus_id,
        opportunity_id,
        ..
    } = *candidacy;
    if candidacy.is_known_to_alumnus() {
        Change::CandidacyChanged {
            candidacy_id,
            alumnus_id,
            opportunity_id,
        }
    } else {
        Change::ShortlistChanged {
            candidacy_id,
            alumnus_id,
            opportunity_id,
        }
    }
}

/// Fills or opens the opportunity as its seats were taken or freed since `n_before` were taken.
async fn settle(
    tx: &Transaction,
    opportunity: Opportunity,
    n_before: u64,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let (id, company_id, status) = (opportunity.id, opportunity.company_id, opportunity.status);
    let n_seats = u64::from(opportunity.seats);
    let n_after = candidacies::count_seats_taken(tx, company_id, id).await?;
    let settled = opportunity.settle_seats(n_before >= n_seats, n_after >= n_seats);
    if settled.status == status {
        return Ok(());
    }
    opportunities::update(tx, &settled, now).await?;
    change_log::append(tx, company_id, Change::OpportunityChanged(id), now).await?;
    Ok(())
}

/// The candidacy as the viewer may see it, with its opportunity.
pub(super) async fn find(
    db: &impl Reads,
    viewer: &Viewer,
    id: CandidacyId,
) -> Result<(CandidacyView, Opportunity), Failure> {
    let not_found = || Rejection::not_found("id", "candidacy", "選考");
    let candidacy = candidacies::find(db, viewer.company_id, id)
        .await?
        .ok_or_else(not_found)?;
    let opportunity = opportunities::find(db, viewer.company_id, candidacy.opportunity_id)
        .await?
        .ok_or_else(not_found)?;
    let standing = find_standing(db, viewer, candidacy.alumnus_id).await?;
    let view = standing
        .and_then(|standing| CandidacyView::new(viewer, candidacy, &standing, opportunity.kind()))
        .ok_or_else(not_found)?;
    Ok((view, opportunity))
}

/// What is recorded of the two so far.
pub(super) async fn before(
    app: &App,
    tx: &Transaction,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    opportunity_id: OpportunityId,
) -> Result<Before, Fault> {
    let found = candidacies::find_for(tx, viewer.company_id, alumnus_id, opportunity_id).await?;
    Ok(found.map_or_else(
        || Before::Nothing {
            id: CandidacyId(app.clock.new_id()),
            alumnus_id,
            opportunity_id,
        },
        Before::Candidacy,
    ))
}

pub(super) async fn find_opportunity(
    tx: &Transaction,
    viewer: &Viewer,
    opportunity_id: OpportunityId,
) -> Result<Opportunity, Failure> {
    let found = opportunities::find(tx, viewer.company_id, opportunity_id).await?;
    Ok(found.ok_or_else(|| Rejection::not_found("opportunityId", "opportunity", "募集"))?)
}

pub(super) async fn find_standing(
    db: &impl Reads,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
) -> Result<Option<Standing>, Fault> {
    let mut found = standings::load(db, viewer.company_id, &[alumnus_id]).await?;
    Ok(found.pop().map(|(_, standing)| standing))
}

pub(super) async fn find_policy(db: &impl Reads, viewer: &Viewer) -> Result<Policy, Fault> {
    let programme = programmes::find(db, viewer.company_id).await?;
    Ok(programme.map(|programme| programme.policy).unwrap_or_default())
}

/// Only people whom the ranking may show can be approached: open, eligible, consented, not rejected.
pub(super) async fn ensure_candidate(
    tx: &Transaction,
    viewer: &Viewer,
    opportunity: &Opportunity,
    alumnus_id: AlumnusId,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    ensure_visible(tx, viewer, alumnus_id, "alumnusId").await?;
    if !opportunity.is_open_at(now) {
        return Err(not_open("opportunityId").into());
    }
    let policy = find_policy(tx, viewer).await?;
    let standing = find_standing(tx, viewer, alumnus_id).await?;
    let is_eligible = standing.is_some_and(|standing| {
        let seen = standing.as_seen_by(&Asker::of_viewer(viewer));
        may_be_ranked(&policy, alumnus_id, &seen, opportunity, japan_date(now)).is_ok()
    });
    let candidacy = candidacies::find_for(tx, viewer.company_id, alumnus_id, opportunity.id).await?;
    let is_rejected =
        candidacy.is_some_and(|candidacy| candidacy.state.status() == CandidacyStatus::Rejected);
    if is_eligible && !is_rejected {
        return Ok(());
    }
    Err(Rejection::new(
        RejectionCode::NotEligible,
        "alumnusId",
        "this person is not a candidate for this opportunity",
        "この方はこの募集の候補者ではありません",
    )
    .into())
}

/// The person exists for the viewer.
pub(super) async fn ensure_visible(
    tx: &Transaction,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    field: &str,
) -> Result<(), Failure> {
    let standing = find_standing(tx, viewer, alumnus_id).await?;
    let alumnus = alumni::find(tx, viewer.company_id, alumnus_id).await?;
    let view = alumnus
        .zip(standing)
        .and_then(|(alumnus, standing)| AlumnusView::new(viewer, alumnus, &standing));
    if view.is_none() {
        return Err(Rejection::not_found(field, "alumnus", "アルムナイ").into());
    }
    Ok(())
}

pub(super) fn as_staff(candidacy: Candidacy) -> CandidacyView {
    CandidacyView {
        candidacy,
        is_own: false,
    }
}

/// That the caller read the candidacy as it is.
pub(super) fn ensure_version(candidacy: &Candidacy, expected: Option<u32>) -> Result<(), Failure> {
    if expected.is_none_or(|expected| expected == candidacy.version) {
        return Ok(());
    }
    Err(version_conflict().into())
}

fn version_conflict() -> Rejection {
    Rejection::new(
        RejectionCode::VersionConflict,
        "id",
        "somebody else changed the candidacy since it was read",
        "読み込んだあとに他の方が変更しました。読み直してください",
    )
}

pub(super) fn not_open(field: &str) -> Rejection {
    Rejection::new(
        RejectionCode::NotOpen,
        field,
        "the opportunity is not open",
        "この募集は受け付けていません",
    )
}

/// A step that the engine refuses.
pub(super) fn refused(refusal: &Refusal, field: &str) -> Rejection {
    let (code, field, japanese) = match refusal {
        Refusal::WrongState { status } => (
            RejectionCode::InvalidState,
            field,
            format!("状態が{}のため、この操作はできません", status.code()),
        ),
        Refusal::AlreadyAnswered { .. } => (
            RejectionCode::AlreadyAnswered,
            field,
            "この招待にはすでに回答しています".to_owned(),
        ),
        Refusal::NotBefore { until } => (
            RejectionCode::InvalidState,
            field,
            format!("{until}までは声をかけないよう希望されています"),
        ),
        Refusal::OtherKindsOutcome { success, .. } => (
            RejectionCode::Invalid,
            "outcome",
            format!("この種類の募集の結果は{}またはNOT_REALIZEDです", success.code()),
        ),
    };
    Rejection::new(code, field, refusal.to_string(), japanese)
}
