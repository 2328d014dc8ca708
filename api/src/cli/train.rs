//! `train`
//!
//! - Changes nothing but the file that it writes: a model ranks when a configuration names it.
//! - Prints what the weights are worth on lists that they were not learnt from, beside the lists that they were.

use std::path::Path;
use std::sync::Arc;

use okaeri_engine::domain::calendar::japan_date;
use okaeri_engine::eval::{self, EvaluatedList, Figures, Measured};
use okaeri_engine::features::{FeatureId, Group};
use okaeri_engine::ranking::train::{self, GradedList, Options, TrainError};
use okaeri_engine::ranking::{Model, Training};

use super::args::TrainArgs;
use super::failure::CliError;
use super::figures::{System, systems_table};
use super::lists::{self, Judgments};
use super::output::{number_column, print, table, text_column};
use super::ranking::Session;
use crate::app;
use crate::config::Config;
use crate::projection::run_blocking;

/// Learns weights, prints what they are worth, and writes them.
pub(crate) async fn run(config: &Config, args: &TrainArgs) -> Result<(), CliError> {
    let judgments = Judgments::read(&args.qrels, args.contrasts.as_deref())?;
    let prior = args.prior.as_deref().map(read_prior).transpose()?;
    let session = Session::open(config, &args.company).await?;
    let prior = prior.map_or_else(|| Arc::clone(&session.app.model), Arc::new);
    let lists = lists::collect(&session, judgments).await?;

    let today = japan_date(session.app.clock.now());
    let version = args.version.clone().unwrap_or_else(|| format!("trained-{today}"));
    let (company, options) = (args.company.clone(), args.options());
    let trained = run_blocking(move || Trained::on(&lists, &company, &prior, options, version))
        .await?
        .map_err(|error| CliError::Failed(format!("cannot train: {error}")))?;
    write(&args.out, &trained.model)?;
    print(&trained.text(&args.out))
}

fn read_prior(file: &Path) -> Result<Model, CliError> {
    app::read_model(file).map_err(|error| CliError::Usage(format!("--prior: {error}")))
}

fn write(file: &Path, model: &Model) -> Result<(), CliError> {
    std::fs::write(file, model.to_json())
        .map_err(|error| CliError::Usage(format!("cannot write the file {}: {error}", file.display())))
}

/// Why there is no model.
#[derive(Debug, thiserror::Error)]
enum NoModel {
    #[error(transparent)]
    Train(#[from] TrainError),
    #[error(transparent)]
    Model(#[from] okaeri_engine::ranking::ModelError),
}

struct Trained {
    prior: Arc<Model>,
    model: Model,
    systems: [System; 3],
}

impl Trained {
    fn on(
        lists: &[EvaluatedList],
        company: &str,
        prior: &Arc<Model>,
        options: Options,
        version: String,
    ) -> Result<Self, NoModel> {
        let graded: Vec<&GradedList> = lists.iter().map(|list| &list.graded).collect();
        let weights = train::fit(&graded, prior.weights(), &options)?;
        let means = train::means(&graded, &prior.with_weights(weights.clone()));
        let scored = FeatureId::ALL
            .iter()
            .filter(|feature| feature.group() != Group::Feed);
        let training = Training {
            company: company.to_owned(),
            lists: lists.iter().map(|list| list.id().to_owned()).collect(),
            options,
            prior_version: prior.version().to_owned(),
            prior_weights: scored.map(|one| (*one, prior.weights()[*one as usize])).collect(),
        };
        let of_prior = eval::measure_model(lists, prior);
        let in_sample = eval::measure_model(lists, &prior.with_weights(weights.clone()));
        let held_out = eval::cross_validated(lists, company, prior, &training)?;
        let obtained = obtained(&training, lists, (&of_prior, &in_sample, &held_out));
        let model = Model::trained(version, obtained, training, weights, means)?;
        let same_lists = "a prior that was made on the same lists makes this figure too good";
        let systems = [
            System {
                code: "prior",
                what: format!("the model {}, as it was", prior.version()),
                measured: of_prior,
            },
            System {
                code: "trained",
                what: format!(
                    "the model {}, in-sample: on the lists that it was trained on",
                    model.version()
                ),
                measured: in_sample,
            },
            System {
                code: "trained-cross-validated",
                what: format!(
                    "each list ranked by weights trained in the same way on the other folds ({} folds); {same_lists}",
                    (options.folds as usize).min(lists.len())
                ),
                measured: held_out,
            },
        ];
        Ok(Self {
            prior: Arc::clone(prior),
            model,
            systems,
        })
    }

    fn text(&self, out: &Path) -> String {
        let columns = [
            text_column("feature", 28),
            number_column("prior"),
            number_column("trained"),
            number_column("mean"),
        ];
        let scored = FeatureId::ALL
            .iter()
            .filter(|feature| feature.group() != Group::Feed);
        let rows: Vec<Vec<String>> = scored
            .map(|feature| {
                let idx = *feature as usize;
                vec![
                    feature.code().to_owned(),
                    format!("{:.3}", self.prior.weights()[idx]),
                    format!("{:.3}", self.model.weights()[idx]),
                    format!("{:.3}", self.model.means()[idx]),
                ]
            })
            .collect();
        format!(
            "{}\n{}\nThe model {} is in {}; set OKAERI_MODEL_FILE to rank with it.\n",
            systems_table(&self.systems),
            table(&columns, &rows),
            self.model.version(),
            out.display()
        )
    }
}

/// How the model came to be, for its file.
fn obtained(
    training: &Training,
    lists: &[EvaluatedList],
    (prior, in_sample, held_out): (&[Measured], &[Measured], &[Measured]),
) -> String {
    let n_pairs: usize = lists.iter().map(|list| list.alumni.len()).sum();
    let n_contrasts: usize = lists.iter().map(|list| list.graded.contrasts.len()).sum();
    let options = &training.options;
    format!(
        "By `okaeri train` on {} graded lists of the company {} ({n_pairs} eligible pairs, {n_contrasts} contrasts): \
         pairwise logistic loss weighed by the change of nDCG@10 (LambdaRank), kept near the prior {} (lambda {}, \
         temperature {}, contrast weight {}, {} rounds). Cross-validated over {} folds of opportunities: {}; in-sample: \
         {}; the prior: {}. Means: over all eligible pairs, obstacles as they enter the score.",
        lists.len(),
        training.company,
        training.prior_version,
        options.lambda,
        options.temperature,
        options.contrast_weight,
        options.rounds,
        (options.folds as usize).min(lists.len()),
        in_words(held_out),
        in_words(in_sample),
        in_words(prior),
    )
}

fn in_words(measured: &[Measured]) -> String {
    let Some(all) = eval::summarize(measured).pop() else {
        return "nothing".to_owned();
    };
    let Figures {
        ndcg_at_10,
        fit_above_decoy,
        gap_above_decoy,
        ..
    } = all.figures;
    format!(
        "nDCG@10 {:.3}, fits above decoys {}/{}, gaps above decoys {}/{}",
        ndcg_at_10.mean,
        fit_above_decoy.n_in_order,
        fit_above_decoy.n_all,
        gap_above_decoy.n_in_order,
        gap_above_decoy.n_all
    )
}
