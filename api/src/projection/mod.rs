//! What each server keeps of a company to rank, search and list: the text index and, in memory, everything that
//! decides who may be shown.
//!
//! - A projection of the database: it follows the change log, can be thrown away, and nothing is stored only here.
//! - [`Projections::barrier`] stands before every ranking, search and list: after it, every committed change that
//!   can hide or forbid something is applied, and all text with it unless a great many changes wait.
//! - Nothing is opened, followed or built of a company that other servers hold ([`crate::assignment`]).
//! - The index on disk may lag behind by a commit. Only typed search reads it: who is ranked is proposed from memory.

mod beside;
mod company;
mod follow;
mod inspect;
mod open;
#[cfg(test)]
mod tests;
mod write;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use okaeri_engine::domain::{Company, CompanyId};
use okaeri_engine::index::IndexError;
use okaeri_engine::text::{Analyzer, Dictionary, DictionaryError, UserWord};
use tokio::sync::{Mutex, watch};

use company::Chain;
pub use company::{CompanyProjection, OpportunityEntry, State, run_blocking};
pub use inspect::{Compared, Inspected, Standing};

use crate::assignment::Assignment;
use crate::db::{Database, change_log, companies, company_words};
use crate::fault::Fault;
use crate::telemetry::{self, step};

/// The projections of all companies that this server has been asked about.
pub struct Projections {
    db: Database,
    dictionary: Dictionary,
    /// For every company without words of its own.
    plain: Analyzer,
    index_root: PathBuf,
    assignment: Assignment,
    companies: Mutex<HashMap<CompanyId, Slot>>,
}

/// The place of one company's projection: whoever comes while it is opened waits here, and nobody else does.
type Slot = Arc<Mutex<Option<Arc<CompanyProjection>>>>;

impl Projections {
    /// Nothing is opened yet; each company's directory lies below `index_root`, and every company is held.
    ///
    /// # Errors
    ///
    /// Those of [`Analyzer::new`].
    pub fn new(db: Database, dictionary: Dictionary, index_root: PathBuf) -> Result<Self, DictionaryError> {
        let plain = Analyzer::new(&dictionary, &[])?;
        Ok(Self {
            db,
            dictionary,
            plain,
            index_root,
            assignment: Assignment::Everything,
            companies: Mutex::default(),
        })
    }

    /// The same for a server that holds only some companies.
    #[must_use]
    pub fn with_assignment(self, assignment: Assignment) -> Self {
        Self { assignment, ..self }
    }

