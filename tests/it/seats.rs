//! What becomes of the seats: an agreement takes one, the last one fills the opportunity, and one that comes free opens it.

use serde_json::{Value, json};

use crate::harness::steps::{accepted, agreed, invite, pair, status};
use crate::harness::{TestApp, alumnus, contract_work, on_both_databases, role};

on_both_databases! {
    the_last_seat_fills_the_opportunity_and_it_leaves_every_list;
    a_seat_that_comes_free_opens_what_its_seats_filled_and_nothing_else;
    of_two_agreements_on_one_seat_one_is_recorded;
}

async fn the_last_seat_fills_the_opportunity_and_it_leaves_every_list(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        alumnus("a002"),
        alumnus("a003"),
        role("r01").set("seats", 2),
    ])
    .await;
    let (recruiter, chika) = (app.recruiter(), app.alumnus("a003"));
    let waiting = invite(&recruiter, "r01", "a003").await;
    let page = recruiter.candidates("r01", "first: 1").await;
    let fed = chika.feed("").await;
    let id = recruiter.opportunity_id("r01").await;
    let mut socket = chika.socket().await;
    let feed = "subscription { feedChanged { opportunityFeed { totalCount } } }";
    socket.subscribe("1", feed, Value::Null).await;
    assert_eq!(
        socket.event().await["feedChanged"]["opportunityFeed"]["totalCount"],
        1
    );

    agreed(app, "r01", "a001").await;
    assert_eq!(status(app, "r01").await, "OPEN", "one of two");
    agreed(app, "r01", "a002").await;
    assert_eq!(status(app, "r01").await, "FILLED");

    assert_eq!(recruiter.candidates("r01", "").await.total, 0);
    let next = format!("after: \"{}\"", page.cursors[0]);
    assert_eq!(recruiter.candidates("r01", &next).await.ids, Vec::<String>::new());
    assert_eq!(chika.feed("").await.total, 0);
    let before = format!("last: 1, before: \"{}\"", fed.cursors[0]);
    assert_eq!(chika.feed(&before).await.total, 0);
    let lists = "query($id: ID!) { node(id: $id) { id } opportunities { totalCount } found: opportunities(query: \"物流企画\") { totalCount } }";
    let seen = chika.query(lists, json!({"id": id})).await;
    assert_eq!(
        seen,
        json!({"node": null, "opportunities": {"totalCount": 0}, "found": {"totalCount": 0}})
    );
    app.app.projections.catch_up_all().await.unwrap();
    assert_eq!(
        socket.event().await["feedChanged"]["opportunityFeed"]["totalCount"],
        0
    );
    let late = json!({"id": waiting["id"]});
    assert_eq!(chika.user_errors("acceptInvitation", late).await, ["NOT_OPEN"]);
    let both = pair(&recruiter, "r01", "a003").await;
    assert_eq!(
        recruiter.user_errors("shortlistCandidate", both).await,
        ["NOT_OPEN"]
    );
    let seats = "{ opportunity(externalId: \"r01\") { seats seatsTaken } }";
    let seen = recruiter.query(seats, Value::Null).await;
    assert_eq!(seen["opportunity"], json!({"seats": 2, "seatsTaken": 2}));
}

async fn a_seat_that_comes_free_opens_what_its_seats_filled_and_nothing_else(app: &TestApp) {
    app.import(&[
        alumnus("a001"),
        alumnus("a002"),
        role("r01"),
        role("r02"),
        contract_work("c01"),
    ])
    .await;
    let recruiter = app.recruiter();
    let id = agreed(app, "r01", "a001").await;
    assert_eq!(status(app, "r01").await, "FILLED");
    app.alumnus("a001")
        .mutate("withdrawMyInterest", json!({"id": id}), "")
        .await;
    assert_eq!(status(app, "r01").await, "OPEN");
    assert_eq!(recruiter.candidates("r01", "").await.total, 2);

    let id = agreed(app, "r01", "a002").await;
    assert_eq!(status(app, "r01").await, "FILLED");
    let over = json!({"id": id, "outcome": "NOT_REALIZED", "reason": "条件が合わなかった"});
    recruiter.mutate("recordOutcome", over, "").await;
    assert_eq!(status(app, "r01").await, "OPEN");

    let id = agreed(app, "r02", "a001").await;
    let closed = json!({"id": recruiter.opportunity_id("r02").await});
    recruiter.mutate("closeOpportunity", closed, "").await;
    app.alumnus("a001")
        .mutate("withdrawMyInterest", json!({"id": id}), "")
        .await;
    assert_eq!(status(app, "r02").await, "CLOSED", "by hand");

    // A file that still says open does not open what is full; more seats do.
    agreed(app, "c01", "a001").await;
    app.import(&[contract_work("c01")
        .set("status", "OPEN")
        .set("title", "配送計画")])
        .await;
    assert_eq!(status(app, "c01").await, "FILLED");
}

async fn of_two_agreements_on_one_seat_one_is_recorded(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01")]).await;
    let first = accepted(app, "r01", "a001").await;
    let second = accepted(app, "r01", "a002").await;
    let recruiter = app.recruiter();
    let agree = async |id: &Value| recruiter.user_errors("recordAgreement", json!({"id": id})).await;
    let (one, two) = tokio::join!(agree(&first), agree(&second));
    let mut ends = [one, two];
    ends.sort();
    assert_eq!(ends, [vec![], vec!["NO_SEAT_LEFT".to_owned()]]);
    let seats = "{ opportunity(externalId: \"r01\") { status seatsTaken } }";
    let seen = recruiter.query(seats, Value::Null).await;
    assert_eq!(seen["opportunity"], json!({"status": "FILLED", "seatsTaken": 1}));
}
