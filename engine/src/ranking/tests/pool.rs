//! What a pool keeps of people and of compiled opportunities, as they change.

use super::*;

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
