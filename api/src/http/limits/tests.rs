use std::time::{Duration, Instant};

use serde_json::json;

use super::*;

const SDL: &str = r#"
"An identified thing."
interface Node { id: ID! }
interface Opportunity implements Node {
  id: ID!
  title: String!
  candidates(first: Int = 20, after: String, last: Int): CandidateConnection
}
type Role implements Node & Opportunity {
  id: ID!
  title: String!
  salary: Int
  candidates(first: Int = 20, after: String, last: Int): CandidateConnection
  deadline: String
}
type Slot implements Node & Opportunity {
  id: ID!
  title: String!
  salary: String
  candidates(first: Int = 20, after: String, last: Int): CandidateConnection
  deadline: [String!]
}
type Alumnus implements Node { id: ID! name: String! roles(first: Int, last: Int): CandidateConnection friend: Alumnus }
type CandidateConnection { edges: [Edge!]! nodes: [Alumnus!]! totalCount: Int! }
type Edge { node: Alumnus! cursor: String! }
enum Kind { ROLE SLOT }
input Filter { kind: Kind, text: String!, limit: Int = 3, tags: [String!], inner: Filter }
input Choice @oneOf { a: Int, b: Int }
scalar Date
type Query {
  node(id: ID!): Node
  nodes(ids: [ID!]!): [Node]!
  opportunity(id: ID!): Opportunity
  search(filter: Filter, on: Date): CandidateConnection
  pick(choice: Choice): Int
}
type Mutation { signIn(token: String!): String delete: Int }
type Subscription { changed(id: ID!): Alumnus! }
schema { query: Query mutation: Mutation subscription: Subscription }
"#;

fn admitted(query: &str, variables: serde_json::Value) -> Result<Admitted, Refusal> {
    let schema = SchemaTypes::parse(SDL).unwrap();
    let serde_json::Value::Object(variables) = variables else {
        panic!("variables are an object")
    };
    admit(&schema, &Limits::default(), query, None, variables)
}

fn refusal(query: &str) -> Refusal {
    admitted(query, json!({})).unwrap_err()
}

fn message(query: &str) -> String {
    refusal(query).message
}

fn passes(query: &str) {
    if let Err(refusal) = admitted(query, json!({})) {
        panic!("{}: {query}", refusal.message);
    }
}

/// The cost of a query, read from what a limit of 0 says.
fn cost(query: &str, variables: serde_json::Value) -> u64 {
    let schema = SchemaTypes::parse(SDL).unwrap();
    let limits = Limits {
        cost: 0,
        ..Limits::default()
    };
    let serde_json::Value::Object(variables) = variables else {
        panic!("variables are an object")
    };
    let refusal = admit(&schema, &limits, query, None, variables).unwrap_err();
    refusal
        .message
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap()
}

#[test]
fn a_short_chain_of_fragments_is_refused_at_once() {
    let mut chain = String::from("{ ...f0 }");
    for idx in 0..22 {
        chain += &format!(
            "fragment f{idx} on Query{{...f{next} ...f{next}}}",
            next = idx + 1
        );
    }
    chain += "fragment f22 on Query{__typename}";
    assert!(chain.len() < 1_000);
    let started_at = Instant::now();
    assert!(message(&chain).starts_with("number of selections with fragments expanded"));
    assert!(started_at.elapsed() < Duration::from_millis(200));
}

#[test]
fn a_long_chain_of_fragments_does_not_exhaust_the_stack() {
    let mut chain = String::from("{ ...f0 }");
    for idx in 0..250 {
        chain += &format!("fragment f{idx} on Query{{...f{}}}", idx + 1);
    }
    chain += "fragment f250 on Query{__typename}";
    assert_eq!(refusal(&chain).code, ErrorCode::LimitExceeded);
}

#[test]
fn cycles_are_found_also_in_fragments_that_nobody_uses() {
    for query in [
        "{ ...a } fragment a on Query { ...a }",
        "{ ...a } fragment a on Query { ...b } fragment b on Query { ... { ...a } }",
        "{ __typename } fragment a on Alumnus { friend { ...b } } fragment b on Alumnus { friend { ...a } }",
    ] {
        assert!(message(query).ends_with("contains itself"), "{query}");
    }
}

