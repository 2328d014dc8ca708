//! The sections of the configuration with their defaults.
//!
//! - A default has its reason in `okaeri.example.toml`, or says here by whom it was chosen.
//! - Nothing here reads a source; it only says what there is to set.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Network, Ratio, Secret};
use crate::assignment::{Assignment, AssignmentError, Placement};

/// The HTTP side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Web pages that may use the API, besides the server's own.
    pub allowed_origins: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Whether to serve GraphiQL; `None`: in development only.
    pub graphiql: Option<bool>,
    /// GraphiQL's files, as `scripts/graphiql` prepares them; `None`: in the user's cache directory.
    pub graphiql_dir: Option<PathBuf>,
    /// SHA-256 digests of the only documents that are run, one per line; `None`: any document.
    pub trusted_documents: Option<PathBuf>,
    /// Mutations that nobody needs to be signed in for.
    pub sign_in_mutations: Vec<String>,
    /// Threads that read and write sockets; 0: one per core.
    pub workers: usize,
    /// Seconds for which a server that is to stop goes on answering while `/readyz` says that it is not ready.
    pub leave_s: u64,
    /// Seconds that requests have to finish when the server stops.
    pub drain_s: u64,
}

/// What people do who cannot be signed in yet: asking for links, and following them.
const SIGN_IN_MUTATIONS: [&str; 6] = [
    "requestSignInLink",
    "signIn",
    "requestClaim",
    "openClaim",
    "claimRecord",
    "confirmMyEmail",
];

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 4000)),
            allowed_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            graphiql: None,
            graphiql_dir: None,
            trusted_documents: None,
            sign_in_mutations: SIGN_IN_MUTATIONS.map(str::to_owned).to_vec(),
            workers: 0,
            leave_s: 0,
            drain_s: 30,
        }
    }
}

/// What one request may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// Seconds for a body to arrive.
    pub body_timeout_s: u64,
    /// Bytes of a token.
    pub token_bytes: usize,
    /// Levels of brackets in a document, before it is parsed.
    pub document_nesting: usize,
    /// Tokens of a document, before it is parsed.
    pub document_tokens: usize,
    /// Operations of a document.
    pub operations: usize,
    /// Selections of an operation with its fragments expanded.
    pub selections: usize,
    /// Levels of fields.
    pub depth: usize,
    /// Aliases of an operation with its fragments expanded.
    pub aliases: usize,
    /// Directives of an operation with its fragments expanded.
    pub directives: usize,
    /// Fields that an operation can make the server resolve, pages multiplied.
    pub cost: u64,
    /// Levels of lists in an introspection query (`fields { args { … } }` is 2).
    pub introspection_nesting: usize,
    /// Levels of variables.
    pub variables_depth: usize,
    /// Characters of all variables: texts and names, and one for each value.
    pub variables_length: usize,
    /// Items of a page when the caller names no number.
    pub page_default: u32,
    /// Items of a page at most.
    pub page_max: u32,
    /// Milliseconds for an operation to wait and to run.
    pub execution_ms: u64,
    /// Operations that run at once; 0: 64 for each core.
    pub executing: usize,
    /// Operations that wait for one of these to end; 0: four times as many as run.
    pub waiting: usize,
    /// Milliseconds that an operation waits at most; 0: none waits.
    pub waiting_ms: u64,
    /// Rankings, feeds, searches and pages of explanations that are computed at once; 0: one for each core.
    pub computing: usize,
    /// Errors that an answer lists.
    pub errors: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1_048_576,
            body_timeout_s: 5,
            token_bytes: 8_192,
            document_nesting: 50,
            document_tokens: 2_000,
            operations: 10,
            selections: 2_000,
            depth: 15,
            aliases: 30,
            directives: 20,
            cost: 50_000,
            introspection_nesting: 2,
            variables_depth: 20,
            variables_length: 20_000,
            page_default: 20,
            page_max: 100,
            execution_ms: 4_000,
            executing: 0,
            waiting: 0,
            waiting_ms: 1_000,
            computing: 0,
            errors: 10,
        }
    }
}

/// Operations that run at once for each core, where nobody says how many: nearly all of their time is spent waiting for the
/// database or for a thread to compute on, and each holds some 100 kB. Chosen by hand.
const EXECUTING_PER_CORE: usize = 64;

/// How many operations wait for each that runs, where nobody says how many. With some ten milliseconds each, all that wait
/// have their turn within [`Limits::waiting_ms`]; the rest would be refused after having waited. Chosen by hand.
const WAITING_PER_EXECUTING: usize = 4;

