//! What can go wrong below the use cases.
//!
//! - No message carries a row's value or a password: messages are made from codes and names of tables and
//!   constraints. What a database says in its own words is kept only where it cannot quote data.

use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr, SqlxError, SqlxPostgresError, TryGetError};

/// Why the database did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// The operator's to repair: one line with the value, what is wrong and the remedy.
    #[error("{0}")]
    Misconfigured(String),
    /// The tables are older than this program.
    #[error("the database lacks {} migrations, the first is {}: run `okaeri migrate`", pending.len(), pending.first().map_or("unknown", String::as_str))]
    MigrationsPending {
        /// Names of the missing steps, in order.
        pending: Vec<String>,
    },
    /// The database cannot be reached or is overloaded; asking again later may succeed.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// A row with the same key exists.
    #[error("a row with the same key exists: {constraint}")]
    UniqueViolation {
        /// The constraint's name on PostgreSQL, its columns on SQLite.
        constraint: String,
    },
    /// Ours: a broken statement, a broken row, a broken disk.
    #[error("database fault: {0}")]
    Fault(String),
}

impl DbError {
    /// A row that does not hold what its column promises.
    pub(crate) fn corrupt(column: &'static str) -> Self {
        Self::Fault(format!(
            "column {column} holds a value that this version does not know"
        ))
    }

    /// Whether asking again later may succeed.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }

    /// Whether a row with the same key exists.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::UniqueViolation { .. })
    }
}

impl From<DbErr> for DbError {
    fn from(error: DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => {
                Self::Unavailable("no connection became free in time".to_owned())
            }
            DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed) => {
                Self::Unavailable("the connection pool is closed".to_owned())
            }
            DbErr::Conn(RuntimeErr::SqlxError(error)) => match Self::from(error.as_ref()) {
                Self::Fault(reason) => Self::Unavailable(reason),
                other => other,
            },
            DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
                Self::from(error.as_ref())
            }
            DbErr::Migration(reason) => Self::Fault(format!("migration: {reason}")),
            DbErr::Type(_) => Self::Fault("a column holds a value of another type".to_owned()),
            DbErr::Json(_) => Self::Fault("a column holds malformed JSON".to_owned()),
            DbErr::TryIntoErr { from, into, .. } => Self::Fault(format!("cannot convert {from} into {into}")),
            // The remaining ones are about statements and not about rows, yet their texts are free: name the kind.
            other => {
                let debug = format!("{other:?}");
                let kind = debug.split(['(', ' ', '{']).next().unwrap_or_default();
                Self::Fault(kind.to_owned())
            }
        }
    }
}

impl From<&SqlxError> for DbError {
    fn from(error: &SqlxError) -> Self {
        match error {
            SqlxError::Database(error) => {
                let code = error.code().unwrap_or_default().into_owned();
                match error.try_downcast_ref::<SqlxPostgresError>() {
                    Some(error) => from_postgres(&code, error),
                    None => from_sqlite(&code, error.message()),
                }
            }
            SqlxError::Io(error) => Self::Unavailable(format!("connection: {}", error.kind())),
            SqlxError::Tls(_) => Self::Unavailable("TLS handshake failed".to_owned()),
            SqlxError::PoolTimedOut => Self::Unavailable("no connection became free in time".to_owned()),
            SqlxError::PoolClosed => Self::Unavailable("the connection pool is closed".to_owned()),
            SqlxError::WorkerCrashed => Self::Unavailable("the database worker ended".to_owned()),
            SqlxError::ColumnDecode { index, .. } => {
                Self::Fault(format!("column {index} holds a value of another type"))
            }
            SqlxError::Configuration(_) => Self::Misconfigured("the database URL is not valid".to_owned()),
            _ => Self::Fault("the database driver failed".to_owned()),
        }
    }
}

impl From<TryGetError> for DbError {
    fn from(error: TryGetError) -> Self {
        match error {
            TryGetError::DbErr(error) => error.into(),
            TryGetError::Null(column) => Self::Fault(format!("column {column} is unexpectedly null")),
        }
    }
}

/// Classes of SQLSTATE: <https://www.postgresql.org/docs/15/errcodes-appendix.html>.
fn from_postgres(code: &str, error: &SqlxPostgresError) -> DbError {
    let constraint = error.constraint().unwrap_or("unnamed").to_owned();
    let table = error.table().unwrap_or("unnamed");
    match code {
        "23505" => DbError::UniqueViolation { constraint },
        // Connection failures, out of resources, shutdown, cancelled by a timeout, deadlock and serialization.
        "57014" => DbError::Unavailable("the statement took longer than its limit".to_owned()),
        "40001" | "40P01" | "55P03" => DbError::Unavailable(format!(
            "a concurrent transaction is in the way (SQLSTATE {code})"
        )),
        _ if ["08", "53", "57"].iter().any(|class| code.starts_with(class)) => {
            DbError::Unavailable(format!("{} (SQLSTATE {code})", error.message()))
        }
        _ if code.starts_with("28") || code.starts_with("3D") => {
            DbError::Unavailable(format!("{} (SQLSTATE {code})", error.message()))
        }
        _ if code.starts_with("23") => DbError::Fault(format!(
            "constraint {constraint} of table {table} (SQLSTATE {code})"
        )),
        // Class 22 quotes the value that it could not read.
        _ if code.starts_with("22") => DbError::Fault(format!("a value does not fit (SQLSTATE {code})")),
        _ => DbError::Fault(format!("{} (SQLSTATE {code})", error.message())),
    }
}

/// Extended result codes: <https://www.sqlite.org/rescode.html>. SQLite's messages name tables and columns, not
/// values.
fn from_sqlite(code: &str, message: &str) -> DbError {
    const PRIMARY_CODE_MASK: i32 = 0xFF;
    let code: i32 = code.parse().unwrap_or_default();
    match (code, code & PRIMARY_CODE_MASK) {
        (1555 | 2067, _) => DbError::UniqueViolation {
            constraint: message.rsplit(": ").next().unwrap_or(message).to_owned(),
        },
        // BUSY, LOCKED, NOMEM, IOERR, FULL, CANTOPEN: the machine's state, not the statement's.
        (_, 5 | 6 | 7 | 10 | 13 | 14) => DbError::Unavailable(format!("{message} (SQLite {code})")),
        _ => DbError::Fault(format!("{message} (SQLite {code})")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_under_sqlite_may_have_room_again_later_and_a_wrong_statement_stays_wrong() {
        // FULL, IOERR_WRITE, ERROR.
        for (code, message, is_unavailable) in [
            ("13", "database or disk is full", true),
            ("778", "disk I/O error", true),
            ("1", "no such table: alumnus", false),
        ] {
            let error = from_sqlite(code, message);
            assert_eq!(error.is_unavailable(), is_unavailable, "{error}");
            assert!(error.to_string().contains(message), "{error}");
        }
    }
}
