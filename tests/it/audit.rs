//! The record of every ranking that was shown: complete, tamper-evident, replayable, and rid of whoever was erased.

use chrono::TimeDelta;
use okaeri_api::db::served_lists::{self, ServedListKind};
use okaeri_api::db::{alumni, audit as rows};
use okaeri_api::usecase::audit::replay::{Replayed, find};
use okaeri_api::usecase::audit::verify::{Report, verify};
use okaeri_api::usecase::audit::{self, erase, format, replay, retention, salts};
use okaeri_api::usecase::erasure;
use okaeri_api::usecase::served::{self, Items, ScoredWith, Subject};
use okaeri_api::worker;
use okaeri_engine::domain::{AlumnusId, CompanyId, Role, ServedListId, Viewer};
use okaeri_engine::ranking::Model;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{AOBA, Person, TestApp, alumnus, contract_work, on_both_databases, role, slot};

on_both_databases! {
    every_ranking_that_is_shown_is_recorded_and_the_chain_holds;
    every_kind_of_tampering_is_found_and_named;
    a_flipped_bit_anywhere_in_a_record_is_found;
    a_row_of_the_chain_cannot_be_changed_or_removed_without_dropping_a_trigger;
    an_end_that_was_cut_off_is_found_with_a_head_that_was_kept_elsewhere;
    a_ranking_replays_to_the_same_bytes_whatever_changed_since;
    an_erased_person_replays_as_a_tombstone_and_the_chain_holds;
    a_list_that_was_ranked_before_somebody_was_erased_elsewhere_is_recorded_without_them;
    a_server_forgets_the_salt_of_somebody_who_was_erased_elsewhere;
    few_of_many_are_found_in_their_lists_and_erased_from_them;
    retention_takes_bodies_with_an_event_and_silence_is_found;
    concurrent_rankings_leave_no_gap;
    administrators_read_records_and_see_no_feed_and_nobody_who_was_left_out;
    a_person_sees_which_rankings_they_were_in;
    a_record_of_another_company_is_missing;
}

/// Two people, three kinds of offers, one of each list; in the order of the chain.
async fn shown(app: &TestApp) -> [Uuid; 4] {
    app.import(&[
        alumnus("a001").set("summary", "養蜂の経験もあります。"),
        alumnus("a002").skills(&["在庫管理", "英語"]),
        role("r01"),
        slot("s01"),
        contract_work("c01"),
    ])
    .await;
    app.index().await;
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    let candidates = ranking_of_candidates(&recruiter, "r01").await;
    let feed = ranking_of_feed(&aiko).await;
    assert_eq!(recruiter.search("在庫管理").await.len(), 2);
    let offers = "{ opportunities(query: \"物流\") { totalCount } }";
    assert_eq!(
        recruiter.query(offers, Value::Null).await["opportunities"]["totalCount"],
        3
    );
    let chain = rows::list_after(&app.app.db, app.company_id(AOBA).await, 0, 10)
        .await
        .unwrap();
    let ids: Vec<Uuid> = chain.iter().map(|row| row.record_id).collect();
    assert_eq!(ids[..2], [candidates, feed]);
    ids.try_into().unwrap()
}

async fn ranking_of_candidates(recruiter: &Person, opportunity: &str) -> Uuid {
    let document = "query($id: String!) { opportunity(externalId: $id) { candidates { rankingId } } }";
    let data = recruiter.query(document, json!({"id": opportunity})).await;
    uuid_of(&data["opportunity"]["candidates"]["rankingId"])
}

async fn ranking_of_feed(aiko: &Person) -> Uuid {
    let data = aiko
        .query("{ viewer { opportunityFeed { rankingId } } }", Value::Null)
        .await;
    uuid_of(&data["viewer"]["opportunityFeed"]["rankingId"])
}

/// The key in a global identifier.
pub(crate) fn uuid_of(id: &Value) -> Uuid {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(id.as_str().unwrap());
    let text = String::from_utf8(bytes.unwrap()).unwrap();
    Uuid::try_parse(text.split_once(':').unwrap().1).unwrap()
}

async fn check(app: &TestApp) -> Report {
    verify(&app.app.db, app.company_id(AOBA).await, None)
        .await
        .unwrap()
}

async fn found(app: &TestApp) -> Vec<(u64, String)> {
    let report = check(app).await;
    report
        .findings
        .into_iter()
        .map(|finding| (finding.sequence, finding.what))
        .collect()
}

pub(crate) async fn replayed(app: &TestApp, id: Uuid) -> Replayed {
    let stored = find(&app.app.db, app.company_id(AOBA).await, id)
        .await
        .unwrap()
        .unwrap();
    replay(&stored.ranking.unwrap()).unwrap()
}

async fn run(app: &TestApp, statement: &str) {
    let sql = app.sql().await;
    sql.execute_unprepared(statement)
        .await
        .unwrap_or_else(|error| panic!("{statement}: {error}"));
    sql.close().await.unwrap();
}

