//! Dates as Japanese HR systems write them: Western or 和暦, with any separator, by the day or by the month.
//!
//! - Two-digit years without an era are refused: 11/4 is a guess, and a guess moves a career by decades.
//! - An era counts by calendar years, so H31/5 and R1/4 are both 2019: systems kept writing the old era for months,
//!   and fiscal years carried the new one back.

use chrono::NaiveDate;
use okaeri_engine::domain::YearMonth;
use unicode_normalization::UnicodeNormalization;

/// A month, with the day where one was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) month: YearMonth,
    pub(crate) day: Option<NaiveDate>,
}

struct Era {
    names: [&'static str; 3],
    first_year: i32,
    last_year: i32,
}

const ERAS: [Era; 5] = [
    Era {
        names: ["令和", "令", "R"],
        first_year: 2019,
        last_year: 9999,
    },
    Era {
        names: ["平成", "平", "H"],
        first_year: 1989,
        last_year: 2019,
    },
    Era {
        names: ["昭和", "昭", "S"],
        first_year: 1926,
        last_year: 1989,
    },
    Era {
        names: ["大正", "大", "T"],
        first_year: 1912,
        last_year: 1926,
    },
    Era {
        names: ["明治", "明", "M"],
        first_year: 1868,
        last_year: 1912,
    },
];

/// Reads a date.
///
/// # Errors
///
/// What is wrong with it, in words that follow "2011/13: ".
pub(crate) fn parse(text: &str) -> Result<Day, String> {
    let plain: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    let plain = without_time(&plain, text);
    let (era, rest) = split_era(&plain);
    let numbers = numbers(rest, era.is_some())
        .ok_or("is not a date such as 2011-04, 2011/4/1, 2011年4月, 平成23年4月 or H23.4.1")?;
    let (year, month, day) = (numbers[0], numbers[1], numbers.get(2).copied());
    let year = match era {
        Some(era) => year_of_era(era, year)?,
        None => i32::try_from(year).unwrap_or(i32::MAX),
    };
    let month =
        YearMonth::new(year, month).ok_or("is outside the months 1868-01 to 9999-12, each 1 to 12")?;
    let Some(day) = day else {
        return Ok(Day { month, day: None });
    };
    let day = NaiveDate::from_ymd_opt(month.year(), month.month(), day).ok_or_else(|| {
        format!(
            "has no such day: {month} ends on the {}",
            month.last_day().format("%-d")
        )
    })?;
    Ok(Day {
        month,
        day: Some(day),
    })
}

/// Cuts a time of day: `2011-04-01T00:00:00Z` or `2011/4/1 0:00`, whose blank the caller has already removed.
fn without_time(plain: &str, original: &str) -> String {
    if let Some((date, time)) = plain.split_once('T')
        && date.len() >= 8
        && time.starts_with(|c: char| c.is_ascii_digit())
    {
        return date.to_owned();
    }
    let normalized: String = original.trim().nfkc().collect();
    match normalized.split_once(' ') {
        Some((date, time)) if time.contains(':') => date.to_owned(),
        _ => plain.to_owned(),
    }
}

fn split_era(plain: &str) -> (Option<&'static Era>, &str) {
    for era in &ERAS {
        for name in era.names {
            let head = plain.get(..name.len());
            if head.is_some_and(|head| head.eq_ignore_ascii_case(name)) {
                return (Some(era), &plain[name.len()..]);
            }
        }
    }
    (None, plain)
}

fn year_of_era(era: &Era, year: u32) -> Result<i32, String> {
    let name = era.names[0];
    let western = era.first_year + i32::try_from(year).unwrap_or(i32::MAX / 2) - 1;
    if year == 0 || western > era.last_year {
        let years = era.last_year - era.first_year + 1;
        return Err(format!("names a year that {name} does not have (1 to {years})"));
    }
    Ok(western)
}

/// Year, month and perhaps day; `None` when the text is anything else.
fn numbers(text: &str, has_era: bool) -> Option<Vec<u32>> {
    let text = text.replace('元', "1");
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return compact_numbers(&text, has_era);
    }
    let text = text.trim_end_matches(['日', '月', '.', '/']);
    let parts: Vec<&str> = text.split(['年', '月', '-', '/', '.', '−', '‐']).collect();
    let year_is_full = has_era || parts[0].len() == 4;
    let is_complete = matches!(parts.len(), 2 | 3) && year_is_full;
    if !is_complete || parts.iter().any(|part| part.is_empty() || part.len() > 4) {
        return None;
    }
    parts.iter().map(|part| digits(part)).collect()
}

/// 201104, 20110401, and with an era 050401.
fn compact_numbers(text: &str, has_era: bool) -> Option<Vec<u32>> {
    let year_len = if has_era { 2 } else { 4 };
    let rest = text.get(year_len..)?;
    let mut numbers = vec![digits(&text[..year_len])?];
    match rest.len() {
        2 => numbers.push(digits(rest)?),
        4 => numbers.extend([digits(&rest[..2])?, digits(&rest[2..])?]),
        _ => return None,
    }
    Some(numbers)
}

fn digits(text: &str) -> Option<u32> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_days_parse_in_every_way_that_hr_systems_write_them() {
        for (text, expected) in [
            ("2011-04", "2011-04"),
            ("2011/4/1", "2011-04"),
            ("2011年4月", "2011-04"),
            ("２０１１年　４月１日", "2011-04"),
            ("20110401", "2011-04"),
            ("201104", "2011-04"),
            ("2011.4", "2011-04"),
            ("2011-04-01T00:00:00+09:00", "2011-04"),
            ("2011/4/1 0:00", "2011-04"),
            ("令和5年4月", "2023-04"),
            ("令和元年5月1日", "2019-05"),
            ("R5.4.1", "2023-04"),
            ("r5/4", "2023-04"),
            ("R050401", "2023-04"),
            ("㋿5年4月", "2023-04"),
            ("平成31年3月31日", "2019-03"),
            ("H31/3", "2019-03"),
            ("H31.5", "2019-05"),
            ("Ｈ２３．４．１", "2011-04"),
            ("昭和53年4月", "1978-04"),
            ("昭53.4.1", "1978-04"),
            ("S64.1.7", "1989-01"),
            ("大正15年12月", "1926-12"),
            ("明治45年7月", "1912-07"),
        ] {
            let parsed = parse(text).map(|day| day.month.to_string());
            assert_eq!(parsed.as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(
            parse("平成31年3月31日").unwrap().day,
            NaiveDate::from_ymd_opt(2019, 3, 31)
        );
    }

    #[test]
    fn dates_that_need_a_guess_or_do_not_exist_are_refused() {
        for text in [
            "",
            "11/4",
            "4/1/2011",
            "2011",
            "2011/13",
            "2011/2/30",
            "平成32年4月",
            "R0.4",
            "昭和65年1月",
            "春",
            "40634",
            "2011年",
            "昭和53年",
            "1867-12",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse("平成32年4月").unwrap_err().contains("1 to 31"));
        assert!(parse("2011/2/30").unwrap_err().contains("28"));
    }
}
