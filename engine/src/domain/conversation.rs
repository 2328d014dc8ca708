//! What an alumnus and the company write to each other: on a candidacy, or in a consultation.
//!
//! - A consultation (相談) is no application and no part of a candidacy: it is kept apart, so that whoever hires has
//!   nothing in hand, neither state nor count nor history, from which it could be read.

use chrono::{DateTime, Utc};

use super::candidacy::Actor;
use super::id::{AlumnusId, CandidacyId, ConsultationId, MessageId, OpportunityId};

/// An alumnus who wants to talk about an opportunity without applying for it; one per person and opportunity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consultation {
    /// The identifier.
    pub id: ConsultationId,
    /// Who.
    pub alumnus_id: AlumnusId,
    /// About which.
    pub opportunity_id: OpportunityId,
    /// When it was begun.
    pub opened_at: DateTime<Utc>,
}

/// Where a message belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Thread {
    /// To a candidacy: both sides, hiring managers included.
    Candidacy(CandidacyId),
    /// To a consultation: the person, and staff who do not hire for it.
    Consultation(ConsultationId),
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The identifier.
    pub id: MessageId,
    /// Where it belongs.
    pub thread: Thread,
    /// Who wrote it.
    pub by: Actor,
    /// What.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
}
