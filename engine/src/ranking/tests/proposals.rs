//! Whom retrieval proposes where not everybody is scored.

use super::*;
use crate::ranking::retrieve::propose;

fn proposed(opportunity: &AnalyzedOpportunity, pool: &Pool, max: usize) -> Vec<AlumnusId> {
    let everybody: Vec<Slot> = pool.members(0..pool.n_slots()).map(|(slot, _)| slot).collect();
    let chosen = propose(pool, &pool.query(opportunity), &Model::bundled(), &everybody, max);
    chosen.into_iter().map(|slot| pool.id(slot)).collect()
}

#[test]
fn whoever_did_the_work_is_proposed_first() {
    let pool = pool(&[accountant()]);
    assert_eq!(proposed(&accounting(), &pool, 1), [id(0)]);
}

#[test]
fn those_proposed_stand_first_among_everybody() {
    let student = profile(
        "経理を勉強中",
        tenure("総務部", "担当", "決算の補助に一度だけ入りました。"),
    );
    let pool = pool(&[student, accountant()]);
    let everybody = ranked(&accounting(), &pool);
    let first: Vec<AlumnusId> = everybody
        .candidates
        .iter()
        .take(2)
        .map(|one| one.alumnus_id)
        .collect();
    let mut proposed = proposed(&accounting(), &pool, 2);
    // Proposals are in no order of merit.
    proposed.sort_unstable_by_key(|id| first.iter().position(|one| one == id));
    assert_eq!(proposed, first);
}

#[test]
fn nobody_is_proposed_for_their_own_circumstances() {
    let quiet = profile("店舗の担当", tenure("小売事業部", "担当", "接客を担当した。"));
    let told = Profile {
        summary: Some("夫の税務申告と介護のために退職しました。".to_owned()),
        ..quiet.clone()
    };
    let role = role("税務申告の担当", &["税務申告"], "");
    assert_eq!(proposed(&role, &pool(&[quiet, told]), 10), []);
}

#[test]
fn whoever_is_gone_or_says_something_else_now_is_not_proposed() {
    let mut pool = pool(&[accountant(), accountant()]);
    pool.remove(id(0));
    let shop = profile("店舗の担当", tenure("小売事業部", "担当", "接客を担当した。"));
    pool.upsert_profile(id(1), Arc::new(analysis::profile(&analyzer(), &shop)));
    let of_work = |pool: &Pool| -> Vec<AlumnusId> {
        let proposed = proposed(&accounting(), pool, 10).into_iter();
        proposed
            .filter(|id| *id == super::id(0) || *id == super::id(1))
            .collect()
    };
    assert_eq!(of_work(&pool), []);
    // Somebody new takes the place that was left.
    pool.upsert_profile(id(77), Arc::new(analysis::profile(&analyzer(), &accountant())));
    pool.set_standing(id(77), standing());
    assert_eq!(proposed(&accounting(), &pool, 1), [id(77)]);
    assert_eq!(pool.len(), others().len() + 2);
}

#[test]
fn a_term_that_nobody_had_is_found_as_soon_as_somebody_has_it() {
    let many: Vec<Profile> = std::iter::repeat_with(others).take(10).flatten().collect();
    let mut pool = pool(&many);
    let role = role("養蜂の担当", &["養蜂"], "");
    assert_eq!(proposed(&role, &pool, 1), []);
    let keeper = profile("養蜂家", tenure("養蜂課", "担当", "養蜂を担当した。"));
    pool.upsert_profile(id(500), Arc::new(analysis::profile(&analyzer(), &keeper)));
    pool.set_standing(id(500), standing());
    assert_eq!(proposed(&role, &pool, 1), [id(500)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn proposals_do_not_depend_on_the_order_in_which_people_came(seed in any::<u64>()) {
        let people: Vec<Profile> = others().into_iter().chain([accountant()]).collect();
        let add = |pool: &mut Pool, n: usize| {
            pool.upsert_profile(id(n as u128), Arc::new(analysis::profile(&analyzer(), &people[n])));
            pool.set_standing(id(n as u128), standing());
        };
        let mut order: Vec<usize> = (0..people.len()).collect();
        order.sort_by_key(|n| (*n as u64 + 1).wrapping_mul(seed | 1));
        let (mut one, mut other) = (Pool::default(), Pool::default());
        (0..people.len()).for_each(|n| add(&mut one, n));
        order.into_iter().for_each(|n| add(&mut other, n));
        for max in 1..=people.len() {
            let sorted = |pool: &Pool| {
                let mut ids = proposed(&accounting(), pool, max);
                ids.sort_unstable();
                ids
            };
            prop_assert_eq!(sorted(&one), sorted(&other));
        }
    }
}
