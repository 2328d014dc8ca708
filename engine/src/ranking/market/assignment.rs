//! The best assignment of alumni to opportunities, one of each, round by round.

use super::{Market, MarketError};

/// Most actors on a side whose assignment is solved exactly: some 10 ms a round for a square of this size, and 700 kB.
pub(super) const EXACT_MAX: usize = 300;

/// Which round assigns a pair, from 0; `None` where none of `n_rounds` does. In the order of [`Market::pairs`].
///
/// Each round maximizes the sum of `p · q` over pairs that no earlier round took (Jonker & Volgenant 1987).
pub(super) fn rounds(market: &Market, n_rounds: usize) -> Result<Vec<Option<usize>>, MarketError> {
    let n = market.n_alumni().max(market.n_opportunities());
    let mut rounds = vec![None; market.product().len()];
    // The solver wants a square; whoever is left over gets nobody, at no cost. So does a pair that is absent or taken.
    let mut costs = lapjv::Matrix::<f64>::zeros((n, n));
    for ((i, j), product) in market.pairs().zip(market.product()) {
        costs[(i, j)] = -product;
    }
    for round in 0..n_rounds {
        let (column_of_row, _) =
            lapjv::lapjv(&costs).map_err(|error| MarketError::Assignment(error.to_string()))?;
        let mut is_any = false;
        for (at, (i, j)) in market.pairs().enumerate() {
            if column_of_row[i] == j && costs[(i, j)] < 0.0 {
                rounds[at] = Some(round);
                costs[(i, j)] = 0.0;
                is_any = true;
            }
        }
        if !is_any {
            break;
        }
    }
    Ok(rounds)
}
