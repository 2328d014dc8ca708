//! Wordings of contract work that smell of employment in disguise (偽装請負): orders, set hours, attendance, overtime, and
//! no other clients. None of them decides by itself, so each is a warning
//! (労働者派遣事業と請負により行われる事業との区分に関する基準, 昭和61年労働省告示第37号; 昭和60年労働基準法研究会報告 on who is a worker).

use super::WordingRule;
use super::plain::Plain;
use super::wording::{Found, Kind};

/// What each rule looks for.
const SIGNS: &[(WordingRule, &[&str])] = &[
    (
        WordingRule::DisguisedDirection,
        &[
            "指揮命令",
            "指示に従",
            "指示を受けて",
            "指示のもと",
            "指示の下",
            "上司の指示",
            "社員の指揮",
            "業務命令",
            "報告義務",
        ],
    ),
    (
        WordingRule::DisguisedWorkingHours,
        &[
            "勤務時間",
            "始業",
            "終業",
            "就業時間",
            "フルタイム",
            "シフト勤務",
            "シフト制",
            "コアタイム",
            "タイムカード",
            "定時",
            "週5日勤務",
            "週五日勤務",
            "勤怠",
        ],
    ),
    (
        WordingRule::DisguisedAttendance,
        &["常駐", "出勤", "出社", "通勤"],
    ),
    (WordingRule::DisguisedOvertime, &["残業", "休日出勤", "時間外"]),
    (
        WordingRule::DisguisedExclusivity,
        &[
            "専属",
            "副業禁止",
            "兼業禁止",
            "副業不可",
            "兼業不可",
            "他社の仕事",
            "他社の業務",
            "他社との契約",
        ],
    ),
];

/// What says that there is none of it: the good case. Right behind the word, or a few characters on.
const DENIED: &[&str] = &[
    "なし",
    "無し",
    "不要",
    "ありません",
    "ございません",
    "しません",
    "自由",
    "問いません",
    "求めません",
    "はない",
    "禁止しません",
    "もない",
    "歓迎",
    "しなくて",
    "任意",
    "ok",
    "可。",
];
/// What makes it the subject of the work.
const SUBJECT: &[&str] = &[
    "システム",
    "削減",
    "データ",
    "分析",
    "管理",
    "率",
    "規程",
    "制度",
    "抑制",
    "対策",
    "問題",
    "代の計算",
    "計算",
    "警備",
    "手当",
    "を減ら",
    "者の",
    "申請",
    "ソフト",
    "調査",
    "を研究",
];
/// Characters behind the word in which either is said.
const REACH_CHARS: usize = 10;

/// All such wordings in a text.
pub(super) fn find(text: &str) -> Vec<Found> {
    let plain = Plain::new(text);
    let mut found = Vec::new();
    let mut covered_until = 0;
    for at in 0..plain.chars.len() {
        for (rule, signs) in SIGNS {
            let Some(n_chars) = plain.longest_at(at, signs) else {
                continue;
            };
            let end = at + n_chars;
            // 「休日出勤」 is overtime, and no attendance besides.
            if end <= covered_until {
                continue;
            }
            covered_until = end;
            let reach = end..plain.clause(&(at..end)).end.min(end + REACH_CHARS);
            let is_innocent = plain.holds_any(reach.clone(), DENIED) || plain.holds_any(reach, SUBJECT);
            // 「不定時」 and 「非常駐」 say the opposite; the staff's overtime is not the contractor's.
            let is_inside_another = plain.ends_before(at, &["不", "非", "未"])
                || (*rule != WordingRule::DisguisedDirection
                    && plain.ends_before(at, &["社員の", "従業員の", "職員の"]));
            if !is_innocent && !is_inside_another {
                found.push(Found::plainly(&plain, &(at..end), *rule, Kind::Condition));
            }
        }
    }
    found
}
