//! Looks at an index beside whoever uses it: what it holds, and whether its files are whole.
//!
//! - Takes no lock, writes nothing and makes nothing, so nobody waits for it.
//! - A writer may delete files or swap the directory between two looks; what fails is therefore looked at again.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocId, DocSet as _, Index, SegmentReader, TERMINATED, TantivyDocument, TantivyError};
use uuid::Uuid;

use super::company::version_of;
use super::disk::payload_of;
use super::document::{ALUMNUS_KEY, OPPORTUNITY_KEY};
use super::error::IndexError;
use super::schema::Fields;
use crate::domain::{AlumnusId, OpportunityId};
use crate::text::Analyzer;

/// How often an index is looked at before what fails counts as broken, and how long between: a batch ends, and a
/// directory is swapped, in less.
const LOOKS_MAX: u32 = 3;
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
/// [`IndexError::OtherVersion`] and [`IndexError::Unreadable`], both of which `okaeri reindex` remedies.
pub fn inspect(dir: &Path, analyzer: &Analyzer, n_sampled: usize) -> Result<Option<Inspection>, IndexError> {
    let mut look = 1;
    loop {
        match look_at(dir, analyzer, n_sampled) {
            Err(IndexError::Unreadable { .. }) if look < LOOKS_MAX => thread::sleep(PAUSE),
            seen => return seen,
        }
        look += 1;
    }
}

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
    let Some(payload) = payload_of(dir, &index)? else {
        return Ok(None);
    };
    let fields = Fields::new();
    let expected = version_of(analyzer);
    if payload.version != expected || index.schema() != fields.schema {
        return Err(IndexError::OtherVersion {
            dir: dir.to_owned(),
            found: payload.version,
            expected,
        });
    }
    let damaged = index.validate_checksum().map_err(reading)?;
    let mut damaged_files: Vec<String> = damaged.iter().map(|path| path.display().to_string()).collect();
    damaged_files.sort_unstable();
    let held = held(&index, &fields, n_sampled).map_err(reading)?;
    // A commit in between has another set of segments than the position that was read first.
    if payload_of(dir, &index)?.map(|now| now.position) != Some(payload.position) {
        return Err(IndexError::reading(dir, &"it is being written"));
    }
    Ok(Some(Inspection {
        position: payload.position,
        damaged_files,
        ..held
    }))
}

/// Where an alumnus's document is.
struct Place {
    id: AlumnusId,
    segment: usize,
    doc: DocId,
}

fn held(index: &Index, fields: &Fields, n_sampled: usize) -> tantivy::Result<Inspection> {
    let segments: Vec<SegmentReader> = index
        .searchable_segments()?
        .iter()
        .map(SegmentReader::open)
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
