//! Counterfactual invariance: who differs in nothing but what matching must not see stands where they stood.

use okaeri_api::invariance::{self, Report, external_id};
use okaeri_engine::counterfactual::{self, Group, Kind};
use okaeri_engine::domain::{Opportunity, Profile};
use okaeri_engine::fixtures;
use serde_json::{Value, json};

use crate::harness::{AOBA, Kind as Database, TestApp, on_both_databases};

/// Twins on SQLite, in CI; `okaeri audit invariance` compares as many as it is told to.
const TWINS: usize = 500;
/// Twins where the database is the slower one.
const TWINS_FEW: usize = 60;
/// Opportunities of the seeded data, beside the demonstration's.
const OFFERS: usize = 20;

on_both_databases! {
    what_a_person_writes_of_themselves_by_mutation_moves_nothing;
}

/// What was found has to be nothing; what was not is told by kind.
fn assert_still(report: &Report, n_twins: usize) {
    let moved: Vec<_> = report
        .findings
        .iter()
        .filter(|(_, finding)| finding.n_moved > 0)
        .collect();
    assert!(moved.is_empty(), "{moved:#?}");
    assert_eq!(report.n_twins(), n_twins as u64);
}

fn people() -> Vec<Profile> {
    fixtures::profiles(11, 60)
        .into_iter()
        .map(|person| person.profile)
        .collect()
}

fn offers() -> Vec<Opportunity> {
    fixtures::opportunities(11, OFFERS)
}

async fn compared(app: &TestApp, groups: &[Group]) -> Report {
    let company_id = invariance::copy(&app.app, "twins", &offers()).await.unwrap();
    invariance::load(&app.app, company_id, groups).await.unwrap();
    invariance::compare(&app.app, company_id, groups).await.unwrap()
}

#[tokio::test]
async fn nothing_that_matching_must_not_see_moves_a_score_or_a_place() {
    let app = TestApp::spawn(Database::Sqlite).await;
    let groups = counterfactual::groups(1, TWINS, &people());
    let report = compared(&app, &groups).await;
    assert_still(&report, TWINS);
    let kinds: Vec<Kind> = report.findings.keys().copied().collect();
    assert_eq!(kinds, Kind::ALL, "every kind occurs");
    app.stop().await;
}

#[tokio::test]
async fn nothing_moves_on_postgresql_either() {
    let app = TestApp::spawn(Database::Postgres).await;
    let groups = counterfactual::groups(2, TWINS_FEW, &people());
    assert_still(&compared(&app, &groups).await, TWINS_FEW);
    app.stop().await;
}

