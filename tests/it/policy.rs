//! A programme's rules: who changes and reads them, what they do to the next answer, and what a person is told.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{AOBA, Person, Row, TestApp, alumnus, contract_work, on_both_databases, role, slot};

/// All of the rules, in the form in which they are written.
const POLICY: &str = "kinds quietPeriodDays returnWindowMonths minimumTenureMonths leavingKinds employmentTypes segments
    admission { matchedBy needsApproval } approachCap { maxApproaches days } feedNewItemsPerWeek speakerRestDays
    keepsEvaluations learnsFromDecisions groupCompanies { code name sharedKinds }
    groupShares { kinds by groups { name percent } }";

const ELIGIBILITY: &str = "{ viewer { eligibility {
    kind isOffered isEligible isAdmitted rule rules opensOn until explanation } } }";

on_both_databases! {
    an_administrator_changes_the_rules_from_the_version_that_was_read;
    all_staff_read_the_rules_and_alumni_what_concerns_them;
    every_bad_field_is_named_with_its_value_and_limit;
    each_rule_leaves_people_out_of_the_next_answer_and_counts_them;
    a_kind_that_is_switched_off_leaves_every_list_and_feed_at_once;
    a_person_learns_whether_they_may_come_back_until_when_and_by_which_rule;
    a_person_is_approached_as_often_as_the_cap_allows;
    the_cap_on_approaches_holds_for_whole_lists_and_ends_after_its_days;
    an_invited_speaker_rests_for_other_slots_and_not_for_this_one;
    a_feed_shows_as_many_new_items_as_the_cap_allows;
    group_companies_use_each_others_people_only_with_consent_and_for_their_purposes;
    a_group_company_that_the_programme_does_not_have_is_refused_by_name;
    evaluations_are_off_by_default_and_ranking_never_reads_them;
    kinds_of_leaving_and_employment_are_read_in_japanese_and_refused_with_the_accepted_values;
}

/// The rules and their version.
pub(crate) async fn programme(person: &Person) -> Value {
    let document = format!("{{ company {{ programme {{ version policy {{ {POLICY} }} }} }} }}");
    person.query(&document, Value::Null).await["company"]["programme"].take()
}

/// Changes some of the rules and keeps the others.
pub(crate) async fn change(app: &TestApp, changes: Value) -> i64 {
    let administrator = app.administrator();
    let mut read = programme(&administrator).await;
    let mut policy = read["policy"].take();
    for (field, value) in changes.as_object().unwrap() {
        policy[field] = value.clone();
    }
    let input = json!({"expectedVersion": read["version"], "policy": policy});
    let done = administrator
        .mutate("updatePolicy", input, "programme { version }")
        .await;
    done["programme"]["version"].as_i64().unwrap()
}

/// How many people each rule left out of an opportunity's candidates.
async fn left_out(person: &Person, opportunity: &str) -> Vec<(String, i64)> {
    let document =
        "query($id: String!) { opportunity(externalId: $id) { candidates { leftOut { rule count } } } }";
    let data = person.query(document, json!({"id": opportunity})).await;
    let rules = data["opportunity"]["candidates"]["leftOut"].as_array().unwrap();
    rules
        .iter()
        .map(|one| {
            (
                one["rule"].as_str().unwrap().to_owned(),
                one["count"].as_i64().unwrap(),
            )
        })
        .collect()
}

async fn candidates(person: &Person, opportunity: &str) -> Vec<String> {
    let mut ids = person.candidates(opportunity, "").await.ids;
    ids.sort();
    ids
}

async fn invite(person: &Person, opportunity: &str, alumnus: &str) -> Vec<String> {
    let input = json!({
        "opportunityId": person.opportunity_id(opportunity).await,
        "alumnusId": person.alumnus_id(alumnus).await,
    });
    person.user_errors("inviteCandidate", input).await
}

fn since(id: &str, to: &str) -> Row {
    alumnus(id).set(
        "tenures",
        json!([{"department": "物流部", "title": "主任", "from": "2015-04", "to": to, "description": "在庫管理。"}]),
    )
}

