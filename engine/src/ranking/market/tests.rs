//! The published numbers, and the laws that hold on any market.

use ndarray::array;
use proptest::prelude::*;

use super::testing::{large, mean_outcome, small};
use super::*;

fn measured(policy: Policy) -> (f64, usize, usize) {
    let market = small(0.5, 0);
    let plan = coordinate(&market, policy).unwrap();
    let envy = envies(&market, &plan);
    (matches(&market, &plan), envy.n_alumni, envy.n_opportunities)
}

#[track_caller]
fn assert_published(policy: Policy, n_matches: f64, n_envies: (usize, usize)) {
    let (ours, n_alumni, n_opportunities) = measured(policy);
    assert!(
        (ours - n_matches).abs() < 0.5e-4 + 1e-9,
        "{ours} matches, published {n_matches}"
    );
    assert_eq!((n_alumni, n_opportunities), n_envies);
}

#[test]
fn thirty_by_twenty_gives_the_published_matches_and_envies() {
    assert_published(Policy::Naive, 6.0976, (383, 172));
    assert_published(Policy::Product, 13.2147, (211, 81));
    assert_published(Policy::Transferable { beta: 1.0 }, 15.4475, (63, 10));
    assert_published(Policy::Welfare(Climb::PUBLISHED), 16.5096, (28, 7));
    assert_published(Policy::Nash(Climb::PUBLISHED), 15.7623, (0, 0));
}

#[test]
fn answering_in_turn_from_assignments_goes_beyond() {
    let (n_matches, n_alumni, n_opportunities) = measured(Policy::BestResponse);
    assert!(n_matches >= 16.84, "{n_matches}");
    assert!(
        n_alumni + n_opportunities <= 23,
        "{n_alumni} + {n_opportunities} envies"
    );
}

#[test]
fn patience_gives_more_matches_without_envy() {
    let (n_matches, n_alumni, n_opportunities) = measured(Policy::Nash(Climb::PATIENT));
    assert!(n_matches >= 16.11, "{n_matches}");
    assert_eq!((n_alumni, n_opportunities), (0, 0));
}

#[test]
fn ten_seeds_give_the_published_means_however_much_people_agree() {
    let published = [
        (0.0, 24.59, 24.8),
        (0.25, 20.11, 20.4),
        (0.5, 16.53, 16.8),
        (0.75, 13.89, 14.1),
        (1.0, 8.38, 13.1),
    ];
    for (lambda, welfare, response) in published {
        let (mut welfare_sum, mut response_sum) = (0.0, 0.0);
        for seed in 0..10 {
            let market = small(lambda, seed);
            let n_matches = |policy| matches(&market, &coordinate(&market, policy).unwrap());
            let answered = n_matches(Policy::BestResponse);
            assert!(answered >= n_matches(Policy::Product), "never below the product");
            welfare_sum += n_matches(Policy::Welfare(Climb::PUBLISHED));
            response_sum += answered;
        }
        // Digits as published: half a unit of the last, and a little for what rounding itself was rounded from.
        let ours = welfare_sum / 10.0;
        assert!(
            (ours - welfare).abs() < 0.006,
            "lambda {lambda}: {ours}, published {welfare}"
        );
        let ours = response_sum / 10.0;
        assert!(ours >= response, "lambda {lambda}: {ours}, published {response}");
    }
}

/// Half of what is published, for speed: the mean of five seeds is then known to .002.
const N_MARKETS: usize = 100;

#[track_caller]
fn assert_filled(policy: Policy, filled: f64) -> [f64; 3] {
    let outcome = mean_outcome(policy, N_MARKETS);
    assert!(
        (outcome[0] - filled).abs() < 0.005,
        "{} filled, published {filled}",
        outcome[0]
    );
    outcome
}

#[test]
fn two_thousand_by_sixty_without_coordination_leaves_the_published_seats_empty() {
    let [_, empty, chance] = assert_filled(Policy::Product, 0.305);
    assert!((empty - 0.45).abs() < 0.005, "{empty}");
    assert!((chance - 0.33).abs() < 0.005, "{chance}");
    assert_filled(Policy::Transferable { beta: 0.1 }, 0.413);
}

#[test]
fn two_thousand_by_sixty_fills_the_published_seats_by_welfare() {
    assert_filled(Policy::Welfare(Climb::SEATS), 0.511);
}

#[test]
fn two_thousand_by_sixty_fills_the_published_seats_by_nash_welfare() {
    assert_filled(
        Policy::Nash(Climb {
            start: Start::Uniform,
            ..Climb::SEATS
        }),
        0.475,
    );
}

#[test]
fn saturating_seats_and_people_beats_what_is_published() {
    let [filled, empty, chance] = mean_outcome(Policy::CAPACITY, 2 * N_MARKETS);
    assert!(filled >= 0.525, "{filled} of the seats filled");
    assert!(empty <= 0.16, "{empty} of the roles empty");
    assert!(chance >= 0.92, "{chance} of the alumni with a real chance");
}

#[test]
fn candidate_lists_of_everybody_are_the_dense_market() {
    let market = large(80, 7, 3);
    let wishes = testing::wishes(80, 7, 0.5, 3);
    let mut pairs: Vec<Pair> = market
        .pairs()
        .map(|(i, j)| Pair {
            alumnus_idx: i as u32,
            opportunity_idx: j as u32,
            p: wishes.p[(i, j)],
            q: wishes.q[(j, i)],
        })
        .collect();
    pairs.reverse();
    let places = (Places::logarithmic(10), Places::logarithmic(50));
    let sparse = Market::sparse(80, pairs, &testing::seats(7, 3), places.0, places.1).unwrap();
    assert_eq!(sparse, market);
}

