//! Limits of what people may write, and how a text that breaks one is refused.

use super::{Rejection, RejectionCode};

/// Characters of a one-line text: twice what fits a line of a screen.
pub const LINE_LENGTH_MAX: usize = 200;
/// Characters of a free text: some ten times a usual self-introduction.
pub const TEXT_LENGTH_MAX: usize = 4_000;
/// Items of a list of short texts, such as skills.
pub const LIST_LENGTH_MAX: usize = 100;
/// Periods of employment, or positions, of one person.
pub const PERIODS_MAX: usize = 50;
/// Seats of one opportunity.
pub const SEATS_MAX: i32 = 1_000;
/// Hours of a week.
pub const HOURS_PER_WEEK_MAX: i32 = 168;

/// Collects rejections, so that a caller learns of all of them at once.
#[derive(Debug, Default)]
pub struct Checks {
    /// What was wrong so far.
    pub rejections: Vec<Rejection>,
}

impl Checks {
    /// A text of one line that must say something.
    pub fn line(&mut self, field: &str, text: &str) {
        if text.trim().is_empty() {
            self.reject(
                RejectionCode::Blank,
                field,
                format!("{field} must not be blank"),
                "入力してください".to_owned(),
            );
        }
        self.length(field, text, LINE_LENGTH_MAX);
    }

    /// A free text, which may be empty.
    pub fn text(&mut self, field: &str, text: &str) {
        self.length(field, text, TEXT_LENGTH_MAX);
    }

    /// An optional text of at most `max` characters.
    pub fn optional(&mut self, field: &str, text: Option<&str>, max: usize) {
        if let Some(text) = text {
            self.length(field, text, max);
        }
    }

    /// A list of one-line texts.
    pub fn lines(&mut self, field: &str, texts: &[String]) {
        self.count(field, texts.len(), LIST_LENGTH_MAX);
        for (idx, text) in texts.iter().enumerate().take(LIST_LENGTH_MAX) {
            self.line(&format!("{field}.{idx}"), text);
        }
    }

    /// A list of at most `max` items.
    pub fn count(&mut self, field: &str, n_items: usize, max: usize) {
        if n_items > max {
            self.reject(
                RejectionCode::TooLong,
                field,
                format!("{field} has {n_items} items; the maximum is {max}"),
                format!("{n_items}件は上限の{max}件を超えています"),
            );
        }
    }

    /// A number from `min` to `max`.
    pub fn range(&mut self, field: &str, value: i32, min: i32, max: i32) {
        if !(min..=max).contains(&value) {
            self.reject(
                RejectionCode::OutOfRange,
                field,
                format!("{field} {value} is not between {min} and {max}"),
                format!("{value}は{min}から{max}の範囲にありません"),
            );
        }
    }

    /// Anything else.
    pub fn reject(&mut self, code: RejectionCode, field: &str, english: String, japanese: String) {
        self.rejections
            .push(Rejection::new(code, field, english, japanese));
    }

    /// `Err` with everything that was wrong.
    pub fn finish(self) -> Result<(), super::Failure> {
        if self.rejections.is_empty() {
            Ok(())
        } else {
            Err(super::Failure::Rejected(self.rejections))
        }
    }

    fn length(&mut self, field: &str, text: &str, max: usize) {
        let n_chars = text.chars().count();
        if n_chars > max {
            self.reject(
                RejectionCode::TooLong,
                field,
                format!("{field} has {n_chars} characters; the maximum is {max}"),
                format!("{n_chars}文字は上限の{max}文字を超えています"),
            );
        }
        if text.contains('\0') {
            self.reject(
                RejectionCode::Invalid,
                field,
                format!("{field} contains a NUL character"),
                "NUL文字は使えません".to_owned(),
            );
        }
    }
}
