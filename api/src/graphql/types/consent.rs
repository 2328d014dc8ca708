//! A consent as its owner sees it, and what people are asked to agree to.

use async_graphql::{ComplexObject, Context, Error, ID, SimpleObject};
use okaeri_engine::domain::{self, ConsentState};
use okaeri_engine::ranking::Language;

use crate::graphql::context::{ContextExt as _, nullable};
use crate::graphql::enums::{ConsentPurpose, ConsentSource};
use crate::graphql::id::GlobalId;
use crate::graphql::scalars::DateTime;

/// Permission for one purpose. Only the person who gave it may read it.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
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
    /// For imports the SHA-256 of the file, in hexadecimal. Null for what the person gave here.
    pub source_digest: Option<String>,
    /// When it was withdrawn. Null while it holds.
    pub withdrawn_at: Option<DateTime>,
}

#[ComplexObject]
impl Consent {
    /// The text that was agreed to, word for word. Null where this server never had it.
    async fn text(&self, ctx: &Context<'_>) -> Option<Result<ConsentText, Error>> {
        nullable(async {
            let text = ctx
                .loaders()
                .consent_text(self.purpose.into(), self.text_version.clone())
                .await?;
            Ok(text.map(|text| ConsentText::new(text, ctx.language())))
        })
        .await
    }
}

/// What people are asked to agree to for one purpose. Everybody who is signed in may read it, and whoever follows a link
/// to claim a record.
#[derive(Clone, Debug, SimpleObject)]
pub struct ConsentText {
    /// For what.
    pub purpose: ConsentPurpose,
    /// Names the text among those of its purpose.
    pub version: String,
    /// In Japanese or English by Accept-Language.
    pub text: String,
    /// In Japanese.
    pub japanese: String,
    /// In English.
    pub english: String,
    /// When the company set it. Null for a text that comes with the product.
    pub published_at: Option<DateTime>,
}

impl ConsentText {
    /// With the text in the reader's language.
    pub fn new(text: domain::ConsentText, language: Language) -> Self {
        let read = match language {
            Language::Japanese => text.japanese.clone(),
            Language::English => text.english.clone(),
        };
        Self {
            purpose: text.purpose.into(),
            version: text.version,
            text: read,
            japanese: text.japanese,
            english: text.english,
            published_at: text.published_at.map(DateTime),
        }
    }
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
            source_digest: consent.source_digest,
            withdrawn_at,
        }
    }
}