#[test]
fn what_is_no_market_is_refused_with_its_place() {
    let (p, q) = (array![[0.5, 0.5]], array![[0.5], [0.5]]);
    let market = |p: &ndarray::Array2<f64>, seats: &[u32]| {
        Market::dense(
            p.view(),
            q.view(),
            seats,
            Places::reciprocal(2),
            Places::reciprocal(1),
        )
    };
    assert!(market(&p, &[1, 1]).is_ok());
    assert!(matches!(
        market(&array![[0.5, 1.5]], &[1, 1]),
        Err(MarketError::OutOfRange { name: "p", .. })
    ));
    assert!(matches!(
        market(&array![[0.5, f64::NAN]], &[1, 1]),
        Err(MarketError::OutOfRange { .. })
    ));
    assert!(matches!(
        market(&array![[0.5]], &[1]),
        Err(MarketError::Shape { .. })
    ));
    assert!(matches!(
        market(&p, &[0, 1]),
        Err(MarketError::OutOfRange { name: "seats", .. })
    ));
    let pair = Pair {
        alumnus_idx: 0,
        opportunity_idx: 0,
        p: 0.5,
        q: 0.5,
    };
    let places = || Places::reciprocal(1);
    let twice = Market::sparse(1, vec![pair, pair], &[1], places(), places());
    assert!(matches!(twice, Err(MarketError::BadPair { .. })));
    let beyond = Market::sparse(0, vec![pair], &[1], places(), places());
    assert!(matches!(beyond, Err(MarketError::BadPair { .. })));
}

#[test]
fn an_empty_market_and_people_without_candidacies_have_plans() {
    let places = || Places::logarithmic(10);
    let empty = Market::sparse(0, Vec::new(), &[], places(), places()).unwrap();
    let lonely = Market::sparse(3, Vec::new(), &[2], places(), places()).unwrap();
    for market in [empty, lonely] {
        for policy in every_policy() {
            assert!(coordinate(&market, policy).unwrap().alumnus_attention.is_empty());
        }
    }
}

#[test]
fn parameters_out_of_range_are_refused() {
    let market = small(0.5, 0);
    let refused = [
        Policy::Transferable { beta: 0.0 },
        Policy::Welfare(Climb {
            step: 1.5,
            ..Climb::PUBLISHED
        }),
        Policy::Capacity {
            a: f64::NAN,
            climb: Climb::SEATS,
        },
    ];
    for policy in refused {
        assert!(matches!(
            coordinate(&market, policy),
            Err(MarketError::OutOfRange { .. })
        ));
    }
}

fn every_policy() -> [Policy; 8] {
    [
        Policy::Naive,
        Policy::Product,
        Policy::Transferable { beta: 0.1 },
        Policy::Welfare(Climb::PUBLISHED),
        Policy::Nash(Climb::SEATS),
        Policy::Alpha {
            alpha: 0.5,
            climb: Climb::SEATS_FIXED,
        },
        Policy::BestResponse,
        Policy::CAPACITY,
    ]
}

/// Up to 12 × 6 with some pairs missing, wishes in steps that make ties, short lists.
fn markets() -> impl Strategy<Value = Market> {
    (1usize..12, 1usize..6, 1usize..5, 1usize..8).prop_flat_map(
        |(n, m, alumnus_places, opportunity_places)| {
            let wishes = prop::collection::vec(prop::option::of((0u8..=4, 0u8..=4)), n * m);
            (wishes, prop::collection::vec(1u32..4, m)).prop_map(move |(wishes, seats)| {
                let pair = |(at, wish): (usize, Option<(u8, u8)>)| {
                    wish.map(|(p, q)| Pair {
                        alumnus_idx: (at / m) as u32,
                        opportunity_idx: (at % m) as u32,
                        p: f64::from(p) / 4.0,
                        q: f64::from(q) / 4.0,
                    })
                };
                let pairs = wishes.into_iter().enumerate().filter_map(pair).collect();
                let places = (
                    Places::logarithmic(alumnus_places),
                    Places::logarithmic(opportunity_places),
                );
                Market::sparse(n, pairs, &seats, places.0, places.1).unwrap()
            })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nobody_gives_more_attention_than_the_places_of_a_list(market in markets()) {
        for policy in every_policy() {
            let plan = coordinate(&market, policy).unwrap();
            let mut alumni = vec![0.0; market.n_alumni()];
            let mut opportunities = vec![0.0; market.n_opportunities()];
            let attention = plan.alumnus_attention.iter().zip(&plan.opportunity_attention);
            for ((i, j), (x, y)) in market.pairs().zip(attention) {
                prop_assert!((0.0..=1.0 + 1e-9).contains(x) && (0.0..=1.0 + 1e-9).contains(y));
                alumni[i] += x;
                opportunities[j] += y;
            }
            let most = |side: &Side| side.places.iter().sum::<f64>() + 1e-9;
            prop_assert!(alumni.iter().all(|sum| *sum <= most(&market.alumni)));
            prop_assert!(opportunities.iter().all(|sum| *sum <= most(&market.opportunities)));
        }
    }

    #[test]
    fn answering_in_turn_is_never_below_the_product(market in markets()) {
        let n_matches = |policy| matches(&market, &coordinate(&market, policy).unwrap());
        prop_assert!(n_matches(Policy::BestResponse) >= n_matches(Policy::Product) - 1e-9);
    }
}
