//! How long does one alumnus's feed take over 20 and over 1,000 open opportunities?
//!
//! With the calibrations that a running server keeps, and without explanations.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that cannot begin says why and ends"
)]

mod support;

use std::cell::OnceCell;
use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use okaeri_engine::domain::AlumnusId;
use okaeri_engine::features::AnalyzedOpportunity;
use okaeri_engine::ranking::{self, Calibration, Calibrations, FeedRequest, OwnChoices};

use support::{Companies, Company, short};

const N_ALUMNI: usize = 1_000;

fn feed(criterion: &mut Criterion) {
    let mut companies = Companies::default();
    let mut group = criterion.benchmark_group("feed");
    group.sample_size(20).measurement_time(Duration::from_secs(5));
    for n_opportunities in [20, 1_000] {
        let prepared = OnceCell::new();
        group.bench_function(
            format!("{}_opportunities_1k_alumni", short(n_opportunities)),
            |bencher| {
                let company = companies.of_size(N_ALUMNI);
                let (opportunities, calibrations) =
                    prepared.get_or_init(|| prepare(company, n_opportunities));
                let mut people: Vec<AlumnusId> = company.pool.ids().collect();
                people.sort_unstable();
                let mut turn = people.iter().cycle();
                bencher.iter(|| {
                    let alumnus_id = *turn.next().expect("there is somebody");
                    let request = FeedRequest {
                        alumnus_id,
                        opportunities,
                        policy: &company.policy,
                        now: support::now(),
                        hidden: &HashMap::new(),
                        choices: &OwnChoices::default(),
                        kinds: None,
                        multipliers: None,
                    };
                    black_box(ranking::feed(
                        &request,
                        &company.pool,
                        &company.model,
                        calibrations,
                    ))
                });
            },
        );
    }
    group.finish();
}

/// The opportunities with their calibrations, which take longer than any feed.
fn prepare(company: &Company, n_opportunities: usize) -> (Vec<Arc<AnalyzedOpportunity>>, Calibrations) {
    let opportunities = support::opportunities(n_opportunities);
    let mut calibrations = Calibrations::default();
    for one in &opportunities {
        let calibration = Calibration::compute(one, support::now(), &company.pool, &company.model);
        calibrations.insert(one.opportunity.id, calibration);
    }
    (opportunities, calibrations)
}

criterion_group!(benches, feed);
criterion_main!(benches);
