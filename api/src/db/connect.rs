//! How a database is opened: the URL, the pools and the settings of each connection.
//!
//! - A password never appears in a message; [`redacted`] is what may be shown.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sea_orm::sqlx::Connection as _;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, DatabaseConnection, DbErr, RuntimeErr, SqlxError};

use super::error::DbError;

/// Sizes and limits of the pools.
#[derive(Clone, Debug)]
pub struct PoolSettings {
    /// Most connections of this process: on PostgreSQL in all, on SQLite for reading (there is one for writing).
    pub connections_max: u32,
    /// How long a request waits for a free connection.
    pub acquire_timeout: Duration,
    /// How long one statement may take on PostgreSQL.
    pub statement_timeout: Duration,
    /// How long a SQLite connection waits for another process's write.
    pub busy_timeout: Duration,
}

impl Default for PoolSettings {
    /// Sixteen connections keep two to eight cores busy and leave PostgreSQL's default of 100 room for several
    /// servers; the timeouts lie below the ten to thirty seconds after which clients and proxies give up.
    fn default() -> Self {
        Self {
            connections_max: 16,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
            busy_timeout: Duration::from_secs(10),
        }
    }
}

/// A pooled connection is asked for a sign of life when it was idle for longer: a restarted server then costs
/// nobody an answer, and a busy pool pays no round trip for it.
const PING_AFTER_IDLE: Duration = Duration::from_secs(1);

/// What a database URL means.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A file.
    Sqlite(PathBuf),
    /// A server, by its URL.
    Postgres(String),
}

/// The URL without its password.
#[must_use]
pub fn redacted(url: &str) -> String {
    // A password may stand in a parameter, or in front of the host. There it may hold what ought to be escaped, a slash or
    // a question mark, so that nothing up to the last @ is shown but the user.
    let url = match url.to_ascii_lowercase().find("password=") {
        Some(at) => {
            let kept = &url[..url[..at].rfind('?').unwrap_or(at)];
            format!("{kept}?***")
        }
        None => url.to_owned(),
    };
    let Some((userinfo, host)) = url.rsplit_once('@') else {
        return url;
    };
    let (scheme, user) = match userinfo.split_once("://") {
        Some((scheme, user)) => (format!("{scheme}://"), user),
        None => (String::new(), userinfo),
    };
    let name = user.split([':', '/', '?']).next().unwrap_or_default();
    format!("{scheme}{name}:***@{host}")
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "Sqlite({path:?})"),
            Self::Postgres(url) => write!(f, "Postgres({:?})", redacted(url)),
        }
    }
}

impl Target {
    /// Reads `sqlite:PATH`, `sqlite://PATH`, `postgres://...` and `postgresql://...`.
    pub(crate) fn parse(url: &str) -> Result<Self, DbError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        let misconfigured = || {
            DbError::Misconfigured(format!(
                "the database URL {:?} is neither sqlite:PATH nor postgres://USER:PASSWORD@HOST/NAME: \
                 correct OKAERI_DATABASE_URL",
                redacted(url)
            ))
        };
        let path = url.strip_prefix("sqlite:").ok_or_else(misconfigured)?;
        let path = path.strip_prefix("//").unwrap_or(path);
        let path = path.split('?').next().unwrap_or_default();
        if path.is_empty() || path == ":memory:" {
            return Err(misconfigured());
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

/// Opens the reading pool and the writing connection of a SQLite file, which is created when missing.
pub(crate) async fn sqlite(
    path: &Path,
    settings: &PoolSettings,
) -> Result<(DatabaseConnection, DatabaseConnection), DbError> {
    let misconfigured = |reason: String| {
        DbError::Misconfigured(format!(
            "the database file {} cannot be used: {reason}; choose a directory that this user may write with \
             OKAERI_DATA_DIR or OKAERI_DATABASE_URL",
            path.display()
        ))
    };
    if let Some(directory) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        // Other users of the machine have no business with the people in it.
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(directory)
            .map_err(|error| misconfigured(error.kind().to_string()))?;
    }
    let writer = open_sqlite(path, settings, 1, false)
        .await
        .map_err(|error| misconfigured(error.to_string()))?;
    let readers = open_sqlite(path, settings, settings.connections_max, true)
        .await
        .map_err(|error| misconfigured(error.to_string()))?;
    Ok((readers, writer))
}

async fn open_sqlite(
    path: &Path,
    settings: &PoolSettings,
    connections_max: u32,
    is_query_only: bool,
) -> Result<DatabaseConnection, DbError> {
    /// Enough for the pages that one ranking reads again and again; SQLite counts negative numbers in KiB.
    const CACHE_KIB: &str = "-16384";
    let path = path.to_owned();
    let busy_timeout = settings.busy_timeout;
    let mut options = ConnectOptions::new("sqlite:okaeri");
    options
        .max_connections(connections_max)
        .min_connections(1)
        .acquire_timeout(settings.acquire_timeout.max(busy_timeout))
        // SQLite connections are file handles: they do not go stale, and opening them anew costs their caches.
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(move |_| {
            SqliteConnectOptions::new()
                .filename(&path)
                .create_if_missing(!is_query_only)
                .journal_mode(SqliteJournalMode::Wal)
                // A withdrawal of consent that was acknowledged must survive a power failure too, not only a killed
                // process, for which NORMAL would be enough; writes are rare enough to pay for it.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(busy_timeout)
                .pragma("cache_size", CACHE_KIB)
                .pragma("query_only", if is_query_only { "ON" } else { "OFF" })
        })
        .map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_release(|connection, _| Box::pin(is_outside_transactions(connection)))
        });
    let deadline = Instant::now() + busy_timeout;
    loop {
        match sea_orm::Database::connect(options.clone()).await {
            Err(error) if is_locked(&error) && Instant::now() < deadline => {
                tokio::time::sleep(RETRY_AFTER_LOCKED).await;
            }
            opened => return Ok(opened?),
        }
    }
}

