//! An open database: where reads and transactions begin.
//!
//! - On SQLite one connection writes and a pool reads. A transaction takes the write lock at its start, so none
//!   ever has to be upgraded from reading to writing, which is what SQLite would refuse under load.
//! - On PostgreSQL transactions read what is committed; [`Database::begin_for`] makes those of one company follow
//!   each other, as they do on SQLite.
//! - A transaction that is dropped is rolled back.

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use okaeri_engine::domain::CompanyId;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use super::connect::{self, PoolSettings, Target};
use super::error::DbError;
use super::key_ring::KeyRing;
use crate::telemetry;

/// An open database; clones share its pools.
#[derive(Clone, Debug)]
pub struct Database {
    readers: DatabaseConnection,
    writer: DatabaseConnection,
    n_statements: Arc<AtomicU64>,
    keys: Arc<KeyRing>,
}

/// A transaction that may write. Dropping it rolls it back.
#[derive(Debug)]
pub struct Transaction {
    inner: DatabaseTransaction,
    /// Companies whose writers this transaction keeps waiting.
    locked: Mutex<HashSet<CompanyId>>,
    keys: Arc<KeyRing>,
}

/// A transaction that reads one state of the database, whatever is committed meanwhile.
#[derive(Debug)]
pub struct Snapshot {
    inner: DatabaseTransaction,
    keys: Arc<KeyRing>,
}

/// Anything that rows can be read from: a [`Database`], a [`Snapshot`] or a [`Transaction`].
pub trait Reads: sealed::Connected {}

impl Reads for Database {}
impl Reads for Snapshot {}
impl Reads for Transaction {}

mod sealed {
    /// Keeps the ORM's connection types inside this module.
    #[allow(
        unreachable_pub,
        reason = "a public trait may not extend one of lesser visibility"
    )]
    pub trait Connected: Send + Sync {
        type Connection: sea_orm::ConnectionTrait + Send + Sync;

        fn connection(&self) -> &Self::Connection;

        /// What opens the columns that are sealed.
        fn keys(&self) -> &crate::db::KeyRing;
    }
}
pub(crate) use sealed::Connected;

impl Connected for Database {
    type Connection = DatabaseConnection;

    fn connection(&self) -> &DatabaseConnection {
        &self.readers
    }

    fn keys(&self) -> &KeyRing {
        &self.keys
    }
}

impl Connected for Snapshot {
    type Connection = DatabaseTransaction;

    fn connection(&self) -> &DatabaseTransaction {
        &self.inner
    }

    fn keys(&self) -> &KeyRing {
        &self.keys
    }
}

impl Connected for Transaction {
    type Connection = DatabaseTransaction;

    fn connection(&self) -> &DatabaseTransaction {
        &self.inner
    }

    fn keys(&self) -> &KeyRing {
        &self.keys
    }
}

