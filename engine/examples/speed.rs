//! Times what an engine call takes in seeded companies of growing size, and how much of the whole list retrieval keeps:
//! `cargo run --release -p okaeri-engine --features fixtures --example speed -- 1000 10000 100000`.
//!
//! For each size: a role's candidates with the first 20 explained, for whoever asks first since a profile changed and for
//! whoever asks again, its parts, a feed over 1,000 open opportunities, and a
//! typed search in an index on disk with 20 people shown. Each figure is over 100 calls after as many that warm up. With
//! `--only ranking`, `explanations`, `feed` or `analysis` before the sizes, one of them for ten seconds, for whoever looks at
//! where the time goes; with `--only search`, the typed search alone.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{
    Alumnus, AlumnusId, AlumnusStatus, AlumnusView, Asker, CompanyId, OpportunityKind, PersonName, Policy,
    Profile, Role, Standing, Viewer,
};
use okaeri_engine::features::{AnalyzedOpportunity, analysis};
use okaeri_engine::fixtures;
use okaeri_engine::index::{CompanyIndex, SearchScope, Shelf};
use okaeri_engine::parallel;
use okaeri_engine::ranking::{
    self, Calibration, Calibrations, ExplainRequest, FeedRequest, Language, MatchExplanation, Model,
    OwnChoices, Pool, RankRequest, Ranking, Reading, SCORED_MAX, Side,
};
use okaeri_engine::search::Texts;
use okaeri_engine::text::{Analyzer, Dictionary, dictionary};
use uuid::Uuid;

/// As the server has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const N_CALLS: usize = 100;
const PAGE_SIZE: usize = 20;
const N_RECORDED: usize = 2_000;
const N_OPPORTUNITIES: usize = 1_000;

