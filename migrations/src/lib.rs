//! The steps that bring a database to the tables that this version reads, on SQLite and PostgreSQL alike.
//!
//! - A step is never edited after it landed, and each can be taken back.
//! - Steps import nothing of ours: a table's past must not change with today's types.
//! - Changes expand first, move data, and contract in a later version, so that old and new servers can run side
//!   by side.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m20261120_000001_create_company;
mod m20261120_000002_create_alumnus;
mod m20261120_000003_create_consent;
mod m20261120_000004_create_opportunity;
mod m20261120_000005_create_interaction;
mod m20261120_000006_create_change_log;
mod m20261120_000007_create_served_list;
mod m20261120_000008_create_sign_in_link;
mod m20261120_000009_create_job;
mod m20261120_000010_create_idempotency_key;
mod m20261120_000011_create_company_word;
mod m20261120_000012_create_learnt_preference;
mod m20261121_000013_coordination;
mod m20261121_000014_add_company_word_meaning;
mod m20261128_000015_policy;
mod m20261128_000017_create_consent_text;
mod m20261128_000018_create_claim;
mod m20261128_000019_add_opportunity_hiring_manager;
mod m20261128_000020_create_exclusion_list;
mod m20261128_000021_create_candidacy;
mod m20261128_000022_create_message;
mod m20261128_000024_standing_wish;
mod m20261128_000025_change_note;
mod m20261128_000027_audit;
mod m20261128_000030_person_rights;
mod m20261128_000031_glass_box;
mod m20261128_000032_correction;
mod m20261129_000033_add_opportunity_products;
mod m20261129_000034_create_company_weights;
mod m20261129_000035_notify_changes;
mod m20261129_000036_index_hiring_managers;
mod m20261130_000037_index_salt_numbers;

/// All steps, in their order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261120_000001_create_company::Migration),
            Box::new(m20261120_000002_create_alumnus::Migration),
            Box::new(m20261120_000003_create_consent::Migration),
            Box::new(m20261120_000004_create_opportunity::Migration),
            Box::new(m20261120_000005_create_interaction::Migration),
            Box::new(m20261120_000006_create_change_log::Migration),
            Box::new(m20261120_000007_create_served_list::Migration),
            Box::new(m20261120_000008_create_sign_in_link::Migration),
            Box::new(m20261120_000009_create_job::Migration),
            Box::new(m20261120_000010_create_idempotency_key::Migration),
            Box::new(m20261120_000011_create_company_word::Migration),
            Box::new(m20261120_000012_create_learnt_preference::Migration),
            Box::new(m20261121_000013_coordination::Migration),
            Box::new(m20261121_000014_add_company_word_meaning::Migration),
            Box::new(m20261128_000015_policy::Migration),
            Box::new(m20261128_000030_person_rights::Migration),
            Box::new(m20261128_000031_glass_box::Migration),
            Box::new(m20261128_000032_correction::Migration),
            Box::new(m20261128_000017_create_consent_text::Migration),
            Box::new(m20261128_000018_create_claim::Migration),
            Box::new(m20261128_000019_add_opportunity_hiring_manager::Migration),
            Box::new(m20261128_000020_create_exclusion_list::Migration),
            Box::new(m20261128_000021_create_candidacy::Migration),
            Box::new(m20261128_000022_create_message::Migration),
            Box::new(m20261128_000024_standing_wish::Migration),
            Box::new(m20261128_000025_change_note::Migration),
            Box::new(m20261128_000027_audit::Migration),
            Box::new(m20261129_000033_add_opportunity_products::Migration),
            Box::new(m20261129_000034_create_company_weights::Migration),
            Box::new(m20261129_000035_notify_changes::Migration),
            Box::new(m20261129_000036_index_hiring_managers::Migration),
            Box::new(m20261130_000037_index_salt_numbers::Migration),
        ]
    }
}
