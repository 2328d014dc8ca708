//! Forgetting a person, on their own word or by the operator's hand.
//!
//! - One transaction deletes every row about the person, takes them out of the lists that others were served and their
//!   records (`usecase::audit`), out of jobs, remembered answers and the plan that coordinates lists, and says so in the
//!   change log. From its commit on no
//!   answer knows them.
//! - What no transaction reaches (index files, mail in a directory, freed pages) is a job's, in the same transaction:
//!   a process that dies in between does it after the next start. Servers purge their own indexes as they follow the
//!   log; see [`crate::projection`].
//! - What stays is a bare identifier in the change log, and digests by which an import knows whom not to bring back.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{AlumnusId, CompanyId, Viewer};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Failure, Fault, Rejection, RejectionCode, audit};
use crate::app::App;
use crate::db::change_log::{self, Change};
use crate::db::erased::{self, Identity};
use crate::db::jobs::{self, NewJob};
use crate::db::{alumni, coordination, person};

/// The job kind of purging.
pub const PURGE_JOB: &str = "purge";

/// What a purging job needs to know.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Purge {
    /// At which company somebody was erased.
    pub company_id: CompanyId,
}

/// Erases the viewer. `confirmation` must be their name as it stands in the record: nobody erases themselves by a
/// button that was hit in passing.
pub async fn erase_me(
    app: &App,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    confirmation: &str,
) -> Result<(), Failure> {
    let alumnus = alumni::find(&app.db, viewer.company_id, alumnus_id)
        .await?
        .ok_or_else(|| Fault::Broken("the viewer's own record is gone".to_owned()))?;
    if confirmation.trim() != alumnus.name.kanji {
        return Err(Rejection::new(
            RejectionCode::Invalid,
            "confirmation",
            "confirmation is not your name as it stands in your record (name.kanji)",
            "確認のため、登録されているお名前(name.kanji)をそのまま入力してください",
        )
        .into());
    }
    erase(app, viewer.company_id, alumnus_id).await?;
    Ok(())
}

/// Erases a person. Returns whether there was one.
pub async fn erase(app: &App, company_id: CompanyId, alumnus_id: AlumnusId) -> Result<bool, Fault> {
    let now = app.clock.now();
    let tx = app.db.begin_for(company_id).await?;
    let Some(alumnus) = alumni::find(&tx, company_id, alumnus_id).await? else {
        return Ok(false);
    };
    let external_id = alumnus.external_id.as_deref().map(Identity::ExternalId);
    let email = alumnus.email.as_deref().map(Identity::Email);
    let identities: Vec<Identity<'_>> = external_id.into_iter().chain(email).collect();
    erased::insert(&tx, company_id, &app.clock.new_secret(), &identities, now).await?;

    audit::erase(&tx, company_id, alumnus_id, app.clock.new_id(), now).await?;
    person::delete_mentions(&tx, company_id, alumnus_id).await?;
    let mut changes = vec![Change::AlumnusRemoved(alumnus_id)];
    // Its multipliers name everybody; the next one is planned without them.
    if coordination::delete_plan(&tx, company_id).await? {
        changes.push(Change::CoordinationPlanned);
    }
    alumni::erase(&tx, company_id, alumnus_id).await?;

    change_log::append_all(&tx, company_id, &changes, now).await?;
    jobs::enqueue(&tx, &purge_job(app.clock.new_id(), company_id, now), now).await?;
    tx.commit().await?;
    app.audit.forget_salts(company_id);
    tracing::info!(company.id = %company_id, "a person of company {company_id} was erased");
    Ok(true)
}

/// Does what no transaction reaches: index files, mail in a directory, freed pages. Safe to run twice.
///
/// # Errors
///
/// When a part cannot be done now; running it again completes it.
pub async fn purge(app: &App, purge: Purge) -> Result<(), Fault> {
    let Purge { company_id } = purge;
    // Whoever does not hold the company has no index of it, and those who do purge theirs as they follow the log.
    if app.projections.holds(company_id).await? {
        app.projections.index(company_id).await?;
    }
    let erased = erased::load_all(&app.db, company_id).await?;
    app.mailer
        .delete_where(|address| erased.contains(Identity::Email(address)))
        .map_err(|error| Fault::Broken(error.to_string()))?;
    Ok(app.db.compact().await?)
}

fn purge_job(id: Uuid, company_id: CompanyId, now: DateTime<Utc>) -> NewJob {
    NewJob {
        id,
        kind: PURGE_JOB.to_owned(),
        payload: serde_json::to_value(Purge { company_id }).unwrap_or_default(),
        run_at: now,
    }
}
