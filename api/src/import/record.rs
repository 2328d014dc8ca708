//! One row on its way from a file to a domain value: its fields as JSON, where each came from, and the checks that
//! both formats share.
//!
//! - Every refusal names line, column and value, and the limit where there is one.
//! - Nothing here knows what a field means; that is for `alumni` and `opportunities`.

use std::collections::HashMap;

use okaeri_engine::domain::{Prefecture, YearMonth};
use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization;

use super::dates;
use super::limits::VALUE_SHOWN_CHARS;

/// What is wrong with one value of one row.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RowError {
    /// The line, from 1, on which the row (or its repetition) begins.
    pub line: u64,
    /// The column's header, the JSON key with its path, or for syntax errors the character's number in the line.
    pub column: Option<String>,
    /// The value, shortened.
    pub value: Option<String>,
    /// What is wrong, with the limit.
    pub reason: String,
}

impl RowError {
    pub(crate) fn new(
        line: u64,
        column: Option<&str>,
        value: Option<&str>,
        reason: impl Into<String>,
    ) -> Self {
        Self {
            line,
            column: column.map(shorten),
            value: value.map(shorten),
            reason: reason.into(),
        }
    }
}

impl std::fmt::Display for RowError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        f.write_str(": ")?;
        if let Some(value) = &self.value {
            write!(f, "{value:?} ")?;
        }
        f.write_str(&self.reason)
    }
}

pub(crate) fn shorten(text: &str) -> String {
    if text.chars().count() <= VALUE_SHOWN_CHARS {
        return text.to_owned();
    }
    let kept: String = text.chars().take(VALUE_SHOWN_CHARS - 1).collect();
    kept + "…"
}

/// One row as read: CSV cells are strings at the same paths as JSON keys.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) line: u64,
    pub(crate) fields: Map<String, Value>,
    /// Top-level keys that the row carries, empty ones included: what is not carried is left as it is.
    pub(crate) carried: Vec<String>,
    /// For CSV: line and header of each path.
    pub(crate) places: HashMap<String, (u64, String)>,
}

/// Width, compatibility forms and outer blanks out of the way: for numbers, codes, dates and addresses.
pub(crate) fn halve(text: &str) -> String {
    text.nfkc().collect::<String>().trim().to_owned()
}

/// Reads the fields of one record and collects what is wrong.
pub(crate) struct Check<'a> {
    record: &'a Record,
    pub(crate) errors: Vec<RowError>,
}

/// An object within a record, and the path to it ("" or "tenures[0].").
#[derive(Clone, Copy)]
pub(crate) struct Object<'a> {
    pub(crate) fields: &'a Map<String, Value>,
    pub(crate) path: &'a str,
}

impl<'a> Check<'a> {
    pub(crate) fn new(record: &'a Record) -> Self {
        Self {
            record,
            errors: Vec::new(),
        }
    }

