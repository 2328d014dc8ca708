//! The pass over a document's text before it is parsed.
//!
//! The parser is recursive: 2,000 nested brackets overflow its stack and end the process. This pass is a loop, and it
//! lets through nothing whose nesting or size the parser cannot bear. It agrees with the parser on where strings and
//! comments end; where a text is unclear it refuses.

use async_graphql::Pos;

use crate::config::Limits;
use crate::http::error::{ErrorCode, Refusal};

/// Refuses documents that are too deep, too long, or cannot be GraphQL.
pub(crate) fn check(text: &str, limits: &Limits) -> Result<(), Refusal> {
    if let Some(at) = text.find('\0') {
        return Err(syntax(text, at, "the document contains a NUL character"));
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut n_tokens = 0_usize;
    let mut depth = 0_usize;
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => {
                at += 1;
                continue;
            }
            0xEF if bytes[at..].starts_with("\u{feff}".as_bytes()) => {
                at += 3;
                continue;
            }
            b'#' => {
                at += line_length(&bytes[at..]);
                continue;
            }
            b'(' | b'[' | b'{' => {
                depth += 1;
                if depth > limits.document_nesting {
                    return Err(Refusal {
                        locations: vec![position(text, start)],
                        ..Refusal::limit("bracket depth", depth, limits.document_nesting)
                    });
                }
                at += 1;
            }
            b')' | b']' | b'}' => {
                depth = depth
                    .checked_sub(1)
                    .ok_or_else(|| syntax(text, start, "a bracket closes that was never opened"))?;
                at += 1;
            }
            b'!' | b'$' | b'&' | b':' | b'=' | b'@' | b'|' => at += 1,
            b'.' if bytes[at..].starts_with(b"...") => at += 3,
            b'"' if bytes[at..].starts_with(b"\"\"\"") => {
                at += block_string_length(&bytes[at..])
                    .ok_or_else(|| syntax(text, start, "a block string does not end"))?;
            }
            b'"' => {
                at += string_length(&bytes[at..])
                    .ok_or_else(|| syntax(text, start, "a string does not end on its line"))?;
                if has_nul_escape(&text[start..at]) {
                    return Err(syntax(text, start, "a string contains a NUL character"));
                }
            }
            b'_' | b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' => {
                at += 1;
                while at < bytes.len() && is_word(bytes, at) {
                    at += 1;
                }
            }
            _ => return Err(syntax(text, start, "a character that has no meaning here")),
        }
        n_tokens += 1;
        if n_tokens > limits.document_tokens {
            return Err(Refusal {
                locations: vec![position(text, start)],
                ..Refusal::limit("number of tokens", n_tokens, limits.document_tokens)
            });
        }
    }
    if depth > 0 {
        return Err(syntax(
            text,
            text.len(),
            "a bracket was opened that is never closed",
        ));
    }
    Ok(())
}

/// Names and numbers; a point or a sign belongs to a number.
fn is_word(bytes: &[u8], at: usize) -> bool {
    match bytes[at] {
        b'_' | b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => true,
        b'.' => bytes.get(at + 1).is_some_and(u8::is_ascii_digit),
        b'+' | b'-' => matches!(bytes[at - 1], b'e' | b'E'),
        _ => false,
    }
}

fn line_length(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .position(|byte| matches!(byte, b'\n' | b'\r'))
        .unwrap_or(bytes.len())
}

/// The length with both quotes; `None` when a line ends first.
fn string_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            b'\n' | b'\r' => return None,
            _ => at += 1,
        }
    }
}

/// The length with all quotes. Only `\"""` is an escape here; any other backslash is a character.
fn block_string_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 3;
    while at < bytes.len() {
        if bytes[at..].starts_with(b"\\\"\"\"") {
            at += 4;
        } else if bytes[at..].starts_with(b"\"\"\"") {
            return Some(at + 3);
        } else {
            at += 1;
        }
    }
    None
}

