//! Sends spans to a collector: OTLP over HTTP, in batches, by a thread of its own.
//!
//! - A collector that hangs, refuses or fails keeps nobody waiting. A span waits in a queue that has an end; one that comes
//!   when it is full is dropped, and counted. What could not be sent is not kept.
//! - Nothing but spans of [`STEPS`](super::STEPS) gets here, and with them no log line.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry::{Context, KeyValue};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracer, SdkTracerProvider, Span, SpanData,
    SpanExporter, SpanProcessor,
};

use super::{TelemetryError, steps};
use crate::config;

/// Bytes of an answer of the collector that are read: it says what was wrong with some spans, at most.
const ANSWER_BYTES_MAX: u64 = 65_536;

/// What became of the spans of this process, once traces are sent.
static TALLY: OnceLock<Arc<Tally>> = OnceLock::new();

/// What became of spans.
#[derive(Debug, Default)]
struct Tally {
    waiting: AtomicUsize,
    sent: AtomicU64,
    dropped: AtomicU64,
    failed: AtomicU64,
}

impl Tally {
    fn of_outcomes(&self) -> [(&'static str, u64); 3] {
        [
            ("sent", self.sent.load(Ordering::Relaxed)),
            ("dropped", self.dropped.load(Ordering::Relaxed)),
            ("failed", self.failed.load(Ordering::Relaxed)),
        ]
    }
}

/// How many spans the collector took (`sent`), how many found the queue full (`dropped`), and how many the collector did
/// not take (`failed`), since the process began; zeros without traces.
#[must_use]
pub fn spans() -> [(&'static str, u64); 3] {
    TALLY
        .get()
        .map_or_else(|| Tally::default().of_outcomes(), |tally| tally.of_outcomes())
}

/// Has a collector take no spans, which tells whether it is there. Blocks, for `traces.export_timeout_ms` at most.
///
/// # Errors
///
/// Why it could take none: nobody answers, or something else than a collector. Whether it would ask for a password is not
/// looked at.
pub fn probe(settings: &config::Traces) -> Result<(), String> {
    let Some(endpoint) = &settings.otlp_endpoint else {
        return Ok(());
    };
    let client = Client::new(endpoint, Duration::from_millis(settings.export_timeout_ms));
    // A message of protocol buffers without a field has no bytes.
    let request = Request::post(settings.address(endpoint))
        .header("content-type", "application/x-protobuf")
        .body(Bytes::new())
        .map_err(|error| error.to_string())?;
    let status = client
        .exchange(request)
        .map_err(|error| error.to_string())?
        .status();
    if status.is_server_error() || matches!(status.as_u16(), 404 | 405 | 415) {
        return Err(format!("it answers {status}"));
    }
    Ok(())
}

/// Traces that are being sent. Nothing ends by dropping it but what waits is sent.
#[derive(Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
    tally: Arc<Tally>,
    stop_timeout: Duration,
}

/// What makes spans, and what sends them; `None` where no endpoint is set.
pub(super) fn open(settings: &config::Traces) -> Result<Option<(SdkTracer, Traces)>, TelemetryError> {
    let Some(endpoint) = &settings.otlp_endpoint else {
        return Ok(None);
    };
    let timeout = Duration::from_millis(settings.export_timeout_ms);
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_http_client(Client::new(endpoint, timeout))
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(settings.address(endpoint))
        .with_timeout(timeout)
        .build()
        .map_err(|error| TelemetryError::Endpoint {
            endpoint: endpoint.clone(),
            cause: error.to_string(),
        })?;
    let tally: Arc<Tally> = Arc::default();
    let batches = BatchSpanProcessor::builder(Counted {
        next: exporter,
        tally: Arc::clone(&tally),
    })
    .with_batch_config(
        BatchConfigBuilder::default()
            .with_max_queue_size(settings.queue_spans)
            .with_max_export_batch_size(settings.batch_spans)
            .with_scheduled_delay(Duration::from_millis(settings.export_interval_ms))
            .build(),
    )
    .build();
    let resource = Resource::builder_empty()
        .with_attributes([
            KeyValue::new("service.name", settings.service_name.clone()),
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
        ])
        .build();
    // Whoever calls decides for its trace, and a part of a trace is recorded with the whole.
    let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(
        settings.sample_ratio.as_f64(),
    )));
    let provider = SdkTracerProvider::builder()
        .with_span_processor(Gate {
            next: batches,
            tally: Arc::clone(&tally),
            queue_spans: settings.queue_spans,
        })
        .with_sampler(sampler)
        .with_resource(resource)
        .build();
    let tracer = provider.tracer("okaeri");
    let traces = Traces {
        provider,
        tally,
        stop_timeout: Duration::from_millis(settings.stop_timeout_ms),
    };
    Ok(Some((tracer, traces)))
}

