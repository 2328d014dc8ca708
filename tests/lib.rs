//! The end-to-end tests and the benches of Okaeri, in a package of their own so that both stay at the top of the
//! repository without belonging to either crate.
//!
//! - `tests/it/` starts the real server on a free port, with a database of its own, and speaks GraphQL to it as a
//!   named person. Its `harness` says how.
//! - There is nothing in this library: Cargo asks every package for a target that can be built.
