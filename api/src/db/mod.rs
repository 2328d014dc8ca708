//! Persistence: functions over a connection that speak the domain's types, on SQLite and PostgreSQL alike.
//!
//! - Every query against a tenant's table takes the company first; there is no way to ask without it.
//! - Reads take any connection; writes take a [`Transaction`], which only use cases, workers and the command line
//!   begin.
//! - Rows, statements and the ORM never leave this module; errors never carry a row's values.
//! - Nothing here decides: what may be seen or done is the engine's and the use cases' business.
//! - Instants are kept to the microsecond, which is what PostgreSQL can hold.

pub mod alumni;
pub mod approaches;
pub mod audit;
pub mod candidacies;
pub mod change_log;
pub mod change_notes;
pub mod claims;
mod codec;
pub mod companies;
pub mod company_weights;
pub mod company_words;
mod connect;
pub mod consent_texts;
pub mod consents;
pub mod consultations;
pub mod coordination;
pub mod corrections;
mod database;
pub mod email_changes;
mod entity;
pub mod erased;
mod error;
pub mod exclusions;
pub mod export_links;
pub mod idempotency;
pub mod interactions;
pub mod invitations;
pub mod jobs;
mod key_ring;
pub mod learnt_preferences;
pub mod listen;
mod lists;
pub mod messages;
pub mod migrate;
pub mod one_time_links;
pub mod opportunities;
pub mod person;
pub mod profile_nudges;
pub mod profile_views;
pub mod programmes;
pub mod rejections;
pub mod review_requests;
pub mod served_lists;
pub mod sign_in_links;
pub mod standings;
pub mod statistics;
#[cfg(test)]
pub(crate) mod testing;
pub mod wishes;

pub use alumni::Upserted;
pub use connect::{PoolSettings, redacted};
pub use database::{Database, Reads, Snapshot, Transaction};
pub use error::DbError;
pub use key_ring::{KeyRing, KeyRingError};
