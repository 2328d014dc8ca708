//! The configuration: one typed value from defaults, the file, the environment and the command line, the later
//! ones winning.
//!
//! - Every setting is listed with its unit and reason in `okaeri.example.toml`; a test compares it with the
//!   defaults here.
//! - Nothing outside this module reads the environment or the configuration file.
//! - A key that nobody knows is an error, not a silence: a misspelt limit would be no limit.

mod network;
mod ratio;
mod sections;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};

pub use network::{Network, NotANetwork};
pub use ratio::{NotARatio, Ratio};
pub use sections::{
    Audit, Auth, Bounds, Http, Limits, LogFormat, Mail, People, Projection, Provider, ProviderRole, Ranking,
    Rates, Servers, SigningAlgorithm, Telemetry, Traces, WebSocket,
};

/// Spans that may wait for a collector at most: a span takes about a kilobyte, and the queue's places are made at the start.
const QUEUE_SPANS_MAX: usize = 100_000;

/// Everything that can be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What the installation is for; decides which conveniences are off.
    pub mode: Mode,
    /// Where the default database, the indexes, the development key and development mail live.
    pub data_dir: PathBuf,
    /// PostgreSQL or SQLite; `None`: SQLite in the data directory.
    pub database_url: Option<Secret>,
    /// The file of the keys that seal what people exclude; `None`: in development one in the user's configuration
    /// directory.
    pub exclusion_key_file: Option<PathBuf>,
    /// These keys themselves, in place of a file.
    pub exclusion_key: Option<Secret>,
    /// The compiled dictionary; `None`: see [`Config::dictionary_dirs`].
    pub dictionary_dir: Option<PathBuf>,
    /// Where the clock starts; development only.
    pub now: Option<DateTime<Utc>>,
    /// How people reach this installation; links in mail start with it; `None`: where it listens.
    pub public_url: Option<String>,
    /// The HTTP side.
    pub http: Http,
    /// Which of several servers holds which company.
    pub servers: Servers,
    /// What one request may cost.
    pub limits: Limits,
    /// What one socket may cost.
    pub websocket: WebSocket,
    /// How candidates are ranked.
    pub ranking: Ranking,
    /// What companies may take in memory.
    pub projection: Projection,
    /// How often one caller may ask.
    pub rates: Rates,
    /// What people are asked, and how long what they may read is kept.
    pub people: People,
    /// How long records of rankings are kept.
    pub audit: Audit,
    /// Who may sign in, and how.
    pub auth: Auth,
    /// How mail leaves.
    pub mail: Mail,
    /// Logs and metrics.
    pub telemetry: Telemetry,
    /// Spans for a collector.
    pub traces: Traces,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            mode: Mode::Development,
            data_dir: PathBuf::from("data"),
            database_url: None,
            exclusion_key_file: None,
            exclusion_key: None,
            dictionary_dir: None,
            now: None,
            public_url: None,
            http: Http::default(),
            servers: Servers::default(),
            limits: Limits::default(),
            websocket: WebSocket::default(),
            ranking: Ranking::default(),
            projection: Projection::default(),
            rates: Rates::default(),
            people: People::default(),
            audit: Audit::default(),
            auth: Auth::default(),
            mail: Mail::default(),
            telemetry: Telemetry::default(),
            traces: Traces::default(),
        }
    }
}

/// What an installation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// One person's machine: loopback only, a local key, GraphiQL.
    Development,
    /// Everybody else's: no local key, no GraphiQL unless asked for, introspection for administrators.
    Production,
}

/// A value that never appears in logs, errors or debug output.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// A file that gives something else than a text is told so without repeating it: a token of digits without quotation marks
/// is a secret all the same.
impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Secret;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text in quotation marks")
            }

            fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Secret, E> {
                Ok(Secret::new(value))
            }

            fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Secret, E> {
                Err(not_a_text())
            }

            fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Secret, E> {
                Err(not_a_text())
            }

            fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Secret, E> {
                Err(not_a_text())
            }
        }
        fn not_a_text<E: serde::de::Error>() -> E {
            E::custom("a secret must be a text in quotation marks, not a number")
        }
        deserializer.deserialize_str(Text)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secret]")
    }
}

