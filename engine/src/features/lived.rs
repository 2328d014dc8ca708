//! The one exception to "own circumstances are not read": a speaker slot that asks for the experience of caring,
//! raising children or studying. Whoever is ranked for a slot has consented to speak.
//!
//! Health, family status, moves and everything else in such clauses stay closed, for every opportunity.

use crate::domain::{Opportunity, OpportunityKind};

/// Caring, raising children, studying: one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LivedExperience(u8);

const WORDS: [&[&str]; 3] = [
    &["介護", "看取", "ケアマネ", "ダブルケア"],
    &["育児", "子育て", "育休", "産休"],
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
                    .fold(Self::NONE, |all, one| Self(all.0 | one.0))
            }
        }
    }

    /// Whether a clause that names `self` may be read for an opportunity that asks for `asked`.
    #[must_use]
    pub fn may_be_read_for(self, asked: Self) -> bool {
        self.0 & asked.0 != 0
    }
}
