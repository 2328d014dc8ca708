//! Looks at an index beside whoever uses it: what it holds, and whether its files are whole.
//!
//! - Takes no lock, writes nothing and makes nothing, so nobody waits for it.
//! - What it says of position and contents is of one commit. A writer may go on meanwhile: it deletes the files of earlier
//!   commits and swaps the directory, so what fails is looked at again, and counts as broken only where it is still the
//!   last commit that fails.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use tantivy::directory::error::OpenReadError;
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{
    DocId, DocSet as _, Index, IndexMeta, SegmentReader, TERMINATED, TantivyDocument, TantivyError,
};
use uuid::Uuid;

use super::company::version_of;
use super::disk::{fingerprint, parse};
use super::document::{ALUMNUS_KEY, OPPORTUNITY_KEY};
use super::error::IndexError;
use super::schema::Fields;
use crate::domain::{AlumnusId, OpportunityId};
use crate::text::Analyzer;

/// How often a step is tried, and how long between. A directory is swapped by two renames, and the files of a commit are
/// opened in less than the 400 ms until a server's next one, so the second look usually succeeds. Large files are read for
/// their checksums in longer; but once, and what came meanwhile is small, so the third usually does.
const LOOKS_MAX: u32 = 5;
const PAUSE: Duration = Duration::from_millis(200);

/// What an index holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// The change-log position that its last commit includes.
    pub position: u64,
    /// Everybody in it, in the order of identifiers; whoever is in it twice stands here twice.
    pub alumni: Vec<AlumnusId>,
    /// All opportunities in it, likewise.
    pub opportunities: Vec<OpportunityId>,
    /// Files whose checksum is wrong, by name.
    pub damaged_files: Vec<String>,
    /// What is stored with some of the alumni, as far apart as their number allows.
    pub sample: Vec<(AlumnusId, Vec<u8>)>,
}

/// Looks at the index in `dir`, and at what is stored with `n_sampled` of its alumni. `None`: nobody has made one.
///
/// Reads every file once for its checksum.
///
/// # Errors
///
/// [`IndexError::OtherVersion`] and [`IndexError::Unreadable`], both of which `okaeri reindex` remedies, and
/// [`IndexError::Busy`] where commits followed each other too fast to be looked at.
pub fn inspect(dir: &Path, analyzer: &Analyzer, n_sampled: usize) -> Result<Option<Inspection>, IndexError> {
    let Some(held) = repeat(|| look_at(dir, analyzer, n_sampled))? else {
        return Ok(None);
    };
    let mut is_whole = BTreeMap::new();
    let damaged_files = repeat(|| damaged(dir, &mut is_whole))?;
    Ok(Some(Inspection {
        damaged_files,
        ..held
    }))
}

/// Takes a step again while it fails by what a writer may have done meanwhile.
fn repeat<T>(mut step: impl FnMut() -> Result<T, IndexError>) -> Result<T, IndexError> {
    for _ in 1..LOOKS_MAX {
        match step() {
            Err(IndexError::Unreadable { .. } | IndexError::Busy { .. }) => thread::sleep(PAUSE),
            seen => return seen,
        }
    }
    step()
}

/// What the last commit holds, without the checksums of its files.
fn look_at(dir: &Path, analyzer: &Analyzer, n_sampled: usize) -> Result<Option<Inspection>, IndexError> {
    let reading = |error: TantivyError| IndexError::reading(dir, &error);
    if !dir.join("meta.json").exists() {
        let has_files = fs::read_dir(dir).is_ok_and(|mut files| files.next().is_some());
        if has_files {
            return Err(IndexError::reading(dir, &"meta.json is missing"));
        }
        return Ok(None);
    }
    let index = Index::open_in_dir(dir).map_err(reading)?;
    // Read once: position, version and segments of one commit.
    let metas = index.load_metas().map_err(reading)?;
    let Some(payload) = parse(dir, metas.payload.as_deref())? else {
        return Ok(None);
    };
    let fields = Fields::new();
    let expected = version_of(analyzer);
    if payload.version != expected || metas.schema != fields.schema {
        return Err(IndexError::OtherVersion {
            dir: dir.to_owned(),
            found: payload.version,
            expected,
        });
    }
    let held = held(&index, &metas, &fields, n_sampled);
    if held.is_err() {
        ensure_last(dir, &index, &metas)?;
    }
    Ok(Some(Inspection {
        position: payload.position,
        ..held.map_err(reading)?
    }))
}

