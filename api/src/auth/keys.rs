//! The server's own key, and the verification of every token.
//!
//! - In development the key is a file in the data directory, made by the first command that needs it; production
//!   never reads that file, so a development token is signed by a key nobody knows.
//! - A private key leaves this module only as a signature.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::RwLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use okaeri_engine::domain::Role;
use rand::TryRngCore as _;
use serde::{Deserialize, Serialize};

use super::providers::Providers;
use super::{Claims, TokenError};
use crate::config::{Config, Mode, ProviderRole};
use crate::private_dir;

/// The name of the development key within the data directory.
const DEVELOPMENT_KEY: &str = "development-key.pem";

/// What precedes the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410, section 7).
const PKCS8_PREFIX: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// The longest name or identifier that a claim may hold, in characters; real ones are far shorter.
const CLAIM_LENGTH_MAX: usize = 200;

/// Why there is no key, or nothing could be signed.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("cannot use the key file {path}: {cause}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The file holds something else.
    #[error(
        "{path} is not an Ed25519 private key in PEM; make one with: openssl genpkey -algorithm ed25519 -out {path}"
    )]
    NotAKey {
        /// Which file.
        path: PathBuf,
    },
    /// Production was given a development key.
    #[error(
        "{path} is a development key, which production refuses; make another with: openssl genpkey -algorithm ed25519"
    )]
    DevelopmentKey {
        /// Which file.
        path: PathBuf,
    },
    /// A provider's keys cannot be read.
    #[error("cannot read the keys of the identity provider {issuer}: {message}")]
    Provider {
        /// Which provider.
        issuer: String,
        /// Why.
        message: String,
    },
    /// The system gave no random bytes.
    #[error("the system gives no random bytes for a new key")]
    NoEntropy,
    /// Production without a key of the server's own.
    #[error("there is no signing key: set OKAERI_SIGNING_KEY to an Ed25519 private key in PEM")]
    NoSigningKey,
    /// Production without any way to sign in.
    #[error(
        "nobody could sign in: set OKAERI_SIGNING_KEY, or list an identity provider under [[auth.providers]]"
    )]
    NoKeys,
    /// The signature could not be made.
    #[error("the token could not be signed")]
    NotSigned,
}

/// Signs and verifies tokens. Shared by everything that needs either.
#[derive(Debug)]
pub struct Keys {
    issuer: String,
    audience: String,
    leeway: TimeDelta,
    token_bytes_max: usize,
    own: Option<RwLock<OwnKey>>,
    providers: Providers,
}

#[derive(Debug)]
struct OwnKey {
    path: PathBuf,
    id: String,
    signing: EncodingKey,
    verifying: DecodingKey,
}

impl ProviderRole {
    /// The setting that lets a provider speak for this role.
    fn of(role: Role) -> Self {
        match role {
            Role::Administrator => Self::Administrator,
            Role::Recruiter => Self::Recruiter,
            Role::Employee => Self::Employee,
            Role::Alumnus => Self::Alumnus,
        }
    }
}

/// A token's payload as it is written and read.
#[derive(Serialize, Deserialize)]
pub(super) struct Payload {
    #[serde(default)]
    sub: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    company: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alumnus: Option<String>,
    #[serde(default)]
    exp: Option<f64>,
    #[serde(default)]
    iat: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<f64>,
    #[serde(default)]
    pub(super) iss: Option<String>,
    #[serde(default)]
    aud: Option<Audience>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn names(&self, audience: &str) -> bool {
        match self {
            Self::One(name) => name == audience,
            Self::Many(names) => names.iter().any(|name| name == audience),
        }
    }
}

impl Keys {
    /// Reads the keys that `config` names; in development, makes the local key if there is none.
    ///
    /// # Errors
    ///
    /// [`KeyError`] names the file or the provider.
    pub fn open(config: &Config) -> Result<Self, KeyError> {
        let own = match (&config.auth.signing_key, config.mode) {
            (Some(path), Mode::Production) if path.ends_with(DEVELOPMENT_KEY) => {
                return Err(KeyError::DevelopmentKey { path: path.clone() });
            }
            (Some(path), _) => Some(OwnKey::read(path)?),
            (None, Mode::Development) => Some(OwnKey::read_or_make(&config.data_dir.join(DEVELOPMENT_KEY))?),
            (None, Mode::Production) => None,
        };
        if own.is_none() && config.auth.providers.is_empty() {
            return Err(KeyError::NoKeys);
        }
        Ok(Self {
            issuer: config.auth.issuer.clone(),
            audience: config.auth.audience.clone(),
            leeway: TimeDelta::seconds(i64::try_from(config.auth.leeway_s).unwrap_or(60)),
            token_bytes_max: config.limits.token_bytes,
            own: own.map(RwLock::new),
            providers: Providers::open(&config.auth)?,
        })
    }

