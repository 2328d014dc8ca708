//! Whom to score in a company where that is not everybody: the people for whom most speaks at first sight.
//!
//! The features of what is asked for are linear in how far each need is borne out and how often each term is said, so
//! their share of the score can be added up need by need from lists, for everybody at once, without looking at anybody.
//! Of four times as many as are wanted the practical side is looked at then, which decides as much. What is missing (where
//! somebody stands now, likeness without shared terms, levels) the scorer adds for whom is proposed.
//!
//! - Proposes, and never scores: the numbers here are seen by nobody.
//! - Nobody is left out for saying nothing: where few say anything, the others fill the list up.
//! - Work grows with the postings of the query's terms, and hardly with the company. Terms that every advertisement uses tell
//!   nobody apart and are not read.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use chrono::NaiveDate;

use super::first_sight::FirstSight;
use super::memo::MostSaid;
use super::pool::Slot;
use super::queries::Recalled;
use super::{Model, Pool};
use crate::domain::AlumnusId;
use crate::features::lived::LivedExperience;
use crate::features::needs::Asked;
use crate::features::postings::{Posting, WHOLE};
use crate::features::query::QueryTerm;
use crate::features::{FeatureId, Query};
use crate::interrupt::{Interrupt, Interrupted};
use crate::parallel;

/// Buffers for a stretch of the places of a pool; all zeros between uses.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    sums: Vec<f32>,
    concepts: Vec<f32>,
    words: Vec<f32>,
    touched: Vec<usize>,
}

impl Scratch {
    /// Makes room for so many places.
    pub(crate) fn fit(&mut self, n_slots: usize) {
        for column in [&mut self.sums, &mut self.concepts, &mut self.words] {
            column.resize(n_slots, 0.0);
        }
    }
}

/// Buffers that were lent and came back, so that a ranking of a million people does not begin by asking for memory.
#[derive(Debug, Default)]
pub(super) struct Scratches(Mutex<Vec<Scratch>>);

/// As many as two rankings need at once on two processors, each a stretch for each processor; what is beyond is dropped.
const SCRATCHES_MAX: usize = 4;

impl Scratches {
    pub(super) fn take(&self) -> Option<Scratch> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    pub(super) fn give_back(&self, scratch: Scratch) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < SCRATCHES_MAX {
            kept.push(scratch);
        }
    }
}

