//! What strangers send, given to the functions that read it first: each target takes any bytes, asserts what has to hold
//! whatever they are, and returns whether they were taken for what they may be.
//!
//! - `scripts/fuzz` mutates inputs and looks for one that breaks an assertion, panics, overflows the stack or takes too
//!   long.
//! - `tests/it/corpus.rs` includes this file and gives the committed inputs to the same functions with the stable
//!   compiler.

use std::sync::OnceLock;

use async_graphql_parser::parse_query;
use okaeri_api::config::Limits;
use okaeri_api::graphql::id::GlobalId;
use okaeri_api::graphql::pagination::Page;
use okaeri_api::http::{DocumentLimits, ErrorCode};
use okaeri_api::import::limits::{ERRORS_MAX, NAME_CHARS_MAX, TITLE_CHARS_MAX, VALUE_SHOWN_CHARS};
use okaeri_api::import::{self, RowError};
use okaeri_engine::fixtures;
use okaeri_engine::index::{CompanyIndex, SearchScope};
use okaeri_engine::search::{SNIPPETS_MAX, Texts};
use okaeri_engine::text::{Analyzer, Dictionary, dictionary};
use serde_json::{Map, Value};

/// Stands between the parts of an input: a control character that has no meaning in any of them.
const SEPARATOR: char = '\u{1e}';

/// A GraphQL document, and behind a separator its variables: what stands before the parser lets nothing through that the
/// parser or the walk over what it read cannot bear, and keeps out nothing that is well-formed and small.
pub fn document(input: &[u8]) -> bool {
    static LIMITS: OnceLock<DocumentLimits> = OnceLock::new();
    let Ok(text) = std::str::from_utf8(input) else {
        return false;
    };
    let (query, variables) = parts(text);
    let variables: Map<String, Value> = serde_json::from_str(variables).unwrap_or_default();
    let limits = LIMITS.get_or_init(|| {
        DocumentLimits::new(&okaeri_api::graphql::sdl(), Limits::default()).expect("the schema is one")
    });
    let before = limits.check_text(query);
    let all = limits.check(query, None, variables);
    match before {
        Ok(()) => {}
        Err((ErrorCode::ParseFailed, message)) => {
            assert_eq!(all, Err((ErrorCode::ParseFailed, message.clone())));
            // The parser takes NUL, which no database stores.
            if is_flat(query) && !message.contains("NUL") {
                assert!(
                    parse_query(query).is_err(),
                    "refused though it is GraphQL: {message}"
                );
            }
        }
        Err((code, _)) => assert_eq!(code, ErrorCode::LimitExceeded),
    }
    all.is_ok()
}

/// Whether the parser can be asked without what stands before it.
fn is_flat(query: &str) -> bool {
    query
        .bytes()
        .filter(|byte| matches!(byte, b'(' | b'[' | b'{'))
        .count()
        <= Limits::default().document_nesting
}

/// An identifier or a cursor, and before it the number of items wanted: what is read is what is written again.
pub fn identifier(input: &[u8]) -> bool {
    let Some((size, text)) = input.split_first() else {
        return false;
    };
    let Ok(text) = std::str::from_utf8(text) else {
        return false;
    };
    let id = GlobalId::decode(&text.into());
    if let Some(id) = id {
        assert_eq!(*id.encode(), text);
    }
    let mut is_taken = id.is_some();
    let size = i32::from(size.cast_signed());
    for page in [
        Page::new(Some(size), Some(text.to_owned()), None, None),
        Page::new(None, None, Some(size), Some(text.to_owned())),
    ] {
        let Ok(page) = page else { continue };
        is_taken = true;
        let cursor = page.after.or(page.before).expect("one was given");
        let again = Page::new(None, Some(cursor.encode()), None, None).expect("ours is read");
        assert_eq!(again.after, Some(cursor));
        let cut = page.cut_served(&[0, 3, 4, 9]);
        assert!(cut.range.start <= cut.range.end && cut.range.end <= 4 && cut.range.len() <= page.size);
    }
    is_taken
}

