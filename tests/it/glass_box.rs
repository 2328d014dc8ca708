//! What a person may know about what is known and done about them, and what they can do about it.

use chrono::TimeDelta;
use okaeri_api::db::profile_views;
use okaeri_api::usecase::nudges;
use serde_json::{Value, json};

use crate::harness::{Person, TestApp, alumnus, on_both_databases, role};

const VIEWS: &str =
    "{ viewer { glassBox { profileViews { totalCount nodes { viewedOn readerRole readerUnit } } } } }";

on_both_databases! {
    a_ranked_person_reads_the_same_computation_as_the_recruiter;
    whoever_of_the_staff_opens_a_profile_is_seen_by_the_person_once_a_day;
    a_place_in_a_list_is_no_view_and_peers_leave_none;
    opening_a_hundred_profiles_takes_one_statement_more_than_opening_none;
    views_are_kept_as_long_as_is_set;
    every_purpose_says_what_it_does_and_whether_it_is_on;
    a_review_without_the_ranking_has_no_score_and_moves_none;
    a_review_is_answered_once_by_a_person_with_a_reason_that_the_person_reads;
    employees_and_peers_learn_nothing_of_who_wants_what;
    a_correction_waits_for_an_administrator_and_keeps_what_it_replaced;
    a_refused_correction_changes_nothing_and_says_why;
    what_is_wrong_with_a_correction_is_named;
    confirming_a_profile_moves_confidence_alone;
    whoever_has_not_confirmed_for_long_is_asked_once_and_only_with_consent;
}

async fn views(aiko: &Person) -> Value {
    aiko.query(VIEWS, Value::Null).await["viewer"]["glassBox"]["profileViews"].clone()
}

async fn whoever_of_the_staff_opens_a_profile_is_seen_by_the_person_once_a_day(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002")]).await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let id = recruiter.alumnus_id("a001").await;
    let node = "query($id: ID!) { node(id: $id) { ... on Alumnus { headline } } }";
    recruiter.query(node, json!({"id": id})).await;
    app.administrator()
        .query("query($id: ID!) { nodes(ids: [$id]) { id } }", json!({"id": id}))
        .await;

    let seen = views(&aiko).await;
    assert_eq!(seen["totalCount"], 2, "the recruiter opened it twice on one day");
    assert_eq!(
        seen["nodes"][0],
        json!({"viewedOn": "2026-11-20", "readerRole": "ADMINISTRATOR", "readerUnit": null})
    );
    assert_eq!(seen["nodes"][1]["readerRole"], "RECRUITER");
    assert_eq!(
        views(&app.alumnus("a002")).await["totalCount"],
        0,
        "nobody opened another's"
    );
}

async fn a_place_in_a_list_is_no_view_and_peers_leave_none(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01")]).await;
    app.index().await;
    let recruiter = app.recruiter();
    recruiter.candidates("r01", "").await;
    recruiter.search("在庫管理").await;
    let aiko = app.alumnus("a001");
    aiko.query(
        "{ viewer { alumnus { id } } alumnus(externalId: \"a001\") { id } }",
        Value::Null,
    )
    .await;
    let listed = app
        .employee()
        .query("{ alumni { nodes { id } } }", Value::Null)
        .await;
    for node in listed["alumni"]["nodes"].as_array().unwrap() {
        let document = "query($id: ID!) { node(id: $id) { id } }";
        app.employee().query(document, json!({"id": node["id"]})).await;
        app.alumnus("a002")
            .query(document, json!({"id": node["id"]}))
            .await;
    }
    assert_eq!(views(&aiko).await["totalCount"], 0);
}

