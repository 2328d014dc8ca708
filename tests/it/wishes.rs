//! Standing wishes, and what changed since somebody left.

use chrono::TimeDelta;
use okaeri_api::worker;
use serde_json::{Value, json};

use crate::harness::{Person, TestApp, alumnus, on_both_databases, role};

on_both_databases! {
    a_new_role_finds_the_wish_and_the_person_is_told_once;
    a_wish_finds_nothing_once_it_is_over_withdrawn_or_the_consent_is;
    mail_of_a_wish_that_waits_is_not_sent_once_the_consent_is_withdrawn_or_the_wish_is_over;
    recruiters_read_a_wish_only_where_the_person_shows_it_and_the_interest_holds;
    a_wish_lifts_what_it_asks_for_in_the_persons_feed_and_moves_no_recruiters_list;
    change_notes_since_leaving_are_shown_with_why_they_touch_what_the_person_wishes;
    what_is_wrong_with_a_wish_or_a_note_is_named;
}

fn wish() -> Value {
    json!({"kind": "ROLE", "words": "在庫管理の仕事", "unit": "物流部", "isShownToRecruiters": true})
}

fn with(mut base: Value, changes: &Value) -> Value {
    for (key, value) in changes.as_object().unwrap() {
        base[key] = value.clone();
    }
    base
}

/// Runs what waits, and what that makes wait: the search for wishes, then the mail.
async fn run_jobs(app: &TestApp) {
    for _ in 0..3 {
        worker::run_jobs(&app.app).await.unwrap();
    }
}

async fn shown(recruiter: &Person) -> Vec<String> {
    let document = "{ standingWishes { totalCount nodes { alumnus { externalId } words } } }";
    let data = recruiter.query(document, Value::Null).await;
    let nodes = data["standingWishes"]["nodes"].as_array().unwrap();
    let number = |node: &Value| node["alumnus"]["externalId"].as_str().unwrap().to_owned();
    nodes.iter().map(number).collect()
}

async fn a_new_role_finds_the_wish_and_the_person_is_told_once(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), alumnus("a003")])
        .await;
    app.alumnus("a001").mutate("setMyStandingWish", wish(), "").await;
    let bees = with(wish(), &json!({"words": "養蜂", "unit": null}));
    app.alumnus("a002").mutate("setMyStandingWish", bees, "").await;
    let elsewhere = with(wish(), &json!({"unit": "広報部"}));
    app.alumnus("a003")
        .mutate("setMyStandingWish", elsewhere, "")
        .await;

    app.import(&[role("r01")]).await;
    run_jobs(app).await;
    let mails = app.mails();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("a001@example.jp"));

    // Changed, it finds nobody twice; paused and published again neither.
    app.import(&[role("r01").set("seats", 2)]).await;
    let id = json!({"id": app.recruiter().opportunity_id("r01").await});
    app.recruiter().mutate("pauseOpportunity", id.clone(), "").await;
    app.recruiter().mutate("publishOpportunity", id, "").await;
    run_jobs(app).await;
    assert_eq!(app.mails().len(), 1);
    // Another role finds it anew, and a draft once it is published.
    app.import(&[role("r02"), role("r03").set("status", "DRAFT")])
        .await;
    run_jobs(app).await;
    assert_eq!(app.mails().len(), 2);
    let id = json!({"id": app.recruiter().opportunity_id("r03").await});
    app.recruiter().mutate("publishOpportunity", id, "").await;
    run_jobs(app).await;
    assert_eq!(app.mails().len(), 3);
}

