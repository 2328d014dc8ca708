//! From a draft to an answer: what recruiters post, whom they approach, and what comes back.

use serde_json::{Value, json};

use crate::harness::{Person, TestApp, alumnus, contract_work, on_both_databases, role};

fn merged(mut base: Value, changes: &Value) -> Value {
    for (key, value) in changes.as_object().unwrap() {
        base[key] = value.clone();
    }
    base
}

fn role_input() -> Value {
    json!({"title": "物流企画", "description": "在庫管理と配送計画", "remote": "HYBRID", "requiredSkills": ["在庫管理"]})
}

fn role_terms() -> Value {
    json!({
        "duties": "物流の企画", "dutiesChangeRange": "会社の定める業務", "place": "東京本社",
        "placeChangeRange": "会社の定める場所", "contractTerm": {"indefinite": true}, "workingHours": "9時から18時",
        "pay": "月給50万円", "fixedOvertime": "なし", "trialPeriod": "なし", "socialInsurance": "社会保険完備",
        "smokingMeasures": "敷地内禁煙", "employer": "青葉ホールディングス株式会社"
    })
}

fn work_input(payment_due_on: &str) -> Value {
    json!({
        "title": "配送計画の見直し", "description": "手順書を書き直す", "remote": "REMOTE", "requiredSkills": ["在庫管理"],
        "parties": "当社と受託者", "commissionedOn": "2026-10-01", "scope": "手順書一式", "deliveredOn": "2026-11-10",
        "place": "オンライン", "fee": "20万円", "paymentDueOn": payment_due_on, "paymentMethod": "銀行振込"
    })
}

async fn created(recruiter: &Person, mutation: &str, input: Value) -> String {
    let payload = recruiter
        .mutate(mutation, input, "opportunity { id status }")
        .await;
    assert_eq!(payload["opportunity"]["status"], "DRAFT");
    payload["opportunity"]["id"].as_str().unwrap().to_owned()
}

on_both_databases! {
    a_role_goes_from_draft_to_open_when_complete_and_then_to_paused_and_closed;
    each_missing_term_of_the_other_kinds_has_its_code;
    contract_work_delivered_on_10_november_is_paid_by_8_january;
    the_same_idempotency_key_gives_the_first_answer_and_writes_once;
    an_external_number_is_taken_once_in_a_company;
    what_is_wrong_with_a_draft_is_named_with_its_field_and_limit;
    an_update_of_another_kind_finds_nothing;
    an_invitation_reaches_the_person_and_is_answered_once;
    only_a_candidate_can_be_invited_and_only_while_it_is_open;
    a_rejection_takes_a_reason_and_leaves_the_list_at_once;
    interest_is_recorded_once_and_only_in_what_the_person_may_see;
}

