//! Why an alumnus and an opportunity were put together.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use async_graphql::{Context, Error, Object, SimpleObject};
use okaeri_engine::domain::{self, calendar::japan_date};
use okaeri_engine::features::FeatureId;
use okaeri_engine::ranking::{self, Language, MatchExplanation};

use super::wish::{ChangeSinceLeaving, StandingWish};
use crate::graphql::context::{ContextExt as _, nullable};
use crate::graphql::enums::{MatchFeature, ProfileField, RequirementStatus};
use crate::graphql::error::from_fault;
use crate::usecase::served::{self, Pair};

/// Why this alumnus and this opportunity were put together: the computation itself, not prose about it.
pub struct Match {
    pair: Arc<Pair>,
    // Explained once, and only when a field asks for it: the language is the request's.
    explanation: OnceLock<Arc<MatchExplanation>>,
}

impl Match {
    /// A match whose explanation is computed when first asked for.
    pub fn new(pair: Pair) -> Self {
        Self {
            pair: Arc::new(pair),
            explanation: OnceLock::new(),
        }
    }

    /// Explains all matches of a page on a blocking thread, if any field of the selection at `path` asks for it.
    pub async fn explain_all<'a>(
        ctx: &Context<'_>,
        path: &[&str],
        matches: impl Iterator<Item = &'a Self>,
    ) -> Result<(), Error> {
        let selected = path
            .iter()
            .fold(ctx.look_ahead(), |selected, field| selected.field(field));
        let asks = ["summary", "contributions", "requirements", "pointsToConfirm"];
        if !asks.iter().any(|field| selected.field(field).exists()) {
            return Ok(());
        }
        let language = ctx.language();
        let matches: Vec<&Self> = matches.collect();
        let pairs: Vec<Arc<Pair>> = matches.iter().map(|of| Arc::clone(&of.pair)).collect();
        let explained = served::explain_all(ctx.app(), ctx.execution(), pairs, language).await;
        for (of, explanation) in matches.iter().zip(explained.map_err(|fault| from_fault(&fault))?) {
            // Nobody else holds this match yet, so that the place is free.
            let _ = of.explanation.set(explanation);
        }
        Ok(())
    }

    fn explain(&self, language: Language) -> &MatchExplanation {
        self.explanation.get_or_init(|| self.pair.explain(language))
    }
}

/// Why this alumnus and this opportunity were put together: the computation itself, not prose about it.
#[Object]
impl Match {
    /// How well they fit, from 0 to 1: the base plus the sum of the contributions.
    async fn score(&self) -> f64 {
        self.pair.score()
    }

    /// One or two sentences, in Japanese or English by Accept-Language.
    async fn summary(&self, ctx: &Context<'_>) -> String {
        self.explain(ctx.language()).summary.clone()
    }

    /// The score of an average pair.
    async fn base(&self) -> f64 {
        self.pair.base
    }

    /// What added to the base or took from it, largest first by magnitude, signed. Whatever reorders is one of them.
    async fn contributions(&self, ctx: &Context<'_>) -> Vec<Contribution> {
        self.explain(ctx.language())
            .contributions
            .iter()
            .map(Contribution::from)
            .collect()
    }

    /// Each must-have and nice-to-have, in the opportunity's order.
    async fn requirements(&self, ctx: &Context<'_>) -> Vec<RequirementCheck> {
        self.explain(ctx.language())
            .requirements
            .iter()
            .map(RequirementCheck::from)
            .collect()
    }

    /// What changed at the company since the person left, has to do with the opportunity, and touches what the person
    /// wishes for, latest written first; to staff, only what touches wishes that the person shows them.
    async fn change_notes(&self, ctx: &Context<'_>) -> Result<Vec<ChangeSinceLeaving>, Error> {
        let notes = ctx.loaders().change_notes().await?;
        let wishes = ctx.loaders().wishes_of(self.pair.alumnus_id).await?;
        let wishes: Vec<&domain::StandingWish> = wishes.iter().collect();
        let profile = self.pair.profile.read().profile;
        let profile = &profile.profile;
        let today = japan_date(ctx.app().clock.now());
        let left_on = profile.left_on();
        let touching = notes.into_iter().rev().filter_map(|note| {
            let is_news =
                note.came_after_leaving(left_on, today) && note.concerns(&self.pair.opportunity.opportunity);
            let reason = note.touches(profile, &wishes).filter(|_| is_news)?;
            Some(ChangeSinceLeaving {
                note: note.into(),
                reason: Some(reason.into()),
            })
        });
        Ok(touching.collect())
    }

