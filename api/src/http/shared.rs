//! What every handler of one server shares, and the steps that HTTP and WebSocket have in common.

use std::collections::HashSet;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::header::{self, HeaderMap};
use async_graphql::{Request, Response};
use async_graphql_parser::types::OperationType;
use chrono::{DateTime, Utc};
use okaeri_engine::domain::{Role, Viewer};
use okaeri_engine::interrupt::Interrupt;
use sha2::{Digest as _, Sha256};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tracing::field::Empty;
use uuid::Uuid;

use super::body::GraphqlParams;
use super::error::{Answer, ErrorCode, Refusal};
use super::limits::{self, Admitted, SchemaTypes};
use super::live::Live;
use super::metrics::Metrics;
use super::service::{AuthenticationFailure, GraphqlService, Language, RequestContext};
use crate::admission::{Admission, Execution, Overloaded};
use crate::assignment::Assignment;
use crate::auth::{Keys, TokenError};
use crate::clock::Clock;
use crate::config::{Config, Mode};
use crate::rate::{Bucket, RateLimiter, RetryAfter, peer_key};
use crate::telemetry::{self, Here, step};

/// How far a server has come with stopping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Not at all.
    Serving,
    /// It answers everything, but says that it is not ready and keeps no connection for later, so that a proxy sends
    /// what comes next to others.
    Leaving,
    /// It takes nothing new, and subscriptions are to go on elsewhere.
    Closing,
}

pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) service: Arc<dyn GraphqlService>,
    pub(crate) keys: Arc<Keys>,
    pub(crate) rates: Arc<RateLimiter>,
    /// What runs at once. What is asked by those who run the server goes by it.
    pub(crate) admission: Arc<Admission>,
    pub(crate) schema: SchemaTypes,
    pub(crate) metrics: Metrics,
    /// The runtime that runs operations: the threads that serve sockets never compute.
    pub(crate) runtime: Handle,
    /// SHA-256 digests in lower-case hexadecimal; `None`: any document may run.
    pub(crate) trusted: Option<HashSet<String>>,
    /// How far the server has come with stopping.
    pub(crate) phase: watch::Receiver<Phase>,
    /// Which companies this server answers for.
    pub(crate) assignment: Assignment,
    /// Tokens end by the system's time, also when the demonstration's clock is set.
    pub(crate) clock: Clock,
}

/// A viewer, of which company by its short name, and until when.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    pub(crate) viewer: Viewer,
    pub(crate) company: String,
    pub(crate) ends_at: DateTime<Utc>,
}

/// Who asks, before there is a place for what they ask.
#[derive(Clone, Debug)]
pub(crate) struct Asking {
    pub(crate) viewer: Option<Viewer>,
    pub(crate) language: Language,
    pub(crate) request_id: Uuid,
    pub(crate) peer: Option<IpAddr>,
}

impl Asking {
    pub(crate) fn context(self, execution: Execution, live: Option<Arc<Live>>) -> RequestContext {
        RequestContext {
            viewer: self.viewer,
            language: self.language,
            request_id: self.request_id,
            peer: self.peer,
            execution: Arc::new(execution),
            live,
        }
    }
}

/// Why nobody is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignInError {
    Token(TokenError),
    Unknown,
    /// Other servers hold the company of the token.
    Misdirected,
    Unavailable,
}

impl SignInError {
    /// What the sender is told; not whether a company or a person exists.
    pub(crate) fn message(self) -> String {
        match self {
            Self::Token(error) => error.to_string(),
            Self::Unknown => "the token is for nobody here".to_owned(),
            Self::Misdirected => "this server does not hold the token's company; another one does".to_owned(),
            Self::Unavailable => "temporarily unavailable; try again later".to_owned(),
        }
    }
}

/// The token of an `Authorization` header or of `connection_init`; `Err`: something else stands there.
pub(crate) fn bearer(value: &str) -> Result<&str, TokenError> {
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => {
            Ok(token.trim())
        }
        _ => Err(TokenError::Malformed),
    }
}

