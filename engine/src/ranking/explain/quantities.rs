//! Quantities that a requirement asks for, held against what the profile tells of: years against the months of the
//! jobs that bear the rest out, people, sites, money and cases against what stands beside it.

use std::ops::Range;

use super::requirements::{LEFT_OUT, MET_SHARE, Standing, Verdict};
use super::sightings::{borne_in_job, weight_in};
use super::{Context, RequirementStatus, evidence};
use crate::domain::YearMonth;
use crate::features::ProfileField;
use crate::features::borne::JobNeeds;
use crate::features::needs;
use crate::features::scale::{self, Quantity, Unit};

/// The share of a requirement at which a job counts as the work that it asks years of.
const SAME_WORK: f32 = 0.5;

/// Behind a quantity, what makes it a most rather than a least.
const AT_MOST: &[&str] = &["以内", "以下", "未満", "まで"];

/// Words beside which people are counted who work for somebody, whatever the team does.
const TEAM: &[&str] = &[
    "部下",
    "チーム",
    "メンバー",
    "スタッフ",
    "マネジメント",
    "束ね",
    "まとめ",
    "率い",
];

/// A quantity of the profile.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shown {
    /// In the unit asked for.
    pub value: f64,
    /// The passage and the bytes of its text; `None` where it is counted from the months of jobs.
    pub place: Option<(usize, Range<usize>)>,
}

/// The least quantities that a requirement asks for.
pub(super) fn asked(requirement: &str) -> Vec<Quantity> {
    let mut quantities = scale::quantities(requirement);
    quantities.retain(|one| {
        let behind = &requirement[one.range.end..];
        !AT_MOST.iter().any(|word| behind.starts_with(word))
    });
    for one in &mut quantities {
        one.value *= lower_share(requirement, one);
    }
    quantities
}

/// Of a range (3〜5年) the lower end counts.
fn lower_share(requirement: &str, quantity: &Quantity) -> f64 {
    let number = |digits: String| digits.parse::<f64>().ok().filter(|number| *number > 0.0);
    let upper = requirement[quantity.range.start..]
        .chars()
        .take_while(char::is_ascii_digit);
    let before = requirement[..quantity.range.start].strip_suffix(['〜', '～', '~', '-', '–', 'ー']);
    let lower: Option<Vec<char>> =
        before.map(|text| text.chars().rev().take_while(char::is_ascii_digit).collect());
    let lower = lower.and_then(|digits| number(digits.into_iter().rev().collect()));
    match (lower, number(upper.collect())) {
        (Some(lower), Some(upper)) if lower < upper => lower / upper,
        _ => 1.0,
    }
}

/// The most of what is asked that the profile tells of beside the needs; `None` where it tells of none.
pub(super) fn shown(context: &Context<'_>, asked: &Quantity, needs: &[usize]) -> Option<Shown> {
    let stated = stated(context, asked.unit, needs);
    let counted = (asked.unit == Unit::Years).then(|| Shown {
        value: f64::from(months(context, needs)) / 12.0,
        place: None,
    });
    let all = stated.into_iter().chain(counted.filter(|one| one.value > 0.0));
    all.reduce(|best, next| if next.value > best.value { next } else { best })
}

/// The quantities in the jobs, or other entries, that bear the needs out.
fn stated(context: &Context<'_>, unit: Unit, needs: &[usize]) -> Vec<Shown> {
    let profile = &context.profile;
    let passages = profile.passages();
    // A requirement that names nothing else (30店以上の担当) is about the work as a whole.
    let is_core = |idx: usize| {
        let need = &context.query.needs[idx];
        needs::core_weight(need.wanted) >= 1.0 && !need.is_generic
    };
    let is_meant = |idx: usize| needs.contains(&idx) || needs.is_empty() && is_core(idx);
    let bearing: Vec<_> = passages
        .iter()
        .enumerate()
        .filter(|(idx, passage)| {
            let text = profile.text_of(passage);
            let is_team = unit == Unit::People && TEAM.iter().any(|word| text.contains(word));
            is_team || weight_in(context, *idx, |one| is_meant(one.need)) > 0.0
        })
        .map(|(_, passage)| (passage.field, passage.entry))
        .collect();
    let mut shown = Vec::new();
    for (idx, passage) in passages.iter().enumerate() {
        if !bearing.contains(&(passage.field, passage.entry)) {
            continue;
        }
        let whole = profile.text_of(passage);
        let private = context.profile.private_in(passage);
        let start = passage.range.start as usize;
        let sentence = &whole[start..passage.range.end as usize];
        for one in scale::quantities(sentence)
            .into_iter()
            .filter(|one| one.unit == unit)
        {
            let range = start + one.range.start..start + one.range.end;
            if private
                .iter()
                .all(|clause| range.end <= clause.start || clause.end <= range.start)
            {
                shown.push(Shown {
                    value: one.value,
                    place: Some((idx, range)),
                });
            }
        }
    }
    shown
}

