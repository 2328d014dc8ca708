//! `evaluate`
//!
//! - Only opportunities with grades are ranked; whom the grades do not name has grade 0.
//! - Says whether the figures are in-sample, and gives cross-validated ones where they would be.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use okaeri_engine::eval::baselines::Baseline;
use okaeri_engine::eval::{self, Contrast, EvaluatedList, Placed, RankingError};
use okaeri_engine::features::FeatureId;
use okaeri_engine::ranking::Model;
use serde_json::{Value, json};

use super::args::{EvaluateArgs, Format};
use super::failure::CliError;
use super::figures::{
    System, ablation_table, figures_json, kinds_json, lists_table, systems_json, systems_table, systems_tsv,
};
use super::lists::{self, Judgments};
use super::output::print;
use super::ranking::{Session, json_text};
use crate::config::Config;
use crate::projection::run_blocking;

/// Ranks everybody for every graded opportunity and prints how good the order is, per kind.
pub(crate) async fn run(config: &Config, args: &EvaluateArgs) -> Result<(), CliError> {
    let judgments = Judgments::read(&args.qrels, args.contrasts.as_deref())?;
    let session = Session::open(config, &args.company).await?;
    let lists = lists::collect(&session, judgments).await?;
    if let Some(file) = &args.features {
        write_features(file, &lists)?;
    }
    let (model, company) = (Arc::clone(&session.app.model), args.company.clone());
    let asked = Asked {
        has_ablation: args.ablation,
        n_errors: args
            .errors
            .map_or(0, |n| usize::try_from(n).unwrap_or(usize::MAX)),
    };
    let report = run_blocking(move || Report::of(&lists, &model, &company, asked)).await??;
    match args.format() {
        Format::Table => print(&report.table(args.lists)),
        Format::Json => print(&json_text(&report.json())),
        Format::Tsv => print(&systems_tsv(&report.systems)),
    }
}

/// What is computed only when asked for.
#[derive(Clone, Copy)]
struct Asked {
    has_ablation: bool,
    n_errors: usize,
}

struct Report {
    model_version: String,
    n_trained_on: usize,
    /// The model first.
    systems: Vec<System>,
    ablation: Vec<eval::Ablation>,
    errors: Vec<RankingError>,
}

impl Report {
    fn of(lists: &[EvaluatedList], model: &Model, company: &str, asked: Asked) -> Result<Self, CliError> {
        let n_trained_on = model
            .training()
            .map_or(0, |training| eval::n_trained_on(lists, company, training));
        let mut systems = vec![System {
            code: "model",
            what: model_description(model, n_trained_on, lists.len()),
            measured: eval::measure_model(lists, model),
        }];
        // One list cannot be left out of itself.
        if let Some(training) = model.training().filter(|_| n_trained_on > 1) {
            let measured = eval::cross_validated(lists, company, model, training)
                .map_err(|error| CliError::Failed(format!("cannot cross-validate: {error}")))?;
            systems.push(System {
                code: "model-cross-validated",
                what: format!(
                    "each list ranked by weights trained in the same way on the other folds ({} folds)",
                    (training.options.folds as usize).min(n_trained_on)
                ),
                measured,
            });
        }
        for baseline in Baseline::ALL {
            systems.push(System {
                code: baseline.code(),
                what: baseline_description(baseline).to_owned(),
                measured: eval::measure_baseline(lists, baseline),
            });
        }
        Ok(Self {
            model_version: model.version().to_owned(),
            n_trained_on,
            systems,
            ablation: if asked.has_ablation {
                eval::ablate(lists, model)
            } else {
                Vec::new()
            },
            errors: eval::worst_errors(lists, model, asked.n_errors),
        })
    }

    fn table(&self, has_lists: bool) -> String {
        let mut text = systems_table(&self.systems);
        if has_lists {
            text += "\n";
            text += &lists_table(&self.systems);
        }
        if !self.ablation.is_empty() {
            text += "\nWithout a part of the model, the other weights scaled to the sum 1; all lists, in-sample:\n\n";
            text += &ablation_table(&self.systems[0].measured, &self.ablation);
        }
        if !self.errors.is_empty() {
            text += "\nThe worst errors, by what swapping the two would add to nDCG@10:\n\n";
            for error in &self.errors {
                text += &error_text(error);
            }
        }
        text
    }

    /// Its keys are documented in README.md.
    fn json(&self) -> Value {
        let ablation = self.ablation.iter().map(|row| {
            let mut object = figures_json(&row.figures);
            object.insert("without".to_owned(), json!(row.without));
            object.insert("isGroup".to_owned(), json!(row.is_group));
            object.insert("weight".to_owned(), json!(row.weight));
            Value::Object(object)
        });
        json!({
            "modelVersion": self.model_version,
            "trainedOn": self.n_trained_on,
            "kinds": kinds_json(&self.systems[0].measured),
            "systems": systems_json(&self.systems),
            "ablation": ablation.collect::<Vec<_>>(),
            "errors": self.errors.iter().map(error_json).collect::<Vec<_>>(),
        })
    }
}

