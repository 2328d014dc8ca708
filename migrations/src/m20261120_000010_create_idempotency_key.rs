//! Answers of mutations that carried an idempotency key, so that a repeated one gets the first answer.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let idempotency_key = Table::create()
            .table("idempotency_key")
            .col(uuid("company_id"))
            .col(string("subject"))
            .col(string("key"))
            .col(string("mutation"))
            .col(text("response"))
            .col(timestamp_with_time_zone("created_at"))
            .primary_key(Index::create().col("company_id").col("subject").col("key"))
            .foreign_key(
                ForeignKey::create()
                    .name("idempotency_key_company_fkey")
                    .from_tbl("idempotency_key")
                    .from_col("company_id")
                    .to_tbl("company")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(idempotency_key).await?;

        manager
            .create_index(
                Index::create()
                    .name("idempotency_key_created_at_idx")
                    .table("idempotency_key")
                    .col("created_at")
                    .take(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("idempotency_key").take())
            .await?;
        Ok(())
    }
}
