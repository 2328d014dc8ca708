//! Checking a company's chain: every row against the one before, every body against its row.
//!
//! - Finds what was altered, removed, put in or put elsewhere, and names each by its place; one alteration is found at its
//!   own place and does not make all that follows suspect.
//! - A body, or an entry, may be missing only where an event of the chain took it.
//! - Cannot see that the newest rows, with their bodies, were cut off, or that everything was built anew: that takes a
//!   head that was kept elsewhere.

use std::collections::{BTreeMap, HashMap, HashSet};

use okaeri_engine::domain::CompanyId;
use uuid::Uuid;

use super::erase::{Taken, decode};
use super::format::{self, GENESIS, Link};
use super::numbers;
use super::record::{Header, RecordKind, left_out, load_salts};
use crate::db::audit::{self, ChainRow};
use crate::db::served_lists::{self, Body, ServedList};
use crate::db::{Database, Snapshot};
use crate::usecase::Fault;
use crate::usecase::served::fingerprint;

/// Rows of the chain that are checked in one step; each may bring a body of some hundred kilobytes.
const ROWS_PER_STEP: u64 = 100;
/// Bodies whose places are looked at in one step.
const BODIES_PER_STEP: u64 = 1_000;
/// Findings that are kept: a chain that was rewritten has as many as it has rows, and nobody reads them all.
pub const FINDINGS_MAX: usize = 1_000;

/// Something that is not as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The place in the chain.
    pub sequence: u64,
    /// What differs.
    pub what: String,
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows of the chain.
    pub n_records: u64,
    /// Of them, rankings whose bodies are there.
    pub n_rankings: u64,
    /// Of them, events.
    pub n_events: u64,
    /// Of them, rankings whose bodies retention took.
    pub n_expired: u64,
    /// Of them, rankings whose bodies went with their reader.
    pub n_erased: u64,
    /// Entries of people who were erased.
    pub n_tombstones: u64,
    /// The newest row's place and hash.
    pub head: Option<(u64, String)>,
    /// What is not as it was recorded, in the order of the chain; at most [`FINDINGS_MAX`].
    pub findings: Vec<Finding>,
    /// How many more there are.
    pub n_more_findings: u64,
}

impl Report {
    /// Whether everything is as it was recorded.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.findings.is_empty()
    }

    fn find(&mut self, sequence: u64, what: impl Into<String>) {
        if self.findings.len() == FINDINGS_MAX {
            self.n_more_findings += 1;
            return;
        }
        let what = what.into();
        self.findings.push(Finding { sequence, what });
    }
}

/// Checks a company's chain, as it is at one moment.
///
/// - `head`: the hash of a row that was the newest once, from elsewhere
///
/// # Errors
///
/// When the database cannot be read, which includes a row that no longer has the form of its table.
pub async fn verify(db: &Database, company_id: CompanyId, head: Option<&str>) -> Result<Report, Fault> {
    let snapshot = db.snapshot().await?;
    let mut report = Report::default();
    let taken = TakenAway::read(&snapshot, company_id, &mut report).await?;
    let mut checker = Checker {
        snapshot: &snapshot,
        company_id,
        taken,
        documents: HashMap::new(),
    };
    let mut places: HashMap<Uuid, u64> = HashMap::new();
    let mut previous: Option<(u64, Vec<u8>)> = None;
    let mut has_head = head.is_none();
    loop {
        let after = previous.as_ref().map_or(0, |(sequence, _)| *sequence);
        let rows = audit::list_after(&snapshot, company_id, after, ROWS_PER_STEP).await?;
        if rows.is_empty() {
            break;
        }
        let ids = rows.iter().map(|row| row.record_id);
        let bodies = served_lists::load(&snapshot, company_id, ids).await?;
        let bodies: HashMap<Uuid, ServedList> = bodies.into_iter().map(|body| (body.id.0, body)).collect();
        for row in rows {
            check_link(company_id, previous.as_ref(), &row, &mut report);
            checker
                .check(&row, bodies.get(&row.record_id), &mut report)
                .await?;
            has_head |= head.is_some_and(|head| head == format::hex(&row.hash));
            places.insert(row.record_id, row.sequence);
            report.n_records += 1;
            report.head = Some((row.sequence, format::hex(&row.hash)));
            previous = Some((row.sequence, row.hash));
        }
    }
    check_bodies_without_rows(&snapshot, company_id, &places, &mut report).await?;
    let newest = report.head.as_ref().map_or(0, |(sequence, _)| *sequence);
    if !has_head {
        let what = "the head that was given is not in the chain: its end was cut off, or it was built anew";
        report.find(newest, what);
    }
    report.findings.sort_by_key(|finding| finding.sequence);
    Ok(report)
}

