//! What lists are narrowed and counted by and shares of groups go by: few words of a profile, which are read for
//! everybody and so stay in memory, each name once for all who have it.

use std::collections::HashSet;
use std::sync::Arc;

use crate::domain::{LanguageLevel, Profile};

/// The names in the outlines of one company, each once.
#[derive(Clone, Debug, Default)]
pub struct Names(HashSet<Arc<str>>);

impl Names {
    fn get(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.0.insert(Arc::clone(&name));
        name
    }

    /// Forgets the names that nobody but `outline` has.
    pub fn give_back(&mut self, outline: Outline) {
        for name in outline.names() {
            // What is left of one that nobody has: the outline's own, and the set's.
            if Arc::strong_count(name) == 1 + outline.names().filter(|other| Arc::ptr_eq(name, other)).count()
            {
                self.0.remove(name);
            }
        }
    }
}

/// The outline of a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    departments: Box<[Arc<str>]>,
    /// The place among these of the latest.
    latest: Option<u16>,
    /// Languages with levels.
    pub languages: Box<[(Arc<str>, LanguageLevel)]>,
    /// Whether the profile tells of anything since leaving.
    pub has_career_after: bool,
}

impl Outline {
    /// The outline of a profile.
    #[must_use]
    pub fn new(profile: &Profile, names: &mut Names) -> Self {
        let tenures = (0..).zip(&profile.tenures);
        // One whose end is not known is the latest.
        let latest = tenures.max_by_key(|(_, tenure)| (tenure.to.is_none(), tenure.to, tenure.from));
        let departments = profile.tenures.iter();
        let departments = departments.map(|tenure| names.get(&tenure.department)).collect();
        let languages = profile.languages.iter();
        Self {
            departments,
            latest: latest.map(|(idx, _)| idx),
            languages: languages
                .map(|skill| (names.get(&skill.language), skill.level))
                .collect(),
            has_career_after: !profile.career_after.is_empty(),
        }
    }

    /// The units of the tenures, in their order.
    pub fn departments(&self) -> impl Iterator<Item = &str> {
        self.departments.iter().map(AsRef::as_ref)
    }

    /// The unit of the latest tenure.
    #[must_use]
    pub fn latest_department(&self) -> Option<&str> {
        let idx = self.latest?;
        self.departments.get(usize::from(idx)).map(AsRef::as_ref)
    }

    fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        let languages = self.languages.iter().map(|(language, _)| language);
        self.departments.iter().chain(languages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{LanguageSkill, Tenure};

    fn profile(tenures: &[(&str, &str, Option<&str>)]) -> Profile {
        let tenures = tenures.iter().map(|(department, from, to)| Tenure {
            department: (*department).to_owned(),
            title: String::new(),
            from: from.parse().unwrap(),
            to: to.map(|to| to.parse().unwrap()),
            description: String::new(),
        });
        Profile {
            tenures: tenures.collect(),
            languages: vec![LanguageSkill {
                language: "英語".to_owned(),
                level: LanguageLevel::Business,
            }],
            ..Profile::default()
        }
    }

    #[test]
    fn the_latest_unit_is_the_one_without_an_end_or_that_of_the_last_end() {
        let mut names = Names::default();
        let mut latest = |tenures: &[(&str, &str, Option<&str>)]| {
            let outline = Outline::new(&profile(tenures), &mut names);
            outline.latest_department().map(str::to_owned)
        };
        let ended = ("物流部", "2001-04", Some("2010-03"));
        let later = ("経理部", "2005-04", Some("2012-03"));
        assert_eq!(latest(&[ended, later]).as_deref(), Some("経理部"));
        assert_eq!(
            latest(&[("人事部", "1999-04", None), ended, later]).as_deref(),
            Some("人事部")
        );
        assert_eq!(latest(&[]), None);
    }

    #[test]
    fn a_name_is_kept_once_and_no_longer_than_anybody_has_it() {
        let mut names = Names::default();
        let twice = [
            ("物流部", "2001-04", Some("2003-03")),
            ("物流部", "2003-04", None),
        ];
        let one = Outline::new(&profile(&twice), &mut names);
        let other = Outline::new(&profile(&[("経理部", "2001-04", None)]), &mut names);
        assert_eq!(names.0.len(), 3, "{names:?}");
        assert_eq!(one.departments().collect::<Vec<_>>(), ["物流部", "物流部"]);
        names.give_back(one);
        assert_eq!(names.0.len(), 2, "{names:?}");
        names.give_back(other);
        assert!(names.0.is_empty(), "{names:?}");
    }
}
