//! What a programme comes to, in numbers for its administrators: from being shown to agreeing, how often recruiters choose
//! otherwise than the ranking, and whether groups fare alike.
//!
//! - Sums alone, of whole months; whatever is so small that it tells of single people is withheld, and so is what such a
//!   number could be computed from (`domain::statistics`).
//! - Nothing here is read by anything that ranks.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use okaeri_engine::domain::statistics::{Question, told, told_steps};
use okaeri_engine::domain::{
    AlumnusId, Candidacy, CandidacyState, CompanyId, OpportunityId, OpportunityKind, Viewer, YearMonth,
};

use super::Fault;
use super::served::Served;
use super::statistics::{self, GroupImpact};
use crate::app::App;
use crate::db::served_lists::{self, ServedList};
use crate::db::{candidacies, opportunities};

/// Places of a list that count as shown: its first page. What further pages showed is not recorded.
const SHOWN_MAX: usize = 20;
/// Most lists that are read, newest first: some 400 MB pass through. How many were left out is said.
const LISTS_MAX: usize = 2_000;
/// Lists in memory at a time: some 200 kB each.
const LISTS_PER_STEP: usize = 20;
/// Months of one answer: five years.
pub const MONTHS_MAX: u32 = 60;

/// From being shown to agreeing. A count is `None` where it, or those who did not go on, are so few that it tells of
/// single people.
#[derive(Clone, Debug, PartialEq)]
pub struct Funnel {
    /// People and opportunities that stood on the first page of a list.
    pub n_matched: Option<u32>,
    /// Those of them who were invited.
    pub n_contacted: Option<u32>,
    /// Those of them with whom it was agreed.
    pub n_agreed: Option<u32>,
    /// Those of them with whom it came about.
    pub n_realized: Option<u32>,
    /// How recruiters chose.
    pub overrides: Overrides,
    /// How groups fare, by question.
    pub impact: Vec<(Question, Vec<GroupImpact>)>,
    /// Lists of the period that were not read, being more than can be.
    pub n_lists_left_out: usize,
}

/// How often recruiters chose otherwise than the ranking. `None` where fewer than the limit were invited.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Overrides {
    /// The share of invitations to somebody who stood below somebody else not invited to it, in the newest list before.
    pub invited_below_others: Option<f64>,
    /// The share of opportunities with an invitation whose first of the list was not invited.
    pub first_passed_over: Option<f64>,
}

/// A person and an opportunity.
type Pair = (AlumnusId, OpportunityId);

/// Counts what happened from the first day of `from` to the last of `to`, in Japan time.
pub async fn count(
    app: &App,
    viewer: &Viewer,
    kind: OpportunityKind,
    (from, to): (YearMonth, YearMonth),
) -> Result<Funnel, Fault> {
    let company_id = viewer.company_id;
    let period = Period::of(from, to);
    let offers = opportunities::list_all(&app.db, company_id).await?;
    let offers: HashSet<OpportunityId> = offers
        .iter()
        .filter(|offer| offer.kind() == kind)
        .map(|offer| offer.id)
        .collect();
    let (lists, n_lists_left_out) = read_lists(app, company_id, &offers, period).await?;
    let mut invited = Vec::new();
    for offer in &offers {
        let candidacies = candidacies::list_for_opportunity(&app.db, company_id, *offer).await?;
        invited.extend(candidacies.into_iter().filter_map(Approach::of));
    }
    invited.retain(|approach| period.contains(approach.sent_at));

    let matched: HashSet<Pair> = lists.iter().flat_map(Shown::pairs).collect();
    let contacted: HashSet<Pair> = invited
        .iter()
        .map(pair)
        .filter(|pair| matched.contains(pair))
        .collect();
    let with = |is_so: fn(&Approach) -> bool| -> HashSet<Pair> {
        let such = invited.iter().filter(|approach| is_so(approach)).map(pair);
        such.filter(|pair| contacted.contains(pair)).collect()
    };
    let (agreed, realized) = (
        with(|approach| approach.has_agreed),
        with(|approach| approach.is_realized),
    );
    let count = |pairs: &HashSet<Pair>| u32::try_from(pairs.len()).unwrap_or(u32::MAX);
    let steps = told_steps(&[
        count(&matched),
        count(&contacted),
        count(&agreed),
        count(&realized),
    ]);

    let people = |pairs: &HashSet<Pair>| pairs.iter().map(|(alumnus_id, _)| *alumnus_id).collect();
    let (considered, selected): (HashSet<AlumnusId>, HashSet<AlumnusId>) =
        (people(&matched), people(&contacted));
    let mut impact = Vec::new();
    for question in Question::ALL.iter().copied() {
        let groups = statistics::impact(app, company_id, question, &considered, &selected).await?;
        impact.push((question, groups));
    }
    Ok(Funnel {
        n_matched: steps[0],
        n_contacted: steps[1],
        n_agreed: steps[2],
        n_realized: steps[3],
        overrides: overrides(&lists, &invited),
        impact,
        n_lists_left_out,
    })
}

/// An invitation, and what came of it.
struct Approach {
    alumnus_id: AlumnusId,
    opportunity_id: OpportunityId,
    sent_at: DateTime<Utc>,
    has_agreed: bool,
    is_realized: bool,
}

