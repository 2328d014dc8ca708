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
    /// Whether the index is one of this version for other words of the company's own.
    #[must_use]
    pub fn is_of_other_words(&self) -> bool {
        match self {
            // The words are what a version ends with.
            Self::OtherVersion { found, expected, .. } => {
                let but_for_words = |version: &str| version.rsplit_once(' ').map(|(rest, _)| rest.to_owned());
                found != expected && but_for_words(found) == but_for_words(expected)
            }
            Self::Unreadable { .. } | Self::Busy { .. } | Self::Unwritable { .. } => false,
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_words_are_told_from_another_version() {
        let error = |found: &str| IndexError::OtherVersion {
            dir: PathBuf::from("index"),
            found: found.to_owned(),
            expected: "schema-1 chain-2 ipadic words-00".to_owned(),
        };
        assert!(error("schema-1 chain-2 ipadic words-01").is_of_other_words());
        assert!(!error("schema-1 chain-1 ipadic words-01").is_of_other_words());
        assert!(!error("").is_of_other_words());
        let dir = PathBuf::from("index");
        assert!(!IndexError::Busy { dir }.is_of_other_words());
    }
}
