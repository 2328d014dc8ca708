//! Return safety: "not in this unit", "not under this person", said by an alumnus and known to nobody else.
//!
//! What a person opts into holds for every unit but those excluded. There is no second rule beside the interest: where
//! an interest does not hold, the person is somebody who never opted in, and is counted as such.
//!
//! - Whoever asks is an [`Asker`]: the unit whose work it is, or to which a member of staff belongs, and that one
//!   person. An exclusion of a member of staff names their unit as well and holds for both, since being on a unit's
//!   lists and hidden from one of its people would tell on whom the exclusion names. It holds as well for every unit
//!   that the member of staff is hiring manager in.
//! - Units are paths: 「物流部」 contains 「物流部/配送課」 and 「物流部 配送課」. An exclusion holds for the unit that it
//!   names, for all that lies in it, and for all around it: whoever has the whole department's work to give has the
//!   section's.
//! - No unit is the company as a whole, which lies around every unit. So an opportunity that names no unit, and staff
//!   without one (administrators too), count as excluded by whoever excludes anything: it might be theirs. Hence
//!   neither an administrator nor a colleague without a unit can help a unit's recruiter: they see the same.
//! - What two recruiters of different units can find out together is that a person offers herself to one of the units
//!   and not to the other. That is what not wanting a unit's work looks like too.
//! - Names compare by [`UnitPath`] and [`normalized_subject`]; when in doubt they are alike, which hides too much and
//!   never too little.
//! - Nothing here can be printed or serialised: `Debug` shows no part of it, and there is no `Serialize`.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use unicode_normalization::UnicodeNormalization as _;

use super::opportunity::Opportunity;
use super::visibility::Viewer;

/// Most exclusions that one person can hold: a working life of units and superiors at one company, and few enough that
/// they fit the fixed size at which they are stored.
pub const EXCLUSIONS_MAX: usize = 10;

/// What an exclusion is about, as the person wrote it.
#[derive(Clone, PartialEq, Eq)]
pub enum ExclusionTarget {
    /// A unit, with all that lies in it.
    Unit(String),
    /// A member of staff, and the unit that they belong to.
    Staff {
        /// As the company knows them: the subject of their token.
        subject: String,
        /// Their unit, for which the exclusion holds too.
        unit: String,
    },
}

/// One exclusion.
#[derive(Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// What it is about.
    pub target: ExclusionTarget,
    /// Since when it holds.
    pub since: DateTime<Utc>,
}

/// A unit's name as it compares: NFKC, lower case, without spaces, with the places where one of its parts ends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnitPath {
    joined: String,
    /// Byte offsets behind each part, ascending; the last is the length.
    part_ends: Vec<usize>,
}

impl UnitPath {
    /// Reads a name; parts are separated by spaces, `/` or `>`. `None` when nothing else is in it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let mut joined = String::new();
        let mut part_ends = Vec::new();
        for character in name.nfkc().flat_map(char::to_lowercase) {
            let is_separator = character.is_whitespace() || matches!(character, '/' | '>');
            if !is_separator {
                joined.push(character);
            } else if part_ends.last().copied().unwrap_or(0) < joined.len() {
                part_ends.push(joined.len());
            }
        }
        if joined.is_empty() {
            return None;
        }
        if part_ends.last() != Some(&joined.len()) {
            part_ends.push(joined.len());
        }
        Some(Self { joined, part_ends })
    }

    /// Whether one is the other, or lies in it.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.contains(other) || other.contains(self)
    }

    /// Whether `other` is this unit or lies in it. Spaces within a name separate nothing that the other joins:
    /// 「営業 部」 is 「営業部」.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.joined.starts_with(&self.joined) && other.part_ends.contains(&self.joined.len())
    }
}

/// A member of staff's subject as it compares: NFKC, lower case, without surrounding spaces. Empty for nobody.
#[must_use]
pub fn normalized_subject(subject: &str) -> String {
    subject.trim().nfkc().flat_map(char::to_lowercase).collect()
}

/// Who asks what a person offers: an opportunity on behalf of its unit and hiring manager, or a member of staff.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Asker {
    /// `None`: the company as a whole.
    unit: Option<UnitPath>,
    /// `None`: nobody in particular.
    staff: Option<String>,
}

impl Asker {
    /// The company as a whole: to it holds what holds for every unit. Whatever everybody may see is made of that:
    /// means over people, plans of lists.
    pub const COMPANY: Self = Self {
        unit: None,
        staff: None,
    };

    /// On behalf of whom an opportunity asks.
    #[must_use]
    pub fn of_opportunity(opportunity: &Opportunity) -> Self {
        Self::new(
            opportunity.department.as_deref(),
            opportunity.hiring_manager.as_deref(),
        )
    }

    /// A member of staff.
    #[must_use]
    pub fn of_viewer(viewer: &Viewer) -> Self {
        Self::new(viewer.unit.as_deref(), Some(&viewer.subject))
    }

