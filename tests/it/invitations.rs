//! Approaches, one or the first of a list after a preview, and their answers.

use serde_json::{Value, json};

use crate::harness::steps::{invite, pair};
use crate::harness::{TestApp, alumnus, on_both_databases, role};

on_both_databases! {
    not_now_is_asked_again_from_that_day_on;
    an_invitation_that_was_taken_back_or_whose_opportunity_is_over_is_not_accepted;
    exactly_the_previewed_people_are_invited_without_whoever_withdrew_since;
    a_preview_is_its_readers_alone_and_bounded;
    of_two_answers_at_once_one_is_recorded;
}

const PREVIEW: &str = "query($id: ID!, $n: Int!) { previewInvitations(opportunityId: $id, first: $n) { token
    invitees { externalId } skipped { obstacle alumnus { externalId } } leftOut { rule count } } }";

async fn not_now_is_asked_again_from_that_day_on(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let invitation = invite(&recruiter, "r01", "a001").await;
    let until = |day: &str| json!({"id": invitation["id"], "until": day});
    assert_eq!(
        aiko.user_errors("snoozeInvitation", until("2026-11-20")).await,
        ["OUT_OF_RANGE"]
    );
    let snoozed = aiko
        .mutate(
            "snoozeInvitation",
            until("2026-11-21"),
            "invitation { status snoozedUntil }",
        )
        .await;
    assert_eq!(
        snoozed["invitation"],
        json!({"status": "SNOOZED", "snoozedUntil": "2026-11-21"})
    );
    assert_eq!(
        aiko.user_errors("snoozeInvitation", until("2026-12-01")).await,
        ["ALREADY_ANSWERED"]
    );
    let both = pair(&recruiter, "r01", "a001").await;
    assert_eq!(
        recruiter.user_errors("inviteCandidate", both.clone()).await,
        ["INVALID_STATE"]
    );
    let preview = "query($id: ID!) { previewInvitations(opportunityId: $id, first: 1) { invitees { externalId } skipped { obstacle } } }";
    let seen = recruiter
        .query(preview, json!({"id": both["opportunityId"]}))
        .await;
    assert_eq!(
        seen["previewInvitations"],
        json!({"invitees": [], "skipped": [{"obstacle": "NOT_NOW"}]})
    );
    // The person may still say yes before.
    aiko.mutate("acceptInvitation", json!({"id": invitation["id"]}), "")
        .await;
}

async fn an_invitation_that_was_taken_back_or_whose_opportunity_is_over_is_not_accepted(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01"), role("r02")])
        .await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let taken_back = invite(&recruiter, "r01", "a001").await;
    let id = json!({"id": taken_back["id"]});
    let withdrawn = recruiter
        .mutate("withdrawInvitation", id.clone(), "invitation { status }")
        .await;
    assert_eq!(withdrawn["invitation"]["status"], "WITHDRAWN");
    assert_eq!(
        aiko.user_errors("acceptInvitation", id.clone()).await,
        ["INVALID_STATE"]
    );
    assert_eq!(
        recruiter.user_errors("withdrawInvitation", id).await,
        ["INVALID_STATE"]
    );

    let late = invite(&recruiter, "r02", "a002").await;
    let closed = json!({"id": recruiter.opportunity_id("r02").await});
    recruiter.mutate("closeOpportunity", closed, "").await;
    let late = json!({"id": late["id"]});
    assert_eq!(
        app.alumnus("a002").user_errors("acceptInvitation", late).await,
        ["NOT_OPEN"]
    );
}

