//! What coordination leaves behind for serving: one number per person and per opportunity, to multiply scores by.
//!
//! - A list at request time is the base score times the multiplier; whoever has none, because they are new, keeps
//!   their score, and so does everybody while coordination is off.
//! - Never above 1 and never 0: coordination takes from whoever is in great demand and hides nobody.
//! - What it moves is a contribution ([`Multipliers::contribution`]), to be shown with the others.
//!
//! CAP weighs a wish by `exp(-a L)`. Stored from CAP's own plan these weights would not give CAP's lists: its loads
//! are what is left after the lists were made, and its sort also knows the other side's lists, which serving does not.
//! So the loads are sought for which lists sorted by *score times multiplier* lead to these very loads (averaged from
//! round to round, as congestion on roads is: the method of successive averages). On 2,000 alumni × 60 roles with
//! scores that mix both wishes, `a = 0.3` raises expected matches by a fifth and seats filled from .28 to .42; with
//! the loads of CAP's plan both fall.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::response::lists_by;
use super::{Market, MarketError, Pair, Places, Plan, in_range};
use crate::domain::{AlumnusId, OpportunityId};
use crate::ranking::Language;

/// The form in which multipliers are stored. Another one is refused: recompute them.
pub const MULTIPLIERS_VERSION: u32 = 1;

/// How many opportunities somebody looks at; the published market of many alumni and few seats.
const ALUMNUS_PLACES: usize = 10;
/// How many candidates a recruiter looks at; as above.
const OPPORTUNITY_PLACES: usize = 50;

/// Rounds of averaging. On 2,000 × 60 the loads move by less than a hundredth afterwards.
const ROUNDS: usize = 60;
/// Least weight of a round in the average, so that early rounds are forgotten.
const ROUND_WEIGHT_MIN: f64 = 0.05;

/// A candidate is close if their score is at least this share of that of the last one there is a seat for. Chosen by
/// hand: it is about what reading a profile once more changes in a judgement.
const CLOSE: f64 = 0.9;

/// One candidacy with the scores that both lists are sorted by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wish {
    /// Who.
    pub alumnus_id: AlumnusId,
    /// For what.
    pub opportunity_id: OpportunityId,
    /// The opportunity's score in the person's feed, in `[0, 1]`.
    pub p: f64,
    /// The person's score among the opportunity's candidates, in `[0, 1]`.
    pub q: f64,
}

/// How many seats there are, and how many people for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Contention {
    /// Seats of the opportunity.
    pub n_seats: u32,
    /// Candidates whose base score is at least nine tenths of that of the last candidate there is a seat for, those
    /// with a seat included. All candidates where there are no more than seats.
    pub n_close: u32,
}

impl Contention {
    /// Counts the candidates who are close, by base scores in any order, each in `[0, 1]`.
    #[must_use]
    pub fn count(n_seats: u32, mut scores: Vec<f64>) -> Self {
        scores.sort_unstable_by(|one: &f64, other| other.total_cmp(one));
        let seats = n_seats.max(1) as usize;
        // Where there are no more candidates than seats, everybody may have one.
        let least = scores.get(seats).map_or(0.0, |_| CLOSE * scores[seats - 1]);
        Self {
            n_seats,
            n_close: scores.partition_point(|score| *score >= least) as u32,
        }
    }

    /// "N seats, M close candidates." in the reader's language.
    #[must_use]
    pub fn text(self, language: Language) -> String {
        let Self { n_seats, n_close } = self;
        match language {
            Language::Japanese => format!("募集枠{n_seats}名に対し、近い評価の候補者が{n_close}名います。"),
            Language::English => {
                let seats = if n_seats == 1 { "seat" } else { "seats" };
                let candidates = if n_close == 1 { "candidate" } else { "candidates" };
                format!("{n_seats} {seats}, {n_close} close {candidates}.")
            }
        }
    }
}

/// What to coordinate.
#[derive(Clone, Copy, Debug)]
pub struct Coordination<'a> {
    /// Every candidacy that both sides may be shown, in any order.
    pub wishes: &'a [Wish],
    /// Seats of every opportunity that occurs in `wishes`, each at least 1.
    pub seats: &'a BTreeMap<OpportunityId, u32>,
    /// CAP's `a` per expected match, in `[0, 1]`: 0 changes nothing, about 0.3 gives the most matches, and 1 gives up
    /// some of them for more equal chances.
    pub alpha: f64,
}

/// Why there are no multipliers.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MultipliersError {
    /// The input is no market.
    #[error(transparent)]
    Market(#[from] MarketError),
    /// An opportunity has candidates and no entry among the seats.
    #[error("opportunity {0} has no seats")]
    NoSeats(OpportunityId),
    /// What is stored was written in another form.
    #[error("multipliers of version {found}, not {MULTIPLIERS_VERSION}: compute them again")]
    Version {
        /// The version that is stored.
        found: u32,
    },
    /// A stored multiplier is not in `(0, 1]`.
    #[error("stored multiplier {0} is not above 0 and at most 1")]
    BadMultiplier(f64),
}

