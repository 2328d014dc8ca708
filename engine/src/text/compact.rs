//! The form of a text that fixed phrases are looked for in: normalised, katakana words without their final ー, and
//! nothing between the parts of one phrase (power-bi, ライフサイクル・アセスメント, 工場の立ち上げ).
//!
//! - Every character remembers which bytes of the original it came from, and whether something was left out before
//!   it, so that a phrase never begins or ends inside a longer word.

use std::ops::Range;

use super::normal::{LONG_VOWEL_WORD_CHARS_MIN, Normalized, is_kanji, is_katakana, is_spaced_letter};

/// Longest phrase of kanji and kana, in characters, that is only found between borders of words; longer ones are
/// unmistakable wherever they stand.
const BORDERED_CHARS_MAX: usize = 3;

#[derive(Clone, Copy, Debug)]
struct Place {
    /// Byte in the compact text.
    at: u32,
    /// First byte in the original.
    start: u32,
    /// Byte after the last one in the original.
    end: u32,
    /// Whether something was left out before it.
    is_after_gap: bool,
}

/// A text made compact.
#[derive(Clone, Debug, Default)]
pub struct Compact {
    text: String,
    places: Vec<Place>,
}

impl Compact {
    /// Makes a text compact.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self::from_normalized(&Normalized::new(text))
    }

    pub(super) fn from_normalized(normalized: &Normalized) -> Self {
        let chars: Vec<(usize, char)> = normalized.text().char_indices().collect();
        let mut compact = Self {
            text: String::with_capacity(normalized.text().len()),
            places: Vec::with_capacity(chars.len()),
        };
        let mut katakana_run = 0;
        let mut is_after_gap = false;
        for (idx, (at, c)) in chars.iter().copied().enumerate() {
            let previous = idx.checked_sub(1).map(|idx| chars[idx].1);
            let next = chars.get(idx + 1).map(|next| next.1);
            katakana_run = if is_katakana(c) { katakana_run + 1 } else { 0 };
            let is_final =
                c == 'ー' && katakana_run >= LONG_VOWEL_WORD_CHARS_MIN && !next.is_some_and(is_katakana);
            if is_final || is_joint(previous, c, next) {
                // A dropped ー leaves no gap: サーバー管理 is サーバ管理, in one word.
                is_after_gap |= !is_final;
                continue;
            }
            let range = normalized.original(&(at..at + c.len_utf8()));
            let narrow = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
            compact.places.push(Place {
                at: narrow(compact.text.len()),
                start: narrow(range.start),
                end: narrow(range.end),
                is_after_gap: std::mem::take(&mut is_after_gap),
            });
            compact.text.push(c);
        }
        compact
    }

    /// The compact text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the original that a phrase found in the compact text came from; `None` where it begins or ends
    /// inside a longer word.
    ///
    /// - `range`: in the compact text, on character boundaries, not empty
    /// - `borders`: where words begin and end in the original, ascending
    /// - `is_stem`: a phrase that may go on, such as the stem of a verb
    #[must_use]
    pub fn whole_phrase(
        &self,
        range: &Range<usize>,
        borders: &[usize],
        is_stem: bool,
    ) -> Option<Range<usize>> {
        let at = |byte: usize| self.places.partition_point(|place| (place.at as usize) < byte);
        let (first, after) = (at(range.start), at(range.end));
        let original = self.places.get(first)?.start as usize..self.places.get(after - 1)?.end as usize;
        let char_at = |idx: usize| {
            let start = self.places[idx].at as usize;
            self.text[start..].chars().next()
        };
        let n_chars = after - first;
        // One character before or after a joint may be part of another word: 事務局を長く is no 事務局長.
        let is_joint_at = |idx: usize| n_chars > 1 && self.places[idx].is_after_gap;
        let (begins_short, ends_short) = (is_joint_at(after.min(first + 2) - 1), is_joint_at(after - 1));
        let is_border = |byte: usize| borders.binary_search(&byte).is_ok();
        let is_cut =
            |inner: Option<char>, outer: Option<char>, has_gap: bool, is_short: bool, byte: usize| {
                let (Some(inner), Some(outer)) = (inner, outer) else {
                    return false;
                };
                if has_gap {
                    return false;
                }
                if is_katakana(inner) {
                    return is_katakana(outer);
                }
                if is_spaced_letter(inner) {
                    return is_spaced_letter(outer) && inner.is_numeric() == outer.is_numeric();
                }
                (is_short || n_chars <= BORDERED_CHARS_MAX) && !is_border(byte)
            };
        let before = first.checked_sub(1).and_then(char_at);
        let begins_inside = is_cut(
            char_at(first),
            before,
            self.places[first].is_after_gap,
            begins_short,
            original.start,
        );
        let behind = (after < self.places.len()).then(|| char_at(after)).flatten();
        let has_gap = self.places.get(after).is_some_and(|place| place.is_after_gap);
        let ends_inside = !is_stem && is_cut(char_at(after - 1), behind, has_gap, ends_short, original.end);
        (!begins_inside && !ends_inside).then_some(original)
    }
}

