//! Who may be ranked is the same whether it was decided before or is decided now.

use super::*;
use crate::domain::{
    ContractTerms, EmploymentForm, Exclusion, ExclusionTarget, Exclusions, GroupCompany, HiringManagers,
    SpeakerApproach,
};
use crate::interrupt::uninterrupted;
use crate::ranking::filter::partition;

const N_PEOPLE: u128 = 4;

#[derive(Clone, Debug)]
enum Step {
    Stand(u128, usize),
    Write(u128),
    Remove(u128),
    Ask {
        offer: usize,
        policy: usize,
        day: usize,
        withheld: Option<u128>,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let person = 0..N_PEOPLE;
    let ask = (
        0..offers().len(),
        0..policies().len(),
        0..DAYS.len(),
        prop::option::of(0..N_PEOPLE),
    );
    let ask = ask.prop_map(|(offer, policy, day, withheld)| Step::Ask {
        offer,
        policy,
        day,
        withheld,
    });
    let step = prop_oneof![
        2 => (person.clone(), 0..standings().len()).prop_map(|(n, idx)| Step::Stand(n, idx)),
        1 => person.clone().prop_map(Step::Write),
        1 => person.prop_map(Step::Remove),
        6 => ask,
    ];
    prop::collection::vec(step, 1..60)
}

const DAYS: [&str; 2] = ["2026-11-20T03:00:00Z", "2027-11-20T03:00:00Z"];

fn standings() -> Vec<Standing> {
    let of = |status, purposes: &[Purpose], left_on: &str| {
        Standing::new(status, Interest::ALL, purposes, left_on.parse().ok(), 60)
    };
    let active = || of(AlumnusStatus::Active, Purpose::ALL, "2023-03-31");
    let excluding = |unit: &str| {
        let exclusion = Exclusion {
            target: ExclusionTarget::Unit(unit.to_owned()),
            since: now(),
        };
        active().excluding(Exclusions::new(&[exclusion], &HiringManagers::default()))
    };
    let asked_to_speak = |opportunity_id| {
        let mut asked = active();
        asked.speaker_approaches.push(SpeakerApproach {
            opportunity_id,
            last_on: "2026-11-01".parse().unwrap(),
        });
        asked
    };
    let mut of_the_group = active();
    of_the_group.employment.group_company = Some("AOBA_LOGI".to_owned());
    vec![
        active(),
        of(AlumnusStatus::Left, Purpose::ALL, "2023-03-31"),
        of(AlumnusStatus::Active, &[Purpose::Feed], "2023-03-31"),
        of(AlumnusStatus::Active, Purpose::ALL, "2026-10-31"),
        excluding("物流部"),
        excluding("法務部"),
        active().excluding(Exclusions::UNREADABLE),
        asked_to_speak(offers()[1].opportunity.id),
        asked_to_speak(OpportunityId(Uuid::from_u128(99))),
        of_the_group,
    ]
}

fn offers() -> Vec<AnalyzedOpportunity> {
    let agency = RoleTerms {
        employment_form: EmploymentForm::TemporaryAgency,
        ..RoleTerms::default()
    };
    let addressed = ContractTerms {
        addressed_to: Some(id(1)),
        ..ContractTerms::default()
    };
    let offer = |terms, title: &str| opportunity(terms, title, &[], "");
    let mut offers = vec![
        offer(Terms::Role(RoleTerms::default()), "責任者"),
        offer(Terms::SpeakerSlot(SlotTerms::default()), "登壇"),
        offer(Terms::SpeakerSlot(SlotTerms::default()), "講演"),
        offer(Terms::ContractWork(ContractTerms::default()), "支援"),
        offer(Terms::Role(agency), "派遣"),
        offer(Terms::ContractWork(addressed), "指名"),
    ];
    let with = |change: fn(&mut Opportunity)| {
        let mut offered = offers[0].opportunity.clone();
        change(&mut offered);
        analysis::opportunity(&analyzer(), &offered)
    };
    let of_unit = with(|one| one.department = Some("物流部".to_owned()));
    let of_group = with(|one| one.group_company = Some("AOBA_LOGI".to_owned()));
    offers.extend([of_unit, of_group]);
    offers
}

fn policies() -> Vec<Policy> {
    vec![
        Policy::default(),
        Policy {
            speaker_rest_days: 365,
            minimum_tenure_months: 61,
            ..Policy::default()
        },
        Policy {
            speaker_rest_days: 365,
            quiet_period_days: 90,
            group_companies: vec![GroupCompany {
                code: "AOBA_LOGI".to_owned(),
                name: "青葉物流".to_owned(),
                shared_kinds: OpportunityKind::ALL.to_vec(),
            }],
            ..Policy::default()
        },
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_decided_before_is_what_would_be_decided_now(steps in steps()) {
        let written = Arc::new(analysis::profile(&analyzer(), &accountant()));
        let (standings, offers, policies) = (standings(), offers(), policies());
        let mut pool = Pool::default();
        for step in steps {
            match step {
                Step::Stand(n, idx) => pool.set_standing(id(n), standings[idx].clone()),
                Step::Write(n) => pool.upsert_profile(id(n), Arc::clone(&written)),
                Step::Remove(n) => pool.remove(id(n)),
                Step::Ask { offer, policy, day, withheld } => {
                    let withheld = withheld.map(|n| (id(n), Ineligible::Rejected));
                    let withheld = HashMap::from_iter(withheld);
                    let request = RankRequest {
                        opportunity: &offers[offer],
                        policy: &policies[policy],
                        now: DAYS[day].parse().unwrap(),
                        withheld: &withheld,
                        reader: offers[offer].asker(),
                    };
                    let decided = |pool: &Pool| uninterrupted(|never| partition(never, pool, &request));
                    // A copy knows nothing yet.
                    prop_assert_eq!(decided(&pool), decided(&pool.clone()));
                }
            }
        }
    }
}

#[test]
fn each_rule_is_met_by_somebody_above() {
    let written = Arc::new(analysis::profile(&analyzer(), &accountant()));
    let mut pool = Pool::default();
    for (n, standing) in standings().into_iter().enumerate() {
        pool.set_standing(id(n as u128), standing);
        pool.upsert_profile(id(n as u128), Arc::clone(&written));
    }
    let mut met: Vec<Ineligible> = Vec::new();
    for offer in offers() {
        for policy in policies() {
            let request = RankRequest {
                opportunity: &offer,
                policy: &policy,
                now: now(),
                withheld: &HashMap::new(),
                reader: offer.asker(),
            };
            let (_, left_out) = uninterrupted(|never| partition(never, &pool, &request));
            met.extend(left_out.keys());
        }
    }
    for rule in [
        Ineligible::NotMember,
        Ineligible::NoInterest,
        Ineligible::NoConsent,
        Ineligible::NotSharedInGroup,
        Ineligible::TenureTooShort,
        Ineligible::QuietPeriod,
        Ineligible::SpeakerResting,
        Ineligible::TemporaryAgencyWithinAYear,
        Ineligible::AddressedToOther,
    ] {
        assert!(met.contains(&rule), "{rule:?}");
    }
}
