//! The composition root: where the parts of the server meet.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use okaeri_engine::domain::Company;
use okaeri_engine::ranking::{Model, ModelError};
use okaeri_engine::text::{Dictionary, DictionaryError};

use crate::assignment::AssignmentError;
use crate::auth::{KeyError, Keys};
use crate::clock::Clock;
use crate::computing::Computing;
use crate::config::{self, Config};
use crate::db::{Database, DbError, PoolSettings, companies, migrate};
use crate::exclusion_keys::{self, ExclusionKeyError};
use crate::mail::{MailError, Mailer};
use crate::projection::{Bounds, Projections};
use crate::rate::RateLimiter;
use crate::usecase::{Fault, audit};

/// The server's parts.
pub struct App {
    /// What is set.
    pub config: Config,
    /// The time as rankings and deadlines see it.
    pub clock: Clock,
    /// The truth.
    pub db: Database,
    /// What follows it.
    pub projections: Projections,
    /// Where rankings are computed for those who ask.
    pub computing: Computing,
    /// The ranking model.
    pub model: Arc<Model>,
    /// What signs and checks tokens.
    pub keys: Arc<Keys>,
    /// Counts requests, sign-ins and invitations.
    pub limiter: Arc<RateLimiter>,
    /// How mail leaves.
    pub mailer: Mailer,
    /// What the records of rankings need not write again.
    pub audit: audit::Known,
}

