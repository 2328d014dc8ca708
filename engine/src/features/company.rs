//! Knowing the company: having been in the unit that offers the work or in a job of its name, or having met the product
//! that the work is about.
//!
//! One feature with a cap, whatever a person knows and for however long they knew it: length of service adds nothing.

use super::analysis::tenure_text;
use super::kept::Kept;
use super::matching::{EntryMatch, Match};
use crate::domain::Profile;
use crate::text::Compact;

/// The most that the unit's name can add: half of it shared is as good as all of it.
const UNIT_SHARE_CAP: f32 = 0.5;

/// All of a name's words, but for rounding.
const WHOLE_NAME: f32 = 0.999;

/// The most that any period at the company shares with the opportunity, from 0 to 1: its department or title with the
/// unit's name, or the name of a product.
///
/// - `products`: of the opportunity
#[must_use]
pub fn adjacency(products: &[String], found: &Match, profile: &Kept) -> f32 {
    let shares = found.entries.iter().map(|entry| {
        let unit = entry.unit_share.min(UNIT_SHARE_CAP) / UNIT_SHARE_CAP;
        // The words of a name may stand apart; whether they are the name is read where all of them are there.
        let is_worth_reading = unit < 1.0 && has_all_words(entry);
        let names_one = || {
            let profile = &profile.read().profile.profile;
            known_product(products, profile, entry.entry.into()).is_some()
        };
        if is_worth_reading && names_one() {
            1.0
        } else {
            unit
        }
    });
    shares.fold(0.0, f32::max)
}

/// The first of these products, by its place, that one period at the company names in what it says publicly.
#[must_use]
pub fn known_product(products: &[String], profile: &Profile, tenure: usize) -> Option<usize> {
    let text = tenure_text(profile, tenure);
    products.iter().position(|product| {
        let name = Compact::new(product);
        !name.text().is_empty() && text.text().contains(name.text())
    })
}

fn has_all_words(entry: &EntryMatch) -> bool {
    entry.product_shares.iter().any(|share| *share >= WHOLE_NAME)
}
