//! What is promised of records, on both databases.

use okaeri_engine::domain::{
    AlumnusId, AlumnusStatus, Interest, LanguageLevel, LanguageSkill, Position, Profile, Purpose, Tenure,
};

use super::*;
use crate::db::testing::{AOBA, MIDORI, consent, insert_all, now, on_both, record, uuid};
use crate::db::{Upserted, consents, standings};

#[tokio::test]
async fn a_record_is_read_back_as_it_was_written() {
    on_both(async |db| {
        insert_all(&db, &[1], &[]).await;
        let written = record(1);
        let id = written.alumnus.id;

        assert_eq!(
            find(&db, AOBA, id).await.unwrap().as_ref(),
            Some(&written.alumnus)
        );
        assert_eq!(
            find_by_external_id(&db, AOBA, "a001").await.unwrap().as_ref(),
            Some(&written.alumnus)
        );
        let status = written.alumnus.status;
        assert_eq!(find_status(&db, AOBA, id).await.unwrap(), Some(status));
        assert_eq!(
            find_status_by_external_id(&db, AOBA, "a001").await.unwrap(),
            Some((id, status))
        );
        assert_eq!(
            find_by_email(&db, AOBA, "hanako1@example.com").await.unwrap(),
            Some(written.alumnus)
        );
        assert_eq!(find_private(&db, AOBA, id).await.unwrap(), Some(written.private));
        assert_eq!(count(&db, AOBA).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn another_company_finds_nothing_and_changes_nothing() {
    on_both(async |db| {
        insert_all(&db, &[1], &[]).await;
        let id = AlumnusId(uuid(1));

        assert_eq!(find(&db, MIDORI, id).await.unwrap(), None);
        assert_eq!(find_by_external_id(&db, MIDORI, "a001").await.unwrap(), None);
        assert_eq!(find_status(&db, MIDORI, id).await.unwrap(), None);
        assert_eq!(
            find_status_by_external_id(&db, MIDORI, "a001").await.unwrap(),
            None
        );
        assert_eq!(
            find_by_email(&db, MIDORI, "hanako1@example.com").await.unwrap(),
            None
        );
        assert_eq!(find_private(&db, MIDORI, id).await.unwrap(), None);
        assert!(list_ids(&db, MIDORI, None, 10).await.unwrap().is_empty());
        assert_eq!(count(&db, MIDORI).await.unwrap(), 0);
        assert!(standings::load(&db, MIDORI, &[id]).await.unwrap().is_empty());

        let tx = db.begin().await.unwrap();
        assert!(
            !update_profile(&tx, MIDORI, id, &Profile::default(), &Profile::default(), now())
                .await
                .unwrap()
        );
        assert!(
            !update_status(&tx, MIDORI, id, AlumnusStatus::Left, now())
                .await
                .unwrap()
        );
        assert!(!set_interests(&tx, MIDORI, id, &[], now()).await.unwrap());
        assert!(!erase(&tx, MIDORI, id).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(find(&db, AOBA, id).await.unwrap(), Some(record(1).alumnus));
    })
    .await;
}

#[tokio::test]
async fn a_child_row_cannot_belong_to_a_person_of_another_company() {
    on_both(async |db| {
        insert_all(&db, &[1], &[]).await;
        let tx = db.begin().await.unwrap();
        let consent = consent(10, AlumnusId(uuid(1)), Purpose::Feed);
        assert!(consents::give(&tx, MIDORI, &consent).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn three_hundred_people_are_loaded_by_one_statement() {
    on_both(async |db| {
        let numbers: Vec<u32> = (1..=300).collect();
        insert_all(&db, &numbers, &[]).await;
        let ids: Vec<AlumnusId> = numbers.iter().map(|n| AlumnusId(uuid(*n))).collect();

        let before = db.n_statements();
        assert_eq!(load(&db, AOBA, &ids[..1]).await.unwrap().len(), 1);
        let for_one = db.n_statements() - before;
        let all = load(&db, AOBA, &ids).await.unwrap();
        let for_all = db.n_statements() - before - for_one;

        assert_eq!((for_one, for_all), (1, 1));
        assert_eq!(all.iter().map(|alumnus| alumnus.id).collect::<Vec<_>>(), ids);
        assert_eq!(all[299], record(300).alumnus);
    })
    .await;
}

#[tokio::test]
async fn importing_a_record_again_changes_nothing() {
    on_both(async |db| {
        insert_all(&db, &[1, 2], &[]).await;
        let tx = db.begin_for(AOBA).await.unwrap();
        let again = [1, 2].map(|n| {
            let mut record = record(n);
            // An import makes a new identifier for every row that it reads.
            record.alumnus.id = AlumnusId(uuid(100 + n));
            record.alumnus.interests.reverse();
            record
        });
        let upserted = upsert_all(&tx, AOBA, &again, now()).await.unwrap();
        let ids = [AlumnusId(uuid(1)), AlumnusId(uuid(2))];
        assert_eq!(upserted, ids.map(Upserted::Unchanged));
    })
    .await;
}

#[tokio::test]
async fn importing_a_changed_record_replaces_it_under_its_identifier() {
    on_both(async |db| {
        insert_all(&db, &[1, 2], &[]).await;
        let mut changed = record(1);
        changed.alumnus.id = AlumnusId(uuid(101));
        changed.alumnus.profile.skills = vec!["Rust".to_owned()];
        changed.alumnus.interests = vec![Interest::Events];
        let mut private_change = record(2);
        private_change.private.employment.leaving_kind = None;

        let tx = db.begin_for(AOBA).await.unwrap();
        let records = [record(3), changed.clone(), private_change.clone()];
        let upserted = upsert_all(&tx, AOBA, &records, now()).await.unwrap();
        tx.commit().await.unwrap();

        let [id, second, third] = [1, 2, 3].map(|n| AlumnusId(uuid(n)));
        assert_eq!(
            upserted,
            [
                Upserted::Inserted(third),
                Upserted::Updated(id),
                Upserted::Updated(second)
            ]
        );
        changed.alumnus.id = id;
        assert_eq!(find(&db, AOBA, id).await.unwrap(), Some(changed.alumnus));
        assert_eq!(
            find_private(&db, AOBA, second).await.unwrap(),
            Some(private_change.private)
        );
        assert_eq!(list_ids(&db, AOBA, Some(id), 10).await.unwrap(), [second, third]);
    })
    .await;
}

#[tokio::test]
async fn an_address_is_taken_once_per_company_and_the_error_does_not_quote_it() {
    on_both(async |db| {
        insert_all(&db, &[1], &[]).await;
        let mut second = record(2);
        second.alumnus.email = record(1).alumnus.email;

        let tx = db.begin().await.unwrap();
        let error = upsert(&tx, AOBA, &second, now()).await.unwrap_err();
        assert!(error.is_unique_violation(), "{error}");
        assert!(!format!("{error} {error:?}").contains("hanako"), "{error:?}");
        tx.rollback().await.unwrap();

        let tx = db.begin().await.unwrap();
        upsert(&tx, MIDORI, &second, now()).await.unwrap();
        tx.commit().await.unwrap();
    })
    .await;
}

/// A profile with two entries in each of its lists, which begin with this text.
fn listing(text: &str) -> Profile {
    let texts = || [format!("{text}1"), format!("{text}2")];
    let month = || "2015-04".parse().unwrap();
    Profile {
        skills: texts().into(),
        qualifications: texts().into(),
        languages: texts()
            .map(|language| LanguageSkill {
                language,
                level: LanguageLevel::Business,
            })
            .into(),
        tenures: texts()
            .map(|description| Tenure {
                department: text.to_owned(),
                title: String::new(),
                from: month(),
                to: None,
                description,
            })
            .into(),
        career_after: texts()
            .map(|description| Position {
                organization: String::new(),
                title: text.to_owned(),
                from: month(),
                to: Some(month()),
                description,
            })
            .into(),
        ..Profile::default()
    }
}

#[tokio::test]
async fn each_list_of_a_profile_is_replaced_by_itself() {
    on_both(async |db| {
        insert_all(&db, &[1, 2], &[]).await;
        let id = record(1).alumnus.id;
        let mut stored = record(1).alumnus.profile;
        let (other, wanted) = (listing("別"), listing("引用符\"と\\、改行\nと\u{1}、😀𠮟"));
        let changes: [fn(&mut Profile, Profile); 6] = [
            |profile, wanted| *profile = wanted,
            |profile, wanted| profile.skills = wanted.skills,
            |profile, wanted| profile.qualifications = wanted.qualifications,
            |profile, wanted| profile.languages = wanted.languages,
            |profile, wanted| profile.tenures = wanted.tenures,
            |profile, wanted| profile.career_after = wanted.career_after,
        ];
        for (n, change) in changes.into_iter().enumerate() {
            let mut changed = stored.clone();
            change(&mut changed, if n == 0 { other.clone() } else { wanted.clone() });
            assert_ne!(changed, stored);
            let tx = db.begin_for(AOBA).await.unwrap();
            assert!(
                update_profile(&tx, AOBA, id, &stored, &changed, now())
                    .await
                    .unwrap()
            );
            tx.commit().await.unwrap();
            assert_eq!(find(&db, AOBA, id).await.unwrap().unwrap().profile, changed);
            stored = changed;
        }
        assert_eq!(stored, wanted);
        let neighbour = record(2).alumnus;
        assert_eq!(find(&db, AOBA, neighbour.id).await.unwrap(), Some(neighbour));
    })
    .await;
}

#[tokio::test]
async fn parts_of_a_record_are_replaced_one_at_a_time() {
    on_both(async |db| {
        insert_all(&db, &[1], &[]).await;
        let mut expected = record(1).alumnus;
        let stored = std::mem::replace(
            &mut expected.profile,
            Profile {
                skills: vec!["編み物".to_owned()],
                ..Profile::default()
            },
        );
        expected.status = AlumnusStatus::Active;
        expected.interests = vec![Interest::ContractWork, Interest::Events];

        let tx = db.begin_for(AOBA).await.unwrap();
        let id = expected.id;
        assert!(
            update_profile(&tx, AOBA, id, &stored, &expected.profile, now())
                .await
                .unwrap()
        );
        assert!(
            update_status(&tx, AOBA, id, AlumnusStatus::Active, now())
                .await
                .unwrap()
        );
        let interests = [Interest::Events, Interest::ContractWork, Interest::Events];
        assert!(set_interests(&tx, AOBA, id, &interests, now()).await.unwrap());
        tx.commit().await.unwrap();

        assert_eq!(find(&db, AOBA, id).await.unwrap(), Some(expected));
        assert_eq!(
            find_private(&db, AOBA, id).await.unwrap(),
            Some(record(1).private)
        );
    })
    .await;
}

#[tokio::test]
async fn an_erased_person_leaves_nothing_behind() {
    on_both(async |db| {
        insert_all(&db, &[1, 2], &[]).await;
        let id = AlumnusId(uuid(1));
        let tx = db.begin_for(AOBA).await.unwrap();
        consents::give(&tx, AOBA, &consent(10, id, Purpose::Feed))
            .await
            .unwrap();
        assert!(erase(&tx, AOBA, id).await.unwrap());
        assert!(!erase(&tx, AOBA, id).await.unwrap());
        tx.commit().await.unwrap();

        assert_eq!(find(&db, AOBA, id).await.unwrap(), None);
        assert!(consents::list(&db, AOBA, id).await.unwrap().is_empty());
        assert_eq!(
            find(&db, AOBA, AlumnusId(uuid(2))).await.unwrap(),
            Some(record(2).alumnus)
        );

        // A record with the same identifier does not inherit the rows of the erased one.
        let mut bare = record(1);
        bare.alumnus.profile = Profile::default();
        bare.alumnus.interests = Vec::new();
        let tx = db.begin_for(AOBA).await.unwrap();
        upsert(&tx, AOBA, &bare, now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(find(&db, AOBA, id).await.unwrap(), Some(bare.alumnus));
    })
    .await;
}
