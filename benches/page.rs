//! How long does a recruiter's first page take, end to end: 20 candidates of a role with their contributions, asked
//! over HTTP of a server with the demonstration company?
//!
//! Client and server share one machine; SQLite in a temporary directory.

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;
use criterion::{Criterion, criterion_group, criterion_main};
use okaeri_api::auth::{Claims, Keys};
use okaeri_api::cli;
use okaeri_api::clock::Clock;
use okaeri_api::config::{Config, Overrides};
use okaeri_engine::domain::Role;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const QUERY: &str = "
    query Candidates {
      opportunity(externalId: \"r05\") {
        candidates(first: 20) {
          edges {
            rank
            node { id name { kanji } headline }
            match { score base contributions { feature value text evidence { snippet } } }
          }
        }
      }
    }";

fn page(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let dir = TempDir::new().expect("a temporary directory");
    let mut group = criterion.benchmark_group("page");
    group.sample_size(20).measurement_time(Duration::from_secs(10));
    group.bench_function("20_candidates_462_alumni", |bencher| {
        let server = runtime.block_on(Server::start(dir.path()));
        bencher.iter(|| runtime.block_on(server.ask()));
    });
    group.finish();
}

/// A server with the demonstration company, and a recruiter who asks it.
struct Server {
    url: String,
    token: String,
    client: reqwest::Client,
}

impl Server {
    async fn start(data_dir: &Path) -> Self {
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
        let file = |name: &str| demo.join(name).into_os_string();
        let company: Vec<OsString> = [
            "company",
            "create",
            "--slug",
            "aoba",
            "--name",
            "青葉",
            "--demonstration",
        ]
        .map(OsString::from)
        .to_vec();
        let import = |what: &str, name: &str| {
            vec![
                "import".into(),
                what.into(),
                "--company".into(),
                "aoba".into(),
                file(name),
            ]
        };
        for command in [
            vec!["migrate".into()],
            company,
            import("alumni", "alumni.jsonl"),
            import("opportunities", "opportunities.jsonl"),
        ] {
            cli::run(arguments(data_dir, command)).await;
        }
        let address = free_address();
        let serve = vec!["serve".into(), "--listen".into(), address.to_string().into()];
        let arguments = arguments(data_dir, serve);
        // Runs until the process ends.
        tokio::spawn(cli::run(arguments));
        let server = Self {
            url: format!("http://{address}/graphql"),
            token: token(data_dir),
            client: reqwest::Client::new(),
        };
        server.wait_until_ready(address).await;
        server
    }

    async fn wait_until_ready(&self, address: SocketAddr) {
        for _ in 0..600 {
            let answered = self.client.get(format!("http://{address}/readyz")).send().await;
            if answered.is_ok_and(|response| response.status().is_success()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the server is not ready after a minute");
    }

    async fn ask(&self) {
        let request = self.client.post(&self.url).bearer_auth(&self.token);
        let response = request
            .json(&json!({ "query": QUERY }))
            .send()
            .await
            .expect("an answer");
        let answer: Value = response.json().await.expect("JSON");
        let edges = answer["data"]["opportunity"]["candidates"]["edges"].as_array();
        assert_eq!(edges.map(Vec::len), Some(20), "{answer}");
    }
}

fn arguments(data_dir: &Path, command: Vec<OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["okaeri".into(), "--data-dir".into(), data_dir.into()];
    arguments.extend(["--as-of".into(), "2026-11-20".into()]);
    arguments.extend(command);
    arguments
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address")
}

/// A recruiter's token by the development key that the first command made.
fn token(data_dir: &Path) -> String {
    let overrides = Overrides {
        data_dir: Some(data_dir.to_owned()),
        ..Overrides::default()
    };
    let config = Config::load(&overrides, &|_| None).expect("a configuration");
    let now = Clock::system().now();
    let claims = Claims {
        subject: "recruiter".to_owned(),
        company: "aoba".to_owned(),
        role: Role::Recruiter,
        unit: None,
        alumnus: None,
        issued_at: now,
        expires_at: now + TimeDelta::hours(1),
    };
    Keys::open(&config)
        .and_then(|keys| keys.issue(&claims))
        .expect("a development key")
}

criterion_group!(benches, page);
criterion_main!(benches);