/// What runs and waits at once, with everything that was left to the machine filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Operations that run at once; at least one.
    pub executing: usize,
    /// Operations that wait.
    pub waiting: usize,
    /// For how long each of them waits at most: no longer than it may take altogether.
    pub patience: Duration,
    /// Computations at once; at least one.
    pub computing: usize,
    /// Of the operations that run, how many may compute or wait for it; at least one. The others' places are for reading.
    pub seats: usize,
}

impl Limits {
    /// What runs and waits at once on this machine.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        self.bounds_on(std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get))
    }

    fn bounds_on(&self, n_cores: usize) -> Bounds {
        let or = |set: usize, derived: usize| if set == 0 { derived } else { set };
        let executing = or(self.executing, n_cores.saturating_mul(EXECUTING_PER_CORE));
        let waiting = or(self.waiting, executing.saturating_mul(WAITING_PER_EXECUTING));
        Bounds {
            executing,
            waiting: if self.waiting_ms == 0 { 0 } else { waiting },
            patience: Duration::from_millis(self.waiting_ms.min(self.execution_ms)),
            computing: or(self.computing, n_cores),
            seats: (executing - executing / 4).max(1),
        }
    }
}

/// What one socket may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebSocket {
    /// Bytes of a message.
    pub message_bytes: usize,
    /// Subscriptions on one socket at a time.
    pub operations: usize,
    /// Seconds until `connection_init` must have come.
    pub init_timeout_s: u64,
    /// Seconds between the server's pings; a socket that answers none of two is closed.
    pub ping_interval_s: u64,
    /// Messages that wait for a slow reader before it is closed.
    pub outgoing_messages: usize,
    /// Seconds that one message may take to be written before the reader counts as gone.
    pub send_timeout_s: u64,
}

impl Default for WebSocket {
    fn default() -> Self {
        Self {
            message_bytes: 262_144,
            operations: 50,
            init_timeout_s: 5,
            ping_interval_s: 20,
            outgoing_messages: 64,
            send_timeout_s: 10,
        }
    }
}

/// Which of several servers holds which company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Servers {
    /// Which of `names` this server is.
    pub name: Option<String>,
    /// All servers, the same at each of them; empty: every server holds every company.
    pub names: Vec<String>,
    /// How many servers hold each company.
    pub copies: usize,
    /// In the place of `names`: the companies that this server holds, by short name; empty: no list.
    pub companies: Vec<String>,
}

impl Default for Servers {
    fn default() -> Self {
        Self {
            name: None,
            names: Vec::new(),
            copies: 2,
            companies: Vec::new(),
        }
    }
}

impl Servers {
    /// Which servers hold each company; `None` where `names` lists none.
    ///
    /// # Errors
    ///
    /// [`AssignmentError`] names the setting, its value and what would do.
    pub fn placement(&self) -> Result<Option<Placement>, AssignmentError> {
        if self.names.is_empty() {
            return Ok(None);
        }
        Placement::new(&self.names, self.copies).map(Some)
    }

    /// What this server holds. A command without a name, on a machine that is none of the servers, holds everything.
    ///
    /// # Errors
    ///
    /// As [`Self::placement`], and where settings contradict each other.
    pub fn assignment(&self) -> Result<Assignment, AssignmentError> {
        match (self.placement()?, &self.name) {
            (Some(_), _) if !self.companies.is_empty() => Err(AssignmentError::Both),
            (Some(placement), Some(name)) => Assignment::placed(name, placement),
            (None, Some(name)) => Err(AssignmentError::NameAlone {
                name: name.chars().take(80).collect(),
            }),
            (_, None) if !self.companies.is_empty() => Assignment::listed(&self.companies),
            (_, None) => Ok(Assignment::Everything),
        }
    }

    /// Refuses to serve for a server that does not know which it is: it would hold everything.
    ///
    /// # Errors
    ///
    /// [`AssignmentError::NameMissing`].
    pub fn ensure_named(&self) -> Result<(), AssignmentError> {
        if self.name.is_none() && !self.names.is_empty() {
            return Err(AssignmentError::NameMissing {
                names: self.names.join(", "),
            });
        }
        Ok(())
    }
}

/// How candidates are ranked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ranking {
    /// The model, as `okaeri train` writes it; `None`: the one that comes with this version.
    pub model_file: Option<PathBuf>,
}

/// What companies may take in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Projection {
    /// MB (a million bytes) of all companies in memory, as estimated; 0: no bound.
    pub memory_mb: u64,
    /// Minutes without a question after which a company leaves memory; 0: it stays.
    pub idle_minutes: u32,
    /// Profiles of one company that are kept in memory whole; 0: all.
    pub profiles_in_memory: u64,
}

