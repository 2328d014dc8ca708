//! Backup and restore: what was backed up while others wrote answers as before, and what is not whole is refused.

use std::cell::Cell;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use okaeri_api::backup::{self, BackupError, Manifest};
use okaeri_api::config::{Config, Secret};
use okaeri_api::doctor::{Severity, examine};
use okaeri_engine::domain::Role;
use serde_json::{Value, json};

use crate::harness::{
    AOBA, Kind, Person, Row, TestApp, alumnus, create_postgres, postgres_program, role, slot,
};

/// The company that others write to all the while.
const MIDORI: &str = "midori";

/// Everything that a recruiter, an employee and an alumnus are told, without what names a recorded list.
async fn answers(app: &TestApp) -> Vec<Value> {
    let recruiter = "{ alumni { totalCount nodes { id name { kanji } headline skills interests } }
        found: alumni(query: \"在庫管理\") { totalCount nodes { id } }
        opportunities { nodes { id title status } }
        opportunity(externalId: \"r01\") { candidates { totalCount leftOut { rule count }
            edges { rank node { id } match { score summary contributions { feature value text } } } } } }";
    let alumnus = "{ viewer { consents { purpose textVersion givenAt } exclusions { units }
        opportunityFeed { edges { rank node { id } match { score summary } } } } }";
    let ask = async |person: Person, document: &str| person.query(document, Value::Null).await;
    vec![
        ask(app.recruiter(), recruiter).await,
        ask(
            app.employee(),
            "{ alumni(query: \"在庫管理\") { totalCount nodes { id } } }",
        )
        .await,
        ask(app.alumnus("a001"), alumnus).await,
    ]
}

fn rows() -> Vec<Row> {
    vec![
        alumnus("a001"),
        alumnus("a002").skills(&["Excel", "需要予測"]),
        alumnus("a003").set("headline", "和菓子職人"),
        alumnus("a004").interests(&["SPEAKING"]),
        role("r01"),
        slot("s01"),
    ]
}

async fn filled(kind: Kind) -> TestApp {
    let app = TestApp::spawn(kind).await;
    app.import(&rows()).await;
    app.alumnus("a002")
        .mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    app.alumnus("a001")
        .mutate("setMyExclusions", json!({"units": ["経理部"], "staff": []}), "")
        .await;
    app.index().await;
    app
}

/// The settings of an installation in a directory of its own, with the keys of `app`.
fn elsewhere(app: &TestApp, directory: &Path) -> Config {
    let database = directory.join("okaeri.db");
    Config {
        data_dir: directory.to_owned(),
        database_url: Some(Secret::new(format!("sqlite:{}", database.display()))),
        ..app.app.config.clone()
    }
}

/// A server over what was restored, which writes its index before it answers, as every server does at its start.
async fn started(app: &TestApp, config: &Config) -> TestApp {
    let started = app.beside(|other| *other = config.clone()).await;
    started.index().await;
    started
}

