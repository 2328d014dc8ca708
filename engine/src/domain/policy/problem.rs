//! What can be wrong with a policy: the one place where its limits are checked, whoever wrote it.

use std::collections::HashSet;

use super::{
    APPROACH_CAP_DAYS_MAX, APPROACHES_MAX, FEED_NEW_ITEMS_MAX, GROUP_COMPANIES_MAX,
    GROUP_COMPANY_CODE_CHARS_MAX, GROUP_COMPANY_NAME_CHARS_MAX, GROUP_NAME_CHARS_MAX, GROUP_SHARES_MAX,
    GroupedBy, MINIMUM_TENURE_MONTHS_MAX, Policy, REST_DAYS_MAX, RETURN_WINDOW_MONTHS_MAX, SEGMENT_CHARS_MAX,
    SEGMENTS_MAX,
};

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, as a dotted path of field names and 0-based places, such as `group_companies.0.code`.
    pub field: String,
    /// What.
    pub wrong: Wrong,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A number outside its range.
    OutOfRange {
        /// The number.
        value: u32,
        /// The least.
        min: u32,
        /// The greatest.
        max: u32,
    },
    /// A text without a visible character.
    Blank,
    /// A list that admits nobody.
    Empty,
    /// A list that must have an item.
    Nothing,
    /// A text with a control character.
    Control,
    /// A text of too many characters.
    TooLong {
        /// How many.
        n_chars: usize,
        /// At most.
        max: usize,
    },
    /// A list of too many items.
    TooMany {
        /// How many.
        n_items: usize,
        /// At most.
        max: usize,
    },
    /// An item that the list has already.
    Repeated {
        /// The item.
        value: String,
    },
    /// The code of a group company that the programme does not have.
    UnknownCompany {
        /// The code.
        code: String,
    },
    /// Shares that are more than a whole.
    MoreThanAll {
        /// What they sum to, in percent.
        percent: u32,
    },
}

impl Wrong {
    /// In English, to follow the field's name.
    #[must_use]
    pub fn english(&self) -> String {
        match self {
            Self::OutOfRange { value, min, max } => format!("{value} is not between {min} and {max}"),
            Self::Blank => "must not be blank".to_owned(),
            Self::Empty => "is empty and would admit nobody; leave it out to admit everybody".to_owned(),
            Self::Nothing => "is empty; at least one is needed".to_owned(),
            Self::Control => "contains a control character".to_owned(),
            Self::TooLong { n_chars, max } => format!("has {n_chars} characters; the maximum is {max}"),
            Self::TooMany { n_items, max } => format!("has {n_items} items; the maximum is {max}"),
            Self::Repeated { value } => format!("{value:?} is in the list already"),
            Self::UnknownCompany { code } => {
                format!("{code:?} is not the code of one of the programme's group companies")
            }
            Self::MoreThanAll { percent } => format!("sum to {percent} percent; the maximum is 100"),
        }
    }

    /// In Japanese.
    #[must_use]
    pub fn japanese(&self) -> String {
        match self {
            Self::OutOfRange { value, min, max } => format!("{value}は{min}から{max}の範囲にありません"),
            Self::Blank => "入力してください".to_owned(),
            Self::Empty => {
                "空のリストでは誰も対象になりません。全員を対象にするには省略してください".to_owned()
            }
            Self::Nothing => "1つ以上を指定してください".to_owned(),
            Self::Control => "制御文字は使えません".to_owned(),
            Self::TooLong { n_chars, max } => format!("{n_chars}文字は上限の{max}文字を超えています"),
            Self::TooMany { n_items, max } => format!("{n_items}件は上限の{max}件を超えています"),
            Self::Repeated { value } => format!("「{value}」はすでに含まれています"),
            Self::UnknownCompany { code } => {
                format!("「{code}」はこのプログラムのグループ会社のコードではありません")
            }
            Self::MoreThanAll { percent } => format!("合計{percent}％は上限の100％を超えています"),
        }
    }
}

