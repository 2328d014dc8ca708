//! The salts of people who are listed, kept in memory: a list of thousands is recorded with every first page, and reading
//! as many rows takes longer than ranking them.
//!
//! - A salt that erasure destroyed is used for nothing: what is kept is good up to a place in the chain, and whoever
//!   records looks, under the chain's lock, whether somebody was erased behind it.
//! - It is forgotten at once by the server that erases, and by others with the next list or when they tidy
//!   ([`forget_destroyed`]).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use okaeri_engine::domain::{AlumnusId, CompanyId};

use super::record::RecordKind;
use crate::app::App;
use crate::db::Reads;
use crate::db::audit::{self, Salt};
use crate::usecase::Fault;

/// Most salts that are kept, of all companies together: some 20 MB. Beyond, every other one is forgotten, whosever it is,
/// and read again by those who list that person.
const SALTS_MAX: usize = 200_000;

/// Salts as they were at a place in the chain.
#[derive(Clone, Debug, Default)]
pub(super) struct SaltsAt {
    /// Whoever was erased up to here is not among them.
    pub(super) sequence: u64,
    /// By person.
    pub(super) salts: HashMap<AlumnusId, Salt>,
}

/// What is kept, by company.
#[derive(Debug, Default)]
pub(super) struct KeptSalts(Mutex<HashMap<CompanyId, SaltsAt>>);

impl KeptSalts {
    /// Those of `people` that are known; `None` where nothing is known of the company.
    fn of(&self, company_id: CompanyId, people: &[AlumnusId]) -> Option<SaltsAt> {
        let kept = self.lock();
        let known = kept.get(&company_id)?;
        let salts = people.iter().filter_map(|id| Some((*id, *known.salts.get(id)?)));
        Some(SaltsAt {
            sequence: known.sequence,
            salts: salts.collect(),
        })
    }

    /// Keeps more.
    fn keep(&self, company_id: CompanyId, more: SaltsAt) {
        let mut kept = self.lock();
        let n_kept = |kept: &HashMap<CompanyId, SaltsAt>| -> usize {
            kept.values().map(|known| known.salts.len()).sum()
        };
        while !kept.is_empty() && n_kept(&kept) + more.salts.len() > SALTS_MAX {
            halve(&mut kept);
        }
        let known = kept.entry(company_id).or_insert_with(|| SaltsAt {
            sequence: more.sequence,
            salts: HashMap::new(),
        });
        // Together they are as good as the older of them.
        known.sequence = known.sequence.min(more.sequence);
        known.salts.extend(more.salts);
    }

    /// Nobody was erased from `from` to `to`.
    pub(super) fn advance(&self, company_id: CompanyId, from: u64, to: u64) {
        if let Some(known) = self.lock().get_mut(&company_id)
            && (from..to).contains(&known.sequence)
        {
            known.sequence = to;
        }
    }

    pub(super) fn keeps(&self, company_id: CompanyId) -> bool {
        self.lock().contains_key(&company_id)
    }

    /// Forgets all of a company.
    pub(super) fn forget(&self, company_id: CompanyId) {
        self.lock().remove(&company_id);
    }

