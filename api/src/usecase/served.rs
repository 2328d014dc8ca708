//! Lists as they were served: recorded with the first page, so that later pages continue the same list, minus what
//! must no longer be shown.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{AlumnusId, Asker, Ineligible, Policy, ServedListId, Viewer};
use okaeri_engine::features::{AnalyzedOpportunity, FeatureId, Kept};
use okaeri_engine::parallel;
use okaeri_engine::ranking::market::Contention;
use okaeri_engine::ranking::{self, ExplainRequest, Language, MatchExplanation, Model, Reading, Side};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Fault;
use super::audit::inputs::{Inputs, Sparse};
use crate::admission::Execution;
use crate::app::App;
use crate::db::served_lists::{self, ServedList, ServedListKind};
use crate::telemetry::{self, step};

/// Most entries that are recorded with a list: twice as many as ranking scores at most, and of a search twenty times what
/// anybody pages through.
pub const ENTRIES_MAX: usize = 2_000;

/// A list in its order, as it was served.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Served {
    /// The score of an average pair; 0 for lists without scores.
    pub base: f64,
    /// The items, best first.
    pub entries: Vec<Entry>,
    /// How many people each rule left out.
    #[serde(with = "codes")]
    pub left_out: Vec<(Ineligible, u32)>,
}

/// What stands behind the entries, as [`Served`] has it.
#[derive(Serialize)]
struct LeftOut<'a>(#[serde(serialize_with = "codes::serialize")] &'a Vec<(Ineligible, u32)>);

impl Served {
    /// The list as it is stored. Each entry is encoded once, and given to `each` with its own bytes.
    ///
    /// # Errors
    ///
    /// Never with what ranking makes.
    pub fn to_bytes(&self, mut each: impl FnMut(&Entry, &[u8])) -> Result<Vec<u8>, Fault> {
        let broken = |error: postcard::Error| Fault::Broken(format!("a list cannot be encoded: {error}"));
        let mut bytes = postcard::to_stdvec(&(self.base, self.entries.len())).map_err(broken)?;
        for entry in &self.entries {
            let start = bytes.len();
            bytes = postcard::to_extend(entry, bytes).map_err(broken)?;
            each(entry, &bytes[start..]);
        }
        postcard::to_extend(&LeftOut(&self.left_out), bytes).map_err(broken)
    }

    /// The first `n_max` places in front of an item, and the item last; `None` where it is not in the list.
    #[must_use]
    pub fn as_far_as(mut self, key: Uuid, n_max: usize) -> Option<Vec<Entry>> {
        let idx = self.entries.iter().position(|entry| entry.key == key)?;
        let item = self.entries.swap_remove(idx);
        self.entries.truncate(idx.min(n_max));
        self.entries.push(item);
        Some(self.entries)
    }
}

/// Rules as their codes: a list is read by later versions, which may know more of them.
mod codes {
    use okaeri_engine::domain::Ineligible;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(left_out: &[(Ineligible, u32)], to: S) -> Result<S::Ok, S::Error> {
        let coded: Vec<(&str, u32)> = left_out.iter().map(|(rule, n)| (rule.code(), *n)).collect();
        coded.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<(Ineligible, u32)>, D::Error> {
        let coded = Vec::<(String, u32)>::deserialize(from)?;
        let decoded = coded.into_iter().map(|(code, n)| {
            let rule = Ineligible::from_code(&code);
            Ok((rule.ok_or_else(|| D::Error::custom("unknown rule"))?, n))
        });
        decoded.collect()
    }
}

/// An item of a served list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The identifier of the person or the opportunity.
    pub key: Uuid,
    /// What each feature added to the base, in the model's order; empty for lists without scores.
    pub contributions: Sparse,
    /// What it was placed by.
    pub inputs: Inputs,
}

