use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::*;
use crate::config::{Provider, SigningAlgorithm};

/// An ES256 key pair made for these tests.
const ES256_PRIVATE: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgJfRe9LD13PFS18gq
JDgtNLkNRxHyn3OWm1V2OaNbsqGhRANCAATqqbotiCH6tWIYqqoRC+CasOJ7RgqV
SFiU5URMrpqJ3aFx3qLPoQ5/uPJDh7X+x8uz1pt03qYSjHDQKWdqFRcO
-----END PRIVATE KEY-----";

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn config(dir: &Path) -> Config {
    Config {
        data_dir: dir.to_owned(),
        ..Config::default()
    }
}

fn claims() -> Claims {
    Claims {
        subject: "staff-7".to_owned(),
        company: "aoba".to_owned(),
        role: Role::Recruiter,
        unit: Some("sales".to_owned()),
        alumnus: None,
        issued_at: at(0),
        expires_at: at(3_600),
    }
}

fn payload() -> serde_json::Value {
    json!({
        "sub": "staff-7", "company": "aoba", "role": "recruiter",
        "exp": at(3_600).timestamp(), "iat": at(0).timestamp(), "iss": "okaeri", "aud": ["other", "okaeri"],
    })
}

/// A token with this header and payload, signed by `key` with the header's algorithm.
fn signed(header: &Header, payload: &serde_json::Value, key: &EncodingKey) -> String {
    jsonwebtoken::encode(header, payload, key).unwrap()
}

fn own_key(dir: &Path) -> OwnKey {
    OwnKey::read(&dir.join(DEVELOPMENT_KEY)).unwrap()
}

fn own_header(key: &OwnKey) -> Header {
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(key.id.clone());
    header
}

/// What becomes of a payload that the development key signed.
async fn verdict(change: impl FnOnce(&mut serde_json::Value)) -> Result<Claims, TokenError> {
    let dir = tempfile::tempdir().unwrap();
    let keys = Keys::open(&config(dir.path())).unwrap();
    let own = own_key(dir.path());
    let mut payload = payload();
    change(&mut payload);
    keys.verify(&signed(&own_header(&own), &payload, &own.signing), at(0))
        .await
}

#[tokio::test]
async fn a_token_made_by_another_command_is_valid_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let server = Keys::open(&config(dir.path())).unwrap();
    let command = Keys::open(&config(dir.path())).unwrap();
    let token = command.issue(&claims()).unwrap();
    assert_eq!(server.verify(&token, at(0)).await, Ok(claims()));
}

#[tokio::test]
async fn a_key_that_was_made_anew_while_the_server_runs_is_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let server = Keys::open(&config(dir.path())).unwrap();
    fs::remove_file(dir.path().join(DEVELOPMENT_KEY)).unwrap();
    let token = Keys::open(&config(dir.path())).unwrap().issue(&claims()).unwrap();
    assert_eq!(server.verify(&token, at(0)).await, Ok(claims()));
}

#[test]
fn commands_that_start_at_once_make_one_key_that_only_its_owner_reads() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("new").join(DEVELOPMENT_KEY);
    let ids: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| OwnKey::read_or_make(&path).unwrap().id))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(ids.iter().all(|id| *id == OwnKey::read(&path).unwrap().id));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
    }
    assert_eq!(
        fs::read_dir(path.parent().unwrap()).unwrap().count(),
        1,
        "nothing is left beside it"
    );
}

#[tokio::test]
async fn a_token_ends_sixty_seconds_after_its_time_and_not_before() {
    let dir = tempfile::tempdir().unwrap();
    let keys = Keys::open(&config(dir.path())).unwrap();
    let token = keys.issue(&claims()).unwrap();
    assert!(keys.verify(&token, at(3_659)).await.is_ok());
    assert_eq!(keys.verify(&token, at(3_660)).await, Err(TokenError::Expired));
}