async fn opening_a_hundred_profiles_takes_one_statement_more_than_opening_none(app: &TestApp) {
    let people: Vec<_> = (0..100).map(|n| alumnus(&format!("a{n:03}"))).collect();
    app.import(&people).await;
    let recruiter = app.recruiter();
    let listed = recruiter
        .query("{ alumni(first: 100) { nodes { id } } }", Value::Null)
        .await;
    let ids: Vec<&str> = listed["alumni"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["id"].as_str().unwrap())
        .collect();
    let n_statements = async |person: &Person| {
        let before = app.app.db.n_statements();
        person
            .query(
                "query($ids: [ID!]!) { nodes(ids: $ids) { id } }",
                json!({"ids": ids}),
            )
            .await;
        app.app.db.n_statements() - before
    };
    let of_peer = n_statements(&app.employee()).await;
    assert_eq!(n_statements(&recruiter).await, of_peer + 1);
}

async fn views_are_kept_as_long_as_is_set(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    app.recruiter().alumnus_id("a001").await;
    let kept = TimeDelta::days(i64::from(app.app.config.people.profile_view_days));
    let now = app.app.clock.now();
    for (at, n_deleted) in [(now - kept, 0), (now + TimeDelta::seconds(60), 1)] {
        let tx = app.app.db.begin().await.unwrap();
        assert_eq!(profile_views::delete_before(&tx, at).await.unwrap(), n_deleted);
        tx.commit().await.unwrap();
    }
    assert_eq!(views(&app.alumnus("a001")).await["totalCount"], 0);
}

async fn every_purpose_says_what_it_does_and_whether_it_is_on(app: &TestApp) {
    app.import(&[alumnus("a001").interests(&["REHIRE"])]).await;
    let aiko = app.alumnus("a001");
    let document = "{ viewer { glassBox { purposes { purpose isOn description consent { purpose } } } } }";
    let purposes = async || aiko.query(document, Value::Null).await["viewer"]["glassBox"]["purposes"].clone();
    let on = |purposes: &Value| -> Vec<String> {
        let all = purposes.as_array().unwrap().iter();
        all.filter(|one| one["isOn"] == true)
            .map(|one| one["purpose"].as_str().unwrap().to_owned())
            .collect()
    };
    let all = purposes().await;
    assert_eq!(all.as_array().unwrap().len(), 8);
    assert!(all.as_array().unwrap().iter().all(|one| one["description"] != ""));
    assert_eq!(on(&all), ["DIRECTORY", "FEED", "REHIRE"]);
    aiko.mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    assert_eq!(on(&purposes().await), ["DIRECTORY", "FEED"]);
    let staff = app
        .administrator()
        .query("{ viewer { glassBox { purposes { isOn } } } }", Value::Null)
        .await;
    assert_eq!(staff["viewer"]["glassBox"], Value::Null);
}

async fn a_review_without_the_ranking_has_no_score_and_moves_none(app: &TestApp) {
    app.import(&[
        alumnus("a001").interests(&["SPEAKING"]),
        alumnus("a002"),
        alumnus("a003"),
        role("r01"),
    ])
    .await;
    app.index().await;
    let recruiter = app.recruiter();
    let ranked = "{ opportunity(externalId: \"r01\") { candidates { totalCount edges { node { externalId } match { score } } } } }";
    let before = recruiter.query(ranked, Value::Null).await;
    let offer = recruiter.opportunity_id("r01").await;
    // One who is ranked, and one who is not: no interest in roles, and none is needed to ask.
    for asking in ["a002", "a001"] {
        let input = json!({"opportunityId": offer});
        let aiko = app.alumnus(asking);
        let first = aiko
            .mutate("requestHumanReview", input.clone(), "reviewRequest { id }")
            .await;
        let again = aiko
            .mutate("requestHumanReview", input, "reviewRequest { id }")
            .await;
        assert_eq!(first, again, "asking again changes nothing");
    }
    assert_eq!(
        recruiter.query(ranked, Value::Null).await,
        before,
        "no score has moved"
    );
    let document = "{ opportunity(externalId: \"r01\") { reviewRequests { totalCount nodes { alumnus { externalId } outcome } } } }";
    let listed = recruiter.query(document, Value::Null).await["opportunity"]["reviewRequests"].clone();
    assert_eq!(listed["totalCount"], 2);
    assert_eq!(
        listed["nodes"],
        json!([
            {"alumnus": {"externalId": "a001"}, "outcome": null},
            {"alumnus": {"externalId": "a002"}, "outcome": null},
        ]),
        "latest first, whatever the scores"
    );
    // A person whom the recruiter may no longer see is in no list, and was never counted.
    let aiko = app.alumnus("a001");
    for purpose in ["DIRECTORY", "FEED", "SPEAKING"] {
        aiko.mutate("withdrawConsent", json!({"purpose": purpose}), "")
            .await;
    }
    let listed = recruiter.query(document, Value::Null).await["opportunity"]["reviewRequests"].clone();
    assert_eq!(listed["totalCount"], 1);
}

