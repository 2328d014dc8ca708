//! What a client is told when something fails: one list of codes, and nothing of the cause.

use async_graphql::{ErrorExtensionValues, PathSegment, Pos, Response, ServerError, Value};
use serde::Serialize;
use uuid::Uuid;

use super::service::Language;

/// The longest message that is passed on, in characters: a validation message may quote the document.
const MESSAGE_LENGTH_MAX: usize = 300;

/// The codes in `errors[].extensions.code`; clients rely on them, so that none is ever renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// Nobody is signed in, or the token is not good.
    Unauthenticated,
    /// Signed in, but not allowed to.
    Forbidden,
    /// There is nothing by this identifier for this viewer.
    NotFound,
    /// A value is not usable.
    BadUserInput,
    /// Too often.
    RateLimited,
    /// Took too long.
    Timeout,
    /// Something that is needed does not answer.
    Unavailable,
    /// Our own fault.
    Internal,
    /// The document is not GraphQL.
    ParseFailed,
    /// The document does not fit the schema.
    ValidationFailed,
    /// The document or its variables are larger or dearer than allowed.
    LimitExceeded,
}

impl ErrorCode {
    /// The code as clients see it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::RateLimited => "RATE_LIMITED",
            Self::Timeout => "TIMEOUT",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::LimitExceeded => "GRAPHQL_LIMIT_EXCEEDED",
        }
    }

    /// The code with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Unauthenticated,
            Self::Forbidden,
            Self::NotFound,
            Self::BadUserInput,
            Self::RateLimited,
            Self::Timeout,
            Self::Unavailable,
            Self::Internal,
            Self::ParseFailed,
            Self::ValidationFailed,
            Self::LimitExceeded,
        ]
        .into_iter()
        .find(|code| code.as_str() == name)
    }

    /// The fixed text for failures that are not the caller's doing; the others' messages say what was wrong.
    #[must_use]
    pub const fn fixed_message(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Timeout, Language::Japanese) => "時間内に処理が終わりませんでした",
            (Self::Timeout, Language::English) => "the operation took too long and was stopped",
            (Self::Unavailable, Language::Japanese) => {
                "一時的に利用できません。しばらくしてからもう一度お試しください"
            }
            (Self::Unavailable, Language::English) => "temporarily unavailable; try again later",
            (_, Language::Japanese) => "サーバー内部でエラーが発生しました",
            (_, Language::English) => "something went wrong on the server",
        }
    }
}

/// Why a request was not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: ErrorCode,
    pub(crate) message: String,
    pub(crate) locations: Vec<Pos>,
}

impl Refusal {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            locations: Vec::new(),
        }
    }

    pub(crate) fn at(code: ErrorCode, message: impl Into<String>, position: Pos) -> Self {
        Self {
            locations: vec![position],
            ..Self::new(code, message)
        }
    }

    /// The value and the limit, both by name.
    pub(crate) fn limit(what: &str, value: impl std::fmt::Display, max: impl std::fmt::Display) -> Self {
        Self::new(
            ErrorCode::LimitExceeded,
            format!("{what} {value} exceeds the maximum of {max}"),
        )
    }

    pub(crate) fn into_answer(self, request_id: Uuid) -> Answer {
        Answer {
            code: Some(self.code),
            is_request_error: true,
            body: Body {
                data: None,
                errors: vec![ErrorBody {
                    message: self.message,
                    locations: self.locations,
                    path: Vec::new(),
                    extensions: extensions(self.code, request_id, None),
                }],
                extensions: None,
            },
        }
    }
}

/// What is sent back, and what the status depends on.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Of the first error.
    pub(crate) code: Option<ErrorCode>,
    /// The document was not run: there is no `data`.
    pub(crate) is_request_error: bool,
    pub(crate) body: Body,
}

#[derive(Debug, Serialize)]
pub(crate) struct Body {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<ErrorBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) extensions: Option<std::collections::BTreeMap<String, Value>>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ErrorBody {
    pub(crate) message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) locations: Vec<Pos>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) path: Vec<PathSegment>,
    pub(crate) extensions: ErrorExtensionValues,
}

impl Answer {
    /// For a document that began to run and did not end: `data` is null, as after an error in a root field.
    pub(crate) fn failed(code: ErrorCode, language: Language, request_id: Uuid) -> Self {
        let mut answer = Refusal::new(code, code.fixed_message(language)).into_answer(request_id);
        answer.is_request_error = false;
        answer.body.data = Some(Value::Null);
        answer
    }

    /// Passes on what the service answered, without anything that a client must not see.
    pub(crate) fn from_response(
        response: Response,
        language: Language,
        request_id: Uuid,
        errors_max: usize,
    ) -> Self {
        let has_data = response.data != Value::Null;
        let mut errors = Vec::new();
        let mut first = None;
        let mut is_request_error = !has_data && !response.errors.is_empty();
        for error in &response.errors {
            let is_before_execution = !has_data && error.path.is_empty();
            let (code, message) = classify(error, is_before_execution, language, request_id);
            first = first.or(Some(code));
            is_request_error &= is_before_execution && is_refusal(code);
            if errors.len() < errors_max {
                errors.push(ErrorBody {
                    message,
                    locations: error.locations.clone(),
                    path: error.path.clone(),
                    extensions: extensions(code, request_id, error.extensions.as_ref()),
                });
            }
        }
        Self {
            code: first,
            is_request_error,
            body: Body {
                data: (!is_request_error).then_some(response.data),
                errors,
                extensions: (!response.extensions.is_empty())
                    .then(|| response.extensions.into_iter().collect()),
            },
        }
    }
}

