//! The job queue: work that outlives the request that caused it.
//!
//! - A job is enqueued in the transaction that causes it, so it exists exactly when its cause does.
//! - A claim is a lease: a worker that dies loses its jobs to another when the lease ends. Jobs are therefore safe
//!   to run twice, and only the holder of the newest lease can end one.
//! - Errors that are kept with a job name kinds and codes, never people.

use chrono::{DateTime, TimeDelta, Utc};
use okaeri_engine::domain::CompanyId;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::codec::{decode_number, instant};
use super::database::{Reads, Transaction};
use super::entity::job;
use super::error::DbError;

/// Attempts before a job is given up: with the waits below, over six hours later.
pub const ATTEMPTS_MAX: u32 = 10;
/// Wait after the first failure; it doubles with each further one.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(30);
/// Longest wait: mail servers are usually back within an hour or two.
const WAIT_MAX: TimeDelta = TimeDelta::hours(2);
/// Most characters that are kept of an error.
const ERROR_CHARS_MAX: usize = 500;

/// A job to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// The identifier.
    pub id: Uuid,
    /// Which worker's.
    pub kind: String,
    /// What the worker needs to know.
    pub payload: serde_json::Value,
    /// Not before.
    pub run_at: DateTime<Utc>,
}

/// A job that was claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The identifier.
    pub id: Uuid,
    /// Which worker's.
    pub kind: String,
    /// What the worker needs to know.
    pub payload: serde_json::Value,
    /// This attempt's number, from 1.
    pub attempt: u32,
}

/// What became of a job that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// It runs again.
    Retried {
        /// Not before.
        run_at: DateTime<Utc>,
    },
    /// It failed [`ATTEMPTS_MAX`] times.
    GivenUp,
    /// Another worker holds it by now.
    Lost,
}

/// Adds a job.
pub async fn enqueue(tx: &Transaction, job: &NewJob, at: DateTime<Utc>) -> Result<(), DbError> {
    let row = job::Model {
        id: job.id,
        kind: job.kind.clone(),
        payload: job.payload.clone(),
        run_at: instant(job.run_at),
        attempts: 0,
        locked_until: None,
        done_at: None,
        gave_up_at: None,
        last_error: None,
        created_at: instant(at),
    };
    job::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// Jobs that other servers are to run, because they hold what these read.
#[derive(Clone, Copy, Debug, Default)]
pub struct LeftToOthers<'a> {
    /// Of this kind, whose payload names the company as `company_id`.
    pub kind: &'a str,
    /// Of these companies.
    pub companies: &'a [CompanyId],
}

/// Claims at most `limit` jobs that are due at `now`, longest due first, for the time of `lease`. The claim holds
/// from the commit on; jobs that another transaction is claiming are passed over, and so are those left to others.
pub async fn claim(
    tx: &Transaction,
    now: DateTime<Utc>,
    limit: u64,
    lease: TimeDelta,
    left: LeftToOthers<'_>,
) -> Result<Vec<Job>, DbError> {
    let now = instant(now);
    let due: Vec<job::Model> = job::Entity::find()
        .filter(waiting())
        .filter(job::Column::RunAt.lte(now))
        .filter(
            Condition::any()
                .add(job::Column::LockedUntil.is_null())
                .add(job::Column::LockedUntil.lte(now)),
        )
        .filter(not_left(left))
        .order_by_asc(job::Column::RunAt)
        .order_by_asc(job::Column::Id)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx.inner())
        .await?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let changes = job::ActiveModel {
        locked_until: Set(Some(now + lease)),
        ..Default::default()
    };
    job::Entity::update_many()
        .set(changes)
        .col_expr(job::Column::Attempts, Expr::col(job::Column::Attempts).add(1))
        .filter(job::Column::Id.is_in(due.iter().map(|row| row.id)))
        .exec(tx.inner())
        .await?;
    let to_domain = |row: job::Model| {
        let attempts: u32 = decode_number("job.attempts", row.attempts)?;
        Ok(Job {
            id: row.id,
            kind: row.kind,
            payload: row.payload,
            attempt: attempts + 1,
        })
    };
    due.into_iter().map(to_domain).collect()
}

/// Marks a job as done. Returns `false` when another worker holds it by now.
pub async fn complete(tx: &Transaction, job: &Job, now: DateTime<Utc>) -> Result<bool, DbError> {
    let changes = job::ActiveModel {
        done_at: Set(Some(instant(now))),
        ..Default::default()
    };
    end(tx, job, changes).await
}