#[tokio::test]
async fn every_claim_that_matters_is_checked() {
    assert!(verdict(|_| {}).await.is_ok());
    assert_eq!(
        verdict(|it| it["aud"] = json!("other")).await,
        Err(TokenError::Audience)
    );
    assert_eq!(
        verdict(|it| drop(it.as_object_mut().unwrap().remove("aud"))).await,
        Err(TokenError::Audience)
    );
    assert_eq!(
        verdict(|it| it["iss"] = json!("evil")).await,
        Err(TokenError::Issuer)
    );
    assert_eq!(
        verdict(|it| it["exp"] = json!(null)).await,
        Err(TokenError::Claim("exp"))
    );
    assert_eq!(
        verdict(|it| it["exp"] = json!("soon")).await,
        Err(TokenError::Malformed)
    );
    assert_eq!(
        verdict(|it| it["exp"] = json!(1e300)).await,
        Err(TokenError::Claim("exp"))
    );
    assert_eq!(
        verdict(|it| it["nbf"] = json!(at(61).timestamp())).await,
        Err(TokenError::NotYet)
    );
    assert_eq!(
        verdict(|it| it["role"] = json!("ROOT")).await,
        Err(TokenError::Claim("role"))
    );
    assert_eq!(
        verdict(|it| it["sub"] = json!("")).await,
        Err(TokenError::Claim("sub"))
    );
    assert_eq!(
        verdict(|it| it["company"] = json!(null)).await,
        Err(TokenError::Claim("company"))
    );
    assert_eq!(
        verdict(|it| it["unit"] = json!("a\u{0}b")).await,
        Err(TokenError::Claim("unit"))
    );
}

#[tokio::test]
async fn none_and_shared_secrets_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let keys = Keys::open(&config(dir.path())).unwrap();
    let own = own_key(dir.path());
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());

    for alg in ["none", "None", "NONE"] {
        let unsigned = format!(
            "{}.{}.",
            part(json!({"alg": alg, "kid": own.id})),
            part(payload())
        );
        assert_eq!(
            keys.verify(&unsigned, at(0)).await,
            Err(TokenError::Malformed),
            "{alg}"
        );
    }
    // The public key, which everybody may know, used as a secret.
    let jwk = Jwk::from_encoding_key(&own.signing, Algorithm::EdDSA).unwrap();
    let jsonwebtoken::jwk::AlgorithmParameters::OctetKeyPair(pair) = jwk.algorithm else {
        panic!("an Ed25519 key")
    };
    let public = URL_SAFE_NO_PAD.decode(pair.x).unwrap();
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some(own.id.clone());
    let confused = signed(&header, &payload(), &EncodingKey::from_secret(&public));
    assert_eq!(keys.verify(&confused, at(0)).await, Err(TokenError::Algorithm));
}

#[tokio::test]
async fn a_changed_or_foreign_token_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let keys = Keys::open(&config(dir.path())).unwrap();
    let token = keys.issue(&claims()).unwrap();
    let parts: Vec<&str> = token.split('.').collect();

    let mut other = payload();
    other["role"] = json!("administrator");
    let forged = format!(
        "{}.{}.{}",
        parts[0],
        URL_SAFE_NO_PAD.encode(other.to_string()),
        parts[2]
    );
    assert_eq!(keys.verify(&forged, at(0)).await, Err(TokenError::Signature));

    let elsewhere = tempfile::tempdir().unwrap();
    let foreign = Keys::open(&config(elsewhere.path()))
        .unwrap()
        .issue(&claims())
        .unwrap();
    assert_eq!(keys.verify(&foreign, at(0)).await, Err(TokenError::UnknownKey));

    for garbage in ["", "a", "a.b", "a.b.c", "a.b.c.d", "Bearer x", "..", "💥.💥.💥"] {
        assert_eq!(
            keys.verify(garbage, at(0)).await,
            Err(TokenError::Malformed),
            "{garbage}"
        );
    }
    let long = "a".repeat(8_193);
    assert_eq!(
        keys.verify(&long, at(0)).await,
        Err(TokenError::TooLong { max: 8_192 })
    );
}

#[test]
fn production_needs_a_key_and_refuses_the_development_one() {
    let dir = tempfile::tempdir().unwrap();
    Keys::open(&config(dir.path())).unwrap();
    let mut production = Config {
        mode: Mode::Production,
        ..config(dir.path())
    };
    assert!(matches!(Keys::open(&production), Err(KeyError::NoKeys)));
    production.auth.signing_key = Some(dir.path().join(DEVELOPMENT_KEY));
    assert!(matches!(
        Keys::open(&production),
        Err(KeyError::DevelopmentKey { .. })
    ));
}

