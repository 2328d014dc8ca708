//! Joining: what somebody says who wants to be taken for the person of a record, how that is judged, and what becomes of
//! it.
//!
//! - An e-mail address is proven by a link, everything else is only said. A claim tells its author nothing about whom the
//!   company knows.
//! - A claim that does not settle itself is for a person to settle, with a reason where it is refused.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::alumnus::{AlumnusStatus, PersonName};
use super::calendar::YearMonth;
use super::coded_enum;
use super::consent::Purpose;
use super::id::{AlumnusId, ClaimId};
use super::policy::{Admission, ClaimProof};

coded_enum! {
    /// What a claim and a record agree in.
    ClaimFact {
        /// The name, as written or as read.
        Name = "NAME",
        /// The number that the person had as an employee.
        EmployeeNumber = "EMPLOYEE_NUMBER",
        /// The first and the last month at the company.
        Tenure = "TENURE",
        /// A unit at the company. Colleagues know it, so it proves nothing.
        Department = "DEPARTMENT",
        /// The e-mail address.
        Email = "EMAIL",
    }
}

coded_enum! {
    /// Why a claim waits for an administrator.
    ClaimDoubt {
        /// No record agrees in the name and in a proof that the programme takes.
        NoMatch = "NO_MATCH",
        /// Several records do: namesakes.
        Several = "SEVERAL",
        /// The record carries another address, or another record carries this one.
        OtherAddress = "OTHER_ADDRESS",
        /// Somebody has claimed the record before, by another address.
        AlreadyClaimed = "ALREADY_CLAIMED",
        /// The person of the record left the programme.
        Left = "LEFT",
        /// The programme has every claim approved.
        ApprovalNeeded = "APPROVAL_NEEDED",
    }
}

/// A purpose that somebody consents to with the claim, and the text that they read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimedConsent {
    /// For what.
    pub purpose: Purpose,
    /// The version of the text.
    pub text_version: String,
}

/// What somebody says of themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// As written and, if said, as read.
    pub name: PersonName,
    /// In lower case.
    pub email: String,
    /// The number that the person had as an employee, as typed.
    pub employee_number: Option<String>,
    /// First and last month at the company.
    pub tenure: Option<(YearMonth, YearMonth)>,
    /// A unit at the company, as typed.
    pub department: Option<String>,
}

/// How far a claim has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimState {
    /// The link has not been followed: nothing is proven.
    Requested,
    /// The address is proven; an administrator has to look.
    Pending {
        /// When the link was followed.
        opened_at: DateTime<Utc>,
        /// Why it did not settle itself.
        doubt: ClaimDoubt,
        /// What the person consented to then, in force once the claim is approved.
        consents: Vec<ClaimedConsent>,
    },
    /// It is the person of this record, by match or by an administrator's approval.
    Accepted {
        /// When.
        at: DateTime<Utc>,
        /// The administrator's subject; `None`: by match.
        by: Option<String>,
        /// The record.
        alumnus_id: AlumnusId,
    },
    /// An administrator said no.
    Refused {
        /// When.
        at: DateTime<Utc>,
        /// The administrator's subject.
        by: String,
        /// Why, for the programme's own record.
        reason: String,
    },
    /// The person made another claim, which stands in the place of this one.
    Superseded {
        /// When.
        at: DateTime<Utc>,
    },
}

/// A claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The identifier.
    pub id: ClaimId,
    /// What was said.
    pub claimed: Claimed,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// How far it has come.
    pub state: ClaimState,
}

/// The step does not follow from where the claim is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the claim is in another state")]
pub struct NotInThatState;

impl Claim {
    /// The link was followed, and the claim does not settle itself.
    ///
    /// # Errors
    ///
    /// Unless it was only requested: a link proves an address once.
    pub fn wait(
        self,
        opened_at: DateTime<Utc>,
        doubt: ClaimDoubt,
        consents: Vec<ClaimedConsent>,
    ) -> Result<Self, NotInThatState> {
        match self.state {
            ClaimState::Requested => Ok(Self {
                state: ClaimState::Pending {
                    opened_at,
                    doubt,
                    consents,
                },
                ..self
            }),
            ClaimState::Pending { .. }
            | ClaimState::Accepted { .. }
            | ClaimState::Refused { .. }
            | ClaimState::Superseded { .. } => Err(NotInThatState),
        }
    }

    /// The link was followed, and the claim matches a record.
    ///
    /// # Errors
    ///
    /// Unless it was only requested.
    pub fn settle(self, at: DateTime<Utc>, alumnus_id: AlumnusId) -> Result<Self, NotInThatState> {
        match self.state {
            ClaimState::Requested => Ok(Self {
                state: ClaimState::Accepted {
                    at,
                    by: None,
                    alumnus_id,
                },
                ..self
            }),
            ClaimState::Pending { .. }
            | ClaimState::Accepted { .. }
            | ClaimState::Refused { .. }
            | ClaimState::Superseded { .. } => Err(NotInThatState),
        }
    }

