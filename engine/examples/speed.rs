//! Times one ranking on seeded companies: `cargo run --release --features fixtures --example speed -- 1000 10000`.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{AlumnusId, Asker, Policy};
use okaeri_engine::features::analysis;
use okaeri_engine::fixtures;
use okaeri_engine::ranking::{self, ExplainRequest, Language, Model, Pool, RankRequest, Side};
use okaeri_engine::text::{Analyzer, Dictionary, dictionary};

fn main() {
    let var = |name| std::env::var_os(name);
    let dictionary_dir =
        dictionary::default_dir(var("OKAERI_DICTIONARY_DIR"), var("XDG_CACHE_HOME"), var("HOME")).unwrap();
    let analyzer = Analyzer::new(&Dictionary::open(&dictionary_dir).unwrap(), &[]).unwrap();
    let now: DateTime<Utc> = "2026-11-20T03:00:00Z".parse().unwrap();
    for size in std::env::args()
        .skip(1)
        .map(|size| size.parse::<usize>().unwrap())
    {
        let started = Instant::now();
        let mut pool = Pool::default();
        for person in fixtures::profiles(1, size) {
            pool.set_standing(person.id, person.standing);
            pool.upsert_profile(person.id, Arc::new(analysis::profile(&analyzer, &person.profile)));
        }
        println!("{size} people: analysed and pooled in {:?}", started.elapsed());
        let started = Instant::now();
        let _ = pool.space();
        println!("  latent space {:?}", started.elapsed());
        let mut retrieved: Vec<AlumnusId> = pool.ids().collect();
        retrieved.sort_unstable();
        let opportunities = fixtures::opportunities(1, 20);
        let model = Model::bundled();
        for round in ["cold", "warm"] {
            let (mut ranked, mut explained) = (Vec::new(), Vec::new());
            for opportunity in &opportunities {
                let opportunity = analysis::opportunity(&analyzer, opportunity);
                let request = RankRequest {
                    opportunity: &opportunity,
                    policy: &Policy::default(),
                    now,
                    withheld: &HashMap::new(),
                    reader: &Asker::COMPANY,
                    retrieved: Some(&retrieved),
                };
                let started = Instant::now();
                let ranking = ranking::rank(&request, &pool, &model);
                ranked.push(started.elapsed());
                let started = Instant::now();
                for candidate in ranking.candidates.iter().take(20) {
                    let request = ExplainRequest {
                        opportunity: &opportunity,
                        profile: pool.profile(candidate.alumnus_id).unwrap(),
                        base: ranking.base,
                        contributions: &candidate.contributions,
                        side: Side::Candidate,
                        language: Language::Japanese,
                        now,
                        contention: None,
                    };
                    let _ = ranking::explain(&request, &pool);
                }
                explained.push(started.elapsed());
            }
            ranked.sort();
            explained.sort();
            println!(
                "  {round}: rank p50 {:?} max {:?}; explain 20 p50 {:?}",
                ranked[10], ranked[19], explained[10]
            );
        }
    }
}
