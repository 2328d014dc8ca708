//! The shares of groups that a programme asks for, as what they add to scores.
//!
//! - Whom a share brings forward is lifted just above whoever stands next behind; nobody's score falls, and nobody is
//!   left out.
//! - Everybody else is a group like any other, with what the named ones leave. A group without members left is due
//!   nothing.
//!
//! Source of the order: [`det_const_sort`], whose floors its authors prove for any number of groups.

use super::shares::{Member, Shares, det_const_sort};
use super::{Pool, ScoredCandidate};
use crate::domain::exclusion::UnitPath;
use crate::domain::{AlumnusId, GroupShares, GroupedBy};

/// How far whoever is lifted stands above the next: more than what is lost where contributions are kept as 32-bit
/// numbers, and far below what anybody would call a difference.
const STEP: f64 = 1e-6;

/// By position in `candidates`, which are in the order of their scores: what the shares add to whom.
#[must_use]
pub fn lifts(candidates: &[ScoredCandidate], asked: &GroupShares, pool: &Pool) -> Vec<(usize, f64)> {
    let Some(shares) = shares(asked) else {
        return Vec::new();
    };
    let grouping = Grouping::new(asked, pool);
    let member = |candidate: &ScoredCandidate| Member {
        score: candidate.score,
        group_idx: grouping.group_of(candidate.alumnus_id),
    };
    let members: Vec<Member> = candidates.iter().map(member).collect();
    let Ok(order) = det_const_sort(&members, &shares, members.len()) else {
        return Vec::new();
    };
    let mut lifts = Vec::new();
    let mut behind: Option<(f64, AlumnusId)> = None;
    for candidate_idx in order.into_iter().rev() {
        let candidate = &candidates[candidate_idx];
        let (mut score, id) = (candidate.score, candidate.alumnus_id);
        if let Some((next, next_id)) = behind
            && (score < next || score <= next && id > next_id)
        {
            // Nobody's score is above 1, and whoever has it stands by identifier.
            let lift = (next + STEP).min(1.0) - score;
            if lift > 0.0 {
                lifts.push((candidate_idx, lift));
                score += lift;
            }
        }
        behind = Some((score, id));
    }
    lifts
}

/// As the algorithms read them: the groups, and behind them everybody else. `None` for shares that are none, which the
/// policy does not admit.
fn shares(asked: &GroupShares) -> Option<Shares> {
    let rest = 100u32.checked_sub(asked.percent())?;
    let percents = asked.groups.iter().map(|group| group.percent).chain([rest]);
    Shares::new(percents.map(|percent| f64::from(percent) / 100.0).collect()).ok()
}

/// Who belongs to which group.
struct Grouping<'a> {
    asked: &'a GroupShares,
    pool: &'a Pool,
    /// The groups as units; `None` for a name without one.
    units: Vec<Option<UnitPath>>,
}

impl<'a> Grouping<'a> {
    fn new(asked: &'a GroupShares, pool: &'a Pool) -> Self {
        let units = asked.groups.iter().map(|group| UnitPath::parse(&group.name));
        Self {
            asked,
            pool,
            units: units.collect(),
        }
    }

    /// The first group that the person belongs to; everybody else's where there is none.
    fn group_of(&self, id: AlumnusId) -> usize {
        let found = match self.asked.by {
            GroupedBy::Department => self.by_department(id),
            GroupedBy::GroupCompany => self.by_company(id),
        };
        found.unwrap_or(self.asked.groups.len())
    }

    fn by_department(&self, id: AlumnusId) -> Option<usize> {
        let department = UnitPath::parse(self.pool.outline(id)?.latest_department()?)?;
        let has_it = |unit: &Option<UnitPath>| unit.as_ref().is_some_and(|unit| unit.contains(&department));
        self.units.iter().position(has_it)
    }

    fn by_company(&self, id: AlumnusId) -> Option<usize> {
        let company = self.pool.standing(id)?.employment.group_company.as_deref()?;
        self.asked.groups.iter().position(|group| group.name == company)
    }
}

#[cfg(test)]
#[path = "tests/group_shares.rs"]
mod tests;
