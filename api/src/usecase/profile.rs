//! What an alumnus changes about themselves: the profile and the interests.

use chrono::{DateTime, NaiveDate, Utc};
use okaeri_engine::domain::calendar::japan_date;
use okaeri_engine::domain::limits::{
    HEADLINE_CHARS_MAX, HOURS_PER_WEEK_MAX, LANGUAGES_MAX, PERIOD_DESCRIPTION_CHARS_MAX, PERIODS_MAX,
    SKILL_CHARS_MAX, SKILLS_MAX, SUMMARY_CHARS_MAX, UNIT_CHARS_MAX,
};
use okaeri_engine::domain::{
    Alumnus, AlumnusId, Consent, ConsentSource, ConsentState, Interest, LanguageSkill, Position, Prefecture,
    Profile, Purpose, Viewer, WorkStyle,
};
use okaeri_engine::domain::{ConsentId, YearMonth};

use super::consent_texts::{self, current_version};
use super::validate::Checks;
use super::{Failure, Fault, RejectionCode};
use crate::app::App;
use crate::db::change_log::{self, Change};
use crate::db::{alumni, consents};

/// A change of the own profile. `None` leaves a part as it is; `Some(None)` clears it.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    /// One line.
    pub headline: Option<Option<String>>,
    /// Self-introduction.
    pub summary: Option<Option<String>>,
    /// Where the person lives.
    pub prefecture: Option<Option<Prefecture>>,
    /// As typed.
    pub skills: Option<Vec<String>>,
    /// As typed.
    pub qualifications: Option<Vec<String>>,
    /// Other than Japanese.
    pub languages: Option<Vec<LanguageSkill>>,
    /// Positions since leaving.
    pub career_after: Option<Vec<Position>>,
    /// Practical terms; hours as typed.
    pub work_style: Option<Option<WorkStyleChange>>,
}

/// Practical terms as typed.
#[derive(Clone, Copy, Debug)]
pub struct WorkStyleChange {
    /// Where.
    pub remote: okaeri_engine::domain::RemotePreference,
    /// Hours offered a week.
    pub hours_per_week: Option<i32>,
    /// First month of availability; `None`: at once.
    pub available_from: Option<YearMonth>,
}

/// Changes the viewer's own profile, and with it confirms it as of today in Japan.
pub async fn update(
    app: &App,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    change: ProfileChange,
) -> Result<Alumnus, Failure> {
    let now = app.clock.now();
    check(&change, japan_date(now))?;
    let tx = app.db.begin_for(viewer.company_id).await?;
    let mut alumnus = alumni::find(&tx, viewer.company_id, alumnus_id)
        .await?
        .ok_or_else(missing)?;
    let stored = alumnus.profile.clone();
    change.apply(&mut alumnus.profile);
    alumnus.profile.confirmed_on = Some(japan_date(now));
    alumni::update_profile(&tx, viewer.company_id, alumnus_id, &stored, &alumnus.profile, now).await?;
    change_log::append(&tx, viewer.company_id, Change::AlumnusChanged(alumnus_id), now).await?;
    tx.commit().await?;
    Ok(alumnus)
}

/// Confirms the viewer's own profile as it is, as of today in Japan.
pub async fn confirm(app: &App, viewer: &Viewer, alumnus_id: AlumnusId) -> Result<Alumnus, Failure> {
    update(app, viewer, alumnus_id, ProfileChange::default()).await
}

/// Replaces the viewer's interests. Opting in is consent to being approached for it, so a new interest gives the
/// consent that it needs, to the current text, and one that is taken back withdraws it. An interest that was there before
/// gives nothing: whoever withdrew its consent and saves the same list again has not given it again.
pub async fn set_interests(
    app: &App,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    wanted: Vec<Interest>,
) -> Result<Alumnus, Failure> {
    let now = app.clock.now();
    let wanted: Vec<Interest> = Interest::ALL
        .iter()
        .copied()
        .filter(|interest| wanted.contains(interest))
        .collect();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let alumnus = alumni::find(&tx, viewer.company_id, alumnus_id)
        .await?
        .ok_or_else(missing)?;
    let texts = consent_texts::list_current(&tx, viewer.company_id).await?;
    alumni::set_interests(&tx, viewer.company_id, alumnus_id, &wanted, now).await?;
    for interest in Interest::ALL.iter().copied() {
        let purpose = Purpose::for_interest(interest);
        if wanted.contains(&interest) {
            if !alumnus.interests.contains(&interest) {
                let version = current_version(&texts, purpose)?;
                let consent = own_consent(app, alumnus_id, purpose, version, now);
                consents::give(&tx, viewer.company_id, &consent).await?;
            }
        } else {
            consents::withdraw(&tx, viewer.company_id, alumnus_id, purpose, now).await?;
        }
    }
    change_log::append(&tx, viewer.company_id, Change::StandingChanged(alumnus_id), now).await?;
    tx.commit().await?;
    Ok(Alumnus {
        interests: wanted,
        ..alumnus
    })
}

