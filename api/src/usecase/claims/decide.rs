//! The queue of claims that an administrator has to look at, and what the administrator decides.

use okaeri_engine::domain::{
    Alumnus, AlumnusId, AlumnusStatus, Claim, ClaimId, ClaimState, Claimed, CompanyId, EmailChangeId,
    Profile, Tenure, Viewer,
};

use super::join;
use crate::app::App;
use crate::db::alumni::{Private, Record};
use crate::db::email_changes::{self, EmailChange};
use crate::db::{Reads, Transaction, alumni, claims, jobs, sign_in_links};
use crate::usecase::notice::Notice;
use crate::usecase::validate::{Checks, LINE_LENGTH_MAX};
use crate::usecase::{Failure, Fault, Rejection, RejectionCode};

/// The claims with these identifiers, as far as an administrator sees any: those whose address is proven.
pub async fn load(db: &impl Reads, company_id: CompanyId, ids: &[ClaimId]) -> Result<Vec<Claim>, Fault> {
    let mut found = claims::load(db, company_id, ids).await?;
    found.retain(|claim| claim.state != ClaimState::Requested);
    Ok(found)
}

/// Says whose record it is that was claimed; without a record, makes a new one of what was claimed.
pub async fn approve(
    app: &App,
    viewer: &Viewer,
    claim_id: ClaimId,
    alumnus_id: Option<AlumnusId>,
) -> Result<Claim, Failure> {
    let now = app.clock.now();
    let company_id = viewer.company_id;
    let tx = app.db.begin_for(company_id).await?;
    let claim = find_shown(&tx, company_id, claim_id).await?;
    if !matches!(claim.state, ClaimState::Pending { .. }) {
        return Err(not_waiting().into());
    }
    let email = claim.claimed.email.clone();
    let owner = alumni::find_by_email(&tx, company_id, &email).await?;
    let joined = match alumnus_id {
        Some(id) => {
            let record = alumni::find(&tx, company_id, id)
                .await?
                .filter(|alumnus| alumnus.status != AlumnusStatus::Left)
                .ok_or_else(|| Rejection::not_found("alumnusId", "alumnus", "アルムナイ"))?;
            if owner.is_some_and(|owner| owner.id != id) {
                return Err(taken("alumnusId").into());
            }
            if let Some(old_email) = record.email.filter(|old_email| *old_email != email) {
                replace_address(app, &tx, company_id, id, old_email, &email).await?;
            }
            id
        }
        None => {
            if let Some(owner) = owner {
                if owner.status != AlumnusStatus::Left {
                    return Err(taken("id").into());
                }
                // Who left and comes again begins anew; the address is theirs, and one record carries it.
                alumni::update_email(&tx, company_id, owner.id, None, now).await?;
            }
            let record = new_record(AlumnusId(app.clock.new_id()), company_id, &claim.claimed);
            alumni::upsert(&tx, company_id, &record, now).await?.id()
        }
    };
    let approved = claim.approve(now, viewer.subject.clone(), joined);
    let (claim, consents, given_at) = approved.map_err(|_| not_waiting())?;
    join(app, &tx, company_id, joined, &email, (&consents, given_at)).await?;
    decided(app, tx, company_id, claim).await
}

/// Says no to a claim, for a reason, which the programme keeps for itself.
pub async fn refuse(app: &App, viewer: &Viewer, claim_id: ClaimId, reason: String) -> Result<Claim, Failure> {
    let mut checks = Checks::default();
    checks.line("reason", &reason, LINE_LENGTH_MAX);
    checks.finish()?;
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let claim = find_shown(&tx, viewer.company_id, claim_id).await?;
    let refused = claim.refuse(now, viewer.subject.clone(), reason);
    decided(app, tx, viewer.company_id, refused.map_err(|_| not_waiting())?).await
}

/// Writes what was decided, and tells the person.
async fn decided(app: &App, tx: Transaction, company_id: CompanyId, claim: Claim) -> Result<Claim, Failure> {
    let now = app.clock.now();
    claims::update_state(&tx, company_id, &claim).await?;
    let notice = Notice::ClaimDecided {
        company_id,
        claim_id: claim.id,
    };
    jobs::enqueue(&tx, &notice.into_job(app.clock.new_id(), now), now).await?;
    tx.commit().await?;
    Ok(claim)
}

/// The address of a record becomes another: links to the old one no longer work, and it is told.
async fn replace_address(
    app: &App,
    tx: &Transaction,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
    old_email: String,
    new_email: &str,
) -> Result<(), Fault> {
    let now = app.clock.now();
    let change = EmailChange {
        id: EmailChangeId(app.clock.new_id()),
        alumnus_id,
        old_email: Some(old_email),
        new_email: new_email.to_owned(),
        requested_at: now,
        confirmed_at: Some(now),
    };
    email_changes::insert(tx, company_id, &change).await?;
    sign_in_links::delete_for(tx, company_id, alumnus_id).await?;
    let notice = Notice::EmailChanged {
        company_id,
        change_id: change.id,
    };
    jobs::enqueue(tx, &notice.into_job(app.clock.new_id(), now), now).await?;
    Ok(())
}

async fn find_shown(tx: &Transaction, company_id: CompanyId, id: ClaimId) -> Result<Claim, Failure> {
    let found = load(tx, company_id, &[id]).await?.pop();
    Ok(found.ok_or_else(|| Rejection::not_found("id", "claim", "申請"))?)
}

fn new_record(id: AlumnusId, company_id: CompanyId, claimed: &Claimed) -> Record {
    let tenure = claimed.tenure.map(|(from, to)| Tenure {
        department: claimed.department.clone().unwrap_or_default(),
        title: String::new(),
        from,
        to: Some(to),
        description: String::new(),
    });
    Record {
        alumnus: Alumnus {
            id,
            company_id,
            external_id: None,
            name: claimed.name.clone(),
            email: Some(claimed.email.clone()),
            status: AlumnusStatus::Active,
            interests: Vec::new(),
            profile: Profile {
                tenures: tenure.into_iter().collect(),
                ..Profile::default()
            },
        },
        private: Private {
            employee_number: claimed.employee_number.clone(),
            ..Private::default()
        },
    }
}

fn not_waiting() -> Rejection {
    Rejection::new(
        RejectionCode::InvalidState,
        "id",
        "the claim does not wait for a decision",
        "この申請は承認待ちではありません",
    )
}

fn taken(field: &str) -> Rejection {
    Rejection::new(
        RejectionCode::Taken,
        field,
        "another record carries the address of this claim: link the claim to that record",
        "この申請のメールアドレスは別の登録で使われています。その登録に結び付けてください",
    )
}
