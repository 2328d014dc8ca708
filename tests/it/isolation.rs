//! Two companies on one server: what belongs to the other one is missing, byte for byte.

use okaeri_engine::domain::Role;
use serde_json::{Value, json};

use crate::harness::{AOBA, Person, Row, TestApp, alumnus, contract_work, on_both_databases, role, slot};

/// Identifiers of a company's things, and texts that only it has.
struct Things {
    ids: Vec<(&'static str, String)>,
    cursors: Vec<String>,
}

fn rows(suffix: &str) -> Vec<Row> {
    vec![
        alumnus(&format!("a1{suffix}")),
        alumnus(&format!("a2{suffix}")),
        role(&format!("r1{suffix}")),
        slot(&format!("s1{suffix}")),
        contract_work(&format!("c1{suffix}")),
        role(&format!("r2{suffix}")).set("status", "DRAFT").incomplete(),
    ]
}

/// Everything with an identifier at a company, made through the API.
async fn things(app: &TestApp, company: &str, suffix: &str) -> Things {
    let (recruiter, aiko) = (&app.recruiter_of(company), &app.alumnus_of(company, &format!("a1{suffix}")));
    let administrator = app.person(company, Role::Administrator, "kanri", None);
    let (role, person) = (
        recruiter.opportunity_id(&format!("r1{suffix}")).await,
        recruiter.alumnus_id(&format!("a1{suffix}")).await,
    );
    let input = json!({"opportunityId": role, "alumnusId": person});
    let sent = recruiter
        .mutate("inviteCandidate", input, "invitation { id }")
        .await;
    let wish = json!({"kind": "ROLE", "words": "在庫管理", "isShownToRecruiters": true});
    let wish = aiko.mutate("setMyStandingWish", wish, "standingWish { id }").await;
    let note = json!({"kind": "POLICY", "text": "副業を認めた", "startsOn": "2026-04-01"});
    let note = administrator
        .mutate("createChangeNote", note, "changeNote { id }")
        .await;
    let own = aiko
        .query("{ company { id } viewer { consents { id } } }", Value::Null)
        .await;
    let list = "{ alumni(first: 1) { edges { cursor } } opportunities(first: 1) { edges { cursor } } }";
    let listed = recruiter.query(list, Value::Null).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut cursors = recruiter
        .candidates(&format!("r1{suffix}"), "first: 1")
        .await
        .cursors;
    cursors.extend(aiko.feed("first: 1").await.cursors);
    cursors.push(text(&listed["alumni"]["edges"][0]["cursor"]));
    cursors.push(text(&listed["opportunities"]["edges"][0]["cursor"]));
    Things {
        ids: vec![
            ("Alumnus", person),
            ("Role", role),
            (
                "SpeakerSlot",
                recruiter.opportunity_id(&format!("s1{suffix}")).await,
            ),
            (
                "ContractWork",
                recruiter.opportunity_id(&format!("c1{suffix}")).await,
            ),
            ("Invitation", text(&sent["invitation"]["id"])),
            ("Consent", text(&own["viewer"]["consents"][0]["id"])),
            ("Company", text(&own["company"]["id"])),
            ("StandingWish", text(&wish["standingWish"]["id"])),
            ("ChangeNote", text(&note["changeNote"]["id"])),
        ],
        cursors,
    }
}

/// An identifier of this type that nobody has.
fn missing(type_name: &str) -> String {
    use base64::Engine as _;
    let id = format!("{type_name}:019000000000700080000000deadbeef");
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(id)
}

/// A recorded list that nobody has.
fn missing_cursor() -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode("s:019000000000700080000000deadbeef:0")
}

