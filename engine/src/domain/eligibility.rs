//! Whether a person may be ranked for an opportunity today. The reason is the return value, so that one decision
//! serves the ranking, its counts, what the person is told and the tests.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::alumnus::{AlumnusStatus, Interest};
use super::coded_enum;
use super::consent::Purpose;
use super::id::OpportunityId;
use super::opportunity::{Opportunity, OpportunityKind};
use super::policy::{Employment, Policy};

/// What decides a person's eligibility; follows the database through the read barrier, before any text does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// How far the record has come.
    pub status: AlumnusStatus,
    interests: u8,
    purposes: u8,
    /// The last day at the company, if known.
    pub left_on: Option<NaiveDate>,
    /// Months at the company in all.
    pub tenure_months: u32,
    /// How the person was employed and left.
    #[serde(default)]
    pub employment: Employment,
    /// Speaker slots that the person was invited to, one entry for each.
    #[serde(default)]
    pub speaker_approaches: Vec<SpeakerApproach>,
}

/// A speaker slot that a person was invited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeakerApproach {
    /// Which slot: being asked for it is no reason to drop out of its own list.
    pub opportunity_id: OpportunityId,
    /// The day, in Japan time, on which the person was asked or, if later and accepted, is to speak.
    pub last_on: NaiveDate,
}

impl Standing {
    /// Collects what decides eligibility. `purposes` are those with a consent that holds. How the person was employed
    /// is not known, and the person was never asked to speak; both are set where they are.
    #[must_use]
    pub fn new(
        status: AlumnusStatus,
        interests: &[Interest],
        purposes: &[Purpose],
        left_on: Option<NaiveDate>,
        tenure_months: u32,
    ) -> Self {
        let interests = interests
            .iter()
            .fold(0, |bits, interest| bits | 1 << *interest as u8);
        let purposes = purposes
            .iter()
            .fold(0, |bits, purpose| bits | 1 << *purpose as u8);
        Self {
            status,
            interests,
            purposes,
            left_on,
            tenure_months,
            employment: Employment::default(),
            speaker_approaches: Vec::new(),
        }
    }

    /// Whether the person opted into `interest`.
    #[must_use]
    pub fn has_interest(&self, interest: Interest) -> bool {
        self.interests & (1 << interest as u8) != 0
    }

    /// Whether a consent for `purpose` holds.
    #[must_use]
    pub fn has_consent(&self, purpose: Purpose) -> bool {
        self.purposes & (1 << purpose as u8) != 0
    }

    /// Whether any consent holds: without one, staff other than administrators see nothing of the person.
    #[must_use]
    pub fn has_any_consent(&self) -> bool {
        self.purposes != 0
    }

    /// Whether the record is one of the programme: neither waiting for approval nor gone.
    #[must_use]
    pub fn is_member(&self) -> bool {
        match self.status {
            AlumnusStatus::Unclaimed | AlumnusStatus::Active => true,
            AlumnusStatus::PendingApproval | AlumnusStatus::Left => false,
        }
    }
}

coded_enum! {
    /// The rule that keeps a person out of a ranking; the first that applies, in this order: what the person chose,
    /// then what the programme offers and whom it admits, then the days, then what was said about one opportunity.
    Ineligible {
        /// Not a member of the programme (waiting for approval, or gone).
        NotMember = "NOT_MEMBER",
        /// Did not opt into this kind.
        NoInterest = "NO_INTEREST",
        /// No consent for this purpose holds.
        NoConsent = "NO_CONSENT",
        /// Of another company of the group than the one that offers it, without the consent to be shared within the
        /// group, or for a purpose for which that company uses nobody else's data.
        NotSharedInGroup = "NOT_SHARED_IN_GROUP",
        /// The programme does not offer this kind.
        KindNotOffered = "KIND_NOT_OFFERED",
        /// Not of a segment that takes part.
        SegmentNotAdmitted = "SEGMENT_NOT_ADMITTED",
        /// Was employed in a way that the programme does not admit, or in one that is not known.
        EmploymentNotAdmitted = "EMPLOYMENT_NOT_ADMITTED",
        /// Left in a way that the programme does not admit, or in one that is not known.
        LeavingKindNotAdmitted = "LEAVING_KIND_NOT_ADMITTED",
        /// Was at the company for too short a time.
        TenureTooShort = "TENURE_TOO_SHORT",
        /// Left too recently for hiring approaches.
        QuietPeriod = "QUIET_PERIOD",
        /// The right to return has ended.
        ReturnWindowClosed = "RETURN_WINDOW_CLOSED",
        /// Spoke, or was asked to, a short while ago.
        SpeakerResting = "SPEAKER_RESTING",
        /// Declined this opportunity.
        Declined = "DECLINED",
        /// Asked not to be shown this opportunity until later.
        Snoozed = "SNOOZED",
        /// Rejected by a recruiter, with a reason.
        Rejected = "REJECTED",
        /// New, in a week whose share of new items the feed shows already.
        HeldBack = "HELD_BACK",
    }
}

