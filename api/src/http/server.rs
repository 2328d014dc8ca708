//! The server: binds, serves, and stops without dropping what it has begun.

use std::collections::HashSet;
use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServerHandle, ServiceRequest, ServiceResponse};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, HttpResponse, HttpServer, web};
use tokio::sync::watch;

use super::limits::SchemaTypes;
use super::metrics::Metrics;
use super::service::GraphqlService;
use super::shared::{Phase, Shared};
use super::{export, graphiql, graphql, observe, traced, ws};
use crate::admission::Admission;
use crate::assignment::AssignmentError;
use crate::auth::Keys;
use crate::clock::Clock;
use crate::config::Config;
use crate::rate::RateLimiter;

/// Seconds between two visits that forget idle keys of the rate limits.
const FORGET_INTERVAL_S: u64 = 60;

/// Seconds that a connection may wait for its next request; longer than the usual 60 s of proxies in front, so that
/// it is the proxy that closes.
const KEEP_ALIVE_S: u64 = 75;

/// Seconds for a request's head to arrive.
const HEAD_TIMEOUT_S: u64 = 5;

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is taken or not ours.
    #[error("cannot listen on {address}: {cause}; set OKAERI_LISTEN or --listen to a free address")]
    Listen {
        /// Which address.
        address: SocketAddr,
        /// Why.
        cause: std::io::Error,
    },
    /// The list of trusted documents cannot be used.
    #[error("cannot use the list of trusted documents {path}: {message}")]
    TrustedDocuments {
        /// Which file.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// Companies cannot be assigned to servers as it is set.
    #[error(transparent)]
    Servers(#[from] AssignmentError),
    /// The service's schema cannot be read by the limits.
    #[error("the schema cannot be read: {0}")]
    Schema(String),
    /// Metrics cannot be registered.
    #[error("metrics cannot be registered: {0}")]
    Metrics(#[from] prometheus::Error),
    /// The server ended by itself.
    #[error("the server ended: {0}")]
    Ended(std::io::Error),
}

/// What a server is made of besides its configuration.
pub struct Parts {
    /// Answers operations.
    pub service: Arc<dyn GraphqlService>,
    /// Verifies tokens.
    pub keys: Arc<Keys>,
    /// Counts requests; shared with the service.
    pub rates: Arc<RateLimiter>,
}

/// An address that is ours, before anything is served on it: who starts the server can say where it listens.
#[derive(Debug)]
pub struct Bound {
    main: TcpListener,
    metrics: Option<TcpListener>,
    address: SocketAddr,
}

/// Takes the addresses; port 0 takes any free one.
///
/// # Errors
///
/// [`ServeError::Listen`] names the address.
pub fn bind(config: &Config) -> Result<Bound, ServeError> {
    let listen = |address: SocketAddr| -> Result<TcpListener, ServeError> {
        let failed = |cause| ServeError::Listen { address, cause };
        let listener = TcpListener::bind(address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        Ok(listener)
    };
    let main = listen(config.http.listen)?;
    let address = main.local_addr().map_err(|cause| ServeError::Listen {
        address: config.http.listen,
        cause,
    })?;
    let metrics = config.telemetry.metrics_listen.map(listen).transpose()?;
    Ok(Bound {
        main,
        metrics,
        address,
    })
}

/// Binds and serves until `shutdown` is done.
///
/// # Errors
///
/// [`ServeError`].
pub async fn serve(
    config: &Config,
    parts: Parts,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), ServeError> {
    bind(config)?.serve(config, parts, shutdown).await
}

impl Bound {
    /// Where the server listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` is done; then sockets are closed, and requests have their time to finish.
    ///
    /// # Errors
    ///
    /// [`ServeError`].
    pub async fn serve(
        self,
        config: &Config,
        parts: Parts,
        shutdown: impl Future<Output = ()> + Send,
    ) -> Result<(), ServeError> {
        let mut config = config.clone();
        // With port 0 the address is known only now.
        config.http.listen = self.address;
        let (phase, phases) = watch::channel(Phase::Serving);
        let bounds = config.limits.bounds();
        let shared = web::Data::new(Shared {
            schema: SchemaTypes::parse(parts.service.sdl()).map_err(ServeError::Schema)?,
            trusted: trusted_documents(&config)?,
            metrics: Metrics::new()?,
            runtime: tokio::runtime::Handle::current(),
            assignment: config.servers.assignment()?,
            clock: Clock::system(),
            service: parts.service,
            keys: parts.keys,
            rates: parts.rates,
            admission: Arc::new(Admission::new(bounds.executing, bounds.waiting, bounds.patience)),
            phase: phases,
            config,
        });
        let config = &shared.config;

        let for_workers = shared.clone();
        let server = HttpServer::new(move || {
            let has_graphiql = for_workers.config.has_graphiql();
            App::new()
                .app_data(for_workers.clone())
                .wrap(from_fn(close_when_leaving))
                // The last is the first to see a request.
                .wrap(from_fn(traced::answer))
                .configure(move |app| routes(app, has_graphiql))
        })
        .workers(n_workers(config))
        .keep_alive(Duration::from_secs(KEEP_ALIVE_S))
        .client_request_timeout(Duration::from_secs(HEAD_TIMEOUT_S))
        // Whoever closes their side has gone, for all that can be told, and what runs for them ends. Programs that go on
        // reading after they have closed are not served; none of the usual ones does so.
        .h1_allow_half_closed(false)
        .shutdown_timeout(config.http.drain_s)
        .disable_signals()
        .listen(self.main)
        .map_err(ServeError::Ended)?
        .run();
        let mut handles = vec![server.handle()];
        let main = tokio::spawn(server);

        let mut metrics = None;
        if let Some(listener) = self.metrics {
            let for_workers = shared.clone();
            let server = HttpServer::new(move || {
                App::new()
                    .app_data(for_workers.clone())
                    .route("/metrics", web::get().to(observe::open_metrics))
            })
            .workers(1)
            .disable_signals()
            .listen(listener)
            .map_err(ServeError::Ended)?
            .run();
            handles.push(server.handle());
            metrics = Some(tokio::spawn(server));
        }

        let mut main = std::pin::pin!(main);
        let mut shutdown = std::pin::pin!(shutdown);
        let mut forget = tokio::time::interval(Duration::from_secs(FORGET_INTERVAL_S));
        let mut ended = loop {
            tokio::select! {
                ended = &mut main => break Some(ended),
                () = &mut shutdown => break None,
                _ = forget.tick() => shared.rates.forget_idle(),
            }
        };
        if ended.is_none() && config.http.leave_s > 0 {
            tracing::info!(
                "stopping: proxies have {} s to send requests elsewhere",
                config.http.leave_s
            );
            let _ = phase.send(Phase::Leaving);
            tokio::select! {
                early = &mut main => ended = Some(early),
                () = tokio::time::sleep(Duration::from_secs(config.http.leave_s)) => {}
            }
        }
        tracing::info!("stopping: requests have {} s to finish", config.http.drain_s);
        let _ = phase.send(Phase::Closing);
        drain(handles).await;
        let ended = match ended {
            Some(ended) => ended,
            None => main.await,
        };
        if let Some(metrics) = metrics {
            metrics.abort();
        }
        match ended {
            Ok(result) => result.map_err(ServeError::Ended),
            Err(error) => Err(ServeError::Ended(std::io::Error::other(error))),
        }
    }
}

/// A connection that is kept for later would be cut by the end of the server, with the next request on its way.
async fn close_when_leaving(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let shared = request.app_data::<web::Data<Shared>>().cloned();
    let mut response = next.call(request).await?;
    let is_leaving = shared.is_some_and(|shared| *shared.phase.borrow() != Phase::Serving);
    // A WebSocket's connection is its own.
    if is_leaving && response.status() != StatusCode::SWITCHING_PROTOCOLS {
        response
            .response_mut()
            .head_mut()
            .set_connection_type(ConnectionType::Close);
    }
    Ok(response)
}

async fn drain(handles: Vec<ServerHandle>) {
    for handle in handles {
        handle.stop(true).await;
    }
}

fn n_workers(config: &Config) -> usize {
    match config.http.workers {
        0 => std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get),
        n_workers => n_workers,
    }
}

fn routes(app: &mut web::ServiceConfig, has_graphiql: bool) {
    app.route("/graphql", web::route().to(graphql::handle))
        .route("/graphql/ws", web::route().to(ws::handle))
        .route("/export/{token}", web::get().to(export::download))
        .route("/healthz", web::get().to(observe::healthz))
        .route("/readyz", web::get().to(observe::readyz))
        .route("/metrics", web::get().to(observe::metrics));
    if has_graphiql {
        app.route("/graphiql", web::get().to(graphiql::page))
            .route("/graphiql/{name}", web::get().to(graphiql::file));
    }
    app.default_service(web::to(|| async {
        HttpResponse::NotFound().json(serde_json::json!({
            "errors": [{ "message": "there is nothing here; the API is at /graphql", "extensions": { "code": "NOT_FOUND" } }]
        }))
    }));
}

fn trusted_documents(config: &Config) -> Result<Option<HashSet<String>>, ServeError> {
    let Some(path) = &config.http.trusted_documents else {
        return Ok(None);
    };
    let failed = |message: String| ServeError::TrustedDocuments {
        path: path.clone(),
        message,
    };
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    let mut digests = HashSet::new();
    for (idx, line) in text.lines().enumerate() {
        let digest = line.split_whitespace().next().unwrap_or_default();
        if digest.is_empty() || digest.starts_with('#') {
            continue;
        }
        if digest.len() != 64 || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(failed(format!(
                "line {} is not a SHA-256 digest in hexadecimal",
                idx + 1
            )));
        }
        digests.insert(digest.to_ascii_lowercase());
    }
    Ok(Some(digests))
}

/// Done at the first SIGTERM or SIGINT.
pub async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
