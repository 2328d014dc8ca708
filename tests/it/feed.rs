//! The personal feed, as an alumnus sees it.

use okaeri_api::db::{alumni, learnt_preferences, served_lists};
use serde_json::{Value, json};

use crate::harness::steps::summed_score;
use crate::harness::{Person, TestApp, alumnus, contract_work, on_both_databases, role, slot};

on_both_databases! {
    two_people_with_different_wishes_get_different_feeds;
    the_same_wishes_and_another_profile_give_another_order;
    every_item_says_why_and_its_score_is_the_sum;
    a_declined_or_snoozed_item_leaves_the_own_feed_and_not_the_recruiters_list;
    a_save_moves_the_own_feed_and_nobody_elses_nor_a_recruiters_list;
    a_declined_item_lowers_its_like_in_the_own_feed;
    what_was_learnt_is_named_by_the_list_and_goes_with_the_consent;
    an_incomplete_opportunity_reaches_alumni_only_in_a_demonstration;
    kinds_filter_in_three_states;
    a_kind_that_the_programme_does_not_offer_is_in_no_feed_and_cannot_be_created;
}

async fn two_people_with_different_wishes_get_different_feeds(app: &TestApp) {
    app.import(&[
        alumnus("a001").interests(&["REHIRE"]),
        alumnus("a002").interests(&["SPEAKING", "CONTRACT_WORK"]),
        alumnus("a003").interests(&["EVENTS"]),
        role("r01"),
        slot("s01"),
        contract_work("c01"),
    ])
    .await;

    assert_eq!(app.alumnus("a001").feed("").await.ids, ["r01"]);
    let mut ids = app.alumnus("a002").feed("").await.ids;
    ids.sort();
    assert_eq!(ids, ["c01", "s01"]);
    assert_eq!(app.alumnus("a003").feed("").await.total, 0);
}

async fn the_same_wishes_and_another_profile_give_another_order(app: &TestApp) {
    let baker = json!([{"department": "製菓部", "title": "主任", "from": "2015-04", "to": "2022-03", "description": "和菓子製造と製菓の指導。"}]);
    app.import(&[
        alumnus("a001"),
        alumnus("a002")
            .skills(&["和菓子製造"])
            .set("headline", "和菓子職人")
            .set("summary", "製菓一筋です。")
            .set("tenures", baker)
            .set("careerAfter", json!([])),
        role("r01"),
        role("r02")
            .set("title", "和菓子製造の責任者")
            .set("description", "製菓の工程を見直してください。")
            .set("requiredSkills", json!(["和菓子製造"]))
            .set("preferredSkills", json!([]))
            .set("department", "製菓部"),
    ])
    .await;

    assert_eq!(app.alumnus("a001").feed("").await.ids[0], "r01");
    assert_eq!(app.alumnus("a002").feed("").await.ids[0], "r02");
}

async fn every_item_says_why_and_its_score_is_the_sum(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01"), slot("s01"), contract_work("c01")])
        .await;
    let document = "{ viewer { opportunityFeed { asOf modelVersion edges { rank node { externalId }
        match { score base summary contributions { feature value text } } } } } }";
    let data = app.alumnus("a001").query(document, Value::Null).await;
    let edges = data["viewer"]["opportunityFeed"]["edges"].as_array().unwrap();

    assert_eq!(edges.len(), 3);
    let mut previous = f64::INFINITY;
    for edge in edges {
        let why = &edge["match"];
        let score = summed_score(why);
        assert!(score <= previous, "the order is the score's");
        previous = score;
        assert!(!why["summary"].as_str().unwrap().is_empty());
    }
}

async fn a_declined_or_snoozed_item_leaves_the_own_feed_and_not_the_recruiters_list(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        alumnus("a002"),
        role("r01"),
        role("r02"),
        slot("s01"),
    ])
    .await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let open = aiko.feed("first: 1").await;
    let list_before = recruiter.candidates("r01", "").await.ids;
    let (r01, r02) = (aiko.opportunity_id("r01").await, aiko.opportunity_id("r02").await);

    let declined = json!({"id": r01, "reason": "PLACE"});
    let payload = aiko
        .mutate(
            "declineOpportunity",
            declined,
            "interaction { kind reason } opportunity { viewerInteraction { kind } }",
        )
        .await;
    assert_eq!(
        payload["interaction"],
        json!({"kind": "DECLINED", "reason": "PLACE"})
    );
    assert_eq!(payload["opportunity"]["viewerInteraction"]["kind"], "DECLINED");
    aiko.mutate(
        "snoozeOpportunity",
        json!({"id": r02, "until": "2026-11-21"}),
        "interaction { until }",
    )
    .await;

    assert_eq!(aiko.feed("").await.ids, ["s01"]);
    let rest = aiko
        .feed(&format!("first: 10, after: \"{}\"", open.cursors[0]))
        .await
        .ids;
    assert!(!rest.contains(&"r01".to_owned()) && !rest.contains(&"r02".to_owned()));
    assert_eq!(app.alumnus("a002").feed("").await.total, 3, "another's feed");
    assert_eq!(recruiter.candidates("r01", "").await.ids, list_before);

    aiko.mutate("saveOpportunity", json!({"id": r01}), "interaction { kind }")
        .await;
    assert_eq!(aiko.feed("").await.total, 2, "the last word counts");
    for (until, code) in [("2026-11-20", "OUT_OF_RANGE"), ("2030-01-01", "OUT_OF_RANGE")] {
        assert_eq!(
            aiko.user_errors("snoozeOpportunity", json!({"id": r02, "until": until}))
                .await,
            [code]
        );
    }
}

