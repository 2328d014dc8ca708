//! Copies of a SQLite database that can be trusted: made while a server writes, and restored only where they are whole.
//!
//! - A backup is a directory with a copy of the database as it was at one instant and a manifest that says what it is. The
//!   manifest is written last: without one, a backup was never finished.
//! - No key is ever in it, those of exclusions least of all: whoever gets hold of a backup must not read what people
//!   confided. Nor is an index: it is built from the database.
//! - A restore writes into a place that holds nothing, so that no index and no write-ahead log of another database can
//!   meet the restored one.
//! - PostgreSQL has tools of its own for both; `docs/OPERATIONS.md` has the commands.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::config::Config;
use crate::db::{Database, DbError, change_log, companies, migrate};

/// The form of the manifest that this version writes and reads.
const FORMAT: u32 = 1;
/// The manifest within a backup.
const MANIFEST_FILE: &str = "manifest.json";
/// The copy of the database within a backup.
const DATABASE_FILE: &str = "okaeri.db";
/// Largest manifest: 100,000 companies with some hundred bytes each.
const MANIFEST_BYTES_MAX: u64 = 16 << 20;
/// Bytes read at a time.
const BUFFER_BYTES: usize = 1 << 20;
/// How the name of a copy begins that a restore has not verified yet; a number for each process follows.
const DRAFT_PREFIX: &str = ".okaeri-restoring-";
/// What SQLite keeps beside a database, by the ends of the names.
const BESIDE_SQLITE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// What a backup is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The form of this document.
    pub format: u32,
    /// The version of Okaeri that made the backup.
    pub okaeri: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// The copy of the database.
    pub database: Copied,
    /// The steps that were applied to the database, in their order.
    pub migrations: Vec<String>,
    /// How far the change log of each company had come, by short name.
    pub companies: Vec<Reached>,
    /// What has to be kept elsewhere.
    pub not_included: Vec<Omission>,
}

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// Its name within the backup.
    pub file: String,
    /// How large it is.
    pub bytes: u64,
    /// Its digest, in hexadecimal.
    pub sha256: String,
}

/// How far a company's change log had come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// Which company.
    pub id: Uuid,
    /// Its short name.
    pub slug: String,
    /// The newest position; 0 when nothing ever changed.
    pub position: u64,
}

/// Something that a backup does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Omission {
    /// What.
    pub what: String,
    /// Why not, and what to do about it.
    pub why: String,
}

