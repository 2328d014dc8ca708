//! Writing, publishing, pausing and closing opportunities.

use async_graphql::{Context, Error, ID, InputObject, Object, OneofObject, SimpleObject};
use okaeri_engine::domain::{self, AlumnusId, OpportunityKind, Prefecture, Terms, law};
use okaeri_engine::ranking::Language;
use std::sync::Arc;

use super::errors::{UserError, legal_findings, outcome, user_error};
use crate::graphql::context::ContextExt as _;
use crate::graphql::enums::{AgeException, EmploymentForm, Remote, SexException};
use crate::graphql::id::GlobalId;
use crate::graphql::scalars::{Date, DateTime, YearMonth};
use crate::graphql::types::law::LegalFinding;
use crate::graphql::types::opportunity::Opportunity;
use crate::usecase::opportunities::{self, OpportunityDraft, not_found};
use crate::usecase::validate::Checks;
use crate::usecase::{Failure, Rejection, RejectionCode};

/// Writes and moves opportunities.
#[derive(Default)]
pub struct OpportunityMutation;

/// For how long a role's contract runs.
#[derive(Clone, Debug, OneofObject)]
pub enum ContractTermInput {
    /// Without an end (無期): true.
    Indefinite(bool),
    /// With an end (有期).
    Fixed(FixedTermInput),
}

/// A contract with an end.
#[derive(Clone, Debug, InputObject)]
pub struct FixedTermInput {
    /// The last day.
    pub until: Date,
    /// Whether and how it is renewed, with the limit (更新上限).
    pub renewal_limit: Option<String>,
}

impl ContractTermInput {
    fn into_term(self) -> domain::ContractTerm {
        match self {
            Self::Indefinite(_) => domain::ContractTerm::Indefinite,
            Self::Fixed(term) => domain::ContractTerm::Fixed {
                until: term.until.0,
                renewal_limit: term.renewal_limit,
            },
        }
    }
}

