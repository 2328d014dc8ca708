//! Relay connections: arguments, cursors, and cutting a page out of an ordered list.

use std::ops::Range;

use async_graphql::{Error, SimpleObject};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use okaeri_engine::domain::ServedListId;
use uuid::Uuid;

use super::error::Code;

/// Items on a page when neither `first` nor `last` is given.
const PAGE_SIZE_DEFAULT: usize = 20;
/// Most items on a page: what a screen can show after scrolling, and what the cost limit reckons with.
const PAGE_SIZE_MAX: i32 = 100;
/// Longest cursor that is decoded at all; ours are shorter than 120 characters.
const CURSOR_LENGTH_MAX: usize = 200;

/// Where a page lies in its list, as the Relay Cursor Connections specification defines it.
#[derive(Clone, Debug, SimpleObject)]
pub struct PageInfo {
    /// Whether items follow this page.
    pub has_next_page: bool,
    /// Whether items precede this page.
    pub has_previous_page: bool,
    /// The first item's cursor; null on an empty page.
    pub start_cursor: Option<String>,
    /// The last item's cursor; null on an empty page.
    pub end_cursor: Option<String>,
}

/// Valid paging arguments.
#[derive(Clone, Debug)]
pub struct Page {
    /// Items wanted, 0 to 100.
    pub size: usize,
    /// Whether they are counted from the end.
    pub from_end: bool,
    /// Only items behind this one.
    pub after: Option<Cursor>,
    /// Only items in front of this one.
    pub before: Option<Cursor>,
}

/// A place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// In a list ordered by identifier; bound to the company, the filter and the order by a fingerprint.
    Keyset {
        /// Of everything that decides the list.
        fingerprint: u64,
        /// The item's identifier.
        key: Uuid,
    },
    /// In a list that was served and recorded.
    Served {
        /// Which.
        list_id: ServedListId,
        /// The item's place in it, 0-based.
        idx: u32,
    },
}

impl Cursor {
    /// The opaque text.
    pub fn encode(self) -> String {
        let text = match self {
            Self::Keyset { fingerprint, key } => format!("k:{fingerprint:016x}:{}", key.as_simple()),
            Self::Served { list_id, idx } => format!("s:{}:{idx}", list_id.0.as_simple()),
        };
        URL_SAFE_NO_PAD.encode(text)
    }

    /// The recorded list that a text names; `None` for every text that names none.
    pub fn list_id(text: &str) -> Option<ServedListId> {
        match Self::decode(text)? {
            Self::Served { list_id, .. } => Some(list_id),
            Self::Keyset { .. } => None,
        }
    }

    fn decode(text: &str) -> Option<Self> {
        if text.len() > CURSOR_LENGTH_MAX {
            return None;
        }
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let mut parts = text.split(':');
        let cursor = match (parts.next()?, parts.next()?, parts.next()?, parts.next()) {
            ("k", fingerprint, key, None) => Self::Keyset {
                fingerprint: u64::from_str_radix(fingerprint, 16).ok()?,
                key: Uuid::try_parse(key).ok()?,
            },
            ("s", list_id, idx, None) => Self::Served {
                list_id: ServedListId(Uuid::try_parse(list_id).ok()?),
                idx: idx.parse().ok()?,
            },
            _ => return None,
        };
        Some(cursor)
    }
}

/// The error for a cursor that this list did not give.
pub fn foreign_cursor(argument: &str) -> Error {
    Code::BadUserInput.error(format!(
        "{argument}: the cursor belongs to no list with these arguments"
    ))
}

