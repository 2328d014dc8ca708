//! CSV into records with the paths of the JSON format.
//!
//! - Rows with the same number are one person with several periods, as HR systems export them; a repetition that
//!   adds no period, or contradicts the first row, is refused with both lines.
//! - The delimiter is the one of comma, tab and semicolon that the header has most of.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::ImportError;
use super::columns::{Column, Synonyms, column};
use super::encoding::Decoded;
use super::jsonl::{Records, too_long};
use super::limits::ROW_BYTES_MAX;
use super::record::{Record, RowError, halve, shorten};

/// Reads all rows.
///
/// # Errors
///
/// When the header has no column for the number of a row, so that no row can be told from another.
pub(crate) fn records(decoded: &Decoded, synonyms: Synonyms) -> Result<Records, ImportError> {
    let text = decoded.text.as_str();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut records = Records::default();
    let mut header: Option<Header> = None;
    let mut rows_by_id: HashMap<String, usize> = HashMap::new();
    let mut cells = csv::StringRecord::new();
    let mut lines = Lines::new(text);
    loop {
        let start = reader.position().byte() as usize;
        match reader.read_record(&mut cells) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let line = lines.at(start);
                records
                    .rows
                    .push(Err(RowError::new(line, None, None, error.to_string())));
                continue;
            }
        }
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        // The reader leaves the second half of a line break, and blank lines, before the next row.
        let end = reader.position().byte() as usize;
        let raw = text[start..end].trim_start_matches(['\r', '\n']);
        let line = lines.at(end - raw.len());
        let Some(header) = &header else {
            header = Some(Header::new(&cells, synonyms, &mut records)?);
            continue;
        };
        let row = Row {
            line,
            raw: raw.trim_end_matches(['\r', '\n']),
            is_last: text[end..].trim().is_empty(),
        };
        if let Err(error) = check_row(decoded, &row, &cells, header) {
            records.rows.push(Err(error));
            continue;
        }
        let record = header.record(line, &cells, &mut records);
        let id = record.fields.get("id").and_then(Value::as_str).map(halve);
        match id.as_ref().and_then(|id| rows_by_id.get(id)) {
            Some(&idx) => {
                if let Some(Ok(first)) = records.rows.get_mut(idx)
                    && let Err(error) = add_periods(first, record)
                {
                    records.rows.push(Err(error));
                }
            }
            None => {
                if let Some(id) = id {
                    rows_by_id.insert(id, records.rows.len());
                }
                records.rows.push(Ok(record));
            }
        }
    }
    Ok(records)
}

/// The one of comma, tab and semicolon that the first line has most of.
pub(super) fn delimiter(text: &str) -> u8 {
    let header = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let count = |delimiter: u8| header.bytes().filter(|byte| *byte == delimiter).count();
    let mut best = b',';
    for other in [b'\t', b';'] {
        if count(other) > count(best) {
            best = other;
        }
    }
    best
}

/// Tells the line of ever later bytes.
struct Lines<'a> {
    text: &'a str,
    byte: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            byte: 0,
            line: 1,
        }
    }

    fn at(&mut self, byte: usize) -> u64 {
        self.line += line_breaks(&self.text[self.byte..byte]);
        self.byte = byte;
        self.line
    }
}

fn line_breaks(text: &str) -> u64 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u64
}

/// One row as written.
struct Row<'a> {
    line: u64,
    raw: &'a str,
    is_last: bool,
}

fn check_row(
    decoded: &Decoded,
    row: &Row<'_>,
    cells: &csv::StringRecord,
    header: &Header,
) -> Result<(), RowError> {
    let Row { line, raw, is_last } = *row;
    let lines = line..=line + line_breaks(raw);
    if let Some(bad) = decoded.bad_lines.iter().find(|bad| lines.contains(&bad.line)) {
        return Err(bad.error());
    }
    if raw.len() > ROW_BYTES_MAX {
        return Err(too_long(line, raw.len()));
    }
    if is_last && raw.contains('\n') && raw.matches('"').count() % 2 == 1 {
        let reason = "a quotation mark that opens in this row is not closed before the end of the file";
        return Err(RowError::new(line, None, None, reason));
    }
    let n_columns = header.columns.len();
    let n_extra = cells
        .iter()
        .skip(n_columns)
        .filter(|cell| !cell.trim().is_empty())
        .count();
    if cells.len() < n_columns || n_extra > 0 {
        let reason = format!(
            "the row has {} values, but the header has {n_columns} columns; is a delimiter or a quotation mark missing?",
            cells.len()
        );
        return Err(RowError::new(line, None, None, reason));
    }
    Ok(())
}

