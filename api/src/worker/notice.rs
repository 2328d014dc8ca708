//! Sending notices: what to say is read when it is sent, so that a withdrawn address or a closed
//! opportunity is seen.

use chrono::TimeDelta;
use okaeri_engine::domain::calendar::japan_date;
use okaeri_engine::domain::{
    Alumnus, AlumnusId, AlumnusStatus, CandidacyId, CompanyId, InvitationId, InvitationState, Opportunity,
    OpportunityId, Purpose, WishId, may_be_ranked,
};

use super::joining;
use crate::app::App;
use crate::db::jobs::Job;
use crate::db::sign_in_links::{self, SignInLink};
use crate::db::{
    DbError, Reads, alumni, candidacies, companies, opportunities, programmes, standings, wishes,
};
use crate::mail::Message;
use crate::usecase::notice::Notice;
use crate::usecase::sign_in::token_digest;

/// Why a job was not done.
pub(super) struct Undelivered {
    /// Kinds and codes, never people.
    pub(super) reason: String,
    /// Whether it may go through later.
    pub(super) may_pass: bool,
}

impl Undelivered {
    pub(super) fn for_now(reason: String) -> Self {
        Self {
            reason,
            may_pass: true,
        }
    }
}

/// Sends what a job asks for; a job whose subject is gone is done.
///
/// At least once: a server that ends between the mail's hand-over and the note that it is done sends it again, with a
/// link of its own.
pub(super) async fn deliver(app: &App, job: &Job) -> Result<(), Undelivered> {
    let notice: Notice = serde_json::from_value(job.payload.clone())
        .map_err(|error| Undelivered::for_now(format!("job kind {} is not known: {error}", job.kind)))?;
    let message = match notice {
        Notice::SignInLink {
            company_id,
            alumnus_id,
        } => sign_in_link(app, company_id, alumnus_id).await,
        Notice::Nothing => Ok(None),
        Notice::ConfirmProfile {
            company_id,
            alumnus_id,
        } => confirm_profile(app, company_id, alumnus_id).await,
        Notice::ClaimLink { company_id, claim_id } => joining::claim_link(app, company_id, claim_id).await,
        Notice::ClaimDecided { company_id, claim_id } => {
            joining::claim_decided(app, company_id, claim_id).await
        }
        Notice::EmailChangeLink {
            company_id,
            change_id,
        } => joining::email_change_link(app, company_id, change_id).await,
        Notice::EmailChangeAsked {
            company_id,
            change_id,
        } => joining::email_change_asked(app, company_id, change_id).await,
        Notice::EmailChanged {
            company_id,
            change_id,
        } => joining::email_changed(app, company_id, change_id).await,
        Notice::WishFound {
            company_id,
            wish_id,
            opportunity_id,
        } => wish_found(app, company_id, wish_id, opportunity_id).await,
        Notice::Invitation {
            company_id,
            invitation_id,
        } => invitation(app, company_id, invitation_id).await,
        Notice::AddressedOffer {
            company_id,
            opportunity_id,
            alumnus_id,
        } => addressed_offer(app, company_id, opportunity_id, alumnus_id).await,
        Notice::Message {
            company_id,
            alumnus_id,
        } => message_to_alumnus(app, company_id, alumnus_id).await,
        Notice::Answer {
            company_id,
            candidacy_id,
        } => answer(app, company_id, candidacy_id).await,
    };
    let message = message.map_err(|error| Undelivered::for_now(error.to_string()))?;
    let Some(message) = message else {
        return Ok(());
    };
    let sent = app.mailer.send(&message).await;
    sent.map_err(|error| Undelivered {
        reason: error.to_string(),
        may_pass: error.may_pass(),
    })
}

