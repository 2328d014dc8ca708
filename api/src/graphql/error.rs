//! How failures look to clients: one fixed list of codes, never a cause.

use async_graphql::{Error, ErrorExtensions as _};

use crate::usecase::Fault;

/// Codes of `errors[].extensions.code` that resolvers give; the transport adds its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Nobody is signed in.
    Unauthenticated,
    /// The role may not do this.
    Forbidden,
    /// No such thing, or not for this viewer.
    NotFound,
    /// An argument is wrong.
    BadUserInput,
    /// Too often.
    RateLimited,
    /// A dependency is down; try again.
    Unavailable,
    /// It took too long.
    Timeout,
    /// Our own doing.
    Internal,
}

impl Code {
    fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::RateLimited => "RATE_LIMITED",
            Self::Unavailable => "UNAVAILABLE",
            Self::Timeout => "TIMEOUT",
            Self::Internal => "INTERNAL",
        }
    }

    /// An error with this code.
    pub fn error(self, message: impl Into<String>) -> Error {
        Error::new(message).extend_with(|_, extensions| extensions.set("code", self.as_str()))
    }
}

/// Nobody is signed in.
pub fn unauthenticated() -> Error {
    Code::Unauthenticated.error("sign in first: this field needs a token")
}

/// The viewer's role may not do this; `needed` says which may.
pub fn forbidden(needed: &str) -> Error {
    Code::Forbidden.error(format!("this field is for {needed}"))
}

/// Turns a fault into an error without its cause, which is logged here, once.
pub fn from_fault(fault: &Fault) -> Error {
    const UNAVAILABLE: &str = "temporarily unavailable; try again in a few seconds";
    match fault {
        // Counted, and not logged: under load there would be a line for each, and nothing is broken.
        Fault::Overloaded(_) => Code::Unavailable.error(UNAVAILABLE),
        Fault::Interrupted(reason) => Code::Timeout.error(reason.to_string()),
        Fault::Database(_)
        | Fault::Index(_)
        | Fault::Opening(_)
        | Fault::NotHeld { .. }
        | Fault::Broken(_)
            if fault.is_unavailable() =>
        {
            tracing::warn!(error = %fault, "unavailable: {fault}");
            Code::Unavailable.error(UNAVAILABLE)
        }
        Fault::Database(_)
        | Fault::Index(_)
        | Fault::Opening(_)
        | Fault::NotHeld { .. }
        | Fault::Broken(_) => {
            tracing::error!(error = %fault, "a resolver failed: {fault}");
            Code::Internal.error("internal error; the request id tells us which")
        }
    }
}
