//! What the benches share: the dictionary, and a seeded company in memory. Measures nothing.

#![allow(dead_code, reason = "each bench uses its part")]

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{PersonName, Policy};
use okaeri_engine::features::{AnalyzedOpportunity, analysis};
use okaeri_engine::fixtures;
use okaeri_engine::parallel;
use okaeri_engine::ranking::{Model, Pool};
use okaeri_engine::text::{Analyzer, Dictionary, dictionary};

/// One seed for all benches, so that their people are the same.
pub(crate) const SEED: u64 = 20_261_120;

/// The analyzer over the dictionary that `okaeri dictionary build` prepared.
pub(crate) static ANALYZER: LazyLock<Analyzer> = LazyLock::new(|| {
    let value = |name| std::env::var_os(name);
    let dir = dictionary::default_dir(
        value("OKAERI_DICTIONARY_DIR"),
        value("XDG_CACHE_HOME"),
        value("HOME"),
    )
    .expect("OKAERI_DICTIONARY_DIR, XDG_CACHE_HOME or HOME says where the dictionary is");
    let dictionary = Dictionary::open(&dir).unwrap_or_else(|error| panic!("{error}"));
    Analyzer::new(&dictionary, &[]).unwrap_or_else(|error| panic!("{error}"))
});

/// A seeded company as a server holds it.
pub(crate) struct Company {
    /// Its people.
    pub(crate) pool: Pool,
    /// The bundled model.
    pub(crate) model: Model,
    /// Admits and offers everything.
    pub(crate) policy: Policy,
}

impl Company {
    /// Analyses `n_alumni` people, on all processors.
    pub(crate) fn seeded(n_alumni: usize) -> Self {
        let people = fixtures::profiles(SEED, n_alumni);
        let analyzed = parallel::map(&people, 1, |person| {
            Arc::new(analysis::profile(&ANALYZER, &person.profile))
        });
        let mut pool = Pool::default();
        for (person, analyzed) in people.into_iter().zip(analyzed) {
            pool.upsert_profile(person.id, analyzed);
            pool.set_standing(person.id, person.standing);
        }
        Self {
            pool,
            model: Model::bundled(),
            policy: Policy::default(),
        }
    }
}

/// Everybody's name: ranking never reads it.
pub(crate) fn name() -> PersonName {
    PersonName {
        kanji: "青葉 花子".to_owned(),
        kana: Some("アオバ ハナコ".to_owned()),
    }
}

/// The instant of every question: noon of the demonstration's day in Japan.
pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-20T03:00:00Z".parse().expect("an instant")
}

/// `n` seeded opportunities, analysed.
pub(crate) fn opportunities(n: usize) -> Vec<Arc<AnalyzedOpportunity>> {
    fixtures::opportunities(SEED, n)
        .iter()
        .map(|one| Arc::new(analysis::opportunity(&ANALYZER, one)))
        .collect()
}

/// Companies by size, each built when a bench that was not filtered out first asks for it.
#[derive(Default)]
pub(crate) struct Companies(HashMap<usize, Company>);

impl Companies {
    /// The company with `n_alumni` people.
    pub(crate) fn of_size(&mut self, n_alumni: usize) -> &Company {
        self.0
            .entry(n_alumni)
            .or_insert_with(|| Company::seeded(n_alumni))
    }
}

/// A size as names have it: 20, 1k, 100k.
pub(crate) fn short(n: usize) -> String {
    if n.is_multiple_of(1_000) {
        format!("{}k", n / 1_000)
    } else {
        n.to_string()
    }
}
