//! The fields of the index. Their names occur in this file alone.

use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, STRING, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};

use super::terms::TOKENIZER;

/// Raise it with every change to the fields or to what is written into them.
pub(super) const SCHEMA_VERSION: u32 = 4;

/// The fast fields that hold an identifier's two halves.
pub(super) const ID_HIGH: &str = "id_high";
/// The lower half.
pub(super) const ID_LOW: &str = "id_low";

/// All fields. Alumni and opportunities have none of their words in common, so each kind has its own statistics.
#[derive(Clone)]
pub(super) struct Fields {
    pub(super) schema: Schema,
    /// Kind and identifier in one term, to replace and delete by.
    pub(super) key: Field,
    pub(super) id_high: Field,
    pub(super) id_low: Field,
    /// What the caller stores with an alumnus.
    pub(super) payload: Field,
    pub(super) alumnus: AlumnusFields,
    pub(super) opportunity: OpportunityFields,
}

/// The words of an alumnus by part of the profile.
#[derive(Clone, Copy)]
pub(super) struct AlumnusFields {
    pub(super) headline: Field,
    pub(super) summary: Field,
    /// Departments, titles and organisations.
    pub(super) titles: Field,
    pub(super) skills: Field,
    pub(super) qualifications: Field,
    /// What was done, here and elsewhere.
    pub(super) experience: Field,
    pub(super) place: Field,
    /// Characters of what peers may see.
    pub(super) peer_grams: Field,
    /// Characters of headline and summary.
    pub(super) own_grams: Field,
    /// Concepts that peers may read of, and the words there that tell of others' work.
    pub(super) peer_marks: Field,
    /// The same of headline and summary.
    pub(super) own_marks: Field,
    pub(super) names: Field,
}

/// The words of an opportunity.
#[derive(Clone, Copy)]
pub(super) struct OpportunityFields {
    pub(super) title: Field,
    pub(super) must_haves: Field,
    pub(super) nice_to_haves: Field,
    pub(super) body: Field,
    pub(super) grams: Field,
    /// Concepts.
    pub(super) marks: Field,
}

impl Fields {
    pub(super) fn new() -> Self {
        let mut builder = Schema::builder();
        let key = builder.add_text_field("key", STRING);
        let id_high = builder.add_u64_field(ID_HIGH, FAST);
        let id_low = builder.add_u64_field(ID_LOW, FAST);
        let payload = builder.add_bytes_field("payload", STORED);
        let alumnus = AlumnusFields {
            headline: words(&mut builder, "headline"),
            summary: words(&mut builder, "summary"),
            titles: words(&mut builder, "titles"),
            skills: words(&mut builder, "skills"),
            qualifications: words(&mut builder, "qualifications"),
            experience: words(&mut builder, "experience"),
            place: words(&mut builder, "place"),
            peer_grams: words(&mut builder, "peer_grams"),
            own_grams: words(&mut builder, "own_grams"),
            peer_marks: terms(&mut builder, "peer_marks", IndexRecordOption::WithFreqs),
            own_marks: terms(&mut builder, "own_marks", IndexRecordOption::WithFreqs),
            names: terms(&mut builder, "names", IndexRecordOption::Basic),
        };
        let opportunity = OpportunityFields {
            title: words(&mut builder, "opportunity_title"),
            must_haves: words(&mut builder, "opportunity_must_haves"),
            nice_to_haves: words(&mut builder, "opportunity_nice_to_haves"),
            body: words(&mut builder, "opportunity_body"),
            grams: words(&mut builder, "opportunity_grams"),
            marks: terms(&mut builder, "opportunity_marks", IndexRecordOption::WithFreqs),
        };
        Self {
            schema: builder.build(),
            key,
            id_high,
            id_low,
            payload,
            alumnus,
            opportunity,
        }
    }
}

fn words(builder: &mut SchemaBuilder, name: &str) -> Field {
    terms(builder, name, IndexRecordOption::WithFreqsAndPositions)
}

/// Terms come from our own chain, so the tokenizer named here only takes them apart.
fn terms(builder: &mut SchemaBuilder, name: &str, option: IndexRecordOption) -> Field {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(TOKENIZER)
        .set_index_option(option);
    builder.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
}