    /// Whether this server holds the company.
    pub async fn holds(&self, company_id: CompanyId) -> Result<bool, Fault> {
        match self.ensure_held(company_id).await {
            Ok(()) => Ok(true),
            Err(Fault::NotHeld { .. }) => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    /// The companies that this server holds, by short name.
    pub async fn list_held(&self) -> Result<Vec<Company>, Fault> {
        let mut companies = companies::list(&self.db).await?;
        companies.retain(|company| self.assignment.holds(&company.slug));
        Ok(companies)
    }

    /// The companies that other servers hold, by short name; without a question where this one holds every company.
    pub async fn list_not_held(&self) -> Result<Vec<Company>, Fault> {
        if self.assignment == Assignment::Everything {
            return Ok(Vec::new());
        }
        let mut companies = companies::list(&self.db).await?;
        companies.retain(|company| !self.assignment.holds(&company.slug));
        Ok(companies)
    }

    /// Removes the indexes of companies that this server held once: they hold people's texts, and no erasure reaches them
    /// any more. Called at the start, before anything is opened. Returns the short names of those that were removed.
    pub async fn discard_not_held(&self) -> Result<Vec<String>, Fault> {
        let mut discarded = Vec::new();
        for company in self.list_not_held().await? {
            let directory = self.directory(company.id);
            if run_blocking(move || beside::discard(&directory)).await?? {
                discarded.push(company.slug);
            }
        }
        Ok(discarded)
    }

    /// # Errors
    ///
    /// [`Fault::NotHeld`].
    async fn ensure_held(&self, company_id: CompanyId) -> Result<(), Fault> {
        if self.assignment == Assignment::Everything {
            return Ok(());
        }
        let company = companies::find(&self.db, company_id).await?;
        // What does not exist is told so by whoever asks for more of it.
        match company.filter(|company| !self.assignment.holds(&company.slug)) {
            Some(company) => Err(Fault::NotHeld { slug: company.slug }),
            None => Ok(()),
        }
    }

    /// The company's projection, opened when first asked for. It may lag; see [`Self::barrier`].
    ///
    /// # Errors
    ///
    /// [`Fault::NotHeld`], and what the database and the index say.
    pub async fn company(&self, company_id: CompanyId) -> Result<Arc<CompanyProjection>, Fault> {
        let slot = self.slot(company_id).await;
        // Opening happens under the slot's lock, so that two requests do not open one directory at once.
        let mut slot = slot.lock().await;
        if let Some(projection) = &*slot {
            return Ok(Arc::clone(projection));
        }
        self.ensure_held(company_id).await?;
        let chain = self
            .chain(company_words::list(&self.db, company_id).await?)
            .await?;
        let directory = self.directory(company_id);
        let opened = open::open(&self.db, directory, chain, company_id, watch::Sender::new(0)).await?;
        let projection = Arc::new(opened);
        *slot = Some(Arc::clone(&projection));
        Ok(projection)
    }

    /// The company's projection with every committed change applied that can hide or forbid something, and with all
    /// texts unless a great many changes wait.
    pub async fn barrier(&self, company_id: CompanyId) -> Result<Arc<CompanyProjection>, Fault> {
        let waiting = async {
            let projection = self.company(company_id).await?;
            follow::barrier(&self.db, &projection).await?;
            Ok(projection)
        };
        telemetry::in_step(step!("barrier"), waiting).await
    }

    /// Opens the projections of companies that this server holds and that came since; called at the start and by the
    /// worker, so that nobody's first question waits for texts to be analysed.
    pub async fn open_all(&self) -> Result<(), Fault> {
        for company in self.list_held().await? {
            self.company(company.id).await?;
        }
        Ok(())
    }

    /// Applies what other processes committed to every open projection, and opens anew those whose company has other
    /// words since; called by the worker.
    pub async fn catch_up_all(&self) -> Result<(), Fault> {
        let newest = change_log::newest_positions(&self.db).await?;
        for projection in self.open_companies().await {
            let newest = newest.get(&projection.company_id).copied().unwrap_or_default();
            self.catch_up_to(&projection, newest).await?;
        }
        Ok(())
    }

    /// The same for one company, if it is open.
    pub async fn catch_up(&self, company_id: CompanyId) -> Result<(), Fault> {
        let slot = self.companies.lock().await.get(&company_id).map(Arc::clone);
        let Some(slot) = slot else {
            return Ok(());
        };
        let open = slot.lock().await.as_ref().map(Arc::clone);
        if let Some(projection) = open {
            let newest = change_log::newest_position(&self.db, company_id).await?;
            self.catch_up_to(&projection, newest).await?;
        }
        Ok(())
    }

    async fn catch_up_to(&self, projection: &CompanyProjection, newest: u64) -> Result<(), Fault> {
        follow::catch_up_to(&self.db, projection, newest).await?;
        if projection.has_outdated_words() {
            self.reopen(projection).await?;
        }
        Ok(())
    }

    /// Brings the index of every open projection up to what is applied; called by the worker.
    pub async fn index_all(&self) -> Result<(), Fault> {
        for projection in self.open_companies().await {
            // An index that has the new words already is no longer this projection's to write.
            if !projection.has_outdated_words() {
                write::write_index(&self.db, &projection, self.directory(projection.company_id)).await?;
            }
        }
        Ok(())
    }

    /// Brings one company's index up to every committed change.
    pub async fn index(&self, company_id: CompanyId) -> Result<Arc<CompanyProjection>, Fault> {
        let projection = self.company(company_id).await?;
        follow::catch_up(&self.db, &projection).await?;
        write::write_index(&self.db, &projection, self.directory(projection.company_id)).await?;
        Ok(projection)
    }

    /// Builds a company's index from the database, beside the one in use, and puts it in its place.
    pub async fn rebuild(&self, company_id: CompanyId) -> Result<u64, Fault> {
        let words = company_words::list(&self.db, company_id).await?;
        self.rebuild_with(company_id, words).await
    }

    /// As [`Self::rebuild`], for the words that the company is about to have.
    pub async fn rebuild_with(&self, company_id: CompanyId, words: Vec<UserWord>) -> Result<u64, Fault> {
        self.ensure_held(company_id).await?;
        let chain = self.chain(words).await?;
        write::rebuild(&self.db, &chain.analyzer, self.directory(company_id), company_id).await
    }

    /// Looks at a company's index on disk and compares it with the database, beside whoever uses both. `None`: nobody has
    /// made one.
    pub async fn inspect(&self, company_id: CompanyId) -> Result<Option<Inspected>, Fault> {
        let chain = self
            .chain(company_words::list(&self.db, company_id).await?)
            .await?;
        inspect::inspect(&self.db, &self.directory(company_id), chain.analyzer, company_id).await
    }

    /// Whether there are files of the company's index on disk.
    #[must_use]
    pub fn has_files(&self, company_id: CompanyId) -> bool {
        self.directory(company_id).exists()
    }

    /// Whether the analysis takes these words.
    pub async fn check_words(&self, words: &[UserWord]) -> Result<(), Fault> {
        self.chain(words.to_vec()).await.map(|_| ())
    }

    /// Puts a projection with the company's words of now in the place of one with those of before, which answers
    /// until then.
    async fn reopen(&self, outdated: &CompanyProjection) -> Result<(), Fault> {
        let company_id = outdated.company_id;
        let chain = self
            .chain(company_words::list(&self.db, company_id).await?)
            .await?;
        let open = || {
            let positions = outdated.positions().clone();
            open::open(
                &self.db,
                self.directory(company_id),
                chain.clone(),
                company_id,
                positions,
            )
        };
        let opened = match open().await {
            // The words came through a command that has an index of its own, elsewhere.
            Err(Fault::Index(IndexError::OtherVersion { .. })) => {
                write::rebuild(&self.db, &chain.analyzer, self.directory(company_id), company_id).await?;
                open().await?
            }
            opened => opened?,
        };
        *self.slot(company_id).await.lock().await = Some(Arc::new(opened));
        tracing::info!(company.id = %company_id, "company {company_id} has other words: its texts are analysed anew");
        Ok(())
    }

    async fn chain(&self, words: Vec<UserWord>) -> Result<Chain, Fault> {
        let words: Arc<[UserWord]> = words.into();
        if words.is_empty() {
            let analyzer = self.plain.clone();
            return Ok(Chain { analyzer, words });
        }
        let dictionary = self.dictionary.clone();
        run_blocking(move || {
            let analyzer =
                Analyzer::new(&dictionary, &words).map_err(|error| Fault::Broken(error.to_string()))?;
            Ok(Chain { analyzer, words })
        })
        .await?
    }

    /// How many changes the slowest open projection is behind, counted up to `max`.
    pub async fn lag_changes(&self, max: u64) -> Result<u64, Fault> {
        let mut slowest = 0;
        for projection in self.open_companies().await {
            let (company_id, position) = (projection.company_id, projection.position());
            let waiting = change_log::list_after(&self.db, company_id, position, max).await?;
            slowest = slowest.max(waiting.len() as u64);
        }
        Ok(slowest)
    }

    /// Tells of positions as they are applied.
    pub async fn follow(&self, company_id: CompanyId) -> Result<watch::Receiver<u64>, Fault> {
        Ok(self.company(company_id).await?.positions().subscribe())
    }

    fn directory(&self, company_id: CompanyId) -> PathBuf {
        self.index_root.join(company_id.0.simple().to_string())
    }

    async fn slot(&self, company_id: CompanyId) -> Slot {
        Arc::clone(self.companies.lock().await.entry(company_id).or_default())
    }

    async fn open_companies(&self) -> Vec<Arc<CompanyProjection>> {
        let slots: Vec<Slot> = self.companies.lock().await.values().map(Arc::clone).collect();
        let mut open = Vec::with_capacity(slots.len());
        for slot in slots {
            // One that is being opened catches up by itself.
            if let Ok(projection) = slot.try_lock() {
                open.extend(projection.clone());
            }
        }
        open
    }
}
