//! Several servers over one database: what one commits, the others follow without being asked.

use std::sync::Arc;
use std::time::Duration;

use okaeri_api::worker;
use serde_json::json;
use tokio::sync::watch;

use crate::harness::{AOBA, TestApp, alumnus, on_both_databases, role};

/// How long to wait for what comes within milliseconds on a machine that has nothing else to do.
const PATIENCE: Duration = Duration::from_secs(10);

on_both_databases! {
    a_live_view_on_one_server_shows_what_is_done_on_another;
    a_server_that_was_cut_off_from_the_database_follows_again;
}

const CANDIDATES: &str = "subscription($id: ID!) { candidatesChanged(opportunityId: $id) {
    candidates { totalCount nodes { externalId } } } }";

/// A second server with its background work, and what ends it.
async fn second(app: &TestApp) -> (TestApp, watch::Sender<bool>, tokio::task::JoinHandle<()>) {
    let beside = app.beside(|_| {}).await;
    let (stop, stopped) = watch::channel(false);
    let work = tokio::spawn(worker::run(Arc::clone(&beside.app), stopped));
    (beside, stop, work)
}

async fn a_live_view_on_one_server_shows_what_is_done_on_another(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01")]).await;
    let (beside, stop, work) = second(app).await;
    let recruiter = beside.recruiter();
    let mut socket = recruiter.socket().await;
    let id = recruiter.opportunity_id("r01").await;
    socket.subscribe("1", CANDIDATES, json!({"id": id})).await;
    assert_eq!(
        socket.event().await["candidatesChanged"]["candidates"]["totalCount"],
        2
    );

    app.alumnus("a001")
        .mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    let event = tokio::time::timeout(PATIENCE, socket.event()).await;
    assert_eq!(
        event.unwrap()["candidatesChanged"]["candidates"]["nodes"],
        json!([{"externalId": "a002"}])
    );
    stop.send(true).unwrap();
    work.await.unwrap();
    beside.stop().await;
}

async fn a_server_that_was_cut_off_from_the_database_follows_again(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    let (beside, stop, work) = second(app).await;
    let recruiter = beside.recruiter();
    assert_eq!(recruiter.candidates("r01", "").await.ids, ["a001"]);
    if beside.app.db.is_postgres() {
        let sql = app.sql().await;
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        sea_orm::ConnectionTrait::execute_unprepared(&sql, cut)
            .await
            .unwrap();
        sql.close().await.unwrap();
    }
    // The first to use a connection that is gone is told to try again.
    let mut positions = beside
        .app
        .projections
        .follow(app.company_id(AOBA).await)
        .await
        .unwrap();
    let before = *positions.borrow_and_update();
    let person = app.alumnus("a001");
    let withdrawn = async {
        loop {
            let input = json!({"purpose": "REHIRE"});
            let answer = person.try_mutate("withdrawConsent", input, "").await;
            if answer.code().is_empty() {
                break;
            }
            assert_eq!(answer.code(), "UNAVAILABLE", "{}", answer.comparable());
        }
    };
    tokio::time::timeout(PATIENCE, withdrawn).await.unwrap();
    let followed = tokio::time::timeout(PATIENCE, positions.wait_for(|now| *now > before)).await;
    assert!(followed.unwrap().is_ok());
    assert_eq!(recruiter.candidates("r01", "").await.total, 0);
    stop.send(true).unwrap();
    work.await.unwrap();
    beside.stop().await;
}
