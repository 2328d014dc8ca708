//! The machine as a whole: every act from every state, and chains of acts at random.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const ACTS: [Act; 14] = [
    Act::Shortlist,
    Act::Unlist,
    Act::Invite,
    Act::WithdrawInvitation,
    Act::ExpressInterest,
    Act::Accept,
    Act::Decline,
    Act::Snooze,
    Act::Converse,
    Act::Agree,
    Act::Succeed,
    Act::GiveUp,
    Act::WithdrawInterest,
    Act::Reject,
];

fn at(n: u32) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000 + i64::from(n))
}

fn today(n: u32) -> NaiveDate {
    at(n).date_naive()
}

fn actor(act: Act) -> Actor {
    let role = match act {
        Act::ExpressInterest | Act::Accept | Act::Decline | Act::Snooze | Act::WithdrawInterest => {
            Role::Alumnus
        }
        Act::Shortlist
        | Act::Unlist
        | Act::Invite
        | Act::WithdrawInvitation
        | Act::Converse
        | Act::Agree
        | Act::Succeed
        | Act::GiveUp
        | Act::Reject => Role::Recruiter,
    };
    Actor {
        role,
        subject: format!("{act:?}"),
    }
}

fn nothing() -> Before {
    Before::Nothing {
        id: CandidacyId(Uuid::from_u128(1)),
        alumnus_id: AlumnusId(Uuid::from_u128(2)),
        opportunity_id: OpportunityId(Uuid::from_u128(3)),
    }
}

/// Takes an act on day `n`; `None`: a candidacy does not begin with it.
fn take(before: Before, act: Act, n: u32) -> Option<Result<Step, Refusal>> {
    let (by, at) = (actor(act), at(n));
    let step = match (act, before) {
        (Act::Shortlist, before) => before.shortlist(by, at),
        (Act::Invite, before) => before.invite(Some("ぜひ".to_owned()), by, at, today(n)),
        (Act::ExpressInterest, before) => before.express_interest(by, at),
        (Act::Reject, before) => before.reject("要件と違う".to_owned(), by, at),
        (_, Before::Nothing { .. }) => return None,
        (Act::Unlist, Before::Candidacy(it)) => it.unlist(by, at),
        (Act::WithdrawInvitation, Before::Candidacy(it)) => it.withdraw_invitation(by, at),
        (Act::Accept, Before::Candidacy(it)) => it.accept(by, at),
        (Act::Decline, Before::Candidacy(it)) => it.decline(DeclineReason::Terms, by, at),
        (Act::Snooze, Before::Candidacy(it)) => it.snooze(today(n + 1), by, at),
        (Act::Converse, Before::Candidacy(it)) => it.converse(by, at),
        (Act::Agree, Before::Candidacy(it)) => it.agree(by, at),
        (Act::Succeed, Before::Candidacy(it)) => {
            it.conclude(OutcomeKind::Rehired, None, OpportunityKind::Role, by, at)
        }
        (Act::GiveUp, Before::Candidacy(it)) => it.conclude(
            OutcomeKind::NotRealized,
            Some("条件が合わない".to_owned()),
            OpportunityKind::Role,
            by,
            at,
        ),
        (Act::WithdrawInterest, Before::Candidacy(it)) => it.withdraw_interest(by, at),
    };
    Some(step)
}

/// The candidacy after these acts, one a day, each of which must succeed.
fn after(acts: &[Act]) -> Candidacy {
    let mut before = nothing();
    for (n, act) in (0..).zip(acts) {
        let step = take(before, *act, n).unwrap().unwrap();
        before = Before::Candidacy(step.candidacy);
    }
    match before {
        Before::Candidacy(candidacy) => candidacy,
        Before::Nothing { .. } => panic!("no act was given"),
    }
}

/// A way into each state.
fn ways() -> Vec<(CandidacyStatus, Vec<Act>)> {
    use Act::*;
    vec![
        (CandidacyStatus::Shortlisted, vec![Shortlist]),
        (CandidacyStatus::Unlisted, vec![Shortlist, Unlist]),
        (CandidacyStatus::Interested, vec![ExpressInterest]),
        (CandidacyStatus::Invited, vec![Invite]),
        (CandidacyStatus::Accepted, vec![Invite, Accept]),
        (CandidacyStatus::Declined, vec![Invite, Decline]),
        (CandidacyStatus::Snoozed, vec![Invite, Snooze]),
        (
            CandidacyStatus::InvitationWithdrawn,
            vec![Invite, WithdrawInvitation],
        ),
        (CandidacyStatus::InConversation, vec![Invite, Accept, Converse]),
        (CandidacyStatus::Agreed, vec![Invite, Accept, Agree]),
        (CandidacyStatus::Concluded, vec![Invite, Accept, Agree, Succeed]),
        (
            CandidacyStatus::InterestWithdrawn,
            vec![ExpressInterest, WithdrawInterest],
        ),
        (CandidacyStatus::Rejected, vec![Reject]),
    ]
}