async fn made(app: &TestApp, into: &Path) -> Manifest {
    let now = app.app.clock.now();
    let manifest = backup::make(&app.app.config, into, now).await.unwrap();
    assert_eq!(mode(into), 0o700);
    manifest
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

async fn refused(config: &Config, from: &Path) -> BackupError {
    let error = backup::restore(config, from).await.unwrap_err();
    assert!(!error.to_string().contains('\n'), "{error}");
    error
}

#[tokio::test]
async fn what_was_backed_up_under_writes_answers_as_before() {
    let app = filled(Kind::Sqlite).await;
    app.create_company(MIDORI, |_| {}, false).await;
    let directory = tempfile::TempDir::new().unwrap();
    let (backup, data) = (directory.path().join("backup"), directory.path().join("data"));

    // Somebody imports two people at a time, on and on.
    let is_done = Cell::new(false);
    let writer = async {
        let mut n_pairs = 0;
        while !is_done.get() {
            let pair = ["a", "b"].map(|side| alumnus(&format!("{side}{n_pairs:04}")));
            app.import_into(MIDORI, &pair).await;
            n_pairs += 1;
        }
        n_pairs
    };
    let maker = async {
        // The first writes have to be there, or nothing would be copied under writes.
        while app.alumni_of(MIDORI).await == 0 {
            tokio::task::yield_now().await;
        }
        let manifest = made(&app, &backup).await;
        let at_backup = app.alumni_of(MIDORI).await;
        while app.alumni_of(MIDORI).await == at_backup {
            tokio::task::yield_now().await;
        }
        is_done.set(true);
        manifest
    };
    let (n_pairs, manifest) = tokio::join!(writer, maker);
    assert_eq!(manifest.companies.len(), 2);
    assert_eq!(manifest.companies[0].position, app.position().await);

    let config = elsewhere(&app, &data);
    let restored = backup::restore(&config, &backup).await.unwrap();
    assert_eq!(
        (restored.manifest, restored.pending),
        (manifest, Vec::<String>::new())
    );
    let again = started(&app, &config).await;
    assert_eq!(answers(&again).await, answers(&app).await);
    // The other company is as it was at one instant: whole pairs, and fewer than there are now.
    let n_restored = again.alumni_of(MIDORI).await;
    assert!(n_restored > 0 && n_restored.is_multiple_of(2), "{n_restored}");
    assert!(n_restored < 2 * n_pairs, "{n_restored} of {}", 2 * n_pairs);
    let documents = again.person(MIDORI, Role::Recruiter, "saiyo", None);
    let listed = documents.query("{ alumni { totalCount } }", Value::Null).await;
    assert_eq!(listed["alumni"]["totalCount"], n_restored);
    again.index().await;
    again.index_of(MIDORI).await;
    assert_eq!(examine(&config).await.count(Severity::Error), 0);

    again.stop().await;
    app.stop().await;
}

#[tokio::test]
async fn a_backup_holds_no_key_and_says_so() {
    let app = filled(Kind::Sqlite).await;
    let directory = tempfile::TempDir::new().unwrap();
    let backup = directory.path().join("backup");
    // One that was there before, for everybody to look into.
    std::fs::create_dir(&backup).unwrap();
    std::fs::set_permissions(&backup, Permissions::from_mode(0o755)).unwrap();
    let manifest = made(&app, &backup).await;
    let files: Vec<PathBuf> = std::fs::read_dir(&backup)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert_eq!(files.len(), 2, "{files:?}");
    let key = app.app.config.exclusion_key.as_ref().unwrap().expose();
    let encoded = key.split_once(' ').unwrap().1;
    let raw: Vec<u8> = (0..32).collect();
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        for secret in [encoded.as_bytes(), raw.as_slice()] {
            assert!(
                !bytes.windows(secret.len()).any(|window| window == secret),
                "{file:?}"
            );
        }
        assert_eq!(mode(&file), 0o600, "{file:?}");
    }
    let omitted: Vec<&str> = manifest
        .not_included
        .iter()
        .map(|omission| omission.what.as_str())
        .collect();
    assert!(
        omitted.contains(&"exclusion keys") && omitted.contains(&"indexes"),
        "{omitted:?}"
    );

    // With another key the data is there, and nobody is shown against what they excluded.
    let data = directory.path().join("data");
    let config = Config {
        exclusion_key: Some(Secret::new("other Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=")),
        ..elsewhere(&app, &data)
    };
    backup::restore(&config, &backup).await.unwrap();
    let again = started(&app, &config).await;
    assert_eq!(again.recruiter().candidates("r01", "").await.total, 0);
    again.stop().await;
    app.stop().await;
}

#[tokio::test]
async fn an_index_of_after_the_backup_is_refused_and_rebuilt_by_its_remedy() {
    let app = filled(Kind::Sqlite).await;
    let directory = tempfile::TempDir::new().unwrap();
    let (backup, data) = (directory.path().join("backup"), directory.path().join("data"));
    made(&app, &backup).await;
    let before = answers(&app).await;
    app.alumnus("a001")
        .mutate("updateMyProfile", json!({"skills": ["養蜂"]}), "")
        .await;
    app.index().await;
    let config = elsewhere(&app, &data);
    let company_id = app.company_id(AOBA).await;
    let index = |root: &Path| root.join("index").join(company_id.0.simple().to_string());
    let copy_index = || {
        std::fs::create_dir_all(index(&data)).unwrap();
        for file in std::fs::read_dir(index(app.directory())).unwrap() {
            let path = file.unwrap().path();
            std::fs::copy(&path, index(&data).join(path.file_name().unwrap())).unwrap();
        }
    };
    copy_index();
    let error = refused(&config, &backup).await;
    assert!(
        matches!(error, BackupError::InTheWay(ref path) if *path == data.join("index")),
        "{error}"
    );

    // Somebody puts it there afterwards.
    std::fs::remove_dir_all(&data).unwrap();
    backup::restore(&config, &backup).await.unwrap();
    copy_index();
    let again = app.beside(|other| *other = config.clone()).await;
    let error = again
        .app
        .projections
        .company(company_id)
        .await
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.contains("ahead of the database") && error.contains("okaeri reindex"),
        "{error}"
    );
    again.app.projections.rebuild(company_id).await.unwrap();
    assert_eq!(answers(&again).await, before);
    again.stop().await;
    app.stop().await;
}