/// Why the server, or a command, cannot begin: one line that names the remedy.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The data directory cannot be used.
    #[error(
        "cannot write the data directory {path} ({reason}): correct its permissions or choose another with --data-dir"
    )]
    DataDirectory {
        /// Which.
        path: String,
        /// Why.
        reason: String,
    },
    /// No dictionary.
    #[error(transparent)]
    Dictionary(#[from] DictionaryError),
    /// The model file that is set is none.
    #[error(
        "{0}; correct OKAERI_MODEL_FILE or ranking.model_file, or leave it out for the model that comes with this \
         version"
    )]
    ModelFile(#[from] ModelFileError),
    /// Companies cannot be assigned to servers as it is set.
    #[error(transparent)]
    Servers(#[from] AssignmentError),
    /// The database does not open, or lacks migrations.
    #[error(transparent)]
    Database(#[from] DbError),
    /// There is nothing to read exclusions with.
    #[error(transparent)]
    ExclusionKeys(#[from] ExclusionKeyError),
    /// The keys do not open.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// Mail cannot leave.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// Something failed later.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// No such company.
    #[error("there is no company {slug:?}: make one with `okaeri company create --slug {slug} --name …`")]
    NoCompany {
        /// The short name as given.
        slug: String,
    },
}

/// Why a file is no model.
#[derive(Debug, thiserror::Error)]
pub enum ModelFileError {
    /// It does not open.
    #[error("cannot read the model file {path}: {reason}")]
    Unreadable {
        /// Which file.
        path: String,
        /// Why.
        reason: String,
    },
    /// It says something else.
    #[error("the model file {path} is not a model of this version: {cause}")]
    Invalid {
        /// Which file.
        path: String,
        /// What is wrong in it.
        cause: ModelError,
    },
}

impl App {
    /// Opens everything; the database must be current.
    ///
    /// # Errors
    ///
    /// [`AppError`], each with its remedy.
    pub async fn open(config: Config) -> Result<Self, AppError> {
        // The model comes first: it costs nothing, and a wrong one is known before anything is opened.
        let model = match &config.ranking.model_file {
            Some(path) => read_model(path)?,
            None => Model::bundled(),
        };
        let assignment = config.servers.assignment()?;
        prepare_data_directory(&config.data_dir)?;
        let keys = exclusion_keys::open(&config)?;
        let db = Database::connect(&config.database_url(), &PoolSettings::default()).await?;
        let db = db.with_keys(keys);
        migrate::ensure_current(&db).await?;
        let dictionary = open_dictionary(&config)?;
        let projections = Projections::new(db.clone(), dictionary, config.data_dir.join("index"))?
            .with_assignment(assignment)
            .within(bounds(&config.projection));
        Ok(Self {
            clock: config.now.map_or_else(Clock::system, Clock::starting_at),
            db,
            projections,
            computing: Computing::new(&config.limits),
            model: Arc::new(model),
            keys: Arc::new(Keys::open(&config)?),
            limiter: Arc::new(RateLimiter::new(&config.rates)),
            mailer: Mailer::open(&config)?,
            audit: audit::Known::default(),
            config,
        })
    }

    /// The company with this short name.
    ///
    /// # Errors
    ///
    /// [`AppError::NoCompany`], and what the database says.
    pub async fn company(&self, slug: &str) -> Result<Company, AppError> {
        let found = companies::find_by_slug(&self.db, slug).await?;
        found.ok_or_else(|| AppError::NoCompany {
            slug: slug.chars().take(40).collect(),
        })
    }
}

/// What companies may take in memory, as it is set.
fn bounds(set: &config::Projection) -> Bounds {
    Bounds {
        memory_bytes: (set.memory_mb > 0).then(|| set.memory_mb.saturating_mul(1_000_000)),
        idle: (set.idle_minutes > 0).then(|| Duration::from_secs(u64::from(set.idle_minutes) * 60)),
        profiles: (set.profiles_in_memory > 0)
            .then(|| usize::try_from(set.profiles_in_memory).unwrap_or(usize::MAX)),
    }
}

/// Makes the data directory, and makes sure that it can be written.
///
/// # Errors
///
/// [`AppError::DataDirectory`].
pub fn prepare_data_directory(path: &Path) -> Result<(), AppError> {
    let unusable = |error: std::io::Error| AppError::DataDirectory {
        path: path.display().to_string(),
        reason: error.to_string(),
    };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    // Texts of people and, in development, a key and mail: no other user of the machine is to read them.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(unusable)?;
    let probe = path.join(format!(".probe-{}", std::process::id()));
    std::fs::write(&probe, b"").map_err(unusable)?;
    std::fs::remove_file(&probe).map_err(unusable)
}

/// Largest model file: one of all features is some 4 kB, and one that names 10,000 lists 100 kB.
const MODEL_BYTES_MAX: u64 = 1_048_576;

/// Reads a model file.
///
/// # Errors
///
/// [`ModelFileError`] names the file and what is wrong with it.
pub fn read_model(path: &Path) -> Result<Model, ModelFileError> {
    let unreadable = |reason: String| ModelFileError::Unreadable {
        path: path.display().to_string(),
        reason,
    };
    let n_bytes = std::fs::metadata(path)
        .map_err(|error| unreadable(error.to_string()))?
        .len();
    if n_bytes > MODEL_BYTES_MAX {
        return Err(unreadable(format!(
            "{n_bytes} bytes, more than {MODEL_BYTES_MAX}"
        )));
    }
    let json = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    Model::from_json(&json).map_err(|cause| ModelFileError::Invalid {
        path: path.display().to_string(),
        cause,
    })
}

/// Opens the first dictionary there is; with none, the error of the place where the scripts put it.
fn open_dictionary(config: &Config) -> Result<Dictionary, DictionaryError> {
    let mut error = DictionaryError::Missing {
        dir: config.data_dir.join("dictionary"),
    };
    for directory in config.dictionary_dirs() {
        match Dictionary::open(&directory) {
            Ok(dictionary) => return Ok(dictionary),
            Err(found) => error = found,
        }
    }
    Err(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_file_that_is_none_is_named_with_what_is_wrong() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("model.json");
        assert!(read_model(&path).unwrap_err().to_string().contains("model.json"));
        let bundled = Model::bundled().to_json();
        for (text, part) in [
            ("{\n\"version\": 3}", "line 2"),
            (
                &bundled.replacen("\"weight\": 0.", "\"weight\": 7.", 1),
                "between 0 and 1",
            ),
        ] {
            std::fs::write(&path, text).unwrap();
            let message = read_model(&path).unwrap_err().to_string();
            assert!(
                message.contains("model.json") && message.contains(part),
                "{message}"
            );
        }
        std::fs::write(&path, &bundled).unwrap();
        assert_eq!(read_model(&path).unwrap(), Model::bundled());
    }
}
