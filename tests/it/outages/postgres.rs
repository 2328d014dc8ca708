//! PostgreSQL away, hanging, cutting connections, and without one to give, while requests run.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use okaeri_api::db::change_log::{self, Change};
use okaeri_engine::domain::OpportunityId;
use serde_json::json;

use super::installation::{EXECUTION_MS, Installation, assert_records_hold, offers};
use super::load::{Load, Told};
use super::own_postgres::OwnPostgres;
use super::probes::assert_like_a_rebuild;
use super::program::Server;
use crate::harness::{Row, alumnus, role};

/// The longest that a request takes: who asks is looked up within the limit of an operation, and then the operation has
/// its own. The rest is for a busy machine.
const TOOK_MAX: Duration = Duration::from_millis(2 * EXECUTION_MS + 2_000);
/// Clients of each kind.
const N_EACH: usize = 3;
/// Answers that show that the server serves.
const N_SERVED: usize = 20;

fn people() -> Vec<Row> {
    let people = (0..8).map(|n| alumnus(&format!("a{n:03}")));
    people.chain([role("r01")]).collect()
}

/// Runs the test with a server of its own.
macro_rules! on_a_postgres_of_its_own {
    ($($name:ident;)+) => {
        mod own {
            // Clients go on while the test waits for a script.
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let postgres = crate::outages::own_postgres::OwnPostgres::start();
                super::$name(&postgres).await;
            })+
        }
    };
}

on_a_postgres_of_its_own! {
    a_database_that_restarts_costs_nobody_a_write;
    connections_that_are_cut_cost_nobody_a_write;
    a_database_that_hangs_is_told_of_in_time;
    a_database_without_a_free_connection_is_told_of_in_time;
    who_hears_no_notices_sees_changes_by_looking;
}

async fn a_database_that_restarts_costs_nobody_a_write(postgres: &OwnPostgres) {
    let installation = Installation::over(postgres.database(), &people());
    let server = installation.serve();
    let load = Load::start(&installation.recruiter(&server), "k", N_EACH);
    load.serves(N_SERVED).await;
    postgres.restart();
    load.serves(N_SERVED).await;
    let told = load.end().await;
    told.assert_told_well("restarted", TOOK_MAX);
    assert_nothing_lost(&installation, &server, &told).await;
    server.stop();
}

async fn connections_that_are_cut_cost_nobody_a_write(postgres: &OwnPostgres) {
    /// Once is an accident.
    const TIMES: usize = 5;
    let database = postgres.database();
    let installation = Installation::over(database.clone(), &people());
    let server = installation.serve();
    let owner = postgres.owner(&database).await;
    let load = Load::start(&installation.recruiter(&server), "k", N_EACH);
    let mut n_cut = 0;
    for _ in 0..TIMES {
        load.serves(N_SERVED).await;
        n_cut += postgres.cut(&owner, "TRUE").await;
    }
    load.serves(N_SERVED).await;
    let told = load.end().await;
    assert!(n_cut > TIMES, "{n_cut} connections");
    told.assert_told_well("connections cut", TOOK_MAX);
    assert!(told.n_failed() > 0, "who was cut off is told so");
    assert_nothing_lost(&installation, &server, &told).await;
    owner.close().await.unwrap();
    server.stop();
}

async fn a_database_that_hangs_is_told_of_in_time(postgres: &OwnPostgres) {
    let installation = Installation::over(postgres.database(), &people());
    let server = installation.serve();
    let load = Load::start(&installation.recruiter(&server), "k", N_EACH);
    load.serves(N_SERVED).await;

    let paused = postgres.pause();
    tokio::time::sleep(Duration::from_millis(2 * EXECUTION_MS)).await;
    assert_eq!(
        get(&server, "/readyz").await,
        503,
        "a proxy sends requests elsewhere"
    );
    assert_eq!(
        get(&server, "/healthz").await,
        200,
        "nobody restarts the process for it"
    );
    drop(paused);

    load.serves(N_SERVED).await;
    let told = load.end().await;
    told.assert_told_well("paused", TOOK_MAX);
    assert!(told.n_failed() >= 2 * N_EACH, "nobody was served");
    assert_eq!(get(&server, "/readyz").await, 200);
    assert_nothing_lost(&installation, &server, &told).await;
    server.stop();
}

