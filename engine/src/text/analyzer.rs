//! The one chain from text to terms, for indexing, querying, scoring and explaining alike.
//!
//! Normalise, segment with IPADIC in decompose mode (so that 関西国際空港 contains 空港), drop particles and other
//! words without content, then bring each word to one term: base form, okurigana left out, final ー dropped, one
//! spelling for words that are written in English or katakana.
//!
//! - A query and a document never go through different chains.
//! - English is never split into letters, and none of its words is dropped.
//! - Each token knows the bytes of the original that it came from.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use aho_corasick::AhoCorasick;
use lindera::dictionary::{DictionaryBuilder, UserDictionary};
use lindera::mode::{Mode, Penalty};
use lindera::segmenter::Segmenter;
use lindera::worker::SegmentWorker;

use super::compact::Compact;
use super::dictionary::{self, Dictionary, DictionaryError, PROPER_NOUN_CONTEXT_ID};
use super::normal::{Normalized, is_hiragana, is_kanji, is_katakana, is_spaced_letter, katakana_stem};
use super::private;
use super::spaced;
use super::variants::one_spelling;

/// Raise it with every change to the chain that gives another term for some text: indexes built before are then
/// told apart.
const CHAIN_VERSION: u32 = 2;

/// Most of a company's own words; chosen by hand, far above the product and unit names of a large company.
pub const USER_WORDS_MAX: usize = 10_000;

/// Characters of the longest of a company's own words, normalised: chosen by hand; more is a sentence and not a word.
pub const USER_WORD_CHARS_MAX: usize = 64;

/// What a company's own word costs in the lattice: below any path through the dictionary, decompose mode's penalty
/// for long words included.
const USER_WORD_COST: i16 = -30_000;

/// Verbs and suffixes that say nothing by themselves, as base forms.
const EMPTY_WORDS: &[&str] = &[
    "する",
    "なる",
    "ある",
    "いる",
    "できる",
    "おる",
    "いたす",
    "れる",
    "られる",
    "的",
];

/// Words whose kanji alone would be another word.
const OKURIGANA_KEPT: &[&str] = &["生き物", "人使い", "手引き", "気持ち"];

/// Compound verbs that the dictionary may cut in two, by their kanji.
const COMPOUND_VERBS: &[&str] = &[
    "立上", "引上", "引下", "取上", "取下", "売上", "売込", "買付", "買取", "洗出", "落込", "巻込", "作込",
    "組立", "組込", "取込", "切替", "切出", "入替", "積上", "積立", "受持", "受入", "受付", "引継", "引渡",
    "引受", "取次", "取付", "取扱", "貸出", "仕上", "仕分", "仕切", "掘起", "盛上", "書込", "読込", "打合",
    "問合", "見積", "見直", "申込", "割引", "払出", "繰越", "振込", "振替", "締切", "手掛", "織込",
];

/// A word that a company uses and the dictionary does not know: a product, a unit, a system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserWord {
    /// As written.
    pub surface: String,
    /// As read, in katakana.
    pub reading: Option<String>,
    /// What it is another name of, in words that more than this company uses.
    pub meaning: Option<String>,
}

/// A term and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The form that is compared.
    pub term: String,
    /// Bytes of the original text.
    pub range: Range<usize>,
    /// Counts words, or characters for bigrams; a word and its parts share a position.
    pub position: u32,
}

/// A word of a company's own where a text has it, with what the company says it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeantWord {
    /// Bytes of the original text.
    pub range: Range<usize>,
    /// As the company wrote it.
    pub meaning: Arc<str>,
}

/// A text with its words, and what fixed phrases are looked for in.
#[derive(Clone, Debug, Default)]
pub struct Segmented {
    /// The words that carry content, in order.
    pub tokens: Vec<Token>,
    /// Bytes of the original at which words begin or end, those without content included; ascending.
    pub borders: Vec<usize>,
    /// For phrases.
    pub compact: Compact,
    /// The company's own words that it gave a meaning, in order.
    pub meant: Vec<MeantWord>,
}

/// The chain with one company's words; clones share it.
#[derive(Clone)]
pub struct Analyzer {
    inner: Arc<Inner>,
}

