//! Whether a person may be ranked for a kind of opportunity today. The reason is the return value, so that one
//! decision serves the ranking, its counts and the tests.

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::alumnus::{AlumnusStatus, Interest};
use super::coded_enum;
use super::consent::Purpose;
use super::opportunity::{Opportunity, OpportunityKind};
use super::programme::Policy;

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
}

impl Standing {
    /// Collects what decides eligibility. `purposes` are those with a consent that holds.
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
    /// The rule that keeps a person out of a ranking; the first that applies, in this order.
    Ineligible {
        /// Not a member of the programme (waiting for approval, or gone).
        NotMember = "NOT_MEMBER",
        /// Did not opt into this kind.
        NoInterest = "NO_INTEREST",
        /// No consent for this purpose holds.
        NoConsent = "NO_CONSENT",
        /// The programme does not offer this kind.
        KindNotOffered = "KIND_NOT_OFFERED",
        /// Left too recently for hiring approaches.
        QuietPeriod = "QUIET_PERIOD",
        /// The right to return has ended.
        ReturnWindowClosed = "RETURN_WINDOW_CLOSED",
        /// Was at the company for too short a time.
        TenureTooShort = "TENURE_TOO_SHORT",
        /// Declined this opportunity.
        Declined = "DECLINED",
        /// Asked not to be shown this opportunity until later.
        Snoozed = "SNOOZED",
        /// Rejected by a recruiter, with a reason.
        Rejected = "REJECTED",
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
    let kind = opportunity.kind();
    if !standing.is_member() {
        return Err(Ineligible::NotMember);
    }
    if !standing.has_interest(kind.interest()) {
        return Err(Ineligible::NoInterest);
    }
    if !standing.has_consent(Purpose::for_kind(kind)) {
        return Err(Ineligible::NoConsent);
    }
    if !policy.kinds.contains(&kind) {
        return Err(Ineligible::KindNotOffered);
    }
    if standing.tenure_months < policy.minimum_tenure_months {
        return Err(Ineligible::TenureTooShort);
    }
    let is_hiring = match kind {
        OpportunityKind::Role | OpportunityKind::ContractWork => true,
        OpportunityKind::SpeakerSlot => false,
    };
    let Some(left_on) = standing.left_on.filter(|_| is_hiring) else {
        return Ok(());
    };
    if today < left_on + Days::new(u64::from(policy.quiet_period_days)) {
        return Err(Ineligible::QuietPeriod);
    }
    if kind == OpportunityKind::Role
        && policy
            .return_window_months
            .is_some_and(|months| today > left_on + Months::new(months))
    {
        return Err(Ineligible::ReturnWindowClosed);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::opportunity;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn standing(left_on: &str) -> Standing {
        Standing::new(
            AlumnusStatus::Active,
            &[Interest::Rehire, Interest::Speaking],
            &[Purpose::Rehire, Purpose::Feed, Purpose::Speaking],
            Some(date(left_on)),
            60,
        )
    }

    #[test]
    fn interest_and_consent_are_asked_for_separately() {
        let policy = Policy::default();
        let today = date("2026-11-20");
        let ask = |standing: &Standing, kind| may_be_ranked(&policy, standing, &opportunity(kind), today);
        let only_interest = Standing::new(AlumnusStatus::Active, &[Interest::Rehire], &[], None, 60);
        let only_consent = Standing::new(AlumnusStatus::Active, &[], &[Purpose::Rehire], None, 60);

        assert_eq!(ask(&standing("2020-03-31"), OpportunityKind::Role), Ok(()));
        assert_eq!(
            ask(&standing("2020-03-31"), OpportunityKind::ContractWork),
            Err(Ineligible::NoInterest)
        );
        assert_eq!(
            ask(&only_interest, OpportunityKind::Role),
            Err(Ineligible::NoConsent)
        );
        assert_eq!(
            ask(&only_consent, OpportunityKind::Role),
            Err(Ineligible::NoInterest)
        );
    }

    #[test]
    fn return_window_includes_its_last_day_and_ends_on_the_last_day_of_a_short_month() {
        let policy = Policy {
            return_window_months: Some(6),
            ..Policy::default()
        };
        let ask = |today| {
            may_be_ranked(
                &policy,
                &standing("2026-08-31"),
                &opportunity(OpportunityKind::Role),
                date(today),
            )
        };

        assert_eq!(ask("2027-02-28"), Ok(()));
        assert_eq!(ask("2027-03-01"), Err(Ineligible::ReturnWindowClosed));
    }

    #[test]
    fn quiet_period_holds_back_hiring_but_not_speaking() {
        let policy = Policy {
            quiet_period_days: 180,
            ..Policy::default()
        };
        let ask =
            |kind, today| may_be_ranked(&policy, &standing("2025-01-01"), &opportunity(kind), date(today));

        assert_eq!(
            ask(OpportunityKind::Role, "2025-06-29"),
            Err(Ineligible::QuietPeriod)
        );
        assert_eq!(ask(OpportunityKind::Role, "2025-06-30"), Ok(()));
        assert_eq!(ask(OpportunityKind::SpeakerSlot, "2025-01-02"), Ok(()));
    }
}