    /// The file of the server's own key: as set, or in development the local one, which need not exist yet.
    #[must_use]
    pub fn path(config: &Config) -> Option<PathBuf> {
        match (&config.auth.signing_key, config.mode) {
            (Some(path), _) => Some(path.clone()),
            (None, Mode::Development) => Some(config.data_dir.join(DEVELOPMENT_KEY)),
            (None, Mode::Production) => None,
        }
    }

    /// Signs a token of this server's.
    ///
    /// # Errors
    ///
    /// [`KeyError::NoSigningKey`] in production without one.
    pub fn issue(&self, claims: &Claims) -> Result<String, KeyError> {
        let own = self.own.as_ref().ok_or(KeyError::NoSigningKey)?;
        let own = own.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(own.id.clone());
        #[allow(clippy::cast_precision_loss, reason = "seconds stay exact below 2^53")]
        let seconds = |instant: DateTime<Utc>| Some(instant.timestamp() as f64);
        let payload = Payload {
            sub: Some(claims.subject.clone()),
            company: Some(claims.company.clone()),
            role: Some(claims.role.code().to_lowercase()),
            unit: claims.unit.clone(),
            alumnus: claims.alumnus.clone(),
            exp: seconds(claims.expires_at),
            iat: seconds(claims.issued_at),
            nbf: None,
            iss: Some(self.issuer.clone()),
            aud: Some(Audience::One(self.audience.clone())),
        };
        jsonwebtoken::encode(&header, &payload, &own.signing).map_err(|_| KeyError::NotSigned)
    }

    /// Checks a token at `now`, which is the system's time.
    ///
    /// Waits for a provider's keys when they are stale or lack the token's key.
    ///
    /// # Errors
    ///
    /// [`TokenError`], fit to be shown to the sender.
    pub async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, TokenError> {
        if token.len() > self.token_bytes_max {
            return Err(TokenError::TooLong {
                max: self.token_bytes_max,
            });
        }
        let header = header(token)?;
        // Only chooses whose key is tried; the signature then proves it.
        let unproven: Payload =
            jsonwebtoken::dangerous::insecure_decode_claims(token).map_err(|_| TokenError::Malformed)?;
        let issuer = unproven.iss.unwrap_or_default();

        if let Some(own) = &self.own
            && issuer == self.issuer
        {
            if header.alg != Algorithm::EdDSA {
                return Err(TokenError::Algorithm);
            }
            let key = OwnKey::for_id(own, header.kid.as_deref())?;
            let payload = verified(token, &key, Algorithm::EdDSA)?;
            return self.claims(payload, &self.issuer, &self.audience, None, now);
        }
        let (provider, key) = self.providers.key(&issuer, &header, now).await?;
        let payload = verified(token, &key, header.alg)?;
        let audience = provider.audience.as_deref().unwrap_or(&self.audience);
        let claims = self.claims(
            payload,
            &provider.issuer,
            audience,
            provider.company.as_deref(),
            now,
        )?;
        // By the role that the claims now have, and not by the token's spelling of it.
        if !provider.roles.contains(&ProviderRole::of(claims.role)) {
            return Err(TokenError::Claim("role"));
        }
        Ok(claims)
    }

    fn claims(
        &self,
        payload: Payload,
        issuer: &str,
        audience: &str,
        only_company: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Claims, TokenError> {
        if payload.iss.as_deref() != Some(issuer) {
            return Err(TokenError::Issuer);
        }
        if !payload.aud.is_some_and(|aud| aud.names(audience)) {
            return Err(TokenError::Audience);
        }
        let expires_at = instant(payload.exp).ok_or(TokenError::Claim("exp"))?;
        if now >= expires_at + self.leeway {
            return Err(TokenError::Expired);
        }
        if instant(payload.nbf).is_some_and(|not_before| now + self.leeway < not_before) {
            return Err(TokenError::NotYet);
        }
        let company = match (only_company, text(payload.company, "company")?) {
            (Some(only), Some(named)) if only != named => return Err(TokenError::Claim("company")),
            (Some(only), _) => only.to_owned(),
            (None, Some(named)) => named,
            (None, None) => return Err(TokenError::Claim("company")),
        };
        // Letters of ASCII alone have another case here: no other spelling is a role.
        let role = text(payload.role, "role")?.and_then(|role| Role::from_code(&role.to_ascii_uppercase()));
        Ok(Claims {
            subject: text(payload.sub, "sub")?.ok_or(TokenError::Claim("sub"))?,
            company,
            role: role.ok_or(TokenError::Claim("role"))?,
            unit: text(payload.unit, "unit")?,
            alumnus: text(payload.alumnus, "alumnus")?,
            issued_at: instant(payload.iat).unwrap_or(now),
            expires_at,
        })
    }

    /// How much later than its end a token is still taken.
    #[must_use]
    pub fn leeway(&self) -> TimeDelta {
        self.leeway
    }
}

impl OwnKey {
    fn read_or_make(path: &Path) -> Result<Self, KeyError> {
        if !path.exists() {
            make(path)?;
        }
        Self::read(path)
    }

