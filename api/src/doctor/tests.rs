use std::os::unix::fs::PermissionsExt as _;

use chrono::{DateTime, TimeDelta, Utc};
use okaeri_engine::index::IndexError;

use super::*;
use crate::config::{Mode, Secret};
use crate::db::DbError;
use crate::db::change_log::{self, Change};
use crate::db::jobs::{self, NewJob};
use crate::db::testing::{AOBA, insert_companies, on_both, uuid};
use crate::fault::Fault;
use crate::projection::{Compared, Inspected, Standing};

fn at(second: &str) -> DateTime<Utc> {
    format!("2026-11-20T03:00:{second}Z").parse().unwrap()
}

fn with_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// What was found of one check: how bad, and the remedy.
fn of(findings: &[Finding], check: Check) -> Vec<(Severity, String)> {
    let of_check = findings.iter().filter(|finding| finding.check == check);
    of_check
        .map(|finding| (finding.severity, finding.remedy.clone().unwrap_or_default()))
        .collect()
}

#[test]
fn clocks_are_apart_by_what_the_time_of_asking_does_not_explain() {
    let leeway = TimeDelta::seconds(20);
    for (before, theirs, after, expected) in [
        ("10.000", "10.400", "10.500", Severity::Ok),
        ("10.000", "12.500", "10.500", Severity::Ok),
        ("10.000", "12.501", "10.500", Severity::Warning),
        ("10.000", "07.999", "10.500", Severity::Warning),
        ("10.000", "30.500", "10.500", Severity::Warning),
        ("10.000", "30.501", "10.500", Severity::Error),
        ("40.000", "10.000", "40.001", Severity::Error),
    ] {
        let found = data::skew(at(before), at(theirs), at(after), leeway);
        assert_eq!(found.severity, expected, "{}", found.what);
        assert_eq!(found.remedy.is_none(), expected == Severity::Ok);
    }
    // A leeway of nothing does not make a second an error.
    let strict = data::skew(at("10.000"), at("11.000"), at("10.000"), TimeDelta::zero());
    assert_eq!(strict.severity, Severity::Ok);
}

#[test]
fn an_index_is_well_only_where_it_holds_what_the_database_holds() {
    let follows = |n_changes, compared| {
        let standing = Standing::Follows { n_changes, compared };
        Ok(Some(Inspected {
            standing,
            damaged_files: Vec::new(),
        }))
    };
    let stands = |standing| {
        Ok(Some(Inspected {
            standing,
            damaged_files: Vec::new(),
        }))
    };
    let whole = Compared {
        n_people: 462,
        n_sampled: 100,
        ..Compared::default()
    };
    let damaged = Ok(Some(Inspected {
        standing: Standing::Foreign { position: 3 },
        damaged_files: vec!["a.store".to_owned()],
    }));
    for (inspected, severity, part) in [
        (follows(0, whole), Severity::Ok, "462 people"),
        (follows(10_000, whole), Severity::Ok, "10000 changes behind"),
        (follows(10_001, whole), Severity::Warning, "10001 changes behind"),
        (
            follows(
                0,
                Compared {
                    n_missing: 1,
                    ..whole
                },
            ),
            Severity::Error,
            "1 are missing",
        ),
        (
            follows(
                0,
                Compared {
                    n_left_over: 2,
                    ..whole
                },
            ),
            Severity::Error,
            "2 are left over",
        ),
        (
            follows(
                0,
                Compared {
                    n_differing: 3,
                    ..whole
                },
            ),
            Severity::Error,
            "3 of 100",
        ),
        (
            stands(Standing::Ahead {
                position: 9,
                newest: 7,
            }),
            Severity::Error,
            "ahead of the database at 7",
        ),
        (
            stands(Standing::Foreign { position: 9 }),
            Severity::Error,
            "another database",
        ),
        (
            stands(Standing::FarBehind { n_changes: 100_000 }),
            Severity::Warning,
            "100000 changes",
        ),
        (damaged, Severity::Error, "a.store"),
        (Ok(None), Severity::Warning, "no index yet"),
        (
            Err(Fault::Index(IndexError::OtherVersion {
                dir: "index".into(),
                found: "1".to_owned(),
                expected: "2".to_owned(),
            })),
            Severity::Error,
            "version `1`, and `2` is needed",
        ),
        (
            Err(Fault::Index(IndexError::Unreadable {
                dir: "index".into(),
                reason: "meta.json is missing".to_owned(),
            })),
            Severity::Error,
            "meta.json is missing",
        ),
    ] {
        let found = data::describe(inspected, "run `okaeri reindex --company aoba`");
        assert_eq!(found.check, Check::Index);
        assert_eq!(found.severity, severity, "{}", found.what);
        assert!(found.what.contains(part), "{}", found.what);
        let names_the_remedy = found
            .remedy
            .is_some_and(|remedy| remedy.contains("okaeri reindex"));
        assert_eq!(names_the_remedy, severity != Severity::Ok);
    }
}

