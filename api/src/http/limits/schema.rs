//! What the limits need to know of the schema, read once from its own text.

use std::collections::HashMap;

use async_graphql::Name;
use async_graphql_parser::Positioned;
use async_graphql_parser::types::{
    BaseType, ConstDirective, FieldDefinition, InputValueDefinition, ServiceDocument, Type, TypeKind,
    TypeSystemDefinition,
};

/// The types of a schema by name.
#[derive(Debug)]
pub(crate) struct SchemaTypes {
    types: HashMap<Name, Kind>,
    query: Name,
    mutation: Option<Name>,
    subscription: Option<Name>,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Scalar,
    Enum(Vec<Name>),
    Input {
        fields: HashMap<Name, InputField>,
        is_one_of: bool,
    },
    /// Objects and interfaces alike: what matters is their fields.
    Composite {
        fields: HashMap<Name, Field>,
        is_object: bool,
    },
    Union,
}

#[derive(Debug)]
pub(crate) struct InputField {
    pub(crate) ty: Type,
    pub(crate) has_default: bool,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) ty: Type,
    /// It takes `first` or `last`: what is below it comes once per item of the page.
    pub(crate) is_paged: bool,
}

impl SchemaTypes {
    /// Reads a schema; the error is the parser's.
    pub(crate) fn parse(sdl: &str) -> Result<Self, String> {
        let document = async_graphql_parser::parse_schema(sdl).map_err(|error| error.to_string())?;
        Ok(Self::from_document(document))
    }

    fn from_document(document: ServiceDocument) -> Self {
        let mut types = HashMap::new();
        let mut query = None;
        let mut mutation = None;
        let mut subscription = None;
        for name in ["Int", "Float", "String", "Boolean", "ID"] {
            types.insert(Name::new(name), Kind::Scalar);
        }
        for definition in document.definitions {
            match definition {
                TypeSystemDefinition::Schema(schema) => {
                    query = schema.node.query.map(|name| name.node);
                    mutation = schema.node.mutation.map(|name| name.node);
                    subscription = schema.node.subscription.map(|name| name.node);
                }
                TypeSystemDefinition::Type(definition) => {
                    let is_one_of = has_one_of(&definition.node.directives);
                    let kind = match definition.node.kind {
                        TypeKind::Scalar => Kind::Scalar,
                        TypeKind::Object(object) => composite(object.fields, true),
                        TypeKind::Interface(interface) => composite(interface.fields, false),
                        TypeKind::Union(_) => Kind::Union,
                        TypeKind::Enum(definition) => Kind::Enum(
                            definition
                                .values
                                .into_iter()
                                .map(|value| value.node.value.node)
                                .collect(),
                        ),
                        TypeKind::InputObject(input) => Kind::Input {
                            fields: input.fields.into_iter().map(input_field).collect(),
                            is_one_of,
                        },
                    };
                    types.insert(definition.node.name.node, kind);
                }
                TypeSystemDefinition::Directive(_) => {}
            }
        }
        let conventional = |name: &str| types.contains_key(name).then(|| Name::new(name));
        Self {
            query: query.unwrap_or_else(|| Name::new("Query")),
            mutation: mutation.or_else(|| conventional("Mutation")),
            subscription: subscription.or_else(|| conventional("Subscription")),
            types,
        }
    }

    pub(crate) fn root(&self, ty: async_graphql_parser::types::OperationType) -> Option<&Name> {
        use async_graphql_parser::types::OperationType;
        match ty {
            OperationType::Query => Some(&self.query),
            OperationType::Mutation => self.mutation.as_ref(),
            OperationType::Subscription => self.subscription.as_ref(),
        }
    }

    pub(crate) fn kind(&self, name: &str) -> Option<&Kind> {
        self.types.get(name)
    }

    pub(crate) fn field(&self, parent: &str, name: &str) -> Option<&Field> {
        match self.types.get(parent)? {
            Kind::Composite { fields, .. } => fields.get(name),
            Kind::Scalar | Kind::Enum(_) | Kind::Input { .. } | Kind::Union => None,
        }
    }

    /// Whether no value can be of this type and of another object type at once.
    pub(crate) fn is_object(&self, name: &str) -> bool {
        matches!(
            self.types.get(name),
            Some(Kind::Composite { is_object: true, .. })
        )
    }

    pub(crate) fn is_leaf(&self, name: &str) -> bool {
        matches!(self.types.get(name), Some(Kind::Scalar | Kind::Enum(_)))
    }
}

/// The type's name without lists and exclamation marks.
pub(crate) fn named(ty: &Type) -> &Name {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => named(item),
    }
}

fn composite(fields: Vec<Positioned<FieldDefinition>>, is_object: bool) -> Kind {
    let fields = fields
        .into_iter()
        .map(|field| {
            let is_paged = field
                .node
                .arguments
                .iter()
                .any(|argument| matches!(argument.node.name.node.as_str(), "first" | "last"));
            let ty = field.node.ty.node;
            (field.node.name.node, Field { ty, is_paged })
        })
        .collect();
    Kind::Composite { fields, is_object }
}

fn input_field(field: Positioned<InputValueDefinition>) -> (Name, InputField) {
    let has_default = field.node.default_value.is_some();
    let ty = field.node.ty.node;
    (field.node.name.node, InputField { ty, has_default })
}

fn has_one_of(directives: &[Positioned<ConstDirective>]) -> bool {
    directives
        .iter()
        .any(|directive| directive.node.name.node.as_str() == "oneOf")
}
