//! Mail over SMTP: from the request to the session, and what happens when the mail server refuses or hangs.

use chrono::TimeDelta;
use okaeri_api::db::jobs;
use okaeri_api::worker::run_jobs;
use serde_json::{Value, json};

use crate::harness::{AOBA, Manner, Smtp, TestApp, alumnus, on_both_databases, token};

/// The wait after a job's first failure.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(30);

on_both_databases! {
    a_claim_goes_over_smtp_to_a_session;
    a_mail_server_that_refuses_or_hangs_gets_the_mail_later_and_once;
    a_mail_to_no_address_is_given_up_and_holds_up_no_other;
}

async fn request_claim(app: &TestApp, email: &str) {
    let input = json!({"company": AOBA, "email": email, "name": "山田 花子", "employeeNumber": "a001"});
    app.nobody().mutate("requestClaim", input, "").await;
}

async fn a_claim_goes_over_smtp_to_a_session(app: &TestApp) {
    let smtp = Smtp::start(Manner::Takes).await;
    let server = app.beside(|config| smtp.set_in(config)).await;
    let app = &server;
    app.import(&[alumnus("a001").set("name", "山田 花子").without("email")])
        .await;
    request_claim(app, "hanako@example.com").await;
    assert_eq!(smtp.taken().len(), 0, "a job sends it");
    run_jobs(&app.app).await.unwrap();
    let taken = smtp.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].recipients, ["hanako@example.com"]);

    let input = json!({"token": token(&taken[0].text)});
    let followed = app.nobody().mutate("claimRecord", input, "status token").await;
    assert_eq!(followed["status"], "ACTIVE");
    let hanako = app.with_token(followed["token"].as_str().unwrap());
    let data = hanako
        .query("{ viewer { alumnus { externalId } } }", Value::Null)
        .await;
    assert_eq!(data["viewer"]["alumnus"]["externalId"], "a001");

    run_jobs(&app.app).await.unwrap();
    assert_eq!(smtp.taken().len(), 1, "what was sent is not sent again");
    server.stop().await;
}

async fn a_mail_server_that_refuses_or_hangs_gets_the_mail_later_and_once(app: &TestApp) {
    let smtp = Smtp::start(Manner::Refuses).await;
    let first = app.beside(|config| smtp.set_in(config)).await;
    first
        .import(&[alumnus("a001").set("name", "山田 花子").without("email")])
        .await;
    request_claim(&first, "hanako@example.com").await;
    assert_eq!(run_jobs(&first.app).await.unwrap(), 1);
    assert_eq!(run_jobs(&first.app).await.unwrap(), 0, "not at once again");

    // Half a minute later it hangs, and a minute after that it takes mail.
    smtp.behave(Manner::Hangs);
    let second = app
        .later(FIRST_WAIT + TimeDelta::seconds(10), |config| smtp.set_in(config))
        .await;
    assert_eq!(run_jobs(&second.app).await.unwrap(), 1);
    assert_eq!(
        jobs::count_waiting(&second.app.db).await.unwrap(),
        1,
        "nothing is lost"
    );
    smtp.behave(Manner::Takes);
    assert_eq!(run_jobs(&second.app).await.unwrap(), 0, "each wait is longer");
    let third = app.later(FIRST_WAIT * 4, |config| smtp.set_in(config)).await;
    assert_eq!(run_jobs(&third.app).await.unwrap(), 1);
    assert_eq!(run_jobs(&third.app).await.unwrap(), 0);
    assert_eq!(jobs::count_waiting(&third.app.db).await.unwrap(), 0);

    let taken = smtp.taken();
    assert_eq!(taken.len(), 1, "sent once");
    let input = json!({"token": token(&taken[0].text)});
    let followed = third.nobody().mutate("claimRecord", input, "status").await;
    assert_eq!(followed["status"], "ACTIVE");
    for server in [first, second, third] {
        server.stop().await;
    }
}

async fn a_mail_to_no_address_is_given_up_and_holds_up_no_other(app: &TestApp) {
    let smtp = Smtp::start(Manner::Takes).await;
    let server = app.beside(|config| smtp.set_in(config)).await;
    let app = &server;
    request_claim(app, "nobody@@example.com").await;
    request_claim(app, "hanako@example.com").await;
    assert_eq!(run_jobs(&app.app).await.unwrap(), 2);
    assert_eq!(smtp.taken().len(), 1);
    assert_eq!(jobs::count_waiting(&app.app.db).await.unwrap(), 0);
    server.stop().await;
}
