//! Writing, publishing, pausing and closing opportunities.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::limits::{
    COMPENSATION_CHARS_MAX, DESCRIPTION_CHARS_MAX, EXTERNAL_ID_CHARS_MAX, HOURS_PER_WEEK_MAX,
    REQUIREMENT_CHARS_MAX, REQUIREMENTS_MAX, SEATS_MAX, TITLE_CHARS_MAX, UNIT_CHARS_MAX,
};
use okaeri_engine::domain::policy::GROUP_COMPANY_CODE_CHARS_MAX;
use okaeri_engine::domain::{
    MissingTerm, Opportunity, OpportunityId, OpportunityKind, OpportunityStatus, Policy, Prefecture, Remote,
    Terms, Viewer, YearMonth,
};

use super::idempotent::{self, remember, repeated};
use super::validate::{Checks, TEXT_LENGTH_MAX};
use super::{Failure, Rejection, RejectionCode};
use crate::app::App;
use crate::db::change_log::{self, Change};
use crate::db::{Transaction, idempotency, opportunities, programmes};

/// Characters of an idempotency key: a UUID or a hash in any usual spelling.
pub const IDEMPOTENCY_KEY_LENGTH_MAX: usize = 128;

/// What is common to all kinds, as a caller wrote it.
#[derive(Clone, Debug)]
pub struct OpportunityDraft {
    /// The company's own number.
    pub external_id: Option<String>,
    /// One line.
    pub title: String,
    /// Free text.
    pub description: String,
    /// The unit that offers it.
    pub department: Option<String>,
    /// The code of the group company that offers it.
    pub group_company: Option<String>,
    /// Must-haves; a speaker slot's topics.
    pub required_skills: Vec<String>,
    /// Nice-to-haves.
    pub preferred_skills: Vec<String>,
    /// Where; `None`: anywhere.
    pub prefecture: Option<Prefecture>,
    /// How much of it is remote.
    pub remote: Remote,
    /// How many people are wanted.
    pub seats: i32,
    /// Hours asked a week.
    pub hours_per_week: Option<i32>,
    /// First month.
    pub starts_on: Option<YearMonth>,
    /// Last month.
    pub ends_on: Option<YearMonth>,
    /// Pay, fee or honorarium.
    pub compensation: Option<String>,
    /// The deadline.
    pub closes_at: Option<DateTime<Utc>>,
    /// By kind.
    pub terms: Terms,
}

/// Writes a new draft. The same idempotency key again gives the first draft back and writes nothing.
pub async fn create(
    app: &App,
    viewer: &Viewer,
    draft: OpportunityDraft,
    idempotency_key: Option<String>,
) -> Result<Opportunity, Failure> {
    check(&draft, idempotency_key.as_deref())?;
    let now = app.clock.now();
    let input_digest = idempotent::digest(&format!("{draft:?}"));
    let tx = app.db.begin_for(viewer.company_id).await?;

    if let Some(key) = &idempotency_key
        && let Some(earlier) = idempotency::find(&tx, viewer.company_id, &viewer.subject, key).await?
    {
        let id = repeated(&earlier, "createOpportunity", &input_digest)?;
        return find(&tx, viewer, OpportunityId(id)).await;
    }
    let policy = programmes::find(&tx, viewer.company_id)
        .await?
        .map(|found| found.policy)
        .unwrap_or_default();
    let opportunity = draft.into_opportunity(viewer, OpportunityId(app.clock.new_id()), now);
    if !policy.offers(opportunity.kind()) {
        return Err(kind_not_offered(opportunity.kind()).into());
    }
    ensure_group_company(&policy, &opportunity)?;
    ensure_external_id_is_free(&tx, &opportunity).await?;

    opportunities::insert(&tx, &opportunity, now).await?;
    if let Some(key) = &idempotency_key {
        remember(
            &tx,
            viewer,
            key,
            "createOpportunity",
            opportunity.id.0,
            &input_digest,
            now,
        )
        .await?;
    }
    change_log::append(
        &tx,
        viewer.company_id,
        Change::OpportunityChanged(opportunity.id),
        now,
    )
    .await?;
    tx.commit().await?;
    Ok(opportunity)
}

