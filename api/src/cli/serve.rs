//! `serve`

use std::sync::Arc;

use tokio::sync::watch;

use super::failure::CliError;
use crate::app::App;
use crate::config::Config;
use crate::graphql::OkaeriService;
use crate::{db, http, telemetry, worker};

/// Serves until the process is told to stop; then finishes what it has begun.
pub(crate) async fn run(mut config: Config) -> Result<(), CliError> {
    telemetry::start(&config)?;
    // The address comes first: a port in use is known before anything is opened, and port 0 has its number.
    let bound = http::bind(&config)?;
    config.http.listen = bound.address();
    let app = Arc::new(App::open(config).await?);
    // Each company is brought up to date now, so that nobody's first question waits for it.
    for company in db::companies::list(&app.db).await? {
        app.projections.index(company.id).await?;
    }

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
