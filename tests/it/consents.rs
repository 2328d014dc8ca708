//! Consent: what is withdrawn is gone from the next answer, whatever the index still proposes.

use serde_json::{Value, json};

use crate::harness::{TestApp, alumnus, on_both_databases, role, slot};

on_both_databases! {
    a_withdrawn_consent_hides_the_person_from_rankings_at_once;
    a_withdrawn_consent_to_the_directory_hides_the_person_from_search_and_lists;
    a_withdrawn_consent_to_the_feed_empties_it_at_once;
    a_withdrawn_interest_leaves_the_feed_and_the_ranking_and_comes_back;
    a_consent_that_is_not_there_cannot_be_withdrawn_and_giving_one_twice_keeps_the_first;
}

async fn a_withdrawn_consent_hides_the_person_from_rankings_at_once(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01"), slot("s01")])
        .await;
    app.index().await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let open = recruiter.candidates("r01", "first: 1").await;
    assert_eq!(open.total, 2);

    aiko.mutate(
        "withdrawConsent",
        json!({"purpose": "REHIRE"}),
        "consent { purpose withdrawnAt }",
    )
    .await;

    // The index still proposes her. The answers must not.
    assert_eq!(recruiter.candidates("r01", "").await.ids, ["a002"]);
    let all = format!("first: 10, after: \"{}\"", open.cursors[0]);
    assert!(
        !recruiter
            .candidates("r01", &all)
            .await
            .ids
            .contains(&"a001".to_owned())
    );
    assert_eq!(recruiter.candidates("s01", "").await.total, 2, "another purpose");

    aiko.mutate(
        "giveConsent",
        json!({"purpose": "REHIRE", "textVersion": "2026-11"}),
        "consent { source }",
    )
    .await;
    assert_eq!(recruiter.candidates("r01", "").await.total, 2);
}

async fn a_withdrawn_consent_to_the_directory_hides_the_person_from_search_and_lists(app: &TestApp) {
    app.import(&[
        alumnus("a001").skills(&["和菓子製造"]),
        alumnus("a002").skills(&["和菓子製造"]),
    ])
    .await;
    app.index().await;
    let aiko = app.alumnus("a001");
    let id = app.administrator().alumnus_id("a001").await;
    let find = "query($id: ID!) { node(id: $id) { id } }";
    for reader in [app.recruiter(), app.employee(), app.alumnus("a002")] {
        assert_eq!(reader.search("和菓子").await.len(), 2);
        assert_eq!(reader.search("").await.len(), 2);
    }
    let document = "query($after: String) { alumni(query: \"和菓子\", first: 1, after: $after) {
        totalCount nodes { name { kanji } } edges { cursor } } }";
    let recruiter = app.recruiter();
    let page_one = recruiter.query(document, Value::Null).await;
    assert_eq!(page_one["alumni"]["totalCount"], 2);

    aiko.mutate("withdrawConsent", json!({"purpose": "DIRECTORY"}), "")
        .await;

    for reader in [app.recruiter(), app.employee(), app.alumnus("a002")] {
        assert_eq!(reader.search("和菓子").await, ["人物 a002"]);
        assert_eq!(reader.search("").await, ["人物 a002"]);
    }
    let cursor = &page_one["alumni"]["edges"][0]["cursor"];
    let page_two = recruiter.query(document, json!({"after": cursor})).await;
    assert_eq!(page_two["alumni"]["totalCount"], 1);
    assert_ne!(page_two["alumni"]["nodes"][0]["name"]["kanji"], "人物 a001");
    assert_eq!(
        app.employee().query(find, json!({"id": id})).await["node"],
        Value::Null
    );
    assert_ne!(
        aiko.query(find, json!({"id": id})).await["node"],
        Value::Null,
        "she sees herself"
    );

    aiko.mutate(
        "giveConsent",
        json!({"purpose": "DIRECTORY", "textVersion": "2026-11"}),
        "",
    )
    .await;
    assert_eq!(app.employee().search("和菓子").await.len(), 2);
}

async fn a_withdrawn_consent_to_the_feed_empties_it_at_once(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01"), slot("s01")]).await;
    let aiko = app.alumnus("a001");
    let open = aiko.feed("first: 1").await;
    assert_eq!(open.total, 2);

    aiko.mutate("withdrawConsent", json!({"purpose": "FEED"}), "")
        .await;
    assert_eq!(aiko.feed("").await.total, 0);
    let rest = format!("after: \"{}\"", open.cursors[0]);
    assert_eq!(aiko.feed(&rest).await.ids, Vec::<String>::new());

    aiko.mutate(
        "giveConsent",
        json!({"purpose": "FEED", "textVersion": "2026-11"}),
        "",
    )
    .await;
    assert_eq!(aiko.feed("").await.total, 2);
}

async fn a_withdrawn_interest_leaves_the_feed_and_the_ranking_and_comes_back(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01"), slot("s01")]).await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));

    let payload = aiko
        .mutate(
            "setMyInterests",
            json!({"interests": ["SPEAKING"]}),
            "alumnus { interests }",
        )
        .await;
    assert_eq!(payload["alumnus"]["interests"], json!(["SPEAKING"]));
    assert_eq!(recruiter.candidates("r01", "").await.total, 0);
    assert_eq!(recruiter.candidates("s01", "").await.ids, ["a001"]);
    assert_eq!(aiko.feed("").await.ids, ["s01"]);

    aiko.mutate(
        "setMyInterests",
        json!({"interests": ["REHIRE", "MENTORING"]}),
        "",
    )
    .await;
    assert_eq!(recruiter.candidates("r01", "").await.ids, ["a001"]);
    assert_eq!(recruiter.candidates("s01", "").await.total, 0);
    assert_eq!(aiko.feed("").await.ids, ["r01"]);
}

async fn a_consent_that_is_not_there_cannot_be_withdrawn_and_giving_one_twice_keeps_the_first(app: &TestApp) {
    app.import(&[alumnus("a001").interests(&["REHIRE"])]).await;
    let aiko = app.alumnus("a001");

    assert_eq!(
        aiko.user_errors("withdrawConsent", json!({"purpose": "EVENTS"}))
            .await,
        ["NOT_GIVEN"]
    );
    let first = aiko
        .mutate(
            "giveConsent",
            json!({"purpose": "EVENTS", "textVersion": "2026-11"}),
            "consent { id givenAt source }",
        )
        .await;
    let second = aiko
        .mutate(
            "giveConsent",
            json!({"purpose": "EVENTS", "textVersion": "2026-11"}),
            "consent { id givenAt source }",
        )
        .await;
    assert_eq!(first, second);
    assert_eq!(first["consent"]["source"], "SELF");
    aiko.mutate("withdrawConsent", json!({"purpose": "EVENTS"}), "")
        .await;
    assert_eq!(
        aiko.user_errors("withdrawConsent", json!({"purpose": "EVENTS"}))
            .await,
        ["NOT_GIVEN"]
    );

    let data = aiko
        .query(
            "{ viewer { consents { purpose source withdrawnAt } } }",
            Value::Null,
        )
        .await;
    let consents = data["viewer"]["consents"].as_array().unwrap();
    let imported: Vec<_> = consents
        .iter()
        .filter(|it| it["source"] == "IMPORT")
        .map(|it| it["purpose"].clone())
        .collect();
    assert_eq!(
        imported.len(),
        3,
        "directory, feed and the interest: {imported:?}"
    );
    assert!(
        consents
            .iter()
            .any(|it| it["purpose"] == "EVENTS" && !it["withdrawnAt"].is_null())
    );
}
