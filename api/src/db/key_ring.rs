//! Keys that seal columns: ChaCha20-Poly1305 (RFC 8439) with random nonces and associated data.
//!
//! - The keys come from outside the database and are never written to it; a sealed value names its key, so that keys
//!   can be changed while old values are still read.
//! - What is sealed is bound to where it stands: copied into another row, it does not open.
//! - 96 random bits are enough for 2^32 values under one key (the chance of a repeated nonce is then 2^-33); a company
//!   of 100,000 people who each change theirs a hundred times writes 10^7.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};

use super::error::DbError;

/// Bytes of a key.
const KEY_BYTES: usize = 32;
/// Most characters of a key's name.
const KEY_ID_CHARS_MAX: usize = 32;
/// Most keys of a ring: the current one and those whose values are still being sealed anew.
const KEYS_MAX: usize = 16;

/// Keys by name. The first seals; all open.
pub struct KeyRing {
    keys: Vec<Key>,
    random: SystemRandom,
}

struct Key {
    id: String,
    sealing: LessSafeKey,
}

/// Why a text is no key ring. Never with a part of it but the number of the line.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeyRingError {
    /// There is no key in it.
    #[error("there is no key in it")]
    Empty,
    /// More keys than anybody rotates.
    #[error("more than {KEYS_MAX} keys")]
    TooMany,
    /// A line that is no key.
    #[error(
        "line {line} is not a name of at most {KEY_ID_CHARS_MAX} letters, digits and hyphens, a space, and {KEY_BYTES} bytes in base64"
    )]
    NotAKey {
        /// Which, from 1.
        line: usize,
    },
    /// Two keys of one name.
    #[error("line {line} repeats the name of an earlier key")]
    Repeated {
        /// Which, from 1.
        line: usize,
    },
    /// The system gave no random bytes.
    #[error("the system gives no random bytes for a new key")]
    NoEntropy,
}

/// A sealed value.
pub(crate) struct Sealed {
    /// Under which key.
    pub(crate) key_id: String,
    /// Nonce, text and tag.
    pub(crate) bytes: Vec<u8>,
}

impl KeyRing {
    /// No keys: nothing is sealed and nothing opened.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            keys: Vec::new(),
            random: SystemRandom::new(),
        }
    }

    /// Reads a ring: a line for each key, its name, a space, and the key in base64, the current one first. Empty lines
    /// and those that begin with `#` say nothing.
    ///
    /// # Errors
    ///
    /// [`KeyRingError`] names the line.
    pub fn parse(text: &str) -> Result<Self, KeyRingError> {
        let mut ring = Self::empty();
        for (idx, line) in text.lines().enumerate() {
            let (line, number) = (line.trim(), idx + 1);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let key = Key::parse(line).ok_or(KeyRingError::NotAKey { line: number })?;
            if ring.keys.iter().any(|earlier| earlier.id == key.id) {
                return Err(KeyRingError::Repeated { line: number });
            }
            ring.keys.push(key);
        }
        match ring.keys.len() {
            0 => Err(KeyRingError::Empty),
            1..=KEYS_MAX => Ok(ring),
            _ => Err(KeyRingError::TooMany),
        }
    }

    /// A line with a new key of a random name, as [`Self::parse`] reads it.
    ///
    /// # Errors
    ///
    /// [`KeyRingError::NoEntropy`].
    pub fn generate_line() -> Result<String, KeyRingError> {
        let random = SystemRandom::new();
        let (mut id, mut key) = ([0; 4], [0; KEY_BYTES]);
        random.fill(&mut id).map_err(|_| KeyRingError::NoEntropy)?;
        random.fill(&mut key).map_err(|_| KeyRingError::NoEntropy)?;
        let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(format!("{id} {}", STANDARD.encode(key)))
    }

    /// The name of the key that seals; `None` in an empty ring.
    #[must_use]
    pub fn current_id(&self) -> Option<&str> {
        self.keys.first().map(|key| key.id.as_str())
    }

    /// Seals `text` so that it opens with the same `place` only.
    pub(crate) fn seal(&self, place: &[u8], text: &[u8]) -> Result<Sealed, DbError> {
        let key = self.keys.first().ok_or_else(no_key)?;
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(|_| {
            DbError::Fault("the system gives no random bytes to seal a value with".to_owned())
        })?;
        let mut sealed = text.to_vec();
        let unique = Nonce::assume_unique_for_key(nonce);
        key.sealing
            .seal_in_place_append_tag(unique, key.bound_to(place), &mut sealed)
            .map_err(|_| DbError::Fault("a value cannot be sealed".to_owned()))?;
        Ok(Sealed {
            key_id: key.id.clone(),
            bytes: [nonce.as_slice(), sealed.as_slice()].concat(),
        })
    }

    /// Opens what was sealed for `place`; `None` without its key, and when it was altered or moved.
    pub(crate) fn open(&self, key_id: &str, place: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let key = self.keys.iter().find(|key| key.id == key_id)?;
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = text.to_vec();
        let opened = key.sealing.open_in_place(nonce, key.bound_to(place), &mut text);
        opened.ok().map(|text| text.to_vec())
    }
}

