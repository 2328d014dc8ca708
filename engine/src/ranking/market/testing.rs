//! The published markets, digit for digit. Shared by the tests, the bench and the example that sweeps over them.

#![allow(clippy::unwrap_used, unreachable_pub, missing_docs, dead_code)]

use ndarray::Array2;
use rand_mt::Mt;

use super::{Market, Places, Plan, Policy, coordinate, n_with_a_chance, simulate};

/// A market before it is one.
#[derive(Clone, Debug)]
pub struct Wishes {
    /// `[n_alumni, n_opportunities]`
    pub p: Array2<f64>,
    /// `[n_opportunities, n_alumni]`
    pub q: Array2<f64>,
}

/// `RandomState.random_sample`: 53 bits of two words.
pub fn uniform(generator: &mut Mt) -> f64 {
    let high = f64::from(generator.next_u32() >> 5);
    let low = f64::from(generator.next_u32() >> 6);
    (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0
}

/// Tomita & Yokoyama's preferences: `(1 - λ)·U + λ·r`, where `r` falls evenly from 1 to 0 and is everybody's.
pub fn wishes(n: usize, m: usize, lambda: f64, seed: u32) -> Wishes {
    let mut generator = Mt::new(seed);
    let mut draw = |rows: usize, columns: usize| {
        Array2::from_shape_fn((rows, columns), |(_, column)| {
            let agreed = 1.0 - column as f64 / (columns as f64 - 1.0);
            (1.0 - lambda) * uniform(&mut generator) + lambda * agreed
        })
    };
    let p = draw(n, m);
    let q = draw(m, n);
    Wishes { p, q }
}

/// `1 + RandomState(seed + 999).randint(0, 5, m)`.
pub fn seats(m: usize, seed: u32) -> Vec<u32> {
    let mut generator = Mt::new(seed + 999);
    let words = std::iter::repeat_with(|| generator.next_u32() & 7);
    words
        .filter(|word| *word <= 4)
        .take(m)
        .map(|word| 1 + word)
        .collect()
}

/// Lambda and seed of a market of 30 × 20 with lists of everybody, `v_k = 1/k` (market A of the tests).
pub fn small(lambda: f64, seed: u32) -> Market {
    let Wishes { p, q } = wishes(30, 20, lambda, seed);
    let places = (Places::reciprocal(20), Places::reciprocal(30));
    Market::dense(p.view(), q.view(), &[1; 20], places.0, places.1).unwrap()
}

/// Many alumni and few seats: lists of 10 and 50, `v_k = 1/log2(k + 1)`, λ = .5 (market B of the tests).
pub fn large(n: usize, m: usize, seed: u32) -> Market {
    let Wishes { p, q } = wishes(n, m, 0.5, seed);
    let places = (Places::logarithmic(10), Places::logarithmic(50));
    Market::dense(p.view(), q.view(), &seats(m, seed), places.0, places.1).unwrap()
}

/// What comes of a plan for [`large`]: seats filled, roles left empty, and alumni with a real chance, in `[0, 1]`.
pub fn outcome(market: &Market, plan: &Plan, n_markets: usize, seed: u32) -> [f64; 3] {
    let mut generator = Mt::new(seed);
    let hiring = simulate(market, plan, 0.3, n_markets, || uniform(&mut generator));
    let chance = n_with_a_chance(market, plan, 0.05) as f64 / market.n_alumni() as f64;
    [hiring.filled, hiring.empty, chance]
}

/// The mean outcome of five markets of 2,000 × 60.
pub fn mean_outcome(policy: Policy, n_markets: usize) -> [f64; 3] {
    let mut mean = [0.0; 3];
    for seed in 0..5 {
        let market = large(2_000, 60, seed);
        let plan = coordinate(&market, policy).unwrap();
        for (mean, value) in mean
            .iter_mut()
            .zip(outcome(&market, &plan, n_markets, seed + 100))
        {
            *mean += value / 5.0;
        }
    }
    mean
}
