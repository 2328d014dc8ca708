//! Scenarios that only ask.

use std::sync::Arc;

use okaeri_engine::fixtures;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};

use super::client::{N_RECRUITERS, Request, Target};
use super::figures::Report;
use super::open_loop::{self, Plan};

/// Different requests of a scenario, sent in turn.
const N_REQUESTS: usize = 2_000;

/// Different pairs of reader and person: as many first views as four minutes at 100 a second take.
const N_VIEWS: usize = 25_000;

/// What a recruiter's screen of candidates asks for: whom, why, and the words of the profile that show it.
pub(super) const CANDIDATES: &str =
    "query($id: String!) { opportunity(externalId: $id) { candidates(first: 20) {
    totalCount edges { rank node { id externalId name { kanji } headline }
    match { score base summary contributions { feature value text evidence { field snippet } }
      requirements { text isMustHave status } pointsToConfirm } } } } }";

const NODE: &str =
    "query($id: ID!) { node(id: $id) { id ... on Opportunity { title kind status prefecture } } }";

const PERSON: &str =
    "query($id: ID!) { node(id: $id) { id ... on Alumnus { name { kanji } headline prefecture } } }";

const EDGES: &str = "query($after: String) { alumni(first: 20, after: $after) { edges { cursor
    node { id name { kanji } tenures { department title from to } careerAfter { organization title from } } } } }";

const SEARCH: &str = "query($query: String) { alumni(query: $query, first: 20) { totalCount
    edges { node { id name { kanji } headline } searchMatch { reasons snippets { snippet } } } } }";

const FEED: &str = "{ viewer { opportunityFeed(first: 20) { totalCount edges { rank node { id title kind }
    match { score summary contributions { feature value text } } } } } }";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// Recruiters ask for the first 20 candidates of different roles, explained with evidence.
    Candidates,
    /// Recruiters read one opportunity.
    Node,
    /// Recruiters open one person each for the first time today, which is recorded before the answer.
    Person,
    /// Recruiters list 20 people with the two lists of jobs of each.
    Edges,
    /// Recruiters search people by one or two Japanese words.
    Search,
    /// Alumni ask for the first 20 of their own feed.
    Feed,
}

impl Read {
    fn name(self) -> &'static str {
        match self {
            Self::Candidates => "candidates, 20 explained",
            Self::Node => "node",
            Self::Person => "person, first opened",
            Self::Edges => "20 edges, two relations",
            Self::Search => "typed search",
            Self::Feed => "feed",
        }
    }

    /// Where an answer has what makes it one: a list that is not empty, or an object.
    fn pointer(self) -> &'static str {
        match self {
            Self::Candidates => "/data/opportunity/candidates/edges",
            Self::Node | Self::Person => "/data/node",
            Self::Edges | Self::Search => "/data/alumni/edges",
            Self::Feed => "/data/viewer/opportunityFeed/edges",
        }
    }

    async fn requests(self, target: &Target, random: &mut StdRng) -> Vec<Request> {
        match self {
            Self::Candidates => {
                let roles = target.roles().await.into_iter();
                by_recruiters(target, CANDIDATES, roles.map(|(_, number)| json!({"id": number})))
            }
            Self::Node => {
                let roles = target.roles().await.into_iter();
                by_recruiters(target, NODE, roles.map(|(id, _)| json!({"id": id})))
            }
            Self::Person => {
                let people = target.people().await.ids;
                let pairs = (0..N_RECRUITERS).flat_map(|n| people.iter().map(move |id| (n, id)));
                pairs
                    .take(N_VIEWS)
                    .map(|(n, id)| Request::new(target.recruiter(n), PERSON, &json!({"id": id})))
                    .collect()
            }
            Self::Edges => {
                let cursors = target.people().await.cursors.into_iter().map(Value::String);
                let pages = std::iter::once(Value::Null).chain(cursors);
                by_recruiters(target, EDGES, pages.map(|after| json!({"after": after})))
            }
            Self::Search => {
                let queries = queries(random).into_iter();
                by_recruiters(target, SEARCH, queries.map(|query| json!({"query": query})))
            }
            Self::Feed => {
                let numbers = target.people().await.numbers;
                let feed = |number: &String| Request::new(&target.alumnus(number), FEED, &Value::Null);
                numbers.iter().take(N_REQUESTS).map(feed).collect()
            }
        }
    }
}

/// Times that a first answer is asked for again: four seconds each, for a company of 100,000.
const FIRST_ANSWERS_MAX: usize = 30;

pub(crate) async fn run(target: &Arc<Target>, read: Read, plan: Plan, seed: u64, report: &mut Report) {
    let mut random = StdRng::seed_from_u64(seed);
    let mut requests = read.requests(target, &mut random).await;
    let mut first = target.send_to(0, &requests[0]).await;
    // The first feed of a company waits for what all opportunities score on average. What it finds in its time is kept.
    for _ in 0..FIRST_ANSWERS_MAX {
        if first.is_ok() {
            break;
        }
        first = target.send_to(0, &requests[0]).await;
    }
    let first = first.unwrap_or_else(|code| panic!("{}: the first answer is {code}", read.name()));
    assert!(
        is_answer(&first, read.pointer()),
        "{}: nothing in {first}",
        read.name()
    );
    requests.shuffle(&mut random);
    let asked = Arc::clone(target);
    let mut timed = open_loop::run(read.name(), plan, move |n| {
        let (target, request) = (Arc::clone(&asked), requests[n % requests.len()].clone());
        async move { target.send(request).await }
    })
    .await;
    timed.resident_bytes = target.resident_bytes();
    report.push(timed);
}

fn by_recruiters(target: &Target, document: &str, variables: impl Iterator<Item = Value>) -> Vec<Request> {
    let requests = variables.take(N_REQUESTS).enumerate();
    requests
        .map(|(n, variables)| Request::new(target.recruiter(n), document, &variables))
        .collect()
}

/// One or two words that offers of the seeded companies ask for.
fn queries(random: &mut StdRng) -> Vec<String> {
    let mut words: Vec<String> = fixtures::opportunities(1, 1_000)
        .into_iter()
        .flat_map(|offer| offer.required_skills)
        .collect();
    words.sort();
    words.dedup();
    let single = words.iter().cloned();
    let mut queries: Vec<String> = single.collect();
    for _ in 0..words.len() {
        let mut word = || &words[random.random_range(0..words.len())];
        queries.push(format!("{} {}", word(), word()));
    }
    queries
}

fn is_answer(text: &str, pointer: &str) -> bool {
    let Ok(answer) = serde_json::from_str::<Value>(text) else {
        return false;
    };
    match answer.pointer(pointer) {
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(_)) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_asks_for_the_same_words() {
        let of = |seed| queries(&mut StdRng::seed_from_u64(seed));
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
        assert!(of(1).len() > 100);
    }

    #[test]
    fn an_answer_has_something_at_its_place() {
        let pointer = Read::Search.pointer();
        assert!(is_answer(r#"{"data":{"alumni":{"edges":[{}]}}}"#, pointer));
        for nothing in [
            r#"{"data":{"alumni":{"edges":[]}}}"#,
            r#"{"data":null}"#,
            "no JSON",
        ] {
            assert!(!is_answer(nothing, pointer), "{nothing}");
        }
    }
}