struct Inner {
    segmenter: Segmenter,
    /// One for each thread that ever analysed at the same time as others.
    workers: Mutex<Vec<Worker>>,
    /// The parts of the company's own words, which the segmenter gives as a whole: 青葉台流通 contains 流通.
    parts: HashMap<String, Vec<(Range<usize>, String)>>,
    meanings: Meanings,
    version: String,
}

/// What one thread keeps from text to text.
struct Worker {
    /// Keeps its buffers.
    segmenter: SegmentWorker,
    terms: KnownTerms,
}

/// The terms of words of the dictionary, by the words' numbers there: what the dictionary says of a word is text that
/// has to be read.
#[derive(Default)]
struct KnownTerms(HashMap<u32, Option<String>>);

/// Most that are kept, some 5 MB for each thread and each company with words of its own; beyond, all are forgotten. The texts
/// of 100,000 people have 30,000 different words.
const KNOWN_TERMS_MAX: usize = 50_000;

impl KnownTerms {
    /// - `surface`: of the token, normalised
    fn of(&mut self, surface: &str, token: &mut lindera::token::Token<'_>) -> Option<String> {
        // What the dictionary does not know has no number of its own.
        if !token.word_id.is_system() || token.word_id.is_unknown() {
            return term_of(surface, &token.details());
        }
        let id = token.word_id.id();
        if let Some(term) = self.0.get(&id) {
            return term.clone();
        }
        let term = term_of(surface, &token.details());
        if self.0.len() >= KNOWN_TERMS_MAX {
            self.0.clear();
        }
        self.0.insert(id, term.clone());
        term
    }
}

/// A company's own word, normalised.
struct OwnWord {
    surface: String,
    reading: String,
    meaning: Option<Arc<str>>,
}

impl OwnWord {
    /// Whether the segmenter must be told of it; words in letters and digits are cut by our own rule.
    fn is_for_segmenter(&self) -> bool {
        self.surface.chars().any(is_japanese)
    }
}

/// What a company says its own words mean.
#[derive(Default)]
struct Meanings {
    by_surface: HashMap<String, Arc<str>>,
    /// Finds the words in letters and digits, which may be several in a row: aoba navi. `None` without any.
    spaced: Option<AhoCorasick>,
}

/// A word as the segmenter gave it.
struct Piece {
    /// In the normalised text.
    range: Range<usize>,
    /// `None` for a word without content.
    term: Option<String>,
}

/// Where the words of a normalised text begin.
pub(crate) struct WordStarts {
    /// The text.
    pub(crate) text: String,
    /// In bytes of it, ascending; also of words without content.
    pub(crate) starts: Vec<usize>,
}

