//! A company's own words: CSV with a word and, if known, its reading in katakana.
//!
//! - A header is optional; without one the first column is the word.
//! - A list stands for the whole of a company's words, so one bad line refuses all of it.

use std::collections::HashMap;

use okaeri_engine::text::{UserWord, normalize};
use unicode_normalization::UnicodeNormalization;

use super::csv_rows::delimiter;
use super::limits::{FILE_BYTES_MAX, WORD_CHARS_MAX, WORD_CHARS_MIN, WORD_READING_CHARS_MAX, WORDS_MAX};
use super::record::RowError;
use super::{ImportError, encoding};

const SURFACE: &str = "単語";
const READING: &str = "読み";

/// What a header may call the first column; a company's own word is none of these.
const SURFACE_HEADERS: &[&str] = &[SURFACE, "語", "word", "surface"];

/// A list of words as read.
#[derive(Debug)]
pub struct ParsedWords {
    /// The words, in the order of the file.
    pub words: Vec<UserWord>,
    /// What is wrong; the words count only when this is empty.
    pub errors: Vec<RowError>,
    /// The encoding that was found.
    pub encoding: &'static str,
}

/// Reads a list of words. A list with a header and nothing else is one of no words.
///
/// # Errors
///
/// When the file as a whole cannot be read; a bad line is in [`ParsedWords::errors`].
pub fn parse_words(bytes: &[u8]) -> Result<ParsedWords, ImportError> {
    let n_bytes = bytes.len() as u64;
    if n_bytes > FILE_BYTES_MAX {
        return Err(ImportError::TooLarge { bytes: n_bytes });
    }
    let decoded = encoding::decode(bytes);
    if decoded.text.trim().is_empty() {
        return Err(ImportError::NoWords);
    }
    let delimiter = delimiter(&decoded.text);
    let mut parsed = ParsedWords {
        words: Vec::new(),
        errors: decoded.bad_lines.iter().map(encoding::BadLine::error).collect(),
        encoding: decoded.encoding,
    };
    let mut lines_by_word: HashMap<String, u64> = HashMap::new();
    let mut is_first = true;
    for (line, text) in (1..).zip(decoded.text.lines()) {
        let is_bad = decoded.bad_lines.iter().any(|bad| bad.line == line);
        if is_bad || text.trim().is_empty() {
            continue;
        }
        let is_header = std::mem::take(&mut is_first) && has_header(text, delimiter);
        if is_header {
            continue;
        }
        if parsed.words.len() >= WORDS_MAX {
            let reason = format!("is beyond the maximum of {WORDS_MAX} words");
            parsed.errors.push(RowError::new(line, None, None, reason));
            break;
        }
        match parse_line(line, text, delimiter) {
            Err(error) => parsed.errors.push(error),
            Ok(word) => match lines_by_word.insert(normalize(&word.surface), line) {
                Some(first_line) => {
                    let reason = format!("occurs in line {first_line} too");
                    let error = RowError::new(line, Some(SURFACE), Some(&word.surface), reason);
                    parsed.errors.push(error);
                }
                None => parsed.words.push(word),
            },
        }
    }
    parsed.errors.sort_by_key(|error| error.line);
    Ok(parsed)
}

fn has_header(text: &str, delimiter: u8) -> bool {
    let first = cells(text, delimiter).into_iter().next().unwrap_or_default();
    SURFACE_HEADERS.contains(&first.to_lowercase().as_str())
}

fn cells(text: &str, delimiter: u8) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let row = reader.records().next().and_then(Result::ok).unwrap_or_default();
    row.iter().map(|cell| cell.trim().to_owned()).collect()
}

fn parse_line(line: u64, text: &str, delimiter: u8) -> Result<UserWord, RowError> {
    if text.matches('"').count() % 2 == 1 {
        let reason = "a quotation mark is not closed in this line";
        return Err(RowError::new(line, None, Some(text), reason));
    }
    let mut cells = cells(text, delimiter).into_iter();
    let surface = cells.next().unwrap_or_default();
    let reading = cells.next().unwrap_or_default();
    if let Some(extra) = cells.find(|cell| !cell.is_empty()) {
        let reason = "is a third value; a line has a word and its reading";
        return Err(RowError::new(line, None, Some(&extra), reason));
    }
    check_surface(&surface).map_err(|reason| RowError::new(line, Some(SURFACE), Some(&surface), reason))?;
    // Half-width katakana is katakana, too.
    let reading: String = reading.nfkc().collect();
    check_reading(&reading).map_err(|reason| RowError::new(line, Some(READING), Some(&reading), reason))?;
    Ok(UserWord {
        surface,
        reading: Some(reading).filter(|reading| !reading.is_empty()),
    })
}

