//! What is withdrawn is gone everywhere and at once: from every list, count, cursor, event, mail, and other server.

use okaeri_api::worker::run_jobs;
use serde_json::{Value, json};

use crate::harness::{Person, TestApp, alumnus, contract_work, on_both_databases, role, slot};

on_both_databases! {
    a_withdrawal_leaves_search_filters_counts_and_facets;
    page_two_of_every_open_cursor_leaves_the_person_out;
    live_views_emit_without_the_person_and_an_empty_feed;
    an_identifier_finds_nobody_who_withdrew_everything;
    mail_that_waits_is_not_sent_after_a_withdrawal;
    a_withdrawal_on_one_server_holds_for_the_next_answer_of_another;
    a_withdrawal_behind_a_large_import_holds_for_the_next_answer;
    interests_set_on_one_server_hold_for_the_next_answer_of_another;
    each_purpose_does_what_it_says_and_no_other_does;
}

/// Everything that a list tells of people: how many, who, and how they spread.
const DIRECTORY: &str = "{
    all: alumni { totalCount nodes { externalId } facets { field values { value count } } }
    found: alumni(query: \"在庫管理\") { totalCount nodes { externalId } facets { field values { value count } } }
    filtered: alumni(filter: {interests: [MENTORING], prefectures: [\"東京\"]}) { totalCount nodes { externalId } } }";

async fn withdraw(person: &Person, purpose: &str) {
    person
        .mutate("withdrawConsent", json!({"purpose": purpose}), "")
        .await;
}

async fn give(person: &Person, purpose: &str) {
    let input = json!({"purpose": purpose, "textVersion": "2026-11"});
    person.mutate("giveConsent", input, "").await;
}

async fn a_withdrawal_leaves_search_filters_counts_and_facets(app: &TestApp) {
    let somebody = |id| alumnus(id).interests(&["REHIRE", "MENTORING"]);
    app.import(&[somebody("a001"), somebody("a002")]).await;
    app.index().await;
    let aiko = app.alumnus("a001");
    let recruiter = app.recruiter();
    let before = recruiter.query(DIRECTORY, Value::Null).await;
    assert!(before.to_string().contains("\"a001\""));

    // The interest is no longer told, though she is still listed.
    withdraw(&aiko, "MENTORING").await;
    let data = recruiter.query(DIRECTORY, Value::Null).await;
    assert_eq!(data["filtered"]["nodes"], json!([{"externalId": "a002"}]));
    assert_eq!(data["all"]["totalCount"], 2);
    for list in ["all", "found"] {
        let facets = data[list]["facets"].as_array().unwrap();
        let interests = facets.iter().find(|facet| facet["field"] == "INTEREST").unwrap();
        let values = interests["values"].as_array().unwrap();
        assert!(
            values.contains(&json!({"value": "MENTORING", "count": 1})),
            "{interests}"
        );
    }

    withdraw(&aiko, "DIRECTORY").await;
    let without = recruiter.query(DIRECTORY, Value::Null).await;
    assert!(!without.to_string().contains("\"a001\""), "{without}");
    assert!(!without.to_string().contains("\"count\":2"), "{without}");
    for list in ["all", "found", "filtered"] {
        assert_eq!(without[list]["totalCount"], 1, "{list}");
    }
    for peer in [app.employee(), app.alumnus("a002")] {
        let data = peer.query(DIRECTORY, Value::Null).await;
        assert_eq!(data["all"]["totalCount"], 1);
        assert!(!data.to_string().contains("\"count\":2"), "{data}");
    }
}

async fn page_two_of_every_open_cursor_leaves_the_person_out(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        alumnus("a002"),
        alumnus("a003"),
        role("r01"),
        slot("s01"),
        contract_work("c01"),
    ])
    .await;
    app.index().await;
    let recruiter = app.recruiter();
    let lists = ["alumni(", "alumni(query: \"在庫管理\", "];
    let page = async |list: &str, paging: &str| {
        let document = format!(
            "{{ it: {list}{paging}) {{ totalCount nodes {{ externalId }} edges {{ cursor }} pageInfo {{ hasNextPage }} }} }}"
        );
        recruiter.query(&document, Value::Null).await["it"].clone()
    };
    let mut open = Vec::new();
    for list in lists {
        open.push(page(list, "first: 1").await);
    }
    let candidates = recruiter.candidates("r01", "first: 1").await;
    let rest = recruiter
        .candidates("r01", &format!("after: \"{}\"", candidates.cursors[0]))
        .await;
    // Somebody whom page two of every list would show.
    let listed_second = page(lists[0], "first: 2").await["nodes"][1]["externalId"].clone();
    let second = app.alumnus(listed_second.as_str().unwrap());
    let ranked_second = app.alumnus(&rest.ids[0]);

    withdraw(&second, "DIRECTORY").await;
    withdraw(&ranked_second, "REHIRE").await;
    for (list, open) in lists.iter().zip(&open) {
        let cursor = open["edges"][0]["cursor"].as_str().unwrap();
        let next = page(list, &format!("after: \"{cursor}\"")).await;
        assert_eq!(next["totalCount"], 2, "{list}");
        assert!(
            !next["nodes"]
                .to_string()
                .contains(listed_second.as_str().unwrap()),
            "{list}: {next}"
        );
    }
    let next = recruiter
        .candidates("r01", &format!("after: \"{}\"", candidates.cursors[0]))
        .await;
    assert_eq!((next.total, &next.ids[..]), (2, &rest.ids[1..]));

    // The own feed, by purpose and as a whole.
    let aiko = app.alumnus("a001");
    give_all_back(&aiko).await;
    let feed = aiko.feed("first: 1").await;
    let rest = format!("after: \"{}\"", feed.cursors[0]);
    let gone = aiko.feed(&rest).await.ids[0].clone();
    let purpose = match &gone[..1] {
        "r" => "REHIRE",
        "s" => "SPEAKING",
        _ => "CONTRACT_WORK",
    };
    withdraw(&aiko, purpose).await;
    assert!(!aiko.feed(&rest).await.ids.contains(&gone));
    withdraw(&aiko, "FEED").await;
    assert_eq!(aiko.feed(&rest).await.ids, Vec::<String>::new());
}

/// Every consent that the rows of these tests come with.
async fn give_all_back(person: &Person) {
    for purpose in ["DIRECTORY", "FEED", "REHIRE", "SPEAKING", "CONTRACT_WORK"] {
        give(person, purpose).await;
    }
}

async fn live_views_emit_without_the_person_and_an_empty_feed(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01")]).await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let id = recruiter.opportunity_id("r01").await;
    let mut candidates = recruiter.socket().await;
    let document = "subscription($id: ID!) { candidatesChanged(opportunityId: $id) {
        candidates { totalCount nodes { externalId } leftOut { rule count } } } }";
    candidates.subscribe("1", document, json!({"id": id})).await;
    assert_eq!(
        candidates.event().await["candidatesChanged"]["candidates"]["totalCount"],
        2
    );
    let mut feed = aiko.socket().await;
    let document = "subscription { feedChanged { opportunityFeed { totalCount nodes { externalId } } } }";
    feed.subscribe("1", document, Value::Null).await;
    assert_eq!(
        feed.event().await["feedChanged"]["opportunityFeed"]["totalCount"],
        1
    );

    withdraw(&aiko, "REHIRE").await;
    app.app.projections.catch_up_all().await.unwrap();
    assert_eq!(
        candidates.event().await["candidatesChanged"]["candidates"],
        json!({"totalCount": 1, "nodes": [{"externalId": "a002"}], "leftOut": [{"rule": "NO_CONSENT", "count": 1}]})
    );
    assert_eq!(
        feed.event().await["feedChanged"]["opportunityFeed"]["totalCount"],
        0
    );
    give(&aiko, "REHIRE").await;
    app.app.projections.catch_up_all().await.unwrap();
    assert_eq!(
        feed.event().await["feedChanged"]["opportunityFeed"]["totalCount"],
        1
    );

    withdraw(&aiko, "FEED").await;
    app.app.projections.catch_up_all().await.unwrap();
    assert_eq!(
        feed.event().await["feedChanged"]["opportunityFeed"],
        json!({"totalCount": 0, "nodes": []})
    );
}

