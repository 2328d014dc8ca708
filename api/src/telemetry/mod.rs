//! Logs: lines to standard error, as text or JSON. Traces, where a collector is set: what a request did, and how long each
//! part took.
//!
//! - A line never holds a name, an address, a token or a document; whoever logs sees to that. A span holds what
//!   `steps` and those who use `step` write there, and no log line.
//! - Panics are logged by place alone: their message may hold what a person typed.
//! - Traces are off by default, and then cost a look at a flag.

mod export;
mod steps;
mod traceparent;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry, filter::Directive};

pub use export::{Traces, probe, spans};
pub use okaeri_engine::STEPS;
pub use steps::{Here, count, in_step, in_step_of, is_tracing, lines, statement, trace_id};
pub use traceparent::Traceparent;

pub(crate) use steps::step;

use crate::config::{Config, LogFormat, Mode};

/// Why there are no logs, or no traces.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is none.
    #[error("OKAERI_LOG is {0:?}, but must be a list such as info,okaeri_api=debug")]
    Filter(String),
    /// Nothing can be sent there.
    #[error("traces cannot be sent to OKAERI_OTLP_ENDPOINT (traces.otlp_endpoint) {endpoint}: {cause}")]
    Endpoint {
        /// Where to.
        endpoint: String,
        /// Why not.
        cause: String,
    },
}

/// Starts logging for the whole process, and traces where an endpoint is set; a second call starts nothing. `None` without
/// traces.
///
/// # Errors
///
/// [`TelemetryError`] names the setting.
pub fn start(config: &Config) -> Result<Option<Traces>, TelemetryError> {
    start_with(config, std::io::stderr)
}

/// The same with lines that go elsewhere.
///
/// # Errors
///
/// Those of [`start`].
pub fn start_with<W>(config: &Config, writer: W) -> Result<Option<Traces>, TelemetryError>
where
    W: for<'line> MakeWriter<'line> + Send + Sync + 'static,
{
    let refused = || TelemetryError::Filter(config.telemetry.log.clone());
    // Steps are for traces. In lines they would stand in the place of the span that names the request.
    let no_steps: Directive = format!("{STEPS}=off").parse().map_err(|_| refused())?;
    let filter = EnvFilter::try_new(&config.telemetry.log)
        .map_err(|_| refused())?
        .add_directive(no_steps);
    let format = config.telemetry.log_format.unwrap_or(match config.mode {
        Mode::Development => LogFormat::Text,
        Mode::Production => LogFormat::Json,
    });
    let lines = layer_of_lines(format, writer);
    let traces = match export::open(&config.traces)? {
        None => {
            // Tests and commands may have started it before.
            let _ = tracing_subscriber::registry().with(lines).with(filter).try_init();
            None
        }
        Some((tracer, traces)) => {
            let spans = tracing_opentelemetry::layer()
                .with_tracer(tracer)
                .with_location(false)
                .with_threads(false)
                .with_tracked_inactivity(false)
                .with_target(false)
                .with_filter(Targets::new().with_target(STEPS, LevelFilter::INFO));
            let subscriber = tracing_subscriber::registry()
                .with(lines.with_filter(filter))
                .with(spans);
            subscriber.try_init().ok().map(|()| traces.begin())
        }
    };
    log_panics();
    Ok(traces)
}

fn layer_of_lines<W>(format: LogFormat, writer: W) -> Box<dyn Layer<Registry> + Send + Sync>
where
    W: for<'line> MakeWriter<'line> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(writer)
        // A line that cannot be written, as on a full disk, would be told of on the same standard error, which panics
        // there: in a worker first, then in the hook below, and that ends the process.
        .log_internal_errors(false)
        .with_span_events(FmtSpan::NONE);
    match format {
        LogFormat::Text => lines.with_ansi(false).with_target(false).boxed(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .boxed(),
    }
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
