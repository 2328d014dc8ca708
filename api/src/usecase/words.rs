//! Replacing a company's own words; by an operator, not by a viewer.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::CompanyId;
use okaeri_engine::text::UserWord;

use super::Fault;
use crate::db::change_log::{self, Change};
use crate::db::{Database, company_words};
use crate::projection::Projections;

/// Gives the company these words in the place of those it had, with an index that knows them. Returns the position
/// that the new index includes; `None`, with nothing done, when the words are the same.
///
/// The index comes first: a running server answers from what it has open until it sees the change, and then finds the
/// new index in place. Whoever opens the company between the two builds it anew with the words of
/// before, and once more when the change comes.
pub async fn replace(
    db: &Database,
    projections: &Projections,
    company_id: CompanyId,
    mut words: Vec<UserWord>,
    now: DateTime<Utc>,
) -> Result<Option<u64>, Fault> {
    words.sort_by(|one, other| one.surface.cmp(&other.surface));
    if company_words::list(db, company_id).await? == words {
        return Ok(None);
    }
    let position = projections.rebuild_with(company_id, words.clone()).await?;
    let tx = db.begin_for(company_id).await?;
    company_words::replace_all(&tx, company_id, &words, now).await?;
    change_log::append(&tx, company_id, Change::ProgrammeChanged, now).await?;
    tx.commit().await?;
    Ok(Some(position))
}
