//! Tenants.
//!
//! - The only table that is asked for without a company: it is where companies come from.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{Company, CompanyId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::codec::instant;
use super::database::{Reads, Transaction};
use super::entity::company;
use super::error::DbError;

fn to_domain(row: company::Model) -> Company {
    Company {
        id: CompanyId(row.id),
        slug: row.slug,
        name: row.name,
        is_demonstration: row.is_demonstration,
    }
}

/// The company with this identifier.
pub async fn find(db: &impl Reads, id: CompanyId) -> Result<Option<Company>, DbError> {
    let row = company::Entity::find_by_id(id.0).one(db.connection()).await?;
    Ok(row.map(to_domain))
}

/// The company with this short name.
pub async fn find_by_slug(db: &impl Reads, slug: &str) -> Result<Option<Company>, DbError> {
    let rows = company::Entity::find().filter(company::Column::Slug.eq(slug));
    Ok(rows.one(db.connection()).await?.map(to_domain))
}

/// All companies, by short name.
pub async fn list(db: &impl Reads) -> Result<Vec<Company>, DbError> {
    let rows = company::Entity::find().order_by_asc(company::Column::Slug);
    Ok(rows
        .all(db.connection())
        .await?
        .into_iter()
        .map(to_domain)
        .collect())
}

/// Adds a company. [`DbError::UniqueViolation`] when the short name is taken.
pub async fn insert(tx: &Transaction, company: &Company, at: DateTime<Utc>) -> Result<(), DbError> {
    let row = company::Model {
        id: company.id.0,
        slug: company.slug.clone(),
        name: company.name.clone(),
        is_demonstration: company.is_demonstration,
        created_at: instant(at),
    };
    company::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// Writes the name and whether it is a demonstration; the short name stays. Returns whether the company exists.
pub async fn update(tx: &Transaction, company: &Company) -> Result<bool, DbError> {
    let changes = company::ActiveModel {
        name: Set(company.name.clone()),
        is_demonstration: Set(company.is_demonstration),
        ..Default::default()
    };
    let updated = company::Entity::update_many()
        .set(changes)
        .filter(company::Column::Id.eq(company.id.0))
        .exec(tx.inner())
        .await?;
    Ok(updated.rows_affected == 1)
}