async fn drop_triggers(app: &TestApp) {
    let sql = app.sql().await;
    let statements: &[&str] = match sql.get_database_backend() {
        DbBackend::Postgres => &[
            "DROP TRIGGER audit_chain_append_only ON audit_chain",
            "DROP TRIGGER audit_chain_no_truncate ON audit_chain",
        ],
        _ => &[
            "DROP TRIGGER audit_chain_no_update",
            "DROP TRIGGER audit_chain_no_delete",
        ],
    };
    for statement in statements {
        sql.execute_unprepared(statement).await.unwrap();
    }
    sql.close().await.unwrap();
}

/// A column of bytes of one row.
struct Bytes {
    table: &'static str,
    column: &'static str,
    condition: &'static str,
}

impl Bytes {
    async fn read(&self, app: &TestApp) -> Vec<u8> {
        let sql = app.sql().await;
        let text = format!(
            "SELECT {} AS bytes FROM {} WHERE {}",
            self.column, self.table, self.condition
        );
        let statement = Statement::from_string(sql.get_database_backend(), text);
        let row = sql.query_one_raw(statement).await.unwrap().unwrap();
        sql.close().await.unwrap();
        row.try_get("", "bytes").unwrap()
    }

    async fn write(&self, app: &TestApp, bytes: &[u8]) {
        let sql = app.sql().await;
        let literal = match sql.get_database_backend() {
            DbBackend::Postgres => format!("'\\x{}'", format::hex(bytes)),
            _ => format!("x'{}'", format::hex(bytes)),
        };
        let text = format!(
            "UPDATE {} SET {} = {literal} WHERE {}",
            self.table, self.column, self.condition
        );
        sql.execute_unprepared(&text).await.unwrap();
        sql.close().await.unwrap();
    }
}

async fn every_ranking_that_is_shown_is_recorded_and_the_chain_holds(app: &TestApp) {
    shown(app).await;
    let report = check(app).await;
    assert_eq!(report.findings, []);
    assert_eq!((report.n_records, report.n_rankings, report.n_events), (4, 4, 0));

    // A later page is of the same ranking; a list in order is none.
    let first = app.recruiter().candidates("r01", "first: 1").await;
    app.recruiter()
        .candidates("r01", &format!("after: \"{}\"", first.cursors[0]))
        .await;
    app.recruiter()
        .query("{ alumni { totalCount } }", Value::Null)
        .await;
    let report = check(app).await;
    assert_eq!((report.findings, report.n_records), (vec![], 5));
}

/// What to do, and what is found: the place in the chain and a part of the sentence.
const TAMPERING: &[(&str, u64, &str)] = &[
    (
        "UPDATE served_list SET viewer_subject = 'kanri' WHERE sequence = 1",
        1,
        "the reader is not",
    ),
    (
        "UPDATE served_list SET kind = 'FEED' WHERE sequence = 1",
        1,
        "the kind is not",
    ),
    (
        "UPDATE served_list SET subject_id = id WHERE sequence = 1",
        1,
        "what it is about is not",
    ),
    (
        "UPDATE served_list SET model_version = 'other' WHERE sequence = 1",
        1,
        "the model's version is not",
    ),
    (
        "UPDATE served_list SET learnt_version = 7 WHERE sequence = 2",
        2,
        "what was learnt is not",
    ),
    (
        "UPDATE served_list SET plan_id = id WHERE sequence = 1",
        1,
        "the plan is not",
    ),
    (
        "UPDATE served_list SET position = position + 1 WHERE sequence = 2",
        2,
        "the position is not",
    ),
    (
        "UPDATE served_list SET as_of = '2020-01-01 00:00:00+00:00' WHERE sequence = 1",
        1,
        "the instant that was ranked is not",
    ),
    (
        "UPDATE served_list SET created_at = '2020-01-01 00:00:00+00:00' WHERE sequence = 1",
        1,
        "the time of the record is not",
    ),
    (
        "UPDATE served_list SET header = replace(header, 'saiyo', 'kanri') WHERE sequence = 1",
        1,
        "the header",
    ),
    (
        "UPDATE served_list SET leaves = (SELECT leaves FROM served_list WHERE sequence = 2) WHERE sequence = 1",
        1,
        "the digests of the entries were altered",
    ),
    (
        "UPDATE served_list SET criteria = replace(criteria, '在庫管理', '養蜂') WHERE sequence = 3",
        3,
        "the criteria or their salt",
    ),
    (
        "UPDATE served_list SET criteria = NULL, criteria_salt = NULL WHERE sequence = 3",
        3,
        "the criteria are missing",
    ),
    (
        "UPDATE served_list SET fingerprint = '' WHERE sequence = 3",
        3,
        "the fingerprint of the criteria",
    ),
    (
        "UPDATE served_list SET entries = (SELECT entries FROM served_list WHERE sequence = 2) WHERE sequence = 4",
        4,
        "entry 1 or its salt was altered",
    ),
    (
        "UPDATE served_list SET entries = (SELECT entries FROM served_list WHERE sequence = 2) WHERE sequence = 1",
        1,
        "2 entries were recorded and 3 are there",
    ),
    (
        "UPDATE served_list SET people = leaves WHERE sequence = 1",
        1,
        "who is in it",
    ),
    (
        "UPDATE served_list SET sequence = 9 WHERE sequence = 4",
        4,
        "says that its place is 9",
    ),
    (
        "UPDATE audit_document SET content = replace(content, 'MUST_HAVE_COVERAGE', 'TITLE_MATCH')",
        1,
        "the model",
    ),
    (
        "UPDATE audit_document SET content = replace(content, 'quiet_period_days', 'quiet_days')",
        1,
        "the policy",
    ),
    ("DELETE FROM audit_document", 1, "the policy"),
    (
        "UPDATE audit_salt SET number = number + 10",
        1,
        "who is in it",
    ),
    (
        "UPDATE audit_salt SET salt = (SELECT salt FROM served_list WHERE sequence = 1)",
        1,
        "entry 1 or its salt was altered",
    ),
    ("DELETE FROM audit_salt", 1, "the salt of entry 1 is missing"),
    (
        "UPDATE audit_chain SET kind = 'FEED' WHERE sequence = 1",
        1,
        "does not follow",
    ),
    (
        "UPDATE audit_chain SET kind = 'SEEN' WHERE sequence = 1",
        1,
        "the kind \"SEEN\" is none",
    ),
    (
        "UPDATE audit_chain SET at = '2020-01-01 00:00:00+00:00' WHERE sequence = 2",
        2,
        "does not follow",
    ),
    (
        "INSERT INTO audit_chain (company_id, sequence, record_id, kind, payload, root, hash, at)
            SELECT company_id, 5, company_id, kind, payload, root, hash, at FROM audit_chain WHERE sequence = 4",
        5,
        "does not follow",
    ),
];

