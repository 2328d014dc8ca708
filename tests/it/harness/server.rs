//! The real server on a free port.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use okaeri_api::app::App;
use okaeri_api::auth::{Claims, Keys};
use okaeri_api::clock::Clock;
use okaeri_api::config::{Config, Secret};
use okaeri_api::db::change_log::Change;
use okaeri_api::db::{Database, PoolSettings, alumni, change_log, claims, companies, migrate, programmes};
use okaeri_api::graphql::OkaeriService;
use okaeri_api::http::{Parts, bind};
use okaeri_api::import::{self, ImportReport, Options};
use okaeri_api::projection::CompanyProjection;
use okaeri_api::rate::RateLimiter;
use okaeri_api::worker;
use okaeri_engine::domain::{
    Claim, ClaimDoubt, ClaimId, ClaimState, Claimed, Company, CompanyId, PersonName, Policy, Programme, Role,
};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::databases::{Kind, TestDatabase};
use super::mail::token;
use super::person::Person;
use super::rows::{Row, json_lines};

/// The company that most tests are about.
pub(crate) const AOBA: &str = "aoba";
/// What exclusions are sealed with in tests.
pub(crate) const EXCLUSION_KEY: &str = "test AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// When all tests take place.
pub(crate) const NOW: &str = "2026-11-20T00:00:00Z";
/// How long a connection of a test may still take when its server stops.
const DRAIN_S: u64 = 1;

/// A running server with the company [`AOBA`], which has no people yet.
pub(crate) struct TestApp {
    pub(crate) app: Arc<App>,
    address: SocketAddr,
    client: reqwest::Client,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
    config: Config,
    directory: Arc<TempDir>,
    database: Arc<TestDatabase>,
}

impl TestApp {
    pub(crate) async fn spawn(kind: Kind) -> Self {
        let directory = TempDir::new().unwrap();
        let database = TestDatabase::new(kind, directory.path());
        let mut config = Config {
            data_dir: directory.path().to_owned(),
            database_url: Some(Secret::new(database.url.clone())),
            exclusion_key: Some(Secret::new(EXCLUSION_KEY)),
            dictionary_dir: Some(dictionary()),
            now: Some(NOW.parse().unwrap()),
            ..Config::default()
        };
        config.http.listen = "127.0.0.1:0".parse().unwrap();
        config.http.workers = 1;
        config.http.drain_s = DRAIN_S;
        let db = Database::connect(&database.url, &PoolSettings::default())
            .await
            .unwrap();
        migrate::up(&db).await.unwrap();
        db.close().await.unwrap();
        let app = Self::start(config, Arc::new(directory), Arc::new(database)).await;
        app.create_company(AOBA, |_| {}, false).await;
        app
    }

    async fn start(config: Config, directory: Arc<TempDir>, database: Arc<TestDatabase>) -> Self {
        let app = Arc::new(App::open(config.clone()).await.unwrap());
        let parts = Parts {
            service: Arc::new(OkaeriService::new(Arc::clone(&app))),
            keys: Arc::new(Keys::open(&config).unwrap()),
            rates: Arc::new(RateLimiter::new(&config.rates)),
        };
        let bound = bind(&config).unwrap();
        let address = bound.address();
        let (stop, stopped) = oneshot::channel();
        let served = config.clone();
        let server = tokio::spawn(async move {
            let shutdown = async move {
                let _ = stopped.await;
            };
            bound.serve(&served, parts, shutdown).await.unwrap();
        });
        Self {
            app,
            address,
            client: reqwest::Client::builder()
                .pool_max_idle_per_host(0)
                .build()
                .unwrap(),
            running: Some((stop, server)),
            config,
            directory,
            database,
        }
    }

    /// Ends the server and everything it holds.
    pub(crate) async fn stop(mut self) {
        self.stop_server().await;
        self.app.db.clone().close().await.unwrap();
    }

    /// The server anew over the same database and directory. As after a crash, nothing is written in between;
    /// `meanwhile` gets the directory of the indexes.
    pub(crate) async fn restarted(&self, meanwhile: impl FnOnce(PathBuf)) -> Self {
        meanwhile(self.directory.path().join("index"));
        Self::start(
            self.config.clone(),
            Arc::clone(&self.directory),
            Arc::clone(&self.database),
        )
        .await
    }

