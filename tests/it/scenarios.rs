//! The programmes that must be expressible, each set up from GraphQL alone over the people and opportunities of its
//! folder in `demo/programmes`, which `scripts/demo --programme NAME` shows to a newcomer. Each test reads like the
//! paragraph that it proves.
//!
//! - Announcements, events, messages between alumni, surveys, referrals and calls for collaboration come later: a
//!   scenario is proved as far as roles, speaker slots and contract work reach.

use std::path::{Path, PathBuf};

use okaeri_engine::domain::Role;
use serde_json::{Value, json};

use crate::harness::{Person, TestApp, on_both_databases};

on_both_databases! {
    in_an_open_network_contract_work_is_a_track_of_its_own_among_peers;
    in_a_mixed_network_speakers_are_ranked_by_what_they_did_and_rest_after_speaking;
    three_ways_home_lead_three_people_to_three_kinds;
    a_return_window_ends_six_years_after_leaving_whatever_the_reason_and_the_age;
    a_rehire_only_programme_knows_roles_and_nothing_else;
    a_platform_keeps_two_companies_of_one_person_apart;
    a_group_uses_each_others_people_only_with_consent_and_for_its_own_purposes;
    one_secretary_is_wanted_in_three_kinds_for_three_different_reasons;
    a_coachs_client_learns_whether_she_can_go_back_and_what_has_changed;
}

/// A programme of `demo/programmes`, set up by its administrator.
struct Programme<'a> {
    app: &'a TestApp,
    slug: &'static str,
}

impl<'a> Programme<'a> {
    async fn set_up(app: &'a TestApp, folder: &str, slug: &'static str, suffix: &str) -> Self {
        let programme = Self { app, slug };
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("demo/programmes")
            .join(folder);
        app.create_company(slug, |_| {}, false).await;
        let policy: Value = serde_json::from_slice(&read(&folder.join("policy.json"))).unwrap();
        let input = json!({"expectedVersion": 1, "policy": policy});
        programme
            .administrator()
            .mutate("updatePolicy", input, "programme { offeredKinds }")
            .await;
        let people = app
            .import_alumni_file(slug, &read(&folder.join(format!("alumni{suffix}.jsonl"))))
            .await;
        assert_eq!(people.errors, []);
        let offers = folder.join(format!("opportunities{suffix}.jsonl"));
        assert_eq!(
            app.import_opportunities_file(slug, &read(&offers)).await.errors,
            []
        );
        app.index_of(slug).await;
        programme
    }

    fn administrator(&self) -> Person {
        self.app.person(self.slug, Role::Administrator, "kanri", None)
    }

    fn recruiter(&self) -> Person {
        self.app.recruiter_of(self.slug)
    }

    fn employee(&self) -> Person {
        self.app.person(self.slug, Role::Employee, "shain", None)
    }

    fn alumnus(&self, number: &str) -> Person {
        self.app.alumnus_of(self.slug, number)
    }

    /// Everybody who is ranked for an opportunity, best first.
    async fn candidates(&self, opportunity: &str) -> Vec<String> {
        self.recruiter().candidates(opportunity, "first: 100").await.ids
    }

    /// How many people a rule leaves out of an opportunity's candidates.
    async fn left_out(&self, opportunity: &str, rule: &str) -> u64 {
        let document =
            "query($id: String!) { opportunity(externalId: $id) { candidates { leftOut { rule count } } } }";
        let data = self.recruiter().query(document, json!({"id": opportunity})).await;
        let counts = data["opportunity"]["candidates"]["leftOut"]
            .as_array()
            .unwrap()
            .clone();
        let found = counts.iter().find(|count| count["rule"] == rule);
        found.map_or(0, |count| count["count"].as_u64().unwrap())
    }

    async fn feed(&self, number: &str) -> Vec<String> {
        self.alumnus(number).feed("first: 100").await.ids
    }
}

fn read(path: &PathBuf) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The interests of a person as a viewer sees them.
async fn interests(viewer: &Person, number: &str) -> Value {
    let document = "query($q: String!) { alumni(query: $q, first: 1) { nodes { interests headline } } }";
    viewer.query(document, json!({"q": number})).await["alumni"]["nodes"][0].clone()
}

