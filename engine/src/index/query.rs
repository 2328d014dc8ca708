//! Queries, built from terms alone: whatever a person types is text, and none of it is syntax.
//!
//! - Steps, one below the other: the words themselves; other names of the same thing; what belongs to it; some of the
//!   words; the words where they tell of others. Within a step the words' BM25 decides, with that of the characters.
//! - Characters find somebody only when no word of the query does, or for a single kanji.

use std::cell::RefCell;

use rustc_hash::FxHashMap;
use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::at_least::AtLeast;
use super::grams::{Run, WORD_START};
use super::marks;
use super::schema::Fields;
use super::shared::Shared;
use crate::search::{Segment, Thing, TypedQuery, wanted_terms};
use crate::text::Token;
use crate::text::normal::{is_kanji, is_spaced_letter};
use crate::thesaurus::{ConceptId, Thesaurus};

/// What the words of a compound count when they stand next to each other, beside their own score.
const PHRASE_BOOST: f32 = 2.0;

/// What one kanji counts as a word, at the beginning of a word, and inside of one.
const SINGLE_KANJI_SCORES: [f32; 3] = [1.0, 0.1, 0.01];

/// How much of a person a typed search reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchScope {
    /// All of the profile, for hiring staff.
    WholeProfile,
    /// What peers see: no headline and no summary, from which they could read who thinks of coming back.
    PeerVisible,
}

/// Which fields a search reads, and what each counts. Of one search: its words are looked for once, however many of its
/// queries ask for them.
pub(super) struct Target {
    words: Vec<(Field, f32)>,
    grams: Vec<Field>,
    marks: Vec<Field>,
    names: Option<Field>,
    shared: RefCell<FxHashMap<(String, Told), Option<Shared>>>,
}

/// Of what a word tells.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Told {
    /// Of the person's own doing.
    Own,
    /// Of the person's own, or what they are called.
    OwnOrName,
    /// Of anybody's.
    Anybodys,
}

impl Target {
    /// The query for a word, built once.
    fn shared(
        &self,
        word: &str,
        told: Told,
        build: impl FnOnce() -> Option<Box<dyn Query>>,
    ) -> Option<Box<dyn Query>> {
        let key = (word.to_owned(), told);
        let known = self.shared.borrow().get(&key).cloned();
        let query = known.unwrap_or_else(|| {
            let built = build().map(Shared::new);
            self.shared.borrow_mut().insert(key, built.clone());
            built
        });
        query.map(|query| Box::new(query) as Box<dyn Query>)
    }
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
        let mut marks = vec![of.peer_marks];
        match scope {
            SearchScope::WholeProfile => {
                words.extend([(of.headline, 2.0), (of.summary, 1.0)]);
                grams.push(of.own_grams);
                marks.push(of.own_marks);
            }
            SearchScope::PeerVisible => {}
        }
        Self {
            words,
            grams,
            marks,
            names: Some(of.names),
            shared: RefCell::default(),
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
            marks: vec![of.marks],
            names: None,
            shared: RefCell::default(),
        }
    }
}

/// The queries of a search. Whoever is found by several stands where the first puts them.
pub(super) struct Steps {
    /// The words or the name.
    pub(super) all_words: Option<Box<dyn Query>>,
    /// Those that find by characters, one after another until one finds something; in place of the words where these
    /// find nobody.
    pub(super) characters: Vec<Box<dyn Query>>,
    /// What stands below, best first.
    pub(super) below: Vec<Box<dyn Query>>,
    /// The words wherever they stand: whether there is anybody whom characters need not be asked for.
    pub(super) any_words: Option<Box<dyn Query>>,
    /// Rescores the best of each step.
    pub(super) pairs: Option<Box<dyn Query>>,
}

