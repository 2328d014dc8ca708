//! Imports into a database of their own, each in a directory of its own.

use std::panic::AssertUnwindSafe;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::FutureExt;
use okaeri_engine::domain::correction::{Correction, Decision, KeptParts, Verdict};
use okaeri_engine::domain::{Company, CorrectionId, Interest, OpportunityKind, Policy, Programme};

use super::*;
use crate::db::PoolSettings;
use crate::import::{parse_alumni, parse_opportunities};

const DEMO_ALUMNI: &[u8] = include_bytes!("../../../../demo/alumni.jsonl");
const DEMO_OPPORTUNITIES: &[u8] = include_bytes!("../../../../demo/opportunities.jsonl");

struct Store {
    db: Database,
    company_id: CompanyId,
    n_ids: AtomicU64,
    _dir: tempfile::TempDir,
}

fn new_salt() -> [u8; 32] {
    [7; 32]
}

fn now() -> DateTime<Utc> {
    "2026-11-20T00:00:00Z".parse().unwrap()
}

impl Store {
    async fn new() -> Self {
        Self::offering(Policy::default()).await
    }

    async fn offering(policy: Policy) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", dir.path().join("okaeri.db").display());
        let db = Database::connect(&url, &PoolSettings::default())
            .await
            .unwrap()
            .with_keys(crate::db::testing::keys());
        db::migrate::up(&db).await.unwrap();
        let company_id = CompanyId(Uuid::from_u128(1));
        let company = Company {
            id: company_id,
            slug: "aoba".to_owned(),
            name: "青葉".to_owned(),
            is_demonstration: true,
        };
        let tx = db.begin().await.unwrap();
        db::companies::insert(&tx, &company, now()).await.unwrap();
        db::programmes::insert(&tx, &Programme::new(company_id, policy), now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        Self {
            db,
            company_id,
            n_ids: AtomicU64::new(1_000),
            _dir: dir,
        }
    }

    fn new_id(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.n_ids.fetch_add(1, Ordering::Relaxed)))
    }

    /// How many people of the company have a salt.
    async fn n_salts(&self) -> usize {
        let ids = db::alumni::list_ids(&self.db, self.company_id, None, 10_000)
            .await
            .unwrap();
        let salts = db::audit::load_salts(&self.db, self.company_id, ids.iter().map(|id| id.0));
        salts.await.unwrap().len()
    }

    async fn alumni(&self, bytes: &[u8], is_dry_run: bool, is_all_or_nothing: bool) -> ImportReport {
        let options = Options {
            is_dry_run,
            is_all_or_nothing,
            now: now(),
            new_id: &|| self.new_id(),
            new_salt: &new_salt,
            progress: &(),
        };
        apply_alumni(&self.db, self.company_id, parse_alumni(bytes).unwrap(), &options)
            .await
            .unwrap()
    }

    async fn opportunities(&self, bytes: &[u8]) -> ImportReport {
        let options = Options {
            is_dry_run: false,
            is_all_or_nothing: false,
            now: now(),
            new_id: &|| self.new_id(),
            new_salt: &new_salt,
            progress: &(),
        };
        apply_opportunities(
            &self.db,
            self.company_id,
            parse_opportunities(bytes).unwrap(),
            &options,
        )
        .await
        .unwrap()
    }

    async fn position(&self) -> u64 {
        db::change_log::newest_position(&self.db, self.company_id)
            .await
            .unwrap()
    }

    async fn find(&self, external_id: &str) -> Alumnus {
        db::alumni::find_by_external_id(&self.db, self.company_id, external_id)
            .await
            .unwrap()
            .unwrap()
    }

    async fn purposes(&self, external_id: &str) -> Vec<Purpose> {
        let id = self.find(external_id).await.id;
        let consents = db::consents::list(&self.db, self.company_id, id).await.unwrap();
        let mut held: Vec<Purpose> = Purpose::ALL
            .iter()
            .copied()
            .filter(|purpose| consents.iter().any(|consent| consent.covers(*purpose)))
            .collect();
        held.sort_unstable();
        held
    }

    /// Everything but identifiers.
    async fn contents(&self) -> Vec<String> {
        let ids = db::alumni::list_ids(&self.db, self.company_id, None, 10_000)
            .await
            .unwrap();
        let mut contents = Vec::new();
        for alumnus in db::alumni::load(&self.db, self.company_id, &ids).await.unwrap() {
            let external_id = alumnus.external_id.clone().unwrap();
            let purposes = self.purposes(&external_id).await;
            let private = db::alumni::find_private(&self.db, self.company_id, alumnus.id)
                .await
                .unwrap();
            contents.push(format!(
                "{external_id} {:?} {:?} {:?} {:?} {purposes:?} {private:?}",
                alumnus.name, alumnus.email, alumnus.interests, alumnus.profile
            ));
        }
        contents.sort_unstable();
        contents
    }
}

