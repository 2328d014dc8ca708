//! Writing, publishing, pausing and closing opportunities.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::limits::{
    COMPENSATION_CHARS_MAX, DESCRIPTION_CHARS_MAX, EXTERNAL_ID_CHARS_MAX, HOURS_PER_WEEK_MAX,
    PRODUCT_CHARS_MAX, PRODUCTS_MAX, REQUIREMENT_CHARS_MAX, REQUIREMENTS_MAX, SEATS_MAX,
    STAFF_SUBJECT_CHARS_MAX, TITLE_CHARS_MAX, UNIT_CHARS_MAX,
};
use okaeri_engine::domain::policy::GROUP_COMPANY_CODE_CHARS_MAX;
use okaeri_engine::domain::{
    Opportunity, OpportunityId, OpportunityKind, OpportunityStatus, Policy, Prefecture, Remote, Terms,
    Viewer, YearMonth, law,
};

use super::candidacies::ensure_visible;
use super::idempotent::{self, remember, repeated};
use super::notice::Notice;
use super::validate::{Checks, TEXT_LENGTH_MAX};
use super::{Failure, Rejection, RejectionCode};
use crate::app::App;
use crate::db::change_log::{self, Change};
use crate::db::{Transaction, candidacies, idempotency, jobs, opportunities, programmes, wishes};

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
    /// The subject of the member of staff who hires.
    pub hiring_manager: Option<String>,
    /// The code of the group company that offers it.
    pub group_company: Option<String>,
    /// Must-haves; a speaker slot's topics.
    pub required_skills: Vec<String>,
    /// Nice-to-haves.
    pub preferred_skills: Vec<String>,
    /// The company's own products that the work is about.
    pub products: Vec<String>,
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
    ensure_addressee_exists(&tx, viewer, &opportunity).await?;

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

/// Rewrites an opportunity of the same kind. What would make a published one unlawful is refused, so that nobody reads
/// an offer that lost a term overnight; one that was published unlawfully, as a demonstration's may be, can be edited.
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
    ensure_addressee_stays(&earlier, &rewritten)?;
    ensure_addressee_exists(&tx, viewer, &rewritten).await?;
    let n_taken = candidacies::count_seats_taken(&tx, viewer.company_id, opportunity_id).await?;
    let was_full = n_taken >= u64::from(earlier.seats);
    let is_full = n_taken >= u64::from(rewritten.seats);
    let rewritten = Opportunity {
        status: earlier.status,
        ..rewritten
    }
    .settle_seats(was_full, is_full);
    if rewritten.group_company != earlier.group_company {
        let programme = programmes::find(&tx, viewer.company_id).await?;
        let policy = programme.map(|programme| programme.policy).unwrap_or_default();
        ensure_group_company(&policy, &rewritten)?;
    }
    if rewritten.external_id != earlier.external_id {
        ensure_external_id_is_free(&tx, &rewritten).await?;
    }
    match rewritten.status {
        OpportunityStatus::Open | OpportunityStatus::Paused if law::is_publishable(&earlier) => {
            ensure_publishable(&rewritten)?;
        }
        OpportunityStatus::Open
        | OpportunityStatus::Paused
        | OpportunityStatus::Draft
        | OpportunityStatus::Filled
        | OpportunityStatus::Closed => {}
    }
    save(app, tx, viewer, rewritten, now).await
}

/// Opens a draft, or one that was paused, once the law has nothing against it. Opening an open one changes nothing.
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
    let is_new = opportunity.status == OpportunityStatus::Draft;
    match opportunity.status {
        OpportunityStatus::Open if law::is_publishable(&opportunity) => return Ok(opportunity),
        OpportunityStatus::Open | OpportunityStatus::Draft | OpportunityStatus::Paused => {
            ensure_publishable(&opportunity)?;
        }
        status @ (OpportunityStatus::Filled | OpportunityStatus::Closed) => {
            return Err(invalid_state(status, "published", "公開").into());
        }
    }
    let opened = Opportunity {
        status: OpportunityStatus::Open,
        ..opportunity
    };
    let n_taken = candidacies::count_seats_taken(&tx, viewer.company_id, opportunity_id).await?;
    if n_taken >= u64::from(opened.seats) {
        return Err(no_seat_left("id").into());
    }
    if let Some(alumnus_id) = opened.addressed_to().filter(|_| is_new) {
        let notice = Notice::AddressedOffer {
            company_id: viewer.company_id,
            opportunity_id,
            alumnus_id,
        };
        jobs::enqueue(&tx, &notice.into_job(app.clock.new_id(), now), now).await?;
    }
    if !opened.is_open_at(now) {
        return Err(Rejection::new(
            RejectionCode::NotOpen,
            "id",
            "the deadline, or the day of the slot, has passed: set a later one first",
            "締切または開催日を過ぎています。先に日付を変更してください",
        )
        .into());
    }
    save(app, tx, viewer, opened, now).await
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
                app,
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
                app,
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

