//! What each server keeps of a company to rank, search and list: the text index and, in memory, everything that
//! decides who may be shown.
//!
//! - A projection of the database: it follows the change log, can be thrown away, and nothing is stored only here.
//! - [`Projections::barrier`] stands before every ranking, search and list: after it, every committed change that
//!   can hide or forbid something is applied, and all text with it unless a great many changes wait.
//! - The index on disk may lag behind by a commit; whoever changed since then is retrieved all the same.

mod company;
mod follow;
mod open;
mod write;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use okaeri_engine::domain::CompanyId;
use okaeri_engine::text::Analyzer;
use tokio::sync::{Mutex, watch};

pub use company::{CompanyProjection, OpportunityEntry, State, run_blocking};

use crate::db::{Database, change_log};
use crate::usecase::Fault;

/// The projections of all companies that this server has been asked about.
pub struct Projections {
    db: Database,
    analyzer: Analyzer,
    index_root: PathBuf,
    companies: Mutex<HashMap<CompanyId, Arc<CompanyProjection>>>,
}

impl Projections {
    /// Nothing is opened yet; each company's directory lies below `index_root`.
    #[must_use]
    pub fn new(db: Database, analyzer: Analyzer, index_root: PathBuf) -> Self {
        Self {
            db,
            analyzer,
            index_root,
            companies: Mutex::default(),
        }
    }

    /// The one chain of analysis for indexing and querying.
    #[must_use]
    pub fn analyzer(&self) -> &Analyzer {
        &self.analyzer
    }

    /// The company's projection, opened when first asked for. It may lag; see [`Self::barrier`].
    pub async fn company(&self, company_id: CompanyId) -> Result<Arc<CompanyProjection>, Fault> {
        // Opening happens under the lock, so that two requests do not open one directory at once.
        let mut companies = self.companies.lock().await;
        if let Some(projection) = companies.get(&company_id) {
            return Ok(Arc::clone(projection));
        }
        let opened = open::open(&self.db, self.directory(company_id), &self.analyzer, company_id).await?;
        let projection = Arc::new(opened);
        companies.insert(company_id, Arc::clone(&projection));
        Ok(projection)
    }

    /// The company's projection with every committed change applied that can hide or forbid something, and with all
    /// texts unless a great many changes wait.
    pub async fn barrier(&self, company_id: CompanyId) -> Result<Arc<CompanyProjection>, Fault> {
        let projection = self.company(company_id).await?;
        follow::barrier(&self.db, &self.analyzer, &projection).await?;
        Ok(projection)
    }

    /// Applies what other processes committed to every open projection; called by the worker.
    pub async fn catch_up_all(&self) -> Result<(), Fault> {
        for projection in self.open_companies().await {
            follow::catch_up(&self.db, &self.analyzer, &projection).await?;
        }
        Ok(())
    }

    /// Brings the index of every open projection up to what is applied; called by the worker.
    pub async fn index_all(&self) -> Result<(), Fault> {
        for projection in self.open_companies().await {
            write::write_index(&self.db, &projection).await?;
        }
        Ok(())
    }

    /// Brings one company's index up to every committed change.
    pub async fn index(&self, company_id: CompanyId) -> Result<Arc<CompanyProjection>, Fault> {
        let projection = self.company(company_id).await?;
        follow::catch_up(&self.db, &self.analyzer, &projection).await?;
        write::write_index(&self.db, &projection).await?;
        Ok(projection)
    }

    /// Builds a company's index from the database, beside the one in use, and puts it in its place.
    pub async fn rebuild(&self, company_id: CompanyId) -> Result<u64, Fault> {
        write::rebuild(&self.db, &self.analyzer, self.directory(company_id), company_id).await
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
        Ok(self.company(company_id).await?.positions())
    }

    fn directory(&self, company_id: CompanyId) -> PathBuf {
        self.index_root.join(company_id.0.simple().to_string())
    }

    async fn open_companies(&self) -> Vec<Arc<CompanyProjection>> {
        self.companies.lock().await.values().map(Arc::clone).collect()
    }
}
