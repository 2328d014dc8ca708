//! The object types of the schema. Each wraps a value that holds only what its viewer may see.

pub mod alumnus;
pub mod audit;
pub mod candidacy;
pub mod claim;
pub mod company;
pub mod connection;
pub mod consent;
pub mod coordination;
pub mod correction;
pub mod eligibility;
pub mod exclusions;
pub mod funnel;
pub mod glass_box;
pub mod invitation;
pub mod invitation_preview;
pub mod law;
pub mod learning;
pub mod matching;
pub mod node;
pub mod opportunity;
pub mod policy;
pub mod searching;
pub mod viewer;
pub mod wish;
