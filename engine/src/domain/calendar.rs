//! Months, as employment periods are known, and today in Japan.

use chrono::{DateTime, Datelike, Days, FixedOffset, Months, NaiveDate, TimeDelta, Utc};

/// A month of a year, 1868-01 to 9999-12: employment periods are known by the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearMonth {
    year: i16,
    month: u8,
}

/// Why a text is not a month.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not a month such as 2011-04 (1868-01 to 9999-12)")]
pub struct InvalidYearMonth {
    /// The text as given.
    pub value: String,
}

impl YearMonth {
    /// Returns `None` outside 1868-01 to 9999-12.
    #[must_use]
    pub fn new(year: i32, month: u32) -> Option<Self> {
        let is_valid = (1868..=9999).contains(&year) && (1..=12).contains(&month);
        is_valid.then_some(Self {
            year: year as i16,
            month: month as u8,
        })
    }

    /// The month that `date` lies in.
    #[must_use]
    pub fn of(date: NaiveDate) -> Self {
        Self {
            year: date.year().clamp(1868, 9999) as i16,
            month: date.month() as u8,
        }
    }

    /// The year, 1868 to 9999.
    #[must_use]
    pub fn year(self) -> i32 {
        i32::from(self.year)
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u32 {
        u32::from(self.month)
    }

    /// Months since year 0, for differences.
    #[must_use]
    pub fn index(self) -> i32 {
        self.year() * 12 + i32::from(self.month) - 1
    }

    /// The first day of the month.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year(), self.month(), 1).unwrap_or(NaiveDate::MAX)
    }

    /// The last day of the month.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        self.first_day() + Months::new(1) - Days::new(1)
    }

    /// Months from `self` to `later`; 0 when `later` is not later.
    #[must_use]
    pub fn months_until(self, later: Self) -> u32 {
        u32::try_from(later.index() - self.index()).unwrap_or(0)
    }
}

impl std::fmt::Display for YearMonth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl std::str::FromStr for YearMonth {
    type Err = InvalidYearMonth;

    fn from_str(value: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidYearMonth {
            value: value.chars().take(40).collect(),
        };
        let (year, month) = value.split_once('-').ok_or_else(invalid)?;
        let all_digits =
            |part: &str, len: usize| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(year, 4) || !all_digits(month, 2) {
            return Err(invalid());
        }
        let (year, month) = (
            year.parse().map_err(|_| invalid())?,
            month.parse().map_err(|_| invalid())?,
        );
        Self::new(year, month).ok_or_else(invalid)
    }
}

impl serde::Serialize for YearMonth {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for YearMonth {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// How far Japan is ahead of UTC, all year.
const NINE_HOURS_SECONDS: i32 = 9 * 3600;

/// The instant at which `date` begins in Japan.
#[must_use]
pub fn start_of_day_in_japan(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::seconds(i64::from(NINE_HOURS_SECONDS))
}

/// Today in Japan, which has no daylight saving time.
#[must_use]
pub fn japan_date(now: DateTime<Utc>) -> NaiveDate {
    match FixedOffset::east_opt(NINE_HOURS_SECONDS) {
        Some(offset) => now.with_timezone(&offset).date_naive(),
        None => now.date_naive(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_parse_strictly_and_print_back() {
        assert_eq!("2011-04".parse::<YearMonth>().unwrap().to_string(), "2011-04");
        for wrong in [
            "2011-13",
            "2011-00",
            "2011-4",
            "11-04",
            "2011/04",
            "",
            "+011-04",
            "２０１１-04",
        ] {
            assert!(wrong.parse::<YearMonth>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn last_day_knows_leap_years() {
        assert_eq!(
            YearMonth::new(2028, 2).unwrap().last_day().to_string(),
            "2028-02-29"
        );
        assert_eq!(
            YearMonth::new(2027, 2).unwrap().last_day().to_string(),
            "2027-02-28"
        );
    }

    #[test]
    fn today_in_japan_starts_nine_hours_before_utc() {
        let before: DateTime<Utc> = "2026-11-19T14:59:59Z".parse().unwrap();
        let after: DateTime<Utc> = "2026-11-19T15:00:00Z".parse().unwrap();
        assert_eq!(japan_date(before).to_string(), "2026-11-19");
        assert_eq!(japan_date(after).to_string(), "2026-11-20");
    }
    #[test]
    fn a_day_in_japan_begins_at_the_first_instant_that_is_of_it() {
        let date: NaiveDate = "2026-11-20".parse().unwrap();
        let start = start_of_day_in_japan(date);
        assert_eq!(start.to_rfc3339(), "2026-11-19T15:00:00+00:00");
        assert_eq!(japan_date(start), date);
        assert_eq!(japan_date(start - TimeDelta::nanoseconds(1)), date - Days::new(1));
    }
}