#[tokio::test]
async fn the_same_file_twice_is_as_good_as_once() {
    let store = Store::new().await;
    let first = store.alumni(DEMO_ALUMNI, false, false).await;
    assert_eq!((first.n_inserted, first.n_failed, first.is_kept), (462, 0, true));
    assert!(first.n_consents > 462);
    assert_eq!(store.n_salts().await, 462, "no list has to make them");
    let position = store.position().await;

    let second = store.alumni(DEMO_ALUMNI, false, false).await;
    assert_eq!((second.n_unchanged, second.n_consents), (462, 0));
    assert_eq!(store.position().await, position);

    let first = store.opportunities(DEMO_OPPORTUNITIES).await;
    assert_eq!((first.n_inserted, first.n_failed), (20, 0));
    assert!(first.n_incomplete > 0);
    let second = store.opportunities(DEMO_OPPORTUNITIES).await;
    assert_eq!(second.n_unchanged, 20);
}

#[tokio::test]
async fn an_import_that_ends_at_any_row_and_runs_again_gives_the_data_of_one_run() {
    let whole = Store::new().await;
    whole.alumni(DEMO_ALUMNI, false, false).await;
    let expected = whole.contents().await;

    for n_ids_before_the_end in [0, 1, 777, 1_500] {
        let store = Store::new().await;
        let n_left = Mutex::new(n_ids_before_the_end);
        let new_id = || {
            let mut n_left = n_left.lock().unwrap();
            assert!(*n_left > 0, "the power goes out");
            *n_left -= 1;
            store.new_id()
        };
        let options = Options {
            is_dry_run: false,
            is_all_or_nothing: false,
            now: now(),
            new_id: &new_id,
            new_salt: &new_salt,
            progress: &(),
        };
        let parsed = parse_alumni(DEMO_ALUMNI).unwrap();
        let import = apply_alumni(&store.db, store.company_id, parsed, &options);
        assert!(AssertUnwindSafe(import).catch_unwind().await.is_err());

        let again = store.alumni(DEMO_ALUMNI, false, false).await;
        assert_eq!(again.n_inserted + again.n_unchanged, 462);
        assert_eq!(store.n_salts().await, 462);
        assert!(
            store.contents().await == expected,
            "ended after {n_ids_before_the_end}"
        );
    }
}

const TWO_ROWS: &str = "{\"id\":\"a1\",\"name\":\"山 花\",\"interests\":[\"REHIRE\"],\"leaveReason\":\"STUDY\",\"headline\":\"経理\"}\n{\"id\":\"a2\",\"name\":\"川 花\"}\n";

#[tokio::test]
async fn a_dry_run_says_what_would_happen_and_writes_nothing() {
    let store = Store::new().await;
    let report = store.alumni(TWO_ROWS.as_bytes(), true, false).await;
    assert_eq!(
        (report.n_inserted, report.n_consents, report.is_kept),
        (2, 3, false)
    );
    assert_eq!(db::alumni::count(&store.db, store.company_id).await.unwrap(), 0);
    assert_eq!(store.position().await, 0);
}

