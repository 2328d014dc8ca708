//! Joining by a claim: asking for a link without being signed in, and following it.
//!
//! - Asking never looks at a record: the answer, the statements and the mail are the same, whoever exists.
//! - Following the link proves the address. Whose record it is then is the engine's decision; what it cannot tell waits for
//!   an administrator ([`decide`]). The person learns which of the two, and not why.
//! - A claim makes a member of nobody else: until it is accepted it is a row of its own, which no list, ranking or feed
//!   reads.

pub mod decide;
pub mod matching;

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use okaeri_engine::domain::limits::{
    CONSENT_TEXT_VERSION_CHARS_MAX, EXTERNAL_ID_CHARS_MAX, NAME_CHARS_MAX, UNIT_CHARS_MAX,
};
use okaeri_engine::domain::{
    AlumnusId, AlumnusStatus, Claim, ClaimId, ClaimState, Claimed, ClaimedConsent, CompanyId, ConsentText,
    PersonName, Purpose, YearMonth, judge,
};
use uuid::Uuid;

use super::consent_texts::{self, ensure_current};
use super::idempotent::{digest, remember_for, repeated};
use super::notice::Notice;
use super::opportunities::IDEMPOTENCY_KEY_LENGTH_MAX;
use super::profile::own_consent;
use super::sign_in::{
    Session, SignInFailure, TOKEN_LENGTH_MAX, count_attempt, count_mail, invalid_link, open_session,
    read_address, token_digest,
};
use super::validate::{Checks, LINE_LENGTH_MAX};
use super::{Fault, RejectionCode};
use crate::app::App;
use crate::db::change_log::{self, Change};
use crate::db::one_time_links::{self, LinkSubject};
use crate::db::{Transaction, alumni, claims, companies, consents, idempotency, jobs};
use crate::import::read_month;

/// The mutation whose idempotency keys these are.
const MUTATION: &str = "requestClaim";

/// What somebody typed who wants to join.
#[derive(Clone, Debug)]
pub struct ClaimRequest {
    /// The company's short name.
    pub company: String,
    /// Where the link goes to.
    pub email: String,
    /// As written.
    pub name: String,
    /// As read.
    pub name_kana: Option<String>,
    /// The number that the person had as an employee.
    pub employee_number: Option<String>,
    /// First month at the company, in any way to write one.
    pub tenure_from: Option<String>,
    /// Last month at the company, alike.
    pub tenure_to: Option<String>,
    /// A unit at the company.
    pub department: Option<String>,
    /// The same key with the same input sends one mail.
    pub idempotency_key: Option<String>,
}

/// How following the link of a claim ends.
#[derive(Clone)]
pub enum Outcome {
    /// The person is a member and signed in.
    Active(Session),
    /// An administrator has to look.
    Pending,
}

/// Asks for a link. The answer is the same, and comes of the same work, whoever exists.
pub async fn request(app: &App, request: ClaimRequest, peer: Option<IpAddr>) -> Result<(), SignInFailure> {
    let claimed = read(&request)?;
    count_attempt(app, peer)?;
    count_mail(app, &request.company, &claimed.email)?;

    let company = companies::find_by_slug(&app.db, &request.company).await?;
    let company_id = company
        .as_ref()
        .map_or(CompanyId(Uuid::nil()), |company| company.id);
    let now = app.clock.now();
    // Nobody is signed in: keys are told apart by the address that gets the mail.
    let subject = format!("claim {}", digest(&claimed.email));
    let input_digest = digest(&format!("{claimed:?}"));
    let claim = Claim {
        id: ClaimId(app.clock.new_id()),
        claimed,
        requested_at: now,
        state: ClaimState::Requested,
    };
    let tx = app.db.begin_for(company_id).await?;
    if let Some(key) = &request.idempotency_key {
        let earlier = idempotency::find(&tx, company_id, &subject, key).await?;
        if let Some(earlier) = earlier {
            repeated(&earlier, MUTATION, &input_digest)?;
            return Ok(());
        }
    }
    let notice = if company.is_some() {
        claims::insert(&tx, company_id, &claim).await?;
        if let Some(key) = &request.idempotency_key {
            let whose = (company_id, subject.as_str());
            remember_for(&tx, whose, key, MUTATION, claim.id.0, &input_digest, now).await?;
        }
        Notice::ClaimLink {
            company_id,
            claim_id: claim.id,
        }
    } else {
        // A company that is not there costs as many statements.
        claims::find(&tx, company_id, claim.id).await?;
        if let Some(key) = &request.idempotency_key {
            idempotency::find(&tx, company_id, &subject, key).await?;
        }
        Notice::Nothing
    };
    jobs::enqueue(&tx, &notice.into_job(app.clock.new_id(), now), now).await?;
    tx.commit().await?;
    Ok(())
}

