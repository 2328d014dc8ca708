//! Who else does the work: the nouns by which a text names others, as departments, professions or people.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::groups::Group;
use super::{Distance, REACH_CHARS_MAX, grammar};
use crate::text::normal::is_kanji;

/// Words that a text may end in, by their last character: few of a table share it, and every clause is asked.
struct Endings(HashMap<char, Vec<&'static str>>);

impl Endings {
    /// - `table`: words between white space
    fn of(table: &'static str) -> Self {
        let mut by_last: HashMap<char, Vec<&'static str>> = HashMap::new();
        for word in table.split_whitespace() {
            if let Some(last) = word.chars().next_back() {
                by_last.entry(last).or_default().push(word);
            }
        }
        Self(by_last)
    }

    /// Those in which `text` ends.
    fn of_text<'a>(&self, text: &'a str) -> impl Iterator<Item = &'static str> + use<'_, 'a> {
        let last = text.chars().next_back();
        let candidates = last.and_then(|last| self.0.get(&last)).into_iter().flatten();
        candidates.copied().filter(move |word| text.ends_with(*word))
    }
}

/// Others on the same side: colleagues, units, customers, family. Longest ending first is not needed, any will do.
static BESIDE: LazyLock<Endings> = LazyLock::new(|| {
    Endings::of(
        "
    部 課 班 側 チーム グループ 部隊 部門 本社 本部 本店 本体 本人 会社 研究所 工場 本庁 現地 先方
    向こう 隣の島 別の島 経理 総務 情シス 上司 先輩 後輩 同僚 部下 部長 課長 店長 係長 社長 所長
    工場長 院長 棟梁 親方 師匠 リーダー マネージャー 担当者 担当の方 専任 専任者 責任者 の方 の方々
    の人 さん 先生 さま お客様 お客さま 顧客 クライアント テナント様 バイヤー デザイナー エンジニア
    プログラマー プランナー ディレクター 営業 技術者 研究員 設計者 建築士 薬剤師 医師 看護師 栄養士
    教授 監督 編集者 記者 職人 妻 夫 兄 弟 姉 妹 父 母 息子 娘 友人 知人 彼女 彼 相棒 仲間 スタッフ
    メンバー プロ 若い衆 若手 専門チーム 別チーム ほかの班 役員 親会社 元請 ゼネコン 農協 組合 荷主
    委託元
",
    )
});

/// Others who are paid for it.
static PAID: LazyLock<Endings> = LazyLock::new(|| {
    Endings::of(
        "
    代理店 代理店さん 委託先 外注先 外注 依頼先 業者 業者さん ベンダー ベンダーさん 協力会社
    協力会社さん 制作会社 制作会社さん 印刷会社 開発会社 調査会社 設計会社 工務店 運送会社 派遣会社
    人材会社 翻訳会社 コンサル コンサル会社 コンサルタント 専門家 専門業者 税理士 税理士さん 会計士
    社労士 社労士さん 弁理士 弁護士 司法書士 行政書士 鑑定士 税理士の先生 社労士の先生 弁護士の先生
    弁理士の先生 会計事務所 法律事務所 特許事務所 税理士事務所 デザイン会社 広告会社 システム会社
    メーカー メーカーさん メーカーの人 フリーランス パートナー パートナー企業 第三者機関 外部 社外
",
    )
});

/// What ends like an agent and is none: parts, the writer's own post, and ways.
static NONE: LazyLock<Endings> = LazyLock::new(|| {
    Endings::of(
        "
    大丈夫 工夫 一部 全部 内部 上部 下部 細部 日課 たくさん 皆さん みなさん お客さん 右側 左側 側の方
    やり方 生産部 働き方 夕方 地方 他社
",
    )
});

/// Topics that say where the writer is and not what others do.
static POSTS: LazyLock<Endings> = LazyLock::new(|| {
    Endings::of(
        "
    現職 前職 所属 配属 勤務先 就職先 転職先 出向先 現在 今 いま 最初 最後 入社 異動先 担当 専門 経歴
    出身 前半 後半 私 自分 僕 わたし 相手 顧客 部下 上司 客先 メンバー ここ そこ 得意 強み うち
    在職中 直近 元 本業 時 中 年 次 後 前 期 頃 ころ 青葉
",
    )
});

/// How far the writer stands from what the agent at the end of `text` does; `None` where there is no agent.
pub(super) fn at_end(text: &str) -> Option<Distance> {
    // One kanji alone is the end of many words: 工夫, 祖父.
    let is_whole = |one: &str| {
        let before = text[..text.len() - one.len()].chars().next_back();
        one.len() > 3 || matches!(one, "部" | "課" | "班" | "側") || !before.is_some_and(is_kanji)
    };
    let longest = |endings: &Endings| {
        let whole = endings.of_text(text).filter(|one| is_whole(one));
        whole.map(str::len).max().unwrap_or(0)
    };
    let is_none = longest(&NONE);
    let beside = longest(&BESIDE);
    let paid = longest(&PAID);
    if beside.max(paid) <= is_none {
        None
    } else if paid >= beside {
        Some(Distance::ByOthers)
    } else {
        Some(Distance::NextTo)
    }
}

