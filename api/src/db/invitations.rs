//! Recruiters' approaches: one per person and opportunity.

use okaeri_engine::domain::{
    AlumnusId, CompanyId, DeclineReason, Invitation, InvitationId, InvitationState, OpportunityId,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select};

use super::codec::{conflict_ignored, decode, id_lists, instant};
use super::database::{Reads, Transaction};
use super::entity::invitation;
use super::error::DbError;

fn of_company(company_id: CompanyId) -> Select<invitation::Entity> {
    invitation::Entity::find().filter(invitation::Column::CompanyId.eq(company_id.0))
}

async fn all(db: &impl Reads, rows: Select<invitation::Entity>) -> Result<Vec<Invitation>, DbError> {
    rows.all(db.connection())
        .await?
        .into_iter()
        .map(to_domain)
        .collect()
}

/// The invitation with this identifier.
pub async fn find(
    db: &impl Reads,
    company_id: CompanyId,
    id: InvitationId,
) -> Result<Option<Invitation>, DbError> {
    let rows = of_company(company_id).filter(invitation::Column::Id.eq(id.0));
    rows.one(db.connection()).await?.map(to_domain).transpose()
}

/// The invitation of this person for this opportunity.
pub async fn find_for(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    opportunity_id: OpportunityId,
) -> Result<Option<Invitation>, DbError> {
    let rows = of_company(company_id)
        .filter(invitation::Column::AlumnusId.eq(alumnus_id.0))
        .filter(invitation::Column::OpportunityId.eq(opportunity_id.0));
    rows.one(db.connection()).await?.map(to_domain).transpose()
}

/// The invitations with these identifiers, by identifier; unknown ones are left out. One statement per 10,000.
pub async fn load(
    db: &impl Reads,
    company_id: CompanyId,
    ids: &[InvitationId],
) -> Result<Vec<Invitation>, DbError> {
    let mut invitations = Vec::with_capacity(ids.len());
    for ids in id_lists(ids.iter().map(|id| id.0)) {
        let rows = of_company(company_id)
            .filter(invitation::Column::Id.is_in(ids))
            .order_by_asc(invitation::Column::Id);
        invitations.extend(all(db, rows).await?);
    }
    Ok(invitations)
}

