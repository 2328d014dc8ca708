//! `feed`

use okaeri_engine::domain::{Alumnus, OpportunityId, Role, Viewer};
use okaeri_engine::ranking::{self, ExplainRequest, FeedRanking, MatchExplanation, ScoredOpportunity, Side};
use serde_json::{Value, json};

use super::args::{FeedArgs, Format};
use super::failure::CliError;
use super::output::{number_column, print, table, text_column};
use super::ranking::{Session, explanation, json_text, number, reasons};
use crate::config::Config;
use crate::db;
use crate::usecase::feed;

/// Prints what the person would see.
pub(crate) async fn run(config: &Config, args: &FeedArgs) -> Result<(), CliError> {
    let session = Session::open(config, &args.company).await?;
    let found = db::alumni::find_by_external_id(&session.app.db, session.company.id, &args.alumnus).await?;
    let alumnus = found.ok_or_else(|| {
        let remedy = "give a number from the import, such as a001, to --alumnus";
        CliError::unknown("alumnus", &args.alumnus, remedy)
    })?;
    let list = List::of(&session, &alumnus, args).await?;
    match args.output.format {
        Format::Tsv => print(&list.tsv().await?),
        Format::Table => print(&list.table().await?),
        Format::Json => print(&json_text(&list.json().await?)),
    }
}

struct List<'a> {
    session: &'a Session,
    alumnus: &'a Alumnus,
    ranking: FeedRanking,
    args: &'a FeedArgs,
}

impl<'a> List<'a> {
    async fn of(session: &'a Session, alumnus: &'a Alumnus, args: &'a FeedArgs) -> Result<Self, CliError> {
        let viewer = Viewer {
            company_id: session.company.id,
            role: Role::Alumnus,
            subject: alumnus.id.to_string(),
            unit: None,
            alumnus_id: Some(alumnus.id),
        };
        let now = session.app.clock.now();
        let answers = feed::own_answers(&session.app, &viewer, alumnus.id, now).await?;
        let state = session.projection.state();
        let model = &session.app.model;
        let asked = feed::Asked {
            alumnus_id: alumnus.id,
            answers: &answers,
            kinds: None,
            now,
        };
        let mut ranking = feed::rank(&session.projection, &state, model, &asked);
        ranking
            .items
            .truncate(usize::try_from(args.limit).unwrap_or(usize::MAX));
        drop(state);
        Ok(Self {
            session,
            alumnus,
            ranking,
            args,
        })
    }

    fn ids(&self) -> Vec<OpportunityId> {
        self.ranking
            .items
            .iter()
            .map(|item| item.opportunity_id)
            .collect()
    }

    async fn tsv(&self) -> Result<String, CliError> {
        let opportunities = self.session.opportunities(&self.ids()).await?;
        let lines = self.ranking.items.iter().map(|item| {
            let external_id = opportunities
                .get(&item.opportunity_id)
                .and_then(|opportunity| opportunity.external_id.as_ref());
            let opportunity = number(external_id, &item.opportunity_id);
            format!("{opportunity}\t{}\t{}\n", self.args.alumnus, item.score)
        });
        Ok(lines.collect())
    }

    async fn table(&self) -> Result<String, CliError> {
        const COLUMNS: [super::output::TableColumn; 6] = [
            number_column("#"),
            number_column("score"),
            text_column("id", 16),
            text_column("kind", 13),
            text_column("title", 40),
            text_column("why", 100),
        ];
        let opportunities = self.session.opportunities(&self.ids()).await?;
        let mut rows = Vec::new();
        for (idx, item) in self.ranking.items.iter().enumerate() {
            let Some(opportunity) = opportunities.get(&item.opportunity_id) else {
                continue;
            };
            let why = self.explain(item).map(|explanation| reasons(&explanation));
            rows.push(vec![
                (idx + 1).to_string(),
                format!("{:.3}", item.score),
                number(opportunity.external_id.as_ref(), &opportunity.id),
                opportunity.kind().code().to_owned(),
                opportunity.title.clone(),
                why.unwrap_or_default(),
            ]);
        }
        let heading = format!(
            "{} {}: {} opportunities, model {}\n",
            self.args.alumnus,
            self.alumnus.name.kanji,
            self.ranking.items.len(),
            self.ranking.model_version
        );
        Ok(heading + &table(&COLUMNS, &rows))
    }

    async fn json(&self) -> Result<Value, CliError> {
        let opportunities = self.session.opportunities(&self.ids()).await?;
        let mut items = Vec::new();
        for (idx, item) in self.ranking.items.iter().enumerate() {
            let opportunity = opportunities.get(&item.opportunity_id);
            let external_id = opportunity.and_then(|opportunity| opportunity.external_id.as_ref());
            items.push(json!({
                "rank": idx + 1,
                "opportunity": number(external_id, &item.opportunity_id),
                "title": opportunity.map(|opportunity| opportunity.title.as_str()),
                "kind": opportunity.map(|opportunity| opportunity.kind().code()),
                "score": item.score,
                "match": self.explain(item).map(|found| explanation(&found)),
            }));
        }
        Ok(json!({
            "alumnus": self.args.alumnus,
            "modelVersion": self.ranking.model_version,
            "items": items,
        }))
    }

    /// `None` when the opportunity went between ranking and printing.
    fn explain(&self, item: &ScoredOpportunity) -> Option<MatchExplanation> {
        let state = self.session.projection.state();
        let profile = state.pool.kept(self.alumnus.id)?;
        let entry = state.opportunities.get(&item.opportunity_id)?;
        let request = ExplainRequest {
            opportunity: &entry.analyzed,
            profile,
            base: self.ranking.base,
            contributions: &item.contributions,
            side: Side::Feed,
            language: self.args.output.language(),
            now: self.session.app.clock.now(),
            contention: state
                .plan
                .as_ref()
                .and_then(|plan| plan.multipliers.contention(item.opportunity_id)),
        };
        Some(ranking::explain(&request, &state.pool))
    }
}
