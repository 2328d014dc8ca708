//! Clauses about a person's own circumstances, which matching must neither index nor quote.
//!
//! Age, sex, family, marriage, children, care, health, religion, nationality, birthplace, union membership, and why
//! somebody left: masked together with the rest of their clause, so that 夫の転勤で退職し and 家族の介護で退職し
//! leave the same words, none.
//!
//! - Work is work: a hospital, a care home, products for women, the design of parental leave stay.
//! - This is a list of phrases read clause by clause, not an understanding of the text. Where it errs it should
//!   err towards masking: a lost clause costs one person a little evidence, a kept one could cost them the job.
//! - Nothing is stored or reported of what was found.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::normal::{Normalized, is_hiragana, is_kanji, is_katakana};
use super::private_phrases::{
    ALWAYS, CONTINUES, GUARDS, INCIDENTAL, LEAVES, NUMBERED, PLACES, REASONS, UNLESS_WORK, WORK,
};

/// How much may stand behind a word that continues a private clause: 退職いたしました, but not 戻ってからは窓口で.
const CONTINUED_CHARS_MAX: usize = 8;

/// How far before 出身 its place is looked for.
const PLACE_CHARS_MAX: usize = 16;

/// What finding a phrase means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// Work that contains the characters of a private phrase: 工夫の is nobody's husband.
    Work,
    /// The clause is private.
    Always,
    /// The clause is private unless it also says what kind of work this is.
    UnlessWork,
    /// Says what kind of work this is.
    Guard,
    /// Only the phrase itself is private: 夫婦で in a clause about a shop.
    Incidental,
    /// Private behind a number: 歳.
    Numbered,
    /// Leaving the company ...
    Leaves,
    /// ... and why. Both in one clause are private.
    Reason,
    /// Private when it follows a private clause: そのため退職し.
    Continues,
    /// 出身, private behind a place.
    Origin,
}

const TABLES: &[(Meaning, &[&str])] = &[
    (Meaning::Work, WORK),
    (Meaning::Always, ALWAYS),
    (Meaning::UnlessWork, UNLESS_WORK),
    (Meaning::Guard, GUARDS),
    (Meaning::Incidental, INCIDENTAL),
    (Meaning::Numbered, NUMBERED),
    (Meaning::Leaves, LEAVES),
    (Meaning::Reason, REASONS),
    (Meaning::Continues, CONTINUES),
    (Meaning::Origin, &["出身"]),
];

struct Phrases {
    automaton: AhoCorasick,
    meanings: Vec<Meaning>,
}

/// The tables as one automaton, so that the cost does not grow with their length.
static PHRASES: LazyLock<Option<Phrases>> = LazyLock::new(|| {
    let pairs = TABLES
        .iter()
        .flat_map(|(meaning, phrases)| phrases.iter().map(|phrase| (*meaning, *phrase)));
    let (meanings, phrases): (Vec<Meaning>, Vec<&str>) = pairs.unzip();
    AhoCorasick::new(phrases)
        .ok()
        .map(|automaton| Phrases { automaton, meanings })
});

struct Found {
    meaning: Meaning,
    range: Range<usize>,
}

/// The parts of `text` about the person's own circumstances: ascending, apart from each other, on character
/// boundaries.
#[must_use]
pub fn ranges(text: &str) -> Vec<Range<usize>> {
    if text.is_ascii() {
        return Vec::new();
    }
    let normalized = Normalized::new(text);
    let found = find(normalized.text());
    let mut masked: Vec<Range<usize>> = Vec::new();
    for range in private_in(normalized.text(), &found) {
        let original = normalized.original(&range);
        match masked.last_mut() {
            Some(last) if original.start <= last.end => last.end = last.end.max(original.end),
            Some(_) | None => masked.push(original),
        }
    }
    masked
}

/// What [`ranges`] leaves of `text`, in order.
#[must_use]
pub fn public_ranges(text: &str) -> Vec<Range<usize>> {
    let mut public = Vec::new();
    let mut start = 0;
    for range in ranges(text) {
        if start < range.start {
            public.push(start..range.start);
        }
        start = range.end;
    }
    if start < text.len() {
        public.push(start..text.len());
    }
    public
}

/// Every phrase of the tables, those inside of work left out; ascending.
fn find(text: &str) -> Vec<Found> {
    // The automaton is built from constants; a test holds that it is there.
    let Some(phrases) = PHRASES.as_ref() else {
        return Vec::new();
    };
    let mut found: Vec<Found> = Vec::new();
    let mut work: Vec<Range<usize>> = Vec::new();
    for hit in phrases.automaton.find_overlapping_iter(text) {
        let (meaning, range) = (phrases.meanings[hit.pattern()], hit.range());
        match meaning {
            Meaning::Work => work.push(range),
            meaning => found.push(Found { meaning, range }),
        }
    }
    found.retain(|found| {
        found.meaning == Meaning::Guard
            || !work
                .iter()
                .any(|work| work.start < found.range.end && found.range.start < work.end)
    });
    found.sort_by_key(|found| (found.range.start, found.range.end));
    found
}

