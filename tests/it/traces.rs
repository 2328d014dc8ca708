//! Traces: a collector sees what a request did, and nothing of whom it was about.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use okaeri_api::config::Config;
use okaeri_api::telemetry::{self, Traces};
use okaeri_api::worker::run_jobs;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Attribute;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use prost::Message as _;
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

use crate::harness::{AOBA, Logged, Person, TestApp, alumnus, is_alone, on_both_databases, role, token};

on_both_databases! {
    a_request_is_a_trace_of_its_steps_and_tells_nothing_of_people;
    a_collector_that_hangs_costs_nobody_an_answer;
}

/// Attributes that are numbers; the others are texts.
const NUMBERS: [&str; 5] = [
    "http.response.status_code",
    "db.statements",
    "db.elapsed_ms",
    "n_pairs",
    "job.attempt",
];

/// A collector that keeps what it is sent.
struct Collector {
    address: String,
    bodies: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let bodies: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let kept = Arc::clone(&bodies);
        // It ends with the process.
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let body = received(&connection.unwrap());
                kept.lock().unwrap().push(body);
            }
        });
        Self { address, bodies }
    }

    /// One that takes connections and says nothing.
    fn that_hangs() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let open: Vec<TcpStream> = listener.incoming().map(Result::unwrap).collect();
            drop(open);
        });
        address
    }

    /// What was sent, as text as far as it is text.
    fn text(&self) -> String {
        let bodies = self.bodies.lock().unwrap();
        let texts = bodies
            .iter()
            .map(|body| String::from_utf8_lossy(body).into_owned());
        texts.collect()
    }

    fn spans(&self) -> Vec<Span> {
        let mut found = Vec::new();
        for body in self.bodies.lock().unwrap().iter() {
            let request = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
            for of_resource in request.resource_spans {
                let resource = of_resource.resource.unwrap();
                let service: BTreeMap<String, String> = resource
                    .attributes
                    .into_iter()
                    .map(|pair| (pair.key, shown(pair.value.and_then(|value| value.value))))
                    .collect();
                assert_eq!(service["service.name"], "okaeri-test");
                assert_eq!(service.len(), 2, "name and version: {service:?}");
                found.extend(of_resource.scope_spans.into_iter().flat_map(|of| of.spans));
            }
        }
        found
    }
}

/// The body of a request of traces, which is answered.
fn received(mut connection: &TcpStream) -> Vec<u8> {
    let mut reader = BufReader::new(connection);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim() {
            "" => break,
            line => head.push(line.to_ascii_lowercase()),
        }
    }
    assert_eq!(head[0], "post /v1/traces http/1.1");
    assert!(
        head.contains(&"content-type: application/x-protobuf".to_owned()),
        "{head:?}"
    );
    let length = head.iter().find_map(|line| line.strip_prefix("content-length:"));
    let mut body = vec![0; length.unwrap().trim().parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    connection
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        .unwrap();
    body
}

fn shown(value: Option<Attribute>) -> String {
    match value {
        Some(Attribute::StringValue(text)) => text,
        Some(Attribute::IntValue(number)) => number.to_string(),
        other => panic!("texts and whole numbers are all there is, not {other:?}"),
    }
}

fn attributes(span: &Span) -> BTreeMap<&str, String> {
    let pairs = span.attributes.iter();
    pairs
        .map(|pair| {
            let value = pair.value.clone().and_then(|value| value.value);
            (pair.key.as_str(), shown(value))
        })
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn with_name<'a>(spans: &'a [Span], name: &str) -> Vec<&'a Span> {
    spans.iter().filter(|span| span.name == name).collect()
}

fn only<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let found = with_name(spans, name);
    assert_eq!(found.len(), 1, "{name}");
    found[0]
}

/// Names of the spans directly within one, sorted.
fn within<'a>(spans: &'a [Span], outer: &Span) -> Vec<&'a str> {
    let mut names = Vec::new();
    for span in spans.iter().filter(|span| span.parent_span_id == outer.span_id) {
        assert_eq!(span.trace_id, outer.trace_id, "{}", span.name);
        names.push(span.name.as_str());
    }
    names.sort_unstable();
    names
}

