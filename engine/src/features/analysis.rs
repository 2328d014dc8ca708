//! Texts turned into tokens once, when they change, so that ranking never analyses a profile.
//!
//! - One chain for both sides ([`Analyzer`]), so that what the scorer matched is what the explanation shows.
//! - Clauses on a person's own circumstances are kept apart: they count for no statistic and match nothing, but for
//!   the exception in [`super::lived`].
//! - Bare numbers are no tokens: years and ages would enter by them. Levels are read in [`super::level`].

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::distance::Distance;
use super::field::ProfileField;
use super::level::Levels;
use super::lived::LivedExperience;
use super::reading::{ReadProfile, ReadText, Stretch, public_context};
use super::scope;
use super::stance::Taken;
use crate::domain::limits::PRODUCTS_MAX;
use crate::domain::{Asker, Opportunity, Profile};
use crate::text::{self, Analyzer, Compact, PublicText};
use crate::thesaurus::Thesaurus;

/// Most tokens of one text that are kept, some twenty pages: a megabyte pasted into a summary must not weigh on
/// everybody else's ranking.
const TOKENS_MAX: usize = 10_000;

/// Which text of a field's entry a passage comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// The field's only text.
    Whole,
    /// A tenure's department.
    Department,
    /// A tenure's or position's title.
    Title,
    /// A position's organization.
    Organization,
    /// A tenure's or position's description.
    Description,
}

/// A sentence, or an item of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// The field it stands in.
    pub field: ProfileField,
    /// Which entry of the field, from 0.
    pub entry: u16,
    /// Which text of the entry.
    pub part: Part,
    /// Bytes of the text.
    pub range: Range<u32>,
    tokens: Range<u32>,
}

/// One occurrence of a term in a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// The term, by its place in the profile's list of terms.
    pub term: u16,
    /// First byte in the text.
    pub start: u32,
    /// Length in bytes.
    pub len: u16,
    /// The writer's distance from what the clause names.
    pub distance: Distance,
    /// `Some`: inside a clause on the writer's own circumstances, with the experiences that it names.
    pub private: Option<LivedExperience>,
}

/// Which form and which rules of analysis an [`AnalyzedProfile`] was made with. Whoever changes either raises it, so
/// that what was stored before is not taken for what would be computed now.
pub const ANALYSIS_VERSION: u16 = 9;

/// A profile with its tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnalyzedProfile {
    /// The profile as written.
    pub profile: Profile,
    /// Distinct terms, joined by line feeds; those of public clauses first.
    terms: String,
    n_terms: u16,
    n_public_terms: u16,
    n_public_tokens: u32,
    /// What the person tells of as their own experience; read for speaker slots alone.
    own: LivedExperience,
    stances: Taken,
    levels: Levels,
    /// Of the texts that have any.
    private: Vec<PrivateParts>,
    passages: Vec<Passage>,
    occurrences: Vec<Occurrence>,
}

/// A text of a profile with its tokens.
#[derive(Clone, Copy, Debug)]
pub struct AnalyzedText<'a> {
    /// As written.
    pub text: &'a str,
    /// Its tokens, in the order of their beginning.
    pub occurrences: &'a [Occurrence],
    /// The parts of it that are about the person's own circumstances; ascending bytes.
    pub private: &'a [Range<usize>],
    /// Whether no token was left out for a limit: every word but bare numbers and every thing named is among them, under
    /// its own term.
    pub is_complete: bool,
}

/// What is about the person's own circumstances in one text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct PrivateParts {
    field: ProfileField,
    entry: u16,
    part: Part,
    /// As [`text::private::ranges`] gives them.
    ranges: Vec<Range<usize>>,
}

impl AnalyzedProfile {
    /// Distinct terms; those that stand in public clauses first.
    pub fn terms(&self) -> impl Iterator<Item = &str> {
        self.terms.split('\n').take(self.n_terms())
    }

    /// How many distinct terms there are.
    #[must_use]
    pub fn n_terms(&self) -> usize {
        usize::from(self.n_terms)
    }

    /// How many of them stand in public clauses.
    #[must_use]
    pub fn n_public_terms(&self) -> usize {
        usize::from(self.n_public_terms)
    }

    /// The length of the public text in tokens.
    #[must_use]
    pub fn n_public_tokens(&self) -> u32 {
        self.n_public_tokens
    }

    /// Caring, raising children or studying, where the person tells of it as their own; see [`super::lived`].
    #[must_use]
    pub fn own_experience(&self) -> LivedExperience {
        self.own
    }

