//! How many profiles can be written into an index in a second, from the text to the commit?
//!
//! Analysis for ranking is left out: it is measured in `analysis`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that cannot begin says why and ends"
)]

mod support;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use okaeri_engine::fixtures;
use okaeri_engine::index::CompanyIndex;
use tempfile::TempDir;

use support::{ANALYZER, SEED};

const N_PROFILES: usize = 1_000;

fn indexing(criterion: &mut Criterion) {
    let people = fixtures::profiles(SEED, N_PROFILES);
    let mut group = criterion.benchmark_group("indexing");
    group
        .throughput(Throughput::Elements(N_PROFILES as u64))
        .sample_size(10);
    group.bench_function("1k_profiles", |bencher| {
        bencher.iter_batched_ref(
            || {
                let dir = TempDir::new().expect("a temporary directory");
                let index = CompanyIndex::open_or_create(dir.path(), ANALYZER.clone()).expect("an index");
                (index, dir)
            },
            |(index, _)| {
                for person in &people {
                    index
                        .upsert_alumnus(person.id, &support::name(), &person.profile, &[])
                        .expect("a writable index");
                }
                index.commit(1).expect("a writable index");
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, indexing);
criterion_main!(benches);
