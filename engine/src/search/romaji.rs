//! Names in Latin letters, whichever way they were romanised.
//!
//! - Hepburn, Kunrei and what passports make of them have one spelling here (Shin'ichi, Sinichi; Chiba, Tiba; Homma,
//!   Honma), which nobody ever sees: it is compared, not shown. That is why no crate for conversion helps: they give
//!   one romanisation, and people type another.
//! - Long vowels are given up in the short spelling and kept in the long one (Ohno, Ono, Ōno, Oono).

/// A name in letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Romaji {
    /// Without the length of vowels.
    pub(crate) short: String,
    /// With `:` after a long vowel.
    pub(crate) long: String,
}

impl Romaji {
    /// What is typed in letters; `None` for anything else.
    pub(crate) fn typed(text: &str) -> Option<Self> {
        let mut letters = String::with_capacity(text.len());
        for c in text.chars().flat_map(char::to_lowercase) {
            match c {
                'a'..='z' => letters.push(c),
                'ā' | 'â' => letters.push_str("a:"),
                'ī' | 'î' => letters.push_str("i:"),
                'ū' | 'û' => letters.push_str("u:"),
                'ē' | 'ê' => letters.push_str("e:"),
                'ō' | 'ô' => letters.push_str("o:"),
                '\'' | '\u{2019}' | '\u{2018}' | '`' | '-' | '\u{2010}' | '.' => {}
                _ => return None,
            }
        }
        let has_vowel = letters.contains(['a', 'i', 'u', 'e', 'o']);
        has_vowel.then(|| Self::of(&letters))
    }

    /// A reading in hiragana; `None` where anything else is in it.
    pub(crate) fn read(hiragana: &str) -> Option<Self> {
        let mut letters = String::new();
        let mut is_doubled = false;
        for c in hiragana.chars() {
            if c == 'っ' {
                is_doubled = true;
                continue;
            }
            if c == 'ー' {
                letters.push(':');
                continue;
            }
            if let Some(vowel) = small(c) {
                // しゃ is si with its vowel replaced by ya.
                if letters.ends_with(['a', 'i', 'u', 'e', 'o']) {
                    letters.pop();
                }
                if vowel.len() == 1 && letters.is_empty() {
                    letters.push('w');
                }
                letters.push_str(vowel);
                continue;
            }
            let syllable = syllable(c)?;
            if std::mem::take(&mut is_doubled) {
                letters.extend(syllable.chars().next());
            }
            letters.push_str(syllable);
        }
        (!letters.is_empty()).then(|| Self::of(&letters))
    }

    fn of(letters: &str) -> Self {
        let kunrei = kunrei(letters);
        let long = with_length(&kunrei);
        Self {
            short: long.replace(':', ""),
            long,
        }
    }
}

/// The letters in Kunrei's spelling, the passport's `oh` as `oo`.
fn kunrei(letters: &str) -> String {
    let chars: Vec<char> = letters.chars().collect();
    let at = |idx: usize| chars.get(idx).copied().unwrap_or('\0');
    let is_vowel = |c: char| matches!(c, 'a' | 'i' | 'u' | 'e' | 'o');
    let mut out = String::with_capacity(letters.len() + 4);
    let mut idx = 0;
    while idx < chars.len() {
        let (c, next) = (at(idx), at(idx + 1));
        let after_next = at(idx + 2);
        let (written, n_read): (&str, usize) = match (c, next) {
            ('t', 'c') if after_next == 'h' => ("t", 1),
            ('c', 'c') if after_next == 'h' => ("t", 1),
            ('s', 's') if after_next == 'h' => ("s", 1),
            ('s', 'h') if after_next == 'i' => ("s", 2),
            ('s', 'h') => ("sy", 2),
            ('c', 'h') if after_next == 'i' => ("t", 2),
            ('c', 'h') => ("ty", 2),
            ('t', 's') => ("t", 2),
            ('d', 'z') => ("z", 2),
            ('j', 'i') => ("z", 1),
            ('j', 'j') => ("z", 1),
            ('j', 'y') => ("zy", 2),
            ('j', _) => ("zy", 1),
            ('d', 'i' | 'u') => ("z", 1),
            ('d', 'y') => ("z", 1),
            ('w', 'o') => ("", 1),
            ('f', _) => ("h", 1),
            ('l', _) => ("r", 1),
            ('v', _) => ("b", 1),
            ('c', _) => ("k", 1),
            ('m', 'b' | 'p' | 'm') => ("n", 1),
            ('o', 'h') if !is_vowel(after_next) && after_next != 'y' => ("oo", 2),
            _ => ("", 0),
        };
        if n_read == 0 {
            out.push(c);
            idx += 1;
        } else {
            out.push_str(written);
            idx += n_read;
        }
    }
    out
}

