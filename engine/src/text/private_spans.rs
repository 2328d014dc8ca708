//! What of a clause is private where the rest of it is not: an age, a date of graduation or entry, a place of origin.

use std::ops::Range;

use super::normal::{is_kanji, is_katakana};
use super::private_phrases::PLACES;

/// How far before 卒業 or 入社 the date is looked for: 2004年3月に青葉大学経済学部を卒業.
const COHORT_CHARS_MAX: usize = 20;

/// How far before 出身 its place is looked for.
const PLACE_CHARS_MAX: usize = 16;

/// What a number is made of.
fn is_figure(c: char) -> bool {
    c.is_ascii_digit() || "〇一二三四五六七八九十元".contains(c)
}

/// The date before a word of graduation or entry, at most a few characters before it: 2004年3月に大学を卒業.
pub(super) fn date_before(text: &str, from: usize, word: &Range<usize>) -> Option<Range<usize>> {
    let nearest = text[..word.start]
        .char_indices()
        .rev()
        .nth(COHORT_CHARS_MAX)
        .map_or(0, |(at, _)| at)
        .max(from);
    let before = &text[nearest..word.start];
    let (at, unit) = before
        .rmatch_indices(['年', '卒'])
        .map(|(at, unit)| (nearest + at, unit.len()))
        .find(|(at, _)| text[from..*at].ends_with(is_figure))
        .or_else(|| {
            // 04卒, 58入社: the number stands at the word itself.
            let is_number = text[from..word.start].ends_with(|c: char| c.is_ascii_digit());
            is_number.then_some((word.start, 0))
        })?;
    let number = from + text[from..at].trim_end_matches(is_figure).len();
    let era = ["昭和", "平成", "令和", "西暦", "s", "h", "r"]
        .iter()
        .find(|era| text[from..number].ends_with(**era))
        .map_or(0, |era| era.len());
    let end = at + unit;
    let behind = &text[end..word.start];
    let month = behind.trim_start_matches(|c| is_figure(c) || c == '度');
    let end = match month.strip_prefix('月') {
        Some(rest) => word.start - rest.len(),
        None if behind.starts_with('度') => end + '度'.len_utf8(),
        None => end,
    };
    Some(number - era..end)
}

/// Whether a number of an intake stands behind 新卒 or 第, and counts no batch of something else.
pub(super) fn is_intake(text: &str, unit: &Range<usize>) -> bool {
    let before = text[..unit.start]
        .trim_end_matches(is_figure)
        .trim_end_matches('第');
    ["新卒", "新卒の", "新卒採用", "定期採用", "入社", "採用"]
        .iter()
        .any(|word| before.ends_with(word))
}

/// 第3期生: the unit with its number.
pub(super) fn with_ordinal(text: &str, unit: &Range<usize>) -> Option<Range<usize>> {
    let number = text[..unit.start].trim_end_matches(is_figure);
    let start = number.trim_end_matches('第').len();
    let end = unit.start + text[unit.clone()].find('期').map_or(0, |at| at + '期'.len_utf8());
    (number.len() < unit.start).then_some(start..end)
}

/// An age with its number; `None` behind anything else, and for generations (四代の社長).
pub(super) fn with_number(text: &str, unit: &Range<usize>) -> Option<Range<usize>> {
    let start = text[..unit.start].trim_end_matches(is_figure).len();
    let number = &text[start..unit.start];
    let is_decade = number.ends_with(['0', '十']);
    let unit_name = &text[unit.clone()];
    let is_age = if unit_name.starts_with(['に', 'を', 'の', '路']) || unit_name == "です" {
        // もうすぐ五十になります, and nothing else that a bare number could count.
        is_decade && (2..=3).contains(&number.chars().count()) && number.len() <= "九十九".len()
            || number.chars().count() == 3 && number.chars().nth(1) == Some('十')
    } else {
        !number.is_empty() && (is_decade || unit_name.starts_with(['歳', '才']))
    };
    let start = text[..start].trim_end_matches(['満', '約']).len();
    is_age.then_some(start..unit.end)
}

/// 出身 with the place before it; `None` when what stands there is no place (経理出身).
pub(super) fn origin(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let before: Vec<(usize, char)> = text[..word.start]
        .char_indices()
        .rev()
        .take(PLACE_CHARS_MAX)
        .take_while(|(_, c)| is_kanji(*c) || is_katakana(*c) || matches!(c, '・' | 'の'))
        .collect();
    let start = before.last()?.0;
    let place = text[start..word.start].trim_end_matches('の');
    let is_place = PLACES.split_whitespace().any(|name| place.contains(name))
        || place.ends_with(['県', '府', '都', '市', '町', '村', '島', '州', '省', '郡']);
    is_place.then_some(start..word.end)
}