/// Checks one record, as it is at one moment: the row against the one before, and its body.
///
/// # Errors
///
/// As [`verify`].
pub async fn verify_record(db: &Database, company_id: CompanyId, row: &ChainRow) -> Result<Report, Fault> {
    let snapshot = db.snapshot().await?;
    let mut report = Report::default();
    let taken = TakenAway::read(&snapshot, company_id, &mut report).await?;
    // Findings about other records are for the check of the whole chain.
    report.findings.retain(|finding| finding.sequence == row.sequence);
    let mut checker = Checker {
        snapshot: &snapshot,
        company_id,
        taken,
        documents: HashMap::new(),
    };
    let before = audit::list_after(&snapshot, company_id, row.sequence.saturating_sub(2), 1).await?;
    let before = before.into_iter().find(|before| before.sequence < row.sequence);
    let before = before.map(|before| (before.sequence, before.hash));
    check_link(company_id, before.as_ref(), row, &mut report);
    let list = served_lists::load(&snapshot, company_id, std::iter::once(row.record_id)).await?;
    checker.check(row, list.first(), &mut report).await?;
    Ok(report)
}

fn check_link(company_id: CompanyId, previous: Option<&(u64, Vec<u8>)>, row: &ChainRow, report: &mut Report) {
    let expected = previous.map_or(1, |(sequence, _)| sequence + 1);
    if row.sequence > expected {
        let (first, last) = (expected, row.sequence - 1);
        let which = if first == last {
            format!("row {first} is missing")
        } else {
            format!("rows {first} to {last} are missing")
        };
        // What the next row follows is gone with them, so that its own hash cannot be checked.
        report.find(first, which);
        return;
    }
    let link = Link {
        company_id,
        sequence: row.sequence,
        record_id: row.record_id,
        kind: &row.kind,
        at: row.at,
    };
    let previous = previous.map_or(&GENESIS[..], |(_, hash)| hash);
    if row.hash != format::of_link(previous, link, &row.root) {
        let what = "the row does not follow from the one before: it, or that one, was altered or moved";
        report.find(row.sequence, what);
    }
}

/// A list that says it has a place in the chain where the chain has none for it.
async fn check_bodies_without_rows(
    snapshot: &Snapshot,
    company_id: CompanyId,
    places: &HashMap<Uuid, u64>,
    report: &mut Report,
) -> Result<(), Fault> {
    let mut before = i64::MAX.unsigned_abs();
    loop {
        let bodies = served_lists::list_people_before(snapshot, company_id, before, BODIES_PER_STEP).await?;
        let Some((last, ..)) = bodies.last() else {
            return Ok(());
        };
        before = *last;
        for (sequence, id, _) in bodies {
            match places.get(&id.0) {
                Some(place) if *place == sequence => {}
                Some(place) => report.find(
                    *place,
                    format!("the ranking {id} says that its place is {sequence}"),
                ),
                None => report.find(
                    sequence,
                    format!("the ranking {id} has no row: it was removed, or the end cut off"),
                ),
            }
        }
    }
}

/// What events took, and which event took it.
#[derive(Debug, Default)]
struct TakenAway {
    expired: HashSet<u64>,
    erased: HashSet<u64>,
    entries: HashSet<(u64, u32)>,
}

