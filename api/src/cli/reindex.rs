//! `reindex`

use super::context;
use super::failure::CliError;
use super::output::print;
use crate::app::App;
use crate::config::Config;

/// Builds the index of one company, or of all that this server holds, from the database.
pub(crate) async fn run(config: &Config, slug: Option<&str>) -> Result<(), CliError> {
    let app = App::open(config.clone()).await?;
    let companies = match slug {
        Some(slug) => vec![context::company(&app.db, slug).await?],
        None => app.projections.list_held().await?,
    };
    for company in companies {
        let position = app.projections.rebuild(company.id).await?;
        print(&format!(
            "company {}: the index is built, up to change {position}\n",
            company.slug
        ))?;
    }
    Ok(())
}
