//! What of a found text shows that it was found, and why: phrases with highlights, and the reasons in words.
//!
//! - Reads what the viewer may see and nothing else: the caller gives the texts.
//! - Clauses on a person's own circumstances are never quoted.
//! - What the analysis of a profile found is taken as found wherever segmenting the text again would find the same; a test
//!   compares the two.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Range;

use super::aside::{aside_ranges, contains, is_aside};
use super::cuts::is_doubtful;
use super::names::{self, wanted_terms};
use super::query::{Segment, TypedQuery};
use super::sources::{Source, Sources};
use crate::domain::{AlumnusView, Opportunity, coded_enum};
use crate::features::AnalyzedProfile;
use crate::features::analysis::{AnalyzedText, Occurrence, concept_of, concept_term, is_term};
use crate::parallel;
use crate::text::normal::{Normalized, is_spaced_letter};
use crate::text::quote::{highlights, window};
use crate::text::{Analyzer, Token, private, sentences};
use crate::thesaurus::{Ambiguous, ConceptId, Mention, Naming, Thesaurus};

/// Most phrases shown for one result: what fits on a card.
pub const SNIPPETS_MAX: usize = 3;

/// Fewest results that are worth starting a thread to show: some hundred microseconds each.
const SHOWN_PER_THREAD_MIN: usize = 4;

coded_enum! {
    /// Where a phrase stands that a search found.
    SearchField {
        /// The name.
        Name = "NAME",
        /// The one-line headline.
        Headline = "HEADLINE",
        /// The self-introduction.
        Summary = "SUMMARY",
        /// The list of skills.
        Skills = "SKILLS",
        /// The list of qualifications.
        Qualifications = "QUALIFICATIONS",
        /// Languages.
        Languages = "LANGUAGES",
        /// A period at this company.
        Tenure = "TENURE",
        /// A position since leaving.
        CareerAfter = "CAREER_AFTER",
        /// Where the person lives, or the work is.
        Prefecture = "PREFECTURE",
        /// An opportunity's title.
        Title = "TITLE",
        /// An opportunity's must-haves.
        RequiredSkills = "REQUIRED_SKILLS",
        /// An opportunity's nice-to-haves.
        PreferredSkills = "PREFERRED_SKILLS",
        /// An opportunity's description.
        Description = "DESCRIPTION",
        /// An opportunity's unit.
        Department = "DEPARTMENT",
    }
}

/// What may be shown of one result.
#[derive(Clone, Debug)]
pub struct Texts<'a> {
    pub(super) all: Vec<Text<'a>>,
    /// The profile that some of the texts are of.
    pub(super) analyzed: Option<&'a AnalyzedProfile>,
}

/// A text that may be shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a> {
    /// Where it stands.
    pub(super) field: SearchField,
    /// The text.
    pub(super) text: &'a str,
    /// Texts of one group decide together what an ambiguous word in them means.
    pub(super) group: usize,
    /// Whether a person writes of themselves.
    pub(super) is_personal: bool,
}

