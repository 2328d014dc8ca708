//! Texts cut into clauses and statements, in the spelling of [`super::normal`].

use std::ops::Range;

use super::normal::is_hiragana;
use super::private_english as english;

/// The stretches between marks, each with the mark that ends it; in English also between statements.
pub(super) fn clauses(text: &str) -> Vec<Range<usize>> {
    let mut clauses = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let rest = &text[at..];
        if c == ' ' && english::JOINTS.iter().any(|joint| rest.starts_with(joint)) {
            clauses.push(start..at);
            start = at;
        }
        // A full stop ends a sentence before a space; inside of a word (node.js) it does not.
        let ends_sentence = c == '.' && rest[1..].chars().next().is_none_or(char::is_whitespace);
        if is_mark(c) || ends_sentence {
            clauses.push(start..at + c.len_utf8());
            start = at + c.len_utf8();
        }
    }
    clauses.push(start..text.len());
    clauses.retain(|clause| !clause.is_empty());
    clauses
}

pub(super) fn is_mark(c: char) -> bool {
    matches!(
        c,
        '、' | '。'
            | '!'
            | '?'
            | '\n'
            | '\r'
            | '('
            | ')'
            | '['
            | ']'
            | '「'
            | '」'
            | '『'
            | '』'
            | '【'
            | '】'
            | '・'
            | '/'
            | '|'
            | ';'
            | ','
            | '→'
            | '—'
            | '―'
            | '…'
    )
}

/// What joins two statements within a clause.
const JOINTS: &[&str] = &[
    "ので",
    "だから",
    "ですから",
    "てから",
    "からは",
    "ため",
    "ために",
    "を機に",
    "して",
    "って",
    "んで",
    "きて",
    "ながら",
    "ましたが",
    "ですが",
    "でしたが",
    "ますが",
    "ており",
    "けれど",
    "けど",
    "ものの",
];

/// A clause cut after its joints, where no auxiliary follows: ため退職, but not ための.
pub(super) fn parts(text: &str, clause: &Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = clause.start;
    for (offset, c) in text[clause.clone()].char_indices() {
        let at = clause.start + offset;
        if at == start || is_hiragana(c) || is_mark(c) || !text[..at].ends_with(is_hiragana) {
            continue;
        }
        if JOINTS.iter().any(|joint| text[start..at].ends_with(joint)) {
            parts.push(start..at);
            start = at;
        }
    }
    parts.push(start..clause.end);
    parts
}
