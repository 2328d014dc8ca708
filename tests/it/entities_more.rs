//! What lies between a person and the company, by who may read it: each of it is made through the API, read with all of
//! its fields, and missing for everybody else.

use okaeri_engine::domain::Role;
use serde_json::{Value, json};

use crate::harness::steps::agreed;
use crate::harness::{AOBA, TestApp, alumnus, on_both_databases, role};

/// A thing of one type, and who reads it.
pub(crate) struct Entity {
    pub(crate) type_name: &'static str,
    /// Administrator, recruiter, recruiter of the unit that hires, employee, the person, another alumnus.
    readers: [bool; 6],
    /// What reads the same for all of them.
    pub(crate) same: &'static [&'static str],
    /// What is null to the person, and something to the others.
    pub(crate) of_staff: &'static [&'static str],
}

const WISH: &[&str] = &[
    "alumnus { id }",
    "kind",
    "words",
    "unit",
    "conditions",
    "startsOn",
    "validUntil",
    "isShownToRecruiters",
    "statedAt",
];

/// The column of the person.
const PERSON: usize = 4;

pub(crate) const ENTITIES: &[Entity] = &[
    // Agreed, and not realized for a reason.
    Entity {
        type_name: "Candidacy",
        readers: [true, true, true, false, true, false],
        same: &[
            "opportunity { id }",
            "alumnus { id }",
            "status",
            "changedAt",
            "interestedAt",
            "invitation { status }",
            "declineReason",
            "snoozedUntil",
            "outcome",
            "history { totalCount }",
            "messages { totalCount }",
        ],
        of_staff: &["version", "reason"],
    },
    Entity {
        type_name: "Consultation",
        readers: [true, true, false, false, true, false],
        same: &[
            "opportunity { id }",
            "alumnus { id }",
            "openedAt",
            "messages { nodes { text authorRole at } }",
        ],
        of_staff: &[],
    },
    Entity {
        type_name: "Claim",
        readers: [true, false, false, false, false, false],
        same: &[
            "name { kanji }",
            "email",
            "employeeNumber",
            "tenureFrom",
            "tenureTo",
            "department",
            "status",
            "doubt",
            "requestedAt",
            "consents { purpose }",
            "decidedAt",
            "decidedBy",
            "reason",
            "alumnus { id }",
            "candidates { facts }",
        ],
        of_staff: &[],
    },
    // Shown to recruiters, and not.
    Entity {
        type_name: "StandingWish",
        readers: [true, true, true, false, true, false],
        same: WISH,
        of_staff: &[],
    },
    Entity {
        type_name: "StandingWish",
        readers: [false, false, false, false, true, false],
        same: WISH,
        of_staff: &[],
    },
    Entity {
        type_name: "ChangeNote",
        readers: [true; 6],
        same: &["kind", "text", "unit", "startsOn"],
        of_staff: &[],
    },
    // Answered.
    Entity {
        type_name: "ReviewRequest",
        readers: [true, true, true, false, true, false],
        same: &[
            "alumnus { id }",
            "opportunity { id }",
            "requestedAt",
            "answeredAt",
            "outcome",
            "reason",
        ],
        of_staff: &[],
    },
    // Refused.
    Entity {
        type_name: "Correction",
        readers: [true, false, false, false, true, false],
        same: &[
            "alumnus { id }",
            "requested { nameKana }",
            "note",
            "requestedAt",
            "state",
            "decidedAt",
            "replaced { nameKana }",
            "reason",
        ],
        of_staff: &[],
    },
];

on_both_databases! {
    what_lies_between_a_person_and_the_company_is_for_the_readers_in_the_table;
}

