//! Writing the text index, in one batch with one commit: from its own position to what is applied in memory, or, where many
//! changes wait, together with what is in memory, so that each person is read once and each text cut into words once.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use okaeri_engine::domain::{Alumnus, AlumnusId, CompanyId, Opportunity, OpportunityId};
use okaeri_engine::features::analysis::{self, ANALYSIS_VERSION};
use okaeri_engine::features::{AnalyzedProfile, Kept};
use okaeri_engine::index::CompanyIndex;
use okaeri_engine::parallel;
use okaeri_engine::text::Analyzer;
use tokio::runtime::Handle;

use super::beside;
use super::company::{CompanyProjection, run_blocking};
use super::follow::{self, OPPORTUNITIES_PER_THREAD_MIN, PROFILES_PER_THREAD_MIN, Touched};
use crate::db::{Database, alumni, change_log, opportunities};
use crate::fault::Fault;

/// People read and written at a time when an index is built anew.
const REBUILD_STEP: u64 = 1_000;

/// Changes from which on memory and index go on together: where fewer wait, memory goes on at once and the index whenever
/// the worker comes to it, which reads some hundred texts twice.
const CHANGES_TOGETHER_MIN: u64 = 200;

/// Applies every change up to the position `newest`, in memory and, where many wait, in the index as well. An index that
/// cannot be written holds up nothing: it is logged, and the worker comes to it again.
///
/// - `directory`: the index's
pub(super) async fn catch_up_to(
    db: &Database,
    projection: &CompanyProjection,
    directory: PathBuf,
    newest: u64,
) -> Result<(), Fault> {
    let company_id = projection.company_id;
    let position = projection.position();
    // An index that has the new words already is no longer this projection's to write.
    if position < newest && !projection.has_outdated_words() {
        let waiting = change_log::list_after(db, company_id, position, CHANGES_TOGETHER_MIN).await?;
        if waiting.len() as u64 >= CHANGES_TOGETHER_MIN
            && let Err(fault) = write_batch(db, projection, directory, Extent::MemoryToo { newest }).await
        {
            tracing::warn!(
                company.id = %company_id, error = %fault,
                "the index of company {company_id} cannot be written together with what is in memory, and is tried again \
                 by itself: {fault}"
            );
        }
    }
    follow::catch_up_to(db, projection, newest).await
}

/// Brings the index up to what is applied in memory.
///
/// - `directory`: the index's
pub(super) async fn write_index(
    db: &Database,
    projection: &CompanyProjection,
    directory: PathBuf,
) -> Result<(), Fault> {
    let target = projection.position();
    write_batch(db, projection, directory, Extent::Index { target }).await
}

/// How far a batch goes.
#[derive(Clone, Copy)]
enum Extent {
    /// The index, to what is applied in memory.
    Index { target: u64 },
    /// The index and memory, to the newest change.
    MemoryToo { newest: u64 },
}

