//! `okaeri doctor` beside a running server: it finds what is broken, names the remedy, and keeps nobody waiting.

use std::cell::Cell;

use chrono::TimeDelta;
use okaeri_api::cli;
use okaeri_api::config::{Config, Secret};
use okaeri_api::db::jobs::{self, NewJob};
use okaeri_api::doctor::{Check, Finding, Report, Severity, examine};
use sea_orm::ConnectionTrait as _;
use serde_json::json;

use crate::harness::{AOBA, Row, TestApp, alumnus, on_both_databases, role, slot};

on_both_databases! {
    a_server_that_is_well_gets_no_error_and_is_not_held_up;
    an_index_that_is_written_all_the_while_is_not_taken_for_broken;
    mail_that_was_given_up_is_found;
    tables_of_another_version_are_found;
    an_index_that_differs_from_the_database_is_found;
    an_index_that_is_ahead_or_of_another_database_is_found;
    a_damaged_index_and_one_of_other_words_are_found;
    exclusions_that_no_key_opens_are_found;
    a_missing_dictionary_is_found;
}

fn rows() -> Vec<Row> {
    vec![
        alumnus("a001"),
        alumnus("a002").skills(&["需要予測"]),
        alumnus("a003").set("headline", "和菓子職人"),
        role("r01"),
        slot("s01"),
    ]
}

async fn report(app: &TestApp) -> Report {
    // The harness starts its clock by the configuration; with it, nothing can be said of the machine's.
    let report = examine(&app.app.config).await;
    for finding in &report.findings {
        let is_well = finding.severity == Severity::Ok;
        assert_eq!(finding.remedy.is_none(), is_well, "{finding:?}");
        assert!(!finding.what.contains('\n'), "{finding:?}");
    }
    report
}

/// What is not well, by check.
fn complaints(report: &Report) -> Vec<&Finding> {
    let is_bad = |finding: &&Finding| {
        // A directory of a test is open to all, as the server's user has to reach it.
        finding.severity != Severity::Ok && !matches!(finding.check, Check::DataDirectory | Check::DiskSpace)
    };
    report.findings.iter().filter(is_bad).collect()
}

/// The one thing that is not well.
async fn complaint(app: &TestApp, check: Check, severity: Severity) -> Finding {
    let report = report(app).await;
    let found = complaints(&report);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (found[0].check, found[0].severity),
        (check, severity),
        "{found:?}"
    );
    found[0].clone()
}

async fn sql(app: &TestApp, statement: &str) {
    let connection = app.sql().await;
    connection.execute_unprepared(statement).await.unwrap();
    connection.close().await.unwrap();
}

