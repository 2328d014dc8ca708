//! Plans both sides' lists together, so that not every opportunity shows the same few people.
//!
//! An alumnus `i` wishes for an opportunity `j` with `p_ij`, the company wishes for them with `q_ji`, and a match comes
//! about where each gives the other attention: `x_ij` and `y_ji`, the weight of the place in the list. Expected
//! matches are `Σ p_ij q_ji x_ij y_ji`. With one side held fixed this is linear in the other with a rank-one cost (the
//! wish times the weight of the place), so that the best lists are a sort; nothing here calls a solver of linear
//! programmes.
//!
//! - Never changes a score or a list by itself: it plans, and whoever serves a list multiplies by what was planned
//!   ([`Multipliers`]), which is a contribution like any other.
//! - Knows no person: sides are counted, wishes are numbers, and a protected attribute has no way in.
//! - Draws no random numbers: the same market gives the same plan, ties by the larger wish and then by position.
//!
//! Sources: Tomita & Yokoyama, "Fair reciprocal recommendation in matching markets", RecSys 2024 (SW, NSW, envy);
//! Tomita et al., RecSys 2022 and 2023 (TU by iterative proportional fitting); Su, Bayoumi & Joachims, WWW 2022
//! (attention by place); Saito & Joachims, KDD 2022 (Nash welfare of exposure).

mod assignment;
mod climb;
mod lists;
mod measure;
mod multipliers;
mod pairs;
mod response;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod transport;

pub use climb::{Climb, Serving, Start};
pub use measure::{Envies, Hiring, envies, matches, n_with_a_chance, simulate};
pub use multipliers::{
    Contention, Coordination, MULTIPLIERS_VERSION, Multipliers, MultipliersError, Wish, coordinate_lists,
    lists_with,
};
pub use pairs::{Market, MarketError, PAIRS_MAX, Pair, Places};

use climb::Weight;
use pairs::Side;

/// How lists are planned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Policy {
    /// Everybody by their own wish.
    Naive,
    /// Everybody by the product of both wishes, which is what a ranking does without coordination.
    Product,
    /// By the equilibrium matching of a market with transferable utility (Tomita et al., RecSys 2022).
    Transferable {
        /// How much chance there is in a choice; in `[0.02, 100]`. Small is close to the best assignment.
        beta: f64,
    },
    /// Most expected matches by alternating Frank-Wolfe steps (SW).
    Welfare(Climb),
    /// The Nash welfare of both sides, which leaves nearly no envy (NSW). For speaker slots.
    Nash(Climb),
    /// Between [`Policy::Welfare`] (0) and [`Policy::Nash`] (1): α-fairness of both sides' expected matches.
    Alpha {
        /// In `[0, 4]`: from total matches to equal chances.
        alpha: f64,
        /// How it is sought.
        climb: Climb,
    },
    /// Each side answers the other's lists in turn until nothing changes (ABR): one fixed list per actor, most matches.
    BestResponse,
    /// Seats and people saturate (CAP): a wish weighs `exp(-a L_j / c_j) exp(-a L_i)`, with `L` the expected matches
    /// so far and `c` the seats. Ours; what a programme gets that turns coordination on.
    Capacity {
        /// How fast they saturate, per expected match; in `[0, 20]`.
        a: f64,
        /// How it is sought.
        climb: Climb,
    },
}

/// How fast seats and people saturate unless told otherwise. Chosen on 2,000 alumni × 60 roles, five seeds of 3,000
/// simulated markets: .3 fills .5247 of the seats and leaves .157 of the roles empty, .5 .5256 and .159, .6 .5254 and
/// .161; the noise is .0004. Welfare without saturation fills .512.
pub const SATURATION: f64 = 0.5;

impl Policy {
    /// CAP as we use it.
    pub const CAPACITY: Self = Self::Capacity {
        a: SATURATION,
        climb: Climb::SEATS_FIXED,
    };

    fn ensure_in_range(self) -> Result<(), MarketError> {
        match self {
            Self::Naive | Self::Product | Self::BestResponse => Ok(()),
            Self::Transferable { beta } => in_range("beta", beta, transport::BETA_MIN, transport::BETA_MAX),
            Self::Welfare(climb) | Self::Nash(climb) => climb.ensure_in_range(),
            Self::Alpha { alpha, climb } => {
                in_range("alpha", alpha, 0.0, 4.0)?;
                climb.ensure_in_range()
            }
            Self::Capacity { a, climb } => {
                in_range("a", a, 0.0, 20.0)?;
                climb.ensure_in_range()
            }
        }
    }
}

/// Who gives whom how much attention. Both in the order of [`Market::pairs`], each in `[0, 1]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// `x`: what the alumnus gives the opportunity.
    pub alumnus_attention: Vec<f64>,
    /// `y`: what the opportunity gives the alumnus.
    pub opportunity_attention: Vec<f64>,
}

/// Plans the lists of a market.
///
/// # Errors
///
/// [`MarketError::OutOfRange`] for a parameter of the policy, [`MarketError::Assignment`] if no start was found.
pub fn coordinate(market: &Market, policy: Policy) -> Result<Plan, MarketError> {
    policy.ensure_in_range()?;
    match policy {
        Policy::Naive => Ok(response::lists_by(market, &market.p, &market.q)),
        Policy::Product => Ok(response::lists_by(market, market.product(), market.product())),
        Policy::Transferable { beta } => {
            let matching = transport::matching(market, beta, transport::ITERATIONS_MAX);
            Ok(response::lists_by(market, &matching, &matching))
        }
        Policy::Welfare(climb) => Ok(climb::climb(market, Weight::One, climb)),
        Policy::Nash(climb) => Ok(climb::climb(market, Weight::Inverse { power: 1.0 }, climb)),
        Policy::Alpha { alpha, climb } => Ok(climb::climb(market, Weight::Inverse { power: alpha }, climb)),
        Policy::BestResponse => response::alternate(market),
        Policy::Capacity { a, climb } => Ok(climb::climb(market, Weight::Saturating { a }, climb)),
    }
}

/// An error if a parameter is not in its closed range.
fn in_range(name: &'static str, value: f64, least: f64, most: f64) -> Result<(), MarketError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(MarketError::OutOfRange {
        name,
        value,
        least,
        most,
    })
}
