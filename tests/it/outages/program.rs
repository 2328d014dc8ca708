//! The program `okaeri` of this build in processes of its own: what is killed, starved and started twice here is what runs
//! elsewhere.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

/// How long a server may take to begin, or to end: a hundred times what it takes on an idle machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program, which cargo builds into the directory above the one of this test, from the sources of now: nothing here
/// builds it, and tests alone do not.
pub(super) fn program() -> PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(built_from_sources_of_now).clone()
}

fn built_from_sources_of_now() -> PathBuf {
    const REMEDY: &str = "build it with the tests, by `cargo build --workspace --bins --tests`";
    let test = std::env::current_exe().unwrap();
    let directory = test.parent().and_then(Path::parent).unwrap();
    let program = directory.join("okaeri");
    let Some(built_at) = written_at(&program) else {
        panic!("there is no program {}: {REMEDY}", program.display());
    };
    // Cargo's list of what the program was built from, which files of unit tests are not on.
    let list = program.with_extension("d");
    let Ok(listed) = std::fs::read_to_string(&list) else {
        panic!(
            "there is no list {} of what the program was built from: {REMEDY}",
            list.display()
        );
    };
    let sources = sources(&listed);
    assert!(
        !sources.is_empty(),
        "{} lists no sources: {REMEDY}",
        list.display()
    );
    for source in sources {
        // A file that is gone has changed, too.
        assert!(
            written_at(&source).is_some_and(|written_at| written_at <= built_at),
            "the program {} is older than its source {}: {REMEDY}",
            program.display(),
            source.display()
        );
    }
    program
}

/// The files of a list as cargo writes it: `PROGRAM: SOURCE SOURCE` in the first line, where a space within a path is
/// escaped by a backslash.
fn sources(listed: &str) -> Vec<PathBuf> {
    const SPACE_WITHIN: &str = "\0";
    let line = listed.lines().next().unwrap_or_default();
    let (_, sources) = line.split_once(": ").unwrap_or_default();
    let sources = sources.replace("\\ ", SPACE_WITHIN);
    let sources = sources.split(' ').filter(|source| !source.is_empty());
    sources
        .map(|source| PathBuf::from(source.replace(SPACE_WITHIN, " ")))
        .collect()
}

#[test]
fn the_sources_of_a_program_are_read_from_the_list_of_cargo() {
    let listed = "/a\\ b/target/okaeri: /a\\ b/main.rs /c/lib.rs\n\n/c/lib.rs:\n";
    assert_eq!(
        sources(listed),
        [PathBuf::from("/a b/main.rs"), PathBuf::from("/c/lib.rs")]
    );
    assert_eq!(sources("/target/okaeri:\n"), Vec::<PathBuf>::new());
}

/// When a file was written; `None` when it is not there.
fn written_at(file: &Path) -> Option<SystemTime> {
    let found = std::fs::metadata(file).ok()?;
    Some(found.modified().unwrap())
}