async fn in_an_open_network_contract_work_is_a_track_of_its_own_among_peers(app: &TestApp) {
    let programme = Programme::set_up(app, "open-network", "minato", "").await;

    // A copywriter who wants work by the piece is ranked for that and for no role.
    assert_eq!(programme.candidates("mc1").await[0], "m01");
    assert_eq!(programme.candidates("mr1").await, ["m03"]);
    let feed = programme.feed("m01").await;
    assert!(
        feed.contains(&"mc1".to_owned()) && !feed.contains(&"mr1".to_owned()),
        "{feed:?}"
    );

    // The head of advertising came for the company of peers: nobody ranks him, and peers find him by what he knows.
    for opportunity in ["mc1", "mc2", "mr1"] {
        assert!(
            !programme
                .candidates(opportunity)
                .await
                .contains(&"m02".to_owned())
        );
    }
    let found = interests(&programme.alumnus("m03"), "媒体計画").await;
    assert_eq!(
        found,
        json!({"interests": ["MENTORING", "EVENTS"], "headline": null})
    );
    assert_eq!(
        interests(&programme.alumnus("m02"), "アートディレクション").await["interests"],
        json!(["EVENTS"])
    );

    // Who opted into nothing is in no list at all.
    assert_eq!(
        programme.alumnus("m01").search("プレスリリース").await,
        Vec::<String>::new()
    );
    assert_eq!(programme.left_out("mr1", "NO_INTEREST").await, 4);
}

async fn in_a_mixed_network_speakers_are_ranked_by_what_they_did_and_rest_after_speaking(app: &TestApp) {
    let programme = Programme::set_up(app, "mixed-network", "tachibana", "").await;

    // Who built it and never spoke stands above who speaks for a living and read about it.
    let speakers = programme.candidates("ts1").await;
    assert_eq!(speakers[0], "t02");
    assert!(speakers.contains(&"t03".to_owned()));
    assert_eq!(programme.candidates("ts2").await[0], "t01");

    // Employees see what alumni know, and nothing of who would come back.
    let found = interests(&programme.employee(), "水素").await;
    assert_eq!(found, json!({"interests": [], "headline": null}));

    // Who was asked rests for half a year; the day's list says that somebody does.
    let recruiter = programme.recruiter();
    let (slot, person) = (
        recruiter.opportunity_id("ts1").await,
        recruiter.alumnus_id("t02").await,
    );
    let input = json!({"opportunityId": slot, "alumnusId": person});
    recruiter
        .mutate("inviteCandidate", input, "invitation { id }")
        .await;
    assert!(!programme.candidates("ts2").await.contains(&"t02".to_owned()));
    assert_eq!(programme.left_out("ts2", "SPEAKER_RESTING").await, 1);
    assert!(
        programme.candidates("ts1").await.contains(&"t02".to_owned()),
        "for this one she was asked"
    );
}

async fn three_ways_home_lead_three_people_to_three_kinds(app: &TestApp) {
    let programme = Programme::set_up(app, "three-ways", "kawabe", "").await;

    assert_eq!(programme.candidates("kr1").await[0], "k01");
    assert_eq!(programme.candidates("kc1").await[0], "k02");
    assert_eq!(programme.candidates("ks1").await[0], "k03");
    assert_eq!(programme.feed("k01").await[0], "kr1");
    assert_eq!(programme.feed("k02").await, ["kc1"]);
    assert_eq!(programme.feed("k03").await[0], "ks1");

    // Founders are found by their field.
    let found = programme.employee().search("創業 日程調整").await;
    assert_eq!(found.first().map(String::as_str), Some("出水 蓮"));
}

async fn a_return_window_ends_six_years_after_leaving_whatever_the_reason_and_the_age(app: &TestApp) {
    let programme = Programme::set_up(app, "return-window", "wakaba", "").await;

    // Left in November 2020 to study, in 2024 to raise a child, in 2022 at the age limit: all within six years.
    let mut ranked = programme.candidates("wr1").await;
    ranked.sort();
    assert_eq!(ranked, ["w01", "w03", "w04"]);
    assert_eq!(programme.left_out("wr1", "RETURN_WINDOW_CLOSED").await, 1);
    assert_eq!(programme.left_out("wr1", "QUIET_PERIOD").await, 1);

    // Each learns until when, and by which rule not.
    let told = async |number: &str| {
        let document = "{ viewer { eligibility { kind isOffered isEligible rule opensOn until } } }";
        let data = programme.alumnus(number).query(document, Value::Null).await;
        let kinds = data["viewer"]["eligibility"].as_array().unwrap().clone();
        kinds.into_iter().find(|one| one["kind"] == "ROLE").unwrap()
    };
    let first = told("w01").await;
    assert_eq!(
        (&first["isEligible"], &first["until"]),
        (&json!(true), &json!("2026-11-30"))
    );
    let second = told("w02").await;
    assert_eq!(
        (&second["rule"], &second["until"]),
        (&json!("RETURN_WINDOW_CLOSED"), &json!("2026-10-31"))
    );
    let latest = told("w05").await;
    assert_eq!(
        (&latest["rule"], &latest["opensOn"]),
        (&json!("QUIET_PERIOD"), &json!("2026-11-30"))
    );
}

