//! Tables of spelling variants: old and new kanji, ヴ, and English words that are also written in katakana.
//!
//! - Only spellings of the same word are here. Other words for the same thing (営業 and セールス) are a thesaurus's
//!   business, which has to explain itself.
//! - Written by hand for texts about work; a pair is added when a text needs it.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Variant, then the form in general use, pair by pair.
const KANJI: &str = "髙高﨑崎嵜崎齋斎齊斉濱浜濵浜邊辺邉辺澤沢國国學学廣広眞真惠恵榮栄櫻桜瀧滝龍竜嶋島嶌島當当會会應応圓円\
藝芸實実寫写壽寿收収從従澁渋縱縦肅粛處処敍叙將将稱称燒焼條条剩剰壤壌孃嬢讓譲釀醸觸触囑嘱眞真寢寝愼慎盡尽圖図粹粋醉酔\
隨随髓髄數数樞枢聲声靜静齊斉攝摂竊窃專専戰戦淺浅潛潜纖繊踐践錢銭禪禅雙双壯壮搜捜插挿爭争窗窓總総聰聡莊荘裝装騷騒臟臓藏蔵\
屬属續続墮堕體体對対帶帯滯滞臺台擇択單単擔担膽胆團団彈弾斷断癡痴遲遅晝昼蟲虫鑄鋳廳庁聽聴鎭鎮遞逓鐵鉄轉転點点傳伝黨党燈灯\
盜盗稻稲德徳獨独讀読屆届貳弐腦脳霸覇廢廃拜拝賣売麥麦發発髮髪拔抜蠻蛮祕秘濱浜甁瓶拂払佛仏竝並變変辨弁瓣弁辯弁寶宝豐豊沒没\
飜翻槪概滿満默黙餠餅彌弥藥薬譯訳豫予餘余與与譽誉搖揺樣様謠謡來来賴頼亂乱覽覧兩両獵猟綠緑鄰隣壘塁勵励禮礼隸隷靈霊齡齢戀恋\
爐炉勞労樓楼郞郎祿禄亞亜惡悪壓圧圍囲爲為醫医壹壱稻稲飮飲隱隠營営衞衛驛駅圓円鹽塩緣縁艷艶奧奥橫横歐欧毆殴黃黄溫温穩穏假仮\
價価畫画懷懐壞壊繪絵擴拡殼殻覺覚樂楽罐缶卷巻陷陥勸勧寬寛關関歡歓觀観巖巌歸帰氣気龜亀僞偽戲戯犧犠舊旧據拠擧挙峽峡挾挟狹狭\
鄕郷曉暁區区驅駆勳勲薰薫徑径莖茎惠恵揭掲鷄鶏經経繼継螢蛍輕軽藝芸擊撃缺欠儉倹劍剣圈圏檢検權権獻献硏研縣県險険顯顕驗験嚴厳\
效効鑛鉱號号濟済齋斎劑剤碎砕歲歳雜雑參参慘惨棧桟蠶蚕贊賛殘残絲糸齒歯兒児辭辞濕湿釋釈屢屡萬万鹽塩冨富桒桑舘館曾曽栁柳淸清\
靑青晴晴德徳槇槙晉晋冝宜峯峰穗穂凜凛渚渚瑤瑶辻辻埜野倂併";

