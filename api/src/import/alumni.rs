//! One row of a file of former employees, and how it changes a record that exists.
//!
//! - The reason for leaving stays an opaque text beside the profile, and how the person was employed and left is for the
//!   programme's rules; the profile has no place for either.
//! - What a row does not carry leaves the record as it is; an empty value clears it.

use okaeri_engine::domain::{
    Alumnus, Employment, EmploymentType, Interest, LanguageLevel, LanguageSkill, LeavingKind, PersonName,
    Position, Profile, RemotePreference, Tenure, WorkStyle, YearMonth,
};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use super::limits::{
    EMAIL_CHARS_MAX, EVALUATION_CHARS_MAX, EXTERNAL_ID_CHARS_MAX, GROUP_COMPANY_CODE_CHARS_MAX,
    HEADLINE_CHARS_MAX, HOURS_PER_WEEK_MAX, LANGUAGES_MAX, LEAVING_CHARS_MAX, NAME_CHARS_MAX,
    PERIOD_DESCRIPTION_CHARS_MAX, PERIODS_MAX, SEGMENT_CHARS_MAX, SKILL_CHARS_MAX, SKILLS_MAX,
    SUMMARY_CHARS_MAX, UNIT_CHARS_MAX,
};
use super::record::{Check, Object, Record, RowError, halve, present};

/// The keys of the format; `#` stands for an item of a list.
pub(crate) const KEYS: &[&str] = &[
    "id",
    "name",
    "nameKana",
    "email",
    "prefecture",
    "headline",
    "summary",
    "skills",
    "qualifications",
    "languages",
    "languages#language",
    "languages#level",
    "tenures",
    "tenures#department",
    "tenures#title",
    "tenures#from",
    "tenures#to",
    "tenures#description",
    "leaveReason",
    "leavingKind",
    "employmentType",
    "segment",
    "groupCompany",
    "evaluation",
    "careerAfter",
    "careerAfter#organization",
    "careerAfter#title",
    "careerAfter#from",
    "careerAfter#to",
    "careerAfter#description",
    "interests",
    "workStyle",
    "workStyle.remote",
    "workStyle.hoursPerWeek",
    "workStyle.availableFrom",
    "confirmedOn",
];

/// One row of a file of former employees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlumnusRow {
    /// The line on which it begins.
    pub line: u64,
    /// The company's own number.
    pub external_id: String,
    /// As written and as read.
    pub name: PersonName,
    /// In lower case.
    pub email: Option<String>,
    /// What matching may read.
    pub profile: Profile,
    /// What the person opted into; `None`: the file does not say, which is not "nothing".
    pub interests: Option<Vec<Interest>>,
    /// Kept, never interpreted, never ranked by.
    pub leave_reason: Option<String>,
    /// Kept for the programme's rules.
    pub employment: Employment,
    /// An evaluation from the time at the company, for programmes that keep them; never ranked by.
    pub evaluation: Option<String>,
    /// Top-level keys that the row carries.
    carried: Vec<String>,
}

impl AlumnusRow {
    /// Whether the row carries this top-level key, be it empty.
    #[must_use]
    pub fn carries(&self, key: &str) -> bool {
        self.carried.iter().any(|carried| carried == key)
    }

    /// The record after this row: what the row carries, and the rest of `earlier`. Interests are not decided here.
    #[must_use]
    pub fn merged_into(&self, earlier: Alumnus) -> Alumnus {
        let row = self.profile.clone();
        let before = earlier.profile;
        let kana = pick(
            self.carries("nameKana"),
            self.name.kana.clone(),
            earlier.name.kana,
        );
        Alumnus {
            name: PersonName {
                kanji: self.name.kanji.clone(),
                kana,
            },
            email: pick(self.carries("email"), self.email.clone(), earlier.email),
            profile: Profile {
                headline: pick(self.carries("headline"), row.headline, before.headline),
                summary: pick(self.carries("summary"), row.summary, before.summary),
                prefecture: pick(self.carries("prefecture"), row.prefecture, before.prefecture),
                skills: pick(self.carries("skills"), row.skills, before.skills),
                qualifications: pick(
                    self.carries("qualifications"),
                    row.qualifications,
                    before.qualifications,
                ),
                languages: pick(self.carries("languages"), row.languages, before.languages),
                tenures: pick(self.carries("tenures"), row.tenures, before.tenures),
                career_after: pick(self.carries("careerAfter"), row.career_after, before.career_after),
                work_style: pick(self.carries("workStyle"), row.work_style, before.work_style),
                confirmed_on: pick(self.carries("confirmedOn"), row.confirmed_on, before.confirmed_on),
            },
            ..earlier
        }
    }
}

