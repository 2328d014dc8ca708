//! `serve`

use std::sync::Arc;

use okaeri_engine::domain::Company;
use tokio::sync::watch;

use super::failure::CliError;
use crate::app::App;
use crate::assignment::Assignment;
use crate::config::Config;
use crate::db::exclusions::Outdated;
use crate::graphql::OkaeriService;
use crate::usecase::exclusions;
use crate::{db, http, telemetry, worker};

/// Serves until the process is told to stop; then finishes what it has begun.
pub(crate) async fn run(config: Config) -> Result<(), CliError> {
    config.servers.ensure_named()?;
    let traces = telemetry::start(&config)?;
    let served = serve(config).await;
    if let Some(traces) = traces {
        // It blocks, for as long as the configuration says at most.
        let stopped = tokio::task::spawn_blocking(move || traces.stop()).await;
        if stopped.is_err() {
            tracing::error!("the last traces were not sent");
        }
    }
    served
}

async fn serve(mut config: Config) -> Result<(), CliError> {
    // The address comes first: a port in use is known before anything is opened, and port 0 has its number.
    let bound = http::bind(&config)?;
    config.http.listen = bound.address();
    let app = Arc::new(App::open(config).await?);
    let companies = db::companies::list(&app.db).await?;
    for company in &companies {
        // People of before there were exclusions get the list that everybody has.
        exclusions::rekey(&app.db, company.id, Outdated::NeverSealed).await?;
    }
    take_up_assignment(&app, &companies).await?;
    // As many as fit in memory are brought up to date now, so that nobody's first question waits for it.
    app.projections.open_new().await?;

    let (stop, stopping) = watch::channel(false);
    let worker = tokio::spawn(worker::run(Arc::clone(&app), stopping));
    let parts = http::Parts {
        service: Arc::new(OkaeriService::new(Arc::clone(&app))),
        keys: Arc::clone(&app.keys),
        rates: Arc::clone(&app.limiter),
    };
    tracing::info!(server.address = %bound.address(), "serving on http://{}", bound.address());
    let served = bound.serve(&app.config, parts, http::stop_signal()).await;

    let _ = stop.send(true);
    if worker.await.is_err() {
        tracing::error!("the worker ended before the server");
    }
    Ok(served?)
}

/// Says what this server holds, and removes what it held before.
async fn take_up_assignment(app: &App, companies: &[Company]) -> Result<(), CliError> {
    let assignment = app.config.servers.assignment()?;
    if assignment == Assignment::Everything {
        return Ok(());
    }
    let n_held = companies
        .iter()
        .filter(|company| assignment.holds(&company.slug))
        .count();
    let n_companies = companies.len();
    tracing::info!(
        n_held,
        n_companies,
        "this server holds {n_held} of {n_companies} companies"
    );
    for slug in unknown_slugs(&app.config, companies) {
        tracing::warn!(
            "servers.companies has {slug:?}, and there is no such company: it is held once it is made, and until then no \
             index of another is removed"
        );
    }
    app.projections.discard_not_held().await?;
    Ok(())
}

/// Companies that are listed and do not exist.
fn unknown_slugs<'a>(config: &'a Config, companies: &'a [Company]) -> impl Iterator<Item = &'a String> {
    let slugs = config.servers.companies.iter();
    slugs.filter(move |slug| companies.iter().all(|company| company.slug != **slug))
}
