//! People who go on asking while something breaks, and what each of them was told.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::harness::Person;

/// A request that has no answer by then hangs: several times what anything may take.
const HANG: Duration = Duration::from_secs(30);
/// How long a client waits before it asks again; much less than `Retry-After` says, to be in the way.
const AGAIN_AFTER: Duration = Duration::from_millis(20);

/// What one request was told.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    pub(super) status: u16,
    /// Of the first error; empty without one.
    pub(super) code: String,
    pub(super) has_retry_after: bool,
    pub(super) took: Duration,
    pub(super) data: Value,
}

/// Asks once; `Err` when the server is not there.
pub(super) async fn attempt(
    person: &Person,
    document: &str,
    variables: Value,
) -> Result<Attempt, reqwest::Error> {
    let body = json!({"query": document, "variables": variables}).to_string();
    let asked_at = Instant::now();
    let sent = async {
        let response = person.request().body(body).send().await?;
        let status = response.status().as_u16();
        let has_retry_after = response.headers().contains_key("retry-after");
        Ok::<_, reqwest::Error>((status, has_retry_after, response.text().await?))
    };
    let (status, has_retry_after, text) = match tokio::time::timeout(HANG, sent).await {
        Ok(answered) => answered?,
        Err(_) => panic!("no answer in {HANG:?}: {document}"),
    };
    let took = asked_at.elapsed();
    let mut body: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status} {text}"));
    let code = body["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or_default();
    Ok(Attempt {
        status,
        code: code.to_owned(),
        has_retry_after,
        took,
        data: body["data"].take(),
    })
}

/// What was tried, by whom or what it was tried on.
type Attempts = Vec<(String, Vec<Attempt>)>;

/// People who create drafts, and people who read a ranking, each one request after the other.
pub(super) struct Load {
    is_over: Arc<AtomicBool>,
    n_answers: Arc<AtomicUsize>,
    writers: Vec<JoinHandle<Attempts>>,
    readers: Vec<JoinHandle<Vec<Attempt>>>,
}

/// What all of them were told.
pub(super) struct Told {
    /// By the key of the draft, the last of which succeeded.
    pub(super) writes: BTreeMap<String, Vec<Attempt>>,
    pub(super) reads: Vec<Attempt>,
}

pub(super) const CREATE: &str = "mutation($input: CreateRoleInput!) { createRole(input: $input) {
    opportunity { id } userErrors { code message } } }";
pub(super) const RANK: &str =
    "{ opportunity(externalId: \"r01\") { candidates(first: 5) { totalCount nodes { externalId } } } }";

pub(super) fn draft(key: &str) -> Value {
    json!({"input": {
        "idempotencyKey": key, "title": format!("役割 {key}"), "description": "在庫管理", "remote": "REMOTE"
    }})
}

impl Load {
    /// Starts so many of each; `name` makes keys that no other load has.
    pub(super) fn start(person: &Person, name: &str, n_each: usize) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let n_answers = Arc::new(AtomicUsize::new(0));
        let writer = |n: usize| {
            let (person, name) = (person.clone(), format!("{name}-{n}"));
            let (is_over, n_answers) = (Arc::clone(&is_over), Arc::clone(&n_answers));
            tokio::spawn(async move {
                let mut written = Vec::new();
                while !is_over.load(Ordering::SeqCst) {
                    let key = format!("{name}-{}", written.len());
                    let mut attempts = Vec::new();
                    // The same key until it is done: a client that retries.
                    loop {
                        let told = attempt(&person, CREATE, draft(&key)).await.unwrap();
                        let is_done = told.code.is_empty();
                        attempts.push(told);
                        if is_done {
                            break;
                        }
                        tokio::time::sleep(AGAIN_AFTER).await;
                    }
                    n_answers.fetch_add(1, Ordering::SeqCst);
                    written.push((key, attempts));
                }
                written
            })
        };
        let reader = |_: usize| {
            let person = person.clone();
            let (is_over, n_answers) = (Arc::clone(&is_over), Arc::clone(&n_answers));
            tokio::spawn(async move {
                let mut told = Vec::new();
                while !is_over.load(Ordering::SeqCst) {
                    let read = attempt(&person, RANK, Value::Null).await.unwrap();
                    if read.code.is_empty() {
                        n_answers.fetch_add(1, Ordering::SeqCst);
                    } else {
                        tokio::time::sleep(AGAIN_AFTER).await;
                    }
                    told.push(read);
                }
                told
            })
        };
        Self {
            writers: (0..n_each).map(writer).collect(),
            readers: (0..n_each).map(reader).collect(),
            is_over,
            n_answers,
        }
    }

    /// Waits until so many more requests have succeeded: the server serves.
    pub(super) async fn serves(&self, n_more: usize) {
        let asked_at = Instant::now();
        let enough = self.n_answers.load(Ordering::SeqCst) + n_more;
        while self.n_answers.load(Ordering::SeqCst) < enough {
            assert!(asked_at.elapsed() < HANG, "the server does not recover");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Ends when each has been told that its last request succeeded.
    pub(super) async fn end(self) -> Told {
        self.is_over.store(true, Ordering::SeqCst);
        let mut writes = BTreeMap::new();
        for writer in self.writers {
            writes.extend(writer.await.unwrap());
        }
        let mut reads = Vec::new();
        for reader in self.readers {
            reads.extend(reader.await.unwrap());
        }
        Told { writes, reads }
    }
}

impl Told {
    fn attempts(&self) -> impl Iterator<Item = &Attempt> {
        self.writes.values().flatten().chain(&self.reads)
    }

    /// Whoever was not served was told so in the documented way and in time. [`Told::n_failed`] says
    /// whether anybody was not.
    ///
    /// - `took_max`: the limit, and what a busy machine adds
    pub(super) fn assert_told_well(&self, what: &str, took_max: Duration) {
        let mut by_code: BTreeMap<(u16, &str), (usize, Duration)> = BTreeMap::new();
        for attempt in self.attempts() {
            let (n, slowest) = by_code
                .entry((attempt.status, attempt.code.as_str()))
                .or_default();
            *n += 1;
            *slowest = attempt.took.max(*slowest);
        }
        // Shown when it fails, and with --no-capture.
        println!("{what}: status, code: how many, the slowest: {by_code:?}");
        for attempt in self.attempts() {
            match attempt.code.as_str() {
                "" => assert_eq!(attempt.status, 200, "{attempt:?}"),
                "UNAVAILABLE" => {
                    // 503 unless some of the answer is there.
                    let expected = if attempt.data.is_null() { 503 } else { 200 };
                    assert_eq!(attempt.status, expected, "{attempt:?}");
                    assert!(attempt.has_retry_after, "{attempt:?}");
                }
                "TIMEOUT" => {}
                _ => panic!("{what}: not a code to retry by: {attempt:?}"),
            }
            assert!(attempt.took < took_max, "{what}: {attempt:?}");
        }
    }

    pub(super) fn n_failed(&self) -> usize {
        self.attempts().filter(|attempt| !attempt.code.is_empty()).count()
    }
}
