//! One company's index on disk: opened, written in batches, searched, rebuilt beside itself.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tantivy::query::Query;
use tantivy::schema::Value;
use tantivy::{
    DocAddress, Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, TantivyError, Term,
};
use uuid::Uuid;

use super::SearchResult;
use super::collector::{AllMatches, best};
use super::document::{self, alumnus_key, opportunity_key};
use super::error::IndexError;
use super::query::{self, SearchScope, Target, WeightedText};
use super::schema::{Fields, ID_HIGH, ID_LOW, SCHEMA_VERSION};
use crate::domain::{AlumnusId, Opportunity, OpportunityId, PersonName, Profile};
use crate::text::Analyzer;

/// Memory of the one writer before it writes a segment: one and a half times tantivy's least, some thousand profiles.
pub const WRITER_HEAP_BYTES: usize = 24 * 1024 * 1024;

/// How often, and how long each time, a batch waits for another process to finish its own: five seconds in all.
const LOCK_ATTEMPTS_MAX: u32 = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// What a commit says about itself.
#[derive(Serialize, Deserialize)]
struct CommitPayload {
    version: String,
    position: u64,
}

/// The index of one company. Shared between threads; writes take a lock of their own.
///
/// Writes form a batch, which begins with the first of them or with [`CompanyIndex::begin`] and ends with
/// [`CompanyIndex::commit`] or [`CompanyIndex::abandon`]. During a batch no other process can write; between two
/// batches any may, and the position may have moved on by then.
pub struct CompanyIndex {
    dir: PathBuf,
    analyzer: Analyzer,
    fields: Fields,
    index: Index,
    reader: IndexReader,
    writer_heap_bytes: usize,
    batch: Mutex<Option<IndexWriter>>,
    /// Which commit the reader shows.
    shown: Mutex<u64>,
}

impl std::fmt::Debug for CompanyIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CompanyIndex")
            .field("dir", &self.dir)
            .finish_non_exhaustive()
    }
}

impl CompanyIndex {
    /// Opens the index in `dir`; where there is none, an empty one at position 0.
    ///
    /// # Errors
    ///
    /// [`IndexError::OtherVersion`] and [`IndexError::Unreadable`], which `okaeri reindex` remedies;
    /// [`IndexError::Unwritable`] and [`IndexError::Busy`] when an empty one cannot be made.
    pub fn open_or_create(dir: &Path, analyzer: Analyzer) -> Result<Self, IndexError> {
        fs::create_dir_all(dir).map_err(|error| IndexError::writing(dir, &error))?;
        let fields = Fields::new();
        let index = if dir.join("meta.json").exists() {
            Index::open_in_dir(dir).map_err(|error| IndexError::reading(dir, &error))?
        } else {
            create(dir, &fields)?
        };
        let version = version_of(&analyzer);
        ensure_first_commit(dir, &index, &version)?;
        let found = payload_of(dir, &index)?
            .map(|payload| payload.version)
            .unwrap_or_default();
        if found != version || index.schema() != fields.schema {
            return Err(IndexError::OtherVersion {
                dir: dir.to_owned(),
                found,
                expected: version,
            });
        }
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(|error: TantivyError| IndexError::reading(dir, &error))?;
        let opened = Self {
            dir: dir.to_owned(),
            analyzer,
            fields,
            index,
            reader,
            writer_heap_bytes: WRITER_HEAP_BYTES,
            batch: Mutex::new(None),
            shown: Mutex::new(0),
        };
        opened.position()?;
        Ok(opened)
    }

    /// Builds an index from nothing beside the one in `dir`, which stays in use meanwhile, and then takes its place.
    ///
    /// - `fill` writes everything and returns the position that this includes.
    /// - Whoever has the replaced index open reads the new one from the next [`CompanyIndex::position`] on.
    ///
    /// # Errors
    ///
    /// Those of `fill`, and [`IndexError`]; the index in `dir` is then as it was.
    pub fn rebuild<E: From<IndexError>>(
        dir: &Path,
        analyzer: Analyzer,
        fill: impl FnOnce(&Self) -> Result<u64, E>,
    ) -> Result<Self, E> {
        let name = dir
            .file_name()
            .map_or_else(|| "index".into(), |name| name.to_string_lossy());
        let beside = |suffix: &str| dir.with_file_name(format!(".{name}.{suffix}-{}", std::process::id()));
        let (unfinished, replaced) = (beside("unfinished"), beside("replaced"));
        remove_if_there(&unfinished).map_err(|error| IndexError::writing(&unfinished, &error))?;
        let filled = Self::open_or_create(&unfinished, analyzer.clone())
            .map_err(E::from)
            .and_then(|index| {
                let position = fill(&index)?;
                index.commit(position).map_err(E::from)
            });
        let placed = filled.and_then(|()| {
            move_into_place(&unfinished, dir, &replaced)
                .map_err(|error| IndexError::writing(dir, &error).into())
        });
        if let Err(error) = placed {
            // The first error is the one to report; a leftover beside the index harms nobody.
            let _ = remove_if_there(&unfinished);
            return Err(error);
        }
        Self::open_or_create(dir, analyzer).map_err(E::from)
    }

