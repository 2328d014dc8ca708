//! Latent similarity: words that a company's profiles use together count as related (latent semantic analysis,
//! Deerwester et al. 1990), so that the same work under another name is found.
//!
//! - Learnt from the company's own public clauses alone; nothing is downloaded.
//! - A space is a view that ages: profiles changed since are folded in, and the pool makes a new one in time.

use super::Subject;
use super::analysis::Passage;
use super::borne;
use super::field::ProfileField;
use super::kept::Numbered;
use super::lived::LivedExperience;
use super::query::{Compiled, Query};
use super::vocabulary::Vocabulary;

/// Dimensions. Between 64 and 120 all are alike on the demonstration collection; fewer lose, more add noise.
const DIMENSIONS: usize = 80;

/// Most profiles that a space is learnt from: an even sample of a larger company says the same about words.
pub const PROFILES_MAX: usize = 2_000;

/// Rounds of subspace iteration; the similarities of the demonstration do not change after the sixth.
const ROUNDS: usize = 6;

/// A space of related words.
#[derive(Clone, Debug, Default)]
pub struct LatentSpace {
    n_dimensions: usize,
    /// `[n_terms, n_dimensions]`, by rows, idf counted in.
    term_vectors: Vec<f32>,
}

/// Where a profile lies in a space; each place of length 1, or all zeros.
#[derive(Clone, Debug, Default)]
pub struct Placed {
    n_dimensions: usize,
    /// All of the profile, then each job.
    places: Box<[f32]>,
    jobs: Box<[(ProfileField, u16)]>,
}

impl Placed {
    /// All of the profile.
    #[must_use]
    pub fn whole(&self) -> &[f32] {
        &self.places[..self.n_dimensions]
    }

    /// Each tenure and position by itself.
    pub fn jobs(&self) -> impl Iterator<Item = ((ProfileField, u16), &[f32])> {
        let place = |idx: usize| &self.places[(idx + 1) * self.n_dimensions..(idx + 2) * self.n_dimensions];
        self.jobs
            .iter()
            .enumerate()
            .map(move |(idx, job)| (*job, place(idx)))
    }

    /// How many tenures and positions there are.
    #[must_use]
    pub fn n_jobs(&self) -> usize {
        self.jobs.len()
    }
}

/// A row of the matrix of profiles and terms: numbers of terms with weights, of length 1.
type SparseRow = Vec<(u32, f32)>;

impl LatentSpace {
    /// Learns a space from profiles.
    ///
    /// - `profiles`: in a stable order, which decides the last digits
    #[must_use]
    pub fn learn(profiles: impl IntoIterator<Item = Numbered>, vocabulary: &Vocabulary) -> Self {
        let rows: Vec<SparseRow> = profiles
            .into_iter()
            .map(|profile| {
                let mut row = row_of(&profile);
                for (id, weight) in &mut row {
                    *weight *= idf(vocabulary, *id);
                }
                normalized(row)
            })
            .collect();
        let n_dimensions = DIMENSIONS.min(rows.len() / 4);
        let n_terms = vocabulary.len();
        let mut profiles_basis = start(n_dimensions, rows.len());
        let mut terms_basis = Vec::new();
        for _ in 0..ROUNDS {
            orthonormalize(&mut profiles_basis);
            terms_basis = to_terms(&rows, &profiles_basis, n_terms);
            profiles_basis = to_profiles(&rows, &terms_basis);
        }
        orthonormalize(&mut terms_basis);
        let mut term_vectors = vec![0.0; n_terms * n_dimensions];
        for (dimension, basis) in terms_basis.iter().enumerate() {
            for (id, value) in basis.iter().enumerate() {
                term_vectors[id * n_dimensions + dimension] = value * idf(vocabulary, id as u32);
            }
        }
        Self {
            n_dimensions,
            term_vectors,
        }
    }

