//! Databases for tests: the same body runs on SQLite and on PostgreSQL, each time in a database of its own.
//!
//! - With `OKAERI_TEST_POSTGRES_URL` that server is used, as `scripts/test` does for all tests together; without it,
//!   `scripts/postgres` starts a throwaway one, which ends with the last test that uses it.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{
    Alumnus, AlumnusId, AlumnusStatus, Claim, ClaimId, ClaimState, Claimed, Company, CompanyId, Consent,
    ConsentId, ConsentSource, ConsentState, Employment, EmploymentType, Interest, LanguageLevel,
    LanguageSkill, LeavingKind, Opportunity, OpportunityId, OpportunityStatus, PersonName, Position, Profile,
    Purpose, Remote, RemotePreference, RoleTerms, Tenure, Terms, WorkStyle,
};
use sea_orm::ConnectionTrait;
use tempfile::TempDir;
use uuid::Uuid;

use super::alumni::{self, Private, Record};
use super::database::Transaction;
use super::{Database, KeyRing, PoolSettings, companies, migrate, opportunities};

/// Runs `body` on an empty, migrated database of each kind.
pub(crate) async fn on_both(body: impl AsyncFn(Database)) {
    on_both_bare(async |url: String| {
        let db = Database::connect(&url, &PoolSettings::default()).await.unwrap();
        let db = db.with_keys(keys());
        migrate::up(&db).await.unwrap();
        body(db.clone()).await;
        db.close().await.unwrap();
    })
    .await;
}

/// The key of the tests.
pub(crate) fn keys() -> KeyRing {
    KeyRing::parse("test AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap()
}

/// Runs `body` with the URL of an empty database of each kind.
pub(crate) async fn on_both_bare(body: impl AsyncFn(String)) {
    let directory = TempDir::new().unwrap();
    body(format!(
        "sqlite:{}",
        directory.path().join("okaeri.sqlite").display()
    ))
    .await;
    on_postgres_bare(body).await;
}

/// Runs `body` with the URL of an empty database on PostgreSQL.
pub(crate) async fn on_postgres_bare(body: impl AsyncFn(String)) {
    static N_DATABASES: AtomicU32 = AtomicU32::new(0);
    let server = Server::shared();
    let n_earlier = N_DATABASES.fetch_add(1, Ordering::Relaxed);
    let name = format!("okaeri_test_{}_{n_earlier}", std::process::id());
    let administration = sea_orm::Database::connect(server.url.as_str()).await.unwrap();
    for statement in [
        format!("DROP DATABASE IF EXISTS {name}"),
        format!("CREATE DATABASE {name}"),
    ] {
        administration.execute_unprepared(&statement).await.unwrap();
    }
    let (base, _) = server.url.rsplit_once('/').unwrap();
    body(format!("{base}/{name}")).await;
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    administration.execute_unprepared(&drop).await.unwrap();
    administration.close().await.unwrap();
}

/// A PostgreSQL server; one that we started ends when dropped.
struct Server {
    url: String,
    directory: Option<TempDir>,
}

impl Server {
    fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = shared.upgrade() {
            return server;
        }
        let server = Arc::new(Self::new());
        *shared = Arc::downgrade(&server);
        server
    }

    fn new() -> Self {
        if let Ok(url) = std::env::var("OKAERI_TEST_POSTGRES_URL") {
            return Self { url, directory: None };
        }
        let directory = TempDir::new().unwrap();
        let url = scripts_postgres("start", &directory.path().join("postgres"), directory.path());
        Self {
            url,
            directory: Some(directory),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(directory) = &self.directory {
            scripts_postgres("stop", &directory.path().join("postgres"), directory.path());
        }
    }
}

fn scripts_postgres(verb: &str, directory: &Path, parent: &Path) -> String {
    // The server's user has to pass through a directory that only we may enter.
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(parent, permissions).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/postgres");
    let output = Command::new(script).arg(verb).arg(directory).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// The instant of the tests, with more digits than a database keeps.
pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-20T03:00:00.123456789Z".parse().unwrap()
}

/// An identifier that differs from all others with another number.
pub(crate) fn uuid(n: u32) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(n))
}

/// The company that most tests are about.
pub(crate) const AOBA: CompanyId = CompanyId(Uuid::from_u128(0xA0BA));
/// The company that must not be noticed.
pub(crate) const MIDORI: CompanyId = CompanyId(Uuid::from_u128(0x31D0_0000_0000_0001));

