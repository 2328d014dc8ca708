//! What excluding does for the person who excludes, and where it ends.

use std::collections::BTreeSet;

use okaeri_engine::domain::{Asker, Role};
use serde_json::{Value, json};

use super::worlds::{MANAGER, OTHER_UNIT, OTHERS, P, UNIT, World, exclude};
use crate::harness::{Person, TestApp, alumnus, on_both_databases, role};

on_both_databases! {
    the_feed_has_nothing_of_what_is_excluded;
    an_exclusion_holds_for_the_next_answer_and_page_two_and_ends_when_it_is_taken_back;
    an_exclusion_of_a_person_follows_them_as_hiring_manager;
    approaches_look_to_the_excluded_as_after_an_opt_out;
    records_name_nobody_to_whom_they_exclude;
    a_person_reads_and_replaces_their_own_exclusions_within_limits;
    exclusions_that_cannot_be_read_keep_their_person_out_of_everything;
    whoever_consented_to_units_work_alone_does_not_exist_for_the_excluded;
}

async fn the_feed_has_nothing_of_what_is_excluded(app: &TestApp) {
    for world in [World::ExcludesUnit, World::ExcludesStaff] {
        world.build(app).await;
        let feed = app.alumnus_of(world.slug(), P).feed("first: 100").await;
        let shown: BTreeSet<&str> = feed.ids.iter().map(String::as_str).collect();
        assert_eq!(shown, BTreeSet::from(OTHERS), "{world:?}");
    }
}

async fn an_exclusion_holds_for_the_next_answer_and_page_two_and_ends_when_it_is_taken_back(app: &TestApp) {
    // Of the own unit, and of another one that the person does not exclude.
    app.import(&[
        alumnus("a001"),
        alumnus("a002"),
        alumnus("a003"),
        role("r01"),
        role("r02").set("department", OTHER_UNIT),
    ])
    .await;
    let recruiter = app.staff_of(Role::Recruiter, "saiyo", UNIT);
    for offer in ["r01", "r02"] {
        let all = recruiter.candidates(offer, "").await;
        let first = recruiter.candidates(offer, "first: 1").await;
        let excluding = app.alumnus(&all.ids[1]);
        exclude(&excluding, json!(["物流部"]), json!([])).await;
        let rest = recruiter
            .candidates(offer, &format!("first: 5, after: \"{}\"", first.cursors[0]))
            .await;
        assert_eq!(rest.ids, [all.ids[2].clone()]);
        assert_eq!(rest.total, 2);
        exclude(&excluding, json!([]), json!([])).await;
        assert_eq!(recruiter.candidates(offer, "").await.ids, all.ids);
    }
}

async fn an_exclusion_of_a_person_follows_them_as_hiring_manager(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01").set("department", OTHER_UNIT)])
        .await;
    exclude(
        &app.alumnus("a001"),
        json!([]),
        json!([{"subject": MANAGER, "unit": UNIT}]),
    )
    .await;
    let recruiter = app.staff_of(Role::Recruiter, "houmu", OTHER_UNIT);
    assert_eq!(recruiter.candidates("r01", "").await.total, 1);
    // They hire in the other unit now, for another offer: nobody there could tell one from the other.
    let elsewhere = role("r02")
        .set("department", OTHER_UNIT)
        .set("hiringManager", " BUCHO@aoba.example");
    app.import(std::slice::from_ref(&elsewhere)).await;
    assert_eq!(recruiter.candidates("r01", "").await.total, 0);
    assert_eq!(recruiter.candidates("r02", "").await.total, 0);
    let moved = app.staff_of(Role::Recruiter, MANAGER, "経理部");
    let document = "{ alumnus(externalId: \"a001\") { interests } }";
    assert_eq!(
        moved.query(document, Value::Null).await["alumnus"]["interests"],
        json!([])
    );
    app.import(&[elsewhere.set("hiringManager", "other@aoba.example")])
        .await;
    assert_eq!(recruiter.candidates("r01", "").await.total, 1);
}

