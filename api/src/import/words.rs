//! A company's own words: CSV with a word, if known its reading in katakana, and if it has one its meaning: what others
//! call it, by any name that the thesaurus of work knows.
//!
//! - A header is optional; without one the columns stand in this order. A header may have the meaning as its second.
//! - A list stands for the whole of a company's words, so one bad line refuses all of it.

use std::collections::HashMap;

use okaeri_engine::text::{UserWord, normalize};
use okaeri_engine::thesaurus::Thesaurus;
use unicode_normalization::UnicodeNormalization;

use super::csv_rows::delimiter;
use super::limits::{FILE_BYTES_MAX, WORD_CHARS_MAX, WORD_CHARS_MIN, WORD_READING_CHARS_MAX, WORDS_MAX};
use super::record::RowError;
use super::{ImportError, encoding};

const SURFACE: &str = "単語";
const READING: &str = "読み";
const MEANING: &str = "意味";

/// What a header may call the first column; a company's own word is none of these.
const SURFACE_HEADERS: &[&str] = &[SURFACE, "語", "word", "surface"];

/// What a header may call the column of meanings.
const MEANING_HEADERS: &[&str] = &[MEANING, "同義語", "means", "synonym_of"];

/// Which cell of a line is which; the first is the word.
#[derive(Clone, Copy)]
struct Columns {
    reading: usize,
    meaning: usize,
}

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
    let mut columns = Columns {
        reading: 1,
        meaning: 2,
    };
    for (line, text) in (1..).zip(decoded.text.lines()) {
        let is_bad = decoded.bad_lines.iter().any(|bad| bad.line == line);
        if is_bad || text.trim().is_empty() {
            continue;
        }
        if std::mem::take(&mut is_first)
            && let Some(named) = header(text, delimiter)
        {
            columns = named;
            continue;
        }
        if parsed.words.len() >= WORDS_MAX {
            let reason = format!("is beyond the maximum of {WORDS_MAX} words");
            parsed.errors.push(RowError::new(line, None, None, reason));
            break;
        }
        match parse_line(line, text, delimiter, columns) {
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

/// The columns of a header; `None` where the line is none.
fn header(text: &str, delimiter: u8) -> Option<Columns> {
    let cells = cells(text, delimiter);
    let is_one_of = |idx: usize, names: &[&str]| {
        let cell = cells.get(idx).map(|cell| cell.to_lowercase());
        cell.is_some_and(|cell| names.contains(&cell.as_str()))
    };
    let (reading, meaning) = if is_one_of(1, MEANING_HEADERS) {
        (2, 1)
    } else {
        (1, 2)
    };
    is_one_of(0, SURFACE_HEADERS).then_some(Columns { reading, meaning })
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

fn parse_line(line: u64, text: &str, delimiter: u8, columns: Columns) -> Result<UserWord, RowError> {
    if text.matches('"').count() % 2 == 1 {
        let reason = "a quotation mark is not closed in this line";
        return Err(RowError::new(line, None, Some(text), reason));
    }
    let cells = cells(text, delimiter);
    let cell = |idx: usize| cells.get(idx).cloned().unwrap_or_default();
    let (surface, reading, meaning) = (cell(0), cell(columns.reading), cell(columns.meaning));
    if let Some(extra) = cells.iter().skip(3).find(|cell| !cell.is_empty()) {
        let reason = "is a fourth value; a line has a word, its reading and its meaning";
        return Err(RowError::new(line, None, Some(extra), reason));
    }
    check_surface(&surface).map_err(|reason| RowError::new(line, Some(SURFACE), Some(&surface), reason))?;
    // Half-width katakana is katakana, too.
    let reading: String = reading.nfkc().collect();
    check_reading(&reading).map_err(|reason| RowError::new(line, Some(READING), Some(&reading), reason))?;
    check_meaning(&meaning).map_err(|reason| RowError::new(line, Some(MEANING), Some(&meaning), reason))?;
    Ok(UserWord {
        surface,
        reading: Some(reading).filter(|reading| !reading.is_empty()),
        meaning: Some(meaning).filter(|meaning| !meaning.is_empty()),
    })
}

fn check_surface(surface: &str) -> Result<(), String> {
    if surface.is_empty() {
        return Err("is missing".to_owned());
    }
    if check_word(surface)? < WORD_CHARS_MIN {
        return Err("is a single character, which would be cut out of other words everywhere".to_owned());
    }
    Ok(())
}

fn check_meaning(meaning: &str) -> Result<(), String> {
    if meaning.is_empty() {
        return Ok(());
    }
    check_word(meaning)?;
    match Thesaurus::bundled().named(meaning) {
        Some(_) => Ok(()),
        None => Err(
            "is no meaning: no concept of the thesaurus is called so, at least not whatever stands beside it"
                .to_owned(),
        ),
    }
}

/// The number of characters of a word that is not too long.
fn check_word(word: &str) -> Result<usize, String> {
    if word.contains(char::is_control) {
        return Err("contains a control character".to_owned());
    }
    // Counted as the analysis sees it: ㈱ is three characters there.
    let n_chars = normalize(word).chars().count();
    if n_chars > WORD_CHARS_MAX {
        return Err(format!(
            "has {n_chars} characters, which exceeds the maximum of {WORD_CHARS_MAX}"
        ));
    }
    Ok(n_chars)
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
    fn a_meaning_is_any_name_of_a_concept_in_the_third_column_or_where_the_header_says() {
        let meanings = |text: &str| -> Vec<Option<String>> {
            let parsed = parse_words(text.as_bytes()).unwrap();
            assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
            let words = parsed.words.into_iter();
            words.map(|word| word.meaning).collect()
        };
        let read = [
            Some("受発注システム"),
            None,
            Some("Ａccounting"),
            Some("需要予測"),
        ];
        let read = read.map(|meaning| meaning.map(str::to_owned));
        let rows =
            "青葉ナビ,アオバナビ,受発注システム\n倉庫番長,,\nAoba Book,,Ａccounting\n青葉予報,,需要予測";
        for header in [
            "",
            "単語,読み,意味\n",
            "word,reading,Means\n",
            "単語,読み,同義語\n",
        ] {
            assert_eq!(meanings(&format!("{header}{rows}")), read);
        }
        assert_eq!(
            meanings("surface,synonym_of\n青葉ナビ,経理\n倉庫番長,\n"),
            [Some("経理".to_owned()), None]
        );
    }

    #[test]
    fn every_refusal_names_line_column_value_and_reason() {
        let long = "倉".repeat(65);
        let meaning = format!("青葉ナビ,,{long}");
        for (row, column, value, reason) in [
            (",アオバ", "単語", "", "is missing"),
            ("の", "単語", "の", "single character"),
            (long.as_str(), "単語", "倉", "maximum of 64"),
            ("倉庫\u{7}番", "単語", "倉庫", "control"),
            ("倉庫番長,そうこ", "読み", "そうこ", "katakana"),
            (
                "青葉ナビ,アオバナビ,何でもない物",
                "意味",
                "何でもない物",
                "no concept of the thesaurus is called so",
            ),
            // DF is 需要予測 only beside 需要, 在庫 or 発注.
            (
                "青葉ナビ,,DF",
                "意味",
                "DF",
                "no concept of the thesaurus is called so",
            ),
            (meaning.as_str(), "意味", "倉", "maximum of 64"),
            ("青葉ナビ,,受発注\u{7}", "意味", "受発注", "control"),
            ("倉庫番長,ソウコ,経理,x", "", "x", "fourth value"),
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
