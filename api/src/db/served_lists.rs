//! Ranked lists as they were served, so that page two continues page one.
//!
//! - Rows are added and never changed; erasing a viewer, or age, removes them.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{AlumnusId, CompanyId, ServedListId};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::codec::{decode, decode_number, encode_number, instant};
use super::database::{Reads, Transaction};
use super::entity::served_list;
use super::error::DbError;

/// What kind of list was served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServedListKind {
    /// Candidates of an opportunity, the subject.
    Candidates,
    /// An alumnus's feed; the subject is the alumnus.
    Feed,
    /// A search; no subject.
    Search,
    /// Whom a recruiter is about to invite to an opportunity, the subject.
    InvitationPreview,
}

impl ServedListKind {
    /// Every value, in declaration order.
    pub const ALL: &'static [Self] = &[
        Self::Candidates,
        Self::Feed,
        Self::Search,
        Self::InvitationPreview,
    ];

    /// The stable code, in upper case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Candidates => "CANDIDATES",
            Self::Feed => "FEED",
            Self::Search => "SEARCH",
            Self::InvitationPreview => "INVITATION_PREVIEW",
        }
    }

    /// The value with this code, or `None`.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// A list as it was served to one viewer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServedList {
    /// The identifier, which cursors name.
    pub id: ServedListId,
    /// At which company.
    pub company_id: CompanyId,
    /// To whom: the token's subject. Nobody else may continue it.
    pub viewer_subject: String,
    /// What kind of list.
    pub kind: ServedListKind,
    /// The opportunity or the alumnus that it was ranked for.
    pub subject_id: Option<Uuid>,
    /// Digest of the filter: a cursor continues only the list with the same.
    pub fingerprint: String,
    /// The model that scored it.
    pub model_version: String,
    /// The version of what was learnt from the person whose feed it is; `None`: nothing was, or it is no feed.
    pub learnt_version: Option<u64>,
    /// The plan that it was coordinated by; `None`: it was not coordinated.
    pub plan_id: Option<Uuid>,
    /// The change-log position that it includes.
    pub position: u64,
    /// The instant it was ranked at.
    pub as_of: DateTime<Utc>,
    /// The entries in order, in the caller's encoding.
    pub entries: Vec<u8>,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
}

