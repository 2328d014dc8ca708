//! The words of the product as types: people, opportunities, programmes and what may happen between them.
//!
//! - Values here are valid once they exist; parsing happens at the edges.
//! - Nothing here knows a database, a clock or a request.
//! - What ranking must never see (birth date, age, sex, nationality, reason for leaving ...) has no field in
//!   [`Profile`], so no feature can read it.

pub mod alumnus;
pub mod calendar;
pub mod candidacy;
pub mod change_note;
pub mod claim;
pub mod consent;
pub mod conversation;
pub mod correction;
pub mod eligibility;
pub mod exclusion;
pub mod id;
pub mod interaction;
pub mod law;
pub mod limits;
pub mod opportunity;
pub mod own_eligibility;
pub mod policy;
pub mod prefecture;
pub mod programme;
pub mod review;
pub mod statistics;
pub mod terms;
#[cfg(test)]
mod testing;
pub mod visibility;
pub mod wish;

pub use alumnus::{
    Alumnus, AlumnusStatus, Interest, LanguageLevel, LanguageSkill, PersonName, Position, Profile,
    RemotePreference, Tenure, WorkStyle,
};
pub use calendar::YearMonth;
pub use candidacy::{
    Actor, Before, Candidacy, CandidacyState, CandidacyStatus, Letter, OutcomeKind, Refusal, Step, Transition,
};
pub use change_note::{ChangeNote, ChangeNoteKind, ChangeReason};
pub use claim::{Agreement, Claim, ClaimDoubt, ClaimFact, ClaimState, Claimed, ClaimedConsent, judge};
pub use consent::{Consent, ConsentSource, ConsentState, ConsentText, Purpose};
pub use conversation::{Consultation, Message, Thread};
pub use eligibility::{Ineligible, Screen, ScreenKey, SpeakerApproach, Standing, may_be_ranked};
pub use exclusion::{Asker, Exclusion, ExclusionTarget, Exclusions, HiringManagers};
pub use id::{
    AlumnusId, CandidacyId, ChangeNoteId, ClaimId, CompanyId, ConsentId, ConsultationId, CorrectionId,
    EmailChangeId, InteractionId, InvitationId, MessageId, OpportunityId, ReviewRequestId, ServedListId,
    WishId,
};
pub use interaction::{DeclineReason, Interaction, InteractionKind, Invitation, InvitationState};
pub use law::{AgeException, LegalCode, LegalFinding, LegalSeverity, SexException, WordingRule};
pub use opportunity::{Opportunity, OpportunityKind, OpportunityStatus, Remote};
pub use own_eligibility::OwnEligibility;
pub use policy::{
    Admission, ApproachCap, ClaimProof, Employment, EmploymentType, GroupCompany, GroupShare, GroupShares,
    GroupedBy, LeavingKind, Policy,
};
pub use prefecture::Prefecture;
pub use programme::{Alpha, Company, CoordinationSetting, PolicyVersion, Programme};
pub use terms::{ContractTerm, ContractTerms, EmploymentForm, MissingTerm, RoleTerms, SlotTerms, Terms};
pub use visibility::{AlumnusView, CandidacyView, Role, Viewer};
pub use wish::StandingWish;

/// Declares an enum whose variants have one stable code each, used in the database, the import format and the
/// schema alike.
macro_rules! coded_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$vmeta])* #[serde(rename = $code)] $variant),+
        }

        impl $name {
            /// Every value, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code, in upper case.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The value with this code, or `None`.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use coded_enum;
