//! Sentences about own circumstances, and sentences about work for people in them.

use proptest::prelude::*;

use super::private::{public_ranges, ranges};
use super::testing::analyzer;

fn masked(text: &str) -> String {
    ranges(text)
        .into_iter()
        .map(|range| &text[range])
        .collect::<Vec<_>>()
        .join("|")
}

fn public(text: &str) -> String {
    public_ranges(text)
        .into_iter()
        .map(|range| &text[range])
        .collect()
}

#[test]
fn clauses_on_own_circumstances_are_masked_and_the_rest_stays() {
    for (text, rest) in [
        (
            "夫の転勤で退職し、在宅で経理をしています。",
            "在宅で経理をしています。",
        ),
        (
            "夫の転勤のため退職し、在宅で経理をしています。",
            "在宅で経理をしています。",
        ),
        ("結婚を機に退職。いまは法務です。", "いまは法務です。"),
        (
            "子育てが一段落したので時短の仕事を探しています",
            "時短の仕事を探しています",
        ),
        ("35歳、経理一筋です。", "、経理一筋です。"),
        ("昭和53年生まれ。経理を担当。", "経理を担当。"),
        ("女性ならではの視点で、商品企画を担当", "商品企画を担当"),
        ("主婦として、家計簿をつけています", "家計簿をつけています"),
        ("二児の母・元研究員", "元研究員"),
        (
            "親の介護のため帰郷し、いまは通報窓口を担当",
            "いまは通報窓口を担当",
        ),
        ("産休・育休を経て復職し、開発を担当", "開発を担当"),
        ("病気療養ののち、いまは経理を担当", "いまは経理を担当"),
        ("うつで休職しましたが、いまは開発を担当", "いまは開発を担当"),
        ("体調を崩し、退職。", ""),
        (
            "ベトナム出身、日本の大学で工学を学びました",
            "、日本の大学で工学を学びました",
        ),
        ("娘の名は花子、経理を担当", "経理を担当"),
        ("労組の専従を十年、のち人事", "のち人事"),
        ("蕎麦店を夫婦で営む", "蕎麦店を営む"),
        ("定年まで洗剤の研究に従事", "洗剤の研究に従事"),
    ] {
        assert_eq!(public(text), rest, "{text}");
    }
}

#[test]
fn work_for_people_in_such_circumstances_is_work() {
    for text in [
        "病院の用度係を担当",
        "介護施設の運営と保育園の新設を担当",
        "子育て用品の企画、ベビー服の開発",
        "育休取得者の支援制度づくり",
        "女性向け商品の企画",
        "健康経営の推進、健康食品の販売",
        "男性の育休取得率を8%から61%にした",
        "障がい者雇用と休復職者の支援",
        "労働組合との協議、希望退職の実施",
        "女性管理職の育成に取り組む",
        "仕事と介護の両立支援コンサルタント",
        "2025年の育児・介護休業法改正からは管理職研修の依頼が増えました",
        "産休育休者の窓口を担当",
        "経理出身のSAP屋です",
        "工夫の積み重ねで大丈夫な仕組みを作りました",
        "天然酵母の選抜と母集団形成",
        "2歳児クラスの主担任",
        "子どもたちの目が変わります",
        "こども食堂をつなぐNPO",
        "結婚式の映像を編集",
        "60歳以降の再雇用制度を設計",
        "四代の社長にお仕えしました",
        "2021年に退職し、SaaSの会社へ",
        "退職後は3PL会社で5拠点を見ています",
        "前任者の退職に伴い、受注管理も引き継いでおります",
        "母の日ギフトの商品企画",
        "20代女性向けの商品開発",
        "動画配信者の支援",
        "介護福祉士の資格を取りました",
    ] {
        assert_eq!(masked(text), "", "{text}");
    }
}

#[test]
fn the_reason_for_leaving_changes_no_word() {
    let analyzer = analyzer();
    let words = |reason: &str| {
        let text = format!("経理を10年担当しました。{reason}在宅で決算を支援しています。");
        let tokens = analyzer.public_words(&text).into_iter();
        tokens
            .map(|token| (token.term, token.position))
            .collect::<Vec<_>>()
    };
    let none = words("");
    for reason in [
        "夫の転勤で退職し、",
        "妻の転勤で退職し、",
        "家族の介護で退職し、",
        "家族の介護のため退職し、",
        "出産を機に退職し、",
        "体調を崩して退職し、",
        "留学のため退職し、",
        "会社都合で退職し、",
        "家庭の事情により退職しました。",
    ] {
        assert_eq!(words(reason), none, "{reason}");
    }
}

proptest! {
    #[test]
    fn ranges_ascend_apart_on_character_boundaries(
        text in any::<String>(),
        japanese in "[夫妻の転勤でし、退職35歳女性介護ため出身東京・。ｶﾞ\u{3099}a ]{0,40}",
    ) {
        for text in [text, japanese] {
            let mut end = 0;
            let mut kept = String::new();
            for range in ranges(&text) {
                prop_assert!(range.start < range.end && (end == 0 || end < range.start));
                kept.push_str(text.get(end..range.start).unwrap());
                prop_assert!(text.get(range.clone()).is_some());
                end = range.end;
            }
            kept.push_str(text.get(end..).unwrap());
            prop_assert_eq!(kept, public(&text));
        }
    }
}