/// Records a list.
pub async fn insert(tx: &Transaction, list: &ServedList) -> Result<(), DbError> {
    let row = served_list::Model {
        id: list.id.0,
        company_id: list.company_id.0,
        viewer_subject: list.viewer_subject.clone(),
        kind: list.kind.code().to_owned(),
        subject_id: list.subject_id,
        fingerprint: list.fingerprint.clone(),
        model_version: list.model_version.clone(),
        plan_id: list.plan_id,
        position: encode_number("served_list.position", list.position)?,
        as_of: instant(list.as_of),
        entries: list.entries.clone(),
        created_at: instant(list.created_at),
        learnt_version: list
            .learnt_version
            .map(|version| encode_number("served_list.learnt_version", version))
            .transpose()?,
    };
    served_list::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// The list with this identifier. The caller still has to compare the viewer.
pub async fn find(
    db: &impl Reads,
    company_id: CompanyId,
    id: ServedListId,
) -> Result<Option<ServedList>, DbError> {
    let rows = served_list::Entity::find()
        .filter(served_list::Column::CompanyId.eq(company_id.0))
        .filter(served_list::Column::Id.eq(id.0));
    rows.one(db.connection()).await?.map(to_domain).transpose()
}

/// The newest feeds that a person was served at or before `at`, newest first.
pub async fn list_newest_feeds(
    db: &impl Reads,
    company_id: CompanyId,
    viewer_subject: &str,
    alumnus_id: AlumnusId,
    at: DateTime<Utc>,
    n: u64,
) -> Result<Vec<ServedList>, DbError> {
    let rows = served_list::Entity::find()
        .filter(served_list::Column::CompanyId.eq(company_id.0))
        .filter(served_list::Column::ViewerSubject.eq(viewer_subject))
        .filter(served_list::Column::Kind.eq(ServedListKind::Feed.code()))
        .filter(served_list::Column::SubjectId.eq(alumnus_id.0))
        .filter(served_list::Column::CreatedAt.lte(instant(at)))
        .order_by_desc(served_list::Column::CreatedAt)
        .order_by_desc(served_list::Column::Id)
        .limit(n);
    rows.all(db.connection())
        .await?
        .into_iter()
        .map(to_domain)
        .collect()
}

/// The lists that a viewer was served, earliest first; for the person's own export.
pub async fn list_for_viewer(
    db: &impl Reads,
    company_id: CompanyId,
    viewer_subject: &str,
) -> Result<Vec<ServedList>, DbError> {
    let rows = served_list::Entity::find()
        .filter(served_list::Column::CompanyId.eq(company_id.0))
        .filter(served_list::Column::ViewerSubject.eq(viewer_subject))
        .order_by_asc(served_list::Column::CreatedAt)
        .order_by_asc(served_list::Column::Id);
    rows.all(db.connection())
        .await?
        .into_iter()
        .map(to_domain)
        .collect()
}

/// Deletes the lists of all companies that were recorded before `at`. Returns how many.
pub async fn delete_before(tx: &Transaction, at: DateTime<Utc>) -> Result<u64, DbError> {
    let old = served_list::Column::CreatedAt.lt(instant(at));
    let deleted = served_list::Entity::delete_many()
        .filter(old)
        .exec(tx.inner())
        .await?;
    Ok(deleted.rows_affected)
}

fn to_domain(row: served_list::Model) -> Result<ServedList, DbError> {
    Ok(ServedList {
        id: ServedListId(row.id),
        company_id: CompanyId(row.company_id),
        viewer_subject: row.viewer_subject,
        kind: decode("served_list.kind", &row.kind, ServedListKind::from_code)?,
        subject_id: row.subject_id,
        fingerprint: row.fingerprint,
        model_version: row.model_version,
        learnt_version: row
            .learnt_version
            .map(|version| decode_number("served_list.learnt_version", version))
            .transpose()?,
        plan_id: row.plan_id,
        position: decode_number("served_list.position", row.position)?,
        as_of: row.as_of,
        entries: row.entries,
        created_at: row.created_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing::{AOBA, MIDORI, insert_companies, now, on_both, uuid};

    #[tokio::test]
    async fn a_list_is_read_back_as_it_was_served_until_it_is_too_old() {
        on_both(async |db| {
            insert_companies(&db).await;
            let list = ServedList {
                id: ServedListId(uuid(1)),
                company_id: AOBA,
                viewer_subject: "recruiter@aoba".to_owned(),
                kind: ServedListKind::Candidates,
                subject_id: Some(uuid(2)),
                fingerprint: "f00d".to_owned(),
                model_version: "1".to_owned(),
                learnt_version: Some(3),
                plan_id: Some(uuid(3)),
                position: 7,
                as_of: instant(now()),
                entries: vec![0, 255, 10],
                created_at: instant(now()),
            };
            let tx = db.begin().await.unwrap();
            insert(&tx, &list).await.unwrap();
            tx.commit().await.unwrap();

            assert_eq!(find(&db, AOBA, list.id).await.unwrap(), Some(list.clone()));
            assert_eq!(find(&db, MIDORI, list.id).await.unwrap(), None);
            assert_eq!(
                list_for_viewer(&db, AOBA, "recruiter@aoba").await.unwrap(),
                std::slice::from_ref(&list)
            );
            let tx = db.begin().await.unwrap();
            assert_eq!(delete_before(&tx, list.created_at).await.unwrap(), 0);
            let later = list.created_at + chrono::TimeDelta::microseconds(1);
            assert_eq!(delete_before(&tx, later).await.unwrap(), 1);
        })
        .await;
    }
}