/// How long we wait before we ask again for a file that another process is opening; that takes some milliseconds.
const RETRY_AFTER_LOCKED: Duration = Duration::from_millis(20);

/// Whether another process has the file to itself. Of processes that bring a new file to its write-ahead log at once,
/// SQLite refuses all but one at once: there it does not wait for the lock as `busy_timeout` asks.
fn is_locked(error: &DbErr) -> bool {
    const BUSY: i32 = 5;
    const PRIMARY_CODE_MASK: i32 = 0xFF;
    let DbErr::Conn(RuntimeErr::SqlxError(error)) = error else {
        return false;
    };
    let code = error.as_database_error().and_then(|error| error.code());
    let code = code.and_then(|code| code.parse::<i32>().ok());
    code.is_some_and(|code| code & PRIMARY_CODE_MASK == BUSY)
}

/// Opens a SQLite file that nobody writes, so that SQLite needs no files beside it.
pub(crate) async fn sqlite_copy(path: &Path) -> Result<DatabaseConnection, DbError> {
    let file = path.to_owned();
    let mut options = ConnectOptions::new("sqlite:okaeri");
    options
        .max_connections(1)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(move |_| {
            SqliteConnectOptions::new()
                .filename(&file)
                .read_only(true)
                .immutable(true)
        });
    sea_orm::Database::connect(options).await.map_err(|error| {
        let reason = DbError::from(error);
        DbError::Misconfigured(format!("{} is not a database: {reason}", path.display()))
    })
}

