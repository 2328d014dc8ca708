//! What an alumnus excludes in confidence: read and replaced by that person alone.
//!
//! - To everything else a change is an ordinary change of standing: one entry of the same kind in the change log, no
//!   line in any log, and nothing in it that says what changed.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::exclusion::{EXCLUSIONS_MAX, UnitPath, normalized_subject};
use okaeri_engine::domain::limits::{STAFF_SUBJECT_CHARS_MAX, UNIT_CHARS_MAX};
use okaeri_engine::domain::{AlumnusId, CompanyId, Exclusion, ExclusionTarget, Viewer};

use super::validate::Checks;
use super::{Failure, Fault, RejectionCode};
use crate::app::App;
use crate::db::change_log::{self, Change};
use crate::db::exclusions::{self, Outdated, Rekeyed};
use crate::db::{Database, DbError};

/// What a person excludes, as they write it.
#[derive(Clone, Default)]
pub struct Wanted {
    /// Units.
    pub units: Vec<String>,
    /// Members of staff, each with their unit.
    pub staff: Vec<(String, String)>,
}

/// What the person excludes, in the order in which they wrote it: for themselves and for the export of what is theirs.
///
/// # Errors
///
/// When the list cannot be read: that is never "none".
pub async fn find(app: &App, viewer: &Viewer, alumnus_id: AlumnusId) -> Result<Vec<Exclusion>, Fault> {
    let found = exclusions::find(&app.db, viewer.company_id, alumnus_id).await?;
    found.ok_or_else(|| Fault::Broken("a list of exclusions does not open with any key there is".to_owned()))
}

/// Replaces what the person excludes. What stays in the list holds since it first was in it.
///
/// # Errors
///
/// Names that are blank or too long, and lists that are.
pub async fn set(
    app: &App,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    wanted: Wanted,
) -> Result<Vec<Exclusion>, Failure> {
    check(&wanted)?;
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    // One that does not open is replaced like any other: the person says anew what holds.
    let earlier = exclusions::find(&tx, viewer.company_id, alumnus_id)
        .await?
        .unwrap_or_default();
    let list = wanted.into_list(&earlier, now);
    let n_bytes = exclusions::n_bytes(&list);
    if n_bytes > exclusions::BYTES_MAX {
        return Err(too_long(n_bytes));
    }
    exclusions::replace(&tx, viewer.company_id, alumnus_id, &list).await?;
    change_log::append(&tx, viewer.company_id, Change::StandingChanged(alumnus_id), now).await?;
    tx.commit().await?;
    Ok(list)
}

/// Seals the company's outdated lists under the current key, a few hundred at a time. Safe to run twice, and beside a server that has all keys.
///
/// # Errors
///
/// When the database cannot be read or written.
pub async fn rekey(db: &Database, company_id: CompanyId, outdated: Outdated) -> Result<Rekeyed, DbError> {
    let mut done = Rekeyed::default();
    let mut after = None;
    loop {
        let tx = db.begin_for(company_id).await?;
        let (some, reached) = exclusions::rekey_some(&tx, company_id, outdated, after).await?;
        tx.commit().await?;
        done.n_sealed += some.n_sealed;
        done.n_unreadable += some.n_unreadable;
        after = reached;
        if after.is_none() {
            return Ok(done);
        }
    }
}

fn check(wanted: &Wanted) -> Result<(), Failure> {
    let mut checks = Checks::default();
    // Read no further than anything that is accepted could go.
    let n_exclusions = wanted.units.len() + wanted.staff.len();
    if n_exclusions > EXCLUSIONS_MAX {
        checks.count("", n_exclusions, EXCLUSIONS_MAX);
        return checks.finish();
    }
    for (idx, unit) in wanted.units.iter().enumerate() {
        check_unit(&mut checks, &format!("units.{idx}"), unit);
    }
    for (idx, (subject, unit)) in wanted.staff.iter().enumerate() {
        checks.line(&format!("staff.{idx}.subject"), subject, STAFF_SUBJECT_CHARS_MAX);
        check_unit(&mut checks, &format!("staff.{idx}.unit"), unit);
    }
    checks.finish()
}

fn check_unit(checks: &mut Checks, field: &str, unit: &str) {
    checks.line(field, unit, UNIT_CHARS_MAX);
    if !unit.trim().is_empty() && UnitPath::parse(unit).is_none() {
        checks.reject(
            RejectionCode::Invalid,
            field,
            format!("{field} names no unit"),
            "部署名を入力してください".to_owned(),
        );
    }
}

fn too_long(n_bytes: usize) -> Failure {
    let mut checks = Checks::default();
    let max = exclusions::BYTES_MAX;
    checks.reject(
        RejectionCode::TooLong,
        "",
        format!("the names take {n_bytes} bytes together; the maximum is {max}"),
        format!("名称の合計{n_bytes}バイトは上限の{max}バイトを超えています"),
    );
    Failure::Rejected(checks.rejections)
}

impl Wanted {
    /// Each once, in its order; those that were there before keep since when.
    fn into_list(self, earlier: &[Exclusion], now: DateTime<Utc>) -> Vec<Exclusion> {
        let units = self.units.into_iter().map(ExclusionTarget::Unit);
        let staff = self.staff.into_iter();
        let staff = staff.map(|(subject, unit)| ExclusionTarget::Staff { subject, unit });
        let mut list: Vec<Exclusion> = Vec::new();
        for target in units.chain(staff) {
            if list.iter().any(|other| is_same(&other.target, &target)) {
                continue;
            }
            let before = earlier.iter().find(|other| is_same(&other.target, &target));
            let since = before.map_or(now, |before| before.since);
            list.push(Exclusion { target, since });
        }
        list
    }
}

fn is_same(one: &ExclusionTarget, other: &ExclusionTarget) -> bool {
    use ExclusionTarget::{Staff, Unit};
    let is_unit = |one: &str, other: &str| UnitPath::parse(one) == UnitPath::parse(other);
    match (one, other) {
        (Unit(one), Unit(other)) => is_unit(one, other),
        (
            Staff { subject, unit },
            Staff {
                subject: other_subject,
                unit: other_unit,
            },
        ) => normalized_subject(subject) == normalized_subject(other_subject) && is_unit(unit, other_unit),
        (Unit(_), Staff { .. }) | (Staff { .. }, Unit(_)) => false,
    }
}
