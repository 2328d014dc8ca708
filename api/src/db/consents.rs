//! Consents, with their history.
//!
//! - A consent is never deleted or reopened: withdrawing closes its row, giving again opens another.
//! - A unique index keeps at most one open per person and purpose, whoever races.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{AlumnusId, CompanyId, Consent, ConsentId, ConsentSource, ConsentState, Purpose};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select};

use super::codec::{conflict_ignored, decode, id_lists, instant, rows_max};
use super::database::{Reads, Transaction};
use super::entity::consent;
use super::error::DbError;

fn to_domain(row: consent::Model) -> Result<Consent, DbError> {
    Ok(Consent {
        id: ConsentId(row.id),
        alumnus_id: AlumnusId(row.alumnus_id),
        purpose: decode("consent.purpose", &row.purpose, Purpose::from_code)?,
        text_version: row.text_version,
        given_at: row.given_at,
        source: decode("consent.source", &row.source, ConsentSource::from_code)?,
        source_digest: row.source_digest,
        state: match row.withdrawn_at {
            Some(at) => ConsentState::Withdrawn { at },
            None => ConsentState::Given,
        },
    })
}

fn to_row(company_id: CompanyId, consent: &Consent) -> consent::Model {
    consent::Model {
        id: consent.id.0,
        company_id: company_id.0,
        alumnus_id: consent.alumnus_id.0,
        purpose: consent.purpose.code().to_owned(),
        text_version: consent.text_version.clone(),
        given_at: instant(consent.given_at),
        source: consent.source.code().to_owned(),
        source_digest: consent.source_digest.clone(),
        withdrawn_at: match consent.state {
            ConsentState::Given => None,
            ConsentState::Withdrawn { at } => Some(instant(at)),
        },
    }
}

fn of_company(company_id: CompanyId) -> Select<consent::Entity> {
    consent::Entity::find().filter(consent::Column::CompanyId.eq(company_id.0))
}