/// Ascending; may overlap.
fn private_in(text: &str, found: &[Found]) -> Vec<Range<usize>> {
    let is_any_private = found.iter().any(|found| match found.meaning {
        Meaning::Guard | Meaning::Continues | Meaning::Reason | Meaning::Work => false,
        Meaning::Always
        | Meaning::UnlessWork
        | Meaning::Incidental
        | Meaning::Numbered
        | Meaning::Leaves
        | Meaning::Origin => true,
    });
    if !is_any_private {
        return Vec::new();
    }
    let mut masked = Vec::new();
    for clause in clauses(text) {
        let within = |range: &Range<usize>| {
            let start = found.partition_point(|found| found.range.start < range.start);
            found[start..]
                .iter()
                .take_while(|found| found.range.start < range.end)
                .collect::<Vec<_>>()
        };
        let in_clause = within(&clause);
        let has = |meaning| in_clause.iter().any(|found| found.meaning == meaning);
        if has(Meaning::Leaves) && has(Meaning::Reason) && !has(Meaning::Guard) {
            masked.push(clause);
            continue;
        }
        let mut follows_private = masked
            .last()
            .is_some_and(|last: &Range<usize>| last.end == clause.start)
            && text[..clause.start].ends_with('、');
        for part in parts(text, &clause) {
            let overlaps = |found: &&&Found| found.range.start < part.end && part.start < found.range.end;
            let in_part: Vec<&Found> = in_clause.iter().filter(overlaps).copied().collect();
            let has = |meaning| in_part.iter().any(|found| found.meaning == meaning);
            let is_private = in_part.iter().any(|found| match found.meaning {
                Meaning::Always => true,
                Meaning::UnlessWork => !has(Meaning::Guard),
                Meaning::Continues => {
                    follows_private
                        && text[found.range.end.min(part.end)..part.end].chars().count()
                            <= CONTINUED_CHARS_MAX
                }
                Meaning::Work
                | Meaning::Guard
                | Meaning::Incidental
                | Meaning::Numbered
                | Meaning::Leaves
                | Meaning::Reason
                | Meaning::Origin => false,
            });
            follows_private = is_private;
            if is_private {
                masked.push(part);
                continue;
            }
            for found in &in_part {
                match found.meaning {
                    Meaning::Incidental => masked.push(found.range.clone()),
                    Meaning::Origin => masked.extend(origin(text, &found.range)),
                    Meaning::Numbered if !has(Meaning::Guard) => {
                        masked.extend(with_number(text, &found.range))
                    }
                    Meaning::Numbered
                    | Meaning::Work
                    | Meaning::Always
                    | Meaning::UnlessWork
                    | Meaning::Guard
                    | Meaning::Leaves
                    | Meaning::Reason
                    | Meaning::Continues => {}
                }
            }
        }
    }
    masked.sort_by_key(|range| (range.start, range.end));
    masked
}

/// The stretches between marks, each with the mark that ends it.
fn clauses(text: &str) -> Vec<Range<usize>> {
    let mut clauses = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if is_mark(c) {
            clauses.push(start..at + c.len_utf8());
            start = at + c.len_utf8();
        }
    }
    clauses.push(start..text.len());
    clauses.retain(|clause| !clause.is_empty());
    clauses
}

