//! One clause: what each of its expressions governs, and who did the rest of it.

use std::ops::Range;

use super::expressions::{Hit, Sense};
use super::groups::Group;
use super::resolve::{item_start, phrase_start};
use super::{Distance, agents, grammar};

/// What follows a post that is the writer's.
const HOLDS_POST: &[&str] = &[
    "として",
    "を務",
    "をつとめ",
    "を勤め",
    "を拝命",
    "を歴任",
    "に就",
    "に任",
    "を任",
    "。",
    "、",
    "でした",
    "です",
];

/// Who has the wish in 〜たい人.
const WISHED_BY_OTHERS: &[&str] = &[
    "人",
    "方",
    "企業",
    "会社",
    "お客",
    "学生",
    "社員",
    "者",
    "という",
    "と言",
    "と話",
    "相談",
    "子",
    "若",
    "お店",
    "店主",
    "事業者",
];

/// How a clause names the writer, or nobody, before its predicate.
const WRITER: &[&str] = &[
    "私自身は",
    "私は",
    "わたしは",
    "自分は",
    "自分では",
    "私には",
    "僕は",
    "まったくの",
    "全くの",
    "まだ",
    "実務では",
    "実際には",
];

/// Whom one teaches as part of the work.
pub(super) const COLLEAGUES: &[&str] = &[
    "新人",
    "後輩",
    "部下",
    "作業者",
    "パート",
    "若手",
    "店員",
    "メンバー",
    "現場に",
];

/// A clause read.
#[derive(Debug)]
pub(super) struct Reading {
    /// Governed by expressions: ascending and apart.
    pub(super) spans: Vec<(Range<usize>, Distance)>,
    /// What the rest of the clause is.
    pub(super) rest: Distance,
    /// The predicate has no argument of its own, so that it governs the topic before as well.
    pub(super) is_bare: bool,
    pub(super) has_topic: bool,
    pub(super) is_own_hand: bool,
}

/// Reads one clause.
pub(super) fn read(text: &str, group: &Group, hits: &[&Hit]) -> Reading {
    let clause = &text[group.range.clone()];
    let first_topic = grammar::first_topic(clause).map(|at| group.range.start + at);
    let mut governed = Governed {
        text,
        start: group.range.start,
        spans: Vec::new(),
        is_sticky: false,
    };
    let (mut is_led, mut is_own_hand, mut is_bare) = (false, false, false);
    let mut place: Option<usize> = None;
    let mut agent = None;
    for hit in hits {
        let start = hit.range.start.max(group.range.start);
        let before = &text[group.range.start..start];
        let after = &text[hit.range.end..group.range.end];
        let cursor = governed
            .spans
            .last()
            .map_or(group.range.start, |(range, _)| range.end)
            .min(start);
        let from_item = || item_start(group, start).max(cursor);
        let (from, distance) = match hit.sense {
            Sense::Nothing => continue,
            Sense::OwnHand => {
                is_own_hand = true;
                continue;
            }
            Sense::Lead => {
                is_led = true;
                continue;
            }
            Sense::Post => {
                is_led |= after.trim().is_empty() || HOLDS_POST.iter().any(|next| after.starts_with(next));
                continue;
            }
            Sense::Place => {
                place = Some(hit.range.end);
                continue;
            }
            Sense::Teach => match place {
                Some(place) if teaches(&text[..place]) && !text[place.min(start)..start].contains('を') => {
                    (cursor, Distance::Taught)
                }
                Some(_) | None => continue,
            },
            Sense::Learn => match place {
                Some(place) if place <= start && !text[place..start].contains('を') => {
                    (cursor, Distance::Studied)
                }
                Some(_) | None => continue,
            },
            Sense::OfAgent => {
                let has_topic = first_topic.is_some_and(|topic| topic < start) || before.contains('も');
                if has_topic || text[hit.range.clone()].ends_with('せ') {
                    agent = agent.or(agents::at_end(before));
                }
                continue;
            }
            Sense::TopicOfAgent => {
                agent = agent.or_else(|| agents::of_topic(after));
                continue;
            }
            Sense::Wish if WISHED_BY_OTHERS.iter().any(|next| after.starts_with(next)) => continue,
            Sense::Wish => (cursor, Distance::Wished),
            Sense::Own => (cursor, Distance::Done),
            Sense::Clause(Distance::Taught) if COLLEAGUES.iter().any(|one| before.contains(one)) => continue,
            Sense::Clause(distance) => (cursor, distance),
            Sense::Item(Distance::Taught)
                if place.is_some()
                    || after.starts_with(['を', 'が', 'は'])
                    || text[hit.range.clone()].ends_with(['を', 'が', 'は']) =>
            {
                (cursor, Distance::Taught)
            }
            Sense::Item(distance) => (from_item(), distance),
            Sense::Phrase(distance) => (phrase_start(text, cursor..start), distance),
        };
        if after.starts_with(['：', ':']) {
            // A heading governs what follows: 不得意：税務.
            governed.spans.push((start..group.range.end, distance));
            break;
        }
        if from == group.range.start && governed.spans.is_empty() && !distance.is_own() {
            is_bare = group.items.len() == 1 && is_without_argument(before, &text[hit.range.clone()]);
        }
        let is_item = matches!(hit.sense, Sense::Item(_));
        let from = if is_item || distance == Distance::Done || from != cursor {
            from
        } else {
            governed.take_items(from)
        };
        governed.add(from, start, hit.range.end, distance, is_item);
    }
    governed.extend_to(group.range.end);
    let agent = agent
        .or_else(|| agents::with_ga(text, group, first_topic))
        .or_else(|| agents::behind_topic(clause));
    let rest = match agent {
        Some(distance) if !is_own_hand => distance,
        Some(_) | None if is_led => Distance::Led,
        Some(_) | None => Distance::Done,
    };
    if is_led {
        let own = governed
            .spans
            .iter_mut()
            .filter(|(_, distance)| distance.is_own());
        own.for_each(|(_, distance)| *distance = Distance::Led);
    }
    Reading {
        spans: governed.spans,
        rest,
        is_bare,
        has_topic: first_topic.is_some(),
        is_own_hand,
    }
}