async fn an_administrator_changes_the_rules_from_the_version_that_was_read(app: &TestApp) {
    let administrator = app.administrator();
    let read = programme(&administrator).await;
    assert_eq!(read["version"], 1);
    let mut policy = read["policy"].clone();
    policy["returnWindowMonths"] = json!(72);
    let input = |policy: &Value, version: i64| json!({"expectedVersion": version, "policy": policy, "note": "六年に"});

    let selection = format!("programme {{ version policy {{ {POLICY} }} }}");
    let done = administrator
        .mutate("updatePolicy", input(&policy, 1), &selection)
        .await;
    assert_eq!(done["programme"], json!({"version": 2, "policy": policy}));
    // The same rules again are no change, and an old version is not written over.
    let again = administrator
        .mutate("updatePolicy", input(&policy, 2), &selection)
        .await;
    assert_eq!(again["programme"]["version"], 2);
    assert_eq!(
        administrator.user_errors("updatePolicy", input(&policy, 1)).await,
        ["VERSION_CONFLICT"]
    );
    assert_eq!(
        administrator
            .user_errors("updatePolicy", input(&policy, -1))
            .await,
        ["OUT_OF_RANGE"]
    );

    let history = "{ company { programme { history(first: 1) { totalCount pageInfo { hasNextPage endCursor }
        nodes { version changedBy note changedAt policy { returnWindowMonths } } } } } }";
    let listed = app.recruiter().query(history, Value::Null).await;
    let page = &listed["company"]["programme"]["history"];
    assert_eq!(page["totalCount"], 2);
    let latest = &page["nodes"][0];
    assert_eq!(
        (&latest["version"], &latest["changedBy"], &latest["note"]),
        (&json!(2), &json!("kanri"), &json!("六年に"))
    );
    assert_eq!(latest["policy"]["returnWindowMonths"], 72);
    let rest = history.replace("first: 1", &format!("after: {}", page["pageInfo"]["endCursor"]));
    let listed = app.recruiter().query(&rest, Value::Null).await;
    let page = &listed["company"]["programme"]["history"];
    assert_eq!(page["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(page["nodes"][0]["version"], 1);
    assert!(page["nodes"][0]["changedBy"].is_null());
    assert!(page["nodes"][0]["policy"]["returnWindowMonths"].is_null());
}

async fn all_staff_read_the_rules_and_alumni_what_concerns_them(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    change(
        app,
        json!({"returnWindowMonths": 72, "quietPeriodDays": 30, "speakerRestDays": 90}),
    )
    .await;
    let document = "{ company { programme {
        offeredKinds returnWindowMonths quietPeriodDays rules groupCompanies { code }
        version policy { minimumTenureMonths } history { totalCount } } } }";
    for staff in [app.administrator(), app.recruiter(), app.employee()] {
        let read = staff.query(document, Value::Null).await;
        let programme = &read["company"]["programme"];
        assert_eq!(programme["version"], 2);
        assert_eq!(programme["policy"]["minimumTenureMonths"], 0);
        assert_eq!(programme["history"]["totalCount"], 2);
    }
    let read = app.alumnus("a001").query(document, Value::Null).await;
    assert_eq!(
        read["company"]["programme"],
        json!({
            "offeredKinds": ["ROLE", "SPEAKER_SLOT", "CONTRACT_WORK"],
            "returnWindowMonths": 72,
            "quietPeriodDays": 30,
            "rules": [
                "NOT_MEMBER", "NO_INTEREST", "NO_CONSENT", "QUIET_PERIOD", "RETURN_WINDOW_CLOSED",
                "SPEAKER_RESTING", "TEMPORARY_AGENCY_WITHIN_A_YEAR", "DECLINED", "SNOOZED", "REJECTED",
                "ADDRESSED_TO_OTHER",
            ],
            "groupCompanies": [],
            "version": null,
            "policy": null,
            "history": null,
        })
    );
    for other in [app.recruiter(), app.employee(), app.alumnus("a001")] {
        let policy = programme(&app.administrator()).await["policy"].take();
        let input = json!({"expectedVersion": 2, "policy": policy});
        assert_eq!(
            other.try_mutate("updatePolicy", input, "").await.code(),
            "FORBIDDEN"
        );
    }
}

