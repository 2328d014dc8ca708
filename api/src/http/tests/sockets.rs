use std::time::Duration;

use chrono::TimeDelta;
use futures_util::{SinkExt as _, StreamExt as _};
use okaeri_engine::domain::Role;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::service::TestServer;

struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What the server says next.
#[derive(Debug, PartialEq)]
enum Heard {
    Message(Value),
    Closed(u16),
}

async fn handshake(server: &TestServer, headers: &[(&'static str, &str)]) -> Result<Client, u16> {
    let mut request = format!("ws://{}/graphql/ws", server.address)
        .into_client_request()
        .unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    match connect_async(request).await {
        Ok((socket, _)) => Ok(Client(socket)),
        Err(Error::Http(response)) => Err(response.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

impl Client {
    async fn open(server: &TestServer) -> Self {
        let headers = [("sec-websocket-protocol", "graphql-transport-ws")];
        handshake(server, &headers).await.ok().unwrap()
    }

    async fn signed_in(server: &TestServer) -> Self {
        let mut client = Self::open(server).await;
        client.init(&server.token()).await;
        assert_eq!(
            client.hear().await,
            Heard::Message(json!({"type": "connection_ack"}))
        );
        client
    }

    async fn init(&mut self, token: &str) {
        let payload = json!({"authorization": format!("Bearer {token}")});
        self.say(json!({"type": "connection_init", "payload": payload}))
            .await;
    }

    async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({"type": "subscribe", "id": id, "payload": {"query": query}}))
            .await;
    }

    async fn hear(&mut self) -> Heard {
        let heard = async {
            loop {
                match self.0.next().await {
                    Some(Ok(Message::Text(text))) => {
                        return Heard::Message(serde_json::from_str(&text).unwrap());
                    }
                    Some(Ok(Message::Close(frame))) => {
                        return Heard::Closed(frame.map_or(0, |it| it.code.into()));
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Heard::Closed(1006),
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(10), heard)
            .await
            .unwrap()
    }

    async fn error_code(&mut self) -> String {
        match self.hear().await {
            Heard::Message(message) if message["type"] == "error" => {
                message["payload"][0]["extensions"]["code"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_subscription_is_answered_until_its_stream_ends() {
    let server = TestServer::start().await;
    let mut client = Client::signed_in(&server).await;
    client.subscribe("1", "subscription { count(to: 2) }").await;
    for n in 0..2 {
        let next = json!({"type": "next", "id": "1", "payload": {"data": {"count": n}}});
        assert_eq!(client.hear().await, Heard::Message(next));
    }
    assert_eq!(
        client.hear().await,
        Heard::Message(json!({"type": "complete", "id": "1"}))
    );
    // The identifier is free again.
    client.subscribe("1", "subscription { silence }").await;
    client.say(json!({"type": "complete", "id": "1"})).await;
    client.say(json!({"type": "ping"})).await;
    assert_eq!(client.hear().await, Heard::Message(json!({"type": "pong"})));
}

#[tokio::test]
async fn the_handshake_needs_the_subprotocol_and_an_allowed_origin() {
    let server = TestServer::start().await;
    let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
    assert_eq!(handshake(&server, &[]).await.err(), Some(400));
    assert_eq!(
        handshake(&server, &[("sec-websocket-protocol", "graphql-ws")])
            .await
            .err(),
        Some(400)
    );
    assert_eq!(
        handshake(&server, &[protocol, ("origin", "https://evil.example")])
            .await
            .err(),
        Some(403)
    );
    assert!(
        handshake(&server, &[protocol, ("origin", "http://localhost:3000")])
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn every_breach_of_the_protocol_has_its_close_code() {
    let server = TestServer::start().await;

    for text in [
        "",
        "{}",
        "nonsense",
        "{\"type\":\"start\"}",
        "{\"type\":\"subscribe\",\"id\":\"1\"}",
    ] {
        let mut client = Client::signed_in(&server).await;
        client.0.send(Message::text(text)).await.unwrap();
        assert_eq!(client.hear().await, Heard::Closed(4400), "{text}");
    }
    let mut client = Client::signed_in(&server).await;
    client.0.send(Message::binary(vec![1])).await.unwrap();
    assert_eq!(client.hear().await, Heard::Closed(4400));

    let mut client = Client::open(&server).await;
    client.subscribe("1", "subscription { silence }").await;
    assert_eq!(client.hear().await, Heard::Closed(4401));

    let mut client = Client::signed_in(&server).await;
    client.init(&server.token()).await;
    assert_eq!(client.hear().await, Heard::Closed(4429));

    let mut client = Client::signed_in(&server).await;
    client.subscribe("1", "subscription { silence }").await;
    client.subscribe("1", "subscription { silence }").await;
    assert_eq!(client.hear().await, Heard::Closed(4409));

    for token in [
        "x".to_owned(),
        server.token_for("midori", Role::Recruiter, TimeDelta::hours(1)),
    ] {
        let mut client = Client::open(&server).await;
        client.init(&token).await;
        assert_eq!(client.hear().await, Heard::Closed(4403));
    }
    let mut client = Client::open(&server).await;
    client.say(json!({"type": "connection_init"})).await;
    assert_eq!(client.hear().await, Heard::Closed(4403));

    let mut client = Client::signed_in(&server).await;
    client.subscribe("1", &"x".repeat(300_000)).await;
    assert!(matches!(client.hear().await, Heard::Closed(1006 | 1009)));
}

#[tokio::test]
async fn an_initialisation_that_does_not_come_is_not_waited_for() {
    let server = TestServer::with(|config| config.websocket.init_timeout_s = 1, false).await;
    assert_eq!(Client::open(&server).await.hear().await, Heard::Closed(4408));
}

#[tokio::test]
async fn the_end_of_the_token_ends_the_socket() {
    let server = TestServer::start().await;
    let mut client = Client::open(&server).await;
    // With a minute of leeway, one second is left.
    client
        .init(&server.token_for("aoba", Role::Recruiter, TimeDelta::seconds(-58)))
        .await;
    assert_eq!(
        client.hear().await,
        Heard::Message(json!({"type": "connection_ack"}))
    );
    client.subscribe("1", "subscription { silence }").await;
    assert_eq!(client.hear().await, Heard::Closed(4401));
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_an_error_message() {
    let server = TestServer::start().await;
    let mut client = Client::signed_in(&server).await;
    for (query, code) in [
        ("{ who }", "GRAPHQL_VALIDATION_FAILED"),
        ("mutation { change }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { unknown }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        (
            &format!("subscription {{ count(to: {}) }}", "[".repeat(2_000)),
            "GRAPHQL_LIMIT_EXCEEDED",
        ),
        ("subscription($to: Int!) { count(to: $to) }", "BAD_USER_INPUT"),
        ("subscription { panics }", "INTERNAL"),
    ] {
        client.subscribe("1", query).await;
        assert_eq!(client.error_code().await, code, "{query}");
    }
}

#[tokio::test]
async fn fifty_subscriptions_run_on_one_socket_and_one_more_does_not() {
    let server = TestServer::start().await;
    let mut client = Client::signed_in(&server).await;
    for idx in 0..50 {
        client
            .subscribe(&idx.to_string(), "subscription { silence }")
            .await;
    }
    client.subscribe("50", "subscription { silence }").await;
    assert_eq!(client.error_code().await, "GRAPHQL_LIMIT_EXCEEDED");
}

#[tokio::test]
async fn a_reader_that_does_not_read_is_closed() {
    let server = TestServer::with(|config| config.websocket.send_timeout_s = 1, false).await;
    let mut client = Client::signed_in(&server).await;
    client.subscribe("1", "subscription { flood }").await;
    let metrics = || async {
        let response = reqwest::get(server.url("/metrics")).await.unwrap();
        response.text().await.unwrap()
    };
    for _ in 0..80 {
        if metrics().await.contains("okaeri_websockets 0") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the socket is still open");
}

#[tokio::test]
async fn sockets_are_told_that_the_server_restarts() {
    let mut server = TestServer::start().await;
    let mut client = Client::signed_in(&server).await;
    client.subscribe("1", "subscription { silence }").await;
    server.stop();
    assert_eq!(client.hear().await, Heard::Closed(1012));
}

#[tokio::test]
async fn a_socket_for_a_company_of_other_servers_is_told_to_try_again() {
    let listed = |config: &mut crate::config::Config| config.servers.companies = vec!["midori".to_owned()];
    let server = TestServer::with(listed, false).await;
    let mut client = Client::open(&server).await;
    client.init(&server.token()).await;
    assert_eq!(client.hear().await, Heard::Closed(1013));
}

/// How many operations run, as /metrics says it.
fn executing(n: usize) -> String {
    format!("okaeri_executing{{work=\"operations\"}} {n}")
}

/// A server with one place for an operation and no queue.
async fn one_at_a_time() -> TestServer {
    let change = |config: &mut crate::config::Config| {
        config.limits.executing = 1;
        config.limits.waiting_ms = 0;
        config.limits.execution_ms = 60_000;
    };
    TestServer::with(change, false).await
}

#[tokio::test]
async fn a_live_view_that_finds_no_place_is_refused_and_the_socket_stays() {
    let server = one_at_a_time().await;
    let mut busy = Client::signed_in(&server).await;
    busy.subscribe("1", "subscription { slow { answer } }").await;
    server.until(&executing(1)).await;

    let mut client = Client::signed_in(&server).await;
    client.subscribe("1", "subscription { count(to: 1) }").await;
    assert_eq!(client.error_code().await, "UNAVAILABLE");
    client.say(json!({"type": "ping"})).await;
    assert_eq!(client.hear().await, Heard::Message(json!({"type": "pong"})));

    // Ended by its client: what was computed for it ends, and the place is free.
    busy.say(json!({"type": "complete", "id": "1"})).await;
    server.until(&executing(0)).await;
    client.subscribe("1", "subscription { count(to: 1) }").await;
    let next = json!({"type": "next", "id": "1", "payload": {"data": {"count": 0}}});
    assert_eq!(client.hear().await, Heard::Message(next));
}

#[tokio::test]
async fn a_live_view_without_anything_to_say_takes_no_place() {
    let server = one_at_a_time().await;
    let mut client = Client::signed_in(&server).await;
    for id in ["1", "2"] {
        client.subscribe(id, "subscription { silence }").await;
    }
    client.subscribe("3", "subscription { count(to: 1) }").await;
    let next = json!({"type": "next", "id": "3", "payload": {"data": {"count": 0}}});
    assert_eq!(client.hear().await, Heard::Message(next));
    server.until(&executing(0)).await;
}

#[tokio::test]
async fn an_answer_of_a_live_view_ends_with_its_time_and_the_view_goes_on() {
    let server = TestServer::with(|config| config.limits.execution_ms = 300, false).await;
    let mut client = Client::signed_in(&server).await;
    client.subscribe("1", "subscription { slow { answer } }").await;
    let Heard::Message(message) = client.hear().await else {
        panic!("the socket was closed")
    };
    assert_eq!(message["type"], "next");
    assert_eq!(message["payload"]["errors"][0]["extensions"]["code"], "TIMEOUT");
    client.subscribe("2", "subscription { count(to: 1) }").await;
    let next = json!({"type": "next", "id": "2", "payload": {"data": {"count": 0}}});
    assert_eq!(client.hear().await, Heard::Message(next));
}
