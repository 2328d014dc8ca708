//! Lists that hang on a person's record, each read as one column of its row: an array in JSON, with an array for each entry.
//!
//! - One statement for a record and its lists instead of one for each of them, which reads one state of the database.

use sea_orm::sea_query::Expr;
use sea_orm::{DbBackend, QueryResult};
use serde::de::DeserializeOwned;

use super::error::DbError;

/// A list: of the rows of `table` that are the person's, what stands in `columns`.
pub(super) struct List {
    pub(super) table: &'static str,
    pub(super) columns: &'static [&'static str],
    /// What the entries are in the order of.
    pub(super) order: &'static str,
    /// What else holds for its rows, in SQL.
    pub(super) only: Option<&'static str>,
}

/// What the person opts into.
pub(super) const INTERESTS: List = List {
    table: "interest",
    columns: &["code"],
    order: "code",
    only: None,
};

impl List {
    /// Everything in a table whose entries have places.
    pub(super) const fn by_position(table: &'static str, columns: &'static [&'static str]) -> Self {
        Self {
            table,
            columns,
            order: "position",
            only: None,
        }
    }

    /// The column, for a statement that reads `alumnus`; it goes by the name of the table.
    pub(super) fn column(&self, backend: DbBackend) -> Expr {
        let (table, order) = (self.table, self.order);
        let columns = self.columns.iter().map(|one| format!("\"{table}\".\"{one}\""));
        let columns = columns.collect::<Vec<_>>().join(", ");
        let list = match backend {
            DbBackend::Postgres => {
                format!("json_agg(json_build_array({columns}) ORDER BY \"{order}\")::text")
            }
            _ => format!("json_group_array(json_array({columns}) ORDER BY \"{order}\")"),
        };
        let only = self.only.map_or(String::new(), |only| format!(" AND {only}"));
        Expr::cust(format!(
            "(SELECT {list} FROM \"{table}\" WHERE \"{table}\".\"company_id\" = \"alumnus\".\"company_id\" \
             AND \"{table}\".\"alumnus_id\" = \"alumnus\".\"id\"{only})"
        ))
    }

    /// The entries of a row that has [`Self::column`].
    pub(super) fn read<T: DeserializeOwned>(&self, row: &QueryResult) -> Result<Vec<T>, DbError> {
        let json: Option<String> = row.try_get("", self.table)?;
        // PostgreSQL says nothing where there are no rows.
        let Some(json) = json else {
            return Ok(Vec::new());
        };
        serde_json::from_str(&json)
            .map_err(|error| DbError::Fault(format!("rows of {} cannot be read: {error}", self.table)))
    }
}
