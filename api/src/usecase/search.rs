//! Lists of alumni and of opportunities, searched or in order. The index proposes, the standing decides.

use std::collections::HashSet;
use std::sync::Arc;

use okaeri_engine::domain::visibility::{may_be_listed, may_know_interest, may_see_opportunity};
use okaeri_engine::domain::{
    AlumnusId, AlumnusStatus, AlumnusView, Asker, Interest, LanguageLevel, Opportunity, OpportunityId,
    OpportunityKind, OpportunityStatus, Prefecture, Remote, ServedListId, Standing, Viewer, YearMonth,
};
use okaeri_engine::features::outline::Outline;
use okaeri_engine::features::practical::Practical;
use okaeri_engine::index::{Relevance, SearchScope};
use okaeri_engine::ranking::Member;
use okaeri_engine::search::{Shown, Texts};
use uuid::Uuid;

use super::Fault;
use super::audit::inputs::{Inputs, Sparse};
use super::served::{self, ENTRIES_MAX, Entry, Items, Recorded, ScoredWith, Served, Subject};
use crate::admission::Execution;
use crate::app::App;
use crate::db::served_lists::ServedListKind;
use crate::projection::{CompanyProjection, State, run_blocking};
use crate::telemetry::{self, step};

/// Which alumni. An absent part asks nothing; an empty list asks for the impossible.
#[derive(Clone, Debug, Default)]
pub struct AlumnusCriteria {
    /// Lives in one of these.
    pub prefectures: Option<Vec<Prefecture>>,
    /// Opted into one of these, as far as the viewer may know.
    pub interests: Option<Vec<Interest>>,
    /// Was in a unit whose name contains this.
    pub department: Option<String>,
    /// Speaks this language at least this well.
    pub language: Option<(String, LanguageLevel)>,
    /// Has (true) or has not (false) held a position since leaving.
    pub has_career_after: Option<bool>,
    /// Is available in this month. Hiring staff only.
    pub available_by: Option<YearMonth>,
    /// Has (true) or has not (false) claimed the record. Hiring staff only.
    pub is_claimed: Option<bool>,
}

/// Which opportunities. An absent part asks nothing; an empty list asks for the impossible.
#[derive(Clone, Debug, Default)]
pub struct OpportunityCriteria {
    /// Of one of these kinds.
    pub kinds: Option<Vec<OpportunityKind>>,
    /// In one of these states.
    pub statuses: Option<Vec<OpportunityStatus>>,
    /// In one of these places; those anywhere are not in any.
    pub prefectures: Option<Vec<Prefecture>>,
    /// Remote to this degree.
    pub remote: Option<Vec<Remote>>,
    /// Of a unit whose name contains this.
    pub department: Option<String>,
    /// Complete (true) or lacking terms (false). Hiring staff only.
    pub is_complete: Option<bool>,
}

/// A list in one of its two orders.
pub enum Listed {
    /// In the order of identifiers, which is the order of creation.
    InOrder {
        /// The identifiers, ascending.
        keys: Vec<Uuid>,
        /// Of everything that decides the list; cursors carry it.
        fingerprint: u64,
    },
    /// By relevance, as recorded.
    Searched {
        /// The list.
        recorded: Recorded,
        /// 0-based places of what may still be shown, ascending.
        places: Vec<u32>,
    },
}

