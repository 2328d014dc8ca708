//! The matching of a market with transferable utility, by iterative proportional fitting.

use super::Market;

/// Least β: the kernel reaches `exp(1 / β)`, which must stay far from overflow.
pub(super) const BETA_MIN: f64 = 0.02;
/// Most β: everybody is alike long before.
pub(super) const BETA_MAX: f64 = 100.0;
/// Most rounds of fitting. Markets of the published sizes settle within a hundred.
pub(super) const ITERATIONS_MAX: usize = 500;
/// Rounds of fitting where the matching is only a start: its order has settled by then.
pub(super) const ITERATIONS_FOR_START: usize = 50;
/// Fitting ends when no share of single alumni changes by more.
const TOLERANCE: f64 = 1e-10;

/// The equilibrium matching `μ`, in the order of [`Market::pairs`], each in `[0, 1]`.
///
/// `μ_ij = a_i K_ij b_j` with `K = exp((p + qᵀ) / 2β)`, where `a_i²` and `b_j²` are the shares that stay single and
/// every actor has the margin 1: `a_i² + a_i Σ_j K_ij b_j = 1` (Choo & Siow 2006; Tomita et al., RecSys 2022). Unit
/// margins rather than seats, as published; seats come in where the lists are planned.
pub(super) fn matching(market: &Market, beta: f64, iterations_max: usize) -> Vec<f64> {
    let side = &market.alumni;
    let wishes = market.p.iter().zip(&market.q);
    let mut kernel: Vec<f64> = wishes.map(|(p, q)| ((p + q) / (2.0 * beta)).exp()).collect();
    let mut a = vec![1.0; market.n_alumni()];
    let mut b = vec![1.0; market.n_opportunities()];
    let mut sums = vec![0.0; market.n_opportunities()];
    for _ in 0..iterations_max {
        // One pass serves both sides: an alumnus's share is known before their row is left.
        sums.fill(0.0);
        let mut change: f64 = 0.0;
        for (i, a) in a.iter_mut().enumerate() {
            let pairs = side.pairs_of(i);
            let (row, others) = (&kernel[pairs.clone()], &side.other[pairs]);
            let weighted = row.iter().zip(others).map(|(kernel, &j)| kernel * b[j as usize]);
            let share = single(weighted.sum());
            change = change.max((share - *a).abs());
            *a = share;
            for (kernel, &j) in row.iter().zip(others) {
                sums[j as usize] += kernel * share;
            }
        }
        for (b, &sum) in b.iter_mut().zip(&sums) {
            *b = single(sum);
        }
        if change < TOLERANCE {
            break;
        }
    }
    for (i, a) in a.iter().enumerate() {
        for at in side.pairs_of(i) {
            kernel[at] *= a * b[side.other[at] as usize];
        }
    }
    kernel
}

/// The positive root of `a² + a·sum = 1`, written so that a large sum cancels nothing.
fn single(sum: f64) -> f64 {
    2.0 / (sum + (sum * sum + 4.0).sqrt())
}
