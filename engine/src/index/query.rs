//! Queries, built from terms alone: whatever a person types is text, and none of it is syntax.
//!
//! - Words first. Characters are asked only when the words of the whole query find nobody, or for a single kanji.
//! - Who matches all words stands above who matches some.
//! - The length of a query bounds its cost.

use std::collections::HashMap;

use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::grams::{Run, WORD_START};
use super::names::name_key;
use super::schema::Fields;
use crate::text::normal::{is_kanji, is_spaced_letter};
use crate::text::{Analyzer, Token, normalize};

/// How much of a typed query is read; ten times the longest that people type. What follows is left out.
pub const QUERY_CHARS_MAX: usize = 256;

/// Most terms of an opportunity that retrieval asks for, heaviest first; a long posting has about 300.
const RETRIEVE_TERMS_MAX: usize = 512;

/// Added for all words of the query: far above the BM25 scores of anything that people type, and small enough for
/// an `f32` to keep their thousandths.
const ALL_WORDS_SCORE: f32 = 10_000.0;

/// What a name counts: more than a word of the profile, chosen by hand.
const NAME_SCORE: f32 = 20.0;

/// What the words of a compound count when they stand next to each other, beside their own score.
const PHRASE_BOOST: f32 = 2.0;

/// What one kanji counts as a word, at the beginning of a word, and inside of one.
const SINGLE_KANJI_SCORES: [f32; 3] = [1.0, 0.1, 0.01];

/// What the titles count beside the whole profile in retrieval: doubled, as measured on JSQuAD.
const RETRIEVE_TITLES_BOOST: f32 = 1.0;

/// How much of a person a typed search reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchScope {
    /// All of the profile, for hiring staff.
    WholeProfile,
    /// What peers see: no headline and no summary, from which they could read who thinks of coming back.
    PeerVisible,
}

/// Texts of an opportunity with what each counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WeightedText {
    /// A text and its weight, above 0.
    pub parts: Vec<(String, f32)>,
}

/// Which fields a search reads, and what each counts.
pub(super) struct Target {
    words: Vec<(Field, f32)>,
    grams: Vec<Field>,
    names: Option<Field>,
}

impl Target {
    pub(super) fn alumni(fields: &Fields, scope: SearchScope) -> Self {
        let of = fields.alumnus;
        let mut words = vec![
            (of.titles, 2.0),
            (of.skills, 1.5),
            (of.qualifications, 1.2),
            (of.experience, 1.0),
            (of.place, 0.8),
        ];
        let mut grams = vec![of.peer_grams];
        match scope {
            SearchScope::WholeProfile => {
                words.extend([(of.headline, 2.0), (of.summary, 1.0)]);
                grams.push(of.own_grams);
            }
            SearchScope::PeerVisible => {}
        }
        Self {
            words,
            grams,
            names: Some(of.names),
        }
    }

    pub(super) fn opportunities(fields: &Fields) -> Self {
        let of = fields.opportunity;
        Self {
            words: vec![
                (of.title, 2.0),
                (of.must_haves, 1.5),
                (of.nice_to_haves, 1.2),
                (of.body, 1.0),
            ],
            grams: vec![of.grams],
            names: None,
        }
    }
}

/// The queries to try one after another until one finds something.
pub(super) fn typed(analyzer: &Analyzer, target: &Target, query: &str) -> Vec<Box<dyn Query>> {
    let end = query
        .char_indices()
        .nth(QUERY_CHARS_MAX)
        .map_or(query.len(), |(at, _)| at);
    let segments: Vec<Segment> = query[..end]
        .split(is_separator)
        .map(|text| Segment {
            text: normalize(text),
            words: analyzer.words(text),
        })
        .filter(|segment| !segment.text.is_empty())
        .collect();
    let attempts = [
        by_words(target, &segments),
        by_characters(target, &segments, Occur::Must, |run| Some(run.at_word_start())),
        by_characters(target, &segments, Occur::Should, |run| Some(run.at_word_start())),
        by_characters(target, &segments, Occur::Must, Run::inside_words),
    ];
    attempts.into_iter().flatten().collect()
}