impl TakenAway {
    async fn read(snapshot: &Snapshot, company_id: CompanyId, report: &mut Report) -> Result<Self, Fault> {
        let mut all = Self::default();
        let kinds = [RecordKind::Retention, RecordKind::Erasure];
        let codes = kinds.map(RecordKind::code);
        for row in audit::list_of_kinds(snapshot, company_id, &codes).await? {
            let payload = row.payload.as_deref().unwrap_or_default();
            let Ok(taken) = serde_json::from_str::<Taken>(payload) else {
                report.find(row.sequence, "the event's payload cannot be read");
                continue;
            };
            // An event takes from what lies before it.
            let before = |sequence: &u64| *sequence < row.sequence;
            let bodies = taken.bodies.into_iter().filter(before);
            if row.kind == RecordKind::Retention.code() {
                all.expired.extend(bodies);
            } else {
                all.erased.extend(bodies);
            }
            all.entries
                .extend(taken.entries.into_iter().filter(|(sequence, _)| before(sequence)));
        }
        Ok(all)
    }

    fn is_from(&self, sequence: u64) -> bool {
        self.entries.iter().any(|(of, _)| *of == sequence)
    }
}

struct Checker<'a> {
    snapshot: &'a Snapshot,
    company_id: CompanyId,
    taken: TakenAway,
    /// Whether a document is there and unaltered, by its name.
    documents: HashMap<String, bool>,
}