/// All of a role but its state. Terms that are absent are missing until publication.
#[derive(Clone, Debug, InputObject)]
pub struct RoleFields {
    /// The company's own number; unique among its opportunities.
    pub external_id: Option<String>,
    /// One line, at most 200 characters.
    pub title: String,
    /// What it is about, at most 10,000 characters.
    pub description: String,
    /// The unit that offers it.
    pub department: Option<String>,
    /// The member of staff who hires, by the subject of their token, at most 200 characters. Alumni never read it.
    pub hiring_manager: Option<String>,
    /// The code of the group company that offers it. Absent: the programme as a whole.
    pub group_company: Option<String>,
    /// Must-haves, at most 50.
    #[graphql(default)]
    pub required_skills: Vec<String>,
    /// Nice-to-haves, at most 50.
    #[graphql(default)]
    pub preferred_skills: Vec<String>,
    /// The company's own products, services or systems that the work is about, by name, at most 5 of 60 characters.
    /// Whoever worked with one of them while at the company knows it.
    #[graphql(default)]
    pub products: Vec<String>,
    /// Where, with or without 都, 府 or 県, or 海外. Absent: anywhere.
    pub prefecture: Option<String>,
    /// How much of it is remote.
    pub remote: Remote,
    /// How many people are wanted, 1 to 10,000.
    #[graphql(default = 1)]
    pub seats: i32,
    /// Hours asked a week, 1 to 168.
    pub hours_per_week: Option<i32>,
    /// First month of the work.
    pub starts_on: Option<YearMonth>,
    /// Last month of the work. Absent: no end.
    pub ends_on: Option<YearMonth>,
    /// Pay or fee in a line.
    pub compensation: Option<String>,
    /// The deadline, from which on it is in no list. Absent: none.
    pub closes_at: Option<DateTime>,
    /// The duties (業務内容).
    pub duties: Option<String>,
    /// How far the duties may change later (変更の範囲).
    pub duties_change_range: Option<String>,
    /// The place of work (就業場所).
    pub place: Option<String>,
    /// How far the place may change later.
    pub place_change_range: Option<String>,
    /// The contract's term (契約期間).
    pub contract_term: Option<ContractTermInput>,
    /// Working hours, breaks and days off.
    pub working_hours: Option<String>,
    /// Pay (賃金).
    pub pay: Option<String>,
    /// Fixed overtime inside the pay, or that there is none (固定残業代), such as なし. Where there is some, its amount, its
    /// hours and that excess is paid are needed as well.
    pub fixed_overtime: Option<String>,
    /// Yen of fixed overtime inside the monthly pay, 1 to 10,000,000.
    pub fixed_overtime_yen: Option<i32>,
    /// Hours a month that the fixed overtime covers, 1 to 744.
    pub fixed_overtime_hours: Option<i32>,
    /// Whether overtime beyond those hours is paid in addition.
    #[graphql(default = false)]
    pub is_excess_overtime_paid: bool,
    /// The trial period with its terms, or that there is none (試用期間).
    pub trial_period: Option<String>,
    /// Which of health, pension, accident and employment insurance apply (社会・労働保険の適用).
    pub social_insurance: Option<String>,
    /// The measures against passive smoking at the place of work (受動喫煙を防止するための措置).
    pub smoking_measures: Option<String>,
    /// The employer's name.
    pub employer: Option<String>,
    /// Who employs the person. Absent: the company.
    #[graphql(default_with = "EmploymentForm::Direct")]
    pub employment_form: EmploymentForm,
    /// Whether temporary-agency work is kept for people whom the law excepts from the year's wait: retired by a
    /// mandatory age of 60 or more (労働者派遣法施行規則 第33条の10). The company confirms it with the person.
    #[graphql(default = false)]
    pub is_for_mandatory_retirees: bool,
    /// Why an age may be named. Absent: no text may name one.
    pub age_exception: Option<AgeException>,
    /// The reason that has to be shown with it, at most 4,000 characters.
    pub age_exception_reason: Option<String>,
    /// Why a sex may be named. Absent: no text may name one.
    pub sex_exception: Option<SexException>,
    /// Why the job needs height, weight or strength. Absent: no text may ask for it.
    pub physical_requirement_reason: Option<String>,
    /// Why the job needs somebody who moves house. Absent: no text may ask for it.
    pub relocation_requirement_reason: Option<String>,
}

impl RoleFields {
    fn into_draft(self) -> Result<OpportunityDraft, Failure> {
        Ok(OpportunityDraft {
            external_id: self.external_id,
            title: self.title,
            description: self.description,
            department: self.department,
            hiring_manager: self.hiring_manager,
            group_company: self.group_company,
            required_skills: self.required_skills,
            preferred_skills: self.preferred_skills,
            products: self.products,
            prefecture: prefecture(self.prefecture)?,
            remote: self.remote.into(),
            seats: self.seats,
            hours_per_week: self.hours_per_week,
            starts_on: self.starts_on.map(|month| month.0),
            ends_on: self.ends_on.map(|month| month.0),
            compensation: self.compensation,
            closes_at: self.closes_at.map(|instant| instant.0),
            terms: Terms::Role(domain::RoleTerms {
                duties: self.duties,
                duties_change_range: self.duties_change_range,
                place: self.place,
                place_change_range: self.place_change_range,
                contract_term: self.contract_term.map(ContractTermInput::into_term),
                working_hours: self.working_hours,
                pay: self.pay,
                fixed_overtime: self.fixed_overtime,
                fixed_overtime_yen: number(
                    "fixedOvertimeYen",
                    self.fixed_overtime_yen,
                    FIXED_OVERTIME_YEN_MAX,
                )?,
                fixed_overtime_hours: number(
                    "fixedOvertimeHours",
                    self.fixed_overtime_hours,
                    HOURS_OF_A_MONTH_MAX,
                )?,
                is_excess_overtime_paid: self.is_excess_overtime_paid,
                trial_period: self.trial_period,
                social_insurance: self.social_insurance,
                smoking_measures: self.smoking_measures,
                employer: self.employer,
                employment_form: self.employment_form.into(),
                is_for_mandatory_retirees: self.is_for_mandatory_retirees,
                age_exception: self.age_exception.map(Into::into),
                age_exception_reason: self.age_exception_reason,
                sex_exception: self.sex_exception.map(Into::into),
                physical_requirement_reason: self.physical_requirement_reason,
                relocation_requirement_reason: self.relocation_requirement_reason,
            }),
        })
    }
}

