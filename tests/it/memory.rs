//! Companies leave memory and come back: no answer changes by it, nothing that was committed meanwhile is missed, and
//! nobody who uses one loses it.

use std::path::Path;
use std::time::{Duration, Instant};

use okaeri_api::db::alumni;
use okaeri_api::usecase::erasure;
use okaeri_api::worker;
use serde_json::{Value, json};

use crate::harness::{AOBA, Person, Row, TestApp, alumnus, on_both_databases, role, slot};

/// A word that nobody else has.
const WORD: &str = "zqxleaving";

on_both_databases! {
    an_answer_is_byte_for_byte_the_same_after_a_company_left_memory;
    the_first_answer_knows_what_was_committed_while_the_company_was_out;
    what_is_committed_does_not_bring_a_company_in_and_a_removal_does;
    whoever_is_used_stays;
    jobs_and_a_first_plan_bring_a_company_in;
    many_who_ask_at_once_wait_for_one_opening_and_a_failed_one_is_tried_again;
    a_server_opens_at_its_start_as_many_as_fit;
    those_who_cannot_wait_come_in_one_after_the_other_and_only_where_there_is_an_index;
}

fn people() -> Vec<Row> {
    vec![
        alumnus("a001"),
        alumnus("a002").skills(&["Excel", "需要予測"]),
        alumnus("a003")
            .skills(&["和菓子製造"])
            .set("headline", "和菓子職人"),
        alumnus("a004").interests(&["SPEAKING"]),
        role("r01"),
        slot("s01"),
    ]
}

/// Everything that ranking, lists and search say, as it was sent, without what names a recorded list.
async fn answers(app: &TestApp) -> Vec<String> {
    let staff = "{ alumni { totalCount nodes { id } } found: alumni(query: \"在庫管理\") { totalCount nodes { id } }
        opportunities { nodes { id } } offers: opportunities(query: \"物流\") { nodes { id } }
        opportunity(externalId: \"r01\") { candidates { totalCount modelVersion leftOut { rule count }
            edges { rank node { id } match { score base summary contributions { feature value text } } } } } }";
    let own = "{ viewer { opportunityFeed { edges { rank node { id }
        match { score base summary contributions { feature value text } } } } } }";
    let ask = async |person: Person, document: &str| person.query(document, Value::Null).await.to_string();
    vec![
        ask(app.recruiter(), staff).await,
        ask(app.alumnus("a001"), own).await,
    ]
}

async fn is_in_memory(app: &TestApp) -> bool {
    app.app.projections.is_in_memory(app.company_id(AOBA).await)
}

/// Puts out whoever may leave, as the worker does a day and an hour from now.
fn put_out(app: &TestApp) -> usize {
    let day = Duration::from_secs(25 * 60 * 60);
    app.app.projections.put_out(Instant::now() + day)
}

/// How many files below a directory hold these bytes.
fn n_files_with(directory: &Path, bytes: &[u8]) -> usize {
    let mut n_files = 0;
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            n_files += n_files_with(&path, bytes);
        } else if let Ok(content) = std::fs::read(&path) {
            n_files += usize::from(content.windows(bytes.len()).any(|window| window == bytes));
        }
    }
    n_files
}

async fn an_answer_is_byte_for_byte_the_same_after_a_company_left_memory(app: &TestApp) {
    app.import(&people()).await;
    app.index().await;
    let before = answers(app).await;

    assert_eq!(put_out(app), 1);
    assert!(!is_in_memory(app).await);
    let (status, ready) = app.download("/readyz").await;
    assert_eq!(status, 200, "{ready}");
    assert_eq!(answers(app).await, before);
    assert!(is_in_memory(app).await);
    let memory = app.app.projections.memory_use();
    assert_eq!(
        (memory.n_companies, memory.n_openings, memory.n_evictions),
        (1, 2, 1)
    );
    assert!(memory.estimated_bytes > 0);
}

async fn the_first_answer_knows_what_was_committed_while_the_company_was_out(app: &TestApp) {
    app.import(&people()).await;
    app.index().await;
    let recruiter = app.recruiter();
    let mut before = recruiter.candidates("r01", "").await.ids;
    before.sort();
    assert_eq!(before, ["a001", "a002", "a003"]);

    put_out(app);
    app.alumnus("a001")
        .mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    assert!(!is_in_memory(app).await);
    assert!(
        !recruiter
            .candidates("r01", "")
            .await
            .ids
            .contains(&"a001".to_owned())
    );

    app.index().await;
    put_out(app);
    app.alumnus("a002")
        .mutate("setMyExclusions", json!({"units": ["物流部"], "staff": []}), "")
        .await;
    assert!(!is_in_memory(app).await);
    assert_eq!(recruiter.candidates("r01", "").await.ids, ["a003"]);

    app.index().await;
    put_out(app);
    app.import(&[alumnus("a005").skills(&["養蜂"]), role("r02")])
        .await;
    app.alumnus("a003")
        .mutate("updateMyProfile", json!({"headline": "養蜂家"}), "")
        .await;
    assert!(!is_in_memory(app).await);
    let mut after = recruiter.candidates("r02", "").await.ids;
    after.sort();
    assert_eq!(after, ["a003", "a005"]);
    app.index().await;
    let mut found = recruiter.search("養蜂").await;
    found.sort();
    assert_eq!(found, ["人物 a003", "人物 a005"]);
}

