//! What can be looked at without the database: settings, files, keys, mail.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use okaeri_engine::text::{Dictionary, DictionaryError, dictionary};
use rustix::fs::{Access, access, statvfs};

use super::{Check, Finding, bytes, size_of};
use crate::app::read_model;
use crate::auth::Keys;
use crate::config::{Config, Mail, Mode};
use crate::db::{KeyRing, redacted};
use crate::exclusion_keys;
use crate::mail::Mailer;

/// Below this a server cannot go on for long: the write-ahead log, index segments before a merge, and logs take some
/// hundred megabytes; chosen by hand.
const FREE_BYTES_MIN: u64 = 512 << 20;
/// Bits of a file's mode that let others than its owner and group read or write it.
const OTHERS: u32 = 0o007;
const OTHERS_WRITE: u32 = 0o022;

/// The settings that are no error, but that somebody should know of.
pub(super) fn settings(config: &Config) -> Vec<Finding> {
    let mut found = Vec::new();
    let mode = match config.mode {
        Mode::Development => "development",
        Mode::Production => "production",
    };
    found.push(Finding::ok(
        Check::Configuration,
        format!(
            "{mode}, data in {}, database {}",
            config.data_dir.display(),
            redacted(&config.database_url())
        ),
    ));
    if let Some(path) = &config.ranking.model_file
        && let Err(error) = read_model(path)
    {
        found.push(Finding::error(
            Check::Configuration,
            error.to_string(),
            "correct OKAERI_MODEL_FILE (ranking.model_file), or leave it out for the model of this version",
        ));
    }
    if let Some(path) = &config.http.trusted_documents
        && let Err(error) = std::fs::read(path)
    {
        found.push(Finding::error(
            Check::Configuration,
            format!(
                "the list of trusted documents {} cannot be read: {error}",
                path.display()
            ),
            "correct OKAERI_TRUSTED_DOCUMENTS (http.trusted_documents), or leave it out",
        ));
    }
    let has_metrics = config.telemetry.metrics_listen.is_some() || config.telemetry.metrics_token.is_some();
    if config.mode == Mode::Production && !has_metrics {
        found.push(Finding::warning(
            Check::Configuration,
            "nobody can read /metrics: production answers it to nobody without a setting",
            "set OKAERI_METRICS_LISTEN (telemetry.metrics_listen) or OKAERI_METRICS_TOKEN",
        ));
    }
    found
}

pub(super) fn data_directory(config: &Config) -> Vec<Finding> {
    let dir = &config.data_dir;
    let shown = dir.display();
    let Ok(metadata) = dir.metadata() else {
        return vec![Finding::error(
            Check::DataDirectory,
            format!("the data directory {shown} does not exist, or cannot be reached"),
            format!(
                "make it with `install -d -m 700 -o USER {shown}`, USER being the server's, or name another with \
                 OKAERI_DATA_DIR"
            ),
        )];
    };
    if !metadata.is_dir() || access(dir, Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK).is_err() {
        return vec![Finding::error(
            Check::DataDirectory,
            format!("{shown} is no directory that this user may write"),
            format!("run as the server's user, or `chown -R USER {shown}` for that user"),
        )];
    }
    let mut found = vec![Finding::ok(
        Check::DataDirectory,
        format!("{shown} can be written"),
    )];
    if is_open(&metadata.permissions()) {
        found.push(Finding::warning(
            Check::DataDirectory,
            format!("every user of this machine may read {shown}, which holds what people wrote"),
            format!("chmod 700 {shown}"),
        ));
    }
    found
}