/// What the command line sets; `None` leaves the earlier sources' value.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--data-dir`
    pub data_dir: Option<PathBuf>,
    /// `--database-url`
    pub database_url: Option<Secret>,
    /// `--dictionary-dir`
    pub dictionary_dir: Option<PathBuf>,
    /// `--listen`
    pub listen: Option<SocketAddr>,
    /// `--companies`; empty when not given
    pub companies: Vec<String>,
    /// `--mode`
    pub mode: Option<Mode>,
    /// `--as-of`
    pub now: Option<DateTime<Utc>>,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file that was named cannot be read.
    #[error("cannot read the configuration file {path}: {cause}; correct OKAERI_CONFIG or --config")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The file says something else than settings.
    #[error("the configuration file {path} is not valid: {message}; okaeri.example.toml lists every setting")]
    Invalid {
        /// Which file.
        path: PathBuf,
        /// What is wrong, with the key and the line.
        message: String,
    },
    /// An environment variable has no usable value.
    #[error("{name} is {value:?}, but must be {expected}")]
    Environment {
        /// The variable.
        name: &'static str,
        /// Its value, shortened.
        value: String,
        /// What would do.
        expected: &'static str,
    },
    /// Settings that must not be combined.
    #[error("{0}")]
    Refused(String),
}

impl Config {
    /// Reads all sources; `env` gives the value of an environment variable.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the source, the setting and what would do.
    pub fn load(overrides: &Overrides, env: &dyn Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let file = overrides
            .config
            .clone()
            .or_else(|| env("OKAERI_CONFIG").map(PathBuf::from));
        let mut config = match file {
            Some(path) => Self::from_file(&path)?,
            None => Self::default(),
        };
        config.apply_environment(env)?;
        config.apply_overrides(overrides);
        config.check()?;
        Ok(config)
    }

    fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|cause| ConfigError::Unreadable {
            path: path.to_owned(),
            cause,
        })?;
        toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| {
                text[..span.start.min(text.len())].matches('\n').count() + 1
            });
            ConfigError::Invalid {
                path: path.to_owned(),
                message: format!("line {line}: {}", error.message().trim()),
            }
        })
    }

    fn apply_environment(&mut self, env: &dyn Fn(&str) -> Option<String>) -> Result<(), ConfigError> {
        let text = |name: &'static str| env(name).filter(|value| !value.is_empty());
        if let Some(value) = text("OKAERI_MODE") {
            self.mode = match value.as_str() {
                "development" => Mode::Development,
                "production" => Mode::Production,
                _ => return Err(refuse("OKAERI_MODE", &value, "development or production")),
            };
        }
        if let Some(value) = text("OKAERI_DATA_DIR") {
            self.data_dir = PathBuf::from(value);
        }
        if let Some(value) = text("OKAERI_DATABASE_URL") {
            self.database_url = Some(Secret::new(value));
        }
        if let Some(value) = text("OKAERI_EXCLUSION_KEY_FILE") {
            self.exclusion_key_file = Some(PathBuf::from(value));
        }
        if let Some(value) = text("OKAERI_EXCLUSION_KEY") {
            self.exclusion_key = Some(Secret::new(value));
        }
        if let Some(value) = text("OKAERI_DICTIONARY_DIR") {
            self.dictionary_dir = Some(PathBuf::from(value));
        }
        if let Some(value) = text("OKAERI_NOW") {
            let now = parse_instant(&value).ok_or_else(|| {
                refuse(
                    "OKAERI_NOW",
                    &value,
                    "a date such as 2026-11-20 or an instant such as 2026-11-20T09:00:00+09:00",
                )
            })?;
            self.now = Some(now);
        }
        if let Some(value) = text("OKAERI_PUBLIC_URL") {
            self.public_url = Some(value);
        }
        if let Some(value) = text("OKAERI_LISTEN") {
            self.http.listen = parsed("OKAERI_LISTEN", &value, "an address such as 127.0.0.1:4000")?;
        }
        if let Some(value) = text("OKAERI_SERVER_NAME") {
            self.servers.name = Some(value);
        }
        if let Some(value) = text("OKAERI_COMPANIES") {
            self.servers.companies = value.split(',').map(|slug| slug.trim().to_owned()).collect();
        }
        if let Some(value) = text("OKAERI_ALLOWED_ORIGINS") {
            self.http.allowed_origins = value.split(',').map(|origin| origin.trim().to_owned()).collect();
        }
        if let Some(value) = text("OKAERI_TRUSTED_PROXIES") {
            let network = |network: &str| {
                parsed(
                    "OKAERI_TRUSTED_PROXIES",
                    network.trim(),
                    "addresses or networks such as 10.0.0.5 or 10.0.0.0/24, separated by commas",
                )
            };
            self.http.trusted_proxies = value.split(',').map(network).collect::<Result<_, _>>()?;
        }
        if let Some(value) = text("OKAERI_GRAPHIQL") {
            self.http.graphiql = Some(parsed("OKAERI_GRAPHIQL", &value, "true or false")?);
        }
        if let Some(value) = text("OKAERI_GRAPHIQL_DIR") {
            self.http.graphiql_dir = Some(PathBuf::from(value));
        }
        if let Some(value) = text("OKAERI_TRUSTED_DOCUMENTS") {
            self.http.trusted_documents = Some(PathBuf::from(value));
        }
        if let Some(value) = text("OKAERI_MODEL_FILE") {
            self.ranking.model_file = Some(PathBuf::from(value));
        }
        if let Some(value) = text("OKAERI_RATE_LIMIT_PER_MINUTE") {
            self.rates.requests_per_minute = parsed(
                "OKAERI_RATE_LIMIT_PER_MINUTE",
                &value,
                "a number of requests above 0",
            )?;
        }
        if let Some(value) = text("OKAERI_SIGNING_KEY") {
            self.auth.signing_key = Some(PathBuf::from(value));
        }
        if let Some(value) = text("OKAERI_SMTP_URL") {
            self.mail.smtp_url = Some(Secret::new(value));
        }
        if let Some(value) = text("OKAERI_MAIL_DIR") {
            self.mail.dir = Some(PathBuf::from(value));
        }
        if let Some(value) = text("OKAERI_MAIL_FROM") {
            self.mail.from = value;
        }
        if let Some(value) = text("OKAERI_METRICS_LISTEN") {
            let address = parsed(
                "OKAERI_METRICS_LISTEN",
                &value,
                "an address such as 127.0.0.1:9100",
            )?;
            self.telemetry.metrics_listen = Some(address);
        }
        if let Some(value) = text("OKAERI_METRICS_TOKEN") {
            self.telemetry.metrics_token = Some(Secret::new(value));
        }
        if let Some(value) = text("OKAERI_LOG") {
            self.telemetry.log = value;
        }
        if let Some(value) = text("OKAERI_OTLP_ENDPOINT") {
            self.traces.otlp_endpoint = Some(value);
        }
        if let Some(value) = text("OKAERI_TRACES_SAMPLE_RATIO") {
            self.traces.sample_ratio = parsed(
                "OKAERI_TRACES_SAMPLE_RATIO",
                &value,
                "a share from 0 (none) to 1 (all), such as 0.1",
            )?;
        }
        Ok(())
    }

    fn apply_overrides(&mut self, overrides: &Overrides) {
        if let Some(data_dir) = &overrides.data_dir {
            self.data_dir.clone_from(data_dir);
        }
        if let Some(url) = &overrides.database_url {
            self.database_url = Some(url.clone());
        }
        if let Some(dir) = &overrides.dictionary_dir {
            self.dictionary_dir = Some(dir.clone());
        }
        if let Some(listen) = overrides.listen {
            self.http.listen = listen;
        }
        if !overrides.companies.is_empty() {
            self.servers.companies.clone_from(&overrides.companies);
        }
        if let Some(mode) = overrides.mode {
            self.mode = mode;
        }
        if let Some(now) = overrides.now {
            self.now = Some(now);
        }
    }

    /// Refuses combinations that would be unsafe or could not work.
    fn check(&self) -> Result<(), ConfigError> {
        let refuse = |message: String| Err(ConfigError::Refused(message));
        match self.mode {
            Mode::Development => {
                for listen in std::iter::once(self.http.listen).chain(self.telemetry.metrics_listen) {
                    if !listen.ip().is_loopback() {
                        return refuse(format!(
                            "development mode listens on loopback only, not on {listen}; listen on \
                             127.0.0.1 or set OKAERI_MODE=production"
                        ));
                    }
                }
            }
            Mode::Production => {
                if self.now.is_some() {
                    return refuse(
                        "the clock can be set in development only; remove OKAERI_NOW or --as-of".to_owned(),
                    );
                }
                let public_url = self.public_url();
                if !public_url.starts_with("https://") {
                    return refuse(format!(
                        "in production OKAERI_PUBLIC_URL must start with https://, not be {public_url:?}: sign-in \
                         links carry a secret"
                    ));
                }
                if self.mail.smtp_url.as_ref().is_some_and(sends_a_password_in_clear) {
                    return refuse(
                        "in production OKAERI_SMTP_URL must not send its password in clear to another machine: use \
                         smtps:// or smtp://…?tls=required"
                            .to_owned(),
                    );
                }
            }
        }
        for origin in &self.http.allowed_origins {
            let is_origin = origin.split_once("://").is_some_and(|(scheme, host)| {
                matches!(scheme, "http" | "https") && !host.is_empty() && !host.contains('/')
            });
            if !is_origin {
                return refuse(format!(
                    "allowed origin {origin:?} is not an origin such as https://alumni.example.co.jp"
                ));
            }
        }
        if let Some(message) = self.wrong_with_traces() {
            return refuse(message);
        }
        if self.rates.requests_per_minute == 0 {
            return refuse("OKAERI_RATE_LIMIT_PER_MINUTE is 0, which would refuse everybody".to_owned());
        }
        if let Err(error) = self.servers.assignment() {
            return refuse(error.to_string());
        }
        if self.limits.page_default == 0 || self.limits.page_default > self.limits.page_max {
            return refuse(format!(
                "limits.page_default {} must be between 1 and limits.page_max {}",
                self.limits.page_default, self.limits.page_max
            ));
        }
        Ok(())
    }

    fn wrong_with_traces(&self) -> Option<String> {
        let traces = &self.traces;
        if let Some(endpoint) = &traces.otlp_endpoint {
            let rest = ["http://", "https://"]
                .iter()
                .find_map(|scheme| endpoint.strip_prefix(scheme));
            let host = rest.and_then(|rest| rest.split('/').next()).unwrap_or_default();
            if endpoint.contains('@') {
                // It may be a password, and is not repeated.
                return Some(
                    "OKAERI_OTLP_ENDPOINT (traces.otlp_endpoint) must not hold a user or a password: give what the \
                     collector asks for by OTEL_EXPORTER_OTLP_HEADERS"
                        .to_owned(),
                );
            }
            if host.is_empty() || endpoint.contains(['?', '#', ' ']) {
                return Some(format!(
                    "OKAERI_OTLP_ENDPOINT (traces.otlp_endpoint) is {endpoint:?}, but must be an address such as \
                     http://127.0.0.1:4318"
                ));
            }
        }
        if traces.service_name.is_empty() {
            return Some("traces.service_name is empty, and traces would be found by no name".to_owned());
        }
        if traces.batch_spans == 0
            || traces.batch_spans > traces.queue_spans
            || traces.queue_spans > QUEUE_SPANS_MAX
        {
            return Some(format!(
                "traces.batch_spans {} must be between 1 and traces.queue_spans {}, which is at most {QUEUE_SPANS_MAX}",
                traces.batch_spans, traces.queue_spans
            ));
        }
        let times = [
            ("export_interval_ms", traces.export_interval_ms),
            ("export_timeout_ms", traces.export_timeout_ms),
            ("stop_timeout_ms", traces.stop_timeout_ms),
        ];
        let none = times.iter().find(|(_, time_ms)| *time_ms == 0);
        none.map(|(name, _)| format!("traces.{name} is 0, but must be at least 1 millisecond"))
    }

    /// How people reach this installation, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.http.listen),
        }
    }

    /// The database: as set, or SQLite in the data directory.
    #[must_use]
    pub fn database_url(&self) -> String {
        match &self.database_url {
            Some(url) => url.expose().to_owned(),
            None => format!("sqlite://{}?mode=rwc", self.data_dir.join("okaeri.db").display()),
        }
    }

    /// The file of the database, where that is SQLite.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<PathBuf> {
        let url = self.database_url();
        let path = url.strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        Some(PathBuf::from(path.split('?').next().unwrap_or_default()))
    }

    /// Where the dictionary may be, in the order to look: as set; else the data directory, then the cache.
    #[must_use]
    pub fn dictionary_dirs(&self) -> Vec<PathBuf> {
        match &self.dictionary_dir {
            Some(dir) => vec![dir.clone()],
            None => std::iter::once(self.data_dir.join("dictionary"))
                .chain(cache_dir().map(|cache| cache.join("dictionary")))
                .collect(),
        }
    }

    /// Where the files of GraphiQL are.
    #[must_use]
    pub fn graphiql_dir(&self) -> PathBuf {
        match &self.http.graphiql_dir {
            Some(dir) => dir.clone(),
            None => cache_dir()
                .unwrap_or_else(|| self.data_dir.clone())
                .join("graphiql"),
        }
    }

    /// Whether `GET /graphiql` answers: as set, else in development only.
    #[must_use]
    pub fn has_graphiql(&self) -> bool {
        self.http.graphiql.unwrap_or(self.mode == Mode::Development)
    }

    /// Where mail goes when no SMTP server is set.
    #[must_use]
    pub fn mail_dir(&self) -> PathBuf {
        self.mail
            .dir
            .clone()
            .unwrap_or_else(|| self.data_dir.join("mail"))
    }

    /// Whether a browser on `origin` may use the API.
    ///
    /// The server's own address is always allowed (GraphiQL); in development, any port of this machine is.
    #[must_use]
    pub fn is_allowed_origin(&self, origin: &str) -> bool {
        let is_own = self.public_url() == origin;
        let is_listed = self.http.allowed_origins.iter().any(|allowed| allowed == origin);
        is_own || is_listed || (self.mode == Mode::Development && is_loopback_origin(origin))
    }
}

