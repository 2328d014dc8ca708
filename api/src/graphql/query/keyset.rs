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

/// Cuts a page out of `items`, which ascend by `key`; `fingerprint` stands for everything that decides the list, so that
/// no cursor fits another.
pub fn cut<T>(
    mut items: Vec<T>,
    key: impl Fn(&T) -> Uuid,
    fingerprint: u64,
    page: &Page,
) -> Result<Keyed<T>, Error> {
    let total_count = i32::try_from(items.len()).unwrap_or(i32::MAX);
    let keys: Vec<Uuid> = items.iter().map(key).collect();
    let cut = page.cut_keyset(&keys, fingerprint)?;
    let cursors = keys[cut.range.clone()].iter().map(|key| {
        let key = *key;
        Cursor::Keyset { fingerprint, key }.encode()
    });
    let cursors: Vec<String> = cursors.collect();
    Ok(Keyed {
        page_info: cut.page_info(cursors.iter()),
        items: cursors.into_iter().zip(items.drain(cut.range.clone())).collect(),
        total_count,
    })
}

/// [`cut`] from a list that shows the latest first, whatever order it comes in.
pub fn cut_latest_first<T>(
    mut items: Vec<T>,
    id: impl Fn(&T) -> Uuid,
    fingerprint: u64,
    page: &Page,
) -> Result<Keyed<T>, Error> {
    // Identifiers grow with time; their complements ascend as the list does.
    let key = |item: &T| Uuid::from_u128(!id(item).as_u128());
    items.sort_by_key(key);
    cut(items, key, fingerprint, page)
}
