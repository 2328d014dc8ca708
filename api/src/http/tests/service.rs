//! A small service behind the real transport.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Context, Error, Object, Request, Response, Schema, SimpleObject, Subscription};
use chrono::TimeDelta;
use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, Stream};
use futures_util::{FutureExt as _, StreamExt as _};
use okaeri_engine::domain::{CompanyId, Role, Viewer};
use uuid::Uuid;

use crate::admission::Load;
use crate::auth::{Claims, Keys};
use crate::clock::Clock;
use crate::config::Config;
use crate::http::{
    AuthenticationFailure, Bound, CompaniesInMemory, ExportParts, GraphqlService, Language, LiveAnswers,
    Parts, Readiness, RequestContext, Unavailable, bind,
};
use crate::rate::RateLimiter;

pub(crate) struct Query;

#[derive(SimpleObject)]
struct Item {
    id: i32,
    text: String,
}

#[Object]
impl Query {
    async fn who(&self, ctx: &Context<'_>) -> String {
        let context = ctx.data_unchecked::<RequestContext>();
        let language = match context.language {
            Language::Japanese => "ja",
            Language::English => "en",
        };
        format!(
            "{} {language}",
            context.viewer.as_ref().map_or("nobody", |it| it.subject.as_str())
        )
    }

    async fn items(&self, first: Option<usize>) -> Vec<Item> {
        (0..first.unwrap_or(3) as i32)
            .map(|id| Item {
                id,
                text: "x".to_owned(),
            })
            .collect()
    }

    async fn echo(&self, text: String) -> String {
        text
    }

    async fn slow(&self) -> Option<bool> {
        tokio::time::sleep(Duration::from_secs(60)).await;
        None
    }

    async fn panics(&self) -> Option<bool> {
        // Hidden from the compiler, which would warn of what comes after.
        assert!(!std::hint::black_box(true), "the panic's own words");
        None
    }

    async fn database(&self) -> Result<Option<bool>, Error> {
        Err(Error::new("relation \"alumnus\" does not exist"))
    }
}

pub(crate) struct Mutation;

#[Object]
impl Mutation {
    async fn sign_in(&self, token: String) -> String {
        token
    }

    async fn change(&self) -> bool {
        true
    }
}

struct Slow;

#[Object]
impl Slow {
    async fn answer(&self) -> Option<bool> {
        tokio::time::sleep(Duration::from_secs(60)).await;
        None
    }
}

pub(crate) struct Changes;

#[Subscription]
impl Changes {
    /// Counts, and then ends.
    async fn count(&self, to: i32) -> impl Stream<Item = i32> {
        futures_util::stream::iter(0..to)
    }

    /// Says nothing and does not end.
    async fn silence(&self) -> impl Stream<Item = i32> {
        futures_util::stream::pending()
    }

    /// Has something to say at once, which takes for ever.
    async fn slow(&self) -> impl Stream<Item = Slow> {
        futures_util::stream::once(async { Slow }).chain(futures_util::stream::pending())
    }

    /// Never stops talking.
    async fn flood(&self) -> impl Stream<Item = String> {
        futures_util::stream::repeat_with(|| "x".repeat(100_000))
    }

    async fn panics(&self) -> impl Stream<Item = i32> {
        futures_util::stream::once(async { panic!("the panic's own words") })
    }
}

type TestSchema = Schema<Query, Mutation, Changes>;

pub(crate) struct TestService {
    schema: TestSchema,
    sdl: String,
    is_down: bool,
}

impl TestService {
    pub(crate) fn new(is_down: bool) -> Self {
        let schema = Schema::build(Query, Mutation, Changes)
            .extension(LiveAnswers)
            .finish();
        Self {
            sdl: schema.sdl(),
            schema,
            is_down,
        }
    }
}

impl GraphqlService for TestService {
    fn sdl(&self) -> &str {
        &self.sdl
    }

