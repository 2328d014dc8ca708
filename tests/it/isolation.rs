//! Two companies on one server: what belongs to the other one is missing, byte for byte.

use okaeri_engine::domain::Role;
use serde_json::{Value, json};

use crate::harness::{AOBA, Person, Row, TestApp, alumnus, contract_work, on_both_databases, role, slot};

/// Identifiers of a company's things, and texts that only it has.
struct Things {
    ids: Vec<(&'static str, String)>,
    cursors: Vec<String>,
}

fn rows(suffix: &str) -> Vec<Row> {
    vec![
        alumnus(&format!("a1{suffix}")),
        alumnus(&format!("a2{suffix}")),
        role(&format!("r1{suffix}")),
        slot(&format!("s1{suffix}")),
        contract_work(&format!("c1{suffix}")),
        role(&format!("r2{suffix}")).set("status", "DRAFT").incomplete(),
    ]
}

/// Everything with an identifier at a company, made through the API.
async fn things(app: &TestApp, slug: &str, suffix: &str) -> Things {
    let recruiter = app.recruiter_of(slug);
    let aiko = app.alumnus_of(slug, &format!("a1{suffix}"));
    let administrator = app.person(slug, Role::Administrator, "kanri", None);
    let (role, person) = (
        recruiter.opportunity_id(&format!("r1{suffix}")).await,
        recruiter.alumnus_id(&format!("a1{suffix}")).await,
    );
    let input = json!({"opportunityId": role, "alumnusId": person});
    let sent = recruiter
        .mutate("inviteCandidate", input, "invitation { id candidacy { id } }")
        .await;
    let asked = json!({"opportunityId": role, "message": "在宅はできますか"});
    let asked = aiko.mutate("askFirst", asked, "consultation { id }").await;
    let wish = json!({"kind": "ROLE", "words": "在庫管理", "isShownToRecruiters": true});
    let wish = aiko
        .mutate("setMyStandingWish", wish, "standingWish { id }")
        .await;
    let note = json!({"kind": "POLICY", "text": "副業を認めた", "startsOn": "2026-04-01"});
    let note = administrator
        .mutate("createChangeNote", note, "changeNote { id }")
        .await;
    let own = aiko
        .query("{ company { id } viewer { consents { id } } }", Value::Null)
        .await;
    let review = aiko
        .mutate(
            "requestHumanReview",
            json!({"opportunityId": role}),
            "reviewRequest { id }",
        )
        .await;
    let correction = aiko
        .mutate(
            "requestCorrection",
            json!({"nameKana": "ヤマダ アイコ"}),
            "correction { id }",
        )
        .await;
    let list = "{ alumni(first: 1) { edges { cursor } } opportunities(first: 1) { edges { cursor } } }";
    let listed = recruiter.query(list, Value::Null).await;
    let document = format!("{{ opportunity(externalId: \"r1{suffix}\") {{ candidates {{ rankingId }} }} }}");
    let shown = recruiter.query(&document, Value::Null).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut cursors = recruiter
        .candidates(&format!("r1{suffix}"), "first: 1")
        .await
        .cursors;
    cursors.extend(aiko.feed("first: 1").await.cursors);
    app.index_of(slug).await;
    let search = "{ alumni(query: \"在庫管理\", first: 1) { edges { cursor } } }";
    let searched = recruiter.query(search, Value::Null).await;
    cursors.push(text(&searched["alumni"]["edges"][0]["cursor"]));
    cursors.push(text(&listed["alumni"]["edges"][0]["cursor"]));
    cursors.push(text(&listed["opportunities"]["edges"][0]["cursor"]));
    Things {
        ids: vec![
            ("Alumnus", person),
            ("Role", role),
            (
                "SpeakerSlot",
                recruiter.opportunity_id(&format!("s1{suffix}")).await,
            ),
            (
                "ContractWork",
                recruiter.opportunity_id(&format!("c1{suffix}")).await,
            ),
            ("Invitation", text(&sent["invitation"]["id"])),
            ("Candidacy", text(&sent["invitation"]["candidacy"]["id"])),
            ("Consultation", text(&asked["consultation"]["id"])),
            ("Consent", text(&own["viewer"]["consents"][0]["id"])),
            ("Company", text(&own["company"]["id"])),
            ("ReviewRequest", text(&review["reviewRequest"]["id"])),
            ("Correction", text(&correction["correction"]["id"])),
            (
                "Claim",
                app.waiting_claim(slug, &format!("h{suffix}@example.com")).await,
            ),
            ("Ranking", text(&shown["opportunity"]["candidates"]["rankingId"])),
            ("StandingWish", text(&wish["standingWish"]["id"])),
            ("ChangeNote", text(&note["changeNote"]["id"])),
        ],
        cursors,
    }
}

/// An identifier of this type that nobody has.
fn missing(type_name: &str) -> String {
    use base64::Engine as _;
    let id = format!("{type_name}:019000000000700080000000deadbeef");
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(id)
}

/// A recorded list that nobody has.
fn missing_cursor() -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode("s:019000000000700080000000deadbeef:0")
}