/// Decides whether a person may be ranked for `opportunity` on `today` (Japan time). Whether the opportunity is open
/// is not asked here: a list that nobody may see is empty by [`Opportunity::is_open_at`].
///
/// # Errors
///
/// The first rule that says no.
pub fn may_be_ranked(
    policy: &Policy,
    standing: &Standing,
    opportunity: &Opportunity,
    today: NaiveDate,
) -> Result<(), Ineligible> {
    let asked = Asked {
        kind: opportunity.kind(),
        opportunity: Some(opportunity),
    };
    match rules_against(policy, standing, asked, today).next() {
        Some(rule) => Err(rule),
        None => Ok(()),
    }
}

/// What a person is to be ranked for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) kind: OpportunityKind,
    /// `None`: any of the kind, of the person's own company, that the person was not asked about.
    pub(super) opportunity: Option<&'a Opportunity>,
}

/// Every rule that says no, in the order of [`Ineligible`].
pub(super) fn rules_against<'a>(
    policy: &'a Policy,
    standing: &'a Standing,
    asked: Asked<'a>,
    today: NaiveDate,
) -> impl Iterator<Item = Ineligible> + 'a {
    let all = Ineligible::ALL.iter().copied();
    all.filter(move |rule| says_no(*rule, policy, standing, asked, today))
}

fn says_no(
    rule: Ineligible,
    policy: &Policy,
    standing: &Standing,
    asked: Asked<'_>,
    today: NaiveDate,
) -> bool {
    let kind = asked.kind;
    let employment = &standing.employment;
    match rule {
        Ineligible::NotMember => !standing.is_member(),
        Ineligible::NoInterest => !standing.has_interest(kind.interest()),
        Ineligible::NoConsent => !standing.has_consent(Purpose::for_kind(kind)),
        Ineligible::NotSharedInGroup => {
            let by = asked.opportunity.and_then(|one| one.group_company.as_deref());
            is_not_shared(policy, standing, by, kind)
        }
        Ineligible::KindNotOffered => !policy.offers(kind),
        Ineligible::SegmentNotAdmitted => {
            is_not_admitted(policy.segments.as_deref(), employment.segment.as_ref())
        }
        Ineligible::EmploymentNotAdmitted => is_not_admitted(
            policy.employment_types.as_deref(),
            employment.employment_type.as_ref(),
        ),
        Ineligible::LeavingKindNotAdmitted => {
            is_not_admitted(policy.leaving_kinds.as_deref(), employment.leaving_kind.as_ref())
        }
        Ineligible::TenureTooShort => standing.tenure_months < policy.minimum_tenure_months,
        Ineligible::QuietPeriod => {
            is_hiring(kind)
                && standing
                    .left_on
                    .is_some_and(|left_on| today < policy.quiet_until(left_on))
        }
        Ineligible::ReturnWindowClosed => {
            let until = standing.left_on.and_then(|left_on| policy.return_until(left_on));
            kind == OpportunityKind::Role && until.is_some_and(|until| today > until)
        }
        Ineligible::SpeakerResting => {
            let this = asked.opportunity.map(|one| one.id);
            kind == OpportunityKind::SpeakerSlot
                && rests_until(policy, standing, this).is_some_and(|day| today < day)
        }
        // Decided about one person and one opportunity, by a person or by the feed: whoever ranks knows of them.
        Ineligible::Declined | Ineligible::Snoozed | Ineligible::Rejected | Ineligible::HeldBack => false,
    }
}

/// Whether a kind offers work: approaches that a quiet period holds back.
pub(super) fn is_hiring(kind: OpportunityKind) -> bool {
    match kind {
        OpportunityKind::Role | OpportunityKind::ContractWork => true,
        OpportunityKind::SpeakerSlot => false,
    }
}

/// The first day on which a person may be asked to speak again, for another slot than `this`; `None`: never asked, or
/// speakers do not rest.
pub(super) fn rests_until(
    policy: &Policy,
    standing: &Standing,
    this: Option<OpportunityId>,
) -> Option<NaiveDate> {
    let others = standing.speaker_approaches.iter();
    let others = others.filter(|approach| Some(approach.opportunity_id) != this);
    policy.rested_on(others.map(|approach| approach.last_on).max()?)
}

/// Whoever is not known to be in a list of what is admitted is not: a programme that limits whom it admits has its
/// reason, and the ranking's count tells its staff whose records lack what the rule reads.
fn is_not_admitted<T: PartialEq>(admitted: Option<&[T]>, known: Option<&T>) -> bool {
    admitted.is_some_and(|admitted| known.is_none_or(|known| !admitted.contains(known)))
}

/// Whether the company `by` may not use the person's data for `kind`; `None`: the programme as a whole.
pub(super) fn is_not_shared(
    policy: &Policy,
    standing: &Standing,
    by: Option<&str>,
    kind: OpportunityKind,
) -> bool {
    let Some(by) = by else {
        return false;
    };
    let is_own = standing.employment.group_company.as_deref() == Some(by);
    let may_share = standing.has_consent(Purpose::GroupSharing) && policy.is_shared_kind(by, kind);
    !is_own && !may_share
}

#[cfg(test)]
mod tests;
