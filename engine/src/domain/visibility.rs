//! Who may see what of a person. Decided here, between the row and the field: whatever a viewer may not see is
//! not in the [`AlumnusView`] that they get, so that nothing downstream can leak it.
//!
//! Everybody but the person sees the standing [as it holds for them](Standing::as_seen_by), so that whoever a person
//! excludes sees somebody who never opted in. Whoever looks at many people does that once and passes on what they see.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};

use super::alumnus::{
    Alumnus, AlumnusStatus, Interest, LanguageSkill, PersonName, Position, Tenure, WorkStyle,
};
use super::candidacy::{Candidacy, CandidacyStatus, Transition};
use super::coded_enum;
use super::consent::Purpose;
use super::conversation::Consultation;
use super::eligibility::Standing;
use super::exclusion::{Asker, UnitPath, normalized_subject};
use super::id::{AlumnusId, CompanyId};
use super::opportunity::{Opportunity, OpportunityKind};
use super::policy::Policy;
use super::prefecture::Prefecture;
use super::programme::Company;

coded_enum! {
    /// What a signed-in person is at a company.
    Role {
        /// Runs the programme.
        Administrator = "ADMINISTRATOR",
        /// Posts opportunities and approaches candidates.
        Recruiter = "RECRUITER",
        /// Works at the company and takes part in the network.
        Employee = "EMPLOYEE",
        /// A former employee.
        Alumnus = "ALUMNUS",
    }
}

/// A signed-in person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// At which company.
    pub company_id: CompanyId,
    /// As what.
    pub role: Role,
    /// The token's subject: for alumni the identifier of the record, for staff the company's own.
    pub subject: String,
    /// The unit that a member of staff belongs to.
    pub unit: Option<String>,
    /// The viewer's own record; `Some` exactly for alumni.
    pub alumnus_id: Option<AlumnusId>,
}

impl Viewer {
    /// Everybody who works at the company: they read the programme's rules.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        match self.role {
            Role::Administrator | Role::Recruiter | Role::Employee => true,
            Role::Alumnus => false,
        }
    }

    /// Recruiters and administrators: they see rankings, drafts and search whole profiles.
    #[must_use]
    pub fn is_hiring_staff(&self) -> bool {
        match self.role {
            Role::Administrator | Role::Recruiter => true,
            Role::Employee | Role::Alumnus => false,
        }
    }
}

/// How much of a person a viewer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// All of it, by the person.
    Own,
    /// All but the account, by recruiters and administrators.
    HiringStaff,
    /// What peers and employees see: expertise, and nothing that tells who thinks of coming back.
    Peer,
}

/// Reads the viewer's unit only where something may exclude it, so that whoever looks at many people and has done this
/// before pays nothing.
fn seen_by_others<'a>(viewer: &Viewer, standing: &'a Standing) -> Cow<'a, Standing> {
    if standing.exclusions().is_empty() {
        return Cow::Borrowed(standing);
    }
    standing.as_seen_by(&Asker::of_viewer(viewer))
}

/// The person's standing as it holds for `viewer`: for themselves, all of it.
fn seen<'a>(viewer: &Viewer, alumnus_id: AlumnusId, standing: &'a Standing) -> Cow<'a, Standing> {
    if viewer.alumnus_id == Some(alumnus_id) {
        return Cow::Borrowed(standing);
    }
    seen_by_others(viewer, standing)
}

/// Decides how much of a person `viewer` sees; `None`: the person does not exist for them.
///
/// - The person sees their own record as long as they have not left.
/// - Administrators see every member's record, recruiters those with any consent that holds.
/// - Employees and other alumni see those who consented to the directory.
#[must_use]
pub fn access(viewer: &Viewer, alumnus_id: AlumnusId, standing: &Standing) -> Option<Access> {
    if standing.status == AlumnusStatus::Left {
        return None;
    }
    let standing = seen(viewer, alumnus_id, standing);
    match viewer.role {
        Role::Alumnus if viewer.alumnus_id == Some(alumnus_id) => Some(Access::Own),
        Role::Administrator => Some(Access::HiringStaff),
        Role::Recruiter => {
            (standing.is_member() && standing.has_any_consent()).then_some(Access::HiringStaff)
        }
        Role::Employee | Role::Alumnus => {
            (standing.is_member() && standing.has_consent(Purpose::Directory)).then_some(Access::Peer)
        }
    }
}

