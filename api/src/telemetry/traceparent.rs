//! The header that says which trace a request belongs to (W3C Trace Context, Recommendation of 23 November 2021, section
//! 3.2).
//!
//! - Whatever is not exactly of its form is passed over, and the request begins a trace of its own (section 4.3).
//! - `tracestate` is not read: it may say anything, and nothing is asked of others here that could carry it on.

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};

/// Characters up to the end of the flags; version 00 has no more.
const LENGTH: usize = 55;

/// The trace and the span that a caller names, and whether it records them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traceparent(pub(super) SpanContext);

impl Traceparent {
    /// Reads a header; `None` where it is malformed, or names no trace or no span.
    #[must_use]
    pub fn parse(header: &str) -> Option<Self> {
        let (known, rest) = header.split_at_checked(LENGTH)?;
        let parts: Vec<&str> = known.split('-').collect();
        let [version, trace_id, span_id, flags] = parts[..] else {
            return None;
        };
        let is_hex = |part: &str, length| {
            part.len() == length
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'))
        };
        if !is_hex(version, 2) || !is_hex(trace_id, 32) || !is_hex(span_id, 16) || !is_hex(flags, 2) {
            return None;
        }
        // Later versions may add parts; ff is none (section 3.2.2.1).
        let is_whole = match version {
            "ff" => false,
            "00" => rest.is_empty(),
            _ => rest.is_empty() || rest.starts_with('-'),
        };
        if !is_whole {
            return None;
        }
        let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?);
        let context = SpanContext::new(
            TraceId::from_hex(trace_id).ok()?,
            SpanId::from_hex(span_id).ok()?,
            flags & TraceFlags::SAMPLED,
            true,
            TraceState::NONE,
        );
        context.is_valid().then_some(Self(context))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const SPAN: &str = "00f067aa0ba902b7";

    #[test]
    fn a_header_names_trace_span_and_whether_they_are_recorded() {
        for (flags, is_sampled) in [("00", false), ("01", true), ("02", false), ("ff", true)] {
            let Traceparent(context) = Traceparent::parse(&format!("00-{TRACE}-{SPAN}-{flags}")).unwrap();
            assert_eq!(context.trace_id().to_string(), TRACE);
            assert_eq!(context.span_id().to_string(), SPAN);
            assert_eq!(context.is_sampled(), is_sampled, "{flags}");
            assert!(context.is_remote());
        }
    }

    #[test]
    fn a_later_version_may_say_more() {
        for header in [
            format!("cc-{TRACE}-{SPAN}-01"),
            format!("cc-{TRACE}-{SPAN}-01-what-is-to-come"),
        ] {
            assert!(Traceparent::parse(&header).is_some(), "{header}");
        }
    }

    #[test]
    fn what_is_malformed_or_names_nothing_is_passed_over() {
        for header in [
            String::new(),
            "00".to_owned(),
            format!("00-{TRACE}-{SPAN}"),
            format!("00-{TRACE}-{SPAN}-0"),
            format!("00-{TRACE}-{SPAN}-01-more"),
            format!("00-{TRACE}-{SPAN}-01 "),
            format!("cc-{TRACE}-{SPAN}-01.more"),
            format!("ff-{TRACE}-{SPAN}-01"),
            format!("0-{TRACE}-{SPAN}-0001"),
            format!("00-{TRACE}-{SPAN}-0x"),
            format!("00-{}-{SPAN}-01", TRACE.to_uppercase()),
            format!("00-{}-{SPAN}-01", "0".repeat(32)),
            format!("00-{TRACE}-{}-01", "0".repeat(16)),
            format!("00_{TRACE}_{SPAN}_01"),
            "人".repeat(40),
        ] {
            assert_eq!(Traceparent::parse(&header), None, "{header}");
        }
    }
}
