//! What people said about themselves for statistics. A test allows `usecase::statistics` alone to name this module, and
//! `db::person` for the person's own export.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::statistics::{Answer, Question};
use okaeri_engine::domain::{AlumnusId, CompanyId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::codec::{decode, instant};
use super::database::{Reads, Transaction};
use super::entity::statistics_answer;
use super::error::DbError;

/// An answer as a person gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Who.
    pub alumnus_id: AlumnusId,
    /// What; it says to which question.
    pub answer: Answer,
    /// The text that explained what it is for.
    pub text_version: String,
    /// When.
    pub given_at: DateTime<Utc>,
}

/// Writes an answer in the place of an earlier one to the same question.
pub async fn set(tx: &Transaction, company_id: CompanyId, given: &Given) -> Result<(), DbError> {
    use statistics_answer::Column;
    let row = statistics_answer::Model {
        company_id: company_id.0,
        alumnus_id: given.alumnus_id.0,
        question: given.answer.question().code().to_owned(),
        answer: given.answer.code().to_owned(),
        text_version: given.text_version.clone(),
        given_at: instant(given.given_at),
    };
    let replace = OnConflict::columns([Column::CompanyId, Column::AlumnusId, Column::Question])
        .update_columns([Column::Answer, Column::TextVersion, Column::GivenAt])
        .to_owned();
    statistics_answer::Entity::insert(row.into_active_model())
        .on_conflict(replace)
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

/// Deletes the person's answers. Returns how many.
pub async fn delete_for(
    tx: &Transaction,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<u64, DbError> {
    let deleted = statistics_answer::Entity::delete_many()
        .filter(statistics_answer::Column::CompanyId.eq(company_id.0))
        .filter(statistics_answer::Column::AlumnusId.eq(alumnus_id.0))
        .exec(tx.inner())
        .await?;
    Ok(deleted.rows_affected)
}

/// The person's own answers, by question.
pub async fn list_for_alumnus(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Vec<Given>, DbError> {
    let rows = statistics_answer::Entity::find()
        .filter(statistics_answer::Column::CompanyId.eq(company_id.0))
        .filter(statistics_answer::Column::AlumnusId.eq(alumnus_id.0))
        .order_by_asc(statistics_answer::Column::Question);
    rows.all(db.connection())
        .await?
        .into_iter()
        .map(to_domain)
        .collect()
}

/// All answers of the company to one question, to be counted.
pub async fn list_to_count(
    db: &impl Reads,
    company_id: CompanyId,
    question: Question,
) -> Result<Vec<Given>, DbError> {
    let rows = statistics_answer::Entity::find()
        .filter(statistics_answer::Column::CompanyId.eq(company_id.0))
        .filter(statistics_answer::Column::Question.eq(question.code()))
        .order_by_asc(statistics_answer::Column::AlumnusId);
    rows.all(db.connection())
        .await?
        .into_iter()
        .map(to_domain)
        .collect()
}

fn to_domain(row: statistics_answer::Model) -> Result<Given, DbError> {
    Ok(Given {
        alumnus_id: AlumnusId(row.alumnus_id),
        answer: decode("statistics_answer.answer", &row.answer, Answer::from_code)?,
        text_version: row.text_version,
        given_at: row.given_at,
    })
}
