//! Batched reads for one viewer and one request. Permission is decided here, where things are loaded, so that no
//! path through the schema goes around it.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::Error;
use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::runtime::{TokioSpawner, TokioTimer};
use futures_util::task::{FutureObj, Spawn, SpawnError};
use okaeri_engine::domain::correction::Correction;
use okaeri_engine::domain::review::ReviewRequest;
use okaeri_engine::domain::visibility::{Access, may_read_consultation, may_see_opportunity};
use okaeri_engine::domain::{
    Agreement, Alumnus, AlumnusId, AlumnusView, Candidacy, CandidacyId, CandidacyView, ChangeNote, Claim,
    ClaimId, CompanyId, Consent, ConsentId, ConsentText, Consultation, ConsultationId, CorrectionId,
    Interaction, Invitation, InvitationId, Message, Opportunity, OpportunityId, Purpose, ReviewRequestId,
    Role, Standing, StandingWish, Thread, Transition, Viewer, WishId,
};

use super::error::{from_fault, unauthenticated};
use super::types::company::Company;
use crate::app::App;
use crate::db::{
    alumni, candidacies, change_notes, companies, consents, consultations, corrections, interactions,
    messages, opportunities, programmes, standings, wishes,
};
use crate::telemetry::Here;
use crate::usecase::claims::{decide, matching};
use crate::usecase::{Fault, consent_texts, policy, reviews, views};

/// Batched reads. Without a cache, so that each event of a subscription, and each step of a mutation, reads anew.
pub struct Loaders {
    viewer: Option<Viewer>,
    app: Arc<App>,
    batches: DataLoader<Batches>,
    /// Whose profiles the request opened.
    viewed: Mutex<BTreeSet<AlumnusId>>,
}

/// Has a batch be part of the step that asks for it first.
struct SpawnerHere(TokioSpawner);

impl Spawn for SpawnerHere {
    fn spawn_obj(&self, batch: FutureObj<'static, ()>) -> Result<(), SpawnError> {
        let batch = Box::new(Here::current().instrument(batch));
        self.0.spawn_obj(FutureObj::new(batch))
    }
}

