//! Whether a company's lists move when nothing but what matching must not see is changed (A1, A2, A3, A5, C20).
//!
//! - Twins take the way that everybody takes: a file, the import, the change log, the projection, the index, a ranking
//!   for every open opportunity and a feed for every person.
//! - All of a group are in the company at once, so that they share every statistic of it: they have to tie, bit by bit.
//! - It writes. A company of its own is the caller's to provide; [`copy`] makes one.

use std::collections::{BTreeMap, HashMap};

use okaeri_engine::counterfactual::{Group, Kind, Record};
use okaeri_engine::domain::{
    AlumnusId, Asker, Company, CompanyId, Opportunity, OpportunityId, Policy, Programme,
};
use okaeri_engine::features::lived::LivedExperience;
use serde_json::{Value, json};

use crate::app::App;
use crate::db::change_log::{self, Change};
use crate::db::{alumni, companies, opportunities, programmes};
use crate::import::{self, Options};
use crate::projection::run_blocking;
use crate::usecase::feed::OwnAnswers;
use crate::usecase::{Fault, candidates, feed};

/// Examples that a report keeps of each kind.
const EXAMPLES_MAX: usize = 5;

/// What a report says of one kind of counterfactual.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Finding {
    /// How many twins were compared.
    pub n_twins: u64,
    /// How many of them stand elsewhere, or with another score, in any list.
    pub n_moved: u64,
    /// The largest difference between two scores.
    pub largest_move: f64,
    /// What the first of them had said: invented text.
    pub examples: Vec<String>,
}

/// What was found, by kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The kinds that occurred.
    pub findings: BTreeMap<Kind, Finding>,
}

impl Report {
    /// How many twins were compared.
    #[must_use]
    pub fn n_twins(&self) -> u64 {
        self.findings.values().map(|finding| finding.n_twins).sum()
    }

    /// How many of them moved.
    #[must_use]
    pub fn n_moved(&self) -> u64 {
        self.findings.values().map(|finding| finding.n_moved).sum()
    }

    /// Takes another batch's findings in.
    pub fn add(&mut self, other: Self) {
        for (kind, found) in other.findings {
            let finding = self.findings.entry(kind).or_default();
            finding.n_twins += found.n_twins;
            finding.n_moved += found.n_moved;
            finding.largest_move = finding.largest_move.max(found.largest_move);
            finding.examples.extend(found.examples);
            finding.examples.truncate(EXAMPLES_MAX);
        }
    }
}

/// The company's own number of somebody in a group: the reference is 0, the twins follow.
#[must_use]
pub fn external_id(group: usize, member: usize) -> String {
    format!("t{group:05}-{member:02}")
}

/// The rows of an import that brings groups into a company, one a line: everybody opts into everything.
#[must_use]
pub fn file(groups: &[Group]) -> String {
    let mut lines = String::new();
    for (group, members) in groups.iter().enumerate() {
        let twins = members.twins.iter().map(|twin| &twin.record);
        for (member, record) in std::iter::once(&members.reference).chain(twins).enumerate() {
            lines.push_str(&row(&external_id(group, member), record).to_string());
            lines.push('\n');
        }
    }
    lines
}

