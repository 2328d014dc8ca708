//! Logs: lines to standard error, as text or JSON.
//!
//! - A line never holds a name, an address, a token or a document; whoever logs sees to that.
//! - Panics are logged by place alone: their message may hold what a person typed.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::config::{Config, LogFormat, Mode};

/// Why there are no logs.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is none.
    #[error("OKAERI_LOG is {0:?}, but must be a list such as info,okaeri_api=debug")]
    Filter(String),
}

/// Starts logging for the whole process; a second call changes nothing.
///
/// # Errors
///
/// [`TelemetryError::Filter`] when the filter cannot be read.
pub fn start(config: &Config) -> Result<(), TelemetryError> {
    let filter = EnvFilter::try_new(&config.telemetry.log)
        .map_err(|_| TelemetryError::Filter(config.telemetry.log.clone()))?;
    let format = config.telemetry.log_format.unwrap_or(match config.mode {
        Mode::Development => LogFormat::Text,
        Mode::Production => LogFormat::Json,
    });
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // A line that cannot be written, as on a full disk, would be told of on the same standard error, which panics
        // there: in a worker first, then in the hook below, and that ends the process.
        .log_internal_errors(false)
        .with_span_events(FmtSpan::NONE);
    // Tests and commands may have started it before.
    let _ = match format {
        LogFormat::Text => lines.with_ansi(false).with_target(false).try_init(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .try_init(),
    };
    log_panics();
    Ok(())
}

/// Logs where a panic happened and not what it said.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        tracing::error!(panic.place = %place, "panic at {place}");
    }));
}
