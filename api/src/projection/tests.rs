//! A company's own words, on SQLite with the real dictionary.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{Alumnus, AlumnusId, AlumnusStatus, Company, PersonName, Profile};
use okaeri_engine::index::SearchScope;
use okaeri_engine::text::dictionary::default_dir;
use uuid::Uuid;

use super::*;
use crate::db::alumni::{self, Private, Record};
use crate::db::change_log::Change;
use crate::db::{PoolSettings, companies, migrate, standings};
use crate::usecase::words;

const AOBA: CompanyId = CompanyId(Uuid::from_u128(1));
const MIDORI: CompanyId = CompanyId(Uuid::from_u128(2));

fn now() -> DateTime<Utc> {
    "2026-11-20T00:00:00Z".parse().unwrap()
}

fn dictionary() -> Dictionary {
    let value = |name| std::env::var_os(name);
    let dir = default_dir(
        value("OKAERI_DICTIONARY_DIR"),
        value("XDG_CACHE_HOME"),
        value("HOME"),
    );
    Dictionary::open(&dir.unwrap()).unwrap()
}

fn word(surface: &str) -> UserWord {
    UserWord {
        surface: surface.to_owned(),
        reading: None,
        meaning: None,
    }
}

fn person(company_id: CompanyId, n: u128, summary: &str) -> Record {
    let alumnus = Alumnus {
        id: AlumnusId(Uuid::from_u128(company_id.0.as_u128() * 100 + n)),
        company_id,
        external_id: Some(format!("a{n}")),
        name: PersonName {
            kanji: format!("山田 {n}"),
            kana: None,
        },
        email: None,
        status: AlumnusStatus::Unclaimed,
        interests: Vec::new(),
        profile: Profile {
            summary: Some(summary.to_owned()),
            ..Profile::default()
        },
    };
    Record {
        alumnus,
        private: Private::default(),
    }
}

