//! Batched reads for one viewer and one request. Permission is decided here, where things are loaded, so that no
//! path through the schema goes around it.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Error;
use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::runtime::{TokioSpawner, TokioTimer};
use okaeri_engine::domain::visibility::may_see_opportunity;
use okaeri_engine::domain::{
    Alumnus, AlumnusId, AlumnusView, ChangeNote, Consent, ConsentId, Interaction, Invitation, InvitationId,
    Opportunity, OpportunityId, StandingWish, Viewer, WishId,
};

use super::error::{from_fault, unauthenticated};
use super::types::company::Company;
use crate::app::App;
use crate::db::{
    alumni, change_notes, companies, consents, interactions, invitations, opportunities, programmes, standings,
    wishes,
};
use crate::usecase::Fault;

/// Batched reads. Without a cache, so that each event of a subscription, and each step of a mutation, reads anew.
pub struct Loaders {
    viewer: Option<Viewer>,
    app: Arc<App>,
    batches: DataLoader<Batches>,
}

/// What the batches read with.
struct Batches {
    app: Arc<App>,
    viewer: Option<Viewer>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct InteractionWith(OpportunityId);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct InvitationTo(OpportunityId);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct WishesOf(AlumnusId);

/// The company's change notes, all of which are one value.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct ChangeNotes;

/// A fault shared by all keys of a batch.
type Shared = Arc<Fault>;

impl Loaders {
    /// Loaders for one request.
    pub fn new(app: Arc<App>, viewer: Option<Viewer>) -> Self {
        let batches = Batches {
            app: Arc::clone(&app),
            viewer: viewer.clone(),
        };
        let batches = DataLoader::new(batches, TokioSpawner::current(), TokioTimer::default());
        Self { viewer, app, batches }
    }

    /// One person, as far as the viewer may see them.
    pub async fn alumnus(&self, id: AlumnusId) -> Result<Option<AlumnusView>, Error> {
        self.batches
            .load_one(id)
            .await
            .map_err(|fault| from_fault(&fault))
    }

    /// Several people; those whom the viewer may not see are missing.
    pub async fn alumni(&self, ids: Vec<AlumnusId>) -> Result<HashMap<AlumnusId, AlumnusView>, Error> {
        self.batches
            .load_many(ids)
            .await
            .map_err(|fault| from_fault(&fault))
    }

    /// One opportunity, if the viewer may see it.
    pub async fn opportunity(&self, id: OpportunityId) -> Result<Option<Arc<Opportunity>>, Error> {
        self.batches
            .load_one(id)
            .await
            .map_err(|fault| from_fault(&fault))
    }

    /// What the viewer did last with an opportunity.
    pub async fn interaction(&self, id: OpportunityId) -> Result<Option<Interaction>, Error> {
        self.batches
            .load_one(InteractionWith(id))
            .await
            .map_err(|fault| from_fault(&fault))
    }

    /// The viewer's invitation to an opportunity.
    pub async fn invitation_of_viewer(&self, id: OpportunityId) -> Result<Option<Invitation>, Error> {
        self.batches
            .load_one(InvitationTo(id))
            .await
            .map_err(|fault| from_fault(&fault))
    }

    /// An invitation, if the viewer is the invited person, a recruiter or an administrator.
    pub async fn invitation(&self, id: InvitationId) -> Result<Option<Invitation>, Error> {
        self.batches
            .load_one(id)
            .await
            .map_err(|fault| from_fault(&fault))
    }

    /// A person's standing wishes, as far as the viewer may read them; by identifier.
    pub async fn wishes_of(&self, id: AlumnusId) -> Result<Vec<StandingWish>, Error> {
        let found = self.batches.load_one(WishesOf(id)).await;
        Ok(found.map_err(|fault| from_fault(&fault))?.unwrap_or_default())
    }

    /// One standing wish, if the viewer may read it.
    pub async fn standing_wish(&self, id: WishId) -> Result<Option<StandingWish>, Error> {
        let Some(viewer) = &self.viewer else {
            return Ok(None);
        };
        let found = wishes::find(&self.app.db, viewer.company_id, id).await;
        match found.map_err(|error| from_fault(&error.into()))? {
            None => Ok(None),
            Some(wish) => Ok(self.wishes_of(wish.alumnus_id).await?.into_iter().find(|shown| shown.id == id)),
        }
    }

