//! The answers of live views: each is an execution of its own, from the change to the answer. In between, a live view
//! costs no place.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute};
use async_graphql::{Data, ErrorExtensionValues, Response, ServerError};
use okaeri_engine::interrupt::Interrupt;
use tokio::time::Instant;

use super::error::ErrorCode;
use super::service::RequestContext;
use crate::admission::{Admission, Execution};

/// What the answers of one live view have in common.
#[derive(Debug)]
pub struct Live {
    admission: Arc<Admission>,
    timeout: Duration,
    has_answered: AtomicBool,
    is_refused: AtomicBool,
}

impl Live {
    /// A view that has not answered yet.
    ///
    /// - `timeout`: what an answer may take, waiting for a place not counted
    pub(crate) fn new(admission: Arc<Admission>, timeout: Duration) -> Self {
        Self {
            admission,
            timeout,
            has_answered: AtomicBool::new(false),
            is_refused: AtomicBool::new(false),
        }
    }

    /// Whether there was no place for the view's first answer.
    pub(crate) fn is_refused(&self) -> bool {
        self.is_refused.load(Ordering::Relaxed)
    }

    async fn answer(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let _place = if self.has_answered.load(Ordering::Relaxed) {
            // Whoever looks on is not sent away because many others look on as well. The answer shows what is so when it
            // is made, so that changes which come meanwhile are in it.
            let pause = Duration::from_secs(self.admission.retry_after_s());
            self.admission.enter_some_time(pause).await
        } else {
            match self.admission.enter().await {
                Ok(place) => place,
                Err(_) => {
                    self.is_refused.store(true, Ordering::Relaxed);
                    return failed(ErrorCode::Unavailable);
                }
            }
        };
        let deadline = Instant::now() + self.timeout;
        let interrupt = Interrupt::at(deadline.into_std());
        let _guard = interrupt.raised_on_drop();
        let mut data = Data::default();
        data.insert(Arc::new(Execution::new(interrupt)));
        let answered = next.run_with_data(ctx, operation_name, data);
        let answered = tokio::time::timeout_at(deadline, answered).await;
        self.has_answered.store(true, Ordering::Relaxed);
        answered.unwrap_or_else(|_| failed(ErrorCode::Timeout))
    }
}

/// An answer that is nothing but this error.
fn failed(code: ErrorCode) -> Response {
    // The transport puts the text for the code in its place.
    let mut error = ServerError::new(code.as_str(), None);
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code.as_str());
    error.extensions = Some(extensions);
    Response::from_errors(vec![error])
}

/// Makes each answer of a live view an execution of its own; the schema that answers subscriptions has it.
#[derive(Clone, Copy, Debug)]
pub struct LiveAnswers;

impl ExtensionFactory for LiveAnswers {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for LiveAnswers {
    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let live = ctx
            .data_opt::<RequestContext>()
            .and_then(|context| context.live.as_ref());
        match live {
            Some(live) => live.answer(ctx, operation_name, next).await,
            None => next.run(ctx, operation_name).await,
        }
    }
}