/// Every argument that names something: documents with a placeholder where the other company's identifier goes. A
/// test in [`super::complete`] fails when the schema has an argument that is in none of them.
pub(crate) const CROSSED: &[&[&str]] = &[DOCUMENTS, LISTS, ORDERED, NUMBERS, KEYS, ADDRESSES, SUBSCRIBED];

/// Arguments that take an identifier, with `ID` where it goes; `OWN`, `WORK`, `PERSON` and `CLAIM` are a role, contract
/// work, a person and a claim of the caller's company.
const DOCUMENTS: &[&str] = &[
    "{ node(id: \"ID\") { __typename id } }",
    "{ nodes(ids: [\"ID\", \"OWN\"]) { id } }",
    "mutation { updateRole(input: {id: \"ID\", title: \"x\", description: \"x\", remote: REMOTE}) { opportunity { id } userErrors { code message field } } }",
    "mutation { updateSpeakerSlot(input: {id: \"ID\", title: \"x\", description: \"x\", remote: REMOTE}) { opportunity { id } userErrors { code message field } } }",
    "mutation { updateContractWork(input: {id: \"ID\", title: \"x\", description: \"x\", remote: REMOTE}) { opportunity { id } userErrors { code message field } } }",
    "mutation { publishOpportunity(input: {id: \"ID\"}) { opportunity { id } userErrors { code message field } } }",
    "mutation { pauseOpportunity(input: {id: \"ID\"}) { opportunity { id } userErrors { code message field } } }",
    "mutation { closeOpportunity(input: {id: \"ID\"}) { opportunity { id } userErrors { code message field } } }",
    "mutation { inviteCandidate(input: {opportunityId: \"ID\", alumnusId: \"PERSON\"}) { invitation { id } userErrors { code message field } } }",
    "mutation { inviteCandidate(input: {opportunityId: \"OWN\", alumnusId: \"ID\"}) { invitation { id } userErrors { code message field } } }",
    "mutation { rejectCandidate(input: {opportunityId: \"ID\", alumnusId: \"PERSON\", reason: \"x\"}) { opportunity { id } userErrors { code message field } } }",
    "mutation { rejectCandidate(input: {opportunityId: \"OWN\", alumnusId: \"ID\", reason: \"x\"}) { opportunity { id } userErrors { code message field } } }",
    "mutation { updateChangeNote(input: {id: \"ID\", kind: POLICY, text: \"x\", startsOn: \"2026-04-01\"}) { changeNote { id } userErrors { code message field } } }",
    "mutation { deleteChangeNote(input: {id: \"ID\"}) { deletedId userErrors { code message field } } }",
    "mutation { expressInterest(input: {id: \"ID\"}) { opportunity { id } userErrors { code message field } } }",
    "mutation { declineOpportunity(input: {id: \"ID\", reason: PLACE}) { opportunity { id } userErrors { code message field } } }",
    "mutation { snoozeOpportunity(input: {id: \"ID\", until: \"2026-12-01\"}) { opportunity { id } userErrors { code message field } } }",
    "mutation { saveOpportunity(input: {id: \"ID\"}) { opportunity { id } userErrors { code message field } } }",
    "mutation { requestHumanReview(input: {opportunityId: \"ID\"}) { reviewRequest { id } userErrors { code message field } } }",
    "mutation { answerReviewRequest(input: {id: \"ID\", outcome: NOT_THIS_TIME, reason: \"x\"}) { reviewRequest { id } userErrors { code message field } } }",
    "mutation { approveCorrection(input: {id: \"ID\"}) { correction { id } userErrors { code message field } } }",
    "mutation { refuseCorrection(input: {id: \"ID\", reason: \"x\"}) { correction { id } userErrors { code message field } } }",
    "{ previewInvitations(opportunityId: \"ID\", first: 1) { invitees { id } } }",
    "mutation { inviteCandidates(input: {opportunityId: \"ID\", previewToken: \"x\"}) { invitations { id } userErrors { code message field } } }",
    "mutation { withdrawInvitation(input: {id: \"ID\"}) { invitation { id } userErrors { code message field } } }",
    "mutation { shortlistCandidate(input: {opportunityId: \"ID\", alumnusId: \"PERSON\"}) { candidacy { id } userErrors { code message field } } }",
    "mutation { shortlistCandidate(input: {opportunityId: \"OWN\", alumnusId: \"ID\"}) { candidacy { id } userErrors { code message field } } }",
    "mutation { unlistCandidate(input: {id: \"ID\"}) { candidacy { id } userErrors { code message field } } }",
    "mutation { recordAgreement(input: {id: \"ID\"}) { candidacy { id } userErrors { code message field } } }",
    "mutation { recordOutcome(input: {id: \"ID\", outcome: REHIRED}) { candidacy { id } userErrors { code message field } } }",
    "mutation { withdrawMyInterest(input: {id: \"ID\"}) { candidacy { id } userErrors { code message field } } }",
    "mutation { snoozeInvitation(input: {id: \"ID\", until: \"2026-12-01\"}) { invitation { id } userErrors { code message field } } }",
    "mutation { askFirst(input: {opportunityId: \"ID\", message: \"x\"}) { consultation { id } userErrors { code message field } } }",
    "mutation { sendMessage(input: {id: \"ID\", text: \"x\"}) { message { text } userErrors { code message field } } }",
    "mutation { createContractWork(input: {title: \"x\", description: \"x\", remote: REMOTE, addressedTo: \"ID\"}) { opportunity { id } userErrors { code message field } } }",
    "mutation { updateContractWork(input: {id: \"WORK\", title: \"x\", description: \"x\", remote: REMOTE, addressedTo: \"ID\"}) { opportunity { id } userErrors { code message field } } }",
    "mutation { approveClaim(input: {id: \"ID\"}) { claim { id } userErrors { code message field } } }",
    "mutation { approveClaim(input: {id: \"CLAIM\", alumnusId: \"ID\"}) { claim { id } userErrors { code message field } } }",
    "mutation { refuseClaim(input: {id: \"ID\", reason: \"x\"}) { claim { id } userErrors { code message field } } }",
    "{ auditRecord(rankingId: \"ID\") { isIntact } }",
    "{ auditRecords(filter: {opportunityId: \"ID\"}) { totalCount } }",
    "{ auditRecords(filter: {alumnusId: \"ID\"}) { totalCount } }",
    "mutation { acceptInvitation(input: {id: \"ID\"}) { invitation { id } userErrors { code message field } } }",
    "mutation { declineInvitation(input: {id: \"ID\"}) { invitation { id } userErrors { code message field } } }",
];