/// The queries of a typed search.
pub(super) fn typed(target: &Target, query: &TypedQuery) -> Steps {
    let segments = &query.segments[..];
    let some_words = some(segments, |segment| by_words(target, segment));
    let any_word = |segment: &Segment| anywhere(target, segment);
    let everywhere = all(segments, any_word);
    let somewhere = some(segments, any_word);
    let below = [
        other_names(target, query, Reach::Same),
        other_names(target, query, Reach::Narrower),
        some_words,
        everywhere.as_ref().map(|query| query.box_clone()),
        other_names(target, query, Reach::Aside),
        somewhere.as_ref().map(|query| query.box_clone()),
    ];
    Steps {
        all_words: all_words(target, segments),
        characters: [
            by_characters(target, segments, Occur::Must, |run| Some(run.at_word_start())),
            by_characters(target, segments, Occur::Should, |run| Some(run.at_word_start())),
            by_characters(target, segments, Occur::Must, Run::inside_words),
        ]
        .into_iter()
        .flatten()
        .collect(),
        below: below.into_iter().flatten().collect(),
        any_words: any([everywhere, somewhere].into_iter().flatten().collect()),
        pairs: pairs(target, segments),
    }
}

fn all_words(target: &Target, segments: &[Segment]) -> Option<Box<dyn Query>> {
    let mut every_segment: Vec<Box<dyn Query>> = Vec::new();
    for segment in segments {
        let own = by_words(target, segment);
        // A segment without words, such as a picture, is asked for by its characters.
        let own = own.or_else(|| segment_by_characters(target, segment, |run| Some(run.at_word_start())));
        every_segment.extend(own);
    }
    (!every_segment.is_empty()).then(|| every(every_segment))
}

/// Every segment by `find`; `None` when there is nothing to look for.
fn all(segments: &[Segment], find: impl Fn(&Segment) -> Option<Box<dyn Query>>) -> Option<Box<dyn Query>> {
    let queries: Vec<_> = segments.iter().filter_map(find).collect();
    (!queries.is_empty()).then(|| every(queries))
}

