//! The fields of entities other than people by role, and those that are alike for everybody, along every path.

use serde_json::{Value, json};

use crate::harness::{Person, TestApp, alumnus, contract_work, on_both_databases, role, slot};
use crate::roles::{expected, fields};

/// Fields that are the same for everybody who may see the thing at all.
pub(crate) const SAME: &[(&str, &[&str])] = &[
    (
        "Opportunity",
        &[
            "kind",
            "title",
            "description",
            "department",
            "groupCompany",
            "requiredSkills",
            "preferredSkills",
            "products",
            "prefecture",
            "remote",
            "seats",
            "hoursPerWeek",
            "startsOn",
            "endsOn",
            "compensation",
            "closesAt",
            "createdAt",
        ],
    ),
    (
        "Role",
        &[
            "duties",
            "dutiesChangeRange",
            "place",
            "placeChangeRange",
            "contractTerm { isIndefinite }",
            "workingHours",
            "pay",
            "fixedOvertime",
            "fixedOvertimeYen",
            "fixedOvertimeHours",
            "isExcessOvertimePaid",
            "trialPeriod",
            "socialInsurance",
            "smokingMeasures",
            "employer",
            "employmentForm",
            "isForMandatoryRetirees",
            "ageException",
            "ageExceptionReason",
            "sexException",
            "physicalRequirementReason",
            "relocationRequirementReason",
        ],
    ),
    (
        "SpeakerSlot",
        &["topics", "audience", "heldOn", "heldAt", "format", "honorarium"],
    ),
    (
        "ContractWork",
        &[
            "parties",
            "commissionedOn",
            "scope",
            "period { startsOn endsOn }",
            "serviceFrom",
            "deliveredOn",
            "place",
            "isInspected",
            "inspectionOn",
            "fee",
            "paymentDueOn",
            "paymentMethod",
            "isPaidByMonthlyClosing",
            // Offered to all; the others are in `addressed`.
            "addressedTo { id }",
            "closingDay",
            "paymentDay",
            "paymentMonthsAfter",
            "paymentLimitOn",
            "isSubcontracted",
            "primeContractor",
            "primePaymentDueOn",
        ],
    ),
    (
        "Company",
        &[
            "slug",
            "name",
            "isDemonstration",
            "offeredKinds",
            "programme { returnWindowMonths }",
        ],
    ),
    ("Invitation", &["sentAt", "answeredAt"]),
];