async fn a_role_goes_from_draft_to_open_when_complete_and_then_to_paused_and_closed(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let id = created(
        &recruiter,
        "createRole",
        merged(role_input(), &json!({"externalId": "r01"})),
    )
    .await;
    let total = async || recruiter.candidates("r01", "").await.total;
    assert_eq!(total().await, 0);

    let payload = recruiter
        .payload("publishOpportunity", json!({"id": id}), "opportunity { id }")
        .await;
    assert_eq!(payload["opportunity"], Value::Null);
    let codes: Vec<_> = payload["userErrors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["code"].as_str().unwrap())
        .collect();
    assert_eq!(
        codes,
        [
            "MISSING_DUTIES",
            "MISSING_DUTIES_CHANGE_RANGE",
            "MISSING_PLACE",
            "MISSING_PLACE_CHANGE_RANGE",
            "MISSING_CONTRACT_TERM",
            "MISSING_WORKING_HOURS",
            "MISSING_PAY",
            "MISSING_FIXED_OVERTIME",
            "MISSING_TRIAL_PERIOD",
            "MISSING_SOCIAL_INSURANCE",
            "MISSING_SMOKING_MEASURES",
            "MISSING_EMPLOYER",
        ]
    );
    let data = recruiter
        .query(
            "{ opportunity(externalId: \"r01\") { status missingTerms } }",
            Value::Null,
        )
        .await;
    assert_eq!(data["opportunity"]["status"], "DRAFT");
    assert_eq!(
        data["opportunity"]["missingTerms"].as_array().unwrap().len(),
        codes.len()
    );

    let whole = merged(
        merged(role_input(), &role_terms()),
        &json!({"id": id, "externalId": "r01"}),
    );
    let fixed = merged(
        whole.clone(),
        &json!({"contractTerm": {"fixed": {"until": "2028-03-31"}}}),
    );
    recruiter.mutate("updateRole", fixed, "").await;
    assert_eq!(
        recruiter
            .user_errors("publishOpportunity", json!({"id": id}))
            .await,
        ["MISSING_RENEWAL_LIMIT"]
    );
    recruiter.mutate("updateRole", whole, "").await;
    recruiter
        .mutate("publishOpportunity", json!({"id": id}), "")
        .await;
    assert_eq!(total().await, 1);
    assert_eq!(aiko.feed("").await.ids, ["r01"]);

    let paused = recruiter
        .mutate("pauseOpportunity", json!({"id": id}), "opportunity { status }")
        .await;
    assert_eq!(paused["opportunity"]["status"], "PAUSED");
    assert_eq!(aiko.feed("").await.total, 0);
    let closed = recruiter
        .mutate("closeOpportunity", json!({"id": id}), "opportunity { status }")
        .await;
    assert_eq!(closed["opportunity"]["status"], "CLOSED");
    for mutation in ["publishOpportunity", "pauseOpportunity"] {
        assert_eq!(
            recruiter.user_errors(mutation, json!({"id": id})).await,
            ["INVALID_STATE"],
            "{mutation}"
        );
    }
    assert_eq!(total().await, 0);
}

async fn each_missing_term_of_the_other_kinds_has_its_code(app: &TestApp) {
    let recruiter = app.recruiter();
    let bare = json!({"title": "x", "description": "x", "remote": "REMOTE"});
    let slot = created(&recruiter, "createSpeakerSlot", bare.clone()).await;
    let work = created(&recruiter, "createContractWork", bare).await;

    assert_eq!(
        recruiter
            .user_errors("publishOpportunity", json!({"id": slot}))
            .await,
        ["MISSING_HELD_ON", "MISSING_TOPICS"]
    );
    assert_eq!(
        recruiter
            .user_errors("publishOpportunity", json!({"id": work}))
            .await,
        [
            "MISSING_PARTIES",
            "MISSING_COMMISSIONED_ON",
            "MISSING_SCOPE",
            "MISSING_DELIVERED_ON",
            "MISSING_DELIVERY_PLACE",
            "MISSING_FEE",
            "MISSING_PAYMENT_DUE_ON",
            "MISSING_PAYMENT_METHOD",
        ]
    );
}

async fn contract_work_delivered_on_10_november_is_paid_by_8_january(app: &TestApp) {
    let recruiter = app.recruiter();
    let in_time = created(&recruiter, "createContractWork", work_input("2027-01-08")).await;
    let late = created(&recruiter, "createContractWork", work_input("2027-01-09")).await;
    let schedule = json!({
        "isPaidByMonthlyClosing": true, "closingDay": 10, "paymentDay": 31, "paymentMonthsAfter": 2,
    });
    let closing = |day| merged(work_input(day), &schedule);
    let monthly = created(&recruiter, "createContractWork", closing("2027-01-10")).await;
    let monthly_late = created(&recruiter, "createContractWork", closing("2027-01-11")).await;

    recruiter
        .mutate("publishOpportunity", json!({"id": in_time}), "")
        .await;
    assert_eq!(
        recruiter
            .user_errors("publishOpportunity", json!({"id": late}))
            .await,
        ["PAYMENT_TOO_LATE"]
    );
    recruiter
        .mutate("publishOpportunity", json!({"id": monthly}), "")
        .await;
    assert_eq!(
        recruiter
            .user_errors("publishOpportunity", json!({"id": monthly_late}))
            .await,
        ["PAYMENT_TOO_LATE"]
    );
}

async fn the_same_idempotency_key_gives_the_first_answer_and_writes_once(app: &TestApp) {
    let recruiter = app.recruiter();
    let input = merged(role_input(), &json!({"idempotencyKey": "k1"}));
    let first = created(&recruiter, "createRole", input.clone()).await;
    let second = created(&recruiter, "createRole", input.clone()).await;
    let total = "{ opportunities { totalCount } }";

    assert_eq!(first, second);
    assert_eq!(
        recruiter.query(total, Value::Null).await["opportunities"]["totalCount"],
        1
    );
    let other = merged(input.clone(), &json!({"title": "別の件"}));
    assert_eq!(
        recruiter.user_errors("createRole", other).await,
        ["IDEMPOTENCY_KEY_REUSED"]
    );
    let anothers = created(&app.administrator(), "createRole", input).await;
    assert_ne!(anothers, first, "keys are a person's own");
    created(&recruiter, "createRole", role_input()).await;
    created(&recruiter, "createRole", role_input()).await;
    assert_eq!(
        recruiter.query(total, Value::Null).await["opportunities"]["totalCount"],
        4
    );
}

async fn an_external_number_is_taken_once_in_a_company(app: &TestApp) {
    app.create_company("midori", |_| {}, false).await;
    let input = merged(role_input(), &json!({"externalId": "r01"}));
    created(&app.recruiter(), "createRole", input.clone()).await;
    assert_eq!(
        app.recruiter().user_errors("createRole", input.clone()).await,
        ["TAKEN"]
    );
    created(&app.recruiter_of("midori"), "createRole", input).await;
}

async fn what_is_wrong_with_a_draft_is_named_with_its_field_and_limit(app: &TestApp) {
    let recruiter = app.recruiter().in_english();
    let input = merged(
        role_input(),
        &json!({
            "title": "あ".repeat(201), "description": "あ".repeat(10_001), "seats": 0, "hoursPerWeek": 169,
            "requiredSkills": ["", "x"], "products": ["a", "b", "c", "d", "あ".repeat(61), "f"], "startsOn": "2027-04", "endsOn": "2027-03",
        }),
    );
    let payload = recruiter.payload("createRole", input, "opportunity { id }").await;
    let errors: Vec<_> = payload["userErrors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let field: Vec<_> = it["field"]
                .as_array()
                .unwrap()
                .iter()
                .map(|part| part.as_str().unwrap())
                .collect();
            (
                it["code"].as_str().unwrap(),
                field.join("."),
                it["message"].as_str().unwrap(),
            )
        })
        .collect();
    for expected in [
        (
            "TOO_LONG",
            "title",
            "title has 201 characters; the maximum is 200",
        ),
        (
            "TOO_LONG",
            "description",
            "description has 10001 characters; the maximum is 10000",
        ),
        ("OUT_OF_RANGE", "seats", "seats 0 is not between 1 and 10000"),
        (
            "OUT_OF_RANGE",
            "hoursPerWeek",
            "hoursPerWeek 169 is not between 1 and 168",
        ),
        ("BLANK", "requiredSkills.0", "requiredSkills.0 must not be blank"),
        (
            "TOO_LONG",
            "products.4",
            "products.4 has 61 characters; the maximum is 60",
        ),
        ("TOO_LONG", "products", "products has 6 items; the maximum is 5"),
        (
            "OUT_OF_RANGE",
            "endsOn",
            "endsOn 2027-03 lies before startsOn 2027-04",
        ),
    ] {
        assert!(
            errors
                .iter()
                .any(|(code, field, message)| (*code, field.as_str(), *message) == expected),
            "{expected:?}: {errors:?}"
        );
    }
    assert_eq!(errors.len(), 8);
    let limits = merged(
        role_input(),
        &json!({"title": "あ".repeat(200), "description": "あ".repeat(4_000), "seats": 1_000}),
    );
    created(&recruiter, "createRole", limits).await;
}

