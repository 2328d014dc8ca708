//! One row of a file of opportunities.
//!
//! - It never makes up a term that the law asks for: what the file lacks is missing, and says so.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use okaeri_engine::domain::{
    CompanyId, ContractTerms, Opportunity, OpportunityId, OpportunityKind, OpportunityStatus, Prefecture,
    Remote, RoleTerms, SlotTerms, Terms, YearMonth,
};
use serde_json::Value;

use super::alumni::pick;
use super::limits::{
    COMPENSATION_CHARS_MAX, DESCRIPTION_CHARS_MAX, EXTERNAL_ID_CHARS_MAX, GROUP_COMPANY_CODE_CHARS_MAX,
    HOURS_PER_WEEK_MAX, PRODUCT_CHARS_MAX, PRODUCTS_MAX, REQUIREMENT_CHARS_MAX, REQUIREMENTS_MAX, SEATS_MAX,
    STAFF_SUBJECT_CHARS_MAX, TITLE_CHARS_MAX, UNIT_CHARS_MAX,
};
use super::record::{Check, Object, Record, RowError, halve, present};

/// The keys of the format; those of `terms` depend on the kind and are checked with it.
pub(crate) const KEYS: &[&str] = &[
    "id",
    "kind",
    "title",
    "department",
    "hiringManager",
    "groupCompany",
    "description",
    "requiredSkills",
    "preferredSkills",
    "products",
    "prefecture",
    "remote",
    "seats",
    "hoursPerWeek",
    "startsOn",
    "endsOn",
    "compensation",
    "status",
    "closesAt",
    "terms",
];

/// One row of a file of opportunities.
#[derive(Clone, Debug, PartialEq)]
pub struct OpportunityRow {
    /// The line on which it begins.
    pub line: u64,
    /// The company's own number.
    pub external_id: String,
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
    /// Where it stands, if the file says so.
    pub status: Option<OpportunityStatus>,
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
    pub seats: u32,
    /// Hours asked a week.
    pub hours_per_week: Option<u16>,
    /// First month.
    pub starts_on: Option<YearMonth>,
    /// Last month.
    pub ends_on: Option<YearMonth>,
    /// Pay, fee or honorarium as written.
    pub compensation: Option<String>,
    /// The deadline.
    pub closes_at: Option<DateTime<Utc>>,
    /// What the file says of the terms that the law asks for.
    pub terms: Terms,
    /// Top-level keys that the row carries.
    carried: Vec<String>,
}

impl OpportunityRow {
    /// Whether the row carries this top-level key, be it empty.
    #[must_use]
    pub fn carries(&self, key: &str) -> bool {
        self.carried.iter().any(|carried| carried == key)
    }

    /// The kind, which its terms decide.
    #[must_use]
    pub fn kind(&self) -> OpportunityKind {
        match self.terms {
            Terms::Role(_) => OpportunityKind::Role,
            Terms::SpeakerSlot(_) => OpportunityKind::SpeakerSlot,
            Terms::ContractWork(_) => OpportunityKind::ContractWork,
        }
    }

    /// A new opportunity: open for ranking, unless the file says otherwise.
    #[must_use]
    pub fn to_opportunity(
        &self,
        id: OpportunityId,
        company_id: CompanyId,
        created_at: DateTime<Utc>,
    ) -> Opportunity {
        let row = self.clone();
        Opportunity {
            id,
            company_id,
            external_id: Some(row.external_id),
            title: row.title,
            description: row.description,
            department: row.department,
            hiring_manager: row.hiring_manager,
            group_company: row.group_company,
            status: row.status.unwrap_or(OpportunityStatus::Open),
            required_skills: row.required_skills,
            preferred_skills: row.preferred_skills,
            products: row.products,
            prefecture: row.prefecture,
            remote: row.remote,
            seats: row.seats,
            hours_per_week: row.hours_per_week,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            compensation: row.compensation,
            closes_at: row.closes_at,
            created_at,
            terms: row.terms,
        }
    }

