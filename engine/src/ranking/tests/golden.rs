//! Orders that ranking must get right, each with the reason.

use super::*;

// Done it; listed it without a job that bears it out; nothing to do with it.
#[test]
fn golden_who_did_the_work_stands_above_who_lists_it() {
    let lists_it = Profile {
        skills: vec!["連結決算".to_owned(), "税務申告".to_owned()],
        ..profile(
            "店舗の責任者",
            tenure("小売事業部", "店長", "売場づくりと接客を担当した。"),
        )
    };
    let neither = profile(
        "店舗の責任者",
        tenure("小売事業部", "店長", "売場づくりと接客を担当した。"),
    );
    assert_eq!(
        order(&accounting(), &[neither, lists_it, accountant()]),
        [2, 1, 0]
    );
}

// Own work; next to it; others' work: the same words each time.
#[test]
fn golden_distance_lowers_a_match() {
    let told = |work: &str| profile("会社員", tenure("管理部", "担当", work));
    let people = [
        told("連結決算と税務申告は税理士に依頼した。"),
        told("連結決算と税務申告の担当者と連携した。"),
        told("連結決算と税務申告の実務を担当した。"),
    ];
    assert_eq!(order(&accounting(), &people), [2, 1, 0]);
}

// Equal experience: nearby, then far away, then far away and from home only, for work on site.
#[test]
fn golden_place_orders_equals_and_does_not_lift_who_cannot_do_the_work() {
    let far = Profile {
        prefecture: "福岡県".parse().ok(),
        ..accountant()
    };
    let home_bound = Profile {
        work_style: far.work_style.map(|style| WorkStyle {
            remote: RemotePreference::RemoteOnly,
            ..style
        }),
        ..far.clone()
    };
    let neighbour = profile(
        "店舗の責任者",
        tenure("小売事業部", "店長", "売場づくりを担当した。"),
    );
    let nearby = accountant();
    let order = order(&accounting(), &[home_bound, far, nearby, neighbour]);
    assert_eq!(order[0], 2);
    assert!(order.iter().position(|n| *n == 1) < order.iter().position(|n| *n == 3));
}

// A slot about caring for a parent: who tells of it stands above who teaches about it.
#[test]
fn golden_a_slot_on_lived_experience_is_for_those_who_lived_it() {
    let slot = opportunity(
        Terms::SpeakerSlot(SlotTerms {
            held_on: "2027-02-24".parse().ok(),
            ..SlotTerms::default()
        }),
        "親の介護と仕事",
        &["親の介護と仕事の両立"],
        "体験をお話しください。",
    );
    let lived = Profile {
        summary: Some("母の介護で二年間休みました。".to_owned()),
        ..profile("倉庫の担当", tenure("物流本部", "担当", "検品を担当した。"))
    };
    let teaches = profile(
        "介護と仕事の両立支援コンサルタント",
        tenure("人事部", "担当", "社会保険の手続きを担当した。"),
    );
    assert_eq!(order(&slot, &[teaches, lived]), [1, 0]);
}
