//! From expressions to stretches: what each expression of a sentence governs.

use std::ops::Range;

use super::clause::{Reading, read};
use super::expressions::{self, Hit};
use super::groups::{self, Frame, Group};
use super::{Distance, REACH_CHARS_MAX, classes};

/// How a later clause says that what was learnt is practice now.
const NOW: &[&str] = &[
    "いまは",
    "今は",
    "現在は",
    "今では",
    "いまでは",
    "現在では",
    "いまや",
    "今や",
    "実務で",
    "その後実務で",
    "のち実務で",
];

/// The stretches of one sentence: consecutive, together all of it.
pub(super) fn stretches(text: &str, sentence: &Range<usize>, hits: &[Hit]) -> Vec<(Range<usize>, Distance)> {
    let frame = groups::frame(text, sentence);
    let outer: Vec<&Hit> = outside(hits, &frame.brackets);
    let mut rest = outer.as_slice();
    let mut readings = Vec::with_capacity(frame.groups.len());
    for group in &frame.groups {
        let (of_group, later) = rest.split_at(rest.partition_point(|hit| hit.range.end <= group.range.end));
        rest = later;
        readings.push(read(text, group, of_group));
    }
    join(text, &frame.groups, &mut readings);
    classes::tell(text, &frame.groups, &mut readings);
    let remarks = remarks(text, &frame, hits);
    paint(&frame.groups, &readings, &remarks)
}

/// The hits that do not stand in brackets.
fn outside<'a>(hits: &'a [Hit], brackets: &[Range<usize>]) -> Vec<&'a Hit> {
    let mut brackets = brackets.iter().peekable();
    let mut outside = Vec::with_capacity(hits.len());
    for hit in hits {
        while brackets
            .next_if(|bracket| bracket.end <= hit.range.start)
            .is_some()
        {}
        if brackets
            .peek()
            .is_none_or(|bracket| bracket.start >= hit.range.end)
        {
            outside.push(hit);
        }
    }
    outside
}

/// Where the item of a list begins that `at` stands in.
pub(super) fn item_start(group: &Group, at: usize) -> usize {
    let idx = group.items.partition_point(|start| *start <= at);
    group
        .items
        .get(idx.saturating_sub(1))
        .copied()
        .unwrap_or(group.range.start)
        .min(at)
}

/// Where the noun begins that ends where `range` ends.
pub(super) fn phrase_start(text: &str, range: Range<usize>) -> usize {
    let is_border = |c: char| {
        matches!(
            c,
            '、' | '・' | 'は' | 'を' | 'が' | 'に' | 'で' | '「' | '」' | '（' | '）' | '(' | ')'
        )
    };
    let chars = text[range.clone()].char_indices().rev().take(REACH_CHARS_MAX);
    let mut start = range.end;
    for (offset, c) in chars {
        if is_border(c) {
            break;
        }
        start = range.start + offset;
    }
    start
}

/// What one clause says of the clause before.
fn join(text: &str, groups: &[Group], readings: &mut [Reading]) {
    for idx in 1..readings.len() {
        let (earlier, later) = readings.split_at_mut(idx);
        let (Some(before), Some(this)) = (earlier.last_mut(), later.first_mut()) else {
            continue;
        };
        // 旗を振って人事制度を作り直し: one undertaking, as no comma parts them.
        let is_one = !text[..groups[idx].range.start].ends_with(['、', ',', '，', '､', '…']);
        if is_one && before.rest == Distance::Led && this.rest == Distance::Done {
            this.rest = Distance::Led;
        }
        let clause = text[groups[idx].range.clone()].trim_start();
        let is_now = NOW.iter().any(|now| clause.starts_with(now));
        if is_now && this.rest.is_own() && this.spans.iter().all(|(_, distance)| distance.is_own()) {
            for (_, distance) in &mut before.spans {
                if *distance == Distance::Studied {
                    *distance = Distance::Done;
                }
            }
        }
        let first = this.spans.first().map(|(_, distance)| *distance);
        if let (true, true, false, Some(distance)) =
            (this.is_bare, before.has_topic, before.is_own_hand, first)
        {
            before.rest = distance;
        }
    }
}

