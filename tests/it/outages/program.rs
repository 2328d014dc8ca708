//! The program `okaeri` of this build in processes of its own: what is killed, starved and started twice here is what runs
//! elsewhere.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpStream};
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
    let test = std::env::current_exe().unwrap();
    let directory = test.parent().and_then(Path::parent).unwrap();
    let program = directory.join("okaeri");
    let remedy = "build it with the tests, by `cargo build --workspace --bins --tests`";
    let built_at = match std::fs::metadata(&program) {
        Ok(found) => found.modified().unwrap(),
        Err(_) => panic!("there is no program {}: {remedy}", program.display()),
    };
    static NEWEST: OnceLock<SystemTime> = OnceLock::new();
    let newest = NEWEST.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let sources = ["api/src", "engine/src", "migrations/src"].map(|name| newest_in(&root.join(name)));
        sources.into_iter().max().unwrap()
    });
    assert!(
        built_at >= *newest,
        "the program {} is older than its sources: {remedy}",
        program.display()
    );
    program
}

/// When the last file in a directory was written.
fn newest_in(directory: &Path) -> SystemTime {
    let of = |path: PathBuf| {
        if path.is_dir() {
            newest_in(&path)
        } else {
            path.metadata().unwrap().modified().unwrap()
        }
    };
    let entries = std::fs::read_dir(directory).unwrap();
    let times = entries.map(|entry| of(entry.unwrap().path()));
    times.max().unwrap_or(SystemTime::UNIX_EPOCH)
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

    /// Starts one whose log nobody can read, and waits until it listens at this address.
    pub(super) fn start_silent(mut command: Command, address: SocketAddr) -> Self {
        let child = command.stdout(Stdio::null()).spawn().unwrap();
        let mut server = Self {
            child,
            address,
            log: Arc::default(),
        };
        let started_at = Instant::now();
        while TcpStream::connect(address).is_err() {
            server.assert_alive();
            assert!(started_at.elapsed() < PATIENCE, "it does not listen at {address}");
            thread::sleep(Duration::from_millis(20));
        }
        server
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
        signal("TERM", &[self.id()]);
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

/// Sends a signal to processes that a test has started.
pub(super) fn signal(name: &str, ids: &[u32]) {
    let ids: Vec<String> = ids.iter().map(u32::to_string).collect();
    // The shell's own: not every machine has the program.
    let status = Command::new("sh")
        .arg("-c")
        .arg(format!("kill -{name} {}", ids.join(" ")))
        .status();
    assert!(status.unwrap().success(), "kill -{name} {ids:?}");
}