impl Page {
    /// Checks the four arguments of a connection.
    pub fn new(
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Self, Error> {
        if let (Some(first), Some(last)) = (first, last) {
            return Err(Code::BadUserInput.error(format!(
                "first {first} and last {last} exclude each other: give one"
            )));
        }
        let size_of = |name: &str, size: i32| {
            if size < 0 {
                return Err(Code::BadUserInput.error(format!("{name} {size} is below the minimum of 0")));
            }
            if size > PAGE_SIZE_MAX {
                return Err(
                    Code::BadUserInput.error(format!("{name} {size} exceeds the maximum of {PAGE_SIZE_MAX}"))
                );
            }
            Ok(usize::try_from(size).unwrap_or(PAGE_SIZE_DEFAULT))
        };
        let cursor_of = |name: &str, text: Option<String>| match text {
            None => Ok(None),
            Some(text) => Cursor::decode(&text)
                .map(Some)
                .ok_or_else(|| foreign_cursor(name)),
        };
        let size = match (first, last) {
            (Some(first), _) => size_of("first", first)?,
            (None, Some(last)) => size_of("last", last)?,
            (None, None) => PAGE_SIZE_DEFAULT,
        };
        Ok(Self {
            size,
            from_end: last.is_some(),
            after: cursor_of("after", after)?,
            before: cursor_of("before", before)?,
        })
    }

    /// The recorded list that the cursors name; `None` without cursors.
    pub fn served_list(&self) -> Result<Option<ServedListId>, Error> {
        let mut named = None;
        for (argument, cursor) in [("after", self.after), ("before", self.before)] {
            match cursor {
                None => {}
                Some(Cursor::Served { list_id, .. }) if named.is_none_or(|other| other == list_id) => {
                    named = Some(list_id);
                }
                Some(Cursor::Served { .. } | Cursor::Keyset { .. }) => return Err(foreign_cursor(argument)),
            }
        }
        Ok(named)
    }

    /// The page of a recorded list: `places` are the 0-based places of the items that may still be shown, ascending.
    pub fn cut_served(&self, places: &[u32]) -> Cut {
        let place = |cursor: Option<Cursor>| match cursor {
            Some(Cursor::Served { idx, .. }) => Some(idx),
            Some(Cursor::Keyset { .. }) | None => None,
        };
        self.cut(places, place(self.after), place(self.before))
    }

    /// The page of a list ordered by identifier, which `fingerprint` stands for.
    pub fn cut_keyset(&self, keys: &[Uuid], fingerprint: u64) -> Result<Cut, Error> {
        let key = |argument: &str, cursor: Option<Cursor>| match cursor {
            None => Ok(None),
            Some(Cursor::Keyset {
                fingerprint: of_cursor,
                key,
            }) if of_cursor == fingerprint => Ok(Some(key)),
            Some(Cursor::Keyset { .. } | Cursor::Served { .. }) => Err(foreign_cursor(argument)),
        };
        Ok(self.cut(keys, key("after", self.after)?, key("before", self.before)?))
    }

    fn cut<K: Ord + Copy>(&self, keys: &[K], after: Option<K>, before: Option<K>) -> Cut {
        let start = after.map_or(0, |after| keys.partition_point(|key| *key <= after));
        let end = before
            .map_or(keys.len(), |before| keys.partition_point(|key| *key < before))
            .max(start);
        let range = if self.from_end {
            end.saturating_sub(self.size).max(start)..end
        } else {
            start..(start + self.size).min(end)
        };
        Cut {
            has_previous_page: range.start > 0,
            has_next_page: range.end < keys.len(),
            range,
        }
    }
}

/// A page as a range of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Which items.
    pub range: Range<usize>,
    /// Whether any precede them.
    pub has_previous_page: bool,
    /// Whether any follow them.
    pub has_next_page: bool,
}

impl Cut {
    /// The page's description; `cursors` are its items' cursors in order.
    pub fn page_info<'a>(&self, mut cursors: impl DoubleEndedIterator<Item = &'a String>) -> PageInfo {
        let start_cursor = cursors.next().cloned();
        let end_cursor = cursors.next_back().cloned().or_else(|| start_cursor.clone());
        PageInfo {
            has_next_page: self.has_next_page,
            has_previous_page: self.has_previous_page,
            start_cursor,
            end_cursor,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(first: Option<i32>, after: Option<u32>, last: Option<i32>, before: Option<u32>) -> Page {
        let cursor = |idx| {
            Cursor::Served {
                list_id: ServedListId(Uuid::nil()),
                idx,
            }
            .encode()
        };
        Page::new(first, after.map(cursor), last, before.map(cursor)).unwrap()
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_overlap_though_items_vanish() {
        let cut = page(Some(2), None, None, None).cut_served(&[0, 1, 2, 3, 4]);
        assert_eq!(
            (cut.range.clone(), cut.has_previous_page, cut.has_next_page),
            (0..2, false, true)
        );
        // Item 1, which page one ended with, and item 2 must no longer be shown.
        let cut = page(Some(2), Some(1), None, None).cut_served(&[0, 3, 4]);
        assert_eq!(
            (cut.range.clone(), cut.has_previous_page, cut.has_next_page),
            (1..3, true, false)
        );
    }

    #[test]
    fn last_counts_from_the_end_and_zero_gives_an_empty_page() {
        assert_eq!(page(None, None, Some(2), None).cut_served(&[0, 1, 2]).range, 1..3);
        assert_eq!(
            page(None, None, Some(2), Some(1)).cut_served(&[0, 1, 2]).range,
            0..1
        );
        assert_eq!(page(Some(0), None, None, None).cut_served(&[0, 1, 2]).range, 0..0);
    }

    #[test]
    fn refusals_name_both_numbers() {
        let message = |first, last| Page::new(first, None, last, None).unwrap_err().message;
        assert_eq!(message(Some(500), None), "first 500 exceeds the maximum of 100");
        assert_eq!(message(None, Some(-1)), "last -1 is below the minimum of 0");
        assert_eq!(
            message(Some(3), Some(4)),
            "first 3 and last 4 exclude each other: give one"
        );
    }
}
