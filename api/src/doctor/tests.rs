use std::os::unix::fs::PermissionsExt as _;

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::config::{Mode, Secret};
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
        (follows(200, whole), Severity::Ok, "200 changes behind"),
        (follows(201, whole), Severity::Warning, "201 changes behind"),
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
            Err(Fault::Broken("it broke".to_owned())),
            Severity::Error,
            "it broke",
        ),
    ] {
        let found = data::describe(inspected, "run `okaeri reindex --company aoba`");
        assert_eq!(found.severity, severity, "{}", found.what);
        assert!(found.what.contains(part), "{}", found.what);
        let names_the_remedy = found
            .remedy
            .is_some_and(|remedy| remedy.contains("okaeri reindex"));
        assert_eq!(names_the_remedy, severity != Severity::Ok);
    }
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
    assert_eq!(of(&found, Check::DataDirectory)[0].0, Severity::Error);
    assert!(setup::disk_space(&config).is_none() && !config.data_dir.exists());

    std::fs::create_dir(&config.data_dir).unwrap();
    with_mode(&config.data_dir, 0o755);
    let found = of(&setup::data_directory(&config), Check::DataDirectory);
    assert_eq!(found[1].0, Severity::Warning);
    assert!(found[1].1.starts_with("chmod 700 "));
    with_mode(&config.data_dir, 0o700);
    assert_eq!(setup::data_directory(&config).len(), 1);
    assert!(setup::disk_space(&config).unwrap().what.contains("free below"));
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
