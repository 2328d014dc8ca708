//! Levels that an opportunity asks for and a profile states, compared as levels: a language, a score, a grade of a
//! qualification that the thesaurus knows the grades of.
//!
//! - The one place that decides on a level: the feature and the explanation's checks ask the same function.
//! - What a person states below the level contradicts it; what nobody states is not shown.

mod grade;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::analysis::{AnalyzedOpportunity, AnalyzedProfile, Wanted, WantedClause};
use super::field::ProfileField;
use crate::domain::LanguageLevel;
use crate::text;
use crate::thesaurus::ConceptId;

/// A level that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Level {
    /// A language at a level at least.
    Language {
        /// As a profile names it.
        language: &'static str,
        /// The least level.
        level: LanguageLevel,
    },
    /// A score at least.
    Score {
        /// The examination, in lower case.
        name: &'static str,
        /// The least score.
        least: u32,
    },
    /// A qualification of a grade at least.
    Grade {
        /// Which.
        qualification: ConceptId,
        /// The least grade, by its place among the qualification's grades.
        least: usize,
    },
}

/// What one part of an opportunity asks for in levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedLevel {
    /// Which part: a must-have, a nice-to-have, or a sentence on the person wanted.
    pub wanted: Wanted,
    /// The sentence as written.
    pub text: String,
    /// Any of these is enough.
    pub any_of: Vec<Level>,
    /// Whether something else will do too, such as experience of the same worth: a lower level contradicts nothing.
    pub has_other_way: bool,
}

/// What a profile says about an asked level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LevelAnswer {
    /// It says less.
    Below,
    /// It says nothing.
    NotShown,
    /// It says so.
    Met,
}

/// A level as a profile states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedLevel {
    /// Where it stands.
    pub field: ProfileField,
    /// Which entry of the field.
    pub entry: u16,
    /// First byte of the sentence in the entry's text.
    pub start: u32,
    /// How it compares.
    pub answer: LevelAnswer,
    /// Languages by level, scores and grades as numbers: higher is better.
    rank: u32,
}

const LANGUAGES: &[&str] = &[
    "英語",
    "中国語",
    "韓国語",
    "ベトナム語",
    "タイ語",
    "インドネシア語",
    "フランス語",
    "ドイツ語",
    "スペイン語",
    "ポルトガル語",
    "ロシア語",
];

/// Examinations with scores, in lower case, and the scores that there are.
const SCORES: &[(&str, std::ops::RangeInclusive<u32>)] = &[("toeic", 10..=990), ("toefl", 1..=120)];

/// Words by which one of several is enough.
const OR: &[&str] = &["または", "又は", "もしくは", "若しくは", "あるいは", "いずれか"];

/// Words by which something else than a level will do.
const OTHER_WAY: &[&str] = &["同等の", "同等以上の", "相当の", "同程度の", "準ずる"];

/// The levels that an opportunity asks for, in the order of its parts.
#[must_use]
pub fn asked_by(opportunity: &AnalyzedOpportunity) -> Vec<AskedLevel> {
    let may_ask = |clause: &&WantedClause| {
        matches!(
            clause.wanted,
            Wanted::MustHave(_) | Wanted::NiceToHave(_) | Wanted::Person
        )
    };
    opportunity
        .clauses
        .iter()
        .filter(may_ask)
        .flat_map(asked_in)
        .collect()
}

/// The levels that one part asks for: one item where any of several is enough, else one for each.
fn asked_in(clause: &WantedClause) -> Vec<AskedLevel> {
    let text = text::normalize(&clause.text);
    let lower = text.to_lowercase();
    let mut levels = grade::asked(clause);
    for (name, scores) in SCORES {
        let score = number_near(&lower, name).filter(|score| scores.contains(score));
        levels.extend(score.map(|least| Level::Score { name, least }));
    }
    // Who asks for a score in a language has said how much of it is wanted. A sentence of the description names
    // languages for many reasons, so there a level has to be named with it.
    if levels.is_empty() {
        levels.extend(language(&lower, clause.wanted != Wanted::Person));
    }
    let contains_any = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let has_other_way = contains_any(OTHER_WAY);
    let asked = |any_of| AskedLevel {
        wanted: clause.wanted,
        text: clause.text.trim().to_owned(),
        any_of,
        has_other_way,
    };
    match levels.len() {
        0 => Vec::new(),
        _ if contains_any(OR) || lower.contains('/') => vec![asked(levels)],
        _ => levels.into_iter().map(|level| asked(vec![level])).collect(),
    }
}

fn language(lower: &str, may_be_implied: bool) -> Option<Level> {
    let language = LANGUAGES.iter().find(|language| lower.contains(**language))?;
    let level = match () {
        () if lower.contains("ネイティブ") => LanguageLevel::Native,
        () if lower.contains("ビジネスレベル") => LanguageLevel::Business,
        () if lower.contains("日常会話") => LanguageLevel::Conversational,
        () if !may_be_implied => return None,
        () if ["ビジネス", "商談", "交渉"].iter().any(|one| lower.contains(one)) => {
            LanguageLevel::Business
        }
        () if lower.contains("会話") => LanguageLevel::Conversational,
        () if lower.contains("英語力") || lower.contains("での") => LanguageLevel::Business,
        () => LanguageLevel::Conversational,
    };
    Some(Level::Language { language, level })
}

/// What a level is stated of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Scale {
    /// A language, by its place in [`LANGUAGES`].
    Language(u8),
    /// An examination, by its place in [`SCORES`].
    Score(u8),
    /// A qualification with grades.
    Grade(ConceptId),
}

