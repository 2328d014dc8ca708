//! One spelling for what is one word: widths, case, long vowels, katakana variants, old and new kanji, and names of
//! jobs with and without a sex.
//!
//! - Every normalised character remembers which bytes of the original it came from, because explanations quote and
//!   highlight the original.
//! - Normalising twice changes nothing.
//! - Okurigana, base forms and English spellings are not decided here: they need words, not characters.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use super::neutral::neutral;
use super::variants::{modern_kanji, voiced_v};

/// Fewest characters a katakana word has for its final ー to be dropped: サーバー is サーバ, コピー stays. As in
/// Lucene's katakana stem filter.
pub(super) const LONG_VOWEL_WORD_CHARS_MIN: usize = 4;

/// One normalised character and where it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Origin {
    /// Byte in the normalised text.
    at: u32,
    /// First byte in the original.
    start: u32,
    /// Byte after the last one in the original.
    end: u32,
}

/// A normalised text that knows the original bytes of each of its characters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Normalized {
    text: String,
    origins: Vec<Origin>,
}

impl Normalized {
    /// Normalises all but the final ー of katakana words, which the segmenter still needs.
    pub(crate) fn new(original: &str) -> Self {
        let mut folded = Vec::with_capacity(original.len() / 2);
        let mut start = 0;
        while start < original.len() {
            let end = end_of_cluster(original, start);
            fold_cluster(&original[start..end], |c| folded.push((c, start, end)));
            start = end;
        }

        let mut normalized = Self {
            text: String::with_capacity(original.len()),
            origins: Vec::with_capacity(folded.len()),
        };
        let mut idx = 0;
        while idx < folded.len() {
            let (c, start, end) = folded[idx];
            // What keyboards and word processors write for '.
            let c = if c == '’' { '\'' } else { c };
            let next = folded.get(idx + 1).map(|next| next.0);
            let previous = normalized.text.chars().next_back();
            let rest = folded[idx..].iter().map(|folded| folded.0);
            if let Some((n_chars, name)) = neutral(rest, previous) {
                // The characters of the new name stand for those of the old one in turn, so that what it is made of
                // stays apart.
                let old = &folded[idx..idx + n_chars];
                let n_new = name.chars().count();
                for (place, c) in name.chars().enumerate() {
                    let first = place * n_chars / n_new;
                    let last = ((place + 1) * n_chars / n_new).max(first + 1) - 1;
                    normalized.push(c, old[first].1, old[last].2);
                }
                idx += n_chars;
                continue;
            }
            if c == 'ヴ' {
                let (kana, is_vowel_spent) = voiced_v(next);
                let last = if is_vowel_spent { folded[idx + 1].2 } else { end };
                normalized.push(kana, start, last);
                idx += if is_vowel_spent { 2 } else { 1 };
                continue;
            }
            if is_dash(c) && previous.is_some_and(is_katakana) && next.is_some_and(is_katakana) {
                if previous != Some('ー') {
                    normalized.push('ー', start, end);
                }
            } else if !(c == 'ー' && previous == Some('ー')) {
                normalized.push(c, start, end);
            }
            idx += 1;
        }
        normalized
    }

    /// The normalised text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The same, without where it came from.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// The bytes of the original that `range` of the normalised text came from. Both on character boundaries.
    pub(crate) fn original(&self, range: &Range<usize>) -> Range<usize> {
        if range.is_empty() {
            return 0..0;
        }
        let at = |byte: usize| {
            self.origins
                .partition_point(|origin| (origin.at as usize) <= byte)
                - 1
        };
        let (first, last) = (self.origins[at(range.start)], self.origins[at(range.end - 1)]);
        first.start as usize..last.end as usize
    }

    fn push(&mut self, c: char, start: usize, end: usize) {
        let narrow = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        self.origins.push(Origin {
            at: narrow(self.text.len()),
            start: narrow(start),
            end: narrow(end),
        });
        self.text.push(c);
    }
}

/// The spelling under which texts are compared.
///
/// NFKC, lower case, new forms of old kanji, ヴ as バ行, one ー for several, no final ー in katakana words of four
/// characters and more, and jobs by the name that tells no sex.
#[must_use]
pub fn normalize(text: &str) -> String {
    let normalized = Normalized::new(text).text;
    if !normalized.contains('ー') {
        return normalized;
    }
    let mut out = String::with_capacity(normalized.len());
    let mut word = String::new();
    for c in normalized.chars().chain(['\0']) {
        if is_katakana(c) {
            word.push(c);
            continue;
        }
        out.push_str(katakana_stem(&word));
        word.clear();
        out.push(c);
    }
    out.pop();
    out
}

/// A katakana word without its final ー, when it is long enough.
pub(crate) fn katakana_stem(word: &str) -> &str {
    match word.strip_suffix('ー') {
        Some(stem) if word.chars().count() >= LONG_VOWEL_WORD_CHARS_MIN => stem,
        Some(_) | None => word,
    }
}