impl Clone for Scratches {
    /// A copy has its own.
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// Fewest places that are worth starting a thread for: some 200 µs of work.
const SLOTS_PER_THREAD_MIN: usize = 4_096;

/// How many of those who say most of what is asked for are looked at more closely, for each who is chosen.
const LOOKED_AT: usize = 4;

/// Chooses `max` of the people in `eligible`, or all where these are fewer; ascending: of those who say most of what
/// is asked for, those in whose way least seems to stand. Whoever ties with the last of them is chosen too; where that would
/// be more than twice as many, ties go by identifier.
///
/// - `eligible`: ascending
pub(crate) fn propose(
    interrupt: &Interrupt,
    pool: &Pool,
    recalled: &Recalled<'_>,
    model: &Model,
    eligible: &[Slot],
    today: NaiveDate,
    max: usize,
) -> Result<Vec<Slot>, Interrupted> {
    interrupt.check()?;
    let looked_at = looked_at(interrupt, pool, recalled, model, eligible, LOOKED_AT * max)?;
    let first_sight = FirstSight::new(&recalled.query, model, today);
    let worth = looked_at.into_iter();
    let worth = worth.map(|(sum, slot)| (first_sight.worth(sum, pool.practical(slot)), slot));
    let mut chosen: Vec<Slot> = greatest(pool, worth.collect(), max)
        .into_iter()
        .map(|(_, slot)| slot)
        .collect();
    chosen.sort_unstable();
    Ok(chosen)
}

/// Those of `eligible` who say most of what is asked for, with their sums, as [`greatest`] chooses: from the sums that are
/// known already, or by reading the postings.
fn looked_at(
    interrupt: &Interrupt,
    pool: &Pool,
    recalled: &Recalled<'_>,
    model: &Model,
    eligible: &[Slot],
    max: usize,
) -> Result<Vec<(f32, Slot)>, Interrupted> {
    let known = recalled.memo.most_said(model);
    if let Some(chosen) = known.and_then(|known| known.among(pool, eligible, max)) {
        return Ok(chosen);
    }
    let said = said_by(&recalled.query, model);
    let kept_max = KEPT * max;
    let parts = parallel::over(pool.n_slots(), SLOTS_PER_THREAD_MIN, |slots| {
        most_said(interrupt, pool, &said, eligible, slots, (max, kept_max))
    });
    let mut looked_at = Vec::new();
    let mut everybody = Vec::new();
    for part in parts {
        let part = part?;
        looked_at.extend(part.eligible);
        everybody.extend(part.everybody);
    }
    let everybody = greatest(pool, everybody, kept_max);
    let is_all = everybody.len() == pool.len();
    recalled
        .memo
        .keep_most_said(MostSaid::new(model, everybody, is_all));
    Ok(greatest(pool, looked_at, max))
}

/// How many people's sums are kept for each who is looked at: enough where one in four of those who say most may be ranked,
/// whoever asks and whatever became of standings. Not by how many may be ranked for whoever asks first, or the time would tell
/// the next how many exclude one of both.
const KEPT: usize = 4;

/// Who says most of what is asked for, with their sums; in no order.
pub(super) struct Most {
    /// Of those who may be ranked.
    pub(super) eligible: Vec<(f32, Slot)>,
    /// Of everybody with a profile.
    everybody: Vec<(f32, Slot)>,
}

/// Who says most of what is asked for among those with a place in `slots`, as [`greatest`] chooses.
///
/// - `eligible`: ascending
/// - `max`: how many of them, and how many of everybody
pub(super) fn most_said(
    interrupt: &Interrupt,
    pool: &Pool,
    said: &Said,
    eligible: &[Slot],
    slots: Range<usize>,
    (max, kept_max): (usize, usize),
) -> Result<Most, Interrupted> {
    let before = |end: usize| eligible.partition_point(|slot| (*slot as usize) < end);
    let eligible = &eligible[before(slots.start)..before(slots.end)];
    let everybody: Vec<Slot> = pool.with_profile(&slots).collect();
    pool.with_scratch(slots.len(), |scratch| {
        let added = add(interrupt, pool, said, &everybody, &slots, scratch);
        let best = |people: &[Slot], max| best(pool, &scratch.sums, people, slots.start, max);
        let chosen = added.map(|()| Most {
            eligible: best(eligible, max),
            everybody: best(&everybody, kept_max),
        });
        // Whoever uses the buffers next relies on zeros, also after an interrupt.
        scratch.sums.fill(0.0);
        chosen
    })
}

/// What is read of postings, by what it is worth.
pub(super) struct Said {
    /// What each need adds, were it borne out in full, with its terms.
    needs: Vec<(f32, Vec<TermOfNeed>)>,
    /// Terms, with what each adds, were it said without end.
    words: Vec<(u32, f32)>,
    /// Which experience is asked for, and what telling of it as one's own adds.
    lived: (LivedExperience, f32),
}

/// A term by its number, what it says about a need, and whether as one of several words that add up.
type TermOfNeed = (u32, f32, bool);

/// What of the postings is read for a query, and what for.
pub(super) fn said_by(query: &Query<'_>, model: &Model) -> Said {
    let weight = |feature: FeatureId| model.weights()[feature as usize] as f32;
    let mut terms_of: Vec<Vec<TermOfNeed>> = vec![Vec::new(); query.needs.len()];
    for (number, term) in (0..).zip(&query.terms).filter(|(_, term)| term.damping >= 1.0) {
        let Some(id) = term.id else { continue };
        for hit in query.hits_of(number) {
            terms_of[usize::from(hit.need)].push((id, hit.factor / WHOLE, hit.is_word));
        }
    }
    let needs = need_weights(query, model).into_iter().zip(terms_of);
    let sum = query.relevance_sum;
    let whole = 2.0 * weight(FeatureId::TextRelevance);
    let is_read = |term: &&QueryTerm| sum > 0.0 && term.weight > 0.0 && term.damping >= 1.0;
    let words = query.terms.iter().filter(is_read);
    let words = words.filter_map(|term| Some((term.id?, whole * term.weight * term.idf / sum / WHOLE)));
    Said {
        needs: needs.filter(|(weight, _)| *weight > 0.0).collect(),
        words: words.filter(|(_, share)| *share > 0.0).collect(),
        lived: (
            query.lived,
            weight(FeatureId::EvidenceStrength) + weight(FeatureId::HandsOn),
        ),
    }
}

/// Adds up the sums of a stretch of places, in which `people` have a profile. However it ends, the other buffers are as they
/// were.
fn add(
    interrupt: &Interrupt,
    pool: &Pool,
    said: &Said,
    people: &[Slot],
    slots: &Range<usize>,
    scratch: &mut Scratch,
) -> Result<(), Interrupted> {
    let postings_of = |term: u32| pool.postings().of_slots(term, slots);
    add_needs(interrupt, said, &postings_of, slots.start, scratch)?;
    interrupt.check()?;
    for (term, share) in &said.words {
        for posting in postings_of(*term) {
            scratch.sums[posting.slot as usize - slots.start] += share * f32::from(posting.saturation);
        }
    }
    interrupt.check()?;
    add_lived(pool, said, people, slots.start, scratch);
    interrupt.check()
}

/// What the features of coverage would add for each need, were it borne out in full.
fn need_weights(query: &Query<'_>, model: &Model) -> Vec<f32> {
    let weight = |feature: FeatureId| model.weights()[feature as usize] as f32;
    let feature_of = |asked: Asked| match asked {
        Asked::MustHaves => FeatureId::MustHaveCoverage,
        Asked::NiceToHaves => FeatureId::NiceToHaveCoverage,
        Asked::Title => FeatureId::TitleMatch,
        Asked::Description => FeatureId::DescriptionMatch,
    };
    let core = weight(FeatureId::CoreCoverage) + weight(FeatureId::EvidenceStrength);
    let needs = query.shares.iter().map(|shares| {
        let of_part = shares.asked.map_or(0.0, |asked| {
            weight(feature_of(asked)) * shares.of_part / query.n_parts[asked as usize]
        });
        of_part + core * shares.of_core
    });
    needs.collect()
}

/// Adds up the needs, each by its best concept or by its words together.
fn add_needs<'a>(
    interrupt: &Interrupt,
    said: &Said,
    postings_of: &impl Fn(u32) -> &'a [Posting],
    start: usize,
    scratch: &mut Scratch,
) -> Result<(), Interrupted> {
    let Scratch {
        sums,
        concepts,
        words,
        touched,
    } = scratch;
    for (weight, terms) in &said.needs {
        // Here and nowhere within: between two needs all buffers but the sums are zeros.
        interrupt.check()?;
        if let [(id, factor, _)] = terms.as_slice() {
            for posting in postings_of(*id) {
                let strength = f32::from(posting.strength);
                sums[posting.slot as usize - start] += weight * (factor * strength).min(1.0);
            }
            continue;
        }
        for (id, factor, is_word) in terms {
            for posting in postings_of(*id) {
                let idx = posting.slot as usize - start;
                if concepts[idx] == 0.0 && words[idx] == 0.0 {
                    touched.push(idx);
                }
                let value = factor * f32::from(posting.strength);
                if *is_word {
                    words[idx] += value;
                } else {
                    concepts[idx] = concepts[idx].max(value);
                }
            }
        }
        for idx in touched.drain(..) {
            sums[idx] += weight * concepts[idx].max(words[idx]).min(1.0);
            concepts[idx] = 0.0;
            words[idx] = 0.0;
        }
    }
    Ok(())
}

