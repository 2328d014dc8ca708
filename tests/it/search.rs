//! Typed search: what it finds under which name, what it highlights, how its results spread, and who is in neither.

use serde_json::{Value, json};

use crate::harness::{Person, Row, TestApp, alumnus, contract_work, on_both_databases, role};

on_both_databases! {
    other_names_stand_below_and_the_reason_names_them;
    people_are_found_by_name_in_the_directory_and_nowhere_else;
    facets_count_who_is_in_the_list_and_what_the_viewer_may_read;
    opportunities_have_reasons_and_facets_too;
}

/// Somebody without the words that the others share.
fn somebody(id: &str, headline: &str) -> Row {
    alumnus(id)
        .set("name", format!("人物 {id}"))
        .set("headline", headline)
        .set("summary", "")
        .set("skills", json!([]))
        .set("qualifications", json!([]))
        .set("tenures", json!([]))
        .set("careerAfter", json!([]))
}

async fn found(person: &Person, words: &str) -> Value {
    let document = "query($words: String) { alumni(query: $words, first: 100) { totalCount
        edges { node { name { kanji } }
            searchMatch { reasons snippets { field snippet highlights { start end } } } } } }";
    person.query(document, json!({"words": words})).await["alumni"].take()
}

fn list<'a>(value: &'a Value, each: impl Fn(&'a Value) -> &'a Value) -> Vec<&'a str> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|one| each(one).as_str().unwrap())
        .collect()
}

async fn other_names_stand_below_and_the_reason_names_them(app: &TestApp) {
    app.import(&[
        somebody("a1", "秘書に支えられ、会社を経営"),
        somebody("a2", "セクレタリー"),
        somebody("a3", "😊社長秘書として勤務"),
        somebody("a4", "役員サポート"),
        somebody("a5", "極秘書類の整理"),
    ])
    .await;
    app.index().await;
    let recruiter = app.recruiter();
    let result = found(&recruiter, "秘書").await;
    assert_eq!(
        list(&result["edges"], |edge| &edge["node"]["name"]["kanji"]),
        ["人物 a3", "人物 a2", "人物 a4", "人物 a1"]
    );
    assert_eq!(
        list(&result["edges"], |edge| &edge["searchMatch"]["reasons"][0]),
        [
            "「秘書」が含まれます。",
            "「セクレタリー」は「秘書」の同義語です。",
            "「役員サポート」は「秘書」に含まれます。",
            "「秘書」は、ご本人の仕事としては書かれていません。",
        ]
    );
    assert_eq!(
        result["edges"][0]["searchMatch"]["snippets"],
        json!([{"field": "HEADLINE", "snippet": "😊社長秘書として勤務", "highlights": [{"start": 4, "end": 6}]}])
    );
    let in_english = found(&recruiter.in_english(), "秘書").await;
    assert_eq!(
        in_english["edges"][1]["searchMatch"]["reasons"],
        json!(["“セクレタリー” is a synonym of “秘書”."])
    );
    // Peers find nobody by what they may not read, and a list without a query has no reasons.
    assert_eq!(found(&app.employee(), "秘書").await["totalCount"], 0);
    assert_eq!(
        found(&recruiter, " ").await["edges"][0]["searchMatch"],
        Value::Null
    );
}

