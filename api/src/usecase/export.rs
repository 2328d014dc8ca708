//! Everything about one person as one JSON document: docs/EXPORT.md names its keys.
//!
//! - Read from one state of the database and handed on section by section, so that its size is nobody's memory.
//! - Complete by construction: `db::person` lists the tables, and a test compares it with the databases' catalogs.
//! - What tells of others (who of the staff wrote, invited or read) is not in it.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use okaeri_engine::domain::{
    AlumnusId, CompanyId, ConsentText, Exclusion, ExclusionTarget, Purpose, Role, Viewer,
};
use okaeri_engine::features::FeatureId;
use okaeri_engine::ranking::learn::Preference;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::served::{Entry, Served};
use super::sign_in::token_digest;
use super::{Failure, Fault, audit, consent_texts};
use crate::app::App;
use crate::db::export_links::{self, ExportLink};
use crate::db::served_lists::{self, ServedList};
use crate::db::{Reads, companies, exclusions, learnt_preferences, opportunities, person};
use crate::rate::{Bucket, RetryAfter};

/// The version of the document's form; it changes when a key changes its meaning or goes.
pub const FORMAT: &str = "okaeri-export/1";
/// How long a link is good for: a download follows the click.
const LINK_AGE: TimeDelta = TimeDelta::minutes(10);
/// Most lists of each sort in a document, newest first: a hundred a day for 90 days.
const LISTS_MAX: usize = 9_000;
/// Lists in memory at a time: some 200 kB each.
const LISTS_PER_STEP: usize = 20;
/// How long a reader may take for a part: a state of the database is held meanwhile.
const PART_TIMEOUT: Duration = Duration::from_secs(30);
/// Parts that wait for a slow reader.
const PARTS_WAITING_MAX: usize = 4;

/// A part of the document; an error ends it unfinished.
pub type Part = Result<String, Fault>;

/// Where the person gets the document, once.
#[derive(Clone)]
pub struct Link {
    /// The whole address.
    pub url: String,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
}

/// How asking for a link ends when it does not succeed.
#[derive(Debug)]
pub enum ExportFailure {
    /// Too often.
    Limited(RetryAfter),
    /// Otherwise.
    Failed(Failure),
}

/// Gives the viewer a link that works once; on request, it is the only one that does.
pub async fn request_link(
    app: &App,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    revokes_earlier: bool,
) -> Result<Link, ExportFailure> {
    let key = format!("{}\n{}", viewer.company_id, viewer.subject);
    app.limiter
        .check(Bucket::Export, &key)
        .map_err(ExportFailure::Limited)?;
    let made = insert_link(app, viewer.company_id, alumnus_id, revokes_earlier).await;
    made.map_err(|fault| ExportFailure::Failed(Failure::Fault(fault)))
}

async fn insert_link(
    app: &App,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    revokes_earlier: bool,
) -> Result<Link, Fault> {
    let (now, token) = (app.clock.now(), app.clock.new_secret());
    let link = ExportLink {
        token_digest: token_digest(&token),
        company_id,
        alumnus_id,
        expires_at: now + LINK_AGE,
    };
    let tx = app.db.begin().await?;
    if revokes_earlier {
        export_links::delete_for(&tx, company_id, alumnus_id).await?;
    }
    export_links::insert(&tx, &link, now).await?;
    tx.commit().await?;
    Ok(Link {
        url: format!("{}/export/{token}", app.config.public_url()),
        expires_at: link.expires_at,
    })
}

/// The document behind a link, which is used up by it. `None` when the link is unknown, used or expired.
pub async fn follow_link(app: &Arc<App>, token: &str) -> Result<Option<mpsc::Receiver<Part>>, Fault> {
    let tx = app.db.begin().await?;
    let Some((company_id, alumnus_id)) =
        export_links::consume(&tx, &token_digest(token), app.clock.now()).await?
    else {
        return Ok(None);
    };
    tx.commit().await?;
    Ok(Some(document(Arc::clone(app), company_id, alumnus_id)))
}

/// The person's document in its parts, in their order.
pub fn document(app: Arc<App>, company_id: CompanyId, alumnus_id: AlumnusId) -> mpsc::Receiver<Part> {
    let (parts, reader) = mpsc::channel(PARTS_WAITING_MAX);
    tokio::spawn(async move {
        if let Err(fault) = write(&app, company_id, alumnus_id, &parts).await {
            // Nobody may be there to hear it.
            let _ = parts.send(Err(fault)).await;
        }
    });
    reader
}

