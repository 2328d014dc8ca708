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
use super::private_clauses::{clauses, is_mark, parts};
use super::private_english as english;
use super::private_phrases::{
    ALWAYS, BEGINS, BUSINESS, COHORT, CONTINUES, ENDS, GUARDS, ILLNESSES, INCIDENTAL, KIN, LEAVES, NUMBERED,
    ORIGIN, REASONS, SUFFERS, TOPICS, UNLESS_WORK, WORK,
};
use super::private_spans::{date_before, is_intake, origin, with_number, with_ordinal};

/// How much may stand behind a word that continues a private clause: 退職いたしました, but not 戻ってからは窓口で.
const CONTINUED_CHARS_MAX: usize = 8;

/// How much may stand before such a word where nothing else is said: そのため退職し.
const LED_IN_CHARS_MAX: usize = 4;

/// What is a statement without a verb: 体調を崩し、退職。 Others, such as 移住, are things that people work on too.
const LEFT: &[&str] = &["退職", "退社", "離職", "休職", "引退"];

/// How far behind an illness it may be said whose it is: がんの手術を受けまし.
const SUFFERED_CHARS_MAX: usize = 4;

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
    /// A relative, of the writer where a particle or a mark follows and no kanji precedes: 夫の, but not 工夫の.
    Kin,
    /// An illness or a condition ...
    Illness,
    /// ... and that it is the writer's. Both in one clause are private.
    Suffers,
    /// Something that people have at home and that others work with: private in a statement without a word of work.
    Topic,
    /// A word of work.
    Business,
    /// Behind a date, what makes it a year of graduation or of first entry: 2004年卒, 平成16年に入社. The date is private.
    Cohort,
    /// The same behind a number: 新卒1期生.
    Intake,
    /// Private behind a number: 歳.
    Numbered,
    /// Leaving the company ...
    Leaves,
    /// ... and why. Both in one clause are private.
    Reason,
    /// Private when it follows something private in the same clause, or says nothing else: そのため退職し.
    Continues,
    /// 出身 and 生まれ, private behind a place.
    Origin,
    /// Private at the beginning of a word: 出身は青森, but not 経理出身は.
    Begins,
    /// Private at the end of a clause: 山田花子と申します.
    Ends,
}

/// The phrases of each meaning, with spaces between them.
const TABLES: &[(Meaning, &str)] = &[
    (Meaning::Work, WORK),
    (Meaning::Always, ALWAYS),
    (Meaning::UnlessWork, UNLESS_WORK),
    (Meaning::Guard, GUARDS),
    (Meaning::Incidental, INCIDENTAL),
    (Meaning::Numbered, NUMBERED),
    (Meaning::Leaves, LEAVES),
    (Meaning::Reason, REASONS),
    (Meaning::Continues, CONTINUES),
    (Meaning::Kin, KIN),
    (Meaning::Illness, ILLNESSES),
    (Meaning::Suffers, SUFFERS),
    (Meaning::Topic, TOPICS),
    (Meaning::Business, BUSINESS),
    (Meaning::Cohort, COHORT),
    (Meaning::Intake, "期生 期として 期入社 期の新卒 期です"),
    (Meaning::Origin, ORIGIN),
    (Meaning::Begins, BEGINS),
    (Meaning::Ends, ENDS),
];

/// The English ones, with semicolons between them.
const ENGLISH_TABLES: &[(Meaning, &str)] = &[
    (Meaning::Always, english::ALWAYS),
    (Meaning::UnlessWork, english::UNLESS_WORK),
    (Meaning::Guard, english::GUARDS),
    (Meaning::Incidental, english::INCIDENTAL),
    (Meaning::Leaves, english::LEAVES),
    (Meaning::Reason, english::REASONS),
    (Meaning::Illness, english::ILLNESSES),
    (Meaning::Suffers, english::SUFFERS),
];

struct Phrases {
    automaton: AhoCorasick,
    meanings: Vec<Meaning>,
}

/// The tables as one automaton, so that the cost does not grow with their length.
static PHRASES: LazyLock<Option<Phrases>> = LazyLock::new(|| {
    let japanese = TABLES
        .iter()
        .flat_map(|(meaning, phrases)| phrases.split_whitespace().map(|phrase| (*meaning, phrase)));
    let english = ENGLISH_TABLES
        .iter()
        .flat_map(|(meaning, phrases)| phrases.split(';').map(|phrase| (*meaning, phrase.trim())));
    let pairs = japanese.chain(english);
    let (meanings, phrases): (Vec<Meaning>, Vec<&str>) = pairs.unzip();
    AhoCorasick::new(phrases)
        .ok()
        .map(|automaton| Phrases { automaton, meanings })
});

struct Found {
    meaning: Meaning,
    range: Range<usize>,
}