/// Everybody with any word of the texts, by the weighted sum of their BM25 scores; `None` without words.
pub(super) fn retrieval(analyzer: &Analyzer, fields: &Fields, text: &WeightedText) -> Option<Box<dyn Query>> {
    let mut weights: HashMap<String, f32> = HashMap::new();
    for (part, weight) in &text.parts {
        for word in analyzer.words(part) {
            *weights.entry(word.term).or_default() += weight;
        }
    }
    let mut weights: Vec<(String, f32)> = weights.into_iter().collect();
    weights.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    weights.truncate(RETRIEVE_TERMS_MAX);
    let of = fields.alumnus;
    let clauses = weights.iter().flat_map(|(term, weight)| {
        [
            boosted(term_query(of.profile, term), *weight),
            boosted(term_query(of.titles, term), weight * RETRIEVE_TITLES_BOOST),
        ]
    });
    any(clauses.collect())
}

/// What stands between two separators, normalised, and its words.
struct Segment {
    text: String,
    words: Vec<Token>,
}

fn by_words(target: &Target, segments: &[Segment]) -> Option<Box<dyn Query>> {
    let mut all_words: Vec<Box<dyn Query>> = Vec::new();
    for segment in segments {
        let own = segment_by_words(target, segment);
        // A segment without words, such as a picture, is asked for by its characters.
        let own = own.or_else(|| segment_by_characters(target, segment, |run| Some(run.at_word_start())));
        all_words.extend(own);
    }
    if all_words.is_empty() {
        return None;
    }
    let every = every(all_words);
    let Some(some) = some_words(target, segments) else {
        return Some(every);
    };
    let bonus = Box::new(ConstScoreQuery::new(every.box_clone(), ALL_WORDS_SCORE));
    any(vec![bonus, every, some])
}

/// Who matches two thirds of the words; one character alone is no word here unless it was typed alone.
fn some_words(target: &Target, segments: &[Segment]) -> Option<Box<dyn Query>> {
    let mut clauses: Vec<Box<dyn Query>> = Vec::new();
    for segment in segments {
        for word in &segment.words {
            if is_one_character(&word.term) && segment.words.len() > 1 {
                continue;
            }
            let alone = Segment {
                text: word.term.clone(),
                words: vec![word.clone()],
            };
            clauses.extend(segment_by_words(target, &alone));
        }
    }
    let n_words = clauses.len();
    if n_words < 2 {
        return None;
    }
    let needed = if n_words == 2 {
        1
    } else {
        (n_words * 2).div_ceil(3)
    };
    Some(Box::new(BooleanQuery::union_with_minimum_required_clauses(
        clauses, needed,
    )))
}

fn segment_by_words(target: &Target, segment: &Segment) -> Option<Box<dyn Query>> {
    let words = match &segment.words[..] {
        [] => None,
        [word] => single_word(target, word),
        words if words.iter().all(|word| is_one_character(&word.term)) => phrase_in(target, words),
        words => {
            let mut clauses: Vec<(Occur, Box<dyn Query>)> = words
                .iter()
                .filter_map(|word| Some((Occur::Must, word_in(target, word)?)))
                .collect();
            let phrase = phrase_in(target, words).map(|phrase| boosted(phrase, PHRASE_BOOST));
            clauses.extend(phrase.map(|phrase| (Occur::Should, phrase)));
            Some(Box::new(BooleanQuery::new(clauses)) as Box<dyn Query>)
        }
    };
    let name = target.names.and_then(|field| {
        let key = name_key(&segment.text);
        let query = ConstScoreQuery::new(term_query(field, &key), NAME_SCORE);
        (!key.is_empty()).then(|| Box::new(query) as Box<dyn Query>)
    });
    any([words, name].into_iter().flatten().collect())
}

