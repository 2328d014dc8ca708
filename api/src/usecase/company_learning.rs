//! What recruiters' decisions teach the ranking of a company's candidates.
//!
//! - Only where the programme's policy says so, and only what the company wants: no feed reads it, and nothing that an
//!   alumnus answers is in it.
//! - A decision about one person, by the recruiter who was shown them: shortlisted, invited by name, rejected. Whom a
//!   preview reaches was chosen by the order and not by anybody.
//! - Learnt in the transaction that records the decision, from the newest list that showed the person to who decides.
//! - Everybody's lists are made of it. So nothing is learnt from whoever excludes anybody, as if they were in no list.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{AlumnusId, Asker, OpportunityId, Viewer};
use okaeri_engine::features::{FeatureId, Group};
use okaeri_engine::ranking::learn::{Decision, PASSED_OVER_MAX, ShownCandidate};

use super::candidacies::find_policy;
use super::served::{Entry, Served};
use super::{Failure, Fault, Rejection};
use crate::app::App;
use crate::db::change_log::{self, Change};
use crate::db::served_lists::{self, ServedList, ServedListKind};
use crate::db::{Transaction, candidacies, company_weights, standings};

/// How many of the newest lists are searched for the person: who is decided upon is nearly always on the screen.
const LISTS_MAX: u64 = 5;

/// What a company's ranking has learnt.
#[derive(Clone, Debug, PartialEq)]
pub struct Learnt {
    /// Whether the programme learns, and lists are ranked by it.
    pub is_on: bool,
    /// How many decisions were learnt.
    pub n_decisions: u64,
    /// The version of the model by which candidates are ranked.
    pub model_version: String,
    /// Each scored feature's weight.
    pub weights: Vec<FeatureWeight>,
}

/// How much a feature weighs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeatureWeight {
    /// Which.
    pub feature: FeatureId,
    /// For all companies to begin with, from 0 to 1.
    pub common: f64,
    /// For this company, from 0 to 1.
    pub own: f64,
}

/// What the viewer's company's ranking has learnt, as the next list is ranked by it.
pub async fn find(app: &App, viewer: &Viewer) -> Result<Learnt, Fault> {
    let projection = app.projections.barrier(viewer.company_id).await?;
    let state = projection.state();
    let model = state.candidate_model(&app.model);
    let scored = FeatureId::ALL.iter().filter(|one| one.group() != Group::Feed);
    let weights = scored.map(|feature| FeatureWeight {
        feature: *feature,
        common: app.model.weights()[*feature as usize],
        own: model.weights()[*feature as usize],
    });
    Ok(Learnt {
        is_on: state.policy.learns_from_decisions,
        n_decisions: state.weights.as_ref().map_or(0, |weights| weights.n_decisions()),
        model_version: model.version().to_owned(),
        weights: weights.collect(),
    })
}

/// Forgets everything that was learnt, for all servers before their next answer.
pub async fn forget(app: &App, viewer: &Viewer, is_meant: bool) -> Result<(), Failure> {
    if !is_meant {
        return Err(Rejection::not_meant().into());
    }
    let tx = app.db.begin_for(viewer.company_id).await?;
    if company_weights::delete(&tx, viewer.company_id).await? {
        change_log::append(&tx, viewer.company_id, Change::WeightsChanged, app.clock.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Learns a decision, in the transaction that records it.
pub(super) async fn learn(
    app: &App,
    tx: &Transaction,
    viewer: &Viewer,
    (alumnus_id, opportunity_id): (AlumnusId, OpportunityId),
    decision: Decision,
    at: DateTime<Utc>,
) -> Result<(), Fault> {
    if !find_policy(tx, viewer).await?.learns_from_decisions {
        return Ok(());
    }
    let Some((list, entries)) = find_shown(tx, viewer, alumnus_id, opportunity_id, at).await? else {
        return Ok(());
    };
    let Some(candidates) = describe(tx, viewer, opportunity_id, &entries).await? else {
        return Ok(());
    };
    let mut weights = company_weights::find(tx, viewer.company_id)
        .await?
        .unwrap_or_default();
    weights.learn(&app.model, list.id, &candidates, decision);
    company_weights::set(tx, viewer.company_id, &weights, at).await?;
    Ok(change_log::append(tx, viewer.company_id, Change::WeightsChanged, at).await?)
}

/// The newest list that showed the person: the places in front of them that count, and them last.
async fn find_shown(
    tx: &Transaction,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    opportunity_id: OpportunityId,
    at: DateTime<Utc>,
) -> Result<Option<(ServedList, Vec<Entry>)>, Fault> {
    let (company_id, subject) = (viewer.company_id, viewer.subject.as_str());
    let shown = (ServedListKind::Candidates, opportunity_id.0);
    let lists = served_lists::list_newest(tx, company_id, subject, shown, at, LISTS_MAX).await?;
    for list in lists {
        // A list that another version of the server wrote in a form of its own teaches nothing.
        let Ok(served) = postcard::from_bytes::<Served>(&list.entries) else {
            continue;
        };
        if let Some(entries) = served.as_far_as(alumnus_id.0, PASSED_OVER_MAX) {
            return Ok(Some((list, entries)));
        }
    }
    Ok(None)
}

/// The candidates as learning reads them; `None` where the one who was decided upon teaches nothing.
async fn describe(
    tx: &Transaction,
    viewer: &Viewer,
    opportunity_id: OpportunityId,
    entries: &[Entry],
) -> Result<Option<Vec<ShownCandidate>>, Fault> {
    let company_id = viewer.company_id;
    let ids: Vec<AlumnusId> = entries.iter().map(|entry| AlumnusId(entry.key)).collect();
    let seen_by_all: HashSet<AlumnusId> = standings::load(tx, company_id, &ids)
        .await?
        .into_iter()
        .filter(|(_, standing)| !standing.exclusions().apply_to(&Asker::COMPANY))
        .map(|(id, _)| id)
        .collect();
    if ids.last().is_none_or(|decided| !seen_by_all.contains(decided)) {
        return Ok(None);
    }
    let pairs: Vec<(AlumnusId, OpportunityId)> = ids.iter().map(|id| (*id, opportunity_id)).collect();
    let decided: HashSet<AlumnusId> = candidacies::load_for_pairs(tx, company_id, &pairs)
        .await?
        .into_iter()
        .map(|candidacy| candidacy.alumnus_id)
        .collect();
    let described = entries.iter().zip(&ids).map(|(entry, id)| {
        Some(ShownCandidate {
            features: entry.inputs.candidate(FeatureId::ALL)?.features,
            is_apart: !seen_by_all.contains(id) || decided.contains(id),
        })
    });
    Ok(described.collect())
}
