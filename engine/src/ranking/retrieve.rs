//! What the text index is asked for when a company has more people than are all scored.

use crate::domain::Opportunity;
use crate::index::WeightedText;

/// The title names the work in the fewest words; weights follow the recipe measured on the collection (title ×3,
/// must-haves ×2), with the description, which is mostly about other things, at half.
const TITLE_WEIGHT: f32 = 3.0;
const MUST_HAVE_WEIGHT: f32 = 2.0;
const NICE_TO_HAVE_WEIGHT: f32 = 1.0;
const DESCRIPTION_WEIGHT: f32 = 0.5;

/// The texts of an opportunity with what each counts in retrieval.
#[must_use]
pub fn query(opportunity: &Opportunity) -> WeightedText {
    let mut parts = vec![
        (opportunity.title.clone(), TITLE_WEIGHT),
        (opportunity.description.clone(), DESCRIPTION_WEIGHT),
    ];
    parts.extend(
        opportunity
            .required_skills
            .iter()
            .map(|skill| (skill.clone(), MUST_HAVE_WEIGHT)),
    );
    parts.extend(
        opportunity
            .preferred_skills
            .iter()
            .map(|skill| (skill.clone(), NICE_TO_HAVE_WEIGHT)),
    );
    WeightedText { parts }
}