/// All consents that the person ever gave, earliest first.
pub async fn list(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Vec<Consent>, DbError> {
    load(db, company_id, &[alumnus_id]).await
}

/// All consents that these people ever gave, by person, earliest first. One statement per 10,000.
pub async fn load(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_ids: &[AlumnusId],
) -> Result<Vec<Consent>, DbError> {
    let mut consents = Vec::new();
    for ids in id_lists(alumnus_ids.iter().map(|id| id.0)) {
        let rows = of_company(company_id)
            .filter(consent::Column::AlumnusId.is_in(ids))
            .order_by_asc(consent::Column::AlumnusId)
            .order_by_asc(consent::Column::GivenAt)
            .order_by_asc(consent::Column::Id)
            .all(db.connection())
            .await?;
        for row in rows {
            consents.push(to_domain(row)?);
        }
    }
    Ok(consents)
}

/// The consent for this purpose that holds.
pub async fn find_open(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    purpose: Purpose,
) -> Result<Option<Consent>, DbError> {
    let row = of_company(company_id)
        .filter(consent::Column::AlumnusId.eq(alumnus_id.0))
        .filter(consent::Column::Purpose.eq(purpose.code()))
        .filter(consent::Column::WithdrawnAt.is_null())
        .one(db.connection())
        .await?;
    row.map(to_domain).transpose()
}

/// Records a consent, unless one for the same purpose holds. Returns the one that holds: compare identifiers to
/// learn which.
pub async fn give(tx: &Transaction, company_id: CompanyId, consent: &Consent) -> Result<Consent, DbError> {
    give_all(tx, company_id, std::slice::from_ref(consent)).await?;
    let open = find_open(tx, company_id, consent.alumnus_id, consent.purpose).await?;
    open.ok_or_else(|| DbError::Fault("a given consent is missing".to_owned()))
}

/// Records consents, except those for which one holds already. Returns how many are new.
pub async fn give_all(tx: &Transaction, company_id: CompanyId, consents: &[Consent]) -> Result<u64, DbError> {
    const N_COLUMNS: usize = 9;
    let mut n_new = 0;
    for consents in consents.chunks(rows_max(N_COLUMNS)) {
        let rows = consents
            .iter()
            .map(|consent| to_row(company_id, consent).into_active_model());
        let inserted = consent::Entity::insert_many(rows)
            .on_conflict(conflict_ignored())
            .try_insert()
            .exec_without_returning(tx.inner())
            .await?;
        n_new += super::codec::n_inserted(&inserted);
    }
    Ok(n_new)
}

/// Ends the consent for this purpose and returns it; `None` when none holds.
pub async fn withdraw(
    tx: &Transaction,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    purpose: Purpose,
    at: DateTime<Utc>,
) -> Result<Option<Consent>, DbError> {
    let Some(open) = find_open(tx, company_id, alumnus_id, purpose).await? else {
        return Ok(None);
    };
    let at = instant(at);
    let changes = consent::ActiveModel {
        withdrawn_at: Set(Some(at)),
        ..Default::default()
    };
    let updated = consent::Entity::update_many()
        .set(changes)
        .filter(consent::Column::CompanyId.eq(company_id.0))
        .filter(consent::Column::Id.eq(open.id.0))
        .filter(consent::Column::WithdrawnAt.is_null())
        .exec(tx.inner())
        .await?;
    let withdrawn = Consent {
        state: ConsentState::Withdrawn { at },
        ..open
    };
    Ok((updated.rows_affected == 1).then_some(withdrawn))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing::{AOBA, MIDORI, consent, insert_all, now, on_both, uuid};

    #[tokio::test]
    async fn giving_twice_keeps_the_first_and_giving_after_a_withdrawal_adds_to_the_history() {
        on_both(async |db| {
            insert_all(&db, &[1], &[]).await;
            let id = AlumnusId(uuid(1));
            let [first, second, third] = [10, 11, 12].map(|n| consent(n, id, Purpose::Rehire));

            let tx = db.begin_for(AOBA).await.unwrap();
            assert_eq!(give(&tx, AOBA, &first).await.unwrap(), first);
            assert_eq!(give(&tx, AOBA, &second).await.unwrap(), first);
            let withdrawn = withdraw(&tx, AOBA, id, Purpose::Rehire, now())
                .await
                .unwrap()
                .unwrap();
            assert_eq!(
                withdraw(&tx, AOBA, id, Purpose::Rehire, now()).await.unwrap(),
                None
            );
            assert_eq!(give(&tx, AOBA, &third).await.unwrap(), third);
            tx.commit().await.unwrap();

            assert_eq!(withdrawn.state, ConsentState::Withdrawn { at: instant(now()) });
            assert_eq!(list(&db, AOBA, id).await.unwrap(), [withdrawn, third.clone()]);
            assert_eq!(
                find_open(&db, AOBA, id, Purpose::Rehire).await.unwrap(),
                Some(third)
            );
            assert_eq!(find_open(&db, AOBA, id, Purpose::Feed).await.unwrap(), None);
            assert!(list(&db, MIDORI, id).await.unwrap().is_empty());
        })
        .await;
    }

    #[tokio::test]
    async fn of_two_who_give_at_once_one_consent_is_kept() {
        on_both(async |db| {
            insert_all(&db, &[1], &[]).await;
            let id = AlumnusId(uuid(1));
            let give_one = async |n| {
                let tx = db.begin().await?;
                let open = give(&tx, AOBA, &consent(n, id, Purpose::Feed)).await?;
                tx.commit().await?;
                Ok::<_, DbError>(open)
            };
            let (first, second) = tokio::join!(give_one(10), give_one(11));
            assert_eq!(first.unwrap(), second.unwrap());
            assert_eq!(list(&db, AOBA, id).await.unwrap().len(), 1);
        })
        .await;
    }

    #[tokio::test]
    async fn many_consents_are_given_in_one_statement_and_counted_when_new() {
        on_both(async |db| {
            insert_all(&db, &[1, 2], &[]).await;
            let [one, two] = [1, 2].map(|n| AlumnusId(uuid(n)));
            let tx = db.begin_for(AOBA).await.unwrap();
            give(&tx, AOBA, &consent(9, one, Purpose::Feed)).await.unwrap();
            let consents = [(10, one), (11, two)].map(|(n, id)| consent(n, id, Purpose::Feed));
            let before = db.n_statements();
            assert_eq!(give_all(&tx, AOBA, &consents).await.unwrap(), 1);
            assert_eq!(db.n_statements() - before, 1);
            assert_eq!(give_all(&tx, AOBA, &consents).await.unwrap(), 0);
            assert_eq!(load(&tx, AOBA, &[one, two]).await.unwrap().len(), 2);
        })
        .await;
    }
}
