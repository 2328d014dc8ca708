//! A WebSocket that speaks graphql-transport-ws.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// How long a message may take to come; none takes a tenth of it.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub(super) async fn open(address: SocketAddr, token: Option<&str>) -> Self {
        let mut socket = Self::begin(address, token).await;
        assert_eq!(socket.hear().await["type"], "connection_ack");
        socket
    }

    /// The code with which a socket is closed that is not let in.
    pub(super) async fn refused(address: SocketAddr, token: Option<&str>) -> u16 {
        let mut socket = Self::begin(address, token).await;
        let closed = async {
            loop {
                match socket.0.next().await {
                    Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    other => panic!("the socket was not closed: {other:?}"),
                }
            }
        };
        tokio::time::timeout(PATIENCE, closed)
            .await
            .expect("the socket stays open")
    }

    async fn begin(address: SocketAddr, token: Option<&str>) -> Self {
        let mut request = format!("ws://{address}/graphql/ws")
            .into_client_request()
            .unwrap();
        let protocol = "graphql-transport-ws".parse().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        let (socket, _) = connect_async(request).await.unwrap();
        let mut socket = Self(socket);
        let payload = json!({"authorization": token.map(|token| format!("Bearer {token}"))});
        socket
            .say(json!({"type": "connection_init", "payload": payload}))
            .await;
        socket
    }

    pub(crate) async fn subscribe(&mut self, id: &str, document: &str, variables: Value) {
        let payload = json!({"query": document, "variables": variables});
        self.say(json!({"type": "subscribe", "id": id, "payload": payload}))
            .await;
    }

    pub(crate) async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    /// The next message.
    pub(crate) async fn hear(&mut self) -> Value {
        let next = async {
            loop {
                match self.0.next().await {
                    Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).unwrap(),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    other => panic!("the socket ended: {other:?}"),
                }
            }
        };
        tokio::time::timeout(PATIENCE, next)
            .await
            .expect("no message came")
    }

    /// The data of the next event.
    pub(crate) async fn event(&mut self) -> Value {
        let mut message = self.hear().await;
        assert_eq!(message["type"], "next", "{message}");
        let errors = &message["payload"]["errors"];
        assert!(errors.is_null(), "{message}");
        message["payload"]["data"].take()
    }

    /// The code with which the subscription was refused.
    pub(crate) async fn refusal(&mut self) -> String {
        let message = self.hear().await;
        let error = match message["type"].as_str() {
            Some("error") => &message["payload"][0],
            Some("next") => &message["payload"]["errors"][0],
            _ => panic!("{message}"),
        };
        error["extensions"]["code"]
            .as_str()
            .unwrap_or_else(|| panic!("{message}"))
            .to_owned()
    }
}
