//! What the ranking has to beat: plain text search over the same people.
//!
//! - Reads profiles and opportunities as bags of words, with none of the features; clauses on a person's own
//!   circumstances are left out here too, but for speaker slots that ask for them, where the ranking reads them.
//! - Statistics are those of all profiles of the company; scored are the people whom the ranking scores.

use std::collections::{BTreeMap, HashMap};

use crate::domain::AlumnusId;
use crate::features::analysis::{Occurrence, Wanted, concept_of};
use crate::features::lived::LivedExperience;
use crate::features::{AnalyzedOpportunity, AnalyzedProfile, latent};
use crate::ranking::Pool;
use crate::text;

/// A way to rank by text alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Baseline {
    /// BM25 over the analyser's words.
    Words,
    /// The same with BM25 over pairs of characters, as z-scores, the pairs at half weight.
    WordsAndBigrams,
    /// Likeness in the company's latent space.
    Latent,
}

impl Baseline {
    /// All, in the order of reports.
    pub const ALL: [Self; 3] = [Self::Words, Self::WordsAndBigrams, Self::Latent];

    /// A stable name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Words => "bm25",
            Self::WordsAndBigrams => "bm25+bigrams",
            Self::Latent => "latent",
        }
    }
}

/// BM25's saturation and length normalisation, the usual values (Robertson & Zaragoza 2009).
const K1: f64 = 1.2;
const B: f64 = 0.75;

/// Weights of the parts of an opportunity, as in the published baseline.
const TITLE_WEIGHT: f64 = 3.0;
const MUST_HAVE_WEIGHT: f64 = 2.0;
const REST_WEIGHT: f64 = 1.0;

/// What pairs of characters count beside words.
const BIGRAM_WEIGHT: f64 = 0.5;

/// Terms with weights, summed over where they stand. Ordered, so that sums come out the same every time.
pub type WeightedTerms = BTreeMap<String, f64>;

/// Documents to be searched.
#[derive(Clone, Debug, Default)]
pub struct Bm25 {
    /// By term, the documents that have it and how often.
    postings: HashMap<String, Vec<(u32, f64)>>,
    lengths: Vec<f64>,
    mean_length: f64,
}

impl Bm25 {
    /// Counts documents given as their terms.
    #[must_use]
    pub fn new(documents: &[Vec<String>]) -> Self {
        let mut postings: HashMap<String, Vec<(u32, f64)>> = HashMap::new();
        for (number, document) in documents.iter().enumerate() {
            for term in document {
                let of_term = postings.entry(term.clone()).or_default();
                match of_term.last_mut() {
                    Some((last, frequency)) if *last as usize == number => *frequency += 1.0,
                    _ => of_term.push((number as u32, 1.0)),
                }
            }
        }
        let lengths: Vec<f64> = documents.iter().map(|document| document.len() as f64).collect();
        Self {
            mean_length: super::mean(&lengths).max(1.0),
            postings,
            lengths,
        }
    }

    /// Scores every document; 0 for those without any of the terms.
    #[must_use]
    pub fn scores(&self, query: &WeightedTerms) -> Vec<f64> {
        let mut scores = vec![0.0; self.lengths.len()];
        let n_documents = self.lengths.len() as f64;
        for (term, weight) in query {
            let Some(postings) = self.postings.get(term) else {
                continue;
            };
            let n_with = postings.len() as f64;
            let idf = (1.0 + (n_documents - n_with + 0.5) / (n_with + 0.5)).ln();
            for (number, frequency) in postings {
                let number = *number as usize;
                let norm = K1 * (1.0 - B + B * self.lengths[number] / self.mean_length);
                scores[number] += weight * idf * frequency * (K1 + 1.0) / (frequency + norm);
            }
        }
        scores
    }
}

/// The profiles of a company, counted for all baselines.
#[derive(Default)]
pub struct Baselines {
    /// By which clauses on people's own circumstances are read: none for almost all opportunities.
    counted: Vec<(LivedExperience, Counted)>,
}

/// Everybody's text, counted once.
struct Counted {
    rows: HashMap<AlumnusId, usize>,
    words: Bm25,
    bigrams: Bm25,
}

