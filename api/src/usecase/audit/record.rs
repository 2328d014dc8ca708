//! Appending: rankings with their bodies, and events.
//!
//! - One transaction holds list and record; the company's chain is locked for it, so that there is neither a gap nor a
//!   fork.
//! - Models and policies are kept once, under their digest.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{AlumnusId, CompanyId, ServedListId, Viewer};
use okaeri_engine::ranking::Model;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::format::{self, Digest, GENESIS, Link};
use super::inputs::{Inputs, Reader, Sparse};
use super::numbers;
use super::salts::{self, KeptSalts};
use crate::app::App;
use crate::db::audit::{self, ChainRow, Salt};
use crate::db::served_lists::{self, Body, ServedList, ServedListKind};
use crate::db::{Reads, Transaction};
use crate::projection::run_blocking;
use crate::usecase::Fault;
use crate::usecase::served::{Entry, Items, Recorded, ScoredWith, Served, Subject, fingerprint};

/// What a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// A ranking that was shown.
    Ranking(ServedListKind),
    /// Bodies that grew older than the operator keeps them.
    Retention,
    /// A person who was erased.
    Erasure,
}

impl RecordKind {
    /// The stable code, in upper case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ranking(kind) => kind.code(),
            Self::Retention => "RETENTION",
            Self::Erasure => "ERASURE",
        }
    }

    /// The value with this code, or `None`.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let kinds = ServedListKind::ALL.iter().copied().map(Self::Ranking);
        let mut all = kinds.chain([Self::Retention, Self::Erasure]);
        all.find(|kind| kind.code() == code)
    }
}

/// Everything of a ranking but its entries. The order of the fields is the order of the text, which is digested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Header {
    /// The ranking.
    pub id: Uuid,
    /// Whose.
    pub company_id: Uuid,
    /// The code of what kind of list it is.
    pub kind: String,
    /// Whether the entries are people; otherwise they are opportunities.
    pub is_of_people: bool,
    /// The opportunity or the person that it is about.
    pub subject_id: Option<Uuid>,
    /// Who read it.
    pub reader: Reader,
    /// The digest of query and filter.
    pub criteria: String,
    /// The name of the policy's document; `None` where no rule was applied.
    pub policy: Option<String>,
    /// The model's version; empty for lists without scores.
    pub model_version: String,
    /// The name of the model's document; `None` for lists without scores.
    pub model: Option<String>,
    /// The version of index and analysis.
    pub index_version: String,
    /// The version of what was learnt from the person whose feed it is.
    pub learnt_version: Option<u64>,
    /// The plan that coordinated it.
    pub plan_id: Option<Uuid>,
    /// The position of the change log that was ranked.
    pub position: u64,
    /// The instant it was ranked at, in microseconds since 1970.
    pub as_of: i64,
    /// The score of an average pair; a text, so that no bit is lost.
    pub base: String,
    /// How many people each rule left out, by the rule's code.
    pub left_out: BTreeMap<String, u32>,
    /// How many were ranked.
    pub n_ranked: u64,
    /// How many of them are recorded, best first: all, unless they are more than the limit.
    pub n_entries: u64,
}

/// What is in the database already, so that it is not written with every ranking.
#[derive(Debug, Default)]
pub struct Known {
    /// The document of the model that was used last.
    model: Mutex<Option<(Model, (String, String))>>,
    documents: Mutex<HashSet<(CompanyId, String)>>,
    pub(super) salts: KeptSalts,
}

impl Known {
    /// The name and the text of the model's document.
    fn model(&self, model: &Model) -> (String, String) {
        let mut last = self.model.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, document)) = &*last
            && known == model
        {
            return document.clone();
        }
        let content = model.to_record();
        let document = (format::name_of_document(&content), content);
        *last = Some((model.clone(), document.clone()));
        document
    }

    /// Whether salts of a company's people are in memory.
    #[must_use]
    pub fn keeps_salts(&self, company_id: CompanyId) -> bool {
        self.salts.keeps(company_id)
    }

    /// Forgets the salts of a company's people, one of whom was erased.
    pub fn forget_salts(&self, company_id: CompanyId) {
        self.salts.forget(company_id);
    }

    fn has(&self, company_id: CompanyId, name: &str) -> bool {
        let known = self.documents.lock().unwrap_or_else(PoisonError::into_inner);
        known.contains(&(company_id, name.to_owned()))
    }

    fn remember(&self, company_id: CompanyId, names: impl Iterator<Item = String>) {
        let mut known = self.documents.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(names.map(|name| (company_id, name)));
    }
}