/// Two thirds of the words by `find`; one character alone is no word here unless it was typed alone.
fn some(segments: &[Segment], find: impl Fn(&Segment) -> Option<Box<dyn Query>>) -> Option<Box<dyn Query>> {
    let mut clauses: Vec<Box<dyn Query>> = Vec::new();
    for segment in segments {
        for word in &segment.words {
            if is_one_character(&word.term) && segment.words.len() > 1 {
                continue;
            }
            clauses.extend(find(&alone(word)));
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
    if needed == 1 {
        return any(clauses);
    }
    Some(Box::new(AtLeast::new(needed, clauses)))
}

/// One word as if it had been typed alone.
fn alone(word: &Token) -> Segment {
    Segment {
        typed: word.term.clone(),
        text: word.term.clone(),
        words: vec![word.clone()],
    }
}

/// How far from what was typed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Other names of the same.
    Same,
    /// What belongs to it, or shows it without naming it.
    Narrower,
    /// The same, told of others.
    Aside,
}

/// What the thesaurus knows by the names that it knows, everything else by its words; `None` where it knows nothing.
fn other_names(target: &Target, query: &TypedQuery, reach: Reach) -> Option<Box<dyn Query>> {
    if query.things.is_empty() {
        return None;
    }
    let find = |segment: &Segment| match reach {
        Reach::Same | Reach::Narrower => by_words(target, segment),
        Reach::Aside => anywhere(target, segment),
    };
    let mut clauses: Vec<Box<dyn Query>> = Vec::new();
    for segment in &query.segments {
        let is_known = |word: &Token| query.things.iter().any(|thing| thing.covers(word));
        if segment.words.iter().any(is_known) {
            let unknown = segment.words.iter().filter(|word| !is_known(word));
            clauses.extend(unknown.filter_map(|word| find(&alone(word))));
        } else {
            clauses.extend(find(segment));
        }
    }
    for thing in &query.things {
        let words = query.segments.iter().flat_map(|segment| &segment.words);
        let words = words.filter(|word| thing.covers(word));
        let words: Vec<_> = words.filter_map(|word| find(&alone(word))).collect();
        let by_words = (!words.is_empty()).then(|| every(words));
        // Side by side, since a union of unions is gone through once for each.
        let mut clause: Vec<_> = by_words.into_iter().collect();
        clause.extend(concepts(target, thing, reach));
        let preferred = thing.concepts.words.iter();
        clause.extend(preferred.flat_map(|word| terms_in(target, word)));
        clauses.push(any(clause)?);
    }
    (!clauses.is_empty()).then(|| every(clauses))
}

/// The concepts that bear out a thing.
fn concepts(target: &Target, thing: &Thing, reach: Reach) -> Vec<Box<dyn Query>> {
    let thesaurus = Thesaurus::bundled();
    let of = |concepts: &[ConceptId], term: fn(&str) -> String| {
        let terms = concepts
            .iter()
            .map(|concept| term(&thesaurus.concept(*concept).id));
        terms.collect::<Vec<String>>()
    };
    let concepts = &thing.concepts;
    let mut terms = of(&concepts.same, marks::named);
    match reach {
        Reach::Same => {}
        Reach::Narrower => {
            terms.extend(of(&concepts.same, marks::shown));
            terms.extend(of(&concepts.narrower, marks::named));
        }
        Reach::Aside => terms.extend(of(&concepts.same, marks::named_aside)),
    }
    terms_in_marks(target, &terms)
}

fn terms_in_marks(target: &Target, terms: &[String]) -> Vec<Box<dyn Query>> {
    let fields = target.marks.iter();
    let of_field = |field: &Field| {
        let field = *field;
        terms.iter().map(move |term| term_query(field, term))
    };
    fields.flat_map(of_field).collect()
}

/// All words of a segment, also where they tell of others.
fn anywhere(target: &Target, segment: &Segment) -> Option<Box<dyn Query>> {
    let words = segment.words.iter();
    let words: Vec<_> = words
        .filter_map(|word| word_of(target, word, Told::Anybodys))
        .collect();
    // One character after another is a word only where they stand together.
    let is_scattered =
        segment.words.len() > 1 && segment.words.iter().all(|word| is_one_character(&word.term));
    (!words.is_empty() && !is_scattered).then(|| every(words))
}

/// Any pair of characters of the query.
fn pairs(target: &Target, segments: &[Segment]) -> Option<Box<dyn Query>> {
    let mut terms: Vec<String> = segments
        .iter()
        .flat_map(|segment| Run::all(&segment.text))
        .flat_map(|run| run.pairs())
        .collect();
    terms.sort_unstable();
    terms.dedup();
    let fields = target.grams.iter();
    any(fields
        .flat_map(|field| terms.iter().map(|term| term_query(*field, term)))
        .collect())
}

fn by_words(target: &Target, segment: &Segment) -> Option<Box<dyn Query>> {
    let words = match &segment.words[..] {
        [] => None,
        [word] if word.term == segment.typed => return word_of(target, word, Told::OwnOrName),
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
    any(words.into_iter().chain(names(target, &segment.typed)).collect())
}

/// Whoever is called what was typed.
fn names(target: &Target, typed: &str) -> Vec<Box<dyn Query>> {
    let Some(field) = target.names else {
        return Vec::new();
    };
    let terms = wanted_terms(typed).into_iter();
    let named = terms.map(|(term, score)| {
        Box::new(ConstScoreQuery::new(term_query(field, &term), score)) as Box<dyn Query>
    });
    named.collect()
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
    word_of(target, word, Told::Own)
}

fn word_of(target: &Target, word: &Token, told: Told) -> Option<Box<dyn Query>> {
    target.shared(&word.term, told, || match told {
        Told::Own => any(terms_in(target, &word.term)),
        Told::OwnOrName => {
            let own = single_word(target, word);
            any(own.into_iter().chain(names(target, &word.term)).collect())
        }
        Told::Anybodys => {
            let mut clauses: Vec<_> = word_of(target, word, Told::Own).into_iter().collect();
            clauses.extend(terms_in_marks(target, &[marks::word_aside(&word.term)]));
            any(clauses)
        }
    })
}

fn terms_in(target: &Target, term: &str) -> Vec<Box<dyn Query>> {
    let fields = target.words.iter();
    fields
        .map(|(field, boost)| boosted(term_query(*field, term), *boost))
        .collect()
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
