//! Reads back what was stored with each alumnus, one after another.
//!
//! - Analyses nothing: this is how a server fills its memory at the start.

use std::path::PathBuf;

use tantivy::schema::{Field, Value};
use tantivy::{DocAddress, Searcher, TantivyDocument, TantivyError};
use uuid::Uuid;

use super::error::IndexError;
use super::schema::{ID_HIGH, ID_LOW};
use crate::domain::AlumnusId;

/// Gives the alumni of an index with what was stored with them.
pub struct Payloads {
    pub(super) dir: PathBuf,
    pub(super) payload: Field,
    pub(super) searcher: Searcher,
    pub(super) segment: u32,
    pub(super) doc: u32,
}

impl Iterator for Payloads {
    type Item = Result<(AlumnusId, Vec<u8>), IndexError>;

    fn next(&mut self) -> Option<Self::Item> {
        while (self.segment as usize) < self.searcher.segment_readers().len() {
            let segment = self.searcher.segment_reader(self.segment);
            if self.doc >= segment.max_doc() {
                (self.segment, self.doc) = (self.segment + 1, 0);
                continue;
            }
            let address = DocAddress {
                segment_ord: self.segment,
                doc_id: self.doc,
            };
            let is_alive = segment
                .alive_bitset()
                .is_none_or(|alive| alive.is_alive(self.doc));
            self.doc += 1;
            if !is_alive {
                continue;
            }
            match self.read(address) {
                Ok(Some(found)) => return Some(Ok(found)),
                // An opportunity.
                Ok(None) => {}
                Err(error) => return Some(Err(IndexError::reading(&self.dir, &error))),
            }
        }
        None
    }
}

impl Payloads {
    fn read(&self, address: DocAddress) -> tantivy::Result<Option<(AlumnusId, Vec<u8>)>> {
        let document: TantivyDocument = self.searcher.doc(address)?;
        let Some(payload) = document
            .get_first(self.payload)
            .and_then(|value| value.as_bytes().map(<[u8]>::to_vec))
        else {
            return Ok(None);
        };
        let fast = self.searcher.segment_reader(address.segment_ord).fast_fields();
        let half = |name| Ok::<u64, TantivyError>(fast.u64(name)?.first(address.doc_id).unwrap_or_default());
        let id = Uuid::from_u64_pair(half(ID_HIGH)?, half(ID_LOW)?);
        Ok(Some((AlumnusId(id), payload)))
    }
}
