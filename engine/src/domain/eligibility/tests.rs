use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::*;
use crate::domain::calendar::japan_date;
use crate::domain::policy::{EmploymentType, GroupCompany, LeavingKind};
use crate::domain::testing::opportunity;
use crate::domain::{Exclusion, ExclusionTarget};

const TODAY: &str = "2026-11-20";
const SOMEBODY: AlumnusId = AlumnusId(Uuid::from_u128(7));

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Somebody whom every programme admits: opted into everything, left long ago after five years.
fn standing(left_on: &str) -> Standing {
    Standing::new(
        AlumnusStatus::Active,
        Interest::ALL,
        Purpose::ALL,
        Some(date(left_on)),
        60,
    )
}

fn ask(policy: &Policy, standing: &Standing, kind: OpportunityKind) -> Result<(), Ineligible> {
    may_be_ranked(policy, SOMEBODY, standing, &opportunity(kind), date(TODAY))
}

#[test]
fn interest_and_consent_are_asked_for_separately() {
    let policy = Policy::default();
    let someone = |interests, purposes| Standing::new(AlumnusStatus::Active, interests, purposes, None, 60);
    let both = someone(&[Interest::Rehire], &[Purpose::Rehire]);

    assert_eq!(ask(&policy, &both, OpportunityKind::Role), Ok(()));
    assert_eq!(
        ask(&policy, &both, OpportunityKind::ContractWork),
        Err(Ineligible::NoInterest)
    );
    let only_interest = someone(&[Interest::Rehire], &[Purpose::Feed]);
    assert_eq!(
        ask(&policy, &only_interest, OpportunityKind::Role),
        Err(Ineligible::NoConsent)
    );
    let only_consent = someone(&[Interest::Speaking], &[Purpose::Rehire]);
    assert_eq!(
        ask(&policy, &only_consent, OpportunityKind::Role),
        Err(Ineligible::NoInterest)
    );
}

#[test]
fn nobody_is_ranked_before_approval_or_after_leaving() {
    for (status, expected) in [
        (AlumnusStatus::Unclaimed, Ok(())),
        (AlumnusStatus::Active, Ok(())),
        (AlumnusStatus::PendingApproval, Err(Ineligible::NotMember)),
        (AlumnusStatus::Left, Err(Ineligible::NotMember)),
    ] {
        let person = Standing {
            status,
            ..standing("2020-03-31")
        };
        assert_eq!(ask(&Policy::default(), &person, OpportunityKind::Role), expected);
    }
}

#[test]
fn a_kind_that_is_switched_off_is_for_nobody() {
    let policy = Policy {
        kinds: vec![OpportunityKind::Role],
        ..Policy::default()
    };
    let person = standing("2020-03-31");
    assert_eq!(ask(&policy, &person, OpportunityKind::Role), Ok(()));
    for kind in [OpportunityKind::ContractWork, OpportunityKind::SpeakerSlot] {
        assert_eq!(ask(&policy, &person, kind), Err(Ineligible::KindNotOffered));
    }
}

#[test]
fn return_window_includes_its_last_day_and_ends_on_the_last_day_of_a_short_month() {
    let policy = Policy {
        return_window_months: Some(6),
        ..Policy::default()
    };
    let ask = |kind, today| {
        may_be_ranked(
            &policy,
            SOMEBODY,
            &standing("2026-08-31"),
            &opportunity(kind),
            date(today),
        )
    };

    assert_eq!(ask(OpportunityKind::Role, "2027-02-28"), Ok(()));
    assert_eq!(
        ask(OpportunityKind::Role, "2027-03-01"),
        Err(Ineligible::ReturnWindowClosed)
    );
    for kind in [OpportunityKind::ContractWork, OpportunityKind::SpeakerSlot] {
        assert_eq!(ask(kind, "2027-03-01"), Ok(()), "no return: {}", kind.code());
    }
}