async fn an_identifier_finds_nobody_who_withdrew_everything(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let ids =
        json!({"person": recruiter.alumnus_id("a001").await, "role": recruiter.opportunity_id("r01").await});
    let input = json!({"opportunityId": ids["role"], "alumnusId": ids["person"]});
    let sent = recruiter
        .mutate("inviteCandidate", input.clone(), "invitation { id }")
        .await;
    let ids = json!({"person": ids["person"], "invitation": sent["invitation"]["id"]});
    for purpose in ["DIRECTORY", "FEED", "REHIRE", "SPEAKING", "CONTRACT_WORK"] {
        withdraw(&aiko, purpose).await;
    }
    let document = "query($person: ID!, $invitation: ID!) {
        node(id: $person) { id } nodes(ids: [$person]) { id } alumnus(externalId: \"a001\") { id }
        invitation: node(id: $invitation) { ... on Invitation { alumnus { id } } } }";
    for reader in [app.recruiter(), app.employee()] {
        let data = reader.query(document, ids.clone()).await;
        assert_eq!((&data["node"], &data["alumnus"]), (&Value::Null, &Value::Null));
        assert_eq!(data["nodes"], json!([null]));
        assert!(data["invitation"]["alumnus"].is_null(), "{data}");
    }
    assert_eq!(
        recruiter.user_errors("inviteCandidate", input).await,
        ["NOT_FOUND"]
    );
    let find = "query($person: ID!) { node(id: $person) { id } }";
    let own = json!({"person": ids["person"]});
    assert_ne!(
        aiko.query(find, own).await["node"],
        Value::Null,
        "she sees herself"
    );
}

