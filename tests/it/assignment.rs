//! Servers that hold some companies each: who answers for a company, who sends its requests away, and what moves.

use std::path::PathBuf;

use okaeri_api::assignment::Placement;
use okaeri_api::config::{Config, Servers};
use okaeri_api::doctor::{Check, Severity, examine};
use okaeri_api::usecase::Fault;
use okaeri_api::worker;
use serde_json::{Value, json};

use crate::harness::{AOBA, Person, TestApp, alumnus, on_both_databases, role};

on_both_databases! {
    a_company_is_answered_by_its_own_servers_and_sent_away_by_the_third;
    signing_in_and_readiness_need_no_company_of_the_servers_own;
    a_live_view_runs_at_the_companys_own_servers_and_is_closed_by_the_third;
    a_company_that_is_made_while_servers_run_is_assigned_at_once;
    what_moves_with_other_names_is_answered_where_it_is_now_and_leaves_nothing_behind;
    a_server_with_a_list_holds_what_is_listed;
    jobs_that_read_a_company_run_where_it_is_held_and_the_others_anywhere;
    doctor_says_what_a_server_holds_and_what_is_wrong_with_it;
}

/// Three servers with two copies: [`AOBA`] is at n1 and n3, midori at n2 and n1, sumire at n2 and n3.
const NAMES: [&str; 3] = ["n1", "n2", "n3"];

const CANDIDATES: &str = "subscription($id: ID!) { candidatesChanged(opportunityId: $id) {
    candidates { totalCount } } }";

fn servers(name: &str, names: &[&str], copies: usize) -> Servers {
    Servers {
        name: Some(name.to_owned()),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        copies,
        companies: Vec::new(),
    }
}

async fn server(app: &TestApp, name: &str) -> TestApp {
    app.beside(|config| config.servers = servers(name, &NAMES, 2))
        .await
}

async fn three(app: &TestApp) -> [TestApp; 3] {
    [
        server(app, "n1").await,
        server(app, "n2").await,
        server(app, "n3").await,
    ]
}

async fn stop(servers: impl IntoIterator<Item = TestApp>) {
    for server in servers {
        server.stop().await;
    }
}

/// What a worker does before it waits for the next tick.
async fn work(server: &TestApp) {
    let projections = &server.app.projections;
    projections.open_new().await.unwrap();
    projections.catch_up_all().await.unwrap();
    projections.index_all().await.unwrap();
}

/// The directory of a company's index on this server.
async fn index(server: &TestApp, slug: &str) -> PathBuf {
    let company_id = server.company_id(slug).await;
    let root = server.app.config.data_dir.join("index");
    root.join(company_id.0.simple().to_string())
}

async fn assert_misdirected(person: &Person) {
    let answer = person.ask("{ viewer { role } }", Value::Null).await;
    assert_eq!(
        (answer.status, answer.code()),
        (421, "UNAVAILABLE"),
        "{}",
        answer.body
    );
}

async fn a_company_is_answered_by_its_own_servers_and_sent_away_by_the_third(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    let [n1, n2, n3] = three(app).await;
    for own in [&n1, &n3] {
        assert_eq!(own.recruiter().candidates("r01", "").await.ids, ["a001"]);
        work(own).await;
        assert!(index(own, AOBA).await.is_dir());
    }

    let withdraw = "mutation { withdrawConsent(input: {purpose: REHIRE}) { userErrors { code } } }";
    let refused = n2.alumnus("a001").ask(withdraw, Value::Null).await;
    assert_eq!((refused.status, refused.code()), (421, "UNAVAILABLE"));
    assert!(!refused.body.to_string().contains(AOBA), "{}", refused.body);
    // Whether there is such a company makes no difference.
    let names = NAMES.map(str::to_owned);
    let placement = Placement::new(&names, 2).unwrap();
    let elsewhere = |slug: &String| !placement.servers_of(slug).contains(&"n2");
    let nobody = (0..).map(|n| format!("nobody-{n}")).find(elsewhere).unwrap();
    let unknown = n2.recruiter_of(&nobody).ask(withdraw, Value::Null).await;
    assert_eq!(unknown.comparable(), refused.comparable());
    let english = n2.recruiter().in_english().ask(withdraw, Value::Null).await;
    assert!(
        english.message().contains("X-Okaeri-Company"),
        "{}",
        english.message()
    );

    // Nothing was touched: not the person, and neither memory nor disk.
    assert_eq!(n1.recruiter().candidates("r01", "").await.ids, ["a001"]);
    work(&n2).await;
    assert!(!index(&n2, AOBA).await.exists());
    let opened = n2.app.projections.company(n2.company_id(AOBA).await).await;
    assert!(matches!(opened, Err(Fault::NotHeld { slug }) if slug == AOBA));
    stop([n1, n2, n3]).await;
}

