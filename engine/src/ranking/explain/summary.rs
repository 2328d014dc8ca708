//! The explanation's head: what the person did, where and for how long, then what is lacking or to be confirmed.
//!
//! Names what was done in the words of the profile, so that it claims no more than the profile does.

use super::requirements::is_name;
use super::sightings::Sighting;
use super::{Context, Language, RequirementCheck, Side, how, lacking, quantities};
use crate::domain::OpportunityKind;
use crate::features::ProfileField;
use crate::features::analysis::{Part, Wanted};
use crate::features::borne::JobNeeds;
use crate::features::digest::Place;
use crate::features::lived::LivedExperience;
use crate::features::needs;
use crate::text;
use crate::thesaurus::{Kind, Relation, Thesaurus};

/// From here an occurrence shows a thing rather than something near it.
pub(super) const SHOWS: f32 = 0.5;

/// From here it names the thing itself, rather than something in its field.
const NAMES_IT: f32 = 0.85;

/// From here it shows something near.
const NEAR: f32 = 0.3;

/// Most things named.
const NAMED_MAX: usize = 3;

/// The share of the core from which a job is worth naming in a summary.
const JOB_SHARE_MIN: f32 = 0.08;

/// Longest title that is named, in characters.
const TITLE_CHARS_MAX: usize = 30;

/// One or two sentences.
pub(super) fn summary(context: &Context<'_>, requirements: &[RequirementCheck]) -> String {
    let first = done(context);
    match lacking::sentence(context, requirements) {
        Some(second) => context.say(format!("{first}{second}"), format!("{first} {second}")),
        None => first,
    }
}

/// What was done, where, and for how long.
fn done(context: &Context<'_>) -> String {
    if context.query.lived != LivedExperience::NONE {
        return lived(context);
    }
    if let Some((job, names)) = best_job(context) {
        return of_job(context, job, &names);
    }
    let passages = context.profile.passages();
    let in_places = |places: &[Place]| {
        names(context, |one| {
            let place = Place::of(&passages[one.passage]);
            let is_there = place.is_some_and(|place| places.contains(&place));
            is_there && one.strength() >= SHOWS && one.factor >= NAMES_IT && is_core(context, one)
        })
    };
    let told = in_places(&[Place::Headline, Place::Summary]);
    if !told.is_empty() {
        let told = joined(context, &told);
        return context.say(
            format!("自己紹介には{told}の経験が書かれていますが、職務の記述は見当たりません。"),
            format!("The self-introduction tells of {told}, but no job is described that bears it out."),
        );
    }
    if let Some(far) = at_a_distance(context) {
        return far;
    }
    let listed = in_places(&[Place::List]);
    if !listed.is_empty() {
        let listed = joined(context, &listed);
        return context.say(
            format!("スキル・資格の欄に{listed}がありますが、実務の記述は見当たりません。"),
            format!("The lists name {listed}, but no work is described that bears it out."),
        );
    }
    let near = names(context, |one| one.strength() >= NEAR);
    if !near.is_empty() {
        let near = joined(context, &near);
        return context.say(
            format!("募集の仕事そのものの記述はありませんが、近い経験として{near}があります。"),
            format!("The work itself is not mentioned; the nearest experience is {near}."),
        );
    }
    context.say(
        "募集の仕事にあたる経験は、プロフィールに見当たりません。",
        "The profile does not mention the work that is asked for.",
    )
}

fn lived(context: &Context<'_>) -> String {
    let topics = &context.request.opportunity.opportunity.required_skills;
    let topic = topics.first().map_or("", String::as_str);
    let own = context
        .profile
        .own_experience()
        .may_be_read_for(context.query.lived);
    if own {
        context.say(
            format!("「{topic}」につながる体験を、ご自身のこととして書いています。"),
            format!("Tells of an experience behind the topic “{topic}” as their own."),
        )
    } else {
        context.say(
            format!("「{topic}」について、ご自身の体験としての記述は見当たりません。"),
            format!("Nothing on “{topic}” is told of as the person's own experience."),
        )
    }
}

