//! When people were approached: for the cap on approaches, and for the rest of speakers.
//!
//! - Counts approaches that were made, whatever became of them: who declined was asked all the same.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use okaeri_engine::domain::calendar::japan_date;
use okaeri_engine::domain::{
    AlumnusId, CandidacyStatus, CompanyId, OpportunityId, OpportunityKind, OutcomeKind, SlotTerms,
    SpeakerApproach,
};
use sea_orm::prelude::Json;
use sea_orm::{ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::codec::{decode, decode_json, instant};
use super::database::Reads;
use super::entity::{candidacy, candidacy_transition, opportunity};
use super::error::DbError;

/// How many approaches were made to each of these people at `since` or later; nobody is in it who was not approached.
/// One statement.
pub async fn count_since(
    db: &impl Reads,
    company_id: CompanyId,
    ids: &[AlumnusId],
    since: DateTime<Utc>,
) -> Result<HashMap<AlumnusId, u64>, DbError> {
    use candidacy_transition::Column;
    let of = candidacy_transition::Entity::belongs_to(candidacy::Entity)
        .from(Column::CandidacyId)
        .to(candidacy::Column::Id);
    let rows: Vec<(Uuid, i64)> = candidacy_transition::Entity::find()
        .select_only()
        .column(candidacy::Column::AlumnusId)
        .column_as(Column::Version.count(), "n")
        .join(JoinType::InnerJoin, of.into())
        .filter(Column::CompanyId.eq(company_id.0))
        .filter(Column::ToState.eq(CandidacyStatus::Invited.code()))
        .filter(Column::At.gte(instant(since)))
        .filter(candidacy::Column::CompanyId.eq(company_id.0))
        .filter(candidacy::Column::AlumnusId.is_in(ids.iter().map(|id| id.0)))
        .group_by(candidacy::Column::AlumnusId)
        .into_tuple()
        .all(db.connection())
        .await?;
    let counted = rows.into_iter();
    Ok(counted
        .map(|(id, n)| (AlumnusId(id), u64::try_from(n).unwrap_or_default()))
        .collect())
}

/// The approaches about speaker slots, and the slots that people are going to speak in, by person; all of the company's
/// without `ids`. One statement.
pub(super) async fn load_of_speakers(
    db: &impl Reads,
    company_id: CompanyId,
    ids: Option<&Vec<Uuid>>,
) -> Result<HashMap<Uuid, Vec<SpeakerApproach>>, DbError> {
    let slot = candidacy::Entity::belongs_to(opportunity::Entity)
        .from(candidacy::Column::OpportunityId)
        .to(opportunity::Column::Id);
    let mut rows = candidacy::Entity::find()
        .select_only()
        .columns([
            candidacy::Column::AlumnusId,
            candidacy::Column::OpportunityId,
            candidacy::Column::InvitedAt,
            candidacy::Column::State,
            candidacy::Column::Outcome,
        ])
        .column(opportunity::Column::Terms)
        .join(JoinType::InnerJoin, slot.into())
        .filter(candidacy::Column::CompanyId.eq(company_id.0))
        .filter(opportunity::Column::CompanyId.eq(company_id.0))
        .filter(opportunity::Column::Kind.eq(OpportunityKind::SpeakerSlot.code()))
        .filter(
            Condition::any()
                .add(candidacy::Column::InvitedAt.is_not_null())
                .add(candidacy::Column::State.is_in(GOING_TO_SPEAK.map(CandidacyStatus::code)))
                .add(candidacy::Column::Outcome.eq(OutcomeKind::Spoken.code())),
        );
    if let Some(ids) = ids {
        rows = rows.filter(candidacy::Column::AlumnusId.is_in(ids.iter().copied()));
    }
    type Row = (Uuid, Uuid, Option<DateTime<Utc>>, String, Option<String>, Json);
    let rows: Vec<Row> = rows.into_tuple().all(db.connection()).await?;
    let mut approaches: HashMap<Uuid, Vec<SpeakerApproach>> = HashMap::new();
    for (alumnus_id, opportunity_id, invited_at, state, outcome, terms) in rows {
        let status = decode("candidacy.state", &state, CandidacyStatus::from_code)?;
        let speaks =
            GOING_TO_SPEAK.contains(&status) || outcome.as_deref() == Some(OutcomeKind::Spoken.code());
        let terms: SlotTerms = decode_json("opportunity.terms", terms)?;
        let held_on = terms.held_on.filter(|_| speaks);
        let Some(last_on) = invited_at.map(japan_date).max(held_on) else {
            continue;
        };
        approaches.entry(alumnus_id).or_default().push(SpeakerApproach {
            opportunity_id: OpportunityId(opportunity_id),
            last_on,
        });
    }
    Ok(approaches)
}

/// States of a candidacy for a slot in which the person is going to speak.
const GOING_TO_SPEAK: [CandidacyStatus; 3] = [
    CandidacyStatus::Accepted,
    CandidacyStatus::InConversation,
    CandidacyStatus::Agreed,
];

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use okaeri_engine::domain::{
        Actor, Before, Candidacy, CandidacyId, DeclineReason, Opportunity, Role, Step, Terms,
    };

    use super::*;
    use crate::db::testing::{AOBA, MIDORI, insert_all, now, on_both, opportunity, uuid};
    use crate::db::{Transaction, candidacies, opportunities, standings};

    fn actor(role: Role) -> Actor {
        Actor {
            role,
            subject: "somebody@aoba".to_owned(),
        }
    }

    fn invited_at(days_ago: i64) -> DateTime<Utc> {
        instant(now() - TimeDelta::days(days_ago))
    }

    async fn save(tx: &Transaction, step: Step) -> Candidacy {
        assert!(candidacies::save(tx, AOBA, &step).await.unwrap());
        step.candidacy
    }

    async fn invite(tx: &Transaction, n: u32, offer: u32, days_ago: i64) -> Candidacy {
        let before = Before::Nothing {
            id: CandidacyId(uuid(n)),
            alumnus_id: AlumnusId(uuid(1)),
            opportunity_id: OpportunityId(uuid(offer)),
        };
        let at = invited_at(days_ago);
        save(
            tx,
            before
                .invite(None, actor(Role::Recruiter), at, japan_date(at))
                .unwrap(),
        )
        .await
    }

    #[tokio::test]
    async fn approaches_count_from_an_instant_on_whatever_was_answered() {
        on_both(async |db| {
            insert_all(&db, &[1, 2], &[1, 2]).await;
            let tx = db.begin_for(AOBA).await.unwrap();
            let recent = invite(&tx, 10, 1, 3).await;
            invite(&tx, 11, 2, 9).await;
            let declined = recent.decline(DeclineReason::Timing, actor(Role::Alumnus), now());
            save(&tx, declined.unwrap()).await;
            tx.commit().await.unwrap();

            let ids = [AlumnusId(uuid(1)), AlumnusId(uuid(2))];
            let count = async |company_id, since| {
                let mut counted = count_since(&db, company_id, &ids, since).await.unwrap();
                assert_eq!(counted.remove(&ids[1]), None);
                counted.remove(&ids[0]).unwrap_or_default()
            };
            let later = |days_ago| invited_at(days_ago) + TimeDelta::milliseconds(1);
            assert_eq!(count(AOBA, invited_at(9)).await, 2);
            assert_eq!(count(AOBA, later(9)).await, 1);
            assert_eq!(count(AOBA, later(3)).await, 0);
            assert_eq!(count(MIDORI, invited_at(9)).await, 0);
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
            for (n, of) in [(10, 1), (11, 2)] {
                invite(&tx, n, of, 5).await;
            }
            let accepted = invite(&tx, 12, 3, 5).await.accept(actor(Role::Alumnus), now());
            save(&tx, accepted.unwrap()).await;
            tx.commit().await.unwrap();

            let standing = standings::load(&db, AOBA, &[AlumnusId(uuid(1))])
                .await
                .unwrap()
                .pop();
            let mut approaches = standing.unwrap().1.speaker_approaches;
            approaches.sort_by_key(|approach| approach.opportunity_id);
            let asked_on = japan_date(invited_at(5));
            let expected = [(2, Some(asked_on)), (3, held_on)].map(|(n, last_on)| SpeakerApproach {
                opportunity_id: OpportunityId(uuid(n)),
                last_on: last_on.unwrap(),
            });
            assert_eq!(approaches, expected);
        })
        .await;
    }
}
