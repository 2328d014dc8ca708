//! The index against invented profiles: PRODUCT.md's table, hostile queries, and what must survive on disk.

use std::collections::BTreeSet;
use std::path::PathBuf;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::terms::SlotTerms;
use crate::domain::{
    AlumnusId, CompanyId, Opportunity, OpportunityId, OpportunityStatus, PersonName, Profile, Remote, Tenure,
    Terms, YearMonth,
};
use crate::text::testing::analyzer;
use crate::text::{Analyzer, UserWord};

/// Profiles that share characters, but no meaning, with what the table looks for.
const DISTRACTORS: &[&str] = &[
    "商品多数の棚割りと品質管理を担当",
    "東京都内の店舗開発",
    "築地銀だこの店長として店舗運営",
    "プログラマとして勤務",
    "極秘書類の電子化",
    "配送と管理の仕事、配車計画",
    "空調設備と港湾の保守",
    "中東向け輸出の通関",
    "京成沿線の都市計画",
    "総務と庶務",
];

struct Fixture {
    dir: tempfile::TempDir,
    index: CompanyIndex,
    headlines: Vec<String>,
}

impl Fixture {
    /// One alumnus for each headline, after the distractors.
    fn with(headlines: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let index = CompanyIndex::open_or_create(&dir.path().join("index"), analyzer()).unwrap();
        let mut fixture = Self {
            dir,
            index,
            headlines: Vec::new(),
        };
        for headline in headlines.iter().chain(DISTRACTORS) {
            fixture.add(headline);
        }
        fixture.index.commit(1).unwrap();
        fixture
    }

    fn add(&mut self, headline: &str) {
        let profile = Profile {
            headline: Some(headline.to_owned()),
            ..Profile::default()
        };
        let id = id(self.headlines.len());
        self.index
            .upsert_alumnus(id, &name("山本 一郎", "ヤマモト イチロウ"), &profile, b"")
            .unwrap();
        self.headlines.push(headline.to_owned());
    }

    fn find(&self, query: &str) -> Vec<&str> {
        let found = self
            .index
            .search_alumni(query, SearchScope::WholeProfile, 20)
            .unwrap();
        assert!(found.n_total >= found.hits.len());
        found
            .hits
            .iter()
            .map(|hit| self.headlines[hit.0.as_u128() as usize].as_str())
            .collect()
    }
}

fn id(idx: usize) -> AlumnusId {
    AlumnusId(Uuid::from_u128(idx as u128))
}

fn name(kanji: &str, kana: &str) -> PersonName {
    PersonName {
        kanji: kanji.to_owned(),
        kana: Some(kana.to_owned()),
    }
}

fn tenure(department: &str, title: &str, description: &str) -> Tenure {
    let month = |text: &str| text.parse::<YearMonth>().unwrap();
    Tenure {
        department: department.to_owned(),
        title: title.to_owned(),
        from: month("2015-04"),
        to: Some(month("2020-03")),
        description: description.to_owned(),
    }
}