impl Analyzer {
    /// Prepares the chain.
    ///
    /// # Errors
    ///
    /// [`DictionaryError::UserWords`] when the words are too many, too long, or refused by the segmenter.
    pub fn new(dictionary: &Dictionary, user_words: &[UserWord]) -> Result<Self, DictionaryError> {
        let plain = Inner::new(
            dictionary,
            None,
            HashMap::new(),
            Meanings::default(),
            version_of(&[]),
        );
        let words = normalized_words(user_words)?;
        if words.is_empty() {
            return Ok(Self {
                inner: Arc::new(plain),
            });
        }
        let for_segmenter = || words.iter().filter(|word| word.is_for_segmenter());
        let parts = for_segmenter()
            .map(|word| (word.surface.clone(), plain.parts_of(&word.surface)))
            .collect();
        let user_dictionary = match for_segmenter().next() {
            Some(_) => Some(user_dictionary(for_segmenter())?),
            None => None,
        };
        let meanings = Meanings::of(&words)?;
        let inner = Inner::new(dictionary, user_dictionary, parts, meanings, version_of(&words));
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// The words of `text` that carry content, in order. Empty for a text of particles and marks.
    #[must_use]
    pub fn words(&self, text: &str) -> Vec<Token> {
        let normalized = Normalized::new(text);
        let mut tokens = Vec::new();
        let mut position = 0;
        self.inner
            .append_words(&normalized, 0, &mut position, &mut tokens);
        tokens
    }

    /// The words of `text` as [`Self::words`] gives them, with where all words begin and end.
    #[must_use]
    pub fn segment(&self, text: &str) -> Segmented {
        let normalized = Normalized::new(text);
        let pieces = self.inner.pieces(normalized.text());
        self.inner.segmented(&normalized, pieces)
    }

    /// The same of a normalised text, with where its words begin, those without content included; ascending.
    pub(crate) fn segment_with_starts(&self, normalized: Normalized) -> (Segmented, WordStarts) {
        let pieces = self.inner.pieces(normalized.text());
        let starts = pieces.iter().map(|piece| piece.range.start).collect();
        let segmented = self.inner.segmented(&normalized, pieces);
        let starts = WordStarts {
            text: normalized.into_text(),
            starts,
        };
        (segmented, starts)
    }

    /// The words of `text` without the clauses that matching must not read ([`private::ranges`]).
    ///
    /// Positions run on over what is left out, so that the clauses leave no trace.
    #[must_use]
    pub fn public_words(&self, text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        let mut position = 0;
        for range in private::public_ranges(text) {
            let normalized = Normalized::new(&text[range.clone()]);
            self.inner
                .append_words(&normalized, range.start, &mut position, &mut tokens);
        }
        tokens
    }

    /// The pairs of neighbouring characters of Japanese words; positions count characters.
    ///
    /// None across spaces and marks, and none of words in letters and digits.
    #[must_use]
    pub fn bigrams(&self, text: &str) -> Vec<Token> {
        let normalized = Normalized::new(text);
        let mut tokens = Vec::new();
        let mut previous: Option<(usize, char)> = None;
        for (position, (at, c)) in normalized.text().char_indices().enumerate() {
            let is_japanese = is_japanese(c);
            if let (Some((first_at, first)), true) = (previous, is_japanese) {
                let position = u32::try_from(position - 1).unwrap_or(u32::MAX);
                let range = normalized.original(&(first_at..at + c.len_utf8()));
                tokens.push(Token {
                    term: String::from_iter([first, c]),
                    range,
                    position,
                });
            }
            previous = is_japanese.then_some((at, c));
        }
        tokens
    }

    /// Whether the company gave any of its own words a meaning.
    #[must_use]
    pub fn has_meanings(&self) -> bool {
        !self.inner.meanings.by_surface.is_empty()
    }

    /// Whether a stretch is a word of the company's own that it gave a meaning.
    #[must_use]
    pub fn is_meant(&self, stretch: &str) -> bool {
        self.has_meanings()
            && self
                .inner
                .meanings
                .by_surface
                .contains_key(Normalized::new(stretch).text())
    }

    /// Names the chain, the dictionary and the company's words with their meanings: an index made under another version has other terms.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.inner.version
    }
}

impl Inner {
    fn new(
        dictionary: &Dictionary,
        user_dictionary: Option<UserDictionary>,
        parts: HashMap<String, Vec<(Range<usize>, String)>>,
        meanings: Meanings,
        version: String,
    ) -> Self {
        let mode = Mode::Decompose(Penalty::default());
        let segmenter = Segmenter::new(mode, dictionary.lindera().clone(), user_dictionary);
        Self {
            segmenter,
            workers: Mutex::new(Vec::new()),
            parts,
            meanings,
            version,
        }
    }

    fn segmented(&self, normalized: &Normalized, pieces: Vec<Piece>) -> Segmented {
        let mut borders: Vec<usize> = pieces
            .iter()
            .map(|piece| normalized.original(&piece.range))
            .flat_map(|range| [range.start, range.end])
            .collect();
        borders.sort_unstable();
        borders.dedup();
        let meant = self.meanings.find(normalized, &pieces);
        let mut tokens = Vec::new();
        let mut position = 0;
        self.append_pieces(normalized, pieces, 0, &mut position, &mut tokens);
        Segmented {
            tokens,
            borders,
            compact: Compact::from_normalized(normalized),
            meant,
        }
    }

    fn append_words(
        &self,
        normalized: &Normalized,
        offset: usize,
        position: &mut u32,
        tokens: &mut Vec<Token>,
    ) {
        let pieces = self.pieces(normalized.text());
        self.append_pieces(normalized, pieces, offset, position, tokens);
    }

