//! All rows about one person, wherever they lie: what an export gives and what erasure deletes.
//!
//! - A table with a column `alumnus_id` stands in [`TABLES`], or a test that reads the databases' catalogs fails. So
//!   does a table whose rows erasure would not take along.
//! - An export has every column of a row but the keys, secrets, and who of the staff did something: that is another
//!   person.

use okaeri_engine::domain::{AlumnusId, CompanyId};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, Query};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Iterable, PrimaryKeyToColumn, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::Value;
use uuid::Uuid;

use super::database::{Reads, Transaction};
use super::entity::{
    alumnus, audit_salt, candidacy, candidacy_transition, career_position, change_log, claim, consent,
    consultation, correction, email_change, exclusion_list, export_link, idempotency_key, interaction,
    interest, job, language, learnt_preference, message, one_time_link, profile_nudge, profile_view,
    qualification, review_request, sign_in_link, skill, standing_wish, statistics_answer, tenure,
    wish_notice,
};
use super::error::DbError;

/// How the rows of a table about a person end with the person's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// They are deleted with the record, by the foreign key.
    Deleted,
    /// They stay and hold nothing but an identifier that names nobody any more.
    BareIdentifier,
}

/// A table with rows about people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonTable {
    /// Its name.
    pub name: &'static str,
    /// The key of its rows in an export.
    pub key: &'static str,
    /// What erasure makes of them.
    pub ending: Ending,
}

/// Rows of one table, as an export gives them.
pub type Section = (&'static str, Vec<Value>);

/// Columns that every row of an export shares, or that say nothing.
const KEYS: [&str; 2] = ["companyId", "alumnusId"];

macro_rules! person_tables {
    ($($table:ident => $key:literal, $ending:ident;)+) => {
        /// Every table with rows about people, in the order of an export.
        pub const TABLES: &[PersonTable] = &[$(PersonTable {
            name: stringify!($table),
            key: $key,
            ending: Ending::$ending,
        }),+];

        /// The person's rows of every table, in the order of [`TABLES`], each by its key. One statement a table.
        pub async fn load(
            db: &impl Reads,
            company_id: CompanyId,
            alumnus_id: AlumnusId,
        ) -> Result<Vec<Section>, DbError> {
            let mut sections = Vec::with_capacity(TABLES.len());
            $(
                let mut rows = $table::Entity::find()
                    .filter($table::Column::CompanyId.eq(company_id.0))
                    .filter($table::Column::AlumnusId.eq(alumnus_id.0));
                for key in $table::PrimaryKey::iter() {
                    rows = rows.order_by_asc(key.into_column());
                }
                let rows = rows.all(db.connection()).await?;
                let rows: Result<Vec<Value>, DbError> = rows.iter().map(to_json).collect();
                sections.push(($key, rows?));
            )+
            Ok(sections)
        }
    };
}

person_tables! {
    tenure => "tenures", Deleted;
    career_position => "careerAfter", Deleted;
    skill => "skills", Deleted;
    qualification => "qualifications", Deleted;
    language => "languages", Deleted;
    interest => "interests", Deleted;
    consent => "consents", Deleted;
    interaction => "interactions", Deleted;
    candidacy => "candidacies", Deleted;
    consultation => "consultations", Deleted;
    standing_wish => "standingWishes", Deleted;
    exclusion_list => "exclusionLists", Deleted;
    claim => "claims", Deleted;
    email_change => "emailChanges", Deleted;
    learnt_preference => "learntPreferences", Deleted;
    sign_in_link => "signInLinks", Deleted;
    export_link => "exportLinks", Deleted;
    profile_view => "profileViews", Deleted;
    review_request => "reviewRequests", Deleted;
    correction => "corrections", Deleted;
    profile_nudge => "profileNudges", Deleted;
    statistics_answer => "statisticsAnswers", Deleted;
    audit_salt => "auditSalts", Deleted;
    change_log => "changes", BareIdentifier;
}

/// A table whose rows hang on rows about people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChildTable {
    /// Its name.
    pub name: &'static str,
    /// The key of its rows in an export.
    pub key: &'static str,
}

