//! The root of all writes: one input, one payload, and what the caller can get wrong as data.

pub mod consents;
pub mod coordination;
pub mod errors;
pub mod interactions;
pub mod invitations;
pub mod opportunities;
pub mod profile;
pub mod sign_in;
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
    sign_in::SignInMutation,
    coordination::CoordinationMutation,
    wishes::WishMutation,
);