/// What the screen behind the link has to show: the texts that the person may agree to. The link goes on to work.
pub async fn open(app: &App, token: &str, peer: Option<IpAddr>) -> Result<Vec<ConsentText>, SignInFailure> {
    count_attempt(app, peer)?;
    if token.len() > TOKEN_LENGTH_MAX {
        return Err(invalid_link().into());
    }
    let found = one_time_links::find(&app.db, &token_digest(token), app.clock.now()).await?;
    let Some((company_id, LinkSubject::Claim(claim_id))) = found else {
        return Err(invalid_link().into());
    };
    let claim = claims::find(&app.db, company_id, claim_id).await?;
    if !claim.is_some_and(|claim| claim.state == ClaimState::Requested) {
        return Err(invalid_link().into());
    }
    Ok(consent_texts::list_current(&app.db, company_id).await?)
}

/// Follows the link, which works once: proves the address, and makes the person a member where the programme's policy
/// takes what they said for proof.
pub async fn claim(
    app: &App,
    token: &str,
    consents: Vec<ClaimedConsent>,
    peer: Option<IpAddr>,
) -> Result<Outcome, SignInFailure> {
    count_attempt(app, peer)?;
    if token.len() > TOKEN_LENGTH_MAX {
        return Err(invalid_link().into());
    }
    let now = app.clock.now();
    let followed = one_time_links::begin_following(&app.db, &token_digest(token), now).await?;
    let Some((tx, company_id, LinkSubject::Claim(claim_id))) = followed else {
        return Err(invalid_link().into());
    };
    let company = companies::find(&tx, company_id).await?;
    let found = claims::find(&tx, company_id, claim_id).await?;
    let requested = found.filter(|claim| claim.state == ClaimState::Requested);
    let (Some(company), Some(requested)) = (company, requested) else {
        return Err(invalid_link().into());
    };
    check_consents(&tx, company_id, &consents).await?;

    let email = requested.claimed.email.clone();
    claims::supersede_pending(&tx, company_id, &email, now).await?;
    let admission = matching::admission(&tx, company_id).await?;
    let agreements = matching::agreements(&tx, company_id, std::slice::from_ref(&requested)).await?;
    let agreements = agreements.into_values().next().unwrap_or_default();
    let broken = |error: okaeri_engine::domain::claim::NotInThatState| Fault::Broken(error.to_string());
    let (claim, joined) = match judge(&admission, &agreements) {
        Ok(alumnus_id) => {
            join(app, &tx, company_id, alumnus_id, &email, (&consents, now)).await?;
            (
                requested.settle(now, alumnus_id).map_err(broken)?,
                Some(alumnus_id),
            )
        }
        Err(doubt) => (requested.wait(now, doubt, consents).map_err(broken)?, None),
    };
    claims::update_state(&tx, company_id, &claim).await?;
    tx.commit().await?;
    Ok(match joined {
        Some(alumnus_id) => Outcome::Active(open_session(app, company.slug, alumnus_id)?),
        None => Outcome::Pending,
    })
}

/// Makes the person of a record a member, by this address and with the consents that they gave.
async fn join(
    app: &App,
    tx: &Transaction,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    email: &str,
    (consents, given_at): (&[ClaimedConsent], DateTime<Utc>),
) -> Result<(), Fault> {
    let now = app.clock.now();
    alumni::update_email(tx, company_id, alumnus_id, Some(email), now).await?;
    alumni::update_status(tx, company_id, alumnus_id, AlumnusStatus::Active, now).await?;
    let given: Vec<_> = consents
        .iter()
        .map(|consent| own_consent(app, alumnus_id, consent.purpose, &consent.text_version, given_at))
        .collect();
    consents::give_all(tx, company_id, &given).await?;
    let changes = [
        Change::StandingChanged(alumnus_id),
        Change::AlumnusChanged(alumnus_id),
    ];
    change_log::append_all(tx, company_id, &changes, now).await?;
    Ok(())
}

