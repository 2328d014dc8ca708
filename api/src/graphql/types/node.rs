//! Everything with a global identifier.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Interface};

use super::alumnus::Alumnus;
use super::candidacy::{Candidacy, Consultation};
use super::claim::Claim;
use super::company::Company;
use super::consent::Consent;
use super::correction::Correction;
use super::glass_box::ReviewRequest;
use super::invitation::Invitation;
use super::opportunity::{ContractWork, Opportunity, Role, SpeakerSlot};
use super::wish::{ChangeNote, StandingWish};
use crate::graphql::context::ContextExt as _;
use crate::graphql::id::GlobalId;

/// Something with a globally unique identifier.
// The interface `Opportunity` and its objects are all listed: the printed schema would be invalid otherwise.
#[allow(clippy::large_enum_variant, reason = "a node is moved once, into the answer")]
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Globally unique and opaque."))]
pub enum Node {
    /// A tenant.
    Company(Company),
    /// A former employee.
    Alumnus(Alumnus),
    /// An offer of any kind.
    Opportunity(Opportunity),
    /// A role.
    Role(Role),
    /// A speaker slot.
    SpeakerSlot(SpeakerSlot),
    /// Contract work.
    ContractWork(ContractWork),
    /// A consent.
    Consent(Consent),
    /// An invitation.
    Invitation(Invitation),
    /// A request to be looked at without the ranking.
    ReviewRequest(ReviewRequest),
    /// A correction that a person asked for.
    Correction(Correction),
    /// A candidacy.
    Candidacy(Candidacy),
    /// A consultation.
    Consultation(Consultation),
    /// A claim to be the person of a record.
    Claim(Claim),
    /// A standing wish.
    StandingWish(StandingWish),
    /// A change note.
    ChangeNote(ChangeNote),
}

/// Loads what `id` names; `None` when it does not exist for the viewer, for whatever reason.
pub async fn load(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>, Error> {
    let viewer = ctx.viewer()?;
    let loaders = ctx.loaders();
    let node = match GlobalId::decode(id) {
        None => None,
        Some(GlobalId::Company(id)) if id == viewer.company_id => {
            Some(Node::Company(loaders.company().await?))
        }
        Some(GlobalId::Company(_)) => None,
        Some(GlobalId::Alumnus(id)) => loaders
            .viewed_alumnus(id)
            .await?
            .map(|view| Node::Alumnus(view.into())),
        Some(GlobalId::Opportunity(kind, id)) => loaders
            .opportunity(id)
            .await?
            .filter(|found| found.kind() == kind)
            .map(of_opportunity),
        Some(GlobalId::Consent(id)) => loaders
            .consent(id)
            .await?
            .map(|consent| Node::Consent(consent.into())),
        Some(GlobalId::Invitation(id)) => loaders
            .invitation(id)
            .await?
            .map(|invitation| Node::Invitation(Invitation(invitation))),
        Some(GlobalId::ReviewRequest(id)) => loaders
            .review_request(id)
            .await?
            .map(|request| Node::ReviewRequest(ReviewRequest(request))),
        Some(GlobalId::Correction(id)) => loaders
            .correction(id)
            .await?
            .map(|correction| Node::Correction(Correction(correction))),
        Some(GlobalId::Candidacy(id)) => loaders
            .candidacy(id)
            .await?
            .map(|view| Node::Candidacy(Candidacy(view))),
        Some(GlobalId::Consultation(id)) => loaders
            .consultation(id)
            .await?
            .map(|consultation| Node::Consultation(Consultation(consultation))),
        Some(GlobalId::Ranking(_)) => None,
        Some(GlobalId::Claim(id)) => loaders.claim(id).await?.map(|claim| Node::Claim(Claim(claim))),
        Some(GlobalId::StandingWish(id)) => loaders
            .standing_wish(id)
            .await?
            .map(|wish| Node::StandingWish(StandingWish(wish))),
        Some(GlobalId::ChangeNote(id)) => loaders
            .change_notes()
            .await?
            .into_iter()
            .find(|note| note.id == id)
            .map(|note| Node::ChangeNote(note.into())),
    };
    Ok(node)
}

fn of_opportunity(opportunity: Arc<okaeri_engine::domain::Opportunity>) -> Node {
    match Opportunity::from(opportunity) {
        Opportunity::Role(role) => Node::Role(role),
        Opportunity::SpeakerSlot(slot) => Node::SpeakerSlot(slot),
        Opportunity::ContractWork(work) => Node::ContractWork(work),
    }
}
