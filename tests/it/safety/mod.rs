//! Return safety: whoever a person excludes sees somebody who never opted in, wherever they look and whatever it costs.
//!
//! The same company is built several times over, alike but for one person: who never opted into anybody's work, who
//! opted out, who excludes a unit, who excludes one of its people. Everybody who must not tell these apart walks
//! everything that they may read or try, and what they got is compared byte for byte, and with it the statements that
//! it took.

mod own;
mod worlds;

use std::collections::BTreeSet;

use okaeri_api::db::{change_log, served_lists};
use okaeri_api::usecase::coordination::plan_now;
use okaeri_api::usecase::served;
use okaeri_engine::domain::Role;
use serde_json::{Value, json};

use crate::harness::{Logged, TestApp, alumnus, on_both_databases, role};

use worlds::{
    CANDIDATES, COORDINATED, EXCLUDED, Ids, MANAGER, OTHER_UNIT, OTHERS, P, UNIT, WORLDS, World, assert_same,
    exclude, observe, observers, questions,
};

on_both_databases! {
    whoever_is_excluded_sees_somebody_who_never_opted_in_at_the_same_cost;
    every_root_field_that_staff_may_read_is_looked_at;
    nothing_of_an_exclusion_is_in_lists_or_in_the_change_log;
    live_views_of_the_excluded_show_what_they_show_after_an_opt_out;
    coordinated_lists_tell_nothing_either;
    other_units_rank_the_person_as_anybody;
    no_log_tells_of_an_exclusion;
}

async fn whoever_is_excluded_sees_somebody_who_never_opted_in_at_the_same_cost(app: &TestApp) {
    for world in WORLDS {
        world.build(app).await;
    }
    let mut expected: Vec<String> = Vec::new();
    for world in WORLDS {
        for (idx, (name, person)) in observers(app, world).iter().enumerate() {
            let seen = observe(app, world, person).await;
            if world == World::NeverOptedIn {
                assert!(seen.contains(P), "{name} sees the person in the directory");
                expected.push(seen);
            } else {
                assert_same(&format!("{world:?}: {name}"), &expected[idx], &seen);
            }
        }
    }
    // Rejecting is staff's own doing, possible for whomever they can see.
    let mut ends = BTreeSet::new();
    for world in WORLDS {
        let ids = Ids::find(app, world).await;
        for (_, person) in &observers(app, world)[..3] {
            let input = json!({"opportunityId": ids.offers[0].1, "alumnusId": ids.person, "reason": "経験"});
            let answer = person
                .try_mutate("rejectCandidate", input, "opportunity { title }")
                .await;
            ends.insert(answer.comparable());
        }
    }
    assert_eq!(ends.len(), 1, "{ends:?}");
}

async fn every_root_field_that_staff_may_read_is_looked_at(app: &TestApp) {
    let document = "{ __schema { queryType { fields { name } } } }";
    let schema = app.administrator().query(document, Value::Null).await;
    let looked_at: BTreeSet<&str> = questions()
        .into_iter()
        .map(|(field, _)| field)
        .chain([
            "node",
            "nodes",
            "previewInvitations",
            "auditRecord",
            "consentText",
        ])
        .collect();
    for field in schema["__schema"]["queryType"]["fields"].as_array().unwrap() {
        let name = field["name"].as_str().unwrap();
        assert!(
            looked_at.contains(name),
            "{name}: add what staff can read through it to questions()"
        );
    }
}