/// Adds both companies.
pub(crate) async fn insert_companies(db: &Database) {
    let tx = db.begin().await.unwrap();
    for (id, slug) in [(AOBA, "aoba"), (MIDORI, "midori")] {
        let company = Company {
            id,
            slug: slug.to_owned(),
            name: format!("{slug}株式会社"),
            is_demonstration: false,
        };
        companies::insert(&tx, &company, now()).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// A record with something in every field; `n` makes it differ from others.
pub(crate) fn record(n: u32) -> Record {
    let alumnus = Alumnus {
        id: AlumnusId(uuid(n)),
        company_id: AOBA,
        external_id: Some(format!("a{n:03}")),
        name: PersonName {
            kanji: "山田 花子".to_owned(),
            kana: Some("ヤマダ ハナコ".to_owned()),
        },
        email: Some(format!("hanako{n}@example.com")),
        status: AlumnusStatus::Unclaimed,
        interests: vec![Interest::Rehire, Interest::Speaking],
        profile: Profile {
            headline: Some("物流企画".to_owned()),
            summary: Some("倉庫の自動化を担当した。".to_owned()),
            prefecture: Some("東京都".parse().unwrap()),
            skills: vec!["SQL".to_owned(), "需要予測".to_owned(), "SQL".to_owned()],
            qualifications: vec!["簿記2級".to_owned()],
            languages: vec![LanguageSkill {
                language: "英語".to_owned(),
                level: LanguageLevel::Business,
            }],
            tenures: vec![
                tenure("2015-04", Some("2020-03")),
                tenure("2011-04", Some("2015-03")),
            ],
            career_after: vec![Position {
                organization: "株式会社みどり".to_owned(),
                title: "部長".to_owned(),
                from: "2020-04".parse().unwrap(),
                to: None,
                description: String::new(),
            }],
            work_style: Some(WorkStyle {
                remote: RemotePreference::Hybrid,
                hours_per_week: Some(16),
                available_from: Some("2027-01".parse().unwrap()),
            }),
            confirmed_on: Some("2026-10-01".parse().unwrap()),
        },
    };
    let private = Private {
        employee_number: Some("001234".to_owned()),
        leave_reason: Some("FAMILY_CARE".to_owned()),
        employment: Employment {
            leaving_kind: Some(LeavingKind::Voluntary),
            employment_type: Some(EmploymentType::Regular),
            segment: Some("2026年度試行".to_owned()),
            group_company: Some("trust".to_owned()),
        },
        evaluation: Some("在庫の計画に強い".to_owned()),
    };
    Record { alumnus, private }
}

pub(crate) fn tenure(from: &str, to: Option<&str>) -> Tenure {
    Tenure {
        department: "物流部".to_owned(),
        title: "主任".to_owned(),
        from: from.parse().unwrap(),
        to: to.map(|month| month.parse().unwrap()),
        description: "在庫の計画".to_owned(),
    }
}

/// An open role with something in every field.
pub(crate) fn opportunity(n: u32) -> Opportunity {
    Opportunity {
        id: OpportunityId(uuid(n)),
        company_id: AOBA,
        external_id: Some(format!("r{n:02}")),
        title: "物流企画マネージャー".to_owned(),
        description: "倉庫の自動化".to_owned(),
        department: Some("物流部".to_owned()),
        group_company: Some("trust".to_owned()),
        hiring_manager: Some("bucho@aoba".to_owned()),
        status: OpportunityStatus::Open,
        required_skills: vec!["在庫管理".to_owned()],
        preferred_skills: vec!["SQL".to_owned()],
        products: vec!["在庫くん".to_owned()],
        prefecture: Some("大阪府".parse().unwrap()),
        remote: Remote::Hybrid,
        seats: 2,
        hours_per_week: Some(40),
        starts_on: Some("2027-04".parse().unwrap()),
        ends_on: Some("2029-03".parse().unwrap()),
        compensation: Some("年収600万円".to_owned()),
        closes_at: Some("2026-12-31T15:00:00Z".parse().unwrap()),
        created_at: "2026-11-01T00:00:00.5Z".parse().unwrap(),
        terms: Terms::Role(RoleTerms {
            duties: Some("企画".to_owned()),
            ..RoleTerms::default()
        }),
    }
}

pub(crate) fn consent(n: u32, alumnus_id: AlumnusId, purpose: Purpose) -> Consent {
    Consent {
        id: ConsentId(uuid(n)),
        alumnus_id,
        purpose,
        text_version: "2026-10".to_owned(),
        given_at: "2026-11-20T03:00:00.123456Z".parse().unwrap(),
        source: ConsentSource::Import,
        source_digest: Some("00ff".to_owned()),
        state: ConsentState::Given,
    }
}

/// Adds both companies, and records and opportunities with these numbers to the first.
pub(crate) async fn insert_all(db: &Database, alumni: &[u32], opportunities: &[u32]) {
    insert_companies(db).await;
    let tx = db.begin_for(AOBA).await.unwrap();
    insert_into(&tx, alumni, opportunities).await;
    tx.commit().await.unwrap();
}

async fn insert_into(tx: &Transaction, alumni: &[u32], opportunities: &[u32]) {
    let records: Vec<Record> = alumni.iter().copied().map(record).collect();
    alumni::upsert_all(tx, AOBA, &records, now()).await.unwrap();
    for n in opportunities {
        opportunities::insert(tx, &opportunity(*n), now()).await.unwrap();
    }
}

/// A claim by number `n` whose link was not followed yet.
pub(crate) async fn insert_claim(db: &Database, company_id: CompanyId, n: u32) -> Claim {
    let claim = Claim {
        id: ClaimId(uuid(n)),
        claimed: Claimed {
            name: PersonName {
                kanji: "山田 花子".to_owned(),
                kana: Some("ヤマダ ハナコ".to_owned()),
            },
            email: format!("claim{n}@example.jp"),
            employee_number: Some("００１２".to_owned()),
            tenure: "2011-04".parse().ok().zip("2020-03".parse().ok()),
            department: Some("物流部".to_owned()),
        },
        requested_at: super::codec::instant(now()),
        state: ClaimState::Requested,
    };
    let tx = db.begin_for(company_id).await.unwrap();
    super::claims::insert(&tx, company_id, &claim).await.unwrap();
    tx.commit().await.unwrap();
    claim
}
