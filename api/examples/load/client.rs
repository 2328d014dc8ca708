//! The servers that are measured, the people who ask, and a request.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use okaeri_api::auth::{Claims, Keys};
use okaeri_api::clock::Clock;
use okaeri_api::config::{Config, Overrides};
use okaeri_engine::domain::Role;
use serde_json::{Value, json};

use super::RunArgs;

/// How long an answer is waited for: longer than a server lets an operation run (`limits.execution_ms`), so that what is
/// given up is a server that does not answer at all.
const PATIENCE: Duration = Duration::from_secs(30);

/// Recruiters who ask in turn: what is kept for each reader is kept for some.
pub(crate) const N_RECRUITERS: usize = 10;

/// People who are asked about and who ask, at most: enough that nobody's second turn finds what the first left in a cache
/// of the day.
const PEOPLE_MAX: usize = 5_000;

/// Rows of a page while people are looked up: the server's own maximum (`limits.page_max`).
const PAGE: usize = 100;

/// One or more servers over the same database.
pub(crate) struct Target {
    client: reqwest::Client,
    urls: Vec<String>,
    pids: Vec<u32>,
    company: String,
    keys: Keys,
    recruiters: Vec<Arc<str>>,
    alumni: Mutex<HashMap<String, Arc<str>>>,
    turn: AtomicUsize,
}

/// People in the order in which they were recorded.
#[derive(Debug, Default)]
pub(crate) struct People {
    /// Their global identifiers.
    pub(crate) ids: Vec<String>,
    /// Their numbers at the company.
    pub(crate) numbers: Vec<String>,
    /// The end of each page of 100 that has another behind it.
    pub(crate) cursors: Vec<String>,
}

/// A request that can be sent any number of times.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    token: Arc<str>,
    body: Arc<str>,
}

impl Request {
    pub(crate) fn new(token: &Arc<str>, document: &str, variables: &Value) -> Self {
        let body = json!({"query": document, "variables": variables}).to_string();
        Self {
            token: Arc::clone(token),
            body: body.into(),
        }
    }
}

impl Target {
    /// Ends the process where a server does not answer a recruiter.
    pub(crate) async fn open(args: &RunArgs) -> Arc<Self> {
        let overrides = Overrides {
            data_dir: Some(args.data_dir.clone()),
            ..Overrides::default()
        };
        let config = Config::load(&overrides, &|_| None).expect("a configuration");
        require_key(&args.data_dir);
        let keys = Keys::open(&config).expect("the development key of the data directory");
        let client = reqwest::Client::builder()
            .timeout(PATIENCE)
            // A socket that waits is cheaper than one that is opened while something is measured.
            .pool_idle_timeout(None)
            .build()
            .expect("a client");
        let mut target = Self {
            client,
            urls: args
                .urls
                .iter()
                .map(|url| url.trim_end_matches('/').to_owned())
                .collect(),
            pids: args.pids.clone(),
            company: args.company.clone(),
            keys,
            recruiters: Vec::new(),
            alumni: Mutex::default(),
            turn: AtomicUsize::new(0),
        };
        let recruiters = 0..N_RECRUITERS;
        target.recruiters = recruiters
            .map(|n| target.token(&format!("load-{n}"), Role::Recruiter, None))
            .collect();
        for server in 0..target.urls.len() {
            target
                .query_at(server, target.recruiter(0), "{ viewer { role } }", &Value::Null)
                .await;
        }
        Arc::new(target)
    }

    /// How many servers.
    pub(crate) fn n_servers(&self) -> usize {
        self.urls.len()
    }

    /// The address of a server.
    pub(crate) fn url(&self, server: usize) -> &str {
        &self.urls[server]
    }

    /// The servers in turn.
    pub(crate) fn next_server(&self) -> usize {
        self.turn.fetch_add(1, Ordering::Relaxed) % self.urls.len()
    }

    /// A recruiter's token.
    pub(crate) fn recruiter(&self, n: usize) -> &Arc<str> {
        &self.recruiters[n % self.recruiters.len()]
    }

    /// The token of a person, by the company's number.
    pub(crate) fn alumnus(&self, number: &str) -> Arc<str> {
        let mut alumni = self.alumni.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = alumni.get(number) {
            return Arc::clone(token);
        }
        let token = self.token(number, Role::Alumnus, Some(number));
        alumni.insert(number.to_owned(), Arc::clone(&token));
        token
    }

    fn token(&self, subject: &str, role: Role, alumnus: Option<&str>) -> Arc<str> {
        let now = Clock::system().now();
        let claims = Claims {
            subject: subject.to_owned(),
            company: self.company.clone(),
            role,
            unit: (role == Role::Recruiter).then(|| "人事部".to_owned()),
            alumnus: alumnus.map(str::to_owned),
            issued_at: now,
            expires_at: now + TimeDelta::hours(24),
        };
        self.keys.issue(&claims).expect("a development key signs").into()
    }

    /// Sends a request to the servers in turn; the code of what went wrong otherwise.
    pub(crate) async fn send(&self, request: Request) -> Result<(), String> {
        self.send_to(self.next_server(), &request).await.map(drop)
    }

