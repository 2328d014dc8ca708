//! What each server keeps of a company to rank, search and list: the text index and, in memory, everything that
//! decides who may be shown.
//!
//! - A projection of the database: it follows the change log, can be thrown away, and nothing is stored only here.
//! - [`Projections::barrier`] stands before every ranking, search and list: after it, every committed change that
//!   can hide or forbid something is applied, and all text with it unless a great many changes wait.
//! - Nothing is opened, followed or built of a company that other servers hold ([`crate::assignment`]).
//! - The index on disk may lag behind by a commit. Only typed search reads it: who is ranked is proposed from memory.
//! - Only some companies are in memory: `residence` decides which. What is out keeps its index, and waits in the log.

mod beside;
mod company;
mod follow;
mod inspect;
mod open;
mod residence;
#[cfg(test)]
mod tests;
mod write;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Instant, SystemTime};

use okaeri_engine::domain::{Company, CompanyId};
use okaeri_engine::index;
use okaeri_engine::text::{Analyzer, Dictionary, DictionaryError, UserWord};
use tokio::sync::watch;

pub use company::{CompanyProjection, OpportunityEntry, State, run_blocking};
use follow::CHANGES_PER_STEP;
pub use inspect::{Compared, Inspected, Standing};
use open::{Opened, Opener};
pub use residence::{Bounds, MemoryUse};
use residence::{Residence, Waiting};

use crate::assignment::Assignment;
use crate::db::change_log::Change;
use crate::db::{Database, DbError, change_log, companies, company_words};
use crate::fault::Fault;
use crate::telemetry::{self, step};

/// Changes that may wait for a company that is out of memory before it is brought in to follow them: some seconds of
/// analysis, so that whoever asks next does not wait longer than that, and as many as a server may lag that counts as
/// ready.
pub const WAITING_CHANGES_MAX: u64 = 10_000;

/// The projections of all companies of this server, of which some are in memory.
pub struct Projections {
    opener: Opener,
    residence: Arc<Residence>,
    is_ending: AtomicBool,
}

impl Projections {
    /// Nothing is opened yet, whatever will be stays, and every company is held; each company's directory lies below
    /// `index_root`.
    ///
    /// # Errors
    ///
    /// Those of [`Analyzer::new`].
    pub fn new(db: Database, dictionary: Dictionary, index_root: PathBuf) -> Result<Self, DictionaryError> {
        let plain = Analyzer::new(&dictionary, &[])?;
        Ok(Self {
            opener: Opener {
                db,
                dictionary,
                plain,
                index_root,
                assignment: Assignment::Everything,
                profiles_in_memory: None,
            },
            residence: Arc::default(),
            is_ending: AtomicBool::new(false),
        })
    }

    /// With bounds on what is in memory, for a server that begins.
    #[must_use]
    pub fn within(mut self, bounds: Bounds) -> Self {
        self.opener.profiles_in_memory = bounds.profiles;
        Self {
            residence: Arc::new(Residence::new(bounds)),
            ..self
        }
    }

    /// The same for a server that holds only some companies.
    #[must_use]
    pub fn with_assignment(mut self, assignment: Assignment) -> Self {
        self.opener.assignment = assignment;
        self
    }