/// Arguments that take the cursor of a recorded list, with `CURSOR` where it goes.
const LISTS: &[&str] = &[
    "{ opportunity(externalId: \"r1x\") { candidates(after: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ opportunity(externalId: \"r1x\") { candidates(last: 1, before: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ viewer { opportunityFeed(after: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ viewer { opportunityFeed(last: 1, before: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ viewer { invitations(after: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ viewer { candidacies(after: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ viewer { consultations(after: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ consultations(after: \"CURSOR\") { totalCount nodes { id } } }",
    "{ opportunity(externalId: \"r1x\") { candidacies(after: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ viewer { invitations(last: 1, before: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ pendingClaims(after: \"CURSOR\") { totalCount nodes { id } } }",
    "{ pendingClaims(last: 1, before: \"CURSOR\") { totalCount nodes { id } } }",
    "{ alumni(query: \"在庫管理\", after: \"CURSOR\") { totalCount nodes { id } } }",
    "{ alumni(query: \"在庫管理\", last: 1, before: \"CURSOR\") { totalCount nodes { id } } }",
    "{ opportunities(query: \"物流\", after: \"CURSOR\") { totalCount nodes { id } } }",
    "{ opportunities(query: \"物流\", last: 1, before: \"CURSOR\") { totalCount nodes { id } } }",
    "{ company { programme { history(after: \"CURSOR\") { totalCount nodes { version } } } } }",
    "{ company { programme { history(last: 1, before: \"CURSOR\") { totalCount nodes { version } } } } }",
    "{ viewer { candidacies(last: 1, before: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ viewer { consultations(last: 1, before: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ consultations(last: 1, before: \"CURSOR\") { totalCount nodes { id } } }",
    "{ opportunity(externalId: \"r1x\") { candidacies(last: 1, before: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ opportunity(externalId: \"r1x\") { reviewRequests(after: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ opportunity(externalId: \"r1x\") { reviewRequests(last: 1, before: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ opportunity(externalId: \"r1x\") { candidacies { nodes { history(after: \"CURSOR\") { totalCount nodes { to } } } } } }",
    "{ opportunity(externalId: \"r1x\") { candidacies { nodes { history(last: 1, before: \"CURSOR\") { totalCount nodes { to } } } } } }",
    "{ opportunity(externalId: \"r1x\") { candidacies { nodes { messages(after: \"CURSOR\") { totalCount nodes { text } } } } } }",
    "{ opportunity(externalId: \"r1x\") { candidacies { nodes { messages(last: 1, before: \"CURSOR\") { totalCount nodes { text } } } } } }",
    "{ viewer { candidacies { nodes { history(after: \"CURSOR\") { totalCount nodes { to } } } } } }",
    "{ viewer { candidacies { nodes { history(last: 1, before: \"CURSOR\") { totalCount nodes { to } } } } } }",
    "{ viewer { candidacies { nodes { messages(after: \"CURSOR\") { totalCount nodes { text } } } } } }",
    "{ viewer { candidacies { nodes { messages(last: 1, before: \"CURSOR\") { totalCount nodes { text } } } } } }",
    "{ viewer { consultations { nodes { messages(after: \"CURSOR\") { totalCount nodes { text } } } } } }",
    "{ viewer { consultations { nodes { messages(last: 1, before: \"CURSOR\") { totalCount nodes { text } } } } } }",
    "{ consultations { nodes { messages(after: \"CURSOR\") { totalCount nodes { text } } } } }",
    "{ consultations { nodes { messages(last: 1, before: \"CURSOR\") { totalCount nodes { text } } } } }",
    "{ viewer { changesSinceLeaving(after: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ viewer { changesSinceLeaving(last: 1, before: \"CURSOR\") { totalCount nodes { id } } } }",
    "{ viewer { glassBox { rankings(after: \"CURSOR\") { totalCount nodes { rank } } } } }",
    "{ viewer { glassBox { rankings(last: 1, before: \"CURSOR\") { totalCount nodes { rank } } } } }",
    "{ viewer { glassBox { profileViews(after: \"CURSOR\") { totalCount nodes { viewedOn } } } } }",
    "{ viewer { glassBox { profileViews(last: 1, before: \"CURSOR\") { totalCount nodes { viewedOn } } } } }",
    "{ viewer { glassBox { reviewRequests(after: \"CURSOR\") { totalCount nodes { id } } } } }",
    "{ viewer { glassBox { reviewRequests(last: 1, before: \"CURSOR\") { totalCount nodes { id } } } } }",
    "{ viewer { glassBox { corrections(after: \"CURSOR\") { totalCount nodes { id } } } } }",
    "{ viewer { glassBox { corrections(last: 1, before: \"CURSOR\") { totalCount nodes { id } } } } }",
    "{ corrections(after: \"CURSOR\") { totalCount nodes { id } } }",
    "{ corrections(last: 1, before: \"CURSOR\") { totalCount nodes { id } } }",
    "{ standingWishes(after: \"CURSOR\") { totalCount nodes { id } } }",
    "{ standingWishes(last: 1, before: \"CURSOR\") { totalCount nodes { id } } }",
    "{ auditRecords(after: \"CURSOR\") { totalCount nodes { rankingId } } }",
    "{ auditRecords(last: 1, before: \"CURSOR\") { totalCount nodes { rankingId } } }",
];

