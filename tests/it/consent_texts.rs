//! What people are asked to agree to: two languages, versions, and proof of what was agreed to.

use serde_json::{Value, json};

use crate::harness::{TestApp, alumnus, on_both_databases};

const CURRENT: &str = "{ consentTexts { purpose version text japanese english publishedAt } }";

on_both_databases! {
    everybody_who_is_signed_in_reads_the_texts_in_both_languages;
    an_administrator_sets_a_text_and_nobody_agrees_to_the_one_before;
    the_history_of_a_consent_shows_the_text_that_was_agreed_to;
    saving_the_same_interests_gives_no_consent_again;
}

async fn everybody_who_is_signed_in_reads_the_texts_in_both_languages(app: &TestApp) {
    app.import(&[alumnus("a001")]).await;
    for reader in [
        app.administrator(),
        app.recruiter(),
        app.employee(),
        app.alumnus("a001"),
    ] {
        let japanese = reader.query(CURRENT, Value::Null).await;
        let english = reader.in_english().query(CURRENT, Value::Null).await;
        let (japanese, english) = (&japanese["consentTexts"], &english["consentTexts"]);
        assert_eq!(japanese.as_array().unwrap().len(), 8, "one for each purpose");
        assert_eq!(japanese[1]["purpose"], "FEED");
        assert_eq!(japanese[1]["text"], japanese[1]["japanese"]);
        assert_eq!(english[1]["text"], japanese[1]["english"]);
        assert_eq!(japanese[1]["publishedAt"], Value::Null);
    }
}