/// Whether something only joins the parts of one phrase: a hyphen or a space between letters, a middle dot or a space
/// between katakana, の or を between words in kanji, katakana or letters (工場の立ち上げ, レシピを開発).
fn is_joint(previous: Option<char>, c: char, next: Option<char>) -> bool {
    let (Some(previous), Some(next)) = (previous, next) else {
        return false;
    };
    match c {
        '-' | ' ' | '\u{2010}' => {
            (is_spaced_letter(previous) && is_spaced_letter(next))
                || (is_katakana(previous) && is_katakana(next))
        }
        '・' | '=' => is_katakana(previous) && is_katakana(next),
        'の' | 'を' => {
            let begins_or_ends_word = |c| is_kanji(c) || is_katakana(c) || is_spaced_letter(c);
            begins_or_ends_word(previous) && begins_or_ends_word(next)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, phrase: &str, borders: &[usize]) -> Option<String> {
        let compact = Compact::new(text);
        let at = compact.text().find(phrase)?;
        let range = compact.whole_phrase(&(at..at + phrase.len()), borders, false)?;
        Some(text[range].to_owned())
    }

    #[test]
    fn marks_that_join_and_long_vowels_make_no_difference() {
        assert_eq!(
            found("Power-BIで集計", "powerbi", &[]).as_deref(),
            Some("Power-BI")
        );
        assert_eq!(
            found("サーバー管理を担当", "サーバ管理", &[]).as_deref(),
            Some("サーバー管理")
        );
        assert_eq!(
            found("タイ工場の立ち上げ", "工場立ち上げ", &[]).as_deref(),
            Some("工場の立ち上げ")
        );
        assert_eq!(
            found("マーケティング・セールス", "セールス", &[]).as_deref(),
            Some("セールス")
        );
    }

    #[test]
    fn no_phrase_begins_or_ends_inside_a_longer_word() {
        assert_eq!(found("プログラマ", "ラマ", &[]), None);
        assert_eq!(found("javascript", "java", &[]), None);
        // 地 begins no word of 築地銀だこ.
        let text = "築地銀だこ";
        assert_eq!(found(text, "地銀", &[0, "築地".len(), text.len()]), None);
        assert_eq!(
            found("地銀に勤務", "地銀", &[0, "地銀".len()]).as_deref(),
            Some("地銀")
        );
        assert_eq!(found("日商簿記2級", "日商簿記", &[]).as_deref(), Some("日商簿記"));
        // 長 begins another word where を joins nothing.
        let text = "事務局を長く務め";
        let borders = [
            0,
            "事務局".len(),
            "事務局を".len(),
            "事務局を長く".len(),
            text.len(),
        ];
        assert_eq!(found(text, "事務局長", &borders), None);
    }
}
