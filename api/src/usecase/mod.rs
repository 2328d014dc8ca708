//! Use cases: each reads, decides, writes, records and commits, in that order and in one transaction.
//!
//! - The decision is a call into the engine; the change log and the job queue are written in the same transaction.
//! - Nothing here knows GraphQL or HTTP.

pub mod audit;
pub mod candidacies;
pub mod candidates;
pub mod change_notes;
pub mod claims;
pub mod company_learning;
pub mod consent_texts;
pub mod consents;
pub mod conversations;
pub mod coordination;
pub mod corrections;
pub mod email_change;
pub mod erasure;
pub mod exclusions;
pub mod export;
pub mod facets;
pub mod failure;
pub mod feed;
pub mod funnel;
pub mod glass_box;
pub mod idempotent;
pub mod interactions;
pub mod invitation_previews;
pub mod invitations;
pub mod learning;
pub mod notice;
pub mod nudges;
pub mod opportunities;
pub mod policy;
pub mod profile;
pub mod reviews;
pub mod search;
pub mod served;
pub mod sign_in;
pub mod statistics;
pub mod validate;
pub mod views;
pub mod wishes;
pub mod words;

pub use failure::{Failure, Rejection, RejectionCode};

pub use crate::fault::Fault;
