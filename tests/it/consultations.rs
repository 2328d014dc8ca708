//! 相談: "I want to talk" is no application, and whoever hires never learns of it.

use okaeri_engine::domain::Role;
use serde_json::{Value, json};

use crate::harness::{Person, TestApp, alumnus, on_both_databases, role};

/// Everything that staff can read in which a consultation could show, apart from what differs at every call.
async fn observed(viewer: &Person, ids: &Value) -> String {
    let document = "query($role: ID!, $person: ID!, $consultation: ID!) {
        node(id: $consultation) { __typename } nodes(ids: [$consultation, $person]) { id }
        consultations { totalCount nodes { id } pageInfo { hasNextPage } }
        alumni { totalCount nodes { id status interests } }
        previewInvitations(opportunityId: $role, first: 10) { invitees { id } skipped { obstacle alumnus { id } } }
        opportunity(externalId: \"r01\") { status seats seatsTaken
            candidates { totalCount leftOut { rule count } edges { rank node { id } match { score }
                candidacy { status version changedAt history { totalCount nodes { to } } messages { totalCount } } } }
            candidacies { totalCount nodes { id status version changedAt invitation { status answeredAt }
                history { totalCount nodes { from to reason } } messages { totalCount nodes { text } } } } } }";
    let answer = viewer.ask(document, ids.clone()).await;
    let mut seen = answer.comparable();
    for mutation in ["sendMessage"] {
        let input = json!({"id": ids["consultation"], "text": "x"});
        seen += &viewer
            .try_mutate(mutation, input, "message { text }")
            .await
            .comparable();
    }
    let audited = viewer
        .user_errors("unlistCandidate", json!({"id": ids["consultation"]}))
        .await;
    seen + &audited.join(" ")
}

on_both_databases! {
    staff_of_the_hiring_unit_see_no_difference_between_a_consultation_and_none;
    staff_outside_the_hiring_unit_and_the_person_read_and_answer_it;
    whoever_the_person_excludes_and_peers_learn_nothing_of_it;
    no_live_view_of_the_hiring_unit_moves_by_a_consultation;
    a_consultation_is_neither_an_application_nor_an_answer;
}

async fn invited(app: &TestApp) -> (Value, Value) {
    let offer = role("r01").set("hiringManager", "bucho@aoba.example");
    app.import(&[alumnus("a001"), alumnus("a002"), offer]).await;
    let recruiter = app.recruiter();
    let (opportunity, person) = (
        recruiter.opportunity_id("r01").await,
        recruiter.alumnus_id("a001").await,
    );
    let input = json!({"opportunityId": opportunity, "alumnusId": person});
    let sent = recruiter
        .mutate("inviteCandidate", input, "invitation { id candidacy { id } }")
        .await;
    (
        json!({"role": opportunity, "person": person}),
        sent["invitation"].clone(),
    )
}

async fn staff_of_the_hiring_unit_see_no_difference_between_a_consultation_and_none(app: &TestApp) {
    let (ids, _) = invited(app).await;
    let missing = "Q29uc3VsdGF0aW9uOjAxOTAwMDAwMDAwMDcwMDA4MDAwMDAwMGRlYWRiZWVm";
    let hiring = [
        app.staff_of(Role::Recruiter, "genba", "物流部"),
        app.staff_of(Role::Administrator, "bucho", " 物流 部 "),
        app.staff_of(Role::Recruiter, "kacho", "物流部/配送課"),
        app.staff_of_company("aoba", Role::Recruiter, "BUCHO@aoba.example", None),
    ];
    let with = |consultation: &str| {
        let mut ids = ids.clone();
        ids["consultation"] = json!(consultation);
        ids
    };
    let mut before = Vec::new();
    for viewer in &hiring {
        before.push(observed(viewer, &with(missing)).await);
    }

    let asked = json!({"opportunityId": ids["role"], "message": "育児と両立できますか"});
    let asked = app
        .alumnus("a001")
        .mutate("askFirst", asked, "consultation { id }")
        .await;
    let consultation = asked["consultation"]["id"].as_str().unwrap();

    for (viewer, before) in hiring.iter().zip(before) {
        let after = observed(viewer, &with(consultation)).await;
        assert_eq!(after, before);
        assert!(!after.contains("育児"));
    }
    let outside = observed(&app.recruiter(), &with(consultation)).await;
    assert!(
        outside.contains("\"totalCount\":1"),
        "the test can see one where there is one"
    );
}

async fn staff_outside_the_hiring_unit_and_the_person_read_and_answer_it(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01")]).await;
    let aiko = app.alumnus("a001");
    let id = aiko.opportunity_id("r01").await;
    let ask = json!({"opportunityId": id, "message": "在宅はできますか"});
    let selection = "consultation { id messages { totalCount nodes { text isOwn authorRole } } }";
    let asked = aiko.mutate("askFirst", ask.clone(), selection).await["consultation"].clone();
    assert_eq!(asked["messages"]["nodes"][0]["isOwn"], true);
    let again = aiko.mutate("askFirst", ask, selection).await["consultation"].clone();
    assert_eq!(again["id"], asked["id"], "one for each opportunity");
    assert_eq!(again["messages"]["totalCount"], 2);

    let list = "{ consultations { totalCount nodes { id alumnus { externalId } messages(last: 1) { nodes { text } } } } }";
    for viewer in [
        app.recruiter(),
        app.administrator(),
        app.staff_of(Role::Recruiter, "jinji", "人事部"),
    ] {
        let seen = viewer.query(list, Value::Null).await;
        assert_eq!(seen["consultations"]["nodes"][0]["alumnus"]["externalId"], "a001");
    }
    let reply = json!({"id": asked["id"], "text": "週2日まで可能です"});
    app.recruiter().mutate("sendMessage", reply.clone(), "").await;
    okaeri_api::worker::run_jobs(&app.app).await.unwrap();
    let mails = app.mails();
    assert_eq!(mails.len(), 1, "to the person alone");
    for told in ["週2日", "物流企画", "在宅", "相談"] {
        assert!(!decoded(&mails[0]).contains(told), "{told}");
    }
    let own = "{ viewer { consultations { totalCount nodes { messages { nodes { text authorRole } } } } } }";
    let seen = aiko.query(own, Value::Null).await;
    let messages = &seen["viewer"]["consultations"]["nodes"][0]["messages"]["nodes"];
    assert_eq!(
        messages[2],
        json!({"text": "週2日まで可能です", "authorRole": "RECRUITER"})
    );
    let other = app.alumnus("a002");
    assert_eq!(
        other.query(own, Value::Null).await["viewer"]["consultations"]["totalCount"],
        0
    );
    assert_eq!(other.user_errors("sendMessage", reply).await, ["NOT_FOUND"]);
}

