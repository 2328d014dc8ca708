//! Why the index did not answer.

use std::path::{Path, PathBuf};

use tantivy::TantivyError;
use tantivy::directory::error::LockError;

/// Why the index did not answer; each message is one line, and names the remedy where there is one.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// It was made with another schema, another chain of analysis, another dictionary or other company words.
    #[error("the index in {} has version `{found}`, and `{expected}` is needed: run `okaeri reindex`", dir.display())]
    OtherVersion {
        /// Where it is.
        dir: PathBuf,
        /// What its last commit says.
        found: String,
        /// What this program reads.
        expected: String,
    },
    /// Files are missing or torn.
    #[error("the index in {} cannot be read ({reason}): run `okaeri reindex`", dir.display())]
    Unreadable {
        /// Where it is.
        dir: PathBuf,
        /// What went wrong.
        reason: String,
    },
    /// Another process has been writing for longer than anybody should wait.
    #[error("the index in {} is being written by another process: try again when it has finished", dir.display())]
    Busy {
        /// Where it is.
        dir: PathBuf,
    },
    /// The disk does not let us write.
    #[error("cannot write the index in {} ({reason}): check the space and the permissions there", dir.display())]
    Unwritable {
        /// Where it is.
        dir: PathBuf,
        /// What went wrong.
        reason: String,
    },
}

impl IndexError {
    pub(super) fn reading(dir: &Path, error: &dyn std::fmt::Display) -> Self {
        Self::Unreadable {
            dir: dir.to_owned(),
            reason: one_line(error),
        }
    }

    pub(super) fn writing(dir: &Path, error: &dyn std::fmt::Display) -> Self {
        Self::Unwritable {
            dir: dir.to_owned(),
            reason: one_line(error),
        }
    }

    pub(super) fn opening_writer(dir: &Path, error: &TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => Self::Busy { dir: dir.to_owned() },
            error => Self::writing(dir, error),
        }
    }
}

fn one_line(error: &dyn std::fmt::Display) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