async fn sign_in_link(
    app: &App,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Option<Message>, DbError> {
    // The address is read with the link: who changes it takes back the links that were sent to the old one.
    let tx = app.db.begin_for(company_id).await?;
    let Some((to, company_name)) = recipient(&tx, company_id, alumnus_id).await? else {
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

async fn confirm_profile(
    app: &App,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Option<Message>, DbError> {
    let standing = standings::load(&app.db, company_id, &[alumnus_id]).await?.pop();
    let has_consent = standing.is_some_and(|(_, standing)| standing.has_consent(Purpose::Feed));
    let Some((to, company_name)) = recipient(&app.db, company_id, alumnus_id)
        .await?
        .filter(|_| has_consent)
    else {
        return Ok(None);
    };
    let url = app.config.public_url();
    Ok(Some(Message {
        to,
        subject: format!("【{company_name}】プロフィールのご確認 / Is your profile up to date?"),
        body: format!(
            "{company_name} アルムナイネットワークのプロフィールが、しばらく確認されていません。\n             内容に変わりがないかご確認ください。変更がなければ「確認」だけで結構です。\n\n{url}\n\n             Your profile in the alumni network of {company_name} has not been confirmed for some time.\n             Please look at it again. If nothing has changed, confirming it is enough.\n"
        ),
    }))
}

async fn invitation(
    app: &App,
    company_id: CompanyId,
    invitation_id: InvitationId,
) -> Result<Option<Message>, DbError> {
    let id = CandidacyId(invitation_id.0);
    let candidacy = candidacies::find(&app.db, company_id, id).await?;
    let Some(invitation) = candidacy.and_then(|candidacy| candidacy.invitation()) else {
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
    let Some((to, company_name)) = recipient(&app.db, company_id, invitation.alumnus_id).await? else {
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

/// Work that is offered to one person by name.
async fn addressed_offer(
    app: &App,
    company_id: CompanyId,
    opportunity_id: OpportunityId,
    alumnus_id: AlumnusId,
) -> Result<Option<Message>, DbError> {
    let Some(opportunity) = opportunities::find(&app.db, company_id, opportunity_id).await? else {
        return Ok(None);
    };
    let is_addressee = opportunity.addressed_to() == Some(alumnus_id);
    if !is_addressee || !may_still_be_invited(app, &opportunity, alumnus_id).await? {
        return Ok(None);
    }
    let Some((to, company_name)) = recipient(&app.db, company_id, alumnus_id).await? else {
        return Ok(None);
    };
    let (title, url) = (&opportunity.title, app.config.public_url());
    Ok(Some(Message {
        to,
        subject: format!("【{company_name}】{title}"),
        body: format!(
            "{company_name} から、あなたにお願いしたい業務「{title}」のご案内です。ほかの方には表示されません。\n\n\
             条件の確認とお返事はアルムナイネットワークからお願いします: {url}\n\n\
             {company_name} offers the work \"{title}\" to you alone. Please read the terms and answer in the alumni \
             network: {url}\n"
        ),
    }))
}

/// That there is something to read. What it is, and about what, stays in the network: mail is read on many screens.
async fn message_to_alumnus(
    app: &App,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Option<Message>, DbError> {
    let Some((to, company_name)) = recipient(&app.db, company_id, alumnus_id).await? else {
        return Ok(None);
    };
    let url = app.config.public_url();
    Ok(Some(Message {
        to,
        subject: format!("【{company_name}】新しいメッセージ / A new message"),
        body: format!(
            "{company_name} アルムナイネットワークに新しいメッセージがあります: {url}\n\n\
             There is a new message for you in the alumni network of {company_name}: {url}\n"
        ),
    }))
}

/// To whoever sent the invitation, where their token's subject is an address; by whom the answer is stays in the network.
async fn answer(
    app: &App,
    company_id: CompanyId,
    candidacy_id: CandidacyId,
) -> Result<Option<Message>, DbError> {
    let candidacy = candidacies::find(&app.db, company_id, candidacy_id).await?;
    let letter = candidacy.and_then(|candidacy| candidacy.letter);
    let Some(to) = letter
        .map(|letter| letter.invited_by)
        .filter(|to| to.contains('@'))
    else {
        return Ok(None);
    };
    let Some(company) = companies::find(&app.db, company_id).await? else {
        return Ok(None);
    };
    let (company_name, url) = (company.name, app.config.public_url());
    Ok(Some(Message {
        to,
        subject: format!("【{company_name}】招待へのお返事 / An answer to an invitation"),
        body: format!(
            "アルムナイネットワークに、招待へのお返事またはメッセージがあります: {url}\n\n\
             There is an answer or a message in the alumni network: {url}\n"
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
    // The days of the wish and the consent to be told hold for mail as they did for the search.
    let standing = standings::load(&app.db, company_id, &[wish.alumnus_id])
        .await?
        .pop();
    let has_feed = standing.is_some_and(|(_, standing)| standing.has_consent(Purpose::Feed));
    if !has_feed || !wish.stands_on(japan_date(app.clock.now())) {
        return Ok(None);
    }
    if !may_still_be_invited(app, &opportunity, wish.alumnus_id).await? {
        return Ok(None);
    }
    let Some((to, company_name)) = recipient(&app.db, company_id, wish.alumnus_id).await? else {
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
    let is_eligible = standing.is_some_and(|(_, standing)| {
        may_be_ranked(&policy, alumnus_id, &standing, opportunity, japan_date(now)).is_ok()
    });
    Ok(is_eligible && opportunity.is_open_at(now))
}

/// The address of a member, and the company's name; `None` for whoever must not be written to.
async fn recipient(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Option<(String, String)>, DbError> {
    let Some(company) = companies::find(db, company_id).await? else {
        return Ok(None);
    };
    let alumnus: Option<Alumnus> = alumni::find(db, company_id, alumnus_id).await?;
    let member = alumnus.filter(|alumnus| match alumnus.status {
        AlumnusStatus::Unclaimed | AlumnusStatus::Active => true,
        AlumnusStatus::PendingApproval | AlumnusStatus::Left => false,
    });
    Ok(member
        .and_then(|alumnus| alumnus.email)
        .map(|email| (email, company.name)))
}