/// Every argument that takes an identifier: a document, with `ID` where the identifier goes.
const DOCUMENTS: &[&str] = &[
    "{ node(id: \"ID\") { __typename id } }",
    "{ nodes(ids: [\"ID\", \"OWN\"]) { id } }",
    "mutation { updateRole(input: {id: \"ID\", title: \"x\", description: \"x\", remote: REMOTE}) { opportunity { id } userErrors { code message field } } }",
    "mutation { updateSpeakerSlot(input: {id: \"ID\", title: \"x\", description: \"x\", remote: REMOTE}) { opportunity { id } userErrors { code message field } } }",
    "mutation { updateContractWork(input: {id: \"ID\", title: \"x\", description: \"x\", remote: REMOTE}) { opportunity { id } userErrors { code message field } } }",
    "mutation { publishOpportunity(input: {id: \"ID\"}) { opportunity { id } userErrors { code message field } } }",
    "mutation { pauseOpportunity(input: {id: \"ID\"}) { opportunity { id } userErrors { code message field } } }",
    "mutation { closeOpportunity(input: {id: \"ID\"}) { opportunity { id } userErrors { code message field } } }",
    "mutation { inviteCandidate(input: {opportunityId: \"ID\", alumnusId: \"PERSON\"}) { invitation { id } userErrors { code message field } } }",
    "mutation { inviteCandidate(input: {opportunityId: \"OWN\", alumnusId: \"ID\"}) { invitation { id } userErrors { code message field } } }",
    "mutation { rejectCandidate(input: {opportunityId: \"ID\", alumnusId: \"PERSON\", reason: \"x\"}) { opportunity { id } userErrors { code message field } } }",
    "mutation { rejectCandidate(input: {opportunityId: \"OWN\", alumnusId: \"ID\", reason: \"x\"}) { opportunity { id } userErrors { code message field } } }",
    "mutation { updateChangeNote(input: {id: \"ID\", kind: POLICY, text: \"x\", startsOn: \"2026-04-01\"}) { changeNote { id } userErrors { code message field } } }",
    "mutation { deleteChangeNote(input: {id: \"ID\"}) { deletedId userErrors { code message field } } }",
    "mutation { expressInterest(input: {id: \"ID\"}) { opportunity { id } userErrors { code message field } } }",
    "mutation { declineOpportunity(input: {id: \"ID\", reason: PLACE}) { opportunity { id } userErrors { code message field } } }",
    "mutation { snoozeOpportunity(input: {id: \"ID\", until: \"2026-12-01\"}) { opportunity { id } userErrors { code message field } } }",
    "mutation { saveOpportunity(input: {id: \"ID\"}) { opportunity { id } userErrors { code message field } } }",
    "mutation { acceptInvitation(input: {id: \"ID\"}) { invitation { id } userErrors { code message field } } }",
    "mutation { declineInvitation(input: {id: \"ID\"}) { invitation { id } userErrors { code message field } } }",
];

/// Every argument that takes a cursor, with `CURSOR` where it goes.
const LISTS: &[&str] = &[
    "{ opportunity(externalId: \"r1x\") { candidates(after: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ opportunity(externalId: \"r1x\") { candidates(last: 1, before: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ viewer { opportunityFeed(after: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ viewer { invitations(after: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ alumni(query: \"在庫管理\", after: \"CURSOR\") { totalCount nodes { id } } }",
    "{ opportunities(query: \"物流\", after: \"CURSOR\") { totalCount nodes { id } } }",
];

/// Lists in order, whose cursors are bound to the company by a fingerprint.
const ORDERED: &[&str] = &[
    "{ alumni(after: \"CURSOR\") { totalCount nodes { id } } }",
    "{ opportunities(after: \"CURSOR\") { totalCount nodes { id } } }",
    "{ changeNotes(after: \"CURSOR\") { totalCount nodes { id } } }",
];

on_both_databases! {
    an_identifier_of_another_company_is_missing_in_every_argument_byte_for_byte;
    an_external_number_of_another_company_is_missing;
    a_cursor_of_another_company_is_refused_like_one_that_nobody_has;
    a_subscription_to_another_companys_opportunity_is_not_found;
    nothing_of_another_company_is_counted_or_moves_a_score;
}

async fn an_identifier_of_another_company_is_missing_in_every_argument_byte_for_byte(app: &TestApp) {
    app.create_company("midori", |_| {}, false).await;
    app.import(&rows("x")).await;
    app.import_into("midori", &rows("y")).await;
    let theirs = things(app, "midori", "y").await;
    let ours = things(app, AOBA, "x").await;
    let (own_role, own_person) = (&ours.ids[1].1, &ours.ids[0].1);
    let before = state_of(&app.recruiter_of("midori")).await;

    for viewer in [
        app.recruiter(),
        app.administrator(),
        app.employee(),
        app.alumnus("a1x"),
    ] {
        for document in DOCUMENTS {
            for (type_name, id) in &theirs.ids {
                let ask = async |id: &str| {
                    let document = document
                        .replace("OWN", own_role)
                        .replace("PERSON", own_person)
                        .replace("ID\"", &format!("{id}\""));
                    viewer.ask(&document, Value::Null).await.comparable()
                };
                let (foreign, none) = (ask(id).await, ask(&missing(type_name)).await);
                assert_eq!(
                    foreign, none,
                    "{document} with an id of another company's {type_name}"
                );
            }
        }
    }
    assert_eq!(
        state_of(&app.recruiter_of("midori")).await,
        before,
        "nothing of theirs has changed"
    );
}

