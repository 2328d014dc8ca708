//! How long does it take to rank a role's candidates and to explain the first 20, in a company of a given size?
//!
//! `candidates` is the whole way, `candidates_rank` the way without explanations. To leave out the sizes that take long to build:
//! `cargo bench --bench ranking -- /1k`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that cannot begin says why and ends"
)]

mod support;

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use okaeri_engine::domain::{Asker, OpportunityKind};
use okaeri_engine::features::AnalyzedOpportunity;
use okaeri_engine::ranking::{self, ExplainRequest, Language, RankRequest, Ranking, Side};

use support::{Companies, Company, short};

/// People on a page.
const PAGE_SIZE: usize = 20;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

fn candidates(criterion: &mut Criterion) {
    let roles = roles();
    let mut companies = Companies::default();
    for n_alumni in SIZES {
        let mut bench = |stage: &str, run: &dyn Fn(&Company, &AnalyzedOpportunity)| {
            let mut group = criterion.benchmark_group(stage);
            group.sample_size(20).measurement_time(Duration::from_secs(5));
            group.bench_function(format!("{}_alumni", short(n_alumni)), |bencher| {
                let company = companies.of_size(n_alumni);
                // Each role in turn: one with rare words is quicker than one with common words.
                let mut turn = roles.iter().cycle();
                bencher.iter(|| turn.next().map(|role| run(company, role)));
            });
            group.finish();
        };
        bench("candidates", &|company, role| {
            let ranking = rank(company, role);
            explain(company, role, &ranking);
        });
        bench("candidates_rank", &|company, role| {
            black_box(rank(company, role));
        });
    }
}

fn roles() -> Vec<Arc<AnalyzedOpportunity>> {
    let all = support::opportunities(60).into_iter();
    all.filter(|one| one.opportunity.kind() == OpportunityKind::Role)
        .take(20)
        .collect()
}

fn rank(company: &Company, role: &AnalyzedOpportunity) -> Ranking {
    let request = RankRequest {
        opportunity: role,
        policy: &company.policy,
        now: support::now(),
        withheld: &HashMap::new(),
        reader: &Asker::COMPANY,
    };
    // As for whoever asks first since a profile changed.
    company.pool.forget_answers();
    ranking::rank(&request, &company.pool, &company.model)
}

fn explain(company: &Company, role: &AnalyzedOpportunity, ranking: &Ranking) {
    assert!(ranking.candidates.len() >= PAGE_SIZE, "a page is full");
    for candidate in &ranking.candidates[..PAGE_SIZE] {
        let profile = company.pool.kept(candidate.alumnus_id);
        let request = ExplainRequest {
            opportunity: role,
            profile: profile.expect("whoever was ranked is in the pool"),
            base: ranking.base,
            contributions: &candidate.contributions,
            side: Side::Candidate,
            language: Language::Japanese,
            now: support::now(),
            contention: None,
        };
        black_box(ranking::explain(&request, &company.pool));
    }
}

criterion_group!(benches, candidates);
criterion_main!(benches);
