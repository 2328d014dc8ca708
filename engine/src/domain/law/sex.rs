//! Words for one sex, and names of work that are for one sex.

use super::aim::{self, Aim};
use super::plain::Plain;
use super::wording::{Found, Kind};
use super::{Place, WordingRule};

/// Words for one sex.
const SEXES: &[&str] = &[
    "女性",
    "男性",
    "女子学生",
    "男子学生",
    "女子",
    "男子",
    "主婦",
    "主夫",
    "ママ",
    "女の子",
    "男の子",
    "イクメン",
    "ol",
    "成人男子",
];

/// Names of work that are for one sex (notes on 男女雇用機会均等法 第5条).
const JOB_NAMES: &[&str] = &[
    "営業マン",
    "セールスマン",
    "セールスレディ",
    "カメラマン",
    "ガードマン",
    "サービスマン",
    "キーマン募集",
    "看護婦",
    "保母",
    "ウェイトレス",
    "ウエイトレス",
    "スチュワーデス",
    "婦人警官",
    "生保レディ",
    "マヌカン",
    "salesman",
    "salesmen",
    "waitress",
    "stewardess",
    "cameraman",
    "女性秘書",
    "女性スタッフ",
    "女性社員",
    "女性アシスタント",
    "男性スタッフ",
    "男性社員",
    "男性ドライバー",
    "女性ドライバー",
];
/// What makes such a name another word.
const OTHER_WORDS: &[&str] = &["ション"];
/// What says that such a name is the work offered, where it stands in running text.
const OFFERED: &[&str] = &[
    "募集",
    "歓迎",
    "求",
    "として",
    "増員",
    "急募",
    "採用",
    "活躍",
    "になりませんか",
    "のお仕事",
];
/// Words of the other sex, or of both: then neither is preferred.
const BOTH: &[&str] = &[
    "男女",
    "性別を問",
    "性別不問",
    "男性も女性も",
    "女性も男性も",
    "主婦・主夫",
    "主婦(主夫",
    "主婦(夫",
    "主夫・主婦",
    "主婦/主夫",
    "女性・男性",
    "男性・女性",
    "women and men",
    "men and women",
];

/// All words for one sex in a text, with whom they are about.
pub(super) fn find(plain: &Plain, place: Place) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < plain.chars.len() {
        let Some((end, is_job)) = token_at(plain, at) else {
            at += 1;
            continue;
        };
        let range = at..end;
        at = end;
        let sentence = plain.sentence(&range);
        if plain.holds_any(sentence.clone(), BOTH) {
            continue;
        }
        let aim = match (is_job, place) {
            (true, Place::Title | Place::Requirement) => Aim::Applicants(end),
            (true, Place::Text) if plain.holds_any(end..sentence.end.min(end + 14), OFFERED) => {
                Aim::Applicants(end)
            }
            (true, Place::Text) => Aim::Others,
            (false, _) => aim::of(plain, &range, false, place),
        };
        let kind = if is_job { Kind::JobName } else { Kind::Sex };
        if let Some(one) = Found::about(plain, &range, aim, kind) {
            at = at.max(one.1);
            found.push(one.0);
        }
    }
    found
}

fn token_at(plain: &Plain, at: usize) -> Option<(usize, bool)> {
    let before = at.checked_sub(1).and_then(|before| plain.chars.get(before));
    let is_inside_word = |end: usize| {
        let is_letter = |sign: Option<&char>| sign.is_some_and(char::is_ascii_alphabetic);
        plain.chars[at].is_ascii_alphabetic() && (is_letter(before) || is_letter(plain.chars.get(end)))
    };
    if let Some(n_chars) = plain.longest_at(at, JOB_NAMES) {
        let end = at + n_chars;
        let is_another = plain.longest_at(end, OTHER_WORDS).is_some();
        return (!is_another && !is_inside_word(end)).then_some((end, true));
    }
    let end = at + plain.longest_at(at, SEXES)?;
    (!is_inside_word(end)).then_some((end, false))
}

/// The rule for an aim.
pub(super) const fn rule(is_suggested: bool) -> WordingRule {
    if is_suggested {
        WordingRule::SexSuggested
    } else {
        WordingRule::Sex
    }
}