impl Entry {
    /// The contributions as the score adds them up. Features come at the end of the model's order: a list that was
    /// recorded before there was one has nothing of it.
    #[must_use]
    pub fn contributions(&self) -> Vec<f64> {
        let mut contributions: Vec<f64> = self.contributions.0.iter().copied().map(f64::from).collect();
        if !contributions.is_empty() && contributions.len() < FeatureId::ALL.len() {
            contributions.resize(FeatureId::ALL.len(), 0.0);
        }
        contributions
    }

    /// The sum of the contributions without what coordination and shares of groups moved.
    #[must_use]
    pub fn sum_of_match(&self) -> f64 {
        let moved = [FeatureId::Coordination, FeatureId::GroupShare].map(|feature| feature as usize);
        let others = self.contributions.0.iter().enumerate();
        let others = others.filter(|(idx, _)| !moved.contains(idx));
        others.map(|(_, value)| f64::from(*value)).sum()
    }
}

/// A recorded list with what names it.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its identifier, which cursors carry.
    pub id: ServedListId,
    /// The state of the data that was ranked.
    pub as_of: DateTime<Utc>,
    /// The model's version; empty for lists without scores.
    pub model_version: String,
    /// The list.
    pub list: Served,
}

/// What makes two lists the same: page two of one cannot be asked of another.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What kind of list.
    pub kind: ServedListKind,
    /// What stands in it.
    pub items: Items,
    /// The opportunity or the person that it is about.
    pub subject_id: Option<Uuid>,
    /// Query and filter, in a canonical text.
    pub criteria: String,
}

/// What stands in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Items {
    /// People.
    Alumni,
    /// Opportunities.
    Opportunities,
}

/// What a list was scored and ordered with.
#[derive(Clone, Debug, Default)]
pub struct ScoredWith {
    /// The model; `None` for lists without scores.
    pub model: Option<Arc<Model>>,
    /// The version of what was learnt from the person whose feed it is.
    pub learnt_version: Option<u64>,
    /// The plan that coordinated it; `None`: it was not coordinated.
    pub plan_id: Option<Uuid>,
    /// The programme's policy as it was applied; `None` for lists without rules.
    pub policy: Option<Policy>,
    /// The version of index and analysis.
    pub index_version: String,
    /// How many were ranked, which may be more than are recorded.
    pub n_ranked: usize,
}

/// Records a list, as a list to page through and in the chain of records, before its first page is served.
pub async fn record(
    app: &App,
    viewer: &Viewer,
    subject: &Subject,
    list: Served,
    scored_with: ScoredWith,
    (position, as_of): (u64, DateTime<Utc>),
) -> Result<Recorded, Fault> {
    let served = super::audit::record::Ranking {
        viewer,
        subject,
        scored_with,
        position,
        as_of,
    };
    let recording = super::audit::record::append(app, served, list);
    telemetry::in_step(step!("record"), recording).await
}

/// The recorded list, if it was served to this viewer for this subject.
pub async fn find(
    app: &App,
    viewer: &Viewer,
    subject: &Subject,
    id: ServedListId,
) -> Result<Option<Recorded>, Fault> {
    let Some(row) = served_lists::find(&app.db, viewer.company_id, id).await? else {
        return Ok(None);
    };
    let is_theirs = row.body.is_some()
        && row.viewer_subject == viewer.subject
        && row.kind == subject.kind
        && row.subject_id == subject.subject_id
        && row.fingerprint == fingerprint(&subject.criteria);
    if !is_theirs {
        return Ok(None);
    }
    Ok(Some(Recorded {
        id,
        as_of: row.as_of,
        list: read(&row)?,
        model_version: row.model_version,
    }))
}

/// The list in a row.
///
/// # Errors
///
/// When this version cannot read it.
pub fn read(row: &ServedList) -> Result<Served, Fault> {
    let list = postcard::from_bytes(&row.entries);
    list.map_err(|error| Fault::Broken(format!("served list {} is unreadable: {error}", row.id)))
}

