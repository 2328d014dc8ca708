//! Recency and length of the matching experience, and what was gained since leaving.
//!
//! Five years and more are equal, so that length becomes no proxy of age.

use super::borne::Borne;
use super::field::ProfileField;
use crate::domain::YearMonth;

/// Months at which the length of matching experience saturates.
const LENGTH_SATURATES_MONTHS: f32 = 60.0;

/// Months after which matching experience is worth half as much: skills fade slowly. Chosen by hand.
const RECENCY_HALVES_MONTHS: f32 = 120.0;

/// How recent the matching experience is: the best of the jobs' likeness times freshness.
#[must_use]
pub fn recency(borne: &Borne, today: YearMonth) -> f32 {
    let values = borne.jobs.iter().map(|job| {
        let months_ago = match job.period {
            Some((_, Some(to))) => to.months_until(today) as f32,
            Some((_, None)) | None => 0.0,
        };
        job.likeness() * (-months_ago / RECENCY_HALVES_MONTHS).exp2()
    });
    values.fold(0.0, f32::max)
}

/// How long the matching experience is, against five years: of those that count, the most alike. What lies beyond five
/// years in all adds nothing, however little alike it is, so that length of service is no proxy of age.
#[must_use]
pub fn length(borne: &Borne, today: YearMonth) -> f32 {
    let jobs = borne.jobs.iter().filter_map(|job| {
        let (from, to) = job.period?;
        let n_months = from.months_until(to.unwrap_or(today)) as f32;
        Some((job.likeness(), n_months))
    });
    best_months(jobs.collect()) / LENGTH_SATURATES_MONTHS
}

/// The months of the most alike jobs, weighed by their likeness, until five years are full.
fn best_months(mut jobs: Vec<(f32, f32)>) -> f32 {
    jobs.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let mut left = LENGTH_SATURATES_MONTHS;
    let mut sum = 0.0;
    for (likeness, n_months) in jobs {
        let counted = n_months.min(left);
        left -= counted;
        sum += likeness * counted;
    }
    sum
}

/// The best likeness among the positions since leaving.
#[must_use]
pub fn gained_since_leaving(borne: &Borne) -> f32 {
    let since = borne
        .jobs
        .iter()
        .filter(|job| job.field == ProfileField::CareerAfter);
    since.map(|job| job.likeness()).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_month_beyond_five_years_counts(
            jobs in proptest::collection::vec((0.0_f32..=1.0, 0.0_f32..=480.0), 1..6),
            more in 0.0_f32..=480.0,
            idx in 0_usize..6,
        ) {
            let before = best_months(jobs.clone());
            prop_assert!(before <= LENGTH_SATURATES_MONTHS);
            // Whoever has five years at what they have been longest at is not moved by more of it.
            let mut longer = jobs.clone();
            let idx = idx % jobs.len();
            longer[idx].1 = longer[idx].1.max(LENGTH_SATURATES_MONTHS);
            let five_years = best_months(longer.clone());
            longer[idx].1 += more;
            prop_assert_eq!(best_months(longer).to_bits(), five_years.to_bits());
        }
    }
}
