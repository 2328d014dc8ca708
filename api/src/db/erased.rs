//! Who was erased, as digests: enough to know a number or an address again, and nothing else about the person.
//!
//! - The salt is one per company, so that an import of thousands of rows hashes each of them once. Who has the salt can
//!   try numbers one by one; what they learn is that the person with that number asked to be forgotten.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use okaeri_engine::domain::CompanyId;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use sha2::{Digest as _, Sha256};

use super::codec::{VALUES_MAX, conflict_ignored, instant};
use super::database::{Reads, Transaction};
use super::entity::{erased_identity, erasure_salt};
use super::error::DbError;

/// By what a person is known again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Identity<'a> {
    /// The company's own number.
    ExternalId(&'a str),
    /// An e-mail address, in lower case.
    Email(&'a str),
}

/// Recognizes the people whom a company erased.
#[derive(Clone, Debug, Default)]
pub struct Erased {
    salt: String,
    digests: HashSet<String>,
}

impl Erased {
    /// Whether somebody with this number or address was erased.
    #[must_use]
    pub fn contains(&self, identity: Identity<'_>) -> bool {
        !self.digests.is_empty() && self.digests.contains(&digest(&self.salt, identity))
    }
}

/// Remembers that a person with these was erased. `salt` becomes the company's, unless it has one.
pub async fn insert(
    tx: &Transaction,
    company_id: CompanyId,
    salt: &str,
    identities: &[Identity<'_>],
    at: DateTime<Utc>,
) -> Result<(), DbError> {
    let row = erasure_salt::Model {
        company_id: company_id.0,
        salt: salt.to_owned(),
    };
    erasure_salt::Entity::insert(row.into_active_model())
        .on_conflict(conflict_ignored())
        .try_insert()
        .exec_without_returning(tx.inner())
        .await?;
    let salt = find_salt(tx, company_id).await?.unwrap_or_default();
    for identity in identities {
        let row = erased_identity::Model {
            company_id: company_id.0,
            digest: digest(&salt, *identity),
            erased_at: instant(at),
        };
        erased_identity::Entity::insert(row.into_active_model())
            .on_conflict(conflict_ignored())
            .try_insert()
            .exec_without_returning(tx.inner())
            .await?;
    }
    Ok(())
}

/// Those of `identities` who were erased. Two statements per 10,000.
pub async fn load(
    db: &impl Reads,
    company_id: CompanyId,
    identities: &[Identity<'_>],
) -> Result<Erased, DbError> {
    let Some(salt) = find_salt(db, company_id).await? else {
        return Ok(Erased::default());
    };
    let wanted: Vec<String> = identities
        .iter()
        .map(|identity| digest(&salt, *identity))
        .collect();
    let mut digests = HashSet::new();
    for wanted in wanted.chunks(VALUES_MAX) {
        let found: Vec<String> = erased_identity::Entity::find()
            .select_only()
            .column(erased_identity::Column::Digest)
            .filter(erased_identity::Column::CompanyId.eq(company_id.0))
            .filter(erased_identity::Column::Digest.is_in(wanted))
            .into_tuple()
            .all(db.connection())
            .await?;
        digests.extend(found);
    }
    Ok(Erased { salt, digests })
}

/// Everybody whom the company erased.
pub async fn load_all(db: &impl Reads, company_id: CompanyId) -> Result<Erased, DbError> {
    let salt = find_salt(db, company_id).await?.unwrap_or_default();
    let digests: Vec<String> = erased_identity::Entity::find()
        .select_only()
        .column(erased_identity::Column::Digest)
        .filter(erased_identity::Column::CompanyId.eq(company_id.0))
        .into_tuple()
        .all(db.connection())
        .await?;
    Ok(Erased {
        salt,
        digests: digests.into_iter().collect(),
    })
}

async fn find_salt(db: &impl Reads, company_id: CompanyId) -> Result<Option<String>, DbError> {
    let row = erasure_salt::Entity::find_by_id(company_id.0)
        .one(db.connection())
        .await?;
    Ok(row.map(|row| row.salt))
}

fn digest(salt: &str, identity: Identity<'_>) -> String {
    let (kind, value) = match identity {
        Identity::ExternalId(value) => ("external_id", value),
        Identity::Email(value) => ("email", value),
    };
    Sha256::digest(format!("{salt}\n{kind}\n{value}").as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