/// A new draft of a role.
#[derive(Clone, Debug, InputObject)]
pub struct CreateRoleInput {
    /// Makes a repeated call return the first answer and write nothing; at most 128 characters, remembered for
    /// seven days.
    pub idempotency_key: Option<String>,
    /// What it says.
    #[graphql(flatten)]
    pub fields: RoleFields,
}

/// The whole of a role, written anew: what is absent is cleared.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateRoleInput {
    /// Which.
    pub id: ID,
    /// What it says from now on.
    #[graphql(flatten)]
    pub fields: RoleFields,
}

/// All of a speaker slot but its state. Terms that are absent are missing until publication.
#[derive(Clone, Debug, InputObject)]
pub struct SpeakerSlotFields {
    /// The company's own number; unique among its opportunities.
    pub external_id: Option<String>,
    /// One line, at most 200 characters.
    pub title: String,
    /// What it is about, at most 10,000 characters.
    pub description: String,
    /// The unit that offers it.
    pub department: Option<String>,
    /// The member of staff who hires, by the subject of their token, at most 200 characters. Alumni never read it.
    pub hiring_manager: Option<String>,
    /// The code of the group company that offers it. Absent: the programme as a whole.
    pub group_company: Option<String>,
    /// Must-haves, at most 50; the topics.
    #[graphql(default)]
    pub required_skills: Vec<String>,
    /// Nice-to-haves, at most 50.
    #[graphql(default)]
    pub preferred_skills: Vec<String>,
    /// The company's own products, services or systems that the work is about, by name, at most 5 of 60 characters.
    /// Whoever worked with one of them while at the company knows it.
    #[graphql(default)]
    pub products: Vec<String>,
    /// Where, with or without 都, 府 or 県, or 海外. Absent: anywhere.
    pub prefecture: Option<String>,
    /// How much of it is remote.
    pub remote: Remote,
    /// How many people are wanted, 1 to 10,000.
    #[graphql(default = 1)]
    pub seats: i32,
    /// The honorarium in a line, where there are no further terms.
    pub compensation: Option<String>,
    /// The deadline, from which on it is in no list. Absent: none.
    pub closes_at: Option<DateTime>,
    /// Who listens.
    pub audience: Option<String>,
    /// The day.
    pub held_on: Option<Date>,
    /// The time of day, such as 18:30-20:00.
    pub held_at: Option<String>,
    /// Talk, panel, workshop and so on.
    pub format: Option<String>,
    /// The honorarium.
    pub honorarium: Option<String>,
}

impl SpeakerSlotFields {
    fn into_draft(self) -> Result<OpportunityDraft, Failure> {
        Ok(OpportunityDraft {
            external_id: self.external_id,
            title: self.title,
            description: self.description,
            department: self.department,
            hiring_manager: self.hiring_manager,
            group_company: self.group_company,
            required_skills: self.required_skills,
            preferred_skills: self.preferred_skills,
            products: self.products,
            prefecture: prefecture(self.prefecture)?,
            remote: self.remote.into(),
            seats: self.seats,
            hours_per_week: None,
            starts_on: None,
            ends_on: None,
            compensation: self.compensation,
            closes_at: self.closes_at.map(|instant| instant.0),
            terms: Terms::SpeakerSlot(domain::SlotTerms {
                audience: self.audience,
                held_on: self.held_on.map(|date| date.0),
                held_at: self.held_at,
                format: self.format,
                honorarium: self.honorarium,
            }),
        })
    }
}

