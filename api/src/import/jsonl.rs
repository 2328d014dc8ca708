//! JSON Lines into records: one object a line.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::encoding::Decoded;
use super::hidden::is_hidden;
use super::limits::ROW_BYTES_MAX;
use super::record::{Record, RowError};

/// What a file was made of, whichever its format.
#[derive(Default)]
pub(crate) struct Records {
    /// In the order of the file: a record, or why the row is none.
    pub(crate) rows: Vec<Result<Record, RowError>>,
    /// Columns that ranking must not see, with the number of rows that had a value there.
    pub(crate) dropped: BTreeMap<String, u64>,
    /// Columns that are not part of the format, counted alike.
    pub(crate) ignored: BTreeMap<String, u64>,
}

pub(crate) fn records(decoded: &Decoded, keys: &[&str]) -> Records {
    let mut records = Records::default();
    for (line_idx, line) in decoded.text.split('\n').enumerate() {
        let number = line_idx as u64 + 1;
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.trim().is_empty() {
            continue;
        }
        let row = match object(decoded, number, line) {
            Ok(fields) => Ok(record(number, fields, keys, &mut records)),
            Err(error) => Err(error),
        };
        records.rows.push(row);
    }
    records
}

fn object(decoded: &Decoded, number: u64, line: &str) -> Result<Map<String, Value>, RowError> {
    if let Some(bad) = decoded.bad_lines.iter().find(|bad| bad.line == number) {
        return Err(bad.error());
    }
    if line.len() > ROW_BYTES_MAX {
        return Err(too_long(number, line.len()));
    }
    match serde_json::from_str(line) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => {
            let reason = "is not a JSON object; the file has one object a line";
            Err(RowError::new(number, None, Some(line), reason))
        }
        Err(error) => {
            let head = line.as_bytes().get(..error.column().saturating_sub(1));
            let n_chars = head.map_or(0, |head| String::from_utf8_lossy(head).chars().count());
            let column = (n_chars + 1).to_string();
            let shown: String = line.chars().skip(n_chars).collect();
            let text = error.to_string();
            let reason = text.split(" at line ").next().unwrap_or(&text);
            Err(RowError::new(
                number,
                Some(&column),
                Some(&shown),
                format!("is not JSON: {reason}"),
            ))
        }
    }
}

pub(crate) fn too_long(line: u64, row_bytes: usize) -> RowError {
    let reason = format!(
        "the row has {row_bytes} bytes, which exceeds the maximum of {ROW_BYTES_MAX}; \
         is a quotation mark or a line break missing?"
    );
    RowError::new(line, None, None, reason)
}

fn record(line: u64, mut fields: Map<String, Value>, keys: &[&str], records: &mut Records) -> Record {
    let carried = fields.keys().cloned().collect();
    drop_unknown(&mut fields, "", "", keys, records);
    Record {
        line,
        fields,
        carried,
        places: std::collections::HashMap::new(),
    }
}

/// Takes out what the format does not have. `prefix` is the path in `keys`, `shown` the one for the report.
fn drop_unknown(
    fields: &mut Map<String, Value>,
    prefix: &str,
    shown: &str,
    keys: &[&str],
    records: &mut Records,
) {
    fields.retain(|key, value| {
        let path = format!("{prefix}{key}");
        if keys.contains(&path.as_str()) {
            return true;
        }
        let counts = if is_hidden(key) {
            &mut records.dropped
        } else {
            &mut records.ignored
        };
        *counts.entry(format!("{shown}{key}")).or_default() += u64::from(!value.is_null());
        false
    });
    for (key, value) in fields.iter_mut() {
        // Terms depend on the kind, so their keys are checked where it is known.
        if prefix.is_empty() && key == "terms" {
            continue;
        }
        match value {
            Value::Object(inner) => {
                drop_unknown(
                    inner,
                    &format!("{prefix}{key}."),
                    &format!("{shown}{key}."),
                    keys,
                    records,
                );
            }
            Value::Array(items) => {
                for item in items {
                    if let Value::Object(inner) = item {
                        drop_unknown(
                            inner,
                            &format!("{prefix}{key}#"),
                            &format!("{shown}{key}[]."),
                            keys,
                            records,
                        );
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}