    /// How the person stands towards their work.
    #[must_use]
    pub fn stances(&self) -> &Taken {
        &self.stances
    }

    /// The levels that the profile states.
    #[must_use]
    pub fn levels(&self) -> &Levels {
        &self.levels
    }

    /// The parts of the whole text of a passage that are about the person's own circumstances; ascending bytes.
    #[must_use]
    pub fn private_in(&self, passage: &Passage) -> &[Range<usize>] {
        let place = (passage.field, passage.entry, passage.part);
        let of_text = self
            .private
            .iter()
            .find(|one| (one.field, one.entry, one.part) == place);
        of_text.map_or(&[], |one| &one.ranges)
    }

    /// The texts that say anything, in reading order, each with all of its passages' tokens.
    pub fn texts(&self) -> impl Iterator<Item = AnalyzedText<'_>> {
        let is_same_text = |one: &Passage, other: &Passage| {
            (one.field, one.entry, one.part) == (other.field, other.entry, other.part)
        };
        self.passages.chunk_by(is_same_text).map(|passages| {
            let (first, last) = (&passages[0], &passages[passages.len() - 1]);
            let text = self.text_of(first);
            let occurrences = &self.occurrences[first.tokens.start as usize..last.tokens.end as usize];
            // An occurrence says its length in 16 bits, and its term, too.
            let is_short = text.len() <= usize::from(u16::MAX) && self.n_terms() < usize::from(u16::MAX);
            AnalyzedText {
                text,
                occurrences,
                private: self.private_in(first),
                is_complete: is_short && occurrences.len() < TOKENS_MAX,
            }
        })
    }

    /// The passages in reading order, entries of a field together.
    #[must_use]
    pub fn passages(&self) -> &[Passage] {
        &self.passages
    }

    /// The tokens of one passage.
    #[must_use]
    pub fn occurrences(&self, passage: &Passage) -> &[Occurrence] {
        &self.occurrences[passage.tokens.start as usize..passage.tokens.end as usize]
    }

    /// All tokens.
    #[must_use]
    pub fn all_occurrences(&self) -> &[Occurrence] {
        &self.occurrences
    }

    /// The whole text that a passage is part of.
    #[must_use]
    pub fn text_of(&self, passage: &Passage) -> &str {
        text_at(&self.profile, passage.field, passage.entry, passage.part)
    }
}

fn text_at(profile: &Profile, field: ProfileField, entry: u16, part: Part) -> &str {
    let entry = usize::from(entry);
    let text = match field {
        ProfileField::Headline => profile.headline.as_deref(),
        ProfileField::Summary => profile.summary.as_deref(),
        ProfileField::Skills => profile.skills.get(entry).map(String::as_str),
        ProfileField::Qualifications => profile.qualifications.get(entry).map(String::as_str),
        ProfileField::Languages => profile.languages.get(entry).map(|one| one.language.as_str()),
        ProfileField::Tenure => profile.tenures.get(entry).map(|tenure| match part {
            Part::Department => tenure.department.as_str(),
            Part::Title => tenure.title.as_str(),
            Part::Description | Part::Whole | Part::Organization => tenure.description.as_str(),
        }),
        ProfileField::CareerAfter => profile.career_after.get(entry).map(|position| match part {
            Part::Organization => position.organization.as_str(),
            Part::Title => position.title.as_str(),
            Part::Description | Part::Whole | Part::Department => position.description.as_str(),
        }),
        ProfileField::WorkStyle | ProfileField::Prefecture | ProfileField::ConfirmedOn => None,
    };
    text.unwrap_or_default()
}

/// Which part of an opportunity a clause comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Wanted {
    /// The title.
    Title,
    /// A must-have, by its place.
    MustHave(u16),
    /// A nice-to-have, by its place.
    NiceToHave(u16),
    /// A sentence of the description.
    Description,
    /// A sentence of the description that speaks of the person wanted.
    Person,
    /// What the description says it is not about.
    Excluded,
    /// The unit.
    Department,
    /// A product of the company, by its place.
    Product(u16),
}

impl Wanted {
    /// Whether it is a name of the company's own.
    #[must_use]
    pub const fn is_name(self) -> bool {
        matches!(self, Self::Department | Self::Product(_))
    }
}

/// A clause of an opportunity with its terms in reading order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WantedClause {
    /// Where it stands, and whether it asks or excludes.
    pub wanted: Wanted,
    /// As written.
    pub text: String,
    /// Its words.
    pub terms: Vec<String>,
    /// The things that it names, in reading order.
    pub things: Vec<WantedThing>,
}

