//! `policy show` and `policy set`: a programme's rules as JSON, with the names that the schema gives them.

use std::path::Path;

use okaeri_engine::domain::{Policy, PolicyVersion, Programme};
use serde_json::{Map, Value};

use super::context;
use super::failure::CliError;
use super::import::read;
use super::output::print;
use crate::config::Config;
use crate::db;
use crate::usecase::policy::{camel_case, put_in_force, rejections};

/// Bytes of a policy: thirty times what one at all of its limits takes.
const POLICY_BYTES_MAX: usize = 1024 * 1024;

/// Prints the company's rules, so that `policy set` reads them back.
pub(crate) async fn show(config: &Config, slug: &str) -> Result<(), CliError> {
    let db = context::database(config).await?;
    let company = context::company(&db, slug).await?;
    let programme = db::programmes::find(&db, company.id).await?;
    let policy = programme.map(|programme| programme.policy).unwrap_or_default();
    print(&format!("{:#}\n", to_json(&policy)?))
}

/// Puts the rules of a file in force as the next version. Rules that are as they were change nothing.
pub(crate) async fn set(config: &Config, slug: &str, file: &Path) -> Result<(), CliError> {
    let policy = read_file(file)?;
    let db = context::database(config).await?;
    let company = context::company(&db, slug).await?;
    let now = context::clock(config).now();
    let tx = db.begin_for(company.id).await?;
    let Some(earlier) = db::programmes::find(&tx, company.id).await? else {
        db::programmes::insert(&tx, &Programme::new(company.id, policy), now).await?;
        db::change_log::append(&tx, company.id, db::change_log::Change::ProgrammeChanged, now).await?;
        tx.commit().await?;
        return print(&format!("policy of {slug}: version 1\n"));
    };
    if earlier.policy == policy {
        return print(&format!(
            "policy of {slug}: unchanged, version {}\n",
            earlier.version
        ));
    }
    let next = PolicyVersion {
        policy,
        version: earlier.version + 1,
        changed_by: None,
        note: None,
        changed_at: now,
    };
    if !put_in_force(&tx, company.id, &next).await? {
        return Err(CliError::Failed(
            "somebody else changed the policy meanwhile: try again".to_owned(),
        ));
    }
    tx.commit().await?;
    print(&format!("policy of {slug}: version {}\n", next.version))
}

/// The rules of a file, - for standard input.
///
/// # Errors
///
/// A file that cannot be read, and everything that is wrong with its rules, with the field's name.
pub(crate) fn read_file(file: &Path) -> Result<Policy, CliError> {
    let bytes = read(file)?;
    parse(&bytes).map_err(|reason| CliError::Usage(format!("{}: {reason}", file.display())))
}

/// Rules as the schema names them. What is absent has its default; what is unknown is refused by its name.
fn parse(bytes: &[u8]) -> Result<Policy, String> {
    let n_bytes = bytes.len();
    if n_bytes > POLICY_BYTES_MAX {
        return Err(format!(
            "has {n_bytes} bytes, which exceeds the maximum of {POLICY_BYTES_MAX}"
        ));
    }
    let given: Value = serde_json::from_slice(bytes).map_err(|error| format!("no JSON: {error}"))?;
    if !given.is_object() {
        return Err("no JSON object of rules".to_owned());
    }
    let policy: Policy = serde_json::from_value(with_keys(given.clone(), &snake_case))
        .map_err(|error| format!("no policy: {error}"))?;
    let read = to_json(&policy).map_err(|error| error.to_string())?;
    if let Some(unknown) = first_unknown(&given, &read, "") {
        return Err(format!(
            "{unknown} is no field of a policy; `okaeri policy show` prints them all"
        ));
    }
    let wrong = rejections(&policy, "");
    if wrong.is_empty() {
        return Ok(policy);
    }
    let reasons: Vec<String> = wrong.into_iter().map(|rejection| rejection.message.0).collect();
    Err(reasons.join("; "))
}

fn to_json(policy: &Policy) -> Result<Value, CliError> {
    let stored = serde_json::to_value(policy).map_err(|error| CliError::Failed(error.to_string()))?;
    Ok(with_keys(stored, &camel_case))
}

/// The same value with every key renamed.
fn with_keys(value: Value, rename: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(key, value)| (rename(&key), with_keys(value, rename)))
                .collect::<Map<_, _>>(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(|item| with_keys(item, rename)).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

/// `quietPeriodDays` is quiet_period_days. An underscore stays as it is, which no name of the schema has.
fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

/// The path of the first key that was given and is not among what was read.
fn first_unknown(given: &Value, read: &Value, at: &str) -> Option<String> {
    match (given, read) {
        (Value::Object(given), Value::Object(read)) => given.iter().find_map(|(key, value)| {
            let path = if at.is_empty() {
                key.clone()
            } else {
                format!("{at}.{key}")
            };
            match read.get(key) {
                None => Some(path),
                Some(of_read) => first_unknown(value, of_read, &path),
            }
        }),
        (Value::Array(given), Value::Array(read)) => given
            .iter()
            .zip(read)
            .enumerate()
            .find_map(|(idx, (value, of_read))| first_unknown(value, of_read, &format!("{at}.{idx}"))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use okaeri_engine::domain::OpportunityKind;

    use super::*;

    #[test]
    fn what_is_shown_is_read_back_as_it_is() {
        let policy = Policy {
            kinds: vec![OpportunityKind::Role],
            return_window_months: Some(72),
            approach_cap: Some(okaeri_engine::domain::ApproachCap {
                max_approaches: 2,
                days: 30,
            }),
            ..Policy::default()
        };
        let shown = to_json(&policy).unwrap().to_string();
        assert!(shown.contains("\"returnWindowMonths\":72"), "{shown}");
        assert!(shown.contains("\"maxApproaches\":2"), "{shown}");
        assert_eq!(parse(shown.as_bytes()), Ok(policy));
        assert_eq!(parse(b"{}"), Ok(Policy::default()));
    }

    #[test]
    fn every_refusal_names_the_field() {
        for (text, expected) in [
            ("{\"returnWindow\": 3}", "returnWindow is no field"),
            (
                "{\"return_window_months\": 3}",
                "return_window_months is no field",
            ),
            (
                "{\"groupCompanies\": [{\"code\": \"a\", \"name\": \"b\", \"sharedKinds\": [], \"x\": 1}]}",
                "groupCompanies.0.x is no field",
            ),
            (
                "{\"quietPeriodDays\": 9999}",
                "quietPeriodDays 9999 is not between 0 and 1100",
            ),
            ("{\"quietPeriodDays\": -1}", "no policy"),
            ("{\"kinds\": [\"JOB\"]}", "JOB"),
            ("[]", "no JSON object"),
            ("{", "no JSON"),
        ] {
            let reason = parse(text.as_bytes()).unwrap_err();
            assert!(reason.contains(expected), "{text}: {reason}");
        }
    }
}