impl Approach {
    /// `None` for a candidacy without an invitation.
    fn of(candidacy: Candidacy) -> Option<Self> {
        let (has_agreed, is_realized) = match &candidacy.state {
            CandidacyState::Agreed => (true, false),
            CandidacyState::Concluded { outcome, .. } => (outcome.holds_seat(), outcome.holds_seat()),
            CandidacyState::Shortlisted
            | CandidacyState::Unlisted
            | CandidacyState::Interested
            | CandidacyState::Invited
            | CandidacyState::Accepted
            | CandidacyState::Declined { .. }
            | CandidacyState::Snoozed { .. }
            | CandidacyState::InvitationWithdrawn
            | CandidacyState::InConversation
            | CandidacyState::InterestWithdrawn
            | CandidacyState::Rejected { .. } => (false, false),
        };
        Some(Self {
            alumnus_id: candidacy.alumnus_id,
            opportunity_id: candidacy.opportunity_id,
            sent_at: candidacy.letter?.sent_at,
            has_agreed,
            is_realized,
        })
    }
}

/// Whole months in Japan time.
#[derive(Clone, Copy)]
struct Period {
    from: DateTime<Utc>,
    end: DateTime<Utc>,
}

impl Period {
    fn of(from: YearMonth, to: YearMonth) -> Self {
        let behind = to.last_day() + chrono::Days::new(1);
        Self {
            from: begin_in_japan(from.first_day()),
            end: begin_in_japan(behind),
        }
    }

    fn contains(self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.end
    }
}

/// The first instant of a day in Japan, which is nine hours ahead and knows no summer time.
fn begin_in_japan(day: NaiveDate) -> DateTime<Utc> {
    (day.and_time(NaiveTime::MIN) - TimeDelta::hours(9)).and_utc()
}

/// A list as its reader saw it first.
struct Shown {
    opportunity_id: OpportunityId,
    at: DateTime<Utc>,
    people: Vec<AlumnusId>,
}

impl Shown {
    fn pairs(&self) -> impl Iterator<Item = Pair> {
        let first_page = self.people.iter().take(SHOWN_MAX);
        first_page.map(|alumnus_id| (*alumnus_id, self.opportunity_id))
    }
}

/// The lists of candidates for these opportunities, newest first, and how many were left out.
async fn read_lists(
    app: &App,
    company_id: CompanyId,
    offers: &HashSet<OpportunityId>,
    period: Period,
) -> Result<(Vec<Shown>, usize), Fault> {
    let mut ids =
        served_lists::list_candidates_between(&app.db, company_id, (period.from, period.end)).await?;
    ids.retain(|(_, offer)| offers.contains(offer));
    let n_left_out = ids.len().saturating_sub(LISTS_MAX);
    ids.truncate(LISTS_MAX);
    let mut lists = Vec::with_capacity(ids.len());
    for ids in ids.chunks(LISTS_PER_STEP) {
        for row in served_lists::load(&app.db, company_id, ids.iter().map(|(id, _)| id.0)).await? {
            lists.extend(shown(&row)?);
        }
    }
    Ok((lists, n_left_out))
}

fn shown(row: &ServedList) -> Result<Option<Shown>, Fault> {
    let list: Served = postcard::from_bytes(&row.entries)
        .map_err(|error| Fault::Broken(format!("served list {} is unreadable: {error}", row.id)))?;
    let Some(subject_id) = row.subject_id else {
        return Ok(None);
    };
    let known = list.entries.iter().filter(|entry| !entry.key.is_nil());
    Ok(Some(Shown {
        opportunity_id: OpportunityId(subject_id),
        at: row.created_at,
        people: known.map(|entry| AlumnusId(entry.key)).collect(),
    }))
}

fn overrides(lists: &[Shown], invited: &[Approach]) -> Overrides {
    let invited_to: HashMap<OpportunityId, HashSet<AlumnusId>> =
        invited.iter().fold(HashMap::new(), |mut to, approach| {
            let of_one: &mut HashSet<AlumnusId> = to.entry(approach.opportunity_id).or_default();
            of_one.insert(approach.alumnus_id);
            to
        });
    let newest_before = |approach: &Approach| {
        let of_offer = lists
            .iter()
            .filter(|list| list.opportunity_id == approach.opportunity_id && list.at <= approach.sent_at);
        of_offer.max_by_key(|list| list.at)
    };
    let (mut n_seen, mut n_below) = (0, 0);
    let mut first_invited: HashMap<OpportunityId, bool> = HashMap::new();
    for approach in invited {
        let Some(list) = newest_before(approach) else {
            continue;
        };
        let to = &invited_to[&approach.opportunity_id];
        let Some(place) = list.people.iter().position(|id| *id == approach.alumnus_id) else {
            continue;
        };
        n_seen += 1;
        n_below += u32::from(list.people[..place].iter().any(|above| !to.contains(above)));
        let has_first = list.people.first().is_some_and(|first| to.contains(first));
        first_invited.insert(approach.opportunity_id, has_first);
    }
    let share = |part: u32, whole: u32| {
        told(whole)
            .filter(|whole| *whole > 0)
            .map(|whole| f64::from(part) / f64::from(whole))
    };
    let n_offers = u32::try_from(first_invited.len()).unwrap_or(u32::MAX);
    let n_passed = first_invited.values().filter(|invited| !**invited).count();
    Overrides {
        invited_below_others: share(n_below, n_seen),
        first_passed_over: share(u32::try_from(n_passed).unwrap_or(u32::MAX), n_offers),
    }
}

fn pair(approach: &Approach) -> Pair {
    (approach.alumnus_id, approach.opportunity_id)
}
