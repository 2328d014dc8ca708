//! What a hostile request may cost: a quick refusal, and the next one is served as before.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::{TestApp, alumnus, on_both_databases, role};

/// An answer that takes longer is a hang.
const PATIENCE: Duration = Duration::from_secs(5);

on_both_databases! {
    deep_wide_and_cyclic_documents_are_refused_and_the_server_goes_on;
    words_of_any_kind_are_searched_for_as_they_are;
    a_body_of_64_megabytes_is_refused_before_it_is_sent;
    ids_and_cursors_that_nobody_made_are_missing_or_refused;
}

async fn deep_wide_and_cyclic_documents_are_refused_and_the_server_goes_on(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    let recruiter = app.recruiter();
    let mut fragments = String::from("{ ...f0 }");
    for n in 0..30 {
        fragments.push_str(&format!(
            " fragment f{n} on Query {{ ...f{} ...f{} }}",
            n + 1,
            n + 1
        ));
    }
    fragments.push_str(" fragment f30 on Query { company { slug } }");
    let aliases: String = (0..200).map(|n| format!("a{n}: company {{ slug }} ")).collect();
    for document in [
        format!(
            "{{ alumni(query: {}{}) {{ totalCount }} }}",
            "[".repeat(2_000),
            "]".repeat(2_000)
        ),
        format!(
            "{{ nodes(ids: {}1{}) {{ id }} }}",
            "{a:".repeat(2_000),
            "}".repeat(2_000)
        ),
        format!("{}{}", "{ company ".repeat(2_000), "}".repeat(2_000)),
        fragments,
        "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }".to_owned(),
        format!("{{ {aliases} }}"),
        "{ alumni(first: 100) { nodes { tenures { title } } } ".repeat(200),
        "{ alumni(query: \"\u{0}\") { totalCount } }".to_owned(),
        "{".to_owned(),
        String::new(),
    ] {
        let answer = tokio::time::timeout(PATIENCE, recruiter.ask(&document, Value::Null)).await;
        let answer = answer.unwrap_or_else(|_| panic!("no answer: {document:.60}"));
        assert!(
            (400..500).contains(&answer.status),
            "{document:.60}: {} {}",
            answer.status,
            answer.body
        );
        assert!(
            answer.code().starts_with("GRAPHQL_") || answer.code() == "BAD_USER_INPUT",
            "{}",
            answer.body
        );
    }
    assert_eq!(recruiter.candidates("r01", "").await.total, 1);
}

async fn words_of_any_kind_are_searched_for_as_they_are(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    app.index().await;
    let recruiter = app.recruiter();
    for words in [
        "summary:在庫",
        "*",
        "?*",
        "在庫 AND",
        "(((",
        "\"",
        "在庫~2",
        "[a TO z]",
        "+-!(){}[]^\"~*?:\\/",
        "id:[* TO *]",
        "魈",
        "ッー",
        "😊",
        "\u{202e}在庫",
        "' OR 1=1 --",
        "%",
        "_",
        "<script>",
        "\u{feff}",
        "𠮷野家",
    ] {
        for field in ["alumni", "opportunities"] {
            let document = format!("query($words: String) {{ {field}(query: $words) {{ totalCount }} }}");
            let asked = recruiter.ask(&document, json!({"words": words}));
            let answer = tokio::time::timeout(PATIENCE, asked).await.unwrap();
            assert_eq!(answer.code(), "", "{words}: {}", answer.body);
        }
    }
    let long = "在庫".repeat(9_000);
    let asked = recruiter.ask(
        "query($words: String) { alumni(query: $words) { totalCount } }",
        json!({"words": long}),
    );
    assert_eq!(tokio::time::timeout(PATIENCE, asked).await.unwrap().code(), "");
    assert_eq!(recruiter.search("在庫").await, ["人物 a001"]);
}

async fn a_body_of_64_megabytes_is_refused_before_it_is_sent(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    let request = app.recruiter().request().body("x").build().unwrap();
    let token = request.headers()["authorization"].to_str().unwrap();
    let mut stream = TcpStream::connect(app.address()).await.unwrap();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nauthorization: {token}\r\n\
         content-length: {}\r\n\r\n{{\"query\": \"",
        64 * 1_024 * 1_024
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    tokio::time::timeout(PATIENCE, stream.read_exact(&mut answer))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(std::str::from_utf8(&answer).unwrap(), "HTTP/1.1 413");
    assert_eq!(app.recruiter().candidates("r01", "").await.total, 1);
}

async fn ids_and_cursors_that_nobody_made_are_missing_or_refused(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    let recruiter = app.recruiter();
    for id in [
        "",
        "a001",
        "QWx1bW51czo3",
        "😊",
        "../../etc/passwd",
        &"A".repeat(10_000),
    ] {
        let data = recruiter
            .query("query($id: ID!) { node(id: $id) { id } }", json!({"id": id}))
            .await;
        assert_eq!(data["node"], Value::Null);
        let answer = recruiter
            .ask(
                "query($at: String) { alumni(after: $at) { totalCount } }",
                json!({"at": id}),
            )
            .await;
        assert_eq!(answer.code(), "BAD_USER_INPUT", "{id:.20}");
    }
}
