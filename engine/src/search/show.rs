//! What of a found text shows that it was found, and why: phrases with highlights, and the reasons in words.
//!
//! - Reads what the viewer may see and nothing else: the caller gives the texts.
//! - Clauses on a person's own circumstances are never quoted.

use std::cell::OnceCell;
use std::ops::Range;

use super::aside::{aside_ranges, contains};
use super::cuts::doubtful_cuts;
use super::names;
use super::query::{Segment, TypedQuery};
use crate::domain::{AlumnusView, Opportunity, coded_enum};
use crate::text::normal::{Normalized, is_spaced_letter};
use crate::text::quote::{highlights, window};
use crate::text::{Analyzer, Compact, Token, private, sentences};
use crate::thesaurus::{Mention, Naming, Thesaurus};

/// Most phrases shown for one result: what fits on a card.
pub const SNIPPETS_MAX: usize = 3;

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

/// A text that may be shown.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// Where it stands.
    pub field: SearchField,
    /// The text.
    pub text: &'a str,
    /// Texts of one group decide together what an ambiguous word in them means.
    group: usize,
    /// Whether a person writes of themselves.
    is_personal: bool,
}

impl<'a> Text<'a> {
    /// What a viewer may read of a person.
    #[must_use]
    pub fn of_person(view: &'a AlumnusView) -> Vec<Self> {
        let text = |field, group| {
            move |text: &'a str| Self {
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
        texts
    }

    /// What an opportunity says.
    #[must_use]
    pub fn of_opportunity(opportunity: &'a Opportunity) -> Vec<Self> {
        let text = |field| {
            move |text: &'a str| Self {
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
        texts
    }

    /// The parts that are read, in bytes.
    fn readable(&self) -> Vec<Range<usize>> {
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

/// Shows why `texts` were found by `query`. Pure; some hundred microseconds for a profile.
#[must_use]
pub fn show(analyzer: &Analyzer, query: &TypedQuery, texts: &[Text<'_>]) -> Shown {
    let finder = Finder::new(analyzer, query);
    let mut found: Vec<(&Text<'_>, Vec<Hit>)> = Vec::new();
    for text in texts {
        let hits = match text.field {
            SearchField::Name => finder.name(text),
            _ => finder.words(text, || context(texts, text)),
        };
        if !hits.is_empty() {
            found.push((text, hits));
        }
    }
    if found.is_empty() {
        let texts = texts.iter().filter(|text| text.field != SearchField::Name);
        let by_characters = texts.map(|text| (text, finder.characters(text)));
        found.extend(by_characters.filter(|(_, hits)| !hits.is_empty()));
    }
    Shown {
        reasons: finder.reasons(&found),
        snippets: snippets(&found),
    }
}

/// What stands around a text.
fn context(texts: &[Text<'_>], text: &Text<'_>) -> Compact {
    let beside = texts
        .iter()
        .filter(|other| other.group == text.group && other.field != SearchField::Name);
    let public = beside.flat_map(|other| other.readable().into_iter().map(|range| &other.text[range]));
    Compact::new(&public.collect::<Vec<_>>().join("\n"))
}

/// The words of a query by number, and where to look for them.
struct Finder<'a> {
    analyzer: &'a Analyzer,
    query: &'a TypedQuery,
    words: Vec<QueryWord<'a>>,
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
        Self {
            analyzer,
            query,
            words,
        }
    }

    fn name(&self, text: &Text<'_>) -> Vec<Hit> {
        let mut hits = Vec::new();
        for (number, segment) in self.query.segments.iter().enumerate() {
            for range in names::found_in(text.text, &segment.typed) {
                hits.push(Hit {
                    range,
                    how: How::Name(number),
                });
            }
        }
        hits
    }

    fn words(&self, text: &Text<'_>, context: impl Fn() -> Compact) -> Vec<Hit> {
        let thesaurus = Thesaurus::bundled();
        let mut hits = Vec::new();
        for stretch in text.readable() {
            let part = &text.text[stretch.clone()];
            let segmented = self.analyzer.segment(part);
            // Looked for where something was found: most texts have nothing of a query.
            let aside = OnceCell::new();
            let is_aside =
                |at: usize| text.is_personal && contains(aside.get_or_init(|| aside_ranges(part)), at);
            let doubtful = OnceCell::new();
            let is_doubtful = |at: usize| {
                let cuts = || doubtful_cuts(self.analyzer, part, &segmented);
                contains(doubtful.get_or_init(cuts), at)
            };
            let first = hits.len();
            for token in &segmented.tokens {
                let at = token.range.start;
                let how = self.of_word(token, || is_aside(at));
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
            for mention in thesaurus.mentions(&segmented, &context) {
                let at = mention.range.start;
                let how = self.of_mention(&mention, || is_aside(at));
                let Some(how) = how.filter(|_| !is_doubtful(at)) else {
                    continue;
                };
                let range = with_long_vowel(part, mention.range);
                let range = range.start + stretch.start..range.end + stretch.start;
                let is_said = hits[first..]
                    .iter()
                    .any(|hit| hit.range.start < range.end && range.start < hit.range.end);
                if !is_said {
                    hits.push(Hit { range, how });
                }
            }
        }
        hits
    }

    /// Words of one character each, where they stand together.
    fn together(&self, number: usize, segment: &Segment, written: &[Token], offset: usize) -> Vec<Hit> {
        let is_scattered =
            segment.words.len() > 1 && segment.words.iter().all(|word| is_one_character(&word.term));
        if !is_scattered {
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

    fn of_word(&self, token: &Token, is_aside: impl Fn() -> bool) -> Option<How> {
        if let Some(number) = self.words.iter().position(|word| word.term == token.term) {
            return Some(if is_aside() {
                How::AsideWord(number)
            } else {
                How::Word(number)
            });
        }
        let mut things = self.query.things.iter();
        let thing = things.position(|thing| thing.concepts.words.contains(&token.term))?;
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
    fn characters(&self, text: &Text<'_>) -> Vec<Hit> {
        let mut hits = Vec::new();
        for stretch in text.readable() {
            let normalized = Normalized::new(&text.text[stretch.clone()]);
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

    fn reasons(&self, found: &[(&Text<'_>, Vec<Hit>)]) -> Vec<Reason> {
        let hits = || {
            found
                .iter()
                .flat_map(|(text, hits)| hits.iter().map(move |hit| (text.text, hit)))
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
fn snippets(found: &[(&Text<'_>, Vec<Hit>)]) -> Vec<Snippet> {
    let mut scored: Vec<((u8, usize), Snippet)> = Vec::new();
    for (text, hits) in found {
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
        for stretch in text.readable() {
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