impl<'a> Texts<'a> {
    /// What a viewer may read of a person.
    ///
    /// - `analyzed`: the person's profile, of whichever age, by the analyzer that it is to be shown with. It changes
    ///   nothing of what is shown: what it knows of a text need not be found out again.
    #[must_use]
    pub fn of_person(view: &'a AlumnusView, analyzed: Option<&'a AnalyzedProfile>) -> Self {
        let text = |field, group| {
            move |text: &'a str| Text {
                field,
                text,
                group,
                is_personal: field != SearchField::Name,
            }
        };
        let (own, lists) = (0, 1);
        let mut texts = vec![text(SearchField::Name, own)(&view.name.kanji)];
        texts.extend(view.name.kana.as_deref().map(text(SearchField::Name, own)));
        texts.extend(view.headline.as_deref().map(text(SearchField::Headline, own)));
        texts.extend(view.summary.as_deref().map(text(SearchField::Summary, own)));
        let mut group = lists;
        for tenure in &view.tenures {
            group += 1;
            let entry = [&tenure.title, &tenure.department, &tenure.description];
            texts.extend(entry.map(String::as_str).map(text(SearchField::Tenure, group)));
        }
        for position in &view.career_after {
            group += 1;
            let entry = [&position.title, &position.organization, &position.description];
            texts.extend(
                entry
                    .map(String::as_str)
                    .map(text(SearchField::CareerAfter, group)),
            );
        }
        let lines = |list: &'a [String]| list.iter().map(String::as_str);
        texts.extend(lines(&view.skills).map(text(SearchField::Skills, lists)));
        texts.extend(lines(&view.qualifications).map(text(SearchField::Qualifications, lists)));
        let languages = view.languages.iter().map(|skill| skill.language.as_str());
        texts.extend(languages.map(text(SearchField::Languages, lists)));
        let place = view.prefecture.iter().map(|prefecture| prefecture.name());
        texts.extend(place.map(text(SearchField::Prefecture, group + 1)));
        Self { all: texts, analyzed }
    }

    /// What an opportunity says.
    #[must_use]
    pub fn of_opportunity(opportunity: &'a Opportunity) -> Self {
        let text = |field| {
            move |text: &'a str| Text {
                field,
                text,
                group: 0,
                is_personal: false,
            }
        };
        let lines = |list: &'a [String]| list.iter().map(String::as_str);
        let mut texts = vec![text(SearchField::Title)(&opportunity.title)];
        texts.extend(lines(&opportunity.required_skills).map(text(SearchField::RequiredSkills)));
        texts.extend(lines(&opportunity.preferred_skills).map(text(SearchField::PreferredSkills)));
        texts.push(text(SearchField::Description)(&opportunity.description));
        texts.extend(
            opportunity
                .department
                .as_deref()
                .map(text(SearchField::Department)),
        );
        let place = opportunity.prefecture.iter().map(|prefecture| prefecture.name());
        texts.extend(place.map(text(SearchField::Prefecture)));
        Self {
            all: texts,
            analyzed: None,
        }
    }
}

impl Text<'_> {
    /// The parts that are read, in bytes.
    pub(super) fn readable(&self) -> Vec<Range<usize>> {
        if self.is_personal {
            private::public_ranges(self.text)
        } else {
            vec![0..self.text.len()]
        }
    }
}

/// A phrase with what was found in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// Where it stands.
    pub field: SearchField,
    /// The phrase, shortened around what was found.
    pub snippet: String,
    /// What was found, in UTF-16 units of the snippet, ascending.
    pub highlights: Vec<Range<u32>>,
}

/// Why something was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The name is what was typed.
    Name {
        /// As typed.
        asked: String,
    },
    /// These words, as typed.
    Words(Vec<String>),
    /// Another name of the same.
    OtherName {
        /// As typed.
        asked: String,
        /// As the text has it.
        written: String,
    },
    /// The same in the company's own words, typed or written.
    OwnWord {
        /// The company's word.
        word: String,
        /// What others call it.
        meaning: String,
    },
    /// Something that belongs to what was asked for.
    Narrower {
        /// As typed.
        asked: String,
        /// As the text has it.
        written: String,
    },
    /// A phrase that shows what was asked for without naming it.
    Shown {
        /// As typed.
        asked: String,
        /// As the text has it.
        written: String,
    },
    /// Named, but not as the writer's own work.
    Aside {
        /// As typed.
        asked: String,
    },
}

impl Reason {
    /// As a Japanese sentence.
    #[must_use]
    pub fn japanese(&self) -> String {
        match self {
            Self::Name { asked } => format!("氏名が「{asked}」に一致します。"),
            Self::Words(words) => format!("「{}」が含まれます。", words.join("」「")),
            Self::OtherName { asked, written } => format!("「{written}」は「{asked}」の同義語です。"),
            Self::OwnWord { word, meaning } => {
                format!("「{word}」は貴社の言葉で「{meaning}」のことです。")
            }
            Self::Narrower { asked, written } => format!("「{written}」は「{asked}」に含まれます。"),
            Self::Shown { asked, written } => format!("「{written}」は「{asked}」を示す表現です。"),
            Self::Aside { asked } => format!("「{asked}」は、ご本人の仕事としては書かれていません。"),
        }
    }