#[test]
fn return_window_ends_at_midnight_in_japan_and_not_in_utc() {
    let policy = Policy {
        return_window_months: Some(72),
        ..Policy::default()
    };
    let ask = |now: &str| {
        let now: DateTime<Utc> = now.parse().unwrap();
        let role = opportunity(OpportunityKind::Role);
        may_be_ranked(&policy, SOMEBODY, &standing("2020-11-30"), &role, japan_date(now))
    };

    assert_eq!(ask("2026-11-30T14:59:59Z"), Ok(()));
    assert_eq!(ask("2026-11-30T15:00:00Z"), Err(Ineligible::ReturnWindowClosed));
}

#[test]
fn quiet_period_holds_back_hiring_but_not_speaking() {
    let policy = Policy {
        quiet_period_days: 180,
        ..Policy::default()
    };
    let ask = |kind, today| {
        may_be_ranked(
            &policy,
            SOMEBODY,
            &standing("2025-01-01"),
            &opportunity(kind),
            date(today),
        )
    };

    for kind in [OpportunityKind::Role, OpportunityKind::ContractWork] {
        assert_eq!(ask(kind, "2025-06-29"), Err(Ineligible::QuietPeriod));
        assert_eq!(ask(kind, "2025-06-30"), Ok(()));
    }
    assert_eq!(ask(OpportunityKind::SpeakerSlot, "2025-01-02"), Ok(()));
}

#[test]
fn the_month_that_completes_the_minimum_tenure_admits() {
    let policy = Policy {
        minimum_tenure_months: 12,
        ..Policy::default()
    };
    for (tenure_months, expected) in [(11, Err(Ineligible::TenureTooShort)), (12, Ok(()))] {
        let person = Standing {
            tenure_months,
            ..standing("2020-03-31")
        };
        for kind in OpportunityKind::ALL {
            assert_eq!(ask(&policy, &person, *kind), expected);
        }
    }
}

/// Asks about somebody who was employed so.
fn ask_about(policy: &Policy, employment: Employment) -> Result<(), Ineligible> {
    let person = Standing {
        employment,
        ..standing("2020-03-31")
    };
    ask(policy, &person, OpportunityKind::Role)
}

#[test]
fn kinds_of_leaving_that_are_not_admitted_or_not_known_are_left_out() {
    let policy = Policy {
        leaving_kinds: Some(vec![LeavingKind::Voluntary, LeavingKind::MandatoryRetirement]),
        ..Policy::default()
    };
    let left = |leaving_kind| Employment {
        leaving_kind,
        ..Employment::default()
    };
    for kind in LeavingKind::ALL {
        let is_admitted = matches!(kind, LeavingKind::Voluntary | LeavingKind::MandatoryRetirement);
        let expected = if is_admitted {
            Ok(())
        } else {
            Err(Ineligible::LeavingKindNotAdmitted)
        };
        assert_eq!(ask_about(&policy, left(Some(*kind))), expected, "{}", kind.code());
        assert_eq!(ask_about(&Policy::default(), left(Some(*kind))), Ok(()));
    }
    assert_eq!(
        ask_about(&policy, left(None)),
        Err(Ineligible::LeavingKindNotAdmitted)
    );
    assert_eq!(ask_about(&Policy::default(), left(None)), Ok(()));
}

#[test]
fn types_of_employment_that_are_not_admitted_or_not_known_are_left_out() {
    let policy = Policy {
        employment_types: Some(vec![EmploymentType::Regular]),
        ..Policy::default()
    };
    let employed = |employment_type| Employment {
        employment_type,
        ..Employment::default()
    };
    for one in EmploymentType::ALL {
        let is_admitted = *one == EmploymentType::Regular;
        let expected = if is_admitted {
            Ok(())
        } else {
            Err(Ineligible::EmploymentNotAdmitted)
        };
        assert_eq!(
            ask_about(&policy, employed(Some(*one))),
            expected,
            "{}",
            one.code()
        );
        assert_eq!(ask_about(&Policy::default(), employed(Some(*one))), Ok(()));
    }
    assert_eq!(
        ask_about(&policy, employed(None)),
        Err(Ineligible::EmploymentNotAdmitted)
    );
}

