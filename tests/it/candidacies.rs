//! A match from first sight to outcome: what each side does, and what the other sees of it.

use serde_json::{Value, json};

use crate::harness::steps::{accepted, agreed, invite, pair};
use crate::harness::{Person, TestApp, alumnus, on_both_databases, role, slot};

/// How many candidacies of r01 staff see in these states.
async fn listed(viewer: &Person, statuses: &str) -> Value {
    let document = format!(
        "{{ opportunity(externalId: \"r01\") {{ candidacies{statuses} {{ totalCount nodes {{ status alumnus {{ externalId }} }} }} }} }}"
    );
    viewer.query(&document, Value::Null).await["opportunity"]["candidacies"].clone()
}

on_both_databases! {
    a_match_goes_from_the_shortlist_to_the_outcome_and_every_step_is_told;
    the_person_does_not_learn_of_the_shortlist_nor_of_staffs_reasons;
    interest_begins_a_candidacy_from_the_other_side_and_declining_takes_it_back;
    rejecting_takes_a_person_and_a_reason_and_nobody_is_out_of_reach;
    a_step_from_a_state_that_somebody_else_changed_is_refused;
    withdrawn_consent_takes_a_candidacy_from_staff_until_something_was_agreed;
    both_sides_write_to_each_other_and_mail_tells_nothing;
    messages_have_limits;
    a_live_view_follows_a_candidacy_on_both_sides;
    a_noted_person_sees_no_event;
}

async fn a_match_goes_from_the_shortlist_to_the_outcome_and_every_step_is_told(app: &TestApp) {
    app.import(&[alumnus("a001"), slot("s01")]).await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let both = pair(&recruiter, "s01", "a001").await;
    let noted = recruiter
        .mutate("shortlistCandidate", both, "candidacy { id status }")
        .await;
    assert_eq!(noted["candidacy"]["status"], "SHORTLISTED");
    let id = json!({"id": noted["candidacy"]["id"]});
    let sent = invite(&recruiter, "s01", "a001").await;
    aiko.mutate("acceptInvitation", json!({"id": sent["id"]}), "")
        .await;
    let hello = json!({"id": noted["candidacy"]["id"], "text": "当日の流れを教えてください"});
    aiko.mutate("sendMessage", hello, "").await;
    recruiter.mutate("recordAgreement", id.clone(), "").await;
    let mut outcome = id.clone();
    outcome["outcome"] = json!("REHIRED");
    assert_eq!(
        recruiter.user_errors("recordOutcome", outcome.clone()).await,
        ["INVALID"],
        "another kind's outcome"
    );
    outcome["outcome"] = json!("SPOKEN");
    let selection = "candidacy { status outcome history { totalCount nodes { from to actor actorRole } } }";
    let told = recruiter
        .mutate("recordOutcome", outcome.clone(), selection)
        .await["candidacy"]
        .clone();

    assert_eq!(
        (&told["status"], &told["outcome"]),
        (&json!("CONCLUDED"), &json!("SPOKEN"))
    );
    let steps: Vec<String> = told["history"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| format!("{} {} {}", step["from"], step["to"], step["actorRole"]).replace('"', ""))
        .collect();
    assert_eq!(
        steps,
        [
            "null SHORTLISTED RECRUITER",
            "SHORTLISTED INVITED RECRUITER",
            "INVITED ACCEPTED ALUMNUS",
            "ACCEPTED IN_CONVERSATION ALUMNUS",
            "IN_CONVERSATION AGREED RECRUITER",
            "AGREED CONCLUDED RECRUITER",
        ]
    );
    assert_eq!(told["history"]["nodes"][0]["actor"], "saiyo");
    for mutation in ["recordAgreement", "unlistCandidate"] {
        assert_eq!(
            recruiter.user_errors(mutation, id.clone()).await,
            ["INVALID_STATE"],
            "{mutation}"
        );
    }
    assert_eq!(
        recruiter.user_errors("recordOutcome", outcome).await,
        ["INVALID_STATE"]
    );
    assert_eq!(
        aiko.user_errors("withdrawMyInterest", id).await,
        ["INVALID_STATE"]
    );
}