/// Others as a text refers to them, never to the writer: with honorifics, or as a unit.
static REFERRED: LazyLock<Endings> = LazyLock::new(|| {
    Endings::of(
        "
    さん の方 方々 先生 部隊 チーム お客様 お客さま 側 バイヤー 研究所 本部 本社 部 課
",
    )
});

/// Whether an agent may stand alone behind a topic; 直近は店長 is the writer.
pub(super) fn is_other(text: &str) -> bool {
    REFERRED.of_text(text).next().is_some() || at_end(text) == Some(Distance::ByOthers)
}

/// Whether a topic says where the writer is.
pub(super) fn is_post(topic: &str) -> bool {
    POSTS.of_text(topic).next().is_some()
}

/// Longest noun phrase that names an agent behind a topic: 設定は技術部隊.
const AGENT_CHARS_MAX: usize = 16;

/// What an agent without a topic does to be the one who did the work.
const AGENT_VERBS: &[&str] = &[
    "担当",
    "やっ",
    "やり",
    "やる",
    "決め",
    "作っ",
    "作り",
    "作る",
    "行い",
    "行っ",
    "行う",
    "書い",
    "書き",
    "対応",
    "受け持",
    "仕切",
    "主導",
    "進め",
    "立て",
    "入り",
    "入っ",
    "され",
    "なさ",
    "見て",
    "見る",
];

/// What stands before the end of a clause behind its last noun.
const COPULAS: &[&str] = &[
    "でしたので",
    "でしたから",
    "だったので",
    "ですので",
    "でしたが",
    "ですから",
    "なので",
    "ですが",
    "でした",
    "だった",
    "です",
    "である",
    "でして",
    "だ",
    "で",
];

/// Verbs by which others bring the writer in.
const AGENT_CALLS: [char; 3] = ['辞', '急', '退'];

/// The agent of a clause: 〜は先輩が決め. Without a topic, only one that does something to an object of its own.
pub(super) fn with_ga(text: &str, group: &Group, first_topic: Option<usize>) -> Option<Distance> {
    let clause = &text[group.range.clone()];
    let first_object = clause.find('を').map(|at| group.range.start + at);
    for (offset, mark) in clause.match_indices('が') {
        let at = group.range.start + offset;
        let Some(distance) = at_end(&clause[..offset]) else {
            continue;
        };
        let after = head(&clause[offset + mark.len()..], REACH_CHARS_MAX);
        // 〜より〜の方が compares, and くれる is done for the writer, who did the rest.
        if after.contains("くれ") || (clause[..offset].ends_with("の方") && clause[..offset].contains("より"))
        {
            continue;
        }
        let is_before = |one: Option<usize>| one.is_some_and(|one| one < at);
        if is_before(first_topic) || is_before(first_object) {
            return Some(distance);
        }
        let has_own_object = after
            .find('を')
            .is_some_and(|object| !is_adnominal(&after[..object]));
        if has_own_object && !after.starts_with(AGENT_CALLS) {
            return Some(distance);
        }
        if AGENT_VERBS.iter().any(|verb| after.starts_with(verb)) && !is_adnominal(after) {
            return Some(distance);
        }
    }
    None
}

/// Whether a verb in `text` has a noun behind it that it describes: 作った仕組み.
fn is_adnominal(text: &str) -> bool {
    let mut previous = ' ';
    for c in text.chars() {
        if matches!(previous, 'た' | 'る' | 'う' | 'い') && grammar::is_content(c) {
            return true;
        }
        previous = c;
    }
    false
}

/// The agent behind a topic, at the end of its clause: 設定は技術部隊です.
pub(super) fn behind_topic(clause: &str) -> Option<Distance> {
    let clause = clause.trim_end_matches(['。', '、', '！', '!', '）', ')', '」']);
    let clause = COPULAS
        .iter()
        .find_map(|copula| clause.strip_suffix(copula))
        .unwrap_or(clause);
    let distance = at_end(clause)?;
    let topic = grammar::topic(clause)?;
    let noun = &clause[topic + 'は'.len_utf8()..];
    let is_name = noun.chars().count() <= AGENT_CHARS_MAX && !noun.contains(['を', 'が', 'に', '、', 'で']);
    (is_name && is_other(clause) && !is_post(&clause[..topic])).then_some(distance)
}

/// The agent that a topic asks for: 〜の担当は本社に.
pub(super) fn of_topic(after: &str) -> Option<Distance> {
    let after = head(after, REACH_CHARS_MAX);
    let mut ends = after
        .char_indices()
        .filter(|(_, c)| matches!(c, 'に' | 'が' | 'で' | '。' | '、'));
    ends.find_map(|(at, _)| at_end(&after[..at]))
        .or_else(|| at_end(after))
}

fn head(text: &str, n_chars: usize) -> &str {
    let end = text.char_indices().nth(n_chars).map_or(text.len(), |(at, _)| at);
    &text[..end]
}
