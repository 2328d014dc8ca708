//! Whether a collector of traces is there.

use super::{Check, Finding};
use crate::config::Config;
use crate::telemetry;

/// Nothing where no collector is set. One that is away is a warning: nobody but whoever reads traces misses it.
pub(super) async fn collector(config: &Config) -> Option<Finding> {
    let endpoint = config.traces.otlp_endpoint.clone()?;
    let settings = config.traces.clone();
    let asked = tokio::task::spawn_blocking(move || telemetry::probe(&settings)).await;
    let cause = match asked {
        Ok(Ok(())) => {
            let what = format!("the collector of traces at {endpoint} answers");
            return Some(Finding::ok(Check::Traces, what));
        }
        Ok(Err(cause)) => cause,
        Err(_) => "asking it failed".to_owned(),
    };
    Some(Finding::warning(
        Check::Traces,
        format!("the collector of traces at {endpoint} cannot be used: {cause}"),
        "start the collector, or correct OKAERI_OTLP_ENDPOINT (traces.otlp_endpoint)",
    ))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::super::Severity;
    use super::*;

    #[tokio::test]
    async fn a_collector_that_is_away_is_a_warning_and_none_is_nothing() {
        assert_eq!(collector(&Config::default()).await, None);
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut config = Config::default();
        config.traces.otlp_endpoint = Some(format!("http://{nobody}"));
        let found = collector(&config).await.unwrap();
        assert_eq!(found.severity, Severity::Warning);
        assert!(found.what.contains(&nobody.to_string()), "{found:?}");
    }
}
