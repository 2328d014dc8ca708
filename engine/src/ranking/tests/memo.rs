//! What was computed before makes an answer quicker, and never another.

use super::*;
use crate::features::{Compiled, Kept};
use crate::interrupt::uninterrupted;
use crate::ranking::memo::{Explained, Explanations, Memo, MostSaid};
use crate::ranking::queries::Queries;
use crate::ranking::retrieve::propose;
use crate::text::Analyzer;

const N_PEOPLE: u128 = 12;

#[derive(Clone, Debug)]
enum Step {
    Write(u128, usize),
    Remove(u128),
    Stand(u128, usize),
    Ask {
        offer: usize,
        day: usize,
        is_learnt: bool,
        withheld: Option<u128>,
    },
    Propose {
        offer: usize,
        day: usize,
        max: usize,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let person = 0..N_PEOPLE;
    let ask = (
        0..offers().len(),
        0..DAYS.len(),
        any::<bool>(),
        prop::option::of(0..N_PEOPLE),
    );
    let step = prop_oneof![
        2 => (person.clone(), 0..works().len()).prop_map(|(n, idx)| Step::Write(n, idx)),
        1 => person.clone().prop_map(Step::Remove),
        3 => (person, 0..standings().len()).prop_map(|(n, idx)| Step::Stand(n, idx)),
        6 => ask.prop_map(|(offer, day, is_learnt, withheld)| Step::Ask { offer, day, is_learnt, withheld }),
        6 => (0..offers().len(), 0..DAYS.len(), 1..4_usize)
            .prop_map(|(offer, day, max)| Step::Propose { offer, day, max }),
    ];
    prop::collection::vec(step, 1..60)
}

const DAYS: [&str; 2] = ["2026-11-20T03:00:00Z", "2028-11-20T03:00:00Z"];

fn works() -> Vec<Profile> {
    let helper = profile("店舗の担当", tenure("小売事業部", "担当", "決算の補助をした。"));
    let carer = Profile {
        summary: Some("母の介護で決算から離れました。".to_owned()),
        ..accountant()
    };
    let far = Profile {
        prefecture: "北海道".parse().ok(),
        ..accountant()
    };
    others()
        .into_iter()
        .chain([accountant(), helper, carer, far])
        .collect()
}

fn standings() -> [Standing; 2] {
    let left = Standing::new(AlumnusStatus::Active, &[], &[], "2023-03-31".parse().ok(), 96);
    [standing(), left]
}

fn offers() -> Vec<AnalyzedOpportunity> {
    let slot = opportunity(
        Terms::SpeakerSlot(SlotTerms::default()),
        "親の介護と仕事",
        &["親の介護と仕事の両立"],
        "",
    );
    vec![accounting(), role("接客の担当", &["接客"], ""), slot]
}

fn write(pool: &mut Pool, analyzer: &Analyzer, n: u128, work: usize) {
    pool.upsert_profile(id(n), Arc::new(analysis::profile(analyzer, &works()[work])));
}

/// The common model, and one that weighs what postings tell of otherwise.
fn models() -> [Model; 2] {
    let common = Model::bundled();
    let mut record: serde_json::Value = serde_json::from_str(&common.to_record()).unwrap();
    for feature in record["features"].as_array_mut().unwrap() {
        let code = feature["feature"].as_str().unwrap().to_owned();
        let swapped = match code.as_str() {
            "MUST_HAVE_COVERAGE" => FeatureId::CoreCoverage,
            "CORE_COVERAGE" => FeatureId::MustHaveCoverage,
            _ => continue,
        };
        feature["weight"] = common.weights()[swapped as usize].to_string().into();
    }
    let (learnt, _) = Model::from_record(&record.to_string()).unwrap();
    assert_ne!(learnt.weights(), common.weights());
    [common, learnt]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn an_answer_is_to_the_bit_what_it_is_without_what_was_computed_before(steps in steps()) {
        let (offers, models, analyzer) = (offers(), models(), analyzer());
        let mut pool = Pool::default();
        for step in steps {
            match step {
                Step::Write(n, work) => {
                    write(&mut pool, &analyzer, n, work);
                    if pool.standing(id(n)).is_none() {
                        pool.set_standing(id(n), standing());
                    }
                }
                Step::Remove(n) => pool.remove(id(n)),
                Step::Stand(n, idx) => pool.set_standing(id(n), standings()[idx].clone()),
                Step::Ask { offer, day, is_learnt, withheld } => {
                    let request = RankRequest {
                        opportunity: &offers[offer],
                        policy: &Policy::default(),
                        now: DAYS[day].parse().unwrap(),
                        withheld: &withheld.map(|n| (id(n), Ineligible::Rejected)).into_iter().collect(),
                        reader: &Asker::COMPANY,
                    };
                    let model = &models[usize::from(is_learnt)];
                    // A copy has nothing that was computed before.
                    prop_assert_eq!(rank(&request, &pool, model), rank(&request, &pool.clone(), model));
                }
                Step::Propose { offer, day, max } => {
                    let eligible: Vec<Slot> = pool.members()
                        .filter(|(_, one)| **one == standing())
                        .map(|(slot, _)| slot)
                        .collect();
                    let today = today(DAYS[day].parse().unwrap());
                    let proposed = |pool: &Pool| {
                        let recalled = pool.recall(&offers[offer]);
                        uninterrupted(|never| propose(never, pool, &recalled, &models[0], &eligible, today, max))
                    };
                    prop_assert_eq!(proposed(&pool), proposed(&pool.clone()));
                }
            }
        }
    }
}

/// The accountant of a pool, as somebody reads about them.
struct Case {
    opportunity: AnalyzedOpportunity,
    profile: Kept,
    contributions: Vec<f64>,
    reader: Asker,
}

impl Case {
    fn of(pool: &Pool) -> Self {
        let opportunity = accounting();
        let mut candidates = ranked(&opportunity, pool).candidates;
        candidates.retain(|one| one.alumnus_id == id(0));
        Self {
            opportunity,
            profile: pool.kept(id(0)).unwrap().clone(),
            contributions: candidates.remove(0).contributions,
            reader: Asker::COMPANY,
        }
    }

