//! Whether the time of a ranking or of a listing tells that somebody excludes the reader: many pairs of runs over one
//! pool, in which one person never opted in or excludes the unit, in random order, with the mean difference
//! and its 95 % interval. By hand: `scripts/timing-safety [people] [pairs]`.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use okaeri_engine::domain::exclusion::EXCLUSIONS_MAX;
use okaeri_engine::domain::visibility::{may_be_listed, may_know_interest};
use okaeri_engine::domain::{
    AlumnusId, Asker, CompanyId, Exclusion, ExclusionTarget, Exclusions, HiringManagers, Interest, Policy,
    Role, Standing, Viewer,
};
use okaeri_engine::features::{AnalyzedOpportunity, analysis};
use okaeri_engine::fixtures;
use okaeri_engine::ranking::{self, Model, Pool, RankRequest};
use okaeri_engine::text::{Analyzer, Dictionary, dictionary};
use rand_mt::Mt64;

/// Pairs of runs left out before counting: caches fill, latent places are computed.
const WARM_UP: usize = 20;
/// The share of pairs, one in so many at each end, that the machine and not the code made differ.
const TRIMMED: usize = 20;

fn main() {
    let number = |nth, default| {
        std::env::args()
            .nth(nth)
            .map_or(default, |text| text.parse().unwrap())
    };
    let (n_people, n_pairs): (usize, usize) = (number(1, 500), number(2, 2_000));
    let var = |name| std::env::var_os(name);
    let directory =
        dictionary::default_dir(var("OKAERI_DICTIONARY_DIR"), var("XDG_CACHE_HOME"), var("HOME")).unwrap();
    let analyzer = Analyzer::new(&Dictionary::open(&directory).unwrap(), &[]).unwrap();
    let mut pool = Pool::default();
    for person in fixtures::profiles(1, n_people) {
        pool.set_standing(person.id, person.standing);
        pool.upsert_profile(person.id, Arc::new(analysis::profile(&analyzer, &person.profile)));
    }
    let opportunity = fixtures::opportunities(1, 1).remove(0);
    let unit = opportunity.department.clone().unwrap();
    let viewer = Viewer {
        company_id: CompanyId(uuid::Uuid::nil()),
        role: Role::Recruiter,
        subject: "saiyo".to_owned(),
        unit: Some(unit.clone()),
        alumnus_id: None,
    };
    let asker = Asker::of_viewer(&viewer);
    // As many as there can be, the one that applies last.
    let others = (1..EXCLUSIONS_MAX).map(|n| format!("第{n}事業部"));
    let list: Vec<Exclusion> = others
        .chain([unit])
        .map(|unit| Exclusion {
            target: ExclusionTarget::Unit(unit),
            since: DateTime::<Utc>::UNIX_EPOCH,
        })
        .collect();
    let id = pool.ids().min().unwrap();
    let standing = pool.standing(id).unwrap().clone();
    let exclusions = Exclusions::new(&list, &HiringManagers::default());
    let excludes = standing.clone().excluding(exclusions);
    // In one pool by turns: two would differ in where they lie in memory, which is more than what is looked for.
    let mut worlds = Worlds {
        id,
        never: excludes.as_seen_by(&asker).into_owned(),
        excludes,
        pool,
    };

    let analyzed = analysis::opportunity(&analyzer, &opportunity);
    let model = Model::bundled();
    let _ = worlds.pool.space();
    println!(
        "{n_people} people, {n_pairs} pairs of runs; never opted in against excluding, {EXCLUSIONS_MAX} exclusions"
    );
    let rank = |pool: &Pool| ranked(pool, &analyzed, &asker, &model);
    report("ranking", &mut worlds, n_pairs, Pool::forget_answers, rank);
    report("again", &mut worlds, n_pairs, |_| (), rank);
    // After somebody whom nobody excludes.
    let others = |pool: &Pool| {
        pool.forget_answers();
        let _ = ranked(pool, &analyzed, &Asker::COMPANY, &model);
    };
    report("after others", &mut worlds, n_pairs, others, rank);
    report(
        "listing",
        &mut worlds,
        n_pairs,
        |_| (),
        |pool| listed(pool, &viewer, &asker),
    );
}

/// A company with somebody who never opted in, or who excludes the reader.
struct Worlds {
    pool: Pool,
    id: AlumnusId,
    never: Standing,
    excludes: Standing,
}

impl Worlds {
    fn never(&mut self) -> &Pool {
        self.pool.set_standing(self.id, self.never.clone());
        &self.pool
    }

    fn excluding(&mut self) -> &Pool {
        self.pool.set_standing(self.id, self.excludes.clone());
        &self.pool
    }
}

fn ranked(pool: &Pool, opportunity: &AnalyzedOpportunity, reader: &Asker, model: &Model) -> usize {
    let request = RankRequest {
        opportunity,
        policy: &Policy::default(),
        now: "2026-11-20T03:00:00Z".parse().unwrap(),
        withheld: &HashMap::new(),
        reader,
    };
    ranking::rank(&request, pool, model).candidates.len()
}

/// What a list of alumni filtered by interest, and its facets, ask of everybody.
fn listed(pool: &Pool, viewer: &Viewer, reader: &Asker) -> usize {
    let known = |(id, standing): (_, &okaeri_engine::domain::Standing)| {
        let standing = &standing.as_seen_by(reader);
        let is_listed = may_be_listed(viewer, id, standing);
        let known = Interest::ALL
            .iter()
            .filter(|interest| may_know_interest(viewer, standing, **interest));
        known.count() + usize::from(is_listed)
    };
    pool.standings().map(known).sum()
}

/// - `before`: what happens before each run, outside its time
fn report(
    name: &str,
    worlds: &mut Worlds,
    n_pairs: usize,
    before: impl Fn(&Pool),
    run: impl Fn(&Pool) -> usize,
) {
    assert_eq!(run(worlds.never()), run(worlds.excluding()), "the same answer");
    let timed = |pool: &Pool| {
        before(pool);
        let started = Instant::now();
        black_box(run(black_box(pool)));
        started.elapsed().as_secs_f64() * 1e6
    };
    let mut random = Mt64::new(7);
    let (mut differences, mut sum) = (Vec::with_capacity(n_pairs), 0.0);
    for n in 0..n_pairs + WARM_UP {
        let (one, other) = if random.next_u64().is_multiple_of(2) {
            let one = timed(worlds.never());
            (one, timed(worlds.excluding()))
        } else {
            let other = timed(worlds.excluding());
            (timed(worlds.never()), other)
        };
        if n >= WARM_UP {
            differences.push(other - one);
            sum += one;
        }
    }
    differences.sort_by(f64::total_cmp);
    let n_trimmed = differences.len() / TRIMMED;
    let kept = &differences[n_trimmed..differences.len() - n_trimmed];
    let n = kept.len() as f64;
    let mean = kept.iter().sum::<f64>() / n;
    let variance = kept.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let half = 1.96 * (variance / n).sqrt();
    let sd = variance.sqrt();
    // How often an observer would have to ask to tell the worlds apart by the mean, at the spread seen here and without
    // anything between them and the engine.
    let n_needed = (2.0 * 1.96 * sd / mean).powi(2);
    println!(
        "{name:12} {:9.1} us a run; difference {mean:+.3} us, 95 % interval [{:+.3}, {:+.3}], spread {sd:.3} us; \
         about {n_needed:.0} pairs to notice",
        sum / n_pairs as f64,
        mean - half,
        mean + half
    );
}
