//! The sections as they stand in their files, and the rules they keep.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;

use super::relation::Relations;
use super::{Concept, ConceptId, Form, Kind, Naming, Thesaurus};
use crate::text::{Compact, normalize};

/// Fewest characters of a form; one alone is in half of all texts.
const FORM_CHARS_MIN: usize = 2;

/// Fewest characters of a phrase that shows work without naming it.
const PHRASE_CHARS_MIN: usize = 3;

/// The section of the concepts that the others hang from.
const AREAS: &str = "areas";

/// A concept as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(default)]
    kind: Kind,
    ja: String,
    #[serde(default)]
    en: String,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    shown_by: Vec<String>,
    #[serde(default)]
    ambiguous: Vec<Ambiguous>,
    #[serde(default)]
    broader: Vec<String>,
    #[serde(default)]
    related: Vec<String>,
    #[serde(default)]
    shows: Vec<String>,
    #[serde(default)]
    levels: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ambiguous {
    form: String,
    near: Vec<String>,
}

/// What breaks a rule of the format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The section, by file name.
    pub section: String,
    /// The concept, where it is one concept's.
    pub concept: String,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.section, self.concept, self.reason)
    }
}

/// Collects concepts and what is wrong with them.
struct Reader<'a> {
    rows: Vec<(&'a str, String, Row)>,
    ids: HashMap<String, ConceptId>,
    problems: Vec<Problem>,
}

pub(super) fn read(sections: &[(&str, &str)]) -> (Thesaurus, Vec<Problem>) {
    let mut reader = Reader {
        rows: Vec::new(),
        ids: HashMap::new(),
        problems: Vec::new(),
    };
    for (section, text) in sections {
        reader.add_section(section, text);
    }
    let concepts = reader.concepts();
    let (patterns, forms) = reader.forms();
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .build(&patterns);
    let (automaton, forms) = match automaton {
        Ok(automaton) => (automaton, forms),
        Err(error) => {
            reader.problem("all", "all", format!("the forms are too many: {error}"));
            (
                AhoCorasick::new::<[&str; 0], _>([]).unwrap_or_else(|_| unreachable!("of nothing")),
                Vec::new(),
            )
        }
    };
    let thesaurus = Thesaurus {
        relations: Relations::of(concepts.len()),
        concepts,
        ids: reader.ids,
        ambiguous: ambiguous(&patterns, &forms, &automaton),
        forms,
        automaton,
    };
    (thesaurus, reader.problems)
}

fn ambiguous(
    patterns: &[String],
    forms: &[Vec<Form>],
    automaton: &AhoCorasick,
) -> HashMap<usize, Vec<ConceptId>> {
    let needs_context = |(_, forms): &(usize, &Vec<Form>)| forms.iter().any(|form| !form.near.is_empty());
    let ambiguous = forms.iter().enumerate().filter(needs_context);
    let inside = |pattern: usize| {
        let hits = automaton.find_overlapping_iter(&patterns[pattern]);
        hits.flat_map(|hit| forms[hit.pattern().as_usize()].iter().map(|form| form.concept))
            .collect()
    };
    ambiguous.map(|(pattern, _)| (pattern, inside(pattern))).collect()
}

impl<'a> Reader<'a> {
    fn problem(&mut self, section: &str, concept: &str, reason: String) {
        self.problems.push(Problem {
            section: section.to_owned(),
            concept: concept.to_owned(),
            reason,
        });
    }

    fn add_section(&mut self, section: &'a str, text: &str) {
        let rows: BTreeMap<String, Row> = match toml::from_str(text) {
            Ok(rows) => rows,
            Err(error) => {
                self.problem(section, "", error.to_string());
                return;
            }
        };
        for (id, row) in rows {
            let is_kebab = id.split('-').all(|part| {
                !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
            });
            if !is_kebab {
                self.problem(section, &id, "the id is not in kebab case".to_owned());
            } else if self.ids.contains_key(&id) {
                self.problem(section, &id, "the id occurs in another section too".to_owned());
            } else if let Ok(number) = u16::try_from(self.rows.len()) {
                self.ids.insert(id.clone(), ConceptId(number));
                self.rows.push((section, id, row));
            } else {
                self.problem(
                    section,
                    &id,
                    format!("is beyond the maximum of {} concepts", u16::MAX),
                );
            }
        }
    }

