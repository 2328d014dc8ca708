//! What people say about themselves for statistics, and the only count of it.
//!
//! - Apart from everything that ranks, lists or shows people: this module alone reads the table, and gives out sums.
//! - Only the person reads their own answers; to take them back deletes them.

use std::collections::{HashMap, HashSet};

use okaeri_engine::domain::statistics::{Answer, Question, Selection, impact_ratios, told_cells};
use okaeri_engine::domain::{AlumnusId, CompanyId, Viewer};

use super::{Failure, Fault, Rejection, RejectionCode};
use crate::app::App;
use crate::db::statistics::{self, Given};

/// Version of the text that says what answers are for.
pub const TEXT_VERSION: &str = "2026-11";

/// How a group of people fared who said the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupImpact {
    /// What they said.
    pub answer: Answer,
    /// How many were considered and selected, and the ratio of their rate to the highest; `None` where the numbers would
    /// tell of single people.
    pub told: Option<Impact>,
}

/// A group's numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Impact {
    /// The group's numbers.
    pub selection: Selection,
    /// The rate by the highest of the groups that are told; `None` where nobody was selected.
    pub ratio: Option<f64>,
}

/// Gives the viewer's answers; each takes the place of an earlier one to the same question.
pub async fn give(
    app: &App,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    answers: Vec<Answer>,
) -> Result<Vec<Answer>, Failure> {
    let mut questions = HashSet::new();
    if let Some(twice) = answers.iter().find(|answer| !questions.insert(answer.question())) {
        let code = twice.question().code();
        return Err(Rejection::new(
            RejectionCode::Invalid,
            "answers",
            format!("answers has two to the question {code}; one is the maximum"),
            format!("同じ質問({code})への回答は1つだけにしてください"),
        )
        .into());
    }
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    for answer in answers {
        let given = Given {
            alumnus_id,
            answer,
            text_version: TEXT_VERSION.to_owned(),
            given_at: now,
        };
        statistics::set(&tx, viewer.company_id, &given).await?;
    }
    // No entry in the change log: nothing that follows it may know.
    let given = statistics::list_for_alumnus(&tx, viewer.company_id, alumnus_id).await?;
    tx.commit().await?;
    Ok(given.into_iter().map(|given| given.answer).collect())
}

/// Takes all of the viewer's answers back.
pub async fn withdraw(
    app: &App,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    is_meant: bool,
) -> Result<(), Failure> {
    if !is_meant {
        return Err(Rejection::not_meant().into());
    }
    let tx = app.db.begin_for(viewer.company_id).await?;
    statistics::delete_for(&tx, viewer.company_id, alumnus_id).await?;
    tx.commit().await?;
    Ok(())
}

/// The viewer's own answers.
pub async fn own(app: &App, viewer: &Viewer, alumnus_id: AlumnusId) -> Result<Vec<Answer>, Fault> {
    let given = statistics::list_for_alumnus(&app.db, viewer.company_id, alumnus_id).await?;
    Ok(given.into_iter().map(|given| given.answer).collect())
}

/// How groups fared among people who were considered, by one question. People without an answer are in no group.
pub async fn impact(
    app: &App,
    company_id: CompanyId,
    question: Question,
    considered: &HashSet<AlumnusId>,
    selected: &HashSet<AlumnusId>,
) -> Result<Vec<GroupImpact>, Fault> {
    let mut groups: HashMap<Answer, Selection> = HashMap::new();
    for given in statistics::list_to_count(&app.db, company_id, question).await? {
        if !considered.contains(&given.alumnus_id) {
            continue;
        }
        let group = groups.entry(given.answer).or_insert(Selection {
            n_considered: 0,
            n_selected: 0,
        });
        group.n_considered += 1;
        group.n_selected += u32::from(selected.contains(&given.alumnus_id));
    }
    Ok(impact_of(question, &groups))
}

/// The groups in the order of their answers. One is told if neither its people nor those of them who were selected, or
/// were not, are so few that they tell of one, and if no withheld group could be computed from it.
fn impact_of(question: Question, groups: &HashMap<Answer, Selection>) -> Vec<GroupImpact> {
    let answers: Vec<Answer> = Answer::ALL
        .iter()
        .copied()
        .filter(|answer| answer.question() == question)
        .collect();
    let selections: Vec<Selection> = answers
        .iter()
        .map(|answer| {
            groups.get(answer).copied().unwrap_or(Selection {
                n_considered: 0,
                n_selected: 0,
            })
        })
        .collect();
    let cells = |count: fn(&Selection) -> u32| {
        let counts: Vec<u32> = selections.iter().map(count).collect();
        told_cells(&counts)
    };
    let considered = cells(|group| group.n_considered);
    let selected = cells(|group| group.n_selected);
    let passed_over = cells(|group| group.n_considered - group.n_selected);
    let is_told = |idx: usize| considered[idx] && selected[idx] && passed_over[idx];
    let told: Vec<Selection> = (0..answers.len())
        .filter(|idx| is_told(*idx))
        .map(|idx| selections[idx])
        .collect();
    let mut ratios = impact_ratios(&told).into_iter();
    let group = |(idx, answer): (usize, &Answer)| GroupImpact {
        answer: *answer,
        told: is_told(idx).then(|| Impact {
            selection: selections[idx],
            ratio: ratios.next().flatten(),
        }),
    };
    answers.iter().enumerate().map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(groups: &[(Answer, u32, u32)]) -> Vec<Option<(u32, Option<f64>)>> {
        let groups = groups.iter().map(|(answer, n_considered, n_selected)| {
            let selection = Selection {
                n_considered: *n_considered,
                n_selected: *n_selected,
            };
            (*answer, selection)
        });
        let impact = impact_of(Question::Gender, &groups.collect());
        impact
            .into_iter()
            .map(|group| group.told.map(|told| (told.selection.n_considered, told.ratio)))
            .collect()
    }

    #[test]
    fn ratios_are_told_for_groups_that_are_large_enough_and_for_no_others() {
        let (woman, man, another) = (Answer::Woman, Answer::Man, Answer::AnotherGender);
        assert_eq!(
            told(&[(woman, 20, 10), (man, 20, 8)]),
            [Some((20, Some(1.0))), Some((20, Some(0.8))), Some((0, None))]
        );
        // Three people of a third group: neither they nor, since their number could be computed, the smaller other.
        assert_eq!(
            told(&[(woman, 20, 10), (man, 30, 15), (another, 3, 1)]),
            [None, Some((30, Some(1.0))), None]
        );
        // Enough people, of whom so few were selected that it would tell who.
        assert_eq!(
            told(&[(woman, 20, 1), (man, 20, 10)]),
            [None, None, Some((0, None))]
        );
    }
}