async fn a_rehire_only_programme_knows_roles_and_nothing_else(app: &TestApp) {
    let programme = Programme::set_up(app, "rehire-only", "aozora", "").await;

    assert_eq!(programme.candidates("zr1").await[0], "z01");
    assert!(
        !programme.candidates("zr1").await.contains(&"z03".to_owned()),
        "he comes for the barbecue"
    );
    for name in ["createContractWork", "createSpeakerSlot"] {
        let input = json!({"title": "積算の手伝い", "description": "", "remote": "REMOTE"});
        assert_eq!(
            programme.recruiter().user_errors(name, input).await,
            ["KIND_NOT_OFFERED"]
        );
    }
    assert_eq!(programme.feed("z01").await, ["zr1"]);
}

async fn a_platform_keeps_two_companies_of_one_person_apart(app: &TestApp) {
    let nagisa = Programme::set_up(app, "platform", "nagisa", "").await;
    let misaki = Programme::set_up(app, "platform", "misaki", "-misaki").await;

    // She worked for both: two sign-ins, two feeds.
    assert_eq!(nagisa.feed("n01").await, ["nr1"]);
    let mut feed = misaki.feed("i01").await;
    feed.sort();
    assert_eq!(feed, ["ir1", "is1"]);

    // What one company has, the other cannot name.
    let theirs = misaki.recruiter().opportunity_id("ir1").await;
    for viewer in [nagisa.recruiter(), nagisa.administrator(), nagisa.alumnus("n01")] {
        let found = viewer
            .query("query($id: ID!) { node(id: $id) { id } }", json!({"id": theirs}))
            .await;
        assert_eq!(found["node"], Value::Null);
        assert_eq!(viewer.search("飲食店").await, Vec::<String>::new());
    }
    let stranger = app.person("nagisa", Role::Alumnus, "i01", Some("i01"));
    assert_eq!(stranger.ask("{ viewer { role } }", Value::Null).await.status, 401);
}

async fn a_group_uses_each_others_people_only_with_consent_and_for_its_own_purposes(app: &TestApp) {
    let programme = Programme::set_up(app, "group", "momokawa", "").await;
    let share = async |number: &str| {
        let input = json!({"purpose": "GROUP_SHARING", "textVersion": "2026-11"});
        programme
            .alumnus(number)
            .mutate("giveConsent", input, "consent { purpose }")
            .await;
    };
    let ranked = async |opportunity: &str| {
        let mut ids = programme.candidates(opportunity).await;
        ids.sort();
        ids
    };

    // The bank's own people, and nobody else's.
    assert_eq!(ranked("gr1").await, ["g01", "g02"]);
    assert_eq!(ranked("gr2").await, Vec::<String>::new());
    assert_eq!(programme.left_out("gr2", "NOT_SHARED_IN_GROUP").await, 4);

    // With the consent she is ranked by the companies that use others' people for that kind.
    share("g01").await;
    assert_eq!(ranked("gr2").await, ["g01"]);
    assert_eq!(ranked("gc1").await, ["g01", "g04"]);
    share("g03").await;
    assert_eq!(ranked("gr1").await, ["g01", "g02", "g03"]);

    // Each sees which company may use the data for what.
    let document = "{ viewer { groupCompanies { company { code } isOwn kinds } } }";
    let data = programme.alumnus("g01").query(document, Value::Null).await;
    let uses = data["viewer"]["groupCompanies"].as_array().unwrap().clone();
    let of = |code: &str| {
        uses.iter()
            .find(|one| one["company"]["code"] == code)
            .unwrap()
            .clone()
    };
    assert_eq!(of("bank")["isOwn"], true);
    assert_eq!(of("trust")["kinds"], json!([]));
    assert_eq!(of("leasing")["kinds"], json!(["ROLE", "CONTRACT_WORK"]));

    // Taken back, it holds for the next answer.
    let input = json!({"purpose": "GROUP_SHARING"});
    programme
        .alumnus("g01")
        .mutate("withdrawConsent", input, "consent { purpose }")
        .await;
    assert_eq!(ranked("gr2").await, ["g03"]);
}

