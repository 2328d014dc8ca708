//! By when contract work has to be paid: the rule as data, with its source.
//!
//! - 特定受託事業者に係る取引の適正化等に関する法律 (フリーランス法, 令和5年法律第25号) 第4条第1項: the day of payment is set
//!   within 60 days counted from the day of receipt ("受領した日から起算して六十日"), which is therefore the first of them.
//! - Where payment follows a monthly closing, the ministries read "60 days" as two months, since months have 31 days
//!   (the notes of 公正取引委員会 and 厚生労働省 on the act, as before on the 下請法).
//! - 第4条第3項: who commissions on what it was commissioned with, and states so with the prime contractor and the day on
//!   which that party pays (公正取引委員会関係規則 第1条第2項), pays within 30 days counted from that day.

use chrono::{Datelike, Days, Months, NaiveDate};

/// Days within which work is paid, the day of receipt being the first (第4条第1項).
const DAYS: u64 = 60;
/// Months within which work is paid where payment follows a monthly closing (the ministries' notes).
const MONTHS_WITH_CLOSING: u32 = 2;
/// Days within which commissioned-on work is paid, the day on which the prime contractor pays being the first
/// (第4条第3項).
const DAYS_AFTER_PRIME_PAYMENT: u64 = 30;

/// The last day on which work received on `delivered_on` may be paid.
#[must_use]
pub fn limit(delivered_on: NaiveDate) -> NaiveDate {
    counted(delivered_on, DAYS)
}

/// The same where payment follows a monthly closing: the same day of the second month after, or that month's last.
#[must_use]
pub fn limit_with_monthly_closing(delivered_on: NaiveDate) -> NaiveDate {
    delivered_on
        .checked_add_months(Months::new(MONTHS_WITH_CLOSING))
        .unwrap_or(NaiveDate::MAX)
}

/// The last of `days` days of which `first` is the first.
fn counted(first: NaiveDate, days: u64) -> NaiveDate {
    first
        .checked_add_days(Days::new(days - 1))
        .unwrap_or(NaiveDate::MAX)
}

/// What the company was commissioned with itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrimeContract {
    /// The day on which the prime contractor has to pay.
    pub payment_due_on: NaiveDate,
}

impl PrimeContract {
    /// The last day on which work that is commissioned on may be paid.
    #[must_use]
    pub fn payment_limit(self) -> NaiveDate {
        counted(self.payment_due_on, DAYS_AFTER_PRIME_PAYMENT)
    }
}

/// A monthly closing: what is received up to the closing day is paid together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthlyClosing {
    /// 1 to 31; a day that a month does not have is its last.
    pub closing_day: u8,
    /// The same, in the month of payment.
    pub payment_day: u8,
    /// Months from the closing to the payment.
    pub months_after: u8,
}

impl MonthlyClosing {
    /// The day on which work received on `delivered_on` is paid.
    #[must_use]
    pub fn pays_on(self, delivered_on: NaiveDate) -> NaiveDate {
        let this_month = day_of_month(delivered_on, 0, self.closing_day);
        let n_months_to_closing = u32::from(this_month < delivered_on);
        day_of_month(
            delivered_on,
            n_months_to_closing + u32::from(self.months_after),
            self.payment_day,
        )
    }
}

/// A day of the month that lies `n_months` after that of `date`; the month's last day where it has no such day.
fn day_of_month(date: NaiveDate, n_months: u32, day: u8) -> NaiveDate {
    let first = date
        .with_day(1)
        .and_then(|first| first.checked_add_months(Months::new(n_months)));
    let last_day_first = |first: NaiveDate| first.checked_add_months(Months::new(1))?.pred_opt();
    let Some((first, last)) = first.and_then(|first| Some((first, last_day_first(first)?))) else {
        return NaiveDate::MAX;
    };
    first.with_day(u32::from(day)).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn payment_is_due_on_the_sixtieth_day_with_the_day_of_receipt_counted() {
        for (delivered_on, last_day) in [
            ("2026-11-10", "2027-01-08"),
            ("2026-12-31", "2027-02-28"),
            ("2027-01-01", "2027-03-01"),
            ("2028-01-01", "2028-02-29"),
        ] {
            assert_eq!(limit(date(delivered_on)), date(last_day), "{delivered_on}");
        }
    }

    #[test]
    fn with_a_monthly_closing_it_is_two_months_and_a_short_month_ends_on_its_last_day() {
        for (delivered_on, last_day) in [
            ("2026-11-10", "2027-01-10"),
            ("2026-12-31", "2027-02-28"),
            ("2027-12-31", "2028-02-29"),
            ("2026-12-28", "2027-02-28"),
            ("2026-06-30", "2026-08-30"),
        ] {
            assert_eq!(
                limit_with_monthly_closing(date(delivered_on)),
                date(last_day),
                "{delivered_on}"
            );
        }
    }

    #[test]
    fn a_subcontract_is_paid_on_the_thirtieth_day_with_the_prime_contractors_day_counted() {
        let prime = PrimeContract {
            payment_due_on: date("2027-01-31"),
        };
        assert_eq!(prime.payment_limit(), date("2027-03-01"));
    }

    #[test]
    fn a_closing_day_that_a_month_does_not_have_is_its_last() {
        let end_of_month = MonthlyClosing {
            closing_day: 31,
            payment_day: 31,
            months_after: 1,
        };
        assert_eq!(end_of_month.pays_on(date("2026-12-01")), date("2027-01-31"));
        assert_eq!(end_of_month.pays_on(date("2027-01-31")), date("2027-02-28"));
        let on_the_20th = MonthlyClosing {
            closing_day: 20,
            payment_day: 10,
            months_after: 1,
        };
        assert_eq!(on_the_20th.pays_on(date("2026-11-20")), date("2026-12-10"));
        assert_eq!(on_the_20th.pays_on(date("2026-11-21")), date("2027-01-10"));
    }
}