impl Database {
    /// Opens the database at `url`: `sqlite:PATH`, created when missing, or `postgres://USER:PASSWORD@HOST/NAME`.
    ///
    /// Tables are not looked at; see [`super::migrate`].
    ///
    /// # Errors
    ///
    /// [`DbError::Misconfigured`], with the remedy, when it cannot be opened.
    pub async fn connect(url: &str, settings: &PoolSettings) -> Result<Self, DbError> {
        let (mut readers, writer) = match Target::parse(url)? {
            Target::Sqlite(path) => {
                let (readers, writer) = connect::sqlite(&path, settings).await?;
                (readers, Some(writer))
            }
            Target::Postgres(url) => (connect::postgres(&url, settings).await?, None),
        };
        let n_statements = Arc::new(AtomicU64::new(0));
        let counter = |n_statements: &Arc<AtomicU64>| {
            let n_statements = Arc::clone(n_statements);
            move |call: &sea_orm::metric::Info<'_>| {
                n_statements.fetch_add(1, Ordering::Relaxed);
                telemetry::statement(call.elapsed);
            }
        };
        readers.set_metric_callback(counter(&n_statements));
        let writer = match writer {
            Some(mut writer) => {
                writer.set_metric_callback(counter(&n_statements));
                writer
            }
            None => readers.clone(),
        };
        Ok(Self {
            readers,
            writer,
            n_statements,
            keys: Arc::new(KeyRing::empty()),
        })
    }

    /// Opens a copy of a SQLite database that nobody writes, for reading alone: nothing is made beside it.
    ///
    /// # Errors
    ///
    /// [`DbError::Misconfigured`] when it is no database.
    pub async fn open_copy(path: &Path) -> Result<Self, DbError> {
        let readers = connect::sqlite_copy(path).await?;
        Ok(Self {
            writer: readers.clone(),
            readers,
            n_statements: Arc::default(),
            keys: Arc::new(KeyRing::empty()),
        })
    }

    /// Copies a SQLite database into a new file, as it is at one instant; others read and write it meanwhile. Deleted rows
    /// do not come along.
    ///
    /// # Errors
    ///
    /// When the file cannot be written, and on PostgreSQL, which has tools of its own.
    pub async fn copy_into(&self, path: &Path) -> Result<(), DbError> {
        let name = path.to_str().filter(|_| !self.is_postgres());
        let name = name.ok_or_else(|| {
            DbError::Misconfigured(format!(
                "a SQLite database cannot be copied to {}",
                path.display()
            ))
        })?;
        let sql = "VACUUM INTO ?";
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, [name.into()]);
        self.writer.execute_raw(statement).await?;
        Ok(())
    }

    /// With the keys of the columns that are sealed. Without them nothing is sealed, and nothing that is can be opened.
    #[must_use]
    pub fn with_keys(self, keys: KeyRing) -> Self {
        Self {
            keys: Arc::new(keys),
            ..self
        }
    }

    /// Begins a transaction that may write.
    ///
    /// # Errors
    ///
    /// [`DbError::Unavailable`] when no connection becomes free in time.
    pub async fn begin(&self) -> Result<Transaction, DbError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        // The isolation level is left to PostgreSQL's default, READ COMMITTED: what follows a lock sees what was
        // committed before it.
        let inner = self.writer.begin_with_options(options).await?;
        Ok(Transaction {
            inner,
            locked: Mutex::default(),
            keys: Arc::clone(&self.keys),
        })
    }

    /// Begins a transaction that may write, after the other writers of `company_id` have ended.
    ///
    /// What it reads of that company stays true until it commits, so "find, decide, write" needs no further lock,
    /// and two of them cannot block each other for ever.
    ///
    /// # Errors
    ///
    /// [`DbError::Unavailable`] when no connection becomes free, or the others do not end, in time.
    pub async fn begin_for(&self, company_id: CompanyId) -> Result<Transaction, DbError> {
        let tx = self.begin().await?;
        tx.lock_company(company_id).await?;
        Ok(tx)
    }

    /// Begins reading one state of the database.
    ///
    /// # Errors
    ///
    /// [`DbError::Unavailable`] when no connection becomes free in time.
    pub async fn snapshot(&self) -> Result<Snapshot, DbError> {
        let inner = match self.readers.get_database_backend() {
            DbBackend::Postgres => {
                let (level, mode) = (IsolationLevel::RepeatableRead, AccessMode::ReadOnly);
                self.readers.begin_with_config(Some(level), Some(mode)).await?
            }
            _ => self.readers.begin().await?,
        };
        Ok(Snapshot {
            inner,
            keys: Arc::clone(&self.keys),
        })
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    ///
    /// [`DbError::Unavailable`] when there is none.
    pub async fn ping(&self) -> Result<(), DbError> {
        self.readers.ping().await?;
        Ok(self.writer.ping().await?)
    }

    /// Tells the query planner how much there is; for the end of an import.
    ///
    /// PostgreSQL does so by itself within a minute or so. Until then it takes full tables for small ones: loading 20
    /// of 20,000 records took 22 ms instead of 3 ms.
    ///
    /// # Errors
    ///
    /// When the database does not answer; nothing is lost but speed.
    pub async fn refresh_statistics(&self) -> Result<(), DbError> {
        let statement = if self.is_postgres() {
            // Whoever imports beside this one does the same; nobody waits for that.
            "ANALYZE (SKIP_LOCKED)"
        } else {
            "PRAGMA optimize"
        };
        self.writer.execute_unprepared(statement).await?;
        Ok(())
    }

    /// Gives the bytes of deleted rows back: after this they are in no file of an SQLite database. PostgreSQL reuses them
    /// by itself, in its own time.
    ///
    /// # Errors
    ///
    /// [`DbError::Unavailable`] while somebody reads an older state; nothing is lost, and a later call completes it.
    pub async fn compact(&self) -> Result<(), DbError> {
        if self.is_postgres() {
            return Ok(());
        }
        self.writer.execute_unprepared("VACUUM").await?;
        let statement = Statement::from_string(DbBackend::Sqlite, "PRAGMA wal_checkpoint(TRUNCATE)");
        let row = self.writer.query_one_raw(statement).await?;
        let is_busy = row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?;
        match is_busy {
            Some(0) => Ok(()),
            Some(_) | None => Err(DbError::Unavailable(
                "the write-ahead log is being read".to_owned(),
            )),
        }
    }

    /// The time by the database's own clock; `None` on SQLite, which has that of this machine.
    ///
    /// # Errors
    ///
    /// When the database does not answer.
    pub async fn now(&self) -> Result<Option<DateTime<Utc>>, DbError> {
        if !self.is_postgres() {
            return Ok(None);
        }
        let statement = Statement::from_string(DbBackend::Postgres, "SELECT clock_timestamp()");
        let row = self.readers.query_one_raw(statement).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
    }

    /// Reads all of a SQLite database for what is torn in it: the first thing that is wrong, in SQLite's words, which
    /// name pages and tables and no values. PostgreSQL has tools of its own for that (`pg_amcheck`).
    ///
    /// # Errors
    ///
    /// When the database cannot be read at all.
    pub async fn first_damage(&self) -> Result<Option<String>, DbError> {
        if self.is_postgres() {
            return Ok(None);
        }
        let statement = Statement::from_string(DbBackend::Sqlite, "PRAGMA quick_check(1)");
        let row = self.readers.query_one_raw(statement).await?;
        let said: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(said.filter(|said| said != "ok"))
    }

    /// Statements executed so far, without the beginnings and ends of transactions.
    #[must_use]
    pub fn n_statements(&self) -> u64 {
        self.n_statements.load(Ordering::Relaxed)
    }

    /// The pool of a PostgreSQL server; `None` on SQLite.
    pub(super) fn postgres_pool(&self) -> Option<&sea_orm::sqlx::PgPool> {
        self.is_postgres()
            .then(|| self.readers.get_postgres_connection_pool())
    }

    /// Whether several servers may share this database.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        self.readers.get_database_backend() == DbBackend::Postgres
    }

    /// Waits for running statements and closes the pools.
    ///
    /// # Errors
    ///
    /// When the database does not answer; the connections are gone all the same.
    pub async fn close(&self) -> Result<(), DbError> {
        self.readers.close_by_ref().await?;
        Ok(self.writer.close_by_ref().await?)
    }
}