/// Writes `{`, the sections, and `}`.
async fn write(
    app: &App,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    parts: &mpsc::Sender<Part>,
) -> Result<(), Fault> {
    let db = app.db.snapshot().await?;
    let company = companies::find(&db, company_id)
        .await?
        .ok_or_else(|| Fault::Broken(format!("company {company_id} does not exist")))?;
    let record = person::find_record(&db, company_id, alumnus_id).await?;
    let mut out = Out {
        parts,
        is_first: true,
    };
    out.section("format", &json!(FORMAT)).await?;
    out.section("exportedAt", &json!(app.clock.now())).await?;
    out.section("company", &json!({"slug": company.slug, "name": company.name}))
        .await?;
    out.section("record", &json!(record)).await?;
    for (key, mut rows) in person::load(&db, company_id, alumnus_id).await? {
        match key {
            "consents" => add_consent_texts(&db, company_id, &mut rows).await?,
            "learntPreferences" => rows = learnt(&db, company_id, alumnus_id, rows).await?,
            _ => {}
        }
        out.section(key, &Value::Array(rows)).await?;
    }
    for (key, rows) in person::load_children(&db, company_id, alumnus_id).await? {
        out.section(key, &Value::Array(rows)).await?;
    }
    out.section(
        "jobs",
        &Value::Array(person::load_jobs(&db, company_id, alumnus_id).await?),
    )
    .await?;
    let excluded = exclusions::find(&db, company_id, alumnus_id)
        .await?
        .unwrap_or_default();
    let excluded: Vec<Value> = excluded.iter().map(exclusion).collect();
    out.section("exclusions", &Value::Array(excluded)).await?;
    rankings(&db, company_id, alumnus_id, &mut out).await?;
    shown_lists(&db, company_id, alumnus_id, &mut out).await?;
    out.end().await
}

/// Where the parts go, with commas between them.
struct Out<'a> {
    parts: &'a mpsc::Sender<Part>,
    is_first: bool,
}

impl Out<'_> {
    async fn section(&mut self, key: &str, value: &Value) -> Result<(), Fault> {
        let head = self.head(key);
        self.send(format!("{head}{value}")).await
    }

    fn head(&mut self, key: &str) -> String {
        let before = if std::mem::take(&mut self.is_first) {
            "{\n"
        } else {
            ",\n"
        };
        format!("{before}{}: ", Value::from(key))
    }

    async fn end(self) -> Result<(), Fault> {
        self.send("\n}\n".to_owned()).await
    }

    async fn send(&self, part: String) -> Result<(), Fault> {
        match tokio::time::timeout(PART_TIMEOUT, self.parts.send(Ok(part))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Fault::Broken("nobody reads the export any more".to_owned())),
        }
    }
}

/// What the person excluded, in confidence: theirs to read in clear.
fn exclusion(exclusion: &Exclusion) -> Value {
    match &exclusion.target {
        ExclusionTarget::Unit(unit) => json!({"unit": unit, "since": exclusion.since}),
        ExclusionTarget::Staff { subject, unit } => {
            json!({"staff": subject, "unit": unit, "since": exclusion.since})
        }
    }
}

/// Writes the lists that the person stood in or was found by, latest first, some at a time.
async fn rankings(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    out: &mut Out<'_>,
) -> Result<(), Fault> {
    let mut text = format!("{}[", out.head("rankings"));
    let (mut before, mut n_told) = (None, 0);
    while n_told < LISTS_MAX {
        let some = audit::rankings_of(db, company_id, alumnus_id, before, LISTS_PER_STEP).await?;
        let Some(last) = some.last() else { break };
        before = Some(last.sequence);
        let subjects: Vec<_> = some.iter().filter_map(|ranking| ranking.opportunity_id).collect();
        let offers = opportunities::load(db, company_id, &subjects).await?;
        for ranking in &some {
            let offer = offers
                .iter()
                .find(|offer| Some(offer.id) == ranking.opportunity_id);
            let sum: f64 = ranking.contributions.iter().map(|(_, value)| value).sum();
            let told = json!({
                "id": ranking.ranking_id,
                "kind": ranking.kind.code(),
                "servedAt": ranking.at,
                "opportunity": offer.map(|offer| json!({
                    "id": offer.id,
                    "kind": offer.kind().code(),
                    "title": offer.title,
                    "department": offer.department,
                })),
                "readerRole": ranking.reader_role.map(Role::code),
                "readerUnit": ranking.reader_unit,
                "rank": ranking.rank,
                "of": ranking.n_ranked,
                "score": ranking.score,
                "base": ranking.score.map(|score| score - sum),
                "contributions": contributions(ranking.contributions.iter().copied()),
            });
            let comma = if n_told == 0 { "\n" } else { ",\n" };
            text.push_str(&format!("{comma}{told}"));
            n_told += 1;
        }
        out.send(std::mem::take(&mut text)).await?;
    }
    text.push(']');
    out.send(text).await
}