    fn append_pieces(
        &self,
        normalized: &Normalized,
        pieces: Vec<Piece>,
        offset: usize,
        position: &mut u32,
        tokens: &mut Vec<Token>,
    ) {
        for piece in pieces {
            let Some(term) = piece.term else { continue };
            let original = |range: &Range<usize>| {
                let range = normalized.original(range);
                range.start + offset..range.end + offset
            };
            if let Some(parts) = self.parts.get(&normalized.text()[piece.range.clone()]) {
                for (idx, (part, term)) in (0..).zip(parts) {
                    let range = piece.range.start + part.start..piece.range.start + part.end;
                    tokens.push(Token {
                        term: term.clone(),
                        range: original(&range),
                        position: *position + idx,
                    });
                }
            }
            tokens.push(Token {
                term,
                range: original(&piece.range),
                position: *position,
            });
            *position = position.saturating_add(1);
        }
        // A company's word stands at its first part; the order of tokens is that of their positions.
        tokens.sort_by_key(|token| token.position);
    }

    /// Where a company's own word would be cut, had it not been added; empty when it is one word anyway.
    fn parts_of(&self, surface: &str) -> Vec<(Range<usize>, String)> {
        let pieces = self.pieces(surface);
        if pieces.len() < 2 {
            return Vec::new();
        }
        pieces
            .into_iter()
            .filter_map(|piece| piece.term.map(|term| (piece.range, term)))
            .collect()
    }

    /// All words of a normalised text. Words in letters and digits are cut by our own rule, the others by the
    /// dictionary, which sees the whole text.
    fn pieces(&self, text: &str) -> Vec<Piece> {
        let spaced = spaced::runs(text);
        let mut pieces: Vec<Piece> = Vec::with_capacity(text.len() / 6);
        let mut worker = self.take_worker();
        // The segmenter fails only on a dictionary that is damaged while mapped; a text without words is then the
        // answer that harms nothing.
        if let Ok(tokens) = worker.segmenter.segment(text) {
            for mut token in tokens {
                let range = token.byte_start..token.byte_end;
                let run = spaced.partition_point(|run| run.end <= range.start);
                if spaced
                    .get(run)
                    .is_some_and(|run| run.start <= range.start && range.end <= run.end)
                {
                    continue;
                }
                let surface = &text[range.clone()];
                // A word with a meaning means it as a whole.
                let is_meant = self.meanings.by_surface.contains_key(surface);
                match katakana_parts(surface).filter(|_| !is_meant) {
                    Some(at) => {
                        let (first, second) = surface.split_at(at);
                        let middle = range.start + at;
                        pieces.push(Piece {
                            range: range.start..middle,
                            term: Some(katakana_term(first)),
                        });
                        pieces.push(Piece {
                            range: middle..range.end,
                            term: Some(katakana_term(second)),
                        });
                    }
                    None => pieces.push(Piece {
                        term: worker.terms.of(surface, &mut token),
                        range,
                    }),
                }
            }
        }
        self.give_back(worker);
        if !spaced.is_empty() {
            for range in spaced.iter().flat_map(|run| spaced::words(text, run)) {
                let word = &text[range.clone()];
                let term = one_spelling(word).unwrap_or(word).to_owned();
                pieces.push(Piece {
                    range,
                    term: Some(term),
                });
            }
            pieces.sort_by_key(|piece| piece.range.start);
        }
        join_compound_verbs(text, &mut pieces);
        pieces
    }

    fn take_worker(&self) -> Worker {
        let idle = self.workers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.unwrap_or_else(|| Worker {
            segmenter: self.segmenter.new_worker(),
            terms: KnownTerms::default(),
        })
    }

    fn give_back(&self, worker: Worker) {
        self.workers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(worker);
    }
}

impl Meanings {
    fn of(words: &[OwnWord]) -> Result<Self, DictionaryError> {
        let with_meaning = || words.iter().filter(|word| word.meaning.is_some());
        let spaced: Vec<&str> = with_meaning()
            .filter(|word| !word.is_for_segmenter())
            .map(|word| word.surface.as_str())
            .collect();
        let spaced = match &spaced[..] {
            [] => None,
            spaced => Some(
                AhoCorasick::new(spaced).map_err(|error| DictionaryError::UserWords {
                    reason: error.to_string(),
                })?,
            ),
        };
        let meanings = words
            .iter()
            .filter_map(|word| Some((word.surface.clone(), Arc::clone(word.meaning.as_ref()?))));
        Ok(Self {
            by_surface: meanings.collect(),
            spaced,
        })
    }

