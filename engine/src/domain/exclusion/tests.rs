use super::*;

fn at(day: u32) -> DateTime<Utc> {
    format!("2026-11-{day:02}T00:00:00Z").parse().unwrap()
}

fn unit(name: &str) -> Exclusion {
    Exclusion {
        target: ExclusionTarget::Unit(name.to_owned()),
        since: at(1),
    }
}

fn staff(subject: &str, unit: &str) -> Exclusion {
    Exclusion {
        target: ExclusionTarget::Staff {
            subject: subject.to_owned(),
            unit: unit.to_owned(),
        },
        since: at(2),
    }
}

fn asker(unit: Option<&str>, subject: Option<&str>) -> Asker {
    Asker::new(unit, subject)
}

#[test]
fn an_exclusion_holds_for_the_unit_for_what_lies_in_it_and_for_what_lies_around_it() {
    let of = |excluded: &str, asking: &str| {
        let exclusions = Exclusions::new(&[unit(excluded)], &HiringManagers::default());
        exclusions.apply_to(&asker(Some(asking), None))
    };
    for (excluded, asking) in [
        ("物流部", "物流部"),
        ("物流部", " 物流部　"),
        ("物流部", "物流部/配送課"),
        ("物流部", "物流部　配送課"),
        ("物流部", "物流部＞配送課"),
        ("物流部/配送課", "物流部"),
        ("営業 部", "営業部"),
        ("EC事業部", "ＥＣ事業部"),
        ("Sales", "SALES"),
    ] {
        assert!(of(excluded, asking), "{excluded} {asking}");
    }
    for (excluded, asking) in [
        ("物流部", "物流部門"),
        ("物流部", "第二物流部"),
        ("物流部/配送課", "物流部/企画課"),
        ("配送課", "物流部/配送課"),
    ] {
        assert!(!of(excluded, asking), "{excluded} {asking}");
    }
}

#[test]
fn whoever_has_no_unit_stands_for_the_whole_company() {
    let excluding = Exclusions::new(&[unit("物流部")], &HiringManagers::default());
    assert!(excluding.apply_to(&Asker::COMPANY));
    assert!(excluding.apply_to(&asker(Some("　"), Some("kanri"))));
    assert!(!Exclusions::default().apply_to(&Asker::COMPANY));
}

#[test]
fn excluding_a_member_of_staff_excludes_their_unit_and_every_unit_they_hire_in() {
    let managers =
        HiringManagers::collect([("Bucho@aoba.example", "購買部"), ("other", "法務部")].into_iter());
    let mut excluding = Exclusions::new(&[staff("bucho@aoba.example ", "物流部")], &managers);
    for (unit, subject, is_excluded) in [
        ("法務部", Some("bucho@aoba.example"), true),
        ("物流部", Some("other"), true),
        ("購買部/資材課", None, true),
        ("法務部", Some("other"), false),
        ("法務部", None, false),
    ] {
        assert_eq!(
            excluding.apply_to(&asker(Some(unit), subject)),
            is_excluded,
            "{unit} {subject:?}"
        );
    }
    excluding.follow(&HiringManagers::default());
    assert!(!excluding.apply_to(&asker(Some("購買部"), None)));
}

#[test]
fn what_cannot_be_read_excludes_everybody_since_ever() {
    assert!(Exclusions::UNREADABLE.apply_to(&asker(Some("法務部"), None)));
    assert!(Exclusions::UNREADABLE.since(&Asker::COMPANY) < Some(at(1)));
    let two = Exclusions::new(
        &[staff("a", "物流部"), unit("物流部")],
        &HiringManagers::default(),
    );
    assert_eq!(two.since(&asker(Some("物流部"), None)), Some(at(1)));
}

#[test]
fn nothing_of_an_exclusion_can_be_printed() {
    let exclusion = staff("bucho", "物流部");
    let exclusions = Exclusions::new(std::slice::from_ref(&exclusion), &HiringManagers::default());
    let shown = format!("{exclusion:?} {:?} {exclusions:?}", exclusion.target);
    assert_eq!(shown, "[confidential] [confidential] [confidential]");
    assert_eq!(
        format!("{exclusions:?}"),
        format!("{:?}", Exclusions::default()),
        "empty and not look alike"
    );
}
