//! How soon a change shows: text in searches, a withdrawn consent in the next list of candidates, while many people write.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use okaeri_engine::fixtures;
use serde_json::{Value, json};
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::client::{Request, Target};
use super::figures::{Report, Timed};
use super::open_loop::{self, Plan};

/// Written texts a second that are searched for until they are found: so few that searching is not what is measured, since
/// each search is recorded, and its record is a write like those that are measured.
const TEXTS_LOOKED_FOR_PER_S: f64 = 2.0;

/// How long a search that did not find the text is followed by the next: what the time until it is found is known to.
const SEARCH_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// How long a text is searched for: ten times what is wanted.
const PATIENCE: Duration = Duration::from_secs(10);

/// Withdrawals a second; each is followed by a ranking at every server.
const WITHDRAWALS_PER_S: f64 = 1.0;

const WRITE: &str = "mutation($input: UpdateMyProfileInput!) { updateMyProfile(input: $input) {
    userErrors { code } } }";

const SEARCH: &str = "query($query: String) { alumni(query: $query, first: 5) { nodes { externalId } } }";

const WITHDRAW: &str = "mutation { withdrawConsent(input: {purpose: REHIRE}) { userErrors { code } } }";

const CANDIDATES: &str =
    "query($id: String!) { opportunity(externalId: $id) { candidates(first: 20) { nodes { externalId } } } }";

/// What was seen of one kind of change.
#[derive(Debug, Default)]
struct Seen(Mutex<(Vec<Duration>, BTreeMap<String, usize>)>);

impl Seen {
    fn note(&self, outcome: Result<Duration, String>) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(took) => seen.0.push(took),
            Err(code) => *seen.1.entry(code).or_default() += 1,
        }
    }

    fn timed(&self, what: &'static str, rate: f64, lasted: Duration) -> Timed {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut took, errors) = std::mem::take(&mut *seen);
        took.sort_unstable();
        Timed {
            what,
            rate,
            reached: took.len() as f64 / lasted.as_secs_f64(),
            took,
            errors,
            resident_bytes: None,
        }
    }
}

pub(crate) async fn run(target: &Arc<Target>, plan: Plan, seed: u64, report: &mut Report) {
    let numbers = Arc::new(target.people().await.numbers);
    let texts: Arc<Vec<String>> = Arc::new(
        fixtures::profiles(seed + 1, 500)
            .into_iter()
            .filter_map(|person| person.profile.summary)
            .collect(),
    );
    let found = Arc::new(Seen::default());
    let refused = Arc::new(Seen::default());
    let every = (plan.rate / TEXTS_LOOKED_FOR_PER_S).round().max(1.0) as usize;
    let salt = word_of(seed.wrapping_add(u64::from(std::process::id())), 6);

    let withdrawing = tokio::spawn(withdraw(Arc::clone(target), plan, Arc::clone(&refused)));
    let (asked, looked_for) = (Arc::clone(target), Arc::clone(&found));
    let started_at = Instant::now();
    let mut written = open_loop::run("write of a profile's text", plan, move |n| {
        let number = numbers[n % numbers.len()].clone();
        let word = format!("zq{salt}{}", word_of(n as u64, 5));
        let summary = format!("{}{word}", texts[n % texts.len()]);
        let (target, found) = (Arc::clone(&asked), Arc::clone(&looked_for));
        let is_looked_for = n >= plan.n_warm_up() && n % every == 0;
        async move {
            let input = json!({"input": {"summary": summary}});
            let request = Request::new(&target.alumnus(&number), WRITE, &input);
            target.send(request).await?;
            if is_looked_for {
                let answered_at = Instant::now();
                tokio::spawn(async move {
                    found.note(find(&target, n, &word, &number, answered_at).await);
                });
            }
            Ok(())
        }
    })
    .await;
    withdrawing.await.expect("withdrawals do not panic");
    let lasted = started_at.elapsed().saturating_sub(plan.warm_up).max(plan.lasts);
    // The last texts may still be looked for.
    while Arc::strong_count(&found) > 1 {
        sleep(SEARCH_AGAIN_AFTER).await;
    }
    let resident_bytes = target.resident_bytes();
    written.resident_bytes = resident_bytes;
    report.push(written);
    let asked_per_s = WITHDRAWALS_PER_S * target.n_servers() as f64;
    for mut timed in [
        found.timed(
            "text found, from the write's answer",
            plan.rate / every as f64,
            lasted,
        ),
        refused.timed("withdrawn, the next answer of each server", asked_per_s, lasted),
    ] {
        timed.resident_bytes = resident_bytes;
        report.push(timed);
    }
}

