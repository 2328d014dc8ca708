//! What the HTTP side asks of the rest of the server, and what it tells it of a request.
//!
//! - The transport knows no schema type and no database; the service knows no header and no socket.
//! - A request that arrives here has passed every limit and carries its parsed document.

use std::net::IpAddr;
use std::sync::Arc;

use async_graphql::{Request, Response};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use okaeri_engine::domain::Viewer;
use serde::Serialize;
use uuid::Uuid;

use super::live::Live;
use crate::admission::{Execution, Load};
use crate::auth::Claims;

/// The GraphQL service behind the transport.
pub trait GraphqlService: Send + Sync + 'static {
    /// The schema in its definition language; the limits take types, lists and interfaces from it.
    fn sdl(&self) -> &str;

    /// Who the claims stand for: the company exists, and for alumni the record as well.
    fn authenticate<'a>(&'a self, claims: Claims) -> BoxFuture<'a, Result<Viewer, AuthenticationFailure>>;

    /// Runs a query or a mutation. Dropped when it takes too long.
    fn execute(&self, request: Request, context: RequestContext) -> BoxFuture<'_, Response>;

    /// Runs a subscription. Permission is checked for each event; the stream ends when it is gone.
    fn subscribe(&self, request: Request, context: RequestContext) -> BoxStream<'static, Response>;

    /// The export behind a one-time link, in its parts; `None` when the link is unknown, used or expired. A part that is
    /// an error ends it unfinished.
    fn export<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Option<ExportParts>, Unavailable>>;

    /// What is computed for operations at the moment, apart from what they do besides.
    fn computing(&self) -> Load;

    /// Whether requests can be answered now.
    fn readiness(&self) -> BoxFuture<'_, Readiness>;

    /// What companies take in memory; asked for each time that metrics are read.
    fn memory(&self) -> CompaniesInMemory;
}

/// What companies take in memory, and how many came and went since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CompaniesInMemory {
    /// How many there are.
    pub n_companies: u64,
    /// Bytes that they take, estimated.
    pub estimated_bytes: u64,
    /// How many were opened.
    pub n_openings: u64,
    /// How many were put out.
    pub n_evictions: u64,
    /// Seconds that the last opening took; 0 before the first.
    pub last_opening_s: f64,
}

/// What is known of a request besides its document.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// `None`: nobody is signed in, and every root field is a sign-in mutation.
    pub viewer: Option<Viewer>,
    /// In which language to write what people read.
    pub language: Language,
    /// Names the request in logs and errors.
    pub request_id: Uuid,
    /// The other end's network address; `None` for what comes through no socket.
    pub peer: Option<IpAddr>,
    /// What ends the operation early; of a live view, what ends the view.
    pub execution: Arc<Execution>,
    /// What each answer of a live view needs; `None` for queries and mutations, which have it.
    pub live: Option<Arc<Live>>,
}

/// The parts of an export, in their order.
pub type ExportParts = BoxStream<'static, Result<String, Unavailable>>;

/// Something that is needed does not answer; the cause was logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("temporarily unavailable")]
pub struct Unavailable;

/// Why nobody can be signed in by valid claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthenticationFailure {
    /// The company or the record does not exist, or is no longer a member.
    Unknown,
    /// The database does not answer.
    Unavailable,
}

/// Whether the server can answer, part by part; by default it cannot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Readiness {
    /// The database answers.
    pub database: bool,
    /// Every migration has run.
    pub migrations: bool,
    /// How many changes the index is behind; `None` when it cannot be told.
    pub index_lag_changes: Option<u64>,
    /// The lag from which on the server counts as not ready.
    pub index_lag_changes_max: u64,
}

impl Readiness {
    /// Whether all parts are good.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.database
            && self.migrations
            && self
                .index_lag_changes
                .is_some_and(|lag| lag <= self.index_lag_changes_max)
    }
}

/// The languages that answers are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// 日本語.
    #[default]
    Japanese,
    /// English.
    English,
}
