//! Return safety: whoever a person excludes sees somebody who never opted in, wherever they look and whatever it costs.
//!
//! The same company is built several times over, alike but for one person: who never opted into anybody's work, who
//! opted out, who excludes a unit, who excludes one of its people. Everybody who must not tell these apart walks
//! everything that they may read or try, and what they got is compared byte for byte, and with it the statements that
//! it took.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write;
use std::sync::{Arc, Mutex};

use okaeri_api::db::{change_log, served_lists};
use okaeri_api::usecase::coordination::plan_now;
use okaeri_api::usecase::served;
use okaeri_engine::domain::{Asker, Role};
use serde_json::{Value, json};

use crate::harness::{Person, TestApp, alumnus, contract_work, on_both_databases, role, slot};

/// The person who is different.
const P: &str = "a002";
/// The unit that is excluded, and one in it.
const UNIT: &str = "物流部";
const SECTION: &str = "物流部/配送課";
/// A unit that nobody excludes.
const OTHER_UNIT: &str = "法務部";
/// The member of staff who is excluded.
const MANAGER: &str = "bucho@aoba.example";
/// What the person opts into, and what of it is no unit's.
const ALL: [&str; 5] = ["REHIRE", "CONTRACT_WORK", "SPEAKING", "MENTORING", "EVENTS"];
const OF_NO_UNIT: [&str; 2] = ["MENTORING", "EVENTS"];
/// Opportunities of the excluded unit, of a section of it, of its member of staff elsewhere, and of nobody.
const EXCLUDED: [&str; 6] = ["r01", "c01", "s01", "r02", "r03", "r04"];
/// Opportunities of the other unit.
const OTHERS: [&str; 2] = ["r05", "s02"];

/// How one company differs from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum World {
    NeverOptedIn,
    OptedOut,
    ExcludesUnit,
    ExcludesStaff,
}

const WORLDS: [World; 4] = [
    World::NeverOptedIn,
    World::OptedOut,
    World::ExcludesUnit,
    World::ExcludesStaff,
];

impl World {
    const fn slug(self) -> &'static str {
        match self {
            Self::NeverOptedIn => "world0",
            Self::OptedOut => "world1",
            Self::ExcludesUnit => "world2",
            Self::ExcludesStaff => "world3",
        }
    }

    /// The company with its people and offers; the person's own part is one change of their standing in each.
    async fn build(self, app: &TestApp) {
        app.create_company(self.slug(), |_| {}, false).await;
        let interests: &[&str] = match self {
            Self::NeverOptedIn => &OF_NO_UNIT,
            Self::OptedOut | Self::ExcludesUnit | Self::ExcludesStaff => &ALL,
        };
        let people = ["a001", P, "a003", "a004"].map(|id| {
            let interests = if id == P { interests } else { &ALL };
            alumnus(id).interests(interests)
        });
        let offers = [
            role("r01"),
            contract_work("c01").set("department", UNIT),
            slot("s01").set("department", UNIT),
            role("r02").set("department", SECTION),
            role("r03")
                .set("department", "購買部")
                .set("hiringManager", MANAGER),
            role("r04").without("department"),
            role("r05").set("department", OTHER_UNIT),
            slot("s02").set("department", OTHER_UNIT),
        ];
        let rows: Vec<_> = people.into_iter().chain(offers).collect();
        app.import_into(self.slug(), &rows).await;
        app.index_of(self.slug()).await;
        let person = app.alumnus_of(self.slug(), P);
        match self {
            Self::NeverOptedIn | Self::OptedOut => {
                person
                    .mutate("setMyInterests", json!({"interests": OF_NO_UNIT}), "")
                    .await;
            }
            // Both name the unit that the member of staff hires in: otherwise the two differ for that unit.
            Self::ExcludesUnit => exclude(&person, json!([UNIT, "購買部"]), json!([])).await,
            Self::ExcludesStaff => {
                let staff = json!([{"subject": MANAGER, "unit": UNIT}]);
                exclude(&person, json!([]), staff).await;
            }
        }
    }
}

async fn exclude(person: &Person, units: Value, staff: Value) {
    person
        .mutate("setMyExclusions", json!({"units": units, "staff": staff}), "")
        .await;
}

