//! Ranked lists as they were served.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let served_list = Table::create()
            .table("served_list")
            .col(pk_uuid("id"))
            .col(uuid("company_id"))
            .col(string("viewer_subject"))
            .col(string("kind"))
            .col(uuid_null("subject_id"))
            .col(string("fingerprint"))
            .col(string("model_version"))
            .col(big_integer("position"))
            .col(timestamp_with_time_zone("as_of"))
            .col(blob("entries"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(
                ForeignKey::create()
                    .name("served_list_company_fkey")
                    .from_tbl("served_list")
                    .from_col("company_id")
                    .to_tbl("company")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(served_list).await?;

        manager
            .create_index(
                Index::create()
                    .name("served_list_company_id_viewer_subject_idx")
                    .table("served_list")
                    .col("company_id")
                    .col("viewer_subject")
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("served_list_created_at_idx")
                    .table("served_list")
                    .col("created_at")
                    .take(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("served_list").take())
            .await?;
        Ok(())
    }
}
