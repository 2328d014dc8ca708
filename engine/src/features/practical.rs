//! The practical side: place and remote style, hours, start, and how fresh the profile is.
//!
//! What a person did not say is neutral and becomes a point to confirm, never an obstacle.

use chrono::NaiveDate;

use crate::domain::{
    Opportunity, OpportunityKind, Prefecture, Profile, Remote, RemotePreference, WorkStyle, YearMonth,
};

/// What a profile says of the practical side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Practical {
    /// Where the person lives.
    pub prefecture: Option<Prefecture>,
    /// On which terms the person would work.
    pub work_style: Option<WorkStyle>,
    /// When the profile was last confirmed.
    pub confirmed_on: Option<NaiveDate>,
}

impl Practical {
    /// Of a profile.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        Self {
            prefecture: profile.prefecture,
            work_style: profile.work_style,
            confirmed_on: profile.confirmed_on,
        }
    }
}

/// What is not said counts a little below a fit.
const NOT_SAID: f32 = 0.85;

/// How well place and remote style fit.
#[must_use]
pub fn place_fit(opportunity: &Opportunity, profile: &Practical) -> f32 {
    let preference = profile.work_style.map(|style| style.remote);
    let is_slot = opportunity.kind() == OpportunityKind::SpeakerSlot;
    let reach = reach(opportunity, profile);
    match (opportunity.remote, preference) {
        (Remote::Remote, Some(RemotePreference::Onsite)) if !is_slot => 0.8,
        (Remote::Remote, _) => 1.0,
        // A slot is one day: a journey is a cost, not a way of life.
        (Remote::Hybrid | Remote::Onsite, preference) if is_slot => {
            let is_home_bound = preference == Some(RemotePreference::RemoteOnly);
            let will = if is_home_bound { 0.7 } else { 1.0 };
            will * (0.5 + 0.5 * reach)
        }
        (Remote::Hybrid, Some(RemotePreference::RemoteOnly)) => 0.25 + 0.25 * reach,
        (Remote::Onsite, Some(RemotePreference::RemoteOnly)) => 0.1 + 0.1 * reach,
        (Remote::Hybrid, _) => 0.25 + 0.75 * reach,
        (Remote::Onsite, Some(RemotePreference::Hybrid)) => 0.05 + 0.85 * reach,
        (Remote::Onsite, _) => 0.05 + 0.95 * reach,
    }
}

/// How well the person's home can reach the place, by the distance of the prefectural offices: one hour's commute
/// is no obstacle, half a day's is one.
fn reach(opportunity: &Opportunity, profile: &Practical) -> f32 {
    let Some(place) = opportunity.prefecture else {
        return 1.0;
    };
    let Some(home) = profile.prefecture else {
        return NOT_SAID;
    };
    if place == home {
        return 1.0;
    }
    match home.distance_km(place) {
        Some(km) if km <= 45.0 => 0.95,
        Some(km) if km <= 75.0 => 0.75,
        Some(km) if km <= 120.0 => 0.45,
        Some(km) if km <= 200.0 => 0.15,
        Some(_) | None => 0.0,
    }
}

/// Hours offered against hours asked; 1 for a speaker slot and where the opportunity asks for none.
#[must_use]
pub fn hours_fit(opportunity: &Opportunity, profile: &Practical) -> f32 {
    if opportunity.kind() == OpportunityKind::SpeakerSlot {
        return 1.0;
    }
    let Some(asked) = opportunity.hours_per_week.filter(|hours| *hours > 0) else {
        return 1.0;
    };
    let offered = profile.work_style.and_then(|style| style.hours_per_week);
    match offered {
        Some(offered) => (f32::from(offered) / f32::from(asked)).min(1.0),
        None => NOT_SAID,
    }
}

/// Availability against the first month of the work, or the month of a speaker slot's day; an opportunity that
/// says neither starts this month.
#[must_use]
pub fn start_fit(opportunity: &Opportunity, profile: &Practical, this_month: YearMonth) -> f32 {
    let day = opportunity.held_on().map(YearMonth::of);
    let wanted = day.or(opportunity.starts_on).unwrap_or(this_month);
    let available = profile.work_style.and_then(|style| style.available_from);
    let Some(available) = available else {
        return 1.0;
    };
    let is_slot = day.is_some();
    match wanted.months_until(available) {
        0 => 1.0,
        // For a talk, availability for work says little about one evening.
        _ if is_slot => 0.8,
        1 => 0.8,
        2 => 0.65,
        3 => 0.5,
        4..=6 => 0.3,
        _ => 0.1,
    }
}

/// How recently the person confirmed the profile: 1 within half a year, falling to 0 at four years. Neutral when
/// never confirmed, as an imported record is.
#[must_use]
pub fn freshness(profile: &Practical, today: NaiveDate) -> f32 {
    const NEUTRAL: f32 = 0.75;
    const FRESH_DAYS: f32 = 182.0;
    const STALE_DAYS: f32 = 4.0 * 365.0;
    let Some(confirmed_on) = profile.confirmed_on else {
        return NEUTRAL;
    };
    let age_days = (today - confirmed_on).num_days().max(0) as f32;
    1.0 - ((age_days - FRESH_DAYS) / (STALE_DAYS - FRESH_DAYS)).clamp(0.0, 1.0)
}