/// What a record lies in.
const TABLES: [&str; 4] = ["served_list", "audit_chain", "audit_document", "audit_salt"];

async fn every_kind_of_tampering_is_found_and_named(app: &TestApp) {
    shown(app).await;
    drop_triggers(app).await;
    for table in TABLES {
        run(
            app,
            &format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}"),
        )
        .await;
    }
    let undo =
        TABLES.map(|table| format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table}"));
    for (tamper, sequence, part) in TAMPERING {
        run(app, tamper).await;
        let findings = found(app).await;
        let is_named = findings
            .iter()
            .any(|(at, what)| at == sequence && what.contains(part));
        assert!(is_named, "{tamper}: {findings:?}");
        run(app, &undo.join("; ")).await;
        assert_eq!(found(app).await, [], "{tamper}, undone");
    }

    // Bytes that are read as nothing.
    let entries = Bytes {
        table: "served_list",
        column: "entries",
        condition: "sequence = 1",
    };
    let kept = entries.read(app).await;
    entries.write(app, &[&kept[..], &[0]].concat()).await;
    let longer = "the bytes of the entries are not as they were written".to_owned();
    assert_eq!(found(app).await, [(1, longer)]);
    entries.write(app, &kept).await;

    // A row that was rewritten with a hash that is right: the next one follows another.
    let company_id = app.company_id(AOBA).await;
    let first = rows::list_after(&app.app.db, company_id, 0, 1)
        .await
        .unwrap()
        .remove(0);
    for table in ["audit_chain SET at", "served_list SET created_at"] {
        let earlier = format!("UPDATE {table} = '2020-01-01 00:00:00+00:00' WHERE sequence = 1");
        run(app, &earlier).await;
    }
    let link = format::Link {
        company_id,
        sequence: first.sequence,
        record_id: first.record_id,
        kind: &first.kind,
        at: "2020-01-01T00:00:00Z".parse().unwrap(),
    };
    let hash = Bytes {
        table: "audit_chain",
        column: "hash",
        condition: "sequence = 1",
    };
    let rewritten = format::of_link(&format::GENESIS, link, &first.root);
    hash.write(app, &rewritten).await;
    let places: Vec<u64> = found(app).await.into_iter().map(|(at, _)| at).collect();
    assert_eq!(places, [2]);
    run(app, &undo.join("; ")).await;

    // Two rows in each other's place.
    let swap = async || {
        run(app, "UPDATE audit_chain SET sequence = 100 WHERE sequence = 2").await;
        run(app, "UPDATE audit_chain SET sequence = 2 WHERE sequence = 3").await;
        run(app, "UPDATE audit_chain SET sequence = 3 WHERE sequence = 100").await;
    };
    swap().await;
    let places: Vec<u64> = found(app).await.into_iter().map(|(at, _)| at).collect();
    assert!(places.contains(&2) && places.contains(&3), "{places:?}");
    swap().await;
    assert_eq!(found(app).await, []);

    // A body that is gone, and then its row as well.
    run(app, "DELETE FROM served_list WHERE sequence = 2").await;
    let gone = "the ranking is missing, and no event says that it was taken".to_owned();
    assert_eq!(found(app).await, [(2, gone)]);
    run(app, "DELETE FROM audit_chain WHERE sequence = 2").await;
    assert_eq!(found(app).await, [(2, "row 2 is missing".to_owned())]);
}

