//! Corrections that people ask for, when they were last asked to confirm their profile, and what they said about
//! themselves for statistics and for nothing else.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let correction = Table::create()
            .table("correction")
            .col(pk_uuid("id"))
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(json_binary("requested"))
            .col(text_null("note"))
            .col(timestamp_with_time_zone("requested_at"))
            .col(string("state"))
            .col(json_binary_null("replaced"))
            .col(string_null("decided_by"))
            .col(timestamp_with_time_zone_null("decided_at"))
            .col(text_null("reason"))
            .foreign_key(&mut to_alumnus("correction_alumnus_fkey", "correction"))
            .take();
        manager.create_table(correction).await?;
        manager
            .create_index(
                Index::create()
                    .name("correction_company_id_alumnus_id_idx")
                    .table("correction")
                    .col("company_id")
                    .col("alumnus_id")
                    .take(),
            )
            .await?;

        let nudge = Table::create()
            .table("profile_nudge")
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(timestamp_with_time_zone("nudged_at"))
            .primary_key(Index::create().col("company_id").col("alumnus_id"))
            .foreign_key(&mut to_alumnus("profile_nudge_alumnus_fkey", "profile_nudge"))
            .take();
        manager.create_table(nudge).await?;

        let answer = Table::create()
            .table("statistics_answer")
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(string("question"))
            .col(string("answer"))
            .col(string("text_version"))
            .col(timestamp_with_time_zone("given_at"))
            .primary_key(
                Index::create()
                    .col("company_id")
                    .col("alumnus_id")
                    .col("question"),
            )
            .foreign_key(&mut to_alumnus(
                "statistics_answer_alumnus_fkey",
                "statistics_answer",
            ))
            .take();
        manager.create_table(answer).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["statistics_answer", "profile_nudge", "correction"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

fn to_alumnus(name: &str, table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(name)
        .from_tbl(table)
        .from_col("company_id")
        .from_col("alumnus_id")
        .to_tbl("alumnus")
        .to_col("company_id")
        .to_col("id")
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}
