//! Likeness to the profiles that match best: other words for the same work, learnt from the company's own texts.
//!
//! Pseudo-relevance feedback in the manner of RM3 (Abdul-Jaleel et al., TREC 2004). Public clauses only.

use std::collections::HashMap;

use super::Subject;
use super::vocabulary::Vocabulary;

/// How many of the best profiles are read, and how many of their words are kept. Usual values for RM3.
const PROFILES_MAX: usize = 8;
const TERMS_MAX: usize = 60;

/// Words of the best profiles with their weights; empty where nothing matches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expansion {
    weights: HashMap<u32, f32>,
    weight_sum: f32,
}

impl Expansion {
    /// Learns from profiles with their relevance in `[0, 1]`.
    ///
    /// - `relevant`: best first; only the first eight are read, those without any relevance not at all
    #[must_use]
    pub fn learn(relevant: &[(Subject<'_>, f32)], vocabulary: &Vocabulary) -> Self {
        let mut sums: HashMap<u32, f32> = HashMap::new();
        for (subject, relevance) in relevant.iter().take(PROFILES_MAX) {
            if *relevance <= 0.0 {
                continue;
            }
            // Squared: the first few hits say what the work is, the others only who else has some of its words.
            for (id, share) in term_shares(*subject) {
                *sums.entry(id).or_default() += relevance * relevance * share;
            }
        }
        let mut weights: Vec<(u32, f32)> = sums
            .into_iter()
            .filter(|(id, _)| vocabulary.n_profiles_with(*id) > 1)
            .map(|(id, sum)| (id, sum * vocabulary.idf(Some(id))))
            .collect();
        weights.sort_by(|(id_a, a), (id_b, b)| b.total_cmp(a).then(id_a.cmp(id_b)));
        weights.truncate(TERMS_MAX);
        Self {
            weight_sum: weights.iter().map(|(_, weight)| weight).sum(),
            weights: weights.into_iter().collect(),
        }
    }

    /// How much of the expansion's words a profile has.
    #[must_use]
    pub fn similarity(&self, subject: Subject<'_>) -> f32 {
        if self.weight_sum <= 0.0 {
            return 0.0;
        }
        let n_public = subject.profile.n_public_terms();
        let ids = &subject.term_ids.as_slice()[..n_public];
        let shared: f32 = ids.iter().filter_map(|id| self.weights.get(id)).sum();
        (2.0 * shared / self.weight_sum).min(1.0)
    }
}

/// The public terms of a profile, each with its damped share of the text, in the order of the profile.
fn term_shares(subject: Subject<'_>) -> Vec<(u32, f32)> {
    let mut frequencies = vec![0.0_f32; subject.profile.n_public_terms()];
    for occurrence in subject.profile.all_occurrences() {
        let public = frequencies.get_mut(usize::from(occurrence.term));
        if let (None, Some(frequency)) = (occurrence.private, public) {
            *frequency += occurrence.distance.factor();
        }
    }
    let length = (subject.profile.n_public_tokens() as f32).max(1.0);
    let shares = frequencies.iter().enumerate().map(|(local, frequency)| {
        let id = subject.term_ids.global(local as u16);
        (id, frequency / (frequency + 1.0) / length.sqrt())
    });
    shares.collect()
}
