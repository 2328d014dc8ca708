//! A programme's rules and their history.

use async_graphql::{ComplexObject, Context, Error, InputObject, SimpleObject};
use okaeri_engine::domain;

use crate::graphql::context::{ContextExt as _, nullable};
use crate::graphql::enums::{
    ClaimProof, EmploymentType, ExclusionRule, GroupedBy, LeavingKind, OpportunityKind,
};
use crate::graphql::pagination::{Page, PageInfo};
use crate::graphql::query::policies;
use crate::graphql::scalars::DateTime;
use crate::usecase::validate::Checks;
use crate::usecase::{Rejection, RejectionCode};

/// A company's alumni programme. Alumni read what concerns them; administrators, recruiters and employees all of it.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct Programme {
    /// Kinds of opportunity that it offers. Everyone who is signed in.
    pub offered_kinds: Vec<OpportunityKind>,
    /// Months after leaving during which a return is open, the last day included. Null: for ever. Everyone who is signed
    /// in.
    pub return_window_months: Option<i32>,
    /// Days after leaving without hiring approaches. Everyone who is signed in.
    pub quiet_period_days: i32,
    /// The rules by which it may leave people out of a ranking, by name, in the order in which they are asked. Everyone
    /// who is signed in; what they say about oneself is in the viewer's eligibility.
    pub rules: Vec<ExclusionRule>,
    /// The companies of the group that share it, in the programme's order; empty where there is one company. Everyone
    /// who is signed in.
    pub group_companies: Vec<GroupCompany>,
    #[graphql(skip)]
    policy: domain::Policy,
    #[graphql(skip)]
    version: u64,
}

impl From<domain::Programme> for Programme {
    fn from(programme: domain::Programme) -> Self {
        let policy = programme.policy;
        Self {
            offered_kinds: policy.kinds.iter().copied().map(OpportunityKind::from).collect(),
            return_window_months: policy.return_window_months.map(int),
            quiet_period_days: int(policy.quiet_period_days),
            rules: policy.rules().into_iter().map(ExclusionRule::from).collect(),
            group_companies: policy
                .group_companies
                .iter()
                .cloned()
                .map(GroupCompany::from)
                .collect(),
            version: programme.version,
            policy,
        }
    }
}

#[ComplexObject]
impl Programme {
    /// All of its rules. Administrators, recruiters and employees; null to alumni.
    async fn policy(&self, ctx: &Context<'_>) -> Option<Result<Policy, Error>> {
        nullable(async {
            Ok(ctx
                .viewer()?
                .is_staff()
                .then(|| Policy::from(self.policy.clone())))
        })
        .await
    }

    /// Counts the changes of the rules, from 1; a change names the version that it was made from. Administrators,
    /// recruiters and employees; null to alumni.
    async fn version(&self, ctx: &Context<'_>) -> Option<Result<i32, Error>> {
        nullable(async {
            let version = i32::try_from(self.version).unwrap_or(i32::MAX);
            Ok(ctx.viewer()?.is_staff().then_some(version))
        })
        .await
    }

    /// Every version that the rules had, latest first. Administrators, recruiters and employees; null to alumni.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 0 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 0 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only items in front of this cursor.")] before: Option<String>,
    ) -> Option<Result<PolicyVersionConnection, Error>> {
        nullable(async { policies::connection(ctx, &Page::new(first, after, last, before)?).await }).await
    }
}

/// The rules of a programme: whom it admits, what it offers and how often it approaches people. No rule but the shares of
/// groups moves a score; whoever a rule leaves out is counted by it. Administrators, recruiters and employees.
#[derive(Clone, Debug, SimpleObject, InputObject)]
#[graphql(input_name = "PolicyInput")]
pub struct Policy {
    /// Kinds of opportunity that may be created and shown. A kind that is left out is in no list from the next answer on.
    pub kinds: Vec<OpportunityKind>,
    /// Days after leaving without any hiring approach, 0 to 1,100; peers and news stay.
    pub quiet_period_days: i32,
    /// Months after leaving, counted in Japan time, during which a return is open, 1 to 600: the last day is in, the
    /// next out, and a month without the day ends on its last day. Null: for ever.
    pub return_window_months: Option<i32>,
    /// Months at the company that are asked for at least, 0 to 600.
    pub minimum_tenure_months: i32,
    /// Kinds of leaving that are admitted, at least one. Null: all, those that are not known included; a list leaves out
    /// people whose kind is not known.
    pub leaving_kinds: Option<Vec<LeavingKind>>,
    /// Types of employment that are admitted, at least one. Null: all, those that are not known included; a list leaves
    /// out people whose type is not known.
    pub employment_types: Option<Vec<EmploymentType>>,
    /// Labels, from the import, of the segments that take part in a pilot: 1 to 100, each at most 100 characters. Null:
    /// everybody; a list leaves out people without a segment.
    pub segments: Option<Vec<String>>,
    /// How a person who claims a record becomes a member.
    pub admission: Admission,
    /// How often one person may be approached, over all opportunities. Null: without a cap.
    pub approach_cap: Option<ApproachCap>,
    /// How many items of a feed may be of the last seven days, 1 to 100; the others come later. Null: without a cap.
    pub feed_new_items_per_week: Option<i32>,
    /// Days for which a speaker is not ranked for other slots after speaking or being invited to, 0 to 1,100.
    pub speaker_rest_days: i32,
    /// Whether evaluations from the time at the company are kept, for the person and administrators to read. Ranking
    /// never reads them; turned off, those that were kept are deleted.
    pub keeps_evaluations: bool,
    /// Whether whom recruiters shortlist, invite and reject moves the weights by which the company's candidates are ranked,
    /// within a third and three times what they are. Feeds never read it; turned off, lists are again those without.
    #[graphql(default)]
    pub learns_from_decisions: bool,
    /// The companies of a group that share the programme, at most 200; empty where there is one company.
    pub group_companies: Vec<GroupCompany>,
    /// The shares of groups that lists of candidates hold. Null: people stand by their match alone.
    pub group_shares: Option<GroupShares>,
}

