//! Terms for what a text says beyond its own words: the concepts that it names, under whatever name, and the words of
//! work that was not the writer's own.

use crate::thesaurus::{Naming, Thesaurus};

/// Stands before what is told of others. No word and no concept begins with it.
const ASIDE: char = '~';

/// Stands before a concept that is shown without being named.
const SHOWN: char = '=';

/// Stands before the id of a concept.
const CONCEPT: char = '#';

/// The term of a concept that a text names as the writer's own.
pub(super) fn named(id: &str) -> String {
    format!("{CONCEPT}{id}")
}

/// The term of a concept that a phrase shows without naming it.
pub(super) fn shown(id: &str) -> String {
    format!("{SHOWN}{CONCEPT}{id}")
}

/// The term of a concept that a text tells of others.
pub(super) fn named_aside(id: &str) -> String {
    format!("{ASIDE}{CONCEPT}{id}")
}

/// The term of a word that a text tells of others.
pub(super) fn word_aside(word: &str) -> String {
    format!("{ASIDE}{word}")
}

/// The term of a mention.
pub(super) fn of_mention(
    thesaurus: &Thesaurus,
    mention: &crate::thesaurus::Mention,
    is_aside: bool,
) -> String {
    let id = &thesaurus.concept(mention.concept).id;
    if is_aside {
        return named_aside(id);
    }
    match mention.naming {
        Naming::Preferred | Naming::Synonym | Naming::Company => named(id),
        Naming::Shown => shown(id),
    }
}