/// A new draft of a speaker slot.
#[derive(Clone, Debug, InputObject)]
pub struct CreateSpeakerSlotInput {
    /// Makes a repeated call return the first answer and write nothing; at most 128 characters, remembered for
    /// seven days.
    pub idempotency_key: Option<String>,
    /// What it says.
    #[graphql(flatten)]
    pub fields: SpeakerSlotFields,
}

/// The whole of a speaker slot, written anew: what is absent is cleared.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateSpeakerSlotInput {
    /// Which.
    pub id: ID,
    /// What it says from now on.
    #[graphql(flatten)]
    pub fields: SpeakerSlotFields,
}

/// All of contract work but its state. Terms that are absent are missing until publication.
#[derive(Clone, Debug, InputObject)]
pub struct ContractWorkFields {
    /// The company's own number; unique among its opportunities.
    pub external_id: Option<String>,
    /// One line, at most 200 characters.
    pub title: String,
    /// What it is about, at most 10,000 characters.
    pub description: String,
    /// The unit that offers it.
    pub department: Option<String>,
    /// The member of staff who hires, by the subject of their token, at most 200 characters. Alumni never read it.
    pub hiring_manager: Option<String>,
    /// The code of the group company that offers it. Absent: the programme as a whole.
    pub group_company: Option<String>,
    /// Must-haves, at most 50.
    #[graphql(default)]
    pub required_skills: Vec<String>,
    /// Nice-to-haves, at most 50.
    #[graphql(default)]
    pub preferred_skills: Vec<String>,
    /// The company's own products, services or systems that the work is about, by name, at most 5 of 60 characters.
    /// Whoever worked with one of them while at the company knows it.
    #[graphql(default)]
    pub products: Vec<String>,
    /// Where, with or without 都, 府 or 県, or 海外. Absent: anywhere.
    pub prefecture: Option<String>,
    /// How much of it is remote.
    pub remote: Remote,
    /// How many people are wanted, 1 to 10,000.
    #[graphql(default = 1)]
    pub seats: i32,
    /// Hours asked a week, 1 to 168.
    pub hours_per_week: Option<i32>,
    /// First month of the work.
    pub starts_on: Option<YearMonth>,
    /// Last month of the work. Absent: no end.
    pub ends_on: Option<YearMonth>,
    /// Pay or fee in a line.
    pub compensation: Option<String>,
    /// The deadline, from which on it is in no list. Absent: none.
    pub closes_at: Option<DateTime>,
    /// The parties (当事者).
    pub parties: Option<String>,
    /// The day of commission.
    pub commissioned_on: Option<Date>,
    /// What is to be done or delivered (給付の内容).
    pub scope: Option<String>,
    /// The first day of the service. Absent where one day is the day of delivery.
    pub service_from: Option<Date>,
    /// The day of delivery, or the last day of the service.
    pub delivered_on: Option<Date>,
    /// The place of delivery or service.
    pub place: Option<String>,
    /// Whether the work is inspected.
    #[graphql(default = false)]
    pub is_inspected: bool,
    /// The day by which the work is inspected, if it is.
    pub inspection_on: Option<Date>,
    /// The fee.
    pub fee: Option<String>,
    /// The day of payment.
    pub payment_due_on: Option<Date>,
    /// The method of payment.
    pub payment_method: Option<String>,
    /// Whether payment follows a monthly closing, which makes the limit two months instead of 60 days.
    #[graphql(default = false)]
    pub is_paid_by_monthly_closing: bool,
    /// The one alumnus to whom the work is offered: nobody else but recruiters and administrators ever sees it, and
    /// the person gets a mail when it is published. Absent: everybody who may be ranked for it.
    pub addressed_to: Option<ID>,
    /// The last day that a monthly closing counts, 1 to 31; a day that a month does not have is its last.
    pub closing_day: Option<i32>,
    /// The day of the month on which a closed month is paid, 1 to 31, likewise.
    pub payment_day: Option<i32>,
    /// Months from the closing to the payment, 0 to 2. Absent: the next month.
    pub payment_months_after: Option<i32>,
    /// Whether the company commissions on what it was commissioned with itself (再委託), which makes the limit 30 days
    /// from the day on which the prime contractor pays.
    #[graphql(default = false)]
    pub is_subcontracted: bool,
    /// Who commissioned the company (元委託者).
    pub prime_contractor: Option<String>,
    /// The day on which that party has to pay the company.
    pub prime_payment_due_on: Option<Date>,
}