impl Traces {
    /// Has the rest of the process know that there are traces.
    pub(super) fn begin(self) -> Self {
        let _ = TALLY.set(Arc::clone(&self.tally));
        steps::begin();
        self
    }

    /// Sends what waits, and waits for it no longer than `traces.stop_timeout_ms`. Blocks.
    pub fn stop(self) {
        if self.provider.shutdown_with_timeout(self.stop_timeout).is_err() {
            tracing::warn!(
                "the last traces were not sent within {} ms (traces.stop_timeout_ms)",
                self.stop_timeout.as_millis()
            );
        }
    }
}

/// Lets as many spans wait as the queue holds, those on their way included: the queue behind it would drop without saying
/// how many.
#[derive(Debug)]
struct Gate<P> {
    next: P,
    tally: Arc<Tally>,
    queue_spans: usize,
}

impl<P: SpanProcessor> SpanProcessor for Gate<P> {
    fn on_start(&self, span: &mut Span, context: &Context) {
        self.next.on_start(span, context);
    }

    fn on_end(&self, span: SpanData) {
        let place = self
            .tally
            .waiting
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |n_waiting| {
                (n_waiting < self.queue_spans).then_some(n_waiting + 1)
            });
        match place {
            Ok(_) => self.next.on_end(span),
            Err(_) => {
                self.tally.dropped.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.next.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.next.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.next.set_resource(resource);
    }
}

/// Counts what became of each batch.
#[derive(Debug)]
struct Counted<E> {
    next: E,
    tally: Arc<Tally>,
}

impl<E: SpanExporter> SpanExporter for Counted<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let n_spans = batch.len();
        let outcome = self.next.export(batch).await;
        self.tally.waiting.fetch_sub(n_spans, Ordering::AcqRel);
        let counter = match &outcome {
            Ok(()) => &self.tally.sent,
            Err(_) => &self.tally.failed,
        };
        counter.fetch_add(n_spans as u64, Ordering::Relaxed);
        outcome
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.next.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.next.set_resource(resource);
    }
}

/// What sends, by the HTTP client that fetches JWKS documents. Batches have a thread of their own, so that waiting in it
/// keeps nobody waiting.
#[derive(Debug)]
struct Client {
    agent: ureq::Agent,
    /// The collector did not take the last batch: it is told of once, and not with every batch.
    is_failing: AtomicBool,
}

impl Client {
    fn new(endpoint: &str, timeout: Duration) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(timeout))
            // Spans go where the configuration says, and nowhere else.
            .max_redirects(0)
            .proxy(None)
            .https_only(endpoint.starts_with("https://"))
            .http_status_as_error(false)
            .build()
            .new_agent();
        Self {
            agent,
            is_failing: AtomicBool::new(false),
        }
    }

    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let sent = self.exchange(request);
        match &sent {
            Ok(response) if response.status().is_success() => {
                if self.is_failing.swap(false, Ordering::Relaxed) {
                    tracing::info!("the collector takes traces again");
                }
            }
            Ok(response) => self.fails(&format!("it answers {}", response.status())),
            Err(error) => self.fails(&error.to_string()),
        }
        sent
    }

    fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let mut answer = self.agent.run(Request::from_parts(head, &body[..]))?;
        let status = answer.status();
        let retry_after = answer.headers().get("retry-after").cloned();
        let body = answer
            .body_mut()
            .with_config()
            .limit(ANSWER_BYTES_MAX)
            .read_to_vec()?;
        let mut response = Response::builder().status(status);
        if let Some(retry_after) = retry_after {
            response = response.header("retry-after", retry_after);
        }
        Ok(response.body(Bytes::from(body))?)
    }

    fn fails(&self, cause: &str) {
        if !self.is_failing.swap(true, Ordering::Relaxed) {
            tracing::warn!("the collector takes no traces, and they are lost until it does: {cause}");
        }
    }
}

