//! `/export/{token}`: a person's own data behind a link that works once.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::StreamExt as _;

use super::peer::peer;
use super::service::Unavailable;
use super::shared::Shared;

/// Characters of a link's token; ours have 64.
const TOKEN_LENGTH_MAX: usize = 200;

/// Streams the document. What is wrong with a link is not told: unknown, used and expired look alike.
///
/// After a 503 the link may be used up: time can run out when it is marked as used and the answer has not begun. A new
/// link helps then.
pub(crate) async fn download(
    request: HttpRequest,
    token: web::Path<String>,
    shared: web::Data<Shared>,
) -> HttpResponse {
    // Nobody is signed in here: guesses count against the address they come from.
    if let Err(wait) = shared.check_rate(None, peer(&request, &shared.config.http.trusted_proxies)) {
        return HttpResponse::TooManyRequests()
            .insert_header((header::RETRY_AFTER, wait.seconds().to_string()))
            .finish();
    }
    let token = token.into_inner();
    if token.len() > TOKEN_LENGTH_MAX {
        return missing();
    }
    let service = shared.service.clone();
    let found = shared.in_time(async move { service.export(&token).await }).await;
    match found {
        Some(Ok(Some(parts))) => HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "application/json; charset=utf-8"))
            .insert_header((
                header::CONTENT_DISPOSITION,
                "attachment; filename=\"okaeri-export.json\"",
            ))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((header::REFERRER_POLICY, "no-referrer"))
            .streaming(parts.map(|part| part.map(web::Bytes::from))),
        Some(Ok(None)) => missing(),
        Some(Err(Unavailable)) | None => HttpResponse::ServiceUnavailable().finish(),
    }
}

fn missing() -> HttpResponse {
    HttpResponse::NotFound()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(serde_json::json!({
            "errors": [{
                "message": "the link is unknown, used or expired: ask for a new one with exportMyData",
                "extensions": { "code": "NOT_FOUND" }
            }]
        }))
}