impl Counted {
    fn new(pool: &Pool, lived: LivedExperience) -> Self {
        let mut ids: Vec<AlumnusId> = pool.ids().collect();
        ids.sort_unstable();
        let profiles: Vec<_> = ids.iter().filter_map(|id| pool.profile(*id)).collect();
        let words: Vec<Vec<String>> = profiles.iter().map(|profile| words(profile, lived)).collect();
        let bigrams: Vec<Vec<String>> = profiles.iter().map(|profile| bigrams(profile, lived)).collect();
        Self {
            rows: ids.into_iter().enumerate().map(|(row, id)| (id, row)).collect(),
            words: Bm25::new(&words),
            bigrams: Bm25::new(&bigrams),
        }
    }
}

impl Baselines {
    /// Scores people for an opportunity.
    ///
    /// - returns the scores of each baseline, in the order of [`Baseline::ALL`], each in the order of `alumnus_ids`
    #[must_use]
    pub fn scores(
        &mut self,
        opportunity: &AnalyzedOpportunity,
        alumnus_ids: &[AlumnusId],
        pool: &Pool,
    ) -> [Vec<f64>; 3] {
        let counted = self.counted(pool, LivedExperience::asked_by(&opportunity.opportunity));
        let of = |scores: Vec<f64>| -> Vec<f64> {
            let rows = alumnus_ids.iter().map(|id| counted.rows.get(id));
            rows.map(|row| row.map_or(0.0, |row| scores[*row])).collect()
        };
        let words = of(counted.words.scores(&wanted_words(opportunity)));
        let bigrams = of(counted.bigrams.scores(&wanted_bigrams(opportunity)));
        let both = z_scores(&words)
            .iter()
            .zip(z_scores(&bigrams))
            .map(|(words, bigrams)| words + BIGRAM_WEIGHT * bigrams)
            .collect();
        let query = pool.query(opportunity);
        let likeness = |id: &AlumnusId| {
            let subject = pool.subject(*id);
            subject.map_or(0.0, |subject| {
                f64::from(latent::similarity(
                    &query.latent,
                    subject.latent.map_or(&[][..], |placed| placed.whole()),
                ))
            })
        };
        let latent = alumnus_ids.iter().map(likeness).collect();
        [words, both, latent]
    }

    fn counted(&mut self, pool: &Pool, lived: LivedExperience) -> &Counted {
        let idx = match self.counted.iter().position(|(known, _)| *known == lived) {
            Some(idx) => idx,
            None => {
                self.counted.push((lived, Counted::new(pool, lived)));
                self.counted.len() - 1
            }
        };
        &self.counted[idx].1
    }
}

/// Distances from the mean in standard deviations; all 0 where there is no spread.
#[must_use]
pub fn z_scores(values: &[f64]) -> Vec<f64> {
    let mean = super::mean(values);
    let squares: Vec<f64> = values.iter().map(|value| (value - mean).powi(2)).collect();
    let deviation = super::mean(&squares).sqrt();
    if deviation == 0.0 {
        return vec![0.0; values.len()];
    }
    values.iter().map(|value| (value - mean) / deviation).collect()
}

/// The words of the clauses of a profile that may be read; concepts are no words.
fn words(profile: &AnalyzedProfile, lived: LivedExperience) -> Vec<String> {
    let terms: Vec<&str> = profile.terms().collect();
    let occurrences = profile.all_occurrences().iter();
    occurrences
        .filter(|occurrence| may_be_read(occurrence, lived))
        .filter_map(|occurrence| terms.get(usize::from(occurrence.term)))
        .filter(|term| concept_of(term).is_none())
        .map(|term| (*term).to_owned())
        .collect()
}

/// The pairs of characters of the sentences of a profile all of which may be read.
fn bigrams(profile: &AnalyzedProfile, lived: LivedExperience) -> Vec<String> {
    let mut pairs = Vec::new();
    for passage in profile.passages() {
        let mut occurrences = profile.occurrences(passage).iter();
        let is_read = occurrences.all(|occurrence| may_be_read(occurrence, lived));
        let range = passage.range.start as usize..passage.range.end as usize;
        if let Some(sentence) = profile.text_of(passage).get(range).filter(|_| is_read) {
            pairs.extend(pairs_of(sentence));
        }
    }
    pairs
}

