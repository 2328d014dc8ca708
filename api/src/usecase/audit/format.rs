//! The canonical bytes and digests of records. Pure: everything here can be computed by another program from
//! `docs/AUDIT.md`.
//!
//! - Every digest is SHA-256 over a name of its own and parts with their lengths, so that no digest can pass for one of
//!   another sort, and no bytes can move from one part to the next.

use chrono::{DateTime, Utc};
use okaeri_engine::domain::CompanyId;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// A digest.
pub type Digest = [u8; 32];

/// What the first row of a chain follows.
pub const GENESIS: Digest = [0; 32];

/// Of a header, which holds everything but the entries.
#[must_use]
pub fn of_header(salt: &[u8], json: &str) -> Digest {
    digest("okaeri/header/1", &[salt, json.as_bytes()])
}

/// Of what was typed and filtered by; a part of the header.
#[must_use]
pub fn of_criteria(salt: &[u8], criteria: &str) -> Digest {
    digest("okaeri/criteria/1", &[salt, criteria.as_bytes()])
}

/// Of one entry.
#[must_use]
pub fn of_entry(salt: &[u8], bytes: &[u8]) -> Digest {
    digest("okaeri/entry/1", &[salt, bytes])
}

/// Of a ranking.
///
/// - `leaves`: the digests of the entries in their order, one after another
#[must_use]
pub fn of_ranking(header: &Digest, leaves: &[u8]) -> Digest {
    digest("okaeri/ranking/1", &[header, leaves])
}

/// Of an event's payload.
#[must_use]
pub fn of_event(payload: &str) -> Digest {
    digest("okaeri/event/1", &[payload.as_bytes()])
}

/// What a row of the chain says, beside the digest of its content.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// Whose chain.
    pub company_id: CompanyId,
    /// Its place, from 1.
    pub sequence: u64,
    /// What it is about.
    pub record_id: Uuid,
    /// The code of its kind.
    pub kind: &'a str,
    /// When it was added.
    pub at: DateTime<Utc>,
}

/// Of a row of the chain, which holds the hash of the row before.
#[must_use]
pub fn of_link(previous: &[u8], link: Link<'_>, root: &[u8]) -> Digest {
    digest(
        "okaeri/chain/1",
        &[
            previous,
            link.company_id.0.as_bytes(),
            &link.sequence.to_be_bytes(),
            link.record_id.as_bytes(),
            link.kind.as_bytes(),
            &link.at.timestamp_micros().to_be_bytes(),
            root,
        ],
    )
}

/// The name of a document: the SHA-256 of its text, in hexadecimal.
#[must_use]
pub fn name_of_document(content: &str) -> String {
    hex(&Sha256::digest(content.as_bytes()))
}

/// In lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn digest(name: &str, parts: &[&[u8]]) -> Digest {
    let mut hasher = Sha256::new();
    for part in std::iter::once(name.as_bytes()).chain(parts.iter().copied()) {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_bytes_can_move_from_one_part_of_a_digest_to_the_next() {
        assert_ne!(of_entry(b"ab", b"c"), of_entry(b"a", b"bc"));
        assert_ne!(of_entry(b"a", b"b"), of_criteria(b"a", "b"));
    }

    #[test]
    fn digests_are_those_of_the_documentation() {
        // Computed by another program from docs/AUDIT.md.
        assert_eq!(
            hex(&of_event("{}")),
            "e8169803221b99185a2d584c7741fcfe004783dc43f3db4ba31fbdc9cce6f252"
        );
    }
}
