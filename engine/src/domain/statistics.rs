//! What people may say about themselves for statistics, and how small numbers are kept from telling of one person.
//!
//! - Apart from everything that ranks: no profile, standing or feature knows these types.
//! - To give an answer is the consent to count it, and to nothing else; taking it back deletes it.

use super::coded_enum;

coded_enum! {
    /// What is asked.
    Question {
        /// Which gender the person names.
        Gender = "GENDER",
        /// How old the person is, in bands.
        AgeBand = "AGE_BAND",
        /// Whether the person cares for children or relatives.
        Caring = "CARING",
    }
}

coded_enum! {
    /// What can be answered; not to answer is an answer that nobody stores.
    Answer {
        /// A woman.
        Woman = "WOMAN",
        /// A man.
        Man = "MAN",
        /// Neither, or another word.
        AnotherGender = "ANOTHER_GENDER",
        /// Younger than 30.
        Under30 = "UNDER_30",
        /// From 30 to 39.
        From30To39 = "FROM_30_TO_39",
        /// From 40 to 49.
        From40To49 = "FROM_40_TO_49",
        /// From 50 to 59.
        From50To59 = "FROM_50_TO_59",
        /// 60 or older.
        From60 = "FROM_60",
        /// Cares for children or relatives.
        Caring = "CARING",
        /// Does not.
        NotCaring = "NOT_CARING",
    }
}

impl Answer {
    /// What it answers.
    #[must_use]
    pub const fn question(self) -> Question {
        match self {
            Self::Woman | Self::Man | Self::AnotherGender => Question::Gender,
            Self::Under30 | Self::From30To39 | Self::From40To49 | Self::From50To59 | Self::From60 => {
                Question::AgeBand
            }
            Self::Caring | Self::NotCaring => Question::Caring,
        }
    }
}

/// Fewer people than this are not told apart: what official statistics and audits of hiring (such as New York's Local Law
/// 144) commonly use lies between 5 and 10.
pub const SMALL_CELL: u32 = 5;

/// The count, unless it is so small that it tells of single people. None at all tells of nobody.
#[must_use]
pub fn told(count: u32) -> Option<u32> {
    (count == 0 || count >= SMALL_CELL).then_some(count)
}

/// Which of the cells may be told where readers know their sum: those that are large enough, without the smallest of them
/// if only one cell was withheld, since it would be the sum less the others.
#[must_use]
pub fn told_cells(cells: &[u32]) -> Vec<bool> {
    let mut is_told: Vec<bool> = cells.iter().map(|cell| told(*cell).is_some()).collect();
    let n_withheld = is_told.iter().filter(|told| !**told).count();
    if n_withheld == 1 {
        let largest_enough = (0..cells.len()).filter(|idx| is_told[*idx] && cells[*idx] > 0);
        if let Some(smallest) = largest_enough.min_by_key(|idx| cells[*idx]) {
            is_told[smallest] = false;
        }
    }
    is_told
}

/// Which of the steps of a funnel may be told, each the people of the one before who went on: those that are large enough,
/// as long as those who did not go on from the last step that is told are, too.
#[must_use]
pub fn told_steps(steps: &[u32]) -> Vec<Option<u32>> {
    let mut last_told = None;
    steps
        .iter()
        .map(|step| {
            let n_left = last_told.map_or(0, |before: u32| before.saturating_sub(*step));
            let told = told(*step).filter(|_| told(n_left).is_some());
            last_told = told.or(last_told);
            told
        })
        .collect()
}

/// How a group fares: how many were there, and how many of them were chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// People who could be chosen.
    pub n_considered: u32,
    /// People who were.
    pub n_selected: u32,
}

impl Selection {
    /// The share that was chosen. `None` where nobody was there.
    #[must_use]
    pub fn rate(self) -> Option<f64> {
        (self.n_considered > 0).then(|| f64::from(self.n_selected) / f64::from(self.n_considered))
    }
}

/// Each group's rate by the highest of them: below 0.8 is what the four-fifths rule (US EEOC, Uniform Guidelines on
/// Employee Selection Procedures, 29 CFR 1607.4 D) takes for a sign of adverse impact. `None` where nobody was chosen at
/// all, or nobody was there.
#[must_use]
pub fn impact_ratios(groups: &[Selection]) -> Vec<Option<f64>> {
    let highest = groups.iter().filter_map(|group| group.rate()).fold(0.0, f64::max);
    groups
        .iter()
        .map(|group| group.rate().filter(|_| highest > 0.0).map(|rate| rate / highest))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_below_the_limit_is_told_and_none_can_be_computed_from_the_sum() {
        assert_eq!([told(0), told(4), told(5)], [Some(0), None, Some(5)]);
        assert_eq!(told_cells(&[12, 9, 30]), [true, true, true]);
        // One is small: the smallest of the others goes with it.
        assert_eq!(told_cells(&[12, 3, 30]), [false, false, true]);
        // Two are small: their sum alone can be computed.
        assert_eq!(told_cells(&[1, 3, 30]), [false, false, true]);
        // An empty cell tells of nobody, and hides nobody either.
        assert_eq!(told_cells(&[0, 3, 30]), [true, false, false]);
        assert_eq!(told_cells(&[3]), [false]);
        assert_eq!(told_cells(&[]), Vec::<bool>::new());
    }

    #[test]
    fn a_step_is_told_with_those_who_went_on_and_those_who_did_not() {
        assert_eq!(told_steps(&[40, 20, 5]), [Some(40), Some(20), Some(5)]);
        assert_eq!(told_steps(&[40, 20, 3]), [Some(40), Some(20), None]);
        // Eight of whom five went on: three did not.
        assert_eq!(told_steps(&[8, 5, 5]), [Some(8), None, None]);
        assert_eq!(told_steps(&[8, 8, 0]), [Some(8), Some(8), Some(0)]);
    }

    #[test]
    fn impact_is_the_rate_by_the_highest_rate() {
        let group = |n_considered, n_selected| Selection {
            n_considered,
            n_selected,
        };
        let ratios = impact_ratios(&[group(10, 5), group(20, 8), group(0, 0)]);
        assert_eq!(ratios, [Some(1.0), Some(0.8), None]);
        assert_eq!(impact_ratios(&[group(10, 0)]), [None]);
    }
}
