//! What the law refuses, and what it frowns on, from the draft to the lists.

use serde_json::{Value, json};

use crate::harness::{Person, Row, TestApp, alumnus, contract_work, on_both_databases, role};

on_both_databases! {
    a_wording_that_names_an_age_cannot_be_published_without_an_exception_and_its_reason;
    what_would_make_a_published_role_unlawful_is_refused_and_it_stays_as_it_is;
    a_closed_filled_or_expired_role_leaves_every_list_with_the_next_answer;
    each_term_of_a_closing_a_subcontract_and_an_inspection_has_its_code;
    an_age_in_a_role_moves_no_score_and_is_no_requirement;
    agency_work_is_for_nobody_within_a_year_of_leaving_and_the_rule_is_counted;
    contract_work_that_smells_of_employment_is_warned_of_and_published;
    an_import_keeps_as_a_draft_what_the_law_refuses_and_says_so;
}

fn with(mut base: Value, changes: &Value) -> Value {
    for (key, value) in changes.as_object().unwrap() {
        base[key] = value.clone();
    }
    base
}

/// A role that can be published.
fn lawful_role() -> Value {
    json!({
        "title": "物流企画", "description": "在庫管理と配送計画", "remote": "HYBRID", "requiredSkills": ["在庫管理"],
        "externalId": "r01", "duties": "物流の企画", "dutiesChangeRange": "会社の定める業務", "place": "東京本社",
        "placeChangeRange": "会社の定める場所", "contractTerm": {"indefinite": true}, "workingHours": "9時から18時",
        "pay": "月給50万円", "fixedOvertime": "なし", "trialPeriod": "なし", "socialInsurance": "社会保険完備",
        "smokingMeasures": "敷地内禁煙", "employer": "青葉ホールディングス株式会社"
    })
}

/// Contract work that can be published.
fn lawful_work() -> Value {
    json!({
        "title": "配送計画の見直し", "description": "手順書を書き直す", "remote": "REMOTE", "requiredSkills": ["在庫管理"],
        "parties": "当社と受託者", "commissionedOn": "2026-10-01", "scope": "手順書一式", "deliveredOn": "2026-12-31",
        "place": "オンライン", "fee": "20万円", "paymentDueOn": "2027-02-28", "paymentMethod": "銀行振込"
    })
}

async fn draft(recruiter: &Person, mutation: &str, input: Value) -> Value {
    let payload = recruiter.mutate(mutation, input, "opportunity { id }").await;
    json!({"id": payload["opportunity"]["id"]})
}