/// The parts of `text` about the person's own circumstances: ascending, not overlapping, on character boundaries. What only
/// touches stays apart, so that what one part names opens no other ([`crate::features::lived`]).
#[must_use]
pub fn ranges(text: &str) -> Vec<Range<usize>> {
    ranges_in(text, &Normalized::new(text))
}

/// The same for whoever has normalised the text.
pub(crate) fn ranges_in(text: &str, normalized: &Normalized) -> Vec<Range<usize>> {
    let found = find(normalized.text());
    let mut masked: Vec<Range<usize>> = Vec::new();
    for range in private_in(normalized.text(), &found) {
        let original = normalized.original(&range);
        match masked.last_mut() {
            Some(last) if original.start < last.end => last.end = last.end.max(original.end),
            Some(_) | None => masked.push(original),
        }
    }
    // Where what touches begins: before it stands what a twin wrote who said none of it.
    let mut touching_start = 0;
    for idx in 0..masked.len() {
        if idx == 0 || masked[idx - 1].end < masked[idx].start {
            touching_start = masked[idx].start;
        }
        let limit = masked.get(idx + 1).map_or(text.len(), |next| next.start);
        masked[idx].end =
            (masked[idx].end + n_bytes_of_gap(text, &(touching_start..masked[idx].end))).min(limit);
    }
    masked
}

/// How many bytes of spaces stand behind a masked stretch that whoever had not written it would not have written either:
/// there is a mark, a space or nothing before it, and so nothing for them to part.
fn n_bytes_of_gap(text: &str, range: &Range<usize>) -> usize {
    let is_space = |c: char| c == ' ' || c == '\u{3000}';
    let before = text[..range.start].chars().next_back();
    let is_parted = before.is_none_or(|c| !c.is_alphanumeric());
    let behind = &text[range.end..];
    if is_parted {
        behind.len() - behind.trim_start_matches(is_space).len()
    } else {
        0
    }
}

/// What [`ranges`] leaves of `text`, in order.
#[must_use]
pub fn public_ranges(text: &str) -> Vec<Range<usize>> {
    between(text, &ranges(text))
}

/// What some private parts of a text leave of it, in order.
///
/// - `private`: as [`ranges`] gives them
pub(crate) fn between(text: &str, private: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut public = Vec::new();
    let mut start = 0;
    for range in private {
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
            Meaning::Kin if !is_relative(text, &range) => {}
            Meaning::Begins if text[..range.start].ends_with(|c| is_kanji(c) || is_katakana(c)) => {}
            Meaning::Ends if text[range.end..].starts_with(|c| !is_mark(c)) => {}
            _ if !is_whole_word(text, &range) => {}
            meaning => found.push(Found { meaning, range }),
        }
    }
    found.retain(|found| {
        matches!(found.meaning, Meaning::Guard | Meaning::Business)
            || !work
                .iter()
                .any(|work| work.start < found.range.end && found.range.start < work.end)
    });
    found.sort_by_key(|found| (found.range.start, found.range.end));
    found
}

/// Where a name begins whose last part stands at `start`: グエン・ヴァン・アンと申します.
fn start_of_name(text: &str, start: usize) -> usize {
    let before = &text[..start];
    if before.ends_with('・') {
        before.trim_end_matches(|c| is_katakana(c) || c == '・').len()
    } else {
        start
    }
}

/// Whether what follows is said of the writer as such a person: イスラム教徒なので食事に制限が.
fn is_said_of_self(part: &str) -> bool {
    ["なので", "ですので", "だから", "ですから"]
        .iter()
        .any(|end| part.ends_with(end))
}

/// Whether a part says nothing but that somebody left, moved or paused, and so nothing of work: そのため退職し, 退職。
fn is_bare(before: &str, phrase: &str, behind: &str) -> bool {
    let behind = behind.trim_end_matches(|c| is_mark(c) || c.is_whitespace());
    let is_told = !behind.is_empty() || LEFT.contains(&phrase);
    is_told
        && behind.chars().count() <= CONTINUED_CHARS_MAX
        && before.chars().count() <= LED_IN_CHARS_MAX
        && before.chars().chain(behind.chars()).all(is_hiragana)
}

/// Whether a part says something, rather than names a skill or a title: it ends as a verb, a particle or a copula does.
fn is_statement(part: &str) -> bool {
    part.trim_end_matches(|c| is_mark(c) || c.is_whitespace())
        .ends_with(is_hiragana)
}

/// Whether a phrase in letters is no part of a longer word: her, but not where.
fn is_whole_word(text: &str, range: &Range<usize>) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric();
    let phrase = &text[range.clone()];
    let continues = phrase.starts_with(is_letter) && text[..range.start].ends_with(is_letter)
        || phrase.ends_with(is_letter) && text[range.end..].starts_with(is_letter);
    !continues
}

