//! Times typed search on seeded companies: `cargo run --release --features fixtures --example typed -- 1000 10000`.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::time::{Duration, Instant};

use okaeri_engine::domain::PersonName;
use okaeri_engine::fixtures;
use okaeri_engine::index::{CompanyIndex, SearchScope};
use okaeri_engine::text::{Analyzer, Dictionary, dictionary};

/// One word, several, other names, a compound, English, a name, and one that only characters find.
const QUERIES: &[&str] = &[
    "営業",
    "秘書",
    "経理 決算",
    "連結決算の経験",
    "マーケティング",
    "sales manager",
    "高橋",
    "tanaka",
    "品質管理 海外",
    "スカパラ",
];

/// How often each is asked.
const ROUNDS: u32 = 50;

fn main() {
    let var = |name| std::env::var_os(name);
    let dir =
        dictionary::default_dir(var("OKAERI_DICTIONARY_DIR"), var("XDG_CACHE_HOME"), var("HOME")).unwrap();
    let analyzer = Analyzer::new(&Dictionary::open(&dir).unwrap(), &[]).unwrap();
    for size in std::env::args()
        .skip(1)
        .map(|size| size.parse::<usize>().unwrap())
    {
        let place = std::env::temp_dir().join(format!("okaeri-typed-{}-{size}", std::process::id()));
        let index = CompanyIndex::open_or_create(&place, analyzer.clone()).unwrap();
        let name = PersonName {
            kanji: "髙橋 花子".to_owned(),
            kana: Some("タカハシ ハナコ".to_owned()),
        };
        let started = Instant::now();
        for person in fixtures::profiles(1, size) {
            index
                .upsert_alumnus(person.id, &name, &person.profile, b"")
                .unwrap();
        }
        index.commit(1).unwrap();
        println!("{size} people: indexed in {:?}", started.elapsed());
        let mut sum = Duration::ZERO;
        for query in QUERIES {
            let find = || {
                index
                    .search_alumni(query, SearchScope::WholeProfile, usize::MAX)
                    .unwrap()
            };
            let n_total = find().n_total;
            let started = Instant::now();
            for _ in 0..ROUNDS {
                let _ = find();
            }
            let mean = started.elapsed() / ROUNDS;
            println!("  {query}: {n_total} found, mean {mean:?}");
            sum += mean;
        }
        println!("  mean of all {:?}", sum / QUERIES.len() as u32);
        std::fs::remove_dir_all(&place).unwrap();
    }
}