/// Okaeri's directory in the user's cache directory; `None` when neither `XDG_CACHE_HOME` nor `HOME` is set.
#[must_use]
pub fn cache_dir() -> Option<PathBuf> {
    user_dir("XDG_CACHE_HOME", ".cache")
}

/// Okaeri's directory in the user's configuration directory; `None` when neither `XDG_CONFIG_HOME` nor `HOME` is set.
#[must_use]
pub fn config_dir() -> Option<PathBuf> {
    user_dir("XDG_CONFIG_HOME", ".config")
}

fn user_dir(variable: &str, within_home: &str) -> Option<PathBuf> {
    let base = match std::env::var_os(variable).filter(|value| !value.is_empty()) {
        Some(dir) => PathBuf::from(dir),
        None => PathBuf::from(std::env::var_os("HOME")?).join(within_home),
    };
    Some(base.join("okaeri"))
}

/// Reads a date (midnight in Japan) or an RFC 3339 instant.
#[must_use]
pub fn parse_instant(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Some(instant.with_timezone(&Utc));
    }
    let midnight = format!("{text}T00:00:00+09:00");
    DateTime::parse_from_rfc3339(&midnight)
        .ok()
        .map(|instant| instant.with_timezone(&Utc))
}

/// Whether this SMTP URL has a password and no encryption that is certain, to a server on another machine.
fn sends_a_password_in_clear(url: &Secret) -> bool {
    // As the mail library reads it: the scheme in any case, blanks around it and line breaks within passed over, no
    // fragment, and the first of several parameters of one name.
    let url = url.expose().replace(['\t', '\r', '\n'], "");
    let url = url.trim_matches(|letter: char| letter <= ' ');
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    if !scheme.eq_ignore_ascii_case("smtp") {
        return false;
    }
    let rest = rest.split('#').next().unwrap_or_default();
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = rest.split('/').next().unwrap_or_default();
    let Some((_, host)) = authority.rsplit_once('@') else {
        return false;
    };
    let tls = query.split('&').find(|parameter| parameter.starts_with("tls="));
    let is_encrypted = tls == Some("tls=required");
    !is_encrypted && !is_loopback_origin(&format!("http://{host}"))
}

/// Whether `origin`, `http://HOST` or `http://HOST:PORT`, is on this machine; by its whole host.
pub(crate) fn is_loopback_origin(origin: &str) -> bool {
    let Some(host) = origin.strip_prefix("http://") else {
        return false;
    };
    let host = match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        Some(_) | None => host,
    };
    let name = host.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn parsed<T: std::str::FromStr>(
    name: &'static str,
    value: &str,
    expected: &'static str,
) -> Result<T, ConfigError> {
    value.parse().map_err(|_| refuse(name, value, expected))
}

fn refuse(name: &'static str, value: &str, expected: &'static str) -> ConfigError {
    ConfigError::Environment {
        name,
        value: value.chars().take(80).collect(),
        expected,
    }
}

#[cfg(test)]
mod tests;