    /// The words of a text that have a meaning, in order.
    fn find(&self, normalized: &Normalized, pieces: &[Piece]) -> Vec<MeantWord> {
        if self.by_surface.is_empty() {
            return Vec::new();
        }
        let text = normalized.text();
        let of_pieces = || pieces.iter().map(|piece| piece.range.clone());
        let mut ranges: Vec<Range<usize>> = of_pieces()
            .filter(|range| text[range.clone()].chars().any(is_japanese))
            .collect();
        if let Some(spaced) = &self.spaced {
            let mut borders: Vec<usize> = of_pieces().flat_map(|range| [range.start, range.end]).collect();
            borders.sort_unstable();
            let is_between_words = |byte: usize| {
                let before = text[..byte].chars().next_back();
                let behind = text[byte..].chars().next();
                borders.binary_search(&byte).is_ok()
                    || !(before.is_some_and(is_spaced_letter) && behind.is_some_and(is_spaced_letter))
            };
            let hits = spaced.find_overlapping_iter(text).map(|hit| hit.range());
            ranges.extend(hits.filter(|hit| is_between_words(hit.start) && is_between_words(hit.end)));
            ranges.sort_by_key(|range| range.start);
        }
        let meant = |range: &Range<usize>| {
            Some(MeantWord {
                range: normalized.original(range),
                meaning: Arc::clone(self.by_surface.get(&text[range.clone()])?),
            })
        };
        ranges.iter().filter_map(meant).collect()
    }
}

/// The term of a word of the dictionary; `None` when it carries no content.
fn term_of(surface: &str, details: &[&str]) -> Option<String> {
    let detail = |idx: usize| details.get(idx).copied().unwrap_or("*");
    let is_empty = matches!(
        (detail(0), detail(1)),
        (
            "助詞" | "助動詞" | "記号" | "フィラー" | "接続詞" | "感動詞" | "連体詞" | "その他",
            _
        ) | ("動詞" | "形容詞", "非自立" | "接尾")
            | ("名詞", "非自立" | "代名詞" | "特殊")
    );
    if is_empty || !surface.chars().any(|c| c.is_alphanumeric() || is_kanji(c)) {
        return None;
    }
    let base = match detail(6) {
        "*" | "" => surface,
        base => base,
    };
    if EMPTY_WORDS.contains(&base) {
        return None;
    }
    let term = without_okurigana(base);
    let term = katakana_stem(&term);
    Some(one_spelling(term).unwrap_or(term).to_owned())
}

/// 取り組み, 取組み and 取り組む as 取組: the kanji of a word that has at least two of them around or before its kana.
fn without_okurigana(word: &str) -> Cow<'_, str> {
    let n_kanji = word.chars().filter(|c| is_kanji(*c)).count();
    let is_mixed = word.chars().any(is_hiragana) && word.chars().all(|c| is_kanji(c) || is_hiragana(c));
    let begins_with_kanji = word.chars().next().is_some_and(is_kanji);
    if n_kanji < 2 || !is_mixed || !begins_with_kanji || OKURIGANA_KEPT.contains(&word) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(word.chars().filter(|c| is_kanji(*c)).collect())
}

/// Where a katakana word that the dictionary does not know falls into two that we know: ウェブサーバー.
fn katakana_parts(surface: &str) -> Option<usize> {
    if !surface.chars().all(is_katakana) || one_spelling(katakana_stem(surface)).is_some() {
        return None;
    }
    let is_known = |part: &str| one_spelling(katakana_stem(part)).is_some();
    let cuts = surface.char_indices().map(|(at, _)| at).skip(2);
    cuts.into_iter()
        .find(|at| is_known(&surface[..*at]) && is_known(&surface[*at..]))
}

fn katakana_term(surface: &str) -> String {
    let stem = katakana_stem(surface);
    one_spelling(stem).unwrap_or(stem).to_owned()
}

