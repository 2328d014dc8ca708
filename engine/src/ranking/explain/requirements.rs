//! What the profile says about each must-have and nice-to-have.
//!
//! Not shown is not unmet: only what a person states can contradict a requirement.

use super::{Context, Evidence, RequirementCheck, RequirementStatus};
use crate::domain::LanguageLevel;
use crate::features::analysis::Wanted;
use crate::features::distance::Distance;
use crate::features::level::{self, AskedLevel, LevelAnswer};
use crate::features::matching::may_be_read;
use crate::features::{ProfileField, lexical};

/// The share of a requirement's words, rarity and distance counted, at which one passage bears it out.
const MET_COVERAGE: f32 = 0.6;

/// The same for the profile as a whole, where something told of bears out what a list or another sentence names.
const MET_COVERAGE_SCATTERED: f32 = 0.7;

/// Endings that mark what no profile can show. From the examples that recruiters write; chosen by hand.
const NOT_ASSESSABLE: &[&str] = &[
    "傾聴力",
    "人柄",
    "明るい方",
    "明るさ",
    "やる気",
    "熱意",
    "意欲",
    "誠実",
    "協調性",
    "柔軟性",
    "コミュニケーション能力",
    "コミュニケーション力",
    "素直",
    "前向き",
    "責任感",
    "情熱",
    "好奇心",
];

/// The verdicts, must-haves first, each group in the order of the opportunity.
pub(super) fn checks(context: &Context<'_>) -> Vec<RequirementCheck> {
    let opportunity = &context.request.opportunity.opportunity;
    let must_haves = opportunity.required_skills.iter().enumerate();
    let nice_to_haves = opportunity.preferred_skills.iter().enumerate();
    let must_haves = must_haves.map(|(idx, text)| check(context, text, Wanted::MustHave(idx as u16)));
    let nice_to_haves = nice_to_haves.map(|(idx, text)| check(context, text, Wanted::NiceToHave(idx as u16)));
    must_haves.chain(nice_to_haves).collect()
}

fn check(context: &Context<'_>, text: &str, wanted: Wanted) -> RequirementCheck {
    let (status, evidence, note) = verdict(context, text, wanted);
    RequirementCheck {
        text: text.to_owned(),
        is_must_have: matches!(wanted, Wanted::MustHave(_)),
        status,
        evidence,
        note,
    }
}

fn verdict(
    context: &Context<'_>,
    text: &str,
    wanted: Wanted,
) -> (RequirementStatus, Option<Evidence>, String) {
    if let Some(asked) = level::asked(text) {
        let answer = level::answer(&asked, &context.request.profile.profile);
        if let Some(status) = status_of(answer) {
            let evidence = level_evidence(context, &asked);
            return (status, evidence, level_note(context, status));
        }
    }
    let part_idx = context.query.parts.iter().position(|part| part.wanted == wanted);
    let is_trait = NOT_ASSESSABLE.iter().any(|one| text.contains(one));
    let Some(part_idx) = part_idx else {
        return not_assessable(context);
    };
    let best = context.found.parts[part_idx];
    let scattered = lexical::coverage(&context.query, &context.found, part_idx);
    let is_told = context.query.parts[part_idx]
        .terms
        .iter()
        .any(|number| context.found.terms[usize::from(*number)].told > Distance::Taught.factor());
    let passages = context.request.profile.passages();
    let passage = (best.coverage > 0.0).then(|| &passages[best.passage_idx as usize]);
    let evidence = passage.map(|passage| super::evidence::of_passage(context, passage, |one| one == wanted));
    let is_met = best.coverage >= MET_COVERAGE || (is_told && scattered >= MET_COVERAGE_SCATTERED);
    if is_met {
        let note = context.say(
            "プロフィールの記述から確認できます。",
            "A statement in the profile bears it out.",
        );
        return (RequirementStatus::Met, evidence, note);
    }
    if is_trait {
        return not_assessable(context);
    }
    let distance = passage.map_or(Distance::Done, |passage| {
        let occurrences = context.request.profile.occurrences(passage).iter();
        let of_part = occurrences.filter(|one| {
            let number = context.query.find(context.term_ids.global(one.term));
            let is_in_part = |number: u16| context.query.parts[part_idx].terms.contains(&number);
            may_be_read(one, &context.query) && number.is_some_and(is_in_part)
        });
        of_part
            .map(|one| one.distance)
            .find(|one| !one.is_own())
            .unwrap_or_default()
    });
    let note = not_shown_note(context, distance, best.coverage > 0.0);
    (RequirementStatus::NotShown, evidence, note)
}

