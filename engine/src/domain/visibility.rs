//! Who may see what of a person. Decided here, between the row and the field: whatever a viewer may not see is
//! not in the [`AlumnusView`] that they get, so that nothing downstream can leak it.

use chrono::{DateTime, NaiveDate, Utc};

use super::alumnus::{
    Alumnus, AlumnusStatus, Interest, LanguageSkill, PersonName, Position, Tenure, WorkStyle,
};
use super::coded_enum;
use super::consent::Purpose;
use super::eligibility::Standing;
use super::id::{AlumnusId, CompanyId};
use super::opportunity::Opportunity;
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
        match access {
            Access::Own => Some(view),
            Access::HiringStaff => Some(view.with_consented_interests(standing)),
            Access::Peer => Some(view.for_peers(standing)),
        }
    }

    /// An interest whose consent was withdrawn is no longer offered to anybody.
    fn with_consented_interests(mut self, standing: &Standing) -> Self {
        self.interests
            .retain(|interest| standing.has_consent(Purpose::for_interest(*interest)));
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
/// that it needs, and to peers only mentoring and events.
#[must_use]
pub fn may_know_interest(viewer: &Viewer, standing: &Standing, interest: Interest) -> bool {
    let is_known = match interest {
        Interest::Mentoring | Interest::Events => true,
        Interest::Rehire | Interest::ContractWork | Interest::Speaking => viewer.is_hiring_staff(),
    };
    is_known && standing.has_interest(interest) && standing.has_consent(Purpose::for_interest(interest))
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
/// a demonstration) and of a kind that the programme offers.
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
    viewer.is_hiring_staff()
        || (policy.offers(opportunity.kind())
            && opportunity.is_shown_to_alumni(now, company.is_demonstration))
}