async fn what_is_committed_does_not_bring_a_company_in_and_a_removal_does(app: &TestApp) {
    app.import(&[
        alumnus("a001").set("summary", format!("{WORD} を担当しました。")),
        alumnus("a002"),
        role("r01"),
    ])
    .await;
    app.index().await;
    let indexes = app.directory().join("index");
    put_out(app);

    app.import(&[alumnus("a003"), role("r02")]).await;
    app.app.projections.catch_up_all().await.unwrap();
    app.app.projections.index_all().await.unwrap();
    worker::tend_memory(&app.app).await;
    assert!(!is_in_memory(app).await, "what anybody changes waits");
    assert!(n_files_with(&indexes, WORD.as_bytes()) > 0);

    let company_id = app.company_id(AOBA).await;
    let found = alumni::find_by_external_id(&app.app.db, company_id, "a001").await;
    let id = found.unwrap().unwrap().id;
    assert!(erasure::erase(&app.app, company_id, id).await.unwrap());
    worker::tend_memory(&app.app).await;
    assert_eq!(
        n_files_with(&indexes, WORD.as_bytes()),
        0,
        "nobody asked for the company"
    );
    let mut ids = app.recruiter().candidates("r01", "").await.ids;
    ids.sort();
    assert_eq!(ids, ["a002", "a003"]);
}

async fn whoever_is_used_stays(app: &TestApp) {
    app.import(&people()).await;
    let recruiter = app.recruiter();
    assert_eq!(recruiter.candidates("r01", "").await.total, 3);
    assert_eq!(put_out(app), 0, "the index lacks what memory has");
    app.index().await;

    let asked = app.projection().await;
    assert_eq!(put_out(app), 0, "a request runs");
    drop(asked);

    let mut socket = recruiter.socket().await;
    let id = recruiter.opportunity_id("r01").await;
    let live =
        "subscription($id: ID!) { candidatesChanged(opportunityId: $id) { candidates { totalCount } } }";
    socket.subscribe("1", live, json!({"id": id})).await;
    assert_eq!(
        socket.event().await["candidatesChanged"]["candidates"]["totalCount"],
        3
    );
    assert_eq!(put_out(app), 0, "somebody listens");
    app.alumnus("a001")
        .mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    app.app.projections.catch_up_all().await.unwrap();
    assert_eq!(
        socket.event().await["candidatesChanged"]["candidates"]["totalCount"],
        2
    );
    assert!(is_in_memory(app).await);
}

async fn jobs_and_a_first_plan_bring_a_company_in(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01")]).await;
    let wish = json!({"kind": "ROLE", "words": "在庫管理の仕事", "unit": null, "isShownToRecruiters": true});
    app.alumnus("a001").mutate("setMyStandingWish", wish, "").await;
    app.index().await;
    put_out(app);
    app.import(&[role("r02")]).await;
    assert!(!is_in_memory(app).await);
    for _ in 0..3 {
        worker::run_jobs(&app.app).await.unwrap();
    }
    assert_eq!(app.mails_to("a001@example.jp").await.len(), 1);

    // The first plan is what somebody who turns coordination on waits for.
    app.index().await;
    put_out(app);
    let input = json!({"isEnabled": true, "alpha": 1.0, "expectedVersion": 0});
    app.administrator().mutate("setCoordination", input, "").await;
    app.index().await;
    put_out(app);
    worker::plan_lists(&app.app).await.unwrap();
    let coordinated = "{ company { coordination { plannedAt } } }";
    let data = app.administrator().query(coordinated, Value::Null).await;
    assert_ne!(data["company"]["coordination"]["plannedAt"], Value::Null);
}

