//! Where the keys come from that seal what people exclude.
//!
//! - They lie neither in the database nor in the data directory, so that no copy of either can be read by itself;
//!   production refuses a file that would lie beside them.
//! - In development the first command that needs them makes a file in the user's configuration directory.
//! - Without the keys nothing begins: people whose exclusions cannot be read would otherwise be shown to whom they
//!   exclude, or to nobody.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::config::{Config, Mode, config_dir};
use crate::db::{KeyRing, KeyRingError};
use crate::private_dir;

/// The name of the development file within the user's configuration directory.
const DEVELOPMENT_FILE: &str = "exclusion.key";

/// Largest file of keys: sixteen keys with a line of comment each.
const FILE_BYTES_MAX: u64 = 16_384;

/// Why there are no keys: one line that names the remedy, and never a key.
#[derive(Debug, thiserror::Error)]
pub enum ExclusionKeyError {
    /// Production, and nothing is set.
    #[error(
        "there is no key to keep exclusions with: write one with `okaeri exclusions new-key > FILE`, keep it apart \
         from the database and its copies, and set OKAERI_EXCLUSION_KEY_FILE to it"
    )]
    NotSet,
    /// Development, and nowhere to make one.
    #[error(
        "there is no directory for the key that exclusions are kept with: set OKAERI_EXCLUSION_KEY_FILE, or HOME"
    )]
    NoDirectory,
    /// The file lies where copies of the data are made.
    #[error(
        "the key of exclusions {path} lies in {beside}, which holds the data that it seals: a copy of that directory \
         would hold both; keep the key elsewhere"
    )]
    BesideTheData {
        /// The file.
        path: PathBuf,
        /// The directory.
        beside: PathBuf,
    },
    /// The file does not open.
    #[error("cannot use the key file of exclusions {path}: {cause}; correct OKAERI_EXCLUSION_KEY_FILE")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The file is too large.
    #[error("the key file of exclusions {path} has {n_bytes} bytes, more than {FILE_BYTES_MAX}")]
    TooLarge {
        /// Which.
        path: PathBuf,
        /// How large it is.
        n_bytes: u64,
    },
    /// The text is no key ring.
    #[error("{origin} holds no keys of exclusions: {cause}")]
    NotKeys {
        /// Where it stands.
        origin: String,
        /// What is wrong with it.
        cause: KeyRingError,
    },
}

/// The keys that the configuration names; in development made where there are none.
///
/// # Errors
///
/// [`ExclusionKeyError`], with the remedy.
pub fn open(config: &Config) -> Result<KeyRing, ExclusionKeyError> {
    match find(config)? {
        Some(keys) => Ok(keys),
        None => {
            let path = path(config).ok_or(ExclusionKeyError::NoDirectory)?;
            make_if_missing(&path)?;
            read(&path)
        }
    }
}

/// The same, and none made: `None` in development before the first command that needs them.
///
/// # Errors
///
/// As [`open`].
pub fn find(config: &Config) -> Result<Option<KeyRing>, ExclusionKeyError> {
    if let Some(value) = &config.exclusion_key {
        return parse("OKAERI_EXCLUSION_KEY", value.expose()).map(Some);
    }
    match (&config.exclusion_key_file, config.mode) {
        (Some(path), Mode::Production) => {
            ensure_apart(path, config)?;
            read(path).map(Some)
        }
        (Some(path), Mode::Development) => read(path).map(Some),
        (None, Mode::Production) => Err(ExclusionKeyError::NotSet),
        (None, Mode::Development) => match path(config) {
            Some(path) if path.exists() => read(&path).map(Some),
            Some(_) => Ok(None),
            None => Err(ExclusionKeyError::NoDirectory),
        },
    }
}

/// The file that the keys are read from; `None` where they are a value, and where there is no place for a file.
#[must_use]
pub fn path(config: &Config) -> Option<PathBuf> {
    match (&config.exclusion_key, &config.exclusion_key_file, config.mode) {
        (None, Some(path), _) => Some(path.clone()),
        (None, None, Mode::Development) => Some(config_dir()?.join(DEVELOPMENT_FILE)),
        (Some(_), _, _) | (None, None, Mode::Production) => None,
    }
}

fn read(path: &Path) -> Result<KeyRing, ExclusionKeyError> {
    let n_bytes = fs::metadata(path).map_err(|cause| file(path, cause))?.len();
    if n_bytes > FILE_BYTES_MAX {
        return Err(ExclusionKeyError::TooLarge {
            path: path.to_owned(),
            n_bytes,
        });
    }
    let text = fs::read_to_string(path).map_err(|cause| file(path, cause))?;
    parse(&path.display().to_string(), &text)
}