async fn every_bad_field_is_named_with_its_value_and_limit(app: &TestApp) {
    let administrator = app.administrator().in_english();
    let mut policy = programme(&administrator).await["policy"].take();
    policy["quietPeriodDays"] = json!(1_101);
    policy["leavingKinds"] = json!([]);
    policy["approachCap"] = json!({"maxApproaches": 0, "days": 30});
    policy["groupCompanies"] = json!([{"code": "bank", "name": " ", "sharedKinds": []}]);
    let input = json!({"expectedVersion": 1, "policy": policy});
    let payload = administrator
        .payload("updatePolicy", input, "programme { version }")
        .await;
    assert!(payload["programme"].is_null());
    assert_eq!(
        payload["userErrors"],
        json!([
            {"code": "OUT_OF_RANGE", "field": ["policy", "quietPeriodDays"],
             "message": "quietPeriodDays 1101 is not between 0 and 1100"},
            {"code": "BLANK", "field": ["policy", "leavingKinds"],
             "message": "leavingKinds is empty and would admit nobody; leave it out to admit everybody"},
            {"code": "OUT_OF_RANGE", "field": ["policy", "approachCap", "maxApproaches"],
             "message": "approachCap.maxApproaches 0 is not between 1 and 1000"},
            {"code": "BLANK", "field": ["policy", "groupCompanies", "0", "name"],
             "message": "groupCompanies.0.name must not be blank"},
        ])
    );
    assert_eq!(programme(&administrator).await["version"], 1);
}

async fn each_rule_leaves_people_out_of_the_next_answer_and_counts_them(app: &TestApp) {
    let regular = |id: &str| {
        since(id, "2022-03")
            .set("leavingKind", "自己都合")
            .set("employmentType", "正社員")
            .set("segment", "第一期")
    };
    app.import(&[
        regular("a001"),
        regular("a002").set("leavingKind", "懲戒解雇"),
        regular("a003").set("employmentType", "派遣"),
        regular("a004").set("segment", "第二期"),
        alumnus("a005"),
        role("r01"),
    ])
    .await;
    let recruiter = app.recruiter();
    assert_eq!(
        candidates(&recruiter, "r01").await,
        ["a001", "a002", "a003", "a004", "a005"]
    );
    assert_eq!(left_out(&recruiter, "r01").await, []);
    let cursor = recruiter.candidates("r01", "first: 1").await.cursors.remove(0);

    change(
        app,
        json!({"leavingKinds": ["VOLUNTARY", "MANDATORY_RETIREMENT"]}),
    )
    .await;
    assert_eq!(candidates(&recruiter, "r01").await, ["a001", "a003", "a004"]);
    let counted = |rules: &[(&str, i64)]| -> Vec<(String, i64)> {
        rules.iter().map(|(rule, n)| ((*rule).to_owned(), *n)).collect()
    };
    assert_eq!(
        left_out(&recruiter, "r01").await,
        counted(&[("LEAVING_KIND_NOT_ADMITTED", 2)])
    );
    // The rules hold for page two of a list that is open.
    let rest = recruiter.candidates("r01", &format!("after: \"{cursor}\"")).await;
    assert!(
        !rest.ids.iter().any(|id| id == "a002" || id == "a005"),
        "{rest:?}"
    );

    change(
        app,
        json!({"employmentTypes": ["REGULAR"], "segments": ["第一期"]}),
    )
    .await;
    assert_eq!(candidates(&recruiter, "r01").await, ["a001"]);
    // A person is counted once, under the first rule: nobody knows how a005 was employed, which segment comes before.
    assert_eq!(
        left_out(&recruiter, "r01").await,
        counted(&[
            ("SEGMENT_NOT_ADMITTED", 2),
            ("EMPLOYMENT_NOT_ADMITTED", 1),
            ("LEAVING_KIND_NOT_ADMITTED", 1),
        ])
    );

    change(
        app,
        json!({"leavingKinds": null, "employmentTypes": null, "segments": null, "minimumTenureMonths": 85}),
    )
    .await;
    assert_eq!(
        left_out(&recruiter, "r01").await,
        counted(&[("TENURE_TOO_SHORT", 5)])
    );
    change(app, json!({"minimumTenureMonths": 84, "returnWindowMonths": 55})).await;
    assert_eq!(
        left_out(&recruiter, "r01").await,
        counted(&[("RETURN_WINDOW_CLOSED", 5)])
    );
    change(app, json!({"returnWindowMonths": 56})).await;
    assert_eq!(left_out(&recruiter, "r01").await, []);
}