/// How long it took until every server found the word with the person, the answer included.
async fn find(
    target: &Target,
    n: usize,
    word: &str,
    number: &str,
    answered_at: Instant,
) -> Result<Duration, String> {
    let search = Request::new(target.recruiter(n), SEARCH, &json!({"query": word}));
    for server in 0..target.n_servers() {
        loop {
            let answer = target.send_to(server, &search).await?;
            if names(&answer, "/data/alumni/nodes")
                .iter()
                .any(|found| found == number)
            {
                break;
            }
            if answered_at.elapsed() > PATIENCE {
                return Err("NOT_FOUND".to_owned());
            }
            sleep(SEARCH_AGAIN_AFTER).await;
        }
    }
    Ok(answered_at.elapsed())
}

/// Has the first candidate of one role after the other withdraw, and asks every server at once.
async fn withdraw(target: Arc<Target>, plan: Plan, refused: Arc<Seen>) {
    let roles = target.roles().await;
    sleep(plan.warm_up).await;
    let mut ticks = interval(Duration::from_secs_f64(1.0 / WITHDRAWALS_PER_S));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let n_withdrawals = (plan.lasts.as_secs_f64() * WITHDRAWALS_PER_S) as usize;
    for (n, (_, role)) in roles.iter().cycle().take(n_withdrawals).enumerate() {
        ticks.tick().await;
        let candidates = Request::new(target.recruiter(n), CANDIDATES, &json!({"id": role}));
        if let Err(code) = withdraw_first(&target, &candidates, &refused).await {
            refused.note(Err(code));
        }
    }
}

async fn withdraw_first(target: &Target, candidates: &Request, refused: &Seen) -> Result<(), String> {
    const NODES: &str = "/data/opportunity/candidates/nodes";
    let before = target.send_to(0, candidates).await?;
    let Some(first) = names(&before, NODES).into_iter().next() else {
        return Err("NOBODY".to_owned());
    };
    let withdrawal = Request::new(&target.alumnus(&first), WITHDRAW, &Value::Null);
    target.send(withdrawal).await?;
    // Beside each other: with two servers, the second is not given the time that the first takes.
    let first = &first;
    let answers = (0..target.n_servers()).map(|server| async move {
        let asked_at = Instant::now();
        let answer = target.send_to(server, candidates).await?;
        let shown = names(&answer, NODES);
        if shown.is_empty() {
            return Err("NOBODY".to_owned());
        }
        if shown.contains(first) {
            return Err("STILL_SHOWN".to_owned());
        }
        Ok(asked_at.elapsed())
    });
    for outcome in futures_util::future::join_all(answers).await {
        refused.note(outcome);
    }
    Ok(())
}

/// The numbers of the people in a list of an answer.
fn names(text: &str, pointer: &str) -> Vec<String> {
    let answer: Value = serde_json::from_str(text).unwrap_or_default();
    let nodes = answer.pointer(pointer).and_then(Value::as_array);
    let numbers = nodes.into_iter().flatten().map(|node| &node["externalId"]);
    numbers.filter_map(super::client::text).collect()
}

/// A number in letters, which the analysis keeps together: no word is like it.
fn word_of(number: u64, n_letters: u32) -> String {
    let letter = |place: u32| char::from(b'a' + (number / 26_u64.pow(place) % 26) as u8);
    (0..n_letters).rev().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_numbers_have_one_word() {
        let mut words: Vec<String> = (0..2_000).map(|n| word_of(n, 5)).collect();
        assert_eq!((words[0].as_str(), words[27].as_str()), ("aaaaa", "aaabb"));
        words.sort();
        words.dedup();
        assert_eq!(words.len(), 2_000);
    }

    #[test]
    fn a_list_is_read_by_the_numbers_of_its_people() {
        let text =
            r#"{"data":{"alumni":{"nodes":[{"externalId":"p1"},{"externalId":null},{"externalId":"p3"}]}}}"#;
        assert_eq!(names(text, "/data/alumni/nodes"), ["p1", "p3"]);
        assert!(names("broken", "/data/alumni/nodes").is_empty());
    }
}