/// Alumni that the viewer may see, best match first when `query` asks for words, otherwise in order; with them, what
/// the page needs.
///
/// Returns `None` when `resumed` names no search of this viewer with these criteria.
pub async fn alumni(
    app: &App,
    execution: &Execution,
    viewer: &Viewer,
    query: Option<&str>,
    criteria: &AlumnusCriteria,
    resumed: Option<ServedListId>,
) -> Result<Option<(Listed, Arc<CompanyProjection>)>, Fault> {
    let projection = app.projections.barrier(viewer.company_id).await?;
    let asked = Asked {
        viewer: viewer.clone(),
        reader: Asker::of_viewer(viewer),
        criteria: criteria.clone(),
    };
    let Some(query) = query.filter(|query| !query.trim().is_empty()) else {
        let listed = Arc::clone(&projection);
        // Everybody is asked about: in a large company that is nothing for a thread that serves sockets.
        let keys = run_blocking(move || {
            let ids = listed.state().pool.in_order(|member| asked.admits(member));
            ids.into_iter().map(|id| id.0).collect()
        });
        let keys = keys.await?;
        let fingerprint = order_fingerprint(viewer, "alumni", &format!("{criteria:?}"));
        return Ok(Some((Listed::InOrder { keys, fingerprint }, projection)));
    };
    let subject = Subject {
        kind: ServedListKind::Search,
        items: Items::Alumni,
        subject_id: None,
        criteria: format!("alumni\n{}\n{query}\n{criteria:?}", viewer.role.code()),
    };
    let recorded = match resumed {
        Some(list_id) => match served::find(app, viewer, &subject, list_id).await? {
            Some(recorded) => recorded,
            None => return Ok(None),
        },
        None => {
            // Employees and other alumni must not find by words that they may not read.
            let scope = if viewer.is_hiring_staff() {
                SearchScope::WholeProfile
            } else {
                SearchScope::PeerVisible
            };
            let found = search_alumni(
                app,
                execution,
                &projection,
                query.to_owned(),
                scope,
                asked.clone(),
            )
            .await?;
            record(app, viewer, &subject, found, &projection).await?
        }
    };
    let places = {
        let state = projection.state();
        places(&recorded, |key| asked.admits_id(&state, AlumnusId(key)))
    };
    Ok(Some((Listed::Searched { recorded, places }, projection)))
}

/// Opportunities that the viewer may see, best match first when `query` asks for words, otherwise in order; with
/// them, what the page needs.
///
/// Returns `None` when `resumed` names no search of this viewer with these criteria.
pub async fn opportunities(
    app: &App,
    execution: &Execution,
    viewer: &Viewer,
    query: Option<&str>,
    criteria: &OpportunityCriteria,
    resumed: Option<ServedListId>,
) -> Result<Option<(Listed, Arc<CompanyProjection>)>, Fault> {
    let projection = app.projections.barrier(viewer.company_id).await?;
    let now = app.clock.now();
    let is_shown = |state: &State, id: OpportunityId| {
        state.opportunities.get(&id).is_some_and(|entry| {
            may_see_opportunity(viewer, &entry.opportunity, &state.company, &state.policy, now)
                && criteria.admits(&entry.opportunity)
        })
    };
    let Some(query) = query.filter(|query| !query.trim().is_empty()) else {
        let keys = {
            let state = projection.state();
            state
                .opportunities
                .keys()
                .filter(|id| is_shown(&state, **id))
                .map(|id| id.0)
                .collect()
        };
        let fingerprint = order_fingerprint(viewer, "opportunities", &format!("{criteria:?}"));
        return Ok(Some((Listed::InOrder { keys, fingerprint }, projection)));
    };
    let subject = Subject {
        kind: ServedListKind::Search,
        items: Items::Opportunities,
        subject_id: None,
        criteria: format!("opportunities\n{}\n{query}\n{criteria:?}", viewer.role.code()),
    };
    let recorded = match resumed {
        Some(list_id) => match served::find(app, viewer, &subject, list_id).await? {
            Some(recorded) => recorded,
            None => return Ok(None),
        },
        None => {
            let found = search_opportunities(app, execution, &projection, query.to_owned()).await?;
            let found = {
                let state = projection.state();
                let found = found.into_iter().filter(|(id, _)| is_shown(&state, *id));
                let best: Vec<_> = found.map(|(id, relevance)| (id.0, relevance)).collect();
                Found {
                    n_total: best.len(),
                    best,
                    position: state.position,
                }
            };
            record(app, viewer, &subject, found, &projection).await?
        }
    };
    let places = {
        let state = projection.state();
        places(&recorded, |key| is_shown(&state, OpportunityId(key)))
    };
    Ok(Some((Listed::Searched { recorded, places }, projection)))
}

impl Listed {
    /// Everything in the list, not just a page.
    pub fn keys(&self) -> impl Iterator<Item = Uuid> {
        let (keys, recorded, places): (&[Uuid], Option<&Recorded>, &[u32]) = match self {
            Self::InOrder { keys, .. } => (keys, None, &[]),
            Self::Searched { recorded, places } => (&[], Some(recorded), places),
        };
        let entries = recorded.map_or(&[][..], |recorded| &recorded.list.entries[..]);
        let searched = places.iter().filter_map(|place| entries.get(*place as usize));
        keys.iter().copied().chain(searched.map(|entry| entry.key))
    }
}