/// Writes the lists that the person was served, latest first, some at a time.
async fn shown_lists(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    out: &mut Out<'_>,
) -> Result<(), Fault> {
    let mut ids = served_lists::list_ids_for_viewer(db, company_id, &alumnus_id.to_string()).await?;
    ids.truncate(LISTS_MAX);
    let mut text = format!("{}[", out.head("listsShownToMe"));
    let mut n_told = 0;
    for ids in ids.chunks(LISTS_PER_STEP) {
        let mut loaded = served_lists::load(db, company_id, ids.iter().map(|id| id.0)).await?;
        loaded.sort_by_key(|row| std::cmp::Reverse(row.id));
        for row in loaded {
            let served: Served = postcard::from_bytes(&row.entries)
                .map_err(|error| Fault::Broken(format!("served list {} is unreadable: {error}", row.id)))?;
            let comma = if n_told == 0 { "\n" } else { ",\n" };
            text.push_str(&format!("{comma}{}", shown(&row, &served)));
            n_told += 1;
        }
        out.send(std::mem::take(&mut text)).await?;
    }
    text.push(']');
    out.send(text).await
}

/// A list that the person was served.
fn shown(list: &ServedList, served: &Served) -> Value {
    let entry = |entry: &Entry| {
        let values = FeatureId::ALL.iter().copied().zip(entry.contributions());
        json!({
            "key": entry.key,
            "score": score(served, entry),
            "contributions": contributions(values),
        })
    };
    json!({
        "id": list.id,
        "kind": list.kind.code(),
        "servedAt": list.created_at,
        "asOf": list.as_of,
        "modelVersion": list.model_version,
        "learntVersion": list.learnt_version,
        "base": served.base,
        "entries": served.entries.iter().map(entry).collect::<Vec<Value>>(),
    })
}

/// `null` for lists without scores.
fn score(served: &Served, entry: &Entry) -> Value {
    if entry.contributions().is_empty() {
        return Value::Null;
    }
    json!(served.base + entry.contributions().iter().sum::<f64>())
}

/// What each feature added, without those that added nothing.
fn contributions(values: impl Iterator<Item = (FeatureId, f64)>) -> Value {
    let told = values.filter(|(_, value)| *value != 0.0);
    Value::Array(
        told.map(|(feature, value)| json!({"feature": feature.code(), "value": value}))
            .collect(),
    )
}

/// Adds what was agreed to, word for word.
async fn add_consent_texts(db: &impl Reads, company_id: CompanyId, rows: &mut [Value]) -> Result<(), Fault> {
    let name_of = |row: &Value| {
        let purpose = Purpose::from_code(row["purpose"].as_str()?)?;
        Some((purpose, row["textVersion"].as_str()?.to_owned()))
    };
    let names: Vec<(Purpose, String)> = rows.iter().filter_map(name_of).collect();
    let texts = consent_texts::load(db, company_id, &names).await?;
    for row in rows {
        let Some((purpose, version)) = name_of(row) else {
            continue;
        };
        let agreed = |text: &&ConsentText| text.purpose == purpose && text.version == version;
        row["text"] = texts.iter().find(agreed).map_or(
            Value::Null,
            |text| json!({"en": text.english, "ja": text.japanese}),
        );
    }
    Ok(())
}

/// What was learnt, readable: the state of each version as numbers.
async fn learnt(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    mut rows: Vec<Value>,
) -> Result<Vec<Value>, Fault> {
    for row in &mut rows {
        let Some(version) = row["version"].as_u64() else {
            continue;
        };
        let stored = learnt_preferences::find(db, company_id, alumnus_id, version).await?;
        let state = stored.and_then(|stored| postcard::from_bytes::<Preference>(&stored.state).ok());
        row["state"] = serde_json::to_value(state).unwrap_or_default();
    }
    Ok(rows)
}
