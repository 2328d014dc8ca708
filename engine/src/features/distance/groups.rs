//! The frame of a sentence: clauses, the items of lists, and what stands in brackets.

use std::ops::Range;

use super::grammar;

/// A clause with everything up to its predicate.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    /// In bytes of the text.
    pub(super) range: Range<usize>,
    /// Where the items of its lists begin, ascending; the first is the clause's own beginning.
    pub(super) items: Vec<usize>,
}

/// The clauses of a sentence outside of brackets, and the brackets.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    /// Consecutive, together the whole sentence.
    pub(super) groups: Vec<Group>,
    /// With their marks; ascending, none inside another.
    pub(super) brackets: Vec<Range<usize>>,
}

/// Longest sentence, in bytes, that is read as one: some 700 characters, far more than anybody writes without a full
/// stop. Reading a sentence takes quadratic time at worst; what is longer is cut, so that a text takes linear time.
const SENTENCE_BYTES_MAX: usize = 2_000;

/// Sentences with the space between them: consecutive, together the whole text.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let is_end = matches!(
            c,
            '。' | '｡' | '！' | '!' | '？' | '?' | '\n' | '\r' | '；' | ';' | '|' | '｜'
        );
        if is_end || end - start >= SENTENCE_BYTES_MAX {
            sentences.push(start..end);
            start = end;
        }
    }
    if start < text.len() {
        sentences.push(start..text.len());
    }
    sentences
}

/// The frame of one sentence.
pub(super) fn frame(text: &str, sentence: &Range<usize>) -> Frame {
    let mut frame = Frame::default();
    let mut group = Group {
        range: sentence.start..sentence.start,
        items: vec![sentence.start],
    };
    let (mut chunk_start, mut n_quotes) = (sentence.start, 0_usize);
    let mut bracket: Option<(usize, usize)> = None;
    let mut previous = None;
    for (offset, c) in text[sentence.clone()].char_indices() {
        let (at, end) = (sentence.start + offset, sentence.start + offset + c.len_utf8());
        if let Some((start, depth)) = bracket {
            bracket = match c {
                '（' | '(' => Some((start, depth + 1)),
                '）' | ')' if depth == 1 => {
                    frame.brackets.push(start..end);
                    None
                }
                '）' | ')' => Some((start, depth - 1)),
                _ => bracket,
            };
            previous = Some(c);
            continue;
        }
        let is_after_kana = previous.is_some_and(crate::text::normal::is_hiragana);
        if n_quotes == 0 && is_after_kana && grammar::ends_clause(&text[chunk_start..at], c) {
            close(&mut frame, &mut group, at);
            chunk_start = at;
        }
        match c {
            '（' | '(' => bracket = Some((at, 1)),
            '「' | '『' => n_quotes += 1,
            '」' | '』' => n_quotes = n_quotes.saturating_sub(1),
            '、' | ',' | '，' | '､' | '…' if n_quotes == 0 && !is_in_number(text, at, c) => {
                if grammar::is_predicate(&text[chunk_start..at], &text[end..sentence.end]) {
                    close(&mut frame, &mut group, end);
                } else {
                    group.items.push(end);
                }
                chunk_start = end;
            }
            '・' | '･' | '／' | '/' if n_quotes == 0 => group.items.push(end),
            _ => {}
        }
        previous = Some(c);
    }
    // A bracket that never closes reaches to the end.
    if let Some((start, _)) = bracket {
        frame.brackets.push(start..sentence.end);
    }
    close(&mut frame, &mut group, sentence.end);
    frame
}

/// Whether a comma separates thousands.
fn is_in_number(text: &str, at: usize, c: char) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + c.len_utf8()..].chars().next();
    before.is_some_and(|c| c.is_ascii_digit()) && after.is_some_and(|c| c.is_ascii_digit())
}

fn close(frame: &mut Frame, group: &mut Group, end: usize) {
    group.range.end = end;
    if !group.range.is_empty() {
        let next = Group {
            range: end..end,
            items: vec![end],
        };
        frame.groups.push(std::mem::replace(group, next));
    }
}
