//! What the tests stand on: a running server with companies, people by role, rows to import, and a socket.
//!
//! - Time starts at nine in the morning in Japan on 2026-11-20, by the configuration; rankings read no other.
//! - The background worker does not run: a test that needs the index or a mail says so.

mod databases;
mod logs;
mod mail;
mod person;
mod rows;
mod server;
mod smtp;
mod socket;
pub(crate) mod steps;

pub(crate) use databases::{
    Kind, TestDatabase, ThrowawayPostgres, create_postgres, postgres_program, scripts_postgres,
};
pub(crate) use logs::{Logged, is_alone};
pub(crate) use mail::{body, token};
pub(crate) use person::{Answer, Person};
pub(crate) use rows::{Row, alumnus, contract_work, json_lines, role, slot};
pub(crate) use server::{AOBA, EXCLUSION_KEY, NOW, TestApp, dictionary};
pub(crate) use smtp::{Manner, Smtp};

/// Runs each test twice: as `sqlite::name` and as `postgres::name`, each with a server of its own. A test that is not
/// listed is dead code, which the build warns of.
macro_rules! on_both_databases {
    ($($name:ident;)+) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                let app = $crate::harness::TestApp::spawn($crate::harness::Kind::Sqlite).await;
                super::$name(&app).await;
                app.stop().await;
            })+
        }

        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                let app = $crate::harness::TestApp::spawn($crate::harness::Kind::Postgres).await;
                super::$name(&app).await;
                app.stop().await;
            })+
        }
    };
}

pub(crate) use on_both_databases;
