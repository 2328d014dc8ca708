//! `/graphql`: one request, one operation, one answer.
//!
//! The order of the steps is the order of their cost: a request is refused by the cheapest thing that is wrong with
//! it, and nothing of a body is read for somebody whose token is not good.

use std::time::Instant;

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use async_graphql_parser::types::OperationType;
use tracing::field::display;
use tracing::{Instrument as _, Span};
use uuid::Uuid;

use super::body::{self, BodyError};
use super::error::{Answer, ErrorCode, Refusal};
use super::metrics::Running;
use super::negotiate::{self, MediaType};
use super::peer::peer;
use super::service::Language;
use super::shared::{Asking, Shared, SignInError};
use crate::admission::Overloaded;
use crate::rate::RetryAfter;
use crate::telemetry::{self, step};

/// The header that names a request, in the answer, in errors and in logs.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How long to wait when the database is down, in seconds: about as long as a failover takes.
const UNAVAILABLE_RETRY_S: u64 = 5;

/// Every method on `/graphql`.
pub(crate) async fn handle(
    request: HttpRequest,
    payload: web::Payload,
    shared: web::Data<Shared>,
) -> HttpResponse {
    let id = shared.clock.new_id();
    let headers = request.headers();
    let response = match *request.method() {
        Method::POST => {
            // The step around this one; lines have a span of their own.
            Span::current().record("request.id", display(id));
            let trace_id = telemetry::trace_id().map(display);
            let span = tracing::info_span!("request", request.id = %id, trace.id = trace_id);
            post(&request, payload, &shared, (id, Span::current()))
                .instrument(span)
                .await
        }
        Method::OPTIONS if headers.contains_key(header::ORIGIN) => preflight(headers, &shared),
        _ => {
            let mut response = HttpResponse::MethodNotAllowed();
            response.insert_header((header::ALLOW, "POST, OPTIONS"));
            plain(response, MediaType::Json, "only POST runs operations", id)
        }
    };
    with_common_headers(response, headers, &shared, id)
}

async fn post(
    request: &HttpRequest,
    payload: web::Payload,
    shared: &Shared,
    (id, step): (Uuid, Span),
) -> HttpResponse {
    let started_at = Instant::now();
    let _running = Running::start(&shared.metrics.in_flight);
    let outcome = steps(request, payload, shared, id).await;
    let operation = match outcome.operation {
        Some(OperationType::Query) => "query",
        Some(OperationType::Mutation) => "mutation",
        Some(OperationType::Subscription) => "subscription",
        None => "none",
    };
    let status = outcome.response.status().as_u16();
    let code = outcome.code.map_or("none", ErrorCode::as_str);
    let elapsed = started_at.elapsed();
    step.record("graphql.code", code);
    shared
        .metrics
        .requests
        .with_label_values(&[&status.to_string(), code, operation])
        .inc();
    shared
        .metrics
        .seconds
        .with_label_values(&[operation])
        .observe(elapsed.as_secs_f64());
    tracing::info!(
        http.status = status,
        graphql.operation = operation,
        graphql.code = code,
        elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
        "request {id} answered {status}"
    );
    outcome.response
}

/// An answer, and what is counted of it.
struct Outcome {
    response: HttpResponse,
    operation: Option<OperationType>,
    code: Option<ErrorCode>,
}

