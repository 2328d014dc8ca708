//! The candidates of an opportunity, as a recruiter sees them.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::harness::steps::summed_score;
use crate::harness::{TestApp, alumnus, contract_work, on_both_databases, role, slot};

/// Everything that says why, for one page.
const MATCHES: &str = "query($id: String!) { opportunity(externalId: $id) { candidates {
    totalCount asOf modelVersion leftOut { rule count }
    nodes { externalId }
    edges { rank node { externalId } match { score base summary pointsToConfirm
        contributions { feature value text evidence { field snippet highlights { start end } } }
        requirements { text isMustHave status note } } } } } }";

/// Somebody with this number whose skill is another's trade.
fn stranger(id: &str) -> crate::harness::Row {
    alumnus(id)
        .skills(&["和菓子製造"])
        .set("headline", "和菓子職人")
        .set("summary", "餡を炊いています。")
        .set("careerAfter", json!([]))
        .set(
            "tenures",
            json!([{"department": "総務部", "title": "担当", "from": "2018-04", "to": "2020-03", "description": "受付"}]),
        )
}

on_both_databases! {
    only_people_with_the_interest_and_a_consent_are_ranked;
    the_score_is_the_base_plus_the_contributions_and_falls_with_the_rank;
    every_requirement_is_checked_and_the_evidence_is_in_the_profile;
    knowing_the_product_is_told_by_its_name_and_found_by_a_new_name_at_once;
    reasons_are_in_the_language_that_is_asked_for;
    whoever_is_on_a_page_has_their_own_reasons_some_of_which_were_given_before;
    where_the_work_is_counts_as_soon_as_it_is_somewhere_else;
    an_opportunity_that_is_not_open_has_no_candidates_at_once;
    a_slots_day_is_asked_about_and_is_no_start_of_work;
    page_two_continues_the_list_though_people_arrive_and_leave;
    last_and_before_count_from_the_end;
    a_cursor_is_good_for_its_list_and_reader_only;
    refusals_of_page_sizes_name_both_numbers;
}

async fn only_people_with_the_interest_and_a_consent_are_ranked(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        alumnus("a002").interests(&["SPEAKING"]),
        alumnus("a003").interests(&["REHIRE"]),
        // HR's record of a person is no consent.
        alumnus("a004").without("interests"),
        alumnus("a005").interests(&[]),
        role("r01"),
        slot("s01"),
        contract_work("c01"),
    ])
    .await;
    let recruiter = app.recruiter();
    let ids = async |opportunity| {
        recruiter
            .candidates(opportunity, "")
            .await
            .ids
            .into_iter()
            .collect::<HashSet<_>>()
    };

    assert_eq!(
        ids("r01").await,
        HashSet::from(["a001", "a003"].map(str::to_owned))
    );
    assert_eq!(
        ids("s01").await,
        HashSet::from(["a001", "a002"].map(str::to_owned))
    );
    assert_eq!(ids("c01").await, HashSet::from(["a001"].map(str::to_owned)));

    let data = recruiter.query(MATCHES, json!({"id": "r01"})).await;
    assert_eq!(
        data["opportunity"]["candidates"]["leftOut"],
        json!([{"rule": "NO_INTEREST", "count": 3}])
    );

    app.alumnus("a003")
        .mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    let data = recruiter.query(MATCHES, json!({"id": "r01"})).await;
    let left_out = &data["opportunity"]["candidates"]["leftOut"];
    assert_eq!(
        left_out,
        &json!([{"rule": "NO_INTEREST", "count": 3}, {"rule": "NO_CONSENT", "count": 1}])
    );
}

