//! The headers that CSV files of HR systems have, in Japanese and English, and what they mean.
//!
//! - Headers are compared without width, case, blanks and punctuation; a number says which period is meant
//!   (部署1, 部署（2）, tenure2_department, 職歴２＿部署).
//! - `#` stands for an item of a list; names that begin with `@` are put together with others.

use unicode_normalization::UnicodeNormalization;

use super::hidden::is_hidden;

/// What a column is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// A place in the format; `idx` counts the periods from 0.
    Field { path: &'static str, idx: usize },
    /// Ranking must not see it.
    Hidden,
    /// Not part of the format.
    Unknown,
}

/// Paths of the format, each with the headers that mean it.
pub(crate) type Synonyms = &'static [(&'static str, &'static [&'static str])];

pub(crate) const ALUMNI: Synonyms = &[
    (
        "id",
        &[
            "id",
            "社員番号",
            "社員no",
            "社員id",
            "社員コード",
            "従業員番号",
            "従業員コード",
            "職員番号",
            "番号",
            "管理番号",
            "employeeid",
            "employeenumber",
            "employeeno",
            "externalid",
            "staffid",
        ],
    ),
    (
        "name",
        &[
            "name",
            "氏名",
            "名前",
            "お名前",
            "姓名",
            "fullname",
            "漢字氏名",
            "氏名漢字",
        ],
    ),
    (
        "@familyName",
        &["姓", "氏", "苗字", "名字", "familyname", "lastname", "surname"],
    ),
    ("@givenName", &["名", "givenname", "firstname"]),
    (
        "nameKana",
        &[
            "namekana",
            "kana",
            "フリガナ",
            "ふりがな",
            "氏名カナ",
            "カナ氏名",
            "氏名フリガナ",
            "氏名ふりがな",
            "カナ",
            "かな",
            "ヨミガナ",
            "よみがな",
            "読み仮名",
            "読み",
            "氏名読み",
        ],
    ),
    (
        "@familyKana",
        &[
            "セイ",
            "せい",
            "姓カナ",
            "姓フリガナ",
            "姓ふりがな",
            "familynamekana",
            "lastnamekana",
        ],
    ),
    (
        "@givenKana",
        &[
            "メイ",
            "めい",
            "名カナ",
            "名フリガナ",
            "名ふりがな",
            "givennamekana",
            "firstnamekana",
        ],
    ),
    (
        "email",
        &[
            "email",
            "emailaddress",
            "mail",
            "mailaddress",
            "メール",
            "メールアドレス",
            "eメール",
            "電子メール",
            "個人メール",
            "個人メールアドレス",
            "連絡先メールアドレス",
            "personalemail",
        ],
    ),
    (
        "prefecture",
        &[
            "prefecture",
            "都道府県",
            "居住地",
            "居住都道府県",
            "現住所都道府県",
            "住所都道府県",
            "お住まい",
        ],
    ),
    (
        "headline",
        &[
            "headline",
            "見出し",
            "肩書き",
            "キャッチコピー",
            "ひとこと",
            "一言",
        ],
    ),
    (
        "summary",
        &[
            "summary",
            "自己紹介",
            "自己紹介文",
            "自己pr",
            "職務要約",
            "プロフィール",
            "紹介文",
            "about",
            "bio",
        ],
    ),
    (
        "skills",
        &[
            "skills",
            "skill",
            "スキル",
            "得意分野",
            "専門",
            "専門分野",
            "スキル経験",
            "保有スキル",
        ],
    ),
    (
        "qualifications",
        &[
            "qualifications",
            "qualification",
            "資格",
            "保有資格",
            "免許資格",
            "資格免許",
            "certifications",
        ],
    ),
    (
        "languages",
        &["languages", "language", "語学", "語学力", "言語", "外国語"],
    ),
    (
        "tenures#department",
        &[
            "department",
            "部署",
            "部署名",
            "所属",
            "所属部署",
            "部門",
            "配属",
            "配属先",
            "部課",
            "unit",
        ],
    ),
    (
        "tenures#title",
        &["title", "役職", "役職名", "職位", "職名", "jobtitle", "position"],
    ),
    (
        "tenures#from",
        &[
            "from",
            "入社年月",
            "入社年月日",
            "入社日",
            "入社",
            "在籍開始",
            "在籍開始年月",
            "開始年月",
            "配属年月",
            "着任年月",
            "joinedon",
            "joindate",
            "hiredate",
            "hiredon",
            "startdate",
            "employedfrom",
        ],
    ),
    (
        "tenures#to",
        &[
            "to",
            "退職年月",
            "退職年月日",
            "退職日",
            "退職",
            "退社年月",
            "退社年月日",
            "退社日",
            "退社",
            "在籍終了",
            "在籍終了年月",
            "終了年月",
            "離任年月",
            "lefton",
            "leavedate",
            "leavingdate",
            "enddate",
            "terminationdate",
            "employedto",
        ],
    ),
    (
        "tenures#description",
        &[
            "description",
            "業務内容",
            "職務内容",
            "担当業務",
            "仕事内容",
            "jobdescription",
            "duties",
        ],
    ),
    (
        "careerAfter#organization",
        &[
            "organization",
            "勤務先",
            "現勤務先",
            "現在の勤務先",
            "退職後の勤務先",
            "退職後勤務先",
            "転職先",
            "現職",
            "currentcompany",
            "currentorganization",
        ],
    ),
    (
        "careerAfter#title",
        &[
            "現在の役職",
            "現役職",
            "退職後の役職",
            "退職後役職",
            "勤務先役職",
            "currenttitle",
            "currentposition",
        ],
    ),
    (
        "careerAfter#from",
        &[
            "退職後の開始年月",
            "退職後開始年月",
            "勤務開始年月",
            "現職開始年月",
            "転職年月",
            "currentfrom",
        ],
    ),
    (
        "careerAfter#to",
        &[
            "退職後の終了年月",
            "退職後終了年月",
            "勤務終了年月",
            "現職終了年月",
            "currentto",
        ],
    ),
    (
        "careerAfter#description",
        &[
            "現在の業務内容",
            "現職内容",
            "退職後の業務内容",
            "退職後業務内容",
            "currentdescription",
        ],
    ),
    (
        "leaveReason",
        &[
            "leavereason",
            "退職理由",
            "退社理由",
            "離職理由",
            "退職事由",
            "reasonforleaving",
        ],
    ),
    (
        "leavingKind",
        &["leavingkind", "退職区分", "退社区分", "離職区分", "退職種別"],
    ),
    (
        "employmentType",
        &["employmenttype", "雇用形態", "雇用区分", "社員区分", "雇用種別"],
    ),
    (
        "segment",
        &["segment", "区分", "セグメント", "対象区分", "試行区分"],
    ),
    (
        "groupCompany",
        &[
            "groupcompany",
            "グループ会社",
            "グループ会社コード",
            "所属会社",
            "会社コード",
        ],
    ),
    (
        "evaluation",
        &["evaluation", "評価", "人事評価", "在籍時の評価", "在籍時評価"],
    ),
    (
        "interests",
        &[
            "interests",
            "interest",
            "希望",
            "希望内容",
            "希望する関わり方",
            "参加希望",
            "関心",
            "関わり方",
        ],
    ),
    (
        "@interest.REHIRE",
        &["再雇用希望", "再入社希望", "復職希望", "再雇用", "rehire"],
    ),
    (
        "@interest.CONTRACT_WORK",
        &["業務委託希望", "副業希望", "業務委託", "contractwork"],
    ),
    (
        "@interest.SPEAKING",
        &["登壇希望", "講師希望", "登壇", "speaking"],
    ),
    ("@interest.MENTORING", &["メンター希望", "メンター", "mentoring"]),
    (
        "@interest.EVENTS",
        &["イベント希望", "イベント参加希望", "イベント", "events"],
    ),
    (
        "workStyle.remote",
        &[
            "remote",
            "勤務形態",
            "希望勤務形態",
            "働き方",
            "希望する働き方",
            "リモート",
            "リモート希望",
            "workstyle",
            "workstyleremote",
        ],
    ),
    (
        "workStyle.hoursPerWeek",
        &[
            "hoursperweek",
            "weeklyhours",
            "週時間",
            "週の時間",
            "週稼働時間",
            "週あたり時間",
            "希望週時間",
            "稼働可能時間",
            "稼働時間週",
            "週労働時間",
            "workstylehoursperweek",
        ],
    ),
    (
        "workStyle.availableFrom",
        &[
            "availablefrom",
            "開始可能",
            "開始可能年月",
            "開始可能日",
            "開始可能時期",
            "稼働開始",
            "稼働可能時期",
            "稼働開始可能年月",
            "就業可能年月",
            "workstyleavailablefrom",
        ],
    ),
    (
        "confirmedOn",
        &["confirmedon", "最終確認日", "確認日", "本人確認日"],
    ),
];

