//! `/graphiql`: a page to try the API with, from files on this machine.
//!
//! - Nothing is loaded from another host, and the page's policy forbids it.
//! - Only files with a fixed name are served; a path from a request is never joined to a directory.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::shared::Shared;

/// The built files that `scripts/graphiql` copies from their npm packages.
const FILES: [(&str, &str); 5] = [
    ("react.production.min.js", "text/javascript; charset=utf-8"),
    ("react-dom.production.min.js", "text/javascript; charset=utf-8"),
    ("graphql-ws.min.js", "text/javascript; charset=utf-8"),
    ("graphiql.min.js", "text/javascript; charset=utf-8"),
    ("graphiql.min.css", "text/css; charset=utf-8"),
];

const PAGE: &str = include_str!("graphiql/page.html");
const SCRIPT: &str = include_str!("graphiql/page.js");
const MISSING: &str = include_str!("graphiql/missing.html");

/// `GET /graphiql`: the page, or how to prepare its files.
pub(crate) async fn page(request: HttpRequest, shared: web::Data<Shared>) -> HttpResponse {
    let dir = shared.config.graphiql_dir();
    let is_complete = FILES.iter().all(|(name, _)| dir.join(name).is_file());
    // Not from a header of a proxy, which anybody can send: proxies pass the name on that they were asked by.
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    // The host comes from the request: only what can be a host goes into a header.
    let is_host = host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']'));
    let socket = if is_host {
        format!("ws://{host} wss://{host}")
    } else {
        String::new()
    };
    // The editor sets inline styles; scripts come from files only.
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
         font-src 'self' data:; connect-src 'self' {socket}; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(if is_complete { PAGE } else { MISSING })
}

/// `GET /graphiql/{name}`: one of the page's files.
pub(crate) async fn file(name: web::Path<String>, shared: web::Data<Shared>) -> HttpResponse {
    let name = name.into_inner();
    let respond = |content_type: &str| {
        let mut response = HttpResponse::Ok();
        response
            .insert_header((header::CONTENT_TYPE, content_type))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((header::CACHE_CONTROL, "no-cache"));
        response
    };
    if name == "page.js" {
        return respond("text/javascript; charset=utf-8").body(SCRIPT);
    }
    let Some((known, content_type)) = FILES.iter().find(|(known, _)| *known == name) else {
        return HttpResponse::NotFound().finish();
    };
    match tokio::fs::read(shared.config.graphiql_dir().join(known)).await {
        Ok(content) => respond(content_type).body(content),
        Err(_) => HttpResponse::NotFound().finish(),
    }
}