/// A short digest of criteria, which may hold what a person typed.
pub fn fingerprint(criteria: &str) -> String {
    use sha2::{Digest as _, Sha256};
    let digest = Sha256::digest(criteria.as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A person and an opportunity, with the computation that put them together.
pub struct Pair {
    /// The opportunity.
    pub opportunity: Arc<AnalyzedOpportunity>,
    /// The person.
    pub alumnus_id: AlumnusId,
    /// What matching may read about them.
    pub profile: Kept,
    /// The score of an average pair.
    pub base: f64,
    /// What each feature added, in the model's order.
    pub contributions: Vec<f64>,
    /// Whom the text addresses.
    pub side: Side,
    /// The member of staff who reads it; `None`: the person.
    pub reader: Option<Asker>,
    /// When it was ranked.
    pub as_of: DateTime<Utc>,
    /// How many seats there are and how many people close to them; `None` where nobody counted.
    pub contention: Option<Contention>,
    /// The people whose statistics the wording rests on.
    pub projection: Arc<crate::projection::CompanyProjection>,
}

/// Fewest explanations that are worth starting a thread for: some 300 µs each.
const PAIRS_PER_THREAD_MIN: usize = 4;

/// The computations of many pairs in words, off the async threads and on all processors.
///
/// # Errors
///
/// [`Fault::Interrupted`] when the execution ends before they do, which is asked before each. When one of them panics.
pub async fn explain_all(
    app: &App,
    execution: &Execution,
    pairs: Vec<Arc<Pair>>,
    language: Language,
) -> Result<Vec<Arc<MatchExplanation>>, Fault> {
    // On the way to whoever asked: nobody waits for a thread where nothing is to be explained.
    let explained: Vec<_> = pairs.iter().map(|pair| pair.explained(language)).collect();
    let missing = pairs.into_iter().zip(&explained);
    let missing = missing.filter_map(|(pair, explained)| explained.is_none().then_some(pair));
    let missing: Vec<Arc<Pair>> = missing.collect();
    if missing.is_empty() {
        return Ok(explained.into_iter().flatten().collect());
    }
    let step = step!("explain", n_pairs = telemetry::count(missing.len() as u64));
    let found = app.computing.run(execution, move |interrupt| {
        let explain = |pair: &Arc<Pair>| {
            interrupt.check()?;
            Ok(pair.explain(language))
        };
        let found = parallel::map(&missing, PAIRS_PER_THREAD_MIN, explain);
        found.into_iter().collect::<Result<Vec<_>, Fault>>()
    });
    let mut found = telemetry::in_step(step, found).await?.into_iter();
    let in_order = explained.into_iter().map(|known| known.or_else(|| found.next()));
    let lost = || Fault::Broken("an explanation was lost on the way".to_owned());
    in_order.map(|explanation| explanation.ok_or_else(lost)).collect()
}

impl Pair {
    /// The base plus the sum of the contributions, in `[0, 1]`.
    #[must_use]
    pub fn score(&self) -> f64 {
        self.base + self.contributions.iter().sum::<f64>()
    }

    /// The computation in words.
    #[must_use]
    pub fn explain(&self, language: Language) -> Arc<MatchExplanation> {
        // Before the state is locked: it may lie on disk.
        let profile = Kept::Whole(self.profile.read());
        let state = self.projection.state();
        ranking::explain_again(&self.request(&profile, language), self.reading(), &state.pool)
    }

    /// The same, if it is known and nobody changes the state just now.
    fn explained(&self, language: Language) -> Option<Arc<MatchExplanation>> {
        let state = self.projection.try_state()?;
        ranking::explained(
            &self.request(&self.profile, language),
            self.reading(),
            &state.pool,
        )
    }

    fn reading(&self) -> Reading<'_> {
        Reading {
            alumnus_id: self.alumnus_id,
            profile: &self.profile,
            reader: self.reader.as_ref(),
        }
    }

    fn request<'a>(&'a self, profile: &'a Kept, language: Language) -> ExplainRequest<'a> {
        ExplainRequest {
            opportunity: &self.opportunity,
            profile,
            base: self.base,
            contributions: &self.contributions,
            side: self.side,
            language,
            now: self.as_of,
            contention: self.contention,
        }
    }
}
