//! What a person may ask for about their own record: all of it, and its end.

use std::path::Path;

use chrono::TimeDelta;
use okaeri_api::db::alumni;
use okaeri_api::db::person::{self, CHILD_TABLES, TABLES};
use okaeri_api::usecase::erasure::{self, Purge};
use okaeri_api::usecase::{audit, nudges};
use okaeri_api::worker::run_jobs;
use okaeri_engine::domain::AlumnusId;
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use crate::harness::steps::summed_score;
use crate::harness::{AOBA, TestApp, alumnus, on_both_databases, role};

/// A word that nobody else has.
const WORD: &str = "zqxerasable";
/// Another one, which others type: what they typed is theirs.
const SEARCHED: &str = "zqxsearched";

/// Sections that this person's life leaves empty.
const NOT_FILLED: &[&str] = &[
    "candidacyMessages",
    "claims",
    "claimLinks",
    "emailChanges",
    "emailChangeLinks",
    "exportLinks",
    "standingWishes",
    "wishNotices",
];

on_both_databases! {
    the_export_has_everything_and_its_link_works_once;
    an_export_is_the_persons_alone_and_tells_of_no_member_of_staff;
    an_erased_person_is_in_no_answer_no_row_and_no_file;
    an_erasure_that_dies_before_its_files_are_purged_finishes_after_the_restart;
    an_import_does_not_bring_an_erased_person_back;
    nobody_is_erased_without_typing_their_name;
    an_open_list_goes_on_over_an_erased_person;
}

/// Fills every table that there is about one person.
async fn lived(app: &TestApp) -> String {
    app.import(&[
        alumnus("a001")
            .set("summary", format!("{WORD} と {SEARCHED} の設計を担当しました。"))
            .set("leaveReason", "CARE")
            .set("confirmedOn", "2024-01-01"),
        alumnus("a002"),
        role("r01"),
        role("r02"),
    ])
    .await;
    app.index().await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let (offer, person) = (
        recruiter.opportunity_id("r01").await,
        recruiter.alumnus_id("a001").await,
    );
    recruiter.candidates("r01", "").await;
    recruiter.search(SEARCHED).await;
    let input = json!({"opportunityId": offer, "alumnusId": person, "message": "ぜひ一度お話を", "idempotencyKey": "k1"});
    recruiter.mutate("inviteCandidate", input, "").await;
    let other = recruiter.opportunity_id("r02").await;
    let input = json!({"opportunityId": other, "alumnusId": person, "reason": "今回は経験者を優先"});
    aiko.feed("").await;
    aiko.mutate("saveOpportunity", json!({"id": offer}), "").await;
    recruiter.mutate("rejectCandidate", input, "").await;
    aiko.mutate("withdrawConsent", json!({"purpose": "SPEAKING"}), "")
        .await;
    aiko.mutate("requestHumanReview", json!({"opportunityId": offer}), "")
        .await;
    aiko.mutate("requestCorrection", json!({"nameKana": "ヤマダ アイコ"}), "")
        .await;
    aiko.mutate("giveStatisticsData", json!({"answers": ["CARING"]}), "")
        .await;
    let input = json!({"opportunityId": other, "message": "勤務地は相談できますか"});
    aiko.mutate("askFirst", input, "").await;
    aiko.mutate("setMyExclusions", json!({"units": ["経理部"], "staff": []}), "")
        .await;
    assert_eq!(nudges::send(&app.app).await.unwrap(), 1);
    app.nobody()
        .mutate(
            "requestSignInLink",
            json!({"company": AOBA, "email": "a001@example.jp"}),
            "",
        )
        .await;
    run_jobs(&app.app).await.unwrap();
    person
}

async fn export(app: &TestApp) -> Value {
    let asked = app
        .alumnus("a001")
        .mutate("exportMyData", json!({}), "url expiresAt")
        .await;
    let (status, text) = app.download(asked["url"].as_str().unwrap()).await;
    assert_eq!(status, 200);
    serde_json::from_str(&text).unwrap()
}

