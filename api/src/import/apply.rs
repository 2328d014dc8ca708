//! Rows into the database, in batches of one transaction each, with the change log in the same transaction.
//!
//! - An import that ends at any row leaves whole batches; run again, it gives the data of one run.
//! - What is there as it is writes nothing.
//! - The file decides a record's fields. The person decides what they opt into, as soon as they have said anything
//!   themselves: a member who signed in, or who gave or withdrew a consent, keeps their own choice. A member's address is
//!   the one that they proved. What was corrected stays so against a file that repeats the mistake.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{
    Alumnus, AlumnusId, AlumnusStatus, CompanyId, Consent, ConsentId, ConsentSource, ConsentState, LegalCode,
    Opportunity, OpportunityId, OpportunityStatus, Policy, Purpose, law,
};
use uuid::Uuid;

use super::alumni::pick;
use super::record::RowError;
use super::{AlumnusRow, OpportunityRow, Parsed};
use crate::corrected;
use crate::db::alumni::{Private, Record};
use crate::db::change_log::Change;
use crate::db::erased::Identity;
use crate::db::{self, Database, DbError, Transaction, Upserted};

/// Rows of one transaction: long enough to be quick, short enough for others to write in between.
pub const BATCH_ROWS: usize = 200;

/// Keys of what a record holds beside what others may see.
const PRIVATE_KEYS: [&str; 6] = [
    "leaveReason",
    "leavingKind",
    "employmentType",
    "segment",
    "groupCompany",
    "evaluation",
];

/// The version of the text that a person agreed to when HR asked for the interests that a file carries.
pub const CONSENT_TEXT_VERSION: &str = "import-2026-11";

/// How to import.
pub struct Options<'a> {
    /// Says what would happen and writes nothing.
    pub is_dry_run: bool,
    /// Keeps nothing if any row is bad.
    pub is_all_or_nothing: bool,
    /// The time.
    pub now: DateTime<Utc>,
    /// Makes an identifier.
    pub new_id: &'a (dyn Fn() -> Uuid + Sync),
    /// Makes 256 random bits.
    pub new_salt: &'a (dyn Fn() -> [u8; 32] + Sync),
    /// Hears how far it is.
    pub progress: &'a dyn Progress,
}

/// Hears how far an import is.
pub trait Progress: Sync {
    /// This many rows were written, or would have been.
    fn advance(&self, n_rows: u64);
}

/// Nobody listens.
impl Progress for () {
    fn advance(&self, _: u64) {}
}

/// What an import did, or with [`Options::is_dry_run`] would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// Whether it is in the database now.
    pub is_kept: bool,
    /// New records.
    pub n_inserted: u64,
    /// Records that changed.
    pub n_updated: u64,
    /// Records that were there as they are.
    pub n_unchanged: u64,
    /// Rows that are refused.
    pub n_failed: u64,
    /// Consents that are new.
    pub n_consents: u64,
    /// Rows about people who had themselves erased: nothing of them was written.
    pub n_erased: u64,
    /// Rows whose interests were passed over because the person has chosen.
    pub n_own_choices: u64,
    /// Rows that repeat a mistake which was corrected: the correction stands.
    pub n_corrections_kept: u64,
    /// Evaluations that were passed over because the programme keeps none.
    pub n_evaluations_dropped: u64,
    /// Opportunities that lack terms which the law asks for.
    pub n_incomplete: u64,
    /// Opportunities that would be open and are drafts, because the law refuses them as they are.
    pub n_drafts: u64,
    /// What the law refuses, or frowns on, in the wording of opportunities.
    pub findings: Vec<RowFinding>,
    /// Findings beyond those listed.
    pub n_findings_unlisted: u64,
    /// What is wrong with the refused rows.
    pub errors: Vec<RowError>,
    /// Errors beyond those listed.
    pub n_errors_unlisted: u64,
    /// Columns that ranking must not see, with the rows that had a value there.
    pub dropped: std::collections::BTreeMap<String, u64>,
    /// Columns that are not part of the format, counted alike.
    pub ignored: std::collections::BTreeMap<String, u64>,
    /// The encoding that was found.
    pub encoding: String,
    /// SHA-256 of the file.
    pub digest: String,
}

