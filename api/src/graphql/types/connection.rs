//! The connections of the schema and their edges.

use async_graphql::{ComplexObject, Context, Error, ID, SimpleObject};
use okaeri_engine::domain::{AlumnusId, OpportunityId};

use super::alumnus::Alumnus;
use super::candidacy::{Candidacy, CandidacyTransition, Consultation, Message};
use super::claim::Claim;
use super::coordination::Contention;
use super::invitation::Invitation;
use super::matching::Match;
use super::opportunity::Opportunity;
use super::searching::{Facet, SearchMatch};
use crate::graphql::context::{ContextExt as _, nullable};
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
    /// Opaque; names the record of this list, from which it can be explained and computed again later.
    pub ranking_id: ID,
    /// How many people each rule left out when the list was ranked; rules that left out nobody are not listed.
    pub left_out: Vec<LeftOut>,
    /// How many seats there are, and how many of those who may still be shown are close to them. Null when the opportunity
    /// is not open.
    pub contention: Option<Contention>,
}

/// A candidate in a list.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct CandidateEdge {
    /// Who it is, and for which opportunity.
    #[graphql(skip)]
    pub pair: (AlumnusId, OpportunityId),
    /// Opaque; names the recorded list and the place in it.
    pub cursor: String,
    /// The candidate.
    pub node: Alumnus,
    /// The place in the list, from 1.
    pub rank: i32,
    /// Why.
    pub r#match: Match,
}

#[ComplexObject]
impl CandidateEdge {
    /// How far the company and the candidate have come together. Null when nothing was recorded of the two, or the viewer
    /// may not see it.
    async fn candidacy(&self, ctx: &Context<'_>) -> Option<Result<Candidacy, Error>> {
        nullable(async {
            let (alumnus_id, opportunity_id) = self.pair;
            let found = ctx.loaders().candidacy_for(alumnus_id, opportunity_id).await?;
            Ok(found.map(Candidacy))
        })
        .await
    }
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
    /// Opaque; names the record of this list, from which it can be explained and computed again later.
    pub ranking_id: ID,
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

/// A page of candidacies: an opportunity's in the order in which they began, a person's own latest first.
#[derive(SimpleObject)]
pub struct CandidacyConnection {
    /// The candidacies with their cursors.
    pub edges: Vec<CandidacyEdge>,
    /// The candidacies alone.
    pub nodes: Vec<Candidacy>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All candidacies in the list, not just the page.
    pub total_count: i32,
}

/// A candidacy in a list.
#[derive(SimpleObject)]
pub struct CandidacyEdge {
    /// Opaque; bound to the company, the viewer's role, the list and the filter.
    pub cursor: String,
    /// The candidacy.
    pub node: Candidacy,
}

/// A page of the steps of a candidacy, first step first.
#[derive(SimpleObject)]
pub struct CandidacyTransitionConnection {
    /// The steps with their cursors.
    pub edges: Vec<CandidacyTransitionEdge>,
    /// The steps alone.
    pub nodes: Vec<CandidacyTransition>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All steps that the viewer may see, not just the page.
    pub total_count: i32,
}

/// A step of a candidacy in a list.
#[derive(SimpleObject)]
pub struct CandidacyTransitionEdge {
    /// Opaque; bound to the candidacy and the viewer's role.
    pub cursor: String,
    /// The step.
    pub node: CandidacyTransition,
}

/// A page of messages, newest last.
#[derive(SimpleObject)]
pub struct MessageConnection {
    /// The messages with their cursors.
    pub edges: Vec<MessageEdge>,
    /// The messages alone.
    pub nodes: Vec<Message>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All messages of the conversation, not just the page.
    pub total_count: i32,
}

/// A message in a list.
#[derive(SimpleObject)]
pub struct MessageEdge {
    /// Opaque; bound to the conversation and the viewer's role.
    pub cursor: String,
    /// The message.
    pub node: Message,
}

/// A page of consultations that the viewer may learn of, latest first.
#[derive(SimpleObject)]
pub struct ConsultationConnection {
    /// The consultations with their cursors.
    pub edges: Vec<ConsultationEdge>,
    /// The consultations alone.
    pub nodes: Vec<Consultation>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All consultations in the list, not just the page.
    pub total_count: i32,
}

/// A consultation in a list.
#[derive(SimpleObject)]
pub struct ConsultationEdge {
    /// Opaque; bound to the company and the viewer.
    pub cursor: String,
    /// The consultation.
    pub node: Consultation,
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