async fn the_person_does_not_learn_of_the_shortlist_nor_of_staffs_reasons(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01"), role("r02")]).await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let own = "{ viewer { candidacies { totalCount nodes { id status version reason history { nodes { from to actor reason } } } } }
        opportunity(externalId: \"r01\") { viewerCandidacy { status } } }";
    let both = pair(&recruiter, "r01", "a001").await;
    let noted = recruiter
        .mutate("shortlistCandidate", both.clone(), "candidacy { id }")
        .await;
    let unasked = pair(&recruiter, "r02", "a001").await;
    let mut unasked = unasked;
    unasked["reason"] = json!("今回は経験年数が足りない");
    recruiter.mutate("rejectCandidate", unasked, "").await;

    let seen = aiko.query(own, Value::Null).await;
    assert_eq!(seen["viewer"]["candidacies"]["totalCount"], 0);
    assert_eq!(seen["opportunity"]["viewerCandidacy"], Value::Null);
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let id = json!({"id": noted["candidacy"]["id"]});
    assert_eq!(aiko.query(node, id.clone()).await["node"], Value::Null);
    assert_eq!(
        aiko.user_errors("withdrawMyInterest", id.clone()).await,
        ["NOT_FOUND"]
    );
    for peer in [app.employee(), app.alumnus("a001")] {
        assert_eq!(peer.query(node, id.clone()).await["node"], Value::Null);
    }

    invite(&recruiter, "r01", "a001").await;
    let mut rejection = both;
    rejection["reason"] = json!("社内で決まった");
    recruiter.mutate("rejectCandidate", rejection, "").await;
    let seen = aiko.query(own, Value::Null).await["viewer"]["candidacies"].clone();
    assert_eq!(seen["totalCount"], 1);
    let node = &seen["nodes"][0];
    assert_eq!((&node["version"], &node["reason"]), (&Value::Null, &Value::Null));
    assert_eq!(
        node["history"]["nodes"],
        json!([
            {"from": null, "to": "INVITED", "actor": null, "reason": null},
            {"from": "INVITED", "to": "REJECTED", "actor": null, "reason": null},
        ])
    );
}

async fn interest_begins_a_candidacy_from_the_other_side_and_declining_takes_it_back(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01")]).await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let id = json!({"id": aiko.opportunity_id("r01").await});
    aiko.mutate("expressInterest", id.clone(), "").await;
    let interested =
        json!({"totalCount": 1, "nodes": [{"status": "INTERESTED", "alumnus": {"externalId": "a001"}}]});
    assert_eq!(listed(&recruiter, "(statuses: [INTERESTED])").await, interested);
    aiko.mutate("expressInterest", id.clone(), "").await;
    assert_eq!(
        listed(&recruiter, "").await["totalCount"],
        1,
        "repeating changes nothing"
    );

    let mut no = id.clone();
    no["reason"] = json!("TERMS");
    aiko.mutate("declineOpportunity", no, "").await;
    assert_eq!(
        listed(&recruiter, "").await["nodes"][0]["status"],
        "INTEREST_WITHDRAWN"
    );
    let both = pair(&recruiter, "r01", "a001").await;
    assert_eq!(
        recruiter.user_errors("inviteCandidate", both).await,
        ["INVALID_STATE"],
        "whoever stepped back is not approached again"
    );
    aiko.mutate("expressInterest", id.clone(), "").await;
    assert_eq!(listed(&recruiter, "").await, interested);

    // Whoever was invited says yes by it.
    let invitation = invite(&recruiter, "r01", "a002").await;
    app.alumnus("a002").mutate("expressInterest", id, "").await;
    assert_eq!(
        listed(&recruiter, "(statuses: [ACCEPTED])").await["totalCount"],
        1
    );
    let again = json!({"id": invitation["id"]});
    assert_eq!(
        app.alumnus("a002").user_errors("acceptInvitation", again).await,
        ["ALREADY_ANSWERED"]
    );
}

async fn rejecting_takes_a_person_and_a_reason_and_nobody_is_out_of_reach(app: &TestApp) {
    let mut rows: Vec<_> = (0..30).map(|n| alumnus(&format!("a{n:03}"))).collect();
    rows.push(
        alumnus("a030")
            .skills(&["養蜂"])
            .set("headline", "養蜂家")
            .set("summary", "養蜂。"),
    );
    rows.push(role("r01"));
    app.import(&rows).await;
    let recruiter = app.recruiter();
    // No score keeps anybody out: whoever is last is on the last page.
    let last = recruiter.candidates("r01", "last: 1").await;
    assert_eq!((last.total, last.ids.as_slice()), (31, &["a030".to_owned()][..]));

    let mut input = pair(&recruiter, "r01", "a030").await;
    input["reason"] = json!(" ");
    assert_eq!(
        recruiter.user_errors("rejectCandidate", input.clone()).await,
        ["BLANK"]
    );
    input["reason"] = json!("未経験のため");
    recruiter.mutate("rejectCandidate", input.clone(), "").await;
    let rejected = listed(&recruiter, "(statuses: [REJECTED])").await;
    assert_eq!(
        rejected["nodes"][0]["alumnus"]["externalId"], "a030",
        "still to be found"
    );
    let document = "{ opportunity(externalId: \"r01\") { candidacies { nodes { reason history { nodes { to actor reason } } } } } }";
    let told = recruiter.query(document, Value::Null).await["opportunity"]["candidacies"]["nodes"][0].clone();
    assert_eq!(told["reason"], "未経験のため");
    assert_eq!(
        told["history"]["nodes"],
        json!([{"to": "REJECTED", "actor": "saiyo", "reason": "未経験のため"}])
    );
    // The schema has no way to reject several at once, nor by a number.
    let schema = okaeri_api::graphql::sdl();
    let rejecting = schema
        .lines()
        .filter(|line| line.trim_start().starts_with("reject"))
        .count();
    assert_eq!(rejecting, 1, "rejectCandidate and nothing else");

    let id = agreed(app, "r01", "a001").await;
    let mut input = pair(&recruiter, "r01", "a001").await;
    input["reason"] = json!("x");
    assert_eq!(
        recruiter.user_errors("rejectCandidate", input).await,
        ["INVALID_STATE"]
    );
    let bare = json!({"id": id, "outcome": "NOT_REALIZED"});
    assert_eq!(recruiter.user_errors("recordOutcome", bare).await, ["BLANK"]);
}

async fn a_step_from_a_state_that_somebody_else_changed_is_refused(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    let recruiter = app.recruiter();
    let invitation = invite(&recruiter, "r01", "a001").await;
    assert_eq!(invitation["candidacy"]["version"], 1);
    let aiko = app.alumnus("a001");
    aiko.mutate("acceptInvitation", json!({"id": invitation["id"]}), "")
        .await;
    let agree = |version: i32| json!({"id": invitation["candidacy"]["id"], "expectedVersion": version});
    assert_eq!(
        recruiter.user_errors("recordAgreement", agree(1)).await,
        ["VERSION_CONFLICT"]
    );
    recruiter.mutate("recordAgreement", agree(2), "").await;
}

async fn withdrawn_consent_takes_a_candidacy_from_staff_until_something_was_agreed(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01").set("seats", 5)])
        .await;
    let recruiter = app.recruiter();
    let talking = accepted(app, "r01", "a001").await;
    agreed(app, "r01", "a002").await;
    assert_eq!(listed(&recruiter, "").await["totalCount"], 2);
    for person in ["a001", "a002"] {
        app.alumnus(person)
            .mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
            .await;
    }
    for viewer in [app.recruiter(), app.administrator()] {
        let seen = listed(&viewer, "").await;
        assert_eq!(
            seen,
            json!({"totalCount": 1, "nodes": [{"status": "AGREED", "alumnus": {"externalId": "a002"}}]})
        );
        let node = viewer
            .query("query($id: ID!) { node(id: $id) { id } }", json!({"id": talking}))
            .await;
        assert_eq!(node["node"], Value::Null);
        assert_eq!(
            viewer
                .user_errors("recordAgreement", json!({"id": talking}))
                .await,
            ["NOT_FOUND"]
        );
    }
    let own = "{ viewer { candidacies { totalCount } } }";
    let seen = app.alumnus("a001").query(own, Value::Null).await;
    assert_eq!(
        seen["viewer"]["candidacies"]["totalCount"], 1,
        "the person's own stays theirs"
    );
}

async fn both_sides_write_to_each_other_and_mail_tells_nothing(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01")]).await;
    let recruiter = app.staff_of_company(
        "aoba",
        okaeri_engine::domain::Role::Recruiter,
        "saiyo@example.jp",
        None,
    );
    let invitation = invite(&recruiter, "r01", "a001").await;
    let candidacy = invitation["candidacy"]["id"].clone();
    let say = |text: &str| json!({"id": candidacy, "text": text});
    assert_eq!(
        recruiter.user_errors("sendMessage", say("お返事を")).await,
        ["INVALID_STATE"],
        "an invitation waits"
    );
    let aiko = app.alumnus("a001");
    aiko.mutate("acceptInvitation", json!({"id": invitation["id"]}), "")
        .await;
    recruiter
        .mutate("sendMessage", say("年収は六百万円です"), "")
        .await;
    aiko.mutate("sendMessage", say("ありがとうございます"), "").await;
    let document = "{ viewer { candidacies { nodes { status messages { totalCount nodes { text isOwn authorRole } } } } } }";
    let seen = aiko.query(document, Value::Null).await["viewer"]["candidacies"]["nodes"][0].clone();
    assert_eq!(seen["status"], "IN_CONVERSATION");
    assert_eq!(
        seen["messages"],
        json!({"totalCount": 2, "nodes": [
            {"text": "年収は六百万円です", "isOwn": false, "authorRole": "RECRUITER"},
            {"text": "ありがとうございます", "isOwn": true, "authorRole": "ALUMNUS"},
        ]})
    );
    let staffs = "{ opportunity(externalId: \"r01\") { candidacies { nodes { messages(last: 1) { nodes { isOwn text } } } } } }";
    let seen = app.administrator().query(staffs, Value::Null).await;
    let last = &seen["opportunity"]["candidacies"]["nodes"][0]["messages"]["nodes"][0];
    assert_eq!(last, &json!({"isOwn": false, "text": "ありがとうございます"}));
    for stranger in [app.alumnus("a002")] {
        assert_eq!(stranger.user_errors("sendMessage", say("x")).await, ["NOT_FOUND"]);
    }
    okaeri_api::worker::run_jobs(&app.app).await.unwrap();
    let mails = app.mails();
    let to = |address: &str| {
        mails
            .iter()
            .filter(|mail| mail.contains(&format!("To: {address}")))
            .count()
    };
    assert_eq!(
        to("a001@example.jp"),
        2,
        "the invitation, and that there is a message"
    );
    assert_eq!(
        to("saiyo@example.jp"),
        2,
        "the answer, and that there is a message"
    );
}

async fn messages_have_limits(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    let id = accepted(app, "r01", "a001").await;
    let aiko = app.alumnus("a001");
    let say = |text: String| json!({"id": id, "text": text});
    assert_eq!(
        aiko.user_errors("sendMessage", say("  ".to_owned())).await,
        ["BLANK"]
    );
    assert_eq!(
        aiko.user_errors("sendMessage", say("あ".repeat(4_001))).await,
        ["TOO_LONG"]
    );
    aiko.mutate("sendMessage", say("あ".repeat(4_000)), "").await;
    let mut refused = String::new();
    for _ in 0..app.app.config.rates.messages_per_hour {
        let answer = aiko.try_mutate("sendMessage", say("x".to_owned()), "").await;
        refused = answer.code().to_owned();
        if !refused.is_empty() {
            break;
        }
    }
    assert_eq!(refused, "RATE_LIMITED");
}

async fn a_live_view_follows_a_candidacy_on_both_sides(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01")]).await;
    let invitation = invite(&app.recruiter(), "r01", "a001").await;
    let id = json!({"id": invitation["candidacy"]["id"]});
    let document = "subscription($id: ID!) { candidacyChanged(id: $id) { candidacy { status messages { totalCount } } } }";
    let (mut staff, mut own) = (app.recruiter().socket().await, app.alumnus("a001").socket().await);
    for socket in [&mut staff, &mut own] {
        socket.subscribe("1", document, id.clone()).await;
        let first = socket.event().await;
        assert_eq!(first["candidacyChanged"]["candidacy"]["status"], "INVITED");
    }
    for stranger in [app.alumnus("a002"), app.employee()] {
        let mut socket = stranger.socket().await;
        socket.subscribe("1", document, id.clone()).await;
        assert_eq!(socket.refusal().await, "NOT_FOUND");
    }
    app.alumnus("a001")
        .mutate("acceptInvitation", json!({"id": invitation["id"]}), "")
        .await;
    app.app.projections.catch_up_all().await.unwrap();
    for socket in [&mut staff, &mut own] {
        let next = socket.event().await;
        assert_eq!(next["candidacyChanged"]["candidacy"]["status"], "ACCEPTED");
    }
}

async fn a_noted_person_sees_no_event(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let mut socket = aiko.socket().await;
    let document = "subscription { feedChanged { opportunityFeed { totalCount } } }";
    socket.subscribe("1", document, Value::Null).await;
    socket.event().await;
    let both = pair(&recruiter, "r01", "a001").await;
    recruiter.mutate("shortlistCandidate", both.clone(), "").await;
    app.app.projections.catch_up_all().await.unwrap();
    // The next event is the new offer, and the only one: a view that had moved before would still show one.
    app.import(&[role("r02")]).await;
    app.app.projections.catch_up_all().await.unwrap();
    assert_eq!(
        socket.event().await["feedChanged"]["opportunityFeed"]["totalCount"],
        2
    );
}
