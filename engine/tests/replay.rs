//! Online learning on simulated clicks, against the figures that the design publishes. The full table, with high
//! traffic and more seeds: `cargo run --release -p okaeri-engine --example replay`.

mod simulation;

use simulation::{BONUS, LOW, Policy, REPORTED_SEEDS, Share, counted_share, expected_share};

fn counted(policy: Policy) -> Share {
    counted_share(policy, LOW, REPORTED_SEEDS)
}

/// Percent, and how far from it is still the same figure.
fn assert_near(got: f64, percent: f64, within: f64) {
    let got = 100.0 * got;
    assert!(
        (got - percent).abs() <= within,
        "{got:.1} is not within {within} of {percent}"
    );
}

#[test]
fn with_a_bonus_for_the_uncertain_learning_reaches_the_published_shares() {
    let share = counted(Policy::UpperConfidence(BONUS));
    assert!(share.all >= 0.964, "{share:?}");
    assert!(share.first_tenth >= 0.921, "{share:?}");
}

#[test]
fn the_published_row_is_reproduced() {
    let fixed = counted(Policy::FixedPrior);
    assert_near(fixed.all, 85.0, 1.0);
    assert_near(fixed.first_tenth, 86.5, 1.0);
    assert_near(counted(Policy::EpsilonGreedy).all, 89.7, 1.0);
    let greedy = counted(Policy::Greedy);
    assert_near(greedy.all, 96.4, 1.0);
    assert_near(greedy.first_tenth, 90.7, 1.0);
    // Drawing is the noisiest of the five: its 20 seeds are known to some 2 points.
    let thompson = counted(Policy::Thompson);
    assert_near(thompson.all, 92.6, 2.0);
    assert_near(thompson.first_tenth, 85.0, 2.0);
}

#[test]
fn what_is_learnt_is_worth_more_than_the_prior_whatever_the_chance_of_the_clicks() {
    let share = |policy| expected_share(policy, LOW, REPORTED_SEEDS);
    let (fixed, learnt) = (share(Policy::FixedPrior), share(Policy::UpperConfidence(BONUS)));
    assert!(learnt.all > 0.965, "{learnt:?}");
    assert!(learnt.all > fixed.all + 0.08, "{learnt:?} against {fixed:?}");
    assert!(
        learnt.first_tenth > fixed.first_tenth + 0.03,
        "{learnt:?} against {fixed:?}"
    );
}
