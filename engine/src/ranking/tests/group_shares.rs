//! Shares in lists: floors at every length, sums, nobody lost, nobody lowered, groups told by their names.

use std::collections::HashMap;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::{AlumnusStatus, GroupShare, OpportunityKind, Profile, Standing, Tenure};
use crate::features::{FeatureId, analysis};
use crate::ranking::{CandidateInputs, Ranking};
use crate::text::testing::analyzer;

fn id(n: usize) -> AlumnusId {
    AlumnusId(Uuid::from_u128(n as u128))
}

fn asked(by: GroupedBy, groups: &[(&str, u32)]) -> GroupShares {
    let share = |(name, percent): &(&str, u32)| GroupShare {
        name: (*name).to_owned(),
        percent: *percent,
    };
    GroupShares {
        kinds: OpportunityKind::ALL.to_vec(),
        by,
        groups: groups.iter().map(share).collect(),
    }
}

fn tenure(department: &str, to: Option<&str>) -> Tenure {
    Tenure {
        department: department.to_owned(),
        title: "主任".to_owned(),
        from: "2015-04".parse().unwrap(),
        to: to.map(|to| to.parse().unwrap()),
        description: String::new(),
    }
}

/// People of these units, who left them in 2020.
fn pool(departments: &[&str]) -> Pool {
    let mut pool = Pool::default();
    for (n, department) in departments.iter().enumerate() {
        let profile = Profile {
            tenures: vec![tenure(department, Some("2020-03"))],
            ..Profile::default()
        };
        pool.upsert_profile(id(n), analysis::profile(&analyzer(), &profile).into());
    }
    pool
}

/// A list of people 0, 1, 2 and on with these scores, best first.
fn ranking(scores: &[f64]) -> Ranking {
    let candidate = |(n, score): (usize, &f64)| ScoredCandidate {
        alumnus_id: id(n),
        score: *score,
        contributions: vec![0.0; FeatureId::ALL.len()],
        inputs: CandidateInputs {
            features: [0.0; FeatureId::ALL.len()],
            multiplier: None,
            lift: None,
        },
    };
    let mut candidates: Vec<ScoredCandidate> = scores.iter().enumerate().map(candidate).collect();
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.alumnus_id.cmp(&b.alumnus_id)));
    Ranking {
        candidates,
        base: 0.0,
        left_out: std::collections::BTreeMap::new(),
        model_version: String::new(),
    }
}

fn order(ranking: &Ranking) -> Vec<AlumnusId> {
    ranking.candidates.iter().map(|one| one.alumnus_id).collect()
}

#[test]
fn a_group_that_is_due_a_place_is_lifted_just_above_the_next_and_nobody_else_moves() {
    let pool = pool(&["経理部", "経理部", "経理部", "物流部 企画課", "物流部"]);
    let scores = [0.9, 0.8, 0.7, 0.3, 0.2];
    let mut held = ranking(&scores);
    held.hold_shares(&asked(GroupedBy::Department, &[("物流部", 50)]), &pool);
    assert_eq!(order(&held), [id(0), id(3), id(1), id(4), id(2)]);
    for candidate in &held.candidates {
        let lift = candidate.contributions[FeatureId::GroupShare as usize];
        let n = candidate.alumnus_id.0.as_u128() as usize;
        assert!((candidate.score - lift - scores[n]).abs() < 1e-12);
        let next = match n {
            3 => 0.8,
            4 => 0.7,
            _ => scores[n],
        };
        assert!(
            (candidate.score - next).abs() < 2.0 * STEP,
            "{n} {}",
            candidate.score
        );
    }
}

#[test]
fn people_stand_in_the_unit_that_they_left_and_in_the_first_group_that_has_it() {
    let mut pool = pool(&["物流部", "ﾃﾞｼﾞﾀﾙ 推進室", "海外物流部", "物流部東日本課"]);
    let moved = Profile {
        tenures: vec![tenure("経理部", None), tenure("物流部", Some("2024-03"))],
        ..Profile::default()
    };
    pool.upsert_profile(id(4), analysis::profile(&analyzer(), &moved).into());
    let groups = [("物流部 東日本課", 10), ("物流部", 10), ("デジタル推進室", 10)];
    let asked = asked(GroupedBy::Department, &groups);
    let grouping = Grouping::new(&asked, &pool);
    let found: Vec<usize> = (0..6).map(|n| grouping.group_of(id(n))).collect();
    assert_eq!(found, [1, 2, 3, 0, 3, 3]);
}