#[test]
fn what_keeps_an_index_from_being_looked_at_is_no_reason_to_build_it_anew() {
    let unavailable = DbError::Unavailable("the pool is closed".to_owned());
    let busy = IndexError::Busy { dir: "index".into() };
    for (fault, check, severity, part, remedy) in [
        (
            Fault::Database(unavailable),
            Check::Database,
            Severity::Error,
            "the pool is closed",
            "OKAERI_DATABASE_URL",
        ),
        (
            Fault::Broken("it broke".to_owned()),
            Check::Index,
            Severity::Error,
            "it broke",
            "okaeri import words",
        ),
        (
            Fault::Index(busy),
            Check::Index,
            Severity::Warning,
            "being written",
            "run `okaeri doctor` again",
        ),
    ] {
        let found = data::describe(Err(fault), "run `okaeri reindex --company aoba`");
        assert_eq!((found.check, found.severity), (check, severity), "{}", found.what);
        assert!(found.what.contains(part), "{}", found.what);
        let said = found.remedy.unwrap();
        assert!(said.contains(remedy) && !said.contains("reindex"), "{said}");
    }
}

#[tokio::test]
async fn a_clock_behind_the_newest_change_is_found() {
    on_both(async |db| {
        insert_companies(&db).await;
        assert_eq!(data::clock_against_log(&db, at("00.000")).await.unwrap(), None);
        let tx = db.begin_for(AOBA).await.unwrap();
        change_log::append(&tx, AOBA, Change::ProgrammeChanged, at("12.000"))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(data::clock_against_log(&db, at("10.000")).await.unwrap(), None);
        let found = data::clock_against_log(&db, at("09.999")).await.unwrap().unwrap();
        assert_eq!((found.check, found.severity), (Check::Clock, Severity::Warning));
        assert!(found.what.contains("03:00:12"), "{}", found.what);
        assert!(found.remedy.unwrap().contains("correct this machine's clock"));
    })
    .await;
}

#[tokio::test]
async fn jobs_that_were_given_up_within_a_week_are_found() {
    on_both(async |db| {
        let gave_up_at = at("10.000");
        let tx = db.begin().await.unwrap();
        for n in [1, 2] {
            let job = NewJob {
                id: uuid(n),
                kind: "mail".to_owned(),
                payload: serde_json::json!({}),
                run_at: gave_up_at,
            };
            jobs::enqueue(&tx, &job, gave_up_at).await.unwrap();
        }
        // The second still waits.
        let left = jobs::LeftToOthers {
            kind: "none",
            companies: &[],
        };
        let claimed = jobs::claim(&tx, gave_up_at, 1, TimeDelta::minutes(5), left)
            .await
            .unwrap();
        assert!(jobs::give_up(&tx, &claimed[0], gave_up_at, "550").await.unwrap());
        tx.commit().await.unwrap();

        let week = TimeDelta::days(7);
        let found = data::given_up_jobs(&db, gave_up_at + week)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((found.check, found.severity), (Check::Mail, Severity::Warning));
        assert!(found.what.starts_with("1 jobs"), "{}", found.what);
        assert!(found.remedy.unwrap().contains("last_error"));
        let later = gave_up_at + week + TimeDelta::microseconds(1);
        assert_eq!(data::given_up_jobs(&db, later).await.unwrap(), None);
    })
    .await;
}

#[test]
fn keys_that_others_may_read_or_write_are_found_and_nothing_is_made() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("exclusion.key");
    std::fs::write(&path, crate::db::KeyRing::generate_line().unwrap()).unwrap();
    let config = Config {
        data_dir: directory.path().join("data"),
        exclusion_key_file: Some(path.clone()),
        ..Config::default()
    };
    for (mode, expected) in [
        (0o600, vec![Severity::Ok]),
        (0o440, vec![Severity::Ok]),
        (0o644, vec![Severity::Ok, Severity::Warning]),
        (0o660, vec![Severity::Ok, Severity::Error]),
    ] {
        with_mode(&path, mode);
        let (keys, found) = setup::exclusion_key(&config);
        assert!(keys.is_some());
        let severities: Vec<Severity> = found.iter().map(|finding| finding.severity).collect();
        assert_eq!(severities, expected, "{mode:o}");
    }
    std::fs::write(&path, "geheim").unwrap();
    let (keys, found) = setup::exclusion_key(&config);
    assert!(keys.is_none());
    assert_eq!(found[0].severity, Severity::Error);
    assert!(!found[0].what.contains("geheim"), "{}", found[0].what);

    // The development key of tokens is not made by looking.
    assert_eq!(setup::signing_key(&config)[0].severity, Severity::Ok);
    assert!(!config.data_dir.exists());
    let production = Config {
        mode: Mode::Production,
        ..config
    };
    let found = setup::signing_key(&production);
    assert_eq!(found[0].severity, Severity::Error);
    assert!(found[0].remedy.as_ref().unwrap().contains("openssl genpkey"));
}