impl HttpClient for Client {
    // As `async_trait` writes it, which is not worth a dependency for one function.
    fn send_bytes<'own, 'sent>(
        &'own self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'sent>>
    where
        'own: 'sent,
        Self: 'sent,
    {
        Box::pin(ready(self.send(request)))
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use opentelemetry::trace::{Span as _, Tracer as _};

    use super::*;
    use crate::config::Ratio;

    /// A collector that answers every request alike; `None`: never.
    fn collector(answer: Option<&'static str>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        // It ends with the process.
        std::thread::spawn(move || {
            let mut open = Vec::new();
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                if let Some(answer) = answer {
                    let mut bytes = [0; 65_536];
                    let _ = connection.read(&mut bytes);
                    let _ = connection.write_all(answer.as_bytes());
                } else {
                    open.push(connection);
                }
            }
        });
        address
    }

    fn opened(endpoint: String, change: impl FnOnce(&mut config::Traces)) -> (SdkTracer, Traces) {
        let mut settings = config::Traces {
            otlp_endpoint: Some(endpoint),
            export_timeout_ms: 100,
            ..config::Traces::default()
        };
        change(&mut settings);
        open(&settings).unwrap().unwrap()
    }

    fn outcomes(traces: &Traces) -> [u64; 3] {
        traces.tally.of_outcomes().map(|(_, n)| n)
    }

    const TAKEN: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    const FAILS: &str =
        "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    #[test]
    fn without_an_endpoint_there_is_nothing() {
        assert!(open(&config::Traces::default()).unwrap().is_none());
        assert_eq!(spans(), [("sent", 0), ("dropped", 0), ("failed", 0)]);
    }

    #[test]
    fn what_a_collector_takes_and_what_it_does_not_is_counted() {
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        for (endpoint, expected) in [
            (collector(Some(TAKEN)), [2, 0, 0]),
            (collector(Some(FAILS)), [0, 0, 2]),
            (collector(None), [0, 0, 2]),
            (format!("http://{nobody}"), [0, 0, 2]),
        ] {
            let (tracer, traces) = opened(endpoint.clone(), |_| {});
            tracer.start("one").end();
            tracer.start("another").end();
            let _ = traces.provider.force_flush();
            assert_eq!(outcomes(&traces), expected, "{endpoint}");
            assert_eq!(traces.tally.waiting.load(Ordering::Relaxed), 0);
        }
    }

    #[test]
    fn a_queue_that_is_full_drops_and_counts() {
        let (tracer, traces) = opened(collector(None), |settings| {
            settings.queue_spans = 3;
            settings.batch_spans = 3;
            // Longer than the test: those that are on their way wait as well.
            settings.export_timeout_ms = 60_000;
            settings.stop_timeout_ms = 1;
        });
        for _ in 0..10 {
            tracer.start("one").end();
        }
        assert_eq!(outcomes(&traces), [0, 7, 0]);
        assert_eq!(traces.tally.waiting.load(Ordering::Relaxed), 3);
        // Nobody waits for the collector.
        traces.stop();
    }

    #[test]
    fn a_share_of_traces_is_recorded_and_what_is_part_of_one_with_it() {
        let (tracer, traces) = opened(collector(Some(TAKEN)), |settings| {
            settings.sample_ratio = Ratio::new(0.0).unwrap();
        });
        tracer.start("one").end();
        let _ = traces.provider.force_flush();
        assert_eq!(outcomes(&traces), [0, 0, 0]);
        let caller =
            super::super::Traceparent::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .unwrap();
        let parent =
            opentelemetry::trace::TraceContextExt::with_remote_span_context(&Context::new(), caller.0);
        tracer.start_with_context("one", &parent).end();
        let _ = traces.provider.force_flush();
        assert_eq!(outcomes(&traces), [1, 0, 0]);
    }
}
