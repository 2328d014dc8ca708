use uuid::Uuid;

use super::*;

fn list(n: u128) -> ServedListId {
    ServedListId(Uuid::from_u128(n))
}

/// An item to which one feature contributes.
fn item(feature: FeatureId, contribution: f64, kind: OpportunityKind) -> Shown {
    let mut contributions = vec![0.0; FeatureId::ALL.len()];
    contributions[feature as usize] = contribution;
    Shown {
        contributions,
        kind,
        is_answered: false,
    }
}

fn near() -> Shown {
    item(FeatureId::PlaceFit, 0.05, OpportunityKind::Role)
}

fn known() -> Shown {
    item(FeatureId::TitleMatch, 0.05, OpportunityKind::Role)
}

fn talk() -> Shown {
    item(FeatureId::TitleMatch, 0.05, OpportunityKind::SpeakerSlot)
}

fn weighed(preference: &Preference, item: &Shown) -> Learnt {
    preference.weigh(std::iter::once((item.contributions.as_slice(), item.kind)))[0]
}

#[test]
fn whoever_answered_nothing_has_nothing_added() {
    assert_eq!(weighed(&Preference::new(), &near()), Learnt::default());
}

#[test]
fn what_is_taken_raises_its_like_and_what_is_declined_lowers_it() {
    let after = |answer| {
        let mut preference = Preference::new();
        assert!(preference.learn(list(1), &[talk()], 0, answer));
        (
            weighed(&preference, &talk()).preference,
            weighed(&preference, &known()).preference,
        )
    };
    let (talk, role) = after(Answer::Taken);
    assert!(talk > role && role > 0.0, "{talk} {role}");
    let (talk, role) = after(Answer::Declined);
    assert!(talk < role && role < 0.0, "{talk} {role}");
}

#[test]
fn not_now_says_nothing() {
    let mut preference = Preference::new();
    assert!(!preference.learn(list(1), &[near(), known()], 1, Answer::NotNow));
    assert_eq!(preference, Preference::new());
    let timing = InteractionKind::Declined {
        reason: DeclineReason::Timing,
    };
    assert_eq!(Answer::of(timing), Answer::NotNow);
}

#[test]
fn passed_over_counts_less_than_declined_and_what_stands_below_not_at_all() {
    let after = |items: &[Shown], idx, answer| {
        let mut preference = Preference::new();
        preference.learn(list(1), items, idx, answer);
        weighed(&preference, &near()).preference
    };
    let taken = talk();
    let passed_over = after(&[known(), near(), taken.clone()], 2, Answer::Taken);
    let below = after(&[known(), taken.clone(), near()], 1, Answer::Taken);
    let absent = after(&[known(), taken], 1, Answer::Taken);
    let declined = after(&[near(), talk()], 0, Answer::Declined);
    assert!(passed_over < absent, "{passed_over} against {absent}");
    assert!(declined < passed_over, "{declined} against {passed_over}");
    assert_eq!(below, absent);
}

#[test]
fn what_was_passed_over_counts_once() {
    let items = [near(), talk(), talk()];
    let mut twice = Preference::new();
    twice.learn(list(1), &items, 1, Answer::Taken);
    let mut answered = items.clone();
    answered[1].is_answered = true;
    twice.learn(list(1), &answered, 2, Answer::Taken);
    let mut afresh = Preference::new();
    afresh.learn(list(1), &items, 1, Answer::Taken);
    afresh.learn(list(2), &answered, 2, Answer::Taken);
    assert!(weighed(&afresh, &near()).preference < weighed(&twice, &near()).preference);
}

#[test]
fn learning_is_bounded_and_repeats_to_the_byte() {
    let replay = || {
        let mut preference = Preference::new();
        for n in 0..200 {
            preference.learn(list(n), &[near(), known(), talk()], 2, Answer::Taken);
            preference.learn(list(n), &[near(), known(), talk()], 0, Answer::Declined);
        }
        preference
    };
    let preference = replay();
    assert!(preference.is_readable());
    let bytes = |preference: &Preference| postcard::to_stdvec(preference).unwrap();
    assert_eq!(bytes(&preference), bytes(&replay()));
    assert!(bytes(&preference).len() < 6_000);
    for item in [near(), known(), talk()] {
        let learnt = weighed(&preference, &item);
        assert!(learnt.preference.abs() <= LEARNT_MAX);
        assert!((0.0..=EXPLORATION_MAX).contains(&learnt.exploration));
    }
}