    /// All change notes of the viewer's company, in the order of writing.
    pub async fn change_notes(&self) -> Result<Vec<ChangeNote>, Error> {
        let found = self.batches.load_one(ChangeNotes).await;
        Ok(found.map_err(|fault| from_fault(&fault))?.unwrap_or_default())
    }

    /// The viewer's own record.
    pub async fn own_record(&self) -> Result<Option<Alumnus>, Error> {
        let Some((viewer, alumnus_id)) = self.alumnus_viewer() else {
            return Ok(None);
        };
        let found = alumni::find(&self.app.db, viewer.company_id, alumnus_id).await;
        found.map_err(|error| from_fault(&error.into()))
    }

    /// The viewer's company.
    pub async fn company(&self) -> Result<Company, Error> {
        let viewer = self.viewer.as_ref().ok_or_else(unauthenticated)?;
        let read = async {
            let company = companies::find(&self.app.db, viewer.company_id).await?;
            let programme = programmes::find(&self.app.db, viewer.company_id).await?;
            let policy = programme.map(|programme| programme.policy).unwrap_or_default();
            let company = company.ok_or_else(|| Fault::Broken("the viewer's company is gone".to_owned()))?;
            Ok::<_, Fault>(Company::new(company, &policy))
        };
        read.await.map_err(|fault| from_fault(&fault))
    }

    /// The viewer's consents, latest first; empty for staff.
    pub async fn consents_of_viewer(&self) -> Result<Vec<Consent>, Error> {
        let Some((viewer, alumnus_id)) = self.alumnus_viewer() else {
            return Ok(Vec::new());
        };
        let listed = consents::list(&self.app.db, viewer.company_id, alumnus_id).await;
        let mut consents = listed.map_err(|error| from_fault(&error.into()))?;
        consents.sort_by_key(|consent| std::cmp::Reverse((consent.given_at, consent.id)));
        Ok(consents)
    }

    /// A consent of the viewer's own.
    pub async fn consent(&self, id: ConsentId) -> Result<Option<Consent>, Error> {
        Ok(self
            .consents_of_viewer()
            .await?
            .into_iter()
            .find(|consent| consent.id == id))
    }

    fn alumnus_viewer(&self) -> Option<(&Viewer, AlumnusId)> {
        let viewer = self.viewer.as_ref()?;
        viewer.alumnus_id.map(|id| (viewer, id))
    }
}

impl Loader<AlumnusId> for Batches {
    type Value = AlumnusView;
    type Error = Shared;

    async fn load(&self, ids: &[AlumnusId]) -> Result<HashMap<AlumnusId, AlumnusView>, Shared> {
        let Some(viewer) = &self.viewer else {
            return Ok(HashMap::new());
        };
        let (db, company_id) = (&self.app.db, viewer.company_id);
        let alumni = alumni::load(db, company_id, ids).await.map_err(shared)?;
        let standings = standings::load(db, company_id, ids).await.map_err(shared)?;
        let standings: HashMap<_, _> = standings.into_iter().collect();
        let view = |alumnus: okaeri_engine::domain::Alumnus| {
            let standing = standings.get(&alumnus.id)?;
            AlumnusView::new(viewer, alumnus, standing).map(|view| (view.id, view))
        };
        Ok(alumni.into_iter().filter_map(view).collect())
    }
}

impl Loader<OpportunityId> for Batches {
    type Value = Arc<Opportunity>;
    type Error = Shared;

    async fn load(&self, ids: &[OpportunityId]) -> Result<HashMap<OpportunityId, Arc<Opportunity>>, Shared> {
        let Some(viewer) = &self.viewer else {
            return Ok(HashMap::new());
        };
        let (db, company_id) = (&self.app.db, viewer.company_id);
        let Some(company) = companies::find(db, company_id).await.map_err(shared)? else {
            return Ok(HashMap::new());
        };
        let policy = programmes::find(db, company_id).await.map_err(shared)?;
        let policy = policy.map(|programme| programme.policy).unwrap_or_default();
        let now = self.app.clock.now();
        let found = opportunities::load(db, company_id, ids).await.map_err(shared)?;
        let shown = found
            .into_iter()
            .filter(|opportunity| may_see_opportunity(viewer, opportunity, &company, &policy, now))
            .map(|opportunity| (opportunity.id, Arc::new(opportunity)));
        Ok(shown.collect())
    }
}

impl Loader<InteractionWith> for Batches {
    type Value = Interaction;
    type Error = Shared;