impl ContractWorkFields {
    fn into_draft(self) -> Result<OpportunityDraft, Failure> {
        Ok(OpportunityDraft {
            external_id: self.external_id,
            title: self.title,
            description: self.description,
            department: self.department,
            hiring_manager: self.hiring_manager,
            group_company: self.group_company,
            required_skills: self.required_skills,
            preferred_skills: self.preferred_skills,
            products: self.products,
            prefecture: prefecture(self.prefecture)?,
            remote: self.remote.into(),
            seats: self.seats,
            hours_per_week: self.hours_per_week,
            starts_on: self.starts_on.map(|month| month.0),
            ends_on: self.ends_on.map(|month| month.0),
            compensation: self.compensation,
            closes_at: self.closes_at.map(|instant| instant.0),
            terms: Terms::ContractWork(domain::ContractTerms {
                parties: self.parties,
                commissioned_on: self.commissioned_on.map(|date| date.0),
                scope: self.scope,
                service_from: self.service_from.map(|date| date.0),
                delivered_on: self.delivered_on.map(|date| date.0),
                place: self.place,
                is_inspected: self.is_inspected,
                inspection_on: self.inspection_on.map(|date| date.0),
                fee: self.fee,
                payment_due_on: self.payment_due_on.map(|date| date.0),
                payment_method: self.payment_method,
                monthly_closing: self.is_paid_by_monthly_closing,
                addressed_to: self.addressed_to.map(|id| addressee(&id)).transpose()?,
                closing_day: number("closingDay", self.closing_day, DAY_OF_MONTH_MAX)?,
                payment_day: number("paymentDay", self.payment_day, DAY_OF_MONTH_MAX)?,
                payment_months_after: months_after(self.payment_months_after)?,
                is_subcontracted: self.is_subcontracted,
                prime_contractor: self.prime_contractor,
                prime_payment_due_on: self.prime_payment_due_on.map(|date| date.0),
            }),
        })
    }
}

/// A new draft of contract work.
#[derive(Clone, Debug, InputObject)]
pub struct CreateContractWorkInput {
    /// Makes a repeated call return the first answer and write nothing; at most 128 characters, remembered for
    /// seven days.
    pub idempotency_key: Option<String>,
    /// What it says.
    #[graphql(flatten)]
    pub fields: ContractWorkFields,
}

/// The whole of contract work, written anew: what is absent is cleared.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateContractWorkInput {
    /// Which.
    pub id: ID,
    /// What it says from now on.
    #[graphql(flatten)]
    pub fields: ContractWorkFields,
}

