//! Sentences, for quoting.

use std::ops::Range;

/// The sentences of `text`, in order, without the space around them; their marks belong to them.
///
/// A sentence ends after 。 ！ ？ and their half-width forms, at a line break, and after a full stop before a space.
/// Empty for a text without anything but space.
#[must_use]
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let is_end = match c {
            '\n' | '\r' => true,
            '。' | '｡' | '！' | '？' | '!' | '?' => !next.is_some_and(is_closing),
            '.' => next.is_none_or(char::is_whitespace),
            '」' | '』' | '）' | ')' => {
                text[..at].ends_with(['。', '！', '？', '!', '?']) && !next.is_some_and(is_closing)
            }
            _ => false,
        };
        if is_end {
            push_trimmed(&mut found, text, start..at + c.len_utf8());
            start = at + c.len_utf8();
        }
    }
    push_trimmed(&mut found, text, start..text.len());
    found
}

fn is_closing(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '」' | '』' | '）' | ')')
}

fn push_trimmed(found: &mut Vec<Range<usize>>, text: &str, range: Range<usize>) {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    let end = start + part.trim().len();
    if start < end {
        found.push(start..end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn sentences_keep_their_marks_and_lose_their_space() {
        assert_eq!(
            split("経理です。 月次！？ 以上\n次"),
            ["経理です。", "月次！？", "以上", "次"]
        );
        assert_eq!(
            split("「行きます。」と言った。"),
            ["「行きます。」", "と言った。"]
        );
        assert_eq!(split("Node.js を使う. Next"), ["Node.js を使う.", "Next"]);
        assert_eq!(split(" \n "), Vec::<&str>::new());
    }
}