/// Long vowels as the vowel and `:`. A double i is two syllables to whoever writes Iida, and stays.
fn with_length(letters: &str) -> String {
    let mut out: String = String::with_capacity(letters.len());
    for c in letters.chars() {
        let is_lengthening = match (out.chars().next_back(), c) {
            (Some('o'), 'o' | 'u') => true,
            (Some(last @ ('a' | 'u' | 'e')), c) => last == c,
            _ => c == ':',
        };
        if !is_lengthening {
            out.push(c);
        } else if !out.ends_with(':') && !out.is_empty() {
            out.push(':');
        }
    }
    out
}

/// What a small kana makes of the syllable before it.
fn small(c: char) -> Option<&'static str> {
    Some(match c {
        'ゃ' => "ya",
        'ゅ' => "yu",
        'ょ' => "yo",
        'ぁ' => "a",
        'ぃ' => "i",
        'ぅ' => "u",
        'ぇ' => "ye",
        'ぉ' => "o",
        _ => return None,
    })
}

/// The kana of the table below, row by row.
const KANA: &str = "あいうえおかきくけこがぎぐげごさしすせそざじずぜぞたちつてとだぢづでどなにぬねのはひふへほ\
ばびぶべぼぱぴぷぺぽまみむめもやゆよらりるれろわゐゑをんゔ";

const SYLLABLES: [&str; 74] = [
    "a", "i", "u", "e", "o", "ka", "ki", "ku", "ke", "ko", "ga", "gi", "gu", "ge", "go", "sa", "si", "su",
    "se", "so", "za", "zi", "zu", "ze", "zo", "ta", "ti", "tu", "te", "to", "da", "zi", "zu", "de", "do",
    "na", "ni", "nu", "ne", "no", "ha", "hi", "hu", "he", "ho", "ba", "bi", "bu", "be", "bo", "pa", "pi",
    "pu", "pe", "po", "ma", "mi", "mu", "me", "mo", "ya", "yu", "yo", "ra", "ri", "ru", "re", "ro", "wa",
    "i", "e", "o", "n", "bu",
];

fn syllable(c: char) -> Option<&'static str> {
    let place = KANA.chars().position(|kana| kana == c)?;
    SYLLABLES.get(place).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_romanise_a_name_is_one() {
        for (kana, typed) in [
            ("たなか", &["tanaka", "TANAKA", "Tanaka"][..]),
            ("おおの", &["ohno", "ono", "ōno", "oono", "Ôno"]),
            (
                "しんいち",
                &["shinichi", "sin'ichi", "Shin’ichi", "siniti", "Shin-ichi"],
            ),
            ("さとう", &["sato", "satou", "satoh", "Satō"]),
            ("いのうえ", &["inoue"]),
            ("ちば", &["chiba", "tiba"]),
            ("ふじた", &["fujita", "huzita", "hujita"]),
            ("つじ", &["tsuji", "tuzi"]),
            ("ほんま", &["honma", "homma"]),
            ("なんば", &["nanba", "namba"]),
            ("はっとり", &["hattori"]),
            ("はっちょう", &["hatchō", "hacchou", "hattyo"]),
            ("じゅんいちろう", &["jun'ichiro", "junichirou", "zyunitirou"]),
            ("しょうじ", &["shoji", "shouji", "syozi"]),
            ("いいだ", &["iida"]),
            ("ゆうき", &["yuki", "yuuki", "yūki"]),
            ("けいこ", &["keiko"]),
            ("りょうへい", &["ryohei", "ryouhei"]),
            ("まつうら", &["matsuura", "matsura"]),
            ("おはら", &["ohara"]),
            ("じぇーむず", &["jemuzu", "jēmuzu"]),
        ] {
            let read = Romaji::read(kana).unwrap();
            for typed in typed {
                assert_eq!(Romaji::typed(typed).unwrap().short, read.short, "{kana} {typed}");
            }
        }
    }

    #[test]
    fn the_long_spelling_tells_ohno_from_ono() {
        let read = |kana| Romaji::read(kana).unwrap().long;
        let typed = |text| Romaji::typed(text).unwrap().long;
        for ohno in ["ohno", "ōno", "oono"] {
            assert_eq!(typed(ohno), read("おおの"), "{ohno}");
        }
        assert_eq!(typed("ono"), read("おの"));
        assert_ne!(read("おの"), read("おおの"));
    }

    #[test]
    fn what_is_not_in_letters_is_no_romaji() {
        assert_eq!(Romaji::typed("田中"), None);
        assert_eq!(Romaji::typed("12"), None);
        assert_eq!(Romaji::typed(""), None);
        assert_eq!(Romaji::read("田"), None);
        assert_eq!(KANA.chars().count(), SYLLABLES.len());
    }
}