#[test]
fn the_table_of_japanese_text_that_must_work() {
    let rows: &[(&str, &[&str], &[&str])] = &[
        ("東京", &["東京特許許可局", "東京スカパラダイスオーケストラ"], &[]),
        ("東", &["東京バナナ"], &[]),
        ("日東", &["日東電工株式会社の経営者"], &[]),
        ("東, 日東", &["東京バナナ", "日東電工株式会社の経営者"], &[]),
        ("空港", &["関西国際空港"], &["空調設備と港湾の保守"]),
        ("ヴィーガン", &["ビーガン", "ヴィーガン"], &[]),
        ("ビーガン", &["ビーガン", "ヴィーガン"], &[]),
        (
            "配管",
            &["配管工"],
            &["商品多数の棚割りと品質管理を担当", "配送と管理の仕事、配車計画"],
        ),
        ("京都", &["京都市"], &["東京都内の店舗開発", "京成沿線の都市計画"]),
        ("ラマ", &["ラマの飼育"], &["プログラマとして勤務"]),
        ("of", &["Ｃｕｌｔｕｒｅ ｏｆ Ｊａｐａｎ"], &["office の移転"]),
        ("サーバ", &["サーバー", "ＳＥＲＶＥＲ"], &[]),
        ("ｻｰﾊﾞｰ", &["サーバー", "ＳＥＲＶＥＲ"], &[]),
        ("server", &["サーバー", "ＳＥＲＶＥＲ"], &[]),
        ("取組み", &["取り組み"], &[]),
        ("取り組み", &["取り組み"], &[]),
        ("取組", &["取り組み"], &[]),
        ("引越し", &["引っ越し"], &[]),
        ("魈", &["魈という字"], &[]),
        ("😊", &["よろしく😊"], &[]),
    ];
    let wanted: BTreeSet<&str> = rows.iter().flat_map(|row| row.1.iter().copied()).collect();
    let mut headlines: Vec<&str> = wanted.into_iter().collect();
    headlines.push("office の移転");
    let fixture = Fixture::with(&headlines);

    for (query, found, not_found) in rows {
        let hits = fixture.find(query);
        for headline in *found {
            assert!(hits.contains(headline), "{query} must find {headline}: {hits:?}");
        }
        for headline in *not_found {
            assert!(
                !hits.contains(headline),
                "{query} must not find {headline}: {hits:?}"
            );
        }
    }
}

/// What a query finds, best first: groups whose members are in no order among themselves; nothing else.
#[test]
fn other_names_stand_below_the_word_and_whoever_had_it_done_below_whoever_did_it() {
    let rows: &[(&str, &[&[&str]])] = &[
        (
            "地銀",
            &[
                &["地銀で融資を担当", "元地銀"],
                &["地方銀行に勤務"],
                &["築地銀だこの店員", "築地銀だこの店長として店舗運営"],
            ],
        ),
        (
            "営業",
            &[
                &["営業を十年", "法人営業"],
                &["セールスの責任者", "sales manager"],
                &["営業は代理店に任せ、開発に専念"],
            ],
        ),
        (
            "秘書",
            &[
                &["社長秘書", "秘書室", "秘書として会長を支えた"],
                &["セクレタリー"],
                &["役員サポート"],
                &["秘書に支えられ、会社を経営"],
            ],
        ),
        (
            "経理",
            &[&["経理部の主任"], &["アカウンティング"], &["経理は税理士に依頼"]],
        ),
        (
            "セールス",
            &[
                &["セールスの責任者", "sales manager"],
                &["営業を十年", "法人営業"],
            ],
        ),
        ("経理 セールス", &[&["経理とセールス"]]),
    ];
    let not_meant = ["極秘書類の整理", "経路の理解", "営みと業", "深夜の営繕業務"];
    for (query, groups) in rows {
        let mut headlines: Vec<&str> = groups.concat();
        headlines.extend(not_meant);
        headlines.retain(|headline| !DISTRACTORS.contains(headline));
        // Those that must stand last come first: an index without any order would fail.
        headlines.reverse();
        let fixture = Fixture::with(&headlines);
        let hits = fixture.find(query);
        let mut rest = hits.as_slice();
        for group in *groups {
            let (these, others) = rest.split_at(group.len().min(rest.len()));
            let (these, wanted): (BTreeSet<_>, BTreeSet<_>) =
                (these.iter().collect(), group.iter().collect());
            assert_eq!(these, wanted, "{query}: {hits:?}");
            rest = others;
        }
        assert_eq!(rest, Vec::<&str>::new(), "{query}");
    }
}

#[test]
fn what_peers_may_not_read_is_found_under_no_other_name() {
    let dir = tempfile::tempdir().unwrap();
    let index = CompanyIndex::open_or_create(dir.path(), analyzer()).unwrap();
    let profile = Profile {
        headline: Some("セクレタリーとして復帰したい".to_owned()),
        summary: Some("アカウンティングは税理士に依頼".to_owned()),
        skills: vec!["セールス".to_owned()],
        ..Profile::default()
    };
    index
        .upsert_alumnus(id(7), &name("髙橋 花子", "タカハシ ハナコ"), &profile, b"stored")
        .unwrap();
    index.commit(3).unwrap();
    let n_found = |query, scope| index.search_alumni(query, scope, 10).unwrap().n_total;
    for hidden in ["秘書", "経理", "アカウンティング", "税理士"] {
        assert_eq!(n_found(hidden, SearchScope::PeerVisible), 0, "{hidden}");
        assert_eq!(n_found(hidden, SearchScope::WholeProfile), 1, "{hidden}");
    }
    assert_eq!(n_found("営業", SearchScope::PeerVisible), 1);
}

