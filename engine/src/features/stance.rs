//! Whether a person does the work itself, or sells it, teaches it or advises on it.
//!
//! Those who stand around a kind of work use all its words. That is a good thing where the opportunity asks for it,
//! so a stance counts only where it is not asked for; what a person does now is read from the headline and the
//! latest title alone.

use super::analysis::AnalyzedOpportunity;
use crate::domain::{OpportunityKind, Profile};

/// Ways of standing around work, each with the words that name it.
const STANCES: &[&[&str]] = &[
    &["営業", "セールス", "販売代理"],
    &[
        "講師",
        "研修",
        "セミナー",
        "講座",
        "教室",
        "トレーナー",
        "インストラクター",
    ],
    &[
        "コンサル",
        "アドバイザー",
        "支援",
        "サポート",
        "コーディネーター",
        "エージェント",
        "導入",
    ],
    &["マーケ", "広告", "ライター", "ブロガー", "インフルエンサー"],
    &[
        "コミュニティ",
        "事務局",
        "庶務",
        "営業事務",
        "アシスタント",
        "派遣",
    ],
];

/// The stances that an opportunity asks for.
#[derive(Clone, Copy, Debug)]
pub struct Asked(u32);

impl Asked {
    /// Reads an opportunity.
    #[must_use]
    pub fn by(opportunity: &AnalyzedOpportunity) -> Self {
        Self(stances(&asked_text(opportunity)))
    }

    /// 1 where the person does what is asked for, or nothing says otherwise; 0 where the headline or the latest
    /// title names a stance that the opportunity does not.
    #[must_use]
    pub fn fit(self, taken: Taken) -> f32 {
        if taken.0 & !self.0 == 0 { 1.0 } else { 0.0 }
    }
}

/// The stances that a person takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken(u32);

impl Taken {
    /// Reads a profile.
    #[must_use]
    pub fn by(profile: &Profile) -> Self {
        Self(stances(&told_text(profile)))
    }
}

fn asked_text(opportunity: &AnalyzedOpportunity) -> String {
    let opportunity = &opportunity.opportunity;
    let mut text = opportunity.title.clone();
    let mut add = |more: &str| {
        text.push('\n');
        text.push_str(more);
    };
    add(opportunity.department.as_deref().unwrap_or_default());
    add(&opportunity.description);
    opportunity.required_skills.iter().for_each(|skill| add(skill));
    opportunity.preferred_skills.iter().for_each(|skill| add(skill));
    // Whoever speaks teaches.
    match opportunity.kind() {
        OpportunityKind::SpeakerSlot => add("講師"),
        OpportunityKind::Role | OpportunityKind::ContractWork => {}
    }
    text
}

fn told_text(profile: &Profile) -> String {
    let latest = profile.career_after.first().map(|position| &position.title);
    let latest = latest.or_else(|| profile.tenures.first().map(|tenure| &tenure.title));
    let headline = profile.headline.as_deref().unwrap_or_default();
    format!("{headline}\n{}", latest.map_or("", String::as_str))
}

fn stances(text: &str) -> u32 {
    let mut bits = 0;
    for (bit, words) in STANCES.iter().enumerate() {
        if words.iter().any(|word| text.contains(word)) {
            bits |= 1 << bit;
        }
    }
    bits
}
