//! Whom a word for an age or a sex is about: the applicants, or somebody else.
//!
//! How the two are told apart, in this order:
//! 1. Whoever is named next decides. 「20代の顧客」, 「女性向け商品」, 「若手社員の育成」 are about others ([`OTHERS`]), as is a
//!    relation to somebody, 「若手と議論する」.
//! 2. A word of asking close behind, 「歓迎」, 「のみ」, 「募集」 ([`ASKING`]), or a limit, 「未満」, 「まで」, with nobody named or
//!    with a word for a person, is about the applicants.
//! 3. In a must-have or a nice-to-have everything is asked of the applicant, unless 1 says otherwise.
//! 4. 「20代が活躍中」 describes colleagues and says who is wanted without saying so: suggested.
//! 5. Anything else is about nobody who applies.

use std::ops::Range;

use super::Place;
use super::plain::Plain;

/// Whom a word is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aim {
    /// The applicants; with the place behind the words that say so.
    Applicants(usize),
    /// The applicants, without saying so.
    Suggested(usize),
    /// Somebody else, or nobody.
    Others,
}

/// Characters behind the word in which somebody has to be named or asked for: as long as 「のエンジニアの方を」.
const REACH_CHARS: usize = 12;
/// Characters behind the words of asking in which they are taken back.
const TAKEN_BACK_CHARS: usize = 8;

/// Whom else a text speaks of, what is made for them, and what is done with them.
pub(super) const OTHERS: &[&str] = &[
    "顧客",
    "お客",
    "客様",
    "客層",
    "女性客",
    "男性客",
    "会員",
    "ユーザー",
    "利用",
    "消費者",
    "購買",
    "購入者",
    "読者",
    "視聴者",
    "患者",
    "入居者",
    "来店",
    "来場",
    "子ども",
    "子供",
    "児童",
    "生徒",
    "学生",
    "親",
    "母",
    "父",
    "家族",
    "部下",
    "上司",
    "先輩",
    "後輩",
    "同僚",
    "管理職",
    "役員",
    "受講",
    "参加者",
    "聴衆",
    "住民",
    "被保険者",
    "契約者",
    "加入者",
    "投資家",
    "相談者",
    "市場",
    "マーケ",
    "商品",
    "ブランド",
    "製品",
    "向け",
    "向き",
    "ターゲット",
    "ペルソナ",
    "に人気",
    "に支持",
    "に届",
    "に響",
    "のニーズ",
    "悩み",
    "肌",
    "健康",
    "保険",
    "アパレル",
    "ファッション",
    "雑誌",
    "誌",
    "服",
    "化粧",
    "コスメ",
    "用品",
    "用の",
    "育成",
    "指導",
    "教育",
    "研修",
    "支援",
    "育て",
    "教え",
    "マネジメント",
    "束ね",
    "率い",
    "採用担当",
    "採用業務",
    "採用経験",
    "採用の",
    "活躍推進",
    "活躍を",
    "登用",
    "比率",
    "割合",
    "社員に",
    "社員と",
    "社員の",
    "社員へ",
    "社員を",
    "社員が",
    "社員向け",
    "社員は",
    "社員7",
    "世代の変化",
    "離職",
    "定着",
    "調査",
    "アンケート",
    "インタビュー",
    "の話",
    "の声",
    "ゲーム",
    "玩具",
    "酒",
    "歳入",
];

/// What asks.
const ASKING: &[&str] = &[
    "歓迎",
    "大歓迎",
    "優遇",
    "優先",
    "限定",
    "のみ",
    "だけ",
    "募集",
    "急募",
    "求む",
    "求め",
    "を希望",
    "採用",
    "に限",
    "必須",
    "不可",
    "お断り",
    "尚可",
    "なお可",
    "応募",
    "望まし",
    "望みます",
    "求人",
    "を条件",
    "が条件",
    "を対象とします",
    "が対象です",
    "お待ち",
    "増員",
];