    /// The text of an answer without errors, or the code of what went wrong.
    pub(crate) async fn send_to(&self, server: usize, request: &Request) -> Result<String, String> {
        let response = self
            .client
            .post(format!("{}/graphql", self.urls[server]))
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json")
            .bearer_auth(&request.token)
            .body(request.body.as_bytes().to_vec())
            .send()
            .await
            .map_err(code_of)?;
        let status = response.status();
        let text = response.text().await.map_err(code_of)?;
        match error_in(&text) {
            Some(code) => Err(code),
            None if status.is_success() => Ok(text),
            None => Err(format!("HTTP_{}", status.as_u16())),
        }
    }

    /// The data of an answer; ends the process where there is none, for what is asked before something is measured.
    pub(crate) async fn query(&self, token: &Arc<str>, document: &str, variables: &Value) -> Value {
        self.query_at(0, token, document, variables).await
    }

    async fn query_at(&self, server: usize, token: &Arc<str>, document: &str, variables: &Value) -> Value {
        let request = Request::new(token, document, variables);
        let text = self
            .send_to(server, &request)
            .await
            .unwrap_or_else(|code| panic!("{} answers {code} to {document}", self.urls[server]));
        let mut answer: Value = serde_json::from_str(&text).expect("JSON");
        answer["data"].take()
    }

    /// People in the directory, from the first recorded on.
    pub(crate) async fn people(&self) -> People {
        let document = "query($first: Int, $after: String) { alumni(first: $first, after: $after) {
            nodes { id externalId } pageInfo { hasNextPage endCursor } } }";
        let mut people = People::default();
        let mut after = Value::Null;
        loop {
            let variables = json!({"first": PAGE, "after": after});
            let mut data = self.query(self.recruiter(0), document, &variables).await;
            let page = &mut data["alumni"];
            for node in page["nodes"].as_array().into_iter().flatten() {
                people.ids.extend(text(&node["id"]));
                people.numbers.extend(text(&node["externalId"]));
            }
            if page["pageInfo"]["hasNextPage"] != true || people.ids.len() >= PEOPLE_MAX {
                break;
            }
            after = page["pageInfo"]["endCursor"].take();
            people.cursors.extend(text(&after));
        }
        assert!(
            !people.ids.is_empty(),
            "the company {} has nobody in its directory",
            self.company
        );
        people
    }

    /// Identifier and number of the first open roles, 100 at most.
    pub(crate) async fn roles(&self) -> Vec<(String, String)> {
        let document = "query($first: Int) { opportunities(first: $first,
            filter: {kinds: [ROLE], statuses: [OPEN]}) { nodes { id externalId } } }";
        let data = self
            .query(self.recruiter(0), document, &json!({"first": PAGE}))
            .await;
        let nodes = data["opportunities"]["nodes"].as_array().into_iter().flatten();
        let roles: Vec<(String, String)> = nodes
            .filter_map(|node| Some((text(&node["id"])?, text(&node["externalId"])?)))
            .collect();
        assert!(!roles.is_empty(), "the company {} has no open role", self.company);
        roles
    }

    /// What the largest server process holds, in bytes; `None` where no process was named or it cannot be read.
    pub(crate) fn resident_bytes(&self) -> Option<u64> {
        self.pids.iter().filter_map(|pid| resident_bytes(*pid)).max()
    }
}

/// Without it a key would be made that no server knows.
fn require_key(data_dir: &Path) {
    let key = data_dir.join("development-key.pem");
    assert!(
        key.is_file(),
        "{} is missing: name the data directory of a server in development",
        key.display()
    );
}

/// `VmRSS` of a process, where there is `/proc`.
fn resident_bytes(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1_024)
}

fn code_of(error: reqwest::Error) -> String {
    let code = if error.is_timeout() {
        "NO_ANSWER"
    } else if error.is_connect() {
        "NO_CONNECTION"
    } else {
        "BROKEN_ANSWER"
    };
    code.to_owned()
}

/// The code of the first error in an answer, of the request or of what a mutation was given. The text is searched and not
/// parsed, which would take the client longer than all else; within a string of JSON these marks would be escaped.
fn error_in(text: &str) -> Option<String> {
    let errors = text
        .find("\"errors\":[{")
        .or_else(|| text.find("\"userErrors\":[{"))?;
    let rest = &text[errors..];
    let code = rest
        .split_once("\"code\":\"")
        .and_then(|(_, rest)| rest.split('"').next());
    Some(code.unwrap_or("NO_CODE").to_owned())
}

/// A text of JSON.
pub(crate) fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_found_by_their_code_and_data_is_no_error() {
        let refused = r#"{"errors":[{"message":"too many","extensions":{"code":"RATE_LIMITED"}}]}"#;
        assert_eq!(error_in(refused).as_deref(), Some("RATE_LIMITED"));
        let wrong = r#"{"data":{"updateMyProfile":{"userErrors":[{"code":"TOO_LONG"}]}}}"#;
        assert_eq!(error_in(wrong).as_deref(), Some("TOO_LONG"));
        let done = r#"{"data":{"updateMyProfile":{"userErrors":[]},"text":"\"errors\":[{"}}"#;
        assert_eq!(error_in(done), None);
    }
}