macro_rules! child_tables {
    ($($table:ident.$column:ident of $parent:ident => $key:literal;)+) => {
        /// Every table whose rows hang on rows about people, in the order of an export; once for each of the tables that
        /// its rows may hang on.
        pub const CHILD_TABLES: &[ChildTable] = &[$(ChildTable {
            name: stringify!($table),
            key: $key,
        }),+];

        /// What hangs on the person's rows, in the order of [`CHILD_TABLES`], each by its key. One statement a table.
        pub async fn load_children(
            db: &impl Reads,
            company_id: CompanyId,
            alumnus_id: AlumnusId,
        ) -> Result<Vec<Section>, DbError> {
            let mut sections = Vec::with_capacity(CHILD_TABLES.len());
            $(
                let parents = Query::select()
                    .column($parent::Column::Id)
                    .from($parent::Entity)
                    .and_where($parent::Column::CompanyId.eq(company_id.0))
                    .and_where($parent::Column::AlumnusId.eq(alumnus_id.0))
                    .take();
                let mut rows = $table::Entity::find()
                    .filter($table::Column::CompanyId.eq(company_id.0))
                    .filter($table::Column::$column.in_subquery(parents));
                for key in $table::PrimaryKey::iter() {
                    rows = rows.order_by_asc(key.into_column());
                }
                let rows = rows.all(db.connection()).await?;
                let rows: Result<Vec<Value>, DbError> = rows.iter().map(to_json).collect();
                sections.push(($key, rows?));
            )+
            Ok(sections)
        }
    };
}

child_tables! {
    candidacy_transition.CandidacyId of candidacy => "candidacySteps";
    message.CandidacyId of candidacy => "candidacyMessages";
    message.ConsultationId of consultation => "consultationMessages";
    wish_notice.WishId of standing_wish => "wishNotices";
    one_time_link.ClaimId of claim => "claimLinks";
    one_time_link.EmailChangeId of email_change => "emailChangeLinks";
}