async fn whoever_the_person_excludes_and_peers_learn_nothing_of_it(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01")]).await;
    let aiko = app.alumnus("a001");
    let excluded = json!({"units": ["人事部"], "staff": []});
    aiko.mutate("setMyExclusions", excluded, "").await;
    let ask = json!({"opportunityId": aiko.opportunity_id("r01").await, "message": "在宅はできますか"});
    let asked = aiko.mutate("askFirst", ask, "consultation { id }").await["consultation"]["id"].clone();

    let node = "query($id: ID!) { node(id: $id) { id } }";
    let (id, reply) = (json!({"id": asked}), json!({"id": asked, "text": "可能です"}));
    let jinji = app.staff_of(Role::Recruiter, "jinji", "人事部");
    // Staff without a unit might be of that one.
    for viewer in [jinji, app.administrator(), app.employee(), app.alumnus("a002")] {
        assert_eq!(viewer.query(node, id.clone()).await["node"], Value::Null);
        if viewer
            .ask("{ consultations { totalCount } }", Value::Null)
            .await
            .body["errors"]
            .is_null()
        {
            let listed = viewer
                .query("{ consultations { totalCount } }", Value::Null)
                .await;
            assert_eq!(listed["consultations"]["totalCount"], 0);
            assert_eq!(
                viewer.user_errors("sendMessage", reply.clone()).await,
                ["NOT_FOUND"]
            );
        }
    }
    let houmu = app.staff_of(Role::Recruiter, "houmu", "法務部");
    assert_eq!(houmu.query(node, id).await["node"], json!({"id": asked}));
    houmu.mutate("sendMessage", reply, "").await;
}

/// The text of a mail, whose body is base64.
fn decoded(mail: &str) -> String {
    use base64::Engine as _;
    let body: String = mail
        .split("\r\n\r\n")
        .skip(1)
        .collect::<String>()
        .split_whitespace()
        .collect();
    let bytes = base64::engine::general_purpose::STANDARD.decode(body);
    bytes.map_or_else(|_| mail.to_owned(), |bytes| String::from_utf8(bytes).unwrap())
}

async fn no_live_view_of_the_hiring_unit_moves_by_a_consultation(app: &TestApp) {
    let (ids, invitation) = invited(app).await;
    app.import(&[role("r02")]).await;
    let hiring = app.staff_of(Role::Recruiter, "genba", "物流部");
    let other = hiring.opportunity_id("r02").await;
    let document = "subscription($id: ID!) { candidatesChanged(opportunityId: $id) {
        candidates { edges { candidacy { status } } } } }";
    let (mut about_it, mut elsewhere) = (hiring.socket().await, hiring.socket().await);
    about_it
        .subscribe("1", document, json!({"id": ids["role"]}))
        .await;
    about_it.event().await;
    elsewhere.subscribe("1", document, json!({"id": other})).await;
    elsewhere.event().await;

    let asked = json!({"opportunityId": ids["role"], "message": "在宅はできますか"});
    app.alumnus("a001").mutate("askFirst", asked, "").await;
    let noted = json!({"opportunityId": other, "alumnusId": ids["person"]});
    hiring.mutate("shortlistCandidate", noted, "").await;
    app.app.projections.catch_up_all().await.unwrap();
    // The later of the two views has moved; had the earlier one, its event would lie before that of the answer.
    assert!(elsewhere.event().await.to_string().contains("SHORTLISTED"));
    app.alumnus("a001")
        .mutate("acceptInvitation", json!({"id": invitation["id"]}), "")
        .await;
    app.app.projections.catch_up_all().await.unwrap();
    let event = about_it.event().await;
    assert!(event.to_string().contains("ACCEPTED"), "{event}");
}

async fn a_consultation_is_neither_an_application_nor_an_answer(app: &TestApp) {
    let (ids, invitation) = invited(app).await;
    let aiko = app.alumnus("a001");
    let asked = json!({"opportunityId": ids["role"], "message": "在宅はできますか"});
    aiko.mutate("askFirst", asked, "").await;
    let data = aiko
        .query(
            "{ viewer { invitations { nodes { status } } candidacies { nodes { status } } } }",
            Value::Null,
        )
        .await;
    assert_eq!(
        data["viewer"]["invitations"]["nodes"],
        json!([{"status": "SENT"}])
    );
    assert_eq!(
        data["viewer"]["candidacies"]["nodes"],
        json!([{"status": "INVITED"}])
    );
    let accepted = aiko
        .mutate(
            "acceptInvitation",
            json!({"id": invitation["id"]}),
            "invitation { status }",
        )
        .await;
    assert_eq!(accepted["invitation"]["status"], "ACCEPTED");
}
