//! Whether a person does the work itself, or sells it, teaches it or advises on it.
//!
//! Those who stand around a kind of work use all its words. That is a good thing where the opportunity asks for it,
//! so a stance counts only where it is not asked for. What a person does now is read from the headline and the latest
//! title, what they did in a job from its title and unit or organization; no description is read.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::analysis::{AnalyzedOpportunity, Part};
use super::field::ProfileField;
use super::reading::{ReadProfile, ReadText};
use crate::domain::Profile;
use crate::text::PublicText;

/// Ways of standing around work, each with the words that name it.
const STANCES: &[&[&str]] = &[
    // Selling it.
    &["営業", "セールス", "販売代理", "ラウンダー"],
    // Teaching it.
    &[
        "講師",
        "研修",
        "セミナー",
        "講座",
        "教室",
        "トレーナー",
        "インストラクター",
        "コーチ",
    ],
    // Advising on it, bringing together those who do it and those who want it.
    &[
        "コンサル",
        "アドバイザー",
        "支援",
        "サポート",
        "コーディネーター",
        "コーディネータ",
        "エージェント",
        "導入",
        "アクセラレーター",
        "仲介",
        "紹介会社",
        "評論",
        "研究家",
    ],
    // Making it known.
    &[
        "マーケ",
        "広告",
        "ライター",
        "ブロガー",
        "インフルエンサー",
        "プロモーション",
        "ブランドマネージャー",
    ],
    // Helping those who do it.
    &[
        "コミュニティ",
        "事務局",
        "庶務",
        "営業事務",
        "事務担当",
        "業務担当",
        "アシスタント",
        "派遣",
        "補助",
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

    /// Whether the person does now what is asked for, or nothing says otherwise: neither the headline nor the latest
    /// title names a stance that the opportunity does not.
    #[must_use]
    pub fn is_taken_now(self, taken: &Taken) -> bool {
        taken.now & !self.0 == 0
    }

    /// The text that tells of a stance which is not asked for, and the word in it: the headline, else the latest
    /// title. `None` where [`Self::is_taken_now`].
    #[must_use]
    pub fn told_in(self, profile: &Profile) -> Option<ToldStance<'_>> {
        let headline = profile
            .headline
            .as_deref()
            .map(|text| (ProfileField::Headline, text));
        let mut texts = headline.into_iter().chain(latest_title(profile));
        texts.find_map(|(field, text)| {
            let unasked = STANCES
                .iter()
                .enumerate()
                .filter(|(bit, _)| self.0 & (1 << bit) == 0);
            let mut words = unasked.flat_map(|(_, words)| words.iter());
            let word = words.find_map(|word| find_in_public(text, word))?;
            Some(ToldStance { field, text, word })
        })
    }

    /// The same of one tenure or position, by its title, unit and organization.
    #[must_use]
    pub fn is_taken_in(self, taken: &Taken, field: ProfileField, entry: u16) -> bool {
        let jobs = match field {
            ProfileField::Tenure => &taken.tenures,
            ProfileField::CareerAfter => &taken.career_after,
            _ => return true,
        };
        jobs.get(usize::from(entry)).is_none_or(|job| job & !self.0 == 0)
    }
}

/// What told of a stance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldStance<'a> {
    /// [`ProfileField::Headline`], or where the latest title stands, which is the first entry there.
    pub field: ProfileField,
    /// The headline or title.
    pub text: &'a str,
    /// The bytes of the word in it.
    pub word: Range<usize>,
}

/// The stances that a person takes: now, and in each tenure and position.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    now: u32,
    tenures: Box<[u32]>,
    career_after: Box<[u32]>,
}

impl Taken {
    /// Reads a profile.
    #[must_use]
    pub fn by(read: &ReadProfile<'_>) -> Self {
        let profile = read.profile;
        let tenures = profile.tenures.iter();
        let career_after = profile.career_after.iter();
        Self {
            now: stances(&told_text(read)),
            tenures: tenures
                .map(|one| stances(&public(&format!("{}\n{}", one.department, one.title))))
                .collect(),
            career_after: career_after
                .map(|one| stances(&public(&format!("{}\n{}", one.organization, one.title))))
                .collect(),
        }
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
    text
}

fn told_text(read: &ReadProfile<'_>) -> String {
    let headline = read.of(ProfileField::Headline).next();
    let latest = latest_title(read.profile).map(|(field, _)| field);
    let mut titles = latest.into_iter().flat_map(|field| read.of(field));
    // The first entry is the latest, and has one title.
    let title = titles.find(|text| text.part == Part::Title);
    let public =
        |text: Option<&ReadText<'_>>| text.map_or(String::new(), |text| text.public.text().to_owned());
    format!("{}\n{}", public(headline), public(title))
}

/// What a text says but for the person's own circumstances: whoever supports a parent supports nobody's work.
fn public(text: &str) -> String {
    PublicText::new(text).text().to_owned()
}

/// Where a word stands in what [`public`] leaves.
fn find_in_public(text: &str, word: &str) -> Option<Range<usize>> {
    let public = PublicText::new(text);
    let at = public.text().find(word)?;
    Some(public.original(&(at..at + word.len())))
}

fn latest_title(profile: &Profile) -> Option<(ProfileField, &str)> {
    let since = profile
        .career_after
        .first()
        .map(|one| (ProfileField::CareerAfter, one.title.as_str()));
    since.or_else(|| {
        profile
            .tenures
            .first()
            .map(|one| (ProfileField::Tenure, one.title.as_str()))
    })
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
