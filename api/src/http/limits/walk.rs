//! The walk over a parsed document that says what running it would cost.
//!
//! Each fragment is measured once, whatever number of places spread it: a chain in which every fragment spreads the
//! next one twice is linear here and exponential for whoever expands it.

use std::collections::HashMap;

use async_graphql::{Name, Pos, Positioned, Variables};
use async_graphql_parser::types::{
    Directive, ExecutableDocument, Field, FragmentDefinition, OperationDefinition, Selection, SelectionSet,
};

use async_graphql_value::{ConstValue, Value};

use super::schema::{SchemaTypes, named};
use crate::config::Limits;
use crate::http::error::{ErrorCode, Refusal};

/// Levels of selections and spreads that this walk, and everything after it, may recurse into; a stack bears ten
/// times as many.
const RECURSION_MAX: usize = 200;

/// The lists of introspection: each can be entered again from each of its items.
const INTROSPECTION_LISTS: [&str; 6] = [
    "args",
    "enumValues",
    "fields",
    "inputFields",
    "interfaces",
    "possibleTypes",
];

/// What a selection costs with its fragments expanded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Measures {
    pub(crate) selections: usize,
    pub(crate) depth: usize,
    pub(crate) aliases: usize,
    pub(crate) directives: usize,
    pub(crate) cost: u64,
    pub(crate) introspection_nesting: usize,
    pub(crate) has_introspection: bool,
}

impl Measures {
    /// Of two selections side by side.
    fn and(self, other: Self) -> Self {
        Self {
            selections: self.selections.saturating_add(other.selections),
            depth: self.depth.max(other.depth),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            cost: self.cost.saturating_add(other.cost),
            introspection_nesting: self.introspection_nesting.max(other.introspection_nesting),
            has_introspection: self.has_introspection || other.has_introspection,
        }
    }

    pub(crate) fn check(&self, limits: &Limits) -> Result<(), Refusal> {
        let within = |what, value: usize, max: usize| {
            if value > max {
                return Err(Refusal::limit(what, value, max));
            }
            Ok(())
        };
        within(
            "number of selections with fragments expanded",
            self.selections,
            limits.selections,
        )?;
        within("depth", self.depth, limits.depth)?;
        within("number of aliases", self.aliases, limits.aliases)?;
        within("number of directives", self.directives, limits.directives)?;
        within(
            "introspection nesting",
            self.introspection_nesting,
            limits.introspection_nesting,
        )?;
        if self.cost > limits.cost {
            return Err(Refusal::limit("cost", self.cost, limits.cost));
        }
        Ok(())
    }
}

/// Measures the operations of one document.
pub(crate) struct Walk<'a> {
    schema: &'a SchemaTypes,
    document: &'a ExecutableDocument,
    limits: &'a Limits,
    fragments: HashMap<&'a str, State>,
}

enum State {
    /// Its spreads are being followed: to come here again is a cycle.
    Entered,
    Measured(Measures),
}

