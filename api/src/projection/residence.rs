//! Which companies are in memory: the only place where it is decided that one comes in, and that one goes out.
//!
//! - Nobody has a projection but through [`Residence::ask`] and [`Residence::get`]. Many who ask at once for a company
//!   that is out wait for one opening, which goes on when they are gone; one that failed is begun anew by whoever asks
//!   next.
//! - A company goes out when nobody uses it: no request that runs, no subscription, no write that the index lacks. What
//!   goes out is memory alone, so whatever is asked of it later is answered from the index and the log.
//! - Bytes are estimates, and the bound is kept by putting out: companies that are all in use exceed it, and that is
//!   said.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use futures_util::future::{BoxFuture, FutureExt as _, Shared};
use okaeri_engine::domain::CompanyId;
use tokio::task::JoinError;

use super::company::CompanyProjection;
use crate::fault::Fault;

/// How long an opening may take: several times what analysing a million people takes, since one may have to build the
/// index. A connection that was lost without a word would otherwise keep a company from everybody.
const OPENING_MAX: Duration = Duration::from_secs(30 * 60);

/// What companies in memory may take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of all companies together, as estimated; `None`: no bound.
    pub memory_bytes: Option<u64>,
    /// How long nobody has to have asked for a company until it goes out; `None`: it stays.
    pub idle: Option<Duration>,
    /// How many profiles of one company are kept in memory; those of further people lie in a file beside its index.
    /// `None`: all.
    pub profiles: Option<usize>,
}

/// What companies take in memory, and how many came and went since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemoryUse {
    /// Companies in memory, those that are being opened not counted.
    pub n_companies: u64,
    /// Bytes that they take, and that those being opened will take; estimated.
    pub estimated_bytes: u64,
    /// Companies that were opened.
    pub n_openings: u64,
    /// Companies that were put out.
    pub n_evictions: u64,
    /// How long the last opening took; `None` before the first.
    pub last_opening: Option<Duration>,
}

/// An opening that any number wait for.
type Flight = Shared<BoxFuture<'static, Result<Arc<CompanyProjection>, Arc<Fault>>>>;

/// Where a company is.
enum Place {
    Out(Waiting),
    Opening {
        flight: Flight,
        /// What it will take in memory, once that is known.
        bytes: u64,
        waiting: Waiting,
    },
    In {
        projection: Arc<CompanyProjection>,
        asked_at: Instant,
    },
}

/// How a company that is out stands to the change log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Waiting {
    /// The position up to which the log was looked through for what cannot wait.
    pub(super) looked_to: u64,
    /// Changes up to there that its index does not have.
    pub(super) n_changes: u64,
    /// When the index's directory was last changed that this is true of; `None`: not looked yet.
    pub(super) changed_at: Option<SystemTime>,
}

/// The companies of one server.
#[derive(Default)]
pub(super) struct Residence {
    bounds: Bounds,
    /// Never held across an await, nor while a projection's state is locked.
    places: Mutex<HashMap<CompanyId, Place>>,
    counts: Mutex<Counts>,
    /// Whether it was said already that the bound is exceeded.
    is_over: AtomicBool,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    n_openings: u64,
    n_evictions: u64,
    last_opening: Option<Duration>,
}