fn tracing_to(address: String) -> impl FnOnce(&mut Config) {
    |config| {
        config.traces.otlp_endpoint = Some(address);
        config.traces.service_name = "okaeri-test".to_owned();
        config.traces.trusted_callers = vec!["127.0.0.1".parse().unwrap()];
    }
}

/// Starts lines and traces, and has a test that fails say so as others do.
fn start<W>(config: &Config, writer: W) -> Traces
where
    W: for<'line> MakeWriter<'line> + Send + Sync + 'static,
{
    let hook = std::panic::take_hook();
    let traces = telemetry::start_with(config, writer).unwrap();
    std::panic::set_hook(hook);
    traces.expect("an endpoint is set")
}

/// Asks as part of a caller's trace; the request's identifier.
async fn ask_within(person: &Person, traceparent: &str, document: &str, variables: Value) -> String {
    let body = json!({"query": document, "variables": variables}).to_string();
    let request = person.request().header("traceparent", traceparent).body(body);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    let answer: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(answer.get("errors"), None);
    id
}

/// What one who calls with a `traceparent` has begun.
const CALLERS_TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLERS_SPAN: &str = "00f067aa0ba902b7";

const CANDIDATES: &str = "query CandidatesOfRole($id: String!) { opportunity(externalId: $id) {
    candidates(first: 5) { edges { node { name { kanji } } match { score summary } } } } }";

