//! A former employee: the record, and the profile that matching may read.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::YearMonth;
use super::coded_enum;
use super::id::{AlumnusId, CompanyId};
use super::prefecture::Prefecture;

coded_enum! {
    /// What an alumnus opts into. What is not listed is not offered.
    Interest {
        /// Coming back as an employee.
        Rehire = "REHIRE",
        /// Contract work (業務委託).
        ContractWork = "CONTRACT_WORK",
        /// Speaking at a seminar.
        Speaking = "SPEAKING",
        /// Mentoring.
        Mentoring = "MENTORING",
        /// Events and reunions.
        Events = "EVENTS",
    }
}

coded_enum! {
    /// How well a language is spoken, weakest first.
    LanguageLevel {
        /// A few phrases.
        Basic = "BASIC",
        /// Everyday conversation.
        Conversational = "CONVERSATIONAL",
        /// Work in that language.
        Business = "BUSINESS",
        /// A first language.
        Native = "NATIVE",
    }
}

coded_enum! {
    /// Where a person is willing to work.
    RemotePreference {
        /// From home only.
        RemoteOnly = "REMOTE_ONLY",
        /// Some days at the office.
        Hybrid = "HYBRID",
        /// At the office.
        Onsite = "ONSITE",
        /// No preference.
        Any = "ANY",
    }
}

coded_enum! {
    /// How far a record has come on its way into the programme.
    AlumnusStatus {
        /// Imported by HR, not yet claimed by the person. Consents given by the person with the import count.
        Unclaimed = "UNCLAIMED",
        /// Claimed without a match; an administrator has to approve.
        PendingApproval = "PENDING_APPROVAL",
        /// A member.
        Active = "ACTIVE",
        /// Left the programme or was erased.
        Left = "LEFT",
    }
}

/// A name as written and as read. Never an input of ranking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonName {
    /// As written, usually in kanji: family name, space, given name.
    pub kanji: String,
    /// As read, in katakana.
    pub kana: Option<String>,
}

/// A language and how well it is spoken; Japanese is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageSkill {
    /// The language's name as typed, such as 英語.
    pub language: String,
    /// The level.
    pub level: LanguageLevel,
}

/// A period of employment at the company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenure {
    /// Department or unit, as it was called then.
    pub department: String,
    /// Title held.
    pub title: String,
    /// First month.
    pub from: YearMonth,
    /// Last month; `None` when not known.
    pub to: Option<YearMonth>,
    /// What the person did, in free text; may be empty.
    pub description: String,
}

/// A position held since leaving.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Where.
    pub organization: String,
    /// Title held.
    pub title: String,
    /// First month.
    pub from: YearMonth,
    /// Last month; `None` while it lasts.
    pub to: Option<YearMonth>,
    /// What the person does, in free text; may be empty.
    pub description: String,
}

/// On which practical terms a person would work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkStyle {
    /// Where.
    pub remote: RemotePreference,
    /// Hours offered a week, 0 to 168: 0 is no regular work, `None` not said.
    pub hours_per_week: Option<u16>,
    /// First month of availability; `None`: at once.
    pub available_from: Option<YearMonth>,
}

/// All that matching may read about a person. What is not here cannot move a score.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// One line.
    pub headline: Option<String>,
    /// Self-introduction.
    pub summary: Option<String>,
    /// Where the person lives.
    pub prefecture: Option<Prefecture>,
    /// As the person typed them.
    pub skills: Vec<String>,
    /// As the person typed them.
    pub qualifications: Vec<String>,
    /// Languages other than Japanese.
    pub languages: Vec<LanguageSkill>,
    /// At this company, latest first.
    pub tenures: Vec<Tenure>,
    /// Since leaving, latest first.
    pub career_after: Vec<Position>,
    /// `None` when not said.
    pub work_style: Option<WorkStyle>,
    /// When the person last confirmed the profile.
    pub confirmed_on: Option<NaiveDate>,
}

/// A former employee's record at one company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alumnus {
    /// The identifier.
    pub id: AlumnusId,
    /// Whose record it is.
    pub company_id: CompanyId,
    /// The company's own number.
    pub external_id: Option<String>,
    /// The name; for display and the directory, never for ranking.
    pub name: PersonName,
    /// Unique within the company, in lower case.
    pub email: Option<String>,
    /// How far the record has come.
    pub status: AlumnusStatus,
    /// What the person opts into, in the order of [`Interest::ALL`].
    pub interests: Vec<Interest>,
    /// What matching may read.
    pub profile: Profile,
}

impl Profile {
    /// The last day at the company: the end of the latest tenure's last month. `None` while any tenure is open or
    /// none is known.
    #[must_use]
    pub fn left_on(&self) -> Option<NaiveDate> {
        let months: Option<Vec<YearMonth>> = self.tenures.iter().map(|tenure| tenure.to).collect();
        months?.into_iter().max().map(YearMonth::last_day)
    }

    /// Months at the company in all, the first and the last of each tenure counted; months in which tenures overlap
    /// count once, and of a tenure whose end is not known only the first.
    #[must_use]
    pub fn tenure_months(&self) -> u32 {
        let mut periods: Vec<(YearMonth, YearMonth)> = self
            .tenures
            .iter()
            .map(|tenure| (tenure.from, tenure.to.unwrap_or(tenure.from)))
            .collect();
        periods.sort_unstable();
        let mut n_months = 0;
        let mut counted_until: Option<YearMonth> = None;
        for (from, to) in periods {
            n_months += match counted_until {
                Some(until) if from <= until => until.months_until(to),
                Some(_) | None if from <= to => from.months_until(to) + 1,
                Some(_) | None => 0,
            };
            counted_until = counted_until.max(Some(to));
        }
        n_months
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenure(from: &str, to: Option<&str>) -> Tenure {
        Tenure {
            department: String::new(),
            title: String::new(),
            from: from.parse().unwrap(),
            to: to.map(|month| month.parse().unwrap()),
            description: String::new(),
        }
    }

    #[test]
    fn months_in_which_tenures_overlap_count_once() {
        let months = |tenures: &[Tenure]| {
            let profile = Profile {
                tenures: tenures.to_vec(),
                ..Profile::default()
            };
            profile.tenure_months()
        };
        assert_eq!(months(&[]), 0);
        assert_eq!(months(&[tenure("2011-04", Some("2012-03"))]), 12);
        assert_eq!(
            months(&[
                tenure("2012-01", Some("2013-03")),
                tenure("2011-04", Some("2012-03"))
            ]),
            24
        );
        assert_eq!(
            months(&[
                tenure("2011-04", Some("2012-03")),
                tenure("2011-05", Some("2011-06"))
            ]),
            12
        );
        assert_eq!(
            months(&[tenure("2015-04", None), tenure("2011-04", Some("2012-03"))]),
            13
        );
    }
}