async fn many_who_ask_at_once_wait_for_one_opening_and_a_failed_one_is_tried_again(app: &TestApp) {
    app.import(&people()).await;
    app.index().await;
    let company_id = app.company_id(AOBA).await;
    let projections = &app.app.projections;
    put_out(app);
    let n_openings = projections.memory_use().n_openings;
    let all = futures_util::future::join_all((0..20).map(|_| projections.barrier(company_id))).await;
    assert!(all.iter().all(Result::is_ok));
    drop(all);
    assert_eq!(projections.memory_use().n_openings, n_openings + 1);

    put_out(app);
    let index = app
        .directory()
        .join("index")
        .join(company_id.0.simple().to_string());
    let (whole, torn) = (index.join("meta.json"), index.join("meta.json.kept"));
    std::fs::rename(&whole, &torn).unwrap();
    let all = futures_util::future::join_all((0..20).map(|_| projections.barrier(company_id))).await;
    for failed in all {
        let Err(fault) = failed else {
            panic!("opened without its index")
        };
        assert!(fault.to_string().contains("meta.json is missing"), "{fault}");
    }
    assert!(!is_in_memory(app).await);
    let answer = app
        .recruiter()
        .ask("{ alumni { totalCount } }", Value::Null)
        .await;
    assert_eq!(answer.code(), "INTERNAL");
    std::fs::rename(&torn, &whole).unwrap();
    assert_eq!(app.recruiter().candidates("r01", "").await.total, 3);
}

async fn a_server_opens_at_its_start_as_many_as_fit(app: &TestApp) {
    // 110 people are estimated to take more than the megabyte that the server may use.
    let many: Vec<Row> = (0..110)
        .map(|n| alumnus(&format!("m{n:03}")).set("summary", "在庫管理。"))
        .collect();
    app.create_company("midori", |_| {}, false).await;
    app.import_into("midori", &many).await;
    app.import(&people()).await;
    let [aoba, midori] = [app.company_id(AOBA).await, app.company_id("midori").await];

    let small = app.beside(|config| config.projection.memory_mb = 1).await;
    let projections = &small.app.projections;
    worker::tend_memory(&small.app).await;
    assert!(projections.is_in_memory(aoba), "the first by short name");
    assert!(!projections.is_in_memory(midori), "no room beside it");

    // Whoever asks gets an answer, and the other goes.
    let listed = "{ alumni { totalCount } }";
    let data = small.recruiter_of("midori").query(listed, Value::Null).await;
    assert_eq!(data["alumni"]["totalCount"], 110);
    assert!(projections.is_in_memory(midori) && !projections.is_in_memory(aoba));
    small.index_of("midori").await;
    worker::tend_memory(&small.app).await;
    assert!(
        projections.is_in_memory(midori),
        "the last one asked for stays, whatever it takes"
    );
    let data = small.recruiter().query(listed, Value::Null).await;
    assert_eq!(data["alumni"]["totalCount"], 4);
    assert!(projections.is_in_memory(aoba) && !projections.is_in_memory(midori));
    small.stop().await;

    let large = app.beside(|_| {}).await;
    worker::tend_memory(&large.app).await;
    assert_eq!(large.app.projections.memory_use().n_companies, 2);
    large.stop().await;
}

async fn erase(app: &TestApp, slug: &str, external_id: &str) {
    let company_id = app.company_id(slug).await;
    let found = alumni::find_by_external_id(&app.app.db, company_id, external_id).await;
    let id = found.unwrap().unwrap().id;
    assert!(erasure::erase(&app.app, company_id, id).await.unwrap());
}

async fn those_who_cannot_wait_come_in_one_after_the_other_and_only_where_there_is_an_index(app: &TestApp) {
    // Each is estimated to take more than the megabyte that the server may use.
    let others = (1..110).map(|n| alumnus(&format!("m{n:03}")).set("summary", "在庫管理。"));
    let leaving = alumnus("m000").set("summary", format!("{WORD} を担当。"));
    let many: Vec<Row> = others.chain([leaving]).collect();
    let slugs = ["midori", "momiji", "sumire"];
    for slug in slugs {
        app.create_company(slug, |_| {}, false).await;
        app.import_into(slug, &many).await;
    }
    let small = app.beside(|config| config.projection.memory_mb = 1).await;
    let projections = &small.app.projections;
    for slug in ["midori", "momiji"] {
        small.index_of(slug).await;
    }
    worker::tend_memory(&small.app).await;
    put_out(&small);
    let indexes = small.app.config.data_dir.join("index");
    assert!(n_files_with(&indexes, WORD.as_bytes()) > 0);

    let n_openings = projections.memory_use().n_openings;
    for slug in slugs {
        erase(app, slug, "m000").await;
    }
    projections.follow_absent().await.unwrap();
    assert_eq!(projections.memory_use().n_openings, n_openings + 2);
    assert_eq!(n_files_with(&indexes, WORD.as_bytes()), 0);
    let [midori, momiji, sumire] = [
        small.company_id("midori").await,
        small.company_id("momiji").await,
        small.company_id("sumire").await,
    ];
    assert!(
        !projections.is_in_memory(midori) || !projections.is_in_memory(momiji),
        "both would be more than the bound"
    );
    assert!(!indexes.join(sumire.0.simple().to_string()).exists());
    small.stop().await;
}