    /// An administrator says whose record it is. Returns the consents that come into force, with when they were given.
    ///
    /// # Errors
    ///
    /// Unless it waits for that.
    pub fn approve(
        self,
        at: DateTime<Utc>,
        by: String,
        alumnus_id: AlumnusId,
    ) -> Result<(Self, Vec<ClaimedConsent>, DateTime<Utc>), NotInThatState> {
        match self.state {
            ClaimState::Pending {
                opened_at, consents, ..
            } => {
                let state = ClaimState::Accepted {
                    at,
                    by: Some(by),
                    alumnus_id,
                };
                Ok((Self { state, ..self }, consents, opened_at))
            }
            ClaimState::Requested
            | ClaimState::Accepted { .. }
            | ClaimState::Refused { .. }
            | ClaimState::Superseded { .. } => Err(NotInThatState),
        }
    }

    /// An administrator says no, for a reason.
    ///
    /// # Errors
    ///
    /// Unless it waits for that.
    pub fn refuse(self, at: DateTime<Utc>, by: String, reason: String) -> Result<Self, NotInThatState> {
        match self.state {
            ClaimState::Pending { .. } => Ok(Self {
                state: ClaimState::Refused { at, by, reason },
                ..self
            }),
            ClaimState::Requested
            | ClaimState::Accepted { .. }
            | ClaimState::Refused { .. }
            | ClaimState::Superseded { .. } => Err(NotInThatState),
        }
    }
}

/// A record that a claim agrees with in something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// The record.
    pub alumnus_id: AlumnusId,
    /// How far the record has come.
    pub status: AlumnusStatus,
    /// Whether it carries an address.
    pub has_address: bool,
    /// In what, in the order of [`ClaimFact::ALL`].
    pub facts: Vec<ClaimFact>,
}

impl Agreement {
    fn has(&self, fact: ClaimFact) -> bool {
        self.facts.contains(&fact)
    }

    /// Whether name and one of the proofs agree.
    fn is_proven(&self, admission: &Admission) -> bool {
        let agrees_in = |proof: &ClaimProof| match proof {
            ClaimProof::EmployeeNumber => self.has(ClaimFact::EmployeeNumber),
            ClaimProof::Tenure => self.has(ClaimFact::Tenure),
        };
        self.has(ClaimFact::Name) && admission.matched_by.iter().any(agrees_in)
    }
}

