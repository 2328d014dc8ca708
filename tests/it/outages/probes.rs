//! Whether an index that followed the change log, whatever happened on the way, answers like one that was built from the
//! database a moment ago.
//!
//! - Found by typed search are the same things, each on the same step. The order within a step may differ until segments
//!   are merged: words of replaced documents count in tantivy's statistics until then.
//! - Rankings have the same people, left out by the same rules, and the same contributions but for what sums of floats in
//!   another order differ by: the latent space is learnt from the people in the order in which they came.

use std::collections::BTreeMap;

use okaeri_api::app::App;
use okaeri_api::db::change_log;
use okaeri_api::projection::{CompanyProjection, Projections};
use okaeri_api::usecase::candidates;
use okaeri_engine::domain::{AlumnusId, Asker, CompanyId, OpportunityId};
use okaeri_engine::index::SearchScope;
use okaeri_engine::ranking::Ranking;
use okaeri_engine::text::Dictionary;

use crate::harness::dictionary;

/// Questions that both are asked.
const N_PROBES: usize = 200;

/// What sums of a hundred floats may differ by, each below one.
const TOLERANCE: f64 = 1e-5;

/// A question's answer.
#[derive(Debug)]
enum Found {
    /// What was found and on which step, by identifier; and how much in all.
    Things(BTreeMap<u128, u32>, usize),
    /// A whole ranking.
    Ranked(Option<Box<Ranking>>),
}

/// Compares the index of the data directory with a rebuild elsewhere. The index on disk has to have caught up.
pub(super) async fn assert_like_a_rebuild(app: &App, company_id: CompanyId) {
    let index_root = app.config.data_dir.join("index");
    let newest = change_log::newest_position(&app.db, company_id).await.unwrap();
    let followed = opened(app, index_root, company_id).await;
    assert_eq!(followed.index.position().unwrap(), newest, "the index is behind");

    let elsewhere = tempfile::TempDir::new().unwrap();
    let root = elsewhere.path().join("index");
    let fresh = projections(app, root.clone());
    fresh.rebuild(company_id).await.unwrap();
    let fresh = fresh.company(company_id).await.unwrap();

    assert_eq!(stored(&followed), stored(&fresh), "who is in the index");
    let questions = questions(&fresh);
    assert!(questions.len() > 10, "{questions:?}");
    let mut n_found = 0;
    for n in 0..N_PROBES {
        let answer = answer(app, &followed, &questions, n);
        let expected = self::answer(app, &fresh, &questions, n);
        assert!(
            answer.is_like(&expected),
            "probe {n}: {answer:?} instead of {expected:?}"
        );
        n_found += usize::from(!answer.is_empty());
    }
    // Drafts, of whom nothing is found, are as many as the machine had time for.
    assert!(n_found > N_PROBES / 4, "{n_found} of {N_PROBES} found anything");
}

/// Writes what the index lacks, as a server does at its start, and compares.
pub(super) async fn assert_caught_up_like_a_rebuild(app: &App, company_id: CompanyId) {
    projections(app, app.config.data_dir.join("index"))
        .index(company_id)
        .await
        .unwrap();
    assert_like_a_rebuild(app, company_id).await;
}

/// A projection of what lies in a directory, read now.
pub(super) async fn opened(
    app: &App,
    index_root: std::path::PathBuf,
    company_id: CompanyId,
) -> std::sync::Arc<CompanyProjection> {
    projections(app, index_root).company(company_id).await.unwrap()
}

pub(super) fn projections(app: &App, index_root: std::path::PathBuf) -> Projections {
    let dictionary = Dictionary::open(&dictionary()).unwrap();
    Projections::new(app.db.clone(), dictionary, index_root).unwrap()
}

/// Who has a document, each once.
fn stored(projection: &CompanyProjection) -> Vec<AlumnusId> {
    let mut ids: Vec<AlumnusId> = projection
        .index
        .payloads()
        .map(|stored| stored.unwrap().0)
        .collect();
    ids.sort_unstable();
    let n_documents = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), n_documents, "somebody is in the index twice");
    ids
}