fn row(external_id: &str, record: &Record) -> Value {
    let profile = &record.profile;
    let mut row = json!({
        "id": external_id,
        "name": record.name.kanji,
        "nameKana": record.name.kana,
        "prefecture": profile.prefecture.map(|prefecture| prefecture.name()),
        "headline": profile.headline,
        "summary": profile.summary,
        "skills": profile.skills,
        "qualifications": profile.qualifications,
        "languages": profile.languages.iter().map(|one| json!({
            "language": one.language,
            "level": one.level.code(),
        })).collect::<Vec<_>>(),
        "tenures": profile.tenures.iter().map(|one| json!({
            "department": one.department,
            "title": one.title,
            "from": one.from.to_string(),
            "to": one.to.map(|month| month.to_string()),
            "description": one.description,
        })).collect::<Vec<_>>(),
        "careerAfter": profile.career_after.iter().map(|one| json!({
            "organization": one.organization,
            "title": one.title,
            "from": one.from.to_string(),
            "to": one.to.map(|month| month.to_string()),
            "description": one.description,
        })).collect::<Vec<_>>(),
        "leaveReason": record.leave_reason,
        "leavingKind": record.leaving_kind,
        "interests": ["REHIRE", "CONTRACT_WORK", "SPEAKING"],
        "workStyle": profile.work_style.map(|style| json!({
            "remote": style.remote.code(),
            "hoursPerWeek": style.hours_per_week,
            "availableFrom": style.available_from.map(|month| month.to_string()),
        })),
        "confirmedOn": profile.confirmed_on.map(|day| day.to_string()),
    });
    if let Some((column, value)) = record.hidden {
        row[column] = Value::from(value);
    }
    row
}

/// Makes a company with these opportunities, of which the programme's policy admits everybody.
///
/// # Errors
///
/// What the database says.
pub async fn copy(app: &App, slug: &str, offers: &[Opportunity]) -> Result<CompanyId, Fault> {
    let now = app.clock.now();
    let company_id = CompanyId(app.clock.new_id());
    let company = Company {
        id: company_id,
        slug: slug.to_owned(),
        name: slug.to_owned(),
        is_demonstration: true,
    };
    let programme = Programme::new(company_id, Policy::default());
    let tx = app.db.begin().await?;
    companies::insert(&tx, &company, now).await?;
    programmes::insert(&tx, &programme, now).await?;
    change_log::append(&tx, company_id, Change::ProgrammeChanged, now).await?;
    for offer in offers {
        let offer = Opportunity {
            id: OpportunityId(app.clock.new_id()),
            company_id,
            ..offer.clone()
        };
        opportunities::insert(&tx, &offer, now).await?;
        change_log::append(&tx, company_id, Change::OpportunityChanged(offer.id), now).await?;
    }
    tx.commit().await?;
    Ok(company_id)
}

/// Why groups cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum InvarianceError {
    /// The rows are none that the import takes.
    #[error("the import refuses twins: {0}")]
    Refused(String),
    /// Something failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Imports groups into a company and writes its index.
///
/// # Errors
///
/// [`InvarianceError::Refused`] names the first row that the import does not take.
pub async fn load(app: &App, company_id: CompanyId, groups: &[Group]) -> Result<(), InvarianceError> {
    let refused = |error: String| InvarianceError::Refused(error);
    let parsed = import::parse_alumni(file(groups).as_bytes()).map_err(|error| refused(error.to_string()))?;
    if let Some(error) = parsed.errors.first() {
        return Err(refused(error.to_string()));
    }
    let new_id = || app.clock.new_id();
    let options = Options {
        is_dry_run: false,
        is_all_or_nothing: true,
        now: app.clock.now(),
        new_id: &new_id,
        new_salt: &|| app.clock.new_salt(),
        progress: &(),
    };
    let report = import::apply_alumni(&app.db, company_id, parsed, &options)
        .await
        .map_err(Fault::from)?;
    if let Some(error) = report.errors.first() {
        return Err(refused(error.to_string()));
    }
    app.projections.index(company_id).await?;
    Ok(())
}

/// Scores and places by opportunity.
type Standing = BTreeMap<OpportunityId, (u64, usize)>;

/// Which of a person's two lists is the feed; the other has their places as a candidate.
const FEED: usize = 1;

