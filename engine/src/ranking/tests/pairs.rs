//! Invented pairs whose explanations are kept as snapshots, to be read by whoever changes a word of them.

use std::fmt::Write as _;

use serde::Deserialize;

use super::*;
use crate::domain::{ContractTerms, LanguageSkill, Position};

#[derive(Deserialize)]
struct File {
    opportunity: Vec<Offer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Offer {
    name: String,
    kind: Option<OpportunityKind>,
    title: String,
    department: String,
    required: Vec<String>,
    preferred: Vec<String>,
    description: String,
    prefecture: Option<String>,
    remote: Option<Remote>,
    hours: Option<u16>,
    person: Vec<Person>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    name: String,
    headline: String,
    summary: Option<String>,
    prefecture: Option<String>,
    remote: Option<RemotePreference>,
    hours_offered: Option<u16>,
    from: Option<String>,
    #[serde(default)]
    skills: Vec<String>,
    #[serde(default)]
    qualifications: Vec<String>,
    #[serde(default)]
    languages: Vec<(String, crate::domain::LanguageLevel)>,
    #[serde(default)]
    tenures: Vec<[String; 5]>,
    #[serde(default)]
    career: Vec<[String; 5]>,
}

impl Offer {
    fn analyzed(&self) -> AnalyzedOpportunity {
        let kind = self.kind.unwrap_or(OpportunityKind::Role);
        let terms = match kind {
            OpportunityKind::Role => Terms::Role(RoleTerms::default()),
            OpportunityKind::ContractWork => Terms::ContractWork(ContractTerms::default()),
            OpportunityKind::SpeakerSlot => Terms::SpeakerSlot(SlotTerms {
                held_on: "2027-02-24".parse().ok(),
                ..SlotTerms::default()
            }),
        };
        let plain = role(&self.title, &[], &self.description).opportunity;
        let is_slot = kind == OpportunityKind::SpeakerSlot;
        let opportunity = Opportunity {
            department: Some(self.department.clone()),
            group_company: None,
            hiring_manager: None,
            required_skills: self.required.clone(),
            preferred_skills: self.preferred.clone(),
            products: Vec::new(),
            prefecture: self.prefecture.as_deref().unwrap_or("東京都").parse().ok(),
            remote: self.remote.unwrap_or(Remote::Onsite),
            hours_per_week: (!is_slot).then_some(self.hours.unwrap_or(40)),
            starts_on: if is_slot { None } else { plain.starts_on },
            terms,
            ..plain
        };
        analysis::opportunity(&analyzer(), &opportunity)
    }
}

impl Person {
    fn profile(&self) -> Profile {
        let month = |text: &String| text.parse().ok();
        let tenure = |[department, title, from, to, description]: &[String; 5]| Tenure {
            department: department.clone(),
            title: title.clone(),
            from: from.parse().unwrap(),
            to: month(to),
            description: description.clone(),
        };
        let position = |[organization, title, from, to, description]: &[String; 5]| Position {
            organization: organization.clone(),
            title: title.clone(),
            from: from.parse().unwrap(),
            to: month(to),
            description: description.clone(),
        };
        let language = |(language, level): &(String, _)| LanguageSkill {
            language: language.clone(),
            level: *level,
        };
        Profile {
            headline: Some(self.headline.clone()),
            summary: self.summary.clone(),
            prefecture: self.prefecture.as_deref().unwrap_or("東京都").parse().ok(),
            skills: self.skills.clone(),
            qualifications: self.qualifications.clone(),
            languages: self.languages.iter().map(language).collect(),
            tenures: self.tenures.iter().map(tenure).collect(),
            career_after: self.career.iter().map(position).collect(),
            work_style: Some(WorkStyle {
                remote: self.remote.unwrap_or(RemotePreference::Any),
                hours_per_week: Some(self.hours_offered.unwrap_or(40)),
                available_from: self.from.as_ref().and_then(month),
            }),
            confirmed_on: "2026-10-01".parse().ok(),
        }
    }
}

/// The phrase with its highlights in brackets, and where it stands.
fn shown(evidence: &Evidence) -> String {
    let units: Vec<u16> = evidence.snippet.encode_utf16().collect();
    let text = |range: std::ops::Range<usize>| String::from_utf16(&units[range]).unwrap();
    let mut out = format!("{}: ", evidence.field.code());
    let mut read = 0;
    for range in &evidence.highlights {
        let (start, end) = (range.start as usize, range.end as usize);
        write!(out, "{}[{}]", text(read..start), text(start..end)).unwrap();
        read = end;
    }
    out + &text(read..units.len())
}

fn told(explanation: &MatchExplanation) -> String {
    let mut out = format!("{}\n", explanation.summary);
    for check in &explanation.requirements {
        let mark = if check.is_must_have { '*' } else { '-' };
        writeln!(out, "{mark} {} {}", check.status.code(), check.text).unwrap();
        writeln!(out, "    {}", check.note).unwrap();
        if let Some(evidence) = &check.evidence {
            writeln!(out, "    {}", shown(evidence)).unwrap();
        }
    }
    for point in &explanation.points_to_confirm {
        writeln!(out, "? {point}").unwrap();
    }
    let mut told: Vec<&Contribution> = explanation.contributions.iter().collect();
    told.sort_by_key(|one| one.feature);
    for one in told {
        let is_kept = match one.feature {
            FeatureId::JobSimilarity | FeatureId::ConceptSimilarity => one.value > 0.0,
            FeatureId::HandsOn => one.value < 0.0,
            _ => false,
        };
        if is_kept {
            writeln!(out, "{} {}", one.feature.code(), one.text).unwrap();
            for evidence in &one.evidence {
                writeln!(out, "    {}", shown(evidence)).unwrap();
            }
        }
    }
    out
}

#[test]
fn explanations_read_as_a_recruiter_would_write_them() {
    let file: File = toml::from_str(include_str!("pairs.toml")).unwrap();
    let profiles: Vec<Profile> = file
        .opportunity
        .iter()
        .flat_map(|offer| offer.person.iter().map(Person::profile))
        .collect();
    let mut pool = pool(&profiles);
    let all = Standing::new(
        AlumnusStatus::Active,
        &[Interest::Rehire, Interest::Speaking, Interest::ContractWork],
        &[
            Purpose::Rehire,
            Purpose::Speaking,
            Purpose::ContractWork,
            Purpose::Feed,
        ],
        "2019-03-31".parse().ok(),
        96,
    );
    for n in 0..profiles.len() as u128 {
        pool.set_standing(id(n), all.clone());
    }
    let mut n = 0;
    for offer in &file.opportunity {
        let opportunity = offer.analyzed();
        let ranking = ranked(&opportunity, &pool);
        let mut scores = Vec::new();
        for person in &offer.person {
            let candidates = ranking.candidates.iter();
            let candidate = candidates.clone().find(|one| one.alumnus_id == id(n)).unwrap();
            n += 1;
            scores.push(candidate.score);
            let explained = |side, language| {
                let request = ExplainRequest {
                    opportunity: &opportunity,
                    profile: pool.kept(candidate.alumnus_id).unwrap(),
                    base: ranking.base,
                    contributions: &candidate.contributions,
                    side,
                    language,
                    now: now(),
                    contention: None,
                };
                let explanation = explain(&request, &pool);
                let sum: f64 = explanation.contributions.iter().map(|one| one.value).sum();
                assert!((explanation.base + sum - candidate.score).abs() < 1e-6);
                explanation
            };
            let mut out = told(&explained(Side::Candidate, Language::Japanese));
            let feed = explained(Side::Feed, Language::Japanese);
            writeln!(out, "\n{}\n", feed.summary).unwrap();
            out += &told(&explained(Side::Candidate, Language::English));
            writeln!(out, "\n{}", explained(Side::Feed, Language::English).summary).unwrap();
            insta::assert_snapshot!(format!("{}-{}", offer.name, person.name), out);
        }
        assert!(scores[0] > scores[1], "{}: who fits stands above", offer.name);
    }
}
