//! Evidence strength: whether what is asked for stands in work that the person tells of as their own.

use super::Subject;
use super::borne::Coverage;
use super::lived::LivedExperience;
use super::query::Query;

/// The share of what is asked for that jobs and titles bear out, distances counted. A claim that no job bears out
/// adds nothing here. For a speaker slot that asks for lived experience: whether the person tells of it as their own.
#[must_use]
pub fn strength(query: &Query<'_>, coverage: &Coverage, subject: Subject<'_>) -> f32 {
    if query.lived != LivedExperience::NONE {
        return if query.is_own(subject) { 1.0 } else { 0.0 };
    }
    coverage.core_in_jobs
}
