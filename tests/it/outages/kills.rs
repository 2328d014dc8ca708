//! SIGKILL at seeded points of everything that writes.
//!
//! - A point is a share of what a process has to do: of the time that it takes undisturbed, for a command; for a server,
//!   so many answers, or the first file of a commit, and some milliseconds. The same seed gives the same points; what a
//!   machine has done by then is its own affair.
//! - A process that ends before its point is tried again earlier: every point is a kill.
//! - `OKAERI_TEST_KILLS` says how many points there are in all, 60 without it; `OKAERI_TEST_SEED` gives others.
//!   `scripts/outages` runs 500.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use okaeri_api::app::App;
use okaeri_api::db::{change_log, consents, migrate};
use okaeri_engine::domain::{Alumnus, AlumnusStatus, CompanyId, Purpose};
use okaeri_migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Statement, TransactionTrait};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::installation::{Installation, assert_records_hold, everybody, offers};
use super::load::{Attempt, CREATE, attempt, draft};
use super::probes::{assert_caught_up_like_a_rebuild, assert_like_a_rebuild};
use super::program::{End, kill_after};
use crate::harness::{AOBA, Kind, Person, Row, alumnus, role};

/// Points in all where nobody asks for another number: five for each test.
const POINTS: usize = 60;
/// Tests that have points: six, on two databases.
const TESTS: usize = 12;

/// Runs each test on both databases, with its place among them all.
macro_rules! killed_on_both_databases {
    ($($place:literal $name:ident;)+) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::harness::Kind::Sqlite, &super::points(2 * $place)).await;
            })+
        }

        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::harness::Kind::Postgres, &super::points(2 * $place + 1)).await;
            })+
        }
    };
}

killed_on_both_databases! {
    0 an_import_that_is_killed_leaves_whole_batches_and_is_simply_run_again;
    1 a_server_that_is_killed_while_it_writes_loses_nothing_and_does_nothing_twice;
    2 a_server_that_is_killed_while_it_follows_goes_on_from_where_its_index_stands;
    3 a_server_that_is_killed_while_it_writes_its_index_finds_whole_commits;
    4 a_migration_that_is_killed_leaves_the_tables_as_they_were;
    5 a_reindex_that_is_killed_leaves_an_index_that_answers_and_no_copy_of_it;
}

/// When to kill.
#[derive(Clone, Copy, Debug)]
struct Point {
    /// How much is done, in (0, 1).
    share: f64,
    /// How many answers a server has given since the last point.
    n_answers: usize,
    /// And how long after that.
    pause: Duration,
    /// For whatever else differs from point to point.
    number: usize,
}

/// The points of the test at this place.
fn points(place: usize) -> Vec<Point> {
    let setting = |name: &str, default: usize| {
        std::env::var(name).map_or(default, |value| {
            value
                .parse()
                .unwrap_or_else(|_| panic!("{name} is {value:?}, and no number"))
        })
    };
    let n_all = setting("OKAERI_TEST_KILLS", POINTS);
    let seed = setting("OKAERI_TEST_SEED", 1);
    let n = n_all / TESTS + usize::from(place < n_all % TESTS);
    let mut random = SplitMix((seed * TESTS + place) as u64);
    (0..n)
        .map(|number| Point {
            share: 0.1 + 0.9 * random.unit(),
            n_answers: 1 + (random.unit() * 12.0) as usize,
            pause: Duration::from_micros((random.unit() * 20_000.0) as u64),
            number,
        })
        .collect()
}

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
struct SplitMix(u64);

