//! Quoting a text: which part of it fits, and where in the quote the words stand that matter.

use std::ops::Range;

/// Most characters of a snippet: what fits on two lines of a card.
pub const SNIPPET_CHARS_MAX: usize = 120;

/// How much is shown before the first word that matters, in characters.
const BEFORE_CHARS: usize = 20;

/// The part of `range` that is shown: all of it, or as much as fits from shortly before the first of `words`, which
/// are bytes of `whole`.
#[must_use]
pub fn window(whole: &str, range: Range<usize>, words: &[Range<usize>]) -> Range<usize> {
    if whole[range.clone()].chars().count() <= SNIPPET_CHARS_MAX {
        return range;
    }
    let first = words
        .iter()
        .map(|word| word.start)
        .filter(|start| range.contains(start))
        .min()
        .unwrap_or(range.start);
    let before: usize = whole[range.start..first]
        .chars()
        .rev()
        .take(BEFORE_CHARS)
        .map(char::len_utf8)
        .sum();
    let start = first - before;
    let len: usize = whole[start..range.end]
        .chars()
        .take(SNIPPET_CHARS_MAX)
        .map(char::len_utf8)
        .sum();
    start..start + len
}

/// The words inside a snippet in UTF-16 units, ascending; words that overlap become one range.
///
/// - `offset`: the byte of the text at which the snippet begins
/// - `words`: bytes of the text, in any order
#[must_use]
pub fn highlights(snippet: &str, offset: usize, words: &[Range<usize>]) -> Vec<Range<u32>> {
    let mut inside: Vec<Range<usize>> = words
        .iter()
        .filter(|word| word.start >= offset && word.end <= offset + snippet.len())
        .map(|word| word.start - offset..word.end - offset)
        .filter(|word| snippet.is_char_boundary(word.start) && snippet.is_char_boundary(word.end))
        .collect();
    inside.sort_by_key(|word| (word.start, word.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for word in inside {
        match merged.last_mut() {
            Some(last) if word.start <= last.end => last.end = last.end.max(word.end),
            _ => merged.push(word),
        }
    }
    let utf16_len = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
    merged
        .into_iter()
        .map(|word| utf16_len(&snippet[..word.start])..utf16_len(&snippet[..word.end]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn highlights_count_as_browsers_do() {
        let text = "😊営業と𠮷田";
        let at = |word: &str| {
            let start = text.find(word).unwrap();
            start..start + word.len()
        };
        assert_eq!(
            highlights(text, 0, &[at("𠮷田"), at("営業"), at("業")]),
            [2..4, 5..8]
        );
    }

    #[test]
    fn a_long_text_is_shown_from_shortly_before_the_first_word() {
        let text = format!("{}営業{}", "あ".repeat(200), "い".repeat(200));
        let word = 600..606;
        let shown = window(&text, 0..text.len(), std::slice::from_ref(&word));
        assert_eq!(text[shown.clone()].chars().count(), SNIPPET_CHARS_MAX);
        assert!(shown.start < word.start && word.end < shown.end);
    }
}
