//! Figures: each list measured under some order, and lists summed up by kind.

use super::baselines::Baseline;
use super::collect::EvaluatedList;
use super::intervals::{Interval, bootstrap_mean, wilson};
use super::judgments::Contrast;
use super::measures::{is_in_order, mean, ndcg_at, precision_at, recall_at};
use crate::domain::OpportunityKind;
use crate::features::{FeatureId, Group};
use crate::ranking::train::{self, GradedList, TrainError};
use crate::ranking::{Model, Training, score};

/// What P@5 counts.
const GOOD_GRADE: f64 = 1.5;
/// What recall@50 counts.
const USABLE_GRADE: f64 = 1.0;

/// Pairs of which the first belongs above the second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// How many stand so.
    pub n_in_order: usize,
    /// How many there are.
    pub n_all: usize,
}

impl Pairs {
    /// The 95 % interval of the share in order.
    #[must_use]
    pub fn interval(self) -> Interval {
        wilson(self.n_in_order, self.n_all)
    }

    fn add(self, other: Self) -> Self {
        Self {
            n_in_order: self.n_in_order + other.n_in_order,
            n_all: self.n_all + other.n_all,
        }
    }
}

/// The measures of one list.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The opportunity's number.
    pub opportunity: String,
    /// What is offered.
    pub kind: OpportunityKind,
    /// nDCG@10.
    pub ndcg_at_10: f64,
    /// P@5: grades of 1.5 and more, over min(5, how many there are).
    pub precision_at_5: f64,
    /// Recall@50: grades of 1 and more.
    pub recall_at_50: f64,
    /// Fits above decoys.
    pub fit_above_decoy: Pairs,
    /// Gaps above decoys.
    pub gap_above_decoy: Pairs,
    /// The first ten with their grades.
    pub first: Vec<(String, f64)>,
}

/// How many people of a list a report names.
const FIRST: usize = 10;

/// The rows of a list, best first; ties by row, which is the order of identifiers.
pub(super) fn order(scores: &[f64]) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..scores.len()).collect();
    rows.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
    rows
}

fn measure(list: &EvaluatedList, scores: &[f64]) -> Measured {
    let order = order(scores);
    let served: Vec<f64> = order.iter().map(|row| list.graded.grades[*row]).collect();
    let ranked: Vec<&String> = order.iter().map(|row| &list.alumni[*row]).collect();
    let judged = &list.graded.judged;
    let first = ranked.iter().zip(&served).take(FIRST);
    Measured {
        opportunity: list.id().to_owned(),
        kind: list.kind,
        ndcg_at_10: ndcg_at(10, &served, judged),
        precision_at_5: precision_at(5, GOOD_GRADE, &served, judged),
        recall_at_50: recall_at(50, USABLE_GRADE, &served, judged),
        fit_above_decoy: pairs(&ranked, &list.contrasts, Contrast::Fit),
        gap_above_decoy: pairs(&ranked, &list.contrasts, Contrast::Gap),
        first: first
            .map(|(alumnus, grade)| ((*alumnus).clone(), *grade))
            .collect(),
    }
}

fn pairs(ranked: &[&String], contrasts: &[(Contrast, String)], above: Contrast) -> Pairs {
    let of = |wanted: Contrast| contrasts.iter().filter(move |(contrast, _)| *contrast == wanted);
    let mut pairs = Pairs::default();
    for (_, upper) in of(above) {
        for (_, decoy) in of(Contrast::Decoy) {
            pairs.n_all += 1;
            pairs.n_in_order += usize::from(is_in_order(ranked, &upper, &decoy));
        }
    }
    pairs
}

/// The scores of one list's rows.
pub(super) fn scores(model: &Model, list: &EvaluatedList) -> Vec<f64> {
    let scored = score::apply(model, &list.graded.features);
    scored.into_iter().map(|one| one.score).collect()
}

/// Measures every list as the model ranks it.
#[must_use]
pub fn measure_model(lists: &[EvaluatedList], model: &Model) -> Vec<Measured> {
    lists
        .iter()
        .map(|list| measure(list, &scores(model, list)))
        .collect()
}

/// Measures every list as a baseline ranks it.
#[must_use]
pub fn measure_baseline(lists: &[EvaluatedList], baseline: Baseline) -> Vec<Measured> {
    let measured = lists
        .iter()
        .map(|list| measure(list, &list.baselines[baseline as usize]));
    measured.collect()
}