fn may_be_read(occurrence: &Occurrence, lived: LivedExperience) -> bool {
    occurrence
        .private
        .is_none_or(|named| named.may_be_read_for(lived))
}

/// Pairs of neighbouring letters, none across spaces and punctuation.
fn pairs_of(text: &str) -> Vec<String> {
    let normalized = text::normalize(text);
    let chars: Vec<char> = normalized.chars().collect();
    let pairs = chars
        .windows(2)
        .filter(|pair| pair.iter().all(|c| c.is_alphanumeric()));
    pairs.map(String::from_iter).collect()
}

fn wanted_words(opportunity: &AnalyzedOpportunity) -> WeightedTerms {
    let mut words = WeightedTerms::new();
    for clause in &opportunity.clauses {
        let weight = match clause.wanted {
            Wanted::Title => TITLE_WEIGHT,
            Wanted::MustHave(_) => MUST_HAVE_WEIGHT,
            // Plain search does not know what a sentence excludes.
            Wanted::NiceToHave(_)
            | Wanted::Description
            | Wanted::Person
            | Wanted::Excluded
            | Wanted::Department
            | Wanted::Product(_) => REST_WEIGHT,
        };
        for term in &clause.terms {
            *words.entry(term.clone()).or_default() += weight;
        }
    }
    words
}

fn wanted_bigrams(opportunity: &AnalyzedOpportunity) -> WeightedTerms {
    let written = &opportunity.opportunity;
    let mut texts = vec![
        (written.title.as_str(), TITLE_WEIGHT),
        (&written.description, REST_WEIGHT),
    ];
    texts.extend(
        written
            .required_skills
            .iter()
            .map(|text| (text.as_str(), MUST_HAVE_WEIGHT)),
    );
    let rest = written.preferred_skills.iter().chain(&written.department);
    texts.extend(rest.map(|text| (text.as_str(), REST_WEIGHT)));
    let mut pairs = WeightedTerms::new();
    for (text, weight) in texts {
        for pair in pairs_of(text) {
            *pairs.entry(pair).or_default() += weight;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn bm25_agrees_with_a_hand_computation() {
        let bm25 = Bm25::new(&[
            document("経理 決算 決算"),
            document("経理"),
            document("物流 倉庫"),
        ]);
        // Lengths 3, 1, 2, mean 2. 決算 is in 1 of 3: idf = ln(1 + 2.5 / 1.5) = .980829; in the first document twice:
        // norm = 1.2 (.25 + .75 · 3/2) = 1.65, 2 · 2.2 / (2 + 1.65) = 1.205479.
        // 経理 is in 2 of 3: idf = ln(1 + 1.5 / 2.5) = .470004; first: 2.2 / 2.65 = .830189; second: norm =
        // 1.2 (.25 + .75 / 2) = .75, 2.2 / 1.75 = 1.257143.
        let query = WeightedTerms::from([("決算".to_owned(), 3.0), ("経理".to_owned(), 1.0)]);
        let scores = bm25.scores(&query);
        let expected = [
            3.0 * 0.980_829 * 1.205_479 + 0.470_004 * 0.830_189,
            0.470_004 * 1.257_143,
            0.0,
        ];
        for (score, expected) in scores.iter().zip(expected) {
            assert!((score - expected).abs() < 1e-5, "{scores:?}");
        }
    }

    #[test]
    fn z_scores_have_no_mean_and_no_spread_stays_none() {
        assert_eq!(z_scores(&[1.0, 3.0]), [-1.0, 1.0]);
        assert_eq!(z_scores(&[2.0, 2.0]), [0.0, 0.0]);
        assert!(z_scores(&[]).is_empty());
    }

    #[test]
    fn pairs_of_characters_do_not_cross_punctuation() {
        assert_eq!(pairs_of("決算、ＳＡＰ"), ["決算", "sa", "ap"]);
        assert!(pairs_of("").is_empty());
    }
}
