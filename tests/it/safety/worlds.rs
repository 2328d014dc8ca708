//! Companies that differ in one person, whoever must not tell them apart, and everything that they may read or try.

use std::fmt::Write as _;

use okaeri_engine::domain::Role;
use serde_json::{Value, json};

use crate::harness::{Person, TestApp, alumnus, contract_work, role, slot};

/// The person who is different.
pub(super) const P: &str = "a002";
/// The unit that is excluded, and one in it.
pub(super) const UNIT: &str = "物流部";
pub(super) const SECTION: &str = "物流部/配送課";
/// A unit that nobody excludes.
pub(super) const OTHER_UNIT: &str = "法務部";
/// The member of staff who is excluded.
pub(super) const MANAGER: &str = "bucho@aoba.example";
/// What the person opts into, and what of it is no unit's.
pub(super) const ALL: [&str; 5] = ["REHIRE", "CONTRACT_WORK", "SPEAKING", "MENTORING", "EVENTS"];
pub(super) const OF_NO_UNIT: [&str; 2] = ["MENTORING", "EVENTS"];
/// Opportunities of the excluded unit, of a section of it, of its member of staff elsewhere, and of nobody.
pub(super) const EXCLUDED: [&str; 6] = ["r01", "c01", "s01", "r02", "r03", "r04"];
/// Opportunities of the other unit.
pub(super) const OTHERS: [&str; 2] = ["r05", "s02"];

/// How one company differs from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum World {
    NeverOptedIn,
    OptedOut,
    ExcludesUnit,
    ExcludesStaff,
}

pub(super) const WORLDS: [World; 4] = [
    World::NeverOptedIn,
    World::OptedOut,
    World::ExcludesUnit,
    World::ExcludesStaff,
];

impl World {
    pub(super) const fn slug(self) -> &'static str {
        match self {
            Self::NeverOptedIn => "world0",
            Self::OptedOut => "world1",
            Self::ExcludesUnit => "world2",
            Self::ExcludesStaff => "world3",
        }
    }

    /// The company with its people and offers; the person's own part is one change of their standing in each.
    pub(super) async fn build(self, app: &TestApp) {
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

pub(super) async fn exclude(person: &Person, units: Value, staff: Value) {
    person
        .mutate("setMyExclusions", json!({"units": units, "staff": staff}), "")
        .await;
}

/// Everybody who must not tell the worlds apart.
pub(super) fn observers(app: &TestApp, world: World) -> Vec<(&'static str, Person)> {
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
pub(super) const PERSON: &str =
    "externalId name { kanji kana } email headline summary prefecture skills qualifications
    languages { language level } tenures { department title from to description }
    careerAfter { organization title from to description } interests
    workStyle { remote hoursPerWeek availableFrom } confirmedOn status";

pub(super) const CANDIDATES: &str = "candidates(first: 100) { totalCount modelVersion leftOut { rule count }
    contention { seats closeCandidates text } pageInfo { hasNextPage hasPreviousPage }
    edges { rank node { externalId interests } match { score base } } }";

/// The same with reasons, which take longer.
pub(super) const EXPLAINED: &str = "candidates(first: 100) { totalCount leftOut { rule count }
    edges { rank node { externalId } match { score summary pointsToConfirm
        contributions { feature value text evidence { field snippet } } requirements { status } } } }";

pub(super) const COORDINATED: &str = "candidates(first: 100) { totalCount leftOut { rule count }
    contention { seats closeCandidates text } edges { rank node { externalId } match { score
    contributions { feature value } } } }";

/// What is asked, each with the root field that it reads.
pub(super) fn questions() -> Vec<(&'static str, String)> {
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
    for offer in [EXCLUDED[0], OTHERS[0]] {
        let document = format!(
            "{{ opportunity(externalId: \"{offer}\") {{ seatsTaken candidacies {{ totalCount nodes {{ status }} }} }} }}"
        );
        questions.push(("opportunity", document));
    }
    // What is everybody's, or tells of no alumnus; what needs an identifier is asked for by it.
    for (field, selection) in [
        ("consultations", "consultations { totalCount }"),
        (
            "standingWishes",
            "standingWishes { totalCount nodes { words alumnus { externalId } } }",
        ),
        ("changeNotes", "changeNotes { totalCount }"),
        ("pendingClaims", "pendingClaims { totalCount }"),
        (
            "auditRecords",
            "auditRecords(filter: {kinds: [INVITATION_PREVIEW]}) { totalCount }",
        ),
        ("consentTexts", "consentTexts { purpose }"),
        ("corrections", "corrections { totalCount nodes { note } }"),
        (
            "funnel",
            "funnel(kind: ROLE, from: \"2026-11\", to: \"2026-11\") { matchedCount contactedCount agreedCount }",
        ),
    ] {
        questions.push((field, format!("{{ {selection} }}")));
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
        "{ company { coordination { isEnabled alpha version } learning { isOn decisions modelVersion weights { own } } } }"
            .to_owned(),
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
pub(super) async fn observe(app: &TestApp, world: World, person: &Person) -> String {
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
        let document = format!(
            "{{ previewInvitations(opportunityId: \"{id}\", first: 10) {{ invitees {{ externalId }} leftOut {{ rule count }} }} }}"
        );
        let answer = person.ask(&document, Value::Null).await;
        writeln!(
            seen,
            "preview {offer} {}",
            comparable(&answer.comparable(), world)
        )
        .unwrap();
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
pub(super) struct Ids {
    pub(super) person: String,
    pub(super) offers: Vec<(&'static str, String)>,
}

impl Ids {
    pub(super) async fn find(app: &TestApp, world: World) -> Self {
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
pub(super) fn comparable(text: &str, world: World) -> String {
    text.replace(world.slug(), "world")
}

/// The one that differs first, to be read.
pub(super) fn assert_same(what: &str, expected: &str, found: &str) {
    for (expected, found) in expected.lines().zip(found.lines()) {
        assert_eq!(expected, found, "{what}");
    }
    assert_eq!(expected.lines().count(), found.lines().count(), "{what}");
}
