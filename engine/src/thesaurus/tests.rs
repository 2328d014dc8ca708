use super::*;
use crate::text::testing::dictionary;
use crate::text::{Analyzer, Compact, UserWord};

#[test]
fn the_bundled_sections_keep_every_rule() {
    let (_, problems) = Thesaurus::read(sections::SECTIONS);
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn every_section_file_is_read() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/thesaurus");
    let mut files: Vec<String> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".toml").map(str::to_owned))
        .collect();
    files.sort();
    let mut read: Vec<&str> = sections::SECTIONS.iter().map(|(name, _)| *name).collect();
    read.sort_unstable();
    assert_eq!(files, read);
}

/// The ids of the concepts that a text names, in its own context.
fn named(text: &str) -> Vec<&'static str> {
    let thesaurus = Thesaurus::bundled();
    let segmented = crate::text::testing::analyzer().segment(text);
    thesaurus
        .mentions(&segmented, || crate::text::Compact::new(text))
        .into_iter()
        .map(|mention| thesaurus.concept(mention.concept).id.as_str())
        .collect()
}

/// What `other` is to `asked`.
fn relation(asked: &str, other: &str) -> Option<Relation> {
    let thesaurus = Thesaurus::bundled();
    let (asked, other) = (thesaurus.find(asked).unwrap(), thesaurus.find(other).unwrap());
    let relatives = thesaurus.relatives(asked);
    relatives
        .iter()
        .find(|(id, _)| *id == other)
        .map(|(_, relation)| *relation)
}

#[test]
fn an_abbreviation_means_what_stands_around_it() {
    for (text, id) in [
        ("MDとしてバイヤーと品揃えを組む", "merchandising"),
        ("投資銀行でMDを務めた", "title-director"),
        ("SVとして加盟店を臨店", "area-supervisor"),
        ("SVとしてオペレーターの電話を聞く", "call-center-sv"),
        ("PMとして要件定義から導入まで", "project-manager"),
        ("PMとして賃貸ビルのオーナーへ報告", "property-management"),
        ("TAとして候補者の面接を組む", "recruiting"),
        ("TAとして方式設計を担う", "software-architecture"),
        ("SEとしてシステムを保守", "systems-engineer"),
        ("SEと効果音をつける", "video-editing"),
        ("IRで投資家と面談", "investor-relations"),
        ("カジノを含むIRの誘致", "integrated-resort"),
        ("SPとして店頭のノベルティを作る", "sales-promotion"),
        ("SPとして要人の警護", "security-guarding"),
        ("SaaSのCSとして解約を防ぐ", "customer-success"),
        ("お客様満足度（CS）の調査", "customer-satisfaction"),
        ("通販のDMをはがきで送る", "direct-mail"),
        ("インスタのDMでフォロワーに返事", "social-media"),
    ] {
        assert!(named(text).contains(&id), "{text}: {:?}", named(text));
    }
}

#[test]
fn a_word_inside_another_is_not_meant() {
    for (text, id) in [
        ("築地銀だこで働いた", "bank-industry"),
        ("営業事務を担当", "sales"),
        ("極秘書類を扱う", "secretarial-work"),
        ("非財務情報の開示", "treasury"),
        ("事務局を長く務めた", "title-secretary-general"),
    ] {
        assert!(!named(text).contains(&id), "{text}: {:?}", named(text));
    }
    assert_eq!(named("営業事務"), ["sales-admin"]);
}

#[test]
fn other_names_lead_to_the_same_work() {
    for (text, id) in [
        ("アカウンティング", "accounting-department"),
        ("経理実務経験", "accounting-department"),
        ("営業経験", "sales"),
        ("問屋", "wholesale-trade"),
        ("帳合先", "wholesaler-sales"),
        ("新商品開発", "product-development"),
        ("業務効率化", "business-improvement"),
        ("レシピを開発", "recipe-development"),
        ("サプライヤーとの価格交渉", "supplier-negotiation"),
    ] {
        assert!(named(text).contains(&id), "{text}: {:?}", named(text));
    }
}