    /// The same with another configuration.
    pub(crate) async fn restarted_with(&self, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = self.config.clone();
        change(&mut config);
        Self::start(config, Arc::clone(&self.directory), Arc::clone(&self.database)).await
    }

    /// A connection to the database beside the server's, as somebody has who owns the machine.
    pub(crate) async fn sql(&self) -> sea_orm::DatabaseConnection {
        sea_orm::Database::connect(self.database.url.as_str())
            .await
            .unwrap()
    }

    /// Where the database and the indexes are, on SQLite.
    pub(crate) fn directory(&self) -> &std::path::Path {
        self.directory.path()
    }

    /// Another server over the same database, with a data directory of its own; `change` may alter its settings.
    ///
    /// Its tokens are its own: people have to be asked of it.
    pub(crate) async fn beside(&self, change: impl FnOnce(&mut Config)) -> Self {
        let directory = TempDir::new().unwrap();
        let mut config = Config {
            data_dir: directory.path().to_owned(),
            ..self.config.clone()
        };
        change(&mut config);
        Self::start(config, Arc::new(directory), Arc::clone(&self.database)).await
    }

    /// Another server like [`TestApp::beside`], whose clock is this much ahead.
    pub(crate) async fn later(&self, by: TimeDelta, change: impl FnOnce(&mut Config)) -> Self {
        let now = self.app.clock.now() + by;
        self.beside(|config| {
            config.now = Some(now);
            change(config);
        })
        .await
    }

    /// The same with other keys of exclusions.
    pub(crate) async fn restarted_with_exclusion_key(&self, line: &str) -> Self {
        let config = Config {
            exclusion_key: Some(Secret::new(line)),
            ..self.config.clone()
        };
        Self::start(config, Arc::clone(&self.directory), Arc::clone(&self.database)).await
    }

    async fn stop_server(&mut self) {
        if let Some((stop, server)) = self.running.take() {
            let _ = stop.send(());
            let ended = tokio::time::timeout(Duration::from_secs(20), server).await;
            ended.expect("the server did not stop").unwrap();
        }
    }

