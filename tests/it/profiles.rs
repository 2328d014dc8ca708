//! What alumni change about themselves.

use serde_json::{Value, json};

use crate::harness::{TestApp, alumnus, on_both_databases, role};

const OWN: &str =
    "{ viewer { alumnus { headline summary prefecture skills workStyle { remote hoursPerWeek availableFrom }
    careerAfter { organization to } languages { language level } confirmedOn } } }";

on_both_databases! {
    what_is_absent_stays_and_what_is_null_is_cleared;
    a_change_is_ranked_by_from_the_next_answer_on;
    what_breaks_a_limit_is_named_and_nothing_is_written;
    wrong_scalars_are_refused_before_anything_runs;
}

async fn what_is_absent_stays_and_what_is_null_is_cleared(app: &TestApp) {
    app.import(&[alumnus("a001").set("confirmedOn", "2020-01-01")])
        .await;
    let aiko = app.alumnus("a001");
    let before = aiko.query(OWN, Value::Null).await["viewer"]["alumnus"].clone();

    aiko.mutate("updateMyProfile", json!({"headline": "和菓子職人"}), "")
        .await;
    let after = aiko.query(OWN, Value::Null).await["viewer"]["alumnus"].clone();
    assert_eq!(after["headline"], "和菓子職人");
    for field in [
        "summary",
        "prefecture",
        "skills",
        "workStyle",
        "careerAfter",
        "languages",
    ] {
        assert_eq!(after[field], before[field], "{field}");
    }
    assert_eq!(
        after["confirmedOn"], "2026-11-20",
        "changing it confirms it, by the day in Japan"
    );

    let cleared = json!({"headline": null, "summary": null, "prefecture": null, "workStyle": null, "skills": [], "careerAfter": [], "languages": []});
    aiko.mutate("updateMyProfile", cleared, "").await;
    let after = aiko.query(OWN, Value::Null).await["viewer"]["alumnus"].clone();
    for field in ["headline", "summary", "prefecture", "workStyle"] {
        assert_eq!(after[field], Value::Null, "{field}");
    }
    for field in ["skills", "careerAfter", "languages"] {
        assert_eq!(after[field], json!([]), "{field}");
    }
}

async fn a_change_is_ranked_by_from_the_next_answer_on(app: &TestApp) {
    app.import(&[
        alumnus("a001").skills(&["和菓子製造"]),
        alumnus("a002").skills(&["Excel"]),
        role("r01")
            .set("requiredSkills", json!(["需要予測"]))
            .set("title", "需要予測の担当"),
    ])
    .await;
    app.index().await;
    let recruiter = app.recruiter();
    let document = "{ opportunity(externalId: \"r01\") { candidates { edges { node { externalId } match { requirements { status } } } } } }";
    let first = async || {
        recruiter.query(document, Value::Null).await["opportunity"]["candidates"]["edges"][0].clone()
    };
    assert_ne!(first().await["match"]["requirements"][0]["status"], "MET");

    app.alumnus("a002")
        .mutate(
            "updateMyProfile",
            json!({
                "skills": ["需要予測"],
                "summary": "食品メーカーで需要予測を五年担当しました。",
                "prefecture": "大阪",
            }),
            "",
        )
        .await;

    // The index has not been written; the answer has.
    assert_eq!(first().await["node"]["externalId"], "a002");
    assert_eq!(first().await["match"]["requirements"][0]["status"], "MET");
    let data = app
        .employee()
        .query(
            "{ alumni(filter: {prefectures: [\"大阪府\"]}) { totalCount } }",
            Value::Null,
        )
        .await;
    assert_eq!(data["alumni"]["totalCount"], 1);
}

async fn what_breaks_a_limit_is_named_and_nothing_is_written(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    let aiko = app.alumnus("a001").in_english();
    let before = aiko.query(OWN, Value::Null).await;
    let position =
        |from: &str, to: &str| json!([{"organization": "x", "title": "x", "from": from, "to": to}]);
    for (input, code, field, message) in [
        (
            json!({"headline": "あ".repeat(201)}),
            "TOO_LONG",
            "headline",
            "headline has 201 characters; the maximum is 200",
        ),
        (
            json!({"summary": "あ".repeat(4_001)}),
            "TOO_LONG",
            "summary",
            "summary has 4001 characters; the maximum is 4000",
        ),
        (
            json!({"skills": vec!["x"; 101]}),
            "TOO_LONG",
            "skills",
            "skills has 101 items; the maximum is 100",
        ),
        (
            json!({"skills": ["x", " "]}),
            "BLANK",
            "skills.1",
            "skills.1 must not be blank",
        ),
        (json!({"prefecture": "江戸"}), "INVALID", "prefecture", ""),
        (
            json!({"workStyle": {"remote": "ANY", "hoursPerWeek": 169}}),
            "OUT_OF_RANGE",
            "workStyle.hoursPerWeek",
            "workStyle.hoursPerWeek 169 is not between 0 and 168",
        ),
        (
            json!({"careerAfter": position("2026-12", "2027-01")}),
            "OUT_OF_RANGE",
            "careerAfter.0.from",
            "from 2026-12 lies in the future",
        ),
        (
            json!({"careerAfter": position("2020-02", "2020-01")}),
            "OUT_OF_RANGE",
            "careerAfter.0.to",
            "to 2020-01 lies before from 2020-02",
        ),
    ] {
        let payload = aiko.payload("updateMyProfile", input, "alumnus { id }").await;
        let error = &payload["userErrors"][0];
        let path: Vec<_> = error["field"]
            .as_array()
            .unwrap()
            .iter()
            .map(|part| part.as_str().unwrap())
            .collect();
        assert_eq!(
            (error["code"].as_str().unwrap(), path.join(".").as_str()),
            (code, field),
            "{payload}"
        );
        assert!(error["message"].as_str().unwrap().contains(message), "{payload}");
        assert_eq!(payload["alumnus"], Value::Null);
    }
    assert_eq!(aiko.query(OWN, Value::Null).await, before);
    let largest =
        json!({"headline": "あ".repeat(200), "summary": "あ".repeat(4_000), "skills": vec!["x"; 100]});
    aiko.mutate("updateMyProfile", largest, "").await;
}

async fn wrong_scalars_are_refused_before_anything_runs(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    let aiko = app.alumnus("a001");
    for month in ["2026-13", "2026", "二〇二六年", ""] {
        let input = json!({"workStyle": {"remote": "ANY", "availableFrom": month}});
        let answer = aiko.try_mutate("updateMyProfile", input, "").await;
        assert!(
            ["BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"].contains(&answer.code()),
            "{month}: {}",
            answer.body
        );
    }
}
