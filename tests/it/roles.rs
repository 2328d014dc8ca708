//! Who may do and see what: a table of root fields, and tables of the fields of people and opportunities, read along
//! every path. The other entities are in [`super::entities`]; [`super::complete`] fails on a field that is in none.

use okaeri_engine::domain::Role;
use serde_json::{Value, json};

use crate::harness::{AOBA, Person, TestApp, alumnus, on_both_databases, role, slot};

/// How a root field ends for a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Something, or a payload.
    Yes,
    /// Null, without an error.
    Null,
    /// Refused: another role's.
    Forbidden,
    /// Refused: nobody is signed in.
    Unauthenticated,
}

use End::{Forbidden as F, Null as N, Unauthenticated as U, Yes as Y};

/// An identifier of the right form that nobody has.
const MISSING_ROLE: &str = "Um9sZTowMTkwMDAwMDAwMDA3MDAwODAwMDAwMDAwMDAwMGZmZg";

/// Queries by administrator, recruiter, employee, alumnus and nobody. `$person` is another's record, `$role` an open
/// role.
pub(crate) const QUERIES: &[(&str, [End; 5])] = &[
    ("it: node(id: $role) { id }", [Y, Y, Y, Y, U]),
    ("it: node(id: $person) { id }", [Y, Y, Y, Y, U]),
    ("it: nodes(ids: [$role]) { id }", [Y, Y, Y, Y, U]),
    ("it: viewer { role }", [Y, Y, Y, Y, U]),
    ("it: company { slug }", [Y, Y, Y, Y, U]),
    ("it: company { programme { rules } }", [Y, Y, Y, Y, U]),
    ("it: opportunity(externalId: \"r01\") { id }", [Y, Y, Y, Y, U]),
    ("it: opportunity(externalId: \"draft\") { id }", [Y, Y, N, N, U]),
    ("it: alumnus(externalId: \"a001\") { id }", [Y, Y, N, Y, U]),
    ("it: alumnus(externalId: \"a002\") { id }", [Y, Y, N, N, U]),
    // Without any consent a record is the administrators' alone.
    ("it: alumnus(externalId: \"a003\") { id }", [Y, N, N, N, U]),
    ("it: alumni { totalCount }", [Y, Y, Y, Y, U]),
    (
        "it: alumni(filter: {isClaimed: false}) { totalCount }",
        [Y, Y, F, F, U],
    ),
    (
        "it: alumni(filter: {availableBy: \"2027-01\"}) { totalCount }",
        [Y, Y, F, F, U],
    ),
    ("it: corrections { totalCount }", [Y, F, F, F, U]),
    (
        "it: funnel(kind: ROLE, from: \"2026-11\", to: \"2026-11\") { smallCellLimit }",
        [Y, F, F, F, U],
    ),
    ("it: changeNotes { totalCount }", [Y, Y, Y, Y, U]),
    ("it: standingWishes { totalCount }", [Y, Y, N, N, U]),
    ("it: opportunities { totalCount }", [Y, Y, Y, Y, U]),
    ("it: auditRecords { totalCount }", [Y, N, N, N, U]),
    ("it: auditRecord(rankingId: \"x\") { isIntact }", [N, N, N, N, U]),
    ("it: pendingClaims { totalCount }", [Y, F, F, F, U]),
    ("it: consentTexts { version }", [Y, Y, Y, Y, U]),
    (
        "it: consentText(purpose: FEED, version: \"2026-11\") { text }",
        [Y, Y, Y, Y, U],
    ),
    (
        "it: consentText(purpose: FEED, version: \"none\") { text }",
        [N, N, N, N, U],
    ),
    (
        "it: opportunities(filter: {isComplete: false}) { totalCount }",
        [Y, Y, F, F, U],
    ),
    (
        "it: previewInvitations(opportunityId: $role, first: 1) { token }",
        [Y, Y, F, F, U],
    ),
    ("it: consultations { totalCount }", [Y, Y, F, F, U]),
];