/// The answer to writing a role.
#[derive(SimpleObject)]
pub struct CreateRolePayload {
    /// The opportunity as it is now. Null when nothing was done.
    pub opportunity: Option<Opportunity>,
    /// What the law frowns on in it, for somebody to look at; it keeps nothing from being published.
    pub warnings: Vec<LegalFinding>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// The answer to rewriting a role.
#[derive(SimpleObject)]
pub struct UpdateRolePayload {
    /// The opportunity as it is now. Null when nothing was done.
    pub opportunity: Option<Opportunity>,
    /// What the law frowns on in it, for somebody to look at; it keeps nothing from being published.
    pub warnings: Vec<LegalFinding>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// The answer to writing a speaker slot.
#[derive(SimpleObject)]
pub struct CreateSpeakerSlotPayload {
    /// The opportunity as it is now. Null when nothing was done.
    pub opportunity: Option<Opportunity>,
    /// What the law frowns on in it, for somebody to look at; it keeps nothing from being published.
    pub warnings: Vec<LegalFinding>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// The answer to rewriting a speaker slot.
#[derive(SimpleObject)]
pub struct UpdateSpeakerSlotPayload {
    /// The opportunity as it is now. Null when nothing was done.
    pub opportunity: Option<Opportunity>,
    /// What the law frowns on in it, for somebody to look at; it keeps nothing from being published.
    pub warnings: Vec<LegalFinding>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// The answer to writing contract work.
#[derive(SimpleObject)]
pub struct CreateContractWorkPayload {
    /// The opportunity as it is now. Null when nothing was done.
    pub opportunity: Option<Opportunity>,
    /// What the law frowns on in it, for somebody to look at; it keeps nothing from being published.
    pub warnings: Vec<LegalFinding>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// The answer to rewriting contract work.
#[derive(SimpleObject)]
pub struct UpdateContractWorkPayload {
    /// The opportunity as it is now. Null when nothing was done.
    pub opportunity: Option<Opportunity>,
    /// What the law frowns on in it, for somebody to look at; it keeps nothing from being published.
    pub warnings: Vec<LegalFinding>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Which opportunity.
#[derive(Clone, Debug, InputObject)]
pub struct PublishOpportunityInput {
    /// Its identifier.
    pub id: ID,
}

/// The answer to publishing an opportunity.
#[derive(SimpleObject)]
pub struct PublishOpportunityPayload {
    /// The opportunity as it is now. Null when nothing was done.
    pub opportunity: Option<Opportunity>,
    /// What the law frowns on in it, for somebody to look at; it keeps nothing from being published.
    pub warnings: Vec<LegalFinding>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Which opportunity.
#[derive(Clone, Debug, InputObject)]
pub struct PauseOpportunityInput {
    /// Its identifier.
    pub id: ID,
}

/// The answer to pausing an opportunity.
#[derive(SimpleObject)]
pub struct PauseOpportunityPayload {
    /// The opportunity as it is now. Null when nothing was done.
    pub opportunity: Option<Opportunity>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Which opportunity.
#[derive(Clone, Debug, InputObject)]
pub struct CloseOpportunityInput {
    /// Its identifier.
    pub id: ID,
}

/// The answer to closing an opportunity.
#[derive(SimpleObject)]
pub struct CloseOpportunityPayload {
    /// The opportunity as it is now. Null when nothing was done.
    pub opportunity: Option<Opportunity>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Writes and moves opportunities.
#[Object]
impl OpportunityMutation {
    /// Writes a draft of a role. Recruiters and administrators.
    async fn create_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it says.")] input: CreateRoleInput,
    ) -> Result<CreateRolePayload, Error> {
        let (opportunity, warnings, user_errors) =
            create(ctx, input.fields.into_draft(), input.idempotency_key).await?;
        Ok(CreateRolePayload {
            opportunity,
            warnings,
            user_errors,
        })
    }

    /// Rewrites a role; what would make a published one unlawful is refused. Recruiters and
    /// administrators.
    async fn update_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and what it says from now on.")] input: UpdateRoleInput,
    ) -> Result<UpdateRolePayload, Error> {
        let kind = OpportunityKind::Role;
        let (opportunity, warnings, user_errors) =
            update(ctx, kind, &input.id, input.fields.into_draft()).await?;
        Ok(UpdateRolePayload {
            opportunity,
            warnings,
            user_errors,
        })
    }

