//! Shares of groups in lists of candidates, where a programme asks for them.

use okaeri_engine::domain::Role;
use serde_json::{Value, json};

use crate::audit::{replayed, uuid_of};
use crate::harness::steps::summed_score;
use crate::harness::{Person, Row, TestApp, alumnus, on_both_databases, role};

on_both_databases! {
    lists_hold_the_shares_that_the_programme_asks_for_and_say_so;
    a_list_with_shares_continues_and_replays;
    shares_tell_nothing_of_whoever_excludes_the_reader;
    every_bad_share_is_named_with_its_value_and_limit;
}

const LIST: &str = "{ opportunity(externalId: \"r01\") { candidates {
    rankingId totalCount contention { closeCandidates } edges { node { externalId } match {
        score base contributions { feature value text } } } } } }";

/// Two who did the work in 物流部, and two who did little of it in 経理部.
fn people() -> Vec<Row> {
    let of_accounting = |id: &str| {
        alumnus(id)
            .skills(&["簿記"])
            .set("headline", "経理担当")
            .set("summary", "伝票の処理を担当しました。")
            .set(
                "tenures",
                json!([{"department": "経理部 決算課", "title": "担当", "from": "2015-04", "to": "2020-03",
                    "description": "伝票の処理"}]),
            )
    };
    vec![
        alumnus("a001"),
        alumnus("a002").set("prefecture", "沖縄県"),
        of_accounting("a003"),
        of_accounting("a004").set("prefecture", "沖縄県"),
        role("r01"),
    ]
}

fn half_of_accounting() -> Value {
    json!({"kinds": ["ROLE"], "by": "DEPARTMENT", "groups": [{"name": "経理部", "percent": 50}]})
}

async fn ask_for(app: &TestApp, shares: Value) {
    crate::policy::change(app, json!({"groupShares": shares})).await;
}

async fn list(recruiter: &Person) -> Value {
    recruiter.query(LIST, Value::Null).await["opportunity"]["candidates"].take()
}

fn order(list: &Value) -> Vec<&str> {
    let edges = list["edges"].as_array().unwrap().iter();
    edges
        .map(|edge| edge["node"]["externalId"].as_str().unwrap())
        .collect()
}

async fn lists_hold_the_shares_that_the_programme_asks_for_and_say_so(app: &TestApp) {
    app.import(&people()).await;
    let recruiter = app.recruiter();
    let plain = list(&recruiter).await;
    let stands = order(&plain);
    assert!(stands[..2].iter().all(|id| ["a001", "a002"].contains(id)));

    ask_for(app, half_of_accounting()).await;
    let held = list(&recruiter).await;
    assert_eq!(order(&held), [stands[0], stands[2], stands[1], stands[3]]);
    assert_eq!(held["totalCount"], plain["totalCount"]);
    assert_eq!(
        held["contention"], plain["contention"],
        "counted by the match alone"
    );
    let mut above = f64::INFINITY;
    for edge in held["edges"].as_array().unwrap() {
        let (matched, id) = (&edge["match"], edge["node"]["externalId"].as_str().unwrap());
        let score = summed_score(matched);
        assert!(score < above, "the score falls with the rank");
        above = score;
        let lifted = matched["contributions"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["feature"] == "GROUP_SHARE");
        assert_eq!(lifted.is_some(), id == stands[2], "{id}");
        if let Some(lifted) = lifted {
            assert!(lifted["value"].as_f64().unwrap() > 0.0);
            assert_eq!(
                lifted["text"],
                "部署やグループ会社ごとの割合を保つというプログラムの設定により、上げています。"
            );
        }
    }

    // Not for a kind that is not named, and no more once it is taken back.
    let mut of_slots = half_of_accounting();
    of_slots["kinds"] = json!(["SPEAKER_SLOT"]);
    ask_for(app, of_slots).await;
    assert_eq!(list(&recruiter).await["edges"], plain["edges"]);
    ask_for(app, half_of_accounting()).await;
    ask_for(app, Value::Null).await;
    assert_eq!(list(&recruiter).await["edges"], plain["edges"]);
}

async fn a_list_with_shares_continues_and_replays(app: &TestApp) {
    app.import(&people()).await;
    ask_for(app, half_of_accounting()).await;
    let recruiter = app.recruiter();
    let shown = list(&recruiter).await;
    let first = recruiter.candidates("r01", "first: 2").await;
    ask_for(app, Value::Null).await;
    let after = format!("first: 2, after: \"{}\"", first.cursors[1]);
    let second = recruiter.candidates("r01", &after).await;
    assert_eq!([first.ids, second.ids].concat(), order(&shown));

    let replayed = replayed(app, uuid_of(&shown["rankingId"])).await;
    assert!(replayed.is_same && replayed.entries.len() == 4);
}

async fn shares_tell_nothing_of_whoever_excludes_the_reader(app: &TestApp) {
    app.import(&people()).await;
    ask_for(app, half_of_accounting()).await;
    let recruiter = app.staff_of(Role::Recruiter, "recruiter", "物流部");
    let best_of_accounting = order(&list(&recruiter).await)[1].to_owned();
    let person = app.alumnus(&best_of_accounting);
    let comparable = |mut list: Value| {
        list.as_object_mut().unwrap().remove("rankingId");
        list
    };

    person
        .mutate("setMyExclusions", json!({"units": ["物流部"], "staff": []}), "")
        .await;
    let excluded = comparable(list(&recruiter).await);
    assert!(!order(&excluded).contains(&best_of_accounting.as_str()));
    person
        .mutate("setMyExclusions", json!({"units": [], "staff": []}), "")
        .await;
    person
        .mutate("setMyInterests", json!({"interests": ["EVENTS"]}), "")
        .await;
    assert_eq!(comparable(list(&recruiter).await), excluded);
}

async fn every_bad_share_is_named_with_its_value_and_limit(app: &TestApp) {
    let administrator = app.administrator();
    let mut read = crate::policy::programme(&administrator).await;
    read["policy"]["groupShares"] = json!({"kinds": [], "by": "GROUP_COMPANY",
        "groups": [{"name": "bank", "percent": 70}, {"name": " ", "percent": 31}]});
    let input = json!({"expectedVersion": read["version"], "policy": read["policy"]});
    let answer = administrator.try_mutate("updatePolicy", input, "").await;
    let text = answer.comparable();
    for expected in [
        r#"["policy","groupShares","kinds"]"#,
        r#"["policy","groupShares","groups","0","name"]"#,
        r#"["policy","groupShares","groups","1","name"]"#,
        "合計101％は上限の100％を超えています",
        "「bank」はこのプログラムのグループ会社のコードではありません",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    read["policy"]["groupShares"]["groups"][0]["percent"] = json!(-1);
    let input = json!({"expectedVersion": read["version"], "policy": read["policy"]});
    let answer = administrator.try_mutate("updatePolicy", input, "").await;
    let text = answer.comparable();
    assert!(
        text.contains(r#"["policy","groupShares","groups","0","percent"]"#),
        "{text}"
    );
}
