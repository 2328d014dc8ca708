//! Corrections that people ask for, with what they replaced: the history of what the company had recorded.

use std::collections::HashMap;

use okaeri_engine::domain::correction::{Carried, Correction, CorrectionState, Decision, Verdict};
use okaeri_engine::domain::{AlumnusId, CompanyId, CorrectionId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select};

use super::codec::{decode, decode_json, encode_json, id_lists, instant};
use super::database::{Reads, Transaction};
use super::entity::correction;
use super::error::DbError;

fn of_company(company_id: CompanyId) -> Select<correction::Entity> {
    correction::Entity::find().filter(correction::Column::CompanyId.eq(company_id.0))
}

async fn all(db: &impl Reads, rows: Select<correction::Entity>) -> Result<Vec<Correction>, DbError> {
    rows.all(db.connection())
        .await?
        .into_iter()
        .map(to_domain)
        .collect()
}

/// The correction with this identifier.
pub async fn find(
    db: &impl Reads,
    company_id: CompanyId,
    id: CorrectionId,
) -> Result<Option<Correction>, DbError> {
    let rows = of_company(company_id).filter(correction::Column::Id.eq(id.0));
    rows.one(db.connection()).await?.map(to_domain).transpose()
}

/// The company's corrections, latest first; with `state`, only these.
pub async fn list(
    db: &impl Reads,
    company_id: CompanyId,
    state: Option<CorrectionState>,
) -> Result<Vec<Correction>, DbError> {
    let mut rows = of_company(company_id).order_by_desc(correction::Column::Id);
    if let Some(state) = state {
        rows = rows.filter(correction::Column::State.eq(state.code()));
    }
    all(db, rows).await
}

/// The person's corrections, latest first.
pub async fn list_for_alumnus(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Vec<Correction>, DbError> {
    let rows = of_company(company_id)
        .filter(correction::Column::AlumnusId.eq(alumnus_id.0))
        .order_by_desc(correction::Column::Id);
    all(db, rows).await
}

/// The corrections of these people that were carried out, in the order of their decisions.
pub async fn load_carried(
    db: &impl Reads,
    company_id: CompanyId,
    ids: &[AlumnusId],
) -> Result<HashMap<AlumnusId, Vec<Carried>>, DbError> {
    let mut carried: HashMap<AlumnusId, Vec<Carried>> = HashMap::new();
    for ids in id_lists(ids.iter().map(|id| id.0)) {
        let rows = of_company(company_id)
            .filter(correction::Column::State.eq(CorrectionState::Approved.code()))
            .filter(correction::Column::AlumnusId.is_in(ids))
            .order_by_asc(correction::Column::DecidedAt)
            .order_by_asc(correction::Column::Id);
        for one in all(db, rows).await? {
            let requested = one.requested;
            if let Some(Verdict::Approved { replaced }) = one.decision.map(|decision| decision.verdict) {
                let of_person = carried.entry(one.alumnus_id).or_default();
                of_person.push(Carried { requested, replaced });
            }
        }
    }
    Ok(carried)
}

/// Adds a correction.
pub async fn insert(tx: &Transaction, company_id: CompanyId, correction: &Correction) -> Result<(), DbError> {
    let row = correction::Model {
        id: correction.id.0,
        company_id: company_id.0,
        alumnus_id: correction.alumnus_id.0,
        requested: encode_json("correction.requested", &correction.requested)?,
        note: correction.note.clone(),
        requested_at: instant(correction.requested_at),
        state: correction.state().code().to_owned(),
        replaced: None,
        decided_by: None,
        decided_at: None,
        reason: None,
    };
    correction::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// Writes a decision. Returns `false`, and writes nothing, when there is one: the first stands.
pub async fn update_decision(
    tx: &Transaction,
    company_id: CompanyId,
    id: CorrectionId,
    decision: &Decision,
) -> Result<bool, DbError> {
    let (state, replaced, reason) = match &decision.verdict {
        Verdict::Approved { replaced } => (
            CorrectionState::Approved,
            Some(encode_json("correction.replaced", replaced)?),
            None,
        ),
        Verdict::Refused { reason } => (CorrectionState::Refused, None, Some(reason.clone())),
    };
    let changes = correction::ActiveModel {
        state: Set(state.code().to_owned()),
        replaced: Set(replaced),
        reason: Set(reason),
        decided_by: Set(Some(decision.by.clone())),
        decided_at: Set(Some(instant(decision.at))),
        ..Default::default()
    };
    let updated = correction::Entity::update_many()
        .set(changes)
        .filter(correction::Column::CompanyId.eq(company_id.0))
        .filter(correction::Column::Id.eq(id.0))
        .filter(correction::Column::State.eq(CorrectionState::Requested.code()))
        .exec(tx.inner())
        .await?;
    Ok(updated.rows_affected == 1)
}

fn to_domain(row: correction::Model) -> Result<Correction, DbError> {
    let state = decode("correction.state", &row.state, CorrectionState::from_code)?;
    let verdict = match (state, row.replaced, row.reason) {
        (CorrectionState::Requested, _, _) => None,
        (CorrectionState::Approved, Some(replaced), _) => Some(Verdict::Approved {
            replaced: decode_json("correction.replaced", replaced)?,
        }),
        (CorrectionState::Refused, _, Some(reason)) => Some(Verdict::Refused { reason }),
        (CorrectionState::Approved | CorrectionState::Refused, _, _) => {
            return Err(DbError::corrupt("correction.state"));
        }
    };
    let decision = match (verdict, row.decided_at, row.decided_by) {
        (None, _, _) => None,
        (Some(verdict), Some(at), Some(by)) => Some(Decision { at, by, verdict }),
        (Some(_), _, _) => return Err(DbError::corrupt("correction.decided_at")),
    };
    Ok(Correction {
        id: CorrectionId(row.id),
        alumnus_id: AlumnusId(row.alumnus_id),
        requested: decode_json("correction.requested", row.requested)?,
        note: row.note,
        requested_at: row.requested_at,
        decision,
    })
}
