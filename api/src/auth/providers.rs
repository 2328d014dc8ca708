//! The public keys of companies' own identity providers (JWKS), by file or URL.
//!
//! - A key is used only for the issuer whose document holds it, and only with an algorithm that fits it.
//! - A made-up key id costs at most one fetch per provider and [`crate::config::Auth::jwks_retry_s`].
//! - Fetching never blocks the threads that serve requests.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header};
use tokio::sync::Mutex;

use super::{KeyError, TokenError};
use crate::config::{Auth, Provider, SigningAlgorithm, is_loopback_origin};

/// The largest document that is read, in bytes; real ones have about 10 kB.
const DOCUMENT_BYTES_MAX: u64 = 262_144;

#[derive(Debug)]
pub(super) struct Providers {
    list: Vec<Arc<KnownProvider>>,
    timeout: Duration,
    retry: TimeDelta,
    max_age: TimeDelta,
}

#[derive(Debug)]
struct KnownProvider {
    settings: Provider,
    // Held while a document is fetched, so that many requests at once cause one fetch.
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    keys: Vec<Key>,
    fetched_at: Option<DateTime<Utc>>,
    tried_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug)]
struct Key {
    id: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

impl Providers {
    /// Reads the documents that are files now, so that a wrong path is told at the start; URLs when they are needed.
    pub(super) fn open(auth: &Auth) -> Result<Self, KeyError> {
        let seconds =
            |seconds: u64| TimeDelta::seconds(i64::try_from(seconds).unwrap_or(i64::from(i32::MAX)));
        let mut list = Vec::new();
        for settings in &auth.providers {
            let failed = |message: String| KeyError::Provider {
                issuer: settings.issuer.clone(),
                message,
            };
            let is_url = settings.jwks.contains("://");
            if is_url && !settings.jwks.starts_with("https://") && !is_of_this_machine(&settings.jwks) {
                return Err(failed(format!(
                    "{:?} is not an https URL or a file",
                    settings.jwks
                )));
            }
            if settings.issuer == auth.issuer {
                return Err(failed("it has the issuer of this server's own tokens".to_owned()));
            }
            let state = if is_url {
                State::default()
            } else {
                State {
                    keys: keys(&read_file(Path::new(&settings.jwks)).map_err(failed)?, settings)
                        .map_err(failed)?,
                    ..State::default()
                }
            };
            list.push(Arc::new(KnownProvider {
                settings: settings.clone(),
                state: Mutex::new(state),
            }));
        }
        Ok(Self {
            list,
            timeout: Duration::from_secs(auth.jwks_timeout_s),
            retry: seconds(auth.jwks_retry_s),
            max_age: seconds(auth.jwks_max_age_s),
        })
    }

    /// The key for a token with this issuer and header.
    pub(super) async fn key(
        &self,
        issuer: &str,
        header: &Header,
        now: DateTime<Utc>,
    ) -> Result<(Provider, DecodingKey), TokenError> {
        let provider = self
            .list
            .iter()
            .find(|provider| provider.settings.issuer == issuer)
            .ok_or(TokenError::Issuer)?;
        let settings = &provider.settings;
        if !settings
            .algorithms
            .iter()
            .any(|allowed| algorithm(*allowed) == header.alg)
        {
            return Err(TokenError::Algorithm);
        }
        let mut state = provider.state.lock().await;
        let found = state.find(header);
        let is_url = settings.jwks.contains("://");
        let is_stale = is_url && state.fetched_at.is_none_or(|at| now - at >= self.max_age);
        let may_try = state.tried_at.is_none_or(|at| now - at >= self.retry);
        if may_try && (found.is_none() || is_stale) {
            state.tried_at = Some(now);
            match self.fetch(settings.clone()).await {
                Ok(keys) => {
                    state.keys = keys;
                    state.fetched_at = Some(now);
                }
                Err(message) => {
                    tracing::warn!(
                        auth.issuer = %settings.issuer,
                        "cannot read the keys of the identity provider {}: {message}",
                        settings.issuer
                    );
                    // Keys that were good an hour ago stay good while the provider is down; without any, the
                    // caller may try again.
                    if state.keys.is_empty() {
                        return Err(TokenError::Unavailable);
                    }
                }
            }
        }
        if state.keys.is_empty() {
            return Err(TokenError::Unavailable);
        }
        let key = state.find(header).ok_or(TokenError::UnknownKey)?;
        Ok((settings.clone(), key))
    }

