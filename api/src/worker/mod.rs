//! What the server does without being asked: following the change log, writing the index, running jobs, and tidying.
//!
//! - What reads a company's projection is done by the servers that hold the company, and the rest by any.
//! - Each task is safe to run twice and on several servers: jobs are claimed, the rest is idempotent.
//! - A task that fails is logged and runs again; none ends the server.

mod joining;
mod listen;
mod notice;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use okaeri_engine::domain::CompanyId;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval};
use tracing::Instrument as _;

use self::listen::{Companies, Told};
use self::notice::Undelivered;
use crate::app::App;
use crate::db::jobs::{Job, LeftToOthers};
use crate::db::wishes::{SEARCH_KIND, WishSearch};
use crate::db::{
    claims, coordination, email_changes, export_links, idempotency, jobs, learnt_preferences, one_time_links,
    profile_views, served_lists, sign_in_links,
};
use crate::telemetry::{self, step};
use crate::usecase::audit::{retention, salts};
use crate::usecase::coordination::plan_if_due;
use crate::usecase::{Fault, erasure, nudges, wishes};

/// How often other processes' changes are looked for, told of or not: a fifth of the second in which text must be found.
/// One statement for all companies.
const FOLLOW_EVERY: Duration = Duration::from_millis(200);
/// How often the index is written: a commit takes some ten milliseconds and text may be a second old.
const INDEX_EVERY: Duration = Duration::from_millis(400);
/// How often companies are looked for that come into memory or leave it: soon enough that an import into a new one is
/// followed, and that somebody who is erased is out of the index of one that nobody asks for.
const MEMORY_EVERY: Duration = Duration::from_secs(2);
/// How often companies that coordinate their lists are looked at: soon enough for somebody who just turned it on.
const PLAN_EVERY: Duration = Duration::from_secs(5);
/// How often jobs are looked for.
const JOBS_EVERY: Duration = Duration::from_millis(500);
/// How often old rows are deleted.
const TIDY_EVERY: Duration = Duration::from_secs(600);
/// Jobs claimed at a time: as many mails as a slow server takes within the lease.
const JOBS_PER_STEP: u64 = 10;
/// How long a claimed job is ours.
const JOB_LEASE: TimeDelta = TimeDelta::minutes(5);
/// How long an idempotency key is remembered: longer than any client retries.
const IDEMPOTENCY_KEY_AGE: TimeDelta = TimeDelta::days(7);
/// How long lists stay that were recorded before there was a chain: as they were promised then.
const UNCHAINED_LIST_AGE: TimeDelta = TimeDelta::days(90);
/// How long a done job is kept for the operator to look at.
const DONE_JOB_AGE: TimeDelta = TimeDelta::days(7);
/// How long a claim waits for its link to be followed: longer than its mail is tried and the link is good for.
const UNOPENED_CLAIM_AGE: TimeDelta = TimeDelta::days(1);
/// How long a claim that was refused or put aside is kept, should the person ask why.
const REFUSED_CLAIM_AGE: TimeDelta = TimeDelta::days(90);
/// How long a change of address is kept: longer than its mail is tried.
const EMAIL_CHANGE_AGE: TimeDelta = TimeDelta::days(7);

/// Runs all tasks until `stop` says so, then writes the index a last time.
pub async fn run(app: Arc<App>, stop: watch::Receiver<bool>) {
    // Mail may hang for as long as its timeout, and planning takes seconds: neither must hold up what rankings wait for.
    let told = Told::default();
    tokio::join!(
        listen::run(&app.db, &told, stop.clone()),
        run_projections(&app, &told, stop.clone()),
        run_memory(&app, stop.clone()),
        run_queue(&app, stop.clone()),
        run_planning(&app, stop)
    );
    log("index", app.projections.index_all().await);
}

async fn run_projections(app: &App, told: &Told, mut stop: watch::Receiver<bool>) {
    let mut follow = ticks(FOLLOW_EVERY);
    let mut index = ticks(INDEX_EVERY);
    loop {
        tokio::select! {
            () = stopped(&mut stop) => {
                app.projections.end();
                break;
            }
            companies = told.take() => log("follow", follow_told(app, companies).await),
            _ = follow.tick() => log("follow", app.projections.catch_up_all().await),
            _ = index.tick() => log("index", app.projections.index_all().await),
        }
    }
}