/// The rejection of one agreement more than there are seats.
#[must_use]
pub fn no_seat_left(field: &str) -> Rejection {
    Rejection::new(
        RejectionCode::NoSeatLeft,
        field,
        "every seat of the opportunity is taken",
        "この募集の定員はすべて埋まっています",
    )
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
    app: &App,
    tx: Transaction,
    viewer: &Viewer,
    opportunity: Opportunity,
    now: DateTime<Utc>,
) -> Result<Opportunity, Failure> {
    opportunities::update(&tx, &opportunity, now).await?;
    if opportunity.is_open_at(now) && wishes::are_there_any(&tx, opportunity.company_id).await? {
        let job = wishes::search_job(opportunity.company_id, opportunity.id, app.clock.new_id(), now);
        jobs::enqueue(&tx, &job, now).await?;
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

/// Whatever was offered to one person is never shown to another by a rewriting that left the person out.
fn ensure_addressee_stays(earlier: &Opportunity, rewritten: &Opportunity) -> Result<(), Failure> {
    let is_draft = earlier.status == OpportunityStatus::Draft;
    if is_draft || earlier.addressed_to().is_none() || earlier.addressed_to() == rewritten.addressed_to() {
        return Ok(());
    }
    Err(Rejection::new(
        RejectionCode::InvalidState,
        "addressedTo",
        "work that was offered to one person stays theirs: close it and write another",
        "特定の方に提示した業務委託の宛先は変更できません。終了して新しく作成してください",
    )
    .into())
}

/// Work can be offered by name only to somebody whom the viewer may see.
async fn ensure_addressee_exists(
    tx: &Transaction,
    viewer: &Viewer,
    opportunity: &Opportunity,
) -> Result<(), Failure> {
    match opportunity.addressed_to() {
        None => Ok(()),
        Some(alumnus_id) => ensure_visible(tx, viewer, alumnus_id, "addressedTo").await,
    }
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

/// Refuses what the law refuses: each missing term and each wording with a code of its own.
fn ensure_publishable(opportunity: &Opportunity) -> Result<(), Failure> {
    let refusals: Vec<Rejection> = law::findings(opportunity)
        .iter()
        .filter(|finding| finding.is_refusal())
        .map(Rejection::unlawful)
        .collect();
    if refusals.is_empty() {
        return Ok(());
    }
    Err(Failure::Rejected(refusals))
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
        "hiringManager",
        draft.hiring_manager.as_deref(),
        STAFF_SUBJECT_CHARS_MAX,
    );
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
    checks.lines("products", &draft.products, PRODUCTS_MAX, PRODUCT_CHARS_MAX);
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
            ("trialPeriod", terms.trial_period.as_ref()),
            ("socialInsurance", terms.social_insurance.as_ref()),
            ("smokingMeasures", terms.smoking_measures.as_ref()),
            ("ageExceptionReason", terms.age_exception_reason.as_ref()),
            (
                "physicalRequirementReason",
                terms.physical_requirement_reason.as_ref(),
            ),
            (
                "relocationRequirementReason",
                terms.relocation_requirement_reason.as_ref(),
            ),
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
            ("primeContractor", terms.prime_contractor.as_ref()),
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
            hiring_manager: self.hiring_manager,
            status: OpportunityStatus::Draft,
            required_skills: self.required_skills,
            preferred_skills: self.preferred_skills,
            products: self.products,
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
