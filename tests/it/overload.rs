//! More than a server takes on: it says so at once, goes on with what it has begun, and recovers.

use std::time::{Duration, Instant};

use okaeri_api::admission::Execution;
use okaeri_api::db::alumni;
use okaeri_api::usecase::{Fault, candidates, feed};
use okaeri_engine::domain::{OpportunityId, Role, Viewer};
use okaeri_engine::interrupt::{Interrupt, Interrupted};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use crate::harness::{AOBA, TestApp, alumnus, on_both_databases, role};

/// How long to wait for what comes within milliseconds on a machine that has nothing else to do.
const PATIENCE: Duration = Duration::from_secs(20);
/// For what takes no time in a test but must not end by itself.
const FOR_EVER_MS: u64 = 60_000;

const RANK: &str =
    "{ opportunity(externalId: \"r01\") { candidates(first: 5) { totalCount nodes { externalId } } } }";

on_both_databases! {
    a_server_with_one_place_and_one_in_the_queue_refuses_the_others_and_recovers;
    a_ranking_that_was_interrupted_is_not_recorded;
    what_a_feed_waits_for_goes_on_when_its_time_is_up;
}

/// Waits until /metrics has this line.
async fn until(app: &TestApp, line: &str) {
    let found = async {
        loop {
            let (_, text) = app.download("/metrics").await;
            if text.lines().any(|one| one == line) {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    let found = tokio::time::timeout(PATIENCE, found).await;
    assert!(found.is_ok(), "there is no {line}");
}

async fn a_server_with_one_place_and_one_in_the_queue_refuses_the_others_and_recovers(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01")]).await;
    let small = app
        .beside(|config| {
            config.limits.executing = 1;
            config.limits.waiting = 1;
            config.limits.waiting_ms = FOR_EVER_MS;
            config.limits.execution_ms = FOR_EVER_MS;
        })
        .await;
    let (recruiter, aiko) = (small.recruiter(), small.alumnus("a001"));
    assert_eq!(recruiter.candidates("r01", "").await.total, 2);

    // Whoever writes waits for whoever holds the company, in the one place that there is.
    let company_id = small.company_id(AOBA).await;
    let held = small.app.db.begin_for(company_id).await.unwrap();
    let first = tokio::spawn(async move {
        aiko.mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
            .await
    });
    until(&small, "okaeri_executing{work=\"operations\"} 1").await;
    let patient = recruiter.clone();
    let second = tokio::spawn(async move { patient.query(RANK, Value::Null).await });
    until(&small, "okaeri_waiting{work=\"operations\"} 1").await;

    let mut others = Vec::new();
    for _ in 0..8 {
        let body = json!({"query": RANK}).to_string();
        others.push(tokio::spawn(recruiter.request().body(body).send()));
    }
    for other in others {
        let answer = other.await.unwrap().unwrap();
        assert_eq!(answer.status(), 503);
        let retry_after = answer.headers()["retry-after"].to_str().unwrap().to_owned();
        assert_eq!(retry_after.parse::<u64>().unwrap(), FOR_EVER_MS / 1_000);
        let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!(body["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{body}");
    }
    assert_eq!(small.download("/healthz").await.0, 200);
    // It asks SQLite's one writer, which is held here.
    if small.app.db.is_postgres() {
        assert_eq!(small.download("/readyz").await.0, 200);
    }

    held.commit().await.unwrap();
    first.await.unwrap();
    let waited = second.await.unwrap();
    // Behind the withdrawal, which it waited for.
    assert_eq!(waited["opportunity"]["candidates"]["totalCount"], 1);
    until(&small, "okaeri_executing{work=\"operations\"} 0").await;
    until(&small, "okaeri_refused_total{work=\"operations\"} 8").await;
    assert_eq!(recruiter.candidates("r01", "").await.ids, ["a002"]);
    small.stop().await;
}

async fn a_ranking_that_was_interrupted_is_not_recorded(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    let company_id = app.company_id(AOBA).await;
    let viewer = Viewer {
        company_id,
        role: Role::Recruiter,
        subject: "saiyo".to_owned(),
        unit: None,
        alumnus_id: None,
    };
    let projection = app.app.projections.barrier(company_id).await.unwrap();
    let opportunity_id: OpportunityId = *projection.state().opportunities.keys().next().unwrap();
    let sql = app.sql().await;
    let n_recorded = async || {
        let count = Statement::from_string(sql.get_database_backend(), "SELECT COUNT(*) FROM served_list");
        let row = sql.query_one_raw(count).await.unwrap().unwrap();
        row.try_get_by_index::<i64>(0).unwrap()
    };

    let abandoned = Execution::new(Interrupt::new());
    abandoned.interrupt.raise();
    let ended = candidates::list(&app.app, &abandoned, &viewer, opportunity_id, None).await;
    assert!(matches!(ended, Err(Fault::Interrupted(Interrupted::Abandoned))));
    assert_eq!(n_recorded().await, 0);

    let wanted = Execution::new(Interrupt::new());
    let list = candidates::list(&app.app, &wanted, &viewer, opportunity_id, None).await;
    assert_eq!(list.unwrap().unwrap().places.len(), 1);
    assert_eq!(n_recorded().await, 1);
    sql.close().await.unwrap();
}

async fn what_a_feed_waits_for_goes_on_when_its_time_is_up(app: &TestApp) {
    let offers = (0..5).map(|n| role(&format!("r0{n}")));
    app.import(&offers.chain([alumnus("a001")]).collect::<Vec<_>>())
        .await;
    let company_id = app.company_id(AOBA).await;
    let found = alumni::find_by_external_id(&app.app.db, company_id, "a001").await;
    let alumnus_id = found.unwrap().unwrap().id;
    let viewer = Viewer {
        company_id,
        role: Role::Alumnus,
        subject: "a001".to_owned(),
        unit: None,
        alumnus_id: Some(alumnus_id),
    };
    let projection = app.app.projections.barrier(company_id).await.unwrap();
    let now = app.app.clock.now();
    assert_eq!(projection.uncalibrated(now).len(), 5);

    let late = Execution::new(Interrupt::at(Instant::now()));
    let ended = feed::list(&app.app, &late, &viewer, alumnus_id, None, None).await;
    assert!(matches!(ended, Err(Fault::Interrupted(Interrupted::TimeIsUp))));
    let computed = async {
        while !projection.uncalibrated(now).is_empty() {
            tokio::task::yield_now().await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, computed).await.is_ok());

    let in_time = Execution::new(Interrupt::new());
    let listed = feed::list(&app.app, &in_time, &viewer, alumnus_id, None, None).await;
    assert!(listed.unwrap().is_some());
}