#[test]
fn names_are_found_in_kanji_kana_and_letters_in_either_order() {
    let dir = tempfile::tempdir().unwrap();
    let index = CompanyIndex::open_or_create(dir.path(), analyzer()).unwrap();
    for (idx, (kanji, kana)) in [
        ("髙橋 真一", "タカハシ シンイチ"),
        ("齊藤 花子", "サイトウ ハナコ"),
        ("田中 太郎", "タナカ タロウ"),
        ("渡邉 愛", "ワタナベ アイ"),
        ("大野 譲二", "オオノ ジョウジ"),
        ("小野 譲二", "オノ ジョウジ"),
        ("瀬尾 健", "セオ ケン"),
    ]
    .into_iter()
    .enumerate()
    {
        index
            .upsert_alumnus(id(idx), &name(kanji, kana), &Profile::default(), b"")
            .unwrap();
    }
    let profile = Profile {
        skills: vec!["SEO".to_owned()],
        ..Profile::default()
    };
    index
        .upsert_alumnus(id(9), &name("山本 一", "ヤマモト ハジメ"), &profile, b"")
        .unwrap();
    index.commit(1).unwrap();
    let find = |query: &str| {
        index
            .search_alumni(query, SearchScope::PeerVisible, 10)
            .unwrap()
            .hits
    };
    for (query, found) in [
        ("高橋", &[0][..]),
        ("髙橋", &[0]),
        ("takahashi", &[0]),
        ("Takahasi Sin'iti", &[0]),
        ("Shinichi Takahashi", &[0]),
        ("斎藤", &[1]),
        ("齋藤", &[1]),
        ("斉藤花子", &[1]),
        ("花子　齊藤", &[1]),
        ("saitoh", &[1]),
        ("たなか", &[2]),
        ("タナカ", &[2]),
        ("ﾀﾅｶ", &[2]),
        ("tanaka taro", &[2]),
        ("Tarō Tanaka", &[2]),
        ("tarotanaka", &[2]),
        ("渡辺", &[3]),
        ("渡邊", &[3]),
        ("watanabe", &[3]),
        ("ohno", &[4, 5]),
        ("ōno", &[4, 5]),
        ("oono", &[4, 5]),
        ("joji", &[4, 5]),
        ("seo", &[9, 6]),
        // Nobody has both; whoever has one of them stands for what was meant.
        ("tanaka hanako", &[1, 2]),
    ] {
        let wanted: Vec<AlumnusId> = found.iter().map(|idx| id(*idx)).collect();
        assert_eq!(find(query), wanted, "{query}");
    }
}

#[test]
fn short_words_that_nobody_has_do_not_match_by_chance() {
    let fixture = Fixture::with(&[]);
    for query in [
        "京都", "ラマ", "配管", "品多", "空港", "ッー", "魈", "", " ", "、", "\0", "がの",
    ] {
        assert_eq!(fixture.find(query), Vec::<&str>::new(), "{query}");
    }
}

#[test]
fn profiles_of_kanji_alone_are_not_lost_when_new_ones_arrive() {
    let mut fixture = Fixture::with(&["東京特許許可局"]);
    for batch in 0..12 {
        for _ in 0..5 {
            fixture.add("東京都港区の東京タワーで東京を案内する東京の人");
        }
        fixture.index.commit(batch + 2).unwrap();
        let found = fixture
            .index
            .search_alumni("東京", SearchScope::WholeProfile, 100)
            .unwrap();
        assert!(found.hits.contains(&id(0)), "after batch {batch}");
    }
}