/// A provider whose document is a file, with one ES256 key.
fn provider(dir: &Path, company: Option<&str>) -> Config {
    let key = EncodingKey::from_ec_pem(ES256_PRIVATE.as_bytes()).unwrap();
    let mut jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
    jwk.common.key_id = Some("k1".to_owned());
    let path = dir.join("jwks.json");
    fs::write(
        &path,
        json!({ "keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "k0"}, jwk] }).to_string(),
    )
    .unwrap();
    let mut config = config(dir);
    config.auth.providers.push(Provider {
        company: company.map(str::to_owned),
        issuer: "https://login.example/".to_owned(),
        audience: None,
        jwks: path.display().to_string(),
        algorithms: vec![SigningAlgorithm::EdDsa, SigningAlgorithm::Es256],
        roles: vec![ProviderRole::Recruiter, ProviderRole::Alumnus],
    });
    config
}

async fn provider_verdict(
    config: &Config,
    kid: Option<&str>,
    change: serde_json::Value,
) -> Result<Claims, TokenError> {
    let keys = Keys::open(config).unwrap();
    let mut header = Header::new(Algorithm::ES256);
    header.kid = kid.map(str::to_owned);
    let mut payload = payload();
    payload["iss"] = json!("https://login.example/");
    for (name, value) in change.as_object().unwrap() {
        payload[name] = value.clone();
    }
    let key = EncodingKey::from_ec_pem(ES256_PRIVATE.as_bytes()).unwrap();
    keys.verify(&signed(&header, &payload, &key), at(0)).await
}

#[tokio::test]
async fn a_providers_token_is_taken_by_its_key_id_or_by_its_only_key() {
    let dir = tempfile::tempdir().unwrap();
    let config = provider(dir.path(), None);
    assert!(provider_verdict(&config, Some("k1"), json!({})).await.is_ok());
    assert!(provider_verdict(&config, None, json!({})).await.is_ok());
    assert_eq!(
        provider_verdict(&config, Some("k9"), json!({})).await,
        Err(TokenError::UnknownKey)
    );
    assert_eq!(
        provider_verdict(&config, Some("k0"), json!({})).await,
        Err(TokenError::UnknownKey)
    );
}

#[tokio::test]
async fn a_provider_speaks_for_its_own_company_and_issuer_only() {
    let dir = tempfile::tempdir().unwrap();
    let config = provider(dir.path(), Some("midori"));
    assert_eq!(
        provider_verdict(&config, Some("k1"), json!({})).await,
        Err(TokenError::Claim("company"))
    );
    let claims = provider_verdict(&config, Some("k1"), json!({"company": null}))
        .await
        .unwrap();
    assert_eq!(claims.company, "midori");
    // The issuer of the server's own tokens needs the server's own key.
    let as_own = provider_verdict(&config, Some("k1"), json!({"iss": "okaeri"})).await;
    assert_eq!(as_own, Err(TokenError::Algorithm));
}

#[tokio::test]
async fn a_provider_speaks_for_its_roles_only() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = provider(dir.path(), None);
    let as_alumnus = json!({"role": "ALUMNUS", "alumnus": "a001"});
    assert!(
        provider_verdict(&config, Some("k1"), as_alumnus.clone())
            .await
            .is_ok()
    );
    config.auth.providers[0].roles = vec![ProviderRole::Recruiter];
    assert!(provider_verdict(&config, Some("k1"), json!({})).await.is_ok());
    for change in [
        as_alumnus,
        json!({"role": "administrator"}),
        json!({"role": null}),
        // These become role codes where letters beyond ASCII have another case.
        json!({"role": "alumnu\u{17f}", "alumnus": "a001"}),
        json!({"role": "adm\u{131}n\u{131}\u{17f}trator"}),
    ] {
        let refused = provider_verdict(&config, Some("k1"), change).await;
        assert_eq!(refused, Err(TokenError::Claim("role")));
    }
}

#[tokio::test]
async fn keys_come_from_a_url_once_and_made_up_key_ids_cost_no_more_fetches() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let dir = tempfile::tempdir().unwrap();
    let mut config = provider(dir.path(), None);
    let document = fs::read_to_string(dir.path().join("jwks.json")).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    config.auth.providers[0].jwks =
        format!("http://127.0.0.1:{}/jwks", listener.local_addr().unwrap().port());
    let n_fetched = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counter = n_fetched.clone();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let mut request = [0_u8; 1_024];
            let _ = socket.read(&mut request).await;
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                document.len()
            );
            let _ = socket.write_all((head + &document).as_bytes()).await;
        }
    });
    let keys = Keys::open(&config).unwrap();
    let key = EncodingKey::from_ec_pem(ES256_PRIVATE.as_bytes()).unwrap();
    let mut payload = payload();
    payload["iss"] = json!("https://login.example/");
    let token = |kid: &str| {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(kid.to_owned());
        signed(&header, &payload, &key)
    };
    for idx in 0..5 {
        assert!(keys.verify(&token("k1"), at(0)).await.is_ok());
        let made_up = keys.verify(&token(&format!("x{idx}")), at(0)).await;
        assert_eq!(made_up, Err(TokenError::UnknownKey));
    }
    assert_eq!(n_fetched.load(std::sync::atomic::Ordering::SeqCst), 1);
    // A minute later, an unknown key is worth another look.
    let _ = keys.verify(&token("x"), at(60)).await;
    assert_eq!(n_fetched.load(std::sync::atomic::Ordering::SeqCst), 2);
}
