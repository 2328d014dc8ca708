//! A text as wordings are looked for in it: one width, one case, no spaces inside Japanese, with the way back.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::compose;

/// A text in one width and case, each character with the place that it came from.
#[derive(Debug)]
pub(super) struct Plain {
    /// What is looked at.
    pub(super) chars: Vec<char>,
    /// For each character the bytes of the original that it came from.
    origins: Vec<Range<usize>>,
}

impl Plain {
    /// Folds widths, marks and case. A space is kept between two signs of ASCII alone: 「35 歳」 is 「35歳」, "under 35"
    /// stays two words.
    pub(super) fn new(text: &str) -> Self {
        let mut plain = Self {
            chars: Vec::with_capacity(text.len() / 2),
            origins: Vec::new(),
        };
        for (at, sign) in text.char_indices() {
            let origin = at..at + sign.len_utf8();
            for folded in std::iter::once(sign).nfkc().flat_map(char::to_lowercase) {
                plain.push(folded, origin.clone());
            }
        }
        plain.drop_spaces_inside_japanese();
        plain
    }

    /// Appends a character, joined to the one before where it is its mark: ｶ and ﾞ are two characters of the original.
    fn push(&mut self, sign: char, origin: Range<usize>) {
        if let (Some(last), Some(before)) = (self.chars.last_mut(), self.origins.last_mut())
            && let Some(joined) = compose(*last, sign)
        {
            *last = joined;
            before.end = origin.end;
            return;
        }
        self.chars.push(sign);
        self.origins.push(origin);
    }

    fn drop_spaces_inside_japanese(&mut self) {
        let is_dropped = |idx: usize| {
            let beside = [idx.checked_sub(1), Some(idx + 1)];
            let is_ascii_or_none = |at: Option<usize>| {
                at.and_then(|at| self.chars.get(at))
                    .is_none_or(|sign| sign.is_ascii() && !sign.is_whitespace())
            };
            self.chars[idx] == ' ' && !beside.into_iter().all(is_ascii_or_none)
        };
        let kept: Vec<usize> = (0..self.chars.len()).filter(|idx| !is_dropped(*idx)).collect();
        self.chars = kept.iter().map(|idx| self.chars[*idx]).collect();
        self.origins = kept.iter().map(|idx| self.origins[*idx].clone()).collect();
    }

    /// The bytes of the original behind a stretch of characters.
    pub(super) fn origin(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.origins.get(range.start).map_or(0, |origin| origin.start);
        let end = range
            .end
            .checked_sub(1)
            .and_then(|last| self.origins.get(last))
            .map_or(start, |origin| origin.end);
        start..end.max(start)
    }

    /// Whether `words` stand at `at`.
    pub(super) fn has_at(&self, at: usize, words: &str) -> bool {
        let mut signs = (at..).zip(words.chars());
        signs.all(|(place, sign)| self.chars.get(place) == Some(&sign))
    }

    /// The longest of `list` that stands at `at`, as its number of characters.
    pub(super) fn longest_at(&self, at: usize, list: &[&str]) -> Option<usize> {
        list.iter()
            .filter(|words| self.has_at(at, words))
            .map(|words| words.chars().count())
            .max()
    }

    /// The first place in `range` where any of `list` begins, the longest there.
    pub(super) fn first_of(&self, range: &Range<usize>, list: &[&str]) -> Option<Range<usize>> {
        (range.start..range.end.min(self.chars.len()))
            .find_map(|at| Some(at..at + self.longest_at(at, list)?))
    }

    /// Whether any of `list` begins within `range`.
    pub(super) fn holds_any(&self, range: Range<usize>, list: &[&str]) -> bool {
        self.first_of(&range, list).is_some()
    }

    /// Whether any of `list` ends right before `at`.
    pub(super) fn ends_before(&self, at: usize, list: &[&str]) -> bool {
        list.iter().any(|words| {
            at.checked_sub(words.chars().count())
                .is_some_and(|start| self.has_at(start, words))
        })
    }

    /// The sentence around a stretch.
    pub(super) fn sentence(&self, range: &Range<usize>) -> Range<usize> {
        self.around(range, &['。', '!', '?', '\n'])
    }

    /// The clause around a stretch: what stands between two commas, brackets or bullets.
    pub(super) fn clause(&self, range: &Range<usize>) -> Range<usize> {
        self.around(range, CLAUSE_ENDS)
    }

    fn around(&self, range: &Range<usize>, ends: &[char]) -> Range<usize> {
        let is_end = |sign: &char| ends.contains(sign);
        let start = self.chars[..range.start]
            .iter()
            .rposition(is_end)
            .map_or(0, |at| at + 1);
        let after = self.chars.get(range.end..).unwrap_or_default();
        let end = after
            .iter()
            .position(is_end)
            .map_or(self.chars.len(), |at| range.end + at);
        start..end
    }

    /// Whether a clause ends at `at`.
    pub(super) fn is_end(&self, at: usize) -> bool {
        self.chars.get(at).is_none_or(|sign| CLAUSE_ENDS.contains(sign))
    }
}

/// Where a clause ends.
const CLAUSE_ENDS: &[char] = &[
    '。', '、', '!', '?', '\n', '(', ')', '「', '」', '【', '】', '・', '/', ';', ',', '※', '*', ':',
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_marks_and_spaces_are_folded_and_lead_back_to_the_original() {
        let text = "満３５　才 までのﾏﾈｰｼﾞｬｰ Under 35";
        let plain = Plain::new(text);
        let folded: String = plain.chars.iter().collect();
        assert_eq!(folded, "満35才までのマネージャーunder 35");
        assert_eq!(&text[plain.origin(&(1..6))], "３５　才 まで");
        assert_eq!(&text[plain.origin(&(7..13))], "ﾏﾈｰｼﾞｬｰ");
    }
}