    /// With another size of the writer's memory, in bytes; at least 15 MB.
    #[must_use]
    pub fn with_writer_heap(self, bytes: usize) -> Self {
        Self {
            writer_heap_bytes: bytes,
            ..self
        }
    }

    /// Begins a batch, waiting for other processes, and returns the position that the index holds then: what is to
    /// be written has to be read after this.
    ///
    /// # Errors
    ///
    /// [`IndexError::Busy`] after five seconds, and those of [`CompanyIndex::position`].
    pub fn begin(&self) -> Result<u64, IndexError> {
        drop(self.batch()?);
        self.position()
    }

    /// Writes or replaces an alumnus. `payload` is stored and given back as it is.
    ///
    /// # Errors
    ///
    /// [`IndexError::Busy`] and [`IndexError::Unwritable`].
    pub fn upsert_alumnus(
        &self,
        id: AlumnusId,
        name: &PersonName,
        profile: &Profile,
        payload: &[u8],
    ) -> Result<(), IndexError> {
        let document = document::alumnus(&self.fields, &self.analyzer, id, name, profile, payload);
        self.replace(&alumnus_key(id), Some(document))
    }

    /// Writes or replaces an opportunity.
    ///
    /// # Errors
    ///
    /// As [`CompanyIndex::upsert_alumnus`].
    pub fn upsert_opportunity(&self, opportunity: &Opportunity) -> Result<(), IndexError> {
        let document = document::opportunity(&self.fields, &self.analyzer, opportunity);
        self.replace(&opportunity_key(opportunity.id), Some(document))
    }

    /// Deletes an alumnus; without effect when there is none.
    ///
    /// # Errors
    ///
    /// As [`CompanyIndex::upsert_alumnus`].
    pub fn delete_alumnus(&self, id: AlumnusId) -> Result<(), IndexError> {
        self.replace(&alumnus_key(id), None)
    }

    /// Deletes an opportunity; without effect when there is none.
    ///
    /// # Errors
    ///
    /// As [`CompanyIndex::upsert_alumnus`].
    pub fn delete_opportunity(&self, id: OpportunityId) -> Result<(), IndexError> {
        self.replace(&opportunity_key(id), None)
    }

    /// Ends the batch: what was written is durable and found from now on, together with the position it includes.
    ///
    /// # Errors
    ///
    /// [`IndexError::Unwritable`]: nothing of the batch then counts, and the position is the old one.
    pub fn commit(&self, position: u64) -> Result<(), IndexError> {
        let mut batch = self.batch()?;
        let Some(mut writer) = batch.take() else {
            return Ok(());
        };
        let payload = CommitPayload {
            version: version_of(&self.analyzer),
            position,
        };
        commit(&mut writer, &payload).map_err(|error| IndexError::writing(&self.dir, &error))?;
        // The lock goes back with the writer, so that a command can write beside a running server.
        writer
            .wait_merging_threads()
            .map_err(|error| IndexError::writing(&self.dir, &error))?;
        drop(batch);
        self.position().map(|_| ())
    }

