//! A recorded ranking once more: computed from the recorded inputs and the recorded model by the code that ranks, and
//! compared with the recorded bytes.

use okaeri_engine::domain::{AlumnusId, CompanyId, OpportunityId};
use okaeri_engine::features::FeatureId;
use okaeri_engine::ranking::{self, Model};
use uuid::Uuid;

use super::erase::decode;
use super::inputs::{Inputs, Sparse};
use super::record::{Header, RecordKind};
use crate::db::Reads;
use crate::db::audit::{self, ChainRow};
use crate::db::served_lists::{self, ServedList, ServedListKind};
use crate::projection::run_blocking;
use crate::usecase::Fault;
use crate::usecase::served::{Entry, Served};

/// A record as it stands in the database.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its row of the chain.
    pub row: ChainRow,
    /// Header and list; `None` once retention or an erasure took them.
    pub ranking: Option<StoredRanking>,
}

/// A ranking with what it can be computed from.
#[derive(Clone, Debug)]
pub struct StoredRanking {
    /// Everything but the entries.
    pub header: Header,
    /// What was typed and filtered by; `None` once somebody whom it found was erased.
    pub criteria: Option<String>,
    list: ServedList,
    model: Option<String>,
}

/// A ranking that was computed again.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The score of an average pair; 0 for lists without scores.
    pub base: f64,
    /// Best first.
    pub entries: Vec<ReplayedEntry>,
    /// Whether it is, byte for byte, what was recorded.
    pub is_same: bool,
}

/// An entry of a ranking that was computed again.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplayedEntry {
    /// The person or the opportunity; `None`: somebody who was erased.
    pub key: Option<Uuid>,
    /// The base plus the sum of the contributions; `None` for lists without scores, and of somebody who was erased.
    pub score: Option<f64>,
    /// What each feature added.
    pub contributions: Vec<(FeatureId, f64)>,
}

/// The record about `id`; `None` when there is none at this company.
///
/// # Errors
///
/// When the database fails, and when the record's header cannot be read.
pub async fn find(db: &impl Reads, company_id: CompanyId, id: Uuid) -> Result<Option<Stored>, Fault> {
    let Some(row) = audit::find(db, company_id, id).await? else {
        return Ok(None);
    };
    let list = served_lists::load(db, company_id, std::iter::once(id))
        .await?
        .pop();
    let Some((list, body)) = list.and_then(|list| list.body.clone().map(|body| (list, body))) else {
        return Ok(Some(Stored { row, ranking: None }));
    };
    let header: Header = serde_json::from_str(&body.header).map_err(|error| {
        Fault::Broken(format!(
            "the header of record {} cannot be read: {error}",
            row.sequence
        ))
    })?;
    let model = match &header.model {
        Some(name) => audit::find_document(db, company_id, name).await?,
        None => None,
    };
    let ranking = StoredRanking {
        criteria: body.criteria.map(|(text, _)| text),
        header,
        list,
        model,
    };
    Ok(Some(Stored {
        row,
        ranking: Some(ranking),
    }))
}

impl StoredRanking {
    /// The score of an average pair; 0 for lists without scores.
    ///
    /// # Errors
    ///
    /// When the list cannot be read.
    pub fn base(&self) -> Result<f64, Fault> {
        Ok(decode(&self.list)?.base)
    }

    /// The entries as they were recorded, best first, without computing anything again.
    ///
    /// # Errors
    ///
    /// As [`replay`].
    pub fn recorded(&self) -> Result<Vec<ReplayedEntry>, Fault> {
        let served = decode(&self.list)?;
        let scorer = Scorer::read(self)?;
        Ok(served
            .entries
            .iter()
            .map(|entry| scorer.show(served.base, entry))
            .collect())
    }
}

/// The ranking of record `id` computed again, off the threads that answer requests; `None` when there is none at this
/// company, and once retention or an erasure took it.
///
/// # Errors
///
/// As [`find`] and [`replay`].
pub async fn again(db: &impl Reads, company_id: CompanyId, id: Uuid) -> Result<Option<Replayed>, Fault> {
    let stored = find(db, company_id, id).await?;
    let Some(ranking) = stored.and_then(|stored| stored.ranking) else {
        return Ok(None);
    };
    run_blocking(move || replay(&ranking)).await?.map(Some)
}