#[tokio::test]
async fn nothing_moves_among_the_people_and_opportunities_of_the_demonstration() {
    let app = TestApp::spawn(Database::Sqlite).await;
    let demo = |name: &str| {
        let path = format!("{}/demo/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read(path).unwrap()
    };
    app.import_alumni_file(AOBA, &demo("alumni.jsonl")).await;
    app.import_opportunities_file(AOBA, &demo("opportunities.jsonl"))
        .await;
    let company_id = app.company_id(AOBA).await;
    let parsed = okaeri_api::import::parse_alumni(&demo("alumni.jsonl")).unwrap();
    let people: Vec<Profile> = parsed.rows.into_iter().map(|row| row.profile).collect();
    let groups = counterfactual::groups(3, TWINS / 2, &people);
    // Among everybody else, whose words decide how rare a word is.
    invariance::load(&app.app, company_id, &groups).await.unwrap();
    let report = invariance::compare(&app.app, company_id, &groups).await.unwrap();
    assert_still(&report, TWINS / 2);
    app.stop().await;
}

/// The part of a profile that a person writes, as the input of the mutation.
fn written(profile: &Profile) -> Value {
    let after = profile.career_after.iter().map(|one| {
        json!({
            "organization": one.organization,
            "title": one.title,
            "from": one.from.to_string(),
            "to": one.to.map(|month| month.to_string()),
            "description": one.description,
        })
    });
    json!({
        "headline": profile.headline,
        "summary": profile.summary,
        "skills": profile.skills,
        "careerAfter": after.collect::<Vec<_>>(),
    })
}

async fn what_a_person_writes_of_themselves_by_mutation_moves_nothing(app: &TestApp) {
    let mut groups = counterfactual::groups(4, TWINS_FEW, &people());
    // What came by a file is not a person's to write.
    for group in &mut groups {
        let tenures = group.reference.profile.tenures.clone();
        group
            .twins
            .retain(|twin| twin.record.profile.tenures == tenures && twin.record.hidden.is_none());
    }
    groups.retain(|group| !group.twins.is_empty());
    let n_twins = groups.iter().map(|group| group.twins.len()).sum();
    let mut before = groups.clone();
    for group in &mut before {
        for twin in &mut group.twins {
            twin.record = group.reference.clone();
        }
    }
    let company_id = app.company_id(AOBA).await;
    for offer in offers() {
        let offer = Opportunity { company_id, ..offer };
        let now = app.app.clock.now();
        let tx = app.app.db.begin().await.unwrap();
        okaeri_api::db::opportunities::insert(&tx, &offer, now)
            .await
            .unwrap();
        let change = okaeri_api::db::change_log::Change::OpportunityChanged(offer.id);
        okaeri_api::db::change_log::append(&tx, company_id, change, now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
    invariance::load(&app.app, company_id, &before).await.unwrap();
    // The reference as well: whoever writes has confirmed the profile.
    for (group, members) in groups.iter().enumerate() {
        let twins = members.twins.iter().map(|twin| &twin.record);
        for (member, record) in std::iter::once(&members.reference).chain(twins).enumerate() {
            app.alumnus(&external_id(group, member))
                .mutate("updateMyProfile", written(&record.profile), "")
                .await;
        }
    }
    let report = invariance::compare(&app.app, company_id, &groups).await.unwrap();
    assert_still(&report, n_twins);
    // The same by the index, once it has them.
    app.index().await;
    let report = invariance::compare(&app.app, company_id, &groups).await.unwrap();
    assert_still(&report, n_twins);
    nobody_is_found_by_it_and_nothing_of_it_is_quoted(app, &groups).await;
}

async fn nobody_is_found_by_it_and_nothing_of_it_is_quoted(app: &TestApp, groups: &[Group]) {
    let recruiter = app.recruiter();
    let list = "query($id: ID!) { node(id: $id) { ... on Opportunity { candidates(first: 25) { edges {
        match { summary contributions { text evidence { snippet } }
            requirements { text note evidence { snippet } } pointsToConfirm } } } } } }";
    let search = "query($words: String) { alumni(query: $words, first: 100) { edges { node { externalId }
        searchMatch { snippets { snippet } } } } }";
    let offers = recruiter
        .query("{ opportunities(first: 8) { nodes { id } } }", Value::Null)
        .await;
    let mut explained = String::new();
    for offer in offers["opportunities"]["nodes"].as_array().unwrap() {
        explained += &recruiter
            .query(list, json!({"id": offer["id"]}))
            .await
            .to_string();
    }
    for (group, members) in groups.iter().enumerate() {
        for (idx, twin) in members.twins.iter().enumerate() {
            let Some((place, said)) = twin.said.split_once(": ") else {
                continue;
            };
            if matches!(
                twin.kind,
                Kind::Name | Kind::LeavingCode | Kind::Year | Kind::GenderedWord
            ) {
                continue;
            }
            let said = said.trim_end_matches('、');
            assert!(!explained.contains(said), "{place}: {said} is quoted");
            let found = recruiter.query(search, json!({"words": said})).await;
            let found = found["alumni"]["edges"].as_array().unwrap();
            let is_found = |member: usize| {
                let number = external_id(group, member);
                found.iter().any(|edge| edge["node"]["externalId"] == *number)
            };
            assert_eq!(is_found(idx + 1), is_found(0), "{place}: {said} finds somebody");
            let snippets = Value::from(found.clone()).to_string();
            assert!(!snippets.contains(said), "{place}: {said} is shown");
        }
    }
}