/// Katakana, and the long vowel mark.
pub(crate) fn is_katakana(c: char) -> bool {
    matches!(c, 'ァ'..='ヺ' | 'ー' | 'ヽ' | 'ヾ' | 'ㇰ'..='ㇿ')
}

/// Hiragana.
pub(crate) fn is_hiragana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ゝ' | 'ゞ')
}

/// Kanji, and the repetition mark.
pub(crate) fn is_kanji(c: char) -> bool {
    matches!(c, '々' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3347F}')
}

/// Letters and digits of scripts that put spaces between words.
pub(crate) fn is_spaced_letter(c: char) -> bool {
    c.is_alphanumeric() && !is_kanji(c) && !is_katakana(c) && !is_hiragana(c)
}

/// Dashes that stand in for ー between katakana.
fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2500}')
}

/// The end of the character at `start` together with the marks that combine with it.
fn end_of_cluster(text: &str, start: usize) -> usize {
    let mut chars = text[start..].char_indices();
    chars.next();
    for (offset, c) in chars {
        if !is_combining(c) {
            return start + offset;
        }
    }
    text.len()
}

fn is_combining(c: char) -> bool {
    if is_plain(c) {
        return false;
    }
    // The half-width sound marks combine only after their compatibility mapping.
    matches!(c, 'ﾞ' | 'ﾟ') || (!c.is_ascii() && canonical_combining_class(c) != 0)
}

/// Folds one cluster until nothing changes: lower case may need composing, and composing may give upper case.
fn fold_cluster(cluster: &str, mut push: impl FnMut(char)) {
    if let [byte] = cluster.as_bytes() {
        push(char::from(byte.to_ascii_lowercase()));
        return;
    }
    let mut chars = cluster.chars();
    if let (Some(c), None) = (chars.next(), chars.next())
        && is_plain(c)
    {
        push(modern_kanji(c));
        return;
    }
    fold_any(cluster).chars().for_each(push);
}

/// Hiragana, katakana, marks and kanji that stand alone and that nothing but [`modern_kanji`] changes: most of what
/// there is to read, and not worth the tables of Unicode.
const fn is_plain(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヶ' | 'ー' | '、'..='〩' | '\u{4E00}'..='\u{9FFF}')
}

/// Folds whatever it is.
fn fold_any(cluster: &str) -> String {
    let mut folded = cluster.to_owned();
    // Three rounds settle every character of Unicode; the limit only makes that visible.
    for _ in 0..4 {
        let next: String = folded
            .nfkc()
            .flat_map(char::to_lowercase)
            .map(modern_kanji)
            .nfkc()
            .collect();
        if next == folded {
            break;
        }
        folded = next;
    }
    folded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn widths_case_long_vowels_and_kanji_have_one_spelling() {
        for (written, same) in [
            ("ｻｰﾊﾞｰ", "サーバ"),
            ("サーバー", "サーバ"),
            ("サーバ", "サーバ"),
            ("ＳＥＲＶＥＲ", "server"),
            ("コピー", "コピー"),
            ("ヴィーガン", "ビーガン"),
            ("ヴァイオリン", "バイオリン"),
            ("ラヴ", "ラブ"),
            ("髙橋", "高橋"),
            ("齋藤", "斎藤"),
            ("國學院", "国学院"),
            ("スーパ―マーケット", "スーパーマーケット"),
            ("ワーーク", "ワーク"),
            ("①", "1"),
            ("㈱", "(株)"),
            ("営業マンとして", "営業として"),
            ("ＯＬとTOOL", "会社員とtool"),
        ] {
            assert_eq!(normalize(written), same, "{written}");
        }
    }

    #[test]
    fn plain_characters_are_folded_as_the_tables_of_unicode_do() {
        for c in ('\0'..=char::MAX).filter(|c| is_plain(*c)) {
            let mut quick = String::new();
            fold_cluster(c.encode_utf8(&mut [0; 4]), |c| quick.push(c));
            assert_eq!(quick, fold_any(&c.to_string()), "U+{:04X}", u32::from(c));
            assert_eq!(canonical_combining_class(c), 0, "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn a_range_of_the_normalised_text_leads_back_to_the_original() {
        let text = "Ｃ社でﾃﾞｰﾀﾍﾞｰｽを担当";
        let normalized = Normalized::new(text);
        let at = normalized.text().find("データベース").unwrap();
        assert_eq!(
            &text[normalized.original(&(at..at + "データベース".len()))],
            "ﾃﾞｰﾀﾍﾞｰｽ"
        );
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in "\\PC{0,40}|[ァ-ヺーﾞﾟｦ-ﾟ一-龠a-zA-Z\u{300}-\u{310}―]{0,20}") {
            let once = normalize(&text);
            prop_assert_eq!(normalize(&once), once);
        }

        #[test]
        fn every_character_leads_back_to_characters(text in any::<String>()) {
            let normalized = Normalized::new(&text);
            for (at, c) in normalized.text().char_indices() {
                let range = normalized.original(&(at..at + c.len_utf8()));
                prop_assert!(text.get(range.clone()).is_some_and(|quoted| !quoted.is_empty()), "{range:?}");
            }
        }
    }
}
