//! Ranked lists as they were served: page two continues page one, and the chain of records ([`super::audit`]) vouches
//! for them.
//!
//! - Rows are added, and changed only to blank an erased person's entry; erasing a viewer, or age, removes them. Either
//!   is an event in the chain.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{CompanyId, OpportunityId, ServedListId};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::codec::{decode, decode_number, encode_number, id_lists, instant};
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
    /// What the chain vouches for; `None` for a list of before there was a chain, which nobody reads any more.
    pub body: Option<Body>,
}

/// What the chain vouches for, beside the entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Its place in the chain.
    pub sequence: u64,
    /// Everything but the entries, as JSON text.
    pub header: String,
    /// What the header's digest is salted with.
    pub salt: Vec<u8>,
    /// Query and filter as typed, and the salt of their digest; `None` once somebody whom they found was erased.
    pub criteria: Option<(String, Vec<u8>)>,
    /// The numbers of the people in the list, in the form of the record of rankings.
    pub people: Vec<u8>,
    /// The digests of the entries, one after another.
    pub leaves: Vec<u8>,
}

/// The form of the entries and the header. Rows of form 0 are of before there was a chain.
const FORM: i32 = 1;

/// A list that has grown too old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expired {
    /// Whose.
    pub company_id: CompanyId,
    /// Which.
    pub id: ServedListId,
    /// Its place in the chain.
    pub sequence: u64,
}

