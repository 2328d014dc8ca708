//! The composition root: where the parts of the server meet.

use std::path::Path;
use std::sync::Arc;

use okaeri_engine::domain::Company;
use okaeri_engine::ranking::Model;
use okaeri_engine::text::{Dictionary, DictionaryError};

use crate::auth::{KeyError, Keys};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Database, DbError, PoolSettings, companies, migrate};
use crate::mail::{MailError, Mailer};
use crate::projection::Projections;
use crate::rate::RateLimiter;
use crate::usecase::Fault;

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
    /// The ranking model.
    pub model: Arc<Model>,
    /// What signs and checks tokens.
    pub keys: Arc<Keys>,
    /// Counts requests, sign-ins and invitations.
    pub limiter: Arc<RateLimiter>,
    /// How mail leaves.
    pub mailer: Mailer,
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
    /// The database does not open, or lacks migrations.
    #[error(transparent)]
    Database(#[from] DbError),
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

impl App {
    /// Opens everything; the database must be current.
    ///
    /// # Errors
    ///
    /// [`AppError`], each with its remedy.
    pub async fn open(config: Config) -> Result<Self, AppError> {
        prepare_data_directory(&config.data_dir)?;
        let db = Database::connect(&config.database_url(), &PoolSettings::default()).await?;
        migrate::ensure_current(&db).await?;
        let dictionary = open_dictionary(&config)?;
        let projections = Projections::new(db.clone(), dictionary, config.data_dir.join("index"))?;
        Ok(Self {
            clock: config.now.map_or_else(Clock::system, Clock::starting_at),
            db,
            projections,
            model: Arc::new(Model::bundled()),
            keys: Arc::new(Keys::open(&config)?),
            limiter: Arc::new(RateLimiter::new(&config.rates)),
            mailer: Mailer::open(&config)?,
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
    std::fs::create_dir_all(path).map_err(unusable)?;
    let probe = path.join(format!(".probe-{}", std::process::id()));
    std::fs::write(&probe, b"").map_err(unusable)?;
    std::fs::remove_file(&probe).map_err(unusable)
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
