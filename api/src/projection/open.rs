//! Opening a company's projection: profiles from the index, everything that decides from the database.
//!
//! - Nothing here knows which companies are open; see `residence`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use okaeri_engine::domain::{AlumnusId, CompanyId, Ineligible, Opportunity, OpportunityId};
use okaeri_engine::features::AnalyzedProfile;
use okaeri_engine::features::analysis::{self, ANALYSIS_VERSION};
use okaeri_engine::index::{CompanyIndex, Shelf};
use okaeri_engine::parallel;
use okaeri_engine::ranking::Pool;
use okaeri_engine::text::{Analyzer, Dictionary, UserWord};
use tokio::sync::watch;

use super::beside;
use super::company::{Chain, CompanyProjection, OpportunityEntry, State, run_blocking};
use super::follow::{self, OPPORTUNITIES_PER_THREAD_MIN};
use super::write;
use crate::assignment::Assignment;
use crate::db::{
    Database, alumni, change_log, companies, company_weights, company_words, coordination, opportunities,
    programmes, rejections, standings,
};
use crate::fault::Fault;

/// What opening a company's projection takes.
#[derive(Clone)]
pub(super) struct Opener {
    pub(super) db: Database,
    pub(super) dictionary: Dictionary,
    /// For every company without words of its own.
    pub(super) plain: Analyzer,
    pub(super) index_root: PathBuf,
    /// Which companies this server holds.
    pub(super) assignment: Assignment,
    /// How many profiles of one company are kept in memory; `None`: all.
    pub(super) profiles_in_memory: Option<usize>,
}

impl Opener {
    /// Where a company's index is.
    pub(super) fn directory(&self, company_id: CompanyId) -> PathBuf {
        self.index_root.join(company_id.0.simple().to_string())
    }

    /// # Errors
    ///
    /// [`Fault::NotHeld`].
    pub(super) async fn ensure_held(&self, company_id: CompanyId) -> Result<(), Fault> {
        if self.assignment == Assignment::Everything {
            return Ok(());
        }
        let company = companies::find(&self.db, company_id).await?;
        // What does not exist is told so by whoever asks for more of it.
        match company.filter(|company| !self.assignment.holds(&company.slug)) {
            Some(company) => Err(Fault::NotHeld { slug: company.slug }),
            None => Ok(()),
        }
    }

    /// The analysis with the company's words of now.
    pub(super) async fn chain_of(&self, company_id: CompanyId) -> Result<Chain, Fault> {
        self.chain(company_words::list(&self.db, company_id).await?).await
    }

    /// The analysis with these words.
    pub(super) async fn chain(&self, words: Vec<UserWord>) -> Result<Chain, Fault> {
        let words: Arc<[UserWord]> = words.into();
        if words.is_empty() {
            let analyzer = self.plain.clone();
            return Ok(Chain { analyzer, words });
        }
        let dictionary = self.dictionary.clone();
        run_blocking(move || {
            let analyzer =
                Analyzer::new(&dictionary, &words).map_err(|error| Fault::Broken(error.to_string()))?;
            Ok(Chain { analyzer, words })
        })
        .await?
    }

    /// About how many bytes of memory the company will take.
    pub(super) async fn expected_bytes(&self, company_id: CompanyId) -> Result<u64, Fault> {
        let n_people = alumni::count(&self.db, company_id).await?;
        Ok(Pool::expected_bytes(n_people, self.profiles_in_memory))
    }

    /// Opens the company's projection with its words of now. An index with its words of before, which another server's
    /// command replaced, is built anew.
    ///
    /// - `opened`: what for
    /// - `positions`: who hears of what is applied
    pub(super) async fn open(
        &self,
        company_id: CompanyId,
        opened: Opened,
        positions: watch::Sender<u64>,
    ) -> Result<CompanyProjection, Fault> {
        self.ensure_held(company_id).await?;
        let chain = self.chain_of(company_id).await?;
        let open = || {
            let (directory, chain) = (self.directory(company_id), chain.clone());
            let in_memory = self.profiles_in_memory;
            open(
                &self.db,
                directory,
                chain,
                company_id,
                in_memory,
                positions.clone(),
            )
        };
        let projection = match open().await {
            Err(Fault::Index(error)) if error.is_of_other_words() => {
                tracing::info!(company.id = %company_id, "company {company_id} has other words: its index is built anew");
                write::rebuild(&self.db, &chain.analyzer, self.directory(company_id), company_id).await?;
                open().await?
            }
            projection => projection?,
        };
        let newest = change_log::newest_position(&self.db, company_id).await?;
        match opened {
            Opened::ToAnswer => follow::catch_up_to(&self.db, &projection, newest).await?,
            Opened::ToFollow => {
                let directory = self.directory(company_id);
                write::catch_up_to(&self.db, &projection, directory, newest).await?;
            }
        }
        tell_of_unreadable_exclusions(&projection);
        Ok(projection)
    }
}

