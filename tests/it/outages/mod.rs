//! What breaks around the program (processes, the database, disks, clocks, mail servers), what a caller sees of it, and
//! what is lost, which is nothing that was acknowledged.
//!
//! | fault | what the caller saw | after it |
//! | --- | --- | --- |
//! | SIGKILL in an import | the command ends | whole batches are there; run again it is as one run |
//! | SIGKILL of a server at work | no answer | what was acknowledged is there, once; a repeated key gets the first answer; the index equals a rebuild; records verify |
//! | SIGKILL while following | no answer | the next start goes on from the index's position |
//! | SIGKILL in an index commit | no answer | the old commit or the new one; who was erased is in no file |
//! | SIGKILL in `migrate` | the command ends | all steps of that run or none; run again it completes |
//! | SIGKILL in `reindex` | the command ends | an index that answers; what was left beside it is removed |
//! | PostgreSQL restarts, or cuts connections | UNAVAILABLE (503, Retry-After) for who was cut off | served again without a restart |
//! | PostgreSQL hangs (SIGSTOP) | UNAVAILABLE or TIMEOUT within the limit; `/readyz` 503, `/healthz` 200 | served again; a write that was told of as failed may be done: its key gives the first answer |
//! | PostgreSQL has no connection left | UNAVAILABLE or TIMEOUT within the limit; `/readyz` 503 | served again |
//! | no notices (LISTEN cut, or its backend stopped) | nothing | changes are seen by looking |
//! | disk full, or read-only, under the index | nothing but typed search that lags; a line in the log with the remedy | the index catches up by itself |
//! | disk full under SQLite | UNAVAILABLE for what writes, rankings too, since they are recorded; lists are read | written again |
//! | disk full under the log | nothing | |
//! | read-only at the start | one line with the remedy, exit 1 | |
//! | index files gone, emptied, cut in half | one line with the remedy, exit 1 | `okaeri reindex` |
//! | one byte of an index flipped | as above in files that are parsed; else no word: no checksum is read at the start | `okaeri reindex` |
//! | clocks that jump | jobs wait or run, links end, by the clock | each job runs once; what was decided stays; records verify |
//! | processes that migrate at once | one applies the steps, the others none | |
//! | mail servers that answer 5xx or are not there | nothing | the mail goes later, once; refused for now and hanging: `mail` |
//!
//! Unlike others these tests wait for real processes and time limits. `scripts/outages` runs them with many more kills.

mod clocks;
mod disk;
mod installation;
mod kills;
mod load;
mod mail;
mod migrating;
mod own_postgres;
mod postgres;
mod probes;
mod program;
