//! `exclusions new-key`, `exclusions rekey`

use super::context;
use super::failure::CliError;
use super::output::print;
use crate::config::Config;
use crate::db::exclusions::Outdated;
use crate::db::{self, KeyRing};
use crate::usecase::exclusions;

/// Prints a line with a new key, and nothing else.
pub(crate) fn new_key() -> Result<(), CliError> {
    print(&format!("{}\n", KeyRing::generate_line()?))
}

/// Seals every company's lists of exclusions anew under the current key.
pub(crate) async fn rekey(config: &Config) -> Result<(), CliError> {
    let db = context::database(config).await?;
    let mut n_unreadable = 0;
    for company in db::companies::list(&db).await? {
        let done = exclusions::rekey(&db, company.id, Outdated::UnderAnotherKey).await?;
        n_unreadable += done.n_unreadable;
        print(&format!(
            "company {}: {} lists sealed anew, {} unreadable\n",
            company.slug, done.n_sealed, done.n_unreadable
        ))?;
    }
    if n_unreadable > 0 {
        return Err(CliError::Failed(format!(
            "{n_unreadable} lists open with none of the keys: add the key that they are under to the file, behind the \
             first, and run this again; until then their people are ranked for nothing"
        )));
    }
    Ok(())
}
