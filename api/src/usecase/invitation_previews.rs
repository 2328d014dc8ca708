//! Whom a recruiter is about to invite: the first people of a fresh list, by name, and who of them is left out and why.
//!
//! - A preview is recorded like any list that is served, for its reader alone. Whoever is not in it is never invited by
//!   it.
//! - It is valid for a day: longer, and "the first" would be those of another list.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use okaeri_engine::domain::calendar::{japan_date, start_of_day_in_japan};
use okaeri_engine::domain::{
    AlumnusId, ApproachCap, Before, CandidacyState, Ineligible, OpportunityId, ServedListId, Viewer,
};

use super::audit::inputs::{Inputs, Sparse};
use super::candidates;
use super::served::{self, Entry, Items, ScoredWith, Served, Subject};
use super::{Failure, Fault, Rejection, RejectionCode};
use crate::admission::Execution;
use crate::app::App;
use crate::db::served_lists::ServedListKind;
use crate::db::{Reads, approaches, candidacies, programmes};

/// Most people that one call invites: a list that a person has read name by name before sending.
pub const INVITEES_MAX: usize = 50;
/// Hours for which a preview is valid: a working day and the night after it.
const VALID_HOURS: i64 = 24;

/// Why somebody of the first is not invited with the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Came forward, was invited before, or it is over: a matter for a person, not for a list.
    InTouch,
    /// Said not before a day that is still ahead.
    NotNow,
    /// Was approached as often as the programme allows.
    CapReached,
}

/// Whom a call would invite.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Names it.
    pub id: ServedListId,
    /// Whom, best first.
    pub invitees: Vec<AlumnusId>,
    /// Who of the first is left out, best first.
    pub skipped: Vec<(AlumnusId, Obstacle)>,
    /// How many people each rule left out of the list itself.
    pub left_out: Vec<(Ineligible, u32)>,
    /// The state of the data.
    pub as_of: DateTime<Utc>,
}

/// What stands in the way of inviting somebody together with others.
pub fn obstacle(before: &Before, today: NaiveDate) -> Option<Obstacle> {
    let Before::Candidacy(candidacy) = before else {
        return None;
    };
    match &candidacy.state {
        CandidacyState::Shortlisted | CandidacyState::Unlisted | CandidacyState::InvitationWithdrawn => None,
        CandidacyState::Snoozed { until } => (today < *until).then_some(Obstacle::NotNow),
        CandidacyState::Interested
        | CandidacyState::Invited
        | CandidacyState::Accepted
        | CandidacyState::Declined { .. }
        | CandidacyState::InConversation
        | CandidacyState::Agreed
        | CandidacyState::Concluded { .. }
        | CandidacyState::InterestWithdrawn
        | CandidacyState::Rejected { .. } => Some(Obstacle::InTouch),
    }
}

/// Previews inviting the first `n` of the opportunity's candidates, of whom there are none unless it is open.
pub async fn preview(
    app: &App,
    execution: &Execution,
    viewer: &Viewer,
    opportunity_id: OpportunityId,
    n: usize,
) -> Result<Option<Preview>, Fault> {
    let Some(list) = candidates::list(app, execution, viewer, opportunity_id, None).await? else {
        return Ok(None);
    };
    let now = app.clock.now();
    let first = list.places.iter().take(n.min(INVITEES_MAX));
    let first: Vec<AlumnusId> = first.filter_map(|place| list.alumnus_id(*place)).collect();
    let pairs: Vec<_> = first.iter().map(|id| (*id, opportunity_id)).collect();
    let known = candidacies::load_for_pairs(&app.db, viewer.company_id, &pairs).await?;
    let mut known: HashMap<_, _> = known.into_iter().map(|one| (one.alumnus_id, one)).collect();

    let capped = capped(app, viewer, &first, now).await?;

    let (mut invitees, mut skipped) = (Vec::new(), Vec::new());
    for alumnus_id in first {
        let candidacy = known.remove(&alumnus_id).map(Before::Candidacy);
        let obstacle = candidacy.and_then(|before| obstacle(&before, japan_date(now)));
        let obstacle = obstacle.or_else(|| capped.contains(&alumnus_id).then_some(Obstacle::CapReached));
        match obstacle {
            None => invitees.push(alumnus_id),
            Some(obstacle) => skipped.push((alumnus_id, obstacle)),
        }
    }
    let entries = (0..).zip(&invitees).map(|(place, id)| Entry {
        key: id.0,
        contributions: Sparse::default(),
        inputs: Inputs::Previewed { place },
    });
    let recorded = Served {
        base: 0.0,
        entries: entries.collect(),
        left_out: Vec::new(),
    };
    let read = (list.position(), now);
    let recorded = served::record(
        app,
        viewer,
        &subject(opportunity_id),
        recorded,
        ScoredWith::default(),
        read,
    )
    .await?;
    Ok(Some(Preview {
        id: recorded.id,
        invitees,
        skipped,
        left_out: list.recorded.list.left_out.clone(),
        as_of: recorded.as_of,
    }))
}

/// The programme's cap on approaches to one person, if it has one.
pub(super) async fn cap(db: &impl Reads, viewer: &Viewer) -> Result<Option<ApproachCap>, Fault> {
    let programme = programmes::find(db, viewer.company_id).await?;
    Ok(programme.and_then(|programme| programme.policy.approach_cap))
}

/// Who of these was approached as often as the programme allows.
async fn capped(
    app: &App,
    viewer: &Viewer,
    ids: &[AlumnusId],
    now: DateTime<Utc>,
) -> Result<HashSet<AlumnusId>, Fault> {
    let Some(cap) = cap(&app.db, viewer).await? else {
        return Ok(HashSet::new());
    };
    let since = start_of_day_in_japan(cap.counts_from(japan_date(now)));
    let counted = approaches::count_since(&app.db, viewer.company_id, ids, since).await?;
    let reached = counted.into_iter().filter(|(_, n)| cap.is_reached(*n));
    Ok(reached.map(|(id, _)| id).collect())
}

/// The preview that was shown to this viewer for this opportunity, while it is valid.
pub async fn find(
    app: &App,
    viewer: &Viewer,
    opportunity_id: OpportunityId,
    id: Option<ServedListId>,
) -> Result<Preview, Failure> {
    let oldest = app.clock.now() - TimeDelta::hours(VALID_HOURS);
    let recorded = match id {
        Some(id) => served::find(app, viewer, &subject(opportunity_id), id).await?,
        None => None,
    };
    let recorded = recorded.filter(|recorded| oldest <= recorded.as_of);
    let recorded = recorded.ok_or_else(|| {
        Rejection::new(
            RejectionCode::Invalid,
            "previewToken",
            format!(
                "previewToken names no preview of this opportunity that you were shown in the last {VALID_HOURS} hours"
            ),
            format!("この募集について過去{VALID_HOURS}時間以内に表示したプレビューではありません"),
        )
    })?;
    let invitees = recorded.list.entries.iter();
    Ok(Preview {
        id: recorded.id,
        invitees: invitees.map(|entry| AlumnusId(entry.key)).collect(),
        skipped: Vec::new(),
        left_out: Vec::new(),
        as_of: recorded.as_of,
    })
}

fn subject(opportunity_id: OpportunityId) -> Subject {
    Subject {
        kind: ServedListKind::InvitationPreview,
        items: Items::Alumni,
        subject_id: Some(opportunity_id.0),
        criteria: String::new(),
    }
}
