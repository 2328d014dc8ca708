//! What was computed before makes an answer quicker, and never another.

use super::*;
use crate::domain::{Exclusion, ExclusionTarget, Exclusions, HiringManagers, Role, Viewer};
use crate::features::{Compiled, Kept};
use crate::index::Shelf;
use crate::interrupt::{Interrupt, uninterrupted};
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
    Edit(usize, usize),
    Ask {
        offer: usize,
        day: usize,
        is_learnt: bool,
        withheld: Option<u128>,
        reader: usize,
    },
    Propose {
        offer: usize,
        day: usize,
        is_learnt: bool,
        max: usize,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let person = 0..N_PEOPLE;
    let question = (0..offers().len(), 0..DAYS.len(), any::<bool>());
    let ask = (
        question.clone(),
        prop::option::of(0..N_PEOPLE),
        0..readers().len(),
    );
    let ask = ask.prop_map(|((offer, day, is_learnt), withheld, reader)| Step::Ask {
        offer,
        day,
        is_learnt,
        withheld,
        reader,
    });
    let propose = (question, 1..4_usize).prop_map(|((offer, day, is_learnt), max)| Step::Propose {
        offer,
        day,
        is_learnt,
        max,
    });
    let step = prop_oneof![
        2 => (person.clone(), 0..works().len()).prop_map(|(n, idx)| Step::Write(n, idx)),
        1 => person.clone().prop_map(Step::Remove),
        3 => (person, 0..standings().len()).prop_map(|(n, idx)| Step::Stand(n, idx)),
        1 => (0..offers().len(), 0..N_EDITS).prop_map(|(offer, edit)| Step::Edit(offer, edit)),
        6 => ask,
        6 => propose,
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

/// Of whoever may be ranked, whoever may not, and whoever excludes the second reader.
fn standings() -> [Standing; 3] {
    let left = Standing::new(AlumnusStatus::Active, &[], &[], "2023-03-31".parse().ok(), 96);
    let unit = Exclusion {
        target: ExclusionTarget::Unit("小売事業部".to_owned()),
        since: now(),
    };
    let exclusions = Exclusions::new(&[unit], &HiringManagers::default());
    [standing(), left, standing().excluding(exclusions)]
}

fn readers() -> [Asker; 2] {
    let viewer = Viewer {
        company_id: CompanyId(Uuid::nil()),
        role: Role::Recruiter,
        subject: "saiyo".to_owned(),
        unit: Some("小売事業部".to_owned()),
        alumnus_id: None,
    };
    [Asker::COMPANY, Asker::of_viewer(&viewer)]
}

const N_EDITS: usize = 5;

/// The same opportunity with one thing changed that no text says.
fn edited(opportunity: &AnalyzedOpportunity, edit: usize, analyzer: &Analyzer) -> AnalyzedOpportunity {
    let mut opportunity = opportunity.opportunity.clone();
    match edit {
        0 => opportunity.prefecture = "大阪府".parse().ok(),
        1 => opportunity.remote = Remote::Remote,
        2 => opportunity.hours_per_week = Some(8),
        3 => opportunity.starts_on = "2026-12".parse().ok(),
        _ => opportunity.prefecture = "東京都".parse().ok(),
    }
    analysis::opportunity(analyzer, &opportunity)
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
        let (mut offers, models, readers, analyzer) = (offers(), models(), readers(), analyzer());
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
                Step::Edit(offer, edit) => offers[offer] = edited(&offers[offer], edit, &analyzer),
                Step::Ask { offer, day, is_learnt, withheld, reader } => {
                    let request = RankRequest {
                        opportunity: &offers[offer],
                        policy: &Policy::default(),
                        now: DAYS[day].parse().unwrap(),
                        withheld: &withheld.map(|n| (id(n), Ineligible::Rejected)).into_iter().collect(),
                        reader: &readers[reader],
                    };
                    let model = &models[usize::from(is_learnt)];
                    // A copy has nothing that was computed before.
                    prop_assert_eq!(rank(&request, &pool, model), rank(&request, &pool.clone(), model));
                }
                Step::Propose { offer, day, is_learnt, max } => {
                    let model = &models[usize::from(is_learnt)];
                    let eligible: Vec<Slot> = pool.members()
                        .filter(|(_, one)| **one == standing())
                        .map(|(slot, _)| slot)
                        .collect();
                    let today = today(DAYS[day].parse().unwrap());
                    let proposed = |pool: &Pool| {
                        let recalled = pool.recall(&offers[offer]);
                        uninterrupted(|never| propose(never, pool, &recalled, model, &eligible, today, max))
                    };
                    prop_assert_eq!(proposed(&pool), proposed(&pool.clone()));
                    let known = pool.recall(&offers[offer]).memo.most_said(model);
                    prop_assert!(known.is_some(), "nothing was kept");
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
            profile: &self.profile,
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

    // The other day's question has put an end to this one's answers.
    let first = again(&asked, &pool);
    pool.set_standing(id(1), standings()[1].clone());
    assert!(
        Arc::ptr_eq(&again(&asked, &pool), &first),
        "no profile has changed"
    );
    // What no text of it says is explained as well.
    let moved = edited(&case.opportunity, 0, &analyzer());
    let elsewhere = ExplainRequest {
        opportunity: &moved,
        ..asked
    };
    assert_ne!(again(&elsewhere, &pool), first);
    assert_eq!(*again(&elsewhere, &pool), explain(&elsewhere, &pool));
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
fn explanations_take_no_more_than_they_may_and_go_with_their_day() {
    let pool = pool(&[accountant()]);
    let case = Case::of(&pool);
    let explanation = Arc::new(explain(&case.request(), &pool));
    let explanations = Explanations::default();
    let keep = |n, bytes_max| {
        let reading = Reading {
            alumnus_id: id(n),
            ..case.reading()
        };
        let explained = Explained::by(reading, &case.request());
        explanations.keep(explained.clone(), Arc::clone(&explanation), bytes_max);
        explanations.get(&explained)
    };
    assert!(keep(0, u64::MAX).is_some());
    let one = explanations.memory_bytes();
    assert!(one > explanation.memory_bytes());
    assert!(explanation.memory_bytes() > 1_000);
    for n in 0..10 {
        assert!(keep(n, 3 * one + one / 2).is_some());
        assert!(explanations.memory_bytes() <= 3 * one);
    }
    assert_eq!(explanations.memory_bytes(), 3 * one);
    // What is larger than all of it may be is not kept.
    assert!(keep(11, one - 1).is_none());
    assert!(keep(12, 3 * one).is_some());
    let tomorrow = ExplainRequest {
        now: now() + chrono::TimeDelta::days(1),
        ..case.request()
    };
    let explained = Explained::by(case.reading(), &tomorrow);
    explanations.keep(explained, explanation, 3 * one);
    assert_eq!(explanations.memory_bytes(), one);
    explanations.forget();
    assert_eq!(explanations.memory_bytes(), 0);
}

#[test]
fn what_was_scored_and_looked_for_is_not_again() {
    let pool = pool(&[accountant(), accountant()]);
    let role = accounting();
    let memo = pool.recall(&role).memo;
    let query = pool.query(&role);
    let [company, unit] = readers();
    let all: Vec<Slot> = pool.members().map(|(slot, _)| slot).collect();
    let never = Interrupt::new();
    let features = |slots: &[Slot], reader: &Asker, interrupt: &Interrupt| {
        memo.features(interrupt, (&pool, &query), slots, (reader, now()))
    };
    let first = features(&all, &company, &never).unwrap();
    assert!(Arc::ptr_eq(&features(&all, &company, &never).unwrap(), &first));
    // Somebody else's list says nothing to whoever asks.
    let bytes = memo.memory_bytes();
    assert_eq!(features(&all, &unit, &never).unwrap(), first);
    assert_eq!(memo.memory_bytes(), 2 * bytes);
    // Of a list that was interrupted nothing is kept, and the last one is as it was.
    let raised = Interrupt::new();
    raised.raise();
    assert!(features(&all[1..], &company, &raised).is_err());
    assert!(Arc::ptr_eq(&features(&all, &company, &never).unwrap(), &first));
    let some = features(&all[1..], &company, &never).unwrap();
    assert_eq!(some.row(0), first.row(1));
    assert_eq!(memo.memory_bytes(), 2 * bytes - bytes / all.len() as u64);

    let model = Model::bundled();
    let everybody: Vec<(f32, Slot)> = all.iter().map(|slot| (*slot as f32, *slot)).collect();
    let greatest: Vec<(f32, Slot)> = everybody[2..].to_vec();
    let known = MostSaid::new(&model, greatest, false);
    let among = |eligible: &[Slot], max| {
        let mut chosen = known.among(&pool, eligible, max)?;
        chosen.sort_unstable_by_key(|(_, slot)| *slot);
        Some(chosen)
    };
    // Whoever says as much as the least of them may be missing among them.
    assert_eq!(among(&all, all.len() - 3).as_deref(), Some(&everybody[3..]));
    assert_eq!(among(&all, all.len() - 2), None);
    assert_eq!(among(&all[4..], 2).as_deref(), Some(&everybody[all.len() - 2..]));
    assert_eq!(among(&all[..4], 2), None);
}

#[test]
fn whoever_lies_on_disk_is_explained_again_too() {
    let directory = tempfile::TempDir::new().unwrap();
    let mut pool = Pool::kept_apart(Arc::new(Shelf::create(directory.path()).unwrap()), 0);
    let analyzer = analyzer();
    write(&mut pool, &analyzer, 0, 6);
    pool.set_standing(id(0), standing());
    let case = Case::of(&pool);
    assert!(!case.profile.is_in_memory());
    let first = explain_again(&case.request(), case.reading(), &pool);
    let again = explained(&case.request(), case.reading(), &pool).unwrap();
    assert!(Arc::ptr_eq(&first, &again));
}