    /// Another company, with a programme whose policy `change` may alter.
    pub(crate) async fn create_company(
        &self,
        slug: &str,
        change: impl FnOnce(&mut Policy),
        is_demonstration: bool,
    ) -> CompanyId {
        let now = self.app.clock.now();
        let company = Company {
            id: CompanyId(self.app.clock.new_id()),
            slug: slug.to_owned(),
            name: format!("{slug}株式会社"),
            is_demonstration,
        };
        let mut policy = Policy::default();
        change(&mut policy);
        let programme = Programme::new(company.id, policy);
        let tx = self.app.db.begin().await.unwrap();
        companies::insert(&tx, &company, now).await.unwrap();
        programmes::insert(&tx, &programme, now).await.unwrap();
        change_log::append(&tx, company.id, Change::ProgrammeChanged, now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        company.id
    }

    pub(crate) async fn company_id(&self, slug: &str) -> CompanyId {
        self.app.company(slug).await.unwrap().id
    }

    /// Imports people and opportunities into [`AOBA`]; every row must be good.
    pub(crate) async fn import(&self, rows: &[Row]) {
        self.import_into(AOBA, rows).await;
    }

    pub(crate) async fn import_into(&self, slug: &str, rows: &[Row]) {
        let (offers, people): (Vec<_>, Vec<_>) = rows.iter().cloned().partition(Row::is_opportunity);
        if !people.is_empty() {
            let report = self
                .import_alumni_file(slug, json_lines(&people).as_bytes())
                .await;
            assert_eq!(report.errors, []);
        }
        if !offers.is_empty() {
            let report = self
                .import_opportunities_file(slug, json_lines(&offers).as_bytes())
                .await;
            assert_eq!(report.errors, []);
        }
    }

    pub(crate) async fn import_alumni_file(&self, slug: &str, file: &[u8]) -> ImportReport {
        let company_id = self.company_id(slug).await;
        let parsed = import::parse_alumni(file).unwrap();
        let new_id = || self.app.clock.new_id();
        let new_salt = || self.app.clock.new_salt();
        let options = self.options(&new_id, &new_salt);
        import::apply_alumni(&self.app.db, company_id, parsed, &options)
            .await
            .unwrap()
    }

    pub(crate) async fn import_opportunities_file(&self, slug: &str, file: &[u8]) -> ImportReport {
        let company_id = self.company_id(slug).await;
        let parsed = import::parse_opportunities(file).unwrap();
        let new_id = || self.app.clock.new_id();
        let new_salt = || self.app.clock.new_salt();
        let options = self.options(&new_id, &new_salt);
        import::apply_opportunities(&self.app.db, company_id, parsed, &options)
            .await
            .unwrap()
    }

    fn options<'a>(
        &self,
        new_id: &'a (dyn Fn() -> uuid::Uuid + Sync),
        new_salt: &'a (dyn Fn() -> [u8; 32] + Sync),
    ) -> Options<'a> {
        Options {
            is_dry_run: false,
            is_all_or_nothing: false,
            now: self.app.clock.now(),
            new_id,
            new_salt,
            progress: &(),
        }
    }

    /// How far the change log of [`AOBA`] has come.
    pub(crate) async fn position(&self) -> u64 {
        let company_id = self.company_id(AOBA).await;
        change_log::newest_position(&self.app.db, company_id)
            .await
            .unwrap()
    }

    /// How many records a company has.
    pub(crate) async fn alumni_of(&self, slug: &str) -> u64 {
        let company_id = self.company_id(slug).await;
        alumni::count(&self.app.db, company_id).await.unwrap()
    }

    /// How far the text index of [`AOBA`] has come.
    pub(crate) async fn index_position(&self) -> u64 {
        self.projection().await.index.position().unwrap()
    }

    /// What the server holds of [`AOBA`].
    pub(crate) async fn projection(&self) -> Arc<CompanyProjection> {
        let company_id = self.company_id(AOBA).await;
        self.app.projections.company(company_id).await.unwrap()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Writes everything committed so far into the text index, as the worker would.
    pub(crate) async fn index(&self) {
        self.index_of(AOBA).await;
    }

    /// The same for another company.
    pub(crate) async fn index_of(&self, slug: &str) {
        let company_id = self.company_id(slug).await;
        self.app.projections.index(company_id).await.unwrap();
    }

    pub(crate) fn nobody(&self) -> Person {
        Person::new(self.client.clone(), self.address, None)
    }

    pub(crate) fn administrator(&self) -> Person {
        self.person(AOBA, Role::Administrator, "kanri", None)
    }

    pub(crate) fn recruiter(&self) -> Person {
        self.person(AOBA, Role::Recruiter, "saiyo", None)
    }

    pub(crate) fn employee(&self) -> Person {
        self.person(AOBA, Role::Employee, "shain", None)
    }

    pub(crate) fn alumnus(&self, external_id: &str) -> Person {
        self.alumnus_of(AOBA, external_id)
    }

    pub(crate) fn recruiter_of(&self, slug: &str) -> Person {
        self.person(slug, Role::Recruiter, "saiyo", None)
    }

    pub(crate) fn alumnus_of(&self, slug: &str, external_id: &str) -> Person {
        self.person(slug, Role::Alumnus, external_id, Some(external_id))
    }

    /// Staff of a unit of [`AOBA`].
    pub(crate) fn staff_of(&self, role: Role, subject: &str, unit: &str) -> Person {
        self.staff_of_company(AOBA, role, subject, Some(unit))
    }

    /// Staff of a company, with or without a unit.
    pub(crate) fn staff_of_company(
        &self,
        slug: &str,
        role: Role,
        subject: &str,
        unit: Option<&str>,
    ) -> Person {
        self.signed_in(slug, role, subject, None, unit)
    }

    /// Somebody with a token that the development key signs.
    pub(crate) fn person(&self, slug: &str, role: Role, subject: &str, alumnus: Option<&str>) -> Person {
        self.signed_in(slug, role, subject, alumnus, None)
    }

    fn signed_in(
        &self,
        slug: &str,
        role: Role,
        subject: &str,
        alumnus: Option<&str>,
        unit: Option<&str>,
    ) -> Person {
        // Tokens live by the system's clock, whatever day the tests take place on.
        let issued_at = Clock::system().now();
        let claims = Claims {
            subject: subject.to_owned(),
            company: slug.to_owned(),
            role,
            unit: unit.map(str::to_owned),
            alumnus: alumnus.map(str::to_owned),
            issued_at,
            expires_at: issued_at + TimeDelta::hours(1),
        };
        let token = self.app.keys.issue(&claims).unwrap();
        self.with_token(&token)
    }

    pub(crate) fn with_token(&self, token: &str) -> Person {
        Person::new(self.client.clone(), self.address, Some(token.to_owned()))
    }

    /// What stands behind an address or a path of this server: status and text.
    pub(crate) async fn download(&self, url: &str) -> (u16, String) {
        let path = url.find("/export/").map_or(url, |start| &url[start..]);
        let response = self
            .client
            .get(format!("http://{}{path}", self.address))
            .send()
            .await
            .unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Sends what waits, and hands over the mail to this address, which is thrown away once read.
    pub(crate) async fn mails_to(&self, address: &str) -> Vec<String> {
        while worker::run_jobs(&self.app).await.unwrap() > 0 {}
        let Ok(files) = std::fs::read_dir(self.config.mail_dir()) else {
            return Vec::new();
        };
        let mut mails = Vec::new();
        for file in files {
            let path = file.unwrap().path();
            let mail = std::fs::read_to_string(&path).unwrap();
            if mail.contains(&format!("To: {address}\r\n")) {
                std::fs::remove_file(path).unwrap();
                mails.push(mail);
            }
        }
        mails
    }

    /// The token of the link in the one mail that waits for this address.
    pub(crate) async fn link_to(&self, address: &str) -> String {
        let mails = self.mails_to(address).await;
        assert_eq!(mails.len(), 1, "{address}: {mails:?}");
        token(&mails[0])
    }

    /// A claim that waits for an administrator of the company; its identifier.
    pub(crate) async fn waiting_claim(&self, slug: &str, email: &str) -> String {
        let company_id = self.company_id(slug).await;
        let now = self.app.clock.now();
        let claim = Claim {
            id: ClaimId(self.app.clock.new_id()),
            claimed: Claimed {
                name: PersonName {
                    kanji: "誰か".to_owned(),
                    kana: None,
                },
                email: email.to_owned(),
                employee_number: None,
                tenure: None,
                department: Some("どこか".to_owned()),
            },
            requested_at: now,
            state: ClaimState::Pending {
                opened_at: now,
                doubt: ClaimDoubt::NoMatch,
                consents: Vec::new(),
            },
        };
        let tx = self.app.db.begin_for(company_id).await.unwrap();
        claims::insert(&tx, company_id, &claim).await.unwrap();
        tx.commit().await.unwrap();
        let administrator = self.person(slug, Role::Administrator, "kanri", None);
        let document = "{ pendingClaims(last: 1) { nodes { id } } }";
        let data = administrator.query(document, Value::Null).await;
        data["pendingClaims"]["nodes"][0]["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// The text of all mail so far.
    pub(crate) fn mails(&self) -> Vec<String> {
        let Ok(files) = std::fs::read_dir(self.config.mail_dir()) else {
            return Vec::new();
        };
        files
            .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
            .collect()
    }
}

/// Where the compiled dictionary is.
pub(crate) fn dictionary() -> PathBuf {
    let configured = std::env::var_os("OKAERI_DICTIONARY_DIR");
    let (cache, home) = (std::env::var_os("XDG_CACHE_HOME"), std::env::var_os("HOME"));
    let found = okaeri_engine::text::dictionary::default_dir(configured, cache, home);
    found
        .filter(|directory| directory.is_dir())
        .expect("there is no dictionary: make it once with `okaeri dictionary build` or `scripts/dictionary`")
}