    /// As an English sentence.
    #[must_use]
    pub fn english(&self) -> String {
        match self {
            Self::Name { asked } => format!("The name matches “{asked}”."),
            Self::Words(words) => format!("Contains “{}”.", words.join("”, “")),
            Self::OtherName { asked, written } => format!("“{written}” is a synonym of “{asked}”."),
            Self::OwnWord { word, meaning } => {
                format!("“{word}” is “{meaning}” in your company's words.")
            }
            Self::Narrower { asked, written } => format!("“{written}” is part of “{asked}”."),
            Self::Shown { asked, written } => format!("“{written}” is a sign of “{asked}”."),
            Self::Aside { asked } => format!("“{asked}” is not told of as the person's own work."),
        }
    }
}

/// Why and where something was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The reasons, strongest first.
    pub reasons: Vec<Reason>,
    /// The phrases, strongest first; at most [`SNIPPETS_MAX`].
    pub snippets: Vec<Snippet>,
}

/// What a stretch of text has to do with the query, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum How {
    Name(usize),
    /// The word with this number.
    Word(usize),
    /// Another name of the thing with this number.
    OtherName(usize),
    /// The company's own word for the thing with this number.
    OwnWord(usize),
    Narrower(usize),
    Shown(usize),
    /// The word with this number, told of others.
    AsideWord(usize),
    AsideThing(usize),
}

impl How {
    fn strength(self) -> u8 {
        match self {
            Self::Name(_) | Self::Word(_) => 4,
            Self::OtherName(_) | Self::OwnWord(_) => 3,
            Self::Narrower(_) | Self::Shown(_) => 2,
            Self::AsideWord(_) | Self::AsideThing(_) => 1,
        }
    }
}

struct Hit {
    /// Bytes of the text.
    range: Range<usize>,
    how: How,
}

/// Shows why each of some results was found, in their order. Pure; some hundred microseconds for a profile that was analysed,
/// several times that for other texts.
#[must_use]
pub fn show(analyzer: &Analyzer, query: &TypedQuery, found: &[Texts<'_>]) -> Vec<Shown> {
    let finder = Finder::new(analyzer, query);
    parallel::map(found, SHOWN_PER_THREAD_MIN, |texts| finder.show(texts))
}

/// The words of a query by number, and where to look for them.
struct Finder<'a> {
    analyzer: &'a Analyzer,
    query: &'a TypedQuery,
    words: Vec<QueryWord<'a>>,
    /// Of each segment, read as a name.
    names: Vec<Vec<(String, f32)>>,
    /// All terms that a hit may have, those of concepts included.
    terms: HashSet<String>,
    /// The words that no analysis keeps.
    numbers: Vec<&'a str>,
    /// What makes the things of the query a matter of what stands around a text.
    ambiguous: Ambiguous,
}

struct QueryWord<'a> {
    term: &'a str,
    typed: &'a str,
    thing: Option<usize>,
}

impl<'a> Finder<'a> {
    fn new(analyzer: &'a Analyzer, query: &'a TypedQuery) -> Self {
        let mut words = Vec::new();
        for segment in &query.segments {
            let is_alone = segment.words.len() == 1;
            for word in &segment.words {
                // One character of several is found by chance.
                if is_alone || !is_one_character(&word.term) {
                    words.push(QueryWord {
                        term: &word.term,
                        typed: &query.text[word.range.clone()],
                        thing: query.things.iter().position(|thing| thing.covers(word)),
                    });
                }
            }
        }
        let thesaurus = Thesaurus::bundled();
        let of_things = || query.things.iter().map(|thing| &thing.concepts);
        let concepts: HashSet<ConceptId> = of_things()
            .flat_map(|concepts| concepts.same.iter().chain(&concepts.narrower).copied())
            .collect();
        let typed = query.segments.iter().flat_map(|segment| &segment.words);
        let terms = typed.map(|word| &word.term);
        let terms: Vec<&String> = terms
            .chain(of_things().flat_map(|concepts| &concepts.words))
            .collect();
        // A company's own word may stand inside of any form.
        let is_own_wanted = analyzer.has_meanings() && !concepts.is_empty();
        Self {
            numbers: terms
                .iter()
                .map(|term| term.as_str())
                .filter(|term| !is_term(term))
                .collect(),
            ambiguous: thesaurus.ambiguous(|concept| is_own_wanted || concepts.contains(&concept)),
            terms: terms
                .into_iter()
                .cloned()
                .chain(concepts.iter().map(|id| concept_term(&thesaurus.concept(*id).id)))
                .collect(),
            names: query
                .segments
                .iter()
                .map(|segment| wanted_terms(&segment.typed))
                .collect(),
            analyzer,
            query,
            words,
        }
    }