async fn a_review_is_answered_once_by_a_person_with_a_reason_that_the_person_reads(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01"), role("r02").set("status", "DRAFT")])
        .await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let draft = recruiter.opportunity_id("r02").await;
    let codes = aiko
        .user_errors("requestHumanReview", json!({"opportunityId": draft}))
        .await;
    assert_eq!(
        codes,
        ["NOT_FOUND"],
        "what the person cannot see they cannot ask about"
    );
    let offer = recruiter.opportunity_id("r01").await;
    let asked = aiko
        .mutate(
            "requestHumanReview",
            json!({"opportunityId": offer}),
            "reviewRequest { id }",
        )
        .await;
    let answer = |reason: &str| json!({"id": asked["reviewRequest"]["id"], "outcome": "NOT_THIS_TIME", "reason": reason});
    assert_eq!(
        recruiter.user_errors("answerReviewRequest", answer(" ")).await,
        ["BLANK"]
    );
    recruiter
        .mutate("answerReviewRequest", answer("今回は充足しました"), "")
        .await;
    assert_eq!(
        recruiter
            .user_errors("answerReviewRequest", answer("やはり"))
            .await,
        ["ALREADY_ANSWERED"]
    );
    let document = "{ viewer { glassBox { reviewRequests { nodes { outcome reason answeredAt opportunity { title } } } } } }";
    let own =
        aiko.query(document, Value::Null).await["viewer"]["glassBox"]["reviewRequests"]["nodes"][0].clone();
    assert_eq!(own["outcome"], "NOT_THIS_TIME");
    assert_eq!(own["reason"], "今回は充足しました");
    assert_eq!(own["opportunity"]["title"], "物流企画マネージャー");
    assert!(own["answeredAt"].is_string());
}

async fn employees_and_peers_learn_nothing_of_who_wants_what(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01")]).await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let offer = recruiter.opportunity_id("r01").await;
    let asked = aiko
        .mutate(
            "requestHumanReview",
            json!({"opportunityId": offer}),
            "reviewRequest { id }",
        )
        .await;
    let corrected = aiko
        .mutate(
            "requestCorrection",
            json!({"nameKana": "ヤマダ アイコ"}),
            "correction { id }",
        )
        .await;
    let document = "query($a: ID!, $b: ID!) { a: node(id: $a) { id } b: node(id: $b) { id }
        opportunity(externalId: \"r01\") { reviewRequests { totalCount } candidates { totalCount } }
        viewer { glassBox { statisticsAnswers } } }";
    let ids = json!({"a": asked["reviewRequest"]["id"], "b": corrected["correction"]["id"]});
    for (viewer, glass_box) in [
        (app.employee(), Value::Null),
        (app.alumnus("a002"), json!({"statisticsAnswers": []})),
    ] {
        let seen = viewer.query(document, ids.clone()).await;
        assert_eq!((&seen["a"], &seen["b"]), (&Value::Null, &Value::Null));
        assert_eq!(seen["opportunity"]["reviewRequests"], Value::Null);
        assert_eq!(seen["opportunity"]["candidates"], Value::Null);
        assert_eq!(seen["viewer"]["glassBox"], glass_box);
    }
    let seen = recruiter.query(document, ids.clone()).await;
    assert!(
        seen["a"].is_object() && seen["b"].is_null(),
        "corrections are the administrators'"
    );
    let seen = app.administrator().query(document, ids).await;
    assert!(seen["b"].is_object());
}