async fn an_administrator_sets_a_text_and_nobody_agrees_to_the_one_before(app: &TestApp) {
    app.import(&[alumnus("a001").interests(&["REHIRE"])]).await;
    app.create_company("midori", |_| {}, false).await;
    let administrator = app.administrator();
    let set = |japanese: &str, expected: &str| json!({"purpose": "EVENTS", "japanese": japanese, "english": "I agree.", "expectedVersion": expected});
    let selection = "consentText { version text publishedAt }";
    let first = administrator
        .mutate("updateConsentText", set("同意します。", "2026-11"), selection)
        .await;
    assert_eq!(
        first["consentText"]["version"], "2026-11-20.1",
        "the day in Japan, and a number"
    );
    let stale = administrator
        .payload("updateConsentText", set("別の文", "2026-11"), "")
        .await;
    assert_eq!(stale["userErrors"][0]["code"], "VERSION_CONFLICT");
    for (japanese, code) in [(" ".to_owned(), "BLANK"), ("長".repeat(4_001), "TOO_LONG")] {
        let input = set(&japanese, "2026-11-20.1");
        assert_eq!(
            administrator.user_errors("updateConsentText", input).await,
            [code]
        );
    }

    let aiko = app.alumnus("a001");
    let give = |version: &str| json!({"purpose": "EVENTS", "textVersion": version});
    let refused = aiko
        .in_english()
        .payload("giveConsent", give("2026-11"), "")
        .await;
    assert_eq!(refused["userErrors"][0]["code"], "CONSENT_TEXT_OUTDATED");
    assert_eq!(refused["userErrors"][0]["field"], json!(["textVersion"]));
    let message = refused["userErrors"][0]["message"].as_str().unwrap();
    assert!(message.contains("2026-11-20.1"), "{message}");
    let given = aiko
        .mutate(
            "giveConsent",
            give("2026-11-20.1"),
            "consent { textVersion text { text } }",
        )
        .await;
    assert_eq!(
        given["consent"],
        json!({"textVersion": "2026-11-20.1", "text": {"text": "同意します。"}})
    );
    // Other purposes and companies go on with theirs.
    let texts = aiko.query(CURRENT, Value::Null).await;
    let versions: Vec<&str> = texts["consentTexts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|text| text["version"].as_str().unwrap())
        .collect();
    assert_eq!(
        versions.iter().filter(|version| **version == "2026-11").count(),
        7
    );
    let theirs = app.recruiter_of("midori").query(CURRENT, Value::Null).await;
    assert!(!theirs.to_string().contains("2026-11-20.1"));
    let find = "{ consentText(purpose: EVENTS, version: \"2026-11-20.1\") { text } }";
    let theirs = app.recruiter_of("midori").query(find, Value::Null).await;
    assert_eq!(theirs["consentText"], Value::Null);
}

async fn the_history_of_a_consent_shows_the_text_that_was_agreed_to(app: &TestApp) {
    app.import(&[alumnus("a001").interests(&["MENTORING"])]).await;
    let (administrator, aiko) = (app.administrator(), app.alumnus("a001"));
    let text = |words: &str, expected: &str| json!({"purpose": "MENTORING", "japanese": words, "english": words, "expectedVersion": expected});
    let give = |version: &str| json!({"purpose": "MENTORING", "textVersion": version});
    let withdraw = json!({"purpose": "MENTORING"});
    aiko.mutate("withdrawConsent", withdraw.clone(), "").await;
    administrator
        .mutate("updateConsentText", text("一つ目の文", "2026-11"), "")
        .await;
    aiko.mutate("giveConsent", give("2026-11-20.1"), "").await;
    aiko.mutate("withdrawConsent", withdraw, "").await;
    administrator
        .mutate("updateConsentText", text("二つ目の文", "2026-11-20.1"), "")
        .await;
    aiko.mutate("giveConsent", give("2026-11-20.2"), "").await;

    let document = "{ viewer { consents { purpose source textVersion sourceDigest givenAt withdrawnAt text { text } } } }";
    let data = aiko.query(document, Value::Null).await;
    let history: Vec<&Value> = data["viewer"]["consents"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|consent| consent["purpose"] == "MENTORING")
        .collect();
    let read: Vec<_> = history
        .iter()
        .map(|it| {
            (
                it["source"].as_str().unwrap(),
                it["textVersion"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        read,
        [
            ("SELF", "2026-11-20.2"),
            ("SELF", "2026-11-20.1"),
            ("IMPORT", "import-2026-11")
        ],
        "latest first"
    );
    assert_eq!(history[0]["text"]["text"], "二つ目の文");
    assert_eq!(
        history[1]["text"]["text"], "一つ目の文",
        "word for word, though it is no longer asked"
    );
    assert!(history[2]["text"]["text"].as_str().unwrap().contains("希望調査"));
    assert_eq!(
        history[2]["sourceDigest"].as_str().unwrap().len(),
        64,
        "the file's"
    );
    assert_eq!(
        (&history[0]["withdrawnAt"], &history[0]["sourceDigest"]),
        (&Value::Null, &Value::Null)
    );
    assert!(history[1]["withdrawnAt"].as_str() >= history[1]["givenAt"].as_str());
    for consent in &history {
        let given_at = consent["givenAt"].as_str().unwrap();
        assert!(given_at.starts_with("2026-11-20"), "{given_at}");
    }
}

async fn saving_the_same_interests_gives_no_consent_again(app: &TestApp) {
    app.import(&[alumnus("a001").interests(&["REHIRE", "SPEAKING"])])
        .await;
    let aiko = app.alumnus("a001");
    aiko.mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    let all = json!({"interests": ["REHIRE", "SPEAKING"]});
    aiko.mutate("setMyInterests", all, "").await;
    let document = "{ viewer { consents { purpose withdrawnAt } } }";
    let data = aiko.query(document, Value::Null).await;
    let open: Vec<&Value> = data["viewer"]["consents"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|consent| consent["withdrawnAt"].is_null())
        .map(|consent| &consent["purpose"])
        .collect();
    assert!(!open.contains(&&json!("REHIRE")), "{open:?}");
    assert!(open.contains(&&json!("SPEAKING")));
}
