//! A member's other address: a link proves the new one, and the old one is told, before and after.

use std::net::IpAddr;

use okaeri_engine::domain::{AlumnusId, AlumnusStatus, EmailChangeId, Viewer};

use super::notice::Notice;
use super::sign_in::{
    SignInFailure, TOKEN_LENGTH_MAX, count_attempt, count_mail, invalid_link, is_member, read_address,
    token_digest,
};
use super::validate::Checks;
use super::{Fault, Rejection, RejectionCode};
use crate::app::App;
use crate::db::change_log::{self, Change};
use crate::db::email_changes::{self, EmailChange};
use crate::db::one_time_links::{self, LinkSubject};
use crate::db::{alumni, companies, jobs, sign_in_links};

/// Asks for another address. Whether another record carries it is not said: only who can read its mail learns that.
pub async fn request(
    app: &App,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    email: &str,
) -> Result<(), SignInFailure> {
    let mut checks = Checks::default();
    let new_email = read_address(&mut checks, email);
    checks.finish()?;
    let company_id = viewer.company_id;
    let company = companies::find(&app.db, company_id).await?;
    let company = company.ok_or_else(|| Fault::Broken("the viewer's company is gone".to_owned()))?;
    count_mail(app, &company.slug, &new_email)?;

    let now = app.clock.now();
    let tx = app.db.begin_for(company_id).await?;
    let alumnus = alumni::find(&tx, company_id, alumnus_id).await?;
    let alumnus = alumnus.ok_or_else(|| Fault::Broken("the viewer's own record is gone".to_owned()))?;
    if alumnus.email.as_deref() == Some(new_email.as_str()) {
        return Err(Rejection::new(
            RejectionCode::Invalid,
            "email",
            "this is your address already",
            "現在のメールアドレスと同じです",
        )
        .into());
    }
    let change = EmailChange {
        id: EmailChangeId(app.clock.new_id()),
        alumnus_id,
        old_email: alumnus.email,
        new_email,
        requested_at: now,
        confirmed_at: None,
    };
    email_changes::insert(&tx, company_id, &change).await?;
    let change_id = change.id;
    for notice in [
        Notice::EmailChangeLink {
            company_id,
            change_id,
        },
        Notice::EmailChangeAsked {
            company_id,
            change_id,
        },
    ] {
        let job = notice.into_job(app.clock.new_id(), now);
        jobs::enqueue(&tx, &job, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Follows the link to the new address, which works once and only as long as the record carries the address of then.
pub async fn confirm(app: &App, token: &str, peer: Option<IpAddr>) -> Result<(), SignInFailure> {
    count_attempt(app, peer)?;
    if token.len() > TOKEN_LENGTH_MAX {
        return Err(invalid_link().into());
    }
    let now = app.clock.now();
    let followed = one_time_links::begin_following(&app.db, &token_digest(token), now).await?;
    let Some((tx, company_id, LinkSubject::EmailChange(change_id))) = followed else {
        return Err(invalid_link().into());
    };
    let change = email_changes::find(&tx, company_id, change_id)
        .await?
        .filter(|change| change.confirmed_at.is_none())
        .ok_or_else(invalid_link)?;
    let id = change.alumnus_id;
    let alumnus = alumni::find(&tx, company_id, id)
        .await?
        .filter(|alumnus| is_member(alumnus.status) && alumnus.email == change.old_email)
        .ok_or_else(invalid_link)?;
    let owner = alumni::find_by_email(&tx, company_id, &change.new_email).await?;
    if owner.is_some() {
        return Err(Rejection::new(
            RejectionCode::Taken,
            "token",
            "another record of the company carries this address: ask its administrators",
            "このメールアドレスは別の登録で使われています。事務局にお問い合わせください",
        )
        .into());
    }
    alumni::update_email(&tx, company_id, id, Some(&change.new_email), now).await?;
    if alumnus.status == AlumnusStatus::Unclaimed {
        // Whoever has chosen an address has taken the record over: no later file of HR's may put the old one back.
        alumni::update_status(&tx, company_id, id, AlumnusStatus::Active, now).await?;
    }
    sign_in_links::delete_for(&tx, company_id, id).await?;
    email_changes::confirm(&tx, company_id, change_id, now).await?;
    let notice = Notice::EmailChanged {
        company_id,
        change_id,
    };
    jobs::enqueue(&tx, &notice.into_job(app.clock.new_id(), now), now).await?;
    let changes = [Change::StandingChanged(id), Change::AlumnusChanged(id)];
    change_log::append_all(&tx, company_id, &changes, now).await?;
    tx.commit().await?;
    Ok(())
}