/// English words and how they are written in katakana (as normalised, without a final ー). The first is the term.
const ENGLISH: &[&[&str]] = &[
    &["server", "サーバ"],
    &["user", "ユーザ"],
    &["data", "データ"],
    &["database", "データベース"],
    &["web", "ウェブ", "ウエブ"],
    &["website", "ウェブサイト", "ウエブサイト"],
    &["system", "システム"],
    &["software", "ソフトウェア", "ソフトウエア"],
    &["hardware", "ハードウェア", "ハードウエア"],
    &["network", "ネットワーク"],
    &["security", "セキュリティ", "セキュリティー"],
    &["cloud", "クラウド"],
    &["computer", "コンピュータ"],
    &["program", "プログラム"],
    &["programming", "プログラミング"],
    &["programmer", "プログラマ"],
    &["engineer", "エンジニア"],
    &["engineering", "エンジニアリング"],
    &[
        "interface",
        "インターフェース",
        "インターフェイス",
        "インタフェース",
    ],
    &["internet", "インターネット"],
    &["application", "アプリケーション"],
    &["platform", "プラットフォーム"],
    &["project", "プロジェクト"],
    &["manager", "マネージャ", "マネジャー", "マネジャ"],
    &["management", "マネジメント", "マネージメント"],
    &["marketing", "マーケティング"],
    &["marketer", "マーケター", "マーケタ"],
    &["sales", "セールス"],
    // By the name that tells no sex.
    &["salesperson", "salesman", "saleswoman"],
    &["businessperson", "businessman", "businesswoman"],
    &["chairperson", "chairman", "chairwoman"],
    &["spokesperson", "spokesman", "spokeswoman"],
    &["design", "デザイン"],
    &["designer", "デザイナー", "デザイナ"],
    &["director", "ディレクター", "ディレクタ"],
    &["leader", "リーダー", "リーダ"],
    &["team", "チーム"],
    &["business", "ビジネス"],
    &["consulting", "コンサルティング"],
    &["consultant", "コンサルタント"],
    &["global", "グローバル"],
    &["solution", "ソリューション"],
    &["service", "サービス"],
    &["support", "サポート"],
    &["training", "トレーニング"],
    &["trainer", "トレーナー", "トレーナ"],
    &["coaching", "コーチング"],
    &["brand", "ブランド"],
    &["branding", "ブランディング"],
    &["campaign", "キャンペーン"],
    &["digital", "デジタル", "ディジタル"],
    &["online", "オンライン"],
    &["remote", "リモート"],
    &["secretary", "セクレタリー", "セクレタリ"],
    &["assistant", "アシスタント"],
    &["executive", "エグゼクティブ", "エグゼクティヴ"],
    &["account", "アカウント"],
    &["accounting", "アカウンティング"],
    &["analyst", "アナリスト"],
    &["analytics", "アナリティクス"],
    &["architect", "アーキテクト"],
    &["architecture", "アーキテクチャ"],
    &["agile", "アジャイル"],
    &["scrum", "スクラム"],
    &["test", "テスト"],
    &["release", "リリース"],
    &["review", "レビュー", "レビュ"],
    &["event", "イベント"],
    &["media", "メディア"],
    &["mobile", "モバイル"],
    &["content", "コンテンツ", "contents"],
    &["startup", "スタートアップ"],
    &["venture", "ベンチャー", "ベンチャ"],
    &["vendor", "ベンダー", "ベンダ"],
    &["buyer", "バイヤー", "バイヤ"],
    &["merchandiser", "マーチャンダイザー", "マーチャンダイザ"],
    &["merchandising", "マーチャンダイジング"],
    &["logistics", "ロジスティクス"],
    &["supply", "サプライ"],
    &["chain", "チェーン"],
    &["compliance", "コンプライアンス"],
    &["governance", "ガバナンス"],
    &["risk", "リスク"],
    &["finance", "ファイナンス"],
    &["controller", "コントローラー", "コントローラ"],
    &["excel", "エクセル"],
    &["word", "ワード"],
    &["powerpoint", "パワーポイント"],
    &["python", "パイソン"],
    &["linux", "リナックス"],
    &["windows", "ウィンドウズ"],
    &["google", "グーグル"],
    &["salesforce", "セールスフォース"],
    &["slack", "スラック"],
    &["freelance", "フリーランス"],
    &["diversity", "ダイバーシティ", "ダイバーシティー"],
    &["sustainability", "サステナビリティ", "サスティナビリティ"],
    &["innovation", "イノベーション"],
    &["negotiation", "ネゴシエーション"],
    &["presentation", "プレゼンテーション"],
    &["communication", "コミュニケーション"],
    &["facilitation", "ファシリテーション"],
    &["facilitator", "ファシリテーター", "ファシリテータ"],
    &["simulation", "シミュレーション", "シュミレーション"],
    &["vegan", "ビーガン"],
    &["culture", "カルチャー", "カルチャ"],
    &["japan", "ジャパン"],
];

static MODERN: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let chars: Vec<char> = KANJI.chars().collect();
    chars.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
});

static TERMS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    ENGLISH
        .iter()
        .flat_map(|words| words.iter().map(|word| (*word, words[0])))
        .collect()
});

/// The form in general use of a kanji that is also written in an older or a rarer one.
pub(super) fn modern_kanji(c: char) -> char {
    if ('\u{4E00}'..='\u{FAFF}').contains(&c) {
        MODERN.get(&c).copied().unwrap_or(c)
    } else {
        c
    }
}

/// ヴ before `next` as a syllable of バ行, and whether the small vowel after it is spent: ヴァ is バ, ヴュ is ビュ.
pub(super) fn voiced_v(next: Option<char>) -> (char, bool) {
    match next {
        Some('ァ') => ('バ', true),
        Some('ィ') => ('ビ', true),
        Some('ェ') => ('ベ', true),
        Some('ォ') => ('ボ', true),
        Some('ュ' | 'ャ' | 'ョ') => ('ビ', false),
        Some(_) | None => ('ブ', false),
    }
}

/// The term under which a word is indexed that has several spellings.
pub(super) fn one_spelling(term: &str) -> Option<&'static str> {
    TERMS.get(term).copied()
}

#[cfg(test)]
mod tests {
    use super::super::normal::normalize;
    use super::*;

    #[test]
    fn no_form_in_general_use_is_itself_a_variant() {
        for (variant, modern) in MODERN.iter() {
            assert!(
                variant == modern || !MODERN.contains_key(modern),
                "{variant} {modern}"
            );
        }
        assert_eq!(KANJI.chars().count() % 2, 0);
    }

    #[test]
    fn every_spelling_is_written_as_normalised_and_belongs_to_one_word() {
        let mut seen = std::collections::HashSet::new();
        for word in ENGLISH.iter().flat_map(|words| words.iter()) {
            assert!(seen.insert(word), "{word} twice");
            let normalized = normalize(word);
            assert!(
                normalized == *word || TERMS.contains_key(normalized.as_str()),
                "{word}"
            );
        }
    }
}
