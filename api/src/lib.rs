//! The shell of Okaeri: GraphQL over HTTP, persistence, import, jobs, mail and the command line.
//!
//! - Everything that does input or output is here; everything that decides is in the engine.
//! - Imports point one way: `cli → graphql → usecase → projection → db`, with `http` and `worker` beside; the whole
//!   table is a test (`tests/it/layers.rs`).

pub mod admission;
pub mod app;
pub mod assignment;
pub mod auth;
pub mod backup;
pub mod cli;
pub mod clock;
pub mod computing;
pub mod config;
pub mod corrected;
pub mod db;
pub mod doctor;
pub mod exclusion_keys;
pub mod fault;
pub mod graphql;
pub mod http;
pub mod import;
pub mod invariance;
pub mod mail;
mod private_dir;
pub mod projection;
pub mod rate;
pub mod telemetry;
pub mod usecase;
pub mod worker;