/// What can be typed to find somebody, from everything that is written about people and opportunities.
fn questions(projection: &CompanyProjection) -> Vec<String> {
    let state = projection.state();
    let mut texts = Vec::new();
    for id in state.pool.ids() {
        let Some(analyzed) = state.pool.profile(id) else {
            continue;
        };
        let profile = &analyzed.profile;
        texts.extend(profile.skills.iter().cloned());
        texts.extend(profile.headline.iter().cloned());
        texts.extend(analyzed.terms().map(str::to_owned));
        texts.extend(profile.tenures.iter().map(|tenure| tenure.department.clone()));
    }
    // Drafts in their hundreds would leave no probe for people.
    for entry in state.opportunities.values().take(5) {
        texts.push(entry.opportunity.title.clone());
        texts.extend(entry.opportunity.required_skills.iter().cloned());
    }
    texts.extend(["人物", "物流 在庫", "在", "ヤマダ", "nobody writes this"].map(str::to_owned));
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// The answer to probe `n`: of ten, six look for people, two for opportunities, and two rank.
fn answer(app: &App, projection: &CompanyProjection, questions: &[String], n: usize) -> Found {
    let typed = &questions[n * questions.len() / N_PROBES];
    let index = &projection.index;
    let state = projection.state();
    let offers: Vec<OpportunityId> = state.opportunities.keys().copied().collect();
    let offer = offers[n / 10 % offers.len()];
    match n % 10 {
        6 | 7 => {
            let found = index.search_opportunities(typed, usize::MAX).unwrap();
            let steps = found.hits.iter().zip(&found.relevances);
            Found::Things(
                steps.map(|(id, it)| (id.0.as_u128(), it.step)).collect(),
                found.n_total,
            )
        }
        8 | 9 => {
            let (now, model) = (app.config.now.unwrap(), &app.model);
            let ranked = candidates::rank(&state, model, offer, &Asker::COMPANY, now);
            Found::Ranked(ranked.map(Box::new))
        }
        even_or_odd => {
            let scope = if even_or_odd % 2 == 0 {
                SearchScope::WholeProfile
            } else {
                SearchScope::PeerVisible
            };
            let found = index.search_alumni(typed, scope, usize::MAX).unwrap();
            let steps = found.hits.iter().zip(&found.relevances);
            Found::Things(
                steps.map(|(id, it)| (id.0.as_u128(), it.step)).collect(),
                found.n_total,
            )
        }
    }
}

impl Found {
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Things(one, n_one), Self::Things(two, n_two)) => one == two && n_one == n_two,
            (Self::Ranked(None), Self::Ranked(None)) => true,
            (Self::Ranked(Some(one)), Self::Ranked(Some(two))) => are_alike(one, two),
            (Self::Things(..) | Self::Ranked(_), _) => false,
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Things(things, _) => things.is_empty(),
            Self::Ranked(ranked) => ranked.as_ref().is_none_or(|ranked| ranked.candidates.is_empty()),
        }
    }
}

fn are_alike(one: &Ranking, two: &Ranking) -> bool {
    let by_person = |ranking: &Ranking| -> BTreeMap<AlumnusId, Vec<f64>> {
        let candidates = ranking.candidates.iter();
        candidates
            .map(|candidate| (candidate.alumnus_id, candidate.contributions.clone()))
            .collect()
    };
    let is_close = |(one, two): (&f64, &f64)| (one - two).abs() < TOLERANCE;
    let (first, second) = (by_person(one), by_person(two));
    one.left_out == two.left_out
        && is_close((&one.base, &two.base))
        && first.len() == second.len()
        && first.iter().zip(&second).all(|(one, two)| {
            one.0 == two.0 && one.1.len() == two.1.len() && one.1.iter().zip(two.1).all(is_close)
        })
}