#[test]
fn a_data_directory_that_is_missing_or_open_to_all_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let config = Config {
        data_dir: directory.path().join("data"),
        ..Config::default()
    };
    let found = setup::data_directory(&config);
    let missing = &of(&found, Check::DataDirectory)[0];
    assert_eq!(missing.0, Severity::Error);
    assert!(missing.1.contains("install -d -m 700") && missing.1.contains("OKAERI_DATA_DIR"));
    assert!(setup::disk_space(&config).is_empty() && !config.data_dir.exists());

    std::fs::create_dir(&config.data_dir).unwrap();
    with_mode(&config.data_dir, 0o755);
    let found = of(&setup::data_directory(&config), Check::DataDirectory);
    assert_eq!(found[1].0, Severity::Warning);
    assert!(found[1].1.starts_with("chmod 700 "));
    with_mode(&config.data_dir, 0o700);
    assert_eq!(setup::data_directory(&config).len(), 1);
    let found = setup::disk_space(&config);
    assert_eq!(found.len(), 1);
    assert!(found[0].what.contains("free below"));
}

#[test]
fn each_disk_is_asked_for_what_lies_on_it() {
    let directory = tempfile::tempdir().unwrap();
    let data_dir = directory.path().join("data");
    std::fs::create_dir(&data_dir).unwrap();
    let with = |database: &Path| Config {
        data_dir: data_dir.clone(),
        database_url: Some(Secret::new(format!("sqlite:{}", database.display()))),
        ..Config::default()
    };
    let beside = directory.path().join("okaeri.db");
    std::fs::write(&beside, vec![0; 3 << 20]).unwrap();
    let found = setup::disk_space(&with(&beside));
    assert_eq!(found.len(), 1);
    assert!(
        found[0].what.contains("the database takes 3.0 MiB"),
        "{}",
        found[0].what
    );

    // The kernel's files are on no disk at all, so nothing is free there.
    let found = setup::disk_space(&with(Path::new("/proc/version")));
    assert_eq!(found.len(), 2);
    assert!(!found[0].what.contains("the database"), "{}", found[0].what);
    assert_eq!(found[1].severity, Severity::Error);
    assert!(
        found[1]
            .what
            .starts_with("0 bytes free below /proc; the database takes")
    );
    assert!(found[1].remedy.as_ref().unwrap().contains("OKAERI_DATABASE_URL"));
}

#[tokio::test]
async fn mail_that_reaches_nobody_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let mut config = Config {
        data_dir: directory.path().to_owned(),
        ..Config::default()
    };
    assert_eq!(
        of(&setup::mail(&config).await, Check::Mail),
        [(Severity::Ok, String::new())]
    );
    config.mode = Mode::Production;
    let found = of(&setup::mail(&config).await, Check::Mail);
    assert!(found[0].1.contains("OKAERI_SMTP_URL") && found[1].1.contains("OKAERI_MAIL_FROM"));
    assert_eq!(found.len(), 2);

    // Port 1 is privileged and unassigned in practice: nobody listens there.
    config.mail.smtp_url = Some(Secret::new("smtp://okaeri:geheim@127.0.0.1:1"));
    config.mail.from = "Okaeri <okaeri@example.co.jp>".to_owned();
    let found = setup::mail(&config).await;
    assert_eq!((found.len(), found[0].severity), (1, Severity::Error));
    assert!(!found[0].what.contains("geheim"), "{}", found[0].what);
    config.mail.from = "okaeri".to_owned();
    assert!(setup::mail(&config).await[0].what.contains("OKAERI_MAIL_FROM"));
}

#[tokio::test]
async fn a_database_that_is_not_there_or_is_none_is_found_and_not_made() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("okaeri.db");
    let config = Config {
        data_dir: directory.path().to_owned(),
        ..Config::default()
    };
    let report = examine(&config).await;
    let found = of(&report.findings, Check::Database);
    assert_eq!(found[0].0, Severity::Error);
    assert!(found[0].1.contains("okaeri migrate") && found[0].1.contains("okaeri restore"));
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);

    std::fs::write(&file, "これはデータベースではない".repeat(100)).unwrap();
    let report = examine(&config).await;
    assert_eq!(of(&report.findings, Check::Database)[0].0, Severity::Error);
    assert!(of(&report.findings, Check::Migrations).is_empty());

    let config = Config {
        database_url: Some(Secret::new("postgres://okaeri:geheim@127.0.0.1:1/okaeri")),
        ..config
    };
    let report = examine(&config).await;
    assert_eq!(of(&report.findings, Check::Database)[0].0, Severity::Error);
    assert!(!report.to_json().to_string().contains("geheim"));
}

#[test]
fn what_is_not_well_has_a_remedy() {
    let report = Report::misconfigured("limits.page_max is \"x\"");
    assert_eq!(report.count(Severity::Error), 1);
    let json = report.to_json();
    assert_eq!(json["errors"], 1);
    assert_eq!(json["findings"][0]["check"], "configuration");
    assert_eq!(json["findings"][0]["severity"], "error");
    assert!(
        json["findings"][0]["remedy"]
            .as_str()
            .unwrap()
            .contains("okaeri.example.toml")
    );
}

#[test]
fn sizes_are_said_in_units() {
    assert_eq!(bytes(1_023), "1023 bytes");
    assert_eq!(bytes(1_536), "1.5 KiB");
    assert_eq!(bytes(5 << 30), "5.0 GiB");
}