async fn a_kind_that_is_switched_off_leaves_every_list_and_feed_at_once(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01"), contract_work("c01"), slot("s01")])
        .await;
    app.index().await;
    let (aiko, recruiter) = (app.alumnus("a001"), app.recruiter());
    assert_eq!(aiko.feed("").await.total, 3);
    let whole = aiko.feed("").await;
    assert_eq!(candidates(&recruiter, "c01").await, ["a001"]);
    let id = recruiter.opportunity_id("c01").await;
    let draft = json!({"title": "配送計画", "description": "見直し", "remote": "REMOTE"});
    let made = recruiter
        .mutate("createContractWork", draft.clone(), "opportunity { id }")
        .await;

    change(app, json!({"kinds": ["ROLE", "SPEAKER_SLOT"]})).await;
    let mut ids = aiko.feed("").await.ids;
    ids.sort();
    assert_eq!(ids, ["r01", "s01"]);
    // Wherever it stood, it is behind the first or in front of the last.
    for page in [
        format!("after: \"{}\"", whole.cursors[0]),
        format!("last: 2, before: \"{}\"", whole.cursors[2]),
    ] {
        let rest = aiko.feed(&page).await;
        assert!(
            !rest.ids.contains(&"c01".to_owned()),
            "another page of an open cursor: {rest:?}"
        );
    }
    assert_eq!(candidates(&recruiter, "c01").await, Vec::<String>::new());
    assert_eq!(
        left_out(&recruiter, "c01").await,
        [("KIND_NOT_OFFERED".to_owned(), 1)]
    );
    let lists = "query($id: ID!) { node(id: $id) { id } opportunity(externalId: \"c01\") { id }
        all: opportunities { nodes { externalId } } found: opportunities(query: \"配送計画\") { totalCount } }";
    for peer in [&aiko, &app.employee()] {
        let seen = peer.query(lists, json!({"id": id})).await;
        assert!(seen["node"].is_null() && seen["opportunity"].is_null(), "{seen}");
        assert_eq!(seen["all"]["nodes"].as_array().unwrap().len(), 2);
        assert!(!seen["all"].to_string().contains("c01"));
    }
    assert_eq!(invite(&recruiter, "c01", "a001").await, ["NOT_ELIGIBLE"]);
    assert_eq!(
        recruiter.user_errors("createContractWork", draft).await,
        ["KIND_NOT_OFFERED"]
    );
    let publish = json!({"id": made["opportunity"]["id"]});
    assert_eq!(
        recruiter.user_errors("publishOpportunity", publish).await,
        ["KIND_NOT_OFFERED"]
    );

    change(app, json!({"kinds": ["ROLE", "SPEAKER_SLOT", "CONTRACT_WORK"]})).await;
    assert_eq!(aiko.feed("").await.total, 3);
    assert_eq!(candidates(&recruiter, "c01").await, ["a001"]);
}

async fn eligibility(person: &Person) -> Vec<Value> {
    let data = person.query(ELIGIBILITY, Value::Null).await;
    data["viewer"]["eligibility"].as_array().unwrap().clone()
}

async fn a_person_learns_whether_they_may_come_back_until_when_and_by_which_rule(app: &TestApp) {
    // Today is 2026-11-20 in Japan.
    app.import(&[
        since("in", "2020-11").interests(&["REHIRE"]),
        since("out", "2020-10").interests(&["REHIRE"]),
        since("new", "2026-10").interests(&["REHIRE"]),
        since("quiet", "2026-10"),
        role("r01"),
    ])
    .await;
    assert_eq!(eligibility(&app.alumnus("in")).await[0]["until"], Value::Null);
    change(
        app,
        json!({"returnWindowMonths": 72, "kinds": ["ROLE", "SPEAKER_SLOT"]}),
    )
    .await;
    let recruiter = app.recruiter();

    let told = eligibility(&app.alumnus("in")).await;
    assert_eq!(
        told[0],
        json!({
            "kind": "ROLE", "isOffered": true, "isEligible": true, "isAdmitted": true, "rule": null, "rules": [],
            "opensOn": null, "until": "2026-11-30",
            "explanation": "2026年11月30日までは対象です（当日を含みます）。",
        })
    );
    assert_eq!(told[1]["rule"], "NO_INTEREST");
    assert!(told[1]["isOffered"] == true && told[1]["isAdmitted"] == true);
    assert_eq!(
        told[2]["rules"],
        json!(["NO_INTEREST", "NO_CONSENT", "KIND_NOT_OFFERED"])
    );
    assert!(told[2]["isOffered"] == false && told[2]["isAdmitted"] == false);

    let told = eligibility(&app.alumnus("out").in_english()).await;
    assert_eq!(
        (&told[0]["rule"], &told[0]["until"]),
        (&json!("RETURN_WINDOW_CLOSED"), &json!("2026-10-31"))
    );
    assert_eq!(told[0]["explanation"], "The time to return ended on 2026-10-31.");
    // What is told is what is done.
    assert_eq!(candidates(&recruiter, "r01").await, ["in", "new", "quiet"]);

    change(app, json!({"quietPeriodDays": 60})).await;
    let told = eligibility(&app.alumnus("new")).await;
    assert_eq!(
        (&told[0]["rule"], &told[0]["opensOn"]),
        (&json!("QUIET_PERIOD"), &json!("2026-12-30"))
    );
    assert_eq!(told[0]["explanation"], "2026年12月30日より前にはご案内しません。");
    assert_eq!(candidates(&recruiter, "r01").await, ["in"]);
    let told = eligibility(&app.alumnus("quiet")).await;
    assert!(
        told[1]["isEligible"] == true,
        "speaking is no hiring approach: {}",
        told[1]
    );

    let staff = app.administrator();
    let told = staff
        .query(
            "{ viewer { eligibility { kind } groupCompanies { isOwn } } }",
            Value::Null,
        )
        .await;
    assert_eq!(
        told["viewer"],
        json!({"eligibility": null, "groupCompanies": null})
    );
}

async fn a_person_is_approached_as_often_as_the_cap_allows(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        alumnus("a002"),
        role("r01"),
        role("r02"),
        contract_work("c01"),
    ])
    .await;
    change(app, json!({"approachCap": {"maxApproaches": 2, "days": 30}})).await;
    let recruiter = app.recruiter();
    let nothing = Vec::<String>::new();
    assert_eq!(invite(&recruiter, "r01", "a001").await, nothing);
    assert_eq!(invite(&recruiter, "c01", "a001").await, nothing);
    assert_eq!(invite(&recruiter, "r02", "a001").await, ["TOO_MANY_APPROACHES"]);
    // The cap is a person's: the same invitation again is none more, and others may be approached.
    assert_eq!(invite(&recruiter, "r01", "a001").await, nothing);
    assert_eq!(invite(&recruiter, "r02", "a002").await, nothing);
    // It keeps nobody out of a list.
    assert_eq!(candidates(&recruiter, "r02").await, ["a001", "a002"]);
    change(app, json!({"approachCap": {"maxApproaches": 3, "days": 30}})).await;
    assert_eq!(invite(&recruiter, "r02", "a001").await, nothing);
}