/// Whether a relative's name stands for a person: nothing before it that it could be the end of, and a particle, a
/// mark or nothing behind it.
fn is_relative(text: &str, range: &Range<usize>) -> bool {
    // 私の父, わが子, 二人の娘 are relatives as much as 父.
    let is_free = !text[..range.start].ends_with(|c| is_kanji(c) || is_katakana(c));
    let behind = &text[range.end..];
    let is_person = behind
        .chars()
        .next()
        .is_none_or(|c| is_mark(c) || c.is_whitespace())
        || [
            "の", "が", "は", "も", "に", "を", "へ", "から", "より", "一人", "二人", "三人",
        ]
        .iter()
        .any(|particle| behind.starts_with(particle));
    is_free && is_person
}

/// Ascending; may overlap.
fn private_in(text: &str, found: &[Found]) -> Vec<Range<usize>> {
    let is_any_private = found.iter().any(|found| match found.meaning {
        Meaning::Guard
        | Meaning::Continues
        | Meaning::Reason
        | Meaning::Suffers
        | Meaning::Business
        | Meaning::Work => false,
        Meaning::Always
        | Meaning::Kin
        | Meaning::Illness
        | Meaning::Topic
        | Meaning::Cohort
        | Meaning::Intake
        | Meaning::Begins
        | Meaning::Ends
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
        // Only within the clause: what stands behind a mark is read the same whatever stands before it.
        let mut follows_private = false;
        let mut is_a_consequence = false;
        for part in parts(text, &clause) {
            let overlaps = |found: &&&Found| found.range.start < part.end && part.start < found.range.end;
            let in_part: Vec<&Found> = in_clause.iter().filter(overlaps).copied().collect();
            let has = |meaning| in_part.iter().any(|found| found.meaning == meaning);
            let is_private = in_part.iter().any(|found| match found.meaning {
                Meaning::Always | Meaning::Ends => true,
                Meaning::UnlessWork | Meaning::Kin | Meaning::Begins => !has(Meaning::Guard),
                Meaning::Illness => suffers(text, &found.range, &in_part) && !has(Meaning::Guard),
                Meaning::Topic => {
                    is_statement(&text[part.clone()]) && !has(Meaning::Guard) && !has(Meaning::Business)
                }
                Meaning::Continues => {
                    let behind = &text[found.range.end.min(part.end)..part.end];
                    follows_private && behind.chars().count() <= CONTINUED_CHARS_MAX
                        || is_bare(
                            &text[part.start..found.range.start.max(part.start)],
                            &text[found.range.clone()],
                            behind,
                        )
                }
                Meaning::Work
                | Meaning::Guard
                | Meaning::Incidental
                | Meaning::Suffers
                | Meaning::Business
                | Meaning::Cohort
                | Meaning::Intake
                | Meaning::Numbered
                | Meaning::Leaves
                | Meaning::Reason
                | Meaning::Origin => false,
            });
            let follows_from_self = is_a_consequence && !has(Meaning::Guard);
            is_a_consequence = (is_private || follows_from_self) && is_said_of_self(&text[part.clone()]);
            follows_private = is_private;
            if is_private || follows_from_self {
                let start = if has(Meaning::Ends) {
                    start_of_name(text, part.start)
                } else {
                    part.start
                };
                masked.push(start..part.end);
                continue;
            }
            for found in &in_part {
                match found.meaning {
                    Meaning::Incidental => masked.push(found.range.clone()),
                    Meaning::Origin => masked.extend(origin(text, &found.range)),
                    Meaning::Cohort => masked.extend(date_before(text, part.start, &found.range)),
                    Meaning::Intake if has(Meaning::Cohort) || is_intake(text, &found.range) => {
                        masked.extend(with_ordinal(text, &found.range));
                    }
                    Meaning::Numbered if !has(Meaning::Guard) => {
                        masked.extend(with_number(text, &found.range))
                    }
                    Meaning::Numbered
                    | Meaning::Intake
                    | Meaning::Kin
                    | Meaning::Illness
                    | Meaning::Topic
                    | Meaning::Business
                    | Meaning::Suffers
                    | Meaning::Begins
                    | Meaning::Ends
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

/// Whether an illness is said to be the writer's: close behind it in Japanese, anywhere in the statement in English.
fn suffers(text: &str, illness: &Range<usize>, in_part: &[&Found]) -> bool {
    in_part
        .iter()
        .filter(|found| found.meaning == Meaning::Suffers)
        .any(|found| {
            let is_english = text[found.range.clone()].is_ascii();
            let gap = text.get(illness.end..found.range.start);
            is_english || gap.is_some_and(|gap| gap.chars().count() <= SUFFERED_CHARS_MAX)
        })
}
