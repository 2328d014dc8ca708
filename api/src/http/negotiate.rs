//! Which media type to answer in, which language, and which status: the only places that decide these.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};

use super::error::{Answer, ErrorCode};
use super::service::Language;

/// The media types that answers come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MediaType {
    /// `application/json`: the status says little, as older clients expect.
    Json,
    /// `application/graphql-response+json`: the status says whether the document was run.
    GraphqlResponse,
}

impl MediaType {
    pub(crate) fn header(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }

    fn subtype(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::GraphqlResponse => "graphql-response+json",
        }
    }
}

/// The status of a well-formed GraphQL answer, as graphql-http's audits ask for it.
///
/// - Not being signed in, not being allowed, too often and unavailable are about the request and not about the
///   document: they have their own status in both media types.
/// - A document that was not run is 400 for `application/graphql-response+json` and 200 for `application/json`.
/// - A document that was run is 200, with errors in some fields or in all.
pub(crate) fn status(answer: &Answer, media_type: MediaType) -> StatusCode {
    match (answer.code, answer.is_request_error, media_type) {
        (Some(ErrorCode::Unauthenticated), true, _) => StatusCode::UNAUTHORIZED,
        (Some(ErrorCode::Forbidden), true, _) => StatusCode::FORBIDDEN,
        (Some(ErrorCode::RateLimited), true, _) => StatusCode::TOO_MANY_REQUESTS,
        (Some(ErrorCode::Unavailable), _, _) if !has_data(answer) => StatusCode::SERVICE_UNAVAILABLE,
        (_, true, MediaType::GraphqlResponse) => StatusCode::BAD_REQUEST,
        (_, true, MediaType::Json) | (_, false, _) => StatusCode::OK,
    }
}

fn has_data(answer: &Answer) -> bool {
    answer
        .body
        .data
        .as_ref()
        .is_some_and(|data| *data != async_graphql::Value::Null)
}

/// Chooses by `Accept`; `None`: the client takes neither.
///
/// Absent or a wildcard means `application/json`. Between two that are equally welcome, the one that is named wins
/// over the one that a wildcard covers, then the one that is named first.
pub(crate) fn media_type(headers: &HeaderMap) -> Option<MediaType> {
    let mut ranges = Vec::new();
    for value in headers.get_all(header::ACCEPT) {
        let text = value.to_str().ok()?;
        ranges.extend(text.split(',').map(str::trim).filter(|range| !range.is_empty()));
    }
    if ranges.is_empty() {
        return Some(MediaType::Json);
    }
    let mut best: Option<(MediaType, Welcome)> = None;
    for media_type in [MediaType::Json, MediaType::GraphqlResponse] {
        let Some(welcome) = welcome(media_type, &ranges) else {
            continue;
        };
        if best.is_none_or(|(_, earlier)| welcome.is_better_than(earlier)) {
            best = Some((media_type, welcome));
        }
    }
    best.map(|(media_type, _)| media_type)
}

/// How a client would take one media type.
#[derive(Clone, Copy)]
struct Welcome {
    /// In thousandths.
    quality: u16,
    /// Named rather than covered by a wildcard.
    is_named: bool,
    /// Its place in the header.
    idx: usize,
}

impl Welcome {
    fn is_better_than(self, other: Self) -> bool {
        let key = |welcome: Self| {
            // Two that wildcards cover keep their own order, which has JSON first.
            let place = if welcome.is_named {
                usize::MAX - welcome.idx
            } else {
                0
            };
            (welcome.quality, welcome.is_named, place)
        };
        key(self) > key(other)
    }
}

/// The most specific range decides, also when it says no.
fn welcome(media_type: MediaType, ranges: &[&str]) -> Option<Welcome> {
    let mut found: Option<(u8, Welcome)> = None;
    for (idx, range) in ranges.iter().enumerate() {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let specificity = match name.split_once('/') {
            Some(("*", "*")) => 0,
            Some(("application", "*")) => 1,
            Some(("application", subtype)) if subtype == media_type.subtype() => 2,
            _ => continue,
        };
        let quality = parts
            .filter_map(|part| part.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
            .map_or(Some(1_000), |(_, value)| thousandths(value.trim()))
            // A weight that is none makes the range void.
            .unwrap_or(0);
        if found.is_none_or(|(earlier, _)| specificity > earlier) {
            let is_named = specificity == 2;
            found = Some((
                specificity,
                Welcome {
                    quality,
                    is_named,
                    idx,
                },
            ));
        }
    }
    found
        .map(|(_, welcome)| welcome)
        .filter(|welcome| welcome.quality > 0)
}

fn thousandths(quality: &str) -> Option<u16> {
    let value: f32 = quality.parse().ok()?;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within 0 and 1000"
    )]
    (0.0..=1.0)
        .contains(&value)
        .then(|| (value * 1_000.0).round() as u16)
}