#[test]
fn all_words_stand_above_some_words_and_neighbours_above_the_scattered() {
    let fixture = Fixture::with(&["秘書の経験があり、社長とも働いた", "社長秘書", "秘書 秘書 秘書"]);
    assert_eq!(
        fixture.find("社長秘書"),
        ["社長秘書", "秘書の経験があり、社長とも働いた", "秘書 秘書 秘書"]
    );
}

#[test]
fn whatever_is_typed_is_text() {
    let fixture = Fixture::with(&["よろしく😊"]);
    let megabyte = "東京".repeat(200_000);
    let spaced = "a b ".repeat(300_000);
    for query in [
        "a:b AND (",
        "*",
        "\"",
        "headline:[* TO *]",
        "\u{301}\u{301}",
        "ﾞﾟ",
        "東京\0\u{1}",
        "\u{202e}東京",
        megabyte.as_str(),
        spaced.as_str(),
        "((((((((((((((((",
        "-東京 +京都 ~1 ^2",
        "ーーーー",
        "𠮷野家",
        "👨‍👩‍👧",
    ] {
        fixture.find(query);
    }
}

#[test]
fn a_page_is_the_beginning_of_all_that_are_found() {
    let fixture = Fixture::with(&[
        "営業の責任者",
        "営業と経理",
        "法人営業",
        "営業、営業、営業",
        "経理の責任者",
        "経理部の営業経理",
    ]);
    let is_asked_for = |id: AlumnusId| id.0.as_u128() % 4 < 2;
    for query in ["営業", "経理", "営業 経理", "責任者"] {
        let find = |limit| {
            let index = &fixture.index;
            index
                .search_alumni_among(query, SearchScope::WholeProfile, limit, is_asked_for)
                .unwrap()
        };
        let all = find(usize::MAX);
        assert!(
            !all.hits.is_empty() && all.hits.iter().all(|id| is_asked_for(*id)),
            "{query}"
        );
        assert_eq!(all.n_total, all.hits.len());
        for limit in 0..=all.n_total {
            let page = find(limit);
            assert_eq!(page.hits, all.hits[..limit], "{query}");
            assert_eq!(page.relevances, all.relevances[..limit]);
            assert_eq!(page.n_total, all.n_total);
        }
    }
}

#[test]
fn the_limit_counts_the_page_and_the_total_counts_everybody() {
    let fixture = Fixture::with(&["営業", "営業", "営業", "営業"]);
    let found = fixture
        .index
        .search_alumni("営業", SearchScope::WholeProfile, 2)
        .unwrap();
    assert_eq!(found.hits, [id(0), id(1)]);
    assert_eq!(found.n_total, 4);
    assert_eq!(
        fixture
            .index
            .search_alumni("営業", SearchScope::WholeProfile, 0)
            .unwrap()
            .n_total,
        4
    );
}

#[test]
fn peers_do_not_search_headlines_and_summaries() {
    let dir = tempfile::tempdir().unwrap();
    let index = CompanyIndex::open_or_create(dir.path(), analyzer()).unwrap();
    let profile = Profile {
        headline: Some("また青葉で働きたい秘書".to_owned()),
        summary: Some("復帰を希望".to_owned()),
        skills: vec!["速記".to_owned()],
        tenures: vec![tenure("総務部", "主任", "株主総会の運営")],
        ..Profile::default()
    };
    index
        .upsert_alumnus(id(7), &name("髙橋 花子", "タカハシ ハナコ"), &profile, b"stored")
        .unwrap();
    index.commit(3).unwrap();
    let n_found = |query, scope| index.search_alumni(query, scope, 10).unwrap().n_total;

    for hidden in ["青葉", "復帰", "復", "秘書"] {
        assert_eq!(n_found(hidden, SearchScope::PeerVisible), 0, "{hidden}");
        assert_eq!(n_found(hidden, SearchScope::WholeProfile), 1, "{hidden}");
    }
    for shown in [
        "速記",
        "総務部",
        "株主総会",
        "高橋",
        "たかはし",
        "タカハシハナコ",
        "髙橋 花子",
    ] {
        assert_eq!(n_found(shown, SearchScope::PeerVisible), 1, "{shown}");
    }
}

