//! Writing the rows that hang on a record: entries of its lists, and interests.

use okaeri_engine::domain::{Alumnus, AlumnusId, CompanyId, Interest, Profile};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use crate::db::codec::{encode_number, id_lists, rows_max};
use crate::db::entity::{career_position, interest, language, qualification, skill, tenure};
use crate::db::error::DbError;

/// Deletes all child rows of these people.
pub(super) async fn delete_children(
    connection: &impl ConnectionTrait,
    company_id: CompanyId,
    ids: impl Iterator<Item = Uuid>,
) -> Result<(), DbError> {
    for ids in id_lists(ids) {
        delete_profile_children(connection, company_id, &ids).await?;
        delete_interests(connection, company_id, &ids).await?;
    }
    Ok(())
}

pub(super) async fn delete_interests(
    connection: &impl ConnectionTrait,
    company_id: CompanyId,
    ids: &[Uuid],
) -> Result<(), DbError> {
    interest::Entity::delete_many()
        .filter(interest::Column::CompanyId.eq(company_id.0))
        .filter(interest::Column::AlumnusId.is_in(ids.iter().copied()))
        .exec(connection)
        .await?;
    Ok(())
}

async fn delete_profile_children(
    connection: &impl ConnectionTrait,
    company_id: CompanyId,
    ids: &[Uuid],
) -> Result<(), DbError> {
    macro_rules! delete {
        ($($table:ident),+) => {$(
            $table::Entity::delete_many()
                .filter($table::Column::CompanyId.eq(company_id.0))
                .filter($table::Column::AlumnusId.is_in(ids.iter().copied()))
                .exec(connection)
                .await?;
        )+};
    }
    delete!(skill, qualification, language, tenure, career_position);
    Ok(())
}

/// Writes the lists of one profile in which it differs from what is stored.
///
/// - `stored`: as read in this transaction
pub(super) async fn replace_profile_children(
    connection: &impl ConnectionTrait,
    company_id: CompanyId,
    id: AlumnusId,
    stored: &Profile,
    profile: &Profile,
) -> Result<(), DbError> {
    let mut changed = Profile::default();
    macro_rules! replace {
        ($($table:ident: $list:ident),+) => {$(
            if stored.$list != profile.$list {
                $table::Entity::delete_many()
                    .filter($table::Column::CompanyId.eq(company_id.0))
                    .filter($table::Column::AlumnusId.eq(id.0))
                    .exec(connection)
                    .await?;
                changed.$list = profile.$list.clone();
            }
        )+};
    }
    replace!(
        skill: skills,
        qualification: qualifications,
        language: languages,
        tenure: tenures,
        career_position: career_after
    );
    insert_profile_children(connection, &[(company_id, id, &changed)]).await
}

/// Inserts all child rows of these people, who have none.
pub(super) async fn insert_children(
    connection: &impl ConnectionTrait,
    alumni: &[&Alumnus],
) -> Result<(), DbError> {
    let keyed = alumni
        .iter()
        .map(|alumnus| (alumnus.company_id, alumnus.id, *alumnus));
    let profiles: Vec<_> = keyed
        .clone()
        .map(|(company_id, id, alumnus)| (company_id, id, &alumnus.profile))
        .collect();
    insert_profile_children(connection, &profiles).await?;
    let interests: Vec<_> = keyed
        .map(|(company_id, id, alumnus)| (company_id, id, alumnus.interests.as_slice()))
        .collect();
    insert_interests(connection, &interests).await
}

async fn insert_profile_children(
    connection: &impl ConnectionTrait,
    profiles: &[(CompanyId, AlumnusId, &Profile)],
) -> Result<(), DbError> {
    macro_rules! insert {
        ($table:ident, $n_columns:literal, $list:ident, $entry:ident => { $($column:ident: $value:expr),+ $(,)? }) => {
            let mut rows = Vec::new();
            for (company_id, id, profile) in profiles {
                for (idx, $entry) in profile.$list.iter().enumerate() {
                    rows.push($table::Model {
                        company_id: company_id.0,
                        alumnus_id: id.0,
                        position: encode_number(concat!(stringify!($table), ".position"), idx)?,
                        $($column: $value),+
                    });
                }
            }
            for rows in rows.chunks(rows_max($n_columns)) {
                let rows = rows.iter().map(|row| row.clone().into_active_model());
                $table::Entity::insert_many(rows).exec_without_returning(connection).await?;
            }
        };
    }
    insert!(skill, 4, skills, name => { name: name.clone() });
    insert!(qualification, 4, qualifications, name => { name: name.clone() });
    insert!(language, 5, languages, skill => {
        name: skill.language.clone(),
        level: skill.level.code().to_owned(),
    });
    insert!(tenure, 8, tenures, tenure => {
        department: tenure.department.clone(),
        title: tenure.title.clone(),
        from_month: tenure.from.to_string(),
        to_month: tenure.to.map(|month| month.to_string()),
        description: tenure.description.clone(),
    });
    insert!(career_position, 8, career_after, position => {
        organization: position.organization.clone(),
        title: position.title.clone(),
        from_month: position.from.to_string(),
        to_month: position.to.map(|month| month.to_string()),
        description: position.description.clone(),
    });
    Ok(())
}

pub(super) async fn insert_interests(
    connection: &impl ConnectionTrait,
    interests: &[(CompanyId, AlumnusId, &[Interest])],
) -> Result<(), DbError> {
    const N_COLUMNS: usize = 3;
    let mut rows = Vec::new();
    for (company_id, id, interests) in interests {
        for interest in *interests {
            rows.push(interest::Model {
                company_id: company_id.0,
                alumnus_id: id.0,
                code: interest.code().to_owned(),
            });
        }
    }
    for rows in rows.chunks(rows_max(N_COLUMNS)) {
        let rows = rows.iter().map(|row| row.clone().into_active_model());
        interest::Entity::insert_many(rows)
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}