/// One thing that a clause names: a stretch that the thesaurus knows, or a word that it does not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WantedThing {
    /// The stretch as written.
    pub stretch: String,
    /// Terms of the concepts it may be; see [`concept_term`].
    pub concepts: Vec<String>,
    /// Its words.
    pub words: Vec<String>,
}

/// What marks a term as a concept of the thesaurus; no word begins with it.
const CONCEPT_MARK: char = '#';

/// The term that stands for a concept among the words of a profile.
#[must_use]
pub fn concept_term(id: &str) -> String {
    format!("{CONCEPT_MARK}{id}")
}

/// The id of the concept that a term stands for; `None` for a word.
#[must_use]
pub fn concept_of(term: &str) -> Option<&str> {
    term.strip_prefix(CONCEPT_MARK)
}

/// An opportunity with its tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct AnalyzedOpportunity {
    /// The opportunity as written.
    pub opportunity: Opportunity,
    /// Its clauses.
    pub clauses: Vec<WantedClause>,
    /// Tells it from its earlier and later versions.
    fingerprint: u64,
    asker: Asker,
}

impl AnalyzedOpportunity {
    /// Tells it from its earlier and later versions, within one process.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// On behalf of whom it asks.
    #[must_use]
    pub fn asker(&self) -> &Asker {
        &self.asker
    }
}

/// Of all that it says: place, hours and days are scored and explained as texts are.
fn fingerprint(opportunity: &Opportunity, clauses: &[WantedClause]) -> u64 {
    let mut hasher = DefaultHasher::new();
    match serde_json::to_vec(opportunity) {
        Ok(json) => json.hash(&mut hasher),
        Err(error) => panic!("an opportunity has a JSON form: {error}"),
    }
    clauses.hash(&mut hasher);
    hasher.finish()
}

/// Analyses a profile. Pure; less than a millisecond for some 360 characters.
#[must_use]
pub fn profile(analyzer: &Analyzer, profile: &Profile) -> AnalyzedProfile {
    of(&ReadProfile::new(analyzer, profile))
}

/// The analysis of a profile that was read. Pure.
#[must_use]
pub fn of(read: &ReadProfile<'_>) -> AnalyzedProfile {
    let of_person = OnceCell::new();
    let mut builder = Builder::new(read.analyzer);
    for text in &read.texts {
        let context = || match read.around(text) {
            Some(around) => around,
            None => of_person.get_or_init(|| {
                let is_told = |one: &&ReadText<'_>| {
                    use ProfileField::{Headline, Qualifications, Skills, Summary};
                    matches!(one.field, Headline | Summary | Skills | Qualifications)
                };
                public_context(read.texts.iter().filter(is_told))
            }),
        };
        builder.add(text, context);
    }
    builder.finish(read)
}

/// Analyses an opportunity, without what it says of applicants' age and sex. Pure.
#[must_use]
pub fn opportunity(analyzer: &Analyzer, opportunity: &Opportunity) -> AnalyzedOpportunity {
    let opportunity = &opportunity.clone().without_personal_wording();
    let context = || whole_text(opportunity);
    let clause = |wanted, text: &str| wanted_clause(analyzer, wanted, text, context);
    let mut clauses = vec![clause(Wanted::Title, &opportunity.title)];
    for (idx, skill) in opportunity.required_skills.iter().enumerate() {
        clauses.push(clause(Wanted::MustHave(idx as u16), skill));
    }
    for (idx, skill) in opportunity.preferred_skills.iter().enumerate() {
        clauses.push(clause(Wanted::NiceToHave(idx as u16), skill));
    }
    for (wanted, text) in scope::clauses(&opportunity.description) {
        clauses.push(clause(wanted, text));
    }
    if let Some(department) = &opportunity.department {
        clauses.push(clause(Wanted::Department, department));
    }
    for (idx, product) in opportunity.products.iter().take(PRODUCTS_MAX).enumerate() {
        // A name asks for nothing: it tells who has met the thing.
        clauses.push(WantedClause {
            things: Vec::new(),
            ..clause(Wanted::Product(idx as u16), product)
        });
    }
    AnalyzedOpportunity {
        opportunity: opportunity.clone(),
        fingerprint: fingerprint(opportunity, &clauses),
        asker: Asker::of_opportunity(opportunity),
        clauses,
    }
}

/// The things that a text names, in reading order.
pub(super) fn things(analyzer: &Analyzer, text: &str) -> Vec<WantedThing> {
    wanted_clause(analyzer, Wanted::Description, text, || Compact::new(text)).things
}