async fn steps(request: &HttpRequest, payload: web::Payload, shared: &Shared, id: Uuid) -> Outcome {
    let headers = request.headers();
    let refused = |status: StatusCode, code, media_type, message: &str| Outcome {
        response: plain(HttpResponse::build(status), media_type, message, id),
        operation: None,
        code: Some(code),
    };

    if !negotiate::is_json(headers) {
        return refused(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ErrorCode::BadUserInput,
            MediaType::Json,
            "Content-Type must be application/json",
        );
    }
    if headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|encoding| encoding != "identity")
    {
        return refused(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ErrorCode::BadUserInput,
            MediaType::Json,
            "Content-Encoding must be absent: bodies are not unpacked",
        );
    }
    let Some(media_type) = negotiate::media_type(headers) else {
        return refused(
            StatusCode::NOT_ACCEPTABLE,
            ErrorCode::BadUserInput,
            MediaType::Json,
            "Accept must allow application/graphql-response+json or application/json",
        );
    };
    let language = negotiate::language(headers);

    let authenticating = telemetry::in_step(step!("authenticate"), shared.authenticate(headers));
    let signed_in = match authenticating.await {
        Ok(signed_in) => signed_in,
        Err(SignInError::Unavailable) => {
            let refusal = Refusal::new(
                ErrorCode::Unavailable,
                ErrorCode::Unavailable.fixed_message(language),
            );
            return answered(refusal.into_answer(id), None, media_type);
        }
        Err(SignInError::Misdirected) => {
            // Read all the same, so that the connection stays good and a proxy that asks another server gets to read this.
            return match body::read(headers, payload, &shared.config.limits).await {
                Ok(_) => misdirected(language, media_type, id),
                Err(error) => unreadable(&error, media_type, id),
            };
        }
        Err(error @ (SignInError::Token(_) | SignInError::Unknown)) => {
            let refusal = Refusal::new(ErrorCode::Unauthenticated, error.message());
            return answered(refusal.into_answer(id), None, media_type);
        }
    };
    let (viewer, company) = match signed_in {
        Some(signed_in) => (Some(signed_in.viewer), Some(signed_in.company)),
        None => (None, None),
    };
    let peer = peer(request, &shared.config.http.trusted_proxies);
    if let Err(wait) = shared.check_rate(viewer.as_ref(), peer) {
        return rate_limited(wait, language, media_type, id);
    }

    let body = match body::read(headers, payload, &shared.config.limits).await {
        Ok(body) => body,
        Err(error) => return unreadable(&error, media_type, id),
    };
    let params = match body::parse(&body) {
        Ok(params) => params,
        Err(error) => return unreadable(&error, media_type, id),
    };
    drop(body);

    let admitted = match shared.admit(params, viewer.as_ref()) {
        Ok(admitted) => admitted,
        Err(refusal) => return answered(refusal.into_answer(id), None, media_type),
    };
    if admitted.operation == OperationType::Subscription {
        let refusal = Refusal::new(
            ErrorCode::ValidationFailed,
            "subscriptions run on the WebSocket /graphql/ws only",
        );
        return answered(refusal.into_answer(id), Some(admitted.operation), media_type);
    }
    let asking = Asking {
        viewer,
        language,
        request_id: id,
        peer,
    };
    let operation = admitted.operation;
    match shared.run(admitted, company.as_deref(), asking).await {
        Ok(answer) => answered(answer, Some(operation), media_type),
        Err(Overloaded) => overloaded(shared, operation, language, media_type, id),
    }
}

fn answered(answer: Answer, operation: Option<OperationType>, media_type: MediaType) -> Outcome {
    let status = negotiate::status(&answer, media_type);
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CONTENT_TYPE, media_type.header()));
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"okaeri\""));
        // The body was not read; what follows on this connection would be taken for a request.
        response.force_close();
    }
    if answer.code == Some(ErrorCode::Unavailable) {
        response.insert_header((header::RETRY_AFTER, UNAVAILABLE_RETRY_S));
    }
    match serde_json::to_vec(&answer.body) {
        Ok(body) => Outcome {
            response: response.body(body),
            operation,
            code: answer.code,
        },
        Err(error) => {
            tracing::error!("an answer could not be written: {error}");
            Outcome {
                response: HttpResponse::InternalServerError().finish(),
                operation,
                code: Some(ErrorCode::Internal),
            }
        }
    }
}

fn unreadable(error: &BodyError, media_type: MediaType, id: Uuid) -> Outcome {
    let mut response = HttpResponse::build(error.status);
    if error.status != StatusCode::BAD_REQUEST {
        response.force_close();
    }
    let code = match error.status {
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::LimitExceeded,
        StatusCode::REQUEST_TIMEOUT => ErrorCode::Timeout,
        _ => ErrorCode::BadUserInput,
    };
    Outcome {
        response: with_code(response, code, media_type, &error.message, id),
        operation: None,
        code: Some(code),
    }
}