/// Mutations alike; the inputs change nothing, or make a draft.
pub(crate) const MUTATIONS: &[(&str, &str, [End; 5])] = &[
    (
        "createRole",
        r#"{"title": "x", "description": "", "remote": "REMOTE"}"#,
        [Y, Y, F, F, U],
    ),
    (
        "createSpeakerSlot",
        r#"{"title": "x", "description": "", "remote": "REMOTE"}"#,
        [Y, Y, F, F, U],
    ),
    (
        "createContractWork",
        r#"{"title": "x", "description": "", "remote": "REMOTE"}"#,
        [Y, Y, F, F, U],
    ),
    (
        "updateRole",
        r#"{"id": "MISSING", "title": "x", "description": "", "remote": "REMOTE"}"#,
        [Y, Y, F, F, U],
    ),
    (
        "updateSpeakerSlot",
        r#"{"id": "MISSING", "title": "x", "description": "", "remote": "REMOTE"}"#,
        [Y, Y, F, F, U],
    ),
    (
        "updateContractWork",
        r#"{"id": "MISSING", "title": "x", "description": "", "remote": "REMOTE"}"#,
        [Y, Y, F, F, U],
    ),
    ("publishOpportunity", r#"{"id": "MISSING"}"#, [Y, Y, F, F, U]),
    ("pauseOpportunity", r#"{"id": "MISSING"}"#, [Y, Y, F, F, U]),
    ("closeOpportunity", r#"{"id": "MISSING"}"#, [Y, Y, F, F, U]),
    (
        "inviteCandidate",
        r#"{"opportunityId": "MISSING", "alumnusId": "x"}"#,
        [Y, Y, F, F, U],
    ),
    (
        "inviteCandidates",
        r#"{"opportunityId": "MISSING", "previewToken": "x"}"#,
        [Y, Y, F, F, U],
    ),
    ("withdrawInvitation", r#"{"id": "MISSING"}"#, [Y, Y, F, F, U]),
    (
        "shortlistCandidate",
        r#"{"opportunityId": "MISSING", "alumnusId": "x"}"#,
        [Y, Y, F, F, U],
    ),
    ("unlistCandidate", r#"{"id": "MISSING"}"#, [Y, Y, F, F, U]),
    ("recordAgreement", r#"{"id": "MISSING"}"#, [Y, Y, F, F, U]),
    (
        "recordOutcome",
        r#"{"id": "MISSING", "outcome": "REHIRED"}"#,
        [Y, Y, F, F, U],
    ),
    (
        "sendMessage",
        r#"{"id": "MISSING", "text": "x"}"#,
        [Y, Y, F, Y, U],
    ),
    (
        "rejectCandidate",
        r#"{"opportunityId": "MISSING", "alumnusId": "x", "reason": "x"}"#,
        [Y, Y, F, F, U],
    ),
    ("updateMyProfile", r#"{"skills": ["在庫管理"]}"#, [F, F, F, Y, U]),
    (
        "setMyInterests",
        r#"{"interests": ["REHIRE", "MENTORING"]}"#,
        [F, F, F, Y, U],
    ),
    (
        "setMyExclusions",
        r#"{"units": [], "staff": []}"#,
        [F, F, F, Y, U],
    ),
    (
        "setCoordination",
        r#"{"isEnabled": false, "expectedVersion": 0}"#,
        [Y, F, F, F, U],
    ),
    ("forgetDecisions", r#"{"isMeant": true}"#, [Y, F, F, F, U]),
    (
        "updatePolicy",
        r#"{"expectedVersion": 0, "policy": {"kinds": ["ROLE"], "quietPeriodDays": 0, "minimumTenureMonths": 0,
            "admission": {"matchedBy": [], "needsApproval": false}, "speakerRestDays": 0, "keepsEvaluations": false,
            "groupCompanies": []}}"#,
        [Y, F, F, F, U],
    ),
    (
        "giveConsent",
        r#"{"purpose": "FEED", "textVersion": "2026-11"}"#,
        [F, F, F, Y, U],
    ),
    (
        "updateConsentText",
        r#"{"purpose": "FEED", "japanese": "x", "english": "x", "expectedVersion": "none"}"#,
        [Y, F, F, F, U],
    ),
    (
        "setMyStandingWish",
        r#"{"kind": "ROLE", "words": "在庫管理"}"#,
        [F, F, F, Y, U],
    ),
    ("withdrawMyStandingWish", r#"{"kind": "ROLE"}"#, [F, F, F, Y, U]),
    (
        "createChangeNote",
        r#"{"kind": "POLICY", "text": "x", "startsOn": "2026-04-01"}"#,
        [Y, F, F, F, U],
    ),
    (
        "updateChangeNote",
        r#"{"id": "MISSING", "kind": "POLICY", "text": "x", "startsOn": "2026-04-01"}"#,
        [Y, F, F, F, U],
    ),
    ("deleteChangeNote", r#"{"id": "MISSING"}"#, [Y, F, F, F, U]),
    (
        "withdrawConsent",
        r#"{"purpose": "GROUP_SHARING"}"#,
        [F, F, F, Y, U],
    ),
    ("confirmMyProfile", r#"{"isCurrent": true}"#, [F, F, F, Y, U]),
    (
        "requestHumanReview",
        r#"{"opportunityId": "MISSING"}"#,
        [F, F, F, Y, U],
    ),
    (
        "answerReviewRequest",
        r#"{"id": "MISSING", "outcome": "NOT_THIS_TIME", "reason": "x"}"#,
        [Y, Y, F, F, U],
    ),
    ("requestCorrection", r#"{"nameKana": "ヤマダ"}"#, [F, F, F, Y, U]),
    ("approveCorrection", r#"{"id": "MISSING"}"#, [Y, F, F, F, U]),
    (
        "refuseCorrection",
        r#"{"id": "MISSING", "reason": "x"}"#,
        [Y, F, F, F, U],
    ),
    ("giveStatisticsData", r#"{"answers": ["WOMAN"]}"#, [F, F, F, Y, U]),
    ("withdrawStatisticsData", r#"{"isMeant": true}"#, [F, F, F, Y, U]),
    ("exportMyData", "{}", [F, F, F, Y, U]),
    // A wrong confirmation: nothing is done.
    ("eraseMe", r#"{"confirmation": ""}"#, [F, F, F, Y, U]),
    ("expressInterest", r#"{"id": "MISSING"}"#, [F, F, F, Y, U]),
    (
        "declineOpportunity",
        r#"{"id": "MISSING", "reason": "PLACE"}"#,
        [F, F, F, Y, U],
    ),
    (
        "snoozeOpportunity",
        r#"{"id": "MISSING", "until": "2026-12-01"}"#,
        [F, F, F, Y, U],
    ),
    ("saveOpportunity", r#"{"id": "MISSING"}"#, [F, F, F, Y, U]),
    ("acceptInvitation", r#"{"id": "MISSING"}"#, [F, F, F, Y, U]),
    ("declineInvitation", r#"{"id": "MISSING"}"#, [F, F, F, Y, U]),
    (
        "snoozeInvitation",
        r#"{"id": "MISSING", "until": "2026-12-01"}"#,
        [F, F, F, Y, U],
    ),
    (
        "askFirst",
        r#"{"opportunityId": "MISSING", "message": "x"}"#,
        [F, F, F, Y, U],
    ),
    ("withdrawMyInterest", r#"{"id": "MISSING"}"#, [F, F, F, Y, U]),
    (
        "requestSignInLink",
        r#"{"company": "aoba", "email": "nobody@example.jp"}"#,
        [Y, Y, Y, Y, Y],
    ),
    ("signIn", r#"{"token": "x"}"#, [Y, Y, Y, Y, Y]),
    (
        "requestClaim",
        r#"{"company": "aoba", "email": "nobody@example.jp", "name": "山田 花子", "employeeNumber": "1"}"#,
        [Y, Y, Y, Y, Y],
    ),
    ("openClaim", r#"{"token": "x"}"#, [Y, Y, Y, Y, Y]),
    ("claimRecord", r#"{"token": "x"}"#, [Y, Y, Y, Y, Y]),
    ("approveClaim", r#"{"id": "MISSING"}"#, [Y, F, F, F, U]),
    (
        "refuseClaim",
        r#"{"id": "MISSING", "reason": "x"}"#,
        [Y, F, F, F, U],
    ),
    (
        "changeMyEmail",
        r#"{"email": "a001@example.jp"}"#,
        [F, F, F, Y, U],
    ),
    ("confirmMyEmail", r#"{"token": "x"}"#, [Y, Y, Y, Y, Y]),
];

/// Subscriptions by administrator, recruiter, employee and alumnus, with what comes first. `ROLE` is an open role,
/// `CANDIDACY` the alumnus's for it; null means that there is no such thing.
pub(crate) const SUBSCRIPTIONS: &[(&str, &str, [End; 4])] = &[
    (
        r#"candidatesChanged(opportunityId: "ROLE") { candidates { totalCount } }"#,
        r#"{"candidates":{"totalCount":2}}"#,
        [Y, Y, F, F],
    ),
    (
        "feedChanged { opportunityFeed { totalCount } }",
        r#"{"opportunityFeed":{"totalCount":2}}"#,
        [F, F, F, Y],
    ),
    (
        r#"candidacyChanged(id: "CANDIDACY") { candidacy { status } }"#,
        r#"{"candidacy":{"status":"INVITED"}}"#,
        [Y, Y, N, Y],
    ),
];

/// Fields of another's record: as hiring staff see them, and as employees and other alumni do.
pub(crate) const PERSON: &[(&str, &str, &str)] = &[
    ("externalId", r#""a002""#, "null"),
    (
        "name { kanji }",
        r#"{"kanji": "人物 a002"}"#,
        r#"{"kanji": "人物 a002"}"#,
    ),
    ("email", r#""a002@example.jp""#, "null"),
    ("headline", r#""物流企画の担当者""#, "null"),
    ("summary", r#""倉庫の在庫計画を担当しました。""#, "null"),
    ("prefecture", r#""東京都""#, r#""東京都""#),
    ("skills", r#"["在庫管理"]"#, r#"["在庫管理"]"#),
    ("qualifications", r#"["簿記2級"]"#, r#"["簿記2級"]"#),
    (
        "languages { language }",
        r#"[{"language": "英語"}]"#,
        r#"[{"language": "英語"}]"#,
    ),
    (
        "tenures { department }",
        r#"[{"department": "物流部"}]"#,
        r#"[{"department": "物流部"}]"#,
    ),
    (
        "careerAfter { title }",
        r#"[{"title": "課長"}]"#,
        r#"[{"title": "課長"}]"#,
    ),
    (
        "interests",
        r#"["REHIRE", "SPEAKING", "MENTORING"]"#,
        r#"["MENTORING"]"#,
    ),
    ("workStyle { remote }", r#"{"remote": "ANY"}"#, "null"),
    ("confirmedOn", r#""2026-10-01""#, "null"),
    ("status", r#""UNCLAIMED""#, "null"),
    // Only the person and administrators, of whom both see that there is none here.
    ("evaluation", "null", "null"),
];

/// Fields of an opportunity that tell of people, as hiring staff, employees and an alumnus see them.
pub(crate) const OFFER: &[(&str, [&str; 3])] = &[
    ("externalId", [r#""r01""#, r#""r01""#, r#""r01""#]),
    ("status", [r#""OPEN""#, r#""OPEN""#, r#""OPEN""#]),
    ("hiringManager", [r#""bucho@aoba.example""#, "null", "null"]),
    ("missingTerms", ["[]", "null", "null"]),
    ("legalFindings { code }", ["[]", "null", "null"]),
    (
        "candidates { totalCount }",
        [r#"{"totalCount": 2}"#, "null", "null"],
    ),
    (
        "reviewRequests { totalCount }",
        [r#"{"totalCount": 1}"#, "null", "null"],
    ),
    (
        "candidacies { totalCount }",
        [r#"{"totalCount": 1}"#, "null", "null"],
    ),
    ("seatsTaken", ["0", "null", "null"]),
    (
        "viewerCandidacy { status }",
        ["null", "null", r#"{"status": "INVITED"}"#],
    ),
    (
        "viewerInteraction { kind }",
        ["null", "null", r#"{"kind": "SAVED"}"#],
    ),
    (
        "viewerInvitation { status }",
        ["null", "null", r#"{"status": "SENT"}"#],
    ),
];

pub(crate) async fn everybody(app: &TestApp) -> [(&'static str, Person); 5] {
    app.import(&[
        alumnus("a001").interests(&["REHIRE", "SPEAKING", "MENTORING"]),
        alumnus("a002").interests(&["REHIRE", "SPEAKING", "MENTORING"]),
        alumnus("a003").without("interests"),
        role("r01").set("hiringManager", "bucho@aoba.example"),
        slot("s01"),
        role("draft").set("status", "DRAFT").incomplete(),
    ])
    .await;
    app.index().await;
    [
        ("administrator", app.administrator()),
        ("recruiter", app.recruiter()),
        ("employee", app.employee()),
        ("alumnus", app.alumnus("a001")),
        ("nobody", app.nobody()),
    ]
}

fn end_of(answer: &crate::harness::Answer, field: &str) -> End {
    match (answer.code(), &answer.body["data"][field]) {
        ("", Value::Null) => N,
        ("", _) => Y,
        ("FORBIDDEN", Value::Null) => F,
        ("UNAUTHENTICATED", Value::Null) => U,
        other => panic!("{other:?}: {}", answer.body),
    }
}

pub(crate) fn fields(table: impl Iterator<Item = &'static str>) -> String {
    table.collect::<Vec<_>>().join(" ")
}

pub(crate) fn expected(table: impl Iterator<Item = (&'static str, &'static str)>) -> Value {
    let mut object = json!({});
    for (field, value) in table {
        let name = field.split(' ').next().unwrap();
        object[name] = serde_json::from_str(value).unwrap();
    }
    object
}

on_both_databases! {
    every_query_is_for_the_roles_in_the_table;
    every_mutation_is_for_the_roles_in_the_table;
    every_subscription_is_for_the_roles_in_the_table;
    a_person_looks_the_same_along_every_path_and_peers_see_no_wish_to_return;
    an_opportunity_looks_the_same_along_every_path_and_tells_only_staff_of_people;
    employees_and_alumni_cannot_find_somebody_by_words_that_they_may_not_read;
    the_filter_by_interest_tells_peers_nothing;
    a_token_for_a_record_that_is_not_there_signs_nobody_in;
}

async fn every_query_is_for_the_roles_in_the_table(app: &TestApp) {
    let people = everybody(app).await;
    let staff = app.administrator();
    let ids = json!({"role": staff.opportunity_id("r01").await, "person": staff.alumnus_id("a002").await});
    for (field, ends) in QUERIES {
        let declared = ["role", "person"]
            .into_iter()
            .filter(|name| field.contains(&format!("${name}")));
        let declared: Vec<String> = declared.map(|name| format!("${name}: ID!")).collect();
        let head = if declared.is_empty() {
            String::new()
        } else {
            format!("query({})", declared.join(", "))
        };
        for ((name, person), end) in people.iter().zip(ends) {
            let answer = person.ask(&format!("{head} {{ {field} }}"), ids.clone()).await;
            assert_eq!(end_of(&answer, "it"), *end, "{name}: {field}: {}", answer.body);
        }
    }
}

async fn every_mutation_is_for_the_roles_in_the_table(app: &TestApp) {
    // The table has more attempts to sign in and to join than one network or mail address is allowed in an hour.
    let app = &app
        .restarted_with(|config| {
            config.rates.sign_in_per_peer_per_hour = 1_000;
            config.rates.sign_in_per_email_per_hour = 1_000;
        })
        .await;
    let people = everybody(app).await;
    for (mutation, input, ends) in MUTATIONS {
        let input: Value = serde_json::from_str(&input.replace("MISSING", MISSING_ROLE)).unwrap();
        for ((name, person), end) in people.iter().zip(ends) {
            let answer = person.try_mutate(mutation, input.clone(), "").await;
            assert_eq!(
                end_of(&answer, mutation),
                *end,
                "{name}: {mutation}: {}",
                answer.body
            );
        }
    }
}

async fn every_subscription_is_for_the_roles_in_the_table(app: &TestApp) {
    let people = everybody(app).await;
    let (id, person) = (
        app.administrator().opportunity_id("r01").await,
        app.administrator().alumnus_id("a001").await,
    );
    let input = json!({"opportunityId": id, "alumnusId": person});
    let selection = "invitation { candidacy { id } }";
    let sent = app.recruiter().mutate("inviteCandidate", input, selection).await;
    let candidacy = sent["invitation"]["candidacy"]["id"].as_str().unwrap();
    for (field, first, ends) in SUBSCRIPTIONS {
        let field = field.replace("ROLE", &id).replace("CANDIDACY", candidacy);
        let document = format!("subscription {{ {field} }}");
        let name = field.split(['(', ' ']).next().unwrap();
        // Nobody gets as far as a subscription: the handshake refuses.
        for ((who, person), end) in people[..4].iter().zip(ends) {
            let mut socket = person.socket().await;
            socket.subscribe("1", &document, Value::Null).await;
            match end {
                Y => assert_eq!(socket.event().await[name].to_string(), *first, "{who}: {name}"),
                F => assert_eq!(socket.refusal().await, "FORBIDDEN", "{who}: {name}"),
                N => assert_eq!(socket.refusal().await, "NOT_FOUND", "{who}: {name}"),
                U => panic!("{name} sends something or is refused"),
            }
        }
    }
}

async fn a_person_looks_the_same_along_every_path_and_peers_see_no_wish_to_return(app: &TestApp) {
    everybody(app).await;
    let staff = app.administrator();
    let (role, person) = (staff.opportunity_id("r01").await, staff.alumnus_id("a002").await);
    let sent = app
        .recruiter()
        .mutate(
            "inviteCandidate",
            json!({"opportunityId": role, "alumnusId": person}),
            "invitation { id }",
        )
        .await;
    let ids = json!({"role": role, "person": person, "invitation": sent["invitation"]["id"]});
    let them = fields(PERSON.iter().map(|row| row.0));
    let as_staff = expected(PERSON.iter().map(|row| (row.0, row.1)));
    let as_peer = expected(PERSON.iter().map(|row| (row.0, row.2)));

    let everyones = [
        (
            format!("node(id: $person) {{ ... on Alumnus {{ {them} }} }}"),
            "/node",
        ),
        (
            format!("node(id: $person) {{ ... on Node {{ ... on Alumnus {{ {them} }} }} }}"),
            "/node",
        ),
        (
            format!("nodes(ids: [$role, $person]) {{ ... on Alumnus {{ {them} }} }}"),
            "/nodes/1",
        ),
        (format!("alumni {{ nodes {{ {them} }} }}"), "/alumni/nodes/1"),
        (
            format!("alumni {{ edges {{ node {{ {them} }} }} }}"),
            "/alumni/edges/1/node",
        ),
        (
            format!("alumni(query: \"在庫管理\", last: 1) {{ nodes {{ {them} }} }}"),
            "/alumni/nodes/0",
        ),
    ];
    let staffs = [
        (format!("alumnus(externalId: \"a002\") {{ {them} }}"), "/alumnus"),
        (
            format!("node(id: $role) {{ ... on Role {{ candidates(last: 1) {{ nodes {{ {them} }} }} }} }}"),
            "/node/candidates/nodes/0",
        ),
        (
            format!(
                "node(id: $role) {{ ... on Opportunity {{ candidates(last: 1) {{ edges {{ node {{ {them} }} }} }} }} }}"
            ),
            "/node/candidates/edges/0/node",
        ),
        (
            format!("node(id: $invitation) {{ ... on Invitation {{ alumnus {{ {them} }} }} }}"),
            "/node/alumnus",
        ),
    ];
    let look = async |viewer: &Person, field: &str, path: &str| {
        let declared = ["role", "person", "invitation"]
            .into_iter()
            .filter(|name| field.contains(&format!("${name}")));
        let declared: Vec<String> = declared.map(|name| format!("${name}: ID!")).collect();
        let head = if declared.is_empty() {
            String::new()
        } else {
            format!("query({})", declared.join(", "))
        };
        let data = viewer.query(&format!("{head} {{ {field} }}"), ids.clone()).await;
        data.pointer(path)
            .unwrap_or_else(|| panic!("{field}: {data}"))
            .clone()
    };
    for (field, path) in &everyones {
        for viewer in [app.administrator(), app.recruiter()] {
            assert_eq!(look(&viewer, field, path).await, as_staff, "{field}");
        }
        for viewer in [app.employee(), app.alumnus("a001")] {
            assert_eq!(look(&viewer, field, path).await, as_peer, "{field}");
        }
    }
    for (field, path) in &staffs {
        for viewer in [app.administrator(), app.recruiter()] {
            assert_eq!(look(&viewer, field, path).await, as_staff, "{field}");
        }
    }
    // Not even that somebody was approached.
    for viewer in [app.employee(), app.alumnus("a001")] {
        let document = "query($id: ID!) { node(id: $id) { id } }";
        let data = viewer.query(document, json!({"id": ids["invitation"]})).await;
        assert_eq!(data["node"], Value::Null);
    }
    // Payloads and events, where only hiring staff and the person get so far.
    let selection = format!("invitation {{ alumnus {{ {them} }} }}");
    let again = app
        .recruiter()
        .mutate(
            "inviteCandidate",
            json!({"opportunityId": role, "alumnusId": person}),
            &selection,
        )
        .await;
    assert_eq!(again["invitation"]["alumnus"], as_staff);
    let own = app
        .alumnus("a002")
        .mutate("updateMyProfile", json!({}), &format!("alumnus {{ {them} }}"))
        .await;
    assert_eq!(own["alumnus"]["email"], as_staff["email"]);
    let mut socket = app.recruiter().socket().await;
    let document = format!(
        "subscription($id: ID!) {{ candidatesChanged(opportunityId: $id) {{ candidates(last: 1) {{ nodes {{ {them} }} }} }} }}"
    );
    socket.subscribe("1", &document, json!({"id": role})).await;
    let mut seen = socket.event().await["candidatesChanged"]["candidates"]["nodes"][0].take();
    seen["confirmedOn"] = as_staff["confirmedOn"].clone();
    assert_eq!(seen, as_staff);
}

async fn an_opportunity_looks_the_same_along_every_path_and_tells_only_staff_of_people(app: &TestApp) {
    everybody(app).await;
    let staff = app.administrator();
    let (role, person) = (staff.opportunity_id("r01").await, staff.alumnus_id("a001").await);
    let aiko = app.alumnus("a001");
    let it = fields(OFFER.iter().map(|row| row.0));
    let saved = format!("opportunity {{ ... on Role {{ {it} }} }}");
    aiko.mutate("saveOpportunity", json!({"id": role}), "").await;
    aiko.mutate("requestHumanReview", json!({"opportunityId": role}), "")
        .await;
    app.recruiter()
        .mutate(
            "inviteCandidate",
            json!({"opportunityId": role, "alumnusId": person}),
            "",
        )
        .await;

    let paths = [
        (
            format!("opportunity(externalId: \"r01\") {{ {it} }}"),
            "/opportunity",
        ),
        (
            format!("opportunity(externalId: \"r01\") {{ ... on Role {{ {it} }} }}"),
            "/opportunity",
        ),
        (
            format!("node(id: \"{role}\") {{ ... on Opportunity {{ {it} }} }}"),
            "/node",
        ),
        (
            format!("nodes(ids: [\"{role}\"]) {{ ... on Role {{ {it} }} }}"),
            "/nodes/0",
        ),
        (
            format!("opportunities {{ nodes {{ {it} }} }}"),
            "/opportunities/nodes/0",
        ),
        (
            format!("opportunities(query: \"物流企画\") {{ edges {{ node {{ {it} }} }} }}"),
            "/opportunities/edges/0/node",
        ),
    ];
    for (column, viewers) in [
        vec![app.administrator(), app.recruiter()],
        vec![app.employee()],
        vec![app.alumnus("a001")],
    ]
    .iter()
    .enumerate()
    {
        let expected = expected(OFFER.iter().map(|row| (row.0, row.1[column])));
        for (field, path) in &paths {
            for viewer in viewers {
                let data = viewer.query(&format!("{{ {field} }}"), Value::Null).await;
                assert_eq!(data.pointer(path), Some(&expected), "{field}: {data}");
            }
        }
    }
    let as_alumnus = expected(OFFER.iter().map(|row| (row.0, row.1[2])));
    let fed = aiko
        .query(
            &format!("{{ viewer {{ opportunityFeed(kinds: [ROLE]) {{ nodes {{ {it} }} }} }} }}"),
            Value::Null,
        )
        .await;
    assert_eq!(fed["viewer"]["opportunityFeed"]["nodes"][0], as_alumnus);
    let invited = aiko
        .query(
            &format!("{{ viewer {{ invitations {{ nodes {{ opportunity {{ {it} }} }} }} }} }}"),
            Value::Null,
        )
        .await;
    assert_eq!(
        invited["viewer"]["invitations"]["nodes"][0]["opportunity"],
        as_alumnus
    );
    assert_eq!(
        aiko.mutate("saveOpportunity", json!({"id": role}), &saved).await["opportunity"],
        as_alumnus
    );
    let mut socket = aiko.socket().await;
    let document =
        format!("subscription {{ feedChanged {{ opportunityFeed(kinds: [ROLE]) {{ nodes {{ {it} }} }} }} }}");
    socket.subscribe("1", &document, Value::Null).await;
    assert_eq!(
        socket.event().await["feedChanged"]["opportunityFeed"]["nodes"][0],
        as_alumnus
    );
}

async fn employees_and_alumni_cannot_find_somebody_by_words_that_they_may_not_read(app: &TestApp) {
    app.import(&[
        alumnus("a001")
            .set("summary", "養蜂の経験もあります。")
            .set("headline", "鵜飼の案内人"),
        alumnus("a002"),
    ])
    .await;
    app.index().await;
    for words in ["養蜂", "鵜飼"] {
        for viewer in [app.recruiter(), app.administrator()] {
            assert_eq!(viewer.search(words).await, ["人物 a001"], "{words}");
        }
        for viewer in [app.employee(), app.alumnus("a002")] {
            assert_eq!(viewer.search(words).await, Vec::<String>::new(), "{words}");
        }
    }
    assert_eq!(
        app.employee().search("在庫管理").await.len(),
        2,
        "what they may read"
    );
}

async fn the_filter_by_interest_tells_peers_nothing(app: &TestApp) {
    app.import(&[
        alumnus("a001").interests(&["REHIRE"]),
        alumnus("a002").interests(&["MENTORING"]),
    ])
    .await;
    let document = "query($of: [Interest!]) { alumni(filter: {interests: $of}) { totalCount } }";
    let total = async |viewer: Person, of: Value| {
        viewer.query(document, json!({"of": of})).await["alumni"]["totalCount"].clone()
    };

    assert_eq!(total(app.recruiter(), json!(["REHIRE"])).await, 1);
    assert_eq!(total(app.employee(), json!(["REHIRE"])).await, 0);
    assert_eq!(total(app.employee(), json!(["MENTORING"])).await, 1);
    assert_eq!(total(app.employee(), json!([])).await, 0);
    assert_eq!(total(app.employee(), Value::Null).await, 2);
}

async fn a_token_for_a_record_that_is_not_there_signs_nobody_in(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    for person in [
        app.alumnus("a999"),
        app.person("nowhere", Role::Administrator, "kanri", None),
        app.person(AOBA, Role::Alumnus, "a001", None),
        app.with_token("no.token.atall"),
    ] {
        let answer = person.ask("{ viewer { role } }", Value::Null).await;
        assert_eq!(
            (answer.status, answer.code()),
            (401, "UNAUTHENTICATED"),
            "{}",
            answer.body
        );
    }
}