async fn run_memory(app: &App, mut stop: watch::Receiver<bool>) {
    let mut memory = ticks(MEMORY_EVERY);
    loop {
        tokio::select! {
            () = stopped(&mut stop) => break,
            _ = memory.tick() => tend_memory(app).await,
        }
    }
}

/// Brings in companies that came since, and those whose changes cannot wait; then puts out those that nobody asks for,
/// or for which there is no room.
pub async fn tend_memory(app: &App) {
    log("open", app.projections.open_new().await);
    log("follow absent", app.projections.follow_absent().await);
    app.projections.put_out(Instant::now());
}

async fn follow_told(app: &App, companies: Companies) -> Result<(), Fault> {
    match companies {
        Companies::These(ids) => {
            let mut outcome = Ok(());
            for id in ids {
                outcome = outcome.and(app.projections.catch_up(id).await);
            }
            outcome
        }
        Companies::Any => app.projections.catch_up_all().await,
    }
}

async fn run_queue(app: &App, mut stop: watch::Receiver<bool>) {
    let mut jobs = ticks(JOBS_EVERY);
    let mut tidying = ticks(TIDY_EVERY);
    loop {
        tokio::select! {
            () = stopped(&mut stop) => break,
            _ = jobs.tick() => log("jobs", run_jobs(app).await.map(|_| ())),
            _ = tidying.tick() => {
                log("tidy", tidy(app).await);
                log("salts", salts::forget_destroyed(app).await);
                log("discard", app.projections.discard_not_held().await.map(|_| ()));
                log("nudge", nudges::send(app).await.map(|_| ()));
            }
        }
    }
}

async fn run_planning(app: &App, mut stop: watch::Receiver<bool>) {
    let mut plan = ticks(PLAN_EVERY);
    loop {
        tokio::select! {
            () = stopped(&mut stop) => break,
            _ = plan.tick() => tokio::select! {
                // A plan that is dropped on the way has written nothing, and the next start makes it.
                () = stopped(&mut stop) => break,
                outcome = plan_lists(app) => log("plan", outcome),
            },
        }
    }
}

/// Plans the lists of every company that this server holds, that coordinates them and whose plan is due. One that fails holds up no other.
pub async fn plan_lists(app: &App) -> Result<(), Fault> {
    for (company_id, setting) in coordination::list_enabled(&app.db).await? {
        let outcome = match app.projections.holds(company_id).await {
            Ok(true) => plan_if_due(app, company_id, setting).await.map(|_| ()),
            Ok(false) => Ok(()),
            Err(fault) => Err(fault),
        };
        log("plan", outcome);
    }
    Ok(())
}

/// Ticks after which one step is enough, however long the last one took: each does all there is to do.
fn ticks(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that whoever could say so is gone, which is an end as well.
    let _ = stop.wait_for(|stopped| *stopped).await;
}

/// Runs the jobs that are due; returns how many.
pub async fn run_jobs(app: &App) -> Result<usize, Fault> {
    let now = app.clock.now();
    let elsewhere = app.projections.list_not_held().await?;
    let elsewhere: Vec<CompanyId> = elsewhere.into_iter().map(|company| company.id).collect();
    // Finding wishes reads the projection; mail and purging do without.
    let left = LeftToOthers {
        kind: SEARCH_KIND,
        companies: &elsewhere,
    };
    let tx = app.db.begin().await?;
    let claimed = jobs::claim(&tx, now, JOBS_PER_STEP, JOB_LEASE, left).await?;
    tx.commit().await?;
    for job in &claimed {
        let step = step!(
            "job",
            otel.name = %format_args!("job {}", job.kind),
            otel.kind = "consumer",
            otel.status_code = tracing::field::Empty,
            job.kind = %job.kind,
            job.attempt = i64::from(job.attempt),
            job.outcome = tracing::field::Empty,
        );
        // The span of the lines is made within the step, which it names.
        let running = async { run_job(app, job).instrument(telemetry::lines()).await };
        let outcome = telemetry::in_step(step.clone(), running).await?;
        step.record("job.outcome", outcome.as_str());
        if outcome != JobOutcome::Done {
            step.record("otel.status_code", "ERROR");
        }
    }
    Ok(claimed.len())
}

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum JobOutcome {
    Done,
    Failed,
    GivenUp,
}

