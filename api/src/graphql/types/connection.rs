//! The connections of the schema and their edges.

use async_graphql::SimpleObject;

use super::alumnus::Alumnus;
use super::claim::Claim;
use super::coordination::Contention;
use super::invitation::Invitation;
use super::matching::Match;
use super::opportunity::Opportunity;
use super::searching::{Facet, SearchMatch};
use crate::graphql::enums::ExclusionRule;
use crate::graphql::pagination::PageInfo;
use crate::graphql::scalars::DateTime;

/// A page of the alumni ranked for an opportunity, best first. The list is recorded when its first page is served;
/// later pages continue it, without those who must no longer be shown.
#[derive(SimpleObject)]
pub struct CandidateConnection {
    /// The candidates with their ranks and reasons.
    pub edges: Vec<CandidateEdge>,
    /// The candidates alone.
    pub nodes: Vec<Alumnus>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All ranked candidates who may still be shown, not just the page.
    pub total_count: i32,
    /// The state of the data that was ranked.
    pub as_of: DateTime,
    /// The version of the ranking model.
    pub model_version: String,
    /// How many people each rule left out when the list was ranked; rules that left out nobody are not listed.
    pub left_out: Vec<LeftOut>,
    /// How many seats there are, and how many of those who may still be shown are close to them. Null when the opportunity
    /// is not open.
    pub contention: Option<Contention>,
}

/// A candidate in a list.
#[derive(SimpleObject)]
pub struct CandidateEdge {
    /// Opaque; names the recorded list and the place in it.
    pub cursor: String,
    /// The candidate.
    pub node: Alumnus,
    /// The place in the list, from 1.
    pub rank: i32,
    /// Why.
    pub r#match: Match,
}

/// How many people a rule left out of a ranking.
#[derive(Clone, Debug, SimpleObject)]
pub struct LeftOut {
    /// The rule.
    pub rule: ExclusionRule,
    /// How many people.
    pub count: i32,
}

/// A page of the opportunities ranked for the viewer, best first.
#[derive(SimpleObject)]
pub struct OpportunityFeedConnection {
    /// The opportunities with their ranks and reasons.
    pub edges: Vec<OpportunityFeedEdge>,
    /// The opportunities alone.
    pub nodes: Vec<Opportunity>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All opportunities in the feed, not just the page.
    pub total_count: i32,
    /// The state of the data that was ranked.
    pub as_of: DateTime,
    /// The version of the ranking model.
    pub model_version: String,
}

/// An opportunity in the viewer's feed.
#[derive(SimpleObject)]
pub struct OpportunityFeedEdge {
    /// Opaque; names the recorded list and the place in it.
    pub cursor: String,
    /// The opportunity.
    pub node: Opportunity,
    /// The place in the list, from 1.
    pub rank: i32,
    /// Why.
    pub r#match: Match,
}

/// A page of alumni: best match first when searched, otherwise in the order in which they were recorded.
#[derive(SimpleObject)]
pub struct AlumnusConnection {
    /// The alumni with their cursors.
    pub edges: Vec<AlumnusEdge>,
    /// The alumni alone.
    pub nodes: Vec<Alumnus>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All alumni in the list, not just the page.
    pub total_count: i32,
    /// How the list spreads over what it can be narrowed by, in this order: PREFECTURE, INTEREST, DEPARTMENT and LANGUAGE, to recruiters and
    /// administrators REMOTE_PREFERENCE too.
    pub facets: Vec<Facet>,
}

/// An alumnus in a list.
#[derive(SimpleObject)]
pub struct AlumnusEdge {
    /// Opaque; bound to the company, the query and the filter.
    pub cursor: String,
    /// The alumnus.
    pub node: Alumnus,
    /// Why the query found it. Null without a query.
    pub search_match: Option<SearchMatch>,
}

/// A page of opportunities: best match first when searched, otherwise in the order in which they were recorded.
#[derive(SimpleObject)]
pub struct OpportunityConnection {
    /// The opportunities with their cursors.
    pub edges: Vec<OpportunityEdge>,
    /// The opportunities alone.
    pub nodes: Vec<Opportunity>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All opportunities in the list, not just the page.
    pub total_count: i32,
    /// How the list spreads over what it can be narrowed by, in this order: KIND, STATUS, PREFECTURE, REMOTE and DEPARTMENT.
    pub facets: Vec<Facet>,
}

/// An opportunity in a list.
#[derive(SimpleObject)]
pub struct OpportunityEdge {
    /// Opaque; bound to the company, the query and the filter.
    pub cursor: String,
    /// The opportunity.
    pub node: Opportunity,
    /// Why the query found it. Null without a query.
    pub search_match: Option<SearchMatch>,
}

/// A page of invitations, latest first.
#[derive(SimpleObject)]
pub struct InvitationConnection {
    /// The invitations with their cursors.
    pub edges: Vec<InvitationEdge>,
    /// The invitations alone.
    pub nodes: Vec<Invitation>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All invitations in the list, not just the page.
    pub total_count: i32,
}

/// An invitation in a list.
#[derive(SimpleObject)]
pub struct InvitationEdge {
    /// Opaque; bound to the company and the viewer.
    pub cursor: String,
    /// The invitation.
    pub node: Invitation,
}

/// A page of claims, in the order in which they were asked for.
#[derive(SimpleObject)]
pub struct ClaimConnection {
    /// The claims with their cursors.
    pub edges: Vec<ClaimEdge>,
    /// The claims alone.
    pub nodes: Vec<Claim>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All claims in the list, not just the page.
    pub total_count: i32,
}

/// A claim in a list.
#[derive(SimpleObject)]
pub struct ClaimEdge {
    /// Opaque; bound to the company.
    pub cursor: String,
    /// The claim.
    pub node: Claim,
}
