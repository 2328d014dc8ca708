//! A request's body: bounded in size and time, and a strict JSON object.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::web;
use futures_util::StreamExt as _;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::config::Limits;

/// What a request asks for.
#[derive(Clone, PartialEq)]
pub(crate) struct GraphqlParams {
    pub(crate) query: String,
    pub(crate) operation_name: Option<String>,
    pub(crate) variables: Map<String, Value>,
}

/// Neither a document nor its variables: tokens of links are among them.
impl std::fmt::Debug for GraphqlParams {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GraphqlParams").finish_non_exhaustive()
    }
}

/// Why there is nothing to run; answered by status alone of the transport.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BodyError {
    pub(crate) status: StatusCode,
    pub(crate) message: String,
}

impl BodyError {
    fn bad(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            message: message.into(),
        }
    }

    fn too_large(limits: &Limits) -> Self {
        Self {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            message: format!("the body is longer than {} bytes", limits.body_bytes),
        }
    }
}

/// Reads a body and no more than allowed of it.
pub(crate) async fn read(
    headers: &HeaderMap,
    mut payload: web::Payload,
    limits: &Limits,
) -> Result<Vec<u8>, BodyError> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limits.body_bytes) {
        return Err(BodyError::too_large(limits));
    }
    let timeout = Duration::from_secs(limits.body_timeout_s);
    let reading = async {
        let mut body = Vec::with_capacity(announced.unwrap_or(1_024));
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| BodyError::bad("the body could not be read"))?;
            if body.len() + chunk.len() > limits.body_bytes {
                return Err(BodyError::too_large(limits));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    };
    tokio::time::timeout(timeout, reading).await.unwrap_or_else(|_| {
        Err(BodyError {
            status: StatusCode::REQUEST_TIMEOUT,
            message: format!("the body did not arrive within {} s", timeout.as_secs()),
        })
    })
}

/// As it is sent; a name that comes twice is an error, a name that nobody knows is not.
#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    query: Option<Value>,
    #[serde(default, rename = "operationName")]
    operation_name: Option<Value>,
    #[serde(default)]
    variables: Option<Value>,
    #[serde(default)]
    extensions: Option<Value>,
}

/// Reads the parameters of a request.
pub(crate) fn parse(body: &[u8]) -> Result<GraphqlParams, BodyError> {
    let text = std::str::from_utf8(body).map_err(|_| BodyError::bad("the body is not UTF-8"))?;
    if !text.trim_start().starts_with('{') {
        return Err(BodyError::bad("the body is not a JSON object"));
    }
    let raw: Raw = serde_json::from_str(text).map_err(|error| {
        BodyError::bad(format!(
            "the body is not a JSON object with the parameters of a request (line {}, column {})",
            error.line(),
            error.column()
        ))
    })?;
    params(raw)
}

/// Reads the parameters from a WebSocket message's payload.
pub(crate) fn parse_payload(payload: Value) -> Result<GraphqlParams, BodyError> {
    if !payload.is_object() {
        return Err(BodyError::bad("the payload is not an object"));
    }
    let raw = serde_json::from_value(payload)
        .map_err(|_| BodyError::bad("the payload does not hold the parameters of a request"))?;
    params(raw)
}

fn params(raw: Raw) -> Result<GraphqlParams, BodyError> {
    let query = match raw.query {
        Some(Value::String(query)) => query,
        Some(_) => return Err(BodyError::bad("query must be a string")),
        None => return Err(BodyError::bad("query is missing")),
    };
    let operation_name = match raw.operation_name {
        None => None,
        // Some clients send an empty name for none.
        Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
        Some(_) => return Err(BodyError::bad("operationName must be a string or null")),
    };
    let variables = match raw.variables {
        None => Map::new(),
        Some(Value::Object(variables)) => variables,
        Some(_) => return Err(BodyError::bad("variables must be an object or null")),
    };
    if !matches!(raw.extensions, None | Some(Value::Object(_))) {
        return Err(BodyError::bad("extensions must be an object or null"));
    }
    Ok(GraphqlParams {
        query,
        operation_name,
        variables,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strict_object_is_read_and_everything_else_is_refused() {
        let good = [
            r#"{"query":"{ a }"}"#,
            r#" {"query":"{ a }","operationName":null,"variables":null,"extensions":null}"#,
            r#"{"query":"{ a }","variables":{"a":[1]},"extensions":{},"unknown":1}"#,
        ];
        for body in good {
            assert!(parse(body.as_bytes()).is_ok(), "{body}");
        }
        let bad = [
            "",
            "[]",
            r#"[{"query":"{ a }"}]"#,
            r#"["{ a }", null, null, null]"#,
            r#""{ a }""#,
            r#"{"query":"{ a }"} x"#,
            r#"{"query":"{ a }","query":"{ b }"}"#,
            r#"{"query":null}"#,
            r#"{"query":1}"#,
            r#"{"query":"{ a }","operationName":1}"#,
            r#"{"query":"{ a }","variables":"x"}"#,
            r#"{"query":"{ a }","variables":[]}"#,
            r#"{"query":"{ a }","extensions":0}"#,
            r#"{"query":"{ a \ud800 }"}"#,
            "{\"query\":\"{ a }\",}",
        ];
        for body in bad {
            let error = parse(body.as_bytes()).unwrap_err();
            assert_eq!(error.status, StatusCode::BAD_REQUEST, "{body}");
        }
        let deep = format!(
            "{{\"query\":\"a\",\"variables\":{}{}}}",
            "{\"a\":".repeat(200),
            "}".repeat(200)
        );
        assert!(parse(deep.as_bytes()).is_err());
        assert!(parse(&[b'{', 0xFF, b'}']).is_err());
    }
}
