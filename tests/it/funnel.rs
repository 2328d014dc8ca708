//! What a programme comes to, in numbers that tell of nobody.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Person, Row, TestApp, alumnus, on_both_databases, role};

const FUNNEL: &str = "{ funnel(kind: ROLE, from: \"2026-11\", to: \"2026-11\") { matchedCount contactedCount agreedCount realizedCount
    smallCellLimit unreadListCount overrides { invitedBelowOthers firstPassedOver }
    impact { question groups { answer consideredCount selectedCount selectionRate impactRatio isBelowFourFifths } } } }";

on_both_databases! {
    each_step_is_counted_and_what_tells_of_single_people_is_withheld;
    a_funnel_counts_its_kind_and_its_months;
    groups_are_compared_only_by_what_people_said_for_it_and_only_in_numbers;
    what_people_say_for_statistics_is_theirs_and_moves_nothing;
}

fn people(n: usize) -> Vec<Row> {
    (0..n).map(|n| alumnus(&format!("a{n:03}"))).collect()
}

async fn invite(recruiter: &Person, offer: &str, person: &str) -> String {
    let input = json!({
        "opportunityId": recruiter.opportunity_id(offer).await,
        "alumnusId": recruiter.alumnus_id(person).await,
    });
    let sent = recruiter
        .mutate("inviteCandidate", input, "invitation { id }")
        .await;
    sent["invitation"]["id"].as_str().unwrap().to_owned()
}

async fn funnel(app: &TestApp) -> Value {
    app.administrator().query(FUNNEL, Value::Null).await["funnel"].clone()
}

async fn each_step_is_counted_and_what_tells_of_single_people_is_withheld(app: &TestApp) {
    let mut rows = people(15);
    rows.push(role("r01").set("seats", 3));
    app.import(&rows).await;
    app.index().await;
    let recruiter = app.recruiter();
    let ranked = recruiter.candidates("r01", "").await.ids;
    // The first is passed over; the next six are invited, and one of them agrees.
    for (n, person) in ranked[1..7].iter().enumerate() {
        let id = invite(&recruiter, "r01", person).await;
        if n == 0 {
            let accepted = app
                .alumnus(person)
                .mutate(
                    "acceptInvitation",
                    json!({"id": id}),
                    "invitation { candidacy { id } }",
                )
                .await;
            let candidacy = json!({"id": accepted["invitation"]["candidacy"]["id"]});
            recruiter.mutate("recordAgreement", candidacy, "").await;
        }
    }
    // Whoever stood in no list that was read is no part of what follows from lists.
    app.import(&[alumnus("b000"), alumnus("b001")]).await;
    for person in ["b000", "b001"] {
        invite(&recruiter, "r01", person).await;
    }
    let counted = funnel(app).await;
    assert_eq!(counted["matchedCount"], 15);
    assert_eq!(counted["contactedCount"], 6);
    assert_eq!(counted["agreedCount"], Value::Null, "one person");
    assert_eq!(counted["realizedCount"], 0, "nobody, which tells of nobody");
    assert_eq!(counted["smallCellLimit"], 5);
    assert_eq!(counted["unreadListCount"], 0);
    assert_eq!(
        counted["overrides"]["invitedBelowOthers"], 1.0,
        "all below the first"
    );
    assert_eq!(
        counted["overrides"]["firstPassedOver"],
        Value::Null,
        "one opportunity"
    );
}

async fn a_funnel_counts_its_kind_and_its_months(app: &TestApp) {
    let mut rows = people(6);
    rows.push(role("r01"));
    app.import(&rows).await;
    app.recruiter().candidates("r01", "").await;
    let administrator = app.administrator();
    let count = async |arguments: &str| {
        let document = format!("{{ funnel({arguments}) {{ matchedCount }} }}");
        administrator.query(&document, Value::Null).await["funnel"]["matchedCount"].clone()
    };
    assert_eq!(count("kind: ROLE, from: \"2026-11\", to: \"2026-11\"").await, 6);
    assert_eq!(
        count("kind: SPEAKER_SLOT, from: \"2026-11\", to: \"2026-11\"").await,
        0
    );
    assert_eq!(count("kind: ROLE, from: \"2026-10\", to: \"2026-10\"").await, 0);
    assert_eq!(count("kind: ROLE, from: \"2026-12\", to: \"2026-12\"").await, 0);
    // Whoever was invited in the month after is no part of this one.
    let december = app.later(TimeDelta::days(14), |_| {}).await;
    for n in 0..6 {
        invite(&december.recruiter(), "r01", &format!("a{n:03}")).await;
    }
    december.stop().await;
    let document =
        "{ funnel(kind: ROLE, from: \"2026-11\", to: \"2026-11\") { matchedCount contactedCount } }";
    assert_eq!(
        administrator.query(document, Value::Null).await["funnel"],
        json!({"matchedCount": 6, "contactedCount": 0})
    );
    for (from, to, message) in [
        ("2026-11", "2026-10", "to 2026-10 lies before from 2026-11"),
        (
            "2020-01",
            "2026-01",
            "from 2020-01 to 2026-01 is 73 months; the maximum is 60",
        ),
    ] {
        let document = format!("{{ funnel(kind: ROLE, from: \"{from}\", to: \"{to}\") {{ matchedCount }} }}");
        let answer = administrator.ask(&document, Value::Null).await;
        assert_eq!((answer.code(), answer.message()), ("BAD_USER_INPUT", message));
    }
}