/// Records a failure: the job waits, each time twice as long, or is given up after [`ATTEMPTS_MAX`] attempts.
pub async fn fail(tx: &Transaction, job: &Job, now: DateTime<Utc>, error: &str) -> Result<Failed, DbError> {
    let now = instant(now);
    let is_last = job.attempt >= ATTEMPTS_MAX;
    let run_at = now + wait_after(job.attempt);
    let changes = job::ActiveModel {
        run_at: Set(run_at),
        locked_until: Set(None),
        gave_up_at: Set(is_last.then_some(now)),
        last_error: Set(Some(error.chars().take(ERROR_CHARS_MAX).collect())),
        ..Default::default()
    };
    let failed = if is_last {
        Failed::GivenUp
    } else {
        Failed::Retried { run_at }
    };
    Ok(if end(tx, job, changes).await? {
        failed
    } else {
        Failed::Lost
    })
}

/// Records a failure that no further attempt can mend: the job is given up, and stays for the operator. Returns `false`
/// when another worker holds it by now.
pub async fn give_up(tx: &Transaction, job: &Job, now: DateTime<Utc>, error: &str) -> Result<bool, DbError> {
    let changes = job::ActiveModel {
        locked_until: Set(None),
        gave_up_at: Set(Some(instant(now))),
        last_error: Set(Some(error.chars().take(ERROR_CHARS_MAX).collect())),
        ..Default::default()
    };
    end(tx, job, changes).await
}

/// How many jobs still have to run, due or not.
pub async fn count_waiting(db: &impl Reads) -> Result<u64, DbError> {
    Ok(job::Entity::find()
        .filter(waiting())
        .count(db.connection())
        .await?)
}

/// How many jobs were given up at `at` or later.
pub async fn count_given_up_since(db: &impl Reads, at: DateTime<Utc>) -> Result<u64, DbError> {
    let given_up = job::Entity::find().filter(job::Column::GaveUpAt.gte(instant(at)));
    Ok(given_up.count(db.connection()).await?)
}

/// Deletes jobs that were done before `at`. Returns how many. Those that were given up stay for the operator.
pub async fn delete_done_before(tx: &Transaction, at: DateTime<Utc>) -> Result<u64, DbError> {
    let old = job::Column::DoneAt.lt(instant(at));
    let deleted = job::Entity::delete_many().filter(old).exec(tx.inner()).await?;
    Ok(deleted.rows_affected)
}

fn waiting() -> Condition {
    Condition::all()
        .add(job::Column::DoneAt.is_null())
        .add(job::Column::GaveUpAt.is_null())
}

/// A condition without a question where nothing is left to others.
fn not_left(left: LeftToOthers<'_>) -> Condition {
    if left.companies.is_empty() {
        return Condition::all();
    }
    let ids = left.companies.iter().map(|id| id.0.to_string());
    Condition::any()
        .add(job::Column::Kind.ne(left.kind))
        // Both databases write and read it alike.
        .add(Expr::cust("payload ->> 'company_id'").is_not_in(ids))
}

/// Writes the end of an attempt, if its lease is the newest.
async fn end(tx: &Transaction, job: &Job, changes: job::ActiveModel) -> Result<bool, DbError> {
    let updated = job::Entity::update_many()
        .set(changes)
        .filter(waiting())
        .filter(job::Column::Id.eq(job.id))
        .filter(job::Column::Attempts.eq(job.attempt))
        .exec(tx.inner())
        .await?;
    Ok(updated.rows_affected == 1)
}

