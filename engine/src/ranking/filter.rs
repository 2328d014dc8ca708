//! Who may be ranked at all. Hard rules with a count each; no score is read here.

use std::collections::{BTreeMap, HashSet};

use super::{Pool, RankRequest, SCORED_MAX, today};
use crate::domain::{AlumnusId, Asker, Ineligible, may_be_ranked_by};

/// Parts the people of `pool` into those who may be ranked, by identifier, and a count for each rule that leaves
/// somebody out.
#[must_use]
pub fn partition(pool: &Pool, request: &RankRequest<'_>) -> (Vec<AlumnusId>, BTreeMap<Ineligible, u32>) {
    let today = today(request.now);
    let opportunity = &request.opportunity.opportunity;
    let asker = Asker::of_opportunity(opportunity);
    let mut eligible = Vec::new();
    let mut left_out = BTreeMap::new();
    for (id, standing) in pool.standings() {
        // Exclusions come before everything else: from here on there is nobody who excludes the reader.
        let standing = &standing.as_seen_by(request.reader);
        let withheld = match request.withheld.get(&id) {
            Some(reason) => Err(*reason),
            None => Ok(()),
        };
        // The programme's rules come first: who withdrew is counted as withdrawn, whatever else was decided.
        match may_be_ranked_by(&asker, request.policy, id, standing, opportunity, today).and(withheld) {
            Ok(()) => eligible.push(id),
            Err(rule) => *left_out.entry(rule).or_default() += 1,
        }
    }
    eligible.sort_unstable();
    (eligible, left_out)
}

/// Chooses whom to score, by identifier: everybody where that is affordable, else the first [`SCORED_MAX`] eligible
/// people whom retrieval proposes.
#[must_use]
pub fn retrieve(eligible: &[AlumnusId], retrieved: Option<&[AlumnusId]>) -> Vec<AlumnusId> {
    let Some(retrieved) = retrieved.filter(|_| eligible.len() > SCORED_MAX) else {
        return eligible.to_vec();
    };
    let mut seen = HashSet::new();
    let mut chosen: Vec<AlumnusId> = retrieved
        .iter()
        .copied()
        .filter(|id| eligible.binary_search(id).is_ok() && seen.insert(*id))
        .take(SCORED_MAX)
        .collect();
    chosen.sort_unstable();
    chosen
}
