//! Prints what the policies reach on the published markets, with more repetitions than the tests have time for:
//! `cargo run --release -p okaeri-engine --example market_sweep`.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::time::{Duration, Instant};

use okaeri_engine::ranking::market::{
    self, Climb, Market, Pair, Places, Plan, Policy, coordinate, envies, matches, n_with_a_chance, simulate,
};

#[path = "../src/ranking/market/testing.rs"]
mod testing;

/// Runs of which the quickest counts: other work on the machine only ever adds.
const REPEATS: usize = 5;

fn main() {
    small_markets();
    agreement();
    seats();
    speed();
}

fn small_markets() {
    println!("30 alumni x 20 opportunities, lambda .5, seed 0");
    let market = testing::small(0.5, 0);
    for (name, policy) in policies(Climb::PUBLISHED) {
        let (plan, took) = timed(&market, policy);
        let envy = envies(&market, &plan);
        println!(
            "  {name:<10} {:8.4}  envies {:>3} {:>3}  {took:?}",
            matches(&market, &plan),
            envy.n_alumni,
            envy.n_opportunities
        );
    }
}

fn agreement() {
    println!("matches, mean of ten seeds, by lambda");
    for (name, policy) in policies(Climb::PUBLISHED) {
        print!("  {name:<10}");
        for lambda in [0.0, 0.25, 0.5, 0.75, 1.0] {
            let markets = (0..10).map(|seed| testing::small(lambda, seed));
            let sum: f64 = markets
                .map(|market| matches(&market, &coordinate(&market, policy).unwrap()))
                .sum();
            print!(" {:7.3}", sum / 10.0);
        }
        println!();
    }
}

fn seats() {
    println!("2,000 x 60, five seeds of 200 markets: seats filled, roles empty, alumni with a real chance");
    let mut all = policies(Climb::SEATS);
    for a in [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0] {
        for (serving, climb) in [("fixed", Climb::SEATS_FIXED), ("rotating", Climb::SEATS)] {
            all.push((format!("cap {a} {serving}"), Policy::Capacity { a, climb }));
        }
    }
    for (name, policy) in all {
        let [filled, empty, chance] = testing::mean_outcome(policy, 200);
        println!("  {name:<18} {filled:.4} {empty:.4} {chance:.4}");
    }
}

fn speed() {
    for (n, m) in [(2_000, 60), (20_000, 100)] {
        println!("{n} x {m}, everybody with everybody");
        let market = testing::large(n, m, 0);
        for (name, policy) in policies(Climb::SEATS) {
            println!("  {name:<10} {:?}", timed(&market, policy).1);
        }
    }
    println!("100,000 x 200, the 2,000 candidates of each that it wishes for most");
    let market = sparse(100_000, 200, 2_000);
    for (name, policy) in policies(Climb::SEATS) {
        println!("  {name:<10} {:?}", timed(&market, policy).1);
    }
}

/// Candidate lists of `n_candidates` per opportunity.
fn sparse(n: usize, m: usize, n_candidates: usize) -> Market {
    let testing::Wishes { p, q } = testing::wishes(n, m, 0.5, 0);
    let mut pairs = Vec::new();
    for j in 0..m {
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&one, &other| q[(j, other)].total_cmp(&q[(j, one)]));
        pairs.extend(order[..n_candidates].iter().map(|&i| Pair {
            alumnus_idx: i as u32,
            opportunity_idx: j as u32,
            p: p[(i, j)],
            q: q[(j, i)],
        }));
    }
    let places = (Places::logarithmic(10), Places::logarithmic(50));
    Market::sparse(n, pairs, &testing::seats(m, 0), places.0, places.1).unwrap()
}

fn policies(climb: Climb) -> Vec<(String, Policy)> {
    let beta = if climb == Climb::PUBLISHED { 1.0 } else { 0.1 };
    let patient = Climb {
        start: climb.start,
        ..Climb::PATIENT
    };
    let mut all = vec![
        ("naive", Policy::Naive),
        ("product", Policy::Product),
        ("tu", Policy::Transferable { beta }),
        ("sw", Policy::Welfare(climb)),
        ("nsw", Policy::Nash(climb)),
        ("alpha .5", Policy::Alpha { alpha: 0.5, climb }),
        ("abr", Policy::BestResponse),
        ("cap", market::Policy::CAPACITY),
    ];
    if climb == Climb::PUBLISHED {
        all.push(("nsw 1500", Policy::Nash(patient)));
    }
    all.into_iter()
        .map(|(name, policy)| (name.to_owned(), policy))
        .collect()
}

fn timed(market: &Market, policy: Policy) -> (Plan, Duration) {
    let mut best: Option<(Plan, Duration)> = None;
    for _ in 0..REPEATS {
        let started = Instant::now();
        let plan = coordinate(market, policy).unwrap();
        let took = started.elapsed();
        if best.as_ref().is_none_or(|(_, least)| took < *least) {
            best = Some((plan, took));
        }
        if took > Duration::from_millis(300) {
            break;
        }
    }
    best.unwrap()
}