/// A ranking that is about to be served.
pub struct Ranking<'a> {
    /// To whom.
    pub viewer: &'a Viewer,
    /// About what.
    pub subject: &'a Subject,
    /// With what.
    pub scored_with: ScoredWith,
    /// The position of the change log that was ranked.
    pub position: u64,
    /// The instant it was ranked at.
    pub as_of: DateTime<Utc>,
}

/// Records a ranking before its first page is served.
pub async fn append(app: &App, ranking: Ranking<'_>, list: Served) -> Result<Recorded, Fault> {
    let (viewer, subject) = (ranking.viewer, ranking.subject);
    let company_id = viewer.company_id;
    let (id, now) = (ServedListId(app.clock.new_id()), app.clock.now());
    let model = ranking
        .scored_with
        .model
        .as_deref()
        .map(|model| app.audit.model(model));
    let model_version = ranking.scored_with.model.as_deref().map(Model::version);
    let model_version = model_version.unwrap_or_default().to_owned();
    let policy = ranking.scored_with.policy.as_ref().map(document).transpose()?;
    let (salt, criteria_salt) = (app.clock.new_salt(), app.clock.new_salt());
    let header = Header {
        id: id.0,
        company_id: company_id.0,
        kind: subject.kind.code().to_owned(),
        is_of_people: subject.items == Items::Alumni,
        subject_id: subject.subject_id,
        reader: Reader {
            subject: viewer.subject.clone(),
            role: viewer.role.code().to_owned(),
            unit: viewer.unit.clone(),
        },
        criteria: format::hex(&format::of_criteria(&criteria_salt, &subject.criteria)),
        policy: policy.as_ref().map(|(name, _)| name.clone()),
        model_version: model_version.clone(),
        model: model.as_ref().map(|(name, _)| name.clone()),
        index_version: ranking.scored_with.index_version.clone(),
        learnt_version: ranking.scored_with.learnt_version,
        plan_id: ranking.scored_with.plan_id,
        position: ranking.position,
        as_of: ranking.as_of.timestamp_micros(),
        base: list.base.to_string(),
        left_out: left_out(&list),
        n_ranked: ranking.scored_with.n_ranked as u64,
        n_entries: list.entries.len() as u64,
    };
    let header = serde_json::to_string(&header).map_err(|error| broken(&error))?;

    // As much as can be is done before others of the company wait for it.
    let salted = Salted::new(viewer, subject, &list, salt);
    let known = salts::of_people(app, company_id, salted.people()).await?;
    let (mut list, mut encoded) = encode(list, salted.with(known.salts)?).await?;

    let tx = app.db.begin().await?;
    audit::lock(&tx, company_id).await?;
    let last = audit::find_last(&tx, company_id).await?;
    let newest = last.as_ref().map_or(0, |last| last.sequence);
    let needs_people = !salted.people().is_empty();
    if needs_people
        && newest > known.sequence
        && salts::is_anybody_erased_after(&tx, company_id, known.sequence).await?
    {
        app.audit.salts.forget(company_id);
        let ids = salted.people().iter().map(|id| id.0);
        let left = audit::load_salts(&tx, company_id, ids).await?;
        (list, encoded) = encode(list, salted.with(left)?).await?;
    }
    let Encoded {
        entries,
        people,
        leaves,
    } = encoded;
    let mut kept = Vec::new();
    for (name, content) in model.iter().chain(&policy) {
        if !app.audit.has(company_id, name) {
            audit::insert_document(&tx, company_id, name, content).await?;
            kept.push(name.clone());
        }
    }
    let root = format::of_ranking(&format::of_header(&salt, &header), &leaves);
    let kind = RecordKind::Ranking(subject.kind);
    let sequence = append_link(&tx, company_id, last, (id.0, kind, None), root, now).await?;
    let row = ServedList {
        id,
        company_id,
        viewer_subject: viewer.subject.clone(),
        kind: subject.kind,
        subject_id: subject.subject_id,
        fingerprint: fingerprint(&subject.criteria),
        model_version: model_version.clone(),
        learnt_version: ranking.scored_with.learnt_version,
        plan_id: ranking.scored_with.plan_id,
        position: ranking.position,
        as_of: ranking.as_of,
        entries,
        created_at: now,
        body: Some(Body {
            sequence,
            header,
            salt: salt.to_vec(),
            criteria: Some((subject.criteria.clone(), criteria_salt.to_vec())),
            people,
            leaves,
        }),
    };
    served_lists::insert(&tx, &row).await?;
    tx.commit().await?;
    if needs_people {
        app.audit.salts.advance(company_id, known.sequence, newest);
    }
    // Only now: a document of a transaction that failed is not in the database.
    app.audit.remember(company_id, kept.into_iter());
    Ok(Recorded {
        id,
        as_of: ranking.as_of,
        model_version,
        list,
    })
}

