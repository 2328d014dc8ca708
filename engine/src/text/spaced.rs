//! Words in letters and digits, which have spaces between them and need no dictionary.
//!
//! - Never splits a word into letters, and drops none.

use std::ops::Range;

use super::normal::is_spaced_letter;

/// The stretches of letters and digits, joined by the marks that stand inside such words.
pub(super) fn runs(text: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut open: Option<Range<usize>> = None;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match &mut open {
            Some(run) if is_spaced_letter(c) || is_inner_mark(c) => run.end = end,
            Some(run) => {
                runs.push(run.clone());
                open = None;
            }
            None if is_spaced_letter(c) => open = Some(at..end),
            None => {}
        }
    }
    runs.extend(open);
    runs
}

fn is_inner_mark(c: char) -> bool {
    matches!(c, '+' | '#' | '&' | '\'' | '.' | '-' | '_' | '/') || (!c.is_ascii() && is_mark(c))
}

/// Marks that combine with the letter before them.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Cuts a stretch of letters and digits: `toeic880` at the digits, `node.js` at the stop; `c++`, `c#`, `m&a` and
/// `b2b` stay whole.
pub(super) fn words(text: &str, run: &Range<usize>) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let chars: Vec<(usize, char)> = text[run.clone()]
        .char_indices()
        .map(|(at, c)| (run.start + at, c))
        .collect();
    let mut start = 0;
    while start < chars.len() {
        if !is_spaced_letter(chars[start].1) {
            start += 1;
            continue;
        }
        let mut end = start + 1;
        while end < chars.len() && continues(&chars, start, end) {
            end += 1;
        }
        let end_byte = chars.get(end).map_or(run.end, |next| next.0);
        words.push(chars[start].0..end_byte);
        start = end;
    }
    words
}

/// Whether the character at `idx` belongs to the word that began at `start`.
fn continues(chars: &[(usize, char)], start: usize, idx: usize) -> bool {
    let c = chars[idx].1;
    let length = idx - start;
    let letter_at = |idx: usize| chars.get(idx).is_some_and(|next| is_spaced_letter(next.1));
    match c {
        // c++, c#, f#
        '+' | '#' => length <= 2 && !letter_at(idx + 1) && chars[start].1.is_alphabetic(),
        // m&a, r&d, q&a
        '&' => length <= 2 && letter_at(idx + 1) && !letter_at(idx + 3),
        _ if is_mark(c) => true,
        _ if !is_spaced_letter(c) => false,
        // toeic880 but not html5 or b2b
        _ if c.is_numeric() && !chars[idx - 1].1.is_numeric() => {
            let is_long_word = length >= 3 && chars[start..idx].iter().all(|before| before.1.is_alphabetic());
            let is_long_number = chars.get(idx + 1).is_some_and(|next| next.1.is_numeric());
            !(is_long_word && is_long_number)
        }
        _ => true,
    }
}
