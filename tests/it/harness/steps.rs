//! Steps that several tests take to get somewhere.

use serde_json::{Value, json};

use super::{Person, TestApp};

/// The pair that a step is about.
pub(crate) async fn pair(recruiter: &Person, opportunity: &str, person: &str) -> Value {
    json!({
        "opportunityId": recruiter.opportunity_id(opportunity).await,
        "alumnusId": recruiter.alumnus_id(person).await,
    })
}

/// Invites somebody; the invitation with its candidacy.
pub(crate) async fn invite(recruiter: &Person, opportunity: &str, person: &str) -> Value {
    let input = pair(recruiter, opportunity, person).await;
    let sent = recruiter
        .mutate(
            "inviteCandidate",
            input,
            "invitation { id status candidacy { id version } }",
        )
        .await;
    sent["invitation"].clone()
}

/// Invites somebody who accepts; the candidacy's id.
pub(crate) async fn accepted(app: &TestApp, opportunity: &str, person: &str) -> Value {
    let invitation = invite(&app.recruiter(), opportunity, person).await;
    let id = json!({"id": invitation["id"]});
    app.alumnus(person).mutate("acceptInvitation", id, "").await;
    invitation["candidacy"]["id"].clone()
}

pub(crate) async fn agreed(app: &TestApp, opportunity: &str, person: &str) -> Value {
    let id = accepted(app, opportunity, person).await;
    app.recruiter()
        .mutate("recordAgreement", json!({"id": id}), "candidacy { status }")
        .await;
    id
}

pub(crate) async fn status(app: &TestApp, opportunity: &str) -> String {
    let document = "query($id: String!) { opportunity(externalId: $id) { status } }";
    let seen = app.recruiter().query(document, json!({"id": opportunity})).await;
    seen["opportunity"]["status"].as_str().unwrap().to_owned()
}

/// The score of an explained match, which must be its base plus its contributions.
pub(crate) fn summed_score(explained: &Value) -> f64 {
    let contributions = explained["contributions"].as_array().unwrap().iter();
    let sum: f64 = contributions.map(|one| one["value"].as_f64().unwrap()).sum();
    let (base, score) = (
        explained["base"].as_f64().unwrap(),
        explained["score"].as_f64().unwrap(),
    );
    assert!((base + sum - score).abs() < 1e-6, "{explained}");
    score
}
