//! How good the thesaurus is: what it resolves, and whether rightly.
//!
//! - `--coverage FILE.jsonl`: the share of skills, qualifications, titles and departments that name a concept, and of
//!   required and preferred skills where the file holds opportunities; `--missing` lists those that name none.
//! - `--sample N --seed S FILE.jsonl`: random mentions of a file, evenly from skills, qualifications, titles, headlines
//!   and summaries, and descriptions.
//! - `--text`: the mentions of every line of standard input.
//! - `--relations N --seed S`: random links between concepts.
//! - `--problems`: which rules of the format are broken.
//!
//! Each reads the sections as compiled in, or those of `--sections DIR`, which needs no new build.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

use okaeri_engine::text::{Analyzer, Compact, Dictionary, dictionary};
use okaeri_engine::thesaurus::{Naming, Relation, Thesaurus};
use serde_json::Value;

/// A string of a file.
struct Entry {
    kind: &'static str,
    text: String,
    /// What stands around it and decides what an ambiguous form means.
    around: String,
}

/// Kinds whose strings each name something; the others are sentences.
const NAMES: [&str; 6] = [
    "skill",
    "qualification",
    "title",
    "department",
    "required",
    "preferred",
];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let has = |name: &str| arguments.iter().any(|one| one == name);
    let after = |name: &str| arguments.iter().skip_while(|one| *one != name).nth(1).cloned();
    let read;
    let thesaurus = if let Some(dir) = after("--sections") {
        read = sections(&dir);
        &read
    } else {
        Thesaurus::bundled()
    };
    println!("{} concepts, {} forms", thesaurus.len(), thesaurus.n_forms());
    let seed = after("--seed").map_or(1, |seed| seed.parse().unwrap());
    if let Some(n) = after("--relations") {
        return relations(thesaurus, n.parse().unwrap(), seed);
    }
    if has("--problems") {
        return;
    }
    let var = |name| std::env::var_os(name);
    let dir =
        dictionary::default_dir(var("OKAERI_DICTIONARY_DIR"), var("XDG_CACHE_HOME"), var("HOME")).unwrap();
    let analyzer = Analyzer::new(&Dictionary::open(&dir).unwrap(), &[]).unwrap();
    let reader = Reader { thesaurus, analyzer };
    if has("--text") {
        for line in std::io::stdin().lock().lines() {
            let line = line.unwrap();
            println!("{line}\n    {}", reader.told(&line));
        }
    } else if let Some(file) = after("--coverage") {
        reader.coverage(&entries(&file), has("--missing"));
    } else if let Some(n) = after("--sample") {
        reader.sample(&entries(arguments.last().unwrap()), n.parse().unwrap(), seed);
    }
}

/// The sections of a directory; what is wrong with them is printed.
fn sections(dir: &str) -> Thesaurus {
    let mut files: Vec<(String, String)> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let (thesaurus, problems) = Thesaurus::read(&files);
    for problem in problems {
        println!("{problem}");
    }
    thesaurus
}

/// A mention as it is printed.
struct Told {
    form: String,
    id: String,
    ja: String,
    naming: Naming,
}

struct Reader<'a> {
    thesaurus: &'a Thesaurus,
    analyzer: Analyzer,
}