const OWN: &str = "{ viewer { alumnus { name { kanji kana } tenures { department to } }
    glassBox { corrections { nodes { state reason replaced { nameKanji tenures { department } } } } } } }";

async fn a_correction_waits_for_an_administrator_and_keeps_what_it_replaced(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    app.index().await;
    let (aiko, administrator) = (app.alumnus("a001"), app.administrator());
    let tenures = json!([{"department": "経理部", "title": "主任", "from": "2015-04", "to": "2023-03"}]);
    let input = json!({"nameKanji": "山田 愛子", "tenures": tenures, "note": "結婚で改姓しました"});
    let asked = aiko
        .mutate("requestCorrection", input, "correction { id state }")
        .await;
    assert_eq!(asked["correction"]["state"], "REQUESTED");
    let before = aiko.query(OWN, Value::Null).await;
    assert_eq!(before["viewer"]["alumnus"]["name"]["kanji"], "人物 a001");
    app.index().await;
    assert_eq!(
        app.recruiter().search("経理部").await,
        Vec::<String>::new(),
        "nothing is corrected yet"
    );

    let queue = "{ corrections(state: REQUESTED) { totalCount nodes { id note alumnus { externalId } requested { nameKanji } } } }";
    let waiting = administrator.query(queue, Value::Null).await["corrections"].clone();
    assert_eq!(waiting["totalCount"], 1);
    assert_eq!(waiting["nodes"][0]["alumnus"]["externalId"], "a001");
    assert_eq!(waiting["nodes"][0]["requested"]["nameKanji"], "山田 愛子");
    let id = json!({"id": asked["correction"]["id"]});
    administrator.mutate("approveCorrection", id.clone(), "").await;
    assert_eq!(
        administrator.user_errors("approveCorrection", id).await,
        ["ALREADY_ANSWERED"]
    );
    assert_eq!(
        administrator.query(queue, Value::Null).await["corrections"]["totalCount"],
        0
    );

    let own = aiko.query(OWN, Value::Null).await["viewer"].clone();
    assert_eq!(
        own["alumnus"]["name"],
        json!({"kanji": "山田 愛子", "kana": "ヤマダ ハナコ"})
    );
    assert_eq!(
        own["alumnus"]["tenures"],
        json!([{"department": "経理部", "to": "2023-03"}])
    );
    let correction = &own["glassBox"]["corrections"]["nodes"][0];
    assert_eq!(correction["state"], "APPROVED");
    assert_eq!(correction["replaced"]["nameKanji"], "人物 a001");
    assert_eq!(
        correction["replaced"]["tenures"],
        json!([{"department": "物流部"}])
    );
    app.index().await;
    assert_eq!(
        app.recruiter().search("経理部").await,
        ["山田 愛子"],
        "with the next answer"
    );
}

async fn a_refused_correction_changes_nothing_and_says_why(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    let aiko = app.alumnus("a001");
    let asked = aiko
        .mutate(
            "requestCorrection",
            json!({"employeeNumber": "12345"}),
            "correction { id }",
        )
        .await;
    let input = json!({"id": asked["correction"]["id"], "reason": "人事記録では a001 です"});
    app.administrator().mutate("refuseCorrection", input, "").await;
    let own = aiko.query(OWN, Value::Null).await["viewer"]["glassBox"]["corrections"]["nodes"][0].clone();
    assert_eq!(
        own,
        json!({"state": "REFUSED", "reason": "人事記録では a001 です", "replaced": null})
    );
}

