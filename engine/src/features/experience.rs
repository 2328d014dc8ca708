//! Recency and length of the matching experience, the unit it was gained in, and what was gained since leaving.
//!
//! Five years and more are equal, and a unit's share is capped, so that neither becomes a proxy of age.

use super::field::ProfileField;
use super::matching::Match;
use super::needs::{Borne, JobNeeds};
use super::query::Query;
use crate::domain::{Profile, YearMonth};

/// Months at which the length of matching experience saturates.
const LENGTH_SATURATES_MONTHS: f32 = 60.0;

/// Months after which matching experience is worth half as much: skills fade slowly. Chosen by hand.
const RECENCY_HALVES_MONTHS: f32 = 120.0;

/// The most that the unit's name can add: half of it shared is as good as all of it.
const UNIT_SHARE_CAP: f32 = 0.5;

/// How recent the matching experience is: the best of the jobs' likeness times freshness.
#[must_use]
pub fn recency(query: &Query<'_>, borne: &Borne, profile: &Profile, today: YearMonth) -> f32 {
    let values = borne.jobs.iter().map(|job| {
        let months_ago = match period(job, profile) {
            Some((_, Some(to))) => to.months_until(today) as f32,
            Some((_, None)) | None => 0.0,
        };
        job.likeness(query) * (-months_ago / RECENCY_HALVES_MONTHS).exp2()
    });
    values.fold(0.0, f32::max)
}

/// How long the matching experience is, in all, against five years.
#[must_use]
pub fn length(query: &Query<'_>, borne: &Borne, profile: &Profile, today: YearMonth) -> f32 {
    let months = borne.jobs.iter().map(|job| match period(job, profile) {
        Some((from, to)) => job.likeness(query) * from.months_until(to.unwrap_or(today)) as f32,
        None => 0.0,
    });
    (months.sum::<f32>() / LENGTH_SATURATES_MONTHS).min(1.0)
}

/// The best likeness of a former department or title to the unit that offers the work.
#[must_use]
pub fn unit_adjacency(found: &Match) -> f32 {
    let shares = found
        .entries
        .iter()
        .filter(|entry| entry.field == ProfileField::Tenure)
        .map(|entry| entry.unit_share.min(UNIT_SHARE_CAP) / UNIT_SHARE_CAP);
    shares.fold(0.0, f32::max)
}

/// The best likeness among the positions since leaving.
#[must_use]
pub fn gained_since_leaving(query: &Query<'_>, borne: &Borne) -> f32 {
    let since = borne
        .jobs
        .iter()
        .filter(|job| job.field == ProfileField::CareerAfter);
    since.map(|job| job.likeness(query)).fold(0.0, f32::max)
}

/// First and last month; no last month while it lasts or when it is not known.
#[must_use]
pub fn period(job: &JobNeeds, profile: &Profile) -> Option<(YearMonth, Option<YearMonth>)> {
    let idx = usize::from(job.entry);
    match job.field {
        ProfileField::Tenure => profile.tenures.get(idx).map(|tenure| (tenure.from, tenure.to)),
        ProfileField::CareerAfter => profile
            .career_after
            .get(idx)
            .map(|position| (position.from, position.to)),
        _ => None,
    }
}
