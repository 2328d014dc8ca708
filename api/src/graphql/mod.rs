//! The GraphQL schema: thin objects over domain values.
//!
//! - Nothing is decided here: what a viewer may see is decided where it is loaded, and what may be done in the use
//!   cases.
//! - The printed schema is `schema.graphql`, which a test keeps current.

pub mod context;
pub mod enums;
pub mod error;
pub mod id;
pub mod loaders;
pub mod mutation;
pub mod pagination;
pub mod query;
pub mod scalars;
pub mod service;
pub mod subscription;
pub mod types;

use std::sync::Arc;

use async_graphql::{SDLExportOptions, Schema};

pub use service::OkaeriService;

use crate::app::App;
use crate::http::LiveAnswers;

/// The whole schema.
pub type OkaeriSchema = Schema<query::Query, mutation::Mutation, subscription::SubscriptionRoot>;

/// The schema over a running server.
#[must_use]
pub fn schema(app: Arc<App>) -> OkaeriSchema {
    builder().data(app).finish()
}

/// The same for live views. It is a schema of its own because an extension costs every field that is resolved, and queries
/// and mutations need none.
fn live_schema(app: Arc<App>) -> OkaeriSchema {
    builder().extension(LiveAnswers).data(app).finish()
}

/// The schema in its definition language, as committed in `schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    print(&builder().finish())
}

fn print(schema: &OkaeriSchema) -> String {
    let options = SDLExportOptions::new()
        .include_specified_by()
        .use_space_ident()
        .indent_width(2);
    let mut text = schema.sdl_with_options(options).trim_end().to_owned();
    text.push('\n');
    text
}

fn builder() -> async_graphql::SchemaBuilder<query::Query, mutation::Mutation, subscription::SubscriptionRoot>
{
    // Limits are the transport's, before and after the parser: the library's own come too late.
    Schema::build(
        query::Query,
        mutation::Mutation::default(),
        subscription::SubscriptionRoot,
    )
    .disable_suggestions()
    .register_output_type::<types::node::Node>()
    .register_output_type::<types::opportunity::Opportunity>()
}
