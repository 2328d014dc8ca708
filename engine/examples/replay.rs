//! Replays online learning on simulated clicks, and prints each policy's percent of the oracle's clicks, that of the
//! first tenth of the visits in parentheses.
//!
//! `cargo run --release -p okaeri-engine --example replay [-- tune]`

#![allow(clippy::print_stdout, reason = "the table is what it is for")]

#[path = "../tests/simulation/mod.rs"]
mod simulation;

use std::ops::Range;

use simulation::{BONUS, LOW, Policy, REPORTED_SEEDS, Share, Traffic, counted_share, expected_share};

/// Many clicks.
const HIGH: Traffic = Traffic {
    intercept: -2.5,
    n_visits: 2_000,
};

/// Not reported: the bonus was chosen on them.
const TUNING_SEEDS: Range<u64> = 1_000..1_100;

type Measure = fn(Policy, Traffic, Range<u64>) -> Share;

fn main() {
    if std::env::args().nth(1).is_some_and(|argument| argument == "tune") {
        println!("expected clicks, seeds {TUNING_SEEDS:?}");
        for c in [0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0] {
            let policy = Policy::UpperConfidence(c);
            print(
                &format!("upper confidence, c = {c}"),
                policy,
                expected_share,
                TUNING_SEEDS,
            );
        }
        return;
    }
    println!("counted clicks, mean of seeds {REPORTED_SEEDS:?}: the published measure");
    print_all(counted_share, REPORTED_SEEDS);
    println!("expected clicks, sum of seeds {REPORTED_SEEDS:?}");
    print_all(expected_share, REPORTED_SEEDS);
    println!("expected clicks, sum of seeds {:?}", 20..220);
    print_all(expected_share, 20..220);
}

fn print_all(measure: Measure, seeds: Range<u64>) {
    let policies = [
        ("fixed prior", Policy::FixedPrior),
        ("ε-greedy", Policy::EpsilonGreedy),
        ("Thompson", Policy::Thompson),
        ("greedy with prior", Policy::Greedy),
        ("upper confidence with prior", Policy::UpperConfidence(BONUS)),
    ];
    for (name, policy) in policies {
        print(name, policy, measure, seeds.clone());
    }
}

fn print(name: &str, policy: Policy, measure: Measure, seeds: Range<u64>) {
    let low = measure(policy, LOW, seeds.clone());
    let high = measure(policy, HIGH, seeds);
    println!(
        "{name:28} low {:5.1} ({:5.1})   high {:5.1} ({:5.1})",
        100.0 * low.all,
        100.0 * low.first_tenth,
        100.0 * high.all,
        100.0 * high.first_tenth
    );
}