#[test]
fn a_pilot_admits_its_segments_alone() {
    let policy = Policy {
        segments: Some(vec!["2026年度試行".to_owned()]),
        ..Policy::default()
    };
    let of = |segment: Option<&str>| Employment {
        segment: segment.map(str::to_owned),
        ..Employment::default()
    };
    assert_eq!(ask_about(&policy, of(Some("2026年度試行"))), Ok(()));
    assert_eq!(
        ask_about(&policy, of(Some("2027年度試行"))),
        Err(Ineligible::SegmentNotAdmitted)
    );
    assert_eq!(ask_about(&policy, of(None)), Err(Ineligible::SegmentNotAdmitted));
    assert_eq!(ask_about(&Policy::default(), of(None)), Ok(()));
}

#[test]
fn a_speaker_rests_for_the_days_of_the_programme_and_not_for_the_slot_in_question() {
    let resting = |speaker_rest_days| Policy {
        speaker_rest_days,
        ..Policy::default()
    };
    let other = OpportunityId(Uuid::from_u128(2));
    let this = opportunity(OpportunityKind::SpeakerSlot).id;
    let asked_on = |opportunity_id, last_on| Standing {
        speaker_approaches: vec![SpeakerApproach {
            opportunity_id,
            last_on: date(last_on),
        }],
        ..standing("2020-03-31")
    };

    let slot = OpportunityKind::SpeakerSlot;
    assert_eq!(
        ask(&resting(90), &asked_on(other, "2026-08-23"), slot),
        Err(Ineligible::SpeakerResting)
    );
    assert_eq!(ask(&resting(90), &asked_on(other, "2026-08-22"), slot), Ok(()));
    // Who is going to speak later rests from now on, but only in a programme that rests its speakers.
    assert_eq!(
        ask(&resting(1), &asked_on(other, "2027-02-18"), slot),
        Err(Ineligible::SpeakerResting)
    );
    assert_eq!(ask(&resting(0), &asked_on(other, "2027-02-18"), slot), Ok(()));
    // The invitation to a slot does not take the person out of the list of that slot, or out of work.
    assert_eq!(ask(&resting(90), &asked_on(this, TODAY), slot), Ok(()));
    assert_eq!(
        ask(&resting(90), &asked_on(other, TODAY), OpportunityKind::Role),
        Ok(())
    );
}

#[test]
fn another_company_of_the_group_needs_the_consent_and_the_purpose() {
    let policy = Policy {
        group_companies: ["bank", "trust"]
            .map(|code| GroupCompany {
                code: code.to_owned(),
                name: code.to_owned(),
                shared_kinds: if code == "bank" {
                    vec![OpportunityKind::Role]
                } else {
                    Vec::new()
                },
            })
            .to_vec(),
        ..Policy::default()
    };
    let all_but_sharing: Vec<Purpose> = Purpose::ALL
        .iter()
        .copied()
        .filter(|purpose| *purpose != Purpose::GroupSharing)
        .collect();
    let of = |company: Option<&str>, purposes: &[Purpose]| {
        let mut person = Standing::new(AlumnusStatus::Active, Interest::ALL, purposes, None, 60);
        person.employment.group_company = company.map(str::to_owned);
        person
    };
    let ask = |person: &Standing, kind, by: Option<&str>| {
        let offered = Opportunity {
            group_company: by.map(str::to_owned),
            ..opportunity(kind)
        };
        may_be_ranked(&policy, SOMEBODY, person, &offered, date(TODAY))
    };
    let (role, work) = (OpportunityKind::Role, OpportunityKind::ContractWork);
    let not_shared = Err(Ineligible::NotSharedInGroup);
    let (sharing, not_sharing) = (Purpose::ALL, all_but_sharing.as_slice());

    // Within one company, and for what the programme as a whole offers, nothing is shared.
    assert_eq!(ask(&of(Some("trust"), not_sharing), work, Some("trust")), Ok(()));
    assert_eq!(ask(&of(Some("trust"), not_sharing), work, None), Ok(()));
    // To another company: the consent, and a purpose of that company.
    assert_eq!(ask(&of(Some("trust"), sharing), role, Some("bank")), Ok(()));
    assert_eq!(
        ask(&of(Some("trust"), not_sharing), role, Some("bank")),
        not_shared
    );
    assert_eq!(ask(&of(Some("trust"), sharing), work, Some("bank")), not_shared);
    assert_eq!(ask(&of(Some("bank"), sharing), role, Some("trust")), not_shared);
    // Whose company is not known is of none, and a company that is not in the programme uses nobody's data.
    assert_eq!(ask(&of(None, sharing), role, Some("bank")), Ok(()));
    assert_eq!(ask(&of(None, not_sharing), role, Some("bank")), not_shared);
    assert_eq!(ask(&of(Some("trust"), sharing), role, Some("gone")), not_shared);
}

