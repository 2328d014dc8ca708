//! Hearing at once of what any server over the database commits.
//!
//! - A notice says that a company has changes and not which: whoever hears it reads the change log, which is the truth.
//! - A notice can be lost with its connection; whoever listens looks by itself from time to time too.
//! - SQLite has no notices: its servers look.

use okaeri_engine::domain::CompanyId;
use sea_orm::sqlx::postgres::{PgListener, PgPoolOptions};

use super::database::Database;
use super::error::DbError;

/// The channel on which a commit names its companies; the trigger of the change log writes to it.
const CHANNEL: &str = "okaeri_change";

/// Hears of committed changes, over a connection of its own that no pool counts: a busy pool must not deafen.
#[derive(Debug)]
pub struct Listener(PgListener);

/// What was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The company has changes.
    Changes(CompanyId),
    /// The connection was lost and is there again: any company may have changes.
    Anything,
}

impl Database {
    /// Begins to listen; `None` where there is nothing to be heard.
    ///
    /// # Errors
    ///
    /// When the database does not answer.
    pub async fn listen(&self) -> Result<Option<Listener>, DbError> {
        let Some(pool) = self.postgres_pool() else {
            return Ok(None);
        };
        // Kept for as long as it hears: what a pool does to connections that were idle for long would deafen it.
        let own = PgPoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(pool.connect_options().as_ref().clone());
        let mut listener = PgListener::connect_with(&own)
            .await
            .map_err(|error| DbError::from(&error))?;
        listener
            .listen(CHANNEL)
            .await
            .map_err(|error| DbError::from(&error))?;
        Ok(Some(Listener(listener)))
    }
}

impl Listener {
    /// Waits for the next notice.
    ///
    /// # Errors
    ///
    /// When the connection is lost and the database does not take a new one; another call tries again.
    pub async fn hear(&mut self) -> Result<Heard, DbError> {
        let notice = self.0.try_recv().await.map_err(|error| DbError::from(&error))?;
        let company_id = notice.and_then(|notice| notice.payload().parse().ok());
        Ok(company_id.map_or(Heard::Anything, |id| Heard::Changes(CompanyId(id))))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sea_orm::ConnectionTrait;

    use super::*;
    use crate::db::change_log::{self, Change};
    use crate::db::database::Connected;
    use crate::db::testing::{AOBA, MIDORI, insert_companies, now, on_both};

    async fn commit(db: &Database, company_id: CompanyId) {
        let tx = db.begin_for(company_id).await.unwrap();
        let changes = [Change::ProgrammeChanged, Change::CoordinationPlanned];
        change_log::append_all(&tx, company_id, &changes, now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    #[tokio::test]
    async fn what_is_committed_is_heard_by_company_and_once_for_each_commit() {
        on_both(async |db| {
            insert_companies(&db).await;
            let Some(mut listener) = db.listen().await.unwrap() else {
                assert!(!db.is_postgres());
                return;
            };
            let undone = db.begin_for(AOBA).await.unwrap();
            change_log::append(&undone, AOBA, Change::ProgrammeChanged, now())
                .await
                .unwrap();
            undone.rollback().await.unwrap();
            commit(&db, MIDORI).await;
            commit(&db, AOBA).await;
            assert_eq!(listener.hear().await.unwrap(), Heard::Changes(MIDORI));
            assert_eq!(listener.hear().await.unwrap(), Heard::Changes(AOBA));
            let more = tokio::time::timeout(Duration::from_millis(50), listener.hear());
            assert!(more.await.is_err(), "nothing else was committed");
        })
        .await;
    }

    #[tokio::test]
    async fn who_lost_the_connection_is_told_and_hears_again() {
        on_both(async |db| {
            insert_companies(&db).await;
            let Some(mut listener) = db.listen().await.unwrap() else {
                return;
            };
            let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                       WHERE datname = current_database() AND query LIKE 'LISTEN%'";
            db.connection().execute_unprepared(cut).await.unwrap();
            assert_eq!(listener.hear().await.unwrap(), Heard::Anything);
            commit(&db, AOBA).await;
            assert_eq!(listener.hear().await.unwrap(), Heard::Changes(AOBA));
        })
        .await;
    }
}
