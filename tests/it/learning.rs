//! What recruiters' decisions teach a company's ranking, and what they must not move.

use okaeri_engine::domain::Role;
use serde_json::{Value, json};

use crate::audit::{replayed, uuid_of};
use crate::harness::steps::{invite, pair, summed_score};
use crate::harness::{Person, Row, TestApp, alumnus, on_both_databases, role};

const LEARNING: &str =
    "{ company { learning { isOn decisions modelVersion weights { feature common own } } } }";

on_both_databases! {
    decisions_move_the_weights_of_the_next_list_where_the_programme_learns;
    what_was_learnt_is_in_the_record_and_the_list_replays;
    nothing_is_learnt_from_previews_nor_from_whoever_excludes_anybody;
    decisions_move_no_feed_and_no_other_company;
    what_was_learnt_is_forgotten_when_an_administrator_says_so;
}

/// Who lives elsewhere and did the work, and who lives here and did little of it.
fn people() -> Vec<Row> {
    let far = |id: &str| alumnus(id).set("prefecture", "沖縄県");
    let here = |id: &str| {
        alumnus(id)
            .skills(&["接客"])
            .set("headline", "店舗スタッフ")
            .set("summary", "店舗で接客を担当しました。")
            .set(
                "tenures",
                json!([{"department": "店舗", "title": "担当", "from": "2018-04", "to": "2020-03", "description": "接客"}]),
            )
    };
    vec![far("a001"), far("a002"), here("a003"), here("a004")]
}

async fn learn_from_now_on(app: &TestApp, is_on: bool) {
    crate::policy::change(app, json!({"learnsFromDecisions": is_on})).await;
}

async fn learning(person: &Person) -> Value {
    person.query(LEARNING, Value::Null).await["company"]["learning"].clone()
}

/// The order of r01's candidates with their scores, as a new list.
async fn scores(recruiter: &Person) -> Value {
    let document = "{ opportunity(externalId: \"r01\") { candidates {
        modelVersion rankingId edges { node { externalId } match { score base contributions { value } } } } } }";
    recruiter.query(document, Value::Null).await["opportunity"]["candidates"].clone()
}

async fn shortlist(recruiter: &Person, person: &str) {
    let both = pair(recruiter, "r01", person).await;
    recruiter.mutate("shortlistCandidate", both, "").await;
}

async fn reject(recruiter: &Person, person: &str) {
    let mut both = pair(recruiter, "r01", person).await;
    both["reason"] = json!("実務の経験が足りません");
    recruiter.mutate("rejectCandidate", both, "").await;
}

async fn decisions_move_the_weights_of_the_next_list_where_the_programme_learns(app: &TestApp) {
    let mut rows = people();
    rows.push(role("r01"));
    app.import(&rows).await;
    let recruiter = app.recruiter();
    let before = scores(&recruiter).await;
    shortlist(&recruiter, "a001").await;
    assert_eq!(learning(&recruiter).await["decisions"], 0, "off by default");

    learn_from_now_on(app, true).await;
    let untouched = scores(&recruiter).await;
    assert_eq!(untouched["edges"], before["edges"]);
    shortlist(&recruiter, "a002").await;
    scores(&recruiter).await;
    reject(&recruiter, "a003").await;

    let learnt = learning(&recruiter).await;
    assert_eq!((&learnt["isOn"], &learnt["decisions"]), (&json!(true), &json!(2)));
    let after = scores(&recruiter).await;
    assert_eq!(after["modelVersion"], learnt["modelVersion"]);
    assert_ne!(after["modelVersion"], before["modelVersion"]);
    assert_ne!(after["edges"], before["edges"]);
    for edge in after["edges"].as_array().unwrap() {
        summed_score(&edge["match"]);
    }
    let columns = learnt["weights"].as_array().unwrap();
    for column in ["common", "own"] {
        let sum: f64 = columns.iter().map(|one| one[column].as_f64().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-9, "{column} {sum}");
    }

    // Another server ranks by it with its next answer; turned off, lists are those without.
    let beside = app.beside(|_| {}).await;
    let there = scores(&beside.recruiter()).await;
    assert_eq!(there["modelVersion"], after["modelVersion"]);
    beside.stop().await;
    learn_from_now_on(app, false).await;
    assert_eq!(scores(&recruiter).await["modelVersion"], before["modelVersion"]);
}

