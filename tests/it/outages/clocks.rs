//! Clocks that jump, forward and back, while jobs wait, leases run, links are open and lists are half read.
//!
//! A server's clock is what `OKAERI_NOW` starts it with: a server that begins anew a day earlier or later over the same
//! database is one whose clock was set.

use chrono::TimeDelta;
use okaeri_api::db::jobs::{self, LeftToOthers};
use okaeri_api::usecase::audit;
use okaeri_api::worker::run_jobs;
use serde_json::{Value, json};

use crate::harness::{AOBA, TestApp, alumnus, on_both_databases, role, token};

on_both_databases! {
    jobs_and_leases_outlive_a_clock_that_jumps_and_run_once;
    what_was_decided_stays_decided_whatever_the_clock_says_later;
    a_link_ends_by_the_clock_and_works_once_whatever_the_clock_does;
}

/// The server anew, with a clock that was set by so much.
async fn set_by(app: &TestApp, by: TimeDelta) -> TestApp {
    let now = app.app.clock.now() + by;
    app.restarted_with(|config| config.now = Some(now)).await
}

async fn assert_records_hold(app: &TestApp) {
    let company_id = app.company_id(AOBA).await;
    let report = audit::verify(&app.app.db, company_id, None).await.unwrap();
    assert!(report.is_intact(), "{report:?}");
}

async fn request_link(app: &TestApp) {
    let input = json!({"company": AOBA, "email": "a001@example.jp"});
    app.nobody().mutate("requestSignInLink", input, "").await;
}

async fn jobs_and_leases_outlive_a_clock_that_jumps_and_run_once(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    request_link(app).await;
    // Yesterday the job is not due yet, and is still there.
    let yesterday = set_by(app, -TimeDelta::days(1)).await;
    assert_eq!(run_jobs(&yesterday.app).await.unwrap(), 0);
    assert_eq!(jobs::count_waiting(&yesterday.app.db).await.unwrap(), 1);

    // A server takes it at its time, and dies.
    let now = app.app.clock.now();
    let tx = app.app.db.begin().await.unwrap();
    let lease = TimeDelta::minutes(5);
    let claimed = jobs::claim(&tx, now, 10, lease, LeftToOthers::default())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(claimed.len(), 1);
    for server in [&yesterday, app] {
        assert_eq!(run_jobs(&server.app).await.unwrap(), 0, "it is somebody's");
    }
    // Tomorrow the lease is over: whoever looks takes it, and whoever had it ends nothing.
    let tomorrow = set_by(app, TimeDelta::days(1)).await;
    assert_eq!(run_jobs(&tomorrow.app).await.unwrap(), 1);
    let tx = app.app.db.begin().await.unwrap();
    assert!(!jobs::complete(&tx, &claimed[0], now).await.unwrap());
    tx.commit().await.unwrap();
    // And whatever the clock says then, it is done.
    for by in [-TimeDelta::days(3), TimeDelta::days(2)] {
        let server = set_by(&tomorrow, by).await;
        assert_eq!(run_jobs(&server.app).await.unwrap(), 0);
        assert_eq!(jobs::count_waiting(&server.app.db).await.unwrap(), 0);
        server.stop().await;
    }
    assert_eq!(tomorrow.mails().len(), 1);
    yesterday.stop().await;
    tomorrow.stop().await;
}

async fn what_was_decided_stays_decided_whatever_the_clock_says_later(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), alumnus("a003"), role("r01")])
        .await;
    app.index().await;
    let draft =
        json!({"idempotencyKey": "k1", "title": "役割", "description": "在庫管理", "remote": "REMOTE"});
    let create = async |app: &TestApp| {
        app.recruiter()
            .mutate("createRole", draft.clone(), "opportunity { id }")
            .await
    };
    let first = create(app).await;
    let whole = app.recruiter().candidates("r01", "").await;
    assert_eq!(whole.total, 3);

    // A day back: the consent that is withdrawn was given tomorrow.
    let yesterday = set_by(app, -TimeDelta::days(1)).await;
    let leaving = &whole.ids[0];
    yesterday
        .alumnus(leaving)
        .mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    let rest = &whole.ids[1..];
    let after = format!("after: \"{}\"", whole.cursors[0]);
    let month_later = set_by(app, TimeDelta::days(30)).await;
    for server in [&yesterday, app, &month_later] {
        assert_eq!(server.recruiter().candidates("r01", "").await.total, 2);
        let listed = server.recruiter().candidates("r01", &after).await;
        assert_eq!(listed.ids, rest, "an open list goes on");
        assert_records_hold(server).await;
    }
    for server in [&yesterday, &month_later] {
        assert_eq!(create(server).await, first, "a key stands for its first answer");
        // Tokens live by the machine's clock, which nobody has set.
        let seen = server
            .alumnus(leaving)
            .query("{ viewer { role } }", Value::Null)
            .await;
        assert_eq!(seen["viewer"]["role"], "ALUMNUS");
    }
    // Given anew in a month, and withdrawn again before that.
    let text = "{ consentTexts { purpose version } }";
    let texts = app.recruiter().query(text, Value::Null).await;
    let texts = texts["consentTexts"].as_array().unwrap().iter();
    let version = texts
        .filter(|text| text["purpose"] == "REHIRE")
        .map(|text| text["version"].clone())
        .next()
        .unwrap();
    let given = json!({"purpose": "REHIRE", "textVersion": version});
    month_later
        .alumnus(leaving)
        .mutate("giveConsent", given, "")
        .await;
    month_later
        .alumnus(leaving)
        .mutate("setMyInterests", json!({"interests": ["REHIRE"]}), "")
        .await;
    assert_eq!(yesterday.recruiter().candidates("r01", "").await.total, 3);
    yesterday
        .alumnus(leaving)
        .mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    for server in [&yesterday, app, &month_later] {
        assert_eq!(server.recruiter().candidates("r01", "").await.total, 2);
        assert_records_hold(server).await;
    }
    yesterday.stop().await;
    month_later.stop().await;
}

async fn a_link_ends_by_the_clock_and_works_once_whatever_the_clock_does(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    request_link(app).await;
    assert_eq!(run_jobs(&app.app).await.unwrap(), 1);
    let link = json!({"token": token(&app.mails()[0])});
    let sign_in = async |app: &TestApp| {
        let payload = app.nobody().payload("signIn", link.clone(), "token").await;
        payload["userErrors"][0]["code"].as_str().map(str::to_owned)
    };
    let tomorrow = set_by(app, TimeDelta::days(1)).await;
    assert_eq!(
        sign_in(&tomorrow).await.as_deref(),
        Some("INVALID_LINK"),
        "it is over"
    );
    // Set right, the link is what it was.
    let right = set_by(&tomorrow, -TimeDelta::days(1)).await;
    assert_eq!(sign_in(&right).await, None);
    let yesterday = set_by(&right, -TimeDelta::days(1)).await;
    for server in [&right, &yesterday, &tomorrow] {
        assert_eq!(
            sign_in(server).await.as_deref(),
            Some("INVALID_LINK"),
            "it is used"
        );
    }
    for server in [tomorrow, right, yesterday] {
        server.stop().await;
    }
}
