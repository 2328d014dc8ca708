//! Saying and withdrawing standing wishes, and writing change notes.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};

use super::errors::{UserError, outcome};
use crate::graphql::context::ContextExt as _;
use crate::graphql::enums::{ChangeNoteKind, OpportunityKind};
use crate::graphql::id::GlobalId;
use crate::graphql::scalars::{Date, YearMonth};
use crate::graphql::types::wish::{ChangeNote, StandingWish};
use crate::usecase::change_notes::{self, NoteDraft};
use crate::usecase::wishes::{self, WishDraft};

/// Says and withdraws standing wishes, and writes change notes.
#[derive(Default)]
pub struct WishMutation;

/// What the viewer would like to be asked for.
#[derive(Clone, Debug, InputObject)]
pub struct SetMyStandingWishInput {
    /// For which kind of opportunity; there is one wish for each.
    pub kind: OpportunityKind,
    /// The work, in the viewer's words; at most 1,000 characters.
    pub words: String,
    /// The unit it would be in. Absent: any.
    pub unit: Option<String>,
    /// On which conditions; at most 1,000 characters. Nothing interprets them.
    pub conditions: Option<String>,
    /// First month. Absent: at once.
    pub starts_on: Option<YearMonth>,
    /// The last day on which it stands, today or later. Absent: until it is withdrawn.
    pub valid_until: Option<Date>,
    /// Whether recruiters and administrators may read it. Absent: only what it finds is told, and to the viewer alone.
    #[graphql(default = false)]
    pub is_shown_to_recruiters: bool,
}

/// The answer to saying a wish.
#[derive(SimpleObject)]
pub struct SetMyStandingWishPayload {
    /// The wish as it stands. Null when nothing was done.
    pub standing_wish: Option<StandingWish>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Which wish.
#[derive(Clone, Debug, InputObject)]
pub struct WithdrawMyStandingWishInput {
    /// For which kind of opportunity.
    pub kind: OpportunityKind,
}

/// The answer to withdrawing a wish.
#[derive(SimpleObject)]
pub struct WithdrawMyStandingWishPayload {
    /// The kind of which there is no wish any more. Null when nothing was done.
    pub withdrawn_kind: Option<OpportunityKind>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// A new change note.
#[derive(Clone, Debug, InputObject)]
pub struct CreateChangeNoteInput {
    /// What it is about.
    pub kind: ChangeNoteKind,
    /// What changed; at most 2,000 characters.
    pub text: String,
    /// The unit it is about. Absent: the whole company.
    pub unit: Option<String>,
    /// The day from which it holds; before that day it is in no person's list.
    pub starts_on: Date,
}

/// The answer to writing a change note.
#[derive(SimpleObject)]
pub struct CreateChangeNotePayload {
    /// The note. Null when nothing was done.
    pub change_note: Option<ChangeNote>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// The whole of a change note, written anew.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateChangeNoteInput {
    /// Which.
    pub id: ID,
    /// What it is about.
    pub kind: ChangeNoteKind,
    /// What changed; at most 2,000 characters.
    pub text: String,
    /// The unit it is about. Absent: the whole company.
    pub unit: Option<String>,
    /// The day from which it holds.
    pub starts_on: Date,
}

/// The answer to rewriting a change note.
#[derive(SimpleObject)]
pub struct UpdateChangeNotePayload {
    /// The note. Null when nothing was done.
    pub change_note: Option<ChangeNote>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Which change note.
#[derive(Clone, Debug, InputObject)]
pub struct DeleteChangeNoteInput {
    /// Which.
    pub id: ID,
}

/// The answer to deleting a change note.
#[derive(SimpleObject)]
pub struct DeleteChangeNotePayload {
    /// The identifier that names nothing any more. Null when nothing was done.
    pub deleted_id: Option<ID>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Says and withdraws standing wishes, and writes change notes.
#[Object]
impl WishMutation {
    /// Says what the viewer would like to be asked for (打診), in the place of an earlier wish for the same kind. An
    /// opportunity that is new or has changed finds it, and the viewer is told, once. Alumni.
    async fn set_my_standing_wish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The wish.")] input: SetMyStandingWishInput,
    ) -> Result<SetMyStandingWishPayload, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        let draft = WishDraft {
            kind: input.kind.into(),
            words: input.words,
            unit: input.unit,
            conditions: input.conditions,
            from: input.starts_on.map(|month| month.0),
            valid_until: input.valid_until.map(|date| date.0),
            is_shown_to_recruiters: input.is_shown_to_recruiters,
        };
        let result = wishes::set(ctx.app(), viewer, alumnus_id, draft).await;
        let (wish, user_errors) = outcome(result, ctx.language())?;
        Ok(SetMyStandingWishPayload {
            standing_wish: wish.map(StandingWish),
            user_errors,
        })
    }

    /// Withdraws the viewer's wish for a kind: it finds nothing more, and nobody reads it from the next answer on.
    /// Alumni.
    async fn withdraw_my_standing_wish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: WithdrawMyStandingWishInput,
    ) -> Result<WithdrawMyStandingWishPayload, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        let result = wishes::withdraw(ctx.app(), viewer, alumnus_id, input.kind.into()).await;
        let (wish, user_errors) = outcome(result, ctx.language())?;
        Ok(WithdrawMyStandingWishPayload {
            withdrawn_kind: wish.map(|wish| wish.kind.into()),
            user_errors,
        })
    }

    /// Writes a dated note on what changed at the company. Administrators.
    async fn create_change_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The note.")] input: CreateChangeNoteInput,
    ) -> Result<CreateChangeNotePayload, Error> {
        let viewer = ctx.administrator()?;
        let draft = NoteDraft {
            kind: input.kind.into(),
            text: input.text,
            unit: input.unit,
            from: input.starts_on.0,
        };
        let result = change_notes::create(ctx.app(), viewer, draft).await;
        let (note, user_errors) = outcome(result, ctx.language())?;
        Ok(CreateChangeNotePayload {
            change_note: note.map(ChangeNote::from),
            user_errors,
        })
    }

    /// Writes a change note anew. Administrators.
    async fn update_change_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and what it says from now on.")] input: UpdateChangeNoteInput,
    ) -> Result<UpdateChangeNotePayload, Error> {
        let viewer = ctx.administrator()?;
        let draft = NoteDraft {
            kind: input.kind.into(),
            text: input.text,
            unit: input.unit,
            from: input.starts_on.0,
        };
        let result = match GlobalId::change_note(&input.id) {
            Some(id) => change_notes::update(ctx.app(), viewer, id, draft).await,
            None => Err(change_notes::not_found().into()),
        };
        let (note, user_errors) = outcome(result, ctx.language())?;
        Ok(UpdateChangeNotePayload {
            change_note: note.map(ChangeNote::from),
            user_errors,
        })
    }

    /// Deletes a change note. Administrators.
    async fn delete_change_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: DeleteChangeNoteInput,
    ) -> Result<DeleteChangeNotePayload, Error> {
        let viewer = ctx.administrator()?;
        let result = match GlobalId::change_note(&input.id) {
            Some(id) => change_notes::delete(ctx.app(), viewer, id).await,
            None => Err(change_notes::not_found().into()),
        };
        let (note, user_errors) = outcome(result, ctx.language())?;
        Ok(DeleteChangeNotePayload {
            deleted_id: note.map(|note| GlobalId::ChangeNote(note.id).encode()),
            user_errors,
        })
    }
}
