//! Rows as the ORM sees them. Private: what leaves `db` are domain values.
#![allow(unreachable_pub, reason = "the derives ask for public items")]

/// The derives ask for relations and hooks; there are none, because queries name their joins.
macro_rules! plain_entity {
    () => {
        #[derive(Clone, Copy, Debug, sea_orm::EnumIter, sea_orm::DeriveRelation)]
        pub enum Relation {}

        impl sea_orm::ActiveModelBehavior for ActiveModel {}
    };
}

pub(crate) mod alumnus;
pub(crate) mod audit_chain;
pub(crate) mod audit_document;
pub(crate) mod audit_salt;
pub(crate) mod candidacy;
pub(crate) mod candidacy_transition;
pub(crate) mod career_position;
pub(crate) mod change_log;
pub(crate) mod change_note;
pub(crate) mod claim;
pub(crate) mod company;
pub(crate) mod company_weights;
pub(crate) mod company_word;
pub(crate) mod consent;
pub(crate) mod consent_text;
pub(crate) mod consultation;
pub(crate) mod coordination;
pub(crate) mod coordination_plan;
pub(crate) mod correction;
pub(crate) mod email_change;
pub(crate) mod erased_identity;
pub(crate) mod erasure_salt;
pub(crate) mod exclusion_list;
pub(crate) mod export_link;
pub(crate) mod idempotency_key;
pub(crate) mod interaction;
pub(crate) mod interest;
pub(crate) mod job;
pub(crate) mod language;
pub(crate) mod learnt_preference;
pub(crate) mod message;
pub(crate) mod one_time_link;
pub(crate) mod opportunity;
pub(crate) mod policy_version;
pub(crate) mod profile_nudge;
pub(crate) mod profile_view;
pub(crate) mod programme;
pub(crate) mod qualification;
pub(crate) mod review_request;
pub(crate) mod served_list;
pub(crate) mod sign_in_link;
pub(crate) mod skill;
pub(crate) mod standing_wish;
pub(crate) mod statistics_answer;
pub(crate) mod tenure;
pub(crate) mod wish_notice;