    /// The concepts with their relations, both ways.
    fn concepts(&mut self) -> Vec<Concept> {
        let mut problems = Vec::new();
        let mut concepts: Vec<Concept> = Vec::with_capacity(self.rows.len());
        for (section, id, row) in &self.rows {
            let mut refer = |key: &str, ids: &[String]| -> Vec<ConceptId> {
                let mut numbers = Vec::new();
                for other in ids {
                    match self.ids.get(other) {
                        Some(_) if other == id => {
                            problems.push(problem(section, id, format!("{key} names itself")))
                        }
                        Some(number) => numbers.push(*number),
                        None => problems.push(problem(
                            section,
                            id,
                            format!("{key} names {other}, which is no concept"),
                        )),
                    }
                }
                numbers
            };
            let broader = refer("broader", &row.broader);
            let related = refer("related", &row.related);
            let shows = refer("shows", &row.shows);
            let is_area = *section == AREAS;
            let needs_place = matches!(row.kind, Kind::Work | Kind::Theme) && !is_area;
            if needs_place && broader.is_empty() {
                problems.push(problem(section, id, "has nothing broader".to_owned()));
            }
            concepts.push(Concept {
                id: id.clone(),
                kind: row.kind,
                ja: row.ja.clone(),
                en: row.en.clone(),
                levels: row.levels.iter().map(|level| normalize(level)).collect(),
                is_area,
                broader,
                narrower: Vec::new(),
                related,
                shows,
                shown_by: Vec::new(),
            });
        }
        for idx in 0..concepts.len() {
            if let Some(start) = cycle(&concepts, idx) {
                let (section, id, _) = &self.rows[idx];
                problems.push(problem(
                    section,
                    id,
                    format!("is broader than itself by way of {start}"),
                ));
                concepts[idx].broader.clear();
            }
        }
        self.problems.extend(problems);
        for idx in 0..concepts.len() {
            let number = ConceptId(idx as u16);
            for other in concepts[idx].broader.clone() {
                concepts[usize::from(other.0)].narrower.push(number);
            }
            for other in concepts[idx].shows.clone() {
                concepts[usize::from(other.0)].shown_by.push(number);
            }
            for other in concepts[idx].related.clone() {
                let others = &mut concepts[usize::from(other.0)].related;
                if !others.contains(&number) {
                    others.push(number);
                }
            }
        }
        concepts
    }

    /// The patterns of the automaton, and for each the forms that are written so.
    fn forms(&mut self) -> (Vec<String>, Vec<Vec<Form>>) {
        let mut problems = Vec::new();
        let mut by_pattern: BTreeMap<String, Vec<Form>> = BTreeMap::new();
        for (idx, (section, id, row)) in self.rows.iter().enumerate() {
            let mut add = |written: &str, naming, near: &[String]| {
                let pattern = Compact::new(written.trim()).text().to_owned();
                let is_phrase = naming == Naming::Shown;
                let chars_min = if is_phrase {
                    PHRASE_CHARS_MIN
                } else {
                    FORM_CHARS_MIN
                };
                let n_chars = pattern.chars().count();
                if n_chars < chars_min {
                    let reason =
                        format!("the form {written:?} has {n_chars} characters, fewer than {chars_min}");
                    problems.push(problem(section, id, reason));
                    return;
                }
                let concept = ConceptId(idx as u16);
                let forms = by_pattern.entry(pattern).or_default();
                if forms.iter().any(|form| form.concept == concept) {
                    // The same name in Japanese and English, or in two spellings that are one: once is enough.
                    return;
                }
                let rival = forms.iter().find(|form| form.near.is_empty() && near.is_empty());
                if let Some(rival) = rival {
                    let (other_section, other, _) = &self.rows[usize::from(rival.concept.0)];
                    let reason = format!("the form {written:?} is also one of {other} in {other_section}");
                    problems.push(problem(section, id, reason));
                    return;
                }
                forms.push(Form {
                    concept,
                    naming,
                    near: near
                        .iter()
                        .map(|word| Compact::new(word).text().to_owned())
                        .collect(),
                });
            };
            add(&row.ja, Naming::Preferred, &[]);
            if !row.en.is_empty() {
                add(&row.en, Naming::Preferred, &[]);
            }
            for form in &row.also {
                add(form, Naming::Synonym, &[]);
            }
            for one in &row.ambiguous {
                add(&one.form, Naming::Synonym, &one.near);
            }
            for phrase in &row.shown_by {
                add(phrase, Naming::Shown, &[]);
            }
        }
        self.problems.extend(problems);
        by_pattern.into_iter().unzip()
    }
}

fn problem(section: &str, concept: &str, reason: String) -> Problem {
    Problem {
        section: section.to_owned(),
        concept: concept.to_owned(),
        reason,
    }
}

/// The concept by way of which one is broader than itself.
fn cycle(concepts: &[Concept], start: usize) -> Option<String> {
    let mut seen = vec![false; concepts.len()];
    let mut open = concepts[start].broader.clone();
    while let Some(next) = open.pop() {
        let idx = usize::from(next.0);
        if idx == start {
            return Some(concepts[idx].id.clone());
        }
        if !std::mem::replace(&mut seen[idx], true) {
            open.extend(&concepts[idx].broader);
        }
    }
    None
}