/// The words of a clause that may match, and the things that it names.
fn wanted_clause(
    analyzer: &Analyzer,
    wanted: Wanted,
    text: &str,
    context: impl Fn() -> Compact,
) -> WantedClause {
    let segmented = analyzer.segment(text);
    let thesaurus = Thesaurus::bundled();
    // Stretches that overlap are one thing under several names.
    let mut stretches: Vec<(Range<usize>, WantedThing)> = Vec::new();
    for mention in thesaurus.mentions(&segmented, context) {
        let concept = concept_term(&thesaurus.concept(mention.concept).id);
        match stretches.last_mut() {
            Some((range, thing)) if mention.range.start < range.end => {
                range.end = range.end.max(mention.range.end);
                thing.stretch = text[range.clone()].to_owned();
                thing.concepts.push(concept);
            }
            _ => stretches.push((
                mention.range.clone(),
                WantedThing {
                    stretch: text[mention.range].to_owned(),
                    concepts: vec![concept],
                    words: Vec::new(),
                },
            )),
        }
    }
    let mut terms = Vec::new();
    let mut things: Vec<(usize, WantedThing)> = Vec::new();
    for token in segmented.tokens.into_iter().take(TOKENS_MAX) {
        if !is_term(&token.term) {
            continue;
        }
        let stretch = stretches
            .iter_mut()
            .find(|(range, _)| range.start < token.range.end && token.range.start < range.end);
        let words = vec![token.term.clone()];
        match stretch {
            Some((_, thing)) => thing.words.extend(words),
            None => things.push((
                token.range.start,
                WantedThing {
                    stretch: text[token.range].to_owned(),
                    concepts: Vec::new(),
                    words,
                },
            )),
        }
        terms.push(token.term);
    }
    things.extend(stretches.into_iter().map(|(range, thing)| (range.start, thing)));
    things.sort_by_key(|(start, _)| *start);
    WantedClause {
        wanted,
        text: text.to_owned(),
        terms,
        things: things.into_iter().map(|(_, thing)| thing).collect(),
    }
}

/// Everything that an opportunity says, which decides what an ambiguous word in it means.
fn whole_text(opportunity: &Opportunity) -> Compact {
    let mut text = format!(
        "{}\n{}\n{}",
        opportunity.title,
        opportunity.department.as_deref().unwrap_or_default(),
        opportunity.description
    );
    for skill in opportunity
        .required_skills
        .iter()
        .chain(&opportunity.preferred_skills)
    {
        text.push('\n');
        text.push_str(skill);
    }
    Compact::new(&text)
}

/// Everything that a profile says in public about one period at the company; empty where there is no such period.
pub(super) fn tenure_text(profile: &Profile, tenure: usize) -> Compact {
    let texts = profile
        .tenures
        .get(tenure)
        .map(|one| [one.department.as_str(), &one.title, &one.description]);
    let public = texts.into_iter().flatten().map(PublicText::new);
    let public: Vec<String> = public.map(|text| text.text().to_owned()).collect();
    Compact::new(&public.join("\n"))
}

/// Whether a word is kept as a token: bare numbers are not.
pub(crate) fn is_term(term: &str) -> bool {
    let is_number = term.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    !is_number && !term.contains('\n')
}

/// Collects passages; terms are numbered at the end, so that those of public clauses come first.
struct Builder<'a> {
    analyzer: &'a Analyzer,
    private: Vec<PrivateParts>,
    passages: Vec<Passage>,
    tokens: Vec<(Cow<'a, str>, Occurrence)>,
}

impl<'a> Builder<'a> {
    fn new(analyzer: &'a Analyzer) -> Self {
        Self {
            analyzer,
            private: Vec::new(),
            passages: Vec::new(),
            tokens: Vec::new(),
        }
    }