/// Everything that is wrong, in the order of the fields.
pub(super) fn of(policy: &Policy) -> Vec<Problem> {
    let mut found = Found::default();
    found.distinct("kinds", &policy.kinds, |kind| kind.code().to_owned());
    found.range("quiet_period_days", policy.quiet_period_days, 0, REST_DAYS_MAX);
    if let Some(months) = policy.return_window_months {
        found.range("return_window_months", months, 1, RETURN_WINDOW_MONTHS_MAX);
    }
    let months = policy.minimum_tenure_months;
    found.range("minimum_tenure_months", months, 0, MINIMUM_TENURE_MONTHS_MAX);
    found.admitted("leaving_kinds", policy.leaving_kinds.as_deref(), |kind| {
        kind.code()
    });
    found.admitted("employment_types", policy.employment_types.as_deref(), |one| {
        one.code()
    });
    if let Some(segments) = &policy.segments {
        found.segments(segments);
    }
    found.distinct("admission.matched_by", &policy.admission.matched_by, |proof| {
        proof.code().to_owned()
    });
    if let Some(cap) = policy.approach_cap {
        found.range(
            "approach_cap.max_approaches",
            cap.max_approaches,
            1,
            APPROACHES_MAX,
        );
        found.range("approach_cap.days", cap.days, 1, APPROACH_CAP_DAYS_MAX);
    }
    if let Some(n_items) = policy.feed_new_items_per_week {
        found.range("feed_new_items_per_week", n_items, 1, FEED_NEW_ITEMS_MAX);
    }
    found.range("speaker_rest_days", policy.speaker_rest_days, 0, REST_DAYS_MAX);
    found.group_companies(policy);
    found.group_shares(policy);
    found.problems
}

#[derive(Default)]
struct Found {
    problems: Vec<Problem>,
}

impl Found {
    fn add(&mut self, field: impl Into<String>, wrong: Wrong) {
        self.problems.push(Problem {
            field: field.into(),
            wrong,
        });
    }

    fn range(&mut self, field: &str, value: u32, min: u32, max: u32) {
        if !(min..=max).contains(&value) {
            self.add(field, Wrong::OutOfRange { value, min, max });
        }
    }

    /// Counts before it looks at the items: a list of a million is one problem.
    fn count(&mut self, field: &str, n_items: usize, max: usize) -> bool {
        if n_items > max {
            self.add(field, Wrong::TooMany { n_items, max });
        }
        n_items <= max
    }

    fn distinct<T>(&mut self, field: &str, items: &[T], name: impl Fn(&T) -> String) {
        let mut seen = HashSet::new();
        for (idx, item) in items.iter().enumerate() {
            let value = name(item);
            if !seen.insert(value.clone()) {
                self.add(format!("{field}.{idx}"), Wrong::Repeated { value });
                // One is enough to know of: a long list of the same item is one mistake.
                return;
            }
        }
    }

    /// A list of what is admitted: `None` admits all, and a list at least one.
    fn admitted<T: Copy>(&mut self, field: &str, list: Option<&[T]>, code: fn(T) -> &'static str) {
        let Some(list) = list else {
            return;
        };
        if list.is_empty() {
            self.add(field, Wrong::Empty);
        }
        self.distinct(field, list, |item| code(*item).to_owned());
    }

    fn line(&mut self, field: &str, text: &str, max: usize) {
        let n_chars = text.chars().count();
        if text.trim().is_empty() {
            self.add(field, Wrong::Blank);
        }
        if n_chars > max {
            self.add(field, Wrong::TooLong { n_chars, max });
        }
        if text.contains(char::is_control) {
            self.add(field, Wrong::Control);
        }
    }

    fn segments(&mut self, segments: &[String]) {
        if segments.is_empty() {
            self.add("segments", Wrong::Empty);
        }
        if self.count("segments", segments.len(), SEGMENTS_MAX) {
            for (idx, segment) in segments.iter().enumerate() {
                self.line(&format!("segments.{idx}"), segment, SEGMENT_CHARS_MAX);
            }
            self.distinct("segments", segments, Clone::clone);
        }
    }

