//! `/graphql/ws`: subscriptions by the protocol graphql-transport-ws.
//!
//! - One loop per socket reads, writes and keeps the time; streams run elsewhere and reach it through a bounded queue.
//! - A reader that does not keep up is closed and not buffered for.
//! - Queries and mutations are refused here: they have limits of their own on `/graphql`.

mod message;

use std::collections::HashMap;
use std::time::Duration;

use actix_web::http::Method;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason, ProtocolError, Session};
use async_graphql_parser::types::OperationType;
use futures_util::{FutureExt as _, StreamExt as _};
use okaeri_engine::interrupt::Interrupt;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use self::message::{FromClient, ToClient};
use super::error::{Answer, ErrorCode, Refusal};
use super::metrics::Running;
use super::negotiate;
use super::peer::peer;
use super::service::Language;
use super::shared::{Asking, Phase, Shared, SignInError, SignedIn, bearer};
use crate::admission::Execution;
use crate::config::Secret;

const PROTOCOL: &str = "graphql-transport-ws";

/// Every method on `/graphql/ws`.
pub(crate) async fn handle(
    request: HttpRequest,
    payload: web::Payload,
    shared: web::Data<Shared>,
) -> HttpResponse {
    if request.method() != Method::GET {
        return HttpResponse::MethodNotAllowed()
            .insert_header((header::ALLOW, "GET"))
            .finish();
    }
    let headers = request.headers();
    // A browser sends a WebSocket's handshake to any site without asking, so the list is checked here.
    if let Some(origin) = headers.get(header::ORIGIN)
        && !origin
            .to_str()
            .is_ok_and(|origin| shared.config.is_allowed_origin(origin))
    {
        return HttpResponse::Forbidden().body("this origin may not use the API");
    }
    let offers_protocol = headers
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|protocol| protocol.trim() == PROTOCOL);
    if !offers_protocol {
        return HttpResponse::BadRequest().body("the subprotocol must be graphql-transport-ws");
    }
    if *shared.phase.borrow() == Phase::Closing {
        return HttpResponse::ServiceUnavailable().finish();
    }
    let limits = &shared.config.websocket;
    let (response, session, messages) = match actix_ws::handle_with_protocols(&request, payload, &[PROTOCOL])
    {
        Ok(parts) => parts,
        Err(error) => return error.error_response(),
    };
    let messages = messages
        .max_frame_size(limits.message_bytes)
        .aggregate_continuations()
        .max_continuation_size(limits.message_bytes);
    let peer = peer(&request, &shared.config.http.trusted_proxies);
    let socket = Socket::new(shared.into_inner(), session, negotiate::language(headers), peer);
    actix_web::rt::spawn(socket.serve(messages));
    response
}

/// What a stream sends to its socket.
struct Event {
    id: String,
    /// Of the subscription: a client may use an identifier again, and late events are not for the new one.
    number: u64,
    kind: EventKind,
}

enum EventKind {
    Answer(Box<Answer>),
    End,
}