impl Shared {
    /// Who sent a request; `None`: it carries no token.
    pub(crate) async fn authenticate(&self, headers: &HeaderMap) -> Result<Option<SignedIn>, SignInError> {
        let mut values = headers.get_all(header::AUTHORIZATION);
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(_), Some(_)) => Err(SignInError::Token(TokenError::Malformed)),
            (Some(value), None) => {
                let value = value
                    .to_str()
                    .map_err(|_| SignInError::Token(TokenError::Malformed))?;
                let token = bearer(value).map_err(SignInError::Token)?;
                self.sign_in(token).await.map(Some)
            }
        }
    }

    pub(crate) async fn sign_in(&self, token: &str) -> Result<SignedIn, SignInError> {
        let claims = match self.keys.verify(token, self.clock.now()).await {
            Ok(claims) => claims,
            Err(TokenError::Unavailable) => return Err(SignInError::Unavailable),
            Err(error) => return Err(SignInError::Token(error)),
        };
        // By the token alone, before the database is asked: whether there is such a company makes no difference.
        if !self.assignment.holds(&claims.company) {
            return Err(SignInError::Misdirected);
        }
        let ends_at = claims.expires_at + self.keys.leeway();
        let company = claims.company.clone();
        let service = Arc::clone(&self.service);
        let found = self.in_time(async move { service.authenticate(claims).await });
        match found.await {
            Some(Ok(viewer)) => Ok(SignedIn {
                viewer,
                company,
                ends_at,
            }),
            Some(Err(AuthenticationFailure::Unknown)) => Err(SignInError::Unknown),
            Some(Err(AuthenticationFailure::Unavailable)) | None => Err(SignInError::Unavailable),
        }
    }

    /// Does what comes before an operation, or stands beside one, in the time that an operation has: a database that
    /// takes questions and answers none must keep nobody waiting. `None` when it took longer, or panicked.
    pub(crate) async fn in_time<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let timeout = Duration::from_millis(self.config.limits.execution_ms);
        let mut task = AbortOnDrop(self.runtime.spawn(Here::current().instrument(work)));
        match tokio::time::timeout(timeout, &mut task.0).await.ok()? {
            Ok(done) => Some(done),
            Err(error) => {
                if error.is_panic() {
                    self.metrics.panics.inc();
                }
                None
            }
        }
    }

    /// Counts a request against its sender's allowance.
    pub(crate) fn check_rate(&self, viewer: Option<&Viewer>, peer: Option<IpAddr>) -> Result<(), RetryAfter> {
        let checked = match viewer {
            Some(viewer) => {
                let company = viewer.company_id.to_string();
                let person = format!("{company}/{}/{}", viewer.role.code(), viewer.subject);
                self.rates
                    .check(Bucket::Requests, &person)
                    .and_then(|()| self.rates.check(Bucket::Company, &company))
            }
            None => self.rates.check(Bucket::Anonymous, &peer_key(peer)),
        };
        if checked.is_err() {
            self.metrics.rate_limited.inc();
        }
        checked
    }

    /// Applies every limit and permission that does not need the database.
    pub(crate) fn admit(&self, params: GraphqlParams, viewer: Option<&Viewer>) -> Result<Admitted, Refusal> {
        if let Some(trusted) = &self.trusted
            && !trusted.contains(&digest(&params.query))
        {
            return Err(Refusal::new(
                ErrorCode::Forbidden,
                "the document is not among those that this server runs",
            ));
        }
        let admitted = limits::admit(
            &self.schema,
            &self.config.limits,
            &params.query,
            params.operation_name.as_deref(),
            params.variables,
        );
        let admitted = match (admitted, viewer) {
            (admitted, Some(_)) => admitted?,
            (Ok(admitted), None) if self.is_sign_in(&admitted) => admitted,
            // A document that is too large is told so; what else is wrong with it is told to those signed in.
            (Err(refusal), None) if refusal.code == ErrorCode::LimitExceeded => return Err(refusal),
            (Err(refusal), None) if refusal.code == ErrorCode::ParseFailed => return Err(refusal),
            (Ok(_) | Err(_), None) => {
                return Err(Refusal::new(
                    ErrorCode::Unauthenticated,
                    "nobody is signed in: send the header Authorization: Bearer <token>",
                ));
            }
        };
        let may_introspect = match self.config.mode {
            Mode::Development => true,
            Mode::Production => viewer.is_some_and(|viewer| viewer.role == Role::Administrator),
        };
        if admitted.has_introspection && !may_introspect {
            return Err(Refusal::new(
                ErrorCode::Forbidden,
                "introspection is for administrators; the schema is published as schema.graphql",
            ));
        }
        Ok(admitted)
    }

    /// Whether an operation consists of sign-in mutations.
    fn is_sign_in(&self, admitted: &Admitted) -> bool {
        let allowed = &self.config.http.sign_in_mutations;
        admitted.operation == OperationType::Mutation
            && !admitted.root_fields.is_empty()
            && admitted.root_fields.iter().all(|field| allowed.contains(field))
    }

    /// Runs an operation as soon as there is a place, within its time; a panic in it is its own error and nobody else's.
    /// When nobody polls this any more, because the client is gone, it ends, and what computes for it as well.
    ///
    /// - `company`: the viewer's, by its short name, for traces
    ///
    /// # Errors
    ///
    /// [`Overloaded`] when there is no place; then nothing was run.
    pub(crate) async fn run(
        &self,
        admitted: Admitted,
        company: Option<&str>,
        asking: Asking,
    ) -> Result<Answer, Overloaded> {
        let role = asking.viewer.as_ref().map(|viewer| viewer.role.code());
        let step = step!(
            "graphql",
            otel.name = %OperationTitle(&admitted),
            otel.status_code = Empty,
            graphql.operation.type = %admitted.operation,
            graphql.operation.name = admitted.operation_name.as_deref(),
            graphql.code = Empty,
            company.slug = company,
            viewer.role = role,
        );
        let answer = telemetry::in_step(step.clone(), self.run_in_time(admitted.request, asking)).await;
        let code = match &answer {
            Ok(answer) => answer.code,
            Err(Overloaded) => Some(ErrorCode::Unavailable),
        };
        step.record("graphql.code", code.map_or("none", ErrorCode::as_str));
        if matches!(
            code,
            Some(ErrorCode::Internal | ErrorCode::Unavailable | ErrorCode::Timeout)
        ) {
            step.record("otel.status_code", "ERROR");
        }
        answer
    }

    async fn run_in_time(&self, request: Request, asking: Asking) -> Result<Answer, Overloaded> {
        let (language, request_id) = (asking.language, asking.request_id);
        // Waiting counts: nobody waits longer for a screen because others do.
        let deadline = Instant::now() + Duration::from_millis(self.config.limits.execution_ms);
        let place = self.admission.enter().await?;
        let interrupt = Interrupt::at(deadline);
        let _guard = interrupt.raised_on_drop();
        let context = asking.context(Execution::new(interrupt), None);
        let service = Arc::clone(&self.service);
        let work = async move {
            // Held by what runs, and not by whoever waits for it.
            let _place = place;
            service.execute(request, context).await
        };
        let mut task = AbortOnDrop(self.runtime.spawn(Here::current().instrument(work)));
        let failed = |code| Answer::failed(code, language, request_id);
        let ended = tokio::time::timeout_at(deadline.into(), &mut task.0).await;
        Ok(match ended {
            Err(_) => failed(ErrorCode::Timeout),
            Ok(Ok(response)) => self.answer(response, language, request_id),
            Ok(Err(error)) => {
                if error.is_panic() {
                    self.metrics.panics.inc();
                }
                failed(ErrorCode::Internal)
            }
        })
    }

    /// What a live view needs for its answers.
    pub(crate) fn live(&self) -> Arc<Live> {
        let timeout = Duration::from_millis(self.config.limits.execution_ms);
        Arc::new(Live::new(Arc::clone(&self.admission), timeout))
    }

    pub(crate) fn answer(&self, response: Response, language: Language, request_id: Uuid) -> Answer {
        Answer::from_response(response, language, request_id, self.config.limits.errors)
    }
}

/// The task ends when nobody waits for it any more: after its time, or when the client is gone.
struct AbortOnDrop<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What an operation is called in traces.
struct OperationTitle<'a>(&'a Admitted);

impl fmt::Display for OperationTitle<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(admitted) = self;
        match &admitted.operation_name {
            Some(name) => write!(f, "{} {name}", admitted.operation),
            None => write!(f, "{}", admitted.operation),
        }
    }
}

fn digest(document: &str) -> String {
    Sha256::digest(document.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
