//! What an alumnus changes about themselves.

use async_graphql::{Context, Error, InputObject, MaybeUndefined, Object, SimpleObject};
use okaeri_engine::domain::{self, Prefecture};

use super::errors::{UserError, outcome};
use crate::graphql::context::ContextExt as _;
use crate::graphql::enums::{Interest, LanguageLevel, RemotePreference};
use crate::graphql::scalars::YearMonth;
use crate::graphql::types::alumnus::Alumnus;
use crate::usecase::profile::{self, ProfileChange, WorkStyleChange};
use crate::usecase::{Failure, Rejection, RejectionCode};

/// Changes the viewer's own record.
#[derive(Default)]
pub struct ProfileMutation;

/// What to change of the profile. Absent: as it is. Null: cleared.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateMyProfileInput {
    /// One line, at most 200 characters.
    pub headline: MaybeUndefined<String>,
    /// The self-introduction, at most 4,000 characters.
    pub summary: MaybeUndefined<String>,
    /// Where the viewer lives, with or without 都, 府 or 県, or 海外.
    pub prefecture: MaybeUndefined<String>,
    /// At most 100, in the order to show.
    pub skills: Option<Vec<String>>,
    /// At most 100, in the order to show.
    pub qualifications: Option<Vec<String>>,
    /// Languages other than Japanese.
    pub languages: Option<Vec<LanguageSkillInput>>,
    /// All positions since leaving.
    pub career_after: Option<Vec<PositionInput>>,
    /// On which practical terms the viewer would work.
    pub work_style: MaybeUndefined<WorkStyleInput>,
}

/// A language and how well it is spoken.
#[derive(Clone, Debug, InputObject)]
pub struct LanguageSkillInput {
    /// The language, such as 英語.
    pub language: String,
    /// How well.
    pub level: LanguageLevel,
}

/// A position held since leaving.
#[derive(Clone, Debug, InputObject)]
pub struct PositionInput {
    /// Where.
    pub organization: String,
    /// The title held.
    pub title: String,
    /// First month.
    pub from: YearMonth,
    /// Last month. Absent: it lasts.
    pub to: Option<YearMonth>,
    /// What the viewer does, at most 4,000 characters.
    #[graphql(default)]
    pub description: String,
}

/// On which practical terms a person would work.
#[derive(Clone, Debug, InputObject)]
pub struct WorkStyleInput {
    /// Where.
    pub remote: RemotePreference,
    /// Hours offered a week, 0 to 168; 0: no regular work.
    pub hours_per_week: Option<i32>,
    /// First month of availability. Absent: at once.
    pub available_from: Option<YearMonth>,
}

/// The answer to changing the profile.
#[derive(SimpleObject)]
pub struct UpdateMyProfilePayload {
    /// The viewer's record as it is now. Null when nothing was done.
    pub alumnus: Option<Alumnus>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Whether the profile is right as it is.
#[derive(Clone, Debug, InputObject)]
pub struct ConfirmMyProfileInput {
    /// Must be true; what is not right is changed with `updateMyProfile`, which confirms as well.
    pub is_current: bool,
}

/// The answer to confirming the profile.
#[derive(SimpleObject)]
pub struct ConfirmMyProfilePayload {
    /// The viewer's record as it is now. Null when nothing was done.
    pub alumnus: Option<Alumnus>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// What the viewer opts into.
#[derive(Clone, Debug, InputObject)]
pub struct SetMyInterestsInput {
    /// All of it; what is not listed is not offered.
    pub interests: Vec<Interest>,
}

/// The answer to setting the interests.
#[derive(SimpleObject)]
pub struct SetMyInterestsPayload {
    /// The viewer's record as it is now. Null when nothing was done.
    pub alumnus: Option<Alumnus>,
    /// What was wrong; empty when done.
    pub user_errors: Vec<UserError>,
}

/// Changes the viewer's own record.
#[Object]
impl ProfileMutation {
    /// Changes the viewer's own profile, and confirms it as of today. Alumni.
    async fn update_my_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateMyProfileInput,
    ) -> Result<UpdateMyProfilePayload, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        let result = match input.into_change() {
            Ok(change) => profile::update(ctx.app(), viewer, alumnus_id, change).await,
            Err(failure) => Err(failure),
        };
        let (alumnus, user_errors) = outcome(result, ctx.language())?;
        let alumnus = match alumnus {
            Some(alumnus) => ctx.loaders().alumnus(alumnus.id).await?.map(Alumnus::from),
            None => None,
        };
        Ok(UpdateMyProfilePayload { alumnus, user_errors })
    }

