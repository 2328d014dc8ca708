//! A file that analysed profiles lie in while their company is in memory.
//!
//! - It is no part of the index: it has no name, nobody else sees it, and it ends with the process or the pool.
//! - Of whoever is erased or changed nothing is left in it: a piece is overwritten before it is given out again.
//! - Space is given out in pieces of a few sizes, and what is given back is given out again: the file grows to what it
//!   held at its fullest.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::features::kept::{Numbered, Store, Stored};

/// Pieces are multiples of this many bytes: a profile of 360 characters takes some 3,000, so that a twentieth is lost.
const PIECE_BYTES: u64 = 256;

/// A file of profiles.
#[derive(Debug)]
pub struct Shelf {
    file: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    file: File,
    room: Mutex<Room>,
    /// Nobody puts anything in any more: the file goes with the last piece.
    is_closed: AtomicBool,
}

/// What of the file is taken.
#[derive(Debug, Default)]
struct Room {
    end: u64,
    /// First bytes of what was given back, by size.
    free: HashMap<u64, Vec<u64>>,
}

#[derive(Debug)]
struct Piece {
    file: Arc<Inner>,
    at: u64,
    len: u32,
}

impl Shelf {
    /// Makes one in a directory.
    ///
    /// # Errors
    ///
    /// Where no file can be made there.
    pub fn create(directory: &Path) -> io::Result<Self> {
        Ok(Self {
            file: Arc::new(Inner {
                file: tempfile::tempfile_in(directory)?,
                room: Mutex::default(),
                is_closed: AtomicBool::new(false),
            }),
        })
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        self.file.is_closed.store(true, Ordering::Relaxed);
    }
}

impl Store for Shelf {
    fn put(&self, profile: &Numbered) -> Option<Arc<dyn Stored>> {
        let bytes = postcard::to_stdvec(&(profile.profile.as_ref(), &profile.term_ids)).ok()?;
        let len = u32::try_from(bytes.len()).ok()?;
        // From here on the piece is given back however this ends.
        let piece = Piece {
            at: self.file.take(size_of(len)),
            file: Arc::clone(&self.file),
            len,
        };
        write_at(&self.file.file, &bytes, piece.at).ok()?;
        Some(Arc::new(piece))
    }
}

impl Inner {
    fn room(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, size: u64) -> u64 {
        let mut room = self.room();
        if let Some(at) = room.free.get_mut(&size).and_then(Vec::pop) {
            return at;
        }
        let at = room.end;
        room.end += size;
        at
    }
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

// Elsewhere files have one position for all who read: profiles stay in memory there.
#[cfg(not(unix))]
fn write_at(_: &File, _: &[u8], _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(unix))]
fn read_at(_: &File, _: &mut [u8], _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// How much of the file so many bytes take.
fn size_of(len: u32) -> u64 {
    u64::from(len).next_multiple_of(PIECE_BYTES)
}

impl Stored for Piece {
    fn get(&self) -> Numbered {
        let mut bytes = vec![0; self.len as usize];
        let read = read_at(&self.file.file, &mut bytes, self.at).map_err(|error| error.to_string());
        let read = read.and_then(|()| postcard::from_bytes(&bytes).map_err(|error| error.to_string()));
        match read {
            Ok((profile, term_ids)) => Numbered {
                profile: Arc::new(profile),
                term_ids,
            },
            Err(reason) => panic!("a profile that lies beside the index cannot be read back: {reason}"),
        }
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        if self.file.is_closed.load(Ordering::Relaxed) {
            return;
        }
        let size = size_of(self.len);
        // Where it cannot be overwritten it is not used again either, and goes with the file.
        if write_at(&self.file.file, &vec![0; self.len as usize], self.at).is_err() {
            return;
        }
        self.file.room().free.entry(size).or_default().push(self.at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Profile;
    use crate::features::{Vocabulary, analysis, concepts::ConceptBag};
    use crate::text::testing::analyzer;

    fn numbered(summary: &str) -> Numbered {
        let profile = Profile {
            headline: Some("経理の責任者".to_owned()),
            summary: Some(summary.to_owned()),
            ..Profile::default()
        };
        let profile = analysis::profile(&analyzer(), &profile);
        let term_ids = Vocabulary::default().add(&profile, &ConceptBag::of_profile(&profile));
        Numbered {
            profile: Arc::new(profile),
            term_ids,
        }
    }

    #[test]
    fn what_is_put_comes_back_and_its_room_is_used_again() {
        let directory = tempfile::TempDir::new().unwrap();
        let shelf = Shelf::create(directory.path()).unwrap();
        let profiles = ["連結決算を主導。", "日商簿記1級。決算を担当。", ""].map(numbered);
        let stored: Vec<_> = profiles.iter().map(|one| shelf.put(one).unwrap()).collect();
        for (stored, profile) in stored.iter().zip(&profiles) {
            assert_eq!(stored.get(), *profile);
        }
        let end = shelf.file.room().end;
        drop(stored);
        let mut left = vec![1; end as usize];
        let n_written = left.len() - PIECE_BYTES as usize;
        read_at(&shelf.file.file, &mut left[..n_written], 0).unwrap();
        assert!(
            left[..n_written].iter().all(|byte| *byte == 0),
            "nothing is left of them"
        );
        let again: Vec<_> = profiles.iter().rev().map(|one| shelf.put(one).unwrap()).collect();
        assert_eq!(shelf.file.room().end, end, "no new room");
        for (stored, profile) in again.iter().zip(profiles.iter().rev()) {
            assert_eq!(stored.get(), *profile);
        }
        // The file goes with its last reader.
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
        drop(shelf);
        assert_eq!(again[0].get(), profiles[2]);
    }
}
