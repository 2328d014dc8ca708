//! The steps of a candidacy: each consumes the state before, and [`CandidacyStatus::next`] says which may follow which.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Actor, Candidacy, CandidacyState, CandidacyStatus, Letter, OutcomeKind, Step, Transition};
use crate::domain::id::{AlumnusId, CandidacyId, OpportunityId};
use crate::domain::interaction::DeclineReason;
use crate::domain::opportunity::OpportunityKind;

/// Why a step is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The step does not follow this state.
    #[error("a candidacy that is {} cannot take this step", status.code())]
    WrongState {
        /// The state.
        status: CandidacyStatus,
    },
    /// An answer is given once.
    #[error("the invitation was answered at {at}")]
    AlreadyAnswered {
        /// When.
        at: DateTime<Utc>,
    },
    /// The person asked not to be asked before.
    #[error("the person said not before {until}")]
    NotBefore {
        /// The first day.
        until: NaiveDate,
    },
    /// The outcome belongs to another kind of opportunity.
    #[error("{} is no outcome of this kind of opportunity; {} or NOT_REALIZED is", outcome.code(), success.code())]
    OtherKindsOutcome {
        /// What was said.
        outcome: OutcomeKind,
        /// What success is here.
        success: OutcomeKind,
    },
}

/// What somebody does with a candidacy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Staff note the person.
    Shortlist,
    /// Staff take the note back.
    Unlist,
    /// Staff invite the person.
    Invite,
    /// Staff take the invitation back.
    WithdrawInvitation,
    /// The person comes forward.
    ExpressInterest,
    /// The person says yes.
    Accept,
    /// The person says no.
    Decline,
    /// The person says not now.
    Snooze,
    /// The first word between the two sides.
    Converse,
    /// Both sides agree.
    Agree,
    /// What was agreed came about.
    Succeed,
    /// It does not come about.
    GiveUp,
    /// The person steps back.
    WithdrawInterest,
    /// Staff decide against the person.
    Reject,
}

/// What may begin a candidacy.
const BEGINNINGS: &[Act] = &[Act::Shortlist, Act::Invite, Act::ExpressInterest, Act::Reject];

impl CandidacyStatus {
    /// What may follow.
    #[must_use]
    pub const fn next(self) -> &'static [Act] {
        match self {
            Self::Shortlisted => &[Act::Unlist, Act::Invite, Act::ExpressInterest, Act::Reject],
            Self::Unlisted => &[Act::Shortlist, Act::Invite, Act::ExpressInterest, Act::Reject],
            Self::Interested => &[Act::Invite, Act::Converse, Act::WithdrawInterest, Act::Reject],
            Self::Invited => &[
                Act::Accept,
                Act::Decline,
                Act::Snooze,
                Act::ExpressInterest,
                Act::WithdrawInvitation,
                Act::Reject,
            ],
            Self::Accepted => &[
                Act::Converse,
                Act::Agree,
                Act::GiveUp,
                Act::WithdrawInterest,
                Act::Reject,
            ],
            Self::Declined => &[Act::ExpressInterest, Act::Reject],
            Self::Snoozed => &[
                Act::Invite,
                Act::Accept,
                Act::Decline,
                Act::ExpressInterest,
                Act::WithdrawInvitation,
                Act::Reject,
            ],
            Self::InvitationWithdrawn => &[Act::Invite, Act::ExpressInterest, Act::Reject],
            Self::InConversation => &[Act::Agree, Act::GiveUp, Act::WithdrawInterest, Act::Reject],
            // What was agreed ends by an outcome, or by the person.
            Self::Agreed => &[Act::Succeed, Act::GiveUp, Act::WithdrawInterest],
            // Whoever stepped back is not approached again, but may come back.
            Self::InterestWithdrawn => &[Act::ExpressInterest, Act::Reject],
            Self::Concluded | Self::Rejected => &[],
        }
    }
}

/// What there is before a step that may begin a candidacy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Before {
    /// Nothing was recorded of the two so far.
    Nothing {
        /// The identifier that the candidacy gets.
        id: CandidacyId,
        /// Who.
        alumnus_id: AlumnusId,
        /// For which.
        opportunity_id: OpportunityId,
    },
    /// A candidacy.
    Candidacy(Candidacy),
}

impl Before {
    /// Notes a person for the opportunity; they do not learn of it.
    ///
    /// # Errors
    ///
    /// [`Refusal::WrongState`] once the person was noted, approached or came forward.
    pub fn shortlist(self, by: Actor, at: DateTime<Utc>) -> Result<Step, Refusal> {
        self.ensure(Act::Shortlist)?;
        Ok(self.step(CandidacyState::Shortlisted, by, at, None))
    }

