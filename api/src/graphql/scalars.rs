//! The three scalars for time. Each parses strictly and prints what it parses.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{NaiveDate, SecondsFormat, Utc};
use okaeri_engine::domain;

/// A day of the calendar in Japan, such as 2027-02-18.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

/// A day of the calendar in Japan, written as RFC 3339's full-date, such as 2027-02-18.
#[Scalar(
    name = "Date",
    specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6"
)]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        let is_strict = text.len() == 10 && text.is_ascii();
        match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            Ok(date) if is_strict => Ok(Self(date)),
            _ => Err(InputValueError::custom("expected a date such as 2027-02-18")),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%d").to_string())
    }
}

/// An instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime(pub chrono::DateTime<Utc>);

/// An instant in UTC, written as RFC 3339's date-time, such as 2026-11-20T00:00:00Z.
#[Scalar(
    name = "DateTime",
    specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6"
)]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        match chrono::DateTime::parse_from_rfc3339(text) {
            Ok(instant) => Ok(Self(instant.with_timezone(&Utc))),
            Err(_) => Err(InputValueError::custom(
                "expected an instant such as 2026-11-20T00:00:00Z",
            )),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearMonth(pub domain::YearMonth);

/// A month of a year, such as 2011-04: employment periods are known by the month (the year-month of ISO 8601).
#[Scalar(
    name = "YearMonth",
    specified_by_url = "https://www.iso.org/iso-8601-date-and-time-format.html"
)]
impl ScalarType for YearMonth {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        text.parse()
            .map(Self)
            .map_err(|_| InputValueError::custom("expected a month such as 2011-04"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}