/// The shares of groups that lists of candidates hold: among the first N of every N, as many of each group as its share
/// of N rounded down, as far as there are people. Whom a share brings forward is lifted just above whoever stands next,
/// by a contribution that the explanation names (GROUP_SHARE); nobody is left out.
#[derive(Clone, Debug, SimpleObject, InputObject)]
#[graphql(input_name = "GroupSharesInput")]
pub struct GroupShares {
    /// Kinds of opportunity whose lists hold them, at least one.
    pub kinds: Vec<OpportunityKind>,
    /// By what people are grouped.
    pub by: GroupedBy,
    /// 1 to 20, together at most 100 percent. What is left is due to everybody else in the same way; where nothing is
    /// left, everybody else comes last.
    pub groups: Vec<GroupShare>,
}

/// What is due to one group.
#[derive(Clone, Debug, SimpleObject, InputObject)]
#[graphql(input_name = "GroupShareInput")]
pub struct GroupShare {
    /// A unit, which has its parts in it (物流部 has 物流部 東日本課), or the code of a group company; at most 200
    /// characters. Whoever belongs to several counts for the first.
    pub name: String,
    /// In percent, 1 to 100.
    pub percent: i32,
}

/// How a person who claims a record becomes a member.
#[derive(Clone, Debug, SimpleObject, InputObject)]
#[graphql(input_name = "AdmissionInput")]
pub struct Admission {
    /// Any one of these, together with the e-mail address, shows that the person is the one of the record. Empty: only
    /// an administrator can tell.
    pub matched_by: Vec<ClaimProof>,
    /// Whether an administrator approves those who match as well.
    pub needs_approval: bool,
}

/// How often one person may be approached.
#[derive(Clone, Copy, Debug, SimpleObject, InputObject)]
#[graphql(input_name = "ApproachCapInput")]
pub struct ApproachCap {
    /// Most approaches within the period, 1 to 1,000.
    pub max_approaches: i32,
    /// The period in days of Japan time, today counted, 1 to 366.
    pub days: i32,
}

/// One company of a group that shares a programme. Everyone who is signed in.
#[derive(Clone, Debug, SimpleObject, InputObject)]
#[graphql(input_name = "GroupCompanyInput")]
pub struct GroupCompany {
    /// What records and opportunities call it, at most 64 characters; unique within the programme.
    pub code: String,
    /// As written, at most 200 characters.
    pub name: String,
    /// Kinds of opportunity for which it may rank other companies' people who consented to GROUP_SHARING.
    pub shared_kinds: Vec<OpportunityKind>,
}

impl From<domain::GroupCompany> for GroupCompany {
    fn from(company: domain::GroupCompany) -> Self {
        Self {
            code: company.code,
            name: company.name,
            shared_kinds: company
                .shared_kinds
                .into_iter()
                .map(OpportunityKind::from)
                .collect(),
        }
    }
}

impl From<domain::GroupShares> for GroupShares {
    fn from(shares: domain::GroupShares) -> Self {
        Self {
            kinds: shares.kinds.into_iter().map(OpportunityKind::from).collect(),
            by: shares.by.into(),
            groups: shares
                .groups
                .into_iter()
                .map(|group| GroupShare {
                    name: group.name,
                    percent: int(group.percent),
                })
                .collect(),
        }
    }
}

