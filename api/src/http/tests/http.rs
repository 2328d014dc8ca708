use chrono::TimeDelta;
use okaeri_engine::domain::Role;
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::service::TestServer;
use crate::config::{Mode, Secret};

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Answer {
    fn code(&self) -> &str {
        self.body["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_default()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn sent(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: serde_json::from_str(&response.text().await.unwrap()).unwrap_or(Value::Null),
    }
}

fn post(server: &TestServer, token: Option<&str>, body: &Value) -> RequestBuilder {
    let request = Client::new()
        .post(server.url("/graphql"))
        .header("content-type", "application/json")
        .header("accept", "application/graphql-response+json")
        .body(body.to_string());
    match token {
        Some(token) => request.header("authorization", format!("Bearer {token}")),
        None => request,
    }
}

async fn ask(server: &TestServer, query: &str) -> Answer {
    sent(post(server, Some(&server.token()), &json!({ "query": query }))).await
}

#[tokio::test]
async fn a_signed_in_person_is_answered_with_every_header() {
    let server = TestServer::start().await;
    let answer = ask(&server, "{ who }").await;
    assert_eq!(
        (answer.status, &answer.body),
        (200, &json!({"data": {"who": "staff-7 ja"}}))
    );
    assert_eq!(
        answer.header("content-type"),
        "application/graphql-response+json; charset=utf-8"
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(uuid::Uuid::parse_str(answer.header("x-request-id")).is_ok());
}

#[tokio::test]
async fn only_post_runs_anything() {
    let server = TestServer::start().await;
    for method in [
        Method::GET,
        Method::PUT,
        Method::DELETE,
        Method::PATCH,
        Method::HEAD,
        Method::OPTIONS,
    ] {
        let url = server.url("/graphql?query={__typename}");
        let answer = sent(Client::new().request(method.clone(), url)).await;
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, "POST, OPTIONS"),
            "{method}"
        );
    }
}

#[tokio::test]
async fn nothing_that_a_form_can_send_runs() {
    let server = TestServer::start().await;
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ] {
        let request = Client::new()
            .post(server.url("/graphql"))
            .header("content-type", content_type)
            .header("authorization", format!("Bearer {}", server.token()))
            .body(json!({"query": "mutation { change }"}).to_string());
        assert_eq!(sent(request).await.status, 415, "{content_type}");
    }
}

#[tokio::test]
async fn a_bad_token_is_refused_before_the_body_is_read() {
    let server = TestServer::start().await;
    let expired = server.token_for("aoba", Role::Recruiter, TimeDelta::seconds(-61));
    let elsewhere = server.token_for("midori", Role::Recruiter, TimeDelta::hours(1));
    for token in ["x", expired.as_str(), elsewhere.as_str()] {
        let mut socket = tokio::net::TcpStream::connect(server.address).await.unwrap();
        // The body never comes.
        let head = format!(
            "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\
             Authorization: Bearer {token}\r\n\r\n"
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        let mut answer = vec![0_u8; 4_096];
        let n_read = socket.read(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer[..n_read]).to_lowercase();
        assert!(answer.starts_with("http/1.1 401"), "{answer}");
        assert!(answer.contains("www-authenticate: bearer"), "{answer}");
    }
}

#[tokio::test]
async fn without_a_token_only_sign_in_mutations_run() {
    let server = TestServer::start().await;
    let anonymous = |query: &str| sent(post(&server, None, &json!({ "query": query })));
    let answer = anonymous("mutation { __typename signIn(token: \"x\") }").await;
    assert_eq!(answer.body["data"]["signIn"], "x");
    for query in [
        "{ who }",
        "{ __typename }",
        "{ __schema { types { name } } }",
        "mutation { change }",
        "mutation { signIn(token: \"x\") change }",
        "mutation { signIn(token: \"x\") ...a } fragment a on Mutation { change }",
        "mutation { signIn: change }",
        "mutation { __typename }",
        "subscription { silence }",
    ] {
        let answer = anonymous(query).await;
        assert_eq!(
            (answer.status, answer.code()),
            (401, "UNAUTHENTICATED"),
            "{query}"
        );
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "{query}");
    }
}