async fn what_is_wrong_with_a_correction_is_named(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    let aiko = app.alumnus("a001").in_english();
    let tenure = |from: &str, to: &str| json!([{"department": "x", "title": "x", "from": from, "to": to}]);
    for (input, code, message) in [
        (json!({}), "BLANK", "say what is to be corrected"),
        (json!({"nameKanji": " "}), "BLANK", "nameKanji must not be blank"),
        (
            json!({"nameKana": "ア".repeat(101)}),
            "TOO_LONG",
            "nameKana has 101 characters; the maximum is 100",
        ),
        (
            json!({"tenures": tenure("2026-12", "2027-01")}),
            "OUT_OF_RANGE",
            "from 2026-12 lies in the future",
        ),
        (
            json!({"tenures": tenure("2020-02", "2020-01")}),
            "OUT_OF_RANGE",
            "to 2020-01 lies before from 2020-02",
        ),
    ] {
        let payload = aiko
            .payload("requestCorrection", input, "correction { id }")
            .await;
        let error = &payload["userErrors"][0];
        assert_eq!(
            (&error["code"], &error["message"]),
            (&json!(code), &json!(message))
        );
    }
    for _ in 0..10 {
        aiko.mutate("requestCorrection", json!({"nameKana": "ヤマダ"}), "")
            .await;
    }
    let codes = aiko
        .user_errors("requestCorrection", json!({"nameKana": "ヤマダ"}))
        .await;
    assert_eq!(codes, ["INVALID_STATE"], "ten wait at a time");
}

async fn confirming_a_profile_moves_confidence_alone(app: &TestApp) {
    app.import(&[alumnus("a001").set("confirmedOn", "2019-01-01"), role("r01")])
        .await;
    app.index().await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let document = "{ opportunity(externalId: \"r01\") { candidates { edges { match { contributions { feature value } } } } } }";
    let contributions = async || {
        let data = recruiter.query(document, Value::Null).await;
        let listed = data["opportunity"]["candidates"]["edges"][0]["match"]["contributions"].clone();
        let all = listed.as_array().unwrap().iter();
        let mut all: Vec<(String, f64)> = all
            .map(|one| {
                (
                    one["feature"].as_str().unwrap().to_owned(),
                    one["value"].as_f64().unwrap(),
                )
            })
            .collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    };
    let before = contributions().await;
    let payload = aiko
        .mutate(
            "confirmMyProfile",
            json!({"isCurrent": true}),
            "alumnus { confirmedOn }",
        )
        .await;
    assert_eq!(payload["alumnus"]["confirmedOn"], "2026-11-20");
    let after = contributions().await;
    let others = |all: &[(String, f64)]| -> Vec<(String, f64)> {
        all.iter()
            .filter(|(feature, _)| feature != "PROFILE_FRESHNESS")
            .cloned()
            .collect()
    };
    assert_eq!(others(&before), others(&after));
    assert_ne!(before, after);
    let codes = aiko
        .user_errors("confirmMyProfile", json!({"isCurrent": false}))
        .await;
    assert_eq!(codes, ["INVALID"]);
}

