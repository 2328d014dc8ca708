//! `sample`: invented people in the import format.
//!
//! - Nobody in it exists; the same seed gives the same people, and more people start with the same ones.

use okaeri_engine::domain::{Profile, Tenure, YearMonth};
use okaeri_engine::fixtures::{self, Person};
use serde_json::{Value, json};

use super::args::SampleArgs;
use super::failure::CliError;
use super::output::print;

/// People that are made and printed at a time: some megabytes.
const STEP: usize = 10_000;

pub(crate) fn run(args: &SampleArgs) -> Result<(), CliError> {
    let n_people = args.people as usize;
    for from in (0..n_people).step_by(STEP) {
        let people = fixtures::profiles_from(args.seed, from, STEP.min(n_people - from));
        let mut lines = String::new();
        for (n, person) in (from..).zip(&people) {
            lines.push_str(&row(n, person).to_string());
            lines.push('\n');
        }
        print(&lines)?;
    }
    Ok(())
}

/// A line of a file for `okaeri import alumni`.
fn row(n: usize, person: &Person) -> Value {
    let Profile {
        headline,
        summary,
        prefecture,
        skills,
        qualifications,
        languages,
        tenures,
        career_after,
        work_style,
        confirmed_on,
    } = &person.profile;
    let number = format!("p{:06}", n + 1);
    let name = fixtures::name(n);
    let month = |month: Option<YearMonth>| month.map(|month| month.to_string());
    let tenure = |tenure: &Tenure| {
        json!({
            "department": tenure.department, "title": tenure.title, "from": tenure.from.to_string(),
            "to": month(tenure.to), "description": tenure.description,
        })
    };
    let positions = career_after.iter().map(|position| {
        json!({
            "organization": position.organization, "title": position.title, "from": position.from.to_string(),
            "to": month(position.to), "description": position.description,
        })
    });
    let languages = languages
        .iter()
        .map(|skill| json!({"language": skill.language, "level": skill.level.code()}));
    json!({
        "id": number,
        "name": name.kanji,
        "nameKana": name.kana,
        "email": format!("{number}@sample.example.jp"),
        "prefecture": prefecture.map(|prefecture| prefecture.to_string()),
        "headline": headline,
        "summary": summary,
        "skills": skills,
        "qualifications": qualifications,
        "languages": languages.collect::<Vec<_>>(),
        "tenures": tenures.iter().map(tenure).collect::<Vec<_>>(),
        "careerAfter": positions.collect::<Vec<_>>(),
        "interests": person.interests.iter().map(|interest| interest.code()).collect::<Vec<_>>(),
        "workStyle": work_style.map(|style| json!({
            "remote": style.remote.code(), "hoursPerWeek": style.hours_per_week,
            "availableFrom": month(style.available_from),
        })),
        "confirmedOn": confirmed_on.map(|day| day.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::parse_alumni;

    #[test]
    fn every_invented_person_is_a_good_row_of_an_import() {
        let people = fixtures::profiles_from(1, 0, 200);
        let lines: String = (0..)
            .zip(&people)
            .map(|(n, person)| format!("{}\n", row(n, person)))
            .collect();
        let parsed = parse_alumni(lines.as_bytes()).unwrap();
        assert_eq!(parsed.rows.len(), 200);
        assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    }
}