/// What each feature contributes to each item of a feed, and the scores.
async fn contributions(person: &Person) -> Value {
    let document = "{ viewer { opportunityFeed { edges { node { externalId }
        match { base score contributions { feature value } } } } } }";
    person.query(document, Value::Null).await["viewer"]["opportunityFeed"]["edges"].clone()
}

/// The contribution of a feature to an item, 0 when there is none; the sum is checked on the way.
fn contribution(edges: &Value, opportunity: &str, feature: &str) -> f64 {
    let of_item = |edge: &&Value| edge["node"]["externalId"] == opportunity;
    let edge = edges.as_array().unwrap().iter().find(of_item).unwrap();
    summed_score(&edge["match"]);
    let all = edge["match"]["contributions"].as_array().unwrap();
    let found = all.iter().find(|one| one["feature"] == feature);
    found.map_or(0.0, |one| one["value"].as_f64().unwrap())
}

const LEARNT: [&str; 3] = ["OWN_CHOICES", "LEARNT_PREFERENCE", "EXPLORATION"];

async fn import_two_people_and_three_kinds(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        alumnus("a002"),
        role("r01"),
        role("r02"),
        slot("s01"),
        contract_work("c01"),
    ])
    .await;
}

async fn a_save_moves_the_own_feed_and_nobody_elses_nor_a_recruiters_list(app: &TestApp) {
    import_two_people_and_three_kinds(app).await;
    let (recruiter, aiko, other) = (app.recruiter(), app.alumnus("a001"), app.alumnus("a002"));
    let own_before = contributions(&aiko).await;
    let others_before = contributions(&other).await;
    let document = "{ opportunity(externalId: \"r02\") { candidates { edges { node { id }
        match { score contributions { feature value } } } } } }";
    let list_before = recruiter.query(document, Value::Null).await;
    for feature in LEARNT {
        assert_eq!(
            contribution(&own_before, "r02", feature),
            0.0,
            "{feature} of a newcomer"
        );
    }

    let save = json!({"id": aiko.opportunity_id("r01").await});
    aiko.mutate("saveOpportunity", save, "interaction { kind }").await;

    let own = contributions(&aiko).await;
    assert!(contribution(&own, "r02", "OWN_CHOICES") > contribution(&own, "s01", "OWN_CHOICES"));
    assert_ne!(contribution(&own, "r01", "LEARNT_PREFERENCE"), 0.0);
    assert!(contribution(&own, "s01", "EXPLORATION") > 0.0);
    assert_eq!(contributions(&other).await, others_before);
    assert_eq!(recruiter.query(document, Value::Null).await, list_before);
    let noticed = "{ opportunity(externalId: \"r01\") { candidacies { totalCount } } }";
    let noticed = recruiter.query(noticed, Value::Null).await;
    assert_eq!(
        noticed["opportunity"]["candidacies"]["totalCount"], 0,
        "who keeps an offer comes forward to nobody"
    );
}

async fn a_declined_item_lowers_its_like_in_the_own_feed(app: &TestApp) {
    import_two_people_and_three_kinds(app).await;
    let aiko = app.alumnus("a001");
    aiko.feed("").await;
    let r01 = aiko.opportunity_id("r01").await;

    let not_now = json!({"id": r01, "reason": "TIMING"});
    aiko.mutate("declineOpportunity", not_now, "interaction { kind }")
        .await;
    let own = contributions(&aiko).await;
    for feature in LEARNT {
        assert_eq!(
            contribution(&own, "r02", feature),
            0.0,
            "{feature} after a bad time"
        );
    }

    let decline = json!({"id": aiko.opportunity_id("r02").await, "reason": "NOT_MY_FIELD"});
    aiko.mutate("declineOpportunity", decline, "interaction { kind }")
        .await;
    let not_my_kind = json!({"id": r01});
    aiko.mutate("saveOpportunity", not_my_kind, "interaction { kind }")
        .await;
    let own = contributions(&aiko).await;
    assert!(contribution(&own, "r01", "OWN_CHOICES") < 0.0);
}

