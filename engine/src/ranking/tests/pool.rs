//! What a pool keeps of people and of compiled opportunities, as they change.

use super::*;
use crate::features::kept::{Numbered, Store, Stored};
use crate::index::Shelf;

#[test]
fn an_opportunity_that_was_changed_is_compiled_anew() {
    let pool = pool(&[accountant()]);
    let before = role("責任者", &["連結決算の実務"], "");
    let after = role("責任者", &["採用面接の実務"], "");
    assert_eq!(before.opportunity.id, after.opportunity.id);
    let score = |role: &AnalyzedOpportunity| {
        let ranking = ranked(role, &pool);
        let found = ranking.candidates.iter().find(|one| one.alumnus_id == id(0));
        found.unwrap().score
    };
    let (first, second) = (score(&before), score(&after));
    assert!(second < first, "{second} after {first}");
    assert_eq!(score(&before).to_bits(), first.to_bits());
}

#[test]
fn whoever_was_removed_leaves_no_trace_in_anybodys_score() {
    let others = [accountant(), accountant()];
    let mut with = pool(&others);
    // Compiled while they are there.
    ranked(&accounting(), &with);
    let gone = id(500);
    let keeper = profile(
        "経理の担当",
        tenure("経理部", "担当", "連結決算と税務申告を担当した。"),
    );
    with.upsert_profile(gone, Arc::new(analysis::profile(&analyzer(), &keeper)));
    with.set_standing(gone, standing());
    ranked(&accounting(), &with);
    with.remove(gone);
    let without = pool(&others);
    assert_eq!(ranked(&accounting(), &with), ranked(&accounting(), &without));
}

#[test]
fn nothing_of_one_person_is_left_for_the_next() {
    let profiles: Vec<Profile> = others().into_iter().chain([accountant()]).collect();
    let pool = pool(&profiles);
    let role = accounting();
    let query = pool.query(&role);
    let mut ids: Vec<AlumnusId> = pool.ids().collect();
    ids.sort_unstable();
    let mut kept = features::Matcher::new(&query);
    for id in ids.iter().chain(ids.iter().rev()) {
        let subject = pool.subject(*id).unwrap();
        let row = features::extract_one(&mut kept, subject, &query, now());
        let mut fresh = features::Matcher::new(&query);
        assert_eq!(
            row,
            features::extract_one(&mut fresh, subject, &query, now()),
            "{id:?}"
        );
    }
}

#[test]
fn nothing_of_one_opportunity_is_left_for_the_next() {
    let profiles: Vec<Profile> = others().into_iter().chain([accountant()]).collect();
    let pool = pool(&profiles);
    // Of different lengths, so that the buffers are too large as well as too small for some.
    let shorter = role("販売の担当", &["接客の経験"], "");
    let excluding = role(
        "経理の責任者",
        &["連結決算の実務経験", "税務申告", "英語での報告"],
        "研修の講師ではなく、決算を手を動かして進める方。",
    );
    let of_a_unit = Opportunity {
        id: OpportunityId(Uuid::from_u128(77)),
        department: Some("経理部 連結決算課".to_owned()),
        products: vec!["青葉倶楽部".to_owned()],
        ..accounting().opportunity
    };
    let of_a_unit = analysis::opportunity(&analyzer(), &of_a_unit);
    let offers = [accounting(), of_a_unit, shorter, excluding];
    let mut ids: Vec<AlumnusId> = pool.ids().collect();
    ids.sort_unstable();
    let mut kept = features::Matcher::default();
    let (mut n_found, mut n_of_the_unit) = (0, 0);
    for id in ids {
        for offer in offers.iter().chain(offers.iter().rev()) {
            let query = pool.query(offer);
            let subject = pool.subject(id).unwrap();
            kept.turn_to(&query);
            let row = features::extract_one(&mut kept, subject, &query, now());
            let mut fresh = features::Matcher::new(&query);
            let expected = features::extract_one(&mut fresh, subject, &query, now());
            assert_eq!(row.map(f32::to_bits), expected.map(f32::to_bits), "{id:?}");
            n_found += usize::from(row[FeatureId::TextRelevance as usize] > 0.0);
            n_of_the_unit += usize::from(row[FeatureId::UnitAdjacency as usize] > 0.0);
        }
    }
    assert!(n_found > offers.len() && n_of_the_unit > 0, "some of them fit");
}

/// A pool that keeps nobody in memory, or as many as `in_memory_max`.
fn apart(profiles: &[Profile], in_memory_max: usize) -> Pool {
    let directory = tempfile::TempDir::new().unwrap();
    let mut pool = Pool::kept_apart(Arc::new(Shelf::create(directory.path()).unwrap()), in_memory_max);
    for (n, profile) in profiles.iter().chain(&others()).enumerate() {
        let id = id(n as u128);
        pool.upsert_profile(id, Arc::new(analysis::profile(&analyzer(), profile)));
        pool.set_standing(id, standing());
    }
    pool
}

