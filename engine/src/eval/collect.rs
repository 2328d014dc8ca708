//! The lists that are measured: who may be ranked for an opportunity, with features, grades and baselines.

use std::collections::BTreeMap;

use super::baselines::Baselines;
use super::judgments::Contrast;
use crate::domain::{AlumnusId, OpportunityKind};
use crate::ranking::train::GradedList;
use crate::ranking::{self, Pool, RankRequest};

/// One opportunity's list, ready to be ordered in any way.
#[derive(Clone, Debug)]
pub struct EvaluatedList {
    /// What is offered.
    pub kind: OpportunityKind,
    /// Features and grades; its name is the opportunity's number.
    pub graded: GradedList,
    /// The company's own number of each row's person.
    pub alumni: Vec<String>,
    /// People written for the opportunity, eligible or not.
    pub contrasts: Vec<(Contrast, String)>,
    /// The baselines' scores of each row, in the order of [`Baseline::ALL`](super::baselines::Baseline::ALL).
    pub baselines: [Vec<f64>; 3],
}

impl EvaluatedList {
    /// The opportunity's number.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.graded.id
    }

    /// How a row's person was written for this opportunity, if so.
    #[must_use]
    pub fn contrast_of(&self, row: usize) -> Option<Contrast> {
        let written = self
            .contrasts
            .iter()
            .find(|(_, alumnus)| *alumnus == self.alumni[row]);
        written.map(|(contrast, _)| *contrast)
    }
}

/// Makes lists of one company.
pub struct Collector<'a> {
    pool: &'a Pool,
    baselines: Baselines,
}

impl<'a> Collector<'a> {
    /// Will count the words of everybody in the pool, once for all lists.
    #[must_use]
    pub fn new(pool: &'a Pool) -> Self {
        Self {
            baselines: Baselines::default(),
            pool,
        }
    }

    /// Makes one list.
    ///
    /// - `id`: the opportunity's number
    /// - `number_of`: the company's own number of a person
    /// - `grades`, `contrasts`: of this opportunity, by number; whom they do not name has grade 0
    #[must_use]
    pub fn collect(
        &mut self,
        id: &str,
        request: &RankRequest<'_>,
        number_of: &dyn Fn(AlumnusId) -> String,
        grades: &BTreeMap<String, f64>,
        contrasts: &[(Contrast, String)],
    ) -> EvaluatedList {
        let extracted = ranking::extract(request, self.pool);
        let ids = &extracted.alumnus_ids;
        let alumni: Vec<String> = ids.iter().map(|id| number_of(*id)).collect();
        let grade = |alumnus: &String| grades.get(alumnus).copied().unwrap_or_default();
        EvaluatedList {
            kind: request.opportunity.opportunity.kind(),
            graded: GradedList {
                id: id.to_owned(),
                grades: alumni.iter().map(grade).collect(),
                judged: grades.values().copied().collect(),
                contrasts: contrast_rows(&alumni, contrasts),
                features: extracted.features,
            },
            baselines: self.baselines.scores(request.opportunity, ids, self.pool),
            alumni,
            contrasts: contrasts.to_vec(),
        }
    }
}

/// Each fit and gap with each decoy, where both are in the list.
fn contrast_rows(alumni: &[String], contrasts: &[(Contrast, String)]) -> Vec<(usize, usize)> {
    let rows = |is_meant: fn(Contrast) -> bool| {
        let meant = contrasts.iter().filter(move |(contrast, _)| is_meant(*contrast));
        meant.filter_map(|(_, wanted)| alumni.iter().position(|alumnus| alumnus == wanted))
    };
    let above = rows(|contrast| matches!(contrast, Contrast::Fit | Contrast::Gap));
    above
        .flat_map(|above| rows(|contrast| contrast == Contrast::Decoy).map(move |decoy| (above, decoy)))
        .collect()
}
