//! What a process logs, for tests that read it.

use std::io::Write;
use std::process::Command;
use std::sync::{Arc, Mutex};

/// Says that a test has a process of its own, to one that was started for it; nextest says so itself.
const ALONE: &str = "OKAERI_TEST_ALONE";

/// What was logged.
#[derive(Clone, Default)]
pub(crate) struct Logged(Arc<Mutex<Vec<u8>>>);

impl Logged {
    /// Collects what this process logs from here on. `None` where other tests may run in it, whose lines would be among
    /// the test's own: it has then been run once more in a process of its own, and has passed there.
    pub(crate) fn from_here(filter: &str) -> Option<Self> {
        if !is_alone() {
            return None;
        }
        let logged = Self::default();
        let writer = logged.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(move || writer.clone())
            .without_time()
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
        Some(logged)
    }

    /// What was logged since the last time.
    pub(crate) fn take(&self) -> String {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap());
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Whether this process is the test's own, which may then change what is one for a whole process. Where it is not, the test
/// has been run once more in a process of its own, and has passed there.
pub(crate) fn is_alone() -> bool {
    let is_alone = [ALONE, "NEXTEST"]
        .iter()
        .any(|name| std::env::var_os(name).is_some());
    if !is_alone {
        run_alone();
    }
    is_alone
}

impl Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Runs the test that asks for it, whose thread has its name, in another process.
fn run_alone() {
    let thread = std::thread::current();
    let name = thread.name().expect("a test's thread has its name");
    let output = Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact"])
        .env(ALONE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{name}: {said}"
    );
}