/// The job that bears out most, with what it shows.
fn best_job<'a>(context: &'a Context<'_>) -> Option<(&'a JobNeeds, Vec<String>)> {
    let mut jobs: Vec<(f32, &JobNeeds)> = context
        .borne
        .jobs
        .iter()
        .map(|job| (job.core_share, job))
        .filter(|(share, _)| *share >= JOB_SHARE_MIN)
        .collect();
    jobs.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let passages = context.profile.passages();
    jobs.into_iter().find_map(|(_, job)| {
        let names_in = |part: Part| {
            names(context, |one| {
                let passage = &passages[one.passage];
                let is_here = (passage.field, passage.entry, passage.part) == (job.field, job.entry, part);
                is_here && one.strength() >= SHOWS
            })
        };
        let described = names_in(Part::Description);
        let names = if described.is_empty() {
            names_in(Part::Title)
        } else {
            described
        };
        (!names.is_empty()).then_some((job, names))
    })
}

/// Whether a sighting is about title or must-haves.
fn is_core(context: &Context<'_>, sighting: &Sighting) -> bool {
    needs::core_weight(context.query.needs[sighting.need].wanted) >= 1.0
}

fn of_job(context: &Context<'_>, job: &JobNeeds, names: &[String]) -> String {
    let profile = &context.profile.profile;
    let (unit, title) = match job.field {
        ProfileField::Tenure => profile
            .tenures
            .get(usize::from(job.entry))
            .map_or(("", ""), |one| (one.department.as_str(), one.title.as_str())),
        _ => profile
            .career_after
            .get(usize::from(job.entry))
            .map_or(("", ""), |one| (one.organization.as_str(), one.title.as_str())),
    };
    let (unit, title) = (public(unit), public(title));
    // SREとしてSREに携わる says it twice.
    let beyond: Vec<String> = names
        .iter()
        .filter(|name| !title.contains(name.as_str()))
        .cloned()
        .collect();
    let named = joined(context, if beyond.is_empty() { names } else { &beyond });
    let is_since = job.field == ProfileField::CareerAfter;
    let dates = job.period;
    let is_now = is_since && dates.is_some_and(|(_, to)| to.is_none());
    let months = dates.and_then(|(from, to)| {
        let to = to.or(is_now.then_some(context.this_month))?;
        Some(quantities::union_months(vec![(from, to)]))
    });
    match context.request.language {
        Language::Japanese => {
            let when = match (is_since, is_now) {
                (false, _) => "在籍時、",
                (true, true) => "現在、",
                (true, false) => "退職後、",
            };
            let role = match (unit.is_empty(), title.is_empty()) {
                (true, true) => String::new(),
                (false, true) => format!("{unit}で"),
                (true, false) => format!("{title}として"),
                (false, false) => format!("{unit}の{title}として"),
            };
            let length = months.map_or(String::new(), |months| {
                format!("（{}）", quantities::length(context, months))
            });
            let is_slot = context.request.opportunity.opportunity.kind() == OpportunityKind::SpeakerSlot;
            match (context.request.side, is_now) {
                (Side::Candidate, _) if is_slot => format!("{when}{role}{named}を経験しています{length}。"),
                (Side::Feed, _) if is_slot => {
                    format!("{when}{role}経験した{named}{length}が、このテーマにつながります。")
                }
                (Side::Candidate, true) => format!("{when}{role}{named}に携わっています{length}。"),
                (Side::Candidate, false) => format!("{when}{role}{named}に携わりました{length}。"),
                (Side::Feed, true) => {
                    format!("{when}{role}携わっている{named}の経験{length}が、この募集につながります。")
                }
                (Side::Feed, false) => {
                    format!("{when}{role}携わった{named}の経験{length}が、この募集につながります。")
                }
            }
        }
        Language::English => {
            let mut facts: Vec<String> = [title, unit]
                .iter()
                .filter(|one| !one.is_empty())
                .map(|one| (*one).to_owned())
                .collect();
            facts.extend(months.map(|months| quantities::length(context, months)));
            let facts = if facts.is_empty() {
                String::new()
            } else {
                format!(" ({})", facts.join(", "))
            };
            let when = match (is_since, is_now) {
                (false, _) => "while at the company",
                (true, true) => "in the current position",
                (true, false) => "since leaving",
            };
            match context.request.side {
                Side::Candidate if is_now => format!("Works on {named} {when}{facts}."),
                Side::Candidate => format!("Worked on {named} {when}{facts}."),
                Side::Feed => format!("Your experience of {named} {when}{facts} fits this opportunity."),
            }
        }
    }
}

/// A job by its unit or organization and its title, as far as they may be quoted.
pub(super) fn named_job(unit: &str, title: &str) -> String {
    format!("{} {}", public(unit), public(title)).trim().to_owned()
}