async fn an_external_number_of_another_company_is_missing(app: &TestApp) {
    app.create_company("midori", |_| {}, false).await;
    app.import(&rows("x")).await;
    app.import_into("midori", &rows("y")).await;
    for viewer in [
        app.recruiter(),
        app.administrator(),
        app.employee(),
        app.alumnus("a1x"),
    ] {
        for (field, theirs, none) in [("alumnus", "a1y", "a1z"), ("opportunity", "r1y", "r1z")] {
            let ask = async |number: &str| {
                let document = format!("{{ {field}(externalId: \"{number}\") {{ id }} }}");
                viewer.ask(&document, Value::Null).await.comparable()
            };
            assert_eq!(ask(theirs).await, ask(none).await, "{field}");
        }
    }
}

async fn a_cursor_of_another_company_is_refused_like_one_that_nobody_has(app: &TestApp) {
    app.create_company("midori", |_| {}, false).await;
    app.import(&rows("x")).await;
    app.import_into("midori", &rows("y")).await;
    let theirs = things(app, "midori", "y").await;
    let ask = async |viewer: &Person, document: &str, cursor: &str| {
        viewer.ask(&document.replace("CURSOR", cursor), Value::Null).await
    };

    for viewer in [app.recruiter(), app.administrator(), app.alumnus("a1x")] {
        for document in LISTS {
            for cursor in &theirs.cursors[..2] {
                let foreign = ask(&viewer, document, cursor).await;
                let none = ask(&viewer, document, &missing_cursor()).await;
                assert_eq!(foreign.comparable(), none.comparable(), "{document}");
            }
        }
        for document in ORDERED {
            for cursor in &theirs.cursors {
                assert_eq!(
                    ask(&viewer, document, cursor).await.code(),
                    "BAD_USER_INPUT",
                    "{document}"
                );
            }
        }
    }
}

async fn a_subscription_to_another_companys_opportunity_is_not_found(app: &TestApp) {
    app.create_company("midori", |_| {}, false).await;
    app.import_into("midori", &rows("y")).await;
    app.import(&rows("x")).await;
    let theirs = app.recruiter_of("midori").opportunity_id("r1y").await;
    let document = "subscription($id: ID!) { candidatesChanged(opportunityId: $id) { opportunity { id } } }";
    for id in [theirs, missing("Role"), "r1y".to_owned()] {
        let mut socket = app.recruiter().socket().await;
        socket.subscribe("1", document, json!({"id": id})).await;
        assert_eq!(socket.refusal().await, "NOT_FOUND");
    }
}

async fn nothing_of_another_company_is_counted_or_moves_a_score(app: &TestApp) {
    let document = "{ changeNotes { totalCount } standingWishes { totalCount } alumni { totalCount } found: alumni(query: \"在庫管理\") { totalCount } opportunities { totalCount }
        opportunity(externalId: \"r1x\") { candidates { totalCount leftOut { rule count } edges { match { score } node { id } } } } }";
    app.import(&rows("x")).await;
    app.index().await;
    let alone = app.recruiter().query(document, Value::Null).await;

    app.create_company("midori", |_| {}, false).await;
    let many: Vec<Row> = (0..30)
        .map(|n| alumnus(&format!("b{n:03}")).skills(&["在庫管理", "物流企画"]))
        .collect();
    app.import_into("midori", &many).await;
    app.import_into("midori", &rows("x")).await;
    app.index_of("midori").await;

    assert_eq!(app.recruiter().query(document, Value::Null).await, alone);
}

/// What a recruiter of a company sees of all of it.
async fn state_of(recruiter: &Person) -> Value {
    let document =
        "{ alumni { nodes { externalId interests status } } opportunities { nodes { externalId title status
        viewerInteraction { kind } } } opportunity(externalId: \"r1y\") { candidates { nodes { id } } } }";
    recruiter.query(document, Value::Null).await
}
