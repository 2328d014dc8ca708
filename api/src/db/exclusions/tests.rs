use okaeri_engine::domain::Asker;

use super::*;
use crate::db::testing::{AOBA, MIDORI, insert_all, now, on_both, record, uuid};
use crate::db::{Database, standings};

fn id(n: u32) -> AlumnusId {
    AlumnusId(uuid(n))
}

fn exclusions() -> Vec<Exclusion> {
    let unit = ExclusionTarget::Unit("物流部".to_owned());
    let staff = ExclusionTarget::Staff {
        subject: "bucho@aoba".to_owned(),
        unit: "購買部".to_owned(),
    };
    let since = instant(now());
    [unit, staff].map(|target| Exclusion { target, since }).to_vec()
}

async fn set(db: &Database, n: u32, exclusions: &[Exclusion]) {
    let tx = db.begin_for(AOBA).await.unwrap();
    assert!(replace(&tx, AOBA, id(n), exclusions).await.unwrap());
    assert!(!replace(&tx, MIDORI, id(n), exclusions).await.unwrap());
    tx.commit().await.unwrap();
}

async fn rows(db: &Database) -> Vec<exclusion_list::Model> {
    let rows = of_company(AOBA).order_by_asc(exclusion_list::Column::AlumnusId);
    rows.all(db.connection()).await.unwrap()
}