    /// How far each company's are good.
    fn sequences(&self) -> Vec<(CompanyId, u64)> {
        let kept = self.lock();
        kept.iter().map(|(id, known)| (*id, known.sequence)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<CompanyId, SaltsAt>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The salts of people, made where there is none; whoever has none then is gone.
pub(super) async fn of_people(
    app: &App,
    company_id: CompanyId,
    people: &[AlumnusId],
) -> Result<SaltsAt, Fault> {
    if people.is_empty() {
        return Ok(SaltsAt::default());
    }
    let mut at = match app.audit.salts.of(company_id, people) {
        Some(known) => known,
        None => SaltsAt {
            // Before any salt is read: who is erased meanwhile is erased behind it.
            sequence: audit::find_last(&app.db, company_id)
                .await?
                .map_or(0, |last| last.sequence),
            salts: HashMap::new(),
        },
    };
    let is_unknown = |id: &AlumnusId| !at.salts.contains_key(id);
    let unknown: Vec<AlumnusId> = people.iter().copied().filter(is_unknown).collect();
    if unknown.is_empty() {
        return Ok(at);
    }
    let new_salt = || app.clock.new_salt();
    at.salts
        .extend(audit::ensure_salts(&app.db, company_id, &unknown, new_salt).await?);
    let new = unknown.iter().filter_map(|id| Some((*id, *at.salts.get(id)?)));
    app.audit.salts.keep(
        company_id,
        SaltsAt {
            sequence: at.sequence,
            salts: new.collect(),
        },
    );
    Ok(at)
}

/// Whether somebody was erased behind a place in the chain.
pub(super) async fn is_anybody_erased_after(
    db: &impl Reads,
    company_id: CompanyId,
    sequence: u64,
) -> Result<bool, Fault> {
    Ok(audit::has_kind_after(db, company_id, RecordKind::Erasure.code(), sequence).await?)
}

/// Forgets salts of companies of which somebody was erased since they were read, on whatever server.
pub async fn forget_destroyed(app: &App) -> Result<(), Fault> {
    for (company_id, sequence) in app.audit.salts.sequences() {
        if is_anybody_erased_after(&app.db, company_id, sequence).await? {
            app.audit.salts.forget(company_id);
        }
    }
    Ok(())
}

/// Forgets every other salt. Half and not all: of a company that is larger than the limit, a list would have to read
/// everybody again.
fn halve(kept: &mut HashMap<CompanyId, SaltsAt>) {
    // The first goes, so that the last one does too.
    let mut is_kept = true;
    kept.retain(|_, known| {
        known.salts.retain(|_, _| {
            is_kept = !is_kept;
            is_kept
        });
        known.salts.shrink_to_fit();
        !known.salts.is_empty()
    });
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const AOBA: CompanyId = CompanyId(Uuid::from_u128(1));
    const MIDORI: CompanyId = CompanyId(Uuid::from_u128(2));

    fn id(n: u128) -> AlumnusId {
        AlumnusId(Uuid::from_u128(n))
    }

    fn at(sequence: u64, people: std::ops::Range<u128>) -> SaltsAt {
        let salt = |n: u128| Salt {
            number: n as u32,
            salt: [n as u8; 32],
        };
        SaltsAt {
            sequence,
            salts: people.map(|n| (id(n), salt(n))).collect(),
        }
    }

    #[test]
    fn what_is_kept_is_as_good_as_the_oldest_of_it_until_somebody_looked() {
        let kept = KeptSalts::default();
        assert!(kept.of(AOBA, &[id(1)]).is_none());
        kept.keep(AOBA, at(7, 1..3));
        kept.keep(AOBA, at(5, 3..4));
        let known = kept.of(AOBA, &[id(1), id(3), id(9)]).unwrap();
        assert_eq!((known.sequence, known.salts.len()), (5, 2));
        assert!(kept.of(MIDORI, &[id(1)]).is_none(), "each company has its own");
        // Whoever looked from 6 on has not seen what is between.
        kept.advance(AOBA, 6, 9);
        assert_eq!(kept.of(AOBA, &[]).unwrap().sequence, 5);
        kept.advance(AOBA, 4, 9);
        assert_eq!(kept.of(AOBA, &[]).unwrap().sequence, 9);
        kept.forget(AOBA);
        assert!(kept.of(AOBA, &[id(1)]).is_none());
    }

    #[test]
    fn beyond_the_limit_every_other_is_forgotten() {
        let everybody: Vec<AlumnusId> = (0..SALTS_MAX as u128).map(id).collect();
        let n_kept = |kept: &KeptSalts| kept.of(AOBA, &everybody).unwrap().salts.len();
        let kept = KeptSalts::default();
        kept.keep(AOBA, at(1, 0..SALTS_MAX as u128));
        assert_eq!(n_kept(&kept), SALTS_MAX);
        kept.keep(MIDORI, at(1, 0..1));
        assert_eq!(n_kept(&kept), SALTS_MAX / 2);
        assert_eq!(kept.of(MIDORI, &[id(0)]).unwrap().salts.len(), 1);
        // As many as all together may be leave nobody else's.
        kept.keep(MIDORI, at(1, 1..SALTS_MAX as u128 + 1));
        assert!(kept.of(AOBA, &[id(1)]).is_none());
    }
}