fn int(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

impl From<domain::Policy> for Policy {
    fn from(policy: domain::Policy) -> Self {
        Self {
            kinds: policy.kinds.into_iter().map(OpportunityKind::from).collect(),
            quiet_period_days: int(policy.quiet_period_days),
            return_window_months: policy.return_window_months.map(int),
            minimum_tenure_months: int(policy.minimum_tenure_months),
            leaving_kinds: policy
                .leaving_kinds
                .map(|kinds| kinds.into_iter().map(LeavingKind::from).collect()),
            employment_types: policy
                .employment_types
                .map(|types| types.into_iter().map(EmploymentType::from).collect()),
            segments: policy.segments,
            admission: Admission {
                matched_by: policy
                    .admission
                    .matched_by
                    .into_iter()
                    .map(ClaimProof::from)
                    .collect(),
                needs_approval: policy.admission.needs_approval,
            },
            approach_cap: policy.approach_cap.map(|cap| ApproachCap {
                max_approaches: int(cap.max_approaches),
                days: int(cap.days),
            }),
            feed_new_items_per_week: policy.feed_new_items_per_week.map(int),
            speaker_rest_days: int(policy.speaker_rest_days),
            keeps_evaluations: policy.keeps_evaluations,
            learns_from_decisions: policy.learns_from_decisions,
            group_companies: policy
                .group_companies
                .into_iter()
                .map(GroupCompany::from)
                .collect(),
            group_shares: policy.group_shares.map(GroupShares::from),
        }
    }
}

impl Policy {
    /// As the domain has it.
    ///
    /// # Errors
    ///
    /// Numbers below 0, which the domain has no place for; its own limits are checked there.
    pub fn into_domain(self) -> Result<domain::Policy, Vec<Rejection>> {
        let mut checks = Checks::default();
        let mut count = |field: &str, number: i32| {
            u32::try_from(number).unwrap_or_else(|_| {
                checks.reject(
                    RejectionCode::OutOfRange,
                    &format!("policy.{field}"),
                    format!("{field} {number} is below 0"),
                    format!("{number}は0より小さい値です"),
                );
                0
            })
        };
        let policy = domain::Policy {
            kinds: self.kinds.into_iter().map(Into::into).collect(),
            quiet_period_days: count("quietPeriodDays", self.quiet_period_days),
            return_window_months: self
                .return_window_months
                .map(|months| count("returnWindowMonths", months)),
            minimum_tenure_months: count("minimumTenureMonths", self.minimum_tenure_months),
            leaving_kinds: self
                .leaving_kinds
                .map(|kinds| kinds.into_iter().map(Into::into).collect()),
            employment_types: self
                .employment_types
                .map(|types| types.into_iter().map(Into::into).collect()),
            segments: self.segments,
            admission: domain::Admission {
                matched_by: self.admission.matched_by.into_iter().map(Into::into).collect(),
                needs_approval: self.admission.needs_approval,
            },
            approach_cap: self.approach_cap.map(|cap| domain::ApproachCap {
                max_approaches: count("approachCap.maxApproaches", cap.max_approaches),
                days: count("approachCap.days", cap.days),
            }),
            feed_new_items_per_week: self
                .feed_new_items_per_week
                .map(|n_items| count("feedNewItemsPerWeek", n_items)),
            speaker_rest_days: count("speakerRestDays", self.speaker_rest_days),
            keeps_evaluations: self.keeps_evaluations,
            learns_from_decisions: self.learns_from_decisions,
            group_companies: self
                .group_companies
                .into_iter()
                .map(|company| domain::GroupCompany {
                    code: company.code,
                    name: company.name,
                    shared_kinds: company.shared_kinds.into_iter().map(Into::into).collect(),
                })
                .collect(),
            group_shares: self.group_shares.map(|shares| domain::GroupShares {
                kinds: shares.kinds.into_iter().map(Into::into).collect(),
                by: shares.by.into(),
                groups: (0..)
                    .zip(shares.groups)
                    .map(|(idx, group): (usize, GroupShare)| domain::GroupShare {
                        name: group.name,
                        percent: count(&format!("groupShares.groups.{idx}.percent"), group.percent),
                    })
                    .collect(),
            }),
        };
        if checks.rejections.is_empty() {
            Ok(policy)
        } else {
            Err(checks.rejections)
        }
    }
}

/// The rules of a programme as somebody wrote them. Administrators, recruiters and employees.
#[derive(Clone, Debug, SimpleObject)]
pub struct PolicyVersion {
    /// 1 for the rules that the programme began with, one more for each change.
    pub version: i32,
    /// All of the rules.
    pub policy: Policy,
    /// Who changed them. Null: from the command line.
    pub changed_by: Option<String>,
    /// Why. Null when not said.
    pub note: Option<String>,
    /// When they came into force.
    pub changed_at: DateTime,
}

impl From<domain::PolicyVersion> for PolicyVersion {
    fn from(revision: domain::PolicyVersion) -> Self {
        Self {
            version: i32::try_from(revision.version).unwrap_or(i32::MAX),
            policy: revision.policy.into(),
            changed_by: revision.changed_by,
            note: revision.note,
            changed_at: DateTime(revision.changed_at),
        }
    }
}

/// A page of the versions of a programme's rules, latest first.
#[derive(SimpleObject)]
pub struct PolicyVersionConnection {
    /// The versions with their cursors.
    pub edges: Vec<PolicyVersionEdge>,
    /// The versions alone.
    pub nodes: Vec<PolicyVersion>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All versions, not just the page.
    pub total_count: i32,
}

/// A version of a programme's rules in a list.
#[derive(SimpleObject)]
pub struct PolicyVersionEdge {
    /// Opaque; bound to the company.
    pub cursor: String,
    /// The version.
    pub node: PolicyVersion,
}