    /// Ends the batch without a trace of it.
    pub fn abandon(&self) {
        *self.batch.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The change-log position of the last commit, by whichever process, which is also what searches show from now
    /// on; 0 when empty.
    ///
    /// # Errors
    ///
    /// [`IndexError::Unreadable`], and [`IndexError::OtherVersion`] when it was rebuilt by another version.
    pub fn position(&self) -> Result<u64, IndexError> {
        let reading = |error: TantivyError| IndexError::reading(&self.dir, &error);
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let metas = self.index.load_metas().map_err(reading)?;
        let payload = parse(&self.dir, metas.payload.as_deref())?;
        let Some(payload) = payload else { return Ok(0) };
        let expected = version_of(&self.analyzer);
        if payload.version != expected {
            return Err(IndexError::OtherVersion {
                dir: self.dir.clone(),
                found: payload.version,
                expected,
            });
        }
        let commit = fingerprint(&metas);
        if *shown != commit {
            self.reader.reload().map_err(reading)?;
            *shown = commit;
        }
        Ok(payload.position)
    }

    /// The alumni that a typed query finds, best first. Empty for a query without anything to look for.
    ///
    /// # Errors
    ///
    /// [`IndexError::Unreadable`]; never because of what was typed.
    pub fn search_alumni(
        &self,
        query: &str,
        scope: SearchScope,
        limit: usize,
    ) -> Result<SearchResult<AlumnusId>, IndexError> {
        self.search(&Target::alumni(&self.fields, scope), query, limit, AlumnusId)
    }

    /// The opportunities that a typed query finds, best first, whatever their status.
    ///
    /// # Errors
    ///
    /// As [`CompanyIndex::search_alumni`].
    pub fn search_opportunities(
        &self,
        query: &str,
        limit: usize,
    ) -> Result<SearchResult<OpportunityId>, IndexError> {
        self.search(&Target::opportunities(&self.fields), query, limit, OpportunityId)
    }

    /// The alumni with any word of an opportunity's texts, best first; names are not read.
    ///
    /// # Errors
    ///
    /// As [`CompanyIndex::search_alumni`].
    pub fn retrieve(&self, text: &WeightedText, limit: usize) -> Result<Vec<AlumnusId>, IndexError> {
        let Some(query) = query::retrieval(&self.analyzer, &self.fields, text) else {
            return Ok(Vec::new());
        };
        let matches = self.matches(&self.reader.searcher(), query.as_ref())?;
        Ok(best(matches, limit)
            .into_iter()
            .map(|(_, id)| AlumnusId(Uuid::from_u128(id)))
            .collect())
    }

    /// What was stored with each alumnus, in no order, as of the last commit shown.
    #[must_use]
    pub fn payloads(&self) -> Payloads {
        let searcher = self.reader.searcher();
        Payloads {
            dir: self.dir.clone(),
            payload: self.fields.payload,
            searcher,
            segment: 0,
            doc: 0,
        }
    }

    fn search<Id>(
        &self,
        target: &Target,
        query: &str,
        limit: usize,
        id: impl Fn(Uuid) -> Id,
    ) -> Result<SearchResult<Id>, IndexError> {
        // One searcher for all attempts, so that they see the same commit.
        let searcher = self.reader.searcher();
        for attempt in query::typed(&self.analyzer, target, query) {
            let matches = self.matches(&searcher, attempt.as_ref())?;
            if !matches.is_empty() {
                let n_total = matches.len();
                let hits = best(matches, limit).into_iter();
                return Ok(SearchResult {
                    hits: hits
                        .map(|(score, hit)| (id(Uuid::from_u128(hit)), score))
                        .collect(),
                    n_total,
                });
            }
        }
        Ok(SearchResult {
            hits: Vec::new(),
            n_total: 0,
        })
    }

    fn matches(&self, searcher: &Searcher, query: &dyn Query) -> Result<Vec<(f32, u128)>, IndexError> {
        searcher
            .search(query, &AllMatches)
            .map_err(|error| IndexError::reading(&self.dir, &error))
    }

    fn replace(&self, key: &str, document: Option<TantivyDocument>) -> Result<(), IndexError> {
        let batch = self.batch()?;
        let Some(writer) = batch.as_ref() else {
            return Ok(());
        };
        writer.delete_term(Term::from_field_text(self.fields.key, key));
        if let Some(document) = document {
            writer
                .add_document(document)
                .map_err(|error| IndexError::writing(&self.dir, &error))?;
        }
        Ok(())
    }

    /// The batch, begun if it was not; always `Some` behind the guard.
    fn batch(&self) -> Result<MutexGuard<'_, Option<IndexWriter>>, IndexError> {
        let mut batch = self.batch.lock().unwrap_or_else(PoisonError::into_inner);
        if batch.is_none() {
            *batch = Some(open_writer(&self.dir, &self.index, self.writer_heap_bytes)?);
        }
        Ok(batch)
    }
}

/// Gives the alumni of an index with what was stored with them.
pub struct Payloads {
    dir: PathBuf,
    payload: tantivy::schema::Field,
    searcher: Searcher,
    segment: u32,
    doc: u32,
}

impl Iterator for Payloads {
    type Item = Result<(AlumnusId, Vec<u8>), IndexError>;

    fn next(&mut self) -> Option<Self::Item> {
        while (self.segment as usize) < self.searcher.segment_readers().len() {
            let segment = self.searcher.segment_reader(self.segment);
            if self.doc >= segment.max_doc() {
                (self.segment, self.doc) = (self.segment + 1, 0);
                continue;
            }
            let address = DocAddress {
                segment_ord: self.segment,
                doc_id: self.doc,
            };
            let is_alive = segment
                .alive_bitset()
                .is_none_or(|alive| alive.is_alive(self.doc));
            self.doc += 1;
            if !is_alive {
                continue;
            }
            match self.read(address) {
                Ok(Some(found)) => return Some(Ok(found)),
                // An opportunity.
                Ok(None) => {}
                Err(error) => return Some(Err(IndexError::reading(&self.dir, &error))),
            }
        }
        None
    }
}