async fn the_score_is_the_base_plus_the_contributions_and_falls_with_the_rank(app: &TestApp) {
    app.import(&[
        stranger("a001"),
        alumnus("a002"),
        alumnus("a003").skills(&["Excel"]),
        role("r01"),
    ])
    .await;
    let data = app.recruiter().query(MATCHES, json!({"id": "r01"})).await;
    let candidates = &data["opportunity"]["candidates"];
    let edges = candidates["edges"].as_array().unwrap();

    assert_eq!(candidates["totalCount"], 3);
    assert_eq!(
        edges
            .iter()
            .map(|edge| edge["rank"].as_u64().unwrap())
            .collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert_eq!(edges[0]["node"]["externalId"], "a002");
    assert_eq!(edges[2]["node"]["externalId"], "a001");
    let mut previous = f64::INFINITY;
    for edge in edges {
        let why = &edge["match"];
        let score = summed_score(why);
        assert!((0.0..=1.0).contains(&score), "{score}");
        assert!(score <= previous, "the order is the score's");
        let sizes: Vec<f64> = values(&why["contributions"])
            .iter()
            .map(|value| value.abs())
            .collect();
        assert!(sizes.is_sorted_by(|a, b| a >= b), "largest first: {sizes:?}");
        previous = score;
    }
}

async fn every_requirement_is_checked_and_the_evidence_is_in_the_profile(app: &TestApp) {
    app.import(&[alumnus("a001"), stranger("a002"), role("r01")])
        .await;
    let data = app.recruiter().query(MATCHES, json!({"id": "r01"})).await;
    let edges = data["opportunity"]["candidates"]["edges"].as_array().unwrap();

    for edge in edges {
        let requirements = edge["match"]["requirements"].as_array().unwrap();
        let texts: Vec<_> = requirements
            .iter()
            .map(|it| (it["text"].as_str().unwrap(), it["isMustHave"] == true))
            .collect();
        assert_eq!(texts, [("在庫管理", true), ("英語", false)]);
    }
    assert_eq!(edges[0]["match"]["requirements"][0]["status"], "MET");
    // Silence is not a no.
    assert_eq!(edges[1]["match"]["requirements"][0]["status"], "NOT_SHOWN");
    for evidence in edges[0]["match"]["contributions"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|it| it["evidence"].as_array().unwrap())
    {
        let snippet: Vec<u16> = evidence["snippet"].as_str().unwrap().encode_utf16().collect();
        for range in evidence["highlights"].as_array().unwrap() {
            let (start, end) = (
                range["start"].as_u64().unwrap() as usize,
                range["end"].as_u64().unwrap() as usize,
            );
            assert!(start < end && end <= snippet.len(), "{evidence}");
            assert!(String::from_utf16(&snippet[start..end]).is_ok());
        }
    }
}

async fn knowing_the_product_is_told_by_its_name_and_found_by_a_new_name_at_once(app: &TestApp) {
    let tenure = |description: &str| json!([{"department": "店舗", "title": "販売", "from": "2018-04", "to": "2020-03", "description": description}]);
    app.import(&[
        alumnus("a001").set("tenures", tenure("スマイル便の法人営業を担当しました。")),
        alumnus("a002").set("tenures", tenure("法人営業を担当しました。")),
        role("r01").set("products", json!(["在庫くん"])),
    ])
    .await;
    let recruiter = app.recruiter();
    let told = async || {
        let data = recruiter.query(MATCHES, json!({"id": "r01"})).await;
        let edges = data["opportunity"]["candidates"]["edges"]
            .as_array()
            .unwrap()
            .clone();
        let text = |edge: &Value| {
            let contributions = edge["match"]["contributions"].as_array().unwrap();
            let of_company = contributions
                .iter()
                .find(|one| one["feature"] == "UNIT_ADJACENCY");
            of_company.map(|one| one["text"].as_str().unwrap().to_owned())
        };
        let of_each = edges
            .iter()
            .map(|edge| (edge["node"]["externalId"].clone(), text(edge)));
        of_each.collect::<Vec<_>>()
    };
    let known = |(_, text): &(Value, Option<String>)| {
        text.as_deref()
            .is_some_and(|text| text.contains("に関わっていました"))
    };
    assert!(!told().await.iter().any(known));

    app.import(&[role("r01").set("products", json!(["在庫くん", "ｽﾏｲﾙ便"]))])
        .await;
    let (id, text) = &told().await[0];
    assert_eq!(
        (id, text.as_deref()),
        (&json!("a001"), Some("在籍中に「ｽﾏｲﾙ便」に関わっていました。"))
    );
}

async fn a_slots_day_is_asked_about_and_is_no_start_of_work(app: &TestApp) {
    // Seven months after the slot, five after the role begins.
    let later = json!({"remote": "ANY", "hoursPerWeek": 40, "availableFrom": "2027-09"});
    app.import(&[
        alumnus("a001"),
        alumnus("a002").set("workStyle", later),
        role("r01"),
        slot("s01"),
    ])
    .await;
    let recruiter = app.recruiter();
    let of = async |opportunity: &str| {
        let data = recruiter.query(MATCHES, json!({"id": opportunity})).await;
        let edges = data["opportunity"]["candidates"]["edges"].as_array().unwrap();
        let find = |id: &str| {
            let edge = edges.iter().find(|edge| edge["node"]["externalId"] == id);
            edge.unwrap()["match"].clone()
        };
        [find("a001"), find("a002")]
    };
    let start = |why: &Value| {
        let mut all = why["contributions"].as_array().unwrap().iter();
        let found = all.find(|one| one["feature"] == "START_FIT");
        found.map_or(0.0, |one| one["value"].as_f64().unwrap())
    };
    let (slot, role) = (of("s01").await, of("r01").await);
    for why in &slot {
        let points = why["pointsToConfirm"].as_array().unwrap();
        assert!(points.contains(&json!("2027-02-18 の都合")), "{points:?}");
    }
    let lost = |[free, busy]: &[Value; 2]| start(free) - start(busy);
    assert!(lost(&slot) > 0.0, "{slot:?}");
    assert!(
        lost(&slot) < lost(&role) / 2.0,
        "one evening is no job: {slot:?} {role:?}"
    );
}

async fn reasons_are_in_the_language_that_is_asked_for(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    let has_kana = |text: &str| text.chars().any(|sign| ('\u{3041}'..='\u{3096}').contains(&sign));
    let notes = |data: &Value| {
        let why = &data["opportunity"]["candidates"]["edges"][0]["match"];
        let words: Vec<String> = why["contributions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["feature"].to_string())
            .collect();
        (why["summary"].as_str().unwrap().to_owned(), words)
    };
    let recruiter = app.recruiter();
    let (japanese, features) = notes(&recruiter.query(MATCHES, json!({"id": "r01"})).await);
    let (english, same_features) = notes(&recruiter.in_english().query(MATCHES, json!({"id": "r01"})).await);

    assert!(has_kana(&japanese), "{japanese}");
    assert!(!has_kana(&english), "{english}");
    assert_eq!(features, same_features, "codes never change");
}

/// The first people, and why.
const PAGE: &str = "query($first: Int) { opportunity(externalId: \"r01\") { candidates(first: $first) { edges {
    node { externalId } match { score base summary contributions { feature value text evidence { snippet } } } } } } }";

