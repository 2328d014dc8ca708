//! What most commands need first: the configuration, the clock, the database and the company.

use okaeri_engine::domain::Company;

use super::args::Global;
use super::failure::CliError;
use crate::clock::Clock;
use crate::config::{Config, Overrides};
use crate::db::{self, Database, PoolSettings};
use crate::exclusion_keys;

pub(crate) fn config(global: &Global) -> Result<Config, CliError> {
    load(&global.overrides())
}

/// As [`config`], with what a command sets besides.
pub(crate) fn load(overrides: &Overrides) -> Result<Config, CliError> {
    Ok(Config::load(overrides, &environment)?)
}

/// The environment, for [`Config::load`].
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The system's clock, or the one that the configuration starts.
pub(crate) fn clock(config: &Config) -> Clock {
    config.now.map_or_else(Clock::system, Clock::starting_at)
}

/// The database, whatever its state.
pub(crate) async fn connect(config: &Config) -> Result<Database, CliError> {
    Ok(Database::connect(&config.database_url(), &PoolSettings::default()).await?)
}

/// The database, brought to this version, with the keys of what is sealed in it.
pub(crate) async fn database(config: &Config) -> Result<Database, CliError> {
    let keys = exclusion_keys::open(config)?;
    let db = connect(config).await?.with_keys(keys);
    db::migrate::ensure_current(&db).await?;
    Ok(db)
}

pub(crate) async fn company(db: &Database, slug: &str) -> Result<Company, CliError> {
    let found = db::companies::find_by_slug(db, slug).await?;
    found.ok_or_else(|| {
        let remedy = "see --company, or make it with `okaeri company create --slug … --name …`";
        CliError::unknown("company", slug, remedy)
    })
}
