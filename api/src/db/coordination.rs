//! Whether a programme coordinates its lists, and the plan that it serves them by: one of each per company.
//!
//! - A plan exists only while coordination is enabled; turning it off deletes the plan in the same transaction.
//! - A plan in another form than this version's is not found, as if it had not been made yet.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{Alpha, CompanyId, CoordinationSetting};
use okaeri_engine::ranking::market::{MULTIPLIERS_VERSION, Multipliers};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::codec::{decode_number, encode_number, instant};
use super::database::{Reads, Transaction};
use super::entity::{coordination, coordination_plan};
use super::error::DbError;

/// A setting with the number of changes that made it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct VersionedSetting {
    /// The setting.
    pub setting: CoordinationSetting,
    /// 0 as long as nobody has set anything.
    pub version: u64,
}

/// When a plan was made, and from what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanHead {
    /// The identifier, which lists that are served by it record.
    pub id: Uuid,
    /// The version of the setting that it was made with.
    pub setting_version: u64,
    /// The change-log position that it includes.
    pub position: u64,
    /// The instant it was made.
    pub planned_at: DateTime<Utc>,
}

/// A plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// When, and from what.
    pub head: PlanHead,
    /// What it says.
    pub multipliers: Multipliers,
}

/// The company's setting; the default where nobody has set one.
pub async fn find(db: &impl Reads, company_id: CompanyId) -> Result<VersionedSetting, DbError> {
    let row = coordination::Entity::find_by_id(company_id.0)
        .one(db.connection())
        .await?;
    row.map_or(Ok(VersionedSetting::default()), to_setting)
}

/// Every company that coordinates its lists, by identifier, with its setting.
pub async fn list_enabled(db: &impl Reads) -> Result<Vec<(CompanyId, VersionedSetting)>, DbError> {
    let rows = coordination::Entity::find()
        .filter(coordination::Column::IsEnabled.eq(true))
        .order_by_asc(coordination::Column::CompanyId)
        .all(db.connection())
        .await?;
    rows.into_iter()
        .map(|row| Ok((CompanyId(row.company_id), to_setting(row)?)))
        .collect()
}

/// Sets a company's setting if the version in the database is the one before `next`'s, and otherwise changes nothing.
/// Returns whether it did.
pub async fn set(
    tx: &Transaction,
    company_id: CompanyId,
    next: VersionedSetting,
    at: DateTime<Utc>,
) -> Result<bool, DbError> {
    let column = "coordination.version";
    let row = coordination::Model {
        company_id: company_id.0,
        version: encode_number(column, next.version)?,
        is_enabled: next.setting.is_enabled,
        alpha: next.setting.alpha.get(),
        updated_at: instant(at),
    };
    if next.version == 1 {
        if find(tx, company_id).await?.version != 0 {
            return Ok(false);
        }
        coordination::Entity::insert(row.into_active_model())
            .exec_without_returning(tx.inner())
            .await?;
        return Ok(true);
    }
    let before: i64 = encode_number(column, next.version.saturating_sub(1))?;
    let changes = coordination::ActiveModel {
        version: Set(row.version),
        is_enabled: Set(row.is_enabled),
        alpha: Set(row.alpha),
        updated_at: Set(row.updated_at),
        ..Default::default()
    };
    let updated = coordination::Entity::update_many()
        .set(changes)
        .filter(coordination::Column::CompanyId.eq(company_id.0))
        .filter(coordination::Column::Version.eq(before))
        .exec(tx.inner())
        .await?;
    Ok(updated.rows_affected == 1)
}

/// When the company's plan was made; `None` if there is none.
pub async fn find_plan_head(db: &impl Reads, company_id: CompanyId) -> Result<Option<PlanHead>, DbError> {
    use coordination_plan::Column;
    let row: Option<(Uuid, i64, i64, DateTime<Utc>)> = coordination_plan::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::SettingVersion,
            Column::Position,
            Column::PlannedAt,
        ])
        .filter(Column::CompanyId.eq(company_id.0))
        .filter(Column::Form.eq(MULTIPLIERS_VERSION))
        .into_tuple()
        .one(db.connection())
        .await?;
    row.map(|(id, setting_version, position, planned_at)| head(id, setting_version, position, planned_at))
        .transpose()
}

/// The company's plan; `None` if there is none.
pub async fn find_plan(db: &impl Reads, company_id: CompanyId) -> Result<Option<Plan>, DbError> {
    let row = coordination_plan::Entity::find_by_id(company_id.0)
        .filter(coordination_plan::Column::Form.eq(MULTIPLIERS_VERSION))
        .one(db.connection())
        .await?;
    let to_plan = |row: coordination_plan::Model| {
        Ok(Plan {
            head: head(row.id, row.setting_version, row.position, row.planned_at)?,
            multipliers: postcard::from_bytes(&row.multipliers)
                .map_err(|_| DbError::corrupt("coordination_plan.multipliers"))?,
        })
    };
    row.map(to_plan).transpose()
}