    fn show(&self, texts: &Texts<'_>) -> Shown {
        let sources = Sources::new(texts, &self.terms);
        let mut found: Vec<(&Source<'_>, Vec<Hit>)> = Vec::new();
        for source in &sources.all {
            let hits = match source.text.field {
                SearchField::Name => self.name(source.text),
                _ => self.words(source, &sources),
            };
            if !hits.is_empty() {
                found.push((source, hits));
            }
        }
        if found.is_empty() {
            let sources = sources.all.iter();
            let sources = sources.filter(|source| source.text.field != SearchField::Name);
            let by_characters = sources.map(|source| (source, self.characters(source)));
            found.extend(by_characters.filter(|(_, hits)| !hits.is_empty()));
        }
        Shown {
            reasons: self.reasons(&found),
            snippets: snippets(&found),
        }
    }

    fn name(&self, text: &Text<'_>) -> Vec<Hit> {
        let written = names::Written::new(text.text);
        let mut hits = Vec::new();
        for (number, wanted) in self.names.iter().enumerate() {
            for range in written.found(wanted) {
                hits.push(Hit {
                    range,
                    how: How::Name(number),
                });
            }
        }
        hits
    }

    fn words(&self, source: &Source<'_>, sources: &Sources<'_>) -> Vec<Hit> {
        let analyzed = source.analyzed.as_ref();
        let known = analyzed.and_then(|analyzed| self.analyzed_words(source.text, analyzed, sources));
        known.unwrap_or_else(|| self.segmented_words(source, sources))
    }

    /// The same as [`Self::segmented_words`] from what the analysis of the text found; `None` where that may say less, or
    /// something else.
    fn analyzed_words(
        &self,
        text: &Text<'_>,
        analyzed: &AnalyzedText<'_>,
        sources: &Sources<'_>,
    ) -> Option<Vec<Hit>> {
        // Around what is private, analysis reads on where nothing is quoted as one.
        if !analyzed.is_complete || !analyzed.private.is_empty() || self.is_beyond_analysis(text.text) {
            return None;
        }
        let wanted: Vec<(&Occurrence, &str)> = analyzed
            .occurrences
            .iter()
            .filter_map(|occurrence| Some((occurrence, sources.wanted(occurrence)?)))
            .collect();
        if wanted.is_empty() {
            return Some(Vec::new());
        }
        let is_there = |word: &Token| wanted.iter().any(|(_, term)| *term == word.term);
        let mut scattered = self.query.segments.iter().filter(|segment| is_scattered(segment));
        if scattered.any(|segment| segment.words.iter().all(is_there)) {
            // What stands between them may be a number.
            return None;
        }
        let words = analyzed.occurrences.iter();
        let words: Vec<Range<usize>> = words
            .filter(|occurrence| !sources.is_concept(occurrence))
            .map(bytes)
            .collect();
        if words.windows(2).any(|pair| pair[1].start < pair[0].end) {
            // A company's own word with its parts, which analysis does not keep in the order of their positions.
            return None;
        }
        let is_aside = |occurrence: &Occurrence| text.is_personal && is_aside(occurrence.distance);
        let is_doubtful = |at: usize| is_doubtful(self.analyzer, text.text, &words, at);
        let (concepts, of_words): (Vec<_>, Vec<_>) = wanted
            .into_iter()
            .partition(|(occurrence, _)| sources.is_concept(occurrence));
        let mut hits: Vec<Hit> = Vec::new();
        for (occurrence, term) in of_words {
            let range = bytes(occurrence);
            let how = self.of_word(term, || is_aside(occurrence));
            if let Some(how) = how.filter(|_| !is_doubtful(range.start)) {
                hits.push(Hit { range, how });
            }
        }
        let thesaurus = Thesaurus::bundled();
        for (occurrence, term) in concepts {
            let range = bytes(occurrence);
            let whole = with_long_vowel(text.text, range.clone());
            if overlaps_any(&hits, &whole) {
                continue;
            }
            let stretch = &text.text[range.clone()];
            if self.analyzer.is_meant(stretch) {
                return None;
            }
            let concept = thesaurus.find(concept_of(term)?)?;
            let mention = Mention {
                concept,
                naming: thesaurus.naming_as_whole(concept, stretch)?,
                range,
            };
            let how = self.of_mention(&mention, || is_aside(occurrence));
            if let Some(how) = how.filter(|_| !is_doubtful(mention.range.start)) {
                hits.push(Hit { range: whole, how });
            }
        }
        Some(hits)
    }

    /// Whether a text may have a number of the query, or something of which the texts around it decide whether it is a thing
    /// of the query: the viewer may read others than were analysed.
    fn is_beyond_analysis(&self, text: &str) -> bool {
        let has_number = || {
            let normalized = Normalized::new(text);
            self.numbers
                .iter()
                .any(|number| normalized.text().contains(number))
        };
        (!self.numbers.is_empty() && has_number())
            || Thesaurus::bundled().may_have_ambiguous(&self.ambiguous, text)
    }

    fn segmented_words(&self, source: &Source<'_>, sources: &Sources<'_>) -> Vec<Hit> {
        let text = source.text;
        let thesaurus = Thesaurus::bundled();
        let mut hits = Vec::new();
        for stretch in &source.readable {
            let part = &text.text[stretch.clone()];
            let segmented = self.analyzer.segment(part);
            let written: Vec<Range<usize>> =
                segmented.tokens.iter().map(|token| token.range.clone()).collect();
            // Looked for where something was found: most texts have nothing of a query.
            let aside = OnceCell::new();
            let is_aside =
                |at: usize| text.is_personal && contains(aside.get_or_init(|| aside_ranges(part)), at);
            let is_doubtful = |at: usize| is_doubtful(self.analyzer, part, &written, at);
            let first = hits.len();
            for token in &segmented.tokens {
                let at = token.range.start;
                let how = self.of_word(&token.term, || is_aside(at));
                if let Some(how) = how.filter(|_| !is_doubtful(at)) {
                    hits.push(Hit {
                        range: at + stretch.start..token.range.end + stretch.start,
                        how,
                    });
                }
            }
            for (number, segment) in self.query.segments.iter().enumerate() {
                hits.extend(self.together(number, segment, &segmented.tokens, stretch.start));
            }
            if self.query.things.is_empty() {
                continue;
            }
            for mention in thesaurus.mentions(&segmented, || sources.context(text)) {
                let at = mention.range.start;
                let how = self.of_mention(&mention, || is_aside(at));
                let Some(how) = how.filter(|_| !is_doubtful(at)) else {
                    continue;
                };
                let range = with_long_vowel(part, mention.range);
                let range = range.start + stretch.start..range.end + stretch.start;
                if !overlaps_any(&hits[first..], &range) {
                    hits.push(Hit { range, how });
                }
            }
        }
        hits
    }

    /// Words of one character each, where they stand together.
    fn together(&self, number: usize, segment: &Segment, written: &[Token], offset: usize) -> Vec<Hit> {
        if !is_scattered(segment) {
            return Vec::new();
        }
        let n_words = segment.words.len();
        let is_it = |words: &&[Token]| {
            let mut pairs = words.iter().zip(&segment.words);
            pairs.all(|(one, other)| one.term == other.term)
        };
        let places = written.windows(n_words).filter(is_it);
        places
            .map(|words| Hit {
                range: words[0].range.start + offset..words[n_words - 1].range.end + offset,
                how: How::Word(self.words.len() + number),
            })
            .collect()
    }

    fn of_word(&self, term: &str, is_aside: impl Fn() -> bool) -> Option<How> {
        if let Some(number) = self.words.iter().position(|word| word.term == term) {
            return Some(if is_aside() {
                How::AsideWord(number)
            } else {
                How::Word(number)
            });
        }
        let mut things = self.query.things.iter();
        let thing = things.position(|thing| thing.concepts.words.iter().any(|word| word == term))?;
        Some(if is_aside() {
            How::AsideThing(thing)
        } else {
            How::OtherName(thing)
        })
    }

    fn of_mention(&self, mention: &Mention, is_aside: impl Fn() -> bool) -> Option<How> {
        let things = self.query.things.iter().enumerate();
        let mut hows = things.filter_map(|(number, thing)| {
            let is_same = thing.concepts.same.contains(&mention.concept);
            let is_part = || thing.concepts.narrower.contains(&mention.concept);
            match (is_same, (is_same || is_part()) && is_aside(), mention.naming) {
                (true, true, _) => Some(How::AsideThing(number)),
                (true, false, Naming::Preferred | Naming::Synonym) => Some(How::OtherName(number)),
                (true, false, Naming::Company) => Some(How::OwnWord(number)),
                (true, false, Naming::Shown) => Some(How::Shown(number)),
                (false, false, Naming::Preferred | Naming::Synonym | Naming::Company) => {
                    is_part().then_some(How::Narrower(number))
                }
                (false, ..) => None,
            }
        });
        hows.next()
    }

    /// The typed characters wherever they stand.
    fn characters(&self, source: &Source<'_>) -> Vec<Hit> {
        let mut hits = Vec::new();
        for stretch in &source.readable {
            let normalized = Normalized::new(&source.text.text[stretch.clone()]);
            for (number, segment) in self.query.segments.iter().enumerate() {
                for (at, found) in normalized.text().match_indices(&segment.text) {
                    let range = normalized.original(&(at..at + found.len()));
                    hits.push(Hit {
                        range: range.start + stretch.start..range.end + stretch.start,
                        how: How::Word(self.words.len() + number),
                    });
                }
            }
        }
        hits
    }

    /// What a number of a word stands for: a word, or, behind the last of them, a whole segment.
    fn typed(&self, number: usize) -> &str {
        match self.words.get(number) {
            Some(word) => word.typed,
            None => &self.query.segments[number - self.words.len()].typed,
        }
    }

    fn reasons(&self, found: &[(&Source<'_>, Vec<Hit>)]) -> Vec<Reason> {
        let hits = || {
            found
                .iter()
                .flat_map(|(source, hits)| hits.iter().map(move |hit| (source.text.text, hit)))
        };
        let has = |how: How| hits().any(|(_, hit)| hit.how == how);
        let mut reasons = Vec::new();
        for (number, segment) in self.query.segments.iter().enumerate() {
            if has(How::Name(number)) {
                reasons.push(Reason::Name {
                    asked: segment.typed.clone(),
                });
            }
        }
        let n_numbers = self.words.len() + self.query.segments.len();
        let said: Vec<usize> = (0..n_numbers).filter(|number| has(How::Word(*number))).collect();
        let mut words: Vec<String> = Vec::new();
        for number in &said {
            let typed = self.typed(*number).to_owned();
            if !words.contains(&typed) {
                words.push(typed);
            }
        }
        if !words.is_empty() {
            reasons.push(Reason::Words(words));
        }
        let is_said = |number: usize| said.contains(&number);
        let mut explained = Vec::new();
        for (number, thing) in self.query.things.iter().enumerate() {
            let mut own = (0..self.words.len())
                .filter(|word| self.words[*word].thing == Some(number))
                .peekable();
            let is_whole = own.peek().is_some() && own.all(is_said);
            let is_by_characters = said.iter().any(|word| *word >= self.words.len());
            if is_whole || is_by_characters {
                continue;
            }
            let of = [
                How::OtherName(number),
                How::OwnWord(number),
                How::Narrower(number),
                How::Shown(number),
            ];
            let best = of.into_iter().find_map(|how| {
                let (text, hit) = hits().find(|(_, hit)| hit.how == how)?;
                Some((how, text[hit.range.clone()].to_owned()))
            });
            let Some((how, written)) = best else { continue };
            explained.push(number);
            let asked = thing.typed.clone();
            reasons.push(match how {
                How::OtherName(_) if thing.is_own_word => Reason::OwnWord {
                    word: asked,
                    meaning: written,
                },
                How::OwnWord(_) if !thing.is_own_word => Reason::OwnWord {
                    word: written,
                    meaning: asked,
                },
                How::OtherName(_) | How::OwnWord(_) => Reason::OtherName { asked, written },
                How::Narrower(_) => Reason::Narrower { asked, written },
                _ => Reason::Shown { asked, written },
            });
        }
        for number in 0..self.words.len() {
            let thing = self.words[number].thing;
            let is_explained = is_said(number) || thing.is_some_and(|thing| explained.contains(&thing));
            let is_aside =
                has(How::AsideWord(number)) || thing.is_some_and(|thing| has(How::AsideThing(thing)));
            if is_aside && !is_explained {
                reasons.push(Reason::Aside {
                    asked: self.words[number].typed.to_owned(),
                });
            }
        }
        reasons
    }
}

/// The strongest phrases, one for each text.
fn snippets(found: &[(&Source<'_>, Vec<Hit>)]) -> Vec<Snippet> {
    let mut scored: Vec<((u8, usize), Snippet)> = Vec::new();
    for (source, hits) in found {
        let text = source.text;
        let strongest = hits
            .iter()
            .map(|hit| hit.how.strength())
            .max()
            .unwrap_or_default();
        let of_range = |range: &Range<usize>| {
            let mut inside: Vec<How> = hits
                .iter()
                .filter(|hit| hit.how.strength() == strongest && range.contains(&hit.range.start))
                .map(|hit| hit.how)
                .collect();
            inside.sort_unstable();
            inside.dedup();
            inside.len()
        };
        let mut quotable: Vec<Range<usize>> = Vec::new();
        for stretch in &source.readable {
            let of_stretch = sentences(&text.text[stretch.clone()]).into_iter();
            quotable.extend(of_stretch.map(|range| range.start + stretch.start..range.end + stretch.start));
        }
        // The first of the best.
        let best = quotable.into_iter().rev().max_by_key(|range| of_range(range));
        let Some(sentence) = best else { continue };
        let n_found = of_range(&sentence);
        let ranges: Vec<Range<usize>> = hits.iter().map(|hit| hit.range.clone()).collect();
        let shown = window(text.text, sentence, &ranges);
        let snippet = text.text[shown.clone()].trim_end();
        scored.push((
            (strongest, n_found),
            Snippet {
                field: text.field,
                highlights: highlights(snippet, shown.start, &ranges),
                snippet: snippet.to_owned(),
            },
        ));
    }
    // Stable: what is equally strong stays in the order of the fields.
    scored.sort_by(|(one, _), (other, _)| other.cmp(one));
    let mut snippets: Vec<Snippet> = Vec::new();
    for (_, snippet) in scored {
        if snippets.len() < SNIPPETS_MAX && !snippets.contains(&snippet) {
            snippets.push(snippet);
        }
    }
    snippets
}

fn bytes(occurrence: &Occurrence) -> Range<usize> {
    let start = occurrence.start as usize;
    start..start + usize::from(occurrence.len)
}

fn overlaps_any(hits: &[Hit], range: &Range<usize>) -> bool {
    let mut hits = hits.iter();
    hits.any(|hit| hit.range.start < range.end && range.start < hit.range.end)
}

/// Whether a segment fell into words of one character each.
fn is_scattered(segment: &Segment) -> bool {
    segment.words.len() > 1 && segment.words.iter().all(|word| is_one_character(&word.term))
}

/// A name with the final ー that the thesaurus leaves out.
fn with_long_vowel(text: &str, name: Range<usize>) -> Range<usize> {
    let mut behind = text[name.end..].chars();
    match behind.next() {
        Some(mark @ ('ー' | 'ｰ')) => name.start..name.end + mark.len_utf8(),
        Some(_) | None => name,
    }
}

fn is_one_character(term: &str) -> bool {
    let mut chars = term.chars();
    chars.next().is_some_and(|c| !is_spaced_letter(c)) && chars.next().is_none()
}
