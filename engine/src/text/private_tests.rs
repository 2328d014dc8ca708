//! Sentences about own circumstances, and sentences about work for people in them.

use proptest::prelude::*;

use super::PublicText;
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
        // The date alone, and no other.
        (
            "2004年4月に新卒で入社し、営業を担当",
            "に新卒で入社し、営業を担当",
        ),
        ("平成十六年入社、2019年に異動", "入社、2019年に異動"),
        ("新卒7期生として営業を担当", "新卒生として営業を担当"),
        // What tells the sex of whoever did the work, and not the work.
        ("女性初の営業所長を務めました", "営業所長を務めました"),
        ("彼女と新規事業を立ち上げました", "と新規事業を立ち上げました"),
        // What it led to tells of work, and is read like anybody's.
        ("父が倒れ、経理を離れました", "経理を離れました"),
        ("父が倒れ、いったん休みました。経理を担当", "経理を担当"),
        ("父が倒れ、そのため退職しました。経理を担当", "経理を担当"),
        ("父方の会社で営業を担当", "父方の会社で営業を担当"),
        ("イスラム教徒なので食事に制限があります。営業を担当", "営業を担当"),
        ("山田花子と申します。経理を担当", "経理を担当"),
        // English.
        (
            "I left the company because of my husband's transfer. I managed budgets.",
            "I managed budgets.",
        ),
        (
            "I took two years off to raise my children and I managed budgets.",
            "and I managed budgets.",
        ),
        ("I am 45 years old, and managed budgets", "and managed budgets"),
        ("She managed budgets", "managed budgets"),
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
        "病院向け営業を担当",
        "介護施設の運営に携わりました",
        "保育園の運営を担当",
        "女性向け商品の開発",
        "労働組合との折衝（人事）",
        "がん治療薬の開発と治験",
        "糖尿病患者向けの食事サービスを企画",
        "うつ病の社員の復職支援",
        "障がい者雇用の推進",
        "障害対応と復旧手順の整備",
        "システム障害の原因調査を担当",
        "父の日ギフトの商品企画",
        "妊婦向けアプリの開発",
        "結婚式場の運営と営業",
        "離婚調停を扱う法律事務所で秘書",
        "宗教法人の会計監査",
        "教会の音響設備を施工",
        "外国籍社員の採用とビザ手続き",
        "在留資格の申請を代行",
        "国籍別の売上分析",
        "出身大学との採用連携",
        "定年後再雇用制度の設計",
        "シニア層のマーケティング",
        "高齢者住宅の設計",
        "母子手帳アプリの企画",
        "健康診断の手配を担当",
        "退職金制度の改定",
        "早期退職制度の設計と実施",
        "退職者面談を100件担当",
        "前任者の退職に伴い受注管理を引き継ぎました",
        "入社式の企画",
        "新卒採用を担当し、年100名を採用",
        "卒業生名簿の管理",
        "2019年に全社システムを刷新",
        "平成30年の税制改正に対応",
        "新卒研修の講師",
        "家族信託の提案営業",
        "家族手当の見直し",
        "両親学級の企画",
        "主婦向け雑誌の編集",
        "パート主婦の採用と教育",
        "単身赴任者の社宅管理",
        "手術室の機器を販売",
        "入院手続きの窓口を担当",
        "通院介助サービスの立ち上げ",
        "メンタルヘルス研修を企画",
        "組合交渉の議事録を作成",
        "GC-MSの分析",
        "MRとして病院を担当",
        "Sheet metal design for hospitals",
        "Led sales to nursing homes and clinics",
        "Designed the parental leave policy",
        "Negotiated with the labor union on wages",
        "Developed a cancer drug",
        "Marketing of products for women",
        "Managed a childcare facility",
        "Customer service for pregnant customers",
        "夫婦向け保険の商品開発",
        "双子製版の機械を設計",
        "兄弟会社との経営統合",
        "父兄会の運営",
        "娘役の俳優のマネジメント",
        "彼らの育成を任されました",
        "彼岸の売場づくり",
    ] {
        assert_eq!(masked(text), "", "{text}");
    }
}

#[test]
fn what_is_left_is_one_text_whose_places_point_at_nothing_private() {
    let text = "決夫の転勤で退職し、算を担当";
    let public = PublicText::new(text);
    let plain = PublicText::new("決算を担当");
    assert_eq!(plain.text(), "決算を担当");
    assert_eq!(plain.original(&(3..6)), 3..6);
    // Whatever is masked: no place reaches into it.
    let masked = ranges(text);
    for start in 0..public.text().len() {
        for end in start..=public.text().len() {
            let place = public.original(&(start..end));
            assert!(place.start <= place.end && place.end <= text.len());
            assert!(
                masked
                    .iter()
                    .all(|one| place.end <= one.start || one.end <= place.start)
            );
        }
    }
    assert_eq!(PublicText::new("").text(), "");
    assert_eq!(PublicText::new("二児の母です。").text(), "");
}

#[test]
fn what_people_have_at_home_is_masked_in_a_statement_without_work() {
    // 執行 and 母国語 are words of work.
    let topics = super::private_phrases::TOPICS.split_whitespace();
    for topic in topics.filter(|topic| !["執行委員", "母国"].contains(topic)) {
        let statements = ["のことで悩みました", "です", "をしました"];
        let mut texts = statements
            .map(|end| format!("{topic}{end}。経理を担当"))
            .into_iter();
        assert!(texts.any(|text| public(&text) == "経理を担当"), "{topic}");
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
    fn ranges_ascend_on_character_boundaries(
        text in any::<String>(),
        japanese in "[夫妻の転勤でし、退職35歳女性介護ため出身東京・。ｶﾞ\u{3099}a ]{0,40}",
    ) {
        for text in [text, japanese] {
            let mut end = 0;
            let mut kept = String::new();
            for range in ranges(&text) {
                prop_assert!(end <= range.start && range.start < range.end);
                kept.push_str(text.get(end..range.start).unwrap());
                prop_assert!(text.get(range.clone()).is_some());
                end = range.end;
            }
            kept.push_str(text.get(end..).unwrap());
            prop_assert_eq!(kept, public(&text));
        }
    }
}

#[test]
fn what_one_sentence_names_opens_no_other() {
    for between in ["", " ", "　"] {
        let text = format!("母の介護で休みました。{between}私はうつ病で通院しました。決算を担当。");
        let illness = text.find("うつ病").unwrap();
        let ranges = ranges(&text);
        let of_illness: Vec<_> = ranges.iter().filter(|range| range.contains(&illness)).collect();
        assert_eq!(of_illness.len(), 1, "{text}");
        assert!(!text[of_illness[0].clone()].contains("介護"), "{text}");
        assert_eq!(PublicText::new(&text).text(), "決算を担当。");
    }
}
