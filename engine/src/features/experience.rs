//! Recency and length of the matching experience, the unit it was gained in, and what was gained since leaving.
//!
//! Five years and more are equal, and a unit's share is capped, so that neither becomes a proxy of age.

use super::field::ProfileField;
use super::matching::{EntryMatch, Match};
use crate::domain::{Profile, YearMonth};

/// The share of the wanted words at which a job counts as the same work.
const SAME_WORK_SHARE: f32 = 0.3;

/// Months at which the length of matching experience saturates.
const LENGTH_SATURATES_MONTHS: f32 = 60.0;

/// Months after which matching experience is worth half as much: skills fade slowly. Chosen by hand.
const RECENCY_HALVES_MONTHS: f32 = 120.0;

/// The most that the unit's name can add: half of it shared is as good as all of it.
const UNIT_SHARE_CAP: f32 = 0.5;

/// How recent the matching experience is: the best of the jobs' likeness times freshness.
#[must_use]
pub fn recency(found: &Match, profile: &Profile, today: YearMonth) -> f32 {
    let values = found.entries.iter().map(|entry| {
        let months_ago = match period(entry, profile) {
            Some((_, Some(to))) => to.months_until(today) as f32,
            Some((_, None)) | None => 0.0,
        };
        likeness(entry) * (-months_ago / RECENCY_HALVES_MONTHS).exp2()
    });
    values.fold(0.0, f32::max)
}

/// How long the matching experience is, in all, against five years.
#[must_use]
pub fn length(found: &Match, profile: &Profile, today: YearMonth) -> f32 {
    let months = found.entries.iter().map(|entry| match period(entry, profile) {
        Some((from, to)) => likeness(entry) * from.months_until(to.unwrap_or(today)) as f32,
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
pub fn gained_since_leaving(found: &Match) -> f32 {
    let values = found
        .entries
        .iter()
        .filter(|entry| entry.field == ProfileField::CareerAfter)
        .map(likeness);
    values.fold(0.0, f32::max)
}

/// How much a job is the wanted work, from 0 to 1.
#[must_use]
pub fn likeness(entry: &EntryMatch) -> f32 {
    (entry.share / SAME_WORK_SHARE).min(1.0)
}

/// First and last month; no last month while it lasts or when it is not known.
#[must_use]
pub fn period(entry: &EntryMatch, profile: &Profile) -> Option<(YearMonth, Option<YearMonth>)> {
    let idx = usize::from(entry.entry);
    match entry.field {
        ProfileField::Tenure => profile.tenures.get(idx).map(|tenure| (tenure.from, tenure.to)),
        ProfileField::CareerAfter => profile
            .career_after
            .get(idx)
            .map(|position| (position.from, position.to)),
        ProfileField::Headline
        | ProfileField::Summary
        | ProfileField::Skills
        | ProfileField::Qualifications
        | ProfileField::Languages
        | ProfileField::WorkStyle
        | ProfileField::Prefecture
        | ProfileField::ConfirmedOn => None,
    }
}
