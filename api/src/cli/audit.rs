//! `audit`: the record of every ranking that was shown; `audit invariance` has a file of its own.
//!
//! - Reads the database and nothing else: it needs no index and no dictionary, and works beside a running server.

use std::collections::HashMap;
use std::fmt::Write as _;

use okaeri_engine::domain::{AlumnusId, Company, CompanyId, OpportunityId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::args::{AuditCommand, AuditListArgs, Format};
use super::context;
use super::failure::CliError;
use super::invariance;
use super::output::{number_column, print, table, text_column};
use super::ranking::{json_text, number};
use crate::config::Config;
use crate::db::{self, Database, alumni, opportunities};
use crate::usecase::audit::list::{self, Filter, Listed};
use crate::usecase::audit::replay::{self, Replayed, ReplayedEntry, StoredRanking};
use crate::usecase::audit::{format, verify};

/// Runs one of the commands.
pub(crate) async fn run(config: &Config, command: &AuditCommand) -> Result<(), CliError> {
    let db = async || context::database(config).await;
    match command {
        AuditCommand::Invariance(args) => invariance::run(config, args).await,
        AuditCommand::Verify { company, head } => {
            verify_all(&db().await?, company.as_deref(), head.as_deref()).await
        }
        AuditCommand::Head { company } => head(&db().await?, company).await,
        AuditCommand::Replay { ranking, format } => replay_one(&db().await?, *ranking, *format).await,
        AuditCommand::List(args) => list_some(&db().await?, args).await,
    }
}

async fn verify_all(db: &Database, slug: Option<&str>, head: Option<&str>) -> Result<(), CliError> {
    let companies = match slug {
        Some(slug) => vec![context::company(db, slug).await?],
        None => db::companies::list(db).await?,
    };
    let mut text = String::new();
    let mut is_intact = true;
    for company in companies {
        let report = verify(db, company.id, head).await?;
        let slug = &company.slug;
        for finding in &report.findings {
            let _ = writeln!(text, "{slug}: {}: {}", finding.sequence, finding.what);
        }
        if report.n_more_findings > 0 {
            let _ = writeln!(text, "{slug}: and {} more", report.n_more_findings);
        }
        let verdict = if report.is_intact() {
            "intact"
        } else {
            "NOT INTACT"
        };
        let _ = writeln!(
            text,
            "{slug}: {verdict}: {} records, {} rankings, {} events, {} expired, {} erased, {} tombstones",
            report.n_records,
            report.n_rankings,
            report.n_events,
            report.n_expired,
            report.n_erased,
            report.n_tombstones
        );
        is_intact &= report.is_intact();
    }
    print(&text)?;
    if is_intact {
        Ok(())
    } else {
        Err(CliError::Unsuccessful)
    }
}

async fn head(db: &Database, slug: &str) -> Result<(), CliError> {
    let company = context::company(db, slug).await?;
    let newest = db::audit::find_last(db, company.id).await?;
    let newest = newest.ok_or_else(|| CliError::Failed(format!("no ranking of {slug} was recorded yet")))?;
    print(&format!("{}\t{}\n", newest.sequence, format::hex(&newest.hash)))
}

async fn replay_one(db: &Database, id: Uuid, format: Format) -> Result<(), CliError> {
    let mut found = None;
    for company in db::companies::list(db).await? {
        if let Some(stored) = replay::find(db, company.id, id).await? {
            found = Some((company, stored));
        }
    }
    let (company, stored) = found.ok_or_else(|| {
        CliError::unknown(
            "ranking",
            &id.to_string(),
            "`okaeri audit list --company …` prints them",
        )
    })?;
    let ranking = stored.ranking.ok_or_else(|| {
        CliError::Failed(format!(
            "record {} holds no ranking: it is an event, or retention or an erasure took the ranking",
            stored.row.sequence
        ))
    })?;
    let replayed = replay::replay(&ranking)?;
    let names = Names::load(db, &company, &ranking, &replayed.entries).await?;
    let shown = Shown {
        sequence: stored.row.sequence,
        at: stored.row.at,
        company: &company,
        ranking: &ranking,
        replayed: &replayed,
        names: &names,
    };
    print(&match format {
        Format::Table => shown.table(),
        Format::Json => json_text(&shown.json()),
        Format::Tsv => shown.tsv(),
    })?;
    if replayed.is_same {
        Ok(())
    } else {
        Err(CliError::Unsuccessful)
    }
}

/// The company's own numbers of what stands in a ranking.
struct Names(HashMap<Uuid, String>);

impl Names {
    async fn load(
        db: &Database,
        company: &Company,
        ranking: &StoredRanking,
        entries: &[ReplayedEntry],
    ) -> Result<Self, CliError> {
        let keys = entries.iter().filter_map(|entry| entry.key);
        let mut names = HashMap::new();
        if ranking.header.is_of_people {
            let ids: Vec<AlumnusId> = keys.map(AlumnusId).collect();
            for one in alumni::load(db, company.id, &ids).await? {
                names.insert(one.id.0, number(one.external_id.as_ref(), &one.id));
            }
        } else {
            let ids: Vec<OpportunityId> = keys.map(OpportunityId).collect();
            for one in opportunities::load(db, company.id, &ids).await? {
                names.insert(one.id.0, number(one.external_id.as_ref(), &one.id));
            }
        }
        Ok(Self(names))
    }

    /// The number, else the identifier; a tombstone for somebody who was erased.
    fn of(&self, key: Option<Uuid>) -> String {
        match key {
            Some(key) => self.0.get(&key).cloned().unwrap_or_else(|| key.to_string()),
            None => "(erased)".to_owned(),
        }
    }
}

struct Shown<'a> {
    sequence: u64,
    at: chrono::DateTime<chrono::Utc>,
    company: &'a Company,
    ranking: &'a StoredRanking,
    replayed: &'a Replayed,
    names: &'a Names,
}

