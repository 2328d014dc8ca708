//! Whom a recruiter is about to invite.

use async_graphql::SimpleObject;

use super::alumnus::Alumnus;
use super::connection::LeftOut;
use crate::graphql::enums::InvitationObstacle;
use crate::graphql::scalars::DateTime;

/// Whom `inviteCandidates` would invite: the first of a list that was ranked for it.
#[derive(Clone, Debug, SimpleObject)]
pub struct InvitationPreview {
    /// Names this preview for `inviteCandidates`; for the viewer alone, and for 24 hours.
    pub token: String,
    /// Exactly those who would be invited, best first; at most 50.
    pub invitees: Vec<Alumnus>,
    /// Who of the first is left out, best first; together with the invitees at most 50.
    pub skipped: Vec<SkippedCandidate>,
    /// How many people each rule left out of the list itself; rules that left out nobody are not listed.
    pub left_out: Vec<LeftOut>,
    /// The state of the data that was ranked.
    pub as_of: DateTime,
}

/// One of the first candidates who would not be invited with the others.
#[derive(Clone, Debug, SimpleObject)]
pub struct SkippedCandidate {
    /// Who.
    pub alumnus: Alumnus,
    /// Why.
    pub obstacle: InvitationObstacle,
}