async fn a_wording_that_names_an_age_cannot_be_published_without_an_exception_and_its_reason(app: &TestApp) {
    let recruiter = app.recruiter();
    let wording = json!({
        "description": "在庫管理と配送計画。３５歳未満の方を募集します。", "requiredSkills": ["在庫管理", "営業マンの経験"],
        "preferredSkills": ["全国転勤が可能な方"],
    });
    let id = draft(&recruiter, "createRole", with(lawful_role(), &wording)).await;
    let payload = recruiter
        .payload("publishOpportunity", id.clone(), "opportunity { id }")
        .await;
    let errors = payload["userErrors"].as_array().unwrap();
    let told: Vec<_> = errors
        .iter()
        .map(|error| (&error["code"], &error["field"]))
        .collect();
    assert_eq!(
        told,
        [
            (&json!("AGE_WORDING"), &json!(["description"])),
            (&json!("SEX_WORDING"), &json!(["requiredSkills", "1"])),
            (&json!("RELOCATION_REQUIREMENT"), &json!(["preferredSkills", "0"])),
        ]
    );
    assert!(
        errors[0]["message"]
            .as_str()
            .unwrap()
            .contains("労働施策総合推進法第9条")
    );

    let document = "{ opportunity(externalId: \"r01\") { status legalFindings {
        code severity article message field range { start end } } } }";
    let found = recruiter.in_english().query(document, Value::Null).await;
    let found = &found["opportunity"];
    assert_eq!(found["status"], "DRAFT");
    assert_eq!(
        found["legalFindings"][0]["range"],
        json!({"start": 10, "end": 20})
    );
    assert_eq!(found["legalFindings"][0]["severity"], "REFUSAL");
    let article = found["legalFindings"][0]["article"].as_str().unwrap();
    assert!(
        article.contains("Promotion of Labor Policies, article 9"),
        "{article}"
    );

    let reasons = json!({
        "id": id["id"], "requiredSkills": ["在庫管理"], "ageException": "CAREER_FORMATION",
        "relocationRequirementReason": "全国の物流拠点を順に立て直すため",
    });
    let excepted = with(with(lawful_role(), &wording), &reasons);
    recruiter.mutate("updateRole", excepted.clone(), "").await;
    assert_eq!(
        recruiter.user_errors("publishOpportunity", id.clone()).await,
        ["AGE_EXCEPTION_REASON"]
    );
    let fixed = json!({
        "ageExceptionReason": "長期勤続によるキャリア形成のため",
        "contractTerm": {"fixed": {"until": "2028-03-31", "renewalLimit": "更新なし"}},
    });
    recruiter
        .mutate("updateRole", with(excepted.clone(), &fixed), "")
        .await;
    assert_eq!(
        recruiter.user_errors("publishOpportunity", id.clone()).await,
        ["AGE_EXCEPTION_TERM"]
    );
    let whole = with(
        excepted,
        &json!({"ageExceptionReason": "長期勤続によるキャリア形成のため"}),
    );
    recruiter.mutate("updateRole", whole, "").await;
    recruiter
        .mutate("publishOpportunity", id, "warnings { code }")
        .await;
}

async fn what_would_make_a_published_role_unlawful_is_refused_and_it_stays_as_it_is(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    let recruiter = app.recruiter();
    let id = draft(&recruiter, "createRole", lawful_role()).await;
    recruiter.mutate("publishOpportunity", id.clone(), "").await;
    let whole = with(lawful_role(), &id);
    for (changes, codes) in [
        (json!({"trialPeriod": null}), ["MISSING_TRIAL_PERIOD"]),
        (json!({"pay": " "}), ["MISSING_PAY"]),
        (json!({"description": "若手歓迎"}), ["AGE_WORDING"]),
        (json!({"title": "女性秘書"}), ["SEX_WORDING"]),
    ] {
        assert_eq!(
            recruiter
                .user_errors("updateRole", with(whole.clone(), &changes))
                .await,
            codes,
            "{changes}"
        );
    }
    let overtime = json!({"fixedOvertime": "月30時間分を含む"});
    assert_eq!(
        recruiter
            .user_errors("updateRole", with(whole.clone(), &overtime))
            .await,
        [
            "MISSING_FIXED_OVERTIME_AMOUNT",
            "MISSING_FIXED_OVERTIME_HOURS",
            "MISSING_FIXED_OVERTIME_EXCESS"
        ]
    );
    let stated = json!({
        "fixedOvertime": "月30時間分を含む", "fixedOvertimeYen": 70_000, "fixedOvertimeHours": 30,
        "isExcessOvertimePaid": true,
    });
    let document = "opportunity { status title ... on Role { pay trialPeriod fixedOvertimeYen } }";
    let kept = recruiter
        .mutate("updateRole", with(whole, &stated), document)
        .await;
    assert_eq!(
        kept["opportunity"],
        json!({"status": "OPEN", "title": "物流企画", "pay": "月給50万円", "trialPeriod": "なし", "fixedOvertimeYen": 70_000})
    );
    assert_eq!(app.alumnus("a001").feed("").await.ids, ["r01"]);
}

