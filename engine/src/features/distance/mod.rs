//! How far the writer stands from the work that a stretch of a sentence names: led it, did it, supported it, stood
//! beside it, had it done, teaches or sells it, studied it, wishes for it, or says that it was not theirs.
//!
//! - Grammar, not words: an expression governs what stands before it in its own clause, back to the predicate before
//!   it. What a sentence is about never counts against the writer, only what its predicates say.
//! - Silence is [`Distance::Done`]: nobody writes of every task that they did it themselves.
//! - Never looks across a full stop. Linear in the length of the text.

mod agents;
mod classes;
mod clause;
mod expressions;
mod grammar;
mod groups;
mod resolve;
#[cfg(test)]
mod tests;

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// How far behind an agent its object is looked for, and how long a noun before a bracket may be; chosen by hand.
const REACH_CHARS_MAX: usize = 40;

/// The writer's distance from the work named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Distance {
    /// Answered for it: 主導, 責任者として, ゼロから立ち上げ.
    Led,
    /// Did it, or nothing says otherwise.
    #[default]
    Done,
    /// Helped those who did it: 〜の補助, 〜を手伝い, 〜に同席.
    Supported,
    /// Others did it, and the writer was near: 〜部と連携, 横で見て, 〜は本部の仕事で.
    NextTo,
    /// Others did it for the writer: 〜に依頼, ベンダー任せ.
    ByOthers,
    /// Teaches, sells or advises on it: 〜の講座, 〜導入のご提案.
    Taught,
    /// Learnt, read or heard about: 勉強中, 座学, 受講.
    Studied,
    /// Wished for: 志望, 〜に携わりたい.
    Wished,
    /// Said not to be the writer's: 〜ではなく, 経験はありません.
    Denied,
}

impl Distance {
    /// How much a match at this distance counts against one without any, in `(0, 1]`. First values, chosen by hand:
    /// what was helped with is worth nearly half, what was only wished for less than what was learnt.
    #[must_use]
    pub const fn factor(self) -> f32 {
        match self {
            Self::Led | Self::Done => 1.0,
            Self::Supported => 0.45,
            Self::Taught => 0.4,
            Self::NextTo => 0.3,
            Self::ByOthers | Self::Studied => 0.2,
            Self::Wished => 0.15,
            Self::Denied => 0.05,
        }
    }

    /// A stable name, for files and reports.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Led => "LED",
            Self::Done => "DONE",
            Self::Supported => "SUPPORTED",
            Self::NextTo => "NEXT_TO",
            Self::ByOthers => "BY_OTHERS",
            Self::Taught => "TAUGHT",
            Self::Studied => "STUDIED",
            Self::Wished => "WISHED",
            Self::Denied => "DENIED",
        }
    }

    /// Whether the work was the writer's own.
    #[must_use]
    pub const fn is_own(self) -> bool {
        matches!(self, Self::Led | Self::Done)
    }
}

/// The stretches of `text`, in bytes, each with the writer's distance: consecutive, on character boundaries, and
/// together all of `text`. Empty for an empty text.
#[must_use]
pub fn clauses(text: &str) -> Vec<(Range<usize>, Distance)> {
    let hits = expressions::find(text);
    let mut rest = hits.as_slice();
    let mut stretches: Vec<(Range<usize>, Distance)> = Vec::new();
    for sentence in groups::sentences(text) {
        let (of_sentence, later) = rest.split_at(rest.partition_point(|hit| hit.range.end <= sentence.end));
        rest = later;
        for (range, distance) in resolve::stretches(text, &sentence, of_sentence) {
            match stretches.last_mut() {
                Some((last, same)) if *same == distance && last.end > sentence.start => last.end = range.end,
                Some(_) | None => stretches.push((range, distance)),
            }
        }
    }
    stretches
}
