//! `evaluate`
//!
//! - Only opportunities with grades are ranked; whom the grades do not name has grade 0.

use std::collections::BTreeMap;
use std::path::Path;

use okaeri_engine::domain::OpportunityKind;
use okaeri_engine::eval;
use serde_json::{Value, json};

use super::args::{EvaluateArgs, Format};
use super::failure::CliError;
use super::output::{number_column, print, table, text_column};
use super::ranking::{Session, json_text, number};
use crate::config::Config;

/// What P@5 counts.
const GOOD_GRADE: f64 = 1.5;
/// What recall@50 counts.
const USABLE_GRADE: f64 = 1.0;

/// Ranks everybody for every graded opportunity and prints how good the order is, per kind.
pub(crate) async fn run(config: &Config, args: &EvaluateArgs) -> Result<(), CliError> {
    let grades = grades(&read(&args.qrels)?).map_err(|error| in_file(&args.qrels, &error))?;
    let contrasts = match &args.contrasts {
        Some(file) => contrasts(&read(file)?).map_err(|error| in_file(file, &error))?,
        None => BTreeMap::new(),
    };
    let session = Session::open(config, &args.company).await?;
    let mut results = Vec::new();
    for (external_id, graded) in &grades {
        let opportunity = session.opportunity(external_id).await?;
        let ranking = session.rank(&opportunity).await?;
        let ids: Vec<_> = ranking
            .candidates
            .iter()
            .map(|candidate| candidate.alumnus_id)
            .collect();
        let alumni = session.alumni(&ids).await?;
        let ranked: Vec<String> = ids
            .iter()
            .map(|id| {
                number(
                    alumni.get(id).and_then(|alumnus| alumnus.external_id.as_ref()),
                    id,
                )
            })
            .collect();
        let contrasts = contrasts.get(external_id).map_or(&[][..], Vec::as_slice);
        results.push(measure(opportunity.kind(), &ranked, graded, contrasts));
    }
    let rows = summarize(&results);
    match args.format {
        Format::Table => print(&report_table(&rows)),
        Format::Json => print(&json_text(&report_json(&rows, session.app.model.version()))),
        Format::Tsv => print(&report_tsv(&rows)),
    }
}

fn read(file: &Path) -> Result<String, CliError> {
    std::fs::read_to_string(file)
        .map_err(|error| CliError::Usage(format!("cannot read the file {}: {error}", file.display())))
}

fn in_file(file: &Path, error: &str) -> CliError {
    CliError::Usage(format!("{}: {error}", file.display()))
}

/// Grades of alumni, by opportunity.
type Grades = BTreeMap<String, BTreeMap<String, f64>>;

fn grades(text: &str) -> Result<Grades, String> {
    let mut grades = Grades::new();
    for (number, [opportunity, alumnus, grade]) in rows(text)? {
        let grade: f64 = grade
            .parse()
            .ok()
            .filter(|grade| (0.0..=3.0).contains(grade))
            .ok_or_else(|| format!("line {number}: {grade:?} is not a grade from 0 to 3"))?;
        grades
            .entry(opportunity.to_owned())
            .or_default()
            .insert(alumnus.to_owned(), grade);
    }
    if grades.is_empty() {
        return Err("has no line: opportunity, alumnus and grade with tabs between are expected".to_owned());
    }
    Ok(grades)
}

/// How a person was written for an opportunity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Contrast {
    Fit,
    Gap,
    Decoy,
}

type Contrasts = BTreeMap<String, Vec<(Contrast, String)>>;

fn contrasts(text: &str) -> Result<Contrasts, String> {
    let mut contrasts = Contrasts::new();
    for (number, [opportunity, contrast, alumnus]) in rows(text)? {
        let contrast = match contrast {
            "fit" => Contrast::Fit,
            "gap" => Contrast::Gap,
            "decoy" => Contrast::Decoy,
            other => return Err(format!("line {number}: {other:?} is none of fit, gap, decoy")),
        };
        contrasts
            .entry(opportunity.to_owned())
            .or_default()
            .push((contrast, alumnus.to_owned()));
    }
    Ok(contrasts)
}

