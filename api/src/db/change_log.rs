//! What changed, in the order in which a company's transactions were committed.
//!
//! - [`append`] makes the transaction wait for the company's other writers first, so whoever has seen a position has
//!   seen all earlier ones of that company, and a committed change is visible at once, whatever else is running.
//!   The alternative, to hide rows younger than the oldest running transaction, would hide a committed refusal
//!   behind an unrelated slow import.
//! - Positions of different companies are not ordered by commit: a reader keeps a position per company.
//! - Rows say what to read again, never what it holds: an erased person leaves nothing here but an identifier.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{
    AlumnusId, CandidacyId, CompanyId, ConsultationId, InteractionId, OpportunityId,
};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement,
};
use uuid::Uuid;

use super::codec::{decode_number, encode_number, instant, rows_max};
use super::database::{Reads, Transaction};
use super::entity::{change_log, company};
use super::error::DbError;

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// A record's text or profile.
    AlumnusChanged(AlumnusId),
    /// Consents, interests, status or tenures: may hide the person.
    StandingChanged(AlumnusId),
    /// The record is gone.
    AlumnusRemoved(AlumnusId),
    /// An opportunity, its status and deadline included.
    OpportunityChanged(OpportunityId),
    /// A person did something with an opportunity.
    InteractionRecorded {
        /// What.
        interaction_id: InteractionId,
        /// Who.
        alumnus_id: AlumnusId,
        /// With which.
        opportunity_id: OpportunityId,
    },
    /// A candidacy took a step that its person knows of, or something was written to it.
    CandidacyChanged {
        /// Which.
        candidacy_id: CandidacyId,
        /// Whose.
        alumnus_id: AlumnusId,
        /// For which.
        opportunity_id: OpportunityId,
    },
    /// A candidacy took a step that its person does not learn of.
    ShortlistChanged {
        /// Which.
        candidacy_id: CandidacyId,
        /// Whose.
        alumnus_id: AlumnusId,
        /// For which.
        opportunity_id: OpportunityId,
    },
    /// Something was written in a consultation.
    ConsultationChanged {
        /// Which.
        consultation_id: ConsultationId,
        /// Whose.
        alumnus_id: AlumnusId,
        /// About which.
        opportunity_id: OpportunityId,
    },
    /// A candidate was rejected.
    RejectionRecorded {
        /// Whom.
        alumnus_id: AlumnusId,
        /// For which.
        opportunity_id: OpportunityId,
    },
    /// The company or its policy.
    ProgrammeChanged,
    /// Other multipliers coordinate the company's lists.
    CoordinationPlanned,
    /// Decisions of recruiters moved the weights by which candidates are ranked.
    WeightsChanged,
}

/// A change at its place in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoggedChange {
    /// Its place; later is greater, with gaps.
    pub position: u64,
    /// What changed.
    pub change: Change,
    /// When, by the writer's clock.
    pub at: DateTime<Utc>,
}

/// Adds a change, after the company's other writers have ended.
pub async fn append(
    tx: &Transaction,
    company_id: CompanyId,
    change: Change,
    at: DateTime<Utc>,
) -> Result<(), DbError> {
    append_all(tx, company_id, &[change], at).await
}

/// Adds changes in this order, after the company's other writers have ended.
pub async fn append_all(
    tx: &Transaction,
    company_id: CompanyId,
    changes: &[Change],
    at: DateTime<Utc>,
) -> Result<(), DbError> {
    const N_COLUMNS: usize = 6;
    tx.lock_company(company_id).await?;
    for changes in changes.chunks(rows_max(N_COLUMNS)) {
        let rows = changes.iter().map(|change| {
            let (kind, subject_id, alumnus_id, opportunity_id) = encode(*change);
            change_log::ActiveModel {
                position: NotSet,
                company_id: Set(company_id.0),
                kind: Set(kind.to_owned()),
                subject_id: Set(subject_id),
                alumnus_id: Set(alumnus_id),
                opportunity_id: Set(opportunity_id),
                at: Set(instant(at)),
            }
        });
        change_log::Entity::insert_many(rows)
            .exec_without_returning(tx.inner())
            .await?;
    }
    Ok(())
}

