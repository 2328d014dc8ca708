//! Invented opportunities in the import format.

use okaeri_engine::domain::{Opportunity, Terms};
use okaeri_engine::fixtures;
use serde_json::{Value, json};

/// Lines of a file for `okaeri import opportunities`; the same seed gives the same, and more begin with the fewer.
pub(crate) fn rows(seed: u64, n: usize) -> String {
    let offers = fixtures::opportunities(seed, n);
    (1..)
        .zip(&offers)
        .map(|(number, offer)| format!("{}\n", row(number, offer)))
        .collect()
}

fn row(number: usize, offer: &Opportunity) -> Value {
    // The file has one key for the first month of work and for the day of a slot.
    let starts_on = match &offer.terms {
        Terms::SpeakerSlot(slot) => slot.held_on.map(|day| day.to_string()),
        Terms::Role(_) | Terms::ContractWork(_) => offer.starts_on.map(|month| month.to_string()),
    };
    json!({
        "id": format!("o{number:05}"),
        "kind": offer.kind().code(),
        "title": offer.title,
        "department": offer.department,
        "description": offer.description,
        "requiredSkills": offer.required_skills,
        "preferredSkills": offer.preferred_skills,
        "prefecture": offer.prefecture.map(|prefecture| prefecture.to_string()),
        "remote": offer.remote.code(),
        "seats": offer.seats,
        "hoursPerWeek": offer.hours_per_week,
        "startsOn": starts_on,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use okaeri_api::import::parse_opportunities;

    #[test]
    fn every_invented_opportunity_is_a_good_row_of_an_import() {
        let parsed = parse_opportunities(rows(1, 200).as_bytes()).unwrap();
        assert_eq!(parsed.rows.len(), 200);
        assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    }
}
