//! A programme's rules as one value: whom it admits, what it offers and how often it approaches people.
//!
//! - The rules are data: nothing of one programme stands in the code, and a change takes effect with the next answer.
//! - No rule reads age, sex or the reason for leaving: of leaving only the day and the kind are known here.
//! - No rule moves a score, but for the shares of groups that a programme may ask for, which lift by a contribution of
//!   their own. Whoever a rule leaves out is left out and counted, and everybody else ranks as before.

mod employment;
mod problem;
mod shares;

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::coded_enum;
use super::eligibility::Ineligible;
use super::opportunity::OpportunityKind;

pub use employment::{Employment, EmploymentType, LeavingKind};
pub use problem::{Problem, Wrong};
pub use shares::{GroupShare, GroupShares, GroupedBy};

/// Longest return window, in months: a working life.
pub const RETURN_WINDOW_MONTHS_MAX: u32 = 600;
/// Longest quiet period, and longest rest of a speaker, in days: about three years, after which it would be a refusal.
pub const REST_DAYS_MAX: u32 = 1_100;
/// Most months at the company that may be asked for: a working life.
pub const MINIMUM_TENURE_MONTHS_MAX: u32 = 600;
/// Most approaches to one person that a cap may allow.
pub const APPROACHES_MAX: u32 = 1_000;
/// Longest period that a cap on approaches may count, in days: a year.
pub const APPROACH_CAP_DAYS_MAX: u32 = 366;
/// Most new items a week that a cap of feeds may allow: a full page.
pub const FEED_NEW_ITEMS_MAX: u32 = 100;
/// Days for which an item of a feed counts as new.
pub const FEED_NEW_DAYS: u64 = 7;
/// Pilot segments of one programme.
pub const SEGMENTS_MAX: usize = 100;
/// Characters of a segment's label.
pub const SEGMENT_CHARS_MAX: usize = 100;
/// Companies of one group: more than the largest in Japan have in one programme.
pub const GROUP_COMPANIES_MAX: usize = 200;
/// Characters of a group company's code.
pub const GROUP_COMPANY_CODE_CHARS_MAX: usize = 64;
/// Characters of a group company's name.
pub const GROUP_COMPANY_NAME_CHARS_MAX: usize = 200;
/// Groups whose shares a list may hold: with everybody else a few more than the published experiments try.
pub const GROUP_SHARES_MAX: usize = 20;
/// Characters of a group's name: as many as a department has.
pub const GROUP_NAME_CHARS_MAX: usize = 200;

/// Whom a programme admits and what it offers. The default admits and offers everything, approves whoever proves to be
/// the person of a record, and caps nothing.
///
/// Stored as it serializes: a field that a stored policy lacks has its default, so that older ones stay readable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Kinds of opportunity that may be created and shown.
    pub kinds: Vec<OpportunityKind>,
    /// Days after leaving without any hiring approach; peers and news stay.
    pub quiet_period_days: u32,
    /// Months after leaving during which a return is open; `None`: for ever.
    pub return_window_months: Option<u32>,
    /// Months at the company that are asked for at least.
    pub minimum_tenure_months: u32,
    /// Kinds of leaving that are admitted; `None`: all. A list does not admit people whose kind is not known.
    pub leaving_kinds: Option<Vec<LeavingKind>>,
    /// Types of employment that are admitted; `None`: all. A list does not admit people whose type is not known.
    pub employment_types: Option<Vec<EmploymentType>>,
    /// Labels of the segments that take part in a pilot; `None`: everybody. A list does not admit people without one.
    pub segments: Option<Vec<String>>,
    /// How a person who claims a record becomes a member.
    pub admission: Admission,
    /// How often one person may be approached, over all opportunities; `None`: without a cap.
    pub approach_cap: Option<ApproachCap>,
    /// How many items of a feed may be new, that is of the last [`FEED_NEW_DAYS`] days; `None`: without a cap.
    pub feed_new_items_per_week: Option<u32>,
    /// Days for which a speaker is not asked again after speaking or being invited to speak.
    pub speaker_rest_days: u32,
    /// Whether evaluations from the time at the company are kept. Ranking never reads them either way.
    pub keeps_evaluations: bool,
    /// Whether what recruiters choose and reject moves the weights by which candidates are ranked.
    pub learns_from_decisions: bool,
    /// The companies of a group that share the programme; empty where there is one company.
    pub group_companies: Vec<GroupCompany>,
    /// The shares that lists of candidates hold of groups; `None`: people stand by their match alone.
    pub group_shares: Option<GroupShares>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            kinds: OpportunityKind::ALL.to_vec(),
            quiet_period_days: 0,
            return_window_months: None,
            minimum_tenure_months: 0,
            leaving_kinds: None,
            employment_types: None,
            segments: None,
            admission: Admission::default(),
            approach_cap: None,
            feed_new_items_per_week: None,
            speaker_rest_days: 0,
            keeps_evaluations: false,
            learns_from_decisions: false,
            group_companies: Vec::new(),
            group_shares: None,
        }
    }
}

