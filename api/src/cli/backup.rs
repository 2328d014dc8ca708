//! `backup`, `restore`

use std::fmt::Write as _;
use std::path::Path;

use super::context;
use super::failure::CliError;
use super::output::{print, remark};
use crate::backup::{self, Restored};
use crate::config::Config;
use crate::db::exclusions::{self, Survey};
use crate::db::{self, Database};
use crate::exclusion_keys;

/// Makes a backup beside a running server.
pub(crate) async fn make(config: &Config, into: &Path) -> Result<(), CliError> {
    let manifest = backup::make(config, into, context::clock(config).now()).await?;
    let mut text = format!(
        "backed up to {}: {} bytes, SHA-256 {}\n",
        into.display(),
        manifest.database.bytes,
        manifest.database.sha256
    );
    for company in &manifest.companies {
        let _ = writeln!(
            text,
            "company {}: up to change {}",
            company.slug, company.position
        );
    }
    for omission in &manifest.not_included {
        remark(&format!("not in it: {} ({})", omission.what, omission.why));
    }
    print(&text)
}

/// Restores a backup, and says what is to be done next.
pub(crate) async fn restore(config: &Config, from: &Path) -> Result<(), CliError> {
    let restored = backup::restore(config, from).await?;
    let mut text = format!(
        "restored to {}: the state of {}\n",
        restored.path.display(),
        restored.manifest.made_at
    );
    for company in &restored.manifest.companies {
        let _ = writeln!(
            text,
            "company {}: up to change {}",
            company.slug, company.position
        );
    }
    print(&text)?;
    for step in next_steps(config, &restored).await? {
        remark(&step);
    }
    Ok(())
}

/// What is to be done before people are let in again, in this order.
async fn next_steps(config: &Config, restored: &Restored) -> Result<Vec<String>, CliError> {
    let mut steps = Vec::new();
    if restored.pending.is_empty() {
        steps.extend(unknown_exclusions(config).await?);
    } else {
        steps.push(format!(
            "next: `okaeri migrate`, {} steps of this version are to be applied",
            restored.pending.len()
        ));
    }
    steps.push(
        "next: `okaeri reindex` builds the indexes; without it the first `okaeri serve` does, before it answers".to_owned(),
    );
    steps.push(format!(
        "next: what people did since {} is lost; erase again whom you erased since (`okaeri erase`), and withdraw what was \
         withdrawn",
        restored.manifest.made_at
    ));
    steps.push("last: `okaeri doctor` says whether all is well".to_owned());
    Ok(steps)
}

async fn unknown_exclusions(config: &Config) -> Result<Vec<String>, CliError> {
    let remedy = "set OKAERI_EXCLUSION_KEY_FILE to the key that was in use, which is in no backup";
    let keys = match exclusion_keys::find(config) {
        Ok(Some(keys)) => keys,
        Ok(None) => return Ok(vec![format!("next: there is no key of exclusions yet: {remedy}")]),
        Err(error) => return Ok(vec![format!("next: {error}")]),
    };
    let db = context::connect(config).await?.with_keys(keys);
    let surveys = survey_all(&db).await?;
    db.close().await?;
    let mut steps = Vec::new();
    let n_unreadable: u64 = surveys.iter().map(|survey| survey.n_unreadable).sum();
    if n_unreadable > 0 {
        steps.push(format!(
            "next: {n_unreadable} people are ranked for nothing, their exclusions open with none of the keys: {remedy}"
        ));
    }
    let n_without: u64 = surveys.iter().map(|survey| survey.n_without).sum();
    if n_without > 0 {
        steps.push(format!(
            "next: {n_without} people are ranked for nothing, they have no row in the table exclusion_list: put their rows \
             back from another backup"
        ));
    }
    Ok(steps)
}

async fn survey_all(db: &Database) -> Result<Vec<Survey>, CliError> {
    let snapshot = db.snapshot().await?;
    let mut surveys = Vec::new();
    for company in db::companies::list(&snapshot).await? {
        surveys.push(exclusions::survey(&snapshot, company.id).await?);
    }
    Ok(surveys)
}
