//! Disks that are full, read-only or torn.
//!
//! - Full is a limit on the size of files (`prlimit --fsize`), set on the running server and lifted again: no root, no
//!   mount. With a limit of 0 every write to a file fails, with EFBIG where a full disk says ENOSPC. SQLite calls the
//!   first IOERR and the second FULL: `db::error` has a test that both are told of alike.
//! - Read-only is a directory without permission to write. Root is stopped by no permission, so where these tests run as
//!   root the server gives up that privilege (`setpriv`).

use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use okaeri_api::app::App;
use okaeri_engine::domain::CompanyId;
use okaeri_engine::index::{IndexError, SearchScope};
use serde_json::{Value, json};

use super::installation::{Installation, assert_records_hold, offers};
use super::load::{CREATE, RANK, attempt, draft};
use super::probes::{assert_caught_up_like_a_rebuild, assert_like_a_rebuild, projections};
use super::program::{Server, program};
use crate::harness::{AOBA, Kind, Person, Row, alumnus, role};

/// For what comes within a second on an idle machine.
const PATIENCE: Duration = Duration::from_secs(20);

fn people() -> Vec<Row> {
    let people = (0..8).map(|n| alumnus(&format!("a{n:03}")));
    people.chain([role("r01")]).collect()
}

/// Starts a server that is told of a file that may not grow, and not killed for it.
fn serve_with_limits(installation: &Installation) -> Server {
    let mut command = Command::new("sh");
    installation.prepare(&mut command);
    // Without this the kernel's SIGXFSZ ends the process; a full disk sends no signal.
    command
        .arg("-c")
        .arg("trap '' XFSZ; exec \"$0\" serve")
        .arg(program());
    Server::start(command).unwrap_or_else(|ran| panic!("it does not start: {ran:?}"))
}

fn set_largest_file(server: &Server, bytes: &str) {
    let status = Command::new("prlimit")
        .arg(format!("--pid={}", server.id()))
        .arg(format!("--fsize={bytes}:unlimited"))
        .status();
    assert!(status.expect("prlimit is part of util-linux").success());
}

/// A command whose process is stopped by permissions, whoever runs the test.
fn without_privilege(installation: &Installation, args: &[&str]) -> Command {
    let is_root =
        std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if !is_root {
        return installation.command(args);
    }
    let mut command = Command::new("setpriv");
    installation.prepare(&mut command);
    command
        .arg("--bounding-set=-dac_override,-dac_read_search")
        .arg(program())
        .args(args);
    command
}

