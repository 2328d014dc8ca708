//! The messages of graphql-transport-ws, as text.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::config::Secret;
use crate::http::body::{GraphqlParams, parse_payload};
use crate::http::error::{Body, ErrorBody};

/// The longest identifier of a subscription, in characters: clients use numbers or UUIDs.
const ID_LENGTH_MAX: usize = 128;

#[derive(Debug, PartialEq)]
pub(super) enum FromClient {
    Init { authorization: Option<Secret> },
    Ping,
    Pong,
    Subscribe { id: String, params: GraphqlParams },
    Complete { id: String },
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ToClient<'a> {
    #[serde(rename = "connection_ack")]
    Ack,
    Pong,
    Next {
        id: &'a str,
        payload: &'a Body,
    },
    Error {
        id: &'a str,
        #[serde(rename = "payload")]
        errors: &'a [ErrorBody],
    },
    Complete {
        id: &'a str,
    },
}

#[derive(Deserialize)]
struct Raw {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    payload: Option<Value>,
}

/// Reads a message; `None`: it is none of the protocol's.
pub(super) fn parse(text: &str) -> Option<FromClient> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    let Raw { kind, id, payload } = serde_json::from_str(text).ok()?;
    let has_object_or_nothing = matches!(payload, None | Some(Value::Object(_)));
    let id = id.filter(|id| !id.is_empty() && id.chars().count() <= ID_LENGTH_MAX);
    match kind.as_str() {
        "connection_init" if has_object_or_nothing => {
            let authorization = payload.as_ref().and_then(|payload| payload.get("authorization"));
            Some(FromClient::Init {
                authorization: authorization.and_then(Value::as_str).map(Secret::new),
            })
        }
        "ping" if has_object_or_nothing => Some(FromClient::Ping),
        "pong" if has_object_or_nothing => Some(FromClient::Pong),
        "subscribe" => Some(FromClient::Subscribe {
            id: id?,
            params: parse_payload(payload?).ok()?,
        }),
        "complete" => Some(FromClient::Complete { id: id? }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_protocols_messages_are_read() {
        assert_eq!(
            parse(r#"{"type":"connection_init","payload":{"authorization":"Bearer x"}}"#),
            Some(FromClient::Init {
                authorization: Some(Secret::new("Bearer x"))
            })
        );
        assert!(parse(r#"{"type":"subscribe","id":"1","payload":{"query":"{ a }"}}"#).is_some());
        for text in [
            "",
            "null",
            r#"["ping"]"#,
            r#"{"type":"start","id":"1","payload":{"query":"{ a }"}}"#,
            r#"{"type":"subscribe","payload":{"query":"{ a }"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{ a }"}}"#,
            r#"{"type":"subscribe","id":1,"payload":{"query":"{ a }"}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"connection_init","payload":"x"}"#,
            r#"{"id":"1"}"#,
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
