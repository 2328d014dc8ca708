//! Dated notes on what changed at a company.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let change_note = Table::create()
            .table("change_note")
            .col(pk_uuid("id"))
            .col(uuid("company_id"))
            .col(string("kind"))
            .col(text("text"))
            .col(string_null("unit"))
            .col(date("from_on"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(
                ForeignKey::create()
                    .name("change_note_company_fkey")
                    .from_tbl("change_note")
                    .from_col("company_id")
                    .to_tbl("company")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(change_note).await?;
        manager
            .create_index(
                Index::create()
                    .name("change_note_company_id_id_idx")
                    .table("change_note")
                    .col("company_id")
                    .col("id")
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("change_note").take())
            .await
    }
}
