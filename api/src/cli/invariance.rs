//! `audit invariance`: whether anything that matching must not see moves a list.
//!
//! - Reads the company's profiles and opportunities, and writes into a company of its own, in a database and an index of
//!   their own that only this user may enter and that are gone when the command ends.
//! - Prints what was invented and nothing of anybody's.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;

use okaeri_engine::counterfactual::{self, Kind};
use okaeri_engine::domain::{CompanyId, Opportunity, Profile};
use serde_json::json;

use super::args::InvarianceArgs;
use super::context;
use super::failure::CliError;
use super::output::{number_column, print, remark, table, text_column};
use super::ranking::json_text;
use crate::app::App;
use crate::config::{Config, Secret};
use crate::db::{self, Database};
use crate::invariance::{self, InvarianceError, Report};

/// Twins in one company at a time: with the people they are twins of, fewer than a ranking scores.
const BATCH: usize = 1_000;

/// Most people whom twins are made of: a sample of a large company says the same about texts.
const PEOPLE_MAX: u64 = 5_000;

/// Width of the column of examples.
const EXAMPLE_CELLS: usize = 60;

/// Compares, prints the report, and ends without success when anything moved.
pub(crate) async fn run(config: &Config, args: &InvarianceArgs) -> Result<(), CliError> {
    let (people, offers) = read(config, &args.company).await?;
    if people.is_empty() || offers.is_empty() {
        return Err(CliError::Failed(format!(
            "{} has {} people and {} opportunities, and a comparison needs both: import some first",
            args.company,
            people.len(),
            offers.len()
        )));
    }
    let directory = Throwaway::new()?;
    let report = {
        let app = open(config, &directory).await?;
        let report = compare(&app, args, &people, &offers).await;
        app.db.clone().close().await?;
        report?
    };
    drop(directory);
    print(&if args.json {
        json_of(args, &report)
    } else {
        table_of(&report)
    })?;
    if report.n_moved() > 0 {
        return Err(CliError::Unsuccessful);
    }
    Ok(())
}

/// The company's profiles and open opportunities; nothing is written.
async fn read(config: &Config, slug: &str) -> Result<(Vec<Profile>, Vec<Opportunity>), CliError> {
    let db = context::database(config).await?;
    let company_id: CompanyId = context::company(&db, slug).await?.id;
    let now = context::clock(config).now();
    let ids = db::alumni::list_ids(&db, company_id, None, PEOPLE_MAX).await?;
    let people = db::alumni::load(&db, company_id, &ids).await?;
    let offers = db::opportunities::list_all(&db, company_id).await?;
    db.close().await?;
    Ok((
        people.into_iter().map(|person| person.profile).collect(),
        offers.into_iter().filter(|offer| offer.is_open_at(now)).collect(),
    ))
}

/// An installation of its own with the same dictionary, model and time.
async fn open(config: &Config, directory: &Throwaway) -> Result<App, CliError> {
    let database_url = format!("sqlite:{}", directory.0.join("okaeri.sqlite").display());
    let own = Config {
        data_dir: directory.0.clone(),
        database_url: Some(Secret::new(database_url.clone())),
        dictionary_dir: config.dictionary_dirs().into_iter().find(|dir| dir.is_dir()),
        now: config.now,
        ranking: config.ranking.clone(),
        ..Config::default()
    };
    let db = Database::connect(&database_url, &db::PoolSettings::default()).await?;
    db::migrate::up(&db).await?;
    db.close().await?;
    Ok(App::open(own).await?)
}

async fn compare(
    app: &App,
    args: &InvarianceArgs,
    people: &[Profile],
    offers: &[Opportunity],
) -> Result<Report, CliError> {
    let mut report = Report::default();
    let mut batch = 0;
    let n = usize::try_from(args.n).unwrap_or(usize::MAX);
    while batch * BATCH < n {
        let n_twins = BATCH.min(n - batch * BATCH);
        let groups = counterfactual::groups(args.seed + batch as u64, n_twins, people);
        let company_id = invariance::copy(app, &format!("twins-{batch}"), offers).await?;
        invariance::load(app, company_id, &groups).await?;
        report.add(invariance::compare(app, company_id, &groups).await?);
        batch += 1;
        remark(&format!("{} of {n} twins compared", report.n_twins()));
    }
    Ok(report)
}

fn table_of(report: &Report) -> String {
    let columns = [
        text_column("what differs", 20),
        number_column("twins"),
        number_column("moved"),
        number_column("largest move"),
        text_column("such as", EXAMPLE_CELLS),
    ];
    let rows: Vec<Vec<String>> = report
        .findings
        .iter()
        .map(|(kind, found)| {
            vec![
                kind.code().to_owned(),
                found.n_twins.to_string(),
                found.n_moved.to_string(),
                format!("{:.6}", found.largest_move),
                found.examples.first().cloned().unwrap_or_default(),
            ]
        })
        .collect();
    table(&columns, &rows) + &format!("{} twins, {} moved\n", report.n_twins(), report.n_moved())
}

fn json_of(args: &InvarianceArgs, report: &Report) -> String {
    let kinds = Kind::ALL.iter().filter_map(|kind| {
        let found = report.findings.get(kind)?;
        Some(json!({
            "kind": kind.code(),
            "twins": found.n_twins,
            "moved": found.n_moved,
            "largestMove": found.largest_move,
            "examples": found.examples,
        }))
    });
    json_text(&json!({
        "seed": args.seed,
        "twins": report.n_twins(),
        "moved": report.n_moved(),
        "kinds": kinds.collect::<Vec<_>>(),
    }))
}

/// A directory of people's texts: nobody else may enter it, and it goes with the value.
struct Throwaway(PathBuf);

impl Throwaway {
    fn new() -> Result<Self, CliError> {
        let name = format!("okaeri-invariance-{}", crate::clock::Clock::system().new_id());
        let path = std::env::temp_dir().join(name);
        let made = std::fs::DirBuilder::new().mode(0o700).create(&path);
        made.map_err(|error| {
            CliError::Failed(format!(
                "cannot make {} ({error}): name another place in TMPDIR",
                path.display()
            ))
        })?;
        Ok(Self(path))
    }
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        // What cannot be removed is still closed to others.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl From<InvarianceError> for CliError {
    fn from(error: InvarianceError) -> Self {
        Self::Failed(error.to_string())
    }
}
