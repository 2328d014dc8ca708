//! Whether a programme plans its lists together, and how tight an opportunity is.

use async_graphql::{Context, SimpleObject};
use okaeri_engine::ranking::market;

use crate::db::coordination::{PlanHead, VersionedSetting};
use crate::graphql::context::ContextExt as _;
use crate::graphql::scalars::DateTime;

/// Whether and how a programme plans both sides' lists together, so that not every opportunity shows the same few
/// people. What it moves is a contribution of its own (COORDINATION), and nobody is left out by it.
#[derive(Clone, Debug, SimpleObject)]
pub struct Coordination {
    /// False: every list stands by itself, as if there were no coordination.
    pub is_enabled: bool,
    /// The slider, from 0 to 1: a little of it aims at matches in all, 1 at more equal chances.
    pub alpha: f64,
    /// Counts the changes of this setting, from 0; a change names the version that it was made from.
    pub version: i32,
    /// When the plan in use was made. Null while there is none: coordination is off, or was just turned on.
    pub planned_at: Option<DateTime>,
}

impl From<(VersionedSetting, Option<PlanHead>)> for Coordination {
    fn from((current, head): (VersionedSetting, Option<PlanHead>)) -> Self {
        Self {
            is_enabled: current.setting.is_enabled,
            alpha: current.setting.alpha.get(),
            version: i32::try_from(current.version).unwrap_or(i32::MAX),
            planned_at: head.map(|head| DateTime(head.planned_at)),
        }
    }
}

/// How many seats an opportunity has, and how many candidates are close to them.
#[derive(Clone, Debug, SimpleObject)]
pub struct Contention {
    /// Seats of the opportunity.
    pub seats: i32,
    /// Candidates whose score, before coordination and shares of groups, is at least nine tenths of that of the last one there is a seat for,
    /// those with a seat included; all where there are no more candidates than seats.
    pub close_candidates: i32,
    /// In words, in Japanese or English by Accept-Language.
    pub text: String,
}

impl Contention {
    /// In the language of the request.
    pub fn new(ctx: &Context<'_>, counted: market::Contention) -> Self {
        let count = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        Self {
            seats: count(counted.n_seats),
            close_candidates: count(counted.n_close),
            text: counted.text(ctx.language()),
        }
    }
}
