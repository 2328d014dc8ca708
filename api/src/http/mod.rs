//! GraphQL over HTTP and WebSocket, with its limits; health, metrics and GraphiQL.
//!
//! - Nothing here knows what a field means: types come from the schema's text, answers from the service.
//! - No cause, SQL or stack reaches a client, and no token, document or name reaches a log.

mod rate;
mod service;

pub use rate::{Bucket, RateLimiter, RetryAfter};
pub use service::{AuthenticationFailure, GraphqlService, Language, Readiness, RequestContext};
