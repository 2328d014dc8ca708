//! What lies beside an index while another is built to take its place.
//!
//! - It holds everybody's texts, and no erasure looks into it. What a process that died has left there is therefore
//!   removed by whoever next opens the index, builds it, or takes somebody out of it.
//! - Whoever builds holds a lock, which ends with the process: what lies there while nobody holds it is nobody's.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use okaeri_engine::index::IndexError;

/// Until it is dropped, what lies beside the index is somebody's.
pub(super) struct Building(#[allow(dead_code, reason = "the lock goes with the file")] File);

/// Waits until nobody else builds an index for `directory`, which is logged, and removes what those who died have left.
///
/// # Errors
///
/// [`IndexError::Unwritable`].
pub(super) fn begin(directory: &Path) -> Result<Building, IndexError> {
    let unwritable = |error: io::Error| IndexError::Unwritable {
        dir: directory.to_owned(),
        reason: error.to_string(),
    };
    if let Some(root) = directory.parent() {
        fs::create_dir_all(root).map_err(unwritable)?;
    }
    let lock = File::create(beside(directory, "lock")).map_err(unwritable)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => {
            let index = directory.display();
            tracing::info!(index.directory = %index, "waiting for another process that builds the index of {index}");
            lock.lock().map_err(unwritable)?;
        }
        Err(fs::TryLockError::Error(error)) => return Err(unwritable(error)),
    }
    remove_all(directory).map_err(unwritable)?;
    Ok(Building(lock))
}

/// Removes what those who died have left, unless somebody builds an index just now. Says so where it cannot: an index
/// that can be read answers all the same.
pub(super) fn tidy(directory: &Path) {
    let removed = list(directory).and_then(|left| {
        if left.is_empty() {
            return Ok(());
        }
        match File::create(beside(directory, "lock"))?.try_lock() {
            Ok(()) => remove_all(directory),
            Err(fs::TryLockError::WouldBlock) => Ok(()),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    });
    if let Err(error) = removed {
        tracing::warn!(
            "what an interrupted `okaeri reindex` left beside {} cannot be removed ({error}): it holds people's texts, \
             delete the directories there that begin with {}",
            directory.display(),
            beside(directory, "unfinished").display()
        );
    }
}

/// Removes an index that nobody is to read any more, with what lies beside it. Returns whether there was anything.
///
/// # Errors
///
/// [`IndexError::Unwritable`].
pub(super) fn discard(directory: &Path) -> Result<bool, IndexError> {
    let unwritable = |error: io::Error| IndexError::Unwritable {
        dir: directory.to_owned(),
        reason: error.to_string(),
    };
    if !directory.exists() && list(directory).map_err(unwritable)?.is_empty() {
        return Ok(false);
    }
    let _building = begin(directory)?;
    // Out of the way at once: half an index in its place would be taken for a broken one.
    let aside = beside(directory, &format!("replaced-{}", std::process::id()));
    match fs::rename(directory, aside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unwritable(error)),
        Ok(()) | Err(_) => {}
    }
    remove_all(directory).map_err(unwritable)?;
    Ok(true)
}

/// `.NAME.suffix` in the directory above, as the engine names what it builds.
fn beside(directory: &Path, suffix: &str) -> PathBuf {
    let name = directory.file_name().unwrap_or_default().to_string_lossy();
    directory.with_file_name(format!(".{name}.{suffix}"))
}

fn remove_all(directory: &Path) -> io::Result<()> {
    list(directory)?.into_iter().try_for_each(fs::remove_dir_all)
}

fn list(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match directory.parent().map(fs::read_dir) {
        None => return Ok(Vec::new()),
        Some(Err(error)) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Some(entries) => entries?,
    };
    let begins = ["unfinished-", "replaced-"].map(|suffix| beside(directory, suffix));
    let mut left = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let is_left = |begin: &PathBuf| {
            let (path, begin) = (path.to_string_lossy(), begin.to_string_lossy());
            path.starts_with(&*begin)
        };
        if begins.iter().any(is_left) {
            left.push(path);
        }
    }
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(root: &Path) -> Vec<PathBuf> {
        let paths = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
        paths.filter(|path| path.is_dir()).collect()
    }

    #[test]
    fn an_index_is_discarded_with_what_lies_beside_it_and_no_other_is() {
        let root = tempfile::TempDir::new().unwrap();
        let (index, other) = (root.path().join("aoba"), root.path().join("midori"));
        assert!(!discard(&root.path().join("nowhere/aoba")).unwrap());
        for path in [&index, &other, &root.path().join(".aoba.unfinished-1")] {
            fs::create_dir_all(path).unwrap();
        }
        assert!(discard(&index).unwrap());
        assert_eq!(left(root.path()), [other]);
        assert!(!discard(&index).unwrap());
    }

    #[test]
    fn what_nobody_builds_is_removed_and_what_somebody_builds_stays() {
        let root = tempfile::TempDir::new().unwrap();
        let index = root.path().join("aoba");
        let another = root.path().join(".midori.unfinished-1");
        let mine = [".aoba.unfinished-1", ".aoba.replaced-22"].map(|name| root.path().join(name));
        let leave = || {
            for path in mine.iter().chain([&another, &index]) {
                fs::create_dir_all(path).unwrap();
            }
        };
        tidy(&root.path().join("nowhere/aoba"));
        leave();
        let building = begin(&index).unwrap();
        assert_eq!(left(root.path()).len(), 2, "its own alone");
        leave();
        tidy(&index);
        assert_eq!(left(root.path()).len(), 4, "somebody builds");
        drop(building);
        tidy(&index);
        let mut expected = [another.clone(), index.clone()];
        expected.sort();
        let mut found = left(root.path());
        found.sort();
        assert_eq!(found, expected);
    }
}
