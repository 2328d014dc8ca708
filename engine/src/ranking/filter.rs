//! Who may be ranked at all. Hard rules with a count each; no score is read here.

use std::collections::BTreeMap;
use std::ops::Range;

use super::pool::Slot;
use super::verdicts::{Column, Verdict};
use super::{Pool, RankRequest, today};
use crate::domain::{Ineligible, Screen, Standing};
use crate::interrupt::{Interrupt, Interrupted};
use crate::parallel;

/// Fewest people that are worth starting a thread for: some 100 µs of work where all verdicts are known, and half a
/// millisecond where none is.
const PEOPLE_PER_THREAD_MIN: usize = 16_384;

/// Parts the people of `pool` into those who may be ranked, by their places, ascending, and a count for each rule that
/// leaves somebody out.
pub(crate) fn partition(
    interrupt: &Interrupt,
    pool: &Pool,
    request: &RankRequest<'_>,
) -> Result<(Vec<Slot>, BTreeMap<Ineligible, u32>), Interrupted> {
    let screen = Screen::new(
        request.policy,
        &request.opportunity.opportunity,
        request.opportunity.asker(),
        today(request.now),
    );
    let known = pool.verdicts(&screen);
    let parts = parallel::over(pool.n_slots(), PEOPLE_PER_THREAD_MIN, |slots| {
        part(interrupt, pool, request, &screen, known.as_deref(), slots)
    });
    let mut eligible = Vec::with_capacity(pool.len());
    let mut n_left_out = [0; Ineligible::ALL.len()];
    for part in parts {
        let part = part?;
        eligible.extend(part.eligible);
        for (sum, n) in n_left_out.iter_mut().zip(part.n_left_out) {
            *sum += n;
        }
    }
    let counted = Ineligible::ALL.iter().copied().zip(n_left_out);
    Ok((eligible, counted.filter(|(_, n)| *n > 0).collect()))
}

struct Part {
    eligible: Vec<Slot>,
    n_left_out: [u32; Ineligible::ALL.len()],
}

fn part(
    interrupt: &Interrupt,
    pool: &Pool,
    request: &RankRequest<'_>,
    screen: &Screen<'_>,
    known: Option<&Column>,
    slots: Range<usize>,
) -> Result<Part, Interrupted> {
    let mut part = Part {
        eligible: Vec::with_capacity(slots.len()),
        n_left_out: [0; Ineligible::ALL.len()],
    };
    for slot in slots {
        interrupt.check_at(slot)?;
        let slot = slot as Slot;
        let verdict = match known.map_or(Verdict::Unknown, |known| known.get(slot)) {
            Verdict::Unknown => decide(pool, request, screen, known, slot),
            verdict => verdict,
        };
        let Verdict::Decided(verdict) = verdict else {
            continue;
        };
        // The programme's rules come first: who withdrew is counted as withdrawn, whatever else was decided.
        let verdict = verdict.and_then(|()| match request.withheld.get(&pool.id(slot)) {
            Some(reason) => Err(*reason),
            None => Ok(()),
        });
        match verdict {
            Ok(()) => part.eligible.push(slot),
            Err(rule) => part.n_left_out[rule as usize] += 1,
        }
    }
    Ok(part)
}

/// Decides by the programme's rules about whoever has a place, and keeps that in `known` where it holds for every question
/// of its kind.
fn decide(
    pool: &Pool,
    request: &RankRequest<'_>,
    screen: &Screen<'_>,
    known: Option<&Column>,
    slot: Slot,
) -> Verdict {
    let standing = pool.member(slot);
    let verdict = standing.map_or(Verdict::Absent, |standing| {
        // Exclusions come before everything else: from here on there is nobody who excludes the reader.
        let seen = standing.as_seen_by(request.reader);
        Verdict::Decided(screen.judge(pool.id(slot), &seen))
    });
    if let Some(known) = known
        && standing.is_none_or(Standing::is_plain)
    {
        known.keep(slot, verdict);
    }
    verdict
}
