//! What is looked at in the database, and the indexes that follow it.

use chrono::{DateTime, TimeDelta, Utc};
use okaeri_engine::domain::Company;
use okaeri_engine::index::IndexError;
use okaeri_engine::text::Dictionary;

use super::{Check, Finding};
use crate::assignment::Assignment;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Database, DbError, KeyRing, PoolSettings, change_log, companies, exclusions, jobs, migrate};
use crate::fault::Fault;
use crate::projection::{Compared, Inspected, Projections, Standing, WAITING_CHANGES_MAX};

/// Clocks that differ by more show: links end early, answers are older than questions. A machine that keeps time over the
/// network is within milliseconds.
const CLOCK_SKEW_MAX: TimeDelta = TimeDelta::seconds(2);
/// Changes that may wait for the index while a server works: as many as wait for a company that is out of memory. Of those
/// in memory it writes the index every 400 ms.
const LAG_CHANGES_MAX: u64 = WAITING_CHANGES_MAX;
/// Jobs that were given up are looked for so far back: as long as done ones are kept.
const JOBS_DAYS: i64 = 7;

pub(super) async fn examine(
    config: &Config,
    dictionary: Option<Dictionary>,
    keys: Option<KeyRing>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let Some(db) = connect(config, &mut found).await else {
        return found;
    };
    let has_keys = keys.is_some();
    let db = match keys {
        Some(keys) => db.with_keys(keys),
        None => db,
    };
    found.extend(clock(config, &db).await);
    if is_current(&db, &mut found).await
        && let Err(error) = tenants(config, &db, dictionary, has_keys, &mut found).await
    {
        found.push(unanswered(&error));
    }
    // Nothing is lost with a connection that does not close.
    let _ = db.close().await;
    found
}

fn unanswered(error: &dyn std::fmt::Display) -> Finding {
    Finding::error(
        Check::Database,
        error.to_string(),
        "look at the database server, and at OKAERI_DATABASE_URL (database_url)",
    )
}

async fn connect(config: &Config, found: &mut Vec<Finding>) -> Option<Database> {
    // SQLite would make the file.
    if let Some(path) = config.sqlite_path().filter(|path| !path.is_file()) {
        found.push(Finding::error(
            Check::Database,
            format!("there is no database {}", path.display()),
            "run `okaeri migrate` for a new one, `okaeri restore BACKUP` for one that was backed up, or correct \
             OKAERI_DATA_DIR or OKAERI_DATABASE_URL",
        ));
        return None;
    }
    let opened = async {
        let db = Database::connect(&config.database_url(), &PoolSettings::default()).await?;
        db.ping().await?;
        Ok::<_, DbError>(db)
    };
    let db = match opened.await {
        Ok(db) => db,
        Err(error) => {
            let remedy = "correct OKAERI_DATABASE_URL (database_url), or start the database server";
            found.push(Finding::error(Check::Database, error.to_string(), remedy));
            return None;
        }
    };
    match db.first_damage().await {
        Ok(None) => {
            let kind = if db.is_postgres() { "PostgreSQL answers" } else { "SQLite opens, and is whole" };
            found.push(Finding::ok(Check::Database, kind));
        }
        Ok(Some(damage)) => found.push(Finding::error(
            Check::Database,
            format!("the database is damaged: {damage}"),
            "stop the server, keep a copy of the files, and run `okaeri restore BACKUP` into an empty data directory",
        )),
        Err(error) => found.push(unanswered(&error)),
    }
    Some(db)
}

async fn is_current(db: &Database, found: &mut Vec<Finding>) -> bool {
    let steps = match migrate::steps(db).await {
        Ok(steps) => steps,
        Err(error) => {
            found.push(unanswered(&error));
            return false;
        }
    };
    if let Some(first) = steps.unknown.first() {
        found.push(Finding::error(
            Check::Migrations,
            format!(
                "{} steps that this version does not know were applied, the first is {first}: a newer version has migrated \
                 the database",
                steps.unknown.len()
            ),
            "run that newer version of okaeri, or restore a backup of before",
        ));
        return false;
    }
    if let Some(first) = steps.pending.first() {
        let what = format!(
            "{} steps are to be applied, the first is {first}",
            steps.pending.len()
        );
        found.push(Finding::error(Check::Migrations, what, "run `okaeri migrate`"));
        return false;
    }
    let what = format!("all {} steps are applied", steps.applied.len());
    found.push(Finding::ok(Check::Migrations, what));
    true
}