/// How many of the lists the model was trained on.
#[must_use]
pub fn n_trained_on(lists: &[EvaluatedList], company: &str, training: &Training) -> usize {
    lists
        .iter()
        .filter(|list| is_trained_on(list, company, training))
        .count()
}

fn is_trained_on(list: &EvaluatedList, company: &str, training: &Training) -> bool {
    training.company == company && training.lists.iter().any(|id| id == list.id())
}

/// Measures every list that the model was trained on as weights rank it that were trained in the same way on the
/// other folds; a list that it was not trained on, as the model itself does.
///
/// # Errors
///
/// [`TrainError`], such as too few lists to leave any out.
pub fn cross_validated(
    lists: &[EvaluatedList],
    company: &str,
    model: &Model,
    training: &Training,
) -> Result<Vec<Measured>, TrainError> {
    let of_training = |list: &&EvaluatedList| is_trained_on(list, company, training);
    let graded: Vec<&GradedList> = lists
        .iter()
        .filter(of_training)
        .map(|list| &list.graded)
        .collect();
    let weights = train::cross_validate(&graded, &training.prior(), &training.options)?;
    let mut held_out = weights.into_iter();
    let mut measured = Vec::with_capacity(lists.len());
    for list in lists {
        let weights = if of_training(&list) { held_out.next() } else { None };
        let model_of_list = weights.map_or_else(|| model.clone(), |weights| model.with_weights(weights));
        measured.push(measure(list, &scores(&model_of_list, list)));
    }
    Ok(measured)
}

/// A mean over lists with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// The 95 % interval.
    pub interval: Interval,
}

impl Estimate {
    fn of(values: &[f64]) -> Self {
        Self {
            mean: mean(values),
            interval: bootstrap_mean(values),
        }
    }
}

/// What several lists amount to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// nDCG@10.
    pub ndcg_at_10: Estimate,
    /// P@5.
    pub precision_at_5: Estimate,
    /// Recall@50.
    pub recall_at_50: Estimate,
    /// Fits above decoys, over all lists.
    pub fit_above_decoy: Pairs,
    /// Gaps above decoys, over all lists.
    pub gap_above_decoy: Pairs,
}

/// The figures of one kind, or of all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// The kind's code, or `all`.
    pub kind: &'static str,
    /// How many lists.
    pub n_lists: usize,
    /// Over them.
    pub figures: Figures,
}

/// Sums lists up by kind, and all of them last; kinds without lists are left out.
#[must_use]
pub fn summarize(measured: &[Measured]) -> Vec<Summary> {
    let kinds = OpportunityKind::ALL.iter().map(|kind| Some(*kind)).chain([None]);
    let mut rows = Vec::new();
    for kind in kinds {
        let of_kind: Vec<&Measured> = measured
            .iter()
            .filter(|one| kind.is_none_or(|kind| one.kind == kind))
            .collect();
        if !of_kind.is_empty() {
            rows.push(Summary {
                kind: kind.map_or("all", OpportunityKind::code),
                n_lists: of_kind.len(),
                figures: figures(&of_kind),
            });
        }
    }
    rows
}

fn figures(measured: &[&Measured]) -> Figures {
    let estimate = |value: fn(&Measured) -> f64| {
        Estimate::of(&measured.iter().map(|one| value(one)).collect::<Vec<_>>())
    };
    let sum = |value: fn(&Measured) -> Pairs| {
        measured
            .iter()
            .fold(Pairs::default(), |sum, one| sum.add(value(one)))
    };
    Figures {
        ndcg_at_10: estimate(|one| one.ndcg_at_10),
        precision_at_5: estimate(|one| one.precision_at_5),
        recall_at_50: estimate(|one| one.recall_at_50),
        fit_above_decoy: sum(|one| one.fit_above_decoy),
        gap_above_decoy: sum(|one| one.gap_above_decoy),
    }
}

/// What the model is worth without a part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Ablation {
    /// What was taken out: a feature's code, or a group's.
    pub without: &'static str,
    /// Whether it is a group.
    pub is_group: bool,
    /// The weight that it had.
    pub weight: f64,
    /// Over all lists, without it.
    pub figures: Figures,
}

