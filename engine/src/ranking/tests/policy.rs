//! What a programme's rules do to lists: leave out and count, and nothing else.

use super::*;
use crate::domain::policy::{Employment, LeavingKind};
use crate::domain::{Asker, GroupCompany, Ineligible};

fn offered(title: &str, created_at: &str) -> Arc<AnalyzedOpportunity> {
    let analyzed = role(
        title,
        &["決算"],
        "月次と年次の連結決算、税務申告、監査法人との折衝。",
    );
    let opportunity = Opportunity {
        created_at: created_at.parse().unwrap(),
        ..Opportunity::clone(&analyzed.opportunity)
    };
    Arc::new(analysis::opportunity(&analyzer(), &opportunity))
}

fn feed_of(offered: &[Arc<AnalyzedOpportunity>], policy: &Policy, pool: &Pool) -> FeedRanking {
    let request = FeedRequest {
        alumnus_id: id(0),
        opportunities: offered,
        policy,
        now: now(),
        hidden: &HashMap::new(),
        choices: &OwnChoices::default(),
        kinds: None,
        multipliers: None,
    };
    feed(&request, pool, &Model::bundled(), &Calibrations::default())
}

/// The accountant, and others of whom the odd ones left by the employer's request.
fn mixed_pool() -> Pool {
    let mut pool = pool(&[accountant()]);
    for n in 0..pool.len() as u128 {
        let kind = if n % 2 == 0 {
            LeavingKind::Voluntary
        } else {
            LeavingKind::EmployerRequest
        };
        let mut standing = standing();
        standing.employment = Employment {
            leaving_kind: Some(kind),
            ..Employment::default()
        };
        pool.set_standing(id(n), standing);
    }
    pool
}

#[test]
fn a_change_of_policy_moves_nobodys_score() {
    let pool = mixed_pool();
    let strict = Policy {
        leaving_kinds: Some(vec![LeavingKind::Voluntary]),
        return_window_months: Some(72),
        ..Policy::default()
    };
    let opportunity = offered("経理", "2026-01-10T00:00:00Z");
    let ranked = |policy: &Policy| {
        let request = RankRequest {
            reader: &Asker::COMPANY,
            opportunity: &opportunity,
            policy,
            now: now(),
            withheld: &HashMap::new(),
        };
        rank(&request, &pool, &Model::bundled())
    };
    let (open, narrow) = (ranked(&Policy::default()), ranked(&strict));
    let is_left_out = |n: u128| n % 2 == 1;
    assert_eq!(
        narrow.left_out[&Ineligible::LeavingKindNotAdmitted] as usize,
        open.candidates.len() - narrow.candidates.len()
    );
    let kept: Vec<_> = open
        .candidates
        .iter()
        .filter(|one| !is_left_out(one.alumnus_id.0.as_u128()))
        .collect();
    assert!(kept.len() < open.candidates.len());
    assert_eq!(kept, narrow.candidates.iter().collect::<Vec<_>>());

    let offers = [opportunity];
    let feeds = [Policy::default(), strict].map(|policy| feed_of(&offers, &policy, &pool));
    assert!(!feeds[0].items.is_empty());
    assert_eq!(feeds[0].items, feeds[1].items);
}

#[test]
fn a_feed_shows_as_many_new_items_as_the_cap_allows_and_counts_the_others() {
    let pool = mixed_pool();
    let capped = |max| Policy {
        feed_new_items_per_week: max,
        ..Policy::default()
    };
    // Seven days of Japan time, the day of recording counted: 20 November is the seventh from the 14th.
    let offers = [
        offered("経理", "2026-11-13T15:00:00Z"),
        offered("連結決算", "2026-11-20T02:00:00Z"),
        offered("税務申告", "2026-11-13T14:59:59Z"),
        offered("決算の統括", "2026-11-18T00:00:00Z"),
    ];
    let open = feed_of(&offers, &capped(None), &pool);
    assert_eq!(open.items.len(), offers.len(), "all fit");
    assert_eq!(open.left_out.get(&Ineligible::HeldBack), None);

    let old = offers[2].opportunity.id;
    let one = feed_of(&offers, &capped(Some(1)), &pool);
    assert_eq!(one.left_out[&Ineligible::HeldBack], 2);
    assert_eq!(one.items.len(), 2);
    assert!(one.items.iter().any(|item| item.opportunity_id == old));
    let best_new = open.items.iter().find(|item| item.opportunity_id != old).unwrap();
    assert!(
        one.items.contains(best_new),
        "the best of the new ones stays, as it was"
    );
    let three = feed_of(&offers, &capped(Some(3)), &pool);
    assert_eq!(three, open);
}

#[test]
fn another_company_of_the_group_ranks_only_those_who_share_and_only_for_its_purposes() {
    let mut pool = pool(&[accountant(), accountant(), accountant()]);
    let of = |company: &str, purposes: &[Purpose]| {
        let mut standing = Standing::new(AlumnusStatus::Active, Interest::ALL, purposes, None, 96);
        standing.employment.group_company = Some(company.to_owned());
        standing
    };
    pool.set_standing(id(0), of("bank", &[Purpose::Rehire]));
    pool.set_standing(id(1), of("trust", &[Purpose::Rehire, Purpose::GroupSharing]));
    pool.set_standing(id(2), of("trust", &[Purpose::Rehire]));
    let analyzed = role("経理", &["決算"], "月次と年次の連結決算。");
    let offered = Opportunity {
        group_company: Some("bank".to_owned()),
        ..Opportunity::clone(&analyzed.opportunity)
    };
    let opportunity = analysis::opportunity(&analyzer(), &offered);
    let ranked = |shared_kinds: &[OpportunityKind]| {
        let policy = Policy {
            group_companies: vec![GroupCompany {
                code: "bank".to_owned(),
                name: "青葉銀行".to_owned(),
                shared_kinds: shared_kinds.to_vec(),
            }],
            ..Policy::default()
        };
        let request = RankRequest {
            reader: &Asker::COMPANY,
            opportunity: &opportunity,
            policy: &policy,
            now: now(),
            withheld: &HashMap::new(),
        };
        let ranking = rank(&request, &pool, &Model::bundled());
        let mut ids: Vec<_> = ranking.candidates.iter().map(|one| one.alumnus_id).collect();
        ids.sort_unstable();
        (ids, ranking.left_out[&Ineligible::NotSharedInGroup])
    };
    // The others are of no company and did not consent to be shared.
    let n_others = others().len() as u32;
    assert_eq!(
        ranked(&[OpportunityKind::Role]),
        (vec![id(0), id(1)], n_others + 1)
    );
    assert_eq!(
        ranked(&[OpportunityKind::SpeakerSlot]),
        (vec![id(0)], n_others + 2)
    );
}
