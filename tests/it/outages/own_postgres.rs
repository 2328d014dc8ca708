//! A PostgreSQL server that a test has to itself, to stop it, pause it and use it up.

use std::thread;
use std::time::{Duration, Instant};

use sea_orm::sqlx::{Connection as _, PgConnection};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};

use super::program::{signal, try_signal};
use crate::harness::{ThrowawayPostgres, scripts_postgres};

/// The name by which the program's connections are known.
const APPLICATION: &str = "okaeri";

/// How long a process may take to stop running: a thousand times what it takes on an idle machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// The server; ends when dropped.
pub(super) struct OwnPostgres(ThrowawayPostgres);

/// Processes that do not run until they are dropped.
pub(super) struct Paused(Vec<u32>);

/// All connections there are.
pub(super) struct UsedUp {
    _owner: DatabaseConnection,
    _taken: Vec<PgConnection>,
}

impl OwnPostgres {
    pub(super) fn start() -> Self {
        Self(ThrowawayPostgres::start())
    }

    /// An empty database; its URL.
    pub(super) fn database(&self) -> String {
        scripts_postgres("create", &self.0.url)
    }

    /// Stops it and starts it again at the same address.
    pub(super) fn restart(&self) {
        scripts_postgres("restart", &self.0.directory().display().to_string());
    }

    /// Somebody who may do everything, in a database.
    pub(super) async fn owner(&self, database: &str) -> DatabaseConnection {
        let (_, name) = database.rsplit_once('/').unwrap();
        let (server, _) = self.0.url.rsplit_once('/').unwrap();
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
    pub(super) fn pause(&self) -> Paused {
        let pid_file = std::fs::read_to_string(self.0.directory().join("data/postmaster.pid")).unwrap();
        let postmaster = pid_file.lines().next().unwrap().parse::<u32>().unwrap();
        let mut paused = Paused(vec![postmaster]);
        signal("STOP", postmaster);
        let asked_at = Instant::now();
        while state_and_parent(postmaster).is_some_and(|(state, _)| state != STOPPED) {
            assert!(asked_at.elapsed() < PATIENCE, "it does not stop");
            thread::sleep(Duration::from_millis(1));
        }
        // It begins no other from here on. What it has begun is asked of the system: the server itself does not list
        // those that still look at a password, and these would go on to serve.
        for id in children(postmaster) {
            paused.0.push(id);
            // One that has ended meanwhile serves nobody either.
            try_signal("STOP", id);
        }
        paused
    }

    /// SIGSTOP for those of the program's backends that listen: their connections live, and no notice comes.
    pub(super) async fn pause_listeners(&self, database: &str) -> Paused {
        let owner = self.owner(database).await;
        let ids = backends(&owner, "query LIKE 'LISTEN%'").await;
        assert!(!ids.is_empty(), "nobody listens");
        owner.close().await.unwrap();
        let paused = Paused(ids);
        for id in &paused.0 {
            signal("STOP", *id);
        }
        paused
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

/// What the system calls a process that SIGSTOP has stopped.
const STOPPED: char = 'T';

/// The processes that another has begun and that have not ended.
fn children(of: u32) -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").unwrap();
    let ids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|id| state_and_parent(*id).is_some_and(|(_, parent)| parent == of))
        .collect()
}

/// What a process does, and who has begun it; `None` when it has ended.
fn state_and_parent(id: u32) -> Option<(char, u32)> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // `ID (NAME) STATE PARENT`, where the name may hold anything.
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut words = rest.split(' ');
    let state = words.next()?.parse::<char>().ok()?;
    let parent = words.next()?.parse::<u32>().ok()?;
    Some((state, parent))
}

impl Drop for Paused {
    fn drop(&mut self) {
        for id in &self.0 {
            // Nothing is asserted: a test that fails is being unwound, and one that has ended needs no signal.
            try_signal("CONT", *id);
        }
    }
}
