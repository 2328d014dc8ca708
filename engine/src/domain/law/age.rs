//! Words for an age: numbers of years, decades, and what people call the young and the old.

use std::ops::Range;

use super::aim::{self, ALL_AGES, Aim};
use super::plain::Plain;
use super::wording::{Found, Kind};
use super::{Place, WordingRule};

/// Years of age that an offer may speak of when it speaks of applicants: of working life and a little around it.
const YEARS: std::ops::RangeInclusive<u32> = 15..=99;

const UNITS: &[&str] = &["歳", "才", "さい", "サイ"];

/// What limits a number of years.
const LIMITS: &[&str] = &[
    "未満",
    "以下",
    "以上",
    "まで",
    "迄",
    "以内",
    "超",
    "を超え",
    "を上限",
    "が上限",
    "を下限",
    "より上",
    "より下",
];
/// What blurs one.
const BLURS: &[&str] = &[
    "くらい",
    "ぐらい",
    "位",
    "程度",
    "前後",
    "前半",
    "後半",
    "半ば",
    "ごろ",
    "頃",
];
/// What makes the number behind it an age limit.
const AGE_BEFORE: &[&str] = &[
    "年齢",
    "年齢は",
    "年齢:",
    "年齢が",
    "年齢上限",
    "上限年齢",
    "年齢制限",
    "年齢制限:",
    "対象年齢",
    "対象年齢:",
    "応募資格",
    "入社時",
    "応募時",
    "採用時",
    "年齢(",
    "年齢層:",
    "年齢層は",
];
/// What makes it a fact about colleagues, or an age of retirement.
const FACT_BEFORE: &[&str] = &["平均年齢", "平均年齢は", "平均年齢:", "平均", "代表は", "社長は"];
/// Words of retirement: that it comes at an age is no limit on who applies.
const RETIREMENT: &[&str] = &[
    "定年",
    "再雇用",
    "雇用延長",
    "継続雇用",
    "勤務延長",
    "更新",
    "退職",
];
/// The same, behind the age alone: 「70歳まで働けます」, but not 「現場で働ける35歳までの方」.
const WORKS_ON: &[&str] = &["働け", "働き続け", "勤務でき", "雇用しま"];
/// Characters around an age in which retirement is spoken of.
const RETIREMENT_REACH: usize = 8;
/// Signs that join two ages to a range.
const JOINTS: &[char] = &['~', '-', '–', '—', '−', '〜', 'ー', '、', '・', '/', 'か'];

/// What people call an age without a number.
const WORDS: &[&str] = &[
    "若手",
    "若い方",
    "若い人",
    "若い力",
    "若者",
    "若年者",
    "若年層",
    "ヤング",
    "フレッシュな方",
    "フレッシュな人材",
    "中高年",
    "ミドル世代",
    "ミドル層",
    "アラサー",
    "アラフォー",
    "アラフィフ",
    "同世代",
    "年配の方",
    "高齢者",
    "平成生まれ",
    "昭和生まれ",
    "デジタルネイティブ",
    "z世代",
    "若さ",
];
/// The same, where only what stands right behind says so: these words also name a grade or a field of work.
const CLOSE_WORDS: &[(&str, &[&str])] = &[
    (
        "新卒",
        &[
            "のみ",
            "限定",
            "だけ",
            "に限",
            "者のみ",
            "者限定",
            "の方のみ",
            "の方限定",
            "専用",
        ],
    ),
    (
        "シニア",
        &["歓迎", "世代歓迎", "の方歓迎", "限定", "不可", "層歓迎", "は不可"],
    ),
    ("既卒", &["不可", "は不可", "者不可"]),
    (
        "若い",
        &["方を", "方歓迎", "人歓迎", "人を募", "人材を", "人材歓迎"],
    ),
    ("年齢制限", &["あり", "有", "がある", "がござ"]),
];

/// All words for an age in a text, with whom they are about.
pub(super) fn find(plain: &Plain, place: Place) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < plain.chars.len() {
        let Some(token) = token_at(plain, at) else {
            at += 1;
            continue;
        };
        at = token.range.end;
        let aim = aim_of(plain, &token, place);
        if let Some(one) = Found::about(plain, &token.range, aim, Kind::Age) {
            at = at.max(one.1);
            found.push(one.0);
        }
    }
    found
}

struct Token {
    range: Range<usize>,
    is_limit: bool,
    is_number: bool,
}

fn aim_of(plain: &Plain, token: &Token, place: Place) -> Aim {
    let range = &token.range;
    let around = range.start.saturating_sub(RETIREMENT_REACH)..range.end + RETIREMENT_REACH;
    let behind = range.end..range.end + RETIREMENT_REACH;
    let is_fact = plain.ends_before(range.start, FACT_BEFORE)
        || plain.holds_any(around, RETIREMENT)
        || plain.holds_any(behind, WORKS_ON);
    if token.is_number && is_fact {
        return Aim::Others;
    }
    let is_asked = token.is_number && plain.ends_before(range.start, AGE_BEFORE);
    let aim = aim::of(plain, range, token.is_limit || is_asked, place);
    let names_all_ages = plain.holds_any(plain.sentence(range), ALL_AGES);
    match aim {
        Aim::Applicants(_) | Aim::Suggested(_) if names_all_ages && !token.is_limit => Aim::Others,
        Aim::Suggested(_) if names_all_ages => Aim::Others,
        Aim::Applicants(_) | Aim::Suggested(_) | Aim::Others => aim,
    }
}