    fn group_shares(&mut self, policy: &Policy) {
        let Some(shares) = &policy.group_shares else {
            return;
        };
        if shares.kinds.is_empty() {
            self.add("group_shares.kinds", Wrong::Nothing);
        }
        self.distinct("group_shares.kinds", &shares.kinds, |kind| kind.code().to_owned());
        let groups = &shares.groups;
        if groups.is_empty() {
            self.add("group_shares.groups", Wrong::Nothing);
        }
        if !self.count("group_shares.groups", groups.len(), GROUP_SHARES_MAX) {
            return;
        }
        for (idx, group) in groups.iter().enumerate() {
            let at = format!("group_shares.groups.{idx}");
            self.line(&format!("{at}.name"), &group.name, GROUP_NAME_CHARS_MAX);
            self.range(&format!("{at}.percent"), group.percent, 1, 100);
            if shares.by == GroupedBy::GroupCompany && policy.group_company(&group.name).is_none() {
                let code = group.name.clone();
                self.add(format!("{at}.name"), Wrong::UnknownCompany { code });
            }
        }
        self.distinct("group_shares.groups", groups, |group| group.name.clone());
        let percent = shares.percent();
        if percent > 100 {
            self.add("group_shares.groups", Wrong::MoreThanAll { percent });
        }
    }

