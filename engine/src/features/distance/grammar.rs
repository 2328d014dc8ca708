//! Endings: which stretches between commas end with a predicate, and where one predicate ends inside of a stretch.

use crate::text::normal::{is_hiragana, is_kanji, is_katakana};

/// Endings that always close a clause.
const CLOSING: &[&str] = &[
    "ので",
    "ですが",
    "ますが",
    "たが",
    "だが",
    "るが",
    "いが",
    "んが",
    "けど",
    "けれど",
    "けれども",
    "ものの",
    "ながら",
    "つつ",
    "ため",
    "たら",
    "れば",
    "けえ",
    "けん",
    "さかい",
    "きに",
    "ですから",
    "ますから",
    "たから",
    "るから",
    "です",
    "ます",
    "ました",
    "でした",
    "ません",
    "てから",
    "んで",
    "いで",
    "あと",
    "のち",
    "たのち",
    "た後",
    "たあと",
    "うえ",
    "上で",
    "一方",
    "たり",
    "だけで",
    "ばかりで",
    "っきりで",
    "きりで",
    "たし",
    "るし",
    "すし",
];

/// Endings in て that are particles.
const PARTICLES: &[&str] = &[
    "として",
    "ついて",
    "において",
    "おいて",
    "にて",
    "通じて",
    "通して",
    "つうじて",
    "向けて",
    "むけて",
    "よって",
    "対して",
    "たいして",
    "併せて",
    "あわせて",
    "合わせて",
    "かけて",
    "初めて",
    "はじめて",
    "すべて",
    "わたって",
    "関して",
    "かんして",
    "含めて",
    "ふくめて",
    "とって",
    "沿って",
    "際して",
    "あたって",
    "加えて",
    "じめて",
    "改めて",
    "従って",
    "したがって",
    "めぐって",
    "巡って",
    "もって",
    "つれて",
];

/// Endings of verbs that are particles.
const PARTICLE_VERBS: &[&str] = &[
    "にあたり",
    "に当たり",
    "により",
    "に伴い",
    "につき",
    "に際し",
    "に応じ",
    "に基づき",
    "に関し",
    "に対し",
    "を通じ",
    "を含め",
    "をはじめ",
    "を始め",
    "に加え",
    "に限り",
    "にわたり",
    "を機に",
    "とともに",
];

/// Last kana of a verb that joins the next clause, where something before it is its object.
const JOINING: &[char] = &[
    'し', 'り', 'き', 'み', 'ち', 'び', 'ぎ', 'い', 'え', 'け', 'げ', 'せ', 'め', 'れ', 'べ', 'ね', 'ず',
    'く', 'た', 'だ', 'る', 'う',
];

/// Verbs behind て that belong to the same predicate.
const AUXILIARY: &[char] = &[
    '下', '頂', '参', '来', '居', '見', '置', '貰', '欲', '行', '以', '間', '良',
];

/// Longest ending of the tables in characters, and some room.
const ENDING_CHARS_MAX: usize = 8;

/// Whether a character carries content.
pub(super) fn is_content(c: char) -> bool {
    is_kanji(c) || is_katakana(c) || c.is_ascii_alphanumeric() || (c.is_alphanumeric() && !is_hiragana(c))
}

/// Whether a stretch has a character that carries content.
pub(super) fn has_content(text: &str) -> bool {
    text.chars().any(is_content)
}

/// Whether a stretch before a comma ends with a predicate, so that what follows is another clause.
pub(super) fn is_predicate(chunk: &str, next: &str) -> bool {
    let chunk = chunk.trim_end();
    let Some(last) = chunk.chars().next_back() else {
        return false;
    };
    if PARTICLE_VERBS.iter().any(|ending| chunk.ends_with(ending)) {
        return false;
    }
    if CLOSING.iter().any(|ending| chunk.ends_with(ending)) {
        return true;
    }
    if last == 'て' {
        return !is_particle(chunk);
    }
    let has_object = |marks: &[char]| chunk[..chunk.len() - last.len_utf8()].contains(marks);
    if last == 'で' {
        return has_topic(chunk)
            || ["私は", "自分は", "わたしは", "僕は", "私が"]
                .iter()
                .any(|own| next.starts_with(own));
    }
    if JOINING.contains(&last) {
        return has_object(&['を', 'は', 'が', 'に', 'と', 'で', 'も']);
    }
    // A noun for a verb: 売場を担当、 税務は専門家に依頼、
    is_content(last) && (has_object(&['を']) || (has_topic(chunk) && has_object(&['に', 'へ', 'で'])))
}

/// Whether a stretch has a topic: は that is neither では nor inside of a word.
pub(super) fn has_topic(text: &str) -> bool {
    first_topic(text).is_some()
}

/// Where the last は that marks a topic stands.
pub(super) fn topic(text: &str) -> Option<usize> {
    text.rmatch_indices('は')
        .map(|(at, _)| at)
        .find(|at| is_topic(text, *at))
}

/// Where the first は that marks a topic stands.
pub(super) fn first_topic(text: &str) -> Option<usize> {
    text.match_indices('は')
        .map(|(at, _)| at)
        .find(|at| is_topic(text, *at))
}

fn is_topic(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + 'は'.len_utf8()..].chars().next();
    before.is_some_and(|c| c != 'で' && c != '、')
        && !after.is_some_and(|c| matches!(c, 'し' | 'ず' | 'な' | 'じ'))
}

/// Whether a clause ends right before a character that carries content, without a comma: 読んで｜改修の.
pub(super) fn ends_clause(before: &str, next: char) -> bool {
    let tail = tail(before);
    if !is_content(next) && !matches!(next, '「' | '『') {
        return false;
    }
    let closes = [
        "ので",
        "ですが",
        "ますが",
        "ましたが",
        "でしたが",
        "だが",
        "けど",
        "けれど",
        "ものの",
        "ながら",
        "てから",
        "たため",
        "るため",
    ];
    if closes.iter().any(|ending| tail.ends_with(ending)) {
        return true;
    }
    let is_joined = tail.ends_with(['て']) || tail.ends_with("んで");
    if is_joined {
        return !is_particle(tail) && !AUXILIARY.contains(&next);
    }
    // 統率し｜自主回収を: a noun made a verb.
    let mut back = tail.chars().rev();
    back.next() == Some('し') && back.next().is_some_and(is_kanji) && back.next().is_some_and(is_kanji)
}

fn is_particle(chunk: &str) -> bool {
    PARTICLES.iter().any(|particle| chunk.ends_with(particle))
}

fn tail(text: &str) -> &str {
    let start = text.char_indices().rev().take(ENDING_CHARS_MAX).last();
    &text[start.map_or(text.len(), |(at, _)| at)..]
}