coded_enum! {
    /// What somebody who claims a record may prove to be its person by, beside the personal e-mail address.
    ClaimProof {
        /// The number that the person had as an employee.
        EmployeeNumber = "EMPLOYEE_NUMBER",
        /// The first and the last month at the company.
        Tenure = "TENURE",
    }
}

/// How a person who claims a record becomes a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Admission {
    /// Any one of these, together with the e-mail address, shows that the person is the one of the record; empty: only
    /// an administrator can tell.
    pub matched_by: Vec<ClaimProof>,
    /// Whether an administrator approves those who match as well.
    pub needs_approval: bool,
}

impl Default for Admission {
    fn default() -> Self {
        Self {
            matched_by: ClaimProof::ALL.to_vec(),
            needs_approval: false,
        }
    }
}

/// How often one person may be approached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApproachCap {
    /// Most approaches within the period, at least 1.
    pub max_approaches: u32,
    /// The period in days of Japan time, today counted; at least 1.
    pub days: u32,
}

impl ApproachCap {
    /// The first day whose approaches count on `today`.
    #[must_use]
    pub fn counts_from(self, today: NaiveDate) -> NaiveDate {
        today - Days::new(u64::from(self.days.saturating_sub(1)))
    }

    /// Whether one more approach is too many.
    ///
    /// - `n_counted`: approaches to the person since [`Self::counts_from`]
    #[must_use]
    pub fn is_reached(self, n_counted: u64) -> bool {
        n_counted >= u64::from(self.max_approaches)
    }
}

/// One company of a group that shares a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupCompany {
    /// What records and opportunities call it.
    pub code: String,
    /// As written.
    pub name: String,
    /// Kinds of opportunity for which it uses the data of other companies' people who consented to be shared.
    pub shared_kinds: Vec<OpportunityKind>,
}

impl Policy {
    /// Whether the programme offers `kind`.
    #[must_use]
    pub fn offers(&self, kind: OpportunityKind) -> bool {
        self.kinds.contains(&kind)
    }

    /// The last day on which somebody who left on `left_on` may return; `None`: for ever. A month without the day ends
    /// on its last day.
    #[must_use]
    pub fn return_until(&self, left_on: NaiveDate) -> Option<NaiveDate> {
        self.return_window_months
            .map(|months| left_on + Months::new(months.min(RETURN_WINDOW_MONTHS_MAX)))
    }

    /// The first day on which somebody who left on `left_on` may be approached for hiring.
    #[must_use]
    pub fn quiet_until(&self, left_on: NaiveDate) -> NaiveDate {
        left_on + Days::new(u64::from(self.quiet_period_days.min(REST_DAYS_MAX)))
    }

    /// The first day on which somebody who spoke, or was invited to, on `last_on` may be asked again; `None`: speakers
    /// do not rest.
    #[must_use]
    pub fn rested_on(&self, last_on: NaiveDate) -> Option<NaiveDate> {
        let days = self.speaker_rest_days.min(REST_DAYS_MAX);
        (days > 0).then(|| last_on + Days::new(u64::from(days)))
    }

    /// The group company with this code.
    #[must_use]
    pub fn group_company(&self, code: &str) -> Option<&GroupCompany> {
        self.group_companies.iter().find(|company| company.code == code)
    }

    /// Whether the company `by` uses the data of other companies' people for `kind`. A company that is not in the
    /// programme uses nobody's.
    #[must_use]
    pub fn is_shared_kind(&self, by: &str, kind: OpportunityKind) -> bool {
        self.group_company(by)
            .is_some_and(|company| company.shared_kinds.contains(&kind))
    }

    /// The shares that lists of candidates for `kind` hold.
    #[must_use]
    pub fn shares_for(&self, kind: OpportunityKind) -> Option<&GroupShares> {
        self.group_shares
            .as_ref()
            .filter(|shares| shares.kinds.contains(&kind))
    }