async fn a_wish_finds_nothing_once_it_is_over_withdrawn_or_the_consent_is(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), alumnus("a003")])
        .await;
    for number in ["a001", "a002", "a003"] {
        app.alumnus(number).mutate("setMyStandingWish", wish(), "").await;
    }
    let own = "{ viewer { standingWishes { kind words isShownToRecruiters } } }";
    let aiko = app.alumnus("a001");
    let mine = aiko.query(own, Value::Null).await;
    assert_eq!(mine["viewer"]["standingWishes"].as_array().unwrap().len(), 1);
    aiko.mutate("withdrawMyStandingWish", json!({"kind": "ROLE"}), "withdrawnKind")
        .await;
    assert_eq!(
        aiko.user_errors("withdrawMyStandingWish", json!({"kind": "ROLE"}))
            .await,
        ["NOT_FOUND"]
    );
    assert_eq!(
        aiko.query(own, Value::Null).await["viewer"]["standingWishes"],
        json!([])
    );
    app.alumnus("a002")
        .mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    app.alumnus("a003")
        .mutate("withdrawConsent", json!({"purpose": "FEED"}), "")
        .await;

    app.import(&[role("r01")]).await;
    run_jobs(app).await;
    assert_eq!(app.mails().len(), 0);

    // A wish stands through its last day, for what finds it and for who reads it.
    let until_today = with(wish(), &json!({"validUntil": "2026-11-20"}));
    app.import(&[alumnus("a004")]).await;
    app.alumnus("a004")
        .mutate("setMyStandingWish", until_today, "")
        .await;
    app.import(&[role("r02")]).await;
    run_jobs(app).await;
    assert_eq!(app.mails().len(), 1);
    assert_eq!(shown(&app.recruiter()).await, ["a004", "a003"]);
    let tomorrow = app.later(TimeDelta::days(1), |_| {}).await;
    tomorrow.import(&[role("r03")]).await;
    run_jobs(&tomorrow).await;
    assert_eq!(tomorrow.mails().len(), 0);
    assert_eq!(shown(&tomorrow.recruiter()).await, ["a003"]);
    tomorrow.stop().await;
}

async fn mail_of_a_wish_that_waits_is_not_sent_once_the_consent_is_withdrawn_or_the_wish_is_over(
    app: &TestApp,
) {
    app.import(&[alumnus("a001"), alumnus("a002"), alumnus("a003")])
        .await;
    for number in ["a001", "a003"] {
        app.alumnus(number).mutate("setMyStandingWish", wish(), "").await;
    }
    let until_today = with(wish(), &json!({"validUntil": "2026-11-20"}));
    app.alumnus("a002")
        .mutate("setMyStandingWish", until_today, "")
        .await;
    app.import(&[role("r01")]).await;
    // The search alone: what it found waits to be sent.
    assert_eq!(worker::run_jobs(&app.app).await.unwrap(), 1);
    app.alumnus("a001")
        .mutate("withdrawConsent", json!({"purpose": "FEED"}), "")
        .await;
    let tomorrow = app.later(TimeDelta::days(1), |_| {}).await;
    assert_eq!(worker::run_jobs(&tomorrow.app).await.unwrap(), 3);
    let mails = tomorrow.mails();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("a003@example.jp"));
    tomorrow.stop().await;
}

async fn recruiters_read_a_wish_only_where_the_person_shows_it_and_the_interest_holds(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        alumnus("a002"),
        alumnus("a003").interests(&["SPEAKING"]),
    ])
    .await;
    app.alumnus("a001").mutate("setMyStandingWish", wish(), "").await;
    let hidden = with(wish(), &json!({"isShownToRecruiters": false}));
    app.alumnus("a002").mutate("setMyStandingWish", hidden, "").await;
    app.alumnus("a003").mutate("setMyStandingWish", wish(), "").await;

    for reader in [app.recruiter(), app.administrator()] {
        assert_eq!(shown(&reader).await, ["a001"], "a003 offers no return");
    }
    for reader in [app.employee(), app.alumnus("a002")] {
        let data = reader
            .query("{ standingWishes { totalCount } }", Value::Null)
            .await;
        assert_eq!(data["standingWishes"], Value::Null);
    }
    let none = "{ standingWishes(kind: SPEAKER_SLOT) { totalCount } }";
    let data = app.recruiter().query(none, Value::Null).await;
    assert_eq!(data["standingWishes"]["totalCount"], 0);

    let id = app
        .alumnus("a001")
        .mutate("setMyStandingWish", wish(), "standingWish { id }")
        .await["standingWish"]["id"]
        .clone();
    let node = "query($id: ID!) { node(id: $id) { ... on StandingWish { words } } }";
    for (reader, expected) in [
        (app.recruiter(), json!({"words": "在庫管理の仕事"})),
        (app.employee(), Value::Null),
        (app.alumnus("a002"), Value::Null),
    ] {
        assert_eq!(reader.query(node, json!({"id": id})).await["node"], expected);
    }
    app.alumnus("a001")
        .mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    assert_eq!(shown(&app.recruiter()).await, [""; 0]);
    assert_eq!(
        app.recruiter().query(node, json!({"id": id})).await["node"],
        Value::Null
    );
}

