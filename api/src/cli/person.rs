//! `export` and `erase`: what the law asks for about one person, for who answers letters instead of screens.

use std::sync::Arc;

use okaeri_engine::domain::Alumnus;

use super::args::{EraseArgs, PersonArgs};
use super::context;
use super::failure::CliError;
use super::output::{print, remark};
use crate::app::App;
use crate::config::Config;
use crate::db;
use crate::usecase::erasure::{self, Purge};
use crate::usecase::{Fault, export as document};

/// Prints the person's document.
pub(crate) async fn export(config: &Config, args: &PersonArgs) -> Result<(), CliError> {
    let app = Arc::new(App::open(config.clone()).await?);
    let alumnus = find(&app, args).await?;
    let mut parts = document::document(Arc::clone(&app), alumnus.company_id, alumnus.id);
    while let Some(part) = parts.recv().await {
        print(&part?)?;
    }
    Ok(())
}

/// Erases the person, files and freed pages included.
pub(crate) async fn erase(config: &Config, args: &EraseArgs) -> Result<(), CliError> {
    let app = App::open(config.clone()).await?;
    let alumnus = find(&app, &args.person).await?;
    if !args.yes {
        let message = format!(
            "this erases everything about {} for good: give --yes as well",
            args.person.alumnus
        );
        return Err(CliError::Usage(message));
    }
    let company_id = alumnus.company_id;
    erasure::erase(&app, company_id, alumnus.id).await?;
    if let Err(fault) = erasure::purge(&app, Purge { company_id }).await {
        remark(&format!("okaeri: {}", later(&fault)));
    }
    print(&format!("{} is erased\n", args.person.alumnus))
}

/// The job that does it is in the queue.
fn later(fault: &Fault) -> String {
    format!("the record is gone; its files are purged by the next server that runs jobs ({fault})")
}

async fn find(app: &App, args: &PersonArgs) -> Result<Alumnus, CliError> {
    let company = context::company(&app.db, &args.company).await?;
    let found = db::alumni::find_by_external_id(&app.db, company.id, &args.alumnus).await?;
    found.ok_or_else(|| {
        let remedy = "give a number from the import, such as a001, to --alumnus";
        CliError::unknown("alumnus", &args.alumnus, remedy)
    })
}
