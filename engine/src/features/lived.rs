//! The one exception to "own circumstances are not read": a speaker slot that asks for the experience of caring,
//! raising children or studying. Whoever is ranked for a slot has consented to speak.
//!
//! Health, family status, moves and everything else in such clauses stay closed, for every opportunity.

use super::field::ProfileField;
use super::reading::ReadProfile;
use crate::domain::{Opportunity, OpportunityKind};

/// Caring, raising children, studying: one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LivedExperience(u8);

/// The bit of studying.
const STUDYING: u8 = 1 << 2;

const WORDS: [&[&str]; 3] = [
    &[
        "介護",
        "看取",
        "ケアマネ",
        "ダブルケア",
        "特養",
        "特別養護",
        "認知症",
        "老健",
        "デイサービス",
        "母が倒れ",
        "父が倒れ",
        "母の世話",
        "父の世話",
        "母のもと",
        "父のもと",
        "親のもと",
        "母が台所",
        "母が施設",
        "父が施設",
        "母は施設",
        "父は施設",
    ],
    &["育児", "子育て", "育休", "産休", "保育園の送り", "時短勤務"],
    &[
        "大学院",
        "留学",
        "学び直",
        "専門学校",
        "通学",
        "修士",
        "博士",
        "進学",
        "学生",
        "大学に",
    ],
];

/// What somebody says who studied, rather than who works with those who do.
const STUDIED: &[&str] = &[
    "大学院に",
    "大学院へ",
    "大学院で",
    "学校に通",
    "学校へ通",
    "学校に入",
    "大学に通",
    "に留学",
    "留学し",
    "留学の",
    "進学し",
    "学び直しま",
    "学び直した",
    "へ進学",
    "修士に",
    "博士号",
    "修了予定",
    "修了は",
];

/// Titles of somebody who studies.
const STUDENT_TITLES: &[&str] = &["学生", "課程", "院生", "履修生", "student", "candidate", "留学"];

impl LivedExperience {
    /// No experience.
    pub const NONE: Self = Self(0);

    /// The experiences that a text names.
    #[must_use]
    pub fn named_in(text: &str) -> Self {
        let mut bits = 0;
        for (bit, words) in WORDS.iter().enumerate() {
            if words.iter().any(|word| text.contains(word)) {
                bits |= 1 << bit;
            }
        }
        Self(bits)
    }

    /// The experiences that an opportunity asks for: none unless it is a speaker slot with such a topic.
    #[must_use]
    pub fn asked_by(opportunity: &Opportunity) -> Self {
        match opportunity.kind() {
            OpportunityKind::Role | OpportunityKind::ContractWork => Self::NONE,
            OpportunityKind::SpeakerSlot => {
                let topics = opportunity.required_skills.iter();
                topics
                    .map(|topic| Self::named_in(topic))
                    .fold(Self::NONE, Self::or)
            }
        }
    }

    /// The experiences that a person tells of as their own: caring and raising children in clauses on their own
    /// circumstances, studying there, in what they say of themselves, or as a station since leaving.
    #[must_use]
    pub fn told_by(read: &ReadProfile<'_>) -> Self {
        let mut told = Self::NONE;
        let mut has_studied = read.profile.career_after.iter().any(|position| {
            let title = position.title.to_lowercase();
            STUDENT_TITLES.iter().any(|word| title.contains(word))
        });
        let own = [ProfileField::Headline, ProfileField::Summary];
        for one in own.into_iter().flat_map(|field| read.of(field)) {
            for range in &one.private {
                told = told.or(Self::named_in(&one.text[range.clone()]));
            }
            has_studied |= STUDIED.iter().any(|words| one.text.contains(words));
        }
        if has_studied {
            Self(told.0 | STUDYING)
        } else {
            told
        }
    }

    /// What either names.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a clause that names `self` may be read for an opportunity that asks for `asked`.
    #[must_use]
    pub fn may_be_read_for(self, asked: Self) -> bool {
        self.0 & asked.0 != 0
    }
}
