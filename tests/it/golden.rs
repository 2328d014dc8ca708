//! Rankings of the demonstration company that must stay right, over the import as a newcomer runs it.
//!
//! A change to a list here is a change of behaviour: it is argued for in the commit. `INSTA_UPDATE=always` writes the
//! snapshots anew.

use std::collections::BTreeMap;
use std::fs;

use okaeri_engine::eval;

use crate::harness::{Kind, Person, TestApp};

const COMPANY: &str = "demo";

/// Opportunities whose first five are kept: three of each kind.
const KEPT: &[&str] = &["r05", "r10", "r14", "s03", "s05", "s16", "c03", "c06", "c12"];

/// BM25 over morphemes on the same collection, without any ranking (`demo/README.md`).
const BM25_NDCG_AT_10: f64 = 0.766;

fn demo(file: &str) -> String {
    let path = format!("{}/demo/{file}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The rows of a file of tab-separated values.
fn rows(file: &str) -> Vec<[String; 3]> {
    let text = demo(file);
    let row = |line: &str| {
        let fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
        <[String; 3]>::try_from(fields).unwrap_or_else(|_| panic!("{file}: {line}"))
    };
    text.lines().filter(|line| !line.is_empty()).map(row).collect()
}

/// Everybody ranked for an opportunity, best first, page by page.
async fn whole_list(recruiter: &Person, opportunity: &str) -> Vec<String> {
    let mut page = recruiter.candidates(opportunity, "first: 100").await;
    let mut ids = page.ids.clone();
    while page.has_next {
        let after = format!("first: 100, after: \"{}\"", page.cursors.last().unwrap());
        page = recruiter.candidates(opportunity, &after).await;
        ids.extend(page.ids.clone());
    }
    assert_eq!(ids.len() as u64, page.total);
    ids
}

#[tokio::test]
async fn the_demonstration_is_ranked_above_plain_text_search_and_its_best_stay_on_top() {
    let app = TestApp::spawn(Kind::Sqlite).await;
    // Its opportunities lack terms of the law and are open in a demonstration alone.
    app.create_company(COMPANY, |_| {}, true).await;
    let people = app
        .import_alumni_file(COMPANY, demo("alumni.jsonl").as_bytes())
        .await;
    let offers = app
        .import_opportunities_file(COMPANY, demo("opportunities.jsonl").as_bytes())
        .await;
    assert_eq!((people.n_inserted, people.n_failed), (462, 0));
    assert_eq!((offers.n_inserted, offers.n_failed), (20, 0));
    app.index_of(COMPANY).await;

    let mut grades: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
    for [opportunity, person, grade] in rows("qrels.tsv") {
        grades
            .entry(opportunity)
            .or_default()
            .insert(person, grade.parse().unwrap());
    }
    let recruiter = app.recruiter_of(COMPANY);
    let mut lists = BTreeMap::new();
    let mut ndcg = Vec::new();
    for (opportunity, judged) in &grades {
        let list = whole_list(&recruiter, opportunity).await;
        let ranked: Vec<f64> = list
            .iter()
            .map(|id| judged.get(id).copied().unwrap_or_default())
            .collect();
        let all: Vec<f64> = judged.values().copied().collect();
        ndcg.push(eval::ndcg_at(10, &ranked, &all));
        lists.insert(opportunity.clone(), list);
    }
    let mean = eval::mean(&ndcg);
    assert!(mean > BM25_NDCG_AT_10, "nDCG@10 is {mean:.3}");

    let mut contrasts: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for [opportunity, part, person] in rows("contrasts.tsv") {
        contrasts.entry(opportunity).or_default().insert(part, person);
    }
    let wrong = contrasts.iter().filter(|(opportunity, people)| {
        !eval::is_in_order(&lists[*opportunity], &people["fit"], &people["decoy"])
    });
    let wrong: Vec<&String> = wrong.map(|(opportunity, _)| opportunity).collect();
    // A fit did the work, a decoy uses its words: text search puts half of them in order.
    insta::assert_json_snapshot!("fit_below_decoy", wrong);

    let kept: BTreeMap<&str, &[String]> = KEPT.iter().map(|id| (*id, &lists[*id][..5])).collect();
    insta::assert_json_snapshot!("first_five", kept);
    app.stop().await;
}