/// Why there is no backup, or nothing was restored: one line with the remedy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// PostgreSQL has tools of its own.
    #[error(
        "the database is PostgreSQL: {command} does not touch it; use {tool}, as docs/OPERATIONS.md shows, and for SQLite \
         correct OKAERI_DATABASE_URL"
    )]
    Postgres {
        /// What was asked for.
        command: &'static str,
        /// What does it.
        tool: &'static str,
    },
    /// The place of the backup holds something.
    #[error("{0} is not an empty directory: name one that does not exist yet")]
    Occupied(PathBuf),
    /// The backup would go with what it is to replace.
    #[error(
        "{0} lies in the data directory, whose loss the backup is for: name a place elsewhere, best on another machine"
    )]
    WithinTheData(PathBuf),
    /// There is something where the database would go.
    #[error(
        "{0} exists, and a restored database must not meet it: move it away, or name an empty directory with OKAERI_DATA_DIR"
    )]
    InTheWay(PathBuf),
    /// A file cannot be read or written.
    #[error("cannot use {path}: {cause}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// There is no manifest.
    #[error(
        "{0} holds no manifest.json: it is no backup, or one that was never finished; name the directory that \
         `okaeri backup` made"
    )]
    NoManifest(PathBuf),
    /// The manifest says something else.
    #[error(
        "{path} is not a manifest that this version reads: {reason}; restore with the version that made it"
    )]
    NotAManifest {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A newer version has made it.
    #[error(
        "the backup was made by okaeri {version}, whose step {step} this version does not know: restore with that version"
    )]
    Newer {
        /// The version.
        version: String,
        /// The first unknown step.
        step: String,
    },
    /// The copy is not what was made.
    #[error("{path} is not what was backed up: {reason}; use another copy of the backup")]
    Altered {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// Makes a backup of a SQLite database in a new directory, beside whoever writes the database. Returns its manifest.
///
/// - `now`: what the manifest says of when it was made
///
/// # Errors
///
/// [`BackupError`]. What was begun has no manifest and is no backup; it is removed.
pub async fn make(config: &Config, into: &Path, now: DateTime<Utc>) -> Result<Manifest, BackupError> {
    let source = config.sqlite_path().ok_or(BackupError::Postgres {
        command: "okaeri backup",
        tool: "pg_dump or pg_basebackup",
    })?;
    if !source.is_file() {
        let cause = io::ErrorKind::NotFound.into();
        return Err(BackupError::File { path: source, cause });
    }
    prepare(config, into)?;
    let made = write(config, into, now).await;
    if made.is_err() {
        // What is left is no backup, and the error is the one to report. The manifest goes first: with one, what is left
        // would pass for a backup.
        let _ = fs::remove_file(into.join(MANIFEST_FILE));
        let _ = fs::remove_file(into.join(DATABASE_FILE));
        let _ = fs::remove_dir(into);
    }
    made
}

/// Makes the directory, which nobody else may enter, also where it was there before.
fn prepare(config: &Config, into: &Path) -> Result<(), BackupError> {
    if let Ok(mut entries) = fs::read_dir(into) {
        if entries.next().is_some() {
            return Err(BackupError::Occupied(into.to_owned()));
        }
    } else if into.exists() {
        return Err(BackupError::Occupied(into.to_owned()));
    }
    let mut builder = fs::DirBuilder::new();
    let made = builder.recursive(true).mode(0o700).create(into);
    made.map_err(|cause| file(into, cause))?;
    let (place, data) = (real(into), real(&config.data_dir));
    if place.starts_with(data) {
        let _ = fs::remove_dir(into);
        return Err(BackupError::WithinTheData(into.to_owned()));
    }
    fs::set_permissions(into, fs::Permissions::from_mode(0o700)).map_err(|cause| file(into, cause))
}

async fn write(config: &Config, into: &Path, now: DateTime<Utc>) -> Result<Manifest, BackupError> {
    let copy = into.join(DATABASE_FILE);
    // SQLite would make it readable for whom the umask lets; it takes an empty file that is there.
    create(&copy).map_err(|cause| file(&copy, cause))?;
    let db = Database::connect(&config.database_url(), &crate::db::PoolSettings::default()).await?;
    let copied = db.copy_into(&copy).await;
    let closed = db.close().await;
    copied.and(closed)?;
    // SQLite does not wait for the disk to have such a copy.
    File::open(&copy)
        .and_then(|copy| copy.sync_all())
        .map_err(|cause| file(&copy, cause))?;
    let (bytes, sha256) = digest(&copy, None)?;
    let (migrations, companies) = describe(&copy).await?;
    let manifest = Manifest {
        format: FORMAT,
        okaeri: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: now,
        database: Copied {
            file: DATABASE_FILE.to_owned(),
            bytes,
            sha256,
        },
        migrations,
        companies,
        not_included: omissions(),
    };
    let path = into.join(MANIFEST_FILE);
    let text = serde_json::to_string_pretty(&manifest).map_err(|error| BackupError::NotAManifest {
        path: path.clone(),
        reason: error.to_string(),
    })?;
    create(&path)
        .and_then(|mut out| {
            out.write_all(text.as_bytes())?;
            out.write_all(b"\n")?;
            out.sync_all()
        })
        .and_then(|()| File::open(into)?.sync_all())
        .map_err(|cause| file(&path, cause))?;
    // The directory's own name is kept by the one that it lies in.
    let place = real(into);
    let parent = place.parent().unwrap_or(&place);
    File::open(parent)
        .and_then(|parent| parent.sync_all())
        .map_err(|cause| file(parent, cause))?;
    Ok(manifest)
}

fn omissions() -> Vec<Omission> {
    let omission = |what: &str, why: &str| Omission {
        what: what.to_owned(),
        why: why.to_owned(),
    };
    vec![
        omission(
            "exclusion keys",
            "deliberately: whoever has data and key together reads whom people exclude; keep the file of \
             OKAERI_EXCLUSION_KEY_FILE apart. Without it nobody who was backed up is ranked for anything",
        ),
        omission(
            "signing key and configuration",
            "they are secrets of the installation and not its data; keep them with the deployment",
        ),
        omission(
            "indexes",
            "they are built from the database by the first start, or by `okaeri reindex`; of companies that do not fit in memory when \
             somebody asks for them",
        ),
        omission("dictionary", "`okaeri dictionary build` makes it"),
    ]
}

/// The applied steps of a copy, and how far each company's change log has come in it.
async fn describe(copy: &Path) -> Result<(Vec<String>, Vec<Reached>), BackupError> {
    let db = Database::open_copy(copy).await?;
    let read = async {
        if let Some(damage) = db.first_damage().await? {
            return Err(altered(copy, damage));
        }
        let steps = migrate::steps(&db).await?;
        let mut reached = Vec::new();
        // Of a database from before the first step there is nothing more to say.
        if !steps.applied.is_empty() {
            for company in companies::list(&db).await? {
                reached.push(Reached {
                    id: company.id.0,
                    position: change_log::newest_position(&db, company.id).await?,
                    slug: company.slug,
                });
            }
        }
        Ok::<_, BackupError>((steps.applied, reached))
    };
    let read = read.await;
    // The copy is only read: there is nothing that closing could lose.
    let _ = db.close().await;
    read
}

/// What was restored, and what is to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// Steps of this version that are to be applied to it.
    pub pending: Vec<String>,
    /// Where the database is now.
    pub path: PathBuf,
}