impl Transaction {
    /// Makes what was written durable and visible.
    ///
    /// # Errors
    ///
    /// When the database does not confirm it; it may or may not have been committed.
    pub async fn commit(self) -> Result<(), DbError> {
        Ok(self.inner.commit().await?)
    }

    /// Undoes what was written, now instead of when dropped.
    ///
    /// # Errors
    ///
    /// When the database does not confirm it; it is undone all the same.
    pub async fn rollback(self) -> Result<(), DbError> {
        Ok(self.inner.rollback().await?)
    }

    /// Tells PostgreSQL's planner how many alumni there are, those of this transaction included. While it takes the table for an
    /// empty one, each row that refers to a person is checked by reading the whole company: an import of 10,000 people
    /// into a new database took 85 s. The table is locked until the end against others who would do this, who go without.
    ///
    /// # Errors
    ///
    /// When the database does not answer; the transaction can then only be rolled back.
    pub async fn refresh_statistics_of_alumni(&self) -> Result<(), DbError> {
        if self.inner.get_database_backend() == DbBackend::Postgres {
            self.inner
                .execute_unprepared("ANALYZE (SKIP_LOCKED) alumnus")
                .await?;
        }
        Ok(())
    }

    /// Waits until the other transactions that locked the company have ended; held until this one ends.
    ///
    /// On SQLite every transaction holds the only write lock from its start, so there is nothing to do.
    pub(crate) async fn lock_company(&self, company_id: CompanyId) -> Result<(), DbError> {
        if self.is_locked(company_id) {
            return Ok(());
        }
        self.advisory_lock(company_key(company_id)).await?;
        self.locked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(company_id);
        Ok(())
    }