async fn clock(config: &Config, db: &Database) -> Vec<Finding> {
    if let Some(now) = config.now {
        let what = format!("development: the clock starts at {now}");
        return vec![Finding::ok(Check::Clock, what)];
    }
    let clock = Clock::system();
    let before = clock.now();
    let theirs = match db.now().await {
        Ok(theirs) => theirs,
        Err(error) => return vec![unanswered(&error)],
    };
    let after = clock.now();
    let Some(theirs) = theirs else {
        return vec![Finding::ok(
            Check::Clock,
            "the database has the clock of this machine",
        )];
    };
    let leeway = TimeDelta::seconds(i64::try_from(config.auth.leeway_s).unwrap_or(i64::from(i32::MAX)));
    vec![skew(before, theirs, after, leeway)]
}

/// How far two clocks are apart, given the instants before and after the other was asked.
pub(super) fn skew(
    before: DateTime<Utc>,
    theirs: DateTime<Utc>,
    after: DateTime<Utc>,
    leeway: TimeDelta,
) -> Finding {
    // Theirs was read somewhere in between: only what lies outside is a difference.
    let apart = (before - theirs).max(theirs - after).max(TimeDelta::zero());
    let seconds = apart.num_milliseconds().unsigned_abs();
    let what = format!(
        "this machine's clock and the database's differ by {}.{:03} s",
        seconds / 1_000,
        seconds % 1_000
    );
    let remedy = "let both machines keep time over the network (chrony or systemd-timesyncd)";
    if apart > leeway.max(CLOCK_SKEW_MAX) {
        Finding::error(
            Check::Clock,
            format!("{what}, more than tokens allow for (auth.leeway_s)"),
            remedy,
        )
    } else if apart > CLOCK_SKEW_MAX {
        Finding::warning(Check::Clock, what, remedy)
    } else {
        Finding::ok(Check::Clock, what)
    }
}

async fn tenants(
    config: &Config,
    db: &Database,
    dictionary: Option<Dictionary>,
    has_keys: bool,
    found: &mut Vec<Finding>,
) -> Result<(), Fault> {
    let now = config.now.map_or_else(Clock::system, Clock::starting_at).now();
    // One that the configuration starts says nothing of this machine's.
    if config.now.is_none() {
        found.extend(clock_against_log(db, now).await?);
    }
    found.extend(given_up_jobs(db, now).await?);
    let companies = companies::list(db).await?;
    if companies.is_empty() {
        found.push(Finding::warning(
            Check::Database,
            "there is no company",
            "make one with `okaeri company create --slug … --name …`",
        ));
    }
    // Settings that contradict each other end the command before it comes here.
    let assignment = config.servers.assignment().unwrap_or_default();
    found.extend(servers(config, &assignment, &companies));
    let root = config.data_dir.join("index");
    let projections = match dictionary.map(|dictionary| Projections::new(db.clone(), dictionary, root)) {
        None => None,
        Some(Ok(projections)) => Some(projections),
        Some(Err(error)) => {
            let remedy = "make the dictionary anew with `okaeri dictionary build`";
            found.push(Finding::error(Check::Dictionary, error.to_string(), remedy));
            None
        }
    };
    for company in companies {
        if has_keys {
            found.extend(readable_exclusions(db, &company).await?);
        }
        // Without a dictionary no index can be read, and there is a finding for that.
        let Some(projections) = &projections else { continue };
        if assignment.holds(&company.slug) {
            found.push(index(projections, &company).await);
        } else if projections.has_files(company.id) {
            found.push(left_behind(&company));
        }
    }
    Ok(())
}

