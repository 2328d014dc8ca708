//! Dated notes on what changed at a company.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{ChangeNote, ChangeNoteId, ChangeNoteKind, CompanyId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};

use super::codec::{decode, instant};
use super::database::{Reads, Transaction};
use super::entity::change_note;
use super::error::DbError;

fn of_company(company_id: CompanyId) -> Select<change_note::Entity> {
    change_note::Entity::find().filter(change_note::Column::CompanyId.eq(company_id.0))
}

/// The note with this identifier.
pub async fn find(
    db: &impl Reads,
    company_id: CompanyId,
    id: ChangeNoteId,
) -> Result<Option<ChangeNote>, DbError> {
    let rows = of_company(company_id).filter(change_note::Column::Id.eq(id.0));
    rows.one(db.connection()).await?.map(to_domain).transpose()
}

/// All notes of the company, by identifier, which is the order in which they were written.
pub async fn list(db: &impl Reads, company_id: CompanyId) -> Result<Vec<ChangeNote>, DbError> {
    let rows = of_company(company_id).order_by_asc(change_note::Column::Id);
    rows.all(db.connection())
        .await?
        .into_iter()
        .map(to_domain)
        .collect()
}

/// Adds a note.
pub async fn insert(
    tx: &Transaction,
    company_id: CompanyId,
    note: &ChangeNote,
    at: DateTime<Utc>,
) -> Result<(), DbError> {
    let row = change_note::ActiveModel {
        id: Set(note.id.0),
        company_id: Set(company_id.0),
        created_at: Set(instant(at)),
        ..columns(note)
    };
    change_note::Entity::insert(row)
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// Writes all of a note but when it was written. Returns whether the company has it.
pub async fn update(tx: &Transaction, company_id: CompanyId, note: &ChangeNote) -> Result<bool, DbError> {
    let updated = change_note::Entity::update_many()
        .set(columns(note))
        .filter(change_note::Column::CompanyId.eq(company_id.0))
        .filter(change_note::Column::Id.eq(note.id.0))
        .exec(tx.inner())
        .await?;
    Ok(updated.rows_affected == 1)
}

/// Removes a note. Returns whether the company had it.
pub async fn delete(tx: &Transaction, company_id: CompanyId, id: ChangeNoteId) -> Result<bool, DbError> {
    let deleted = change_note::Entity::delete_many()
        .filter(change_note::Column::CompanyId.eq(company_id.0))
        .filter(change_note::Column::Id.eq(id.0))
        .exec(tx.inner())
        .await?;
    Ok(deleted.rows_affected == 1)
}

fn columns(note: &ChangeNote) -> change_note::ActiveModel {
    change_note::ActiveModel {
        kind: Set(note.kind.code().to_owned()),
        text: Set(note.text.clone()),
        unit: Set(note.unit.clone()),
        from_on: Set(note.from),
        ..Default::default()
    }
}

fn to_domain(row: change_note::Model) -> Result<ChangeNote, DbError> {
    Ok(ChangeNote {
        id: ChangeNoteId(row.id),
        kind: decode("change_note.kind", &row.kind, ChangeNoteKind::from_code)?,
        text: row.text,
        unit: row.unit,
        from: row.from_on,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing::{AOBA, MIDORI, insert_all, now, on_both, uuid};

    #[tokio::test]
    async fn a_note_is_its_companys_alone() {
        on_both(async |db| {
            insert_all(&db, &[], &[]).await;
            let note = ChangeNote {
                id: ChangeNoteId(uuid(1)),
                kind: ChangeNoteKind::Unit,
                text: "物流部に企画課ができた".to_owned(),
                unit: Some("物流部".to_owned()),
                from: "2025-04-01".parse().unwrap(),
            };
            let changed = ChangeNote {
                unit: None,
                ..note.clone()
            };
            let tx = db.begin_for(AOBA).await.unwrap();
            insert(&tx, AOBA, &note, now()).await.unwrap();
            assert!(!update(&tx, MIDORI, &changed).await.unwrap());
            assert!(update(&tx, AOBA, &changed).await.unwrap());
            assert!(!delete(&tx, MIDORI, note.id).await.unwrap());
            tx.commit().await.unwrap();

            assert_eq!(list(&db, AOBA).await.unwrap(), std::slice::from_ref(&changed));
            assert_eq!(list(&db, MIDORI).await.unwrap(), []);
            assert_eq!(find(&db, MIDORI, note.id).await.unwrap(), None);
            assert_eq!(find(&db, AOBA, note.id).await.unwrap(), Some(changed));
            let tx = db.begin_for(AOBA).await.unwrap();
            assert!(delete(&tx, AOBA, note.id).await.unwrap());
            tx.commit().await.unwrap();
        })
        .await;
    }
}
