//! Sending notices: what to say is read when it is sent, so that a withdrawn address or a closed
//! opportunity is seen.

use chrono::TimeDelta;
use okaeri_engine::domain::calendar::japan_date;
use okaeri_engine::domain::{
    Alumnus, AlumnusId, AlumnusStatus, CompanyId, InvitationId, InvitationState, Opportunity, OpportunityId,
    WishId, may_be_ranked,
};

use crate::app::App;
use crate::db::jobs::Job;
use crate::db::sign_in_links::{self, SignInLink};
use crate::db::{DbError, alumni, companies, invitations, opportunities, programmes, standings, wishes};
use crate::mail::Message;
use crate::usecase::notice::Notice;
use crate::usecase::sign_in::token_digest;

/// Sends what a job asks for; a job whose subject is gone is done.
pub(super) async fn deliver(app: &App, job: &Job) -> Result<(), String> {
    let notice: Notice = serde_json::from_value(job.payload.clone())
        .map_err(|error| format!("job kind {} is not known: {error}", job.kind))?;
    let message = match notice {
        Notice::SignInLink {
            company_id,
            alumnus_id,
        } => sign_in_link(app, company_id, alumnus_id).await,
        Notice::Nothing => Ok(None),
        Notice::WishFound {
            company_id,
            wish_id,
            opportunity_id,
        } => wish_found(app, company_id, wish_id, opportunity_id).await,
        Notice::Invitation {
            company_id,
            invitation_id,
        } => invitation(app, company_id, invitation_id).await,
    };
    match message.map_err(|error| error.to_string())? {
        Some(message) => app.mailer.send(&message).await.map_err(|error| error.to_string()),
        None => Ok(()),
    }
}

async fn sign_in_link(
    app: &App,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Option<Message>, DbError> {
    let Some((to, company_name)) = recipient(app, company_id, alumnus_id).await? else {
        return Ok(None);
    };
    let token = app.clock.new_secret();
    let now = app.clock.now();
    let minutes = app.config.auth.sign_in_link_minutes;
    let link = SignInLink {
        token_digest: token_digest(&token),
        company_id,
        alumnus_id,
        expires_at: now + TimeDelta::minutes(i64::from(minutes)),
    };
    let tx = app.db.begin().await?;
    sign_in_links::insert(&tx, &link, now).await?;
    tx.commit().await?;
    let url = format!("{}/sign-in#token={token}", app.config.public_url());
    Ok(Some(Message {
        to,
        subject: format!("【{company_name}】サインイン用リンク / Your sign-in link"),
        body: format!(
            "{company_name} アルムナイネットワークへのサインイン用リンクです。{minutes}分以内に一度だけ使えます。\n\
             お心当たりがない場合は、このメールを破棄してください。\n\n{url}\n\n\
             This link signs you in to the alumni network of {company_name}. It works once, within {minutes} \
             minutes.\nIf you did not ask for it, ignore this mail.\n"
        ),
    }))
}

async fn invitation(
    app: &App,
    company_id: CompanyId,
    invitation_id: InvitationId,
) -> Result<Option<Message>, DbError> {
    let Some(invitation) = invitations::find(&app.db, company_id, invitation_id).await? else {
        return Ok(None);
    };
    let opportunity = opportunities::find(&app.db, company_id, invitation.opportunity_id).await?;
    let is_open = match &opportunity {
        Some(opportunity) => may_still_be_invited(app, opportunity, invitation.alumnus_id).await?,
        None => false,
    };
    let (Some(opportunity), InvitationState::Sent, true) = (opportunity, invitation.state, is_open) else {
        return Ok(None);
    };
    let Some((to, company_name)) = recipient(app, company_id, invitation.alumnus_id).await? else {
        return Ok(None);
    };
    let title = &opportunity.title;
    let message = invitation.message.as_deref().unwrap_or_default();
    let url = app.config.public_url();
    Ok(Some(Message {
        to,
        subject: format!("【{company_name}】{title}"),
        body: format!(
            "{company_name} から「{title}」へのご案内が届いています。\n\n{message}\n\n\
             お返事はアルムナイネットワークからお願いします: {url}\n\n\
             {company_name} invites you to \"{title}\". Please answer in the alumni network: {url}\n"
        ),
    }))
}

async fn wish_found(
    app: &App,
    company_id: CompanyId,
    wish_id: WishId,
    opportunity_id: OpportunityId,
) -> Result<Option<Message>, DbError> {
    // Withdrawn, or said anew, since the opportunity was found.
    let Some(wish) = wishes::find(&app.db, company_id, wish_id).await? else {
        return Ok(None);
    };
    let Some(opportunity) = opportunities::find(&app.db, company_id, opportunity_id).await? else {
        return Ok(None);
    };
    if !may_still_be_invited(app, &opportunity, wish.alumnus_id).await? {
        return Ok(None);
    }
    let Some((to, company_name)) = recipient(app, company_id, wish.alumnus_id).await? else {
        return Ok(None);
    };
    let title = &opportunity.title;
    let url = app.config.public_url();
    Ok(Some(Message {
        to,
        subject: format!("【{company_name}】ご希望に近い募集: {title}"),
        body: format!(
            "あらかじめお知らせいただいたご希望に近い募集「{title}」があります。\n\
             詳しくはアルムナイネットワークをご覧ください: {url}\n\
             ご希望は、いつでも変更・取り下げができます。会社の担当者に、このお知らせは伝わりません。\n\n\
             \"{title}\" at {company_name} is close to what you said you would like to be asked for. Please look in the \
             alumni network: {url}\nYou can change or withdraw your wish at any time. Nobody at the company is told \
             of this mail.\n"
        ),
    }))
}

/// Whether the person may still be approached: a consent that was withdrawn meanwhile holds for mail as well.
async fn may_still_be_invited(
    app: &App,
    opportunity: &Opportunity,
    alumnus_id: AlumnusId,
) -> Result<bool, DbError> {
    let now = app.clock.now();
    let company_id = opportunity.company_id;
    let programme = programmes::find(&app.db, company_id).await?;
    let policy = programme.map(|programme| programme.policy).unwrap_or_default();
    let standing = standings::load(&app.db, company_id, &[alumnus_id]).await?.pop();
    let is_eligible = standing
        .is_some_and(|(_, standing)| may_be_ranked(&policy, &standing, opportunity, japan_date(now)).is_ok());
    Ok(is_eligible && opportunity.is_open_at(now))
}

/// The address of a member, and the company's name; `None` for whoever must not be written to.
async fn recipient(
    app: &App,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Option<(String, String)>, DbError> {
    let Some(company) = companies::find(&app.db, company_id).await? else {
        return Ok(None);
    };
    let alumnus: Option<Alumnus> = alumni::find(&app.db, company_id, alumnus_id).await?;
    let member = alumnus.filter(|alumnus| match alumnus.status {
        AlumnusStatus::Unclaimed | AlumnusStatus::Active => true,
        AlumnusStatus::PendingApproval | AlumnusStatus::Left => false,
    });
    Ok(member
        .and_then(|alumnus| alumnus.email)
        .map(|email| (email, company.name)))
}
