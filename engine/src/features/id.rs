//! The names of the features: stable codes that the model file, the schema and stored explanations share.

use crate::domain::coded_enum;

coded_enum! {
    /// What a contribution to a score is about.
    FeatureId {
        /// How much of the must-haves, or of a speaker slot's topics, the profile bears out.
        MustHaveCoverage = "MUST_HAVE_COVERAGE",
        /// How much of the nice-to-haves the profile bears out.
        NiceToHaveCoverage = "NICE_TO_HAVE_COVERAGE",
        /// How much of the title the profile bears out.
        TitleMatch = "TITLE_MATCH",
        /// How much of the description the profile shares.
        DescriptionMatch = "DESCRIPTION_MATCH",
        /// How much of all that is asked for the profile bears out, title and must-haves counting most.
        CoreCoverage = "CORE_COVERAGE",
        /// Relevance of the whole text, fields weighted.
        TextRelevance = "TEXT_RELEVANCE",
        /// Likeness in meaning: words that the company's profiles use together count as related.
        LatentSimilarity = "LATENT_SIMILARITY",
        /// Likeness in meaning of the job that is most alike.
        JobSimilarity = "JOB_SIMILARITY",
        /// Likeness in what is named: the same and neighbouring concepts of the thesaurus.
        ConceptSimilarity = "CONCEPT_SIMILARITY",
        /// Done it, rather than listed it, stood next to it or studied it.
        EvidenceStrength = "EVIDENCE_STRENGTH",
        /// How recent the matching experience is.
        ExperienceRecency = "EXPERIENCE_RECENCY",
        /// How long the matching experience is; five years and more are equal.
        ExperienceLength = "EXPERIENCE_LENGTH",
        /// Experience in, or next to, the unit that offers the work; capped.
        UnitAdjacency = "UNIT_ADJACENCY",
        /// Matching experience gained since leaving.
        GainedSinceLeaving = "GAINED_SINCE_LEAVING",
        /// Levels that the must-haves ask for, such as business English, a score or a grade.
        LevelFit = "LEVEL_FIT",
        /// Experience inside the scope, rather than in what the opportunity says it is not about.
        ScopeFit = "SCOPE_FIT",
        /// Does the work itself, rather than selling it, teaching it or advising on it where that is not asked for.
        HandsOn = "HANDS_ON",
        /// Place and remote style.
        PlaceFit = "PLACE_FIT",
        /// Hours offered against hours asked; not for speaker slots.
        HoursFit = "HOURS_FIT",
        /// Availability against the start, or against a speaker slot's day.
        StartFit = "START_FIT",
        /// How recently the person confirmed the profile.
        ProfileFreshness = "PROFILE_FRESHNESS",
        /// In the feed only: how the person stands among the alumni who could be asked.
        StandingAmongAlumni = "STANDING_AMONG_ALUMNI",
        /// In the feed only: variety of kinds and units.
        FeedDiversity = "FEED_DIVERSITY",
        /// In the feed only: like what the person saved or is interested in, rather than what they declined.
        OwnChoices = "OWN_CHOICES",
        /// In the feed only: what the person's answers to earlier feeds say about what matters to them.
        LearntPreference = "LEARNT_PREFERENCE",
        /// In the feed only: how little the person's answers say about an item of this sort yet.
        Exploration = "EXPLORATION",
        /// Where the programme coordinates its lists: who, or what, stands high in many of them.
        Coordination = "COORDINATION",
        /// In the feed only: what the person said they would like to be asked for.
        StandingWish = "STANDING_WISH",
        /// In lists of candidates whose programme asks for shares of groups: of a group that was due one.
        GroupShare = "GROUP_SHARE",
    }
}

/// How a feature enters the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// What the person can do; linear.
    Substance,
    /// What may stand in the way; weighs as much as there is substance for it to stand in the way of.
    Obstacle,
    /// How sure the profile's statements are; linear.
    Confidence,
    /// Put on top of the score when a list is ordered: by the feed, by coordination in both sides' lists, and by shares of
    /// groups.
    Feed,
}

impl FeatureId {
    /// How the feature enters the score.
    #[must_use]
    pub const fn group(self) -> Group {
        match self {
            Self::MustHaveCoverage
            | Self::NiceToHaveCoverage
            | Self::TitleMatch
            | Self::DescriptionMatch
            | Self::CoreCoverage
            | Self::TextRelevance
            | Self::LatentSimilarity
            | Self::JobSimilarity
            | Self::ConceptSimilarity
            | Self::EvidenceStrength
            | Self::ExperienceRecency
            | Self::ExperienceLength
            | Self::UnitAdjacency
            | Self::GainedSinceLeaving => Group::Substance,
            Self::LevelFit
            | Self::ScopeFit
            | Self::HandsOn
            | Self::PlaceFit
            | Self::HoursFit
            | Self::StartFit => Group::Obstacle,
            Self::ProfileFreshness => Group::Confidence,
            Self::StandingAmongAlumni
            | Self::FeedDiversity
            | Self::OwnChoices
            | Self::LearntPreference
            | Self::Exploration
            | Self::Coordination
            | Self::StandingWish
            | Self::GroupShare => Group::Feed,
        }
    }
}
