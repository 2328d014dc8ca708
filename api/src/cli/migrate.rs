//! `migrate`

use std::fmt::Write as _;

use super::context;
use super::failure::CliError;
use super::output::print;
use crate::config::Config;
use crate::db;

pub(crate) async fn run(config: &Config) -> Result<(), CliError> {
    let db = context::connect(config).await?;
    let applied = db::migrate::up(&db).await?;
    let mut text = String::new();
    for name in &applied {
        let _ = writeln!(text, "applied {name}");
    }
    let _ = writeln!(
        text,
        "the database is up to date ({} steps applied)",
        applied.len()
    );
    print(&text)
}