/// Whether the body says that it is JSON in UTF-8 and nothing else: no form of a browser can send that without being
/// asked first.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE);
    let (Some(only), None) = (types.next(), types.next()) else {
        return false;
    };
    let Ok(text) = only.to_str() else {
        return false;
    };
    let mut parts = text.split(';').map(str::trim);
    let is_json = parts
        .next()
        .is_some_and(|name| name.eq_ignore_ascii_case("application/json"));
    is_json
        && parts.all(|part| {
            part.split_once('=').is_some_and(|(name, value)| {
                name.trim().eq_ignore_ascii_case("charset")
                    && value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
            })
        })
}

/// The language that the reader prefers of the two; Japanese when nothing is said.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let Some(text) = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
    else {
        return Language::default();
    };
    let mut best = None;
    for range in text.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let tag = parts.next().unwrap_or_default().to_ascii_lowercase();
        let language = match tag.split('-').next() {
            Some("ja" | "*") => Language::Japanese,
            Some("en") => Language::English,
            _ => continue,
        };
        let quality = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(Some(1_000), thousandths)
            .unwrap_or(0);
        if quality > 0 && best.is_none_or(|(earlier, _)| quality > earlier) {
            best = Some((quality, language));
        }
    }
    best.map_or_else(Language::default, |(_, language)| language)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_str(value).unwrap());
        headers
    }

    #[test]
    fn accept_decides_the_media_type() {
        use MediaType::{GraphqlResponse, Json};
        let cases = [
            ("*/*", Some(Json)),
            ("application/*", Some(Json)),
            ("application/json", Some(Json)),
            ("application/graphql-response+json", Some(GraphqlResponse)),
            (
                "Application/GraphQL-Response+JSON; charset=utf-8",
                Some(GraphqlResponse),
            ),
            (
                "application/graphql-response+json, application/json",
                Some(GraphqlResponse),
            ),
            ("application/json, application/graphql-response+json", Some(Json)),
            (
                "application/graphql-response+json;q=0.5, application/json",
                Some(Json),
            ),
            (
                "application/json;q=0.9, application/graphql-response+json",
                Some(GraphqlResponse),
            ),
            (
                "application/graphql-response+json, */*;q=0.1",
                Some(GraphqlResponse),
            ),
            ("application/graphql-response+json, */*", Some(GraphqlResponse)),
            ("application/json;q=0, */*", Some(GraphqlResponse)),
            ("application/json;q=0", None),
            ("text/html", None),
            ("text/html, */*;q=0.8", Some(Json)),
            ("application/json;q=high", None),
        ];
        for (accept, expected) in cases {
            assert_eq!(media_type(&headers(header::ACCEPT, accept)), expected, "{accept}");
        }
        assert_eq!(media_type(&HeaderMap::new()), Some(Json));
    }

    #[test]
    fn only_json_in_utf_8_is_a_body() {
        let cases = [
            ("application/json", true),
            ("application/json; charset=utf-8", true),
            ("application/json;charset=\"UTF-8\"", true),
            ("application/json; charset=shift_jis", false),
            ("application/json; boundary=x", false),
            ("text/plain", false),
            ("application/x-www-form-urlencoded", false),
            ("multipart/form-data; boundary=application/json", false),
            ("application/graphql", false),
            ("application/jsonp", false),
        ];
        for (content_type, expected) in cases {
            assert_eq!(
                is_json(&headers(header::CONTENT_TYPE, content_type)),
                expected,
                "{content_type}"
            );
        }
        assert!(!is_json(&HeaderMap::new()));
    }

    #[test]
    fn the_reader_chooses_the_language() {
        let cases = [
            ("ja", Language::Japanese),
            ("en-US,en;q=0.9,ja;q=0.8", Language::English),
            ("de, en;q=0.2, ja;q=0.3", Language::Japanese),
            ("de", Language::Japanese),
            ("en;q=0, ja;q=0.1", Language::Japanese),
        ];
        for (accept, expected) in cases {
            assert_eq!(
                language(&headers(header::ACCEPT_LANGUAGE, accept)),
                expected,
                "{accept}"
            );
        }
    }
}