async fn the_cap_on_approaches_holds_for_whole_lists_and_ends_after_its_days(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        alumnus("a002"),
        role("r01"),
        role("r02"),
        role("r03"),
    ])
    .await;
    change(app, json!({"approachCap": {"maxApproaches": 1, "days": 30}})).await;
    let (recruiter, nothing) = (app.recruiter(), Vec::<String>::new());
    assert_eq!(invite(&recruiter, "r01", "a001").await, nothing);
    // Whoever was asked counts as asked, whatever they said.
    let own = "{ viewer { invitations { nodes { id } } } }";
    let asked = app.alumnus("a001").query(own, Value::Null).await;
    let declined = json!({"id": asked["viewer"]["invitations"]["nodes"][0]["id"], "reason": "TERMS"});
    app.alumnus("a001")
        .mutate("declineInvitation", declined, "")
        .await;

    let id = recruiter.opportunity_id("r02").await;
    let document = "query($id: ID!) { previewInvitations(opportunityId: $id, first: 10) { token
        invitees { externalId } skipped { obstacle alumnus { externalId } } } }";
    let preview = recruiter.query(document, json!({"id": id})).await["previewInvitations"].clone();
    assert_eq!(preview["invitees"], json!([{"externalId": "a002"}]));
    assert_eq!(
        preview["skipped"],
        json!([{"obstacle": "CAP_REACHED", "alumnus": {"externalId": "a001"}}])
    );
    // Somebody who was approached after the preview is passed over.
    assert_eq!(invite(&recruiter, "r03", "a002").await, nothing);
    let input = json!({"opportunityId": id, "previewToken": preview["token"]});
    let sent = recruiter
        .mutate("inviteCandidates", input, "invitations { id } skippedCount")
        .await;
    assert_eq!(
        (&sent["invitations"], &sent["skippedCount"]),
        (&json!([]), &json!(1))
    );

    // Thirty days of Japan time, the day of asking counted.
    for (days, refused) in [(29, vec!["TOO_MANY_APPROACHES".to_owned()]), (30, nothing)] {
        let later = app.later(TimeDelta::days(days), |_| {}).await;
        assert_eq!(invite(&later.recruiter(), "r02", "a001").await, refused);
        later.stop().await;
    }
}

