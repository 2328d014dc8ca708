//! A market as its pairs, kept in both orders: alumnus by alumnus, and opportunity by opportunity.
//!
//! Pairs that are in nobody's candidate list are simply absent, so that 100,000 alumni cost what their candidacies
//! cost. A value that exists is valid: wishes in `[0, 1]`, no pair twice, at least one seat.

use ndarray::ArrayView2;

/// Most pairs in a market: some 4 GB while planning, and twenty times 20,000 alumni × 100 opportunities.
pub const PAIRS_MAX: usize = 40_000_000;

/// One alumnus and one opportunity who may be shown to each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Which alumnus, from 0.
    pub alumnus_idx: u32,
    /// Which opportunity, from 0.
    pub opportunity_idx: u32,
    /// How much the alumnus wishes for the opportunity, in `[0, 1]`.
    pub p: f64,
    /// How much the opportunity wishes for the alumnus, in `[0, 1]`.
    pub q: f64,
}

/// How much attention each place of a list gets: decreasing, in `[0, 1]`, and nothing after the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Places(Vec<f64>);

impl Places {
    /// The k-th place gets `1/k`, as far as `n_places` (Tomita & Yokoyama, RecSys 2024).
    #[must_use]
    pub fn reciprocal(n_places: usize) -> Self {
        Self((1..=n_places).map(|k| 1.0 / k as f64).collect())
    }

    /// The k-th place gets `1/log2(k + 1)`, as in nDCG, as far as `n_places`.
    #[must_use]
    pub fn logarithmic(n_places: usize) -> Self {
        Self((1..=n_places).map(|k| 1.0 / (k as f64 + 1.0).log2()).collect())
    }
}

/// Why a market or a way to plan it is not valid.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MarketError {
    /// Two inputs do not fit each other.
    #[error("{name} has {n} entries where {expected} are expected")]
    Shape {
        /// Which input.
        name: &'static str,
        /// What it has.
        n: usize,
        /// What it should have.
        expected: usize,
    },
    /// More than [`PAIRS_MAX`].
    #[error("{n_pairs} pairs exceed the maximum of {PAIRS_MAX}")]
    TooMany {
        /// How many.
        n_pairs: usize,
    },
    /// A pair names somebody who is not in the market, or occurs twice.
    #[error("alumnus {alumnus_idx} with opportunity {opportunity_idx} is outside the market or occurs twice")]
    BadPair {
        /// Which alumnus.
        alumnus_idx: u32,
        /// Which opportunity.
        opportunity_idx: u32,
    },
    /// A number outside its range, or not a number.
    #[error("{name} {value} is not between {least} and {most}")]
    OutOfRange {
        /// Which number.
        name: &'static str,
        /// What it is.
        value: f64,
        /// Least allowed.
        least: f64,
        /// Most allowed.
        most: f64,
    },
    /// The assignment that [`BestResponse`](super::Policy::BestResponse) starts from was not found.
    #[error("no assignment to start from: {0}")]
    Assignment(String),
}

/// Wishes, seats and how far each side reads.
#[derive(Clone, Debug, PartialEq)]
pub struct Market {
    /// `p` by pair, alumnus by alumnus.
    pub(super) p: Vec<f64>,
    /// `q` by pair, alumnus by alumnus.
    pub(super) q: Vec<f64>,
    /// Alumni, whose pairs are in the order of [`Market::pairs`].
    pub(super) alumni: Side,
    /// Opportunities, whose pairs are in the order of their own.
    pub(super) opportunities: Side,
}

/// One side of a market; its pairs stand actor by actor, and within an actor by the other's position.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Side {
    /// `[n_actors + 1]`: the pairs of an actor are `starts[actor]..starts[actor + 1]`.
    pub(super) starts: Vec<usize>,
    /// Who is at the other end, by pair.
    pub(super) other: Vec<u32>,
    /// Where the pair stands in the order of the other side.
    pub(super) mirror: Vec<u32>,
    /// `p · q`, by pair.
    pub(super) product: Vec<f64>,
    /// Attention by place.
    pub(super) places: Vec<f64>,
    /// How many matches an actor has room for: the seats of an opportunity, one of an alumnus.
    pub(super) room: Vec<f64>,
}

impl Side {
    pub(super) fn n_actors(&self) -> usize {
        self.room.len()
    }

    /// The pairs of one actor.
    pub(super) fn pairs_of(&self, actor_idx: usize) -> std::ops::Range<usize> {
        self.starts[actor_idx]..self.starts[actor_idx + 1]
    }
}

impl Market {
    /// A market in which everybody may be shown to everybody.
    ///
    /// - `p`: `[n_alumni, n_opportunities]` and `q`: `[n_opportunities, n_alumni]`, each in `[0, 1]`
    /// - `seats`: `[n_opportunities]`, each at least 1
    ///
    /// # Errors
    ///
    /// As [`Market::sparse`].
    pub fn dense(
        p: ArrayView2<'_, f64>,
        q: ArrayView2<'_, f64>,
        seats: &[u32],
        alumnus_places: Places,
        opportunity_places: Places,
    ) -> Result<Self, MarketError> {
        let (n_alumni, n_opportunities) = p.dim();
        ensure_len("q's rows", q.nrows(), n_opportunities)?;
        ensure_len("q's columns", q.ncols(), n_alumni)?;
        let n_pairs = n_alumni.saturating_mul(n_opportunities);
        if n_pairs > PAIRS_MAX {
            return Err(MarketError::TooMany { n_pairs });
        }
        let mut pairs = Vec::with_capacity(n_pairs);
        for ((i, j), &p) in p.indexed_iter() {
            pairs.push(Pair {
                alumnus_idx: i as u32,
                opportunity_idx: j as u32,
                p,
                q: q[(j, i)],
            });
        }
        Self::sparse(n_alumni, pairs, seats, alumnus_places, opportunity_places)
    }