    /// Writes a draft of a speaker slot. Recruiters and administrators.
    async fn create_speaker_slot(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it says.")] input: CreateSpeakerSlotInput,
    ) -> Result<CreateSpeakerSlotPayload, Error> {
        let (opportunity, warnings, user_errors) =
            create(ctx, input.fields.into_draft(), input.idempotency_key).await?;
        Ok(CreateSpeakerSlotPayload {
            opportunity,
            warnings,
            user_errors,
        })
    }

    /// Rewrites a speaker slot; what would make a published one unlawful is refused. Recruiters and
    /// administrators.
    async fn update_speaker_slot(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and what it says from now on.")] input: UpdateSpeakerSlotInput,
    ) -> Result<UpdateSpeakerSlotPayload, Error> {
        let kind = OpportunityKind::SpeakerSlot;
        let (opportunity, warnings, user_errors) =
            update(ctx, kind, &input.id, input.fields.into_draft()).await?;
        Ok(UpdateSpeakerSlotPayload {
            opportunity,
            warnings,
            user_errors,
        })
    }

    /// Writes a draft of contract work. Recruiters and administrators.
    async fn create_contract_work(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it says.")] input: CreateContractWorkInput,
    ) -> Result<CreateContractWorkPayload, Error> {
        let (opportunity, warnings, user_errors) =
            create(ctx, input.fields.into_draft(), input.idempotency_key).await?;
        Ok(CreateContractWorkPayload {
            opportunity,
            warnings,
            user_errors,
        })
    }

    /// Rewrites contract work; what would make a published one unlawful is refused. Recruiters and
    /// administrators.
    async fn update_contract_work(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and what it says from now on.")] input: UpdateContractWorkInput,
    ) -> Result<UpdateContractWorkPayload, Error> {
        let kind = OpportunityKind::ContractWork;
        let (opportunity, warnings, user_errors) =
            update(ctx, kind, &input.id, input.fields.into_draft()).await?;
        Ok(UpdateContractWorkPayload {
            opportunity,
            warnings,
            user_errors,
        })
    }

    /// Opens a draft, or one that was paused, once the law has nothing against it; each missing term and each wording
    /// that the law refuses has a code of its own.
    /// Publishing one that is published changes nothing. Recruiters and administrators.
    async fn publish_opportunity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: PublishOpportunityInput,
    ) -> Result<PublishOpportunityPayload, Error> {
        let viewer = ctx.hiring_staff()?;
        let result = match GlobalId::opportunity(&input.id) {
            Some((_, id)) => opportunities::publish(ctx.app(), viewer, id).await,
            None => Err(not_found().into()),
        };
        let (opportunity, warnings, user_errors) = payload(result, ctx.language())?;
        Ok(PublishOpportunityPayload {
            opportunity,
            warnings,
            user_errors,
        })
    }

    /// Takes an open one out of every list until it is published again. Recruiters and administrators.
    async fn pause_opportunity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: PauseOpportunityInput,
    ) -> Result<PauseOpportunityPayload, Error> {
        let viewer = ctx.hiring_staff()?;
        let result = match GlobalId::opportunity(&input.id) {
            Some((_, id)) => opportunities::pause(ctx.app(), viewer, id).await,
            None => Err(not_found().into()),
        };
        let (opportunity, _, user_errors) = payload(result, ctx.language())?;
        Ok(PauseOpportunityPayload {
            opportunity,
            user_errors,
        })
    }