/// The stored result of coordination. Those that are exactly 1 are left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct Multipliers {
    alpha: f64,
    alumni: BTreeMap<AlumnusId, f64>,
    opportunities: BTreeMap<OpportunityId, f64>,
    contention: BTreeMap<OpportunityId, Contention>,
}

/// [`Multipliers`] as they stand in storage.
#[derive(Clone, Serialize, Deserialize)]
struct Stored {
    version: u32,
    alpha: f64,
    alumni: BTreeMap<AlumnusId, f64>,
    opportunities: BTreeMap<OpportunityId, f64>,
    contention: BTreeMap<OpportunityId, Contention>,
}

impl From<Multipliers> for Stored {
    fn from(multipliers: Multipliers) -> Self {
        Self {
            version: MULTIPLIERS_VERSION,
            alpha: multipliers.alpha,
            alumni: multipliers.alumni,
            opportunities: multipliers.opportunities,
            contention: multipliers.contention,
        }
    }
}

impl TryFrom<Stored> for Multipliers {
    type Error = MultipliersError;

    fn try_from(stored: Stored) -> Result<Self, MultipliersError> {
        if stored.version != MULTIPLIERS_VERSION {
            return Err(MultipliersError::Version {
                found: stored.version,
            });
        }
        in_range("alpha", stored.alpha, 0.0, 1.0)?;
        for &multiplier in stored.alumni.values().chain(stored.opportunities.values()) {
            if !(multiplier > 0.0 && multiplier <= 1.0) {
                return Err(MultipliersError::BadMultiplier(multiplier));
            }
        }
        Ok(Self {
            alpha: stored.alpha,
            alumni: stored.alumni,
            opportunities: stored.opportunities,
            contention: stored.contention,
        })
    }
}

impl Multipliers {
    /// The slider that they were computed with.
    #[must_use]
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// What a person's score among an opportunity's candidates is multiplied by, in `(0, 1]`; 1 if they are new.
    #[must_use]
    pub fn of_alumnus(&self, id: AlumnusId) -> f64 {
        self.alumni.get(&id).copied().unwrap_or(1.0)
    }

    /// What an opportunity's score in a feed is multiplied by, in `(0, 1]`; 1 if it is new.
    #[must_use]
    pub fn of_opportunity(&self, id: OpportunityId) -> f64 {
        self.opportunities.get(&id).copied().unwrap_or(1.0)
    }

    /// "N seats, M close candidates", as of when the multipliers were computed; `None` if the opportunity is new.
    #[must_use]
    pub fn contention(&self, id: OpportunityId) -> Option<Contention> {
        self.contention.get(&id).copied()
    }

    /// What a multiplier adds to a score, never positive: the contribution to list with the others. With 1 it is 0 and
    /// the score stays bit for bit what it was.
    ///
    /// - `score`: in `[0, 1]`; `multiplier`: in `(0, 1]`
    #[must_use]
    pub fn contribution(score: f64, multiplier: f64) -> f64 {
        score * multiplier - score
    }
}

/// Computes multipliers for everybody who occurs, and how many close candidates each opportunity has. The order of
/// the wishes does not matter.
///
/// Loads are expected matches: the product of both scores and of the attention that the places of both lists get (an
/// alumnus looks at 10, a recruiter at 50). A multiplier is `exp(-α L)` for a person and `exp(-α L / seats)` for an
/// opportunity.
///
/// # Errors
///
/// A score outside `[0, 1]`, `alpha` outside `[0, 1]`, an opportunity without seats, a candidacy that occurs twice.
pub fn coordinate_lists(request: &Coordination<'_>) -> Result<Multipliers, MultipliersError> {
    in_range("alpha", request.alpha, 0.0, 1.0)?;
    let alumni = indexes(request.wishes.iter().map(|wish| wish.alumnus_id));
    let opportunities = indexes(request.wishes.iter().map(|wish| wish.opportunity_id));
    let market = market(request, &alumni, &opportunities)?;
    let loads = settle(&market, request.alpha);
    Ok(Multipliers {
        alpha: request.alpha,
        alumni: multipliers(alumni.keys().copied(), request.alpha, &loads.alumni),
        contention: contention(&market, opportunities.keys().copied()),
        opportunities: multipliers(opportunities.keys().copied(), request.alpha, &loads.opportunities),
    })
}

/// The market and the lists that both sides get from their scores times these multipliers, to be measured.
///
/// # Errors
///
/// As [`coordinate_lists`].
pub fn lists_with(
    request: &Coordination<'_>,
    multipliers: &Multipliers,
) -> Result<(Market, Plan), MultipliersError> {
    let alumni = indexes(request.wishes.iter().map(|wish| wish.alumnus_id));
    let opportunities = indexes(request.wishes.iter().map(|wish| wish.opportunity_id));
    let market = market(request, &alumni, &opportunities)?;
    let of_alumni: Vec<f64> = alumni.keys().map(|id| multipliers.of_alumnus(*id)).collect();
    let of_opportunities: Vec<f64> = opportunities
        .keys()
        .map(|id| multipliers.of_opportunity(*id))
        .collect();
    let plan = lists_by_multipliers(&market, &of_alumni, &of_opportunities);
    Ok((market, plan))
}