#[test]
fn where_profiles_lie_makes_no_difference() {
    let carer = Profile {
        summary: Some("母の介護で決算から離れました。母の介護と仕事の両立を話せます。".to_owned()),
        ..accountant()
    };
    let profiles = [accountant(), carer];
    let slot = opportunity(
        Terms::SpeakerSlot(SlotTerms::default()),
        "親の介護と仕事",
        &["親の介護と仕事の両立"],
        "",
    );
    let mut of_a_product = accounting();
    of_a_product.opportunity.products = vec!["連結決算".to_owned()];
    let of_a_product = analysis::opportunity(&analyzer(), &of_a_product.opportunity);
    let whole = pool(&profiles);
    for in_memory_max in [0, 1, usize::MAX] {
        let apart = apart(&profiles, in_memory_max);
        for offer in [&accounting(), &slot, &of_a_product] {
            let ranking = ranked(offer, &whole);
            assert_eq!(ranked(offer, &apart), ranking, "{in_memory_max}");
            for candidate in &ranking.candidates {
                let explained = |pool: &Pool| {
                    explain(
                        &ExplainRequest {
                            opportunity: offer,
                            profile: pool.kept(candidate.alumnus_id).unwrap(),
                            base: ranking.base,
                            contributions: &candidate.contributions,
                            side: Side::Candidate,
                            language: Language::Japanese,
                            now: now(),
                            contention: None,
                        },
                        pool,
                    )
                };
                assert_eq!(explained(&apart), explained(&whole));
            }
        }
    }
}

#[test]
fn a_profile_that_changes_or_goes_leaves_the_others_where_they_are() {
    let mut apart = apart(&[accountant(), accountant()], 1);
    assert!(apart.kept(id(0)).unwrap().is_in_memory());
    assert!(!apart.kept(id(1)).unwrap().is_in_memory());
    let before = apart.memory_bytes();
    apart.remove(id(0));
    assert!(apart.memory_bytes() < before);
    // There is room for one in memory now.
    let keeper = profile("経理の担当", tenure("経理部", "担当", "税務申告を担当した。"));
    apart.upsert_profile(id(1), Arc::new(analysis::profile(&analyzer(), &keeper)));
    assert!(apart.kept(id(1)).unwrap().is_in_memory());
    let mut whole = pool(&[accountant(), keeper]);
    whole.remove(id(0));
    assert_eq!(ranked(&accounting(), &apart), ranked(&accounting(), &whole));
}

/// A store on a full disk.
#[derive(Debug)]
struct Full;

impl Store for Full {
    fn put(&self, _: &Numbered) -> Option<Arc<dyn Stored>> {
        None
    }
}

#[test]
fn what_cannot_be_kept_elsewhere_stays_in_memory() {
    let mut pool = Pool::kept_apart(Arc::new(Full), 0);
    pool.upsert_profile(id(0), Arc::new(analysis::profile(&analyzer(), &accountant())));
    assert!(pool.kept(id(0)).unwrap().is_in_memory());
    assert_eq!(pool.memory_bytes(), Pool::expected_bytes(1, None));
}

#[test]
fn people_are_told_in_the_order_of_their_identifiers_whoever_came_and_went() {
    let mut pool = pool(&[accountant()]);
    let everybody = |pool: &Pool| pool.in_order(|_| true);
    let n_people = everybody(&pool).len();
    // Nobody has a profile and no standing, or a standing and no profile.
    pool.upsert_profile(id(700), Arc::new(analysis::profile(&analyzer(), &accountant())));
    pool.set_standing(id(600), standing());
    assert_eq!(everybody(&pool).len(), n_people);
    pool.set_standing(id(700), standing());
    pool.remove(id(1));
    // In the place that came free, and behind everybody all the same.
    pool.upsert_profile(id(800), Arc::new(analysis::profile(&analyzer(), &accountant())));
    pool.set_standing(id(800), standing());
    let told = everybody(&pool);
    assert!(told.is_sorted());
    assert_eq!(told.len(), n_people + 1);
    assert!(!told.contains(&id(1)));
    assert_eq!(told[n_people - 1..], [id(700), id(800)]);
    assert_eq!(pool.in_order(|member| member.id == id(700)), [id(700)]);
    let (outline, _) = pool.find(id(0)).unwrap().outline().unwrap();
    assert_eq!(
        outline.latest_department(),
        accountant().tenures.first().map(|one| one.department.as_str())
    );
}
