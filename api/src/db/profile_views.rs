//! Who of the staff looked at whose profile: once for each day, viewer and person.

use chrono::{DateTime, NaiveDate, Utc};
use okaeri_engine::domain::{AlumnusId, CompanyId, Role};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::codec::{conflict_ignored, decode, instant, rows_max};
use super::database::{Reads, Transaction};
use super::entity::profile_view;
use super::error::DbError;

/// A member of staff looked at a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileView {
    /// Orders views by time.
    pub id: Uuid,
    /// At whom.
    pub alumnus_id: AlumnusId,
    /// Who: the token's subject. Never the person's to see.
    pub viewer_subject: String,
    /// As what.
    pub viewer_role: Role,
    /// Of which unit.
    pub viewer_unit: Option<String>,
    /// On which day in Japan.
    pub viewed_on: NaiveDate,
    /// The first time on that day.
    pub viewed_at: DateTime<Utc>,
}

/// Adds views, but for those of the day that are there. One statement for a page of people.
pub async fn insert_all(
    tx: &Transaction,
    company_id: CompanyId,
    views: &[ProfileView],
) -> Result<(), DbError> {
    const N_COLUMNS: usize = 8;
    for views in views.chunks(rows_max(N_COLUMNS)) {
        let rows = views.iter().map(|view| {
            profile_view::Model {
                id: view.id,
                company_id: company_id.0,
                alumnus_id: view.alumnus_id.0,
                viewer_subject: view.viewer_subject.clone(),
                viewer_role: view.viewer_role.code().to_owned(),
                viewer_unit: view.viewer_unit.clone(),
                viewed_on: view.viewed_on,
                viewed_at: instant(view.viewed_at),
            }
            .into_active_model()
        });
        profile_view::Entity::insert_many(rows)
            .on_conflict(conflict_ignored())
            .try_insert()
            .exec_without_returning(tx.inner())
            .await?;
    }
    Ok(())
}

/// Who looked at the person, latest first.
pub async fn list_for_alumnus(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Vec<ProfileView>, DbError> {
    let rows = profile_view::Entity::find()
        .filter(profile_view::Column::CompanyId.eq(company_id.0))
        .filter(profile_view::Column::AlumnusId.eq(alumnus_id.0))
        .order_by_desc(profile_view::Column::Id);
    let to_domain = |row: profile_view::Model| {
        Ok(ProfileView {
            id: row.id,
            alumnus_id: AlumnusId(row.alumnus_id),
            viewer_subject: row.viewer_subject,
            viewer_role: decode("profile_view.viewer_role", &row.viewer_role, Role::from_code)?,
            viewer_unit: row.viewer_unit,
            viewed_on: row.viewed_on,
            viewed_at: row.viewed_at,
        })
    };
    rows.all(db.connection())
        .await?
        .into_iter()
        .map(to_domain)
        .collect()
}

/// Deletes the views of all companies before `at`. Returns how many.
pub async fn delete_before(tx: &Transaction, at: DateTime<Utc>) -> Result<u64, DbError> {
    let old = profile_view::Column::ViewedAt.lt(instant(at));
    let deleted = profile_view::Entity::delete_many()
        .filter(old)
        .exec(tx.inner())
        .await?;
    Ok(deleted.rows_affected)
}
