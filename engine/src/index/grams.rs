//! Characters as terms, for what the words of the dictionary do not find.
//!
//! - Pairs of neighbouring Japanese characters, single kanji and single pictures; never letters.
//! - A term that begins where a word begins is indexed a second time with [`WORD_START`] before it, so that 京都 can
//!   ask for the beginning of a word and does not meet 東京都.

use super::terms::Terms;
use crate::text::WordStarts;
use crate::text::normal::{is_hiragana, is_kanji, is_katakana};

/// Stands before a term at the beginning of a word. No term contains it otherwise: it is no character of words.
pub(super) const WORD_START: char = '\u{2}';

/// Fewest characters, not all kanji, that are looked for inside of words too; fewer meet by chance, as ラマ in
/// プログラマ.
const INNER_CHARS_MIN: usize = 4;

/// The same for kanji alone.
const INNER_KANJI_MIN: usize = 3;

/// Adds the characters of a text as terms, from `position` on. Returns the next free position.
pub(super) fn add_grams(words: &WordStarts, position: usize, to: &mut Terms) -> usize {
    let mut starts = words.starts.iter().copied().peekable();
    let mut position = position;
    let mut chars = words.text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        while starts.next_if(|start| *start < at).is_some() {}
        let is_start = starts.peek() == Some(&at);
        let following = chars.peek().map(|(_, next)| *next);
        let pair = following.filter(|next| is_japanese(c) && is_japanese(*next));
        let single = (is_kanji(c) || is_picture(c)).then_some([Some(c), None]);
        for term in single.into_iter().chain(pair.map(|next| [Some(c), Some(next)])) {
            let term = term.into_iter().flatten();
            if is_start {
                to.push_chars(std::iter::once(WORD_START).chain(term.clone()), position);
            }
            to.push_chars(term, position);
        }
        position += 1;
    }
    // One position stays free, so that no phrase runs from one text into the next.
    position + 1
}

/// A stretch of characters that is looked for as a whole, as consecutive terms.
pub(super) struct Run {
    chars: Vec<char>,
}

impl Run {
    /// The stretches of a normalised text.
    pub(super) fn all(normalized: &str) -> Vec<Self> {
        let mut runs = Vec::new();
        let mut chars: Vec<char> = Vec::new();
        for c in normalized.chars() {
            if is_japanese(c) {
                chars.push(c);
                continue;
            }
            if !chars.is_empty() {
                runs.push(Self {
                    chars: std::mem::take(&mut chars),
                });
            }
            if is_picture(c) {
                runs.push(Self { chars: vec![c] });
            }
        }
        if !chars.is_empty() {
            runs.push(Self { chars });
        }
        runs
    }

    /// The one character, when there is one.
    pub(super) fn single(&self) -> Option<char> {
        match self.chars[..] {
            [c] => Some(c),
            _ => None,
        }
    }

    /// The terms of an occurrence that begins a word.
    pub(super) fn at_word_start(&self) -> Vec<String> {
        let mut terms = self.anywhere();
        if let Some(first) = terms.first_mut() {
            first.insert(0, WORD_START);
        }
        terms
    }

    /// The terms of an occurrence inside of a word; `None` when the stretch is too short to mean anything there.
    pub(super) fn inside_words(&self) -> Option<Vec<String>> {
        let is_kanji_only = self.chars.iter().all(|c| is_kanji(*c));
        let min = if is_kanji_only {
            INNER_KANJI_MIN
        } else {
            INNER_CHARS_MIN
        };
        (self.chars.len() >= min).then(|| self.anywhere())
    }

    /// Each two characters that stand next to each other.
    pub(super) fn pairs(&self) -> Vec<String> {
        self.chars.windows(2).map(|pair| pair.iter().collect()).collect()
    }

    fn anywhere(&self) -> Vec<String> {
        match self.single() {
            Some(c) if is_kanji(c) || is_picture(c) => vec![c.to_string()],
            Some(_) => Vec::new(),
            None => self.pairs(),
        }
    }
}

fn is_japanese(c: char) -> bool {
    is_kanji(c) || is_katakana(c) || is_hiragana(c)
}

/// Emoji and dingbats: people write 🌿 in their headlines, and others look for it.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}