fn model_description(model: &Model, n_trained_on: usize, n_lists: usize) -> String {
    let version = model.version();
    match (model.training(), n_trained_on) {
        (Some(_), 0) => format!("the model {version}, which was trained on none of these {n_lists} lists"),
        (Some(_), n) => {
            format!("the model {version}, in-sample: it was trained on {n} of these {n_lists} lists")
        }
        (None, _) => format!(
            "the model {version}, whose file names no lists that it was trained on; if its weights were chosen on \
             these lists, the figures are in-sample"
        ),
    }
}

const fn baseline_description(baseline: Baseline) -> &'static str {
    match baseline {
        Baseline::Words => "BM25 over the same words, title ×3, must-haves ×2, rest ×1; the same people",
        Baseline::WordsAndBigrams => "the same and BM25 over character bigrams at half weight, as z-scores",
        Baseline::Latent => "likeness in the company's latent semantic space alone",
    }
}

fn error_text(error: &RankingError) -> String {
    let mut text = format!(
        "{}: {} stands above {} ({:.3})\n",
        error.opportunity,
        placed_text(&error.high),
        placed_text(&error.low),
        error.cost
    );
    for one in &error.deciders {
        let _ = writeln!(
            text,
            "    {:<24} {:+.3} against {:+.3}",
            one.feature.code(),
            one.high,
            one.low
        );
    }
    text
}

fn placed_text(placed: &Placed) -> String {
    let contrast = placed
        .contrast
        .map_or(String::new(), |one| format!(", a {}", contrast_code(one)));
    format!(
        "{} (place {}, grade {}{contrast})",
        placed.alumnus, placed.rank, placed.grade
    )
}

const fn contrast_code(contrast: Contrast) -> &'static str {
    match contrast {
        Contrast::Fit => "fit",
        Contrast::Gap => "gap",
        Contrast::Decoy => "decoy",
    }
}

fn error_json(error: &RankingError) -> Value {
    let placed = |placed: &Placed| {
        json!({
            "alumnus": placed.alumnus,
            "rank": placed.rank,
            "grade": placed.grade,
            "contrast": placed.contrast.map(contrast_code),
        })
    };
    let deciders = error
        .deciders
        .iter()
        .map(|one| json!({"feature": one.feature.code(), "tooHigh": one.high, "tooLow": one.low}));
    json!({
        "opportunity": error.opportunity,
        "tooHigh": placed(&error.high),
        "tooLow": placed(&error.low),
        "cost": error.cost,
        "contributions": deciders.collect::<Vec<_>>(),
    })
}

/// Opportunity, alumnus, grade and every feature as it was extracted, under a line of names.
fn write_features(file: &Path, lists: &[EvaluatedList]) -> Result<(), CliError> {
    let names: Vec<&str> = FeatureId::ALL.iter().map(|feature| feature.code()).collect();
    let mut text = format!("opportunity\talumnus\tgrade\t{}\n", names.join("\t"));
    for list in lists {
        let rows = list.graded.features.rows().into_iter();
        for ((row, alumnus), grade) in rows.zip(&list.alumni).zip(&list.graded.grades) {
            let _ = write!(text, "{}\t{alumnus}\t{grade}", list.id());
            for value in row {
                let _ = write!(text, "\t{value}");
            }
            text.push('\n');
        }
    }
    std::fs::write(file, text)
        .map_err(|error| CliError::Usage(format!("cannot write the file {}: {error}", file.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_says_whether_the_figures_are_in_sample() {
        let model = Model::bundled();
        let hand_made = model_description(&model, 0, 20);
        assert_eq!(hand_made.contains("names no lists"), model.training().is_none());
        assert!(hand_made.contains(model.version()));
    }

    #[test]
    fn an_error_reads_as_a_sentence_with_what_decided() {
        let placed = |alumnus: &str, rank, grade, contrast| Placed {
            alumnus: alumnus.to_owned(),
            rank,
            grade,
            contrast,
        };
        let error = RankingError {
            opportunity: "r1".to_owned(),
            high: placed("a3", 1, 0.0, Some(Contrast::Decoy)),
            low: placed("a1", 4, 3.0, None),
            cost: 0.25,
            deciders: vec![eval::Decider {
                feature: FeatureId::TextRelevance,
                high: 0.05,
                low: -0.01,
            }],
        };
        let text = error_text(&error);
        let head = "r1: a3 (place 1, grade 0, a decoy) stands above a1 (place 4, grade 3) (0.250)\n";
        assert!(text.starts_with(head), "{text}");
        assert!(text.contains("TEXT_RELEVANCE"), "{text}");
        assert_eq!(error_json(&error)["tooHigh"]["contrast"], "decoy");
    }
}
