//! Rankings whose answer nobody wants any more end, and those that are wanted are what they were.

use std::time::{Duration, Instant};

use super::*;
use crate::interrupt::{Interrupt, Interrupted};

fn raised() -> Interrupt {
    let interrupt = Interrupt::new();
    interrupt.raise();
    interrupt
}

/// Could end work and does not.
fn waiting() -> Interrupt {
    Interrupt::at(Instant::now() + Duration::from_secs(3_600))
}

fn ranked_unless(interrupt: &Interrupt, pool: &Pool) -> Result<Ranking, Interrupted> {
    let request = RankRequest {
        opportunity: &accounting(),
        policy: &Policy::default(),
        now: now(),
        withheld: &HashMap::new(),
        reader: &Asker::COMPANY,
    };
    rank_unless(interrupt, &request, pool, &Model::bundled())
}

fn feed_for_unless(interrupt: &Interrupt, pool: &Pool) -> Result<FeedRanking, Interrupted> {
    let opportunities = [Arc::new(accounting())];
    let request = FeedRequest {
        alumnus_id: id(0),
        opportunities: &opportunities,
        policy: &Policy::default(),
        now: now(),
        hidden: &HashMap::new(),
        choices: &OwnChoices::default(),
        kinds: None,
        multipliers: None,
    };
    feed_unless(
        interrupt,
        &request,
        pool,
        &Model::bundled(),
        &Calibrations::default(),
    )
}

/// All bits: `{:?}` writes floats so that they read back the same.
fn bytes(answer: &impl std::fmt::Debug) -> String {
    format!("{answer:?}")
}

#[test]
fn a_raised_flag_ends_a_ranking_and_a_feed_without_a_part_of_an_answer() {
    let pool = pool(&[accountant()]);
    assert_eq!(ranked_unless(&raised(), &pool), Err(Interrupted::Abandoned));
    assert_eq!(feed_for_unless(&raised(), &pool), Err(Interrupted::Abandoned));
    let late = Interrupt::at(Instant::now());
    assert_eq!(ranked_unless(&late, &pool), Err(Interrupted::TimeIsUp));
    assert_eq!(feed_for_unless(&late, &pool), Err(Interrupted::TimeIsUp));
}

#[test]
fn every_stage_asks() {
    let pool = pool(&[accountant()]);
    let role = accounting();
    let query = pool.query(&role);
    let (raised, model) = (raised(), Model::bundled());
    let request = RankRequest {
        opportunity: &role,
        policy: &Policy::default(),
        now: now(),
        withheld: &HashMap::new(),
        reader: &Asker::COMPANY,
    };
    let all = extract(&request, &pool);
    let slots: Vec<Slot> = pool.members().map(|(slot, _)| slot).collect();
    assert!(filter::partition(&raised, &pool, &request).is_err());
    assert!(
        retrieve::propose(
            &raised,
            &pool,
            &pool.recall(&role),
            &model,
            &slots,
            today(now()),
            1
        )
        .is_err()
    );
    assert!(features::extract_unless(&raised, &pool.subjects(&slots), &query, now()).is_err());
    assert!(score::apply_unless(&raised, &model, &all.features).is_err());
    assert!(Calibration::compute_unless(&raised, &role, now(), &pool, &model).is_err());
}

#[test]
fn an_answer_that_could_have_been_interrupted_is_the_same_to_the_bit() {
    let pool = pool(&[accountant()]);
    let one = ranked_unless(&waiting(), &pool).unwrap();
    assert_eq!(bytes(&one), bytes(&ranked(&accounting(), &pool)));
    let fed = feed_for_unless(&waiting(), &pool).unwrap();
    assert_eq!(
        bytes(&fed),
        bytes(&feed_for_unless(&Interrupt::NEVER, &pool).unwrap())
    );
    // What was interrupted before leaves nothing behind.
    ranked_unless(&raised(), &pool).unwrap_err();
    feed_for_unless(&raised(), &pool).unwrap_err();
    assert_eq!(
        bytes(&ranked_unless(&Interrupt::NEVER, &pool).unwrap()),
        bytes(&one)
    );
    assert_eq!(
        bytes(&feed_for_unless(&Interrupt::NEVER, &pool).unwrap()),
        bytes(&fed)
    );
}
