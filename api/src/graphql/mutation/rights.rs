//! What a person may ask for about their own record: all of it, and its end.

use async_graphql::{Context, Error, InputObject, Object, SimpleObject};

use super::errors::{UserError, outcome};
use crate::graphql::context::ContextExt as _;
use crate::graphql::error::Code;
use crate::graphql::scalars::DateTime;
use crate::usecase::export::ExportFailure;
use crate::usecase::{Failure, erasure, export};

/// Exports and erases the viewer's own record.
#[derive(Default)]
pub struct RightsMutation;

/// How to export.
#[derive(Clone, Debug, InputObject)]
pub struct ExportMyDataInput {
    /// Ends every link that the viewer was given before. Absent: they stay good until they expire.
    #[graphql(default)]
    pub revokes_earlier_links: bool,
}

/// The answer to asking for an export.
#[derive(SimpleObject)]
pub struct ExportMyDataPayload {
    /// Where everything about the viewer can be downloaded, once, as one JSON document; docs/EXPORT.md names its keys.
    /// Null when nothing was done.
    pub url: Option<String>,
    /// When the address stops working, ten minutes from now. Null when nothing was done.
    pub expires_at: Option<DateTime>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// The viewer's word that they mean it.
#[derive(Clone, Debug, InputObject)]
pub struct EraseMeInput {
    /// The viewer's name as it stands in their record (name.kanji), typed once more.
    pub confirmation: String,
}

/// The answer to being erased.
#[derive(SimpleObject)]
pub struct EraseMePayload {
    /// True: everything about the viewer is gone, and their token is nobody's. False: nothing was done.
    pub is_erased: bool,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Exports and erases the viewer's own record.
#[Object]
impl RightsMutation {
    /// Gives a link to everything that is kept about the viewer, which works once, for ten minutes: the record, consents
    /// with their texts, what was done with whom, the rankings and views of the viewer, and what was learnt. At most five
    /// links an hour. Alumni.
    async fn export_my_data(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How.")] input: ExportMyDataInput,
    ) -> Result<ExportMyDataPayload, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        let result =
            match export::request_link(ctx.app(), viewer, alumnus_id, input.revokes_earlier_links).await {
                Ok(link) => Ok(link),
                Err(ExportFailure::Limited(wait)) => return Err(Code::RateLimited.error(wait.to_string())),
                Err(ExportFailure::Failed(failure)) => Err(failure),
            };
        let (link, user_errors) = outcome(result, ctx.language())?;
        let (url, expires_at) = link.map(|link| (link.url, DateTime(link.expires_at))).unzip();
        Ok(ExportMyDataPayload {
            url,
            expires_at,
            user_errors,
        })
    }

    /// Erases everything about the viewer, at once and for good: no list, search or file knows them any more, lists that
    /// others were served keep an empty place, and a later import by the company does not bring them back. Alumni.
    async fn erase_me(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The viewer's word.")] input: EraseMeInput,
    ) -> Result<EraseMePayload, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        let result: Result<(), Failure> =
            erasure::erase_me(ctx.app(), viewer, alumnus_id, &input.confirmation).await;
        let (done, user_errors) = outcome(result, ctx.language())?;
        Ok(EraseMePayload {
            is_erased: done.is_some(),
            user_errors,
        })
    }
}
