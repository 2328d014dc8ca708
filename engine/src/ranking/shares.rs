//! Lists that hold shares of groups, such as departments or years of leaving, where a company asks for it.
//!
//! - Knows groups by number only. What they stand for is the caller's; a protected attribute never gets this far, since
//!   the domain has none.
//! - Gives places; what they do to scores is the caller's ([`group_shares`](super::group_shares)). Inside a group nobody
//!   overtakes anybody.
//! - Keeps floors, not ceilings: among the first `k` of every `k`, group `g` has at least `⌊k · share⌋`, as far as it
//!   has members.
//!
//! Source: Geyik, Ambler & Kenthapadi, "Fairness-aware ranking in search & recommendation systems with application to
//! LinkedIn talent search", KDD 2019. Their DetGreedy is left out: it breaks its own floors from four groups on.

/// Most groups; the published experiments end at 10.
pub const GROUPS_MAX: usize = 64;

/// How far shares may be from summing to 1: they are typed by people or divided by machines.
const SUM_TOLERANCE: f64 = 1e-6;

/// Added before rounding down, so that 0.29 of 100 is 29 although the product of floats is a little less.
const ROUNDING: f64 = 1e-9;

/// The wanted shares of groups: each in `[0, 1]`, together 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares(Vec<f64>);

/// Why shares or members are not valid.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SharesError {
    /// None, or too many.
    #[error("{n_groups} groups are not between 1 and {GROUPS_MAX}")]
    Groups {
        /// How many.
        n_groups: usize,
    },
    /// A share that is none.
    #[error("share {share} of group {group_idx} is not between 0 and 1")]
    Share {
        /// Whose.
        group_idx: usize,
        /// What it is.
        share: f64,
    },
    /// The shares are not those of a whole.
    #[error("shares sum to {sum}, not 1")]
    Sum {
        /// What they sum to.
        sum: f64,
    },
    /// A member of a group without a share.
    #[error("member {member_idx} is in group {group_idx} of {n_groups}")]
    Member {
        /// Whose position in the input.
        member_idx: usize,
        /// Which group it names.
        group_idx: usize,
        /// How many there are.
        n_groups: usize,
    },
    /// A score that does not compare.
    #[error("score {score} of member {member_idx} is not finite")]
    Score {
        /// Whose position in the input.
        member_idx: usize,
        /// What it is.
        score: f64,
    },
}

/// One member of a list that is to hold shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    /// Higher is better; finite.
    pub score: f64,
    /// Position in the [`Shares`].
    pub group_idx: usize,
}

impl Shares {
    /// Shares by group.
    ///
    /// # Errors
    ///
    /// No group or more than [`GROUPS_MAX`], a share outside `[0, 1]`, or a sum that is not 1 within a millionth.
    pub fn new(shares: Vec<f64>) -> Result<Self, SharesError> {
        if shares.is_empty() || shares.len() > GROUPS_MAX {
            return Err(SharesError::Groups {
                n_groups: shares.len(),
            });
        }
        for (group_idx, &share) in shares.iter().enumerate() {
            if !(0.0..=1.0).contains(&share) {
                return Err(SharesError::Share { group_idx, share });
            }
        }
        let sum: f64 = shares.iter().sum();
        if (sum - 1.0).abs() > SUM_TOLERANCE {
            return Err(SharesError::Sum { sum });
        }
        Ok(Self(shares))
    }

    /// How many groups there are.
    #[must_use]
    pub fn n_groups(&self) -> usize {
        self.0.len()
    }

    /// How many of the first `k` a group is due at least.
    fn floor(&self, group_idx: usize, k: usize) -> usize {
        (k as f64 * self.0[group_idx] + ROUNDING).floor() as usize
    }
}

/// Orders members by the DetRelaxed algorithm (KDD 2019, algorithm 2): at each place whoever is best of the groups that
/// are due one, and otherwise of the groups that will be due one soonest. Closest to the shares; no list of the published
/// experiments breaks a floor, but nobody has proved that none can.
///
/// Returns positions in `members`, best place first, at most `n_places`; equal scores keep the order of the input.
///
/// # Errors
///
/// A group without a share, or a score that is not finite.
pub fn det_relaxed(members: &[Member], shares: &Shares, n_places: usize) -> Result<Vec<usize>, SharesError> {
    let mut groups = groups(members, shares)?;
    let n_places = n_places.min(members.len());
    let mut order = Vec::with_capacity(n_places);
    for k in 1..=n_places {
        let chosen = best(&groups, |group| group.due_at <= k).or_else(|| {
            // Only those below their ceiling, of which there are none where members have run out.
            let is_below = |group: &Group| group.full_until < k as f64;
            let soonest = groups
                .iter()
                .filter(|group| is_below(group))
                .map(|group| group.due_at)
                .min();
            match soonest {
                Some(soonest) => best(&groups, |group| is_below(group) && group.due_at == soonest),
                None => best(&groups, |_| true),
            }
        });
        let Some(chosen) = chosen else { break };
        order.extend(groups[chosen].take(members));
    }
    Ok(order)
}

