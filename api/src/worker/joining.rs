//! Mail of joining and of changing one's address: links that prove an address, and what was decided.
//!
//! - A link is made when it is sent, and only its digest is kept.
//! - Mail that anybody can cause quotes nothing that anybody typed.

use chrono::TimeDelta;
use okaeri_engine::domain::{ClaimId, ClaimState, CompanyId, EmailChangeId};

use crate::app::App;
use crate::db::email_changes::EmailChange;
use crate::db::one_time_links::{self, LinkSubject, OneTimeLink};
use crate::db::{DbError, claims, companies, email_changes};
use crate::mail::Message;
use crate::usecase::sign_in::token_digest;

/// The link by which somebody goes on with a claim, as long as they have not.
pub(super) async fn claim_link(
    app: &App,
    company_id: CompanyId,
    claim_id: ClaimId,
) -> Result<Option<Message>, DbError> {
    let claim = claims::find(&app.db, company_id, claim_id).await?;
    let requested = claim.filter(|claim| claim.state == ClaimState::Requested);
    let (Some(claim), Some(company)) = (requested, companies::find(&app.db, company_id).await?) else {
        return Ok(None);
    };
    let token = new_link(app, company_id, LinkSubject::Claim(claim_id)).await?;
    let (name, minutes) = (company.name, app.config.auth.sign_in_link_minutes);
    let url = format!("{}/claim#token={token}", app.config.public_url());
    Ok(Some(Message {
        to: claim.claimed.email,
        subject: format!("【{name}】参加申請の確認用リンク / Confirm your request to join"),
        body: format!(
            "{name} アルムナイネットワークへの参加申請を受け付けました。次のリンクから手続きを続けてください。{minutes}分以内に\
             一度だけ使えます。\nお心当たりがない場合は、このメールを破棄してください。\n\n{url}\n\n\
             We received a request to join the alumni network of {name}. This link goes on with it. It works once, \
             within {minutes} minutes.\nIf you did not ask for it, ignore this mail.\n"
        ),
    }))
}

/// What an administrator decided. A refusal says no reason: it may tell of somebody else's record.
pub(super) async fn claim_decided(
    app: &App,
    company_id: CompanyId,
    claim_id: ClaimId,
) -> Result<Option<Message>, DbError> {
    let claim = claims::find(&app.db, company_id, claim_id).await?;
    let (Some(claim), Some(company)) = (claim, companies::find(&app.db, company_id).await?) else {
        return Ok(None);
    };
    let (name, url) = (company.name, app.config.public_url());
    let body = match claim.state {
        ClaimState::Accepted { .. } => format!(
            "{name} アルムナイネットワークへの参加が承認されました。このメールアドレスでサインインできます: {url}/sign-in\n\n\
             Your request to join the alumni network of {name} was approved. Sign in with this address: {url}/sign-in\n"
        ),
        ClaimState::Refused { .. } => format!(
            "{name} アルムナイネットワークへの参加申請は、内容を確認できなかったため承認されませんでした。\
             お問い合わせは事務局までお願いします。\n\n\
             Your request to join the alumni network of {name} could not be confirmed. Please ask its administrators.\n"
        ),
        ClaimState::Requested | ClaimState::Pending { .. } | ClaimState::Superseded { .. } => {
            return Ok(None);
        }
    };
    Ok(Some(Message {
        to: claim.claimed.email,
        subject: format!("【{name}】参加申請の結果 / Your request to join"),
        body,
    }))
}

/// The link by which a member confirms the new address, as long as they have not.
pub(super) async fn email_change_link(
    app: &App,
    company_id: CompanyId,
    change_id: EmailChangeId,
) -> Result<Option<Message>, DbError> {
    let Some((change, name)) = find_change(app, company_id, change_id).await? else {
        return Ok(None);
    };
    if change.confirmed_at.is_some() {
        return Ok(None);
    }
    let token = new_link(app, company_id, LinkSubject::EmailChange(change_id)).await?;
    let minutes = app.config.auth.sign_in_link_minutes;
    let url = format!("{}/confirm-email#token={token}", app.config.public_url());
    Ok(Some(Message {
        to: change.new_email,
        subject: format!("【{name}】新しいメールアドレスの確認 / Confirm your new address"),
        body: format!(
            "{name} アルムナイネットワークの新しいメールアドレスを確認するリンクです。{minutes}分以内に一度だけ使えます。\n\
             お心当たりがない場合は、このメールを破棄してください。\n\n{url}\n\n\
             This link confirms your new address in the alumni network of {name}. It works once, within {minutes} \
             minutes.\nIf you did not ask for it, ignore this mail.\n"
        ),
    }))
}

/// To the old address: another one was asked for, and is not in force yet.
pub(super) async fn email_change_asked(
    app: &App,
    company_id: CompanyId,
    change_id: EmailChangeId,
) -> Result<Option<Message>, DbError> {
    let found = find_change(app, company_id, change_id).await?;
    Ok(found.and_then(|(change, name)| {
        change.old_email.map(|to| Message {
            to,
            subject: format!("【{name}】メールアドレスの変更申請 / A change of your address was asked for"),
            body: format!(
                "{name} アルムナイネットワークで、あなたのメールアドレスの変更が申請されました。新しいアドレスでの確認が済むと変更されます。\n\
                 お心当たりがない場合は、すぐに事務局までご連絡ください。\n\n\
                 Another address for you was asked for in the alumni network of {name}. It takes effect once it is \
                 confirmed.\nIf this was not you, tell the administrators at once.\n"
            ),
        })
    }))
}

/// To the old address: another one is in force.
pub(super) async fn email_changed(
    app: &App,
    company_id: CompanyId,
    change_id: EmailChangeId,
) -> Result<Option<Message>, DbError> {
    let found = find_change(app, company_id, change_id).await?;
    Ok(found.and_then(|(change, name)| {
        change.old_email.map(|to| Message {
            to,
            subject: format!("【{name}】メールアドレスが変更されました / Your address was changed"),
            body: format!(
                "{name} アルムナイネットワークのあなたのメールアドレスが変更されました。今後、このアドレスではサインインできません。\n\
                 お心当たりがない場合は、すぐに事務局までご連絡ください。\n\n\
                 Your address in the alumni network of {name} was changed. This one signs you in no more.\n\
                 If this was not you, tell the administrators at once.\n"
            ),
        })
    }))
}

async fn find_change(
    app: &App,
    company_id: CompanyId,
    change_id: EmailChangeId,
) -> Result<Option<(EmailChange, String)>, DbError> {
    let change = email_changes::find(&app.db, company_id, change_id).await?;
    let company = companies::find(&app.db, company_id).await?;
    Ok(change.zip(company.map(|company| company.name)))
}

async fn new_link(app: &App, company_id: CompanyId, subject: LinkSubject) -> Result<String, DbError> {
    let token = app.clock.new_secret();
    let now = app.clock.now();
    let link = OneTimeLink {
        token_digest: token_digest(&token),
        company_id,
        subject,
        expires_at: now + TimeDelta::minutes(i64::from(app.config.auth.sign_in_link_minutes)),
    };
    let tx = app.db.begin().await?;
    one_time_links::insert(&tx, &link, now).await?;
    tx.commit().await?;
    Ok(token)
}
