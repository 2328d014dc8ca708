//! What a company offers: a role, a speaker slot, or contract work.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::alumnus::Interest;
use super::calendar::{YearMonth, japan_date};
use super::coded_enum;
use super::id::{AlumnusId, CompanyId, OpportunityId};
use super::law::{Place, without_personal_wording};
use super::prefecture::Prefecture;
use super::terms::{MissingTerm, Terms};

coded_enum! {
    /// The three kinds.
    OpportunityKind {
        /// Rehire.
        Role = "ROLE",
        /// A seminar's speaker slot.
        SpeakerSlot = "SPEAKER_SLOT",
        /// Contract work (業務委託).
        ContractWork = "CONTRACT_WORK",
    }
}

impl OpportunityKind {
    /// The interest that being ranked for this kind needs.
    #[must_use]
    pub const fn interest(self) -> Interest {
        match self {
            Self::Role => Interest::Rehire,
            Self::SpeakerSlot => Interest::Speaking,
            Self::ContractWork => Interest::ContractWork,
        }
    }
}

coded_enum! {
    /// Where the work is done.
    Remote {
        /// From anywhere.
        Remote = "REMOTE",
        /// Some days on site.
        Hybrid = "HYBRID",
        /// On site.
        Onsite = "ONSITE",
    }
}

coded_enum! {
    /// Where an opportunity stands.
    OpportunityStatus {
        /// Being written; in no list but the staff's.
        Draft = "DRAFT",
        /// Open for ranking.
        Open = "OPEN",
        /// Interrupted.
        Paused = "PAUSED",
        /// Every seat is taken.
        Filled = "FILLED",
        /// Over.
        Closed = "CLOSED",
    }
}

/// An offer from a former employer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opportunity {
    /// The identifier.
    pub id: OpportunityId,
    /// Who offers it.
    pub company_id: CompanyId,
    /// The company's own number.
    pub external_id: Option<String>,
    /// One line.
    pub title: String,
    /// Free text.
    pub description: String,
    /// The unit that offers it.
    pub department: Option<String>,
    /// The code of the group company that offers it; `None`: the programme as a whole.
    #[serde(default)]
    pub group_company: Option<String>,
    /// The subject of the member of staff who hires, as in their token; for staff only.
    pub hiring_manager: Option<String>,
    /// Where it stands.
    pub status: OpportunityStatus,
    /// Must-haves; a speaker slot's topics.
    pub required_skills: Vec<String>,
    /// Nice-to-haves.
    pub preferred_skills: Vec<String>,
    /// The company's own products, services and systems that the work is about, by the names that people there use.
    #[serde(default)]
    pub products: Vec<String>,
    /// Where; `None`: anywhere.
    pub prefecture: Option<Prefecture>,
    /// How much of it is remote.
    pub remote: Remote,
    /// How many people are wanted, at least 1.
    pub seats: u32,
    /// Hours asked a week; `None` for a speaker slot.
    pub hours_per_week: Option<u16>,
    /// First month of the work; `None` when not said or for a speaker slot.
    pub starts_on: Option<YearMonth>,
    /// Last month of the work; `None`: no end said.
    pub ends_on: Option<YearMonth>,
    /// Pay, fee or honorarium as written.
    pub compensation: Option<String>,
    /// The deadline; `None`: none.
    pub closes_at: Option<DateTime<Utc>>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// What the law asks for, by kind.
    pub terms: Terms,
}

impl Opportunity {
    /// The kind, which its terms decide.
    #[must_use]
    pub fn kind(&self) -> OpportunityKind {
        match self.terms {
            Terms::Role(_) => OpportunityKind::Role,
            Terms::SpeakerSlot(_) => OpportunityKind::SpeakerSlot,
            Terms::ContractWork(_) => OpportunityKind::ContractWork,
        }
    }

    /// The day of a speaker slot.
    #[must_use]
    pub fn held_on(&self) -> Option<NaiveDate> {
        match &self.terms {
            Terms::SpeakerSlot(terms) => terms.held_on,
            Terms::Role(_) | Terms::ContractWork(_) => None,
        }
    }

    /// The one person whom contract work is offered to; `None`: everybody who may be ranked for it.
    #[must_use]
    pub fn addressed_to(&self) -> Option<AlumnusId> {
        match &self.terms {
            Terms::ContractWork(terms) => terms.addressed_to,
            Terms::Role(_) | Terms::SpeakerSlot(_) => None,
        }
    }

    /// Whether it is offered to this person: to everybody, or by name.
    #[must_use]
    pub fn is_offered_to(&self, alumnus_id: AlumnusId) -> bool {
        self.addressed_to()
            .is_none_or(|addressed_to| addressed_to == alumnus_id)
    }

    /// Follows its seats. The last one that is taken fills it; one that comes free opens it again, if that was why it
    /// was filled. What was paused, closed, or called filled by hand stays what it is.
    #[must_use]
    pub fn settle_seats(self, was_full: bool, is_full: bool) -> Self {
        let status = match self.status {
            OpportunityStatus::Open if is_full => OpportunityStatus::Filled,
            OpportunityStatus::Filled if was_full && !is_full => OpportunityStatus::Open,
            status @ (OpportunityStatus::Open
            | OpportunityStatus::Filled
            | OpportunityStatus::Draft
            | OpportunityStatus::Paused
            | OpportunityStatus::Closed) => status,
        };
        Self { status, ..self }
    }

    /// What the law, or a speaker's first question, still asks for; empty when complete.
    #[must_use]
    pub fn missing_terms(&self) -> Vec<MissingTerm> {
        self.terms.missing(self)
    }

    /// What it says, without what it says of applicants' age and sex: all of it that ranking may read. A must-have that
    /// says nothing else is none.
    #[must_use]
    pub fn without_personal_wording(mut self) -> Self {
        let requirements = |texts: Vec<String>| -> Vec<String> {
            let read = texts
                .iter()
                .map(|text| without_personal_wording(text, Place::Requirement));
            let read = read.map(std::borrow::Cow::into_owned);
            texts
                .iter()
                .zip(read)
                .filter(|(text, read)| *text == read || !read.trim().is_empty())
                .map(|(_, read)| read)
                .collect()
        };
        self.required_skills = requirements(self.required_skills);
        self.preferred_skills = requirements(self.preferred_skills);
        self.title = without_personal_wording(&self.title, Place::Title).into_owned();
        self.description = without_personal_wording(&self.description, Place::Text).into_owned();
        self
    }

    /// Whether it is in any ranking at `now`: open, before its deadline, and a slot's day not past.
    #[must_use]
    pub fn is_open_at(&self, now: DateTime<Utc>) -> bool {
        let is_before_deadline = self.closes_at.is_none_or(|closes_at| now < closes_at);
        let is_day_ahead = self.held_on().is_none_or(|held_on| japan_date(now) <= held_on);
        self.status == OpportunityStatus::Open && is_before_deadline && is_day_ahead
    }

    /// Whether alumni may see it at `now`: open, and complete unless the company is a demonstration.
    #[must_use]
    pub fn is_shown_to_alumni(&self, now: DateTime<Utc>, is_demonstration: bool) -> bool {
        self.is_open_at(now) && (is_demonstration || self.missing_terms().is_empty())
    }
}
