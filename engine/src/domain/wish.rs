//! Standing interest without a vacancy (打診): what a person would come back for, said before there is anything.

use chrono::{DateTime, NaiveDate, Utc};

use super::calendar::YearMonth;
use super::id::{AlumnusId, WishId};
use super::opportunity::{Opportunity, OpportunityKind};

/// What a person would like to be asked for. One for each kind of opportunity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingWish {
    /// The identifier.
    pub id: WishId,
    /// Whose.
    pub alumnus_id: AlumnusId,
    /// For which kind of opportunity.
    pub kind: OpportunityKind,
    /// The work, in the person's words.
    pub words: String,
    /// The unit it would be in; `None`: any.
    pub unit: Option<String>,
    /// On which conditions, in the person's words; nothing interprets them.
    pub conditions: Option<String>,
    /// First month; `None`: at once.
    pub from: Option<YearMonth>,
    /// The last day on which it stands; `None`: until it is withdrawn.
    pub valid_until: Option<NaiveDate>,
    /// Whether recruiters and administrators may read it.
    pub is_shown_to_recruiters: bool,
    /// When it was said, or said anew.
    pub stated_at: DateTime<Utc>,
}

impl StandingWish {
    /// Whether it stands on `today`, its last day included.
    #[must_use]
    pub fn stands_on(&self, today: NaiveDate) -> bool {
        self.valid_until.is_none_or(|until| today <= until)
    }

    /// Whether an opportunity is of the kind, in the unit and not over before the person could begin. Whether it is the
    /// work is a question for the analysis of both texts.
    #[must_use]
    pub fn admits(&self, opportunity: &Opportunity) -> bool {
        let is_in_unit = match (&self.unit, &opportunity.department) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(wished), Some(department)) => names_the_same_unit(wished, department),
        };
        let ends_before = self
            .from
            .zip(opportunity.ends_on)
            .is_some_and(|(from, ends_on)| ends_on < from);
        self.kind == opportunity.kind() && is_in_unit && !ends_before
    }
}

/// Whether two names are of one unit: the same, or one is a part of the other, as 物流部 is of 物流部 東日本課.
#[must_use]
pub fn names_the_same_unit(one: &str, other: &str) -> bool {
    let (one, other) = (squeezed(one), squeezed(other));
    !one.is_empty() && !other.is_empty() && (one.contains(&other) || other.contains(&one))
}

fn squeezed(name: &str) -> String {
    name.chars().filter(|sign| !sign.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::testing::opportunity;

    #[test]
    fn a_wish_stands_through_its_last_day_and_admits_its_kind_and_unit() {
        let wish = StandingWish {
            id: WishId(Uuid::nil()),
            alumnus_id: AlumnusId(Uuid::nil()),
            kind: OpportunityKind::Role,
            words: "物流企画".to_owned(),
            unit: Some("物流部".to_owned()),
            conditions: None,
            from: "2027-04".parse().ok(),
            valid_until: "2027-03-31".parse().ok(),
            is_shown_to_recruiters: false,
            stated_at: DateTime::UNIX_EPOCH,
        };
        assert!(wish.stands_on("2027-03-31".parse().unwrap()));
        assert!(!wish.stands_on("2027-04-01".parse().unwrap()));

        let role = opportunity(OpportunityKind::Role);
        assert!(wish.admits(&role));
        assert!(!wish.admits(&opportunity(OpportunityKind::SpeakerSlot)));
        let in_another = Opportunity {
            department: Some("広報部".to_owned()),
            ..role.clone()
        };
        assert!(!wish.admits(&in_another));
        let over = Opportunity {
            ends_on: "2027-03".parse().ok(),
            ..role
        };
        assert!(!wish.admits(&over));
    }
}