fn slot(number: u128, title: &str, topics: &[&str]) -> Opportunity {
    Opportunity {
        id: OpportunityId(Uuid::from_u128(number)),
        company_id: CompanyId(Uuid::from_u128(1)),
        external_id: None,
        title: title.to_owned(),
        description: "社員向けの講演会です。".to_owned(),
        department: Some("人事部".to_owned()),
        group_company: None,
        hiring_manager: None,
        status: OpportunityStatus::Open,
        required_skills: topics.iter().map(|topic| (*topic).to_owned()).collect(),
        preferred_skills: Vec::new(),
        products: Vec::new(),
        prefecture: None,
        remote: Remote::Remote,
        seats: 1,
        hours_per_week: None,
        starts_on: None,
        ends_on: None,
        compensation: None,
        closes_at: None,
        created_at: chrono::DateTime::UNIX_EPOCH,
        terms: Terms::SpeakerSlot(SlotTerms::default()),
    }
}

#[test]
fn opportunities_are_found_by_all_that_they_say_and_alumni_are_not_among_them() {
    let dir = tempfile::tempdir().unwrap();
    let index = CompanyIndex::open_or_create(dir.path(), analyzer()).unwrap();
    let profile = Profile {
        skills: vec!["介護食の開発".to_owned()],
        ..Profile::default()
    };
    index
        .upsert_alumnus(id(1), &name("山本 一", "ヤマモト"), &profile, b"")
        .unwrap();
    // Of a person this would be private; a slot that asks for it must be found.
    index
        .upsert_opportunity(&slot(1, "親の介護と仕事", &["家族の介護で離職しかけた体験"]))
        .unwrap();
    index
        .upsert_opportunity(&slot(2, "サーバー運用の話", &["障害対応"]))
        .unwrap();
    index.commit(1).unwrap();
    let find = |query: &str| {
        let found = index.search_opportunities(query, 10).unwrap();
        found.hits.iter().map(|hit| hit.0.as_u128()).collect::<Vec<_>>()
    };

    assert_eq!(find("介護"), [1]);
    assert_eq!(find("ＳＥＲＶＥＲ"), [2]);
    // The shorter text first.
    assert_eq!(find("人事部"), [2, 1]);
    index
        .delete_opportunity(OpportunityId(Uuid::from_u128(1)))
        .unwrap();
    index.commit(2).unwrap();
    assert_eq!(find("介護"), Vec::<u128>::new());
    assert_eq!(index.payloads().count(), 1);
}

#[test]
fn own_circumstances_are_in_no_field() {
    let dir = tempfile::tempdir().unwrap();
    let index = CompanyIndex::open_or_create(dir.path(), analyzer()).unwrap();
    let profile = Profile {
        headline: Some("二児の母・元研究員".to_owned()),
        summary: Some("夫の転勤で新潟に移り、いまは在宅で経理をしています。".to_owned()),
        tenures: vec![tenure("経理部", "主任", "決算を担当。出産を機に退職。")],
        ..Profile::default()
    };
    index
        .upsert_alumnus(id(1), &name("山本 一", "ヤマモト"), &profile, b"")
        .unwrap();
    index.commit(1).unwrap();
    let n_found = |query| {
        index
            .search_alumni(query, SearchScope::WholeProfile, 10)
            .unwrap()
            .n_total
    };

    for private in ["夫", "転勤", "新潟", "母", "二児の母", "出産", "夫の転勤で"] {
        assert_eq!(n_found(private), 0, "{private}");
    }
    for work in ["経理", "研究員", "決算", "在宅"] {
        assert_eq!(n_found(work), 1, "{work}");
    }
}

#[test]
fn own_circumstances_give_no_word_its_sense() {
    let dir = tempfile::tempdir().unwrap();
    let index = CompanyIndex::open_or_create(dir.path(), analyzer()).unwrap();
    for (n, told) in [
        "SVを担当しました。加盟店の会社を夫の転勤で退職しました。",
        "SVを担当しました。加盟店の会社にいました。",
    ]
    .into_iter()
    .enumerate()
    {
        let profile = Profile {
            summary: Some(told.to_owned()),
            ..Profile::default()
        };
        index
            .upsert_alumnus(id(n), &name("山本 一", "ヤマモト"), &profile, b"")
            .unwrap();
    }
    index.commit(1).unwrap();
    let found = index
        .search_alumni("エリアマネージャー", SearchScope::WholeProfile, 10)
        .unwrap();
    let ids: Vec<_> = found.hits.iter().map(|hit| hit.0).collect();
    assert_eq!(ids, [id(1).0]);
}

