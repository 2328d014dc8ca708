//! `docs/SECURITY.md` tells the truth, and no secret is ever printed.

use std::path::Path;

use okaeri_api::config::Secret;
use okaeri_api::worker::run_jobs;
use serde_json::{Value, json};

use crate::guarantees::exists;
use crate::harness::{AOBA, Logged, TestApp, alumnus, on_both_databases, role, token};

on_both_databases! {
    no_log_has_a_secret_or_what_people_are_called_and_type;
    no_password_is_in_what_can_be_printed_of_a_server;
}

/// Everything that is logged at all is logged, libraries' lines too, but for those of the tests' own client.
async fn no_log_has_a_secret_or_what_people_are_called_and_type(app: &TestApp) {
    let Some(logged) = Logged::from_here("trace,hyper=off,hyper_util=off,reqwest=off") else {
        return;
    };
    let person = alumnus("a001")
        .set("name", "秘密 太郎")
        .set("email", "himitsu@example.jp");
    app.import(&[person, role("r01")]).await;
    app.index().await;
    let recruiter = app.recruiter();
    recruiter.search("太郎さんの決算").await;
    recruiter.candidates("r01", "").await;

    let address = json!({"company": AOBA, "email": "himitsu@example.jp"});
    app.nobody()
        .mutate("requestSignInLink", address.clone(), "")
        .await;
    run_jobs(&app.app).await.unwrap();
    let link = token(&app.mails()[0]);
    let session = app
        .nobody()
        .mutate("signIn", json!({"token": link}), "token")
        .await;
    let session = session["token"].as_str().unwrap().to_owned();
    let export = app
        .with_token(&session)
        .mutate("exportMyData", json!({}), "url")
        .await;
    let (_, export) = export["url"].as_str().unwrap().rsplit_once('/').unwrap();
    let followed = reqwest::get(format!("http://{}/export/{export}", app.address())).await;
    assert_eq!(followed.unwrap().status(), 200);
    // What fails is logged more readily: a token that was altered, a link that was used, a document that is none, and a
    // mail server that takes no password, since nobody listens there.
    let altered = format!("{session}x");
    assert_eq!(
        app.with_token(&altered)
            .ask("{ viewer { role } }", Value::Null)
            .await
            .status,
        401
    );
    app.nobody()
        .payload("signIn", json!({"token": link}), "token")
        .await;
    recruiter
        .ask("{ alumni(query: \"太郎さんの決算\" }", Value::Null)
        .await;
    let second = app
        .beside(|config| {
            config.mail.smtp_url = Some(Secret::new("smtp://okaeri:himitsu-smtp@127.0.0.1:1"));
            config.mail.timeout_s = 1;
        })
        .await;
    second.nobody().mutate("requestSignInLink", address, "").await;
    run_jobs(&second.app).await.unwrap();
    second.stop().await;

    let log = logged.take();
    assert!(
        log.contains("TRACE") && log.contains(" answered 200"),
        "everything is logged"
    );
    let payload = session.split('.').nth(1).unwrap();
    for secret in [
        session.as_str(),
        payload,
        link.as_str(),
        export,
        "himitsu",
        "秘密",
        "太郎",
        "決算",
    ] {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}

async fn no_password_is_in_what_can_be_printed_of_a_server(app: &TestApp) {
    let printed = format!("{:?} {:?} {:?}", app.app.config, app.app.db, app.app.keys);
    let key = std::fs::read_to_string(app.app.config.data_dir.join("development-key.pem")).unwrap();
    let key = key.lines().nth(1).unwrap();
    let url = app.app.config.database_url();
    let sealing = app.app.config.exclusion_key.as_ref().unwrap().expose();
    let sealing = sealing.split_once(' ').unwrap().1;
    let password = url
        .split_once('@')
        .and_then(|(before, _)| before.rsplit_once(':'))
        .map(|(_, password)| password.to_owned())
        .filter(|password| password.len() > 3);
    for secret in [Some(key), Some(sealing), password.as_deref()]
        .into_iter()
        .flatten()
    {
        assert!(!printed.contains(secret), "{printed}");
    }
}

#[test]
fn the_threat_model_names_tests_and_files_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("docs/SECURITY.md")).unwrap();
    let outside_examples: String = text.split("```").step_by(2).collect();
    let mut n_tests = 0;
    let mut n_files = 0;
    let mut missing = Vec::new();
    for named in outside_examples.split('`').skip(1).step_by(2) {
        let is_found = if named.contains("::") && !named.contains(char::is_whitespace) {
            n_tests += 1;
            exists(root, named)
        } else if [
            "api/",
            "engine/",
            "docs/",
            "deploy/",
            "scripts/",
            "tests/",
            "fuzz/",
            "migrations/",
        ]
        .iter()
        .any(|directory| named.starts_with(directory))
        {
            n_files += 1;
            root.join(named).exists()
        } else {
            continue;
        };
        if !is_found {
            missing.push(named);
        }
    }
    assert_eq!(missing, Vec::<&str>::new());
    assert!(
        n_tests >= 20 && n_files >= 20,
        "{n_tests} tests and {n_files} files"
    );
}