/// Everybody who must not tell the worlds apart.
fn observers(app: &TestApp, world: World) -> Vec<(&'static str, Person)> {
    let staff = |role, subject, unit| app.staff_of_company(world.slug(), role, subject, unit);
    vec![
        (
            "a recruiter of the unit",
            staff(Role::Recruiter, "saiyo", Some(UNIT)),
        ),
        (
            "a recruiter of a section of it",
            staff(Role::Recruiter, "kacho", Some(SECTION)),
        ),
        ("the member of staff", staff(Role::Recruiter, MANAGER, Some(UNIT))),
        (
            "a recruiter of a unit they hire in",
            staff(Role::Recruiter, "shizai", Some("購買部")),
        ),
        (
            "a recruiter without a unit",
            staff(Role::Recruiter, "jinji", None),
        ),
        ("an administrator", staff(Role::Administrator, "kanri", None)),
        (
            "an employee of the unit",
            staff(Role::Employee, "shain", Some(UNIT)),
        ),
    ]
}

/// All of a person that anybody may read.
const PERSON: &str = "externalId name { kanji kana } email headline summary prefecture skills qualifications
    languages { language level } tenures { department title from to description }
    careerAfter { organization title from to description } interests
    workStyle { remote hoursPerWeek availableFrom } confirmedOn status";

const CANDIDATES: &str = "candidates(first: 100) { totalCount modelVersion leftOut { rule count }
    contention { seats closeCandidates text } pageInfo { hasNextPage hasPreviousPage }
    edges { rank node { externalId interests } match { score base } } }";

/// The same with reasons, which take longer.
const EXPLAINED: &str = "candidates(first: 100) { totalCount leftOut { rule count }
    edges { rank node { externalId } match { score summary pointsToConfirm
        contributions { feature value text evidence { field snippet } } requirements { status } } } }";

const COORDINATED: &str = "candidates(first: 100) { totalCount leftOut { rule count }
    contention { seats closeCandidates text } edges { rank node { externalId } match { score
    contributions { feature value } } } }";

/// What is asked, each with the root field that it reads.
fn questions() -> Vec<(&'static str, String)> {
    let mut questions = Vec::new();
    for offer in EXCLUDED.iter().chain(&OTHERS) {
        let document = format!(
            "{{ opportunity(externalId: \"{offer}\") {{ title status seats department hiringManager {CANDIDATES} }} }}"
        );
        questions.push(("opportunity", document));
    }
    for offer in [EXCLUDED[0], OTHERS[0]] {
        let document = format!("{{ opportunity(externalId: \"{offer}\") {{ {EXPLAINED} }} }}");
        questions.push(("opportunity", document));
    }
    let mut filters = vec![
        String::new(),
        "filter: {isClaimed: false}".to_owned(),
        "filter: {availableBy: \"2027-01\"}".to_owned(),
        "filter: {department: \"物流\"}".to_owned(),
        "query: \"在庫管理\"".to_owned(),
        "query: \"復職\"".to_owned(),
        "query: \"人物\", filter: {interests: [SPEAKING]}".to_owned(),
        "last: 1".to_owned(),
    ];
    filters.extend(ALL.map(|interest| format!("filter: {{interests: [{interest}]}}")));
    for filter in filters {
        let arguments = if filter.is_empty() {
            filter
        } else {
            format!("({filter})")
        };
        questions.push((
            "alumni",
            format!(
                "{{ alumni{arguments} {{ totalCount facets {{ field values {{ value count }} }}
                    edges {{ searchMatch {{ reasons }} node {{ {PERSON} }} }} }} }}"
            ),
        ));
    }
    questions.push((
        "alumnus",
        format!("{{ alumnus(externalId: \"{P}\") {{ {PERSON} }} }}"),
    ));
    questions.push((
        "opportunities",
        "{ opportunities(first: 100) { totalCount facets { field values { value count } }
            nodes { externalId title status seats } } }"
            .to_owned(),
    ));
    questions.push((
        "company",
        "{ company { coordination { isEnabled alpha version } } }".to_owned(),
    ));
    questions.push((
        "viewer",
        "{ viewer { role unit alumnus { status } consents { purpose } exclusions { units }
        invitations { totalCount } opportunityFeed { totalCount } } }"
            .to_owned(),
    ));
    questions
}