async fn a_wish_lifts_what_it_asks_for_in_the_persons_feed_and_moves_no_recruiters_list(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        alumnus("a002"),
        role("r01"),
        role("r02").set("department", "広報部"),
    ])
    .await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let list = "{ opportunity(externalId: \"r01\") { candidates { edges { node { externalId } match { score } } } } }";
    let before = recruiter.query(list, Value::Null).await;
    aiko.mutate("setMyStandingWish", wish(), "").await;

    let feed = "{ viewer { opportunityFeed { edges { node { externalId } match { contributions { feature value text } } } } } }";
    let data = aiko.query(feed, Value::Null).await;
    let edges = data["viewer"]["opportunityFeed"]["edges"].as_array().unwrap();
    let wished = |edge: &Value| {
        let all = edge["match"]["contributions"].as_array().unwrap();
        all.iter().find(|one| one["feature"] == "STANDING_WISH").cloned()
    };
    assert_eq!(edges[0]["node"]["externalId"], "r01");
    let told = wished(&edges[0]).unwrap();
    assert!(told["value"].as_f64().unwrap() > 0.0);
    assert!(told["text"].as_str().unwrap().contains("希望"), "{told}");
    assert_eq!(wished(&edges[1]), None, "another unit");
    assert_eq!(recruiter.query(list, Value::Null).await, before);
}

