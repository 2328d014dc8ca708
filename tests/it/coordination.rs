//! Coordinated lists: off by default, planned behind the scenes, a contribution where they move somebody.

use okaeri_api::db::coordination::{self, Plan};
use okaeri_api::db::{alumni, served_lists};
use okaeri_api::usecase::coordination::plan_now;
use okaeri_api::worker;
use okaeri_engine::domain::AlumnusId;
use serde_json::{Value, json};

use crate::harness::{AOBA, Person, TestApp, alumnus, on_both_databases, role};

const LIST: &str = "query($id: String!) { opportunity(externalId: $id) { candidates {
    totalCount modelVersion contention { seats closeCandidates text }
    edges { rank node { externalId } match { score base summary contributions { feature value text } } } } } }";

const FEED: &str = "{ viewer { opportunityFeed {
    edges { rank node { externalId } match { score base contributions { feature value text } } } } } }";

const SETTING: &str = "coordination { isEnabled alpha version plannedAt }";

on_both_databases! {
    an_administrator_sets_coordination_from_the_version_that_was_read;
    lists_are_coordinated_by_a_plan_and_without_it_what_they_were;
    a_feed_is_coordinated_and_tells_of_others_by_their_number_alone;
    a_list_names_its_plan_and_goes_on_when_there_is_another;
    whoever_may_not_be_ranked_drops_out_of_the_list_at_once_and_of_the_next_plan;
    a_plan_is_made_once_and_again_when_the_slider_moves;
}

/// Three people who fit three roles, one of them better than the others.
async fn programme(app: &TestApp) {
    let other = |id| alumnus(id).set("summary", "倉庫にいました。").skills(&["在庫"]);
    app.import(&[
        alumnus("a001"),
        other("a002"),
        other("a003"),
        role("r01"),
        role("r02"),
        role("r03"),
    ])
    .await;
}

async fn set(app: &TestApp, is_enabled: bool, alpha: f64, expected_version: u32) {
    let input = json!({"isEnabled": is_enabled, "alpha": alpha, "expectedVersion": expected_version});
    app.administrator()
        .mutate("setCoordination", input, SETTING)
        .await;
}

async fn enable_and_plan(app: &TestApp) {
    set(app, true, 1.0, 0).await;
    worker::plan_lists(&app.app).await.unwrap();
}

async fn plan(app: &TestApp) -> Option<Plan> {
    let company_id = app.company_id(AOBA).await;
    coordination::find_plan(&app.app.db, company_id).await.unwrap()
}

async fn id_of(app: &TestApp, external_id: &str) -> AlumnusId {
    let company_id = app.company_id(AOBA).await;
    let found = alumni::find_by_external_id(&app.app.db, company_id, external_id).await;
    found.unwrap().unwrap().id
}

async fn list(person: &Person) -> Value {
    let mut data = person.query(LIST, json!({"id": "r01"})).await;
    data["opportunity"]["candidates"].take()
}

/// What coordination moved each item by, after a check that the score is the sum of what is shown.
fn moved(connection: &Value) -> Vec<f64> {
    let edges = connection["edges"].as_array().unwrap();
    let of_one = |edge: &Value| {
        let of = &edge["match"];
        let contributions = of["contributions"].as_array().unwrap();
        let value = |contribution: &Value| contribution["value"].as_f64().unwrap();
        let sum: f64 = contributions.iter().map(value).sum();
        assert!((of["base"].as_f64().unwrap() + sum - of["score"].as_f64().unwrap()).abs() < 1e-9);
        let coordination = contributions.iter().find(|one| one["feature"] == "COORDINATION");
        coordination.map_or(0.0, value)
    };
    edges.iter().map(of_one).collect()
}