/// What people type: one word that many have, several, other names of a thing, an area, a compound, English, a
/// qualification with a grade, names, and what only characters find.
const QUERIES: &[&str] = &[
    "営業",
    "法人営業 マネージャー",
    "セールス",
    "経理 決算",
    "連結決算の経験",
    "人事",
    "採用",
    "秘書",
    "マーケティング",
    "データ分析 SQL",
    "品質管理 海外",
    "インタビュー",
    "プロジェクトマネージャー",
    "sales manager",
    "簿記2級",
    "TOEIC 900",
    "英語 東京都",
    "大塚",
    "murakami",
    "スカパラ",
];

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
                let company = Company::seeded(&analyzer, size, now);
                company.measure(&offers);
                Directory::written(&analyzer, &company.pool).measure(&company.pool);
                index(&analyzer, size);
            }
            Some("search") => {
                let company = Company::seeded(&analyzer, size, now);
                Directory::written(&analyzer, &company.pool).measure(&company.pool);
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

/// As a server is delivered.
const PROFILES_IN_MEMORY: usize = 20_000;

/// How many people are read at a time.
const STEP: usize = 10_000;

struct Company {
    pool: Pool,
    model: Model,
    policy: Policy,
    now: DateTime<Utc>,
}

impl Company {
    fn seeded(analyzer: &Analyzer, size: usize, now: DateTime<Utc>) -> Self {
        let shelf = Shelf::create(&std::env::temp_dir()).unwrap();
        let mut pool = Pool::kept_apart(Arc::new(shelf), PROFILES_IN_MEMORY);
        let (mut analyzing, mut pooling) = (Duration::ZERO, Duration::ZERO);
        // In steps, as the server does: those of a million would fill the memory that is measured.
        for first in (0..size).step_by(STEP) {
            let step = fixtures::profiles_from(1, first, STEP.min(size - first));
            let started = Instant::now();
            let analyzed = parallel::map(&step, 1, |person| {
                Arc::new(analysis::profile(analyzer, &person.profile))
            });
            analyzing += started.elapsed();
            let started = Instant::now();
            for (person, analyzed) in step.into_iter().zip(analyzed) {
                pool.set_standing(person.id, person.standing);
                pool.upsert_profile(person.id, analyzed);
            }
            pooling += started.elapsed();
        }
        println!(
            "{size} people: {:.0} profiles analysed a second",
            size as f64 / analyzing.as_secs_f64()
        );
        println!("  pooled in {pooling:.1?}; {}", resident());
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
                let _ = self.rank_first(roles[call % roles.len()]);
            }),
            "explanations" => {
                let rankings: Vec<Ranking> = roles.iter().map(|role| self.rank(role)).collect();
                for_a_while(|call| {
                    let _ = self.explain(roles[call % roles.len()], &rankings[call % roles.len()]);
                });
            }
            "feed" => {
                let calibrations = self.calibrations(offers);
                let everybody = self.everybody();
                for_a_while(|call| {
                    self.feed(everybody[call * 7_919 % everybody.len()], offers, &calibrations)
                });
            }
            other => panic!("--only {other}: neither ranking, explanations, feed, analysis nor search"),
        }
    }

    fn measure(&self, offers: &[Arc<AnalyzedOpportunity>]) {
        let roles = first_roles(offers);
        timed("candidates of a role, 20 explained", |call| {
            let role = roles[call % roles.len()];
            let _ = self.explain(role, &self.rank_first(role));
        });
        timed("  ranked", |call| {
            let _ = self.rank_first(roles[call % roles.len()]);
        });
        timed("candidates of a role, asked again", |call| {
            let role = roles[call % roles.len()];
            let _ = self.explain_again(role, &self.rank(role));
        });
        timed("  ranked again", |call| {
            let _ = self.rank(roles[call % roles.len()]);
        });
        let rankings: Vec<Ranking> = roles.iter().map(|role| self.rank(role)).collect();
        timed("  20 explained", |call| {
            let idx = call % roles.len();
            let _ = self.explain(roles[idx], &rankings[idx]);
        });
        let explained = self.explain(roles[0], &rankings[0]);
        println!(
            "  an explanation takes {} bytes",
            explained.iter().map(MatchExplanation::memory_bytes).sum::<u64>() / explained.len() as u64
        );
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

    /// As [`Self::rank`] for whoever asks first since a profile changed.
    fn rank_first(&self, role: &AnalyzedOpportunity) -> Ranking {
        self.pool.forget_answers();
        self.rank(role)
    }

    fn explain(&self, role: &AnalyzedOpportunity, ranking: &Ranking) -> Vec<MatchExplanation> {
        self.explain_page(role, ranking, |request, _| ranking::explain(request, &self.pool))
    }

    fn explain_again(&self, role: &AnalyzedOpportunity, ranking: &Ranking) -> Vec<Arc<MatchExplanation>> {
        self.explain_page(role, ranking, |request, id| {
            let reading = Reading {
                alumnus_id: id,
                profile: request.profile,
                reader: Some(&Asker::COMPANY),
            };
            ranking::explain_again(request, reading, &self.pool)
        })
    }

    fn explain_page<T: Send>(
        &self,
        role: &AnalyzedOpportunity,
        ranking: &Ranking,
        explain: impl Fn(&ExplainRequest<'_>, AlumnusId) -> T + Sync,
    ) -> Vec<T> {
        let page = &ranking.candidates[..PAGE_SIZE.min(ranking.candidates.len())];
        // As the server does.
        parallel::map(page, 4, |candidate| {
            let request = ExplainRequest {
                opportunity: role,
                profile: self.pool.kept(candidate.alumnus_id).unwrap(),
                base: ranking.base,
                contributions: &candidate.contributions,
                side: Side::Candidate,
                language: Language::Japanese,
                now: self.now,
                contention: None,
            };
            explain(&request, candidate.alumnus_id)
        })
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

/// An index on disk, in a directory that goes with it.
struct Directory {
    index: CompanyIndex,
    place: tempfile::TempDir,
}

impl Directory {
    /// Of everybody in a pool, under invented names.
    fn written(analyzer: &Analyzer, pool: &Pool) -> Self {
        let place = tempfile::tempdir().unwrap();
        let index = CompanyIndex::open_or_create(place.path(), analyzer.clone()).unwrap();
        let mut everybody: Vec<AlumnusId> = pool.ids().collect();
        everybody.sort_unstable();
        let started = Instant::now();
        index.begin().unwrap();
        let _ = parallel::map(&everybody, 1, |id| {
            let profile = &pool.profile(*id).unwrap().profile;
            index.upsert_alumnus(*id, &name_of(*id), profile, b"").unwrap();
        });
        index.commit(1).unwrap();
        println!(
            "  an index on disk, {:.0} people written a second",
            everybody.len() as f64 / started.elapsed().as_secs_f64()
        );
        Self { index, place }
    }

    fn measure(self, pool: &Pool) {
        // Who is found is read from the database before it is shown.
        let views: Vec<Vec<AlumnusView>> = QUERIES
            .iter()
            .map(|query| {
                let page = self.found(query);
                page.iter()
                    .map(|id| view(*id, &pool.profile(*id).unwrap().profile))
                    .collect()
            })
            .collect();
        let n_shown = views.iter().map(Vec::len).sum::<usize>() as f64 / views.len() as f64;
        println!("  {} queries, {n_shown:.1} people shown of each", QUERIES.len());
        timed("typed search, 20 shown", |call| {
            let idx = call % QUERIES.len();
            let _ = self.found(QUERIES[idx]);
            self.show(QUERIES[idx], &views[idx], pool);
        });
        timed("  found", |call| {
            let _ = self.found(QUERIES[call % QUERIES.len()]);
        });
        timed("  20 shown", |call| {
            let idx = call % QUERIES.len();
            self.show(QUERIES[idx], &views[idx], pool);
        });
        drop(self.index);
        self.place.close().unwrap();
    }

    /// The first page of as many as the server records.
    fn found(&self, query: &str) -> Vec<AlumnusId> {
        let found = self
            .index
            .search_alumni(query, SearchScope::WholeProfile, N_RECORDED);
        let mut hits = found.unwrap().hits;
        hits.truncate(PAGE_SIZE);
        hits
    }

    fn show(&self, query: &str, views: &[AlumnusView], pool: &Pool) {
        let profiles: Vec<_> = views.iter().map(|view| pool.profile(view.id)).collect();
        let texts = views.iter().zip(&profiles);
        let texts: Vec<Texts<'_>> = texts
            .map(|(view, profile)| Texts::of_person(view, profile.as_deref()))
            .collect();
        let _ = self.index.show(query, &texts);
    }
}

/// No name goes with a profile.
fn name_of(id: AlumnusId) -> PersonName {
    fixtures::name((id.0.as_u128() % 100_000) as usize)
}

/// All that there is to see of a person.
fn view(id: AlumnusId, profile: &Profile) -> AlumnusView {
    let company_id = CompanyId(Uuid::nil());
    let viewer = Viewer {
        company_id,
        role: Role::Administrator,
        subject: "somebody".to_owned(),
        unit: None,
        alumnus_id: None,
    };
    let alumnus = Alumnus {
        id,
        company_id,
        external_id: None,
        name: name_of(id),
        email: None,
        status: AlumnusStatus::Active,
        interests: Vec::new(),
        profile: profile.clone(),
    };
    let standing = Standing::new(AlumnusStatus::Active, &[], &[], None, 12);
    AlumnusView::new(&viewer, alumnus, &standing).unwrap()
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