async fn a_request_is_a_trace_of_its_steps_and_tells_nothing_of_people(app: &TestApp) {
    if !is_alone() {
        return;
    }
    let collector = Collector::start();
    let traced = app.beside(tracing_to(collector.address.clone())).await;
    let logged = Logged::default();
    let writer = logged.clone();
    let mut config = traced.app.config.clone();
    config.telemetry.log = "trace,hyper=off,hyper_util=off,reqwest=off".to_owned();
    let traces = start(&config, move || writer.clone());

    let person = alumnus("a001")
        .set("name", "秘密 太郎")
        .set("email", "himitsu@example.jp")
        .set("summary", "極秘計画の決算を担当しました。");
    traced.import(&[person, role("r01")]).await;
    traced.index().await;
    let recruiter = traced.recruiter();
    let person_id = recruiter.alumnus_id("a001").await;

    let parent = |trace: &str, flags: &str| format!("00-{trace}-{CALLERS_SPAN}-{flags}");
    let request_id = ask_within(
        &recruiter,
        &parent(CALLERS_TRACE, "01"),
        CANDIDATES,
        json!({"id": "r01"}),
    )
    .await;
    let unrecorded = CALLERS_TRACE.replace('4', "5");
    ask_within(
        &recruiter,
        &parent(&unrecorded, "00"),
        CANDIDATES,
        json!({"id": "r01"}),
    )
    .await;
    // The other server follows nobody, and what it does is its own trace.
    let unfollowed = CALLERS_TRACE.replace('4', "6");
    ask_within(
        &app.recruiter(),
        &parent(&unfollowed, "01"),
        CANDIDATES,
        json!({"id": "r01"}),
    )
    .await;

    let typed = "query Typed($words: String) { alumni(query: $words) { nodes { name { kanji } } } }";
    recruiter
        .query(typed, json!({"words": "太郎さんの極秘計画"}))
        .await;
    traced.alumnus("a001").feed("").await;
    let address = json!({"company": AOBA, "email": "himitsu@example.jp"});
    traced.nobody().mutate("requestSignInLink", address, "").await;
    run_jobs(&traced.app).await.unwrap();
    let link = token(&traced.mails()[0]);
    let session = traced
        .nobody()
        .mutate("signIn", json!({"token": link}), "token")
        .await;
    let session = session["token"].as_str().unwrap().to_owned();
    let export = traced
        .with_token(&session)
        .mutate("exportMyData", json!({}), "url")
        .await;
    let url = export["url"].as_str().unwrap();
    assert_eq!(traced.download(url).await.0, 200);
    let (_, export) = url.rsplit_once('/').unwrap();
    assert_eq!(
        traced.download("/himitsu?query=himitsu").await.0,
        404,
        "a path that is none"
    );
    assert_eq!(traced.download("/healthz").await.0, 200);
    let altered = format!("{session}x");
    let nobody = traced.with_token(&altered);
    assert_eq!(nobody.ask("{ viewer { role } }", Value::Null).await.status, 401);
    traces.stop();
    traced.stop().await;
    let spans = collector.spans();

    // A caller's trace goes on here.
    let of_caller: Vec<&Span> = spans
        .iter()
        .filter(|span| hex(&span.trace_id) == CALLERS_TRACE)
        .collect();
    let http = of_caller
        .iter()
        .find(|span| hex(&span.parent_span_id) == CALLERS_SPAN)
        .unwrap();
    assert_eq!(
        (http.name.as_str(), http.kind),
        ("POST /graphql", SpanKind::Server as i32)
    );
    let of_http = attributes(http);
    for (name, expected) in [
        ("http.request.method", "POST"),
        ("http.route", "/graphql"),
        ("http.response.status_code", "200"),
        ("request.id", request_id.as_str()),
        ("graphql.code", "none"),
    ] {
        assert_eq!(of_http[name], expected, "{name}");
    }
    assert_eq!(within(&spans, http), ["authenticate", "query CandidatesOfRole"]);
    let graphql = of_caller
        .iter()
        .find(|span| span.name == "query CandidatesOfRole")
        .unwrap();
    let of_graphql = attributes(graphql);
    for (name, expected) in [
        ("graphql.operation.type", "query"),
        ("graphql.operation.name", "CandidatesOfRole"),
        ("graphql.code", "none"),
        ("company.slug", AOBA),
        ("viewer.role", "RECRUITER"),
    ] {
        assert_eq!(of_graphql[name], expected, "{name}");
    }
    // The opportunity is read behind a barrier, and its list behind another.
    assert_eq!(
        within(&spans, graphql),
        ["barrier", "barrier", "explain", "rank", "record"]
    );
    let step = |name: &str| *of_caller.iter().find(|span| span.name == name).unwrap();
    assert_eq!(
        within(&spans, step("rank")),
        ["extract", "filter", "rerank", "score"]
    );
    assert_eq!(attributes(step("explain"))["n_pairs"], "1");

    // Statements count for the step that makes them and for all around it.
    let n_statements = |span: &Span| attributes(span)["db.statements"].parse::<u64>().unwrap();
    let n_statements_of = |name: &str| -> u64 {
        let named = of_caller.iter().filter(|span| span.name == name);
        named.map(|span| n_statements(span)).sum()
    };
    let (barriers, record) = (n_statements_of("barrier"), n_statements_of("record"));
    assert!(barriers > 0 && record > 0);
    assert_eq!(n_statements_of("rank"), 0);
    assert!(
        n_statements(graphql) > barriers + record,
        "the page is loaded besides"
    );
    assert!(
        n_statements(http) > n_statements(graphql),
        "who asks is looked up besides"
    );

    // Whose trace is followed, and what is recorded.
    assert!(!spans.iter().any(|span| hex(&span.trace_id) == unrecorded));
    assert!(!spans.iter().any(|span| hex(&span.trace_id) == unfollowed));
    assert_eq!(with_name(&spans, "query CandidatesOfRole").len(), 2);

    // The other parts.
    assert_eq!(
        within(&spans, only(&spans, "query Typed")),
        ["barrier", "record", "retrieve"]
    );
    let names: BTreeSet<&str> = spans.iter().map(|span| span.name.as_str()).collect();
    assert!(names.contains("GET /export/{token}"), "{names:?}");
    assert_eq!(
        attributes(only(&spans, "GET"))["http.response.status_code"],
        "404"
    );
    let refused: Vec<&Span> = spans
        .iter()
        .filter(|span| attributes(span).get("graphql.code").map(String::as_str) == Some("UNAUTHENTICATED"))
        .collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(within(&spans, refused[0]), ["authenticate"]);
    let job = only(&spans, "job notice");
    assert_eq!(job.parent_span_id, Vec::<u8>::new(), "nobody waits for it");
    assert_eq!(job.kind, SpanKind::Consumer as i32);
    assert_eq!(attributes(job)["job.outcome"], "done");
    assert!(n_statements(job) > 0);

    assert_nothing_else_is_told(&spans);
    let sent = collector.text();
    let payload = session.split('.').nth(1).unwrap();
    for secret in [
        "秘密",
        "太郎",
        "極秘",
        "決算",
        "himitsu",
        "SELECT",
        "alumni(",
        session.as_str(),
        payload,
        link.as_str(),
        export,
        person_id.as_str(),
        "127.0.0.1",
    ] {
        assert!(!sent.contains(secret), "{secret}");
    }

    // Lines name the trace, and are not crowded by its steps.
    let log = logged.take();
    let line = log
        .lines()
        .find(|line| line.contains(&format!("request {request_id} answered 200")))
        .unwrap();
    assert!(line.contains(CALLERS_TRACE), "{line}");
    assert!(
        !log.contains("authenticate{") && !log.contains("barrier{"),
        "{line}"
    );
}