/// Months of the jobs that bear the needs out, those in which jobs overlap counted once; of all that are the wanted
/// work where a requirement names none.
pub(super) fn months(context: &Context<'_>, needs: &[usize]) -> u32 {
    let weight: f32 = needs.iter().map(|idx| context.query.needs[*idx].weight).sum();
    let is_same = |job: &&JobNeeds| {
        if needs.is_empty() {
            return job.likeness() >= SAME_WORK;
        }
        let borne = |idx: &usize| borne_in_job(context, job.field, job.entry, *idx);
        let sum: f32 = needs
            .iter()
            .map(|idx| context.query.needs[*idx].weight * borne(idx))
            .sum();
        sum >= SAME_WORK * weight
    };
    let jobs = context.borne.jobs.iter().filter(is_same);
    let periods = jobs.filter_map(|job| {
        let (from, to) = job.period?;
        // A tenure without an end ended some day that nobody wrote down.
        let is_current = job.field == ProfileField::CareerAfter;
        Some((
            from,
            to.or(is_current.then_some(context.this_month)).unwrap_or(from),
        ))
    });
    union_months(periods.collect())
}

/// Months that some periods cover, first and last counted, each month once.
pub(super) fn union_months(mut periods: Vec<(YearMonth, YearMonth)>) -> u32 {
    periods.sort_unstable();
    let mut n_months = 0;
    let mut until: Option<YearMonth> = None;
    for (from, to) in periods {
        n_months += match until {
            Some(until) if from <= until => until.months_until(to),
            Some(_) | None if from <= to => from.months_until(to) + 1,
            Some(_) | None => 0,
        };
        until = until.max(Some(to));
    }
    n_months
}

/// A length of time in words; five years and more are equal, so that nobody's age is written between the lines.
pub(super) fn length(context: &Context<'_>, months: u32) -> String {
    if months >= 60 {
        return context.say("5年以上", "five years or more");
    }
    let (years, rest) = (months / 12, months % 12);
    let japanese = match (years, rest) {
        (0, rest) => format!("約{rest}か月"),
        (years, 0) => format!("約{years}年"),
        (years, rest) => format!("約{years}年{rest}か月"),
    };
    let unit = |n: u32, one: &str| {
        if n == 1 {
            format!("1 {one}")
        } else {
            format!("{n} {one}s")
        }
    };
    let english = match (years, rest) {
        (0, rest) => format!("about {}", unit(rest, "month")),
        (years, 0) => format!("about {}", unit(years, "year")),
        (years, rest) => format!("about {} and {}", unit(years, "year"), unit(rest, "month")),
    };
    context.say(japanese, english)
}

/// Holds a verdict against the quantities asked for: they can only withhold it.
pub(super) fn hold_against(
    context: &Context<'_>,
    standing: &Standing<'_>,
    asked_for: &[Quantity],
    mut verdict: Verdict,
) -> Verdict {
    let asks_for_work = !standing.needs.is_empty();
    let touches = standing.share >= LEFT_OUT;
    let counts_people =
        |asked: &Quantity| asked.unit == Unit::People && shown(context, asked, &standing.needs).is_some();
    if asked_for.is_empty() || asks_for_work && !touches && !asked_for.iter().any(counts_people) {
        return verdict;
    }
    let mut is_met = !asks_for_work || verdict.status == RequirementStatus::Met;
    let mut notes: Vec<String> = Vec::new();
    for asked in asked_for {
        let found = shown(context, asked, &standing.needs);
        if let Some((passage, range)) = found.as_ref().and_then(|one| one.place.clone()) {
            verdict.evidence = Some(evidence::of_passage(context, passage, &[range], |one| {
                standing.needs.contains(&one.need)
            }));
        }
        let is_enough = found.as_ref().is_some_and(|one| one.value >= asked.value);
        is_met &= is_enough;
        notes.push(note_on(context, asked, found, is_enough));
    }
    verdict.status = if is_met {
        RequirementStatus::Met
    } else {
        RequirementStatus::NotShown
    };
    let note = notes.join(&context.say("", " "));
    verdict.note = if asks_for_work && !is_met && touches && standing.share < MET_SHARE {
        context.say(
            format!("{}{note}", verdict.note),
            format!("{} {note}", verdict.note),
        )
    } else {
        note
    };
    verdict
}

fn note_on(context: &Context<'_>, asked: &Quantity, shown: Option<Shown>, is_enough: bool) -> String {
    let Some(shown) = shown else {
        return match asked.unit {
            Unit::Years => context.say("年数は読み取れません。", "How many years is not shown."),
            Unit::People => context.say("人数は書かれていません。", "How many people is not said."),
            Unit::Sites | Unit::Money | Unit::Cases => {
                context.say("規模や件数は書かれていません。", "The scale is not said.")
            }
        };
    };
    let Some((passage, range)) = shown.place else {
        let months = (shown.value * 12.0).round() as u32;
        let length = length(context, months);
        return if is_enough {
            context.say(
                format!("この仕事にあたる職歴は{length}です。"),
                format!("The jobs that bear it out cover {length}."),
            )
        } else {
            context.say(
                format!("この仕事にあたる職歴は{length}で、求める年数に届くかは確認が必要です。"),
                format!(
                    "The jobs that bear it out cover {length}; whether that is enough is to be confirmed."
                ),
            )
        };
    };
    let profile = &context.profile;
    let written = &profile.text_of(&profile.passages()[passage])[range];
    if is_enough {
        context.say(
            format!("「{written}」と書かれています。"),
            format!("The profile says “{written}”."),
        )
    } else {
        context.say(
            format!("書かれているのは「{written}」で、求める規模に届くかは確認が必要です。"),
            format!("The profile says “{written}”; whether that is enough is to be confirmed."),
        )
    }
}
