//! Clauses about a person's own circumstances, which matching must neither index nor quote.
//!
//! Age, sex, family, marriage, children, care, health, religion, nationality, birthplace, union membership, and why
//! somebody left: masked together with the rest of their clause, so that 夫の転勤で退職し and 家族の介護で退職し
//! leave the same words, none.
//!
//! - Work is work: a hospital, a care home, products for women, the design of parental leave stay.
//! - This is a list of phrases read clause by clause, not an understanding of the text. Where it errs it should
//!   err towards masking: a lost clause costs one person a little evidence, a kept one could cost them the job.
//! - Nothing is stored or reported of what was found.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::normal::{Normalized, is_hiragana, is_kanji, is_katakana};
use super::private_phrases::{
    ALWAYS, CONTINUES, GUARDS, INCIDENTAL, LEAVES, NUMBERED, PLACES, REASONS, UNLESS_WORK, WORK,
};

/// How much may stand behind a word that continues a private clause: 退職いたしました, but not 戻ってからは窓口で.
const CONTINUED_CHARS_MAX: usize = 8;

/// How far before 出身 its place is looked for.
const PLACE_CHARS_MAX: usize = 16;

/// What finding a phrase means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// Work that contains the characters of a private phrase: 工夫の is nobody's husband.
    Work,
    /// The clause is private.
    Always,
    /// The clause is private unless it also says what kind of work this is.
    UnlessWork,
    /// Says what kind of work this is.
    Guard,
    /// Only the phrase itself is private: 夫婦で in a clause about a shop.
    Incidental,
    /// Private behind a number: 歳.
    Numbered,
    /// Leaving the company ...
    Leaves,
    /// ... and why. Both in one clause are private.
    Reason,
    /// Private when it follows a private clause: そのため退職し.
    Continues,
    /// 出身, private behind a place.
    Origin,
}

const TABLES: &[(Meaning, &[&str])] = &[
    (Meaning::Work, WORK),
    (Meaning::Always, ALWAYS),
    (Meaning::UnlessWork, UNLESS_WORK),
    (Meaning::Guard, GUARDS),
    (Meaning::Incidental, INCIDENTAL),
    (Meaning::Numbered, NUMBERED),
    (Meaning::Leaves, LEAVES),
    (Meaning::Reason, REASONS),
    (Meaning::Continues, CONTINUES),
    (Meaning::Origin, &["出身"]),
];

struct Phrases {
    automaton: AhoCorasick,
    meanings: Vec<Meaning>,
}

/// The tables as one automaton, so that the cost does not grow with their length.
static PHRASES: LazyLock<Option<Phrases>> = LazyLock::new(|| {
    let pairs = TABLES
        .iter()
        .flat_map(|(meaning, phrases)| phrases.iter().map(|phrase| (*meaning, *phrase)));
    let (meanings, phrases): (Vec<Meaning>, Vec<&str>) = pairs.unzip();
    AhoCorasick::new(phrases)
        .ok()
        .map(|automaton| Phrases { automaton, meanings })
});

struct Found {
    meaning: Meaning,
    range: Range<usize>,
}

/// The parts of `text` about the person's own circumstances: ascending, apart from each other, on character
/// boundaries.
#[must_use]
pub fn ranges(text: &str) -> Vec<Range<usize>> {
    if text.is_ascii() {
        return Vec::new();
    }
    let normalized = Normalized::new(text);
    let found = find(normalized.text());
    let mut masked: Vec<Range<usize>> = Vec::new();
    for range in private_in(normalized.text(), &found) {
        let original = normalized.original(&range);
        match masked.last_mut() {
            Some(last) if original.start <= last.end => last.end = last.end.max(original.end),
            Some(_) | None => masked.push(original),
        }
    }
    masked
}

/// What [`ranges`] leaves of `text`, in order.
#[must_use]
pub fn public_ranges(text: &str) -> Vec<Range<usize>> {
    let mut public = Vec::new();
    let mut start = 0;
    for range in ranges(text) {
        if start < range.start {
            public.push(start..range.start);
        }
        start = range.end;
    }
    if start < text.len() {
        public.push(start..text.len());
    }
    public
}

/// Every phrase of the tables, those inside of work left out; ascending.
fn find(text: &str) -> Vec<Found> {
    // The automaton is built from constants; a test holds that it is there.
    let Some(phrases) = PHRASES.as_ref() else {
        return Vec::new();
    };
    let mut found: Vec<Found> = Vec::new();
    let mut work: Vec<Range<usize>> = Vec::new();
    for hit in phrases.automaton.find_overlapping_iter(text) {
        let (meaning, range) = (phrases.meanings[hit.pattern()], hit.range());
        match meaning {
            Meaning::Work => work.push(range),
            meaning => found.push(Found { meaning, range }),
        }
    }
    found.retain(|found| {
        found.meaning == Meaning::Guard
            || !work
                .iter()
                .any(|work| work.start < found.range.end && found.range.start < work.end)
    });
    found.sort_by_key(|found| (found.range.start, found.range.end));
    found
}