/// Computes a ranking again. Milliseconds for 2,000 people, none of them waiting for anything.
///
/// # Errors
///
/// When the list or the model cannot be read, by which the record is broken, or of another version.
pub fn replay(stored: &StoredRanking) -> Result<Replayed, Fault> {
    let recorded = decode(&stored.list)?;
    let scorer = Scorer::read(stored)?;
    let mut again: Vec<Entry> = match RecordKind::from_code(&stored.header.kind) {
        Some(RecordKind::Ranking(ServedListKind::Candidates)) => scorer.candidates(&recorded.entries),
        Some(RecordKind::Ranking(ServedListKind::Feed)) => scorer.feed(&recorded.entries),
        Some(RecordKind::Ranking(ServedListKind::Search)) => search(&recorded.entries),
        Some(RecordKind::Ranking(ServedListKind::InvitationPreview)) => previewed(&recorded.entries),
        Some(RecordKind::Retention | RecordKind::Erasure) | None => Vec::new(),
    };
    // Whoever was erased keeps their place, and nobody else's is moved by that.
    let places = recorded.entries.iter().enumerate();
    for (place, entry) in places.filter(|(_, entry)| entry.is_erased()) {
        again.insert(place.min(again.len()), entry.clone());
    }
    let has_scores = scorer.model.is_some() && !again.is_empty();
    let served = Served {
        base: if has_scores { scorer.base() } else { recorded.base },
        entries: again,
        left_out: recorded.left_out,
    };
    let bytes = postcard::to_stdvec(&served)
        .map_err(|error| Fault::Broken(format!("a replayed list cannot be encoded: {error}")))?;
    let shown = |entry: &Entry| scorer.show(served.base, entry);
    Ok(Replayed {
        base: served.base,
        entries: served.entries.iter().map(shown).collect(),
        is_same: bytes == stored.list.entries,
    })
}

/// The recorded model, with the order that features had when it was recorded.
struct Scorer {
    model: Option<Model>,
    order: Vec<FeatureId>,
}

impl Scorer {
    fn read(stored: &StoredRanking) -> Result<Self, Fault> {
        let Some(name) = &stored.header.model else {
            return Ok(Self {
                model: None,
                order: Vec::new(),
            });
        };
        let missing = || Fault::Broken(format!("the model {name} is missing"));
        let content = stored.model.as_ref().ok_or_else(missing)?;
        let (model, order) = Model::from_record(content)
            .map_err(|error| Fault::Broken(format!("the model {name} cannot be read: {error}")))?;
        Ok(Self {
            model: Some(model),
            order,
        })
    }

    fn base(&self) -> f64 {
        self.model.as_ref().map_or(0.0, Model::base)
    }

    fn candidates(&self, recorded: &[Entry]) -> Vec<Entry> {
        let Some(model) = &self.model else {
            return Vec::new();
        };
        let read = |entry: &Entry| Some((AlumnusId(entry.key), entry.inputs.candidate(&self.order)?));
        let ranked = ranking::replay::candidates(model, recorded.iter().filter_map(read).collect());
        let entry = |one: &ranking::ScoredCandidate| {
            self.entry(one.alumnus_id.0, &one.contributions, (&one.inputs).into())
        };
        ranked.iter().map(entry).collect()
    }

    fn feed(&self, recorded: &[Entry]) -> Vec<Entry> {
        let Some(model) = &self.model else {
            return Vec::new();
        };
        let read = |entry: &Entry| Some((OpportunityId(entry.key), entry.inputs.feed(&self.order)?));
        let ranked = ranking::replay::feed(model, recorded.iter().filter_map(read).collect());
        let entry = |one: &ranking::ScoredOpportunity| {
            self.entry(one.opportunity_id.0, &one.contributions, (&one.inputs).into())
        };
        ranked.iter().map(entry).collect()
    }

    /// An entry in the order that features had when it was recorded.
    fn entry(&self, key: Uuid, contributions: &[f64], inputs: Inputs) -> Entry {
        let of = |feature: &FeatureId| contributions[*feature as usize] as f32;
        Entry {
            key,
            contributions: Sparse(self.order.iter().map(of).collect()),
            inputs: inputs.in_order(&self.order),
        }
    }

    fn show(&self, base: f64, entry: &Entry) -> ReplayedEntry {
        let values = entry.contributions.0.iter().map(|value| f64::from(*value));
        let contributions: Vec<(FeatureId, f64)> = self.order.iter().copied().zip(values).collect();
        let has_score = !contributions.is_empty() && !entry.is_erased();
        let sum = || base + contributions.iter().map(|(_, value)| value).sum::<f64>();
        ReplayedEntry {
            key: (!entry.is_erased()).then_some(entry.key),
            score: has_score.then(sum),
            contributions,
        }
    }
}

/// Whom a preview named, in its order.
fn previewed(recorded: &[Entry]) -> Vec<Entry> {
    let mut named: Vec<_> = recorded
        .iter()
        .filter_map(|entry| match entry.inputs {
            Inputs::Previewed { place } => Some((place, entry)),
            Inputs::Erased
            | Inputs::Candidate { .. }
            | Inputs::Lifted { .. }
            | Inputs::Feed(_)
            | Inputs::Found { .. } => None,
        })
        .collect();
    named.sort_by_key(|(place, _)| *place);
    named.into_iter().map(|(_, entry)| entry.clone()).collect()
}

fn search(recorded: &[Entry]) -> Vec<Entry> {
    let found = recorded
        .iter()
        .filter_map(|entry| Some((entry.inputs.relevance()?, entry)));
    let mut found: Vec<_> = found.collect();
    found.sort_by(|(one, entry), (other, beside)| one.order(other).then(entry.key.cmp(&beside.key)));
    found.into_iter().map(|(_, entry)| entry.clone()).collect()
}