#[tokio::test]
async fn what_is_not_whole_not_known_or_in_the_way_is_refused_with_its_remedy() {
    let app = filled(Kind::Sqlite).await;
    let directory = tempfile::TempDir::new().unwrap();
    let (backup, data) = (directory.path().join("backup"), directory.path().join("data"));
    let manifest = made(&app, &backup).await;
    let config = elsewhere(&app, &data);
    let now = app.app.clock.now();

    let occupied = backup::make(&app.app.config, &backup, now).await.unwrap_err();
    assert!(matches!(occupied, BackupError::Occupied(_)), "{occupied}");
    let within = app.directory().join("backup");
    let refused_within = backup::make(&app.app.config, &within, now).await.unwrap_err();
    assert!(
        matches!(refused_within, BackupError::WithinTheData(_)),
        "{refused_within}"
    );
    assert!(!within.exists());
    let unreadable = elsewhere(&app, &directory.path().join("unreadable"));
    std::fs::create_dir(&unreadable.data_dir).unwrap();
    std::fs::write(
        unreadable.data_dir.join("okaeri.db"),
        "データベースではない".repeat(100),
    )
    .unwrap();
    let begun = directory.path().join("begun");
    let failed = backup::make(&unreadable, &begun, now).await.unwrap_err();
    assert!(matches!(failed, BackupError::Database(_)), "{failed}");
    assert!(!begun.exists());

    let write_manifest = |manifest: &Manifest| {
        let text = serde_json::to_string(manifest).unwrap();
        std::fs::write(backup.join("manifest.json"), text).unwrap();
    };
    let newer = Manifest {
        okaeri: "9.0.0".to_owned(),
        migrations: vec!["m99990101_future".to_owned()],
        ..manifest.clone()
    };
    let mut other_position = manifest.clone();
    other_position.companies[0].position += 1;
    let mut elsewhere_file = manifest.clone();
    elsewhere_file.database.file = "../data/okaeri.db".to_owned();
    let other_format = Manifest {
        format: 2,
        ..manifest.clone()
    };
    for (altered, part) in [
        (newer, "9.0.0"),
        (other_position, "not those of the manifest"),
        (elsewhere_file, "its database is not okaeri.db"),
        (other_format, "its format is 2"),
    ] {
        write_manifest(&altered);
        let error = refused(&config, &backup).await;
        assert!(error.to_string().contains(part), "{error}");
    }
    write_manifest(&manifest);
    std::fs::rename(backup.join("manifest.json"), backup.join("kept")).unwrap();
    let error = refused(&config, &backup).await;
    assert!(matches!(error, BackupError::NoManifest(_)), "{error}");
    std::fs::rename(backup.join("kept"), backup.join("manifest.json")).unwrap();

    let database = backup.join("okaeri.db");
    let whole = std::fs::read(&database).unwrap();
    let mut altered = whole.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    for broken in [&whole[..middle], &altered] {
        std::fs::write(&database, broken).unwrap();
        let error = refused(&config, &backup).await;
        assert!(matches!(error, BackupError::Altered { .. }), "{error}");
    }
    std::fs::write(&database, &whole).unwrap();
    // Nothing that failed has left anything, and now it works.
    assert_eq!(std::fs::read_dir(&data).unwrap().count(), 0);

    // A log of another database would be played into the restored one.
    let log = data.join("okaeri.db-wal");
    std::fs::write(&log, "").unwrap();
    let error = refused(&config, &backup).await;
    assert!(
        matches!(error, BackupError::InTheWay(ref path) if *path == log),
        "{error}"
    );
    std::fs::remove_file(&log).unwrap();
    // What was left of a restore that was killed goes, whosever process it was.
    let left = data.join(format!(".okaeri-restoring-{}", std::process::id()));
    std::fs::write(&left, &whole).unwrap();
    std::fs::write(data.join(".okaeri-restoring-0"), &whole).unwrap();
    backup::restore(&config, &backup).await.unwrap();
    let there: Vec<String> = std::fs::read_dir(&data)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(there, ["okaeri.db"]);
    let error = refused(&config, &backup).await;
    assert!(matches!(error, BackupError::InTheWay(_)), "{error}");
    app.stop().await;
}

#[tokio::test]
async fn postgresql_is_left_to_its_own_tools() {
    let app = filled(Kind::Postgres).await;
    let directory = tempfile::TempDir::new().unwrap();
    let error = backup::make(
        &app.app.config,
        &directory.path().join("backup"),
        app.app.clock.now(),
    )
    .await
    .unwrap_err();
    assert!(
        error.to_string().contains("pg_dump") && error.to_string().contains("docs/OPERATIONS.md"),
        "{error}"
    );
    let error = backup::restore(&app.app.config, directory.path())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("pg_restore"), "{error}");
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);

    // The commands of docs/OPERATIONS.md.
    let dump = directory.path().join("okaeri.dump");
    let run = |program: &str, arguments: &[&str]| {
        let output = Command::new(postgres_program(program))
            .args(arguments)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{program}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    let (url, empty) = (app.app.config.database_url(), create_postgres());
    let dump = dump.to_str().unwrap();
    run(
        "pg_dump",
        &[
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            "--file",
            dump,
            &url,
        ],
    );
    let before = answers(&app).await;
    let restore = [
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--single-transaction",
        "--dbname",
        &empty,
        dump,
    ];
    run("pg_restore", &restore);

    let again = app
        .beside(|config| config.database_url = Some(Secret::new(empty.clone())))
        .await;
    again.index().await;
    assert_eq!(answers(&again).await, before);
    // What is written from here on goes on where the log ended.
    let position = again.position().await;
    again.import(&[alumnus("a005")]).await;
    assert!(again.position().await > position);
    again.index().await;
    assert_eq!(examine(&again.app.config).await.count(Severity::Error), 0);
    again.stop().await;
    app.stop().await;
}
