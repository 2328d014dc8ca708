//! Texts of a company's own that people are asked to agree to, with their history.
//!
//! - A text is never changed or deleted: another one takes its place, and it stays readable for proof.
//! - A unique index keeps at most one current text per purpose, whoever races.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{CompanyId, ConsentText, Purpose};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    Select,
};

use super::codec::{decode, instant};
use super::database::{Reads, Transaction};
use super::entity::consent_text;
use super::error::DbError;

fn to_domain(row: consent_text::Model) -> Result<ConsentText, DbError> {
    Ok(ConsentText {
        purpose: decode("consent_text.purpose", &row.purpose, Purpose::from_code)?,
        version: row.version,
        japanese: row.japanese,
        english: row.english,
        published_at: Some(row.published_at),
    })
}

fn of_company(company_id: CompanyId) -> Select<consent_text::Entity> {
    consent_text::Entity::find().filter(consent_text::Column::CompanyId.eq(company_id.0))
}

async fn all(db: &impl Reads, rows: Select<consent_text::Entity>) -> Result<Vec<ConsentText>, DbError> {
    rows.order_by_asc(consent_text::Column::Purpose)
        .order_by_asc(consent_text::Column::PublishedAt)
        .all(db.connection())
        .await?
        .into_iter()
        .map(to_domain)
        .collect()
}

/// The texts that the company asks with now; purposes for which it has set none are left out.
pub async fn list_current(db: &impl Reads, company_id: CompanyId) -> Result<Vec<ConsentText>, DbError> {
    all(
        db,
        of_company(company_id).filter(consent_text::Column::SupersededAt.is_null()),
    )
    .await
}

/// The company's texts with these versions, of any purpose.
pub async fn load(
    db: &impl Reads,
    company_id: CompanyId,
    versions: &[String],
) -> Result<Vec<ConsentText>, DbError> {
    let mut texts = Vec::new();
    for versions in versions.chunks(super::codec::VALUES_MAX) {
        let rows = of_company(company_id).filter(consent_text::Column::Version.is_in(versions));
        texts.extend(all(db, rows).await?);
    }
    Ok(texts)
}

/// How many texts the company has ever set for this purpose.
pub async fn count(db: &impl Reads, company_id: CompanyId, purpose: Purpose) -> Result<u64, DbError> {
    let rows = of_company(company_id).filter(consent_text::Column::Purpose.eq(purpose.code()));
    Ok(rows.count(db.connection()).await?)
}

/// Puts a text in the place of the current one. [`DbError::UniqueViolation`] when its version was used before.
pub async fn publish(
    tx: &Transaction,
    company_id: CompanyId,
    text: &ConsentText,
    published_by: &str,
    at: DateTime<Utc>,
) -> Result<(), DbError> {
    let superseded = consent_text::ActiveModel {
        superseded_at: Set(Some(instant(at))),
        ..Default::default()
    };
    consent_text::Entity::update_many()
        .set(superseded)
        .filter(consent_text::Column::CompanyId.eq(company_id.0))
        .filter(consent_text::Column::Purpose.eq(text.purpose.code()))
        .filter(consent_text::Column::SupersededAt.is_null())
        .exec(tx.inner())
        .await?;
    let row = consent_text::Model {
        company_id: company_id.0,
        purpose: text.purpose.code().to_owned(),
        version: text.version.clone(),
        japanese: text.japanese.clone(),
        english: text.english.clone(),
        published_by: published_by.to_owned(),
        published_at: instant(at),
        superseded_at: None,
    };
    consent_text::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing::{AOBA, MIDORI, insert_companies, now, on_both};

    fn text(version: &str) -> ConsentText {
        ConsentText {
            purpose: Purpose::Feed,
            version: version.to_owned(),
            japanese: format!("同意します {version}"),
            english: format!("I agree {version}"),
            published_at: Some(instant(now())),
        }
    }

    #[tokio::test]
    async fn the_newest_text_is_current_and_earlier_ones_stay_readable() {
        on_both(async |db| {
            insert_companies(&db).await;
            let tx = db.begin_for(AOBA).await.unwrap();
            for version in ["v1", "v2"] {
                publish(&tx, AOBA, &text(version), "kanri", now()).await.unwrap();
            }
            assert_eq!(count(&tx, AOBA, Purpose::Feed).await.unwrap(), 2);
            tx.commit().await.unwrap();

            assert_eq!(list_current(&db, AOBA).await.unwrap(), [text("v2")]);
            let versions = ["v1".to_owned(), "v2".to_owned(), "v3".to_owned()];
            assert_eq!(
                load(&db, AOBA, &versions).await.unwrap(),
                [text("v1"), text("v2")]
            );
            assert!(load(&db, MIDORI, &versions).await.unwrap().is_empty());
            assert!(list_current(&db, MIDORI).await.unwrap().is_empty());

            let tx = db.begin_for(AOBA).await.unwrap();
            let again = publish(&tx, AOBA, &text("v1"), "kanri", now()).await.unwrap_err();
            assert!(again.is_unique_violation());
        })
        .await;
    }
}
