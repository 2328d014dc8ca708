//! Steps: the parts of a request or a job that a trace shows, each as a span.
//!
//! - A step has a name and attributes that stand in the code, or codes of ours: a route, a role, a company's short name,
//!   counts. Never what somebody typed, is called or may do alone: no name, address, token, document, variable, value or
//!   identifier of a person. `docs/OPERATIONS.md` lists all of them.
//! - Steps are seen by traces alone, and log lines' spans by lines alone: what either has, the other does not need.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry::trace::{TraceContextExt as _, TraceId};
use tracing::instrument::Instrumented;
use tracing::{Instrument as _, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::{STEPS, Traceparent};

/// Whether this process sends traces.
static IS_TRACING: AtomicBool = AtomicBool::new(false);

/// Begins looking at steps.
pub(super) fn begin() {
    IS_TRACING.store(true, Ordering::Relaxed);
}

/// Whether this process sends traces.
#[must_use]
pub fn is_tracing() -> bool {
    IS_TRACING.load(Ordering::Relaxed)
}

/// A span for traces, with a name and fields as those of [`tracing::info_span`].
macro_rules! step {
    ($name:literal $(, $($fields:tt)*)?) => {
        tracing::info_span!(
            target: $crate::telemetry::STEPS,
            $name,
            db.statements = tracing::field::Empty,
            db.elapsed_ms = tracing::field::Empty,
            $($($fields)*)?
        )
    };
}
pub(crate) use step;

/// Does something as a step, which is told how many statements of the database it took.
pub async fn in_step<T>(step: Span, work: impl Future<Output = T>) -> T {
    in_step_of(step, None, work).await
}

/// The same as a part of the trace that a caller has begun.
pub async fn in_step_of<T>(step: Span, caller: Option<Traceparent>, work: impl Future<Output = T>) -> T {
    let _counting = Counting::start(&step, caller);
    // Steps lie within each other: each held inside the next, a screen's question would be larger than a thread's stack in
    // builds without optimisation.
    Box::pin(work).instrument(step).await
}

/// Statements of the database, and the time that they took.
#[derive(Debug)]
struct Statements {
    n: AtomicU64,
    elapsed_us: AtomicU64,
    /// Those of the step around this one.
    outer: Option<Arc<Statements>>,
}

/// The innermost span that log lines show, for threads and tasks that are begun within a step.
struct Line(Span);

/// Counts for a step, and writes down what it counted when it is dropped: also when nobody waits for the step any more.
struct Counting {
    step: Span,
    statements: Arc<Statements>,
}

impl Counting {
    fn start(step: &Span, caller: Option<Traceparent>) -> Option<Self> {
        if !is_tracing() || step.is_disabled() {
            return None;
        }
        let mut context = Context::current();
        let statements = Arc::new(Statements {
            n: AtomicU64::new(0),
            elapsed_us: AtomicU64::new(0),
            outer: context.get::<Arc<Statements>>().map(Arc::clone),
        });
        if let Some(Traceparent(parent)) = caller {
            context = context.with_remote_span_context(parent);
        }
        context = context.with_value(Arc::clone(&statements));
        let around = Span::current();
        if around
            .metadata()
            .is_some_and(|metadata| metadata.target() != STEPS)
        {
            context = context.with_value(Line(around));
        }
        // It fails for spans that are not traced, of which nothing is told then.
        let _ = step.set_parent(context);
        Some(Self {
            step: step.clone(),
            statements,
        })
    }
}

impl Drop for Counting {
    fn drop(&mut self) {
        let n_statements = self.statements.n.load(Ordering::Relaxed);
        let elapsed_ms = self.statements.elapsed_us.load(Ordering::Relaxed) / 1_000;
        self.step.record("db.statements", count(n_statements));
        self.step.record("db.elapsed_ms", count(elapsed_ms));
    }
}

/// A count as traces have numbers: of what has no sign, a text would become.
#[must_use]
pub fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Counts a statement that has just ended for the steps that it ran in.
pub fn statement(elapsed: Duration) {
    if !is_tracing() {
        return;
    }
    let elapsed_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    Context::map_current(|context| {
        let mut counted = context.get::<Arc<Statements>>();
        while let Some(statements) = counted {
            statements.n.fetch_add(1, Ordering::Relaxed);
            statements.elapsed_us.fetch_add(elapsed_us, Ordering::Relaxed);
            counted = statements.outer.as_ref();
        }
    });
}

/// The trace that this is part of, whether it is recorded or not; `None` without traces and outside of steps.
#[must_use]
pub fn trace_id() -> Option<TraceId> {
    if !is_tracing() {
        return None;
    }
    let trace_id = Context::map_current(|context| context.span().span_context().trace_id());
    (trace_id != TraceId::INVALID).then_some(trace_id)
}

/// A span for log lines that names the trace, where nothing else does; none without one.
#[must_use]
pub fn lines() -> Span {
    trace_id().map_or_else(
        Span::none,
        |trace_id| tracing::info_span!("traced", trace.id = %trace_id),
    )
}

/// The step and the span of log lines that work is begun in, for another thread or task that does it.
#[derive(Clone, Debug)]
pub struct Here {
    step: Span,
    line: Option<Span>,
}

impl Here {
    /// Those of the caller.
    #[must_use]
    pub fn current() -> Self {
        let line = || Context::map_current(|context| context.get::<Line>().map(|line| line.0.clone()));
        Self {
            step: Span::current(),
            line: is_tracing().then(line).flatten(),
        }
    }

    /// Runs something there.
    pub fn in_scope<T>(&self, work: impl FnOnce() -> T) -> T {
        match &self.line {
            Some(line) => line.in_scope(|| self.step.in_scope(work)),
            None => self.step.in_scope(work),
        }
    }

    /// Has a future run there.
    pub fn instrument<F: Future>(self, work: F) -> Instrumented<Instrumented<F>> {
        work.instrument(self.step)
            .instrument(self.line.unwrap_or_else(Span::none))
    }
}