/// A file of alumni, of opportunities or of words: every row is read or refused by its line, and within its limits.
pub fn import(input: &[u8]) -> bool {
    let mut n_rows = 0;
    if let Ok(parsed) = import::parse_alumni(input) {
        n_rows += parsed.rows.len();
        for row in &parsed.rows {
            is_line(&row.name.kanji, NAME_CHARS_MAX);
            assert!(!row.external_id.is_empty());
        }
        are_told(&parsed.errors);
        assert_eq!(parsed.n_failed == 0, parsed.errors.is_empty());
    }
    if let Ok(parsed) = import::parse_opportunities(input) {
        n_rows += parsed.rows.len();
        for row in &parsed.rows {
            is_line(&row.title, TITLE_CHARS_MAX);
        }
        are_told(&parsed.errors);
        assert_eq!(parsed.n_failed == 0, parsed.errors.is_empty());
    }
    if let Ok(parsed) = import::parse_words(input) {
        are_told(&parsed.errors);
    }
    n_rows > 0
}

fn is_line(text: &str, chars_max: usize) {
    let n_chars = text.chars().count();
    assert!((1..=chars_max).contains(&n_chars), "{n_chars} characters");
    assert!(!text.chars().any(char::is_control), "{text:?}");
}

fn are_told(errors: &[RowError]) {
    assert!(errors.len() <= ERRORS_MAX);
    for error in errors {
        assert!(error.line > 0 && !error.reason.is_empty());
        for shown in error.value.iter().chain(&error.column) {
            assert!(shown.chars().count() <= VALUE_SHOWN_CHARS, "{shown}");
        }
    }
}

/// What somebody types into a search, and behind a separator a text to find it in: every query has an answer, and what is
/// highlighted lies in what is shown.
pub fn search(input: &[u8]) -> bool {
    static COMPANY: OnceLock<CompanyIndex> = OnceLock::new();
    let Ok(text) = std::str::from_utf8(input) else {
        return false;
    };
    let (query, description) = parts(text);
    let company = COMPANY.get_or_init(company);
    let found = company
        .search_alumni(query, SearchScope::WholeProfile, 20)
        .expect("no query is an error");
    assert!(found.hits.len() <= 20 && found.hits.len() <= found.n_total);

    let mut opportunity = fixtures::opportunities(1, 1).remove(0);
    opportunity.description = description.to_owned();
    for shown in company.show(query, &[Texts::of_opportunity(&opportunity)]) {
        assert!(shown.snippets.len() <= SNIPPETS_MAX);
        for snippet in shown.snippets {
            let n_units = u32::try_from(snippet.snippet.encode_utf16().count()).expect("a snippet is short");
            let mut end = 0;
            for highlight in snippet.highlights {
                assert!(
                    end <= highlight.start && highlight.start < highlight.end,
                    "{highlight:?}"
                );
                end = highlight.end;
            }
            assert!(end <= n_units, "{end} of {n_units}");
        }
    }
    found.n_total > 0
}

/// Twenty invented people in an index whose files are mapped: they live as long as the process, and their directory need
/// not.
fn company() -> CompanyIndex {
    let variable = |name| std::env::var_os(name);
    let dir = dictionary::default_dir(
        variable("OKAERI_DICTIONARY_DIR"),
        variable("XDG_CACHE_HOME"),
        variable("HOME"),
    );
    let dictionary =
        Dictionary::open(&dir.expect("there is a home")).expect("okaeri dictionary build has run");
    let analyzer = Analyzer::new(&dictionary, &[]).expect("no word is refused");
    let place = tempfile::tempdir().expect("there is room");
    let company =
        CompanyIndex::open_or_create(place.path(), analyzer).expect("an empty directory takes an index");
    for (idx, person) in fixtures::profiles(1, 20).into_iter().enumerate() {
        company
            .upsert_alumnus(person.id, &fixtures::name(idx), &person.profile, b"")
            .expect("an invented person can be found");
    }
    company.commit(1).expect("there is room");
    company
}

fn parts(text: &str) -> (&str, &str) {
    text.split_once(SEPARATOR).unwrap_or((text, ""))
}
