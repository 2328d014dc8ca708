//! A data directory and a database as somebody runs them, with processes that come and go.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chrono::TimeDelta;
use okaeri_api::app::App;
use okaeri_api::auth::{Claims, Keys};
use okaeri_api::clock::Clock;
use okaeri_api::config::{Config, Secret};
use okaeri_api::db::{Database, PoolSettings, alumni, companies, opportunities};
use okaeri_api::usecase::audit;
use okaeri_engine::domain::{Alumnus, CompanyId, Opportunity, Role};
use tempfile::TempDir;

use super::program::{Ran, Server, program};
use crate::harness::{AOBA, EXCLUSION_KEY, Kind, NOW, Person, Row, TestDatabase, dictionary, json_lines};

/// What an operation has, in milliseconds, where a database is to fail: an outage is told of soon, and nothing healthy
/// takes so long on a busy machine.
pub(super) const EXECUTION_MS: u64 = 1_500;
/// What it has elsewhere: more than a busy machine ever takes.
const EXECUTION_MS_UNHURRIED: u64 = 20_000;

/// Settings of every process.
fn settings(execution_ms: u64) -> String {
    format!(
        "[http]\nworkers = 1\ndrain_s = 1\n[limits]\nexecution_ms = {execution_ms}\n\
         [rates]\ninvitations_per_hour = 100000\n"
    )
}

/// An installation with the company [`AOBA`].
pub(super) struct Installation {
    config: Config,
    url: String,
    client: reqwest::Client,
    directory: TempDir,
    _database: Option<TestDatabase>,
}

impl Installation {
    /// Nothing yet: an empty directory and an empty database.
    pub(super) fn empty(kind: Kind) -> Self {
        let directory = TempDir::new().unwrap();
        let database = TestDatabase::new(kind, directory.path());
        Self::at(
            directory,
            database.url.clone(),
            Some(database),
            EXECUTION_MS_UNHURRIED,
        )
    }

    /// With tables, the company, and these people and opportunities.
    pub(super) fn with(kind: Kind, rows: &[Row]) -> Self {
        let installation = Self::empty(kind);
        installation.fill(rows);
        installation
    }

    /// The same over a database that is there and will fail.
    pub(super) fn over(url: String, rows: &[Row]) -> Self {
        let installation = Self::at(TempDir::new().unwrap(), url, None, EXECUTION_MS);
        installation.fill(rows);
        installation
    }

    /// Another server's directory over the same database, with the same key.
    pub(super) fn beside(&self) -> Self {
        let directory = TempDir::new().unwrap();
        let key = "development-key.pem";
        std::fs::copy(self.directory().join(key), directory.path().join(key)).unwrap();
        Self::at(directory, self.url.clone(), None, EXECUTION_MS)
    }

    fn at(directory: TempDir, url: String, database: Option<TestDatabase>, execution_ms: u64) -> Self {
        let settings = settings(execution_ms);
        std::fs::write(directory.path().join("okaeri.toml"), settings).unwrap();
        let config = Config {
            data_dir: directory.path().to_owned(),
            database_url: Some(Secret::new(url.clone())),
            exclusion_key: Some(Secret::new(EXCLUSION_KEY)),
            dictionary_dir: Some(dictionary()),
            now: Some(NOW.parse().unwrap()),
            ..Config::default()
        };
        Self {
            config,
            url,
            client: reqwest::Client::builder()
                .pool_max_idle_per_host(0)
                .build()
                .unwrap(),
            directory,
            _database: database,
        }
    }

    fn fill(&self, rows: &[Row]) {
        self.run(&["migrate"]).success();
        self.run(&["company", "create", "--slug", AOBA, "--name", "青葉"])
            .success();
        self.import(rows);
    }

    pub(super) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// The one company's index.
    pub(super) async fn index_directory(&self) -> PathBuf {
        let app = self.open().await;
        let id = self.company_id(&app).await;
        app.db.close().await.unwrap();
        self.directory().join("index").join(id.0.simple().to_string())
    }

