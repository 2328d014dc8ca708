//! Columns that ranking must not see. They are dropped before anything reads them, and counted.
//!
//! A column with a place in the format (such as `familyName`) is never asked about here.

/// Parts of Japanese headers: whatever contains one is about the person's age, sex, origin, family, creed, union or
/// health (職業安定法 第5条の5 and its guideline list what must not be collected when recruiting).
const JAPANESE: &[&str] = &[
    "生年",
    "誕生",
    "生まれ",
    "年齢",
    "歳",
    "性別",
    "男女",
    "国籍",
    "出身",
    "出生",
    "本籍",
    "戸籍",
    "家族",
    "世帯",
    "配偶",
    "扶養",
    "子供",
    "子ども",
    "こども",
    "お子",
    "育児",
    "介護",
    "婚",
    "妊娠",
    "出産",
    "宗教",
    "信仰",
    "信条",
    "思想",
    "政党",
    "支持",
    "組合",
    "健康",
    "病",
    "既往",
    "障害",
    "障がい",
    "障碍",
    "人種",
    "民族",
    "門地",
    "犯罪",
    "前科",
    "血液",
    "身長",
    "体重",
    "写真",
    "個人番号",
    "年代",
    "世代",
    "独身",
    "続柄",
    "親族",
    "両親",
    "旧姓",
    "在留",
    "母国",
    "宗派",
    "党派",
    "政治",
    "持病",
    "通院",
    "服薬",
    "療養",
    "アレルギー",
    "性的",
    "性自認",
    "感染",
    "喫煙",
    "容姿",
];

/// More of them, too short or too common to be looked for inside a header.
const JAPANESE_WHOLE: &[&str] = &[
    "年令",
    "子",
    "性",
    "マイナンバー",
    "卒業年",
    "卒業年度",
    "卒業年月",
    "干支",
    "ビザ",
    "夫",
    "妻",
    "父",
    "母",
    "年次",
    "入社年次",
    "卒年",
];

/// Words of English headers, also inside camelCase and snake_case.
const ENGLISH: &[&str] = &[
    "birth",
    "birthday",
    "birthdate",
    "birthplace",
    "born",
    "dob",
    "age",
    "sex",
    "gender",
    "nationality",
    "citizenship",
    "origin",
    "hometown",
    "family",
    "spouse",
    "husband",
    "wife",
    "children",
    "child",
    "dependents",
    "marital",
    "married",
    "marriage",
    "religion",
    "creed",
    "belief",
    "beliefs",
    "union",
    "health",
    "disability",
    "disabilities",
    "medical",
    "race",
    "ethnicity",
    "ethnic",
    "pregnancy",
    "pregnant",
    "graduation",
    "photo",
    "visa",
    "immigration",
    "ancestry",
    "caste",
    "sexual",
    "orientation",
    "pronouns",
    "political",
    "politics",
    "faith",
    "church",
    "parents",
    "siblings",
    "mother",
    "father",
    "kids",
    "illness",
    "disease",
    "allergies",
    "blood",
    "height",
    "weight",
    "passport",
    "picture",
    "handicap",
    "zodiac",
];

/// Whether ranking must not see a column with this header or key.
pub(crate) fn is_hidden(header: &str) -> bool {
    JAPANESE.iter().any(|part| header.contains(part))
        || JAPANESE_WHOLE.contains(&header.trim())
        || words(header).iter().any(|word| ENGLISH.contains(&word.as_str()))
}

/// `birthDate`, `birth_date` and `Birth Date` are `birth`, `date`.
fn words(header: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in header.chars() {
        let starts_word = !c.is_alphabetic() || (c.is_uppercase() && was_lower);
        if starts_word {
            words.push(String::new());
        }
        if c.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        was_lower = c.is_lowercase();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_sex_origin_family_creed_union_and_health_are_hidden_in_both_languages() {
        for header in [
            "生年月日",
            "年齢",
            "満年齢",
            "性別",
            "国籍",
            "出身地",
            "本籍地",
            "家族構成",
            "配偶者の有無",
            "婚姻",
            "宗教",
            "信条",
            "労働組合",
            "健康状態",
            "障害者手帳",
            "birthDate",
            "date_of_birth",
            "DOB",
            "Age",
            "sex",
            "Gender",
            "nationality",
            "placeOfBirth",
            "maritalStatus",
            "religion",
            "union_member",
            "healthNotes",
            "HasChildren",
            "世代",
            "独身",
            "旧姓",
            "在留資格",
            "アレルギー",
            "妻",
            "visaStatus",
            "sexual_orientation",
            "politicalParty",
            "parents",
            "AGE",
        ] {
            assert!(is_hidden(header), "{header}");
        }
    }

    #[test]
    fn columns_about_work_are_not_hidden() {
        for header in [
            "languages",
            "manager",
            "department",
            "氏名",
            "部署",
            "退職理由",
            "資格",
            "message",
            "package",
            "英語",
        ] {
            assert!(!is_hidden(header), "{header}");
        }
    }
}
