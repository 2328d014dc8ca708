//! An analysed profile as a pool keeps it: in memory, or wherever whoever made the pool puts it. Half of what a person would
//! take in memory is texts and where words stand in them, which only explanations and few features of few people read.

use std::fmt;
use std::sync::Arc;

use super::analysis::AnalyzedProfile;
use super::vocabulary::TermIds;

/// An analysed profile with the numbers of its terms in a company's vocabulary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbered {
    /// The profile.
    pub profile: Arc<AnalyzedProfile>,
    /// The numbers of its terms.
    pub term_ids: TermIds,
}

/// Keeps profiles out of memory.
pub trait Store: fmt::Debug + Send + Sync {
    /// Keeps a profile; `None` where that cannot be, as on a full disk: then it stays in memory.
    fn put(&self, profile: &Numbered) -> Option<Arc<dyn Stored>>;
}

/// A profile that is kept out of memory, until this is dropped.
pub trait Stored: fmt::Debug + Send + Sync {
    /// Reads it, which takes some 10 µs.
    ///
    /// # Panics
    ///
    /// When what was written cannot be read back: the disk is broken, and with it the index that lies there.
    fn get(&self) -> Numbered;
}

/// A profile, wherever it is.
#[derive(Clone, Debug)]
pub enum Kept {
    /// In memory.
    Whole(Numbered),
    /// Elsewhere.
    Stored(Arc<dyn Stored>),
}

impl Kept {
    /// Keeps a profile in `store`, or in memory where there is none or it cannot.
    #[must_use]
    pub fn new(profile: Numbered, store: Option<&dyn Store>) -> Self {
        match store.and_then(|store| store.put(&profile)) {
            Some(stored) => Self::Stored(stored),
            None => Self::Whole(profile),
        }
    }

    /// The profile.
    ///
    /// # Panics
    ///
    /// As [`Stored::get`].
    #[must_use]
    pub fn read(&self) -> Numbered {
        match self {
            Self::Whole(profile) => profile.clone(),
            Self::Stored(stored) => stored.get(),
        }
    }

    /// Whether both are the same profile, and not only equal ones.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Whole(one), Self::Whole(other)) => Arc::ptr_eq(&one.profile, &other.profile),
            (Self::Stored(one), Self::Stored(other)) => Arc::ptr_eq(one, other),
            (Self::Whole(_), Self::Stored(_)) | (Self::Stored(_), Self::Whole(_)) => false,
        }
    }

    /// Whether it is in memory.
    #[must_use]
    pub fn is_in_memory(&self) -> bool {
        matches!(self, Self::Whole(_))
    }
}