impl AlumnusRow {
    /// How the person was employed after this row: what the row carries, and the rest of `before`.
    #[must_use]
    pub fn merged_employment(&self, before: Employment) -> Employment {
        let row = self.employment.clone();
        Employment {
            leaving_kind: pick(self.carries("leavingKind"), row.leaving_kind, before.leaving_kind),
            employment_type: pick(
                self.carries("employmentType"),
                row.employment_type,
                before.employment_type,
            ),
            segment: pick(self.carries("segment"), row.segment, before.segment),
            group_company: pick(
                self.carries("groupCompany"),
                row.group_company,
                before.group_company,
            ),
        }
    }
}

/// What a row carries wins, even if empty.
pub(crate) fn pick<T>(is_carried: bool, row: T, before: T) -> T {
    if is_carried { row } else { before }
}

/// Reads one record.
///
/// # Errors
///
/// All that is wrong with it.
pub(crate) fn parse(record: &Record) -> Result<AlumnusRow, Vec<RowError>> {
    let mut check = Check::new(record);
    let root = check.root();
    let external_id = check.required_text(root, "id", EXTERNAL_ID_CHARS_MAX);
    let kanji = check.required_text(root, "name", NAME_CHARS_MAX);
    let kana = check.text(root, "nameKana", NAME_CHARS_MAX);
    let email = email(&mut check, root);
    let profile = profile(&mut check, root);
    let interests = interests(&mut check, root);
    let leave_reason = check.text(root, "leaveReason", LEAVING_CHARS_MAX);
    let employment = employment(&mut check, root);
    let evaluation = check.text(root, "evaluation", EVALUATION_CHARS_MAX);
    match (external_id, kanji) {
        (Some(external_id), Some(kanji)) if check.errors.is_empty() => Ok(AlumnusRow {
            line: record.line,
            external_id: halve(&external_id),
            name: PersonName {
                kanji: one_blank(&kanji),
                kana: kana.map(|kana| katakana(&kana)),
            },
            email,
            profile,
            interests,
            leave_reason,
            employment,
            evaluation,
            carried: record.carried.clone(),
        }),
        _ => Err(check.errors),
    }
}

fn employment(check: &mut Check<'_>, root: Object<'_>) -> Employment {
    Employment {
        leaving_kind: named(
            check,
            root,
            "leavingKind",
            LeavingKind::ALL,
            LeavingKind::parse,
            |kind| (kind.code(), kind.japanese()),
        ),
        employment_type: named(
            check,
            root,
            "employmentType",
            EmploymentType::ALL,
            EmploymentType::parse,
            |one| (one.code(), one.japanese()),
        ),
        segment: check.text(root, "segment", SEGMENT_CHARS_MAX),
        group_company: check.text(root, "groupCompany", GROUP_COMPANY_CODE_CHARS_MAX),
    }
}

/// One of a set whose values have a code and a Japanese name.
fn named<T: Copy>(
    check: &mut Check<'_>,
    root: Object<'_>,
    key: &str,
    all: &[T],
    parse: fn(&str) -> Option<T>,
    names: fn(T) -> (&'static str, &'static str),
) -> Option<T> {
    let text = check.text(root, key, LEAVING_CHARS_MAX)?;
    let found = parse(&text);
    if found.is_none() {
        let names: Vec<String> = all
            .iter()
            .map(|one| names(*one))
            .map(|(code, japanese)| format!("{code} ({japanese})"))
            .collect();
        check.refuse_text(key, Some(&text), format!("is none of {}", names.join(", ")));
    }
    found
}