#[test]
fn thirty_aliases_pass_and_thirty_one_do_not_also_through_fragments() {
    let aliases = |n: usize| {
        (0..n)
            .map(|idx| format!("a{idx}: __typename "))
            .collect::<String>()
    };
    passes(&format!("{{ {} }}", aliases(30)));
    assert_eq!(
        message(&format!("{{ {} }}", aliases(31))),
        "number of aliases 31 exceeds the maximum of 30"
    );
    let spread = format!(
        "{{ ...a ... on Query {{ ...a }} }} fragment a on Query {{ {} }}",
        aliases(16)
    );
    assert_eq!(message(&spread), "number of aliases 32 exceeds the maximum of 30");
}

#[test]
fn fifteen_levels_pass_and_sixteen_do_not() {
    let friends = |n: usize| {
        format!(
            "{{ search {{ nodes {{ {} id {} }} }} }}",
            "friend { ".repeat(n),
            "}".repeat(n)
        )
    };
    passes(&friends(12));
    assert_eq!(message(&friends(13)), "depth 16 exceeds the maximum of 15");
}

#[test]
fn only_skip_and_include_are_directives_and_each_stands_once() {
    passes("{ __typename @skip(if: true) @include(if: false) }");
    for (query, expected) in [
        ("{ __typename @a }", "unknown directive @a"),
        (
            "{ __typename @skip(if: true) @skip(if: true) }",
            "directive @skip stands here twice",
        ),
        (
            "{ __typename @skip }",
            "directive @skip needs exactly one argument, if: Boolean!",
        ),
        (
            "{ __typename @include(if: \"yes\") }",
            "directive @include needs exactly one argument, if: Boolean!",
        ),
        (
            "query @skip(if: true) { __typename }",
            "directive @skip cannot stand here",
        ),
    ] {
        assert_eq!(message(query), expected, "{query}");
    }
    let many = "__typename @skip(if: false) ".repeat(21);
    assert_eq!(
        message(&format!("{{ {many} }}")),
        "number of directives 21 exceeds the maximum of 20"
    );
}

#[test]
fn pages_multiply_also_through_interfaces_fragments_and_variables() {
    let direct = |arguments: &str| {
        format!("{{ opportunity(id: 1) {{ candidates{arguments} {{ nodes {{ id }} }} }} }}")
    };
    assert_eq!(cost(&direct("(first: 100)"), json!({})), 202);
    assert_eq!(cost(&direct("(last: 10)"), json!({})), 22);
    assert_eq!(cost(&direct(""), json!({})), 42, "20 is the default");
    assert_eq!(
        cost(&direct("(first: 1000000)"), json!({})),
        202,
        "more than 100 never runs"
    );
    let by_variable =
        "query($n: Int = 50) { opportunity(id: 1) { ...on Role { candidates(first: $n) { ...c } } } }
        fragment c on CandidateConnection { nodes { id } }";
    assert_eq!(cost(by_variable, json!({})), 102);
    assert_eq!(cost(by_variable, json!({"n": 10})), 22);
    assert_eq!(cost("{ nodes(ids: [1, 2, 3]) { id } }", json!({})), 4);

    let nested = "{ opportunity(id: 1) { candidates(first: 100) { nodes { roles(first: 100) { nodes { roles(first: 100) {
        totalCount } } } } } } }";
    assert!(message(nested).starts_with("cost 1"), "{}", message(nested));
    assert!(message(nested).ends_with("exceeds the maximum of 50000"));
}

/// The query that GraphiQL sends, from graphql-js' getIntrospectionQuery with every option on and nine levels.
fn introspection() -> String {
    let type_ref = "kind name ".to_owned() + &"ofType { kind name ".repeat(9) + &"}".repeat(9);
    format!(
        "query IntrospectionQuery {{ __schema {{ description queryType {{ name kind }} mutationType {{ name kind }}
          subscriptionType {{ name kind }} types {{ ...FullType }}
          directives {{ name description isRepeatable locations args(includeDeprecated: true) {{ ...InputValue }} }} }} }}
        fragment FullType on __Type {{ kind name description specifiedByURL isOneOf
          fields(includeDeprecated: true) {{ name description args(includeDeprecated: true) {{ ...InputValue }}
            type {{ ...TypeRef }} isDeprecated deprecationReason }}
          inputFields(includeDeprecated: true) {{ ...InputValue }} interfaces {{ ...TypeRef }}
          enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }}
          possibleTypes {{ ...TypeRef }} }}
        fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} defaultValue isDeprecated
          deprecationReason }}
        fragment TypeRef on __Type {{ {type_ref} }}"
    )
}

