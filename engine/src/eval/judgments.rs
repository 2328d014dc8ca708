//! Files of grades and contrasts: three values a line, with tabs between.

use std::collections::BTreeMap;

/// Grades of alumni, by opportunity, both by the company's own numbers.
pub type Grades = BTreeMap<String, BTreeMap<String, f64>>;

/// How a person was written for an opportunity. A fit and a gap belong above a decoy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contrast {
    /// Did the work, often told in other words.
    Fit,
    /// Lacks something.
    Gap,
    /// Uses the words without having done it.
    Decoy,
}

/// People written for an opportunity, by opportunity.
pub type Contrasts = BTreeMap<String, Vec<(Contrast, String)>>;

/// The best grade.
const GRADE_MAX: f64 = 3.0;

/// What is wrong with a file, with the line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JudgmentError {
    /// A line has too many values or too few.
    #[error("line {line}: has {n_values} values instead of 3 with tabs between")]
    Values {
        /// From 1.
        line: usize,
        /// How many.
        n_values: usize,
    },
    /// Not a grade.
    #[error("line {line}: {value:?} is not a grade from 0 to {GRADE_MAX}")]
    Grade {
        /// From 1.
        line: usize,
        /// As it stands there.
        value: String,
    },
    /// A pair is graded twice.
    #[error("line {line}: alumnus {alumnus:?} is graded twice for opportunity {opportunity:?}")]
    Repeated {
        /// From 1.
        line: usize,
        /// For which.
        opportunity: String,
        /// Who.
        alumnus: String,
    },
    /// Not a contrast.
    #[error("line {line}: {value:?} is none of fit, gap, decoy")]
    Contrast {
        /// From 1.
        line: usize,
        /// As it stands there.
        value: String,
    },
    /// Nothing in it.
    #[error("has no line: opportunity, alumnus and grade with tabs between are expected")]
    Empty,
}

/// Most characters of a value that an error quotes.
const QUOTED_CHARS_MAX: usize = 80;

fn quoted(value: &str) -> String {
    value.chars().take(QUOTED_CHARS_MAX).collect()
}

/// Reads opportunity, alumnus and grade.
///
/// # Errors
///
/// The first line that is wrong.
pub fn parse_grades(text: &str) -> Result<Grades, JudgmentError> {
    let mut grades = Grades::new();
    for row in rows(text) {
        let (line, [opportunity, alumnus, value]) = row?;
        let grade = value
            .parse()
            .ok()
            .filter(|grade| (0.0..=GRADE_MAX).contains(grade));
        let Some(grade) = grade else {
            let value = quoted(value);
            return Err(JudgmentError::Grade { line, value });
        };
        let of_opportunity = grades.entry(opportunity.to_owned()).or_default();
        if of_opportunity.insert(alumnus.to_owned(), grade).is_some() {
            return Err(JudgmentError::Repeated {
                line,
                opportunity: quoted(opportunity),
                alumnus: quoted(alumnus),
            });
        }
    }
    if grades.is_empty() {
        return Err(JudgmentError::Empty);
    }
    Ok(grades)
}

/// Reads opportunity, `fit`, `gap` or `decoy`, and alumnus.
///
/// # Errors
///
/// The first line that is wrong.
pub fn parse_contrasts(text: &str) -> Result<Contrasts, JudgmentError> {
    let mut contrasts = Contrasts::new();
    for row in rows(text) {
        let (line, [opportunity, value, alumnus]) = row?;
        let contrast = match value {
            "fit" => Contrast::Fit,
            "gap" => Contrast::Gap,
            "decoy" => Contrast::Decoy,
            other => {
                let value = quoted(other);
                return Err(JudgmentError::Contrast { line, value });
            }
        };
        contrasts
            .entry(opportunity.to_owned())
            .or_default()
            .push((contrast, alumnus.to_owned()));
    }
    Ok(contrasts)
}

/// Lines with text in them, numbered from 1.
fn rows(text: &str) -> impl Iterator<Item = Result<(usize, [&str; 3]), JudgmentError>> {
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(idx, line)| {
            let values: Vec<&str> = line.split('\t').map(str::trim).collect();
            match values[..] {
                [first, second, third] => Ok((idx + 1, [first, second, third])),
                _ => Err(JudgmentError::Values {
                    line: idx + 1,
                    n_values: values.len(),
                }),
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_lines_are_named_with_their_value() {
        for (text, part) in [
            ("r1\ta1\n", "line 1: has 2 values"),
            ("r1\ta1\t3\n\nr1\ta2\t4\n", "line 3: \"4\""),
            ("r1\ta1\tNaN\n", "line 1: \"NaN\""),
            ("r1\ta1\t3\nr1\ta1\t2\n", "line 2: alumnus \"a1\" is graded twice"),
            ("\n", "no line"),
        ] {
            let message = parse_grades(text).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
        let message = parse_contrasts("r1\tmaybe\ta1\n").unwrap_err().to_string();
        assert_eq!(message, "line 1: \"maybe\" is none of fit, gap, decoy");
    }

    #[test]
    fn good_lines_are_read_by_opportunity() {
        let grades = parse_grades("\u{feff}r1\ta1\t2.5\r\nr2\ta1\t0\n").unwrap();
        assert_eq!(grades["r1"]["a1"], 2.5);
        let contrasts = parse_contrasts("r1\tfit\ta1\nr1\tdecoy\ta2\n").unwrap();
        assert_eq!(
            contrasts["r1"],
            [
                (Contrast::Fit, "a1".to_owned()),
                (Contrast::Decoy, "a2".to_owned())
            ]
        );
    }
}