impl SplitMix {
    /// In [0, 1).
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Kills a command at a point; whether it was at work then.
fn kill_at(installation: &Installation, args: &[&str], share: f64, whole: Duration) -> End {
    kill_after(installation.command(args), whole.mul_f64(share))
}

/// How much earlier to try where a command had ended before its point.
const EARLIER: f64 = 0.7;

/// How long a command takes that nobody disturbs, and what it prints.
fn undisturbed(installation: &Installation, args: &[&str]) -> (Duration, String) {
    let started_at = Instant::now();
    let out = installation.run(args).success();
    (started_at.elapsed(), out)
}

/// Somebody of whom little is written, so that hundreds are analysed in no time; one in thirty has a whole profile.
fn person(n: usize, version: usize) -> Row {
    let row = alumnus(&format!("a{n:04}")).interests(&["REHIRE"]);
    let row = if n.is_multiple_of(30) {
        row
    } else {
        row.set("tenures", json!([]))
            .set("careerAfter", json!([]))
            .set("skills", json!([]))
            .without("summary")
    };
    row.set("headline", format!("第{version}版"))
}

/// Rows of a transaction of an import.
const BATCH_ROWS: usize = okaeri_api::import::BATCH_ROWS;

async fn an_import_that_is_killed_leaves_whole_batches_and_is_simply_run_again(kind: Kind, points: &[Point]) {
    /// Three transactions.
    const ROWS: usize = 2 * BATCH_ROWS + 20;
    /// People in each file that no earlier one has.
    const NEW_ROWS: usize = 20;
    let installation = Installation::with(kind, &[role("r01")]);
    let file_of = |version: usize| {
        let rows: Vec<Row> = (version * NEW_ROWS..version * NEW_ROWS + ROWS)
            .map(|n| person(n, version))
            .collect();
        installation.file("alumni", &rows)
    };
    let file = file_of(0);
    let args = ["import", "alumni", "--company", AOBA, file.as_str()];
    let (whole, _) = undisturbed(&installation, &args);

    let mut version = 0;
    for point in points {
        let mut share = point.share;
        let before = loop {
            version += 1;
            let _ = file_of(version);
            let before = newest_position(&installation).await;
            if kill_at(&installation, &args, share, whole) == End::Killed {
                break before;
            }
            share *= EARLIER;
        };
        let app = installation.open().await;
        let company_id = installation.company_id(&app).await;
        let first = version * NEW_ROWS;
        let (headline, of_file) = (format!("第{version}版"), first..first + ROWS);
        let written = |people: &[Alumnus]| -> Vec<usize> {
            let is_written = |person: &&Alumnus| person.profile.headline.as_ref() == Some(&headline);
            people
                .iter()
                .filter(is_written)
                .map(|person| person.external_id.as_ref().unwrap()[1..].parse().unwrap())
                .collect()
        };
        let after_kill = written(&everybody(&app, company_id).await);
        let n_kept = after_kill.len();
        assert!(
            n_kept == ROWS || n_kept.is_multiple_of(BATCH_ROWS),
            "{point:?}: {n_kept} rows"
        );
        assert_eq!(
            after_kill,
            of_file.clone().take(n_kept).collect::<Vec<_>>(),
            "{point:?}"
        );
        // Of each person that was written there is the standing and the record in the log, and of nobody else.
        assert_eq!(n_changes(&app, company_id, before).await, 2 * n_kept, "{point:?}");
        assert_caught_up_like_a_rebuild(&app, company_id).await;

        let said = installation.run(&args).success();
        assert!(
            said.contains(&format!("{n_kept} unchanged, 0 failed")),
            "{point:?}: {said}"
        );
        let people = everybody(&app, company_id).await;
        assert_eq!(written(&people), of_file.collect::<Vec<_>>(), "{point:?}");
        assert_eq!(people.len(), first + ROWS);
        assert_eq!(
            n_changes(&app, company_id, before).await,
            2 * ROWS,
            "{point:?}: as in one run"
        );
        let ids: Vec<_> = people.iter().map(|person| person.id).collect();
        let given = consents::load(&app.db, company_id, &ids).await.unwrap();
        assert_eq!(
            given.len(),
            3 * people.len(),
            "{point:?}: directory, feed, return"
        );
        app.db.close().await.unwrap();
    }
    let app = installation.open().await;
    let company_id = installation.company_id(&app).await;
    assert_caught_up_like_a_rebuild(&app, company_id).await;
    assert_records_hold(&app).await;
    app.db.close().await.unwrap();
}

async fn newest_position(installation: &Installation) -> u64 {
    let app = installation.open().await;
    let company_id = installation.company_id(&app).await;
    let position = change_log::newest_position(&app.db, company_id).await.unwrap();
    app.db.close().await.unwrap();
    position
}

async fn n_changes(app: &App, company_id: CompanyId, after: u64) -> usize {
    let changes = change_log::list_after(&app.db, company_id, after, 10_000).await;
    changes.unwrap().len()
}

/// What clients asked for until their server was gone.
#[derive(Default)]
struct Asked {
    /// What was acknowledged, by what it was asked as.
    done: BTreeMap<String, Value>,
    /// What was asked for and never answered.
    open: Option<(String, Value)>,
}

/// Somebody who asks for one thing after the other, until an answer does not come.
fn client(
    person: Person,
    n_answers: Arc<AtomicUsize>,
    next: impl Fn(usize) -> (String, String, Value) + Send + 'static,
) -> JoinHandle<Asked> {
    tokio::spawn(async move {
        let mut asked = Asked::default();
        for n in 0.. {
            let (key, document, variables) = next(n);
            let answer = try_attempt(&person, &document, &variables).await;
            let Some(answer) = answer else {
                asked.open = Some((key, variables));
                break;
            };
            assert_eq!(answer.code, "", "{answer:?}");
            asked.done.insert(key, answer.data);
            n_answers.fetch_add(1, Ordering::SeqCst);
        }
        asked
    })
}

/// `None` when the server is gone.
async fn try_attempt(person: &Person, document: &str, variables: &Value) -> Option<Attempt> {
    attempt(person, document, variables.clone()).await.ok()
}

const INVITE: &str = "mutation($input: InviteCandidateInput!) { inviteCandidate(input: $input) {
    invitation { id } userErrors { code message } } }";