/// A name of a unit or a title that may be quoted; empty where it is long or speaks of the person's circumstances.
fn public(name: &str) -> &str {
    let is_quotable = name.chars().count() <= TITLE_CHARS_MAX && text::private::ranges(name).is_empty();
    if is_quotable { name.trim() } else { "" }
}

/// The things that some sightings show, those that say most first, in the words of the profile.
fn names(context: &Context<'_>, is_meant: impl Fn(&Sighting) -> bool) -> Vec<String> {
    let thesaurus = Thesaurus::bundled();
    let mut found: Vec<(bool, f32, String)> = Vec::new();
    for one in context.sightings.iter().filter(|one| is_meant(one)) {
        let need = &context.query.needs[one.need];
        let weight = needs::core_weight(need.wanted) * need.weight * one.strength();
        let is_work = one.concept.is_none_or(|id| {
            matches!(
                thesaurus.concept(id).kind,
                Kind::Work | Kind::Tool | Kind::Qualification | Kind::Theme
            )
        });
        // A word of a longer thing says too little by itself, and words of the description are too many.
        let is_word_of_description =
            one.is_word && matches!(need.wanted, Wanted::Description | Wanted::Person);
        if weight <= 0.0
            || need.is_generic
            || !is_work
            || one.is_word && one.factor < 1.0
            || is_word_of_description
        {
            continue;
        }
        let Some(name) = name(context, one) else {
            continue;
        };
        match found.iter_mut().find(|(.., known)| *known == name) {
            Some((_, best, _)) => *best = best.max(weight),
            None => found.push((one.is_word, weight, name)),
        }
    }
    // Single words (構築, 部下) name a piece of work only where nothing else does.
    if found.iter().any(|(is_word, ..)| !is_word) {
        found.retain(|(is_word, ..)| !is_word);
    }
    found.sort_by(|(_, a, a_name), (_, b, b_name)| b.total_cmp(a).then(a_name.cmp(b_name)));
    let mut names: Vec<String> = Vec::new();
    for (.., name) in found {
        // 決算 beside 連結決算 adds nothing.
        if names.iter().any(|known| known.contains(&name)) {
            continue;
        }
        match names.iter_mut().find(|known| name.contains(known.as_str())) {
            Some(shorter) => *shorter = name,
            None => names.push(name),
        }
    }
    names.truncate(NAMED_MAX);
    names
}

/// What a sighting shows: as written where it reads as a name, else the name of its concept.
fn name(context: &Context<'_>, sighting: &Sighting) -> Option<String> {
    let thesaurus = Thesaurus::bundled();
    let concept = sighting.concept.map(|id| thesaurus.concept(id));
    let is_shown = how::relation(context, sighting) == Some(Relation::Shows);
    let written = how::written(context, sighting);
    if context.request.language == Language::English {
        let english = concept.map(|one| one.en.clone()).filter(|one| !one.is_empty());
        return english.or_else(|| is_name(written).then(|| format!("“{written}”")));
    }
    if is_name(written) && !is_shown {
        // 棚割を作成 is a sentence, 棚割の作成 a name.
        return Some(written.replace('を', "の"));
    }
    let asked = &context.query.needs[sighting.need].stretch;
    let is_same = how::relation(context, sighting) == Some(Relation::Same);
    if is_same && !asked.contains('を') && !asked.ends_with(['た', 'て', 'る', 'く', 'し']) {
        return Some(asked.clone());
    }
    concept.map(|one| one.ja.clone()).filter(|name| is_name(name))
}

fn joined(context: &Context<'_>, names: &[String]) -> String {
    match context.request.language {
        Language::Japanese => names.join("・"),
        Language::English => match names {
            [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => names.concat(),
        },
    }
}

/// The strongest thing that the person helped with, taught or left to others, where nothing was their own.
fn at_a_distance(context: &Context<'_>) -> Option<String> {
    let passages = context.profile.passages();
    let is_far = |one: &&Sighting| {
        let is_told = Place::of(&passages[one.passage]).is_some_and(|place| place != Place::List);
        let need = &context.query.needs[one.need];
        is_core(context, one)
            && is_told
            && (!one.distance.is_own() || !one.does_it)
            && !need.is_generic
            && one.factor >= SHOWS
            && is_name(how::written(context, one))
    };
    let worth = |one: &Sighting| context.query.needs[one.need].weight * one.strength();
    let far = context.sightings.iter().filter(is_far);
    let best = far.reduce(|best, next| if worth(next) > worth(best) { next } else { best })?;
    how::distance_note(context, best)
}