#[tokio::test]
async fn bodies_are_bounded_in_size_and_time() {
    let server = TestServer::with(|config| config.limits.body_timeout_s = 1, false).await;
    let token = server.token();
    let large = json!({"query": "{ who }", "unknown": "x".repeat(1_048_576)});
    assert_eq!(sent(post(&server, Some(&token), &large)).await.status, 413);

    let mut socket = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\
         Authorization: Bearer {token}\r\n\r\n1\r\n{{\r\n"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0_u8; 4_096];
    let n_read = socket.read(&mut answer).await.unwrap();
    assert!(answer[..n_read].starts_with(b"HTTP/1.1 408"));
}

#[tokio::test]
async fn a_panic_is_one_error_and_the_server_goes_on() {
    let server = TestServer::start().await;
    let answer = ask(&server, "{ panics }").await;
    assert_eq!(
        (answer.status, answer.code(), &answer.body["data"]),
        (200, "INTERNAL", &Value::Null)
    );
    assert!(!answer.body.to_string().contains("own words"));
    assert_eq!(ask(&server, "{ who }").await.status, 200);
}

#[tokio::test]
async fn an_operation_that_takes_too_long_is_stopped() {
    let server = TestServer::with(|config| config.limits.execution_ms = 50, false).await;
    assert_eq!(ask(&server, "{ slow }").await.code(), "TIMEOUT");
}

#[tokio::test]
async fn errors_have_a_code_and_a_request_id_and_nothing_of_the_database() {
    let server = TestServer::start().await;
    let answer = ask(&server, "{ database }").await;
    assert_eq!(answer.code(), "INTERNAL");
    assert!(!answer.body.to_string().contains("relation"), "{}", answer.body);
    assert_eq!(
        answer.body["errors"][0]["extensions"]["requestId"],
        answer.header("x-request-id")
    );

    let answer = ask(&server, "{ eco }").await;
    assert_eq!((answer.status, answer.code()), (400, "GRAPHQL_VALIDATION_FAILED"));
    assert!(answer.body.get("data").is_none());
    assert!(!answer.body.to_string().contains("Did you mean"));

    let many: String = (0..20).map(|idx| format!("x{idx} ")).collect();
    let answer = ask(&server, &format!("{{ {many} }}")).await;
    assert_eq!(answer.body["errors"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn variables_that_do_not_fit_are_the_callers_mistake() {
    let server = TestServer::start().await;
    let query = "query($text: String!) { echo(text: $text) }";
    for variables in [json!({}), json!({"text": null}), json!({"text": 1})] {
        let body = json!({"query": query, "variables": variables});
        let answer = sent(post(&server, Some(&server.token()), &body)).await;
        assert_eq!((answer.status, answer.code()), (400, "BAD_USER_INPUT"), "{body}");
    }
}

#[tokio::test]
async fn hostile_documents_are_answered_and_the_server_lives() {
    let server = TestServer::start().await;
    let chain: String = (0..22)
        .map(|idx| {
            format!(
                "fragment f{idx} on Query{{...f{next} ...f{next}}}",
                next = idx + 1
            )
        })
        .collect();
    for query in [
        format!("{{ echo(text: {}) }}", "[".repeat(2_000)),
        format!("{{ echo(text: {}) }}", "{a:".repeat(2_000)),
        format!("query($x: [Int] = {}) {{ who }}", "[".repeat(2_000)),
        "{".repeat(100_000),
        format!("{{ ...f0 }} {chain} fragment f22 on Query{{__typename}}"),
        "\"\"\"".to_owned(),
        "\u{feff}{ who } # \r [".to_owned(),
    ] {
        let answer = ask(&server, &query).await;
        assert_eq!(answer.status, 400);
        assert!(answer.code().starts_with("GRAPHQL_"), "{}", answer.code());
    }
    assert_eq!(ask(&server, "{ who }").await.status, 200);
}

#[tokio::test]
async fn the_same_failure_is_200_for_older_clients() {
    let server = TestServer::start().await;
    assert_eq!(ask(&server, "{").await.status, 400);
    let request = Client::new()
        .post(server.url("/graphql"))
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {}", server.token()))
        .body(json!({"query": "{"}).to_string());
    let answer = sent(request).await;
    assert_eq!((answer.status, answer.code()), (200, "GRAPHQL_PARSE_FAILED"));
    let refused = Client::new()
        .post(server.url("/graphql"))
        .header("content-type", "application/json")
        .header("accept", "text/html");
    assert_eq!(sent(refused).await.status, 406);
}

#[tokio::test]
async fn listed_origins_are_answered_and_others_are_not() {
    let server = TestServer::with(
        |config| config.http.allowed_origins = vec!["https://alumni.example".to_owned()],
        false,
    )
    .await;
    let preflight = |origin: &'static str| {
        sent(
            Client::new()
                .request(Method::OPTIONS, server.url("/graphql"))
                .header("origin", origin)
                .header("access-control-request-method", "POST"),
        )
    };
    let answer = preflight("https://alumni.example").await;
    assert_eq!(answer.status, 204);
    assert_eq!(
        answer.header("access-control-allow-origin"),
        "https://alumni.example"
    );
    assert_eq!(answer.header("access-control-allow-methods"), "POST");
    let allowed = answer.header("access-control-allow-headers");
    assert!(allowed.contains("x-okaeri-company"), "{allowed}");
    let answer = preflight("https://evil.example").await;
    assert_eq!(
        (answer.status, answer.header("access-control-allow-origin")),
        (403, "")
    );
}

#[tokio::test]
async fn a_caller_who_asks_too_often_is_told_when_to_come_back() {
    let server = TestServer::with(|config| config.rates.requests_per_minute = 2, false).await;
    assert_eq!(ask(&server, "{ who }").await.status, 200);
    assert_eq!(ask(&server, "{ who }").await.status, 200);
    let answer = ask(&server, "{ who }").await;
    assert_eq!((answer.status, answer.code()), (429, "RATE_LIMITED"));
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[tokio::test]
async fn clients_of_a_trusted_proxy_are_counted_apart_and_nobody_elses_are() {
    let sign_in = json!({"query": "mutation { signIn(token: \"x\") }"});
    for (trusted, statuses) in [(vec!["127.0.0.1"], [200, 200, 429]), (vec![], [200, 429, 429])] {
        let change = |config: &mut crate::config::Config| {
            config.rates.anonymous_per_minute = 1;
            config.http.trusted_proxies = trusted.iter().map(|network| network.parse().unwrap()).collect();
        };
        let server = TestServer::with(change, false).await;
        // Whatever a client claims to have come through already stands left of what the proxy adds.
        for (client, (real, status)) in ["203.0.113.1", "203.0.113.2", "9.9.9.9, 203.0.113.2"].iter().zip(
            ["198.51.100.1", "198.51.100.2", "198.51.100.3"]
                .iter()
                .zip(statuses),
        ) {
            let request = post(&server, None, &sign_in)
                .header("x-forwarded-for", *client)
                .header("x-real-ip", *real)
                .header("forwarded", format!("for={real}"));
            assert_eq!(sent(request).await.status, status, "{trusted:?} {client}");
        }
    }
}

#[tokio::test]
async fn a_database_that_is_down_is_told_apart_from_a_dead_server() {
    let server = TestServer::with(|_| {}, true).await;
    let answer = ask(&server, "{ who }").await;
    assert_eq!((answer.status, answer.code()), (503, "UNAVAILABLE"));
    assert!(!answer.header("retry-after").is_empty());
    let get = |path: &'static str| sent(Client::new().get(server.url(path)));
    assert_eq!(get("/healthz").await.status, 200);
    let readiness = get("/readyz").await;
    assert_eq!(
        (readiness.status, &readiness.body["database"]),
        (503, &json!(false))
    );
}

#[tokio::test]
async fn metrics_count_by_code_and_open_by_token() {
    let server = TestServer::start().await;
    ask(&server, "{ who }").await;
    ask(&server, "{ panics }").await;
    let text = Client::new()
        .get(server.url("/metrics"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        text.contains("okaeri_requests_total{code=\"INTERNAL\",operation=\"query\",status=\"200\"} 1"),
        "{text}"
    );
    assert!(text.contains("okaeri_panics_total 1"), "{text}");

    let server = TestServer::with(
        |config| config.telemetry.metrics_token = Some(Secret::new("letmein")),
        false,
    )
    .await;
    let get = |token: &'static str| {
        let request = Client::new().get(server.url("/metrics"));
        sent(request.header("authorization", format!("Bearer {token}")))
    };
    assert_eq!(get("wrong").await.status, 404);
    assert_eq!(get("letmein").await.status, 200);
}

#[tokio::test]
async fn no_header_opens_the_metrics_and_behind_a_proxy_the_token_alone_does() {
    let trusting = |config: &mut crate::config::Config| {
        config.http.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    };
    for client in [None, Some("127.0.0.1"), Some("203.0.113.1")] {
        let get = |server: &TestServer| {
            let request = Client::new().get(server.url("/metrics"));
            match client {
                Some(client) => request.header("x-forwarded-for", client),
                None => request,
            }
        };
        let server = TestServer::start().await;
        assert_eq!(sent(get(&server)).await.status, 200, "{client:?}");
        let proxied = TestServer::with(trusting, false).await;
        assert_eq!(sent(get(&proxied)).await.status, 404, "{client:?}");
    }
}

#[tokio::test]
async fn production_keeps_the_schema_for_administrators_and_has_no_graphiql() {
    let server = TestServer::with(
        |config| {
            // The development key serves as the installation's own under another name.
            let key = config.data_dir.join("signing-key.pem");
            drop(crate::auth::Keys::open(config).unwrap());
            std::fs::copy(config.data_dir.join("development-key.pem"), &key).unwrap();
            config.auth.signing_key = Some(key);
            config.mode = Mode::Production;
        },
        false,
    )
    .await;
    let answer = ask(&server, "{ __schema { queryType { name } } }").await;
    assert_eq!((answer.status, answer.code()), (403, "FORBIDDEN"));
    let administrator = server.token_for("aoba", Role::Administrator, TimeDelta::hours(1));
    let body = json!({"query": "{ __schema { queryType { name } } }"});
    assert_eq!(sent(post(&server, Some(&administrator), &body)).await.status, 200);
    assert_eq!(ask(&server, "{ __typename }").await.status, 200);
    assert_eq!(sent(Client::new().get(server.url("/graphiql"))).await.status, 404);
}

#[tokio::test]
async fn only_trusted_documents_run_when_they_are_listed() {
    let server = TestServer::with(
        |config| {
            let list = config.data_dir.join("trusted.txt");
            // The digest of `{ who }`.
            let digest = "cfc3943e23583e7a743eb9219d5cf19137ae1a2a41c53b92384671da2194a276";
            std::fs::write(&list, format!("# list\n{digest}  who.graphql\n")).unwrap();
            config.http.trusted_documents = Some(list);
        },
        false,
    )
    .await;
    assert_eq!(ask(&server, "{ who }").await.status, 200);
    let answer = ask(&server, "{ who  }").await;
    assert_eq!((answer.status, answer.code()), (403, "FORBIDDEN"));
}

#[tokio::test]
async fn graphiql_says_how_to_prepare_its_files_and_serves_no_others() {
    let server = TestServer::with(
        |config| config.http.graphiql_dir = Some(config.data_dir.join("graphiql")),
        false,
    )
    .await;
    let response = Client::new()
        .get(server.url("/graphiql"))
        .header("x-forwarded-host", "evil.test")
        .header("forwarded", "host=evil.test")
        .send()
        .await
        .unwrap();
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("script-src 'self';"),
        "{policy}"
    );
    assert!(
        policy.contains(&format!("ws://{}", server.address)) && !policy.contains("evil.test"),
        "{policy}"
    );
    assert!(response.text().await.unwrap().contains("scripts/graphiql"));
    for path in [
        "/graphiql/..%2fdevelopment-key.pem",
        "/graphiql/development-key.pem",
        "/graphiql/react.production.min.js",
    ] {
        assert_eq!(
            sent(Client::new().get(server.url(path))).await.status,
            404,
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_export_is_streamed_to_whoever_has_its_link_and_every_other_link_looks_alike() {
    let server = TestServer::start().await;
    let response = Client::new()
        .get(server.url("/export/good"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    for (name, value) in [
        ("content-type", "application/json; charset=utf-8"),
        (
            "content-disposition",
            "attachment; filename=\"okaeri-export.json\"",
        ),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(response.headers()[name], value);
    }
    assert_eq!(response.text().await.unwrap(), "{\"record\": null}");
    for token in ["bad", &"a".repeat(201)] {
        let url = server.url(&format!("/export/{token}"));
        assert_eq!(sent(Client::new().get(url)).await.status, 404, "{token}");
    }
    let posted = Client::new()
        .post(server.url("/export/good"))
        .send()
        .await
        .unwrap();
    assert!([404, 405].contains(&posted.status().as_u16()));
    let down = TestServer::with(|_| {}, true).await;
    let response = Client::new().get(down.url("/export/good")).send().await.unwrap();
    assert_eq!(response.status(), 503);
}

#[tokio::test]
async fn a_request_that_has_begun_is_answered_while_the_server_stops() {
    let mut server = TestServer::with(|config| config.limits.execution_ms = 400, false).await;
    let request = post(&server, Some(&server.token()), &json!({"query": "{ slow }"}));
    let asked = tokio::spawn(sent(request));
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    server.stop();
    assert_eq!(asked.await.unwrap().code(), "TIMEOUT");
    tokio::time::timeout(std::time::Duration::from_secs(5), &mut server.ended)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn a_server_that_leaves_answers_on_and_sends_proxies_elsewhere() {
    let mut server = TestServer::with(|config| config.http.leave_s = 2, false).await;
    let ready = sent(Client::new().get(server.url("/readyz"))).await;
    assert_eq!((ready.status, &ready.body["stopping"]), (200, &json!(false)));
    server.stop();
    let leaving = async {
        loop {
            let answer = sent(Client::new().get(server.url("/readyz"))).await;
            if answer.status == 503 {
                return answer;
            }
        }
    };
    let leaving = tokio::time::timeout(std::time::Duration::from_secs(1), leaving)
        .await
        .unwrap();
    assert_eq!(leaving.body["stopping"], json!(true));
    let answer = sent(post(
        &server,
        Some(&server.token()),
        &json!({"query": "{ __typename }"}),
    ))
    .await;
    assert_eq!((answer.status, answer.header("connection")), (200, "close"));
    tokio::time::timeout(std::time::Duration::from_secs(5), &mut server.ended)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn a_request_for_a_company_of_other_servers_is_misdirected_before_anything_is_asked() {
    let listed = |config: &mut crate::config::Config| config.servers.companies = vec!["midori".to_owned()];
    // The service is down: whoever asked it would be told that it is unavailable.
    let server = TestServer::with(listed, true).await;
    let token = |company| server.token_for(company, Role::Recruiter, TimeDelta::hours(1));
    for (company, status) in [("aoba", 421), ("nobody", 421), ("midori", 503)] {
        let body = json!({"query": "mutation { change }"});
        let answer = sent(post(&server, Some(&token(company)), &body)).await;
        assert_eq!(
            (answer.status, answer.code()),
            (status, "UNAVAILABLE"),
            "{company}"
        );
        assert!(answer.body.get("data").is_none(), "{}", answer.body);
        assert!(!answer.body.to_string().contains(company), "{}", answer.body);
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    // A token that is not good is told so: who sends it learns nothing of what is held here.
    let answer = sent(post(&server, Some("x"), &json!({"query": "{ who }"}))).await;
    assert_eq!((answer.status, answer.code()), (401, "UNAUTHENTICATED"));
}

/// The lines of /metrics that say how many operations run, wait and were refused.
fn executing(n: usize) -> String {
    format!("okaeri_executing{{work=\"operations\"}} {n}")
}

fn waiting(n: usize) -> String {
    format!("okaeri_waiting{{work=\"operations\"}} {n}")
}

fn refused(n: usize) -> String {
    format!("okaeri_refused_total{{work=\"operations\"}} {n}")
}

/// A server with one place for an operation and one in the queue.
async fn one_at_a_time(waiting_ms: u64) -> TestServer {
    let change = |config: &mut crate::config::Config| {
        config.limits.executing = 1;
        config.limits.waiting = 1;
        config.limits.waiting_ms = waiting_ms;
        config.limits.execution_ms = 60_000;
    };
    TestServer::with(change, false).await
}

fn asked(server: &TestServer, query: &str) -> tokio::task::JoinHandle<Answer> {
    let request = post(server, Some(&server.token()), &json!({ "query": query }));
    tokio::spawn(sent(request))
}

#[tokio::test]
async fn what_is_beyond_the_places_and_the_queue_is_refused_at_once_and_whoever_leaves_makes_room() {
    let server = one_at_a_time(60_000).await;
    let first = asked(&server, "{ slow }");
    server.until(&executing(1)).await;
    let second = asked(&server, "{ who }");
    server.until(&waiting(1)).await;
    for _ in 0..2 {
        let answer = ask(&server, "{ who }").await;
        assert_eq!((answer.status, answer.code()), (503, "UNAVAILABLE"));
        assert_eq!(answer.header("retry-after"), "60");
        assert!(answer.body.get("data").is_none());
    }
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(
            sent(Client::new().get(server.url(path))).await.status,
            200,
            "{path}"
        );
    }
    server.until(&refused(2)).await;

    // Its client goes away, and it ends.
    first.abort();
    assert_eq!(second.await.unwrap().status, 200);
    server.until(&executing(0)).await;
    server.until(&waiting(0)).await;
    assert_eq!(ask(&server, "{ who }").await.status, 200);
}

#[tokio::test]
async fn older_clients_are_told_of_overload_by_the_status_too() {
    let server = one_at_a_time(0).await;
    let first = asked(&server, "{ slow }");
    server.until(&executing(1)).await;
    let request = Client::new()
        .post(server.url("/graphql"))
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {}", server.token()))
        .body(json!({"query": "{ who }"}).to_string());
    let answer = sent(request).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "1"));
    first.abort();
    server.until(&executing(0)).await;
}

#[tokio::test]
async fn whoever_waited_long_enough_for_a_place_is_refused() {
    let server = one_at_a_time(1).await;
    let first = asked(&server, "{ slow }");
    server.until(&executing(1)).await;
    let answer = ask(&server, "{ who }").await;
    assert_eq!((answer.status, answer.code()), (503, "UNAVAILABLE"));
    assert_eq!(answer.header("retry-after"), "1");
    first.abort();
}

#[tokio::test]
async fn a_panic_gives_the_place_back() {
    let server = one_at_a_time(0).await;
    assert_eq!(ask(&server, "{ panics }").await.code(), "INTERNAL");
    server.until(&executing(0)).await;
    assert_eq!(ask(&server, "{ who }").await.status, 200);
}
