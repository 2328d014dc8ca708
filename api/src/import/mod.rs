//! Files of former employees and opportunities, as HR systems write them, into the database.
//!
//! - Parsing is pure: bytes in, rows and errors out. The good rows of a file do not depend on the bad ones.
//! - What ranking must not see is dropped before anything reads it, and counted ([`Parsed::dropped`]).
//! - It never makes up a value that the file lacks, and never gives a consent that the person has withdrawn.
//!
//! The format of JSON Lines and the headers of CSV are described in the README.

mod alumni;
mod apply;
mod columns;
mod csv_rows;
mod dates;
mod encoding;
mod hidden;
mod jsonl;
pub mod limits;
mod opportunities;
mod record;
mod words;

use std::collections::{BTreeMap, HashMap};

use okaeri_engine::domain::YearMonth;
use sha2::{Digest, Sha256};

pub use alumni::AlumnusRow;
pub use apply::{
    BATCH_ROWS, CONSENT_TEXT_VERSION, ImportReport, Options, Progress, RowFinding, apply_alumni,
    apply_opportunities,
};
pub use opportunities::OpportunityRow;
pub use record::RowError;
pub use words::{ParsedWords, parse_words};

use record::Record;

/// Reads a month as HR systems and people write it: Western or 和暦, full width or not, with or without a day.
///
/// # Errors
///
/// What is wrong with it, in words that follow "2011/13 ".
pub fn read_month(text: &str) -> Result<YearMonth, String> {
    dates::parse(text).map(|day| day.month)
}

/// A file as read.
#[derive(Debug)]
pub struct Parsed<T> {
    /// The good rows, in the order of the file.
    pub rows: Vec<T>,
    /// What is wrong with the others, in the order of the file, at most [`limits::ERRORS_MAX`].
    pub errors: Vec<RowError>,
    /// Errors beyond those listed.
    pub n_errors_unlisted: u64,
    /// Rows that are refused.
    pub n_failed: u64,
    /// Columns that ranking must not see, with the number of rows that had a value there; nothing of them is kept.
    pub dropped: BTreeMap<String, u64>,
    /// Columns that are not part of the format, counted alike.
    pub ignored: BTreeMap<String, u64>,
    /// The encoding that was found.
    pub encoding: &'static str,
    /// SHA-256 of the file, in hexadecimal.
    pub digest: String,
}

/// Why a file as a whole cannot be imported.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Larger than [`limits::FILE_BYTES_MAX`].
    #[error("the file has {bytes} bytes, which exceeds the maximum of {max}; import it in parts", max = limits::FILE_BYTES_MAX)]
    TooLarge {
        /// Its size.
        bytes: u64,
    },
    /// No row at all.
    #[error("the file is empty; one JSON object a line, or CSV with a header, is expected")]
    Empty,
    /// No word at all, not even a header: rather a wrong file than the wish to have no words.
    #[error(
        "the file is empty; a word a line is expected, and for a company without words the header `単語,読み`"
    )]
    NoWords,
    /// A JSON array.
    #[error("the file is one JSON array; write one object a line (jq -c '.[]' does it)")]
    JsonArray,
    /// The header names no column for the company's own number.
    #[error("the header has no column id or 社員番号 (番号 for opportunities); it has: {found}")]
    NoIdColumn {
        /// The header, shortened.
        found: String,
    },
}

/// Reads a file of former employees, JSON Lines or CSV.
///
/// # Errors
///
/// When the file as a whole cannot be read; a bad row is in [`Parsed::errors`].
pub fn parse_alumni(bytes: &[u8]) -> Result<Parsed<AlumnusRow>, ImportError> {
    let mut parsed = parse(bytes, alumni::KEYS, columns::ALUMNI, alumni::parse)?;
    let mut lines_by_id = HashMap::new();
    let mut lines_by_email = HashMap::new();
    parsed.refuse_repeated("id", &mut lines_by_id, |row| (row.line, Some(&row.external_id)));
    parsed.refuse_repeated("email", &mut lines_by_email, |row| (row.line, row.email.as_ref()));
    Ok(parsed)
}

/// Reads a file of opportunities, JSON Lines or CSV.
///
/// # Errors
///
/// When the file as a whole cannot be read; a bad row is in [`Parsed::errors`].
pub fn parse_opportunities(bytes: &[u8]) -> Result<Parsed<OpportunityRow>, ImportError> {
    let mut parsed = parse(
        bytes,
        opportunities::KEYS,
        columns::OPPORTUNITIES,
        opportunities::parse,
    )?;
    let mut lines_by_id = HashMap::new();
    parsed.refuse_repeated("id", &mut lines_by_id, |row| (row.line, Some(&row.external_id)));
    Ok(parsed)
}

fn parse<T>(
    bytes: &[u8],
    keys: &[&str],
    synonyms: columns::Synonyms,
    parse_record: fn(&Record) -> Result<T, Vec<RowError>>,
) -> Result<Parsed<T>, ImportError> {
    let n_bytes = bytes.len() as u64;
    if n_bytes > limits::FILE_BYTES_MAX {
        return Err(ImportError::TooLarge { bytes: n_bytes });
    }
    let decoded = encoding::decode(bytes);
    let records = match decoded.text.trim_start().chars().next() {
        None => return Err(ImportError::Empty),
        Some('[') => return Err(ImportError::JsonArray),
        Some('{') => jsonl::records(&decoded, keys),
        Some(_) => csv_rows::records(&decoded, synonyms)?,
    };
    let mut parsed = Parsed {
        rows: Vec::new(),
        errors: Vec::new(),
        n_errors_unlisted: 0,
        n_failed: 0,
        dropped: records.dropped,
        ignored: records.ignored,
        encoding: decoded.encoding,
        digest: hexadecimal(&Sha256::digest(bytes)),
    };
    for row in records.rows {
        match row
            .map_err(|error| vec![error])
            .and_then(|record| parse_record(&record))
        {
            Ok(row) => parsed.rows.push(row),
            Err(errors) => parsed.fail(errors),
        }
    }
    Ok(parsed)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl<T> Parsed<T> {
    /// Records one bad row.
    fn fail(&mut self, errors: Vec<RowError>) {
        self.n_failed += 1;
        for error in errors {
            if self.errors.len() < limits::ERRORS_MAX {
                self.errors.push(error);
            } else {
                self.n_errors_unlisted += 1;
            }
        }
    }

    /// Keeps the first of the rows with the same key and refuses the others, naming both lines.
    fn refuse_repeated(
        &mut self,
        column: &str,
        lines: &mut HashMap<String, u64>,
        key: impl Fn(&T) -> (u64, Option<&String>),
    ) {
        let mut kept = Vec::with_capacity(self.rows.len());
        for row in std::mem::take(&mut self.rows) {
            let (line, value) = key(&row);
            let first_line = value.and_then(|value| lines.get(value).copied());
            match (value, first_line) {
                (Some(value), Some(first_line)) => {
                    let reason = format!("occurs in line {first_line} too");
                    self.fail(vec![RowError::new(line, Some(column), Some(value), reason)]);
                }
                (Some(value), None) => {
                    lines.insert(value.clone(), line);
                    kept.push(row);
                }
                (None, _) => kept.push(row),
            }
        }
        self.rows = kept;
        self.errors.sort_by_key(|error| error.line);
    }
}

#[cfg(test)]
mod tests;