async fn people_are_found_by_name_in_the_directory_and_nowhere_else(app: &TestApp) {
    let named = |id: &str, kanji: &str, kana: &str| {
        let row = somebody(id, "経理");
        row.set("name", kanji).set("nameKana", kana)
    };
    app.import(&[
        named("a1", "髙橋 真一", "タカハシ シンイチ"),
        named("a2", "齊藤 花子", "サイトウ ハナコ"),
        named("a3", "田中 太郎", "タナカ タロウ"),
        named("a4", "大野 愛", "オオノ アイ"),
        // Of the same name, and of no consent to the directory.
        named("a5", "田中 次郎", "タナカ ジロウ")
            .interests(&[])
            .without("interests"),
        role("r1").set("title", "田中").set("description", "たなか"),
    ])
    .await;
    app.index().await;
    let names = async |person: &Person, words: &str| {
        let result = found(person, words).await;
        let edges = result["edges"].as_array().unwrap().iter();
        let names = edges.map(|edge| edge["node"]["name"]["kanji"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    for viewer in [app.recruiter(), app.employee(), app.alumnus("a4")] {
        for (query, name) in [
            ("高橋", "髙橋 真一"),
            ("ｼﾝｲﾁ ﾀｶﾊｼ", "髙橋 真一"),
            ("sin'ichi takahashi", "髙橋 真一"),
            ("斎藤", "齊藤 花子"),
            ("斉藤花子", "齊藤 花子"),
            ("たなか", "田中 太郎"),
            ("ﾀﾅｶ", "田中 太郎"),
            ("tanaka", "田中 太郎"),
            ("Tarō Tanaka", "田中 太郎"),
            ("Ohno", "大野 愛"),
            ("ono", "大野 愛"),
        ] {
            assert_eq!(names(&viewer, query).await, [name], "{query}");
        }
    }
    let result = found(&app.employee(), "tanaka").await;
    assert_eq!(
        result["edges"][0]["searchMatch"],
        json!({
            "reasons": ["氏名が「tanaka」に一致します。"],
            "snippets": [{"field": "NAME", "snippet": "タナカ タロウ", "highlights": [{"start": 0, "end": 3}]}],
        })
    );
    // A role that asks for a name ranks nobody by it: all score alike.
    let document = "{ opportunity(externalId: \"r1\") { candidates { edges { match { score } } } } }";
    let data = app.recruiter().query(document, Value::Null).await;
    let scores = data["opportunity"]["candidates"]["edges"].as_array().unwrap();
    assert_eq!(scores.len(), 4);
    assert!(
        scores
            .iter()
            .all(|edge| edge["match"]["score"] == scores[0]["match"]["score"]),
        "{scores:?}"
    );
}

async fn facets_count_who_is_in_the_list_and_what_the_viewer_may_read(app: &TestApp) {
    app.import(&[
        alumnus("a1"),
        alumnus("a2")
            .set("prefecture", "大阪府")
            .interests(&["REHIRE", "MENTORING"]),
        alumnus("a3")
            .set("prefecture", "大阪府")
            .skills(&["速記"])
            .set("summary", "")
            .set("tenures", json!([])),
        alumnus("a4").without("interests"),
    ])
    .await;
    app.index().await;
    let document = "query($words: String, $of: [String!]) { alumni(query: $words, filter: {prefectures: $of}, first: 1) {
        totalCount facets { field values { value count } } } }";
    let facets = async |person: &Person, words: Value, of: Value| {
        let data = person.query(document, json!({"words": words, "of": of})).await;
        let mut facets = serde_json::Map::new();
        facets.insert("totalCount".to_owned(), data["alumni"]["totalCount"].clone());
        for facet in data["alumni"]["facets"].as_array().unwrap() {
            let values = facet["values"].as_array().unwrap().iter();
            let values: Vec<Value> = values.map(|one| json!([one["value"], one["count"]])).collect();
            facets.insert(facet["field"].as_str().unwrap().to_owned(), Value::Array(values));
        }
        Value::Object(facets)
    };
    let everywhere = Value::Null;
    assert_eq!(
        facets(&app.recruiter(), Value::Null, everywhere.clone()).await,
        json!({
            "totalCount": 3,
            "PREFECTURE": [["大阪府", 2], ["東京都", 1]],
            "INTEREST": [["REHIRE", 3], ["CONTRACT_WORK", 2], ["SPEAKING", 2], ["MENTORING", 1]],
            "DEPARTMENT": [["物流部", 2]],
            "LANGUAGE": [["英語", 3]],
            "REMOTE_PREFERENCE": [["ANY", 3]],
        })
    );
    assert_eq!(
        facets(&app.employee(), json!("在庫管理"), everywhere.clone()).await,
        json!({
            "totalCount": 2,
            "PREFECTURE": [["大阪府", 1], ["東京都", 1]],
            "INTEREST": [["MENTORING", 1]],
            "DEPARTMENT": [["物流部", 2]],
            "LANGUAGE": [["英語", 2]],
        })
    );
    assert_eq!(
        facets(&app.employee(), json!("在庫管理"), json!(["大阪府"])).await["PREFECTURE"],
        json!([["大阪府", 1]])
    );
    // Withdrawn means gone from the next count.
    let aiko = app.alumnus("a2");
    aiko.mutate("withdrawConsent", json!({"purpose": "DIRECTORY"}), "")
        .await;
    let after = facets(&app.recruiter(), json!("在庫管理"), everywhere).await;
    assert_eq!(
        (&after["totalCount"], &after["PREFECTURE"]),
        (&json!(1), &json!([["東京都", 1]]))
    );
}

async fn opportunities_have_reasons_and_facets_too(app: &TestApp) {
    app.import(&[
        role("r1").set("title", "営業マネージャー"),
        contract_work("c1").set("title", "セールス資料の作成"),
        role("r2").incomplete(),
        alumnus("a1"),
    ])
    .await;
    app.index().await;
    let document = "query($words: String) { opportunities(query: $words) { totalCount
        edges { node { externalId } searchMatch { reasons snippets { field } } }
        facets { field values { value count } } } }";
    let data = app.recruiter().query(document, json!({"words": "営業"})).await;
    let result = &data["opportunities"];
    assert_eq!(
        list(&result["edges"], |edge| &edge["node"]["externalId"]),
        ["r1", "c1"]
    );
    assert_eq!(
        list(&result["edges"], |edge| &edge["searchMatch"]["reasons"][0]),
        ["「営業」が含まれます。", "「セールス」は「営業」の同義語です。"]
    );
    assert_eq!(result["edges"][0]["searchMatch"]["snippets"][0]["field"], "TITLE");
    assert_eq!(
        result["facets"][0],
        json!({"field": "KIND", "values": [{"value": "CONTRACT_WORK", "count": 1}, {"value": "ROLE", "count": 1}]})
    );
    // An alumnus is told of nothing that is not complete.
    let data = app.alumnus("a1").query(document, Value::Null).await;
    assert_eq!(data["opportunities"]["totalCount"], 2);
    assert_eq!(
        data["opportunities"]["facets"][1],
        json!({"field": "STATUS", "values": [{"value": "OPEN", "count": 2}]})
    );
}