fn check_surface(surface: &str) -> Result<(), String> {
    if surface.is_empty() {
        return Err("is missing".to_owned());
    }
    if surface.contains(char::is_control) {
        return Err("contains a control character".to_owned());
    }
    // Counted as the analysis sees it: ㈱ is three characters there.
    let n_chars = normalize(surface).chars().count();
    if n_chars > WORD_CHARS_MAX {
        return Err(format!(
            "has {n_chars} characters, which exceeds the maximum of {WORD_CHARS_MAX}"
        ));
    }
    if n_chars < WORD_CHARS_MIN {
        return Err("is a single character, which would be cut out of other words everywhere".to_owned());
    }
    Ok(())
}

fn check_reading(reading: &str) -> Result<(), String> {
    let is_katakana = |c: char| matches!(c, 'ァ'..='ヺ' | 'ー');
    if !reading.chars().all(is_katakana) {
        return Err("is not katakana; write the reading in katakana only, or leave it out".to_owned());
    }
    let n_chars = reading.chars().count();
    if n_chars > WORD_READING_CHARS_MAX {
        return Err(format!(
            "has {n_chars} characters, which exceeds the maximum of {WORD_READING_CHARS_MAX}"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use encoding_rs::SHIFT_JIS;

    use super::*;

    fn words(text: &str) -> Vec<(String, Option<String>)> {
        let parsed = parse_words(text.as_bytes()).unwrap();
        assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
        let pair = |word: UserWord| (word.surface, word.reading);
        parsed.words.into_iter().map(pair).collect()
    }

    #[test]
    fn a_list_is_read_with_and_without_header_reading_and_byte_order_mark() {
        let read = [
            ("青葉便".to_owned(), Some("アオバビン".to_owned())),
            ("倉庫番長".to_owned(), None),
        ];
        for text in [
            "青葉便,アオバビン\n倉庫番長\n",
            "単語,読み\r\n青葉便,ｱｵﾊﾞﾋﾞﾝ\r\n\r\n倉庫番長,\r\n",
            "\u{feff}単語\t読み\n\"青葉便\"\tアオバビン\n倉庫番長\t",
        ] {
            assert_eq!(words(text), read);
        }
        let (cp932, _, _) = SHIFT_JIS.encode("単語,読み\n青葉便,アオバビン\n");
        let parsed = parse_words(&cp932).unwrap();
        assert_eq!((parsed.words.len(), parsed.encoding), (1, "Shift_JIS"));
        assert!(words("単語,読み\n").is_empty());
        assert!(parse_words(b"\n").is_err());
    }

    #[test]
    fn every_refusal_names_line_column_value_and_reason() {
        let long = "倉".repeat(65);
        for (row, column, value, reason) in [
            (",アオバ", "単語", "", "is missing"),
            ("の", "単語", "の", "single character"),
            (long.as_str(), "単語", "倉", "maximum of 64"),
            ("倉庫\u{7}番", "単語", "倉庫", "control"),
            ("倉庫番長,そうこ", "読み", "そうこ", "katakana"),
            ("倉庫番長,ソウコ,x", "", "x", "third value"),
            ("\"倉庫番長", "", "倉庫番長", "not closed"),
            ("青葉便", "単語", "青葉便", "line 1 too"),
        ] {
            let parsed = parse_words(format!("青葉便,\n{row}\n").as_bytes()).unwrap();
            assert_eq!(parsed.errors.len(), 1, "{row}");
            let error = &parsed.errors[0];
            assert_eq!(error.line, 2, "{row}");
            assert_eq!(error.column.as_deref().unwrap_or_default(), column, "{row}");
            assert!(
                error.value.as_deref().unwrap_or_default().contains(value),
                "{error}"
            );
            assert!(error.reason.contains(reason), "{error}");
        }
    }

    #[test]
    fn ten_thousand_words_are_read_and_one_more_is_refused() {
        let list = |n: usize| -> String { (0..n).map(|idx| format!("倉庫{idx}\n")).collect() };
        assert_eq!(words(&list(10_000)).len(), 10_000);
        let parsed = parse_words(list(10_001).as_bytes()).unwrap();
        assert_eq!(parsed.errors.len(), 1);
        assert_eq!(parsed.errors[0].line, 10_001);
    }
}
