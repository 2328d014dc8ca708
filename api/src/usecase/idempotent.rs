//! Idempotency keys: the same key with the same input gives the first answer back and writes nothing.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{CompanyId, Viewer};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Failure, Fault, Rejection, RejectionCode};
use crate::db::{Transaction, idempotency};

/// What is remembered under a key: which thing the first call made, and of which input.
#[derive(Serialize, Deserialize)]
struct Made {
    id: Uuid,
    input: String,
}

/// Remembers what a call made.
pub async fn remember(
    tx: &Transaction,
    viewer: &Viewer,
    key: &str,
    mutation: &str,
    made_id: Uuid,
    input_digest: &str,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let whose = (viewer.company_id, viewer.subject.as_str());
    remember_for(tx, whose, key, mutation, made_id, input_digest, now).await
}

/// Remembers what a call made for this subject of this company, who may not be signed in.
pub async fn remember_for(
    tx: &Transaction,
    (company_id, subject): (CompanyId, &str),
    key: &str,
    mutation: &str,
    made_id: Uuid,
    input_digest: &str,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let made = Made {
        id: made_id,
        input: input_digest.to_owned(),
    };
    let response = serde_json::to_string(&made).map_err(|error| Fault::Broken(error.to_string()))?;
    let stored = idempotency::StoredResponse {
        mutation: mutation.to_owned(),
        response,
        created_at: now,
    };
    idempotency::insert(tx, company_id, subject, key, &stored).await?;
    Ok(())
}

/// What the first call with this key made.
///
/// # Errors
///
/// A rejection when that call was another mutation's or had another input.
pub fn repeated(
    earlier: &idempotency::StoredResponse,
    mutation: &str,
    input_digest: &str,
) -> Result<Uuid, Failure> {
    let made: Made = serde_json::from_str(&earlier.response)
        .map_err(|_| Fault::Broken("an idempotency entry is unreadable".to_owned()))?;
    if earlier.mutation != mutation || made.input != input_digest {
        return Err(Rejection::new(
            RejectionCode::IdempotencyKeyReused,
            "idempotencyKey",
            "this idempotency key came with another input before",
            "この冪等キーは別の入力で使われています",
        )
        .into());
    }
    Ok(made.id)
}

/// A digest of an input's canonical text.
#[must_use]
pub fn digest(input: &str) -> String {
    Sha256::digest(input.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
