//! Looks whether an installation is well, beside a running server.
//!
//! - Takes no lock that a server needs, and makes nothing: no key, no directory, no database, no index. It writes nothing
//!   either, but opens a SQLite database as a server does, which plays in the write-ahead log of a server that was killed.
//! - Whatever is not well comes with its remedy, as a command or a setting. There is no finding without one.
//! - No finding holds a name, an address, a password or a key.

mod data;
mod setup;
#[cfg(test)]
mod tests;
mod traces;

use std::path::Path;

use okaeri_engine::domain::Company;
use serde::Serialize;

use crate::config::Config;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// As it should be.
    Ok,
    /// It works, and will not always, or not for everybody.
    Warning,
    /// Something does not work.
    Error,
}

impl Severity {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Check {
    /// The settings.
    Configuration,
    /// The data directory.
    DataDirectory,
    /// Space on its disk.
    DiskSpace,
    /// The dictionary of Japanese words.
    Dictionary,
    /// What signs and checks tokens.
    SigningKey,
    /// What seals exclusions.
    ExclusionKey,
    /// How mail leaves.
    Mail,
    /// Where traces are sent.
    Traces,
    /// The connection to the database, and whether it is whole.
    Database,
    /// The tables against this version.
    Migrations,
    /// This machine's time against the database's.
    Clock,
    /// Lists of exclusions.
    Exclusions,
    /// A company's text index.
    Index,
}

impl Check {
    /// The word, as in the JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::DataDirectory => "dataDirectory",
            Self::DiskSpace => "diskSpace",
            Self::Dictionary => "dictionary",
            Self::SigningKey => "signingKey",
            Self::ExclusionKey => "exclusionKey",
            Self::Mail => "mail",
            Self::Traces => "traces",
            Self::Database => "database",
            Self::Migrations => "migrations",
            Self::Clock => "clock",
            Self::Exclusions => "exclusions",
            Self::Index => "index",
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub check: Check,
    /// Whose, by short name, where it is one company's.
    pub company: Option<String>,
    /// How bad it is.
    pub severity: Severity,
    /// What was found, in one line.
    pub what: String,
    /// What helps: a command or a setting. `None` where all is well.
    pub remedy: Option<String>,
}

impl Finding {
    fn ok(check: Check, what: impl Into<String>) -> Self {
        Self {
            check,
            company: None,
            severity: Severity::Ok,
            what: what.into(),
            remedy: None,
        }
    }

    fn warning(check: Check, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            remedy: Some(remedy.into()),
            ..Self::ok(check, what)
        }
    }

    fn error(check: Check, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            ..Self::warning(check, what, remedy)
        }
    }

    fn of(self, company: &Company) -> Self {
        Self {
            company: Some(company.slug.clone()),
            ..self
        }
    }
}

/// Everything that was found, in the order in which it was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What was found.
    pub findings: Vec<Finding>,
}

impl Report {
    /// The report of an installation whose settings cannot be read, which is all that can be said of it.
    #[must_use]
    pub fn misconfigured(message: &str) -> Self {
        let remedy = "correct the setting that is named; okaeri.example.toml lists every one";
        Self {
            findings: vec![Finding::error(Check::Configuration, message, remedy)],
        }
    }

    /// How many findings are this bad.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }

    /// The report as `okaeri doctor --json` prints it; its keys stay.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "version": env!("CARGO_PKG_VERSION"),
            "errors": self.count(Severity::Error),
            "warnings": self.count(Severity::Warning),
            "findings": self.findings,
        })
    }
}

/// Looks at everything. What does not open ends none of the other checks but those that need it.
pub async fn examine(config: &Config) -> Report {
    let mut findings = setup::settings(config);
    findings.extend(setup::data_directory(config));
    findings.extend(setup::disk_space(config));
    let (dictionary, found) = setup::dictionary(config);
    findings.push(found);
    findings.extend(setup::signing_key(config));
    let (keys, found) = setup::exclusion_key(config);
    findings.extend(found);
    findings.extend(setup::mail(config).await);
    findings.extend(traces::collector(config).await);
    findings.extend(data::examine(config, dictionary, keys).await);
    Report { findings }
}

/// A number of bytes for people, in the unit of `df -h`.
fn bytes(n: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    for (size, unit) in UNITS {
        if n >= size {
            #[allow(clippy::cast_precision_loss, reason = "one decimal is shown")]
            let shown = n as f64 / size as f64;
            return format!("{shown:.1} {unit}");
        }
    }
    format!("{n} bytes")
}

/// Bytes of all files below a directory, or of a file; what cannot be read counts for nothing.
fn size_of(path: &Path) -> u64 {
    let Ok(metadata) = path.symlink_metadata() else {
        return 0;
    };
    if !metadata.is_dir() {
        return metadata.len();
    }
    let Ok(entries) = std::fs::read_dir(path) else {
        return 0;
    };
    entries.flatten().map(|entry| size_of(&entry.path())).sum()
}