/// Whether an error with this code, outside of any field, means that nothing was run.
fn is_refusal(code: ErrorCode) -> bool {
    match code {
        ErrorCode::Unauthenticated
        | ErrorCode::Forbidden
        | ErrorCode::NotFound
        | ErrorCode::BadUserInput
        | ErrorCode::RateLimited
        | ErrorCode::ParseFailed
        | ErrorCode::ValidationFailed
        | ErrorCode::LimitExceeded => true,
        ErrorCode::Timeout | ErrorCode::Unavailable | ErrorCode::Internal => false,
    }
}

/// The code and the text of an error. What carries a known code was written for the client; of the rest, only the
/// library's own words on the document and its values are passed on.
fn classify(
    error: &ServerError,
    is_before_execution: bool,
    language: Language,
    request_id: Uuid,
) -> (ErrorCode, String) {
    let named = error
        .extensions
        .as_ref()
        .and_then(|extensions| extensions.get("code"))
        .and_then(|code| match code {
            Value::String(name) => ErrorCode::from_name(name),
            Value::Enum(name) => ErrorCode::from_name(name),
            _ => None,
        });
    if let Some(code) = named {
        return match code {
            ErrorCode::Internal | ErrorCode::Timeout | ErrorCode::Unavailable => {
                (code, code.fixed_message(language).to_owned())
            }
            _ => (code, shortened(&error.message)),
        };
    }
    let is_librarys_own = error.source.is_none();
    let is_about_a_value = error.message.starts_with("Failed to parse \"");
    if is_librarys_own && is_about_a_value {
        return (ErrorCode::BadUserInput, shortened(&error.message));
    }
    if is_librarys_own && is_before_execution {
        let message = error.message.split(" Did you mean ").next().unwrap_or_default();
        return (ErrorCode::ValidationFailed, shortened(message));
    }
    let path: Vec<String> = error.path.iter().map(segment).collect();
    tracing::error!(
        request.id = %request_id,
        graphql.path = %path.join("."),
        "request {request_id} failed at {}: an error without a code",
        path.join(".")
    );
    let code = ErrorCode::Internal;
    (code, code.fixed_message(language).to_owned())
}

fn segment(segment: &PathSegment) -> String {
    match segment {
        PathSegment::Field(name) => name.clone(),
        PathSegment::Index(idx) => idx.to_string(),
    }
}

fn extensions(
    code: ErrorCode,
    request_id: Uuid,
    given: Option<&ErrorExtensionValues>,
) -> ErrorExtensionValues {
    let mut values = given.cloned().unwrap_or_default();
    values.set("code", code.as_str());
    values.set("requestId", request_id.to_string());
    values
}

fn shortened(message: &str) -> String {
    if message.chars().count() <= MESSAGE_LENGTH_MAX {
        return message.to_owned();
    }
    message.chars().take(MESSAGE_LENGTH_MAX).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(errors: Vec<ServerError>) -> Answer {
        Answer::from_response(Response::from_errors(errors), Language::English, Uuid::nil(), 10)
    }

    fn in_field(message: &str) -> ServerError {
        ServerError::new(message, None).with_path(vec![PathSegment::Field("alumni".to_owned())])
    }

    #[test]
    fn database_text_never_reaches_a_client() {
        let answer = answer(vec![in_field(
            "UNIQUE constraint failed: alumnus.email (山田@example.jp)",
        )]);
        let text = serde_json::to_string(&answer.body).unwrap();
        assert!(
            !text.contains("alumnus.email") && !text.contains("example.jp"),
            "{text}"
        );
        assert!(
            text.contains("\"INTERNAL\"") && text.contains("requestId"),
            "{text}"
        );
        assert!(text.contains("\"data\":null"), "{text}");
    }

    #[test]
    fn at_most_ten_errors_are_listed() {
        let answer = answer((0..30).map(|_| in_field("x")).collect());
        assert_eq!(answer.body.errors.len(), 10);
    }

    #[test]
    fn suggestions_are_cut_off_and_a_validation_error_has_no_data() {
        let message = "Unknown field \"emial\" on type \"Alumnus\". Did you mean \"email\"?";
        let answer = answer(vec![ServerError::new(message, None)]);
        assert_eq!(answer.code, Some(ErrorCode::ValidationFailed));
        assert!(answer.is_request_error && answer.body.data.is_none());
        assert!(!answer.body.errors[0].message.contains("email\"?"));
    }

    #[test]
    fn a_code_that_the_service_chose_is_kept_with_its_message() {
        let mut error = in_field("no such alumnus");
        let mut values = ErrorExtensionValues::default();
        values.set("code", "NOT_FOUND");
        error.extensions = Some(values);
        let answer = answer(vec![error]);
        assert_eq!(answer.code, Some(ErrorCode::NotFound));
        assert_eq!(answer.body.errors[0].message, "no such alumnus");
        assert!(!answer.is_request_error);
    }
}