/// Takes each group and each feature out in turn, the weights of the others scaled to the sum 1. What has no weight
/// is not listed: nothing would change.
#[must_use]
pub fn ablate(lists: &[EvaluatedList], model: &Model) -> Vec<Ablation> {
    let groups = [
        ("SUBSTANCE", Group::Substance),
        ("OBSTACLE", Group::Obstacle),
        ("CONFIDENCE", Group::Confidence),
    ];
    let mut rows = Vec::new();
    for (code, group) in groups {
        rows.extend(without(lists, model, code, true, |feature| {
            feature.group() == group
        }));
    }
    for taken_out in FeatureId::ALL {
        rows.extend(without(lists, model, taken_out.code(), false, |feature| {
            feature == *taken_out
        }));
    }
    rows
}

fn without(
    lists: &[EvaluatedList],
    model: &Model,
    code: &'static str,
    is_group: bool,
    is_taken_out: impl Fn(FeatureId) -> bool,
) -> Option<Ablation> {
    let mut weights = model.weights().clone();
    for feature in FeatureId::ALL.iter().filter(|feature| is_taken_out(**feature)) {
        weights[*feature as usize] = 0.0;
    }
    let kept: f64 = weights.sum();
    let weight = model.weights().sum() - kept;
    if weight <= 0.0 || kept <= 0.0 {
        return None;
    }
    weights /= kept;
    let measured = measure_model(lists, &model.with_weights(weights));
    Some(Ablation {
        without: code,
        is_group,
        weight,
        figures: figures(&measured.iter().collect::<Vec<_>>()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::FeatureMatrix;

    fn list(id: &str, kind: OpportunityKind, alumni: &[(&str, f64)]) -> EvaluatedList {
        let grades: Vec<f64> = alumni.iter().map(|(_, grade)| *grade).collect();
        let n = alumni.len();
        let descending: Vec<f64> = (0..n).rev().map(|n| n as f64).collect();
        EvaluatedList {
            kind,
            graded: GradedList {
                id: id.to_owned(),
                features: FeatureMatrix::zeros((n, FeatureId::ALL.len())),
                judged: vec![3.0, 1.0],
                grades,
                contrasts: Vec::new(),
            },
            alumni: alumni.iter().map(|(alumnus, _)| (*alumnus).to_owned()).collect(),
            contrasts: vec![
                (Contrast::Fit, "a1".to_owned()),
                (Contrast::Gap, "a2".to_owned()),
                (Contrast::Decoy, "a3".to_owned()),
            ],
            baselines: [descending.clone(), descending.clone(), descending],
        }
    }

    #[test]
    fn means_are_per_kind_and_pairs_are_summed() {
        let lists = [
            list(
                "r1",
                OpportunityKind::Role,
                &[("a1", 3.0), ("a2", 1.0), ("a3", 0.0)],
            ),
            list("r2", OpportunityKind::Role, &[("a3", 0.0), ("a1", 3.0)]),
            list("s1", OpportunityKind::SpeakerSlot, &[]),
        ];
        let measured = measure_baseline(&lists, Baseline::Words);
        let rows = summarize(&measured);
        let kinds: Vec<&str> = rows.iter().map(|row| row.kind).collect();
        assert_eq!(kinds, ["ROLE", "SPEAKER_SLOT", "all"]);
        let half = Pairs {
            n_in_order: 1,
            n_all: 2,
        };
        assert_eq!(rows[0].figures.fit_above_decoy, half);
        assert_eq!(rows[0].figures.gap_above_decoy, half);
        assert!((measured[0].ndcg_at_10 - 1.0).abs() < 1e-9);
        let recall = rows[2].figures.recall_at_50;
        assert!((recall.mean - (1.0 + 0.5 + 0.0) / 3.0).abs() < 1e-9);
        assert!(recall.interval.low < recall.mean && recall.mean < recall.interval.high);
    }

    #[test]
    fn a_group_or_feature_without_weight_is_not_taken_out() {
        let lists = [list("r1", OpportunityKind::Role, &[("a1", 3.0), ("a2", 1.0)])];
        let rows = ablate(&lists, &Model::bundled());
        assert!(rows.iter().any(|row| row.without == "OBSTACLE" && row.is_group));
        assert!(rows.iter().all(|row| row.weight > 0.0));
        assert!(
            !rows
                .iter()
                .any(|row| row.without == FeatureId::FeedDiversity.code())
        );
    }
}
