//! What the transport asks of us.

use std::sync::Arc;

use async_graphql::{Pos, Request, Response};
use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, StreamExt as _};
use okaeri_engine::domain::Viewer;
use tokio::sync::mpsc;

use super::error::from_fault;
use super::loaders::Loaders;
use super::{OkaeriSchema, live_schema, print, schema};
use crate::admission::Load;
use crate::app::App;
use crate::auth::Claims;
use crate::db::migrate;
use crate::http::{
    AuthenticationFailure, CompaniesInMemory, ExportParts, GraphqlService, Readiness, RequestContext,
    Unavailable,
};
use crate::usecase::{Fault, export, sign_in};

/// The schema over a running server.
pub struct OkaeriService {
    app: Arc<App>,
    schema: OkaeriSchema,
    live: OkaeriSchema,
    sdl: String,
}

impl OkaeriService {
    /// Builds the schema once.
    #[must_use]
    pub fn new(app: Arc<App>) -> Self {
        let schema = schema(Arc::clone(&app));
        let sdl = print(&schema);
        let live = live_schema(Arc::clone(&app));
        Self {
            app,
            schema,
            live,
            sdl,
        }
    }

    fn prepare(&self, request: Request, context: RequestContext) -> (Request, Arc<Loaders>) {
        let loaders = Arc::new(Loaders::new(Arc::clone(&self.app), context.viewer.clone()));
        let execution = Arc::clone(&context.execution);
        let request = request.data(context).data(execution).data(Arc::clone(&loaders));
        (request, loaders)
    }
}

/// Logs what a download ends by, once.
fn unavailable(fault: Fault) -> Unavailable {
    tracing::warn!(error = %fault, "an export failed: {fault}");
    Unavailable
}

impl GraphqlService for OkaeriService {
    fn sdl(&self) -> &str {
        &self.sdl
    }

    fn authenticate<'a>(&'a self, claims: Claims) -> BoxFuture<'a, Result<Viewer, AuthenticationFailure>> {
        Box::pin(async move {
            match sign_in::viewer(&self.app, claims).await {
                Ok(Some(viewer)) => Ok(viewer),
                Ok(None) => Err(AuthenticationFailure::Unknown),
                Err(fault) => {
                    tracing::warn!(error = %fault, "cannot look up who is signed in: {fault}");
                    Err(AuthenticationFailure::Unavailable)
                }
            }
        })
    }

    fn execute(&self, request: Request, context: RequestContext) -> BoxFuture<'_, Response> {
        let (request, loaders) = self.prepare(request, context);
        Box::pin(async move {
            let response = self.schema.execute(request).await;
            match loaders.record_views().await {
                Ok(()) => response,
                // What a person could not learn of is not shown.
                Err(fault) => {
                    Response::from_errors(vec![from_fault(&fault).into_server_error(Pos::default())])
                }
            }
        })
    }

    fn subscribe(&self, request: Request, context: RequestContext) -> BoxStream<'static, Response> {
        // Live views are lists, which open nobody's profile.
        let (request, _) = self.prepare(request, context);
        self.live.execute_stream(request).boxed()
    }

    fn export<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Option<ExportParts>, Unavailable>> {
        Box::pin(async move {
            let found = export::follow_link(&self.app, token).await.map_err(unavailable)?;
            let parts = found.map(|reader| {
                futures_util::stream::unfold(reader, |mut reader: mpsc::Receiver<export::Part>| async move {
                    reader
                        .recv()
                        .await
                        .map(|part| (part.map_err(unavailable), reader))
                })
                .boxed()
            });
            Ok(parts)
        })
    }

    fn computing(&self) -> Load {
        self.app.computing.load()
    }

    fn memory(&self) -> CompaniesInMemory {
        let memory = self.app.projections.memory_use();
        CompaniesInMemory {
            n_companies: memory.n_companies,
            estimated_bytes: memory.estimated_bytes,
            n_openings: memory.n_openings,
            n_evictions: memory.n_evictions,
            last_opening_s: memory.last_opening.unwrap_or_default().as_secs_f64(),
        }
    }

    fn readiness(&self) -> BoxFuture<'_, Readiness> {
        Box::pin(async move {
            let database = self.app.db.ping().await.is_ok();
            let migrations = database
                && migrate::pending(&self.app.db)
                    .await
                    .is_ok_and(|pending| pending.is_empty());
            let lag = if database {
                self.app.projections.lag_changes().await.ok()
            } else {
                None
            };
            Readiness {
                database,
                migrations,
                index_lag_changes: lag,
                index_lag_changes_max: self.app.projections.lag_changes_max(),
            }
        })
    }
}