/// Rewrites an opportunity of the same kind. One that is published stays so only while its terms are complete.
pub async fn update(
    app: &App,
    viewer: &Viewer,
    opportunity_id: OpportunityId,
    draft: OpportunityDraft,
) -> Result<Opportunity, Failure> {
    check(&draft, None)?;
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let earlier = find(&tx, viewer, opportunity_id).await?;
    let rewritten = draft.into_opportunity(viewer, opportunity_id, earlier.created_at);
    if rewritten.kind() != earlier.kind() {
        return Err(not_found().into());
    }
    let rewritten = Opportunity {
        status: earlier.status,
        ..rewritten
    };
    if rewritten.group_company != earlier.group_company {
        let programme = programmes::find(&tx, viewer.company_id).await?;
        let policy = programme.map(|programme| programme.policy).unwrap_or_default();
        ensure_group_company(&policy, &rewritten)?;
    }
    if rewritten.external_id != earlier.external_id {
        ensure_external_id_is_free(&tx, &rewritten).await?;
    }
    let was_complete = earlier.missing_terms().is_empty();
    match rewritten.status {
        OpportunityStatus::Open | OpportunityStatus::Paused if was_complete => ensure_complete(&rewritten)?,
        OpportunityStatus::Open
        | OpportunityStatus::Paused
        | OpportunityStatus::Draft
        | OpportunityStatus::Filled
        | OpportunityStatus::Closed => {}
    }
    save(tx, viewer, rewritten, now).await
}

/// Opens a draft, or one that was paused, once its terms are complete. Opening an open one changes nothing.
pub async fn publish(
    app: &App,
    viewer: &Viewer,
    opportunity_id: OpportunityId,
) -> Result<Opportunity, Failure> {
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let opportunity = find(&tx, viewer, opportunity_id).await?;
    let policy = programmes::find(&tx, viewer.company_id)
        .await?
        .map(|found| found.policy)
        .unwrap_or_default();
    if !policy.offers(opportunity.kind()) {
        return Err(kind_not_offered(opportunity.kind()).into());
    }
    match opportunity.status {
        OpportunityStatus::Open if opportunity.missing_terms().is_empty() => return Ok(opportunity),
        OpportunityStatus::Open | OpportunityStatus::Draft | OpportunityStatus::Paused => {
            ensure_complete(&opportunity)?;
        }
        status @ (OpportunityStatus::Filled | OpportunityStatus::Closed) => {
            return Err(invalid_state(status, "published", "公開").into());
        }
    }
    let opened = Opportunity {
        status: OpportunityStatus::Open,
        ..opportunity
    };
    if !opened.is_open_at(now) {
        return Err(Rejection::new(
            RejectionCode::NotOpen,
            "id",
            "the deadline, or the day of the slot, has passed: set a later one first",
            "締切または開催日を過ぎています。先に日付を変更してください",
        )
        .into());
    }
    save(tx, viewer, opened, now).await
}

/// Interrupts an open one. Pausing a paused one changes nothing.
pub async fn pause(
    app: &App,
    viewer: &Viewer,
    opportunity_id: OpportunityId,
) -> Result<Opportunity, Failure> {
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let opportunity = find(&tx, viewer, opportunity_id).await?;
    match opportunity.status {
        OpportunityStatus::Paused => Ok(opportunity),
        OpportunityStatus::Open => {
            save(
                tx,
                viewer,
                Opportunity {
                    status: OpportunityStatus::Paused,
                    ..opportunity
                },
                now,
            )
            .await
        }
        status @ (OpportunityStatus::Draft | OpportunityStatus::Filled | OpportunityStatus::Closed) => {
            Err(invalid_state(status, "paused", "一時停止").into())
        }
    }
}