async fn nothing_of_an_exclusion_is_in_lists_or_in_the_change_log(app: &TestApp) {
    let mut recorded = Vec::new();
    for world in WORLDS {
        world.build(app).await;
        let company_id = app.company_id(world.slug()).await;
        let changes = change_log::list_after(&app.app.db, company_id, 0, 1_000)
            .await
            .unwrap();
        let kinds: Vec<String> = changes
            .iter()
            .map(|entry| {
                format!("{:?}", entry.change)
                    .split(['(', ' '])
                    .next()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        let mut lists = Vec::new();
        for (_, person) in &observers(app, world)[..6] {
            person.candidates("r01", "").await;
            person.candidates("r05", "").await;
        }
        for subject in ["saiyo", "kacho", MANAGER, "shizai", "jinji", "kanri"] {
            for list in served_lists::list_for_viewer(&app.app.db, company_id, subject)
                .await
                .unwrap()
            {
                // Whom an entry names differs from company to company; what it says of them does not.
                let served = served::read(&list).unwrap();
                let said: Vec<_> = served
                    .entries
                    .iter()
                    .map(|entry| format!("{:?}", entry.contributions))
                    .collect();
                lists.push((list.fingerprint, said, served.left_out));
            }
        }
        recorded.push((kinds, lists));
    }
    assert_eq!(recorded[0], recorded[2]);
    assert_eq!(recorded[1], recorded[2]);
    assert_eq!(recorded[2], recorded[3]);
}

async fn live_views_of_the_excluded_show_what_they_show_after_an_opt_out(app: &TestApp) {
    const DOCUMENT: &str = "subscription($id: ID!) { candidatesChanged(opportunityId: $id) {
        opportunity { title } candidates { totalCount leftOut { rule count } nodes { externalId } } } }";
    let mut seen = Vec::new();
    for world in [World::OptedOut, World::ExcludesUnit, World::ExcludesStaff] {
        let slug = world.slug();
        app.create_company(slug, |_| {}, false).await;
        app.import_into(slug, &[alumnus("a001"), alumnus(P), role("r01")])
            .await;
        let person = app.alumnus_of(slug, P);
        let mut events = Vec::new();
        let recruiter = app.staff_of_company(slug, Role::Recruiter, "saiyo", Some(UNIT));
        let id = recruiter.opportunity_id("r01").await;
        let mut socket = recruiter.socket().await;
        socket.subscribe("1", DOCUMENT, json!({"id": id})).await;
        events.push(socket.event().await);
        match world {
            World::NeverOptedIn | World::OptedOut => {
                person
                    .mutate("setMyInterests", json!({"interests": []}), "")
                    .await;
            }
            World::ExcludesUnit => exclude(&person, json!([UNIT]), json!([])).await,
            World::ExcludesStaff => {
                exclude(&person, json!([]), json!([{"subject": MANAGER, "unit": UNIT}])).await;
            }
        }
        app.app.projections.catch_up_all().await.unwrap();
        events.push(socket.event().await);
        // Taking it back, and nothing else, makes the next event.
        match world {
            World::NeverOptedIn | World::OptedOut => {
                person
                    .mutate(
                        "setMyInterests",
                        json!({"interests": ["REHIRE", "CONTRACT_WORK", "SPEAKING"]}),
                        "",
                    )
                    .await;
            }
            World::ExcludesUnit | World::ExcludesStaff => exclude(&person, json!([]), json!([])).await,
        }
        app.app.projections.catch_up_all().await.unwrap();
        events.push(socket.event().await);
        seen.push(events);
    }
    assert_eq!(seen[0][1]["candidatesChanged"]["candidates"]["totalCount"], 1);
    assert_eq!(seen[0][2]["candidatesChanged"]["candidates"]["totalCount"], 2);
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
}

async fn coordinated_lists_tell_nothing_either(app: &TestApp) {
    let mut seen: Vec<Vec<Value>> = Vec::new();
    for world in WORLDS {
        world.build(app).await;
        let administrator = app.staff_of_company(world.slug(), Role::Administrator, "kanri", None);
        let setting = json!({"isEnabled": true, "alpha": 1.0, "expectedVersion": 0});
        administrator.mutate("setCoordination", setting, "").await;
        let company_id = app.company_id(world.slug()).await;
        let setting = okaeri_api::db::coordination::find(&app.app.db, company_id)
            .await
            .unwrap();
        plan_now(&app.app, company_id, setting).await.unwrap().unwrap();
        let mut lists = Vec::new();
        for (_, person) in &observers(app, world)[..6] {
            for offer in EXCLUDED.into_iter().chain(OTHERS) {
                let document = format!("{{ opportunity(externalId: \"{offer}\") {{ {COORDINATED} }} }}");
                lists.push(person.query(&document, Value::Null).await);
            }
        }
        seen.push(lists);
    }
    assert!(
        format!("{:?}", seen[0]).contains("COORDINATION"),
        "the lists are coordinated"
    );
    for (world, lists) in WORLDS.iter().zip(&seen).skip(1) {
        assert_eq!(&seen[0], lists, "{world:?}");
    }
}

