//! Where a profile bears out what an opportunity asks for, place by place and job by job.
//!
//! - Statements are kept apart by where they stand: in a job, in the headline, in the summary, in a list.
//! - Buffers go from profile to profile, and only what was touched is cleared: of a hundred needs a profile bears out a few.

use super::Subject;
use super::digest::{Digest, Period, Place, Statement};
use super::field::ProfileField;
use super::lived::LivedExperience;
use super::matching::Matcher;
use super::needs::Asked;
use super::query::{ABSENT, Query};

/// What one tenure or position bears out.
#[derive(Clone, Debug, PartialEq)]
pub struct JobNeeds {
    /// [`ProfileField::Tenure`] or [`ProfileField::CareerAfter`].
    pub field: ProfileField,
    /// Which one.
    pub entry: u16,
    /// Whether the person did the work there, rather than standing around it.
    pub does_it: bool,
    /// When it was.
    pub period: Option<Period>,
    /// The share of the core that this job bears out, from 0 to 1.
    pub core_share: f32,
    /// By need, from 0 to 1.
    pub borne: Vec<f32>,
}

impl JobNeeds {
    /// How much this job is the wanted work, from 0 to 1.
    #[must_use]
    pub fn likeness(&self) -> f32 {
        (self.core_share / SAME_WORK_SHARE).min(1.0)
    }
}

/// Where a profile bears out the needs of a query.
#[derive(Clone, Debug, Default)]
pub struct Borne {
    /// By place and need, from 0 to 1; the best of all jobs.
    places: [Vec<f32>; Place::ALL.len()],
    /// By need: the best of all places, each at its weight.
    anywhere: Vec<f32>,
    /// The needs that anything bears out, ascending: few of many.
    touched: Vec<u16>,
    /// Each job by itself.
    pub jobs: Vec<JobNeeds>,
    /// Buffers of jobs past.
    spare: Vec<Vec<f32>>,
}

impl Borne {
    /// How far a need is borne out in one place, from 0 to 1.
    #[must_use]
    pub fn at(&self, place: Place, need: usize) -> f32 {
        self.places[place as usize][need]
    }

    /// How far jobs and titles bear a need out.
    #[must_use]
    pub fn in_jobs(&self, need: usize) -> f32 {
        self.at(Place::Job, need).max(self.at(Place::Role, need))
    }

    /// How far anything bears a need out: what was done outweighs what is said of oneself, and both outweigh a list.
    #[must_use]
    pub fn anywhere(&self, need: usize) -> f32 {
        self.anywhere[need]
    }

    /// The needs that anything bears out, ascending.
    pub fn touched(&self) -> impl Iterator<Item = usize> {
        self.touched.iter().copied().map(usize::from)
    }

    /// Nothing yet, for `n_needs` needs.
    fn clear(&mut self, n_needs: usize) {
        for column in self.places.iter_mut().chain([&mut self.anywhere]) {
            for need in &self.touched {
                column[usize::from(*need)] = 0.0;
            }
            column.resize(n_needs, 0.0);
        }
        for mut job in self.jobs.drain(..) {
            for need in &self.touched {
                job.borne[usize::from(*need)] = 0.0;
            }
            self.spare.push(job.borne);
        }
        self.touched.clear();
    }

    /// The job of a statement, which goes on with the last or begins another.
    fn job(&mut self, statement: &Statement, does_it: bool, n_needs: usize) -> &mut JobNeeds {
        let is_same = |last: &JobNeeds| (last.field, last.entry) == (statement.field, statement.entry);
        if !self.jobs.last().is_some_and(is_same) {
            let mut borne = self.spare.pop().unwrap_or_default();
            borne.resize(n_needs, 0.0);
            self.jobs.push(JobNeeds {
                field: statement.field,
                entry: statement.entry,
                does_it,
                period: statement.period,
                core_share: 0.0,
                borne,
            });
        }
        let last = self.jobs.len() - 1;
        &mut self.jobs[last]
    }

    /// Joins what was found, place by place and job by job.
    fn join(&mut self, query: &Query<'_>) {
        self.touched.sort_unstable();
        self.touched.dedup();
        for need in self.touched.iter().copied().map(usize::from) {
            for place in Place::ALL {
                let at = place.weight() * self.places[place as usize][need];
                self.anywhere[need] = self.anywhere[need].max(at);
            }
        }
        for job in &mut self.jobs {
            let shares = self.touched.iter().copied().map(usize::from);
            let shares = shares.map(|need| query.shares[need].of_core * job.borne[need]);
            job.core_share = shares.sum();
        }
    }
}

/// Finds where one profile bears out the needs of a query.
#[must_use]
pub fn borne(query: &Query<'_>, subject: Subject<'_>) -> Borne {
    Matcher::new(query).find(query, subject).1.clone()
}

/// What somebody says, to the reader of one query.
pub(super) struct Told<'a> {
    pub(super) subject: Subject<'a>,
    pub(super) digest: &'a Digest,
    /// The digest's terms by their numbers in the query.
    pub(super) numbers: &'a [u16],
}