/// What brackets say of the items before them, and of themselves: ascending and apart.
fn remarks(text: &str, frame: &Frame, hits: &[Hit]) -> Vec<(Range<usize>, Distance)> {
    let mut remarks: Vec<(Range<usize>, Distance)> = Vec::new();
    let mut group_idx = 0;
    for bracket in &frame.brackets {
        let open = text[bracket.clone()].chars().next().map_or(0, char::len_utf8);
        let inner = bracket.start + open..bracket.end;
        let inside = text[inner.clone()].trim_end_matches([')', '）']);
        let first = hits.partition_point(|hit| hit.range.start < inner.start);
        let last = hits.partition_point(|hit| hit.range.end <= inner.end);
        let of_bracket: Vec<&Hit> = hits.get(first..last).unwrap_or_default().iter().collect();
        let group = Group {
            range: inner.clone(),
            items: vec![inner.start],
        };
        let reading = read(text, &group, &of_bracket);
        let told = reading
            .spans
            .last()
            .map(|(_, distance)| *distance)
            .or(expressions::bracketed(inside));
        if text[..bracket.start].ends_with("営業") && inside.ends_with("担当") {
            remarks.push((bracket.clone(), Distance::Taught));
            continue;
        }
        if reading.has_topic {
            let distance = told.unwrap_or(reading.rest);
            if !distance.is_own() {
                remarks.push((bracket.clone(), distance));
            }
            continue;
        }
        let Some(distance) = told.filter(|distance| !distance.is_own()) else {
            continue;
        };
        while frame
            .groups
            .get(group_idx)
            .is_some_and(|group| group.range.end <= bracket.start)
        {
            group_idx += 1;
        }
        let item = frame
            .groups
            .get(group_idx)
            .map_or(bracket.start, |group| item_start(group, bracket.start));
        let earliest = remarks
            .last()
            .map_or(item, |(range, _)| range.end.max(item))
            .min(bracket.start);
        let start = phrase_start(text, earliest..bracket.start);
        remarks.push((start..bracket.end, distance));
    }
    remarks
}

/// The clauses with what governs them, remarks above all.
fn paint(
    groups: &[Group],
    readings: &[Reading],
    remarks: &[(Range<usize>, Distance)],
) -> Vec<(Range<usize>, Distance)> {
    let mut painted = Painted {
        stretches: Vec::new(),
        remarks: remarks.iter().cloned().peekable(),
    };
    for (group, reading) in groups.iter().zip(readings) {
        let mut at = group.range.start;
        for (range, distance) in &reading.spans {
            painted.add(at..range.start, reading.rest);
            painted.add(range.start.max(at)..range.end, *distance);
            at = range.end.max(at);
        }
        painted.add(at..group.range.end, reading.rest);
    }
    painted.stretches
}

struct Painted<I: Iterator<Item = (Range<usize>, Distance)>> {
    stretches: Vec<(Range<usize>, Distance)>,
    remarks: std::iter::Peekable<I>,
}

impl<I: Iterator<Item = (Range<usize>, Distance)>> Painted<I> {
    /// Adds a stretch, with the remarks that cover it.
    fn add(&mut self, range: Range<usize>, distance: Distance) {
        let mut at = range.start;
        while at < range.end {
            while self.remarks.next_if(|(remark, _)| remark.end <= at).is_some() {}
            let (end, distance) = match self.remarks.peek() {
                Some((remark, told)) if remark.start <= at => (remark.end.min(range.end), *told),
                Some((remark, _)) => (remark.start.min(range.end), distance),
                None => (range.end, distance),
            };
            match self.stretches.last_mut() {
                Some((last, same)) if *same == distance => last.end = end,
                Some(_) | None => self.stretches.push((at..end, distance)),
            }
            at = end;
        }
    }
}