async fn change_notes_since_leaving_are_shown_with_why_they_touch_what_the_person_wishes(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        role("r01"),
        role("r02").set("department", "広報部"),
    ])
    .await;
    let (administrator, aiko) = (app.administrator(), app.alumnus("a001"));
    // She left in March 2022.
    for (kind, text, unit, starts_on) in [
        ("POLICY", "副業を認めた", Value::Null, "2021-04-01"),
        ("UNIT", "物流部に企画課ができた", json!("物流部"), "2023-04-01"),
        (
            "WORKING_STYLE",
            "在宅勤務を全社に広げた",
            Value::Null,
            "2024-04-01",
        ),
        ("POLICY", "退職金の制度を変えた", Value::Null, "2024-10-01"),
        ("POLICY", "来年から週休3日を選べる", Value::Null, "2027-04-01"),
    ] {
        let note = json!({"kind": kind, "text": text, "unit": unit, "startsOn": starts_on});
        administrator
            .mutate("createChangeNote", note, "changeNote { id }")
            .await;
    }
    let all = "{ changeNotes { totalCount nodes { id text } } }";
    for reader in [app.recruiter(), app.employee(), aiko.clone()] {
        assert_eq!(
            reader.query(all, Value::Null).await["changeNotes"]["totalCount"],
            5
        );
    }
    let since = "{ viewer { changesSinceLeaving { totalCount edges { node { text } reason } } } }";
    let data = aiko.query(since, Value::Null).await;
    let edges = data["viewer"]["changesSinceLeaving"]["edges"].as_array().unwrap();
    let told: Vec<_> = edges
        .iter()
        .map(|edge| (&edge["node"]["text"], &edge["reason"]))
        .collect();
    assert_eq!(
        told,
        [
            (&json!("退職金の制度を変えた"), &Value::Null),
            (&json!("在宅勤務を全社に広げた"), &json!("WORK_STYLE")),
            (&json!("物流部に企画課ができた"), &json!("UNIT")),
        ]
    );
    let staff = app.recruiter().query(since, Value::Null).await;
    assert_eq!(staff["viewer"]["changesSinceLeaving"], Value::Null);

    // A match shows those that touch the person's wishes and have to do with the opportunity.
    let notes = async |reader: &Person, document: String, path: &str| {
        let data = reader.query(&document, Value::Null).await;
        let notes = data
            .pointer(path)
            .unwrap_or_else(|| panic!("{data}"))
            .as_array()
            .unwrap()
            .clone();
        notes
            .iter()
            .map(|one| {
                (
                    one["note"]["text"].as_str().unwrap().to_owned(),
                    one["reason"].as_str().unwrap().to_owned(),
                )
            })
            .collect::<Vec<_>>()
    };
    let of = |number: &str| {
        format!(
            "{{ opportunity(externalId: \"{number}\") {{ candidates {{ edges {{ match {{ changeNotes {{ note {{ text }} reason }} }} }} }} }} }}"
        )
    };
    let path = "/opportunity/candidates/edges/0/match/changeNotes";
    let style = ("在宅勤務を全社に広げた".to_owned(), "WORK_STYLE".to_owned());
    let unit = ("物流部に企画課ができた".to_owned(), "UNIT".to_owned());
    assert_eq!(
        notes(&app.recruiter(), of("r01"), path).await,
        [style.clone(), unit]
    );
    assert_eq!(
        notes(&app.recruiter(), of("r02"), path).await,
        std::slice::from_ref(&style)
    );

    // What only a hidden wish touches, recruiters do not see.
    let pension = with(
        wish(),
        &json!({"words": "退職金の制度", "unit": null, "isShownToRecruiters": false}),
    );
    aiko.mutate("setMyStandingWish", pension, "").await;
    assert_eq!(
        notes(&app.recruiter(), of("r02"), path).await,
        std::slice::from_ref(&style)
    );
    let feed = "{ viewer { opportunityFeed { edges { node { externalId } match { changeNotes { note { text } reason } } } } } }";
    let own = notes(
        &aiko,
        feed.to_owned(),
        "/viewer/opportunityFeed/edges/0/match/changeNotes",
    )
    .await;
    assert!(
        own.iter()
            .any(|(text, reason)| text == "退職金の制度を変えた" && reason == "WISH_WORDS"),
        "{own:?}"
    );

    let first = administrator.query(all, Value::Null).await["changeNotes"]["nodes"][1]["id"].clone();
    let deleted = administrator
        .mutate("deleteChangeNote", json!({"id": first}), "deletedId")
        .await;
    assert_eq!(deleted["deletedId"], first);
    assert_eq!(
        administrator
            .user_errors("deleteChangeNote", json!({"id": first}))
            .await,
        ["NOT_FOUND"]
    );
}

async fn what_is_wrong_with_a_wish_or_a_note_is_named(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    let aiko = app.alumnus("a001").in_english();
    let long = with(
        wish(),
        &json!({"words": "あ".repeat(1_001), "validUntil": "2026-11-19"}),
    );
    let payload = aiko.payload("setMyStandingWish", long, "").await;
    let messages: Vec<_> = payload["userErrors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["message"])
        .collect();
    assert_eq!(
        messages,
        [
            "words has 1001 characters; the maximum is 1000",
            "validUntil 2026-11-19 has passed: today is 2026-11-20"
        ]
    );
    let note = json!({"kind": "POLICY", "text": " ", "startsOn": "2026-04-01"});
    assert_eq!(
        app.administrator().user_errors("createChangeNote", note).await,
        ["BLANK"]
    );
    let today = with(wish(), &json!({"validUntil": "2026-11-20"}));
    aiko.mutate("setMyStandingWish", today, "").await;
}