    /// Invites the person. Whoever said "not now until" may be asked again from that day on.
    ///
    /// # Errors
    ///
    /// [`Refusal`] while an invitation waits, after it was answered, and once anything came of it.
    pub fn invite(
        self,
        message: Option<String>,
        by: Actor,
        at: DateTime<Utc>,
        today: NaiveDate,
    ) -> Result<Step, Refusal> {
        self.ensure(Act::Invite)?;
        if let Some(CandidacyState::Snoozed { until }) = self.state()
            && today < *until
        {
            return Err(Refusal::NotBefore { until: *until });
        }
        let letter = Letter {
            message,
            invited_by: by.subject.clone(),
            sent_at: at,
            answered_at: None,
        };
        let mut step = self.step(CandidacyState::Invited, by, at, None);
        step.candidacy.letter = Some(letter);
        Ok(step)
    }

    /// The person comes forward. Whoever was invited says yes by it, after a no as well.
    ///
    /// # Errors
    ///
    /// [`Refusal::WrongState`] where the person has come forward already, or it is over.
    pub fn express_interest(self, by: Actor, at: DateTime<Utc>) -> Result<Step, Refusal> {
        self.ensure(Act::ExpressInterest)?;
        let was_invited = match self.state() {
            Some(
                CandidacyState::Invited | CandidacyState::Declined { .. } | CandidacyState::Snoozed { .. },
            ) => true,
            None
            | Some(
                CandidacyState::Shortlisted
                | CandidacyState::Unlisted
                | CandidacyState::Interested
                | CandidacyState::Accepted
                | CandidacyState::InvitationWithdrawn
                | CandidacyState::InConversation
                | CandidacyState::Agreed
                | CandidacyState::Concluded { .. }
                | CandidacyState::InterestWithdrawn
                | CandidacyState::Rejected { .. },
            ) => false,
        };
        let mut step = if was_invited {
            let mut step = self.step(CandidacyState::Accepted, by, at, None);
            step.candidacy.note_answer(at);
            step
        } else {
            self.step(CandidacyState::Interested, by, at, None)
        };
        step.candidacy.interested_at = Some(at);
        Ok(step)
    }

    /// A member of staff decides against the person, for a reason.
    ///
    /// # Errors
    ///
    /// [`Refusal::WrongState`] once something was agreed, which ends by an outcome, or was decided before.
    pub fn reject(self, reason: String, by: Actor, at: DateTime<Utc>) -> Result<Step, Refusal> {
        self.ensure(Act::Reject)?;
        let state = CandidacyState::Rejected {
            by: by.subject.clone(),
            reason: reason.clone(),
        };
        Ok(self.step(state, by, at, Some(reason)))
    }

    fn state(&self) -> Option<&CandidacyState> {
        match self {
            Self::Nothing { .. } => None,
            Self::Candidacy(candidacy) => Some(&candidacy.state),
        }
    }

    fn ensure(&self, act: Act) -> Result<(), Refusal> {
        match self {
            Self::Nothing { .. } => {
                assert!(BEGINNINGS.contains(&act), "only a beginning is offered here");
                Ok(())
            }
            Self::Candidacy(candidacy) => candidacy.ensure(act),
        }
    }

    /// The candidacy in its new state, with the record.
    fn step(self, state: CandidacyState, by: Actor, at: DateTime<Utc>, reason: Option<String>) -> Step {
        let from = self.state().map(CandidacyState::status);
        let candidacy = match self {
            Self::Nothing {
                id,
                alumnus_id,
                opportunity_id,
            } => Candidacy {
                id,
                alumnus_id,
                opportunity_id,
                state,
                interested_at: None,
                letter: None,
                began_at: at,
                changed_at: at,
                version: 1,
            },
            Self::Candidacy(before) => Candidacy {
                state,
                changed_at: at,
                version: before.version + 1,
                ..before
            },
        };
        let transition = Transition {
            candidacy_id: candidacy.id,
            version: candidacy.version,
            from,
            to: candidacy.state.status(),
            by,
            at,
            reason,
        };
        Step {
            candidacy,
            transition,
        }
    }
}

impl Candidacy {
    /// Takes the person off the shortlist.
    ///
    /// # Errors
    ///
    /// [`Refusal::WrongState`] unless the person is on it.
    pub fn unlist(self, by: Actor, at: DateTime<Utc>) -> Result<Step, Refusal> {
        self.ensure(Act::Unlist)?;
        Ok(self.step(CandidacyState::Unlisted, by, at, None))
    }

