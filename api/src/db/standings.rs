//! What decides who may be ranked, for many people at once.
//!
//! - Read before every ranking for what changed, so it takes few columns and four statements, however many people.

use std::collections::HashMap;

use okaeri_engine::domain::{
    AlumnusId, AlumnusStatus, CompanyId, Interest, Profile, Purpose, Standing, Tenure,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::codec::{decode, decode_month, decode_month_opt, id_lists};
use super::database::Reads;
use super::entity::{alumnus, consent, interest, tenure};
use super::error::DbError;

/// The standings of these people, by identifier; unknown ones are left out. Four statements per 10,000.
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

/// The standings of everybody at the company, by identifier. Four statements.
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
        .columns([alumnus::Column::Id, alumnus::Column::Status])
        .order_by_asc(alumnus::Column::Id);
    let people: Vec<(Uuid, String)> = only(
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
    for (id, status) in people {
        let status = decode("alumnus.status", &status, AlumnusStatus::from_code)?;
        let parts = parts.remove(&id).unwrap_or_default();
        standings.push((AlumnusId(id), parts.standing(status)));
    }
    Ok(standings)
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