pub(crate) const OPPORTUNITIES: Synonyms = &[
    (
        "id",
        &[
            "id",
            "番号",
            "管理番号",
            "求人番号",
            "案件番号",
            "募集番号",
            "externalid",
            "code",
        ],
    ),
    ("kind", &["kind", "type", "種別", "種類", "区分", "募集区分"]),
    (
        "title",
        &[
            "title",
            "タイトル",
            "件名",
            "募集名",
            "案件名",
            "職種",
            "職種名",
            "題名",
        ],
    ),
    (
        "department",
        &["department", "部署", "部署名", "部門", "所属", "募集部署", "unit"],
    ),
    (
        "hiringManager",
        &["hiringmanager", "採用責任者", "採用担当者", "上長"],
    ),
    (
        "groupCompany",
        &[
            "groupcompany",
            "グループ会社",
            "グループ会社コード",
            "募集会社",
            "会社コード",
        ],
    ),
    (
        "description",
        &[
            "description",
            "内容",
            "業務内容",
            "仕事内容",
            "説明",
            "募集内容",
            "詳細",
        ],
    ),
    (
        "requiredSkills",
        &[
            "requiredskills",
            "必須スキル",
            "必須要件",
            "必須条件",
            "必須",
            "応募条件",
            "テーマ",
            "musthaves",
        ],
    ),
    (
        "preferredSkills",
        &[
            "preferredskills",
            "歓迎スキル",
            "歓迎要件",
            "歓迎条件",
            "歓迎",
            "尚可",
            "nicetohaves",
        ],
    ),
    (
        "products",
        &[
            "products",
            "製品",
            "商品",
            "製品サービス",
            "関連製品",
            "ブランド",
            "サービス名",
        ],
    ),
    (
        "prefecture",
        &[
            "prefecture",
            "都道府県",
            "勤務地",
            "場所",
            "開催地",
            "勤務地都道府県",
        ],
    ),
    (
        "remote",
        &["remote", "勤務形態", "働き方", "リモート", "開催形式"],
    ),
    (
        "seats",
        &["seats", "人数", "募集人数", "定員", "採用人数", "headcount"],
    ),
    (
        "hoursPerWeek",
        &["hoursperweek", "週時間", "週の時間", "週稼働時間", "週労働時間"],
    ),
    (
        "startsOn",
        &[
            "startson",
            "開始",
            "開始年月",
            "開始日",
            "開始時期",
            "開催日",
            "登壇日",
            "入社時期",
            "startdate",
        ],
    ),
    (
        "endsOn",
        &["endson", "終了", "終了年月", "終了日", "終了時期", "enddate"],
    ),
    (
        "compensation",
        &[
            "compensation",
            "報酬",
            "給与",
            "年収",
            "謝礼",
            "賃金",
            "委託料",
            "pay",
            "fee",
        ],
    ),
    ("status", &["status", "状態", "ステータス", "公開状態"]),
    (
        "closesAt",
        &[
            "closesat",
            "締切",
            "締切日",
            "応募締切",
            "応募締切日",
            "募集締切",
            "deadline",
        ],
    ),
];