async fn approaches_look_to_the_excluded_as_after_an_opt_out(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        alumnus("a002"),
        role("r01"),
        role("r02").set("department", OTHER_UNIT),
        role("r03").set("department", OTHER_UNIT),
    ])
    .await;
    let (excluded, other) = (
        app.staff_of(Role::Recruiter, "saiyo", UNIT),
        app.staff_of(Role::Recruiter, "houmu", OTHER_UNIT),
    );
    let invite = async |person: &Person, offer: &str, alumnus: &str| {
        let input = json!({
            "opportunityId": person.opportunity_id(offer).await,
            "alumnusId": person.alumnus_id(alumnus).await,
        });
        person.mutate("inviteCandidate", input, "invitation { id }").await["invitation"]["id"].clone()
    };
    let look = async |person: &Person, id: &Value| {
        let document = "query($id: ID!) { node(id: $id) { ... on Invitation { status } } }";
        person.query(document, json!({"id": id})).await["node"].clone()
    };
    let mut before = Vec::new();
    for alumnus in ["a001", "a002"] {
        before.push([
            invite(&excluded, "r01", alumnus).await,
            invite(&other, "r02", alumnus).await,
        ]);
    }
    exclude(&app.alumnus("a001"), json!([UNIT]), json!([])).await;
    app.alumnus("a002")
        .mutate("setMyInterests", json!({"interests": []}), "")
        .await;
    for (of_excluding, of_opted_out) in before[0].iter().zip(&before[1]) {
        for person in [&excluded, &app.recruiter(), &app.administrator()] {
            assert_eq!(look(person, of_excluding).await, look(person, of_opted_out).await);
        }
        let mine = look(&app.alumnus("a001"), of_excluding).await;
        assert_eq!(mine, json!({"status": "SENT"}));
    }
    let after = invite(&other, "r03", "a001").await;
    assert_eq!(look(&other, &after).await, json!({"status": "SENT"}));
    assert_eq!(look(&excluded, &after).await, Value::Null);
    assert_eq!(look(&app.administrator(), &after).await, Value::Null);
    assert_eq!(
        look(&app.alumnus("a001"), &after).await,
        json!({"status": "SENT"})
    );
    // What came of it, which stays the company's record whatever is withdrawn, is theirs no more than that.
    app.alumnus("a001")
        .mutate("acceptInvitation", json!({"id": after}), "")
        .await;
    let document = "query($id: ID!) { node(id: $id) { ... on Invitation { candidacy { id } } } }";
    let accepted = other.query(document, json!({"id": after})).await;
    let candidacy = json!({"id": accepted["node"]["candidacy"]["id"]});
    other.mutate("recordAgreement", candidacy, "").await;
    assert_eq!(look(&other, &after).await, json!({"status": "ACCEPTED"}));
    for person in [&excluded, &app.recruiter(), &app.administrator()] {
        assert_eq!(look(person, &after).await, Value::Null);
    }
}

async fn records_name_nobody_to_whom_they_exclude(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        alumnus("a002"),
        role("r01").set("department", OTHER_UNIT),
    ])
    .await;
    exclude(&app.alumnus("a001"), json!([UNIT]), json!([])).await;
    let other = app.staff_of(Role::Recruiter, "houmu", OTHER_UNIT);
    assert_eq!(other.candidates("r01", "").await.total, 2);
    let administrator = app.administrator();
    let document =
        "query($id: ID) { auditRecords(filter: {alumnusId: $id}) { totalCount nodes { rankingId } } }";
    let mut found = Vec::new();
    for alumnus in ["a001", "a002"] {
        let id = administrator.alumnus_id(alumnus).await;
        found.push(administrator.query(document, json!({"id": id})).await["auditRecords"].clone());
    }
    assert_eq!(found[0]["totalCount"], 0);
    assert_eq!(found[1]["totalCount"], 1);
    let document = "query($id: ID!) { auditRecord(rankingId: $id) { isIntact
        candidates { nodes { isErased alumnus { externalId } } } } }";
    let id = &found[1]["nodes"][0]["rankingId"];
    let shown = administrator.query(document, json!({"id": id})).await;
    let text = shown.to_string();
    assert_eq!(shown["auditRecord"]["isIntact"], true);
    assert!(text.contains("a002") && !text.contains("a001"), "{text}");
}

