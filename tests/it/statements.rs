//! Statements per operation: constant, whatever the size of the page.

use serde_json::{Value, json};

use crate::harness::{Person, Row, TestApp, alumnus, contract_work, on_both_databases, role};

/// More than the largest page.
const N_ROWS: usize = 101;

const PERSON: &str =
    "id name { kanji kana } skills tenures { department } careerAfter { title } languages { language }
    interests workStyle { remote }";

async fn n_statements(app: &TestApp, person: &Person, document: &str, n: usize) -> u64 {
    let before = app.app.db.n_statements();
    person
        .query(&document.replace("SIZE", &n.to_string()), Value::Null)
        .await;
    app.app.db.n_statements() - before
}

on_both_databases! {
    a_page_of_100_takes_as_many_statements_as_a_page_of_1;
    a_hundred_nodes_take_as_many_statements_as_one;
}

async fn a_page_of_100_takes_as_many_statements_as_a_page_of_1(app: &TestApp) {
    let people = (0..N_ROWS).map(|n| alumnus(&format!("a{n:03}")));
    let offers = (0..N_ROWS).map(|n| contract_work(&format!("c{n:03}")));
    let rows: Vec<Row> = people.chain(offers).chain([role("r01")]).collect();
    app.import(&rows).await;
    app.index().await;
    let (recruiter, employee, aiko) = (app.recruiter(), app.employee(), app.alumnus("a001"));
    for n in 0..3 {
        let wish = json!({"kind": "ROLE", "words": "在庫管理", "isShownToRecruiters": true});
        app.alumnus(&format!("a{n:03}")).mutate("setMyStandingWish", wish, "").await;
        let note = json!({"kind": "WORKING_STYLE", "text": "在宅勤務", "startsOn": "2026-04-01"});
        app.administrator().mutate("createChangeNote", note, "").await;
    }
    let candidates = format!(
        "{{ opportunity(externalId: \"r01\") {{ candidates(first: SIZE) {{ totalCount edges {{ cursor rank
           node {{ {PERSON} }} match {{ score summary contributions {{ feature value text }} changeNotes {{ reason }} }} }} }} }} }}"
    );
    let list = format!("{{ alumni(first: SIZE) {{ totalCount nodes {{ {PERSON} }} }} }}");
    let search =
        format!("{{ alumni(query: \"在庫管理\", first: SIZE) {{ totalCount nodes {{ {PERSON} }}
            edges {{ searchMatch {{ reasons snippets {{ snippet }} }} }} facets {{ values {{ count }} }} }} }}");
    let offers = "{ opportunities(first: SIZE) { totalCount nodes { id title viewerInteraction { kind } viewerInvitation { id } } } }";
    let feed = "{ viewer { opportunityFeed(first: SIZE) { totalCount edges { node { id title
        viewerInteraction { kind } viewerInvitation { id } } match { score summary changeNotes { reason } standingWish { words } } } } } }";
    let wishes = "{ standingWishes(first: SIZE) { nodes { words alumnus { name { kanji } } } } changeNotes(first: SIZE) { nodes { text } } }";
    for (person, document) in [
        (&recruiter, candidates.as_str()),
        (&recruiter, list.as_str()),
        (&employee, search.as_str()),
        (&aiko, offers),
        (&aiko, feed),
        (&recruiter, wishes),
    ] {
        // The first request of all opens and computes what later ones share.
        n_statements(app, person, document, 1).await;
        let of_1 = n_statements(app, person, document, 1).await;
        for n in [20, 100] {
            assert_eq!(
                n_statements(app, person, document, n).await,
                of_1,
                "a page of {n}: {document}"
            );
        }
    }
}

async fn a_hundred_nodes_take_as_many_statements_as_one(app: &TestApp) {
    let rows: Vec<Row> = (0..N_ROWS).map(|n| alumnus(&format!("a{n:03}"))).collect();
    app.import(&rows).await;
    let recruiter = app.recruiter();
    let data = recruiter
        .query("{ alumni(first: 100) { nodes { id } } }", Value::Null)
        .await;
    let ids: Vec<&str> = data["alumni"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["id"].as_str().unwrap())
        .collect();
    let document = |n: usize| {
        format!(
            "{{ nodes(ids: {:?}) {{ id ... on Alumnus {{ {PERSON} }} }} }}",
            &ids[..n]
        )
    };
    let of_1 = n_statements(app, &recruiter, &document(1), 1).await;
    assert_eq!(n_statements(app, &recruiter, &document(100), 1).await, of_1);
    let answer = recruiter
        .ask(
            &format!("{{ nodes(ids: {:?}) {{ id }} }}", vec![ids[0]; 101]),
            Value::Null,
        )
        .await;
    assert_eq!(
        (answer.code(), answer.message()),
        ("BAD_USER_INPUT", "ids has 101 items; the maximum is 100")
    );
}
