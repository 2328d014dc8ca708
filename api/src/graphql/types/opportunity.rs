//! The three kinds of opportunity and the interface that they share.

#![allow(
    clippy::duplicated_attributes,
    reason = "fields of the interface may share a type"
)]

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Interface, Object, SimpleObject};
use okaeri_engine::domain::{self, Terms, law};

use super::alumnus::Alumnus;
use super::candidacy::Candidacy;
use super::connection::{CandidacyConnection, CandidateConnection};
use super::glass_box::ReviewRequestConnection;
use super::invitation::Invitation;
use super::law::LegalFinding;
use crate::graphql::context::{ContextExt as _, nullable};
use crate::graphql::enums::{
    AgeException, CandidacyStatus, EmploymentForm, InteractionKind, MissingTerm, OpportunityKind,
    OpportunityStatus, Remote, SexException,
};
use crate::graphql::id::GlobalId;
use crate::graphql::mutation::errors::legal_findings;
use crate::graphql::pagination::Page;
use crate::graphql::query::{candidacies, candidates, glass_box};
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
        name = "hiring_manager",
        ty = "Option<String>",
        desc = "The member of staff who hires, by the subject of their token. Null when not said, and for whoever is \
                neither recruiter nor administrator."
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
        name = "products",
        ty = "Vec<String>",
        desc = "The company's own products, services and systems that the work is about."
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
        name = "legal_findings",
        ty = "Option<Result<Vec<LegalFinding>, Error>>",
        desc = "All that the law has to say about it: missing terms in the law's order, then wordings by field; warnings included. Recruiters and administrators; null to others."
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
        name = "review_requests",
        ty = "Option<Result<ReviewRequestConnection, Error>>",
        desc = "People who asked to be looked at without the ranking, latest first and in no other order; of those whom the viewer may see. Recruiters and administrators; null to others.",
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
        name = "candidacies",
        ty = "Option<Result<CandidacyConnection, Error>>",
        desc = "How far the company has come with whom, in the order in which it began. Recruiters and administrators; null to others.",
        arg(
            name = "statuses",
            ty = "Option<Vec<CandidacyStatus>>",
            desc = "Only in these states; all when absent, none when empty."
        ),
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
        name = "seats_taken",
        ty = "Option<Result<i32, Error>>",
        desc = "How many seats are agreed on or came about. Recruiters and administrators; null to others."
    ),
    field(
        name = "viewer_candidacy",
        ty = "Option<Result<Candidacy, Error>>",
        desc = "How far the viewer and the company have come with it. Null when nothing was recorded that the viewer knows of, and to staff."
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

            /// The member of staff who hires, by the subject of their token. Null when not said, and for whoever is
            /// neither recruiter nor administrator.
            async fn hiring_manager(&self, ctx: &Context<'_>) -> Option<String> {
                let is_staff = ctx.viewer().is_ok_and(domain::Viewer::is_hiring_staff);
                self.0.hiring_manager.clone().filter(|_| is_staff)
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

            /// The company's own products, services and systems that the work is about.
            async fn products(&self) -> Vec<String> {
                self.0.products.clone()
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

            /// All that the law has to say about it: missing terms in the law's order, then wordings by field; warnings
            /// included. Recruiters and administrators; null to others.
            async fn legal_findings(&self, ctx: &Context<'_>) -> Option<Result<Vec<LegalFinding>, Error>> { nullable(async {
                if !ctx.viewer()?.is_hiring_staff() {
                    return Ok(None);
                }
                Ok(Some(legal_findings(law::findings(&self.0).into_iter(), ctx.language())))
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

            /// People who asked to be looked at without the ranking, latest first and in no other order; of those
            /// whom the viewer may see. Recruiters and administrators; null to others.
            async fn review_requests(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
                #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
                #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
                #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
            ) -> Option<Result<ReviewRequestConnection, Error>> { nullable(async {
                let page = Page::new(first, after, last, before)?;
                glass_box::reviews_of_opportunity(ctx, self.0.id, &page).await
            }).await }

            /// How far the company has come with whom, in the order in which it began. Recruiters and administrators; null
            /// to others.
            #[allow(clippy::too_many_arguments, reason = "the four arguments of a connection and a filter")]
            async fn candidacies(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "Only in these states; all when absent, none when empty.")] statuses: Option<
                    Vec<CandidacyStatus>,
                >,
                #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
                #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
                #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
                #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
            ) -> Option<Result<CandidacyConnection, Error>> { nullable(async {
                let page = Page::new(first, after, last, before)?;
                let statuses = statuses.map(|statuses| statuses.into_iter().map(Into::into).collect());
                candidacies::of_opportunity(ctx, &self.0, statuses, &page).await
            }).await }

            /// How many seats are agreed on or came about. Recruiters and administrators; null to others.
            async fn seats_taken(&self, ctx: &Context<'_>) -> Option<Result<i32, Error>> { nullable(async {
                if !ctx.viewer()?.is_hiring_staff() {
                    return Ok(None);
                }
                ctx.loaders().seats_taken(self.0.id).await.map(Some)
            }).await }

            /// How far the viewer and the company have come with it. Null when nothing was recorded that the viewer knows
            /// of, and to staff.
            async fn viewer_candidacy(&self, ctx: &Context<'_>) -> Option<Result<Candidacy, Error>> { nullable(async {
                Ok(ctx.loaders().candidacy_of_viewer(self.0.id).await?.map(Candidacy))
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

        /// Yen of fixed overtime inside the monthly pay. Null when there is none or not said yet.
        async fn fixed_overtime_yen(&self) -> Option<i32> {
            self.terms().and_then(|terms| i32::try_from(terms.fixed_overtime_yen?).ok())
        }

        /// Hours a month that the fixed overtime covers. Null when there is none or not said yet.
        async fn fixed_overtime_hours(&self) -> Option<i32> {
            self.terms().and_then(|terms| terms.fixed_overtime_hours).map(i32::from)
        }

        /// Whether overtime beyond the fixed hours is paid in addition.
        async fn is_excess_overtime_paid(&self) -> bool {
            self.terms().is_some_and(|terms| terms.is_excess_overtime_paid)
        }

        /// The trial period, or that there is none (試用期間). Null when not said yet.
        async fn trial_period(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.trial_period.clone())
        }

        /// Which social insurances apply (社会・労働保険の適用). Null when not said yet.
        async fn social_insurance(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.social_insurance.clone())
        }

        /// The measures against passive smoking (受動喫煙を防止するための措置). Null when not said yet.
        async fn smoking_measures(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.smoking_measures.clone())
        }

        /// The employer's name. Null when not said yet.
        async fn employer(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.employer.clone())
        }

        /// Who employs the person.
        async fn employment_form(&self) -> EmploymentForm {
            self.terms().map(|terms| terms.employment_form).unwrap_or_default().into()
        }

        /// Whether temporary-agency work is kept for people whom the law excepts from the year's wait.
        async fn is_for_mandatory_retirees(&self) -> bool {
            self.terms().is_some_and(|terms| terms.is_for_mandatory_retirees)
        }

        /// Why it may name an age. Null: it may not.
        async fn age_exception(&self) -> Option<AgeException> {
            self.terms().and_then(|terms| terms.age_exception).map(AgeException::from)
        }

        /// The reason that the law wants shown with that exception. Null when not said.
        async fn age_exception_reason(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.age_exception_reason.clone())
        }

        /// Why it may name a sex. Null: it may not.
        async fn sex_exception(&self) -> Option<SexException> {
            self.terms().and_then(|terms| terms.sex_exception).map(SexException::from)
        }

        /// Why the job needs height, weight or strength. Null when not said.
        async fn physical_requirement_reason(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.physical_requirement_reason.clone())
        }

        /// Why the job needs somebody who moves house. Null when not said.
        async fn relocation_requirement_reason(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.relocation_requirement_reason.clone())
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

        /// The first day of the service. Null where one day is the day of delivery, or not set yet.
        async fn service_from(&self) -> Option<Date> {
            self.terms().and_then(|terms| terms.service_from).map(Date)
        }

        /// The day of delivery, or the last day of the service. Null when not set yet.
        async fn delivered_on(&self) -> Option<Date> {
            self.terms().and_then(|terms| terms.delivered_on).map(Date)
        }

        /// The place of delivery or service. Null when not said yet.
        async fn place(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.place.clone())
        }

        /// Whether the work is inspected.
        async fn is_inspected(&self) -> bool {
            self.terms().is_some_and(|terms| terms.is_inspected)
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

        /// The one person to whom it is offered; that person, recruiters and administrators alone see it. Null when it is
        /// offered to all, or the viewer may no longer see the person.
        async fn addressed_to(&self, ctx: &Context<'_>) -> Option<Result<Alumnus, Error>> {
            nullable(async {
                match self.0.addressed_to() {
                    None => Ok(None),
                    Some(id) => Ok(ctx.loaders().alumnus(id).await?.map(Alumnus::from)),
                }
            })
            .await
        }

        /// The last day that a monthly closing counts, 1 to 31. Null without a closing, or not set yet.
        async fn closing_day(&self) -> Option<i32> {
            self.terms().and_then(|terms| terms.closing_day).map(i32::from)
        }

        /// The day of the month on which a closed month is paid, 1 to 31. Null without a closing, or not set yet.
        async fn payment_day(&self) -> Option<i32> {
            self.terms().and_then(|terms| terms.payment_day).map(i32::from)
        }

        /// Months from the closing to the payment. Null: the next month.
        async fn payment_months_after(&self) -> Option<i32> {
            self.terms().and_then(|terms| terms.payment_months_after).map(i32::from)
        }

        /// The last day on which the law allows it to be paid. Null while the day of delivery is not set.
        async fn payment_limit_on(&self) -> Option<Date> {
            self.terms().and_then(domain::ContractTerms::payment_limit).map(Date)
        }

        /// Whether the company commissions on what it was commissioned with itself (再委託).
        async fn is_subcontracted(&self) -> bool {
            self.terms().is_some_and(|terms| terms.is_subcontracted)
        }

        /// Who commissioned the company. Null unless it is commissioned on, or not said yet.
        async fn prime_contractor(&self) -> Option<String> {
            self.terms().and_then(|terms| terms.prime_contractor.clone())
        }

        /// The day on which that party has to pay the company. Null unless it is commissioned on, or not set yet.
        async fn prime_payment_due_on(&self) -> Option<Date> {
            self.terms().and_then(|terms| terms.prime_payment_due_on).map(Date)
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