#[test]
fn the_first_rule_counts_in_the_order_of_the_list() {
    let strict = Policy {
        kinds: Vec::new(),
        quiet_period_days: 1_000,
        return_window_months: Some(1),
        minimum_tenure_months: 61,
        leaving_kinds: Some(vec![LeavingKind::Voluntary]),
        employment_types: Some(vec![EmploymentType::Regular]),
        segments: Some(vec!["試行".to_owned()]),
        ..Policy::default()
    };
    let nobody = Standing::new(AlumnusStatus::Left, &[], &[], Some(date("2026-10-19")), 60);
    let offered = Opportunity {
        group_company: Some("bank".to_owned()),
        ..opportunity(OpportunityKind::Role)
    };
    let asker = Asker::of_opportunity(&offered);
    let asked = Asked {
        kind: OpportunityKind::Role,
        opportunity: Some((&offered, &asker)),
    };
    let against: Vec<Ineligible> = rules_against(&strict, &nobody, asked, date(TODAY)).collect();
    assert_eq!(
        against,
        [
            Ineligible::NotMember,
            Ineligible::NoInterest,
            Ineligible::NoConsent,
            Ineligible::NotSharedInGroup,
            Ineligible::KindNotOffered,
            Ineligible::SegmentNotAdmitted,
            Ineligible::EmploymentNotAdmitted,
            Ineligible::LeavingKindNotAdmitted,
            Ineligible::TenureTooShort,
            Ineligible::QuietPeriod,
            Ineligible::ReturnWindowClosed,
        ]
    );
    assert_eq!(
        may_be_ranked(&strict, SOMEBODY, &nobody, &offered, date(TODAY)),
        Err(Ineligible::NotMember)
    );
}

#[test]
fn agency_work_waits_for_a_year_whose_last_day_still_waits() {
    let mut role = opportunity(OpportunityKind::Role);
    let mut set = |form, is_for_mandatory_retirees| {
        if let Terms::Role(terms) = &mut role.terms {
            terms.employment_form = form;
            terms.is_for_mandatory_retirees = is_for_mandatory_retirees;
        }
        role.clone()
    };
    let agency = set(EmploymentForm::TemporaryAgency, false);
    let excepted = set(EmploymentForm::TemporaryAgency, true);
    let direct = set(EmploymentForm::Direct, false);
    let ask = |standing: &Standing, role: &Opportunity, today| {
        may_be_ranked(&Policy::default(), SOMEBODY, standing, role, date(today))
    };
    let left = |on| {
        Standing::new(
            AlumnusStatus::Active,
            &[Interest::Rehire],
            &[Purpose::Rehire],
            on,
            60,
        )
    };
    let on = left(Some(date("2026-03-31")));
    let refused = Err(Ineligible::TemporaryAgencyWithinAYear);

    assert_eq!(ask(&on, &agency, "2027-03-30"), refused);
    assert_eq!(ask(&on, &agency, "2027-03-31"), Ok(()));
    assert_eq!(ask(&on, &direct, "2026-04-01"), Ok(()));
    assert_eq!(ask(&on, &excepted, "2026-04-01"), Ok(()));
    assert_eq!(ask(&left(None), &agency, "2030-01-01"), refused);
}

