//! Coordination off changes no bit; on, it spreads demand; stored, it comes back as it was or not at all.

use super::super::testing;
use super::*;

fn alumnus(i: usize) -> AlumnusId {
    AlumnusId(uuid::Uuid::from_u128(1_000_000 + i as u128))
}

fn opportunity(j: usize) -> OpportunityId {
    OpportunityId(uuid::Uuid::from_u128(2_000_000 + j as u128))
}

/// 300 × 20, everybody with everybody, both lists by the mean of both wishes: as a ranking scores.
fn programme() -> (Vec<Wish>, BTreeMap<OpportunityId, u32>) {
    let testing::Wishes { p, q } = testing::wishes(300, 20, 0.5, 0);
    let wish = |((i, j), p): ((usize, usize), &f64)| {
        let score = 0.5 * p + 0.5 * q[(j, i)];
        Wish {
            alumnus_id: alumnus(i),
            opportunity_id: opportunity(j),
            p: score,
            q: score,
        }
    };
    let seats = testing::seats(20, 0).into_iter().enumerate();
    (
        p.indexed_iter().map(wish).collect(),
        seats.map(|(j, n)| (opportunity(j), n)).collect(),
    )
}

fn computed(alpha: f64) -> Multipliers {
    let (wishes, seats) = programme();
    coordinate_lists(&Coordination {
        wishes: &wishes,
        seats: &seats,
        alpha,
    })
    .unwrap()
}

/// What is served: how often the most shown person stands among the first ten of an opportunity, and how many people
/// stand there at all.
fn shown(multipliers: &Multipliers) -> (usize, usize) {
    let (wishes, _) = programme();
    let mut counts: BTreeMap<AlumnusId, usize> = BTreeMap::new();
    for j in 0..20 {
        let mut list: Vec<_> = wishes
            .iter()
            .filter(|wish| wish.opportunity_id == opportunity(j))
            .collect();
        let score = |wish: &Wish| wish.q * multipliers.of_alumnus(wish.alumnus_id);
        list.sort_by(|one, other| score(other).total_cmp(&score(one)));
        for wish in &list[..10] {
            *counts.entry(wish.alumnus_id).or_default() += 1;
        }
    }
    (counts.values().copied().max().unwrap(), counts.len())
}

#[test]
fn coordination_that_is_off_changes_no_bit_of_any_score() {
    let (wishes, _) = programme();
    let off = computed(0.0);
    for wish in wishes {
        let (of_alumnus, of_opportunity) = (
            off.of_alumnus(wish.alumnus_id),
            off.of_opportunity(wish.opportunity_id),
        );
        assert_eq!((wish.q * of_alumnus).to_bits(), wish.q.to_bits());
        assert_eq!((wish.p * of_opportunity).to_bits(), wish.p.to_bits());
        assert_eq!(
            Multipliers::contribution(wish.q, of_alumnus).to_bits(),
            0.0f64.to_bits()
        );
    }
}

#[test]
fn coordination_shows_more_people_and_nobody_everywhere() {
    let (most_off, n_people_off) = shown(&computed(0.0));
    let (most_on, n_people_on) = shown(&computed(0.3));
    assert!(
        most_on < most_off,
        "{most_on} lists with the most shown person, {most_off} without"
    );
    assert!(
        n_people_on as f64 > 1.25 * n_people_off as f64,
        "{n_people_on} people, {n_people_off} without"
    );
}

#[test]
fn multipliers_are_above_zero_and_at_most_one_and_whoever_is_new_has_one() {
    let multipliers = computed(1.0);
    for i in 0..300 {
        assert!((f64::MIN_POSITIVE..=1.0).contains(&multipliers.of_alumnus(alumnus(i))));
    }
    for j in 0..20 {
        assert!((f64::MIN_POSITIVE..1.0).contains(&multipliers.of_opportunity(opportunity(j))));
    }
    assert_eq!(multipliers.of_alumnus(alumnus(999)).to_bits(), 1.0f64.to_bits());
    assert_eq!(
        multipliers.of_opportunity(opportunity(999)).to_bits(),
        1.0f64.to_bits()
    );
    assert_eq!(multipliers.contention(opportunity(999)), None);
}

#[test]
fn the_order_of_the_wishes_does_not_matter() {
    let (mut wishes, seats) = programme();
    wishes.reverse();
    let reversed = Coordination {
        wishes: &wishes,
        seats: &seats,
        alpha: 0.3,
    };
    assert_eq!(coordinate_lists(&reversed).unwrap(), computed(0.3));
}

#[test]
fn stored_multipliers_come_back_as_they_were_and_another_version_is_refused() {
    let multipliers = computed(0.3);
    let stored = serde_json::to_value(&multipliers).unwrap();
    assert_eq!(
        serde_json::from_value::<Multipliers>(stored.clone()).unwrap(),
        multipliers
    );

    let mut newer = stored.clone();
    newer["version"] = 2.into();
    let error = serde_json::from_value::<Multipliers>(newer).unwrap_err();
    assert_eq!(
        error.to_string(),
        "multipliers of version 2, not 1: compute them again"
    );

    let mut boosted = stored;
    boosted["alumni"][alumnus(0).to_string()] = 1.5.into();
    assert!(serde_json::from_value::<Multipliers>(boosted).is_err());

    let compact = postcard::to_stdvec(&multipliers).unwrap();
    assert_eq!(
        postcard::from_bytes::<Multipliers>(&compact).unwrap(),
        multipliers
    );
}

#[test]
fn close_candidates_are_those_within_a_tenth_of_the_last_with_a_seat() {
    let wishes: Vec<Wish> = [0.9, 0.8, 0.725, 0.719, 0.1]
        .into_iter()
        .enumerate()
        .map(|(i, q)| Wish {
            alumnus_id: alumnus(i),
            opportunity_id: opportunity(0),
            p: 0.5,
            q,
        })
        .collect();
    let close = |n_seats| {
        let request = Coordination {
            wishes: &wishes,
            seats: &BTreeMap::from([(opportunity(0), n_seats)]),
            alpha: 0.0,
        };
        coordinate_lists(&request)
            .unwrap()
            .contention(opportunity(0))
            .unwrap()
            .n_close
    };
    assert_eq!([1, 2, 4, 5, 9].map(close), [1, 3, 4, 5, 5]);
}

#[test]
fn an_opportunity_without_seats_is_named() {
    let (wishes, _) = programme();
    let request = Coordination {
        wishes: &wishes,
        seats: &BTreeMap::new(),
        alpha: 0.3,
    };
    assert_eq!(
        coordinate_lists(&request),
        Err(MultipliersError::NoSeats(opportunity(0)))
    );
}

#[test]
fn how_tight_an_opportunity_is_can_be_counted_and_said() {
    use crate::ranking::Language;
    let count = |n_seats, scores: &[f64]| Contention::count(n_seats, scores.to_vec());
    let tight = count(2, &[0.5, 0.8, 0.73, 0.7, 0.66]);
    assert_eq!((tight.n_seats, tight.n_close), (2, 4));
    assert_eq!(
        tight.text(Language::Japanese),
        "募集枠2名に対し、近い評価の候補者が4名います。"
    );
    assert_eq!(tight.text(Language::English), "2 seats, 4 close candidates.");
    assert_eq!(count(3, &[0.5, 0.1]).n_close, 2);
    assert_eq!(
        count(1, &[]).text(Language::English),
        "1 seat, 0 close candidates."
    );
}
