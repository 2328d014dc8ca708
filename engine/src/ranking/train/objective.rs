//! What training makes small: a logistic loss over pairs of people, each weighed by what swapping them would do to
//! nDCG@10, and the distance from the prior.
//!
//! The weighing is LambdaRank's (Burges, "From RankNet to LambdaRank to LambdaMART", 2010): pairs at the top of the
//! list under the current weights count most, because they decide what is seen.

use ndarray::{Array1, Array2, ArrayView1};

use super::{GradedList, Options};
use crate::features::{FeatureId, Group};

/// Grades that differ by less are in no order: two judges differ by as much.
const GRADE_DIFFERENCE_MIN: f64 = 0.4;

/// How many places nDCG@10 looks at.
const PLACES: usize = 10;

/// What a place below the tenth counts, against what its discount would be: nDCG@10 gives it nothing, but then nobody
/// from far down would ever be pulled up.
const BELOW_FACTOR: f64 = 0.5;

/// Pairs that would move nDCG@10 by less are left out: there are tens of thousands, and together they say little.
const GAIN_MIN: f64 = 1e-4;

/// Two people of one list: the first belongs above the second.
struct Pair {
    above: usize,
    below: usize,
    weight: f64,
}

/// One list, ready to be summed over.
struct Weighed {
    /// `[n_candidates, n_features]`; obstacles as `1 − f`.
    values: Array2<f64>,
    pairs: Vec<Pair>,
}

/// The function to be made small.
pub(super) struct Objective<'a> {
    lists: Vec<Weighed>,
    prior: &'a Array1<f64>,
    options: &'a Options,
}

impl<'a> Objective<'a> {
    /// Weighs the pairs of all lists under `weights`.
    pub(super) fn new(
        lists: &[&GradedList],
        prior: &'a Array1<f64>,
        weights: &[f64],
        options: &'a Options,
    ) -> Self {
        let lists = lists
            .iter()
            .map(|list| {
                let values = values(list);
                let scores = scores(&values, weights);
                Weighed {
                    pairs: pairs(list, &scores, options.contrast_weight),
                    values,
                }
            })
            .filter(|list| !list.pairs.is_empty());
        Self {
            lists: lists.collect(),
            prior,
            options,
        }
    }

    /// Whether no pair is in any order.
    pub(super) fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// The loss at `weights`, and its gradient.
    pub(super) fn loss(&self, weights: &[f64]) -> (f64, Vec<f64>) {
        let mut gradient: Vec<f64> = Vec::with_capacity(weights.len());
        let mut loss = 0.0;
        for (weight, prior) in weights.iter().zip(self.prior) {
            let distance = weight - prior;
            loss += self.options.lambda * distance * distance;
            gradient.push(2.0 * self.options.lambda * distance);
        }
        let n_lists = self.lists.len() as f64;
        for list in &self.lists {
            loss += self.list_loss(list, weights, n_lists, &mut gradient);
        }
        (loss, gradient)
    }

    fn list_loss(&self, list: &Weighed, weights: &[f64], n_lists: f64, gradient: &mut [f64]) -> f64 {
        let scores = scores(&list.values, weights);
        let temperature = self.options.temperature;
        let mut by_score = vec![0.0; scores.len()];
        let mut loss = 0.0;
        for pair in &list.pairs {
            let margin = temperature * (scores[pair.above] - scores[pair.below]);
            loss += pair.weight * log_one_plus_exp(-margin) / n_lists;
            let pull = -pair.weight * temperature * logistic(-margin) / n_lists;
            by_score[pair.above] += pull;
            by_score[pair.below] -= pull;
        }
        let substance_weight = substance_weight(weights);
        for (row, pull) in list.values.rows().into_iter().zip(by_score) {
            if pull != 0.0 {
                add_gradient(row, weights, substance_weight, pull, gradient);
            }
        }
        loss
    }
}

fn values(list: &GradedList) -> Array2<f64> {
    let mut values = list.features.mapv(f64::from);
    for feature in FeatureId::ALL
        .iter()
        .filter(|feature| feature.group() == Group::Obstacle)
    {
        values
            .column_mut(*feature as usize)
            .mapv_inplace(|value| 1.0 - value);
    }
    values
}

fn substance_weight(weights: &[f64]) -> f64 {
    let of_substance = FeatureId::ALL
        .iter()
        .filter(|feature| feature.group() == Group::Substance);
    // No less than what keeps a quotient finite.
    of_substance
        .map(|feature| weights[*feature as usize])
        .sum::<f64>()
        .max(1e-9)
}

