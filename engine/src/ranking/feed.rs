//! An alumnus's feed: all open opportunities, exactly, of the kinds that the person may be ranked for.
//!
//! - Scores of different opportunities are made comparable by how the person stands among the alumni who could be
//!   asked (person to job hit@1 .902 against .788 raw, in the measurements that the design rests on).
//! - A programme may cap how many new items a feed shows in a week; what is held back is counted, and comes later.
//! - What does not fit is left out and counted; what fits best and shares a word is never left out, so that a
//!   newcomer's feed is not empty where something fits.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};
use ndarray::ArrayView1;

use super::market::Multipliers;
use super::own::{self, Own, OwnChoices};
use super::rerank::{self, Variety};
use super::score::Scorer;
use super::{Calibration, Calibrations, Model, Pool, today};
use crate::domain::calendar::japan_date;
use crate::domain::policy::FEED_NEW_DAYS;
use crate::domain::{AlumnusId, Ineligible, OpportunityId, OpportunityKind, Policy, Screen, Standing};
use crate::features::{self, AnalyzedOpportunity, FeatureId, FeatureRow, Matcher, Query, Subject};
use crate::interrupt::{Interrupt, Interrupted, uninterrupted};
use crate::parallel;

/// A question: what, for this person?
#[derive(Clone, Copy, Debug)]
pub struct FeedRequest<'a> {
    /// For whom.
    pub alumnus_id: AlumnusId,
    /// Everything that alumni may see; those no longer open at `now` are passed over.
    pub opportunities: &'a [Arc<AnalyzedOpportunity>],
    /// The programme's rules.
    pub policy: &'a Policy,
    /// The instant of the question.
    pub now: DateTime<Utc>,
    /// What the person declined, put off, or was rejected for.
    pub hidden: &'a HashMap<OpportunityId, Ineligible>,
    /// What the person's own answers say about what they want; empty for a newcomer.
    pub choices: &'a OwnChoices,
    /// Only these kinds; `None`: all.
    pub kinds: Option<&'a [OpportunityKind]>,
    /// What coordination left, where the programme asks for it.
    pub multipliers: Option<&'a Multipliers>,
}

/// One item of a feed.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoredOpportunity {
    /// Which.
    pub opportunity_id: OpportunityId,
    /// The base plus the sum of the contributions, in `[0, 1]`.
    pub score: f64,
    /// In the order of [`FeatureId::ALL`].
    pub contributions: Vec<f64>,
    /// What the score was computed from.
    pub inputs: FeedInputs,
}