/// What the law has to say about the wording of one row.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RowFinding {
    /// The line on which the row begins.
    pub line: u64,
    /// The field, a dotted path.
    pub field: String,
    /// Whether it keeps the opportunity from being published.
    pub is_refusal: bool,
    /// In words, with the article.
    pub message: String,
}

impl std::fmt::Display for RowFinding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let head = if self.is_refusal { "refused" } else { "warning" };
        write!(f, "line {}, {}: {head}: {}", self.line, self.field, self.message)
    }
}

impl ImportReport {
    fn of<T>(parsed: &mut Parsed<T>) -> Self {
        Self {
            n_failed: parsed.n_failed,
            errors: std::mem::take(&mut parsed.errors),
            n_errors_unlisted: parsed.n_errors_unlisted,
            dropped: std::mem::take(&mut parsed.dropped),
            ignored: std::mem::take(&mut parsed.ignored),
            encoding: parsed.encoding.to_owned(),
            digest: parsed.digest.clone(),
            ..Self::default()
        }
    }

    fn count<Id: Copy>(&mut self, upserted: Upserted<Id>) {
        match upserted {
            Upserted::Inserted(_) => self.n_inserted += 1,
            Upserted::Updated(_) => self.n_updated += 1,
            Upserted::Unchanged(_) => self.n_unchanged += 1,
        }
    }

    fn find(&mut self, finding: RowFinding) {
        if self.findings.len() < super::limits::ERRORS_MAX {
            self.findings.push(finding);
        } else {
            self.n_findings_unlisted += 1;
        }
    }

    fn fail(&mut self, error: RowError) {
        self.n_failed += 1;
        if self.errors.len() < super::limits::ERRORS_MAX {
            self.errors.push(error);
        } else {
            self.n_errors_unlisted += 1;
        }
    }
}

/// How the transactions of one import follow each other.
struct Writer<'a> {
    db: &'a Database,
    company_id: CompanyId,
    options: &'a Options<'a>,
    /// The one transaction of an import that is all or nothing.
    whole: Option<Transaction>,
    /// Whose rows were written since salts were given last.
    written: Vec<AlumnusId>,
}

impl<'a> Writer<'a> {
    fn new(db: &'a Database, company_id: CompanyId, options: &'a Options<'a>) -> Self {
        Self {
            db,
            company_id,
            options,
            whole: None,
            written: Vec::new(),
        }
    }

    async fn begin(&mut self) -> Result<Transaction, DbError> {
        match self.whole.take() {
            Some(tx) => Ok(tx),
            None => self.db.begin_for(self.company_id).await,
        }
    }

    /// Ends a batch: commits it, keeps it open for the next one, or undoes it.
    async fn end(&mut self, tx: Transaction, n_rows: usize) -> Result<(), DbError> {
        if self.options.is_all_or_nothing {
            self.whole = Some(tx);
        } else if self.options.is_dry_run {
            tx.rollback().await?;
        } else {
            tx.commit().await?;
            self.give_salts().await;
        }
        self.options.progress.advance(n_rows as u64);
        Ok(())
    }

    /// Gives everybody in the file a salt for the records of lists, which the first lists of a large company would have
    /// to do for thousands each. They still do where this fails: the import, whose rows are kept, does not fail with it.
    async fn give_salts(&mut self) {
        for ids in std::mem::take(&mut self.written).chunks(BATCH_ROWS) {
            let given = db::audit::ensure_salts(self.db, self.company_id, ids, self.options.new_salt);
            if let Err(error) = given.await {
                tracing::warn!(
                    company.id = %self.company_id, %error,
                    "people who were imported have no salts yet, and get them with their first list: {error}"
                );
                return;
            }
        }
    }

    /// Ends the import and says in the report whether it is kept.
    async fn finish(mut self, mut report: ImportReport) -> Result<ImportReport, DbError> {
        report.errors.sort_by_key(|error| error.line);
        let is_refused = self.options.is_all_or_nothing && report.n_failed > 0;
        report.is_kept = !is_refused && !self.options.is_dry_run;
        match self.whole.take() {
            Some(tx) if report.is_kept => {
                tx.commit().await?;
                self.give_salts().await;
            }
            Some(tx) => tx.rollback().await?,
            None => {}
        }
        if report.is_kept && report.n_inserted + report.n_updated > 0 {
            self.db.refresh_statistics().await?;
        }
        Ok(report)
    }
}

