//! Claims to be the person of a record.
//!
//! - A unique index keeps at most one waiting claim of an address, whoever races.
//! - What was claimed is the person's own data: claims that came to nothing are deleted after a while, and with a record
//!   goes the claim that it was joined by.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{
    AlumnusId, Claim, ClaimDoubt, ClaimId, ClaimState, Claimed, ClaimedConsent, CompanyId, PersonName,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

use super::codec::{decode, decode_json, decode_month_opt, encode_json, id_lists, instant};
use super::database::{Reads, Transaction};
use super::entity::claim;
use super::error::DbError;

const REQUESTED: &str = "REQUESTED";
const PENDING: &str = "PENDING";
const ACCEPTED: &str = "ACCEPTED";
const REFUSED: &str = "REFUSED";
const SUPERSEDED: &str = "SUPERSEDED";

fn of_company(company_id: CompanyId) -> Select<claim::Entity> {
    claim::Entity::find().filter(claim::Column::CompanyId.eq(company_id.0))
}

/// Adds a claim.
pub async fn insert(tx: &Transaction, company_id: CompanyId, claim: &Claim) -> Result<(), DbError> {
    claim::Entity::insert(to_row(company_id, claim)?.into_active_model())
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// The claim with this identifier.
pub async fn find(db: &impl Reads, company_id: CompanyId, id: ClaimId) -> Result<Option<Claim>, DbError> {
    Ok(load(db, company_id, &[id]).await?.pop())
}

/// The claims with these identifiers, by identifier; unknown ones are left out. One statement per 10,000.
pub async fn load(db: &impl Reads, company_id: CompanyId, ids: &[ClaimId]) -> Result<Vec<Claim>, DbError> {
    let mut claims = Vec::with_capacity(ids.len());
    for ids in id_lists(ids.iter().map(|id| id.0)) {
        let rows = of_company(company_id)
            .filter(claim::Column::Id.is_in(ids))
            .order_by_asc(claim::Column::Id)
            .all(db.connection())
            .await?;
        for row in rows {
            claims.push(to_domain(row)?);
        }
    }
    Ok(claims)
}

/// The identifiers of the claims that wait for an administrator, in their order.
pub async fn list_pending_ids(db: &impl Reads, company_id: CompanyId) -> Result<Vec<ClaimId>, DbError> {
    let ids: Vec<Uuid> = of_company(company_id)
        .select_only()
        .column(claim::Column::Id)
        .filter(claim::Column::State.eq(PENDING))
        .order_by_asc(claim::Column::Id)
        .into_tuple()
        .all(db.connection())
        .await?;
    Ok(ids.into_iter().map(ClaimId).collect())
}

/// Puts the waiting claim of this address aside, if there is one. Returns whether there was.
pub async fn supersede_pending(
    tx: &Transaction,
    company_id: CompanyId,
    email: &str,
    at: DateTime<Utc>,
) -> Result<bool, DbError> {
    let changes = claim::ActiveModel {
        state: Set(SUPERSEDED.to_owned()),
        decided_at: Set(Some(instant(at))),
        opened_at: Set(None),
        doubt: Set(None),
        consents: Set(None),
        ..Default::default()
    };
    let updated = claim::Entity::update_many()
        .set(changes)
        .filter(claim::Column::CompanyId.eq(company_id.0))
        .filter(claim::Column::Email.eq(email))
        .filter(claim::Column::State.eq(PENDING))
        .exec(tx.inner())
        .await?;
    Ok(updated.rows_affected > 0)
}

/// Writes how far a claim has come. The transaction must hold the company, so that nobody else has moved it.
pub async fn update_state(tx: &Transaction, company_id: CompanyId, claim: &Claim) -> Result<bool, DbError> {
    let row = to_row(company_id, claim)?;
    let changes = claim::ActiveModel {
        state: Set(row.state),
        opened_at: Set(row.opened_at),
        doubt: Set(row.doubt),
        consents: Set(row.consents),
        decided_at: Set(row.decided_at),
        decided_by: Set(row.decided_by),
        reason: Set(row.reason),
        alumnus_id: Set(row.alumnus_id),
        ..Default::default()
    };
    let updated = claim::Entity::update_many()
        .set(changes)
        .filter(claim::Column::CompanyId.eq(company_id.0))
        .filter(claim::Column::Id.eq(claim.id.0))
        .exec(tx.inner())
        .await?;
    Ok(updated.rows_affected == 1)
}

/// Deletes claims of all companies: those whose link was not followed and that were made before `requested_before`, and
/// those that were refused or put aside before `decided_before`. Returns how many.
pub async fn delete_stale(
    tx: &Transaction,
    requested_before: DateTime<Utc>,
    decided_before: DateTime<Utc>,
) -> Result<u64, DbError> {
    let unopened = Condition::all()
        .add(claim::Column::State.eq(REQUESTED))
        .add(claim::Column::RequestedAt.lt(instant(requested_before)));
    let came_to_nothing = Condition::all()
        .add(claim::Column::State.is_in([REFUSED, SUPERSEDED]))
        .add(claim::Column::DecidedAt.lt(instant(decided_before)));
    let deleted = claim::Entity::delete_many()
        .filter(Condition::any().add(unopened).add(came_to_nothing))
        .exec(tx.inner())
        .await?;
    Ok(deleted.rows_affected)
}

/// Deletes every claim that was made by this address, whatever became of it. Returns how many.
pub async fn delete_by_email(tx: &Transaction, company_id: CompanyId, email: &str) -> Result<u64, DbError> {
    let deleted = claim::Entity::delete_many()
        .filter(claim::Column::CompanyId.eq(company_id.0))
        .filter(claim::Column::Email.eq(email))
        .exec(tx.inner())
        .await?;
    Ok(deleted.rows_affected)
}

fn to_row(company_id: CompanyId, claim: &Claim) -> Result<claim::Model, DbError> {
    let claimed = &claim.claimed;
    let bare = claim::Model {
        id: claim.id.0,
        company_id: company_id.0,
        name_kanji: claimed.name.kanji.clone(),
        name_kana: claimed.name.kana.clone(),
        email: claimed.email.clone(),
        employee_number: claimed.employee_number.clone(),
        tenure_from: claimed.tenure.map(|(from, _)| from.to_string()),
        tenure_to: claimed.tenure.map(|(_, to)| to.to_string()),
        department: claimed.department.clone(),
        requested_at: instant(claim.requested_at),
        state: REQUESTED.to_owned(),
        opened_at: None,
        doubt: None,
        consents: None,
        decided_at: None,
        decided_by: None,
        reason: None,
        alumnus_id: None,
    };
    Ok(match &claim.state {
        ClaimState::Requested => bare,
        ClaimState::Pending {
            opened_at,
            doubt,
            consents,
        } => claim::Model {
            state: PENDING.to_owned(),
            opened_at: Some(instant(*opened_at)),
            doubt: Some(doubt.code().to_owned()),
            consents: Some(encode_json("claim.consents", consents)?),
            ..bare
        },
        ClaimState::Accepted { at, by, alumnus_id } => claim::Model {
            state: ACCEPTED.to_owned(),
            decided_at: Some(instant(*at)),
            decided_by: by.clone(),
            alumnus_id: Some(alumnus_id.0),
            ..bare
        },
        ClaimState::Refused { at, by, reason } => claim::Model {
            state: REFUSED.to_owned(),
            decided_at: Some(instant(*at)),
            decided_by: Some(by.clone()),
            reason: Some(reason.clone()),
            ..bare
        },
        ClaimState::Superseded { at } => claim::Model {
            state: SUPERSEDED.to_owned(),
            decided_at: Some(instant(*at)),
            ..bare
        },
    })
}

fn to_domain(row: claim::Model) -> Result<Claim, DbError> {
    let corrupt = || DbError::corrupt("claim.state");
    let state = match row.state.as_str() {
        REQUESTED => ClaimState::Requested,
        PENDING => ClaimState::Pending {
            opened_at: row.opened_at.ok_or_else(corrupt)?,
            doubt: decode(
                "claim.doubt",
                row.doubt.as_deref().unwrap_or_default(),
                ClaimDoubt::from_code,
            )?,
            consents: decode_json::<Vec<ClaimedConsent>>(
                "claim.consents",
                row.consents.ok_or_else(corrupt)?,
            )?,
        },
        ACCEPTED => ClaimState::Accepted {
            at: row.decided_at.ok_or_else(corrupt)?,
            by: row.decided_by,
            alumnus_id: AlumnusId(row.alumnus_id.ok_or_else(corrupt)?),
        },
        REFUSED => ClaimState::Refused {
            at: row.decided_at.ok_or_else(corrupt)?,
            by: row.decided_by.ok_or_else(corrupt)?,
            reason: row.reason.ok_or_else(corrupt)?,
        },
        SUPERSEDED => ClaimState::Superseded {
            at: row.decided_at.ok_or_else(corrupt)?,
        },
        _ => return Err(corrupt()),
    };
    let from = decode_month_opt("claim.tenure_from", row.tenure_from.as_ref())?;
    let to = decode_month_opt("claim.tenure_to", row.tenure_to.as_ref())?;
    Ok(Claim {
        id: ClaimId(row.id),
        claimed: Claimed {
            name: PersonName {
                kanji: row.name_kanji,
                kana: row.name_kana,
            },
            email: row.email,
            employee_number: row.employee_number,
            tenure: from.zip(to),
            department: row.department,
        },
        requested_at: row.requested_at,
        state,
    })
}

#[cfg(test)]
mod tests {
    use okaeri_engine::domain::Purpose;

    use super::*;
    use crate::db::testing::{AOBA, MIDORI, insert_all, insert_claim, now, on_both, uuid};

    #[tokio::test]
    async fn a_claim_is_read_back_in_every_state_by_its_company_alone() {
        on_both(async |db| {
            insert_all(&db, &[1], &[]).await;
            let requested = insert_claim(&db, AOBA, 1).await;
            let at = instant(now());
            let consents = vec![ClaimedConsent {
                purpose: Purpose::Rehire,
                text_version: "2026-11".to_owned(),
            }];
            let waiting = requested.clone().wait(at, ClaimDoubt::Several, consents).unwrap();
            let by = "kanri".to_owned();
            let record = AlumnusId(uuid(1));
            let (approved, ..) = waiting.clone().approve(at, by.clone(), record).unwrap();
            let settled = requested.clone().settle(at, record).unwrap();
            let refused = waiting.clone().refuse(at, by, "別人".to_owned()).unwrap();
            let tx = db.begin_for(AOBA).await.unwrap();
            for claim in [settled, approved, refused, requested, waiting.clone()] {
                assert!(update_state(&tx, AOBA, &claim).await.unwrap());
                assert_eq!(find(&tx, AOBA, claim.id).await.unwrap(), Some(claim.clone()));
                assert_eq!(find(&tx, MIDORI, claim.id).await.unwrap(), None);
                assert!(!update_state(&tx, MIDORI, &claim).await.unwrap());
            }
            assert_eq!(list_pending_ids(&tx, AOBA).await.unwrap(), [waiting.id]);
            assert!(list_pending_ids(&tx, MIDORI).await.unwrap().is_empty());
            let email = &waiting.claimed.email;
            assert!(!supersede_pending(&tx, MIDORI, email, at).await.unwrap());
            assert!(supersede_pending(&tx, AOBA, email, at).await.unwrap());
            let superseded = find(&tx, AOBA, waiting.id).await.unwrap().unwrap();
            assert_eq!(superseded.state, ClaimState::Superseded { at });
            assert!(list_pending_ids(&tx, AOBA).await.unwrap().is_empty());
        })
        .await;
    }

    #[tokio::test]
    async fn claims_that_came_to_nothing_are_forgotten_and_waiting_ones_are_not() {
        on_both(async |db| {
            insert_all(&db, &[1], &[]).await;
            let at = instant(now());
            let _unopened = insert_claim(&db, AOBA, 1).await;
            let waiting = insert_claim(&db, AOBA, 2)
                .await
                .wait(at, ClaimDoubt::NoMatch, vec![])
                .unwrap();
            let refused = insert_claim(&db, AOBA, 3)
                .await
                .wait(at, ClaimDoubt::NoMatch, vec![])
                .unwrap();
            let refused = refused.refuse(at, "kanri".to_owned(), "x".to_owned()).unwrap();
            let tx = db.begin_for(AOBA).await.unwrap();
            update_state(&tx, AOBA, &waiting).await.unwrap();
            update_state(&tx, AOBA, &refused).await.unwrap();
            assert_eq!(delete_stale(&tx, at, at).await.unwrap(), 0);
            let later = at + chrono::TimeDelta::days(1);
            assert_eq!(delete_stale(&tx, later, at).await.unwrap(), 1);
            assert_eq!(delete_stale(&tx, later, later).await.unwrap(), 1);
            assert_eq!(list_pending_ids(&tx, AOBA).await.unwrap(), [waiting.id]);
        })
        .await;
    }
}