#[test]
fn whoever_excludes_the_unit_is_somebody_who_never_opted_in() {
    let excluding = |unit: &str| {
        let exclusion = Exclusion {
            target: ExclusionTarget::Unit(unit.to_owned()),
            since: DateTime::<Utc>::UNIX_EPOCH,
        };
        let exclusions = Exclusions::new(&[exclusion], &HiringManagers::default());
        standing("2020-03-31").excluding(exclusions)
    };
    let policy = Policy::default();
    for kind in [
        OpportunityKind::Role,
        OpportunityKind::SpeakerSlot,
        OpportunityKind::ContractWork,
    ] {
        assert_eq!(
            ask(&policy, &excluding("物流部"), kind),
            Err(Ineligible::NoInterest)
        );
        assert_eq!(ask(&policy, &excluding("法務部"), kind), Ok(()));
        let unreadable = standing("2020-03-31").excluding(Exclusions::UNREADABLE);
        assert_eq!(ask(&policy, &unreadable, kind), Err(Ineligible::NoInterest));
    }
    let never = Standing::new(
        AlumnusStatus::Active,
        &[Interest::Mentoring, Interest::Events],
        &[
            Purpose::Directory,
            Purpose::Feed,
            Purpose::Mentoring,
            Purpose::Events,
            Purpose::GroupSharing,
        ],
        Some(date("2020-03-31")),
        60,
    );
    let asker = Asker::of_opportunity(&opportunity(OpportunityKind::Role));
    assert_eq!(excluding("物流部").as_seen_by(&asker).as_ref(), &never);
}

#[test]
fn a_screen_asks_no_fewer_rules_than_there_are() {
    let today = date(TODAY);
    let limited = Policy {
        segments: Some(Vec::new()),
        employment_types: Some(Vec::new()),
        leaving_kinds: Some(Vec::new()),
        minimum_tenure_months: 61,
        ..Policy::default()
    };
    let rested = Policy {
        speaker_rest_days: 365,
        ..Policy::default()
    };
    let asked_to_speak = Standing {
        speaker_approaches: vec![SpeakerApproach {
            opportunity_id: OpportunityId(Uuid::from_u128(99)),
            last_on: today,
        }],
        ..standing("2026-11-01")
    };
    let people = [
        standing("2020-03-31"),
        standing("1990-03-31"),
        standing("2026-11-01"),
        asked_to_speak,
        Standing::new(AlumnusStatus::Left, &[], &[], None, 0),
        Standing::new(AlumnusStatus::Active, Interest::ALL, &[], None, 0),
    ];
    let mut n_refused = 0;
    for policy in [Policy::default(), limited, rested] {
        for kind in OpportunityKind::ALL {
            for group_company in [None, Some("青葉物流".to_owned())] {
                let offer = Opportunity {
                    group_company,
                    ..opportunity(*kind)
                };
                let asker = Asker::of_opportunity(&offer);
                let screen = Screen::new(&policy, &offer, &asker, today);
                for person in &people {
                    let asked = Asked {
                        kind: *kind,
                        opportunity: Some((&offer, &asker)),
                    };
                    let first = rules_against(&policy, person, asked, today).next();
                    n_refused += usize::from(first.is_some());
                    assert_eq!(screen.judge(SOMEBODY, person).err(), first, "{kind:?} {person:?}");
                }
            }
        }
    }
    assert!(n_refused > 50, "{n_refused}");
}
