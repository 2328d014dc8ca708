//! What the law has to say about an offer.

use async_graphql::SimpleObject;

use super::matching::TextRange;
use crate::graphql::enums::{LegalSeverity, UserErrorCode};

/// One thing that the law has to say about an offer, for recruiters and administrators.
#[derive(Clone, Debug, SimpleObject)]
pub struct LegalFinding {
    /// The stable code, the same with which publishing refuses.
    pub code: UserErrorCode,
    /// Whether it keeps the offer from being published.
    pub severity: LegalSeverity,
    /// The article behind it, in Japanese or English by Accept-Language. Null for what speakers ask and no law does.
    pub article: Option<String>,
    /// In words, in Japanese or English by Accept-Language.
    pub message: String,
    /// The path of the input field that it is about, from the input's top.
    pub field: Vec<String>,
    /// The phrase, in UTF-16 units of that field's text. Null where something is missing.
    pub range: Option<TextRange>,
}
