//! A person's request to be looked at by people and without the ranking, and the answer, which takes a person and a
//! reason.

use chrono::{DateTime, Utc};

use super::coded_enum;
use super::id::{AlumnusId, OpportunityId, ReviewRequestId};

coded_enum! {
    /// What came of a request.
    ReviewOutcome {
        /// The company goes on with the person.
        TakenFurther = "TAKEN_FURTHER",
        /// It does not, for the reason given.
        NotThisTime = "NOT_THIS_TIME",
    }
}

/// How far a request has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReviewState {
    /// Nobody has answered.
    Waiting,
    /// A member of staff has.
    Answered(ReviewAnswer),
}

/// What a member of staff decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewAnswer {
    /// When.
    pub at: DateTime<Utc>,
    /// Who: the token's subject.
    pub by: String,
    /// What.
    pub outcome: ReviewOutcome,
    /// Why, in their words.
    pub reason: String,
}

/// A request to be looked at without the ranking. It holds no score, and moves none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRequest {
    /// The identifier.
    pub id: ReviewRequestId,
    /// Who asks.
    pub alumnus_id: AlumnusId,
    /// For which.
    pub opportunity_id: OpportunityId,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// How far it has come.
    pub state: ReviewState,
}

/// The request was answered before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request was answered at {at}")]
pub struct AlreadyReviewed {
    /// When.
    pub at: DateTime<Utc>,
}

impl ReviewRequest {
    /// Records the answer.
    ///
    /// # Errors
    ///
    /// [`AlreadyReviewed`]: an answer is given once.
    pub fn answer(self, answer: ReviewAnswer) -> Result<Self, AlreadyReviewed> {
        match self.state {
            ReviewState::Waiting => Ok(Self {
                state: ReviewState::Answered(answer),
                ..self
            }),
            ReviewState::Answered(earlier) => Err(AlreadyReviewed { at: earlier.at }),
        }
    }
}
