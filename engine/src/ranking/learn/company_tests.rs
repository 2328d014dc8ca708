use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn list(n: u128) -> ServedListId {
    ServedListId(Uuid::from_u128(n))
}

fn shown(features: FeatureRow) -> ShownCandidate {
    ShownCandidate {
        features,
        is_apart: false,
    }
}

/// Everything at its mean but one feature.
fn with(model: &Model, feature: FeatureId, value: f32) -> ShownCandidate {
    let mut row = [0.0; FeatureId::ALL.len()];
    for (cell, mean) in row.iter_mut().zip(model.means()) {
        *cell = *mean as f32;
    }
    row[feature as usize] = value;
    shown(row)
}

#[test]
fn nothing_decided_is_the_model_itself() {
    let model = Model::bundled();
    assert_eq!(CompanyWeights::new().apply(&model), model);
}

#[test]
fn what_recruiters_choose_for_weighs_more_and_what_they_reject_in_spite_of_weighs_less() {
    let model = Model::bundled();
    let feature = FeatureId::MustHaveCoverage;
    let (mut chosen, mut rejected) = (CompanyWeights::new(), CompanyWeights::new());
    for n in 0..40 {
        let candidates = [with(&model, feature, 0.1), with(&model, feature, 0.9)];
        chosen.learn(&model, list(n), &candidates, Decision::Chosen);
        rejected.learn(&model, list(n), &candidates[1..], Decision::Rejected);
    }
    let weight = |weights: &CompanyWeights| weights.apply(&model).weights()[feature as usize];
    let before = model.weights()[feature as usize];
    assert!(weight(&chosen) > 1.05 * before, "{}", weight(&chosen) / before);
    assert!(
        weight(&rejected) < 0.95 * before,
        "{}",
        weight(&rejected) / before
    );
    assert_eq!(chosen.n_decisions(), 40);
    assert!(chosen.apply(&model).version().ends_with("+40"));
}

#[test]
fn who_was_passed_over_counts_once_a_list_and_who_stands_apart_never() {
    let model = Model::bundled();
    let feature = FeatureId::MustHaveCoverage;
    let above = with(&model, feature, 0.9);
    let apart = ShownCandidate {
        is_apart: true,
        ..above.clone()
    };
    let decided = with(&model, feature, model.means()[feature as usize] as f32);
    let after = |lists: &[(u128, &ShownCandidate)]| {
        let mut weights = CompanyWeights::new();
        for (n, above) in lists {
            let candidates = [(*above).clone(), decided.clone()];
            weights.learn(&model, list(*n), &candidates, Decision::Chosen);
        }
        weights.factor(feature)
    };
    assert!(after(&[(1, &above)]) < 1.0);
    assert!(after(&[(1, &above), (2, &above)]) < after(&[(1, &above), (1, &above)]));
    let mut alone = CompanyWeights::new();
    alone.learn(&model, list(1), std::slice::from_ref(&decided), Decision::Chosen);
    assert_eq!(after(&[(1, &apart)]), alone.factor(feature));
}

fn decided_list() -> impl Strategy<Value = (Vec<ShownCandidate>, Decision)> {
    let row = prop::collection::vec(0.0_f32..=1.0, FeatureId::ALL.len());
    let candidate = row.prop_map(|row| shown(std::array::from_fn(|idx| row[idx])));
    let decision = prop_oneof![Just(Decision::Chosen), Just(Decision::Rejected)];
    (prop::collection::vec(candidate, 1..9), decision)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_decisions_leave_a_model_within_bounds(lists in prop::collection::vec(decided_list(), 1..60)) {
        let model = Model::bundled();
        let mut weights = CompanyWeights::new();
        for (n, (rows, decision)) in (0..).zip(&lists) {
            weights.learn(&model, list(n), rows, *decision);
        }
        prop_assert!(weights.is_readable());
        let learnt = weights.apply(&model);
        // A record reads only a model whose weights are one.
        let (recorded, _) = Model::from_record(&learnt.to_record()).unwrap();
        prop_assert_eq!(recorded.weights(), learnt.weights());
        for feature in FeatureId::ALL.iter().filter(|one| one.group() != Group::Feed) {
            let factor = weights.factor(*feature);
            prop_assert!((FACTOR_MIN..=FACTOR_MAX).contains(&factor), "{feature:?} {factor}");
        }
        let stored = postcard::to_stdvec(&weights).unwrap();
        prop_assert_eq!(postcard::from_bytes::<CompanyWeights>(&stored).unwrap(), weights);
    }
}