async fn a_server_that_is_well_gets_no_error_and_is_not_held_up(app: &TestApp) {
    app.import(&rows()).await;
    app.index().await;
    // One after the index, which lags by it.
    let skills = json!({"skills": ["養蜂"]});
    app.alumnus("a001")
        .mutate("updateMyProfile", skills.clone(), "")
        .await;

    // Somebody writes the database and the index all the while.
    let tx = app.app.db.begin_for(app.company_id(AOBA).await).await.unwrap();
    let projection = app.projection().await;
    projection.index.begin().unwrap();
    let first = report(app).await;
    assert_eq!(complaints(&first), Vec::<&Finding>::new());
    let index = first
        .findings
        .iter()
        .find(|finding| finding.check == Check::Index)
        .unwrap();
    assert_eq!(index.company.as_deref(), Some(AOBA));
    assert!(
        index.what.starts_with("3 people and 2 opportunities, ") && index.what.ends_with(" 2 texts compared"),
        "{}",
        index.what
    );
    projection.index.abandon();
    tx.rollback().await.unwrap();

    // Nor does a look keep anybody from writing.
    let (second, _) = tokio::join!(report(app), app.index());
    assert_eq!(complaints(&second), Vec::<&Finding>::new());
    let names: Vec<&str> = second
        .findings
        .iter()
        .map(|finding| finding.check.as_str())
        .collect();
    for check in [
        "configuration",
        "dictionary",
        "signingKey",
        "exclusionKey",
        "mail",
        "database",
        "migrations",
        "clock",
        "exclusions",
    ] {
        assert!(names.contains(&check), "{names:?}");
    }
    let text = second.to_json().to_string();
    for secret in ["人物", "a001", "@example", "養蜂"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

async fn an_index_that_is_written_all_the_while_is_not_taken_for_broken(app: &TestApp) {
    app.import(&rows()).await;
    app.index().await;
    let (is_done, n_commits) = (Cell::new(false), Cell::new(0));
    let writer = async {
        while !is_done.get() {
            app.import(&[alumnus(&format!("b{:04}", n_commits.get()))]).await;
            app.index().await;
            n_commits.set(n_commits.get() + 1);
        }
    };
    let looker = async {
        let mut n_looks = 0;
        // How far the one comes while the other looks is the machine's affair.
        while n_looks < 3 || n_commits.get() < 2 {
            n_looks += 1;
            let report = report(app).await;
            // Nothing waits between two commits here as it does in a server: they may be too fast, and are no error.
            let is_told_so = |finding: &&Finding| {
                finding.severity == Severity::Warning && finding.what.contains("being written")
            };
            let found = complaints(&report);
            assert!(found.iter().all(is_told_so), "{found:?}");
        }
        is_done.set(true);
    };
    tokio::join!(writer, looker);
}

async fn mail_that_was_given_up_is_found(app: &TestApp) {
    app.index().await;
    let (db, now) = (&app.app.db, app.app.clock.now());
    let job = NewJob {
        id: app.app.clock.new_id(),
        kind: "mail".to_owned(),
        payload: json!({}),
        run_at: now,
    };
    let tx = db.begin().await.unwrap();
    jobs::enqueue(&tx, &job, now).await.unwrap();
    let left = jobs::LeftToOthers {
        kind: "none",
        companies: &[],
    };
    let claimed = jobs::claim(&tx, now, 1, TimeDelta::minutes(5), left)
        .await
        .unwrap();
    assert!(jobs::give_up(&tx, &claimed[0], now, "550").await.unwrap());
    tx.commit().await.unwrap();
    let found = complaint(app, Check::Mail, Severity::Warning).await;
    assert!(found.what.starts_with("1 jobs"), "{found:?}");
}

async fn tables_of_another_version_are_found(app: &TestApp) {
    sql(
        app,
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99990101_future', 0)",
    )
    .await;
    let found = complaint(app, Check::Migrations, Severity::Error).await;
    assert!(found.what.contains("m99990101_future"), "{found:?}");
    sql(
        app,
        "DELETE FROM seaql_migrations WHERE version = 'm99990101_future'",
    )
    .await;
    sql(
        app,
        "DELETE FROM seaql_migrations WHERE version = (SELECT max(version) FROM seaql_migrations)",
    )
    .await;
    let found = complaint(app, Check::Migrations, Severity::Error).await;
    assert!(found.what.starts_with("1 steps are to be applied"), "{found:?}");
    assert_eq!(found.remedy.as_deref(), Some("run `okaeri migrate`"));
}

async fn an_index_that_differs_from_the_database_is_found(app: &TestApp) {
    app.import(&rows()).await;
    app.index().await;
    // As after a hand in the database, which no log tells of.
    sql(
        app,
        "UPDATE alumnus SET headline = '別人' WHERE external_id = 'a003'",
    )
    .await;
    let found = complaint(app, Check::Index, Severity::Error).await;
    assert!(found.what.contains("1 of 3 people's texts differ"), "{found:?}");
    assert_eq!(
        found.remedy.as_deref(),
        Some("run `okaeri reindex --company aoba`")
    );

    sql(app, "DELETE FROM opportunity WHERE external_id = 's01'").await;
    let found = complaint(app, Check::Index, Severity::Error).await;
    assert!(found.what.contains("0 are missing, 1 are left over"), "{found:?}");
    let projection = app.projection().await;
    projection.index.begin().unwrap();
    let id = projection.index.payloads().next().unwrap().unwrap().0;
    projection.index.delete_alumnus(id).unwrap();
    projection.index.commit(app.position().await).unwrap();
    let found = complaint(app, Check::Index, Severity::Error).await;
    assert!(found.what.contains("1 are missing, 1 are left over"), "{found:?}");

    // The remedy is one.
    app.app
        .projections
        .rebuild(app.company_id(AOBA).await)
        .await
        .unwrap();
    assert_eq!(complaints(&report(app).await), Vec::<&Finding>::new());
}

async fn an_index_that_is_ahead_or_of_another_database_is_found(app: &TestApp) {
    app.import(&rows()).await;
    app.index().await;
    let position = app.position().await;
    // As after a restored backup that was made before the last change.
    sql(
        app,
        &format!("DELETE FROM change_log WHERE position = {position}"),
    )
    .await;
    let found = complaint(app, Check::Index, Severity::Error).await;
    assert!(found.what.contains("ahead of the database"), "{found:?}");
    // And as soon as people have written more than was lost.
    app.import(&[alumnus("a004"), alumnus("a005")]).await;
    assert!(app.position().await > position);
    let found = complaint(app, Check::Index, Severity::Error).await;
    assert!(found.what.contains("followed another database"), "{found:?}");
    assert_eq!(
        found.remedy.as_deref(),
        Some("run `okaeri reindex --company aoba`")
    );
}

async fn a_damaged_index_and_one_of_other_words_are_found(app: &TestApp) {
    app.import(&rows()).await;
    app.index().await;
    let company_id = app.company_id(AOBA).await;
    let directory = app
        .directory()
        .join("index")
        .join(company_id.0.simple().to_string());
    let store = std::fs::read_dir(&directory)
        .unwrap()
        .map(|file| file.unwrap().path())
        .find(|path| path.extension().is_some_and(|extension| extension == "fieldnorm"))
        .unwrap();
    let mut bytes = std::fs::read(&store).unwrap();
    bytes[0] ^= 1;
    // In the place of the file: the server has the old one mapped.
    std::fs::remove_file(&store).unwrap();
    std::fs::write(&store, bytes).unwrap();
    let found = complaint(app, Check::Index, Severity::Error).await;
    let name = store.file_name().unwrap().to_str().unwrap();
    assert!(found.what.contains(name), "{found:?}");

    std::fs::write(directory.join("meta.json"), "{").unwrap();
    let found = complaint(app, Check::Index, Severity::Error).await;
    assert!(found.what.starts_with("it cannot be read"), "{found:?}");

    app.app.projections.rebuild(company_id).await.unwrap();
    let word = okaeri_engine::text::UserWord {
        surface: "青葉便".to_owned(),
        reading: None,
        meaning: None,
    };
    app.app
        .projections
        .rebuild_with(company_id, vec![word])
        .await
        .unwrap();
    let found = complaint(app, Check::Index, Severity::Error).await;
    assert!(found.what.starts_with("it has version"), "{found:?}");

    std::fs::remove_dir_all(&directory).unwrap();
    let found = complaint(app, Check::Index, Severity::Warning).await;
    assert!(found.what.starts_with("there is no index yet"), "{found:?}");
    assert!(!directory.exists(), "looking makes nothing");
}

async fn exclusions_that_no_key_opens_are_found(app: &TestApp) {
    app.import(&rows()).await;
    app.index().await;
    let with_key = |lines: &str| Config {
        exclusion_key: Some(Secret::new(lines)),
        ..app.app.config.clone()
    };
    let (old, new) = (
        "test AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "other Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=",
    );
    let lost = examine(&with_key(new)).await;
    let found = complaints(&lost);
    assert_eq!(
        (found[0].check, found[0].severity),
        (Check::Exclusions, Severity::Error)
    );
    assert!(found[0].what.starts_with("3 of 3 people"), "{found:?}");
    assert!(
        found[0]
            .remedy
            .as_ref()
            .unwrap()
            .contains("OKAERI_EXCLUSION_KEY_FILE")
    );

    let changing = examine(&with_key(&format!("{new}\n{old}"))).await;
    let found = complaints(&changing);
    assert_eq!((found.len(), found[0].severity), (1, Severity::Warning));
    assert!(
        found[0]
            .remedy
            .as_ref()
            .unwrap()
            .contains("okaeri exclusions rekey")
    );

    sql(
        app,
        "DELETE FROM exclusion_list WHERE alumnus_id = (SELECT id FROM alumnus ORDER BY id LIMIT 1)",
    )
    .await;
    let found = complaint(app, Check::Exclusions, Severity::Error).await;
    assert!(found.what.starts_with("1 of 3 people"), "{found:?}");
    // No key helps whoever has no list.
    assert!(found.what.contains("exclusion_list"), "{found:?}");
    let remedy = found.remedy.unwrap();
    assert!(
        remedy.contains("backup") && !remedy.contains("OKAERI_EXCLUSION_KEY_FILE"),
        "{remedy}"
    );
}

async fn a_missing_dictionary_is_found(app: &TestApp) {
    let empty = tempfile::TempDir::new().unwrap();
    let config = Config {
        dictionary_dir: Some(empty.path().to_owned()),
        ..app.app.config.clone()
    };
    let report = examine(&config).await;
    let found = complaints(&report);
    assert_eq!((found.len(), found[0].check), (1, Check::Dictionary));
    assert!(
        found[0]
            .remedy
            .as_ref()
            .unwrap()
            .contains("okaeri dictionary build")
    );
    std::fs::write(empty.path().join("okaeri-version"), "ipadic-0.1").unwrap();
    let report = examine(&config).await;
    assert!(complaints(&report)[0].what.contains("has version ipadic-0.1"));
    // What needs no dictionary is looked at all the same.
    assert!(
        report
            .findings
            .iter()
            .any(|finding| finding.check == Check::Exclusions)
    );
    assert!(
        !report
            .findings
            .iter()
            .any(|finding| finding.check == Check::Index)
    );
}

#[tokio::test]
async fn errors_are_the_exit_code_and_warnings_are_not() {
    let directory = tempfile::TempDir::new().unwrap();
    let data = directory.path().join("data");
    let run = async |command: &[&str]| {
        let words = ["okaeri", "--data-dir", data.to_str().unwrap()];
        let words = words.iter().chain(command).map(std::ffi::OsString::from);
        format!("{:?}", cli::run(words).await)
    };
    let (success, failure) = (
        format!("{:?}", std::process::ExitCode::SUCCESS),
        format!("{:?}", std::process::ExitCode::FAILURE),
    );
    assert_eq!(run(&["doctor"]).await, failure, "there is no data directory");
    assert_eq!(
        run(&["doctor", "--mode", "production"]).await,
        failure,
        "no public URL"
    );
    assert!(!data.exists());
    assert_eq!(run(&["migrate"]).await, success);
    // There is no company, which is a warning.
    assert_eq!(run(&["doctor", "--json"]).await, success);
}
