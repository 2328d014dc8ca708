//! Statements per operation: constant, whatever the size of the page.

use okaeri_api::db::claims;
use okaeri_engine::domain::{Claim, ClaimDoubt, ClaimId, ClaimState, Claimed, PersonName};
use serde_json::{Value, json};

use crate::harness::{AOBA, Person, Row, TestApp, alumnus, contract_work, on_both_databases, role};

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
    a_page_of_100_claims_with_their_candidates_takes_as_many_statements_as_one;
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
    let administrator = app.administrator();
    let evaluations = "{ alumni(first: SIZE) { totalCount nodes { id evaluation } } }";
    let rules = "{ company { programme { history(first: SIZE) { totalCount nodes { version policy { kinds } } } } } }";
    let candidates = format!(
        "{{ opportunity(externalId: \"r01\") {{ candidates(first: SIZE) {{ totalCount edges {{ cursor rank
           candidacy {{ status }} node {{ {PERSON} }} match {{ score summary contributions {{ feature value text }} changeNotes {{ reason }} }} }} }} }} }}"
    );
    let list = format!("{{ alumni(first: SIZE) {{ totalCount nodes {{ {PERSON} }} }} }}");
    let search =
        format!("{{ alumni(query: \"在庫管理\", first: SIZE) {{ totalCount nodes {{ {PERSON} }}
            edges {{ searchMatch {{ reasons snippets {{ snippet }} }} }} facets {{ values {{ count }} }} }} }}");
    let recruiting =
        "{ opportunity(externalId: \"r01\") { seatsTaken candidacies(first: SIZE) { totalCount nodes {
        status alumnus { id } opportunity { id seatsTaken } invitation { status } history { nodes { to } }
        messages { nodes { text } } } } } }";
    let opportunity = recruiter.opportunity_id("r01").await;
    for number in 0..N_ROWS {
        let person = recruiter.alumnus_id(&format!("a{number:03}")).await;
        let input = json!({"opportunityId": opportunity, "alumnusId": person});
        recruiter.mutate("shortlistCandidate", input, "").await;
    }
    let offers = "{ opportunities(first: SIZE) { totalCount nodes { id title viewerInteraction { kind } viewerInvitation { id } } } }";
    let feed = "{ viewer { opportunityFeed(first: SIZE) { totalCount edges { node { id title
        viewerInteraction { kind } viewerInvitation { id } } match { score summary changeNotes { reason } standingWish { words } } } } } }";
    let wishes = "{ standingWishes(first: SIZE) { nodes { words alumnus { name { kanji } } } } changeNotes(first: SIZE) { nodes { text } } }";
    for (person, document) in [
        (&recruiter, candidates.as_str()),
        (&recruiter, list.as_str()),
        (&recruiter, recruiting),
        (&employee, search.as_str()),
        (&aiko, offers),
        (&aiko, feed),
        (&recruiter, wishes),
        (&administrator, evaluations),
        (&employee, rules),
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

async fn a_page_of_100_claims_with_their_candidates_takes_as_many_statements_as_one(app: &TestApp) {
    app.import(&[alumnus("a001").set("name", "山田 花子")]).await;
    let company_id = app.company_id(AOBA).await;
    let now = app.app.clock.now();
    let tx = app.app.db.begin_for(company_id).await.unwrap();
    for n in 0..N_ROWS {
        let claim = Claim {
            id: ClaimId(app.app.clock.new_id()),
            claimed: Claimed {
                name: PersonName {
                    kanji: "山田 花子".to_owned(),
                    kana: None,
                },
                email: format!("h{n}@example.com"),
                employee_number: None,
                tenure: None,
                department: Some("物流部".to_owned()),
            },
            requested_at: now,
            state: ClaimState::Pending {
                opened_at: now,
                doubt: ClaimDoubt::NoMatch,
                consents: Vec::new(),
            },
        };
        claims::insert(&tx, company_id, &claim).await.unwrap();
    }
    tx.commit().await.unwrap();
    let administrator = app.administrator();
    let document = "{ pendingClaims(first: SIZE) { totalCount nodes { id
        candidates { facts alumnus { externalId } } } } }";
    let of_1 = n_statements(app, &administrator, document, 1).await;
    for n in [20, 100] {
        assert_eq!(
            n_statements(app, &administrator, document, n).await,
            of_1,
            "a page of {n}"
        );
    }
    let data = administrator
        .query(&document.replace("SIZE", "100"), Value::Null)
        .await;
    let nodes = data["pendingClaims"]["nodes"].as_array().unwrap();
    assert_eq!(
        (nodes.len(), &data["pendingClaims"]["totalCount"]),
        (100, &json!(N_ROWS))
    );
    assert_eq!(
        nodes[99]["candidates"],
        json!([{"facts": ["NAME", "DEPARTMENT"], "alumnus": {"externalId": "a001"}}])
    );
}