/// Shows why a query found people, each as far as the viewer may see them; in their order.
pub async fn show_alumni(
    app: &App,
    execution: &Execution,
    projection: &Arc<CompanyProjection>,
    query: String,
    views: Vec<AlumnusView>,
) -> Result<(Vec<AlumnusView>, Vec<Shown>), Fault> {
    let projection = Arc::clone(projection);
    let shown = app.computing.run(execution, move |_| {
        // Held no longer than it takes to look them up: others want to change the state.
        let kept: Vec<_> = {
            let state = projection.state();
            views
                .iter()
                .map(|view| state.pool.kept(view.id).cloned())
                .collect()
        };
        let profiles = kept
            .iter()
            .map(|kept| kept.as_ref().map(|kept| kept.read().profile));
        let profiles: Vec<_> = profiles.collect();
        let texts = views.iter().zip(&profiles);
        let texts: Vec<Texts<'_>> = texts
            .map(|(view, profile)| Texts::of_person(view, profile.as_deref()))
            .collect();
        let shown = projection.index.show(&query, &texts);
        Ok((views, shown))
    });
    shown.await
}

/// Shows why a query found opportunities, in their order.
pub async fn show_opportunities(
    app: &App,
    execution: &Execution,
    projection: &Arc<CompanyProjection>,
    query: String,
    found: Vec<Arc<Opportunity>>,
) -> Result<Vec<Shown>, Fault> {
    let projection = Arc::clone(projection);
    let shown = app.computing.run(execution, move |_| {
        let texts = found.iter().map(|opportunity| Texts::of_opportunity(opportunity));
        Ok(projection.index.show(&query, &texts.collect::<Vec<_>>()))
    });
    shown.await
}

impl AlumnusCriteria {
    /// Whether a part asks for what only hiring staff may know.
    #[must_use]
    pub fn needs_hiring_staff(&self) -> bool {
        self.available_by.is_some() || self.is_claimed.is_some()
    }

    fn admits_standing(&self, viewer: &Viewer, standing: &Standing) -> bool {
        let is_offered = |interest: Interest| may_know_interest(viewer, standing, interest);
        let is_claimed = standing.status == AlumnusStatus::Active;
        self.interests
            .as_ref()
            .is_none_or(|interests| interests.iter().copied().any(is_offered))
            && self.is_claimed.is_none_or(|wanted| wanted == is_claimed)
    }

    /// Whether nothing is asked of profiles, so that nobody's need be looked at.
    fn admits_all_profiles(&self) -> bool {
        self.prefectures.is_none()
            && self.department.is_none()
            && self.language.is_none()
            && self.has_career_after.is_none()
            && self.available_by.is_none()
    }

    fn admits_profile(&self, outline: &Outline, practical: &Practical) -> bool {
        let lives_there = |prefectures: &Vec<Prefecture>| {
            practical
                .prefecture
                .is_some_and(|prefecture| prefectures.contains(&prefecture))
        };
        let was_in = |department: &String| outline.departments().any(|one| one.contains(department.as_str()));
        let speaks = |(language, level): &(String, LanguageLevel)| {
            let mut spoken = outline.languages.iter();
            spoken.any(|(spoken, at)| spoken.as_ref() == language && at >= level)
        };
        let is_free_by = |month: YearMonth| {
            practical
                .work_style
                .is_some_and(|style| style.available_from.is_none_or(|from| from <= month))
        };
        self.prefectures.as_ref().is_none_or(lives_there)
            && self.department.as_ref().is_none_or(was_in)
            && self.language.as_ref().is_none_or(speaks)
            && self
                .has_career_after
                .is_none_or(|wanted| wanted == outline.has_career_after)
            && self.available_by.is_none_or(is_free_by)
    }
}

impl OpportunityCriteria {
    fn admits(&self, opportunity: &Opportunity) -> bool {
        let is_in = |prefectures: &Vec<Prefecture>| {
            opportunity
                .prefecture
                .is_some_and(|prefecture| prefectures.contains(&prefecture))
        };
        let is_of = |department: &String| {
            opportunity
                .department
                .as_ref()
                .is_some_and(|own| own.contains(department.as_str()))
        };
        self.kinds
            .as_ref()
            .is_none_or(|kinds| kinds.contains(&opportunity.kind()))
            && self
                .statuses
                .as_ref()
                .is_none_or(|statuses| statuses.contains(&opportunity.status))
            && self.prefectures.as_ref().is_none_or(is_in)
            && self
                .remote
                .as_ref()
                .is_none_or(|remote| remote.contains(&opportunity.remote))
            && self.department.as_ref().is_none_or(is_of)
            && self
                .is_complete
                .is_none_or(|wanted| wanted == opportunity.missing_terms().is_empty())
    }
}