/// A level that a profile states as its owner's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Statement {
    of: Scale,
    /// Languages by level, scores and grades as numbers: higher is better.
    rank: u32,
    field: ProfileField,
    entry: u16,
    /// First byte of the sentence in the entry's text.
    start: u32,
}

/// Every level that a profile states of what anybody may ask levels of; read once, when the profile changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Levels(Box<[Statement]>);

impl Levels {
    /// The levels that a profile states.
    #[must_use]
    pub fn stated_by(profile: &AnalyzedProfile) -> Self {
        let mut stated = Vec::new();
        add_languages(profile, &mut stated);
        add_scores(profile, &mut stated);
        grade::add(profile, &mut stated);
        Self(stated.into())
    }

    /// What is stated of what `level` asks for, in the order of the profile.
    fn of(&self, level: &Level) -> impl Iterator<Item = StatedLevel> {
        let is_of = move |of: Scale| match (level, of) {
            (Level::Language { language, .. }, Scale::Language(idx)) => {
                LANGUAGES.get(usize::from(idx)) == Some(language)
            }
            (Level::Score { name, .. }, Scale::Score(idx)) => SCORES
                .get(usize::from(idx))
                .is_some_and(|(known, _)| known == name),
            (Level::Grade { qualification, .. }, Scale::Grade(stated)) => *qualification == stated,
            _ => false,
        };
        let least = match level {
            Level::Language { level, .. } => *level as u32,
            Level::Score { least, .. } => *least,
            Level::Grade { least, .. } => *least as u32,
        };
        let stated = self.0.iter().filter(move |stated| is_of(stated.of));
        stated.map(move |stated| StatedLevel {
            field: stated.field,
            entry: stated.entry,
            start: stated.start,
            answer: compared(stated.rank >= least),
            rank: stated.rank,
        })
    }
}

/// What a profile says about an asked level.
#[must_use]
pub fn answer(asked: &AskedLevel, levels: &Levels) -> LevelAnswer {
    let stated = stated(asked, levels).map_or(LevelAnswer::NotShown, |stated| stated.answer);
    if stated == LevelAnswer::Below && asked.has_other_way {
        return LevelAnswer::NotShown;
    }
    stated
}

/// The statement that decides on an asked level: the one that meets it, else the highest.
#[must_use]
pub fn stated(asked: &AskedLevel, levels: &Levels) -> Option<StatedLevel> {
    let all = asked.any_of.iter().flat_map(|level| levels.of(level));
    all.reduce(|best, next| {
        if (next.answer, next.rank) > (best.answer, best.rank) {
            next
        } else {
            best
        }
    })
}

/// 1 where no must-have asks for a recognisable level; else the mean over those that do.
#[must_use]
pub fn fit(asked: &[AskedLevel], levels: &Levels) -> f32 {
    let (mut sum, mut n_asked) = (0.0, 0.0_f32);
    for asked in asked
        .iter()
        .filter(|one| matches!(one.wanted, Wanted::MustHave(_)))
    {
        n_asked += 1.0;
        sum += match answer(asked, levels) {
            LevelAnswer::Met => 1.0,
            LevelAnswer::NotShown => 0.5,
            LevelAnswer::Below => 0.1,
        };
    }
    if n_asked > 0.0 { sum / n_asked } else { 1.0 }
}

const fn compared(is_enough: bool) -> LevelAnswer {
    if is_enough {
        LevelAnswer::Met
    } else {
        LevelAnswer::Below
    }
}

fn add_languages(profile: &AnalyzedProfile, stated: &mut Vec<Statement>) {
    for (entry, known) in profile.profile.languages.iter().enumerate() {
        for (idx, language) in (0..).zip(LANGUAGES) {
            if known.language.contains(language) {
                stated.push(Statement {
                    of: Scale::Language(idx),
                    rank: known.level as u32,
                    field: ProfileField::Languages,
                    entry: entry as u16,
                    start: 0,
                });
            }
        }
    }
}

fn add_scores(profile: &AnalyzedProfile, stated: &mut Vec<Statement>) {
    let lists = |field| matches!(field, ProfileField::Qualifications | ProfileField::Skills);
    for passage in profile.passages().iter().filter(|passage| lists(passage.field)) {
        let range = passage.range.start as usize..passage.range.end as usize;
        let text = text::normalize(&profile.text_of(passage)[range]).to_lowercase();
        for (idx, (name, _)) in (0..).zip(SCORES) {
            if let Some(score) = number_near(&text, name) {
                stated.push(Statement {
                    of: Scale::Score(idx),
                    rank: score,
                    field: passage.field,
                    entry: passage.entry,
                    start: passage.range.start,
                });
            }
        }
    }
}

/// The number that stands a few characters behind `name`, or before it with its unit (800点のTOEIC).
fn number_near(text: &str, name: &str) -> Option<u32> {
    const GAP_MAX_CHARS: usize = 12;
    const DIGITS_MAX: usize = 4;
    let at = text.find(name)?;
    let digits = |from: &str| -> Option<u32> {
        let digits: String = from
            .chars()
            .enumerate()
            .skip_while(|(idx, c)| !c.is_ascii_digit() && *idx < GAP_MAX_CHARS)
            .map(|(_, c)| c)
            .take_while(char::is_ascii_digit)
            .take(DIGITS_MAX)
            .collect();
        digits.parse().ok()
    };
    let before = || {
        let unit = text[..at].rfind('点')?;
        let number: Vec<char> = text[..unit]
            .chars()
            .rev()
            .take_while(char::is_ascii_digit)
            .collect();
        number.into_iter().rev().collect::<String>().parse().ok()
    };
    digits(&text[at + name.len()..]).or_else(before)
}
