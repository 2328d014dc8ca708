//! What `evaluate` and `train` share: files of grades and contrasts, and the lists that they judge.
//!
//! - Only opportunities with grades are ranked; whom the grades do not name has grade 0.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use okaeri_engine::domain::{AlumnusId, Asker, Opportunity};
use okaeri_engine::eval::{self, Collector, Contrasts, EvaluatedList, Grades};

use super::failure::CliError;
use super::output::remark;
use super::ranking::{Session, not_open, number};
use crate::projection::run_blocking;
use crate::usecase::candidates;

/// Grades and contrasts as they stand in their files.
pub(crate) struct Judgments {
    grades: Grades,
    contrasts: Contrasts,
}

impl Judgments {
    pub(crate) fn read(qrels: &Path, contrasts: Option<&Path>) -> Result<Self, CliError> {
        let in_file = |file: &Path, error| CliError::Usage(format!("{}: {error}", file.display()));
        let grades = eval::parse_grades(&read(qrels)?).map_err(|error| in_file(qrels, error))?;
        let contrasts = match contrasts {
            Some(file) => eval::parse_contrasts(&read(file)?).map_err(|error| in_file(file, error))?,
            None => Contrasts::new(),
        };
        Ok(Self { grades, contrasts })
    }

    /// Everybody whom the files name.
    fn alumni(&self) -> impl Iterator<Item = &String> {
        let graded = self.grades.values().flat_map(|grades| grades.keys());
        graded.chain(self.contrasts.values().flatten().map(|(_, alumnus)| alumnus))
    }
}

/// Largest file of judgments: some 2,000,000 lines; more was not judged by people.
const FILE_BYTES_MAX: u64 = 64 * 1_048_576;

fn read(file: &Path) -> Result<String, CliError> {
    let unreadable =
        |reason: String| CliError::Usage(format!("cannot read the file {}: {reason}", file.display()));
    let n_bytes = std::fs::metadata(file)
        .map_err(|error| unreadable(error.to_string()))?
        .len();
    if n_bytes > FILE_BYTES_MAX {
        return Err(unreadable(format!("{n_bytes} bytes, more than {FILE_BYTES_MAX}")));
    }
    std::fs::read_to_string(file).map_err(|error| unreadable(error.to_string()))
}

/// Makes a list of everybody eligible for each graded opportunity, in the order of numbers.
pub(crate) async fn collect(
    session: &Session,
    judgments: Judgments,
) -> Result<Arc<Vec<EvaluatedList>>, CliError> {
    let mut opportunities = Vec::with_capacity(judgments.grades.len());
    for external_id in judgments.grades.keys() {
        opportunities.push((external_id.clone(), session.opportunity(external_id).await?));
    }
    let ids: Vec<AlumnusId> = session.projection.state().pool.ids().collect();
    let numbers: HashMap<AlumnusId, String> = session
        .alumni(&ids)
        .await?
        .into_iter()
        .map(|(id, alumnus)| (id, number(alumnus.external_id.as_ref(), &id)))
        .collect();
    remark_on_unknown(&judgments, &numbers);

    let (projection, now) = (Arc::clone(&session.projection), session.app.clock.now());
    let lists = run_blocking(move || {
        let state = projection.state();
        let mut collector = Collector::new(&state.pool);
        let number_of = |id: AlumnusId| numbers.get(&id).cloned().unwrap_or_else(|| id.to_string());
        let mut lists: Vec<Result<EvaluatedList, Opportunity>> = Vec::with_capacity(opportunities.len());
        for (external_id, opportunity) in opportunities {
            let contrasts = judgments
                .contrasts
                .get(&external_id)
                .map_or(&[][..], Vec::as_slice);
            let grades = &judgments.grades[&external_id];
            let list = candidates::ask(&state, opportunity.id, &Asker::COMPANY, now, |request| {
                collector.collect(&external_id, request, &number_of, grades, contrasts)
            });
            lists.push(list.ok_or(opportunity));
        }
        Ok::<_, crate::usecase::Fault>(lists)
    })
    .await??;
    let lists: Result<Vec<EvaluatedList>, Opportunity> = lists.into_iter().collect();
    Ok(Arc::new(
        lists.map_err(|opportunity| not_open(&opportunity, now))?,
    ))
}

/// A misspelt number would otherwise only lower the figures.
fn remark_on_unknown(judgments: &Judgments, numbers: &HashMap<AlumnusId, String>) {
    let known: std::collections::HashSet<&String> = numbers.values().collect();
    let unknown: std::collections::BTreeSet<&String> = judgments
        .alumni()
        .filter(|alumnus| !known.contains(alumnus))
        .collect();
    if let Some(first) = unknown.first() {
        remark(&format!(
            "okaeri: {} alumni of the files are not in the company, such as {first:?}; they count as not found",
            unknown.len()
        ));
    }
}
