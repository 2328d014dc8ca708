//! Clauses about a person's own circumstances, which matching must not read.
use std::ops::Range;

/// The clauses of `text` about the person's own circumstances.
#[must_use]
pub fn ranges(text: &str) -> Vec<Range<usize>> {
    let _ = text;
    Vec::new()
}

/// What [`ranges`] leaves of `text`, in order.
#[must_use]
pub fn public_ranges(text: &str) -> Vec<Range<usize>> {
    let mut public = Vec::new();
    let mut start = 0;
    for range in ranges(text) {
        if start < range.start {
            public.push(start..range.start);
        }
        start = range.end;
    }
    if start < text.len() {
        public.push(start..text.len());
    }
    public
}