/// Lists in order, whose cursors are bound to the company by a fingerprint.
const ORDERED: &[&str] = &[
    "{ alumni(after: \"CURSOR\") { totalCount nodes { id } } }",
    "{ opportunities(after: \"CURSOR\") { totalCount nodes { id } } }",
    "{ changeNotes(after: \"CURSOR\") { totalCount nodes { id } } }",
    "{ changeNotes(last: 1, before: \"CURSOR\") { totalCount nodes { id } } }",
];

/// Arguments that take a company's own number, with `NUMBER` where it goes: to be found, or to be given.
const NUMBERS: &[&str] = &[
    "{ alumnus(externalId: \"NUMBER\") { id } }",
    "{ opportunity(externalId: \"NUMBER\") { id } }",
    "mutation { createRole(input: {externalId: \"NUMBER\", title: \"x\", description: \"x\", remote: REMOTE}) { opportunity { title } userErrors { code message field } } }",
    "mutation { createSpeakerSlot(input: {externalId: \"NUMBER\", title: \"x\", description: \"x\", remote: REMOTE}) { opportunity { title } userErrors { code message field } } }",
    "mutation { createContractWork(input: {externalId: \"NUMBER\", title: \"x\", description: \"x\", remote: REMOTE}) { opportunity { title } userErrors { code message field } } }",
    "mutation { updateRole(input: {id: \"OWN\", externalId: \"NUMBER\", title: \"x\", description: \"x\", remote: REMOTE}) { opportunity { title } userErrors { code message field } } }",
    "mutation { updateSpeakerSlot(input: {id: \"OWN\", externalId: \"NUMBER\", title: \"x\", description: \"x\", remote: REMOTE}) { opportunity { title } userErrors { code message field } } }",
    "mutation { updateContractWork(input: {id: \"OWN\", externalId: \"NUMBER\", title: \"x\", description: \"x\", remote: REMOTE}) { opportunity { title } userErrors { code message field } } }",
];