    /// The opportunity after this row: what the row carries, and the rest of `earlier`, so that what staff closed or
    /// completed since stays closed and complete.
    #[must_use]
    pub fn merged_into(&self, earlier: Opportunity) -> Opportunity {
        let row = self.to_opportunity(earlier.id, earlier.company_id, earlier.created_at);
        Opportunity {
            department: pick(self.carries("department"), row.department, earlier.department),
            hiring_manager: pick(
                self.carries("hiringManager"),
                row.hiring_manager,
                earlier.hiring_manager,
            ),
            group_company: pick(
                self.carries("groupCompany"),
                row.group_company,
                earlier.group_company,
            ),
            status: self.status.unwrap_or(earlier.status),
            required_skills: pick(
                self.carries("requiredSkills"),
                row.required_skills,
                earlier.required_skills,
            ),
            preferred_skills: pick(
                self.carries("preferredSkills"),
                row.preferred_skills,
                earlier.preferred_skills,
            ),
            products: pick(self.carries("products"), row.products, earlier.products),
            prefecture: pick(self.carries("prefecture"), row.prefecture, earlier.prefecture),
            seats: pick(self.carries("seats"), row.seats, earlier.seats),
            hours_per_week: pick(
                self.carries("hoursPerWeek"),
                row.hours_per_week,
                earlier.hours_per_week,
            ),
            starts_on: pick(self.carries("startsOn"), row.starts_on, earlier.starts_on),
            ends_on: pick(self.carries("endsOn"), row.ends_on, earlier.ends_on),
            compensation: pick(
                self.carries("compensation"),
                row.compensation,
                earlier.compensation,
            ),
            closes_at: pick(self.carries("closesAt"), row.closes_at, earlier.closes_at),
            terms: self.merged_terms(earlier.terms),
            ..row
        }
    }

    fn merged_terms(&self, earlier: Terms) -> Terms {
        if self.carries("terms") {
            return match (self.terms.clone(), earlier) {
                // No file says to whom work is offered, so none may offer it to everybody.
                (Terms::ContractWork(row), Terms::ContractWork(earlier)) => {
                    Terms::ContractWork(ContractTerms {
                        addressed_to: earlier.addressed_to,
                        ..row
                    })
                }
                (row @ (Terms::Role(_) | Terms::SpeakerSlot(_) | Terms::ContractWork(_)), _) => row,
            };
        }
        match (&self.terms, earlier) {
            (Terms::SpeakerSlot(row), Terms::SpeakerSlot(earlier)) => Terms::SpeakerSlot(SlotTerms {
                held_on: pick(self.carries("startsOn"), row.held_on, earlier.held_on),
                honorarium: pick(
                    self.carries("compensation"),
                    row.honorarium.clone(),
                    earlier.honorarium,
                ),
                audience: earlier.audience,
                held_at: earlier.held_at,
                format: earlier.format,
            }),
            (Terms::Role(_), earlier @ Terms::Role(_)) => earlier,
            (Terms::ContractWork(_), earlier @ Terms::ContractWork(_)) => earlier,
            // The kind has changed, so the earlier terms are about something else.
            (Terms::Role(_) | Terms::SpeakerSlot(_) | Terms::ContractWork(_), _) => self.terms.clone(),
        }
    }
}

const KIND_NAMES: &[(&str, OpportunityKind)] = &[
    ("再雇用", OpportunityKind::Role),
    ("求人", OpportunityKind::Role),
    ("採用", OpportunityKind::Role),
    ("正社員", OpportunityKind::Role),
    ("登壇", OpportunityKind::SpeakerSlot),
    ("講演", OpportunityKind::SpeakerSlot),
    ("講師", OpportunityKind::SpeakerSlot),
    ("業務委託", OpportunityKind::ContractWork),
];

const REMOTE_NAMES: &[(&str, Remote)] = &[
    ("リモート", Remote::Remote),
    ("フルリモート", Remote::Remote),
    ("オンライン", Remote::Remote),
    ("在宅", Remote::Remote),
    ("ハイブリッド", Remote::Hybrid),
    ("一部リモート", Remote::Hybrid),
    ("出社", Remote::Onsite),
    ("現地", Remote::Onsite),
    ("オンサイト", Remote::Onsite),
];

