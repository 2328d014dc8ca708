//! End-to-end tests: the real server on a free port, on SQLite and on PostgreSQL, spoken to as a named person.
//!
//! - No test sleeps, reads the real clock, needs the network or depends on another test. Those of `outages` alone wait for
//!   processes and time limits, which is what they are about.
//! - Workers run only when a test says so: the index may lag behind, the answers must not.
//! - The dictionary comes from `OKAERI_DICTIONARY_DIR` or the user's cache (`okaeri dictionary build`); PostgreSQL
//!   from `OKAERI_TEST_POSTGRES_URL`, or a throwaway server of `scripts/postgres`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails"
)]

mod addressed;
mod assignment;
mod audit;
mod backup;
mod candidacies;
mod candidates;
mod complete;
mod consent_texts;
mod consents;
mod consultations;
mod coordination;
mod corpus;
mod deploy;
mod doctor;
mod entities;
mod entities_more;
mod feed;
mod funnel;
mod glass_box;
mod golden;
mod group_shares;
mod guarantees;
mod harness;
mod hostile;
mod imports;
mod indexing;
mod invariance;
mod invitations;
mod isolation;
mod joining;
mod law;
mod layers;
mod learning;
mod mail;
mod memory;
mod opportunities;
mod outages;
mod overload;
mod policy;
mod profiles;
mod rights;
mod roles;
mod safety;
mod scenarios;
mod schema;
mod search;
mod seats;
mod security;
mod servers;
mod sign_in;
mod statements;
mod subscriptions;
mod traces;
mod wishes;
mod withdrawals;
