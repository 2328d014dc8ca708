//! Words that may be no words: cut out of a compound one character too late.
//!
//! - The dictionary cuts 築地銀だこ into 築 and 地銀, because 地銀 is the commoner word. Whoever looks for 地銀 must meet
//!   it below every 地銀, if at all.

use std::ops::Range;

use crate::text::normal::is_kanji;
use crate::text::{Analyzer, Segmented};

/// Kanji that stand before a word without being part of it: 各地銀 is every 地銀, though 各地 is a word.
const PREFIXES: &str =
    "各元前現新旧大小全総主副諸同本当某両非不無未再超准準故他毎約計第最御貴弊在対被要来昨今";

/// The words of `text`, in bytes, whose first kanji makes another word with the single kanji that a compound begins
/// with: 地銀 behind 築.
pub(crate) fn doubtful_cuts(analyzer: &Analyzer, text: &str, segmented: &Segmented) -> Vec<Range<usize>> {
    let words: Vec<Range<usize>> = segmented.tokens.iter().map(|token| token.range.clone()).collect();
    let pairs = words.windows(2);
    let doubtful = pairs.filter(|pair| is_cut_too_late(analyzer, text, &pair[0], &pair[1]));
    doubtful.map(|pair| pair[1].clone()).collect()
}

/// Whether a byte of `text` lies in one of its [`doubtful_cuts`].
///
/// - `words`: of the text in order, in bytes
pub(super) fn is_doubtful(analyzer: &Analyzer, text: &str, words: &[Range<usize>], at: usize) -> bool {
    let mut pairs = words.windows(2);
    pairs.any(|pair| pair[1].contains(&at) && is_cut_too_late(analyzer, text, &pair[0], &pair[1]))
}

fn is_cut_too_late(analyzer: &Analyzer, text: &str, first: &Range<usize>, second: &Range<usize>) -> bool {
    if first.end != second.start {
        return false;
    }
    let mut chars = text[first.clone()].chars();
    let (Some(kanji), None) = (chars.next(), chars.next()) else {
        return false;
    };
    let begins_compound = !text[..first.start].chars().next_back().is_some_and(is_kanji);
    let word = &text[second.clone()];
    if !is_kanji(kanji) || PREFIXES.contains(kanji) || !begins_compound || !word.chars().all(is_kanji) {
        return false;
    }
    let mut rest = word.chars();
    let (Some(next), Some(_)) = (rest.next(), rest.next()) else {
        return false;
    };
    let pair = String::from_iter([kanji, next]);
    matches!(&analyzer.words(&pair)[..], [one] if one.range == (0..pair.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::testing::analyzer;

    #[test]
    fn only_what_was_cut_too_late_is_doubtful() {
        let doubtful = |text: &str| {
            let found = doubtful_cuts(&analyzer(), text, &analyzer().segment(text));
            found
                .into_iter()
                .map(|range| text[range].to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(doubtful("築地銀だこの店員"), ["地銀"]);
        for text in [
            "地銀に勤務",
            "元地銀",
            "各地銀の担当",
            "製造部品質管理課",
            "東京都内",
            "極秘書類",
            "営業部",
        ] {
            assert_eq!(doubtful(text), Vec::<String>::new(), "{text}");
        }
    }
}