#[tokio::test]
async fn one_bad_row_keeps_the_others_unless_it_is_all_or_nothing() {
    let bad = format!("{TWO_ROWS}{{\"id\":\"a3\"}}\n");
    let store = Store::new().await;
    let refused = store.alumni(bad.as_bytes(), false, true).await;
    assert_eq!((refused.n_failed, refused.is_kept), (1, false));
    assert_eq!(db::alumni::count(&store.db, store.company_id).await.unwrap(), 0);

    let kept = store.alumni(bad.as_bytes(), false, false).await;
    assert_eq!((kept.n_failed, kept.n_inserted, kept.is_kept), (1, 2, true));
    assert_eq!(db::alumni::count(&store.db, store.company_id).await.unwrap(), 2);

    let store = Store::new().await;
    let kept = store.alumni(TWO_ROWS.as_bytes(), false, true).await;
    assert_eq!((kept.n_failed, kept.n_inserted, kept.is_kept), (0, 2, true));
    assert_eq!(store.n_salts().await, 2);
}

#[tokio::test]
async fn interests_give_the_consents_that_they_need_with_source_and_file() {
    let store = Store::new().await;
    store.alumni(TWO_ROWS.as_bytes(), false, false).await;
    assert_eq!(
        store.purposes("a1").await,
        [Purpose::Directory, Purpose::Feed, Purpose::Rehire]
    );
    assert!(store.purposes("a2").await.is_empty());
    let id = store.find("a1").await.id;
    for consent in db::consents::list(&store.db, store.company_id, id).await.unwrap() {
        assert_eq!(consent.source, ConsentSource::Import);
        assert_eq!(consent.source_digest.unwrap().len(), 64);
        assert_eq!(consent.text_version, CONSENT_TEXT_VERSION);
    }
}

