//! Mail servers that refuse for good (5xx) or are not there. Those that refuse for now or hang are in `mail`.

use chrono::TimeDelta;
use okaeri_api::config::Secret;
use okaeri_api::db::jobs;
use okaeri_api::worker::run_jobs;
use serde_json::json;

use crate::harness::{AOBA, Manner, Smtp, TestApp, alumnus, on_both_databases, token};

on_both_databases! {
    a_mail_server_that_answers_5xx_or_is_not_there_gets_the_mail_later_and_once;
}

async fn a_mail_server_that_answers_5xx_or_is_not_there_gets_the_mail_later_and_once(app: &TestApp) {
    let smtp = Smtp::start(Manner::RefusesForGood).await;
    let first = app.beside(|config| smtp.set_in(config)).await;
    first.import(&[alumnus("a001")]).await;
    let input = json!({"company": AOBA, "email": "a001@example.jp"});
    first.nobody().mutate("requestSignInLink", input, "").await;
    assert_eq!(run_jobs(&first.app).await.unwrap(), 1);
    assert_eq!(run_jobs(&first.app).await.unwrap(), 0, "not at once again");

    // Later nobody listens where the mail server is said to be.
    let second = app
        .later(TimeDelta::minutes(1), |config| {
            smtp.set_in(config);
            config.mail.smtp_url = Some(Secret::new("smtp://127.0.0.1:1"));
        })
        .await;
    assert_eq!(run_jobs(&second.app).await.unwrap(), 1);
    assert_eq!(
        jobs::count_waiting(&second.app.db).await.unwrap(),
        1,
        "nothing is lost"
    );

    smtp.behave(Manner::Takes);
    let third = app
        .later(TimeDelta::minutes(5), |config| smtp.set_in(config))
        .await;
    assert_eq!(run_jobs(&third.app).await.unwrap(), 1);
    assert_eq!(run_jobs(&third.app).await.unwrap(), 0);
    assert_eq!(jobs::count_waiting(&third.app.db).await.unwrap(), 0);
    let taken = smtp.taken();
    assert_eq!(taken.len(), 1, "sent once");
    let input = json!({"token": token(&taken[0].text)});
    let session = third.nobody().mutate("signIn", input, "token").await;
    assert!(session["token"].is_string());
    for server in [first, second, third] {
        server.stop().await;
    }
}
