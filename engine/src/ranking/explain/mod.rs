//! The explanation of one match: the computation itself, put into words.
//!
//! - Says nothing that the contributions and the profile's own sentences do not carry.
//! - Quotes no clause on a person's own circumstances, but where a speaker slot asks for that experience.
//! - Only for what is on a page: some hundred microseconds each.

mod concepts;
mod evidence;
mod how;
mod lacking;
mod levels;
mod phrases;
mod points;
mod quantities;
mod requirements;
mod sightings;
mod summary;

use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use self::sightings::Sighting;
use super::Pool;
use super::market::Contention;
use super::memo::{Explained, Explanations};
use crate::domain::calendar::japan_date;
use crate::domain::{AlumnusId, Asker, YearMonth, coded_enum};
use crate::features::borne::{self, Borne};
use crate::features::concepts::ConceptBag;
use crate::features::kept::Numbered;
use crate::features::lived::LivedExperience;
use crate::features::{
    AnalyzedOpportunity, AnalyzedProfile, Digest, FeatureId, Kept, ProfileField, Query, Subject, TermIds,
    latent,
};

coded_enum! {
    /// Whom the text addresses.
    Side {
        /// Staff reading about a candidate.
        Candidate = "CANDIDATE",
        /// An alumnus reading their own feed.
        Feed = "FEED",
    }
}

coded_enum! {
    /// The language of the text.
    Language {
        /// 日本語.
        Japanese = "JAPANESE",
        /// English.
        English = "ENGLISH",
    }
}

coded_enum! {
    /// What the profile says about a requirement.
    RequirementStatus {
        /// A sentence bears it out.
        Met = "MET",
        /// Nothing says so, which is not the same as unmet.
        NotShown = "NOT_SHOWN",
        /// Something stated contradicts it.
        Unmet = "UNMET",
        /// No profile can show it.
        NotAssessable = "NOT_ASSESSABLE",
    }
}

/// A question: why this pair, with these contributions?
#[derive(Clone, Copy, Debug)]
pub struct ExplainRequest<'a> {
    /// The opportunity.
    pub opportunity: &'a AnalyzedOpportunity,
    /// The person's profile.
    pub profile: &'a Kept,
    /// The score of an average pair, as ranked.
    pub base: f64,
    /// As ranked, in the order of [`FeatureId::ALL`].
    pub contributions: &'a [f64],
    /// Whom the text addresses.
    pub side: Side,
    /// In which language.
    pub language: Language,
    /// The instant of the ranking.
    pub now: DateTime<Utc>,
    /// How many seats there are and how many people close to them; `None` where nobody counted.
    pub contention: Option<Contention>,
}

/// A phrase of the profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Where it stands.
    pub field: ProfileField,
    /// The sentence, or the part of it around the matched words, at most some 120 characters.
    pub snippet: String,
    /// The matched words, in UTF-16 units of the snippet; in order, not overlapping.
    pub highlights: Vec<Range<u32>>,
}

/// One summand of the score.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// What it is about.
    pub feature: FeatureId,
    /// How much it adds, or takes away, against an average pair.
    pub value: f64,
    /// One sentence.
    pub text: String,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

/// What the profile says about one must-have or nice-to-have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequirementCheck {
    /// The requirement as written.
    pub text: String,
    /// Or a nice-to-have.
    pub is_must_have: bool,
    /// The verdict.
    pub status: RequirementStatus,
    /// The sentence that decided.
    pub evidence: Option<Evidence>,
    /// Why, in a sentence.
    pub note: String,
}

/// Why an alumnus and an opportunity were put together.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchExplanation {
    /// The base plus the sum of the contributions.
    pub score: f64,
    /// The score of an average pair.
    pub base: f64,
    /// One or two sentences.
    pub summary: String,
    /// Largest first; those that are exactly zero are left out.
    pub contributions: Vec<Contribution>,
    /// Must-haves in order, then nice-to-haves.
    pub requirements: Vec<RequirementCheck>,
    /// Short sentences.
    pub points_to_confirm: Vec<String>,
}

/// What all parts of an explanation read.
struct Context<'a> {
    request: ExplainRequest<'a>,
    profile: Arc<AnalyzedProfile>,
    query: Query<'a>,
    sightings: Vec<Sighting>,
    borne: Borne,
    /// The job that is most alike in the latent space.
    closest_job: Option<(ProfileField, u16)>,
    term_ids: TermIds,
    this_month: YearMonth,
}

impl Context<'_> {
    /// The one of two texts that is in the reader's language.
    fn say(&self, japanese: impl Into<String>, english: impl Into<String>) -> String {
        match self.request.language {
            Language::Japanese => japanese.into(),
            Language::English => english.into(),
        }
    }
}