/// The group whose next member scores highest, of those with members left for whom `is_asked`; the first wins a tie.
fn best(groups: &[Group], is_asked: impl Fn(&Group) -> bool) -> Option<usize> {
    let mut best: Option<usize> = None;
    for (at, group) in groups.iter().enumerate() {
        let is_better = best.is_none_or(|best| group.next_score > groups[best].next_score);
        if group.is_waiting() && is_better && is_asked(group) {
            best = Some(at);
        }
    }
    best
}

/// Orders members by the DetConstSort algorithm (KDD 2019, algorithm 3): whenever a group falls due it gets a place at
/// the end, and then moves up past lower scores that can afford to move down. Feasible for any number of groups, as its
/// authors prove, and better by score, but further from the shares than [`det_relaxed`].
///
/// Returns positions in `members`, best place first, at most `n_places`; equal scores keep the order of the input.
///
/// # Errors
///
/// A group without a share, or a score that is not finite.
pub fn det_const_sort(
    members: &[Member],
    shares: &Shares,
    n_places: usize,
) -> Result<Vec<usize>, SharesError> {
    let mut groups = groups(members, shares)?;
    let n_places = n_places.min(members.len());
    let mut order: Vec<Placed> = Vec::with_capacity(n_places + groups.len());
    let mut due: Vec<usize> = Vec::with_capacity(groups.len());
    while order.len() < n_places {
        let next_due = groups.iter().map(|group| group.due_at).min();
        let Some(k) = next_due.filter(|&k| k < usize::MAX) else {
            break;
        };
        due.clear();
        due.extend((0..groups.len()).filter(|&at| groups[at].due_at == k));
        due.sort_by(|&one, &other| groups[other].next_score.total_cmp(&groups[one].next_score));
        for &at in &due {
            if let Some(member_idx) = groups[at].take(members) {
                place(&mut order, member_idx, k, members);
            }
        }
    }
    let mut order: Vec<usize> = order.into_iter().map(|placed| placed.member_idx).collect();
    if order.len() < n_places {
        // Groups that are due nothing come last, by score.
        let mut rest: Vec<usize> = Vec::new();
        for group in &mut groups {
            while let Some(member_idx) = group.take(members) {
                rest.push(member_idx);
            }
        }
        rest.sort_by_key(|&member_idx| (descending(members[member_idx].score), member_idx));
        order.extend(rest);
    }
    order.truncate(n_places);
    Ok(order)
}

/// A member in a list under construction.
#[derive(Clone, Copy, Debug)]
struct Placed {
    member_idx: usize,
    /// The last place, from 1, at which the group's floor still holds.
    place_max: usize,
}

/// Appends a member and moves them up past lower scores, as far as those may move down.
fn place(order: &mut Vec<Placed>, member_idx: usize, place_max: usize, members: &[Member]) {
    let mut at = order.len();
    order.push(Placed {
        member_idx,
        place_max,
    });
    while at > 0 {
        let before = order[at - 1];
        // It would come to stand at index `at`, which is place `at + 1`.
        if before.place_max < at + 1 || members[before.member_idx].score >= members[member_idx].score {
            break;
        }
        order.swap(at - 1, at);
        at -= 1;
    }
}

/// How many of the first `1..=order.len()` places leave some group below its floor, the floor being what the group has
/// members for. 0 is what the paper calls feasible.
#[must_use]
pub fn n_infeasible(order: &[usize], members: &[Member], shares: &Shares) -> usize {
    let mut sizes = vec![0; shares.n_groups()];
    for member in members {
        sizes[member.group_idx] += 1;
    }
    let mut counts = vec![0; shares.n_groups()];
    let mut n_infeasible = 0;
    for (at, &member_idx) in order.iter().enumerate() {
        counts[members[member_idx].group_idx] += 1;
        let is_below = |group: usize| counts[group] < shares.floor(group, at + 1).min(sizes[group]);
        n_infeasible += usize::from((0..counts.len()).any(is_below));
    }
    n_infeasible
}

