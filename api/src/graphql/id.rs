//! Global identifiers: opaque to clients, and telling us the type and the key.

use async_graphql::ID;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use okaeri_engine::domain::{
    AlumnusId, CandidacyId, ChangeNoteId, ClaimId, CompanyId, ConsentId, ConsultationId, CorrectionId,
    InvitationId, OpportunityId, OpportunityKind, ReviewRequestId, ServedListId, Thread, WishId,
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
    /// A request to be looked at without the ranking.
    ReviewRequest(ReviewRequestId),
    /// A correction that a person asked for.
    Correction(CorrectionId),
    /// A candidacy.
    Candidacy(CandidacyId),
    /// A consultation.
    Consultation(ConsultationId),
    /// A claim.
    Claim(ClaimId),
    /// The record of a ranking, or of an event. Not a node: administrators read it by a field of its own.
    Ranking(ServedListId),
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
            Self::ReviewRequest(id) => ("ReviewRequest", id.0),
            Self::Correction(id) => ("Correction", id.0),
            Self::Candidacy(id) => ("Candidacy", id.0),
            Self::Consultation(id) => ("Consultation", id.0),
            Self::Claim(id) => ("Claim", id.0),
            Self::Ranking(id) => ("Ranking", id.0),
            Self::StandingWish(id) => ("StandingWish", id.0),
            Self::ChangeNote(id) => ("ChangeNote", id.0),
        };
        ID(URL_SAFE_NO_PAD.encode(format!("{name}:{}", key.as_simple())))
    }

    /// What `id` names; `None` when it is none of ours.
    pub fn decode(id: &ID) -> Option<Self> {
        if id.0.len() > ID_LENGTH_MAX {
            return None;
        }
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(&id.0).ok()?).ok()?;
        let (name, key) = text.split_once(':')?;
        let key = Uuid::try_parse(key).ok()?;
        let found = match name {
            "Company" => Self::Company(CompanyId(key)),
            "Alumnus" => Self::Alumnus(AlumnusId(key)),
            "Role" => Self::Opportunity(OpportunityKind::Role, OpportunityId(key)),
            "SpeakerSlot" => Self::Opportunity(OpportunityKind::SpeakerSlot, OpportunityId(key)),
            "ContractWork" => Self::Opportunity(OpportunityKind::ContractWork, OpportunityId(key)),
            "Consent" => Self::Consent(ConsentId(key)),
            "Invitation" => Self::Invitation(InvitationId(key)),
            "ReviewRequest" => Self::ReviewRequest(ReviewRequestId(key)),
            "Correction" => Self::Correction(CorrectionId(key)),
            "Candidacy" => Self::Candidacy(CandidacyId(key)),
            "Consultation" => Self::Consultation(ConsultationId(key)),
            "Claim" => Self::Claim(ClaimId(key)),
            "Ranking" => Self::Ranking(ServedListId(key)),
            "StandingWish" => Self::StandingWish(WishId(key)),
            "ChangeNote" => Self::ChangeNote(ChangeNoteId(key)),
            _ => return None,
        };
        // Only the one spelling that we print is an identifier, so that clients may compare them as text.
        (found.encode() == *id).then_some(found)
    }

    /// The opportunity that `id` names, and its kind.
    pub fn opportunity(id: &ID) -> Option<(OpportunityKind, OpportunityId)> {
        match Self::decode(id) {
            Some(Self::Opportunity(kind, id)) => Some((kind, id)),
            _ => None,
        }
    }

    /// The candidacy or consultation that `id` names.
    pub fn thread(id: &ID) -> Option<Thread> {
        match Self::decode(id) {
            Some(Self::Candidacy(id)) => Some(Thread::Candidacy(id)),
            Some(Self::Consultation(id)) => Some(Thread::Consultation(id)),
            _ => None,
        }
    }
}

/// Readers of identifiers of one type, each `None` for an identifier of another.
macro_rules! readers {
    ($($(#[$doc:meta])* $name:ident: $variant:ident($key:ty);)+) => {
        impl GlobalId {
            $($(#[$doc])*
            pub fn $name(id: &ID) -> Option<$key> {
                match Self::decode(id) {
                    Some(Self::$variant(id)) => Some(id),
                    _ => None,
                }
            })+
        }
    };
}

readers! {
    /// The person that `id` names.
    alumnus: Alumnus(AlumnusId);
    /// The invitation that `id` names.
    invitation: Invitation(InvitationId);
    /// The candidacy that `id` names.
    candidacy: Candidacy(CandidacyId);
    /// The claim that `id` names.
    claim: Claim(ClaimId);
    /// The change note that `id` names.
    change_note: ChangeNote(ChangeNoteId);
    /// The request to be looked at that `id` names.
    review_request: ReviewRequest(ReviewRequestId);
    /// The correction that `id` names.
    correction: Correction(CorrectionId);
    /// The record that `id` names.
    ranking: Ranking(ServedListId);
}

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
