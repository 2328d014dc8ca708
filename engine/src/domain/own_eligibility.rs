//! What a person is told about coming back: is there a programme for it, may I, until when, and which rule says so.
//!
//! - The answer is the decision that rankings take, asked about oneself: what is told and what is done cannot differ.
//! - What the person chose (membership, interest, consent) and what the programme decides are told apart, so that
//!   "may I come back?" has an answer before anybody opts in.

use chrono::NaiveDate;

use super::eligibility::{Asked, Ineligible, Standing, is_hiring, is_not_shared, rests_until, rules_against};
use super::opportunity::OpportunityKind;
use super::policy::{GroupCompany, Policy};

/// Whether a person may be ranked for a kind of opportunity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnEligibility {
    /// Which kind.
    pub kind: OpportunityKind,
    /// Whether the programme offers it.
    pub is_offered: bool,
    /// Every rule that says no today, in the order of [`Ineligible`]; empty: the person is ranked.
    pub rules: Vec<Ineligible>,
    /// From which day on the person may be approached, where a quiet period or a rest holds that back or did.
    pub opens_on: Option<NaiveDate>,
    /// The last day; `None`: no end, or the day of leaving is not known.
    pub until: Option<NaiveDate>,
}

impl OwnEligibility {
    /// Asks for `kind` on `today` (Japan time), about an opportunity of the person's own company that the person was
    /// not asked about.
    #[must_use]
    pub fn new(policy: &Policy, standing: &Standing, kind: OpportunityKind, today: NaiveDate) -> Self {
        let asked = Asked {
            kind,
            opportunity: None,
        };
        let left_on = standing.left_on;
        let quiet_until = left_on
            .filter(|_| is_hiring(kind) && policy.quiet_period_days > 0)
            .map(|left_on| policy.quiet_until(left_on));
        let rested_on = rests_until(policy, standing, None).filter(|_| kind == OpportunityKind::SpeakerSlot);
        let until = left_on.filter(|_| kind == OpportunityKind::Role);
        Self {
            kind,
            is_offered: policy.offers(kind),
            rules: rules_against(policy, standing, asked, today).collect(),
            opens_on: quiet_until.or(rested_on),
            until: until.and_then(|left_on| policy.return_until(left_on)),
        }
    }

    /// Whether the person is ranked for opportunities of the kind.
    #[must_use]
    pub fn is_eligible(&self) -> bool {
        self.rules.is_empty()
    }

    /// The rule that says no: the one that rankings count the person under.
    #[must_use]
    pub fn rule(&self) -> Option<Ineligible> {
        self.rules.first().copied()
    }

    /// Whether the programme's own rules admit the person, whatever the person chose.
    #[must_use]
    pub fn is_admitted(&self) -> bool {
        self.rules.iter().all(|rule| is_own_choice(*rule))
    }

    /// Why, in English and in Japanese.
    ///
    /// - `policy`: the one that was asked
    #[must_use]
    pub fn explanation(&self, policy: &Policy) -> (String, String) {
        let Some(rule) = self.rule() else {
            return match self.until {
                Some(until) => (
                    format!("You may be considered until {until}, that day included."),
                    format!("{}までは対象です（当日を含みます）。", japanese_date(until)),
                ),
                None => (
                    "You may be considered; no rule of the programme ends this.".to_owned(),
                    "対象です。期限はありません。".to_owned(),
                ),
            };
        };
        let (english, japanese) = self.why(rule, policy);
        if !is_own_choice(rule) || self.is_admitted() {
            return (english, japanese);
        }
        // The programme says no as well: a person who opts in should not learn that only afterwards.
        let Some(other) = self.rules.iter().copied().find(|rule| !is_own_choice(*rule)) else {
            return (english, japanese);
        };
        let (other_english, other_japanese) = self.why(other, policy);
        (
            format!("{english} {other_english}"),
            format!("{japanese}{other_japanese}"),
        )
    }

