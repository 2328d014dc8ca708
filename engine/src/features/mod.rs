//! Features: numbers in `[0, 1]` about one pair of alumnus and opportunity, one file for each group of them.
//!
//! - Never reads a name, an age, a reason for leaving or anything else that is not in [`Profile`](crate::domain::Profile);
//!   clauses on a person's own circumstances ([`crate::text::private`]) are neither counted nor quoted, but for
//!   the one exception in [`lived`].
//! - Length of service is not a feature; the length of *matching* experience is, and saturates at five years.
//! - Knows no weights and no ranking: what a feature is worth stands in the model file.

pub mod analysis;
pub mod borne;
pub mod company;
pub mod concepts;
pub mod digest;
pub mod distance;
pub mod evidence;
pub mod experience;
pub mod kept;
pub mod latent;
pub mod level;
pub mod lexical;
pub mod lived;
pub mod matching;
pub mod needs;
pub mod outline;
pub mod postings;
pub mod practical;
pub mod query;
pub mod reading;
pub mod scale;
pub mod scope;
pub mod stance;
pub mod vocabulary;
pub mod wish;

mod field;
mod id;

use chrono::{DateTime, Utc};
use ndarray::{Array2, ArrayView1};

use self::needs::Asked;
use crate::domain::YearMonth;
use crate::domain::calendar::japan_date;
use crate::interrupt::{Interrupt, Interrupted, uninterrupted};
use crate::parallel;

pub use analysis::{AnalyzedOpportunity, AnalyzedProfile};
pub use digest::Digest;
pub use field::ProfileField;
pub use id::{FeatureId, Group};
pub use kept::Kept;
pub use latent::LatentSpace;
pub use matching::{Match, Matcher};
pub use query::{Compiled, Query};
pub use reading::ReadProfile;
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
    /// The analysed profile, which may be out of memory.
    pub profile: &'a Kept,
    /// What it says, in numbers, to whoever may read no clause on its owner's own circumstances.
    pub digest: &'a Digest,
    /// Its places in the latent space of the query; `None` where nobody asks for likeness.
    pub latent: Option<&'a latent::Placed>,
    /// The concepts that it names, with what lies around them.
    pub concepts: &'a concepts::ConceptBag,
    /// How the person stands towards their work.
    pub stances: &'a stance::Taken,
}

/// Fewest candidates that are worth starting a thread for: some 200 µs of work.
const CANDIDATES_PER_THREAD_MIN: usize = 128;

/// Extracts the features of every candidate, on all processors where there are many.
///
/// - `candidates`: in any order; a row depends on its candidate and the query alone
/// - returns `[n_candidates, n_features]` in the order of `candidates`
#[must_use]
pub fn extract(candidates: &[Subject<'_>], query: &Query<'_>, now: DateTime<Utc>) -> FeatureMatrix {
    uninterrupted(|never| extract_unless(never, candidates, query, now))
}

/// As [`extract`], unless it is interrupted.
///
/// # Errors
///
/// [`Interrupted`].
pub fn extract_unless(
    interrupt: &Interrupt,
    candidates: &[Subject<'_>],
    query: &Query<'_>,
    now: DateTime<Utc>,
) -> Result<FeatureMatrix, Interrupted> {
    let parts = parallel::over(candidates.len(), CANDIDATES_PER_THREAD_MIN, |stretch| {
        let mut matcher = Matcher::new(query);
        let mut rows: Vec<FeatureRow> = Vec::with_capacity(stretch.len());
        for (idx, candidate) in candidates[stretch].iter().enumerate() {
            interrupt.check_at(idx)?;
            rows.push(extract_one(&mut matcher, *candidate, query, now));
        }
        Ok::<_, Interrupted>(rows)
    });
    let parts = parts.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut matrix = FeatureMatrix::zeros((candidates.len(), FeatureId::ALL.len()));
    for (mut row, features) in matrix.rows_mut().into_iter().zip(parts.iter().flatten()) {
        row.assign(&ArrayView1::from(features));
    }
    Ok(matrix)
}

/// Extracts the features of one pair.
pub fn extract_one(
    matcher: &mut Matcher,
    candidate: Subject<'_>,
    query: &Query<'_>,
    now: DateTime<Utc>,
) -> FeatureRow {
    let (found, borne) = matcher.find(query, candidate);
    let opportunity = &query.opportunity.opportunity;
    let practical = &candidate.digest.practical;
    let this_month = YearMonth::of(japan_date(now));

    let mut row = [0.0; FeatureId::ALL.len()];
    let mut set = |feature: FeatureId, value: f32| row[feature as usize] = unit(value);
    let coverage = borne::coverage(query, borne);
    set(
        FeatureId::MustHaveCoverage,
        coverage.of[Asked::MustHaves as usize],
    );
    set(
        FeatureId::NiceToHaveCoverage,
        coverage.of[Asked::NiceToHaves as usize],
    );
    set(FeatureId::TitleMatch, coverage.of[Asked::Title as usize]);
    set(
        FeatureId::DescriptionMatch,
        coverage.of[Asked::Description as usize],
    );
    set(FeatureId::CoreCoverage, coverage.core);
    set(FeatureId::TextRelevance, lexical::text_relevance(query, found));
    set(
        FeatureId::LatentSimilarity,
        latent::profile_similarity(query, candidate),
    );
    set(FeatureId::JobSimilarity, latent::job_similarity(query, candidate));
    set(
        FeatureId::ConceptSimilarity,
        query.concepts.similarity(candidate.concepts) * latent::lived_factor(query, candidate),
    );
    set(
        FeatureId::EvidenceStrength,
        evidence::strength(query, &coverage, candidate),
    );
    set(
        FeatureId::ExperienceRecency,
        experience::recency(borne, this_month),
    );
    set(FeatureId::ExperienceLength, experience::length(borne, this_month));
    set(
        FeatureId::UnitAdjacency,
        company::adjacency(&opportunity.products, found, candidate.profile),
    );
    set(
        FeatureId::GainedSinceLeaving,
        experience::gained_since_leaving(borne),
    );
    set(
        FeatureId::LevelFit,
        level::fit(&query.levels, &candidate.digest.levels),
    );
    set(FeatureId::ScopeFit, scope::fit(query, found));
    set(FeatureId::HandsOn, query.hands_on(candidate, borne));
    set(FeatureId::PlaceFit, practical::place_fit(opportunity, practical));
    set(FeatureId::HoursFit, practical::hours_fit(opportunity, practical));
    set(
        FeatureId::StartFit,
        practical::start_fit(opportunity, practical, this_month),
    );
    set(
        FeatureId::ProfileFreshness,
        practical::freshness(practical, japan_date(now)),
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