    /// Takes PostgreSQL's advisory lock `key` until the end of the transaction.
    pub(crate) async fn advisory_lock(&self, key: i64) -> Result<(), DbError> {
        match self.inner.get_database_backend() {
            DbBackend::Postgres => {
                let sql = "SELECT pg_advisory_xact_lock($1)";
                let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [key.into()]);
                self.inner.execute_raw(statement).await?;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn is_locked(&self, company_id: CompanyId) -> bool {
        self.locked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&company_id)
    }

    pub(crate) fn inner(&self) -> &DatabaseTransaction {
        &self.inner
    }
}

/// The advisory lock of a company: both halves of its identifier folded into one number. Two companies that
/// collide only wait for each other.
fn company_key(company_id: CompanyId) -> i64 {
    let (high, low) = company_id.0.as_u64_pair();
    (high ^ low).cast_signed()
}

#[cfg(test)]
mod tests {
    use okaeri_engine::domain::{AlumnusId, AlumnusStatus};

    use super::*;
    use crate::db::testing::{AOBA, insert_all, insert_companies, now, on_both, record, uuid};
    use crate::db::{alumni, companies};

    #[tokio::test]
    async fn a_transaction_that_is_dropped_or_rolled_back_leaves_nothing() {
        on_both(async |db| {
            insert_companies(&db).await;
            let tx = db.begin().await.unwrap();
            alumni::upsert(&tx, AOBA, &record(1), now()).await.unwrap();
            drop(tx);
            let tx = db.begin().await.unwrap();
            alumni::upsert(&tx, AOBA, &record(2), now()).await.unwrap();
            assert_eq!(alumni::count(&tx, AOBA).await.unwrap(), 1);
            tx.rollback().await.unwrap();
            assert_eq!(alumni::count(&db, AOBA).await.unwrap(), 0);
        })
        .await;
    }

    #[tokio::test]
    async fn a_transaction_that_sqlite_ended_by_itself_swallows_no_later_one() {
        on_both(async |db| {
            if db.is_postgres() {
                return; // There a transaction that failed stays one until somebody ends it.
            }
            insert_companies(&db).await;
            // As when the disk is full: nobody but SQLite has ended it.
            let ended = db.begin().await.unwrap();
            ended.inner().execute_unprepared("ROLLBACK").await.unwrap();
            drop(ended);
            let dropped = db.begin().await.unwrap();
            alumni::upsert(&dropped, AOBA, &record(1), now()).await.unwrap();
            drop(dropped);
            let tx = db.begin().await.unwrap();
            alumni::upsert(&tx, AOBA, &record(2), now()).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(alumni::count(&db, AOBA).await.unwrap(), 1, "readers see it");
        })
        .await;
    }

    #[tokio::test]
    async fn what_is_not_committed_is_not_seen_by_others() {
        on_both(async |db| {
            insert_companies(&db).await;
            let tx = db.begin().await.unwrap();
            alumni::upsert(&tx, AOBA, &record(1), now()).await.unwrap();
            assert_eq!(alumni::count(&db, AOBA).await.unwrap(), 0);
            tx.commit().await.unwrap();
            assert_eq!(alumni::count(&db, AOBA).await.unwrap(), 1);
        })
        .await;
    }

    #[tokio::test]
    async fn a_snapshot_reads_the_state_it_began_with() {
        on_both(async |db| {
            insert_all(&db, &[1], &[]).await;
            let snapshot = db.snapshot().await.unwrap();
            assert_eq!(alumni::count(&snapshot, AOBA).await.unwrap(), 1);
            let tx = db.begin().await.unwrap();
            alumni::erase(&tx, AOBA, AlumnusId(uuid(1))).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(alumni::count(&snapshot, AOBA).await.unwrap(), 1);
            assert_eq!(alumni::count(&db, AOBA).await.unwrap(), 0);
        })
        .await;
    }