const UPDATE: &str = "mutation($input: UpdateMyProfileInput!) { updateMyProfile(input: $input) {
    userErrors { code message } } }";
const WITHDRAW: &str =
    "mutation { withdrawConsent(input: {purpose: REHIRE}) { userErrors { code message } } }";
const CANDIDATES: &str = "query($id: String!) { opportunity(externalId: $id) { candidates(first: 100) { nodes { externalId } } } }";

/// Waits for so many answers, and then a little.
async fn wait_for(n_answers: &AtomicUsize, point: &Point) {
    let asked_at = Instant::now();
    while n_answers.load(Ordering::SeqCst) < point.n_answers {
        assert!(asked_at.elapsed() < Duration::from_secs(60), "no answers");
        tokio::time::sleep(Duration::from_micros(500)).await;
    }
    tokio::time::sleep(point.pause).await;
}

async fn a_server_that_is_killed_while_it_writes_loses_nothing_and_does_nothing_twice(
    kind: Kind,
    points: &[Point],
) {
    // For each point one who withdraws and one who is invited; a0000 writes.
    let n_people = 1 + 2 * points.len();
    let rows: Vec<Row> = (0..n_people).map(|n| person(n, 0)).chain([role("r01")]).collect();
    let installation = Installation::with(kind, &rows);
    let mut server = installation.serve();
    let mut keys = BTreeSet::new();
    let mut invitations = BTreeSet::new();
    for point in points {
        let number = point.number;
        let recruiter = installation.recruiter(&server);
        let (leaving, invited) = (
            format!("a{:04}", 1 + 2 * number),
            format!("a{:04}", 2 + 2 * number),
        );
        let invitation = json!({"input": {
            "idempotencyKey": format!("i{number}"), "opportunityId": recruiter.opportunity_id("r01").await,
            "alumnusId": recruiter.alumnus_id(&invited).await,
        }});
        let n_answers = Arc::new(AtomicUsize::new(0));
        let with = |person: Person| (person, Arc::clone(&n_answers));
        let (person, answers) = with(installation.recruiter(&server));
        let creating = client(person, answers, move |n| {
            let key = format!("k{number}-{n}");
            (key.clone(), CREATE.to_owned(), draft(&key))
        });
        let (person, answers) = with(installation.alumnus(&server, "a0000"));
        let updating = client(person, answers, move |n| {
            let skill = format!("技能 {number}-{n:04}");
            let input = json!({"input": {"skills": ["在庫管理", skill]}});
            (format!("{n:04}"), UPDATE.to_owned(), input)
        });
        let (person, answers) = with(installation.recruiter(&server));
        let sent = invitation.clone();
        let inviting = client(person, answers, move |_| {
            ("once".to_owned(), INVITE.to_owned(), sent.clone())
        });
        let (person, answers) = with(installation.alumnus(&server, &leaving));
        let withdrawing = client(person, answers, |_| {
            ("once".to_owned(), WITHDRAW.to_owned(), Value::Null)
        });
        let (person, answers) = with(installation.recruiter(&server));
        let ranking = client(person, answers, |_| {
            (String::new(), CANDIDATES.to_owned(), json!({"id": "r01"}))
        });
        wait_for(&n_answers, point).await;
        server.assert_sound();
        server.kill();
        let (created, updated, inviting, withdrawn) = (
            creating.await.unwrap(),
            updating.await.unwrap(),
            inviting.await.unwrap(),
            withdrawing.await.unwrap(),
        );
        ranking.await.unwrap();

        server = installation.serve();
        let app = installation.open().await;
        let company_id = installation.company_id(&app).await;
        assert_like_a_rebuild(&app, company_id).await;
        assert_records_hold(&app).await;
        let recruiter = installation.recruiter(&server);

        // What was acknowledged is there before anybody asks again.
        let titles = |offers: &[okaeri_engine::domain::Opportunity]| -> Vec<String> {
            let titles = offers.iter().map(|offer| offer.title.clone());
            titles.filter(|title| title.starts_with("役割 ")).collect()
        };
        let there = titles(&offers(&app, company_id).await);
        for key in created.done.keys() {
            assert!(there.contains(&format!("役割 {key}")), "{point:?}: {key} is lost");
        }
        // Asked again, it is the first answer, and what was not answered is done now or was done then.
        for (key, data) in &created.done {
            let again = recruiter.query(CREATE, draft(key)).await;
            assert_eq!(again, *data, "{point:?}: {key}");
            keys.insert(key.clone());
        }
        if let Some((key, input)) = created.open {
            let done = recruiter.query(CREATE, input).await;
            assert_eq!(done["createRole"]["userErrors"], json!([]), "{point:?}: {key}");
            keys.insert(key);
        }
        let mut there = titles(&offers(&app, company_id).await);
        there.sort_unstable();
        let expected: Vec<String> = keys.iter().map(|key| format!("役割 {key}")).collect();
        assert_eq!(there, expected, "{point:?}: each draft once");

        let aiko = &everybody(&app, company_id).await[0];
        let last = updated.done.keys().next_back();
        let possible = last.into_iter().chain(updated.open.as_ref().map(|(key, _)| key));
        let possible: Vec<String> = possible.map(|key| format!("技能 {number}-{key}")).collect();
        let skill = aiko.profile.skills.last().unwrap();
        let is_older = last.is_none() && !skill.starts_with(&format!("技能 {number}-"));
        assert!(
            possible.contains(skill) || is_older,
            "{point:?}: {skill}, and not one of {possible:?}"
        );

        let first = inviting.done.get("once").cloned();
        let again = recruiter.query(INVITE, invitation).await;
        assert_eq!(
            again["inviteCandidate"]["userErrors"],
            json!([]),
            "{point:?}: {again}"
        );
        assert!(
            first.is_none_or(|first| first == again),
            "{point:?}: another invitation"
        );
        invitations.insert(again["inviteCandidate"]["invitation"]["id"].to_string());
        assert_eq!(
            n_invitation_mails(&installation).await,
            invitations.len(),
            "{point:?}: one mail for each"
        );

        let listed = async || recruiter.candidates("r01", "first: 100").await.ids;
        if withdrawn.done.contains_key("once") {
            assert!(
                !listed().await.contains(&leaving),
                "{point:?}: {leaving} withdrew"
            );
        }
        let person = installation.alumnus(&server, &leaving);
        let input = json!({"purpose": "REHIRE"});
        let again = person.user_errors("withdrawConsent", input).await;
        let is_done = withdrawn.done.contains_key("once");
        assert!(
            again == ["NOT_GIVEN"] || again.is_empty() && !is_done,
            "{point:?}: {again:?}"
        );
        assert!(!listed().await.contains(&leaving), "{point:?}");
        let people = everybody(&app, company_id).await;
        let id = people
            .iter()
            .find(|person| person.external_id.as_ref() == Some(&leaving))
            .unwrap()
            .id;
        let given = consents::list(&app.db, company_id, id).await.unwrap();
        let of_return = given.iter().filter(|it| it.purpose == Purpose::Rehire);
        assert_eq!(of_return.count(), 1, "{point:?}: withdrawn once");
        app.db.close().await.unwrap();
    }
    server.stop();
}

