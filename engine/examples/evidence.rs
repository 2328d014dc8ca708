//! How well the distances are told: the labelled sentences of `tests/data/evidence.tsv`.
//!
//! `cargo run --example evidence` prints precision and recall for each set; `--errors dev` the rows of a set that are
//! told wrong; `--data evidence2.tsv` reads the second file; `--read FILE` the stretches of every line of a file.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::fs;
use std::path::Path;
use std::time::Instant;

use okaeri_engine::features::distance::{self, Distance};

const LABELS: [(&str, Distance); 9] = [
    ("LED", Distance::Led),
    ("DONE", Distance::Done),
    ("SUPPORTED", Distance::Supported),
    ("BESIDE", Distance::NextTo),
    ("BOUGHT", Distance::ByOthers),
    ("TAUGHT", Distance::Taught),
    ("STUDIED", Distance::Studied),
    ("WISHED", Distance::Wished),
    ("DENIED", Distance::Denied),
];

/// Where the ids of the second file begin.
const SECOND_FIRST_ID: u32 = 1001;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |name: &str| arguments.iter().skip_while(|one| *one != name).nth(1);
    if let Some(file) = after("--read") {
        return read(file);
    }
    let name = after("--data").map_or("evidence.tsv", String::as_str);
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name);
    let text = fs::read_to_string(file).unwrap();
    let rows: Vec<Vec<&str>> = text
        .lines()
        .skip(1)
        .map(|line| line.split('\t').collect())
        .collect();
    let sets = after("--set").map_or(vec!["dev", "blind", "final"], |set| vec![set.as_str()]);
    for set in sets {
        let of_set: Vec<&Vec<&str>> = rows.iter().filter(|row| set_of(row) == set).collect();
        if of_set.is_empty() {
            continue;
        }
        print(
            set,
            &of_set,
            after("--errors").is_some_and(|errors| errors == set),
        );
    }
}

/// The set of a row: the even rows of the second file are `blind`, as they were never read.
fn set_of<'a>(row: &[&'a str]) -> &'a str {
    let is_second = row[0].strip_prefix('e').and_then(|id| id.parse::<u32>().ok());
    match is_second {
        Some(id) if id >= SECOND_FIRST_ID && id % 2 == 0 => "blind",
        Some(_) | None => row[1],
    }
}

fn print(set: &str, rows: &[&Vec<&str>], has_errors: bool) {
    let mut confusion = [[0_usize; 9]; 9];
    for row in rows {
        let wanted = LABELS.iter().position(|(label, _)| *label == row[2]).unwrap();
        let told = told(row[4], row[3]);
        let found = LABELS.iter().position(|(_, distance)| *distance == told).unwrap();
        confusion[wanted][found] += 1;
        if has_errors && wanted != found {
            let is_grave = LABELS[wanted].1.is_own() != told.is_own();
            let mark = if is_grave { "!!" } else { "  " };
            println!(
                "{mark} {} {:9} told {:9} [{}] {}",
                row[0], row[2], LABELS[found].0, row[3], row[4]
            );
        }
    }
    let share = |part: usize, whole: usize| {
        if whole == 0 {
            0.0
        } else {
            part as f64 / whole as f64
        }
    };
    let n_right: usize = (0..9).map(|idx| confusion[idx][idx]).sum();
    println!(
        "{set}: {} rows, accuracy {:.3}",
        rows.len(),
        share(n_right, rows.len())
    );
    println!(
        "{:10} {:>5} {:>9} {:>6} {:>5}",
        "label", "rows", "precision", "recall", "F1"
    );
    let mut f1_sum = 0.0;
    for (idx, (label, _)) in LABELS.iter().enumerate() {
        let n_wanted: usize = confusion[idx].iter().sum();
        let n_found: usize = confusion.iter().map(|row| row[idx]).sum();
        let precision = share(confusion[idx][idx], n_found);
        let recall = share(confusion[idx][idx], n_wanted);
        let f1 = 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE);
        f1_sum += f1;
        println!("{label:10} {n_wanted:5} {precision:9.3} {recall:6.3} {f1:5.3}");
    }
    println!("macro-F1 {:.3}", f1_sum / 9.0);
    let own = |wanted: bool, found: bool| -> usize {
        let of = |is_own: bool| if is_own { 0..2 } else { 2..9 };
        of(wanted)
            .map(|idx| of(found).map(|other| confusion[idx][other]).sum::<usize>())
            .sum()
    };
    let (kept, lost, let_in, kept_out) = (
        own(true, true),
        own(true, false),
        own(false, true),
        own(false, false),
    );
    println!(
        "own work: accuracy {:.3}, precision {:.3}, recall {:.3}; not own: precision {:.3}, recall {:.3}\n",
        share(kept + kept_out, rows.len()),
        share(kept, kept + let_in),
        share(kept, kept + lost),
        share(kept_out, kept_out + lost),
        share(kept_out, kept_out + let_in),
    );
}

/// The distance of the target's first occurrence, by its last character.
fn told(sentence: &str, target: &str) -> Distance {
    let at = sentence.find(target).unwrap();
    let last = at + target.char_indices().next_back().unwrap().0;
    let clauses = distance::clauses(sentence);
    clauses
        .into_iter()
        .find(|(range, _)| range.contains(&last))
        .unwrap()
        .1
}

fn read(file: &str) {
    let text = fs::read_to_string(file).unwrap();
    let started = Instant::now();
    let n_stretches: usize = text.lines().map(|line| distance::clauses(line).len()).sum();
    let elapsed = started.elapsed();
    for line in text.lines() {
        for (range, told) in distance::clauses(line) {
            println!("{}\t{}\t{line}", told.code(), &line[range]);
        }
    }
    eprintln!("{n_stretches} stretches of {} bytes in {elapsed:?}", text.len());
}
