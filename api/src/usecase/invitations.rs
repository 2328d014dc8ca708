//! A recruiter's approach to one candidate, the person's answer, and a rejection, which takes a person and a reason.

use okaeri_engine::domain::calendar::{japan_date, start_of_day_in_japan};
use okaeri_engine::domain::{
    AlumnusId, DeclineReason, Invitation, InvitationId, InvitationState, Opportunity, OpportunityId, Viewer,
    may_be_ranked,
};

use super::idempotent::{self, remember, repeated};
use super::notice::Notice;
use super::opportunities::IDEMPOTENCY_KEY_LENGTH_MAX;
use super::validate::{Checks, LINE_LENGTH_MAX, TEXT_LENGTH_MAX};
use super::{Failure, Fault, Rejection, RejectionCode};
use crate::app::App;
use crate::db::change_log::{self, Change};
use crate::db::rejections::{self, Rejection as RecordedRejection};
use crate::db::{
    Transaction, alumni, approaches, idempotency, invitations, jobs, opportunities, programmes, standings,
};

/// Invites a candidate. Inviting the same person to the same opportunity again returns the first invitation.
pub async fn invite(
    app: &App,
    viewer: &Viewer,
    opportunity_id: OpportunityId,
    alumnus_id: AlumnusId,
    message: Option<String>,
    idempotency_key: Option<String>,
) -> Result<Invitation, Failure> {
    let mut checks = Checks::default();
    checks.optional("message", message.as_deref(), TEXT_LENGTH_MAX);
    if let Some(key) = &idempotency_key {
        checks.line("idempotencyKey", key, IDEMPOTENCY_KEY_LENGTH_MAX);
    }
    checks.finish()?;
    let now = app.clock.now();
    let input_digest = idempotent::digest(&format!("{opportunity_id} {alumnus_id} {message:?}"));
    let tx = app.db.begin_for(viewer.company_id).await?;

    if let Some(key) = &idempotency_key
        && let Some(earlier) = idempotency::find(&tx, viewer.company_id, &viewer.subject, key).await?
    {
        let id = repeated(&earlier, "inviteCandidate", &input_digest)?;
        let invitation = invitations::find(&tx, viewer.company_id, InvitationId(id)).await?;
        return Ok(invitation.ok_or_else(|| Fault::Broken("a remembered invitation is gone".to_owned()))?);
    }
    let opportunity = opportunities::find(&tx, viewer.company_id, opportunity_id)
        .await?
        .ok_or_else(|| Rejection::not_found("opportunityId", "opportunity", "募集"))?;
    ensure_candidate(&tx, viewer, &opportunity, alumnus_id, now).await?;
    if let Some(earlier) = invitations::find_for(&tx, viewer.company_id, alumnus_id, opportunity_id).await? {
        return Ok(earlier);
    }
    ensure_below_cap(&tx, viewer, alumnus_id, now).await?;
    let invitation = Invitation {
        id: InvitationId(app.clock.new_id()),
        alumnus_id,
        opportunity_id,
        message,
        invited_by: viewer.subject.clone(),
        sent_at: now,
        state: InvitationState::Sent,
    };
    let invitation = invitations::insert(&tx, viewer.company_id, &invitation).await?;
    if let Some(key) = &idempotency_key {
        remember(
            &tx,
            viewer,
            key,
            "inviteCandidate",
            invitation.id.0,
            &input_digest,
            now,
        )
        .await?;
    }
    let notice = Notice::Invitation {
        company_id: viewer.company_id,
        invitation_id: invitation.id,
    };
    jobs::enqueue(&tx, &notice.into_job(app.clock.new_id(), now), now).await?;
    append_change(&tx, viewer, &invitation, now).await?;
    tx.commit().await?;
    Ok(invitation)
}

/// The person's yes.
pub async fn accept(
    app: &App,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    invitation_id: InvitationId,
) -> Result<Invitation, Failure> {
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let invitation = find_own(&tx, viewer, alumnus_id, invitation_id).await?;
    let opportunity = opportunities::find(&tx, viewer.company_id, invitation.opportunity_id).await?;
    if !opportunity.is_some_and(|opportunity| opportunity.is_open_at(now)) {
        return Err(not_open("id").into());
    }
    let answered = invitation.accept(now).map_err(already_answered)?;
    answer(tx, viewer, answered, now).await
}

/// The person's no, with a reason.
pub async fn decline(
    app: &App,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    invitation_id: InvitationId,
    reason: DeclineReason,
) -> Result<Invitation, Failure> {
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let invitation = find_own(&tx, viewer, alumnus_id, invitation_id).await?;
    let answered = invitation.decline(now, reason).map_err(already_answered)?;
    answer(tx, viewer, answered, now).await
}