impl Reader<'_> {
    fn mentions(&self, text: &str, around: &str) -> Vec<Told> {
        let segmented = self.analyzer.segment(text);
        self.thesaurus
            .mentions(&segmented, || Compact::new(around))
            .into_iter()
            .map(|mention| {
                let concept = self.thesaurus.concept(mention.concept);
                Told {
                    form: text[mention.range].to_owned(),
                    id: concept.id.clone(),
                    ja: concept.ja.clone(),
                    naming: mention.naming,
                }
            })
            .collect()
    }

    fn told(&self, text: &str) -> String {
        let told: Vec<String> = self
            .mentions(text, text)
            .iter()
            .map(|told| {
                let mark = if told.naming == Naming::Shown { "*" } else { "" };
                format!("{}→{}{mark}", told.form, told.id)
            })
            .collect();
        told.join(" | ")
    }

    fn coverage(&self, entries: &[Entry], is_listing: bool) {
        for kind in NAMES {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            let mut resolved: BTreeSet<&str> = BTreeSet::new();
            for entry in entries.iter().filter(|entry| entry.kind == kind) {
                *counts.entry(&entry.text).or_default() += 1;
                if !self.mentions(&entry.text, &entry.around).is_empty() {
                    resolved.insert(&entry.text);
                }
            }
            if counts.is_empty() {
                continue;
            }
            let n: usize = counts.values().sum();
            let n_resolved: usize = resolved.iter().map(|text| counts[text]).sum();
            let share = |part: usize, whole: usize| 100.0 * part as f64 / whole as f64;
            println!(
                "{kind:13} distinct {:5} of {:5} {:5.1} %   weighted {n_resolved:5} of {n:5} {:5.1} %",
                resolved.len(),
                counts.len(),
                share(resolved.len(), counts.len()),
                share(n_resolved, n),
            );
            let missing = counts.iter().filter(|(text, _)| !resolved.contains(*text));
            for (text, count) in missing.filter(|_| is_listing) {
                println!("    {count:3} {text}");
            }
        }
    }

    fn sample(&self, entries: &[Entry], n: usize, seed: u64) {
        const STRATA: [(&str, &[&str]); 5] = [
            ("skill", &["skill", "required", "preferred"]),
            ("qualification", &["qualification"]),
            ("title", &["title"]),
            ("summary", &["headline", "summary"]),
            ("description", &["description"]),
        ];
        let mut random = Random(seed);
        for (stratum, kinds) in STRATA {
            let mut found: Vec<(String, Told)> = Vec::new();
            for entry in entries.iter().filter(|entry| kinds.contains(&entry.kind)) {
                for sentence in entry.text.split_inclusive(['。', '！', '\n']) {
                    let told = self.mentions(sentence, &entry.around).into_iter();
                    found.extend(told.map(|told| (sentence.trim().to_owned(), told)));
                }
            }
            for _ in 0..n / STRATA.len() {
                if found.is_empty() {
                    break;
                }
                let (context, told) = found.swap_remove(random.below(found.len()));
                let Told { form, id, ja, naming } = told;
                println!("{stratum}\t{form}\t{id}\t{ja}\t{naming:?}\t{context}");
            }
        }
    }
}

fn relations(thesaurus: &Thesaurus, n: usize, seed: u64) {
    let mut links: Vec<String> = Vec::new();
    for (number, concept) in thesaurus.concepts() {
        for (other, relation) in thesaurus.surroundings(number) {
            if matches!(
                relation,
                Relation::Broader(1) | Relation::Related | Relation::ShownBy
            ) {
                let other = thesaurus.concept(*other);
                let told = format!("{}（{}）", concept.ja, concept.id);
                links.push(format!("{relation:?}\t{told}\t{}（{}）", other.ja, other.id));
            }
        }
    }
    let mut random = Random(seed);
    for _ in 0..n.min(links.len()) {
        println!("{}", links.swap_remove(random.below(links.len())));
    }
}

/// The strings of a file of profiles or opportunities.
fn entries(file: &str) -> Vec<Entry> {
    let text = std::fs::read_to_string(file).unwrap();
    let mut entries = Vec::new();
    for line in text.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        let texts = |name: &str| strings(&record[name]);
        let own = [
            texts("headline"),
            texts("summary"),
            texts("skills"),
            texts("qualifications"),
        ]
        .concat()
        .join("\n");
        let mut add = |kind, found: Vec<String>, around: &str| {
            entries.extend(found.into_iter().map(|text| Entry {
                kind,
                text,
                around: around.to_owned(),
            }));
        };
        add("headline", texts("headline"), &own);
        add("summary", texts("summary"), &own);
        add("skill", texts("skills"), &own);
        add("qualification", texts("qualifications"), &own);
        for list in ["tenures", "careerAfter"] {
            for one in record[list].as_array().into_iter().flatten() {
                let of_one = ["department", "organization", "title", "description"];
                let around = of_one.map(|name| strings(&one[name]).concat()).join("\n");
                add("department", strings(&one["department"]), &around);
                add("title", strings(&one["title"]), &around);
                add("description", strings(&one["description"]), &around);
            }
        }
        let wanted = [
            "title",
            "department",
            "requiredSkills",
            "preferredSkills",
            "description",
        ];
        let around = wanted.map(|name| texts(name).join("\n")).join("\n");
        add("title", texts("title"), &around);
        add("department", texts("department"), &around);
        add("required", texts("requiredSkills"), &around);
        add("preferred", texts("preferredSkills"), &around);
        add("description", texts("description"), &around);
    }
    entries
}

/// A string, or a list of them.
fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(list) => list.iter().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

/// Splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((bits ^ (bits >> 31)) % n as u64) as usize
    }
}