/// What one viewer may see of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlumnusView {
    /// How much this is.
    pub access: Access,
    /// The identifier.
    pub id: AlumnusId,
    /// The company's own number; own record and hiring staff.
    pub external_id: Option<String>,
    /// The name.
    pub name: PersonName,
    /// Own record and hiring staff.
    pub email: Option<String>,
    /// Own record and hiring staff: peers could read from it who thinks of coming back.
    pub headline: Option<String>,
    /// Own record and hiring staff, for the same reason.
    pub summary: Option<String>,
    /// Where the person lives.
    pub prefecture: Option<Prefecture>,
    /// As typed.
    pub skills: Vec<String>,
    /// As typed.
    pub qualifications: Vec<String>,
    /// Other than Japanese.
    pub languages: Vec<LanguageSkill>,
    /// Latest first.
    pub tenures: Vec<Tenure>,
    /// Latest first.
    pub career_after: Vec<Position>,
    /// To peers only mentoring and events.
    pub interests: Vec<Interest>,
    /// Own record and hiring staff.
    pub work_style: Option<WorkStyle>,
    /// Own record and hiring staff.
    pub confirmed_on: Option<NaiveDate>,
    /// Own record and hiring staff.
    pub status: Option<AlumnusStatus>,
}

impl AlumnusView {
    /// What `viewer` may see of `alumnus`; `None` when the person does not exist for them.
    #[must_use]
    pub fn new(viewer: &Viewer, alumnus: Alumnus, standing: &Standing) -> Option<Self> {
        if viewer.company_id != alumnus.company_id {
            return None;
        }
        let access = access(viewer, alumnus.id, standing)?;
        let profile = alumnus.profile;
        let view = Self {
            access,
            id: alumnus.id,
            external_id: alumnus.external_id,
            name: alumnus.name,
            email: alumnus.email,
            headline: profile.headline,
            summary: profile.summary,
            prefecture: profile.prefecture,
            skills: profile.skills,
            qualifications: profile.qualifications,
            languages: profile.languages,
            tenures: profile.tenures,
            career_after: profile.career_after,
            interests: alumnus.interests,
            work_style: profile.work_style,
            confirmed_on: profile.confirmed_on,
            status: Some(alumnus.status),
        };
        let standing = seen(viewer, view.id, standing);
        match access {
            Access::Own => Some(view),
            Access::HiringStaff => Some(view.with_consented_interests(&standing)),
            Access::Peer => Some(view.for_peers(&standing)),
        }
    }

    /// An interest whose consent was withdrawn, or that does not hold for the viewer, is not offered to them.
    fn with_consented_interests(mut self, standing: &Standing) -> Self {
        self.interests.retain(|interest| {
            standing.opted_into(*interest) && standing.has_consent(Purpose::for_interest(*interest))
        });
        self
    }

    fn for_peers(self, standing: &Standing) -> Self {
        let mut view = self.with_consented_interests(standing);
        view.interests.retain(|interest| match interest {
            Interest::Mentoring | Interest::Events => true,
            Interest::Rehire | Interest::ContractWork | Interest::Speaking => false,
        });
        Self {
            external_id: None,
            email: None,
            headline: None,
            summary: None,
            work_style: None,
            confirmed_on: None,
            status: None,
            ..view
        }
    }
}

/// Whether lists and search show a person to `viewer`: visible at all, and consented to the directory.
#[must_use]
pub fn may_be_listed(viewer: &Viewer, alumnus_id: AlumnusId, standing: &Standing) -> bool {
    standing.has_consent(Purpose::Directory) && access(viewer, alumnus_id, standing).is_some()
}

/// Whether lists may tell `viewer` that a person offers `interest`, by a filter or a count: opted into, with the consent
/// that it needs, for the viewer's unit, and to peers only mentoring and events.
#[must_use]
pub fn may_know_interest(viewer: &Viewer, standing: &Standing, interest: Interest) -> bool {
    let standing = seen_by_others(viewer, standing);
    let is_known = match interest {
        Interest::Mentoring | Interest::Events => true,
        Interest::Rehire | Interest::ContractWork | Interest::Speaking => viewer.is_hiring_staff(),
    };
    is_known && standing.opted_into(interest) && standing.has_consent(Purpose::for_interest(interest))
}

/// Whether `viewer` may know of an approach to a person that was made at `made_at`: an invitation, or what came of it.
///
/// Staff whom the person excludes know of what was made before, as they would of somebody who opted out since, and of
/// nothing later, since nobody is approached who never opted in. The person knows of everything that is theirs.
#[must_use]
pub fn may_know_of_approach(
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    standing: &Standing,
    made_at: DateTime<Utc>,
) -> bool {
    let excluded_since = standing.exclusions().since(&Asker::of_viewer(viewer));
    match viewer.role {
        Role::Administrator | Role::Recruiter => excluded_since.is_none_or(|since| made_at < since),
        Role::Employee | Role::Alumnus => viewer.alumnus_id == Some(alumnus_id),
    }
}

/// Whether `viewer` reads a person's evaluation from the time at the company, where the programme keeps them: the person
/// and administrators. Recruiters do not, so that no choice between candidates can rest on it.
#[must_use]
pub fn may_read_evaluation(viewer: &Viewer, alumnus_id: AlumnusId) -> bool {
    match viewer.role {
        Role::Administrator => true,
        Role::Alumnus => viewer.alumnus_id == Some(alumnus_id),
        Role::Recruiter | Role::Employee => false,
    }
}

