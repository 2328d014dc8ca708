//! What decides who may be ranked, for many people at once.
//!
//! - Read before every ranking for what changed, so it takes few columns and seven statements, however many people.
//! - Whatever anybody excludes, the same rows are read, opened and compared.

use std::collections::HashMap;

use okaeri_engine::domain::{
    AlumnusId, AlumnusStatus, CompanyId, Employment, EmploymentType, Exclusions, Interest, LeavingKind,
    Profile, Purpose, Standing, Tenure,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::approaches;
use super::codec::{decode, decode_month, decode_month_opt, id_lists};
use super::database::Reads;
use super::entity::{alumnus, consent, exclusion_list, interest, tenure};
use super::error::DbError;
use super::{exclusions, opportunities};

/// The standings of these people, by identifier; unknown ones are left out. Seven statements per 10,000.
pub async fn load(
    db: &impl Reads,
    company_id: CompanyId,
    ids: &[AlumnusId],
) -> Result<Vec<(AlumnusId, Standing)>, DbError> {
    let mut standings = Vec::with_capacity(ids.len());
    for ids in id_lists(ids.iter().map(|id| id.0)) {
        standings.extend(select(db, company_id, Some(&ids)).await?);
    }
    Ok(standings)
}

/// The standings of everybody at the company, by identifier. Seven statements.
pub async fn load_all(db: &impl Reads, company_id: CompanyId) -> Result<Vec<(AlumnusId, Standing)>, DbError> {
    select(db, company_id, None).await
}

/// Keeps the rows of the company and, with `ids`, of these people.
fn only<E: EntityTrait>(
    rows: Select<E>,
    (company_column, company_id): (E::Column, CompanyId),
    alumnus_column: E::Column,
    ids: Option<&Vec<Uuid>>,
) -> Select<E> {
    let rows = rows.filter(company_column.eq(company_id.0));
    match ids {
        Some(ids) => rows.filter(alumnus_column.is_in(ids.iter().copied())),
        None => rows,
    }
}

async fn select(
    db: &impl Reads,
    company_id: CompanyId,
    ids: Option<&Vec<Uuid>>,
) -> Result<Vec<(AlumnusId, Standing)>, DbError> {
    let connection = db.connection();
    let people = alumnus::Entity::find()
        .select_only()
        .columns([
            alumnus::Column::Id,
            alumnus::Column::Status,
            alumnus::Column::LeavingKind,
            alumnus::Column::EmploymentType,
            alumnus::Column::Segment,
            alumnus::Column::GroupCompany,
        ])
        .order_by_asc(alumnus::Column::Id);
    let people: Vec<Person> = only(
        people,
        (alumnus::Column::CompanyId, company_id),
        alumnus::Column::Id,
        ids,
    )
    .into_tuple()
    .all(connection)
    .await?;

    let interests = interest::Entity::find()
        .select_only()
        .columns([interest::Column::AlumnusId, interest::Column::Code]);
    let interests: Vec<(Uuid, String)> = only(
        interests,
        (interest::Column::CompanyId, company_id),
        interest::Column::AlumnusId,
        ids,
    )
    .into_tuple()
    .all(connection)
    .await?;

    let consents = consent::Entity::find()
        .select_only()
        .columns([consent::Column::AlumnusId, consent::Column::Purpose])
        .filter(consent::Column::WithdrawnAt.is_null());
    let consents: Vec<(Uuid, String)> = only(
        consents,
        (consent::Column::CompanyId, company_id),
        consent::Column::AlumnusId,
        ids,
    )
    .into_tuple()
    .all(connection)
    .await?;

    let tenures = tenure::Entity::find().select_only().columns([
        tenure::Column::AlumnusId,
        tenure::Column::FromMonth,
        tenure::Column::ToMonth,
    ]);
    let tenures: Vec<(Uuid, String, Option<String>)> = only(
        tenures,
        (tenure::Column::CompanyId, company_id),
        tenure::Column::AlumnusId,
        ids,
    )
    .into_tuple()
    .all(connection)
    .await?;

    let lists = only(
        exclusion_list::Entity::find(),
        (exclusion_list::Column::CompanyId, company_id),
        exclusion_list::Column::AlumnusId,
        ids,
    )
    .all(connection)
    .await?;
    let managers = opportunities::hiring_managers(db, company_id).await?;
    let mut exclusions = exclusions::compared(db.keys(), lists, &managers);
    let mut approaches = approaches::load_of_speakers(db, company_id, ids).await?;

    let mut parts: HashMap<Uuid, Parts> = HashMap::with_capacity(people.len());
    for (id, code) in interests {
        let interest = decode("interest.code", &code, Interest::from_code)?;
        parts.entry(id).or_default().interests.push(interest);
    }
    for (id, code) in consents {
        let purpose = decode("consent.purpose", &code, Purpose::from_code)?;
        parts.entry(id).or_default().purposes.push(purpose);
    }
    for (id, from, to) in tenures {
        let period = Tenure {
            department: String::new(),
            title: String::new(),
            from: decode_month("tenure.from_month", &from)?,
            to: decode_month_opt("tenure.to_month", to.as_ref())?,
            description: String::new(),
        };
        parts.entry(id).or_default().periods.tenures.push(period);
    }

    let mut standings = Vec::with_capacity(people.len());
    for (id, status, leaving_kind, employment_type, segment, group_company) in people {
        let status = decode("alumnus.status", &status, AlumnusStatus::from_code)?;
        let parts = parts.remove(&id).unwrap_or_default();
        let mut standing = parts.standing(status);
        standing.employment = employment(leaving_kind, employment_type, segment, group_company);
        standing.speaker_approaches = approaches.remove(&id).unwrap_or_default();
        // Everybody has a list: where it is gone, nobody knows what was in it.
        let exclusions = exclusions.remove(&id).unwrap_or(Exclusions::UNREADABLE);
        standings.push((AlumnusId(id), standing.excluding(exclusions)));
    }
    Ok(standings)
}

/// Identifier, status, and how the person was employed.
type Person = (
    Uuid,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// How a person was employed, from the record's own columns. What HR wrote freely before kinds had codes, and what names
/// none, is not known.
pub(super) fn employment(
    leaving_kind: Option<String>,
    employment_type: Option<String>,
    segment: Option<String>,
    group_company: Option<String>,
) -> Employment {
    Employment {
        leaving_kind: leaving_kind.as_deref().and_then(LeavingKind::parse),
        employment_type: employment_type.as_deref().and_then(EmploymentType::parse),
        segment,
        group_company,
    }
}

/// What the child tables say of one person.
#[derive(Default)]
struct Parts {
    interests: Vec<Interest>,
    purposes: Vec<Purpose>,
    /// Holds the periods of employment and no text.
    periods: Profile,
}

impl Parts {
    fn standing(self, status: AlumnusStatus) -> Standing {
        Standing::new(
            status,
            &self.interests,
            &self.purposes,
            self.periods.left_on(),
            self.periods.tenure_months(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing::{AOBA, consent, insert_all, now, on_both, record, uuid};
    use crate::db::{alumni, consents};

    #[tokio::test]
    async fn a_standing_follows_status_interests_and_consents_at_once() {
        on_both(async |db| {
            insert_all(&db, &[1], &[]).await;
            let id = AlumnusId(uuid(1));
            let left_on = "2020-03-31".parse().ok();
            let expect = async |status, interests: &[Interest], purposes: &[Purpose]| {
                let mut standing = Standing::new(status, interests, purposes, left_on, 108);
                standing.employment = record(1).private.employment;
                let expected = vec![(id, standing)];
                assert_eq!(load(&db, AOBA, &[id]).await.unwrap(), expected);
                assert_eq!(load_all(&db, AOBA).await.unwrap(), expected);
            };
            expect(
                AlumnusStatus::Unclaimed,
                &[Interest::Rehire, Interest::Speaking],
                &[],
            )
            .await;

            let tx = db.begin_for(AOBA).await.unwrap();
            for (n, purpose) in [(10, Purpose::Rehire), (11, Purpose::Feed)] {
                consents::give(&tx, AOBA, &consent(n, id, purpose)).await.unwrap();
            }
            alumni::update_status(&tx, AOBA, id, AlumnusStatus::Active, now())
                .await
                .unwrap();
            alumni::set_interests(&tx, AOBA, id, &[Interest::Rehire], now())
                .await
                .unwrap();
            tx.commit().await.unwrap();
            expect(
                AlumnusStatus::Active,
                &[Interest::Rehire],
                &[Purpose::Rehire, Purpose::Feed],
            )
            .await;

            let tx = db.begin_for(AOBA).await.unwrap();
            consents::withdraw(&tx, AOBA, id, Purpose::Rehire, now())
                .await
                .unwrap();
            tx.commit().await.unwrap();
            expect(AlumnusStatus::Active, &[Interest::Rehire], &[Purpose::Feed]).await;
        })
        .await;
    }

    #[tokio::test]
    async fn standings_of_everybody_take_seven_statements() {
        on_both(async |db| {
            let numbers: Vec<u32> = (1..=100).collect();
            insert_all(&db, &numbers, &[]).await;
            let before = db.n_statements();
            assert_eq!(load_all(&db, AOBA).await.unwrap().len(), 100);
            assert_eq!(db.n_statements() - before, 7);
        })
        .await;
    }
}
