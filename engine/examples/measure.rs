//! Measures the ranking on a graded collection in the demonstration's format.
//!
//! `cargo run --example measure -- DIRECTORY [--dump FILE]` prints nDCG@10, P@5 and recall@50 by kind and the
//! contrast pairs in order; `--dump` writes the effective features of every eligible pair, for fitting weights.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use okaeri_engine::domain::*;
use okaeri_engine::eval;
use okaeri_engine::features::{AnalyzedOpportunity, AnalyzedProfile, FeatureId, analysis};
use okaeri_engine::ranking::{self, Model, Pool, RankRequest};
use okaeri_engine::text::{Analyzer, Dictionary, dictionary};
use serde_json::Value;
use uuid::Uuid;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let dir = Path::new(&arguments[1]);
    let dump = arguments
        .iter()
        .position(|one| one == "--dump")
        .map(|idx| arguments[idx + 1].clone());
    let var = |name| std::env::var_os(name);
    let dictionary_dir =
        dictionary::default_dir(var("OKAERI_DICTIONARY_DIR"), var("XDG_CACHE_HOME"), var("HOME")).unwrap();
    let analyzer = Analyzer::new(&Dictionary::open(&dictionary_dir).unwrap(), &[]).unwrap();
    let now: DateTime<Utc> = "2026-11-20T03:00:00Z".parse().unwrap();

    let mut pool = Pool::default();
    let mut ids = Names::default();
    for row in rows(&dir.join("alumni.jsonl")) {
        let id = AlumnusId(ids.id(text(&row, "id")));
        let profile = profile(&row);
        pool.set_standing(id, standing(&row, &profile));
        pool.upsert_profile(id, Arc::new(analysis::profile(&analyzer, &profile)));
    }
    let opportunities: Vec<AnalyzedOpportunity> = rows(&dir.join("opportunities.jsonl"))
        .iter()
        .map(|row| analysis::opportunity(&analyzer, &opportunity(row, ids.id(text(row, "id")), now)))
        .collect();
    let mut grades: HashMap<(Uuid, Uuid), f64> = HashMap::new();
    for line in fs::read_to_string(dir.join("qrels.tsv")).unwrap().lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        grades.insert(
            (ids.id(columns[0]), ids.id(columns[1])),
            columns[2].parse().unwrap(),
        );
    }
    let mut contrasts: HashMap<Uuid, HashMap<String, Uuid>> = HashMap::new();
    for line in fs::read_to_string(dir.join("contrasts.tsv")).unwrap().lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let of_opportunity = contrasts.entry(ids.id(columns[0])).or_default();
        of_opportunity.insert(columns[1].to_owned(), ids.id(columns[2]));
    }

    let model = Model::bundled();
    let policy = Policy::default();
    let withheld = HashMap::new();
    let mut measures: HashMap<&str, [Vec<f64>; 3]> = HashMap::new();
    let mut pairs = [[0, 0]; 2];
    let mut dumped = String::new();
    let verbose = arguments.iter().any(|one| one == "--verbose");
    let started = Instant::now();
    for opportunity in &opportunities {
        let request = RankRequest {
            opportunity,
            policy: &policy,
            now,
            withheld: &withheld,
            retrieved: None,
        };
        let ranking = ranking::rank(&request, &pool, &model);
        let oid = opportunity.opportunity.id.0;
        let name = ids.name(oid);
        let grade = |id: Uuid| grades.get(&(oid, id)).copied().unwrap_or(0.0);
        let ranked: Vec<Uuid> = ranking.candidates.iter().map(|one| one.alumnus_id.0).collect();
        let served: Vec<f64> = ranked.iter().map(|id| grade(*id)).collect();
        let judged: Vec<f64> = grades
            .iter()
            .filter(|((one, _), _)| *one == oid)
            .map(|(_, grade)| *grade)
            .collect();
        let kind = opportunity.opportunity.kind().code();
        let values = [
            eval::ndcg_at(10, &served, &judged),
            eval::precision_at(5, 1.5, &served, &judged),
            eval::recall_at(50, 1.0, &served, &judged),
        ];
        if verbose {
            let top: Vec<String> = ranked
                .iter()
                .take(10)
                .map(|id| format!("{}:{}", ids.name(*id), grade(*id)))
                .collect();
            println!("{name} {:.3} {}", values[0], top.join(" "));
        }
        for kind in [kind, "ALL"] {
            for (idx, value) in values.iter().enumerate() {
                measures.entry(kind).or_default()[idx].push(*value);
            }
        }
        if let Some(people) = contrasts.get(&oid) {
            for (idx, better) in ["fit", "gap"].iter().enumerate() {
                if let (Some(better), Some(decoy)) = (people.get(*better), people.get("decoy")) {
                    pairs[idx][0] += usize::from(eval::is_in_order(&ranked, better, decoy));
                    pairs[idx][1] += 1;
                }
            }
        }
        for candidate in &ranking.candidates {
            let id = candidate.alumnus_id.0;
            write!(dumped, "{name}\t{}\t{}", ids.name(id), grade(id)).unwrap();
            for feature in FeatureId::ALL {
                let (weight, mean) = (
                    model.weights()[*feature as usize],
                    model.means()[*feature as usize],
                );
                let value = candidate.contributions[*feature as usize] / weight.max(1e-12) + mean;
                write!(dumped, "\t{value:.8}").unwrap();
            }
            dumped.push('\n');
        }
    }
    println!("ranked {} lists in {:?}", opportunities.len(), started.elapsed());
    for kind in ["ALL", "ROLE", "SPEAKER_SLOT", "CONTRACT_WORK"] {
        if let Some([ndcg, precision, recall]) = measures.get(kind) {
            println!(
                "{kind:14} nDCG@10 {:.3}  P@5 {:.3}  recall@50 {:.3}  ({} lists)",
                eval::mean(ndcg),
                eval::mean(precision),
                eval::mean(recall),
                ndcg.len()
            );
        }
    }
    println!(
        "fit above decoy {}/{}, gap above decoy {}/{}",
        pairs[0][0], pairs[0][1], pairs[1][0], pairs[1][1]
    );
    if let Some(path) = dump {
        let header: Vec<&str> = FeatureId::ALL.iter().map(|feature| feature.code()).collect();
        fs::write(
            path,
            format!("opportunity\talumnus\tgrade\t{}\n{dumped}", header.join("\t")),
        )
        .unwrap();
    }
    let profiles: Vec<&Arc<AnalyzedProfile>> = pool.ids().filter_map(|id| pool.profile(id)).collect();
    println!("{} profiles, {} terms", profiles.len(), pool.vocabulary().len());
}