/// Appends an event; `payload` names no person.
pub async fn append_event(
    tx: &Transaction,
    company_id: CompanyId,
    record_id: Uuid,
    kind: RecordKind,
    payload: String,
    at: DateTime<Utc>,
) -> Result<u64, Fault> {
    audit::lock(tx, company_id).await?;
    let last = audit::find_last(tx, company_id).await?;
    let root = format::of_event(&payload);
    append_link(tx, company_id, last, (record_id, kind, Some(payload)), root, at).await
}

/// Adds a row to the chain behind the last; the caller holds its lock.
async fn append_link(
    tx: &Transaction,
    company_id: CompanyId,
    last: Option<ChainRow>,
    (record_id, kind, payload): (Uuid, RecordKind, Option<String>),
    root: Digest,
    at: DateTime<Utc>,
) -> Result<u64, Fault> {
    let sequence = last.as_ref().map_or(0, |last| last.sequence) + 1;
    let previous = last.map_or_else(|| GENESIS.to_vec(), |last| last.hash);
    let link = Link {
        company_id,
        sequence,
        record_id,
        kind: kind.code(),
        at,
    };
    let row = ChainRow {
        sequence,
        record_id,
        kind: kind.code().to_owned(),
        payload,
        root: root.to_vec(),
        hash: format::of_link(&previous, link, &root).to_vec(),
        at,
    };
    audit::insert(tx, company_id, &row).await?;
    Ok(sequence)
}

/// What the entries of a list are salted with.
#[derive(Clone, Debug)]
pub(super) enum Salts {
    /// Each with the salt of the person that it is about.
    OfPeople(HashMap<AlumnusId, Salt>),
    /// All with one: the reader's, whose feed it is, or the list's, where nobody is in it.
    One([u8; 32]),
}

impl Salts {
    /// The salt of an entry; `None` where it was destroyed.
    pub(super) fn of(&self, entry: &Entry) -> Option<&[u8; 32]> {
        match self {
            Self::OfPeople(salts) => salts.get(&AlumnusId(entry.key)).map(|salt| &salt.salt),
            Self::One(salt) => Some(salt),
        }
    }
}

impl Salts {
    /// The numbers of the people in a list of people.
    pub(super) fn numbers(&self) -> Vec<u32> {
        match self {
            Self::OfPeople(salts) => salts.values().map(|salt| salt.number).collect(),
            Self::One(_) => Vec::new(),
        }
    }
}

/// The salts of a list's entries as they stand in the database, for checking.
pub(super) async fn load_salts(
    db: &impl Reads,
    company_id: CompanyId,
    header: &Header,
    body: &Body,
    entries: &[Entry],
) -> Result<Option<Salts>, Fault> {
    if header.is_of_people {
        let keys = entries.iter().map(|entry| entry.key).filter(|key| !key.is_nil());
        return Ok(Some(Salts::OfPeople(
            audit::load_salts(db, company_id, keys).await?,
        )));
    }
    if header.kind != ServedListKind::Feed.code() {
        return Ok(<[u8; 32]>::try_from(body.salt.as_slice()).ok().map(Salts::One));
    }
    let Some(person) = header.subject_id else {
        return Ok(None);
    };
    let salts = audit::load_salts(db, company_id, std::iter::once(person)).await?;
    Ok(salts.get(&AlumnusId(person)).map(|salt| Salts::One(salt.salt)))
}

