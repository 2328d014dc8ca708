//! One company's index on disk: opened, written in batches, searched, rebuilt beside itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tantivy::indexer::NoMergePolicy;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, TantivyError, Term};
use uuid::Uuid;

use super::SearchResult;
use super::disk::{
    CommitPayload, commit, create, ensure_first_commit, fingerprint, hold_live, move_into_place, open_writer,
    parse, payload_of, remove_if_there,
};
use super::document::{self, alumnus_key, opportunity_key};
use super::error::IndexError;
use super::payloads::Payloads;
use super::query::{self, SearchScope, Target};
use super::schema::{Fields, SCHEMA_VERSION};
use super::stepwise;
use crate::domain::{AlumnusId, Opportunity, OpportunityId, PersonName, Profile};
use crate::features::ReadProfile;
use crate::features::analysis::ANALYSIS_VERSION;
use crate::search::{self, TypedQuery};
use crate::text::Analyzer;
use crate::thesaurus;

/// Memory of the one writer before it writes a segment: one and a half times tantivy's least, some thousand profiles.
pub const WRITER_HEAP_BYTES: usize = 24 * 1024 * 1024;

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
            // Whoever has a batch open on the replaced index would commit it into the new one.
            let _live = hold_live(dir).map_err(E::from)?;
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
    /// be written has to be read after this. A batch belongs to the process: one thread should apply changes.
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
        self.upsert_read(id, name, &self.read(profile), payload)
    }

    /// Reads a profile by the index's chain of analysis, for [`Self::upsert_read`] and
    /// [`of`](crate::features::analysis::of).
    #[must_use]
    pub fn read<'a>(&'a self, profile: &'a Profile) -> ReadProfile<'a> {
        ReadProfile::new(&self.analyzer, profile)
    }

    /// Writes or replaces an alumnus whose profile [`Self::read`] has read.
    ///
    /// # Errors
    ///
    /// As [`CompanyIndex::upsert_alumnus`].
    pub fn upsert_read(
        &self,
        id: AlumnusId,
        name: &PersonName,
        read: &ReadProfile<'_>,
        payload: &[u8],
    ) -> Result<(), IndexError> {
        let document = document::alumnus(&self.fields, id, name, read, payload);
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
        // What was written is found from here on: merging segments, which this commit may have given a reason for, takes as
        // long as many commits.
        self.position()?;
        // The lock goes back with the writer, so that a command can write beside a running server.
        writer
            .wait_merging_threads()
            .map_err(|error| IndexError::writing(&self.dir, &error))?;
        drop(batch);
        self.position().map(|_| ())
    }

    /// Rewrites every segment that still holds deleted documents and deletes the files that nobody needs any more, so that
    /// no byte of a deleted document is left. Waits for other processes; not within a batch.
    ///
    /// A reader of this process that searches meanwhile keeps a file until the next commit, which deletes it.
    ///
    /// # Errors
    ///
    /// [`IndexError::Busy`] and [`IndexError::Unwritable`]: what was committed counts all the same, and a later call
    /// completes it.
    pub fn expunge(&self) -> Result<(), IndexError> {
        let writing = |error: TantivyError| IndexError::writing(&self.dir, &error);
        let mut batch = self.batch.lock().unwrap_or_else(PoisonError::into_inner);
        // An open batch could only hold what nobody committed: it must not become part of a rewritten segment.
        *batch = None;
        let mut writer = open_writer(&self.dir, &self.index, self.writer_heap_bytes)?;
        // No merge of the writer's own may take a segment that is to be rewritten.
        writer.set_merge_policy(Box::new(NoMergePolicy));
        let metas = self.index.load_metas().map_err(writing)?;
        for segment in metas.segments.iter().filter(|segment| segment.has_deletes()) {
            writer.merge(&[segment.id()]).wait().map_err(writing)?;
        }
        drop(metas);
        // The reader holds the files of what it shows: it turns to the rewritten segments before the old ones go.
        self.position()?;
        writer.garbage_collect_files().wait().map_err(writing)?;
        writer.wait_merging_threads().map_err(writing)
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

    /// The version of schema and analysis, which is part of what a search was answered with.
    #[must_use]
    pub fn version(&self) -> String {
        version_of(&self.analyzer)
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
        self.search_alumni_among(query, scope, limit, |_| true)
    }

    /// The same of some alumni: the others move nothing of what is found, neither the order nor how far the search goes on.
    ///
    /// - `is_among` is asked about everybody who matches.
    ///
    /// # Errors
    ///
    /// As [`CompanyIndex::search_alumni`].
    pub fn search_alumni_among(
        &self,
        query: &str,
        scope: SearchScope,
        limit: usize,
        is_among: impl Fn(AlumnusId) -> bool,
    ) -> Result<SearchResult<AlumnusId>, IndexError> {
        let target = Target::alumni(&self.fields, scope);
        self.search(&target, query, limit, AlumnusId, is_among)
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
        let target = Target::opportunities(&self.fields);
        self.search(&target, query, limit, OpportunityId, |_| true)
    }

    /// Shows why a typed query found each of these, given what may be shown of it; on all processors.
    #[must_use]
    pub fn show(&self, query: &str, found: &[search::Texts<'_>]) -> Vec<search::Shown> {
        let query = TypedQuery::new(&self.analyzer, query);
        search::show(&self.analyzer, &query, found)
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
        is_among: impl Fn(Id) -> bool,
    ) -> Result<SearchResult<Id>, IndexError> {
        let query = TypedQuery::new(&self.analyzer, query);
        let steps = query::typed(target, &query);
        let id = |key: u128| id(Uuid::from_u128(key));
        let found = stepwise::find(&self.reader.searcher(), &steps, limit, |key| is_among(id(key)))
            .map_err(|error| IndexError::reading(&self.dir, &error))?;
        Ok(SearchResult {
            n_total: found.n_total,
            hits: found.best.iter().map(|(hit, _)| id(*hit)).collect(),
            relevances: found.best.iter().map(|(_, relevance)| *relevance).collect(),
        })
    }

    fn replace(&self, key: &str, document: Option<TantivyDocument>) -> Result<(), IndexError> {
        let mut batch = self.batch()?;
        let Some(writer) = batch.as_ref() else {
            return Ok(());
        };
        writer.delete_term(Term::from_field_text(self.fields.key, key));
        let added = document.map_or(Ok(0), |document| writer.add_document(document));
        if let Err(error) = added {
            // A writer that failed once fails for ever; the next batch gets another.
            *batch = None;
            return Err(IndexError::writing(&self.dir, &error));
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

pub(super) fn version_of(analyzer: &Analyzer) -> String {
    // The thesaurus and the reading of distances decide what is written into the index, too.
    let thesaurus_version = thesaurus::VERSION;
    format!(
        "schema-{SCHEMA_VERSION} analysis-{ANALYSIS_VERSION} thesaurus-{thesaurus_version} {}",
        analyzer.version()
    )
}
