//! Whether a person may be ranked for an opportunity today. The reason is the return value, so that one decision
//! serves the ranking, its counts, what the person is told and the tests.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::alumnus::{AlumnusStatus, Interest};
use super::coded_enum;
use super::consent::Purpose;
use super::exclusion::{Asker, Exclusions, HiringManagers};
use super::id::{AlumnusId, OpportunityId};
use super::law::agency;
use super::opportunity::{Opportunity, OpportunityKind};
use super::policy::{Employment, Policy};
use super::terms::{EmploymentForm, Terms};

/// What decides a person's eligibility; follows the database through the read barrier, before any text does.
///
/// It holds what the person excludes in confidence, so it lives in memory alone: it is never serialised, and its
/// `Debug` shows nothing of that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How far the record has come.
    pub status: AlumnusStatus,
    interests: u8,
    purposes: u8,
    exclusions: Exclusions,
    /// The last day at the company, if known.
    pub left_on: Option<NaiveDate>,
    /// Months at the company in all.
    pub tenure_months: u32,
    /// How the person was employed and left.
    pub employment: Employment,
    /// Speaker slots that the person was invited to, one entry for each.
    pub speaker_approaches: Vec<SpeakerApproach>,
}

/// A speaker slot that a person was invited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeakerApproach {
    /// Which slot: being asked for it is no reason to drop out of its own list.
    pub opportunity_id: OpportunityId,
    /// The day, in Japan time, on which the person was asked or, if later and accepted, is to speak.
    pub last_on: NaiveDate,
}

impl Standing {
    /// Collects what decides eligibility. `purposes` are those with a consent that holds. How the person was employed
    /// is not known, and the person was never asked to speak; both are set where they are.
    #[must_use]
    pub fn new(
        status: AlumnusStatus,
        interests: &[Interest],
        purposes: &[Purpose],
        left_on: Option<NaiveDate>,
        tenure_months: u32,
    ) -> Self {
        let interests = interests
            .iter()
            .fold(0, |bits, interest| bits | 1 << *interest as u8);
        let purposes = purposes
            .iter()
            .fold(0, |bits, purpose| bits | 1 << *purpose as u8);
        Self {
            status,
            interests,
            purposes,
            exclusions: Exclusions::default(),
            left_on,
            tenure_months,
            employment: Employment::default(),
            speaker_approaches: Vec::new(),
        }
    }

    /// With what the person excludes.
    #[must_use]
    pub fn excluding(self, exclusions: Exclusions) -> Self {
        Self { exclusions, ..self }
    }

    /// What the person excludes.
    #[must_use]
    pub fn exclusions(&self) -> &Exclusions {
        &self.exclusions
    }

    /// Takes in that members of staff hire in other units now.
    pub fn follow(&mut self, managers: &HiringManagers) {
        self.exclusions.follow(managers);
    }

    /// Whether the person opted into `interest`, as far as that holds for `asker`.
    #[must_use]
    pub fn has_interest(&self, interest: Interest, asker: &Asker) -> bool {
        // Both are looked at whatever the other says.
        let is_excluded = is_of_a_unit(interest) & self.exclusions.apply_to(asker);
        self.opted_into(interest) & !is_excluded
    }

    /// Whether the person opted into `interest` at all. For the person alone: what anybody else is answered holds for
    /// them, see [`Self::has_interest`] and [`Self::as_seen_by`].
    #[must_use]
    pub fn opted_into(&self, interest: Interest) -> bool {
        self.interests & (1 << interest as u8) != 0
    }

    /// The standing that `asker` sees: of whoever excludes them, that of somebody who never opted into any unit's work
    /// nor consented to being asked for it.
    #[must_use]
    pub fn as_seen_by(&self, asker: &Asker) -> Cow<'_, Self> {
        if !self.exclusions.apply_to(asker) {
            return Cow::Borrowed(self);
        }
        let offers = Interest::ALL
            .iter()
            .copied()
            .filter(|interest| is_of_a_unit(*interest));
        let mut seen = self.clone().excluding(Exclusions::default());
        for interest in offers {
            seen.interests &= !(1 << interest as u8);
            seen.purposes &= !(1 << Purpose::for_interest(interest) as u8);
        }
        Cow::Owned(seen)
    }

    /// Whether nothing of it is about one unit or one opportunity: no exclusions, never asked to speak. [`ScreenKey`] says
    /// what decides about such a person.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.exclusions.is_empty() && self.speaker_approaches.is_empty()
    }

    /// Whether a consent for `purpose` holds.
    #[must_use]
    pub fn has_consent(&self, purpose: Purpose) -> bool {
        self.purposes & (1 << purpose as u8) != 0
    }

    /// Whether any consent holds: without one, staff other than administrators see nothing of the person.
    #[must_use]
    pub fn has_any_consent(&self) -> bool {
        self.purposes != 0
    }

    /// Whether the record is one of the programme: neither waiting for approval nor gone.
    #[must_use]
    pub fn is_member(&self) -> bool {
        match self.status {
            AlumnusStatus::Unclaimed | AlumnusStatus::Active => true,
            AlumnusStatus::PendingApproval | AlumnusStatus::Left => false,
        }
    }
}