/// Other fields of the company: as hiring staff see them, and as everybody else does.
pub(crate) const COMPANY: &[(&str, &str, &str)] = &[
    ("coordination { isEnabled }", r#"{"isEnabled": false}"#, "null"),
    (
        "learning { isOn decisions }",
        r#"{"isOn": false, "decisions": 0}"#,
        "null",
    ),
];

/// An invitation that its person declined, as hiring staff and as that person see it. To everybody else it is missing.
pub(crate) const INVITATION: &[(&str, &str, &str)] = &[
    (
        "opportunity { externalId }",
        r#"{"externalId": "r01"}"#,
        r#"{"externalId": "r01"}"#,
    ),
    (
        "alumnus { externalId }",
        r#"{"externalId": "a001"}"#,
        r#"{"externalId": "a001"}"#,
    ),
    ("message", r#""また一緒に""#, r#""また一緒に""#),
    ("status", r#""DECLINED""#, r#""DECLINED""#),
    ("declineReason", r#""PLACE""#, r#""PLACE""#),
    ("snoozedUntil", "null", "null"),
    (
        "candidacy { status }",
        r#"{"status": "DECLINED"}"#,
        r#"{"status": "DECLINED"}"#,
    ),
];

/// A consent, which only its person may read; to everybody else it is missing.
pub(crate) const CONSENT: &[&str] = &[
    "purpose",
    "textVersion",
    "text { version }",
    "givenAt",
    "source",
    "sourceDigest",
    "withdrawnAt",
];

/// What the viewer's own root says to administrator, recruiter, employee and alumnus.
pub(crate) const VIEWER: &[(&str, [&str; 4])] = &[
    (
        "role",
        [
            r#""ADMINISTRATOR""#,
            r#""RECRUITER""#,
            r#""EMPLOYEE""#,
            r#""ALUMNUS""#,
        ],
    ),
    ("company { slug }", [r#"{"slug": "aoba"}"#; 4]),
    ("unit", ["null"; 4]),
    (
        "alumnus { externalId }",
        ["null", "null", "null", r#"{"externalId": "a001"}"#],
    ),
    (
        "consents { withdrawnAt }",
        [
            "[]",
            "[]",
            "[]",
            r#"[{"withdrawnAt": null}, {"withdrawnAt": null}, {"withdrawnAt": null}, {"withdrawnAt": null}, {"withdrawnAt": null}]"#,
        ],
    ),
    (
        "eligibility { kind }",
        [
            "null",
            "null",
            "null",
            r#"[{"kind": "ROLE"}, {"kind": "SPEAKER_SLOT"}, {"kind": "CONTRACT_WORK"}]"#,
        ],
    ),
    (
        "glassBox { statisticsAnswers }",
        ["null", "null", "null", r#"{"statisticsAnswers": []}"#],
    ),
    (
        "exclusions { units }",
        ["null", "null", "null", r#"{"units": []}"#],
    ),
    (
        "changesSinceLeaving { totalCount }",
        ["null", "null", "null", r#"{"totalCount": 0}"#],
    ),
    (
        "candidacies { totalCount }",
        ["null", "null", "null", r#"{"totalCount": 0}"#],
    ),
    (
        "consultations { totalCount }",
        ["null", "null", "null", r#"{"totalCount": 0}"#],
    ),
    ("standingWishes { kind }", ["[]"; 4]),
    ("groupCompanies { isOwn }", ["null", "null", "null", "[]"]),
    (
        "invitations { totalCount }",
        ["null", "null", "null", r#"{"totalCount": 0}"#],
    ),
    (
        "opportunityFeed { totalCount }",
        ["null", "null", "null", r#"{"totalCount": 3}"#],
    ),
];

on_both_databases! {
    what_is_alike_for_everybody_is_alike_along_every_path;
    the_viewers_root_says_what_is_their_own;
    an_invitation_is_for_hiring_staff_and_its_person_along_every_path;
    a_consent_is_for_its_person_alone_along_every_path;
}

/// The fields that are the same for everybody, as a selection.
fn same(type_name: &str) -> String {
    let row = SAME.iter().find(|(name, _)| *name == type_name).unwrap();
    row.1.join(" ")
}

async fn everybody(app: &TestApp) -> [Person; 4] {
    app.import(&[
        alumnus("a001"),
        alumnus("a002"),
        role("r01"),
        slot("s01"),
        contract_work("c01"),
    ])
    .await;
    app.index().await;
    [
        app.administrator(),
        app.recruiter(),
        app.employee(),
        app.alumnus("a001"),
    ]
}

async fn what_is_alike_for_everybody_is_alike_along_every_path(app: &TestApp) {
    let people = everybody(app).await;
    for (type_name, number, place) in [
        ("Role", "r01", 0),
        ("SpeakerSlot", "s01", 1),
        ("ContractWork", "c01", 2),
    ] {
        let id = people[0].opportunity_id(number).await;
        let them = format!(
            "... on {type_name} {{ {} {} }}",
            same("Opportunity"),
            same(type_name)
        );
        let paths = [
            (
                format!("opportunity(externalId: \"{number}\") {{ {them} }}"),
                "/opportunity".to_owned(),
            ),
            (
                format!("node(id: \"{id}\") {{ ... on Opportunity {{ {them} }} }}"),
                "/node".to_owned(),
            ),
            (
                format!("nodes(ids: [\"{id}\"]) {{ {them} }}"),
                "/nodes/0".to_owned(),
            ),
            (
                format!("opportunities {{ nodes {{ {them} }} }}"),
                format!("/opportunities/nodes/{place}"),
            ),
            (
                format!("opportunities {{ edges {{ node {{ {them} }} }} }}"),
                format!("/opportunities/edges/{place}/node"),
            ),
        ];
        let mut all = Vec::new();
        for (field, path) in &paths {
            for person in &people {
                let data = person.query(&format!("{{ {field} }}"), Value::Null).await;
                all.push(
                    data.pointer(path)
                        .unwrap_or_else(|| panic!("{field}: {data}"))
                        .clone(),
                );
            }
        }
        assert!(all[0]["title"].is_string(), "{type_name}: {}", all[0]);
        assert!(all.iter().all(|one| *one == all[0]), "{type_name}: {all:?}");
    }
    let id = people[0].query("{ company { id } }", Value::Null).await["company"]["id"].take();
    let id = id.as_str().unwrap();
    let them = format!("{} {}", same("Company"), fields(COMPANY.iter().map(|row| row.0)));
    for (field, path) in [
        (format!("company {{ {them} }}"), "/company"),
        (format!("viewer {{ company {{ {them} }} }}"), "/viewer/company"),
        (
            format!("node(id: \"{id}\") {{ ... on Company {{ {them} }} }}"),
            "/node",
        ),
        (
            format!("nodes(ids: [\"{id}\"]) {{ ... on Company {{ {them} }} }}"),
            "/nodes/0",
        ),
    ] {
        for (column, person) in people.iter().enumerate() {
            let mut data = person.query(&format!("{{ {field} }}"), Value::Null).await;
            let seen = data.pointer_mut(path).unwrap();
            for (name, staff, others) in COMPANY {
                let name = name.split(' ').next().unwrap();
                let told: Value = serde_json::from_str(if column < 2 { staff } else { others }).unwrap();
                assert_eq!(seen[name].take(), told, "{field}");
            }
            assert_eq!(seen["slug"], "aoba", "{field}");
        }
    }
}

async fn the_viewers_root_says_what_is_their_own(app: &TestApp) {
    let people = everybody(app).await;
    let document = format!("{{ viewer {{ {} }} }}", fields(VIEWER.iter().map(|row| row.0)));
    for (column, person) in people.iter().enumerate() {
        let told = expected(VIEWER.iter().map(|row| (row.0, row.1[column])));
        assert_eq!(person.query(&document, Value::Null).await["viewer"], told);
    }
}

async fn an_invitation_is_for_hiring_staff_and_its_person_along_every_path(app: &TestApp) {
    let people = everybody(app).await;
    let [administrator, recruiter, employee, aiko] = &people;
    let input = json!({
        "opportunityId": recruiter.opportunity_id("r01").await,
        "alumnusId": recruiter.alumnus_id("a001").await,
        "message": "また一緒に",
    });
    let sent = recruiter
        .mutate("inviteCandidate", input.clone(), "invitation { id }")
        .await;
    let id = sent["invitation"]["id"].as_str().unwrap();
    let it = format!(
        "{} {}",
        fields(INVITATION.iter().map(|row| row.0)),
        same("Invitation")
    );
    let answered = aiko
        .mutate(
            "declineInvitation",
            json!({"id": id, "reason": "PLACE"}),
            &format!("invitation {{ {it} }}"),
        )
        .await;
    let mut as_staff = expected(INVITATION.iter().map(|row| (row.0, row.1)));
    let mut as_person = expected(INVITATION.iter().map(|row| (row.0, row.2)));
    for field in ["sentAt", "answeredAt"] {
        let told = &answered["invitation"][field];
        assert!(told.is_string());
        as_staff[field] = told.clone();
        as_person[field] = told.clone();
    }
    assert_eq!(answered["invitation"], as_person);
    let everyones = [
        (
            format!("node(id: \"{id}\") {{ ... on Invitation {{ {it} }} }}"),
            "/node",
        ),
        (
            format!("nodes(ids: [\"{id}\"]) {{ ... on Invitation {{ {it} }} }}"),
            "/nodes/0",
        ),
    ];
    let nothing = Value::Null;
    let other = app.alumnus("a002");
    for (viewer, told) in [
        (administrator, &as_staff),
        (recruiter, &as_staff),
        (aiko, &as_person),
        (employee, &nothing),
        (&other, &nothing),
    ] {
        for (field, path) in &everyones {
            let data = viewer.query(&format!("{{ {field} }}"), Value::Null).await;
            assert_eq!(data.pointer(path), Some(told), "{field}");
        }
    }
    let own = format!("{{ viewer {{ invitations {{ nodes {{ {it} }} edges {{ node {{ {it} }} }} }} }} }}");
    let listed = aiko.query(&own, Value::Null).await;
    assert_eq!(listed["viewer"]["invitations"]["nodes"], json!([as_person]));
    assert_eq!(listed["viewer"]["invitations"]["edges"][0]["node"], as_person);
    assert_eq!(
        other.query(&own, Value::Null).await["viewer"]["invitations"]["nodes"],
        json!([])
    );
    let offer = format!("{{ opportunity(externalId: \"r01\") {{ viewerInvitation {{ {it} }} }} }}");
    assert_eq!(
        aiko.query(&offer, Value::Null).await["opportunity"]["viewerInvitation"],
        as_person
    );
    for viewer in [administrator, recruiter, employee, &other] {
        assert_eq!(
            viewer.query(&offer, Value::Null).await["opportunity"]["viewerInvitation"],
            nothing
        );
    }
}

async fn a_consent_is_for_its_person_alone_along_every_path(app: &TestApp) {
    let people = everybody(app).await;
    let [administrator, recruiter, employee, aiko] = &people;
    let it = fields(CONSENT.iter().copied());
    let given = aiko
        .mutate(
            "giveConsent",
            json!({"purpose": "GROUP_SHARING", "textVersion": "2026-11"}),
            &format!("consent {{ id {it} }}"),
        )
        .await;
    let mut told = given["consent"].clone();
    assert_eq!(told["source"], "SELF");
    let id = told.as_object_mut().unwrap().remove("id").unwrap();
    let id = id.as_str().unwrap();
    let other = app.alumnus("a002");
    let nothing = Value::Null;
    for (field, path) in [
        (
            format!("node(id: \"{id}\") {{ ... on Consent {{ {it} }} }}"),
            "/node",
        ),
        (
            format!("nodes(ids: [\"{id}\"]) {{ ... on Consent {{ {it} }} }}"),
            "/nodes/0",
        ),
    ] {
        for (viewer, told) in [
            (aiko, &told),
            (administrator, &nothing),
            (recruiter, &nothing),
            (employee, &nothing),
            (&other, &nothing),
        ] {
            let data = viewer.query(&format!("{{ {field} }}"), Value::Null).await;
            assert_eq!(data.pointer(path), Some(told), "{field}");
        }
    }
    let own = format!("{{ viewer {{ consents {{ {it} }} }} }}");
    assert_eq!(aiko.query(&own, Value::Null).await["viewer"]["consents"][0], told);
}
