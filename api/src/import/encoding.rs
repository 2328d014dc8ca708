//! Bytes into text: UTF-8 with or without a byte order mark, UTF-16 with one, and Shift_JIS as Windows writes it.
//!
//! - It never guesses between encodings of single characters: a file is one encoding, or UTF-8 with bad lines.
//! - A bad line is kept in place, so that line numbers stay true, and is refused by its number.

use encoding_rs::{SHIFT_JIS, UTF_16BE, UTF_16LE};

use super::record::RowError;

/// A decoded file.
pub(crate) struct Decoded {
    pub(crate) text: String,
    /// For the report.
    pub(crate) encoding: &'static str,
    /// Lines, from 1, that are not valid in the encoding, each with the first wrong byte and its place.
    pub(crate) bad_lines: Vec<BadLine>,
}

/// A line with bytes that are no text.
pub(crate) struct BadLine {
    pub(crate) line: u64,
    /// Bytes before the wrong one, counted in its line, plus one.
    pub(crate) byte_column: usize,
    pub(crate) byte: u8,
}

impl BadLine {
    pub(crate) fn error(&self) -> RowError {
        let column = self.byte_column.to_string();
        let value = format!("0x{:02X}", self.byte);
        let reason = "is a byte that is neither UTF-8 nor Shift_JIS; save the file in one of the two";
        RowError::new(self.line, Some(&column), Some(&value), reason)
    }
}

/// Decodes a file. Never fails: what is no text is listed in [`Decoded::bad_lines`].
pub(crate) fn decode(bytes: &[u8]) -> Decoded {
    if let Some(rest) = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
        return utf8_with_bad_lines(rest, "UTF-8 with a byte order mark");
    }
    for (mark, encoding, name) in [
        ([0xFF, 0xFE], UTF_16LE, "UTF-16LE"),
        ([0xFE, 0xFF], UTF_16BE, "UTF-16BE"),
    ] {
        if let Some(rest) = bytes.strip_prefix(&mark) {
            let (text, _) = encoding.decode_without_bom_handling(rest);
            return Decoded {
                text: text.into_owned(),
                encoding: name,
                bad_lines: Vec::new(),
            };
        }
    }
    if std::str::from_utf8(bytes).is_err() && !has_utf8_line(bytes) {
        let (text, had_errors) = SHIFT_JIS.decode_without_bom_handling(bytes);
        if !had_errors {
            return Decoded {
                text: text.into_owned(),
                encoding: "Shift_JIS",
                bad_lines: Vec::new(),
            };
        }
    }
    utf8_with_bad_lines(bytes, "UTF-8")
}

/// Whether any line is UTF-8 with a character beyond ASCII. Japanese in Shift_JIS never is: its lead bytes are
/// continuation bytes or bytes that UTF-8 does not have.
fn has_utf8_line(bytes: &[u8]) -> bool {
    bytes
        .split(|byte| *byte == b'\n')
        .any(|line| !line.is_ascii() && std::str::from_utf8(line).is_ok())
}

fn utf8_with_bad_lines(bytes: &[u8], encoding: &'static str) -> Decoded {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded {
            text: text.to_owned(),
            encoding,
            bad_lines: Vec::new(),
        };
    }
    let mut bad_lines = Vec::new();
    for (line_idx, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if let Err(error) = std::str::from_utf8(line) {
            let at = error.valid_up_to();
            bad_lines.push(BadLine {
                line: line_idx as u64 + 1,
                byte_column: at + 1,
                byte: line[at],
            });
        }
    }
    Decoded {
        text: String::from_utf8_lossy(bytes).into_owned(),
        encoding,
        bad_lines,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "社員番号,氏名\na001,髙橋 花子～①\n";

    #[test]
    fn the_four_encodings_of_office_software_give_the_same_text() {
        let utf16 = |to_bytes: fn(u16) -> [u8; 2], mark: [u8; 2]| -> Vec<u8> {
            mark.into_iter()
                .chain(TEXT.encode_utf16().flat_map(to_bytes))
                .collect()
        };
        let (cp932, _, had_errors) = SHIFT_JIS.encode(TEXT);
        assert!(!had_errors);
        let with_mark = [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat();
        for (bytes, encoding) in [
            (TEXT.as_bytes().to_vec(), "UTF-8"),
            (with_mark, "UTF-8 with a byte order mark"),
            (utf16(u16::to_le_bytes, [0xFF, 0xFE]), "UTF-16LE"),
            (utf16(u16::to_be_bytes, [0xFE, 0xFF]), "UTF-16BE"),
            (cp932.into_owned(), "Shift_JIS"),
        ] {
            let decoded = decode(&bytes);
            assert_eq!((decoded.text.as_str(), decoded.encoding), (TEXT, encoding));
            assert!(decoded.bad_lines.is_empty());
        }
    }

    #[test]
    fn one_bad_line_in_utf8_does_not_make_the_file_shift_jis() {
        let decoded = decode(b"\xE6\x9D\xB1\nab\xFFc\n");
        assert_eq!(decoded.encoding, "UTF-8");
        let bad = &decoded.bad_lines[0];
        assert_eq!((bad.line, bad.byte_column, bad.byte), (2, 3, 0xFF));
    }
}