/// Records people as an import does.
async fn import(db: &Database, company_id: CompanyId, people: &[Record]) {
    let tx = db.begin_for(company_id).await.unwrap();
    alumni::upsert_all(&tx, company_id, people, now()).await.unwrap();
    for person in people {
        let change = Change::AlumnusChanged(person.alumnus.id);
        change_log::append(&tx, company_id, change, now()).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Both companies have somebody who looked after みちびき, and somebody who looked after a way (みち).
async fn store(dir: &std::path::Path) -> Database {
    let url = format!("sqlite:{}", dir.join("okaeri.db").display());
    let db = Database::connect(&url, &PoolSettings::default())
        .await
        .unwrap()
        .with_keys(crate::db::testing::keys());
    migrate::up(&db).await.unwrap();
    for (company_id, slug) in [(AOBA, "aoba"), (MIDORI, "midori")] {
        let company = Company {
            id: company_id,
            slug: slug.to_owned(),
            name: slug.to_owned(),
            is_demonstration: false,
        };
        let tx = db.begin().await.unwrap();
        companies::insert(&tx, &company, now()).await.unwrap();
        tx.commit().await.unwrap();
        let people = [
            person(company_id, 1, "社内のみちびきを担当"),
            person(company_id, 2, "山のみちを担当"),
        ];
        import(&db, company_id, &people).await;
    }
    db
}

/// What is in memory and what is in the index, with the positions of both.
fn held(projection: &CompanyProjection) -> (Vec<(u128, String)>, u64) {
    let state = projection.state();
    let mut in_memory: Vec<(u128, String)> = state
        .pool
        .ids()
        .map(|id| {
            let summary = state.pool.profile(id).unwrap().profile.summary.clone();
            (id.0.as_u128(), summary.unwrap_or_default())
        })
        .collect();
    in_memory.sort();
    let payloads = projection.index.payloads().map(|payload| {
        let (id, bytes) = payload.unwrap();
        let profile = open::profile_from(&bytes).unwrap().profile;
        (id.0.as_u128(), profile.summary.unwrap_or_default())
    });
    let mut indexed: Vec<(u128, String)> = payloads.collect();
    indexed.sort();
    assert_eq!(in_memory, indexed);
    assert_eq!(projection.position(), projection.index.position().unwrap());
    (in_memory, projection.position())
}

/// Who is found, by number, by a server that runs.
async fn found(server: &Projections, company_id: CompanyId, query: &str) -> Vec<u128> {
    server.catch_up_all().await.unwrap();
    let projection = server.index(company_id).await.unwrap();
    let result = projection
        .index
        .search_alumni(query, SearchScope::WholeProfile, 10);
    let hits = result.unwrap().hits.into_iter();
    let mut found: Vec<u128> = hits.map(|id| id.0.as_u128() % 100).collect();
    found.sort_unstable();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_companys_words_are_whole_once_imported_and_a_running_server_follows() {
    let dir = tempfile::tempdir().unwrap();
    let db = store(dir.path()).await;
    let open = |index: &str| Projections::new(db.clone(), dictionary(), dir.path().join(index)).unwrap();
    // The command shares the first server's indexes; the second has its own.
    let (server, elsewhere, command) = (open("index"), open("elsewhere"), open("index"));
    let replace =
        async |words: Vec<UserWord>| words::replace(&db, &command, AOBA, words, now()).await.unwrap();
    let mut positions = server.follow(AOBA).await.unwrap();

    // The dictionary alone cuts みちびき into みち and びき.
    for server in [&server, &elsewhere] {
        assert_eq!(found(server, AOBA, "みち").await, [1, 2]);
        assert_eq!(found(server, MIDORI, "みち").await, [1, 2]);
    }
    assert!(replace(vec![word("みちびき")]).await.is_some());
    for server in [&server, &elsewhere] {
        assert_eq!(found(server, AOBA, "みち").await, [2]);
        assert_eq!(found(server, AOBA, "みちびき").await, [1]);
        assert_eq!(found(server, MIDORI, "みち").await, [1, 2]);
    }
    let newest = change_log::newest_position(&db, AOBA).await.unwrap();
    assert_eq!(*positions.borrow_and_update(), newest);

    assert!(replace(vec![word("みちびき")]).await.is_none());
    assert!(replace(vec![word("みちしるべ")]).await.is_some());
    for server in [&server, &elsewhere, &open("index")] {
        assert_eq!(found(server, AOBA, "みち").await, [1, 2]);
        assert_eq!(found(server, MIDORI, "みち").await, [1, 2]);
    }
    // Who followed the company before its words changed still does.
    assert_eq!(positions.has_changed().ok(), Some(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_company_asked_for_least_recently_makes_room_and_who_listens_keeps_theirs() {
    let dir = tempfile::tempdir().unwrap();
    let db = store(dir.path()).await;
    let open = |bounds| {
        let opened = Projections::new(db.clone(), dictionary(), dir.path().join("index"));
        opened.unwrap().within(bounds)
    };
    let none = Bounds::default();
    let server = open(Bounds {
        memory_bytes: Some(1),
        ..none
    });
    server.index(AOBA).await.unwrap();
    assert!(server.is_in_memory(AOBA), "one may always be in");
    assert_eq!(server.put_out(Instant::now()), 0);
    server.index(MIDORI).await.unwrap();
    assert!(!server.is_in_memory(AOBA) && server.is_in_memory(MIDORI));

    let listening = server.follow(MIDORI).await.unwrap();
    server.index(AOBA).await.unwrap();
    assert!(server.is_in_memory(AOBA) && server.is_in_memory(MIDORI), "in use");
    drop(listening);
    assert_eq!(server.put_out(Instant::now()), 1);
    assert!(server.is_in_memory(AOBA) && !server.is_in_memory(MIDORI));
    assert_eq!(server.memory_use().n_evictions, 2);

    let idle = std::time::Duration::from_secs(60);
    let server = open(Bounds {
        idle: Some(idle),
        ..none
    });
    let began_at = Instant::now();
    server.index(AOBA).await.unwrap();
    assert_eq!(server.put_out(began_at), 0);
    assert_eq!(server.put_out(Instant::now() + idle), 1);
    let server = open(none);
    server.index(AOBA).await.unwrap();
    assert_eq!(server.put_out(Instant::now() + idle * 1_000_000), 0, "no bounds");
}

#[tokio::test(flavor = "multi_thread")]
async fn profiles_beyond_the_bound_lie_beside_the_index_and_are_what_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let db = store(dir.path()).await;
    let open = |index: &str| Projections::new(db.clone(), dictionary(), dir.path().join(index)).unwrap();
    let bounds = Bounds {
        profiles: Some(1),
        ..Bounds::default()
    };
    let (server, whole) = (open("index").within(bounds), open("elsewhere"));
    let in_memory = |projection: &CompanyProjection| {
        let state = projection.state();
        let kept = state.pool.ids().filter_map(|id| state.pool.kept(id));
        kept.filter(|kept| kept.is_in_memory()).count()
    };
    for summary in ["山のみちを担当", "川のみちを担当"] {
        import(&db, AOBA, &[person(AOBA, 2, summary)]).await;
        let (projection, all) = (
            server.index(AOBA).await.unwrap(),
            whole.index(AOBA).await.unwrap(),
        );
        assert_eq!(held(&projection), held(&all));
        assert_eq!((in_memory(&projection), in_memory(&all)), (1, 2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_words_that_came_while_a_company_was_out_are_its_words_when_it_comes_in() {
    let dir = tempfile::tempdir().unwrap();
    let db = store(dir.path()).await;
    let open = |index: &str| Projections::new(db.clone(), dictionary(), dir.path().join(index)).unwrap();
    let bounds = Bounds {
        idle: Some(std::time::Duration::ZERO),
        ..Bounds::default()
    };
    // The command has an index of its own, so that nobody rebuilds the server's.
    let (server, command) = (open("index").within(bounds), open("elsewhere"));
    assert_eq!(found(&server, AOBA, "みち").await, [1, 2]);
    assert_eq!(server.put_out(Instant::now()), 1);
    let replaced = words::replace(&db, &command, AOBA, vec![word("みちびき")], now()).await;
    assert!(replaced.unwrap().is_some());
    server.catch_up_all().await.unwrap();
    server.follow_absent().await.unwrap();
    assert!(!server.is_in_memory(AOBA));
    assert_eq!(found(&server, AOBA, "みち").await, [2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_many_changes_wait_memory_and_index_go_on_together_from_wherever_each_is() {
    let dir = tempfile::tempdir().unwrap();
    let db = store(dir.path()).await;
    let open = |index: &str| Projections::new(db.clone(), dictionary(), dir.path().join(index)).unwrap();
    let people = |numbers: std::ops::Range<u128>, summary: &str| -> Vec<Record> {
        numbers.map(|n| person(AOBA, n, summary)).collect()
    };
    // Memory ahead of the index, the index ahead of memory, neither, and none of both.
    let (memory_first, index_first, together) = (open("memory"), open("index"), open("together"));
    memory_first.barrier(AOBA).await.unwrap();
    index_first.barrier(AOBA).await.unwrap();
    open("index").index(AOBA).await.unwrap();
    together.index(AOBA).await.unwrap();

    import(&db, AOBA, &people(3..99, "決算を担当")).await;
    memory_first.company(AOBA).await.unwrap();
    memory_first.catch_up(AOBA).await.unwrap();
    open("index").index(AOBA).await.unwrap();

    import(&db, AOBA, &people(10_003..10_303, "要件定義を担当")).await;
    import(&db, AOBA, &people(50..60, "通関を担当")).await;
    let gone = person(AOBA, 10_100, "").alumnus.id;
    let tx = db.begin_for(AOBA).await.unwrap();
    assert!(alumni::erase(&tx, AOBA, gone).await.unwrap());
    change_log::append(&tx, AOBA, Change::AlumnusRemoved(gone), now())
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let mut found = Vec::new();
    for server in [&memory_first, &index_first, &together, &open("new")] {
        found.push(held(&server.index(AOBA).await.unwrap()));
    }
    let newest = change_log::newest_position(&db, AOBA).await.unwrap();
    assert_eq!(found[0].0.len(), 98 + 300 - 1);
    assert_eq!(found[0].1, newest);
    assert!(found.iter().all(|one| *one == found[0]));
    // A worker comes to the same.
    let followed = open("followed");
    followed.company(MIDORI).await.unwrap();
    let waiting: Vec<Record> = (3..98).map(|n| person(MIDORI, n, "決算を担当")).collect();
    import(&db, MIDORI, &waiting).await;
    import(&db, MIDORI, &waiting).await;
    import(&db, MIDORI, &waiting).await;
    followed.catch_up_all().await.unwrap();
    assert_eq!(held(&followed.company(MIDORI).await.unwrap()).0.len(), 97);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_is_current_that_is_in_memory_with_every_change() {
    let dir = tempfile::tempdir().unwrap();
    let db = store(dir.path()).await;
    let server = Projections::new(db.clone(), dictionary(), dir.path().join("index")).unwrap();
    assert!(server.if_current(AOBA).await.unwrap().is_none());
    assert!(!server.is_in_memory(AOBA), "nothing is brought in");

    server.barrier(AOBA).await.unwrap();
    let current = server.if_current(AOBA).await.unwrap().unwrap();
    import(&db, AOBA, &[person(AOBA, 3, "決算を担当")]).await;
    assert!(server.if_current(AOBA).await.unwrap().is_none());
    assert_eq!(current.state().pool.len(), 2, "nothing is waited for");
    import(&db, MIDORI, &[person(MIDORI, 3, "決算を担当")]).await;
    server.barrier(AOBA).await.unwrap();
    // What happens in other companies is none of its changes.
    import(&db, MIDORI, &[person(MIDORI, 4, "決算を担当")]).await;
    let current = server.if_current(AOBA).await.unwrap().unwrap();
    let standings = standings::load_all(&db, AOBA).await.unwrap();
    assert_eq!(standings.len(), 3);
    {
        let state = current.try_state().unwrap();
        for (id, standing) in standings {
            assert_eq!(state.pool.standing(id), Some(&standing));
        }
    }
    // Whoever can do without waits for nobody who changes the state.
    {
        let _changing = current.state_mut();
        assert!(current.try_state().is_none());
    }
    // Memory that knows changes which the database lost tells of no moment of it.
    current.announce(current.position() + 1);
    assert!(server.if_current(AOBA).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_somebody_else_writes_does_not_keep_changes_from_memory() {
    let dir = tempfile::tempdir().unwrap();
    let db = store(dir.path()).await;
    let open = || Projections::new(db.clone(), dictionary(), dir.path().join("index")).unwrap();
    let (server, other) = (open(), open());
    let writing = other.index(AOBA).await.unwrap();
    server.company(AOBA).await.unwrap();
    let before = writing.index.begin().unwrap();
    let people: Vec<Record> = (10_003..10_303).map(|n| person(AOBA, n, "決算を担当")).collect();
    import(&db, AOBA, &people).await;

    server.catch_up(AOBA).await.unwrap();
    let projection = server.company(AOBA).await.unwrap();
    let newest = change_log::newest_position(&db, AOBA).await.unwrap();
    assert_eq!(projection.position(), newest);
    assert_eq!(projection.state().pool.len(), 302);
    assert_eq!(projection.index.position().unwrap(), before);
    writing.index.abandon();
    server.index_all().await.unwrap();
    held(&projection);
}
