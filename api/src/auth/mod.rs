//! Who is asking: tokens, the keys that sign them, and the keys of companies' own identity providers.
//!
//! - A token says who somebody is; whether that person exists and what they may do is decided elsewhere.
//! - Only public-key signatures exist here: `none` has no representation, and a public key is never taken for a
//!   shared secret.
//! - Neither a token nor a key is ever logged or part of an error.
//! - The time is an argument, and it is the system's: a demonstration's clock does not make tokens older.

mod keys;
mod providers;

use chrono::{DateTime, Utc};
use okaeri_engine::domain::Role;

pub use keys::{KeyError, Keys};

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The person: for staff the company's own identifier.
    pub subject: String,
    /// The company's slug.
    pub company: String,
    /// As what the person acts.
    pub role: Role,
    /// The unit that a member of staff belongs to.
    pub unit: Option<String>,
    /// For alumni: the record, by its external or internal identifier.
    pub alumnus: Option<String>,
    /// When the token began.
    pub issued_at: DateTime<Utc>,
    /// When it ends; up to [`crate::config::Auth::leeway_s`] later it is still taken.
    pub expires_at: DateTime<Utc>,
}

/// Why a token is not taken. Shown to whoever sent it, so it says what to do and not what was in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Longer than any real token.
    #[error("the token is longer than {max} bytes")]
    TooLong {
        /// The limit.
        max: usize,
    },
    /// Not three parts of Base64 with JSON in it.
    #[error("the token is not a JSON Web Token")]
    Malformed,
    /// `none`, a shared secret, or an algorithm that the issuer may not use.
    #[error("the token's signature algorithm is not accepted")]
    Algorithm,
    /// Nobody we know issues such tokens.
    #[error("the token's issuer is not accepted")]
    Issuer,
    /// The issuer has no such key.
    #[error("the token's key is not known")]
    UnknownKey,
    /// The signature does not match.
    #[error("the token's signature does not match")]
    Signature,
    /// It is meant for somebody else.
    #[error("the token is meant for another audience")]
    Audience,
    /// It is over.
    #[error("the token has expired")]
    Expired,
    /// It begins later.
    #[error("the token is not valid yet")]
    NotYet,
    /// A claim is missing or has no usable value.
    #[error("the token lacks a usable claim {0:?}")]
    Claim(&'static str),
    /// The issuer's keys cannot be fetched at the moment.
    #[error("the issuer's keys cannot be read at the moment")]
    Unavailable,
}
