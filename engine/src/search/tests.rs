//! What a search shows of what it found.

use super::*;
use crate::domain::{
    Alumnus, AlumnusId, AlumnusStatus, AlumnusView, CompanyId, Interest, PersonName, Profile, Purpose, Role,
    Standing, Viewer,
};
use crate::text::testing::analyzer;
use crate::text::{Analyzer, UserWord};
use uuid::Uuid;

fn view(role: Role, profile: Profile) -> AlumnusView {
    let company_id = CompanyId(Uuid::from_u128(1));
    let viewer = Viewer {
        company_id,
        role,
        subject: "somebody".to_owned(),
        unit: None,
        alumnus_id: None,
    };
    let alumnus = Alumnus {
        id: AlumnusId(Uuid::from_u128(2)),
        company_id,
        external_id: None,
        name: PersonName {
            kanji: "髙橋 花子".to_owned(),
            kana: Some("タカハシ ハナコ".to_owned()),
        },
        email: None,
        status: AlumnusStatus::Active,
        interests: Vec::new(),
        profile,
    };
    let standing = Standing::new(
        AlumnusStatus::Active,
        &[Interest::Mentoring],
        &[Purpose::Directory],
        None,
        12,
    );
    AlumnusView::new(&viewer, alumnus, &standing).unwrap()
}

fn shown(query: &str, role: Role, headline: &str, skills: &[&str]) -> Shown {
    shown_by(&analyzer(), query, role, headline, skills)
}

fn shown_by(analyzer: &Analyzer, query: &str, role: Role, headline: &str, skills: &[&str]) -> Shown {
    let view = view(
        role,
        Profile {
            headline: Some(headline.to_owned()),
            skills: skills.iter().map(|skill| (*skill).to_owned()).collect(),
            ..Profile::default()
        },
    );
    show(
        analyzer,
        &TypedQuery::new(analyzer, query),
        &Text::of_person(&view),
    )
}

/// What stands highlighted in the phrases.
fn highlighted(shown: &Shown) -> Vec<String> {
    let of = |snippet: &Snippet| {
        let units: Vec<u16> = snippet.snippet.encode_utf16().collect();
        let words = snippet.highlights.iter();
        words
            .map(|range| String::from_utf16(&units[range.start as usize..range.end as usize]).unwrap())
            .collect::<Vec<_>>()
    };
    shown.snippets.iter().flat_map(of).collect()
}

fn japanese(shown: &Shown) -> Vec<String> {
    shown.reasons.iter().map(Reason::japanese).collect()
}

#[test]
fn the_reason_names_the_other_name() {
    for (query, text, reason, word) in [
        (
            "営業",
            "😊セールスの責任者",
            "「セールス」は「営業」の同義語です。",
            "セールス",
        ),
        (
            "営業",
            "sales manager",
            "「sales」は「営業」の同義語です。",
            "sales",
        ),
        (
            "地銀",
            "地方銀行に勤務",
            "「地方銀行」は「地銀」の同義語です。",
            "地方銀行",
        ),
        (
            "秘書",
            "役員サポート",
            "「役員サポート」は「秘書」に含まれます。",
            "役員サポート",
        ),
        (
            "経理",
            "アカウンティング",
            "「アカウンティング」は「経理」の同義語です。",
            "アカウンティング",
        ),
        (
            "秘書",
            "セクレタリーとして勤務",
            "「セクレタリー」は「秘書」の同義語です。",
            "セクレタリー",
        ),
        (
            "セールス",
            "法人営業を十年",
            "「営業」は「セールス」の同義語です。",
            "営業",
        ),
        ("営業", "法人営業を十年", "「営業」が含まれます。", "営業"),
        (
            "ｻｰﾊﾞｰ",
            "ＳＥＲＶＥＲの運用",
            "「ｻｰﾊﾞｰ」が含まれます。",
            "ＳＥＲＶＥＲ",
        ),
        (
            "秘書",
            "秘書に支えられ、会社を経営",
            "「秘書」は、ご本人の仕事としては書かれていません。",
            "秘書",
        ),
        ("空港", "関西国際空港", "「空港」が含まれます。", "空港"),
        (
            "スカパラ",
            "東京スカパラダイスオーケストラ",
            "「スカパラ」が含まれます。",
            "スカパラ",
        ),
    ] {
        let shown = shown(query, Role::Recruiter, text, &["速記"]);
        assert_eq!(japanese(&shown), [reason], "{query} in {text}");
        assert_eq!(highlighted(&shown), [word], "{query} in {text}");
    }
    let shown = shown("営業", Role::Recruiter, "セールスの責任者", &[]);
    assert_eq!(shown.reasons[0].english(), "“セールス” is a synonym of “営業”.");
}

#[test]
fn the_reason_names_the_companys_word_and_what_it_means() {
    let words = [UserWord {
        surface: "青葉ナビ".to_owned(),
        reading: None,
        meaning: Some("受発注システム".to_owned()),
    }];
    let own = Analyzer::new(crate::text::testing::dictionary(), &words).unwrap();
    for (query, text, word) in [
        ("受発注システム", "青葉ナビの刷新", "青葉ナビ"),
        ("青葉ナビ", "受発注システムの刷新", "受発注システム"),
    ] {
        let shown = shown_by(&own, query, Role::Recruiter, text, &[]);
        assert_eq!(
            japanese(&shown),
            ["「青葉ナビ」は貴社の言葉で「受発注システム」のことです。"],
            "{query}"
        );
        assert_eq!(
            shown.reasons[0].english(),
            "“青葉ナビ” is “受発注システム” in your company's words."
        );
        assert_eq!(highlighted(&shown), [word]);
    }
}

#[test]
fn a_name_is_highlighted_as_it_is_written_or_read() {
    for (query, word, asked) in [
        ("高橋", "髙橋", "高橋"),
        ("たかはし", "タカハシ", "たかはし"),
        ("takahashi", "タカハシ", "takahashi"),
    ] {
        let shown = shown(query, Role::Employee, "経理", &[]);
        assert_eq!(highlighted(&shown), [word], "{query}");
        assert_eq!(japanese(&shown), [format!("氏名が「{asked}」に一致します。")]);
        assert_eq!(shown.snippets[0].field, SearchField::Name);
    }
}

#[test]
fn nothing_is_quoted_that_the_viewer_may_not_read() {
    let of = |role| shown("秘書", role, "また秘書として働きたい", &["秘書検定の講師"]);
    assert_eq!(of(Role::Recruiter).snippets.len(), 2);
    assert_eq!(
        of(Role::Employee)
            .snippets
            .iter()
            .map(|one| one.field)
            .collect::<Vec<_>>(),
        [SearchField::Skills]
    );
}

#[test]
fn own_circumstances_are_never_quoted() {
    let shown = shown(
        "経理 新潟",
        Role::Recruiter,
        "夫の転勤で新潟に移り、在宅で経理をしています。",
        &[],
    );
    assert_eq!(highlighted(&shown), ["経理"]);
    assert!(
        shown.snippets.iter().all(|one| !one.snippet.contains("夫")),
        "{shown:?}"
    );
}

#[test]
fn only_the_strongest_phrases_are_shown() {
    let shown = shown(
        "営業",
        Role::Recruiter,
        "営業",
        &["営業企画", "営業事務", "セールス", "営業推進", "営業管理"],
    );
    assert_eq!(shown.snippets.len(), SNIPPETS_MAX);
    assert_eq!(shown.snippets[0].field, SearchField::Headline);
}
