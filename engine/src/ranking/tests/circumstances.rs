//! Twins of whom one says more of their own circumstances: nothing that is computed, told or quoted differs.

use super::*;
use crate::domain::Position;

/// Everything that is told of person 0 but for where in a text it stands, and the score.
fn told(opportunity: &AnalyzedOpportunity, profile: &Profile) -> (f64, String) {
    let pool = pool(std::slice::from_ref(profile));
    let ranking = ranked(opportunity, &pool);
    let mut candidates = ranking.candidates.iter();
    let first = candidates.find(|one| one.alumnus_id == id(0)).unwrap();
    let request = ExplainRequest {
        opportunity,
        profile: pool.kept(id(0)).unwrap(),
        base: ranking.base,
        contributions: &first.contributions,
        side: Side::Candidate,
        language: Language::Japanese,
        now: now(),
        contention: None,
    };
    let explanation = explain(&request, &pool);
    let mut lines = vec![explanation.summary];
    for one in explanation.contributions {
        let quoted: Vec<&str> = one.evidence.iter().map(|one| one.snippet.as_str()).collect();
        lines.push(format!("{} {} {quoted:?}", one.feature.code(), one.text));
    }
    for one in explanation.requirements {
        lines.push(format!("{} {:?} {:?}", one.text, one.status, one.note));
    }
    (first.score, lines.join("\n"))
}

fn alike(opportunity: &AnalyzedOpportunity, says_more: &Profile, twin: &Profile) {
    let (one, other) = (told(opportunity, says_more), told(opportunity, twin));
    assert!((one.0 - other.0).abs() < 1e-9, "{} {}", one.0, other.0);
    assert_eq!(one.1, other.1);
}

fn with_summary(summary: &str) -> Profile {
    Profile {
        summary: Some(summary.to_owned()),
        ..accountant()
    }
}

#[test]
fn where_a_relative_moved_from_is_no_stance_of_the_writers() {
    // No job of theirs bears the work out, so that the headline decides.
    let person = |headline: &str| Profile {
        summary: Some("連結決算の実務と税務申告の経験があります。".to_owned()),
        ..profile(headline, tenure("総務部", "担当", "備品の発注を担当した。"))
    };
    alike(
        &accounting(),
        &person("夫の転勤で導入支援の会社を退職、経理のマネージャー"),
        &person("経理のマネージャー"),
    );
}

#[test]
fn who_is_at_home_is_no_team() {
    let leads = |description: &str| profile("経理", tenure("経理部", "課長", description));
    alike(
        &role("経理課長", &["部下5名以上のマネジメント"], ""),
        &leads("部下の指導を担当した。家では7人の子どもを育てています。"),
        &leads("部下の指導を担当した。"),
    );
}

#[test]
fn care_for_a_relative_is_no_work_in_care() {
    let role = role("介護施設の運営", &["介護の実務"], "施設の運営をお任せします。");
    alike(
        &role,
        &with_summary("決算が得意です。母の介護をしました。"),
        &with_summary("決算が得意です。"),
    );
}

#[test]
fn a_role_never_asks_for_an_experience_at_home() {
    let role = role("子育て用品の企画", &["子育ての経験"], "ベビー用品を企画します。");
    alike(
        &role,
        &with_summary("決算が得意です。二児の子育てをしています。"),
        &with_summary("決算が得意です。"),
    );
}

#[test]
fn a_title_that_tells_of_the_family_is_not_named() {
    let since = |title: &str| {
        let mut one = profile("経理", tenure("総務部", "担当", "備品の発注を担当した。"));
        one.career_after.push(Position {
            organization: "みどり会計事務所".to_owned(),
            title: title.to_owned(),
            from: "2023-04".parse().unwrap(),
            to: None,
            description: "月次と年次の連結決算、税務申告を担当した。".to_owned(),
        });
        one
    };
    let (_, text) = told(&accounting(), &since("二児の母・経理課長"));
    assert!(text.contains("みどり会計事務所で税務申告"), "{text}");
    assert!(!text.contains("二児"), "{text}");
    let (_, text) = told(&accounting(), &since("経理課長"));
    assert!(text.contains("みどり会計事務所の経理課長として"), "{text}");
}

#[test]
fn where_a_relative_works_gives_no_word_its_sense() {
    let role = role("店舗のスーパーバイザー", &["加盟店の指導"], "店舗を巡回します。");
    alike(
        &role,
        &with_summary("SVを担当しました。加盟店の会社を夫の転勤で退職しました。"),
        &with_summary("SVを担当しました。"),
    );
}

#[test]
fn an_age_without_a_word_is_not_quoted() {
    let quoted = told(
        &accounting(),
        &with_summary("連結決算を主導し、35歳、監査に対応しました。"),
    );
    assert!(!quoted.1.contains("35"), "{}", quoted.1);
}