#[test]
fn a_company_finds_its_own_words_whole_and_in_part() {
    let words = [UserWord {
        surface: "青葉台流通".to_owned(),
        reading: None,
        meaning: None,
    }];
    let own = Analyzer::new(crate::text::testing::dictionary(), &words).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let index = CompanyIndex::open_or_create(dir.path(), own).unwrap();
    let profile = Profile {
        skills: vec!["青葉台流通の立上げ".to_owned()],
        ..Profile::default()
    };
    index
        .upsert_alumnus(id(1), &name("田中 一", "タナカ ハジメ"), &profile, b"")
        .unwrap();
    index.commit(1).unwrap();
    for query in ["青葉台流通", "流通"] {
        assert_eq!(
            index
                .search_alumni(query, SearchScope::PeerVisible, 5)
                .unwrap()
                .n_total,
            1,
            "{query}"
        );
    }
}

#[test]
fn a_commit_carries_its_position_and_payloads_survive_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let open = || CompanyIndex::open_or_create(dir.path(), analyzer()).unwrap();
    let index = open();
    assert_eq!(index.position().unwrap(), 0);
    for idx in 0..3 {
        let payload = format!("payload {idx}");
        index
            .upsert_alumnus(
                id(idx),
                &name("山本 一", "ヤマモト"),
                &Profile::default(),
                payload.as_bytes(),
            )
            .unwrap();
    }
    index.commit(41).unwrap();
    index.delete_alumnus(id(1)).unwrap();
    index
        .upsert_alumnus(id(2), &name("山本 一", "ヤマモト"), &Profile::default(), b"\0new")
        .unwrap();
    index.commit(42).unwrap();
    index.delete_alumnus(id(0)).unwrap();
    drop(index);

    let index = open();
    assert_eq!(index.position().unwrap(), 42);
    let mut payloads: Vec<_> = index.payloads().collect::<Result<_, _>>().unwrap();
    payloads.sort();
    assert_eq!(
        payloads,
        [(id(0), b"payload 0".to_vec()), (id(2), b"\0new".to_vec())]
    );
}

#[test]
fn a_second_process_sees_a_commit_and_may_write_between_batches() {
    let dir = tempfile::tempdir().unwrap();
    let server = CompanyIndex::open_or_create(dir.path(), analyzer()).unwrap();
    let command = CompanyIndex::open_or_create(dir.path(), analyzer()).unwrap();
    let profile = Profile {
        skills: vec!["経理".to_owned()],
        ..Profile::default()
    };

    assert_eq!(command.begin().unwrap(), 0);
    command
        .upsert_alumnus(id(1), &name("山本 一", "ヤマモト"), &profile, b"")
        .unwrap();
    command.commit(5).unwrap();

    assert_eq!(server.begin().unwrap(), 5);
    assert_eq!(
        server
            .search_alumni("経理", SearchScope::PeerVisible, 5)
            .unwrap()
            .n_total,
        1
    );
    server.delete_alumnus(id(1)).unwrap();
    server.abandon();
    assert_eq!(command.begin().unwrap(), 5);
}

