//! Listening for what other servers commit, so that it is followed at once and not at the next look.

use std::collections::HashSet;
use std::mem;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use okaeri_engine::domain::CompanyId;
use tokio::sync::{Notify, watch};

use crate::db::listen::Heard;
use crate::db::{Database, DbError};

/// How long a server that cannot listen waits before it tries again; it looks for changes meanwhile.
const AGAIN_AFTER: Duration = Duration::from_secs(2);

/// Of which companies notices came that nobody has followed yet: however many come, as much as there are companies.
#[derive(Debug, Default)]
pub(super) struct Told {
    companies: Mutex<Companies>,
    is_there_any: Notify,
}

/// Companies with changes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Companies {
    /// No others.
    These(HashSet<CompanyId>),
    /// It is not known which.
    Any,
}

impl Default for Companies {
    fn default() -> Self {
        Self::These(HashSet::new())
    }
}

impl Told {
    fn add(&self, heard: Heard) {
        let mut companies = self.companies.lock().unwrap_or_else(PoisonError::into_inner);
        match (&mut *companies, heard) {
            (Companies::These(ids), Heard::Changes(id)) => {
                ids.insert(id);
            }
            (companies, Heard::Anything) => *companies = Companies::Any,
            (Companies::Any, Heard::Changes(_)) => {}
        }
        drop(companies);
        self.is_there_any.notify_one();
    }

    /// Waits until there is something to follow, and takes it. Nothing is lost when this is dropped while it waits.
    pub(super) async fn take(&self) -> Companies {
        self.is_there_any.notified().await;
        mem::take(&mut *self.companies.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Listens until `stop` says so; ends at once where there is nothing to be heard.
pub(super) async fn run(db: &Database, told: &Told, mut stop: watch::Receiver<bool>) {
    let mut is_deaf = false;
    loop {
        let error = tokio::select! {
            () = super::stopped(&mut stop) => return,
            ended = hear_all(db, told, &mut is_deaf) => match ended {
                Some(error) => error,
                None => return,
            },
        };
        // Once, and not for every attempt of an outage.
        if !mem::replace(&mut is_deaf, true) {
            tracing::warn!("cannot listen for changes, looking for them instead: {error}");
        }
        tokio::select! {
            () = super::stopped(&mut stop) => return,
            () = tokio::time::sleep(AGAIN_AFTER) => {}
        }
    }
}

/// Tells of every notice until listening fails; `None` where there is nothing to be heard.
async fn hear_all(db: &Database, told: &Told, is_deaf: &mut bool) -> Option<DbError> {
    let mut listener = match db.listen().await {
        Ok(listener) => listener?,
        Err(error) => return Some(error),
    };
    if mem::take(is_deaf) {
        tracing::info!("listening for changes again");
    }
    // Whatever was committed before.
    told.add(Heard::Anything);
    loop {
        match listener.hear().await {
            Ok(heard) => told.add(heard),
            Err(error) => return Some(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn notices_are_taken_together_and_each_once() {
        let told = Told::default();
        let [one, other] = [1, 2].map(|n| CompanyId(Uuid::from_u128(n)));
        for heard in [one, other, one].map(Heard::Changes) {
            told.add(heard);
        }
        assert_eq!(told.take().await, Companies::These(HashSet::from([one, other])));
        told.add(Heard::Anything);
        told.add(Heard::Changes(one));
        assert_eq!(told.take().await, Companies::Any);
        told.add(Heard::Changes(other));
        assert_eq!(told.take().await, Companies::These(HashSet::from([other])));
    }
}