/// Ends one. Closing a closed one changes nothing.
pub async fn close(
    app: &App,
    viewer: &Viewer,
    opportunity_id: OpportunityId,
) -> Result<Opportunity, Failure> {
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let opportunity = find(&tx, viewer, opportunity_id).await?;
    match opportunity.status {
        OpportunityStatus::Closed => Ok(opportunity),
        OpportunityStatus::Draft
        | OpportunityStatus::Open
        | OpportunityStatus::Paused
        | OpportunityStatus::Filled => {
            save(
                tx,
                viewer,
                Opportunity {
                    status: OpportunityStatus::Closed,
                    ..opportunity
                },
                now,
            )
            .await
        }
    }
}

/// The rejection of an opportunity that does not exist for the viewer.
#[must_use]
pub fn not_found() -> Rejection {
    Rejection::not_found("id", "opportunity", "募集")
}

/// The company that offers it is one of the programme's group, if it names one.
fn ensure_group_company(policy: &Policy, opportunity: &Opportunity) -> Result<(), Rejection> {
    match opportunity.group_company.as_deref() {
        Some(code) if policy.group_company(code).is_none() => Err(Rejection::new(
            RejectionCode::NotFound,
            "groupCompany",
            format!("the programme has no group company {code:?}"),
            format!("グループ会社「{code}」はこのプログラムにありません"),
        )),
        Some(_) | None => Ok(()),
    }
}

async fn find(
    tx: &Transaction,
    viewer: &Viewer,
    opportunity_id: OpportunityId,
) -> Result<Opportunity, Failure> {
    let found = opportunities::find(tx, viewer.company_id, opportunity_id).await?;
    Ok(found.ok_or_else(not_found)?)
}

async fn save(
    tx: Transaction,
    viewer: &Viewer,
    opportunity: Opportunity,
    now: DateTime<Utc>,
) -> Result<Opportunity, Failure> {
    opportunities::update(&tx, &opportunity, now).await?;
    change_log::append(
        &tx,
        viewer.company_id,
        Change::OpportunityChanged(opportunity.id),
        now,
    )
    .await?;
    tx.commit().await?;
    Ok(opportunity)
}

async fn ensure_external_id_is_free(tx: &Transaction, opportunity: &Opportunity) -> Result<(), Failure> {
    let Some(external_id) = &opportunity.external_id else {
        return Ok(());
    };
    match opportunities::find_by_external_id(tx, opportunity.company_id, external_id).await? {
        Some(other) if other.id != opportunity.id => Err(Rejection::new(
            RejectionCode::Taken,
            "externalId",
            format!("another opportunity has the external id {external_id}"),
            format!("外部ID {external_id} は使われています"),
        )
        .into()),
        Some(_) | None => Ok(()),
    }
}

fn ensure_complete(opportunity: &Opportunity) -> Result<(), Failure> {
    let missing = opportunity.missing_terms();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::Rejected(missing.into_iter().map(missing_term).collect()))
}

