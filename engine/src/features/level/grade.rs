//! Grades of the qualifications whose grades the thesaurus lists: 日商簿記2級, 一級建築士, 統計検定準1級.

use std::cmp::Reverse;

use super::super::analysis::{AnalyzedProfile, WantedClause, concept_of};
use super::{Level, Scale, Statement};
use crate::text;
use crate::thesaurus::{Concept, ConceptId, Kind, Thesaurus};

/// How far from a qualification's name its grade may stand, in characters; chosen by hand.
const BEFORE_CHARS_MAX: usize = 10;
const AFTER_CHARS_MAX: usize = 12;

/// What ends the stretch in which a grade belongs to a name: the next item of a list.
const ENDS: &[char] = &['、', '。', ',', '，', '・', '/', '／', '\n', '；', ';'];

/// Shorter names of grades (補) are part of too many words to be read as grades.
const GRADE_CHARS_MIN: usize = 2;

/// The grades that a clause asks for; a qualification that is named without one asks for none.
pub(super) fn asked(clause: &WantedClause) -> Vec<Level> {
    let thesaurus = Thesaurus::bundled();
    let mut levels: Vec<Level> = Vec::new();
    let mut read = 0;
    for thing in &clause.things {
        let Some(found) = clause.text[read..].find(&thing.stretch) else {
            continue;
        };
        let start = read + found;
        read = start + thing.stretch.len();
        for qualification in thing
            .concepts
            .iter()
            .filter_map(|term| graded(thesaurus.find(concept_of(term)?)?))
        {
            let grades = thesaurus.concept(qualification);
            let least = grade_near(&clause.text, start, read, grades);
            levels.extend(least.map(|least| Level::Grade { qualification, least }));
        }
    }
    levels
}

/// Adds where a profile states a grade of any qualification as its own.
pub(super) fn add(profile: &AnalyzedProfile, stated: &mut Vec<Statement>) {
    let thesaurus = Thesaurus::bundled();
    let named: Vec<Option<ConceptId>> = profile
        .terms()
        .map(|term| graded(thesaurus.find(concept_of(term)?)?))
        .collect();
    if named.iter().all(Option::is_none) {
        return;
    }
    for passage in profile.passages() {
        let text = profile.text_of(passage);
        for one in profile.occurrences(passage) {
            let Some(qualification) = named.get(usize::from(one.term)).copied().flatten() else {
                continue;
            };
            if one.private.is_some() || !one.distance.is_own() {
                continue;
            }
            let start = one.start as usize;
            let grades = thesaurus.concept(qualification);
            if let Some(grade) = grade_near(text, start, start + usize::from(one.len), grades) {
                stated.push(Statement {
                    of: Scale::Grade(qualification),
                    rank: grade as u32,
                    field: passage.field,
                    entry: passage.entry,
                    start: passage.range.start,
                });
            }
        }
    }
}

fn graded(id: ConceptId) -> Option<ConceptId> {
    let concept = Thesaurus::bundled().concept(id);
    (concept.kind == Kind::Qualification && !concept.levels.is_empty()).then_some(id)
}

/// The grade in a name, close behind it, or close before it; by its place among the grades.
fn grade_near(text: &str, start: usize, end: usize, qualification: &Concept) -> Option<usize> {
    let behind: String = text[end..]
        .chars()
        .take(AFTER_CHARS_MAX)
        .take_while(|c| !ENDS.contains(c))
        .collect();
    let before: Vec<char> = text[..start]
        .chars()
        .rev()
        .take(BEFORE_CHARS_MAX)
        .take_while(|c| !ENDS.contains(c))
        .collect();
    let before: String = before.into_iter().rev().collect();
    let from_name = canonical(&format!("{}{behind}", &text[start..end]));
    let before = canonical(&before);
    let grades = || {
        let all = qualification.levels.iter().enumerate();
        all.map(|(idx, grade)| (idx, canonical(grade)))
            .filter(|(_, grade)| grade.chars().count() >= GRADE_CHARS_MIN)
    };
    // 準1級 begins before the 1級 in it, and is longer where both end together.
    let first = grades().filter_map(|(idx, grade)| {
        let at = whole(&from_name, &grade)?;
        Some(((at, Reverse(grade.len())), idx))
    });
    let last = || {
        grades().filter_map(|(idx, grade)| {
            let at = whole(&before, &grade)?;
            Some(((at + grade.len(), grade.len()), idx))
        })
    };
    first
        .min()
        .map(|(_, idx)| idx)
        .or_else(|| last().max().map(|(_, idx)| idx))
}

/// Where a grade stands that is no part of a longer number.
fn whole(text: &str, grade: &str) -> Option<usize> {
    let at = text.find(grade)?;
    let is_number = grade.starts_with(|c: char| c.is_ascii_digit());
    let follows_digit = text[..at].ends_with(|c: char| c.is_ascii_digit());
    (!(is_number && follows_digit)).then_some(at)
}

/// One spelling for grades: 一級 and １級 are 1級, 准1級 is 準1級.
fn canonical(text: &str) -> String {
    const KANJI: &str = "一二三四五六七八九";
    let normalized = text::normalize(text).to_lowercase();
    let one = |c: char| match KANJI.chars().position(|kanji| kanji == c) {
        Some(idx) => char::from(b'1' + idx as u8),
        None if c == '准' || c == '凖' => '準',
        None => c,
    };
    normalized
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(one)
        .collect()
}