async fn an_update_of_another_kind_finds_nothing(app: &TestApp) {
    app.import(&[contract_work("c01")]).await;
    let recruiter = app.recruiter();
    let input = merged(
        role_input(),
        &json!({"id": recruiter.opportunity_id("c01").await}),
    );
    assert_eq!(recruiter.user_errors("updateRole", input).await, ["NOT_FOUND"]);
}

async fn an_invitation_reaches_the_person_and_is_answered_once(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01"), role("r02")])
        .await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let person = recruiter.alumnus_id("a001").await;
    let invite = async |number: &str| {
        let input = json!({"opportunityId": recruiter.opportunity_id(number).await, "alumnusId": person, "message": "ぜひお話を"});
        recruiter
            .mutate("inviteCandidate", input, "invitation { id status message }")
            .await["invitation"]
            .clone()
    };
    let first = invite("r01").await;
    assert_eq!(first["status"], "SENT");
    assert_eq!(invite("r01").await, first, "asking again is no second invitation");
    okaeri_api::worker::run_jobs(&app.app).await.unwrap();
    assert_eq!(app.mails().len(), 1);

    let own = "{ viewer { invitations { totalCount nodes { id status answeredAt declineReason } } } }";
    assert_eq!(
        aiko.query(own, Value::Null).await["viewer"]["invitations"]["totalCount"],
        1
    );
    assert_eq!(
        app.alumnus("a002").query(own, Value::Null).await["viewer"]["invitations"]["totalCount"],
        0
    );
    let id = json!({"id": first["id"]});
    assert_eq!(
        app.alumnus("a002")
            .user_errors("acceptInvitation", id.clone())
            .await,
        ["NOT_FOUND"]
    );
    let accepted = aiko
        .mutate("acceptInvitation", id.clone(), "invitation { status }")
        .await;
    assert_eq!(accepted["invitation"]["status"], "ACCEPTED");
    assert_eq!(
        aiko.user_errors("acceptInvitation", id.clone()).await,
        ["ALREADY_ANSWERED"]
    );
    assert_eq!(
        aiko.user_errors("declineInvitation", id).await,
        ["ALREADY_ANSWERED"]
    );

    let second = json!({"id": invite("r02").await["id"], "reason": "TIMING"});
    let declined = aiko
        .mutate(
            "declineInvitation",
            second.clone(),
            "invitation { status declineReason }",
        )
        .await;
    assert_eq!(
        declined["invitation"],
        json!({"status": "DECLINED", "declineReason": "TIMING"})
    );
    assert_eq!(
        aiko.user_errors("declineInvitation", second).await,
        ["ALREADY_ANSWERED"]
    );
    // A no shapes no list of the recruiter's.
    assert_eq!(recruiter.candidates("r02", "").await.total, 2);
}

