use okaeri_engine::domain::Before;
use okaeri_engine::domain::candidacy::Refusal;

use super::*;
use crate::db::testing::{AOBA, MIDORI, insert_all, now, on_both, uuid};
use crate::db::{Database, rejections};

fn by(role: Role) -> Actor {
    Actor {
        role,
        subject: role.code().to_lowercase(),
    }
}

fn nothing(n: u32, alumnus: u32, opportunity: u32) -> Before {
    Before::Nothing {
        id: CandidacyId(uuid(n)),
        alumnus_id: AlumnusId(uuid(alumnus)),
        opportunity_id: OpportunityId(uuid(opportunity)),
    }
}

fn invited(n: u32, alumnus: u32, opportunity: u32) -> Step {
    let message = Some("お元気ですか".to_owned());
    let today = instant(now()).date_naive();
    let invited =
        nothing(n, alumnus, opportunity).invite(message, by(Role::Recruiter), instant(now()), today);
    invited.unwrap()
}

async fn stored(db: &Database, step: Result<Step, Refusal>) -> Candidacy {
    let step = step.unwrap();
    let tx = db.begin_for(AOBA).await.unwrap();
    assert!(save(&tx, AOBA, &step).await.unwrap());
    tx.commit().await.unwrap();
    let read = find(db, AOBA, step.candidacy.id).await.unwrap().unwrap();
    assert_eq!(read, step.candidacy, "it is read back as it was written");
    read
}

