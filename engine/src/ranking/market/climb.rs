//! Alternating Frank-Wolfe steps: each side's lists move a step towards the best answer to the other's.
//!
//! What an actor's own weight is does not change the order of their own list, so each half step needs only the weights
//! of the other side. Attention shrinks by `1 - step` with every step; that factor is kept once per side instead of
//! being multiplied into every pair, so that a step writes only what stands in somebody's list, and expected matches
//! are kept up to date by the same writes. A step reads only pairs that have been given attention at some time: the
//! others score nothing and come after them, by the product of both wishes.

use super::lists::{Entry, INSERTION_MAX, Picker, insert_last};
use super::{Market, MarketError, Plan, Side, in_range, response, transport};

/// Where a climb starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Start {
    /// Attention evenly over everybody. Published; collapses where all agree on whom they like.
    Uniform,
    /// The lists of [`Policy::Transferable`](super::Policy::Transferable), which differ between people from the start.
    Transferable {
        /// As there.
        beta: f64,
    },
}

/// Whether what was planned is shown as a mixture or as one list each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serving {
    /// Attention is a mixture of lists that take turns from day to day.
    Rotating,
    /// Each actor keeps one list, by the attention that the climb gave.
    Fixed,
}

/// How lists are sought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Climb {
    /// Where from.
    pub start: Start,
    /// How far towards the best answer each step goes, in `(0, 1)`.
    pub step: f64,
    /// Most steps, each of both sides, in `1..=100_000`.
    pub n_steps_max: usize,
    /// Ends when a step changes the expected matches by less; 0 uses all steps.
    pub tolerance: f64,
    /// What becomes of the mixture.
    pub serving: Serving,
}

impl Climb {
    /// As Tomita & Yokoyama publish it.
    pub const PUBLISHED: Self = Self {
        start: Start::Uniform,
        step: 0.1,
        n_steps_max: 100,
        tolerance: 0.01,
        serving: Serving::Rotating,
    };

    /// Slower and longer: ends with more matches and no envy on the published markets of 30 × 20.
    pub const PATIENT: Self = Self {
        step: 0.02,
        n_steps_max: 1_500,
        tolerance: 0.0,
        ..Self::PUBLISHED
    };

    /// For many alumni and few seats, where a uniform start wastes attention on people who stand in no list.
    pub const SEATS: Self = Self {
        start: Start::Transferable { beta: 0.1 },
        n_steps_max: 60,
        ..Self::PUBLISHED
    };

    /// As [`Climb::SEATS`], with one list each: rounding costs nothing there (Frank-Wolfe ends close to a vertex) and a
    /// recruiter finds the same people tomorrow.
    pub const SEATS_FIXED: Self = Self {
        serving: Serving::Fixed,
        ..Self::SEATS
    };

    pub(super) fn ensure_in_range(self) -> Result<(), MarketError> {
        in_range("step", self.step, 1e-6, 1.0 - 1e-6)?;
        in_range("steps", self.n_steps_max as f64, 1.0, 100_000.0)?;
        in_range("tolerance", self.tolerance, 0.0, f64::MAX)?;
        match self.start {
            Start::Uniform => Ok(()),
            Start::Transferable { beta } => in_range("beta", beta, transport::BETA_MIN, transport::BETA_MAX),
        }
    }
}

/// What an expected match of the other weighs, given how many they have already.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Weight {
    /// All alike.
    One,
    /// `1 / U^power`, the slope of α-fair welfare.
    Inverse { power: f64 },
    /// `exp(-a · L / c)`.
    Saturating { a: f64 },
}

/// Least expected matches that [`Weight::Inverse`] divides by (as published), so that nobody weighs without bound.
const UTILITY_MIN: f64 = 1e-4;

impl Weight {
    /// - `load`: expected matches; `room`: how many there is room for
    pub(super) fn of(self, load: f64, room: f64) -> f64 {
        match self {
            Self::One => 1.0,
            Self::Inverse { power: 1.0 } => 1.0 / load.max(UTILITY_MIN),
            Self::Inverse { power } => load.max(UTILITY_MIN).powf(-power),
            Self::Saturating { a } => (-a * load / room).exp(),
        }
    }
}

/// Below this the factor of a side is multiplied into its pairs, long before it would be lost to underflow.
const SCALE_MIN: f64 = 1e-60;