/// Whose salts a list's entries take.
enum Salted {
    /// Each that of the person whom it is about.
    EachPerson(Vec<AlumnusId>),
    /// All that of the reader, whose feed it is.
    ItsReader(AlumnusId),
    /// All that of the list, which nobody is in.
    WholeList([u8; 32]),
}

impl Salted {
    fn new(viewer: &Viewer, subject: &Subject, list: &Served, of_list: [u8; 32]) -> Self {
        match (subject.items, subject.kind, viewer.alumnus_id) {
            (Items::Alumni, ..) => {
                let people = list.entries.iter().map(|entry| AlumnusId(entry.key));
                Self::EachPerson(people.collect())
            }
            (Items::Opportunities, ServedListKind::Feed, Some(reader)) => Self::ItsReader(reader),
            (Items::Opportunities, ..) => Self::WholeList(of_list),
        }
    }

    /// Whose salts are needed.
    fn people(&self) -> &[AlumnusId] {
        match self {
            Self::EachPerson(people) => people,
            Self::ItsReader(reader) => std::slice::from_ref(reader),
            Self::WholeList(_) => &[],
        }
    }

    /// With the salts of [`Self::people`] who are not gone.
    fn with(&self, salts: HashMap<AlumnusId, Salt>) -> Result<Salts, Fault> {
        Ok(match self {
            Self::EachPerson(_) => Salts::OfPeople(salts),
            Self::ItsReader(reader) => {
                let own = salts.get(reader).map(|salt| salt.salt);
                Salts::One(own.ok_or_else(|| Fault::Broken("the reader of a feed was erased".to_owned()))?)
            }
            Self::WholeList(salt) => Salts::One(*salt),
        })
    }
}

impl Entry {
    /// Leaves nothing but the place.
    pub(super) fn erase(&mut self) {
        *self = Self {
            key: Uuid::nil(),
            contributions: Sparse::default(),
            inputs: Inputs::Erased,
        };
    }

    /// Whether nothing is left but the place.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.inputs == Inputs::Erased
    }

    /// The bytes that are digested.
    ///
    /// # Errors
    ///
    /// Never with what ranking makes.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, Fault> {
        postcard::to_stdvec(self).map_err(|error| broken(&error))
    }
}

/// A list as the database keeps it.
struct Encoded {
    entries: Vec<u8>,
    people: Vec<u8>,
    leaves: Vec<u8>,
}

/// Encodes a list, in which whoever has no salt is blanked first: they were erased since the ranking.
async fn encode(mut list: Served, salts: Salts) -> Result<(Served, Encoded), Fault> {
    run_blocking(move || {
        if let Salts::OfPeople(salts) = &salts {
            let is_gone = |entry: &&mut Entry| !salts.contains_key(&AlumnusId(entry.key));
            list.entries.iter_mut().filter(is_gone).for_each(Entry::erase);
        }
        let mut leaves = Vec::with_capacity(list.entries.len() * size_of::<Digest>());
        let mut people = Vec::new();
        let entries = list.to_bytes(|entry, bytes| {
            // Somebody who was gone before the list was recorded has a digest that rests on nothing.
            let salt = salts.of(entry).copied().unwrap_or_default();
            leaves.extend(format::of_entry(&salt, bytes));
            if let Salts::OfPeople(salts) = &salts
                && let Some(salt) = salts.get(&AlumnusId(entry.key))
            {
                people.push(salt.number);
            }
        })?;
        Ok((
            list,
            Encoded {
                entries,
                people: numbers::encode(people),
                leaves,
            },
        ))
    })
    .await?
}

/// How many people each rule left out, by code.
pub(super) fn left_out(list: &Served) -> BTreeMap<String, u32> {
    let counts = list.left_out.iter();
    counts.map(|(rule, n)| (rule.code().to_owned(), *n)).collect()
}

fn document(value: &impl Serialize) -> Result<(String, String), Fault> {
    let content = serde_json::to_string(value).map_err(|error| broken(&error))?;
    Ok((format::name_of_document(&content), content))
}

fn broken(error: &dyn std::fmt::Display) -> Fault {
    Fault::Broken(format!("a record cannot be encoded: {error}"))
}
