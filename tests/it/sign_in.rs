//! Signing in by a one-time link, from the request over the mail to the session.

use okaeri_api::worker::run_jobs;
use serde_json::{Value, json};

use crate::harness::{AOBA, TestApp, alumnus, on_both_databases, token};

on_both_databases! {
    a_link_by_mail_signs_the_person_in_once;
    a_link_proves_the_address_and_no_file_puts_another_in_its_place;
    a_link_proves_no_address_but_the_one_that_it_was_sent_to;
    the_answer_is_the_same_for_an_address_that_nobody_has;
    links_for_one_address_are_limited_whatever_aliases_ask;
}

async fn a_link_by_mail_signs_the_person_in_once(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    let nobody = app.nobody();
    nobody
        .mutate(
            "requestSignInLink",
            json!({"company": AOBA, "email": " A001@example.jp "}),
            "",
        )
        .await;
    assert_eq!(app.mails(), Vec::<String>::new(), "a job sends it");
    run_jobs(&app.app).await.unwrap();
    let mails = app.mails();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("a001@example.jp"));

    let input = json!({"token": token(&mails[0])});
    let session = nobody.mutate("signIn", input.clone(), "token expiresAt").await;
    let aiko = app.with_token(session["token"].as_str().unwrap());
    let data = aiko
        .query("{ viewer { role alumnus { externalId } } }", Value::Null)
        .await;
    assert_eq!(
        data["viewer"],
        json!({"role": "ALUMNUS", "alumnus": {"externalId": "a001"}})
    );

    let again = nobody.payload("signIn", input, "token").await;
    assert_eq!(again["token"], Value::Null);
    assert_eq!(again["userErrors"][0]["code"], "INVALID_LINK");
}

async fn a_link_proves_the_address_and_no_file_puts_another_in_its_place(app: &TestApp) {
    let file = |email: &str| [alumnus("a001").set("email", email)];
    let ask = async |email: &str| {
        let input = json!({"company": AOBA, "email": email});
        app.nobody().mutate("requestSignInLink", input, "").await;
        while run_jobs(&app.app).await.unwrap() > 0 {}
        app.mails().len()
    };
    app.import(&file("a001@example.jp")).await;
    app.import(&file("aiko@example.jp")).await;
    assert_eq!(
        ask("a001@example.jp").await,
        0,
        "until then HR knows the address best"
    );
    assert_eq!(ask("aiko@example.jp").await, 1);
    let input = json!({"token": token(&app.mails()[0])});
    app.nobody().mutate("signIn", input, "token").await;

    app.import(&file("administrator@example.jp")).await;
    assert_eq!(
        ask("administrator@example.jp").await,
        1,
        "nobody else can sign in"
    );
    assert_eq!(ask("aiko@example.jp").await, 2, "and the person still can");
}

async fn a_link_proves_no_address_but_the_one_that_it_was_sent_to(app: &TestApp) {
    app.import(&[alumnus("a001"), alumnus("a002")]).await;
    let ask = async |email: &str| {
        let input = json!({"company": AOBA, "email": email});
        app.nobody().mutate("requestSignInLink", input, "").await;
        app.link_to(email).await
    };
    let follow = async |link: &str| app.nobody().user_errors("signIn", json!({"token": link})).await;
    let (first, second) = (ask("a001@example.jp").await, ask("a002@example.jp").await);

    app.import(&[
        alumnus("a001").set("email", "other@example.jp"),
        alumnus("a002").set("headline", "物流企画の責任者"),
    ])
    .await;
    assert_eq!(follow(&first).await, ["INVALID_LINK"]);
    assert_eq!(follow(&second).await, Vec::<String>::new(), "this address stayed");

    // The first link proved nothing: HR still knows the address best.
    app.import(&[alumnus("a001")]).await;
    assert_eq!(follow(&ask("a001@example.jp").await).await, Vec::<String>::new());
}

async fn the_answer_is_the_same_for_an_address_that_nobody_has(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    let ask = async |company: &str, email: &str| {
        app.nobody()
            .try_mutate(
                "requestSignInLink",
                json!({"company": company, "email": email}),
                "",
            )
            .await
            .comparable()
    };
    let known = ask(AOBA, "a001@example.jp").await;
    assert_eq!(ask(AOBA, "a999@example.jp").await, known);
    assert_eq!(ask("nowhere", "a001@example.jp").await, known);
    run_jobs(&app.app).await.unwrap();
    assert_eq!(app.mails().len(), 1);
    assert_eq!(
        app.nobody()
            .user_errors("requestSignInLink", json!({"company": AOBA, "email": "a001"}))
            .await,
        ["INVALID"]
    );
}

async fn links_for_one_address_are_limited_whatever_aliases_ask(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    let asks: Vec<String> = (0..8).map(|n| format!(
        "a{n}: requestSignInLink(input: {{company: \"aoba\", email: \"a001@example.jp\"}}) {{ userErrors {{ code }} }}"
    )).collect();
    let answer = app
        .nobody()
        .ask(&format!("mutation {{ {} }}", asks.join(" ")), Value::Null)
        .await;
    assert_eq!(answer.code(), "RATE_LIMITED", "{}", answer.body);
    while run_jobs(&app.app).await.unwrap() > 0 {}
    assert_eq!(app.mails().len(), 5, "five an hour");
}
