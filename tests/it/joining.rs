//! Joining by a claim: the link, what matches, what an administrator decides, and a member's other address.

use chrono::TimeDelta;
use okaeri_api::db::alumni::{erase, find_by_external_id, update_status};
use okaeri_engine::domain::{AlumnusStatus, ClaimProof, Policy};
use serde_json::{Value, json};

use crate::harness::{AOBA, Answer, Person, Row, TestApp, alumnus, body, on_both_databases, role};

/// What following a link says, without what differs from session to session.
const FOLLOWED: &str = "status token expiresAt";

const QUEUE: &str =
    "{ pendingClaims { totalCount nodes { id email doubt status name { kanji } consents { purpose }
    candidates { facts alumnus { externalId } } } } }";

on_both_databases! {
    a_claim_that_matches_one_record_makes_a_member_and_signs_in;
    months_and_names_match_in_every_spelling;
    which_proof_is_enough_is_the_programmes_policy;
    the_answer_and_the_work_are_the_same_whoever_exists;
    what_does_not_match_one_record_waits_and_says_no_more;
    whoever_waits_is_in_no_list_and_cannot_sign_in;
    an_administrator_links_a_claim_to_a_record_and_the_old_address_is_told;
    an_administrator_makes_a_record_where_there_is_none;
    a_claim_is_decided_once_and_a_refusal_tells_the_person_no_reason;
    consents_of_a_claim_hold_from_its_acceptance_with_the_text_that_was_read;
    a_link_works_once_and_tells_nothing_when_it_does_not;
    the_same_key_sends_one_mail_and_the_last_claim_of_an_address_stands;
    links_to_join_and_to_sign_in_share_one_limit;
    what_is_wrong_with_a_claim_is_named;
    another_address_is_proven_by_a_link_and_the_old_one_is_told;
    an_address_of_another_record_is_not_given_away;
    a_later_file_does_not_put_an_old_address_back;
    another_companys_claims_are_missing;
    an_erased_person_leaves_no_claim_and_joins_like_a_stranger;
}

/// A record without an address, whose employee number is its id.
fn record(id: &str, name: &str) -> Row {
    alumnus(id).set("name", name).without("email")
}

/// A claim by number.
fn by_number(name: &str, number: &str, email: &str) -> Value {
    json!({"company": AOBA, "email": email, "name": name, "employeeNumber": number})
}

/// Asks, and follows the link.
async fn claim(app: &TestApp, input: Value) -> Value {
    // Addresses compare in lower case and without spaces, and mail goes to them as they compare.
    let email = input["email"].as_str().unwrap().trim().to_lowercase();
    app.nobody().mutate("requestClaim", input, "").await;
    let token = app.link_to(&email).await;
    app.nobody()
        .mutate("claimRecord", json!({"token": token}), FOLLOWED)
        .await
}

async fn queue(app: &TestApp) -> Vec<Value> {
    let mut data = app.administrator().query(QUEUE, Value::Null).await;
    data["pendingClaims"]["nodes"].take().as_array().unwrap().clone()
}

async fn only_claim(app: &TestApp) -> Value {
    let queue = queue(app).await;
    assert_eq!(queue.len(), 1, "{queue:?}");
    queue[0].clone()
}

fn waits() -> Value {
    json!({"status": "PENDING_APPROVAL", "token": null, "expiresAt": null, "userErrors": []})
}

async fn a_claim_that_matches_one_record_makes_a_member_and_signs_in(app: &TestApp) {
    app.import(&[record("0012", "髙橋 花子"), record("0013", "髙橋 太郎")])
        .await;
    let followed = claim(app, by_number("高橋花子", "１２", " Hanako@Example.com ")).await;
    assert_eq!(followed["status"], "ACTIVE");

    let hanako = app.with_token(followed["token"].as_str().unwrap());
    let data = hanako
        .query(
            "{ viewer { role alumnus { externalId email status } } }",
            Value::Null,
        )
        .await;
    assert_eq!(
        data["viewer"],
        json!({"role": "ALUMNUS", "alumnus":
            {"externalId": "0012", "email": "hanako@example.com", "status": "ACTIVE"}})
    );
    assert_eq!(queue(app).await, Vec::<Value>::new());
    // Whoever claims what is theirs already is signed in again.
    let again = claim(app, by_number("髙橋 花子", "0012", "hanako@example.com")).await;
    assert_eq!(again["status"], "ACTIVE");
}