/// External ids as identifiers.
#[derive(Default)]
struct Names {
    ids: HashMap<String, Uuid>,
    names: Vec<String>,
}

impl Names {
    fn id(&mut self, name: &str) -> Uuid {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        let id = Uuid::from_u128(self.names.len() as u128);
        self.names.push(name.to_owned());
        self.ids.insert(name.to_owned(), id);
        id
    }

    fn name(&self, id: Uuid) -> &str {
        &self.names[id.as_u128() as usize]
    }
}

fn rows(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}

fn optional(row: &Value, name: &str) -> Option<String> {
    row[name]
        .as_str()
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn list(row: &Value, name: &str) -> Vec<String> {
    let items = row[name].as_array().cloned().unwrap_or_default();
    items
        .iter()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

fn month(row: &Value, name: &str) -> Option<YearMonth> {
    row[name].as_str().and_then(|text| text.parse().ok())
}

fn code<T>(row: &Value, name: &str, parse: impl Fn(&str) -> Option<T>) -> T {
    parse(text(row, name)).unwrap()
}

fn hours(row: &Value) -> Option<u16> {
    row["hoursPerWeek"].as_u64().map(|hours| hours as u16)
}

fn objects(row: &Value, name: &str) -> Vec<Value> {
    row[name].as_array().cloned().unwrap_or_default()
}

fn profile(row: &Value) -> Profile {
    let style = &row["workStyle"];
    Profile {
        headline: optional(row, "headline"),
        summary: optional(row, "summary"),
        prefecture: text(row, "prefecture").parse().ok(),
        skills: list(row, "skills"),
        qualifications: list(row, "qualifications"),
        languages: objects(row, "languages")
            .iter()
            .map(|one| LanguageSkill {
                language: text(one, "language").to_owned(),
                level: code(one, "level", LanguageLevel::from_code),
            })
            .collect(),
        tenures: objects(row, "tenures")
            .iter()
            .map(|one| Tenure {
                department: text(one, "department").to_owned(),
                title: text(one, "title").to_owned(),
                from: month(one, "from").unwrap(),
                to: month(one, "to"),
                description: text(one, "description").to_owned(),
            })
            .collect(),
        career_after: objects(row, "careerAfter")
            .iter()
            .map(|one| Position {
                organization: text(one, "organization").to_owned(),
                title: text(one, "title").to_owned(),
                from: month(one, "from").unwrap(),
                to: month(one, "to"),
                description: text(one, "description").to_owned(),
            })
            .collect(),
        work_style: style.is_object().then(|| WorkStyle {
            remote: code(style, "remote", RemotePreference::from_code),
            hours_per_week: hours(style),
            available_from: month(style, "availableFrom"),
        }),
        confirmed_on: None,
    }
}

fn standing(row: &Value, profile: &Profile) -> Standing {
    let interests: Vec<Interest> = list(row, "interests")
        .iter()
        .filter_map(|one| Interest::from_code(one))
        .collect();
    let purposes: Vec<Purpose> = interests.iter().map(|one| Purpose::for_interest(*one)).collect();
    Standing::new(
        AlumnusStatus::Unclaimed,
        &interests,
        &purposes,
        profile.left_on(),
        60,
    )
}

fn opportunity(row: &Value, id: Uuid, now: DateTime<Utc>) -> Opportunity {
    let terms = match code(row, "kind", OpportunityKind::from_code) {
        OpportunityKind::Role => Terms::Role(RoleTerms::default()),
        OpportunityKind::ContractWork => Terms::ContractWork(ContractTerms::default()),
        OpportunityKind::SpeakerSlot => Terms::SpeakerSlot(SlotTerms {
            held_on: text(row, "startsOn").parse().ok(),
            ..SlotTerms::default()
        }),
    };
    Opportunity {
        id: OpportunityId(id),
        company_id: CompanyId(Uuid::nil()),
        external_id: optional(row, "id"),
        title: text(row, "title").to_owned(),
        description: text(row, "description").to_owned(),
        department: optional(row, "department"),
        status: OpportunityStatus::Open,
        required_skills: list(row, "requiredSkills"),
        preferred_skills: list(row, "preferredSkills"),
        prefecture: text(row, "prefecture").parse().ok(),
        remote: code(row, "remote", Remote::from_code),
        seats: row["seats"].as_u64().unwrap_or(1) as u32,
        hours_per_week: hours(row),
        starts_on: month(row, "startsOn"),
        ends_on: month(row, "endsOn"),
        compensation: optional(row, "compensation"),
        closes_at: None,
        created_at: now,
        terms,
    }
}
