//! How good a ranking is, against graded lists and contrasts: measures with their uncertainty, baselines over the same
//! people, and where it goes wrong.
//!
//! - Never changes a ranking; what it measures is what [`crate::ranking`] serves.
//! - A figure on lists that the weights were learnt from is called in-sample, and stands beside a cross-validated one.
//! - Randomness is seeded: the same lists give the same intervals.

pub mod baselines;
mod collect;
mod errors;
mod intervals;
mod judgments;
mod measures;
mod report;

pub use collect::{Collector, EvaluatedList};
pub use errors::{Decider, Placed, RankingError, worst_errors};
pub use intervals::{Interval, bootstrap_mean, wilson};
pub use judgments::{Contrast, Contrasts, Grades, JudgmentError, parse_contrasts, parse_grades};
pub use measures::{is_in_order, mean, ndcg_at, precision_at, recall_at};
pub use report::{
    Ablation, Estimate, Figures, Measured, Pairs, Summary, ablate, cross_validated, measure_baseline,
    measure_model, n_trained_on, summarize,
};