async fn other_units_rank_the_person_as_anybody(app: &TestApp) {
    World::ExcludesUnit.build(app).await;
    World::ExcludesStaff.build(app).await;
    let slug = "everybody";
    app.create_company(slug, |_| {}, false).await;
    app.import_into(
        slug,
        &[alumnus("a001"), alumnus(P), alumnus("a003"), alumnus("a004")],
    )
    .await;
    app.import_into(slug, &[role("r05").set("department", OTHER_UNIT)])
        .await;
    let list = async |slug: &str| {
        let recruiter = app.staff_of_company(slug, Role::Recruiter, "houmu", Some(OTHER_UNIT));
        let document = format!("{{ opportunity(externalId: \"r05\") {{ {CANDIDATES} }} }}");
        let mut data = recruiter.query(&document, Value::Null).await;
        for edge in data["opportunity"]["candidates"]["edges"].as_array_mut().unwrap() {
            edge["node"].as_object_mut().unwrap().remove("interests");
        }
        data
    };
    let expected = list(slug).await;
    assert_eq!(expected["opportunity"]["candidates"]["totalCount"], 4);
    for world in [World::ExcludesUnit, World::ExcludesStaff] {
        assert_eq!(list(world.slug()).await, expected, "{world:?}");
        let recruiter = app.staff_of_company(world.slug(), Role::Recruiter, "houmu", Some(OTHER_UNIT));
        let ids = Ids::find(app, world).await;
        let (_, other) = ids.offers.iter().find(|(offer, _)| *offer == "r05").unwrap();
        let (_, excluded) = &ids.offers[0];
        let invite = |id: &String| json!({"opportunityId": id, "alumnusId": ids.person});
        assert_eq!(
            recruiter.user_errors("inviteCandidate", invite(other)).await,
            [""; 0]
        );
        assert_eq!(
            recruiter.user_errors("inviteCandidate", invite(excluded)).await,
            ["NOT_ELIGIBLE"]
        );
    }
}

async fn no_log_tells_of_an_exclusion(app: &TestApp) {
    let filter = "debug,okaeri_api=trace,okaeri_engine=trace,hyper=off,reqwest=off";
    let Some(logged) = Logged::from_here(filter) else {
        return;
    };
    let mut logs = Vec::new();
    for world in [World::OptedOut, World::ExcludesUnit, World::ExcludesStaff] {
        let slug = world.slug();
        app.create_company(slug, |_| {}, false).await;
        app.import_into(slug, &[alumnus("a001"), alumnus(P), role("r01")])
            .await;
        let recruiter = app.staff_of_company(slug, Role::Recruiter, "saiyo", Some("極秘部"));
        recruiter.candidates("r01", "").await;
        logged.take();
        let person = app.alumnus_of(slug, P);
        match world {
            World::NeverOptedIn | World::OptedOut => {
                person
                    .mutate("setMyInterests", json!({"interests": []}), "")
                    .await;
            }
            World::ExcludesUnit => exclude(&person, json!(["極秘部"]), json!([])).await,
            World::ExcludesStaff => {
                exclude(
                    &person,
                    json!([]),
                    json!([{"subject": "gokuhi@aoba", "unit": "極秘部"}]),
                )
                .await;
            }
        }
        recruiter.candidates("r01", "").await;
        let log = logged.take();
        for word in ["極秘", "gokuhi", "xclusion {", "Unit("] {
            assert!(!log.contains(word), "{world:?}: {log}");
        }
        // What our own code says, without identifiers, numbers and what the two mutations read.
        let own = log.lines().filter(|line| line.contains("okaeri_api"));
        let words = own.map(|line| {
            let words = line
                .split_whitespace()
                .filter(|word| !word.contains(|letter: char| letter.is_ascii_digit()));
            words.collect::<Vec<_>>().join(" ")
        });
        logs.push(words.collect::<Vec<_>>());
    }
    assert_eq!(logs[0], logs[1]);
    assert_eq!(logs[0], logs[2]);
}
