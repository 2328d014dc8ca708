//! Variables: how much of them there may be, and whether they fit what the operation declares.
//!
//! The library does not notice a required variable that is missing. Scalars of our own are checked where they are
//! parsed; everything else is checked here, so that the message names the variable.

use async_graphql::Variables;
use async_graphql_parser::types::{BaseType, OperationDefinition, Type};
use serde_json::{Map, Value};

use super::schema::{Kind, SchemaTypes};
use super::walk::shown;
use crate::config::Limits;
use crate::http::error::{ErrorCode, Refusal};

/// Refuses variables that are too deep or too long, or hold what no database can store.
pub(crate) fn check_size(variables: &Map<String, Value>, limits: &Limits) -> Result<(), Refusal> {
    let mut length = 0_usize;
    // A stack of its own: nothing here recurses as deep as the caller likes.
    let mut pending: Vec<(usize, Option<&str>, &Value)> = variables
        .iter()
        .map(|(name, value)| (1, Some(name.as_str()), value))
        .collect();
    while let Some((depth, name, value)) = pending.pop() {
        if depth > limits.variables_depth {
            return Err(Refusal::limit(
                "depth of variables",
                depth,
                limits.variables_depth,
            ));
        }
        length += 1 + name.map_or(0, |name| name.chars().count());
        match value {
            Value::String(text) => {
                length += text.chars().count();
                if text.contains('\0') {
                    return Err(Refusal::new(
                        ErrorCode::BadUserInput,
                        "a variable contains a NUL character",
                    ));
                }
            }
            Value::Array(items) => pending.extend(items.iter().map(|item| (depth + 1, None, item))),
            Value::Object(fields) => pending.extend(
                fields
                    .iter()
                    .map(|(name, field)| (depth + 1, Some(name.as_str()), field)),
            ),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
        if length > limits.variables_length {
            return Err(Refusal::limit(
                "length of variables",
                length,
                limits.variables_length,
            ));
        }
    }
    Ok(())
}

/// Refuses variables that are missing or of another type than declared.
pub(crate) fn check_types(
    schema: &SchemaTypes,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Result<(), Refusal> {
    for definition in &operation.variable_definitions {
        let name = &definition.node.name.node;
        let ty = &definition.node.var_type.node;
        let problem = match variables.get(name) {
            None if definition.node.default_value.is_some() || ty.nullable => None,
            None => Some(format!("a value of type {ty} is required")),
            Some(value) => problem(schema, ty, value, String::new()),
        };
        if let Some(problem) = problem {
            return Err(Refusal::at(
                ErrorCode::BadUserInput,
                format!("variable ${}: {problem}", shown(name)),
                definition.pos,
            ));
        }
    }
    Ok(())
}

/// What is wrong with a value, if anything; `path` leads from the variable to it.
fn problem(schema: &SchemaTypes, ty: &Type, value: &async_graphql::Value, path: String) -> Option<String> {
    use async_graphql::Value;
    let at = if path.is_empty() {
        String::new()
    } else {
        format!(" at {path}")
    };
    if *value == Value::Null {
        return (!ty.nullable).then(|| format!("null{at}, but {ty} is not nullable"));
    }
    let name = match (&ty.base, value) {
        (BaseType::List(item), Value::List(items)) => {
            return items
                .iter()
                .enumerate()
                .find_map(|(idx, value)| problem(schema, item, value, format!("{path}[{idx}]")));
        }
        // A single value stands for a list of one.
        (BaseType::List(item), _) => return problem(schema, item, value, path),
        (BaseType::Named(name), _) => name,
    };
    let expected = || Some(format!("a value of type {name} is expected{at}"));
    match (schema.kind(name)?, value) {
        (Kind::Enum(values), Value::String(given)) => {
            (!values.iter().any(|known| known.as_str() == given.as_str()))
                .then(|| format!("{:?}{at} is not a value of {name}", shown(given)))
        }
        (Kind::Input { fields, is_one_of }, Value::Object(given)) => {
            if let Some(unknown) = given.keys().find(|key| !fields.contains_key(*key)) {
                return Some(format!("{name} has no field {:?}{at}", shown(unknown)));
            }
            if *is_one_of && (given.len() != 1 || given.values().any(|value| *value == Value::Null)) {
                return Some(format!("exactly one field of {name} must be given{at}"));
            }
            fields
                .iter()
                .find_map(|(field, definition)| match given.get(field) {
                    Some(value) => problem(schema, &definition.ty, value, join(&path, field)),
                    None if definition.ty.nullable || definition.has_default => None,
                    None => Some(format!("field {field} of {name} is required{at}")),
                })
        }
        (Kind::Enum(_) | Kind::Input { .. }, _) => expected(),
        (Kind::Scalar, value) => {
            let fits = match (name.as_str(), value) {
                ("Int", Value::Number(number)) => number
                    .as_i64()
                    .is_some_and(|number| i32::try_from(number).is_ok()),
                ("Float", Value::Number(_))
                | ("String" | "ID", Value::String(_))
                | ("Boolean", Value::Boolean(_)) => true,
                ("ID", Value::Number(number)) => number.is_i64() || number.is_u64(),
                ("Int" | "Float" | "String" | "Boolean" | "ID", _) => false,
                _ => true,
            };
            if fits { None } else { expected() }
        }
        (Kind::Composite { .. } | Kind::Union, _) => None,
    }
}

fn join(path: &str, field: &str) -> String {
    if path.is_empty() {
        field.to_owned()
    } else {
        format!("{path}.{field}")
    }
}