fn parse(origin: &str, text: &str) -> Result<KeyRing, ExclusionKeyError> {
    KeyRing::parse(text).map_err(|cause| ExclusionKeyError::NotKeys {
        origin: origin.to_owned(),
        cause,
    })
}

fn file(path: &Path, cause: io::Error) -> ExclusionKeyError {
    ExclusionKeyError::File {
        path: path.to_owned(),
        cause,
    }
}

/// Refuses a file in the data directory or in the directory of the SQLite database, links followed.
fn ensure_apart(path: &Path, config: &Config) -> Result<(), ExclusionKeyError> {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let found = real(path);
    let database = config.sqlite_path();
    let beside = database.as_deref().and_then(Path::parent);
    for directory in std::iter::once(config.data_dir.as_path()).chain(beside) {
        // The parent of a bare file name is empty: the current directory.
        let directory = if directory.as_os_str().is_empty() {
            Path::new(".")
        } else {
            directory
        };
        if found.starts_with(real(directory)) {
            return Err(ExclusionKeyError::BesideTheData {
                path: path.to_owned(),
                beside: directory.to_owned(),
            });
        }
    }
    Ok(())
}

/// Writes a file with a new key that its owner alone can read, unless there is one: whole under another name first, so
/// that of several commands that begin at once each reads the same whole file.
fn make_if_missing(path: &Path) -> Result<(), ExclusionKeyError> {
    if path.exists() {
        return Ok(());
    }
    let line = KeyRing::generate_line().map_err(|cause| ExclusionKeyError::NotKeys {
        origin: path.display().to_string(),
        cause,
    })?;
    if let Some(directory) = path.parent() {
        private_dir::make(directory).map_err(|cause| file(path, cause))?;
    }
    let draft = path.with_extension(format!("key.{}", std::process::id()));
    let write = || {
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&draft)?.write_all(format!("{line}\n").as_bytes())?;
        match fs::hard_link(&draft, path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            Ok(()) | Err(_) => fs::remove_file(&draft),
        }
    };
    write().map_err(|cause| file(path, cause))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Secret;

    fn config(mode: Mode, data_dir: &Path) -> Config {
        Config {
            mode,
            data_dir: data_dir.to_owned(),
            ..Config::default()
        }
    }

    #[test]
    fn production_refuses_to_begin_without_a_key_and_with_one_beside_the_data() {
        let directory = tempfile::tempdir().unwrap();
        let (data, database, apart) = ("data", "database", "apart");
        let at = |name: &str| directory.path().join(name);
        for name in [data, database, apart] {
            fs::create_dir(at(name)).unwrap();
            fs::write(at(name).join("key"), KeyRing::generate_line().unwrap()).unwrap();
        }
        let url = format!("sqlite://{}/okaeri.db?mode=rwc", at(database).display());
        let with = |key_file: Option<PathBuf>| Config {
            database_url: Some(Secret::new(url.clone())),
            exclusion_key_file: key_file,
            ..config(Mode::Production, &at(data))
        };
        assert!(matches!(open(&with(None)), Err(ExclusionKeyError::NotSet)));
        for beside in [data, database] {
            let refused = open(&with(Some(at(beside).join("key"))));
            assert!(matches!(refused, Err(ExclusionKeyError::BesideTheData { .. })));
        }
        std::os::unix::fs::symlink(at(data).join("key"), at(apart).join("link")).unwrap();
        let linked = open(&with(Some(at(apart).join("link"))));
        assert!(matches!(linked, Err(ExclusionKeyError::BesideTheData { .. })));
        assert!(open(&with(Some(at(apart).join("key")))).is_ok());
        let missing = open(&with(Some(at(apart).join("none"))));
        assert!(matches!(missing, Err(ExclusionKeyError::File { .. })));
    }

    #[test]
    fn a_wrong_key_is_an_error_that_does_not_quote_it() {
        let value = Config {
            exclusion_key: Some(Secret::new("geheim")),
            ..Config::default()
        };
        let message = open(&value).unwrap_err().to_string();
        assert!(
            message.contains("OKAERI_EXCLUSION_KEY") && message.contains("line 1"),
            "{message}"
        );
        assert!(!message.contains("geheim"), "{message}");
    }

    #[test]
    fn a_new_file_is_its_owners_alone_and_is_made_once() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("okaeri").join(DEVELOPMENT_FILE);
        make_if_missing(&path).unwrap();
        let first = fs::read_to_string(&path).unwrap();
        make_if_missing(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), first);
        assert!(read(&path).is_ok());
        let mode = |path: &Path| {
            let permissions = fs::metadata(path).unwrap().permissions();
            std::os::unix::fs::PermissionsExt::mode(&permissions) & 0o777
        };
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }
}
