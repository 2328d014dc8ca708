//! Signing in by a one-time link, for alumni who have no company login any more, and who a token stands for.

use okaeri_engine::domain::limits::EMAIL_CHARS_MAX;
use okaeri_engine::domain::{AlumnusId, AlumnusStatus, CompanyId, Role, Viewer};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::notice::Notice;
use super::validate::{Checks, LINE_LENGTH_MAX};
use super::{Failure, Fault, Rejection, RejectionCode};
use crate::app::App;
use crate::auth::Claims;
use crate::clock::Clock;
use crate::db::change_log::{self, Change};
use crate::db::{alumni, companies, jobs, sign_in_links};
use crate::rate::{Bucket, RetryAfter, peer_key};

/// Characters of a link's token; ours have 64.
pub(super) const TOKEN_LENGTH_MAX: usize = 200;

/// A session of somebody who signed in. It cannot be printed.
#[derive(Clone)]
pub struct Session {
    /// The bearer token.
    pub token: String,
    /// When it ends, by the system's clock.
    pub expires_at: chrono::DateTime<chrono::Utc>,
}

/// How asking for a link ends when it does not succeed.
#[derive(Debug)]
pub enum SignInFailure {
    /// Too often.
    Limited(RetryAfter),
    /// Otherwise.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for SignInFailure {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Asks for a link. The answer is the same whether or not there is such a person: nobody can find out who is one.
pub async fn request_link(
    app: &App,
    company_slug: &str,
    email: &str,
    peer: Option<std::net::IpAddr>,
) -> Result<(), SignInFailure> {
    let mut checks = Checks::default();
    checks.line("company", company_slug, LINE_LENGTH_MAX);
    let email = read_address(&mut checks, email);
    checks.finish()?;
    count_attempt(app, peer)?;
    count_mail(app, company_slug, &email)?;

    let company = companies::find_by_slug(&app.db, company_slug)
        .await
        .map_err(Fault::from)?;
    // An unknown address costs the same statements as a known one, so that no clock tells them apart.
    let company_id = company.map_or(CompanyId(Uuid::nil()), |company| company.id);
    let ids = alumni::load_ids_by_email(&app.db, company_id, std::slice::from_ref(&email))
        .await
        .map_err(Fault::from)?;
    let alumnus_id = ids.into_values().next();
    let notice = alumnus_id.map_or(Notice::Nothing, |alumnus_id| Notice::SignInLink {
        company_id,
        alumnus_id,
    });
    let now = app.clock.now();
    let tx = app.db.begin().await.map_err(Fault::from)?;
    jobs::enqueue(&tx, &notice.into_job(app.clock.new_id(), now), now)
        .await
        .map_err(Fault::from)?;
    tx.commit().await.map_err(Fault::from)?;
    Ok(())
}

/// Exchanges a link's token, which works once, for a session.
pub async fn sign_in(
    app: &App,
    token: &str,
    peer: Option<std::net::IpAddr>,
) -> Result<Session, SignInFailure> {
    count_attempt(app, peer)?;
    if token.len() > TOKEN_LENGTH_MAX {
        return Err(invalid_link().into());
    }
    let (now, digest) = (app.clock.now(), token_digest(token));
    let company_id = sign_in_links::find_company(&app.db, &digest, now)
        .await
        .map_err(Fault::from)?
        .ok_or_else(invalid_link)?;
    let tx = app.db.begin_for(company_id).await.map_err(Fault::from)?;
    // Meanwhile somebody else may have used it, or the address may have become another.
    let (_, alumnus_id) = sign_in_links::consume(&tx, &digest, now)
        .await
        .map_err(Fault::from)?
        .ok_or_else(invalid_link)?;
    let company = companies::find(&tx, company_id)
        .await
        .map_err(Fault::from)?
        .ok_or_else(invalid_link)?;
    let member = alumni::find(&tx, company_id, alumnus_id)
        .await
        .map_err(Fault::from)?
        .filter(|alumnus| is_member(alumnus.status))
        .ok_or_else(invalid_link)?;
    if member.status == AlumnusStatus::Unclaimed {
        // The link proves that the address is the person's. From now on no file may put another in its place, by which
        // somebody else could sign in and read what the person has told nobody.
        alumni::update_status(&tx, company_id, alumnus_id, AlumnusStatus::Active, now)
            .await
            .map_err(Fault::from)?;
        let changes = [
            Change::StandingChanged(alumnus_id),
            Change::AlumnusChanged(alumnus_id),
        ];
        change_log::append_all(&tx, company_id, &changes, now)
            .await
            .map_err(Fault::from)?;
    }
    tx.commit().await.map_err(Fault::from)?;
    Ok(open_session(app, company.slug, alumnus_id)?)
}

/// A session of the person of this record.
pub(super) fn open_session(app: &App, company: String, alumnus_id: AlumnusId) -> Result<Session, Fault> {
    // Tokens live by the system's clock, whatever day a demonstration pretends.
    let issued_at = Clock::system().now();
    let expires_at = issued_at + chrono::TimeDelta::hours(i64::from(app.config.auth.session_hours));
    let claims = Claims {
        subject: alumnus_id.to_string(),
        company,
        role: Role::Alumnus,
        unit: None,
        alumnus: Some(alumnus_id.to_string()),
        issued_at,
        expires_at,
    };
    let token = app
        .keys
        .issue(&claims)
        .map_err(|error| Fault::Broken(error.to_string()))?;
    Ok(Session { token, expires_at })
}

/// The address as it is stored and compared.
pub(super) fn read_address(checks: &mut Checks, email: &str) -> String {
    let email = email.trim().to_lowercase();
    checks.optional("email", Some(&email), EMAIL_CHARS_MAX);
    if !email.contains('@') || email.contains(char::is_whitespace) {
        checks.reject(
            RejectionCode::Invalid,
            "email",
            "email is not an address such as hanako@example.jp".to_owned(),
            "メールアドレスの形式ではありません".to_owned(),
        );
    }
    email
}

/// Counts an attempt to sign in or to join from a network address.
pub(super) fn count_attempt(app: &App, peer: Option<std::net::IpAddr>) -> Result<(), SignInFailure> {
    app.limiter
        .check(Bucket::SignInPeer, &peer_key(peer))
        .map_err(SignInFailure::Limited)
}

/// Counts a link that an address is sent.
pub(super) fn count_mail(app: &App, company_slug: &str, email: &str) -> Result<(), SignInFailure> {
    app.limiter
        .check(Bucket::SignInEmail, &format!("{company_slug}\n{email}"))
        .map_err(SignInFailure::Limited)
}

/// Who valid claims stand for; `None` when the company or the record does not exist, or is no member.
pub async fn viewer(app: &App, claims: Claims) -> Result<Option<Viewer>, Fault> {
    let Some(company) = companies::find_by_slug(&app.db, &claims.company).await? else {
        return Ok(None);
    };
    let alumnus_id = match claims.role {
        Role::Administrator | Role::Recruiter | Role::Employee => None,
        Role::Alumnus => {
            let Some(named) = claims.alumnus.as_deref() else {
                return Ok(None);
            };
            let found = match Uuid::try_parse(named).map(AlumnusId) {
                Ok(id) => {
                    let status = alumni::find_status(&app.db, company.id, id).await?;
                    status.map(|status| (id, status))
                }
                Err(_) => alumni::find_status_by_external_id(&app.db, company.id, named).await?,
            };
            match found.filter(|(_, status)| is_member(*status)) {
                Some((id, _)) => Some(id),
                None => return Ok(None),
            }
        }
    };
    let subject = alumnus_id.map_or(claims.subject, |id| id.to_string());
    Ok(Some(Viewer {
        company_id: company.id,
        role: claims.role,
        subject,
        unit: claims.unit,
        alumnus_id,
    }))
}

/// What is stored of a link's token: the token is random enough that its plain digest tells nothing.
#[must_use]
pub fn token_digest(token: &str) -> String {
    Sha256::digest(token.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

pub(super) fn is_member(status: AlumnusStatus) -> bool {
    match status {
        AlumnusStatus::Unclaimed | AlumnusStatus::Active => true,
        AlumnusStatus::PendingApproval | AlumnusStatus::Left => false,
    }
}

pub(super) fn invalid_link() -> Failure {
    Rejection::new(
        RejectionCode::InvalidLink,
        "token",
        "the link is unknown, used or expired: ask for a new one",
        "リンクが無効か、使用済みか、期限切れです。もう一度お申し込みください",
    )
    .into()
}