async fn a_person_reads_and_replaces_their_own_exclusions_within_limits(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002")]).await;
    let aiko = app.alumnus("a001");
    let selection = "exclusions { units staff { subject unit } notice }";
    let input = json!({
        "units": ["物流部", " 物流部 "],
        "staff": [{"subject": MANAGER, "unit": "購買部"}, {"subject": "BUCHO@aoba.example ", "unit": "購買部"}],
    });
    let set = aiko.mutate("setMyExclusions", input, selection).await;
    assert_eq!(set["exclusions"]["units"], json!(["物流部"]));
    assert_eq!(
        set["exclusions"]["staff"],
        json!([{"subject": MANAGER, "unit": "購買部"}])
    );
    let document = format!("{{ viewer {{ {selection} }} }}");
    assert_eq!(
        aiko.query(&document, Value::Null).await["viewer"]["exclusions"],
        set["exclusions"]
    );
    let english = aiko.in_english().query(&document, Value::Null).await;
    assert!(
        english["viewer"]["exclusions"]["notice"]
            .as_str()
            .unwrap()
            .contains("encrypted")
    );
    let other = app.alumnus("a002").query(&document, Value::Null).await;
    assert_eq!(other["viewer"]["exclusions"]["units"], json!([]));
    for person in [app.administrator(), app.recruiter(), app.employee()] {
        assert_eq!(
            person.query(&document, Value::Null).await["viewer"]["exclusions"],
            Value::Null
        );
    }

    let many: Vec<String> = (0..11).map(|n| format!("第{n}部")).collect();
    let long = "部".repeat(201);
    let full: Vec<String> = (0..10).map(|n| format!("{n}{}", "部".repeat(199))).collect();
    for (units, staff, code) in [
        (json!(many), json!([]), "TOO_LONG"),
        (json!([long]), json!([]), "TOO_LONG"),
        (json!(full), json!([]), "TOO_LONG"),
        (json!(["　"]), json!([]), "BLANK"),
        (json!([" / "]), json!([]), "INVALID"),
        (json!([]), json!([{"subject": "", "unit": "物流部"}]), "BLANK"),
        (json!([]), json!([{"subject": "x", "unit": ""}]), "BLANK"),
    ] {
        let input = json!({"units": units, "staff": staff});
        assert_eq!(aiko.user_errors("setMyExclusions", input).await, [code]);
    }
    let kept = aiko.query(&document, Value::Null).await;
    assert_eq!(kept["viewer"]["exclusions"], set["exclusions"]);
}

async fn exclusions_that_cannot_be_read_keep_their_person_out_of_everything(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    let recruiter = app.staff_of(Role::Recruiter, "saiyo", UNIT);
    assert_eq!(recruiter.candidates("r01", "").await.total, 1);
    let other = "other AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    let again = app.restarted_with_exclusion_key(other).await;
    let recruiter = again.staff_of(Role::Recruiter, "saiyo", UNIT);
    assert_eq!(recruiter.candidates("r01", "").await.total, 0);
    let company_id = again.company_id(crate::harness::AOBA).await;
    let projection = again.app.projections.company(company_id).await.unwrap();
    assert_eq!(projection.state().n_unreadable_exclusions(), 1);
    let unreadable = projection
        .state()
        .pool
        .standings()
        .all(|(_, standing)| standing.exclusions().apply_to(&Asker::COMPANY));
    assert!(unreadable);
    // Never "none": the person is told that something is wrong.
    let person = again.alumnus("a001");
    let request = person
        .request()
        .body(json!({"query": "{ viewer { exclusions { units } } }"}).to_string());
    let answer: Value = serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL", "{answer}");
    again.stop().await;
}

async fn whoever_consented_to_units_work_alone_does_not_exist_for_the_excluded(app: &TestApp) {
    app.import(&[alumnus("a001").interests(&["REHIRE"]), role("r01")])
        .await;
    let aiko = app.alumnus("a001");
    for purpose in ["DIRECTORY", "FEED"] {
        aiko.mutate("withdrawConsent", json!({"purpose": purpose}), "")
            .await;
    }
    let look = async |person: &Person| {
        let document = "{ alumnus(externalId: \"a001\") { interests } }";
        person.query(document, Value::Null).await["alumnus"].clone()
    };
    let excluded = app.staff_of(Role::Recruiter, "saiyo", UNIT);
    let other = app.staff_of(Role::Recruiter, "houmu", OTHER_UNIT);
    assert_eq!(look(&excluded).await, json!({"interests": ["REHIRE"]}));
    exclude(&aiko, json!([UNIT]), json!([])).await;
    assert_eq!(look(&excluded).await, Value::Null);
    assert_eq!(look(&app.recruiter()).await, Value::Null);
    assert_eq!(look(&app.administrator()).await, json!({"interests": []}));
    assert_eq!(look(&other).await, json!({"interests": ["REHIRE"]}));
    assert_eq!(look(&aiko).await, json!({"interests": ["REHIRE"]}));
}
