//! Why a search found something, and how its results spread.

use async_graphql::{Context, Enum, SimpleObject};
use okaeri_engine::search::{self, Shown};

use super::matching::{TextRange, text_ranges};
use crate::graphql::context::ContextExt as _;
use crate::usecase::facets;

/// Why a search found this.
#[derive(Clone, Debug, SimpleObject)]
pub struct SearchMatch {
    /// In sentences, strongest first, in Japanese or English by Accept-Language: which words are there, which other
    /// name of the same was found, and whether it is told of as the person's own work.
    pub reasons: Vec<String>,
    /// The phrases that show it, strongest first, at most 3; only what the viewer may read. Empty where nothing that
    /// may be quoted shows it.
    pub snippets: Vec<SearchSnippet>,
}

/// A phrase that a search found.
#[derive(Clone, Debug, SimpleObject)]
pub struct SearchSnippet {
    /// Where it stands.
    pub field: SearchField,
    /// The phrase, shortened around what was found.
    pub snippet: String,
    /// What was found, as ranges of the snippet in ascending order.
    pub highlights: Vec<TextRange>,
}

/// Where a phrase stands that a search found.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "search::SearchField")]
pub enum SearchField {
    /// A person's name, as written or as read.
    Name,
    /// A profile's one-line headline.
    Headline,
    /// A profile's self-introduction.
    Summary,
    /// A profile's list of skills.
    Skills,
    /// A profile's list of qualifications.
    Qualifications,
    /// A profile's languages.
    Languages,
    /// A period at this company.
    Tenure,
    /// A position since leaving.
    CareerAfter,
    /// Where the person lives, or the work is.
    Prefecture,
    /// An opportunity's title.
    Title,
    /// An opportunity's must-haves.
    RequiredSkills,
    /// An opportunity's nice-to-haves.
    PreferredSkills,
    /// An opportunity's description.
    Description,
    /// An opportunity's unit.
    Department,
}

/// How the results of a list spread over the values of one field. Counts the whole list, not the page, and nobody
/// whom the viewer may not see.
#[derive(Clone, Debug, SimpleObject)]
pub struct Facet {
    /// What is counted by.
    pub field: FacetField,
    /// The 50 most frequent values, most frequent first, ties by value. A result can have several, or none.
    pub values: Vec<FacetValue>,
}

/// A value with how many results have it.
#[derive(Clone, Debug, SimpleObject)]
pub struct FacetValue {
    /// As the filter of the list takes it: the name of an enum's value, or the text.
    pub value: String,
    /// How many results have it.
    pub count: i32,
}

/// What the results of a list are counted by.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "facets::FacetField")]
pub enum FacetField {
    /// Where the person lives, or the work is.
    Prefecture,
    /// What the person opts into and consents to. To employees and other alumni only MENTORING and EVENTS.
    Interest,
    /// Units in which people were, as they were called then; or an opportunity's unit.
    Department,
    /// Languages that people speak.
    Language,
    /// Where people are willing to work. Recruiters and administrators only.
    RemotePreference,
    /// An opportunity's kind.
    Kind,
    /// Where an opportunity stands.
    Status,
    /// Where the work of an opportunity is done.
    Remote,
}

impl SearchMatch {
    /// In the language of the request.
    pub fn new(ctx: &Context<'_>, shown: &Shown) -> Self {
        let is_japanese = ctx.language() == okaeri_engine::ranking::Language::Japanese;
        let say = |reason: &search::Reason| {
            if is_japanese {
                reason.japanese()
            } else {
                reason.english()
            }
        };
        let snippet = |snippet: &search::Snippet| SearchSnippet {
            field: snippet.field.into(),
            snippet: snippet.snippet.clone(),
            highlights: text_ranges(&snippet.highlights),
        };
        Self {
            reasons: shown.reasons.iter().map(say).collect(),
            snippets: shown.snippets.iter().map(snippet).collect(),
        }
    }
}

impl From<facets::Facet> for Facet {
    fn from(facet: facets::Facet) -> Self {
        let value = |(value, count): (String, usize)| FacetValue {
            value,
            count: i32::try_from(count).unwrap_or(i32::MAX),
        };
        Self {
            field: facet.field.into(),
            values: facet.values.into_iter().map(value).collect(),
        }
    }
}

/// Whether the list that `ctx` resolves is asked for its facets.
pub fn asks_for_facets(ctx: &Context<'_>) -> bool {
    ctx.look_ahead().field("facets").exists()
}

/// Whether the list that `ctx` resolves is asked why its items were found.
pub fn asks_for_matches(ctx: &Context<'_>) -> bool {
    ctx.look_ahead().field("edges").field("searchMatch").exists()
}
