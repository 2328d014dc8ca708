//! Scale: the quantities that a passage tells of, as people, sites, money, years and cases.
//!
//! - Reads numbers in figures of either width and in kanji: 240名, １，２００回, 二十六年, 千二百, 18億円.
//! - A calendar year (2019年, 平成15年) and a date are no length of time; an age is no scale and is never read.
//! - Compares nothing and judges nothing: what scale an opportunity asks for is the caller's.

use std::ops::Range;

/// What a quantity counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Persons: 部下6名, 所員240名.
    People,
    /// Shops, factories, offices, companies served: 320店, 12拠点, 40社.
    Sites,
    /// Yen: 売上18億円. Other currencies are not read.
    Money,
    /// Years of doing something: 9年, 15年間. Months are twelfths.
    Years,
    /// Cases, times, items: 年40件, 1,200回.
    Cases,
}

/// A quantity that a text tells of.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// How many, in the unit: persons, sites, yen, years, cases. Finite and not negative.
    pub value: f64,
    /// What is counted.
    pub unit: Unit,
    /// The bytes of number and unit in the text.
    pub range: Range<usize>,
}

/// What counts what, the longer of two that begin alike first.
const UNITS: &[(&str, Unit, f64)] = &[
    ("円", Unit::Money, 1.0),
    ("名", Unit::People, 1.0),
    ("人月", Unit::Cases, 1.0),
    ("人", Unit::People, 1.0),
    ("店舗", Unit::Sites, 1.0),
    ("店", Unit::Sites, 1.0),
    ("拠点", Unit::Sites, 1.0),
    ("か所", Unit::Sites, 1.0),
    ("カ所", Unit::Sites, 1.0),
    ("ヶ所", Unit::Sites, 1.0),
    ("ヵ所", Unit::Sites, 1.0),
    ("箇所", Unit::Sites, 1.0),
    ("工場", Unit::Sites, 1.0),
    ("支店", Unit::Sites, 1.0),
    ("営業所", Unit::Sites, 1.0),
    ("施設", Unit::Sites, 1.0),
    ("社", Unit::Sites, 1.0),
    ("年間", Unit::Years, 1.0),
    ("年", Unit::Years, 1.0),
    ("か月", Unit::Years, 1.0 / 12.0),
    ("カ月", Unit::Years, 1.0 / 12.0),
    ("ヶ月", Unit::Years, 1.0 / 12.0),
    ("ヵ月", Unit::Years, 1.0 / 12.0),
    ("件", Unit::Cases, 1.0),
    ("回", Unit::Cases, 1.0),
    ("本", Unit::Cases, 1.0),
    ("案件", Unit::Cases, 1.0),
    ("品目", Unit::Cases, 1.0),
    ("品", Unit::Cases, 1.0),
    ("例", Unit::Cases, 1.0),
    ("SKU", Unit::Cases, 1.0),
    ("アイテム", Unit::Cases, 1.0),
];

/// What makes another word of the unit: 3年生, 2年目, 5人目, 1名様.
const NOT_BEHIND: &[&str] = &[
    "目", "生", "度", "次", "号", "代", "位", "前", "賞", "物", "当", "格", "質", "員",
];

/// Eras, before which a number names a year.
const ERAS: &[&str] = &["明治", "大正", "昭和", "平成", "令和", "西暦"];

/// Numbers of this size before 年 are calendar years.
const CALENDAR_YEARS: Range<f64> = 1800.0..2200.0;

/// Longest number in characters; a longer run of figures is no quantity.
const NUMBER_CHARS_MAX: usize = 24;

/// The quantities of `text`, ascending. Linear in its length.
#[must_use]
pub fn quantities(text: &str) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if figure(c).is_none() {
            continue;
        }
        let mut end = start + c.len_utf8();
        while let Some((at, next)) = chars.peek().copied() {
            let after = text[at + next.len_utf8()..].chars().next();
            let is_inside = is_separator(next) && after.is_some_and(|after| figure(after).is_some());
            if figure(next).is_none() && !is_inside {
                break;
            }
            end = at + next.len_utf8();
            chars.next();
        }
        if let Some(quantity) = quantity(text, start..end) {
            found.push(quantity);
        }
    }
    found
}

/// The quantity of a number, where a unit follows it.
fn quantity(text: &str, number: Range<usize>) -> Option<Quantity> {
    let digits = &text[number.clone()];
    let behind = &text[number.end..];
    let approximate = ["余り", "余", "数", "強", "弱", "近く"]
        .iter()
        .find(|one| behind.starts_with(**one));
    let unit_start = number.end + approximate.map_or(0, |one| one.len());
    let rest = &text[unit_start..];
    let (name, unit, factor) = UNITS.iter().find(|(name, ..)| rest.starts_with(name))?;
    let after = &rest[name.len()..];
    if NOT_BEHIND.iter().any(|one| after.starts_with(one)) {
        return None;
    }
    let value = parse(digits)?;
    let before = &text[..number.start];
    let is_calendar = ERAS.iter().any(|era| before.ends_with(era)) || CALENDAR_YEARS.contains(&value);
    let is_date = after.chars().next().is_some_and(|c| figure(c).is_some()) && after.contains('月');
    if *unit == Unit::Years && *name == "年" && (is_calendar || is_date) {
        return None;
    }
    let value = value * factor;
    value.is_finite().then(|| Quantity {
        value,
        unit: *unit,
        range: number.start..unit_start + name.len(),
    })
}

