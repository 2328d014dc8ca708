//! Printing: results to standard output, everything else to standard error.
//!
//! - A table's columns line up where a Japanese character takes two cells.

use std::io::Write as _;

use super::failure::CliError;

/// Prints a result.
///
/// # Errors
///
/// When nobody reads it any more, or the disk is full.
pub(crate) fn print(text: &str) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| match error.kind() {
        std::io::ErrorKind::BrokenPipe => CliError::ClosedOutput,
        _ => CliError::Failed(format!("cannot write the result: {error}")),
    })
}

/// Prints a remark; whether anybody reads it does not matter.
pub(crate) fn remark(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Cells that a character takes on a terminal: 2 for East Asian wide and full-width ones and pictures (Unicode
/// Standard Annex 11), 0 for those that combine with the one before.
fn cells(c: char) -> usize {
    match c as u32 {
        0x00..=0x1f | 0x7f | 0x300..=0x36f | 0x200b..=0x200f | 0x3099..=0x309a | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0x33ff
        | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff
        | 0xa000..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f680..=0x1f6ff
        | 0x1f900..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// Cells that a text takes.
fn width(text: &str) -> usize {
    text.chars().map(cells).sum()
}

/// The text in at most `max` cells, on one line.
fn fitted(text: &str, max: usize) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if width(&line) <= max {
        return line;
    }
    let mut kept = String::new();
    let mut n_cells = 0;
    for c in line.chars() {
        n_cells += cells(c);
        if n_cells > max.saturating_sub(1) {
            break;
        }
        kept.push(c);
    }
    kept + "…"
}

/// A column of a table.
pub(crate) struct TableColumn {
    pub(crate) title: &'static str,
    /// Cells that it takes at most.
    pub(crate) cells_max: usize,
    pub(crate) is_number: bool,
}

/// A column of text.
pub(crate) const fn text_column(title: &'static str, cells_max: usize) -> TableColumn {
    TableColumn {
        title,
        cells_max,
        is_number: false,
    }
}

/// A column of numbers, which end below each other.
pub(crate) const fn number_column(title: &'static str) -> TableColumn {
    TableColumn {
        title,
        cells_max: 20,
        is_number: true,
    }
}

/// Lines up rows below their titles.
pub(crate) fn table(columns: &[TableColumn], rows: &[Vec<String>]) -> String {
    let titles: Vec<String> = columns.iter().map(|column| column.title.to_owned()).collect();
    let fitted_rows: Vec<Vec<String>> = std::iter::once(&titles)
        .chain(rows)
        .map(|row| {
            let cells = row.iter().zip(columns);
            cells
                .map(|(text, column)| fitted(text, column.cells_max))
                .collect()
        })
        .collect();
    let widths: Vec<usize> = (0..columns.len())
        .map(|idx| {
            let texts = fitted_rows.iter().filter_map(|row| row.get(idx));
            texts.map(|text| width(text)).max().unwrap_or(0)
        })
        .collect();
    let mut lines = String::new();
    for row in &fitted_rows {
        let mut line = String::new();
        for ((text, column), n_cells) in row.iter().zip(columns).zip(&widths) {
            let padding = " ".repeat(n_cells - width(text));
            let (before, after) = if column.is_number {
                (padding.as_str(), "")
            } else {
                ("", padding.as_str())
            };
            line.push_str(&format!("{before}{text}{after}  "));
        }
        lines.push_str(line.trim_end());
        lines.push('\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_under_japanese_text() {
        let columns = [text_column("name", 8), number_column("score")];
        let rows = [
            vec!["山田 花子".to_owned(), "0.9".to_owned()],
            vec!["Ann\n".to_owned(), "0.85".to_owned()],
        ];
        let printed = table(&columns, &rows);
        let lines: Vec<&str> = printed.lines().collect();
        assert_eq!(lines, ["name      score", "山田 花…    0.9", "Ann        0.85"]);
        assert!(lines.windows(2).all(|pair| width(pair[0]) == width(pair[1])));
    }

    #[test]
    fn wide_narrow_and_combining_characters_take_two_one_and_no_cell() {
        for (text, expected) in [
            ("ア", 2),
            ("ｱ", 1),
            ("a", 1),
            ("が", 2),
            ("か\u{3099}", 2),
            ("🌿", 2),
            ("（", 2),
        ] {
            assert_eq!(width(text), expected, "{text}");
        }
    }
}
