//! A database of its own for each test, on SQLite or PostgreSQL.
//!
//! - With `OKAERI_TEST_POSTGRES_URL` that server is used, as `scripts/test` does for all tests together; without it,
//!   `scripts/postgres` starts a throwaway one, which ends with the last test that uses it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tempfile::TempDir;

/// Which kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// An empty database; its server, if it is ours, lives as long.
pub(crate) struct TestDatabase {
    pub(crate) url: String,
    _server: Option<Arc<Server>>,
}

impl TestDatabase {
    pub(crate) fn new(kind: Kind, directory: &Path) -> Self {
        match kind {
            Kind::Sqlite => Self {
                url: format!("sqlite:{}", directory.join("okaeri.sqlite").display()),
                _server: None,
            },
            Kind::Postgres => {
                let server = Server::shared();
                Self {
                    url: scripts_postgres("create", &server.url),
                    _server: Some(server),
                }
            }
        }
    }
}

/// The PostgreSQL server of all tests of this process.
struct Server {
    url: String,
    _throwaway: Option<ThrowawayPostgres>,
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
            return Self {
                url,
                _throwaway: None,
            };
        }
        let throwaway = ThrowawayPostgres::start();
        Self {
            url: throwaway.url.clone(),
            _throwaway: Some(throwaway),
        }
    }
}

/// A PostgreSQL server that we have started; it ends when dropped.
pub(crate) struct ThrowawayPostgres {
    pub(crate) url: String,
    directory: TempDir,
}

impl ThrowawayPostgres {
    pub(crate) fn start() -> Self {
        let directory = TempDir::new().unwrap();
        // The server's user has to pass through a directory that only we may enter.
        std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let url = scripts_postgres("start", &postgres_in(&directory).display().to_string());
        Self { url, directory }
    }

    /// The directory by which `scripts/postgres` knows it.
    pub(crate) fn directory(&self) -> PathBuf {
        postgres_in(&self.directory)
    }
}

impl Drop for ThrowawayPostgres {
    fn drop(&mut self) {
        scripts_postgres("stop", &self.directory().display().to_string());
    }
}

fn postgres_in(directory: &TempDir) -> PathBuf {
    directory.path().join("postgres")
}

/// The URL of another empty database on the server of a test's [`TestDatabase`], which lives as long as that.
pub(crate) fn create_postgres() -> String {
    scripts_postgres("create", &Server::shared().url)
}

/// One of PostgreSQL's programs, of the newest version that is installed, as the server is.
pub(crate) fn postgres_program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql");
    let installed = versions
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path());
    let number = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = installed.filter(|path| number(path).is_some()).max_by_key(number);
    newest.map_or_else(|| PathBuf::from(name), |path| path.join("bin").join(name))
}

/// Runs `scripts/postgres VERB ARGUMENT`; what it prints.
pub(crate) fn scripts_postgres(verb: &str, argument: &str) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/postgres");
    let output = Command::new(script).arg(verb).arg(argument).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
