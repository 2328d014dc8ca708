//! Importing again: what was there stays, what changed follows, and what the person said stands.

use okaeri_api::usecase::audit::verify;
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use crate::harness::{AOBA, TestApp, alumnus, on_both_databases, role};

on_both_databases! {
    the_same_file_again_changes_nothing;
    a_change_in_the_file_follows_to_the_answers;
    a_second_import_does_not_revive_a_consent_that_was_withdrawn;
    a_second_import_does_not_undo_what_the_person_chose;
    good_rows_are_kept_and_bad_ones_are_named;
    an_import_whose_salts_fail_keeps_its_rows_and_lists_bring_them;
    what_staff_closed_stays_closed_after_an_import;
}

async fn the_same_file_again_changes_nothing(app: &TestApp) {
    let people = "{\"id\": \"a001\", \"name\": \"山田 花子\", \"interests\": [\"REHIRE\"]}\n\
                  {\"id\": \"a002\", \"name\": \"佐藤 次郎\", \"interests\": []}\n";
    let first = app.import_alumni_file(AOBA, people.as_bytes()).await;
    let position = app.position().await;
    let second = app.import_alumni_file(AOBA, people.as_bytes()).await;

    assert_eq!((first.n_inserted, first.n_consents), (2, 3));
    assert_eq!(
        (
            second.n_inserted,
            second.n_updated,
            second.n_unchanged,
            second.n_consents
        ),
        (0, 0, 2, 0)
    );
    assert_eq!(
        app.position().await,
        position,
        "nothing is in the change log either"
    );
}

async fn a_change_in_the_file_follows_to_the_answers(app: &TestApp) {
    app.import(&[alumnus("a001").skills(&["Excel"]), role("r01")])
        .await;
    app.index().await;
    let recruiter = app.recruiter();
    assert_eq!(recruiter.search("和菓子製造").await, Vec::<String>::new());

    app.import(&[
        alumnus("a001").skills(&["和菓子製造"]),
        role("r01").set("title", "和菓子の責任者"),
    ])
    .await;
    let data = recruiter
        .query(
            "{ alumnus(externalId: \"a001\") { skills } opportunity(externalId: \"r01\") { title } }",
            Value::Null,
        )
        .await;
    assert_eq!(data["alumnus"]["skills"], json!(["和菓子製造"]));
    assert_eq!(data["opportunity"]["title"], "和菓子の責任者");
    app.index().await;
    assert_eq!(recruiter.search("和菓子製造").await, ["人物 a001"]);
    assert_eq!(recruiter.search("Excel").await, Vec::<String>::new());
}

async fn a_second_import_does_not_revive_a_consent_that_was_withdrawn(app: &TestApp) {
    let rows = [alumnus("a001"), role("r01")];
    app.import(&rows).await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    aiko.mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    aiko.mutate("withdrawConsent", json!({"purpose": "DIRECTORY"}), "")
        .await;

    app.import(&rows).await;

    assert_eq!(recruiter.candidates("r01", "").await.total, 0);
    assert_eq!(app.employee().search("").await, Vec::<String>::new());
}

async fn a_second_import_does_not_undo_what_the_person_chose(app: &TestApp) {
    let rows = [alumnus("a001").interests(&["REHIRE"]), role("r01")];
    app.import(&rows).await;
    app.alumnus("a001")
        .mutate("setMyInterests", json!({"interests": ["SPEAKING"]}), "")
        .await;
    app.import(&rows).await;
    assert_eq!(app.recruiter().candidates("r01", "").await.total, 0);
    let own = app
        .alumnus("a001")
        .query("{ viewer { alumnus { interests } } }", Value::Null)
        .await;
    assert_eq!(own["viewer"]["alumnus"]["interests"], json!(["SPEAKING"]));
}

async fn good_rows_are_kept_and_bad_ones_are_named(app: &TestApp) {
    let file = "社員番号,氏名,都道府県\r\na001,山田 花子,東京\r\na002,佐藤 次郎,江戸\r\n";
    let report = app.import_alumni_file(AOBA, file.as_bytes()).await;
    assert_eq!((report.n_inserted, report.n_failed), (1, 1));
    let error = report.errors[0].to_string();
    assert!(
        error.contains('3') && error.contains("江戸"),
        "line and value: {error}"
    );
    let data = app
        .administrator()
        .query("{ alumnus(externalId: \"a001\") { prefecture } }", Value::Null)
        .await;
    assert_eq!(data["alumnus"]["prefecture"], "東京都");
}

async fn an_import_whose_salts_fail_keeps_its_rows_and_lists_bring_them(app: &TestApp) {
    let sql = app.sql().await;
    let rename = |from: &str, to: &str| format!("ALTER TABLE {from} RENAME TO {to}");
    sql.execute_unprepared(&rename("audit_salt", "audit_salt_away"))
        .await
        .unwrap();
    let people =
        "{\"id\": \"a001\", \"name\": \"山田 花子\", \"skills\": [\"決算\"], \"interests\": [\"REHIRE\"]}\n";
    let report = app.import_alumni_file(AOBA, people.as_bytes()).await;
    sql.execute_unprepared(&rename("audit_salt_away", "audit_salt"))
        .await
        .unwrap();
    assert_eq!((report.n_inserted, report.n_failed), (1, 0));
    assert!(report.is_kept);
    let count = Statement::from_string(sql.get_database_backend(), "SELECT COUNT(*) AS n FROM audit_salt");
    let n_salts = async || -> i64 {
        let row = sql.query_one_raw(count.clone()).await.unwrap().unwrap();
        row.try_get("", "n").unwrap()
    };
    assert_eq!(n_salts().await, 0);
    app.index().await;
    assert_eq!(app.recruiter().search("決算").await, ["山田 花子"]);
    assert_eq!(n_salts().await, 1);
    sql.close().await.unwrap();
    let chain = verify(&app.app.db, app.company_id(AOBA).await, None)
        .await
        .unwrap();
    assert_eq!((chain.n_rankings, chain.findings), (1, Vec::new()));
}

async fn what_staff_closed_stays_closed_after_an_import(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    let recruiter = app.recruiter();
    let id = recruiter.opportunity_id("r01").await;
    recruiter.mutate("closeOpportunity", json!({"id": id}), "").await;
    app.import(&[role("r01").set("title", "新しい題")]).await;
    let data = recruiter
        .query(
            "{ opportunity(externalId: \"r01\") { title status } }",
            Value::Null,
        )
        .await;
    assert_eq!(
        data["opportunity"],
        json!({"title": "新しい題", "status": "CLOSED"})
    );
}
