//! What the profile says about each must-have and nice-to-have, from the needs that the scorer counted.
//!
//! - Not shown is not unmet: only what a person states can contradict a requirement, which is a lower level, or the
//!   very thing said not to be theirs.
//! - What no profile can show is said to be so.

use super::sightings::{Sighting, borne, value, weight_in};
use super::{Context, Evidence, RequirementCheck, RequirementStatus, evidence, how, levels, quantities};
use crate::features::ProfileField;
use crate::features::analysis::{Part, Wanted};
use crate::features::digest::Place;
use crate::features::distance::Distance;
use crate::features::level::{self, AskedLevel, LevelAnswer};
use crate::features::needs::Need;
use crate::thesaurus::Relation;

/// The share of a requirement, distance and place counted, at which the profile bears it out. Just above a half, so
/// that neither somebody who stands around the work, nor a list, nor the name of a unit reaches it by itself.
pub(super) const MET_SHARE: f32 = 0.505;

/// The share from which it is worth saying that the profile touches on a requirement.
const TOUCHED_SHARE: f32 = 0.12;

/// A thing counts as borne out from here, and as left out below the other.
const BORNE_OUT: f32 = 0.55;
pub(super) const LEFT_OUT: f32 = 0.3;

/// What is only near a thing is worth no more than this; see [`crate::features::needs::relation_factor`].
const NEAR_MAX: f32 = 0.35;

/// Words that mark what no profile can show. From the examples that recruiters write; chosen by hand.
const TRAITS: &[&str] = &[
    "コミュニケーション能力",
    "コミュニケーション力",
    "コミュニケーションスキル",
    "対人能力",
    "傾聴力",
    "人柄",
    "明るい方",
    "明るく",
    "明るさ",
    "やる気",
    "熱意",
    "意欲",
    "誠実",
    "協調性",
    "柔軟性",
    "柔軟に",
    "素直",
    "前向き",
    "責任感",
    "情熱",
    "好奇心",
    "主体性",
    "主体的",
    "粘り強",
    "丁寧な方",
    "几帳面",
    "気配り",
    "ユーモア",
    "笑って",
    "笑顔",
    "チームワーク",
    "ホスピタリティ",
    "向上心",
    "体力",
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
    let verdict = verdict(context, text, wanted);
    RequirementCheck {
        text: text.to_owned(),
        is_must_have: matches!(wanted, Wanted::MustHave(_)),
        status: verdict.status,
        evidence: verdict.evidence,
        note: verdict.note,
    }
}

pub(super) struct Verdict {
    pub(super) status: RequirementStatus,
    pub(super) evidence: Option<Evidence>,
    pub(super) note: String,
}

fn verdict(context: &Context<'_>, text: &str, wanted: Wanted) -> Verdict {
    let levels: Vec<&AskedLevel> = context
        .query
        .levels
        .iter()
        .filter(|one| one.wanted == wanted)
        .collect();
    let quantities = quantities::asked(text);
    if let Some(verdict) = lived(context, wanted) {
        return verdict;
    }
    let needs = assessable(context, text, wanted);
    if needs.is_empty() && levels.is_empty() && quantities.is_empty() {
        return not_assessable(context);
    }
    let below = |asked: &&&AskedLevel| level::answer(asked, context.profile.levels()) == LevelAnswer::Below;
    if let Some(asked) = levels.iter().find(below) {
        return levels::below(context, asked);
    }
    let standing = Standing::of(context, &needs);
    if let Some(denied) = standing.denied(context) {
        return Verdict {
            status: RequirementStatus::Unmet,
            evidence: Some(standing.evidence(context, denied.passage)),
            note: how::distance_note(context, denied).unwrap_or_default(),
        };
    }
    if let Some(verdict) = levels::verdict(context, &levels, &needs) {
        return verdict;
    }
    let by_work = standing.verdict(context);
    quantities::hold_against(context, &standing, &quantities, by_work)
}