/// Whether what is opted into is some unit's work, which the person may exclude. Mentoring and events are the
/// network's.
const fn is_of_a_unit(interest: Interest) -> bool {
    match interest {
        Interest::Rehire | Interest::ContractWork | Interest::Speaking => true,
        Interest::Mentoring | Interest::Events => false,
    }
}

coded_enum! {
    /// The rule that keeps a person out of a ranking; the first that applies, in this order: what the person chose,
    /// then what the programme offers and whom it admits, then the days, then what was said about one opportunity.
    Ineligible {
        /// Not a member of the programme (waiting for approval, or gone).
        NotMember = "NOT_MEMBER",
        /// Did not opt into this kind, or not for this unit.
        NoInterest = "NO_INTEREST",
        /// No consent for this purpose holds.
        NoConsent = "NO_CONSENT",
        /// Of another company of the group than the one that offers it, without the consent to be shared within the
        /// group, or for a purpose for which that company uses nobody else's data.
        NotSharedInGroup = "NOT_SHARED_IN_GROUP",
        /// The programme does not offer this kind.
        KindNotOffered = "KIND_NOT_OFFERED",
        /// Not of a segment that takes part.
        SegmentNotAdmitted = "SEGMENT_NOT_ADMITTED",
        /// Was employed in a way that the programme does not admit, or in one that is not known.
        EmploymentNotAdmitted = "EMPLOYMENT_NOT_ADMITTED",
        /// Left in a way that the programme does not admit, or in one that is not known.
        LeavingKindNotAdmitted = "LEAVING_KIND_NOT_ADMITTED",
        /// Was at the company for too short a time.
        TenureTooShort = "TENURE_TOO_SHORT",
        /// Left too recently for hiring approaches.
        QuietPeriod = "QUIET_PERIOD",
        /// The right to return has ended.
        ReturnWindowClosed = "RETURN_WINDOW_CLOSED",
        /// Spoke, or was asked to, a short while ago.
        SpeakerResting = "SPEAKER_RESTING",
        /// Left less than a year ago, and may not come back through an agency so soon.
        TemporaryAgencyWithinAYear = "TEMPORARY_AGENCY_WITHIN_A_YEAR",
        /// Declined this opportunity.
        Declined = "DECLINED",
        /// Asked not to be shown this opportunity until later.
        Snoozed = "SNOOZED",
        /// Rejected by a recruiter, with a reason.
        Rejected = "REJECTED",
        /// New, in a week whose share of new items the feed shows already.
        HeldBack = "HELD_BACK",
        /// The opportunity is offered to another person by name.
        AddressedToOther = "ADDRESSED_TO_OTHER",
    }
}

/// Decides whether the person `alumnus_id` may be ranked for `opportunity` on `today` (Japan time). Whether the
/// opportunity is open is not asked here: a list that nobody may see is empty by [`Opportunity::is_open_at`].
///
/// # Errors
///
/// The first rule that says no.
pub fn may_be_ranked(
    policy: &Policy,
    alumnus_id: AlumnusId,
    standing: &Standing,
    opportunity: &Opportunity,
    today: NaiveDate,
) -> Result<(), Ineligible> {
    let asker = Asker::of_opportunity(opportunity);
    Screen::new(policy, opportunity, &asker, today).judge(alumnus_id, standing)
}

/// [`may_be_ranked`] for whoever asks about many people: what is the same for all of them is looked at once.
#[derive(Clone, Debug)]
pub struct Screen<'a> {
    policy: &'a Policy,
    opportunity: &'a Opportunity,
    asker: &'a Asker,
    today: NaiveDate,
    /// The rules that can keep anybody out under this policy, in their order.
    rules: Vec<Ineligible>,
}