async fn what_was_learnt_is_named_by_the_list_and_goes_with_the_consent(app: &TestApp) {
    import_two_people_and_three_kinds(app).await;
    let (aiko, company_id) = (app.alumnus("a001"), app.company_id("aoba").await);
    aiko.feed("").await;
    let save = json!({"id": aiko.opportunity_id("r01").await});
    aiko.mutate("saveOpportunity", save.clone(), "interaction { kind }")
        .await;
    aiko.mutate("saveOpportunity", save, "interaction { kind }").await;
    aiko.feed("").await;

    let record = alumni::find_by_external_id(&app.app.db, company_id, "a001");
    let id = record.await.unwrap().unwrap().id;
    let latest = async || {
        let latest = learnt_preferences::find_latest(&app.app.db, company_id, id).await;
        latest.unwrap().map(|learnt| learnt.version)
    };
    assert_eq!(latest().await, Some(1), "a repeated save teaches nothing");
    let lists = served_lists::list_for_viewer(&app.app.db, company_id, &id.to_string()).await;
    let versions: Vec<Option<u64>> = lists.unwrap().iter().map(|list| list.learnt_version).collect();
    assert_eq!(versions, [None, Some(1)]);

    let feed = json!({"purpose": "FEED"});
    aiko.mutate("withdrawConsent", feed, "userErrors { code }").await;
    assert_eq!(latest().await, None);
}

async fn an_incomplete_opportunity_reaches_alumni_only_in_a_demonstration(app: &TestApp) {
    app.create_company("demo", |_| {}, true).await;
    let rows = [alumnus("a001"), role("r01"), role("r02").incomplete()];
    app.import(&rows).await;
    app.import_into("demo", &rows).await;

    assert_eq!(app.alumnus("a001").feed("").await.ids, ["r01"]);
    let mut ids = app.alumnus_of("demo", "a001").feed("").await.ids;
    ids.sort();
    assert_eq!(ids, ["r01", "r02"]);
    // Without its terms it is a draft, whatever the file says; in a demonstration it is ranked.
    assert_eq!(app.recruiter().candidates("r02", "").await.total, 0);
    assert_eq!(app.recruiter_of("demo").candidates("r02", "").await.ids, ["a001"]);
    let document = "{ opportunity(externalId: \"r02\") { status missingTerms } }";
    let staff = app.recruiter().query(document, Value::Null).await;
    assert_eq!(staff["opportunity"]["status"], "DRAFT");
    assert_eq!(staff["opportunity"]["missingTerms"].as_array().unwrap().len(), 12);
    assert_eq!(
        app.alumnus("a001").query(document, Value::Null).await["opportunity"],
        Value::Null
    );
}

async fn kinds_filter_in_three_states(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01"), slot("s01"), contract_work("c01")])
        .await;
    let aiko = app.alumnus("a001");

    assert_eq!(aiko.feed("").await.total, 3);
    assert_eq!(aiko.feed("kinds: null").await.total, 3);
    assert_eq!(aiko.feed("kinds: [SPEAKER_SLOT]").await.ids, ["s01"]);
    assert_eq!(aiko.feed("kinds: []").await.total, 0);
    // A cursor belongs to its kinds.
    let cursor = aiko.feed("kinds: [SPEAKER_SLOT]").await.cursors.remove(0);
    let document = format!("{{ viewer {{ opportunityFeed(after: \"{cursor}\") {{ totalCount }} }} }}");
    assert_eq!(aiko.ask(&document, Value::Null).await.code(), "BAD_USER_INPUT");
}

async fn a_kind_that_the_programme_does_not_offer_is_in_no_feed_and_cannot_be_created(app: &TestApp) {
    use okaeri_engine::domain::OpportunityKind::{Role, SpeakerSlot};
    app.create_company(
        "rehire-only",
        |policy| policy.kinds = vec![Role, SpeakerSlot],
        false,
    )
    .await;
    app.import_into("rehire-only", &[alumnus("a001"), role("r01")])
        .await;
    let input = json!({"title": "配送計画", "description": "見直し", "remote": "REMOTE"});

    assert_eq!(app.alumnus_of("rehire-only", "a001").feed("").await.ids, ["r01"]);
    let recruiter = app.recruiter_of("rehire-only");
    assert_eq!(
        recruiter.user_errors("createContractWork", input.clone()).await,
        ["KIND_NOT_OFFERED"]
    );
    assert_eq!(
        app.recruiter().user_errors("createContractWork", input).await,
        Vec::<String>::new()
    );
}
