//! Correcting what the company recorded of a person: the person asks, an administrator decides, and what stood there
//! before is kept with the decision.

use okaeri_engine::domain::calendar::japan_date;
use okaeri_engine::domain::correction::{AlreadyDecided, Correction, Decision, KeptParts, Verdict};
use okaeri_engine::domain::limits::{
    EXTERNAL_ID_CHARS_MAX, NAME_CHARS_MAX, PERIOD_DESCRIPTION_CHARS_MAX, PERIODS_MAX, UNIT_CHARS_MAX,
};
use okaeri_engine::domain::{AlumnusId, CorrectionId, Tenure, Viewer, YearMonth};

use super::validate::{Checks, LINE_LENGTH_MAX, TEXT_LENGTH_MAX};
use super::{Failure, Fault, Rejection, RejectionCode};
use crate::app::App;
use crate::corrected;
use crate::db::alumni::{self, Record};
use crate::db::change_log::{self, Change};
use crate::db::{Transaction, corrections};

/// Corrections of one person that may wait at a time: more than there are fields.
const WAITING_MAX: usize = 10;

/// Asks for a correction of the viewer's own record.
pub async fn request(
    app: &App,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    mut requested: KeptParts,
    note: Option<String>,
) -> Result<Correction, Failure> {
    let now = app.clock.now();
    check(&requested, note.as_deref(), YearMonth::of(japan_date(now)))?;
    if let Some(tenures) = &mut requested.tenures {
        tenures.sort_by_key(|tenure| std::cmp::Reverse(tenure.from));
    }
    let tx = app.db.begin_for(viewer.company_id).await?;
    let earlier = corrections::list_for_alumnus(&tx, viewer.company_id, alumnus_id).await?;
    let n_waiting = earlier.iter().filter(|one| one.decision.is_none()).count();
    if n_waiting >= WAITING_MAX {
        return Err(Rejection::new(
            RejectionCode::InvalidState,
            "",
            format!("{n_waiting} corrections wait for a decision; the maximum is {WAITING_MAX}"),
            format!("確認待ちの訂正依頼が{n_waiting}件あります(上限{WAITING_MAX}件)"),
        )
        .into());
    }
    let correction = Correction {
        id: CorrectionId(app.clock.new_id()),
        alumnus_id,
        requested,
        note: note.filter(|note| !note.trim().is_empty()),
        requested_at: now,
        decision: None,
    };
    corrections::insert(&tx, viewer.company_id, &correction).await?;
    change_log::append(&tx, viewer.company_id, Change::AlumnusChanged(alumnus_id), now).await?;
    tx.commit().await?;
    Ok(correction)
}

/// Corrects the record as the person asked.
pub async fn approve(app: &App, viewer: &Viewer, id: CorrectionId) -> Result<Correction, Failure> {
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let correction = find(&tx, viewer, id).await?;
    let alumnus_id = correction.alumnus_id;
    let record = record(&tx, viewer, alumnus_id).await?;
    let (corrected, replaced) = corrected::replace(record, &correction.requested);
    let decision = Decision {
        at: now,
        by: viewer.subject.clone(),
        verdict: Verdict::Approved { replaced },
    };
    let decided = correction.decide(decision.clone()).map_err(already_decided)?;
    corrections::update_decision(&tx, viewer.company_id, id, &decision).await?;
    alumni::upsert(&tx, viewer.company_id, &corrected, now).await?;
    let changes = [
        Change::StandingChanged(alumnus_id),
        Change::AlumnusChanged(alumnus_id),
    ];
    change_log::append_all(&tx, viewer.company_id, &changes, now).await?;
    tx.commit().await?;
    Ok(decided)
}

