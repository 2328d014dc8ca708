//! The trainer on lists whose answer is known.

use ndarray::Array1;

use super::*;
use crate::ranking::{Training, score};

/// Numbers in `[0, 1)` from a seed (SplitMix64, Steele et al. 2014).
fn numbers(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// The weights that grade the synthetic lists: two features of substance and one obstacle.
fn truth() -> Array1<f64> {
    let mut weights = Array1::zeros(FeatureId::ALL.len());
    weights[FeatureId::LatentSimilarity as usize] = 0.5;
    weights[FeatureId::TextRelevance as usize] = 0.25;
    weights[FeatureId::PlaceFit as usize] = 0.25;
    weights
}

fn even_prior() -> Array1<f64> {
    let is_scored = |feature: &FeatureId| feature.group() != Group::Feed;
    let n = FeatureId::ALL.iter().filter(|feature| is_scored(feature)).count() as f64;
    let weights = FeatureId::ALL.iter();
    weights
        .map(|feature| if is_scored(feature) { 1.0 / n } else { 0.0 })
        .collect()
}

/// Lists whose best twelfths have the grades 3, 2 and 1 by [`truth`].
pub(super) fn synthetic(n_lists: usize, n_people: usize) -> Vec<GradedList> {
    let judge = Model::bundled().with_weights(truth());
    (0..n_lists)
        .map(|n| {
            let mut next = numbers(n as u64);
            let mut features = FeatureMatrix::zeros((n_people, FeatureId::ALL.len()));
            for feature in FeatureId::ALL
                .iter()
                .filter(|feature| feature.group() != Group::Feed)
            {
                features
                    .column_mut(*feature as usize)
                    .mapv_inplace(|_| next() as f32);
            }
            let scores: Vec<f64> = score::apply(&judge, &features)
                .iter()
                .map(|one| one.score)
                .collect();
            let mut order: Vec<usize> = (0..n_people).collect();
            order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
            let mut grades = vec![0.0; n_people];
            for (place, row) in order.iter().enumerate() {
                grades[*row] = 3.0 - (place * 12 / n_people).min(3) as f64;
            }
            GradedList {
                id: format!("r{n:02}"),
                features,
                judged: grades.clone(),
                grades,
                contrasts: Vec::new(),
            }
        })
        .collect()
}

fn borrowed(lists: &[GradedList]) -> Vec<&GradedList> {
    lists.iter().collect()
}

#[test]
fn the_weights_that_graded_the_lists_are_found_again() {
    let lists = synthetic(12, 120);
    let options = Options {
        lambda: 0.001,
        ..Options::default()
    };
    let found = fit(&borrowed(&lists), &even_prior(), &options).unwrap();
    // What lies above the floors is shared as the judge shared it.
    let above = found.mapv(|weight| (weight - WEIGHT_FLOOR).max(0.0));
    let share = |feature: FeatureId| above[feature as usize] / above.sum();
    assert!((share(FeatureId::LatentSimilarity) - 0.5).abs() < 0.06, "{found}");
    assert!((share(FeatureId::TextRelevance) - 0.25).abs() < 0.06, "{found}");
    assert!((share(FeatureId::PlaceFit) - 0.25).abs() < 0.06, "{found}");
}

#[test]
fn what_is_found_is_a_model() {
    let lists = synthetic(6, 60);
    for (lambda, prior) in [(0.0, even_prior()), (0.1, truth()), (10.0, even_prior())] {
        let options = Options {
            lambda,
            ..Options::default()
        };
        let found = fit(&borrowed(&lists), &prior, &options).unwrap();
        assert!(found.iter().all(|weight| *weight >= 0.0), "{found}");
        assert!((found.sum() - 1.0).abs() < 1e-9, "{found}");
        let of = |group| {
            let of_group = FeatureId::ALL
                .iter()
                .filter(move |feature| feature.group() == group);
            of_group.map(|feature| found[*feature as usize]).sum::<f64>()
        };
        assert!(of(Group::Obstacle) <= of(Group::Substance) + 1e-5);
        assert_eq!(of(Group::Feed), 0.0);
    }
}

#[test]
fn training_twice_or_in_another_order_finds_the_same() {
    let lists = synthetic(6, 60);
    let mut backwards = borrowed(&lists);
    backwards.reverse();
    let options = Options::default();
    let first = fit(&borrowed(&lists), &even_prior(), &options).unwrap();
    assert_eq!(first, fit(&borrowed(&lists), &even_prior(), &options).unwrap());
    let other = fit(&backwards, &even_prior(), &options).unwrap();
    assert!(
        (&first - &other).iter().all(|one| one.abs() < 1e-3),
        "{first} {other}"
    );
}

#[test]
fn a_prior_that_outweighs_everything_is_the_answer() {
    let lists = synthetic(4, 40);
    let options = Options {
        lambda: STRENGTH_MAX,
        ..Options::default()
    };
    let prior = Model::bundled().weights().clone();
    let found = fit(&borrowed(&lists), &prior, &options).unwrap();
    assert!((&found - &prior).iter().all(|one| one.abs() < 1e-5), "{found}");
}

#[test]
fn a_contrast_lifts_what_sets_its_people_apart() {
    let mut lists = synthetic(1, 40);
    let (fit_row, decoy) = (0, 1);
    lists[0].grades.fill(0.0);
    lists[0].features.row_mut(decoy).fill(0.5);
    lists[0].features.row_mut(fit_row).fill(0.5);
    lists[0].features[[fit_row, FeatureId::EvidenceStrength as usize]] = 0.9;
    assert_eq!(
        fit(&borrowed(&lists), &even_prior(), &Options::default()),
        Err(TrainError::NothingToLearn)
    );
    lists[0].contrasts.push((fit_row, decoy));
    let found = fit(&borrowed(&lists), &even_prior(), &Options::default()).unwrap();
    let evidence = FeatureId::EvidenceStrength as usize;
    assert!(found[evidence] > 2.0 * even_prior()[evidence], "{found}");
}

#[test]
fn folds_keep_to_the_identifiers_and_leave_each_list_out_once() {
    let ids = ["r01", "c02", "s01", "c01", "r02"];
    assert_eq!(fold_of(&ids, 2), [0, 1, 0, 0, 1]);
    let lists = synthetic(5, 40);
    let options = Options {
        folds: 5,
        ..Options::default()
    };
    let weights = cross_validate(&borrowed(&lists), &even_prior(), &options).unwrap();
    let without_first = fit(&borrowed(&lists[1..]), &even_prior(), &options).unwrap();
    assert_eq!(weights[0], without_first);
    assert_eq!(
        cross_validate(&borrowed(&lists[..1]), &even_prior(), &options),
        Err(TrainError::TooFewLists { n_lists: 1 })
    );
}

#[test]
fn options_out_of_range_are_named() {
    for (options, name) in [
        (
            Options {
                lambda: f64::NAN,
                ..Options::default()
            },
            "lambda",
        ),
        (
            Options {
                temperature: 0.0,
                ..Options::default()
            },
            "temperature",
        ),
        (
            Options {
                folds: 1,
                ..Options::default()
            },
            "folds",
        ),
    ] {
        assert!(options.check().unwrap_err().to_string().contains(name));
    }
}

#[test]
fn a_trained_model_reads_back_with_its_lists_and_its_prior() {
    let lists = synthetic(3, 40);
    let prior = Model::bundled();
    let weights = fit(&borrowed(&lists), prior.weights(), &Options::default()).unwrap();
    let means = means(&borrowed(&lists), &prior.with_weights(weights.clone()));
    let scored = FeatureId::ALL.iter().filter(|one| one.group() != Group::Feed);
    let training = Training {
        company: "aoba".to_owned(),
        lists: lists.iter().map(|list| list.id.clone()).collect(),
        options: Options::default(),
        prior_version: prior.version().to_owned(),
        prior_weights: scored.map(|one| (*one, prior.weights()[*one as usize])).collect(),
    };
    let model = Model::trained("2".to_owned(), "by a test".to_owned(), training, weights, means).unwrap();
    let json = model.to_json();
    assert_eq!(Model::from_json(&json).unwrap(), model);
    assert_eq!(&model.training().unwrap().prior(), prior.weights());

    let error = Model::from_json(&json.replace("\"folds\": 10", "\"folds\": 0")).unwrap_err();
    assert!(error.to_string().contains("folds is 0"), "{error}");
}
