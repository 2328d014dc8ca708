//! Dated notes on what changed at the company, by its administrators.

use chrono::{DateTime, NaiveDate, Utc};
use okaeri_engine::domain::limits::{CHANGE_NOTE_CHARS_MAX, CHANGE_NOTES_MAX, UNIT_CHARS_MAX};
use okaeri_engine::domain::{ChangeNote, ChangeNoteId, ChangeNoteKind, Viewer};

use super::validate::Checks;
use super::{Failure, Fault, Rejection, RejectionCode};
use crate::app::App;
use crate::db::change_log::{self, Change};
use crate::db::{Transaction, change_notes};

/// What a note says.
#[derive(Clone, Debug)]
pub struct NoteDraft {
    /// What it is about.
    pub kind: ChangeNoteKind,
    /// What changed.
    pub text: String,
    /// The unit; `None`: the whole company.
    pub unit: Option<String>,
    /// The day from which it holds.
    pub from: NaiveDate,
}

/// Writes a note.
pub async fn create(app: &App, viewer: &Viewer, draft: NoteDraft) -> Result<ChangeNote, Failure> {
    check(&draft)?;
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let n_notes = change_notes::list(&tx, viewer.company_id).await?.len();
    if n_notes >= CHANGE_NOTES_MAX {
        return Err(Rejection::new(
            RejectionCode::OutOfRange,
            "",
            format!("the company has {n_notes} change notes; the maximum is {CHANGE_NOTES_MAX}: delete old ones first"),
            format!("変更のお知らせは{CHANGE_NOTES_MAX}件までです。古いものを削除してください"),
        )
        .into());
    }
    let note = draft.into_note(ChangeNoteId(app.clock.new_id()));
    change_notes::insert(&tx, viewer.company_id, &note, now).await?;
    commit(tx, viewer, now).await?;
    Ok(note)
}

/// Writes a note anew.
pub async fn update(
    app: &App,
    viewer: &Viewer,
    id: ChangeNoteId,
    draft: NoteDraft,
) -> Result<ChangeNote, Failure> {
    check(&draft)?;
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let note = draft.into_note(id);
    if !change_notes::update(&tx, viewer.company_id, &note).await? {
        return Err(not_found().into());
    }
    commit(tx, viewer, now).await?;
    Ok(note)
}

/// Removes a note.
pub async fn delete(app: &App, viewer: &Viewer, id: ChangeNoteId) -> Result<ChangeNote, Failure> {
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let note = change_notes::find(&tx, viewer.company_id, id)
        .await?
        .ok_or_else(not_found)?;
    change_notes::delete(&tx, viewer.company_id, id).await?;
    commit(tx, viewer, now).await?;
    Ok(note)
}

/// The rejection of a note that does not exist for the viewer.
#[must_use]
pub fn not_found() -> Rejection {
    Rejection::not_found("id", "change note", "変更のお知らせ")
}

async fn commit(tx: Transaction, viewer: &Viewer, now: DateTime<Utc>) -> Result<(), Fault> {
    // Notes are read with the answer; live views only have to hear that there is something to read.
    change_log::append(&tx, viewer.company_id, Change::ProgrammeChanged, now).await?;
    tx.commit().await?;
    Ok(())
}

fn check(draft: &NoteDraft) -> Result<(), Failure> {
    let mut checks = Checks::default();
    checks.line("text", &draft.text, CHANGE_NOTE_CHARS_MAX);
    checks.optional("unit", draft.unit.as_deref(), UNIT_CHARS_MAX);
    checks.finish()
}

impl NoteDraft {
    fn into_note(self, id: ChangeNoteId) -> ChangeNote {
        ChangeNote {
            id,
            kind: self.kind,
            text: self.text,
            unit: self.unit.filter(|unit| !unit.trim().is_empty()),
            from: self.from,
        }
    }
}
