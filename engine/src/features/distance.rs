//! How far the writer stands from the work that a clause names: done it, next to it, studied it, wished for it,
//! or says that it was not theirs.
//!
//! A first, honest reading by fixed expressions, clause by clause; it never looks across a full stop.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// The writer's distance from the work named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Distance {
    /// Nothing says otherwise.
    #[default]
    Done,
    /// Others did it, and the writer worked with them: 〜部と連携.
    NextTo,
    /// Others did it for the writer: 〜に依頼, ベンダー任せ.
    ByOthers,
    /// Learnt, read or heard about: 勉強中, 独学, 受講.
    Studied,
    /// Wished for: 志望, 興味.
    Wished,
    /// Said not to be the writer's: 〜ではなく, 経験はありません.
    Denied,
}

impl Distance {
    /// How much a match at this distance counts against one without any. Chosen by hand on the golden cases.
    #[must_use]
    pub const fn factor(self) -> f32 {
        match self {
            Self::Done => 1.0,
            Self::NextTo => 0.6,
            Self::ByOthers | Self::Studied => 0.3,
            Self::Wished => 0.4,
            Self::Denied => 0.15,
        }
    }
}

/// Expressions that tell a distance, with what they tell. The first that a clause contains decides.
const EXPRESSIONS: &[(&str, Distance)] = &[
    ("ではなく", Distance::Denied),
    ("ではありません", Distance::Denied),
    ("はありません", Distance::Denied),
    ("がありません", Distance::Denied),
    ("はございません", Distance::Denied),
    ("経験はない", Distance::Denied),
    ("経験なし", Distance::Denied),
    ("未経験", Distance::Denied),
    ("には入らず", Distance::Denied),
    ("は担当せず", Distance::Denied),
    ("していません", Distance::Denied),
    ("しておりません", Distance::Denied),
    ("したことはない", Distance::Denied),
    ("ことがない", Distance::Denied),
    ("勉強中", Distance::Studied),
    ("学習中", Distance::Studied),
    ("独学", Distance::Studied),
    ("座学", Distance::Studied),
    ("書籍", Distance::Studied),
    ("の本を", Distance::Studied),
    ("の本は", Distance::Studied),
    ("本で読", Distance::Studied),
    ("を受講", Distance::Studied),
    ("受講中", Distance::Studied),
    ("受講し", Distance::Studied),
    ("（講座）", Distance::Studied),
    ("(講座)", Distance::Studied),
    ("学び始め", Distance::Studied),
    ("勉強してい", Distance::Studied),
    ("学んでい", Distance::Studied),
    ("セミナーに参加", Distance::Studied),
    ("動画で", Distance::Studied),
    ("から伺", Distance::Studied),
    ("志望", Distance::Wished),
    ("を目指", Distance::Wished),
    ("をめざ", Distance::Wished),
    ("興味", Distance::Wished),
    ("関心があ", Distance::Wished),
    ("憧れ", Distance::Wished),
    ("あこがれ", Distance::Wished),
    ("挑戦したい", Distance::Wished),
    ("やってみたい", Distance::Wished),
    ("携わりたい", Distance::Wished),
    ("関わりたい", Distance::Wished),
    ("いつか", Distance::Wished),
    ("に依頼", Distance::ByOthers),
    ("へ依頼", Distance::ByOthers),
    ("に委託", Distance::ByOthers),
    ("に外注", Distance::ByOthers),
    ("に任せ", Distance::ByOthers),
    ("にまかせ", Distance::ByOthers),
    ("ベンダー任せ", Distance::ByOthers),
    ("任せきり", Distance::ByOthers),
    ("任せっきり", Distance::ByOthers),
    ("にお願い", Distance::ByOthers),
    ("に頼んで", Distance::ByOthers),
    ("に支えられ", Distance::ByOthers),
    ("に助けられ", Distance::ByOthers),
    ("してもらい", Distance::ByOthers),
    ("していただ", Distance::ByOthers),
    ("さんが入ります", Distance::ByOthers),
    ("を参考に", Distance::NextTo),
    ("と連携", Distance::NextTo),
    ("のそばで", Distance::NextTo),
    ("に伴走", Distance::NextTo),
    ("に同席", Distance::NextTo),
    ("を横で見", Distance::NextTo),
    ("裏方", Distance::NextTo),
    ("の補助", Distance::NextTo),
    ("お手伝い程度", Distance::NextTo),
];

/// Marks that end a clause. The middle dot joins a list and does not.
const CLAUSE_ENDS: &[char] = &['、', ',', '，', '。', '！', '!', '？', '?', '；', ';', '\n'];

/// The clauses of `text`, in bytes, each with the writer's distance.
#[must_use]
pub fn clauses(text: &str) -> Vec<(Range<usize>, Distance)> {
    let mut clauses = Vec::new();
    let mut start = 0;
    for (idx, mark) in text.char_indices().filter(|(_, c)| CLAUSE_ENDS.contains(c)) {
        let end = idx + mark.len_utf8();
        clauses.push((start..end, of_clause(&text[start..end])));
        start = end;
    }
    if start < text.len() {
        clauses.push((start..text.len(), of_clause(&text[start..])));
    }
    clauses
}

fn of_clause(clause: &str) -> Distance {
    EXPRESSIONS
        .iter()
        .find(|(expression, _)| clause.contains(expression))
        .map_or(Distance::Done, |(_, distance)| *distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_clause_with_the_expression_is_at_a_distance() {
        let text = "広告、パッケージを手がけ、栄養設計は研究所に依頼した。";
        let of = |word: &str| {
            let at = text.find(word).unwrap();
            clauses(text)
                .into_iter()
                .find(|(range, _)| range.contains(&at))
                .unwrap()
                .1
        };
        assert_eq!(of("パッケージ"), Distance::Done);
        assert_eq!(of("栄養設計"), Distance::ByOthers);
    }

    #[test]
    fn being_entrusted_is_doing_it() {
        assert_eq!(clauses("採用を任されました")[0].1, Distance::Done);
        assert_eq!(clauses("採用は人事に任せました")[0].1, Distance::ByOthers);
    }
}