async fn a_flipped_bit_anywhere_in_a_record_is_found(app: &TestApp) {
    /// Bytes between two that are flipped: all of them would take minutes.
    const STRIDE: usize = 23;
    shown(app).await;
    drop_triggers(app).await;
    let of_list = |column| Bytes {
        table: "served_list",
        column,
        condition: "sequence = 1",
    };
    let of_chain = |column| Bytes {
        table: "audit_chain",
        column,
        condition: "sequence = 1",
    };
    let salts = Bytes {
        table: "audit_salt",
        column: "salt",
        condition: "number = 1",
    };
    let columns = [
        of_list("entries"),
        of_list("leaves"),
        of_list("salt"),
        of_list("criteria_salt"),
        of_list("people"),
        of_chain("root"),
        of_chain("hash"),
        salts,
    ];
    for (n, column) in columns.iter().enumerate() {
        let bytes = column.read(app).await;
        for idx in (n % STRIDE.min(bytes.len())..bytes.len()).step_by(STRIDE) {
            let mut flipped = bytes.clone();
            flipped[idx] ^= 1 << (idx % 8);
            column.write(app, &flipped).await;
            let findings = found(app).await;
            assert!(
                !findings.is_empty(),
                "byte {idx} of {}.{}",
                column.table,
                column.column
            );
        }
        column.write(app, &bytes).await;
    }
    assert_eq!(found(app).await, []);
}

async fn a_row_of_the_chain_cannot_be_changed_or_removed_without_dropping_a_trigger(app: &TestApp) {
    shown(app).await;
    let sql = app.sql().await;
    for statement in ["UPDATE audit_chain SET kind = 'FEED'", "DELETE FROM audit_chain"] {
        let refused = sql.execute_unprepared(statement).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{statement}: {refused}");
    }
    sql.close().await.unwrap();
}

async fn an_end_that_was_cut_off_is_found_with_a_head_that_was_kept_elsewhere(app: &TestApp) {
    shown(app).await;
    let company_id = app.company_id(AOBA).await;
    let (place, hash) = check(app).await.head.unwrap();
    assert_eq!(place, 4);
    ranking_of_candidates(&app.recruiter(), "r01").await;
    let with = async |head: &str| verify(&app.app.db, company_id, Some(head)).await.unwrap();
    assert!(with(&hash).await.is_intact(), "an earlier head is in the chain");
    let (_, newest) = check(app).await.head.unwrap();

    drop_triggers(app).await;
    run(app, "DELETE FROM audit_chain WHERE sequence = 5").await;
    assert_eq!(found(app).await.len(), 1, "a body without a row");
    run(app, "DELETE FROM served_list WHERE sequence = 5").await;
    assert!(check(app).await.is_intact(), "nobody can see it from within");
    let findings = with(&newest).await.findings;
    assert!(findings[0].what.contains("cut off"), "{findings:?}");
    assert!(with(&hash).await.is_intact());
}