async fn an_invited_speaker_rests_for_other_slots_and_not_for_this_one(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        alumnus("a002"),
        slot("s01"),
        slot("s02"),
        role("r01"),
    ])
    .await;
    change(app, json!({"speakerRestDays": 90})).await;
    let recruiter = app.recruiter();
    assert_eq!(candidates(&recruiter, "s02").await, ["a001", "a002"]);
    assert_eq!(invite(&recruiter, "s01", "a001").await, Vec::<String>::new());

    assert_eq!(candidates(&recruiter, "s02").await, ["a002"]);
    assert_eq!(
        left_out(&recruiter, "s02").await,
        [("SPEAKER_RESTING".to_owned(), 1)]
    );
    assert_eq!(candidates(&recruiter, "s01").await, ["a001", "a002"]);
    assert_eq!(candidates(&recruiter, "r01").await, ["a001", "a002"]);
    let told = eligibility(&app.alumnus("a001")).await;
    assert_eq!(
        (&told[1]["rule"], &told[1]["opensOn"]),
        (&json!("SPEAKER_RESTING"), &json!("2027-02-18"))
    );
    change(app, json!({"speakerRestDays": 0})).await;
    assert_eq!(candidates(&recruiter, "s02").await, ["a001", "a002"]);
}

async fn a_feed_shows_as_many_new_items_as_the_cap_allows(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01"), contract_work("c01"), slot("s01")])
        .await;
    let aiko = app.alumnus("a001");
    let all = aiko.feed("").await.ids;
    assert_eq!(all.len(), 3);
    change(app, json!({"feedNewItemsPerWeek": 2})).await;
    assert_eq!(aiko.feed("").await.ids, all[..2]);
    // A cap on what is shown to the person takes nobody out of a recruiter's list.
    assert_eq!(candidates(&app.recruiter(), &all[2]).await, ["a001"]);
}

fn group() -> Value {
    json!([
        {"code": "bank", "name": "青葉銀行", "sharedKinds": ["ROLE"]},
        {"code": "trust", "name": "青葉信託", "sharedKinds": []},
    ])
}

async fn group_companies_use_each_others_people_only_with_consent_and_for_their_purposes(app: &TestApp) {
    change(app, json!({"groupCompanies": group()})).await;
    let of = |row: Row, company: &str| row.set("groupCompany", company);
    app.import(&[
        of(alumnus("a001"), "bank"),
        of(alumnus("a002"), "trust"),
        of(role("bank-role"), "bank"),
        of(contract_work("bank-work"), "bank"),
        of(role("trust-role"), "trust"),
        role("role"),
    ])
    .await;
    let (recruiter, trusty) = (app.recruiter(), app.alumnus("a002"));
    let lists = async || {
        let mut lists = Vec::new();
        for id in ["bank-role", "bank-work", "trust-role", "role"] {
            lists.push(candidates(&recruiter, id).await.join(" "));
        }
        lists
    };
    assert_eq!(lists().await, ["a001", "a001", "a002", "a001 a002"]);
    assert_eq!(
        left_out(&recruiter, "bank-role").await,
        [("NOT_SHARED_IN_GROUP".to_owned(), 1)]
    );
    let uses = "{ viewer { groupCompanies { isOwn kinds company { code name } } } }";
    let used = async || trusty.query(uses, Value::Null).await["viewer"]["groupCompanies"].take();
    assert_eq!(
        used().await,
        json!([
            {"isOwn": false, "kinds": [], "company": {"code": "bank", "name": "青葉銀行"}},
            {"isOwn": true, "kinds": ["ROLE", "SPEAKER_SLOT", "CONTRACT_WORK"],
             "company": {"code": "trust", "name": "青葉信託"}},
        ])
    );

    // With the consent, for the bank's one purpose, at once; and not the other way round.
    trusty
        .mutate(
            "giveConsent",
            json!({"purpose": "GROUP_SHARING", "textVersion": "2026-11"}),
            "",
        )
        .await;
    assert_eq!(lists().await, ["a001 a002", "a001", "a002", "a001 a002"]);
    assert_eq!(used().await[0]["kinds"], json!(["ROLE"]));
    let mut feed = trusty.feed("").await.ids;
    feed.sort();
    assert_eq!(feed, ["bank-role", "role", "trust-role"]);
    trusty
        .mutate("withdrawConsent", json!({"purpose": "GROUP_SHARING"}), "")
        .await;
    assert_eq!(lists().await, ["a001", "a001", "a002", "a001 a002"]);
}