/// Whether `viewer` sees an opportunity: hiring staff see all, others what is open, complete (unless the company is
/// a demonstration), of a kind that the programme offers, and not addressed to somebody else.
#[must_use]
pub fn may_see_opportunity(
    viewer: &Viewer,
    opportunity: &Opportunity,
    company: &Company,
    policy: &Policy,
    now: DateTime<Utc>,
) -> bool {
    if viewer.company_id != opportunity.company_id {
        return false;
    }
    let is_addressed_elsewhere = opportunity
        .addressed_to()
        .is_some_and(|addressed_to| viewer.alumnus_id != Some(addressed_to));
    viewer.is_hiring_staff()
        || (!is_addressed_elsewhere
            && policy.offers(opportunity.kind())
            && opportunity.is_shown_to_alumni(now, company.is_demonstration))
}

/// Whether `viewer` hires for the opportunity: its hiring manager, and staff of the unit that offers it, of a unit within
/// it or around it. Staff without a unit belong to none.
#[must_use]
pub fn is_hiring_manager(viewer: &Viewer, opportunity: &Opportunity) -> bool {
    let unit_of = |unit: &Option<String>| unit.as_deref().and_then(UnitPath::parse);
    let is_of_unit = match (unit_of(&viewer.unit), unit_of(&opportunity.department)) {
        (Some(own), Some(hiring)) => own.overlaps(&hiring),
        (None, _) | (_, None) => false,
    };
    let is_named = opportunity
        .hiring_manager
        .as_deref()
        .is_some_and(|manager| normalized_subject(manager) == normalized_subject(&viewer.subject));
    viewer.is_hiring_staff() && (is_of_unit || is_named)
}

/// Whether `viewer` may read a consultation about `opportunity`, or learn that there is one: the person, and recruiters and
/// administrators who see the person, do not hire for the opportunity, and whom the person did not exclude by then.
#[must_use]
pub fn may_read_consultation(
    viewer: &Viewer,
    consultation: &Consultation,
    standing: &Standing,
    opportunity: &Opportunity,
) -> bool {
    let alumnus_id = consultation.alumnus_id;
    match access(viewer, alumnus_id, standing) {
        Some(Access::Own) => true,
        Some(Access::HiringStaff) => {
            !is_hiring_manager(viewer, opportunity)
                && may_know_of_approach(viewer, alumnus_id, standing, consultation.opened_at)
        }
        Some(Access::Peer) | None => false,
    }
}

/// What one viewer may see of a candidacy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidacyView {
    /// The candidacy.
    pub candidacy: Candidacy,
    /// Whether the viewer is its alumnus: then who of the staff did what, and why, is not theirs to see.
    pub is_own: bool,
}

impl CandidacyView {
    /// What `viewer` may see of `candidacy` for an opportunity of `kind`; `None` when it does not exist for them.
    ///
    /// - The person sees it once they know of it.
    /// - Hiring staff who see the person see it while the person's consent for this kind holds; what was agreed, and
    ///   what came of it, is the company's record as well and stays. Whom the person excludes sees what had happened
    ///   before, as of somebody who opted out since.
    /// - Nobody else sees it.
    #[must_use]
    pub fn new(
        viewer: &Viewer,
        candidacy: Candidacy,
        standing: &Standing,
        kind: OpportunityKind,
    ) -> Option<Self> {
        let alumnus_id = candidacy.alumnus_id;
        let is_own = match access(viewer, alumnus_id, standing)? {
            Access::Own => true,
            Access::HiringStaff => false,
            Access::Peer => return None,
        };
        let is_record = match candidacy.state.status() {
            CandidacyStatus::Agreed | CandidacyStatus::Concluded => true,
            CandidacyStatus::Shortlisted
            | CandidacyStatus::Unlisted
            | CandidacyStatus::Interested
            | CandidacyStatus::Invited
            | CandidacyStatus::Accepted
            | CandidacyStatus::Declined
            | CandidacyStatus::Snoozed
            | CandidacyStatus::InvitationWithdrawn
            | CandidacyStatus::InConversation
            | CandidacyStatus::InterestWithdrawn
            | CandidacyStatus::Rejected => false,
        };
        let is_shown = if is_own {
            candidacy.is_known_to_alumnus()
        } else {
            may_know_of_approach(viewer, alumnus_id, standing, candidacy.began_at)
                && (is_record || seen(viewer, alumnus_id, standing).has_consent(Purpose::for_kind(kind)))
        };
        is_shown.then_some(Self { candidacy, is_own })
    }

    /// The steps that the viewer may see, without what staff alone read.
    #[must_use]
    pub fn history(&self, transitions: Vec<Transition>) -> Vec<Transition> {
        if !self.is_own {
            return transitions;
        }
        let known = transitions
            .into_iter()
            .filter(|transition| !transition.to.is_staffs_own());
        known
            .map(|transition| Transition {
                from: transition.from.filter(|from| !from.is_staffs_own()),
                // Staff write theirs for each other.
                reason: transition.reason.filter(|_| transition.by.role == Role::Alumnus),
                ..transition
            })
            .collect()
    }
}