async fn mail_that_waits_is_not_sent_after_a_withdrawal(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01")]).await;
    let recruiter = app.recruiter();
    let role = recruiter.opportunity_id("r01").await;
    for id in ["a001", "a002"] {
        let input = json!({"opportunityId": role, "alumnusId": recruiter.alumnus_id(id).await});
        recruiter.mutate("inviteCandidate", input, "").await;
    }
    withdraw(&app.alumnus("a001"), "REHIRE").await;
    while run_jobs(&app.app).await.unwrap() > 0 {}
    assert_eq!(app.mails_to("a001@example.jp").await, Vec::<String>::new());
    assert_eq!(app.mails_to("a002@example.jp").await.len(), 1);
}

async fn a_withdrawal_on_one_server_holds_for_the_next_answer_of_another(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01"), slot("s01")])
        .await;
    let other = app.beside(|_| {}).await;
    other.index().await;
    let (here, there) = (app.alumnus("a001"), other.recruiter());
    let open = there.candidates("r01", "first: 1").await;
    assert_eq!(open.total, 2);
    let both = there.candidates("r01", "").await.ids;
    let listed = there.query(DIRECTORY, Value::Null).await;
    assert_eq!(listed["found"]["totalCount"], 2);
    let own = other.alumnus("a001");
    let feed = own.feed("first: 1").await;
    assert_eq!(feed.total, 2);

    withdraw(&here, "REHIRE").await;
    assert_eq!(there.candidates("r01", "").await.ids, ["a002"]);
    let rest = there
        .candidates("r01", &format!("after: \"{}\"", open.cursors[0]))
        .await;
    let expected: Vec<String> = both[1..].iter().filter(|id| *id != "a001").cloned().collect();
    assert_eq!(
        rest.ids, expected,
        "page two of a list that the other server served"
    );
    assert_eq!(own.feed("").await.ids, ["s01"]);

    let colleague = other.employee();
    let id = there.alumnus_id("a001").await;
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let shown = colleague.query(node, json!({"id": id})).await;
    assert_eq!(shown["node"]["id"], id.as_str());
    withdraw(&here, "DIRECTORY").await;
    // A node is loaded without a barrier.
    assert_eq!(
        colleague.query(node, json!({"id": id})).await["node"],
        Value::Null
    );
    let data = there.query(DIRECTORY, Value::Null).await;
    assert!(!data.to_string().contains("\"a001\""), "{data}");
    withdraw(&here, "FEED").await;
    assert_eq!(own.feed("").await.total, 0);
    let rest = format!("after: \"{}\"", feed.cursors[0]);
    assert_eq!(own.feed(&rest).await.ids, Vec::<String>::new());

    give(&here, "REHIRE").await;
    assert_eq!(there.candidates("r01", "").await.total, 2, "and giving as well");
    other.stop().await;
}