async fn whoever_has_not_confirmed_for_long_is_asked_once_and_only_with_consent(app: &TestApp) {
    app.import(&[
        alumnus("a001").set("confirmedOn", "2024-01-01"),
        alumnus("a002"),
        // Gave no consent to anything.
        alumnus("a003")
            .set("confirmedOn", "2024-01-01")
            .without("interests"),
        alumnus("a004").set("confirmedOn", "2024-01-01").without("email"),
        // Never confirmed it at all.
        alumnus("a005").without("confirmedOn"),
        alumnus("a006").set("confirmedOn", "2024-01-01"),
    ])
    .await;
    app.alumnus("a006")
        .mutate("withdrawConsent", json!({"purpose": "FEED"}), "")
        .await;
    assert_eq!(nudges::send(&app.app).await.unwrap(), 2);
    assert_eq!(nudges::send(&app.app).await.unwrap(), 0, "once a period");
    for (address, n_mails) in [
        ("a001@example.jp", 1),
        ("a005@example.jp", 1),
        ("a006@example.jp", 0),
    ] {
        assert_eq!(app.mails_to(address).await.len(), n_mails, "{address}");
    }
    assert_eq!(app.mails().len(), 0);
    // When the period is over the two are asked again, and whoever has grown old meanwhile for the first time.
    let period = i64::from(app.app.config.people.confirm_after_days);
    let later = app.later(TimeDelta::days(period), |_| {}).await;
    assert_eq!(nudges::send(&later.app).await.unwrap(), 3);
    later.stop().await;

    // Nobody who left within the programme's quiet period.
    app.create_company("midori", |policy| policy.quiet_period_days = 400, false)
        .await;
    let tenures =
        json!([{"department": "x", "title": "x", "from": "2015-04", "to": "2026-03", "description": ""}]);
    let row = alumnus("b001")
        .set("confirmedOn", "2024-01-01")
        .set("tenures", tenures);
    app.import_into("midori", &[row]).await;
    assert_eq!(nudges::send(&app.app).await.unwrap(), 0);
}

async fn a_ranked_person_reads_the_same_computation_as_the_recruiter(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        alumnus("a002").skills(&["Excel"]),
        role("r01"),
        role("r02"),
    ])
    .await;
    app.index().await;
    let explained = "match { score base summary contributions { feature value text evidence { snippet } }
        requirements { text status note } }";
    let document = format!(
        "{{ opportunity(externalId: \"r01\") {{ candidates {{ totalCount edges {{ rank node {{ externalId }} {explained} }} }} }} }}"
    );
    let seen = app.recruiter().query(&document, Value::Null).await["opportunity"]["candidates"].clone();
    let own = seen["edges"].as_array().unwrap().iter();
    let own = own
        .clone()
        .find(|edge| edge["node"]["externalId"] == "a001")
        .unwrap();

    let document = format!(
        "{{ viewer {{ glassBox {{ rankings {{ totalCount edges {{ cursor node {{ rankedAt opportunityTitle opportunityKind
            opportunityDepartment rank rankedCount opportunity {{ externalId }} {explained} }} }} }} }} }} }}"
    );
    let told =
        app.alumnus("a001").query(&document, Value::Null).await["viewer"]["glassBox"]["rankings"].clone();
    assert_eq!(told["totalCount"], 1, "nobody asked for the other role's list");
    let ranking = &told["edges"][0]["node"];
    assert_eq!(ranking["match"], own["match"]);
    assert_eq!(
        (&ranking["rank"], &ranking["rankedCount"]),
        (&own["rank"], &seen["totalCount"])
    );
    assert_eq!(ranking["opportunityTitle"], "物流企画マネージャー");
    assert_eq!(ranking["opportunityKind"], "ROLE");
    assert_eq!(ranking["opportunity"]["externalId"], "r01");

    // Closed since: the person still learns that they were ranked, and for what.
    let id = app.recruiter().opportunity_id("r01").await;
    app.recruiter()
        .mutate("closeOpportunity", json!({"id": id}), "")
        .await;
    let told =
        app.alumnus("a001").query(&document, Value::Null).await["viewer"]["glassBox"]["rankings"].clone();
    assert_eq!(told["edges"][0]["node"]["opportunity"], Value::Null);
    assert_eq!(
        told["edges"][0]["node"]["opportunityTitle"],
        "物流企画マネージャー"
    );
    // Somebody whom the rules left out learns of no list.
    app.import(&[alumnus("a003").interests(&["SPEAKING"])]).await;
    let told =
        app.alumnus("a003").query(&document, Value::Null).await["viewer"]["glassBox"]["rankings"].clone();
    assert_eq!(told["totalCount"], 0);
}