fn set_mode(directory: &Path, mode: u32) {
    std::fs::set_permissions(directory, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Waits until a search finds somebody.
async fn wait_until_found(recruiter: &Person, word: &str) {
    let asked_at = Instant::now();
    while recruiter.search(word).await.is_empty() {
        assert!(asked_at.elapsed() < PATIENCE, "{word} is not found");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn wait_until_logged(server: &Server, line: &str) {
    let asked_at = Instant::now();
    while !server.log().contains(line) {
        assert!(
            asked_at.elapsed() < PATIENCE,
            "{line:?} is not logged: {}",
            server.log()
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// What a server does whose index cannot be written and whose database can, and what it does afterwards.
async fn assert_answers_without_writing_its_index(
    installation: &Installation,
    server: Server,
    forbid: impl FnOnce(&Server),
    allow: impl FnOnce(&Server),
) {
    let recruiter = installation.recruiter(&server);
    forbid(&server);
    let input = json!({"skills": ["在庫管理", "養蜂"]});
    installation
        .alumnus(&server, "a000")
        .mutate("updateMyProfile", input, "")
        .await;
    installation
        .alumnus(&server, "a001")
        .mutate("withdrawConsent", json!({"purpose": "REHIRE"}), "")
        .await;
    wait_until_logged(&server, "cannot write the index in").await;
    wait_until_logged(&server, "check the space and the permissions there").await;
    // What decides is in force, and what was written is ranked by.
    let listed = recruiter.candidates("r01", "first: 20").await;
    assert_eq!(listed.total, 7);
    assert!(!listed.ids.contains(&"a001".to_owned()));
    assert!(
        !recruiter.search("在庫管理").await.is_empty(),
        "what was indexed is found"
    );
    assert_eq!(recruiter.search("養蜂").await, Vec::<String>::new());

    allow(&server);
    wait_until_found(&recruiter, "養蜂").await;
    server.assert_sound();
    let app = installation.open().await;
    let company_id = installation.company_id(&app).await;
    assert_like_a_rebuild(&app, company_id).await;
    assert_records_hold(&app).await;
    app.db.close().await.unwrap();
    server.stop();
}

#[tokio::test]
async fn a_full_disk_stops_the_index_and_no_answer() {
    let installation = Installation::with(Kind::Postgres, &people());
    let server = serve_with_limits(&installation);
    assert_answers_without_writing_its_index(
        &installation,
        server,
        |server| set_largest_file(server, "0"),
        |server| set_largest_file(server, "unlimited"),
    )
    .await;
}

#[tokio::test]
async fn a_read_only_index_stops_no_answer() {
    let installation = Installation::with(Kind::Sqlite, &people());
    let index = installation.index_directory().await;
    let server = Server::start(without_privilege(&installation, &["serve"])).unwrap();
    assert_answers_without_writing_its_index(
        &installation,
        server,
        |_| set_mode(&index, 0o555),
        |_| set_mode(&index, 0o755),
    )
    .await;
}

#[tokio::test]
async fn a_full_disk_under_sqlite_refuses_writes_whole_and_reads_go_on() {
    let installation = Installation::with(Kind::Sqlite, &people());
    let server = serve_with_limits(&installation);
    let recruiter = installation.recruiter(&server);
    set_largest_file(&server, "0");
    for n in 0..5 {
        let refused = attempt(&recruiter, CREATE, draft(&format!("k{n}")))
            .await
            .unwrap();
        assert_eq!(
            (refused.status, refused.code.as_str()),
            (503, "UNAVAILABLE"),
            "{refused:?}"
        );
        assert!(refused.has_retry_after);
    }
    // A ranking that cannot be recorded is not shown; a list that needs no record is.
    let refused = attempt(&recruiter, RANK, Value::Null).await.unwrap();
    assert_eq!(refused.code, "UNAVAILABLE", "{refused:?}");
    let listed = recruiter.query("{ alumni { totalCount } }", Value::Null).await;
    assert_eq!(listed["alumni"]["totalCount"], 8);

    set_largest_file(&server, "unlimited");
    for n in 0..5 {
        let done = recruiter.query(CREATE, draft(&format!("k{n}"))).await;
        assert_eq!(done["createRole"]["userErrors"], json!([]));
    }
    assert_eq!(recruiter.candidates("r01", "").await.total, 8);
    server.assert_sound();
    server.stop();
    let app = installation.open().await;
    let company_id = installation.company_id(&app).await;
    let offers = offers(&app, company_id).await;
    assert_eq!(offers.len(), 1 + 5, "the role, and each draft once");
    assert_caught_up_like_a_rebuild(&app, company_id).await;
    assert_records_hold(&app).await;
    app.db.close().await.unwrap();
}

/// Where nobody listens. The port is below those that the system gives to clients (32768 and above on Linux): one of
/// them could be given to whoever asks whether the server is there, who would then talk to itself.
fn unused_address() -> SocketAddr {
    // Several processes of tests begin at different places.
    let first = 20_000 + (std::process::id() % 10_000) as u16;
    let bound = (first..32_768).find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok());
    bound.unwrap().local_addr().unwrap()
}

#[tokio::test]
async fn a_log_that_cannot_be_written_stops_no_answer() {
    let installation = Installation::with(Kind::Sqlite, &people());
    // Where its first line goes nobody reads the port.
    let address = unused_address();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = installation.command(&["serve"]);
    command.env("OKAERI_LISTEN", address.to_string()).stderr(full);
    let mut server = Server::start_silent(command, address).await;
    let recruiter = installation.recruiter(&server);
    for n in 0..5 {
        let done = recruiter.query(CREATE, draft(&format!("k{n}"))).await;
        assert_eq!(done["createRole"]["userErrors"], json!([]));
        assert_eq!(recruiter.candidates("r01", "").await.total, 8);
    }
    server.assert_alive();
    server.stop();
}

#[tokio::test]
async fn a_start_over_what_cannot_be_written_names_the_remedy() {
    let installation = Installation::with(Kind::Sqlite, &people());
    installation.serve().stop();
    set_mode(installation.directory(), 0o555);
    let refused = Server::start(without_privilege(&installation, &["serve"]))
        .err()
        .unwrap();
    set_mode(installation.directory(), 0o755);
    let line = refused.refusal();
    assert!(
        line.contains("cannot write the data directory") && line.contains("correct its permissions"),
        "{line}"
    );

    // An index that is behind, and cannot be written.
    installation.import(&[alumnus("a009")]);
    let index = installation.index_directory().await;
    set_mode(&index, 0o555);
    let refused = Server::start(without_privilege(&installation, &["serve"]))
        .err()
        .unwrap();
    set_mode(&index, 0o755);
    let line = refused.refusal();
    assert!(
        line.contains("cannot write the index in") && line.contains("check the space and the permissions"),
        "{line}"
    );
    let server = installation.serve();
    wait_until_found(&installation.recruiter(&server), "在庫管理").await;
    server.stop();
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Damage {
    Gone,
    Emptied,
    Halved,
    /// One byte in the middle is another.
    Flipped,
}

impl Damage {
    const ALL: [Self; 4] = [Self::Gone, Self::Emptied, Self::Halved, Self::Flipped];

    fn befall(self, file: &Path) {
        let mut bytes = std::fs::read(file).unwrap();
        match self {
            Self::Gone => return std::fs::remove_file(file).unwrap(),
            Self::Emptied => bytes.clear(),
            Self::Halved => bytes.truncate(bytes.len() / 2),
            Self::Flipped => {
                let middle = bytes.len() / 2;
                if let Some(byte) = bytes.get_mut(middle) {
                    *byte ^= 0xff;
                }
            }
        }
        std::fs::write(file, bytes).unwrap();
    }
}

#[tokio::test]
async fn a_torn_index_is_named_with_the_remedy_whatever_is_torn() {
    let installation = Installation::with(Kind::Sqlite, &people());
    installation.serve().stop();
    let app = installation.open().await;
    let company_id = installation.company_id(&app).await;
    let index = installation.index_directory().await;
    let elsewhere = tempfile::TempDir::new().unwrap();
    let (mut n_named, mut n_believed) = (0, 0);
    let mut unexpected = Vec::new();
    for file in files(&index) {
        for damage in Damage::ALL {
            let what = format!("{}: {damage:?}", file.display());
            let root = elsewhere.path().join(what.replace(['/', ' '], "-"));
            let copy = root.join(index.file_name().unwrap());
            std::fs::create_dir_all(&copy).unwrap();
            for file in files(&index) {
                std::fs::copy(index.join(&file), copy.join(&file)).unwrap();
            }
            damage.befall(&copy.join(&file));
            match read_whole(&app, root, company_id).await {
                Err(message) if message.contains("run `okaeri reindex`") && !message.contains('\n') => {
                    n_named += 1;
                }
                // See below: some such bytes make tantivy panic, which ends the question and not the server.
                Err(message) if damage == Damage::Flipped && message.contains("panicked") => n_believed += 1,
                Err(message) => unexpected.push(format!("{what}: {message}")),
                // Files that say nothing about anybody, or that these answers did not need.
                Ok(true) => {}
                // No checksum is read when an index is opened, so that one byte that became another can stand among the
                // postings and be believed. It ends with the next `okaeri reindex`.
                Ok(false) if damage == Damage::Flipped => n_believed += 1,
                Ok(false) => unexpected.push(format!("{what}: other answers")),
            }
        }
    }
    println!("{n_named} are named, {n_believed} flipped bytes are believed");
    assert_eq!(unexpected, Vec::<String>::new());
    assert!(n_named > 10, "{n_named}");
    app.db.close().await.unwrap();

    // From end to end: one line, the remedy, and all is well again.
    Damage::Halved.befall(&index.join("meta.json"));
    let refused = Server::start(installation.command(&["serve"])).err().unwrap();
    assert!(refused.refusal().contains("run `okaeri reindex`"), "{refused:?}");
    installation.run(&["reindex", "--company", AOBA]).success();
    let server = installation.serve();
    assert_eq!(installation.recruiter(&server).search("在庫管理").await.len(), 8);
    server.stop();
}

/// Opens an index and reads all of it; whether it says what a whole one says.
async fn read_whole(app: &App, root: PathBuf, company_id: CompanyId) -> Result<bool, String> {
    let projections = projections(app, root);
    let opened = projections
        .index(company_id)
        .await
        .map_err(|fault| fault.to_string())?;
    let search = move || -> Result<(usize, usize), IndexError> {
        let found = opened
            .index
            .search_alumni("在庫管理", SearchScope::WholeProfile, 100)?;
        let offers = opened.index.search_opportunities("物流", 100)?;
        Ok((found.n_total, offers.n_total))
    };
    let found = tokio::task::spawn_blocking(search).await;
    let found = found.map_err(|panicked| panicked.to_string())?;
    Ok(found.map_err(|error| error.to_string())? == (8, 1))
}

/// The files of an index, without its locks.
fn files(index: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(index)
        .unwrap()
        .map(|entry| PathBuf::from(entry.unwrap().file_name()))
        .filter(|name| name.extension().is_none_or(|extension| extension != "lock"))
        .collect();
    files.sort();
    files
}
