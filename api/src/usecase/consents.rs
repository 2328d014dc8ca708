//! Giving and withdrawing consent. What is withdrawn is gone from the next answer: the change log says so before
//! the call returns, and every list reads the log first. With the consent to the feed goes what was learnt for it.

use okaeri_engine::domain::{AlumnusId, Consent, Purpose, Viewer};

use super::consent_texts::{self, ensure_current};
use super::profile::own_consent;
use super::{Failure, Rejection, RejectionCode};
use crate::app::App;
use crate::db::change_log::{self, Change};
use crate::db::{consents, learnt_preferences};

/// Gives a consent to the current text. Giving one that holds changes nothing and returns it.
pub async fn give(
    app: &App,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    purpose: Purpose,
    text_version: &str,
) -> Result<Consent, Failure> {
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let texts = consent_texts::list_current(&tx, viewer.company_id).await?;
    ensure_current(&texts, purpose, text_version, "textVersion")?;
    if let Some(holding) = consents::find_open(&tx, viewer.company_id, alumnus_id, purpose).await? {
        return Ok(holding);
    }
    let given = consents::give(
        &tx,
        viewer.company_id,
        &own_consent(app, alumnus_id, purpose, text_version, now),
    )
    .await?;
    change_log::append(&tx, viewer.company_id, Change::StandingChanged(alumnus_id), now).await?;
    tx.commit().await?;
    Ok(given)
}

/// Withdraws a consent.
pub async fn withdraw(
    app: &App,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    purpose: Purpose,
) -> Result<Consent, Failure> {
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let withdrawn = consents::withdraw(&tx, viewer.company_id, alumnus_id, purpose, now)
        .await?
        .ok_or_else(|| {
            Rejection::new(
                RejectionCode::NotGiven,
                "purpose",
                format!("no consent for {} holds", purpose.code()),
                format!("{}への同意はありません", purpose.code()),
            )
        })?;
    if purpose == Purpose::Feed {
        learnt_preferences::delete(&tx, viewer.company_id, alumnus_id).await?;
    }
    change_log::append(&tx, viewer.company_id, Change::StandingChanged(alumnus_id), now).await?;
    tx.commit().await?;
    Ok(withdrawn)
}