#[test]
fn every_act_follows_the_states_that_the_table_names_and_no_other() {
    for (status, way) in ways() {
        for act in ACTS {
            let before = after(&way);
            assert_eq!(before.state.status(), status);
            let taken = take(Before::Candidacy(before.clone()), act, 9).unwrap();
            assert_eq!(
                taken.is_ok(),
                status.next().contains(&act),
                "{act:?} from {status:?}"
            );
            if let Ok(step) = taken {
                assert_ne!(step.transition.to, status, "{act:?} from {status:?} goes nowhere");
            }
        }
    }
    assert_eq!(ways().len(), CandidacyStatus::ALL.len());
}

#[test]
fn nobody_is_in_two_minds_about_an_answer() {
    let accepted = after(&[Act::Invite, Act::Accept]);
    let answered = Refusal::AlreadyAnswered { at: at(1) };
    for act in [Act::Accept, Act::Decline, Act::Snooze] {
        let refused = take(Before::Candidacy(accepted.clone()), act, 5).unwrap();
        assert_eq!(refused, Err(answered.clone()), "{act:?}");
    }
}

#[test]
fn whoever_says_not_now_is_asked_again_on_that_day_and_not_before() {
    let snoozed = after(&[Act::Invite, Act::Snooze]);
    let ask = |n| {
        let before = Before::Candidacy(snoozed.clone());
        before.invite(None, actor(Act::Invite), at(n), today(n)).map(drop)
    };
    assert_eq!(ask(1), Err(Refusal::NotBefore { until: today(2) }));
    assert_eq!(ask(2), Ok(()));
}

#[test]
fn an_outcome_belongs_to_the_kind_of_the_opportunity() {
    for kind in OpportunityKind::ALL {
        for outcome in OutcomeKind::ALL {
            let agreed = after(&[Act::Invite, Act::Accept, Act::Agree]);
            let said = agreed.conclude(*outcome, None, *kind, actor(Act::Succeed), at(9));
            let fits = *outcome == OutcomeKind::success(*kind) || *outcome == OutcomeKind::NotRealized;
            assert_eq!(said.is_ok(), fits, "{outcome:?} of {kind:?}");
        }
    }
}

#[test]
fn who_was_only_noted_or_decided_against_unasked_does_not_learn_of_it() {
    assert!(!after(&[Act::Shortlist]).is_known_to_alumnus());
    assert!(!after(&[Act::Reject]).is_known_to_alumnus());
    assert!(!after(&[Act::Shortlist, Act::Reject]).is_known_to_alumnus());
    assert!(after(&[Act::Invite, Act::Reject]).is_known_to_alumnus());
    assert!(after(&[Act::ExpressInterest, Act::Reject]).is_known_to_alumnus());
}

proptest! {
    #[test]
    fn every_step_is_recorded_once_and_the_record_tells_the_whole_way(
        acts in prop::collection::vec(prop::sample::select(ACTS.to_vec()), 0..40),
    ) {
        let mut before = nothing();
        let mut record: Vec<Transition> = Vec::new();
        for (n, act) in (0..).zip(acts) {
            let Some(taken) = take(before.clone(), act, n) else { continue };
            match taken {
                Ok(step) => {
                    prop_assert_eq!(step.transition.version, step.candidacy.version);
                    prop_assert_eq!(step.transition.to, step.candidacy.state.status());
                    prop_assert_eq!(step.transition.at, step.candidacy.changed_at);
                    prop_assert_eq!(&step.transition.by, &actor(act));
                    record.push(step.transition);
                    before = Before::Candidacy(step.candidacy);
                }
                Err(refusal) => {
                    prop_assert!(!refusal.to_string().is_empty());
                }
            }
        }
        for (idx, transition) in record.iter().enumerate() {
            prop_assert_eq!(transition.version as usize, idx + 1);
            let former = idx.checked_sub(1).map(|former| record[former].to);
            prop_assert_eq!(transition.from, former);
            if transition.to == CandidacyStatus::Rejected {
                prop_assert!(transition.reason.is_some());
                prop_assert_ne!(transition.by.role, Role::Alumnus);
            }
        }
    }
}
