//! Between columns and domain values, and between many identifiers and few statements.

use chrono::{DateTime, SubsecRound, Utc};
use okaeri_engine::domain::{Prefecture, YearMonth};
use sea_orm::TryInsertResult;
use sea_orm::sea_query::OnConflict;
use uuid::Uuid;

use super::error::DbError;

/// Most values that one statement lists: a third of SQLite's 32,766 variables, so that rows of several columns and
/// the other arguments still fit.
pub(crate) const VALUES_MAX: usize = 10_000;

/// Most variables that one statement may bind on SQLite (SQLITE_MAX_VARIABLE_NUMBER since 3.32; PostgreSQL takes
/// 65,535).
const VARIABLES_MAX: usize = 32_766;

/// How many rows of `n_columns` fit into one statement.
pub(crate) const fn rows_max(n_columns: usize) -> usize {
    VARIABLES_MAX / n_columns
}

/// Splits `ids` into lists for one statement each.
///
/// Each list is filled up to a power of two by repeating its last identifier: a handful of statements is then
/// prepared, instead of one for every length of a page.
pub(crate) fn id_lists(ids: impl Iterator<Item = Uuid>) -> Vec<Vec<Uuid>> {
    let ids: Vec<Uuid> = ids.collect();
    let filled = |chunk: &[Uuid]| {
        let mut list = chunk.to_vec();
        if let Some(last) = chunk.last() {
            list.resize(chunk.len().next_power_of_two().min(VALUES_MAX), *last);
        }
        list
    };
    ids.chunks(VALUES_MAX).map(filled).collect()
}

/// An instant as both databases can hold it.
pub(crate) fn instant(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(6)
}

/// Reads a code with `from_code`; `column` is named when it is unknown.
pub(crate) fn decode<T>(
    column: &'static str,
    code: &str,
    from_code: impl FnOnce(&str) -> Option<T>,
) -> Result<T, DbError> {
    from_code(code).ok_or_else(|| DbError::corrupt(column))
}

pub(crate) fn decode_month(column: &'static str, text: &str) -> Result<YearMonth, DbError> {
    text.parse().map_err(|_| DbError::corrupt(column))
}

pub(crate) fn decode_month_opt(
    column: &'static str,
    text: Option<&String>,
) -> Result<Option<YearMonth>, DbError> {
    text.map(|text| decode_month(column, text)).transpose()
}

pub(crate) fn decode_prefecture(
    column: &'static str,
    text: Option<&String>,
) -> Result<Option<Prefecture>, DbError> {
    text.map(|text| text.parse().map_err(|_| DbError::corrupt(column)))
        .transpose()
}

pub(crate) fn decode_json<T: serde::de::DeserializeOwned>(
    column: &'static str,
    value: serde_json::Value,
) -> Result<T, DbError> {
    serde_json::from_value(value).map_err(|_| DbError::corrupt(column))
}

pub(crate) fn encode_json<T: serde::Serialize>(
    column: &'static str,
    value: &T,
) -> Result<serde_json::Value, DbError> {
    serde_json::to_value(value)
        .map_err(|_| DbError::Fault(format!("column {column} cannot hold the value as JSON")))
}

/// Reads an unsigned number from a column that has none.
pub(crate) fn decode_number<S, T: TryFrom<S>>(column: &'static str, number: S) -> Result<T, DbError> {
    T::try_from(number).map_err(|_| DbError::corrupt(column))
}

/// Writes an unsigned number into a column that has none.
pub(crate) fn encode_number<S, T: TryFrom<S>>(column: &'static str, number: S) -> Result<T, DbError> {
    T::try_from(number).map_err(|_| DbError::Fault(format!("column {column} cannot hold so large a number")))
}

/// Passes over rows that break any unique rule. The ORM's shorthand asks for the primary key only.
pub(crate) fn conflict_ignored() -> OnConflict {
    OnConflict::new().do_nothing().to_owned()
}

/// How many rows an insertion that passes over conflicts has added.
pub(crate) fn n_inserted(result: &TryInsertResult<u64>) -> u64 {
    match result {
        TryInsertResult::Inserted(n_rows) => *n_rows,
        TryInsertResult::Empty | TryInsertResult::Conflicted => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_identifiers_are_filled_up_so_that_few_statements_are_prepared() {
        let ids = |n: usize| (1..=n as u128).map(Uuid::from_u128);
        let lengths = |n| id_lists(ids(n)).iter().map(Vec::len).collect::<Vec<_>>();

        assert!(lengths(0).is_empty());
        assert_eq!(lengths(1), [1]);
        assert_eq!(lengths(5), [8]);
        assert_eq!(lengths(10_003), [10_000, 4]);
        assert_eq!(id_lists(ids(3))[0][2..], [Uuid::from_u128(3), Uuid::from_u128(3)]);
    }
}
