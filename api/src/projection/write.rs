//! Writing the text index: from its own position to what is applied in memory, in one batch with one commit.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use okaeri_engine::domain::{Alumnus, AlumnusId, CompanyId, Opportunity, OpportunityId};
use okaeri_engine::features::AnalyzedProfile;
use okaeri_engine::features::analysis::{self, ANALYSIS_VERSION};
use okaeri_engine::index::CompanyIndex;
use okaeri_engine::parallel;
use okaeri_engine::text::Analyzer;
use tokio::runtime::Handle;

use super::beside;
use super::company::{CompanyProjection, run_blocking};
use super::follow::{CHANGES_PER_STEP, PROFILES_PER_THREAD_MIN, Touched};
use crate::db::{Database, alumni, change_log, opportunities};
use crate::fault::Fault;

/// People read and written at a time when an index is built anew.
const REBUILD_STEP: u64 = 1_000;

/// Brings the index up to what is applied in memory. Another process may have done so in part: the batch starts
/// from the position that the index has once it is ours.
///
/// - `directory`: the index's
pub(super) async fn write_index(
    db: &Database,
    projection: &Arc<CompanyProjection>,
    directory: PathBuf,
) -> Result<(), Fault> {
    let target = projection.position();
    let _one_at_a_time = projection.indexing.lock().await;
    let index = Arc::clone(&projection.index);
    let indexed = run_blocking(move || index.position()).await??;
    projection.note_indexed(indexed);
    if indexed >= target {
        return Ok(());
    }
    let index = Arc::clone(&projection.index);
    let position = run_blocking(move || index.begin()).await??;
    match fill(db, projection, position, target).await {
        Ok(filled) => {
            let index = Arc::clone(&projection.index);
            run_blocking(move || {
                if filled.has_removed {
                    beside::tidy(&directory);
                }
                end(&index, position, filled)
            })
            .await??;
            projection.note_indexed(filled.reached);
            Ok(())
        }
        Err(fault) => {
            projection.index.abandon();
            Err(fault)
        }
    }
}

/// What a batch holds.
#[derive(Clone, Copy)]
struct Filled {
    /// The position that it reaches.
    reached: u64,
    /// Whether it takes out somebody whose record is gone.
    has_removed: bool,
}

/// Ends a batch. One that takes somebody out commits at the old position first and advances only when no file holds
/// the person any more: a process that dies in between begins again at the old position, and erases again.
fn end(index: &CompanyIndex, position: u64, filled: Filled) -> Result<(), Fault> {
    if filled.has_removed {
        index.commit(position)?;
        index.expunge()?;
        index.begin()?;
    }
    Ok(index.commit(filled.reached)?)
}

/// Writes what changed between two positions.
async fn fill(
    db: &Database,
    projection: &Arc<CompanyProjection>,
    from: u64,
    target: u64,
) -> Result<Filled, Fault> {
    let company_id = projection.company_id;
    let mut reached = from;
    let mut has_removed = false;
    while reached < target {
        let changes = change_log::list_after(db, company_id, reached, CHANGES_PER_STEP).await?;
        let Some(last) = changes.last().map(|change| change.position) else {
            break;
        };
        let touched = Touched::by(changes.into_iter().map(|entry| entry.change));
        has_removed |= !touched.removed.is_empty();
        let mut ids: Vec<AlumnusId> = touched.profiles.union(&touched.removed).copied().collect();
        ids.sort_unstable();
        let people = alumni::load(db, company_id, &ids).await?;
        let opportunity_ids: Vec<OpportunityId> = touched.opportunities.into_iter().collect();
        let offers = opportunities::load(db, company_id, &opportunity_ids).await?;
        let batch = Batch {
            ids,
            people,
            opportunity_ids,
            offers,
        };
        let projection = Arc::clone(projection);
        run_blocking(move || batch.write(&projection)).await??;
        reached = last;
    }
    Ok(Filled { reached, has_removed })
}

/// What one step writes.
struct Batch {
    ids: Vec<AlumnusId>,
    people: Vec<Alumnus>,
    opportunity_ids: Vec<OpportunityId>,
    offers: Vec<Opportunity>,
}

impl Batch {
    fn write(self, projection: &CompanyProjection) -> Result<(), Fault> {
        let index = &projection.index;
        let people: HashMap<AlumnusId, &Alumnus> = self.people.iter().map(|one| (one.id, one)).collect();
        let write = |id: &AlumnusId| -> Result<(), Fault> {
            let Some(alumnus) = people.get(id) else {
                return Ok(index.delete_alumnus(*id)?);
            };
            let known = projection.state().pool.profile(*id).cloned();
            // The text in memory may be newer or older than the row; only the same needs no second analysis.
            let known = known.filter(|known| known.profile == alumnus.profile);
            let analyzed =
                known.unwrap_or_else(|| Arc::new(analysis::profile(projection.analyzer(), &alumnus.profile)));
            Ok(index.upsert_alumnus(*id, &alumnus.name, &alumnus.profile, &payload(&analyzed)?)?)
        };
        write_each(&self.ids, write)?;
        for id in self.opportunity_ids {
            match self.offers.iter().find(|opportunity| opportunity.id == id) {
                Some(opportunity) => index.upsert_opportunity(opportunity)?,
                None => index.delete_opportunity(id)?,
            }
        }
        Ok(())
    }
}

/// Builds an index from the database alone, beside the one in use. Returns the position that it includes.
pub(super) async fn rebuild(
    db: &Database,
    analyzer: &Analyzer,
    directory: PathBuf,
    company_id: CompanyId,
) -> Result<u64, Fault> {
    // What changes while we read is in the log behind this position, and is applied a second time by whoever follows.
    let position = change_log::newest_position(db, company_id).await?;
    let (db, analyzer) = (db.clone(), analyzer.clone());
    let runtime = Handle::current();
    run_blocking(move || {
        let fill = |index: &CompanyIndex| -> Result<u64, Fault> {
            index.begin()?;
            let mut after = None;
            loop {
                let ids = runtime.block_on(alumni::list_ids(&db, company_id, after, REBUILD_STEP))?;
                let Some(last) = ids.last().copied() else { break };
                let people = runtime.block_on(alumni::load(&db, company_id, &ids))?;
                let write = |alumnus: &Alumnus| -> Result<(), Fault> {
                    let payload = payload(&analysis::profile(&analyzer, &alumnus.profile))?;
                    Ok(index.upsert_alumnus(alumnus.id, &alumnus.name, &alumnus.profile, &payload)?)
                };
                write_each(&people, write)?;
                after = Some(last);
            }
            for opportunity in runtime.block_on(opportunities::list_all(&db, company_id))? {
                index.upsert_opportunity(&opportunity)?;
            }
            Ok(position)
        };
        let _alone = beside::begin(&directory)?;
        CompanyIndex::rebuild(&directory, analyzer.clone(), fill).map(|_| position)
    })
    .await?
}

/// Writes each of many on all processors. Each thread stops at its first error: every further write would open the
/// index's writer anew, for a batch that is abandoned.
fn write_each<T: Sync>(all: &[T], write: impl Fn(&T) -> Result<(), Fault> + Sync) -> Result<(), Fault> {
    let parts = parallel::over(all.len(), PROFILES_PER_THREAD_MIN, |stretch| {
        all[stretch].iter().try_for_each(&write)
    });
    parts.into_iter().collect()
}

fn payload(analyzed: &AnalyzedProfile) -> Result<Vec<u8>, Fault> {
    postcard::to_stdvec(&(ANALYSIS_VERSION, analyzed))
        .map_err(|error| Fault::Broken(format!("analysed profile: {error}")))
}
