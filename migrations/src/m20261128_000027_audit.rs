//! The record of every served ranking: a chain of digests, the salts of the people in it, and the models and policies
//! that rankings rest on. Served lists become the bodies of the chain's records.
//!
//! Chain rows are only ever added. Triggers refuse to change or remove one, which catches our own mistakes and keeps
//! honest hands off; whoever owns the database can drop a trigger, and is found by the chain.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const REFUSED: &str = "audit_chain is append-only";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let chain = Table::create()
            .table("audit_chain")
            .col(uuid("company_id"))
            .col(big_integer("sequence"))
            .col(uuid("record_id"))
            .col(string("kind"))
            .col(text_null("payload"))
            .col(blob("root"))
            .col(blob("hash"))
            .col(timestamp_with_time_zone("at"))
            .primary_key(Index::create().col("company_id").col("sequence"))
            .foreign_key(
                ForeignKey::create()
                    .name("audit_chain_company_fkey")
                    .from_tbl("audit_chain")
                    .from_col("company_id")
                    .to_tbl("company")
                    .to_col("id"),
            )
            .take();
        manager.create_table(chain).await?;
        manager
            .create_index(
                Index::create()
                    .name("audit_chain_company_id_record_id_key")
                    .table("audit_chain")
                    .col("company_id")
                    .col("record_id")
                    .unique()
                    .take(),
            )
            .await?;

        let salt = Table::create()
            .table("audit_salt")
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(integer("number"))
            .col(blob("salt"))
            .primary_key(Index::create().col("company_id").col("alumnus_id"))
            .foreign_key(
                ForeignKey::create()
                    .name("audit_salt_alumnus_fkey")
                    .from_tbl("audit_salt")
                    .from_col("company_id")
                    .from_col("alumnus_id")
                    .to_tbl("alumnus")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(salt).await?;

        let document = Table::create()
            .table("audit_document")
            .col(uuid("company_id"))
            .col(string("digest"))
            .col(text("content"))
            .primary_key(Index::create().col("company_id").col("digest"))
            .foreign_key(
                ForeignKey::create()
                    .name("audit_document_company_fkey")
                    .from_tbl("audit_document")
                    .from_col("company_id")
                    .to_tbl("company")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(document).await?;

        // One column a statement: SQLite adds no more at a time.
        for column in [
            integer("form").default(0).take(),
            big_integer_null("sequence").take(),
            text_null("header").take(),
            blob_null("salt").take(),
            text_null("criteria").take(),
            blob_null("criteria_salt").take(),
            blob_null("people").take(),
            blob_null("leaves").take(),
        ] {
            let added = Table::alter().table("served_list").add_column(column).take();
            manager.alter_table(added).await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("served_list_company_id_sequence_idx")
                    .table("served_list")
                    .col("company_id")
                    .col("sequence")
                    .take(),
            )
            .await?;
        refuse_changes(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("served_list_company_id_sequence_idx")
                    .table("served_list")
                    .to_owned(),
            )
            .await?;
        for column in [
            "leaves",
            "people",
            "criteria_salt",
            "criteria",
            "salt",
            "header",
            "sequence",
            "form",
        ] {
            let dropped = Table::alter().table("served_list").drop_column(column).take();
            manager.alter_table(dropped).await?;
        }
        for table in ["audit_document", "audit_salt", "audit_chain"] {
            // The triggers go with the table.
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            let connection = manager.get_connection();
            connection
                .execute_unprepared("DROP FUNCTION audit_chain_refuse()")
                .await?;
        }
        Ok(())
    }
}

async fn refuse_changes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let statements = match manager.get_database_backend() {
        DbBackend::Postgres => vec![
            format!(
                "CREATE FUNCTION audit_chain_refuse() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
            ),
            "CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR DELETE ON audit_chain \
             FOR EACH ROW EXECUTE FUNCTION audit_chain_refuse()"
                .to_owned(),
            "CREATE TRIGGER audit_chain_no_truncate BEFORE TRUNCATE ON audit_chain \
             FOR EACH STATEMENT EXECUTE FUNCTION audit_chain_refuse()"
                .to_owned(),
        ],
        _ => ["UPDATE", "DELETE"]
            .map(|verb| {
                format!(
                    "CREATE TRIGGER audit_chain_no_{} BEFORE {verb} ON audit_chain \
                     BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
                    verb.to_lowercase()
                )
            })
            .to_vec(),
    };
    for statement in statements {
        manager.get_connection().execute_unprepared(&statement).await?;
    }
    Ok(())
}
