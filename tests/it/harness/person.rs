//! Somebody who speaks GraphQL to the server over HTTP.

use std::net::SocketAddr;

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use super::socket::Socket;

/// A person with or without a token.
#[derive(Clone)]
pub(crate) struct Person {
    client: Client,
    address: SocketAddr,
    token: Option<String>,
    language: &'static str,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// A page of candidates or of a feed, in the company's own numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ranked {
    pub(crate) ids: Vec<String>,
    pub(crate) cursors: Vec<String>,
    pub(crate) total: u64,
    pub(crate) has_next: bool,
    pub(crate) has_previous: bool,
}

impl Answer {
    /// The code of the first error; empty without one.
    pub(crate) fn code(&self) -> &str {
        self.body["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_default()
    }

    pub(crate) fn message(&self) -> &str {
        self.body["errors"][0]["message"].as_str().unwrap_or_default()
    }

    /// The answer without what differs from request to request.
    pub(crate) fn comparable(&self) -> String {
        let mut body = self.body.clone();
        for error in body["errors"].as_array_mut().into_iter().flatten() {
            if let Some(extensions) = error["extensions"].as_object_mut() {
                extensions.remove("requestId");
            }
        }
        format!("{} {body}", self.status)
    }
}

impl Person {
    pub(crate) fn new(client: Client, address: SocketAddr, token: Option<String>) -> Self {
        Self {
            client,
            address,
            token,
            language: "ja",
        }
    }

    pub(crate) fn in_english(&self) -> Self {
        Self {
            language: "en",
            ..self.clone()
        }
    }

    pub(crate) fn request(&self) -> RequestBuilder {
        let request = self
            .client
            .post(format!("http://{}/graphql", self.address))
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json")
            .header("accept-language", self.language);
        match &self.token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        }
    }

    /// Asks, whatever the answer is; a 5xx is none.
    pub(crate) async fn ask(&self, document: &str, variables: Value) -> Answer {
        let body = json!({"query": document, "variables": variables}).to_string();
        let response = self.request().body(body).send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        assert!(status < 500, "{status} {text}");
        let body = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status} {text}"));
        Answer { status, body }
    }

    /// The data of an answer without errors.
    pub(crate) async fn query(&self, document: &str, variables: Value) -> Value {
        let mut answer = self.ask(document, variables).await;
        assert!(answer.body.get("errors").is_none(), "{document}: {}", answer.body);
        answer.body["data"].take()
    }

    /// Runs `mutation { name(input: …) { selection userErrors { … } } }`, whatever the answer is.
    pub(crate) async fn try_mutate(&self, name: &str, input: Value, selection: &str) -> Answer {
        let (first, rest) = name.split_at(1);
        let document = format!(
            "mutation($input: {}{rest}Input!) {{ {name}(input: $input) {{ {selection} \
             userErrors {{ code message field }} }} }}",
            first.to_uppercase()
        );
        self.ask(&document, json!({"input": input})).await
    }

    /// The payload of a mutation, with or without user errors.
    pub(crate) async fn payload(&self, name: &str, input: Value, selection: &str) -> Value {
        let mut answer = self.try_mutate(name, input, selection).await;
        assert!(answer.body.get("errors").is_none(), "{name}: {}", answer.body);
        answer.body["data"][name].take()
    }

    /// The payload of a mutation that was done.
    pub(crate) async fn mutate(&self, name: &str, input: Value, selection: &str) -> Value {
        let payload = self.payload(name, input, selection).await;
        assert_eq!(payload["userErrors"], json!([]), "{name}");
        payload
    }

    /// The codes of what was wrong with a mutation's input.
    pub(crate) async fn user_errors(&self, name: &str, input: Value) -> Vec<String> {
        let payload = self.payload(name, input, "").await;
        let errors = payload["userErrors"].as_array().unwrap();
        errors.iter().map(|error| text(&error["code"])).collect()
    }

    /// The global id of an opportunity with the company's own number.
    pub(crate) async fn opportunity_id(&self, external_id: &str) -> String {
        let document = "query($id: String!) { opportunity(externalId: $id) { id } }";
        text(&self.query(document, json!({"id": external_id})).await["opportunity"]["id"])
    }

    /// The global id of a person with the company's own number.
    pub(crate) async fn alumnus_id(&self, external_id: &str) -> String {
        let document = "query($id: String!) { alumnus(externalId: $id) { id } }";
        text(&self.query(document, json!({"id": external_id})).await["alumnus"]["id"])
    }

    /// A page of candidates; `paging` is like `first: 2`, or empty.
    pub(crate) async fn candidates(&self, opportunity: &str, paging: &str) -> Ranked {
        let document = format!(
            "query($id: String!) {{ opportunity(externalId: $id) {{ candidates{} {{ {RANKED} }} }} }}",
            arguments(paging)
        );
        let data = self.query(&document, json!({"id": opportunity})).await;
        Ranked::read(&data["opportunity"]["candidates"])
    }

    /// A page of the own feed.
    pub(crate) async fn feed(&self, paging: &str) -> Ranked {
        let document = format!(
            "{{ viewer {{ opportunityFeed{} {{ {RANKED} }} }} }}",
            arguments(paging)
        );
        let data = self.query(&document, Value::Null).await;
        Ranked::read(&data["viewer"]["opportunityFeed"])
    }

    /// The names that a search of the directory finds, best first.
    pub(crate) async fn search(&self, words: &str) -> Vec<String> {
        let document =
            "query($words: String) { alumni(query: $words, first: 100) { nodes { name { kanji } } } }";
        let data = self.query(document, json!({"words": words})).await;
        let nodes = data["alumni"]["nodes"].as_array().unwrap();
        nodes.iter().map(|node| text(&node["name"]["kanji"])).collect()
    }

    /// A socket on which this person is signed in.
    pub(crate) async fn socket(&self) -> Socket {
        Socket::open(self.address, self.token.as_deref()).await
    }

    /// The code with which this person's socket is closed.
    pub(crate) async fn refused_socket(&self) -> u16 {
        Socket::refused(self.address, self.token.as_deref()).await
    }
}

/// What [`Ranked`] reads.
const RANKED: &str =
    "edges { cursor node { externalId } } totalCount pageInfo { hasNextPage hasPreviousPage }";

impl Ranked {
    fn read(connection: &Value) -> Self {
        let edges = connection["edges"]
            .as_array()
            .unwrap_or_else(|| panic!("{connection}"));
        Self {
            ids: edges
                .iter()
                .map(|edge| text(&edge["node"]["externalId"]))
                .collect(),
            cursors: edges.iter().map(|edge| text(&edge["cursor"])).collect(),
            total: connection["totalCount"].as_u64().unwrap(),
            has_next: connection["pageInfo"]["hasNextPage"].as_bool().unwrap(),
            has_previous: connection["pageInfo"]["hasPreviousPage"].as_bool().unwrap(),
        }
    }
}

fn arguments(paging: &str) -> String {
    if paging.is_empty() {
        String::new()
    } else {
        format!("({paging})")
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}