    fn why(&self, rule: Ineligible, policy: &Policy) -> (String, String) {
        let (english, japanese) = match rule {
            Ineligible::NotMember => (
                "You are not a member of the programme yet.".to_owned(),
                "まだこのプログラムの会員ではありません。".to_owned(),
            ),
            Ineligible::NoInterest => (
                "You have not said that you are interested in this.".to_owned(),
                "希望に含まれていません。".to_owned(),
            ),
            Ineligible::NoConsent => (
                "You have not consented to being considered for this.".to_owned(),
                "この目的での利用に同意していません。".to_owned(),
            ),
            Ineligible::NotSharedInGroup => (
                "Your data is not shared with the group company that offers this.".to_owned(),
                "募集するグループ会社とはあなたの情報が共有されていません。".to_owned(),
            ),
            Ineligible::KindNotOffered => (
                "The programme does not offer this.".to_owned(),
                "このプログラムでは募集していません。".to_owned(),
            ),
            Ineligible::SegmentNotAdmitted => (
                "The programme is open to some groups of former employees only, and your record does not name one."
                    .to_owned(),
                "このプログラムは一部の区分の方を対象としており、あなたの記録はその区分にありません。".to_owned(),
            ),
            Ineligible::EmploymentNotAdmitted => {
                let types = policy.employment_types.as_deref().unwrap_or_default();
                admitted(
                    "types of employment",
                    "雇用形態",
                    types.iter().map(|one| (one.code(), one.japanese())),
                )
            }
            Ineligible::LeavingKindNotAdmitted => {
                let kinds = policy.leaving_kinds.as_deref().unwrap_or_default();
                admitted(
                    "kinds of leaving",
                    "退職区分",
                    kinds.iter().map(|one| (one.code(), one.japanese())),
                )
            }
            Ineligible::TenureTooShort => {
                let months = policy.minimum_tenure_months;
                (
                    format!("The programme asks for at least {months} months at the company."),
                    format!("在籍{months}か月以上の方が対象です。"),
                )
            }
            Ineligible::QuietPeriod | Ineligible::SpeakerResting => match self.opens_on {
                Some(day) => (
                    format!("You are not approached before {day}."),
                    format!("{}より前にはご案内しません。", japanese_date(day)),
                ),
                None => (
                    "You are not approached for now.".to_owned(),
                    "当面はご案内しません。".to_owned(),
                ),
            },
            Ineligible::ReturnWindowClosed => match self.until {
                Some(until) => (
                    format!("The time to return ended on {until}."),
                    format!("復職できる期間は{}に終わりました。", japanese_date(until)),
                ),
                None => (
                    "The time to return has ended.".to_owned(),
                    "復職できる期間は終わりました。".to_owned(),
                ),
            },
            Ineligible::TemporaryAgencyWithinAYear => (
                "The law keeps you from coming back through an agency within a year of leaving.".to_owned(),
                "退職後1年間は、派遣での就業が法律で認められていません。".to_owned(),
            ),
            Ineligible::Declined
            | Ineligible::Snoozed
            | Ineligible::Rejected
            | Ineligible::HeldBack
            | Ineligible::AddressedToOther => (
                "One opportunity is left out; the others are not.".to_owned(),
                "一部の募集のみ対象外です。".to_owned(),
            ),
        };
        (english, japanese)
    }
}

/// What one company of the group may use a person's data for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupUse {
    /// The company.
    pub company: GroupCompany,
    /// Whether the person worked there.
    pub is_own: bool,
    /// Kinds of opportunity for which it may rank the person, as far as being shared within the group decides.
    pub kinds: Vec<OpportunityKind>,
}

/// What each company of the group may use a person's data for, in the programme's order.
#[must_use]
pub fn group_uses(policy: &Policy, standing: &Standing) -> Vec<GroupUse> {
    let uses = policy.group_companies.iter().map(|company| {
        let code = company.code.as_str();
        let offered = policy.kinds.iter().copied();
        GroupUse {
            company: company.clone(),
            is_own: standing.employment.group_company.as_deref() == Some(code),
            kinds: offered
                .filter(|kind| !is_not_shared(policy, standing, Some(code), *kind))
                .collect(),
        }
    });
    uses.collect()
}

/// Whether a rule follows what the person chose, rather than what the programme decides.
fn is_own_choice(rule: Ineligible) -> bool {
    match rule {
        Ineligible::NotMember
        | Ineligible::NoInterest
        | Ineligible::NoConsent
        | Ineligible::NotSharedInGroup
        | Ineligible::Declined
        | Ineligible::Snoozed => true,
        Ineligible::KindNotOffered
        | Ineligible::SegmentNotAdmitted
        | Ineligible::EmploymentNotAdmitted
        | Ineligible::LeavingKindNotAdmitted
        | Ineligible::TenureTooShort
        | Ineligible::QuietPeriod
        | Ineligible::ReturnWindowClosed
        | Ineligible::SpeakerResting
        | Ineligible::TemporaryAgencyWithinAYear
        | Ineligible::Rejected
        | Ineligible::HeldBack
        | Ineligible::AddressedToOther => false,
    }
}

fn admitted(
    english: &str,
    japanese: &str,
    list: impl Iterator<Item = (&'static str, &'static str)>,
) -> (String, String) {
    let (codes, names): (Vec<_>, Vec<_>) = list.unzip();
    (
        format!(
            "The programme admits these {english}: {}; yours is another, or not known to the company.",
            codes.join(", ")
        ),
        format!(
            "対象の{japanese}は「{}」です。あなたの{japanese}はこれと異なるか、会社の記録にありません。",
            names.join("、")
        ),
    )
}