/// What an item's score is computed from, beside the model: enough to compute it again ([`super::replay`]).
#[derive(Clone, Debug, PartialEq)]
pub struct FeedInputs {
    /// The features, as the scorer read them.
    pub features: FeatureRow,
    /// How the opportunity's scores lay among the alumni who could be asked.
    pub calibration: Calibration,
    /// What the person's choices said.
    pub own: Own,
    /// What coordination multiplied by; `None`: the feed was not coordinated.
    pub multiplier: Option<f64>,
    /// What the item may repeat.
    pub variety: Variety,
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedRanking {
    /// Best first.
    pub items: Vec<ScoredOpportunity>,
    /// The score of an average pair.
    pub base: f64,
    /// How many open opportunities each rule left out.
    pub left_out: BTreeMap<Ineligible, u32>,
    /// How many more the person may be ranked for that do not fit well enough to be shown.
    pub n_below_floor: u32,
    /// The model that scored.
    pub model_version: String,
}

/// Fewest opportunities that are worth starting a thread for: some 200 µs of work.
const OPPORTUNITIES_PER_THREAD_MIN: usize = 50;

/// How far above the mean of those who could be asked a person stands for whom an opportunity fits. Chosen by hand:
/// about one person in six.
const FLOOR_Z: f64 = 1.0;

/// How many items that share any word are shown even below the floor.
const SHOWN_ANYWAY: usize = 3;

/// How much of the feed's score is the standing among alumni; the rest is the raw score.
const STANDING_SHARE: f64 = 0.5;

/// Ranks the open opportunities for one person; empty for somebody who is not in the pool.
#[must_use]
pub fn feed(
    request: &FeedRequest<'_>,
    pool: &Pool,
    model: &Model,
    calibrations: &Calibrations,
) -> FeedRanking {
    uninterrupted(|never| feed_unless(never, request, pool, model, calibrations))
}

/// As [`feed`], unless it is interrupted: then there is no part of an answer.
///
/// # Errors
///
/// [`Interrupted`], asked for before each opportunity: one whose calibration is missing takes as long as some hundred
/// people.
pub fn feed_unless(
    interrupt: &Interrupt,
    request: &FeedRequest<'_>,
    pool: &Pool,
    model: &Model,
    calibrations: &Calibrations,
) -> Result<FeedRanking, Interrupted> {
    interrupt.check()?;
    let mut ranking = FeedRanking {
        items: Vec::new(),
        base: model.base(),
        left_out: BTreeMap::new(),
        n_below_floor: 0,
        model_version: model.version().to_owned(),
    };
    let Some(subject) = pool.subject(request.alumnus_id) else {
        return Ok(ranking);
    };
    let open: Vec<&AnalyzedOpportunity> = candidates(request).collect();
    let judge = Judge {
        request,
        subject,
        standing: pool.standing(request.alumnus_id),
        pool,
        model,
        scorer: Scorer::new(model),
        calibrations,
    };
    let verdicts = stage!(
        "score",
        parallel::over(open.len(), OPPORTUNITIES_PER_THREAD_MIN, |stretch| {
            judge.judge_all(interrupt, &open[stretch])
        })
    );
    let mut items = Vec::with_capacity(open.len());
    for of_stretch in verdicts {
        for verdict in of_stretch? {
            match verdict {
                Ok(item) => items.push(item),
                Err(rule) => *ranking.left_out.entry(rule).or_default() += 1,
            }
        }
    }
    interrupt.check()?;
    let n_scored = items.len();
    let fitting = above_floor(items);
    ranking.n_below_floor = (n_scored - fitting.len()) as u32;
    let mut shown: Vec<ScoredOpportunity> = fitting.iter().map(|item| judge.scored(item)).collect();
    let offers: Vec<Query<'_>> = fitting.iter().map(|item| pool.query(item.opportunity)).collect();
    // After the floor: what a person chose, and coordination, move what fits and neither hide nor bring in anything.
    own::apply(request.choices, pool, &offers, &mut shown);
    if let Some(multipliers) = request.multipliers {
        rerank::coordinate_feed(&mut shown, multipliers);
    }
    let ranked = stage!("rerank", rerank::by_score_with_variety(shown));
    let (items, n_held_back) = hold_back_new(request, ranked);
    ranking.items = items;
    if n_held_back > 0 {
        ranking.left_out.insert(Ineligible::HeldBack, n_held_back);
    }
    Ok(ranking)
}

/// Keeps as many new items as the programme's cap allows, the best ones, and counts the others. What is held back comes
/// with the next feed that has room, at the latest when it is no longer new.
fn hold_back_new(request: &FeedRequest<'_>, ranked: Vec<ScoredOpportunity>) -> (Vec<ScoredOpportunity>, u32) {
    let Some(max) = request.policy.feed_new_items_per_week else {
        return (ranked, 0);
    };
    let today = today(request.now);
    let new: HashSet<OpportunityId> = candidates(request)
        .map(|one| &one.opportunity)
        .filter(|one| is_new(japan_date(one.created_at), today))
        .map(|one| one.id)
        .collect();
    let (mut n_new, mut n_held_back) = (0, 0);
    let mut kept = Vec::with_capacity(ranked.len());
    for item in ranked {
        let is_new = new.contains(&item.opportunity_id);
        n_new += u32::from(is_new);
        if is_new && n_new > max {
            n_held_back += 1;
        } else {
            kept.push(item);
        }
    }
    (kept, n_held_back)
}

/// Whether what was recorded on `created_on` is new on `today`: on that day and the six after it.
fn is_new(created_on: NaiveDate, today: NaiveDate) -> bool {
    today < created_on + Days::new(FEED_NEW_DAYS)
}

/// The open opportunities of the kinds asked for.
fn candidates<'a>(request: &FeedRequest<'a>) -> impl Iterator<Item = &'a AnalyzedOpportunity> {
    let FeedRequest { now, kinds, .. } = *request;
    let all = request.opportunities.iter().map(Arc::as_ref);
    all.filter(move |one| one.opportunity.is_open_at(now))
        .filter(move |one| kinds.is_none_or(|kinds| kinds.contains(&one.opportunity.kind())))
}

/// An opportunity that the person may be ranked for.
struct Item<'a> {
    opportunity: &'a AnalyzedOpportunity,
    features: FeatureRow,
    calibration: Calibration,
    /// As [`among_alumni`] says.
    score: f64,
    z: f64,
}

impl Item<'_> {
    fn id(&self) -> OpportunityId {
        self.opportunity.opportunity.id
    }

    /// Whether it shares a word with what the person says.
    fn has_match(&self) -> bool {
        let words = [
            FeatureId::MustHaveCoverage,
            FeatureId::NiceToHaveCoverage,
            FeatureId::TitleMatch,
            FeatureId::TextRelevance,
        ];
        words.iter().any(|feature| self.features[*feature as usize] > 0.0)
    }
}

/// What all items of one feed are judged by.
struct Judge<'a> {
    request: &'a FeedRequest<'a>,
    subject: Subject<'a>,
    standing: Option<&'a Standing>,
    pool: &'a Pool,
    model: &'a Model,
    scorer: Scorer,
    calibrations: &'a Calibrations,
}