/// Files of the last commit whose checksum is wrong, by name.
///
/// - `is_whole`: files that earlier looks have read, which never change and are not read again
fn damaged(dir: &Path, is_whole: &mut BTreeMap<PathBuf, bool>) -> Result<Vec<String>, IndexError> {
    let reading = |error: TantivyError| IndexError::reading(dir, &error);
    let index = Index::open_in_dir(dir).map_err(reading)?;
    let metas = index.load_metas().map_err(reading)?;
    let files = metas.list_segment_files();
    let checked = check(&index, &files, is_whole);
    // A commit in between has brought files that were not looked at, and may have deleted some that were to be.
    ensure_last(dir, &index, &metas)?;
    checked.map_err(reading)?;
    let damaged = is_whole
        .iter()
        .filter(|(path, is_whole)| !**is_whole && files.contains(*path));
    Ok(damaged.map(|(path, _)| path.display().to_string()).collect())
}

/// Reads these files, unless that was done already.
fn check(
    index: &Index,
    files: &HashSet<PathBuf>,
    is_whole: &mut BTreeMap<PathBuf, bool>,
) -> tantivy::Result<()> {
    let directory = index.directory();
    let made = directory.list_managed_files();
    for path in files {
        if is_whole.contains_key(path) {
            continue;
        }
        match directory.validate_checksum(path) {
            Ok(is_this_whole) => {
                is_whole.insert(path.clone(), is_this_whole);
            }
            // A segment in which nothing was deleted has no list of what was.
            Err(OpenReadError::FileDoesNotExist(_)) if !made.contains(path) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Fails with [`IndexError::Busy`] when another commit has taken the place of this one, whose files may be gone.
fn ensure_last(dir: &Path, index: &Index, metas: &IndexMeta) -> Result<(), IndexError> {
    let last = index
        .load_metas()
        .map_err(|error| IndexError::reading(dir, &error))?;
    if fingerprint(&last) != fingerprint(metas) {
        return Err(IndexError::Busy { dir: dir.to_owned() });
    }
    Ok(())
}

/// Where an alumnus's document is.
struct Place {
    id: AlumnusId,
    segment: usize,
    doc: DocId,
}

fn held(index: &Index, metas: &IndexMeta, fields: &Fields, n_sampled: usize) -> tantivy::Result<Inspection> {
    let segments: Vec<SegmentReader> = metas
        .segments
        .iter()
        .map(|segment| SegmentReader::open(&index.segment(segment.clone())))
        .collect::<tantivy::Result<_>>()?;
    let mut places: Vec<Place> = Vec::new();
    let mut opportunities: Vec<OpportunityId> = Vec::new();
    for (idx, segment) in segments.iter().enumerate() {
        for (key, doc) in keys(segment, fields)? {
            if let Some(id) = key.strip_prefix(ALUMNUS_KEY).and_then(uuid) {
                places.push(Place {
                    id: AlumnusId(id),
                    segment: idx,
                    doc,
                });
            } else if let Some(id) = key.strip_prefix(OPPORTUNITY_KEY).and_then(uuid) {
                opportunities.push(OpportunityId(id));
            }
        }
    }
    places.sort_unstable_by_key(|place| place.id);
    opportunities.sort_unstable();

    let step = places.len().div_ceil(n_sampled.max(1)).max(1);
    let mut sample = Vec::new();
    for place in places.iter().step_by(step).take(n_sampled) {
        let store = segments[place.segment].get_store_reader(1)?;
        let document: TantivyDocument = store.get(place.doc)?;
        let stored = document.get_first(fields.payload);
        let bytes = stored.and_then(|value| value.as_bytes().map(<[u8]>::to_vec));
        sample.push((place.id, bytes.unwrap_or_default()));
    }
    Ok(Inspection {
        position: 0,
        alumni: places.iter().map(|place| place.id).collect(),
        opportunities,
        damaged_files: Vec::new(),
        sample,
    })
}

/// The keys of all documents of a segment that are not deleted.
fn keys(segment: &SegmentReader, fields: &Fields) -> tantivy::Result<Vec<(String, DocId)>> {
    let words = segment.inverted_index(fields.key)?;
    let mut keys = Vec::new();
    let mut terms = words.terms().stream()?;
    while terms.advance() {
        let key = String::from_utf8_lossy(terms.key()).into_owned();
        let mut documents = words.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
        while documents.doc() != TERMINATED {
            let doc = documents.doc();
            if segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc)) {
                keys.push((key.clone(), doc));
            }
            documents.advance();
        }
    }
    Ok(keys)
}

fn uuid(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok()
}
