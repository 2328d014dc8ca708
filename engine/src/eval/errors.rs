//! The worst errors of a ranking: pairs of people in the wrong order, and what decided it.

use std::collections::HashSet;

use super::collect::EvaluatedList;
use super::judgments::Contrast;
use super::report::order;
use crate::features::FeatureId;
use crate::ranking::{Model, score};

/// One feature's part in an error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decider {
    /// Which.
    pub feature: FeatureId,
    /// Its contribution to who stands too high.
    pub high: f64,
    /// Its contribution to who stands too low.
    pub low: f64,
}

/// One person of an error.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// The company's own number.
    pub alumnus: String,
    /// The 1-based place.
    pub rank: usize,
    /// What they were graded.
    pub grade: f64,
    /// How they were written for the opportunity, if so.
    pub contrast: Option<Contrast>,
}

/// Two people in the wrong order.
#[derive(Clone, Debug, PartialEq)]
pub struct RankingError {
    /// The opportunity's number.
    pub opportunity: String,
    /// Who stands too high.
    pub high: Placed,
    /// Who stands too low.
    pub low: Placed,
    /// What swapping the two would add to nDCG@10.
    pub cost: f64,
    /// What decided for who stands too high, most first.
    pub deciders: Vec<Decider>,
}

/// How many contributions an error names.
const DECIDERS: usize = 3;

/// Grades that differ by less are in no order, as in training.
const GRADE_DIFFERENCE_MIN: f64 = 0.4;

/// The `n` pairs whose swap would add most to nDCG@10, the worst first. Nobody stands in two errors of one list: a
/// decoy in the first place is one error and not as many as there are good people below it.
#[must_use]
pub fn worst_errors(lists: &[EvaluatedList], model: &Model, n: usize) -> Vec<RankingError> {
    let mut errors: Vec<RankingError> = lists.iter().flat_map(|list| errors_of(list, model)).collect();
    errors.sort_by(|a, b| {
        b.cost
            .total_cmp(&a.cost)
            .then_with(|| a.opportunity.cmp(&b.opportunity))
            .then_with(|| a.high.rank.cmp(&b.high.rank))
    });
    errors.truncate(n);
    errors
}

fn errors_of(list: &EvaluatedList, model: &Model) -> Vec<RankingError> {
    let scored = score::apply(model, &list.graded.features);
    let scores: Vec<f64> = scored.iter().map(|one| one.score).collect();
    let order = order(&scores);
    let grades = &list.graded.grades;
    let discount = |place: usize| {
        if place < 10 {
            1.0 / (place as f64 + 2.0).log2()
        } else {
            0.0
        }
    };
    let mut ideal = list.graded.judged.clone();
    ideal.sort_by(|a, b| b.total_cmp(a));
    let best: f64 = ideal
        .iter()
        .enumerate()
        .map(|(place, grade)| (grade.exp2() - 1.0) * discount(place))
        .sum();

    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (upper, high) in order.iter().enumerate().take(10) {
        for (lower, low) in order.iter().enumerate().skip(upper + 1) {
            if grades[*low] - grades[*high] > GRADE_DIFFERENCE_MIN {
                let gain = grades[*low].exp2() - grades[*high].exp2();
                pairs.push((gain * (discount(upper) - discount(lower)) / best, upper, lower));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));

    let placed = |place: usize| Placed {
        alumnus: list.alumni[order[place]].clone(),
        rank: place + 1,
        grade: grades[order[place]],
        contrast: list.contrast_of(order[place]),
    };
    let mut named = HashSet::new();
    let mut errors = Vec::new();
    for (cost, upper, lower) in pairs {
        if named.contains(&upper) || named.contains(&lower) {
            continue;
        }
        named.extend([upper, lower]);
        errors.push(RankingError {
            opportunity: list.id().to_owned(),
            high: placed(upper),
            low: placed(lower),
            cost,
            deciders: deciders(
                &scored[order[upper]].contributions,
                &scored[order[lower]].contributions,
            ),
        });
    }
    errors
}

/// The contributions by which the first stands above the second, most first.
fn deciders(high: &[f64], low: &[f64]) -> Vec<Decider> {
    let mut deciders: Vec<Decider> = FeatureId::ALL
        .iter()
        .map(|feature| Decider {
            feature: *feature,
            high: high[*feature as usize],
            low: low[*feature as usize],
        })
        .filter(|one| one.high > one.low)
        .collect();
    deciders.sort_by(|a, b| (b.high - b.low).total_cmp(&(a.high - a.low)));
    deciders.truncate(DECIDERS);
    deciders
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::OpportunityKind;
    use crate::features::FeatureMatrix;
    use crate::ranking::train::GradedList;

    #[test]
    fn an_error_names_who_stands_too_high_and_what_decided() {
        let mut features = FeatureMatrix::zeros((2, FeatureId::ALL.len()));
        features[[0, FeatureId::TextRelevance as usize]] = 0.9;
        features[[1, FeatureId::EvidenceStrength as usize]] = 0.1;
        let list = EvaluatedList {
            kind: OpportunityKind::Role,
            graded: GradedList {
                id: "r1".to_owned(),
                features,
                grades: vec![0.0, 3.0],
                judged: vec![3.0],
                contrasts: vec![(1, 0)],
            },
            alumni: vec!["a1".to_owned(), "a2".to_owned()],
            contrasts: vec![
                (Contrast::Decoy, "a1".to_owned()),
                (Contrast::Fit, "a2".to_owned()),
            ],
            baselines: [vec![0.0; 2], vec![0.0; 2], vec![0.0; 2]],
        };
        let errors = worst_errors(&[list], &Model::bundled(), 5);
        let [error] = &errors[..] else {
            panic!("{errors:?}")
        };
        assert_eq!(
            (error.high.alumnus.as_str(), error.high.contrast),
            ("a1", Some(Contrast::Decoy))
        );
        assert_eq!((error.low.alumnus.as_str(), error.low.rank), ("a2", 2));
        assert_eq!(error.deciders[0].feature, FeatureId::TextRelevance);
        assert!((error.cost - (1.0 - 1.0 / 3_f64.log2())).abs() < 1e-9);
    }
}