/// Arguments that take an idempotency key, with `KEY` where it goes.
const KEYS: &[&str] = &[
    "mutation { createRole(input: {idempotencyKey: \"KEY\", title: \"x\", description: \"x\", remote: REMOTE}) { opportunity { title } userErrors { code message field } } }",
    "mutation { createSpeakerSlot(input: {idempotencyKey: \"KEY\", title: \"x\", description: \"x\", remote: REMOTE}) { opportunity { title } userErrors { code message field } } }",
    "mutation { createContractWork(input: {idempotencyKey: \"KEY\", title: \"x\", description: \"x\", remote: REMOTE}) { opportunity { title } userErrors { code message field } } }",
    "mutation { inviteCandidate(input: {idempotencyKey: \"KEY\", opportunityId: \"OWN\", alumnusId: \"PERSON\"}) { invitation { status } userErrors { code message field } } }",
    "mutation { inviteCandidates(input: {idempotencyKey: \"KEY\", opportunityId: \"OWN\", previewToken: \"x\"}) { invitations { status } userErrors { code message field } } }",
];

/// Arguments that take an address, with `EMAIL` where it goes.
const ADDRESSES: &[&str] = &[
    "mutation { requestSignInLink(input: {company: \"aoba\", email: \"EMAIL\"}) { userErrors { code message field } } }",
    "mutation { changeMyEmail(input: {email: \"EMAIL\"}) { userErrors { code message field } } }",
];

/// Arguments of subscriptions that take an identifier, with `ID` where it goes.
const SUBSCRIBED: &[&str] = &[
    "subscription { candidatesChanged(opportunityId: \"ID\") { opportunity { id } } }",
    "subscription { candidacyChanged(id: \"ID\") { candidacy { id } } }",
];