async fn the_export_has_everything_and_its_link_works_once(app: &TestApp) {
    lived(app).await;
    let asked = app
        .alumnus("a001")
        .mutate("exportMyData", json!({}), "url expiresAt")
        .await;
    let url = asked["url"].as_str().unwrap();
    let (status, text) = app.download(url).await;
    assert_eq!(status, 200);
    assert_eq!(app.download(url).await.0, 404, "once");
    let unused = app.alumnus("a001").mutate("exportMyData", json!({}), "url").await;
    let later = app.later(TimeDelta::minutes(10), |_| {}).await;
    let (status, _) = later.download(unused["url"].as_str().unwrap()).await;
    assert_eq!(status, 404, "for ten minutes");
    later.stop().await;
    let document: Value = serde_json::from_str(&text).unwrap();

    let keys = TABLES.iter().map(|table| table.key);
    for key in keys.chain(CHILD_TABLES.iter().map(|table| table.key)) {
        assert!(document[key].is_array(), "{key}");
        let is_filled = document[key] != json!([]);
        assert!(
            is_filled || NOT_FILLED.contains(&key),
            "{key} is empty: this test fills every table"
        );
    }
    assert_eq!(document["format"], "okaeri-export/1");
    assert_eq!(document["record"]["leaveReason"], "CARE");
    assert!(document["record"]["summary"].as_str().unwrap().contains(WORD));
    let text = document["candidacies"].to_string();
    assert!(
        text.contains("ぜひ一度お話を") && text.contains("今回は経験者を優先"),
        "{text}"
    );
    assert_eq!(
        document["consultationMessages"][0]["text"],
        "勤務地は相談できますか"
    );
    assert_eq!(document["exclusions"][0]["unit"], "経理部");
    assert!(document["consents"][0]["text"]["ja"].is_string());
    assert!(document["learntPreferences"][0]["state"].is_object());
    let mut ranked = document["rankings"].as_array().unwrap().iter();
    let ranking = ranked.find(|one| one["kind"] == "CANDIDATES").unwrap();
    assert_eq!(ranking["opportunity"]["title"], "物流企画マネージャー");
    assert_eq!(ranking["of"], 2);
    summed_score(ranking);
    let kinds = document["rankings"].as_array().unwrap().iter();
    assert_eq!(kinds.filter(|one| one["kind"] == "SEARCH").count(), 1);
    assert_eq!(document["listsShownToMe"].as_array().unwrap().len(), 1);
    assert!(!document["jobs"].as_array().unwrap().is_empty());
}

async fn an_export_is_the_persons_alone_and_tells_of_no_member_of_staff(app: &TestApp) {
    lived(app).await;
    let text = export(app).await.to_string();
    assert!(!text.contains("saiyo"), "the recruiter's name");
    assert!(!text.contains("a002@example.jp"), "somebody else's address");
    assert_eq!(app.download("/export/0123").await.0, 404);
    // The sixth link within an hour is refused: `lived` asked for none, and one was just asked for.
    let aiko = app.alumnus("a001");
    for _ in 0..4 {
        aiko.mutate("exportMyData", json!({}), "url").await;
    }
    let refused = aiko.try_mutate("exportMyData", json!({}), "url").await;
    assert_eq!(refused.code(), "RATE_LIMITED");
    // A link that was replaced is good for nothing.
    let bea = app.alumnus("a002");
    let first = bea.mutate("exportMyData", json!({}), "url").await;
    bea.mutate("exportMyData", json!({"revokesEarlierLinks": true}), "url")
        .await;
    assert_eq!(app.download(first["url"].as_str().unwrap()).await.0, 404);
}

async fn erase(app: &TestApp) {
    let payload = app
        .alumnus("a001")
        .mutate("eraseMe", json!({"confirmation": "人物 a001"}), "isErased")
        .await;
    assert_eq!(payload["isErased"], true);
}

async fn record_id(app: &TestApp, external_id: &str) -> AlumnusId {
    let company_id = app.company_id(AOBA).await;
    let found = alumni::find_by_external_id(&app.app.db, company_id, external_id).await;
    found.unwrap().unwrap().id
}

/// How many files below a directory hold these bytes.
fn n_files_with(directory: &Path, bytes: &[u8]) -> usize {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return 0;
    };
    let mut n_files = 0;
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            n_files += n_files_with(&path, bytes);
        } else if let Ok(content) = std::fs::read(&path) {
            n_files += usize::from(content.windows(bytes.len()).any(|window| window == bytes));
        }
    }
    n_files
}

