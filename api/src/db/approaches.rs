//! When people were approached: for the cap on approaches, and for the rest of speakers.
//!
//! - Counts approaches that were made, whatever became of them: who declined was asked all the same.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use okaeri_engine::domain::calendar::japan_date;
use okaeri_engine::domain::{
    AlumnusId, CompanyId, OpportunityId, OpportunityKind, SlotTerms, SpeakerApproach,
};
use sea_orm::prelude::Json;
use sea_orm::{ColumnTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::codec::{decode_json, instant};
use super::database::Reads;
use super::entity::{invitation, opportunity};
use super::error::DbError;

/// States of an invitation in which the person is not going to speak.
const NOT_GOING_TO_SPEAK: [&str; 2] = ["SENT", "DECLINED"];

/// How many approaches were made to the person at `since` or later. One statement.
pub async fn count_since(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    since: DateTime<Utc>,
) -> Result<u64, DbError> {
    let rows = invitation::Entity::find()
        .filter(invitation::Column::CompanyId.eq(company_id.0))
        .filter(invitation::Column::AlumnusId.eq(alumnus_id.0))
        .filter(invitation::Column::SentAt.gte(instant(since)));
    Ok(rows.count(db.connection()).await?)
}

/// The approaches about speaker slots, by person; all of the company's without `ids`. One statement.
pub(super) async fn load_of_speakers(
    db: &impl Reads,
    company_id: CompanyId,
    ids: Option<&Vec<Uuid>>,
) -> Result<HashMap<Uuid, Vec<SpeakerApproach>>, DbError> {
    let slot = invitation::Entity::belongs_to(opportunity::Entity)
        .from(invitation::Column::OpportunityId)
        .to(opportunity::Column::Id);
    let mut rows = invitation::Entity::find()
        .select_only()
        .columns([
            invitation::Column::AlumnusId,
            invitation::Column::OpportunityId,
            invitation::Column::SentAt,
            invitation::Column::State,
        ])
        .column(opportunity::Column::Terms)
        .join(JoinType::InnerJoin, slot.into())
        .filter(invitation::Column::CompanyId.eq(company_id.0))
        .filter(opportunity::Column::CompanyId.eq(company_id.0))
        .filter(opportunity::Column::Kind.eq(OpportunityKind::SpeakerSlot.code()));
    if let Some(ids) = ids {
        rows = rows.filter(invitation::Column::AlumnusId.is_in(ids.iter().copied()));
    }
    let rows: Vec<(Uuid, Uuid, DateTime<Utc>, String, Json)> = rows.into_tuple().all(db.connection()).await?;
    let mut approaches: HashMap<Uuid, Vec<SpeakerApproach>> = HashMap::new();
    for (alumnus_id, opportunity_id, sent_at, state, terms) in rows {
        let terms: SlotTerms = decode_json("opportunity.terms", terms)?;
        let speaks_on = terms
            .held_on
            .filter(|_| !NOT_GOING_TO_SPEAK.contains(&state.as_str()));
        let asked_on = japan_date(sent_at);
        approaches.entry(alumnus_id).or_default().push(SpeakerApproach {
            opportunity_id: OpportunityId(opportunity_id),
            last_on: speaks_on.map_or(asked_on, |day| day.max(asked_on)),
        });
    }
    Ok(approaches)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use okaeri_engine::domain::{
        DeclineReason, Invitation, InvitationId, InvitationState, Opportunity, Terms,
    };

    use super::*;
    use crate::db::testing::{AOBA, MIDORI, insert_all, now, on_both, opportunity, uuid};
    use crate::db::{invitations, opportunities, standings};

    fn invitation(n: u32, slot: u32, days_ago: i64) -> Invitation {
        Invitation {
            id: InvitationId(uuid(n)),
            alumnus_id: AlumnusId(uuid(1)),
            opportunity_id: OpportunityId(uuid(slot)),
            message: None,
            invited_by: "recruiter@aoba".to_owned(),
            sent_at: instant(now() - TimeDelta::days(days_ago)),
            state: InvitationState::Sent,
        }
    }

    #[tokio::test]
    async fn approaches_count_from_an_instant_on_whatever_was_answered() {
        on_both(async |db| {
            insert_all(&db, &[1], &[1, 2]).await;
            let (recent, old) = (invitation(10, 1, 3), invitation(11, 2, 9));
            let tx = db.begin_for(AOBA).await.unwrap();
            for one in [&recent, &old] {
                invitations::insert(&tx, AOBA, one).await.unwrap();
            }
            let declined = recent.clone().decline(now(), DeclineReason::Timing).unwrap();
            assert!(invitations::update_state(&tx, AOBA, &declined).await.unwrap());
            tx.commit().await.unwrap();

            let id = AlumnusId(uuid(1));
            let count = async |company_id, since| count_since(&db, company_id, id, since).await.unwrap();
            assert_eq!(count(AOBA, old.sent_at).await, 2);
            assert_eq!(count(AOBA, old.sent_at + TimeDelta::milliseconds(1)).await, 1);
            assert_eq!(count(AOBA, recent.sent_at + TimeDelta::milliseconds(1)).await, 0);
            assert_eq!(count(MIDORI, old.sent_at).await, 0);
        })
        .await;
    }

    #[tokio::test]
    async fn a_speaker_rests_from_the_day_of_asking_or_from_the_day_of_the_accepted_slot() {
        on_both(async |db| {
            insert_all(&db, &[1], &[1]).await;
            let held_on = (japan_date(now()) + chrono::Days::new(60)).into();
            let tx = db.begin_for(AOBA).await.unwrap();
            for n in [2, 3] {
                let slot = Opportunity {
                    terms: Terms::SpeakerSlot(SlotTerms {
                        held_on,
                        ..SlotTerms::default()
                    }),
                    external_id: None,
                    ..opportunity(n)
                };
                opportunities::insert(&tx, &slot, now()).await.unwrap();
            }
            // A role is no slot.
            for (n, of) in [(10, 1), (11, 2), (12, 3)] {
                invitations::insert(&tx, AOBA, &invitation(n, of, 5))
                    .await
                    .unwrap();
            }
            let accepted = invitation(12, 3, 5).accept(now()).unwrap();
            assert!(invitations::update_state(&tx, AOBA, &accepted).await.unwrap());
            tx.commit().await.unwrap();

            let standing = standings::load(&db, AOBA, &[AlumnusId(uuid(1))])
                .await
                .unwrap()
                .pop();
            let mut approaches = standing.unwrap().1.speaker_approaches;
            approaches.sort_by_key(|approach| approach.opportunity_id);
            let asked_on = japan_date(now() - TimeDelta::days(5));
            let expected = [(2, Some(asked_on)), (3, held_on)].map(|(n, last_on)| SpeakerApproach {
                opportunity_id: OpportunityId(uuid(n)),
                last_on: last_on.unwrap(),
            });
            assert_eq!(approaches, expected);
        })
        .await;
    }
}
