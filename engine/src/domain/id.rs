//! Identifiers. Each kind of thing has a type of its own, so that no identifier can be passed for another.

use uuid::Uuid;

macro_rules! id_type {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

id_type! {
    /// A tenant.
    CompanyId,
    /// A former employee's record at one company.
    AlumnusId,
    /// A role, a speaker slot or a piece of contract work.
    OpportunityId,
    /// Somebody's claim to be the person of a record.
    ClaimId,
    /// A person's change of address.
    EmailChangeId,
    /// One consent for one purpose.
    ConsentId,
    /// One thing an alumnus did with an opportunity.
    InteractionId,
    /// A recruiter's approach to one candidate.
    InvitationId,
    /// A correction that a person asked for.
    CorrectionId,
    /// A person's request to be looked at without the ranking.
    ReviewRequestId,
    /// One alumnus and one opportunity, from first sight to outcome.
    CandidacyId,
    /// A confidential talk about an opportunity.
    ConsultationId,
    /// One message on a candidacy or in a consultation.
    MessageId,
    /// What a person would like to be asked for.
    WishId,
    /// A dated note on what changed at a company.
    ChangeNoteId,
    /// A ranked list as it was served.
    ServedListId,
}