    fn request(&self) -> ExplainRequest<'_> {
        ExplainRequest {
            opportunity: &self.opportunity,
            profile: &self.profile,
            base: 0.25,
            contributions: &self.contributions,
            side: Side::Candidate,
            language: Language::Japanese,
            now: now(),
            contention: None,
        }
    }

    fn reading(&self) -> Reading<'_> {
        Reading {
            alumnus_id: id(0),
            reader: Some(&self.reader),
        }
    }
}

#[test]
fn what_was_explained_is_said_again_until_a_profile_changes() {
    let mut pool = pool(&[accountant(), accountant()]);
    let case = Case::of(&pool);
    let asked = case.request();
    let again = |asked: &ExplainRequest<'_>, pool: &Pool| explain_again(asked, case.reading(), pool);

    assert_eq!(explained(&asked, case.reading(), &pool), None);
    let first = again(&asked, &pool);
    assert!(Arc::ptr_eq(
        &explained(&asked, case.reading(), &pool).unwrap(),
        &first
    ));
    assert_eq!(*first, explain(&asked, &pool));
    assert!(Arc::ptr_eq(&again(&asked, &pool), &first));
    // Whoever else reads it does not find what was said to others.
    let themselves = Reading {
        reader: None,
        ..case.reading()
    };
    let to_themselves = explain_again(&asked, themselves, &pool);
    assert!(!Arc::ptr_eq(&to_themselves, &first));
    assert_eq!(to_themselves, first);
    // Later on the same day, in Japan.
    let later = ExplainRequest {
        now: now() + chrono::TimeDelta::hours(11),
        ..asked
    };
    assert!(Arc::ptr_eq(&again(&later, &pool), &first));
    let mut other_sum = case.contributions.clone();
    other_sum[0] += 0.001;
    for other in [
        ExplainRequest {
            language: Language::English,
            ..asked
        },
        ExplainRequest {
            side: Side::Feed,
            ..asked
        },
        ExplainRequest {
            now: now() + chrono::TimeDelta::days(400),
            ..asked
        },
        ExplainRequest {
            contention: Some(market::Contention {
                n_seats: 1,
                n_close: 3,
            }),
            ..asked
        },
        ExplainRequest { base: 0.26, ..asked },
        ExplainRequest {
            contributions: &other_sum,
            ..asked
        },
    ] {
        assert_eq!(*again(&other, &pool), explain(&other, &pool), "{other:?}");
    }

    pool.set_standing(id(1), standings()[1].clone());
    assert!(
        Arc::ptr_eq(&again(&asked, &pool), &first),
        "no profile has changed"
    );
    // What words are worth depends on everybody's.
    pool.upsert_profile(id(1), Arc::new(analysis::profile(&analyzer(), &others()[0])));
    let then = again(&asked, &pool);
    assert!(!Arc::ptr_eq(&then, &first));
    assert_eq!(*then, explain(&asked, &pool));
}

