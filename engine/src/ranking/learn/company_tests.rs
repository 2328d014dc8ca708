use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::random::Random;

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
    assert!((after(&[(1, &apart)]) - 1.0).abs() < 1e-9);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_decisions_leave_a_model_within_bounds(seed in any::<u64>(), n in 1u128..60) {
        let model = Model::bundled();
        let mut random = Random::new(seed, 0);
        let mut weights = CompanyWeights::new();
        for n in 0..n {
            let rows: Vec<ShownCandidate> = (0..1 + random.below(8)).map(|_| {
                shown(std::array::from_fn(|_| random.below(1_000) as f32 / 999.0))
            }).collect();
            let decision = if random.is_one_in(2) { Decision::Chosen } else { Decision::Rejected };
            weights.learn(&model, list(n), &rows, decision);
        }
        prop_assert!(weights.is_readable());
        let learnt = weights.apply(&model);
        // A record reads only a model whose weights are one.
        prop_assert_eq!(&Model::from_record(&learnt.to_record()).unwrap().0.weights(), &learnt.weights());
        for feature in FeatureId::ALL.iter().filter(|one| one.group() != Group::Feed) {
            let factor = weights.factor(*feature);
            prop_assert!((FACTOR_MIN..=FACTOR_MAX).contains(&factor), "{feature:?} {factor}");
        }
        let stored = postcard::to_stdvec(&weights).unwrap();
        prop_assert_eq!(postcard::from_bytes::<CompanyWeights>(&stored).unwrap(), weights);
    }
}
