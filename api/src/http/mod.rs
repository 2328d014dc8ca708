//! GraphQL over HTTP and WebSocket, with its limits; health, metrics and GraphiQL.
//!
//! - Nothing here knows what a field means: types come from the schema's text, answers from the service.
//! - No cause, SQL or stack reaches a client, and no token, document or name reaches a log.

mod body;
mod error;
mod export;
mod graphiql;
mod graphql;
mod limits;
mod live;
mod metrics;
mod negotiate;
mod observe;
mod peer;
mod server;
mod service;
mod shared;
mod traced;
mod ws;

pub use error::ErrorCode;
pub use limits::DocumentLimits;
pub use live::{Live, LiveAnswers};
pub use server::{Bound, Parts, ServeError, bind, serve, stop_signal};
pub use service::{
    AuthenticationFailure, CompaniesInMemory, ExportParts, GraphqlService, Language, Readiness,
    RequestContext, Unavailable,
};

#[cfg(test)]
mod tests;
