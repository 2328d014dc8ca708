//! How a command ends when it does not succeed: in one line, and with an exit code that says whose fault it was.

use std::process::ExitCode;

use okaeri_engine::text::DictionaryError;

use crate::app::AppError;
use crate::assignment::AssignmentError;
use crate::auth::KeyError;
use crate::backup::BackupError;
use crate::config::ConfigError;
use crate::db::{DbError, KeyRingError};
use crate::exclusion_keys::ExclusionKeyError;
use crate::http::ServeError;
use crate::import::ImportError;
use crate::telemetry::TelemetryError;
use crate::usecase::Fault;

/// Why a command ends early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// A page that was asked for; no error.
    #[error("{0}")]
    Page(String),
    /// The command as it was typed: what is wrong and what to do.
    #[error("{0}")]
    Usage(String),
    /// Anything else, with the remedy where there is one.
    #[error("{0}")]
    Failed(String),
    /// Nothing is wrong but the result, which has been printed.
    #[error("the result has been printed")]
    Unsuccessful,
    /// Whoever read the output has read enough.
    #[error("the reader has closed the output")]
    ClosedOutput,
}

impl CliError {
    /// 0 for pages and closed outputs, 2 for bad usage, 1 for the rest.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Page(_) | Self::ClosedOutput => ExitCode::SUCCESS,
            Self::Usage(_) => ExitCode::from(2),
            Self::Failed(_) | Self::Unsuccessful => ExitCode::FAILURE,
        }
    }

    /// The value of an option that names nothing.
    pub(crate) fn unknown(what: &str, value: &str, remedy: &str) -> Self {
        let value: String = value.chars().take(80).collect();
        Self::Usage(format!("no {what} {value:?}: {remedy}"))
    }
}

/// One line, whatever a cause may have put into it.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

macro_rules! failed_from {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for CliError {
            fn from(error: $error) -> Self {
                Self::Failed(error.to_string())
            }
        }
    )+};
}
failed_from!(
    AppError,
    BackupError,
    ExclusionKeyError,
    KeyRingError,
    DbError,
    DictionaryError,
    Fault,
    ImportError,
    KeyError,
    ServeError
);

impl From<TelemetryError> for CliError {
    fn from(error: TelemetryError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<AssignmentError> for CliError {
    /// As a setting that cannot be used.
    fn from(error: AssignmentError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<ConfigError> for CliError {
    /// Settings are part of how a command was started.
    fn from(error: ConfigError) -> Self {
        Self::Usage(error.to_string())
    }
}
