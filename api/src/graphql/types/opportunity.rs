//! The three kinds of opportunity and the interface that they share.

#![allow(
    clippy::duplicated_attributes,
    reason = "fields of the interface may share a type"
)]

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Interface, Object, SimpleObject};
use okaeri_engine::domain::{self, Terms};

use super::connection::CandidateConnection;
use super::invitation::Invitation;
use crate::graphql::context::{ContextExt as _, nullable};
use crate::graphql::enums::{InteractionKind, MissingTerm, OpportunityKind, OpportunityStatus, Remote};
use crate::graphql::id::GlobalId;
use crate::graphql::pagination::Page;
use crate::graphql::query::candidates;
use crate::graphql::scalars::{Date, DateTime, YearMonth};

/// An offer from the company: a role, a speaker slot, or contract work. Recruiters and administrators see all;
/// employees and alumni those that are open, before their deadline and complete.
#[derive(Clone, Interface)]
#[graphql(
    field(name = "id", ty = "ID", desc = "Globally unique and opaque."),
    field(
        name = "external_id",
        ty = "Option<String>",
        desc = "The company's own number. Null when there is none."
    ),
    field(name = "kind", ty = "OpportunityKind", desc = "What kind of offer it is."),
    field(name = "title", ty = "String", desc = "One line."),
    field(name = "description", ty = "String", desc = "What it is about, in free text."),
    field(
        name = "department",
        ty = "Option<String>",
        desc = "The unit that offers it. Null when not said."
    ),
    field(
        name = "group_company",
        ty = "Option<String>",
        desc = "The code of the group company that offers it. Null: the programme as a whole."
    ),
    field(name = "status", ty = "OpportunityStatus", desc = "Where it stands."),
    field(
        name = "required_skills",
        ty = "Vec<String>",
        desc = "Must-haves, in the company's order; a speaker slot's topics."
    ),
    field(
        name = "preferred_skills",
        ty = "Vec<String>",
        desc = "Nice-to-haves, in the company's order."
    ),
    field(
        name = "prefecture",
        ty = "Option<String>",
        desc = "Where, as one of the 47 prefectures by its full name, or 海外. Null: anywhere."
    ),
    field(name = "remote", ty = "Remote", desc = "How much of it is remote."),
    field(name = "seats", ty = "i32", desc = "How many people are wanted, at least 1."),
    field(
        name = "hours_per_week",
        ty = "Option<i32>",
        desc = "Hours asked a week. Null when not said and for speaker slots."
    ),
    field(
        name = "starts_on",
        ty = "Option<YearMonth>",
        desc = "First month of the work. Null when not said and for speaker slots."
    ),
    field(
        name = "ends_on",
        ty = "Option<YearMonth>",
        desc = "Last month of the work. Null: no end is said."
    ),
    field(
        name = "compensation",
        ty = "Option<String>",
        desc = "Pay, fee or honorarium as written. Null when not said."
    ),
    field(
        name = "closes_at",
        ty = "Option<DateTime>",
        desc = "The deadline, from which on it is in no list. Null: none."
    ),
    field(name = "created_at", ty = "DateTime", desc = "When it was recorded."),
    field(
        name = "missing_terms",
        ty = "Option<Result<Vec<MissingTerm>, Error>>",
        desc = "What the law still asks for, in the law's order; empty when complete. Recruiters and administrators; null to others."
    ),
    field(
        name = "candidates",
        ty = "Option<Result<CandidateConnection, Error>>",
        desc = "Alumni ranked for this opportunity, best first; empty unless it is open. Recruiters and administrators; null to others.",
        arg(
            name = "first",
            ty = "Option<i32>",
            desc = "How many from the start, 0 to 100; 20 when absent."
        ),
        arg(
            name = "after",
            ty = "Option<String>",
            desc = "Only items behind this cursor."
        ),
        arg(
            name = "last",
            ty = "Option<i32>",
            desc = "How many from the end, 0 to 100; not with first."
        ),
        arg(
            name = "before",
            ty = "Option<String>",
            desc = "Only items in front of this cursor."
        )
    ),
    field(
        name = "viewer_interaction",
        ty = "Option<Result<Interaction, Error>>",
        desc = "What the viewer did last with it. Null when nothing, and to staff."
    ),
    field(
        name = "viewer_invitation",
        ty = "Option<Result<Invitation, Error>>",
        desc = "The viewer's invitation to it. Null when there is none, and to staff."
    )
)]
pub enum Opportunity {
    /// A role.
    Role(Role),
    /// A speaker slot.
    SpeakerSlot(SpeakerSlot),
    /// Contract work.
    ContractWork(ContractWork),
}