async fn a_ranking_replays_to_the_same_bytes_whatever_changed_since(app: &TestApp) {
    let mut rankings = shown(app).await.to_vec();
    let (recruiter, aiko) = (app.recruiter(), app.alumnus("a001"));
    // A feed that has learnt, and lists that are coordinated.
    let save = json!({"id": aiko.opportunity_id("r01").await});
    aiko.mutate("saveOpportunity", save, "").await;
    let decline = json!({"id": aiko.opportunity_id("c01").await, "reason": "NOT_MY_FIELD"});
    aiko.mutate("declineOpportunity", decline, "").await;
    rankings.push(ranking_of_feed(&aiko).await);
    let coordinate = json!({"isEnabled": true, "alpha": 1.0, "expectedVersion": 0});
    app.administrator()
        .mutate("setCoordination", coordinate, "")
        .await;
    worker::plan_lists(&app.app).await.unwrap();
    rankings.push(ranking_of_candidates(&recruiter, "r01").await);
    rankings.push(ranking_of_feed(&aiko).await);
    let mut before = Vec::new();
    for id in &rankings {
        let replayed = replayed(app, *id).await;
        assert!(
            replayed.is_same && !replayed.entries.is_empty(),
            "{id}: {replayed:?}"
        );
        before.push(replayed.entries);
    }
    let shown = recruiter
        .query(
            "{ opportunity(externalId: \"r01\") { candidates { rankingId edges { match { score } } } } }",
            Value::Null,
        )
        .await;
    let shown = &shown["opportunity"]["candidates"];
    let scores: Vec<f64> = shown["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| edge["match"]["score"].as_f64().unwrap())
        .collect();
    let again = replayed(app, uuid_of(&shown["rankingId"])).await.entries;
    assert_eq!(
        again.iter().filter_map(|entry| entry.score).collect::<Vec<_>>(),
        scores
    );

    // The profile, the model and the index change, and the server starts anew.
    aiko.mutate(
        "updateMyProfile",
        json!({"skills": ["養蜂"], "summary": "養蜂のみ。"}),
        "",
    )
    .await;
    app.index().await;
    let other = other_model();
    let path = app.directory().join("model.json");
    std::fs::write(&path, other.to_json()).unwrap();
    let restarted = app
        .restarted_with(|config| config.ranking.model_file = Some(path.clone()))
        .await;
    assert_eq!(restarted.app.model.version(), "other");
    let first = before[0].clone();
    for (id, before) in rankings.iter().zip(before) {
        let replayed = replayed(&restarted, *id).await;
        assert!(replayed.is_same, "{id}");
        assert_eq!(replayed.entries, before);
    }
    let now = ranking_of_candidates(&restarted.recruiter(), "r01").await;
    assert!(replayed(&restarted, now).await.is_same);
    assert_ne!(
        replayed(&restarted, now).await.base.to_bits(),
        replayed(&restarted, rankings[0]).await.base.to_bits()
    );
    assert!(check(&restarted).await.is_intact());

    // It is computed: with another model in the place of the recorded one it is another ranking.
    let models = "SELECT content FROM audit_document WHERE content LIKE '%\"version\":\"other\"%'";
    let swap = format!("UPDATE audit_document SET content = ({models}) WHERE content LIKE '%\"features\"%'");
    run(&restarted, &swap).await;
    let otherwise = replayed(&restarted, rankings[0]).await;
    assert!(!otherwise.is_same);
    assert_ne!(otherwise.entries[0].contributions, first[0].contributions);
    restarted.stop().await;
}

/// A model with other weights.
fn other_model() -> Model {
    let mut file: Value = serde_json::from_str(&Model::bundled().to_json()).unwrap();
    file["version"] = json!("other");
    let features = file["features"].as_array_mut().unwrap();
    let weights: Vec<Value> = features.iter().map(|feature| feature["weight"].clone()).collect();
    // Two weights of substance change places: the sums stay.
    let (first, second) = (weights[0].clone(), weights[1].clone());
    features[0]["weight"] = second;
    features[1]["weight"] = first;
    Model::from_json(&file.to_string()).unwrap()
}

async fn id_of(app: &TestApp, number: &str) -> AlumnusId {
    let company_id = app.company_id(AOBA).await;
    let found = alumni::find_by_external_id(&app.app.db, company_id, number)
        .await
        .unwrap();
    found.unwrap().id
}

/// Erases a person from the records and from the company, as one.
async fn erase_person(app: &TestApp, company_id: CompanyId, id: AlumnusId) {
    let tx = app.app.db.begin_for(company_id).await.unwrap();
    let (event, now) = (app.app.clock.new_id(), app.app.clock.now());
    erase(&tx, company_id, id, event, now).await.unwrap();
    assert!(alumni::erase(&tx, company_id, id).await.unwrap());
    tx.commit().await.unwrap();
}

async fn few_of_many_are_found_in_their_lists_and_erased_from_them(app: &TestApp) {
    let many = (1..40).map(|n| alumnus(&format!("a{n:03}")));
    let rows: Vec<_> = many.chain([alumnus("a040").skills(&["養蜂"])]).collect();
    app.import(&rows).await;
    app.index().await;
    assert_eq!(app.recruiter().search("養蜂").await, ["人物 a040"]);
    let people = Bytes {
        table: "served_list",
        column: "people",
        condition: "sequence = 1",
    };
    let recorded = people.read(app).await;
    let numbers = audit::numbers::decode(&recorded).unwrap();
    assert_eq!((recorded[0], numbers.len()), (1, 1), "gaps: {recorded:?}");

    let company_id = app.company_id(AOBA).await;
    let (last, first) = (id_of(app, "a040").await, id_of(app, "a001").await);
    let db = &app.app.db;
    assert_eq!(
        audit::rankings_of(db, company_id, last, None, 10)
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        audit::rankings_of(db, company_id, first, None, 10).await.unwrap(),
        []
    );
    let other = audit::numbers::encode(vec![numbers[0] - 1]);
    let more = audit::numbers::encode(vec![numbers[0], numbers[0] + 1]);
    let torn = [recorded.as_slice(), &[0x80]].concat();
    for altered in [other, more, torn, Vec::new()] {
        people.write(app, &altered).await;
        let found = found(app).await;
        assert!(
            found.len() == 1 && found[0].0 == 1 && found[0].1.contains("who is in it"),
            "{altered:?}: {found:?}"
        );
    }
    people.write(app, &recorded).await;

    erase_person(app, company_id, last).await;
    let report = check(app).await;
    assert_eq!(report.findings, []);
    assert_eq!((report.n_tombstones, report.n_events), (1, 1));
}

async fn an_erased_person_replays_as_a_tombstone_and_the_chain_holds(app: &TestApp) {
    let [candidates, feed, ..] = shown(app).await;
    assert_eq!(app.recruiter().search("養蜂").await, ["人物 a001"]);
    let company_id = app.company_id(AOBA).await;
    let (aiko, other) = (id_of(app, "a001").await, id_of(app, "a002").await);
    let place = replayed(app, candidates)
        .await
        .entries
        .iter()
        .position(|entry| entry.key == Some(aiko.0))
        .unwrap();

    erase_person(app, company_id, aiko).await;

    let report = check(app).await;
    assert_eq!(report.findings, []);
    // Her feed went as a whole; she was in the candidates and in two searches.
    assert_eq!((report.n_erased, report.n_tombstones, report.n_events), (1, 3, 1));
    let again = replayed(app, candidates).await;
    assert!(again.is_same);
    assert_eq!(again.entries[place].key, None);
    assert_eq!(again.entries[1 - place].key, Some(other.0));
    assert!(again.entries[1 - place].score.is_some());
    let stored = find(&app.app.db, company_id, feed).await.unwrap().unwrap();
    assert!(stored.ranking.is_none());
    assert_eq!(
        audit::rankings_of(&app.app.db, company_id, aiko, None, 10)
            .await
            .unwrap(),
        []
    );

    // No table keeps what she wrote, or that she was searched by it; nor her identifier beside a score.
    let bytes = all_bytes(app).await;
    for text in ["養蜂", "人物 a001"] {
        assert!(!contains(&bytes, text.as_bytes()), "{text}");
    }
    let lists = served_bytes(app).await;
    assert!(!contains(&lists, aiko.0.as_bytes()) && contains(&lists, other.0.as_bytes()));

    // An event that says otherwise than it did, and a blank entry without one, are tampering.
    drop_triggers(app).await;
    run(
        app,
        "UPDATE audit_chain SET payload = '{\"bodies\":[2],\"entries\":[]}' WHERE kind = 'ERASURE'",
    )
    .await;
    let findings = found(app).await;
    assert!(
        findings
            .iter()
            .any(|(_, what)| what.contains("payload was altered")),
        "{findings:?}"
    );
    run(app, "DELETE FROM audit_chain WHERE kind = 'ERASURE'").await;
    let findings = found(app).await;
    assert!(
        findings
            .iter()
            .any(|(at, what)| *at == 1 && what.contains("is blank")),
        "{findings:?}"
    );
    assert!(
        findings
            .iter()
            .any(|(at, what)| *at == 2 && what.contains("missing")),
        "{findings:?}"
    );
}

async fn a_list_that_was_ranked_before_somebody_was_erased_elsewhere_is_recorded_without_them(app: &TestApp) {
    // From here on the server keeps the salts of both.
    let [candidates, ..] = shown(app).await;
    let company_id = app.company_id(AOBA).await;
    let (aiko, other) = (id_of(app, "a001").await, id_of(app, "a002").await);
    let row = served_lists::find(&app.app.db, company_id, ServedListId(candidates)).await;
    let row = row.unwrap().unwrap();
    let ranked = served::read(&row).unwrap();
    let place = ranked.entries.iter().position(|entry| entry.key == aiko.0);
    let place = place.unwrap();

    let beside = app.beside(|_| {}).await;
    assert!(erasure::erase(&beside.app, company_id, aiko).await.unwrap());
    let viewer = Viewer {
        company_id,
        role: Role::Recruiter,
        subject: "recruiter".to_owned(),
        unit: None,
        alumnus_id: None,
    };
    let subject = Subject {
        kind: ServedListKind::Candidates,
        items: Items::Alumni,
        subject_id: row.subject_id,
        criteria: String::new(),
    };
    let record = || {
        let (list, scored_with) = (ranked.clone(), ScoredWith::default());
        served::record(
            &app.app,
            &viewer,
            &subject,
            list,
            scored_with,
            (row.position, row.as_of),
        )
    };
    // The second time the server knows.
    for recorded in [record().await.unwrap(), record().await.unwrap()] {
        let stored = served_lists::find(&app.app.db, company_id, recorded.id).await;
        let stored = served::read(&stored.unwrap().unwrap()).unwrap();
        for list in [recorded.list, stored] {
            assert!(list.entries[place].is_erased());
            assert_eq!(list.entries[1 - place].key, other.0);
        }
    }
    assert!(!contains(&served_bytes(app).await, aiko.0.as_bytes()));
    assert_eq!(check(app).await.findings, []);
    beside.stop().await;
}

async fn a_server_forgets_the_salt_of_somebody_who_was_erased_elsewhere(app: &TestApp) {
    shown(app).await;
    let company_id = app.company_id(AOBA).await;
    let aiko = id_of(app, "a001").await;
    assert!(app.app.audit.keeps_salts(company_id));
    salts::forget_destroyed(&app.app).await.unwrap();
    assert!(app.app.audit.keeps_salts(company_id), "nobody was erased");
    let beside = app.beside(|_| {}).await;
    assert!(erasure::erase(&beside.app, company_id, aiko).await.unwrap());
    salts::forget_destroyed(&app.app).await.unwrap();
    assert!(!app.app.audit.keeps_salts(company_id));
    beside.stop().await;
}

/// What the database's tables hold, as text; on SQLite the whole file after a vacuum.
async fn all_bytes(app: &TestApp) -> Vec<u8> {
    let sql = app.sql().await;
    if sql.get_database_backend() == DbBackend::Sqlite {
        sql.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)")
            .await
            .unwrap();
        sql.execute_unprepared("VACUUM").await.unwrap();
        sql.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)")
            .await
            .unwrap();
        sql.close().await.unwrap();
        return std::fs::read(app.directory().join("okaeri.sqlite")).unwrap();
    }
    let tables = "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'";
    let mut bytes = Vec::new();
    for table in sql
        .query_all_raw(Statement::from_string(DbBackend::Postgres, tables))
        .await
        .unwrap()
    {
        let name: String = table.try_get("", "name").unwrap();
        let text = format!("SELECT t::text AS row FROM \"{name}\" t");
        for row in sql
            .query_all_raw(Statement::from_string(DbBackend::Postgres, text))
            .await
            .unwrap()
        {
            let row: String = row.try_get("", "row").unwrap();
            bytes.extend(row.into_bytes());
        }
    }
    sql.close().await.unwrap();
    bytes
}