impl Residence {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            ..Self::default()
        }
    }

    /// The company's projection; where it is out, `open` brings it in, once for all who ask meanwhile.
    ///
    /// # Errors
    ///
    /// What the opening failed by, for everybody who waited for it.
    pub(super) async fn ask<F>(
        self: &Arc<Self>,
        company_id: CompanyId,
        open: impl FnOnce() -> F,
    ) -> Result<Arc<CompanyProjection>, Fault>
    where
        F: Future<Output = Result<CompanyProjection, Fault>> + Send + 'static,
    {
        let flight = {
            let mut places = self.places();
            let place = places.entry(company_id).or_insert(Place::Out(Waiting::default()));
            match place {
                Place::In { projection, asked_at } => {
                    *asked_at = Instant::now();
                    return Ok(Arc::clone(projection));
                }
                Place::Opening { flight, .. } => flight.clone(),
                Place::Out(waiting) => {
                    let waiting = *waiting;
                    let flight = self.begin(company_id, open());
                    *place = Place::Opening {
                        flight: flight.clone(),
                        bytes: 0,
                        waiting,
                    };
                    flight
                }
            }
        };
        let opened = flight.await;
        opened.map_err(|fault| Arc::try_unwrap(fault).unwrap_or_else(Fault::Opening))
    }

    /// Opens in a task of its own: a request that is cut off by its time limit would otherwise begin again and again
    /// what takes longer.
    fn begin(
        self: &Arc<Self>,
        company_id: CompanyId,
        open: impl Future<Output = Result<CompanyProjection, Fault>> + Send + 'static,
    ) -> Flight {
        let opening = Opening {
            residence: Arc::clone(self),
            company_id,
            began_at: Instant::now(),
        };
        let task = tokio::spawn(async move {
            match tokio::time::timeout(OPENING_MAX, open).await {
                Ok(Ok(projection)) => Ok(opening.succeed(projection)),
                Ok(Err(fault)) => Err(Arc::new(fault)),
                Err(_) => {
                    let minutes = OPENING_MAX.as_secs() / 60;
                    let message = format!("company {company_id} was not opened within {minutes} minutes");
                    Err(Arc::new(Fault::Broken(message)))
                }
            }
        });
        let flight = async move {
            let failed =
                |error: JoinError| Arc::new(Fault::Broken(format!("a company was not opened: {error}")));
            task.await.map_err(failed)?
        };
        flight.boxed().shared()
    }

    /// The company's projection if it is in memory. Does not count as asking for it.
    pub(super) fn get(&self, company_id: CompanyId) -> Option<Arc<CompanyProjection>> {
        match self.places().get(&company_id) {
            Some(Place::In { projection, .. }) => Some(Arc::clone(projection)),
            Some(Place::Out(_) | Place::Opening { .. }) | None => None,
        }
    }

    /// The companies in memory.
    pub(super) fn resident(&self) -> Vec<CompanyId> {
        let places = self.places();
        let is_in = |place: &Place| matches!(place, Place::In { .. });
        let resident = places.iter().filter(|(_, place)| is_in(place));
        resident.map(|(id, _)| *id).collect()
    }

    /// The companies that are out, and how they stand to the log.
    pub(super) fn absent(&self) -> Vec<(CompanyId, Waiting)> {
        let places = self.places();
        let absent = places.iter().filter_map(|(id, place)| match place {
            Place::Out(waiting) => Some((*id, *waiting)),
            Place::Opening { .. } | Place::In { .. } => None,
        });
        absent.collect()
    }

    /// Whether the company was ever asked for or left out.
    pub(super) fn knows(&self, company_id: CompanyId) -> bool {
        self.places().contains_key(&company_id)
    }

    /// Forgets a company that is out.
    pub(super) fn forget(&self, company_id: CompanyId) {
        let mut places = self.places();
        if matches!(places.get(&company_id), Some(Place::Out(_))) {
            places.remove(&company_id);
        }
    }

    /// Notes how a company that is out stands to the log; nothing where it came in meanwhile.
    pub(super) fn note(&self, company_id: CompanyId, waiting: Waiting) {
        let mut places = self.places();
        match places.entry(company_id).or_insert(Place::Out(waiting)) {
            Place::Out(noted) => *noted = waiting,
            Place::Opening { .. } | Place::In { .. } => {}
        }
    }

    /// Puts a projection with other words in the place of the company's, which answers until then.
    pub(super) fn replace(&self, opened: CompanyProjection) {
        let mut places = self.places();
        if let Some(Place::In { projection, .. }) = places.get_mut(&opened.company_id) {
            *projection = Arc::new(opened);
        }
    }

    /// Whether a company that takes so many bytes may come in beside those that are in. One may always.
    pub(super) fn has_room_for(&self, bytes: u64) -> bool {
        let places = self.places();
        let is_nobody_in = places.values().all(|place| matches!(place, Place::Out(_)));
        let Some(max) = self.bounds.memory_bytes else {
            return true;
        };
        is_nobody_in || taken_bytes(&places).saturating_add(bytes) <= max
    }

    /// Counts what a company that is being opened will take.
    pub(super) fn expect(&self, company_id: CompanyId, expected_bytes: u64) {
        if let Some(Place::Opening { bytes, .. }) = self.places().get_mut(&company_id) {
            *bytes = expected_bytes;
        }
    }

    /// The same, and puts out others for it.
    pub(super) fn make_room(&self, company_id: CompanyId, expected_bytes: u64, now: Instant) {
        self.expect(company_id, expected_bytes);
        self.put_out(now);
    }

    /// Lets a company go before all others, as if nobody had asked for it in as long.
    pub(super) fn put_first_to_go(&self, company_id: CompanyId) {
        let mut places = self.places();
        let asked = places.values().filter_map(|place| match place {
            Place::In { asked_at, .. } => Some(*asked_at),
            Place::Out(_) | Place::Opening { .. } => None,
        });
        let Some(oldest) = asked.min() else { return };
        if let Some(Place::In { asked_at, .. }) = places.get_mut(&company_id) {
            *asked_at = oldest.checked_sub(Duration::from_nanos(1)).unwrap_or(oldest);
        }
    }

    /// Puts out whoever nobody asked for in a long time, and whoever was asked for least recently until the bound holds.
    /// Returns how many went.
    ///
    /// The one asked for last stays whatever it takes, until it is idle: it would be opened anew by the next question.
    pub(super) fn put_out(&self, now: Instant) -> usize {
        for company_id in self.resident() {
            // Before the lock on places: measuring waits for nobody, but reads a state.
            if let Some(projection) = self.get(company_id) {
                projection.measure();
            }
        }
        let gone = self.take_out(now);
        let n_gone = gone.len();
        if n_gone > 0 {
            self.counts().n_evictions += n_gone as u64;
            for projection in &gone {
                let company_id = projection.company_id;
                tracing::info!(company.id = %company_id, "company {company_id} left memory");
            }
            // A million people take a while to be freed, which no thread that serves sockets should spend.
            match tokio::runtime::Handle::try_current() {
                Ok(runtime) => drop(runtime.spawn_blocking(move || drop(gone))),
                Err(_) => drop(gone),
            }
        }
        n_gone
    }

    fn take_out(&self, now: Instant) -> Vec<Arc<CompanyProjection>> {
        let mut places = self.places();
        let mut taken = taken_bytes(&places);
        let mut by_age: Vec<(Instant, CompanyId)> = places
            .iter()
            .filter_map(|(id, place)| match place {
                Place::In { asked_at, .. } => Some((*asked_at, *id)),
                Place::Out(_) | Place::Opening { .. } => None,
            })
            .collect();
        by_age.sort_unstable();
        let is_any_opening = places
            .values()
            .any(|place| matches!(place, Place::Opening { .. }));
        let last = by_age.last().map(|(_, id)| *id).filter(|_| !is_any_opening);
        let mut gone = Vec::new();
        for (asked_at, company_id) in by_age {
            let is_idle = self
                .bounds
                .idle
                .is_some_and(|idle| now.saturating_duration_since(asked_at) >= idle);
            let is_over = self.bounds.memory_bytes.is_some_and(|max| taken > max);
            if !is_idle && (!is_over || last == Some(company_id)) {
                continue;
            }
            let Some(place) = places.get_mut(&company_id) else {
                continue;
            };
            let waiting = match place {
                Place::In { projection, .. } if may_leave(projection) => Waiting {
                    looked_to: projection.position(),
                    ..Waiting::default()
                },
                Place::In { .. } | Place::Out(_) | Place::Opening { .. } => continue,
            };
            if let Place::In { projection, .. } = std::mem::replace(place, Place::Out(waiting)) {
                taken = taken.saturating_sub(projection.measured_bytes());
                gone.push(projection);
            }
        }
        if let Some(max) = self.bounds.memory_bytes {
            self.say_whether_over(taken, max);
        }
        gone
    }

    /// Once for each time that the bound is exceeded, and not for every look.
    fn say_whether_over(&self, taken: u64, max: u64) {
        let was_over = self.is_over.swap(taken > max, Ordering::AcqRel);
        if taken > max && !was_over {
            tracing::warn!(
                memory.bytes = taken,
                memory.bytes_max = max,
                "companies in use take about {taken} bytes, more than the {max} of projection.memory_mb"
            );
        }
    }

    pub(super) fn memory_use(&self) -> MemoryUse {
        let counts = *self.counts();
        let places = self.places();
        let is_in = |place: &&Place| matches!(place, Place::In { .. });
        MemoryUse {
            n_companies: places.values().filter(is_in).count() as u64,
            estimated_bytes: taken_bytes(&places),
            n_openings: counts.n_openings,
            n_evictions: counts.n_evictions,
            last_opening: counts.last_opening,
        }
    }

    fn places(&self) -> MutexGuard<'_, HashMap<CompanyId, Place>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn taken_bytes(places: &HashMap<CompanyId, Place>) -> u64 {
    let bytes = |place: &Place| match place {
        Place::Out(_) => 0,
        Place::Opening { bytes, .. } => *bytes,
        Place::In { projection, .. } => projection.measured_bytes(),
    };
    places.values().map(bytes).sum()
}

