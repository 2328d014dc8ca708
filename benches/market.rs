//! How long does it take to plan a market's lists, by policy, and to hold the shares of ten groups in one list?
//!
//! 30 × 20 and 20,000 × 100 have everybody with everybody, 100,000 × 200 candidate lists of 2,000. To leave out the
//! large ones: `cargo bench --bench market -- 30x20`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that cannot begin says why and ends"
)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use okaeri_engine::ranking::market::{
    Climb, Market, Pair, Places, Plan, Policy, coordinate, n_with_a_chance, simulate,
};
use okaeri_engine::ranking::shares::{Member, Shares, det_const_sort, det_relaxed};
use rand_mt::Mt;

#[path = "../engine/src/ranking/market/testing.rs"]
mod testing;

fn policies(climb: Climb) -> [(&'static str, Policy); 7] {
    [
        ("naive", Policy::Naive),
        ("product", Policy::Product),
        ("tu", Policy::Transferable { beta: 1.0 }),
        ("sw", Policy::Welfare(climb)),
        ("nsw", Policy::Nash(climb)),
        ("abr", Policy::BestResponse),
        ("cap", Policy::CAPACITY),
    ]
}

fn plans(criterion: &mut Criterion) {
    type Build = fn() -> Market;
    let sizes: [(&str, Climb, Build); 3] = [
        ("30x20", Climb::PUBLISHED, || testing::small(0.5, 0)),
        ("20kx100", Climb::SEATS, || testing::large(20_000, 100, 0)),
        ("100kx200_candidates", Climb::SEATS, candidate_lists),
    ];
    for (size, climb, build) in sizes {
        let mut group = criterion.benchmark_group("market_plan");
        group.sample_size(10).measurement_time(Duration::from_secs(5));
        let mut market = None;
        for (name, policy) in policies(climb) {
            group.bench_function(format!("{size}/{name}"), |bencher| {
                let market = market.get_or_insert_with(build);
                bencher.iter(|| black_box(coordinate(market, policy)));
            });
        }
        group.finish();
    }
}

/// The 2,000 people whom each opportunity wishes for most.
fn candidate_lists() -> Market {
    let (n, m) = (100_000, 200);
    let testing::Wishes { p, q } = testing::wishes(n, m, 0.5, 0);
    let mut pairs = Vec::new();
    for j in 0..m {
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_unstable_by(|&one, &other| q[(j, other)].total_cmp(&q[(j, one)]));
        pairs.extend(order[..2_000].iter().map(|&i| Pair {
            alumnus_idx: i as u32,
            opportunity_idx: j as u32,
            p: p[(i, j)],
            q: q[(j, i)],
        }));
    }
    let places = (Places::logarithmic(10), Places::logarithmic(50));
    Market::sparse(n, pairs, &testing::seats(m, 0), places.0, places.1).expect("a valid market")
}

fn shares(criterion: &mut Criterion) {
    let mut generator = Mt::new(10);
    let raw: Vec<f64> = (0..10).map(|_| testing::uniform(&mut generator)).collect();
    let sum: f64 = raw.iter().sum();
    let shares = Shares::new(raw.iter().map(|share| share / sum).collect()).expect("shares of a whole");
    let groups = (0..10).flat_map(|group_idx| std::iter::repeat_n(group_idx, 100));
    let members: Vec<Member> = groups
        .map(|group_idx| Member {
            score: testing::uniform(&mut generator),
            group_idx,
        })
        .collect();
    let mut group = criterion.benchmark_group("shares");
    group.bench_function("det_relaxed/100_of_1k_10_groups", |bencher| {
        bencher.iter(|| black_box(det_relaxed(&members, &shares, 100)));
    });
    group.bench_function("det_const_sort/100_of_1k_10_groups", |bencher| {
        bencher.iter(|| black_box(det_const_sort(&members, &shares, 100)));
    });
    group.finish();
}

criterion_group!(benches, plans, shares);
criterion_main!(benches);