    /// The viewer's own standing wish that this opportunity answers; only in the own feed. Null when there is none.
    async fn standing_wish(&self, ctx: &Context<'_>) -> Option<Result<StandingWish, Error>> {
        nullable(async {
            let added = self.pair.contributions.get(FeatureId::StandingWish as usize);
            if added.is_none_or(|added| *added == 0.0) {
                return Ok(None);
            }
            let kind = self.pair.opportunity.opportunity.kind();
            let own = ctx.loaders().wishes_of(self.pair.alumnus_id).await?;
            Ok(own.into_iter().find(|wish| wish.kind == kind).map(StandingWish))
        })
        .await
    }

    /// What to ask before deciding, in short sentences.
    async fn points_to_confirm(&self, ctx: &Context<'_>) -> Vec<String> {
        self.explain(ctx.language()).points_to_confirm.clone()
    }
}

/// What one feature adds to the score or takes from it.
#[derive(Clone, Debug, SimpleObject)]
pub struct Contribution {
    /// Which feature.
    pub feature: MatchFeature,
    /// The signed share of the score.
    pub value: f64,
    /// In words, in Japanese or English by Accept-Language.
    pub text: String,
    /// The phrases of the profile that it rests on; empty where it rests on none.
    pub evidence: Vec<Evidence>,
}

/// A phrase of a profile.
#[derive(Clone, Debug, SimpleObject)]
pub struct Evidence {
    /// Where it stands.
    pub field: ProfileField,
    /// The phrase, shortened around what matched.
    pub snippet: String,
    /// What matched, as ranges of the snippet in ascending order.
    pub highlights: Vec<TextRange>,
}

/// A half-open range of a text in UTF-16 code units, as browsers count.
#[derive(Clone, Debug, SimpleObject)]
pub struct TextRange {
    /// The first unit.
    pub start: i32,
    /// The unit behind the last.
    pub end: i32,
}

impl From<&Range<u32>> for TextRange {
    fn from(range: &Range<u32>) -> Self {
        let units = |unit: u32| i32::try_from(unit).unwrap_or(i32::MAX);
        Self {
            start: units(range.start),
            end: units(range.end),
        }
    }
}

/// Ranges in UTF-16 code units as the schema has them.
pub fn text_ranges(ranges: &[Range<u32>]) -> Vec<TextRange> {
    ranges.iter().map(TextRange::from).collect()
}

/// Whether one requirement of the opportunity is met.
#[derive(Clone, Debug, SimpleObject)]
pub struct RequirementCheck {
    /// The requirement as the opportunity words it.
    pub text: String,
    /// True: a must-have. False: a nice-to-have.
    pub is_must_have: bool,
    /// The outcome. NOT_SHOWN is not UNMET: the profile may just be silent.
    pub status: RequirementStatus,
    /// How the outcome came about, in Japanese or English by Accept-Language.
    pub note: String,
    /// The phrase that decided. Null where nothing in the profile did.
    pub evidence: Option<Evidence>,
}

impl From<&ranking::Contribution> for Contribution {
    fn from(contribution: &ranking::Contribution) -> Self {
        Self {
            feature: contribution.feature.into(),
            value: contribution.value,
            text: contribution.text.clone(),
            evidence: contribution.evidence.iter().map(Evidence::from).collect(),
        }
    }
}

impl From<&ranking::Evidence> for Evidence {
    fn from(evidence: &ranking::Evidence) -> Self {
        Self {
            field: evidence.field.into(),
            snippet: evidence.snippet.clone(),
            highlights: text_ranges(&evidence.highlights),
        }
    }
}

impl From<&ranking::RequirementCheck> for RequirementCheck {
    fn from(check: &ranking::RequirementCheck) -> Self {
        let status = match check.status {
            ranking::RequirementStatus::Met => RequirementStatus::Met,
            ranking::RequirementStatus::NotShown => RequirementStatus::NotShown,
            ranking::RequirementStatus::Unmet => RequirementStatus::Unmet,
            ranking::RequirementStatus::NotAssessable => RequirementStatus::NotAssessable,
        };
        Self {
            text: check.text.clone(),
            is_must_have: check.is_must_have,
            status,
            note: check.note.clone(),
            evidence: check.evidence.as_ref().map(Evidence::from),
        }
    }
}
