//! How somebody was employed and left, as the company's records say it: read by a programme's rules and by nothing else.

use serde::{Deserialize, Serialize};

use crate::domain::coded_enum;

coded_enum! {
    /// The kind of leaving. Never the reason: why somebody left is nobody's rule.
    LeavingKind {
        /// The person's own decision (自己都合).
        Voluntary = "VOLUNTARY",
        /// The contract ended (契約満了).
        EndOfContract = "END_OF_CONTRACT",
        /// The company's decision (会社都合).
        EmployerRequest = "EMPLOYER_REQUEST",
        /// An early-retirement offer (早期退職).
        EarlyRetirement = "EARLY_RETIREMENT",
        /// The mandatory retirement (定年).
        MandatoryRetirement = "MANDATORY_RETIREMENT",
        /// A disciplinary dismissal (懲戒).
        Disciplinary = "DISCIPLINARY",
        /// Any other.
        Other = "OTHER",
    }
}

coded_enum! {
    /// The type of employment.
    EmploymentType {
        /// Regular, without a term (正社員).
        Regular = "REGULAR",
        /// On a fixed-term contract (契約社員).
        Contract = "CONTRACT",
        /// Part-time (パート・アルバイト).
        PartTime = "PART_TIME",
        /// Engaged after retirement or by special agreement (嘱託).
        Entrusted = "ENTRUSTED",
        /// Sent by a temporary-work agency (派遣).
        TemporaryAgency = "TEMPORARY_AGENCY",
        /// On loan from another company (出向).
        Seconded = "SECONDED",
        /// An officer (役員).
        Officer = "OFFICER",
        /// Any other.
        Other = "OTHER",
    }
}

impl LeavingKind {
    /// In Japanese, as records write it.
    #[must_use]
    pub const fn japanese(self) -> &'static str {
        self.names()[0]
    }

    /// What records call it; the first is the usual one.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Voluntary => &["自己都合", "自己都合退職", "依願退職", "自主退職", "一身上の都合"],
            Self::EndOfContract => &["契約満了", "契約期間満了", "期間満了", "任期満了", "雇止め"],
            Self::EmployerRequest => &[
                "会社都合",
                "会社都合退職",
                "退職勧奨",
                "整理解雇",
                "解雇",
                "普通解雇",
            ],
            Self::EarlyRetirement => &["早期退職", "希望退職", "早期希望退職", "早期優遇退職", "選択定年"],
            Self::MandatoryRetirement => &["定年", "定年退職"],
            Self::Disciplinary => &["懲戒", "懲戒解雇", "諭旨解雇", "諭旨退職", "懲戒退職"],
            Self::Other => &["その他"],
        }
    }

    /// The kind with this code or Japanese name, widths, blanks and case aside; `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        parse(text, Self::ALL, Self::code, Self::names)
    }
}

impl EmploymentType {
    /// In Japanese, as records write it.
    #[must_use]
    pub const fn japanese(self) -> &'static str {
        self.names()[0]
    }

    /// What records call it; the first is the usual one.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Regular => &[
                "正社員",
                "正規",
                "正規社員",
                "正規雇用",
                "総合職",
                "一般職",
                "無期雇用",
            ],
            Self::Contract => &["契約社員", "契約", "有期契約", "有期雇用", "期間社員"],
            Self::PartTime => &[
                "パート",
                "アルバイト",
                "パート・アルバイト",
                "パートタイム",
                "短時間社員",
            ],
            Self::Entrusted => &["嘱託", "嘱託社員", "再雇用", "再雇用社員"],
            Self::TemporaryAgency => &["派遣", "派遣社員", "派遣労働者"],
            Self::Seconded => &["出向", "出向社員", "受入出向"],
            Self::Officer => &["役員", "取締役", "執行役員"],
            Self::Other => &["その他"],
        }
    }

    /// The type with this code or Japanese name, widths, blanks and case aside; `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        parse(text, Self::ALL, Self::code, Self::names)
    }
}

fn parse<T: Copy>(
    text: &str,
    all: &[T],
    code: fn(T) -> &'static str,
    names: fn(T) -> &'static [&'static str],
) -> Option<T> {
    let plain = plain(text);
    let is_named = |one: &T| {
        plain == self::plain(code(*one)) || names(*one).iter().any(|name| plain == self::plain(name))
    };
    all.iter().copied().find(is_named)
}

/// Without differences of width and case, and without blanks, hyphens and the dots between words.
fn plain(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let kept = text
        .nfkc()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '・' | '/'));
    kept.flat_map(char::to_lowercase).collect()
}

/// How somebody was employed and left. `None` where the records do not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Employment {
    /// The kind of leaving.
    pub leaving_kind: Option<LeavingKind>,
    /// The type of employment.
    pub employment_type: Option<EmploymentType>,
    /// The segment of a pilot.
    pub segment: Option<String>,
    /// The code of the group company.
    pub group_company: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_name_kinds_by_code_or_in_japanese_in_any_width() {
        for (text, kind) in [
            ("VOLUNTARY", Some(LeavingKind::Voluntary)),
            ("end of contract", Some(LeavingKind::EndOfContract)),
            (
                "ｅａｒｌｙ＿ｒｅｔｉｒｅｍｅｎｔ",
                Some(LeavingKind::EarlyRetirement),
            ),
            (" 自己 都合 ", Some(LeavingKind::Voluntary)),
            ("定年退職", Some(LeavingKind::MandatoryRetirement)),
            ("懲戒解雇", Some(LeavingKind::Disciplinary)),
            ("家庭の事情", None),
            ("", None),
        ] {
            assert_eq!(LeavingKind::parse(text), kind, "{text}");
        }
        for (text, employment_type) in [
            ("正社員", Some(EmploymentType::Regular)),
            ("ﾊﾟｰﾄ･ｱﾙﾊﾞｲﾄ", Some(EmploymentType::PartTime)),
            ("temporary-agency", Some(EmploymentType::TemporaryAgency)),
            ("出向", Some(EmploymentType::Seconded)),
            ("フリー", None),
        ] {
            assert_eq!(EmploymentType::parse(text), employment_type, "{text}");
        }
    }

    #[test]
    fn no_name_means_two_kinds() {
        for kind in LeavingKind::ALL {
            for name in kind.names() {
                assert_eq!(LeavingKind::parse(name), Some(*kind), "{name}");
            }
            assert_eq!(LeavingKind::parse(kind.code()), Some(*kind));
        }
        for employment_type in EmploymentType::ALL {
            for name in employment_type.names() {
                assert_eq!(EmploymentType::parse(name), Some(*employment_type), "{name}");
            }
            assert_eq!(
                EmploymentType::parse(employment_type.code()),
                Some(*employment_type)
            );
        }
    }
}
