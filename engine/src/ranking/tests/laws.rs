//! Laws of the ranking: sums, finiteness, order, twins, counts.

use super::*;

#[test]
fn own_circumstances_change_no_score_for_a_role() {
    let twin = |summary: &str| Profile {
        summary: Some(summary.to_owned()),
        ..accountant()
    };
    let plain = score_of(&accounting(), &twin("決算が得意です。"));
    for own in [
        "母の介護で退職しました。決算が得意です。",
        "夫の転勤で退職しました。決算が得意です。",
        "決算が得意です。45歳です。",
    ] {
        assert!(
            (score_of(&accounting(), &twin(own)) - plain).abs() < 1e-9,
            "{own}"
        );
    }
}

#[test]
fn more_than_five_years_of_matching_experience_are_equal() {
    let since = |from: &str| {
        let mut profile = accountant();
        profile.tenures[0].from = from.parse().unwrap();
        score_of(&accounting(), &profile)
    };
    assert_eq!(since("1990-04"), since("2010-04"));
    assert!(since("2010-04") > since("2022-04"));
}

#[test]
fn a_first_talk_is_no_handicap() {
    let slot = opportunity(
        Terms::SpeakerSlot(SlotTerms {
            held_on: "2027-02-24".parse().ok(),
            ..SlotTerms::default()
        }),
        "連結決算の現場",
        &["連結決算の実務"],
        "決算をまとめた経験をお話しください。",
    );
    let has_spoken = Profile {
        summary: Some("大学の講演に登壇し、セミナーの講師をしました。".to_owned()),
        ..accountant()
    };
    let (first, again) = (score_of(&slot, &accountant()), score_of(&slot, &has_spoken));
    assert!(first > again - 0.01, "{first} {again}");
}

#[test]
fn each_rule_counts_whom_it_leaves_out() {
    let mut pool = pool(&[accountant(), accountant(), accountant()]);
    pool.set_standing(id(0), Standing::new(AlumnusStatus::Active, &[], &[], None, 96));
    let withheld = HashMap::from([(id(1), Ineligible::Rejected)]);
    let request = RankRequest {
        opportunity: &accounting(),
        policy: &Policy::default(),
        now: now(),
        withheld: &withheld,
        reader: &Asker::COMPANY,
    };
    let ranking = rank(&request, &pool, &Model::bundled());
    assert_eq!(ranking.left_out[&Ineligible::NoInterest], 1);
    assert_eq!(ranking.left_out[&Ineligible::Rejected], 1);
    assert_eq!(ranking.candidates.len(), pool.len() - 2);
}

/// What a plan leaves when person 0 is in demand for many opportunities.
fn in_demand(opportunity: &AnalyzedOpportunity) -> market::Multipliers {
    let many: Vec<OpportunityId> = (1..6).map(|n| OpportunityId(Uuid::from_u128(n))).collect();
    let all = many.iter().copied().chain([opportunity.opportunity.id]);
    let wishes: Vec<market::Wish> = all
        .clone()
        .map(|opportunity_id| market::Wish {
            alumnus_id: id(0),
            opportunity_id,
            p: 0.9,
            q: 0.9,
        })
        .collect();
    let coordination = market::Coordination {
        wishes: &wishes,
        seats: &all.map(|id| (id, 1)).collect(),
        alpha: 1.0,
    };
    market::coordinate_lists(&coordination).unwrap()
}

#[test]
fn coordination_moves_whoever_is_in_demand_by_a_contribution_and_hides_nobody() {
    let opportunity = accounting();
    let alone = ranked(&opportunity, &pool(&[accountant(), accountant()]));
    assert_eq!(alone.candidates[0].alumnus_id, id(0));
    let mut together = alone.clone();
    together.coordinate(&in_demand(&opportunity));
    assert_eq!(together.candidates.len(), alone.candidates.len());
    assert_ne!(together.candidates[0].alumnus_id, id(0));
    for candidate in &together.candidates {
        let sum: f64 = candidate.contributions.iter().sum();
        assert!((together.base + sum - candidate.score).abs() < 1e-9);
        let moved = candidate.contributions[FeatureId::Coordination as usize];
        assert_eq!(moved < 0.0, candidate.alumnus_id == id(0));
        // Undone, it is the score that the person has without coordination.
        let before = alone
            .candidates
            .iter()
            .find(|one| one.alumnus_id == candidate.alumnus_id);
        assert!((candidate.score - moved - before.unwrap().score).abs() < 1e-12);
    }
    assert!(
        together
            .candidates
            .windows(2)
            .all(|pair| pair[0].score >= pair[1].score)
    );
}

