//! Features: numbers in `[0, 1]` about one pair of alumnus and opportunity, one file for each group of them.
//!
//! - Never reads a name, an age, a reason for leaving or anything else that is not in [`Profile`](crate::domain::Profile);
//!   clauses on a person's own circumstances ([`crate::text::private`]) are neither counted nor quoted, but for
//!   the one exception in [`lived`].
//! - Length of service is not a feature; the length of *matching* experience is, and saturates at five years.
//! - Knows no weights and no ranking: what a feature is worth stands in the model file.

pub mod analysis;
pub mod company;
pub mod concepts;
pub mod distance;
pub mod evidence;
pub mod experience;
pub mod latent;
pub mod level;
pub mod lexical;
pub mod lived;
pub mod matching;
pub mod needs;
pub mod practical;
pub mod query;
pub mod scale;
pub mod scope;
pub mod stance;
pub mod vocabulary;
pub mod wish;

mod field;
mod id;

use chrono::{DateTime, Utc};
use ndarray::Array2;

use self::analysis::Wanted;
use crate::domain::YearMonth;
use crate::domain::calendar::japan_date;

pub use analysis::{AnalyzedOpportunity, AnalyzedProfile};
pub use field::ProfileField;
pub use id::{FeatureId, Group};
pub use latent::LatentSpace;
pub use matching::{Match, Matcher};
pub use query::Query;
pub use vocabulary::{TermIds, Vocabulary};

/// Features of many pairs: `[n_candidates, n_features]`, each in `[0, 1]`, columns in the order of
/// [`FeatureId::ALL`]. Columns of [`Group::Feed`] are zero here; whatever orders a list fills its
/// own.
pub type FeatureMatrix = Array2<f32>;

/// The features of one pair, in the order of [`FeatureId::ALL`].
pub type FeatureRow = [f32; FeatureId::ALL.len()];

/// One person as the features see them.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The analysed profile.
    pub profile: &'a AnalyzedProfile,
    /// The numbers of its terms in the company's vocabulary.
    pub term_ids: &'a TermIds,
    /// Its places in the latent space of the query; `None` where nobody asks for likeness.
    pub latent: Option<&'a latent::Placed>,
    /// The concepts that it names, with what lies around them.
    pub concepts: &'a concepts::ConceptBag,
    /// How the person stands towards their work.
    pub stances: &'a stance::Taken,
}

/// Extracts the features of every candidate.
///
/// - `candidates`: in any order; a row depends on its candidate and the query alone
/// - returns `[n_candidates, n_features]` in the order of `candidates`
#[must_use]
pub fn extract(candidates: &[Subject<'_>], query: &Query<'_>, now: DateTime<Utc>) -> FeatureMatrix {
    let mut matcher = Matcher::new(query);
    let mut matrix = FeatureMatrix::zeros((candidates.len(), FeatureId::ALL.len()));
    for (mut row, candidate) in matrix.rows_mut().into_iter().zip(candidates) {
        let features = extract_one(&mut matcher, *candidate, query, now);
        for (cell, feature) in row.iter_mut().zip(features) {
            *cell = feature;
        }
    }
    matrix
}

/// Extracts the features of one pair.
pub fn extract_one(
    matcher: &mut Matcher,
    candidate: Subject<'_>,
    query: &Query<'_>,
    now: DateTime<Utc>,
) -> FeatureRow {
    let borne = matcher.borne(query, candidate);
    let found = matcher.find(query, candidate);
    let profile = &candidate.profile.profile;
    let opportunity = &query.opportunity.opportunity;
    let this_month = YearMonth::of(japan_date(now));

    let mut row = [0.0; FeatureId::ALL.len()];
    let mut set = |feature: FeatureId, value: f32| row[feature as usize] = unit(value);
    let coverage =
        |is_asked: fn(Wanted) -> bool| needs::coverage(query, is_asked, |need| borne.anywhere(need));
    set(
        FeatureId::MustHaveCoverage,
        coverage(|wanted| matches!(wanted, Wanted::MustHave(_))),
    );
    set(
        FeatureId::NiceToHaveCoverage,
        coverage(|wanted| matches!(wanted, Wanted::NiceToHave(_))),
    );
    set(FeatureId::TitleMatch, coverage(|wanted| wanted == Wanted::Title));
    set(
        FeatureId::DescriptionMatch,
        coverage(|wanted| matches!(wanted, Wanted::Description | Wanted::Person)),
    );
    set(
        FeatureId::CoreCoverage,
        needs::core_share(query, |need| borne.anywhere(need)),
    );
    set(FeatureId::TextRelevance, lexical::text_relevance(query, found));
    set(
        FeatureId::LatentSimilarity,
        latent::profile_similarity(query, candidate),
    );
    set(FeatureId::JobSimilarity, latent::job_similarity(query, candidate));
    set(
        FeatureId::ConceptSimilarity,
        concepts::similarity(&query.concept_rarities, &query.concepts, candidate.concepts)
            * latent::lived_factor(query, candidate),
    );
    set(
        FeatureId::EvidenceStrength,
        evidence::strength(query, &borne, candidate),
    );
    set(
        FeatureId::ExperienceRecency,
        experience::recency(query, &borne, profile, this_month),
    );
    set(
        FeatureId::ExperienceLength,
        experience::length(query, &borne, profile, this_month),
    );
    set(
        FeatureId::UnitAdjacency,
        company::adjacency(&opportunity.products, found, profile),
    );
    set(
        FeatureId::GainedSinceLeaving,
        experience::gained_since_leaving(query, &borne),
    );
    set(FeatureId::LevelFit, level::fit(&query.levels, candidate.profile));
    set(FeatureId::ScopeFit, scope::fit(query, found));
    set(FeatureId::HandsOn, query.hands_on(candidate, &borne));
    set(FeatureId::PlaceFit, practical::place_fit(opportunity, profile));
    set(FeatureId::HoursFit, practical::hours_fit(opportunity, profile));
    set(
        FeatureId::StartFit,
        practical::start_fit(opportunity, profile, this_month),
    );
    set(
        FeatureId::ProfileFreshness,
        practical::freshness(profile, japan_date(now)),
    );
    row
}

/// Brings a number into `[0, 1]`; what is not a number becomes 0.
fn unit(value: f32) -> f32 {
    if value.is_nan() {
        return 0.0;
    }
    value.clamp(0.0, 1.0)
}