impl Shown<'_> {
    fn table(&self) -> String {
        const COLUMNS: [super::output::TableColumn; 4] = [
            number_column("#"),
            number_column("score"),
            text_column("id", 40),
            text_column("contributions", 120),
        ];
        let header = &self.ranking.header;
        let reader = &header.reader;
        let mut text = format!(
            "{} record {} of {}, {}, read by {} ({}), model {}, {} of {} entries\n",
            header.kind,
            self.sequence,
            self.company.slug,
            self.at.to_rfc3339(),
            reader.subject,
            reader.role,
            header.model_version,
            header.n_entries,
            header.n_ranked,
        );
        if !header.left_out.is_empty() {
            let left_out = header.left_out.iter().map(|(rule, n)| format!("{rule} {n}"));
            let _ = writeln!(text, "left out: {}", left_out.collect::<Vec<_>>().join(", "));
        }
        let rows = (1..).zip(&self.replayed.entries).map(|(rank, entry): (u32, _)| {
            vec![
                rank.to_string(),
                entry.score.map(|score| format!("{score:.3}")).unwrap_or_default(),
                self.names.of(entry.key),
                contributions(entry),
            ]
        });
        text.push_str(&table(&COLUMNS, &rows.collect::<Vec<_>>()));
        text.push_str(if self.replayed.is_same {
            "the same as recorded, byte for byte\n"
        } else {
            "NOT the same as recorded\n"
        });
        text
    }

    fn tsv(&self) -> String {
        let mut text = String::new();
        for (rank, entry) in (1..).zip(&self.replayed.entries) {
            let score = entry.score.map(|score| score.to_string()).unwrap_or_default();
            let _ = writeln!(text, "{rank}\t{}\t{score}", self.names.of(entry.key));
        }
        text
    }

    fn json(&self) -> Value {
        let entries = (1..).zip(&self.replayed.entries).map(|(rank, entry): (u32, _)| {
            let contributions = entry.contributions.iter();
            let contributions =
                contributions.map(|(feature, value)| (feature.code().to_owned(), Value::from(*value)));
            json!({
                "rank": rank,
                "id": self.names.of(entry.key),
                "isErased": entry.key.is_none(),
                "score": entry.score,
                "contributions": contributions.collect::<serde_json::Map<_, _>>(),
            })
        });
        json!({
            "sequence": self.sequence,
            "at": self.at,
            "company": self.company.slug,
            "record": self.ranking.header,
            "criteria": self.ranking.criteria,
            "isSame": self.replayed.is_same,
            "entries": entries.collect::<Vec<_>>(),
        })
    }
}

