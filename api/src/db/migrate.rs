//! Bringing the tables to what this program reads.
//!
//! - A server never migrates by itself: it refuses to start and names the command.
//! - All pending steps are one transaction under one lock, so two that migrate at once are as good as one, and a
//!   step that fails leaves the tables as they were.

use okaeri_migrations::{Migrator, MigratorTrait};
use sea_orm::DbErr;

use super::database::{Connected, Database};
use super::error::DbError;

/// The advisory lock of migrations on PostgreSQL; any number that nothing else uses.
const MIGRATION_LOCK: i64 = 0x6f6b_6165_7269;

/// Names of the steps that are still to be applied, in their order. Changes nothing.
///
/// # Errors
///
/// [`DbError::Misconfigured`] when a newer version has migrated the database.
pub async fn pending(db: &Database) -> Result<Vec<String>, DbError> {
    let pending = Migrator::get_pending_migrations_read_only(db.connection()).await;
    Ok(names(&pending.map_err(explain)?))
}

/// Applies the pending steps and returns their names, in their order.
///
/// # Errors
///
/// [`DbError::Misconfigured`] when a newer version has migrated the database.
pub async fn up(db: &Database) -> Result<Vec<String>, DbError> {
    let tx = db.begin().await?;
    tx.advisory_lock(MIGRATION_LOCK).await?;
    let pending = Migrator::get_pending_migrations_read_only(tx.inner())
        .await
        .map_err(explain)?;
    if !pending.is_empty() {
        Migrator::up(tx.inner(), None).await?;
    }
    tx.commit().await?;
    Ok(names(&pending))
}

/// Makes sure that nothing is pending.
///
/// # Errors
///
/// [`DbError::MigrationsPending`], which names the command.
pub async fn ensure_current(db: &Database) -> Result<(), DbError> {
    let pending = pending(db).await?;
    if pending.is_empty() {
        return Ok(());
    }
    Err(DbError::MigrationsPending { pending })
}

fn names(migrations: &[sea_orm_migration::Migration]) -> Vec<String> {
    migrations
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect()
}

/// The migrator reports steps that it does not know as a free text.
fn explain(error: DbErr) -> DbError {
    match error {
        DbErr::Custom(_) => DbError::Misconfigured(
            "the database was migrated by a newer version of okaeri: run that version, or restore a backup"
                .to_owned(),
        ),
        other => other.into(),
    }
}