/// Restores a backup to where the configuration has its SQLite database, which must hold nothing.
///
/// # Errors
///
/// [`BackupError`]; nothing is restored then.
pub async fn restore(config: &Config, from: &Path) -> Result<Restored, BackupError> {
    let target = config.sqlite_path().ok_or(BackupError::Postgres {
        command: "okaeri restore",
        tool: "pg_restore",
    })?;
    let manifest = read_manifest(from)?;
    let steps = migrate::Steps::of(manifest.migrations.clone());
    if let Some(step) = steps.unknown.into_iter().next() {
        let version = manifest.okaeri;
        return Err(BackupError::Newer { version, step });
    }
    ensure_nothing_there(config, &target)?;
    let directory = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    for directory in [&directory, &config.data_dir] {
        let mut builder = fs::DirBuilder::new();
        let made = builder.recursive(true).mode(0o700).create(directory);
        made.map_err(|cause| file(directory, cause))?;
    }
    remove_drafts(&directory)?;
    let draft = directory.join(format!("{DRAFT_PREFIX}{}", std::process::id()));
    let placed = place(&manifest, from, &draft, &target, &directory).await;
    if placed.is_err() {
        // The error is the one to report; a leftover has a name that nothing reads.
        let _ = fs::remove_file(&draft);
    }
    placed?;
    Ok(Restored {
        manifest,
        pending: steps.pending,
        path: target,
    })
}

/// Removes what a restore left that was killed: a copy of everything, under a name that nothing reads. One that still runs
/// loses its copy and fails.
fn remove_drafts(directory: &Path) -> Result<(), BackupError> {
    let entries = fs::read_dir(directory).map_err(|cause| file(directory, cause))?;
    for entry in entries {
        let entry = entry.map_err(|cause| file(directory, cause))?;
        if entry.file_name().to_string_lossy().starts_with(DRAFT_PREFIX) {
            let path = entry.path();
            fs::remove_file(&path).map_err(|cause| file(&path, cause))?;
        }
    }
    Ok(())
}