async fn a_database_without_a_free_connection_is_told_of_in_time(postgres: &OwnPostgres) {
    /// For everybody but superusers.
    const CONNECTIONS: usize = 8;
    let database = postgres.database();
    let url = postgres.as_plain_role(&database).await;
    let installation = Installation::over(url.clone(), &people());
    postgres.leave_connections(&database, CONNECTIONS).await;
    let server = installation.serve();
    let load = Load::start(&installation.recruiter(&server), "k", N_EACH);
    load.serves(N_SERVED).await;

    let used_up = postgres.use_up(&url).await;
    tokio::time::sleep(Duration::from_millis(2 * EXECUTION_MS)).await;
    assert_eq!(get(&server, "/readyz").await, 503);
    drop(used_up);

    load.serves(N_SERVED).await;
    let told = load.end().await;
    told.assert_told_well("no connection to be had", TOOK_MAX);
    assert!(told.n_failed() >= 2 * N_EACH, "nobody was served");
    // The server has taken all of them by now, and this test wants some as well.
    postgres.leave_connections(&database, 100).await;
    assert_nothing_lost(&installation, &server, &told).await;
    server.stop();
}

async fn who_hears_no_notices_sees_changes_by_looking(postgres: &OwnPostgres) {
    /// For what comes within a fifth of a second on an idle machine.
    const PATIENCE: Duration = Duration::from_secs(10);
    const CHANGED: &str = "subscription($id: ID!) { candidatesChanged(opportunityId: $id) {
        candidates { totalCount } } }";
    let database = postgres.database();
    let installation = Installation::over(database.clone(), &people());
    let first = installation.serve();
    let beside = installation.beside();
    let second = beside.serve();
    let recruiter = beside.recruiter(&second);
    let mut socket = recruiter.socket().await;
    let id = recruiter.opportunity_id("r01").await;
    socket.subscribe("1", CHANGED, json!({"id": id})).await;
    let total = |event: &serde_json::Value| event["candidatesChanged"]["candidates"]["totalCount"].clone();
    assert_eq!(total(&socket.event().await), 8);

    let mut n_left = 8;
    let mut withdraw_and_see = async |what: &str| {
        n_left -= 1;
        let person = installation.alumnus(&first, &format!("a{n_left:03}"));
        person
            .mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
            .await;
        let event = tokio::time::timeout(PATIENCE, socket.event()).await;
        let event = event.unwrap_or_else(|_| panic!("{what}: the other server sees nothing"));
        assert_eq!(total(&event), n_left, "{what}");
    };
    withdraw_and_see("undisturbed").await;
    // Their connections live, and nothing comes of them.
    let paused = postgres.pause_listeners(&database).await;
    withdraw_and_see("listening in vain").await;
    drop(paused);
    let owner = postgres.owner(&database).await;
    assert!(postgres.cut(&owner, "query LIKE 'LISTEN%'").await > 0);
    withdraw_and_see("cut off").await;
    withdraw_and_see("and once more").await;
    owner.close().await.unwrap();
    for server in [first, second] {
        server.assert_sound();
        server.stop();
    }
}

/// The status of a path.
async fn get(server: &Server, path: &str) -> u16 {
    let asked_at = Instant::now();
    let url = format!("http://{}{path}", server.address());
    let status = reqwest::get(url).await.unwrap().status().as_u16();
    let took = asked_at.elapsed();
    assert!(took < TOOK_MAX, "{path}: {took:?}");
    status
}

/// Every draft is there once, whole, with one entry in the change log, and the index and the records are as ever.
async fn assert_nothing_lost(installation: &Installation, server: &Server, told: &Told) {
    server.assert_sound();
    let app = installation.open().await;
    let company_id = installation.company_id(&app).await;
    let drafts: BTreeMap<OpportunityId, String> = offers(&app, company_id)
        .await
        .into_iter()
        .filter(|offer| offer.title.starts_with("役割 "))
        .map(|offer| (offer.id, offer.title))
        .collect();
    let mut titles: Vec<&String> = drafts.values().collect();
    titles.sort_unstable();
    let asked: Vec<String> = told.writes.keys().map(|key| format!("役割 {key}")).collect();
    let mut asked: Vec<&String> = asked.iter().collect();
    asked.sort_unstable();
    assert_eq!(titles, asked, "each draft once");
    let changes = change_log::list_after(&app.db, company_id, 0, 100_000)
        .await
        .unwrap();
    for id in drafts.keys() {
        let of_draft = changes
            .iter()
            .filter(|entry| entry.change == Change::OpportunityChanged(*id));
        assert_eq!(of_draft.count(), 1, "{id}");
    }
    // The worker commits within a second.
    let asked_at = Instant::now();
    let root = app.config.data_dir.join("index");
    let newest = change_log::newest_position(&app.db, company_id).await.unwrap();
    while super::probes::opened(&app, root.clone(), company_id)
        .await
        .index
        .position()
        .unwrap()
        < newest
    {
        assert!(asked_at.elapsed() < TOOK_MAX * 4, "the index does not catch up");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_like_a_rebuild(&app, company_id).await;
    assert_records_hold(&app).await;
    app.db.close().await.unwrap();
}