async fn signing_in_and_readiness_need_no_company_of_the_servers_own(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    let n2 = server(app, "n2").await;
    work(&n2).await;
    let address = json!({"company": AOBA, "email": "a001@example.jp"});
    n2.nobody().mutate("requestSignInLink", address, "").await;
    // Mail leaves from any server.
    assert_eq!(n2.mails_to("a001@example.jp").await.len(), 1);
    assert_eq!(n2.download("/readyz").await.0, 200);
    stop([n2]).await;
}

async fn a_live_view_runs_at_the_companys_own_servers_and_is_closed_by_the_third(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    let [n1, n2, n3] = three(app).await;
    assert_eq!(n2.recruiter().refused_socket().await, 1013);

    let recruiter = n1.recruiter();
    let id = recruiter.opportunity_id("r01").await;
    let mut socket = recruiter.socket().await;
    socket.subscribe("1", CANDIDATES, json!({"id": id})).await;
    assert_eq!(
        socket.event().await["candidatesChanged"]["candidates"]["totalCount"],
        1
    );
    n3.alumnus("a001")
        .mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    work(&n1).await;
    assert_eq!(
        socket.event().await["candidatesChanged"]["candidates"]["totalCount"],
        0
    );
    stop([n1, n2, n3]).await;
}

async fn a_company_that_is_made_while_servers_run_is_assigned_at_once(app: &TestApp) {
    let [n1, n2, n3] = three(app).await;
    for server in [&n1, &n2, &n3] {
        work(server).await;
    }
    app.create_company("midori", |_| {}, false).await;
    app.import_into("midori", &[alumnus("m001"), role("r01")]).await;
    for server in [&n1, &n2, &n3] {
        work(server).await;
    }
    for own in [&n1, &n2] {
        assert_eq!(
            own.recruiter_of("midori").candidates("r01", "").await.ids,
            ["m001"]
        );
        assert!(index(own, "midori").await.is_dir());
    }
    assert_misdirected(&n3.recruiter_of("midori")).await;
    assert!(!index(&n3, "midori").await.exists());
    stop([n1, n2, n3]).await;
}

async fn what_moves_with_other_names_is_answered_where_it_is_now_and_leaves_nothing_behind(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    for slug in ["midori", "sumire"] {
        app.create_company(slug, |_| {}, false).await;
        app.import_into(slug, &[alumnus("x001"), role("r01")]).await;
    }
    let n1 = server(app, "n1").await;
    let n2 = server(app, "n2").await;
    for server in [&n1, &n2] {
        work(server).await;
    }
    assert!(index(&n1, "midori").await.is_dir());
    assert_misdirected(&n2.recruiter()).await;

    // Without n1 its companies go to those that are left, and what they had stays.
    let after = n2
        .restarted_with(|config| config.servers = servers("n2", &["n2", "n3"], 2))
        .await;
    assert_eq!(
        after.app.projections.discard_not_held().await.unwrap(),
        Vec::<String>::new()
    );
    assert_eq!(after.recruiter().candidates("r01", "").await.ids, ["a001"]);
    assert_eq!(
        after.recruiter_of("sumire").candidates("r01", "").await.ids,
        ["x001"]
    );

    // One copy less: n1 gives up midori, of which it is the second, and keeps aoba.
    let fewer = n1
        .restarted_with(|config| config.servers = servers("n1", &NAMES, 1))
        .await;
    assert_eq!(
        fewer.app.projections.discard_not_held().await.unwrap(),
        ["midori"]
    );
    assert!(!index(&fewer, "midori").await.exists());
    assert_misdirected(&fewer.recruiter_of("midori")).await;
    assert_eq!(fewer.recruiter().candidates("r01", "").await.ids, ["a001"]);

    // Back again, it has no index and makes one, with what was done meanwhile.
    app.import_into("midori", &[alumnus("x002")]).await;
    let again = fewer
        .restarted_with(|config| config.servers = servers("n1", &NAMES, 2))
        .await;
    let mut found = again.recruiter_of("midori").candidates("r01", "").await.ids;
    found.sort_unstable();
    assert_eq!(found, ["x001", "x002"]);
    stop([n1, n2, after, fewer, again]).await;
}