    fn authenticate<'a>(&'a self, claims: Claims) -> BoxFuture<'a, Result<Viewer, AuthenticationFailure>> {
        async move {
            if self.is_down {
                return Err(AuthenticationFailure::Unavailable);
            }
            match claims.company.as_str() {
                "aoba" => {}
                "hangs" => std::future::pending().await,
                "panics" => panic!("the panic's own words"),
                _ => return Err(AuthenticationFailure::Unknown),
            }
            Ok(Viewer {
                company_id: CompanyId(Uuid::nil()),
                role: claims.role,
                subject: claims.subject,
                unit: claims.unit,
                alumnus_id: None,
            })
        }
        .boxed()
    }

    fn execute(&self, request: Request, context: RequestContext) -> BoxFuture<'_, Response> {
        self.schema.execute(request.data(context)).boxed()
    }

    fn subscribe(&self, request: Request, context: RequestContext) -> BoxStream<'static, Response> {
        self.schema.execute_stream(request.data(context)).boxed()
    }

    fn export<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Option<ExportParts>, Unavailable>> {
        let parts = ["{\"record\": ", "null}"].map(|part| Ok(part.to_owned()));
        let found = (token == "good").then(|| futures_util::stream::iter(parts).boxed());
        async move {
            match token {
                "hangs" => std::future::pending().await,
                "panics" => panic!("the panic's own words"),
                _ if self.is_down => Err(Unavailable),
                _ => Ok(found),
            }
        }
        .boxed()
    }

    fn computing(&self) -> Load {
        Load::default()
    }

    fn memory(&self) -> CompaniesInMemory {
        CompaniesInMemory::default()
    }

    fn readiness(&self) -> BoxFuture<'_, Readiness> {
        let database = !self.is_down;
        async move {
            Readiness {
                database,
                migrations: true,
                index_lag_changes: Some(0),
                index_lag_changes_max: 1_000,
            }
        }
        .boxed()
    }
}

/// A running server; it stops when this is dropped.
pub(crate) struct TestServer {
    pub(crate) address: std::net::SocketAddr,
    keys: Arc<Keys>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    pub(crate) ended: tokio::task::JoinHandle<()>,
    _dir: tempfile::TempDir,
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}, false).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config), is_down: bool) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config {
            data_dir: dir.path().to_owned(),
            ..Config::default()
        };
        config.http.listen = "127.0.0.1:0".parse().unwrap();
        config.http.workers = 1;
        config.http.drain_s = 5;
        change(&mut config);
        let keys = Arc::new(Keys::open(&config).unwrap());
        let bound: Bound = bind(&config).unwrap();
        let address = bound.address();
        let parts = Parts {
            service: Arc::new(TestService::new(is_down)),
            keys: keys.clone(),
            rates: Arc::new(RateLimiter::new(&config.rates)),
        };
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let ended = tokio::spawn(async move {
            let shutdown = async {
                let _ = stopped.await;
            };
            bound.serve(&config, parts, shutdown).await.unwrap();
        });
        Self {
            address,
            keys,
            stop: Some(stop),
            ended,
            _dir: dir,
        }
    }

    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
    }

    pub(crate) fn token(&self) -> String {
        self.token_for("aoba", Role::Recruiter, TimeDelta::hours(1))
    }

    pub(crate) fn token_for(&self, company: &str, role: Role, lasts: TimeDelta) -> String {
        let now = Clock::system().now();
        let claims = Claims {
            subject: "staff-7".to_owned(),
            company: company.to_owned(),
            role,
            unit: None,
            alumnus: None,
            issued_at: now,
            expires_at: now + lasts,
        };
        self.keys.issue(&claims).unwrap()
    }

    /// Waits until /metrics has this line.
    pub(crate) async fn until(&self, line: &str) {
        let found = async {
            loop {
                let response = reqwest::get(self.url("/metrics")).await.unwrap();
                if response.text().await.unwrap().lines().any(|one| one == line) {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        let found = tokio::time::timeout(Duration::from_secs(20), found).await;
        assert!(found.is_ok(), "there is no {line}");
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

#[tokio::test]
async fn what_precedes_or_stands_beside_an_operation_has_its_time_and_its_panics_are_counted() {
    /// Longer than a backtrace takes to be printed.
    const UNHURRIED_MS: u64 = 60_000;
    const PATIENCE: Duration = Duration::from_millis(UNHURRIED_MS / 2);
    let client = reqwest::Client::new();
    for (what, execution_ms, n_panics) in [("hangs", 50, 0), ("panics", UNHURRIED_MS, 2)] {
        let server = TestServer::with(|config| config.limits.execution_ms = execution_ms, false).await;
        let token = server.token_for(what, Role::Recruiter, TimeDelta::hours(1));
        let operation = client
            .post(server.url("/graphql"))
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json")
            .header("authorization", format!("Bearer {token}"))
            .body("{\"query\": \"{ who }\"}");
        let export = client.get(server.url(&format!("/export/{what}")));
        for request in [operation, export] {
            let answer = request.timeout(PATIENCE).send().await.unwrap();
            assert_eq!(answer.status(), 503, "{what}: {}", answer.url());
        }
        let metrics = client.get(server.url("/metrics")).send().await.unwrap();
        let metrics = metrics.text().await.unwrap();
        assert!(
            metrics.contains(&format!("okaeri_panics_total {n_panics}")),
            "{what}: {metrics}"
        );
    }
}