/// Explains one match.
///
/// - `pool`: for the rarity and nearness of words alone; the person need not be in it any more
#[must_use]
pub fn explain(request: &ExplainRequest<'_>, pool: &Pool) -> MatchExplanation {
    assert_eq!(
        request.contributions.len(),
        FeatureId::ALL.len(),
        "one contribution per feature"
    );
    let query = pool.query(request.opportunity);
    let profile = request.profile.read().profile;
    let term_ids = pool.vocabulary().numbers_of(&profile);
    let concepts = ConceptBag::default();
    let digest = Digest::new(&profile, &term_ids, LivedExperience::NONE);
    let numbered = Numbered {
        profile: Arc::clone(&profile),
        term_ids: term_ids.clone(),
    };
    let placed = pool.space().place(&numbered);
    let subject = Subject {
        profile: &Kept::Whole(numbered.clone()),
        digest: &digest,
        latent: Some(&placed),
        concepts: &concepts,
        stances: profile.stances(),
    };
    let context = Context {
        request: *request,
        profile: Arc::clone(&profile),
        sightings: sightings::sightings(&query, subject, &numbered),
        borne: borne::borne(&query, subject),
        closest_job: latent::closest_job(&query, subject).map(|(job, _)| job),
        query,
        term_ids,
        this_month: YearMonth::of(japan_date(request.now)),
    };
    let requirements = requirements::checks(&context);
    MatchExplanation {
        score: request.base + request.contributions.iter().sum::<f64>(),
        base: request.base,
        summary: summary::summary(&context, &requirements),
        contributions: contributions(&context),
        points_to_confirm: points::to_confirm(&context, &requirements),
        requirements,
    }
}

impl MatchExplanation {
    /// About how many bytes of memory it takes: its parts and their texts.
    #[must_use]
    pub fn memory_bytes(&self) -> u64 {
        let of_text = |text: &String| size_of::<String>() + text.capacity();
        let of_evidence = |one: &Evidence| {
            size_of::<Evidence>() + one.snippet.capacity() + size_of_val(one.highlights.as_slice())
        };
        let contributions = self.contributions.iter().map(|one| {
            let evidence: usize = one.evidence.iter().map(of_evidence).sum();
            size_of::<Contribution>() + one.text.capacity() + evidence
        });
        let requirements = self.requirements.iter().map(|one| {
            let evidence: usize = one.evidence.iter().map(of_evidence).sum();
            size_of::<RequirementCheck>() + one.text.capacity() + one.note.capacity() + evidence
        });
        let parts = contributions.sum::<usize>() + requirements.sum::<usize>();
        let points: usize = self.points_to_confirm.iter().map(of_text).sum();
        (size_of::<Self>() + self.summary.capacity() + parts + points) as u64
    }
}

/// Who reads about whom.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The person.
    pub alumnus_id: AlumnusId,
    /// Their profile as it was found, of which the request has a copy or the same.
    pub profile: &'a Kept,
    /// The member of staff; `None`: the person.
    pub reader: Option<&'a Asker>,
}

impl Reading<'_> {
    /// What is kept of explanations to them, and under what; `None` where the profile is not the person's in `pool` any more:
    /// nothing is kept of it.
    fn kept_in<'a>(
        self,
        pool: &'a Pool,
        request: &ExplainRequest<'_>,
    ) -> Option<(&'a Explanations, Explained)> {
        let current = pool.kept(self.alumnus_id)?;
        let kept = || (pool.explanations(), Explained::by(self, request));
        current.is(self.profile).then(kept)
    }
}

/// The explanation as [`explain_again`] keeps it, if it does; the request's profile is not read.
#[must_use]
pub fn explained(
    request: &ExplainRequest<'_>,
    reading: Reading<'_>,
    pool: &Pool,
) -> Option<Arc<MatchExplanation>> {
    let (explanations, explained) = reading.kept_in(pool, request)?;
    explanations.get(&explained)
}

/// Explains one match as [`explain`] does, unless the same was explained to the same reader since a profile changed: then it is
/// as it was said. What was explained to others is not looked at, or the time would tell whether their lists are other ones.
#[must_use]
pub fn explain_again(
    request: &ExplainRequest<'_>,
    reading: Reading<'_>,
    pool: &Pool,
) -> Arc<MatchExplanation> {
    let kept = reading.kept_in(pool, request);
    if let Some(known) = kept
        .as_ref()
        .and_then(|(explanations, explained)| explanations.get(explained))
    {
        return known;
    }
    let explanation = Arc::new(explain(request, pool));
    if let Some((explanations, explained)) = kept {
        explanations.keep(explained, Arc::clone(&explanation), pool.memo_bytes_max());
    }
    explanation
}

fn contributions(context: &Context<'_>) -> Vec<Contribution> {
    let mut contributions: Vec<Contribution> = FeatureId::ALL
        .iter()
        .zip(context.request.contributions)
        .filter(|(_, value)| **value != 0.0)
        .map(|(feature, value)| {
            let evidence = evidence::of_feature(context, *feature, *value);
            Contribution {
                feature: *feature,
                value: *value,
                text: phrases::of_feature(context, *feature, *value),
                evidence,
            }
        })
        .collect();
    contributions.sort_by(|a, b| {
        let by_size = b.value.abs().total_cmp(&a.value.abs());
        by_size.then(a.feature.cmp(&b.feature))
    });
    contributions
}
