//! One-time sign-in links; only digests of their tokens.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sign_in_link = Table::create()
            .table("sign_in_link")
            .col(string("token_digest").primary_key().take())
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("used_at"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(
                ForeignKey::create()
                    .name("sign_in_link_alumnus_fkey")
                    .from_tbl("sign_in_link")
                    .from_col("company_id")
                    .from_col("alumnus_id")
                    .to_tbl("alumnus")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(sign_in_link).await?;

        manager
            .create_index(
                Index::create()
                    .name("sign_in_link_company_id_alumnus_id_idx")
                    .table("sign_in_link")
                    .col("company_id")
                    .col("alumnus_id")
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("sign_in_link_expires_at_idx")
                    .table("sign_in_link")
                    .col("expires_at")
                    .take(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("sign_in_link").take())
            .await?;
        Ok(())
    }
}