async fn an_erased_person_is_in_no_answer_no_row_and_no_file(app: &TestApp) {
    let person = lived(app).await;
    app.index().await;
    assert!(
        n_files_with(app.directory(), WORD.as_bytes()) > 0,
        "or this test would prove nothing"
    );
    let id = record_id(app, "a001").await;
    erase(app).await;

    // At once, with no worker: no answer knows them, and their token is nobody's.
    let recruiter = app.recruiter();
    assert_eq!(recruiter.search(SEARCHED).await, Vec::<String>::new());
    assert_eq!(recruiter.candidates("r01", "").await.ids, ["a002"]);
    let data = recruiter
        .query("query($id: ID!) { node(id: $id) { id } }", json!({"id": person}))
        .await;
    assert_eq!(data["node"], Value::Null);
    let answer = app.alumnus("a001").ask("{ viewer { role } }", Value::Null).await;
    assert_eq!(answer.status, 401);

    // No row but the log's names them.
    let (db, company_id) = (&app.app.db, app.company_id(AOBA).await);
    assert_eq!(person::find_record(db, company_id, id).await.unwrap(), None);
    for (key, rows) in person::load(db, company_id, id).await.unwrap() {
        assert_eq!(rows.is_empty(), key != "changes", "{key}: {rows:?}");
    }
    assert_eq!(
        person::load_jobs(db, company_id, id).await.unwrap(),
        Vec::<Value>::new()
    );
    let sql = app.sql().await;
    let keys = Statement::from_string(sql.get_database_backend(), "SELECT response FROM idempotency_key");
    let keys = sql.query_all_raw(keys).await.unwrap();
    assert!(keys.is_empty(), "what a key remembers of the invitation");
    sql.close().await.unwrap();
    let rankings = audit::rankings_of(db, company_id, id, None, 10).await;
    assert_eq!(rankings.unwrap(), []);
    let report = audit::verify(db, company_id, None).await.unwrap();
    assert!(report.is_intact(), "the chain of records holds");

    // After the job, no file does either: index, mail, database, its log.
    while run_jobs(&app.app).await.unwrap() > 0 {}
    assert_eq!(app.mails(), Vec::<String>::new());
    assert_eq!(n_files_with(app.directory(), WORD.as_bytes()), 0);
    assert_eq!(n_files_with(app.directory(), "a001@example.jp".as_bytes()), 0);

    // Nor does a restart or an index that is built anew.
    let restarted = app.restarted(|_| {}).await;
    assert_eq!(restarted.recruiter().search(SEARCHED).await, Vec::<String>::new());
    let company_id = restarted.company_id(AOBA).await;
    restarted.app.projections.rebuild(company_id).await.unwrap();
    assert_eq!(restarted.recruiter().search(SEARCHED).await, Vec::<String>::new());
    assert_eq!(n_files_with(restarted.directory(), WORD.as_bytes()), 0);
    restarted.stop().await;
}

async fn an_erasure_that_dies_before_its_files_are_purged_finishes_after_the_restart(app: &TestApp) {
    lived(app).await;
    app.index().await;
    erase(app).await;
    assert!(
        n_files_with(&app.directory().join("index"), WORD.as_bytes()) > 0,
        "not purged yet"
    );

    // The clock of the new server begins anew, and the job waits from when it was asked for.
    let now = app.app.clock.now();
    let restarted = app.restarted_with(|config| config.now = Some(now)).await;
    while run_jobs(&restarted.app).await.unwrap() > 0 {}
    assert_eq!(n_files_with(restarted.directory(), WORD.as_bytes()), 0);
    // And once more: a job may run twice.
    let company_id = restarted.company_id(AOBA).await;
    erasure::purge(&restarted.app, Purge { company_id })
        .await
        .unwrap();
    restarted.stop().await;
}

async fn an_import_does_not_bring_an_erased_person_back(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002")]).await;
    erase(app).await;
    let rows = [alumnus("a001"), alumnus("a002")];
    let file: String = rows.iter().map(|row| format!("{}\n", row.json())).collect();
    let report = app.import_alumni_file(AOBA, file.as_bytes()).await;
    assert_eq!(
        (report.n_erased, report.n_unchanged, report.n_inserted),
        (1, 1, 0)
    );
    // Nor under another number, with the same address.
    let row = alumnus("a009").set("email", "A001@example.jp");
    let report = app
        .import_alumni_file(AOBA, row.json().to_string().as_bytes())
        .await;
    assert_eq!((report.n_erased, report.n_inserted), (1, 0));
    // Nor under another address, with the same number.
    let row = alumnus("a001").set("email", "another@example.jp");
    let report = app
        .import_alumni_file(AOBA, row.json().to_string().as_bytes())
        .await;
    assert_eq!((report.n_erased, report.n_inserted), (1, 0));
    let listed = app
        .administrator()
        .query("{ alumni { nodes { externalId } } }", Value::Null)
        .await;
    assert_eq!(listed["alumni"]["nodes"], json!([{"externalId": "a002"}]));

    // Another company's people are nobody's but its own.
    app.create_company("midori", |_| {}, false).await;
    let report = app
        .import_alumni_file("midori", format!("{}\n", alumnus("a001").json()).as_bytes())
        .await;
    assert_eq!((report.n_erased, report.n_inserted), (0, 1));
}

async fn nobody_is_erased_without_typing_their_name(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    let aiko = app.alumnus("a001");
    for wrong in ["", "はい", "a001", "人物 a002"] {
        let errors = aiko.user_errors("eraseMe", json!({"confirmation": wrong})).await;
        assert_eq!(errors, ["INVALID"], "{wrong}");
    }
    let data = aiko.query("{ viewer { role } }", Value::Null).await;
    assert_eq!(data["viewer"]["role"], "ALUMNUS");
}

async fn an_open_list_goes_on_over_an_erased_person(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), alumnus("a003"), role("r01")])
        .await;
    app.index().await;
    let recruiter = app.recruiter();
    let whole = recruiter.candidates("r01", "").await;
    let first = recruiter.candidates("r01", "first: 1").await;
    let rest: Vec<String> = whole.ids[1..]
        .iter()
        .filter(|id| *id != "a001")
        .cloned()
        .collect();
    erase(app).await;
    let page = format!("after: \"{}\"", first.cursors[0]);
    assert_eq!(recruiter.candidates("r01", &page).await.ids, rest);
}