fn group<'a>(funnel: &'a Value, answer: &str) -> &'a Value {
    let questions = funnel["impact"].as_array().unwrap().iter();
    let mut groups = questions.flat_map(|question| question["groups"].as_array().unwrap());
    groups.find(|group| group["answer"] == answer).unwrap()
}

async fn groups_are_compared_only_by_what_people_said_for_it_and_only_in_numbers(app: &TestApp) {
    let mut rows = people(20);
    rows.push(role("r01"));
    app.import(&rows).await;
    app.index().await;
    let recruiter = app.recruiter();
    let ranked = recruiter.candidates("r01", "").await.ids;
    assert_eq!(ranked.len(), 20);
    // Ten women, of whom five are invited; ten men, of whom all are.
    for (n, person) in ranked.iter().enumerate() {
        let answer = if n % 2 == 0 { "WOMAN" } else { "MAN" };
        app.alumnus(person)
            .mutate("giveStatisticsData", json!({"answers": [answer]}), "")
            .await;
        if n % 2 == 1 || n < 10 {
            invite(&recruiter, "r01", person).await;
        }
    }
    let counted = funnel(app).await;
    for other in [app.recruiter(), app.employee(), app.alumnus("a000")] {
        assert_eq!(other.ask(FUNNEL, Value::Null).await.code(), "FORBIDDEN");
    }
    let (women, men) = (group(&counted, "WOMAN"), group(&counted, "MAN"));
    assert_eq!(
        (&women["consideredCount"], &women["selectedCount"]),
        (&json!(10), &json!(5))
    );
    assert_eq!(women["impactRatio"], 0.5);
    assert_eq!(women["isBelowFourFifths"], true);
    assert_eq!(
        (&men["selectionRate"], &men["impactRatio"]),
        (&json!(1.0), &json!(1.0))
    );

    // Six take it back: four women are too few to be told, and then the men could be computed no more either.
    for person in ranked.iter().step_by(2).take(6) {
        app.alumnus(person)
            .mutate("withdrawStatisticsData", json!({"isMeant": true}), "")
            .await;
    }
    let counted = funnel(app).await;
    for answer in ["WOMAN", "MAN"] {
        assert_eq!(
            group(&counted, answer)["consideredCount"],
            Value::Null,
            "{answer}"
        );
        assert_eq!(group(&counted, answer)["impactRatio"], Value::Null, "{answer}");
    }
}

async fn what_people_say_for_statistics_is_theirs_and_moves_nothing(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01")]).await;
    app.index().await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let ranked = "{ opportunity(externalId: \"r01\") { candidates { edges { node { externalId } match { score } } } } }";
    let before = recruiter.query(ranked, Value::Null).await;
    let position = app.position().await;
    let given = aiko
        .mutate(
            "giveStatisticsData",
            json!({"answers": ["WOMAN", "FROM_50_TO_59"]}),
            "answers",
        )
        .await;
    assert_eq!(given["answers"], json!(["FROM_50_TO_59", "WOMAN"]));
    let given = aiko
        .mutate(
            "giveStatisticsData",
            json!({"answers": ["ANOTHER_GENDER"]}),
            "answers",
        )
        .await;
    assert_eq!(
        given["answers"],
        json!(["FROM_50_TO_59", "ANOTHER_GENDER"]),
        "one to each question"
    );
    assert_eq!(
        app.position().await,
        position,
        "nothing that follows the log may know"
    );
    assert_eq!(recruiter.query(ranked, Value::Null).await, before);

    let own = "{ viewer { glassBox { statisticsAnswers } } }";
    assert_eq!(
        aiko.query(own, Value::Null).await["viewer"]["glassBox"]["statisticsAnswers"],
        json!(["FROM_50_TO_59", "ANOTHER_GENDER"])
    );
    let codes = aiko
        .user_errors("giveStatisticsData", json!({"answers": ["WOMAN", "MAN"]}))
        .await;
    assert_eq!(codes, ["INVALID"]);
    aiko.mutate("withdrawStatisticsData", json!({"isMeant": true}), "")
        .await;
    assert_eq!(
        aiko.query(own, Value::Null).await["viewer"]["glassBox"]["statisticsAnswers"],
        json!([])
    );
}