/// Says what a header means.
pub(crate) fn column(header: &str, synonyms: Synonyms) -> Column {
    let plain = plain(header);
    if let Some(path) = find(&plain, synonyms) {
        return Column::Field { path, idx: 0 };
    }
    let (head, number) = split_number(&plain);
    if let Some(number) = number
        && let Some(path) = find(head, synonyms).filter(|path| path.contains('#'))
    {
        return Column::Field {
            path,
            idx: number.saturating_sub(1),
        };
    }
    for (prefixes, list) in [
        (["tenures", "tenure", "在籍", "職歴"], "tenures#"),
        (["careerafter", "career", "退職後", "その後"], "careerAfter#"),
    ] {
        for prefix in prefixes {
            if let Some(rest) = plain.strip_prefix(prefix)
                && let Some((idx, path)) = numbered(rest, list, synonyms)
            {
                return Column::Field { path, idx };
            }
        }
    }
    if is_hidden(header) || is_hidden(&plain) {
        Column::Hidden
    } else {
        Column::Unknown
    }
}

/// The rest of `tenure2department` or `職歴2部署` after its prefix; the path is the one within `list`.
fn numbered(rest: &str, list: &str, synonyms: Synonyms) -> Option<(usize, &'static str)> {
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let number: usize = rest[..end].parse().unwrap_or(1);
    let path = find(&rest[end..], synonyms)?;
    let key = path.split('#').nth(1)?;
    let path = synonyms
        .iter()
        .map(|(path, _)| *path)
        .find(|path| *path == format!("{list}{key}"))?;
    Some((number.saturating_sub(1), path))
}