/// What this server holds; nothing where it holds every company.
fn servers(config: &Config, assignment: &Assignment, companies: &[Company]) -> Vec<Finding> {
    let n_held = companies
        .iter()
        .filter(|company| assignment.holds(&company.slug))
        .count();
    let n_companies = companies.len();
    let mut found = Vec::new();
    match assignment {
        Assignment::Everything => {}
        Assignment::Listed(_) => found.push(Finding::ok(
            Check::Configuration,
            format!("{n_held} of {n_companies} companies are listed for this server"),
        )),
        Assignment::Placed { name, placement } => found.push(Finding::ok(
            Check::Configuration,
            format!(
                "server {name} holds {n_held} of {n_companies} companies, each at {} of {}",
                placement.copies(),
                placement.names().join(", ")
            ),
        )),
    }
    if let Err(error) = config.servers.ensure_named() {
        let remedy = "set OKAERI_SERVER_NAME (servers.name); a machine that serves nobody needs none";
        found.push(Finding::warning(Check::Configuration, error.to_string(), remedy));
    }
    for slug in &config.servers.companies {
        if companies.iter().all(|company| company.slug != *slug) {
            found.push(Finding::warning(
                Check::Configuration,
                format!("{slug:?} is listed for this server, and there is no such company"),
                format!(
                    "make it with `okaeri company create --slug {slug} --name …`, or correct --companies, OKAERI_COMPANIES or \
                     servers.companies"
                ),
            ));
        }
    }
    found
}

/// Files of a company that this server held once.
fn left_behind(company: &Company) -> Finding {
    let what =
        "other servers hold the company, and this one still has an index of it, which no erasure reaches";
    Finding::warning(Check::Index, what, "start the server anew, which removes it").of(company)
}

/// Whether this machine's clock is behind what was written already: what is new would be older than what it follows.
pub(super) async fn clock_against_log(db: &Database, now: DateTime<Utc>) -> Result<Option<Finding>, Fault> {
    let newest = change_log::newest_at(db).await?;
    Ok(newest
        .filter(|newest| *newest > now + CLOCK_SKEW_MAX)
        .map(|newest| {
            Finding::warning(
                Check::Clock,
                format!(
                    "the newest change was made at {newest}, which is still to come by this machine's clock"
                ),
                "correct this machine's clock; where OKAERI_NOW (now) was set before, this passes by itself",
            )
        }))
}

pub(super) async fn given_up_jobs(db: &Database, now: DateTime<Utc>) -> Result<Option<Finding>, Fault> {
    let since = now - TimeDelta::days(JOBS_DAYS);
    let n_jobs = jobs::count_given_up_since(db, since).await?;
    Ok((n_jobs > 0).then(|| {
        Finding::warning(
            Check::Mail,
            format!("{n_jobs} jobs, mails among them, were given up within {JOBS_DAYS} days"),
            "look at last_error in the table job; after correcting OKAERI_SMTP_URL or the data directory people have to \
             ask for their mail again",
        )
    }))
}

async fn readable_exclusions(db: &Database, company: &Company) -> Result<Vec<Finding>, Fault> {
    // One state: an import goes on meanwhile.
    let snapshot = db.snapshot().await?;
    let survey = exclusions::survey(&snapshot, company.id).await?;
    drop(snapshot);
    let n_people = survey.n_people;
    let mut found = Vec::new();
    if survey.n_unreadable > 0 {
        found.push(
            Finding::error(
                Check::Exclusions,
                format!(
                    "{} of {n_people} people are ranked for nothing: what they exclude opens with none of the keys",
                    survey.n_unreadable
                ),
                "add the key that was in use before to the file of OKAERI_EXCLUSION_KEY_FILE, behind the first line, \
                 restart every server, and run `okaeri exclusions rekey`",
            )
            .of(company),
        );
    }
    if survey.n_without > 0 {
        found.push(
            Finding::error(
                Check::Exclusions,
                format!(
                    "{} of {n_people} people are ranked for nothing: they have no row in the table exclusion_list, which \
                     everybody gets with their record",
                    survey.n_without
                ),
                "put their rows back from a backup, and find out who deleted them: no command of okaeri does without \
                 deleting the person",
            )
            .of(company),
        );
    }
    if survey.n_outdated > 0 {
        found.push(
            Finding::warning(
                Check::Exclusions,
                format!(
                    "{} lists are under another key than the current one",
                    survey.n_outdated
                ),
                "run `okaeri exclusions rekey` before the older key is taken out of the file",
            )
            .of(company),
        );
    }
    if found.is_empty() {
        let what = format!("all {} lists open", survey.n_lists);
        found.push(Finding::ok(Check::Exclusions, what).of(company));
    }
    Ok(found)
}