/// What one side gives and gets.
struct Half {
    /// What this side gives, divided by `scale`, in the order of the *other* side's pairs, who read it.
    given: Vec<f64>,
    /// The factor of `given`.
    scale: f64,
    /// Expected matches of each actor, divided by both sides' scales.
    load: Vec<f64>,
    /// Which pairs of each actor the other side has given attention to: the first `n_found` from the actor's start.
    found: Vec<u32>,
    /// `[n_actors]`
    n_found: Vec<usize>,
    /// Each actor's best pairs by the product of wishes, for those who have been found by too few to fill a list:
    /// `[n_actors, n_places]`, and `u32::MAX` where an actor has fewer pairs.
    fallback: Vec<u32>,
}

impl Half {
    /// - `given`: what this side gives, in the order of the other side's pairs; `got`: what it is given, in its own
    fn new(side: &Side, given: Vec<f64>, got: &[f64]) -> Self {
        let mut found = vec![0; side.other.len()];
        let mut n_found = Vec::with_capacity(side.n_actors());
        for actor in 0..side.n_actors() {
            let pairs = side.pairs_of(actor);
            let start = pairs.start;
            let mut end = start;
            for at in pairs.filter(|&at| got[at] > 0.0) {
                found[end] = at as u32;
                end += 1;
            }
            n_found.push(end - start);
        }
        Self {
            given,
            scale: 1.0,
            load: vec![0.0; side.n_actors()],
            fallback: fallback(side, &n_found),
            found,
            n_found,
        }
    }
}

/// Empty where nobody needs it.
fn fallback(side: &Side, n_found: &[usize]) -> Vec<u32> {
    let n_places = side.places.len();
    let is_short = |actor: usize| n_found[actor] < n_places.min(side.pairs_of(actor).len());
    if !(0..side.n_actors()).any(is_short) {
        return Vec::new();
    }
    let mut fallback = vec![u32::MAX; side.n_actors() * n_places];
    let mut picker = Picker::default();
    for (actor, slots) in fallback.chunks_exact_mut(n_places).enumerate() {
        let candidates = side.pairs_of(actor).map(|at| Entry {
            score: side.product[at],
            product: side.product[at],
            pair_idx: at as u32,
        });
        for (slot, entry) in slots.iter_mut().zip(picker.pick(n_places, candidates)) {
            *slot = entry.pair_idx;
        }
    }
    fallback
}

/// Plans the lists that maximize the welfare whose slope is `weight`. Opportunities move first, as published.
pub(super) fn climb(market: &Market, weight: Weight, climb: Climb) -> Plan {
    let (alumni, opportunities) = (&market.alumni, &market.opportunities);
    let (alumni_give, opportunities_give) = starts(market, climb.start);
    let mut opportunity_half = Half::new(opportunities, opportunities_give.clone(), &alumni_give);
    let mut alumnus_half = Half::new(alumni, alumni_give, &opportunities_give);
    drop(opportunities_give);
    count_loads(market, &mut alumnus_half, &mut opportunity_half);

    let mut picker = Picker::default();
    let mut n_matches = total(&alumnus_half, &opportunity_half);
    for _ in 0..climb.n_steps_max {
        let (moving, still) = (
            (opportunities, &mut opportunity_half),
            (alumni, &mut alumnus_half),
        );
        advance(moving, still, weight, climb.step, &mut picker);
        let (moving, still) = (
            (alumni, &mut alumnus_half),
            (opportunities, &mut opportunity_half),
        );
        advance(moving, still, weight, climb.step, &mut picker);
        let before = n_matches;
        n_matches = total(&alumnus_half, &opportunity_half);
        if (n_matches - before).abs() < climb.tolerance {
            break;
        }
    }
    let plan = Plan {
        alumnus_attention: alumni
            .mirror
            .iter()
            .map(|&at| alumnus_half.given[at as usize] * alumnus_half.scale)
            .collect(),
        opportunity_attention: opportunity_half
            .given
            .iter()
            .map(|given| given * opportunity_half.scale)
            .collect(),
    };
    match climb.serving {
        Serving::Rotating => plan,
        Serving::Fixed => response::lists_by(market, &plan.alumnus_attention, &plan.opportunity_attention),
    }
}

/// What both sides give at the start, each in the order of the other side's pairs.
fn starts(market: &Market, start: Start) -> (Vec<f64>, Vec<f64>) {
    match start {
        Start::Uniform => (evenly(&market.alumni), evenly(&market.opportunities)),
        Start::Transferable { beta } => {
            let matching = transport::matching(market, beta, transport::ITERATIONS_FOR_START);
            let plan = response::lists_by(market, &matching, &matching);
            (
                response::to_columns(market, &plan.alumnus_attention),
                plan.opportunity_attention,
            )
        }
    }
}