    pub(crate) fn root(&self) -> Object<'a> {
        Object {
            fields: &self.record.fields,
            path: "",
        }
    }

    pub(crate) fn refuse(&mut self, path: &str, value: Option<&Value>, reason: impl Into<String>) {
        let value = value.map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        self.refuse_text(path, value.as_deref(), reason);
    }

    pub(crate) fn refuse_text(&mut self, path: &str, value: Option<&str>, reason: impl Into<String>) {
        // An item of a list that CSV keeps in one cell has the cell's place.
        let (line, column) = self
            .record
            .places
            .get(path)
            .or_else(|| {
                self.record
                    .places
                    .get(path.trim_end_matches(']').rsplit_once('[')?.0)
            })
            .map_or((self.record.line, path), |(line, header)| {
                (*line, header.as_str())
            });
        self.errors.push(RowError::new(line, Some(column), value, reason));
    }

    /// A text without NUL, with `\n` as line break, trimmed; `None` when absent, null or blank.
    pub(crate) fn text(&mut self, object: Object<'_>, key: &str, chars_max: usize) -> Option<String> {
        let path = format!("{}{key}", object.path);
        let value = object.fields.get(key)?;
        let text = match value {
            Value::Null => return None,
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                self.refuse(&path, Some(value), "is not a text");
                return None;
            }
        };
        self.clean(&path, &text, chars_max)
    }

    /// As [`Self::text`], and its absence is refused.
    pub(crate) fn required_text(
        &mut self,
        object: Object<'_>,
        key: &str,
        chars_max: usize,
    ) -> Option<String> {
        let n_errors = self.errors.len();
        let text = self.text(object, key, chars_max);
        if text.is_none() && self.errors.len() == n_errors {
            self.refuse(&format!("{}{key}", object.path), None, "is missing");
        }
        text
    }

    pub(crate) fn clean(&mut self, path: &str, text: &str, chars_max: usize) -> Option<String> {
        if text.contains('\0') {
            let shown = text.replace('\0', "␀");
            self.refuse_text(path, Some(&shown), "contains a NUL character");
            return None;
        }
        let cleaned: String = text
            .replace("\r\n", "\n")
            .chars()
            .map(|c| match c {
                // Office software writes a vertical tab for a line break within a cell.
                '\r' | '\u{b}' => '\n',
                '\n' | '\t' => c,
                _ if c.is_control() => ' ',
                _ => c,
            })
            .collect();
        let cleaned = cleaned.trim();
        let n_chars = cleaned.chars().count();
        if n_chars > chars_max {
            self.refuse_text(
                path,
                Some(cleaned),
                format!("has {n_chars} characters, which exceeds the maximum of {chars_max}"),
            );
            return None;
        }
        (!cleaned.is_empty()).then(|| cleaned.to_owned())
    }

    /// A list of texts: an array, or one text with `;`, `、` or line breaks between. Repetitions are dropped.
    pub(crate) fn texts(
        &mut self,
        object: Object<'_>,
        key: &str,
        items_max: usize,
        chars_max: usize,
    ) -> Vec<String> {
        let path = format!("{}{key}", object.path);
        let mut texts: Vec<String> = Vec::new();
        for (idx, item) in self.items(object, key).into_iter().enumerate() {
            let item_path = format!("{path}[{idx}]");
            match item {
                Value::String(text) => {
                    if let Some(text) = self.clean(&item_path, &text, chars_max)
                        && !texts.contains(&text)
                    {
                        texts.push(text);
                    }
                }
                Value::Null => {}
                other => self.refuse(&item_path, Some(&other), "is not a text"),
            }
        }
        if texts.len() > items_max {
            let reason = format!(
                "has {} items, which exceeds the maximum of {items_max}",
                texts.len()
            );
            self.refuse(&path, None, reason);
            texts.truncate(items_max);
        }
        texts
    }

    /// The items of a list, whichever way it is written.
    pub(crate) fn items(&mut self, object: Object<'_>, key: &str) -> Vec<Value> {
        match object.fields.get(key) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items.clone(),
            Some(Value::String(text)) => split_list(text).map(Value::from).collect(),
            Some(other) => {
                self.refuse(&format!("{}{key}", object.path), Some(other), "is not a list");
                Vec::new()
            }
        }
    }

    /// The objects of a list, each with its path.
    pub(crate) fn objects(
        &mut self,
        object: Object<'a>,
        key: &str,
        items_max: usize,
    ) -> Vec<(String, &'a Map<String, Value>)> {
        let path = format!("{}{key}", object.path);
        let items = match object.fields.get(key) {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(items)) => items,
            Some(other) => {
                self.refuse(&path, Some(other), "is not a list");
                return Vec::new();
            }
        };
        if items.len() > items_max {
            let reason = format!(
                "has {} items, which exceeds the maximum of {items_max}",
                items.len()
            );
            self.refuse(&path, None, reason);
            return Vec::new();
        }
        let mut objects = Vec::new();
        for (idx, item) in items.iter().enumerate() {
            match item {
                Value::Object(fields) => objects.push((format!("{path}[{idx}]."), fields)),
                other => self.refuse(&format!("{path}[{idx}]"), Some(other), "is not an object"),
            }
        }
        objects
    }

    /// One of a fixed set, by code or by one of its other names.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        path: &str,
        value: &Value,
        all: &[T],
        code: fn(T) -> &'static str,
        names: &[(&str, T)],
    ) -> Option<T> {
        let found = value.as_str().and_then(|text| {
            let plain = halve(text);
            all.iter()
                .copied()
                .find(|item| code(*item).eq_ignore_ascii_case(&plain))
                .or_else(|| {
                    names
                        .iter()
                        .find(|(name, _)| *name == plain)
                        .map(|(_, item)| *item)
                })
        });
        if found.is_none() {
            let codes: Vec<&str> = all.iter().copied().map(code).collect();
            self.refuse(path, Some(value), format!("is none of {}", codes.join(", ")));
        }
        found
    }

    /// A whole number from `min` to `max`; full-width digits and 週40時間 are fine.
    pub(crate) fn number(&mut self, object: Object<'_>, key: &str, min: u32, max: u32) -> Option<u32> {
        let path = format!("{}{key}", object.path);
        let value = present(object, key)?;
        let number = match value {
            // 40.0 is how spreadsheets write 40.
            Value::Number(number) => number.as_f64().filter(|number| number.fract() == 0.0),
            Value::String(text) => plain_number(text),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        let in_range = number.filter(|number| (f64::from(min)..=f64::from(max)).contains(number));
        match in_range {
            Some(number) => Some(number as u32),
            None => {
                self.refuse(
                    &path,
                    Some(value),
                    format!("is not a whole number from {min} to {max}"),
                );
                None
            }
        }
    }

    /// A date; `None` when absent, or one of `open`, which mean that there is none.
    pub(crate) fn date(&mut self, object: Object<'_>, key: &str, open: &[&str]) -> Option<dates::Day> {
        let path = format!("{}{key}", object.path);
        let value = present(object, key)?;
        let text = match value {
            Value::String(text) => text.clone(),
            // Spreadsheets turn 201104 into a number.
            Value::Number(number) => number.to_string(),
            other => {
                self.refuse(&path, Some(other), "is not a date");
                return None;
            }
        };
        if open.contains(&halve(&text).as_str()) {
            return None;
        }
        match dates::parse(&text) {
            Ok(day) => Some(day),
            Err(reason) => {
                self.refuse(&path, Some(value), reason);
                None
            }
        }
    }

    pub(crate) fn month(&mut self, object: Object<'_>, key: &str, open: &[&str]) -> Option<YearMonth> {
        self.date(object, key, open).map(|day| day.month)
    }

    pub(crate) fn prefecture(&mut self, object: Object<'_>, key: &str) -> Option<Prefecture> {
        let path = format!("{}{key}", object.path);
        let value = present(object, key)?;
        let found = value.as_str().and_then(|text| halve(text).parse().ok());
        if found.is_none() {
            let reason = "is neither a prefecture such as 東京都 or 東京 nor 海外";
            self.refuse(&path, Some(value), reason);
        }
        found
    }
}