impl Checker<'_> {
    async fn check(
        &mut self,
        row: &ChainRow,
        list: Option<&ServedList>,
        report: &mut Report,
    ) -> Result<(), Fault> {
        match RecordKind::from_code(&row.kind) {
            Some(RecordKind::Retention | RecordKind::Erasure) => {
                report.n_events += 1;
                let payload = row.payload.as_deref().unwrap_or_default();
                if row.root != format::of_event(payload) {
                    report.find(row.sequence, "the event's payload was altered");
                }
                Ok(())
            }
            Some(RecordKind::Ranking(_)) => self.check_ranking(row, list, report).await,
            None => {
                report.find(row.sequence, format!("the kind {:?} is none", row.kind));
                Ok(())
            }
        }
    }

    async fn check_ranking(
        &mut self,
        row: &ChainRow,
        list: Option<&ServedList>,
        report: &mut Report,
    ) -> Result<(), Fault> {
        let sequence = row.sequence;
        let Some((list, body)) = list.and_then(|list| Some((list, list.body.as_ref()?))) else {
            if self.taken.expired.contains(&sequence) {
                report.n_expired += 1;
            } else if self.taken.erased.contains(&sequence) {
                report.n_erased += 1;
            } else {
                report.find(
                    sequence,
                    "the ranking is missing, and no event says that it was taken",
                );
            }
            return Ok(());
        };
        report.n_rankings += 1;
        let digest = format::of_header(&body.salt, &body.header);
        if row.root != format::of_ranking(&digest, &body.leaves) {
            report.find(
                sequence,
                "the header, its salt or the digests of the entries were altered",
            );
        }
        let Ok(header) = serde_json::from_str::<Header>(&body.header) else {
            report.find(sequence, "the header cannot be read");
            return Ok(());
        };
        for what in differing_columns(row, list, &header) {
            report.find(sequence, format!("{what} is not the recorded one"));
        }
        self.check_criteria(sequence, list, body, &header, report);
        for (what, name) in [("policy", &header.policy), ("model", &header.model)] {
            if let Some(name) = name.clone()
                && !self.has_document(&name).await?
            {
                report.find(sequence, format!("the {what} {name} was altered or is missing"));
            }
        }
        self.check_entries(sequence, list, body, &header, report).await
    }

    /// What was typed is gone from a list that an erasure went through.
    fn check_criteria(
        &self,
        sequence: u64,
        list: &ServedList,
        body: &Body,
        header: &Header,
        report: &mut Report,
    ) {
        match &body.criteria {
            Some((text, salt)) => {
                if header.criteria != format::hex(&format::of_criteria(salt, text)) {
                    report.find(sequence, "the criteria or their salt were altered");
                }
                if list.fingerprint != fingerprint(text) {
                    report.find(
                        sequence,
                        "the fingerprint of the criteria is not the recorded one",
                    );
                }
            }
            None if self.taken.is_from(sequence) => {}
            None => report.find(
                sequence,
                "the criteria are missing, and no event says that they were taken",
            ),
        }
    }

    async fn check_entries(
        &self,
        sequence: u64,
        list: &ServedList,
        body: &Body,
        header: &Header,
        report: &mut Report,
    ) -> Result<(), Fault> {
        let Ok(served) = decode(list) else {
            report.find(sequence, "the entries cannot be read");
            return Ok(());
        };
        // Another spelling of the same entries, or bytes behind them, would pass every digest.
        if !postcard::to_stdvec(&served).is_ok_and(|bytes| bytes == list.entries) {
            report.find(sequence, "the bytes of the entries are not as they were written");
        }
        if served.base.to_string() != header.base || left_out(&served) != header.left_out {
            report.find(
                sequence,
                "the base, or how many were left out, is not the recorded one",
            );
        }
        let leaves = body.leaves.chunks(32);
        if served.entries.len() as u64 != header.n_entries || leaves.len() != served.entries.len() {
            report.find(
                sequence,
                format!(
                    "{} entries were recorded and {} are there",
                    header.n_entries,
                    served.entries.len()
                ),
            );
            return Ok(());
        }
        let salts = load_salts(self.snapshot, self.company_id, header, body, &served.entries).await?;
        let mut n_people = 0;
        for (place, (entry, leaf)) in (0u32..).zip(served.entries.iter().zip(leaves)) {
            let bytes = entry.to_bytes()?;
            if entry.is_erased() {
                report.n_tombstones += 1;
                // Whoever was gone when the list was recorded never had more than the place.
                let was_never_there = leaf == format::of_entry(&[0; 32], &bytes);
                n_people += usize::from(!was_never_there);
                if !was_never_there && !self.taken.entries.contains(&(sequence, place)) {
                    let what = format!(
                        "entry {} is blank, and no event says that it was taken",
                        place + 1
                    );
                    report.find(sequence, what);
                }
                continue;
            }
            n_people += 1;
            match salts.as_ref().and_then(|salts| salts.of(entry)) {
                Some(salt) if leaf == format::of_entry(salt, &bytes) => {}
                Some(_) => report.find(sequence, format!("entry {} or its salt was altered", place + 1)),
                None => report.find(sequence, format!("the salt of entry {} is missing", place + 1)),
            }
        }
        let own = salts.as_ref().map(|salts| salts.numbers()).unwrap_or_default();
        let n_expected = if header.is_of_people { n_people } else { 0 };
        let is_as_recorded = numbers::decode(&body.people).is_some_and(|listed| {
            let is_listed = |number: &u32| listed.binary_search(number).is_ok();
            listed.len() == n_expected && own.iter().all(is_listed)
        });
        if !is_as_recorded {
            report.find(
                sequence,
                "who is in it, as lists of a person's rankings read it, is not who was recorded",
            );
        }
        Ok(())
    }

    async fn has_document(&mut self, name: &str) -> Result<bool, Fault> {
        if let Some(is_there) = self.documents.get(name) {
            return Ok(*is_there);
        }
        let content = audit::find_document(self.snapshot, self.company_id, name).await?;
        let is_there = content.is_some_and(|content| format::name_of_document(&content) == name);
        self.documents.insert(name.to_owned(), is_there);
        Ok(is_there)
    }
}

/// The columns that say otherwise than the header, by name. Pages and learning read the columns.
fn differing_columns(row: &ChainRow, list: &ServedList, header: &Header) -> Vec<&'static str> {
    let columns: BTreeMap<&'static str, bool> = BTreeMap::from([
        (
            "the identifier",
            row.record_id == header.id && list.id.0 == header.id,
        ),
        ("the company", list.company_id.0 == header.company_id),
        (
            "the kind",
            row.kind == header.kind && list.kind.code() == header.kind,
        ),
        ("the reader", list.viewer_subject == header.reader.subject),
        ("what it is about", list.subject_id == header.subject_id),
        ("the model's version", list.model_version == header.model_version),
        ("what was learnt", list.learnt_version == header.learnt_version),
        ("the plan", list.plan_id == header.plan_id),
        ("the position", list.position == header.position),
        (
            "the instant that was ranked",
            list.as_of.timestamp_micros() == header.as_of,
        ),
        ("the time of the record", row.at == list.created_at),
    ]);
    let differing = columns.into_iter().filter(|(_, is_same)| !is_same);
    differing.map(|(name, _)| name).collect()
}