impl<'a> Screen<'a> {
    /// For one opportunity, on `today` (Japan time).
    ///
    /// - `asker`: [that of the opportunity](Asker::of_opportunity)
    #[must_use]
    pub fn new(policy: &'a Policy, opportunity: &'a Opportunity, asker: &'a Asker, today: NaiveDate) -> Self {
        // An offer that names another company of the group is refused where the policy knows of none.
        let may_apply = |rule: &Ineligible| policy.may_apply(*rule) || *rule == Ineligible::NotSharedInGroup;
        Self {
            policy,
            opportunity,
            asker,
            today,
            rules: Ineligible::ALL.iter().copied().filter(may_apply).collect(),
        }
    }

    /// Decides about one person.
    ///
    /// # Errors
    ///
    /// The first rule that says no.
    pub fn judge(&self, alumnus_id: AlumnusId, standing: &Standing) -> Result<(), Ineligible> {
        // First, so that an offer to one person counts nothing of anybody else's standing.
        if !self.opportunity.is_offered_to(alumnus_id) {
            return Err(Ineligible::AddressedToOther);
        }
        let asked = Asked {
            kind: self.opportunity.kind(),
            opportunity: Some((self.opportunity, self.asker)),
        };
        let mut rules = self.rules.iter().copied();
        match rules.find(|rule| says_no(*rule, self.policy, standing, asked, self.today)) {
            Some(rule) => Err(rule),
            None => Ok(()),
        }
    }
}

/// All of a [`Screen`] that decides about people whose standing is [plain](Standing::is_plain): screens with equal keys
/// decide alike about each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenKey {
    policy: Policy,
    today: NaiveDate,
    kind: OpportunityKind,
    group_company: Option<String>,
    is_within_a_year_kept_out: bool,
}

impl ScreenKey {
    /// That of a screen; `None` for an offer to one person, about whom alone it decides.
    #[must_use]
    pub fn of(screen: &Screen<'_>) -> Option<Self> {
        let opportunity = screen.opportunity;
        opportunity.addressed_to().is_none().then(|| Self {
            policy: screen.policy.clone(),
            today: screen.today,
            kind: opportunity.kind(),
            group_company: opportunity.group_company.clone(),
            is_within_a_year_kept_out: is_within_a_year_kept_out(opportunity),
        })
    }

    /// Whether it is the key of this screen.
    #[must_use]
    pub fn is_of(&self, screen: &Screen<'_>) -> bool {
        let opportunity = screen.opportunity;
        opportunity.addressed_to().is_none()
            && self.today == screen.today
            && self.kind == opportunity.kind()
            && self.is_within_a_year_kept_out == is_within_a_year_kept_out(opportunity)
            && self.group_company == opportunity.group_company
            && self.policy == *screen.policy
    }
}

/// What a person is to be ranked for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) kind: OpportunityKind,
    /// With the unit that asks. `None`: any of the kind, of the person's own company, that the person was not asked
    /// about and whose unit the person does not exclude.
    pub(super) opportunity: Option<(&'a Opportunity, &'a Asker)>,
}

/// Every rule that says no, in the order of [`Ineligible`].
pub(super) fn rules_against<'a>(
    policy: &'a Policy,
    standing: &'a Standing,
    asked: Asked<'a>,
    today: NaiveDate,
) -> impl Iterator<Item = Ineligible> + 'a {
    let all = Ineligible::ALL.iter().copied();
    all.filter(move |rule| says_no(*rule, policy, standing, asked, today))
}