/// Normalized discounted cumulative Kullback-Leibler divergence of the groups among the first `k` from the shares, over
/// all `k`, with weight `1/log2(k + 1)` (KDD 2019, definition 3.3). 0 is exactly the shares; infinite where a group
/// with share 0 occurs. 0 for an empty list.
#[must_use]
pub fn ndkl(order: &[usize], members: &[Member], shares: &Shares) -> f64 {
    let mut counts = vec![0.0; shares.n_groups()];
    let (mut sum, mut weights) = (0.0, 0.0);
    for (at, &member_idx) in order.iter().enumerate() {
        counts[members[member_idx].group_idx] += 1.0;
        let n = at as f64 + 1.0;
        let divergence = |(count, share): (&f64, &f64)| match *count {
            0.0 => 0.0,
            count => count / n * (count / n / share).ln(),
        };
        let weight = 1.0 / (n + 1.0).log2();
        sum += weight * counts.iter().zip(&shares.0).map(divergence).sum::<f64>();
        weights += weight;
    }
    if weights == 0.0 { 0.0 } else { sum / weights }
}

/// The scores' discounted sum in this order, of that by score alone, as far as the order goes. For scores that are not
/// negative; 1 where all are 0.
#[must_use]
pub fn ndcg(order: &[usize], members: &[Member]) -> f64 {
    let gain = |scores: &mut dyn Iterator<Item = f64>| -> f64 {
        scores
            .enumerate()
            .map(|(at, score)| score / (at as f64 + 2.0).log2())
            .sum()
    };
    let mut best: Vec<f64> = members.iter().map(|member| member.score).collect();
    best.sort_unstable_by(|one, other| other.total_cmp(one));
    let ideal = gain(&mut best.into_iter().take(order.len()));
    if ideal == 0.0 {
        return 1.0;
    }
    gain(&mut order.iter().map(|&member_idx| members[member_idx].score)) / ideal
}

/// A group's members, best first, and what is true of the next one.
struct Group {
    /// Positions in the input.
    queue: Vec<(u64, u32)>,
    /// How many have been taken.
    n_taken: usize,
    share: f64,
    /// Score of the next member.
    next_score: f64,
    /// The length of a list from which the group is due the next member; `usize::MAX` if it never is, or has none.
    due_at: usize,
    /// Up to this length of a list, those taken are all that the group's share rounds up to.
    full_until: f64,
}

impl Group {
    fn is_waiting(&self) -> bool {
        self.n_taken < self.queue.len()
    }

    fn take(&mut self, members: &[Member]) -> Option<usize> {
        let taken = self.queue.get(self.n_taken)?.1 as usize;
        self.n_taken += 1;
        self.look_ahead(members);
        Some(taken)
    }

    fn look_ahead(&mut self, members: &[Member]) {
        let next = self.queue.get(self.n_taken);
        self.next_score = next.map_or(f64::NEG_INFINITY, |(_, next)| members[*next as usize].score);
        self.due_at = usize::MAX;
        self.full_until = f64::INFINITY;
        if self.share > 0.0 && self.is_waiting() {
            let n_taken = self.n_taken as f64;
            self.due_at = ((n_taken + 1.0 - ROUNDING) / self.share).ceil().max(1.0) as usize;
            self.full_until = (n_taken + ROUNDING) / self.share;
        }
    }
}

fn groups(members: &[Member], shares: &Shares) -> Result<Vec<Group>, SharesError> {
    let n_groups = shares.n_groups();
    let mut queues: Vec<Vec<(u64, u32)>> = vec![Vec::new(); n_groups];
    for (member_idx, &Member { score, group_idx }) in members.iter().enumerate() {
        if !score.is_finite() {
            return Err(SharesError::Score { member_idx, score });
        }
        let Some(queue) = queues.get_mut(group_idx) else {
            return Err(SharesError::Member {
                member_idx,
                group_idx,
                n_groups,
            });
        };
        queue.push((descending(score), member_idx as u32));
    }
    let group = |(mut queue, &share): (Vec<(u64, u32)>, &f64)| {
        // Whole numbers sort several times faster than scores behind an index, and this is most of the time of a list.
        queue.sort_unstable();
        let mut group = Group {
            queue,
            n_taken: 0,
            share,
            next_score: f64::NEG_INFINITY,
            due_at: usize::MAX,
            full_until: f64::INFINITY,
        };
        group.look_ahead(members);
        group
    };
    Ok(queues.into_iter().zip(&shares.0).map(group).collect())
}

/// A number that grows as a finite score falls.
fn descending(score: f64) -> u64 {
    // Adding zero makes one of both zeros. IEEE 754 orders positive numbers like their bits, negative ones reversed.
    let bits = (score + 0.0).to_bits();
    if bits >> 63 == 0 { !bits & !(1 << 63) } else { bits }
}

#[cfg(test)]
#[path = "tests/shares.rs"]
mod tests;
