//! What alumni do with opportunities: the latest per pair, and what came before it.
//!
//! - History is never rewritten; a later interaction only ends an earlier one's being the latest.

use okaeri_engine::domain::{
    AlumnusId, CompanyId, DeclineReason, Interaction, InteractionId, InteractionKind, OpportunityId,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select};

use super::codec::{id_lists, instant};
use super::database::{Reads, Transaction};
use super::entity::interaction;
use super::error::DbError;

fn of_company(company_id: CompanyId) -> Select<interaction::Entity> {
    interaction::Entity::find().filter(interaction::Column::CompanyId.eq(company_id.0))
}

async fn all(db: &impl Reads, rows: Select<interaction::Entity>) -> Result<Vec<Interaction>, DbError> {
    rows.all(db.connection())
        .await?
        .into_iter()
        .map(to_domain)
        .collect()
}

/// Adds an interaction, which becomes the latest of its pair.
///
/// In a transaction begun with [`super::Database::begin_for`] it cannot race; in another, the loser of a race gets
/// [`DbError::UniqueViolation`].
pub async fn insert(
    tx: &Transaction,
    company_id: CompanyId,
    interaction: &Interaction,
) -> Result<(), DbError> {
    let changes = interaction::ActiveModel {
        is_latest: Set(false),
        ..Default::default()
    };
    interaction::Entity::update_many()
        .set(changes)
        .filter(interaction::Column::CompanyId.eq(company_id.0))
        .filter(interaction::Column::AlumnusId.eq(interaction.alumnus_id.0))
        .filter(interaction::Column::OpportunityId.eq(interaction.opportunity_id.0))
        .filter(interaction::Column::IsLatest.eq(true))
        .exec(tx.inner())
        .await?;
    let row = to_row(company_id, interaction).into_active_model();
    interaction::Entity::insert(row)
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// What the person did last with the opportunity.
pub async fn find_latest(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    opportunity_id: OpportunityId,
) -> Result<Option<Interaction>, DbError> {
    Ok(load_latest(db, company_id, alumnus_id, &[opportunity_id])
        .await?
        .pop())
}

/// What the person did last with each of these opportunities, by opportunity. One statement per 10,000.
pub async fn load_latest(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    opportunity_ids: &[OpportunityId],
) -> Result<Vec<Interaction>, DbError> {
    let mut interactions = Vec::with_capacity(opportunity_ids.len());
    for ids in id_lists(opportunity_ids.iter().map(|id| id.0)) {
        let rows = of_company(company_id)
            .filter(interaction::Column::AlumnusId.eq(alumnus_id.0))
            .filter(interaction::Column::OpportunityId.is_in(ids))
            .filter(interaction::Column::IsLatest.eq(true))
            .order_by_asc(interaction::Column::OpportunityId);
        interactions.extend(all(db, rows).await?);
    }
    Ok(interactions)
}

/// What the person did last with any opportunity, latest first.
pub async fn list_latest_for_alumnus(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Vec<Interaction>, DbError> {
    let rows = of_company(company_id)
        .filter(interaction::Column::AlumnusId.eq(alumnus_id.0))
        .filter(interaction::Column::IsLatest.eq(true))
        .order_by_desc(interaction::Column::At)
        .order_by_desc(interaction::Column::Id);
    all(db, rows).await
}

/// All that the person ever did, earliest first; for the person's own export.
pub async fn list_history_for_alumnus(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Vec<Interaction>, DbError> {
    let rows = of_company(company_id)
        .filter(interaction::Column::AlumnusId.eq(alumnus_id.0))
        .order_by_asc(interaction::Column::At)
        .order_by_asc(interaction::Column::Id);
    all(db, rows).await
}

/// What each person did last with the opportunity, latest first.
pub async fn list_for_opportunity(
    db: &impl Reads,
    company_id: CompanyId,
    opportunity_id: OpportunityId,
) -> Result<Vec<Interaction>, DbError> {
    let rows = of_company(company_id)
        .filter(interaction::Column::OpportunityId.eq(opportunity_id.0))
        .filter(interaction::Column::IsLatest.eq(true))
        .order_by_desc(interaction::Column::At)
        .order_by_desc(interaction::Column::Id);
    all(db, rows).await
}

const INTERESTED: &str = "INTERESTED";
const DECLINED: &str = "DECLINED";
const SNOOZED: &str = "SNOOZED";
const SAVED: &str = "SAVED";

fn to_row(company_id: CompanyId, interaction: &Interaction) -> interaction::Model {
    let (kind, reason, until_on) = match interaction.kind {
        InteractionKind::Interested => (INTERESTED, None, None),
        InteractionKind::Declined { reason } => (DECLINED, Some(reason.code().to_owned()), None),
        InteractionKind::Snoozed { until } => (SNOOZED, None, Some(until)),
        InteractionKind::Saved => (SAVED, None, None),
    };
    interaction::Model {
        id: interaction.id.0,
        company_id: company_id.0,
        alumnus_id: interaction.alumnus_id.0,
        opportunity_id: interaction.opportunity_id.0,
        kind: kind.to_owned(),
        reason,
        until_on,
        is_latest: true,
        at: instant(interaction.at),
    }
}

fn to_domain(row: interaction::Model) -> Result<Interaction, DbError> {
    let reason = row.reason.as_deref().and_then(DeclineReason::from_code);
    let kind = match (row.kind.as_str(), reason, row.until_on) {
        (INTERESTED, _, _) => InteractionKind::Interested,
        (DECLINED, Some(reason), _) => InteractionKind::Declined { reason },
        (SNOOZED, _, Some(until)) => InteractionKind::Snoozed { until },
        (SAVED, _, _) => InteractionKind::Saved,
        _ => return Err(DbError::corrupt("interaction.kind")),
    };
    Ok(Interaction {
        id: InteractionId(row.id),
        alumnus_id: AlumnusId(row.alumnus_id),
        opportunity_id: OpportunityId(row.opportunity_id),
        kind,
        at: row.at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing::{AOBA, MIDORI, insert_all, now, on_both, uuid};

    fn interaction(n: u32, kind: InteractionKind) -> Interaction {
        Interaction {
            id: InteractionId(uuid(n)),
            alumnus_id: AlumnusId(uuid(1)),
            opportunity_id: OpportunityId(uuid(1)),
            kind,
            at: instant(now()) + chrono::TimeDelta::seconds(n.into()),
        }
    }

    #[tokio::test]
    async fn a_later_interaction_replaces_an_earlier_one_and_history_keeps_both() {
        on_both(async |db| {
            insert_all(&db, &[1], &[1, 2]).await;
            let saved = interaction(10, InteractionKind::Saved);
            let snoozed = interaction(
                11,
                InteractionKind::Snoozed {
                    until: "2027-01-01".parse().unwrap(),
                },
            );
            let reason = DeclineReason::Terms;
            let declined = interaction(12, InteractionKind::Declined { reason });
            let other = Interaction {
                opportunity_id: OpportunityId(uuid(2)),
                ..interaction(13, InteractionKind::Interested)
            };
            let all = [saved, snoozed, declined.clone(), other.clone()];

            let tx = db.begin_for(AOBA).await.unwrap();
            for interaction in &all {
                insert(&tx, AOBA, interaction).await.unwrap();
            }
            tx.commit().await.unwrap();

            let (person, opportunity) = (declined.alumnus_id, declined.opportunity_id);
            let latest = find_latest(&db, AOBA, person, opportunity).await.unwrap();
            assert_eq!(latest.as_ref(), Some(&declined));
            let ids = [opportunity, other.opportunity_id];
            assert_eq!(
                load_latest(&db, AOBA, person, &ids).await.unwrap(),
                [declined.clone(), other.clone()]
            );
            assert_eq!(
                list_for_opportunity(&db, AOBA, opportunity).await.unwrap(),
                std::slice::from_ref(&declined)
            );
            assert_eq!(
                list_latest_for_alumnus(&db, AOBA, person).await.unwrap(),
                [other, declined]
            );
            assert_eq!(list_history_for_alumnus(&db, AOBA, person).await.unwrap(), all);
            assert_eq!(find_latest(&db, MIDORI, person, opportunity).await.unwrap(), None);
        })
        .await;
    }

    #[tokio::test]
    async fn of_many_at_once_one_is_the_latest() {
        on_both(async |db| {
            insert_all(&db, &[1], &[1]).await;
            let save = async |n| {
                let tx = db.begin_for(AOBA).await.unwrap();
                insert(&tx, AOBA, &interaction(n, InteractionKind::Saved))
                    .await
                    .unwrap();
                tx.commit().await.unwrap();
            };
            futures_util::future::join_all((10..20).map(save)).await;
            let opportunity = OpportunityId(uuid(1));
            assert_eq!(
                list_for_opportunity(&db, AOBA, opportunity).await.unwrap().len(),
                1
            );
            let history = list_history_for_alumnus(&db, AOBA, AlumnusId(uuid(1)))
                .await
                .unwrap();
            assert_eq!(history.len(), 10);
        })
        .await;
    }
}