async fn whoever_is_on_a_page_has_their_own_reasons_some_of_which_were_given_before(app: &TestApp) {
    let person = |n: u32| {
        let work = format!("{n}倉庫の在庫管理を担当した。");
        alumnus(&format!("a00{n}"))
            .skills(&["Excel"])
            .set("headline", format!("{n}倉庫の在庫管理"))
            .set("summary", work.clone())
            .set(
                "tenures",
                json!([{"department": "物流部", "title": "主任", "from": "2015-04", "to": "2022-03", "description": work}]),
            )
    };
    let people = (1..=6).map(person);
    let rows: Vec<_> = people.chain([role("r01")]).collect();
    app.import(&rows).await;
    let recruiter = app.recruiter();
    let page = async |first: u32| {
        let data = recruiter.query(PAGE, json!({"first": first})).await;
        let edges = data["opportunity"]["candidates"]["edges"]
            .as_array()
            .unwrap()
            .clone();
        for edge in &edges {
            summed_score(&edge["match"]);
            let id = edge["node"]["externalId"].as_str().unwrap();
            let said = format!("{}倉庫", &id[3..]);
            assert!(edge["match"].to_string().contains(&said), "{edge}");
        }
        edges
    };
    let two = page(2).await;
    let six = page(6).await;
    assert_eq!(two, six[..2]);
    assert_eq!(page(6).await, six);
}