/// Adds what telling of a lived experience as one's own is worth, where it is asked for. It stands in clauses that no list
/// has.
fn add_lived(pool: &Pool, said: &Said, people: &[Slot], start: usize, scratch: &mut Scratch) {
    let (lived, whole) = said.lived;
    if lived == LivedExperience::NONE {
        return;
    }
    for slot in people {
        if pool.own_experience(*slot).may_be_read_for(lived) {
            scratch.sums[*slot as usize - start] += whole;
        }
    }
}

/// How finely sums are told apart before those near the border are compared exactly.
const N_BINS: usize = 4_096;

/// The `max` greatest sums among `people`, as [`greatest`] chooses. Counts into bins first, so that
/// only about as many are compared as are wanted.
///
/// - `sums`: by place, from `start` on
fn best(pool: &Pool, sums: &[f32], people: &[Slot], start: usize, max: usize) -> Vec<(f32, Slot)> {
    let sum_of = |slot: &Slot| sums[*slot as usize - start];
    let most = people.iter().map(sum_of).fold(0.0, f32::max);
    let scale = if most > 0.0 {
        (N_BINS - 1) as f32 / most
    } else {
        0.0
    };
    let bin = |slot: &Slot| ((sum_of(slot) * scale) as usize).min(N_BINS - 1);
    let mut n_in = vec![0_usize; N_BINS];
    for slot in people {
        n_in[bin(slot)] += 1;
    }
    let mut lowest = N_BINS - 1;
    let mut n_above = n_in[lowest];
    while lowest > 0 && n_above < max {
        lowest -= 1;
        n_above += n_in[lowest];
    }
    let is_among = |slot: &&Slot| bin(slot) >= lowest;
    let among = people.iter().filter(is_among);
    greatest(pool, among.map(|slot| (sum_of(slot), *slot)).collect(), max)
}

/// The `max` of the greatest worth, in no order, and whoever ties with the least of them: nobody is left out for an identifier
/// alone. Where that would be more than twice as many, ties go by identifier. What is chosen of several parts of a whole has
/// what is chosen of the whole.
pub(super) fn greatest(pool: &Pool, mut worth: Vec<(f32, Slot)>, max: usize) -> Vec<(f32, Slot)> {
    if worth.len() > max && max > 0 {
        let (_, (least, _), _) = worth.select_nth_unstable_by(max - 1, |a, b| b.0.total_cmp(&a.0));
        let least = *least;
        worth.retain(|(one, _)| one.total_cmp(&least).is_ge());
    }
    if worth.len() > 2 * max {
        let id = |slot: Slot| -> AlumnusId { pool.id(slot) };
        worth.select_nth_unstable_by(2 * max, |a, b| {
            b.0.total_cmp(&a.0).then_with(|| id(a.1).cmp(&id(b.1)))
        });
        worth.truncate(2 * max);
    }
    worth
}