impl From<Arc<domain::Opportunity>> for Opportunity {
    fn from(opportunity: Arc<domain::Opportunity>) -> Self {
        match &opportunity.terms {
            Terms::Role(_) => Self::Role(Role(opportunity)),
            Terms::SpeakerSlot(_) => Self::SpeakerSlot(SpeakerSlot(opportunity)),
            Terms::ContractWork(_) => Self::ContractWork(ContractWork(opportunity)),
        }
    }
}

/// What an alumnus did last with an opportunity.
#[derive(Clone, Debug, SimpleObject)]
pub struct Interaction {
    /// What.
    pub kind: InteractionKind,
    /// When.
    pub at: DateTime,
    /// Why it was declined. Null unless it was.
    pub reason: Option<crate::graphql::enums::DeclineReason>,
    /// The day from which it may be shown again. Null unless it was snoozed.
    pub until: Option<Date>,
}

impl From<domain::Interaction> for Interaction {
    fn from(interaction: domain::Interaction) -> Self {
        let (kind, reason, until) = match interaction.kind {
            domain::InteractionKind::Interested => (InteractionKind::Interested, None, None),
            domain::InteractionKind::Declined { reason } => {
                (InteractionKind::Declined, Some(reason.into()), None)
            }
            domain::InteractionKind::Snoozed { until } => (InteractionKind::Snoozed, None, Some(Date(until))),
            domain::InteractionKind::Saved => (InteractionKind::Saved, None, None),
        };
        Self {
            kind,
            at: DateTime(interaction.at),
            reason,
            until,
        }
    }
}

/// A period of months.
#[derive(Clone, Debug, SimpleObject)]
pub struct Period {
    /// First month. Null when not said.
    pub starts_on: Option<YearMonth>,
    /// Last month. Null: no end is said.
    pub ends_on: Option<YearMonth>,
}

/// For how long a role's contract runs.
#[derive(Clone, Debug, SimpleObject)]
pub struct ContractTerm {
    /// True: without an end (無期). False: with one (有期).
    pub is_indefinite: bool,
    /// The last day. Null when without an end.
    pub until: Option<Date>,
    /// Whether and how it is renewed, with the limit. Null when without an end or not said.
    pub renewal_limit: Option<String>,
}

impl From<domain::ContractTerm> for ContractTerm {
    fn from(term: domain::ContractTerm) -> Self {
        match term {
            domain::ContractTerm::Indefinite => Self {
                is_indefinite: true,
                until: None,
                renewal_limit: None,
            },
            domain::ContractTerm::Fixed { until, renewal_limit } => Self {
                is_indefinite: false,
                until: Some(Date(until)),
                renewal_limit,
            },
        }
    }
}