async fn a_withdrawal_behind_a_large_import_holds_for_the_next_answer(app: &TestApp) {
    /// More than the changes whose texts an answer waits for, at two for each person.
    const N_NEWCOMERS: usize = 120;
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01")]).await;
    let other = app.beside(|_| {}).await;
    let there = other.recruiter();
    let open = there.candidates("r01", "first: 1").await;
    assert_eq!(open.total, 2);
    let newcomers: Vec<_> = (0..N_NEWCOMERS)
        .map(|n| alumnus(&format!("b{n:03}")).interests(&[]))
        .collect();
    app.import(&newcomers).await;
    withdraw(&app.alumnus("a001"), "REHIRE").await;
    assert_eq!(there.candidates("r01", "").await.ids, ["a002"]);
    let rest = there
        .candidates("r01", &format!("after: \"{}\"", open.cursors[0]))
        .await;
    assert_eq!(rest.total, 1, "page two of a list that was open");
    other.stop().await;
}

async fn interests_set_on_one_server_hold_for_the_next_answer_of_another(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01"), slot("s01")]).await;
    let other = app.beside(|_| {}).await;
    let there = other.recruiter();
    assert_eq!(there.candidates("r01", "").await.total, 1);
    let interests = json!({"interests": ["SPEAKING"]});
    app.alumnus("a001").mutate("setMyInterests", interests, "").await;
    assert_eq!(there.candidates("r01", "").await.total, 0);
    assert_eq!(there.candidates("s01", "").await.total, 1);
    assert_eq!(other.alumnus("a001").feed("").await.ids, ["s01"]);
    let data = there
        .query("{ alumni { nodes { interests } } }", Value::Null)
        .await;
    assert_eq!(data["alumni"]["nodes"], json!([{"interests": ["SPEAKING"]}]));
    other.stop().await;
}

async fn each_purpose_does_what_it_says_and_no_other_does(app: &TestApp) {
    let interests = ["REHIRE", "CONTRACT_WORK", "SPEAKING", "MENTORING", "EVENTS"];
    app.import(&[
        alumnus("a001").interests(&interests),
        role("r01"),
        slot("s01"),
        contract_work("c01"),
    ])
    .await;
    app.index().await;
    let (recruiter, employee, aiko) = (app.recruiter(), app.employee(), app.alumnus("a001"));
    // What each purpose opens: 1 where it does, 0 where it is withdrawn.
    let look = async || {
        let directory = employee.search("在庫管理").await.len();
        let feed = aiko.feed("").await.total.min(1);
        let mut ranked = Vec::new();
        for id in ["r01", "s01", "c01"] {
            ranked.push(recruiter.candidates(id, "").await.total);
        }
        let data = recruiter
            .query("{ alumnus(externalId: \"a001\") { interests } }", Value::Null)
            .await;
        let told = data["alumnus"]["interests"].clone();
        let tells = |interest: &str| u64::from(told.to_string().contains(interest));
        [
            directory as u64,
            feed,
            ranked[0],
            ranked[1],
            ranked[2],
            tells("MENTORING"),
            tells("EVENTS"),
        ]
    };
    assert_eq!(look().await, [1; 7]);
    let purposes = [
        "DIRECTORY",
        "FEED",
        "REHIRE",
        "SPEAKING",
        "CONTRACT_WORK",
        "MENTORING",
        "EVENTS",
    ];
    for (idx, purpose) in purposes.iter().enumerate() {
        withdraw(&aiko, purpose).await;
        let mut expected = [1; 7];
        expected[idx] = 0;
        assert_eq!(look().await, expected, "{purpose}");
        give(&aiko, purpose).await;
        assert_eq!(look().await, [1; 7], "{purpose} given again");
    }
}