/// The entries of all served lists.
async fn served_bytes(app: &TestApp) -> Vec<u8> {
    let sql = app.sql().await;
    let statement = Statement::from_string(
        sql.get_database_backend(),
        "SELECT entries AS bytes FROM served_list",
    );
    let mut bytes = Vec::new();
    for row in sql.query_all_raw(statement).await.unwrap() {
        bytes.extend(row.try_get::<Vec<u8>>("", "bytes").unwrap());
    }
    sql.close().await.unwrap();
    bytes
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

async fn retention_takes_bodies_with_an_event_and_silence_is_found(app: &TestApp) {
    let [candidates, feed, ..] = shown(app).await;
    assert_eq!(retention::expire(&app.app).await.unwrap(), 0);
    let restarted = app
        .later(TimeDelta::days(1), |config| config.audit.candidates_days = 0)
        .await;
    assert_eq!(retention::expire(&restarted.app).await.unwrap(), 1);

    let report = check(&restarted).await;
    assert_eq!(report.findings, []);
    assert_eq!(
        (
            report.n_records,
            report.n_rankings,
            report.n_expired,
            report.n_events
        ),
        (5, 3, 1, 1)
    );
    let company_id = app.company_id(AOBA).await;
    let stored = find(&app.app.db, company_id, candidates).await.unwrap().unwrap();
    assert!(stored.ranking.is_none());
    assert!(replayed(&restarted, feed).await.is_same, "other kinds stay");

    run(&restarted, "DELETE FROM served_list WHERE sequence = 2").await;
    assert_eq!(found(&restarted).await.len(), 1);
    restarted.stop().await;
}

async fn concurrent_rankings_leave_no_gap(app: &TestApp) {
    const N_RANKINGS: usize = 20;
    app.import(&[alumnus("a001"), alumnus("a002"), role("r01")]).await;
    let ask = |_| {
        let recruiter = app.recruiter();
        tokio::spawn(async move { recruiter.candidates("r01", "").await.total })
    };
    for task in (0..N_RANKINGS).map(ask).collect::<Vec<_>>() {
        assert_eq!(task.await.unwrap(), 2);
    }
    let report = check(app).await;
    assert_eq!((report.findings, report.n_records), (vec![], N_RANKINGS as u64));
    let chain = rows::list_after(&app.app.db, app.company_id(AOBA).await, 0, 100)
        .await
        .unwrap();
    let places: Vec<u64> = chain.iter().map(|row| row.sequence).collect();
    assert_eq!(places, (1..=N_RANKINGS as u64).collect::<Vec<_>>());
}

const RECORDS: &str = "query($filter: AuditRecordFilter) { auditRecords(filter: $filter) { totalCount nodes {
    rankingId sequence kind reader { role subject } opportunity { externalId } criteria rankedCount
    leftOut { rule count } } } }";

