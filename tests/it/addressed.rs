//! Part of the old job for one named person: contract work that nobody else sees, finds, counts or is ranked for.

use serde_json::{Value, json};

use crate::harness::{Person, TestApp, alumnus, contract_work, on_both_databases};

fn work(addressed_to: &str) -> Value {
    json!({
        "externalId": "c01", "title": "前任者への引き継ぎ資料", "description": "在庫管理の手順書を書き直す",
        "remote": "REMOTE", "requiredSkills": ["在庫管理"], "parties": "当社と受託者",
        "commissionedOn": "2026-10-01", "scope": "手順書一式", "deliveredOn": "2026-12-10", "place": "オンライン",
        "fee": "20万円", "paymentDueOn": "2027-01-08", "paymentMethod": "銀行振込", "addressedTo": addressed_to,
    })
}

/// Work for a001, published.
async fn published(app: &TestApp) -> String {
    app.import(&[alumnus("a001"), alumnus("a002"), alumnus("a003")])
        .await;
    let recruiter = app.recruiter();
    let input = work(&recruiter.alumnus_id("a001").await);
    let made = recruiter
        .mutate("createContractWork", input, "opportunity { id }")
        .await;
    let id = made["opportunity"]["id"].as_str().unwrap().to_owned();
    recruiter
        .mutate("publishOpportunity", json!({"id": id}), "")
        .await;
    app.index().await;
    id
}

on_both_databases! {
    work_for_one_person_is_that_persons_alone_along_every_path;
    only_the_addressee_is_its_candidate_and_the_others_are_counted_by_a_rule_of_their_own;
    it_is_published_only_with_complete_terms_and_the_person_gets_a_mail;
    a_rewriting_that_leaves_the_person_out_shows_it_to_nobody;
    no_file_offers_it_to_somebody_else;
}

async fn work_for_one_person_is_that_persons_alone_along_every_path(app: &TestApp) {
    let id = published(app).await;
    app.import(&[contract_work("c02")]).await;
    app.index().await;
    let shown = async |viewer: &Person| {
        let document = "query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id }
            opportunity(externalId: \"c01\") { id } all: opportunities { totalCount nodes { externalId } }
            found: opportunities(query: \"引き継ぎ資料\") { totalCount facets { values { count } } } }";
        viewer.query(document, json!({"id": id})).await
    };

    for viewer in [app.recruiter(), app.administrator(), app.alumnus("a001")] {
        let seen = shown(&viewer).await;
        assert_eq!(seen["node"]["id"], id.as_str());
        assert_eq!(seen["all"]["totalCount"], 2);
        assert_eq!(seen["found"]["totalCount"], 1);
    }
    for viewer in [app.alumnus("a002"), app.employee()] {
        let seen = shown(&viewer).await;
        let (node, nodes, by_number) = (&seen["node"], &seen["nodes"], &seen["opportunity"]);
        assert_eq!(
            (node, nodes, by_number),
            (&Value::Null, &json!([null]), &Value::Null)
        );
        assert_eq!(seen["all"]["nodes"], json!([{"externalId": "c02"}]));
        assert_eq!(seen["all"]["totalCount"], 1);
        assert_eq!(seen["found"]["totalCount"], 0);
    }
    assert_eq!(app.alumnus("a001").feed("").await.total, 2);
    assert_eq!(app.alumnus("a002").feed("").await.ids, ["c02"]);
    for mutation in ["expressInterest", "saveOpportunity"] {
        let refused = app.alumnus("a002").user_errors(mutation, json!({"id": id})).await;
        assert_eq!(refused, ["NOT_FOUND"], "{mutation}");
    }
    let asked = json!({"opportunityId": id, "message": "詳しく聞きたい"});
    assert_eq!(
        app.alumnus("a002").user_errors("askFirst", asked).await,
        ["NOT_FOUND"]
    );
}

async fn only_the_addressee_is_its_candidate_and_the_others_are_counted_by_a_rule_of_their_own(
    app: &TestApp,
) {
    let id = published(app).await;
    let recruiter = app.recruiter();
    let document = "{ opportunity(externalId: \"c01\") { ... on ContractWork { addressedTo { externalId } }
        candidates { totalCount nodes { externalId } leftOut { rule count } } } }";
    let seen = recruiter.query(document, Value::Null).await;
    assert_eq!(seen["opportunity"]["addressedTo"]["externalId"], "a001");
    assert_eq!(
        seen["opportunity"]["candidates"],
        json!({"totalCount": 1, "nodes": [{"externalId": "a001"}],
            "leftOut": [{"rule": "ADDRESSED_TO_OTHER", "count": 2}]})
    );
    let invite = json!({"opportunityId": id, "alumnusId": recruiter.alumnus_id("a002").await});
    assert_eq!(
        recruiter.user_errors("inviteCandidate", invite).await,
        ["NOT_ELIGIBLE"]
    );
    let invite = json!({"opportunityId": id, "alumnusId": recruiter.alumnus_id("a001").await});
    recruiter.mutate("inviteCandidate", invite, "").await;
}

async fn it_is_published_only_with_complete_terms_and_the_person_gets_a_mail(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002")]).await;
    let recruiter = app.recruiter();
    let mut input = work(&recruiter.alumnus_id("a001").await);
    input["fee"] = Value::Null;
    let made = recruiter
        .mutate("createContractWork", input.clone(), "opportunity { id }")
        .await;
    let id = made["opportunity"]["id"].clone();
    assert_eq!(
        recruiter
            .user_errors("publishOpportunity", json!({"id": id}))
            .await,
        ["MISSING_FEE"]
    );
    assert_eq!(app.alumnus("a001").feed("").await.total, 0, "not a draft");

    input["fee"] = json!("20万円");
    input["id"] = id.clone();
    recruiter.mutate("updateContractWork", input, "").await;
    recruiter
        .mutate("publishOpportunity", json!({"id": id}), "")
        .await;
    okaeri_api::worker::run_jobs(&app.app).await.unwrap();
    let mails = app.mails();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("a001@example.jp"), "{}", mails[0]);
}

async fn a_rewriting_that_leaves_the_person_out_shows_it_to_nobody(app: &TestApp) {
    let id = published(app).await;
    let recruiter = app.recruiter();
    for addressed_to in [Value::Null, json!(recruiter.alumnus_id("a002").await)] {
        let mut input = work("");
        input["id"] = json!(id);
        input["addressedTo"] = addressed_to;
        assert_eq!(
            recruiter.user_errors("updateContractWork", input).await,
            ["INVALID_STATE"]
        );
    }
    assert_eq!(app.alumnus("a002").feed("").await.total, 0);
}

async fn no_file_offers_it_to_somebody_else(app: &TestApp) {
    published(app).await;
    app.import(&[contract_work("c01")]).await;
    assert_eq!(app.alumnus("a002").feed("").await.total, 0);
    assert_eq!(app.alumnus("a001").feed("").await.ids, ["c01"]);

    let row = "{\"id\": \"c09\", \"kind\": \"CONTRACT_WORK\", \"title\": \"x\", \"description\": \"x\", \
               \"remote\": \"REMOTE\", \"terms\": {\"addressedTo\": \"01900000-0000-7000-8000-000000000001\"}}";
    let report = app.import_opportunities_file("aoba", row.as_bytes()).await;
    assert_eq!(report.errors.len(), 1);
    assert!(report.errors[0].to_string().contains("terms.addressedTo"));
}