    /// Sets what a process of this installation reads.
    pub(super) fn prepare(&self, command: &mut Command) {
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("OKAERI_CONFIG", self.directory().join("okaeri.toml"))
            .env("OKAERI_DATA_DIR", self.directory())
            .env("OKAERI_DATABASE_URL", &self.url)
            .env("OKAERI_EXCLUSION_KEY", EXCLUSION_KEY)
            .env("OKAERI_DICTIONARY_DIR", dictionary())
            .env("OKAERI_NOW", NOW)
            .env("OKAERI_LISTEN", "127.0.0.1:0")
            .stdin(Stdio::null());
    }

    pub(super) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(program());
        self.prepare(&mut command);
        command.args(args);
        command
    }

    pub(super) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args))
    }

    /// A server that answers.
    pub(super) fn serve(&self) -> Server {
        Server::start(self.command(&["serve"])).unwrap_or_else(|ran| panic!("it does not start: {ran:?}"))
    }

    /// Imports rows by a process of its own; what it says of people, then of opportunities.
    pub(super) fn import(&self, rows: &[Row]) -> Vec<String> {
        let (offers, people): (Vec<_>, Vec<_>) = rows.iter().cloned().partition(Row::is_opportunity);
        let mut said = Vec::new();
        for (what, rows) in [("alumni", people), ("opportunities", offers)] {
            if !rows.is_empty() {
                let file = self.file(what, &rows);
                said.push(self.run(&["import", what, "--company", AOBA, &file]).success());
            }
        }
        said
    }

    /// A file to import.
    pub(super) fn file(&self, what: &str, rows: &[Row]) -> String {
        let path = self.directory().join(format!("{what}.jsonl"));
        std::fs::write(&path, json_lines(rows)).unwrap();
        path.display().to_string()
    }

    /// The parts of a server over this installation, within the test.
    pub(super) async fn open(&self) -> App {
        App::open(self.config.clone()).await.unwrap()
    }

    /// The database, whatever its state.
    pub(super) async fn database(&self) -> Database {
        Database::connect(&self.url, &PoolSettings::default())
            .await
            .unwrap()
    }

    /// A connection as somebody has who owns the machine.
    pub(super) async fn sql(&self) -> sea_orm::DatabaseConnection {
        sea_orm::Database::connect(self.url.as_str()).await.unwrap()
    }

    pub(super) async fn company_id(&self, app: &App) -> CompanyId {
        app.company(AOBA).await.unwrap().id
    }

    pub(super) fn recruiter(&self, server: &Server) -> Person {
        self.person(server, Role::Recruiter, "saiyo", None)
    }

    pub(super) fn alumnus(&self, server: &Server, external_id: &str) -> Person {
        self.person(server, Role::Alumnus, external_id, Some(external_id))
    }

    fn person(&self, server: &Server, role: Role, subject: &str, alumnus: Option<&str>) -> Person {
        let issued_at = Clock::system().now();
        let claims = Claims {
            subject: subject.to_owned(),
            company: AOBA.to_owned(),
            role,
            unit: None,
            alumnus: alumnus.map(str::to_owned),
            issued_at,
            expires_at: issued_at + TimeDelta::hours(4),
        };
        let token = Keys::open(&self.config).unwrap().issue(&claims).unwrap();
        Person::new(self.client.clone(), server.address(), Some(token))
    }
}

/// Everybody, in the order of their numbers.
pub(super) async fn everybody(app: &App, company_id: CompanyId) -> Vec<Alumnus> {
    let ids = alumni::list_ids(&app.db, company_id, None, 10_000).await.unwrap();
    let mut everybody = alumni::load(&app.db, company_id, &ids).await.unwrap();
    everybody.sort_by(|one, other| one.external_id.cmp(&other.external_id));
    everybody
}

pub(super) async fn offers(app: &App, company_id: CompanyId) -> Vec<Opportunity> {
    opportunities::list_all(&app.db, company_id).await.unwrap()
}

/// What `okaeri audit verify` looks at is as it was recorded.
pub(super) async fn assert_records_hold(app: &App) {
    for company in companies::list(&app.db).await.unwrap() {
        let report = audit::verify(&app.db, company.id, None).await.unwrap();
        assert!(report.is_intact(), "{report:?}");
    }
}
