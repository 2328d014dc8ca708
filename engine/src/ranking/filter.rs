//! Who may be ranked at all. Hard rules with a count each; no score is read here.

use std::collections::BTreeMap;
use std::ops::Range;

use super::pool::Slot;
use super::{Pool, RankRequest, today};
use crate::domain::{Ineligible, Screen};
use crate::interrupt::{Interrupt, Interrupted};
use crate::parallel;

/// Fewest people that are worth starting a thread for: some 200 µs of work.
const PEOPLE_PER_THREAD_MIN: usize = 8_192;

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
    let parts = parallel::over(pool.n_slots(), PEOPLE_PER_THREAD_MIN, |slots| {
        part(interrupt, pool, request, &screen, slots)
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
    slots: Range<usize>,
) -> Result<Part, Interrupted> {
    let mut part = Part {
        eligible: Vec::with_capacity(slots.len()),
        n_left_out: [0; Ineligible::ALL.len()],
    };
    for (idx, (slot, standing)) in pool.members(slots).enumerate() {
        interrupt.check_at(idx)?;
        let id = pool.id(slot);
        // Exclusions come before everything else: from here on there is nobody who excludes the reader.
        let standing = &standing.as_seen_by(request.reader);
        // The programme's rules come first: who withdrew is counted as withdrawn, whatever else was decided.
        let verdict = screen
            .judge(id, standing)
            .and_then(|()| match request.withheld.get(&id) {
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