#[test]
fn graphiqls_own_introspection_query_passes_and_is_known_as_such() {
    let admitted = admitted(&introspection(), json!({})).unwrap();
    assert!(admitted.has_introspection);
    passes("{ __type(name: \"Role\") { fields { name type { name ofType { name } } } } }");
}

#[test]
fn introspection_that_enters_lists_again_and_again_is_refused() {
    passes("{ __schema { types { fields { type { fields { name } } } } } }");
    assert_eq!(
        message("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"),
        "introspection nesting 3 exceeds the maximum of 2"
    );
    let by_fragment = "{ __type(name: \"A\") { ...a } } fragment a on __Type { possibleTypes { ...b } }
        fragment b on __Type { interfaces { possibleTypes { name } } }";
    assert!(message(by_fragment).starts_with("introspection nesting 3"));
}

#[test]
fn fields_that_claim_one_place_are_refused_at_every_level() {
    for query in [
        "{ a: node(id: 1) { id } a: node(id: 2) { id } }",
        "{ a: node(id: 1) { id } a: opportunity(id: 1) { id } }",
        "{ opportunity(id: 1) { candidates(first: 1) { totalCount } candidates(first: 2) { totalCount } } }",
        "{ opportunity(id: 1) { x: title } opportunity(id: 1) { x: id } }",
        "{ node(id: 1) { ...on Role { x: salary } ...on Slot { x: salary } } }",
        "{ node(id: 1) { ...on Role { deadline } ...on Slot { deadline } } }",
        "{ node(id: 1) { ...a ...b } } fragment a on Node { ...on Role { c: candidates { nodes { x: id } } } }
          fragment b on Node { ...on Opportunity { c: candidates { nodes { x: name } } } }",
        "{ search { nodes { x: id ...a } } } fragment a on Alumnus { x: name }",
    ] {
        let refusal = refusal(query);
        assert_eq!(refusal.code, ErrorCode::ValidationFailed, "{query}");
        assert!(refusal.message.contains("conflict"), "{}: {query}", refusal.message);
    }
}

#[test]
fn fields_that_can_be_merged_pass() {
    for query in [
        "{ node(id: 1) { id } node(id: 1) { __typename } }",
        "{ a: node(id: 1) { id } b: node(id: 2) { id } }",
        "{ node(id: 1) { ...on Role { x: title } ...on Slot { x: title } } }",
        "{ node(id: 1) { ...on Role { candidates(first: 1) { totalCount } } ...on Slot { candidates(first: 2) { totalCount } } } }",
        "{ search(filter: {text: \"a\", limit: 1}) { totalCount } search(filter: {limit: 1, text: \"a\"}) { totalCount } }",
    ] {
        passes(query);
    }
}

#[test]
fn overlapping_fields_are_compared_in_polynomial_time() {
    // At each level one field comes by an interface and by two objects, each time with the same below it: whoever
    // compares them pair by pair without remembering does four times the work at each level.
    let mut fragments = String::from("fragment f0 on Alumnus { id }");
    for level in 1..5 {
        let below = level - 1;
        fragments +=
            &format!("fragment f{level} on Alumnus {{ roles {{ nodes {{ ...f{below} }} }} ...on Node {{");
        for ty in ["Opportunity", "Role", "Slot"] {
            fragments += &format!("...on {ty} {{ candidates {{ nodes {{ ...f{below} }} }} }}");
        }
        fragments += "} }";
    }
    let query = format!("{{ search {{ nodes {{ ...f4 }} }} }} {fragments}");
    let started_at = Instant::now();
    let _ = admitted(&query, json!({}));
    assert!(
        started_at.elapsed() < Duration::from_secs(1),
        "{:?}",
        started_at.elapsed()
    );
}

#[test]
fn the_operation_must_be_clear() {
    let schema = SchemaTypes::parse(SDL).unwrap();
    let admit = |query: &str, name: Option<&str>| admit(&schema, &Limits::default(), query, name, Map::new());
    let two = "query A { __typename } query B { __typename }";
    assert!(admit(two, Some("B")).is_ok());
    assert!(
        admit(two, None)
            .unwrap_err()
            .message
            .contains("several operations")
    );
    assert!(
        admit(two, Some("C"))
            .unwrap_err()
            .message
            .contains("no operation named \"C\"")
    );
    let many: String = (0..11)
        .map(|idx| format!("query Q{idx} {{ __typename }} "))
        .collect();
    let refusal = admit(&many, Some("Q0")).unwrap_err();
    assert_eq!(
        refusal.message,
        "number of operations 11 exceeds the maximum of 10"
    );
}