fn japanese_date(date: NaiveDate) -> String {
    date.format("%Y年%-m月%-d日").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::alumnus::{AlumnusStatus, Interest};
    use crate::domain::consent::Purpose;
    use crate::domain::eligibility::may_be_ranked;
    use crate::domain::id::AlumnusId;
    use crate::domain::policy::{EmploymentType, LeavingKind};
    use crate::domain::testing::opportunity;

    const SOMEBODY: AlumnusId = AlumnusId(uuid::Uuid::from_u128(7));

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn standing(interests: &[Interest], purposes: &[Purpose]) -> Standing {
        let left_on = Some(date("2020-11-30"));
        Standing::new(AlumnusStatus::Active, interests, purposes, left_on, 60)
    }

    fn six_years() -> Policy {
        Policy {
            return_window_months: Some(72),
            ..Policy::default()
        }
    }

    #[test]
    fn what_a_person_is_told_is_what_rankings_decide() {
        let policies = [
            Policy::default(),
            six_years(),
            Policy {
                kinds: vec![OpportunityKind::Role],
                minimum_tenure_months: 61,
                ..six_years()
            },
            Policy {
                quiet_period_days: 1_000,
                leaving_kinds: Some(vec![LeavingKind::Voluntary]),
                employment_types: Some(vec![EmploymentType::Regular]),
                ..Policy::default()
            },
        ];
        let people = [
            standing(Interest::ALL, Purpose::ALL),
            standing(&[], Purpose::ALL),
            standing(Interest::ALL, &[Purpose::Feed]),
        ];
        for policy in &policies {
            for person in &people {
                for kind in OpportunityKind::ALL {
                    for today in ["2020-12-01", "2026-11-30", "2026-12-01"] {
                        let told = OwnEligibility::new(policy, person, *kind, date(today));
                        let decided =
                            may_be_ranked(policy, SOMEBODY, person, &opportunity(*kind), date(today));
                        assert_eq!(told.rule(), decided.err());
                        assert_eq!(told.is_eligible(), decided.is_ok());
                    }
                }
            }
        }
    }

    #[test]
    fn the_answer_names_the_last_day_before_and_after_it() {
        let person = standing(Interest::ALL, Purpose::ALL);
        let ask = |today| {
            let told = OwnEligibility::new(&six_years(), &person, OpportunityKind::Role, date(today));
            (told.is_eligible(), told.until, told.explanation(&six_years()))
        };
        let until = Some(date("2026-11-30"));
        assert_eq!(
            ask("2026-11-30"),
            (
                true,
                until,
                (
                    "You may be considered until 2026-11-30, that day included.".to_owned(),
                    "2026年11月30日までは対象です（当日を含みます）。".to_owned()
                )
            )
        );
        assert_eq!(
            ask("2026-12-01"),
            (
                false,
                until,
                (
                    "The time to return ended on 2026-11-30.".to_owned(),
                    "復職できる期間は2026年11月30日に終わりました。".to_owned()
                )
            )
        );
    }

    #[test]
    fn who_did_not_opt_in_still_learns_whether_the_programme_would_admit_them() {
        let person = standing(&[], &[]);
        let ask = |policy: &Policy| {
            let told = OwnEligibility::new(policy, &person, OpportunityKind::Role, date("2026-12-01"));
            (told.rule(), told.is_admitted(), told.explanation(policy).1)
        };
        assert_eq!(
            ask(&Policy::default()),
            (
                Some(Ineligible::NoInterest),
                true,
                "希望に含まれていません。".to_owned()
            )
        );
        assert_eq!(
            ask(&six_years()),
            (
                Some(Ineligible::NoInterest),
                false,
                "希望に含まれていません。復職できる期間は2026年11月30日に終わりました。".to_owned()
            )
        );
    }

    #[test]
    fn a_person_learns_which_company_of_the_group_may_use_their_data_for_what() {
        let company = |code: &str, shared_kinds: &[OpportunityKind]| GroupCompany {
            code: code.to_owned(),
            name: code.to_owned(),
            shared_kinds: shared_kinds.to_vec(),
        };
        let policy = Policy {
            group_companies: vec![company("bank", &[OpportunityKind::Role]), company("trust", &[])],
            ..Policy::default()
        };
        let kinds = |purposes: &[Purpose]| {
            let mut person = standing(Interest::ALL, purposes);
            person.employment.group_company = Some("trust".to_owned());
            let uses = group_uses(&policy, &person).into_iter();
            uses.map(|one| (one.is_own, one.kinds)).collect::<Vec<_>>()
        };
        let own = (true, OpportunityKind::ALL.to_vec());
        assert_eq!(
            kinds(Purpose::ALL),
            [(false, vec![OpportunityKind::Role]), own.clone()]
        );
        assert_eq!(kinds(&[Purpose::Rehire]), [(false, Vec::new()), own]);
    }

    #[test]
    fn every_rule_that_can_say_no_explains_itself_in_both_languages() {
        let policy = Policy {
            leaving_kinds: Some(vec![LeavingKind::Voluntary]),
            employment_types: Some(vec![EmploymentType::Regular, EmploymentType::Contract]),
            ..Policy::default()
        };
        for rule in Ineligible::ALL {
            let told = OwnEligibility {
                kind: OpportunityKind::Role,
                is_offered: true,
                rules: vec![*rule],
                opens_on: None,
                until: None,
            };
            let (english, japanese) = told.explanation(&policy);
            assert!(english.is_ascii() && english.ends_with('.'), "{english}");
            assert!(japanese.ends_with('。'), "{japanese}");
        }
        let told = OwnEligibility {
            kind: OpportunityKind::Role,
            is_offered: true,
            rules: vec![Ineligible::EmploymentNotAdmitted],
            opens_on: None,
            until: None,
        };
        assert!(told.explanation(&policy).1.contains("「正社員、契約社員」"));
    }
}
