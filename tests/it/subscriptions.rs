//! Live views over WebSocket: the answer at once, and another after a change that may have changed it.

use serde_json::{Value, json};

use crate::harness::{TestApp, alumnus, on_both_databases, role, slot};

const CANDIDATES: &str = "subscription($id: ID!) { candidatesChanged(opportunityId: $id) {
    opportunity { status } candidates { totalCount nodes { externalId } } } }";
const FEED: &str = "subscription { feedChanged { opportunityFeed { totalCount nodes { externalId } } } }";

on_both_databases! {
    candidates_come_at_once_and_again_after_a_withdrawal;
    the_feed_comes_at_once_and_again_after_an_answer_or_a_new_offer;
    queries_and_mutations_do_not_run_on_a_socket;
    subscriptions_do_not_run_over_http;
}

async fn candidates_come_at_once_and_again_after_a_withdrawal(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01")]).await;
    let recruiter = app.recruiter();
    let id = recruiter.opportunity_id("r01").await;
    let mut socket = recruiter.socket().await;
    socket.subscribe("1", CANDIDATES, json!({"id": id})).await;
    assert_eq!(
        socket.event().await["candidatesChanged"]["candidates"]["totalCount"],
        2
    );

    app.alumnus("a001")
        .mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    // What the worker does several times a second, and any other reader's request as well.
    app.app.projections.catch_up_all().await.unwrap();
    let event = socket.event().await;
    assert_eq!(
        event["candidatesChanged"]["candidates"]["nodes"],
        json!([{"externalId": "a002"}])
    );

    recruiter.mutate("closeOpportunity", json!({"id": id}), "").await;
    app.app.projections.catch_up_all().await.unwrap();
    let event = socket.event().await;
    assert_eq!(event["candidatesChanged"]["opportunity"]["status"], "CLOSED");
    assert_eq!(event["candidatesChanged"]["candidates"]["totalCount"], 0);
}

async fn the_feed_comes_at_once_and_again_after_an_answer_or_a_new_offer(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01"), slot("s01")])
        .await;
    let aiko = app.alumnus("a001");
    let mut socket = aiko.socket().await;
    socket.subscribe("1", FEED, Value::Null).await;
    assert_eq!(
        socket.event().await["feedChanged"]["opportunityFeed"]["totalCount"],
        2
    );

    let declined = json!({"id": aiko.opportunity_id("r01").await, "reason": "TERMS"});
    aiko.mutate("declineOpportunity", declined, "").await;
    app.app.projections.catch_up_all().await.unwrap();
    let nodes = &socket.event().await["feedChanged"]["opportunityFeed"]["nodes"];
    assert_eq!(nodes, &json!([{"externalId": "s01"}]));

    // What another does is no event of hers: the next one is the new offer.
    app.alumnus("a002")
        .mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    app.app.projections.catch_up_all().await.unwrap();
    app.import(&[role("r02")]).await;
    app.app.projections.catch_up_all().await.unwrap();
    assert_eq!(
        socket.event().await["feedChanged"]["opportunityFeed"]["totalCount"],
        2
    );
}

async fn queries_and_mutations_do_not_run_on_a_socket(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    let mut socket = app.alumnus("a001").socket().await;
    for document in [
        "{ viewer { role } }",
        "mutation { giveConsent(input: {purpose: EVENTS, textVersion: \"2026-11\"}) { userErrors { code } } }",
    ] {
        socket.subscribe("1", document, Value::Null).await;
        assert_eq!(socket.refusal().await, "GRAPHQL_VALIDATION_FAILED");
    }
    let data = app
        .alumnus("a001")
        .query("{ viewer { consents { purpose } } }", Value::Null)
        .await;
    assert!(!data.to_string().contains("EVENTS"));
}

async fn subscriptions_do_not_run_over_http(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    let answer = app.alumnus("a001").ask(FEED, Value::Null).await;
    assert_eq!(answer.code(), "GRAPHQL_VALIDATION_FAILED", "{}", answer.body);
}