/// Writes one batch with one commit. Another process may have written the index in part: the batch starts from the
/// position that the index has once it is ours.
async fn write_batch(
    db: &Database,
    projection: &CompanyProjection,
    directory: PathBuf,
    extent: Extent,
) -> Result<(), Fault> {
    let (Extent::Index { target } | Extent::MemoryToo { newest: target }) = extent;
    let _one_at_a_time = projection.indexing.lock().await;
    let index = Arc::clone(&projection.index);
    let indexed = run_blocking(move || index.position()).await??;
    projection.note_indexed(indexed);
    if indexed >= target {
        return Ok(());
    }
    let index = Arc::clone(&projection.index);
    let position = run_blocking(move || index.begin()).await??;
    let filled = match extent {
        Extent::Index { target } => fill(db, projection, Filled::at(position), target).await,
        Extent::MemoryToo { newest } => fill_with_memory(db, projection, position, newest).await,
    };
    match filled {
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

impl Filled {
    /// A batch that begins.
    fn at(position: u64) -> Self {
        Self {
            reached: position,
            has_removed: false,
        }
    }

    /// Goes on by a step.
    fn take(&mut self, step: &Step) {
        self.reached = step.reached;
        self.has_removed |= !step.touched.removed.is_empty();
    }
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

/// Writes what changed up to a position.
async fn fill(
    db: &Database,
    projection: &CompanyProjection,
    mut filled: Filled,
    target: u64,
) -> Result<Filled, Fault> {
    while let Some(step) = Step::load(db, projection.company_id, filled.reached, target).await? {
        filled.take(&step);
        let known = step.known(projection);
        step.write(&projection.index, known).await?;
    }
    Ok(filled)
}

/// Writes what changed up to the newest position and puts it in place in memory, step by step: each person is read once, and
/// their texts are. A position in memory is told of before the index is committed, as ever.
///
/// - `from`: the index's position
async fn fill_with_memory(
    db: &Database,
    projection: &CompanyProjection,
    from: u64,
    newest: u64,
) -> Result<Filled, Fault> {
    let company_id = projection.company_id;
    let _one_at_a_time = projection.following.lock().await;
    // Either may be ahead: memory of an index that nobody wrote yet, the index where another process did.
    let mut filled = fill(db, projection, Filled::at(from), projection.position()).await?;
    follow::advance(db, projection, filled.reached).await?;
    let mut next = Step::load(db, company_id, filled.reached, newest).await?;
    let mut unsettled: Option<Read> = None;
    while let Some(step) = next {
        filled.take(&step);
        let (touched, reached) = (step.touched.clone(), step.reached);
        let settling = async {
            match unsettled {
                Some(read) => read.settle(db, projection).await,
                None => Ok(()),
            }
        };
        // While the texts of these people are read on all processors, the people before them are put in place and those
        // behind them are loaded. What decides on a step is read in its own turn.
        let (profiles, loaded, settled) = tokio::join!(
            step.write(&projection.index, HashMap::new()),
            Step::load(db, company_id, reached, newest),
            settling
        );
        settled?;
        unsettled = Some(Read {
            touched,
            profiles: profiles?,
            reached,
        });
        next = loaded?;
    }
    if let Some(read) = unsettled {
        read.settle(db, projection).await?;
    }
    Ok(filled)
}

/// A step whose texts were read, and which is not in place in memory yet.
struct Read {
    touched: Touched,
    profiles: Vec<(AlumnusId, Arc<AnalyzedProfile>)>,
    reached: u64,
}

impl Read {
    async fn settle(self, db: &Database, projection: &CompanyProjection) -> Result<(), Fault> {
        follow::settle(db, projection, self.touched, self.profiles, self.reached).await
    }
}

/// What a stretch of the log touches, as the database has it now.
struct Step {
    reached: u64,
    touched: Touched,
    /// Of people who changed or are gone.
    ids: Vec<AlumnusId>,
    people: Vec<Alumnus>,
    opportunity_ids: Vec<OpportunityId>,
    offers: Vec<Opportunity>,
}

impl Step {
    /// The next step behind `from`; `None` where nothing is left up to `target`.
    async fn load(
        db: &Database,
        company_id: CompanyId,
        from: u64,
        target: u64,
    ) -> Result<Option<Self>, Fault> {
        let Some((reached, touched)) = follow::next_step(db, company_id, from, target).await? else {
            return Ok(None);
        };
        let mut ids: Vec<AlumnusId> = touched.profiles.union(&touched.removed).copied().collect();
        ids.sort_unstable();
        let opportunity_ids: Vec<OpportunityId> = touched.opportunities.iter().copied().collect();
        Ok(Some(Self {
            people: alumni::load(db, company_id, &ids).await?,
            offers: opportunities::load(db, company_id, &opportunity_ids).await?,
            reached,
            touched,
            ids,
            opportunity_ids,
        }))
    }

    /// Those of its people who are in memory, as they are there.
    fn known(&self, projection: &CompanyProjection) -> HashMap<AlumnusId, Kept> {
        let state = projection.state();
        let people = self.people.iter();
        let known = people.filter_map(|one| Some((one.id, state.pool.kept(one.id)?.clone())));
        known.collect()
    }

    /// Writes it. Returns the analyses of its people.
    ///
    /// - `known`: analyses of before, which are taken where they are of the same profile
    async fn write(
        self,
        index: &Arc<CompanyIndex>,
        known: HashMap<AlumnusId, Kept>,
    ) -> Result<Vec<(AlumnusId, Arc<AnalyzedProfile>)>, Fault> {
        let index = Arc::clone(index);
        run_blocking(move || {
            let found: HashSet<AlumnusId> = self.people.iter().map(|one| one.id).collect();
            for id in self.ids.into_iter().filter(|id| !found.contains(id)) {
                index.delete_alumnus(id)?;
            }
            let profiles = write_people(&index, &self.people, &known)?;
            let found: HashSet<OpportunityId> = self.offers.iter().map(|one| one.id).collect();
            for id in self.opportunity_ids.into_iter().filter(|id| !found.contains(id)) {
                index.delete_opportunity(id)?;
            }
            write_opportunities(&index, &self.offers)?;
            Ok(profiles)
        })
        .await?
    }
}

/// Reads and writes people, each once, on all processors. Each thread stops at its first error: every further write would
/// open the index's writer anew, for a batch that is abandoned.
fn write_people(
    index: &CompanyIndex,
    people: &[Alumnus],
    known: &HashMap<AlumnusId, Kept>,
) -> Result<Vec<(AlumnusId, Arc<AnalyzedProfile>)>, Fault> {
    let write = |alumnus: &Alumnus| -> Result<_, Fault> {
        let read = index.read(&alumnus.profile);
        let known = known.get(&alumnus.id).map(|kept| kept.read().profile);
        let known = known.filter(|known| known.profile == alumnus.profile);
        let analyzed = known.unwrap_or_else(|| Arc::new(analysis::of(&read)));
        index.upsert_read(alumnus.id, &alumnus.name, &read, &payload(&analyzed)?)?;
        Ok((alumnus.id, analyzed))
    };
    let parts = parallel::over(people.len(), PROFILES_PER_THREAD_MIN, |stretch| {
        people[stretch]
            .iter()
            .map(write)
            .collect::<Result<Vec<_>, Fault>>()
    });
    let parts = parts.into_iter().collect::<Result<Vec<_>, Fault>>()?;
    Ok(parts.into_iter().flatten().collect())
}

/// Writes opportunities, on all processors as [`write_people`] does.
fn write_opportunities(index: &CompanyIndex, offers: &[Opportunity]) -> Result<(), Fault> {
    let parts = parallel::over(offers.len(), OPPORTUNITIES_PER_THREAD_MIN, |stretch| {
        let mut offers = offers[stretch].iter();
        offers.try_for_each(|opportunity| index.upsert_opportunity(opportunity))
    });
    Ok(parts.into_iter().collect::<Result<(), _>>()?)
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
                write_people(index, &people, &HashMap::new())?;
                after = Some(last);
            }
            let offers = runtime.block_on(opportunities::list_all(&db, company_id))?;
            write_opportunities(index, &offers)?;
            Ok(position)
        };
        let _alone = beside::begin(&directory)?;
        CompanyIndex::rebuild(&directory, analyzer.clone(), fill).map(|_| position)
    })
    .await?
}

fn payload(analyzed: &AnalyzedProfile) -> Result<Vec<u8>, Fault> {
    postcard::to_stdvec(&(ANALYSIS_VERSION, analyzed))
        .map_err(|error| Fault::Broken(format!("analysed profile: {error}")))
}
