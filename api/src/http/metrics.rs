//! What is counted, in Prometheus' text format.
//!
//! No label holds a name, an identifier or anything else that a caller can choose.

use std::sync::{Mutex, MutexGuard, PoisonError};

use prometheus::{
    Encoder as _, Gauge, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, TextEncoder,
};

use super::service::CompaniesInMemory;
use crate::admission::Load;
use crate::telemetry;

/// The counters of one server.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    pub(crate) requests: IntCounterVec,
    pub(crate) seconds: HistogramVec,
    pub(crate) in_flight: IntGauge,
    pub(crate) rate_limited: IntCounter,
    pub(crate) sockets: IntGauge,
    pub(crate) subscriptions: IntGauge,
    pub(crate) panics: IntCounter,
    /// One reader at a time: what is counted elsewhere is copied while this is held.
    spans: Mutex<IntCounterVec>,
    executing: IntGaugeVec,
    waiting: IntGaugeVec,
    refused: IntCounterVec,
    memory: Memory,
}

/// What is told of companies in memory, as it was when metrics were last read.
#[derive(Debug)]
struct Memory {
    companies: IntGauge,
    bytes: IntGauge,
    openings: IntCounter,
    evictions: IntCounter,
    opening_seconds: Gauge,
}

impl Memory {
    fn new() -> Result<Self, prometheus::Error> {
        Ok(Self {
            companies: IntGauge::new("okaeri_companies_in_memory", "Companies in memory")?,
            bytes: IntGauge::new(
                "okaeri_companies_memory_bytes",
                "Bytes that companies in memory take, estimated",
            )?,
            openings: IntCounter::new(
                "okaeri_company_openings_total",
                "Companies that were brought into memory",
            )?,
            evictions: IntCounter::new("okaeri_company_evictions_total", "Companies that left memory")?,
            opening_seconds: Gauge::new(
                "okaeri_company_last_opening_seconds",
                "Time that bringing the last company into memory took",
            )?,
        })
    }

    fn register(&self, registry: &Registry) -> Result<(), prometheus::Error> {
        registry.register(Box::new(self.companies.clone()))?;
        registry.register(Box::new(self.bytes.clone()))?;
        registry.register(Box::new(self.openings.clone()))?;
        registry.register(Box::new(self.evictions.clone()))?;
        registry.register(Box::new(self.opening_seconds.clone()))
    }

    fn set(&self, now: CompaniesInMemory) {
        let gauged = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        self.companies.set(gauged(now.n_companies));
        self.bytes.set(gauged(now.estimated_bytes));
        self.openings
            .inc_by(now.n_openings.saturating_sub(self.openings.get()));
        self.evictions
            .inc_by(now.n_evictions.saturating_sub(self.evictions.get()));
        self.opening_seconds.set(now.last_opening_s);
    }
}

impl Metrics {
    pub(crate) fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let metrics = Self {
            requests: IntCounterVec::new(
                Opts::new(
                    "okaeri_requests_total",
                    "GraphQL requests by status, error code and operation type",
                ),
                &["status", "code", "operation"],
            )?,
            seconds: HistogramVec::new(
                HistogramOpts::new("okaeri_request_seconds", "Time to answer a GraphQL request").buckets(
                    vec![
                        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
                    ],
                ),
                &["operation"],
            )?,
            in_flight: IntGauge::new("okaeri_requests_in_flight", "GraphQL requests being answered")?,
            rate_limited: IntCounter::new(
                "okaeri_rate_limited_total",
                "Requests refused because of their rate",
            )?,
            sockets: IntGauge::new("okaeri_websockets", "Open WebSockets")?,
            subscriptions: IntGauge::new("okaeri_subscriptions", "Running subscriptions")?,
            panics: IntCounter::new("okaeri_panics_total", "Requests that ended in a panic")?,
            spans: Mutex::new(IntCounterVec::new(
                Opts::new(
                    "okaeri_trace_spans_total",
                    "Spans by what became of them: sent, dropped at a full queue, failed at the collector",
                ),
                &["outcome"],
            )?),
            executing: IntGaugeVec::new(
                Opts::new("okaeri_executing", "Operations and computations that run"),
                &["work"],
            )?,
            waiting: IntGaugeVec::new(
                Opts::new("okaeri_waiting", "Operations and computations that wait to run"),
                &["work"],
            )?,
            refused: IntCounterVec::new(
                Opts::new(
                    "okaeri_refused_total",
                    "Operations refused because too many run and wait, before they ran or when they had to compute",
                ),
                &["work"],
            )?,
            memory: Memory::new()?,
            registry,
        };
        let registry = &metrics.registry;
        registry.register(Box::new(metrics.requests.clone()))?;
        registry.register(Box::new(metrics.seconds.clone()))?;
        registry.register(Box::new(metrics.in_flight.clone()))?;
        registry.register(Box::new(metrics.rate_limited.clone()))?;
        registry.register(Box::new(metrics.sockets.clone()))?;
        registry.register(Box::new(metrics.subscriptions.clone()))?;
        registry.register(Box::new(metrics.panics.clone()))?;
        registry.register(Box::new(metrics.spans().clone()))?;
        registry.register(Box::new(metrics.executing.clone()))?;
        registry.register(Box::new(metrics.waiting.clone()))?;
        registry.register(Box::new(metrics.refused.clone()))?;
        metrics.memory.register(registry)?;
        Ok(metrics)
    }

    fn spans(&self) -> MutexGuard<'_, IntCounterVec> {
        self.spans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything that is counted, with how much there is to do now and what companies take in memory.
    pub(crate) fn text(&self, operations: Load, computing: Load, memory: CompaniesInMemory) -> String {
        let spans = self.spans();
        self.set("operations", operations);
        self.set("computing", computing);
        self.memory.set(memory);
        for (outcome, n_spans) in telemetry::spans() {
            let counter = spans.with_label_values(&[outcome]);
            counter.reset();
            counter.inc_by(n_spans);
        }
        let mut text = Vec::new();
        // Writing into memory fails only for metrics without a name.
        let _ = TextEncoder::new().encode(&self.registry.gather(), &mut text);
        String::from_utf8(text).unwrap_or_default()
    }

    fn set(&self, work: &str, load: Load) {
        let gauge = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        self.executing
            .with_label_values(&[work])
            .set(gauge(load.n_executing));
        self.waiting.with_label_values(&[work]).set(gauge(load.n_waiting));
        let refused = self.refused.with_label_values(&[work]);
        refused.inc_by(load.n_refused.saturating_sub(refused.get()));
    }
}

/// Counts one up until it is dropped, also when a client goes away in between.
pub(crate) struct Running(IntGauge);

impl Running {
    pub(crate) fn start(gauge: &IntGauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.dec();
    }
}
