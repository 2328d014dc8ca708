//! What a first talk should settle, from the same verdicts and features.

use super::{Context, RequirementCheck, RequirementStatus};
use crate::domain::calendar::japan_date;
use crate::features::analysis::Wanted;
use crate::features::level::{self, LevelAnswer};
use crate::features::practical::{self, Practical};

/// Below this, a practical feature is worth a question.
pub(super) const IN_THE_WAY: f32 = 0.8;

/// Below this, a profile is stale: three quarters of a year and more.
const STALE: f32 = 0.75;

/// Short sentences on what a first talk should settle.
pub(super) fn to_confirm(context: &Context<'_>, requirements: &[RequirementCheck]) -> Vec<String> {
    let profile = &context.profile.profile;
    let opportunity = &context.request.opportunity.opportunity;
    let mut points = Vec::new();
    for check in requirements.iter().filter(|check| check.is_must_have) {
        let text = &check.text;
        match (check.status, &check.evidence) {
            (RequirementStatus::Met, _) => {}
            (RequirementStatus::NotShown, None) => points.push(context.say(
                format!("「{text}」に当たる経験の有無"),
                format!("Whether there is experience: {text}"),
            )),
            (RequirementStatus::NotShown, Some(_)) => points.push(context.say(
                format!("「{text}」にどこまで当たるか"),
                format!("How far this is met: {text}"),
            )),
            (RequirementStatus::Unmet, _) => points.push(context.say(
                format!("「{text}」を満たさなくてもよいか"),
                format!("Whether this can be waived: {text}"),
            )),
            (RequirementStatus::NotAssessable, _) => {
                points.push(context.say(format!("「{text}」（面談で確認）"), format!("In person: {text}")))
            }
        }
    }
    for asked in context
        .query
        .levels
        .iter()
        .filter(|asked| asked.wanted == Wanted::Person)
    {
        if level::answer(asked, context.profile.levels()) != LevelAnswer::Met {
            points.push(context.say(
                format!("募集文にある水準（{}）", asked.text.trim_end_matches('。')),
                format!("A level named in the description: {}", asked.text),
            ));
        }
    }
    let practical = &Practical::of(profile);
    if practical::place_fit(opportunity, practical) < IN_THE_WAY {
        points.push(context.say("勤務地と在宅勤務の希望", "Place of work and remote style"));
    }
    if practical::hours_fit(opportunity, practical) < IN_THE_WAY {
        points.push(context.say("稼働できる時間", "Hours a week"));
    }
    if let Some(day) = opportunity.held_on() {
        points.push(context.say(format!("{day} の都合"), format!("Availability on {day}")));
    } else if practical::start_fit(opportunity, practical, context.this_month) < 1.0 {
        points.push(context.say("開始できる時期", "When to start"));
    }
    if profile.work_style.is_none() {
        points.push(context.say("働き方の希望（未記入）", "Working style (not said)"));
    }
    if practical::freshness(practical, japan_date(context.request.now)) < STALE {
        points.push(context.say("プロフィールが最新かどうか", "Whether the profile is up to date"));
    }
    points
}
