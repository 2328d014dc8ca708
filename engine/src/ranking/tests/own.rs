//! What a person's choices do to their own feed, and to nothing else.

use super::*;
use crate::domain::ServedListId;
use crate::ranking::learn::{Answer, Preference, Shown};

fn shop(title: &str) -> AnalyzedOpportunity {
    role(
        title,
        &["接客", "レジ"],
        "売場づくりとレジ締めに立っていただきます。",
    )
}

fn bookkeeping(title: &str) -> AnalyzedOpportunity {
    role(title, &["決算"], "月次と年次の決算、税務申告、監査法人との折衝。")
}

fn offered() -> Vec<Arc<AnalyzedOpportunity>> {
    let all = [
        shop("店舗の販売"),
        bookkeeping("経理"),
        shop("売場の接客"),
        bookkeeping("連結決算"),
    ];
    all.into_iter().map(Arc::new).collect()
}

fn asked(choices: &OwnChoices) -> FeedRanking {
    let offered = offered();
    let request = FeedRequest {
        alumnus_id: id(0),
        opportunities: &offered,
        policy: &Policy::default(),
        now: now(),
        hidden: &HashMap::new(),
        choices,
        kinds: None,
        multipliers: None,
    };
    let both = profile(
        "経理と店舗の経験者",
        tenure(
            "経理部",
            "担当",
            "決算と税務申告のほか、店舗の売場で接客とレジ締めを担当した。",
        ),
    );
    feed(
        &request,
        &pool(&[both]),
        &Model::bundled(),
        &Calibrations::default(),
    )
}

fn of_item(ranking: &FeedRanking, opportunity: &AnalyzedOpportunity, feature: FeatureId) -> f64 {
    let id = opportunity.opportunity.id;
    let item = ranking
        .items
        .iter()
        .find(|item| item.opportunity_id == id)
        .unwrap();
    item.contributions[feature as usize]
}

/// The answer to the item at `idx` of the feed as it is without choices.
fn learnt(idx: usize, answer: Answer) -> Preference {
    let shown = asked(&OwnChoices::default());
    let items: Vec<Shown> = shown
        .items
        .iter()
        .map(|item| Shown {
            contributions: item.contributions.clone(),
            kind: OpportunityKind::Role,
            is_answered: false,
        })
        .collect();
    let mut preference = Preference::new();
    preference.learn(ServedListId(Uuid::nil()), &items, idx, answer);
    preference
}

fn assert_sums(ranking: &FeedRanking) {
    for item in &ranking.items {
        let sum = ranking.base + item.contributions.iter().sum::<f64>();
        assert!((sum - item.score).abs() < 1e-12, "{sum} is not {}", item.score);
        assert!((0.0..=1.0).contains(&item.score));
    }
}

#[test]
fn a_kept_opportunity_raises_its_like_and_a_declined_one_lowers_it() {
    let another = Arc::new(shop("販売の担当"));
    let kept = asked(&OwnChoices {
        kept: vec![Arc::clone(&another)],
        ..OwnChoices::default()
    });
    let declined = asked(&OwnChoices {
        declined: vec![another],
        ..OwnChoices::default()
    });
    let (shop, books) = (shop("店舗の販売"), bookkeeping("経理"));
    let feature = FeatureId::OwnChoices;
    assert!(of_item(&kept, &shop, feature) > of_item(&kept, &books, feature));
    assert!(of_item(&declined, &shop, feature) < of_item(&declined, &books, feature));
    assert!(of_item(&declined, &shop, feature) < 0.0);
    assert_sums(&kept);
    assert_sums(&declined);
}

#[test]
fn an_opportunity_is_not_like_itself() {
    let ranking = asked(&OwnChoices {
        kept: vec![Arc::clone(&offered()[0])],
        ..OwnChoices::default()
    });
    assert_eq!(of_item(&ranking, &offered()[0], FeatureId::OwnChoices), 0.0);
    assert!(of_item(&ranking, &offered()[2], FeatureId::OwnChoices) > 0.0);
}

#[test]
fn what_is_learnt_and_explored_are_contributions_and_hide_nothing() {
    let before = asked(&OwnChoices::default());
    for (idx, answer) in [(0, Answer::Declined), (2, Answer::Taken)] {
        let after = asked(&OwnChoices {
            preference: Some(learnt(idx, answer)),
            ..OwnChoices::default()
        });
        assert_sums(&after);
        let ids = |ranking: &FeedRanking| {
            let mut ids: Vec<_> = ranking.items.iter().map(|item| item.opportunity_id).collect();
            ids.sort_unstable();
            ids
        };
        assert_eq!(ids(&after), ids(&before));
        let moved = after.items.iter().filter(|item| {
            item.contributions[FeatureId::LearntPreference as usize] != 0.0
                && item.contributions[FeatureId::Exploration as usize] > 0.0
        });
        assert!(moved.count() > 0);
    }
}

#[test]
fn a_newcomers_feed_is_as_if_nothing_were_learnt() {
    let newcomer = asked(&OwnChoices::default());
    let unlearnt = asked(&OwnChoices {
        preference: Some(Preference::new()),
        ..OwnChoices::default()
    });
    assert_eq!(newcomer, unlearnt);
    let features = [
        FeatureId::OwnChoices,
        FeatureId::LearntPreference,
        FeatureId::Exploration,
    ];
    for item in &newcomer.items {
        assert!(
            features
                .iter()
                .all(|one| item.contributions[*one as usize] == 0.0)
        );
    }
}