/// Whether a predicate names nothing that it governs, but for the writer: 私自身は操作いたしません.
fn is_without_argument(before: &str, expression: &str) -> bool {
    let before = WRITER
        .iter()
        .find_map(|writer| before.trim_start().strip_prefix(writer))
        .unwrap_or(before);
    let marks = ['は', 'を', 'が', 'も', 'に', 'の', 'で'];
    !before.contains(marks) && (before.is_empty() || !expression.starts_with(marks))
}

/// Whether a place of learning is one where the writer may teach; 研修 is work of its own.
fn teaches(text: &str) -> bool {
    let text = text.trim_end_matches(['を', 'で', 'に', 'も', 'は']);
    [
        "講座",
        "セミナー",
        "教室",
        "講演",
        "勉強会",
        "ウェビナー",
        "スクール",
        "塾",
    ]
    .iter()
    .any(|place| text.ends_with(place))
}

/// What the expressions of one clause govern.
struct Governed<'a> {
    text: &'a str,
    /// Where the clause begins.
    start: usize,
    spans: Vec<(Range<usize>, Distance)>,
    /// The last span comes from a noun that being asked for does not change: 補助を任された.
    is_sticky: bool,
}

impl Governed<'_> {
    fn add(&mut self, from: usize, start: usize, end: usize, distance: Distance, is_noun: bool) {
        if let Some((last, of_last)) = self.spans.last_mut()
            && !grammar::has_content(&self.text[last.end.min(start)..start])
        {
            // One predicate with the last: 手伝ったことはない.
            last.end = last.end.max(end);
            if distance != Distance::Done || !self.is_sticky {
                *of_last = distance;
                self.is_sticky |= is_noun;
            }
            return;
        }
        self.spans.push((from..end, distance));
        self.is_sticky = is_noun;
    }

    /// Drops the items at the end, which a predicate behind them governs too; tells where they began.
    fn take_items(&mut self, from: usize) -> usize {
        if self.is_sticky && self.spans.len() == 1 {
            self.spans.clear();
            return self.start;
        }
        from
    }

    /// The rest of a clause without content belongs to its last predicate.
    fn extend_to(&mut self, end: usize) {
        if let Some((last, _)) = self.spans.last_mut()
            && last.end < end
            && !grammar::has_content(&self.text[last.end..end])
        {
            last.end = end;
        }
    }
}