/// Weighted sums over the groups of one row: substance, what obstacles take away, confidence.
fn parts(row: ArrayView1<'_, f64>, weights: &[f64]) -> (f64, f64, f64) {
    let (mut substance, mut missing, mut confidence) = (0.0, 0.0, 0.0);
    for ((feature, value), weight) in FeatureId::ALL.iter().zip(row).zip(weights) {
        match feature.group() {
            Group::Substance => substance += weight * value,
            Group::Obstacle => missing += weight * value,
            Group::Confidence => confidence += weight * value,
            Group::Feed => {}
        }
    }
    (substance, missing, confidence)
}

/// The scores of [`crate::ranking::score`], less the weight of the obstacles, which is the same for everybody.
fn scores(values: &Array2<f64>, weights: &[f64]) -> Vec<f64> {
    let substance_weight = substance_weight(weights);
    let rows = values.rows().into_iter();
    rows.map(|row| {
        let (substance, missing, confidence) = parts(row, weights);
        substance * (1.0 - missing / substance_weight) + confidence
    })
    .collect()
}

/// Adds the gradient of one row's score, `pull` times.
fn add_gradient(
    row: ArrayView1<'_, f64>,
    weights: &[f64],
    substance_weight: f64,
    pull: f64,
    gradient: &mut [f64],
) {
    let (substance, missing, _) = parts(row, weights);
    let kept = 1.0 - missing / substance_weight;
    let by_weight = substance * missing / (substance_weight * substance_weight);
    for ((feature, value), slope) in FeatureId::ALL.iter().zip(row).zip(gradient) {
        *slope += pull
            * match feature.group() {
                Group::Substance => value * kept + by_weight,
                Group::Obstacle => -value * substance / substance_weight,
                Group::Confidence => *value,
                Group::Feed => 0.0,
            };
    }
}

/// The pairs of a list with their weights under `scores`.
fn pairs(list: &GradedList, scores: &[f64], contrast_weight: f64) -> Vec<Pair> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
    let mut discounts = vec![0.0; scores.len()];
    for (place, row) in order.iter().enumerate() {
        let factor = if place < PLACES { 1.0 } else { BELOW_FACTOR };
        discounts[*row] = factor * discount(place);
    }
    let ideal = ideal(&list.judged);
    let mut pairs = Vec::new();
    for (above, grade) in list.grades.iter().enumerate().filter(|(_, grade)| **grade > 0.0) {
        for (below, lower) in list.grades.iter().enumerate() {
            if grade - lower <= GRADE_DIFFERENCE_MIN || ideal <= 0.0 {
                continue;
            }
            let gain = grade.exp2() - lower.exp2();
            let weight = (discounts[above] - discounts[below]).abs() * gain / ideal;
            if weight > GAIN_MIN {
                pairs.push(Pair { above, below, weight });
            }
        }
    }
    if contrast_weight > 0.0 {
        pairs.extend(list.contrasts.iter().map(|(above, below)| Pair {
            above: *above,
            below: *below,
            weight: contrast_weight,
        }));
    }
    pairs
}

/// What a gain counts at a 0-based place (Järvelin & Kekäläinen 2002).
fn discount(place: usize) -> f64 {
    1.0 / (place as f64 + 2.0).log2()
}

/// The discounted gain of the best possible first places.
fn ideal(judged: &[f64]) -> f64 {
    let mut judged = judged.to_vec();
    judged.sort_by(|a, b| b.total_cmp(a));
    let first = judged.iter().take(PLACES).enumerate();
    first
        .map(|(place, grade)| (grade.exp2() - 1.0) * discount(place))
        .sum()
}

/// `ln(1 + eˣ)` without overflow.
fn log_one_plus_exp(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// `1 / (1 + e⁻ˣ)` without overflow.
fn logistic(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        x.exp() / (1.0 + x.exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ranking::train::tests::synthetic;

    #[test]
    fn the_gradient_is_that_of_the_loss() {
        let lists = synthetic(3, 40);
        let lists: Vec<&GradedList> = lists.iter().collect();
        let n = FeatureId::ALL.len();
        let prior = Array1::from_elem(n, 1.0 / n as f64);
        let options = Options::default();
        let weights: Vec<f64> = (0..n).map(|idx| 0.02 + 0.01 * idx as f64).collect();
        let objective = Objective::new(&lists, &prior, &weights, &options);
        let (_, gradient) = objective.loss(&weights);
        let step = 1e-6;
        for idx in 0..n {
            let moved = |by: f64| {
                let mut weights = weights.clone();
                weights[idx] += by;
                objective.loss(&weights).0
            };
            let slope = (moved(step) - moved(-step)) / (2.0 * step);
            assert!(
                (slope - gradient[idx]).abs() < 1e-6,
                "{idx}: {slope} and {}",
                gradient[idx]
            );
        }
    }
}