async fn what_was_learnt_is_in_the_record_and_the_list_replays(app: &TestApp) {
    let mut rows = people();
    rows.push(role("r01"));
    app.import(&rows).await;
    learn_from_now_on(app, true).await;
    let recruiter = app.recruiter();
    scores(&recruiter).await;
    shortlist(&recruiter, "a001").await;
    let shown = scores(&recruiter).await;
    // What comes later moves the weights and not the record.
    shortlist(&recruiter, "a002").await;
    assert_ne!(scores(&recruiter).await["modelVersion"], shown["modelVersion"]);

    let replayed = replayed(app, uuid_of(&shown["rankingId"])).await;
    assert!(replayed.is_same && !replayed.entries.is_empty());
}

async fn nothing_is_learnt_from_previews_nor_from_whoever_excludes_anybody(app: &TestApp) {
    let mut rows = people();
    rows.push(role("r01"));
    app.import(&rows).await;
    learn_from_now_on(app, true).await;
    let elsewhere = json!({"units": ["営業部"], "staff": []});
    app.alumnus("a001").mutate("setMyExclusions", elsewhere, "").await;
    let recruiter = app.staff_of(Role::Recruiter, "recruiter", "物流部");
    scores(&recruiter).await;
    shortlist(&recruiter, "a001").await;
    reject(&recruiter, "a001").await;
    assert_eq!(learning(&recruiter).await["decisions"], 0);

    let opportunity = recruiter.opportunity_id("r01").await;
    let document = "query($id: ID!) { previewInvitations(opportunityId: $id, first: 1) { token invitees { externalId } } }";
    let preview = recruiter.query(document, json!({"id": opportunity})).await["previewInvitations"].clone();
    let input = json!({"opportunityId": opportunity, "previewToken": preview["token"]});
    recruiter.mutate("inviteCandidates", input, "").await;
    assert_eq!(
        learning(&recruiter).await["decisions"],
        0,
        "the order chose, and nobody"
    );

    let by_name = ["a002", "a003", "a004"]
        .into_iter()
        .find(|id| preview["invitees"][0]["externalId"] != *id);
    invite(&recruiter, "r01", by_name.unwrap()).await;
    assert_eq!(learning(&recruiter).await["decisions"], 1);
}

async fn decisions_move_no_feed_and_no_other_company(app: &TestApp) {
    let mut rows = people();
    rows.push(role("r01"));
    rows.push(role("r02"));
    app.import(&rows).await;
    learn_from_now_on(app, true).await;
    let feed = async || {
        let document =
            "{ viewer { opportunityFeed { modelVersion edges { node { externalId } match { score } } } } }";
        app.alumnus("a004").query(document, Value::Null).await["viewer"]["opportunityFeed"].clone()
    };
    let before = feed().await;
    let recruiter = app.recruiter();
    scores(&recruiter).await;
    shortlist(&recruiter, "a001").await;
    scores(&recruiter).await;
    reject(&recruiter, "a003").await;
    assert_eq!(learning(&recruiter).await["decisions"], 2);
    assert_eq!(feed().await, before);
    for person in [app.alumnus("a001"), app.employee()] {
        assert_eq!(learning(&person).await, Value::Null);
    }
}

async fn what_was_learnt_is_forgotten_when_an_administrator_says_so(app: &TestApp) {
    let mut rows = people();
    rows.push(role("r01"));
    app.import(&rows).await;
    learn_from_now_on(app, true).await;
    let recruiter = app.recruiter();
    let before = scores(&recruiter).await;
    shortlist(&recruiter, "a001").await;
    let administrator = app.administrator();
    assert_eq!(
        administrator
            .user_errors("forgetDecisions", json!({"isMeant": false}))
            .await,
        ["INVALID"]
    );
    let selection = "learning { decisions modelVersion }";
    let done = administrator
        .mutate("forgetDecisions", json!({"isMeant": true}), selection)
        .await;
    assert_eq!(
        done["learning"],
        json!({"decisions": 0, "modelVersion": before["modelVersion"]})
    );
    assert_eq!(scores(&recruiter).await["edges"], before["edges"]);
    let refused = recruiter
        .try_mutate("forgetDecisions", json!({"isMeant": true}), "")
        .await;
    assert_eq!(refused.code(), "FORBIDDEN");
}