async fn where_the_work_is_counts_as_soon_as_it_is_somewhere_else(app: &TestApp) {
    let row = |prefecture: &str| role("r01").set("prefecture", prefecture).set("remote", "ONSITE");
    app.import(&[alumnus("a001"), row("東京都")]).await;
    let recruiter = app.recruiter();
    let first = async || {
        let data = recruiter.query(PAGE, json!({"first": 1})).await;
        data["opportunity"]["candidates"]["edges"][0]["match"].clone()
    };
    let here = first().await;
    app.import(&[row("沖縄県")]).await;
    let far = first().await;
    assert!(summed_score(&far) < summed_score(&here), "{far}");
    app.import(&[row("東京都")]).await;
    assert_eq!(first().await, here);
}

async fn an_opportunity_that_is_not_open_has_no_candidates_at_once(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        role("r01"),
        slot("s02").set("startsOn", "2026-11-19"),
        slot("s03").set("startsOn", "2026-11-20"),
        role("r04").set("status", "DRAFT"),
        role("r05").set("closesAt", "2026-11-20T08:59:59+09:00"),
        role("r06").set("closesAt", "2026-11-20T18:00:00+09:00"),
    ])
    .await;
    let recruiter = app.recruiter();
    let total = async |id| recruiter.candidates(id, "").await.total;

    assert_eq!(total("s02").await, 0, "its day is over");
    assert_eq!(total("s03").await, 1, "its day is today");
    assert_eq!(total("r04").await, 0, "a draft");
    assert_eq!(total("r05").await, 0, "the deadline has passed");
    assert_eq!(total("r06").await, 1, "the deadline is ahead");
    let page = recruiter.candidates("r01", "first: 1").await;
    assert_eq!(page.total, 1);

    let id = recruiter.opportunity_id("r01").await;
    recruiter
        .mutate("pauseOpportunity", json!({"id": id}), "opportunity { status }")
        .await;
    assert_eq!(total("r01").await, 0, "paused");
    recruiter
        .mutate("publishOpportunity", json!({"id": id}), "")
        .await;
    assert_eq!(total("r01").await, 1, "open again");
    recruiter.mutate("closeOpportunity", json!({"id": id}), "").await;
    assert_eq!(total("r01").await, 0, "closed");
}

async fn page_two_continues_the_list_though_people_arrive_and_leave(app: &TestApp) {
    app.import(&[
        stranger("a001"),
        alumnus("a002"),
        alumnus("a003"),
        alumnus("a004"),
        stranger("a005"),
        role("r01"),
    ])
    .await;
    let recruiter = app.recruiter();
    let whole = recruiter.candidates("r01", "").await.ids;
    let page_one = recruiter.candidates("r01", "first: 2").await;
    assert_eq!(page_one.ids, whole[..2]);
    assert!(page_one.has_next && !page_one.has_previous);

    // Somebody better arrives, and the next in the list withdraws.
    app.import(&[alumnus("a000").skills(&["在庫管理", "物流企画", "配送計画", "英語"])])
        .await;
    app.alumnus(&whole[2])
        .mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    let after = format!("first: 10, after: \"{}\"", page_one.cursors[1]);
    let page_two = recruiter.candidates("r01", &after).await;

    assert_eq!(page_two.ids, whole[3..]);
    assert_eq!(page_two.total, 4);
    assert!(!page_two.has_next && page_two.has_previous);
    let anew = recruiter.candidates("r01", "").await.ids;
    assert!(anew.contains(&"a000".to_owned()) && !anew.contains(&whole[2]));
}