#[tokio::test]
async fn everybody_has_a_row_of_one_length_that_says_nothing() {
    on_both(async |db| {
        insert_all(&db, &[1, 2], &[]).await;
        assert_eq!(find(&db, AOBA, id(1)).await.unwrap(), Some(Vec::new()));
        set(&db, 1, &exclusions()).await;
        assert_eq!(find(&db, AOBA, id(1)).await.unwrap(), Some(exclusions()));
        assert_eq!(find(&db, MIDORI, id(1)).await.unwrap(), None);

        let rows = rows(&db).await;
        let sealed: Vec<&Vec<u8>> = rows.iter().filter_map(|row| row.sealed.as_ref()).collect();
        assert_eq!(sealed.len(), 2);
        assert_eq!(sealed[0].len(), sealed[1].len());
        for word in ["物流部", "購買部", "bucho"] {
            let is_in = |bytes: &&Vec<u8>| bytes.windows(word.len()).any(|part| part == word.as_bytes());
            assert!(!sealed.iter().any(is_in), "{word}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_list_that_was_moved_taken_away_or_has_another_key_excludes_everybody() {
    on_both(async |db| {
        insert_all(&db, &[1, 2, 3], &[]).await;
        set(&db, 1, &exclusions()).await;
        let moved = rows(&db).await.swap_remove(1);
        let tx = db.begin().await.unwrap();
        let sealed = Sealed {
            key_id: moved.key_id.unwrap(),
            bytes: moved.sealed.unwrap(),
        };
        update(&tx, AOBA, id(1), sealed).await.unwrap();
        exclusion_list::Entity::delete_many()
            .filter(exclusion_list::Column::AlumnusId.eq(id(2).0))
            .exec(tx.inner())
            .await
            .unwrap();
        tx.commit().await.unwrap();

        let unreadable = async |db: &Database, n: u32| {
            let standing = standings::load(db, AOBA, &[id(n)])
                .await
                .unwrap()
                .pop()
                .unwrap()
                .1;
            assert_eq!(
                standing.exclusions().apply_to(&Asker::COMPANY),
                standing.exclusions().is_unreadable()
            );
            standing.exclusions().is_unreadable()
        };
        assert_eq!(find(&db, AOBA, id(1)).await.unwrap(), None);
        assert!(unreadable(&db, 1).await);
        assert!(unreadable(&db, 2).await);
        assert!(!unreadable(&db, 3).await);
        let other = KeyRing::parse(&KeyRing::generate_line().unwrap()).unwrap();
        assert!(unreadable(&db.clone().with_keys(other), 3).await);
    })
    .await;
}

#[tokio::test]
async fn lists_are_sealed_anew_under_the_current_key_and_read_under_both_meanwhile() {
    on_both(async |db| {
        insert_all(&db, &[1, 2], &[]).await;
        let (old, new) = (
            KeyRing::generate_line().unwrap(),
            KeyRing::generate_line().unwrap(),
        );
        let ring = |text: &str| KeyRing::parse(text).unwrap();
        let before = db.clone().with_keys(ring(&old));
        set(&before, 1, &exclusions()).await;

        let after = db.clone().with_keys(ring(&format!("{new}\n{old}")));
        assert_eq!(find(&after, AOBA, id(1)).await.unwrap(), Some(exclusions()));
        let tx = after.begin_for(AOBA).await.unwrap();
        let done = rekey_some(&tx, AOBA, Outdated::UnderAnotherKey, None)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        // The second list is under the key of the tests, which is in neither ring.
        let rekeyed = Rekeyed {
            n_sealed: 1,
            n_unreadable: 1,
        };
        assert_eq!(done, (rekeyed, None));
        let only_new = db.clone().with_keys(ring(&new));
        assert_eq!(find(&only_new, AOBA, id(1)).await.unwrap(), Some(exclusions()));
        assert_eq!(find(&before, AOBA, id(1)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_survey_tells_people_without_a_list_from_lists_that_do_not_open() {
    on_both(async |db| {
        insert_all(&db, &[1, 2, 3], &[]).await;
        let surveyed = async |db: &Database| {
            let snapshot = db.snapshot().await.unwrap();
            survey(&snapshot, AOBA).await.unwrap()
        };
        let all = Survey {
            n_people: 3,
            n_lists: 3,
            ..Survey::default()
        };
        assert_eq!(surveyed(&db).await, all);

        let tx = db.begin().await.unwrap();
        exclusion_list::Entity::delete_many()
            .filter(exclusion_list::Column::AlumnusId.eq(id(2).0))
            .exec(tx.inner())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let one_is_missing = Survey {
            n_without: 1,
            n_lists: 2,
            ..all
        };
        assert_eq!(surveyed(&db).await, one_is_missing);

        let new = KeyRing::generate_line().unwrap();
        let without_the_key = db.clone().with_keys(KeyRing::parse(&new).unwrap());
        let none_opens = Survey {
            n_unreadable: 2,
            ..one_is_missing
        };
        assert_eq!(surveyed(&without_the_key).await, none_opens);

        // Whoever is added while the lists are read is in neither number.
        let snapshot = db.snapshot().await.unwrap();
        assert_eq!(alumni::count(&snapshot, AOBA).await.unwrap(), 3);
        let tx = db.begin_for(AOBA).await.unwrap();
        alumni::upsert_all(&tx, AOBA, &[record(4)], now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(survey(&snapshot, AOBA).await.unwrap(), one_is_missing);
        let after = Survey {
            n_people: 4,
            n_lists: 3,
            ..one_is_missing
        };
        drop(snapshot);
        assert_eq!(surveyed(&db).await, after);
    })
    .await;
}

#[tokio::test]
async fn people_of_before_the_lists_exclude_nothing_and_get_a_sealed_list() {
    on_both(async |db| {
        insert_all(&db, &[1], &[]).await;
        let tx = db.begin_for(AOBA).await.unwrap();
        let unset = exclusion_list::ActiveModel {
            key_id: Set(None),
            sealed: Set(None),
            ..Default::default()
        };
        let unset = exclusion_list::Entity::update_many().set(unset);
        unset.exec(tx.inner()).await.unwrap();
        let excluded = find(&tx, AOBA, id(1)).await.unwrap();
        let (rekeyed, _) = rekey_some(&tx, AOBA, Outdated::NeverSealed, None).await.unwrap();
        let again = rekey_some(&tx, AOBA, Outdated::NeverSealed, None).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((excluded, rekeyed.n_sealed), (Some(Vec::new()), 1));
        assert_eq!(again, (Rekeyed::default(), None));
        assert_eq!(rows(&db).await[0].key_id.as_deref(), Some("test"));
    })
    .await;
}

#[tokio::test]
async fn a_list_goes_with_its_person() {
    on_both(async |db| {
        insert_all(&db, &[1], &[]).await;
        set(&db, 1, &exclusions()).await;
        let tx = db.begin_for(AOBA).await.unwrap();
        alumni::erase(&tx, AOBA, id(1)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(rows(&db).await, []);
    })
    .await;
}
