//! A former employee as one viewer may see them.

use async_graphql::{ComplexObject, Context, Error, ID, SimpleObject};
use okaeri_engine::domain::{self, AlumnusId, AlumnusView};

use crate::graphql::context::{ContextExt as _, nullable};
use crate::graphql::enums::{AlumnusStatus, Interest, LanguageLevel, RemotePreference};
use crate::graphql::id::GlobalId;
use crate::graphql::scalars::{Date, YearMonth};

/// A former employee with a profile. Recruiters and administrators see members with any consent; employees and
/// other alumni see those who consented to the directory, without what would tell who thinks of coming back.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct Alumnus {
    #[graphql(skip)]
    alumnus_id: AlumnusId,
    /// Globally unique and opaque.
    #[graphql(owned)]
    pub id: ID,
    /// The company's own number, from the import. Null to employees and other alumni, or when there is none.
    pub external_id: Option<String>,
    /// As written and as read.
    pub name: PersonName,
    /// For notices. Null to employees and other alumni, or when not known.
    pub email: Option<String>,
    /// The profile in one line. Null to employees and other alumni, or when not written.
    pub headline: Option<String>,
    /// The self-introduction. Null to employees and other alumni, or when not written.
    pub summary: Option<String>,
    /// Where the person lives: one of the 47 prefectures by its full name, or 海外. Null when not said.
    pub prefecture: Option<String>,
    /// As the person typed them, in their order.
    pub skills: Vec<String>,
    /// As the person typed them, in their order.
    pub qualifications: Vec<String>,
    /// Languages other than Japanese.
    pub languages: Vec<LanguageSkill>,
    /// Periods at this company, latest first.
    pub tenures: Vec<Tenure>,
    /// Positions since leaving, latest first.
    pub career_after: Vec<Position>,
    /// What the person opts into and consents to. To employees and other alumni only MENTORING and EVENTS.
    pub interests: Vec<Interest>,
    /// On which practical terms the person would work. Null to employees and other alumni, or when not said.
    pub work_style: Option<WorkStyle>,
    /// When the person last confirmed the profile. Null to employees and other alumni, or when never.
    pub confirmed_on: Option<Date>,
    /// How far the record has come. Null to employees and other alumni.
    pub status: Option<AlumnusStatus>,
}

#[ComplexObject]
impl Alumnus {
    /// An evaluation from the time at the company, where the programme keeps them. Ranking never reads it. The person and
    /// administrators; null to everybody else, or when there is none.
    async fn evaluation(&self, ctx: &Context<'_>) -> Option<Result<String, Error>> {
        nullable(ctx.loaders().evaluation(self.alumnus_id)).await
    }
}

/// A person's name.
#[derive(Clone, Debug, SimpleObject)]
pub struct PersonName {
    /// As written: family name, space, given name.
    pub kanji: String,
    /// As read, in katakana. Null when not known.
    pub kana: Option<String>,
}

/// A language and how well it is spoken.
#[derive(Clone, Debug, SimpleObject)]
pub struct LanguageSkill {
    /// The language as typed, such as 英語.
    pub language: String,
    /// How well.
    pub level: LanguageLevel,
}

/// A period of employment at the company.
#[derive(Clone, Debug, SimpleObject)]
pub struct Tenure {
    /// The unit as it was called then.
    pub department: String,
    /// The title held.
    pub title: String,
    /// First month.
    pub from: YearMonth,
    /// Last month. Null when not known.
    pub to: Option<YearMonth>,
    /// What the person did.
    pub description: String,
}

/// A position held since leaving.
#[derive(Clone, Debug, SimpleObject)]
pub struct Position {
    /// Where.
    pub organization: String,
    /// The title held.
    pub title: String,
    /// First month.
    pub from: YearMonth,
    /// Last month. Null while it lasts.
    pub to: Option<YearMonth>,
    /// What the person does.
    pub description: String,
}

/// On which practical terms a person would work.
#[derive(Clone, Debug, SimpleObject)]
pub struct WorkStyle {
    /// Where.
    pub remote: RemotePreference,
    /// Hours offered a week. Null when not said.
    pub hours_per_week: Option<i32>,
    /// First month of availability. Null: at once.
    pub available_from: Option<YearMonth>,
}

impl From<AlumnusView> for Alumnus {
    fn from(view: AlumnusView) -> Self {
        Self {
            alumnus_id: view.id,
            id: GlobalId::Alumnus(view.id).encode(),
            external_id: view.external_id,
            name: PersonName {
                kanji: view.name.kanji,
                kana: view.name.kana,
            },
            email: view.email,
            headline: view.headline,
            summary: view.summary,
            prefecture: view.prefecture.map(|prefecture| prefecture.name().to_owned()),
            skills: view.skills,
            qualifications: view.qualifications,
            languages: view.languages.into_iter().map(LanguageSkill::from).collect(),
            tenures: view.tenures.into_iter().map(Into::into).collect(),
            career_after: view.career_after.into_iter().map(Into::into).collect(),
            interests: view.interests.into_iter().map(Interest::from).collect(),
            work_style: view.work_style.map(WorkStyle::from),
            confirmed_on: view.confirmed_on.map(Date),
            status: view.status.map(AlumnusStatus::from),
        }
    }
}

impl From<domain::LanguageSkill> for LanguageSkill {
    fn from(value: domain::LanguageSkill) -> Self {
        Self {
            language: value.language,
            level: value.level.into(),
        }
    }
}

impl From<domain::Tenure> for Tenure {
    fn from(value: domain::Tenure) -> Self {
        Self {
            department: value.department,
            title: value.title,
            from: YearMonth(value.from),
            to: value.to.map(YearMonth),
            description: value.description,
        }
    }
}

impl From<domain::Position> for Position {
    fn from(value: domain::Position) -> Self {
        Self {
            organization: value.organization,
            title: value.title,
            from: YearMonth(value.from),
            to: value.to.map(YearMonth),
            description: value.description,
        }
    }
}

impl From<domain::WorkStyle> for WorkStyle {
    fn from(value: domain::WorkStyle) -> Self {
        Self {
            remote: value.remote.into(),
            hours_per_week: value.hours_per_week.map(i32::from),
            available_from: value.available_from.map(YearMonth),
        }
    }
}