impl Key {
    fn parse(line: &str) -> Option<Self> {
        let (id, key) = line.split_once(' ')?;
        let is_name = (1..=KEY_ID_CHARS_MAX).contains(&id.len())
            && id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let key = STANDARD.decode(key.trim()).ok().filter(|_| is_name)?;
        let unbound = UnboundKey::new(&CHACHA20_POLY1305, &key).ok()?;
        Some(Self {
            id: id.to_owned(),
            sealing: LessSafeKey::new(unbound),
        })
    }

    /// The key's name is authenticated too, so that a value cannot be passed off as one of another key.
    fn bound_to(&self, place: &[u8]) -> Aad<Vec<u8>> {
        Aad::from([self.id.as_bytes(), b"\0", place].concat())
    }
}

fn no_key() -> DbError {
    DbError::Misconfigured(
        "there is no key to keep exclusions with: set OKAERI_EXCLUSION_KEY_FILE".to_owned(),
    )
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = self.keys.iter().map(|key| key.id.as_str());
        f.debug_list().entries(ids).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_in_its_place_with_its_key_and_unaltered_only() {
        let (old, new) = (
            KeyRing::generate_line().unwrap(),
            KeyRing::generate_line().unwrap(),
        );
        let before = KeyRing::parse(&old).unwrap();
        let after = KeyRing::parse(&format!("# since June\n{new}\n\n{old}\n")).unwrap();
        let sealed = before.seal(b"here", b"text").unwrap();
        let again = before.seal(b"here", b"text").unwrap();
        assert_ne!(sealed.bytes, again.bytes, "the nonce is random");

        let open = |ring: &KeyRing, place: &[u8], bytes: &[u8]| ring.open(&sealed.key_id, place, bytes);
        assert_eq!(
            open(&after, b"here", &sealed.bytes).as_deref(),
            Some(&b"text"[..])
        );
        assert_eq!(open(&after, b"there", &sealed.bytes), None);
        assert_eq!(open(&KeyRing::parse(&new).unwrap(), b"here", &sealed.bytes), None);
        assert_eq!(open(&KeyRing::empty(), b"here", &sealed.bytes), None);
        assert_eq!(open(&after, b"here", &sealed.bytes[..7]), None);
        for idx in 0..sealed.bytes.len() {
            let mut altered = sealed.bytes.clone();
            altered[idx] ^= 1;
            assert_eq!(open(&after, b"here", &altered), None, "byte {idx}");
        }
        assert_ne!(after.seal(b"here", b"text").unwrap().key_id, sealed.key_id);
        assert!(KeyRing::empty().seal(b"here", b"text").is_err());
    }

    #[test]
    fn a_key_ring_that_is_none_is_refused_by_line_and_without_quoting_it() {
        let line = KeyRing::generate_line().unwrap();
        let (id, key) = line.split_once(' ').unwrap();
        for (text, expected) in [
            (String::new(), KeyRingError::Empty),
            (format!("{line}\n{id}"), KeyRingError::NotAKey { line: 2 }),
            (format!("{line}\na/b {key}"), KeyRingError::NotAKey { line: 2 }),
            (format!("{line}\n\nb AAAA"), KeyRingError::NotAKey { line: 3 }),
            (format!("{line}\n{line}"), KeyRingError::Repeated { line: 2 }),
        ] {
            let error = KeyRing::parse(&text).unwrap_err();
            assert!(!error.to_string().contains(key));
            assert_eq!(error, expected);
        }
        let many: Vec<String> = (0..=KEYS_MAX).map(|n| format!("k{n} {key}")).collect();
        assert_eq!(
            KeyRing::parse(&many.join("\n")).unwrap_err(),
            KeyRingError::TooMany
        );
    }

    #[test]
    fn no_key_can_be_printed() {
        let line = KeyRing::generate_line().unwrap();
        let (id, _) = line.split_once(' ').unwrap();
        assert_eq!(
            format!("{:?}", KeyRing::parse(&line).unwrap()),
            format!("[{id:?}]")
        );
    }
}