/// Names and attributes are those that the handbook lists, and there is nothing beside them.
fn assert_nothing_else_is_told(spans: &[Span]) {
    let handbook =
        std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/OPERATIONS.md"))
            .unwrap();
    let (_, section) = handbook.split_once("\n## Traces\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let listed = section.split('`').skip(1).step_by(2);
    let listed: BTreeSet<&str> = listed.flat_map(|code| code.split([' ', ','])).collect();
    for span in spans {
        assert!(span.events.is_empty() && span.links.is_empty(), "{span:?}");
        assert_eq!(span.trace_state, "");
        let status = span.status.clone().unwrap_or_default();
        assert_eq!(status.message, "");
        assert!(status.code != StatusCode::Ok as i32);
        for pair in &span.attributes {
            let key = pair.key.as_str();
            assert!(listed.contains(key), "docs/OPERATIONS.md does not list {key}");
            let value = pair.value.as_ref().and_then(|value| value.value.as_ref());
            let is_number = matches!(value, Some(Attribute::IntValue(_)));
            assert_eq!(is_number, NUMBERS.contains(&key), "{key}");
        }
        let mut words = span.name.split(' ');
        let first = words.next().unwrap();
        let is_named = match span.kind {
            kind if kind == SpanKind::Server as i32 => first.chars().all(|c| c.is_ascii_uppercase()),
            _ => listed.contains(first),
        };
        assert!(is_named, "docs/OPERATIONS.md does not list {}", span.name);
    }
}

async fn a_collector_that_hangs_costs_nobody_an_answer(app: &TestApp) {
    if !is_alone() {
        return;
    }
    let traced = app.beside(tracing_to(Collector::that_hangs())).await;
    let mut config = traced.app.config.clone();
    config.traces.queue_spans = 4;
    config.traces.batch_spans = 2;
    // Longer than any test: whoever waited for the collector would never be answered.
    config.traces.export_timeout_ms = 3_600_000;
    config.traces.stop_timeout_ms = 1;
    let traces = start(&config, std::io::stderr);

    traced.import(&[alumnus("a001"), role("r01")]).await;
    for _ in 0..3 {
        assert_eq!(traced.recruiter().candidates("r01", "").await.total, 1);
    }

    let (status, metrics) = traced.download("/metrics").await;
    assert_eq!(status, 200);
    let n_spans = |outcome: &str| -> u64 {
        let name = format!("okaeri_trace_spans_total{{outcome=\"{outcome}\"}} ");
        let value = metrics.lines().find_map(|line| line.strip_prefix(&name));
        value.unwrap().parse().unwrap()
    };
    // Four wait, and the others are gone: ten or so of each request.
    assert!(n_spans("dropped") > 10, "{metrics}");
    assert_eq!((n_spans("sent"), n_spans("failed")), (0, 0));
    traces.stop();
    traced.stop().await;
}