/// Imports former employees.
///
/// # Errors
///
/// When the database fails; what was committed before stays, and running the import again completes it.
pub async fn apply_alumni(
    db: &Database,
    company_id: CompanyId,
    mut parsed: Parsed<AlumnusRow>,
    options: &Options<'_>,
) -> Result<ImportReport, DbError> {
    let mut report = ImportReport::of(&mut parsed);
    let mut writer = Writer::new(db, company_id, options);
    // The planner is told early, and again whenever there are ten times as many: in between it chooses the same.
    let (mut n_written, mut n_told) = (0, 1);
    for rows in parsed.rows.chunks(BATCH_ROWS) {
        let tx = writer.begin().await?;
        let policy = policy(&tx, company_id).await?;
        let batch = AlumniBatch {
            tx: &tx,
            company_id,
            policy: &policy,
            options,
            digest: &parsed.digest,
        };
        writer.written.extend(batch.apply(rows, &mut report).await?);
        n_written += rows.len();
        if n_written >= 10 * n_told {
            tx.refresh_statistics_of_alumni().await?;
            n_told = n_written;
        }
        writer.end(tx, rows.len()).await?;
    }
    writer.finish(report).await
}

/// The programme's rules; the default where there is no programme.
async fn policy(db: &impl db::Reads, company_id: CompanyId) -> Result<Policy, DbError> {
    let programme = db::programmes::find(db, company_id).await?;
    Ok(programme.map(|programme| programme.policy).unwrap_or_default())
}

/// What is wrong with the group company that a row names, if anything.
fn group_company_error(policy: &Policy, line: u64, code: Option<&String>) -> Option<RowError> {
    let code = code.filter(|code| policy.group_company(code).is_none())?.as_str();
    let known: Vec<&str> = policy
        .group_companies
        .iter()
        .map(|company| company.code.as_str())
        .collect();
    let reason = format!(
        "is no group company of the programme, which has {}",
        if known.is_empty() {
            "none".to_owned()
        } else {
            known.join(", ")
        }
    );
    Some(RowError::new(line, Some("groupCompany"), Some(code), reason))
}

struct AlumniBatch<'a> {
    tx: &'a Transaction,
    company_id: CompanyId,
    policy: &'a Policy,
    options: &'a Options<'a>,
    digest: &'a str,
}

