//! Whom retrieval proposes where not everybody is scored.

use super::*;
use crate::interrupt::{Interrupt, Interrupted, uninterrupted};
use crate::ranking::retrieve::{greatest, most_said, propose, said_by};

fn proposed(opportunity: &AnalyzedOpportunity, pool: &Pool, max: usize) -> Vec<AlumnusId> {
    let everybody: Vec<Slot> = pool.members().map(|(slot, _)| slot).collect();
    let model = Model::bundled();
    let chosen = uninterrupted(|never| {
        propose(
            never,
            pool,
            &pool.recall(opportunity),
            &model,
            &everybody,
            today(now()),
            max,
        )
    });
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
fn of_those_who_say_the_same_whoever_lives_nearby_is_proposed() {
    let living_in = |place: &str| Profile {
        prefecture: place.parse().ok(),
        ..accountant()
    };
    let mut role = crate::domain::Opportunity::clone(&accounting().opportunity);
    role.prefecture = "大阪府".parse().ok();
    role.remote = Remote::Onsite;
    let role = analysis::opportunity(&analyzer(), &role);
    for places in [["大阪府", "北海道"], ["北海道", "大阪府"]] {
        let pool = pool(&places.map(living_in));
        let nearby = places.iter().position(|place| *place == "大阪府").unwrap();
        assert_eq!(proposed(&role, &pool, 1), [id(nearby as u128)]);
    }
}

#[test]
fn nobody_is_left_out_for_an_identifier_where_few_say_the_same() {
    let pool = pool(&[accountant(), accountant()]);
    assert_eq!(proposed(&accounting(), &pool, 1), [id(0), id(1)]);
}

#[test]
fn what_is_chosen_does_not_depend_on_how_many_read_the_postings() {
    let helper = profile("店舗の担当", tenure("小売事業部", "担当", "決算の補助をした。"));
    let people: Vec<Profile> = (0..40)
        .map(|n| match n % 5 {
            0 => accountant(),
            1 => helper.clone(),
            _ => profile("店舗の担当", tenure("小売事業部", "担当", "接客を担当した。")),
        })
        .collect();
    let pool = pool(&people);
    let role = accounting();
    let said = said_by(&pool.query(&role), &Model::bundled());
    let everybody: Vec<Slot> = pool.members().map(|(slot, _)| slot).collect();
    let n = pool.n_slots();
    // Among those who did the work, at their border, among those who helped, and among those who say nothing.
    for max in [3, 8, 12, 20] {
        let chosen = |borders: &[usize]| {
            let parts = borders.windows(2).map(|ends| {
                uninterrupted(|never| {
                    most_said(never, &pool, &said, &everybody, ends[0]..ends[1], (max, max))
                })
            });
            let mut chosen = greatest(&pool, parts.flat_map(|most| most.eligible).collect(), max);
            chosen.sort_unstable_by_key(|(_, slot)| *slot);
            chosen
        };
        let whole = chosen(&[0, n]);
        assert!((max..=2 * max).contains(&whole.len()));
        for borders in [&[0, n / 2, n][..], &[0, 1, 7, n - 3, n], &[0, n / 3, n / 2, n]] {
            assert_eq!(chosen(borders), whole, "{max} of {borders:?}");
        }
    }
}

#[test]
fn nobody_is_proposed_for_their_own_circumstances() {
    let quiet = profile("店舗の担当", tenure("小売事業部", "担当", "接客を担当した。"));
    let told = Profile {
        summary: Some("夫の税務申告と介護のために退職しました。".to_owned()),
        ..quiet.clone()
    };
    let role = role("税務申告の担当", &["税務申告"], "");
    // Of people who say nothing of it those with the lower identifiers come first, whatever the other tells.
    let people = [quiet.clone(), quiet, told];
    assert_eq!(proposed(&role, &pool(&people), 1), [id(0), id(1)]);
}

#[test]
fn whoever_is_gone_or_says_something_else_now_is_not_proposed() {
    let mut pool = pool(&[accountant(), accountant()]);
    pool.remove(id(0));
    let shop = profile("店舗の担当", tenure("小売事業部", "担当", "接客を担当した。"));
    pool.upsert_profile(id(1), Arc::new(analysis::profile(&analyzer(), &shop)));
    // Somebody new takes the place that was left, and says little of it.
    let helper = profile("店舗の担当", tenure("小売事業部", "担当", "決算の補助をした。"));
    pool.upsert_profile(id(77), Arc::new(analysis::profile(&analyzer(), &helper)));
    pool.set_standing(id(77), standing());
    assert_eq!(proposed(&accounting(), &pool, 1), [id(77)]);
    let everybody = proposed(&accounting(), &pool, 100);
    assert_eq!(everybody.len(), others().len() + 2);
    assert!(!everybody.contains(&id(0)));
}

#[test]
fn what_nobody_named_before_is_found_as_soon_as_somebody_does() {
    let many: Vec<Profile> = std::iter::repeat_with(others).take(10).flatten().collect();
    // A word that no profile has, and a concept of which only a narrower one will come.
    for (asked, done) in [("養蜂", "養蜂"), ("税務", "移転価格税制の文書化")] {
        let role = role(&format!("{asked}の担当"), &[asked], "");
        let mut asked_before = pool(&many);
        ranked(&role, &asked_before);
        let newcomer = profile("担当", tenure("管理部", "担当", &format!("{done}を担当した。")));
        let newcomer = Arc::new(analysis::profile(&analyzer(), &newcomer));
        asked_before.upsert_profile(id(500), Arc::clone(&newcomer));
        asked_before.set_standing(id(500), standing());
        assert_eq!(proposed(&role, &asked_before, 1), [id(500)], "{asked}");

        let mut never_asked = pool(&many);
        never_asked.upsert_profile(id(500), newcomer);
        never_asked.set_standing(id(500), standing());
        let rows = |pool: &Pool| -> Vec<(AlumnusId, f32)> {
            let must_haves = FeatureId::MustHaveCoverage as usize;
            let candidates = ranked(&role, pool).candidates.into_iter();
            candidates
                .map(|one| (one.alumnus_id, one.inputs.features[must_haves]))
                .collect()
        };
        let score_of_newcomer = |pool: &Pool| {
            let rows = rows(pool);
            rows.iter().find(|(id, _)| *id == super::id(500)).unwrap().1
        };
        assert!(score_of_newcomer(&asked_before) > 0.0, "{asked}");
        assert_eq!(
            score_of_newcomer(&asked_before).to_bits(),
            score_of_newcomer(&never_asked).to_bits(),
            "{asked}"
        );
    }
}

#[test]
fn a_proposal_that_was_interrupted_leaves_nothing_to_the_next() {
    let pool = pool(&[accountant()]);
    let role = accounting();
    let everybody: Vec<Slot> = pool.members().map(|(slot, _)| slot).collect();
    let before = proposed(&role, &pool, 2);
    // Or nothing would be read.
    pool.forget_answers();
    let raised = Interrupt::new();
    raised.raise();
    let model = Model::bundled();
    let ended = propose(
        &raised,
        &pool,
        &pool.recall(&role),
        &model,
        &everybody,
        today(now()),
        2,
    );
    assert_eq!(ended, Err(Interrupted::Abandoned));
    assert_eq!(proposed(&role, &pool, 2), before);
}

/// A programme of twice as many as are scored, who say the same, and one who cared for a parent.
fn large(carer: AlumnusId) -> Pool {
    let somebody = profile("店舗の担当", tenure("小売事業部", "担当", "接客を担当した。"));
    let somebody = Arc::new(analysis::profile(&analyzer(), &somebody));
    let cared = Profile {
        summary: Some("母の介護で二年間休みました。".to_owned()),
        ..profile("店舗の担当", tenure("小売事業部", "担当", "接客を担当した。"))
    };
    let mut pool = Pool::default();
    for n in 0..2 * SCORED_MAX {
        pool.upsert_profile(id(n as u128), Arc::clone(&somebody));
        pool.set_standing(id(n as u128), standing());
    }
    pool.upsert_profile(carer, Arc::new(analysis::profile(&analyzer(), &cared)));
    pool.set_standing(carer, standing());
    pool
}

#[test]
fn a_large_programme_fills_its_lists_with_people_who_say_nothing_of_it() {
    let role = role("養蜂の担当", &["養蜂"], "");
    let ranking = ranked(&role, &large(id(9_999)));
    assert_eq!(ranking.candidates.len(), 2 * SCORED_MAX);
}

#[test]
fn whoever_lived_through_what_a_slot_asks_for_is_proposed_for_it() {
    let slot = opportunity(
        Terms::SpeakerSlot(SlotTerms::default()),
        "親の介護と仕事",
        &["親の介護と仕事の両立"],
        "",
    );
    let carer = id(9_999);
    let ranking = ranked(&slot, &large(carer));
    assert_eq!(ranking.candidates.len(), 2 * SCORED_MAX);
    assert_eq!(ranking.candidates[0].alumnus_id, carer);
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
