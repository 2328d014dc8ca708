//! Times what an engine call takes in seeded companies of growing size, and how much of the whole list retrieval keeps:
//! `cargo run --release -p okaeri-engine --features fixtures --example speed -- 1000 10000 100000`.
//!
//! For each size: a role's candidates with the first 20 explained, its parts, and a feed over 1,000 open opportunities.
//! Each figure is over 100 calls after as many that warm up. With `--only ranking`, `explanations`, `feed` or `analysis`
//! before the sizes, one of them for ten seconds, for whoever looks at where the time goes.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{AlumnusId, Asker, OpportunityKind, Policy};
use okaeri_engine::features::{AnalyzedOpportunity, analysis};
use okaeri_engine::fixtures;
use okaeri_engine::index::CompanyIndex;
use okaeri_engine::parallel;
use okaeri_engine::ranking::{
    self, Calibration, Calibrations, ExplainRequest, FeedRequest, Language, Model, OwnChoices, Pool,
    RankRequest, Ranking, SCORED_MAX, Side,
};
use okaeri_engine::text::{Analyzer, Dictionary, dictionary};

/// As the server has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const N_CALLS: usize = 100;
const PAGE_SIZE: usize = 20;
const N_OPPORTUNITIES: usize = 1_000;

fn main() {
    let var = |name| std::env::var_os(name);
    let dictionary_dir =
        dictionary::default_dir(var("OKAERI_DICTIONARY_DIR"), var("XDG_CACHE_HOME"), var("HOME")).unwrap();
    let analyzer = Analyzer::new(
        &Dictionary::open(&dictionary_dir).unwrap_or_else(|error| panic!("{error}")),
        &[],
    )
    .unwrap();
    let now: DateTime<Utc> = "2026-11-20T03:00:00Z".parse().unwrap();
    let offers: Vec<Arc<AnalyzedOpportunity>> = fixtures::opportunities(1, N_OPPORTUNITIES)
        .iter()
        .map(|one| Arc::new(analysis::opportunity(&analyzer, one)))
        .collect();
    let mut args = std::env::args().skip(1).peekable();
    let only = args
        .next_if(|arg| arg == "--only")
        .map(|_| args.next().unwrap_or_default());
    for size in args.map(|size| size.parse::<usize>().unwrap()) {
        match only.as_deref() {
            None => {
                Company::seeded(&analyzer, size, now).measure(&offers);
                index(&analyzer, size);
            }
            Some("analysis") => {
                let people = fixtures::profiles(1, size);
                for_a_while(|call| {
                    let _ = analysis::profile(&analyzer, &people[call % size].profile);
                });
            }
            Some(path) => Company::seeded(&analyzer, size, now).repeat(path, &offers),
        }
    }
}

/// Long enough for some thousand samples.
const A_WHILE: Duration = Duration::from_secs(10);

fn for_a_while(mut call: impl FnMut(usize)) {
    let started = Instant::now();
    let n_calls = (0..)
        .take_while(|_| started.elapsed() < A_WHILE)
        .map(&mut call)
        .count();
    println!("  {:.3?} a call", started.elapsed() / n_calls as u32);
}

struct Company {
    pool: Pool,
    model: Model,
    policy: Policy,
    now: DateTime<Utc>,
}

impl Company {
    fn seeded(analyzer: &Analyzer, size: usize, now: DateTime<Utc>) -> Self {
        let people = fixtures::profiles(1, size);
        let started = Instant::now();
        let analyzed = parallel::map(&people, 1, |person| {
            Arc::new(analysis::profile(analyzer, &person.profile))
        });
        println!(
            "{size} people: {:.0} profiles analysed a second",
            size as f64 / started.elapsed().as_secs_f64()
        );
        let started = Instant::now();
        let mut pool = Pool::default();
        for (person, analyzed) in people.into_iter().zip(analyzed) {
            pool.set_standing(person.id, person.standing);
            pool.upsert_profile(person.id, analyzed);
        }
        println!("  pooled in {:.1?}; {}", started.elapsed(), resident());
        let started = Instant::now();
        let _ = pool.space();
        println!("  latent space {:.0?}", started.elapsed());
        Self {
            pool,
            model: Model::bundled(),
            policy: Policy::default(),
            now,
        }
    }

    fn repeat(&self, path: &str, offers: &[Arc<AnalyzedOpportunity>]) {
        let roles = first_roles(offers);
        match path {
            "ranking" => for_a_while(|call| {
                let _ = self.rank(roles[call % roles.len()]);
            }),
            "explanations" => {
                let rankings: Vec<Ranking> = roles.iter().map(|role| self.rank(role)).collect();
                for_a_while(|call| self.explain(roles[call % roles.len()], &rankings[call % roles.len()]));
            }
            "feed" => {
                let calibrations = self.calibrations(offers);
                let everybody = self.everybody();
                for_a_while(|call| {
                    self.feed(everybody[call * 7_919 % everybody.len()], offers, &calibrations)
                });
            }
            other => panic!("--only {other}: neither ranking, explanations, feed nor analysis"),
        }
    }

