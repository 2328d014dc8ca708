//! What keeps one sex out without naming it: height, weight, strength, and readiness to move house
//! (男女雇用機会均等法 第7条, 施行規則 第2条).

use super::plain::Plain;
use super::wording::{Found, Kind};
use super::{Place, WordingRule};

/// Bodies.
const BODY: &[&str] = &[
    "身長",
    "体重",
    "体力",
    "腕力",
    "筋力",
    "高身長",
    "力仕事",
    "重い物",
    "重い荷物",
    "重量物",
];
/// What makes such a word a subject of the work, and no condition.
const BODY_AS_SUBJECT: &[&str] = &[
    "測定",
    "計測",
    "データ",
    "づくり",
    "作り",
    "維持",
    "向上",
    "増進",
    "管理",
    "計",
    "テスト",
    "不問",
    "不要",
    "回復",
    "に合わせ",
    "別",
    "のある企業",
    "を測",
    "は問",
    "を問",
];
/// What makes it a condition in running text.
const BODY_AS_CONDITION: &[&str] = &[
    "に自信",
    "のある方",
    "がある方",
    "ある人",
    "必須",
    "が必要",
    "を要",
    "以上",
    "のできる方",
    "ができる方",
    "を持てる",
    "を運べる",
    "できること",
    "あること",
];

/// Moving house.
const MOVE: &[&str] = &["転勤", "転居", "引越", "引っ越", "全国異動", "全国配属"];
/// What says that there is none, or that it is the subject.
const MOVE_AS_SUBJECT: &[&str] = &[
    "なし",
    "無し",
    "はあり",
    "ありません",
    "ございません",
    "者",
    "制度",
    "手続",
    "サポート",
    "支援",
    "業務",
    "会社",
    "業者",
    "不要",
    "の可能性は",
    "先",
];
/// What makes it a condition in running text.
const MOVE_AS_CONDITION: &[&str] = &[
    "可能な",
    "可能な方",
    "できる",
    "に応じ",
    "必須",
    "が条件",
    "可の方",
    "いとわ",
    "厭わ",
    "okの方",
    "okな方",
    "対応可",
    "可能であること",
    "が可能",
    "のできる",
];

/// Characters behind the word in which something is said about it.
const REACH_CHARS: usize = 12;

/// All such conditions in a text.
pub(super) fn find(plain: &Plain, place: Place) -> Vec<Found> {
    let mut found = Vec::new();
    for (words, subject, condition, rule) in [
        (
            BODY,
            BODY_AS_SUBJECT,
            BODY_AS_CONDITION,
            WordingRule::PhysicalRequirement,
        ),
        (
            MOVE,
            MOVE_AS_SUBJECT,
            MOVE_AS_CONDITION,
            WordingRule::RelocationRequirement,
        ),
    ] {
        for at in 0..plain.chars.len() {
            let Some(n_chars) = plain.longest_at(at, words) else {
                continue;
            };
            let end = at + n_chars;
            let reach = end..plain.clause(&(at..end)).end.min(end + REACH_CHARS);
            let said = plain.first_of(&reach, condition);
            let is_subject = plain
                .first_of(&reach, subject)
                .is_some_and(|subject| said.as_ref().is_none_or(|said| subject.start <= said.start));
            let is_condition = match place {
                Place::Requirement => !is_subject,
                Place::Title | Place::Text => said.is_some() && !is_subject,
            };
            if is_condition {
                let end = said.map_or(end, |said| said.end);
                found.push(Found::plainly(plain, &(at..end), rule, Kind::Condition));
            }
        }
    }
    found
}
