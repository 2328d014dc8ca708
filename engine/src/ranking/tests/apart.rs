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
    contributions_for(&in_the_unit(), profile)
}

fn contributions_for(opportunity: &AnalyzedOpportunity, profile: &Profile) -> (Vec<f64>, f64, Pool) {
    let pool = pool(std::slice::from_ref(profile));
    let ranking = ranked(opportunity, &pool);
    let first = ranking
        .candidates
        .iter()
        .find(|one| one.alumnus_id == id(0))
        .unwrap();
    (first.contributions.to_vec(), ranking.base, pool)
}

/// The role in accounting, offered by a unit with a name.
fn in_the_unit() -> AnalyzedOpportunity {
    offered_by("経理部")
}

fn offered_by(unit: &str) -> AnalyzedOpportunity {
    let opportunity = Opportunity {
        department: Some(unit.to_owned()),
        ..accounting().opportunity
    };
    analysis::opportunity(&analyzer(), &opportunity)
}

const WORK: &str = "月次と年次の連結決算、税務申告、監査法人との折衝を担当した。";

#[test]
fn what_was_gained_since_leaving_is_a_contribution_of_its_own_that_says_so() {
    // The same work before leaving is no evidence of what came after.
    let mut grown = profile("経理", tenure("経理部", "経理課長", WORK));
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
            profile: pool.kept(id(0)).unwrap(),
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

/// The role in accounting, about a product of the company.
fn about(product: &str) -> AnalyzedOpportunity {
    let opportunity = Opportunity {
        products: vec!["青葉倶楽部".to_owned(), product.to_owned()],
        ..in_the_unit().opportunity
    };
    analysis::opportunity(&analyzer(), &opportunity)
}

/// What the product adds to person 0, and what is said of it.
fn knowing_the_product(profile: &Profile, product: &str) -> (f64, String, Vec<Evidence>) {
    let pool = pool(std::slice::from_ref(profile));
    let ranking = ranked(&about(product), &pool);
    let mut candidates = ranking.candidates.iter();
    let first = candidates.find(|one| one.alumnus_id == id(0)).unwrap();
    let request = ExplainRequest {
        opportunity: &about(product),
        profile: pool.kept(id(0)).unwrap(),
        base: ranking.base,
        contributions: &first.contributions,
        side: Side::Candidate,
        language: Language::Japanese,
        now: now(),
        contention: None,
    };
    let mut told = explain(&request, &pool).contributions.into_iter();
    let one = told.find(|one| one.feature == FeatureId::UnitAdjacency).unwrap();
    (one.value, one.text, one.evidence)
}

#[test]
fn who_worked_with_the_product_at_the_company_knows_it_and_nobody_else() {
    let product = "スマイル便";
    let met = profile("営業", tenure("営業部", "担当", "ｽﾏｲﾙ便の法人営業を担当した。"));
    let apart = profile(
        "営業",
        tenure(
            "営業部",
            "担当",
            "スマイルのある職場づくりと宅配便の手配を担当した。",
        ),
    );
    let mut since = profile("営業", tenure("営業部", "担当", "法人営業を担当した。"));
    since
        .career_after
        .push(since_leaving("スマイル便の法人営業を担当した。"));

    let (value, text, evidence) = knowing_the_product(&met, product);
    assert_eq!(text, "在籍中に「スマイル便」に関わっていました。");
    assert!(evidence[0].snippet.contains("ｽﾏｲﾙ便"));
    for other in [&apart, &since] {
        let (less, text, _) = knowing_the_product(other, product);
        assert!(less < value && !text.contains(product), "{text}");
    }
}

#[test]
fn half_of_a_units_name_is_worth_as_much_as_all_of_it() {
    let role = offered_by("経理部 決算課");
    let knows = |unit: &str| {
        let one = profile("経理", tenure(unit, "担当", WORK));
        contributions_for(&role, &one).0[FeatureId::UnitAdjacency as usize]
    };
    let (whole, stranger) = (knows("経理部 決算課"), knows("総務部"));
    assert!(whole > stranger);
    // One of the two makes up half of the name at least.
    let halves = [knows("経理部"), knows("決算課")];
    assert!(halves.contains(&whole), "{halves:?} {whole}");
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
        // Nor of what came after.
        let elsewhere = |year: i32| {
            let mut one = profile("経理", tenure("総務部", "担当", "備品の発注を担当した。"));
            one.career_after.push(Position {
                // Four years on, so that the draws reach down to the five years from where nothing more counts.
                from: crate::domain::YearMonth::new(year + 4, 4).unwrap(),
                ..since_leaving(WORK)
            });
            contributions(&one).0
        };
        prop_assert_eq!(elsewhere(from), elsewhere(other));
    }

    #[test]
    fn knowing_the_company_is_worth_the_same_after_any_length_of_service(months in 1u32..600) {
        let served = |months: u32| {
            let mut one = accountant();
            let last = one.tenures[0].to.unwrap();
            let first = last.index() - i32::try_from(months).unwrap() + 1;
            one.tenures[0].from = crate::domain::YearMonth::new(first / 12, (first % 12 + 1).unsigned_abs()).unwrap();
            let (unit, ..) = knowing_the_product(&one, "在庫くん");
            one.tenures[0].description.push_str("在庫くんの運用も担当した。");
            one.tenures[0].department = "物流部".to_owned();
            one.tenures[0].title = "担当".to_owned();
            let (product, ..) = knowing_the_product(&one, "在庫くん");
            (unit, product)
        };
        prop_assert_eq!(served(months), served(60));
        prop_assert_eq!(served(months).0, served(months).1);
    }
}
