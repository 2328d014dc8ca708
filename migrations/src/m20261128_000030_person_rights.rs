//! What a person may ask for about their own record: one-time links to their export, and digests of those who were
//! erased, so that a later import does not bring them back.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let export_link = Table::create()
            .table("export_link")
            .col(string("token_digest").primary_key().take())
            .col(uuid("company_id"))
            .col(uuid("alumnus_id"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("used_at"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(
                ForeignKey::create()
                    .name("export_link_alumnus_fkey")
                    .from_tbl("export_link")
                    .from_col("company_id")
                    .from_col("alumnus_id")
                    .to_tbl("alumnus")
                    .to_col("company_id")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(export_link).await?;
        manager
            .create_index(
                Index::create()
                    .name("export_link_company_id_alumnus_id_idx")
                    .table("export_link")
                    .col("company_id")
                    .col("alumnus_id")
                    .take(),
            )
            .await?;

        let salt = Table::create()
            .table("erasure_salt")
            .col(pk_uuid("company_id"))
            .col(string("salt"))
            .foreign_key(
                ForeignKey::create()
                    .name("erasure_salt_company_fkey")
                    .from_tbl("erasure_salt")
                    .from_col("company_id")
                    .to_tbl("company")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(salt).await?;

        // No identifier of the record: what is left of an erased person is that such a number or address is not wanted.
        let erased = Table::create()
            .table("erased_identity")
            .col(uuid("company_id"))
            .col(string("digest"))
            .col(timestamp_with_time_zone("erased_at"))
            .primary_key(Index::create().col("company_id").col("digest"))
            .foreign_key(
                ForeignKey::create()
                    .name("erased_identity_company_fkey")
                    .from_tbl("erased_identity")
                    .from_col("company_id")
                    .to_tbl("company")
                    .to_col("id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(erased).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["erased_identity", "erasure_salt", "export_link"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