#[test]
fn multipliers_of_one_change_no_bit_of_a_ranking() {
    let opportunity = accounting();
    let alone = ranked(&opportunity, &pool(&[accountant()]));
    let nothing = market::Coordination {
        wishes: &[],
        seats: &std::collections::BTreeMap::new(),
        alpha: 0.3,
    };
    let mut together = alone.clone();
    together.coordinate(&market::coordinate_lists(&nothing).unwrap());
    let bits = |ranking: &Ranking| {
        let scores = ranking.candidates.iter();
        scores
            .map(|one| (one.alumnus_id, one.score.to_bits()))
            .collect::<Vec<_>>()
    };
    assert_eq!(bits(&together), bits(&alone));
}

#[test]
fn a_coordinated_feed_holds_the_same_items_with_contributions_that_sum_to_the_score() {
    let pool = pool(&[accountant()]);
    let opportunities = [Arc::new(accounting())];
    let plan = in_demand(&opportunities[0]);
    let ask = |multipliers| {
        let request = FeedRequest {
            alumnus_id: id(0),
            opportunities: &opportunities,
            policy: &Policy::default(),
            now: now(),
            hidden: &HashMap::new(),
            choices: &OwnChoices::default(),
            kinds: None,
            multipliers,
        };
        feed(&request, &pool, &Model::bundled(), &Calibrations::default())
    };
    let (alone, together) = (ask(None), ask(Some(&plan)));
    assert_eq!(together.items.len(), alone.items.len());
    let item = &together.items[0];
    assert!(item.score < alone.items[0].score);
    let sum: f64 = item.contributions.iter().sum();
    assert!((together.base + sum - item.score).abs() < 1e-9);
    assert!(item.contributions[FeatureId::Coordination as usize] < 0.0);
}

#[test]
fn nothing_said_on_either_side_still_has_an_order_and_finite_scores() {
    let blank = role("", &[], "");
    let ranking = ranked(&blank, &pool(&[Profile::default(), accountant()]));
    assert_eq!(ranking.candidates.len(), 8);
    assert!(
        ranking
            .candidates
            .iter()
            .all(|candidate| candidate.score.is_finite())
    );
    assert_eq!(order(&accounting(), &[Profile::default(), accountant()]), [1, 0]);
    let nobody = ranked(&accounting(), &Pool::default());
    assert!(nobody.candidates.is_empty());
}

#[test]
fn people_alike_stand_in_the_order_of_their_identifiers() {
    let alike = vec![accountant(); 8];
    let expected: Vec<u128> = (0..8).collect();
    assert_eq!(order(&accounting(), &alike), expected);
}

#[test]
fn the_order_does_not_depend_on_the_order_of_arrival() {
    let forwards = pool(&[accountant()]);
    let mut backwards = Pool::default();
    let mut ids: Vec<AlumnusId> = forwards.ids().collect();
    ids.sort_unstable_by(|a, b| b.cmp(a));
    for id in ids {
        backwards.set_standing(id, standing());
        backwards.upsert_profile(id, forwards.profile(id).unwrap().clone());
    }
    let (a, b) = (
        ranked(&accounting(), &forwards),
        ranked(&accounting(), &backwards),
    );
    let ids = |ranking: &Ranking| {
        ranking
            .candidates
            .iter()
            .map(|one| one.alumnus_id)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&a), ids(&b));
    for (a, b) in a.candidates.iter().zip(&b.candidates) {
        assert!((a.score - b.score).abs() < 1e-5);
    }
}

fn row() -> impl Strategy<Value = Vec<f32>> {
    proptest::collection::vec(0.0_f32..=1.0, FeatureId::ALL.len())
}

proptest! {
    #[test]
    fn a_score_is_finite_in_range_and_the_sum_of_its_contributions(row in row()) {
        let model = Model::bundled();
        let scored = score::of(&model, ArrayView1::from(&row));
        let sum: f64 = scored.contributions.iter().sum();
        prop_assert!((model.base() + sum - scored.score).abs() < 1e-9);
        prop_assert!((-1e-9..=1.0 + 1e-9).contains(&scored.score));
    }

    #[test]
    fn raising_a_feature_never_lowers_the_score(
        row in row(),
        idx in 0..FeatureId::ALL.len(),
        up in 0.0_f32..=1.0,
    ) {
        let model = Model::bundled();
        let mut raised = row.clone();
        raised[idx] = raised[idx].max(up);
        let before = score::of(&model, ArrayView1::from(&row)).score;
        let after = score::of(&model, ArrayView1::from(&raised)).score;
        prop_assert!(after >= before - 1e-9);
    }
}

#[test]
fn the_bundled_model_says_how_it_was_obtained_and_weighs_nothing_of_the_feeds() {
    let model = Model::bundled();
    assert!(model.obtained().len() > 40);
    assert_eq!(model.group_weight(Group::Feed), 0.0);
}