fn says_no(
    rule: Ineligible,
    policy: &Policy,
    standing: &Standing,
    asked: Asked<'_>,
    today: NaiveDate,
) -> bool {
    let kind = asked.kind;
    let employment = &standing.employment;
    match rule {
        Ineligible::NotMember => !standing.is_member(),
        Ineligible::NoInterest => match asked.opportunity {
            Some((_, asker)) => !standing.has_interest(kind.interest(), asker),
            None => !standing.opted_into(kind.interest()),
        },
        Ineligible::NoConsent => !standing.has_consent(Purpose::for_kind(kind)),
        Ineligible::NotSharedInGroup => {
            let by = asked
                .opportunity
                .and_then(|(one, _)| one.group_company.as_deref());
            is_not_shared(policy, standing, by, kind)
        }
        Ineligible::KindNotOffered => !policy.offers(kind),
        Ineligible::SegmentNotAdmitted => {
            is_not_admitted(policy.segments.as_deref(), employment.segment.as_ref())
        }
        Ineligible::EmploymentNotAdmitted => is_not_admitted(
            policy.employment_types.as_deref(),
            employment.employment_type.as_ref(),
        ),
        Ineligible::LeavingKindNotAdmitted => {
            is_not_admitted(policy.leaving_kinds.as_deref(), employment.leaving_kind.as_ref())
        }
        Ineligible::TenureTooShort => standing.tenure_months < policy.minimum_tenure_months,
        Ineligible::QuietPeriod => {
            is_hiring(kind)
                && standing
                    .left_on
                    .is_some_and(|left_on| today < policy.quiet_until(left_on))
        }
        Ineligible::ReturnWindowClosed => {
            let until = standing.left_on.and_then(|left_on| policy.return_until(left_on));
            kind == OpportunityKind::Role && until.is_some_and(|until| today > until)
        }
        Ineligible::SpeakerResting => {
            let this = asked.opportunity.map(|(one, _)| one.id);
            kind == OpportunityKind::SpeakerSlot
                && rests_until(policy, standing, this).is_some_and(|day| today < day)
        }
        Ineligible::TemporaryAgencyWithinAYear => asked
            .opportunity
            .is_some_and(|(one, _)| is_kept_from_agency(standing, one, today)),
        // Decided about one person and one opportunity, by a person or by the feed: whoever ranks knows of them.
        Ineligible::Declined
        | Ineligible::Snoozed
        | Ineligible::Rejected
        | Ineligible::HeldBack
        | Ineligible::AddressedToOther => false,
    }
}

/// Whether a kind offers work: approaches that a quiet period holds back.
pub(super) fn is_hiring(kind: OpportunityKind) -> bool {
    match kind {
        OpportunityKind::Role | OpportunityKind::ContractWork => true,
        OpportunityKind::SpeakerSlot => false,
    }
}

/// The first day on which a person may be asked to speak again, for another slot than `this`; `None`: never asked, or
/// speakers do not rest.
pub(super) fn rests_until(
    policy: &Policy,
    standing: &Standing,
    this: Option<OpportunityId>,
) -> Option<NaiveDate> {
    let others = standing.speaker_approaches.iter();
    let others = others.filter(|approach| Some(approach.opportunity_id) != this);
    policy.rested_on(others.map(|approach| approach.last_on).max()?)
}

/// Whoever is not known to be in a list of what is admitted is not: a programme that limits whom it admits has its
/// reason, and the ranking's count tells its staff whose records lack what the rule reads.
fn is_not_admitted<T: PartialEq>(admitted: Option<&[T]>, known: Option<&T>) -> bool {
    admitted.is_some_and(|admitted| known.is_none_or(|known| !admitted.contains(known)))
}

/// Whether the company `by` may not use the person's data for `kind`; `None`: the programme as a whole.
pub(super) fn is_not_shared(
    policy: &Policy,
    standing: &Standing,
    by: Option<&str>,
    kind: OpportunityKind,
) -> bool {
    let Some(by) = by else {
        return false;
    };
    let is_own = standing.employment.group_company.as_deref() == Some(by);
    let may_share = standing.has_consent(Purpose::GroupSharing) && policy.is_shared_kind(by, kind);
    !is_own && !may_share
}

/// Whether the law keeps the person from coming back through an agency. Who left on a day that is not known may have
/// left yesterday.
fn is_kept_from_agency(standing: &Standing, opportunity: &Opportunity, today: NaiveDate) -> bool {
    is_within_a_year_kept_out(opportunity)
        && standing
            .left_on
            .is_none_or(|left_on| today <= agency::last_day_of_the_year(left_on))
}

/// Whether the law keeps whoever left less than a year ago from this opportunity.
fn is_within_a_year_kept_out(opportunity: &Opportunity) -> bool {
    match &opportunity.terms {
        Terms::Role(terms) => match terms.employment_form {
            EmploymentForm::Direct => false,
            EmploymentForm::TemporaryAgency => !terms.is_for_mandatory_retirees,
        },
        Terms::ContractWork(_) | Terms::SpeakerSlot(_) => false,
    }
}

#[cfg(test)]
mod tests;