async fn months_and_names_match_in_every_spelling(app: &TestApp) {
    app.import(&[record("s1", "齋藤 愛").set("nameKana", "サイトウ アイ")])
        .await;
    let input = json!({"company": AOBA, "email": "ai@example.com", "name": "さいとう　あい",
        "tenureFrom": "平成２７年４月", "tenureTo": "R4.3", "department": "どこか"});
    assert_eq!(claim(app, input).await["status"], "ACTIVE");
}

async fn which_proof_is_enough_is_the_programmes_policy(app: &TestApp) {
    let number_only = |policy: &mut Policy| policy.admission.matched_by = vec![ClaimProof::EmployeeNumber];
    let approved = |policy: &mut Policy| policy.admission.needs_approval = true;
    app.create_company("midori", number_only, false).await;
    app.create_company("akane", approved, false).await;
    for (company, by_number, by_months) in [
        (AOBA, "ACTIVE", "ACTIVE"),
        ("midori", "ACTIVE", "PENDING_APPROVAL"),
        ("akane", "PENDING_APPROVAL", "PENDING_APPROVAL"),
    ] {
        app.import_into(company, &[record("n1", "山田 花子"), record("n2", "鈴木 一")])
            .await;
        let number = json!({"company": company, "email": "a@example.com", "name": "山田 花子", "employeeNumber": "n1"});
        let months = json!({"company": company, "email": "b@example.com", "name": "鈴木 一",
            "tenureFrom": "2015-04", "tenureTo": "2022-03"});
        assert_eq!(claim(app, number).await["status"], by_number, "{company}");
        assert_eq!(claim(app, months).await["status"], by_months, "{company}");
    }
}

async fn the_answer_and_the_work_are_the_same_whoever_exists(app: &TestApp) {
    app.import(&[record("s1", "山田 花子"), alumnus("s2").set("name", "鈴木 一")])
        .await;
    let ask = async |input: Value, key: &str| {
        let mut input = input;
        input["idempotencyKey"] = json!(key);
        let before = app.app.db.n_statements();
        let answer = app.nobody().try_mutate("requestClaim", input, "").await;
        (answer.comparable(), app.app.db.n_statements() - before)
    };
    let expected = ask(by_number("山田 花子", "s1", "h1@example.com"), "k").await;
    for input in [
        by_number("山田 花子", "s9", "h2@example.com"),
        by_number("鈴木 一", "s2", "h3@example.com"),
        by_number("鈴木 一", "s2", "s2@example.jp"),
        by_number("誰か", "x", "h4@example.com"),
        json!({"company": "nowhere", "email": "h5@example.com", "name": "山田 花子", "employeeNumber": "s1"}),
    ] {
        assert_eq!(ask(input.clone(), "k").await, expected, "{input}");
    }
    for address in [
        "h1@example.com",
        "h2@example.com",
        "h3@example.com",
        "s2@example.jp",
        "h4@example.com",
    ] {
        let mails = app.mails_to(address).await;
        assert_eq!(mails.len(), 1, "{address}");
        // Nobody's name is put into somebody else's mailbox.
        assert!(
            !["山田", "鈴木", "誰か"]
                .iter()
                .any(|name| body(&mails[0]).contains(name))
        );
    }
    assert_eq!(app.mails_to("h5@example.com").await, Vec::<String>::new());
}