impl JobOutcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::GivenUp => "given up",
        }
    }
}

async fn run_job(app: &App, job: &Job) -> Result<JobOutcome, Fault> {
    let delivered = match job.kind.as_str() {
        SEARCH_KIND => find_wishers(app, job).await.map_err(Undelivered::for_now),
        erasure::PURGE_JOB => purge(app, job).await.map_err(Undelivered::for_now),
        _ => notice::deliver(app, job).await,
    };
    let tx = app.db.begin().await?;
    let outcome = match delivered {
        Ok(()) => {
            jobs::complete(&tx, job, app.clock.now()).await?;
            JobOutcome::Done
        }
        Err(undelivered) if undelivered.may_pass => {
            tracing::warn!(job.id = %job.id, job.kind = %job.kind, "job {} failed and runs again", job.id);
            jobs::fail(&tx, job, app.clock.now(), &undelivered.reason).await?;
            JobOutcome::Failed
        }
        Err(undelivered) => {
            tracing::warn!(job.id = %job.id, job.kind = %job.kind, "job {} cannot be done", job.id);
            jobs::give_up(&tx, job, app.clock.now(), &undelivered.reason).await?;
            JobOutcome::GivenUp
        }
    };
    tx.commit().await?;
    Ok(outcome)
}

/// Purges what an erasure left in files.
async fn purge(app: &App, job: &Job) -> Result<(), String> {
    let purge = serde_json::from_value(job.payload.clone())
        .map_err(|error| format!("job kind {} is not known: {error}", job.kind))?;
    let purged = erasure::purge(app, purge).await;
    purged.map_err(|fault| fault.to_string())
}

/// Finds whose standing wish an opportunity is.
async fn find_wishers(app: &App, job: &Job) -> Result<(), String> {
    let search: WishSearch = serde_json::from_value(job.payload.clone())
        .map_err(|error| format!("job kind {} is not known: {error}", job.kind))?;
    let told = wishes::find_wishers(app, search).await;
    told.map(|_| ()).map_err(|fault| fault.to_string())
}

/// Deletes what nobody asks for any more.
async fn tidy(app: &App) -> Result<(), Fault> {
    let now = app.clock.now();
    app.limiter.forget_idle();
    retention::expire(app).await?;
    let feed_age = TimeDelta::days(i64::from(app.config.audit.feed_days));
    let tx = app.db.begin().await?;
    idempotency::delete_before(&tx, now - IDEMPOTENCY_KEY_AGE).await?;
    served_lists::delete_unchained_before(&tx, now - UNCHAINED_LIST_AGE).await?;
    // As long as there is a feed that was scored with it.
    learnt_preferences::delete_superseded_before(&tx, now - feed_age).await?;
    sign_in_links::delete_expired(&tx, now).await?;
    export_links::delete_expired(&tx, now).await?;
    one_time_links::delete_expired(&tx, now).await?;
    email_changes::delete_before(&tx, now - EMAIL_CHANGE_AGE).await?;
    claims::delete_stale(&tx, now - UNOPENED_CLAIM_AGE, now - REFUSED_CLAIM_AGE).await?;
    jobs::delete_done_before(&tx, now - DONE_JOB_AGE).await?;
    let view_age = TimeDelta::days(i64::from(app.config.people.profile_view_days));
    profile_views::delete_before(&tx, now - view_age).await?;
    tx.commit().await?;
    Ok(())
}

fn log(task: &str, outcome: Result<(), Fault>) {
    if let Err(fault) = outcome {
        tracing::warn!(task, error = %fault, "task {task} failed and runs again: {fault}");
    }
}
