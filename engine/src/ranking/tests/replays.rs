use super::*;
use crate::features::FeatureRow;

fn bits(values: impl IntoIterator<Item = f64>) -> Vec<u64> {
    values.into_iter().map(f64::to_bits).collect()
}

/// A model whose numbers have no short decimals.
fn awkward() -> Model {
    let model = Model::bundled();
    let shares = model.weights().mapv(|weight| weight / 3.0);
    let others = model.weights() - &shares;
    model.with_weights(others + shares)
}

#[test]
fn a_recorded_model_is_read_back_bit_for_bit() {
    let model = awkward();
    let (read, order) = Model::from_record(&model.to_record()).unwrap();
    assert_eq!(order, FeatureId::ALL);
    assert_eq!(read.version(), model.version());
    assert_eq!(
        bits(read.weights().iter().copied()),
        bits(model.weights().iter().copied())
    );
    assert_eq!(
        bits(read.means().iter().copied()),
        bits(model.means().iter().copied())
    );
    assert_eq!(read.base().to_bits(), model.base().to_bits());
}

#[test]
fn a_recorded_model_with_a_feature_that_is_none_is_refused_by_name() {
    let record = Model::bundled()
        .to_record()
        .replace("\"TITLE_MATCH\"", "\"SHOE_SIZE\"");
    let message = Model::from_record(&record).unwrap_err().to_string();
    assert!(message.contains("SHOE_SIZE"), "{message}");
}

proptest! {
    /// The order in which candidates were recorded, and whether somebody is missing by now, moves nobody's score.
    #[test]
    fn candidates_are_ranked_again_to_the_bit_from_their_inputs(
        rows in prop::collection::vec(prop::collection::vec(0f32..=1.0, FeatureId::ALL.len()), 1..12),
        multiplier in prop::option::of(0.1f64..=1.0),
        lifts in prop::collection::vec(prop::option::of(0f64..=0.5), 12),
        missing in 0usize..12,
    ) {
        let model = awkward();
        let recorded: Vec<(AlumnusId, CandidateInputs)> = rows
            .iter()
            .enumerate()
            .map(|(n, row)| {
                let features: FeatureRow = std::array::from_fn(|idx| row[idx]);
                let inputs = CandidateInputs {
                    features,
                    multiplier,
                    lift: lifts[n],
                };
                (id(n as u128), inputs)
            })
            .collect();
        let all = replay::candidates(&model, recorded.clone());
        let mut reversed = recorded.clone();
        reversed.reverse();
        prop_assert_eq!(&replay::candidates(&model, reversed), &all);
        for (_, candidate) in recorded.iter().zip(&all) {
            let sum = model.base() + candidate.contributions.iter().sum::<f64>();
            prop_assert!((candidate.score - sum).abs() < 1e-9);
        }
        let gone = id(missing as u128);
        let mut fewer = recorded;
        fewer.retain(|(id, _)| *id != gone);
        let mut expected = all;
        expected.retain(|candidate| candidate.alumnus_id != gone);
        prop_assert_eq!(replay::candidates(&model, fewer), expected);
    }
}