/// Writes the object of one kind: the fields of the interface, then its own. A macro, because every object must
/// spell out its interface's fields and three copies would drift apart.
macro_rules! opportunity_object {
    ($(#[$meta:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name(pub Arc<domain::Opportunity>);

        $(#[$meta])*
        #[Object]
        impl $name {
            /// Globally unique and opaque.
            pub async fn id(&self) -> ID {
                GlobalId::Opportunity(self.0.kind(), self.0.id).encode()
            }

            /// The company's own number. Null when there is none.
            async fn external_id(&self) -> Option<String> {
                self.0.external_id.clone()
            }

            /// What kind of offer it is.
            async fn kind(&self) -> OpportunityKind {
                self.0.kind().into()
            }

            /// One line.
            async fn title(&self) -> String {
                self.0.title.clone()
            }

            /// What it is about, in free text.
            async fn description(&self) -> String {
                self.0.description.clone()
            }

            /// The unit that offers it. Null when not said.
            async fn department(&self) -> Option<String> {
                self.0.department.clone()
            }

            /// The code of the group company that offers it. Null: the programme as a whole.
            async fn group_company(&self) -> Option<String> {
                self.0.group_company.clone()
            }

            /// Where it stands.
            async fn status(&self) -> OpportunityStatus {
                self.0.status.into()
            }

            /// Must-haves, in the company's order; a speaker slot's topics.
            async fn required_skills(&self) -> Vec<String> {
                self.0.required_skills.clone()
            }

            /// Nice-to-haves, in the company's order.
            async fn preferred_skills(&self) -> Vec<String> {
                self.0.preferred_skills.clone()
            }

            /// Where, as one of the 47 prefectures by its full name, or 海外. Null: anywhere.
            async fn prefecture(&self) -> Option<String> {
                self.0.prefecture.map(|prefecture| prefecture.name().to_owned())
            }

            /// How much of it is remote.
            async fn remote(&self) -> Remote {
                self.0.remote.into()
            }

            /// How many people are wanted, at least 1.
            async fn seats(&self) -> i32 {
                i32::try_from(self.0.seats).unwrap_or(i32::MAX)
            }

            /// Hours asked a week. Null when not said and for speaker slots.
            async fn hours_per_week(&self) -> Option<i32> {
                self.0.hours_per_week.map(i32::from)
            }

            /// First month of the work. Null when not said and for speaker slots.
            async fn starts_on(&self) -> Option<YearMonth> {
                self.0.starts_on.map(YearMonth)
            }

            /// Last month of the work. Null: no end is said.
            async fn ends_on(&self) -> Option<YearMonth> {
                self.0.ends_on.map(YearMonth)
            }

            /// Pay, fee or honorarium as written. Null when not said.
            async fn compensation(&self) -> Option<String> {
                self.0.compensation.clone()
            }

            /// The deadline, from which on it is in no list. Null: none.
            async fn closes_at(&self) -> Option<DateTime> {
                self.0.closes_at.map(DateTime)
            }

            /// When it was recorded.
            async fn created_at(&self) -> DateTime {
                DateTime(self.0.created_at)
            }

            /// What the law still asks for, in the law's order; empty when complete. Recruiters and administrators;
            /// null to others.
            async fn missing_terms(&self, ctx: &Context<'_>) -> Option<Result<Vec<MissingTerm>, Error>> { nullable(async {
                if !ctx.viewer()?.is_hiring_staff() {
                    return Ok(None);
                }
                Ok(Some(self.0.missing_terms().into_iter().map(MissingTerm::from).collect()))
            }).await }

            /// Alumni ranked for this opportunity, best first; empty unless it is open. Recruiters and
            /// administrators; null to others.
            async fn candidates(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
                #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
                #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
                #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
            ) -> Option<Result<CandidateConnection, Error>> { nullable(async {
                let page = Page::new(first, after, last, before)?;
                candidates::connection(ctx, &self.0, &page).await
            }).await }

            /// What the viewer did last with it. Null when nothing, and to staff.
            async fn viewer_interaction(&self, ctx: &Context<'_>) -> Option<Result<Interaction, Error>> { nullable(async {
                Ok(ctx.loaders().interaction(self.0.id).await?.map(Interaction::from))
            }).await }

            /// The viewer's invitation to it. Null when there is none, and to staff.
            async fn viewer_invitation(&self, ctx: &Context<'_>) -> Option<Result<Invitation, Error>> { nullable(async {
                Ok(ctx.loaders().invitation_of_viewer(self.0.id).await?.map(Invitation))
            }).await }

            $($own)*
        }
    };
}

