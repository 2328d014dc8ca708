//! Names, for the directory alone: as written in whichever kanji, as read in either kana, in Latin letters; the family
//! name and the given name in either order.
//!
//! - Ranking never names this module, and nothing that proposes candidates reads what is indexed here.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::romaji::Romaji;
use crate::domain::PersonName;
use crate::text::normalize;

/// Fewest characters of a name's beginning that find it.
const PREFIX_CHARS_MIN: usize = 2;

/// Fewest letters of a name's beginning that find it: three are an abbreviation of something else more often.
const PREFIX_LETTERS_MIN: usize = 4;

/// Longest beginning that is a term of its own; the whole is one in any case.
const PREFIX_CHARS_MAX: usize = 12;

/// Stands before letters without the length of vowels, and before those with it. No name has them.
const SHORT_MARK: char = '~';
const LONG_MARK: char = '=';

/// What a name counts: more than a word of the profile, chosen by hand.
const NAME_SCORE: f32 = 20.0;

/// What a name of up to three letters counts, less than any word: SEO is also 瀬尾, and AI 愛.
const FEW_LETTERS_SCORE: f32 = 0.1;

/// What the length of vowels adds where it was typed: who types Ohno wants 大野 before 小野.
const LENGTH_SCORE: f32 = 5.0;

/// Kanji that occur in names in two forms, beyond those that all texts have: variant and form in general use, pair by
/// pair.
const KANJI: &str = "斉斎𠮷吉𡈽土𣘺橋槗橋嶌島淵渕籠篭藪薮檜桧蘆芦礒磯緖緒增増彥彦產産聰聡昻昂凉涼嶽岳黑黒步歩每毎煕熙亙亘\
遙遥栢柏龝秋竈釜瀨瀬薗園舩船鉃鉄濤涛穎頴禰祢邇迩壺壷檮梼礪砺蠣蛎諌諫靭靱鰺鯵鶯鴬鷗鴎卽即蔣蒋條条頰頬祁祁櫛櫛曻昇喆哲啓啓\
冨富峯峰舘館埜野桒桑栁柳㟢崎碕崎塚塚渡渡之ノ";

static MODERN: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let chars: Vec<char> = KANJI.chars().collect();
    chars.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
});

/// The terms under which a person is found.
pub(crate) fn name_terms(name: &PersonName) -> Vec<String> {
    let mut terms = Vec::new();
    for written in [Some(&name.kanji), name.kana.as_ref()].into_iter().flatten() {
        let parts: Vec<String> = parts(written)
            .map(name_key)
            .filter(|part| !part.is_empty())
            .collect();
        let whole: String = parts.concat();
        terms.extend(beginnings(&whole, PREFIX_CHARS_MIN));
        let turned: String = parts.iter().rev().map(String::as_str).collect();
        for text in parts.iter().chain([&whole, &turned]) {
            if let Some(letters) = Romaji::read(text) {
                terms.push(format!("{SHORT_MARK}{}", letters.short));
                terms.push(format!("{LONG_MARK}{}", letters.long));
            }
        }
        if let Some(letters) = Romaji::read(&whole) {
            let beginnings = beginnings(&letters.short, PREFIX_LETTERS_MIN);
            terms.extend(beginnings.map(|beginning| format!("{SHORT_MARK}{beginning}")));
        }
        terms.extend(parts);
        terms.extend([whole.clone(), turned]);
    }
    terms.retain(|term| !term.is_empty());
    terms.sort();
    terms.dedup();
    terms
}

/// The terms that find whoever has this name, with what each counts.
pub(crate) fn wanted_terms(typed: &str) -> Vec<(String, f32)> {
    let key = name_key(typed);
    if key.is_empty() {
        return Vec::new();
    }
    let mut wanted = vec![(key, NAME_SCORE)];
    if let Some(letters) = Romaji::typed(typed.trim()) {
        let score = if letters.short.len() < PREFIX_LETTERS_MIN {
            FEW_LETTERS_SCORE
        } else {
            NAME_SCORE
        };
        if letters.long.contains(':') {
            wanted.push((format!("{LONG_MARK}{}", letters.long), LENGTH_SCORE));
        }
        wanted.push((format!("{SHORT_MARK}{}", letters.short), score));
    }
    wanted
}

/// A name as written or as read, with the terms under which each part of it is found.
pub(super) struct Written<'a> {
    name: &'a str,
    /// With their bytes, in order.
    parts: Vec<(Range<usize>, Vec<String>)>,
    whole: Vec<String>,
}

impl<'a> Written<'a> {
    pub(super) fn new(name: &'a str) -> Self {
        let mut start = 0;
        let parts = parts(name).map(|part| {
            let range = start..start + part.len();
            start = range.end + name[range.end..].chars().next().map_or(0, char::len_utf8);
            (range, terms_of(part))
        });
        Self {
            parts: parts.collect(),
            whole: terms_of(name),
            name,
        }
    }