async fn an_administrator_sets_coordination_from_the_version_that_was_read(app: &TestApp) {
    let read = format!("{{ company {{ {SETTING} }} }}");
    let off = json!({"isEnabled": false, "alpha": 0.3, "version": 0, "plannedAt": null});
    assert_eq!(
        app.recruiter().query(&read, Value::Null).await["company"]["coordination"],
        off
    );
    assert!(app.employee().query(&read, Value::Null).await["company"]["coordination"].is_null());

    let administrator = app.administrator();
    let input =
        |alpha: Value, version| json!({"isEnabled": true, "alpha": alpha, "expectedVersion": version});
    let set = administrator
        .mutate("setCoordination", input(json!(0.6), 0), SETTING)
        .await;
    let on = json!({"isEnabled": true, "alpha": 0.6, "version": 1, "plannedAt": null});
    assert_eq!(set["coordination"], on);
    // The slider stays where it is unless it is given.
    let same = administrator
        .mutate("setCoordination", input(Value::Null, 1), SETTING)
        .await;
    assert_eq!(same["coordination"], on);

    let errors = async |input| administrator.user_errors("setCoordination", input).await;
    assert_eq!(errors(input(json!(0.7), 0)).await, ["VERSION_CONFLICT"]);
    assert_eq!(errors(input(json!(1.01), 1)).await, ["OUT_OF_RANGE"]);
    assert_eq!(errors(input(json!(0.7), -1)).await, ["OUT_OF_RANGE"]);
    assert_eq!(
        app.recruiter().query(&read, Value::Null).await["company"]["coordination"],
        on
    );
    let refused = app
        .recruiter()
        .try_mutate("setCoordination", input(json!(0.7), 1), "")
        .await;
    assert_eq!(refused.code(), "FORBIDDEN");
}

