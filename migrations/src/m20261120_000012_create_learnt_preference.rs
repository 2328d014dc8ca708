//! What was learnt from a person's answers to their own feed, and which of it a served list was scored with.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let learnt_preference = Table::create()
            .table("learnt_preference")
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(big_integer("version"))
            .col(blob("state"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("superseded_at"))
            .primary_key(Index::create().col("company_id").col("alumnus_id").col("version"))
            .foreign_key(
                ForeignKey::create()
                    .name("learnt_preference_alumnus_fkey")
                    .from_tbl("learnt_preference")
                    .from_col("company_id")
                    .from_col("alumnus_id")
                    .to_tbl("alumnus")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(learnt_preference).await?;

        manager
            .create_index(
                Index::create()
                    .name("learnt_preference_superseded_at_idx")
                    .table("learnt_preference")
                    .col("superseded_at")
                    .take(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("served_list")
                    .add_column(big_integer_null("learnt_version"))
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("served_list")
                    .drop_column("learnt_version")
                    .take(),
            )
            .await?;
        manager
            .drop_table(Table::drop().table("learnt_preference").take())
            .await
    }
}