fn is_mark(c: char) -> bool {
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
fn parts(text: &str, clause: &Range<usize>) -> Vec<Range<usize>> {
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

/// An age with its number; `None` behind anything else, and for generations (四代の社長).
fn with_number(text: &str, unit: &Range<usize>) -> Option<Range<usize>> {
    let is_digit = |c: char| c.is_ascii_digit() || "〇一二三四五六七八九十".contains(c);
    let start = text[..unit.start].trim_end_matches(is_digit).len();
    let number = &text[start..unit.start];
    let is_decade = number.ends_with(['0', '十']);
    let is_age = !number.is_empty() && (is_decade || text[unit.clone()].starts_with(['歳', '才']));
    is_age.then_some(start..unit.end)
}

/// 出身 with the place before it; `None` when what stands there is no place (経理出身).
fn origin(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let before: Vec<(usize, char)> = text[..word.start]
        .char_indices()
        .rev()
        .take(PLACE_CHARS_MAX)
        .take_while(|(_, c)| is_kanji(*c) || is_katakana(*c) || matches!(c, '・' | 'の'))
        .collect();
    let start = before.last()?.0;
    let place = text[start..word.start].trim_end_matches('の');
    let is_place = PLACES.iter().any(|name| place.contains(name))
        || place.ends_with(['県', '府', '都', '市', '町', '村', '島', '州', '省', '郡']);
    is_place.then_some(start..word.end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::analyzer;
    use super::*;

    fn masked(text: &str) -> String {
        ranges(text)
            .into_iter()
            .map(|range| &text[range])
            .collect::<Vec<_>>()
            .join("|")
    }

    fn public(text: &str) -> String {
        public_ranges(text)
            .into_iter()
            .map(|range| &text[range])
            .collect()
    }

    #[test]
    fn clauses_on_own_circumstances_are_masked_and_the_rest_stays() {
        for (text, rest) in [
            (
                "夫の転勤で退職し、在宅で経理をしています。",
                "在宅で経理をしています。",
            ),
            (
                "夫の転勤のため退職し、在宅で経理をしています。",
                "在宅で経理をしています。",
            ),
            ("結婚を機に退職。いまは法務です。", "いまは法務です。"),
            (
                "子育てが一段落したので時短の仕事を探しています",
                "時短の仕事を探しています",
            ),
            ("35歳、経理一筋です。", "、経理一筋です。"),
            ("昭和53年生まれ。経理を担当。", "経理を担当。"),
            ("女性ならではの視点で、商品企画を担当", "商品企画を担当"),
            ("主婦として、家計簿をつけています", "家計簿をつけています"),
            ("二児の母・元研究員", "元研究員"),
            (
                "親の介護のため帰郷し、いまは通報窓口を担当",
                "いまは通報窓口を担当",
            ),
            ("産休・育休を経て復職し、開発を担当", "開発を担当"),
            ("病気療養ののち、いまは経理を担当", "いまは経理を担当"),
            ("うつで休職しましたが、いまは開発を担当", "いまは開発を担当"),
            ("体調を崩し、退職。", ""),
            (
                "ベトナム出身、日本の大学で工学を学びました",
                "、日本の大学で工学を学びました",
            ),
            ("娘の名は花子、経理を担当", "経理を担当"),
            ("労組の専従を十年、のち人事", "のち人事"),
            ("蕎麦店を夫婦で営む", "蕎麦店を営む"),
            ("定年まで洗剤の研究に従事", "洗剤の研究に従事"),
        ] {
            assert_eq!(public(text), rest, "{text}");
        }
    }

    #[test]
    fn work_for_people_in_such_circumstances_is_work() {
        for text in [
            "病院の用度係を担当",
            "介護施設の運営と保育園の新設を担当",
            "子育て用品の企画、ベビー服の開発",
            "育休取得者の支援制度づくり",
            "女性向け商品の企画",
            "健康経営の推進、健康食品の販売",
            "男性の育休取得率を8%から61%にした",
            "障がい者雇用と休復職者の支援",
            "労働組合との協議、希望退職の実施",
            "女性管理職の育成に取り組む",
            "仕事と介護の両立支援コンサルタント",
            "2025年の育児・介護休業法改正からは管理職研修の依頼が増えました",
            "産休育休者の窓口を担当",
            "経理出身のSAP屋です",
            "工夫の積み重ねで大丈夫な仕組みを作りました",
            "天然酵母の選抜と母集団形成",
            "2歳児クラスの主担任",
            "子どもたちの目が変わります",
            "こども食堂をつなぐNPO",
            "結婚式の映像を編集",
            "60歳以降の再雇用制度を設計",
            "四代の社長にお仕えしました",
            "2021年に退職し、SaaSの会社へ",
            "退職後は3PL会社で5拠点を見ています",
            "前任者の退職に伴い、受注管理も引き継いでおります",
            "母の日ギフトの商品企画",
            "20代女性向けの商品開発",
            "動画配信者の支援",
            "介護福祉士の資格を取りました",
        ] {
            assert_eq!(masked(text), "", "{text}");
        }
    }

    #[test]
    fn the_reason_for_leaving_changes_no_word() {
        let analyzer = analyzer();
        let words = |reason: &str| {
            let text = format!("経理を10年担当しました。{reason}在宅で決算を支援しています。");
            let tokens = analyzer.public_words(&text).into_iter();
            tokens
                .map(|token| (token.term, token.position))
                .collect::<Vec<_>>()
        };
        let none = words("");
        for reason in [
            "夫の転勤で退職し、",
            "妻の転勤で退職し、",
            "家族の介護で退職し、",
            "家族の介護のため退職し、",
            "出産を機に退職し、",
            "体調を崩して退職し、",
            "留学のため退職し、",
            "会社都合で退職し、",
            "家庭の事情により退職しました。",
        ] {
            assert_eq!(words(reason), none, "{reason}");
        }
    }

    proptest! {
        #[test]
        fn ranges_ascend_apart_on_character_boundaries(
            text in any::<String>(),
            japanese in "[夫妻の転勤でし、退職35歳女性介護ため出身東京・。ｶﾞ\u{3099}a ]{0,40}",
        ) {
            for text in [text, japanese] {
                let mut end = 0;
                let mut kept = String::new();
                for range in ranges(&text) {
                    prop_assert!(range.start < range.end && (end == 0 || end < range.start));
                    kept.push_str(text.get(end..range.start).unwrap());
                    prop_assert!(text.get(range.clone()).is_some());
                    end = range.end;
                }
                kept.push_str(text.get(end..).unwrap());
                prop_assert_eq!(kept, public(&text));
            }
        }
    }
}
