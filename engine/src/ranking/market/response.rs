//! Fixed lists: by any score, and by answering the other side's lists in turn.

use super::assignment::{self, EXACT_MAX};
use super::lists::{Entry, Picker};
use super::{Market, MarketError, Plan, Side, transport};

/// The lists that each side makes by a score of its own; both in the order of [`Market::pairs`].
pub(super) fn lists_by(market: &Market, alumnus_scores: &[f64], opportunity_scores: &[f64]) -> Plan {
    let (alumni, opportunities) = (&market.alumni, &market.opportunities);
    let mut picker = Picker::default();
    let given = |at: usize| opportunity_scores[opportunities.mirror[at] as usize];
    Plan {
        // What alumni give is read by opportunities, and the other way round.
        alumnus_attention: to_rows(market, &lists(alumni, |at| alumnus_scores[at], &mut picker)),
        opportunity_attention: lists(opportunities, given, &mut picker),
    }
}

/// Attention that a side gives if each actor sorts by `score`, which takes a position on that side. In the order of
/// the other side's pairs.
fn lists(side: &Side, score: impl Fn(usize) -> f64, picker: &mut Picker) -> Vec<f64> {
    let mut given = vec![0.0; side.other.len()];
    for actor in 0..side.n_actors() {
        let candidates = side.pairs_of(actor).map(|at| Entry {
            score: score(at),
            product: side.product[at],
            pair_idx: at as u32,
        });
        let list = picker.pick(side.places.len(), candidates);
        for (entry, place) in list.iter().zip(&side.places) {
            given[side.mirror[entry.pair_idx as usize] as usize] = *place;
        }
    }
    given
}

/// What alumni give, from the order of the opportunities' pairs to that of [`Market::pairs`].
fn to_rows(market: &Market, given: &[f64]) -> Vec<f64> {
    market
        .alumni
        .mirror
        .iter()
        .map(|&at| given[at as usize])
        .collect()
}

/// What alumni give, the other way round.
pub(super) fn to_columns(market: &Market, attention: &[f64]) -> Vec<f64> {
    market
        .opportunities
        .mirror
        .iter()
        .map(|&at| attention[at as usize])
        .collect()
}

/// Attention that everybody is taken to get besides, in the first round of answers: whoever is in no list yet is then
/// placed by both sides' wishes and can still be discovered. Chosen by hand; .001 to .05 differ little.
const FLOOR: f64 = 0.01;

/// Most rounds of answers. Matches grow with each, and lists are finitely many; markets of the published sizes settle
/// within ten.
const ROUNDS_MAX: usize = 100;

/// Answering ends when a round adds less than this share of the matches there are: in small markets at the last list
/// that changes anything, in those of thousands after some ten rounds instead of fifty.
const GROWTH_MIN: f64 = 1e-5;

/// Answers in turn from several starts and keeps the most matches.
///
/// Starts are the best assignment at the first place; the best assignments round by round, the k-th at the k-th place;
/// and the lists by the product of wishes, so that the result is never below those. A market of more than
/// [`EXACT_MAX`] actors on a side starts from the transferable-utility matching instead of assignments.
pub(super) fn alternate(market: &Market) -> Result<Plan, MarketError> {
    let mut best: Option<(f64, Plan)> = None;
    for start in starts(market)? {
        let from_alumni = settle_from_alumni(market, to_columns(market, &start.alumnus_attention));
        let from_opportunities = settle_from_opportunities(market, start.opportunity_attention);
        for plan in [from_alumni, from_opportunities] {
            let n_matches = super::matches(market, &plan);
            if best.as_ref().is_none_or(|(most, _)| n_matches > *most) {
                best = Some((n_matches, plan));
            }
        }
    }
    best.map(|(_, plan)| plan)
        .ok_or_else(|| MarketError::Assignment("no start".to_owned()))
}

fn starts(market: &Market) -> Result<Vec<Plan>, MarketError> {
    let product = lists_by(market, market.product(), market.product());
    if market.n_alumni().max(market.n_opportunities()) > EXACT_MAX {
        let matching = transport::matching(market, 0.1, transport::ITERATIONS_FOR_START);
        return Ok(vec![lists_by(market, &matching, &matching), product]);
    }
    let n_rounds = market.alumni.places.len().max(market.opportunities.places.len());
    let rounds = assignment::rounds(market, n_rounds)?;
    let at_place = |places: &[f64], last: usize| -> Vec<f64> {
        let place = |round: &Option<usize>| round.filter(|&k| k < last).and_then(|k| places.get(k).copied());
        rounds.iter().map(|round| place(round).unwrap_or(0.0)).collect()
    };
    let from_rounds = |last: usize| Plan {
        alumnus_attention: at_place(&market.alumni.places, last),
        opportunity_attention: at_place(&market.opportunities.places, last),
    };
    Ok(vec![from_rounds(1), from_rounds(usize::MAX), product])
}

/// From what alumni give, in the order of the opportunities' pairs.
fn settle_from_alumni(market: &Market, x: Vec<f64>) -> Plan {
    let mut picker = Picker::default();
    let y = answer(&market.opportunities, &x, FLOOR, &mut picker);
    settle(market, x, y, &mut picker)
}

/// From what opportunities give, in the order of [`Market::pairs`].
fn settle_from_opportunities(market: &Market, y: Vec<f64>) -> Plan {
    let mut picker = Picker::default();
    let x = answer(&market.alumni, &y, FLOOR, &mut picker);
    settle(market, x, y, &mut picker)
}

/// Answers in turn with the floor and then without, each until matches no longer grow.
fn settle(market: &Market, mut x: Vec<f64>, mut y: Vec<f64>, picker: &mut Picker) -> Plan {
    for floor in [FLOOR, 0.0] {
        let mut most = -1.0;
        for _ in 0..ROUNDS_MAX {
            y = answer(&market.opportunities, &x, floor, picker);
            x = answer(&market.alumni, &y, floor, picker);
            let n_matches = n_matches(market, &x, &y, floor);
            if n_matches <= most * (1.0 + GROWTH_MIN) {
                break;
            }
            most = n_matches;
        }
    }
    Plan {
        alumnus_attention: to_rows(market, &x),
        opportunity_attention: y,
    }
}

/// A side's best lists against what it is given, both with `floor` of attention for everybody besides.
fn answer(side: &Side, given: &[f64], floor: f64, picker: &mut Picker) -> Vec<f64> {
    lists(side, |at| side.product[at] * (given[at] + floor), picker)
}

/// `Σ P (x + floor) (y + floor)`, which each answer raises.
fn n_matches(market: &Market, x: &[f64], y: &[f64], floor: f64) -> f64 {
    let side = &market.alumni;
    let pairs = side.mirror.iter().zip(y).zip(&side.product);
    pairs
        .map(|((&at, y), product)| product * (x[at as usize] + floor) * (y + floor))
        .sum()
}