impl Judge<'_> {
    /// Each item, or the rule that leaves it out.
    fn judge_all<'o>(
        &self,
        interrupt: &Interrupt,
        opportunities: &[&'o AnalyzedOpportunity],
    ) -> Result<Vec<Result<Item<'o>, Ineligible>>, Interrupted> {
        let mut matcher = Matcher::default();
        let mut judged = Vec::with_capacity(opportunities.len());
        for opportunity in opportunities {
            interrupt.check()?;
            judged.push(match self.may_be_shown(opportunity) {
                Ok(()) => Ok(self.judge(interrupt, &mut matcher, opportunity)?),
                Err(rule) => Err(rule),
            });
        }
        Ok(judged)
    }

    fn may_be_shown(&self, opportunity: &AnalyzedOpportunity) -> Result<(), Ineligible> {
        let FeedRequest {
            alumnus_id,
            policy,
            now,
            hidden,
            ..
        } = *self.request;
        let standing = self.standing.ok_or(Ineligible::NotMember)?;
        let screen = Screen::new(policy, &opportunity.opportunity, opportunity.asker(), today(now));
        screen.judge(alumnus_id, standing)?;
        match hidden.get(&opportunity.opportunity.id) {
            Some(rule) => Err(*rule),
            None => Ok(()),
        }
    }

    fn judge<'o>(
        &self,
        interrupt: &Interrupt,
        matcher: &mut Matcher,
        opportunity: &'o AnalyzedOpportunity,
    ) -> Result<Item<'o>, Interrupted> {
        let (pool, model, now) = (self.pool, self.model, self.request.now);
        let calibration = match self.calibrations.get(opportunity.opportunity.id) {
            Some(calibration) => *calibration,
            None => Calibration::compute_unless(interrupt, opportunity, now, pool, model)?,
        };
        let query = pool.query(opportunity);
        matcher.turn_to(&query);
        let features = features::extract_one(matcher, self.subject, &query, now);
        let raw = self.scorer.score(ArrayView1::from(&features));
        let z = calibration.z(raw);
        Ok(Item {
            opportunity,
            features,
            calibration,
            score: comparable(raw, z),
            z,
        })
    }

    /// The item as it is shown.
    fn scored(&self, item: &Item<'_>) -> ScoredOpportunity {
        let inputs = FeedInputs {
            features: item.features,
            calibration: item.calibration,
            own: Own::default(),
            multiplier: None,
            variety: variety(item.opportunity),
        };
        among_alumni(&self.scorer, item.id(), inputs)
    }
}

/// Scores an item by the person's standing among the alumni who could be asked.
pub(super) fn among_alumni(
    scorer: &Scorer,
    opportunity_id: OpportunityId,
    inputs: FeedInputs,
) -> ScoredOpportunity {
    let mut scored = scorer.scored(ArrayView1::from(&inputs.features));
    let comparable = comparable(scored.score, inputs.calibration.z(scored.score));
    scored.contributions[FeatureId::StandingAmongAlumni as usize] = comparable - scored.score;
    ScoredOpportunity {
        opportunity_id,
        score: comparable,
        contributions: scored.contributions,
        inputs,
    }
}

/// What an opportunity's score for a person is in that person's feed, before anything is varied or coordinated; in
/// `[0, 1]`.
///
/// - `score`: the person's score among the opportunity's candidates
#[must_use]
pub fn wish(score: f64, calibration: &Calibration) -> f64 {
    comparable(score, calibration.z(score))
}

fn comparable(score: f64, z: f64) -> f64 {
    (1.0 - STANDING_SHARE) * score + STANDING_SHARE * standing_of(z)
}

/// Brings a standing into `[0, 1]`: one half at one spread above the mean, where most people do not fit anything.
fn standing_of(z: f64) -> f64 {
    1.0 / (1.0 + (-(z - FLOOR_Z)).exp())
}

/// What fits well enough to be shown, best first; ties by identifier.
fn above_floor(items: Vec<Item<'_>>) -> Vec<Item<'_>> {
    // The keys alone are moved about, since a sixth is shown.
    let keys = items
        .iter()
        .enumerate()
        .map(|(idx, item)| (item.score, item.id(), idx));
    let mut order: Vec<(f64, OpportunityId, usize)> = keys.collect();
    order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut items: Vec<Option<Item<'_>>> = items.into_iter().map(Some).collect();
    let ranked = order.into_iter().filter_map(|(.., idx)| items[idx].take());
    let fits = |(place, item): &(usize, Item<'_>)| {
        item.has_match() && (item.z >= FLOOR_Z || (*place < SHOWN_ANYWAY && item.z > 0.0))
    };
    ranked.enumerate().filter(fits).map(|(_, item)| item).collect()
}

fn variety(opportunity: &AnalyzedOpportunity) -> Variety {
    Variety {
        kind: opportunity.opportunity.kind(),
        department: opportunity.opportunity.department.clone(),
    }
}
