//! `/healthz`, `/readyz` and `/metrics`: for those who run the server.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest as _, Sha256};

use super::shared::{Phase, Shared};
use crate::config::Mode;

/// The process lives; says nothing of the database, so that nobody restarts a server because of one.
pub(crate) async fn healthz() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(serde_json::json!({ "status": "live" }))
}

/// Requests can be answered now; a server that is stopping wants no more of them.
pub(crate) async fn readyz(shared: web::Data<Shared>) -> HttpResponse {
    let service = shared.service.clone();
    let found = shared.in_time(async move { service.readiness().await }).await;
    // A database that does not say whether it is there is not.
    let readiness = found.unwrap_or_default();
    let is_stopping = *shared.phase.borrow() != Phase::Serving;
    let is_ready = readiness.is_ready() && !is_stopping;
    let mut response = if is_ready {
        HttpResponse::Ok()
    } else {
        HttpResponse::ServiceUnavailable()
    };
    response
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(serde_json::json!({
            "status": if is_ready { "ready" } else { "not ready" },
            "stopping": is_stopping,
            "database": readiness.database,
            "migrations": readiness.migrations,
            "indexLagChanges": readiness.index_lag_changes,
        }))
}

/// On the main listener: with the token, or in development from this machine. No header of a proxy says where a request is
/// from here, so behind a proxy the token alone opens.
pub(crate) async fn metrics(request: HttpRequest, shared: web::Data<Shared>) -> HttpResponse {
    let given = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let is_allowed = match (&shared.config.telemetry.metrics_token, given) {
        // Digests are compared so that the time taken says nothing of the token.
        (Some(token), Some(given)) => Sha256::digest(token.expose()) == Sha256::digest(given),
        (Some(_), None) => false,
        (None, _) => {
            let is_proxied = !shared.config.http.trusted_proxies.is_empty();
            let is_of_this_machine = request.peer_addr().is_some_and(|peer| peer.ip().is_loopback());
            shared.config.mode == Mode::Development && !is_proxied && is_of_this_machine
        }
    };
    if is_allowed {
        text(&shared)
    } else {
        HttpResponse::NotFound().finish()
    }
}

/// On a listener of its own, which only those who run the server reach.
pub(crate) async fn open_metrics(shared: web::Data<Shared>) -> HttpResponse {
    text(&shared)
}

fn text(shared: &Shared) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(shared.metrics.text(
            shared.admission.load(),
            shared.service.computing(),
            shared.service.memory(),
        ))
}
