//! What a person's own choices do to their own feed: likeness to what they kept or declined, and what was learnt
//! from their answers. Each is a contribution.
//!
//! - Moves only what the floor let through: no choice hides anything, or brings in what does not fit.
//! - Of a person without choices nothing is changed, to the byte.

use std::collections::HashSet;
use std::sync::Arc;

use super::Pool;
use super::feed::ScoredOpportunity;
use super::learn::{Learnt, Preference};
use crate::domain::OpportunityId;
use crate::features::{AnalyzedOpportunity, FeatureId, Query, latent};

/// The most that likeness adds or takes away: less than half of what tells a good match from a fair one.
const LIKENESS_MAX: f64 = 0.04;

/// What a standing wish adds: a little more than likeness to what was saved, because a wish is said and not guessed.
const WISHED: f64 = 0.05;

/// Shares of likeness. The content decides; a kind alone, which a third of a company's opportunities share, says
/// little. They sum to 1; chosen by hand.
const SAME_KIND: f64 = 0.15;
const SAME_UNIT: f64 = 0.25;
const SAME_CONTENT: f64 = 0.6;

/// Most choices of each sort that likeness looks at, latest first: what a person wants changes, and each costs the
/// analysis of a query.
pub const CHOICES_MAX: usize = 20;

/// What a person chose, for their own feed alone.
#[derive(Clone, Debug, Default)]
pub struct OwnChoices {
    /// Saved, or with interest expressed; latest first.
    pub kept: Vec<Arc<AnalyzedOpportunity>>,
    /// Declined for what they are; latest first.
    pub declined: Vec<Arc<AnalyzedOpportunity>>,
    /// What was learnt from the person's answers; `None` before the first.
    pub preference: Option<Preference>,
    /// What the person's standing wishes ask for.
    pub wished: HashSet<OpportunityId>,
}

/// What a person's choices add to one item's score, before it is kept in `[0, 1]`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Own {
    /// For likeness to what was kept or declined.
    pub likeness: f64,
    /// For what the person's standing wishes ask for.
    pub wish: f64,
    /// For what was learnt from the person's answers.
    pub preference: f64,
    /// For what the answers do not say anything about yet.
    pub exploration: f64,
}

/// How alike two offers are, in `[0, 1]`.
fn likeness(one: &Query<'_>, other: &Query<'_>) -> f64 {
    let (own, others) = (&one.opportunity.opportunity, &other.opportunity.opportunity);
    let is_same_unit = own.department.is_some() && own.department == others.department;
    SAME_KIND * f64::from(u8::from(own.kind() == others.kind()))
        + SAME_UNIT * f64::from(u8::from(is_same_unit))
        + SAME_CONTENT * f64::from(latent::similarity(&one.latent, &other.latent).min(1.0))
}

/// Adds what the person's choices say to the scores; the order is the caller's business.
///
/// - `offers`: of the items, in their order
pub(super) fn apply(
    choices: &OwnChoices,
    pool: &Pool,
    offers: &[Query<'_>],
    items: &mut [ScoredOpportunity],
) {
    let kept = places(&choices.kept, pool);
    let declined = places(&choices.declined, pool);
    for (item, offer) in items.iter_mut().zip(offers) {
        let likeness = nearest(offer, &kept) - nearest(offer, &declined);
        item.inputs.own.likeness = LIKENESS_MAX * likeness;
        add(item, FeatureId::OwnChoices, item.inputs.own.likeness);
        if choices.wished.contains(&item.opportunity_id) {
            item.inputs.own.wish = WISHED;
        }
        add(item, FeatureId::StandingWish, item.inputs.own.wish);
    }
    let Some(preference) = &choices.preference else {
        return;
    };
    let described = items.iter().zip(offers).map(|(item, offer)| {
        let kind = offer.opportunity.opportunity.kind();
        (item.contributions.as_slice(), kind)
    });
    let learnt: Vec<Learnt> = preference.weigh(described);
    for (item, learnt) in items.iter_mut().zip(learnt) {
        item.inputs.own.preference = learnt.preference;
        item.inputs.own.exploration = learnt.exploration;
        add(item, FeatureId::LearntPreference, learnt.preference);
        add(item, FeatureId::Exploration, learnt.exploration);
    }
}

/// Adds what the person's choices once said, in the order in which [`apply`] adds it.
pub(super) fn apply_recorded(items: &mut [ScoredOpportunity]) {
    for item in items {
        let Own {
            likeness,
            wish,
            preference,
            exploration,
        } = item.inputs.own;
        add(item, FeatureId::OwnChoices, likeness);
        add(item, FeatureId::StandingWish, wish);
        add(item, FeatureId::LearntPreference, preference);
        add(item, FeatureId::Exploration, exploration);
    }
}

fn places<'a>(chosen: &'a [Arc<AnalyzedOpportunity>], pool: &Pool) -> Vec<Query<'a>> {
    chosen
        .iter()
        .take(CHOICES_MAX)
        .map(|one| pool.query(one))
        .collect()
}

/// The likeness to the nearest, the item itself not counted; 0 when there is none.
fn nearest(offer: &Query<'_>, chosen: &[Query<'_>]) -> f64 {
    let id = |one: &Query<'_>| one.opportunity.opportunity.id;
    let others = chosen.iter().filter(|other| id(other) != id(offer));
    others.fold(0.0, |best, other| best.max(likeness(offer, other)))
}

/// Adds to a score as far as it stays in `[0, 1]`.
fn add(item: &mut ScoredOpportunity, feature: FeatureId, value: f64) {
    if value == 0.0 {
        return;
    }
    let score = (item.score + value).clamp(0.0, 1.0);
    item.contributions[feature as usize] = score - item.score;
    item.score = score;
}