    async fn load(&self, keys: &[InteractionWith]) -> Result<HashMap<InteractionWith, Interaction>, Shared> {
        let Some((viewer, alumnus_id)) = self.alumnus_viewer() else {
            return Ok(HashMap::new());
        };
        let ids: Vec<OpportunityId> = keys.iter().map(|key| key.0).collect();
        let found = interactions::load_latest(&self.app.db, viewer.company_id, alumnus_id, &ids).await;
        let found = found.map_err(shared)?.into_iter();
        Ok(found
            .map(|interaction| (InteractionWith(interaction.opportunity_id), interaction))
            .collect())
    }
}

impl Loader<InvitationTo> for Batches {
    type Value = Invitation;
    type Error = Shared;

    async fn load(&self, keys: &[InvitationTo]) -> Result<HashMap<InvitationTo, Invitation>, Shared> {
        let Some((viewer, alumnus_id)) = self.alumnus_viewer() else {
            return Ok(HashMap::new());
        };
        let pairs: Vec<_> = keys.iter().map(|key| (alumnus_id, key.0)).collect();
        let found = invitations::load_for_pairs(&self.app.db, viewer.company_id, &pairs).await;
        let found = found.map_err(shared)?.into_iter();
        Ok(found
            .map(|invitation| (InvitationTo(invitation.opportunity_id), invitation))
            .collect())
    }
}

impl Loader<InvitationId> for Batches {
    type Value = Invitation;
    type Error = Shared;

    async fn load(&self, ids: &[InvitationId]) -> Result<HashMap<InvitationId, Invitation>, Shared> {
        let Some(viewer) = &self.viewer else {
            return Ok(HashMap::new());
        };
        let found = invitations::load(&self.app.db, viewer.company_id, ids)
            .await
            .map_err(shared)?;
        let may_read = |invitation: &Invitation| {
            viewer.is_hiring_staff() || viewer.alumnus_id == Some(invitation.alumnus_id)
        };
        Ok(found
            .into_iter()
            .filter(may_read)
            .map(|invitation| (invitation.id, invitation))
            .collect())
    }
}

impl Loader<WishesOf> for Batches {
    type Value = Vec<StandingWish>;
    type Error = Shared;

    async fn load(&self, keys: &[WishesOf]) -> Result<HashMap<WishesOf, Vec<StandingWish>>, Shared> {
        let Some(viewer) = &self.viewer else {
            return Ok(HashMap::new());
        };
        let ids: Vec<AlumnusId> = keys.iter().map(|key| key.0).collect();
        let found = wishes::load_for_alumni(&self.app.db, viewer.company_id, &ids)
            .await
            .map_err(shared)?;
        let shown = crate::usecase::wishes::keep_shown(&self.app, viewer, found).await;
        let mut of: HashMap<WishesOf, Vec<StandingWish>> = HashMap::new();
        for wish in shown.map_err(Arc::new)? {
            of.entry(WishesOf(wish.alumnus_id)).or_default().push(wish);
        }
        Ok(of)
    }
}

impl Loader<ChangeNotes> for Batches {
    type Value = Vec<ChangeNote>;
    type Error = Shared;

    async fn load(&self, _: &[ChangeNotes]) -> Result<HashMap<ChangeNotes, Vec<ChangeNote>>, Shared> {
        let Some(viewer) = &self.viewer else {
            return Ok(HashMap::new());
        };
        let notes = change_notes::list(&self.app.db, viewer.company_id).await.map_err(shared)?;
        Ok(HashMap::from([(ChangeNotes, notes)]))
    }
}

impl Batches {
    fn alumnus_viewer(&self) -> Option<(&Viewer, AlumnusId)> {
        let viewer = self.viewer.as_ref()?;
        viewer.alumnus_id.map(|id| (viewer, id))
    }
}

fn shared(error: crate::db::DbError) -> Shared {
    Arc::new(error.into())
}
