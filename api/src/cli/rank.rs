//! `rank`

use std::fmt::Write as _;

use okaeri_engine::domain::{AlumnusId, Opportunity};
use okaeri_engine::ranking::{self, ExplainRequest, MatchExplanation, Ranking, ScoredCandidate, Side};
use serde_json::{Value, json};

use super::args::{Format, RankArgs};
use super::failure::CliError;
use super::output::{number_column, print, table, text_column};
use super::ranking::{Session, explanation, json_text, number, reasons};
use crate::config::Config;

/// Prints the candidates of each opportunity, in the order that they were asked for.
pub(crate) async fn run(config: &Config, args: &RankArgs) -> Result<(), CliError> {
    let mut session = Session::open(config, &args.company).await?;
    if args.coordinate {
        session.coordinate().await?;
    }
    // All of them are looked up first, so that a misspelt one prints nothing.
    let mut opportunities = Vec::with_capacity(args.opportunity.len());
    for external_id in &args.opportunity {
        opportunities.push(session.opportunity(external_id).await?);
    }
    let mut text = String::new();
    let mut documents = Vec::new();
    for opportunity in &opportunities {
        let ranking = session.rank(opportunity).await?;
        let limit = usize::try_from(args.limit).unwrap_or(usize::MAX);
        let list = List {
            session: &session,
            opportunity,
            ranking: &ranking,
            shown: &ranking.candidates[..limit.min(ranking.candidates.len())],
            args,
        };
        match args.output.format {
            Format::Tsv => text.push_str(&list.tsv().await?),
            Format::Table => text.push_str(&list.table().await?),
            Format::Json => documents.push(list.json().await?),
        }
    }
    if args.output.format == Format::Json {
        text = json_text(&Value::Array(documents));
    }
    print(&text)
}

struct List<'a> {
    session: &'a Session,
    opportunity: &'a Opportunity,
    ranking: &'a Ranking,
    shown: &'a [ScoredCandidate],
    args: &'a RankArgs,
}

impl List<'_> {
    fn number(&self) -> String {
        number(self.opportunity.external_id.as_ref(), &self.opportunity.id)
    }

    async fn tsv(&self) -> Result<String, CliError> {
        let alumni = self.session.alumni(&self.ids()).await?;
        let mut text = String::new();
        for candidate in self.shown {
            let external_id = alumni
                .get(&candidate.alumnus_id)
                .and_then(|alumnus| alumnus.external_id.as_ref());
            let alumnus = number(external_id, &candidate.alumnus_id);
            let _ = writeln!(text, "{}\t{alumnus}\t{}", self.number(), candidate.score);
        }
        Ok(text)
    }

    async fn table(&self) -> Result<String, CliError> {
        const COLUMNS: [super::output::TableColumn; 6] = [
            number_column("#"),
            number_column("score"),
            text_column("id", 16),
            text_column("name", 16),
            text_column("headline", 36),
            text_column("why", 100),
        ];
        let alumni = self.session.alumni(&self.ids()).await?;
        let mut rows = Vec::new();
        for (idx, candidate) in self.shown.iter().enumerate() {
            let Some(alumnus) = alumni.get(&candidate.alumnus_id) else {
                continue;
            };
            let why = self.explain(candidate).map(|explanation| reasons(&explanation));
            rows.push(vec![
                (idx + 1).to_string(),
                format!("{:.3}", candidate.score),
                number(alumnus.external_id.as_ref(), &alumnus.id),
                alumnus.name.kanji.clone(),
                alumnus.profile.headline.clone().unwrap_or_default(),
                why.unwrap_or_default(),
            ]);
        }
        let left_out: Vec<String> = self
            .ranking
            .left_out
            .iter()
            .map(|(rule, n_people)| format!("{} {n_people}", rule.code()))
            .collect();
        let mut text = format!(
            "{} {} ({}): {} of {} candidates, model {}\n",
            self.number(),
            self.opportunity.title,
            self.opportunity.kind().code(),
            self.shown.len(),
            self.ranking.candidates.len(),
            self.ranking.model_version
        );
        if !left_out.is_empty() {
            let _ = writeln!(text, "left out: {}", left_out.join(", "));
        }
        Ok(text + &table(&COLUMNS, &rows) + "\n")
    }

    async fn json(&self) -> Result<Value, CliError> {
        let alumni = self.session.alumni(&self.ids()).await?;
        let mut candidates = Vec::new();
        for (idx, candidate) in self.shown.iter().enumerate() {
            let alumnus = alumni.get(&candidate.alumnus_id);
            candidates.push(json!({
                "rank": idx + 1,
                "alumnus": number(alumnus.and_then(|alumnus| alumnus.external_id.as_ref()), &candidate.alumnus_id),
                "name": alumnus.map(|alumnus| alumnus.name.kanji.as_str()),
                "score": candidate.score,
                "match": self.explain(candidate).map(|found| explanation(&found)),
            }));
        }
        let left_out = self.ranking.left_out.iter();
        let left_out = left_out.map(|(rule, n_people)| (rule.code().to_owned(), Value::from(*n_people)));
        Ok(json!({
            "opportunity": self.number(),
            "title": self.opportunity.title,
            "kind": self.opportunity.kind().code(),
            "totalCount": self.ranking.candidates.len(),
            "leftOut": left_out.collect::<serde_json::Map<_, _>>(),
            "modelVersion": self.ranking.model_version,
            "candidates": candidates,
        }))
    }

    fn ids(&self) -> Vec<AlumnusId> {
        self.shown.iter().map(|candidate| candidate.alumnus_id).collect()
    }

    /// `None` when the person left between ranking and printing.
    fn explain(&self, candidate: &ScoredCandidate) -> Option<MatchExplanation> {
        let state = self.session.projection.state();
        let profile = state.pool.kept(candidate.alumnus_id)?;
        let entry = state.opportunities.get(&self.opportunity.id)?;
        let request = ExplainRequest {
            opportunity: &entry.analyzed,
            profile,
            base: self.ranking.base,
            contributions: &candidate.contributions,
            side: Side::Candidate,
            language: self.args.output.language(),
            now: self.session.app.clock.now(),
            contention: self
                .session
                .multipliers
                .as_ref()
                .and_then(|multipliers| multipliers.contention(self.opportunity.id)),
        };
        Some(ranking::explain(&request, &state.pool))
    }
}