struct Header {
    names: Vec<String>,
    columns: Vec<Column>,
    carried: Vec<String>,
}

impl Header {
    fn new(
        cells: &csv::StringRecord,
        synonyms: Synonyms,
        records: &mut Records,
    ) -> Result<Self, ImportError> {
        let mut names: Vec<String> = cells.iter().map(|cell| cell.trim().to_owned()).collect();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        let mut columns: Vec<Column> = Vec::new();
        for name in &names {
            let column = column(name, synonyms);
            // The first of two columns that mean the same is read, the second is reported.
            let is_repeated = matches!(column, Column::Field { .. }) && columns.contains(&column);
            columns.push(if is_repeated { Column::Unknown } else { column });
        }
        if !columns.contains(&Column::Field { path: "id", idx: 0 }) {
            return Err(ImportError::NoIdColumn {
                found: shorten(&names.join(", ")),
            });
        }
        for (name, column) in names.iter().zip(&columns) {
            match column {
                Column::Field { .. } => {}
                Column::Hidden => drop(records.dropped.entry(name.clone()).or_default()),
                Column::Unknown => drop(records.ignored.entry(name.clone()).or_default()),
            }
        }
        let carried = carried(&columns);
        Ok(Self {
            names,
            columns,
            carried,
        })
    }

    fn record(&self, line: u64, cells: &csv::StringRecord, records: &mut Records) -> Record {
        let mut builder = Builder::default();
        for ((column, name), cell) in self.columns.iter().zip(&self.names).zip(cells.iter()) {
            let has_value = !cell.trim().is_empty();
            match column {
                Column::Field { path, idx } if has_value => builder.put(path, *idx, cell, (line, name)),
                Column::Field { path, .. } => builder.place(path, (line, name)),
                Column::Hidden => {
                    *records.dropped.entry(name.clone()).or_default() += u64::from(has_value);
                }
                Column::Unknown => {
                    *records.ignored.entry(name.clone()).or_default() += u64::from(has_value);
                }
            }
        }
        builder.finish(line, &self.carried)
    }
}

/// The top-level keys that a header carries.
fn carried(columns: &[Column]) -> Vec<String> {
    let mut carried: Vec<String> = Vec::new();
    for column in columns {
        if let Column::Field { path, .. } = column {
            let key = match path.split(['#', '.']).next().unwrap_or(path) {
                "@familyName" | "@givenName" => "name",
                "@familyKana" | "@givenKana" => "nameKana",
                "@interest" => "interests",
                key => key,
            };
            carried.push(key.to_owned());
        }
    }
    carried.sort_unstable();
    carried.dedup();
    carried
}

/// A list of the format and the number of a period in it.
type Period = (&'static str, usize);

type Place<'a> = (u64, &'a String);

/// Collects the cells of one row at their paths.
#[derive(Default)]
struct Builder {
    fields: Map<String, Value>,
    lists: BTreeMap<Period, Map<String, Value>>,
    list_places: Vec<(Period, &'static str, (u64, String))>,
    places: HashMap<String, (u64, String)>,
    names: BTreeMap<&'static str, String>,
    interests: Vec<String>,
}

impl Builder {
    fn put(&mut self, path: &'static str, idx: usize, cell: &str, (line, name): Place<'_>) {
        let place = (line, name.clone());
        if let Some((list, key)) = path.split_once('#') {
            self.lists
                .entry((list, idx))
                .or_default()
                .insert(key.to_owned(), Value::from(cell));
            self.list_places.push(((list, idx), key, place));
            return;
        }
        if let Some(code) = path.strip_prefix("@interest.") {
            // What is neither yes nor no is passed on, so that it is refused with its column.
            match is_yes(cell) {
                Some(true) => self.interests.push(code.to_owned()),
                Some(false) => {}
                None => {
                    self.places
                        .insert(format!("interests[{}]", self.interests.len()), place);
                    self.interests.push(cell.to_owned());
                }
            }
            return;
        }
        if path.starts_with('@') {
            self.names.insert(path, cell.trim().to_owned());
            let whole = if path.ends_with("Kana") {
                "nameKana"
            } else {
                "name"
            };
            self.places.insert(whole.to_owned(), place);
            return;
        }
        self.places.insert(path.to_owned(), place);
        match path.split_once('.') {
            Some((outer, inner)) => {
                let object = self
                    .fields
                    .entry(outer)
                    .or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(object) = object {
                    object.insert(inner.to_owned(), Value::from(cell));
                }
            }
            None => {
                self.fields.insert(path.to_owned(), Value::from(cell));
            }
        }
    }

