//! What goes wrong by our own doing, in one type that every layer above the database passes on.

use std::sync::Arc;

use okaeri_engine::index::IndexError;
use okaeri_engine::interrupt::Interrupted;

use crate::admission::Overloaded;
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
    /// Other servers hold the company; the edge refuses requests about it before they come so far.
    #[error(
        "this server does not hold company {slug} (servers.names, servers.companies): ask one that does, see `okaeri servers`"
    )]
    NotHeld {
        /// The company's short name.
        slug: String,
    },
    /// There is more to compute than this server takes on.
    #[error(transparent)]
    Overloaded(#[from] Overloaded),
    /// The work was ended: its time was up, or nobody waits for the answer.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// A company could not be opened, which several waited for.
    #[error("{0}")]
    Opening(Arc<Fault>),
    /// Something that cannot be, was.
    #[error("{0}")]
    Broken(String),
}

impl Fault {
    /// Whether other servers hold the company that it is about.
    #[must_use]
    pub fn is_not_held(&self) -> bool {
        match self {
            Self::NotHeld { .. } => true,
            Self::Opening(fault) => fault.is_not_held(),
            Self::Database(_)
            | Self::Index(_)
            | Self::Overloaded(_)
            | Self::Interrupted(_)
            | Self::Broken(_) => false,
        }
    }

    /// Whether trying again in a few seconds may help.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Database(error) => error.is_unavailable(),
            // At another server.
            Self::NotHeld { .. } | Self::Overloaded(_) => true,
            Self::Opening(fault) => fault.is_unavailable(),
            Self::Index(_) | Self::Interrupted(_) | Self::Broken(_) => false,
        }
    }
}
