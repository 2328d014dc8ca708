use proptest::prelude::*;

use super::*;

const N: usize = 4;

fn prior() -> Posterior {
    Posterior::new(Prior {
        weights: &[0.5; N],
        precisions: &[2.0; N],
    })
}

fn observation(features: [f64; N], is_taken: bool, weight: f64) -> Observation {
    Observation {
        features: features.to_vec(),
        offset: -1.0,
        is_taken,
        weight,
    }
}

fn observations() -> impl Strategy<Value = Vec<Observation>> {
    let one = (prop::array::uniform4(0.0..1.0_f64), any::<bool>(), 0.1..1.0_f64);
    let one = one.prop_map(|(features, is_taken, weight)| observation(features, is_taken, weight));
    prop::collection::vec(one, 0..30)
}

#[test]
fn nothing_observed_changes_nothing() {
    let mut posterior = prior();
    posterior.learn(&[]);
    assert_eq!(posterior, prior());
    assert_eq!(posterior.n_lists(), 0);
}

#[test]
fn examination_falls_with_the_place() {
    assert_eq!(examination(1), 1.0);
    assert!((examination(3) - 0.5).abs() < 1e-12);
    assert!(examination(10) < examination(9));
}

#[test]
fn what_was_taken_is_expected_more_and_what_was_passed_over_less() {
    let x = [1.0, 0.0, 0.0, 0.2];
    let before = prior().expected(&x);
    let after = |is_taken| {
        let mut posterior = prior();
        posterior.learn(&[observation(x, is_taken, 1.0)]);
        posterior.expected(&x)
    };
    assert!(after(true) > before);
    assert!(after(false) < before);
}

#[test]
fn a_place_further_down_says_less_by_its_being_passed_over() {
    let x = [1.0, 0.0, 0.0, 0.0];
    let after = |rank| {
        let mut posterior = prior();
        posterior.learn(&[observation(x, false, examination(rank))]);
        posterior.expected(&x)
    };
    assert!(after(1) < after(5));
    assert!(after(5) < prior().expected(&x));
}

#[test]
fn lists_one_by_one_come_close_to_all_lists_at_once() {
    let lists: Vec<Vec<Observation>> = (0..40_u32)
        .map(|list| {
            let feature = |n: u32| f64::from((list * 7 + n * 13) % 10) / 10.0;
            let item = |place: u32| {
                let x = [feature(place), feature(place + 3), feature(place + 5), 1.0];
                observation(x, (list + place).is_multiple_of(3), 1.0)
            };
            (0..5).map(item).collect()
        })
        .collect();
    let mut online = prior();
    lists.iter().for_each(|list| online.learn(list));
    let mut at_once = prior();
    at_once.learn(&lists.concat());
    for (one, other) in online.weights().iter().zip(at_once.weights()) {
        assert!((one - other).abs() < 0.05, "{one} against {other}");
    }
}

#[test]
fn a_state_of_another_form_is_not_read() {
    let posterior = prior();
    assert!(posterior.is_readable(N));
    assert!(!posterior.is_readable(N + 1));
    let other = Posterior {
        version: STATE_VERSION + 1,
        ..posterior
    };
    assert!(!other.is_readable(N));
}

proptest! {
    #[test]
    fn learning_is_finite_deterministic_and_makes_surer(
        first in observations(),
        second in observations(),
        x in prop::array::uniform4(0.0..1.0_f64),
    ) {
        let (mut one, mut other) = (prior(), prior());
        for list in [&first, &second] {
            let unsure = Posterior::uncertainty(&one.factor(), &x);
            one.learn(list);
            other.learn(list);
            prop_assert!(Posterior::uncertainty(&one.factor(), &x) <= unsure + 1e-12);
        }
        prop_assert!(one.weights().iter().all(|weight| weight.is_finite()));
        prop_assert!(one.is_readable(N));
        let bytes = |posterior: &Posterior| postcard::to_stdvec(posterior).unwrap();
        prop_assert_eq!(bytes(&one), bytes(&other));
        let back: Posterior = postcard::from_bytes(&bytes(&one)).unwrap();
        prop_assert_eq!(back, one);
    }

    #[test]
    fn the_new_weights_are_the_mode(list in observations()) {
        let before = prior();
        let mut after = before.clone();
        after.learn(&list);
        let at_mode = before.loss(after.weights(), &list);
        for idx in 0..N {
            for step in [-1e-3, 1e-3] {
                let mut beside = after.weights().to_vec();
                beside[idx] += step;
                prop_assert!(before.loss(&beside, &list) >= at_mode - 1e-12);
            }
        }
    }
}