async fn lists_are_coordinated_by_a_plan_and_without_it_what_they_were(app: &TestApp) {
    programme(app).await;
    let recruiter = app.recruiter();
    let before = list(&recruiter).await;
    assert_eq!(moved(&before), [0.0, 0.0, 0.0]);
    assert_eq!(before["contention"]["seats"], 1);

    // Nothing is planned while it is off.
    worker::plan_lists(&app.app).await.unwrap();
    assert_eq!(plan(app).await, None);

    enable_and_plan(app).await;
    let together = list(&recruiter).await;
    assert_eq!(together["totalCount"], before["totalCount"]);
    let scores: Vec<f64> = together["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| edge["match"]["score"].as_f64().unwrap())
        .collect();
    assert!(scores.is_sorted_by(|one, other| one >= other), "{scores:?}");
    let moved = moved(&together);
    assert!(moved.iter().all(|moved| *moved <= 0.0));
    assert!(moved.iter().any(|moved| *moved < 0.0));
    // The count is of the scores before coordination, and stands in the contribution's sentence too.
    assert_eq!(together["contention"], before["contention"]);
    let text = together["contention"]["text"].as_str().unwrap();
    let count = &together["contention"]["closeCandidates"];
    assert_eq!(
        text,
        format!("募集枠1名に対し、近い評価の候補者が{count}名います。")
    );
    assert!(
        together
            .to_string()
            .contains(&format!("ほかの募集でも上位に入るため、少し下げています。{text}"))
    );

    // A server that starts now coordinates by the same plan.
    let again = app.restarted(|_| {}).await;
    assert_eq!(list(&again.recruiter()).await, together);
    again.stop().await;

    set(app, false, 1.0, 1).await;
    assert_eq!(plan(app).await, None);
    assert_eq!(list(&recruiter).await, before);
}

async fn a_feed_is_coordinated_and_tells_of_others_by_their_number_alone(app: &TestApp) {
    programme(app).await;
    let aiko = app.alumnus("a001").in_english();
    let alone = aiko.query(FEED, Value::Null).await["viewer"]["opportunityFeed"].take();
    assert!(moved(&alone).iter().all(|moved| *moved == 0.0));

    enable_and_plan(app).await;
    let together = aiko.query(FEED, Value::Null).await["viewer"]["opportunityFeed"].take();
    let n_items = |feed: &Value| feed["edges"].as_array().unwrap().len();
    assert_eq!(n_items(&together), n_items(&alone));
    assert!(moved(&together).iter().any(|moved| *moved < 0.0));
    let plan = plan(app).await.unwrap();
    let company_id = app.company_id(AOBA).await;
    let found = okaeri_api::db::opportunities::find_by_external_id(&app.app.db, company_id, "r01").await;
    let counted = plan.multipliers.contention(found.unwrap().unwrap().id).unwrap();
    let sentence = format!(
        "Moved down a little, as many are close to this one. 1 seat, {} close candidate",
        counted.n_close
    );
    assert!(together.to_string().contains(&sentence), "{together}");
}

async fn a_list_names_its_plan_and_goes_on_when_there_is_another(app: &TestApp) {
    programme(app).await;
    let recruiter = app.recruiter();
    enable_and_plan(app).await;
    let first = recruiter.candidates("r01", "first: 1").await;
    let all = recruiter.candidates("r01", "").await.ids;
    let used = plan(app).await.unwrap().head.id;

    set(app, false, 1.0, 1).await;
    let rest = recruiter
        .candidates("r01", &format!("after: \"{}\"", first.cursors[0]))
        .await;
    assert_eq!([first.ids, rest.ids].concat(), all);
    let _ = recruiter.candidates("r01", "").await;

    let company_id = app.company_id(AOBA).await;
    let lists = served_lists::list_for_viewer(&app.app.db, company_id, "saiyo").await;
    let plans: Vec<_> = lists.unwrap().into_iter().map(|list| list.plan_id).collect();
    assert_eq!(plans, [Some(used), Some(used), None]);
}

async fn whoever_may_not_be_ranked_drops_out_of_the_list_at_once_and_of_the_next_plan(app: &TestApp) {
    programme(app).await;
    enable_and_plan(app).await;
    let aiko = id_of(app, "a001").await;
    assert!(plan(app).await.unwrap().multipliers.of_alumnus(aiko) < 1.0);

    let input = json!({"interests": []});
    app.alumnus("a001").mutate("setMyInterests", input, "").await;
    assert_eq!(list(&app.recruiter()).await["totalCount"], 2);
    let company_id = app.company_id(AOBA).await;
    let setting = coordination::find(&app.app.db, company_id).await.unwrap();
    let head = plan_now(&app.app, company_id, setting).await.unwrap().unwrap();
    let plan = plan(app).await.unwrap();
    assert_eq!(plan.head, head);
    assert_eq!(plan.multipliers.of_alumnus(aiko).to_bits(), 1f64.to_bits());
    assert_eq!(
        plan.multipliers.of_alumnus(id_of(app, "a002").await) < 1.0,
        moved(&list(&app.recruiter()).await)
            .iter()
            .any(|moved| *moved < 0.0)
    );
}

async fn a_plan_is_made_once_and_again_when_the_slider_moves(app: &TestApp) {
    programme(app).await;
    enable_and_plan(app).await;
    let first = plan(app).await.unwrap().head;
    worker::plan_lists(&app.app).await.unwrap();
    assert_eq!(plan(app).await.unwrap().head, first);

    set(app, true, 0.2, 1).await;
    worker::plan_lists(&app.app).await.unwrap();
    let second = plan(app).await.unwrap();
    assert_ne!(second.head.id, first.id);
    assert_eq!(second.head.setting_version, 2);
    assert_eq!(second.multipliers.alpha().to_bits(), 0.2f64.to_bits());

    // A plan from a setting that is no longer the one in force is dropped.
    let company_id = app.company_id(AOBA).await;
    let outdated = coordination::find(&app.app.db, company_id).await.unwrap();
    set(app, true, 0.4, 2).await;
    assert_eq!(plan_now(&app.app, company_id, outdated).await.unwrap(), None);
}
