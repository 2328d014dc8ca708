//! Sockets with a subscription each, on which nothing happens: what they cost in memory.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::client::Target;
use super::figures::{Report, megabytes};

/// Sockets that are opened and closed before: what a server allocates once for the first of them is not theirs.
const N_BEFORE: usize = 50;

/// Sockets that are opened at a time: a server answers each with a feed.
const N_AT_A_TIME: usize = 8;

/// How long a socket may take until it has its first event.
const PATIENCE: Duration = Duration::from_secs(30);

const FEED: &str = "subscription { feedChanged { opportunityFeed(first: 20) { totalCount nodes { id } } } }";

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub(crate) async fn run(target: &Arc<Target>, n_sockets: usize, lasts: Duration, report: &mut Report) {
    let numbers = target.people().await.numbers;
    let numbers: Vec<String> = numbers.into_iter().cycle().take(n_sockets).collect();
    open_all(target, &numbers[..n_sockets.min(N_BEFORE)]).await;
    tokio::time::sleep(lasts.min(Duration::from_secs(5))).await;

    let before = target.resident_bytes();
    let started_at = Instant::now();
    let (sockets, n_refused) = open_all(target, &numbers).await;
    let took = started_at.elapsed();
    let n_open = sockets.len();
    // Reading is what answers the server's pings.
    let mut open = JoinSet::new();
    for mut socket in sockets {
        open.spawn(async move { while let Some(Ok(_)) = socket.next().await {} });
    }
    tokio::time::sleep(lasts).await;
    let mut n_closed = 0;
    while open.try_join_next().is_some() {
        n_closed += 1;
    }
    let after = target.resident_bytes();

    let what = "idle subscriptions";
    report.number(what, "open", (n_open - n_closed) as f64);
    report.number(what, "refused_or_closed", (n_refused + n_closed) as f64);
    report.number(what, "opened_per_s", n_open as f64 / took.as_secs_f64());
    if let (Some(before), Some(after)) = (before, after) {
        report.number(what, "before_mb", megabytes(before));
        report.number(what, "after_mb", megabytes(after));
        let grown = after.saturating_sub(before);
        report.number(what, "grown_mb", megabytes(grown));
        report.number(
            what,
            "grown_kb_each",
            grown as f64 / 1_000.0 / n_open.max(1) as f64,
        );
    }
}

/// The sockets that have their first event, and how many have not.
async fn open_all(target: &Arc<Target>, numbers: &[String]) -> (Vec<Socket>, usize) {
    let opening = futures_util::stream::iter(numbers.to_vec()).map(|number| {
        let target = Arc::clone(target);
        async move {
            let opened = tokio::time::timeout(PATIENCE, open(&target, &number)).await;
            opened.unwrap_or_else(|_| Err("no event came".to_owned()))
        }
    });
    let opened: Vec<Result<Socket, String>> = opening.buffer_unordered(N_AT_A_TIME).collect().await;
    let mut sockets = Vec::new();
    let mut refused = Vec::new();
    for one in opened {
        match one {
            Ok(socket) => sockets.push(socket),
            Err(reason) => refused.push(reason),
        }
    }
    if let Some(reason) = refused.first() {
        eprintln!(
            "{} sockets have no subscription; the first: {reason}",
            refused.len()
        );
    }
    (sockets, refused.len())
}

/// A socket of a person, with a subscription to their feed that has brought it once.
async fn open(target: &Target, number: &str) -> Result<Socket, String> {
    let url = target.url(target.next_server()).replacen("http", "ws", 1);
    let mut request = format!("{url}/graphql/ws")
        .into_client_request()
        .map_err(|error| error.to_string())?;
    let protocol = "graphql-transport-ws"
        .parse()
        .map_err(|_| "no protocol".to_owned())?;
    request.headers_mut().insert("sec-websocket-protocol", protocol);
    let (mut socket, _) = connect_async(request).await.map_err(|error| error.to_string())?;
    let token = target.alumnus(number);
    let init = json!({"type": "connection_init", "payload": {"authorization": format!("Bearer {token}")}});
    say(&mut socket, &init).await?;
    hear(&mut socket, "connection_ack").await?;
    let subscribe = json!({"type": "subscribe", "id": "1", "payload": {"query": FEED}});
    say(&mut socket, &subscribe).await?;
    let event = hear(&mut socket, "next").await?;
    match event["payload"].get("errors") {
        None => Ok(socket),
        Some(errors) => Err(errors.to_string()),
    }
}

async fn say(socket: &mut Socket, message: &Value) -> Result<(), String> {
    let sent = socket.send(Message::text(message.to_string())).await;
    sent.map_err(|error| error.to_string())
}

/// The next message, which has to be of this type.
async fn hear(socket: &mut Socket, kind: &str) -> Result<Value, String> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => {
                let message: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
                return if message["type"] == kind {
                    Ok(message)
                } else {
                    Err(message.to_string())
                };
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(other) => return Err(format!("{other:?}")),
            None => return Err("the socket ended".to_owned()),
        }
    }
}