async fn one_secretary_is_wanted_in_three_kinds_for_three_different_reasons(app: &TestApp) {
    let programme = Programme::set_up(app, "secretary", "takamine", "").await;

    // She did the work; the director had it done for him.
    assert_eq!(programme.candidates("sr1").await[0], "s01");
    assert_eq!(programme.candidates("ss1").await[0], "s01");
    // Her former boss offers the part of her old job that nobody does so well, to her alone.
    let recruiter = programme.recruiter();
    let offer = json!({
        "externalId": "sc1", "title": "社長の講演原稿の清書と名簿の整備", "department": "秘書室", "remote": "REMOTE",
        "description": "前任の方にお願いしてきた清書と整備を、週四時間ほどで引き続きお願いします。",
        "requiredSkills": ["講演原稿の清書", "名簿の整備"], "hoursPerWeek": 4, "startsOn": "2027-01", "endsOn": "2027-03",
        "parties": "高嶺精機株式会社と久我紗代さん", "commissionedOn": "2026-12-15", "scope": "清書した原稿と名簿",
        "deliveredOn": "2027-03-31", "place": "オンライン", "fee": "月額6万円", "paymentDueOn": "2027-04-30",
        "paymentMethod": "銀行振込", "addressedTo": recruiter.alumnus_id("s01").await,
    });
    let made = recruiter
        .mutate("createContractWork", offer, "opportunity { id }")
        .await;
    let id = json!({"id": made["opportunity"]["id"]});
    recruiter
        .mutate("publishOpportunity", id, "opportunity { status }")
        .await;
    assert_eq!(programme.candidates("sc1").await, ["s01"]);
    assert!(!programme.feed("s02").await.contains(&"sc1".to_owned()));

    let document = "{ viewer { opportunityFeed { edges { node { externalId kind } match { summary } } } } }";
    let data = programme.alumnus("s01").query(document, Value::Null).await;
    let edges = data["viewer"]["opportunityFeed"]["edges"]
        .as_array()
        .unwrap()
        .clone();
    let mut kinds: Vec<&str> = edges
        .iter()
        .map(|edge| edge["node"]["kind"].as_str().unwrap())
        .collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["CONTRACT_WORK", "ROLE", "SPEAKER_SLOT"]);
    let mut reasons: Vec<&str> = edges
        .iter()
        .map(|edge| edge["match"]["summary"].as_str().unwrap())
        .collect();
    reasons.sort_unstable();
    reasons.dedup();
    assert_eq!(reasons.len(), 3, "{reasons:?}");
}

async fn a_coachs_client_learns_whether_she_can_go_back_and_what_has_changed(app: &TestApp) {
    let programme = Programme::set_up(app, "coach", "hokuto", "").await;
    let client = programme.alumnus("h01");

    // Is there a programme, may I, until when, and which rule says so.
    let document = "{ company { programme { offeredKinds } } viewer { eligibility { kind isOffered isEligible rule until explanation } } }";
    let data = client.query(document, Value::Null).await;
    assert_eq!(data["company"]["programme"]["offeredKinds"][0], "ROLE");
    let kinds = data["viewer"]["eligibility"].as_array().unwrap();
    let role = kinds.iter().find(|one| one["kind"] == "ROLE").unwrap();
    assert_eq!(
        (&role["isEligible"], &role["until"]),
        (&json!(true), &json!("2030-09-30"))
    );
    let slot = kinds.iter().find(|one| one["kind"] == "SPEAKER_SLOT").unwrap();
    assert_eq!(slot["rule"], "NO_INTEREST");

    // What changed since: the note of before she left is not news to her.
    let administrator = programme.administrator();
    for (text, changed_on) in [
        ("本社が移転しました。", "2019-04-01"),
        ("商品開発部は週二日の在宅勤務を始めました。", "2025-04-01"),
    ] {
        let input = json!({"kind": "WORKING_STYLE", "text": text, "startsOn": changed_on});
        administrator
            .mutate("createChangeNote", input, "changeNote { id }")
            .await;
    }
    let document = "{ viewer { changesSinceLeaving { nodes { text } } } }";
    let data = client.query(document, Value::Null).await;
    assert_eq!(
        data["viewer"]["changesSinceLeaving"]["nodes"],
        json!([{"text": "商品開発部は週二日の在宅勤務を始めました。"}])
    );

    // On which terms: the role's own, and she may ask before she applies.
    assert_eq!(programme.feed("h01").await, ["hr1"]);
    let document =
        "{ opportunity(externalId: \"hr1\") { id compensation ... on Role { workingHours pay } } }";
    let terms = client.query(document, Value::Null).await;
    assert_eq!(terms["opportunity"]["pay"], "月給42万円から55万円");
}