#[test]
fn people_of_a_group_company_are_told_by_its_code() {
    let mut pool = pool(&["経理部", "経理部", "経理部"]);
    for (n, company) in [(0, Some("bank")), (1, Some("trust")), (2, None)] {
        let mut standing = Standing::new(AlumnusStatus::Active, &[], &[], None, 60);
        standing.employment.group_company = company.map(str::to_owned);
        pool.set_standing(id(n), standing);
    }
    let mut held = ranking(&[0.9, 0.8, 0.7]);
    held.hold_shares(&asked(GroupedBy::GroupCompany, &[("trust", 100)]), &pool);
    assert_eq!(order(&held), [id(1), id(0), id(2)]);
}

#[test]
fn nobody_is_lifted_above_one() {
    let pool = pool(&["経理部", "経理部", "物流部", "物流部"]);
    let mut held = ranking(&[1.0, 1.0, 0.3, 0.2]);
    held.hold_shares(&asked(GroupedBy::Department, &[("物流部", 50)]), &pool);
    assert!(held.candidates.iter().all(|one| one.score <= 1.0));
    assert_eq!(held.candidates.len(), 4);
}

#[test]
fn shares_that_hold_already_move_nothing() {
    let pool = pool(&["物流部", "経理部", "物流部", "経理部"]);
    let plain = ranking(&[0.9, 0.8, 0.7, 0.6]);
    let mut held = plain.clone();
    held.hold_shares(&asked(GroupedBy::Department, &[("物流部", 50)]), &pool);
    assert_eq!(held, plain);
}

proptest! {
    #[test]
    fn every_length_of_a_list_has_the_shares_and_nobody_is_lost_or_lowered(
        people in prop::collection::vec((0usize..3, 0.0f64..0.99), 1..40),
        first in 1u32..60,
        second in 1u32..40,
    ) {
        let units = ["物流部", "経理部", "人事部"];
        let departments: Vec<&str> = people.iter().map(|(unit, _)| units[*unit]).collect();
        let scores: Vec<f64> = people.iter().map(|(_, score)| *score).collect();
        let pool = pool(&departments);
        let plain = ranking(&scores);
        let mut held = plain.clone();
        held.hold_shares(&asked(GroupedBy::Department, &[(units[0], first), (units[1], second)]), &pool);

        let before: HashMap<AlumnusId, f64> = plain.candidates.iter().map(|one| (one.alumnus_id, one.score)).collect();
        prop_assert_eq!(held.candidates.len(), plain.candidates.len());
        let mut counts = [0usize; 3];
        for (at, one) in held.candidates.iter().enumerate() {
            let lift = one.contributions[FeatureId::GroupShare as usize];
            prop_assert!(lift >= 0.0);
            prop_assert!((before[&one.alumnus_id] + lift - one.score).abs() < 1e-12);
            prop_assert_eq!(one.inputs.lift.unwrap_or_default().to_bits(), lift.to_bits());
            counts[people[one.alumnus_id.0.as_u128() as usize].0] += 1;
            for (unit, percent) in [(0, first), (1, second), (2, 100 - first - second)] {
                let n_of_unit = people.iter().filter(|(one, _)| *one == unit).count();
                let due = ((at + 1) * percent as usize / 100).min(n_of_unit);
                prop_assert!(counts[unit] >= due, "{} of {} at {}", counts[unit], due, at);
            }
        }
        // Inside a unit nobody overtakes anybody.
        for unit in 0..3 {
            let of_unit = |ranking: &Ranking| -> Vec<AlumnusId> {
                let all = order(ranking).into_iter();
                all.filter(|id| people[id.0.as_u128() as usize].0 == unit).collect()
            };
            prop_assert_eq!(of_unit(&held), of_unit(&plain));
        }
    }
}
