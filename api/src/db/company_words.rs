//! Words of a company's own, which the analysis of its texts keeps whole.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::CompanyId;
use okaeri_engine::text::UserWord;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::codec::{instant, rows_max};
use super::database::{Reads, Transaction};
use super::entity::company_word;
use super::error::DbError;

/// The company's words by surface, in the order of their bytes on both databases.
pub async fn list(db: &impl Reads, company_id: CompanyId) -> Result<Vec<UserWord>, DbError> {
    let rows = company_word::Entity::find()
        .filter(company_word::Column::CompanyId.eq(company_id.0))
        .all(db.connection())
        .await?;
    let to_word = |row: company_word::Model| UserWord {
        surface: row.surface,
        reading: row.reading,
        meaning: row.meaning,
    };
    let mut words: Vec<UserWord> = rows.into_iter().map(to_word).collect();
    // The database would sort by its locale.
    words.sort_by(|one, other| one.surface.cmp(&other.surface));
    Ok(words)
}

/// Puts these words in the place of all that the company had. [`DbError::UniqueViolation`] when one occurs twice.
pub async fn replace_all(
    tx: &Transaction,
    company_id: CompanyId,
    words: &[UserWord],
    at: DateTime<Utc>,
) -> Result<(), DbError> {
    const N_COLUMNS: usize = 5;
    company_word::Entity::delete_many()
        .filter(company_word::Column::CompanyId.eq(company_id.0))
        .exec(tx.inner())
        .await?;
    for words in words.chunks(rows_max(N_COLUMNS)) {
        let rows = words.iter().map(|word| {
            company_word::Model {
                company_id: company_id.0,
                surface: word.surface.clone(),
                reading: word.reading.clone(),
                created_at: instant(at),
                meaning: word.meaning.clone(),
            }
            .into_active_model()
        });
        company_word::Entity::insert_many(rows)
            .exec_without_returning(tx.inner())
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing::{AOBA, MIDORI, insert_companies, now, on_both};

    #[tokio::test]
    async fn words_are_replaced_as_a_whole_and_belong_to_one_company() {
        on_both(async |db| {
            insert_companies(&db).await;
            let word = |surface: &str, reading: Option<&str>| UserWord {
                surface: surface.to_owned(),
                reading: reading.map(str::to_owned),
                meaning: None,
            };
            let replace = async |company_id, words: &[UserWord]| {
                let tx = db.begin_for(company_id).await.unwrap();
                replace_all(&tx, company_id, words, now()).await.unwrap();
                tx.commit().await.unwrap();
            };
            replace(MIDORI, &[word("青葉便", None)]).await;
            replace(
                AOBA,
                &[word("青葉便", Some("アオバビン")), word("あおば台帳", None)],
            )
            .await;
            let by_surface = [word("あおば台帳", None), word("青葉便", Some("アオバビン"))];
            assert_eq!(list(&db, AOBA).await.unwrap(), by_surface);

            let meant = UserWord {
                meaning: Some("受発注システム".to_owned()),
                ..word("青葉ナビ", None)
            };
            replace(AOBA, std::slice::from_ref(&meant)).await;
            assert_eq!(list(&db, AOBA).await.unwrap(), [meant]);

            replace(AOBA, &[word("倉庫番長", None)]).await;
            assert_eq!(list(&db, AOBA).await.unwrap(), [word("倉庫番長", None)]);
            replace(AOBA, &[]).await;
            assert!(list(&db, AOBA).await.unwrap().is_empty());
            assert_eq!(list(&db, MIDORI).await.unwrap(), [word("青葉便", None)]);
        })
        .await;
    }
}
