//! Levels that must-haves ask for, where they are simply recognisable: a language at a level, a TOEIC score, a
//! grade of bookkeeping.

use crate::domain::{LanguageLevel, Opportunity, Profile};
use crate::text;

/// A level that a requirement asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskedLevel {
    /// A language at a level at least.
    Language {
        /// As a profile names it.
        language: &'static str,
        /// The least level.
        level: LanguageLevel,
    },
    /// A TOEIC score at least.
    Toeic(u32),
    /// 日商簿記 of a grade or a better one (a smaller number).
    Bookkeeping(u32),
}

/// What a profile says about an asked level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelAnswer {
    /// It says so.
    Met,
    /// It says nothing.
    NotShown,
    /// It says less.
    Below,
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

/// The level that a requirement asks for, if it is recognisable.
#[must_use]
pub fn asked(requirement: &str) -> Option<AskedLevel> {
    let requirement = text::normalize(requirement);
    let lower = requirement.to_lowercase();
    if let Some(score) = number_after(&lower, "toeic").filter(|score| (10..=990).contains(score)) {
        return Some(AskedLevel::Toeic(score));
    }
    if let Some(grade) = number_after(&lower, "簿記").filter(|grade| (1..=3).contains(grade)) {
        return Some(AskedLevel::Bookkeeping(grade));
    }
    let language = LANGUAGES.iter().find(|language| lower.contains(**language))?;
    let level = match () {
        () if lower.contains("ネイティブ") => LanguageLevel::Native,
        () if lower.contains("ビジネス") || lower.contains("商談") || lower.contains("交渉") => {
            LanguageLevel::Business
        }
        () if lower.contains("日常会話") || lower.contains("会話") => LanguageLevel::Conversational,
        () if lower.contains("英語力") || lower.contains("での") => LanguageLevel::Business,
        () => LanguageLevel::Conversational,
    };
    Some(AskedLevel::Language { language, level })
}

/// What a profile says about an asked level.
#[must_use]
pub fn answer(asked: &AskedLevel, profile: &Profile) -> LevelAnswer {
    match asked {
        AskedLevel::Language { language, level } => {
            let known = profile
                .languages
                .iter()
                .find(|known| known.language.contains(language));
            match known {
                Some(known) if known.level >= *level => LevelAnswer::Met,
                Some(_) => LevelAnswer::Below,
                None => LevelAnswer::NotShown,
            }
        }
        AskedLevel::Toeic(score) => {
            let best = best_number(profile, "toeic", |best, next| next > best);
            compare(best, |best| best >= *score)
        }
        AskedLevel::Bookkeeping(grade) => {
            let best = best_number(profile, "簿記", |best, next| next < best);
            compare(best, |best| best <= *grade)
        }
    }
}

/// The levels that an opportunity's must-haves ask for.
#[must_use]
pub fn asked_by(opportunity: &Opportunity) -> Vec<AskedLevel> {
    opportunity
        .required_skills
        .iter()
        .filter_map(|requirement| asked(requirement))
        .collect()
}

/// 1 where no must-have asks for a recognisable level; else the mean over those that do.
#[must_use]
pub fn fit(asked: &[AskedLevel], profile: &Profile) -> f32 {
    let (mut sum, mut n_asked) = (0.0, 0.0_f32);
    for asked in asked {
        n_asked += 1.0;
        sum += match answer(asked, profile) {
            LevelAnswer::Met => 1.0,
            LevelAnswer::NotShown => 0.5,
            LevelAnswer::Below => 0.1,
        };
    }
    if n_asked > 0.0 { sum / n_asked } else { 1.0 }
}

fn compare(best: Option<u32>, is_enough: impl Fn(u32) -> bool) -> LevelAnswer {
    match best {
        Some(best) if is_enough(best) => LevelAnswer::Met,
        Some(_) => LevelAnswer::Below,
        None => LevelAnswer::NotShown,
    }
}

fn best_number(profile: &Profile, name: &str, is_better: impl Fn(u32, u32) -> bool) -> Option<u32> {
    let texts = profile.qualifications.iter().chain(&profile.skills);
    let numbers = texts.filter_map(|text| number_after(&text::normalize(text).to_lowercase(), name));
    numbers.reduce(|best, next| if is_better(best, next) { next } else { best })
}

/// The first number after `name`, at most a few characters away.
fn number_after(text: &str, name: &str) -> Option<u32> {
    const GAP_MAX_CHARS: usize = 8;
    let rest = &text[text.find(name)? + name.len()..];
    let digits: String = rest
        .chars()
        .enumerate()
        .skip_while(|(idx, c)| !c.is_ascii_digit() && *idx < GAP_MAX_CHARS)
        .map(|(_, c)| c)
        .take_while(char::is_ascii_digit)
        .take(4)
        .collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::LanguageSkill;

    #[test]
    fn a_score_and_a_grade_are_read_as_quantities() {
        let profile = |qualification: &str| Profile {
            qualifications: vec![qualification.to_owned()],
            ..Profile::default()
        };
        let ask = |requirement: &str, qualification: &str| {
            answer(&asked(requirement).unwrap(), &profile(qualification))
        };
        assert_eq!(ask("TOEIC 800点以上", "TOEIC 880"), LevelAnswer::Met);
        assert_eq!(ask("TOEIC 800点以上", "TOEIC 795"), LevelAnswer::Below);
        assert_eq!(ask("日商簿記2級", "日商簿記検定1級"), LevelAnswer::Met);
        assert_eq!(ask("日商簿記2級", "日商簿記検定3級"), LevelAnswer::Below);
        assert_eq!(ask("日商簿記2級", "秘書検定1級"), LevelAnswer::NotShown);
    }

    #[test]
    fn a_language_is_compared_by_level() {
        let profile = |level| Profile {
            languages: vec![LanguageSkill {
                language: "英語".to_owned(),
                level,
            }],
            ..Profile::default()
        };
        let business = asked("英語（ビジネスレベル）").unwrap();
        assert_eq!(
            answer(&business, &profile(LanguageLevel::Native)),
            LevelAnswer::Met
        );
        assert_eq!(
            answer(&business, &profile(LanguageLevel::Basic)),
            LevelAnswer::Below
        );
        assert_eq!(answer(&business, &Profile::default()), LevelAnswer::NotShown);
    }
}
