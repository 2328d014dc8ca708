//! The printed schema: current, and with every name that clients rely on.

use std::collections::{BTreeMap, BTreeSet};

/// Types with the fields and values that clients, tests and tools rely on; the schema may have more.
const CORE: &[(&str, &str)] = &[
    ("scalar Date", ""),
    ("scalar DateTime", ""),
    ("scalar YearMonth", ""),
    ("interface Node", "id: ID!"),
    ("enum OpportunityKind", "ROLE, SPEAKER_SLOT, CONTRACT_WORK"),
    ("enum Remote", "REMOTE, HYBRID, ONSITE"),
    (
        "enum Interest",
        "REHIRE, CONTRACT_WORK, SPEAKING, MENTORING, EVENTS",
    ),
    ("enum OpportunityStatus", "DRAFT, OPEN, PAUSED, FILLED, CLOSED"),
    ("enum ViewerRole", "ADMINISTRATOR, RECRUITER, EMPLOYEE, ALUMNUS"),
    ("enum RequirementStatus", "MET, NOT_SHOWN, UNMET, NOT_ASSESSABLE"),
    (
        "type Alumnus",
        "id: ID!, externalId: String, name: PersonName!, headline: String, summary: String, prefecture: String, \
         skills: [String!]!, qualifications: [String!]!, languages: [LanguageSkill!]!, tenures: [Tenure!]!, \
         careerAfter: [Position!]!, interests: [Interest!]!, workStyle: WorkStyle, confirmedOn: Date",
    ),
    (
        "interface Opportunity",
        "id: ID!, externalId: String, kind: OpportunityKind!, title: String!, description: String!, \
         department: String, status: OpportunityStatus!, requiredSkills: [String!]!, preferredSkills: [String!]!, \
         prefecture: String, remote: Remote!, seats: Int!, closesAt: DateTime, candidates: CandidateConnection",
    ),
    ("type Role", "id: ID!, candidates: CandidateConnection"),
    (
        "type SpeakerSlot",
        "id: ID!, topics: [String!]!, audience: String, heldOn: Date, format: String, honorarium: String",
    ),
    (
        "type ContractWork",
        "id: ID!, scope: String, hoursPerWeek: Int, period: Period!, fee: String, paymentDueOn: Date",
    ),
    (
        "type CandidateConnection",
        "edges: [CandidateEdge!]!, nodes: [Alumnus!]!, pageInfo: PageInfo!, totalCount: Int!, asOf: DateTime!, \
         modelVersion: String!",
    ),
    (
        "type CandidateEdge",
        "cursor: String!, node: Alumnus!, rank: Int!, match: Match!",
    ),
    (
        "type OpportunityFeedConnection",
        "edges: [OpportunityFeedEdge!]!, nodes: [Opportunity!]!, pageInfo: PageInfo!",
    ),
    (
        "type OpportunityFeedEdge",
        "cursor: String!, node: Opportunity!, rank: Int!, match: Match!",
    ),
    (
        "type Match",
        "score: Float!, summary: String!, base: Float!, contributions: [Contribution!]!, \
         requirements: [RequirementCheck!]!, pointsToConfirm: [String!]!",
    ),
    (
        "type Contribution",
        "feature: MatchFeature!, value: Float!, text: String!, evidence: [Evidence!]!",
    ),
    (
        "type Evidence",
        "field: ProfileField!, snippet: String!, highlights: [TextRange!]!",
    ),
    (
        "type Query",
        "node: Node, nodes: [Node]!, viewer: Viewer!, company: Company, opportunity: Opportunity, alumnus: Alumnus, \
         alumni: AlumnusConnection, opportunities: OpportunityConnection",
    ),
    (
        "type Viewer",
        "role: ViewerRole!, alumnus: Alumnus, opportunityFeed: OpportunityFeedConnection",
    ),
    (
        "type Subscription",
        "candidatesChanged: CandidatesChanged!, feedChanged: FeedChanged!",
    ),
    (
        "type UserError",
        "code: UserErrorCode!, message: String!, field: [String!]",
    ),
];

/// Arguments that clients rely on, by field.
const ARGUMENTS: &[(&str, &str, &str)] = &[
    ("type Query", "node", "id: ID!"),
    ("type Query", "nodes", "ids: [ID!]!"),
    ("type Query", "opportunity", "externalId: String!"),
    ("type Query", "alumnus", "externalId: String!"),
    (
        "type Query",
        "alumni",
        "query: String, filter: AlumnusFilter, first: Int, after: String, last: Int, before: String",
    ),
    (
        "type Query",
        "opportunities",
        "query: String, filter: OpportunityFilter, first: Int, after: String, last: Int, before: String",
    ),
    (
        "interface Opportunity",
        "candidates",
        "first: Int, after: String, last: Int, before: String",
    ),
    (
        "type Viewer",
        "opportunityFeed",
        "first: Int, after: String, last: Int, before: String, kinds: [OpportunityKind!]",
    ),
    ("type Subscription", "candidatesChanged", "opportunityId: ID!"),
];