const STATUS_NAMES: &[(&str, OpportunityStatus)] = &[
    ("下書き", OpportunityStatus::Draft),
    ("募集中", OpportunityStatus::Open),
    ("公開", OpportunityStatus::Open),
    ("停止中", OpportunityStatus::Paused),
    ("休止", OpportunityStatus::Paused),
    ("充足", OpportunityStatus::Filled),
    ("終了", OpportunityStatus::Closed),
    ("締切", OpportunityStatus::Closed),
];

/// Reads one record.
///
/// # Errors
///
/// All that is wrong with it.
pub(crate) fn parse(record: &Record) -> Result<OpportunityRow, Vec<RowError>> {
    let mut check = Check::new(record);
    let root = check.root();
    let external_id = check.required_text(root, "id", EXTERNAL_ID_CHARS_MAX);
    let kind = required_choice(
        &mut check,
        root,
        "kind",
        OpportunityKind::ALL,
        OpportunityKind::code,
        KIND_NAMES,
    );
    let title = check.required_text(root, "title", TITLE_CHARS_MAX);
    let description = check.required_text(root, "description", DESCRIPTION_CHARS_MAX);
    let remote = required_choice(
        &mut check,
        root,
        "remote",
        Remote::ALL,
        Remote::code,
        REMOTE_NAMES,
    );
    let status = present(root, "status").and_then(|status| {
        check.choice(
            "status",
            status,
            OpportunityStatus::ALL,
            OpportunityStatus::code,
            STATUS_NAMES,
        )
    });
    let seats = present(root, "seats").map_or(Some(1), |_| check.number(root, "seats", 1, SEATS_MAX));
    let department = check.text(root, "department", UNIT_CHARS_MAX);
    let hiring_manager = check.text(root, "hiringManager", STAFF_SUBJECT_CHARS_MAX);
    let group_company = check.text(root, "groupCompany", GROUP_COMPANY_CODE_CHARS_MAX);
    let required_skills = check.texts(root, "requiredSkills", REQUIREMENTS_MAX, REQUIREMENT_CHARS_MAX);
    let preferred_skills = check.texts(root, "preferredSkills", REQUIREMENTS_MAX, REQUIREMENT_CHARS_MAX);
    let products = check.texts(root, "products", PRODUCTS_MAX, PRODUCT_CHARS_MAX);
    let prefecture = check.prefecture(root, "prefecture");
    let hours_per_week = check.number(root, "hoursPerWeek", 1, u32::from(HOURS_PER_WEEK_MAX));
    let compensation = check.text(root, "compensation", COMPENSATION_CHARS_MAX);
    let closes_at = closes_at(&mut check, root);
    let Some(kind) = kind else {
        return Err(check.errors);
    };
    let period = period(&mut check, root, kind);
    let terms = terms(&mut check, root, kind, &period, compensation.as_ref());
    match (external_id, title, description, remote, seats, terms) {
        (Some(external_id), Some(title), Some(description), Some(remote), Some(seats), Some(terms))
            if check.errors.is_empty() =>
        {
            Ok(OpportunityRow {
                line: record.line,
                external_id: halve(&external_id),
                title,
                description,
                department,
                hiring_manager,
                group_company,
                status,
                required_skills,
                preferred_skills,
                products,
                prefecture,
                remote,
                seats,
                hours_per_week: hours_per_week.and_then(|hours| u16::try_from(hours).ok()),
                starts_on: period.starts_on,
                ends_on: period.ends_on,
                compensation,
                closes_at,
                terms,
                carried: record.carried.clone(),
            })
        }
        _ => Err(check.errors),
    }
}

fn required_choice<T: Copy>(
    check: &mut Check<'_>,
    root: Object<'_>,
    key: &str,
    all: &[T],
    code: fn(T) -> &'static str,
    names: &[(&str, T)],
) -> Option<T> {
    match present(root, key) {
        Some(value) => check.choice(key, value, all, code, names),
        None => {
            check.refuse(key, None, "is missing");
            None
        }
    }
}

/// When the work is done: a slot has a day, the others have months.
struct Period {
    starts_on: Option<YearMonth>,
    ends_on: Option<YearMonth>,
    held_on: Option<NaiveDate>,
}

