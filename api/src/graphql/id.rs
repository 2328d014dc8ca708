//! Global identifiers: opaque to clients, and telling us the type and the key.

use async_graphql::ID;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use okaeri_engine::domain::{
    AlumnusId, ChangeNoteId, CompanyId, ConsentId, InvitationId, OpportunityId, OpportunityKind, WishId,
};
use uuid::Uuid;

/// Longest identifier that is decoded at all; ours are shorter than 80 characters.
const ID_LENGTH_MAX: usize = 200;

/// What a global identifier names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlobalId {
    /// A tenant.
    Company(CompanyId),
    /// A former employee.
    Alumnus(AlumnusId),
    /// An opportunity of this kind.
    Opportunity(OpportunityKind, OpportunityId),
    /// A consent.
    Consent(ConsentId),
    /// An invitation.
    Invitation(InvitationId),
    /// A standing wish.
    StandingWish(WishId),
    /// A change note.
    ChangeNote(ChangeNoteId),
}

impl GlobalId {
    /// The opaque text.
    pub fn encode(self) -> ID {
        let (name, key) = match self {
            Self::Company(id) => ("Company", id.0),
            Self::Alumnus(id) => ("Alumnus", id.0),
            Self::Opportunity(kind, id) => (type_name(kind), id.0),
            Self::Consent(id) => ("Consent", id.0),
            Self::Invitation(id) => ("Invitation", id.0),
            Self::StandingWish(id) => ("StandingWish", id.0),
            Self::ChangeNote(id) => ("ChangeNote", id.0),
        };
        ID(URL_SAFE_NO_PAD.encode(format!("{name}:{}", key.as_simple())))
    }

    /// `None` for every text that this server did not make.
    pub fn decode(id: &ID) -> Option<Self> {
        if id.0.len() > ID_LENGTH_MAX {
            return None;
        }
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(&id.0).ok()?).ok()?;
        let (name, key) = text.split_once(':')?;
        let key = Uuid::try_parse(key).ok()?;
        let decoded = match name {
            "Company" => Self::Company(CompanyId(key)),
            "Alumnus" => Self::Alumnus(AlumnusId(key)),
            "Role" => Self::Opportunity(OpportunityKind::Role, OpportunityId(key)),
            "SpeakerSlot" => Self::Opportunity(OpportunityKind::SpeakerSlot, OpportunityId(key)),
            "ContractWork" => Self::Opportunity(OpportunityKind::ContractWork, OpportunityId(key)),
            "Consent" => Self::Consent(ConsentId(key)),
            "Invitation" => Self::Invitation(InvitationId(key)),
            "StandingWish" => Self::StandingWish(WishId(key)),
            "ChangeNote" => Self::ChangeNote(ChangeNoteId(key)),
            _ => return None,
        };
        // Only the one spelling that we print is an identifier, so that clients may compare them as text.
        (decoded.encode() == *id).then_some(decoded)
    }

    /// The opportunity that `id` names, whatever its kind.
    pub fn opportunity(id: &ID) -> Option<(OpportunityKind, OpportunityId)> {
        match Self::decode(id)? {
            Self::Opportunity(kind, id) => Some((kind, id)),
            Self::Company(_)
            | Self::Alumnus(_)
            | Self::Consent(_)
            | Self::Invitation(_)
            | Self::StandingWish(_)
            | Self::ChangeNote(_) => None,
        }
    }

    /// The alumnus that `id` names.
    pub fn alumnus(id: &ID) -> Option<AlumnusId> {
        match Self::decode(id)? {
            Self::Alumnus(id) => Some(id),
            Self::Company(_)
            | Self::Opportunity(..)
            | Self::Consent(_)
            | Self::Invitation(_)
            | Self::StandingWish(_)
            | Self::ChangeNote(_) => None,
        }
    }

    /// The invitation that `id` names.
    pub fn invitation(id: &ID) -> Option<InvitationId> {
        match Self::decode(id)? {
            Self::Invitation(id) => Some(id),
            Self::Company(_)
            | Self::Opportunity(..)
            | Self::Consent(_)
            | Self::Alumnus(_)
            | Self::StandingWish(_)
            | Self::ChangeNote(_) => None,
        }
    }

    /// The change note that `id` names.
    pub fn change_note(id: &ID) -> Option<ChangeNoteId> {
        match Self::decode(id)? {
            Self::ChangeNote(id) => Some(id),
            Self::Company(_)
            | Self::Opportunity(..)
            | Self::Consent(_)
            | Self::Alumnus(_)
            | Self::Invitation(_)
            | Self::StandingWish(_) => None,
        }
    }
}

/// The GraphQL type of an opportunity of `kind`.
fn type_name(kind: OpportunityKind) -> &'static str {
    match kind {
        OpportunityKind::Role => "Role",
        OpportunityKind::SpeakerSlot => "SpeakerSlot",
        OpportunityKind::ContractWork => "ContractWork",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_decode_to_what_they_encode_and_foreign_texts_to_nothing() {
        let alumnus = GlobalId::Alumnus(AlumnusId(Uuid::from_u128(7)));
        assert_eq!(GlobalId::decode(&alumnus.encode()), Some(alumnus));
        let slot = GlobalId::Opportunity(OpportunityKind::SpeakerSlot, OpportunityId(Uuid::from_u128(8)));
        assert_eq!(GlobalId::decode(&slot.encode()), Some(slot));
        for foreign in ["", "a001", "QWx1bW51czo3", "😊", "QWx1bW51czo", &"A".repeat(1000)] {
            assert_eq!(GlobalId::decode(&ID(foreign.to_owned())), None, "{foreign}");
        }
    }
}