fn rows(text: &str) -> Result<Vec<(usize, [&str; 3])>, String> {
    let mut rows = Vec::new();
    for (idx, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        match cells[..] {
            [first, second, third] => rows.push((idx + 1, [first, second, third])),
            _ => {
                return Err(format!(
                    "line {}: has {} values instead of 3",
                    idx + 1,
                    cells.len()
                ));
            }
        }
    }
    Ok(rows)
}

/// Pairs of which the first belongs above the second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Pairs {
    n_in_order: usize,
    n_all: usize,
}

impl Pairs {
    fn add(self, other: Self) -> Self {
        Self {
            n_in_order: self.n_in_order + other.n_in_order,
            n_all: self.n_all + other.n_all,
        }
    }

    fn shown(self) -> String {
        if self.n_all == 0 {
            return "-".to_owned();
        }
        let percent = 100.0 * self.n_in_order as f64 / self.n_all as f64;
        format!("{}/{} ({percent:.0} %)", self.n_in_order, self.n_all)
    }
}

/// The measures of one opportunity.
struct Measured {
    kind: OpportunityKind,
    ndcg_at_10: f64,
    precision_at_5: f64,
    recall_at_50: f64,
    fit_above_decoy: Pairs,
    gap_above_decoy: Pairs,
}

fn measure(
    kind: OpportunityKind,
    ranked: &[String],
    graded: &BTreeMap<String, f64>,
    contrasts: &[(Contrast, String)],
) -> Measured {
    let served: Vec<f64> = ranked
        .iter()
        .map(|alumnus| graded.get(alumnus).copied().unwrap_or(0.0))
        .collect();
    let judged: Vec<f64> = graded.values().copied().collect();
    Measured {
        kind,
        ndcg_at_10: eval::ndcg_at(10, &served, &judged),
        precision_at_5: eval::precision_at(5, GOOD_GRADE, &served, &judged),
        recall_at_50: eval::recall_at(50, USABLE_GRADE, &served, &judged),
        fit_above_decoy: pairs(ranked, contrasts, Contrast::Fit),
        gap_above_decoy: pairs(ranked, contrasts, Contrast::Gap),
    }
}

fn pairs(ranked: &[String], contrasts: &[(Contrast, String)], above: Contrast) -> Pairs {
    let of = |wanted: Contrast| contrasts.iter().filter(move |(contrast, _)| *contrast == wanted);
    let mut pairs = Pairs::default();
    for (_, upper) in of(above) {
        for (_, decoy) in of(Contrast::Decoy) {
            pairs.n_all += 1;
            pairs.n_in_order += usize::from(eval::is_in_order(ranked, upper, decoy));
        }
    }
    pairs
}

/// One line of the report: the means over the opportunities of a kind, or of all.
struct Summary {
    kind: &'static str,
    n_opportunities: usize,
    ndcg_at_10: f64,
    precision_at_5: f64,
    recall_at_50: f64,
    fit_above_decoy: Pairs,
    gap_above_decoy: Pairs,
}

fn summarize(results: &[Measured]) -> Vec<Summary> {
    let kinds = OpportunityKind::ALL.iter().map(|kind| Some(*kind)).chain([None]);
    let mut rows = Vec::new();
    for kind in kinds {
        let of_kind: Vec<&Measured> = results
            .iter()
            .filter(|result| kind.is_none_or(|kind| result.kind == kind))
            .collect();
        if of_kind.is_empty() {
            continue;
        }
        let mean = |measure: fn(&Measured) -> f64| {
            eval::mean(&of_kind.iter().map(|result| measure(result)).collect::<Vec<_>>())
        };
        let sum = |measure: fn(&Measured) -> Pairs| {
            of_kind
                .iter()
                .fold(Pairs::default(), |sum, result| sum.add(measure(result)))
        };
        rows.push(Summary {
            kind: kind.map_or("all", OpportunityKind::code),
            n_opportunities: of_kind.len(),
            ndcg_at_10: mean(|result| result.ndcg_at_10),
            precision_at_5: mean(|result| result.precision_at_5),
            recall_at_50: mean(|result| result.recall_at_50),
            fit_above_decoy: sum(|result| result.fit_above_decoy),
            gap_above_decoy: sum(|result| result.gap_above_decoy),
        });
    }
    rows
}

