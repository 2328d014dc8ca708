//! Oversight: an append-only, hash-chained record of every ranking that was shown, so that each can be explained,
//! checked and shown again.
//!
//! - A record is appended in the transaction that records the list, before anybody sees it. Its body is the served list:
//!   criteria, policy, model, index, reader, how many each rule left out, and for each entry what its score was computed
//!   from. `docs/AUDIT.md` gives the format, so that another program can check it.
//! - What tells of a person is digested with a salt of that person's own. Erasure destroys the salt and blanks the
//!   entries; the digests stay, say nothing, and the chain goes on holding.
//! - Nothing leaves silently: erasure and retention are events in the chain that name what they took, and whatever else
//!   is missing, altered or out of order is found by [`verify()`].
//! - A replay starts from the recorded inputs and the recorded model and runs the code that ranks; it reads no profile.
//! - Whoever was left out of a ranking is a count in its record and nothing else: an exclusion cannot be told from no
//!   interest here either.
//! - What it cannot do: whoever may write the database may rebuild the whole chain, or cut off its end. Against that,
//!   keep the head's hash (`okaeri audit head`) elsewhere and give it to [`verify()`].

pub mod erase;
pub mod format;
pub mod inputs;
pub mod list;
pub mod numbers;
pub mod rankings;
pub mod record;
pub mod replay;
pub mod retention;
pub mod salts;
pub mod verify;

use okaeri_engine::domain::{AlumnusId, CompanyId, OpportunityId, ServedListId};

pub use erase::erase;
pub use rankings::{RankedIn, rankings_of};
pub use record::{Known, RecordKind};
pub use replay::replay;
pub use verify::verify;