    fn new(unit: Option<&str>, staff: Option<&str>) -> Self {
        Self {
            unit: unit.and_then(UnitPath::parse),
            staff: staff
                .map(normalized_subject)
                .filter(|subject| !subject.is_empty()),
        }
    }
}

/// The units that members of staff are hiring managers in, by subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HiringManagers(BTreeMap<String, Vec<UnitPath>>);

impl HiringManagers {
    /// Collects pairs of a hiring manager and the unit of an opportunity of theirs, whatever its state.
    pub fn collect<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut managers: BTreeMap<String, Vec<UnitPath>> = BTreeMap::new();
        for (subject, unit) in pairs {
            let Some(unit) = UnitPath::parse(unit) else {
                continue;
            };
            let units = managers.entry(normalized_subject(subject)).or_default();
            if !units.contains(&unit) {
                units.push(unit);
            }
        }
        for units in managers.values_mut() {
            units.sort_unstable_by(|one, other| one.joined.cmp(&other.joined));
        }
        Self(managers)
    }

    fn units_of(&self, subject: &str) -> Vec<UnitPath> {
        self.0.get(subject).cloned().unwrap_or_default()
    }
}

/// An exclusion as it compares.
#[derive(Clone, PartialEq, Eq)]
struct Compared {
    /// `None` when the name that was written is empty: it excludes the company as a whole.
    unit: Option<UnitPath>,
    staff: Option<String>,
    /// Units that the member of staff hires in.
    hires_in: Vec<UnitPath>,
    since: DateTime<Utc>,
}

impl Compared {
    /// Looks at every part, so that what it costs does not depend on which one applies.
    fn applies_to(&self, asker: &Asker) -> bool {
        let (Some(asking), Some(unit)) = (&asker.unit, &self.unit) else {
            return true;
        };
        let is_staff = self.staff.is_some() & (self.staff == asker.staff);
        let is_unit = asking.overlaps(unit);
        self.hires_in.iter().fold(is_staff | is_unit, |applies, unit| {
            applies | asking.overlaps(unit)
        })
    }
}

/// Whom and what one person excludes, in the form that decides.
#[derive(Clone, PartialEq, Eq)]
pub struct Exclusions(State);

#[derive(Clone, PartialEq, Eq)]
enum State {
    Known(Vec<Compared>),
    /// They are stored and cannot be read: nothing holds for anybody.
    Unreadable,
}

impl Default for Exclusions {
    fn default() -> Self {
        Self(State::Known(Vec::new()))
    }
}

impl Exclusions {
    /// Exclusions that are stored and cannot be read. Whoever has them is not ranked for anything.
    pub const UNREADABLE: Self = Self(State::Unreadable);

    /// What was written, with the units that the members of staff named in it hire in.
    #[must_use]
    pub fn new(exclusions: &[Exclusion], managers: &HiringManagers) -> Self {
        let compared = exclusions.iter().map(|exclusion| {
            let (unit, staff) = match &exclusion.target {
                ExclusionTarget::Unit(unit) => (unit, None),
                ExclusionTarget::Staff { subject, unit } => (unit, Some(normalized_subject(subject))),
            };
            Compared {
                unit: UnitPath::parse(unit),
                hires_in: staff
                    .as_deref()
                    .map_or_else(Vec::new, |subject| managers.units_of(subject)),
                staff,
                since: exclusion.since,
            }
        });
        Self(State::Known(compared.collect()))
    }

    /// Takes in that members of staff hire in other units now.
    pub fn follow(&mut self, managers: &HiringManagers) {
        match &mut self.0 {
            State::Known(exclusions) => {
                for exclusion in exclusions {
                    if let Some(subject) = &exclusion.staff {
                        exclusion.hires_in = managers.units_of(subject);
                    }
                }
            }
            State::Unreadable => {}
        }
    }

    /// Whether anything of them applies to `asker`.
    #[must_use]
    pub fn apply_to(&self, asker: &Asker) -> bool {
        self.since(asker).is_some()
    }

    /// Since when something of them applies to `asker`; `None` when nothing does. Since ever, where they cannot be
    /// read.
    #[must_use]
    pub fn since(&self, asker: &Asker) -> Option<DateTime<Utc>> {
        match &self.0 {
            State::Known(exclusions) => exclusions
                .iter()
                .filter(|exclusion| exclusion.applies_to(asker))
                .map(|exclusion| exclusion.since)
                .min(),
            State::Unreadable => Some(DateTime::<Utc>::MIN_UTC),
        }
    }

    /// Whether there is nothing that anybody could be excluded by.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match &self.0 {
            State::Known(exclusions) => exclusions.is_empty(),
            State::Unreadable => false,
        }
    }

    /// Whether they are stored and cannot be read.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        self.0 == State::Unreadable
    }
}

impl fmt::Debug for ExclusionTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[confidential]")
    }
}

impl fmt::Debug for Exclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[confidential]")
    }
}

impl fmt::Debug for Exclusions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[confidential]")
    }
}

#[cfg(test)]
mod tests;
