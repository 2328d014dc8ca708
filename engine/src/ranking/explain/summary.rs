//! The summary and the points to confirm: the explanation's head, from the same verdicts and features.

use super::{Context, RequirementCheck, RequirementStatus, Side};
use crate::domain::YearMonth;
use crate::domain::calendar::japan_date;
use crate::features::{ProfileField, level, practical};

/// Below this, a practical feature is worth a question.
const IN_THE_WAY: f32 = 0.8;

/// Below this, a profile is stale: three quarters of a year and more.
const STALE: f32 = 0.75;

/// Most names of requirements in one sentence.
const NAMED_MAX: usize = 2;

/// One or two sentences.
pub(super) fn summary(context: &Context<'_>, requirements: &[RequirementCheck]) -> String {
    let must_haves: Vec<_> = requirements.iter().filter(|check| check.is_must_have).collect();
    let met: Vec<&str> = names(&must_haves, RequirementStatus::Met);
    let first = match (must_haves.len(), met.len()) {
        (0, _) => overall(context),
        (_, 0) => context.say(
            "必須要件をはっきり示す記述は見つかりませんが、関連の度合いで並べています。",
            "No statement clearly bears out a must-have; the order is by relevance.",
        ),
        (n, n_met) => {
            let where_from = source(context);
            let listed = listed(&met);
            match context.request.side {
                Side::Candidate => context.say(
                    format!("{where_from}「{listed}」を含め、必須要件{n}件のうち{n_met}件が確認できます。"),
                    format!("{n_met} of {n} must-haves are borne out, among them {listed}."),
                ),
                Side::Feed => context.say(
                    format!(
                        "{where_from}「{listed}」が、この募集の必須要件に合っています（{n}件中{n_met}件）。"
                    ),
                    format!("Your {listed} fits this opportunity ({n_met} of {n} must-haves)."),
                ),
            }
        }
    };
    match obstacle(context) {
        Some(second) => context.say(format!("{first}{second}"), format!("{first} {second}")),
        None => first,
    }
}

/// Short sentences on what a first talk should settle.
pub(super) fn points_to_confirm(context: &Context<'_>, requirements: &[RequirementCheck]) -> Vec<String> {
    let profile = &context.request.profile.profile;
    let opportunity = &context.request.opportunity.opportunity;
    let mut points = Vec::new();
    for check in requirements.iter().filter(|check| check.is_must_have) {
        match check.status {
            RequirementStatus::Met => {}
            RequirementStatus::NotShown | RequirementStatus::NotAssessable => points.push(context.say(
                format!("「{}」の経験", check.text),
                format!("Experience: {}", check.text),
            )),
            RequirementStatus::Unmet => points.push(context.say(
                format!("「{}」の水準", check.text),
                format!("Level: {}", check.text),
            )),
        }
    }
    if practical::place_fit(opportunity, profile) < IN_THE_WAY {
        points.push(context.say("勤務地と在宅勤務の希望", "Place of work and remote style"));
    }
    if practical::hours_fit(opportunity, profile) < IN_THE_WAY {
        points.push(context.say("稼働できる時間", "Hours a week"));
    }
    if practical::start_fit(opportunity, profile, context.this_month) < 1.0 {
        points.push(match opportunity.held_on() {
            Some(day) => context.say(format!("{day} の都合"), format!("Availability on {day}")),
            None => context.say("開始できる時期", "When to start"),
        });
    } else if let Some(day) = opportunity.held_on() {
        points.push(context.say(format!("{day} の都合"), format!("Availability on {day}")));
    }
    if profile.work_style.is_none() {
        points.push(context.say("働き方の希望（未記入）", "Working style (not said)"));
    }
    if practical::freshness(profile, japan_date(context.request.now)) < STALE {
        points.push(context.say("プロフィールが最新かどうか", "Whether the profile is up to date"));
    }
    points
}

fn overall(context: &Context<'_>) -> String {
    let score = context.request.base + context.request.contributions.iter().sum::<f64>();
    if score > context.request.base {
        return context.say(
            "募集の内容と経歴に共通点があります。",
            "The background has something in common with what is asked.",
        );
    }
    context.say(
        "募集の内容と経歴の共通点は少なめです。",
        "The background has little in common with what is asked.",
    )
}

/// Where the best matching experience stands.
fn source(context: &Context<'_>) -> String {
    let jobs = context
        .borne
        .jobs
        .iter()
        .map(|job| (job, job.likeness(&context.query)));
    let alike = jobs.filter(|(_, likeness)| *likeness >= 0.5);
    let best = alike.max_by(|(_, a), (_, b)| a.total_cmp(b));
    match best.map(|(job, _)| job.field) {
        Some(ProfileField::Tenure) => context.say("在籍時の経験から", ""),
        Some(ProfileField::CareerAfter) => context.say("退職後に得た経験から", ""),
        _ => context.say("プロフィールから", ""),
    }
}

/// The sentence on what most stands in the way, if anything does.
fn obstacle(context: &Context<'_>) -> Option<String> {
    let profile = &context.request.profile.profile;
    let opportunity = &context.request.opportunity.opportunity;
    let month: YearMonth = context.this_month;
    let mut obstacles = [
        (
            practical::place_fit(opportunity, profile),
            context.say(
                "勤務地・在宅の条件は確認が必要です。",
                "Place and remote style are to be confirmed.",
            ),
        ),
        (
            practical::hours_fit(opportunity, profile),
            context.say("稼働時間は確認が必要です。", "Hours are to be confirmed."),
        ),
        (
            practical::start_fit(opportunity, profile, month),
            context.say("開始時期は確認が必要です。", "The start is to be confirmed."),
        ),
        (
            level::fit(&context.query.levels, profile),
            context.say(
                "語学・資格の水準は確認が必要です。",
                "A level is to be confirmed.",
            ),
        ),
    ];
    obstacles.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let [(fit, sentence), ..] = obstacles;
    (fit < IN_THE_WAY).then_some(sentence)
}

fn names<'a>(checks: &[&'a RequirementCheck], status: RequirementStatus) -> Vec<&'a str> {
    let with_status = checks.iter().filter(|check| check.status == status);
    with_status.map(|check| check.text.as_str()).collect()
}

fn listed(names: &[&str]) -> String {
    names[..names.len().min(NAMED_MAX)].join("・")
}