async fn a_group_company_that_the_programme_does_not_have_is_refused_by_name(app: &TestApp) {
    change(app, json!({"groupCompanies": group()})).await;
    let draft = |company: &str| json!({"title": "審査", "description": "審査", "remote": "REMOTE", "groupCompany": company});
    let recruiter = app.recruiter();
    assert_eq!(
        recruiter.user_errors("createRole", draft("card")).await,
        ["NOT_FOUND"]
    );
    let made = recruiter
        .mutate("createRole", draft("bank"), "opportunity { groupCompany }")
        .await;
    assert_eq!(made["opportunity"]["groupCompany"], "bank");
    let file = "id,氏名,グループ会社\na001,青葉 太郎,trust\na002,青葉 次郎,card\n";
    let report = app.import_alumni_file(AOBA, file.as_bytes()).await;
    assert_eq!((report.n_inserted, report.n_failed), (1, 1));
    assert_eq!(
        report.errors[0].to_string(),
        "line 3, column groupCompany: \"card\" is no group company of the programme, which has bank, trust"
    );
}

async fn evaluations_are_off_by_default_and_ranking_never_reads_them(app: &TestApp) {
    let praised = alumnus("a001").set("evaluation", "在庫管理の手本。物流企画マネージャーに推薦する。");
    let report = app
        .import_alumni_file(
            AOBA,
            crate::harness::json_lines(&[praised.clone(), alumnus("a002")]).as_bytes(),
        )
        .await;
    assert_eq!((report.n_inserted, report.n_evaluations_dropped), (2, 1));
    app.import(&[role("r01")]).await;
    app.index().await;
    let read = "{ alumni { nodes { externalId name { kanji } evaluation } } }";
    let evaluations = async |person: Person| {
        let data = person.query(read, Value::Null).await;
        let nodes = data["alumni"]["nodes"].as_array().unwrap().clone();
        nodes
            .into_iter()
            .map(|node| node["evaluation"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(evaluations(app.administrator()).await, [Value::Null, Value::Null]);
    let list = "{ opportunity(externalId: \"r01\") { candidates { edges {
        node { externalId } match { score summary contributions { feature value text } } } } } }";
    let recruiter = app.recruiter();
    let before = recruiter.query(list, Value::Null).await;

    change(app, json!({"keepsEvaluations": true})).await;
    app.import(&[praised]).await;
    app.index().await;
    let text = json!("在庫管理の手本。物流企画マネージャーに推薦する。");
    assert_eq!(
        evaluations(app.administrator()).await,
        [text.clone(), Value::Null]
    );
    assert_eq!(evaluations(app.alumnus("a001")).await, [text, Value::Null]);
    for other in [app.recruiter(), app.employee(), app.alumnus("a002")] {
        assert_eq!(evaluations(other).await, [Value::Null, Value::Null]);
    }
    assert_eq!(recruiter.query(list, Value::Null).await, before);
    assert_eq!(recruiter.search("手本").await, Vec::<String>::new());

    // A programme that keeps none has none.
    change(app, json!({"keepsEvaluations": false})).await;
    assert_eq!(evaluations(app.alumnus("a001")).await, [Value::Null, Value::Null]);
    change(app, json!({"keepsEvaluations": true})).await;
    assert_eq!(evaluations(app.administrator()).await, [Value::Null, Value::Null]);
}

async fn kinds_of_leaving_and_employment_are_read_in_japanese_and_refused_with_the_accepted_values(
    app: &TestApp,
) {
    let file = "id,氏名,雇用形態,退職区分\na001,青葉 太郎,正社員,自己都合\na002,青葉 次郎,ﾊﾟｰﾄ,一身上の理由だと思う\n";
    let report = app.import_alumni_file(AOBA, file.as_bytes()).await;
    assert_eq!((report.n_inserted, report.n_failed), (1, 1));
    let error = report.errors[0].to_string();
    assert!(
        error.starts_with(
            "line 3, column 退職区分: \"一身上の理由だと思う\" is none of VOLUNTARY (自己都合), "
        ),
        "{error}"
    );
}