/// Puts a plan in the place of the one that the company had.
pub async fn replace_plan(tx: &Transaction, company_id: CompanyId, plan: &Plan) -> Result<(), DbError> {
    delete_plan(tx, company_id).await?;
    let row = coordination_plan::Model {
        company_id: company_id.0,
        id: plan.head.id,
        form: encode_number("coordination_plan.form", MULTIPLIERS_VERSION)?,
        setting_version: encode_number("coordination_plan.setting_version", plan.head.setting_version)?,
        position: encode_number("coordination_plan.position", plan.head.position)?,
        planned_at: instant(plan.head.planned_at),
        multipliers: postcard::to_stdvec(&plan.multipliers)
            .map_err(|error| DbError::Fault(format!("multipliers: {error}")))?,
    };
    coordination_plan::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// Deletes the company's plan. Returns whether there was one.
pub async fn delete_plan(tx: &Transaction, company_id: CompanyId) -> Result<bool, DbError> {
    let deleted = coordination_plan::Entity::delete_many()
        .filter(coordination_plan::Column::CompanyId.eq(company_id.0))
        .exec(tx.inner())
        .await?;
    Ok(deleted.rows_affected == 1)
}

fn to_setting(row: coordination::Model) -> Result<VersionedSetting, DbError> {
    Ok(VersionedSetting {
        setting: CoordinationSetting {
            is_enabled: row.is_enabled,
            alpha: Alpha::new(row.alpha).ok_or_else(|| DbError::corrupt("coordination.alpha"))?,
        },
        version: decode_number("coordination.version", row.version)?,
    })
}

fn head(
    id: Uuid,
    setting_version: i64,
    position: i64,
    planned_at: DateTime<Utc>,
) -> Result<PlanHead, DbError> {
    Ok(PlanHead {
        id,
        setting_version: decode_number("coordination_plan.setting_version", setting_version)?,
        position: decode_number("coordination_plan.position", position)?,
        planned_at,
    })
}

#[cfg(test)]
mod tests {
    use okaeri_engine::domain::{AlumnusId, OpportunityId};
    use okaeri_engine::ranking::market::{Coordination, Wish, coordinate_lists};

    use super::*;
    use crate::db::testing::{AOBA, MIDORI, insert_companies, now, on_both, uuid};

    fn setting(version: u64, is_enabled: bool, alpha: f64) -> VersionedSetting {
        let alpha = Alpha::new(alpha).unwrap();
        VersionedSetting {
            setting: CoordinationSetting { is_enabled, alpha },
            version,
        }
    }

    #[tokio::test]
    async fn a_setting_changes_only_from_the_version_that_was_read() {
        on_both(async |db| {
            insert_companies(&db).await;
            assert_eq!(find(&db, AOBA).await.unwrap(), VersionedSetting::default());
            let put = async |next| {
                let tx = db.begin_for(AOBA).await.unwrap();
                let is_set = set(&tx, AOBA, next, now()).await.unwrap();
                tx.commit().await.unwrap();
                is_set
            };
            assert!(!put(setting(2, true, 0.3)).await);
            assert!(put(setting(1, true, 0.3)).await);
            assert!(!put(setting(1, false, 0.5)).await);
            assert!(put(setting(2, true, 0.5)).await);
            assert!(!put(setting(2, true, 0.7)).await);
            assert_eq!(find(&db, AOBA).await.unwrap(), setting(2, true, 0.5));
            assert_eq!(find(&db, MIDORI).await.unwrap().version, 0);
            assert_eq!(list_enabled(&db).await.unwrap(), [(AOBA, setting(2, true, 0.5))]);
            assert!(put(setting(3, false, 0.5)).await);
            assert!(list_enabled(&db).await.unwrap().is_empty());
        })
        .await;
    }

    #[tokio::test]
    async fn a_plan_is_read_back_as_it_was_made_and_belongs_to_one_company() {
        on_both(async |db| {
            insert_companies(&db).await;
            let opportunity_id = OpportunityId(uuid(2));
            let wish = Wish {
                alumnus_id: AlumnusId(uuid(1)),
                opportunity_id,
                p: 0.5,
                q: 0.75,
            };
            let coordination = Coordination {
                wishes: &[wish],
                seats: &[(opportunity_id, 1)].into(),
                alpha: 0.3,
            };
            let plan = |n| Plan {
                head: PlanHead {
                    id: uuid(n),
                    setting_version: 1,
                    position: 7,
                    planned_at: instant(now()),
                },
                multipliers: coordinate_lists(&coordination).unwrap(),
            };
            let tx = db.begin_for(AOBA).await.unwrap();
            replace_plan(&tx, AOBA, &plan(3)).await.unwrap();
            replace_plan(&tx, AOBA, &plan(4)).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(find_plan(&db, AOBA).await.unwrap(), Some(plan(4)));
            assert_eq!(find_plan_head(&db, AOBA).await.unwrap(), Some(plan(4).head));
            assert_eq!(find_plan(&db, MIDORI).await.unwrap(), None);
            let tx = db.begin_for(AOBA).await.unwrap();
            assert!(delete_plan(&tx, AOBA).await.unwrap());
            assert!(!delete_plan(&tx, AOBA).await.unwrap());
            tx.commit().await.unwrap();
            assert_eq!(find_plan_head(&db, AOBA).await.unwrap(), None);
        })
        .await;
    }
}