impl AlumniBatch<'_> {
    /// Writes the rows; returns whose records they are.
    async fn apply(&self, rows: &[AlumnusRow], report: &mut ImportReport) -> Result<Vec<AlumnusId>, DbError> {
        let Self { tx, company_id, .. } = *self;
        let external_ids: Vec<String> = rows.iter().map(|row| row.external_id.clone()).collect();
        let ids = db::alumni::load_ids_by_external_id(tx, company_id, &external_ids).await?;
        let known_ids: Vec<AlumnusId> = ids.values().copied().collect();
        let mut earlier: HashMap<AlumnusId, Alumnus> = db::alumni::load(tx, company_id, &known_ids)
            .await?
            .into_iter()
            .map(|alumnus| (alumnus.id, alumnus))
            .collect();
        let mut consents: HashMap<AlumnusId, Vec<Consent>> = HashMap::new();
        for consent in db::consents::load(tx, company_id, &known_ids).await? {
            consents.entry(consent.alumnus_id).or_default().push(consent);
        }
        let emails: Vec<String> = rows.iter().filter_map(|row| row.email.clone()).collect();
        let email_owners = db::alumni::load_ids_by_email(tx, company_id, &emails).await?;

        let erased = db::erased::load(tx, company_id, &identities(rows)).await?;
        let corrections = db::corrections::load_carried(tx, company_id, &known_ids).await?;

        let mut records = Vec::with_capacity(rows.len());
        let mut readdressed = Vec::new();
        let mut wanted_consents = Vec::new();
        for row in rows {
            // Whoever asked to be forgotten does not come back by a file. Whoever has a record does: they joined anew.
            let id = ids.get(&row.external_id).copied();
            if id.is_none()
                && identities(std::slice::from_ref(row))
                    .iter()
                    .any(|it| erased.contains(*it))
            {
                report.n_erased += 1;
                continue;
            }
            let owner = row.email.as_ref().and_then(|email| email_owners.get(email));
            let earlier = id.and_then(|id| earlier.remove(&id));
            let earlier_address = earlier.as_ref().and_then(|earlier| earlier.email.clone());
            let own_address = earlier.as_ref().and_then(proven_address);
            if own_address.is_none() && owner.is_some_and(|owner| Some(*owner) != id) {
                let reason = "is the address of another record of this company, which has another number";
                let email = row.email.as_deref();
                report.fail(RowError::new(row.line, Some("email"), email, reason));
                continue;
            }
            let code = row.employment.group_company.as_ref();
            if let Some(error) = group_company_error(self.policy, row.line, code) {
                report.fail(error);
                continue;
            }
            let is_dropped = row.evaluation.is_some() && !self.policy.keeps_evaluations;
            report.n_evaluations_dropped += u64::from(is_dropped);
            let given = id.and_then(|id| consents.get(&id)).map_or(&[][..], Vec::as_slice);
            let has_chosen = earlier.as_ref().is_some_and(|earlier| has_chosen(earlier, given));
            report.n_own_choices += u64::from(has_chosen && row.interests.is_some());
            let record = self.record(row, earlier, has_chosen).await?;
            let of_person = corrections.get(&record.alumnus.id).map_or(&[][..], Vec::as_slice);
            let (mut record, is_any_kept) = corrected::keep(record, of_person);
            report.n_corrections_kept += u64::from(is_any_kept);
            if own_address.is_some() {
                record.alumnus.email = own_address;
            }
            if earlier_address.is_some() && earlier_address != record.alumnus.email {
                readdressed.push(record.alumnus.id);
            }
            if !has_chosen {
                wanted_consents.extend(self.consents(record.alumnus.id, row, given));
            }
            records.push(record);
        }
        // A link proves the address that it was sent to, and no other that a file has put in its place since.
        for id in readdressed {
            db::sign_in_links::delete_for(tx, company_id, id).await?;
        }
        self.write(&records, &wanted_consents, report).await
    }

    async fn record(
        &self,
        row: &AlumnusRow,
        earlier: Option<Alumnus>,
        has_chosen: bool,
    ) -> Result<Record, DbError> {
        let mut private = Private {
            employee_number: Some(row.external_id.clone()),
            leave_reason: row.leave_reason.clone(),
            employment: row.employment.clone(),
            evaluation: row.evaluation.clone().filter(|_| self.policy.keeps_evaluations),
        };
        let Some(earlier) = earlier else {
            let alumnus = Alumnus {
                id: AlumnusId((self.options.new_id)()),
                company_id: self.company_id,
                external_id: Some(row.external_id.clone()),
                name: row.name.clone(),
                email: row.email.clone(),
                status: AlumnusStatus::Unclaimed,
                interests: row.interests.clone().unwrap_or_default(),
                profile: row.profile.clone(),
            };
            return Ok(Record { alumnus, private });
        };
        if !PRIVATE_KEYS.iter().all(|key| row.carries(key)) {
            let before = db::alumni::find_private(self.tx, self.company_id, earlier.id)
                .await?
                .unwrap_or_default();
            private = Private {
                employee_number: private.employee_number,
                leave_reason: pick(
                    row.carries("leaveReason"),
                    private.leave_reason,
                    before.leave_reason,
                ),
                employment: row.merged_employment(before.employment),
                evaluation: pick(row.carries("evaluation"), private.evaluation, before.evaluation),
            };
        }
        let mut alumnus = row.merged_into(earlier);
        if let Some(interests) = &row.interests
            && !has_chosen
        {
            alumnus.interests.clone_from(interests);
        }
        Ok(Record { alumnus, private })
    }

    /// The consents that the row's interests need and that do not hold yet.
    fn consents(&self, alumnus_id: AlumnusId, row: &AlumnusRow, given: &[Consent]) -> Vec<Consent> {
        let interests = row.interests.as_deref().unwrap_or_default();
        if interests.is_empty() {
            return Vec::new();
        }
        let purposes = [Purpose::Directory, Purpose::Feed]
            .into_iter()
            .chain(interests.iter().map(|interest| Purpose::for_interest(*interest)));
        let mut consents = Vec::new();
        for purpose in purposes {
            if !given.iter().any(|consent| consent.covers(purpose)) {
                consents.push(Consent {
                    id: ConsentId((self.options.new_id)()),
                    alumnus_id,
                    purpose,
                    text_version: CONSENT_TEXT_VERSION.to_owned(),
                    given_at: self.options.now,
                    source: ConsentSource::Import,
                    source_digest: Some(self.digest.to_owned()),
                    state: ConsentState::Given,
                });
            }
        }
        consents
    }

    async fn write(
        &self,
        records: &[Record],
        consents: &[Consent],
        report: &mut ImportReport,
    ) -> Result<Vec<AlumnusId>, DbError> {
        let Self {
            tx,
            company_id,
            options,
            ..
        } = *self;
        let upserted = db::alumni::upsert_all(tx, company_id, records, options.now).await?;
        report.n_consents += db::consents::give_all(tx, company_id, consents).await?;
        let consenting: HashSet<AlumnusId> = consents.iter().map(|consent| consent.alumnus_id).collect();
        let mut changes = Vec::new();
        for upserted in &upserted {
            report.count(*upserted);
            match *upserted {
                Upserted::Inserted(id) | Upserted::Updated(id) => {
                    changes.extend([Change::StandingChanged(id), Change::AlumnusChanged(id)]);
                }
                Upserted::Unchanged(id) if consenting.contains(&id) => {
                    changes.push(Change::StandingChanged(id))
                }
                Upserted::Unchanged(_) => {}
            }
        }
        if !changes.is_empty() {
            db::change_log::append_all(tx, company_id, &changes, options.now).await?;
        }
        Ok(upserted.into_iter().map(Upserted::id).collect())
    }
}