/// What stays the same within one operation.
#[derive(Clone, Copy)]
struct Scope<'a> {
    operation: Option<&'a OperationDefinition>,
    variables: &'a Variables,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(schema: &'a SchemaTypes, document: &'a ExecutableDocument, limits: &'a Limits) -> Self {
        Self {
            schema,
            document,
            limits,
            fragments: HashMap::new(),
        }
    }

    /// Measures one operation. Page sizes may come from variables, so fragments are measured per operation.
    pub(crate) fn operation(
        &mut self,
        operation: &'a OperationDefinition,
        variables: &'a Variables,
    ) -> Result<Measures, Refusal> {
        self.fragments.clear();
        if let Some(directive) = operation
            .directives
            .iter()
            .chain(
                operation
                    .variable_definitions
                    .iter()
                    .flat_map(|variable| &variable.node.directives),
            )
            .next()
        {
            return Err(Refusal::at(
                ErrorCode::ValidationFailed,
                format!(
                    "directive @{} cannot stand here",
                    shown(&directive.node.name.node)
                ),
                directive.pos,
            ));
        }
        let scope = Scope {
            operation: Some(operation),
            variables,
        };
        let root = self.schema.root(operation.ty).map(Name::as_str);
        self.set(&operation.selection_set.node, root, scope, 1)
    }

    /// Measures fragments that no operation uses: they are read by everything that comes after this walk, too.
    pub(crate) fn unused_fragments(&mut self, variables: &'a Variables) -> Result<Measures, Refusal> {
        let scope = Scope {
            operation: None,
            variables,
        };
        let document = self.document;
        let mut all = Measures::default();
        for (name, fragment) in &document.fragments {
            if !self.fragments.contains_key(name.as_str()) {
                let measures = self.fragment(name, fragment, scope, 1)?;
                all = Measures {
                    selections: all.selections.max(measures.selections),
                    ..all
                };
            }
        }
        Ok(all)
    }

    fn set(
        &mut self,
        set: &'a SelectionSet,
        parent: Option<&'a str>,
        scope: Scope<'a>,
        level: usize,
    ) -> Result<Measures, Refusal> {
        if level > RECURSION_MAX {
            return Err(Refusal::limit(
                "levels of selections and fragments",
                level,
                RECURSION_MAX,
            ));
        }
        let mut all = Measures::default();
        for selection in &set.items {
            let directives = directives(selection.node.directives())?;
            let own = Measures {
                selections: 1,
                directives,
                ..Measures::default()
            };
            let below = match &selection.node {
                Selection::Field(field) => self.field(field, parent, scope, level)?,
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    match self.document.fragments.get(name) {
                        Some(fragment) => self.fragment(name, fragment, scope, level)?,
                        // Validation says that there is none.
                        None => Measures::default(),
                    }
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let parent = condition.map_or(parent, |condition| Some(condition.node.on.node.as_str()));
                    self.set(&inline.node.selection_set.node, parent, scope, level + 1)?
                }
            };
            all = all.and(own).and(below);
            // Reported at once, so that an answer does not take longer the more hostile the question is.
            if all.selections > self.limits.selections {
                all.check(self.limits)?;
            }
        }
        Ok(all)
    }

    fn fragment(
        &mut self,
        name: &'a Name,
        fragment: &'a Positioned<FragmentDefinition>,
        scope: Scope<'a>,
        level: usize,
    ) -> Result<Measures, Refusal> {
        match self.fragments.get(name.as_str()) {
            Some(State::Measured(measures)) => return Ok(*measures),
            Some(State::Entered) => {
                return Err(Refusal::at(
                    ErrorCode::ValidationFailed,
                    format!("fragment {} contains itself", shown(name)),
                    fragment.pos,
                ));
            }
            None => {}
        }
        if let Some(directive) = fragment.node.directives.first() {
            return Err(Refusal::at(
                ErrorCode::ValidationFailed,
                format!(
                    "directive @{} cannot stand here",
                    shown(&directive.node.name.node)
                ),
                directive.pos,
            ));
        }
        self.fragments.insert(name, State::Entered);
        let parent = fragment.node.type_condition.node.on.node.as_str();
        let measures = self.set(&fragment.node.selection_set.node, Some(parent), scope, level + 1)?;
        self.fragments.insert(name, State::Measured(measures));
        Ok(measures)
    }

    fn field(
        &mut self,
        field: &'a Positioned<Field>,
        parent: Option<&'a str>,
        scope: Scope<'a>,
        level: usize,
    ) -> Result<Measures, Refusal> {
        let field = &field.node;
        let name = field.name.node.as_str();
        let definition = parent.and_then(|parent| self.schema.field(parent, name));
        let is_within_introspection = parent.is_some_and(|parent| parent.starts_with("__"));
        let is_introspection = is_within_introspection || matches!(name, "__schema" | "__type");
        let child = match definition {
            Some(definition) => Some(named(&definition.ty).as_str()),
            None if is_introspection => Some("__Type"),
            None => None,
        };
        let below = self.set(&field.selection_set.node, child, scope, level + 1)?;

        let is_list = is_within_introspection && INTROSPECTION_LISTS.contains(&name);
        // A chain of ofType only unwraps one type.
        let is_nesting = !(is_within_introspection && name == "ofType");
        let times = self.times(
            field,
            definition.is_some_and(|definition| definition.is_paged),
            scope,
        );
        Ok(Measures {
            depth: below.depth + usize::from(is_nesting),
            aliases: below.aliases.saturating_add(usize::from(field.alias.is_some())),
            cost: below.cost.saturating_mul(times).saturating_add(1),
            introspection_nesting: below.introspection_nesting + usize::from(is_list),
            has_introspection: below.has_introspection || is_introspection,
            ..below
        })
    }

    /// How often what is below a field can come: the size of its page, or the number of identifiers asked for.
    fn times(&self, field: &Field, is_paged: bool, scope: Scope<'_>) -> u64 {
        let page_max = u64::from(self.limits.page_max);
        let size = |name: &str| match resolved(field.get_argument(name)?, scope)? {
            // A larger page than allowed is refused with its own message; it costs nothing more.
            ConstValue::Number(number) => Some(number.as_u64().unwrap_or(0).min(page_max)),
            _ => None,
        };
        if is_paged {
            return size("first")
                .max(size("last"))
                .unwrap_or(u64::from(self.limits.page_default))
                .max(1);
        }
        match field.get_argument("ids").and_then(|ids| resolved(ids, scope)) {
            Some(ConstValue::List(ids)) => u64::try_from(ids.len()).unwrap_or(u64::MAX).clamp(1, page_max),
            _ => 1,
        }
    }
}

/// A value with a variable replaced by what was given for it, or its default.
fn resolved(value: &Positioned<Value>, scope: Scope<'_>) -> Option<ConstValue> {
    let Value::Variable(name) = &value.node else {
        return value.node.clone().into_const();
    };
    if let Some(given) = scope.variables.get(name) {
        return Some(given.clone());
    }
    let definitions = &scope.operation?.variable_definitions;
    let definition = definitions
        .iter()
        .find(|definition| definition.node.name.node == *name)?;
    let default = definition.node.default_value.as_ref()?;
    Some(default.node.clone())
}

/// Counts the directives at one place, which must be `skip` and `include`, each once and with its condition.
fn directives(directives: &[Positioned<Directive>]) -> Result<usize, Refusal> {
    let refuse = |what: String, position: Pos| Err(Refusal::at(ErrorCode::ValidationFailed, what, position));
    for (idx, directive) in directives.iter().enumerate() {
        let name = &directive.node.name.node;
        if !matches!(name.as_str(), "skip" | "include") {
            return refuse(format!("unknown directive @{}", shown(name)), directive.pos);
        }
        if directives[..idx]
            .iter()
            .any(|earlier| earlier.node.name.node == *name)
        {
            return refuse(format!("directive @{name} stands here twice"), directive.pos);
        }
        let condition = match directive.node.arguments.as_slice() {
            [(argument, value)] if argument.node.as_str() == "if" => Some(&value.node),
            _ => None,
        };
        if !matches!(condition, Some(Value::Boolean(_) | Value::Variable(_))) {
            return refuse(
                format!("directive @{name} needs exactly one argument, if: Boolean!"),
                directive.pos,
            );
        }
    }
    Ok(directives.len())
}

/// A name from the document, short enough for a message.
pub(crate) fn shown(name: &str) -> String {
    name.chars().take(60).collect()
}