/// A consent that a signed-in person gives now.
pub fn own_consent(
    app: &App,
    alumnus_id: AlumnusId,
    purpose: Purpose,
    text_version: &str,
    now: DateTime<Utc>,
) -> Consent {
    Consent {
        id: ConsentId(app.clock.new_id()),
        alumnus_id,
        purpose,
        text_version: text_version.to_owned(),
        given_at: now,
        source: ConsentSource::Self_,
        source_digest: None,
        state: ConsentState::Given,
    }
}

fn missing() -> Failure {
    // The record was there when the token was checked: it has been erased since.
    Failure::Fault(Fault::Broken("the viewer's own record is gone".to_owned()))
}

fn check(change: &ProfileChange, today: NaiveDate) -> Result<(), Failure> {
    let mut checks = Checks::default();
    let text = |value: &Option<Option<String>>| value.clone().flatten();
    checks.optional("headline", text(&change.headline).as_deref(), HEADLINE_CHARS_MAX);
    checks.optional("summary", text(&change.summary).as_deref(), SUMMARY_CHARS_MAX);
    checks.lines(
        "skills",
        change.skills.as_deref().unwrap_or_default(),
        SKILLS_MAX,
        SKILL_CHARS_MAX,
    );
    checks.lines(
        "qualifications",
        change.qualifications.as_deref().unwrap_or_default(),
        SKILLS_MAX,
        SKILL_CHARS_MAX,
    );
    let languages = change.languages.as_deref().unwrap_or_default();
    checks.count("languages", languages.len(), LANGUAGES_MAX);
    for (idx, skill) in languages.iter().enumerate().take(LANGUAGES_MAX) {
        checks.line(
            &format!("languages.{idx}.language"),
            &skill.language,
            SKILL_CHARS_MAX,
        );
    }
    let positions = change.career_after.as_deref().unwrap_or_default();
    checks.count("careerAfter", positions.len(), PERIODS_MAX);
    for (idx, position) in positions.iter().enumerate().take(PERIODS_MAX) {
        check_position(&mut checks, idx, position, YearMonth::of(today));
    }
    if let Some(hours) = change.work_style.flatten().and_then(|style| style.hours_per_week) {
        checks.range("workStyle.hoursPerWeek", hours, 0, HOURS_PER_WEEK_MAX.into());
    }
    checks.finish()
}

fn check_position(checks: &mut Checks, idx: usize, position: &Position, this_month: YearMonth) {
    checks.line(
        &format!("careerAfter.{idx}.organization"),
        &position.organization,
        UNIT_CHARS_MAX,
    );
    checks.line(
        &format!("careerAfter.{idx}.title"),
        &position.title,
        UNIT_CHARS_MAX,
    );
    checks.optional(
        &format!("careerAfter.{idx}.description"),
        Some(&position.description),
        PERIOD_DESCRIPTION_CHARS_MAX,
    );
    let mut out_of_range = |field: &str, english: String, japanese: String| {
        checks.reject(
            RejectionCode::OutOfRange,
            &format!("careerAfter.{idx}.{field}"),
            english,
            japanese,
        );
    };
    if position.from > this_month {
        let from = position.from;
        out_of_range(
            "from",
            format!("from {from} lies in the future"),
            format!("開始月 {from} が未来です"),
        );
    }
    if let Some(to) = position.to
        && to < position.from
    {
        let from = position.from;
        out_of_range(
            "to",
            format!("to {to} lies before from {from}"),
            format!("終了月 {to} が開始月 {from} より前です"),
        );
    }
}

impl ProfileChange {
    fn apply(self, profile: &mut Profile) {
        let clear_blank = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        if let Some(headline) = self.headline {
            profile.headline = clear_blank(headline);
        }
        if let Some(summary) = self.summary {
            profile.summary = clear_blank(summary);
        }
        if let Some(prefecture) = self.prefecture {
            profile.prefecture = prefecture;
        }
        if let Some(skills) = self.skills {
            profile.skills = skills;
        }
        if let Some(qualifications) = self.qualifications {
            profile.qualifications = qualifications;
        }
        if let Some(languages) = self.languages {
            profile.languages = languages;
        }
        if let Some(mut career_after) = self.career_after {
            career_after.sort_by_key(|position| std::cmp::Reverse(position.from));
            profile.career_after = career_after;
        }
        if let Some(work_style) = self.work_style {
            profile.work_style = work_style.map(|style| WorkStyle {
                remote: style.remote,
                hours_per_week: style.hours_per_week.and_then(|hours| u16::try_from(hours).ok()),
                available_from: style.available_from,
            });
        }
    }
}