/// Jobs for mails about invitations, waiting or done.
async fn n_invitation_mails(installation: &Installation) -> usize {
    let sql = installation.sql().await;
    let jobs = "SELECT CAST(payload AS TEXT) FROM job";
    let jobs = Statement::from_string(sql.get_database_backend(), jobs);
    let rows = sql.query_all_raw(jobs).await.unwrap();
    sql.close().await.unwrap();
    let payload = |row: &sea_orm::QueryResult| row.try_get_by_index::<String>(0).unwrap();
    rows.iter()
        .filter(|row| payload(row).contains("invitation_id"))
        .count()
}

async fn a_server_that_is_killed_while_it_follows_goes_on_from_where_its_index_stands(
    kind: Kind,
    points: &[Point],
) {
    /// More than wait for each other's step: memory and index follow together, then and at the next start.
    const ROWS: usize = 240;
    let rows: Vec<Row> = (0..ROWS).map(|n| person(n, 0)).chain([role("r01")]).collect();
    let installation = Installation::with(kind, &rows);
    let mut server = installation.serve();
    for point in points {
        let version = point.number + 1;
        let rows: Vec<Row> = (0..ROWS + version).map(|n| person(n, version)).collect();
        let file = installation.file("alumni", &rows);
        let mut import = installation.command(&["import", "alumni", "--company", AOBA, &file]);
        import.stdout(std::process::Stdio::null());
        let mut import = import.spawn().unwrap();
        let n_answers = Arc::new(AtomicUsize::new(0));
        // Whoever asks has the server follow at once.
        let asking = client(installation.recruiter(&server), Arc::clone(&n_answers), |_| {
            (String::new(), CANDIDATES.to_owned(), json!({"id": "r01"}))
        });
        wait_for(&n_answers, point).await;
        server.assert_sound();
        server.kill();
        asking.await.unwrap();
        let imported = tokio::task::spawn_blocking(move || import.wait().unwrap());
        assert!(imported.await.unwrap().success(), "{point:?}: the import");

        server = installation.serve();
        let app = installation.open().await;
        let company_id = installation.company_id(&app).await;
        assert_like_a_rebuild(&app, company_id).await;
        assert_records_hold(&app).await;
        let people = everybody(&app, company_id).await;
        assert_eq!(people.len(), ROWS + version);
        let headline = Some(format!("第{version}版"));
        assert!(people.iter().all(|person| person.profile.headline == headline));
        let listed = installation.recruiter(&server);
        let listed = listed.candidates("r01", "first: 100").await;
        assert_eq!(listed.total, (ROWS + version) as u64, "{point:?}");
        app.db.close().await.unwrap();
    }
    server.stop();
}

