//! Bringing the tables to what this program reads.
//!
//! - A server never migrates by itself: it refuses to start and names the command.
//! - All pending steps are one transaction under one lock, so two that migrate at once are as good as one, and a
//!   step that fails leaves the tables as they were.

use okaeri_migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait as _, DbErr, Statement};

use super::database::{Connected, Database};
use super::error::DbError;

/// The advisory lock of migrations on PostgreSQL; any number that nothing else uses.
const MIGRATION_LOCK: i64 = 0x6f6b_6165_7269;

/// How the tables of a database stand to this program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// Names of the steps that were applied, in their order.
    pub applied: Vec<String>,
    /// Names of those that are still to be applied, in their order.
    pub pending: Vec<String>,
    /// Names of applied steps that this version does not know: a newer one has migrated the database.
    pub unknown: Vec<String>,
}

impl Steps {
    /// The steps of a database to which these were applied.
    #[must_use]
    pub fn of(applied: Vec<String>) -> Self {
        let steps = Migrator::migrations();
        let known: Vec<String> = steps.iter().map(|step| step.name().to_owned()).collect();
        Self {
            pending: known
                .iter()
                .filter(|name| !applied.contains(name))
                .cloned()
                .collect(),
            unknown: applied
                .iter()
                .filter(|name| !known.contains(name))
                .cloned()
                .collect(),
            applied,
        }
    }
}

/// The steps of a database, those of newer versions too. Changes nothing.
///
/// # Errors
///
/// When the database does not answer.
pub async fn steps(db: &Database) -> Result<Steps, DbError> {
    // The table of steps comes with the first of them.
    let is_bare = pending(db)
        .await
        .is_ok_and(|pending| pending.len() == Migrator::migrations().len());
    if is_bare {
        return Ok(Steps::of(Vec::new()));
    }
    let connection = db.connection();
    let sql = "SELECT version FROM seaql_migrations ORDER BY version";
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await?;
    let applied: Vec<String> = rows
        .iter()
        .map(|row| row.try_get_by_index(0))
        .collect::<Result<_, _>>()?;
    Ok(Steps::of(applied))
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing::{on_both, on_both_bare};
    use crate::db::{PoolSettings, companies};

    async fn connect(url: &str) -> Database {
        Database::connect(url, &PoolSettings::default()).await.unwrap()
    }

    #[tokio::test]
    async fn a_database_without_tables_is_refused_with_the_command_that_helps() {
        on_both_bare(async |url: String| {
            let db = connect(&url).await;
            let message = ensure_current(&db).await.unwrap_err().to_string();
            assert!(message.ends_with("run `okaeri migrate`"), "{message}");
            assert!(pending(&db).await.unwrap()[0].ends_with("create_company"));

            assert_eq!(up(&db).await.unwrap().len(), Migrator::migrations().len());
            ensure_current(&db).await.unwrap();
            assert!(up(&db).await.unwrap().is_empty());
            db.close().await.unwrap();
        })
        .await;
    }

    #[tokio::test]
    async fn two_who_migrate_at_once_apply_every_step_once() {
        on_both_bare(async |url: String| {
            let (one, two) = (connect(&url).await, connect(&url).await);
            let (first, second) = tokio::join!(up(&one), up(&two));
            assert_eq!(
                first.unwrap().len() + second.unwrap().len(),
                Migrator::migrations().len()
            );
            ensure_current(&one).await.unwrap();
            one.close().await.unwrap();
            two.close().await.unwrap();
        })
        .await;
    }

    #[tokio::test]
    async fn every_step_can_be_taken_back_and_applied_again() {
        on_both(async |db| {
            for _ in Migrator::migrations() {
                let tx = db.begin().await.unwrap();
                Migrator::down(tx.inner(), Some(1)).await.unwrap();
                tx.commit().await.unwrap();
            }
            assert_eq!(pending(&db).await.unwrap().len(), Migrator::migrations().len());
            up(&db).await.unwrap();
            assert!(companies::list(&db).await.unwrap().is_empty());
        })
        .await;
    }

    #[tokio::test]
    async fn a_database_of_a_newer_version_is_refused() {
        on_both(async |db| {
            let tx = db.begin().await.unwrap();
            let insertion =
                "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99990101_future', 0)";
            tx.inner().execute_unprepared(insertion).await.unwrap();
            tx.commit().await.unwrap();
            for refused in [ensure_current(&db).await, up(&db).await.map(drop)] {
                assert!(
                    refused
                        .unwrap_err()
                        .to_string()
                        .contains("newer version of okaeri")
                );
            }
        })
        .await;
    }
}
