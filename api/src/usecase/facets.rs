//! How the results of a list spread over what they can be narrowed by.
//!
//! - Counts whoever is in the list and nobody else, so that no count tells of anybody whom the viewer may not see; and
//!   by nothing that the viewer may not read of them.
//! - Each result counts once for a value, however often it has it.

use std::collections::{BTreeSet, HashMap};

use okaeri_engine::domain::visibility::may_know_interest;
use okaeri_engine::domain::{AlumnusId, Asker, Interest, OpportunityId, Viewer};

use super::search::Listed;
use crate::projection::CompanyProjection;

/// Most values that are counted by one field, the most frequent: the prefectures and 海外 fit, and a longer list of
/// units is no help in narrowing anything.
pub const VALUES_MAX: usize = 50;

/// What results are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FacetField {
    /// Where the person lives, or the work is.
    Prefecture,
    /// What the person opts into, as far as the viewer may know.
    Interest,
    /// Units of tenures, or of opportunities.
    Department,
    /// Languages.
    Language,
    /// Where the person is willing to work; hiring staff only.
    RemotePreference,
    /// The opportunity's kind.
    Kind,
    /// Where the opportunity stands.
    Status,
    /// Where the work is done.
    Remote,
}

/// The results of a list by one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// Which.
    pub field: FacetField,
    /// Values with how many results have them: most frequent first, ties by value; at most [`VALUES_MAX`].
    pub values: Vec<(String, usize)>,
}

/// The alumni of a list by what the viewer may read of them.
pub fn of_alumni(viewer: &Viewer, listed: &Listed, projection: &CompanyProjection) -> Vec<Facet> {
    let mut prefectures = Counts::default();
    let mut interests = Counts::default();
    let mut departments = Counts::default();
    let mut languages = Counts::default();
    let mut remote = Counts::default();
    let reader = Asker::of_viewer(viewer);
    let state = projection.state();
    for id in listed.keys().map(AlumnusId) {
        let Some(member) = state.pool.find(id) else {
            continue;
        };
        let Some((outline, practical)) = member.outline() else {
            continue;
        };
        let standing = &member.standing.as_seen_by(&reader);
        prefectures.add(practical.prefecture.iter().map(|prefecture| prefecture.name()));
        let known = Interest::ALL.iter().copied();
        let known = known.filter(|interest| may_know_interest(viewer, standing, *interest));
        interests.add(known.map(Interest::code));
        departments.add(outline.departments());
        languages.add(outline.languages.iter().map(|(language, _)| language.as_ref()));
        remote.add(practical.work_style.iter().map(|style| style.remote.code()));
    }
    let mut facets = vec![
        prefectures.into_facet(FacetField::Prefecture),
        interests.into_facet(FacetField::Interest),
        departments.into_facet(FacetField::Department),
        languages.into_facet(FacetField::Language),
    ];
    if viewer.is_hiring_staff() {
        facets.push(remote.into_facet(FacetField::RemotePreference));
    }
    facets
}

/// The opportunities of a list.
pub fn of_opportunities(listed: &Listed, projection: &CompanyProjection) -> Vec<Facet> {
    let mut kinds = Counts::default();
    let mut statuses = Counts::default();
    let mut prefectures = Counts::default();
    let mut remote = Counts::default();
    let mut departments = Counts::default();
    let state = projection.state();
    for id in listed.keys().map(OpportunityId) {
        let Some(entry) = state.opportunities.get(&id) else {
            continue;
        };
        let opportunity = &entry.opportunity;
        kinds.add([opportunity.kind().code()]);
        statuses.add([opportunity.status.code()]);
        prefectures.add(opportunity.prefecture.iter().map(|prefecture| prefecture.name()));
        remote.add([opportunity.remote.code()]);
        departments.add(opportunity.department.as_deref());
    }
    vec![
        kinds.into_facet(FacetField::Kind),
        statuses.into_facet(FacetField::Status),
        prefectures.into_facet(FacetField::Prefecture),
        remote.into_facet(FacetField::Remote),
        departments.into_facet(FacetField::Department),
    ]
}

/// Values with how many have them.
#[derive(Default)]
struct Counts(HashMap<String, usize>);

impl Counts {
    /// Counts one result.
    fn add<'a>(&mut self, values: impl IntoIterator<Item = &'a str>) {
        let distinct: BTreeSet<&str> = values.into_iter().filter(|value| !value.is_empty()).collect();
        for value in distinct {
            match self.0.get_mut(value) {
                Some(count) => *count += 1,
                None => {
                    self.0.insert(value.to_owned(), 1);
                }
            }
        }
    }

    fn into_facet(self, field: FacetField) -> Facet {
        let mut values: Vec<(String, usize)> = self.0.into_iter().collect();
        values.sort_unstable_by(|(one, n_one), (other, n_other)| {
            n_other.cmp(n_one).then_with(|| one.cmp(other))
        });
        values.truncate(VALUES_MAX);
        Facet { field, values }
    }
}