/// What the batches read with.
struct Batches {
    app: Arc<App>,
    viewer: Option<Viewer>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct InteractionWith(OpportunityId);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct CandidacyOf(AlumnusId, OpportunityId);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct HistoryOf(CandidacyId);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct SeatsOf(OpportunityId);

/// What decides who may see what passes between a person and an opportunity.
type Sides = (HashMap<AlumnusId, Standing>, HashMap<OpportunityId, Opportunity>);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct AgreementsWith(ClaimId);

#[derive(Clone, PartialEq, Eq, Hash)]
struct ConsentTextNamed(Purpose, String);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct EvaluationOf(AlumnusId);

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
        let spawner = SpawnerHere(TokioSpawner::current());
        let batches = DataLoader::new(batches, spawner, TokioTimer::default());
        Self {
            viewer,
            app,
            batches,
            viewed: Mutex::default(),
        }
    }

    /// One person, as far as the viewer may see them.
    pub async fn alumnus(&self, id: AlumnusId) -> Result<Option<AlumnusView>, Error> {
        self.batches
            .load_one(id)
            .await
            .map_err(|fault| from_fault(&fault))
    }

    /// One person whose profile the viewer opens, as far as they may see it: the person can read who did.
    pub async fn viewed_alumnus(&self, id: AlumnusId) -> Result<Option<AlumnusView>, Error> {
        let view = self.alumnus(id).await?;
        if view
            .as_ref()
            .is_some_and(|view| view.access == Access::HiringStaff)
        {
            let mut viewed = self.viewed.lock().unwrap_or_else(PoisonError::into_inner);
            viewed.insert(id);
        }
        Ok(view)
    }

    /// Records the profiles that the request opened, before its answer is given. One statement, however many.
    pub async fn record_views(&self) -> Result<(), Fault> {
        let viewed = std::mem::take(&mut *self.viewed.lock().unwrap_or_else(PoisonError::into_inner));
        match &self.viewer {
            Some(viewer) => views::record(&self.app, viewer, &viewed).await,
            None => Ok(()),
        }
    }

    /// A request to be looked at, if it is the viewer's own or by somebody whom they may see.
    pub async fn review_request(&self, id: ReviewRequestId) -> Result<Option<ReviewRequest>, Error> {
        let Some(viewer) = &self.viewer else {
            return Ok(None);
        };
        let found = reviews::find(&self.app, viewer, id).await;
        found.map_err(|fault| from_fault(&fault))
    }

    /// A correction, if the viewer asked for it or is an administrator.
    pub async fn correction(&self, id: CorrectionId) -> Result<Option<Correction>, Error> {
        let Some(viewer) = &self.viewer else {
            return Ok(None);
        };
        let found = corrections::find(&self.app.db, viewer.company_id, id).await;
        let found = found.map_err(|error| from_fault(&error.into()))?;
        Ok(found.filter(|correction| match viewer.role {
            Role::Administrator => true,
            Role::Alumnus => viewer.alumnus_id == Some(correction.alumnus_id),
            Role::Recruiter | Role::Employee => false,
        }))
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

    /// The viewer's own candidacy for an opportunity.
    pub async fn candidacy_of_viewer(&self, id: OpportunityId) -> Result<Option<CandidacyView>, Error> {
        match self.alumnus_viewer() {
            Some((_, alumnus_id)) => self.candidacy_for(alumnus_id, id).await,
            None => Ok(None),
        }
    }

    /// The viewer's invitation to an opportunity.
    pub async fn invitation_of_viewer(&self, id: OpportunityId) -> Result<Option<Invitation>, Error> {
        let view = self.candidacy_of_viewer(id).await?;
        Ok(view.and_then(|view| view.candidacy.invitation()))
    }

    /// An invitation, if the viewer may see the candidacy that it is a part of.
    pub async fn invitation(&self, id: InvitationId) -> Result<Option<Invitation>, Error> {
        let view = self.candidacy(CandidacyId(id.0)).await?;
        Ok(view.and_then(|view| view.candidacy.invitation()))
    }

    /// One candidacy, as far as the viewer may see it.
    pub async fn candidacy(&self, id: CandidacyId) -> Result<Option<CandidacyView>, Error> {
        self.batches
            .load_one(id)
            .await
            .map_err(|fault| from_fault(&fault))
    }

    /// The candidacy of a person for an opportunity, as far as the viewer may see it.
    pub async fn candidacy_for(
        &self,
        alumnus_id: AlumnusId,
        opportunity_id: OpportunityId,
    ) -> Result<Option<CandidacyView>, Error> {
        self.batches
            .load_one(CandidacyOf(alumnus_id, opportunity_id))
            .await
            .map_err(|fault| from_fault(&fault))
    }

    /// A person's evaluation, if the viewer is that person or an administrator.
    pub async fn evaluation(&self, id: AlumnusId) -> Result<Option<String>, Error> {
        self.batches
            .load_one(EvaluationOf(id))
            .await
            .map_err(|fault| from_fault(&fault))
    }

    /// Candidacies as far as the viewer may see them, in their order.
    pub async fn candidacy_views(&self, listed: Vec<Candidacy>) -> Result<Vec<CandidacyView>, Error> {
        let views = self.batches.loader().candidacy_views(listed).await;
        views.map_err(|fault| from_fault(&fault))
    }

    /// The steps of a candidacy that the caller was given, first step first.
    pub async fn transitions(&self, id: CandidacyId) -> Result<Vec<Transition>, Error> {
        let loaded = self.batches.load_one(HistoryOf(id)).await;
        Ok(loaded.map_err(|fault| from_fault(&fault))?.unwrap_or_default())
    }

    /// The messages of a thread that the caller was given, oldest first.
    pub async fn messages(&self, thread: Thread) -> Result<Vec<Message>, Error> {
        let loaded = self.batches.load_one(thread).await;
        Ok(loaded.map_err(|fault| from_fault(&fault))?.unwrap_or_default())
    }

    /// How many seats of an opportunity are taken.
    pub async fn seats_taken(&self, id: OpportunityId) -> Result<i32, Error> {
        let loaded = self.batches.load_one(SeatsOf(id)).await;
        let n_taken = loaded.map_err(|fault| from_fault(&fault))?.unwrap_or_default();
        Ok(i32::try_from(n_taken).unwrap_or(i32::MAX))
    }

    /// One consultation, if the viewer may learn of it.
    pub async fn consultation(&self, id: ConsultationId) -> Result<Option<Consultation>, Error> {
        self.batches
            .load_one(id)
            .await
            .map_err(|fault| from_fault(&fault))
    }

    /// The consultations that the viewer may learn of, in their order.
    pub async fn readable_consultations(
        &self,
        listed: Vec<Consultation>,
    ) -> Result<Vec<Consultation>, Error> {
        let readable = self.batches.loader().readable_consultations(listed).await;
        readable.map_err(|fault| from_fault(&fault))
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
            Some(wish) => Ok(self
                .wishes_of(wish.alumnus_id)
                .await?
                .into_iter()
                .find(|shown| shown.id == id)),
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

    /// A claim whose address is proven, if the viewer is an administrator.
    pub async fn claim(&self, id: ClaimId) -> Result<Option<Claim>, Error> {
        self.batches
            .load_one(id)
            .await
            .map_err(|fault| from_fault(&fault))
    }

    /// The records that agree with a claim in anything, most agreement first; none unless the viewer is an administrator.
    pub async fn claim_agreements(&self, id: ClaimId) -> Result<Vec<Agreement>, Error> {
        let found = self.batches.load_one(AgreementsWith(id)).await;
        Ok(found.map_err(|fault| from_fault(&fault))?.unwrap_or_default())
    }

    /// The company's text with this name, current or not.
    pub async fn consent_text(
        &self,
        purpose: Purpose,
        version: String,
    ) -> Result<Option<ConsentText>, Error> {
        self.batches
            .load_one(ConsentTextNamed(purpose, version))
            .await
            .map_err(|fault| from_fault(&fault))
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
        // After the records: whoever hid something since is hidden.
        let standings = self.standings(company_id, ids).await?;
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

impl Loader<EvaluationOf> for Batches {
    type Value = String;
    type Error = Shared;

    async fn load(&self, keys: &[EvaluationOf]) -> Result<HashMap<EvaluationOf, String>, Shared> {
        let Some(viewer) = &self.viewer else {
            return Ok(HashMap::new());
        };
        let ids: Vec<AlumnusId> = keys.iter().map(|key| key.0).collect();
        let found = policy::load_evaluations(&self.app, viewer, &ids)
            .await
            .map_err(Arc::new)?;
        Ok(found
            .into_iter()
            .map(|(id, text)| (EvaluationOf(id), text))
            .collect())
    }
}

impl Loader<CandidacyId> for Batches {
    type Value = CandidacyView;
    type Error = Shared;

    async fn load(&self, ids: &[CandidacyId]) -> Result<HashMap<CandidacyId, CandidacyView>, Shared> {
        let Some(viewer) = &self.viewer else {
            return Ok(HashMap::new());
        };
        let found = candidacies::load(&self.app.db, viewer.company_id, ids).await;
        let views = self.candidacy_views(found.map_err(shared)?).await?;
        Ok(views.into_iter().map(|view| (view.candidacy.id, view)).collect())
    }
}

impl Loader<CandidacyOf> for Batches {
    type Value = CandidacyView;
    type Error = Shared;

    async fn load(&self, keys: &[CandidacyOf]) -> Result<HashMap<CandidacyOf, CandidacyView>, Shared> {
        let Some(viewer) = &self.viewer else {
            return Ok(HashMap::new());
        };
        let pairs: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let found = candidacies::load_for_pairs(&self.app.db, viewer.company_id, &pairs).await;
        let views = self.candidacy_views(found.map_err(shared)?).await?;
        let key =
            |view: &CandidacyView| CandidacyOf(view.candidacy.alumnus_id, view.candidacy.opportunity_id);
        Ok(views.into_iter().map(|view| (key(&view), view)).collect())
    }
}

impl Loader<HistoryOf> for Batches {
    type Value = Vec<Transition>;
    type Error = Shared;

    async fn load(&self, keys: &[HistoryOf]) -> Result<HashMap<HistoryOf, Vec<Transition>>, Shared> {
        let Some(viewer) = &self.viewer else {
            return Ok(HashMap::new());
        };
        let ids: Vec<CandidacyId> = keys.iter().map(|key| key.0).collect();
        let found = candidacies::load_transitions(&self.app.db, viewer.company_id, &ids).await;
        let mut histories: HashMap<HistoryOf, Vec<Transition>> = HashMap::new();
        for transition in found.map_err(shared)? {
            let key = HistoryOf(transition.candidacy_id);
            histories.entry(key).or_default().push(transition);
        }
        Ok(histories)
    }
}

impl Loader<Thread> for Batches {
    type Value = Vec<Message>;
    type Error = Shared;

    async fn load(&self, threads: &[Thread]) -> Result<HashMap<Thread, Vec<Message>>, Shared> {
        let Some(viewer) = &self.viewer else {
            return Ok(HashMap::new());
        };
        let found = messages::load(&self.app.db, viewer.company_id, threads).await;
        let mut of_threads: HashMap<Thread, Vec<Message>> = HashMap::new();
        for message in found.map_err(shared)? {
            of_threads.entry(message.thread).or_default().push(message);
        }
        Ok(of_threads)
    }
}

impl Loader<SeatsOf> for Batches {
    type Value = u64;
    type Error = Shared;

    async fn load(&self, keys: &[SeatsOf]) -> Result<HashMap<SeatsOf, u64>, Shared> {
        let Some(viewer) = self.viewer.as_ref().filter(|viewer| viewer.is_hiring_staff()) else {
            return Ok(HashMap::new());
        };
        let ids: Vec<OpportunityId> = keys.iter().map(|key| key.0).collect();
        let taken = candidacies::load_seats_taken(&self.app.db, viewer.company_id, &ids).await;
        let taken = taken.map_err(shared)?.into_iter();
        Ok(taken.map(|(id, n_taken)| (SeatsOf(id), n_taken)).collect())
    }
}

impl Loader<ConsultationId> for Batches {
    type Value = Consultation;
    type Error = Shared;

    async fn load(&self, ids: &[ConsultationId]) -> Result<HashMap<ConsultationId, Consultation>, Shared> {
        let Some(viewer) = &self.viewer else {
            return Ok(HashMap::new());
        };
        let found = consultations::load(&self.app.db, viewer.company_id, ids).await;
        let readable = self.readable_consultations(found.map_err(shared)?).await?;
        Ok(readable.into_iter().map(|one| (one.id, one)).collect())
    }
}

impl Loader<ClaimId> for Batches {
    type Value = Claim;
    type Error = Shared;

    async fn load(&self, ids: &[ClaimId]) -> Result<HashMap<ClaimId, Claim>, Shared> {
        let Some(viewer) = self.administrator() else {
            return Ok(HashMap::new());
        };
        let found = decide::load(&self.app.db, viewer.company_id, ids).await?;
        Ok(found.into_iter().map(|claim| (claim.id, claim)).collect())
    }
}

impl Loader<AgreementsWith> for Batches {
    type Value = Vec<Agreement>;
    type Error = Shared;

    async fn load(&self, keys: &[AgreementsWith]) -> Result<HashMap<AgreementsWith, Vec<Agreement>>, Shared> {
        let Some(viewer) = self.administrator() else {
            return Ok(HashMap::new());
        };
        let ids: Vec<ClaimId> = keys.iter().map(|key| key.0).collect();
        let claims = decide::load(&self.app.db, viewer.company_id, &ids).await?;
        let found = matching::agreements(&self.app.db, viewer.company_id, &claims).await?;
        Ok(found
            .into_iter()
            .map(|(id, agreements)| (AgreementsWith(id), matching::strongest(agreements)))
            .collect())
    }
}

impl Loader<ConsentTextNamed> for Batches {
    type Value = ConsentText;
    type Error = Shared;

    async fn load(
        &self,
        names: &[ConsentTextNamed],
    ) -> Result<HashMap<ConsentTextNamed, ConsentText>, Shared> {
        let Some(viewer) = &self.viewer else {
            return Ok(HashMap::new());
        };
        let names: Vec<_> = names.iter().map(|name| (name.0, name.1.clone())).collect();
        let texts = consent_texts::load(&self.app.db, viewer.company_id, &names).await?;
        Ok(texts
            .into_iter()
            .map(|text| (ConsentTextNamed(text.purpose, text.version.clone()), text))
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
        let notes = change_notes::list(&self.app.db, viewer.company_id)
            .await
            .map_err(shared)?;
        Ok(HashMap::from([(ChangeNotes, notes)]))
    }
}

impl Batches {
    /// Keeps what the viewer may see of `listed`. As many statements as [`Self::sides`], whatever there is.
    async fn candidacy_views(&self, listed: Vec<Candidacy>) -> Result<Vec<CandidacyView>, Shared> {
        let Some(viewer) = &self.viewer else {
            return Ok(Vec::new());
        };
        let pairs = listed.iter().map(|one| (one.alumnus_id, one.opportunity_id));
        let (standings, offers) = self.sides(viewer, pairs).await?;
        let view = |candidacy: Candidacy| {
            let standing = standings.get(&candidacy.alumnus_id)?;
            let kind = offers.get(&candidacy.opportunity_id)?.kind();
            CandidacyView::new(viewer, candidacy, standing, kind)
        };
        Ok(listed.into_iter().filter_map(view).collect())
    }

    /// Keeps what the viewer may learn of. As many statements as [`Self::sides`], whatever there is.
    async fn readable_consultations(&self, listed: Vec<Consultation>) -> Result<Vec<Consultation>, Shared> {
        let Some(viewer) = &self.viewer else {
            return Ok(Vec::new());
        };
        let pairs = listed.iter().map(|one| (one.alumnus_id, one.opportunity_id));
        let (standings, offers) = self.sides(viewer, pairs).await?;
        let may_read = |one: &Consultation| {
            let standing = standings.get(&one.alumnus_id);
            let both = standing.zip(offers.get(&one.opportunity_id));
            both.is_some_and(|(standing, opportunity)| {
                may_read_consultation(viewer, one, standing, opportunity)
            })
        };
        Ok(listed.into_iter().filter(may_read).collect())
    }

    /// The people's standings as they are now: from memory where that has followed all changes, which takes one small
    /// statement, else from the database, which takes four. Whoever memory does not know then is gone.
    async fn standings(
        &self,
        company_id: CompanyId,
        people: &[AlumnusId],
    ) -> Result<HashMap<AlumnusId, Standing>, Shared> {
        let current = self.app.projections.if_current(company_id).await;
        if let Some(projection) = current.map_err(shared)?
            && let Some(state) = projection.try_state()
        {
            let standing = |id: &AlumnusId| Some((*id, state.pool.standing(*id)?.clone()));
            return Ok(people.iter().filter_map(standing).collect());
        }
        let standings = standings::load(&self.app.db, company_id, people).await;
        Ok(standings.map_err(shared)?.into_iter().collect())
    }

    /// What decides about pairs: the people's standings ([`Self::standings`]), and the opportunities, in one statement.
    async fn sides(
        &self,
        viewer: &Viewer,
        pairs: impl Iterator<Item = (AlumnusId, OpportunityId)>,
    ) -> Result<Sides, Shared> {
        let (mut people, mut offers): (Vec<AlumnusId>, Vec<OpportunityId>) = pairs.unzip();
        people.sort_unstable();
        people.dedup();
        offers.sort_unstable();
        offers.dedup();
        let (db, company_id) = (&self.app.db, viewer.company_id);
        let standings = self.standings(company_id, &people).await?;
        let offers = opportunities::load(db, company_id, &offers)
            .await
            .map_err(shared)?;
        let offers = offers.into_iter().map(|offer| (offer.id, offer));
        Ok((standings, offers.collect()))
    }

    fn administrator(&self) -> Option<&Viewer> {
        let viewer = self.viewer.as_ref()?;
        match viewer.role {
            Role::Administrator => Some(viewer),
            Role::Recruiter | Role::Employee | Role::Alumnus => None,
        }
    }

    fn alumnus_viewer(&self) -> Option<(&Viewer, AlumnusId)> {
        let viewer = self.viewer.as_ref()?;
        viewer.alumnus_id.map(|id| (viewer, id))
    }
}

fn shared(error: crate::db::DbError) -> Shared {
    Arc::new(error.into())
}