#[test]
fn root_fields_are_found_through_fragments() {
    let query =
        "mutation { signIn(token: \"x\") ...a } fragment a on Mutation { ... { d: delete __typename } }";
    let admitted = admitted(query, json!({})).unwrap();
    assert_eq!(admitted.operation, OperationType::Mutation);
    assert_eq!(admitted.root_fields, ["signIn", "delete"]);
}

#[test]
fn variables_must_be_there_and_fit() {
    let check = |declaration: &str, variables: serde_json::Value| {
        admitted(&format!("query({declaration}) {{ __typename }}"), variables).map(drop)
    };
    assert_eq!(check("$a: ID", json!({})), Ok(()));
    assert_eq!(check("$a: ID! = 1", json!({})), Ok(()));
    assert_eq!(check("$a: [Int!]", json!({"a": 1})), Ok(()));
    assert_eq!(
        check("$a: Filter", json!({"a": {"text": "x", "kind": "ROLE"}})),
        Ok(())
    );
    assert_eq!(check("$a: Date", json!({"a": "anything"})), Ok(()));
    for (declaration, variables, expected) in [
        (
            "$a: ID!",
            json!({}),
            "variable $a: a value of type ID! is required",
        ),
        (
            "$a: ID!",
            json!({"a": null}),
            "variable $a: null, but ID! is not nullable",
        ),
        (
            "$a: ID! = 1",
            json!({"a": null}),
            "variable $a: null, but ID! is not nullable",
        ),
        (
            "$a: Int",
            json!({"a": "1"}),
            "variable $a: a value of type Int is expected",
        ),
        (
            "$a: Int",
            json!({"a": 3_000_000_000_u32}),
            "variable $a: a value of type Int is expected",
        ),
        (
            "$a: [Int!]",
            json!({"a": [1, null]}),
            "variable $a: null at [1], but Int! is not nullable",
        ),
        (
            "$a: Kind",
            json!({"a": "OTHER"}),
            "variable $a: \"OTHER\" is not a value of Kind",
        ),
        (
            "$a: Filter",
            json!({"a": {}}),
            "variable $a: field text of Filter is required",
        ),
        (
            "$a: Filter",
            json!({"a": {"text": "x", "inner": {"text": 1}}}),
            "variable $a: a value of type String is expected at inner.text",
        ),
        (
            "$a: Filter",
            json!({"a": {"text": "x", "other": 1}}),
            "variable $a: Filter has no field \"other\"",
        ),
        (
            "$a: Choice",
            json!({"a": {"a": 1, "b": 2}}),
            "variable $a: exactly one field of Choice must be given",
        ),
    ] {
        let refusal = check(declaration, variables).unwrap_err();
        assert_eq!(refusal.code, ErrorCode::BadUserInput, "{declaration}");
        assert_eq!(refusal.message, expected, "{declaration}");
    }
}

#[test]
fn variables_are_bounded_in_depth_and_length() {
    let nested = |n: usize| (1..n).fold(json!(1), |inner, _| json!([inner]));
    assert!(admitted("{ __typename }", json!({"a": nested(20)})).is_ok());
    let refusal = admitted("{ __typename }", json!({"a": nested(21)})).unwrap_err();
    assert_eq!(refusal.message, "depth of variables 21 exceeds the maximum of 20");
    assert!(admitted("{ __typename }", json!({"a": "あ".repeat(19_998)})).is_ok());
    let refusal = admitted("{ __typename }", json!({"a": "あ".repeat(19_999)})).unwrap_err();
    assert_eq!(
        refusal.message,
        "length of variables 20001 exceeds the maximum of 20000"
    );
    let refusal = admitted("{ __typename }", json!({"a": "x\u{0}"})).unwrap_err();
    assert_eq!(refusal.code, ErrorCode::BadUserInput);
}

#[test]
fn a_syntax_error_names_its_place_and_does_not_quote_the_document() {
    let refusal = refusal(&format!("{{ a(x: \"{}\") b( }}", "秘密".repeat(100)));
    assert_eq!(refusal.code, ErrorCode::ParseFailed);
    assert!(
        refusal.message.len() < 300 && !refusal.message.contains("秘密"),
        "{}",
        refusal.message
    );
    assert!(!refusal.locations.is_empty());
}
