//! What `rank`, `feed` and `evaluate` share: the company's state brought up to date, and explanations as JSON.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use okaeri_engine::domain::{Alumnus, AlumnusId, Asker, Company, Opportunity, OpportunityId};
use okaeri_engine::ranking::market::Multipliers;
use okaeri_engine::ranking::{Evidence, MatchExplanation, Ranking};
use serde_json::{Value, json};

use super::context;
use super::failure::CliError;
use crate::app::App;
use crate::config::Config;
use crate::db;
use crate::projection::{CompanyProjection, run_blocking};
use crate::usecase::{candidates, coordination};

/// A company, as its database is now.
pub(crate) struct Session {
    pub(crate) app: App,
    pub(crate) company: Company,
    pub(crate) projection: Arc<CompanyProjection>,
    /// What coordinates the lists; `None`: each stands by itself.
    pub(crate) multipliers: Option<Multipliers>,
}

impl Session {
    pub(crate) async fn open(config: &Config, slug: &str) -> Result<Self, CliError> {
        let app = App::open(config.clone()).await?;
        let company = context::company(&app.db, slug).await?;
        let projection = app.projections.index(company.id).await?;
        Ok(Self {
            app,
            company,
            projection,
            multipliers: None,
        })
    }

    /// Plans the company's lists together, whether its programme asks for it or not, for all that is ranked from here on.
    pub(crate) async fn coordinate(&mut self) -> Result<(), CliError> {
        let setting = db::coordination::find(&self.app.db, self.company.id).await?;
        let candidacies = self.candidacies().await?;
        let alpha = setting.setting.alpha;
        self.multipliers = Some(run_blocking(move || candidacies.coordinate(alpha)).await??);
        Ok(())
    }

    /// What there is to coordinate.
    pub(crate) async fn candidacies(&self) -> Result<coordination::Candidacies, CliError> {
        let (projection, model) = (Arc::clone(&self.projection), Arc::clone(&self.app.model));
        let now = self.app.clock.now();
        Ok(run_blocking(move || coordination::candidacies(&projection, &model, now)).await??)
    }

    pub(crate) async fn opportunity(&self, external_id: &str) -> Result<Opportunity, CliError> {
        let found =
            db::opportunities::find_by_external_id(&self.app.db, self.company.id, external_id).await?;
        found.ok_or_else(|| {
            let remedy = "give a number from the import, such as r05, to --opportunity";
            CliError::unknown("opportunity", external_id, remedy)
        })
    }

    /// Everybody eligible, best first; refused when the opportunity is not open.
    pub(crate) async fn rank(&self, opportunity: &Opportunity) -> Result<Ranking, CliError> {
        let (projection, common) = (Arc::clone(&self.projection), Arc::clone(&self.app.model));
        let (id, now) = (opportunity.id, self.app.clock.now());
        let ranked = run_blocking(move || {
            let state = projection.state();
            let model = state.candidate_model(&common);
            candidates::rank(&state, &model, id, &Asker::COMPANY, now)
        })
        .await?;
        let ranked = ranked.map(|mut ranking| {
            if let Some(multipliers) = &self.multipliers {
                ranking.coordinate(multipliers);
            }
            candidates::hold_shares(&self.projection.state(), id, &mut ranking);
            ranking
        });
        ranked.ok_or_else(|| not_open(opportunity, now))
    }

    pub(crate) async fn alumni(&self, ids: &[AlumnusId]) -> Result<HashMap<AlumnusId, Alumnus>, CliError> {
        let alumni = db::alumni::load(&self.app.db, self.company.id, ids).await?;
        Ok(alumni.into_iter().map(|alumnus| (alumnus.id, alumnus)).collect())
    }

    pub(crate) async fn opportunities(
        &self,
        ids: &[OpportunityId],
    ) -> Result<HashMap<OpportunityId, Opportunity>, CliError> {
        let opportunities = db::opportunities::load(&self.app.db, self.company.id, ids).await?;
        Ok(opportunities
            .into_iter()
            .map(|opportunity| (opportunity.id, opportunity))
            .collect())
    }
}

/// Why an opportunity has no ranking.
pub(crate) fn not_open(opportunity: &Opportunity, now: DateTime<Utc>) -> CliError {
    CliError::Failed(format!(
        "opportunity {} is {} and not open for ranking at {}: publish it, or set another time with --as-of",
        number(opportunity.external_id.as_ref(), &opportunity.id),
        opportunity.status.code(),
        now.format("%FT%TZ")
    ))
}

/// The company's own number, or the identifier where there is none.
pub(crate) fn number(external_id: Option<&String>, id: &impl std::fmt::Display) -> String {
    external_id.cloned().unwrap_or_else(|| id.to_string())
}

/// The largest reasons, in a line.
pub(crate) fn reasons(explanation: &MatchExplanation) -> String {
    const REASONS_SHOWN: usize = 3;
    let texts = explanation
        .contributions
        .iter()
        .filter(|contribution| contribution.value > 0.0);
    let texts: Vec<&str> = texts
        .take(REASONS_SHOWN)
        .map(|contribution| contribution.text.as_str())
        .collect();
    texts.join(" ")
}

/// All of an explanation, with the names of the schema.
pub(crate) fn explanation(explanation: &MatchExplanation) -> Value {
    let contributions = explanation.contributions.iter().map(|contribution| {
        json!({
            "feature": contribution.feature.code(),
            "value": contribution.value,
            "text": contribution.text,
            "evidence": contribution.evidence.iter().map(evidence).collect::<Vec<_>>(),
        })
    });
    let requirements = explanation.requirements.iter().map(|check| {
        json!({
            "text": check.text,
            "isMustHave": check.is_must_have,
            "status": check.status.code(),
            "evidence": check.evidence.as_ref().map(evidence),
            "note": check.note,
        })
    });
    json!({
        "score": explanation.score,
        "base": explanation.base,
        "summary": explanation.summary,
        "contributions": contributions.collect::<Vec<_>>(),
        "requirements": requirements.collect::<Vec<_>>(),
        "pointsToConfirm": explanation.points_to_confirm,
    })
}

fn evidence(evidence: &Evidence) -> Value {
    let highlights = evidence
        .highlights
        .iter()
        .map(|range| json!({"start": range.start, "end": range.end}));
    json!({
        "field": evidence.field.code(),
        "snippet": evidence.snippet,
        "highlights": highlights.collect::<Vec<_>>(),
    })
}

/// As a document with a line break at its end.
pub(crate) fn json_text(value: &Value) -> String {
    format!("{value:#}\n")
}