async fn a_server_that_is_killed_while_it_writes_its_index_finds_whole_commits(kind: Kind, points: &[Point]) {
    /// One in so many points has somebody erase themselves, whose words may be in no file after that.
    const ERASED_EVERY: usize = 2;
    let secret = |n: usize| format!("養蜂{n:04}");
    let one = |n: usize| person(n, 0).set("skills", json!(["在庫管理", secret(n)]));
    let n_people = 10 + points.len();
    let rows: Vec<Row> = (0..n_people).map(one).chain([role("r01")]).collect();
    let installation = Installation::with(kind, &rows);
    let index = installation.index_directory().await;
    let mut server = installation.serve();
    for point in points {
        let number = point.number;
        let known = files(&index);
        let writing = installation.alumnus(&server, "a0000");
        let skill = format!("需要予測{number}");
        let input = json!({"skills": ["在庫管理", skill]});
        writing.mutate("updateMyProfile", input, "").await;
        let erased = number.is_multiple_of(ERASED_EVERY).then_some(number + 1);
        if let Some(n) = erased {
            let id = format!("a{n:04}");
            let input = json!({"confirmation": format!("人物 {id}")});
            let leaving = installation.alumnus(&server, &id);
            leaving.mutate("eraseMe", input, "isErased").await;
        }
        let asked_at = Instant::now();
        while files(&index).is_subset(&known) {
            assert!(asked_at.elapsed() < Duration::from_secs(60), "no commit begins");
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
        // Commits take some ten milliseconds, those of an erasure some more.
        tokio::time::sleep(point.pause * 3).await;
        server.assert_sound();
        server.kill();

        server = installation.serve();
        let app = installation.open().await;
        let company_id = installation.company_id(&app).await;
        assert_like_a_rebuild(&app, company_id).await;
        assert_records_hold(&app).await;
        let people = everybody(&app, company_id).await;
        assert_eq!(people[0].profile.skills.last(), Some(&skill), "{point:?}");
        if let Some(n) = erased {
            let word = secret(n);
            assert_eq!(
                files_with(&index, word.as_bytes()),
                Vec::<String>::new(),
                "{point:?}"
            );
            let found = installation.recruiter(&server).search(&word).await;
            assert!(!found.contains(&format!("人物 a{n:04}")), "{point:?}");
        }
        app.db.close().await.unwrap();
    }
    server.stop();
}

/// The names of the files in a directory.
fn files(directory: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}

/// Those of them that hold these bytes.
fn files_with(directory: &Path, bytes: &[u8]) -> Vec<String> {
    let holds = |name: &String| {
        let content = std::fs::read(directory.join(name)).unwrap_or_default();
        content.windows(bytes.len()).any(|window| window == bytes)
    };
    files(directory).into_iter().filter(holds).collect()
}

async fn a_migration_that_is_killed_leaves_the_tables_as_they_were(kind: Kind, points: &[Point]) {
    /// Steps that can be taken back and lose nothing that the index or the records stand on.
    const STEPS_BACK_MAX: usize = 6;
    let rows: Vec<Row> = (0..12).map(|n| person(n, 0)).chain([role("r01")]).collect();
    let installation = Installation::with(kind, &rows);
    let n_steps = Migrator::migrations().len();
    let (all_steps, few_steps) = {
        let empty = Installation::empty(kind);
        let (all_steps, _) = undisturbed(&empty, &["migrate"]);
        (all_steps, undisturbed(&empty, &["migrate"]).0)
    };
    for point in points {
        let mut share = point.share;
        if point.number.is_multiple_of(2) {
            // From nothing, which is the longest transaction.
            let (installation, n_pending) = loop {
                let installation = Installation::empty(kind);
                if kill_at(&installation, &["migrate"], share, all_steps) == End::Killed {
                    let n_pending = n_pending(&installation).await;
                    break (installation, n_pending);
                }
                share *= EARLIER;
            };
            assert!(
                n_pending == 0 || n_pending == n_steps,
                "{point:?}: {n_pending} steps are left"
            );
            let said = installation.run(&["migrate"]).success();
            assert!(said.contains(&format!("({n_pending} steps applied)")), "{said}");
            installation
                .run(&["company", "create", "--slug", AOBA, "--name", "青葉"])
                .success();
            continue;
        }
        // A database in use, as after an upgrade of the program.
        let n_back = 1 + (point.share * STEPS_BACK_MAX as f64) as usize % STEPS_BACK_MAX;
        let n_pending = loop {
            take_back(&installation, n_back).await;
            if kill_at(&installation, &["migrate"], share, few_steps) == End::Killed {
                break n_pending(&installation).await;
            }
            share *= EARLIER;
        };
        assert!(
            n_pending == 0 || n_pending == n_back,
            "{point:?}: {n_pending} of {n_back} steps are left"
        );
        let said = installation.run(&["migrate"]).success();
        assert!(said.contains(&format!("({n_pending} steps applied)")), "{said}");
        let app = installation.open().await;
        let company_id = installation.company_id(&app).await;
        let people = everybody(&app, company_id).await;
        assert_eq!(people.len(), 12, "{point:?}");
        assert!(people.iter().all(|it| it.status == AlumnusStatus::Unclaimed));
        assert_caught_up_like_a_rebuild(&app, company_id).await;
        assert_records_hold(&app).await;
        app.db.close().await.unwrap();
    }
}

async fn take_back(installation: &Installation, n_steps: usize) {
    let sql = installation.sql().await;
    let tx = sql.begin().await.unwrap();
    Migrator::down(&tx, Some(n_steps as u32)).await.unwrap();
    tx.commit().await.unwrap();
    sql.close().await.unwrap();
}

async fn n_pending(installation: &Installation) -> usize {
    let db = installation.database().await;
    let n_pending = migrate::pending(&db).await.unwrap().len();
    db.close().await.unwrap();
    n_pending
}

async fn a_reindex_that_is_killed_leaves_an_index_that_answers_and_no_copy_of_it(
    kind: Kind,
    points: &[Point],
) {
    const ROWS: usize = 60;
    let rows: Vec<Row> = (0..ROWS).map(|n| person(n, 0)).chain([role("r01")]).collect();
    let installation = Installation::with(kind, &rows);
    let args = ["reindex", "--company", AOBA];
    let (whole, _) = undisturbed(&installation, &args);
    let index_root = installation.directory().join("index");
    let of_company = files(&index_root);
    for point in points {
        let version = point.number + 1;
        let rows: Vec<Row> = (0..10).map(|n| person(n, version)).collect();
        installation.import(&rows);
        let mut share = point.share;
        while kill_at(&installation, &args, share, whole) == End::TooLate {
            share *= EARLIER;
        }
        let app = installation.open().await;
        let company_id = installation.company_id(&app).await;
        assert_caught_up_like_a_rebuild(&app, company_id).await;
        // What lay beside it holds people's texts, which an erasure would not find there.
        assert_eq!(files(&index_root), of_company, "{point:?}");
        assert_records_hold(&app).await;
        app.db.close().await.unwrap();
    }
    installation.run(&args).success();
    let app = installation.open().await;
    let company_id = installation.company_id(&app).await;
    assert_caught_up_like_a_rebuild(&app, company_id).await;
    assert_eq!(files(&index_root), of_company);
    app.db.close().await.unwrap();
}