    fn group_companies(&mut self, policy: &Policy) {
        let companies = &policy.group_companies;
        if !self.count("group_companies", companies.len(), GROUP_COMPANIES_MAX) {
            return;
        }
        for (idx, company) in companies.iter().enumerate() {
            let at = format!("group_companies.{idx}");
            self.line(&format!("{at}.code"), &company.code, GROUP_COMPANY_CODE_CHARS_MAX);
            self.line(&format!("{at}.name"), &company.name, GROUP_COMPANY_NAME_CHARS_MAX);
            self.distinct(&format!("{at}.shared_kinds"), &company.shared_kinds, |kind| {
                kind.code().to_owned()
            });
        }
        let mut seen = HashSet::new();
        for (idx, company) in companies.iter().enumerate() {
            if !seen.insert(company.code.as_str()) {
                let value = company.code.clone();
                self.add(format!("group_companies.{idx}.code"), Wrong::Repeated { value });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::{
        Admission, ApproachCap, ClaimProof, GroupCompany, GroupShare, GroupShares, LeavingKind,
    };
    use crate::domain::{OpportunityKind, policy};

    fn group_company(code: &str) -> GroupCompany {
        GroupCompany {
            code: code.to_owned(),
            name: "青葉信託".to_owned(),
            shared_kinds: vec![OpportunityKind::Role],
        }
    }

    fn shares(by: GroupedBy, groups: &[(&str, u32)]) -> Option<GroupShares> {
        let share = |(name, percent): &(&str, u32)| GroupShare {
            name: (*name).to_owned(),
            percent: *percent,
        };
        Some(GroupShares {
            kinds: OpportunityKind::ALL.to_vec(),
            by,
            groups: groups.iter().map(share).collect(),
        })
    }

    fn found(policy: &Policy) -> Vec<String> {
        let problems = policy.problems().into_iter();
        problems
            .map(|problem| format!("{} {}", problem.field, problem.wrong.english()))
            .collect()
    }

    fn at_its_limits() -> Policy {
        Policy {
            quiet_period_days: REST_DAYS_MAX,
            return_window_months: Some(RETURN_WINDOW_MONTHS_MAX),
            minimum_tenure_months: MINIMUM_TENURE_MONTHS_MAX,
            leaving_kinds: Some(LeavingKind::ALL.to_vec()),
            employment_types: Some(policy::EmploymentType::ALL.to_vec()),
            segments: Some((0..SEGMENTS_MAX).map(|n| format!("{n:>0100}")).collect()),
            approach_cap: Some(ApproachCap {
                max_approaches: APPROACHES_MAX,
                days: APPROACH_CAP_DAYS_MAX,
            }),
            feed_new_items_per_week: Some(FEED_NEW_ITEMS_MAX),
            speaker_rest_days: REST_DAYS_MAX,
            keeps_evaluations: true,
            learns_from_decisions: true,
            group_companies: (0..GROUP_COMPANIES_MAX)
                .map(|n| group_company(&n.to_string()))
                .collect(),
            group_shares: Some(GroupShares {
                kinds: OpportunityKind::ALL.to_vec(),
                by: GroupedBy::Department,
                groups: (0..GROUP_SHARES_MAX)
                    .map(|n| GroupShare {
                        name: format!("{n:>0200}"),
                        percent: 5,
                    })
                    .collect(),
            }),
            ..Policy::default()
        }
    }

    #[test]
    fn a_policy_at_its_limits_has_no_problem() {
        assert_eq!(Policy::default().problems(), []);
        assert_eq!(at_its_limits().problems(), []);
        let none = Policy {
            kinds: Vec::new(),
            admission: Admission {
                matched_by: Vec::new(),
                needs_approval: true,
            },
            ..Policy::default()
        };
        assert_eq!(none.problems(), []);
    }

    #[test]
    fn every_field_beyond_its_limit_is_named_with_value_and_limit() {
        let beyond = Policy {
            kinds: vec![OpportunityKind::Role, OpportunityKind::Role],
            quiet_period_days: REST_DAYS_MAX + 1,
            return_window_months: Some(0),
            minimum_tenure_months: MINIMUM_TENURE_MONTHS_MAX + 1,
            leaving_kinds: Some(Vec::new()),
            employment_types: Some(Vec::new()),
            segments: Some(vec![
                " ".to_owned(),
                "試".repeat(101),
                "試行".to_owned(),
                "試行".to_owned(),
            ]),
            admission: Admission {
                matched_by: vec![ClaimProof::Tenure, ClaimProof::Tenure],
                needs_approval: false,
            },
            approach_cap: Some(ApproachCap {
                max_approaches: 0,
                days: APPROACH_CAP_DAYS_MAX + 1,
            }),
            feed_new_items_per_week: Some(0),
            speaker_rest_days: REST_DAYS_MAX + 1,
            keeps_evaluations: false,
            learns_from_decisions: false,
            group_companies: vec![
                group_company("trust"),
                group_company("trust"),
                group_company("a\u{7}"),
            ],
            group_shares: shares(
                GroupedBy::GroupCompany,
                &[("trust", 60), ("bank", 0), ("trust", 50)],
            ),
        };
        assert_eq!(
            found(&beyond),
            [
                "kinds.1 \"ROLE\" is in the list already",
                "quiet_period_days 1101 is not between 0 and 1100",
                "return_window_months 0 is not between 1 and 600",
                "minimum_tenure_months 601 is not between 0 and 600",
                "leaving_kinds is empty and would admit nobody; leave it out to admit everybody",
                "employment_types is empty and would admit nobody; leave it out to admit everybody",
                "segments.0 must not be blank",
                "segments.1 has 101 characters; the maximum is 100",
                "segments.3 \"試行\" is in the list already",
                "admission.matched_by.1 \"TENURE\" is in the list already",
                "approach_cap.max_approaches 0 is not between 1 and 1000",
                "approach_cap.days 367 is not between 1 and 366",
                "feed_new_items_per_week 0 is not between 1 and 100",
                "speaker_rest_days 1101 is not between 0 and 1100",
                "group_companies.2.code contains a control character",
                "group_companies.1.code \"trust\" is in the list already",
                "group_shares.groups.1.percent 0 is not between 1 and 100",
                "group_shares.groups.1.name \"bank\" is not the code of one of the programme's group companies",
                "group_shares.groups.2 \"trust\" is in the list already",
                "group_shares.groups sum to 110 percent; the maximum is 100",
            ]
        );
    }

    #[test]
    fn shares_of_nothing_are_none() {
        let mut none = shares(GroupedBy::Department, &[]);
        none.as_mut().unwrap().kinds.clear();
        let policy = Policy {
            group_shares: none,
            ..Policy::default()
        };
        assert_eq!(
            found(&policy),
            [
                "group_shares.kinds is empty; at least one is needed",
                "group_shares.groups is empty; at least one is needed",
            ]
        );
        let all = Policy {
            group_shares: shares(GroupedBy::Department, &[("物流部", 100)]),
            ..Policy::default()
        };
        assert_eq!(found(&all), [""; 0]);
    }

    #[test]
    fn a_list_beyond_its_limit_is_one_problem() {
        let beyond = Policy {
            segments: Some(vec![String::new(); SEGMENTS_MAX + 1]),
            group_companies: vec![group_company("trust"); GROUP_COMPANIES_MAX + 1],
            ..Policy::default()
        };
        let found = beyond.problems();
        let fields: Vec<&str> = found.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["segments", "group_companies"]);
    }
}
