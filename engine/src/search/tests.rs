//! What a search shows of what it found.

use super::*;
use crate::domain::{
    Alumnus, AlumnusId, AlumnusStatus, AlumnusView, CompanyId, Interest, LanguageLevel, LanguageSkill,
    PersonName, Position, Profile, Purpose, Role, Standing, Tenure, Viewer,
};
use crate::features::analysis;
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
    let query = TypedQuery::new(analyzer, query);
    show(analyzer, &query, &[Texts::of_person(&view, None)]).remove(0)
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

/// What only what is written out shows: other names, forms of which the words around decide, own circumstances, work of
/// others, numbers, cuts that are none.
const WRITTEN: &[&str] = &[
    "サーバーの運用とＳＥＲＶＥＲの更新",
    "セールスの責任者として法人営業を十年。営業マンの育成も。",
    "KAMとして商談とアカウントを担当。KAは量販",
    "AMとしてSEとISに従事",
    "英語で商談。リードとアポを獲得",
    "夫の転勤で新潟に移り、在宅で経理をしています。営業も。",
    "秘書に支えられ、会社を経営。TOEIC900点、toeic 880、2019年から3年",
    "築地銀だこの店員から地銀に転じ、各地銀の担当",
    "マネージャー、マネジメント・コーチング、立ち上げた工場の立ち上げ",
    "東京スカパラダイスオーケストラ",
    "一二三 花の木、木の花",
    "東京都",
    " 　",
    "",
];

const ASKED: &[&str] = &[
    "営業",
    "セールス",
    "sales manager",
    "サーバー",
    "サーバ",
    "サーバー 運用",
    "マネージャー",
    "マネジメント",
    "地銀",
    "銀行",
    "秘書",
    "秘書 経営",
    "経理",
    "人事",
    "採用 人事",
    "総務",
    "製造",
    "品質管理",
    "データ分析 SQL",
    "900",
    "TOEIC 900",
    "3年 2019",
    "簿記2級",
    "アカウント営業",
    "キーアカウントマネージャー",
    "セールスエンジニア",
    "インサイドセールス",
    "英語",
    "東京都",
    "新潟 経理",
    "工場の立ち上げ",
    "立ち上げ",
    "一二三",
    "花 木",
    "木花",
    "花",
    "カパラ",
    "スカパラ",
    "髙橋",
    "takahashi 経理",
    "青葉ナビ",
    "受発注システム",
    "第三青葉工場",
    "工場",
    "ゴルフ",
    "、",
    "",
];

/// People whose texts are those that stand one after another in [`WRITTEN`].
fn written() -> Vec<Profile> {
    let of = |first: usize| {
        let text = |n: usize| WRITTEN[(first + n) % WRITTEN.len()].to_owned();
        Profile {
            headline: Some(text(0)),
            summary: Some(format!("{}\n{}。青葉ナビと第三青葉工場の担当", text(1), text(2))),
            prefecture: Some("東京都".parse().unwrap()),
            skills: vec![text(3), text(4)],
            qualifications: vec![text(5)],
            languages: vec![LanguageSkill {
                language: text(4),
                level: LanguageLevel::Business,
            }],
            tenures: vec![Tenure {
                department: text(6),
                title: text(7),
                from: "2011-04".parse().unwrap(),
                to: None,
                description: format!("{}。{}", text(8), text(9)),
            }],
            career_after: vec![Position {
                organization: text(10),
                title: text(2),
                from: "2021-04".parse().unwrap(),
                to: None,
                description: text(0),
            }],
            ..Profile::default()
        }
    };
    (0..WRITTEN.len()).map(of).collect()
}

fn is_shown_as_without_its_analysis(analyzer: &Analyzer, profiles: &[Profile], role: Role) {
    let analyzed: Vec<_> = profiles
        .iter()
        .map(|profile| analysis::profile(analyzer, profile))
        .collect();
    // Now and then one of them is older than what the viewer reads.
    let newer = |idx: usize, profile: &Profile| match idx % 5 {
        0 => Profile {
            headline: Some("営業から経理へ".to_owned()),
            languages: Vec::new(),
            ..profile.clone()
        },
        _ => profile.clone(),
    };
    let views: Vec<AlumnusView> = (0..)
        .zip(profiles)
        .map(|(idx, profile)| view(role, newer(idx, profile)))
        .collect();
    let with: Vec<Texts<'_>> = views
        .iter()
        .zip(&analyzed)
        .map(|(view, analyzed)| Texts::of_person(view, Some(analyzed)))
        .collect();
    let without: Vec<Texts<'_>> = views.iter().map(|view| Texts::of_person(view, None)).collect();
    let mut n_shown = 0;
    for query in ASKED {
        let typed = TypedQuery::new(analyzer, query);
        let shown = show(analyzer, &typed, &with);
        assert_eq!(shown, show(analyzer, &typed, &without), "{query}");
        n_shown += shown.iter().filter(|one| !one.reasons.is_empty()).count();
    }
    assert!(n_shown > ASKED.len(), "{n_shown} shown");
}

#[test]
fn an_analysed_profile_is_shown_as_without_its_analysis() {
    for role in [Role::Recruiter, Role::Employee] {
        is_shown_as_without_its_analysis(&analyzer(), &written(), role);
    }
}

#[test]
fn the_companys_own_words_in_an_analysed_profile_are_shown_as_without_its_analysis() {
    let word = |surface: &str, meaning: Option<&str>| UserWord {
        surface: surface.to_owned(),
        reading: None,
        meaning: meaning.map(str::to_owned),
    };
    for words in [
        vec![word("第三青葉工場", None)],
        vec![
            word("第三青葉工場", Some("工場")),
            word("青葉ナビ", Some("受発注システム")),
            word("KAM", Some("営業")),
            word("セールス", Some("営業")),
        ],
    ] {
        let own = Analyzer::new(crate::text::testing::dictionary(), &words).unwrap();
        is_shown_as_without_its_analysis(&own, &written(), Role::Recruiter);
    }
}

#[cfg(feature = "fixtures")]
#[test]
fn seeded_people_are_shown_as_without_their_analysis() {
    let people = crate::fixtures::profiles(7, 40);
    let profiles: Vec<Profile> = people.into_iter().map(|person| person.profile).collect();
    is_shown_as_without_its_analysis(&analyzer(), &profiles, Role::Recruiter);
}
