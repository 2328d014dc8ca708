//! Characters as terms, for what the words of the dictionary do not find.
//!
//! - Pairs of neighbouring Japanese characters, single kanji and single pictures; never letters.
//! - A term that begins where a word begins is indexed a second time with [`WORD_START`] before it, so that 京都 can
//!   ask for the beginning of a word and does not meet 東京都.

use crate::text::Analyzer;
use crate::text::normal::{is_hiragana, is_kanji, is_katakana};

/// Stands before a term at the beginning of a word. No term contains it otherwise: it is no character of words.
pub(super) const WORD_START: char = '\u{2}';

/// Fewest characters, not all kanji, that are looked for inside of words too; fewer meet by chance, as ラマ in
/// プログラマ.
const INNER_CHARS_MIN: usize = 4;

/// The same for kanji alone.
const INNER_KANJI_MIN: usize = 3;

/// A term and the place of its first character.
pub(super) struct Gram {
    pub(super) term: String,
    pub(super) position: usize,
}

/// The characters of `text` as terms, from `position` on, and the next free position.
pub(super) fn grams(analyzer: &Analyzer, text: &str, position: usize) -> (Vec<Gram>, usize) {
    let (normalized, starts) = analyzer.word_starts(text);
    let mut grams = Vec::new();
    let mut count = 0;
    let mut chars = normalized.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let position = position + count;
        count += 1;
        let pair = chars
            .peek()
            .map(|(_, next)| *next)
            .filter(|next| is_japanese(c) && is_japanese(*next));
        let is_start = starts.binary_search(&at).is_ok();
        let mut push = |term: String| {
            if is_start {
                grams.push(Gram {
                    term: format!("{WORD_START}{term}"),
                    position,
                });
            }
            grams.push(Gram { term, position });
        };
        if is_kanji(c) || is_picture(c) {
            push(c.to_string());
        }
        if let Some(next) = pair {
            push(String::from_iter([c, next]));
        }
    }
    // One position stays free, so that no phrase runs from one text into the next.
    (grams, position + count + 1)
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