/// Whether nobody uses a projection but the place that it is in, which has to be locked: then nobody can begin to.
fn may_leave(projection: &Arc<CompanyProjection>) -> bool {
    let is_asked = Arc::strong_count(projection) > 1;
    // A write whose request was cut off still has the index.
    let is_written = Arc::strong_count(&projection.index) > 1;
    let is_followed = projection.positions().receiver_count() > 0;
    !is_asked && !is_written && !is_followed && projection.is_indexed()
}

/// An opening under way. One that ends in any other way than by success, also by a panic, leaves the company out.
struct Opening {
    residence: Arc<Residence>,
    company_id: CompanyId,
    began_at: Instant,
}

impl Opening {
    fn succeed(self, projection: CompanyProjection) -> Arc<CompanyProjection> {
        projection.measure();
        let projection = Arc::new(projection);
        let now = Instant::now();
        let took = now.saturating_duration_since(self.began_at);
        let place = Place::In {
            projection: Arc::clone(&projection),
            asked_at: now,
        };
        self.residence.places().insert(self.company_id, place);
        {
            let mut counts = self.residence.counts();
            counts.n_openings += 1;
            counts.last_opening = Some(took);
        }
        let (company_id, elapsed_ms) = (self.company_id, took.as_millis());
        tracing::info!(company.id = %company_id, elapsed_ms, "company {company_id} is in memory");
        projection
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        let mut places = self.residence.places();
        if let Some(place) = places.get_mut(&self.company_id)
            && let Place::Opening { waiting, .. } = place
        {
            *place = Place::Out(*waiting);
        }
    }
}