fn missing_term(term: MissingTerm) -> Rejection {
    let (field, english, japanese) = match term {
        MissingTerm::Duties => ("duties", "the duties", "業務内容"),
        MissingTerm::DutiesChangeRange => (
            "dutiesChangeRange",
            "the range of later change of the duties",
            "業務の変更の範囲",
        ),
        MissingTerm::Place => ("place", "the place of work", "就業場所"),
        MissingTerm::PlaceChangeRange => (
            "placeChangeRange",
            "the range of later change of the place",
            "就業場所の変更の範囲",
        ),
        MissingTerm::ContractTerm => ("contractTerm", "the contract's term", "契約期間"),
        MissingTerm::RenewalLimit => ("contractTerm.renewalLimit", "the limit of renewal", "更新上限"),
        MissingTerm::WorkingHours => ("workingHours", "the working hours", "労働時間"),
        MissingTerm::Pay => ("pay", "the pay", "賃金"),
        MissingTerm::FixedOvertime => (
            "fixedOvertime",
            "a statement on fixed overtime",
            "固定残業代の有無",
        ),
        MissingTerm::Employer => ("employer", "the employer's name", "募集者の名称"),
        MissingTerm::Parties => ("parties", "the parties", "当事者"),
        MissingTerm::CommissionedOn => ("commissionedOn", "the day of commission", "委託日"),
        MissingTerm::Scope => ("scope", "the scope of the work", "給付の内容"),
        MissingTerm::DeliveredOn => ("deliveredOn", "the day of delivery", "受領日・役務提供日"),
        MissingTerm::DeliveryPlace => ("place", "the place of delivery", "受領・役務提供の場所"),
        MissingTerm::Fee => ("fee", "the fee", "報酬の額"),
        MissingTerm::PaymentDueOn => ("paymentDueOn", "the day of payment", "支払期日"),
        MissingTerm::PaymentMethod => ("paymentMethod", "the method of payment", "支払方法"),
        MissingTerm::PaymentTooLate => {
            return Rejection::new(
                RejectionCode::MissingTerm(term),
                "paymentDueOn",
                "payment must fall within 60 days of receipt, the day of receipt counted, or within two months \
                 with a monthly closing (Act on Freelancers, article 4)",
                "支払期日は受領日を含めて60日以内（月単位の締めでは2か月以内）でなければなりません（フリーランス法第4条）",
            );
        }
        MissingTerm::HeldOn => ("heldOn", "the day", "開催日"),
        MissingTerm::Topics => ("topics", "the topics", "テーマ"),
    };
    let law = match term {
        MissingTerm::HeldOn | MissingTerm::Topics => ("", ""),
        MissingTerm::Parties
        | MissingTerm::CommissionedOn
        | MissingTerm::Scope
        | MissingTerm::DeliveredOn
        | MissingTerm::DeliveryPlace
        | MissingTerm::Fee
        | MissingTerm::PaymentDueOn
        | MissingTerm::PaymentMethod
        | MissingTerm::PaymentTooLate => (" (Act on Freelancers, article 3)", "（フリーランス法第3条）"),
        MissingTerm::Duties
        | MissingTerm::DutiesChangeRange
        | MissingTerm::Place
        | MissingTerm::PlaceChangeRange
        | MissingTerm::ContractTerm
        | MissingTerm::RenewalLimit
        | MissingTerm::WorkingHours
        | MissingTerm::Pay
        | MissingTerm::FixedOvertime
        | MissingTerm::Employer => (
            " (Employment Security Act, article 5-3)",
            "（職業安定法第5条の3）",
        ),
    };
    Rejection::new(
        RejectionCode::MissingTerm(term),
        field,
        format!("{english} must be stated before publication{}", law.0),
        format!("公開する前に{japanese}を明示してください{}", law.1),
    )
}

fn kind_not_offered(kind: OpportunityKind) -> Rejection {
    Rejection::new(
        RejectionCode::KindNotOffered,
        "",
        format!("the programme does not offer {}", kind.code()),
        "この制度ではこの種類の募集を扱っていません",
    )
}

fn invalid_state(status: OpportunityStatus, english: &str, japanese: &str) -> Rejection {
    Rejection::new(
        RejectionCode::InvalidState,
        "id",
        format!("an opportunity that is {} cannot be {english}", status.code()),
        format!("状態が{}の募集は{japanese}できません", status.code()),
    )
}