/// The value unless it is absent, null or blank.
pub(crate) fn present<'a>(object: Object<'a>, key: &str) -> Option<&'a Value> {
    object.fields.get(key).filter(|value| match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => true,
    })
}

/// `;` or `、` or line breaks divide; a comma only where none of them occurs, as in "Excel, Word".
fn split_list(text: &str) -> impl Iterator<Item = &str> {
    const STRONG: [char; 5] = [';', '；', '、', '\n', '|'];
    const WEAK: [char; 2] = [',', '，'];
    let has_strong = text.contains(STRONG);
    text.split(move |c: char| {
        if has_strong {
            STRONG.contains(&c)
        } else {
            WEAK.contains(&c)
        }
    })
    .map(str::trim)
    .filter(|item| !item.is_empty())
}

fn plain_number(text: &str) -> Option<f64> {
    let plain = halve(text).to_lowercase();
    let plain = plain.trim_start_matches("週").trim_start_matches('約');
    let end = plain
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(plain.len());
    let (number, unit) = plain.split_at(end);
    const UNITS: [&str; 10] = [
        "",
        "時間",
        "h",
        "hours",
        "人",
        "名",
        "時間/週",
        "h/週",
        "時間程度",
        "名程度",
    ];
    if !UNITS.contains(&unit.trim()) {
        return None;
    }
    number.parse().ok().filter(|number: &f64| number.fract() == 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_divided_by_the_strongest_sign_that_occurs() {
        let split = |text| split_list(text).collect::<Vec<_>>();
        assert_eq!(split("Excel;Word；VBA"), ["Excel", "Word", "VBA"]);
        assert_eq!(
            split("経理、連結決算（IFRS, US）"),
            ["経理", "連結決算（IFRS, US）"]
        );
        assert_eq!(split("Excel, Word"), ["Excel", "Word"]);
        assert!(split(" ").is_empty());
    }

    #[test]
    fn hours_may_be_written_with_full_width_digits_and_units() {
        for (text, expected) in [
            ("４０", Some(40.0)),
            ("週20時間", Some(20.0)),
            ("40.0", Some(40.0)),
            ("5名", Some(5.0)),
        ] {
            assert_eq!(plain_number(text), expected);
        }
        for text in ["forty", "40.5", "-1", "20〜30", ""] {
            assert_eq!(plain_number(text), None, "{text}");
        }
    }
}
