//! Whether fields with the same response name can be merged (GraphQL specification, 5.3.2), at every level.
//!
//! Fields are compared group by group instead of pair by pair, as Simon Adameit describes in "Optimizing
//! OverlappingFieldsCanBeMerged": first that all of one name have the same shape, then that those which can come
//! from one object are the same field with the same arguments.

use std::collections::{BTreeMap, HashMap, HashSet};

use async_graphql_parser::types::{
    BaseType, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet, Type,
};

use super::schema::{SchemaTypes, named};
use super::walk::shown;
use crate::http::error::{ErrorCode, Refusal};

/// Fields that are looked at before a document is refused: fifty times what the largest allowed one needs when its
/// fragments overlap as in real queries.
const STEPS_MAX: usize = 100_000;

/// A field and the type that it is selected on; `None`: unknown, or of introspection.
#[derive(Clone, Copy)]
struct Place<'a> {
    field: &'a Field,
    parent: Option<&'a str>,
    ty: Option<&'a Type>,
}

pub(crate) struct Merge<'a> {
    schema: &'a SchemaTypes,
    document: &'a ExecutableDocument,
    steps: usize,
}

/// Refuses an operation in which two fields claim one place in the answer.
pub(crate) fn check<'a>(
    schema: &'a SchemaTypes,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
) -> Result<(), Refusal> {
    let mut merge = Merge {
        schema,
        document,
        steps: 0,
    };
    let root = schema.root(operation.ty).map(|name| name.as_str());
    let mut fields = Vec::new();
    merge.collect(
        &operation.selection_set.node,
        root,
        &mut HashSet::new(),
        &mut fields,
    )?;
    merge.same_shape(&fields)?;
    merge.same_field(&fields)
}

impl<'a> Merge<'a> {
    fn step(&mut self) -> Result<(), Refusal> {
        self.steps += 1;
        if self.steps > STEPS_MAX {
            return Err(Refusal::limit(
                "number of overlapping fields",
                self.steps,
                STEPS_MAX,
            ));
        }
        Ok(())
    }

    /// The fields of a selection with its fragments, each fragment once.
    fn collect(
        &mut self,
        set: &'a SelectionSet,
        parent: Option<&'a str>,
        visited: &mut HashSet<&'a str>,
        fields: &mut Vec<Place<'a>>,
    ) -> Result<(), Refusal> {
        for selection in &set.items {
            self.step()?;
            match &selection.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    let definition = parent.and_then(|parent| self.schema.field(parent, &field.name.node));
                    fields.push(Place {
                        field,
                        parent,
                        ty: definition.map(|definition| &definition.ty),
                    });
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    if visited.insert(name)
                        && let Some(fragment) = self.document.fragments.get(name)
                    {
                        let on = fragment.node.type_condition.node.on.node.as_str();
                        self.collect(&fragment.node.selection_set.node, Some(on), visited, fields)?;
                    }
                }
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref();
                    let parent = on.map_or(parent, |on| Some(on.node.on.node.as_str()));
                    self.collect(&inline.node.selection_set.node, parent, visited, fields)?;
                }
            }
        }
        Ok(())
    }

    fn children(&mut self, group: &[Place<'a>]) -> Result<Vec<Place<'a>>, Refusal> {
        let mut fields = Vec::new();
        let mut visited = HashSet::new();
        for place in group {
            let parent = place.ty.map(|ty| named(ty).as_str());
            self.collect(&place.field.selection_set.node, parent, &mut visited, &mut fields)?;
        }
        Ok(fields)
    }

    fn same_shape(&mut self, fields: &[Place<'a>]) -> Result<(), Refusal> {
        for group in by_response_name(fields) {
            let [first, rest @ ..] = group.as_slice() else {
                continue;
            };
            for other in rest {
                if let (Some(a), Some(b)) = (first.ty, other.ty)
                    && !self.is_same_shape(a, b)
                {
                    return Err(conflict(other, &format!("{a} and {b} are different types")));
                }
            }
            let children = self.children(&group)?;
            if !children.is_empty() {
                self.same_shape(&children)?;
            }
        }
        Ok(())
    }

    fn is_same_shape(&self, a: &Type, b: &Type) -> bool {
        if a.nullable != b.nullable {
            return false;
        }
        match (&a.base, &b.base) {
            (BaseType::List(a), BaseType::List(b)) => self.is_same_shape(a, b),
            (BaseType::Named(a), BaseType::Named(b)) => {
                a == b || !(self.schema.is_leaf(a) || self.schema.is_leaf(b))
            }
            (BaseType::List(_), BaseType::Named(_)) | (BaseType::Named(_), BaseType::List(_)) => false,
        }
    }

    fn same_field(&mut self, fields: &[Place<'a>]) -> Result<(), Refusal> {
        for group in by_response_name(fields) {
            for group in self.with_common_parent(group) {
                let [first, rest @ ..] = group.as_slice() else {
                    continue;
                };
                for other in rest {
                    let (a, b) = (&first.field.name.node, &other.field.name.node);
                    if a != b {
                        return Err(conflict(
                            other,
                            &format!("{} and {} are different fields", shown(a), shown(b)),
                        ));
                    }
                    if !has_same_arguments(first.field, other.field) {
                        return Err(conflict(other, "they have different arguments"));
                    }
                }
                let children = self.children(&group)?;
                if !children.is_empty() {
                    self.same_field(&children)?;
                }
            }
        }
        Ok(())
    }

    /// Splits a group so that fields of two object types, of which no value can be both, are apart.
    fn with_common_parent(&self, group: Vec<Place<'a>>) -> Vec<Vec<Place<'a>>> {
        let mut of_any_type = Vec::new();
        let mut by_object: BTreeMap<&str, Vec<Place<'a>>> = BTreeMap::new();
        for place in group {
            match place.parent {
                Some(parent) if self.schema.is_object(parent) => {
                    by_object.entry(parent).or_default().push(place);
                }
                _ => of_any_type.push(place),
            }
        }
        if by_object.is_empty() {
            return vec![of_any_type];
        }
        by_object
            .into_values()
            .map(|own| of_any_type.iter().copied().chain(own).collect())
            .collect()
    }
}

fn by_response_name<'a>(fields: &[Place<'a>]) -> Vec<Vec<Place<'a>>> {
    let mut groups: HashMap<&str, Vec<Place<'a>>> = HashMap::new();
    let mut order = Vec::new();
    for place in fields {
        let name = place.field.response_key().node.as_str();
        groups
            .entry(name)
            .or_insert_with(|| {
                order.push(name);
                Vec::new()
            })
            .push(*place);
    }
    order.into_iter().filter_map(|name| groups.remove(name)).collect()
}

fn has_same_arguments(a: &Field, b: &Field) -> bool {
    a.arguments.len() == b.arguments.len()
        && a.arguments.iter().all(|(name, value)| {
            b.get_argument(&name.node)
                .is_some_and(|other| other.node == value.node)
        })
}

fn conflict(place: &Place<'_>, why: &str) -> Refusal {
    let key = place.field.response_key();
    Refusal::at(
        ErrorCode::ValidationFailed,
        format!(
            "fields {:?} conflict: {why}; use different aliases",
            shown(&key.node)
        ),
        key.pos,
    )
}
