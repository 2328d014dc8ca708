//! Limits of what people may write, and how a text that breaks one is refused.

use super::{Rejection, RejectionCode};

/// Characters of a personal line or of one of an offer's legal terms: a page of manuscript paper, ten times over.
pub const TEXT_LENGTH_MAX: usize = 4_000;
/// Characters of a one-line text that no record's limit covers, such as a reason.
pub const LINE_LENGTH_MAX: usize = 200;

/// Collects rejections, so that a caller learns of all of them at once.
#[derive(Debug, Default)]
pub struct Checks {
    /// What was wrong so far.
    pub rejections: Vec<Rejection>,
}

impl Checks {
    /// A text of one line, of at most `max` characters, that must say something.
    pub fn line(&mut self, field: &str, text: &str, max: usize) {
        if text.trim().is_empty() {
            self.reject(
                RejectionCode::Blank,
                field,
                format!("{field} must not be blank"),
                "入力してください".to_owned(),
            );
        }
        self.length(field, text, max);
    }

    /// An optional text of at most `max` characters.
    pub fn optional(&mut self, field: &str, text: Option<&str>, max: usize) {
        if let Some(text) = text {
            self.length(field, text, max);
        }
    }

    /// A list of at most `n_max` one-line texts of at most `max` characters.
    pub fn lines(&mut self, field: &str, texts: &[String], n_max: usize, max: usize) {
        self.count(field, texts.len(), n_max);
        for (idx, text) in texts.iter().enumerate().take(n_max) {
            self.line(&format!("{field}.{idx}"), text, max);
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
