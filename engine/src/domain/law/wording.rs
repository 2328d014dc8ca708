//! Wordings that the law refuses or frowns on, where they stand, and a text without them.

use std::borrow::Cow;
use std::ops::Range;

use super::aim::Aim;
use super::plain::Plain;
use super::{Place, WordingRule, age, english, indirect, sex};

/// What kind of wording it is, which decides what of it ranking must not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word for an age.
    Age,
    /// A word for one sex.
    Sex,
    /// A name of work that is for one sex: the work stays.
    JobName,
    /// A condition that may lie in the job, or a sign of employment: it stays.
    Condition,
}

/// A wording that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub rule: WordingRule,
    /// Where, in bytes of the text.
    pub range: Range<usize>,
    /// What of it is taken out of what ranking reads, in bytes; empty: nothing.
    taken_out: Range<usize>,
}

impl Found {
    /// The finding for a word about applicants, and the place behind what says so. `None` when it is about others.
    pub(super) fn about(plain: &Plain, token: &Range<usize>, aim: Aim, kind: Kind) -> Option<(Self, usize)> {
        let (end, is_suggested) = match aim {
            Aim::Applicants(end) => (end, false),
            Aim::Suggested(end) => (end, true),
            Aim::Others => return None,
        };
        let rule = match kind {
            Kind::Age => age::rule(is_suggested),
            Kind::Sex | Kind::JobName => sex::rule(is_suggested),
            Kind::Condition => return None,
        };
        let end = end.max(token.end);
        let mut found = Self::plainly(plain, &(token.start..end), rule, kind);
        found.taken_out = match kind {
            Kind::Age | Kind::Sex => taken_out(plain, token),
            Kind::JobName | Kind::Condition => 0..0,
        };
        Some((found, end))
    }

    /// The finding for a stretch.
    pub(super) fn plainly(plain: &Plain, range: &Range<usize>, rule: WordingRule, kind: Kind) -> Self {
        debug_assert!(kind != Kind::Age || rule != WordingRule::Sex, "an age is no sex");
        Self {
            rule,
            range: plain.origin(range),
            taken_out: 0..0,
        }
    }
}

/// What is said of applicants besides, and tells nothing of the work.
const FILLERS: &[&str] = &[
    "方々",
    "方",
    "かた",
    "人材",
    "人",
    "者",
    "男女",
    "大",
    "歓迎",
    "優遇",
    "優先",
    "限定",
    "のみ",
    "だけ",
    "を",
    "は",
    "も",
    "が",
    "の",
    "に",
    "で",
    "と",
    "募集",
    "急募",
    "します",
    "しています",
    "いたします",
    "致します",
    "しております",
    "しました",
    "求む",
    "求め",
    "ます",
    "ています",
    "希望",
    "採用",
    "限ります",
    "限る",
    "限り",
    "必須",
    "不可",
    "尚可",
    "なお可",
    "可",
    "応募",
    "です",
    "である",
    "こと",
    "活躍",
    "中",
    "中心",
    "多数",
    "多い",
    "層",
    "世代",
    "年齢",
    "対象",
    "満",
    "条件",
    "とします",
    "お待ち",
    "若い",
    "only",
    "preferred",
    "welcome",
    "wanted",
    "candidates",
    "applicants",
    "must",
    "be",
    "should",
    "years",
    "old",
    "we",
    "are",
    " ",
    ".",
    "おおむね",
    "概ね",
    "活き活き",
    "元気な",
    "や",
];

/// The word with what ties it to the next; the whole clause, with the sign that ends it, where the rest is filling.
fn taken_out(plain: &Plain, token: &Range<usize>) -> Range<usize> {
    let mut end = token.end;
    if plain.has_at(end, "の") {
        end += 1;
    }
    let clause = plain.clause(token);
    if is_filling(plain, clause.start..token.start) && is_filling(plain, token.end..clause.end.max(token.end))
    {
        let behind = (clause.end + 1).min(plain.chars.len());
        // A bracket around it goes with it.
        let opening = clause
            .start
            .checked_sub(1)
            .filter(|at| matches!(plain.chars[*at], '【' | '(' | '「'));
        return plain.origin(&(opening.unwrap_or(clause.start)..behind));
    }
    plain.origin(&(token.start..end))
}

fn is_filling(plain: &Plain, range: Range<usize>) -> bool {
    let mut at = range.start;
    while at < range.end {
        match plain.longest_at(at, FILLERS) {
            Some(n_chars) => at += n_chars,
            None => return false,
        }
    }
    true
}

/// All wordings of a text that break a rule on roles, in the order of their places.
#[must_use]
pub fn find(text: &str, place: Place) -> Vec<Found> {
    let plain = Plain::new(text);
    let mut found = personal(&plain, place);
    found.extend(indirect::find(&plain, place));
    found.sort_by_key(|found| (found.range.start, found.range.end));
    found
}

fn personal(plain: &Plain, place: Place) -> Vec<Found> {
    let mut found = age::find(plain, place);
    found.extend(sex::find(plain, place));
    found.extend(english::find(plain, place));
    found
}

/// A text without what it says of applicants' age and sex: what ranking reads of an offer.
#[must_use]
pub fn without_personal_wording(text: &str, place: Place) -> Cow<'_, str> {
    let plain = Plain::new(text);
    let mut ranges: Vec<Range<usize>> = personal(&plain, place)
        .into_iter()
        .map(|found| found.taken_out)
        .filter(|range| !range.is_empty())
        .collect();
    if ranges.is_empty() {
        return Cow::Borrowed(text);
    }
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for range in ranges {
        if range.start > at {
            kept.push_str(&text[at..range.start]);
        }
        at = at.max(range.end);
    }
    kept.push_str(&text[at.min(text.len())..]);
    Cow::Owned(kept)
}