/// Whether `\u0000` stands in a string and means NUL.
fn has_nul_escape(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        if rest[at + 1..].starts_with("u0000") {
            return true;
        }
        let escaped = rest[at + 1..].chars().next().map_or(0, char::len_utf8);
        rest = &rest[at + 1 + escaped..];
    }
    false
}

fn syntax(text: &str, at: usize, what: &str) -> Refusal {
    let position = position(text, at);
    Refusal::at(
        ErrorCode::ParseFailed,
        format!("{what} (line {}, column {})", position.line, position.column),
        position,
    )
}

fn position(text: &str, at: usize) -> Pos {
    let before = text.get(..at).unwrap_or(text);
    Pos {
        line: before.matches('\n').count() + 1,
        column: before.rsplit('\n').next().unwrap_or_default().chars().count() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<ErrorCode> {
        check(text, &Limits::default()).err().map(|refusal| refusal.code)
    }

    #[test]
    fn two_thousand_brackets_are_refused_wherever_they_stand() {
        for open in ["[", "{a:", "(", "{"] {
            let text = format!(
                "query($x: [Int] = {}) {{ a(x: {}",
                open.repeat(2_000),
                open.repeat(2_000)
            );
            assert_eq!(code(&text), Some(ErrorCode::LimitExceeded), "{open}");
        }
    }

    #[test]
    fn fifty_levels_pass_and_fifty_one_do_not() {
        let nested = |n: usize| format!("{}a{}", "{".repeat(n), "}".repeat(n));
        assert_eq!(code(&nested(50)), None);
        let refusal = check(&nested(51), &Limits::default()).unwrap_err();
        assert_eq!(refusal.message, "bracket depth 51 exceeds the maximum of 50");
    }

    #[test]
    fn brackets_in_strings_and_comments_are_not_counted() {
        let many = "[".repeat(200);
        assert_eq!(code(&format!("{{ a(x: \"{many}\") # {many}\n }}")), None);
        assert_eq!(
            code(&format!("{{ a(x: \"\"\"{many} \\\"\"\" {many}\"\"\") }}")),
            None
        );
        assert_eq!(code("{ a(x: \"\\\\\") b(y: \"\\\"[\") }"), None);
        assert_eq!(code("{ a(x: \"\", y: \"\"\"\"\"\") }"), None);
    }

    #[test]
    fn a_string_that_hides_brackets_from_only_one_reader_is_refused() {
        let many = "[".repeat(200);
        for text in [
            format!("{{ a(x: \"\"\" {many}) }}"),
            format!("{{ a(x: \"\n{many}\") }}"),
            format!("{{ a(x: \"\\\"{many}) }}"),
        ] {
            assert_eq!(code(&text), Some(ErrorCode::ParseFailed), "{text}");
        }
        // A carriage return ends a comment, and so do not the line separators of Unicode.
        assert_eq!(
            code(&format!("{{ a # \r {many} }}")),
            Some(ErrorCode::LimitExceeded)
        );
        assert_eq!(code(&format!("{{ a # \u{2028} {many} \n }}")), None);
    }

    #[test]
    fn two_thousand_tokens_pass_and_one_more_does_not() {
        let fields = |n: usize| format!("{{ {} }}", "a ".repeat(n));
        assert_eq!(code(&fields(1_998)), None);
        assert_eq!(code(&fields(1_999)), Some(ErrorCode::LimitExceeded));
    }

    #[test]
    fn nul_is_refused_as_a_character_and_as_an_escape() {
        assert_eq!(code("{ a # \0\n }"), Some(ErrorCode::ParseFailed));
        assert_eq!(code("{ a(x: \"\\u0000\") }"), Some(ErrorCode::ParseFailed));
        assert_eq!(code("{ a(x: \"\\\\u0000\") }"), None);
    }

    #[test]
    fn japanese_text_stands_in_strings_and_comments_only() {
        assert_eq!(
            code("{ alumni(query: \"法人営業 🏃\") # 検索\n { nodes { id } } }"),
            None
        );
        assert_eq!(code("{ 名前 }"), Some(ErrorCode::ParseFailed));
    }
}