#[test]
fn concepts_hang_together() {
    for (asked, other, wanted) in [
        ("sales", "corporate-sales", Relation::Narrower(1)),
        ("corporate-sales", "sales", Relation::Broader(1)),
        (
            "product-development",
            "food-product-development",
            Relation::Narrower(1),
        ),
        ("wholesaler-sales", "wholesale-trade", Relation::Related),
        ("nursing", "nurse-licence", Relation::Shows),
        ("nutrition-counseling", "registered-dietitian", Relation::Shows),
        ("labor-administration", "sr-licence", Relation::Shows),
        ("sr-licence", "labor-administration", Relation::ShownBy),
        // A line of business shows work and is no part of it.
        ("logistics", "trucking-industry", Relation::Shows),
    ] {
        assert_eq!(relation(asked, other), Some(wanted), "{asked}, {other}");
    }
}

#[test]
fn grades_ascend() {
    let thesaurus = Thesaurus::bundled();
    for (id, lower, higher) in [
        ("nissho-bookkeeping", "2級", "1級"),
        ("secretary-exam", "準1級", "1級"),
        ("eiken", "準2級", "2級"),
        ("jlpt", "N2", "N1"),
        ("hsk", "4級", "6級"),
        ("qc-exam", "3級", "準1級"),
        ("financial-planner-cert", "3級", "2級"),
        ("hazmat-licence", "丙種", "甲種"),
        ("electrician-licence", "第二種", "第一種"),
        ("cisco-certification", "CCNA", "CCNP"),
        ("iso-auditor", "審査員補", "主任審査員"),
    ] {
        let levels = &thesaurus.concept(thesaurus.find(id).unwrap()).levels;
        let place = |level: &str| {
            let level = crate::text::normalize(level);
            levels.iter().position(|one| *one == level).unwrap()
        };
        assert!(place(lower) < place(higher), "{id}: {levels:?}");
    }
}

#[test]
fn a_concept_is_called_by_its_unambiguous_names_and_no_other() {
    let thesaurus = Thesaurus::bundled();
    let named = |name: &str| thesaurus.named(name).map(|id| thesaurus.concept(id).ja.as_str());
    for name in ["需要予測", " 販売予測 ", "Demand Forecasting", "ﾌｫｰｷｬｽﾄ"] {
        assert_eq!(named(name), Some("需要予測"), "{name}");
    }
    // What is only part of a name, shows the work, or means it only beside certain words.
    for name in ["", "要予", "需要予測の担当", "売れ数を当て", "DF", "何でもない物"] {
        assert_eq!(named(name), None, "{name}");
    }
}

#[test]
fn a_companys_word_means_what_the_company_says_and_wins_over_what_stands_within() {
    let thesaurus = Thesaurus::bundled();
    let word = |surface: &str, meaning: &str| UserWord {
        surface: surface.to_owned(),
        reading: None,
        meaning: Some(meaning.to_owned()),
    };
    let own = [
        word("青葉ナビ", "受発注システム"),
        word("経理丸", "需要予測"),
        word("Aoba Navi", "受発注システム"),
        word("営業", "接客"),
        word("みちびき", "何でもない物"),
    ];
    let analyzer = Analyzer::new(dictionary(), &own).unwrap();
    let mentions = |text: &str| -> Vec<(String, String, Naming)> {
        let found = thesaurus.mentions(&analyzer.segment(text), || Compact::new(text));
        let told = |mention: Mention| {
            let concept = &thesaurus.concept(mention.concept).id;
            (text[mention.range].to_owned(), concept.clone(), mention.naming)
        };
        found.into_iter().map(told).collect()
    };
    let id_of = |name: &str| thesaurus.concept(thesaurus.named(name).unwrap()).id.clone();
    for (text, written, meaning) in [
        ("社内の青葉ﾅﾋﾞを刷新した", "青葉ﾅﾋﾞ", "受発注システム"),
        ("経理丸に従事", "経理丸", "需要予測"),
        ("ＡＯＢＡ naviに従事", "ＡＯＢＡ navi", "受発注システム"),
        ("営業に従事", "営業", "接客"),
    ] {
        let expected = (written.to_owned(), id_of(meaning), Naming::Company);
        assert!(mentions(text).contains(&expected), "{text}: {:?}", mentions(text));
        let within = |one: &&(String, String, Naming)| written.contains(one.0.as_str());
        assert_eq!(mentions(text).iter().filter(within).count(), 1, "{text}");
    }
    // A word of others that is longer, a word that only begins so, and a meaning that no concept has.
    for text in ["営業事務の担当", "aoba navigationを使用", "みちびきに従事"] {
        let found = mentions(text);
        assert!(
            found.iter().all(|one| one.2 != Naming::Company),
            "{text}: {found:?}"
        );
    }
}
