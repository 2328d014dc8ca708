//! The directory of an index: made, committed to, locked, replaced.
//!
//! - What a commit says about itself stands in tantivy's own commit, so the two cannot disagree.

use std::fs;
use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tantivy::{Index, IndexWriter, TantivyError};

use super::company::WRITER_HEAP_BYTES;
use super::error::IndexError;
use super::schema::Fields;
use super::terms;

/// How often, and how long each time, a batch waits for another process to finish its own: five seconds in all.
const LOCK_ATTEMPTS_MAX: u32 = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// What a commit says about itself.
#[derive(Serialize, Deserialize)]
pub(super) struct CommitPayload {
    pub(super) version: String,
    pub(super) position: u64,
}

pub(super) fn create(dir: &Path, fields: &Fields) -> Result<Index, IndexError> {
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
pub(super) fn ensure_first_commit(dir: &Path, index: &Index, version: &str) -> Result<(), IndexError> {
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

pub(super) fn commit(writer: &mut IndexWriter, payload: &CommitPayload) -> tantivy::Result<()> {
    let payload =
        serde_json::to_string(payload).map_err(|error| TantivyError::InternalError(error.to_string()))?;
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&payload);
    prepared.commit().map(|_| ())
}

pub(super) fn payload_of(dir: &Path, index: &Index) -> Result<Option<CommitPayload>, IndexError> {
    let metas = index
        .load_metas()
        .map_err(|error| IndexError::reading(dir, &error))?;
    parse(dir, metas.payload.as_deref())
}

/// The change-log position of the last commit in `dir`, without opening the index for reading or writing; `None` where
/// there is no index.
///
/// # Errors
///
/// [`IndexError::Unreadable`].
pub fn stored_position(dir: &Path) -> Result<Option<u64>, IndexError> {
    if !dir.join("meta.json").exists() {
        return Ok(None);
    }
    let index = Index::open_in_dir(dir).map_err(|error| IndexError::reading(dir, &error))?;
    Ok(payload_of(dir, &index)?.map(|payload| payload.position))
}

pub(super) fn parse(dir: &Path, payload: Option<&str>) -> Result<Option<CommitPayload>, IndexError> {
    let Some(payload) = payload else { return Ok(None) };
    serde_json::from_str(payload)
        .map(Some)
        .map_err(|error| IndexError::reading(dir, &error))
}

/// Tells commits apart, a merge included. Operation stamps alone begin anew in a rebuilt index.
pub(super) fn fingerprint(metas: &tantivy::IndexMeta) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    metas.opstamp.hash(&mut hasher);
    for segment in &metas.segments {
        segment.id().hash(&mut hasher);
        segment.delete_opstamp().hash(&mut hasher);
    }
    hasher.finish()
}

pub(super) fn open_writer(dir: &Path, index: &Index, heap_bytes: usize) -> Result<IndexWriter, IndexError> {
    index.tokenizers().register(terms::TOKENIZER, terms::tokenizer());
    let mut attempt = 1;
    loop {
        let opened = index.writer_with_num_threads(1, heap_bytes);
        match opened.map_err(|error| IndexError::opening_writer(dir, &error)) {
            Err(IndexError::Busy { .. }) if attempt < LOCK_ATTEMPTS_MAX => thread::sleep(LOCK_PAUSE),
            Err(error) => return Err(error),
            Ok(writer) => {
                // A process that was killed in a commit may have left its list of deleted documents, under the name that
                // this writer's will have, and tantivy writes over no file.
                let collected = writer.garbage_collect_files().wait();
                collected.map_err(|error| IndexError::writing(dir, &error))?;
                return Ok(writer);
            }
        }
        attempt += 1;
    }
}

/// Keeps other processes from writing the index in `dir` while it is replaced; `None` where there is none, or where
/// it is too damaged for anybody to write it.
pub(super) fn hold_live(dir: &Path) -> Result<Option<IndexWriter>, IndexError> {
    match Index::open_in_dir(dir) {
        Ok(index) => open_writer(dir, &index, WRITER_HEAP_BYTES).map(Some),
        Err(_) => Ok(None),
    }
}

pub(super) fn move_into_place(unfinished: &Path, into: &Path, replaced: &Path) -> io::Result<()> {
    remove_if_there(replaced)?;
    match fs::rename(into, replaced) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    fs::rename(unfinished, into)?;
    remove_if_there(replaced)
}

pub(super) fn remove_if_there(dir: &Path) -> io::Result<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