    /// A profile's places in the space.
    #[must_use]
    pub fn place(&self, profile: &Numbered) -> Placed {
        let mut jobs: Vec<(ProfileField, u16)> = Vec::new();
        let mut places = self.place_of(row_of(profile).into_iter()).into_vec();
        for passage in profile.profile.passages() {
            let is_job = matches!(passage.field, ProfileField::Tenure | ProfileField::CareerAfter);
            let entry = (passage.field, passage.entry);
            if is_job && jobs.last().is_none_or(|last| *last != entry) {
                jobs.push(entry);
                let of_entry = |one: &Passage| (one.field, one.entry) == entry;
                places.extend(self.place_passages(profile, of_entry));
            }
        }
        Placed {
            n_dimensions: self.n_dimensions,
            places: places.into(),
            jobs: jobs.into(),
        }
    }

    /// The place of some passages of a profile, of length 1, or all zeros.
    fn place_passages(&self, profile: &Numbered, is_meant: impl Fn(&Passage) -> bool) -> Box<[f32]> {
        let Numbered {
            profile,
            term_ids: ids,
        } = profile;
        let mut frequencies: Vec<(u16, f32)> = Vec::new();
        for passage in profile.passages().iter().filter(|passage| is_meant(passage)) {
            for occurrence in profile.occurrences(passage) {
                if occurrence.private.is_some() {
                    continue;
                }
                let factor = occurrence.distance.factor();
                match frequencies.iter_mut().find(|(term, _)| *term == occurrence.term) {
                    Some((_, frequency)) => *frequency += factor,
                    None => frequencies.push((occurrence.term, factor)),
                }
            }
        }
        self.place_of(
            frequencies
                .into_iter()
                .map(|(term, f)| (ids.global(term), f.ln_1p())),
        )
    }

    /// A query's place in the space, of length 1, or all zeros.
    #[must_use]
    pub(super) fn place_query(&self, query: &Compiled) -> Box<[f32]> {
        let terms = query.terms.iter();
        self.place_of(terms.filter_map(|term| Some((term.id?, term.weight * term.damping))))
    }

    fn place_of(&self, row: impl Iterator<Item = (u32, f32)>) -> Box<[f32]> {
        let mut place = vec![0.0; self.n_dimensions];
        for (id, weight) in row {
            let start = id as usize * self.n_dimensions;
            // A term numbered after the space was learnt has no place yet.
            let Some(vector) = self.term_vectors.get(start..start + self.n_dimensions) else {
                continue;
            };
            for (sum, value) in place.iter_mut().zip(vector) {
                *sum += weight * value;
            }
        }
        scale_to_one(&mut place);
        place.into()
    }
}

/// The likeness of the whole profile, less the more of it tells of standing around such work.
#[must_use]
pub fn profile_similarity(query: &Query<'_>, subject: Subject<'_>) -> f32 {
    let Some(placed) = subject.latent else {
        return 0.0;
    };
    let factor = |does_it: bool| if does_it { 1.0 } else { borne::STANDS_AROUND };
    let of_jobs: f32 = placed
        .jobs()
        .map(|((field, entry), _)| factor(query.does_in(subject, field, entry)))
        .sum();
    let mean = (of_jobs + factor(query.does_now(subject))) / (placed.n_jobs() as f32 + 1.0);
    similarity(&query.latent, placed.whole()) * mean * lived_factor(query, subject)
}

/// The likeness of the job that is most alike, less where it stood around such work.
#[must_use]
pub fn job_similarity(query: &Query<'_>, subject: Subject<'_>) -> f32 {
    let likeness = closest_job(query, subject).map_or(0.0, |(_, likeness)| likeness);
    likeness * lived_factor(query, subject)
}

/// The tenure or position that is most alike, and how much; `None` where none is alike at all.
#[must_use]
pub fn closest_job(query: &Query<'_>, subject: Subject<'_>) -> Option<((ProfileField, u16), f32)> {
    let likenesses = subject.latent?.jobs().map(|((field, entry), place)| {
        let does_it = query.does_in(subject, field, entry);
        let factor = if does_it { 1.0 } else { borne::STANDS_AROUND };
        ((field, entry), factor * similarity(&query.latent, place))
    });
    let alike = likenesses.filter(|(_, likeness)| *likeness > 0.0);
    alike.reduce(|best, next| if next.1 > best.1 { next } else { best })
}