on_both_databases! {
    an_identifier_of_another_company_is_missing_in_every_argument_byte_for_byte_at_the_same_cost;
    a_number_key_or_address_of_another_company_says_nothing;
    an_address_that_somebody_has_costs_as_much_as_one_that_nobody_has;
    a_cursor_of_another_company_is_refused_like_one_that_nobody_has;
    a_subscription_to_something_of_another_company_is_not_found;
    nothing_of_another_company_is_counted_or_moves_a_score;
}

impl Things {
    fn id_of(&self, type_name: &str) -> &str {
        let found = self.ids.iter().find(|(name, _)| *name == type_name);
        &found.unwrap().1
    }
}

/// What a request gave, and what it cost: the answer without what differs each time, and how many statements it took.
async fn ask(app: &TestApp, viewer: &Person, document: &str) -> (String, u64) {
    let before = app.app.db.n_statements();
    let answer = viewer.ask(document, Value::Null).await.comparable();
    (answer, app.app.db.n_statements() - before)
}

/// Two companies with the same things under other identifiers: ours with `x`, theirs with `y`.
async fn two_companies(app: &TestApp) -> (Things, Things) {
    app.create_company("midori", |_| {}, false).await;
    app.import(&rows("x")).await;
    app.import_into("midori", &rows("y")).await;
    let theirs = things(app, "midori", "y").await;
    let ours = things(app, AOBA, "x").await;
    (ours, theirs)
}

/// One of ours in every role.
fn viewers(app: &TestApp) -> [Person; 4] {
    [
        app.recruiter(),
        app.administrator(),
        app.employee(),
        app.alumnus("a1x"),
    ]
}

async fn an_identifier_of_another_company_is_missing_in_every_argument_byte_for_byte_at_the_same_cost(
    app: &TestApp,
) {
    let (ours, theirs) = two_companies(app).await;
    let (own_role, own_person) = (&ours.ids[1].1, &ours.ids[0].1);
    let (own_claim, own_work) = (ours.id_of("Claim"), ours.id_of("ContractWork"));
    let before = state_of(&app.recruiter_of("midori")).await;

    for viewer in viewers(app) {
        for document in DOCUMENTS {
            for (type_name, id) in &theirs.ids {
                let with = |id: &str| {
                    document
                        .replace("OWN", own_role)
                        .replace("PERSON", own_person)
                        .replace("CLAIM", own_claim)
                        .replace("WORK", own_work)
                        .replace("ID\"", &format!("{id}\""))
                };
                let foreign = ask(app, &viewer, &with(id)).await;
                let none = ask(app, &viewer, &with(&missing(type_name))).await;
                assert_eq!(
                    foreign, none,
                    "{document} with an id of another company's {type_name}"
                );
            }
        }
    }
    assert_eq!(
        state_of(&app.recruiter_of("midori")).await,
        before,
        "nothing of theirs has changed"
    );
}

async fn a_number_key_or_address_of_another_company_says_nothing(app: &TestApp) {
    let (ours, _) = two_companies(app).await;
    let owns = [&ours.ids[1].1, &ours.ids[2].1, &ours.ids[3].1];
    let person = &ours.ids[0].1;
    let used = json!({"idempotencyKey": "key-y", "title": "theirs", "description": "", "remote": "REMOTE"});
    app.recruiter_of("midori").mutate("createRole", used, "").await;
    // Whoever creates something takes the number in our company too, so that everybody reads before anybody writes.
    let steps = [false, true].into_iter();
    for (is_writing, viewer) in steps.flat_map(|step| viewers(app).map(|viewer| (step, viewer))) {
        for (table, placeholder, pairs) in [
            (NUMBERS, "NUMBER", [("a1y", "a1z"), ("r1y", "r1z")].as_slice()),
            (KEYS, "KEY", &[("key-y", "key-z")]),
            (ADDRESSES, "EMAIL", &[("a1y@example.jp", "a1z@example.jp")]),
        ] {
            for document in table
                .iter()
                .filter(|text| text.starts_with("mutation") == is_writing)
            {
                // Each update has one of the kind that it is for.
                let n_kinds = if document.contains("OWN") { owns.len() } else { 1 };
                for own in &owns[..n_kinds] {
                    for (theirs, none) in pairs {
                        let with = |name: &str| {
                            document
                                .replace("OWN", own)
                                .replace("PERSON", person)
                                .replace(placeholder, name)
                        };
                        // A message repeats what was typed.
                        let (answer, n_statements) = ask(app, &viewer, &with(theirs)).await;
                        let foreign = (answer.replace(theirs, "…"), n_statements);
                        let (answer, n_statements) = ask(app, &viewer, &with(none)).await;
                        assert_eq!(foreign, (answer.replace(none, "…"), n_statements), "{document}");
                    }
                }
            }
        }
    }
    assert_eq!(
        app.mails(),
        Vec::<String>::new(),
        "a link for an address of theirs"
    );
}