opportunity_object! {
    /// An opening for an employee, with the terms that the law asks for when recruiting.
    Role {
        /// The duties (業務内容). Null when not said yet.
        async fn duties(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.duties.clone())
        }

        /// How far the duties may change later (変更の範囲). Null when not said yet.
        async fn duties_change_range(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.duties_change_range.clone())
        }

        /// The place of work (就業場所). Null when not said yet.
        async fn place(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.place.clone())
        }

        /// How far the place may change later. Null when not said yet.
        async fn place_change_range(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.place_change_range.clone())
        }

        /// The contract's term (契約期間). Null when not said yet.
        async fn contract_term(&self) -> Option<ContractTerm> {
            self.terms().and_then(|terms| terms.contract_term.clone()).map(ContractTerm::from)
        }

        /// Working hours, breaks and days off. Null when not said yet.
        async fn working_hours(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.working_hours.clone())
        }

        /// Pay (賃金). Null when not said yet.
        async fn pay(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.pay.clone())
        }

        /// Fixed overtime inside the pay, or that there is none (固定残業代). Null when not said yet.
        async fn fixed_overtime(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.fixed_overtime.clone())
        }

        /// The employer's name. Null when not said yet.
        async fn employer(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.employer.clone())
        }
    }
}

opportunity_object! {
    /// A slot for a speaker at a seminar of the company.
    SpeakerSlot {
        /// What to speak about; the same as requiredSkills.
        async fn topics(&self) -> Vec<String> {
            self.0.required_skills.clone()
        }

        /// Who listens. Null when not said yet.
        async fn audience(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.audience.clone())
        }

        /// The day. Null when not set yet.
        async fn held_on(&self) -> Option<Date> {
            self.0.held_on().map(Date)
        }

        /// The time of day as written, such as 18:30-20:00. Null when not set yet.
        async fn held_at(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.held_at.clone())
        }

        /// Talk, panel, workshop and so on, as written. Null when not said yet.
        async fn format(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.format.clone())
        }

        /// The honorarium as written. Null when not said yet.
        async fn honorarium(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.honorarium.clone()).or_else(|| self.0.compensation.clone())
        }
    }
}

opportunity_object! {
    /// A piece of contract work (業務委託), with the terms that the law asks for in writing.
    ContractWork {
        /// The parties. Null when not said yet.
        async fn parties(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.parties.clone())
        }

        /// The day of commission. Null when not set yet.
        async fn commissioned_on(&self) -> Option<Date> {
            self.terms().and_then(|terms| terms.commissioned_on).map(Date)
        }

        /// What is to be done or delivered (給付の内容). Null when not said yet.
        async fn scope(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.scope.clone())
        }

        /// From when to when.
        async fn period(&self) -> Period {
            Period { starts_on: self.0.starts_on.map(YearMonth), ends_on: self.0.ends_on.map(YearMonth) }
        }

        /// The day of delivery, or the last day of the service. Null when not set yet.
        async fn delivered_on(&self) -> Option<Date> {
            self.terms().and_then(|terms| terms.delivered_on).map(Date)
        }

        /// The place of delivery or service. Null when not said yet.
        async fn place(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.place.clone())
        }

        /// The day by which the work is inspected. Null when it is not, or not set yet.
        async fn inspection_on(&self) -> Option<Date> {
            self.terms().and_then(|terms| terms.inspection_on).map(Date)
        }

        /// The fee. Null when not said yet.
        async fn fee(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.fee.clone())
        }

        /// The day of payment. Null when not set yet.
        async fn payment_due_on(&self) -> Option<Date> {
            self.terms().and_then(|terms| terms.payment_due_on).map(Date)
        }

        /// The method of payment. Null when not said yet.
        async fn payment_method(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.payment_method.clone())
        }

        /// Whether payment follows a monthly closing, which makes the limit two months instead of 60 days.
        async fn is_paid_by_monthly_closing(&self) -> bool {
            self.terms().is_some_and(|terms| terms.monthly_closing)
        }
    }
}

impl Role {
    fn terms(&self) -> Option<&domain::RoleTerms> {
        match &self.0.terms {
            Terms::Role(terms) => Some(terms),
            Terms::SpeakerSlot(_) | Terms::ContractWork(_) => None,
        }
    }
}

impl SpeakerSlot {
    fn terms(&self) -> Option<&domain::SlotTerms> {
        match &self.0.terms {
            Terms::SpeakerSlot(terms) => Some(terms),
            Terms::Role(_) | Terms::ContractWork(_) => None,
        }
    }
}

impl ContractWork {
    fn terms(&self) -> Option<&domain::ContractTerms> {
        match &self.0.terms {
            Terms::ContractWork(terms) => Some(terms),
            Terms::Role(_) | Terms::SpeakerSlot(_) => None,
        }
    }
}