/// Nothing was read or written of the company, so whoever sent it may send it to another server, a mutation too.
fn misdirected(language: Language, media_type: MediaType, id: Uuid) -> Outcome {
    let message = match language {
        Language::Japanese => {
            "このサーバーはトークンの企業を担当していません。X-Okaeri-Companyヘッダーに企業の短い名前を付けて、プロキシ\
             経由で担当サーバーに送ってください"
        }
        Language::English => {
            "this server does not hold the token's company: send the request through the proxy, with the company's short name \
             in the header X-Okaeri-Company"
        }
    };
    let response = HttpResponse::build(StatusCode::MISDIRECTED_REQUEST);
    Outcome {
        response: with_code(response, ErrorCode::Unavailable, media_type, message, id),
        operation: None,
        code: Some(ErrorCode::Unavailable),
    }
}

fn rate_limited(wait: RetryAfter, language: Language, media_type: MediaType, id: Uuid) -> Outcome {
    let seconds = wait.seconds();
    let message = match language {
        Language::Japanese => format!("リクエストが多すぎます。{seconds}秒後にもう一度お試しください"),
        Language::English => wait.to_string(),
    };
    let mut response = HttpResponse::TooManyRequests();
    response
        .insert_header((header::RETRY_AFTER, seconds))
        .force_close();
    Outcome {
        response: with_code(response, ErrorCode::RateLimited, media_type, &message, id),
        operation: None,
        code: Some(ErrorCode::RateLimited),
    }
}

/// For an operation that found no place, and of which nothing was run.
fn overloaded(
    shared: &Shared,
    operation: OperationType,
    language: Language,
    media_type: MediaType,
    id: Uuid,
) -> Outcome {
    let code = ErrorCode::Unavailable;
    let mut response = HttpResponse::ServiceUnavailable();
    response.insert_header((header::RETRY_AFTER, shared.admission.retry_after_s()));
    Outcome {
        response: with_code(response, code, media_type, code.fixed_message(language), id),
        operation: Some(operation),
        code: Some(code),
    }
}

/// A refusal by the transport, in the form of a GraphQL error so that clients need one reader only.
fn plain(response: HttpResponseBuilder, media_type: MediaType, message: &str, id: Uuid) -> HttpResponse {
    with_code(response, ErrorCode::BadUserInput, media_type, message, id)
}

fn with_code(
    mut response: HttpResponseBuilder,
    code: ErrorCode,
    media_type: MediaType,
    message: &str,
    id: Uuid,
) -> HttpResponse {
    let answer = Refusal::new(code, message).into_answer(id);
    response
        .insert_header((header::CONTENT_TYPE, media_type.header()))
        .body(serde_json::to_vec(&answer.body).unwrap_or_default())
}

/// Tells a browser whether a page may send what it is about to send.
fn preflight(headers: &HeaderMap, shared: &Shared) -> HttpResponse {
    let is_allowed = headers
        .get(header::ORIGIN)
        .and_then(|origin| origin.to_str().ok())
        .is_some_and(|origin| shared.config.is_allowed_origin(origin));
    if !is_allowed {
        return HttpResponse::Forbidden().finish();
    }
    HttpResponse::NoContent()
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "POST"))
        .insert_header((
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            // The last one is for proxies in front of servers that hold some companies each.
            "authorization, content-type, accept, accept-language, x-okaeri-company",
        ))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "600"))
        .finish()
}

fn with_common_headers(
    mut response: HttpResponse,
    request: &HeaderMap,
    shared: &Shared,
    id: Uuid,
) -> HttpResponse {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static("Origin, Accept, Accept-Language, Authorization"),
    );
    if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(REQUEST_ID, id);
    }
    if let Some(origin) = request.get(header::ORIGIN)
        && origin
            .to_str()
            .is_ok_and(|origin| shared.config.is_allowed_origin(origin))
    {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("x-request-id, retry-after"),
        );
    }
    response
}