/// Mutations that clients rely on.
const MUTATIONS: &[&str] = &[
    "createRole",
    "createSpeakerSlot",
    "createContractWork",
    "updateRole",
    "updateSpeakerSlot",
    "updateContractWork",
    "publishOpportunity",
    "pauseOpportunity",
    "closeOpportunity",
    "updateMyProfile",
    "setMyInterests",
    "giveConsent",
    "withdrawConsent",
    "expressInterest",
    "declineOpportunity",
    "snoozeOpportunity",
    "saveOpportunity",
    "inviteCandidate",
    "acceptInvitation",
    "declineInvitation",
    "rejectCandidate",
    "requestSignInLink",
    "signIn",
    "updateConsentText",
    "requestClaim",
    "openClaim",
    "claimRecord",
    "approveClaim",
    "refuseClaim",
    "changeMyEmail",
    "confirmMyEmail",
];

/// A definition: its members, each with its type and its arguments, as printed.
pub(crate) type Members = BTreeMap<String, (String, BTreeSet<String>)>;

#[test]
fn the_committed_schema_is_the_printed_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(
        committed == okaeri_api::graphql::sdl(),
        "schema.graphql is out of date: write it anew with `okaeri schema > schema.graphql`"
    );
}

#[test]
fn every_name_that_clients_rely_on_is_there_with_its_type() {
    let definitions = definitions(&okaeri_api::graphql::sdl());
    for (name, members) in CORE {
        let found = definitions
            .get(*name)
            .unwrap_or_else(|| panic!("{name} is missing"));
        for member in members.split(", ").filter(|member| !member.is_empty()) {
            let (member, expected) = member.split_once(": ").unwrap_or((member, ""));
            let (kind, _) = found
                .get(member)
                .unwrap_or_else(|| panic!("{name}.{member} is missing"));
            assert_eq!(kind, expected, "{name}.{member}");
        }
    }
    for (name, field, arguments) in ARGUMENTS {
        let expected: BTreeSet<String> = arguments.split(", ").map(str::to_owned).collect();
        assert_eq!(definitions[*name][*field].1, expected, "{name}.{field}");
    }
}

#[test]
fn every_mutation_takes_one_input_and_gives_a_payload_with_user_errors() {
    let definitions = definitions(&okaeri_api::graphql::sdl());
    let mutations = &definitions["type Mutation"];
    for name in MUTATIONS {
        assert!(mutations.contains_key(*name), "{name} is missing");
    }
    for (name, (payload, arguments)) in mutations {
        let (first, rest) = name.split_at(1);
        let stem = format!("{}{rest}", first.to_uppercase());
        assert_eq!(payload, &format!("{stem}Payload!"), "{name}");
        assert_eq!(
            arguments,
            &BTreeSet::from([format!("input: {stem}Input!")]),
            "{name}"
        );
        assert_eq!(
            definitions[&format!("type {stem}Payload")]["userErrors"].0,
            "[UserError!]!",
            "{name}"
        );
    }
}

#[test]
fn whatever_has_an_id_is_a_node() {
    let sdl = okaeri_api::graphql::sdl();
    let definitions = definitions(&sdl);
    for (name, members) in &definitions {
        let Some(type_name) = name.strip_prefix("type ") else {
            continue;
        };
        let is_node = sdl.lines().any(|line| {
            let words: Vec<&str> = line
                .split([' ', '&', '{'])
                .filter(|word| !word.is_empty())
                .collect();
            words.first() == Some(&"type") && words.get(1) == Some(&type_name) && words.contains(&"Node")
        });
        assert_eq!(members.contains_key("id"), is_node, "{type_name}");
    }
}

/// Reads the printed schema; it has one member or argument on a line, and descriptions between triple quotes.
pub(crate) fn definitions(sdl: &str) -> BTreeMap<String, Members> {
    let mut definitions = BTreeMap::new();
    let mut current: Option<(String, Members)> = None;
    let mut field: Option<(String, BTreeSet<String>)> = None;
    let mut is_description = false;
    for line in sdl.lines().map(str::trim) {
        if line.starts_with("\"\"\"") {
            is_description = !is_description;
            continue;
        }
        if is_description || line.is_empty() {
            continue;
        }
        let Some((_, members)) = &mut current else {
            let head = line.trim_end_matches('{').trim();
            let words: Vec<&str> = head.split(' ').take(2).collect();
            if line.ends_with('{') {
                current = Some((words.join(" "), Members::new()));
            } else if line.starts_with("scalar ") {
                definitions.insert(words.join(" "), Members::new());
            }
            continue;
        };
        let plain = |text: &str| {
            text.split(['=', '@'])
                .next()
                .unwrap()
                .trim()
                .trim_end_matches(',')
                .to_owned()
        };
        if line == "}" {
            definitions.extend(current.take());
        } else if let Some(name) = line.strip_suffix('(') {
            field = Some((name.to_owned(), BTreeSet::new()));
        } else if let Some(rest) = line.strip_prefix("): ") {
            let (name, arguments) = field.take().unwrap();
            members.insert(name, (plain(rest), arguments));
        } else if let Some((_, arguments)) = &mut field {
            arguments.insert(plain(line));
        } else if let Some((head, kind)) = line.split_once("): ") {
            let (name, arguments) = head.split_once('(').unwrap();
            let arguments = arguments.split(", ").map(plain).collect();
            members.insert(name.to_owned(), (plain(kind), arguments));
        } else {
            let (name, kind) = line.split_once(": ").unwrap_or((line, ""));
            members.insert(plain(name), (plain(kind), BTreeSet::new()));
        }
    }
    definitions
}