async fn administrators_read_records_and_see_no_feed_and_nobody_who_was_left_out(app: &TestApp) {
    shown(app).await;
    let kanri = app.administrator();
    let _ = app.employee().search("英語").await;
    app.import(&[alumnus("a003").interests(&[])]).await;
    ranking_of_candidates(&app.recruiter(), "r01").await;
    let all = kanri.query(RECORDS, Value::Null).await["auditRecords"].clone();
    let nodes = all["nodes"].as_array().unwrap();
    let kinds: Vec<&str> = nodes.iter().map(|node| node["kind"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        ["CANDIDATES", "SEARCH", "SEARCH", "SEARCH", "FEED", "CANDIDATES"]
    );
    assert_eq!(
        nodes[0]["reader"],
        json!({"role": "RECRUITER", "subject": "saiyo"})
    );
    assert_eq!(nodes[0]["opportunity"]["externalId"], "r01");
    assert_eq!(nodes[0]["leftOut"], json!([{"rule": "NO_INTEREST", "count": 1}]));
    assert_eq!(nodes[1]["reader"], json!({"role": "EMPLOYEE", "subject": null}));
    assert_eq!(nodes[1]["criteria"], Value::Null);
    assert!(nodes[3]["criteria"].as_str().unwrap().contains("在庫管理"));
    assert_eq!(nodes[4]["reader"], json!({"role": "ALUMNUS", "subject": null}));

    let one =
        "query($id: ID!) { auditRecord(rankingId: $id) { isIntact findings candidates { totalCount nodes {
        rank alumnus { externalId } isErased score contributions { feature value } } } } }";
    let record = kanri.query(one, json!({"id": nodes[0]["rankingId"]})).await["auditRecord"].clone();
    assert_eq!(
        (&record["isIntact"], &record["findings"]),
        (&json!(true), &json!([]))
    );
    assert_eq!(record["candidates"]["totalCount"], 2, "nobody who was left out");
    assert_eq!(record["candidates"]["nodes"][0]["rank"], 1);
    assert!(record["candidates"]["nodes"][0]["score"].as_f64().unwrap() > 0.0);
    for hidden in [&nodes[1], &nodes[4]] {
        let record = kanri.query(one, json!({"id": hidden["rankingId"]})).await["auditRecord"].clone();
        assert_eq!(
            (&record["isIntact"], &record["candidates"]),
            (&json!(true), &Value::Null)
        );
    }

    let total = async |filter: Value| {
        kanri.query(RECORDS, json!({"filter": filter})).await["auditRecords"]["totalCount"].clone()
    };
    let (role, aiko) = (kanri.opportunity_id("r01").await, kanri.alumnus_id("a001").await);
    assert_eq!(total(json!({"opportunityId": role})).await, 2);
    assert_eq!(total(json!({"alumnusId": aiko})).await, 4);
    assert_eq!(
        total(json!({"alumnusId": kanri.alumnus_id("a003").await})).await,
        0
    );
    assert_eq!(
        total(json!({"reader": "saiyo", "kinds": ["CANDIDATES"]})).await,
        2
    );
    assert_eq!(
        total(json!({"reader": id_of(app, "a001").await.to_string()})).await,
        0
    );
    assert_eq!(total(json!({"kinds": []})).await, 0);
    assert_eq!(total(json!({"since": "2027-01-01T00:00:00Z"})).await, 0);
    assert_eq!(total(json!({"until": "2027-01-01T00:00:00Z"})).await, 6);

    // Pages follow each other without gap or overlap.
    let page = "query($after: String) { auditRecords(first: 4, after: $after) { nodes { sequence } pageInfo { endCursor hasNextPage } } }";
    let first = kanri.query(page, Value::Null).await["auditRecords"].clone();
    let after = json!({"after": first["pageInfo"]["endCursor"]});
    let second = kanri.query(page, after).await["auditRecords"].clone();
    let sequences = |page: &Value| {
        page["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| node["sequence"].as_i64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        [sequences(&first), sequences(&second)].concat(),
        [6, 5, 4, 3, 2, 1]
    );

    // What was altered is told.
    run(
        app,
        "UPDATE served_list SET viewer_subject = 'x' WHERE sequence = 6",
    )
    .await;
    let record = kanri.query(one, json!({"id": nodes[0]["rankingId"]})).await["auditRecord"].clone();
    assert_eq!(record["findings"], json!(["the reader is not the recorded one"]));
}

