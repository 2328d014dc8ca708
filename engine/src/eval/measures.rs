//! Measures of one order.
//!
//! Knows nothing of people or opportunities: a ranking is a list of grades in the order served.

/// Normalized discounted cumulative gain (Järvelin & Kekäläinen 2002) with gains 2^grade − 1.
///
/// - `ranked`: grades in the order served, 0 for what is not judged
/// - `judged`: all grades of the opportunity, in any order
/// - returns 0 where nothing is relevant
#[must_use]
pub fn ndcg_at(n: usize, ranked: &[f64], judged: &[f64]) -> f64 {
    let mut ideal = judged.to_vec();
    ideal.sort_by(|a, b| b.total_cmp(a));
    let best = dcg_at(n, &ideal);
    if best > 0.0 { dcg_at(n, ranked) / best } else { 0.0 }
}

fn dcg_at(n: usize, grades: &[f64]) -> f64 {
    let gains = grades.iter().take(n).enumerate();
    gains
        .map(|(idx, grade)| (grade.exp2() - 1.0) / (idx as f64 + 2.0).log2())
        .sum()
}

/// The share of the first `n` with at least `grade`, over `min(n, how many there are)`; 0 when there are none.
#[must_use]
pub fn precision_at(n: usize, grade: f64, ranked: &[f64], judged: &[f64]) -> f64 {
    share(n, grade, ranked, n.min(n_with(grade, judged)))
}

/// The share of all with at least `grade` that are among the first `n`; 0 when there are none.
#[must_use]
pub fn recall_at(n: usize, grade: f64, ranked: &[f64], judged: &[f64]) -> f64 {
    share(n, grade, ranked, n_with(grade, judged))
}

fn share(n: usize, grade: f64, ranked: &[f64], of: usize) -> f64 {
    if of == 0 {
        return 0.0;
    }
    n_with(grade, &ranked[..n.min(ranked.len())]) as f64 / of as f64
}

fn n_with(grade: f64, grades: &[f64]) -> usize {
    grades.iter().filter(|one| **one >= grade).count()
}

/// Whether `above` stands above `below` in a list of identifiers. What is not in the list stands below all that is;
/// two that are not in it are in no order.
#[must_use]
pub fn is_in_order<T: PartialEq>(ranked: &[T], above: &T, below: &T) -> bool {
    let place = |wanted: &T| ranked.iter().position(|one| one == wanted).unwrap_or(usize::MAX);
    place(above) < place(below)
}

/// The mean; 0 of nothing.
#[must_use]
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ideal_order_scores_one_and_any_other_less() {
        let judged = [3.0, 2.0, 0.5];
        assert!((ndcg_at(10, &[3.0, 2.0, 0.5, 0.0], &judged) - 1.0).abs() < 1e-12);
        assert!(ndcg_at(10, &[2.0, 3.0, 0.5], &judged) < 1.0);
        assert_eq!(ndcg_at(10, &[0.0], &[]), 0.0);
    }

    #[test]
    fn precision_counts_over_no_more_than_there_are() {
        assert_eq!(precision_at(5, 1.5, &[3.0, 0.0, 2.0], &[3.0, 2.0, 1.0]), 1.0);
        assert_eq!(recall_at(2, 1.0, &[3.0, 0.0, 2.0], &[3.0, 2.0]), 0.5);
    }

    #[test]
    fn who_is_not_listed_stands_below_who_is() {
        assert!(is_in_order(&["a", "b"], &"a", &"c"));
        assert!(!is_in_order(&["a", "b"], &"c", &"d"));
    }
}