/// Records a list.
pub async fn insert(tx: &Transaction, list: &ServedList) -> Result<(), DbError> {
    let criteria = list.body.as_ref().and_then(|body| body.criteria.as_ref());
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
        form: if list.body.is_some() { FORM } else { 0 },
        sequence: list
            .body
            .as_ref()
            .map(|body| encode_number("served_list.sequence", body.sequence))
            .transpose()?,
        header: list.body.as_ref().map(|body| body.header.clone()),
        salt: list.body.as_ref().map(|body| body.salt.clone()),
        criteria: criteria.map(|(text, _)| text.clone()),
        criteria_salt: criteria.map(|(_, salt)| salt.clone()),
        people: list.body.as_ref().map(|body| body.people.clone()),
        leaves: list.body.as_ref().map(|body| body.leaves.clone()),
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

/// The newest lists of a kind that a viewer was served about one thing until `at`, newest first, at most `n`.
pub async fn list_newest(
    db: &impl Reads,
    company_id: CompanyId,
    viewer_subject: &str,
    (kind, subject_id): (ServedListKind, Uuid),
    at: DateTime<Utc>,
    n: u64,
) -> Result<Vec<ServedList>, DbError> {
    let rows = served_list::Entity::find()
        .filter(served_list::Column::CompanyId.eq(company_id.0))
        .filter(served_list::Column::ViewerSubject.eq(viewer_subject))
        .filter(served_list::Column::Kind.eq(kind.code()))
        .filter(served_list::Column::SubjectId.eq(subject_id))
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

/// Which lists of the chain a viewer was served, latest first; for the person's own export.
pub async fn list_ids_for_viewer(
    db: &impl Reads,
    company_id: CompanyId,
    viewer_subject: &str,
) -> Result<Vec<ServedListId>, DbError> {
    let ids: Vec<Uuid> = served_list::Entity::find()
        .select_only()
        .column(served_list::Column::Id)
        .filter(served_list::Column::CompanyId.eq(company_id.0))
        .filter(served_list::Column::ViewerSubject.eq(viewer_subject))
        .filter(served_list::Column::Sequence.is_not_null())
        .order_by_desc(served_list::Column::Id)
        .into_tuple()
        .all(db.connection())
        .await?;
    Ok(ids.into_iter().map(ServedListId).collect())
}

/// The lists of candidates of the chain that the company was served from an instant to before another, latest first, each
/// with its opportunity.
pub async fn list_candidates_between(
    db: &impl Reads,
    company_id: CompanyId,
    (from, end): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<(ServedListId, OpportunityId)>, DbError> {
    let rows: Vec<(Uuid, Option<Uuid>)> = served_list::Entity::find()
        .select_only()
        .columns([served_list::Column::Id, served_list::Column::SubjectId])
        .filter(served_list::Column::CompanyId.eq(company_id.0))
        .filter(served_list::Column::Kind.eq(ServedListKind::Candidates.code()))
        .filter(served_list::Column::Sequence.is_not_null())
        .filter(served_list::Column::CreatedAt.gte(instant(from)))
        .filter(served_list::Column::CreatedAt.lt(instant(end)))
        .order_by_desc(served_list::Column::Id)
        .into_tuple()
        .all(db.connection())
        .await?;
    let pair = |(id, subject_id): (Uuid, Option<Uuid>)| Some((ServedListId(id), OpportunityId(subject_id?)));
    Ok(rows.into_iter().filter_map(pair).collect())
}

/// These lists, in no order.
pub async fn load(
    db: &impl Reads,
    company_id: CompanyId,
    ids: impl Iterator<Item = Uuid>,
) -> Result<Vec<ServedList>, DbError> {
    let mut lists = Vec::new();
    for ids in id_lists(ids) {
        let rows = served_list::Entity::find()
            .filter(served_list::Column::CompanyId.eq(company_id.0))
            .filter(served_list::Column::Id.is_in(ids))
            .all(db.connection())
            .await?;
        for row in rows {
            lists.push(to_domain(row)?);
        }
    }
    Ok(lists)
}

/// At most `limit` lists of the chain in front of `sequence` that have people in them, latest first, each with their
/// numbers.
pub async fn list_people_before(
    db: &impl Reads,
    company_id: CompanyId,
    sequence: u64,
    limit: u64,
) -> Result<Vec<(u64, ServedListId, Vec<u8>)>, DbError> {
    let sequence: i64 = encode_number("served_list.sequence", sequence)?;
    let rows: Vec<(i64, Uuid, Option<Vec<u8>>)> = served_list::Entity::find()
        .select_only()
        .columns([
            served_list::Column::Sequence,
            served_list::Column::Id,
            served_list::Column::People,
        ])
        .filter(served_list::Column::CompanyId.eq(company_id.0))
        .filter(served_list::Column::Sequence.lt(sequence))
        .order_by_desc(served_list::Column::Sequence)
        .limit(limit)
        .into_tuple()
        .all(db.connection())
        .await?;
    let decoded = rows.into_iter().map(|(sequence, id, people)| {
        let sequence = decode_number("served_list.sequence", sequence)?;
        Ok((sequence, ServedListId(id), people.unwrap_or_default()))
    });
    decoded.collect()
}

/// Which bodies of the chain are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Heads<'a> {
    /// About this opportunity or person; `None`: about any.
    pub subject_id: Option<Uuid>,
    /// Served to this viewer; `None`: to any.
    pub viewer_subject: Option<&'a str>,
    /// Whether the numbers of the people are wanted.
    pub with_people: bool,
}

/// The bodies of the chain that are asked for, in no order, each with its people's numbers, empty unless wanted.
pub async fn list_heads(
    db: &impl Reads,
    company_id: CompanyId,
    asked: Heads<'_>,
) -> Result<Vec<(ServedListId, Vec<u8>)>, DbError> {
    use served_list::Column;
    let mut rows = served_list::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::CompanyId.eq(company_id.0))
        .filter(Column::Sequence.is_not_null());
    if let Some(subject_id) = asked.subject_id {
        rows = rows.filter(Column::SubjectId.eq(subject_id));
    }
    if let Some(viewer_subject) = asked.viewer_subject {
        rows = rows.filter(Column::ViewerSubject.eq(viewer_subject));
    }
    if asked.with_people {
        let rows: Vec<(Uuid, Option<Vec<u8>>)> = rows
            .column(Column::People)
            .into_tuple()
            .all(db.connection())
            .await?;
        let decoded = rows.into_iter();
        return Ok(decoded
            .map(|(id, people)| (ServedListId(id), people.unwrap_or_default()))
            .collect());
    }
    let rows: Vec<Uuid> = rows.into_tuple().all(db.connection()).await?;
    Ok(rows
        .into_iter()
        .map(|id| (ServedListId(id), Vec::new()))
        .collect())
}

/// Header and criteria of these lists, in no order.
pub async fn load_headers(
    db: &impl Reads,
    company_id: CompanyId,
    ids: impl Iterator<Item = Uuid>,
) -> Result<Vec<(ServedListId, String, Option<String>)>, DbError> {
    let mut headers = Vec::new();
    for ids in id_lists(ids) {
        let rows: Vec<(Uuid, Option<String>, Option<String>)> = served_list::Entity::find()
            .select_only()
            .columns([
                served_list::Column::Id,
                served_list::Column::Header,
                served_list::Column::Criteria,
            ])
            .filter(served_list::Column::CompanyId.eq(company_id.0))
            .filter(served_list::Column::Id.is_in(ids))
            .into_tuple()
            .all(db.connection())
            .await?;
        let with_header = rows.into_iter();
        headers.extend(
            with_header.filter_map(|(id, header, criteria)| Some((ServedListId(id), header?, criteria))),
        );
    }
    Ok(headers)
}

/// Puts entries in which somebody is blanked in the place of those that a list had.
pub async fn update_entries(
    tx: &Transaction,
    company_id: CompanyId,
    id: ServedListId,
    entries: Vec<u8>,
) -> Result<(), DbError> {
    let changes = served_list::ActiveModel {
        entries: Set(entries),
        ..Default::default()
    };
    update(tx, company_id, id, changes).await
}

/// Forgets what was typed and filtered by, so that the list cannot be continued either.
pub async fn forget_criteria(
    tx: &Transaction,
    company_id: CompanyId,
    id: ServedListId,
) -> Result<(), DbError> {
    let changes = served_list::ActiveModel {
        criteria: Set(None),
        criteria_salt: Set(None),
        // A short query could be found from its digest by trying.
        fingerprint: Set(String::new()),
        ..Default::default()
    };
    update(tx, company_id, id, changes).await
}

async fn update(
    tx: &Transaction,
    company_id: CompanyId,
    id: ServedListId,
    changes: served_list::ActiveModel,
) -> Result<(), DbError> {
    served_list::Entity::update_many()
        .set(changes)
        .filter(served_list::Column::CompanyId.eq(company_id.0))
        .filter(served_list::Column::Id.eq(id.0))
        .exec(tx.inner())
        .await?;
    Ok(())
}

/// Deletes the lists that a viewer was served. Returns their places in the chain, ascending.
pub async fn delete_for_viewer(
    tx: &Transaction,
    company_id: CompanyId,
    viewer_subject: &str,
) -> Result<Vec<u64>, DbError> {
    let of_viewer = || {
        served_list::Column::CompanyId
            .eq(company_id.0)
            .and(served_list::Column::ViewerSubject.eq(viewer_subject))
    };
    let sequences: Vec<Option<i64>> = served_list::Entity::find()
        .select_only()
        .column(served_list::Column::Sequence)
        .filter(of_viewer())
        .order_by_asc(served_list::Column::Sequence)
        .into_tuple()
        .all(tx.inner())
        .await?;
    served_list::Entity::delete_many()
        .filter(of_viewer())
        .exec(tx.inner())
        .await?;
    let sequences = sequences.into_iter().flatten();
    sequences
        .map(|sequence| decode_number("served_list.sequence", sequence))
        .collect()
}

/// At most `limit` lists of this kind, of all companies, that were recorded before `at`, oldest first.
pub async fn list_expired(
    db: &impl Reads,
    kind: ServedListKind,
    at: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Expired>, DbError> {
    let rows: Vec<(Uuid, Uuid, i64)> = served_list::Entity::find()
        .select_only()
        .columns([
            served_list::Column::CompanyId,
            served_list::Column::Id,
            served_list::Column::Sequence,
        ])
        .filter(served_list::Column::CreatedAt.lt(instant(at)))
        .filter(served_list::Column::Kind.eq(kind.code()))
        .filter(served_list::Column::Sequence.is_not_null())
        .order_by_asc(served_list::Column::CreatedAt)
        .limit(limit)
        .into_tuple()
        .all(db.connection())
        .await?;
    let decoded = rows.into_iter().map(|(company_id, id, sequence)| {
        Ok(Expired {
            company_id: CompanyId(company_id),
            id: ServedListId(id),
            sequence: decode_number("served_list.sequence", sequence)?,
        })
    });
    decoded.collect()
}

/// Deletes these lists. Returns how many there were.
pub async fn delete(
    tx: &Transaction,
    company_id: CompanyId,
    ids: impl Iterator<Item = ServedListId>,
) -> Result<u64, DbError> {
    let mut n_deleted = 0;
    for ids in id_lists(ids.map(|id| id.0)) {
        let deleted = served_list::Entity::delete_many()
            .filter(served_list::Column::CompanyId.eq(company_id.0))
            .filter(served_list::Column::Id.is_in(ids))
            .exec(tx.inner())
            .await?;
        n_deleted += deleted.rows_affected;
    }
    Ok(n_deleted)
}

/// Deletes the lists of all companies that were recorded before `at` and before there was a chain. Returns how many.
pub async fn delete_unchained_before(tx: &Transaction, at: DateTime<Utc>) -> Result<u64, DbError> {
    let old = served_list::Column::CreatedAt.lt(instant(at));
    let deleted = served_list::Entity::delete_many()
        .filter(old)
        .filter(served_list::Column::Sequence.is_null())
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
        body: match (row.sequence, row.header, row.salt) {
            (Some(sequence), Some(header), Some(salt)) if row.form == FORM => Some(Body {
                sequence: decode_number("served_list.sequence", sequence)?,
                header,
                salt,
                criteria: row.criteria.zip(row.criteria_salt),
                people: row.people.unwrap_or_default(),
                leaves: row.leaves.unwrap_or_default(),
            }),
            _ => None,
        },
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
                body: Some(Body {
                    sequence: 1,
                    header: "{}".to_owned(),
                    salt: vec![1],
                    criteria: Some(("桜".to_owned(), vec![2])),
                    people: vec![2],
                    leaves: vec![3; 32],
                }),
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
            let expired = async |at| {
                let expired = list_expired(&db, ServedListKind::Candidates, at, 10).await;
                expired.unwrap().iter().map(|one| one.id).collect::<Vec<_>>()
            };
            assert_eq!(expired(list.created_at).await, []);
            let later = list.created_at + chrono::TimeDelta::microseconds(1);
            assert_eq!(expired(later).await, [list.id]);
            let tx = db.begin().await.unwrap();
            assert_eq!(delete_unchained_before(&tx, later).await.unwrap(), 0);
            assert_eq!(delete(&tx, AOBA, std::iter::once(list.id)).await.unwrap(), 1);
        })
        .await;
    }
}