async fn a_person_sees_which_rankings_they_were_in(app: &TestApp) {
    shown(app).await;
    let company_id = app.company_id(AOBA).await;
    let logistics = app.person(AOBA, Role::Recruiter, "butsuryu", None);
    ranking_of_candidates(&logistics, "s01").await;
    let (aiko, db) = (id_of(app, "a001").await, &app.app.db);
    let rankings = audit::rankings_of(db, company_id, aiko, None, 10).await.unwrap();
    let kinds: Vec<&str> = rankings.iter().map(|one| one.kind.code()).collect();
    assert_eq!(kinds, ["CANDIDATES", "SEARCH", "CANDIDATES"]);
    assert!(
        rankings
            .iter()
            .all(|one| one.reader_role == Some(Role::Recruiter) && one.n_ranked == 2)
    );
    assert!(rankings[0].score.unwrap() > 0.0 && !rankings[0].contributions.is_empty());
    assert_eq!((rankings[1].score, rankings[1].opportunity_id), (None, None));
    let newest = audit::rankings_of(db, company_id, aiko, None, 1).await.unwrap();
    assert_eq!(newest, rankings[..1]);
    let rest = audit::rankings_of(db, company_id, aiko, Some(newest[0].sequence), 10)
        .await
        .unwrap();
    assert_eq!(rest, rankings[1..]);
}

async fn a_record_of_another_company_is_missing(app: &TestApp) {
    app.create_company("midori", |_| {}, false).await;
    let rows = [alumnus("a001"), role("r01")];
    app.import(&rows).await;
    app.import_into("midori", &rows).await;
    let document = "{ opportunity(externalId: \"r01\") { candidates { rankingId } } }";
    let theirs = app.recruiter_of("midori").query(document, Value::Null).await;
    let theirs = theirs["opportunity"]["candidates"]["rankingId"].clone();
    let kanri = app.administrator();
    let one = "query($id: ID!) { auditRecord(rankingId: $id) { isIntact } node(id: $id) { id } }";
    let answer = kanri.ask(one, json!({"id": theirs})).await;
    let none = kanri
        .ask(
            one,
            json!({"id": "UmFua2luZzowMTkwMDAwMDAwMDA3MDAwODAwMDAwMDAwMDAwMGZmZg"}),
        )
        .await;
    assert_eq!(answer.comparable(), none.comparable());
    assert_eq!(answer.body["data"]["auditRecord"], Value::Null);
    assert_eq!(
        kanri.query(RECORDS, Value::Null).await["auditRecords"]["totalCount"],
        0
    );
}
