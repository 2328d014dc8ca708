//! A step of a trace for each HTTP request.
//!
//! - It is named by method and route, as they stand in the code. The path is not told, which may hold a token, nor the
//!   query, any header, or who asks.
//! - Probes are no part of it: they come every second and say nothing.
//! - A `traceparent` is read from callers that the configuration names. From anybody else it is not, so that nobody chooses
//!   what is recorded or into whose trace it goes.

use std::net::IpAddr;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, HeaderName};
use actix_web::middleware::Next;
use actix_web::web;
use tracing::field::Empty;

use super::shared::Shared;
use crate::config::Config;
use crate::telemetry::{self, Traceparent, step};

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// What programs ask without anybody waiting for it.
const PROBES: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// Answers a request as a step.
pub(crate) async fn answer(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if !telemetry::is_tracing() || PROBES.contains(&request.path()) {
        return next.call(request).await;
    }
    let method = method(request.method());
    let route = request.match_pattern();
    let name = route
        .as_ref()
        .map_or_else(|| method.to_owned(), |route| format!("{method} {route}"));
    let step = step!(
        "http",
        otel.name = name,
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        request.id = Empty,
        graphql.code = Empty,
    );
    let shared = request.app_data::<web::Data<Shared>>();
    let peer = request.peer_addr().map(|address| address.ip());
    let caller = shared.and_then(|shared| caller(request.headers(), peer, &shared.config));
    let answered = telemetry::in_step_of(step.clone(), caller, next.call(request)).await;
    let status = match &answered {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    step.record("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        step.record("otel.status_code", "ERROR");
    }
    answered
}

/// The method; `_OTHER` for what is none, as callers can write anything there (OpenTelemetry, semantic conventions for
/// HTTP spans).
fn method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "CONNECT" => "CONNECT",
        "OPTIONS" => "OPTIONS",
        "TRACE" => "TRACE",
        "PATCH" => "PATCH",
        _ => "_OTHER",
    }
}

/// The trace of a caller that is followed. Two headers say two things, so neither is believed.
fn caller(headers: &HeaderMap, peer: Option<IpAddr>, config: &Config) -> Option<Traceparent> {
    let peer = peer?;
    let mut followed = config
        .http
        .trusted_proxies
        .iter()
        .chain(&config.traces.trusted_callers);
    if !followed.any(|network| network.contains(peer)) {
        return None;
    }
    let mut lines = headers.get_all(TRACEPARENT);
    let (line, None) = (lines.next()?, lines.next()) else {
        return None;
    };
    Traceparent::parse(line.to_str().ok()?)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn found(peer: &str, lines: &[&str], change: impl FnOnce(&mut Config)) -> Option<Traceparent> {
        let mut config = Config::default();
        change(&mut config);
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(TRACEPARENT, HeaderValue::from_str(line).unwrap());
        }
        caller(&headers, Some(peer.parse().unwrap()), &config)
    }

    #[test]
    fn the_trace_of_a_proxy_or_of_a_named_caller_is_followed_and_nobody_elses() {
        let network = || vec!["10.0.0.0/8".parse().unwrap()];
        let expected = Traceparent::parse(PARENT);
        assert!(expected.is_some());
        assert_eq!(found("10.0.0.5", &[PARENT], |_| {}), None);
        assert_eq!(
            found("10.0.0.5", &[PARENT], |config| config.http.trusted_proxies =
                network()),
            expected
        );
        let is_named = |config: &mut Config| config.traces.trusted_callers = network();
        assert_eq!(found("10.0.0.5", &[PARENT], is_named), expected);
        assert_eq!(found("203.0.113.9", &[PARENT], is_named), None);
        assert_eq!(found("10.0.0.5", &[PARENT, PARENT], is_named), None);
        assert_eq!(found("10.0.0.5", &["00-1-2-01"], is_named), None);
        assert_eq!(found("10.0.0.5", &[], is_named), None);
    }

    #[test]
    fn a_method_that_somebody_made_up_is_not_told() {
        assert_eq!(method(&Method::POST), "POST");
        assert_eq!(method(&Method::from_bytes(b"HIMITSU").unwrap()), "_OTHER");
    }
}
