//! Opening a company's projection: profiles from the index, everything that decides from the database.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use okaeri_engine::domain::{AlumnusId, CompanyId, Ineligible, Opportunity, OpportunityId};
use okaeri_engine::features::AnalyzedProfile;
use okaeri_engine::features::analysis::{self, ANALYSIS_VERSION};
use okaeri_engine::index::CompanyIndex;
use okaeri_engine::ranking::Pool;
use okaeri_engine::text::Analyzer;
use tokio::sync::watch;

use super::beside;
use super::company::{Chain, CompanyProjection, OpportunityEntry, State, run_blocking};
use super::follow;
use crate::db::{
    Database, change_log, companies, company_weights, coordination, opportunities, programmes, rejections,
    standings,
};
use crate::fault::Fault;

/// Opens the projection and applies what the index has not seen.
pub(super) async fn open(
    db: &Database,
    directory: PathBuf,
    chain: Chain,
    company_id: CompanyId,
    positions: watch::Sender<u64>,
) -> Result<CompanyProjection, Fault> {
    let index_analyzer = chain.analyzer.clone();
    let (index, mut pool, position) = run_blocking(move || load_index(&directory, index_analyzer)).await??;

    if position > change_log::newest_position(db, company_id).await? {
        return Err(Fault::Broken(
            "the index is ahead of the database, as after a restored backup: run `okaeri reindex`".to_owned(),
        ));
    }
    let company = companies::find(db, company_id)
        .await?
        .ok_or_else(|| Fault::Broken(format!("company {company_id} does not exist")))?;
    let policy = programmes::find(db, company_id)
        .await?
        .map(|programme| programme.policy)
        .unwrap_or_default();
    // Read after the index's position was fixed: whatever changes from here on is in the log behind it, and
    // applying a change twice has the effect of once.
    let managers = opportunities::hiring_managers(db, company_id).await?;
    for (alumnus_id, standing) in standings::load_all(db, company_id).await? {
        pool.set_standing(alumnus_id, standing);
    }
    let mut rejected: HashMap<OpportunityId, HashMap<AlumnusId, Ineligible>> = HashMap::new();
    for rejection in rejections::list_all(db, company_id).await? {
        rejected
            .entry(rejection.opportunity_id)
            .or_default()
            .insert(rejection.alumnus_id, Ineligible::Rejected);
    }
    let plan = coordination::find_plan(db, company_id).await?.map(Arc::new);
    let weights = company_weights::find(db, company_id).await?;
    let all = opportunities::list_all(db, company_id).await?;
    let opportunity_analyzer = chain.analyzer.clone();
    let opportunities = run_blocking(move || analyze_all(&opportunity_analyzer, all)).await?;

    let state = State {
        company,
        policy,
        pool,
        opportunities,
        managers,
        rejections: rejected,
        plan,
        weights,
        position,
        decided_position: position,
        n_people_changed: 0,
    };
    let projection = CompanyProjection::new(company_id, index, chain, state, positions);
    projection.announce(position);
    follow::catch_up(db, &projection).await?;
    Ok(projection)
}

fn load_index(directory: &Path, analyzer: Analyzer) -> Result<(CompanyIndex, Pool, u64), Fault> {
    beside::tidy(directory);
    let index = CompanyIndex::open_or_create(directory, analyzer)?;
    let position = index.position()?;
    let mut pool = Pool::default();
    for payload in index.payloads() {
        let (alumnus_id, bytes) = payload?;
        pool.upsert_profile(alumnus_id, Arc::new(profile_from(&bytes)?));
    }
    Ok((index, pool, position))
}

/// The analysed profile in the bytes that the index stores for us.
pub(super) fn profile_from(bytes: &[u8]) -> Result<AnalyzedProfile, Fault> {
    let unusable = |reason: String| Fault::Broken(format!("the index holds {reason}: run `okaeri reindex`"));
    let unreadable = |error: postcard::Error| unusable(format!("an unreadable profile ({error})"));
    let (found, rest): (u16, &[u8]) = postcard::take_from_bytes(bytes).map_err(unreadable)?;
    if found != ANALYSIS_VERSION {
        return Err(unusable(format!(
            "profiles analysed by version {found}, and {ANALYSIS_VERSION} is needed"
        )));
    }
    postcard::from_bytes(rest).map_err(unreadable)
}

fn analyze_all(
    analyzer: &Analyzer,
    opportunities: Vec<Opportunity>,
) -> BTreeMap<OpportunityId, OpportunityEntry> {
    opportunities
        .into_iter()
        .map(|opportunity| (opportunity.id, analyze(analyzer, opportunity)))
        .collect()
}

/// An opportunity with its analysed text.
pub(super) fn analyze(analyzer: &Analyzer, opportunity: Opportunity) -> OpportunityEntry {
    let analyzed = Arc::new(analysis::opportunity(analyzer, &opportunity));
    OpportunityEntry {
        opportunity: Arc::new(opportunity),
        analyzed,
    }
}
