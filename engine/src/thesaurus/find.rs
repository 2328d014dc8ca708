//! Which concepts a text names.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::ops::Range;

use super::{ConceptId, Thesaurus};
use crate::text::{Compact, Segmented};

/// How a form stands to its concept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// The preferred term, in Japanese or English.
    Preferred,
    /// Another name of the same thing.
    Synonym,
    /// A phrase that shows the work without naming it.
    Shown,
    /// A company's own word, which the company says means this.
    Company,
}

/// A concept named in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Which.
    pub concept: ConceptId,
    /// Bytes of the text.
    pub range: Range<usize>,
    /// How.
    pub naming: Naming,
}

/// The forms that a text has, whatever those mean that may mean several things; see [`Thesaurus::meant`].
#[derive(Debug)]
pub(crate) struct Forms(Vec<(Range<usize>, Found)>);

/// What was found at a place.
#[derive(Debug)]
enum Found {
    /// The forms of a pattern of the automaton.
    Bundled(usize),
    /// What a company's own word means.
    Company(ConceptId),
}

/// Forms that name one thing or another, or nothing, depending on what stands around the text.
#[derive(Clone, Debug, Default)]
pub struct Ambiguous {
    /// Of the automaton.
    patterns: HashSet<usize>,
}

impl Thesaurus {
    /// The concept that is called so, in any form that names it wherever it stands; `None` also for names that mean
    /// it only beside certain words, and for phrases that show it without naming it.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<ConceptId> {
        let name = Compact::new(name.trim());
        let name = name.text();
        let mut hits = self.automaton.find_overlapping_iter(name);
        let whole = hits.find(|hit| hit.range() == (0..name.len()))?;
        let mut forms = self.forms[whole.pattern().as_usize()].iter();
        let form = forms.find(|form| form.near.is_empty() && form.naming != Naming::Shown)?;
        Some(form.concept)
    }

    /// The concepts that a text names, in order of their beginning. Of two forms of which one lies inside the other,
    /// only the longer counts, and of two of the same length the company's own word.
    ///
    /// - `text`: a stretch of text with its words
    /// - `context`: what stands around it and decides what an ambiguous form means; asked for only where there is one
    #[must_use]
    pub fn mentions(&self, text: &Segmented, context: impl Fn() -> Compact) -> Vec<Mention> {
        self.meant(&self.forms_in(text), context)
    }

    /// What [`Self::mentions`] decides among, for whoever asks in more than one context.
    pub(crate) fn forms_in(&self, text: &Segmented) -> Forms {
        let mut found: Vec<(Range<usize>, Found)> = Vec::new();
        // A meaning that no concept has any more leaves the word a word.
        found.extend(text.meant.iter().filter_map(|word| {
            let concept = self.named(&word.meaning)?;
            Some((word.range.clone(), Found::Company(concept)))
        }));
        for hit in self.automaton.find_overlapping_iter(text.compact.text()) {
            let pattern = hit.pattern().as_usize();
            let is_stem = self.is_stem(pattern);
            if let Some(range) = text.compact.whole_phrase(&hit.range(), &text.borders, is_stem) {
                found.push((range, Found::Bundled(pattern)));
            }
        }
        // The longest of those that begin together first; stable, so the company's before others of its length.
        found.sort_by(|(a, _), (b, _)| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
        Forms(found)
    }

    /// What the forms of a text mean in a context, as [`Self::mentions`] has it.
    pub(crate) fn meant<C: Borrow<Compact>>(&self, forms: &Forms, context: impl Fn() -> C) -> Vec<Mention> {
        let mut mentions: Vec<Mention> = Vec::new();
        let mut around: Option<C> = None;
        let mut end_max = 0;
        for (range, found) in &forms.0 {
            if range.end <= end_max {
                continue;
            }
            let pattern = match found {
                Found::Bundled(pattern) => *pattern,
                Found::Company(concept) => {
                    end_max = range.end;
                    mentions.push(Mention {
                        concept: *concept,
                        range: range.clone(),
                        naming: Naming::Company,
                    });
                    continue;
                }
            };
            // What the text around points to is meant; without any, what the form means by itself.
            let forms = &self.forms[pattern];
            let near = forms.iter().filter(|form| {
                !form.near.is_empty() && {
                    let around: &C = around.get_or_insert_with(&context);
                    let around: &Compact = around.borrow();
                    form.near.iter().any(|word| around.text().contains(word.as_str()))
                }
            });
            let mut meant: Vec<_> = near.collect();
            if meant.is_empty() {
                meant.extend(forms.iter().filter(|form| form.near.is_empty()));
            }
            for form in &meant {
                mentions.push(Mention {
                    concept: form.concept,
                    range: range.clone(),
                    naming: form.naming,
                });
            }
            if !meant.is_empty() {
                end_max = range.end;
            }
        }
        mentions
    }

    /// The ambiguous forms that may decide whether a text names one of some concepts: those of the concepts, and those that
    /// contain a form of them, which counts only where the longer one means nothing.
    #[must_use]
    pub fn ambiguous(&self, is_wanted: impl Fn(ConceptId) -> bool) -> Ambiguous {
        let wanted = self.ambiguous.iter();
        let wanted = wanted.filter(|(_, inside)| inside.iter().any(|concept| is_wanted(*concept)));
        Ambiguous {
            patterns: wanted.map(|(pattern, _)| *pattern).collect(),
        }
    }

    /// Whether a text may have one of these forms, wherever its words begin and end. Without any, it names the concepts that
    /// they were chosen for, or not, whatever stands around it.
    #[must_use]
    pub fn may_have_ambiguous(&self, forms: &Ambiguous, text: &str) -> bool {
        if forms.patterns.is_empty() {
            return false;
        }
        let compact = Compact::new(text);
        let mut hits = self.automaton.find_overlapping_iter(compact.text());
        hits.any(|hit| {
            let pattern = hit.pattern().as_usize();
            forms.patterns.contains(&pattern) && {
                let anywhere: Vec<usize> = (0..=text.len()).collect();
                let is_stem = self.is_stem(pattern);
                compact.whole_phrase(&hit.range(), &anywhere, is_stem).is_some()
            }
        })
    }

    /// How a stretch names a concept; `None` where it is no form of it from its first to its last character.
    #[must_use]
    pub fn naming_as_whole(&self, concept: ConceptId, stretch: &str) -> Option<Naming> {
        let compact = Compact::new(stretch);
        let text = compact.text();
        let mut hits = self.automaton.find_overlapping_iter(text);
        let whole = hits.find(|hit| hit.range() == (0..text.len()))?;
        let mut forms = self.forms[whole.pattern().as_usize()].iter();
        forms.find(|form| form.concept == concept).map(|form| form.naming)
    }

    /// How a stretch that was found for a concept names it.
    #[must_use]
    pub fn naming(&self, concept: ConceptId, stretch: &str) -> Option<Naming> {
        let compact = Compact::new(stretch);
        let hits = self.automaton.find_overlapping_iter(compact.text());
        let of_concept = hits.filter_map(|hit| {
            let form = self.forms[hit.pattern().as_usize()]
                .iter()
                .find(|form| form.concept == concept)?;
            Some((hit.len(), form.naming))
        });
        of_concept.max_by_key(|(len, _)| *len).map(|(_, naming)| naming)
    }

    /// Whether a form may go on behind its end.
    fn is_stem(&self, pattern: usize) -> bool {
        let mut forms = self.forms[pattern].iter();
        forms.all(|form| form.naming == Naming::Shown)
    }
}
