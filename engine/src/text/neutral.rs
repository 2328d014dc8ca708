//! Names of jobs that tell the sex of who does them, as the name that does not: 営業マン and 営業レディ are 営業.
//!
//! - A spelling, and applied as one: profiles, opportunities and queries read the same, and quotes keep what was written.
//! - Only names of work. What says nothing about work (主婦, 母として) is [`super::private`]'s business.

use super::normal::is_katakana;

/// As written, in normalised spelling, and the name without a sex; of two that begin alike the longer first.
const JOBS: &[(&str, &str)] = &[
    ("営業ウーマン", "営業"),
    ("営業レディー", "営業"),
    ("営業レディ", "営業"),
    ("営業ガール", "営業"),
    ("営業マン", "営業"),
    ("セールスウーマン", "セールス"),
    ("セールスレディー", "セールス"),
    ("セールスレディ", "セールス"),
    ("セールスマン", "セールス"),
    ("サラリーウーマン", "会社員"),
    ("サラリーマン", "会社員"),
    ("キャリアウーマン", "会社員"),
    ("ビジネスウーマン", "ビジネスパーソン"),
    ("ビジネスマン", "ビジネスパーソン"),
    ("銀行マン", "銀行員"),
    ("証券マン", "証券会社員"),
    ("商社マン", "商社員"),
    ("商社ウーマン", "商社員"),
    ("鉄道マン", "鉄道員"),
    ("ホテルマン", "ホテルスタッフ"),
    ("ホテルウーマン", "ホテルスタッフ"),
    ("看護婦", "看護師"),
    ("看護士", "看護師"),
    ("保健婦", "保健師"),
    ("助産婦", "助産師"),
    ("家政婦", "家政士"),
    ("保母", "保育士"),
    ("保父", "保育士"),
    ("スチュワーデス", "客室乗務員"),
    ("スチュワード", "客室乗務員"),
    ("婦人警官", "警察官"),
    ("婦警", "警察官"),
    ("女医", "医師"),
    ("女優", "俳優"),
    ("男優", "俳優"),
    ("女教師", "教師"),
    ("女社長", "社長"),
    ("女性社長", "社長"),
    ("女子アナウンサー", "アナウンサー"),
    ("女子アナ", "アナウンサー"),
    ("女子社員", "社員"),
    ("男子社員", "社員"),
    ("ol", "会社員"),
];

/// Whether a name of the table begins so. Nearly no character of a text does, and every text is read through here.
const fn begins_any(c: char) -> bool {
    matches!(
        c,
        'o' | 'キ'
            | 'サ'
            | 'ス'
            | 'セ'
            | 'ビ'
            | 'ホ'
            | '保'
            | '助'
            | '商'
            | '営'
            | '女'
            | '婦'
            | '家'
            | '男'
            | '看'
            | '証'
            | '鉄'
            | '銀'
    )
}

/// How many characters of `rest` are such a name, and what stands for them; `previous` stands before them.
pub(super) fn neutral<'a>(
    rest: impl Iterator<Item = char> + Clone + 'a,
    previous: Option<char>,
) -> Option<(usize, &'static str)> {
    let first = rest.clone().next()?;
    if !begins_any(first) {
        return None;
    }
    let is_letter = |c: char| c.is_ascii_alphanumeric();
    JOBS.iter().find_map(|(written, neutral)| {
        if !written.starts_with(first) {
            return None;
        }
        let mut behind = rest.clone();
        let is_written = written.chars().all(|c| behind.next() == Some(c));
        let next = behind.next();
        // Not the end of tool, nor the beginning of old or of マンスリー.
        let is_whole = if is_letter(first) {
            !previous.into_iter().chain(next).any(is_letter)
        } else {
            !(written.ends_with(is_katakana) && next.is_some_and(is_katakana))
        };
        (is_written && is_whole).then(|| (written.chars().count(), *neutral))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_table_is_looked_for() {
        for (written, _) in JOBS {
            assert!(written.starts_with(begins_any), "{written}");
        }
    }
}