#[test]
fn a_list_of_deleted_documents_that_a_killed_commit_left_is_in_no_later_ones_way() {
    let Fixture {
        dir,
        index,
        headlines,
    } = Fixture::with(&["経理"]);
    let place = dir.path().join("index");
    let meta = place.join("meta.json");
    let lists = || -> Vec<PathBuf> {
        let files = std::fs::read_dir(&place).unwrap();
        let paths = files.map(|file| file.unwrap().path());
        paths
            .filter(|path| path.extension().is_some_and(|extension| extension == "del"))
            .collect()
    };
    let before = std::fs::read(&meta).unwrap();
    index.delete_alumnus(id(0)).unwrap();
    index.commit(2).unwrap();
    drop(index);
    let left = lists();
    assert_eq!(left.len(), 1);
    // As a process leaves it that is killed when its list is written and its commit is not.
    std::fs::write(&meta, before).unwrap();

    let index = CompanyIndex::open_or_create(&place, analyzer()).unwrap();
    let n_shown = || index.payloads().count();
    assert_eq!((index.begin().unwrap(), n_shown()), (1, headlines.len()));
    assert_eq!(lists(), Vec::<PathBuf>::new());
    index.delete_alumnus(id(0)).unwrap();
    index.commit(2).unwrap();
    assert_eq!(lists(), left, "or this test would prove nothing");
    assert_eq!((index.position().unwrap(), n_shown()), (2, headlines.len() - 1));
}

#[test]
fn an_index_of_another_version_and_a_torn_one_name_the_remedy() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("index");
    drop(CompanyIndex::open_or_create(&place, analyzer()).unwrap());
    let words = [UserWord {
        surface: "青葉台流通".to_owned(),
        reading: None,
        meaning: None,
    }];
    let other = Analyzer::new(crate::text::testing::dictionary(), &words).unwrap();
    let error = CompanyIndex::open_or_create(&place, other).unwrap_err();
    assert!(matches!(error, IndexError::OtherVersion { .. }), "{error}");
    assert!(error.to_string().contains("okaeri reindex"), "{error}");

    std::fs::write(place.join("meta.json"), "{").unwrap();
    let error = CompanyIndex::open_or_create(&place, analyzer()).unwrap_err();
    assert!(matches!(error, IndexError::Unreadable { .. }), "{error}");
    assert!(
        error.to_string().contains("okaeri reindex") && !error.to_string().contains('\n'),
        "{error}"
    );

    std::fs::remove_dir_all(&place).unwrap();
    assert_eq!(
        CompanyIndex::open_or_create(&place, analyzer())
            .unwrap()
            .position()
            .unwrap(),
        0
    );
}