fn profile(check: &mut Check<'_>, root: Object<'_>) -> Profile {
    Profile {
        headline: check.text(root, "headline", HEADLINE_CHARS_MAX),
        summary: check.text(root, "summary", SUMMARY_CHARS_MAX),
        prefecture: check.prefecture(root, "prefecture"),
        skills: check.texts(root, "skills", SKILLS_MAX, SKILL_CHARS_MAX),
        qualifications: check.texts(root, "qualifications", SKILLS_MAX, SKILL_CHARS_MAX),
        languages: languages(check, root),
        tenures: tenures(check),
        career_after: career_after(check),
        work_style: work_style(check, root),
        confirmed_on: confirmed_on(check, root),
    }
}

/// A blank between family and given name, whatever its width and number.
fn one_blank(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Half-width katakana and hiragana as katakana.
fn katakana(kana: &str) -> String {
    const HIRAGANA_TO_KATAKANA: u32 = 0x60;
    let wide: String = one_blank(kana)
        .nfkc()
        .map(|c| match c {
            'ぁ'..='ゖ' => char::from_u32(c as u32 + HIRAGANA_TO_KATAKANA).unwrap_or(c),
            _ => c,
        })
        .collect();
    one_blank(&wide)
}

fn email(check: &mut Check<'_>, root: Object<'_>) -> Option<String> {
    let text = check.text(root, "email", EMAIL_CHARS_MAX)?;
    let email = halve(&text).to_lowercase();
    let is_plausible = match email.split_once('@') {
        Some((local, domain)) => {
            !local.is_empty()
                && domain.contains('.')
                && !domain.contains('@')
                && !domain.starts_with('.')
                && !domain.ends_with('.')
                && !email.contains(|c: char| c.is_whitespace() || c.is_control() || "<>,;()\"".contains(c))
        }
        None => false,
    };
    if !is_plausible {
        check.refuse_text(
            "email",
            Some(&text),
            "is not an e-mail address such as name@example.jp",
        );
        return None;
    }
    Some(email)
}

const LANGUAGE_LEVELS: &[(&str, LanguageLevel)] = &[
    ("ネイティブ", LanguageLevel::Native),
    ("母語", LanguageLevel::Native),
    ("母国語", LanguageLevel::Native),
    ("ビジネス", LanguageLevel::Business),
    ("ビジネスレベル", LanguageLevel::Business),
    ("上級", LanguageLevel::Business),
    ("日常会話", LanguageLevel::Conversational),
    ("日常会話レベル", LanguageLevel::Conversational),
    ("会話", LanguageLevel::Conversational),
    ("中級", LanguageLevel::Conversational),
    ("基礎", LanguageLevel::Basic),
    ("挨拶", LanguageLevel::Basic),
    ("初級", LanguageLevel::Basic),
];

/// Objects with language and level, or texts such as 英語:ビジネス or 中国語（日常会話）.
fn languages(check: &mut Check<'_>, root: Object<'_>) -> Vec<LanguageSkill> {
    let mut languages = Vec::new();
    for (idx, item) in check.items(root, "languages").into_iter().enumerate() {
        let path = format!("languages[{idx}]");
        let (language, level) = match &item {
            Value::Object(fields) => {
                let object_path = format!("{path}.");
                let object = Object {
                    fields,
                    path: &object_path,
                };
                let language = check.required_text(object, "language", SKILL_CHARS_MAX);
                let level = fields.get("level").cloned().unwrap_or(Value::Null);
                (language, level)
            }
            Value::String(text) => {
                let plain = halve(text);
                let (language, level) = plain.split_once([':', '(', '/']).unwrap_or((&plain, ""));
                let level = level.trim_end_matches(')').trim();
                (check.clean(&path, language, SKILL_CHARS_MAX), Value::from(level))
            }
            other => {
                check.refuse(&path, Some(other), "is not a language such as 英語:BUSINESS");
                continue;
            }
        };
        let level_path = match item {
            Value::Object(_) => format!("{path}.level"),
            _ => path,
        };
        let level = check.choice(
            &level_path,
            &level,
            LanguageLevel::ALL,
            LanguageLevel::code,
            LANGUAGE_LEVELS,
        );
        if let (Some(language), Some(level)) = (language, level) {
            languages.push(LanguageSkill { language, level });
        }
    }
    if languages.len() > LANGUAGES_MAX {
        let reason = format!(
            "has {} items, which exceeds the maximum of {LANGUAGES_MAX}",
            languages.len()
        );
        check.refuse("languages", None, reason);
    }
    languages
}

/// What the last month of a period may say instead of a month.
const STILL: &[&str] = &[
    "現在",
    "在職中",
    "継続中",
    "在籍中",
    "至現在",
    "現職",
    "present",
    "Present",
    "now",
    "-",
    "ー",
];

struct Months {
    from: YearMonth,
    to: Option<YearMonth>,
}

fn months(check: &mut Check<'_>, object: Object<'_>) -> Option<Months> {
    let n_errors = check.errors.len();
    let from = check.month(object, "from", &[]);
    let to = check.month(object, "to", STILL);
    if from.is_none() && check.errors.len() == n_errors {
        check.refuse(&format!("{}from", object.path), None, "is missing");
    }
    let from = from?;
    if let Some(to) = to
        && from > to
    {
        let reason = format!("is before the first month, {from}");
        check.refuse_text(&format!("{}to", object.path), Some(&to.to_string()), reason);
        return None;
    }
    Some(Months { from, to })
}

/// Latest first; periods of the same months stay in the order of the file.
fn tenures(check: &mut Check<'_>) -> Vec<Tenure> {
    let root = check.root();
    let mut tenures = Vec::new();
    for (path, fields) in check.objects(root, "tenures", PERIODS_MAX) {
        let object = Object { fields, path: &path };
        let department = check
            .text(object, "department", UNIT_CHARS_MAX)
            .unwrap_or_default();
        let title = check.text(object, "title", UNIT_CHARS_MAX).unwrap_or_default();
        let description = check
            .text(object, "description", PERIOD_DESCRIPTION_CHARS_MAX)
            .unwrap_or_default();
        if let Some(Months { from, to }) = months(check, object) {
            tenures.push(Tenure {
                department,
                title,
                from,
                to,
                description,
            });
        }
    }
    tenures.sort_by_key(|tenure| std::cmp::Reverse((tenure.to.is_none(), tenure.to, tenure.from)));
    tenures
}

/// Latest first, as [`tenures`].
fn career_after(check: &mut Check<'_>) -> Vec<Position> {
    let root = check.root();
    let mut positions = Vec::new();
    for (path, fields) in check.objects(root, "careerAfter", PERIODS_MAX) {
        let object = Object { fields, path: &path };
        let organization = check
            .text(object, "organization", UNIT_CHARS_MAX)
            .unwrap_or_default();
        let title = check.text(object, "title", UNIT_CHARS_MAX).unwrap_or_default();
        let description = check
            .text(object, "description", PERIOD_DESCRIPTION_CHARS_MAX)
            .unwrap_or_default();
        if let Some(Months { from, to }) = months(check, object) {
            positions.push(Position {
                organization,
                title,
                from,
                to,
                description,
            });
        }
    }
    positions.sort_by_key(|position| std::cmp::Reverse((position.to.is_none(), position.to, position.from)));
    positions
}

pub(crate) const INTEREST_NAMES: &[(&str, Interest)] = &[
    ("再雇用", Interest::Rehire),
    ("再入社", Interest::Rehire),
    ("復職", Interest::Rehire),
    ("復帰", Interest::Rehire),
    ("カムバック", Interest::Rehire),
    ("業務委託", Interest::ContractWork),
    ("副業", Interest::ContractWork),
    ("登壇", Interest::Speaking),
    ("講師", Interest::Speaking),
    ("講演", Interest::Speaking),
    ("メンター", Interest::Mentoring),
    ("メンタリング", Interest::Mentoring),
    ("イベント", Interest::Events),
    ("交流会", Interest::Events),
];

/// In the order of [`Interest::ALL`]. An empty list, or なし, is an answer: nothing.
fn interests(check: &mut Check<'_>, root: Object<'_>) -> Option<Vec<Interest>> {
    const NOTHING: [&str; 5] = ["なし", "無し", "無", "特になし", "none"];
    if root.fields.get("interests")?.is_null() {
        return None;
    }
    let mut chosen = Vec::new();
    for (idx, item) in check.items(root, "interests").into_iter().enumerate() {
        if item
            .as_str()
            .is_some_and(|text| NOTHING.contains(&halve(text).as_str()))
        {
            continue;
        }
        let path = format!("interests[{idx}]");
        chosen.extend(check.choice(&path, &item, Interest::ALL, Interest::code, INTEREST_NAMES));
    }
    chosen.sort_unstable();
    chosen.dedup();
    Some(chosen)
}

const REMOTE_NAMES: &[(&str, RemotePreference)] = &[
    ("リモート", RemotePreference::RemoteOnly),
    ("フルリモート", RemotePreference::RemoteOnly),
    ("リモートのみ", RemotePreference::RemoteOnly),
    ("在宅", RemotePreference::RemoteOnly),
    ("在宅勤務", RemotePreference::RemoteOnly),
    ("在宅のみ", RemotePreference::RemoteOnly),
    ("ハイブリッド", RemotePreference::Hybrid),
    ("一部リモート", RemotePreference::Hybrid),
    ("一部在宅", RemotePreference::Hybrid),
    ("併用", RemotePreference::Hybrid),
    ("出社", RemotePreference::Onsite),
    ("出勤", RemotePreference::Onsite),
    ("通勤", RemotePreference::Onsite),
    ("オンサイト", RemotePreference::Onsite),
    ("現地", RemotePreference::Onsite),
    ("問わない", RemotePreference::Any),
    ("不問", RemotePreference::Any),
    ("どちらでも", RemotePreference::Any),
    ("どちらでも可", RemotePreference::Any),
    ("こだわらない", RemotePreference::Any),
];

/// `None` when nothing of it is said; a style without a place of work has no preference of place.
fn work_style(check: &mut Check<'_>, root: Object<'_>) -> Option<WorkStyle> {
    let value = root.fields.get("workStyle")?;
    let fields = match value {
        Value::Null => return None,
        Value::Object(fields) => fields,
        other => {
            check.refuse("workStyle", Some(other), "is not an object");
            return None;
        }
    };
    let object = Object {
        fields,
        path: "workStyle.",
    };
    let remote = present(object, "remote").and_then(|remote| {
        check.choice(
            "workStyle.remote",
            remote,
            RemotePreference::ALL,
            RemotePreference::code,
            REMOTE_NAMES,
        )
    });
    let hours_per_week = check.number(object, "hoursPerWeek", 0, u32::from(HOURS_PER_WEEK_MAX));
    let at_once = ["即日", "すぐ", "いつでも", "即時", "随時", "at once"];
    let available_from = check.month(object, "availableFrom", &at_once);
    let says_anything = ["remote", "hoursPerWeek", "availableFrom"]
        .iter()
        .any(|key| present(object, key).is_some());
    says_anything.then_some(WorkStyle {
        remote: remote.unwrap_or(RemotePreference::Any),
        hours_per_week: hours_per_week.and_then(|hours| u16::try_from(hours).ok()),
        available_from,
    })
}

fn confirmed_on(check: &mut Check<'_>, root: Object<'_>) -> Option<chrono::NaiveDate> {
    let date = check.date(root, "confirmedOn", &[])?;
    if date.day.is_none() {
        let value = root.fields.get("confirmedOn");
        check.refuse(
            "confirmedOn",
            value,
            "is a month; a day such as 2026-11-20 is asked for",
        );
    }
    date.day
}