#[test]
fn nothing_is_kept_of_a_profile_that_is_not_the_persons_any_more() {
    let mut pool = pool(&[accountant()]);
    let case = Case::of(&pool);
    let again = |pool: &Pool| explain_again(&case.request(), case.reading(), pool);
    let bytes = |pool: &Pool| pool.memory_bytes();

    let without = bytes(&pool);
    let kept_first = again(&pool);
    assert!(bytes(&pool) > without);
    // An equal text is another one.
    pool.upsert_profile(id(0), Arc::new(analysis::profile(&analyzer(), &accountant())));
    let _ = pool.query(&case.opportunity);
    let without = bytes(&pool);
    assert_eq!(again(&pool), kept_first);
    assert_eq!(bytes(&pool), without);
    pool.remove(id(0));
    let _ = pool.query(&case.opportunity);
    let without = bytes(&pool);
    let _ = again(&pool);
    assert_eq!(bytes(&pool), without);
}

#[test]
fn what_was_computed_is_counted_and_forgotten() {
    let pool = pool(&[accountant()]);
    let role = accounting();
    let _ = pool.query(&role);
    let without = pool.memory_bytes();
    let first = ranked(&role, &pool);
    assert!(pool.memory_bytes() > without);
    pool.forget_answers();
    assert_eq!(pool.memory_bytes(), without);
    assert_eq!(ranked(&role, &pool), first);
}

#[test]
fn of_what_was_computed_that_of_roles_asked_for_least_recently_goes_first() {
    let pool = pool(&[]);
    let roles = ["決算の担当", "接客の担当", "法務の担当"].map(|title| role(title, &["決算"], ""));
    let queries = Queries::default();
    let recall = |idx: usize, bytes_max| {
        let compile = || Compiled::new(&roles[idx], pool.vocabulary(), pool.space());
        queries.recall(&roles[idx], compile, bytes_max).memo
    };
    let fill = |memo: &Memo| memo.keep_most_said(MostSaid::new(&Model::bundled(), vec![(0.5, 1); 10], true));
    let memos = [0, 1, 2].map(|idx| recall(idx, u64::MAX));
    memos.iter().for_each(|memo| fill(memo));
    let one = memos[0].memory_bytes();
    assert!(one > 0);
    // The first is asked for again; of the others the second was asked for least recently.
    assert!(Arc::ptr_eq(&recall(0, 3 * one), &memos[0]));
    assert!(Arc::ptr_eq(&recall(2, 2 * one), &memos[2]));
    assert!(Arc::ptr_eq(&recall(0, 2 * one), &memos[0]));
    assert_eq!(recall(1, 2 * one).memory_bytes(), 0);
}

#[test]
fn of_explanations_one_goes_for_each_that_comes() {
    let pool = pool(&[accountant()]);
    let case = Case::of(&pool);
    let explanations = Explanations::default();
    for n in 0..10 {
        let reading = Reading {
            alumnus_id: id(n),
            ..case.reading()
        };
        let explanation = Arc::new(explain(&case.request(), &pool));
        explanations.keep(Explained::by(reading, &case.request()), explanation, 40_000);
    }
    assert!((1..=40_000).contains(&explanations.memory_bytes()));
    explanations.forget();
    assert_eq!(explanations.memory_bytes(), 0);
}