fn not_assessable(context: &Context<'_>) -> (RequirementStatus, Option<Evidence>, String) {
    let note = context.say(
        "プロフィールの文面だけでは判断できません。",
        "No profile can show this; ask in person.",
    );
    (RequirementStatus::NotAssessable, None, note)
}

fn not_shown_note(context: &Context<'_>, distance: Distance, has_match: bool) -> String {
    match distance {
        Distance::Denied => context.say(
            "関連する言葉はありますが、ご本人の担当ではないと読めます。",
            "The words occur, but as something that was not this person's own work.",
        ),
        Distance::ByOthers => context.say(
            "関連する言葉はありますが、他の人に任せた仕事と読めます。",
            "The words occur, but as work that others did.",
        ),
        Distance::Supported => context.say(
            "補助や手伝いとして関わったことは読み取れますが、ご本人が担った範囲は確認が必要です。",
            "The profile tells of helping with it; how much was this person's own work is to be confirmed.",
        ),
        Distance::Taught => context.say(
            "教える・提案する・販売する立場として書かれています。ご本人の実務かは確認が必要です。",
            "The profile tells of teaching, selling or advising on it; practice of their own is to be confirmed.",
        ),
        Distance::NextTo => context.say(
            "近くで関わったことは読み取れますが、ご本人の経験かは確認が必要です。",
            "The profile tells of working next to it; whether it was this person's own work is to be confirmed.",
        ),
        Distance::Studied => context.say(
            "学んだことは読み取れますが、実務の記述は見当たりません。",
            "The profile tells of learning it, not of having done it.",
        ),
        Distance::Wished => context.say(
            "希望や関心として書かれています。経験の記述は見当たりません。",
            "It is written as a wish or an interest, not as experience.",
        ),
        Distance::Led | Distance::Done if has_match => context.say(
            "一部に触れた記述があります。全体は確認が必要です。",
            "Part of it is mentioned; the rest is to be confirmed.",
        ),
        Distance::Led | Distance::Done => {
            context.say("プロフィールには記述がありません。", "The profile does not mention it.")
        }
    }
}

/// `None`: the profile is silent, so its words decide.
fn status_of(answer: LevelAnswer) -> Option<RequirementStatus> {
    match answer {
        LevelAnswer::Met => Some(RequirementStatus::Met),
        LevelAnswer::Below => Some(RequirementStatus::Unmet),
        LevelAnswer::NotShown => None,
    }
}

fn level_note(context: &Context<'_>, status: RequirementStatus) -> String {
    match status {
        RequirementStatus::Unmet => context.say(
            "プロフィールに書かれた水準は、求める水準に届いていません。",
            "The level stated in the profile is below the one asked for.",
        ),
        RequirementStatus::Met | RequirementStatus::NotShown | RequirementStatus::NotAssessable => context
            .say(
                "プロフィールに書かれた水準が、求める水準を満たしています。",
                "The level stated in the profile is the one asked for, or above.",
            ),
    }
}

fn level_evidence(context: &Context<'_>, asked: &AskedLevel) -> Option<Evidence> {
    let profile = &context.request.profile.profile;
    let whole = |field, snippet: String| Evidence {
        field,
        // All of it: what is listed is the level itself.
        highlights: std::iter::once(0..snippet.encode_utf16().count() as u32).collect(),
        snippet,
    };
    let listed = |name: &str| {
        let qualifications = profile
            .qualifications
            .iter()
            .map(|text| (ProfileField::Qualifications, text));
        let skills = profile.skills.iter().map(|text| (ProfileField::Skills, text));
        let mut all = qualifications.chain(skills);
        all.find(|(_, text)| crate::text::normalize(text).to_lowercase().contains(name))
            .map(|(field, text)| whole(field, text.chars().take(120).collect()))
    };
    match asked {
        AskedLevel::Language { language, .. } => {
            let known = profile
                .languages
                .iter()
                .find(|known| known.language.contains(language))?;
            let level = match known.level {
                LanguageLevel::Basic => context.say("初級", "basic"),
                LanguageLevel::Conversational => context.say("日常会話", "conversational"),
                LanguageLevel::Business => context.say("ビジネス", "business"),
                LanguageLevel::Native => context.say("ネイティブ", "native"),
            };
            Some(whole(
                ProfileField::Languages,
                format!("{}（{level}）", known.language),
            ))
        }
        AskedLevel::Toeic(_) => listed("toeic"),
        AskedLevel::Bookkeeping(_) => listed("簿記"),
    }
}