/// By what the people of these rows would be known again.
fn identities(rows: &[AlumnusRow]) -> Vec<Identity<'_>> {
    let numbers = rows.iter().map(|row| Identity::ExternalId(&row.external_id));
    let addresses = rows
        .iter()
        .filter_map(|row| row.email.as_deref())
        .map(Identity::Email);
    numbers.chain(addresses).collect()
}

/// The address that a member proved to be theirs, which no file takes back: it is what they sign in with.
fn proven_address(earlier: &Alumnus) -> Option<String> {
    match earlier.status {
        AlumnusStatus::Active => earlier.email.clone(),
        AlumnusStatus::Unclaimed | AlumnusStatus::PendingApproval | AlumnusStatus::Left => None,
    }
}

/// Whether the person has said anything themselves, so that HR's file no longer speaks for them.
fn has_chosen(earlier: &Alumnus, given: &[Consent]) -> bool {
    let has_signed_in = match earlier.status {
        AlumnusStatus::Unclaimed => false,
        AlumnusStatus::PendingApproval | AlumnusStatus::Active | AlumnusStatus::Left => true,
    };
    let is_own = |consent: &Consent| match (consent.source, consent.state) {
        (ConsentSource::Self_, _) | (_, ConsentState::Withdrawn { .. }) => true,
        (ConsentSource::Import, ConsentState::Given) => false,
    };
    has_signed_in || given.iter().any(is_own)
}

