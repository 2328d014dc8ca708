//! The texts of one result with what is known of them, so that nothing is found out twice.
//!
//! - What the analysis of a profile found in a text counts for that very text and no other: what a viewer may read is given by
//!   the caller and may be less, older or newer than what was analysed.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::show::{SearchField, Text, Texts};
use crate::features::analysis::{AnalyzedText, Occurrence, concept_of};
use crate::text::{Compact, private};

/// A text with what is known of it.
pub(super) struct Source<'a> {
    pub(super) text: &'a Text<'a>,
    /// The parts that are read, in bytes.
    pub(super) readable: Vec<Range<usize>>,
    /// What its analysis found in it.
    pub(super) analyzed: Option<AnalyzedText<'a>>,
}

/// The texts of one result.
pub(super) struct Sources<'a> {
    pub(super) all: Vec<Source<'a>>,
    /// By group.
    contexts: Vec<OnceCell<Compact>>,
    /// By number, whether a term of the profile is a concept's.
    is_concept: Vec<bool>,
    /// The terms of the profile that a query looks for, by their numbers.
    wanted: Vec<(u16, &'a str)>,
}

impl<'a> Sources<'a> {
    /// - `wanted`: the terms that a query looks for
    pub(super) fn new(texts: &'a Texts<'a>, wanted: &HashSet<String>) -> Self {
        let profile = texts.analyzed;
        let analyzed: HashMap<&str, AnalyzedText<'_>> = profile
            .into_iter()
            .flat_map(|profile| profile.texts().map(|text| (text.text, text)))
            .collect();
        let all = texts.all.iter().map(|text| {
            let analyzed = analyzed.get(text.text).filter(|_| text.is_personal).copied();
            let readable = match analyzed {
                Some(analyzed) => private::between(text.text, analyzed.private),
                None => text.readable(),
            };
            Source {
                text,
                readable,
                analyzed,
            }
        });
        let n_groups = texts
            .all
            .iter()
            .map(|text| text.group + 1)
            .max()
            .unwrap_or_default();
        let terms = || profile.into_iter().flat_map(|profile| profile.terms());
        Self {
            all: all.collect(),
            contexts: vec![OnceCell::new(); n_groups],
            is_concept: terms().map(|term| concept_of(term).is_some()).collect(),
            wanted: (0..)
                .zip(terms())
                .filter(|(_, term)| wanted.contains(*term))
                .collect(),
        }
    }

    /// What stands around a text, and in it.
    pub(super) fn context(&self, text: &Text<'_>) -> Compact {
        let context = self.contexts[text.group].get_or_init(|| {
            let beside = self.all.iter();
            let beside = beside
                .filter(|other| other.text.group == text.group && other.text.field != SearchField::Name);
            let public = beside.flat_map(|other| {
                let ranges = other.readable.iter().cloned();
                ranges.map(|range| &other.text.text[range])
            });
            Compact::new(&public.collect::<Vec<_>>().join("\n"))
        });
        context.clone()
    }

    /// Whether a token stands for a concept, and not for a word.
    pub(super) fn is_concept(&self, occurrence: &Occurrence) -> bool {
        self.is_concept[usize::from(occurrence.term)]
    }

    /// The term of a token that the query looks for.
    pub(super) fn wanted(&self, occurrence: &Occurrence) -> Option<&'a str> {
        let mut wanted = self.wanted.iter();
        wanted
            .find(|(number, _)| *number == occurrence.term)
            .map(|(_, term)| *term)
    }
}