/// Copies, verifies, and only then gives the copy its name.
async fn place(
    manifest: &Manifest,
    from: &Path,
    draft: &Path,
    target: &Path,
    directory: &Path,
) -> Result<(), BackupError> {
    let source = from.join(&manifest.database.file);
    let out = create(draft).map_err(|cause| file(draft, cause))?;
    let (bytes, sha256) = digest(&source, Some((draft, &out)))?;
    out.sync_all().map_err(|cause| file(draft, cause))?;
    if (bytes, sha256.as_str()) != (manifest.database.bytes, manifest.database.sha256.as_str()) {
        let reason = format!(
            "it has {bytes} bytes with the digest {sha256}, and the manifest names {} and {}",
            manifest.database.bytes, manifest.database.sha256
        );
        return Err(altered(&source, reason));
    }
    let (migrations, companies) = describe(draft).await?;
    if migrations != manifest.migrations || companies != manifest.companies {
        let reason = "its steps and change logs are not those of the manifest".to_owned();
        return Err(altered(&source, reason));
    }
    fs::rename(draft, target)
        .and_then(|()| File::open(directory)?.sync_all())
        .map_err(|cause| file(target, cause))
}

fn read_manifest(from: &Path) -> Result<Manifest, BackupError> {
    let path = from.join(MANIFEST_FILE);
    let n_bytes = match path.metadata() {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(BackupError::NoManifest(from.to_owned()));
        }
        Err(cause) => return Err(file(&path, cause)),
    };
    let unusable = |reason: String| BackupError::NotAManifest {
        path: path.clone(),
        reason,
    };
    if n_bytes > MANIFEST_BYTES_MAX {
        return Err(unusable(format!(
            "it has {n_bytes} bytes, more than {MANIFEST_BYTES_MAX}"
        )));
    }
    let text = fs::read_to_string(&path).map_err(|cause| file(&path, cause))?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|error| unusable(error.to_string()))?;
    if manifest.format != FORMAT {
        return Err(unusable(format!(
            "its format is {}, not {FORMAT}",
            manifest.format
        )));
    }
    // A name with a path in it would lead elsewhere.
    if manifest.database.file != DATABASE_FILE {
        return Err(unusable(format!("its database is not {DATABASE_FILE}")));
    }
    Ok(manifest)
}

/// A database, what SQLite keeps beside one, and indexes would meet what is restored.
fn ensure_nothing_there(config: &Config, target: &Path) -> Result<(), BackupError> {
    let beside = BESIDE_SQLITE.iter().map(|end| {
        let mut name = target.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    });
    let index = config.data_dir.join("index");
    let has_index = fs::read_dir(&index).is_ok_and(|mut entries| entries.next().is_some());
    let places = std::iter::once(target.to_owned()).chain(beside);
    match places.into_iter().find(|path| path.symlink_metadata().is_ok()) {
        Some(path) => Err(BackupError::InTheWay(path)),
        None if has_index => Err(BackupError::InTheWay(index)),
        None => Ok(()),
    }
}

/// Bytes and digest of a file, which is copied on the way where there is somewhere to.
fn digest(path: &Path, copy: Option<(&Path, &File)>) -> Result<(u64, String), BackupError> {
    let mut read = File::open(path).map_err(|cause| file(path, cause))?;
    let mut buffer = vec![0; BUFFER_BYTES];
    let (mut n_bytes, mut hasher) = (0, Sha256::new());
    loop {
        let n_read = read.read(&mut buffer).map_err(|cause| file(path, cause))?;
        if n_read == 0 {
            break;
        }
        hasher.update(&buffer[..n_read]);
        if let Some((into, mut copy)) = copy {
            copy.write_all(&buffer[..n_read])
                .map_err(|cause| file(into, cause))?;
        }
        n_bytes += n_read as u64;
    }
    let digest = hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok((n_bytes, digest))
}

/// A new file that its owner alone may read.
fn create(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).open(path)
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn file(path: &Path, cause: io::Error) -> BackupError {
    BackupError::File {
        path: path.to_owned(),
        cause,
    }
}

fn altered(path: &Path, reason: String) -> BackupError {
    BackupError::Altered {
        path: path.to_owned(),
        reason,
    }
}
