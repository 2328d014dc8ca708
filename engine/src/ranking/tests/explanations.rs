//! What explanations and feeds promise.

use super::*;
use crate::text::{Analyzer, UserWord};

#[test]
fn an_explanation_sums_to_its_score_and_quotes_only_what_is_there() {
    let pool = pool(&[accountant()]);
    let opportunity = accounting();
    let ranking = ranked(&opportunity, &pool);
    for candidate in &ranking.candidates {
        for (side, language) in [
            (Side::Candidate, Language::Japanese),
            (Side::Feed, Language::English),
        ] {
            let profile = pool.profile(candidate.alumnus_id).unwrap();
            let request = ExplainRequest {
                opportunity: &opportunity,
                profile: pool.kept(candidate.alumnus_id).unwrap(),
                base: ranking.base,
                contributions: &candidate.contributions,
                side,
                language,
                now: now(),
                contention: None,
            };
            let explanation = explain(&request, &pool);
            let sum: f64 = explanation.contributions.iter().map(|one| one.value).sum();
            assert!((explanation.base + sum - candidate.score).abs() < 1e-6);
            assert!(!explanation.summary.is_empty());
            let text = serde_json::to_string(&profile.profile).unwrap();
            for evidence in explanation.contributions.iter().flat_map(|one| &one.evidence) {
                assert!(text.contains(&evidence.snippet), "{}", evidence.snippet);
                let len = evidence.snippet.encode_utf16().count() as u32;
                assert!(
                    evidence
                        .highlights
                        .iter()
                        .all(|range| range.start < range.end && range.end <= len)
                );
            }
        }
    }
    let best = &ranking.candidates[0];
    assert_eq!(best.alumnus_id, id(0));
}

#[test]
fn a_must_have_told_of_is_met_and_one_left_out_is_not_shown() {
    let pool = pool(&[accountant()]);
    let opportunity = role("経理", &["連結決算の実務", "英語での交渉", "傾聴力"], "");
    let ranking = ranked(&opportunity, &pool);
    let candidate = ranking
        .candidates
        .iter()
        .find(|one| one.alumnus_id == id(0))
        .unwrap();
    let request = ExplainRequest {
        opportunity: &opportunity,
        profile: pool.kept(id(0)).unwrap(),
        base: ranking.base,
        contributions: &candidate.contributions,
        side: Side::Candidate,
        language: Language::Japanese,
        now: now(),
        contention: None,
    };
    let explanation = explain(&request, &pool);
    let statuses: Vec<RequirementStatus> = explanation.requirements.iter().map(|one| one.status).collect();
    assert_eq!(
        statuses,
        [
            RequirementStatus::Met,
            RequirementStatus::NotShown,
            RequirementStatus::NotAssessable
        ]
    );
    let decided = explanation.requirements[0].evidence.as_ref().unwrap();
    assert!(decided.snippet.contains("連結決算"));
}

#[test]
fn a_companys_word_bears_out_what_it_means() {
    let word = UserWord {
        surface: "青葉ナビ".to_owned(),
        reading: None,
        meaning: Some("受発注システム".to_owned()),
    };
    let own = Analyzer::new(crate::text::testing::dictionary(), &[word]).unwrap();
    let written = profile(
        "青葉ナビの担当",
        tenure("企画部", "担当", "青葉ナビの刷新に従事した。"),
    );
    let required = role("新しい仲間", &["受発注システム"], "").opportunity;
    // What the must-haves give to the writer, and to somebody who tells of other work.
    let given = |analyzer: &Analyzer| {
        let mut pool = pool(&[]);
        let analyzed = Arc::new(analysis::profile(analyzer, &written));
        pool.upsert_profile(id(100), analyzed);
        pool.set_standing(id(100), standing());
        let ranking = ranked(&analysis::opportunity(analyzer, &required), &pool);
        let of = |id: AlumnusId| {
            let mut candidates = ranking.candidates.iter();
            let candidate = candidates.find(|one| one.alumnus_id == id).unwrap();
            candidate.contributions[FeatureId::MustHaveCoverage as usize]
        };
        (of(id(100)), of(id(0)))
    };
    let (writer, other) = given(&own);
    assert!(writer > other + 0.1, "{writer} {other}");
    let (writer, other) = given(&analyzer());
    assert!((writer - other).abs() < 1e-6, "{writer} {other}");
}

#[test]
fn a_feed_holds_what_fits_with_contributions_that_sum_to_the_score() {
    let pool = pool(&[accountant()]);
    let shop = role(
        "店舗の販売スタッフ",
        &["接客", "レジ"],
        "売場に立っていただきます。",
    );
    let opportunities = [Arc::new(accounting()), Arc::new(shop)];
    let ask = |hidden: &HashMap<OpportunityId, Ineligible>, kinds| {
        let request = FeedRequest {
            alumnus_id: id(0),
            opportunities: &opportunities,
            policy: &Policy::default(),
            now: now(),
            hidden,
            choices: &OwnChoices::default(),
            kinds,
            multipliers: None,
        };
        feed(&request, &pool, &Model::bundled(), &Calibrations::default())
    };
    let shown = ask(&HashMap::new(), None);
    assert_eq!(shown.items[0].opportunity_id, opportunities[0].opportunity.id);
    for item in &shown.items {
        let sum: f64 = item.contributions.iter().sum();
        assert!((shown.base + sum - item.score).abs() < 1e-6);
        assert!((0.0..=1.0).contains(&item.score));
    }
    let declined = HashMap::from([(opportunities[0].opportunity.id, Ineligible::Declined)]);
    assert!(
        ask(&declined, None)
            .items
            .iter()
            .all(|item| !declined.contains_key(&item.opportunity_id))
    );
    assert!(
        ask(&HashMap::new(), Some(&[OpportunityKind::SpeakerSlot]))
            .items
            .is_empty()
    );
}
