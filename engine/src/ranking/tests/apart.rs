//! What was gained since leaving, and knowing the company: scored apart, and no proxy of age.

use super::*;
use crate::domain::Position;

fn since_leaving(description: &str) -> Position {
    Position {
        organization: "みどり会計事務所".to_owned(),
        title: "経理課長".to_owned(),
        from: "2023-04".parse().unwrap(),
        to: None,
        description: description.to_owned(),
    }
}

/// The contributions of person 0 for the role in accounting, and the pool that they were ranked in.
fn contributions(profile: &Profile) -> (Vec<f64>, f64, Pool) {
    let pool = pool(std::slice::from_ref(profile));
    let ranking = ranked(&in_the_unit(), &pool);
    let first = ranking
        .candidates
        .iter()
        .find(|one| one.alumnus_id == id(0))
        .unwrap();
    (first.contributions.to_vec(), ranking.base, pool)
}

/// The role in accounting, offered by a unit with a name.
fn in_the_unit() -> AnalyzedOpportunity {
    let opportunity = Opportunity {
        department: Some("経理部".to_owned()),
        ..accounting().opportunity
    };
    analysis::opportunity(&analyzer(), &opportunity)
}

const WORK: &str = "月次と年次の連結決算、税務申告、監査法人との折衝を担当した。";

#[test]
fn what_was_gained_since_leaving_is_a_contribution_of_its_own_that_says_so() {
    let mut grown = profile("経理", tenure("総務部", "担当", "備品の発注を担当した。"));
    let before = contributions(&grown).0;
    grown.career_after.push(since_leaving(WORK));
    let (after, base, pool) = contributions(&grown);
    let gained = FeatureId::GainedSinceLeaving as usize;
    assert!(after[gained] > before[gained]);
    for (language, words) in [
        (Language::Japanese, "退職後に得た経験"),
        (Language::English, "gained since leaving"),
    ] {
        let request = ExplainRequest {
            opportunity: &in_the_unit(),
            profile: pool.profile(id(0)).unwrap(),
            base,
            contributions: &after,
            side: Side::Candidate,
            language,
            now: now(),
            contention: None,
        };
        let explanation = explain(&request, &pool);
        let told = explanation
            .contributions
            .iter()
            .find(|one| one.feature == FeatureId::GainedSinceLeaving)
            .unwrap();
        assert!(told.value > 0.0 && told.text.contains(words), "{}", told.text);
        let is_since = |evidence: &Evidence| evidence.field == crate::features::ProfileField::CareerAfter;
        assert!(!told.evidence.is_empty() && told.evidence.iter().all(is_since));
    }
}

#[test]
fn the_same_work_counts_as_gained_since_leaving_only_where_it_was() {
    let inside = profile("経理", tenure("経理部", "経理課長", WORK));
    let mut outside = profile("経理", tenure("総務部", "担当", "備品の発注を担当した。"));
    outside.career_after.push(since_leaving(WORK));
    let (inside, outside) = (contributions(&inside).0, contributions(&outside).0);
    let gained = FeatureId::GainedSinceLeaving as usize;
    let unit = FeatureId::UnitAdjacency as usize;
    assert!(outside[gained] > inside[gained]);
    assert!(inside[unit] > outside[unit]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_length_of_service_beyond_five_years_moves_anything(from in 1975i32..2017, other in 1975i32..2017) {
        let since = |year: i32| {
            let mut one = accountant();
            one.tenures[0].from = crate::domain::YearMonth::new(year, 4).unwrap();
            contributions(&one).0
        };
        prop_assert_eq!(since(from), since(other));
    }

    #[test]
    fn knowing_the_unit_is_worth_the_same_after_any_length_of_service(months in 1u32..600) {
        let served = |months: u32| {
            let mut one = accountant();
            let last = one.tenures[0].to.unwrap();
            let first = last.index() - i32::try_from(months).unwrap() + 1;
            one.tenures[0].from = crate::domain::YearMonth::new(first / 12, (first % 12 + 1).unsigned_abs()).unwrap();
            contributions(&one).0[FeatureId::UnitAdjacency as usize]
        };
        prop_assert_eq!(served(months), served(60));
    }
}
