//! Standing wishes: what people would like to be asked for, and telling them when it comes.
//!
//! - A wish is its person's own. Recruiters read it only where the person allows it, and only while whatever else they
//!   have to know of the person's interest may be known.
//! - A person is told once of an opportunity that their wish finds. Nobody is told of a person.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use okaeri_engine::domain::calendar::japan_date;
use okaeri_engine::domain::limits::{UNIT_CHARS_MAX, WISH_CHARS_MAX};
use okaeri_engine::domain::visibility::{access, may_know_interest};
use okaeri_engine::domain::{
    AlumnusId, OpportunityKind, Purpose, Standing, StandingWish, Viewer, WishId,
    YearMonth, may_be_ranked,
};
use okaeri_engine::features::wish;

use super::notice::Notice;
use super::validate::Checks;
use super::{Failure, Fault, Rejection, RejectionCode};
use crate::app::App;
use crate::db::wishes::WishSearch;
use crate::db::change_log::{self, Change};
use crate::db::{Transaction, jobs, standings, wishes};
use crate::projection::run_blocking;

/// What a person says of their wish.
#[derive(Clone, Debug)]
pub struct WishDraft {
    /// For which kind of opportunity.
    pub kind: OpportunityKind,
    /// The work.
    pub words: String,
    /// The unit.
    pub unit: Option<String>,
    /// On which conditions.
    pub conditions: Option<String>,
    /// First month.
    pub from: Option<YearMonth>,
    /// The last day on which it stands.
    pub valid_until: Option<NaiveDate>,
    /// Whether recruiters may read it.
    pub is_shown_to_recruiters: bool,
}

/// Says a wish, in the place of an earlier one for the same kind.
pub async fn set(
    app: &App,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    draft: WishDraft,
) -> Result<StandingWish, Failure> {
    let now = app.clock.now();
    check(&draft, now)?;
    let wish = StandingWish {
        id: WishId(app.clock.new_id()),
        alumnus_id,
        kind: draft.kind,
        words: draft.words,
        unit: draft.unit,
        conditions: draft.conditions,
        from: draft.from,
        valid_until: draft.valid_until,
        is_shown_to_recruiters: draft.is_shown_to_recruiters,
        stated_at: now,
    };
    let tx = app.db.begin_for(viewer.company_id).await?;
    wishes::replace(&tx, viewer.company_id, &wish).await?;
    append_change(&tx, viewer, alumnus_id, now).await?;
    tx.commit().await?;
    Ok(wish)
}

/// Withdraws the wish for a kind: it is gone from the next answer, and finds nothing more.
pub async fn withdraw(
    app: &App,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    kind: OpportunityKind,
) -> Result<StandingWish, Failure> {
    let now = app.clock.now();
    let tx = app.db.begin_for(viewer.company_id).await?;
    let wish = wishes::find_for(&tx, viewer.company_id, alumnus_id, kind)
        .await?
        .ok_or_else(|| Rejection::not_found("kind", "standing wish", "この種類の希望"))?;
    wishes::delete(&tx, viewer.company_id, alumnus_id, kind).await?;
    append_change(&tx, viewer, alumnus_id, now).await?;
    tx.commit().await?;
    Ok(wish)
}

/// Lists and live views hear of a wish as they do of a person's other choices.
async fn append_change(
    tx: &Transaction,
    viewer: &Viewer,
    alumnus_id: AlumnusId,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    change_log::append(tx, viewer.company_id, Change::StandingChanged(alumnus_id), now).await?;
    Ok(())
}

/// The wishes that a recruiter may read: allowed by the person, standing today, and for a kind of which the recruiter
/// may know that the person offers it. By identifier; empty for everybody else.
pub async fn list_shown(
    app: &App,
    viewer: &Viewer,
    kind: Option<OpportunityKind>,
) -> Result<Vec<StandingWish>, Fault> {
    if !viewer.is_hiring_staff() {
        return Ok(Vec::new());
    }
    let listed = wishes::list(&app.db, viewer.company_id, kind).await?;
    keep_shown(app, viewer, listed).await
}

