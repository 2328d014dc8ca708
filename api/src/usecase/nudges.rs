//! Asking people by mail to look at their profile again, when they have not confirmed it for long.
//!
//! - One mail per period and person, only with the consent to the feed, and not within the programme's quiet period.
//! - Nothing depends on it: an old profile is less sure, not worth less, and whoever never answers loses nothing else.

use chrono::{Days, TimeDelta};
use okaeri_engine::domain::calendar::japan_date;
use okaeri_engine::domain::{AlumnusId, CompanyId};

use super::Fault;
use super::notice::Notice;
use crate::app::App;
use crate::db::{companies, jobs, profile_nudges, programmes, standings};

/// People asked at a time and company: the worker comes back in minutes, and mail servers like an even stream.
const PEOPLE_PER_STEP: u64 = 100;

/// Asks whoever is due, at every company; returns how many.
pub async fn send(app: &App) -> Result<usize, Fault> {
    let mut n_asked = 0;
    for company in companies::list(&app.db).await? {
        n_asked += send_at(app, company.id).await?;
    }
    Ok(n_asked)
}

async fn send_at(app: &App, company_id: CompanyId) -> Result<usize, Fault> {
    let days = app.config.people.confirm_after_days;
    if days == 0 {
        return Ok(0);
    }
    let now = app.clock.now();
    let today = japan_date(now);
    let confirmed_before = today - Days::new(u64::from(days));
    let nudged_before = now - TimeDelta::days(i64::from(days));
    let due = profile_nudges::list_due(
        &app.db,
        company_id,
        confirmed_before,
        nudged_before,
        PEOPLE_PER_STEP,
    )
    .await?;
    if due.is_empty() {
        return Ok(0);
    }
    let policy = programmes::find(&app.db, company_id)
        .await?
        .map(|found| found.policy)
        .unwrap_or_default();
    let tx = app.db.begin_for(company_id).await?;
    // Once more behind the lock, so that two servers do not ask the same people.
    let due: Vec<AlumnusId> =
        profile_nudges::list_due(&tx, company_id, confirmed_before, nudged_before, PEOPLE_PER_STEP).await?;
    let mut n_asked = 0;
    for (alumnus_id, standing) in standings::load(&tx, company_id, &due).await? {
        let is_quiet = standing
            .left_on
            .is_some_and(|left_on| today < policy.quiet_until(left_on));
        // Whoever left just now is asked when the next period is over.
        profile_nudges::set(&tx, company_id, alumnus_id, now).await?;
        if is_quiet {
            continue;
        }
        let notice = Notice::ConfirmProfile {
            company_id,
            alumnus_id,
        };
        jobs::enqueue(&tx, &notice.into_job(app.clock.new_id(), now), now).await?;
        n_asked += 1;
    }
    tx.commit().await?;
    Ok(n_asked)
}