    fn add<'c>(&mut self, read: &'a ReadText<'_>, context: impl Fn() -> &'c Compact) {
        let (field, entry, part, text) = (read.field, read.entry, read.part, read.text);
        if text.is_empty() || entry > usize::from(u16::MAX) {
            return;
        }
        // What is private is analysed apart, and what is public as if there were nothing else: neither sentence nor word
        // of the one can change the other.
        let mut tokens = tokens(&read.stretch, None, |token| read.public.original(token), &context);
        for range in &read.private {
            let private = &text[range.clone()];
            let place = |token: &Range<usize>| range.start + token.start..range.start + token.end;
            let told = Some(LivedExperience::named_in(private));
            let stretch = Stretch::of_person(self.analyzer, private);
            let private = self::tokens(&stretch, told, place, &context);
            tokens.extend(
                private
                    .into_iter()
                    .map(|(term, of)| (Cow::Owned(term.into_owned()), of)),
            );
        }
        if !read.private.is_empty() {
            self.private.push(PrivateParts {
                field,
                entry: entry as u16,
                part,
                ranges: read.private.clone(),
            });
        }
        tokens.sort_by_key(|(_, occurrence)| occurrence.start);
        let mut tokens = tokens.into_iter().peekable();
        // Of public and private ones apart: the one must not crowd out the other.
        let mut n_kept = [0; 2];
        for sentence in text::sentences(text) {
            let first = self.tokens.len() as u32;
            while let Some((term, occurrence)) =
                tokens.next_if(|(_, occurrence)| (occurrence.start as usize) < sentence.end)
            {
                let n_kept = &mut n_kept[usize::from(occurrence.private.is_some())];
                if *n_kept < TOKENS_MAX {
                    *n_kept += 1;
                    self.tokens.push((term, occurrence));
                }
            }
            self.passages.push(Passage {
                field,
                entry: entry as u16,
                part,
                range: sentence.start as u32..sentence.end as u32,
                tokens: first..self.tokens.len() as u32,
            });
        }
    }

    fn finish(self, read: &ReadProfile<'_>) -> AnalyzedProfile {
        let mut numbers: HashMap<&str, u16> = HashMap::new();
        let mut terms: Vec<&str> = Vec::new();
        let mut n_public_terms = 0;
        for is_private in [false, true] {
            for (term, occurrence) in &self.tokens {
                if occurrence.private.is_some() != is_private || terms.len() >= usize::from(u16::MAX) {
                    continue;
                }
                numbers.entry(term).or_insert_with(|| {
                    terms.push(term);
                    terms.len() as u16 - 1
                });
            }
            if !is_private {
                n_public_terms = terms.len() as u16;
            }
        }
        let is_public_word =
            |(term, o): &&(Cow<'_, str>, Occurrence)| o.private.is_none() && concept_of(term).is_none();
        let n_public_tokens = self.tokens.iter().filter(is_public_word).count() as u32;
        let occurrences = self.tokens.iter().map(|(term, occurrence)| Occurrence {
            // Past the 65,535th distinct term, terms share the last number; no text of this size is a profile.
            term: numbers.get(term.as_ref()).copied().unwrap_or_default(),
            ..*occurrence
        });
        let mut analyzed = AnalyzedProfile {
            terms: terms.join("\n"),
            n_terms: terms.len() as u16,
            n_public_terms,
            n_public_tokens,
            own: LivedExperience::told_by(read),
            stances: Taken::by(read),
            levels: Levels::default(),
            private: self.private,
            occurrences: occurrences.collect(),
            passages: self.passages,
            profile: read.profile.clone(),
        };
        analyzed.levels = Levels::stated_by(&analyzed);
        analyzed
    }
}

/// The tokens of a text, words and concepts in the order of their beginning, their terms not yet numbered.
///
/// - `private`: of a text on the writer's own circumstances, the experiences that it names
/// - `place`: where bytes of the text stand in the profile's
fn tokens<'s, 'c>(
    stretch: &'s Stretch,
    private: Option<LivedExperience>,
    place: impl Fn(&Range<usize>) -> Range<usize>,
    context: impl Fn() -> &'c Compact,
) -> Vec<(Cow<'s, str>, Occurrence)> {
    let clauses = &stretch.clauses;
    let thesaurus = Thesaurus::bundled();
    let concepts = thesaurus
        .meant(&stretch.forms, context)
        .into_iter()
        .map(|mention| {
            let term = concept_term(&thesaurus.concept(mention.concept).id);
            (Cow::Owned(term), mention.range)
        });
    let words = stretch.words.tokens.iter().filter(|token| is_term(&token.term));
    let words = words.map(|token| (Cow::Borrowed(token.term.as_str()), token.range.clone()));
    let mut tokens: Vec<(Cow<'_, str>, Occurrence)> = concepts
        .chain(words)
        .filter_map(|(term, token)| {
            let clause = clauses.get(clauses.partition_point(|(clause, _)| clause.end <= token.start));
            let placed = place(&token);
            let occurrence = Occurrence {
                term: 0,
                start: placed.start as u32,
                len: u16::try_from(placed.len()).ok()?,
                distance: clause.map_or(Distance::Done, |(_, distance)| *distance),
                private,
            };
            Some((term, occurrence))
        })
        .collect();
    tokens.sort_by_key(|(_, occurrence)| occurrence.start);
    tokens
}

#[cfg(test)]
mod tests;