fn single_word(target: &Target, word: &Token) -> Option<Box<dyn Query>> {
    let found = word_in(target, word)?;
    let mut chars = word.term.chars();
    let (Some(kanji), None) = (chars.next(), chars.next()) else {
        return Some(found);
    };
    if !is_kanji(kanji) {
        return Some(found);
    }
    let [as_word, at_start, inside] = SINGLE_KANJI_SCORES;
    let constant =
        |query: Box<dyn Query>, score| Box::new(ConstScoreQuery::new(query, score)) as Box<dyn Query>;
    let mut clauses = vec![constant(found.box_clone(), as_word), found];
    for field in &target.grams {
        clauses.push(constant(
            term_query(*field, &format!("{WORD_START}{kanji}")),
            at_start,
        ));
        clauses.push(constant(term_query(*field, &word.term), inside));
    }
    any(clauses)
}

fn word_in(target: &Target, word: &Token) -> Option<Box<dyn Query>> {
    any(target
        .words
        .iter()
        .map(|(field, boost)| boosted(term_query(*field, &word.term), *boost))
        .collect())
}

/// The words next to each other, in any field.
fn phrase_in(target: &Target, words: &[Token]) -> Option<Box<dyn Query>> {
    let mut places: Vec<(usize, &str)> = Vec::new();
    for word in words {
        // Of a company's word and its first part, which share a position, one is enough.
        if places.last().is_none_or(|last| last.0 < word.position as usize) {
            places.push((word.position as usize, &word.term));
        }
    }
    let fields = target.words.iter();
    any(fields
        .filter_map(|(field, boost)| Some(boosted(consecutive(*field, &places)?, *boost)))
        .collect())
}

/// Every segment, or any of them, by its characters; `None` when no stretch of them is long enough.
fn by_characters(
    target: &Target,
    segments: &[Segment],
    occur: Occur,
    terms: impl Fn(&Run) -> Option<Vec<String>>,
) -> Option<Box<dyn Query>> {
    let mut queries = Vec::new();
    for segment in segments {
        match segment_by_characters(target, segment, &terms) {
            Some(query) => queries.push(query),
            None if occur == Occur::Must => return None,
            None => {}
        }
    }
    match occur {
        Occur::Must if !queries.is_empty() => Some(every(queries)),
        Occur::Must => None,
        Occur::Should | Occur::MustNot => any(queries),
    }
}

/// All stretches of Japanese by their characters, and all words in letters and digits as words.
fn segment_by_characters(
    target: &Target,
    segment: &Segment,
    terms: impl Fn(&Run) -> Option<Vec<String>>,
) -> Option<Box<dyn Query>> {
    let mut clauses: Vec<Box<dyn Query>> = Vec::new();
    for run in Run::all(&segment.text) {
        let terms = terms(&run)?;
        let places: Vec<(usize, &str)> = terms.iter().map(String::as_str).enumerate().collect();
        clauses.push(any(target
            .grams
            .iter()
            .filter_map(|field| consecutive(*field, &places))
            .collect())?);
    }
    for word in &segment.words {
        if word.term.chars().all(is_spaced_letter) {
            clauses.extend(word_in(target, word));
        }
    }
    (!clauses.is_empty()).then(|| every(clauses))
}

fn consecutive(field: Field, places: &[(usize, &str)]) -> Option<Box<dyn Query>> {
    match places {
        [] => None,
        [(_, term)] => Some(term_query(field, term)),
        places => {
            let terms = places
                .iter()
                .map(|(at, term)| (*at, Term::from_field_text(field, term)));
            Some(Box::new(PhraseQuery::new_with_offset(terms.collect())))
        }
    }
}

fn term_query(field: Field, term: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(
        Term::from_field_text(field, term),
        IndexRecordOption::WithFreqs,
    ))
}

fn boosted(query: Box<dyn Query>, boost: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, boost))
}

fn every(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    if queries.len() == 1 {
        return queries.remove(0);
    }
    Box::new(BooleanQuery::intersection(queries))
}

fn any(mut queries: Vec<Box<dyn Query>>) -> Option<Box<dyn Query>> {
    match queries.len() {
        0 => None,
        1 => Some(queries.remove(0)),
        _ => Some(Box::new(BooleanQuery::union(queries))),
    }
}

fn is_one_character(term: &str) -> bool {
    let mut chars = term.chars();
    chars.next().is_some_and(|c| !is_spaced_letter(c)) && chars.next().is_none()
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '、' | '，' | ',' | '。' | ';' | '；' | '/' | '／' | '・' | '|')
}