/// Leaves the record as it is, for a reason that the person reads.
pub async fn refuse(
    app: &App,
    viewer: &Viewer,
    id: CorrectionId,
    reason: String,
) -> Result<Correction, Failure> {
    let mut checks = Checks::default();
    checks.line("reason", &reason, LINE_LENGTH_MAX);
    checks.finish()?;
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let correction = find(&tx, viewer, id).await?;
    let alumnus_id = correction.alumnus_id;
    let decision = Decision {
        at: now,
        by: viewer.subject.clone(),
        verdict: Verdict::Refused { reason },
    };
    let decided = correction.decide(decision.clone()).map_err(already_decided)?;
    corrections::update_decision(&tx, viewer.company_id, id, &decision).await?;
    change_log::append(&tx, viewer.company_id, Change::AlumnusChanged(alumnus_id), now).await?;
    tx.commit().await?;
    Ok(decided)
}

async fn find(tx: &Transaction, viewer: &Viewer, id: CorrectionId) -> Result<Correction, Failure> {
    let found = corrections::find(tx, viewer.company_id, id).await?;
    Ok(found.ok_or_else(|| Rejection::not_found("id", "correction", "訂正の依頼"))?)
}

async fn record(tx: &Transaction, viewer: &Viewer, alumnus_id: AlumnusId) -> Result<Record, Fault> {
    let alumnus = alumni::find(tx, viewer.company_id, alumnus_id).await?;
    let private = alumni::find_private(tx, viewer.company_id, alumnus_id).await?;
    let (alumnus, private) = alumnus
        .zip(private)
        .ok_or_else(|| Fault::Broken("a correction outlived its record".to_owned()))?;
    Ok(Record { alumnus, private })
}

fn check(requested: &KeptParts, note: Option<&str>, this_month: YearMonth) -> Result<(), Failure> {
    let mut checks = Checks::default();
    if requested.is_empty() {
        checks.reject(
            RejectionCode::Blank,
            "",
            "say what is to be corrected".to_owned(),
            "訂正する項目を指定してください".to_owned(),
        );
    }
    for (field, value, max) in [
        ("nameKanji", &requested.name_kanji, NAME_CHARS_MAX),
        ("nameKana", &requested.name_kana, NAME_CHARS_MAX),
        (
            "employeeNumber",
            &requested.employee_number,
            EXTERNAL_ID_CHARS_MAX,
        ),
    ] {
        if let Some(value) = value {
            checks.line(field, value, max);
        }
    }
    checks.optional("note", note, TEXT_LENGTH_MAX);
    let tenures = requested.tenures.as_deref().unwrap_or_default();
    checks.count("tenures", tenures.len(), PERIODS_MAX);
    for (idx, tenure) in tenures.iter().enumerate().take(PERIODS_MAX) {
        check_tenure(&mut checks, idx, tenure, this_month);
    }
    checks.finish()
}

fn check_tenure(checks: &mut Checks, idx: usize, tenure: &Tenure, this_month: YearMonth) {
    checks.line(
        &format!("tenures.{idx}.department"),
        &tenure.department,
        UNIT_CHARS_MAX,
    );
    checks.line(&format!("tenures.{idx}.title"), &tenure.title, UNIT_CHARS_MAX);
    checks.optional(
        &format!("tenures.{idx}.description"),
        Some(&tenure.description),
        PERIOD_DESCRIPTION_CHARS_MAX,
    );
    let from = tenure.from;
    if from > this_month {
        checks.reject(
            RejectionCode::OutOfRange,
            &format!("tenures.{idx}.from"),
            format!("from {from} lies in the future"),
            format!("開始月 {from} が未来です"),
        );
    }
    if let Some(to) = tenure.to
        && to < from
    {
        checks.reject(
            RejectionCode::OutOfRange,
            &format!("tenures.{idx}.to"),
            format!("to {to} lies before from {from}"),
            format!("終了月 {to} が開始月 {from} より前です"),
        );
    }
}

fn already_decided(decided: AlreadyDecided) -> Rejection {
    Rejection::new(
        RejectionCode::AlreadyAnswered,
        "id",
        decided.to_string(),
        "この訂正の依頼はすでに処理されています",
    )
}