/// What somebody got, with what it cost.
async fn observe(app: &TestApp, world: World, person: &Person) -> String {
    let mut seen = String::new();
    // The first answer may wait for what another wrote.
    person.ask("{ alumni { totalCount } }", Value::Null).await;
    for (_, document) in questions() {
        let before = app.app.db.n_statements();
        let answer = person.ask(&document, Value::Null).await;
        let n_statements = app.app.db.n_statements() - before;
        writeln!(
            seen,
            "{document}\n{n_statements} {}",
            comparable(&answer.comparable(), world)
        )
        .unwrap();
    }
    // By identifier, along every path, and with what may be tried.
    let ids = Ids::find(app, world).await;
    for document in [
        format!(
            "{{ node(id: \"{}\") {{ ... on Alumnus {{ {PERSON} }} }} }}",
            ids.person
        ),
        format!(
            "{{ nodes(ids: [\"{}\"]) {{ ... on Alumnus {{ {PERSON} }} }} }}",
            ids.person
        ),
    ] {
        let before = app.app.db.n_statements();
        let answer = person.ask(&document, Value::Null).await;
        let n_statements = app.app.db.n_statements() - before;
        writeln!(
            seen,
            "node {n_statements} {}",
            comparable(&answer.comparable(), world)
        )
        .unwrap();
    }
    for (offer, id) in &ids.offers {
        let input = json!({"opportunityId": id, "alumnusId": ids.person});
        let before = app.app.db.n_statements();
        let selection = "invitation { status alumnus { externalId } }";
        let answer = person.try_mutate("inviteCandidate", input, selection).await;
        let n_statements = app.app.db.n_statements() - before;
        writeln!(
            seen,
            "invite {offer} {n_statements} {}",
            comparable(&answer.comparable(), world)
        )
        .unwrap();
    }
    seen
}

/// Identifiers, which differ from company to company.
struct Ids {
    person: String,
    offers: Vec<(&'static str, String)>,
}

impl Ids {
    async fn find(app: &TestApp, world: World) -> Self {
        let administrator = app.staff_of_company(world.slug(), Role::Administrator, "shirabe", None);
        let mut offers = Vec::new();
        for offer in EXCLUDED.into_iter().chain(OTHERS) {
            offers.push((offer, administrator.opportunity_id(offer).await));
        }
        Self {
            person: administrator.alumnus_id(P).await,
            offers,
        }
    }
}

/// Without the name of the company.
fn comparable(text: &str, world: World) -> String {
    text.replace(world.slug(), "world")
}

/// The one that differs first, to be read.
fn assert_same(what: &str, expected: &str, found: &str) {
    for (expected, found) in expected.lines().zip(found.lines()) {
        assert_eq!(expected, found, "{what}");
    }
    assert_eq!(expected.lines().count(), found.lines().count(), "{what}");
}

on_both_databases! {
    whoever_is_excluded_sees_somebody_who_never_opted_in_at_the_same_cost;
    every_root_field_that_staff_may_read_is_looked_at;
    nothing_of_an_exclusion_is_in_lists_or_in_the_change_log;
    live_views_of_the_excluded_show_what_they_show_after_an_opt_out;
    coordinated_lists_tell_nothing_either;
    other_units_rank_the_person_as_anybody;
    the_feed_has_nothing_of_what_is_excluded;
    an_exclusion_holds_for_the_next_answer_and_page_two_and_ends_when_it_is_taken_back;
    an_exclusion_of_a_person_follows_them_as_hiring_manager;
    invitations_from_before_stay_and_later_ones_of_others_are_not_known;
    a_person_reads_and_replaces_their_own_exclusions_within_limits;
    exclusions_that_cannot_be_read_keep_their_person_out_of_everything;
    no_log_tells_of_an_exclusion;
    whoever_consented_to_units_work_alone_does_not_exist_for_the_excluded;
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
        .chain(["node", "nodes"])
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

async fn the_feed_has_nothing_of_what_is_excluded(app: &TestApp) {
    for world in [World::ExcludesUnit, World::ExcludesStaff] {
        world.build(app).await;
        let feed = app.alumnus_of(world.slug(), P).feed("first: 100").await;
        let shown: BTreeSet<&str> = feed.ids.iter().map(String::as_str).collect();
        assert_eq!(shown, BTreeSet::from(OTHERS), "{world:?}");
    }
}

async fn an_exclusion_holds_for_the_next_answer_and_page_two_and_ends_when_it_is_taken_back(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), alumnus("a003"), role("r01")])
        .await;
    let recruiter = app.staff_of(Role::Recruiter, "saiyo", UNIT);
    let all = recruiter.candidates("r01", "").await;
    let first = recruiter.candidates("r01", "first: 1").await;
    let excluding = app.alumnus(&all.ids[1]);
    exclude(&excluding, json!(["物流部"]), json!([])).await;
    let rest = recruiter
        .candidates("r01", &format!("first: 5, after: \"{}\"", first.cursors[0]))
        .await;
    assert_eq!(rest.ids, [all.ids[2].clone()]);
    assert_eq!(rest.total, 2);
    exclude(&excluding, json!([]), json!([])).await;
    assert_eq!(recruiter.candidates("r01", "").await.ids, all.ids);
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
    app.import(&[elsewhere.clone()]).await;
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