    /// Whether this server holds the company.
    pub async fn holds(&self, company_id: CompanyId) -> Result<bool, Fault> {
        match self.opener.ensure_held(company_id).await {
            Ok(()) => Ok(true),
            Err(Fault::NotHeld { .. }) => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    /// The companies that this server holds, by short name.
    pub async fn list_held(&self) -> Result<Vec<Company>, Fault> {
        let mut companies = companies::list(&self.opener.db).await?;
        companies.retain(|company| self.opener.assignment.holds(&company.slug));
        Ok(companies)
    }

    /// The companies that other servers hold, by short name; without a question where this one holds every company.
    pub async fn list_not_held(&self) -> Result<Vec<Company>, Fault> {
        if self.opener.assignment == Assignment::Everything {
            return Ok(Vec::new());
        }
        let mut companies = companies::list(&self.opener.db).await?;
        companies.retain(|company| !self.opener.assignment.holds(&company.slug));
        Ok(companies)
    }

    /// Removes the indexes of companies that this server does not hold, and held once or had a command make: they hold
    /// people's texts, and no erasure reaches them. Called at the start, before anything is opened, and by the worker.
    /// While a listed company does not exist nothing is removed: its short name may be another's, mistyped. One that
    /// cannot be removed is told of and holds up no other. Returns the short names of those that were removed.
    pub async fn discard_not_held(&self) -> Result<Vec<String>, Fault> {
        let not_held = self.list_not_held().await?;
        let held: Vec<String> = self.list_held().await?.into_iter().map(|one| one.slug).collect();
        if !self.opener.assignment.is_all_among(&held) {
            return Ok(Vec::new());
        }
        let mut discarded = Vec::new();
        for company in not_held {
            let directory = self.opener.directory(company.id);
            match run_blocking(move || beside::discard(&directory)).await? {
                Ok(false) => {}
                Ok(true) => {
                    tracing::info!(
                        company.id = %company.id,
                        "removed the index of company {}, which other servers hold", company.slug
                    );
                    discarded.push(company.slug);
                }
                Err(error) => tracing::warn!(
                    company.id = %company.id, error = %error,
                    "the index of company {}, which other servers hold, cannot be removed: {error}", company.slug
                ),
            }
        }
        Ok(discarded)
    }

    /// The company's projection, brought into memory when it is asked for. It may lag; see [`Self::barrier`].
    ///
    /// # Errors
    ///
    /// [`Fault::NotHeld`], and what the database and the index say.
    pub async fn company(&self, company_id: CompanyId) -> Result<Arc<CompanyProjection>, Fault> {
        self.bring_in(company_id, Opened::ToAnswer).await
    }

    async fn bring_in(&self, company_id: CompanyId, opened: Opened) -> Result<Arc<CompanyProjection>, Fault> {
        let open = || {
            let (opener, residence) = (self.opener.clone(), Arc::clone(&self.residence));
            async move {
                // Nobody makes room for a company that does not come.
                opener.ensure_held(company_id).await?;
                let bytes = opener.expected_bytes(company_id).await?;
                residence.make_room(company_id, bytes, Instant::now());
                opener.open(company_id, opened, watch::Sender::new(0)).await
            }
        };
        let asked = self.residence.ask(company_id, open).await;
        if asked.as_ref().is_err_and(Fault::is_not_held) {
            // Or its changes would be looked through for ever.
            self.residence.forget(company_id);
        }
        asked
    }

    /// The company's projection with every committed change applied that can hide or forbid something, and with all
    /// texts unless a great many changes wait.
    pub async fn barrier(&self, company_id: CompanyId) -> Result<Arc<CompanyProjection>, Fault> {
        let waiting = async {
            let projection = self.company(company_id).await?;
            follow::barrier(&self.opener.db, &projection).await?;
            Ok(projection)
        };
        telemetry::in_step(step!("barrier"), waiting).await
    }

    /// The company's projection, if it is in memory with every committed change applied, and none that the database lost.
    /// Nothing is brought in, and nothing waited for: whoever gets `None` asks the database.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn if_current(&self, company_id: CompanyId) -> Result<Option<Arc<CompanyProjection>>, DbError> {
        let Some(projection) = self.residence.get(company_id) else {
            return Ok(None);
        };
        let newest = change_log::newest_position(&self.opener.db, company_id).await?;
        Ok((projection.position() == newest).then_some(projection))
    }

    /// Brings companies into memory that this server holds and does not know yet, by short name and as many as fit, and their
    /// indexes up to date; called at the start and by the worker, so that nobody's first question waits for texts to be
    /// analysed. The others come in when they are asked for.
    ///
    /// # Errors
    ///
    /// The first of those that failed, after all were tried.
    pub async fn open_new(&self) -> Result<(), Fault> {
        let mut outcome = Ok(());
        for company in self.list_held().await? {
            if self.is_ending.load(Ordering::Acquire) {
                break;
            }
            if self.residence.knows(company.id) {
                continue;
            }
            let bytes = self.opener.expected_bytes(company.id).await?;
            if self.residence.has_room_for(bytes) {
                outcome = outcome.and(self.index(company.id).await.map(|_| ()));
            } else {
                self.residence.note(company.id, Waiting::default());
            }
        }
        outcome
    }

    /// From now on no company is brought in that nobody asked for: the server ends, and would wait for it.
    pub fn end(&self) {
        self.is_ending.store(true, Ordering::Release);
    }

    /// Looks through what waits in the log for companies that are out of memory, and brings in those for whom it cannot
    /// wait: where somebody was removed, whom the index still holds, or where more than [`WAITING_CHANGES_MAX`] changes
    /// wait. Called by the worker. A company that cannot be brought in holds up no other.
    pub async fn follow_absent(&self) -> Result<(), Fault> {
        let absent = self.residence.absent();
        if absent.is_empty() {
            return Ok(());
        }
        let newest = change_log::newest_positions(&self.opener.db).await?;
        for (company_id, waiting) in absent {
            if self.is_ending.load(Ordering::Acquire) {
                break;
            }
            let newest = newest.get(&company_id).copied().unwrap_or_default();
            match self.look(company_id, waiting, newest).await {
                Ok(false) => {}
                Ok(true) => {
                    self.bring_up(company_id).await;
                    // Or all for whom it cannot wait would be in at once.
                    self.put_out(Instant::now());
                }
                Err(fault) => tracing::warn!(
                    company.id = %company_id, error = %fault,
                    "what waits for company {company_id} cannot be told and is looked at again: {fault}"
                ),
            }
        }
        Ok(())
    }

    /// Whether what waits up to `newest` cannot wait.
    async fn look(&self, company_id: CompanyId, mut waiting: Waiting, newest: u64) -> Result<bool, Fault> {
        let directory = self.opener.directory(company_id);
        let known = waiting.changed_at;
        let found = run_blocking(move || stored_since(&directory, known)).await??;
        if found.is_none() && known.is_none() {
            // Without an index nothing lags, and nobody is in it.
            return Ok(false);
        }
        if let Some((position, changed_at)) = found {
            if position > newest {
                // Somebody may have written since the newest position was read.
                let newest = change_log::newest_position(&self.opener.db, company_id).await?;
                open::ensure_not_ahead(position, newest)?;
            }
            waiting = Waiting {
                looked_to: position,
                n_changes: 0,
                changed_at: Some(changed_at),
            };
        }
        let mut is_anybody_removed = false;
        while waiting.looked_to < newest && waiting.n_changes <= WAITING_CHANGES_MAX && !is_anybody_removed {
            let (db, from) = (&self.opener.db, waiting.looked_to);
            let changes = change_log::list_after(db, company_id, from, CHANGES_PER_STEP).await?;
            let Some(last) = changes.last().map(|change| change.position) else {
                break;
            };
            is_anybody_removed = changes
                .iter()
                .any(|entry| matches!(entry.change, Change::AlumnusRemoved(_)));
            // A removal stays in front of what was looked at, until the index has followed it.
            if !is_anybody_removed {
                waiting.looked_to = last;
                waiting.n_changes += changes.len() as u64;
            }
        }
        self.residence.note(company_id, waiting);
        Ok(is_anybody_removed || waiting.n_changes > WAITING_CHANGES_MAX)
    }

    /// Brings a company in that nobody asked for: no other makes room for it, and it is the first to go.
    async fn bring_up(&self, company_id: CompanyId) {
        let opener = self.opener.clone();
        let residence = Arc::clone(&self.residence);
        let open = || async move {
            residence.expect(company_id, opener.expected_bytes(company_id).await?);
            let opened = Opened::ToFollow;
            opener.open(company_id, opened, watch::Sender::new(0)).await
        };
        let followed = match self.residence.ask(company_id, open).await {
            Ok(projection) => self.bring_index_up(&projection).await,
            Err(fault) => Err(fault),
        };
        self.residence.put_first_to_go(company_id);
        if let Err(fault) = followed {
            tracing::warn!(
                company.id = %company_id, error = %fault,
                "company {company_id} cannot follow its changes and tries again: {fault}"
            );
        }
    }

    /// Puts out of memory whoever nobody asked for in a long time, and whoever was asked for least recently until the
    /// bound holds; never whoever is in use. Returns how many went. Called by the worker, and whenever a company comes in.
    ///
    /// - `now`: to tell how long nobody asked
    pub fn put_out(&self, now: Instant) -> usize {
        self.residence.put_out(now)
    }

    /// Whether the company is in memory. Does not count as asking for it.
    #[must_use]
    pub fn is_in_memory(&self, company_id: CompanyId) -> bool {
        self.residence.get(company_id).is_some()
    }

    /// What companies take in memory, and how many came and went.
    #[must_use]
    pub fn memory_use(&self) -> MemoryUse {
        self.residence.memory_use()
    }

    /// Applies what other processes committed to every projection in memory, and opens anew those whose company has other
    /// words since; called by the worker. One that fails holds up no other.
    ///
    /// # Errors
    ///
    /// The first of those that failed.
    pub async fn catch_up_all(&self) -> Result<(), Fault> {
        let newest = change_log::newest_positions(&self.opener.db).await?;
        let mut outcome = Ok(());
        // One at a time: whoever is held here cannot go out.
        for company_id in self.residence.resident() {
            if let Some(projection) = self.residence.get(company_id) {
                let newest = newest.get(&company_id).copied().unwrap_or_default();
                outcome = outcome.and(self.catch_up_to(&projection, newest).await);
            }
        }
        outcome
    }

    /// The same for one company, if it is in memory.
    pub async fn catch_up(&self, company_id: CompanyId) -> Result<(), Fault> {
        if let Some(projection) = self.residence.get(company_id) {
            let newest = change_log::newest_position(&self.opener.db, company_id).await?;
            self.catch_up_to(&projection, newest).await?;
        }
        Ok(())
    }

    async fn catch_up_to(&self, projection: &CompanyProjection, newest: u64) -> Result<(), Fault> {
        let directory = self.opener.directory(projection.company_id);
        write::catch_up_to(&self.opener.db, projection, directory, newest).await?;
        if projection.has_outdated_words() {
            self.reopen(projection).await?;
        }
        Ok(())
    }

    /// Brings the index of every projection in memory up to what is applied; called by the worker. One that fails holds up
    /// no other.
    ///
    /// # Errors
    ///
    /// The first of those that failed.
    pub async fn index_all(&self) -> Result<(), Fault> {
        let mut outcome = Ok(());
        for company_id in self.residence.resident() {
            let Some(projection) = self.residence.get(company_id) else {
                continue;
            };
            // An index that has the new words already is no longer this projection's to write.
            if !projection.has_outdated_words() {
                let directory = self.opener.directory(company_id);
                outcome = outcome.and(write::write_index(&self.opener.db, &projection, directory).await);
            }
        }
        outcome
    }

    /// Brings one company's index up to every committed change.
    pub async fn index(&self, company_id: CompanyId) -> Result<Arc<CompanyProjection>, Fault> {
        let projection = self.bring_in(company_id, Opened::ToFollow).await?;
        self.bring_index_up(&projection).await?;
        Ok(projection)
    }

    async fn bring_index_up(&self, projection: &CompanyProjection) -> Result<(), Fault> {
        let (db, directory) = (&self.opener.db, self.opener.directory(projection.company_id));
        let newest = change_log::newest_position(db, projection.company_id).await?;
        write::catch_up_to(db, projection, directory.clone(), newest).await?;
        write::write_index(db, projection, directory).await
    }

    /// Builds a company's index from the database, beside the one in use, and puts it in its place.
    pub async fn rebuild(&self, company_id: CompanyId) -> Result<u64, Fault> {
        let words = company_words::list(&self.opener.db, company_id).await?;
        self.rebuild_with(company_id, words).await
    }

    /// As [`Self::rebuild`], for the words that the company is about to have.
    pub async fn rebuild_with(&self, company_id: CompanyId, words: Vec<UserWord>) -> Result<u64, Fault> {
        self.opener.ensure_held(company_id).await?;
        let chain = self.opener.chain(words).await?;
        let (db, directory) = (&self.opener.db, self.opener.directory(company_id));
        write::rebuild(db, &chain.analyzer, directory, company_id).await
    }

    /// Looks at a company's index on disk and compares it with the database, beside whoever uses both. `None`: nobody has
    /// made one.
    pub async fn inspect(&self, company_id: CompanyId) -> Result<Option<Inspected>, Fault> {
        let chain = self.opener.chain_of(company_id).await?;
        let (db, directory) = (&self.opener.db, self.opener.directory(company_id));
        inspect::inspect(db, &directory, chain.analyzer, company_id).await
    }

    /// Whether there are files of the company's index on disk.
    #[must_use]
    pub fn has_files(&self, company_id: CompanyId) -> bool {
        self.opener.directory(company_id).exists()
    }

    /// Whether the analysis takes these words.
    pub async fn check_words(&self, words: &[UserWord]) -> Result<(), Fault> {
        self.opener.chain(words.to_vec()).await.map(|_| ())
    }

    /// Puts a projection with the company's words of now in the place of one with those of before, which answers
    /// until then.
    async fn reopen(&self, outdated: &CompanyProjection) -> Result<(), Fault> {
        let company_id = outdated.company_id;
        let positions = outdated.positions().clone();
        self.residence
            .replace(self.opener.open(company_id, Opened::ToFollow, positions).await?);
        tracing::info!(company.id = %company_id, "company {company_id} has other words: its texts are analysed anew");
        Ok(())
    }

    /// How many changes a projection may be behind before the server counts as not ready.
    #[must_use]
    pub fn lag_changes_max(&self) -> u64 {
        WAITING_CHANGES_MAX
    }

    /// How many changes the slowest projection in memory is behind, counted to one beyond what it may be.
    pub async fn lag_changes(&self) -> Result<u64, Fault> {
        let max = self.lag_changes_max() + 1;
        let mut slowest = 0;
        for company_id in self.residence.resident() {
            let Some(position) = self.residence.get(company_id).map(|open| open.position()) else {
                continue;
            };
            let waiting = change_log::list_after(&self.opener.db, company_id, position, max).await?;
            slowest = slowest.max(waiting.len() as u64);
        }
        Ok(slowest)
    }

    /// Tells of positions as they are applied. The company stays in memory for as long as somebody listens.
    pub async fn follow(&self, company_id: CompanyId) -> Result<watch::Receiver<u64>, Fault> {
        Ok(self.company(company_id).await?.positions().subscribe())
    }
}

/// The position of the index in a directory and when that was changed, if it was since `known`; whoever builds or writes
/// an index changes its directory.
fn stored_since(directory: &Path, known: Option<SystemTime>) -> Result<Option<(u64, SystemTime)>, Fault> {
    let changed_at = std::fs::metadata(directory).and_then(|metadata| metadata.modified());
    match changed_at.ok() {
        Some(changed_at) if known != Some(changed_at) => {
            let position = index::stored_position(directory)?.unwrap_or_default();
            Ok(Some((position, changed_at)))
        }
        Some(_) | None => Ok(None),
    }
}