async fn exactly_the_previewed_people_are_invited_without_whoever_withdrew_since(app: &TestApp) {
    let mut rows: Vec<_> = (1..=5).map(|n| alumnus(&format!("a00{n}"))).collect();
    rows.extend([alumnus("a006").interests(&["SPEAKING"]), role("r01"), role("r02")]);
    app.import(&rows).await;
    let recruiter = app.recruiter();
    let ranked = recruiter.candidates("r01", "").await.ids;
    invite(&recruiter, "r01", &ranked[1]).await;
    let id = recruiter.opportunity_id("r01").await;
    let seen = recruiter.query(PREVIEW, json!({"id": id, "n": 4})).await["previewInvitations"].clone();
    let expected: Vec<Value> = [0, 2, 3]
        .map(|n: usize| json!({"externalId": ranked[n]}))
        .to_vec();
    assert_eq!(seen["invitees"], json!(expected));
    assert_eq!(
        seen["skipped"],
        json!([{"obstacle": "IN_TOUCH", "alumnus": {"externalId": ranked[1]}}])
    );
    assert_eq!(seen["leftOut"], json!([{"rule": "NO_INTEREST", "count": 1}]));

    app.alumnus(&ranked[2])
        .mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    let input = json!({"opportunityId": id, "previewToken": seen["token"], "message": "ぜひ", "idempotencyKey": "k1"});
    let selection = "invitations { id status alumnus { externalId } } skippedCount";
    let sent = recruiter
        .mutate("inviteCandidates", input.clone(), selection)
        .await;
    let invited: Vec<&str> = sent["invitations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["alumnus"]["externalId"].as_str().unwrap())
        .collect();
    assert_eq!(invited, [ranked[0].as_str(), ranked[3].as_str()]);
    assert_eq!(sent["skippedCount"], 1);
    assert_eq!(
        recruiter
            .mutate("inviteCandidates", input.clone(), selection)
            .await,
        sent,
        "the same key, the first answer"
    );
    okaeri_api::worker::run_jobs(&app.app).await.unwrap();
    assert_eq!(app.mails().len(), 3, "one to each, one of them from before");

    let mut again = input.clone();
    again["idempotencyKey"] = json!("k2");
    let sent = recruiter.mutate("inviteCandidates", again, selection).await;
    assert_eq!(
        sent,
        json!({"invitations": [], "skippedCount": 3, "userErrors": []})
    );
    let mut elsewhere = input;
    elsewhere["idempotencyKey"] = Value::Null;
    elsewhere["opportunityId"] = json!(recruiter.opportunity_id("r02").await);
    assert_eq!(
        recruiter.user_errors("inviteCandidates", elsewhere).await,
        ["INVALID"]
    );
}

async fn a_preview_is_its_readers_alone_and_bounded(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    let recruiter = app.recruiter();
    let id = recruiter.opportunity_id("r01").await;
    for (n, message) in [
        (0, "first 0 is not between 1 and 50"),
        (51, "first 51 is not between 1 and 50"),
    ] {
        let answer = recruiter.ask(PREVIEW, json!({"id": id, "n": n})).await;
        assert_eq!((answer.code(), answer.message()), ("BAD_USER_INPUT", message));
    }
    let seen = recruiter.query(PREVIEW, json!({"id": id, "n": 50})).await;
    let input = json!({"opportunityId": id, "previewToken": seen["previewInvitations"]["token"]});
    assert_eq!(
        app.administrator()
            .user_errors("inviteCandidates", input.clone())
            .await,
        ["INVALID"]
    );
    // A cursor of a list of candidates is no preview.
    let mut other = input.clone();
    other["previewToken"] = json!(recruiter.candidates("r01", "").await.cursors[0]);
    assert_eq!(
        recruiter.user_errors("inviteCandidates", other).await,
        ["INVALID"]
    );
    recruiter.mutate("inviteCandidates", input, "").await;
}

async fn of_two_answers_at_once_one_is_recorded(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    let invitation = invite(&app.recruiter(), "r01", "a001").await;
    let aiko = app.alumnus("a001");
    let id = json!({"id": invitation["id"]});
    let (yes, again, no) = tokio::join!(
        aiko.user_errors("acceptInvitation", id.clone()),
        aiko.user_errors("acceptInvitation", id.clone()),
        aiko.user_errors("declineInvitation", id.clone()),
    );
    let mut ends = [yes, again, no];
    ends.sort();
    let answered = vec!["ALREADY_ANSWERED".to_owned()];
    assert_eq!(ends, [vec![], answered.clone(), answered]);
    let document = "{ viewer { candidacies { nodes { history { totalCount } } } } }";
    let seen = aiko.query(document, Value::Null).await;
    assert_eq!(
        seen["viewer"]["candidacies"]["nodes"][0]["history"]["totalCount"],
        2
    );
}