/// The verdict on a topic that asks for lived experience: whether the person tells of it as their own.
fn lived(context: &Context<'_>, wanted: Wanted) -> Option<Verdict> {
    let needs = context.query.needs.iter().enumerate();
    let of_part = needs.filter(|(_, need)| need.wanted == wanted && need.is_lived && !need.is_generic);
    let needs: Vec<usize> = of_part.map(|(idx, _)| idx).collect();
    if needs.is_empty() {
        return None;
    }
    let is_own = context
        .profile
        .own_experience()
        .may_be_read_for(context.query.lived);
    let sightings: Vec<&Sighting> = context
        .sightings
        .iter()
        .filter(|one| needs.contains(&one.need))
        .collect();
    let best = deciding(context, &sightings);
    let evidence =
        best.map(|best| evidence::of_passage(context, best.passage, &[], |one| needs.contains(&one.need)));
    Some(if is_own {
        Verdict {
            status: RequirementStatus::Met,
            evidence,
            note: context.say(
                "ご自身の体験として書かれています。",
                "Told of as the person's own experience.",
            ),
        }
    } else {
        Verdict {
            status: RequirementStatus::NotShown,
            note: match evidence {
                Some(_) => context.say(
                    "この話題に触れていますが、ご自身の体験かどうかは書かれていません。",
                    "The profile touches on it, but not as the person's own experience.",
                ),
                None => nothing(context),
            },
            evidence,
        }
    })
}

/// The needs of a part that a profile can show: neither traits nor what every advertisement says.
fn assessable(context: &Context<'_>, text: &str, wanted: Wanted) -> Vec<usize> {
    let traits: Vec<&&str> = TRAITS.iter().filter(|one| text.contains(**one)).collect();
    let needs = context.query.needs.iter().enumerate();
    // One character that is no concept (時, 度) is a piece of grammar.
    let says_something = |need: &Need| {
        !need.is_generic && (!need.concepts.is_empty() || need.stretch.chars().nth(1).is_some())
    };
    let of_part = needs.filter(|(_, need)| need.wanted == wanted && says_something(need));
    let left: Vec<usize> = of_part
        .filter(|(_, need)| {
            let stretch = need.stretch.as_str();
            !traits
                .iter()
                .any(|one| one.contains(stretch) || stretch.contains(**one))
        })
        .map(|(idx, _)| idx)
        .collect();
    // 主体的に動ける方: what is left beside a trait only says whose it is.
    let is_thing = |idx: &usize| !context.query.needs[*idx].concepts.is_empty();
    if traits.is_empty() || left.iter().any(is_thing) {
        left
    } else {
        Vec::new()
    }
}

/// Whether a name or a list gives only a wider term, which says nothing of the thing itself.
fn is_wider_name(context: &Context<'_>, sighting: &Sighting) -> bool {
    let passage = &context.profile.passages()[sighting.passage];
    let is_wider = matches!(how::relation(context, sighting), Some(Relation::Broader(_)));
    is_wider
        && matches!(
            Place::of(passage),
            Some(Place::Role | Place::Headline | Place::List) | None
        )
}

fn not_assessable(context: &Context<'_>) -> Verdict {
    Verdict {
        status: RequirementStatus::NotAssessable,
        evidence: None,
        note: context.say(
            "プロフィールの文面だけでは判断できません。面談で確かめる項目です。",
            "No profile can show this; ask in person.",
        ),
    }
}

/// Where the profile stands towards some needs.
pub(super) struct Standing<'a> {
    pub(super) needs: Vec<usize>,
    /// The share borne out, from 0 to 1.
    pub(super) share: f32,
    /// The strongest occurrence in the deciding passage.
    best: Option<&'a Sighting>,
    sightings: Vec<&'a Sighting>,
}