/// Both sides' lists by score times the other's multiplier.
fn lists_by_multipliers(market: &Market, of_alumni: &[f64], of_opportunities: &[f64]) -> Plan {
    let feeds: Vec<f64> = market
        .pairs()
        .zip(&market.p)
        .map(|((_, j), p)| p * of_opportunities[j])
        .collect();
    let candidates: Vec<f64> = market
        .pairs()
        .zip(&market.q)
        .map(|((i, _), q)| q * of_alumni[i])
        .collect();
    lists_by(market, &feeds, &candidates)
}

/// Positions by identifier, in the order of the identifiers.
fn indexes<Id: Ord + Copy>(ids: impl Iterator<Item = Id>) -> BTreeMap<Id, u32> {
    let mut indexes: BTreeMap<Id, u32> = ids.map(|id| (id, 0)).collect();
    for (at, index) in indexes.values_mut().enumerate() {
        *index = at as u32;
    }
    indexes
}

fn market(
    request: &Coordination<'_>,
    alumni: &BTreeMap<AlumnusId, u32>,
    opportunities: &BTreeMap<OpportunityId, u32>,
) -> Result<Market, MultipliersError> {
    let mut seats = Vec::with_capacity(opportunities.len());
    for id in opportunities.keys() {
        seats.push(*request.seats.get(id).ok_or(MultipliersError::NoSeats(*id))?);
    }
    let pairs = request.wishes.iter().map(|wish| Pair {
        alumnus_idx: alumni[&wish.alumnus_id],
        opportunity_idx: opportunities[&wish.opportunity_id],
        p: wish.p,
        q: wish.q,
    });
    let places = (
        Places::logarithmic(ALUMNUS_PLACES),
        Places::logarithmic(OPPORTUNITY_PLACES),
    );
    Ok(Market::sparse(
        alumni.len(),
        pairs.collect(),
        &seats,
        places.0,
        places.1,
    )?)
}

/// Expected matches, per alumnus and per seat of an opportunity.
struct Loads {
    alumni: Vec<f64>,
    opportunities: Vec<f64>,
}

/// The loads that lists by score times multiplier lead to.
fn settle(market: &Market, alpha: f64) -> Loads {
    let mut loads = Loads {
        alumni: vec![0.0; market.n_alumni()],
        opportunities: vec![0.0; market.n_opportunities()],
    };
    if alpha == 0.0 {
        return loads;
    }
    let pairs: Vec<(usize, usize)> = market.pairs().collect();
    for round in 1..=ROUNDS {
        let of_alumni: Vec<f64> = loads.alumni.iter().map(|load| (-alpha * load).exp()).collect();
        let of_opportunities: Vec<f64> = loads
            .opportunities
            .iter()
            .map(|load| (-alpha * load).exp())
            .collect();
        let plan = lists_by_multipliers(market, &of_alumni, &of_opportunities);

        // An average towards what these lists lead to: shrink what was, add what is.
        let weight = (1.0 / round as f64).max(ROUND_WEIGHT_MIN);
        for load in loads.alumni.iter_mut().chain(&mut loads.opportunities) {
            *load *= 1.0 - weight;
        }
        let attention = plan.alumnus_attention.iter().zip(&plan.opportunity_attention);
        for (((i, j), product), (x, y)) in pairs.iter().zip(market.product()).zip(attention) {
            let n_matches = weight * product * x * y;
            loads.alumni[*i] += n_matches;
            loads.opportunities[*j] += n_matches / market.opportunities.room[*j];
        }
    }
    loads
}

/// `exp(-alpha · load)` by identifier, without those that are 1.
fn multipliers<Id: Ord>(ids: impl Iterator<Item = Id>, alpha: f64, loads: &[f64]) -> BTreeMap<Id, f64> {
    let all = ids.zip(loads.iter().map(|load| (-alpha * load).exp()));
    all.filter(|(_, multiplier)| *multiplier < 1.0).collect()
}

fn contention(
    market: &Market,
    ids: impl Iterator<Item = OpportunityId>,
) -> BTreeMap<OpportunityId, Contention> {
    let side = &market.opportunities;
    let mut all = BTreeMap::new();
    for (j, id) in ids.enumerate() {
        let scores = side.pairs_of(j).map(|at| market.q[side.mirror[at] as usize]);
        all.insert(id, Contention::count(side.room[j] as u32, scores.collect()));
    }
    all
}

#[cfg(test)]
#[path = "multipliers_tests.rs"]
mod tests;
