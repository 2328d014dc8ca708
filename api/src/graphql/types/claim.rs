//! A claim to be the person of a record, as administrators see it.

use async_graphql::{Context, Error, ID, Object, SimpleObject};
use okaeri_engine::domain::{self, ClaimState};

use super::alumnus::{Alumnus, PersonName};
use crate::graphql::context::{ContextExt as _, nullable};
use crate::graphql::enums::{ClaimDoubt, ClaimFact, ClaimStatus, ConsentPurpose};
use crate::graphql::id::GlobalId;
use crate::graphql::scalars::{DateTime, YearMonth};

/// Somebody's claim to be the person of a record. Its e-mail address is proven, everything else is only said.
/// Administrators may read it.
#[derive(Clone, Debug)]
pub struct Claim(pub domain::Claim);

/// A purpose that somebody consents to with a claim, in force once it is approved.
#[derive(Clone, Debug, SimpleObject)]
pub struct ClaimedConsent {
    /// For what.
    pub purpose: ConsentPurpose,
    /// The version of the text that they read.
    pub text_version: String,
}

/// A record that may be the claimed one.
#[derive(Clone, Debug, SimpleObject)]
pub struct ClaimCandidate {
    /// The record.
    pub alumnus: Alumnus,
    /// What claim and record agree in, strongest proof of all: NAME with EMPLOYEE_NUMBER or TENURE.
    pub facts: Vec<ClaimFact>,
}

/// Somebody's claim to be the person of a record. Its e-mail address is proven, everything else is only said.
/// Administrators may read it.
#[Object]
impl Claim {
    /// Globally unique and opaque.
    pub async fn id(&self) -> ID {
        GlobalId::Claim(self.0.id).encode()
    }

    /// The name as given.
    async fn name(&self) -> PersonName {
        PersonName {
            kanji: self.0.claimed.name.kanji.clone(),
            kana: self.0.claimed.name.kana.clone(),
        }
    }

    /// The address that the link went to.
    async fn email(&self) -> &str {
        &self.0.claimed.email
    }

    /// The employee number as given. Null when not given.
    async fn employee_number(&self) -> Option<&str> {
        self.0.claimed.employee_number.as_deref()
    }

    /// First month at the company. Null when not given.
    async fn tenure_from(&self) -> Option<YearMonth> {
        self.0.claimed.tenure.map(|(from, _)| YearMonth(from))
    }

    /// Last month at the company. Null when not given.
    async fn tenure_to(&self) -> Option<YearMonth> {
        self.0.claimed.tenure.map(|(_, to)| YearMonth(to))
    }

    /// A unit at the company as given. Null when not given.
    async fn department(&self) -> Option<&str> {
        self.0.claimed.department.as_deref()
    }

    /// How far it has come.
    async fn status(&self) -> ClaimStatus {
        match self.0.state {
            ClaimState::Requested | ClaimState::Pending { .. } => ClaimStatus::PendingApproval,
            ClaimState::Accepted { .. } => ClaimStatus::Active,
            ClaimState::Refused { .. } => ClaimStatus::Refused,
            ClaimState::Superseded { .. } => ClaimStatus::Superseded,
        }
    }

    /// Why it waits for an administrator. Null unless it waits.
    async fn doubt(&self) -> Option<ClaimDoubt> {
        match &self.0.state {
            ClaimState::Pending { doubt, .. } => Some((*doubt).into()),
            ClaimState::Requested
            | ClaimState::Accepted { .. }
            | ClaimState::Refused { .. }
            | ClaimState::Superseded { .. } => None,
        }
    }

    /// When the link was asked for.
    async fn requested_at(&self) -> DateTime {
        DateTime(self.0.requested_at)
    }

    /// What the person consents to, in force once the claim is approved, with the day on which they followed the link.
    /// Empty once it is decided: the consents are the record's then.
    async fn consents(&self) -> Vec<ClaimedConsent> {
        match &self.0.state {
            ClaimState::Pending { consents, .. } => consents
                .iter()
                .map(|consent| ClaimedConsent {
                    purpose: consent.purpose.into(),
                    text_version: consent.text_version.clone(),
                })
                .collect(),
            ClaimState::Requested
            | ClaimState::Accepted { .. }
            | ClaimState::Refused { .. }
            | ClaimState::Superseded { .. } => Vec::new(),
        }
    }

    /// When it was decided. Null while it waits.
    async fn decided_at(&self) -> Option<DateTime> {
        match &self.0.state {
            ClaimState::Accepted { at, .. }
            | ClaimState::Refused { at, .. }
            | ClaimState::Superseded { at } => Some(DateTime(*at)),
            ClaimState::Requested | ClaimState::Pending { .. } => None,
        }
    }

    /// Which administrator decided, by the subject of their sign-in. Null while it waits, and where claim and record
    /// matched.
    async fn decided_by(&self) -> Option<&str> {
        match &self.0.state {
            ClaimState::Accepted { by, .. } => by.as_deref(),
            ClaimState::Refused { by, .. } => Some(by),
            ClaimState::Requested | ClaimState::Pending { .. } | ClaimState::Superseded { .. } => None,
        }
    }

    /// Why it was refused; never told to the person. Null unless it was.
    async fn reason(&self) -> Option<&str> {
        match &self.0.state {
            ClaimState::Refused { reason, .. } => Some(reason),
            ClaimState::Requested
            | ClaimState::Pending { .. }
            | ClaimState::Accepted { .. }
            | ClaimState::Superseded { .. } => None,
        }
    }

    /// The record that it turned out to be. Null while it waits, and when it was refused.
    async fn alumnus(&self, ctx: &Context<'_>) -> Option<Result<Alumnus, Error>> {
        nullable(async {
            match &self.0.state {
                ClaimState::Accepted { alumnus_id, .. } => {
                    Ok(ctx.loaders().alumnus(*alumnus_id).await?.map(Alumnus::from))
                }
                ClaimState::Requested
                | ClaimState::Pending { .. }
                | ClaimState::Refused { .. }
                | ClaimState::Superseded { .. } => Ok(None),
            }
        })
        .await
    }

    /// Records that agree with it in name, number or address, most agreement first, at most 20; namesakes among them.
    async fn candidates(&self, ctx: &Context<'_>) -> Result<Vec<ClaimCandidate>, Error> {
        let agreements = ctx.loaders().claim_agreements(self.0.id).await?;
        let ids = agreements.iter().map(|agreement| agreement.alumnus_id).collect();
        let mut views = ctx.loaders().alumni(ids).await?;
        let candidate = |agreement: domain::Agreement| {
            let view = views.remove(&agreement.alumnus_id)?;
            Some(ClaimCandidate {
                alumnus: view.into(),
                facts: agreement.facts.into_iter().map(ClaimFact::from).collect(),
            })
        };
        Ok(agreements.into_iter().filter_map(candidate).collect())
    }
}
