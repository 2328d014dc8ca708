//! Whether the tables of roles and of isolation are complete: read from the printed schema, so that whoever adds a
//! field or an argument is told where it has to be entered.

use crate::entities::{COMPANY, CONSENT, INVITATION, SAME, VIEWER};
use crate::entities_more::ENTITIES;
use crate::isolation::CROSSED;
use crate::roles::{MUTATIONS, OFFER, PERSON, QUERIES, SUBSCRIPTIONS};
use crate::schema::definitions;

/// Texts that name something of a company, beside the arguments of type `ID`.
const NAMING: &[&str] = &[
    "externalId",
    "after",
    "before",
    "idempotencyKey",
    "token",
    "email",
];

/// What names nothing of the caller's company: who follows a link is at no company yet, and the link says at which; and
/// whoever asks to join names a company, which looks at no record for that (`joining`).
const UNBOUND: &[(&str, &str)] = &[
    ("signIn", "token"),
    ("openClaim", "token"),
    ("claimRecord", "token"),
    ("confirmMyEmail", "token"),
    ("requestClaim", "email"),
    ("requestClaim", "idempotencyKey"),
];

/// What stands for an identifier of the other company in [`CROSSED`].
const PLACEHOLDERS: &[&str] = &["ID", "CURSOR", "NUMBER", "KEY", "EMAIL"];

/// The first name of a selection, behind an alias.
fn name_of(selection: &str) -> &str {
    let unaliased = selection.trim_start_matches("it: ");
    unaliased.split(['(', ' ']).next().unwrap()
}

#[test]
fn every_root_field_is_in_the_table_of_roles() {
    let definitions = definitions(&okaeri_api::graphql::sdl());
    let queries: Vec<&str> = QUERIES.iter().map(|row| name_of(row.0)).collect();
    let mutations: Vec<&str> = MUTATIONS.iter().map(|row| row.0).collect();
    let subscriptions: Vec<&str> = SUBSCRIPTIONS.iter().map(|row| name_of(row.0)).collect();
    for (root, table) in [
        ("type Query", queries),
        ("type Mutation", mutations),
        ("type Subscription", subscriptions),
    ] {
        for field in definitions[root].keys() {
            assert!(
                table.contains(&field.as_str()),
                "{root}.{field}: enter into tests/it/roles.rs who may ask for it"
            );
        }
        for name in table {
            assert!(definitions[root].contains_key(name), "{root}.{name} is no more");
        }
    }
}

/// The fields of an entity that are in a table, by type; those of the interface hold for its types.
fn in_tables(type_name: &str) -> Vec<&'static str> {
    let is_offer = ["Role", "SpeakerSlot", "ContractWork"].contains(&type_name);
    let same = SAME
        .iter()
        .filter(|(of, _)| *of == type_name || (*of == "Opportunity" && is_offer))
        .flat_map(|(_, fields)| fields.iter().copied());
    let differing: Vec<&str> = match type_name {
        "Alumnus" => PERSON.iter().map(|row| row.0).collect(),
        "Role" | "SpeakerSlot" | "ContractWork" => OFFER.iter().map(|row| row.0).collect(),
        "Invitation" => INVITATION.iter().map(|row| row.0).collect(),
        "Consent" => CONSENT.to_vec(),
        "Company" => COMPANY.iter().map(|row| row.0).collect(),
        "Viewer" => VIEWER.iter().map(|row| row.0).collect(),
        // An entity of a new type is in no table until somebody makes one.
        _ => ENTITIES
            .iter()
            .filter(|entity| entity.type_name == type_name)
            .flat_map(|entity| [entity.same, entity.of_staff].concat())
            .collect(),
    };
    same.chain(differing).map(name_of).collect()
}

#[test]
fn every_field_of_an_entity_is_in_a_table_of_roles() {
    for (name, members) in definitions(&okaeri_api::graphql::sdl()) {
        let Some(type_name) = name.strip_prefix("type ") else {
            continue;
        };
        if !members.contains_key("id") && type_name != "Viewer" {
            continue;
        }
        let table = in_tables(type_name);
        for field in members.keys().filter(|field| *field != "id") {
            assert!(
                table.contains(&field.as_str()),
                "{type_name}.{field}: enter into tests/it/roles.rs or tests/it/entities*.rs who may read it"
            );
        }
    }
}

#[test]
fn every_argument_that_names_something_is_crossed_between_companies() {
    let definitions = definitions(&okaeri_api::graphql::sdl());
    let is_naming = |name: &str, kind: &str| {
        kind.trim_matches(['[', ']', '!']) == "ID"
            || kind.trim_end_matches('!') == "String" && NAMING.contains(&name)
    };
    let mut missing = Vec::new();
    for (holder, members) in &definitions {
        for (member, (kind, arguments)) in members {
            // The fields of a mutation's input, which is named after it.
            if let Some(input) = holder
                .strip_prefix("input ")
                .and_then(|name| name.strip_suffix("Input"))
                && is_naming(member, kind)
            {
                let (first, rest) = input.split_at(1);
                missing.extend(uncrossed(&format!("{}{rest}", first.to_lowercase()), member));
            } else if let Some(input) = holder.strip_prefix("input ")
                && is_naming(member, kind)
            {
                // An input that is no mutation's own is crossed with every field that takes it.
                let takes = |argument: &String| {
                    let kind = argument
                        .split_once(": ")
                        .map(|(_, kind)| kind.trim_end_matches('!'));
                    kind == Some(input)
                };
                let fields = definitions.values().flatten();
                let takers: Vec<&String> = fields
                    .filter(|(_, (_, arguments))| arguments.iter().any(takes))
                    .map(|(field, _)| field)
                    .collect();
                if takers.is_empty() {
                    missing.push(format!("{holder}.{member}"));
                }
                missing.extend(takers.into_iter().filter_map(|field| uncrossed(field, member)));
            }
            for argument in arguments {
                let (name, kind) = argument.split_once(": ").unwrap();
                if is_naming(name, kind) {
                    missing.extend(uncrossed(member, name));
                }
            }
        }
    }
    assert_eq!(
        missing,
        Vec::<String>::new(),
        "enter a document into tests/it/isolation.rs with the other company's identifier there"
    );
}

/// `field(argument:)`, unless a document of the table has a placeholder there.
fn uncrossed(field: &str, argument: &str) -> Option<String> {
    let opening = format!(" {field}(");
    let is_crossed = CROSSED.iter().flat_map(|table| table.iter()).any(|document| {
        let arguments = document.split(&opening).skip(1);
        arguments
            .filter_map(|rest| rest.split(") {").next())
            .any(|arguments| {
                PLACEHOLDERS.iter().any(|placeholder| {
                    arguments.contains(&format!("{argument}: \"{placeholder}\""))
                        || arguments.contains(&format!("{argument}: [\"{placeholder}\""))
                })
            })
    });
    let is_unbound = UNBOUND.contains(&(field, argument));
    (!is_crossed && !is_unbound).then(|| format!("{field}({argument}:)"))
}