#[tokio::test]
async fn every_state_is_read_back_as_it_was_written_and_every_step_is_recorded() {
    on_both(async |db| {
        insert_all(&db, &[1, 2, 3, 4], &[1]).await;
        let at = instant(now());
        let (staff, person) = (by(Role::Recruiter), by(Role::Alumnus));

        let one = stored(&db, Ok(invited(10, 1, 1))).await;
        let one = stored(&db, one.snooze("2026-12-01".parse().unwrap(), person.clone(), at)).await;
        let one = stored(&db, one.accept(person.clone(), at)).await;
        let one = stored(&db, one.converse(person.clone(), at)).await;
        let one = stored(&db, one.agree(staff.clone(), at)).await;
        assert_eq!(count_seats_taken(&db, AOBA, one.opportunity_id).await.unwrap(), 1);
        let why = Some("家庭の都合".to_owned());
        let kind = okaeri_engine::domain::OpportunityKind::Role;
        let given_up = one.conclude(OutcomeKind::NotRealized, why.clone(), kind, staff.clone(), at);
        let one = stored(&db, given_up).await;
        assert_eq!(count_seats_taken(&db, AOBA, one.opportunity_id).await.unwrap(), 0);
        let steps = load_transitions(&db, AOBA, &[one.id]).await.unwrap();
        let told: Vec<_> = steps
            .iter()
            .map(|step| (step.version, step.to, step.by.role))
            .collect();
        assert_eq!(
            told,
            [
                (1, CandidacyStatus::Invited, Role::Recruiter),
                (2, CandidacyStatus::Snoozed, Role::Alumnus),
                (3, CandidacyStatus::Accepted, Role::Alumnus),
                (4, CandidacyStatus::InConversation, Role::Alumnus),
                (5, CandidacyStatus::Agreed, Role::Recruiter),
                (6, CandidacyStatus::Concluded, Role::Recruiter),
            ]
        );
        assert_eq!(steps[5].reason, why);

        let two = stored(&db, nothing(11, 2, 1).shortlist(staff.clone(), at)).await;
        let two = stored(&db, two.unlist(staff.clone(), at)).await;
        let two = stored(&db, Before::Candidacy(two).express_interest(person.clone(), at)).await;
        stored(&db, two.withdraw_interest(person.clone(), at)).await;
        let three = stored(&db, Ok(invited(12, 3, 1))).await;
        let three = stored(&db, three.decline(DeclineReason::Place, person, at)).await;
        let reason = "経験が足りない".to_owned();
        stored(
            &db,
            Before::Candidacy(three).reject(reason.clone(), staff.clone(), at),
        )
        .await;
        let four = stored(&db, Ok(invited(13, 4, 1))).await;
        stored(&db, four.withdraw_invitation(staff, at)).await;

        let rejected = rejections::list_all(&db, AOBA).await.unwrap();
        let told: Vec<_> = rejected
            .iter()
            .map(|one| (one.alumnus_id, one.reason.clone()))
            .collect();
        assert_eq!(told, [(AlumnusId(uuid(3)), reason)]);
        assert_eq!(
            list_for_opportunity(&db, AOBA, OpportunityId(uuid(1)))
                .await
                .unwrap()
                .len(),
            4
        );
        assert!(
            list_for_opportunity(&db, MIDORI, OpportunityId(uuid(1)))
                .await
                .unwrap()
                .is_empty()
        );
        assert!(load_transitions(&db, MIDORI, &[one.id]).await.unwrap().is_empty());
        assert_eq!(find(&db, MIDORI, one.id).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn of_two_who_take_a_step_from_one_state_one_writes() {
    on_both(async |db| {
        insert_all(&db, &[1], &[1]).await;
        let one = stored(&db, Ok(invited(10, 1, 1))).await;
        let accepted = one.clone().accept(by(Role::Alumnus), now()).unwrap();
        let withdrawn = one.withdraw_invitation(by(Role::Recruiter), now()).unwrap();

        let tx = db.begin_for(AOBA).await.unwrap();
        assert!(save(&tx, AOBA, &accepted).await.unwrap());
        assert!(!save(&tx, AOBA, &withdrawn).await.unwrap());
        assert!(
            !save(&tx, AOBA, &invited(11, 1, 1)).await.unwrap(),
            "one for each pair"
        );
        tx.commit().await.unwrap();

        let steps = load_transitions(&db, AOBA, &[accepted.candidacy.id])
            .await
            .unwrap();
        assert_eq!(steps.last().map(|step| step.to), Some(CandidacyStatus::Accepted));
        assert_eq!(steps.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_page_of_pairs_takes_one_statement_and_gives_no_other_pair() {
    on_both(async |db| {
        insert_all(&db, &[1, 2, 3], &[1, 2]).await;
        let one = stored(&db, Ok(invited(10, 1, 1))).await;
        let two = stored(&db, Ok(invited(11, 2, 2))).await;
        stored(&db, Ok(invited(12, 1, 2))).await;

        let pairs = [(1, 1), (2, 2), (3, 1)];
        let pairs =
            pairs.map(|(alumnus, opportunity)| (AlumnusId(uuid(alumnus)), OpportunityId(uuid(opportunity))));
        let before = db.n_statements();
        assert_eq!(
            load_for_pairs(&db, AOBA, &pairs).await.unwrap(),
            [one.clone(), two]
        );
        assert_eq!(db.n_statements() - before, 1);
        assert_eq!(load(&db, AOBA, &[one.id]).await.unwrap(), [one]);
    })
    .await;
}

#[tokio::test]
async fn invitations_rejections_and_interest_of_before_are_candidacies_now_and_can_be_taken_back() {
    use okaeri_migrations::MigratorTrait as _;

    on_both(async |db| {
        insert_all(&db, &[1, 2, 3, 4], &[1]).await;
        let sent = stored(&db, Ok(invited(10, 1, 1))).await;
        let declined = stored(&db, Ok(invited(11, 2, 1))).await;
        let declined = stored(
            &db,
            declined.decline(DeclineReason::Place, by(Role::Alumnus), instant(now())),
        )
        .await;
        let reason = "経験が足りない".to_owned();
        let rejected =
            Before::Candidacy(declined).reject(reason.clone(), by(Role::Recruiter), instant(now()));
        stored(&db, rejected).await;
        let unasked = nothing(12, 3, 1).reject(reason, by(Role::Recruiter), instant(now()));
        stored(&db, unasked).await;

        // Down to before candidacies, whatever steps came after them, and up again.
        let tx = db.begin().await.unwrap();
        loop {
            okaeri_migrations::Migrator::down(tx.inner(), Some(1))
                .await
                .unwrap();
            let applied = okaeri_migrations::Migrator::get_applied_migrations(tx.inner())
                .await
                .unwrap();
            if !applied
                .iter()
                .any(|step| step.name().ends_with("create_candidacy"))
            {
                break;
            }
        }
        tx.commit().await.unwrap();
        crate::db::migrate::up(&db).await.unwrap();

        let all = list_for_opportunity(&db, AOBA, OpportunityId(uuid(1)))
            .await
            .unwrap();
        assert_eq!(all.len(), 3);
        assert!(all.contains(&sent));
        let of = |n: u32| {
            all.iter()
                .find(|one| one.alumnus_id == AlumnusId(uuid(n)))
                .unwrap()
        };
        assert_eq!(of(2).state.status(), CandidacyStatus::Rejected);
        assert_eq!(of(3).state.status(), CandidacyStatus::Rejected);
        let steps = load_transitions(&db, AOBA, &[of(2).id]).await.unwrap();
        let told: Vec<_> = steps.iter().map(|step| (step.from, step.to)).collect();
        assert_eq!(of(2).version as usize, told.len());
        assert_eq!(told.last().map(|told| told.1), Some(CandidacyStatus::Rejected));
    })
    .await;
}
