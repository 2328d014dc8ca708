//! What a typed query looks for.

use std::ops::Range;

use crate::text::{Analyzer, Compact, Token, normalize};
use crate::thesaurus::{ConceptId, Naming, Relation, Thesaurus};

/// How much of a typed query is read; ten times the longest that people type. What follows is left out.
pub const QUERY_CHARS_MAX: usize = 256;

/// A query, read.
#[derive(Clone, Debug)]
pub struct TypedQuery {
    /// What was read of it.
    pub(super) text: String,
    /// What stands between separators, in order.
    pub(crate) segments: Vec<Segment>,
    /// What the thesaurus knows of it, in order.
    pub(crate) things: Vec<Thing>,
}

/// What stands between two separators.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    /// As typed.
    pub(crate) typed: String,
    /// Normalised.
    pub(crate) text: String,
    /// Its words; their ranges are bytes of the query.
    pub(crate) words: Vec<Token>,
}

/// A stretch of a query that the thesaurus knows.
#[derive(Clone, Debug)]
pub(crate) struct Thing {
    /// As typed.
    pub(crate) typed: String,
    /// Bytes of the query.
    pub(crate) range: Range<usize>,
    /// What it may mean.
    pub(crate) concepts: Concepts,
    /// Whether it is a company's own word.
    pub(crate) is_own_word: bool,
}

/// Concepts that bear out what was asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Concepts {
    /// What was named: under another name it is the same.
    pub(crate) same: Vec<ConceptId>,
    /// What belongs to it.
    pub(crate) narrower: Vec<ConceptId>,
    /// What is named, where that is one word: 営業 in 法人営業, for who asks for セールス.
    pub(crate) words: Vec<String>,
}

impl Thing {
    /// Whether a word of the query belongs to it.
    pub(crate) fn covers(&self, word: &Token) -> bool {
        self.range.start < word.range.end && word.range.start < self.range.end
    }
}

impl TypedQuery {
    /// Reads a query.
    #[must_use]
    pub fn new(analyzer: &Analyzer, query: &str) -> Self {
        let end = query
            .char_indices()
            .nth(QUERY_CHARS_MAX)
            .map_or(query.len(), |(at, _)| at);
        let text = &query[..end];
        let mut segments = Vec::new();
        let mut start = 0;
        for typed in text.split(is_separator) {
            let offset = start;
            // Where the separator ends that follows.
            let after = offset + typed.len();
            start = after + text[after..].chars().next().map_or(0, char::len_utf8);
            let normalized = normalize(typed);
            if normalized.is_empty() {
                continue;
            }
            let mut words = analyzer.words(typed);
            for word in &mut words {
                word.range = word.range.start + offset..word.range.end + offset;
            }
            segments.push(Segment {
                typed: typed.to_owned(),
                text: normalized,
                words,
            });
        }
        Self {
            things: things(analyzer, text),
            text: text.to_owned(),
            segments,
        }
    }

    /// Whether there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }
}

/// The longest stretches that name concepts, each with all that it may mean.
fn things(analyzer: &Analyzer, text: &str) -> Vec<Thing> {
    let thesaurus = Thesaurus::bundled();
    let mut things: Vec<Thing> = Vec::new();
    for mention in thesaurus.mentions(&analyzer.segment(text), || Compact::new(text)) {
        if mention.naming == Naming::Shown {
            continue;
        }
        let relatives = thesaurus.relatives(mention.concept).iter().copied();
        // An area is too wide: who types 総務 does not ask for every secretary.
        let is_wide = thesaurus.concept(mention.concept).is_area;
        let narrower = relatives.filter(|(_, relation)| !is_wide && *relation == Relation::Narrower(1));
        let narrower: Vec<ConceptId> = narrower.map(|(id, _)| id).collect();
        let concept = thesaurus.concept(mention.concept);
        let typed = analyzer.words(&text[mention.range.clone()]);
        let mut words: Vec<String> = Vec::new();
        for name in [&concept.ja, &concept.en] {
            if let [word] = &analyzer.words(name)[..]
                && typed.iter().all(|typed| typed.term != word.term)
            {
                words.push(word.term.clone());
            }
        }
        match things.last_mut() {
            Some(thing) if thing.range == mention.range => {
                thing.concepts.same.push(mention.concept);
                thing.concepts.narrower.extend(narrower);
                thing.concepts.words.extend(words);
            }
            _ => things.push(Thing {
                typed: text[mention.range.clone()].to_owned(),
                concepts: Concepts {
                    same: vec![mention.concept],
                    narrower,
                    words,
                },
                is_own_word: mention.naming == Naming::Company,
                range: mention.range,
            }),
        }
    }
    things
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '、' | '，' | ',' | '。' | ';' | '；' | '/' | '／' | '・' | '|')
}