async fn a_closed_filled_or_expired_role_leaves_every_list_with_the_next_answer(app: &TestApp) {
    let offers = ["r01", "r02", "r03", "r04"].map(role);
    let mut rows: Vec<Row> = offers.to_vec();
    rows.extend([alumnus("a001"), alumnus("a002")]);
    app.import(&rows).await;
    app.index().await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let first = aiko.feed("first: 1").await;
    assert_eq!(first.total, 4);
    let mut open = Vec::new();
    for offer in ["r01", "r02", "r03", "r04"] {
        let list = recruiter.candidates(offer, "first: 1").await;
        open.push((offer, format!("after: \"{}\"", list.cursors[0])));
    }
    let others: Vec<&str> = ["r01", "r02", "r03", "r04"]
        .into_iter()
        .filter(|number| *number != first.ids[0])
        .collect();
    let id = json!({"id": recruiter.opportunity_id(others[0]).await});
    recruiter.mutate("closeOpportunity", id.clone(), "").await;
    // A deadline of yesterday, by a file: nobody closes it, and no job runs.
    app.import(&[
        role(others[1]).set("closesAt", "2026-11-19"),
        role(others[2]).set("status", "FILLED"),
    ])
    .await;

    for gone in others {
        assert_eq!(recruiter.candidates(gone, "").await.total, 0, "{gone}");
        let document = format!("{{ opportunity(externalId: \"{gone}\") {{ id }} }}");
        assert_eq!(
            aiko.query(&document, Value::Null).await["opportunity"],
            Value::Null,
            "{gone}"
        );
    }
    for (offer, rest) in open.iter().filter(|(offer, _)| *offer != first.ids[0]) {
        assert_eq!(
            recruiter.candidates(offer, rest).await.total,
            0,
            "page two of an open cursor"
        );
    }
    assert_eq!(aiko.feed("").await.ids, first.ids);
    let rest = aiko.feed(&format!("after: \"{}\"", first.cursors[0])).await;
    assert_eq!((rest.ids.len(), rest.total), (0, 1), "page two of an open cursor");
    let found = "{ opportunities(query: \"物流企画\") { totalCount } all: opportunities { totalCount } }";
    let found = aiko.query(found, Value::Null).await;
    assert_eq!(
        (&found["opportunities"]["totalCount"], &found["all"]["totalCount"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(aiko.user_errors("expressInterest", id).await, ["NOT_FOUND"]);
}

async fn each_term_of_a_closing_a_subcontract_and_an_inspection_has_its_code(app: &TestApp) {
    let recruiter = app.recruiter();
    let codes = async |changes: Value| {
        let id = draft(&recruiter, "createContractWork", with(lawful_work(), &changes)).await;
        recruiter.user_errors("publishOpportunity", id).await
    };
    assert_eq!(
        codes(json!({})).await,
        [""; 0],
        "the sixtieth day after 31 December is 28 February"
    );
    assert_eq!(
        codes(json!({"paymentDueOn": "2027-03-01"})).await,
        ["PAYMENT_TOO_LATE"]
    );
    assert_eq!(
        codes(json!({"isInspected": true})).await,
        ["MISSING_INSPECTION_ON"]
    );
    assert_eq!(
        codes(json!({"isPaidByMonthlyClosing": true})).await,
        ["MISSING_CLOSING_DAY", "MISSING_PAYMENT_DAY"]
    );
    let closing = |due_on: &str| json!({"isPaidByMonthlyClosing": true, "closingDay": 31, "paymentDay": 31, "paymentDueOn": due_on});
    assert_eq!(codes(closing("2027-01-31")).await, [""; 0]);
    assert_eq!(codes(closing("2027-02-28")).await, ["PAYMENT_AFTER_CLOSING"]);
    assert_eq!(
        codes(with(closing("2027-02-28"), &json!({"paymentMonthsAfter": 2}))).await,
        [""; 0],
        "two months after 31 December"
    );
    assert_eq!(
        codes(with(closing("2027-03-01"), &json!({"paymentMonthsAfter": 2}))).await,
        ["PAYMENT_TOO_LATE", "PAYMENT_AFTER_CLOSING"]
    );
    assert_eq!(
        codes(json!({"isSubcontracted": true})).await,
        ["MISSING_PRIME_CONTRACTOR", "MISSING_PRIME_PAYMENT_DUE_ON"]
    );
    let prime = |due_on: &str| json!({"isSubcontracted": true, "primeContractor": "みどり商事", "primePaymentDueOn": "2027-02-28", "paymentDueOn": due_on});
    assert_eq!(codes(prime("2027-03-29")).await, [""; 0]);
    assert_eq!(codes(prime("2027-03-30")).await, ["PAYMENT_TOO_LATE"]);
    let wrong = with(lawful_work(), &json!({"closingDay": 32}));
    assert_eq!(
        recruiter.user_errors("createContractWork", wrong).await,
        ["OUT_OF_RANGE"]
    );
}

async fn an_age_in_a_role_moves_no_score_and_is_no_requirement(app: &TestApp) {
    let aged = |id: &str| {
        role(id)
            .set("title", "【20代限定】物流企画マネージャー")
            .set(
                "description",
                "倉庫の在庫管理と配送計画を担います。35歳未満の方を募集します。女性歓迎。",
            )
            .set("requiredSkills", json!(["35歳未満", "在庫管理"]))
            .set("preferredSkills", json!(["若手歓迎", "英語"]))
    };
    let exception = json!({
        "ageException": "CAREER_FORMATION", "ageExceptionReason": "長期勤続によるキャリア形成のため",
        "sexException": "POSITIVE_ACTION",
    });
    let young = alumnus("a003")
        .set("summary", "20代の若手として、35歳未満の女性の店を担当しました。")
        .skills(&["若手育成"]);
    let rows = [
        alumnus("a001"),
        alumnus("a002").skills(&["英語"]),
        young,
        role("r01"),
        aged("r02"),
        aged("r03").set("terms", exception),
    ];
    app.create_company("demo", |_| {}, true).await;
    app.import_into("demo", &rows).await;
    let recruiter = app.recruiter_of("demo");
    let ranked = async |number: &str| {
        let document = "query($id: String!) { opportunity(externalId: $id) { candidates { edges { rank node { externalId }
            match { score contributions { feature value } requirements { text status } } } } } }";
        recruiter.query(document, json!({"id": number})).await["opportunity"]["candidates"].take()
    };
    let without = ranked("r01").await;
    assert_eq!(without["edges"].as_array().unwrap().len(), 3);
    assert_eq!(ranked("r02").await, without);
    assert_eq!(ranked("r03").await, without, "nor one that the law excepts");
}

