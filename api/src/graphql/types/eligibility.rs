//! What a programme's rules mean for one person.

use async_graphql::SimpleObject;
use okaeri_engine::domain::OwnEligibility;
use okaeri_engine::domain::own_eligibility::GroupUse;
use okaeri_engine::ranking::Language;

use super::policy::GroupCompany;
use crate::graphql::enums::{ExclusionRule, OpportunityKind};
use crate::graphql::scalars::Date;
use crate::usecase::policy::Told;

/// May the viewer come back, speak or work for the company: is there a programme for it, which rule says so, until when.
/// The same decision that rankings take. The alumnus alone.
#[derive(Clone, Debug, SimpleObject)]
pub struct Eligibility {
    /// The kind of opportunity that is asked about.
    pub kind: OpportunityKind,
    /// Whether the programme offers the kind.
    pub is_offered: bool,
    /// Whether the viewer is ranked for it today: no rule says no.
    pub is_eligible: bool,
    /// Whether the programme's own rules admit the viewer today, whatever the viewer opted into.
    pub is_admitted: bool,
    /// The rule that says no, under which rankings count the viewer. Null when none does.
    pub rule: Option<ExclusionRule>,
    /// Every rule that says no today, in the order in which they are asked.
    pub rules: Vec<ExclusionRule>,
    /// The first day on which the viewer may be approached, where a quiet period or a speaker's rest decides that. Null
    /// where neither does.
    pub opens_on: Option<Date>,
    /// The last day on which a return is open, in Japan time. Null: without an end, or the day of leaving is not known.
    pub until: Option<Date>,
    /// Why, in words, in Japanese or English by Accept-Language.
    pub explanation: String,
}

/// What a company of the group may use the viewer's data for. The alumnus alone.
#[derive(Clone, Debug, SimpleObject)]
pub struct GroupCompanyUse {
    /// The company.
    pub company: GroupCompany,
    /// Whether the viewer worked there.
    pub is_own: bool,
    /// Kinds of opportunity of that company for which the viewer's data may be used, as far as sharing within the group
    /// decides; empty: none.
    pub kinds: Vec<OpportunityKind>,
}

impl From<GroupUse> for GroupCompanyUse {
    fn from(used: GroupUse) -> Self {
        Self {
            company: used.company.into(),
            is_own: used.is_own,
            kinds: used.kinds.into_iter().map(OpportunityKind::from).collect(),
        }
    }
}

impl Eligibility {
    /// What a person is told, in the language of the request.
    pub fn all(told: &Told, language: Language) -> Vec<Self> {
        let one = |asked: &OwnEligibility| {
            let (english, japanese) = asked.explanation(&told.policy);
            Self {
                kind: asked.kind.into(),
                is_offered: asked.is_offered,
                is_eligible: asked.is_eligible(),
                is_admitted: asked.is_admitted(),
                rule: asked.rule().map(ExclusionRule::from),
                rules: asked.rules.iter().copied().map(ExclusionRule::from).collect(),
                opens_on: asked.opens_on.map(Date),
                until: asked.until.map(Date),
                explanation: match language {
                    Language::Japanese => japanese,
                    Language::English => english,
                },
            }
        };
        told.eligibility.iter().map(one).collect()
    }
}
