//! What a document may cost, decided before any of it runs.
//!
//! - The text is bounded before it is parsed, because the parser is recursive.
//! - The parsed document is measured once, with fragments expanded and pages multiplied, whatever the schema's own
//!   guards and complexity functions would say: those are skipped for fields that are read through an interface.
//! - Nothing here knows a field by its meaning, except introspection's.

mod lexer;
mod merge;
mod schema;
mod variables;
mod walk;

use async_graphql::{Name, Request, Variables};
use async_graphql_parser::types::{
    ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
};
use serde_json::{Map, Value};

pub(crate) use schema::SchemaTypes;

use super::error::{ErrorCode, Refusal};
use crate::config::Limits;

/// Characters of an operation's name that traces show: those of the longest that a generator of client code makes.
const OPERATION_NAME_CHARS_MAX: usize = 64;

/// A document that may run.
#[derive(Debug)]
pub(crate) struct Admitted {
    pub(crate) request: Request,
    pub(crate) operation: OperationType,
    /// As its author called it, cut after [`OPERATION_NAME_CHARS_MAX`].
    pub(crate) operation_name: Option<String>,
    /// It asks for the schema itself.
    pub(crate) has_introspection: bool,
    /// Every root field, without `__typename`, through all fragments.
    pub(crate) root_fields: Vec<String>,
}

/// The limits on documents over the types of one schema, for whoever tries documents without a server.
#[derive(Debug)]
pub struct DocumentLimits {
    schema: SchemaTypes,
    limits: Limits,
}

impl DocumentLimits {
    /// Limits over the types of `sdl`, a schema in its definition language.
    ///
    /// # Errors
    ///
    /// What is wrong with `sdl`.
    pub fn new(sdl: &str, limits: Limits) -> Result<Self, String> {
        Ok(Self {
            schema: SchemaTypes::parse(sdl)?,
            limits,
        })
    }

    /// The pass over the text alone, which comes before the parser.
    ///
    /// # Errors
    ///
    /// The code, and the message as a client reads it.
    pub fn check_text(&self, query: &str) -> Result<(), (ErrorCode, String)> {
        lexer::check(query, &self.limits).map_err(shown)
    }

    /// Everything that a document and its variables pass before one of its operations runs.
    ///
    /// # Errors
    ///
    /// The code, and the message as a client reads it.
    pub fn check(
        &self,
        query: &str,
        operation_name: Option<&str>,
        variables: Map<String, Value>,
    ) -> Result<(), (ErrorCode, String)> {
        admit(&self.schema, &self.limits, query, operation_name, variables)
            .map(drop)
            .map_err(shown)
    }
}

fn shown(refusal: Refusal) -> (ErrorCode, String) {
    (refusal.code, refusal.message)
}

/// Applies every limit, in the order in which they protect each other.
pub(crate) fn admit(
    schema: &SchemaTypes,
    limits: &Limits,
    query: &str,
    operation_name: Option<&str>,
    variables: Map<String, Value>,
) -> Result<Admitted, Refusal> {
    lexer::check(query, limits)?;
    variables::check_size(&variables, limits)?;
    let document = async_graphql_parser::parse_query(query).map_err(|error| parse_failure(&error))?;
    let n_operations = document.operations.iter().count();
    if n_operations > limits.operations {
        return Err(Refusal::limit(
            "number of operations",
            n_operations,
            limits.operations,
        ));
    }
    let variables = Variables::from_json(Value::Object(variables));
    let measured = measure(schema, limits, &document, operation_name, &variables)?;
    let mut request = Request::new(query).variables(variables);
    if let Some(name) = operation_name {
        request = request.operation_name(name);
    }
    request.set_parsed_query(document);
    Ok(Admitted {
        request,
        operation: measured.operation,
        operation_name: measured.operation_name,
        has_introspection: measured.has_introspection,
        root_fields: measured.root_fields,
    })
}

struct Measured {
    operation: OperationType,
    operation_name: Option<String>,
    has_introspection: bool,
    root_fields: Vec<String>,
}

fn measure(
    schema: &SchemaTypes,
    limits: &Limits,
    document: &ExecutableDocument,
    operation_name: Option<&str>,
    variables: &Variables,
) -> Result<Measured, Refusal> {
    let mut walk = walk::Walk::new(schema, document, limits);
    walk.unused_fragments(variables)?.check(limits)?;
    let mut has_introspection = false;
    let (name, chosen) = choose(document, operation_name)?;
    // All operations are validated, so all are bounded; only the chosen one will run.
    for (_, operation) in document.operations.iter() {
        let measures = walk.operation(&operation.node, variables)?;
        measures.check(limits)?;
        merge::check(schema, document, &operation.node)?;
        if std::ptr::eq(&operation.node, chosen) {
            has_introspection = measures.has_introspection;
        }
    }
    variables::check_types(schema, chosen, variables)?;
    let mut root_fields = Vec::new();
    collect_root_fields(document, &chosen.selection_set.node, &mut root_fields);
    Ok(Measured {
        operation: chosen.ty,
        operation_name: name.map(|name| name.chars().take(OPERATION_NAME_CHARS_MAX).collect()),
        has_introspection,
        root_fields,
    })
}

/// The operation to run, and what it is called.
fn choose<'a>(
    document: &'a ExecutableDocument,
    operation_name: Option<&str>,
) -> Result<(Option<&'a Name>, &'a OperationDefinition), Refusal> {
    let mut operations = document.operations.iter();
    match operation_name {
        Some(wanted) => operations
            .find(|(name, _)| name.is_some_and(|name: &Name| name.as_str() == wanted))
            .map(|(name, operation)| (name, &operation.node))
            .ok_or_else(|| {
                Refusal::new(
                    ErrorCode::ValidationFailed,
                    format!("the document has no operation named {:?}", walk::shown(wanted)),
                )
            }),
        None => match (operations.next(), operations.next()) {
            (Some((name, operation)), None) => Ok((name, &operation.node)),
            _ => Err(Refusal::new(
                ErrorCode::ValidationFailed,
                "the document has several operations: operationName must say which to run",
            )),
        },
    }
}

/// Called after the walk, so there are no cycles and at most as many fields as the limit says.
fn collect_root_fields(document: &ExecutableDocument, set: &SelectionSet, fields: &mut Vec<String>) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) if field.node.name.node.as_str() == "__typename" => {}
            Selection::Field(field) => fields.push(field.node.name.node.to_string()),
            Selection::InlineFragment(inline) => {
                collect_root_fields(document, &inline.node.selection_set.node, fields);
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    collect_root_fields(document, &fragment.node.selection_set.node, fields);
                }
            }
        }
    }
}

/// The parser's own text quotes a whole line of the document; only its last line says what was expected.
fn parse_failure(error: &async_graphql_parser::Error) -> Refusal {
    let text = error.to_string();
    let what = match text.rsplit_once("\n  = ") {
        Some((_, expected)) => format!("syntax error: {}", expected.trim()),
        None => text,
    };
    let locations: Vec<_> = error.positions().take(1).collect();
    let place = locations.first().map_or_else(String::new, |position| {
        format!(" (line {}, column {})", position.line, position.column)
    });
    Refusal {
        code: ErrorCode::ParseFailed,
        message: format!("{}{place}", what.chars().take(200).collect::<String>()),
        locations,
    }
}

#[cfg(test)]
mod tests;
