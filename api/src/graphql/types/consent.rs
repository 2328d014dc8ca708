//! A consent as its owner sees it.

use async_graphql::{ID, SimpleObject};
use okaeri_engine::domain::{self, ConsentState};

use crate::graphql::enums::{ConsentPurpose, ConsentSource};
use crate::graphql::id::GlobalId;
use crate::graphql::scalars::DateTime;

/// Permission for one purpose. Only the person who gave it may read it.
#[derive(Clone, Debug, SimpleObject)]
pub struct Consent {
    /// Globally unique and opaque.
    #[graphql(owned)]
    pub id: ID,
    /// For what.
    pub purpose: ConsentPurpose,
    /// Version of the text that was agreed to.
    pub text_version: String,
    /// When it was given.
    pub given_at: DateTime,
    /// How it was given.
    pub source: ConsentSource,
    /// When it was withdrawn. Null while it holds.
    pub withdrawn_at: Option<DateTime>,
}

impl From<domain::Consent> for Consent {
    fn from(consent: domain::Consent) -> Self {
        let withdrawn_at = match consent.state {
            ConsentState::Given => None,
            ConsentState::Withdrawn { at } => Some(DateTime(at)),
        };
        Self {
            id: GlobalId::Consent(consent.id).encode(),
            purpose: consent.purpose.into(),
            text_version: consent.text_version,
            given_at: DateTime(consent.given_at),
            source: consent.source.into(),
            withdrawn_at,
        }
    }
}
