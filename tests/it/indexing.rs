//! The index is a projection: it can lag, be lost, be rebuilt or be left behind by a crash, and no answer changes.

use serde_json::{Value, json};

use crate::harness::{AOBA, Person, Row, TestApp, alumnus, on_both_databases, role, slot};

/// Everything that ranking, lists and search say, without what names a recorded list.
async fn answers(app: &TestApp) -> Vec<Value> {
    let document =
        "{ alumni { totalCount nodes { id } } found: alumni(query: \"在庫管理\") { totalCount nodes { id } }
        opportunities { nodes { id } } offers: opportunities(query: \"物流\") { nodes { id } }
        opportunity(externalId: \"r01\") { candidates { totalCount leftOut { rule count }
            edges { rank node { id } match { score summary contributions { feature value text } } } } } }";
    let feed = "{ viewer { opportunityFeed { edges { rank node { id } match { score summary } } } } }";
    let ask = async |person: Person, document: &str| person.query(document, Value::Null).await;
    vec![
        ask(app.recruiter(), document).await,
        ask(
            app.employee(),
            "{ alumni(query: \"在庫管理\") { totalCount nodes { id } } }",
        )
        .await,
        ask(app.alumnus("a001"), feed).await,
    ]
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

on_both_databases! {
    a_deleted_index_comes_back_with_the_same_answers;
    a_restart_resumes_where_the_index_stands;
    what_was_committed_and_never_indexed_is_not_lost;
    an_index_that_was_never_written_costs_no_answer;
    a_rebuilt_index_gives_the_same_answers;
    a_cursor_outlives_a_restart;
}

async fn a_deleted_index_comes_back_with_the_same_answers(app: &TestApp) {
    app.import(&people()).await;
    app.index().await;
    let before = answers(app).await;

    let restarted = app
        .restarted(|indexes| std::fs::remove_dir_all(indexes).unwrap())
        .await;
    restarted.index().await;
    assert_eq!(answers(&restarted).await, before);
    restarted.stop().await;
}

async fn a_restart_resumes_where_the_index_stands(app: &TestApp) {
    app.import(&people()).await;
    app.index().await;
    let position = app.index_position().await;
    assert_eq!(position, app.position().await);
    let before = answers(app).await;

    let restarted = app.restarted(|_| {}).await;
    assert_eq!(
        restarted.index_position().await,
        position,
        "nothing was to be done"
    );
    assert_eq!(answers(&restarted).await, before);
    restarted.stop().await;
}

async fn what_was_committed_and_never_indexed_is_not_lost(app: &TestApp) {
    app.import(&people()).await;
    app.index().await;
    let indexed = app.index_position().await;
    let aiko = app.alumnus("a001");
    aiko.mutate("updateMyProfile", json!({"skills": ["養蜂"]}), "")
        .await;
    app.alumnus("a002")
        .mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    app.import(&[alumnus("a005").skills(&["養蜂"])]).await;
    let before = app.recruiter().candidates("r01", "").await.ids;

    // As after kill -9: the index on disk is older than the database.
    let restarted = app.restarted(|_| {}).await;
    assert_eq!(restarted.index_position().await, indexed);
    let recruiter = restarted.recruiter();
    let after = recruiter.candidates("r01", "").await.ids;
    assert_eq!(after, before);
    assert!(after.contains(&"a005".to_owned()) && !after.contains(&"a002".to_owned()));
    restarted.index().await;
    let mut found = recruiter.search("養蜂").await;
    found.sort();
    assert_eq!(found, ["人物 a001", "人物 a005"]);
    restarted.stop().await;
}

async fn an_index_that_was_never_written_costs_no_answer(app: &TestApp) {
    app.import(&people()).await;
    let before = app.recruiter().candidates("r01", "").await.ids;
    let restarted = app.restarted(|_| {}).await;
    assert_eq!(restarted.recruiter().candidates("r01", "").await.ids, before);
    restarted.stop().await;
}

async fn a_rebuilt_index_gives_the_same_answers(app: &TestApp) {
    app.import(&people()).await;
    app.index().await;
    app.alumnus("a001")
        .mutate("updateMyProfile", json!({"skills": ["在庫管理", "英語"]}), "")
        .await;
    app.index().await;
    let before = answers(app).await;

    let company_id = app.company_id(AOBA).await;
    app.app.projections.rebuild(company_id).await.unwrap();
    assert_eq!(answers(app).await, before, "the server that goes on");
    let restarted = app.restarted(|_| {}).await;
    assert_eq!(answers(&restarted).await, before, "and the next one");
    restarted.stop().await;
}

async fn a_cursor_outlives_a_restart(app: &TestApp) {
    app.import(&people()).await;
    let whole = app.recruiter().candidates("r01", "").await;
    let restarted = app.restarted(|_| {}).await;
    let rest = format!("after: \"{}\"", whole.cursors[0]);
    assert_eq!(
        restarted.recruiter().candidates("r01", &rest).await.ids,
        whole.ids[1..]
    );
    restarted.stop().await;
}