/// The largest contributions, by magnitude.
fn contributions(entry: &ReplayedEntry) -> String {
    const SHOWN_MAX: usize = 5;
    let mut all: Vec<_> = entry
        .contributions
        .iter()
        .filter(|(_, value)| *value != 0.0)
        .collect();
    all.sort_by(|(_, one), (_, other)| other.abs().total_cmp(&one.abs()));
    let shown = all.iter().take(SHOWN_MAX);
    let texts = shown.map(|(feature, value)| format!("{} {value:+.3}", feature.code()));
    texts.collect::<Vec<_>>().join(", ")
}

async fn list_some(db: &Database, args: &AuditListArgs) -> Result<(), CliError> {
    const COLUMNS: [super::output::TableColumn; 7] = [
        number_column("#"),
        text_column("at", 20),
        text_column("kind", 10),
        text_column("ranking", 36),
        text_column("reader", 24),
        text_column("about", 36),
        number_column("entries"),
    ];
    let company = context::company(db, &args.company).await?;
    let filter = Filter {
        subject_id: opportunity(db, company.id, args.opportunity.as_deref()).await?,
        alumnus_id: alumnus(db, company.id, args.alumnus.as_deref()).await?,
        since: args.since,
        ..Filter::default()
    };
    let keys = list::keys(db, company.id, &filter).await?;
    let n_all = keys.len();
    let limit = usize::try_from(args.limit).unwrap_or(usize::MAX);
    let shown: Vec<_> = keys.into_iter().take(limit).collect();
    let records = list::load(db, company.id, &shown).await?;
    let rows = records.iter().map(|record: &Listed| {
        let header = record.header.as_ref();
        vec![
            record.row.sequence.to_string(),
            record.row.at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            record.row.kind.clone(),
            record.row.record_id.to_string(),
            header
                .map(|header| format!("{} ({})", header.reader.subject, header.reader.role))
                .unwrap_or_default(),
            header
                .and_then(|header| header.subject_id)
                .map(|id| id.to_string())
                .unwrap_or_default(),
            header
                .map(|header| header.n_entries.to_string())
                .unwrap_or_default(),
        ]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    print(&format!(
        "{} of {n_all} records\n{}",
        rows.len(),
        table(&COLUMNS, &rows)
    ))
}

async fn opportunity(
    db: &Database,
    company_id: CompanyId,
    number: Option<&str>,
) -> Result<Option<Uuid>, CliError> {
    let Some(number) = number else { return Ok(None) };
    let found = opportunities::find_by_external_id(db, company_id, number).await?;
    let remedy = "give a number from the import, such as r05, to --opportunity";
    let found = found.ok_or_else(|| CliError::unknown("opportunity", number, remedy))?;
    Ok(Some(found.id.0))
}

async fn alumnus(
    db: &Database,
    company_id: CompanyId,
    number: Option<&str>,
) -> Result<Option<AlumnusId>, CliError> {
    let Some(number) = number else { return Ok(None) };
    let found = alumni::find_by_external_id(db, company_id, number).await?;
    let remedy = "give a number from the import, such as a001, to --alumnus";
    Ok(Some(
        found
            .ok_or_else(|| CliError::unknown("alumnus", number, remedy))?
            .id,
    ))
}