    /// Confirms the viewer's own profile as it is, as of today: statements of a profile that was confirmed lately are surer,
    /// and nothing else changes. Alumni.
    async fn confirm_my_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whether it is right.")] input: ConfirmMyProfileInput,
    ) -> Result<ConfirmMyProfilePayload, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        let result = if input.is_current {
            profile::confirm(ctx.app(), viewer, alumnus_id).await
        } else {
            let english = "isCurrent is false: change what is not right with updateMyProfile";
            let japanese = "変更がある場合は updateMyProfile で修正してください";
            Err(Rejection::new(RejectionCode::Invalid, "isCurrent", english, japanese).into())
        };
        let (alumnus, user_errors) = outcome(result, ctx.language())?;
        let alumnus = match alumnus {
            Some(alumnus) => ctx.loaders().alumnus(alumnus.id).await?.map(Alumnus::from),
            None => None,
        };
        Ok(ConfirmMyProfilePayload { alumnus, user_errors })
    }

    /// Replaces what the viewer opts into. A new interest gives the consent that it needs, and one that is taken
    /// back withdraws it. Alumni.
    async fn set_my_interests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "All interests.")] input: SetMyInterestsInput,
    ) -> Result<SetMyInterestsPayload, Error> {
        let (viewer, alumnus_id) = ctx.alumnus_viewer()?;
        let interests = input.interests.into_iter().map(domain::Interest::from).collect();
        let result = profile::set_interests(ctx.app(), viewer, alumnus_id, interests).await;
        let (alumnus, user_errors) = outcome(result, ctx.language())?;
        let alumnus = match alumnus {
            Some(alumnus) => ctx.loaders().alumnus(alumnus.id).await?.map(Alumnus::from),
            None => None,
        };
        Ok(SetMyInterestsPayload { alumnus, user_errors })
    }
}

impl UpdateMyProfileInput {
    fn into_change(self) -> Result<ProfileChange, Failure> {
        let language = |skill: LanguageSkillInput| domain::LanguageSkill {
            language: skill.language,
            level: skill.level.into(),
        };
        let position = |position: PositionInput| domain::Position {
            organization: position.organization,
            title: position.title,
            from: position.from.0,
            to: position.to.map(|month| month.0),
            description: position.description,
        };
        let work_style = |style: WorkStyleInput| WorkStyleChange {
            remote: style.remote.into(),
            hours_per_week: style.hours_per_week,
            available_from: style.available_from.map(|month| month.0),
        };
        Ok(ProfileChange {
            headline: three_states(self.headline),
            summary: three_states(self.summary),
            prefecture: three_states(self.prefecture)
                .map(|name| name.map(prefecture).transpose())
                .transpose()?,
            skills: self.skills,
            qualifications: self.qualifications,
            languages: self
                .languages
                .map(|skills| skills.into_iter().map(language).collect()),
            career_after: self
                .career_after
                .map(|positions| positions.into_iter().map(position).collect()),
            work_style: three_states(self.work_style).map(|style| style.map(work_style)),
        })
    }
}

/// Absent, cleared, or given.
fn three_states<T>(value: MaybeUndefined<T>) -> Option<Option<T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

fn prefecture(name: String) -> Result<Prefecture, Failure> {
    name.parse::<Prefecture>().map_err(|error| {
        let japanese = "47都道府県または海外を指定してください";
        Rejection::new(RejectionCode::Invalid, "prefecture", error.to_string(), japanese).into()
    })
}