async fn index(projections: &Projections, company: &Company) -> Finding {
    let inspected = projections.inspect(company.id).await;
    describe(
        inspected,
        &format!("run `okaeri reindex --company {}`", company.slug),
    )
    .of(company)
}

/// What a look at an index means, and what helps.
pub(super) fn describe(inspected: Result<Option<Inspected>, Fault>, reindex: &str) -> Finding {
    let error = |what: String| Finding::error(Check::Index, what, reindex);
    let inspected = match inspected {
        Ok(Some(inspected)) => inspected,
        Ok(None) => {
            return Finding::warning(
                Check::Index,
                "there is no index yet: the next start builds it before it answers, some minutes for 100,000 people",
                reindex,
            );
        }
        Err(Fault::Index(IndexError::OtherVersion { found, expected, .. })) => {
            return error(format!("it has version `{found}`, and `{expected}` is needed"));
        }
        Err(Fault::Index(IndexError::Unreadable { reason, .. })) => {
            return error(format!("it cannot be read: {reason}"));
        }
        Err(Fault::Index(IndexError::Busy { .. })) => {
            return Finding::warning(
                Check::Index,
                "it is being written too fast to be looked at, as during an import",
                "run `okaeri doctor` again when the import has ended",
            );
        }
        Err(Fault::Index(fault @ IndexError::Unwritable { .. })) => return error(fault.to_string()),
        Err(Fault::Database(fault)) => return unanswered(&fault),
        Err(fault @ Fault::NotHeld { .. }) => {
            return Finding::warning(
                Check::Index,
                fault.to_string(),
                "look at it from a server that holds it: `okaeri servers` says which",
            );
        }
        Err(
            fault @ (Fault::Broken(_) | Fault::Opening(_) | Fault::Overloaded(_) | Fault::Interrupted(_)),
        ) => {
            return Finding::error(
                Check::Index,
                format!("it could not be looked at: {fault}"),
                "if a word is named, correct the company's words with `okaeri import words`; otherwise look at the log of \
                 the server, which may fail alike",
            );
        }
    };
    if !inspected.damaged_files.is_empty() {
        return error(format!(
            "files are damaged: {}",
            inspected.damaged_files.join(", ")
        ));
    }
    let (n_changes, compared) = match inspected.standing {
        Standing::Ahead { position, newest } => {
            return error(format!(
                "it is at change {position}, ahead of the database at {newest}, as after a restored backup"
            ));
        }
        Standing::Foreign { position } => {
            return error(format!(
                "it is at change {position}, which is none of this company's: it followed another database, as after a \
                 restored backup"
            ));
        }
        Standing::FarBehind { n_changes } => {
            return Finding::warning(
                Check::Index,
                format!(
                    "it lags by {n_changes} changes or more: the next start brings it up before it answers"
                ),
                reindex,
            );
        }
        Standing::Follows { n_changes, compared } => (n_changes, compared),
    };
    let Compared {
        n_people,
        n_opportunities,
        n_missing,
        n_left_over,
        n_sampled,
        n_differing,
    } = compared;
    if n_missing + n_left_over + n_differing > 0 {
        return error(format!(
            "it does not hold what the database holds: {n_missing} are missing, {n_left_over} are left over, {n_differing} \
             of {n_sampled} people's texts differ"
        ));
    }
    let what = format!(
        "{n_people} people and {n_opportunities} opportunities, {n_changes} changes behind, {n_sampled} texts compared"
    );
    if n_changes > LAG_CHANGES_MAX {
        let remedy = format!("start a server, which brings it up; if one runs and this stays, {reindex}");
        return Finding::warning(Check::Index, what, remedy);
    }
    Finding::ok(Check::Index, what)
}