impl<'a> Standing<'a> {
    pub(super) fn of(context: &'a Context<'_>, needs: &[usize]) -> Self {
        let weight: f32 = needs.iter().map(|idx| context.query.needs[*idx].weight).sum();
        let sum: f32 = needs
            .iter()
            .map(|idx| context.query.needs[*idx].weight * borne(context, *idx))
            .sum();
        let all = context.sightings.iter();
        let sightings: Vec<&Sighting> = all
            .filter(|one| needs.contains(&one.need) && !is_wider_name(context, one))
            .collect();
        let best = deciding(context, &sightings);
        Self {
            needs: needs.to_vec(),
            share: if weight > 0.0 { sum / weight } else { 0.0 },
            best,
            sightings,
        }
    }

    fn evidence(&self, context: &Context<'_>, passage: usize) -> Evidence {
        evidence::of_passage(context, passage, &[], |one| self.needs.contains(&one.need))
    }

    /// The statement that the main thing asked for is not the person's, where nothing else bears it out.
    fn denied(&self, context: &Context<'_>) -> Option<&'a Sighting> {
        let heaviest = self.needs.iter().copied().max_by(|a, b| {
            let weight = |idx: usize| context.query.needs[idx].weight;
            weight(*a).total_cmp(&weight(*b))
        })?;
        let mut of_main = self
            .sightings
            .iter()
            .filter(|one| one.need == heaviest && one.factor >= BORNE_OUT);
        // The very thing, all of it: not a part of it, nor one of its words.
        let denied = self
            .sightings
            .iter()
            .find(|one| one.need == heaviest && one.distance == Distance::Denied && one.factor >= 1.0)?;
        let is_denied = of_main.all(|one| one.distance == Distance::Denied);
        is_denied.then_some(*denied)
    }

    fn verdict(&self, context: &Context<'_>) -> Verdict {
        // What was only learnt or wished for is worth a word too.
        let is_named = self.sightings.iter().any(|one| one.factor >= BORNE_OUT);
        let Some(best) = self.best.filter(|_| is_named || self.share >= TOUCHED_SHARE) else {
            return Verdict {
                status: RequirementStatus::NotShown,
                evidence: None,
                note: nothing(context),
            };
        };
        let is_met = self.share >= MET_SHARE;
        let relation = how::note(context, best);
        let note = if is_met {
            let explains = best.factor > NEAR_MAX;
            relation
                .filter(|_| explains)
                .unwrap_or_else(|| stands_in(context, best))
        } else {
            let lacking = how::distance_note(context, best).unwrap_or_else(|| self.lacking(context, best));
            match relation {
                Some(relation) => {
                    context.say(format!("{relation}{lacking}"), format!("{relation} {lacking}"))
                }
                None => lacking,
            }
        };
        Verdict {
            status: if is_met {
                RequirementStatus::Met
            } else {
                RequirementStatus::NotShown
            },
            evidence: Some(self.evidence(context, best.passage)),
            note,
        }
    }

    /// What is missing from a statement of the person's own.
    fn lacking(&self, context: &Context<'_>, best: &Sighting) -> String {
        let names = |is_wanted: fn(f32) -> bool| -> Vec<&str> {
            let needs = self.needs.iter().filter(|idx| is_wanted(borne(context, **idx)));
            let stretches = needs.map(|idx| context.query.needs[*idx].stretch.as_str());
            stretches.filter(|one| is_name(one)).take(2).collect()
        };
        let there = names(|value| value >= BORNE_OUT);
        let missing = names(|value| value < LEFT_OUT);
        if let (false, false) = (there.is_empty(), missing.is_empty()) {
            let (there, missing) = (there.join("・"), missing.join("・"));
            return context.say(
                format!("「{there}」は確認できますが、「{missing}」の記述は見当たりません。"),
                format!("“{there}” is borne out; “{missing}” is not mentioned."),
            );
        }
        let passage = &context.profile.passages()[best.passage];
        if matches!(passage.part, Part::Department | Part::Organization) {
            return context.say(
                "所属の名前にありますが、職務の記述では確認できません。",
                "It is in the name of a unit; the jobs do not bear it out.",
            );
        }
        match Place::of(passage) {
            Some(Place::List) => context.say(
                "スキル・資格の欄にありますが、実務の記述は見当たりません。",
                "It is listed, but no work is told of that bears it out.",
            ),
            Some(Place::Summary | Place::Headline) => context.say(
                "自己紹介に触れた記述がありますが、職務の記述では確認できません。",
                "The self-introduction touches on it; the jobs do not bear it out.",
            ),
            Some(Place::Job | Place::Role) | None => context.say(
                "この要件にどこまで当たるかは確認が必要です。",
                "How far this meets the requirement is to be confirmed.",
            ),
        }
    }
}

/// The strongest occurrence of the passage that bears out most; descriptions of work before titles where they are equal.
pub(super) fn deciding<'a>(context: &Context<'_>, sightings: &[&'a Sighting]) -> Option<&'a Sighting> {
    let passages = context.profile.passages();
    let is_meant = |one: &Sighting| sightings.iter().any(|other| std::ptr::eq(*other, one));
    let weight_of = |idx: usize| weight_in(context, idx, is_meant);
    let mut best: Option<(f32, bool, usize)> = None;
    let mut last = None;
    for one in sightings {
        if last == Some(one.passage) {
            continue;
        }
        last = Some(one.passage);
        let is_job = Place::of(&passages[one.passage]) == Some(Place::Job);
        let next = (weight_of(one.passage), is_job, one.passage);
        if best.is_none_or(|best| (next.0, next.1) > (best.0, best.1)) {
            best = Some(next);
        }
    }
    let (_, _, passage) = best?;
    let inside = sightings.iter().filter(|one| one.passage == passage);
    let worth = |one: &Sighting| {
        let of_need = sightings
            .iter()
            .filter(|other| other.passage == passage && other.need == one.need);
        context.query.needs[one.need].weight * value(of_need.copied())
    };
    inside.copied().reduce(|best, next| {
        let by_worth = worth(best).total_cmp(&worth(next));
        let by_strength = by_worth.then(best.strength().total_cmp(&next.strength()));
        let is_plain = |one| how::is_plain(context, one);
        let by_words = by_strength.then_with(|| is_plain(best).cmp(&is_plain(next)));
        if by_words.is_lt() { next } else { best }
    })
}

/// Where a statement that needs no comment stands.
fn stands_in(context: &Context<'_>, sighting: &Sighting) -> String {
    let field = context.profile.passages()[sighting.passage].field;
    match field {
        ProfileField::Tenure => context.say(
            "在籍時の職務に書かれています。",
            "Told of in a job at this company.",
        ),
        ProfileField::CareerAfter => context.say(
            "退職後の職務に書かれています。",
            "Told of in a job since leaving.",
        ),
        ProfileField::Headline => context.say("見出しに書かれています。", "Told of in the headline."),
        ProfileField::Summary => {
            context.say("自己紹介に書かれています。", "Told of in the self-introduction.")
        }
        ProfileField::Skills
        | ProfileField::Qualifications
        | ProfileField::Languages
        | ProfileField::WorkStyle
        | ProfileField::Prefecture
        | ProfileField::ConfirmedOn => context.say("スキル・資格の欄に書かれています。", "It is listed."),
    }
}

pub(super) fn nothing(context: &Context<'_>) -> String {
    context.say(
        "プロフィールには記述がありません。",
        "The profile does not mention it.",
    )
}

/// Whether a stretch can stand as a name in a sentence: it does not break off in the middle of a verb.
pub(super) fn is_name(stretch: &str) -> bool {
    const NOUNS_END: &[&str] = &["げ", "り", "み", "け", "え", "せ"];
    let is_kana = |c: char| ('ぁ'..='ん').contains(&c);
    let is_noun = stretch.contains('の') && NOUNS_END.iter().any(|end| stretch.ends_with(end));
    is_noun || stretch.chars().count() >= 2 && stretch.chars().last().is_some_and(|c| !is_kana(c))
}