fn wait_after(attempt: u32) -> TimeDelta {
    /// Far past the longest wait, and far from an overflow.
    const DOUBLINGS_MAX: u32 = 16;
    let doublings = attempt.saturating_sub(1).clamp(0, DOUBLINGS_MAX);
    std::cmp::min(FIRST_WAIT * (1 << doublings), WAIT_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Database;
    use crate::db::testing::{now, on_both, uuid};

    #[test]
    fn waits_double_up_to_two_hours() {
        let seconds = |attempt| wait_after(attempt).num_seconds();
        assert_eq!([seconds(1), seconds(2), seconds(5)], [30, 60, 480]);
        assert_eq!([seconds(9), seconds(10), seconds(u32::MAX)], [7200, 7200, 7200]);
    }

    async fn enqueue_all(db: &Database, numbers: std::ops::Range<u32>) {
        let tx = db.begin().await.unwrap();
        for n in numbers {
            let payload = serde_json::json!({ "n": n });
            let job = NewJob {
                id: uuid(n),
                kind: "mail".to_owned(),
                payload,
                run_at: now(),
            };
            enqueue(&tx, &job, now()).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    async fn claim_all(tx: &Transaction, at: DateTime<Utc>, limit: u64) -> Vec<Job> {
        let left = LeftToOthers::default();
        claim(tx, at, limit, TimeDelta::minutes(5), left).await.unwrap()
    }

    async fn claim_at(db: &Database, at: DateTime<Utc>, limit: u64) -> Vec<Job> {
        let tx = db.begin().await.unwrap();
        let jobs = claim_all(&tx, at, limit).await;
        tx.commit().await.unwrap();
        jobs
    }

    #[tokio::test]
    async fn jobs_of_companies_that_others_hold_are_left_to_them_and_no_other_job_is() {
        on_both(async |db| {
            let [here, elsewhere] = [8, 9].map(|n| CompanyId(uuid(n)));
            let tx = db.begin().await.unwrap();
            for (n, kind, company_id) in [
                (1, "wish_search", here),
                (2, "wish_search", elsewhere),
                (3, "purge", elsewhere),
            ] {
                let job = NewJob {
                    id: uuid(n),
                    kind: kind.to_owned(),
                    payload: serde_json::json!({ "company_id": company_id, "of": "何か" }),
                    run_at: now(),
                };
                enqueue(&tx, &job, now()).await.unwrap();
            }
            let left = LeftToOthers {
                kind: "wish_search",
                companies: &[elsewhere],
            };
            let lease = TimeDelta::minutes(5);
            let claimed = claim(&tx, now(), 10, lease, left).await.unwrap();
            let ids: Vec<Uuid> = claimed.into_iter().map(|job| job.id).collect();
            assert_eq!(ids, [1, 3].map(uuid));
            let rest = claim_all(&tx, now(), 10).await;
            assert_eq!(rest.into_iter().map(|job| job.id).collect::<Vec<_>>(), [uuid(2)]);
            tx.commit().await.unwrap();
        })
        .await;
    }

    #[tokio::test]
    async fn no_job_is_claimed_by_two_workers_at_once() {
        on_both(async |db| {
            enqueue_all(&db, 1..21).await;
            let claims = futures_util::future::join_all((0..10).map(|_| claim_at(&db, now(), 3))).await;
            let mut ids: Vec<Uuid> = claims.into_iter().flatten().map(|job| job.id).collect();
            ids.extend(claim_at(&db, now(), 100).await.into_iter().map(|job| job.id));
            ids.sort_unstable();
            assert_eq!(ids, (1..21).map(uuid).collect::<Vec<_>>());
        })
        .await;
    }

    #[tokio::test]
    async fn a_claimed_job_is_passed_over_and_not_waited_for() {
        on_both(async |db| {
            if !db.is_postgres() {
                return; // With one writer no other claim can be open.
            }
            enqueue_all(&db, 1..4).await;
            let tx = db.begin().await.unwrap();
            assert_eq!(claim_all(&tx, now(), 2).await.len(), 2);
            assert_eq!(claim_at(&db, now(), 10).await.len(), 1);
        })
        .await;
    }

    #[tokio::test]
    async fn a_job_whose_worker_died_is_claimed_again_and_only_its_last_holder_ends_it() {
        on_both(async |db| {
            enqueue_all(&db, 1..2).await;
            assert!(claim_at(&db, now() - TimeDelta::seconds(1), 1).await.is_empty());
            let dead = claim_at(&db, now(), 1).await.remove(0);
            assert_eq!(dead.payload, serde_json::json!({ "n": 1 }));
            assert!(claim_at(&db, now() + TimeDelta::minutes(4), 1).await.is_empty());
            let alive = claim_at(&db, now() + TimeDelta::minutes(5), 1).await.remove(0);
            assert_eq!((dead.attempt, alive.attempt), (1, 2));

            let tx = db.begin().await.unwrap();
            assert!(!complete(&tx, &dead, now()).await.unwrap());
            assert_eq!(fail(&tx, &dead, now(), "timeout").await.unwrap(), Failed::Lost);
            assert!(complete(&tx, &alive, now()).await.unwrap());
            assert_eq!(count_waiting(&tx).await.unwrap(), 0);
            assert_eq!(
                delete_done_before(&tx, now() + TimeDelta::days(1)).await.unwrap(),
                1
            );
        })
        .await;
    }

    #[tokio::test]
    async fn a_failing_job_waits_longer_each_time_and_is_given_up_at_last() {
        on_both(async |db| {
            enqueue_all(&db, 1..2).await;
            let mut at = instant(now());
            for attempt in 1..=ATTEMPTS_MAX {
                let job = claim_at(&db, at, 1).await.remove(0);
                assert_eq!(job.attempt, attempt);
                let tx = db.begin().await.unwrap();
                let failed = fail(&tx, &job, at, "451 try again").await.unwrap();
                tx.commit().await.unwrap();
                let run_at = at + wait_after(attempt);
                let is_last = attempt == ATTEMPTS_MAX;
                assert_eq!(
                    failed,
                    if is_last {
                        Failed::GivenUp
                    } else {
                        Failed::Retried { run_at }
                    }
                );
                assert!(claim_at(&db, run_at - TimeDelta::seconds(1), 1).await.is_empty());
                at = run_at;
            }
            assert!(claim_at(&db, at + TimeDelta::days(9), 1).await.is_empty());
            assert_eq!(count_waiting(&db).await.unwrap(), 0);
        })
        .await;
    }
}
