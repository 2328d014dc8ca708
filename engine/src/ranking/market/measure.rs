//! What a plan is worth: matches, envy, chances, and seats filled in simulated markets.

use super::{Market, Plan};

/// How often somebody would rather have had another's places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envies {
    /// Ordered pairs of alumni.
    pub n_alumni: usize,
    /// Ordered pairs of opportunities.
    pub n_opportunities: usize,
}

/// What comes of a plan on average.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hiring {
    /// Seats filled of all seats, in `[0, 1]`.
    pub filled: f64,
    /// Opportunities with nobody, of all, in `[0, 1]`.
    pub empty: f64,
}

/// How much another must be preferred to be envied; below is rounding (Tomita & Yokoyama, RecSys 2024).
const ENVY_MIN: f64 = 1e-9;

/// Expected matches of a pair, in the order of [`Market::pairs`]. Attention and wishes are in `[0, 1]`, so that the
/// clipping of the published measure has nothing to clip.
fn by_pair<'a>(market: &'a Market, plan: &'a Plan) -> impl Iterator<Item = f64> + 'a {
    let attention = plan.alumnus_attention.iter().zip(&plan.opportunity_attention);
    market
        .product()
        .iter()
        .zip(attention)
        .map(|(product, (x, y))| product * x * y)
}

/// Expected matches, `Σ p q x y`.
#[must_use]
pub fn matches(market: &Market, plan: &Plan) -> f64 {
    by_pair(market, plan).sum()
}

/// Expected matches of each alumnus.
fn by_alumnus(market: &Market, plan: &Plan) -> Vec<f64> {
    let mut sums = vec![0.0; market.n_alumni()];
    for ((i, _), n_matches) in market.pairs().zip(by_pair(market, plan)) {
        sums[i] += n_matches;
    }
    sums
}

/// How many alumni expect at least `least` matches.
#[must_use]
pub fn n_with_a_chance(market: &Market, plan: &Plan, least: f64) -> usize {
    by_alumnus(market, plan)
        .iter()
        .filter(|&&n_matches| n_matches >= least)
        .count()
}

/// Counts envy: `i` envies `i'` if `Σ_j p_ij x_ij q_ji y_ji'` exceeds what `i` has, that is, if with their own wishes
/// and lists they would do better in the places that opportunities give `i'`; and likewise opportunities.
///
/// Takes `n_pairs` times the larger side, so it is for markets of some thousand.
#[must_use]
pub fn envies(market: &Market, plan: &Plan) -> Envies {
    let (alumni, opportunities) = (&market.alumni, &market.opportunities);
    let (x, y) = (&plan.alumnus_attention, &plan.opportunity_attention);
    let mut n_alumni = 0;
    let mut other = vec![0.0; market.n_alumni()];
    for i in 0..market.n_alumni() {
        other.fill(0.0);
        for at in alumni.pairs_of(i) {
            let weight = alumni.product[at] * x[at];
            for column_at in opportunities.pairs_of(alumni.other[at] as usize) {
                let row_at = opportunities.mirror[column_at] as usize;
                other[opportunities.other[column_at] as usize] += weight * y[row_at];
            }
        }
        n_alumni += other.iter().filter(|&&sum| sum > other[i] + ENVY_MIN).count();
    }
    let mut n_opportunities = 0;
    let mut other = vec![0.0; market.n_opportunities()];
    for j in 0..market.n_opportunities() {
        other.fill(0.0);
        for column_at in opportunities.pairs_of(j) {
            let row_at = opportunities.mirror[column_at] as usize;
            let weight = opportunities.product[column_at] * y[row_at];
            for at in alumni.pairs_of(opportunities.other[column_at] as usize) {
                other[alumni.other[at] as usize] += weight * x[at];
            }
        }
        n_opportunities += other.iter().filter(|&&sum| sum > other[j] + ENVY_MIN).count();
    }
    Envies {
        n_alumni,
        n_opportunities,
    }
}

/// Plays a plan `n_markets` times: mutual interest arises with `p q x y`, is accepted with `acceptance`, arrives in
/// random order, and is turned into a seat while the opportunity has one and the person has none.
///
/// - `uniform`: draws in `[0, 1)`; randomness is the caller's
#[must_use]
pub fn simulate(
    market: &Market,
    plan: &Plan,
    acceptance: f64,
    n_markets: usize,
    mut uniform: impl FnMut() -> f64,
) -> Hiring {
    let pairs: Vec<(f64, usize, usize)> = market
        .pairs()
        .zip(by_pair(market, plan))
        .filter(|(_, n_matches)| *n_matches > 0.0)
        .map(|((i, j), n_matches)| (acceptance * n_matches, i, j))
        .collect();
    let room = &market.opportunities.room;
    let (mut n_filled, mut n_empty) = (0.0, 0.0);
    let mut accepted: Vec<(f64, usize, usize)> = Vec::new();
    let mut taken_in = vec![0; market.n_alumni()];
    for round in 1..=n_markets {
        accepted.clear();
        for &(probability, i, j) in &pairs {
            let draw = uniform();
            if draw < probability {
                // Given that it is below, a draw divided by its bound is uniform again: the time of arrival.
                accepted.push((draw / probability, i, j));
            }
        }
        accepted.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
        let mut left = room.clone();
        for &(_, i, j) in &accepted {
            if taken_in[i] != round && left[j] > 0.0 {
                taken_in[i] = round;
                left[j] -= 1.0;
            }
        }
        n_filled += room.iter().sum::<f64>() - left.iter().sum::<f64>();
        n_empty += left.iter().zip(room).filter(|(left, room)| left == room).count() as f64;
    }
    let n_markets = n_markets.max(1) as f64;
    Hiring {
        filled: n_filled / (n_markets * room.iter().sum::<f64>().max(1.0)),
        empty: n_empty / (n_markets * room.len().max(1) as f64),
    }
}