/// What is left of a likeness with a lived experience that the person does not tell of as their own.
pub(super) fn lived_factor(query: &Query<'_>, subject: Subject<'_>) -> f32 {
    let is_by_others = query.lived != LivedExperience::NONE && !query.is_own(subject);
    if is_by_others { borne::LIVED_BY_OTHERS } else { 1.0 }
}

/// The likeness of two places: their cosine, 0 where it is negative or either is nowhere.
#[must_use]
pub fn similarity(a: &[f32], b: &[f32]) -> f32 {
    dot(a, b).max(0.0)
}

/// A word that only one profile uses relates nothing.
fn idf(vocabulary: &Vocabulary, id: u32) -> f32 {
    if vocabulary.n_profiles_with(id) < 2 {
        return 0.0;
    }
    vocabulary.idf(Some(id))
}

/// The public terms of a profile with damped frequencies, distances counted, in the order of the profile.
fn row_of(profile: &Numbered) -> SparseRow {
    let Numbered { profile, term_ids } = profile;
    let mut frequencies = vec![0.0_f32; profile.n_public_terms()];
    for occurrence in profile.all_occurrences() {
        let frequency = frequencies.get_mut(usize::from(occurrence.term));
        if let (None, Some(frequency)) = (occurrence.private, frequency) {
            *frequency += occurrence.distance.factor();
        }
    }
    let ids = term_ids.as_slice().iter().copied();
    ids.zip(frequencies)
        .map(|(id, frequency)| (id, frequency.ln_1p()))
        .collect()
}

fn normalized(mut row: SparseRow) -> SparseRow {
    let length = row.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
    if length > 0.0 {
        row.iter_mut().for_each(|(_, weight)| *weight /= length);
    }
    row
}

/// A fixed scatter of numbers between −1 and 1 to start from (SplitMix64, Steele et al. 2014).
fn start(n_dimensions: usize, len: usize) -> Vec<Vec<f32>> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..n_dimensions)
        .map(|_| (0..len).map(|_| next()).collect())
        .collect()
}

fn to_terms(rows: &[SparseRow], profiles_basis: &[Vec<f32>], n_terms: usize) -> Vec<Vec<f32>> {
    let of_dimension = |basis: &Vec<f32>| {
        let mut sums = vec![0.0; n_terms];
        for (row, value) in rows.iter().zip(basis) {
            for (id, weight) in row {
                sums[*id as usize] += weight * value;
            }
        }
        sums
    };
    profiles_basis.iter().map(of_dimension).collect()
}

fn to_profiles(rows: &[SparseRow], terms_basis: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let of_dimension = |basis: &Vec<f32>| {
        let sums = rows
            .iter()
            .map(|row| row.iter().map(|(id, weight)| weight * basis[*id as usize]).sum());
        sums.collect()
    };
    terms_basis.iter().map(of_dimension).collect()
}

/// Modified Gram-Schmidt; a vector that depends on those before it becomes zero.
fn orthonormalize(basis: &mut [Vec<f32>]) {
    for idx in 0..basis.len() {
        let (done, rest) = basis.split_at_mut(idx);
        let vector = &mut rest[0];
        let length_before = dot(vector, vector).sqrt();
        for other in done {
            let share = dot(vector, other);
            for (value, part) in vector.iter_mut().zip(other.iter()) {
                *value -= share * part;
            }
        }
        if dot(vector, vector).sqrt() <= 1e-4 * length_before {
            vector.fill(0.0);
        }
        scale_to_one(vector);
    }
}

fn scale_to_one(vector: &mut [f32]) {
    let length = dot(vector, vector).sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value /= length);
    }
}

/// In eight sums at a time, which one instruction can add to.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 8;
    let mut sums = [0.0_f32; LANES];
    let (a_lanes, b_lanes) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest = a_lanes.remainder().iter().zip(b_lanes.remainder());
    let rest: f32 = rest.map(|(a, b)| a * b).sum();
    for (a, b) in a_lanes.zip(b_lanes) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}