/// Ascending; may overlap.
fn private_in(text: &str, found: &[Found]) -> Vec<Range<usize>> {
    let is_any_private = found.iter().any(|found| match found.meaning {
        Meaning::Guard | Meaning::Continues | Meaning::Reason | Meaning::Work => false,
        Meaning::Always
        | Meaning::UnlessWork
        | Meaning::Incidental
        | Meaning::Numbered
        | Meaning::Leaves
        | Meaning::Origin => true,
    });
    if !is_any_private {
        return Vec::new();
    }
    let mut masked = Vec::new();
    for clause in clauses(text) {
        let within = |range: &Range<usize>| {
            let start = found.partition_point(|found| found.range.start < range.start);
            found[start..]
                .iter()
                .take_while(|found| found.range.start < range.end)
                .collect::<Vec<_>>()
        };
        let in_clause = within(&clause);
        let has = |meaning| in_clause.iter().any(|found| found.meaning == meaning);
        if has(Meaning::Leaves) && has(Meaning::Reason) && !has(Meaning::Guard) {
            masked.push(clause);
            continue;
        }
        let mut follows_private = masked
            .last()
            .is_some_and(|last: &Range<usize>| last.end == clause.start)
            && text[..clause.start].ends_with('、');
        for part in parts(text, &clause) {
            let overlaps = |found: &&&Found| found.range.start < part.end && part.start < found.range.end;
            let in_part: Vec<&Found> = in_clause.iter().filter(overlaps).copied().collect();
            let has = |meaning| in_part.iter().any(|found| found.meaning == meaning);
            let is_private = in_part.iter().any(|found| match found.meaning {
                Meaning::Always => true,
                Meaning::UnlessWork => !has(Meaning::Guard),
                Meaning::Continues => {
                    follows_private
                        && text[found.range.end.min(part.end)..part.end].chars().count()
                            <= CONTINUED_CHARS_MAX
                }
                Meaning::Work
                | Meaning::Guard
                | Meaning::Incidental
                | Meaning::Numbered
                | Meaning::Leaves
                | Meaning::Reason
                | Meaning::Origin => false,
            });
            follows_private = is_private;
            if is_private {
                masked.push(part);
                continue;
            }
            for found in &in_part {
                match found.meaning {
                    Meaning::Incidental => masked.push(found.range.clone()),
                    Meaning::Origin => masked.extend(origin(text, &found.range)),
                    Meaning::Numbered if !has(Meaning::Guard) => {
                        masked.extend(with_number(text, &found.range))
                    }
                    Meaning::Numbered
                    | Meaning::Work
                    | Meaning::Always
                    | Meaning::UnlessWork
                    | Meaning::Guard
                    | Meaning::Leaves
                    | Meaning::Reason
                    | Meaning::Continues => {}
                }
            }
        }
    }
    masked.sort_by_key(|range| (range.start, range.end));
    masked
}

/// The stretches between marks, each with the mark that ends it.
fn clauses(text: &str) -> Vec<Range<usize>> {
    let mut clauses = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if is_mark(c) {
            clauses.push(start..at + c.len_utf8());
            start = at + c.len_utf8();
        }
    }
    clauses.push(start..text.len());
    clauses.retain(|clause| !clause.is_empty());
    clauses
}

fn is_mark(c: char) -> bool {
    matches!(
        c,
        '、' | '。'
            | '!'
            | '?'
            | '\n'
            | '\r'
            | '('
            | ')'
            | '['
            | ']'
            | '「'
            | '」'
            | '『'
            | '』'
            | '【'
            | '】'
            | '・'
            | '/'
            | '|'
            | ';'
            | ','
            | '→'
            | '—'
            | '―'
            | '…'
    )
}

/// What joins two statements within a clause.
const JOINTS: &[&str] = &[
    "ので",
    "てから",
    "からは",
    "ため",
    "ために",
    "を機に",
    "して",
    "って",
    "んで",
    "きて",
    "ながら",
    "ましたが",
    "ですが",
    "でしたが",
    "ますが",
    "ており",
    "けれど",
    "けど",
    "ものの",
];

/// A clause cut after its joints, where no auxiliary follows: ため退職, but not ための.
fn parts(text: &str, clause: &Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = clause.start;
    for (offset, c) in text[clause.clone()].char_indices() {
        let at = clause.start + offset;
        if at == start || is_hiragana(c) || is_mark(c) || !text[..at].ends_with(is_hiragana) {
            continue;
        }
        if JOINTS.iter().any(|joint| text[start..at].ends_with(joint)) {
            parts.push(start..at);
            start = at;
        }
    }
    parts.push(start..clause.end);
    parts
}

/// An age with its number; `None` behind anything else, and for generations (四代の社長).
fn with_number(text: &str, unit: &Range<usize>) -> Option<Range<usize>> {
    let is_digit = |c: char| c.is_ascii_digit() || "〇一二三四五六七八九十".contains(c);
    let start = text[..unit.start].trim_end_matches(is_digit).len();
    let number = &text[start..unit.start];
    let is_decade = number.ends_with(['0', '十']);
    let is_age = !number.is_empty() && (is_decade || text[unit.clone()].starts_with(['歳', '才']));
    is_age.then_some(start..unit.end)
}

/// 出身 with the place before it; `None` when what stands there is no place (経理出身).
fn origin(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let before: Vec<(usize, char)> = text[..word.start]
        .char_indices()
        .rev()
        .take(PLACE_CHARS_MAX)
        .take_while(|(_, c)| is_kanji(*c) || is_katakana(*c) || matches!(c, '・' | 'の'))
        .collect();
    let start = before.last()?.0;
    let place = text[start..word.start].trim_end_matches('の');
    let is_place = PLACES.iter().any(|name| place.contains(name))
        || place.ends_with(['県', '府', '都', '市', '町', '村', '島', '州', '省', '郡']);
    is_place.then_some(start..word.end)
}