/// The person's invitations, latest first.
pub async fn list_for_alumnus(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Vec<Invitation>, DbError> {
    let rows = of_company(company_id)
        .filter(invitation::Column::AlumnusId.eq(alumnus_id.0))
        .order_by_desc(invitation::Column::SentAt)
        .order_by_desc(invitation::Column::Id);
    all(db, rows).await
}

/// The opportunity's invitations, latest first.
pub async fn list_for_opportunity(
    db: &impl Reads,
    company_id: CompanyId,
    opportunity_id: OpportunityId,
) -> Result<Vec<Invitation>, DbError> {
    let rows = of_company(company_id)
        .filter(invitation::Column::OpportunityId.eq(opportunity_id.0))
        .order_by_desc(invitation::Column::SentAt)
        .order_by_desc(invitation::Column::Id);
    all(db, rows).await
}

/// The invitations of these people for these opportunities, for pages of candidates and feeds; pairs without one
/// are left out. One statement per 10,000 pairs.
pub async fn load_for_pairs(
    db: &impl Reads,
    company_id: CompanyId,
    pairs: &[(AlumnusId, OpportunityId)],
) -> Result<Vec<Invitation>, DbError> {
    let mut invitations = Vec::new();
    for pairs in pairs.chunks(super::codec::VALUES_MAX) {
        let wanted: std::collections::HashSet<_> = pairs.iter().copied().collect();
        let alumni: std::collections::BTreeSet<_> = pairs.iter().map(|pair| pair.0.0).collect();
        let opportunities: std::collections::BTreeSet<_> = pairs.iter().map(|pair| pair.1.0).collect();
        // A page shares its opportunity or its person, so the product of both lists is hardly more than the pairs.
        let mut rows = of_company(company_id);
        for ids in id_lists(alumni.into_iter()) {
            rows = rows.filter(invitation::Column::AlumnusId.is_in(ids));
        }
        for ids in id_lists(opportunities.into_iter()) {
            rows = rows.filter(invitation::Column::OpportunityId.is_in(ids));
        }
        let rows = rows.order_by_asc(invitation::Column::Id);
        let found = all(db, rows).await?.into_iter();
        invitations.extend(
            found.filter(|invitation| wanted.contains(&(invitation.alumnus_id, invitation.opportunity_id))),
        );
    }
    Ok(invitations)
}

/// Adds an invitation, unless the person was invited before. Returns the one that stands: compare identifiers to
/// learn which.
pub async fn insert(
    tx: &Transaction,
    company_id: CompanyId,
    invitation: &Invitation,
) -> Result<Invitation, DbError> {
    invitation::Entity::insert(to_row(company_id, invitation).into_active_model())
        .on_conflict(conflict_ignored())
        .try_insert()
        .exec_without_returning(tx.inner())
        .await?;
    let standing = find_for(tx, company_id, invitation.alumnus_id, invitation.opportunity_id).await?;
    standing.ok_or_else(|| DbError::Fault("a written invitation is missing".to_owned()))
}

/// Writes the state of an invitation that was just answered. Returns `false`, and writes nothing, when the row was
/// answered meanwhile: the first answer stands.
pub async fn update_state(
    tx: &Transaction,
    company_id: CompanyId,
    invitation: &Invitation,
) -> Result<bool, DbError> {
    let row = to_row(company_id, invitation);
    let changes = invitation::ActiveModel {
        state: Set(row.state),
        answered_at: Set(row.answered_at),
        decline_reason: Set(row.decline_reason),
        ..Default::default()
    };
    let updated = invitation::Entity::update_many()
        .set(changes)
        .filter(invitation::Column::CompanyId.eq(company_id.0))
        .filter(invitation::Column::Id.eq(invitation.id.0))
        .filter(invitation::Column::State.eq(SENT))
        .exec(tx.inner())
        .await?;
    Ok(updated.rows_affected == 1)
}

const SENT: &str = "SENT";
const ACCEPTED: &str = "ACCEPTED";
const DECLINED: &str = "DECLINED";

fn to_row(company_id: CompanyId, invitation: &Invitation) -> invitation::Model {
    let (state, answered_at, decline_reason) = match invitation.state {
        InvitationState::Sent => (SENT, None, None),
        InvitationState::Accepted { at } => (ACCEPTED, Some(instant(at)), None),
        InvitationState::Declined { at, reason } => {
            (DECLINED, Some(instant(at)), Some(reason.code().to_owned()))
        }
    };
    invitation::Model {
        id: invitation.id.0,
        company_id: company_id.0,
        alumnus_id: invitation.alumnus_id.0,
        opportunity_id: invitation.opportunity_id.0,
        message: invitation.message.clone(),
        invited_by: invitation.invited_by.clone(),
        sent_at: instant(invitation.sent_at),
        state: state.to_owned(),
        answered_at,
        decline_reason,
    }
}

fn to_domain(row: invitation::Model) -> Result<Invitation, DbError> {
    let reason = row
        .decline_reason
        .as_deref()
        .map(|code| decode("invitation.decline_reason", code, DeclineReason::from_code))
        .transpose()?;
    let state = match (row.state.as_str(), row.answered_at, reason) {
        (SENT, None, None) => InvitationState::Sent,
        (ACCEPTED, Some(at), None) => InvitationState::Accepted { at },
        (DECLINED, Some(at), Some(reason)) => InvitationState::Declined { at, reason },
        _ => return Err(DbError::corrupt("invitation.state")),
    };
    Ok(Invitation {
        id: InvitationId(row.id),
        alumnus_id: AlumnusId(row.alumnus_id),
        opportunity_id: OpportunityId(row.opportunity_id),
        message: row.message,
        invited_by: row.invited_by,
        sent_at: row.sent_at,
        state,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing::{AOBA, MIDORI, insert_all, now, on_both, uuid};

    fn invitation(n: u32, alumnus: u32, opportunity: u32) -> Invitation {
        Invitation {
            id: InvitationId(uuid(n)),
            alumnus_id: AlumnusId(uuid(alumnus)),
            opportunity_id: OpportunityId(uuid(opportunity)),
            message: Some("お元気ですか".to_owned()),
            invited_by: "recruiter@aoba".to_owned(),
            sent_at: instant(now()),
            state: InvitationState::Sent,
        }
    }

    #[tokio::test]
    async fn a_person_is_invited_once_and_the_first_answer_stands() {
        on_both(async |db| {
            insert_all(&db, &[1], &[1]).await;
            let (first, second) = (invitation(10, 1, 1), invitation(11, 1, 1));
            let tx = db.begin_for(AOBA).await.unwrap();
            assert_eq!(insert(&tx, AOBA, &first).await.unwrap(), first);
            assert_eq!(insert(&tx, AOBA, &second).await.unwrap(), first);
            let declined = first
                .clone()
                .decline(instant(now()), DeclineReason::Place)
                .unwrap();
            let accepted = first.clone().accept(now()).unwrap();
            assert!(!update_state(&tx, MIDORI, &declined).await.unwrap());
            assert!(update_state(&tx, AOBA, &declined).await.unwrap());
            assert!(!update_state(&tx, AOBA, &accepted).await.unwrap());
            tx.commit().await.unwrap();

            let (person, opportunity) = (first.alumnus_id, first.opportunity_id);
            assert_eq!(find(&db, AOBA, first.id).await.unwrap().as_ref(), Some(&declined));
            assert_eq!(
                find_for(&db, AOBA, person, opportunity).await.unwrap().as_ref(),
                Some(&declined)
            );
            assert_eq!(list_for_alumnus(&db, AOBA, person).await.unwrap(), [declined]);
            assert_eq!(find(&db, MIDORI, first.id).await.unwrap(), None);
            assert!(
                list_for_opportunity(&db, MIDORI, opportunity)
                    .await
                    .unwrap()
                    .is_empty()
            );
        })
        .await;
    }

    #[tokio::test]
    async fn a_page_of_pairs_takes_one_statement_and_gives_no_other_pair() {
        on_both(async |db| {
            insert_all(&db, &[1, 2, 3], &[1, 2]).await;
            let [one, two, crossed] = [invitation(10, 1, 1), invitation(11, 2, 2), invitation(12, 1, 2)];
            let tx = db.begin_for(AOBA).await.unwrap();
            for invitation in [&one, &two, &crossed] {
                insert(&tx, AOBA, invitation).await.unwrap();
            }
            tx.commit().await.unwrap();

            let pairs = [(1, 1), (2, 2), (3, 1)];
            let pairs = pairs
                .map(|(alumnus, opportunity)| (AlumnusId(uuid(alumnus)), OpportunityId(uuid(opportunity))));
            let before = db.n_statements();
            assert_eq!(
                load_for_pairs(&db, AOBA, &pairs).await.unwrap(),
                [one.clone(), two]
            );
            assert_eq!(db.n_statements() - before, 1);
            assert_eq!(load(&db, AOBA, &[one.id]).await.unwrap(), [one]);
        })
        .await;
    }
}