/// 立ち上げ, 立上げ and 立ち上げる as 立上: the dictionary cuts some compound verbs in two and knows others as one word.
fn join_compound_verbs(text: &str, pieces: &mut Vec<Piece>) {
    let one_kanji = |range: &Range<usize>| {
        let mut chars = text[range.clone()].chars();
        let first = chars.next().filter(|c| is_kanji(*c))?;
        chars.all(is_hiragana).then_some(first)
    };
    let mut idx = 1;
    while idx < pieces.len() {
        let (before, after) = (&pieces[idx - 1].range, &pieces[idx].range);
        let kanji = one_kanji(before)
            .zip(one_kanji(after))
            .filter(|_| before.end == after.start);
        let skeleton = kanji.map(|(first, second)| String::from_iter([first, second]));
        match skeleton.filter(|skeleton| COMPOUND_VERBS.contains(&skeleton.as_str())) {
            Some(term) => {
                let second = pieces.remove(idx);
                pieces[idx - 1] = Piece {
                    range: pieces[idx - 1].range.start..second.range.end,
                    term: Some(term),
                };
            }
            None => idx += 1,
        }
    }
}

fn is_japanese(c: char) -> bool {
    is_kanji(c) || is_katakana(c) || is_hiragana(c)
}

/// The words as the segmenter will see them, without doubles and those that can have no effect.
fn normalized_words(user_words: &[UserWord]) -> Result<Vec<OwnWord>, DictionaryError> {
    let refused = |reason: String| DictionaryError::UserWords { reason };
    if user_words.len() > USER_WORDS_MAX {
        return Err(refused(format!(
            "{} words exceed the maximum of {USER_WORDS_MAX}",
            user_words.len()
        )));
    }
    let mut words = Vec::with_capacity(user_words.len());
    for word in user_words {
        let surface = Normalized::new(word.surface.trim()).text().to_owned();
        let n_chars = surface.chars().count();
        if n_chars > USER_WORD_CHARS_MAX {
            return Err(refused(format!(
                "a word of {n_chars} characters exceeds the maximum of {USER_WORD_CHARS_MAX}"
            )));
        }
        let meaning = word.meaning.as_deref().map(str::trim);
        let word = OwnWord {
            reading: word.reading.clone().unwrap_or_default(),
            meaning: meaning.filter(|meaning| !meaning.is_empty()).map(Arc::from),
            surface,
        };
        // Words in letters and digits are whole anyway, and a word with a line break in it can never be met.
        let is_idle = !word.is_for_segmenter() && word.meaning.is_none();
        if is_idle || word.surface.is_empty() || word.surface.contains(char::is_control) {
            continue;
        }
        words.push(word);
    }
    let key = |word: &OwnWord| (word.surface.clone(), word.reading.clone(), word.meaning.clone());
    words.sort_by_cached_key(key);
    words.dedup_by(|one, other| one.surface == other.surface);
    Ok(words)
}

fn user_dictionary<'a>(words: impl Iterator<Item = &'a OwnWord>) -> Result<UserDictionary, DictionaryError> {
    let mut rows = String::new();
    let quoted = |value: &str| format!("\"{}\"", value.replace('"', "\"\""));
    for word in words {
        let reading: String = word.reading.chars().filter(|c| is_katakana(*c)).collect();
        let reading = if reading.is_empty() { "*" } else { &reading };
        let surface = quoted(&word.surface);
        rows.push_str(&format!(
            "{surface},{PROPER_NOUN_CONTEXT_ID},{PROPER_NOUN_CONTEXT_ID},{USER_WORD_COST},\
             名詞,固有名詞,一般,*,*,*,{surface},{reading},{reading}\n"
        ));
    }
    DictionaryBuilder::new(dictionary::metadata("UTF-8"))
        .build_user_dict_from_reader(rows.as_bytes())
        .map_err(|error| DictionaryError::UserWords {
            reason: error.to_string(),
        })
}

/// Readings do not change what is found, so they are no part of the version. Words without meanings have the version
/// that they had before there were any.
fn version_of(words: &[OwnWord]) -> String {
    // FNV-1a: stable between releases of Rust, which the standard hasher is not.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    for word in words {
        word.surface.bytes().chain([0]).for_each(&mut add);
        if let Some(meaning) = &word.meaning {
            // No surface begins with a control character.
            [1].into_iter()
                .chain(meaning.bytes())
                .chain([0])
                .for_each(&mut add);
        }
    }
    format!(
        "chain-{CHAIN_VERSION} {} words-{hash:016x}",
        dictionary::version()
    )
}
