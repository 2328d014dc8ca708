//! How many profiles of some 360 characters can be analysed in a second, on one processor?
//!
//! Analysis runs once for each change of a profile, and for everybody when an index is built anew.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that cannot begin says why and ends"
)]

mod support;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use okaeri_engine::features::analysis;
use okaeri_engine::fixtures;

use support::{ANALYZER, SEED};

const N_PROFILES: usize = 500;

fn analysis(criterion: &mut Criterion) {
    let people = fixtures::profiles(SEED, N_PROFILES);
    let mut group = criterion.benchmark_group("analysis");
    group
        .throughput(Throughput::Elements(N_PROFILES as u64))
        .sample_size(10);
    group.bench_function("500_profiles", |bencher| {
        bencher.iter(|| {
            for person in &people {
                black_box(analysis::profile(&ANALYZER, &person.profile));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, analysis);
criterion_main!(benches);