fn token_at(plain: &Plain, at: usize) -> Option<Token> {
    if let Some(n_chars) = plain.longest_at(at, WORDS) {
        return Some(Token {
            range: at..at + n_chars,
            is_limit: false,
            is_number: false,
        });
    }
    for (word, behind) in CLOSE_WORDS {
        let end = at + word.chars().count();
        // Nothing but the word itself is the token: the words of asking behind it are looked for again.
        if plain.has_at(at, word)
            && let Some(n_chars) = plain.longest_at(end, behind)
        {
            return Some(Token {
                range: at..end + n_chars,
                is_limit: true,
                is_number: false,
            });
        }
    }
    number_at(plain, at)
}

/// A number of years or a decade, or a range of them, with what limits it.
fn number_at(plain: &Plain, at: usize) -> Option<Token> {
    let before = at.checked_sub(1).and_then(|before| plain.chars.get(before));
    if before.is_some_and(|sign| digit(*sign).is_some() || matches!(sign, '.' | ',')) {
        return None;
    }
    let mut end = one_at(plain, at).or_else(|| range_start_at(plain, at))?;
    loop {
        let joint = plain
            .longest_at(end, &["から", "または", "もしくは", "及び", "および"])
            .or_else(|| {
                plain
                    .chars
                    .get(end)
                    .filter(|sign| JOINTS.contains(sign))
                    .map(|_| 1)
            });
        match joint.and_then(|n_chars| one_at(plain, end + n_chars)) {
            Some(next) => end = next,
            None => break,
        }
    }
    let mut is_limit = false;
    loop {
        if let Some(n_chars) = plain.longest_at(end, LIMITS) {
            end += n_chars;
            is_limit = true;
        } else if let Some(n_chars) = plain.longest_at(end, BLURS) {
            end += n_chars;
        } else if plain
            .chars
            .get(end)
            .is_some_and(|sign| matches!(sign, '~' | '〜'))
        {
            end += 1;
            is_limit = true;
        } else {
            break;
        }
    }
    let has_two_ends = plain.chars[at..end]
        .iter()
        .any(|sign| matches!(sign, '~' | '-' | '〜' | '–'));
    Some(Token {
        range: at..end,
        is_limit: is_limit || (has_two_ends && holds_years(plain, at..end)),
        is_number: true,
    })
}

fn holds_years(plain: &Plain, range: Range<usize>) -> bool {
    plain.holds_any(range, UNITS)
}

/// The end of one age with its unit at `at`.
fn one_at(plain: &Plain, at: usize) -> Option<usize> {
    let (value, end) = number(plain, at)?;
    if let Some(n_chars) = plain.longest_at(end, UNITS) {
        return YEARS.contains(&value).then_some(end + n_chars);
    }
    let is_decade = value % 10 == 0 && (10..=90).contains(&value) && plain.chars.get(end) == Some(&'代');
    let is_another_word = plain
        .chars
        .get(end + 1)
        .is_some_and(|sign| matches!(sign, '目' | '表' | '理' | '金' | '行' | '替' | '続'));
    (is_decade && !is_another_word).then_some(end + 1)
}

/// The end of a bare number that begins a range of ages, 「25〜35歳」; or one that 「年齢」 stands before.
fn range_start_at(plain: &Plain, at: usize) -> Option<usize> {
    let (value, end) = number(plain, at)?;
    if !YEARS.contains(&value) {
        return None;
    }
    let joint = plain
        .chars
        .get(end)
        .filter(|sign| JOINTS.contains(sign))
        .map(|_| 1);
    let joint = joint.or_else(|| plain.longest_at(end, &["から"]));
    let begins_range = joint.is_some_and(|n_chars| one_at(plain, end + n_chars).is_some());
    let is_named = plain.ends_before(at, AGE_BEFORE) && plain.longest_at(end, LIMITS).is_some();
    (begins_range || is_named).then_some(end)
}

/// The number that begins at `at`, in digits or in kanji.
fn number(plain: &Plain, at: usize) -> Option<(u32, usize)> {
    let mut end = at;
    let mut digits = Vec::new();
    while let Some(digit) = plain.chars.get(end).copied().and_then(digit) {
        digits.push(digit);
        end += 1;
        if digits.len() > 3 {
            return None;
        }
    }
    let ten = digits.iter().position(|digit| *digit == TEN);
    let value = match (ten, digits.as_slice()) {
        (_, []) => return None,
        (None, digits) => digits.iter().fold(0, |value, digit| value * 10 + digit),
        (Some(0), [_]) => 10,
        (Some(0), [_, ones]) => 10 + ones,
        (Some(1), [tens, _]) => tens * 10,
        (Some(1), [tens, _, ones]) => tens * 10 + ones,
        (Some(_), _) => return None,
    };
    Some((value, end))
}

/// The value that stands for 「十」.
const TEN: u32 = 10;

fn digit(sign: char) -> Option<u32> {
    const KANJI: &str = "〇一二三四五六七八九十";
    let kanji = || {
        let place = KANJI.chars().position(|kanji| kanji == sign)?;
        u32::try_from(place).ok()
    };
    sign.to_digit(10).or_else(kanji)
}

/// The rule for an aim.
pub(super) const fn rule(is_suggested: bool) -> WordingRule {
    if is_suggested {
        WordingRule::AgeSuggested
    } else {
        WordingRule::Age
    }
}
