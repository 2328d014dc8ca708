//! Between a record and the rows that hold it: one of its own and one per entry of its lists, which are read together.

use std::collections::HashMap;

use okaeri_engine::domain::{
    Alumnus, AlumnusId, AlumnusStatus, CompanyId, Interest, LanguageLevel, LanguageSkill, PersonName,
    Position, Profile, RemotePreference, Tenure, WorkStyle,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult as _, QueryFilter, QueryOrder, QueryResult,
    QuerySelect as _, QueryTrait as _,
};
use serde::Deserialize;

use super::Private;
use crate::db::codec::{decode, decode_month, decode_month_opt, decode_number, decode_prefecture, id_lists};
use crate::db::entity::alumnus;
use crate::db::error::DbError;
use crate::db::lists::{INTERESTS, List};
use crate::db::standings;

const SKILLS: List = List::by_position("skill", &["name"]);
const QUALIFICATIONS: List = List::by_position("qualification", &["name"]);
const LANGUAGES: List = List::by_position("language", &["name", "level"]);
const TENURES: List = List::by_position(
    "tenure",
    &["department", "title", "from_month", "to_month", "description"],
);
const CAREER_POSITIONS: List = List::by_position(
    "career_position",
    &["organization", "title", "from_month", "to_month", "description"],
);

/// A row of [`TENURES`] or [`CAREER_POSITIONS`].
#[derive(Deserialize)]
struct Period(String, String, String, Option<String>, String);

pub(super) async fn load(
    connection: &impl ConnectionTrait,
    company_id: CompanyId,
    ids: &[AlumnusId],
) -> Result<Vec<Alumnus>, DbError> {
    let backend = connection.get_database_backend();
    let mut alumni = Vec::with_capacity(ids.len());
    for ids in id_lists(ids.iter().map(|id| id.0)) {
        let mut people = alumnus::Entity::find()
            .filter(alumnus::Column::CompanyId.eq(company_id.0))
            .filter(alumnus::Column::Id.is_in(ids))
            .order_by_asc(alumnus::Column::Id);
        for list in [
            &SKILLS,
            &QUALIFICATIONS,
            &LANGUAGES,
            &TENURES,
            &CAREER_POSITIONS,
            &INTERESTS,
        ] {
            people = people.column_as(list.column(backend), list.table);
        }
        for row in connection.query_all_raw(people.build(backend)).await? {
            alumni.push(to_domain(&row)?);
        }
    }
    Ok(alumni)
}

fn to_domain(row: &QueryResult) -> Result<Alumnus, DbError> {
    let alumnus = own_row_to_domain(alumnus::Model::from_query_result(row, "")?)?;
    let names = |list: &List| -> Result<Vec<String>, DbError> {
        let rows = list.read::<(String,)>(row)?;
        Ok(rows.into_iter().map(|(name,)| name).collect())
    };
    let languages = LANGUAGES.read::<(String, String)>(row)?.into_iter();
    let languages = languages.map(|(language, level)| {
        Ok(LanguageSkill {
            level: decode("language.level", &level, LanguageLevel::from_code)?,
            language,
        })
    });
    let tenures = TENURES.read::<Period>(row)?.into_iter();
    let tenures = tenures.map(|Period(department, title, from, to, description)| {
        Ok(Tenure {
            department,
            title,
            from: decode_month("tenure.from_month", &from)?,
            to: decode_month_opt("tenure.to_month", to.as_ref())?,
            description,
        })
    });
    let positions = CAREER_POSITIONS.read::<Period>(row)?.into_iter();
    let positions = positions.map(|Period(organization, title, from, to, description)| {
        Ok(Position {
            organization,
            title,
            from: decode_month("career_position.from_month", &from)?,
            to: decode_month_opt("career_position.to_month", to.as_ref())?,
            description,
        })
    });
    let interests = names(&INTERESTS)?;
    let interests = interests
        .iter()
        .map(|code| decode("interest.code", code, Interest::from_code));
    let mut interests = interests.collect::<Result<Vec<_>, _>>()?;
    interests.sort_unstable();
    Ok(Alumnus {
        interests,
        profile: Profile {
            skills: names(&SKILLS)?,
            qualifications: names(&QUALIFICATIONS)?,
            languages: languages.collect::<Result<_, DbError>>()?,
            tenures: tenures.collect::<Result<_, DbError>>()?,
            career_after: positions.collect::<Result<_, DbError>>()?,
            ..alumnus.profile
        },
        ..alumnus
    })
}

pub(super) async fn load_private(
    connection: &impl ConnectionTrait,
    company_id: CompanyId,
    ids: &[AlumnusId],
) -> Result<HashMap<AlumnusId, Private>, DbError> {
    let mut found = HashMap::with_capacity(ids.len());
    for ids in id_lists(ids.iter().map(|id| id.0)) {
        let rows = alumnus::Entity::find()
            .filter(alumnus::Column::CompanyId.eq(company_id.0))
            .filter(alumnus::Column::Id.is_in(ids))
            .all(connection)
            .await?;
        for row in rows {
            let private = Private {
                employee_number: row.employee_number,
                leave_reason: row.leave_reason,
                employment: standings::employment(
                    row.leaving_kind,
                    row.employment_type,
                    row.segment,
                    row.group_company,
                ),
                evaluation: row.evaluation,
            };
            found.insert(AlumnusId(row.id), private);
        }
    }
    Ok(found)
}

/// The record without its lists.
fn own_row_to_domain(row: alumnus::Model) -> Result<Alumnus, DbError> {
    let work_style = match &row.work_remote {
        Some(remote) => Some(WorkStyle {
            remote: decode("alumnus.work_remote", remote, RemotePreference::from_code)?,
            hours_per_week: row
                .work_hours_per_week
                .map(|hours| decode_number("alumnus.work_hours_per_week", hours))
                .transpose()?,
            available_from: decode_month_opt(
                "alumnus.work_available_from",
                row.work_available_from.as_ref(),
            )?,
        }),
        None => None,
    };
    let profile = Profile {
        prefecture: decode_prefecture("alumnus.prefecture", row.prefecture.as_ref())?,
        headline: row.headline,
        summary: row.summary,
        work_style,
        confirmed_on: row.confirmed_on,
        ..Profile::default()
    };
    Ok(Alumnus {
        id: AlumnusId(row.id),
        company_id: CompanyId(row.company_id),
        external_id: row.external_id,
        name: PersonName {
            kanji: row.name_kanji,
            kana: row.name_kana,
        },
        email: row.email,
        status: decode("alumnus.status", &row.status, AlumnusStatus::from_code)?,
        interests: Vec::new(),
        profile,
    })
}