/// Decides whose record it is that somebody claims whose address is proven.
///
/// - `agreements`: every record of the company that agrees in anything.
///
/// # Errors
///
/// Why an administrator has to look.
pub fn judge(admission: &Admission, agreements: &[Agreement]) -> Result<AlumnusId, ClaimDoubt> {
    let mut proven = agreements
        .iter()
        .filter(|agreement| agreement.is_proven(admission));
    let Some(record) = proven.next() else {
        return Err(ClaimDoubt::NoMatch);
    };
    if proven.next().is_some() {
        return Err(ClaimDoubt::Several);
    }
    let is_theirs = record.has(ClaimFact::Email);
    match record.status {
        AlumnusStatus::Left => return Err(ClaimDoubt::Left),
        AlumnusStatus::PendingApproval => return Err(ClaimDoubt::ApprovalNeeded),
        AlumnusStatus::Active if !is_theirs => return Err(ClaimDoubt::AlreadyClaimed),
        AlumnusStatus::Unclaimed | AlumnusStatus::Active => {}
    }
    let is_anothers = agreements
        .iter()
        .any(|other| other.alumnus_id != record.alumnus_id && other.has(ClaimFact::Email));
    if (record.has_address && !is_theirs) || is_anothers {
        return Err(ClaimDoubt::OtherAddress);
    }
    if admission.needs_approval && record.status != AlumnusStatus::Active {
        return Err(ClaimDoubt::ApprovalNeeded);
    }
    Ok(record.alumnus_id)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn agreement(n: u128, status: AlumnusStatus, has_address: bool, facts: &[ClaimFact]) -> Agreement {
        Agreement {
            alumnus_id: AlumnusId(Uuid::from_u128(n)),
            status,
            has_address,
            facts: facts.to_vec(),
        }
    }

    #[test]
    fn name_and_one_proof_that_the_programme_takes_settle_a_claim_and_nothing_less_does() {
        use AlumnusStatus::{Active, Left, PendingApproval, Unclaimed};
        use ClaimFact::{Department, Email, EmployeeNumber, Name, Tenure};
        let one = Ok(AlumnusId(Uuid::from_u128(1)));
        let any = Admission::default();
        let number_only = Admission {
            matched_by: vec![ClaimProof::EmployeeNumber],
            ..Admission::default()
        };
        let approved = Admission {
            needs_approval: true,
            ..Admission::default()
        };
        let record =
            |status, has_address, facts: &[ClaimFact]| vec![agreement(1, status, has_address, facts)];
        for (expected, admission, agreements) in [
            (one, &any, record(Unclaimed, false, &[Name, EmployeeNumber])),
            (one, &any, record(Unclaimed, false, &[Name, Tenure])),
            (one, &any, record(Unclaimed, true, &[Name, Tenure, Email])),
            (one, &any, record(Active, true, &[Name, EmployeeNumber, Email])),
            (Err(ClaimDoubt::NoMatch), &any, vec![]),
            (
                Err(ClaimDoubt::NoMatch),
                &any,
                record(Unclaimed, false, &[EmployeeNumber, Tenure]),
            ),
            (
                Err(ClaimDoubt::NoMatch),
                &any,
                record(Unclaimed, true, &[Name, Department, Email]),
            ),
            (
                Err(ClaimDoubt::NoMatch),
                &number_only,
                record(Unclaimed, false, &[Name, Tenure]),
            ),
            (
                Err(ClaimDoubt::OtherAddress),
                &any,
                record(Unclaimed, true, &[Name, EmployeeNumber]),
            ),
            (
                Err(ClaimDoubt::AlreadyClaimed),
                &any,
                record(Active, true, &[Name, EmployeeNumber]),
            ),
            (
                Err(ClaimDoubt::AlreadyClaimed),
                &any,
                record(Active, false, &[Name, EmployeeNumber]),
            ),
            (
                Err(ClaimDoubt::Left),
                &any,
                record(Left, true, &[Name, EmployeeNumber, Email]),
            ),
            (
                Err(ClaimDoubt::ApprovalNeeded),
                &any,
                record(PendingApproval, false, &[Name, EmployeeNumber]),
            ),
            (
                Err(ClaimDoubt::ApprovalNeeded),
                &approved,
                record(Unclaimed, false, &[Name, EmployeeNumber]),
            ),
            (
                one,
                &approved,
                record(Active, true, &[Name, EmployeeNumber, Email]),
            ),
        ] {
            assert_eq!(judge(admission, &agreements), expected, "{agreements:?}");
        }
    }

    #[test]
    fn namesakes_are_told_apart_by_a_proof_and_never_guessed() {
        use AlumnusStatus::Unclaimed;
        use ClaimFact::{Email, EmployeeNumber, Name, Tenure};
        let admission = Admission::default();
        let namesake = |n, facts: &[ClaimFact]| agreement(n, Unclaimed, false, facts);

        let told_apart = [namesake(1, &[Name, EmployeeNumber]), namesake(2, &[Name])];
        assert_eq!(judge(&admission, &told_apart), Ok(AlumnusId(Uuid::from_u128(1))));
        let alike = [namesake(1, &[Name, Tenure]), namesake(2, &[Name, Tenure])];
        assert_eq!(judge(&admission, &alike), Err(ClaimDoubt::Several));
        // The number of one and the months of the other: somebody is mistaken.
        let crossed = [namesake(1, &[Name, EmployeeNumber]), namesake(2, &[Name, Tenure])];
        assert_eq!(judge(&admission, &crossed), Err(ClaimDoubt::Several));
        let address_of_another = [namesake(1, &[Name, EmployeeNumber]), namesake(2, &[Email])];
        assert_eq!(
            judge(&admission, &address_of_another),
            Err(ClaimDoubt::OtherAddress)
        );
    }

    #[test]
    fn a_claim_is_settled_once() {
        let at = DateTime::UNIX_EPOCH;
        let record = AlumnusId(Uuid::from_u128(1));
        let requested = Claim {
            id: ClaimId(Uuid::from_u128(9)),
            claimed: Claimed {
                name: PersonName {
                    kanji: "山田 花子".to_owned(),
                    kana: None,
                },
                email: "hanako@example.jp".to_owned(),
                employee_number: None,
                tenure: None,
                department: None,
            },
            requested_at: at,
            state: ClaimState::Requested,
        };
        assert!(requested.clone().approve(at, "kanri".to_owned(), record).is_err());
        assert!(
            requested
                .clone()
                .refuse(at, "kanri".to_owned(), "x".to_owned())
                .is_err()
        );
        let waiting = requested.wait(at, ClaimDoubt::NoMatch, Vec::new()).unwrap();
        assert_eq!(waiting.clone().settle(at, record), Err(NotInThatState));
        let (accepted, consents, _) = waiting.clone().approve(at, "kanri".to_owned(), record).unwrap();
        assert!(consents.is_empty());
        assert!(accepted.clone().approve(at, "kanri".to_owned(), record).is_err());
        assert!(accepted.refuse(at, "kanri".to_owned(), "x".to_owned()).is_err());
        let refused = waiting.refuse(at, "kanri".to_owned(), "x".to_owned()).unwrap();
        assert!(refused.approve(at, "kanri".to_owned(), record).is_err());
    }
}