    fn measure(&self, offers: &[Arc<AnalyzedOpportunity>]) {
        let roles = first_roles(offers);
        timed("candidates of a role, 20 explained", |call| {
            let role = roles[call % roles.len()];
            self.explain(role, &self.rank(role));
        });
        timed("  ranked", |call| {
            let _ = self.rank(roles[call % roles.len()]);
        });
        let rankings: Vec<Ranking> = roles.iter().map(|role| self.rank(role)).collect();
        timed("  20 explained", |call| {
            let idx = call % roles.len();
            self.explain(roles[idx], &rankings[idx]);
        });
        if self.pool.len() > SCORED_MAX {
            let kept: Vec<f64> = roles
                .iter()
                .zip(&rankings)
                .map(|(role, ranking)| self.kept(role, ranking))
                .collect();
            println!(
                "  {:.3} of the first 50 of everybody scored are among the {SCORED_MAX} that retrieval proposes (worst {:.2})",
                kept.iter().sum::<f64>() / kept.len() as f64,
                kept.iter().copied().fold(1.0, f64::min)
            );
        }
        let started = Instant::now();
        let calibrations = self.calibrations(offers);
        println!(
            "  calibrations of {N_OPPORTUNITIES} opportunities in {:.1?}",
            started.elapsed()
        );
        let everybody = self.everybody();
        timed("feed over 1,000 open opportunities", |call| {
            self.feed(everybody[call * 7_919 % everybody.len()], offers, &calibrations);
        });
        println!("  {}", resident());
    }

    fn everybody(&self) -> Vec<AlumnusId> {
        let mut everybody: Vec<AlumnusId> = self.pool.ids().collect();
        everybody.sort_unstable();
        everybody
    }

    fn calibrations(&self, offers: &[Arc<AnalyzedOpportunity>]) -> Calibrations {
        let mut calibrations = Calibrations::default();
        for one in offers {
            let calibration = Calibration::compute(one, self.now, &self.pool, &self.model);
            calibrations.insert(one.opportunity.id, calibration);
        }
        calibrations
    }

    fn feed(&self, alumnus_id: AlumnusId, offers: &[Arc<AnalyzedOpportunity>], calibrations: &Calibrations) {
        let request = FeedRequest {
            alumnus_id,
            opportunities: offers,
            policy: &self.policy,
            now: self.now,
            hidden: &HashMap::new(),
            choices: &OwnChoices::default(),
            kinds: None,
            multipliers: None,
        };
        let _ = ranking::feed(&request, &self.pool, &self.model, calibrations);
    }

    fn request<'a>(
        &'a self,
        role: &'a AnalyzedOpportunity,
        withheld: &'a HashMap<AlumnusId, okaeri_engine::domain::Ineligible>,
    ) -> RankRequest<'a> {
        RankRequest {
            opportunity: role,
            policy: &self.policy,
            now: self.now,
            withheld,
            reader: &Asker::COMPANY,
        }
    }

    fn rank(&self, role: &AnalyzedOpportunity) -> Ranking {
        ranking::rank(&self.request(role, &HashMap::new()), &self.pool, &self.model)
    }

    fn explain(&self, role: &AnalyzedOpportunity, ranking: &Ranking) {
        let page = &ranking.candidates[..PAGE_SIZE.min(ranking.candidates.len())];
        // As the server does.
        let _ = parallel::map(page, 4, |candidate| {
            let request = ExplainRequest {
                opportunity: role,
                profile: self.pool.profile(candidate.alumnus_id).unwrap(),
                base: ranking.base,
                contributions: &candidate.contributions,
                side: Side::Candidate,
                language: Language::Japanese,
                now: self.now,
                contention: None,
            };
            ranking::explain(&request, &self.pool)
        });
    }

    /// The share of the first 50 of everybody that a ranking has.
    fn kept(&self, role: &AnalyzedOpportunity, ranking: &Ranking) -> f64 {
        let nobody = HashMap::new();
        let all = ranking::extract(&self.request(role, &nobody), &self.pool);
        let scored = ranking::score::apply(&self.model, &all.features);
        let best = ranking::rerank::by_score(&all.alumnus_ids, &all.features, scored);
        let found: HashSet<AlumnusId> = ranking.candidates.iter().map(|one| one.alumnus_id).collect();
        let first = best.iter().take(50);
        first.filter(|one| found.contains(&one.alumnus_id)).count() as f64 / best.len().min(50) as f64
    }
}

fn first_roles(offers: &[Arc<AnalyzedOpportunity>]) -> Vec<&AnalyzedOpportunity> {
    let is_role = |one: &&Arc<AnalyzedOpportunity>| one.opportunity.kind() == OpportunityKind::Role;
    offers.iter().filter(is_role).take(20).map(Arc::as_ref).collect()
}

fn timed(what: &str, mut call: impl FnMut(usize)) {
    (0..N_CALLS).for_each(&mut call);
    let mut took: Vec<Duration> = (0..N_CALLS)
        .map(|idx| {
            let started = Instant::now();
            call(idx);
            started.elapsed()
        })
        .collect();
    took.sort_unstable();
    let at = |share: f64| took[(share * (N_CALLS - 1) as f64) as usize];
    println!("  {what}: p50 {:.2?}, p99 {:.2?}", at(0.5), at(0.99));
}

/// How much memory the process holds.
fn resident() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS"));
    line.unwrap_or("VmRSS unknown")
        .replace("VmRSS:", "resident")
        .replace('\t', " ")
}

/// What following the change log costs beside the database: each profile read once, and analysis and document written from it
/// into an index that nobody keeps, on all processors; the commit is counted.
fn index(analyzer: &Analyzer, size: usize) {
    let people: Vec<_> = fixtures::profiles(1, size).into_iter().enumerate().collect();
    let directory = tempfile::tempdir().unwrap();
    let index = CompanyIndex::open_or_create(directory.path(), analyzer.clone()).unwrap();
    index.begin().unwrap();
    let started = Instant::now();
    parallel::map(&people, 1, |(idx, person)| {
        let read = index.read(&person.profile);
        let payload = postcard::to_stdvec(&analysis::of(&read)).unwrap();
        index
            .upsert_read(person.id, &fixtures::name(*idx), &read, &payload)
            .unwrap();
    });
    index.commit(1).unwrap();
    let per_second = size as f64 / started.elapsed().as_secs_f64();
    println!("  indexed: analysis and index documents, {per_second:.0} people a second");
}