/// The newest committed position of every company that has changes. One look into an index for each company, in one
/// statement, so that a server with a thousand companies can ask often.
pub async fn newest_positions(db: &impl Reads) -> Result<HashMap<CompanyId, u64>, DbError> {
    let sql = "SELECT company.id, (SELECT change_log.position FROM change_log WHERE change_log.company_id = company.id \
               ORDER BY change_log.position DESC LIMIT 1) AS position FROM company";
    let statement = Statement::from_string(db.connection().get_database_backend(), sql);
    let rows = db.connection().query_all_raw(statement).await?;
    let mut newest = HashMap::with_capacity(rows.len());
    for row in rows {
        let (id, position): (Uuid, Option<i64>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        if let Some(position) = position {
            newest.insert(CompanyId(id), decode_number("change_log.position", position)?);
        }
    }
    Ok(newest)
}

/// The company's newest committed position; 0 when nothing ever changed. One look into an index.
pub async fn newest_position(db: &impl Reads, company_id: CompanyId) -> Result<u64, DbError> {
    let newest: Option<i64> = change_log::Entity::find()
        .select_only()
        .column(change_log::Column::Position)
        .filter(change_log::Column::CompanyId.eq(company_id.0))
        .order_by_desc(change_log::Column::Position)
        .limit(1)
        .into_tuple()
        .one(db.connection())
        .await?;
    decode_number("change_log.position", newest.unwrap_or(0))
}

/// Every company with its newest committed position, by identifier. One look into an index per company.
pub async fn newest_position_all(db: &impl Reads) -> Result<Vec<(CompanyId, u64)>, DbError> {
    let newest = Query::select()
        .column(change_log::Column::Position)
        .from(change_log::Entity)
        .and_where(
            Expr::col((change_log::Entity, change_log::Column::CompanyId))
                .equals((company::Entity, company::Column::Id)),
        )
        .order_by(change_log::Column::Position, Order::Desc)
        .limit(1)
        .take();
    let statement = Query::select()
        .column((company::Entity, company::Column::Id))
        .expr_as(
            Expr::SubQuery(None, Box::new(newest.into())),
            Alias::new("newest"),
        )
        .from(company::Entity)
        .order_by((company::Entity, company::Column::Id), Order::Asc)
        .take();
    let mut positions = Vec::new();
    for row in db.connection().query_all(&statement).await? {
        let company_id: Uuid = row.try_get("", "id")?;
        let newest: Option<i64> = row.try_get("", "newest")?;
        positions.push((
            CompanyId(company_id),
            decode_number("change_log.position", newest.unwrap_or(0))?,
        ));
    }
    Ok(positions)
}

/// At most `limit` changes after `position`, in their order.
pub async fn list_after(
    db: &impl Reads,
    company_id: CompanyId,
    position: u64,
    limit: u64,
) -> Result<Vec<LoggedChange>, DbError> {
    let position: i64 = encode_number("change_log.position", position)?;
    let rows = change_log::Entity::find()
        .filter(change_log::Column::CompanyId.eq(company_id.0))
        .filter(change_log::Column::Position.gt(position))
        .order_by_asc(change_log::Column::Position)
        .limit(limit)
        .all(db.connection())
        .await?;
    let to_domain = |row: change_log::Model| {
        let position = decode_number("change_log.position", row.position)?;
        Ok(LoggedChange {
            position,
            change: decode(&row)?,
            at: row.at,
        })
    };
    rows.into_iter().map(to_domain).collect()
}

/// Whether the company has a change at exactly this position. One look into an index.
pub async fn has(db: &impl Reads, company_id: CompanyId, position: u64) -> Result<bool, DbError> {
    let position: i64 = encode_number("change_log.position", position)?;
    let rows = change_log::Entity::find()
        .filter(change_log::Column::CompanyId.eq(company_id.0))
        .filter(change_log::Column::Position.eq(position));
    Ok(rows.one(db.connection()).await?.is_some())
}

/// When the newest change of all companies was made, by its writer's clock.
pub async fn newest_at(db: &impl Reads) -> Result<Option<DateTime<Utc>>, DbError> {
    let newest = change_log::Entity::find().order_by_desc(change_log::Column::Position);
    Ok(newest.one(db.connection()).await?.map(|row| row.at))
}

const ALUMNUS_CHANGED: &str = "ALUMNUS_CHANGED";
const STANDING_CHANGED: &str = "STANDING_CHANGED";
const ALUMNUS_REMOVED: &str = "ALUMNUS_REMOVED";
const OPPORTUNITY_CHANGED: &str = "OPPORTUNITY_CHANGED";
const INTERACTION_RECORDED: &str = "INTERACTION_RECORDED";
/// Written by earlier versions, where an invitation was a thing of its own; its candidacy has its key.
const INVITATION_CHANGED: &str = "INVITATION_CHANGED";
const CANDIDACY_CHANGED: &str = "CANDIDACY_CHANGED";
const SHORTLIST_CHANGED: &str = "SHORTLIST_CHANGED";
const CONSULTATION_CHANGED: &str = "CONSULTATION_CHANGED";
const REJECTION_RECORDED: &str = "REJECTION_RECORDED";
const PROGRAMME_CHANGED: &str = "PROGRAMME_CHANGED";
const COORDINATION_PLANNED: &str = "COORDINATION_PLANNED";
const WEIGHTS_CHANGED: &str = "WEIGHTS_CHANGED";

/// Kind, subject, alumnus and opportunity as columns.
fn encode(change: Change) -> (&'static str, Option<Uuid>, Option<Uuid>, Option<Uuid>) {
    match change {
        Change::AlumnusChanged(id) => (ALUMNUS_CHANGED, None, Some(id.0), None),
        Change::StandingChanged(id) => (STANDING_CHANGED, None, Some(id.0), None),
        Change::AlumnusRemoved(id) => (ALUMNUS_REMOVED, None, Some(id.0), None),
        Change::OpportunityChanged(id) => (OPPORTUNITY_CHANGED, None, None, Some(id.0)),
        Change::InteractionRecorded {
            interaction_id,
            alumnus_id,
            opportunity_id,
        } => (
            INTERACTION_RECORDED,
            Some(interaction_id.0),
            Some(alumnus_id.0),
            Some(opportunity_id.0),
        ),
        Change::CandidacyChanged {
            candidacy_id,
            alumnus_id,
            opportunity_id,
        } => (
            CANDIDACY_CHANGED,
            Some(candidacy_id.0),
            Some(alumnus_id.0),
            Some(opportunity_id.0),
        ),
        Change::ShortlistChanged {
            candidacy_id,
            alumnus_id,
            opportunity_id,
        } => (
            SHORTLIST_CHANGED,
            Some(candidacy_id.0),
            Some(alumnus_id.0),
            Some(opportunity_id.0),
        ),
        Change::ConsultationChanged {
            consultation_id,
            alumnus_id,
            opportunity_id,
        } => (
            CONSULTATION_CHANGED,
            Some(consultation_id.0),
            Some(alumnus_id.0),
            Some(opportunity_id.0),
        ),
        Change::RejectionRecorded {
            alumnus_id,
            opportunity_id,
        } => (
            REJECTION_RECORDED,
            None,
            Some(alumnus_id.0),
            Some(opportunity_id.0),
        ),
        Change::ProgrammeChanged => (PROGRAMME_CHANGED, None, None, None),
        Change::CoordinationPlanned => (COORDINATION_PLANNED, None, None, None),
        Change::WeightsChanged => (WEIGHTS_CHANGED, None, None, None),
    }
}

fn decode(row: &change_log::Model) -> Result<Change, DbError> {
    let alumnus_id = row.alumnus_id.map(AlumnusId);
    let opportunity_id = row.opportunity_id.map(OpportunityId);
    match (row.kind.as_str(), row.subject_id, alumnus_id, opportunity_id) {
        (ALUMNUS_CHANGED, None, Some(id), None) => Ok(Change::AlumnusChanged(id)),
        (STANDING_CHANGED, None, Some(id), None) => Ok(Change::StandingChanged(id)),
        (ALUMNUS_REMOVED, None, Some(id), None) => Ok(Change::AlumnusRemoved(id)),
        (OPPORTUNITY_CHANGED, None, None, Some(id)) => Ok(Change::OpportunityChanged(id)),
        (INTERACTION_RECORDED, Some(id), Some(alumnus_id), Some(opportunity_id)) => {
            Ok(Change::InteractionRecorded {
                interaction_id: InteractionId(id),
                alumnus_id,
                opportunity_id,
            })
        }
        (CANDIDACY_CHANGED | INVITATION_CHANGED, Some(id), Some(alumnus_id), Some(opportunity_id)) => {
            Ok(Change::CandidacyChanged {
                candidacy_id: CandidacyId(id),
                alumnus_id,
                opportunity_id,
            })
        }
        (SHORTLIST_CHANGED, Some(id), Some(alumnus_id), Some(opportunity_id)) => {
            Ok(Change::ShortlistChanged {
                candidacy_id: CandidacyId(id),
                alumnus_id,
                opportunity_id,
            })
        }
        (CONSULTATION_CHANGED, Some(id), Some(alumnus_id), Some(opportunity_id)) => {
            Ok(Change::ConsultationChanged {
                consultation_id: ConsultationId(id),
                alumnus_id,
                opportunity_id,
            })
        }
        (REJECTION_RECORDED, None, Some(alumnus_id), Some(opportunity_id)) => Ok(Change::RejectionRecorded {
            alumnus_id,
            opportunity_id,
        }),
        (PROGRAMME_CHANGED, None, None, None) => Ok(Change::ProgrammeChanged),
        (COORDINATION_PLANNED, None, None, None) => Ok(Change::CoordinationPlanned),
        (WEIGHTS_CHANGED, None, None, None) => Ok(Change::WeightsChanged),
        _ => Err(DbError::corrupt("change_log.kind")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Database;
    use crate::db::testing::{AOBA, MIDORI, insert_companies, now, on_both, uuid};

    async fn append_one(db: &Database, company_id: CompanyId, change: Change) {
        let tx = db.begin().await.unwrap();
        append(&tx, company_id, change, now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    #[tokio::test]
    async fn every_change_is_read_back_in_order_by_its_company_alone() {
        on_both(async |db| {
            insert_companies(&db).await;
            let (alumnus_id, opportunity_id) = (AlumnusId(uuid(1)), OpportunityId(uuid(2)));
            let changes = [
                Change::AlumnusChanged(alumnus_id),
                Change::StandingChanged(alumnus_id),
                Change::AlumnusRemoved(alumnus_id),
                Change::OpportunityChanged(opportunity_id),
                Change::InteractionRecorded {
                    interaction_id: InteractionId(uuid(3)),
                    alumnus_id,
                    opportunity_id,
                },
                Change::CandidacyChanged {
                    candidacy_id: CandidacyId(uuid(4)),
                    alumnus_id,
                    opportunity_id,
                },
                Change::ShortlistChanged {
                    candidacy_id: CandidacyId(uuid(4)),
                    alumnus_id,
                    opportunity_id,
                },
                Change::ConsultationChanged {
                    consultation_id: ConsultationId(uuid(5)),
                    alumnus_id,
                    opportunity_id,
                },
                Change::RejectionRecorded {
                    alumnus_id,
                    opportunity_id,
                },
                Change::ProgrammeChanged,
                Change::CoordinationPlanned,
                Change::WeightsChanged,
            ];
            assert_eq!(newest_position(&db, AOBA).await.unwrap(), 0);
            append_one(&db, MIDORI, Change::ProgrammeChanged).await;
            let tx = db.begin().await.unwrap();
            append_all(&tx, AOBA, &changes, now()).await.unwrap();
            tx.commit().await.unwrap();

            let logged = list_after(&db, AOBA, 0, 100).await.unwrap();
            assert_eq!(
                logged.iter().map(|logged| logged.change).collect::<Vec<_>>(),
                changes
            );
            assert!(logged.is_sorted_by(|a, b| a.position < b.position));
            let newest = newest_position(&db, AOBA).await.unwrap();
            assert_eq!(Some(newest), logged.last().map(|logged| logged.position));
            assert_eq!(
                list_after(&db, AOBA, logged[2].position, 2).await.unwrap(),
                logged[3..5]
            );
            assert!(list_after(&db, AOBA, newest, 100).await.unwrap().is_empty());
            let other = newest_position(&db, MIDORI).await.unwrap();
            assert_eq!(
                newest_position_all(&db).await.unwrap(),
                [(AOBA, newest), (MIDORI, other)]
            );
        })
        .await;
    }

    #[tokio::test]
    async fn a_company_without_changes_is_at_position_zero() {
        on_both(async |db| {
            insert_companies(&db).await;
            assert_eq!(newest_position_all(&db).await.unwrap(), [(AOBA, 0), (MIDORI, 0)]);
        })
        .await;
    }

    #[tokio::test]
    async fn whoever_has_seen_a_position_has_seen_all_earlier_ones() {
        on_both(async |db| {
            insert_companies(&db).await;
            let first = db.begin().await.unwrap();
            append(&first, AOBA, Change::ProgrammeChanged, now())
                .await
                .unwrap();

            // The second writer must wait for the first, or its later position could be seen without the earlier one.
            let second = tokio::spawn({
                let db = db.clone();
                async move { append_one(&db, AOBA, Change::AlumnusChanged(AlumnusId(uuid(1)))).await }
            });
            for _ in 0..50 {
                tokio::task::yield_now().await;
                assert_eq!(newest_position(&db, AOBA).await.unwrap(), 0);
            }
            assert!(!second.is_finished());

            first.commit().await.unwrap();
            second.await.unwrap();
            let logged = list_after(&db, AOBA, 0, 10).await.unwrap();
            assert_eq!(logged.len(), 2);
            assert_eq!(logged[0].change, Change::ProgrammeChanged);
        })
        .await;
    }

    #[tokio::test]
    async fn a_committed_change_is_seen_at_once_whatever_else_is_running() {
        on_both(async |db| {
            if !db.is_postgres() {
                return; // With one writer there is nothing else that could be running.
            }
            insert_companies(&db).await;
            let slow = db.begin().await.unwrap();
            append(&slow, MIDORI, Change::ProgrammeChanged, now())
                .await
                .unwrap();
            append_one(&db, AOBA, Change::StandingChanged(AlumnusId(uuid(1)))).await;

            assert_eq!(list_after(&db, AOBA, 0, 10).await.unwrap().len(), 1);
            slow.commit().await.unwrap();
            assert_eq!(list_after(&db, MIDORI, 0, 10).await.unwrap().len(), 1);
        })
        .await;
    }

    #[tokio::test]
    async fn many_writers_at_once_leave_a_log_without_holes_for_any_reader() {
        on_both(async |db| {
            insert_companies(&db).await;
            let writers = (0..40).map(|n| {
                let db = db.clone();
                tokio::spawn(async move {
                    append_one(&db, AOBA, Change::AlumnusChanged(AlumnusId(uuid(n)))).await;
                })
            });
            let writers: Vec<_> = writers.collect();
            let mut seen = Vec::new();
            while seen.len() < 40 {
                let after = seen.last().map_or(0, |logged: &LoggedChange| logged.position);
                seen.extend(list_after(&db, AOBA, after, 3).await.unwrap());
            }
            for writer in writers {
                writer.await.unwrap();
            }
            assert_eq!(list_after(&db, AOBA, 0, 100).await.unwrap(), seen);
        })
        .await;
    }
}