    /// The parts that whoever looks for these terms looks for, in bytes; all of the name where they mean the whole.
    ///
    /// - `wanted`: [`wanted_terms`] of what was typed
    pub(super) fn found(&self, wanted: &[(String, f32)]) -> Vec<Range<usize>> {
        let is_wanted = |terms: &[String]| wanted.iter().any(|(term, _)| terms.contains(term));
        let parts = self.parts.iter().filter(|(_, terms)| is_wanted(terms));
        let found: Vec<Range<usize>> = parts.map(|(range, _)| range.clone()).collect();
        if found.is_empty() && is_wanted(&self.whole) {
            return std::iter::once(0..self.name.len()).collect();
        }
        found
    }
}

fn terms_of(written: &str) -> Vec<String> {
    name_terms(&PersonName {
        kanji: written.to_owned(),
        kana: None,
    })
}

/// The parts of a name as written, in their order.
fn parts(written: &str) -> impl DoubleEndedIterator<Item = &str> {
    written.split([' ', '\u{3000}', '・', ','])
}

/// The spelling under which names are compared: normalised, in hiragana, in one form of each kanji, without 々 and
/// spaces.
#[must_use]
pub fn name_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in normalize(text)
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, 'ー' | '々'))
    {
        let c = MODERN.get(&c).copied().unwrap_or(c);
        match (c, key.chars().next_back()) {
            ('々', Some(last)) => key.push(last),
            ('ヶ' | 'ヵ', _) => key.push(if c == 'ヶ' { 'け' } else { 'か' }),
            ('ァ'..='ヴ', _) => key.extend(char::from_u32(u32::from(c) - 0x60)),
            _ => key.push(c),
        }
    }
    key
}

fn beginnings(text: &str, chars_min: usize) -> impl Iterator<Item = String> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.skip(chars_min - 1)
        .take(PREFIX_CHARS_MAX + 1 - chars_min)
        .map(|end| text[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_found(kanji: &str, kana: &str, query: &str) -> bool {
        let name = PersonName {
            kanji: kanji.to_owned(),
            kana: (!kana.is_empty()).then(|| kana.to_owned()),
        };
        let terms = name_terms(&name);
        wanted_terms(query).iter().any(|(term, _)| terms.contains(term))
    }

    #[test]
    fn every_way_to_write_a_name_finds_the_same_person() {
        for (kanji, kana, queries) in [
            (
                "齊藤　花子",
                "サイトウ ハナコ",
                &[
                    "斎藤",
                    "齋藤",
                    "斉藤",
                    "齊藤",
                    "花子",
                    "斎藤花子",
                    "花子斎藤",
                    "さいとう",
                    "サイトウ",
                    "ｻｲﾄｳ",
                    "はなこ",
                    "さい",
                    "saito",
                    "saitoh",
                    "SAITŌ",
                    "hanako",
                    "saitohanako",
                    "HanakoSaito",
                    "sait",
                ][..],
            ),
            (
                "髙橋 真一",
                "タカハシ シンイチ",
                &["高橋", "髙橋", "takahashi", "takahasi", "shin'ichi", "sinichi"],
            ),
            (
                "渡邉 愛",
                "ワタナベ アイ",
                &["渡辺", "渡邊", "渡邉", "watanabe", "ai"],
            ),
            (
                "大野 譲二",
                "オオノ ジョウジ",
                &["ohno", "ono", "ōno", "oono", "joji", "jouji", "zyozi"],
            ),
            (
                "田中 一",
                "タナカ ハジメ",
                &["たなか", "タナカ", "ﾀﾅｶ", "tanaka", "Tanaka"],
            ),
            ("佐々木 之", "ササキ ユキ", &["佐佐木", "佐々木", "sasaki"]),
            ("𠮷田 薫", "ヨシダ カオル", &["吉田", "yoshida", "yosida"]),
            ("山﨑 健", "ヤマザキ ケン", &["山崎", "yamazaki"]),
            ("一ノ瀬 健", "イチノセ ケン", &["一之瀬", "一の瀬", "ichinose"]),
            ("John Smith", "", &["john", "Smith", "SmithJohn"]),
        ] {
            for query in queries {
                assert!(is_found(kanji, kana, query), "{query} must find {kanji}");
            }
        }
    }

    #[test]
    fn parts_of_two_names_are_no_name() {
        for query in ["藤花", "tou", "ana", "t", "花", "tohana", "", "、"] {
            assert!(!is_found("齊藤　花子", "サイトウ ハナコ", query), "{query}");
        }
    }

    #[test]
    fn no_form_in_general_use_is_itself_a_variant() {
        assert_eq!(KANJI.chars().count() % 2, 0);
        for (variant, modern) in MODERN.iter() {
            assert!(
                variant == modern || !MODERN.contains_key(modern),
                "{variant} {modern}"
            );
        }
    }
}