/// A subscription; its stream ends with it.
struct Subscription {
    number: u64,
    task: tokio::task::JoinHandle<()>,
    _running: Running,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Why a socket is closed.
struct Close(CloseCode, &'static str);

struct Socket {
    shared: Arc<Shared>,
    session: Session,
    language: Language,
    peer: Option<IpAddr>,
    signed_in: Option<SignedIn>,
    is_init_received: bool,
    subscriptions: HashMap<String, Subscription>,
    n_subscribed: u64,
    sender: mpsc::Sender<Event>,
    events: mpsc::Receiver<Event>,
    _running: Running,
}

impl Socket {
    fn new(shared: Arc<Shared>, session: Session, language: Language, peer: Option<IpAddr>) -> Self {
        let (sender, events) = mpsc::channel(shared.config.websocket.outgoing_messages.max(1));
        Self {
            _running: Running::start(&shared.metrics.sockets),
            shared,
            session,
            language,
            peer,
            signed_in: None,
            is_init_received: false,
            subscriptions: HashMap::new(),
            n_subscribed: 0,
            sender,
            events,
        }
    }

    async fn serve(mut self, messages: AggregatedMessageStream) {
        let close = self.until_closed(messages).await;
        self.subscriptions.clear();
        if let Some(Close(code, description)) = close {
            tracing::debug!(ws.close = u16::from(code), "socket closed: {description}");
            let reason = CloseReason {
                code,
                description: Some(description.to_owned()),
            };
            let patience = Duration::from_secs(self.shared.config.websocket.send_timeout_s);
            let _ = tokio::time::timeout(patience, self.session.close(Some(reason))).await;
        }
    }

    /// Runs until one side wants to end; `None`: the client is gone already.
    async fn until_closed(&mut self, mut messages: AggregatedMessageStream) -> Option<Close> {
        let limits = self.shared.config.websocket;
        let mut phase = self.shared.phase.clone();
        let ping_interval = Duration::from_secs(limits.ping_interval_s.max(1));
        let init_by = Instant::now() + Duration::from_secs(limits.init_timeout_s);
        let mut next_ping_at = Instant::now() + ping_interval;
        let mut heard_at = Instant::now();
        loop {
            let deadline = match &self.signed_in {
                None => init_by,
                Some(signed_in) => Instant::now() + self.until_end(signed_in),
            };
            let step = tokio::select! {
                message = messages.next() => {
                    heard_at = Instant::now();
                    match message {
                        None => return None,
                        Some(Ok(message)) => self.receive(message).await,
                        Some(Err(ProtocolError::Overflow)) => {
                            Err(Some(Close(CloseCode::Size, "message too large")))
                        }
                        Some(Err(_)) => Err(Some(Close(CloseCode::Protocol, "not a WebSocket message"))),
                    }
                }
                Some(event) = self.events.recv() => self.forward(event).await,
                () = sleep_until(deadline) => Err(Some(if self.signed_in.is_none() {
                    Close(CloseCode::Other(4408), "Connection initialisation timeout")
                } else {
                    Close(CloseCode::Other(4401), "the token has expired")
                })),
                () = sleep_until(next_ping_at) => {
                    next_ping_at += ping_interval;
                    if heard_at.elapsed() > ping_interval * 2 {
                        return Some(Close(CloseCode::Away, "no sign of life"));
                    }
                    let pinged = tokio::time::timeout(self.patience(), self.session.ping(b"")).await;
                    match pinged {
                        Ok(Ok(())) => Ok(()),
                        Ok(Err(_)) => Err(None),
                        Err(_) => Err(Some(too_slow())),
                    }
                }
                _ = phase.wait_for(|phase| *phase == Phase::Closing) => Err(Some(Close(CloseCode::Restart, "the server restarts"))),
            };
            if let Err(close) = step {
                return close;
            }
        }
    }

    fn until_end(&self, signed_in: &SignedIn) -> Duration {
        (signed_in.ends_at - self.shared.clock.now())
            .to_std()
            .unwrap_or(Duration::ZERO)
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(self.shared.config.websocket.send_timeout_s)
    }

    async fn receive(&mut self, message: AggregatedMessage) -> Result<(), Option<Close>> {
        let text = match message {
            AggregatedMessage::Text(text) => text,
            AggregatedMessage::Ping(bytes) => {
                let ponged = tokio::time::timeout(self.patience(), self.session.pong(&bytes)).await;
                return ponged.map_err(|_| Some(too_slow()))?.map_err(|_| None);
            }
            AggregatedMessage::Pong(_) => return Ok(()),
            AggregatedMessage::Close(_) => return Err(Some(Close(CloseCode::Normal, ""))),
            AggregatedMessage::Binary(_) => return Err(Some(invalid())),
        };
        match message::parse(&text).ok_or_else(|| Some(invalid()))? {
            FromClient::Init { authorization } => self.init(authorization).await,
            FromClient::Ping => self.send(&ToClient::Pong).await,
            FromClient::Pong => Ok(()),
            FromClient::Complete { id } => {
                self.subscriptions.remove(&id);
                Ok(())
            }
            FromClient::Subscribe { id, params } => {
                let Some(signed_in) = &self.signed_in else {
                    return Err(Some(Close(CloseCode::Other(4401), "Unauthorized")));
                };
                if self.subscriptions.contains_key(&id) {
                    return Err(Some(Close(
                        CloseCode::Other(4409),
                        "a subscriber with this id already exists",
                    )));
                }
                let viewer = signed_in.viewer.clone();
                let request_id = self.shared.clock.new_id();
                let asking = Asking {
                    viewer: Some(viewer),
                    language: self.language,
                    request_id,
                    peer: self.peer,
                };
                match self.admit(params, &asking) {
                    Ok(request) => {
                        self.start(id, request, asking);
                        Ok(())
                    }
                    Err(refusal) => {
                        let answer = refusal.into_answer(request_id);
                        self.send(&ToClient::Error {
                            id: &id,
                            errors: &answer.body.errors,
                        })
                        .await
                    }
                }
            }
        }
    }

    async fn init(&mut self, authorization: Option<Secret>) -> Result<(), Option<Close>> {
        if self.is_init_received {
            return Err(Some(Close(
                CloseCode::Other(4429),
                "Too many initialisation requests",
            )));
        }
        self.is_init_received = true;
        let forbidden = Close(CloseCode::Other(4403), "Forbidden");
        let Some(token) = authorization
            .as_ref()
            .and_then(|value| bearer(value.expose()).ok())
        else {
            return Err(Some(forbidden));
        };
        match self.shared.sign_in(token).await {
            Ok(signed_in) => {
                self.signed_in = Some(signed_in);
                self.send(&ToClient::Ack).await
            }
            Err(SignInError::Unavailable) => Err(Some(Close(CloseCode::Again, "temporarily unavailable"))),
            // As long as the proxy does not know where to go, the next attempt may arrive at a server that holds it.
            Err(SignInError::Misdirected) => Err(Some(Close(
                CloseCode::Again,
                "this server does not hold the token's company",
            ))),
            Err(SignInError::Token(_) | SignInError::Unknown) => Err(Some(forbidden)),
        }
    }

    fn admit(
        &self,
        params: super::body::GraphqlParams,
        asking: &Asking,
    ) -> Result<async_graphql::Request, Refusal> {
        let operations_max = self.shared.config.websocket.operations;
        if self.subscriptions.len() >= operations_max {
            let n_operations = self.subscriptions.len() + 1;
            return Err(Refusal::limit(
                "number of subscriptions on one socket",
                n_operations,
                operations_max,
            ));
        }
        if let Err(wait) = self.shared.check_rate(asking.viewer.as_ref(), self.peer) {
            return Err(Refusal::new(ErrorCode::RateLimited, wait.to_string()));
        }
        let admitted = self.shared.admit(params, asking.viewer.as_ref())?;
        match admitted.operation {
            OperationType::Subscription => Ok(admitted.request),
            OperationType::Query | OperationType::Mutation => Err(Refusal::new(
                ErrorCode::ValidationFailed,
                "queries and mutations are sent by POST to /graphql",
            )),
        }
    }

    fn start(&mut self, id: String, request: async_graphql::Request, asking: Asking) {
        self.n_subscribed += 1;
        let number = self.n_subscribed;
        let stream = pump(
            Arc::clone(&self.shared),
            request,
            asking,
            self.sender.clone(),
            id.clone(),
            number,
        );
        let subscription = Subscription {
            number,
            task: self.shared.runtime.spawn(stream),
            _running: Running::start(&self.shared.metrics.subscriptions),
        };
        self.subscriptions.insert(id, subscription);
    }

    /// Passes on what a stream says, unless the client has ended it meanwhile.
    async fn forward(&mut self, event: Event) -> Result<(), Option<Close>> {
        let Event { id, number, kind } = event;
        if self
            .subscriptions
            .get(&id)
            .is_none_or(|subscription| subscription.number != number)
        {
            return Ok(());
        }
        match kind {
            EventKind::Answer(answer) if answer.is_request_error => {
                self.subscriptions.remove(&id);
                self.send(&ToClient::Error {
                    id: &id,
                    errors: &answer.body.errors,
                })
                .await
            }
            EventKind::Answer(answer) => {
                self.send(&ToClient::Next {
                    id: &id,
                    payload: &answer.body,
                })
                .await
            }
            EventKind::End => {
                self.subscriptions.remove(&id);
                self.send(&ToClient::Complete { id: &id }).await
            }
        }
    }

    async fn send(&mut self, message: &ToClient<'_>) -> Result<(), Option<Close>> {
        let Ok(text) = serde_json::to_string(message) else {
            return Err(Some(Close(CloseCode::Error, "an answer could not be written")));
        };
        match tokio::time::timeout(self.patience(), self.session.text(text)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(None),
            Err(_) => Err(Some(too_slow())),
        }
    }
}

/// Runs one stream to its end. Waits while the socket's queue is full; the socket's own patience then ends it.
async fn pump(
    shared: Arc<Shared>,
    request: async_graphql::Request,
    asking: Asking,
    sender: mpsc::Sender<Event>,
    id: String,
    number: u64,
) {
    let (language, request_id): (Language, Uuid) = (asking.language, asking.request_id);
    let send = |kind| {
        sender.send(Event {
            id: id.clone(),
            number,
            kind,
        })
    };
    // What is asked before the first answer ends with the stream, when the client has ended it or is gone.
    let interrupt = Interrupt::new();
    let _guard = interrupt.raised_on_drop();
    let live = shared.live();
    let context = asking.context(Execution::new(interrupt), Some(Arc::clone(&live)));
    let mut stream = shared.service.subscribe(request, context);
    loop {
        let mut answer = match AssertUnwindSafe(stream.next()).catch_unwind().await {
            Ok(Some(response)) => shared.answer(response, language, request_id),
            Ok(None) => break,
            Err(_) => {
                shared.metrics.panics.inc();
                let code = ErrorCode::Internal;
                Refusal::new(code, code.fixed_message(language)).into_answer(request_id)
            }
        };
        if live.is_refused() {
            // The view did not begin; the client may ask again on the same socket.
            answer.is_request_error = true;
        }
        let is_over = answer.is_request_error;
        if send(EventKind::Answer(Box::new(answer))).await.is_err() || is_over {
            return;
        }
    }
    let _ = send(EventKind::End).await;
}

fn invalid() -> Close {
    Close(CloseCode::Other(4400), "Invalid message received")
}

fn too_slow() -> Close {
    Close(CloseCode::Policy, "the reader is too slow")
}