    /// A market of candidate lists. The order of `pairs` does not matter; `seats` has one entry per opportunity.
    ///
    /// # Errors
    ///
    /// A wish outside `[0, 1]`, no seat, a pair that occurs twice or names nobody, or more than [`PAIRS_MAX`] pairs.
    pub fn sparse(
        n_alumni: usize,
        mut pairs: Vec<Pair>,
        seats: &[u32],
        alumnus_places: Places,
        opportunity_places: Places,
    ) -> Result<Self, MarketError> {
        if pairs.len() > PAIRS_MAX {
            return Err(MarketError::TooMany { n_pairs: pairs.len() });
        }
        for &n_seats in seats {
            super::in_range("seats", f64::from(n_seats), 1.0, f64::from(u32::MAX))?;
        }
        for pair in &mut pairs {
            // Adding zero turns -0.0 into 0.0, so that scores tie where they are equal.
            (pair.p, pair.q) = (pair.p + 0.0, pair.q + 0.0);
        }
        pairs.sort_by_key(|pair| (pair.alumnus_idx, pair.opportunity_idx));
        ensure_valid(&pairs, n_alumni, seats.len())?;

        let n_opportunities = seats.len();
        let row_starts = starts(n_alumni, pairs.iter().map(|pair| pair.alumnus_idx));
        let column_starts = starts(n_opportunities, pairs.iter().map(|pair| pair.opportunity_idx));
        let product: Vec<f64> = pairs.iter().map(|pair| pair.p * pair.q).collect();

        let mut next = column_starts.clone();
        let mut row_mirror = Vec::with_capacity(pairs.len());
        let mut column_mirror = vec![0; pairs.len()];
        let mut column_other = vec![0; pairs.len()];
        let mut column_product = vec![0.0; pairs.len()];
        for (at, pair) in pairs.iter().enumerate() {
            let slot = &mut next[pair.opportunity_idx as usize];
            row_mirror.push(*slot as u32);
            column_mirror[*slot] = at as u32;
            column_other[*slot] = pair.alumnus_idx;
            column_product[*slot] = product[at];
            *slot += 1;
        }
        Ok(Self {
            p: pairs.iter().map(|pair| pair.p).collect(),
            q: pairs.iter().map(|pair| pair.q).collect(),
            alumni: Side {
                starts: row_starts,
                other: pairs.iter().map(|pair| pair.opportunity_idx).collect(),
                mirror: row_mirror,
                product,
                places: alumnus_places.0,
                room: vec![1.0; n_alumni],
            },
            opportunities: Side {
                starts: column_starts,
                other: column_other,
                mirror: column_mirror,
                product: column_product,
                places: opportunity_places.0,
                room: seats.iter().map(|&n_seats| f64::from(n_seats)).collect(),
            },
        })
    }

    /// How many alumni there are, with candidacies or without.
    #[must_use]
    pub fn n_alumni(&self) -> usize {
        self.alumni.n_actors()
    }

    /// How many opportunities there are.
    #[must_use]
    pub fn n_opportunities(&self) -> usize {
        self.opportunities.n_actors()
    }

    /// The position of alumnus and opportunity of each pair, by alumnus and then by opportunity.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        (0..self.n_alumni()).flat_map(move |i| {
            let others = &self.alumni.other[self.alumni.pairs_of(i)];
            others.iter().map(move |&j| (i, j as usize))
        })
    }

    /// `p · q` by pair, in the order of [`Market::pairs`].
    pub(super) fn product(&self) -> &[f64] {
        &self.alumni.product
    }
}

fn ensure_len(name: &'static str, n: usize, expected: usize) -> Result<(), MarketError> {
    if n == expected {
        return Ok(());
    }
    Err(MarketError::Shape { name, n, expected })
}

/// Pairs are sorted, so that a double is next to its like.
fn ensure_valid(pairs: &[Pair], n_alumni: usize, n_opportunities: usize) -> Result<(), MarketError> {
    let mut previous = None;
    for pair in pairs {
        let key = (pair.alumnus_idx, pair.opportunity_idx);
        let is_outside =
            pair.alumnus_idx as usize >= n_alumni || pair.opportunity_idx as usize >= n_opportunities;
        if is_outside || previous == Some(key) {
            return Err(MarketError::BadPair {
                alumnus_idx: pair.alumnus_idx,
                opportunity_idx: pair.opportunity_idx,
            });
        }
        super::in_range("p", pair.p, 0.0, 1.0)?;
        super::in_range("q", pair.q, 0.0, 1.0)?;
        previous = Some(key);
    }
    Ok(())
}

/// `[n_actors + 1]`: where the pairs of each actor begin once they stand actor by actor.
fn starts(n_actors: usize, actors: impl Iterator<Item = u32>) -> Vec<usize> {
    let mut starts = vec![0; n_actors + 1];
    for actor in actors {
        starts[actor as usize + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    starts
}