/// Whom of a company's alumni a viewer asks for.
#[derive(Clone)]
struct Asked {
    viewer: Viewer,
    reader: Asker,
    criteria: AlumnusCriteria,
}

impl Asked {
    fn admits(&self, member: Member<'_>) -> bool {
        let standing = &member.standing.as_seen_by(&self.reader);
        may_be_listed(&self.viewer, member.id, standing)
            && self.criteria.admits_standing(&self.viewer, standing)
            && (self.criteria.admits_all_profiles()
                || member
                    .outline()
                    .is_some_and(|(outline, practical)| self.criteria.admits_profile(outline, practical)))
    }

    fn admits_id(&self, state: &State, id: AlumnusId) -> bool {
        state.pool.find(id).is_some_and(|member| self.admits(member))
    }
}

/// What a search found that its viewer may see.
struct Found {
    /// As many as are recorded, best first, with what placed them.
    best: Vec<(Uuid, Relevance)>,
    /// How many there are.
    n_total: usize,
    /// Which state of the data was searched.
    position: u64,
}

/// - `asked`: nobody else moves the order of what is found, nor whether the search goes on to other words
async fn search_alumni(
    app: &App,
    execution: &Execution,
    projection: &Arc<CompanyProjection>,
    query: String,
    scope: SearchScope,
    asked: Asked,
) -> Result<Found, Fault> {
    let projection = Arc::clone(projection);
    let found = app.computing.run(execution, move |interrupt| {
        let state = projection.state();
        let is_shown = |id| asked.admits_id(&state, id);
        let index = &projection.index;
        let found = index.search_alumni_among(&query, scope, ENTRIES_MAX, is_shown)?;
        // The index is not asked in between; a search is the shortest of what is computed.
        interrupt.check()?;
        let ids = found.hits.into_iter().map(|id| id.0);
        Ok(Found {
            best: ids.zip(found.relevances).collect(),
            n_total: found.n_total,
            position: state.position,
        })
    });
    telemetry::in_step(step!("retrieve"), found).await
}

async fn search_opportunities(
    app: &App,
    execution: &Execution,
    projection: &Arc<CompanyProjection>,
    query: String,
) -> Result<Vec<(OpportunityId, Relevance)>, Fault> {
    let projection = Arc::clone(projection);
    let found = app.computing.run(execution, move |interrupt| {
        let found = projection.index.search_opportunities(&query, usize::MAX)?;
        interrupt.check()?;
        Ok(found.hits.into_iter().zip(found.relevances).collect())
    });
    telemetry::in_step(step!("retrieve"), found).await
}

async fn record(
    app: &App,
    viewer: &Viewer,
    subject: &Subject,
    found: Found,
    projection: &CompanyProjection,
) -> Result<Recorded, Fault> {
    let scored_with = ScoredWith {
        index_version: projection.index.version(),
        n_ranked: found.n_total,
        ..ScoredWith::default()
    };
    // Cut to what can be paged through.
    let entries = found
        .best
        .into_iter()
        .take(ENTRIES_MAX)
        .map(|(key, relevance)| Entry {
            key,
            contributions: Sparse::default(),
            inputs: Inputs::from(relevance),
        })
        .collect();
    let list = Served {
        base: 0.0,
        entries,
        left_out: Vec::new(),
    };
    served::record(
        app,
        viewer,
        subject,
        list,
        scored_with,
        (found.position, app.clock.now()),
    )
    .await
}

fn places(recorded: &Recorded, is_shown: impl Fn(Uuid) -> bool) -> Vec<u32> {
    let shown = |key: Uuid, seen: &mut HashSet<Uuid>| seen.insert(key) && is_shown(key);
    let mut seen = HashSet::new();
    (0u32..)
        .zip(&recorded.list.entries)
        .filter(|(_, entry)| shown(entry.key, &mut seen))
        .map(|(place, _)| place)
        .collect()
}

/// Of everything that decides an ordered list.
pub fn order_fingerprint(viewer: &Viewer, list: &str, criteria: &str) -> u64 {
    let text = format!(
        "{}\n{}\n{list}\n{criteria}",
        viewer.company_id,
        viewer.role.code()
    );
    u64::from_str_radix(&served::fingerprint(&text), 16).unwrap_or_default()
}
