//! Which lists of candidates a person stood in: for the person to read, with the computation as the recruiter had it.
//!
//! - It tells nothing of lists that left the person out, and not who the reader was, but as what they read it.

use std::collections::HashMap;
use std::sync::Arc;

use okaeri_engine::domain::{AlumnusId, Opportunity, OpportunityId, Viewer};
use okaeri_engine::features::FeatureId;
use okaeri_engine::ranking::Side;

use super::Fault;
use super::audit::{self, RankedIn};
use super::served::Pair;
use crate::app::App;
use crate::db::opportunities;
use crate::db::served_lists::ServedListKind;

/// Newest lists and searches that are looked at; the export has all.
pub const RANKINGS_MAX: usize = 200;

/// A list of candidates that a person stood in.
pub struct Ranking {
    /// As it was recorded.
    pub recorded: RankedIn,
    /// For which opportunity, as it is now.
    pub opportunity: Opportunity,
    /// Why. `None` once the opportunity's or the person's text is not at hand.
    pub pair: Option<Pair>,
}

/// The newest lists of candidates that the person stood in, latest first.
pub async fn rankings(app: &App, viewer: &Viewer, alumnus_id: AlumnusId) -> Result<Vec<Ranking>, Fault> {
    let company_id = viewer.company_id;
    let projection = app.projections.barrier(company_id).await?;
    let mut recorded = audit::rankings_of(&app.db, company_id, alumnus_id, None, RANKINGS_MAX).await?;
    recorded.retain(|ranking| ranking.kind == ServedListKind::Candidates);
    let subjects: Vec<OpportunityId> = recorded
        .iter()
        .filter_map(|ranking| ranking.opportunity_id)
        .collect();
    let offers: HashMap<OpportunityId, Opportunity> = opportunities::load(&app.db, company_id, &subjects)
        .await?
        .into_iter()
        .map(|offer| (offer.id, offer))
        .collect();
    let state = projection.state();
    let mut rankings = Vec::with_capacity(recorded.len());
    for recorded in recorded {
        let Some(offer) = recorded.opportunity_id.and_then(|id| offers.get(&id)) else {
            continue;
        };
        let analyzed = state
            .opportunities
            .get(&offer.id)
            .map(|entry| Arc::clone(&entry.analyzed));
        let profile = state.pool.kept(alumnus_id).cloned();
        let contributions = in_model_order(&recorded.contributions);
        let pair = analyzed.zip(profile).map(|(opportunity, profile)| Pair {
            opportunity,
            alumnus_id,
            profile,
            base: recorded.base,
            contributions,
            side: Side::Candidate,
            reader: None,
            as_of: recorded.at,
            contention: None,
            projection: Arc::clone(&projection),
        });
        rankings.push(Ranking {
            recorded,
            opportunity: offer.clone(),
            pair,
        });
    }
    Ok(rankings)
}

/// What each feature added, in the model's order; what was not recorded added nothing.
fn in_model_order(recorded: &[(FeatureId, f64)]) -> Vec<f64> {
    let value = |feature: &FeatureId| {
        let found = recorded.iter().find(|(of, _)| of == feature);
        found.map_or(0.0, |(_, value)| *value)
    };
    FeatureId::ALL.iter().map(value).collect()
}
