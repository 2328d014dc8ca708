//! The root of all writes: one input, one payload, and what the caller can get wrong as data.

pub mod candidacies;
pub mod consents;
pub mod conversations;
pub mod coordination;
pub mod corrections;
pub mod errors;
pub mod exclusions;
pub mod interactions;
pub mod invitations;
pub mod joining;
pub mod learning;
pub mod opportunities;
pub mod policy;
pub mod profile;
pub mod reviews;
pub mod rights;
pub mod sign_in;
pub mod statistics;
pub mod wishes;

use async_graphql::MergedObject;

/// The root of all writes.
#[derive(MergedObject, Default)]
pub struct Mutation(
    opportunities::OpportunityMutation,
    profile::ProfileMutation,
    consents::ConsentMutation,
    interactions::InteractionMutation,
    invitations::InvitationMutation,
    candidacies::CandidacyMutation,
    conversations::ConversationMutation,
    sign_in::SignInMutation,
    coordination::CoordinationMutation,
    learning::LearningMutation,
    rights::RightsMutation,
    reviews::ReviewMutation,
    corrections::CorrectionMutation,
    statistics::StatisticsMutation,
    exclusions::ExclusionMutation,
    joining::JoiningMutation,
    policy::PolicyMutation,
    wishes::WishMutation,
);