/// The identifiers of one thing for each row of [`ENTITIES`], in their order.
async fn made(app: &TestApp) -> Vec<Value> {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01"), role("r02")])
        .await;
    let (administrator, recruiter, aiko) = (app.administrator(), app.recruiter(), app.alumnus("a001"));

    let candidacy = agreed(app, "r01", "a001").await;
    let over = json!({"id": candidacy, "outcome": "NOT_REALIZED", "reason": "条件が合わなかった"});
    recruiter.mutate("recordOutcome", over, "").await;

    let offer = recruiter.opportunity_id("r02").await;
    let asked = json!({"opportunityId": offer, "message": "在宅はできますか"});
    let asked = aiko.mutate("askFirst", asked, "consultation { id }").await;

    let claim = app.waiting_claim(AOBA, "hanako@example.jp").await;

    let shown = json!({"kind": "ROLE", "words": "在庫管理", "unit": "物流部", "isShownToRecruiters": true});
    let shown = aiko
        .mutate("setMyStandingWish", shown, "standingWish { id }")
        .await;
    let hidden = json!({"kind": "CONTRACT_WORK", "words": "配送計画", "isShownToRecruiters": false});
    let hidden = aiko
        .mutate("setMyStandingWish", hidden, "standingWish { id }")
        .await;

    let note = json!({"kind": "POLICY", "text": "副業を認めた", "startsOn": "2026-04-01"});
    let note = administrator
        .mutate("createChangeNote", note, "changeNote { id }")
        .await;

    let input = json!({"opportunityId": offer});
    let review = aiko
        .mutate("requestHumanReview", input, "reviewRequest { id }")
        .await["reviewRequest"]["id"]
        .clone();
    let answer = json!({"id": review, "outcome": "NOT_THIS_TIME", "reason": "今回は充足しました"});
    recruiter.mutate("answerReviewRequest", answer, "").await;

    let input = json!({"nameKana": "ヤマダ アイコ", "note": "読みが違います"});
    let correction =
        aiko.mutate("requestCorrection", input, "correction { id }").await["correction"]["id"].clone();
    let refusal = json!({"id": correction, "reason": "人事記録のとおりです"});
    administrator.mutate("refuseCorrection", refusal, "").await;

    vec![
        candidacy,
        asked["consultation"]["id"].clone(),
        json!(claim),
        shown["standingWish"]["id"].clone(),
        hidden["standingWish"]["id"].clone(),
        note["changeNote"]["id"].clone(),
        review,
        correction,
    ]
}

async fn what_lies_between_a_person_and_the_company_is_for_the_readers_in_the_table(app: &TestApp) {
    let ids = made(app).await;
    let viewers = [
        app.administrator(),
        app.recruiter(),
        app.staff_of(Role::Recruiter, "genba", "物流部"),
        app.employee(),
        app.alumnus("a001"),
        app.alumnus("a002"),
    ];
    assert_eq!(ids.len(), ENTITIES.len());
    for (entity, id) in ENTITIES.iter().zip(&ids) {
        let type_name = entity.type_name;
        let it = [entity.same, entity.of_staff].concat().join(" ");
        let by_id = format!("query($id: ID!) {{ node(id: $id) {{ ... on {type_name} {{ {it} }} }} }}");
        let by_ids = format!("query($id: ID!) {{ nodes(ids: [$id]) {{ ... on {type_name} {{ {it} }} }} }}");
        let mut first = None;
        for (column, viewer) in viewers.iter().enumerate() {
            let mut seen = viewer.query(&by_id, json!({"id": id})).await["node"].take();
            let again = viewer.query(&by_ids, json!({"id": id})).await["nodes"][0].take();
            assert_eq!(again, seen, "{type_name}: column {column}");
            assert_eq!(
                seen.is_object(),
                entity.readers[column],
                "{type_name}: column {column}: {seen}"
            );
            if !seen.is_object() {
                continue;
            }
            for field in entity.of_staff {
                let told = seen[*field].take();
                assert_eq!(
                    told.is_null(),
                    column == PERSON,
                    "{type_name}.{field}: column {column}: {told}"
                );
            }
            let told = first.get_or_insert_with(|| seen.clone());
            assert_eq!(seen, *told, "{type_name}: column {column}");
        }
    }
}