/// Of these wishes, those that `viewer` may read: all of their own, and as staff those of [`list_shown`].
pub async fn keep_shown(
    app: &App,
    viewer: &Viewer,
    mut wishes: Vec<StandingWish>,
) -> Result<Vec<StandingWish>, Fault> {
    let today = japan_date(app.clock.now());
    let ids: Vec<AlumnusId> = wishes.iter().map(|wish| wish.alumnus_id).collect();
    let standings: HashMap<AlumnusId, Standing> =
        standings::load(&app.db, viewer.company_id, &ids).await?.into_iter().collect();
    wishes.retain(|wish| {
        let Some(standing) = standings.get(&wish.alumnus_id) else {
            return false;
        };
        if viewer.alumnus_id == Some(wish.alumnus_id) {
            return true;
        }
        wish.is_shown_to_recruiters
            && wish.stands_on(today)
            && viewer.is_hiring_staff()
            && access(viewer, wish.alumnus_id, standing).is_some()
            && may_know_interest(viewer, standing, wish.kind.interest())
    });
    Ok(wishes)
}

/// Finds whose wish an opportunity is, and has them told; once for each wish.
pub async fn find_wishers(app: &App, search: WishSearch) -> Result<u64, Fault> {
    let WishSearch {
        company_id,
        opportunity_id,
    } = search;
    let listed = wishes::list(&app.db, company_id, None).await?;
    if listed.is_empty() {
        return Ok(0);
    }
    let projection = app.projections.barrier(company_id).await?;
    let now = app.clock.now();
    let found = run_blocking(move || {
        let state = projection.state();
        let Some(entry) = state.opportunities.get(&opportunity_id) else {
            return Vec::new();
        };
        let is_demonstration = state.company.is_demonstration;
        if !entry.opportunity.is_shown_to_alumni(now, is_demonstration) {
            return Vec::new();
        }
        let today = japan_date(now);
        let is_found = |wish: &StandingWish| {
            let may_be_told = state.pool.standing(wish.alumnus_id).is_some_and(|standing| {
                standing.has_consent(Purpose::Feed)
                    && may_be_ranked(&state.policy, wish.alumnus_id, standing, &entry.opportunity, today).is_ok()
            });
            may_be_told
                && wish.stands_on(today)
                && wish.admits(&entry.opportunity)
                && wish::fits(&projection.things_named_in(&wish.words), &entry.analyzed)
        };
        listed.into_iter().filter(is_found).collect()
    })
    .await?;
    let mut n_told = 0;
    for wish in found {
        let tx = app.db.begin_for(company_id).await?;
        if wishes::note_found(&tx, company_id, wish.id, opportunity_id, now).await? {
            let notice = Notice::WishFound {
                company_id,
                wish_id: wish.id,
                opportunity_id,
            };
            jobs::enqueue(&tx, &notice.into_job(app.clock.new_id(), now), now).await?;
            n_told += 1;
        }
        tx.commit().await?;
    }
    Ok(n_told)
}

fn check(draft: &WishDraft, now: DateTime<Utc>) -> Result<(), Failure> {
    let mut checks = Checks::default();
    checks.line("words", &draft.words, WISH_CHARS_MAX);
    checks.optional("unit", draft.unit.as_deref(), UNIT_CHARS_MAX);
    checks.optional("conditions", draft.conditions.as_deref(), WISH_CHARS_MAX);
    let today = japan_date(now);
    if let Some(until) = draft.valid_until.filter(|until| *until < today) {
        checks.reject(
            RejectionCode::OutOfRange,
            "validUntil",
            format!("validUntil {until} has passed: today is {today}"),
            format!("有効期限 {until} は過ぎています（今日は {today}）"),
        );
    }
    checks.finish()
}