    /// Ends one for good. Closing a closed one changes nothing. Recruiters and administrators.
    async fn close_opportunity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: CloseOpportunityInput,
    ) -> Result<CloseOpportunityPayload, Error> {
        let viewer = ctx.hiring_staff()?;
        let result = match GlobalId::opportunity(&input.id) {
            Some((_, id)) => opportunities::close(ctx.app(), viewer, id).await,
            None => Err(not_found().into()),
        };
        let (opportunity, _, user_errors) = payload(result, ctx.language())?;
        Ok(CloseOpportunityPayload {
            opportunity,
            user_errors,
        })
    }
}

/// An opportunity, what the law frowns on in it, and what was wrong.
type Answer = (Option<Opportunity>, Vec<LegalFinding>, Vec<UserError>);

async fn create(
    ctx: &Context<'_>,
    draft: Result<OpportunityDraft, Failure>,
    idempotency_key: Option<String>,
) -> Result<Answer, Error> {
    let viewer = ctx.hiring_staff()?;
    let result = match draft {
        Ok(draft) => opportunities::create(ctx.app(), viewer, draft, idempotency_key).await,
        Err(failure) => Err(failure),
    };
    payload(result, ctx.language())
}

async fn update(
    ctx: &Context<'_>,
    kind: OpportunityKind,
    id: &ID,
    draft: Result<OpportunityDraft, Failure>,
) -> Result<Answer, Error> {
    let viewer = ctx.hiring_staff()?;
    let Some((_, id)) = GlobalId::opportunity(id).filter(|(named, _)| *named == kind) else {
        return Ok((None, Vec::new(), vec![user_error(not_found(), ctx.language())]));
    };
    let result = match draft {
        Ok(draft) => opportunities::update(ctx.app(), viewer, id, draft).await,
        Err(failure) => Err(failure),
    };
    payload(result, ctx.language())
}

fn payload(result: Result<domain::Opportunity, Failure>, language: Language) -> Result<Answer, Error> {
    let (opportunity, user_errors) = outcome(result, language)?;
    let warnings = opportunity.as_ref().map(|opportunity| {
        let findings = law::findings(opportunity).into_iter();
        legal_findings(findings.filter(|finding| !finding.is_refusal()), language)
    });
    Ok((
        opportunity.map(|opportunity| Opportunity::from(Arc::new(opportunity))),
        warnings.unwrap_or_default(),
        user_errors,
    ))
}

fn addressee(id: &ID) -> Result<AlumnusId, Failure> {
    let found = GlobalId::alumnus(id);
    found.ok_or_else(|| Rejection::not_found("addressedTo", "alumnus", "アルムナイ").into())
}

/// Days of the longest month.
const DAY_OF_MONTH_MAX: i32 = 31;
/// Months from a closing to its payment: more can never fall within the law's two months.
const PAYMENT_MONTHS_AFTER_MAX: i32 = 2;
/// Yen of fixed overtime a month: ten times what any pay scale holds.
const FIXED_OVERTIME_YEN_MAX: i32 = 10_000_000;
/// Hours of the longest month.
const HOURS_OF_A_MONTH_MAX: i32 = 744;

/// A number from 1 to `max`.
fn number<T: TryFrom<i32>>(field: &str, value: Option<i32>, max: i32) -> Result<Option<T>, Failure> {
    within(field, value, 1, max)
}

fn months_after(value: Option<i32>) -> Result<Option<u8>, Failure> {
    within("paymentMonthsAfter", value, 0, PAYMENT_MONTHS_AFTER_MAX)
}

fn within<T: TryFrom<i32>>(
    field: &str,
    value: Option<i32>,
    min: i32,
    max: i32,
) -> Result<Option<T>, Failure> {
    let mut checks = Checks::default();
    if let Some(value) = value {
        checks.range(field, value, min, max);
    }
    checks.finish()?;
    Ok(value.and_then(|value| T::try_from(value).ok()))
}

fn prefecture(name: Option<String>) -> Result<Option<Prefecture>, Failure> {
    let parse = |name: String| {
        name.parse::<Prefecture>().map_err(|error| {
            let japanese = "47都道府県または海外を指定してください";
            Rejection::new(RejectionCode::Invalid, "prefecture", error.to_string(), japanese).into()
        })
    };
    name.map(parse).transpose()
}