    async fn fetch(&self, settings: Provider) -> Result<Vec<Key>, String> {
        let timeout = self.timeout;
        let fetched = tokio::task::spawn_blocking(move || {
            let document = if settings.jwks.contains("://") {
                download(&settings.jwks, timeout)?
            } else {
                read_file(Path::new(&settings.jwks))?
            };
            keys(&document, &settings)
        });
        fetched.await.map_err(|_| "reading them failed".to_owned())?
    }
}

impl State {
    /// The key with the header's id; without an id, the only one that fits the algorithm.
    fn find(&self, header: &Header) -> Option<DecodingKey> {
        let mut fitting = self.keys.iter().filter(|key| key.algorithm == header.alg);
        match &header.kid {
            Some(id) => fitting
                .find(|key| key.id.as_ref() == Some(id))
                .map(|key| key.key.clone()),
            None => {
                let only = fitting.next()?;
                fitting.next().is_none().then(|| only.key.clone())
            }
        }
    }
}

fn algorithm(allowed: SigningAlgorithm) -> Algorithm {
    match allowed {
        SigningAlgorithm::EdDsa => Algorithm::EdDSA,
        SigningAlgorithm::Es256 => Algorithm::ES256,
        SigningAlgorithm::Rs256 => Algorithm::RS256,
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Whether this is an http URL of this machine, by its whole host: `127.0.0.1.example` is a name that anybody may have.
fn is_of_this_machine(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    is_loopback_origin(&format!("http://{host}"))
}

/// What begins over https stays there: a provider that redirects to http would let anybody on the way choose the keys.
fn agent(url: &str, timeout: Duration) -> ureq::Agent {
    ureq::Agent::config_builder()
        .timeout_global(Some(timeout))
        .max_redirects(2)
        .https_only(url.starts_with("https://"))
        .build()
        .new_agent()
}

fn download(url: &str, timeout: Duration) -> Result<Vec<u8>, String> {
    let mut response = agent(url, timeout)
        .get(url)
        .call()
        .map_err(|error| error.to_string())?;
    response
        .body_mut()
        .with_config()
        .limit(DOCUMENT_BYTES_MAX)
        .read_to_vec()
        .map_err(|error| error.to_string())
}

/// The keys of a document that can verify a signature; others in it are passed over.
fn keys(document: &[u8], settings: &Provider) -> Result<Vec<Key>, String> {
    let set: JwkSet =
        serde_json::from_slice(document).map_err(|error| format!("no JWKS document: {error}"))?;
    let keys: Vec<Key> = set.keys.iter().filter_map(key).collect();
    let is_usable = |key: &Key| {
        settings
            .algorithms
            .iter()
            .any(|allowed| algorithm(*allowed) == key.algorithm)
    };
    if keys.iter().any(is_usable) {
        Ok(keys)
    } else {
        Err("the document has no key for an accepted algorithm".to_owned())
    }
}

/// The algorithm follows from the key and not from what a token says of it.
fn key(jwk: &Jwk) -> Option<Key> {
    if jwk
        .common
        .public_key_use
        .as_ref()
        .is_some_and(|usage| *usage != PublicKeyUse::Signature)
    {
        return None;
    }
    // The library takes the first 32 bytes without asking whether there are any.
    let has_32_bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32);
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::OctetKeyPair(pair)
            if pair.curve == EllipticCurve::Ed25519 && has_32_bytes(&pair.x) =>
        {
            Algorithm::EdDSA
        }
        AlgorithmParameters::EllipticCurve(point)
            if point.curve == EllipticCurve::P256 && has_32_bytes(&point.x) && has_32_bytes(&point.y) =>
        {
            Algorithm::ES256
        }
        AlgorithmParameters::RSA(_) => Algorithm::RS256,
        _ => return None,
    };
    Some(Key {
        id: jwk.common.key_id.clone(),
        algorithm,
        key: DecodingKey::from_jwk(jwk).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ProviderRole;

    #[test]
    fn keys_come_over_http_from_this_machine_alone() {
        let open = |jwks: &str| {
            let mut auth = Auth::default();
            auth.providers.push(Provider {
                company: None,
                issuer: "https://login.example/".to_owned(),
                audience: None,
                jwks: jwks.to_owned(),
                algorithms: vec![SigningAlgorithm::Es256],
                roles: vec![ProviderRole::Recruiter],
            });
            Providers::open(&auth)
        };
        for good in [
            "https://login.example/jwks",
            "http://127.0.0.1/jwks",
            "http://127.0.0.1:8080/jwks",
            "http://localhost:8080",
            "http://[::1]:8080/jwks?version=1",
        ] {
            assert!(open(good).is_ok(), "{good}");
        }
        for evil in [
            "http://login.example/jwks",
            "http://127.0.0.1.evil.test/jwks",
            "http://localhost.evil.test/jwks",
            "http://localhostess/jwks",
            "http://127.0.0.1@evil.test/jwks",
            "http://127.0.0.1:80@evil.test/jwks",
            "http://[::1].evil.test/jwks",
            "ftp://127.0.0.1/jwks",
        ] {
            let refused = open(evil);
            assert!(matches!(refused, Err(KeyError::Provider { .. })), "{evil}");
        }
    }

    #[test]
    fn keys_that_are_asked_for_over_https_come_over_https_alone() {
        let is_https_only = |url| agent(url, Duration::from_secs(1)).config().https_only();
        assert!(is_https_only("https://login.example/jwks"));
        assert!(!is_https_only("http://127.0.0.1:1/jwks"));
    }
}
