//! Processes that migrate one database at once.

use std::process::Stdio;

use okaeri_migrations::{Migrator, MigratorTrait};

use super::installation::Installation;
use crate::harness::{AOBA, Kind};

/// Rounds: which of them comes first is a matter of luck.
const ROUNDS: usize = 3;
/// As many as a careless deployment starts together.
const PROCESSES: usize = 3;

async fn every_step_is_applied_once(kind: Kind) {
    for _ in 0..ROUNDS {
        let installation = Installation::empty(kind);
        let start = |_| {
            let mut command = installation.command(&["migrate"]);
            command
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        };
        let started: Vec<_> = (0..PROCESSES).map(start).collect();
        let mut n_applied = 0;
        for process in started {
            let output = process.wait_with_output().unwrap();
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{errors}");
            let said = String::from_utf8(output.stdout).unwrap();
            n_applied += said.lines().filter(|line| line.starts_with("applied ")).count();
        }
        assert_eq!(n_applied, Migrator::migrations().len());
        installation
            .run(&["company", "create", "--slug", AOBA, "--name", "青葉"])
            .success();
    }
}

mod sqlite {
    #[tokio::test]
    async fn processes_that_migrate_at_once_apply_every_step_once() {
        super::every_step_is_applied_once(crate::harness::Kind::Sqlite).await;
    }
}

mod postgres {
    #[tokio::test]
    async fn processes_that_migrate_at_once_apply_every_step_once() {
        super::every_step_is_applied_once(crate::harness::Kind::Postgres).await;
    }
}
