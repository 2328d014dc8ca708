//! What goes wrong by our own doing, in one type that every layer above the database passes on.

use okaeri_engine::index::IndexError;

use crate::db::DbError;

/// Our own doing, with its cause. Logged once, at the edge.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
    /// The index failed.
    #[error("the index failed: {0}")]
    Index(#[from] IndexError),
    /// Something that cannot be, was.
    #[error("{0}")]
    Broken(String),
}

impl Fault {
    /// Whether trying again in a few seconds may help.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Database(error) => error.is_unavailable(),
            Self::Index(_) | Self::Broken(_) => false,
        }
    }
}
