//! What decides who may be ranked, for many people at once.
//!
//! - Read before every ranking for what changed, so it takes few columns and four statements, however many people.
//! - Whatever anybody excludes, the same rows are read, opened and compared.

use okaeri_engine::domain::{
    AlumnusId, AlumnusStatus, CompanyId, Employment, EmploymentType, Exclusions, Interest, LeavingKind,
    Profile, Purpose, Standing, Tenure,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect,
    QueryTrait as _, Select,
};
use uuid::Uuid;

use super::approaches;
use super::codec::{decode, decode_month, decode_month_opt, id_lists};
use super::database::Reads;
use super::entity::{alumnus, exclusion_list};
use super::error::DbError;
use super::lists::{INTERESTS, List};
use super::{exclusions, opportunities};

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

/// Consents that hold.
const CONSENTS: List = List {
    table: "consent",
    columns: &["purpose"],
    order: "purpose",
    only: Some("\"consent\".\"withdrawn_at\" IS NULL"),
};
const TENURES: List = List::by_position("tenure", &["from_month", "to_month"]);

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
    let backend = connection.get_database_backend();
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
    let mut people = only(
        people,
        (alumnus::Column::CompanyId, company_id),
        alumnus::Column::Id,
        ids,
    );
    for list in [&INTERESTS, &CONSENTS, &TENURES] {
        people = people.column_as(list.column(backend), list.table);
    }
    let people = connection.query_all_raw(people.build(backend)).await?;

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

    let mut standings = Vec::with_capacity(people.len());
    for row in people {
        let id: Uuid = row.try_get("", "id")?;
        let mut standing = own_standing(&row)?;
        standing.speaker_approaches = approaches.remove(&id).unwrap_or_default();
        // Everybody has a list: where it is gone, nobody knows what was in it.
        let exclusions = exclusions.remove(&id).unwrap_or(Exclusions::UNREADABLE);
        standings.push((AlumnusId(id), standing.excluding(exclusions)));
    }
    Ok(standings)
}

/// What the record itself and its lists say.
fn own_standing(row: &QueryResult) -> Result<Standing, DbError> {
    let status: String = row.try_get("", "status")?;
    let interests = INTERESTS.read::<(String,)>(row)?.into_iter();
    let interests = interests.map(|(code,)| decode("interest.code", &code, Interest::from_code));
    let purposes = CONSENTS.read::<(String,)>(row)?.into_iter();
    let purposes = purposes.map(|(code,)| decode("consent.purpose", &code, Purpose::from_code));
    let tenures = TENURES.read::<(String, Option<String>)>(row)?.into_iter();
    let tenures = tenures.map(|(from, to)| {
        Ok(Tenure {
            department: String::new(),
            title: String::new(),
            from: decode_month("tenure.from_month", &from)?,
            to: decode_month_opt("tenure.to_month", to.as_ref())?,
            description: String::new(),
        })
    });
    // Holds the periods of employment and no text.
    let periods = Profile {
        tenures: tenures.collect::<Result<_, DbError>>()?,
        ..Profile::default()
    };
    let mut standing = Standing::new(
        decode("alumnus.status", &status, AlumnusStatus::from_code)?,
        &interests.collect::<Result<Vec<_>, _>>()?,
        &purposes.collect::<Result<Vec<_>, _>>()?,
        periods.left_on(),
        periods.tenure_months(),
    );
    standing.employment = employment(
        row.try_get("", "leaving_kind")?,
        row.try_get("", "employment_type")?,
        row.try_get("", "segment")?,
        row.try_get("", "group_company")?,
    );
    Ok(standing)
}

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
    async fn standings_of_everybody_take_four_statements() {
        on_both(async |db| {
            let numbers: Vec<u32> = (1..=100).collect();
            insert_all(&db, &numbers, &[]).await;
            let before = db.n_statements();
            assert_eq!(load_all(&db, AOBA).await.unwrap().len(), 100);
            assert_eq!(db.n_statements() - before, 4);
        })
        .await;
    }
}