/// What a company is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opened {
    /// Somebody waits for an answer, which needs everything in memory and not the index.
    ToAnswer,
    /// Nobody waits: memory and index follow the log together.
    ToFollow,
}

/// Opens the projection at the index's position.
async fn open(
    db: &Database,
    directory: PathBuf,
    chain: Chain,
    company_id: CompanyId,
    profiles_in_memory: Option<usize>,
    positions: watch::Sender<u64>,
) -> Result<CompanyProjection, Fault> {
    let index_analyzer = chain.analyzer.clone();
    let load = move || load_index(&directory, index_analyzer, profiles_in_memory);
    let (index, mut pool, position) = run_blocking(load).await??;

    ensure_not_ahead(position, change_log::newest_position(db, company_id).await?)?;
    let company = companies::find(db, company_id)
        .await?
        .ok_or_else(|| Fault::Broken(format!("company {company_id} does not exist")))?;
    let policy = programmes::find(db, company_id)
        .await?
        .map(|programme| programme.policy)
        .unwrap_or_default();
    // Read after the index's position was fixed: whatever changes from here on is in the log behind it, and
    // applying a change twice has the effect of once.
    let standings = standings::load_all(db, company_id).await?;
    // After the standings, which were compared with those of a moment before.
    let managers = opportunities::hiring_managers(db, company_id).await?;
    for (alumnus_id, mut standing) in standings {
        standing.follow(&managers);
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
    let entries = run_blocking(move || analyze_all(&opportunity_analyzer, &all)).await?;
    let opportunities = entries
        .into_iter()
        .map(|entry| (entry.opportunity.id, entry))
        .collect();

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
    Ok(projection)
}

/// Whether an index at `position` can have followed a log whose newest entry is `newest`.
///
/// # Errors
///
/// [`Fault::Broken`] names the remedy.
pub(super) fn ensure_not_ahead(position: u64, newest: u64) -> Result<(), Fault> {
    if position > newest {
        return Err(Fault::Broken(
            "the index is ahead of the database, as after a restored backup: run `okaeri reindex`".to_owned(),
        ));
    }
    Ok(())
}

fn tell_of_unreadable_exclusions(projection: &CompanyProjection) {
    let state = projection.state();
    let n_unreadable = state.n_unreadable_exclusions();
    if n_unreadable > 0 {
        tracing::error!(
            company.id = %projection.company_id, n_unreadable,
            "{n_unreadable} people of company {} are ranked for nothing: what they exclude opens with none of the keys \
             of OKAERI_EXCLUSION_KEY_FILE; add the key that was in use before",
            state.company.slug
        );
    }
}

fn load_index(
    directory: &Path,
    analyzer: Analyzer,
    profiles_in_memory: Option<usize>,
) -> Result<(CompanyIndex, Pool, u64), Fault> {
    beside::tidy(directory);
    let index = CompanyIndex::open_or_create(directory, analyzer)?;
    let position = index.position()?;
    let mut pool = profiles_in_memory.map_or_else(Pool::default, |max| pool_beside(directory, max));
    for payload in index.payloads() {
        let (alumnus_id, bytes) = payload?;
        pool.upsert_profile(alumnus_id, Arc::new(profile_from(&bytes)?));
    }
    Ok((index, pool, position))
}

/// An empty pool that keeps profiles beyond the first so many in a file in `directory`; where none can be made there, all
/// stay in memory.
fn pool_beside(directory: &Path, profiles_in_memory: usize) -> Pool {
    match Shelf::create(directory) {
        Ok(shelf) => Pool::kept_apart(Arc::new(shelf), profiles_in_memory),
        Err(error) => {
            tracing::warn!(
                "no file can be made in {}, so that all profiles of a company stay in memory: {error}",
                directory.display()
            );
            Pool::default()
        }
    }
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

/// Opportunities with their analysed texts, on all processors.
pub(super) fn analyze_all(analyzer: &Analyzer, opportunities: &[Opportunity]) -> Vec<OpportunityEntry> {
    parallel::map(opportunities, OPPORTUNITIES_PER_THREAD_MIN, |opportunity| {
        OpportunityEntry {
            opportunity: Arc::new(opportunity.clone()),
            analyzed: Arc::new(analysis::opportunity(analyzer, opportunity)),
        }
    })
}