/// Nobody agrees to a text that is not the current one; the link stays good for another try.
async fn check_consents(
    tx: &Transaction,
    company_id: CompanyId,
    consents: &[ClaimedConsent],
) -> Result<(), SignInFailure> {
    let mut checks = Checks::default();
    checks.count("consents", consents.len(), Purpose::ALL.len());
    for (idx, consent) in consents.iter().enumerate().take(Purpose::ALL.len()) {
        let field = format!("consents.{idx}.textVersion");
        checks.line(&field, &consent.text_version, CONSENT_TEXT_VERSION_CHARS_MAX);
    }
    checks.finish()?;
    let texts = consent_texts::list_current(tx, company_id).await?;
    for (idx, consent) in consents.iter().enumerate() {
        let field = format!("consents.{idx}.textVersion");
        ensure_current(&texts, consent.purpose, &consent.text_version, &field)?;
    }
    Ok(())
}

/// Reads what was typed.
fn read(request: &ClaimRequest) -> Result<Claimed, SignInFailure> {
    let mut checks = Checks::default();
    checks.line("company", &request.company, LINE_LENGTH_MAX);
    let email = read_address(&mut checks, &request.email);
    checks.line("name", &request.name, NAME_CHARS_MAX);
    let said = |text: &Option<String>| {
        text.as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let name_kana = said(&request.name_kana);
    checks.optional("nameKana", name_kana.as_deref(), NAME_CHARS_MAX);
    let employee_number = said(&request.employee_number);
    checks.optional(
        "employeeNumber",
        employee_number.as_deref(),
        EXTERNAL_ID_CHARS_MAX,
    );
    let department = said(&request.department);
    checks.optional("department", department.as_deref(), UNIT_CHARS_MAX);
    let tenure = read_tenure(&mut checks, said(&request.tenure_from), said(&request.tenure_to));
    if employee_number.is_none() && tenure.is_none() && department.is_none() && checks.rejections.is_empty() {
        checks.reject(
            RejectionCode::Blank,
            "employeeNumber",
            "give your employee number, your first and last month at the company, or a department".to_owned(),
            "社員番号、在籍期間（開始月と終了月）、部署のいずれかを入力してください".to_owned(),
        );
    }
    if let Some(key) = &request.idempotency_key {
        checks.line("idempotencyKey", key, IDEMPOTENCY_KEY_LENGTH_MAX);
    }
    checks.finish()?;
    Ok(Claimed {
        name: PersonName {
            kanji: request.name.trim().to_owned(),
            kana: name_kana,
        },
        email,
        employee_number,
        tenure,
        department,
    })
}

/// Both months or none.
fn read_tenure(
    checks: &mut Checks,
    from: Option<String>,
    to: Option<String>,
) -> Option<(YearMonth, YearMonth)> {
    let mut month = |field: &str, text: Option<String>, other: bool| match text {
        Some(text) if text.chars().count() <= LINE_LENGTH_MAX => read_month(&text)
            .map_err(|problem| {
                checks.reject(
                    RejectionCode::Invalid,
                    field,
                    format!("{field} {text} {problem}"),
                    format!("{text}は年月として読めません（例：2011-04、2011年4月、平成23年4月）"),
                );
            })
            .ok(),
        Some(text) => {
            checks.optional(field, Some(&text), LINE_LENGTH_MAX);
            None
        }
        None if other => {
            checks.reject(
                RejectionCode::Blank,
                field,
                format!("{field} is missing: give the first and the last month, or neither"),
                "開始月と終了月は両方入力してください".to_owned(),
            );
            None
        }
        None => None,
    };
    let (has_from, has_to) = (from.is_some(), to.is_some());
    let from = month("tenureFrom", from, has_to);
    let to = month("tenureTo", to, has_from);
    let (from, to) = from.zip(to)?;
    if to < from {
        checks.reject(
            RejectionCode::OutOfRange,
            "tenureTo",
            format!("tenureTo {to} lies before tenureFrom {from}"),
            format!("終了月 {to} が開始月 {from} より前です"),
        );
        return None;
    }
    Some((from, to))
}
