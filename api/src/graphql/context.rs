//! What a resolver may ask of its request: who is looking, in which language, and the loaders.

use std::sync::Arc;

use async_graphql::{Context, Error};
use okaeri_engine::domain::{AlumnusId, Role, Viewer};
use okaeri_engine::ranking::Language;

use super::error::{forbidden, unauthenticated};
use super::loaders::Loaders;
use crate::admission::Execution;
use crate::app::App;
use crate::http::RequestContext;

/// Access to the request.
pub trait ContextExt {
    /// The server's parts.
    fn app(&self) -> &Arc<App>;
    /// Who asks, how, and in which language.
    fn request(&self) -> &RequestContext;
    /// What ends the answer early, and what it holds.
    fn execution(&self) -> &Execution;
    /// Batched reads for this viewer.
    fn loaders(&self) -> &Loaders;
    /// The language of texts that people read.
    fn language(&self) -> Language {
        match self.request().language {
            crate::http::Language::Japanese => Language::Japanese,
            crate::http::Language::English => Language::English,
        }
    }
    /// The signed-in viewer.
    fn viewer(&self) -> Result<&Viewer, Error> {
        self.request().viewer.as_ref().ok_or_else(unauthenticated)
    }
    /// The viewer, if a recruiter or an administrator.
    fn hiring_staff(&self) -> Result<&Viewer, Error> {
        let viewer = self.viewer()?;
        if viewer.is_hiring_staff() {
            Ok(viewer)
        } else {
            Err(forbidden("recruiters and administrators"))
        }
    }
    /// The viewer, if an administrator.
    fn administrator(&self) -> Result<&Viewer, Error> {
        let viewer = self.viewer()?;
        match viewer.role {
            Role::Administrator => Ok(viewer),
            Role::Recruiter | Role::Employee | Role::Alumnus => Err(forbidden("administrators")),
        }
    }
    /// The viewer, if an alumnus, and their record.
    fn alumnus_viewer(&self) -> Result<(&Viewer, AlumnusId), Error> {
        let viewer = self.viewer()?;
        viewer
            .alumnus_id
            .map(|id| (viewer, id))
            .ok_or_else(|| forbidden("alumni"))
    }
}

impl ContextExt for Context<'_> {
    fn app(&self) -> &Arc<App> {
        self.data_unchecked()
    }

    fn request(&self) -> &RequestContext {
        self.data_unchecked()
    }

    fn execution(&self) -> &Execution {
        // A live view's answer to a change has one of its own, which comes before the request's.
        self.data_unchecked::<Arc<Execution>>()
    }

    fn loaders(&self) -> &Loaders {
        self.data_unchecked::<Arc<Loaders>>()
    }
}

/// Runs the resolver of a nullable field. The library nulls the parent of whatever returns an error, and only the
/// field itself where the error lies inside the `Option`.
pub async fn nullable<T>(
    resolve: impl Future<Output = Result<Option<T>, Error>>,
) -> Option<Result<T, Error>> {
    resolve.await.transpose()
}