impl Default for Projection {
    fn default() -> Self {
        Self {
            memory_mb: 4_096,
            idle_minutes: 1_440,
            profiles_in_memory: 20_000,
        }
    }
}

/// How often one caller may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rates {
    /// Requests a minute of one signed-in person.
    pub requests_per_minute: u32,
    /// Requests a minute of one company.
    pub company_requests_per_minute: u32,
    /// Requests a minute from one network address, for IPv6 one /64, without a token.
    pub anonymous_per_minute: u32,
    /// Sign-in links an hour for one e-mail address.
    pub sign_in_per_email_per_hour: u32,
    /// Sign-in attempts an hour from one network address, for IPv6 one /64.
    pub sign_in_per_peer_per_hour: u32,
    /// Invitations an hour of one recruiter.
    pub invitations_per_hour: u32,
    /// Messages an hour of one person.
    pub messages_per_hour: u32,
    /// Links to the export of one person an hour.
    pub exports_per_hour: u32,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            requests_per_minute: 30_000,
            company_requests_per_minute: 120_000,
            anonymous_per_minute: 3_000,
            sign_in_per_email_per_hour: 5,
            sign_in_per_peer_per_hour: 60,
            invitations_per_hour: 100,
            messages_per_hour: 200,
            exports_per_hour: 5,
        }
    }
}

/// What people are asked, and how long what they may read is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct People {
    /// Days after which somebody is asked by mail to confirm their profile, once per as many; 0: nobody is.
    pub confirm_after_days: u32,
    /// Days that a view of a profile is kept for the person to read.
    pub profile_view_days: u32,
}

impl Default for People {
    fn default() -> Self {
        Self {
            confirm_after_days: 365,
            profile_view_days: 365,
        }
    }
}

/// How long the bodies of records of rankings are kept; their digests stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Audit {
    /// Days for lists of candidates.
    pub candidates_days: u32,
    /// Days for personal feeds, and for what was learnt from answers to them.
    pub feed_days: u32,
    /// Days for searches.
    pub search_days: u32,
}

impl Default for Audit {
    fn default() -> Self {
        Self {
            candidates_days: 365,
            feed_days: 90,
            search_days: 90,
        }
    }
}

/// Who may sign in, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Auth {
    /// `iss` of the tokens that this server signs.
    pub issuer: String,
    /// `aud` that tokens must name.
    pub audience: String,
    /// An Ed25519 key (PKCS #8, PEM) that signs the sessions of people who sign in by link; in development the
    /// local key does.
    pub signing_key: Option<PathBuf>,
    /// Seconds by which clocks may differ.
    pub leeway_s: u64,
    /// Hours that a session lasts after sign-in by link.
    pub session_hours: u32,
    /// Minutes that a sign-in link is good for.
    pub sign_in_link_minutes: u32,
    /// Seconds for a JWKS document to arrive.
    pub jwks_timeout_s: u64,
    /// Seconds until a JWKS document is fetched again at the earliest for a key that it did not have.
    pub jwks_retry_s: u64,
    /// Seconds that a fetched JWKS document is trusted.
    pub jwks_max_age_s: u64,
    /// Where companies' own logins come from.
    pub providers: Vec<Provider>,
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            issuer: "okaeri".to_owned(),
            audience: "okaeri".to_owned(),
            signing_key: None,
            leeway_s: 60,
            session_hours: 12,
            sign_in_link_minutes: 30,
            jwks_timeout_s: 5,
            jwks_retry_s: 60,
            jwks_max_age_s: 3_600,
            providers: Vec::new(),
        }
    }
}

/// An identity provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// The one company that it speaks for; without it, the token's `company` says which.
    #[serde(default)]
    pub company: Option<String>,
    /// `iss` of its tokens.
    pub issuer: String,
    /// `aud` of its tokens; without it, this server's.
    #[serde(default)]
    pub audience: Option<String>,
    /// Its public keys: an `https` URL or a file.
    pub jwks: String,
    /// Signature algorithms that it may use.
    #[serde(default = "default_algorithms")]
    pub algorithms: Vec<SigningAlgorithm>,
    /// As what its tokens may act.
    #[serde(default = "default_roles")]
    pub roles: Vec<ProviderRole>,
}

/// A role in a provider's token, spelled as there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProviderRole {
    /// Administrators of the programme.
    Administrator,
    /// Recruiters.
    Recruiter,
    /// Other staff.
    Employee,
    /// Former employees. Whoever runs the provider can then read what they told nobody else.
    Alumnus,
}

fn default_roles() -> Vec<ProviderRole> {
    vec![
        ProviderRole::Administrator,
        ProviderRole::Recruiter,
        ProviderRole::Employee,
        ProviderRole::Alumnus,
    ]
}

