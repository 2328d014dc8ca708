//! What was measured: as a table for people, as JSON and as lines of a file for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

/// Everything that one run measured, in its order.
#[derive(Debug, Default)]
pub(crate) struct Report {
    timed: Vec<Timed>,
    numbers: Vec<Number>,
}

/// How long something took, many times.
#[derive(Debug)]
pub(crate) struct Timed {
    /// What.
    pub(crate) what: &'static str,
    /// How many a second were to be sent.
    pub(crate) rate: f64,
    /// How many a second were answered without an error, from when the first was due until the last answer.
    pub(crate) reached: f64,
    /// Of those that were answered without an error, ascending.
    pub(crate) took: Vec<Duration>,
    /// How many ended otherwise, by code.
    pub(crate) errors: BTreeMap<String, usize>,
    /// What the largest server process held at the end, in bytes; `None` where that cannot be read.
    pub(crate) resident_bytes: Option<u64>,
}

#[derive(Debug)]
struct Number {
    what: &'static str,
    figure: &'static str,
    value: f64,
}

impl Report {
    pub(crate) fn push(&mut self, timed: Timed) {
        eprintln!("{}", timed.row());
        self.timed.push(timed);
    }

    /// A single number; `figure` ends in its unit.
    pub(crate) fn number(&mut self, what: &'static str, figure: &'static str, value: f64) {
        eprintln!("{what}: {figure} {value:.1}");
        self.numbers.push(Number { what, figure, value });
    }

    /// As Markdown.
    pub(crate) fn table(&self) -> String {
        let mut text = String::new();
        if !self.timed.is_empty() {
            text.push_str(
                "| what | sent a second | answered a second | p50 | p90 | p99 | max | answers | errors | server |\n\
                 | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
            );
        }
        for timed in &self.timed {
            text.push_str(&timed.row());
            text.push('\n');
        }
        if !self.numbers.is_empty() {
            text.push_str("\n| what | figure | value |\n| --- | --- | --- |\n");
        }
        for Number { what, figure, value } in &self.numbers {
            let _ = writeln!(text, "| {what} | {figure} | {value:.1} |");
        }
        text
    }

    pub(crate) fn json(&self) -> Value {
        let timed = self.timed.iter().map(|timed| {
            let mut object = json!({"what": timed.what, "answers": timed.took.len(), "errors": timed.errors});
            for (figure, value) in timed.figures() {
                object[figure] = json!(value);
            }
            object
        });
        let numbers = self
            .numbers
            .iter()
            .map(|number| json!({"what": number.what, "figure": number.figure, "value": number.value}));
        json!({"timed": timed.collect::<Vec<_>>(), "numbers": numbers.collect::<Vec<_>>()})
    }

    /// Adds a line for each figure.
    pub(crate) fn append(&self, file: &Path, database: &str, people: u64) -> std::io::Result<()> {
        let mut lines = String::new();
        let mut line = |what: &str, figure: &str, value: f64| {
            let _ = writeln!(lines, "{database}\t{people}\t{what}\t{figure}\t{value:.2}");
        };
        for timed in &self.timed {
            for (figure, value) in timed.figures() {
                line(timed.what, figure, value);
            }
        }
        for number in &self.numbers {
            line(number.what, number.figure, number.value);
        }
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(file)?
            .write_all(lines.as_bytes())
    }
}

impl Timed {
    fn row(&self) -> String {
        let mut row = format!("| {} | {} | {:.1} |", self.what, self.rate, self.reached);
        for share in [0.5, 0.9, 0.99, 1.0] {
            let _ = match percentile(&self.took, share) {
                Some(took) => write!(row, " {} |", in_words(took)),
                None => write!(row, " |"),
            };
        }
        let n_errors: usize = self.errors.values().sum();
        let _ = write!(row, " {} | {n_errors}", self.took.len());
        for (code, n) in &self.errors {
            let _ = write!(row, " {code} {n}");
        }
        let resident = self.resident_bytes.map_or_else(
            || "unknown".to_owned(),
            |bytes| format!("{:.0} MB", megabytes(bytes)),
        );
        let _ = write!(row, " | {resident} |");
        row
    }

    /// Names that end in their unit, with values.
    fn figures(&self) -> Vec<(&'static str, f64)> {
        let mut figures = vec![("rate_per_s", self.rate), ("reached_per_s", self.reached)];
        for (name, share) in [
            ("p50_ms", 0.5),
            ("p90_ms", 0.9),
            ("p99_ms", 0.99),
            ("max_ms", 1.0),
        ] {
            if let Some(took) = percentile(&self.took, share) {
                figures.push((name, milliseconds(took)));
            }
        }
        figures.push(("errors", self.errors.values().sum::<usize>() as f64));
        if let Some(bytes) = self.resident_bytes {
            figures.push(("resident_mb", megabytes(bytes)));
        }
        figures
    }
}

/// The smallest of some times that at least this share of them does not exceed (nearest rank, nothing interpolated); `None`
/// of none.
///
/// - `ascending`: in ascending order
/// - `share`: above 0, at most 1
pub(crate) fn percentile(ascending: &[Duration], share: f64) -> Option<Duration> {
    let rank = (share * ascending.len() as f64).ceil() as usize;
    ascending.get(rank.max(1) - 1).copied()
}

pub(crate) fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1_000.0
}

pub(crate) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}

fn in_words(took: Duration) -> String {
    let took = milliseconds(took);
    if took < 1_000.0 {
        format!("{took:.1} ms")
    } else {
        format!("{:.2} s", took / 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_times_and_none_of_none() {
        let times: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(percentile(&times, 0.5), Some(Duration::from_millis(100)));
        assert_eq!(percentile(&times, 0.99), Some(Duration::from_millis(198)));
        assert_eq!(percentile(&times, 1.0), Some(Duration::from_millis(200)));
        assert_eq!(percentile(&times[..1], 0.01), Some(Duration::from_millis(1)));
        assert_eq!(percentile(&[], 0.5), None);
    }

    #[test]
    fn errors_stand_in_the_row_by_their_codes() {
        let timed = Timed {
            what: "node",
            rate: 500.0,
            reached: 499.0,
            took: vec![Duration::from_micros(1_500), Duration::from_secs(2)],
            errors: BTreeMap::from([("TIMEOUT".to_owned(), 3)]),
            resident_bytes: Some(118_000_000),
        };
        assert_eq!(
            timed.row(),
            "| node | 500 | 499.0 | 1.5 ms | 2.00 s | 2.00 s | 2.00 s | 2 | 3 TIMEOUT 3 | 118 MB |"
        );
    }
}