async fn agency_work_is_for_nobody_within_a_year_of_leaving_and_the_rule_is_counted(app: &TestApp) {
    let left = |id: &str, to: &str| {
        alumnus(id).set(
            "tenures",
            json!([{"department": "物流部", "title": "主任", "from": "2015-04", "to": to, "description": "在庫管理"}]),
        )
    };
    let mut terms = json!({"employmentForm": "TEMPORARY_AGENCY"});
    for key in [
        "duties",
        "dutiesChangeRange",
        "place",
        "placeChangeRange",
        "workingHours",
        "pay",
        "trialPeriod",
        "socialInsurance",
        "smokingMeasures",
        "employer",
    ] {
        terms[key] = json!("明示");
    }
    terms["contractTerm"] = json!("indefinite");
    terms["fixedOvertime"] = json!("なし");
    let excepted = with(terms.clone(), &json!({"isForMandatoryRetirees": true}));
    // Today is 2026-11-20: who left on 30 November of last year waits for ten more days.
    app.import(&[
        left("a001", "2025-11"),
        left("a002", "2025-10"),
        role("r01").set("terms", terms),
        role("r02"),
        role("r03").set("terms", excepted),
    ])
    .await;
    let recruiter = app.recruiter();
    assert_eq!(recruiter.candidates("r01", "").await.ids, ["a002"]);
    assert_eq!(recruiter.candidates("r02", "").await.total, 2);
    assert_eq!(
        recruiter.candidates("r03", "").await.total,
        2,
        "kept for those whom the law excepts"
    );
    let document = "{ opportunity(externalId: \"r01\") { candidates { leftOut { rule count } } } }";
    let left_out = recruiter.query(document, Value::Null).await;
    assert_eq!(
        left_out["opportunity"]["candidates"]["leftOut"],
        json!([{"rule": "TEMPORARY_AGENCY_WITHIN_A_YEAR", "count": 1}])
    );
    let invite = json!({
        "opportunityId": recruiter.opportunity_id("r01").await, "alumnusId": recruiter.alumnus_id("a001").await,
    });
    assert_eq!(
        recruiter.user_errors("inviteCandidate", invite).await,
        ["NOT_ELIGIBLE"]
    );
    let mut fed = app.alumnus("a001").feed("").await.ids;
    fed.sort();
    assert_eq!(fed, ["r02", "r03"]);
}