/// The record itself with everything in it, the private part included.
pub async fn find_record(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Option<Value>, DbError> {
    let row = alumnus::Entity::find_by_id(alumnus_id.0)
        .filter(alumnus::Column::CompanyId.eq(company_id.0))
        .one(db.connection())
        .await?;
    row.as_ref().map(to_json).transpose()
}

/// Kinds and times of the jobs that wait for, or were done about, the person: what a mail said is not kept.
pub async fn list_jobs(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Vec<job::Model>, DbError> {
    let ids = ids_of(db, company_id, alumnus_id).await?;
    let rows = job::Entity::find()
        .filter(names_any(Expr::col(job::Column::Payload), &ids))
        .order_by_asc(job::Column::CreatedAt)
        .order_by_asc(job::Column::Id);
    Ok(rows.all(db.connection()).await?)
}

/// What jobs about the person tell in an export.
pub async fn load_jobs(
    db: &impl Reads,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<Vec<Value>, DbError> {
    let rows = list_jobs(db, company_id, alumnus_id).await?;
    let tell = |row: job::Model| {
        serde_json::json!({
            "kind": row.kind,
            "what": row.payload,
            "createdAt": row.created_at,
            "runAt": row.run_at,
            "doneAt": row.done_at,
            "gaveUpAt": row.gave_up_at,
        })
    };
    Ok(rows.into_iter().map(tell).collect())
}

/// Deletes what names the person outside the tables about people: jobs, and answers that idempotency keys remember. Before the record goes, since it says what names the person.
///
/// Served lists are the business of `usecase::audit::erase`.
pub async fn delete_mentions(
    tx: &Transaction,
    company_id: CompanyId,
    alumnus_id: AlumnusId,
) -> Result<(), DbError> {
    let ids = ids_of(tx, company_id, alumnus_id).await?;
    let subject = alumnus_id.to_string();
    job::Entity::delete_many()
        .filter(names_any(Expr::col(job::Column::Payload), &ids))
        .exec(tx.inner())
        .await?;
    let response = Expr::col(idempotency_key::Column::Response);
    idempotency_key::Entity::delete_many()
        .filter(idempotency_key::Column::CompanyId.eq(company_id.0))
        .filter(
            Condition::any()
                .add(idempotency_key::Column::Subject.eq(subject.as_str()))
                .add(names_any(response, &ids)),
        )
        .exec(tx.inner())
        .await?;
    Ok(())
}

/// The identifiers that name the person in texts: the record's, and those of what hangs on it.
async fn ids_of(db: &impl Reads, company_id: CompanyId, alumnus_id: AlumnusId) -> Result<Vec<Uuid>, DbError> {
    let mut ids = vec![alumnus_id.0];
    macro_rules! add {
        ($($table:ident),+) => {$(
            let of_table: Vec<Uuid> = $table::Entity::find()
                .select_only()
                .column($table::Column::Id)
                .filter($table::Column::CompanyId.eq(company_id.0))
                .filter($table::Column::AlumnusId.eq(alumnus_id.0))
                .into_tuple()
                .all(db.connection())
                .await?;
            ids.extend(of_table);
        )+};
    }
    add!(candidacy, consultation, standing_wish, claim, email_change);
    Ok(ids)
}

/// Whether a text, or JSON as text, holds any of the identifiers.
fn names_any(column: Expr, ids: &[Uuid]) -> Condition {
    let text = column.cast_as("text");
    ids.iter().fold(Condition::any(), |any, id| {
        any.add(text.clone().like(LikeExpr::new(format!("%{id}%"))))
    })
}

fn to_json<T: serde::Serialize>(row: &T) -> Result<Value, DbError> {
    let mut value =
        serde_json::to_value(row).map_err(|error| DbError::Fault(format!("a row is no JSON: {error}")))?;
    if let Some(object) = value.as_object_mut() {
        for key in KEYS {
            object.remove(key);
        }
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use sea_orm::{ConnectionTrait, DbBackend, Statement};

    use super::*;
    use crate::db::Database;
    use crate::db::testing::on_both;

    async fn names(db: &Database, sql: &str) -> BTreeSet<String> {
        let backend = if db.is_postgres() {
            DbBackend::Postgres
        } else {
            DbBackend::Sqlite
        };
        let statement = Statement::from_string(backend, sql);
        let rows = super::super::database::Connected::connection(db)
            .query_all_raw(statement)
            .await
            .unwrap();
        rows.iter()
            .map(|row| row.try_get_by_index::<String>(0).unwrap())
            .collect()
    }

    /// Tables with a column that names a person.
    async fn tables_about_people(db: &Database) -> BTreeSet<String> {
        let sql = if db.is_postgres() {
            "SELECT table_name::text FROM information_schema.columns \
             WHERE table_schema = current_schema() AND column_name = 'alumnus_id'"
        } else {
            "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND c.name = 'alumnus_id'"
        };
        names(db, sql).await
    }

    /// Tables whose rows are deleted with the person's record.
    async fn tables_that_cascade(db: &Database) -> BTreeSet<String> {
        let sql = if db.is_postgres() {
            "SELECT c.conrelid::regclass::text FROM pg_constraint c \
             WHERE c.contype = 'f' AND c.confdeltype = 'c' AND c.confrelid = 'alumnus'::regclass"
        } else {
            "SELECT m.name FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) k \
             WHERE m.type = 'table' AND k.\"table\" = 'alumnus' AND k.on_delete = 'CASCADE'"
        };
        names(db, sql).await
    }

    /// Other tables whose rows are deleted with rows of these tables, with those that hang on them in turn.
    async fn tables_that_hang_on(db: &Database, parents: &BTreeSet<String>) -> BTreeSet<String> {
        let mut hanging = BTreeSet::new();
        let mut asked: BTreeSet<String> = parents.clone();
        while !asked.is_empty() {
            let list: Vec<String> = asked.iter().map(|name| format!("'{name}'")).collect();
            let list = list.join(", ");
            let sql = if db.is_postgres() {
                format!(
                    "SELECT c.conrelid::regclass::text FROM pg_constraint c \
                     WHERE c.contype = 'f' AND c.confrelid::regclass::text IN ({list})"
                )
            } else {
                format!(
                    "SELECT m.name FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) k \
                     WHERE m.type = 'table' AND k.\"table\" IN ({list})"
                )
            };
            let found = names(db, &sql).await;
            asked = found
                .into_iter()
                .filter(|name| !parents.contains(name) && hanging.insert(name.clone()))
                .collect();
        }
        hanging
    }

    #[tokio::test]
    async fn every_table_with_rows_about_a_person_is_exported_and_erased() {
        on_both(async |db| {
            // Candidacies took over what they held, and a later version takes the empty tables away.
            const EMPTIED: [&str; 2] = ["invitation", "rejection"];
            let known = TABLES.iter().map(|table| table.name).chain(EMPTIED);
            let known: BTreeSet<String> = known.map(str::to_owned).collect();
            assert_eq!(
                tables_about_people(&db).await,
                known,
                "a table with the column alumnus_id stands in person_tables! above, and the other way round"
            );
            let cascading = tables_that_cascade(&db).await;
            for table in TABLES {
                let is_deleted = table.ending == Ending::Deleted;
                assert_eq!(
                    cascading.contains(table.name),
                    is_deleted,
                    "{}: a foreign key to the record deletes its rows, or nothing but an identifier may be in them",
                    table.name
                );
            }
            let children: BTreeSet<String> = CHILD_TABLES.iter().map(|table| table.name.to_owned()).collect();
            assert_eq!(
                tables_that_hang_on(&db, &known).await,
                children,
                "a table whose rows hang on rows about people stands in child_tables! above, and the other way round"
            );
            let keys = TABLES.iter().map(|table| table.key);
            let keys: Vec<&str> = keys.chain(CHILD_TABLES.iter().map(|table| table.key)).collect();
            let different: BTreeSet<&&str> = keys.iter().collect();
            assert_eq!(different.len(), keys.len(), "two tables share a key");
        })
        .await;
    }
}