#[test]
fn an_index_is_rebuilt_beside_the_live_one() {
    let fixture = Fixture::with(&["経理"]);
    let place = fixture.dir.path().join("index");
    let failed: Result<CompanyIndex, IndexError> = CompanyIndex::rebuild(&place, analyzer(), |_| {
        Err(IndexError::Busy { dir: place.clone() })
    });
    assert!(failed.is_err());
    assert_eq!(fixture.find("経理").len(), 1);

    let rebuilt = CompanyIndex::rebuild(&place, analyzer(), |index| {
        let profile = Profile {
            skills: vec!["法務".to_owned()],
            ..Profile::default()
        };
        index.upsert_alumnus(id(0), &name("山本 一", "ヤマモト"), &profile, b"")?;
        assert_eq!(fixture.find("経理").len(), 1);
        Ok::<u64, IndexError>(9)
    })
    .unwrap();
    assert_eq!(rebuilt.position().unwrap(), 9);
    assert_eq!(
        rebuilt
            .search_alumni("法務", SearchScope::PeerVisible, 5)
            .unwrap()
            .n_total,
        1
    );
    assert_eq!(std::fs::read_dir(fixture.dir.path()).unwrap().count(), 1);

    assert_eq!(fixture.index.position().unwrap(), 9);
    assert_eq!(fixture.find("経理").len(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_string_is_answered(query in any::<String>(), japanese in "[ぁ-んァ-ヶー一-龠a-z0-9 、+*:()\"]{0,30}") {
        thread_local!(static FIXTURE: Fixture = Fixture::with(&["東京バナナ"]));
        FIXTURE.with(|fixture| {
            fixture.find(&query);
            fixture.find(&japanese);
        });
    }
}

#[test]
fn no_byte_of_a_deleted_document_is_left_after_expunging() {
    let word = "zqxerasable";
    let mut fixture = Fixture::with(&["担当"]);
    let profile = Profile {
        headline: Some(format!("{word} の担当")),
        ..Profile::default()
    };
    // What is stored with the document holds the word letter by letter, as an analysed profile does.
    fixture
        .index
        .upsert_alumnus(
            id(0),
            &name("山本 一郎", "ヤマモト イチロウ"),
            &profile,
            word.as_bytes(),
        )
        .unwrap();
    fixture.add("無関係の人物");
    fixture.index.commit(2).unwrap();
    let directory = fixture.dir.path().join("index");
    let n_files_with_it = || {
        let files = std::fs::read_dir(&directory).unwrap();
        let bytes = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
        bytes
            .filter(|bytes| bytes.windows(word.len()).any(|window| window == word.as_bytes()))
            .count()
    };
    assert!(n_files_with_it() > 0, "or this test would prove nothing");

    fixture.index.delete_alumnus(id(0)).unwrap();
    fixture.index.commit(3).unwrap();
    assert!(n_files_with_it() > 0, "deleting alone keeps the document on disk");
    fixture.index.expunge().unwrap();
    assert_eq!(n_files_with_it(), 0);
    assert_eq!(fixture.index.position().unwrap(), 3);
    let found = fixture
        .index
        .search_alumni("無関係", SearchScope::WholeProfile, 10)
        .unwrap();
    assert_eq!(found.n_total, 1);
    // And again, with nothing to do.
    fixture.index.expunge().unwrap();
    assert_eq!(fixture.index.position().unwrap(), 3);
}

#[test]
fn an_index_is_looked_at_beside_its_writer_and_left_as_it_is() {
    let fixture = Fixture::with(&["経理", "法務"]);
    let place = fixture.dir.path().join("index");
    let n_people = fixture.headlines.len();
    let names = || -> BTreeSet<String> {
        let files = std::fs::read_dir(&place).unwrap();
        files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    // An open batch holds the writer's lock, and what it wrote is nobody's yet.
    fixture.index.delete_alumnus(id(0)).unwrap();
    let before = names();
    let seen = inspect(&place, &analyzer(), 3).unwrap().unwrap();
    assert_eq!((seen.position, seen.alumni.len()), (1, n_people));
    assert_eq!(
        seen.sample.iter().map(|(found, _)| *found).collect::<Vec<_>>(),
        [id(0), id(n_people.div_ceil(3)), id(2 * n_people.div_ceil(3))]
    );
    assert!(seen.damaged_files.is_empty() && seen.opportunities.is_empty());
    assert_eq!(names(), before);

    fixture.index.commit(2).unwrap();
    let seen = inspect(&place, &analyzer(), 0).unwrap().unwrap();
    assert_eq!((seen.position, seen.alumni.len()), (2, n_people - 1));
    assert!(seen.sample.is_empty() && !seen.alumni.contains(&id(0)));

    let nowhere = fixture.dir.path().join("nowhere");
    assert_eq!(inspect(&nowhere, &analyzer(), 3).unwrap(), None);
    assert!(!nowhere.exists());
}

#[test]
fn a_damaged_file_is_named_and_a_missing_one_makes_an_index_unreadable() {
    let fixture = Fixture::with(&["経理"]);
    let place = fixture.dir.path().join("index");
    let store = std::fs::read_dir(&place)
        .unwrap()
        .map(|file| file.unwrap().path())
        .find(|path| path.extension().is_some_and(|extension| extension == "fieldnorm"))
        .unwrap();
    let mut bytes = std::fs::read(&store).unwrap();
    bytes[0] ^= 1;
    // In the place of the file: the index has the old one mapped.
    std::fs::remove_file(&store).unwrap();
    std::fs::write(&store, bytes).unwrap();
    let seen = inspect(&place, &analyzer(), 0).unwrap().unwrap();
    assert_eq!(seen.damaged_files, [store.file_name().unwrap().to_str().unwrap()]);

    std::fs::remove_file(&store).unwrap();
    let error = inspect(&place, &analyzer(), 0).unwrap_err();
    assert!(matches!(error, IndexError::Unreadable { .. }), "{error}");
    std::fs::remove_file(place.join("meta.json")).unwrap();
    let error = inspect(&place, &analyzer(), 0).unwrap_err();
    assert!(error.to_string().contains("meta.json is missing"), "{error}");
}
