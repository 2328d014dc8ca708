//! What an alumnus does with an opportunity: interest, decline, "not now until", save. It shapes that person's own
//! feed alone; a recruiter's list rests on what people state.

use chrono::NaiveDate;
use okaeri_engine::domain::calendar::japan_date;
use okaeri_engine::domain::visibility::may_see_opportunity;
use okaeri_engine::domain::{
    AlumnusId, Interaction, InteractionId, InteractionKind, Opportunity, OpportunityId, Viewer,
};

use super::opportunities::not_found;
use super::{Failure, Rejection, RejectionCode};
use super::{candidacies, learning};
use crate::app::App;
use crate::db::change_log::{self, Change};
use crate::db::{Transaction, companies, interactions, opportunities, programmes};

/// Days ahead until which an opportunity may be snoozed: two years, longer than any seen stays open.
const SNOOZE_DAYS_MAX: i64 = 731;

/// Records what the viewer did. Doing the same again returns the first record.
pub async fn record(
    app: &App,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    opportunity_id: OpportunityId,
    kind: InteractionKind,
) -> Result<(Interaction, Opportunity), Failure> {
    let now = app.clock.now();
    if let InteractionKind::Snoozed { until } = kind {
        ensure_snooze_is_ahead(until, japan_date(now))?;
    }
    let tx = app.db.begin_for(viewer.company_id).await?;
    let opportunity = find_shown(app, &tx, viewer, opportunity_id).await?;
    let latest = interactions::find_latest(&tx, viewer.company_id, alumnus_id, opportunity_id).await?;
    // Whoever stepped back by another way may come forward again, though this was the last thing they said.
    let has_moved = candidacies::follow_interaction(app, &tx, viewer, &opportunity, alumnus_id, kind).await?;
    if let Some(latest) = latest
        && latest.kind == kind
    {
        if has_moved {
            tx.commit().await?;
        }
        return Ok((latest, opportunity));
    }
    let interaction = Interaction {
        id: InteractionId(app.clock.new_id()),
        alumnus_id,
        opportunity_id,
        kind,
        at: now,
    };
    learning::learn(&tx, viewer, &interaction).await?;
    interactions::insert(&tx, viewer.company_id, &interaction).await?;
    let change = Change::InteractionRecorded {
        interaction_id: interaction.id,
        alumnus_id,
        opportunity_id,
    };
    change_log::append(&tx, viewer.company_id, change, now).await?;
    tx.commit().await?;
    Ok((interaction, opportunity))
}

/// The opportunity, if the viewer may see it now.
pub(super) async fn find_shown(
    app: &App,
    tx: &Transaction,
    viewer: &Viewer,
    opportunity_id: OpportunityId,
) -> Result<Opportunity, Failure> {
    let now = app.clock.now();
    let company = companies::find(tx, viewer.company_id)
        .await?
        .ok_or_else(not_found)?;
    let policy = programmes::find(tx, viewer.company_id)
        .await?
        .map(|found| found.policy)
        .unwrap_or_default();
    let opportunity = opportunities::find(tx, viewer.company_id, opportunity_id)
        .await?
        .ok_or_else(not_found)?;
    if may_see_opportunity(viewer, &opportunity, &company, &policy, now) {
        return Ok(opportunity);
    }
    Err(not_found().into())
}

pub(super) fn ensure_snooze_is_ahead(until: NaiveDate, today: NaiveDate) -> Result<(), Failure> {
    let days_ahead = (until - today).num_days();
    if (1..=SNOOZE_DAYS_MAX).contains(&days_ahead) {
        return Ok(());
    }
    Err(Rejection::new(
        RejectionCode::OutOfRange,
        "until",
        format!("until {until} is not between tomorrow and {SNOOZE_DAYS_MAX} days from today, {today}"),
        format!("{until}は明日から{SNOOZE_DAYS_MAX}日後までの範囲にありません"),
    )
    .into())
}
