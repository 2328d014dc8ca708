//! The dictionary and the analyzer of the tests, opened once.

use std::sync::OnceLock;

use super::dictionary::default_dir;
use super::{Analyzer, Dictionary};

/// The dictionary where `okaeri dictionary build` puts it.
pub(crate) fn dictionary() -> &'static Dictionary {
    static DICTIONARY: OnceLock<Dictionary> = OnceLock::new();
    DICTIONARY.get_or_init(|| {
        let value = |name| std::env::var_os(name);
        let dir = default_dir(
            value("OKAERI_DICTIONARY_DIR"),
            value("XDG_CACHE_HOME"),
            value("HOME"),
        )
        .expect("OKAERI_DICTIONARY_DIR, XDG_CACHE_HOME or HOME says where the dictionary is");
        Dictionary::open(&dir).unwrap_or_else(|error| panic!("{error}"))
    })
}

/// An analyzer without words of a company.
pub(crate) fn analyzer() -> Analyzer {
    static ANALYZER: OnceLock<Analyzer> = OnceLock::new();
    ANALYZER
        .get_or_init(|| Analyzer::new(dictionary(), &[]).unwrap())
        .clone()
}
