//! What alumni and the company write to each other. Messages are added and never changed.

use okaeri_engine::domain::candidacy::Actor;
use okaeri_engine::domain::{CandidacyId, CompanyId, ConsultationId, Message, MessageId, Role, Thread};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
};

use super::codec::{decode, id_lists, instant};
use super::database::{Reads, Transaction};
use super::entity::message;
use super::error::DbError;

/// The messages of these threads, oldest first. One statement per 10,000 threads.
pub async fn load(
    db: &impl Reads,
    company_id: CompanyId,
    threads: &[Thread],
) -> Result<Vec<Message>, DbError> {
    let mut candidacies = Vec::new();
    let mut consultations = Vec::new();
    for thread in threads {
        match thread {
            Thread::Candidacy(id) => candidacies.push(id.0),
            Thread::Consultation(id) => consultations.push(id.0),
        }
    }
    let mut messages = Vec::new();
    for (column, ids) in [
        (message::Column::CandidacyId, candidacies),
        (message::Column::ConsultationId, consultations),
    ] {
        for ids in id_lists(ids.into_iter()) {
            let rows = message::Entity::find()
                .filter(message::Column::CompanyId.eq(company_id.0))
                .filter(column.is_in(ids))
                .order_by_asc(message::Column::Id);
            for row in rows.all(db.connection()).await? {
                messages.push(to_domain(row)?);
            }
        }
    }
    Ok(messages)
}

/// How many messages the thread has.
pub async fn count(db: &impl Reads, company_id: CompanyId, thread: Thread) -> Result<u64, DbError> {
    let of_thread = match thread {
        Thread::Candidacy(id) => Condition::all().add(message::Column::CandidacyId.eq(id.0)),
        Thread::Consultation(id) => Condition::all().add(message::Column::ConsultationId.eq(id.0)),
    };
    let rows = message::Entity::find()
        .filter(message::Column::CompanyId.eq(company_id.0))
        .filter(of_thread);
    Ok(rows.count(db.connection()).await?)
}

/// Adds a message.
pub async fn insert(tx: &Transaction, company_id: CompanyId, message: &Message) -> Result<(), DbError> {
    let (candidacy_id, consultation_id) = match message.thread {
        Thread::Candidacy(id) => (Some(id.0), None),
        Thread::Consultation(id) => (None, Some(id.0)),
    };
    let row = message::Model {
        id: message.id.0,
        company_id: company_id.0,
        candidacy_id,
        consultation_id,
        author_role: message.by.role.code().to_owned(),
        author: message.by.subject.clone(),
        text: message.text.clone(),
        at: instant(message.at),
    };
    message::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.inner())
        .await?;
    Ok(())
}

fn to_domain(row: message::Model) -> Result<Message, DbError> {
    let thread = match (row.candidacy_id, row.consultation_id) {
        (Some(id), None) => Thread::Candidacy(CandidacyId(id)),
        (None, Some(id)) => Thread::Consultation(ConsultationId(id)),
        (None, None) | (Some(_), Some(_)) => return Err(DbError::corrupt("message.candidacy_id")),
    };
    Ok(Message {
        id: MessageId(row.id),
        thread,
        by: Actor {
            role: decode("message.author_role", &row.author_role, Role::from_code)?,
            subject: row.author,
        },
        text: row.text,
        at: row.at,
    })
}