/// A command that has ended.
#[derive(Debug)]
pub(super) struct Ran {
    /// `None` when a signal ended it.
    pub(super) code: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

impl Ran {
    pub(super) fn of(mut command: Command) -> Self {
        let output = command.output().unwrap();
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// What a command that succeeded has printed.
    pub(super) fn success(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    /// The one line of a command that failed as it should: by itself, and not by a panic.
    pub(super) fn refusal(&self) -> &str {
        assert_eq!(self.code, Some(1), "{self:?}");
        let lines: Vec<&str> = self
            .err
            .lines()
            .filter(|line| line.starts_with("okaeri: "))
            .collect();
        assert_eq!(lines.len(), 1, "{self:?}");
        assert!(
            !self.err.contains("panic at ") && !self.err.contains("panicked"),
            "{self:?}"
        );
        lines[0]
    }
}

/// How a process that was to be killed ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// In the middle of its work.
    Killed,
    /// By itself, before its time.
    TooLate,
}

/// Runs a command and kills it after `life`.
pub(super) fn kill_after(mut command: Command, life: Duration) -> End {
    let started_at = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    thread::sleep(life.saturating_sub(started_at.elapsed()));
    let end = match child.try_wait().unwrap() {
        Some(_) => End::TooLate,
        None => End::Killed,
    };
    child.kill().unwrap();
    child.wait().unwrap();
    end
}

/// `okaeri serve`, which has begun to answer. Killed when dropped.
pub(super) struct Server {
    child: Child,
    address: SocketAddr,
    log: Arc<Mutex<String>>,
}

impl Server {
    /// Starts it; `Err` when it ends before it answers.
    pub(super) fn start(mut command: Command) -> Result<Self, Ran> {
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let (begun, begins) = mpsc::channel();
        let written = Arc::clone(&log);
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some((_, rest)) = line.split_once("serving on http://")
                    && let Some(Ok(address)) = rest.split(' ').next().map(str::parse)
                {
                    let _ = begun.send(address);
                }
                let mut log = written.lock().unwrap_or_else(PoisonError::into_inner);
                log.push_str(&line);
                log.push('\n');
            }
        });
        match begins.recv_timeout(PATIENCE) {
            Ok(address) => Ok(Self { child, address, log }),
            Err(error) => {
                // Whoever hangs is killed, and has no code then.
                let _ = child.kill();
                let code = child.wait().unwrap().code();
                let err = log.lock().unwrap_or_else(PoisonError::into_inner).clone();
                Err(Ran {
                    code,
                    out: error.to_string(),
                    err,
                })
            }
        }
    }

    /// Starts one whose log nobody can read, and waits until it answers at this address.
    pub(super) async fn start_silent(mut command: Command, address: SocketAddr) -> Self {
        let child = command.stdout(Stdio::null()).spawn().unwrap();
        let mut server = Self {
            child,
            address,
            log: Arc::default(),
        };
        let started_at = Instant::now();
        while !server.is_healthy().await {
            server.assert_alive();
            assert!(started_at.elapsed() < PATIENCE, "it does not answer at {address}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        server
    }

    async fn is_healthy(&self) -> bool {
        let url = format!("http://{}/healthz", self.address);
        let asked = reqwest::Client::new().get(url).timeout(PATIENCE).send().await;
        asked.is_ok_and(|answer| answer.status().as_u16() == 200)
    }

    pub(super) fn assert_alive(&mut self) {
        assert_eq!(
            self.child.try_wait().unwrap(),
            None,
            "it has ended: {}",
            self.log()
        );
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Everything that it logged so far.
    pub(super) fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// SIGKILL: nothing of it runs any more when this returns.
    pub(super) fn kill(mut self) {
        self.assert_alive();
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and what it ends with.
    pub(super) fn stop(mut self) {
        signal("TERM", self.id());
        let asked_at = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(asked_at.elapsed() < PATIENCE, "it does not end: {}", self.log());
            thread::sleep(Duration::from_millis(5));
        };
        // One that was told before it listens to signals ends by this one: it has begun nothing.
        const SIGTERM: i32 = 15;
        let is_ended = status.success() || status.signal() == Some(SIGTERM);
        assert!(is_ended, "{status}: {}", self.log());
    }

    /// It has panicked nowhere.
    pub(super) fn assert_sound(&self) {
        let log = self.log();
        assert!(!log.contains("panic at ") && !log.contains("panicked"), "{log}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process that a test has started.
pub(super) fn signal(name: &str, id: u32) {
    assert!(try_signal(name, id), "kill -{name} {id}");
}

/// Whether the process was there to be sent a signal.
pub(super) fn try_signal(name: &str, id: u32) -> bool {
    // The shell's own: not every machine has the program.
    let status = Command::new("sh")
        .arg("-c")
        .arg(format!("kill -{name} {id}"))
        .status();
    status.is_ok_and(|status| status.success())
}
