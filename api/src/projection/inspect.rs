//! Compares a company's index on disk with the database, beside whoever uses both.
//!
//! - Takes no lock and writes nothing; see [`okaeri_engine::index::inspect`].
//! - The index is read first and the database afterwards, in one state: whoever differs for a good reason has a change
//!   in the log behind the index's position, and is left out of the comparison.

use std::collections::HashSet;
use std::path::Path;

use okaeri_engine::domain::{AlumnusId, CompanyId, OpportunityId};
use okaeri_engine::index::{self, Inspection};
use okaeri_engine::text::Analyzer;

use super::company::run_blocking;
use super::follow::Touched;
use super::open::profile_from;
use crate::db::{Database, Snapshot, alumni, change_log, opportunities};
use crate::fault::Fault;

/// Changes that are read of the log to find who may differ for a good reason: some seconds' work. An index that lags by
/// more is not compared.
const CHANGES_MAX: u64 = 100_000;
/// People whose text in the index is compared with the database's: one in a hundred wrong is found with 63 %, one in
/// twenty with 99 %.
const PEOPLE_SAMPLED: usize = 100;
/// Identifiers read at a time.
const IDS_PER_STEP: u64 = 10_000;

/// How a company's index stands to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its position is behind the end of the log, as after a restored backup.
    Ahead {
        /// Of the index.
        position: u64,
        /// Of the log.
        newest: u64,
    },
    /// Its position is nobody's in the log: it followed another database.
    Foreign {
        /// Of the index.
        position: u64,
    },
    /// Too many changes wait for it to be compared.
    FarBehind {
        /// At least so many.
        n_changes: u64,
    },
    /// It follows this database.
    Follows {
        /// Changes that are not in it yet.
        n_changes: u64,
        /// What the comparison found.
        compared: Compared,
    },
}

/// What a comparison of index and database found; people and opportunities that changed since do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// People in the index.
    pub n_people: usize,
    /// Opportunities in the index.
    pub n_opportunities: usize,
    /// People and opportunities of the database that the index lacks.
    pub n_missing: usize,
    /// People and opportunities of the index that the database does not have any more, or that the index holds twice.
    pub n_left_over: usize,
    /// People whose text was compared.
    pub n_sampled: usize,
    /// Those of them whose text is another.
    pub n_differing: usize,
}

/// An index that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// How it stands to the database.
    pub standing: Standing,
    /// Files whose checksum is wrong.
    pub damaged_files: Vec<String>,
}

pub(super) async fn inspect(
    db: &Database,
    directory: &Path,
    analyzer: Analyzer,
    company_id: CompanyId,
) -> Result<Option<Inspected>, Fault> {
    let directory = directory.to_owned();
    let look = move || index::inspect(&directory, &analyzer, PEOPLE_SAMPLED);
    let Some(seen) = run_blocking(look).await?? else {
        return Ok(None);
    };
    let snapshot = db.snapshot().await?;
    let standing = compare(&snapshot, company_id, &seen).await?;
    Ok(Some(Inspected {
        standing,
        damaged_files: seen.damaged_files,
    }))
}

async fn compare(db: &Snapshot, company_id: CompanyId, seen: &Inspection) -> Result<Standing, Fault> {
    let position = seen.position;
    let newest = change_log::newest_position(db, company_id).await?;
    if position > newest {
        return Ok(Standing::Ahead { position, newest });
    }
    if position > 0 && !change_log::has(db, company_id, position).await? {
        return Ok(Standing::Foreign { position });
    }
    let changes = change_log::list_after(db, company_id, position, CHANGES_MAX).await?;
    let n_changes = changes.len() as u64;
    if n_changes == CHANGES_MAX {
        return Ok(Standing::FarBehind { n_changes });
    }
    let touched = Touched::by(changes.into_iter().map(|entry| entry.change));
    let is_settled = |id: &AlumnusId| !touched.profiles.contains(id) && !touched.removed.contains(id);
    let is_settled_offer = |id: &OpportunityId| !touched.opportunities.contains(id);

    let people = differences(&seen.alumni, &all_people(db, company_id).await?, is_settled);
    let offers = differences(
        &seen.opportunities,
        &all_opportunities(db, company_id).await?,
        is_settled_offer,
    );
    let sampled: Vec<&(AlumnusId, Vec<u8>)> = seen.sample.iter().filter(|(id, _)| is_settled(id)).collect();
    let ids: Vec<AlumnusId> = sampled.iter().map(|(id, _)| *id).collect();
    let records = alumni::load(db, company_id, &ids).await?;
    let differs = |id: AlumnusId, bytes: &[u8]| {
        let record = records.iter().find(|alumnus| alumnus.id == id);
        // Somebody whose record is gone counts as left over already.
        record.is_some_and(|alumnus| {
            profile_from(bytes)
                .ok()
                .is_none_or(|known| known.profile != alumnus.profile)
        })
    };
    let n_differing = sampled.iter().filter(|(id, bytes)| differs(*id, bytes)).count();
    Ok(Standing::Follows {
        n_changes,
        compared: Compared {
            n_people: seen.alumni.len(),
            n_opportunities: seen.opportunities.len(),
            n_missing: people.0 + offers.0,
            n_left_over: people.1 + offers.1,
            n_sampled: sampled.len(),
            n_differing,
        },
    })
}

/// How many the index lacks, and how many it has too many, of those who count.
fn differences<Id: Copy + Eq + std::hash::Hash>(
    in_index: &[Id],
    in_database: &[Id],
    counts: impl Fn(&Id) -> bool,
) -> (usize, usize) {
    let of_index: HashSet<Id> = in_index.iter().copied().collect();
    let of_database: HashSet<Id> = in_database.iter().copied().collect();
    let n_missing = of_database.difference(&of_index).filter(|id| counts(id)).count();
    let n_gone = of_index.difference(&of_database).filter(|id| counts(id)).count();
    (n_missing, n_gone + in_index.len() - of_index.len())
}

async fn all_people(db: &Snapshot, company_id: CompanyId) -> Result<Vec<AlumnusId>, Fault> {
    let mut all: Vec<AlumnusId> = Vec::new();
    loop {
        let ids = alumni::list_ids(db, company_id, all.last().copied(), IDS_PER_STEP).await?;
        if ids.is_empty() {
            return Ok(all);
        }
        all.extend(ids);
    }
}

async fn all_opportunities(db: &Snapshot, company_id: CompanyId) -> Result<Vec<OpportunityId>, Fault> {
    let mut all: Vec<OpportunityId> = Vec::new();
    loop {
        let ids = opportunities::list_ids(db, company_id, all.last().copied(), IDS_PER_STEP).await?;
        if ids.is_empty() {
            return Ok(all);
        }
        all.extend(ids);
    }
}