async fn last_and_before_count_from_the_end(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        alumnus("a002"),
        alumnus("a003"),
        alumnus("a004"),
        role("r01"),
    ])
    .await;
    let recruiter = app.recruiter();
    let whole = recruiter.candidates("r01", "").await;

    let end = recruiter.candidates("r01", "last: 2").await;
    assert_eq!(
        (end.ids.as_slice(), end.has_previous, end.has_next),
        (&whole.ids[2..], true, false)
    );
    let before = format!("last: 1, before: \"{}\"", whole.cursors[2]);
    assert_eq!(recruiter.candidates("r01", &before).await.ids, whole.ids[1..2]);
    assert_eq!(
        recruiter.candidates("r01", "first: 0").await.ids,
        Vec::<String>::new()
    );
}

async fn a_cursor_is_good_for_its_list_and_reader_only(app: &TestApp) {
    app.create_company("midori", |_| {}, false).await;
    let rows = [alumnus("a001"), alumnus("a002"), role("r01"), role("r02")];
    app.import(&rows).await;
    app.import_into("midori", &rows).await;
    let recruiter = app.recruiter();
    let cursor = recruiter.candidates("r01", "first: 1").await.cursors.remove(0);
    let document = "query($id: String!, $after: String!) {
        opportunity(externalId: $id) { candidates(after: $after) { nodes { id } } } }";
    let list = recruiter
        .query("{ alumni(first: 1) { edges { cursor } } }", Value::Null)
        .await;
    let of_a_directory = list["alumni"]["edges"][0]["cursor"].as_str().unwrap().to_owned();
    let tampered = format!("{}A", &cursor[..cursor.len() - 1]);

    recruiter
        .query(document, json!({"id": "r01", "after": cursor}))
        .await;
    for (reader, opportunity, after) in [
        (app.recruiter(), "r02", cursor.as_str()),
        (app.administrator(), "r01", cursor.as_str()),
        (app.recruiter_of("midori"), "r01", cursor.as_str()),
        (app.recruiter(), "r01", of_a_directory.as_str()),
        (app.recruiter(), "r01", tampered.as_str()),
        (app.recruiter(), "r01", ""),
        (app.recruiter(), "r01", "😊"),
    ] {
        let answer = reader
            .ask(document, json!({"id": opportunity, "after": after}))
            .await;
        assert_eq!(answer.code(), "BAD_USER_INPUT", "{after}: {}", answer.body);
        assert_eq!(
            answer.message(),
            "after: the cursor belongs to no list with these arguments"
        );
    }
}

async fn refusals_of_page_sizes_name_both_numbers(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    let recruiter = app.recruiter();
    for (paging, expected) in [
        ("first: 101", "first 101 exceeds the maximum of 100"),
        ("last: 101", "last 101 exceeds the maximum of 100"),
        ("first: -1", "first -1 is below the minimum of 0"),
        (
            "first: 3, last: 4",
            "first 3 and last 4 exclude each other: give one",
        ),
    ] {
        let document =
            format!("{{ opportunity(externalId: \"r01\") {{ candidates({paging}) {{ totalCount }} }} }}");
        let answer = recruiter.ask(&document, Value::Null).await;
        assert_eq!((answer.code(), answer.message()), ("BAD_USER_INPUT", expected));
    }
    assert_eq!(recruiter.candidates("r01", "first: 100").await.total, 1);
}

fn values(contributions: &Value) -> Vec<f64> {
    let contributions = contributions.as_array().unwrap();
    contributions
        .iter()
        .map(|it| it["value"].as_f64().unwrap())
        .collect()
}
