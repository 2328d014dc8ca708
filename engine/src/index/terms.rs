//! Terms with their positions as one text, which is what a document holds, and the tokenizer that takes it apart again.
//!
//! Tantivy keeps terms that were made elsewhere as JSON from when a document is made until it is written, which takes
//! longer than finding them did.

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer};

/// The name that the fields of the schema know the tokenizer by.
pub(super) const TOKENIZER: &str = "okaeri";

/// Stands before a term at the same position as the one before.
const SAME: char = '\u{1c}';
/// Stands before a term at the next position.
const NEXT: char = '\u{1d}';
/// Stands before the number of a position, which [`END`] follows, and a term there.
const AT: char = '\u{1e}';
const END: char = '\u{1f}';

fn is_marker(c: char) -> bool {
    (SAME..=END).contains(&c)
}

/// Terms as they are collected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Terms {
    text: String,
    position: usize,
}

impl Terms {
    /// Adds a term.
    pub(super) fn push(&mut self, term: &str, position: usize) {
        self.push_chars(term.chars(), position);
    }

    /// Adds a term of these characters. Of a term that contains a marker, which nobody types, the rest is added.
    pub(super) fn push_chars(&mut self, term: impl IntoIterator<Item = char>, position: usize) {
        match position.checked_sub(self.position) {
            Some(0) => self.text.push(SAME),
            Some(1) => self.text.push(NEXT),
            Some(_) | None => {
                self.text.push(AT);
                self.text.push_str(&position.to_string());
                self.text.push(END);
            }
        }
        self.position = position;
        self.text.extend(term.into_iter().filter(|c| !is_marker(*c)));
    }

    /// The text that [`tokenizer`] takes apart; empty without terms.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }
}

/// Takes such texts apart.
pub(super) fn tokenizer() -> TextAnalyzer {
    TextAnalyzer::from(TermsTokenizer::default())
}

#[derive(Clone, Default)]
struct TermsTokenizer {
    token: Token,
}

impl Tokenizer for TermsTokenizer {
    type TokenStream<'a> = TermsStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TermsStream<'a> {
        self.token.reset();
        self.token.position = 0;
        TermsStream {
            rest: text,
            token: &mut self.token,
        }
    }
}

struct TermsStream<'a> {
    rest: &'a str,
    token: &'a mut Token,
}

impl TokenStream for TermsStream<'_> {
    fn advance(&mut self) -> bool {
        let mut chars = self.rest.chars();
        let rest = match chars.next() {
            Some(SAME) => chars.as_str(),
            Some(NEXT) => {
                self.token.position += 1;
                chars.as_str()
            }
            Some(AT) => {
                let Some((position, rest)) = chars.as_str().split_once(END) else {
                    return false;
                };
                let Ok(position) = position.parse() else {
                    return false;
                };
                self.token.position = position;
                rest
            }
            Some(_) | None => return false,
        };
        let end = rest.find(is_marker).unwrap_or(rest.len());
        self.token.text.clear();
        self.token.text.push_str(&rest[..end]);
        self.rest = &rest[end..];
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(terms: &Terms) -> Vec<(String, usize)> {
        let mut tokenizer = tokenizer();
        let mut stream = tokenizer.token_stream(terms.as_str());
        let mut found = Vec::new();
        while stream.advance() {
            found.push((stream.token().text.clone(), stream.token().position));
        }
        found
    }

    proptest! {
        #[test]
        fn terms_are_read_as_they_were_collected(
            given in prop::collection::vec(("[^\u{1c}-\u{1f}]{0,6}", 0_usize..50), 0..30),
        ) {
            let mut terms = Terms::default();
            for (term, position) in &given {
                terms.push(term, *position);
            }
            prop_assert_eq!(read(&terms), given);
        }

        #[test]
        fn a_text_that_is_no_terms_is_read_without_a_panic(text in ".{0,40}") {
            let mut tokenizer = tokenizer();
            let mut stream = tokenizer.token_stream(&text);
            while stream.advance() {}
        }
    }

    #[test]
    fn a_term_loses_what_would_cut_it() {
        let mut terms = Terms::default();
        terms.push("経\u{1c}理", 0);
        terms.push("決算", 1);
        assert_eq!(read(&terms), [("経理".to_owned(), 0), ("決算".to_owned(), 1)]);
    }

    #[test]
    fn most_terms_take_one_byte_beside_their_own() {
        let mut terms = Terms::default();
        terms.push("a", 0);
        terms.push("b", 1);
        terms.push("c", 1);
        assert_eq!(terms.as_str().len(), 6);
    }
}