/// The same into buffers that are kept from profile to profile.
pub(super) fn find(sums: &mut Sums, query: &Query<'_>, told: &Told<'_>, out: &mut Borne) {
    let Told {
        subject,
        digest,
        numbers,
    } = *told;
    let n = query.shares.len();
    out.clear(n);
    for statement in digest.statements() {
        for said in digest.said_in(statement) {
            let number = numbers[usize::from(said.term)];
            if number != ABSENT {
                sums.add(number, said.distance.factor());
            }
        }
        let is_job = matches!(statement.place, Place::Job | Place::Role);
        let does_it = if is_job {
            query.does_in(subject, statement.field, statement.entry)
        } else {
            query.does_now(subject)
        };
        if is_job {
            out.job(statement, does_it, n);
        }
        let stance_factor = if does_it { 1.0 } else { STANDS_AROUND };
        let Borne {
            places,
            jobs,
            touched,
            ..
        } = &mut *out;
        let places = &mut places[statement.place as usize];
        let mut job = jobs.last_mut().filter(|_| is_job);
        sums.close(query, |need, value| {
            touched.push(need as u16);
            let value = value * stance_factor;
            places[need] = places[need].max(value);
            if let Some(job) = &mut job {
                job.borne[need] = job.borne[need].max(value);
            }
        });
    }
    if query.lived != LivedExperience::NONE {
        count_lived(query, subject, out);
    }
    out.join(query);
}

/// Only those show a lived experience who tell of it as their own.
fn count_lived(query: &Query<'_>, subject: Subject<'_>, borne: &mut Borne) {
    let is_own = query.is_own(subject);
    for (need, _) in query.needs.iter().enumerate().filter(|(_, need)| need.is_lived) {
        if is_own {
            borne.touched.push(need as u16);
            let told = &mut borne.places[Place::Summary as usize][need];
            *told = told.max(LIVED_THROUGH);
        } else {
            borne
                .places
                .iter_mut()
                .for_each(|place| place[need] *= LIVED_BY_OTHERS);
            borne
                .jobs
                .iter_mut()
                .for_each(|job| job.borne[need] *= LIVED_BY_OTHERS);
        }
    }
}

/// What is left of a match in a job, or in what somebody says of themselves, who sells, teaches, advises on or helps
/// with such work where the opportunity does not ask for that.
pub(crate) const STANDS_AROUND: f32 = 0.5;

/// What it shows of a lived experience that the person tells of it as their own, in whatever words.
const LIVED_THROUGH: f32 = 0.8;

/// What is left of a match with a lived experience that the person does not tell of as their own.
pub(super) const LIVED_BY_OTHERS: f32 = 0.25;

/// Collects what one entry says; empty between entries. There may be more places than a query has terms and needs.
#[derive(Debug, Default)]
pub(super) struct Sums {
    best: Vec<f32>,
    touched: Vec<u16>,
    concepts: Vec<f32>,
    words: Vec<f32>,
    needs: Vec<u16>,
}

impl Sums {
    /// Has a place for each term and each need of a query.
    pub(super) fn make_room(&mut self, query: &Query<'_>) {
        let (n_terms, n_needs) = (query.terms.len(), query.needs.len());
        if self.best.len() < n_terms {
            self.best.resize(n_terms, 0.0);
        }
        if self.words.len() < n_needs {
            self.concepts.resize(n_needs, 0.0);
            self.words.resize(n_needs, 0.0);
        }
    }

    fn add(&mut self, term: u16, strength: f32) {
        let best = &mut self.best[usize::from(term)];
        if *best == 0.0 {
            self.touched.push(term);
        }
        *best = best.max(strength);
    }

    fn close(&mut self, query: &Query<'_>, mut bear: impl FnMut(usize, f32)) {
        for term in self.touched.drain(..) {
            let strength = std::mem::take(&mut self.best[usize::from(term)]);
            for hit in query.hits_of(term) {
                let need = usize::from(hit.need);
                self.needs.push(hit.need);
                if hit.is_word {
                    self.words[need] += hit.factor * strength;
                } else {
                    self.concepts[need] = self.concepts[need].max(hit.factor * strength);
                }
            }
        }
        for need in self.needs.drain(..) {
            let need = usize::from(need);
            let value = self.concepts[need].max(self.words[need]).min(1.0);
            self.concepts[need] = 0.0;
            self.words[need] = 0.0;
            if value > 0.0 {
                bear(need, value);
            }
        }
    }
}

/// How much of what is asked for a profile bears out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Coverage {
    /// By [`Asked`]: the share of its needs, each part counting the same; 0 without any.
    pub of: [f32; Asked::COUNT],
    /// The share of all needs, those of title and must-haves counting most; 0 without any.
    pub core: f32,
    /// The same of what jobs and titles bear out.
    pub core_in_jobs: f32,
}

/// Adds up the needs that are borne out.
#[must_use]
pub fn coverage(query: &Query<'_>, borne: &Borne) -> Coverage {
    let mut coverage = Coverage::default();
    for idx in borne.touched() {
        let shares = &query.shares[idx];
        if let Some(asked) = shares.asked {
            coverage.of[asked as usize] += shares.of_part * borne.anywhere(idx);
        }
        coverage.core += shares.of_core * borne.anywhere(idx);
        coverage.core_in_jobs += shares.of_core * borne.in_jobs(idx);
    }
    for (share, n_parts) in coverage.of.iter_mut().zip(query.n_parts) {
        *share = if n_parts > 0.0 { *share / n_parts } else { 0.0 };
    }
    coverage
}

/// The share of the core at which a job counts as the same work.
const SAME_WORK_SHARE: f32 = 0.3;
