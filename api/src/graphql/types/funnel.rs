//! What a programme comes to, in numbers.

use async_graphql::SimpleObject;
use okaeri_engine::domain::statistics::{self as domain, SMALL_CELL};

use crate::graphql::enums::{StatisticsAnswer, StatisticsQuestion};
use crate::usecase::{funnel, statistics};

/// What came of an offer of one kind within whole months. Administrators. A count that is null, or those who did not go on,
/// are fewer than `smallCellLimit`.
#[derive(Clone, Debug, SimpleObject)]
pub struct Funnel {
    /// People and opportunities that stood on the first page of a list of candidates. Null when too few.
    pub matched_count: Option<i32>,
    /// Those of them who were invited. Null when too few.
    pub contacted_count: Option<i32>,
    /// Those of them with whom it was agreed. Null when too few.
    pub agreed_count: Option<i32>,
    /// Those of them with whom it came about: rehired, contracted or spoken. Null when too few.
    pub realized_count: Option<i32>,
    /// How recruiters chose.
    pub overrides: FunnelOverrides,
    /// How groups fare, by each question that people were asked for statistics.
    pub impact: Vec<FunnelImpact>,
    /// Fewer people than this are not told apart.
    pub small_cell_limit: i32,
    /// Lists of the period that were not read, being more than can be; usually 0.
    pub unread_list_count: i32,
}

/// How often recruiters chose otherwise than the ranking.
#[derive(Clone, Debug, SimpleObject)]
pub struct FunnelOverrides {
    /// The share, 0 to 1, of invitations to somebody who stood below somebody else who was not invited, in the newest list
    /// before. Null when too few were invited.
    pub invited_below_others: Option<f64>,
    /// The share, 0 to 1, of opportunities with an invitation whose first of the list was not invited. Null when there are
    /// too few.
    pub first_passed_over: Option<f64>,
}

/// How groups fare by one question. Only people who answered it are counted.
#[derive(Clone, Debug, SimpleObject)]
pub struct FunnelImpact {
    /// The question.
    pub question: StatisticsQuestion,
    /// The groups, in the order of the enum.
    pub groups: Vec<FunnelGroup>,
}

/// How a group fares. All numbers are null together, where they would tell of single people.
#[derive(Clone, Debug, SimpleObject)]
pub struct FunnelGroup {
    /// What its people said.
    pub answer: StatisticsAnswer,
    /// How many were matched. Null when withheld.
    pub considered_count: Option<i32>,
    /// How many of them were invited. Null when withheld.
    pub selected_count: Option<i32>,
    /// The share that was invited, 0 to 1. Null when withheld, or when nobody was there.
    pub selection_rate: Option<f64>,
    /// The rate by the highest rate of the groups that are told. Null when withheld, or when nobody was invited.
    pub impact_ratio: Option<f64>,
    /// Whether the ratio is below four fifths, which the rule of that name takes for a sign of adverse impact. Null without
    /// a ratio.
    pub is_below_four_fifths: Option<bool>,
}

/// The four-fifths rule's limit.
const FOUR_FIFTHS: f64 = 0.8;

impl From<funnel::Funnel> for Funnel {
    fn from(counted: funnel::Funnel) -> Self {
        Self {
            matched_count: counted.n_matched.map(number),
            contacted_count: counted.n_contacted.map(number),
            agreed_count: counted.n_agreed.map(number),
            realized_count: counted.n_realized.map(number),
            overrides: FunnelOverrides {
                invited_below_others: counted.overrides.invited_below_others,
                first_passed_over: counted.overrides.first_passed_over,
            },
            impact: counted.impact.into_iter().map(impact).collect(),
            small_cell_limit: number(SMALL_CELL),
            unread_list_count: i32::try_from(counted.n_lists_left_out).unwrap_or(i32::MAX),
        }
    }
}

fn impact((question, groups): (domain::Question, Vec<statistics::GroupImpact>)) -> FunnelImpact {
    let group = |group: statistics::GroupImpact| {
        let told = group.told;
        let ratio = told.and_then(|told| told.ratio);
        FunnelGroup {
            answer: group.answer.into(),
            considered_count: told.map(|told| number(told.selection.n_considered)),
            selected_count: told.map(|told| number(told.selection.n_selected)),
            selection_rate: told.and_then(|told| told.selection.rate()),
            impact_ratio: ratio,
            is_below_four_fifths: ratio.map(|ratio| ratio < FOUR_FIFTHS),
        }
    };
    FunnelImpact {
        question: question.into(),
        groups: groups.into_iter().map(group).collect(),
    }
}

fn number(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