async fn what_does_not_match_one_record_waits_and_says_no_more(app: &TestApp) {
    app.import(&[
        record("n1", "山田 花子"),
        record("n2", "山田 花子"),
        alumnus("o1").set("name", "鈴木 一"),
        record("c1", "佐藤 二"),
        record("l1", "田中 三"),
    ])
    .await;
    assert_eq!(
        claim(app, by_number("佐藤 二", "c1", "two@example.com")).await["status"],
        "ACTIVE"
    );
    leave(app, "l1").await;
    let months = |name: &str, email: &str| json!({"company": AOBA, "email": email, "name": name, "tenureFrom": "2015-04", "tenureTo": "2022-03"});
    for (input, doubt) in [
        (by_number("山田 花子", "zzz", "a@example.com"), "NO_MATCH"),
        // Right number, another name.
        (by_number("山本 花子", "n1", "b@example.com"), "NO_MATCH"),
        (
            json!({"company": AOBA, "email": "c@example.com", "name": "山田 花子", "department": "物流部"}),
            "NO_MATCH",
        ),
        // Namesakes of the same months, told apart by nothing but the number.
        (months("山田 花子", "d@example.com"), "SEVERAL"),
        // HR knows another address.
        (by_number("鈴木 一", "o1", "e@example.com"), "OTHER_ADDRESS"),
        // The address is somebody else's.
        (by_number("山田 花子", "n1", "o1@example.jp"), "OTHER_ADDRESS"),
        (by_number("佐藤 二", "c1", "f@example.com"), "ALREADY_CLAIMED"),
        (by_number("田中 三", "l1", "g@example.com"), "LEFT"),
    ] {
        let email = input["email"].as_str().unwrap().to_owned();
        assert_eq!(claim(app, input.clone()).await, waits(), "{input}");
        let queue = queue(app).await;
        let waiting = queue
            .iter()
            .find(|claim| claim["email"] == email.as_str())
            .unwrap();
        assert_eq!(waiting["doubt"], doubt, "{input}");
        assert_eq!(waiting["status"], "PENDING_APPROVAL");
    }
    // The number tells namesakes apart.
    assert_eq!(
        claim(app, by_number("山田 花子", "n2", "h@example.com")).await["status"],
        "ACTIVE"
    );
    let queue = queue(app).await;
    let of_namesakes = &queue.iter().find(|claim| claim["doubt"] == "SEVERAL").unwrap()["candidates"];
    assert_eq!(
        of_namesakes,
        &json!([
            {"facts": ["NAME", "TENURE"], "alumnus": {"externalId": "n1"}},
            {"facts": ["NAME", "TENURE"], "alumnus": {"externalId": "n2"}},
        ])
    );
}