    fn read(path: &Path) -> Result<Self, KeyError> {
        let pem = fs::read(path).map_err(|cause| KeyError::File {
            path: path.to_owned(),
            cause,
        })?;
        let not_a_key = |_| KeyError::NotAKey {
            path: path.to_owned(),
        };
        let signing = EncodingKey::from_ed_pem(&pem).map_err(not_a_key)?;
        let jwk = Jwk::from_encoding_key(&signing, Algorithm::EdDSA).map_err(not_a_key)?;
        Ok(Self {
            path: path.to_owned(),
            id: jwk.thumbprint(ThumbprintHash::SHA256).map_err(not_a_key)?,
            verifying: DecodingKey::from_jwk(&jwk).map_err(not_a_key)?,
            signing,
        })
    }

    /// The key with this id; reads the file once more when it may have been replaced.
    fn for_id(own: &RwLock<Self>, id: Option<&str>) -> Result<DecodingKey, TokenError> {
        let path = {
            let own = own.read().unwrap_or_else(std::sync::PoisonError::into_inner);
            if id == Some(own.id.as_str()) {
                return Ok(own.verifying.clone());
            }
            own.path.clone()
        };
        let fresh = Self::read(&path).map_err(|_| TokenError::UnknownKey)?;
        if id != Some(fresh.id.as_str()) {
            return Err(TokenError::UnknownKey);
        }
        let verifying = fresh.verifying.clone();
        *own.write().unwrap_or_else(std::sync::PoisonError::into_inner) = fresh;
        Ok(verifying)
    }
}

/// Makes a key that nobody else can read.
///
/// It is written beside its place and then linked there, so that of two commands that start at once one wins and
/// both go on with the same, whole key.
fn make(path: &Path) -> Result<(), KeyError> {
    let failed = |cause| KeyError::File {
        path: path.to_owned(),
        cause,
    };
    let mut seed = [0_u8; 32];
    let mut name = [0_u8; 8];
    for bytes in [seed.as_mut_slice(), name.as_mut_slice()] {
        rand::rngs::OsRng
            .try_fill_bytes(bytes)
            .map_err(|_| KeyError::NoEntropy)?;
    }
    let der = [PKCS8_PREFIX.as_slice(), &seed].concat();
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode(der)
    );

    let dir = path.parent().unwrap_or(Path::new("."));
    private_dir::make(dir).map_err(failed)?;
    let own = dir.join(format!(".{DEVELOPMENT_KEY}.{:016x}", u64::from_le_bytes(name)));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&own).map_err(failed)?;
    file.write_all(pem.as_bytes()).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    let linked = match fs::hard_link(&own, path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        // Some file systems have no links; renaming is atomic as well, and the last of two wins.
        Err(_) if !path.exists() => fs::rename(&own, path),
        Ok(()) | Err(_) => Ok(()),
    };
    let _ = fs::remove_file(&own);
    linked.map_err(failed)
}

/// The header, if it names an algorithm with public keys.
fn header(token: &str) -> Result<Header, TokenError> {
    if token.split('.').count() != 3 {
        return Err(TokenError::Malformed);
    }
    // `none` is no algorithm to the library, and so its header is not readable.
    let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Malformed)?;
    match header.alg {
        Algorithm::EdDSA | Algorithm::ES256 | Algorithm::RS256 => Ok(header),
        _ => Err(TokenError::Algorithm),
    }
}

/// The payload, if `key` signed it. Times, issuer and audience are checked by the caller, who knows the time.
fn verified(token: &str, key: &DecodingKey, algorithm: Algorithm) -> Result<Payload, TokenError> {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    jsonwebtoken::decode::<Payload>(token, key, &validation)
        .map(|data| data.claims)
        .map_err(|_| TokenError::Signature)
}

fn instant(seconds: Option<f64>) -> Option<DateTime<Utc>> {
    let seconds = seconds.filter(|seconds| seconds.is_finite())?;
    #[allow(
        clippy::cast_possible_truncation,
        reason = "out of range saturates, and chrono refuses it"
    )]
    DateTime::from_timestamp(seconds as i64, 0)
}

fn text(value: Option<String>, name: &'static str) -> Result<Option<String>, TokenError> {
    match value {
        Some(value) if value.is_empty() || value.chars().count() > CLAIM_LENGTH_MAX => {
            Err(TokenError::Claim(name))
        }
        Some(value) if value.chars().any(char::is_control) => Err(TokenError::Claim(name)),
        value => Ok(value),
    }
}

#[cfg(test)]
mod tests;
