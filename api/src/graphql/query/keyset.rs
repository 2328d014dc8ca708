//! Pages of lists that are read whole and ordered by a key.

use async_graphql::Error;
use uuid::Uuid;

use crate::graphql::pagination::{Cursor, Page, PageInfo};

/// A page with its cursors.
pub struct Keyed<T> {
    /// The items with their cursors.
    pub items: Vec<(String, T)>,
    /// Where the page lies.
    pub page_info: PageInfo,
    /// All items, not just the page.
    pub total_count: i32,
}

/// Cuts a page out of `items`, which ascend by `key`; `fingerprint` stands for everything that decides the list.
pub fn cut<T: Clone>(
    items: &[T],
    key: impl Fn(&T) -> Uuid,
    fingerprint: u64,
    page: &Page,
) -> Result<Keyed<T>, Error> {
    let keys: Vec<Uuid> = items.iter().map(&key).collect();
    let cut = page.cut_keyset(&keys, fingerprint)?;
    let cursor = |key: Uuid| Cursor::Keyset { fingerprint, key }.encode();
    let cut_out = items[cut.range.clone()].iter();
    let items_of_page: Vec<(String, T)> = cut_out.map(|item| (cursor(key(item)), item.clone())).collect();
    Ok(Keyed {
        page_info: cut.page_info(items_of_page.iter().map(|(cursor, _)| cursor)),
        items: items_of_page,
        total_count: i32::try_from(items.len()).unwrap_or(i32::MAX),
    })
}

/// The key of a list that shows the latest first: identifiers grow with time, and their complements descend.
pub fn latest_first(id: Uuid) -> Uuid {
    Uuid::from_u128(!id.as_u128())
}
