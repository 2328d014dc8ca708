//! Names, for typed search alone.

use crate::domain::PersonName;
use crate::text::normalize;

/// Fewest characters of a name's beginning that find it.
const PREFIX_CHARS_MIN: usize = 2;

/// Longest beginning that is a term of its own; the whole is one in any case.
const PREFIX_CHARS_MAX: usize = 12;

/// The terms under which a person is found: the parts of the name, all of it, and its beginnings; as written and as
/// read.
pub(super) fn name_terms(name: &PersonName) -> Vec<String> {
    let mut terms = Vec::new();
    for written in [Some(&name.kanji), name.kana.as_ref()].into_iter().flatten() {
        let parts: Vec<String> = written
            .split([' ', '\u{3000}', '・'])
            .map(name_key)
            .filter(|part| !part.is_empty())
            .collect();
        let whole: String = parts.concat();
        let ends = whole.char_indices().map(|(at, c)| at + c.len_utf8());
        terms.extend(
            ends.skip(PREFIX_CHARS_MIN - 1)
                .take(PREFIX_CHARS_MAX + 1 - PREFIX_CHARS_MIN)
                .map(|end| whole[..end].to_owned()),
        );
        terms.extend(parts);
        terms.push(whole);
    }
    terms.retain(|term| !term.is_empty());
    terms.sort();
    terms.dedup();
    terms
}

/// The spelling under which names are compared: normalised, in hiragana, 斉 as 斎.
pub(super) fn name_key(text: &str) -> String {
    let key = |c: char| match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        '斉' => '斎',
        c => c,
    };
    normalize(text)
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == 'ー')
        .map(key)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_kanji_and_readings_find_the_same_person() {
        let name = PersonName {
            kanji: "齊藤　花子".to_owned(),
            kana: Some("サイトウ ハナコ".to_owned()),
        };
        let terms = name_terms(&name);
        for query in [
            "斎藤",
            "齋藤",
            "斉藤",
            "花子",
            "斎藤花子",
            "さいとう",
            "サイトウ",
            "ｻｲﾄｳ",
            "はなこ",
            "さい",
        ] {
            assert!(terms.contains(&name_key(query)), "{query}");
        }
        assert!(!terms.contains(&name_key("藤花")));
    }
}