#[tokio::test]
async fn what_a_row_does_not_carry_stays_and_what_it_carries_empty_is_cleared() {
    let store = Store::new().await;
    store.alumni(TWO_ROWS.as_bytes(), false, false).await;
    store
        .alumni("{\"id\":\"a1\",\"name\":\"山 花子\"}".as_bytes(), false, false)
        .await;
    let alumnus = store.find("a1").await;
    assert_eq!(alumnus.name.kanji, "山 花子");
    assert_eq!(alumnus.profile.headline.as_deref(), Some("経理"));
    assert_eq!(alumnus.interests, [Interest::Rehire]);
    assert_eq!(store.purposes("a1").await.len(), 3);
    let private = db::alumni::find_private(&store.db, store.company_id, alumnus.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(private.leave_reason.as_deref(), Some("STUDY"));

    store
        .alumni("社員番号,氏名,見出し\na1,山 花子,\n".as_bytes(), false, false)
        .await;
    assert_eq!(store.find("a1").await.profile.headline, None);
}

#[tokio::test]
async fn a_withdrawal_by_the_person_outlives_the_next_file() {
    let store = Store::new().await;
    store.alumni(TWO_ROWS.as_bytes(), false, false).await;
    let id = store.find("a1").await.id;
    let tx = store.db.begin_for(store.company_id).await.unwrap();
    db::consents::withdraw(&tx, store.company_id, id, Purpose::Rehire, now())
        .await
        .unwrap()
        .unwrap();
    tx.commit().await.unwrap();

    let report = store.alumni(TWO_ROWS.as_bytes(), false, false).await;
    assert_eq!((report.n_own_choices, report.n_consents), (1, 0));
    assert_eq!(store.purposes("a1").await, [Purpose::Directory, Purpose::Feed]);
}

/// Has a correction of the name asked for and carried out.
async fn correct_name(store: &Store, from: &str, to: &str) {
    let alumnus = store.find("a1").await;
    assert_eq!(alumnus.name.kanji, from);
    let private = db::alumni::find_private(&store.db, store.company_id, alumnus.id)
        .await
        .unwrap()
        .unwrap();
    let requested = KeptParts {
        name_kanji: Some(to.to_owned()),
        ..KeptParts::default()
    };
    let record = Record { alumnus, private };
    let alumnus_id = record.alumnus.id;
    let (record, replaced) = corrected::replace(record, &requested);
    let correction = Correction {
        id: CorrectionId(store.new_id()),
        alumnus_id,
        requested,
        note: None,
        requested_at: now(),
        decision: None,
    };
    let decision = Decision {
        at: now(),
        by: "admin".to_owned(),
        verdict: Verdict::Approved { replaced },
    };
    let tx = store.db.begin_for(store.company_id).await.unwrap();
    db::corrections::insert(&tx, store.company_id, &correction)
        .await
        .unwrap();
    db::corrections::update_decision(&tx, store.company_id, correction.id, &decision)
        .await
        .unwrap();
    db::alumni::upsert(&tx, store.company_id, &record, now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_file_that_repeats_a_corrected_mistake_does_not_bring_it_back_and_news_holds() {
    let store = Store::new().await;
    let file = |name: &str| format!("社員番号,氏名,見出し\na1,{name},経理\na2,他 人,\n");
    store.alumni(file("高橋 花子").as_bytes(), false, false).await;
    correct_name(&store, "高橋 花子", "髙橋 花子").await;

    let report = store.alumni(file("高橋 花子").as_bytes(), false, false).await;
    assert_eq!((report.n_corrections_kept, report.n_unchanged), (1, 2));
    assert_eq!(store.find("a1").await.name.kanji, "髙橋 花子");

    correct_name(&store, "髙橋 花子", "髙橋 華子").await;
    for stale in ["高橋 花子", "髙橋 花子"] {
        let report = store.alumni(file(stale).as_bytes(), false, false).await;
        assert_eq!((report.n_corrections_kept, report.n_unchanged), (1, 2));
    }

    let report = store.alumni(file("佐藤 華子").as_bytes(), false, false).await;
    assert_eq!((report.n_corrections_kept, report.n_updated), (0, 1));
    assert_eq!(store.find("a1").await.name.kanji, "佐藤 華子");
}

#[tokio::test]
async fn an_address_of_another_record_is_refused_by_its_line() {
    let store = Store::new().await;
    store
        .alumni(
            b"{\"id\":\"a1\",\"name\":\"X\",\"email\":\"x@example.jp\"}",
            false,
            false,
        )
        .await;
    let report = store
        .alumni(
            b"\n{\"id\":\"a2\",\"name\":\"Y\",\"email\":\"X@example.jp\"}",
            false,
            false,
        )
        .await;
    assert_eq!((report.n_failed, report.errors[0].line), (1, 2));
    assert_eq!(report.errors[0].column.as_deref(), Some("email"));
}

#[tokio::test]
async fn what_staff_closed_stays_closed_when_the_file_comes_again() {
    let store = Store::new().await;
    store.opportunities(DEMO_OPPORTUNITIES).await;
    let find = || async {
        db::opportunities::find_by_external_id(&store.db, store.company_id, "r05")
            .await
            .unwrap()
            .unwrap()
    };
    let mut role = find().await;
    role.status = okaeri_engine::domain::OpportunityStatus::Closed;
    let tx = store.db.begin_for(store.company_id).await.unwrap();
    db::opportunities::update(&tx, &role, now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.opportunities(DEMO_OPPORTUNITIES).await.n_unchanged, 20);
    assert_eq!(find().await.status, role.status);
}

#[tokio::test]
async fn a_kind_that_the_programme_does_not_offer_is_refused() {
    let store = Store::offering(Policy {
        kinds: vec![OpportunityKind::Role],
        ..Policy::default()
    })
    .await;
    let report = store.opportunities(DEMO_OPPORTUNITIES).await;
    assert_eq!((report.n_inserted, report.n_failed), (8, 12));
    assert_eq!(report.errors[0].column.as_deref(), Some("kind"));
}