/// Takes a candidate out of an opportunity's list: by a person, for a reason, never by a score.
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
    let opportunity = opportunities::find(&tx, viewer.company_id, opportunity_id)
        .await?
        .ok_or_else(|| Rejection::not_found("opportunityId", "opportunity", "募集"))?;
    ensure_visible(&tx, viewer, alumnus_id).await?;
    let rejection = RecordedRejection {
        alumnus_id,
        opportunity_id,
        rejected_by: viewer.subject.clone(),
        reason,
        rejected_at: now,
    };
    if rejections::insert(&tx, viewer.company_id, &rejection).await? {
        let change = Change::RejectionRecorded {
            alumnus_id,
            opportunity_id,
        };
        change_log::append(&tx, viewer.company_id, change, now).await?;
    }
    tx.commit().await?;
    Ok(opportunity)
}

async fn answer(
    tx: Transaction,
    viewer: &Viewer,
    answered: Invitation,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Invitation, Failure> {
    invitations::update_state(&tx, viewer.company_id, &answered).await?;
    append_change(&tx, viewer, &answered, now).await?;
    tx.commit().await?;
    Ok(answered)
}

async fn append_change(
    tx: &Transaction,
    viewer: &Viewer,
    invitation: &Invitation,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Fault> {
    let change = Change::InvitationChanged {
        invitation_id: invitation.id,
        alumnus_id: invitation.alumnus_id,
        opportunity_id: invitation.opportunity_id,
    };
    change_log::append(tx, viewer.company_id, change, now).await?;
    Ok(())
}

async fn find_own(
    tx: &Transaction,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    invitation_id: InvitationId,
) -> Result<Invitation, Failure> {
    let found = invitations::find(tx, viewer.company_id, invitation_id).await?;
    let own = found.filter(|invitation| invitation.alumnus_id == alumnus_id);
    Ok(own.ok_or_else(|| Rejection::not_found("id", "invitation", "招待"))?)
}

/// Only people whom the ranking may show can be approached: open, eligible, consented.
async fn ensure_candidate(
    tx: &Transaction,
    viewer: &Viewer,
    opportunity: &Opportunity,
    alumnus_id: AlumnusId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Failure> {
    ensure_visible(tx, viewer, alumnus_id).await?;
    if !opportunity.is_open_at(now) {
        return Err(not_open("opportunityId").into());
    }
    let policy = programmes::find(tx, viewer.company_id)
        .await?
        .map(|found| found.policy)
        .unwrap_or_default();
    let standing = standings::load(tx, viewer.company_id, &[alumnus_id]).await?.pop();
    let is_eligible = standing
        .is_some_and(|(_, standing)| may_be_ranked(&policy, &standing, opportunity, japan_date(now)).is_ok());
    let rejected = rejections::list_for_opportunity(tx, viewer.company_id, opportunity.id).await?;
    if !is_eligible
        || rejected
            .iter()
            .any(|rejection| rejection.alumnus_id == alumnus_id)
    {
        return Err(Rejection::new(
            RejectionCode::NotEligible,
            "alumnusId",
            "this person is not a candidate for this opportunity",
            "この方はこの募集の候補者ではありません",
        )
        .into());
    }
    Ok(())
}

/// The programme's cap on approaches leaves room for one more to this person.
///
/// # Errors
///
/// [`RejectionCode::TooManyApproaches`] with the cap.
pub async fn ensure_below_cap(
    tx: &Transaction,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Failure> {
    let programme = programmes::find(tx, viewer.company_id).await?;
    let Some(cap) = programme.and_then(|programme| programme.policy.approach_cap) else {
        return Ok(());
    };
    let since = start_of_day_in_japan(cap.counts_from(japan_date(now)));
    let n_counted = approaches::count_since(tx, viewer.company_id, alumnus_id, since).await?;
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

/// The person exists for the viewer.
async fn ensure_visible(tx: &Transaction, viewer: &Viewer, alumnus_id: AlumnusId) -> Result<(), Failure> {
    let standing = standings::load(tx, viewer.company_id, &[alumnus_id]).await?.pop();
    let alumnus = alumni::find(tx, viewer.company_id, alumnus_id).await?;
    let view = alumnus.zip(standing).and_then(|(alumnus, (_, standing))| {
        okaeri_engine::domain::AlumnusView::new(viewer, alumnus, &standing)
    });
    if view.is_none() {
        return Err(Rejection::not_found("alumnusId", "alumnus", "アルムナイ").into());
    }
    Ok(())
}

fn not_open(field: &str) -> Rejection {
    Rejection {
        field: vec![field.to_owned()],
        ..Rejection::new(
            RejectionCode::NotOpen,
            "",
            "the opportunity is not open",
            "この募集は受け付けていません",
        )
    }
}

fn already_answered(answered: okaeri_engine::domain::interaction::AlreadyAnswered) -> Rejection {
    Rejection::new(
        RejectionCode::AlreadyAnswered,
        "id",
        answered.to_string(),
        "この招待にはすでに回答しています",
    )
}