/// All that each actor of a side has to give, evenly over their pairs; in the order of the other side's pairs.
fn evenly(side: &Side) -> Vec<f64> {
    let mut given = vec![0.0; side.other.len()];
    for actor in 0..side.n_actors() {
        let pairs = side.pairs_of(actor);
        let n_shown = pairs.len().min(side.places.len());
        let even = side.places[..n_shown].iter().sum::<f64>() / pairs.len() as f64;
        for at in pairs {
            given[side.mirror[at] as usize] = even;
        }
    }
    given
}

/// Expected matches of everybody, from the pairs.
fn count_loads(market: &Market, alumnus_half: &mut Half, opportunity_half: &mut Half) {
    for i in 0..market.n_alumni() {
        for at in market.alumni.pairs_of(i) {
            let x = alumnus_half.given[market.alumni.mirror[at] as usize];
            let n_matches = market.alumni.product[at] * x * opportunity_half.given[at];
            alumnus_half.load[i] += n_matches;
            opportunity_half.load[market.alumni.other[at] as usize] += n_matches;
        }
    }
}

fn total(one: &Half, other: &Half) -> f64 {
    // The side with fewer actors, for speed; both sums are the same matches.
    let fewer = if one.load.len() < other.load.len() {
        one
    } else {
        other
    };
    fewer.load.iter().sum::<f64>() * one.scale * other.scale
}

/// Moves one side's lists a step towards the best answer to the other side's.
fn advance(
    (side, half): (&Side, &mut Half),
    (other_side, other_half): (&Side, &mut Half),
    weight: Weight,
    step: f64,
    picker: &mut Picker,
) {
    let scale = half.scale * other_half.scale;
    let loads = other_half.load.iter().zip(&other_side.room);
    let weights: Vec<f64> = loads.map(|(load, &room)| weight.of(load * scale, room)).collect();

    half.scale *= 1.0 - step;
    let added = step / half.scale;
    let mut list = Vec::with_capacity(side.places.len());
    for actor in 0..side.n_actors() {
        best_list(side, half, &other_half.given, &weights, actor, picker, &mut list);
        let mut gained = 0.0;
        for (&at, place) in list.iter().zip(&side.places) {
            let (at, other, mirror) = (
                at as usize,
                side.other[at as usize] as usize,
                side.mirror[at as usize],
            );
            let more = added * place;
            let given = &mut half.given[mirror as usize];
            if *given == 0.0 {
                let slot = other_side.starts[other] + other_half.n_found[other];
                other_half.found[slot] = mirror;
                other_half.n_found[other] += 1;
            }
            *given += more;
            let n_matches = side.product[at] * other_half.given[at] * more;
            gained += n_matches;
            other_half.load[other] += n_matches;
        }
        half.load[actor] += gained;
    }
    if half.scale < SCALE_MIN {
        rescale(half, other_half);
    }
}

/// The pairs of an actor's best list, best first.
fn best_list(
    side: &Side,
    half: &mut Half,
    got: &[f64],
    weights: &[f64],
    actor: usize,
    picker: &mut Picker,
    list: &mut Vec<u32>,
) {
    let n_places = side.places.len();
    let pairs = side.pairs_of(actor);
    let n_found = half.n_found[actor];
    let found = &mut half.found[pairs.start..pairs.start + n_found];
    let entry = |at: u32| {
        let product = side.product[at as usize];
        Entry {
            score: product * got[at as usize] * weights[side.other[at as usize] as usize],
            product,
            pair_idx: at,
        }
    };
    list.clear();
    if n_found <= n_places.min(INSERTION_MAX) {
        // All of them, in the order of the last step, which is nearly that of this one.
        let sorted = picker.empty();
        for &at in found.iter() {
            sorted.push(entry(at));
            insert_last(sorted);
        }
        for (slot, entry) in found.iter_mut().zip(sorted.iter()) {
            *slot = entry.pair_idx;
        }
        list.extend_from_slice(found);
    } else {
        let best = picker.pick(n_places, found.iter().map(|&at| entry(at)));
        list.extend(best.iter().map(|entry| entry.pair_idx));
    }
    if list.len() < n_places.min(pairs.len()) {
        let fallback = &half.fallback[actor * n_places..(actor + 1) * n_places];
        let others = fallback
            .iter()
            .filter(|&&at| at != u32::MAX && got[at as usize] == 0.0);
        list.extend(others.take(n_places - list.len()));
    }
}

/// Multiplies a side's factor into what it is a factor of.
fn rescale(half: &mut Half, other_half: &mut Half) {
    let scale = half.scale;
    let loads = half.load.iter_mut().chain(&mut other_half.load);
    for value in half.given.iter_mut().chain(loads) {
        *value *= scale;
    }
    half.scale = 1.0;
}
