//! Whom to score in a company where that is not everybody: the people of whom the postings say most.
//!
//! The features of what is asked for are linear in how far each need is borne out and how often each term is said, so
//! their share of the score can be added up need by need from lists, for everybody at once, without looking at anybody.
//! What is missing (where somebody stands now, likeness without shared terms, obstacles) the scorer adds for whom is
//! proposed.
//!
//! - Proposes, and never scores: the numbers here are seen by nobody.
//! - Nobody is left out for saying nothing: where few say anything, the others fill the list up.
//! - Work grows with the postings of the query's terms, and hardly with the company. Terms that every advertisement uses tell
//!   nobody apart and are not read.

use super::pool::Slot;
use super::{Model, Pool};
use crate::domain::AlumnusId;
use crate::features::lived::LivedExperience;
use crate::features::needs::Asked;
use crate::features::postings::WHOLE;
use crate::features::{FeatureId, Query};
use crate::interrupt::{Interrupt, Interrupted};

/// Buffers with a place for everybody; all zeros between uses.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    sums: Vec<f32>,
    concepts: Vec<f32>,
    words: Vec<f32>,
    touched: Vec<Slot>,
}

impl Scratch {
    /// Makes room for so many people.
    pub(crate) fn fit(&mut self, n_slots: usize) {
        for column in [&mut self.sums, &mut self.concepts, &mut self.words] {
            column.resize(n_slots, 0.0);
        }
    }
}

/// Chooses `max` of the people in `eligible`, or all where these are fewer; ascending: those who say most of what is asked
/// for, ties by identifier.
///
/// - `eligible`: ascending
pub(crate) fn propose(
    interrupt: &Interrupt,
    pool: &Pool,
    query: &Query<'_>,
    model: &Model,
    eligible: &[Slot],
    max: usize,
) -> Result<Vec<Slot>, Interrupted> {
    pool.with_scratch(|scratch| {
        let added = add(interrupt, pool, query, model, eligible, scratch);
        let chosen = added.map(|()| best(pool, &scratch.sums, eligible, max));
        // Whoever uses the buffers next relies on zeros, also after an interrupt.
        scratch.sums.fill(0.0);
        chosen
    })
}

/// Adds up all sums. However it ends, the other buffers are as they were.
fn add(
    interrupt: &Interrupt,
    pool: &Pool,
    query: &Query<'_>,
    model: &Model,
    eligible: &[Slot],
    scratch: &mut Scratch,
) -> Result<(), Interrupted> {
    add_needs(interrupt, pool, query, model, scratch)?;
    interrupt.check()?;
    add_words(pool, query, model, scratch);
    interrupt.check()?;
    add_lived(pool, query, model, eligible, scratch);
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
    let needs = query.needs.iter().map(|need| {
        let of_part = Asked::of(need.wanted).map_or(0.0, |asked| {
            weight(feature_of(asked)) * need.share / query.n_parts[asked as usize]
        });
        of_part + core * need.core_share
    });
    needs.collect()
}

/// Adds up the needs, each by its best concept or by its words together.
fn add_needs(
    interrupt: &Interrupt,
    pool: &Pool,
    query: &Query<'_>,
    model: &Model,
    scratch: &mut Scratch,
) -> Result<(), Interrupted> {
    let weights = need_weights(query, model);
    // By need: its terms, with what each says about it.
    let mut terms_of: Vec<Vec<(u32, f32, bool)>> = vec![Vec::new(); query.needs.len()];
    for term in query.terms.iter().filter(|term| term.damping >= 1.0) {
        let Some(id) = term.id else { continue };
        for hit in &term.hits {
            terms_of[usize::from(hit.need)].push((id, hit.factor / WHOLE, hit.is_word));
        }
    }
    let Scratch {
        sums,
        concepts,
        words,
        touched,
    } = scratch;
    for (terms, weight) in terms_of.iter().zip(weights).filter(|(_, weight)| *weight > 0.0) {
        // Here and nowhere within: between two needs all buffers but the sums are zeros.
        interrupt.check()?;
        if let [(id, factor, _)] = terms.as_slice() {
            for posting in pool.postings().of(*id) {
                sums[posting.slot as usize] += weight * (factor * f32::from(posting.strength)).min(1.0);
            }
            continue;
        }
        for (id, factor, is_word) in terms {
            for posting in pool.postings().of(*id) {
                let slot = posting.slot as usize;
                if concepts[slot] == 0.0 && words[slot] == 0.0 {
                    touched.push(posting.slot);
                }
                let value = factor * f32::from(posting.strength);
                if *is_word {
                    words[slot] += value;
                } else {
                    concepts[slot] = concepts[slot].max(value);
                }
            }
        }
        for slot in touched.drain(..) {
            let slot = slot as usize;
            sums[slot] += weight * concepts[slot].max(words[slot]).min(1.0);
            concepts[slot] = 0.0;
            words[slot] = 0.0;
        }
    }
    Ok(())
}