async fn an_address_that_somebody_has_costs_as_much_as_one_that_nobody_has(app: &TestApp) {
    two_companies(app).await;
    let nobody = app.nobody();
    let link = |email: &str| ADDRESSES[0].replace("EMAIL", email);
    let known = ask(app, &nobody, &link("a1x@example.jp")).await;
    for unknown in ["a1y@example.jp", "a1z@example.jp"] {
        assert_eq!(ask(app, &nobody, &link(unknown)).await, known, "{unknown}");
    }
}

async fn a_cursor_of_another_company_is_refused_like_one_that_nobody_has(app: &TestApp) {
    let (_, theirs) = two_companies(app).await;
    for viewer in [app.recruiter(), app.administrator(), app.alumnus("a1x")] {
        for document in LISTS {
            for cursor in &theirs.cursors[..3] {
                let foreign = ask(app, &viewer, &document.replace("CURSOR", cursor)).await;
                let none = ask(app, &viewer, &document.replace("CURSOR", &missing_cursor())).await;
                assert_eq!(foreign, none, "{document}");
            }
        }
        for document in ORDERED {
            for cursor in &theirs.cursors {
                let answer = viewer.ask(&document.replace("CURSOR", cursor), Value::Null).await;
                assert_eq!(answer.code(), "BAD_USER_INPUT", "{document}");
            }
        }
    }
}

async fn a_subscription_to_something_of_another_company_is_not_found(app: &TestApp) {
    let (_, theirs) = two_companies(app).await;
    let ids = theirs
        .ids
        .iter()
        .flat_map(|(type_name, id)| [id.clone(), missing(type_name)]);
    for id in ids.chain(["r1y".to_owned()]) {
        for document in SUBSCRIBED {
            let mut socket = app.recruiter().socket().await;
            let document = document.replace("ID\"", &format!("{id}\""));
            socket.subscribe("1", &document, Value::Null).await;
            assert_eq!(socket.refusal().await, "NOT_FOUND", "{document}");
        }
    }
}

async fn nothing_of_another_company_is_counted_or_moves_a_score(app: &TestApp) {
    let document = "{ changeNotes { totalCount } standingWishes { totalCount } alumni { totalCount } found: alumni(query: \"在庫管理\") { totalCount } opportunities { totalCount }
        opportunity(externalId: \"r1x\") { candidates { totalCount leftOut { rule count } edges { match { score } node { id } } } } }";
    app.import(&rows("x")).await;
    app.index().await;
    let alone = app.recruiter().query(document, Value::Null).await;

    app.create_company("midori", |_| {}, false).await;
    let many: Vec<Row> = (0..30)
        .map(|n| alumnus(&format!("b{n:03}")).skills(&["在庫管理", "物流企画"]))
        .collect();
    app.import_into("midori", &many).await;
    app.import_into("midori", &rows("x")).await;
    app.index_of("midori").await;

    assert_eq!(app.recruiter().query(document, Value::Null).await, alone);
}

/// What a recruiter of a company sees of all of it.
async fn state_of(recruiter: &Person) -> Value {
    let document =
        "{ alumni { nodes { externalId interests status } } opportunities { nodes { externalId title status
        viewerInteraction { kind } } } opportunity(externalId: \"r1y\") { candidates { nodes { id } } } }";
    recruiter.query(document, Value::Null).await
}