async fn whoever_waits_is_in_no_list_and_cannot_sign_in(app: &TestApp) {
    app.import(&[alumnus("a001").set("name", "鈴木 一"), role("r01")])
        .await;
    let lists = async || {
        let document = "{ alumni { totalCount nodes { externalId status } facets { values { value count } } }
            found: alumni(query: \"山田\") { totalCount }
            opportunity(externalId: \"r01\") { candidates { totalCount leftOut { rule count } } } }";
        app.administrator().query(document, Value::Null).await
    };
    let before = lists().await;
    let input =
        json!({"company": AOBA, "email": "h@example.com", "name": "山田 花子", "employeeNumber": "x"});
    app.nobody().mutate("requestClaim", input, "").await;
    let consents: Vec<Value> = ["DIRECTORY", "FEED", "REHIRE"]
        .iter()
        .map(|purpose| json!({"purpose": purpose, "textVersion": "2026-11"}))
        .collect();
    let token = app.link_to("h@example.com").await;
    let input = json!({"token": token, "consents": consents});
    let followed = app.nobody().mutate("claimRecord", input, FOLLOWED).await;
    assert_eq!(followed, waits());
    app.index().await;
    assert_eq!(lists().await, before);

    let input = json!({"company": AOBA, "email": "h@example.com"});
    app.nobody().mutate("requestSignInLink", input, "").await;
    assert_eq!(app.mails_to("h@example.com").await, Vec::<String>::new());
}

async fn an_administrator_links_a_claim_to_a_record_and_the_old_address_is_told(app: &TestApp) {
    app.import(&[alumnus("a001").set("name", "鈴木 一"), alumnus("a002")])
        .await;
    let old_link = json!({"company": AOBA, "email": "a001@example.jp"});
    app.nobody().mutate("requestSignInLink", old_link, "").await;
    let old_token = app.link_to("a001@example.jp").await;
    assert_eq!(
        claim(app, by_number("鈴木 一", "a001", "new@example.com")).await,
        waits()
    );

    let administrator = app.administrator();
    let id = only_claim(app).await["id"].clone();
    let [first, second] = [
        administrator.alumnus_id("a001").await,
        administrator.alumnus_id("a002").await,
    ];
    let input = json!({"id": id, "alumnusId": first});
    let selection = "claim { status doubt decidedBy reason alumnus { externalId email status } }";
    let approved = administrator
        .mutate("approveClaim", input.clone(), selection)
        .await;
    assert_eq!(
        approved["claim"],
        json!({"status": "ACTIVE", "doubt": null, "decidedBy": "kanri", "reason": null,
            "alumnus": {"externalId": "a001", "email": "new@example.com", "status": "ACTIVE"}})
    );
    assert_eq!(queue(app).await, Vec::<Value>::new());
    assert_eq!(
        administrator.user_errors("approveClaim", input).await,
        ["INVALID_STATE"]
    );

    let told = app.mails_to("a001@example.jp").await;
    assert_eq!(told.len(), 1);
    assert!(body(&told[0]).contains("変更されました") && !body(&told[0]).contains("new@example.com"));
    assert_eq!(app.mails_to("new@example.com").await.len(), 1, "approved");
    assert_eq!(
        app.nobody()
            .user_errors("signIn", json!({"token": old_token}))
            .await,
        ["INVALID_LINK"],
        "a link to the old address signs nobody in any more"
    );
    let link = json!({"company": AOBA, "email": "new@example.com"});
    app.nobody().mutate("requestSignInLink", link, "").await;
    let token = app.link_to("new@example.com").await;
    app.nobody()
        .mutate("signIn", json!({"token": token}), "token")
        .await;

    // An address that another record carries goes to no second one.
    assert_eq!(
        claim(app, by_number("鈴木 一", "zzz", "new@example.com")).await,
        waits()
    );
    let id = only_claim(app).await["id"].clone();
    for input in [json!({"id": id, "alumnusId": second}), json!({"id": id})] {
        assert_eq!(administrator.user_errors("approveClaim", input).await, ["TAKEN"]);
    }
    let input = json!({"id": id, "alumnusId": "x"});
    assert_eq!(
        administrator.user_errors("approveClaim", input).await,
        ["NOT_FOUND"]
    );
}

async fn an_administrator_makes_a_record_where_there_is_none(app: &TestApp) {
    app.import(&[alumnus("l1")
        .set("name", "田中 三")
        .set("email", "three@example.com")])
        .await;
    leave(app, "l1").await;
    let input = json!({"company": AOBA, "email": "three@example.com", "name": "田中 三", "nameKana": "タナカ ミツ",
        "tenureFrom": "2015-04", "tenureTo": "2022-03", "department": "物流部"});
    assert_eq!(claim(app, input).await, waits());
    let claim = only_claim(app).await;
    assert_eq!(claim["candidates"], json!([]), "who left is not shown again");

    let selection =
        "claim { alumnus { externalId status email name { kana } tenures { department from to } } }";
    let approved = app
        .administrator()
        .mutate("approveClaim", json!({"id": claim["id"]}), selection)
        .await;
    assert_eq!(
        approved["claim"]["alumnus"],
        json!({"externalId": null, "status": "ACTIVE", "email": "three@example.com",
            "name": {"kana": "タナカ ミツ"},
            "tenures": [{"department": "物流部", "from": "2015-04", "to": "2022-03"}]})
    );
    assert!(body(&app.mails_to("three@example.com").await[0]).contains("/sign-in"));
}

async fn a_claim_is_decided_once_and_a_refusal_tells_the_person_no_reason(app: &TestApp) {
    assert_eq!(
        claim(app, by_number("山田 花子", "x", "h@example.com")).await,
        waits()
    );
    let id = only_claim(app).await["id"].clone();
    let administrator = app.administrator();
    let blank = json!({"id": id, "reason": " "});
    assert_eq!(administrator.user_errors("refuseClaim", blank).await, ["BLANK"]);
    let long = json!({"id": id, "reason": "長".repeat(201)});
    assert_eq!(administrator.user_errors("refuseClaim", long).await, ["TOO_LONG"]);
    let input = json!({"id": id, "reason": "在籍の記録がない"});
    let refused = administrator
        .mutate(
            "refuseClaim",
            input.clone(),
            "claim { status reason alumnus { id } }",
        )
        .await;
    assert_eq!(
        refused["claim"],
        json!({"status": "REFUSED", "reason": "在籍の記録がない", "alumnus": null})
    );
    assert_eq!(
        administrator.user_errors("refuseClaim", input).await,
        ["INVALID_STATE"]
    );
    assert_eq!(
        administrator.user_errors("approveClaim", json!({"id": id})).await,
        ["INVALID_STATE"]
    );
    let mails = app.mails_to("h@example.com").await;
    assert_eq!(mails.len(), 1);
    assert!(!body(&mails[0]).contains("在籍の記録"));
}

async fn consents_of_a_claim_hold_from_its_acceptance_with_the_text_that_was_read(app: &TestApp) {
    app.import(&[record("s1", "山田 花子").without("interests"), role("r01")])
        .await;
    let nobody = app.nobody();
    nobody
        .mutate("requestClaim", by_number("山田 花子", "s1", "h@example.com"), "")
        .await;
    let token = app.link_to("h@example.com").await;
    let opened = nobody
        .mutate(
            "openClaim",
            json!({"token": token}),
            "consentTexts { purpose version text }",
        )
        .await;
    assert_eq!(opened["consentTexts"].as_array().unwrap().len(), 8);
    assert_eq!(opened["consentTexts"][2]["purpose"], "REHIRE");
    assert!(
        opened["consentTexts"][2]["text"]
            .as_str()
            .unwrap()
            .contains("再雇用")
    );

    let with =
        |version: &str| json!({"token": token, "consents": [{"purpose": "REHIRE", "textVersion": version}]});
    let outdated = nobody.payload("claimRecord", with("2020-01"), FOLLOWED).await;
    assert_eq!(outdated["userErrors"][0]["code"], "CONSENT_TEXT_OUTDATED");
    assert_eq!(
        outdated["userErrors"][0]["field"],
        json!(["consents", "0", "textVersion"])
    );
    assert!(
        outdated["userErrors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("2026-11")
    );
    // The link is good for another try.
    let version = opened["consentTexts"][2]["version"].as_str().unwrap();
    let followed = nobody.mutate("claimRecord", with(version), FOLLOWED).await;
    let hanako = app.with_token(followed["token"].as_str().unwrap());
    let document = "{ viewer { consents { purpose source textVersion sourceDigest withdrawnAt } } }";
    assert_eq!(
        hanako.query(document, Value::Null).await["viewer"]["consents"],
        json!([{"purpose": "REHIRE", "source": "SELF", "textVersion": "2026-11", "sourceDigest": null,
            "withdrawnAt": null}])
    );
    // A consent is no wish: without the interest nobody is ranked, and with it she is.
    assert_eq!(app.recruiter().candidates("r01", "").await.total, 0);
    hanako
        .mutate("setMyInterests", json!({"interests": ["REHIRE"]}), "")
        .await;
    assert_eq!(app.recruiter().candidates("r01", "").await.ids, ["s1"]);

    // What waits holds nothing; approved, it holds from when it was given.
    nobody
        .mutate("requestClaim", by_number("鈴木 一", "zzz", "i@example.com"), "")
        .await;
    let token = app.link_to("i@example.com").await;
    let input = json!({"token": token, "consents": [{"purpose": "DIRECTORY", "textVersion": "2026-11"}]});
    assert_eq!(nobody.mutate("claimRecord", input, FOLLOWED).await, waits());
    assert_eq!(app.employee().search("").await, Vec::<String>::new());
    let waiting = only_claim(app).await;
    assert_eq!(waiting["consents"], json!([{"purpose": "DIRECTORY"}]));
    app.administrator()
        .mutate("approveClaim", json!({"id": waiting["id"]}), "")
        .await;
    assert_eq!(app.employee().search("").await, ["鈴木 一"]);
}

async fn a_link_works_once_and_tells_nothing_when_it_does_not(app: &TestApp) {
    app.import(&[record("s1", "山田 花子"), alumnus("s2")]).await;
    let nobody = app.nobody();
    let ask = async |email: &str| {
        nobody
            .mutate("requestClaim", by_number("山田 花子", "s1", email), "")
            .await;
        app.link_to(email).await
    };
    let follow = async |at: &Person, token: &str| -> Answer {
        at.try_mutate("claimRecord", json!({"token": token}), FOLLOWED)
            .await
    };
    let used = ask("h@example.com").await;
    assert_eq!(
        follow(&nobody, &used).await.body["data"]["claimRecord"]["status"],
        "ACTIVE"
    );
    let expired = ask("i@example.com").await;
    let link = json!({"company": AOBA, "email": "s2@example.jp"});
    nobody.mutate("requestSignInLink", link, "").await;
    let for_sign_in = app.link_to("s2@example.jp").await;
    let later = app.later(TimeDelta::minutes(31), |_| {}).await;
    let unknown = follow(&nobody, "0000").await.comparable();
    assert!(unknown.contains("INVALID_LINK"), "{unknown}");
    for (at, token) in [
        (&nobody, &used),
        (&later.nobody(), &expired),
        (&nobody, &for_sign_in),
    ] {
        assert_eq!(follow(at, token).await.comparable(), unknown);
        let opened = at.user_errors("openClaim", json!({"token": token})).await;
        assert_eq!(opened, ["INVALID_LINK"]);
    }
    assert_eq!(follow(&nobody, &"0".repeat(201)).await.comparable(), unknown);
    later.stop().await;
    // The links for one thing are none for another.
    let claimed = ask("j@example.com").await;
    for mutation in ["signIn", "confirmMyEmail"] {
        assert_eq!(
            nobody.user_errors(mutation, json!({"token": claimed})).await,
            ["INVALID_LINK"],
            "{mutation}"
        );
    }
    assert_eq!(
        follow(&nobody, &claimed).await.body["data"]["claimRecord"]["status"],
        "PENDING_APPROVAL",
        "and were not used up by that"
    );
}

async fn the_same_key_sends_one_mail_and_the_last_claim_of_an_address_stands(app: &TestApp) {
    let nobody = app.nobody();
    let mut keyed = by_number("山田 花子", "x1", "h@example.com");
    keyed["idempotencyKey"] = json!("k1");
    for _ in 0..2 {
        nobody.mutate("requestClaim", keyed.clone(), "").await;
    }
    let first = app.link_to("h@example.com").await;
    keyed["employeeNumber"] = json!("x2");
    assert_eq!(
        nobody.user_errors("requestClaim", keyed).await,
        ["IDEMPOTENCY_KEY_REUSED"]
    );
    nobody
        .mutate("requestClaim", by_number("山田 花子", "x3", "h@example.com"), "")
        .await;
    let second = app.link_to("h@example.com").await;
    for token in [first, second] {
        let followed = nobody
            .mutate("claimRecord", json!({"token": token}), FOLLOWED)
            .await;
        assert_eq!(followed, waits());
    }
    let document = "{ pendingClaims { totalCount nodes { employeeNumber } } }";
    assert_eq!(
        app.administrator().query(document, Value::Null).await["pendingClaims"],
        json!({"totalCount": 1, "nodes": [{"employeeNumber": "x3"}]})
    );
}

async fn links_to_join_and_to_sign_in_share_one_limit(app: &TestApp) {
    let nobody = app.nobody();
    let link = json!({"company": AOBA, "email": "h@example.com"});
    for n in 0..5 {
        if n % 2 == 0 {
            nobody.mutate("requestSignInLink", link.clone(), "").await;
        } else {
            nobody
                .mutate("requestClaim", by_number("山田 花子", "x", "h@example.com"), "")
                .await;
        }
    }
    for (mutation, input) in [
        ("requestSignInLink", link),
        ("requestClaim", by_number("山田 花子", "x", "h@example.com")),
    ] {
        assert_eq!(
            nobody.try_mutate(mutation, input, "").await.code(),
            "RATE_LIMITED"
        );
    }
}

async fn what_is_wrong_with_a_claim_is_named(app: &TestApp) {
    let with = |changes: Value| {
        let mut input = by_number("山田 花子", "x", "h@example.com");
        for (key, value) in changes.as_object().unwrap() {
            input[key] = value.clone();
        }
        input
    };
    for (changes, code, field, part) in [
        (json!({"email": "h"}), "INVALID", "email", "hanako@example.jp"),
        (json!({"name": " "}), "BLANK", "name", "blank"),
        (
            json!({"name": "長".repeat(101)}),
            "TOO_LONG",
            "name",
            "101 characters; the maximum is 100",
        ),
        (
            json!({"employeeNumber": ""}),
            "BLANK",
            "employeeNumber",
            "first and last month",
        ),
        (
            json!({"employeeNumber": "1".repeat(65)}),
            "TOO_LONG",
            "employeeNumber",
            "65",
        ),
        (
            json!({"tenureFrom": "11/4", "tenureTo": "2020-03"}),
            "INVALID",
            "tenureFrom",
            "11/4",
        ),
        (json!({"tenureFrom": "2011-04"}), "BLANK", "tenureTo", "missing"),
        (
            json!({"tenureFrom": "2020-04", "tenureTo": "2020-03"}),
            "OUT_OF_RANGE",
            "tenureTo",
            "2020-03",
        ),
        (
            json!({"department": "長".repeat(201)}),
            "TOO_LONG",
            "department",
            "201",
        ),
        (json!({"idempotencyKey": ""}), "BLANK", "idempotencyKey", "blank"),
    ] {
        let payload = app
            .nobody()
            .in_english()
            .payload("requestClaim", with(changes.clone()), "")
            .await;
        let error = &payload["userErrors"][0];
        assert_eq!(
            (&error["code"], &error["field"]),
            (&json!(code), &json!([field])),
            "{changes}"
        );
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(part), "{changes}: {message}");
    }
    assert_eq!(app.mails_to("h@example.com").await, Vec::<String>::new());
}

async fn another_address_is_proven_by_a_link_and_the_old_one_is_told(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    let aiko = app.alumnus("a001");
    let address = async || {
        let data = aiko
            .query("{ viewer { alumnus { email status } } }", Value::Null)
            .await;
        data["viewer"]["alumnus"].clone()
    };
    let ask = async |email: &str| aiko.mutate("changeMyEmail", json!({"email": email}), "").await;
    ask("first@example.com").await;
    ask(" New@example.com").await;
    let first = app.link_to("first@example.com").await;
    let token = app.link_to("new@example.com").await;
    assert_eq!(
        app.mails_to("a001@example.jp").await.len(),
        2,
        "each time it is asked for"
    );
    assert_eq!(
        address().await["email"],
        "a001@example.jp",
        "nothing changes by asking"
    );

    let confirm = async |token: &str| {
        app.nobody()
            .user_errors("confirmMyEmail", json!({"token": token}))
            .await
    };
    assert_eq!(confirm(&token).await, Vec::<String>::new());
    assert_eq!(
        address().await,
        json!({"email": "new@example.com", "status": "ACTIVE"})
    );
    let told = app.mails_to("a001@example.jp").await;
    assert_eq!(told.len(), 1);
    assert!(!body(&told[0]).contains("new@example.com"));
    assert_eq!(confirm(&token).await, ["INVALID_LINK"], "once");
    assert_eq!(
        confirm(&first).await,
        ["INVALID_LINK"],
        "asked for from another address"
    );

    let input = json!({"email": "new@example.com"});
    assert_eq!(aiko.user_errors("changeMyEmail", input).await, ["INVALID"]);
    assert_eq!(
        aiko.user_errors("changeMyEmail", json!({"email": "x"})).await,
        ["INVALID"]
    );
    let link = json!({"company": AOBA, "email": "a001@example.jp"});
    app.nobody().mutate("requestSignInLink", link, "").await;
    assert_eq!(app.mails_to("a001@example.jp").await, Vec::<String>::new());
}

async fn an_address_of_another_record_is_not_given_away(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002")]).await;
    let aiko = app.alumnus("a001");
    let ask = async |email: &str| {
        let before = app.app.db.n_statements();
        let answer = aiko
            .try_mutate("changeMyEmail", json!({"email": email}), "")
            .await;
        (answer.comparable(), app.app.db.n_statements() - before)
    };
    assert_eq!(ask("a002@example.jp").await, ask("free@example.jp").await);
    let token = app.link_to("a002@example.jp").await;
    assert_eq!(
        app.nobody()
            .user_errors("confirmMyEmail", json!({"token": token}))
            .await,
        ["TAKEN"],
        "who reads that mail may know"
    );
}

async fn a_later_file_does_not_put_an_old_address_back(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002")]).await;
    let aiko = app.alumnus("a001");
    aiko.mutate("changeMyEmail", json!({"email": "new@example.com"}), "")
        .await;
    let token = app.link_to("new@example.com").await;
    app.nobody()
        .mutate("confirmMyEmail", json!({"token": token}), "")
        .await;
    app.import(&[alumnus("a001").set("headline", "新しい見出し"), alumnus("a002")])
        .await;
    let data = aiko
        .query("{ viewer { alumnus { email headline } } }", Value::Null)
        .await;
    assert_eq!(
        data["viewer"]["alumnus"],
        json!({"email": "new@example.com", "headline": "新しい見出し"})
    );
}

async fn another_companys_claims_are_missing(app: &TestApp) {
    app.create_company("midori", |_| {}, false).await;
    let input =
        json!({"company": "midori", "email": "h@example.com", "name": "山田 花子", "employeeNumber": "x"});
    assert_eq!(claim(app, input).await, waits());
    assert_eq!(queue(app).await, Vec::<Value>::new());
    let theirs = app.person(
        "midori",
        okaeri_engine::domain::Role::Administrator,
        "kanri",
        None,
    );
    let data = theirs.query(QUEUE, Value::Null).await;
    let id = data["pendingClaims"]["nodes"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let missing = {
        use base64::Engine as _;
        let id = "Claim:019000000000700080000000deadbeef";
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(id)
    };
    for viewer in [app.administrator(), app.recruiter(), app.employee()] {
        for document in [
            "{ node(id: \"ID\") { id __typename } }",
            "mutation { approveClaim(input: {id: \"ID\"}) { claim { id } userErrors { code message field } } }",
            "mutation { refuseClaim(input: {id: \"ID\", reason: \"x\"}) { claim { id } userErrors { code message field } } }",
        ] {
            let ask = async |id: &str| {
                viewer
                    .ask(&document.replace("ID", id), Value::Null)
                    .await
                    .comparable()
            };
            assert_eq!(ask(&id).await, ask(&missing).await, "{document}");
        }
    }
    // Within their company it is the administrators' alone.
    let find = format!("{{ node(id: \"{id}\") {{ id }} }}");
    assert_ne!(theirs.query(&find, Value::Null).await["node"], Value::Null);
    assert_eq!(
        app.recruiter_of("midori").query(&find, Value::Null).await["node"],
        Value::Null
    );
}

/// The person leaves the programme.
async fn leave(app: &TestApp, external_id: &str) {
    let company_id = app.company_id(AOBA).await;
    let id = find_by_external_id(&app.app.db, company_id, external_id)
        .await
        .unwrap()
        .unwrap()
        .id;
    let tx = app.app.db.begin_for(company_id).await.unwrap();
    let now = app.app.clock.now();
    update_status(&tx, company_id, id, AlumnusStatus::Left, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn an_erased_person_leaves_no_claim_and_joins_like_a_stranger(app: &TestApp) {
    app.import(&[record("s1", "山田 花子")]).await;
    let right = by_number("山田 花子", "s1", "h@example.com");
    assert_eq!(claim(app, right.clone()).await["status"], "ACTIVE");
    let wrong = by_number("山田 花子", "zzz", "h@example.com");
    assert_eq!(claim(app, wrong).await, waits());

    let company_id = app.company_id(AOBA).await;
    let id = find_by_external_id(&app.app.db, company_id, "s1")
        .await
        .unwrap()
        .unwrap()
        .id;
    let tx = app.app.db.begin_for(company_id).await.unwrap();
    assert!(erase(&tx, company_id, id).await.unwrap());
    tx.commit().await.unwrap();

    assert_eq!(queue(app).await, Vec::<Value>::new());
    assert_eq!(claim(app, right).await, waits());
    let stranger = only_claim(app).await;
    assert_eq!(
        (&stranger["doubt"], &stranger["candidates"]),
        (&json!("NO_MATCH"), &json!([]))
    );
}
