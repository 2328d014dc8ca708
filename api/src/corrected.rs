//! What a record says after a correction, and after the company's next file.

use okaeri_engine::domain::correction::{Carried, KeptParts};

use crate::db::alumni::Record;

/// The record with the parts put in, and what they replaced.
#[must_use]
pub fn replace(mut record: Record, parts: &KeptParts) -> (Record, KeptParts) {
    let mut replaced = KeptParts::default();
    if let Some(kanji) = &parts.name_kanji {
        replaced.name_kanji = Some(std::mem::replace(&mut record.alumnus.name.kanji, kanji.clone()));
    }
    if let Some(kana) = &parts.name_kana {
        let before = record.alumnus.name.kana.replace(kana.clone());
        replaced.name_kana = Some(before.unwrap_or_default());
    }
    if let Some(number) = &parts.employee_number {
        let before = record.private.employee_number.replace(number.clone());
        replaced.employee_number = Some(before.unwrap_or_default());
    }
    if let Some(kind) = parts.leaving_kind {
        replaced.leaving_kind = record.private.employment.leaving_kind.replace(kind);
    }
    if let Some(tenures) = &parts.tenures {
        let before = std::mem::replace(&mut record.alumnus.profile.tenures, tenures.clone());
        replaced.tenures = Some(before);
    }
    (record, replaced)
}

/// A record as a file has it, with each correction kept whose mistake the file repeats; `corrections` in the order in
/// which they were decided. A file that says something else than what was corrected brings news, and the news holds.
/// The second value says whether anything was kept.
#[must_use]
pub fn keep(record: Record, corrections: &[Carried]) -> (Record, bool) {
    let mut record = record;
    let mut is_any_kept = false;
    for correction in corrections {
        let repeated = repeated_parts(&record, correction);
        if !repeated.is_empty() {
            record = replace(record, &repeated).0;
            is_any_kept = true;
        }
    }
    (record, is_any_kept)
}

/// The parts of a correction for which the record says what it said before.
fn repeated_parts(record: &Record, correction: &Carried) -> KeptParts {
    let Carried { requested, replaced } = correction;
    let name = &record.alumnus.name;
    let private = &record.private;
    let is = |before: &Option<String>, now: &str| before.as_deref() == Some(now);
    KeptParts {
        name_kanji: requested
            .name_kanji
            .clone()
            .filter(|_| is(&replaced.name_kanji, &name.kanji)),
        name_kana: requested
            .name_kana
            .clone()
            .filter(|_| is(&replaced.name_kana, name.kana.as_deref().unwrap_or_default())),
        employee_number: requested.employee_number.clone().filter(|_| {
            is(
                &replaced.employee_number,
                private.employee_number.as_deref().unwrap_or_default(),
            )
        }),
        leaving_kind: requested
            .leaving_kind
            .filter(|_| replaced.leaving_kind == private.employment.leaving_kind),
        tenures: requested
            .tenures
            .clone()
            .filter(|_| replaced.tenures.as_ref() == Some(&record.alumnus.profile.tenures)),
    }
}