/// Whether a connection that comes back to its pool is in no transaction, as whoever takes it next relies on. One that
/// seems to be in one is closed, and the pool opens another.
///
/// Where SQLite cannot write, as on a full disk, it ends a transaction by itself. The driver's own rollback then finds
/// none to end, so that the driver goes on counting it, and takes every later transaction for a part of it: their commits
/// succeed and write nothing.
async fn is_outside_transactions(connection: &mut SqliteConnection) -> Result<bool, SqlxError> {
    if !connection.is_in_transaction() {
        return Ok(true);
    }
    // A transaction that was dropped has asked for its rollback, which comes before the answer to this.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// Opens a pool to a PostgreSQL server.
pub(crate) async fn postgres(url: &str, settings: &PoolSettings) -> Result<DatabaseConnection, DbError> {
    const IDLE_MAX: Duration = Duration::from_secs(10 * 60);
    const LIFETIME_MAX: Duration = Duration::from_secs(30 * 60);
    let misconfigured = |reason: String| {
        DbError::Misconfigured(format!(
            "the database {} cannot be used: {reason}; correct OKAERI_DATABASE_URL or start the server",
            redacted(url)
        ))
    };
    if let Err(error) = url.parse::<sea_orm::sqlx::postgres::PgConnectOptions>() {
        // The driver's own text may quote the URL, password included; only its kind is shown.
        let _ = error;
        return Err(misconfigured("it is not a valid URL".to_owned()));
    }
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(settings.connections_max)
        .min_connections(1)
        .connect_timeout(settings.acquire_timeout)
        .acquire_timeout(settings.acquire_timeout)
        .idle_timeout(IDLE_MAX)
        .max_lifetime(LIFETIME_MAX)
        .test_before_acquire_if_idle_for(PING_AFTER_IDLE)
        .statement_timeout(settings.statement_timeout)
        .set_application_name("okaeri")
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    sea_orm::Database::connect(options)
        .await
        .map_err(|error| misconfigured(DbError::from(error).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_url_has_no_password() {
        for (url, shown) in [
            (
                "postgres://okaeri:geheim@db/okaeri",
                "postgres://okaeri:***@db/okaeri",
            ),
            (
                "postgres://u:p@ss@db:5432/x?sslmode=require",
                "postgres://u:***@db:5432/x?sslmode=require",
            ),
            (
                "postgres:///x?host=/run&user=u&password=geheim",
                "postgres:///x?***",
            ),
            (
                "postgres://okaeri:ge/he?im@db/okaeri",
                "postgres://okaeri:***@db/okaeri",
            ),
            ("postgres://db/x?user=u&PASSWORD=a@b", "postgres://db/x?***"),
            ("okaeri:geheim@db/okaeri", "okaeri:***@db/okaeri"),
            ("sqlite:data/okaeri.sqlite", "sqlite:data/okaeri.sqlite"),
        ] {
            assert_eq!(redacted(url), shown);
        }
    }

    #[test]
    fn a_wrong_url_names_the_forms_that_work() {
        assert_eq!(
            Target::parse("sqlite://data/x.db?mode=rwc"),
            Ok(Target::Sqlite("data/x.db".into()))
        );
        assert_eq!(
            Target::parse("sqlite:/data/x.db"),
            Ok(Target::Sqlite("/data/x.db".into()))
        );
        for wrong in [
            "",
            "mysql://u:geheim@db/x",
            "sqlite:",
            "sqlite::memory:",
            "/data/x.db",
        ] {
            let message = Target::parse(wrong).unwrap_err().to_string();
            assert!(
                message.contains("neither sqlite:PATH nor postgres://"),
                "{message}"
            );
            assert!(
                !message.contains("geheim") && !message.contains('\n'),
                "{message}"
            );
        }
    }

    async fn refusal(url: &str) -> String {
        let settings = PoolSettings {
            acquire_timeout: Duration::from_secs(1),
            ..PoolSettings::default()
        };
        let message = crate::db::Database::connect(url, &settings)
            .await
            .unwrap_err()
            .to_string();
        assert!(
            !message.contains('\n') && !message.contains("geheim"),
            "{message}"
        );
        message
    }

    #[tokio::test]
    async fn a_path_that_cannot_be_written_is_named_with_the_remedy() {
        let directory = tempfile::TempDir::new().unwrap();
        let file = directory.path().join("file");
        std::fs::write(&file, "").unwrap();
        for path in [file.join("okaeri.sqlite"), directory.path().to_owned()] {
            let message = refusal(&format!("sqlite:{}", path.display())).await;
            assert!(message.contains(&path.display().to_string()), "{message}");
            assert!(message.contains("OKAERI_DATA_DIR"), "{message}");
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_new_directory_of_a_database_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;

        let directory = tempfile::TempDir::new().unwrap();
        let own = directory.path().join("data");
        let url = format!("sqlite:{}", own.join("okaeri.db").display());
        let db = crate::db::Database::connect(&url, &PoolSettings::default())
            .await
            .unwrap();
        assert_eq!(
            std::fs::metadata(&own).unwrap().permissions().mode() & 0o777,
            0o700
        );
        db.close().await.unwrap();
    }

    #[test]
    fn no_password_is_in_what_a_url_means() {
        let target = Target::parse("postgres://okaeri:geheim@db/okaeri").unwrap();
        assert_eq!(
            format!("{target:?}"),
            "Postgres(\"postgres://okaeri:***@db/okaeri\")"
        );
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_named() {
        let directory = tempfile::TempDir::new().unwrap();
        let file = directory.path().join("notes.txt");
        std::fs::write(&file, "これはデータベースではない".repeat(100)).unwrap();
        let message = refusal(&format!("sqlite:{}", file.display())).await;
        assert!(message.contains("notes.txt cannot be used: "), "{message}");
    }

    #[tokio::test]
    async fn a_server_that_does_not_answer_is_named_without_its_password() {
        // Port 1 is privileged and unassigned in practice: nobody listens there.
        let message = refusal("postgres://okaeri:geheim@127.0.0.1:1/okaeri").await;
        assert!(
            message.contains("postgres://okaeri:***@127.0.0.1:1/okaeri cannot be used: "),
            "{message}"
        );
        assert!(message.contains("OKAERI_DATABASE_URL"), "{message}");
        for unreadable in [
            "postgres://okaeri:geheim@127.0.0.1:port/okaeri",
            "postgres://okaeri:a/geheim@127.0.0.1/okaeri",
        ] {
            let message = refusal(unreadable).await;
            assert!(message.contains("it is not a valid URL"), "{message}");
        }
    }

    #[tokio::test]
    async fn a_wrong_password_is_told_from_a_server_that_is_down() {
        crate::db::testing::on_postgres_bare(async |url: String| {
            let (_, host) = url.rsplit_once('@').unwrap();
            let message = refusal(&format!("postgres://okaeri:geheim@{host}")).await;
            assert!(message.contains("password authentication failed"), "{message}");
        })
        .await;
    }
}