/// Space for what happens without being asked: an index is rebuilt beside the one in use, and an erasure rewrites a
/// SQLite database, each on its own disk where they are apart.
pub(super) fn disk_space(config: &Config) -> Vec<Finding> {
    let indexes = config.data_dir.join("index");
    let largest_index = std::fs::read_dir(&indexes)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| size_of(&entry.path()))
        .max()
        .unwrap_or(0);
    let index = ("the largest index", largest_index);
    let data = (config.data_dir.as_path(), "OKAERI_DATA_DIR");
    // The file itself, wherever a link leads: SQLite writes beside that one.
    let database = config.sqlite_path().and_then(|path| path.canonicalize().ok());
    let Some(path) = database else {
        return space(data, &[index]).into_iter().collect();
    };
    let database = ("the database", size_of(&path));
    let directory = path.parent().unwrap_or(&path);
    let device = |path: &Path| path.metadata().ok().map(|metadata| metadata.dev());
    if device(directory) == device(&config.data_dir) {
        return space(data, &[index, database]).into_iter().collect();
    }
    let elsewhere = space((directory, "OKAERI_DATABASE_URL"), &[database]);
    space(data, &[index]).into_iter().chain(elsewhere).collect()
}

/// Whether the disk of a directory has room to make each of these once more. Without a directory there is a finding already.
///
/// - `place`: the directory, and what names another
/// - `taken`: what, and how many bytes
fn space(place: (&Path, &str), taken: &[(&str, u64)]) -> Option<Finding> {
    let (directory, variable) = place;
    let disk = statvfs(directory).ok()?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let needed = FREE_BYTES_MIN + taken.iter().map(|(_, n_bytes)| n_bytes).sum::<u64>();
    let sizes: Vec<String> = taken
        .iter()
        .map(|(what, n_bytes)| format!("{what} takes {}", bytes(*n_bytes)))
        .collect();
    let what = format!(
        "{} free below {}; {}",
        bytes(free),
        directory.display(),
        sizes.join(", ")
    );
    let remedy = format!(
        "free at least {} there, or move the data to another disk with {variable}",
        bytes(needed)
    );
    Some(if free < FREE_BYTES_MIN {
        Finding::error(Check::DiskSpace, what, remedy)
    } else if free < needed {
        Finding::warning(
            Check::DiskSpace,
            format!(
                "{what}: too little to build an index beside itself, or to rewrite the database after an erasure"
            ),
            remedy,
        )
    } else {
        Finding::ok(Check::DiskSpace, what)
    })
}

pub(super) fn dictionary(config: &Config) -> (Option<Dictionary>, Finding) {
    let build = "run `okaeri dictionary build`, or set OKAERI_DICTIONARY_DIR (dictionary_dir) to where it is";
    let places = config.dictionary_dirs();
    let mut reasons: Vec<String> = Vec::new();
    for dir in &places {
        match Dictionary::open(dir) {
            Ok(found) => {
                let what = format!("version {} in {}", dictionary::version(), dir.display());
                return (Some(found), Finding::ok(Check::Dictionary, what));
            }
            Err(DictionaryError::OtherVersion { dir, found, expected }) => reasons.push(format!(
                "the one in {} has version {found}, and {expected} is needed",
                dir.display()
            )),
            Err(DictionaryError::Unreadable { dir, reason }) => {
                reasons.push(format!("the one in {} cannot be read ({reason})", dir.display()));
            }
            Err(_) => reasons.push(format!("none in {}", dir.display())),
        }
    }
    let what = format!("there is no usable dictionary: {}", reasons.join("; "));
    (None, Finding::error(Check::Dictionary, what, build))
}

pub(super) fn signing_key(config: &Config) -> Vec<Finding> {
    let path = Keys::path(config);
    let is_set = config.auth.signing_key.is_some();
    if let Some(path) = &path
        && !is_set
        && !path.exists()
    {
        let what = format!("development: {} is made when it is first needed", path.display());
        return vec![Finding::ok(Check::SigningKey, what)];
    }
    let remedy = "make one with `openssl genpkey -algorithm ed25519 -out FILE` and set OKAERI_SIGNING_KEY \
                  (auth.signing_key) to it; for [[auth.providers]] correct jwks";
    if let Err(error) = Keys::open(config) {
        return vec![Finding::error(Check::SigningKey, error.to_string(), remedy)];
    }
    let n_providers = config.auth.providers.len();
    let Some(path) = path else {
        let what = format!("{n_providers} identity providers and no key of its own");
        let remedy = "set OKAERI_SIGNING_KEY where people sign in by link, as alumni do";
        return vec![Finding::warning(Check::SigningKey, what, remedy)];
    };
    let what = format!("{} signs, {n_providers} identity providers", path.display());
    let mut found = vec![Finding::ok(Check::SigningKey, what)];
    found.extend(permissions(Check::SigningKey, &path));
    found
}