async fn invitations_from_before_stay_and_later_ones_of_others_are_not_known(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        role("r01"),
        role("r02").set("department", OTHER_UNIT),
        role("r03").set("department", OTHER_UNIT),
    ])
    .await;
    let (excluded, other) = (
        app.staff_of(Role::Recruiter, "saiyo", UNIT),
        app.staff_of(Role::Recruiter, "houmu", OTHER_UNIT),
    );
    let invite = async |person: &Person, offer: &str| {
        let input = json!({
            "opportunityId": person.opportunity_id(offer).await,
            "alumnusId": person.alumnus_id("a001").await,
        });
        person.mutate("inviteCandidate", input, "invitation { id }").await["invitation"]["id"].clone()
    };
    let look = async |person: &Person, id: &Value| {
        let document = "query($id: ID!) { node(id: $id) { ... on Invitation { status } } }";
        person.query(document, json!({"id": id})).await["node"].clone()
    };
    let before = [invite(&excluded, "r01").await, invite(&other, "r02").await];
    exclude(&app.alumnus("a001"), json!([UNIT]), json!([])).await;
    let after = invite(&other, "r03").await;
    for id in &before {
        assert_eq!(look(&excluded, id).await, json!({"status": "SENT"}));
        assert_eq!(look(&app.administrator(), id).await, json!({"status": "SENT"}));
    }
    assert_eq!(look(&other, &after).await, json!({"status": "SENT"}));
    assert_eq!(look(&excluded, &after).await, Value::Null);
    assert_eq!(look(&app.administrator(), &after).await, Value::Null);
    assert_eq!(
        look(&app.alumnus("a001"), &after).await,
        json!({"status": "SENT"})
    );
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

/// Where the lines of this process' logs go: each test runs in a process of its own.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn no_log_tells_of_an_exclusion(app: &TestApp) {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter("debug,okaeri_api=trace,okaeri_engine=trace,hyper=off,reqwest=off")
        .with_writer(move || writer.clone())
        .without_time()
        .finish();
    if tracing::subscriber::set_global_default(subscriber).is_err() {
        return; // Another test of the same process has it: `cargo test` without nextest.
    }
    let mut logs = Vec::new();
    for world in [World::OptedOut, World::ExcludesUnit, World::ExcludesStaff] {
        let slug = world.slug();
        app.create_company(slug, |_| {}, false).await;
        app.import_into(slug, &[alumnus("a001"), alumnus(P), role("r01")])
            .await;
        let recruiter = app.staff_of_company(slug, Role::Recruiter, "saiyo", Some("極秘部"));
        recruiter.candidates("r01", "").await;
        lines.0.lock().unwrap().clear();
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
        let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
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