/// Imports opportunities.
///
/// # Errors
///
/// When the database fails; what was committed before stays, and running the import again completes it.
pub async fn apply_opportunities(
    db: &Database,
    company_id: CompanyId,
    mut parsed: Parsed<OpportunityRow>,
    options: &Options<'_>,
) -> Result<ImportReport, DbError> {
    let mut report = ImportReport::of(&mut parsed);
    let company = db::companies::find(db, company_id).await?;
    let is_demonstration = company.is_some_and(|company| company.is_demonstration);
    let policy = policy(db, company_id).await?;
    let mut writer = Writer::new(db, company_id, options);
    for rows in parsed.rows.chunks(BATCH_ROWS) {
        let tx = writer.begin().await?;
        let mut changes = Vec::new();
        let has_wishes = db::wishes::are_there_any(&tx, company_id).await?;
        for row in rows {
            if !policy.offers(row.kind()) {
                let reason = "is a kind that the company's programme does not offer";
                let kind = row.kind().code();
                report.fail(RowError::new(row.line, Some("kind"), Some(kind), reason));
                continue;
            }
            if let Some(error) = group_company_error(&policy, row.line, row.group_company.as_ref()) {
                report.fail(error);
                continue;
            }
            let mut opportunity = merged_opportunity(&tx, company_id, row, options).await?;
            if !is_demonstration {
                keep_as_draft_unless_lawful(&mut opportunity, &mut report);
            }
            describe_wording(&opportunity, row.line, &mut report);
            report.n_incomplete += u64::from(!opportunity.missing_terms().is_empty());
            let upserted = db::opportunities::upsert(&tx, &opportunity, options.now).await?;
            report.count(upserted);
            match upserted {
                Upserted::Inserted(id) | Upserted::Updated(id) => {
                    changes.push(Change::OpportunityChanged(id));
                    if has_wishes && opportunity.is_open_at(options.now) {
                        let job = db::wishes::search_job(company_id, id, (options.new_id)(), options.now);
                        db::jobs::enqueue(&tx, &job, options.now).await?;
                    }
                }
                Upserted::Unchanged(_) => {}
            }
        }
        if !changes.is_empty() {
            db::change_log::append_all(&tx, company_id, &changes, options.now).await?;
        }
        writer.end(tx, rows.len()).await?;
    }
    writer.finish(report).await
}

/// The opportunity after this row.
async fn merged_opportunity(
    tx: &Transaction,
    company_id: CompanyId,
    row: &OpportunityRow,
    options: &Options<'_>,
) -> Result<Opportunity, DbError> {
    let earlier = db::opportunities::find_by_external_id(tx, company_id, &row.external_id).await?;
    Ok(match earlier {
        Some(earlier) => with_seats_settled(tx, row.merged_into(earlier)).await?,
        None => row.to_opportunity(OpportunityId((options.new_id)()), company_id, options.now),
    })
}

/// What the law refuses is not open because a file says so: it waits as a draft for what is missing. A demonstration's
/// stays open, since nobody applies there.
fn keep_as_draft_unless_lawful(opportunity: &mut Opportunity, report: &mut ImportReport) {
    match opportunity.status {
        OpportunityStatus::Open if !law::is_publishable(opportunity) => {
            opportunity.status = OpportunityStatus::Draft;
            report.n_drafts += 1;
        }
        OpportunityStatus::Open
        | OpportunityStatus::Draft
        | OpportunityStatus::Paused
        | OpportunityStatus::Filled
        | OpportunityStatus::Closed => {}
    }
}

fn describe_wording(opportunity: &Opportunity, line: u64, report: &mut ImportReport) {
    for finding in law::findings(opportunity) {
        match finding.code {
            // Counted, and named by `missingTerms`: a file without terms would repeat them for every row.
            LegalCode::Term(_) => {}
            LegalCode::Wording(_) => report.find(RowFinding {
                line,
                field: finding.field.clone(),
                is_refusal: finding.is_refusal(),
                message: finding.message().0,
            }),
        }
    }
}

/// A file may call open what its last seat has filled since.
async fn with_seats_settled(tx: &Transaction, opportunity: Opportunity) -> Result<Opportunity, DbError> {
    match opportunity.status {
        OpportunityStatus::Open => {}
        OpportunityStatus::Draft
        | OpportunityStatus::Paused
        | OpportunityStatus::Filled
        | OpportunityStatus::Closed => return Ok(opportunity),
    }
    let n_taken = db::candidacies::count_seats_taken(tx, opportunity.company_id, opportunity.id).await?;
    let is_full = n_taken >= u64::from(opportunity.seats);
    Ok(opportunity.settle_seats(false, is_full))
}

#[cfg(test)]
mod tests;
