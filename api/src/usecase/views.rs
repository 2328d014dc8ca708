//! Recording who of the staff looks at whose profile, for the person to read.
//!
//! - Looking is opening one person: by identifier or by the company's number, by a recruiter or an administrator. A place
//!   in a list is not: lists are recorded as rankings and searches, and the person reads those beside the views.
//! - What cannot be recorded is not shown.

use std::collections::BTreeSet;

use okaeri_engine::domain::calendar::japan_date;
use okaeri_engine::domain::{AlumnusId, Viewer};

use super::Fault;
use crate::app::App;
use crate::db::profile_views::{self, ProfileView};

/// Records that the viewer looked at these people. One statement; the same again on the same day writes nothing.
pub async fn record(app: &App, viewer: &Viewer, people: &BTreeSet<AlumnusId>) -> Result<(), Fault> {
    if people.is_empty() || !viewer.is_hiring_staff() {
        return Ok(());
    }
    let now = app.clock.now();
    let view = |alumnus_id: &AlumnusId| ProfileView {
        id: app.clock.new_id(),
        alumnus_id: *alumnus_id,
        viewer_subject: viewer.subject.clone(),
        viewer_role: viewer.role,
        viewer_unit: viewer.unit.clone(),
        viewed_on: japan_date(now),
        viewed_at: now,
    };
    let views: Vec<ProfileView> = people.iter().map(view).collect();
    let tx = app.db.begin().await?;
    profile_views::insert_all(&tx, viewer.company_id, &views).await?;
    tx.commit().await?;
    Ok(())
}