async fn a_server_with_a_list_holds_what_is_listed(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    let listed = |config: &mut Config| {
        config.servers.companies = ["midori", AOBA].map(str::to_owned).to_vec();
    };
    let server = app.beside(listed).await;
    app.create_company("sumire", |_| {}, false).await;
    assert_misdirected(&server.recruiter_of("sumire")).await;
    assert_eq!(server.recruiter().candidates("r01", "").await.ids, ["a001"]);
    // Listed before it is made.
    app.create_company("midori", |_| {}, false).await;
    app.import_into("midori", &[alumnus("m001"), role("r01")]).await;
    work(&server).await;
    let found = server.recruiter_of("midori").candidates("r01", "").await;
    assert_eq!(found.ids, ["m001"]);
    assert!(!index(&server, "sumire").await.exists());
    stop([server]).await;
}

async fn jobs_that_read_a_company_run_where_it_is_held_and_the_others_anywhere(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002")]).await;
    // The demonstration's day begins anew at each server: what n1 makes due is due at n2 too.
    let n2 = server(app, "n2").await;
    let n1 = server(app, "n1").await;
    let wish = json!({"kind": "ROLE", "words": "在庫管理の仕事", "unit": null, "isShownToRecruiters": true});
    n1.alumnus("a001").mutate("setMyStandingWish", wish, "").await;
    n1.import(&[role("r01")]).await;

    // The search is left to those who hold the company; what it finds is mail, which anybody sends.
    while worker::run_jobs(&n2.app).await.unwrap() > 0 {}
    assert_eq!(n2.mails(), Vec::<String>::new());
    assert_eq!(worker::run_jobs(&n1.app).await.unwrap(), 1);
    assert_eq!(n2.mails_to("a001@example.jp").await.len(), 1);

    // Files are purged by whoever comes first, without an index of the company.
    let erased = n1
        .alumnus("a002")
        .mutate("eraseMe", json!({"confirmation": "人物 a002"}), "isErased")
        .await;
    assert_eq!(erased["isErased"], true);
    while worker::run_jobs(&n2.app).await.unwrap() > 0 {}
    assert_eq!(worker::run_jobs(&n1.app).await.unwrap(), 0);
    assert!(!index(&n2, AOBA).await.exists());
    work(&n1).await;
    assert_eq!(n1.recruiter().candidates("r01", "").await.ids, ["a001"]);
    stop([n1, n2]).await;
}

async fn doctor_says_what_a_server_holds_and_what_is_wrong_with_it(app: &TestApp) {
    app.import(&[alumnus("a001"), role("r01")]).await;
    app.create_company("midori", |_| {}, false).await;
    let n3 = server(app, "n3").await;
    work(&n3).await;
    let said = |report: okaeri_api::doctor::Report, check: Check| {
        let findings = report.findings.into_iter();
        findings
            .filter(|finding| finding.check == check)
            .map(|finding| (finding.severity, finding.company, finding.what))
            .collect::<Vec<_>>()
    };
    let report = examine(&n3.app.config).await;
    let settings = said(report.clone(), Check::Configuration);
    let what = "server n3 holds 1 of 2 companies, each at 2 of n1, n2, n3";
    assert!(
        settings.contains(&(Severity::Ok, None, what.to_owned())),
        "{settings:?}"
    );
    let indexes = said(report, Check::Index);
    assert_eq!(indexes.len(), 1, "{indexes:?}");
    assert_eq!(
        (indexes[0].0, indexes[0].1.as_deref()),
        (Severity::Ok, Some(AOBA))
    );

    // The same directory for a server that is to hold midori and something that there is not.
    let mut config = n3.app.config.clone();
    config.servers = Servers {
        companies: ["midori", "kaede"].map(str::to_owned).to_vec(),
        ..Servers::default()
    };
    let report = examine(&config).await;
    let settings = said(report.clone(), Check::Configuration);
    let warned = |(severity, _, what): &(Severity, Option<String>, String)| {
        *severity == Severity::Warning && what.contains("\"kaede\"")
    };
    assert!(settings.iter().any(warned), "{settings:?}");
    let left = said(report, Check::Index);
    let behind = |(severity, company, what): &(Severity, Option<String>, String)| {
        *severity == Severity::Warning
            && company.as_deref() == Some(AOBA)
            && what.contains("no erasure reaches")
    };
    assert!(left.iter().any(behind), "{left:?}");
    stop([n3]).await;
}
