//! The summary's second sentence: what is lacking or to be confirmed.

use super::points::IN_THE_WAY;
use super::requirements::is_name;
use super::summary::SHOWS;
use super::{Context, RequirementCheck, RequirementStatus, Side, how};
use crate::domain::OpportunityKind;
use crate::features::analysis::Wanted;
use crate::features::distance::Distance;
use crate::features::lived::LivedExperience;
use crate::features::practical::{self, Practical};

/// Most requirements named.
const LACKING_MAX: usize = 2;

/// What is lacking or to be confirmed, in one sentence; what speaks for the pair where nothing is.
pub(super) fn sentence(context: &Context<'_>, requirements: &[RequirementCheck]) -> Option<String> {
    let must_haves = requirements.iter().filter(|check| check.is_must_have);
    // Of a lived experience the first sentence has said it.
    let is_lived = |check: &RequirementCheck| {
        LivedExperience::named_in(&check.text).may_be_read_for(context.query.lived)
    };
    let assessed: Vec<&RequirementCheck> = must_haves
        .filter(|check| check.status != RequirementStatus::NotAssessable && !is_lived(check))
        .collect();
    let with = |status: RequirementStatus| -> Vec<&RequirementCheck> {
        assessed
            .iter()
            .copied()
            .filter(|check| check.status == status)
            .collect()
    };
    let (unmet, open) = (with(RequirementStatus::Unmet), with(RequirementStatus::NotShown));
    let obstacle = obstacle(context);
    let what = match context.request.opportunity.opportunity.kind() {
        OpportunityKind::SpeakerSlot => ("テーマ", "topic"),
        OpportunityKind::Role | OpportunityKind::ContractWork => ("必須要件", "must-have"),
    };
    let quoted = |checks: &[&RequirementCheck]| -> String {
        let texts = checks.iter().take(LACKING_MAX).map(|check| &check.text);
        let quoted = texts.map(|text| context.say(format!("「{text}」"), format!("“{text}”")));
        quoted.collect::<Vec<_>>().join(&context.say("", " and "))
    };
    if !unmet.is_empty() {
        let named = quoted(&unmet);
        return Some(match obstacle {
            Some((japanese, english)) => context.say(
                format!("{named}はプロフィールの記述では満たしておらず、{japanese}も確認が必要です。"),
                format!("{named} is not met, and {english} to be confirmed."),
            ),
            None => context.say(
                format!("{named}はプロフィールの記述では満たしていません。"),
                format!("{named} is not met."),
            ),
        });
    }
    if open.is_empty() && assessed.is_empty() {
        return obstacle.map(|(japanese, english)| {
            context.say(
                format!("{japanese}は確認が必要です。"),
                format!("{} to be confirmed.", capitalized(&english)),
            )
        });
    }
    if open.is_empty() {
        let n = assessed.len();
        let all = match n {
            1 => context.say(
                format!("{}は確認でき", what.0),
                format!("The {} is borne out", what.1),
            ),
            2 => context.say(
                format!("{}2件はいずれも確認でき", what.0),
                format!("Both {}s are borne out", what.1),
            ),
            _ => context.say(
                format!("{}{n}件はいずれも確認でき", what.0),
                format!("All {n} {}s are borne out", what.1),
            ),
        };
        return Some(match obstacle {
            Some((japanese, english)) => context.say(
                format!("{all}ますが、{japanese}は確認が必要です。"),
                format!("{all}; {english} to be confirmed."),
            ),
            None => context.say(format!("{all}ます。"), format!("{all}.")),
        });
    }
    if let ([only], None, Some(far)) = (open.as_slice(), &obstacle, distance_of(context, &open)) {
        let _ = only;
        return Some(context.say(format!("ただし、{far}"), far));
    }
    let named = quoted(&open);
    let rest = open.len().saturating_sub(LACKING_MAX);
    let (named_ja, named_en) = match rest {
        0 => (named.clone(), named),
        _ => (
            format!("{named}など{}件", open.len()),
            format!("{named} (and {rest} more)"),
        ),
    };
    let japanese = |tail: &str| match context.request.side {
        Side::Candidate => format!("{}の{named_ja}は記述から確認でき{tail}", what.0),
        Side::Feed => format!("{}の{named_ja}はプロフィールからは読み取れ{tail}", what.0),
    };
    let verb = if open.len() == 1 { "is" } else { "are" };
    Some(match obstacle {
        Some((obstacle, english)) => context.say(
            japanese(&format!("ず、{obstacle}も確認が必要です。")),
            format!("{named_en} {verb} not shown, and {english} to be confirmed."),
        ),
        None => context.say(
            japanese("ないため、確認が必要です。"),
            format!("{named_en} {verb} not shown and to be confirmed."),
        ),
    })
}

/// How the person stands to the one requirement that is open, where that is why it is open.
fn distance_of(context: &Context<'_>, open: &[&RequirementCheck]) -> Option<String> {
    let [check] = open else {
        return None;
    };
    let required = &context.request.opportunity.opportunity.required_skills;
    let idx = required.iter().position(|text| *text == check.text)?;
    let of_part = context.sightings.iter().filter(|one| {
        let need = &context.query.needs[one.need];
        need.wanted == Wanted::MustHave(idx as u16) && !need.is_generic && one.factor >= SHOWS
    });
    let best = of_part.reduce(|best, next| {
        if next.strength() > best.strength() {
            next
        } else {
            best
        }
    })?;
    let is_far = matches!(
        best.distance,
        Distance::Supported | Distance::NextTo | Distance::ByOthers | Distance::Taught | Distance::Studied
    );
    (is_far && is_name(how::written(context, best)))
        .then(|| how::distance_note(context, best))
        .flatten()
}

/// What most stands in the way, if anything does: in Japanese, and in English with its verb.
fn obstacle(context: &Context<'_>) -> Option<(String, String)> {
    let profile = &context.profile.profile;
    let opportunity = &context.request.opportunity.opportunity;
    let home = profile.prefecture.map(|one| one.name());
    let place = opportunity.prefecture.map(|one| one.name());
    let at = match (place, home) {
        (Some(place), Some(home)) if place != home => (
            format!("勤務地（{place}、お住まいは{home}）"),
            format!("the place ({place}; home is {home}) is"),
        ),
        _ => (
            "勤務地・在宅の条件".to_owned(),
            "place and remote style are".to_owned(),
        ),
    };
    let style = profile.work_style;
    let hours = match (
        opportunity.hours_per_week,
        style.and_then(|style| style.hours_per_week),
    ) {
        (Some(asked), Some(offered)) => (
            format!("稼働時間（週{asked}時間に対し{offered}時間）"),
            format!("hours ({offered} offered of {asked}) are"),
        ),
        _ => ("稼働時間".to_owned(), "hours are".to_owned()),
    };
    let start = match style.and_then(|style| style.available_from) {
        Some(from) => (
            format!("開始時期（{}年{}月から可能）", from.year(), from.month()),
            format!("the start (available from {from}) is"),
        ),
        None => ("開始時期".to_owned(), "the start is".to_owned()),
    };
    let practical = &Practical::of(profile);
    let fits = [
        (practical::place_fit(opportunity, practical), at),
        (practical::hours_fit(opportunity, practical), hours),
        (
            practical::start_fit(opportunity, practical, context.this_month),
            start,
        ),
    ];
    let worst = fits
        .into_iter()
        .reduce(|worst, next| if next.0 < worst.0 { next } else { worst })?;
    (worst.0 < IN_THE_WAY).then_some(worst.1)
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}