    /// Takes an invitation back that was not accepted or declined.
    ///
    /// # Errors
    ///
    /// [`Refusal`] unless it waits for the person.
    pub fn withdraw_invitation(self, by: Actor, at: DateTime<Utc>) -> Result<Step, Refusal> {
        self.ensure(Act::WithdrawInvitation)?;
        Ok(self.step(CandidacyState::InvitationWithdrawn, by, at, None))
    }

    /// The person's yes.
    ///
    /// # Errors
    ///
    /// [`Refusal`] unless an invitation waits or was put off.
    pub fn accept(self, by: Actor, at: DateTime<Utc>) -> Result<Step, Refusal> {
        self.answer(Act::Accept, CandidacyState::Accepted, by, at, None)
    }

    /// The person's no.
    ///
    /// # Errors
    ///
    /// As [`Self::accept`].
    pub fn decline(self, reason: DeclineReason, by: Actor, at: DateTime<Utc>) -> Result<Step, Refusal> {
        let why = Some(reason.code().to_owned());
        self.answer(Act::Decline, CandidacyState::Declined { reason }, by, at, why)
    }

    /// The person's "not now until".
    ///
    /// # Errors
    ///
    /// [`Refusal`] unless an invitation waits; it is not put off twice.
    pub fn snooze(self, until: NaiveDate, by: Actor, at: DateTime<Utc>) -> Result<Step, Refusal> {
        let why = Some(until.to_string());
        self.answer(Act::Snooze, CandidacyState::Snoozed { until }, by, at, why)
    }

    /// The first word between the two sides.
    ///
    /// # Errors
    ///
    /// [`Refusal::WrongState`] unless the person came forward or said yes, and nothing was written yet.
    pub fn converse(self, by: Actor, at: DateTime<Utc>) -> Result<Step, Refusal> {
        self.ensure(Act::Converse)?;
        Ok(self.step(CandidacyState::InConversation, by, at, None))
    }

    /// Both sides agree: a seat is taken. Whether one is free is the caller's to know.
    ///
    /// # Errors
    ///
    /// [`Refusal::WrongState`] unless the person said yes, or both sides are in conversation.
    pub fn agree(self, by: Actor, at: DateTime<Utc>) -> Result<Step, Refusal> {
        self.ensure(Act::Agree)?;
        Ok(self.step(CandidacyState::Agreed, by, at, None))
    }

    /// What came of it.
    ///
    /// # Errors
    ///
    /// [`Refusal::OtherKindsOutcome`], or [`Refusal::WrongState`] unless something was agreed; what does not come about
    /// may end before that.
    pub fn conclude(
        self,
        outcome: OutcomeKind,
        reason: Option<String>,
        kind: OpportunityKind,
        by: Actor,
        at: DateTime<Utc>,
    ) -> Result<Step, Refusal> {
        let success = OutcomeKind::success(kind);
        if outcome != success && outcome != OutcomeKind::NotRealized {
            return Err(Refusal::OtherKindsOutcome { outcome, success });
        }
        self.ensure(if outcome.holds_seat() {
            Act::Succeed
        } else {
            Act::GiveUp
        })?;
        let why = Some(reason.clone().unwrap_or_else(|| outcome.code().to_owned()));
        Ok(self.step(CandidacyState::Concluded { outcome, reason }, by, at, why))
    }

    /// The person steps back.
    ///
    /// # Errors
    ///
    /// [`Refusal::WrongState`] unless the person came forward or said yes, and it is not over.
    pub fn withdraw_interest(self, by: Actor, at: DateTime<Utc>) -> Result<Step, Refusal> {
        self.ensure(Act::WithdrawInterest)?;
        Ok(self.step(CandidacyState::InterestWithdrawn, by, at, None))
    }

    fn answer(
        self,
        act: Act,
        state: CandidacyState,
        by: Actor,
        at: DateTime<Utc>,
        reason: Option<String>,
    ) -> Result<Step, Refusal> {
        if let Err(refusal) = self.ensure(act) {
            let answered_at = self.letter.as_ref().and_then(|letter| letter.answered_at);
            return Err(answered_at.map_or(refusal, |at| Refusal::AlreadyAnswered { at }));
        }
        let mut step = self.step(state, by, at, reason);
        step.candidacy.note_answer(at);
        Ok(step)
    }

    fn ensure(&self, act: Act) -> Result<(), Refusal> {
        let status = self.state.status();
        if status.next().contains(&act) {
            Ok(())
        } else {
            Err(Refusal::WrongState { status })
        }
    }

    fn step(self, state: CandidacyState, by: Actor, at: DateTime<Utc>, reason: Option<String>) -> Step {
        Before::Candidacy(self).step(state, by, at, reason)
    }

    fn note_answer(&mut self, at: DateTime<Utc>) {
        if let Some(letter) = &mut self.letter {
            letter.answered_at = Some(at);
        }
    }
}