/// The keys, an empty ring where there are none yet; `None` where they cannot be read.
pub(super) fn exclusion_key(config: &Config) -> (Option<KeyRing>, Vec<Finding>) {
    let path = exclusion_keys::path(config);
    match exclusion_keys::find(config) {
        Ok(None) => {
            let place = path.unwrap_or_default();
            let what = format!("development: {} is made when it is first needed", place.display());
            (
                Some(KeyRing::empty()),
                vec![Finding::ok(Check::ExclusionKey, what)],
            )
        }
        Ok(Some(keys)) => {
            let place = path.as_ref().map_or_else(
                || "OKAERI_EXCLUSION_KEY".to_owned(),
                |path| path.display().to_string(),
            );
            let current = keys.current_id().unwrap_or_default();
            let mut found = vec![Finding::ok(
                Check::ExclusionKey,
                format!("the key {current} of {place} seals"),
            )];
            found.extend(path.and_then(|path| permissions(Check::ExclusionKey, &path)));
            (Some(keys), found)
        }
        Err(error) => {
            let remedy = "set OKAERI_EXCLUSION_KEY_FILE (exclusion_key_file) to the file with the key that was in use; \
                          for a new installation write one with `okaeri exclusions new-key > FILE`";
            let found = Finding::error(Check::ExclusionKey, error.to_string(), remedy);
            (None, vec![found])
        }
    }
}

/// A key that others than its owner may read.
fn permissions(check: Check, path: &Path) -> Option<Finding> {
    let mode = path.metadata().ok()?.permissions().mode();
    let shown = path.display();
    let remedy = format!("chmod 600 {shown}, with the server's user as its owner");
    if mode & OTHERS_WRITE != 0 {
        let what = format!("others than the owner of {shown} may write it: they can put another key there");
        return Some(Finding::error(check, what, remedy));
    }
    (mode & OTHERS != 0).then(|| {
        let what = format!("every user of this machine may read {shown}");
        Finding::warning(check, what, remedy)
    })
}

fn is_open(permissions: &Permissions) -> bool {
    permissions.mode() & OTHERS != 0
}

pub(super) async fn mail(config: &Config) -> Vec<Finding> {
    let mailer = match Mailer::open(config) {
        Ok(mailer) => mailer,
        Err(error) => {
            let remedy = "correct OKAERI_MAIL_FROM (mail.from) and OKAERI_SMTP_URL (mail.smtp_url)";
            return vec![Finding::error(Check::Mail, error.to_string(), remedy)];
        }
    };
    let mut found = Vec::new();
    match (mailer.probe().await, &config.mail.smtp_url, config.mode) {
        (Err(error), _, _) => found.push(Finding::error(
            Check::Mail,
            format!("the mail server cannot be used: {error}"),
            "correct OKAERI_SMTP_URL (mail.smtp_url): host, port, tls, user and password",
        )),
        (Ok(()), Some(_), _) => found.push(Finding::ok(
            Check::Mail,
            format!(
                "the mail server takes the connection; mail comes from {}",
                config.mail.from
            ),
        )),
        (Ok(()), None, Mode::Development) => found.push(Finding::ok(
            Check::Mail,
            format!("development: mail is written to {}", config.mail_dir().display()),
        )),
        (Ok(()), None, Mode::Production) => found.push(Finding::warning(
            Check::Mail,
            format!(
                "no mail reaches anybody: it is written to {}",
                config.mail_dir().display()
            ),
            "set OKAERI_SMTP_URL (mail.smtp_url)",
        )),
    }
    if config.mode == Mode::Production && config.mail.from == Mail::default().from {
        found.push(Finding::warning(
            Check::Mail,
            format!("mail comes from {}, which no mail server takes", config.mail.from),
            "set OKAERI_MAIL_FROM (mail.from) to an address of your own domain",
        ));
    }
    found
}