fn is_separator(c: char) -> bool {
    matches!(c, ',' | '，' | '.' | '．')
}

/// What one character of a number says.
#[derive(Clone, Copy)]
enum Figure {
    Digit(f64),
    /// 十, 百, 千.
    Small(f64),
    /// 万, 億, 兆.
    Large(f64),
}

fn figure(c: char) -> Option<Figure> {
    const KANJI: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => KANJI.iter().position(|one| *one == c).map(|idx| idx as u32),
    };
    match c {
        '十' => Some(Figure::Small(10.0)),
        '百' => Some(Figure::Small(100.0)),
        '千' => Some(Figure::Small(1_000.0)),
        '万' => Some(Figure::Large(1e4)),
        '億' => Some(Figure::Large(1e8)),
        '兆' => Some(Figure::Large(1e12)),
        _ => digit.map(|digit| Figure::Digit(f64::from(digit))),
    }
}

/// The value of a number; `None` for one that is too long or has no figure that counts (万).
fn parse(number: &str) -> Option<f64> {
    if number.chars().nth(NUMBER_CHARS_MAX).is_some() {
        return None;
    }
    // 十二億三千万 is (12) 億 and (3 千) 万.
    let (mut total, mut section) = (0.0, 0.0);
    let mut digits: Option<f64> = None;
    let mut place: Option<f64> = None;
    for c in number.chars() {
        match figure(c) {
            Some(Figure::Digit(digit)) => match place {
                Some(scale) => {
                    digits = Some(digits.unwrap_or(0.0) + digit * scale);
                    place = Some(scale / 10.0);
                }
                None => digits = Some(digits.unwrap_or(0.0) * 10.0 + digit),
            },
            Some(Figure::Small(scale)) => {
                section += digits.take().unwrap_or(1.0) * scale;
                place = None;
            }
            Some(Figure::Large(scale)) => {
                section += digits.take().unwrap_or(0.0);
                if section == 0.0 {
                    return None;
                }
                total += section * scale;
                (section, place) = (0.0, None);
            }
            None if matches!(c, '.' | '．') => place = Some(0.1),
            None => {}
        }
    }
    Some(total + section + digits.unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(text: &str) -> Vec<(f64, Unit)> {
        quantities(text)
            .into_iter()
            .map(|one| (one.value, one.unit))
            .collect()
    }

    #[test]
    fn people_sites_money_years_and_cases_are_read_with_their_place() {
        let text = "部下6名、所員２４０名と320店を9年";
        let found = quantities(text);
        let words: Vec<&str> = found.iter().map(|one| &text[one.range.clone()]).collect();
        assert_eq!(words, ["6名", "２４０名", "320店", "9年"]);
        assert_eq!(
            told("売上18億円、月予算6,000万円"),
            [(18e8, Unit::Money), (6e7, Unit::Money)]
        );
        assert_eq!(
            told("12拠点で年40件、計1,200回"),
            [(12.0, Unit::Sites), (40.0, Unit::Cases), (1_200.0, Unit::Cases)]
        );
        assert_eq!(
            told("1.5億円を18か月で"),
            [(1.5e8, Unit::Money), (1.5, Unit::Years)]
        );
    }

    #[test]
    fn kanji_count_as_figures_do() {
        assert_eq!(
            told("二十六年、千二百件、四百人"),
            [(26.0, Unit::Years), (1_200.0, Unit::Cases), (400.0, Unit::People)]
        );
        assert_eq!(told("二億三千万円"), [(2.3e8, Unit::Money)]);
        assert_eq!(told("三十余年"), [(30.0, Unit::Years)]);
        assert_eq!(told("二〇店"), [(20.0, Unit::Sites)]);
    }

    #[test]
    fn calendar_years_grades_and_ordinals_are_no_quantities() {
        for text in [
            "2019年に",
            "平成15年より",
            "3年生",
            "入社2年目",
            "1人目として",
            "万年",
            "35歳",
            "昭和五十年",
        ] {
            assert_eq!(told(text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_text_has_an_answer(text in "[0-9０-９一二三十百千万億兆,．.年円名店件余あ]{0,40}|\\PC{0,40}") {
            let mut end = 0;
            for one in quantities(&text) {
                prop_assert!(one.value.is_finite() && one.value >= 0.0);
                prop_assert!(end <= one.range.start);
                prop_assert!(text.get(one.range.clone()).is_some());
                end = one.range.end;
            }
        }
    }
}