fn period(check: &mut Check<'_>, root: Object<'_>, kind: OpportunityKind) -> Period {
    let starts_on = check.date(root, "startsOn", &[]);
    let ends_on = check.date(root, "endsOn", &["未定", "なし", "期間の定めなし"]);
    if let (Some(starts_on), Some(ends_on)) = (starts_on, ends_on)
        && starts_on.month > ends_on.month
    {
        let reason = format!("is before the first month, {}", starts_on.month);
        check.refuse("endsOn", root.fields.get("endsOn"), reason);
    }
    match kind {
        OpportunityKind::Role | OpportunityKind::ContractWork => Period {
            starts_on: starts_on.map(|date| date.month),
            ends_on: ends_on.map(|date| date.month),
            held_on: None,
        },
        OpportunityKind::SpeakerSlot => {
            if starts_on.is_some_and(|date| date.day.is_none()) {
                let reason = "is a month; a speaker slot has a day such as 2027-02-18";
                check.refuse("startsOn", root.fields.get("startsOn"), reason);
            }
            Period {
                starts_on: None,
                ends_on: None,
                held_on: starts_on.and_then(|date| date.day),
            }
        }
    }
}

/// An instant, or a day, whose end in Japan it then is.
fn closes_at(check: &mut Check<'_>, root: Object<'_>) -> Option<DateTime<Utc>> {
    const NINE_HOURS: TimeDelta = TimeDelta::hours(9);
    let value = present(root, "closesAt")?;
    if let Some(text) = value.as_str()
        && let Ok(at) = DateTime::parse_from_rfc3339(text.trim())
    {
        return Some(at.with_timezone(&Utc));
    }
    let date = check.date(root, "closesAt", &[])?;
    match date.day {
        Some(day) => Some((day + Days::new(1)).and_time(NaiveTime::MIN).and_utc() - NINE_HOURS),
        None => {
            let reason = "is a month; a day or an instant such as 2027-02-18T15:00:00+09:00 is asked for";
            check.refuse("closesAt", Some(value), reason);
            None
        }
    }
}

fn terms(
    check: &mut Check<'_>,
    root: Object<'_>,
    kind: OpportunityKind,
    period: &Period,
    compensation: Option<&String>,
) -> Option<Terms> {
    let value = match root.fields.get("terms") {
        None | Some(Value::Null) => Value::Object(serde_json::Map::new()),
        Some(value @ Value::Object(_)) => value.clone(),
        Some(other) => {
            check.refuse("terms", Some(other), "is not an object");
            return None;
        }
    };
    match kind {
        OpportunityKind::Role => read_terms::<RoleTerms>(check, value).map(Terms::Role),
        OpportunityKind::ContractWork => {
            let read = read_terms::<ContractTerms>(check, value)?;
            if read.addressed_to.is_some() {
                let reason = "cannot be imported: address the work to a person through the API";
                check.refuse("terms.addressedTo", None, reason);
            }
            Some(Terms::ContractWork(read))
        }
        OpportunityKind::SpeakerSlot => {
            let read = read_terms::<SlotTerms>(check, value)?;
            Some(Terms::SpeakerSlot(SlotTerms {
                held_on: period.held_on.or(read.held_on),
                honorarium: read.honorarium.or_else(|| compensation.cloned()),
                ..read
            }))
        }
    }
}

/// Each text among the terms is held to the same limits as the description.
fn read_terms<T>(check: &mut Check<'_>, value: Value) -> Option<T>
where
    T: Default + serde::Serialize + serde::de::DeserializeOwned,
{
    let known = serde_json::to_value(T::default()).unwrap_or_default();
    let Value::Object(fields) = &value else {
        return None;
    };
    for (key, item) in fields {
        let path = format!("terms.{key}");
        if known.get(key).is_none() {
            let keys: Vec<&String> = known
                .as_object()
                .into_iter()
                .flat_map(|known| known.keys())
                .collect();
            check.refuse(
                &path,
                Some(item),
                format!("is no term of this kind; its terms are {keys:?}"),
            );
        }
        if let Some(text) = item.as_str() {
            check.clean(&path, text, DESCRIPTION_CHARS_MAX);
        }
    }
    match serde_json::from_value(value.clone()) {
        Ok(terms) => Some(terms),
        Err(error) => {
            check.refuse("terms", Some(&value), format!("cannot be read: {error}"));
            None
        }
    }
}