fn report_table(rows: &[Summary]) -> String {
    const COLUMNS: [super::output::TableColumn; 7] = [
        text_column("kind", 20),
        number_column("n"),
        number_column("nDCG@10"),
        number_column("P@5"),
        number_column("recall@50"),
        number_column("fit above decoy"),
        number_column("gap above decoy"),
    ];
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            vec![
                row.kind.to_owned(),
                row.n_opportunities.to_string(),
                format!("{:.3}", row.ndcg_at_10),
                format!("{:.3}", row.precision_at_5),
                format!("{:.3}", row.recall_at_50),
                row.fit_above_decoy.shown(),
                row.gap_above_decoy.shown(),
            ]
        })
        .collect();
    table(&COLUMNS, &rows)
}

fn report_json(rows: &[Summary], model_version: &str) -> Value {
    let pairs = |pairs: Pairs| json!({"inOrder": pairs.n_in_order, "all": pairs.n_all});
    let rows = rows.iter().map(|row| {
        json!({
            "kind": row.kind,
            "opportunities": row.n_opportunities,
            "ndcgAt10": row.ndcg_at_10,
            "precisionAt5": row.precision_at_5,
            "recallAt50": row.recall_at_50,
            "fitAboveDecoy": pairs(row.fit_above_decoy),
            "gapAboveDecoy": pairs(row.gap_above_decoy),
        })
    });
    json!({"modelVersion": model_version, "kinds": rows.collect::<Vec<_>>()})
}

/// Kind, opportunities, nDCG@10, P@5, recall@50, and pairs in order of fit and of gap above decoy.
fn report_tsv(rows: &[Summary]) -> String {
    let line = |row: &Summary| {
        format!(
            "{}\t{}\t{}\t{}\t{}\t{}/{}\t{}/{}\n",
            row.kind,
            row.n_opportunities,
            row.ndcg_at_10,
            row.precision_at_5,
            row.recall_at_50,
            row.fit_above_decoy.n_in_order,
            row.fit_above_decoy.n_all,
            row.gap_above_decoy.n_in_order,
            row.gap_above_decoy.n_all
        )
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    #[test]
    fn means_are_per_kind_and_pairs_are_summed() {
        let graded = BTreeMap::from([("a1".to_owned(), 3.0), ("a2".to_owned(), 1.0)]);
        let contrasts = [
            (Contrast::Fit, "a1".to_owned()),
            (Contrast::Gap, "a2".to_owned()),
            (Contrast::Decoy, "a3".to_owned()),
        ];
        let results = [
            measure(
                OpportunityKind::Role,
                &ranked(&["a1", "a2", "a3"]),
                &graded,
                &contrasts,
            ),
            measure(OpportunityKind::Role, &ranked(&["a3", "a1"]), &graded, &contrasts),
            measure(OpportunityKind::SpeakerSlot, &ranked(&[]), &graded, &[]),
        ];
        let rows = summarize(&results);
        let kinds: Vec<&str> = rows.iter().map(|row| row.kind).collect();
        assert_eq!(kinds, ["ROLE", "SPEAKER_SLOT", "all"]);
        assert_eq!(
            rows[0].fit_above_decoy,
            Pairs {
                n_in_order: 1,
                n_all: 2
            }
        );
        assert_eq!(
            rows[0].gap_above_decoy,
            Pairs {
                n_in_order: 1,
                n_all: 2
            }
        );
        assert!((results[0].ndcg_at_10 - 1.0).abs() < 1e-9);
        assert!((rows[2].recall_at_50 - (1.0 + 0.5 + 0.0) / 3.0).abs() < 1e-9);
        assert_eq!(report_table(&rows).lines().count(), 4);
    }

    #[test]
    fn broken_lines_are_named() {
        assert!(grades("r1\ta1\n").unwrap_err().contains("line 1"));
        assert!(grades("r1\ta1\t3\nr1\ta2\t4\n").unwrap_err().contains("line 2"));
        assert!(grades("\n").unwrap_err().contains("no line"));
        assert!(contrasts("r1\tmaybe\ta1\n").unwrap_err().contains("maybe"));
    }
}