    /// Remembers where a value stands, or is missing.
    fn place(&mut self, path: &'static str, (line, name): Place<'_>) {
        let path = match path {
            "@familyName" | "@givenName" => "name",
            "@familyKana" | "@givenKana" => "nameKana",
            path => path,
        };
        if !path.contains(['#', '@']) {
            self.places.insert(path.to_owned(), (line, name.clone()));
        }
    }

    fn finish(mut self, line: u64, carried: &[String]) -> Record {
        for (whole, family, given) in [
            ("name", "@familyName", "@givenName"),
            ("nameKana", "@familyKana", "@givenKana"),
        ] {
            let parts: Vec<&str> = [family, given]
                .iter()
                .filter_map(|part| self.names.get(part).map(String::as_str))
                .collect();
            if !parts.is_empty() && !self.fields.contains_key(whole) {
                self.fields.insert(whole.to_owned(), Value::from(parts.join(" ")));
            }
        }
        if carried.iter().any(|key| key == "interests") {
            let value = match self.fields.remove("interests") {
                Some(Value::String(cell)) => {
                    self.interests.push(cell);
                    Value::from(self.interests.join(";"))
                }
                _ => Value::from(self.interests),
            };
            self.fields.insert("interests".to_owned(), value);
        }
        let mut record = Record {
            line,
            fields: self.fields,
            carried: carried.to_vec(),
            places: self.places,
        };
        let mut next_idx: HashMap<&str, usize> = HashMap::new();
        for ((list, written_idx), fields) in self.lists {
            let idx = next_idx.entry(list).or_default();
            for (key_of, key, place) in &self.list_places {
                if *key_of == (list, written_idx) {
                    record
                        .places
                        .insert(format!("{list}[{idx}].{key}"), place.clone());
                }
            }
            let items = record
                .fields
                .entry(list)
                .or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(items) = items {
                items.push(Value::Object(fields));
            }
            *idx += 1;
        }
        record
    }
}

fn is_yes(cell: &str) -> Option<bool> {
    const YES: [&str; 12] = [
        "○",
        "◯",
        "〇",
        "◎",
        "1",
        "はい",
        "有",
        "あり",
        "希望",
        "希望する",
        "yes",
        "true",
    ];
    const NO: [&str; 12] = [
        "×",
        "✕",
        "0",
        "いいえ",
        "無",
        "なし",
        "希望しない",
        "no",
        "false",
        "-",
        "ー",
        "x",
    ];
    let plain = halve(cell).to_lowercase();
    if YES.contains(&plain.as_str()) {
        Some(true)
    } else if NO.contains(&plain.as_str()) {
        Some(false)
    } else {
        None
    }
}

const LISTS: [&str; 2] = ["tenures", "careerAfter"];

/// Adds the periods of a repeated row to the person's first.
fn add_periods(first: &mut Record, again: Record) -> Result<(), RowError> {
    let id = first.fields.get("id").and_then(Value::as_str).map(str::to_owned);
    let place = again.places.get("id").map(|(_, header)| header.clone());
    let refuse = |reason: String| Err(RowError::new(again.line, place.as_deref(), id.as_deref(), reason));
    for (key, value) in &again.fields {
        if !LISTS.contains(&key.as_str()) && key != "id" && first.fields.get(key).is_some_and(|f| f != value)
        {
            let reason = format!(
                "occurs in line {} too, with another {}",
                first.line,
                again.places.get(key).map_or(key.as_str(), |(_, header)| header)
            );
            return refuse(reason);
        }
    }
    let mut n_added = 0;
    for list in LISTS {
        let Some(Value::Array(items)) = again.fields.get(list) else {
            continue;
        };
        for (idx, item) in items.iter().enumerate() {
            let known = first
                .fields
                .entry(list)
                .or_insert_with(|| Value::Array(Vec::new()));
            let Value::Array(known) = known else { continue };
            if known.contains(item) {
                continue;
            }
            let (from, to) = (format!("{list}[{idx}]."), format!("{list}[{}].", known.len()));
            known.push(item.clone());
            n_added += 1;
            for (path, place) in &again.places {
                if let Some(key) = path.strip_prefix(&from) {
                    first.places.insert(format!("{to}{key}"), place.clone());
                }
            }
        }
    }
    if n_added == 0 {
        return refuse(format!(
            "occurs in line {} too, with the same periods",
            first.line
        ));
    }
    for (key, value) in again.fields {
        first.fields.entry(key).or_insert(value);
    }
    Ok(())
}