/// Compares the members of each group in every list of the company.
///
/// # Errors
///
/// What the database or the index says.
pub async fn compare(app: &App, company_id: CompanyId, groups: &[Group]) -> Result<Report, Fault> {
    let numbers: Vec<String> = groups
        .iter()
        .enumerate()
        .flat_map(|(group, members)| (0..=members.twins.len()).map(move |member| external_id(group, member)))
        .collect();
    let ids = alumni::load_ids_by_external_id(&app.db, company_id, &numbers).await?;
    let projection = app.projections.barrier(company_id).await?;
    let (model, now) = (std::sync::Arc::clone(&app.model), app.clock.now());
    let groups = groups.to_vec();
    run_blocking(move || {
        let state = projection.state();
        let mut ranked: HashMap<AlumnusId, Standing> = HashMap::new();
        let mut asked: HashMap<OpportunityId, LivedExperience> = HashMap::new();
        for (opportunity_id, entry) in &state.opportunities {
            let Some(ranking) = candidates::rank(&state, &model, *opportunity_id, &Asker::COMPANY, now)
            else {
                continue;
            };
            asked.insert(*opportunity_id, LivedExperience::asked_by(&entry.opportunity));
            let mut place = (0, None);
            for (above, candidate) in ranking.candidates.iter().enumerate() {
                let bits = candidate.score.to_bits();
                // Who ties shares a place.
                if place.1 != Some(bits) {
                    place = (above, Some(bits));
                }
                let standing = ranked.entry(candidate.alumnus_id).or_default();
                standing.insert(*opportunity_id, (bits, place.0));
            }
        }
        let feed_of = |id: AlumnusId| -> Standing {
            let answers = OwnAnswers::default();
            let asked = feed::Asked {
                alumnus_id: id,
                answers: &answers,
                kinds: None,
                now,
            };
            let feed = feed::rank(&projection, &state, &model, &asked);
            let items = feed.items.iter().enumerate();
            items
                .map(|(place, item)| (item.opportunity_id, (item.score.to_bits(), place)))
                .collect()
        };
        let mut report = Report::default();
        for (group, members) in groups.iter().enumerate() {
            let lists = |member: usize| -> Option<[Standing; 2]> {
                let id = *ids.get(&external_id(group, member))?;
                Some([ranked.get(&id).cloned().unwrap_or_default(), feed_of(id)])
            };
            let reference = lists(0);
            for (idx, twin) in members.twins.iter().enumerate() {
                let named = LivedExperience::named_in(&twin.said);
                let may_move =
                    |id: &OpportunityId| asked.get(id).is_some_and(|asked| named.may_be_read_for(*asked));
                let moved = moved(reference.as_ref(), lists(idx + 1).as_ref(), may_move);
                let finding = report.findings.entry(twin.kind).or_default();
                finding.n_twins += 1;
                if let Some(difference) = moved {
                    finding.n_moved += 1;
                    finding.largest_move = finding.largest_move.max(difference);
                    if finding.examples.len() < EXAMPLES_MAX {
                        finding.examples.push(twin.said.clone());
                    }
                }
            }
        }
        Ok(report)
    })
    .await?
}

/// The largest difference between two scores of the same list; `None` where no score and no place differs.
fn moved(
    reference: Option<&[Standing; 2]>,
    twin: Option<&[Standing; 2]>,
    may_move: impl Fn(&OpportunityId) -> bool,
) -> Option<f64> {
    let (Some(reference), Some(twin)) = (reference, twin) else {
        // Whoever is missing has moved as far as one can.
        return Some(1.0);
    };
    let mut difference: Option<f64> = None;
    for (list, (reference, twin)) in reference.iter().zip(twin).enumerate() {
        let is_any_open = reference.keys().chain(twin.keys()).any(&may_move);
        // Where one item of a feed may move, so may the others: it is varied by what stands above.
        if list == FEED && is_any_open {
            continue;
        }
        for id in reference.keys().chain(twin.keys()).filter(|id| !may_move(id)) {
            let step = match (reference.get(id), twin.get(id)) {
                (Some((bits, place)), Some((other_bits, other_place))) => {
                    let is_same = bits == other_bits && place == other_place;
                    (!is_same).then(|| (f64::from_bits(*bits) - f64::from_bits(*other_bits)).abs())
                }
                _ => Some(1.0),
            };
            difference = step.map_or(difference, |step| Some(difference.unwrap_or(0.0).max(step)));
        }
    }
    difference
}