fn default_algorithms() -> Vec<SigningAlgorithm> {
    vec![SigningAlgorithm::EdDsa, SigningAlgorithm::Es256]
}

/// A signature algorithm; only public-key ones exist here, so that no public key can be taken for a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SigningAlgorithm {
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// ECDSA on P-256.
    #[serde(rename = "ES256")]
    Es256,
    /// RSA, for providers that have nothing newer; off unless listed.
    #[serde(rename = "RS256")]
    Rs256,
}

/// How mail leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// `smtp://`, `smtps://` or `smtp://…?tls=required` with user and password; `None`: files in `dir`.
    pub smtp_url: Option<Secret>,
    /// One `.eml` file per mail; `None`: `mail` in the data directory.
    pub dir: Option<PathBuf>,
    /// The sender.
    pub from: String,
    /// Seconds for one mail to be handed over.
    pub timeout_s: u64,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            smtp_url: None,
            dir: None,
            from: "Okaeri <okaeri@localhost>".to_owned(),
            timeout_s: 10,
        }
    }
}

/// Logs and metrics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Telemetry {
    /// Which lines to log, as in `info,okaeri_api=debug`.
    pub log: String,
    /// As text or JSON; `None`: JSON in production.
    pub log_format: Option<LogFormat>,
    /// A listener of its own for `/metrics`.
    pub metrics_listen: Option<SocketAddr>,
    /// A token (`Authorization: Bearer …`) that opens `/metrics` on the main listener.
    pub metrics_token: Option<Secret>,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self {
            log: "info".to_owned(),
            log_format: None,
            metrics_listen: None,
            metrics_token: None,
        }
    }
}

/// Traces: spans that are sent to a collector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Traces {
    /// The address of a collector that speaks OTLP over HTTP, with or without `/v1/traces`; `None`: no traces.
    pub otlp_endpoint: Option<String>,
    /// What the traces of this server are found by.
    pub service_name: String,
    /// Which share of the traces that begin here is sent.
    pub sample_ratio: Ratio,
    /// Whose `traceparent` is followed, besides that of `http.trusted_proxies`.
    pub trusted_callers: Vec<Network>,
    /// Spans that wait at most, those on their way included.
    pub queue_spans: usize,
    /// Spans that are sent together at most.
    pub batch_spans: usize,
    /// Milliseconds between two batches, where none is full earlier.
    pub export_interval_ms: u64,
    /// Milliseconds for a collector to take a batch.
    pub export_timeout_ms: u64,
    /// Milliseconds that the end of the server waits for the last spans to be sent.
    pub stop_timeout_ms: u64,
}

impl Default for Traces {
    fn default() -> Self {
        Self {
            otlp_endpoint: None,
            service_name: "okaeri".to_owned(),
            sample_ratio: Ratio::ONE,
            trusted_callers: Vec::new(),
            queue_spans: 2_048,
            batch_spans: 512,
            export_interval_ms: 5_000,
            export_timeout_ms: 5_000,
            stop_timeout_ms: 3_000,
        }
    }
}

/// What a collector takes traces at, below its address (OTLP specification 1.x, "OTLP/HTTP Request").
const TRACES_PATH: &str = "/v1/traces";

impl Traces {
    /// The whole address behind an endpoint.
    #[must_use]
    pub fn address(&self, endpoint: &str) -> String {
        let endpoint = endpoint.trim_end_matches('/');
        if endpoint.ends_with(TRACES_PATH) {
            return endpoint.to_owned();
        }
        format!("{endpoint}{TRACES_PATH}")
    }
}

/// How a log line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For log collectors.
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_to_the_machine_grows_with_it_and_what_is_set_stays() {
        let derived = Limits::default().bounds_on(2);
        assert_eq!(
            (derived.executing, derived.waiting, derived.computing),
            (128, 512, 2)
        );
        assert_eq!(derived.seats, 96);
        assert_eq!(Limits::default().bounds_on(64).executing, 4_096);
        let set = Limits {
            executing: 1,
            waiting: 1,
            computing: 3,
            waiting_ms: 10_000,
            ..Limits::default()
        };
        let set = set.bounds_on(2);
        assert_eq!(
            (set.executing, set.waiting, set.computing, set.seats),
            (1, 1, 3, 1)
        );
        // Nobody waits beyond the time for waiting and running.
        assert_eq!(set.patience, Duration::from_millis(4_000));
        let at_once = Limits {
            waiting_ms: 0,
            ..Limits::default()
        };
        assert_eq!(at_once.bounds_on(2).waiting, 0);
    }
}