async fn only_a_candidate_can_be_invited_and_only_while_it_is_open(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        alumnus("a002").interests(&["SPEAKING"]),
        alumnus("a003").without("interests"),
        role("r01"),
        role("r02").set("status", "CLOSED"),
    ])
    .await;
    let (recruiter, administrator) = (app.recruiter(), app.administrator());
    let codes = async |opportunity: &str, person: &str| {
        let input = json!({
            "opportunityId": recruiter.opportunity_id(opportunity).await,
            "alumnusId": administrator.alumnus_id(person).await,
        });
        recruiter.user_errors("inviteCandidate", input).await
    };
    assert_eq!(codes("r01", "a001").await, Vec::<String>::new());
    assert_eq!(codes("r01", "a002").await, ["NOT_ELIGIBLE"]);
    assert_eq!(
        codes("r01", "a003").await,
        ["NOT_FOUND"],
        "without any consent, nobody to a recruiter"
    );
    assert_eq!(codes("r02", "a001").await, ["NOT_OPEN"]);
    app.alumnus("a001")
        .mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    assert_eq!(codes("r01", "a001").await, ["NOT_ELIGIBLE"]);
}

async fn a_rejection_takes_a_reason_and_leaves_the_list_at_once(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01"), role("r02")])
        .await;
    let recruiter = app.recruiter();
    let open = recruiter.candidates("r01", "first: 1").await;
    let person = recruiter.alumnus_id("a001").await;
    let input = |reason: &str, id: &str| json!({"opportunityId": id, "alumnusId": person, "reason": reason});
    let id = recruiter.opportunity_id("r01").await;

    assert_eq!(
        recruiter.user_errors("rejectCandidate", input(" ", &id)).await,
        ["BLANK"]
    );
    assert_eq!(recruiter.candidates("r01", "").await.total, 2);
    let document = "candidates { totalCount leftOut { rule count } }";
    let payload = recruiter
        .mutate(
            "rejectCandidate",
            input("要件の経験年数", &id),
            &format!("opportunity {{ {document} }}"),
        )
        .await;
    assert_eq!(
        payload["opportunity"]["candidates"],
        json!({"totalCount": 1, "leftOut": [{"rule": "REJECTED", "count": 1}]})
    );
    assert_eq!(recruiter.candidates("r01", "").await.ids, ["a002"]);
    let rest = recruiter
        .candidates("r01", &format!("after: \"{}\"", open.cursors[0]))
        .await;
    assert!(!rest.ids.contains(&"a001".to_owned()));
    assert_eq!(
        recruiter.candidates("r02", "").await.total,
        2,
        "another opportunity"
    );
    assert_eq!(
        app.alumnus("a001").feed("").await.total,
        2,
        "the person's own feed"
    );
    assert_eq!(
        recruiter
            .user_errors(
                "inviteCandidate",
                json!({"opportunityId": id, "alumnusId": person})
            )
            .await,
        ["NOT_ELIGIBLE"]
    );
}

async fn interest_is_recorded_once_and_only_in_what_the_person_may_see(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        role("r01"),
        role("r02").incomplete(),
        role("r03").set("status", "DRAFT"),
    ])
    .await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let id = json!({"id": recruiter.opportunity_id("r01").await});
    let first = aiko
        .mutate("expressInterest", id.clone(), "interaction { kind at }")
        .await;
    assert_eq!(
        aiko.mutate("expressInterest", id, "interaction { kind at }")
            .await,
        first
    );
    for hidden in ["r02", "r03"] {
        let id = json!({"id": recruiter.opportunity_id(hidden).await});
        assert_eq!(aiko.user_errors("expressInterest", id).await, ["NOT_FOUND"]);
    }
}