fn check(draft: &OpportunityDraft, idempotency_key: Option<&str>) -> Result<(), Failure> {
    let mut checks = Checks::default();
    checks.line("title", &draft.title, TITLE_CHARS_MAX);
    checks.optional("description", Some(&draft.description), DESCRIPTION_CHARS_MAX);
    checks.optional("department", draft.department.as_deref(), UNIT_CHARS_MAX);
    checks.optional(
        "groupCompany",
        draft.group_company.as_deref(),
        GROUP_COMPANY_CODE_CHARS_MAX,
    );
    checks.optional("externalId", draft.external_id.as_deref(), EXTERNAL_ID_CHARS_MAX);
    checks.optional(
        "compensation",
        draft.compensation.as_deref(),
        COMPENSATION_CHARS_MAX,
    );
    checks.optional("idempotencyKey", idempotency_key, IDEMPOTENCY_KEY_LENGTH_MAX);
    for (field, key) in [
        ("externalId", draft.external_id.as_deref()),
        ("idempotencyKey", idempotency_key),
    ] {
        if key.is_some_and(|key| key.trim().is_empty()) {
            checks.reject(
                RejectionCode::Blank,
                field,
                format!("{field} must not be blank"),
                "空にできません".to_owned(),
            );
        }
    }
    checks.lines(
        "requiredSkills",
        &draft.required_skills,
        REQUIREMENTS_MAX,
        REQUIREMENT_CHARS_MAX,
    );
    checks.lines(
        "preferredSkills",
        &draft.preferred_skills,
        REQUIREMENTS_MAX,
        REQUIREMENT_CHARS_MAX,
    );
    checks.range("seats", draft.seats, 1, SEATS_MAX.cast_signed());
    if let Some(hours) = draft.hours_per_week {
        checks.range("hoursPerWeek", hours, 1, HOURS_PER_WEEK_MAX.into());
    }
    if let (Some(starts_on), Some(ends_on)) = (draft.starts_on, draft.ends_on)
        && ends_on < starts_on
    {
        checks.reject(
            RejectionCode::OutOfRange,
            "endsOn",
            format!("endsOn {ends_on} lies before startsOn {starts_on}"),
            format!("終了月 {ends_on} が開始月 {starts_on} より前です"),
        );
    }
    for (field, text) in term_texts(&draft.terms) {
        checks.optional(field, text.map(String::as_str), TEXT_LENGTH_MAX);
    }
    checks.finish()
}

/// The free texts among the terms, with the input fields they come from.
fn term_texts(terms: &Terms) -> Vec<(&'static str, Option<&String>)> {
    match terms {
        Terms::Role(terms) => vec![
            ("duties", terms.duties.as_ref()),
            ("dutiesChangeRange", terms.duties_change_range.as_ref()),
            ("place", terms.place.as_ref()),
            ("placeChangeRange", terms.place_change_range.as_ref()),
            ("workingHours", terms.working_hours.as_ref()),
            ("pay", terms.pay.as_ref()),
            ("fixedOvertime", terms.fixed_overtime.as_ref()),
            ("employer", terms.employer.as_ref()),
        ],
        Terms::SpeakerSlot(terms) => vec![
            ("audience", terms.audience.as_ref()),
            ("heldAt", terms.held_at.as_ref()),
            ("format", terms.format.as_ref()),
            ("honorarium", terms.honorarium.as_ref()),
        ],
        Terms::ContractWork(terms) => vec![
            ("parties", terms.parties.as_ref()),
            ("scope", terms.scope.as_ref()),
            ("place", terms.place.as_ref()),
            ("fee", terms.fee.as_ref()),
            ("paymentMethod", terms.payment_method.as_ref()),
        ],
    }
}

impl OpportunityDraft {
    fn into_opportunity(self, viewer: &Viewer, id: OpportunityId, created_at: DateTime<Utc>) -> Opportunity {
        Opportunity {
            id,
            company_id: viewer.company_id,
            external_id: self.external_id,
            title: self.title,
            description: self.description,
            department: self.department,
            group_company: self.group_company,
            status: OpportunityStatus::Draft,
            required_skills: self.required_skills,
            preferred_skills: self.preferred_skills,
            prefecture: self.prefecture,
            remote: self.remote,
            seats: u32::try_from(self.seats).unwrap_or(1),
            hours_per_week: self.hours_per_week.and_then(|hours| u16::try_from(hours).ok()),
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            compensation: self.compensation,
            closes_at: self.closes_at,
            created_at,
            terms: self.terms,
        }
    }
}
