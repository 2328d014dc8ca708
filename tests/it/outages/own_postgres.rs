//! A PostgreSQL server that a test has to itself, to stop it, pause it and use it up.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use sea_orm::sqlx::{Connection as _, PgConnection};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use tempfile::TempDir;

use super::program::signal;
use crate::harness::scripts_postgres;

/// The name by which the program's connections are known.
const APPLICATION: &str = "okaeri";

/// The server; ends when dropped.
pub(super) struct OwnPostgres {
    _directory: TempDir,
    data: PathBuf,
    url: String,
}

/// Processes that do not run until they are dropped.
pub(super) struct Paused(Vec<u32>);

/// All connections there are.
pub(super) struct UsedUp {
    _owner: DatabaseConnection,
    _taken: Vec<PgConnection>,
}

impl OwnPostgres {
    pub(super) fn start() -> Self {
        let directory = TempDir::new().unwrap();
        // The server's user has to pass through.
        std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let data = directory.path().join("postgres");
        let url = scripts_postgres("start", &data.display().to_string());
        Self {
            _directory: directory,
            data,
            url,
        }
    }

    /// An empty database; its URL.
    pub(super) fn database(&self) -> String {
        scripts_postgres("create", &self.url)
    }

    /// Stops it and starts it again at the same address.
    pub(super) fn restart(&self) {
        scripts_postgres("restart", &self.data.display().to_string());
    }

    /// Somebody who may do everything, in a database.
    pub(super) async fn owner(&self, database: &str) -> DatabaseConnection {
        let (_, name) = database.rsplit_once('/').unwrap();
        let (server, _) = self.url.rsplit_once('/').unwrap();
        Database::connect(format!("{server}/{name}")).await.unwrap()
    }

    /// The same database as a role that is no superuser, as programs should be.
    pub(super) async fn as_plain_role(&self, database: &str) -> String {
        let owner = self.owner(database).await;
        let (rest, name) = database.rsplit_once('/').unwrap();
        let (_, host) = rest.rsplit_once('@').unwrap();
        let sql = format!("CREATE ROLE plain LOGIN PASSWORD 'plain'; ALTER DATABASE {name} OWNER TO plain");
        owner.execute_unprepared(&sql).await.unwrap();
        owner.close().await.unwrap();
        format!("postgres://plain:plain@{host}/{name}")
    }

    /// SIGSTOP for all of it: it takes connections, and nothing is ever answered.
    pub(super) async fn pause(&self, database: &str) -> Paused {
        let pid_file = std::fs::read_to_string(self.data.join("data/postmaster.pid")).unwrap();
        let mut ids = vec![pid_file.lines().next().unwrap().parse().unwrap()];
        let owner = self.owner(database).await;
        ids.extend(backends(&owner, "TRUE").await);
        signal("STOP", &ids);
        Paused(ids)
    }

    /// SIGSTOP for those of the program's backends that listen: their connections live, and no notice comes.
    pub(super) async fn pause_listeners(&self, database: &str) -> Paused {
        let owner = self.owner(database).await;
        let ids = backends(&owner, "query LIKE 'LISTEN%'").await;
        assert!(!ids.is_empty(), "nobody listens");
        owner.close().await.unwrap();
        signal("STOP", &ids);
        Paused(ids)
    }

    /// Ends the program's connections for which `condition` holds; how many.
    pub(super) async fn cut(&self, owner: &DatabaseConnection, condition: &str) -> usize {
        let sql = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE application_name = '{APPLICATION}' AND {condition}"
        );
        let statement = Statement::from_string(owner.get_database_backend(), sql);
        owner.query_all_raw(statement).await.unwrap().len()
    }

    /// Leaves so many connections to everybody but superusers.
    pub(super) async fn leave_connections(&self, database: &str, n: usize) {
        let owner = self.owner(database).await;
        let statement = Statement::from_string(owner.get_database_backend(), "SHOW max_connections");
        let row = owner.query_one_raw(statement).await.unwrap().unwrap();
        let n_max: usize = row.try_get_by_index::<String>(0).unwrap().parse().unwrap();
        let sql = format!("ALTER SYSTEM SET superuser_reserved_connections = {}", n_max - n);
        owner.execute_unprepared(&sql).await.unwrap();
        owner.close().await.unwrap();
        self.restart();
    }

    /// Takes all connections that anybody but superusers can have, those of the program too; they end when dropped.
    pub(super) async fn use_up(&self, url: &str) -> UsedUp {
        // It stays open: its place would be free.
        let owner = self.owner(url).await;
        let mut taken = Vec::new();
        loop {
            self.cut(&owner, "TRUE").await;
            while let Ok(connection) = PgConnection::connect(url).await {
                taken.push(connection);
            }
            if backends(&owner, "TRUE").await.is_empty() {
                return UsedUp {
                    _owner: owner,
                    _taken: taken,
                };
            }
        }
    }
}

async fn backends(owner: &DatabaseConnection, condition: &str) -> Vec<u32> {
    let sql =
        format!("SELECT pid FROM pg_stat_activity WHERE application_name = '{APPLICATION}' AND {condition}");
    let statement = Statement::from_string(owner.get_database_backend(), sql);
    let rows = owner.query_all_raw(statement).await.unwrap();
    let id = |row: &sea_orm::QueryResult| row.try_get_by_index::<i32>(0).unwrap().cast_unsigned();
    rows.iter().map(id).collect()
}

impl Drop for Paused {
    fn drop(&mut self) {
        signal("CONT", &self.0);
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        scripts_postgres("stop", &self.data.display().to_string());
    }
}
