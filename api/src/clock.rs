//! The only place that reads the time and makes identifiers and secrets; everything else takes them as arguments.

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use uuid::Uuid;

/// Tells the time: the system's, or one that starts at a given instant and runs on with the system's.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    offset: TimeDelta,
}

impl Clock {
    /// The system's time.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// Starts at `now` and runs on from there; for development (`--as-of`, `OKAERI_NOW`).
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "this is the place that reads the time")]
    pub fn starting_at(now: DateTime<Utc>) -> Self {
        Self {
            offset: now - Utc::now(),
        }
    }

    /// The time now, to the microsecond: what databases keep, so that a first answer equals a later one.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "this is the place that reads the time")]
    pub fn now(&self) -> DateTime<Utc> {
        (Utc::now() + self.offset).trunc_subsecs(6)
    }

    /// A new secret of 256 random bits, in hexadecimal.
    #[must_use]
    pub fn new_secret(&self) -> String {
        let bytes: [u8; 32] = rand::random();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// 256 random bits.
    #[must_use]
    pub fn new_salt(&self) -> [u8; 32] {
        rand::random()
    }

    /// A new identifier, unique and ordered by the system's time (UUID version 7).
    #[must_use]
    #[allow(
        clippy::disallowed_methods,
        reason = "this is the place that makes identifiers"
    )]
    pub fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}