    /// The rules that may leave somebody out under this policy, in the order of [`Ineligible`].
    #[must_use]
    pub fn rules(&self) -> Vec<Ineligible> {
        let all = Ineligible::ALL.iter().copied();
        all.filter(|rule| self.may_apply(*rule)).collect()
    }

    /// Whether a rule may leave somebody out under this policy.
    pub(crate) fn may_apply(&self, rule: Ineligible) -> bool {
        match rule {
            Ineligible::NotMember
            | Ineligible::NoInterest
            | Ineligible::NoConsent
            | Ineligible::Declined
            | Ineligible::Snoozed
            | Ineligible::Rejected
            // The law's, whatever the programme says, and an offer to one person.
            | Ineligible::TemporaryAgencyWithinAYear
            | Ineligible::AddressedToOther => true,
            Ineligible::NotSharedInGroup => !self.group_companies.is_empty(),
            Ineligible::KindNotOffered => !OpportunityKind::ALL.iter().all(|kind| self.offers(*kind)),
            Ineligible::SegmentNotAdmitted => self.segments.is_some(),
            Ineligible::EmploymentNotAdmitted => self.employment_types.is_some(),
            Ineligible::LeavingKindNotAdmitted => self.leaving_kinds.is_some(),
            Ineligible::TenureTooShort => self.minimum_tenure_months > 0,
            Ineligible::QuietPeriod => self.quiet_period_days > 0,
            Ineligible::ReturnWindowClosed => self.return_window_months.is_some(),
            Ineligible::SpeakerResting => self.speaker_rest_days > 0,
            Ineligible::HeldBack => self.feed_new_items_per_week.is_some(),
        }
    }

    /// Everything that is wrong with the policy, in the order of its fields; empty for one that can be used.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        problem::of(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_policy_that_was_stored_before_a_field_existed_has_its_default() {
        let stored = r#"{"kinds":["ROLE"],"quiet_period_days":90,"return_window_months":72,"minimum_tenure_months":12}"#;
        let read: Policy = serde_json::from_str(stored).unwrap();
        let expected = Policy {
            kinds: vec![OpportunityKind::Role],
            quiet_period_days: 90,
            return_window_months: Some(72),
            minimum_tenure_months: 12,
            ..Policy::default()
        };
        assert_eq!(read, expected);
        assert_eq!(serde_json::from_str::<Policy>("{}").unwrap(), Policy::default());
    }

    #[test]
    fn a_return_window_ends_on_the_last_day_of_a_month_that_lacks_the_day() {
        let until = |months, left_on| {
            let policy = Policy {
                return_window_months: Some(months),
                ..Policy::default()
            };
            policy.return_until(date(left_on))
        };
        assert_eq!(until(72, "2020-03-31"), Some(date("2026-03-31")));
        assert_eq!(until(6, "2026-08-31"), Some(date("2027-02-28")));
        assert_eq!(until(18, "2026-08-31"), Some(date("2028-02-29")));
        assert_eq!(until(12, "2028-02-29"), Some(date("2029-02-28")));
        assert_eq!(until(1, "2027-01-30"), Some(date("2027-02-28")));
        assert_eq!(Policy::default().return_until(date("2020-03-31")), None);
    }

    #[test]
    fn a_policy_names_the_rules_that_it_has() {
        let always = Policy::default().rules();
        assert!(always.contains(&Ineligible::NoConsent));
        assert!(!always.contains(&Ineligible::ReturnWindowClosed));
        let six_years = Policy {
            return_window_months: Some(72),
            ..Policy::default()
        };
        let added: Vec<Ineligible> = six_years
            .rules()
            .into_iter()
            .filter(|rule| !always.contains(rule))
            .collect();
        assert_eq!(added, [Ineligible::ReturnWindowClosed]);
    }

    #[test]
    fn an_approach_leaves_the_cap_after_as_many_days_as_it_counts() {
        let cap = ApproachCap {
            max_approaches: 2,
            days: 30,
        };
        assert_eq!(cap.counts_from(date("2026-11-30")), date("2026-11-01"));
        assert_eq!(cap.counts_from(date("2026-12-01")), date("2026-11-02"));
        assert!(!cap.is_reached(1));
        assert!(cap.is_reached(2));
        let today_only = ApproachCap { days: 1, ..cap };
        assert_eq!(today_only.counts_from(date("2026-11-30")), date("2026-11-30"));
    }
}