impl Payloads {
    fn read(&self, address: DocAddress) -> tantivy::Result<Option<(AlumnusId, Vec<u8>)>> {
        let document: TantivyDocument = self.searcher.doc(address)?;
        let Some(payload) = document
            .get_first(self.payload)
            .and_then(|value| value.as_bytes().map(<[u8]>::to_vec))
        else {
            return Ok(None);
        };
        let fast = self.searcher.segment_reader(address.segment_ord).fast_fields();
        let half = |name| Ok::<u64, TantivyError>(fast.u64(name)?.first(address.doc_id).unwrap_or_default());
        let id = Uuid::from_u64_pair(half(ID_HIGH)?, half(ID_LOW)?);
        Ok(Some((AlumnusId(id), payload)))
    }
}

fn version_of(analyzer: &Analyzer) -> String {
    format!("schema-{SCHEMA_VERSION} {}", analyzer.version())
}

fn create(dir: &Path, fields: &Fields) -> Result<Index, IndexError> {
    let has_files = fs::read_dir(dir)
        .map_err(|error| IndexError::reading(dir, &error))?
        .flatten()
        .any(|entry| {
            entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "store" || extension == "idx")
        });
    if has_files {
        return Err(IndexError::reading(dir, &"meta.json is missing"));
    }
    match Index::create_in_dir(dir, fields.schema.clone()) {
        Ok(index) => Ok(index),
        // Another process was faster.
        Err(TantivyError::IndexAlreadyExists) => {
            Index::open_in_dir(dir).map_err(|error| IndexError::reading(dir, &error))
        }
        Err(error) => Err(IndexError::writing(dir, &error)),
    }
}

/// Every index says its version from the start: an empty one, too, must not be filled by two versions.
fn ensure_first_commit(dir: &Path, index: &Index, version: &str) -> Result<(), IndexError> {
    if payload_of(dir, index)?.is_some() {
        return Ok(());
    }
    let mut writer = open_writer(dir, index, WRITER_HEAP_BYTES)?;
    if payload_of(dir, index)?.is_none() {
        let payload = CommitPayload {
            version: version.to_owned(),
            position: 0,
        };
        commit(&mut writer, &payload).map_err(|error| IndexError::writing(dir, &error))?;
    }
    Ok(())
}

fn commit(writer: &mut IndexWriter, payload: &CommitPayload) -> tantivy::Result<()> {
    let payload =
        serde_json::to_string(payload).map_err(|error| TantivyError::InternalError(error.to_string()))?;
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&payload);
    prepared.commit().map(|_| ())
}

fn payload_of(dir: &Path, index: &Index) -> Result<Option<CommitPayload>, IndexError> {
    let metas = index
        .load_metas()
        .map_err(|error| IndexError::reading(dir, &error))?;
    parse(dir, metas.payload.as_deref())
}

fn parse(dir: &Path, payload: Option<&str>) -> Result<Option<CommitPayload>, IndexError> {
    let Some(payload) = payload else { return Ok(None) };
    serde_json::from_str(payload)
        .map(Some)
        .map_err(|error| IndexError::reading(dir, &error))
}

/// Tells commits apart, a merge included. Operation stamps alone begin anew in a rebuilt index.
fn fingerprint(metas: &tantivy::IndexMeta) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    metas.opstamp.hash(&mut hasher);
    for segment in &metas.segments {
        segment.id().hash(&mut hasher);
        segment.delete_opstamp().hash(&mut hasher);
    }
    hasher.finish()
}

fn open_writer(dir: &Path, index: &Index, heap_bytes: usize) -> Result<IndexWriter, IndexError> {
    let mut attempt = 1;
    loop {
        let opened = index.writer_with_num_threads(1, heap_bytes);
        match opened.map_err(|error| IndexError::opening_writer(dir, &error)) {
            Err(IndexError::Busy { .. }) if attempt < LOCK_ATTEMPTS_MAX => thread::sleep(LOCK_PAUSE),
            opened => return opened,
        }
        attempt += 1;
    }
}

fn move_into_place(unfinished: &Path, into: &Path, replaced: &Path) -> io::Result<()> {
    remove_if_there(replaced)?;
    match fs::rename(into, replaced) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    fs::rename(unfinished, into)?;
    remove_if_there(replaced)
}

fn remove_if_there(dir: &Path) -> io::Result<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
