//! A page of a list that stands in the order of writing, latest first.

use async_graphql::{Context, Error};
use uuid::Uuid;

use crate::graphql::context::ContextExt as _;
use crate::graphql::pagination::{Cursor, Page, PageInfo};
use crate::usecase::search::order_fingerprint;

/// A page, its items with their cursors.
pub struct LatestFirst<T> {
    /// The items.
    pub items: Vec<(String, T)>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// All items in the list, not just the page.
    pub total_count: i32,
}

/// Cuts a page. `list` and `criteria` name the list, so that no cursor fits another.
pub fn latest_first<T>(
    ctx: &Context<'_>,
    page: &Page,
    (list, criteria): (&str, &str),
    mut items: Vec<T>,
    id: impl Fn(&T) -> Uuid,
) -> Result<LatestFirst<T>, Error> {
    // Identifiers grow with time; their complements ascend as the list does, latest first.
    let key = |item: &T| Uuid::from_u128(!id(item).as_u128());
    items.sort_by_key(key);
    let keys: Vec<Uuid> = items.iter().map(key).collect();
    let fingerprint = order_fingerprint(ctx.viewer()?, list, criteria);
    let cut = page.cut_keyset(&keys, fingerprint)?;
    let total_count = i32::try_from(items.len()).unwrap_or(i32::MAX);
    let cursors = keys[cut.range.clone()].iter().map(|key| {
        let key = *key;
        Cursor::Keyset { fingerprint, key }.encode()
    });
    let cursors: Vec<String> = cursors.collect();
    let page_info = cut.page_info(cursors.iter());
    let on_page = items.drain(cut.range.clone());
    Ok(LatestFirst {
        items: cursors.into_iter().zip(on_page).collect(),
        page_info,
        total_count,
    })
}