/// What describes colleagues.
const DESCRIBING: &[&str] = &[
    "活躍中",
    "が活躍",
    "も活躍",
    "が中心",
    "中心",
    "が多",
    "多数",
    "メイン",
    "が主力",
];

/// What takes back what was asked.
const TAKEN_BACK: &[&str] = &[
    "りません",
    "ではありません",
    "ではなく",
    "しません",
    "しない",
    "でない",
    "わない",
    "いません",
];

/// What says that all ages are meant.
pub(super) const ALL_AGES: &[&str] = &[
    "年齢不問",
    "年齢を問",
    "年齢は問",
    "年齢問わ",
    "年齢にかか",
    "年齢に関係",
    "年齢制限なし",
    "年齢制限はあり",
    "幅広い年",
    "幅広い世代",
    "世代を問",
    "年代を問",
    "ベテランまで",
    "シニアまで",
];

/// A relation to somebody, who then does not apply.
const RELATIONS: &[char] = &['と', 'に', 'へ', 'か'];

/// A person who applies.
const PERSONS: &[&str] = &[
    "の方",
    "のかた",
    "の人",
    "の者",
    "方",
    "の男女",
    "の経験者",
    "の未経験者",
    "の有資格者",
    "の人材",
];

/// The same, with what they do before it.
const WORKERS: &[&str] = &["経験者", "の方", "有資格者", "候補", "を募"];

/// Decides whom the word in `token` is about.
///
/// - `is_limit`: whether it ends with a limit, such as 「まで」
pub(super) fn of(plain: &Plain, token: &Range<usize>, is_limit: bool, place: Place) -> Aim {
    let at = token.end;
    let clause_end = plain.clause(token).end;
    let reach = at..clause_end.min(at + REACH_CHARS);
    let others = plain.first_of(&reach, OTHERS).map(|found| found.start);
    let asking = plain.first_of(&reach, ASKING);
    if let Some(asking) = &asking
        && others.is_none_or(|others| asking.start <= others)
        && (asking.start == at || !is_relation(plain, at))
    {
        let back = asking.end..clause_end.min(asking.end + TAKEN_BACK_CHARS);
        let is_anothers = person_at(plain, at).is_none()
            && plain.chars[at..asking.start]
                .iter()
                .skip(1)
                .any(|sign| matches!(sign, 'は' | 'も'));
        return if is_anothers || plain.holds_any(back, TAKEN_BACK) {
            Aim::Others
        } else {
            Aim::Applicants(asking.end)
        };
    }
    if others.is_some() {
        return Aim::Others;
    }
    let person = person_at(plain, at);
    let ends_with_person = person.filter(|end| plain.is_end(*end));
    if is_limit {
        let is_stated = plain.is_end(at) || plain.longest_at(at, &["で", "かつ", "とし", "です"]).is_some();
        if let Some(end) = person {
            return Aim::Applicants(end);
        }
        let names_work = plain.has_at(at, "の") && plain.first_of(&reach, WORKERS).is_some();
        if is_stated || names_work || place == Place::Requirement {
            return Aim::Applicants(at);
        }
    }
    if let Some(describing) = plain.first_of(&reach, DESCRIBING) {
        return Aim::Suggested(describing.end);
    }
    match (place, ends_with_person) {
        (Place::Requirement | Place::Title | Place::Text, Some(end)) => Aim::Applicants(end),
        (Place::Requirement, None) if plain.is_end(at) => Aim::Applicants(at),
        (Place::Requirement | Place::Title | Place::Text, None) => Aim::Others,
    }
}

/// The end of a word for a person who applies.
fn person_at(plain: &Plain, at: usize) -> Option<usize> {
    plain.longest_at(at, PERSONS).map(|n_chars| at + n_chars)
}

fn is_relation(plain: &Plain, at: usize) -> bool {
    plain.chars.get(at).is_some_and(|sign| RELATIONS.contains(sign))
}