    #[tokio::test]
    async fn whoever_imports_beside_another_waits_for_no_statistics() {
        on_both(async |db| {
            if !db.is_postgres() {
                return;
            }
            insert_companies(&db).await;
            let first = db.begin().await.unwrap();
            alumni::upsert(&first, AOBA, &record(1), now()).await.unwrap();
            first.refresh_statistics_of_alumni().await.unwrap();
            let counted = "SELECT reltuples::int8 FROM pg_class WHERE oid = 'alumnus'::regclass";
            let counted = Statement::from_string(DbBackend::Postgres, counted);
            let row = first.inner().query_one_raw(counted).await.unwrap().unwrap();
            assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 1);

            let beside = async {
                let second = db.begin().await.unwrap();
                second.refresh_statistics_of_alumni().await.unwrap();
                second.commit().await.unwrap();
                db.refresh_statistics().await.unwrap();
            };
            let soon = std::time::Duration::from_secs(20);
            tokio::time::timeout(soon, beside).await.unwrap();
            first.commit().await.unwrap();
        })
        .await;
    }

    #[tokio::test]
    async fn many_who_read_then_write_at_once_all_succeed_and_lose_nothing() {
        on_both(async |db| {
            insert_all(&db, &[1], &[]).await;
            let id = AlumnusId(uuid(1));
            let add_skill = |n: u32| {
                let db = db.clone();
                tokio::spawn(async move {
                    let tx = db.begin_for(AOBA).await.unwrap();
                    let stored = alumni::find(&tx, AOBA, id).await.unwrap().unwrap().profile;
                    let mut profile = stored.clone();
                    profile.skills.push(n.to_string());
                    alumni::update_profile(&tx, AOBA, id, &stored, &profile, now())
                        .await
                        .unwrap();
                    tx.commit().await.unwrap();
                })
            };
            for task in (0..30).map(add_skill).collect::<Vec<_>>() {
                task.await.unwrap();
            }
            let found = alumni::find(&db, AOBA, id).await.unwrap().unwrap();
            assert_eq!(
                found.profile.skills.len(),
                record(1).alumnus.profile.skills.len() + 30
            );
            assert_eq!(found.status, AlumnusStatus::Unclaimed);
        })
        .await;
    }

    #[tokio::test]
    async fn reads_outside_a_transaction_cannot_write_on_sqlite() {
        on_both(async |db| {
            if db.is_postgres() {
                return; // There the type system alone keeps readers from writing.
            }
            let written = db.readers.execute_unprepared("DELETE FROM company").await;
            assert!(
                DbError::from(written.unwrap_err())
                    .to_string()
                    .contains("readonly")
            );
        })
        .await;
    }

    #[tokio::test]
    async fn sqlite_syncs_every_commit_and_holds_foreign_keys() {
        on_both(async |db| {
            if db.is_postgres() {
                return;
            }
            for connection in [&db.readers, &db.writer] {
                for (pragma, expected) in [("synchronous", 2), ("foreign_keys", 1)] {
                    let statement = Statement::from_string(DbBackend::Sqlite, format!("PRAGMA {pragma}"));
                    let row = connection.query_one_raw(statement).await.unwrap().unwrap();
                    let value: i32 = row.try_get_by_index(0).unwrap();
                    assert_eq!(value, expected, "{pragma}");
                }
            }
        })
        .await;
    }

    #[tokio::test]
    async fn statistics_can_be_refreshed_at_any_time() {
        on_both(async |db| {
            insert_all(&db, &[1], &[1]).await;
            db.refresh_statistics().await.unwrap();
        })
        .await;
    }

    #[tokio::test]
    async fn a_closed_database_is_unavailable() {
        on_both(async |db| {
            db.close().await.unwrap();
            assert!(companies::list(&db).await.unwrap_err().is_unavailable());
            assert!(db.begin().await.unwrap_err().is_unavailable());
            assert!(db.ping().await.unwrap_err().is_unavailable());
        })
        .await;
    }
}
