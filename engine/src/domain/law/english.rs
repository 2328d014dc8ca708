//! Words for an age or a sex in English.

use std::ops::Range;

use super::Place;
use super::aim::Aim;
use super::plain::Plain;
use super::wording::{Found, Kind};

/// What stands before a number that is an age.
const AGED: &[&str] = &[
    "aged ",
    "age ",
    "age: ",
    "ages ",
    "younger than ",
    "older than ",
    "no older than ",
    "maximum age ",
    "max age ",
    "maximum age of ",
    "age limit ",
    "age limit: ",
    "age limit of ",
    "under the age of ",
    "over the age of ",
    "below the age of ",
    "between the ages of ",
    "ages of ",
    "aged under ",
    "aged over ",
    "aged below ",
];
/// What may stand before one, and before any other number.
const LIMITS: &[&str] = &["under ", "below ", "over ", "above ", "up to ", "u-"];
/// What stands behind a number that is an age.
const YEARS: &[&str] = &[
    " years old",
    " years of age",
    "-year-old",
    " year old",
    " yo",
    " y/o",
];
/// What asks, behind an age, a decade or a word for the young.
const ASKING: &[&str] = &[
    " only",
    " preferred",
    " welcome",
    " wanted",
    " candidates",
    " applicants",
    " need not apply",
    " desired",
    " required",
];
/// Whom else a text speaks of.
const OTHERS: &[&str] = &[
    "customer",
    "consumer",
    "user",
    "children",
    "reader",
    "audience",
    "product",
    "market",
    "patient",
    "student",
    "kids",
    "system",
    "company",
    "building",
    "founded",
    "brand",
    "shopper",
    "subscriber",
];
/// What people call an age without a number, as a preference.
const WORDS: &[&str] = &[
    "young and energetic",
    "young candidates",
    "young applicants",
    "young people wanted",
    "young people preferred",
    "youthful",
    "young talent wanted",
    "young talent preferred",
    "recent graduates only",
    "new graduates only",
    "fresh graduates only",
    "digital native",
    "young professionals only",
    "mature candidates",
];
/// Preferences for one sex.
const SEXES: &[&str] = &[
    "female only",
    "females only",
    "male only",
    "males only",
    "women only",
    "men only",
    "female preferred",
    "male preferred",
    "women preferred",
    "men preferred",
    "female candidates",
    "male candidates",
    "female applicants",
    "male applicants",
    "housewives welcome",
    "housewife welcome",
];

/// All such words in a text.
pub(super) fn find(plain: &Plain, place: Place) -> Vec<Found> {
    let mut found = Vec::new();
    for at in 0..plain.chars.len() {
        let is_inside_word = at
            .checked_sub(1)
            .and_then(|before| plain.chars.get(before))
            .is_some_and(char::is_ascii_alphanumeric);
        if is_inside_word {
            continue;
        }
        for (words, kind) in [(WORDS, Kind::Age), (SEXES, Kind::Sex)] {
            if let Some(n_chars) = plain.longest_at(at, words) {
                let range = at..at + n_chars;
                found.extend(Found::about(plain, &range, Aim::Applicants(range.end), kind).map(|one| one.0));
            }
        }
        let range = age_at(plain, at, place).or_else(|| decade_at(plain, at));
        if let Some(range) = range.filter(|range| !plain.holds_any(plain.sentence(range), OTHERS)) {
            found.extend(Found::about(plain, &range, Aim::Applicants(range.end), Kind::Age).map(|one| one.0));
        }
    }
    found
}

fn age_at(plain: &Plain, at: usize, place: Place) -> Option<Range<usize>> {
    let is_age = plain.longest_at(at, AGED);
    let n_chars = is_age.or_else(|| plain.longest_at(at, LIMITS))?;
    let mut end = number(plain, at + n_chars)?;
    for joint in ["-", " to ", " and ", "–"] {
        if plain.has_at(end, joint)
            && let Some(next) = number(plain, end + joint.chars().count())
        {
            end = next;
        }
    }
    if let Some(n_chars) = plain.longest_at(end, YEARS) {
        return Some(at..end + n_chars);
    }
    if let Some(n_chars) = plain.longest_at(end, ASKING) {
        return Some(at..end + n_chars);
    }
    let is_bare = plain.is_end(end) || plain.has_at(end, ".");
    let is_stated = match place {
        Place::Requirement | Place::Title => is_bare,
        Place::Text => is_bare && plain.ends_before(at, &["must be ", "should be ", "be ", "if you are "]),
    };
    (is_age.is_some() && !plain.has_at(end, "%") || is_stated).then_some(at..end)
}

/// 「in their 20s preferred」.
fn decade_at(plain: &Plain, at: usize) -> Option<Range<usize>> {
    let end = number(plain, at)?;
    let end = plain.has_at(end, "s").then_some(end + 1)?;
    let n_chars = plain.longest_at(end, ASKING)?;
    Some(at..end + n_chars)
}

/// The end of a number from 15 to 99.
fn number(plain: &Plain, at: usize) -> Option<usize> {
    let digits: Vec<u32> = (0..2)
        .filter_map(|place| plain.chars.get(at + place)?.to_digit(10))
        .collect();
    let is_longer = plain
        .chars
        .get(at + 2)
        .is_some_and(|sign| sign.is_ascii_digit() || *sign == ',');
    let [tens, ones] = digits.as_slice() else {
        return None;
    };
    (tens * 10 + ones >= 15 && !is_longer).then_some(at + 2)
}
