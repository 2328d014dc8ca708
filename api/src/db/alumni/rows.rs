//! Between a record and the rows that hold it: one of its own and one per entry of its lists.

use std::collections::HashMap;

use okaeri_engine::domain::{
    Alumnus, AlumnusId, AlumnusStatus, CompanyId, Interest, LanguageLevel, LanguageSkill, PersonName,
    Position, Profile, RemotePreference, Tenure, WorkStyle,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::Private;
use crate::db::codec::{decode, decode_month, decode_month_opt, decode_number, decode_prefecture, id_lists};
use crate::db::entity::{alumnus, career_position, interest, language, qualification, skill, tenure};
use crate::db::error::DbError;
use crate::db::standings;

/// The rows of one child table for `ids`, by person and position.
macro_rules! children {
    ($table:ident, $order:ident, $connection:expr, $company_id:expr, $ids:expr) => {
        $table::Entity::find()
            .filter($table::Column::CompanyId.eq($company_id.0))
            .filter($table::Column::AlumnusId.is_in($ids.iter().copied()))
            .order_by_asc($table::Column::AlumnusId)
            .order_by_asc($table::Column::$order)
            .all($connection)
            .await?
    };
}

pub(super) async fn load(
    connection: &impl ConnectionTrait,
    company_id: CompanyId,
    ids: &[AlumnusId],
) -> Result<Vec<Alumnus>, DbError> {
    let mut alumni = Vec::with_capacity(ids.len());
    for ids in id_lists(ids.iter().map(|id| id.0)) {
        let own_rows = alumnus::Entity::find()
            .filter(alumnus::Column::CompanyId.eq(company_id.0))
            .filter(alumnus::Column::Id.is_in(ids.iter().copied()))
            .order_by_asc(alumnus::Column::Id)
            .all(connection)
            .await?;
        let mut by_id: HashMap<Uuid, usize> = HashMap::with_capacity(own_rows.len());
        for row in own_rows {
            by_id.insert(row.id, alumni.len());
            alumni.push(to_domain(row)?);
        }
        // Reads outside a snapshot may meet children of a person who came in between: they are passed over.
        for row in children!(skill, Position, connection, company_id, ids) {
            if let Some(idx) = by_id.get(&row.alumnus_id) {
                alumni[*idx].profile.skills.push(row.name);
            }
        }
        for row in children!(qualification, Position, connection, company_id, ids) {
            if let Some(idx) = by_id.get(&row.alumnus_id) {
                alumni[*idx].profile.qualifications.push(row.name);
            }
        }
        for row in children!(language, Position, connection, company_id, ids) {
            if let Some(idx) = by_id.get(&row.alumnus_id) {
                alumni[*idx].profile.languages.push(language_to_domain(row)?);
            }
        }
        for row in children!(tenure, Position, connection, company_id, ids) {
            if let Some(idx) = by_id.get(&row.alumnus_id) {
                alumni[*idx].profile.tenures.push(tenure_to_domain(row)?);
            }
        }
        for row in children!(career_position, Position, connection, company_id, ids) {
            if let Some(idx) = by_id.get(&row.alumnus_id) {
                alumni[*idx].profile.career_after.push(position_to_domain(row)?);
            }
        }
        for row in children!(interest, Code, connection, company_id, ids) {
            if let Some(idx) = by_id.get(&row.alumnus_id) {
                alumni[*idx]
                    .interests
                    .push(decode("interest.code", &row.code, Interest::from_code)?);
            }
        }
    }
    for alumnus in &mut alumni {
        alumnus.interests.sort_unstable();
    }
    Ok(alumni)
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

fn to_domain(row: alumnus::Model) -> Result<Alumnus, DbError> {
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

pub(in crate::db) fn tenure_to_domain(row: tenure::Model) -> Result<Tenure, DbError> {
    Ok(Tenure {
        department: row.department,
        title: row.title,
        from: decode_month("tenure.from_month", &row.from_month)?,
        to: decode_month_opt("tenure.to_month", row.to_month.as_ref())?,
        description: row.description,
    })
}

fn position_to_domain(row: career_position::Model) -> Result<Position, DbError> {
    Ok(Position {
        organization: row.organization,
        title: row.title,
        from: decode_month("career_position.from_month", &row.from_month)?,
        to: decode_month_opt("career_position.to_month", row.to_month.as_ref())?,
        description: row.description,
    })
}

fn language_to_domain(row: language::Model) -> Result<LanguageSkill, DbError> {
    Ok(LanguageSkill {
        level: decode("language.level", &row.level, LanguageLevel::from_code)?,
        language: row.name,
    })
}