async fn contract_work_that_smells_of_employment_is_warned_of_and_published(app: &TestApp) {
    let recruiter = app.recruiter();
    let smell =
        json!({"description": "本社に常駐し、社員の指示に従って進めます。", "scope": "残業は月20時間程度"});
    let payload = recruiter
        .mutate(
            "createContractWork",
            with(lawful_work(), &smell),
            "opportunity { id } warnings { code severity field message }",
        )
        .await;
    let warnings = payload["warnings"].as_array().unwrap();
    let codes: Vec<_> = warnings
        .iter()
        .map(|warning| (&warning["code"], &warning["severity"]))
        .collect();
    let warning = json!("WARNING");
    assert_eq!(
        codes,
        [
            (&json!("DISGUISED_ATTENDANCE"), &warning),
            (&json!("DISGUISED_DIRECTION"), &warning),
            (&json!("DISGUISED_OVERTIME"), &warning),
        ]
    );
    assert!(
        warnings[0]["message"]
            .as_str()
            .unwrap()
            .starts_with("「常駐」は、")
    );
    let published = recruiter
        .mutate(
            "publishOpportunity",
            json!({"id": payload["opportunity"]["id"]}),
            "opportunity { status } warnings { code }",
        )
        .await;
    assert_eq!(published["opportunity"]["status"], "OPEN");
    assert_eq!(published["warnings"].as_array().unwrap().len(), 3);
}

async fn an_import_keeps_as_a_draft_what_the_law_refuses_and_says_so(app: &TestApp) {
    app.create_company("demo", |_| {}, true).await;
    let rows = [
        role("r01"),
        role("r02").incomplete(),
        role("r03").set("description", "若手歓迎"),
        contract_work("c01").set("description", "本社に常駐していただきます。"),
    ];
    let file: String = crate::harness::json_lines(&rows);
    let statuses = async |recruiter: Person| {
        let data = recruiter
            .query("{ opportunities { nodes { externalId status } } }", Value::Null)
            .await;
        let nodes = data["opportunities"]["nodes"].as_array().unwrap().clone();
        nodes
            .iter()
            .map(|node| node["status"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };

    let report = app
        .import_opportunities_file(crate::harness::AOBA, file.as_bytes())
        .await;
    assert_eq!(
        (report.n_inserted, report.n_incomplete, report.n_drafts),
        (4, 1, 2)
    );
    let found: Vec<_> = report
        .findings
        .iter()
        .map(|found| (found.line, found.field.as_str(), found.is_refusal))
        .collect();
    assert_eq!(found, [(3, "description", true), (4, "description", false)]);
    assert_eq!(
        statuses(app.recruiter()).await,
        ["OPEN", "DRAFT", "DRAFT", "OPEN"]
    );
    // A second time the file changes nothing.
    let again = app
        .import_opportunities_file(crate::harness::AOBA, file.as_bytes())
        .await;
    assert_eq!(again.n_unchanged, 4);

    app.import_opportunities_file("demo", file.as_bytes()).await;
    assert_eq!(statuses(app.recruiter_of("demo")).await, ["OPEN"; 4]);
}
