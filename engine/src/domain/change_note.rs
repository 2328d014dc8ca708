//! What changed at a company, dated, and which of it touches what somebody wishes for.

use chrono::NaiveDate;

use super::alumnus::Profile;
use super::coded_enum;
use super::id::ChangeNoteId;
use super::opportunity::Opportunity;
use super::wish::{StandingWish, names_the_same_unit};

coded_enum! {
    /// What a change note is about.
    ChangeNoteKind {
        /// A rule of the company, such as on side jobs or pay.
        Policy = "POLICY",
        /// A unit: founded, merged, moved, under another head.
        Unit = "UNIT",
        /// How work is done: hours, remote work, leave.
        WorkingStyle = "WORKING_STYLE",
    }
}

coded_enum! {
    /// Why a change note is shown to somebody.
    ChangeReason {
        /// The person said how they want to work, and this is about it.
        WorkStyle = "WORK_STYLE",
        /// It is about a unit that the person wishes for or was in.
        Unit = "UNIT",
        /// It names what the person wishes for.
        WishWords = "WISH_WORDS",
    }
}

/// One dated note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeNote {
    /// The identifier.
    pub id: ChangeNoteId,
    /// What it is about.
    pub kind: ChangeNoteKind,
    /// What changed.
    pub text: String,
    /// The unit it is about; `None`: the whole company.
    pub unit: Option<String>,
    /// The day from which it holds.
    pub from: NaiveDate,
}

/// Signs of a word of a wish: fewer say nothing.
const WORD_CHARS_MIN: usize = 2;

/// Words that every wish has.
const COMMON: &[&str] = &[
    "仕事", "業務", "希望", "会社", "経験", "関連", "担当", "work", "job", "the", "and",
];

impl ChangeNote {
    /// Whether it holds on `today` and did not yet when the person left. Who never left, as far as anybody knows, has
    /// nothing to catch up with.
    #[must_use]
    pub fn came_after_leaving(&self, left_on: Option<NaiveDate>, today: NaiveDate) -> bool {
        left_on.is_some_and(|left_on| self.from > left_on) && self.from <= today
    }

    /// Why it touches what a person wishes for; the first reason, `None`: it does not.
    ///
    /// - `wishes`: those that whoever reads the answer may know of
    #[must_use]
    pub fn touches(&self, profile: &Profile, wishes: &[&StandingWish]) -> Option<ChangeReason> {
        match self.kind {
            ChangeNoteKind::WorkingStyle if profile.work_style.is_some() => {
                return Some(ChangeReason::WorkStyle);
            }
            ChangeNoteKind::WorkingStyle | ChangeNoteKind::Policy | ChangeNoteKind::Unit => {}
        }
        if let Some(unit) = &self.unit {
            let wished = wishes.iter().filter_map(|wish| wish.unit.as_deref());
            let known = profile.tenures.iter().map(|tenure| tenure.department.as_str());
            if wished.chain(known).any(|named| names_the_same_unit(named, unit)) {
                return Some(ChangeReason::Unit);
            }
        }
        let is_named = |word: &str| self.text.contains(word);
        wishes
            .iter()
            .any(|wish| words(&wish.words).any(is_named))
            .then_some(ChangeReason::WishWords)
    }

    /// Whether it has to do with an opportunity: about its unit, or about no unit.
    #[must_use]
    pub fn concerns(&self, opportunity: &Opportunity) -> bool {
        match (&self.unit, &opportunity.department) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(unit), Some(department)) => names_the_same_unit(unit, department),
        }
    }
}

/// Stretches of one script: kanji, katakana, or letters and digits.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut ends: Vec<usize> = vec![0];
    let mut before = None;
    for (at, sign) in text.char_indices() {
        let script = script_of(sign);
        if before.is_some_and(|before| before != script) {
            ends.push(at);
        }
        before = Some(script);
    }
    ends.push(text.len());
    let stretches: Vec<&str> = ends.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect();
    stretches.into_iter().filter(|word| {
        let is_word = word
            .chars()
            .next()
            .is_some_and(|sign| script_of(sign) != Script::Other);
        is_word && word.chars().count() >= WORD_CHARS_MIN && !COMMON.contains(&word.to_lowercase().as_str())
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Kanji,
    Katakana,
    Latin,
    Other,
}

fn script_of(sign: char) -> Script {
    match sign {
        '\u{4e00}'..='\u{9fff}' | '々' => Script::Kanji,
        '\u{30a1}'..='\u{30fa}' | 'ー' => Script::Katakana,
        sign if sign.is_ascii_alphanumeric() => Script::Latin,
        _ => Script::Other,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::domain::alumnus::{RemotePreference, Tenure, WorkStyle};
    use crate::domain::id::{AlumnusId, WishId};
    use crate::domain::opportunity::OpportunityKind;

    fn note(kind: ChangeNoteKind, text: &str, unit: Option<&str>) -> ChangeNote {
        ChangeNote {
            id: ChangeNoteId(Uuid::nil()),
            kind,
            text: text.to_owned(),
            unit: unit.map(str::to_owned),
            from: "2024-04-01".parse().unwrap(),
        }
    }

    #[test]
    fn a_note_comes_after_leaving_from_the_day_after_and_not_before_its_day() {
        let note = note(ChangeNoteKind::Policy, "副業を認めた", None);
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = date("2026-11-20");
        assert!(note.came_after_leaving(Some(date("2024-03-31")), today));
        assert!(!note.came_after_leaving(Some(date("2024-04-01")), today));
        assert!(!note.came_after_leaving(None, today));
        assert!(!note.came_after_leaving(Some(date("2024-03-31")), date("2024-03-31")));
    }

    #[test]
    fn a_note_touches_by_work_style_by_unit_and_by_the_words_of_a_wish() {
        let wish = StandingWish {
            id: WishId(Uuid::nil()),
            alumnus_id: AlumnusId(Uuid::nil()),
            kind: OpportunityKind::Role,
            words: "物流企画の仕事".to_owned(),
            unit: Some("広報部".to_owned()),
            conditions: None,
            from: None,
            valid_until: None,
            is_shown_to_recruiters: false,
            stated_at: DateTime::UNIX_EPOCH,
        };
        let mut profile = Profile::default();
        let remote = note(ChangeNoteKind::WorkingStyle, "在宅勤務を全社に広げた", None);
        assert_eq!(remote.touches(&profile, &[]), None);
        profile.work_style = Some(WorkStyle {
            remote: RemotePreference::Any,
            hours_per_week: None,
            available_from: None,
        });
        assert_eq!(remote.touches(&profile, &[]), Some(ChangeReason::WorkStyle));

        let merged = note(ChangeNoteKind::Unit, "二つの課を一つにした", Some("広報部"));
        assert_eq!(merged.touches(&profile, &[]), None);
        assert_eq!(merged.touches(&profile, &[&wish]), Some(ChangeReason::Unit));
        profile.tenures.push(Tenure {
            department: "広報部 企画課".to_owned(),
            title: String::new(),
            from: "2015-04".parse().unwrap(),
            to: None,
            description: String::new(),
        });
        assert_eq!(merged.touches(&profile, &[]), Some(ChangeReason::Unit));

        let named = note(ChangeNoteKind::Policy, "物流企画に裁量労働を入れた", None);
        assert_eq!(named.touches(&profile, &[&wish]), Some(ChangeReason::WishWords));
        let other = note(ChangeNoteKind::Policy, "仕事の評価を年二回にした", None);
        assert_eq!(
            other.touches(&profile, &[&wish]),
            None,
            "仕事 is a word of every wish"
        );
    }
}
