//! What of a text matching may read, as one text.
//!
//! - Whoever reads it reads what a twin wrote who said less: no sentence ends, and no word is cut, where something was left
//!   out.
//! - Every place in it leads back to the original, which is what is quoted.

use std::borrow::Cow;
use std::ops::Range;

use super::private::{self, between};

/// What [`private::ranges`] leaves of a text, put together as if nothing else had ever been written: whoever reads it reads what a
/// twin wrote who said less.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicText<'a> {
    text: Cow<'a, str>,
    /// See [`Self::stretches`].
    stretches: Vec<(usize, Range<usize>)>,
}

impl<'a> PublicText<'a> {
    /// Leaves out what is private.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self::without(text, &private::ranges(text))
    }

    /// The same for whoever knows what is private in it.
    ///
    /// - `private`: the [`private::ranges`] of `text`
    #[must_use]
    pub fn without(text: &'a str, private: &[Range<usize>]) -> Self {
        let ranges = between(text, private);
        let mut stretches = Vec::with_capacity(ranges.len());
        let mut start = 0;
        for range in ranges {
            let len = range.len();
            stretches.push((start, range));
            start += len;
        }
        let text = match stretches.as_slice() {
            [(_, all)] if all.len() == text.len() => Cow::Borrowed(text),
            _ => Cow::Owned(stretches.iter().map(|(_, range)| &text[range.clone()]).collect()),
        };
        Self { text, stretches }
    }

    /// The text that is left.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The stretches that were put together: where each begins in [`Self::text`], and its bytes in the original; ascending.
    pub(crate) fn stretches(&self) -> &[(usize, Range<usize>)] {
        &self.stretches
    }

    /// Where bytes of [`Self::text`] stood. What goes on behind something private ends before it, so that nothing private
    /// is ever pointed at.
    #[must_use]
    pub fn original(&self, range: &Range<usize>) -> Range<usize> {
        let behind = self.stretches.partition_point(|(start, _)| *start <= range.start);
        let Some((start, stretch)) = behind.checked_sub(1).map(|idx| &self.stretches[idx]) else {
            return range.clone();
        };
        let place = |at: usize| (stretch.start + (at - start)).min(stretch.end);
        place(range.start)..place(range.end)
    }
}