fn find(plain: &str, synonyms: Synonyms) -> Option<&'static str> {
    synonyms
        .iter()
        .find(|(_, names)| names.contains(&plain))
        .map(|(path, _)| *path)
}

fn plain(header: &str) -> String {
    header
        .nfkc()
        .filter(|c| c.is_alphanumeric() || *c == 'ー')
        .flat_map(char::to_lowercase)
        .collect()
}

fn split_number(plain: &str) -> (&str, Option<usize>) {
    let head = plain.trim_end_matches(|c: char| c.is_ascii_digit());
    (head, plain[head.len()..].parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_known_in_both_languages_with_and_without_numbers() {
        for (header, path, idx) in [
            ("社員番号", "id", 0),
            ("E-mail", "email", 0),
            ("ﾌﾘｶﾞﾅ", "nameKana", 0),
            ("氏名（カナ）", "nameKana", 0),
            ("部署", "tenures#department", 0),
            ("部署２", "tenures#department", 1),
            ("入社年月(3)", "tenures#from", 2),
            ("tenure2_department", "tenures#department", 1),
            ("職歴2_業務内容", "tenures#description", 1),
            ("退職後1_勤務先", "careerAfter#organization", 0),
            ("careerAfter2.title", "careerAfter#title", 1),
            ("Hours per week", "workStyle.hoursPerWeek", 0),
            ("familyName", "@familyName", 0),
        ] {
            assert_eq!(column(header, ALUMNI), Column::Field { path, idx }, "{header}");
        }
    }

    #[test]
    fn what_ranking_must_not_see_is_told_from_what_nobody_knows() {
        assert_eq!(column("生年月日", ALUMNI), Column::Hidden);
        assert_eq!(column("dateOfBirth", ALUMNI), Column::Hidden);
        assert_eq!(column("駐車場番号", ALUMNI), Column::Unknown);
    }

    #[test]
    fn no_header_means_two_things() {
        for synonyms in [ALUMNI, OPPORTUNITIES] {
            let mut all: Vec<&str> = synonyms
                .iter()
                .flat_map(|(_, names)| names.iter().copied())
                .collect();
            let n_names = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), n_names);
            assert!(all.iter().all(|name| plain(name) == *name));
        }
    }
}
