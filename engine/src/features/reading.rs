//! The texts of a profile, each read once: what is private in it, its words, the forms of the thesaurus that it has, and how
//! far the writer stands from what it tells. The analysis that ranking reads and the document of the index are both made
//! from this.
//!
//! - Decides nothing that the two decide differently: what an ambiguous word means depends on what its reader may read around
//!   it, and is told where it is asked.
//! - What only one of the two reads, that one does: the analysis what is private, the document the parts of a text from whose
//!   midst something was left out, which are one text for the analysis.

use std::cell::OnceCell;
use std::ops::Range;

use super::analysis::Part;
use super::distance::{self, Distance};
use super::field::ProfileField;
use crate::domain::Profile;
use crate::text::{self, Analyzer, Compact, Normalized, PublicText, Segmented, WordStarts};
use crate::thesaurus::{Forms, Thesaurus};

/// A profile with each of its texts read once.
pub struct ReadProfile<'a> {
    pub(crate) analyzer: &'a Analyzer,
    pub(crate) profile: &'a Profile,
    /// In reading order; those that are there and empty as well.
    pub(crate) texts: Vec<ReadText<'a>>,
    /// By entry; see [`Self::around`].
    around: Vec<(ProfileField, usize, OnceCell<Compact>)>,
}

impl<'a> ReadProfile<'a> {
    /// Reads a profile.
    #[must_use]
    pub fn new(analyzer: &'a Analyzer, profile: &'a Profile) -> Self {
        let mut read = Self {
            analyzer,
            profile,
            texts: Vec::new(),
            around: Vec::new(),
        };
        let mut add = |field, entry, part, text: &'a str| {
            read.texts.push(ReadText::new(analyzer, field, entry, part, text));
        };
        for (field, text) in [
            (ProfileField::Headline, &profile.headline),
            (ProfileField::Summary, &profile.summary),
        ] {
            if let Some(text) = text {
                add(field, 0, Part::Whole, text);
            }
        }
        for (entry, text) in profile.skills.iter().enumerate() {
            add(ProfileField::Skills, entry, Part::Whole, text);
        }
        for (entry, text) in profile.qualifications.iter().enumerate() {
            add(ProfileField::Qualifications, entry, Part::Whole, text);
        }
        for (entry, skill) in profile.languages.iter().enumerate() {
            add(ProfileField::Languages, entry, Part::Whole, &skill.language);
        }
        for (entry, tenure) in profile.tenures.iter().enumerate() {
            add(ProfileField::Tenure, entry, Part::Department, &tenure.department);
            add(ProfileField::Tenure, entry, Part::Title, &tenure.title);
            add(
                ProfileField::Tenure,
                entry,
                Part::Description,
                &tenure.description,
            );
        }
        for (entry, position) in profile.career_after.iter().enumerate() {
            let field = ProfileField::CareerAfter;
            add(field, entry, Part::Organization, &position.organization);
            add(field, entry, Part::Title, &position.title);
            add(field, entry, Part::Description, &position.description);
        }
        let of_entries = |field, n_entries| (0..n_entries).map(move |entry| (field, entry, OnceCell::new()));
        read.around = of_entries(ProfileField::Tenure, profile.tenures.len())
            .chain(of_entries(ProfileField::CareerAfter, profile.career_after.len()))
            .collect();
        read
    }

    /// The texts of a field, in reading order.
    pub(crate) fn of(&self, field: ProfileField) -> impl Iterator<Item = &ReadText<'a>> {
        self.texts.iter().filter(move |text| text.field == field)
    }

    /// What a tenure or position says publicly, which decides what an ambiguous word in it means, whoever reads it; `None`
    /// for any other field.
    pub(crate) fn around(&self, text: &ReadText<'_>) -> Option<&Compact> {
        let is_its_own =
            |(field, entry, _): &&(ProfileField, usize, _)| (*field, *entry) == (text.field, text.entry);
        let (_, _, around) = self.around.iter().find(is_its_own)?;
        Some(around.get_or_init(|| {
            let of_entry = self.of(text.field).filter(|one| one.entry == text.entry);
            public_context(of_entry)
        }))
    }
}

/// What texts say publicly, to look for what decides what an ambiguous word means.
pub(crate) fn public_context<'r, 'a: 'r>(texts: impl Iterator<Item = &'r ReadText<'a>>) -> Compact {
    let texts: Vec<&str> = texts.map(|text| text.public.text()).collect();
    Compact::new(&texts.join("\n"))
}

/// One text of a profile.
pub(crate) struct ReadText<'a> {
    pub(crate) field: ProfileField,
    /// Which entry of the field, from 0.
    pub(crate) entry: usize,
    pub(crate) part: Part,
    /// As written.
    pub(crate) text: &'a str,
    /// As [`text::private::ranges`] gives them.
    pub(crate) private: Vec<Range<usize>>,
    /// The rest of it.
    pub(crate) public: PublicText<'a>,
    /// The words of the rest.
    pub(crate) stretch: Stretch,
}

impl<'a> ReadText<'a> {
    pub(crate) fn new(
        analyzer: &Analyzer,
        field: ProfileField,
        entry: usize,
        part: Part,
        text: &'a str,
    ) -> Self {
        let normalized = Normalized::new(text);
        let private = text::private::ranges_in(text, &normalized);
        let public = PublicText::without(text, &private);
        let stretch = if private.is_empty() {
            Stretch::new(analyzer, normalized, distance::clauses(text))
        } else {
            Stretch::of_person(analyzer, public.text())
        };
        Self {
            field,
            entry,
            part,
            text,
            private,
            public,
            stretch,
        }
    }
}

/// A stretch of text, read by itself.
pub(crate) struct Stretch {
    pub(crate) words: Segmented,
    pub(crate) starts: WordStarts,
    pub(crate) forms: Forms,
    /// As [`distance::clauses`] gives them; none of a company's text, which is nobody's own experience.
    pub(crate) clauses: Vec<(Range<usize>, Distance)>,
}

impl Stretch {
    /// Reads what a person wrote.
    pub(crate) fn of_person(analyzer: &Analyzer, text: &str) -> Self {
        Self::new(analyzer, Normalized::new(text), distance::clauses(text))
    }

    /// Reads what a company wrote.
    pub(crate) fn of_company(analyzer: &Analyzer, text: &str) -> Self {
        Self::new(analyzer, Normalized::new(text), Vec::new())
    }

    fn new(analyzer: &Analyzer, normalized: Normalized, clauses: Vec<(Range<usize>, Distance)>) -> Self {
        let (words, starts) = analyzer.segment_with_starts(normalized);
        let forms = Thesaurus::bundled().forms_in(&words);
        Self {
            words,
            starts,
            forms,
            clauses,
        }
    }
}

#[cfg(test)]
pub(crate) mod testing;