/// Adds the relevance of the whole text, word by word.
fn add_words(pool: &Pool, query: &Query<'_>, model: &Model, scratch: &mut Scratch) {
    let sum = query.weight_sum;
    let whole = 2.0 * model.weights()[FeatureId::TextRelevance as usize] as f32;
    if sum <= 0.0 || whole <= 0.0 {
        return;
    }
    let said = query
        .terms
        .iter()
        .filter(|term| term.weight > 0.0 && term.damping >= 1.0);
    for (id, share) in said.filter_map(|term| Some((term.id?, whole * term.weight * term.idf / sum / WHOLE)))
    {
        for posting in pool.postings().of(id) {
            scratch.sums[posting.slot as usize] += share * f32::from(posting.saturation);
        }
    }
}

/// Adds what telling of a lived experience as one's own is worth, where it is asked for. It stands in clauses that no list
/// has.
fn add_lived(pool: &Pool, query: &Query<'_>, model: &Model, eligible: &[Slot], scratch: &mut Scratch) {
    if query.lived == LivedExperience::NONE {
        return;
    }
    let weight = |feature: FeatureId| model.weights()[feature as usize] as f32;
    let whole = weight(FeatureId::EvidenceStrength) + weight(FeatureId::HandsOn);
    for slot in eligible {
        if pool.own_experience(*slot).may_be_read_for(query.lived) {
            scratch.sums[*slot as usize] += whole;
        }
    }
}

/// How finely sums are told apart before those near the border are compared exactly.
const N_BINS: usize = 4_096;

/// The `max` greatest sums among `eligible`, ascending by place; ties by identifier. Counts into bins first, so that only
/// about as many are compared as are wanted.
fn best(pool: &Pool, sums: &[f32], eligible: &[Slot], max: usize) -> Vec<Slot> {
    let sum_of = |slot: &Slot| sums[*slot as usize];
    let greatest = eligible.iter().map(sum_of).fold(0.0, f32::max);
    let scale = if greatest > 0.0 {
        (N_BINS - 1) as f32 / greatest
    } else {
        0.0
    };
    let bin = |slot: &Slot| ((sum_of(slot) * scale) as usize).min(N_BINS - 1);
    let mut n_in = vec![0_usize; N_BINS];
    for slot in eligible {
        n_in[bin(slot)] += 1;
    }
    let mut lowest = N_BINS - 1;
    let mut n_above = n_in[lowest];
    while lowest > 0 && n_above < max {
        lowest -= 1;
        n_above += n_in[lowest];
    }
    let is_among = |slot: &&Slot| bin(slot) >= lowest;
    let mut chosen: Vec<Slot> = eligible.iter().filter(is_among).copied().collect();
    if chosen.len() > max {
        let id = |slot: &Slot| -> AlumnusId { pool.id(*slot) };
        chosen.select_nth_unstable_by(max, |a, b| {
            sum_of(b).total_cmp(&sum_of(a)).then_with(|| id(a).cmp(&id(b)))
        });
        chosen.truncate(max);
        chosen.sort_unstable();
    }
    chosen
}
