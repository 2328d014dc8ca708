//! When a former employee may come back through an agency (派遣).
//!
//! 労働者派遣法 第35条の5 and 第40条の9: not until a year has passed, counted from the day of leaving ("離職の日から起算して
//! 一年を経過する日までの間"). 施行規則 第33条の10 excepts who retired by a mandatory age of 60 or more. The exception is
//! the company's record on the offer, confirmed by the person; no birth date is asked for, and none would be read.

use chrono::{Datelike, Months, NaiveDate};

/// The last day on which somebody who left on `left_on` may not come back through an agency.
///
/// A period that is counted from a day ends on the day before the one that corresponds to it, or, where the last month
/// has no such day, on that month's last (民法 第143条 第2項).
#[must_use]
pub fn last_day_of_the_year(left_on: NaiveDate) -> NaiveDate {
    let a_year_on = left_on
        .checked_add_months(Months::new(12))
        .unwrap_or(NaiveDate::MAX);
    if a_year_on.day() == left_on.day() {
        a_year_on.pred_opt().unwrap_or(a_year_on)
    } else {
        a_year_on
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_is_counted_from_the_day_of_leaving_and_29_february_ends_on_28_february() {
        for (left_on, last_day) in [
            ("2026-03-31", "2027-03-30"),
            ("2026-04-01", "2027-03-31"),
            ("2028-02-29", "2029-02-28"),
            ("2027-02-28", "2028-02-27"),
        ] {
            let date = |text: &str| text.parse::<NaiveDate>().unwrap();
            assert_eq!(last_day_of_the_year(date(left_on)), date(last_day), "{left_on}");
        }
    }
}
